package guide

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/edi/editest"
)

// sample is a conformant file with most of what claims have: a member who is the
// patient, a dependent, another payer that has paid, two lines.
func sample() []string {
	npi := editest.NPI
	s := []string{
		editest.ISA(1), "GS*HC*SUBMITTER*RECEIVER*20260311*0800*1*X*005010X222A1", "ST*837*0001*005010X222A1",
		"BHT*0019*00*B1*20260311*0800*CH", "NM1*41*2*EXAMPLE BILLING*****46*SUBMITTER", "PER*IC*DESK*TE*5555550100",
		"NM1*40*2*EXAMPLE PAYER*****46*RECEIVER", "HL*1**20*1", "PRV*BI*PXC*261QP2000X",
		"NM1*85*2*EXAMPLE THERAPY*****XX*" + npi("123456789"), "N3*1 EXAMPLE WAY", "N4*DENVER*CO*802020001", "REF*EI*123456789",
		"HL*2*1*22*0", "SBR*S*18***12****MB", "NM1*IL*1*EXAMPLE*PAT****MI*1EG4TE00001", "N3*2 EXAMPLE ST", "N4*DENVER*CO*80202", "DMG*D8*19500101*F",
		"NM1*PR*2*MEDICARE PART B*****PI*04011", "CLM*C1*93***11:B:1*Y*A*Y*Y", "REF*EA*MRN1", "HI*ABK:M6281*ABF:R262",
		"NM1*DN*1*REFERRER*DOC****XX*" + npi("145678901"), "NM1*82*1*THERAPIST*PAT****XX*" + npi("198765432"), "PRV*PE*PXC*225100000X",
		"SBR*P*18*******CI", "AMT*D*70", "OI***Y***Y", "NM1*IL*1*EXAMPLE*PAT****MI*OTHER1", "NM1*PR*2*OTHER PAYER*****PI*12345",
		"LX*1", "SV1*HC:97110:GP*62*UN*2***1:2", "DTP*472*D8*20260310", "REF*6R*1A", "SVD*12345*50*HC:97110:GP**2", "CAS*CO*45*12", "DTP*573*D8*20260311",
		"LX*2", "SV1*HC:97116:GP*31*UN*1***1", "DTP*472*D8*20260310", "REF*6R*1B", "SVD*12345*20*HC:97116:GP**1", "CAS*CO*45*11", "DTP*573*D8*20260311",
		"HL*3*1*22*1", "SBR*P********CI", "NM1*IL*1*EXAMPLE*PARENT****MI*M1", "NM1*PR*2*EXAMPLE PAYER*****PI*12345", "HL*4*3*23*0", "PAT*19",
		"NM1*QC*1*EXAMPLE*KID", "N3*2 EXAMPLE ST", "N4*DENVER*CO*80202", "DMG*D8*20150101*F", "CLM*C2*31***11:B:1*Y*A*Y*Y", "HI*ABK:M6281",
		"LX*1", "SV1*HC:97116:GP*31*UN*1***1", "DTP*472*D8*20260310",
	}
	return append(s, fmt.Sprintf("SE*%d*0001", len(s)-1), "GE*1*1", "IEA*1*000000001")
}

// recount writes SE01 again.
func recount(segments []string) []string {
	out := slices.Clone(segments)
	for i, s := range out {
		if strings.HasPrefix(s, "SE*") {
			out[i] = fmt.Sprintf("SE*%d*%s", i-1, s[strings.LastIndexByte(s, '*')+1:])
		}
	}
	return out
}

// short is a problem in short: rule, place and codes.
func short(p *Problem) string {
	place := p.Segment
	if p.Element > 0 {
		place += fmt.Sprintf("%02d", p.Element)
	}
	if p.Component > 0 {
		place += fmt.Sprintf("-%d", p.Component)
	}
	codes := ""
	for _, c := range []string{p.TA105, p.AK905, p.IK502, p.IK304, p.IK403} {
		if c != "" {
			codes += "/" + c
		}
	}
	return fmt.Sprintf("%s %s@%d %s %s", p.Rule, place, p.SetSegment, p.Loop, strings.TrimPrefix(codes, "/"))
}

func told(t testing.TB, segments []string, v Validator) (list []string) {
	t.Helper()
	_, err := v.Validate(context.Background(), bytes.NewReader(editest.Render(segments, editest.Wrapped)), "test", Handler{
		Problem: func(p *Problem) { list = append(list, short(p)) },
		Fault:   func(e *edi.SyntaxError) { list = append(list, e.Error()) },
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestSampleIsConformant(t *testing.T) {
	if got := told(t, sample(), Validator{NPI: Error, Types: 0x7F}); got != nil {
		t.Error(strings.Join(got, "\n"))
	}
}

// TestOneFault: each planted fault is one problem, with its place and its codes. A
// change is "old = new", with ~ between segments, "-segment" to leave out, "+after = new"
// to insert, ">segment = behind" to move; several have " ; " between them.
func TestOneFault(t *testing.T) {
	for _, test := range []struct{ change, want string }{
		// missing
		{"-BHT*", "GD101 BHT@2 ST 3"},
		{"-PER*", "GD101 PER@4 1000A I8"},
		{"-NM1*40", "GD101 NM1@5 1000B I7"},
		{"-NM1*85", "GD101 NM1@8 2010AA 3"},
		{"-N3*1", "GD101 N3@9 2010AA I8"},
		{"-REF*EI", "GD101 REF@11 2010AA I8"},
		{"-SBR*S", "GD101 SBR@13 2000B I8"},
		{"-NM1*IL*1*EXAMPLE*PAT****MI*1", "GD101 NM1@14 2010BA 3"},
		{"-DMG*D8*1950", "GD101 DMG@17 2010BA I6"},
		{"-NM1*PR*2*MED", "GD101 NM1@18 2010BB I7"},
		{"-CLM*C1", "GD101 CLM@19 2300 3"},
		{"-OI*", "GD101 OI@27 2320 I8"},
		{"-SBR*P*18", "GD101 SBR@25 2320 3"},
		{"-LX*1", "GD101 LX@30 2400 3"},
		{"-LX*2", "GD101 LX@37 2400 3"},
		{"-SV1*HC:97110", "GD101 SV1@31 2400 I8"},
		{"-DTP*472", "GD101 DTP@32 2400 I8"},
		{"-DTP*573", "GD101 DTP@36 2430 I8"},
		{"-PAT*19", "GD101 PAT@49 2000C I8"},
		{"-HL*4", "GD101 HL@48 2000C 3"},
		{"CLM*C1*93***11:B:1 = CLM*C1*93***11:B:7", "GD101 REF@20 2300 I6"},
		{"CLM*C1*93***11:B:1*Y*A*Y*Y = CLM*C1*93***11:B:1*Y*A*Y*Y**OA", "GD101 DTP@20 2300 I6"},
		// unexpected
		{"+HI*ABK:M6281*ABF = ZZZ*1", "GD102 ZZZ@22 2300 1"},
		{"+HI*ABK:M6281*ABF = EB*1", "GD102 EB@22 2300 6"},
		{"+HI*ABK:M6281*ABF = SV2*0420", "GD102 SV2@22 2300 I4"},
		{"+HI*ABK:M6281*ABF = REF*6R*X", "GD102 REF@22 2300 2"},
		{"+HI*ABK:M6281*ABF = REF*G1*X", "GD102 REF@22 2300 7"},
		{"+NM1*40 = SV1*HC:97110*1*UN*1***1", "GD102 SV1@6 1000B 2"},
		{"+N3*1 = N3*1 EXAMPLE WAY", "GD103 N3@10 2010AA 5"},
		{"CLM*C1 = CLM*C1", ""},
		// misplaced, and no reason to leave the loop
		{"+DTP*472 = CR1*LB*140**A*DH*12", "GD102 CR1@33 2400 7"},
		{"+SV1*HC:97110 = HI*ABK:M6281", "GD102 HI@32 2400 2"},
		{"+DTP*472 = N3*1 EXAMPLE WAY", "GD102 N3@33 2400 2"},
		{">PRV*BI = REF*EI", "GD102 PRV@11 2010AA 2"},
		{">DMG*D8*1950 = NM1*IL", "GD102 DMG@15 2010BA 7"},
		{">CAS*CO*45*12 = DTP*573", "GD102 CAS@36 2430 7"},
		{">REF*6R*1A = CAS*CO*45*12", "GD102 REF@35 2430 2"},
		{">AMT*D*70 = OI*", "GD102 AMT@27 2320 7"},
		// without elements, or with an id in small letters
		{"+NM1*85 = REF", "GD104 REF@9 2010AA 8"},
		{"REF*EI*123456789 = REF**", "GD104 REF@11 2010AA 8"},
		{"REF*EI*123456789 = REF", "GD104 REF@11 2010AA 8"},
		{"+OI*** = REF", "GD104 REF@28 2320 8"},
		{"REF*EI*123456789 = ref*EI*123456789", "GD102 ref@11 2010AA 1"},
		{"NM1*82*1 = nm1*82*1", "GD102 nm1@23 2310B 1"},
		// repeated
		{"+BHT* = BHT*0019*00*B1*20260311*0800*CH", "GD103 BHT@3 ST 5"},
		{"+REF*EA = REF*EA*MRN2", "GD103 REF@21 2300 5"},
		{"+SV1*HC:97110 = SV1*HC:97110:GP*62*UN*2***1:2", "GD103 SV1@32 2400 5"},
		{"+LX*1 = LX*1", "GD103 LX@31 2400 5"},
		{"+PRV*PE = NM1*82*1*SECOND*PAT", "GD103 NM1@25 2310B 4"},
		// elements
		{"CLM*C1*93***11:B:1*Y*A = CLM*C1*93***11:B:1*Y*", "GD104 CLM07@19 2300 /8/I9"},
		{"BHT*0019*00*B1*20260311*0800*CH = BHT*0019*00**20260311*0800*CH", "GD104 BHT03@2 ST 8/I9"},
		{"SV1*HC:97110:GP*62*UN*2***1:2 = SV1*HC:97110:GP*62**2***1:2", "GD104 SV103@31 2400 8/I9"},
		{"HI*ABK:M6281*ABF:R262 = HI*ABK:M6281*ABF", "GD104 HI02-2@21 2300 8/1"},
		{"NM1*82*1*THERAPIST*PAT****XX*1987654328 = NM1*82*1*THERAPIST*PAT****XX", "GD104 NM109@23 2310B 8/2"},
		{"REF*EA*MRN1 = REF*EA*" + strings.Repeat("1", 51), "GD105 REF02@20 2300 8/5"},
		{"N4*DENVER*CO*802020001 = N4*D*CO*802020001", "GD105 N401@10 2010AA 8/4"},
		{"CLM*C1*93 = CLM*123456789012345678901*93", "GD105 CLM01@19 2300 8/I12"},
		{"LX*2 = LX*A", "GD106 LX01@37 2400 8/6"},
		{"SV1*HC:97110:GP*62*UN*2 = SV1*HC:97110:GP*62*UN*2E0", "GD106 SV104@31 2400 8/6"},
		{"BHT*0019*00*B1*20260311*0800 = BHT*0019*00*B1*20260311*2460", "GD106 BHT05@2 ST 8/9"},
		{"BHT*0019*00*B1*20260311*0800 = BHT*0019*00*B1*20260231*0800", "GD106 BHT04@2 ST 8/8"},
		{"N3*1 EXAMPLE WAY = N3*1 EXAMPLE\x07WAY", "GD106 N301@9 2010AA 8/6"},
		{"LX*2 = LX*3", "GD106 LX01@37 2400 8/I12"},
		{"SV1*HC:97110:GP*62*UN = SV1*HC:97110:GP*62*ZZ", "GD107 SV103@31 2400 8/7"},
		{"SV1*HC:97110:GP*62*UN = SV1*HC:97110:GP*62*DA", "GD107 SV103@31 2400 8/I6"},
		{"CLM*C1*93***11:B = CLM*C1*93***98:B", "GD107 CLM05-1@19 2300 8/7"},
		{"N4*DENVER*CO*802020001 = N4*DENVER*QQ*802020001", "GD107 N402@10 2010AA 8/7"},
		{"DTP*472*D8 = DTP*999*D8", "GD107 DTP01@32 2400 8/7"},
		{"NM1*PR*2*MED = NM1*ZZ*2*MED", "GD107 NM101@18 2010BB 8/7"},
		{"REF*EA*MRN1 = REF*ZZ*MRN1", "GD107 REF01@20 2300 8/7"},
		{"CLM*C1*93** = CLM*C1*93*MB*", "GD108 CLM03@19 2300 8/I10"},
		{"NM1*41*2*EXAMPLE BILLING*** = NM1*41*2*EXAMPLE BILLING*PAT**", "GD108 NM104@3 1000A 8/I13"},
		{"SE*= SE*", ""},
		{"OI***Y***Y = OI***Y***Y*1", "GD108 OI07@27 2320 8/3"},
		{"REF*EA*MRN1 = REF*EA*MRN^1", "GD108 REF02@20 2300 8/12"},
		{"NM1*82*1 = NM1*82^82*1", "GD108 NM101@23 2310B 8/12"},
		{"DTP*472*D8 = DTP*472^472*D8", "GD108 DTP01@32 2400 8/12"},
		{"REF*EA*MRN1 = REF*EA*MRN:1", "GD108 REF02@20 2300 8/13"},
		{"REF*EA*MRN1 = REF*EA*MRN1**", "GD110 REF@20 2300 "},
		{"REF*EI*123456789 = REF*EI*", "GD104 REF02@11 2010AA 8/I9"},
		{"HC:97116:GP*31*UN*1***1 = HC:97116:GP*31*UN*1***", "DX101 SV107@38 2400 8/I9"},
		{">HI*ABK:M6281*ABF = REF*6R*1A", "GD102 HI@33 2400 2"},
		{"NM1*82*1*THERAPIST*PAT****XX*1987654328 = NM1*82*1*THERAPIST*PAT****XX*1987654329", "ID101 NM109@23 2310B 8/I12"},
		{"PRV*PE*PXC*225100000X = PRV*PE*PXC*22510000X", "ID102 PRV03@24 2310B 8/I12"},
		{"DTP*472*D8*20260310 = DTP*472*D8*20260231", "DT101 DTP03@32 2400 8/8"},
		{"DTP*472*D8*20260310 = DTP*472*RD8*20260310-20260301", "DT101 DTP03@32 2400 8/I12"},
		{"DTP*472*D8*20260310 = DTP*472*D8*20260312", "DT102 DTP03@32 2400 8/I12"},
		{"SV1*HC:97116:GP*31*UN*1***1 = SV1*HC:97116:GP*31*UN*1***3", "DX101 SV107-1@38 2400 8/I12"},
		{"HI*ABK:M6281*ABF:R262 = HI*ABK:M62.81*ABF:R262", "DX102 HI01-2@21 2300 8/I12"},
		// what is wrong by its form is not judged by its meaning
		{"XX*1987654328 = XX*" + strings.Repeat("1", 81), "GD105 NM109@23 2310B 8/5"},
		{"HL*2*1*22*0 = HL*2222222222222*1*22*0", "GD105 HL01@12 2000B 8/5"},
		{"HL*2*1*22*0 = HL*2*1111111111111*22*0", "GD105 HL02@12 2000B 8/5"},
		{"PRV*PE*PXC*225100000X = PRV*PE*PXC*" + strings.Repeat("2", 51), "GD105 PRV03@24 2310B 8/5"},
		{"PRV*PE*PXC*225100000X = PRV*PE*PXC*2251\x070000X", "GD106 PRV03@24 2310B 8/6"},
		{"HI*ABK:M6281*ABF:R262 = HI*ABK:" + strings.Repeat("M", 31) + "*ABF:R262", "GD105 HI01-2@21 2300 8/5"},
		{"HI*ABK:M6281*ABF:R262 = HI*ABK:M6281*BF:7197", "GD107 HI02-1@21 2300 8/I12"},
		{"PAT****MI*1EG4TE00001 = PAT****MI", "GD104 NM109@14 2010BA 8/2"},
		{"PER*IC*DESK*TE*5555550100 = PER*IC*DESK*TE*" + strings.Repeat("5", 257), "GD105 PER04@4 1000A 8/5"},
		{"PER*IC*DESK*TE*5555550100 = PER*IC*DESK*TE* 555555010", "GD106 PER04@4 1000A 8/6"},
		// hierarchy
		{"HL*3*1*22*1 = HL*9*1*22*1", "GD109 HL01@44 2000B 8/I12"},
		{"HL*3*1*22*1 = HL*3*2*22*1", "GD109 HL02@44 2000B 8/I12"},
		{"HL*3*1*22*1 = HL*3*1*22*0", "GD109 HL04@44 2000B 8/I12"},
		{"HL*2*1*22*0 = HL*2*1*22*1", "GD109 HL04@12 2000B 8/I12"},
		{"HL*4*3*23*0 = HL*4*3*23*1", "GD109 HL04@48 2000C 8/I12"},
		{"HL*3*1*22*1 = HL*3*1*21*1", "GD107 HL03@44 2000B 8/7"},
		// pointers
		{"HC:97110:GP*62*UN*2***1:2 = HC:97110:GP*62*UN*2***:2", "DX101 SV107-1@31 2400 8/1"},
		{"HC:97110:GP*62*UN*2***1:2 = HC:97110:GP*62*UN*2***A:2", "DX101 SV107-1@31 2400 8/6"},
		{"HC:97110:GP*62*UN*2***1:2 = HC:97110:GP*62*UN*2***1::2", "DX101 SV107-2@31 2400 8/I12"},
		{"HC:97110:GP*62*UN*2***1:2 = HC:97110:GP*62*UN*2***001", "DX101 SV107-1@31 2400 8/5"},
		{"HC:97110:GP*62*UN*2***1:2 = HC:97110:GP*62*UN*2***0", "DX101 SV107-1@31 2400 8/I12"},
		{"HC:97110:GP*62*UN*2***1:2 = HC:97110:GP*62*UN*2", "DX101 SV107@31 2400 8/I9"},
		// repeated elements
		{"NM1*82*1 = NM1*82^82*1", "GD108 NM101@23 2310B 8/12"},
		{"NM1*85*2 = NM1*85^85*2", "GD108 NM101@8 2010AA 8/12"},
		// balances
		{"CLM*C1*93 = CLM*C1*94", "AM101 CLM02@19 2300 8/I12"},
		{"CAS*CO*45*12 = CAS*CO*45*13", "AM102 SVD02@34 2430 8/I12"},
		{"AMT*D*70 = AMT*D*71", "AM102 AMT02@26 2320 8/I12"},
		{"CAS*CO*45*12 = CAS*CO*45*X", "GD106 CAS03@35 2430 8/6"},
		{"CAS*CO*45*12 = CAS*CO*45", "GD104 CAS03@35 2430 8/1"},
		{"SVD*12345*50 = SVD*12345*51", "AM102 SVD02@34 2430 8/I12"},
		{"SVD*12345*50 = SVD*12346*50", "AM102 SVD01@34 2430 8/I12"},
		{"NM1*PR*2*OTHER PAYER*****PI*12345 = NM1*PR*2*OTHER PAYER*****PI*12346", "AM102 SVD01@34 2430 8/I12"},
		{"NM1*PR*2*OTHER PAYER*****PI*12345 = NM1*PR*2*OTHER PAYER*****PI*1", "GD105 NM109@29 2330B 8/4"},
		{"-NM1*PR*2*OTHER", "GD101 NM1@29 2330B I7"},
		{"DMG*D8*19500101*F = DMG*D8*20270101*F", "DT101 DMG02@17 2010BA 8/I12"},
		{"DMG*D8*19500101*F = DMG*D8*20260311*F", "DT101 DTP03@32 2400 8/I12"},
		{"LX*1 = LX*7", "GD106 LX01@30 2400 8/I12"},
		{"SBR*S*18* = SBR*S**", "GD101 HL@19 2000C I7"},
		{"-ST*837", "GD102 BHT@0  024"},
		{"PAT****MI*1EG4TE00001 = PAT****MI", "GD104 NM109@14 2010BA 8/2"},
		// rules of one segment
		{"SV1*HC:97110:GP*62 = SV1*HC:97110:GP*-62", "GD106 SV102@31 2400 8/I12"},
		{"CLM*C1*93 = CLM*C1*-93", "GD106 CLM02@19 2300 8/I12"},
		{"+CLM*C1 = PWK*OZ*BM", "GD104 PWK06@20 2300 8/I9"},
		{"+CLM*C1 = PWK*OZ*AA***AC*X1", "GD108 PWK06@20 2300 8/I13"},
		{"+CLM*C1 = PWK*OZ*AA***AC", "GD104 PWK06@20 2300 8/2"},
		{"+REF*6R*1A = LIN**N4*0000214238~CTP****2*UN", "GD106 LIN03@34 2410 8/I12"},
		{"+REF*6R*1A = LIN**N4*12345-6789-01~CTP****2*UN", "GD106 LIN03@34 2410 8/I12"},
		{"+REF*6R*1A = LIN**N4*12345678901~CTP****0*UN", "GD106 CTP04@35 2410 8/I12"},
		{"PER*IC*DESK*TE*5555550100 = PER*IC*DESK*EM*A@B.COM*EX*12", "GD106 PER05@4 1000A 8/I12"},
		{"N4*DENVER*CO*802020001 = N4*DENVER*CO*802020001*US", "GD108 N404@10 2010AA 8/I13"},
		{"REF*EI*123456789 = REF*EI*999999999", "GD106 REF02@11 2010AA 8/I12"},
		{"HI*ABK:M6281*ABF:R262 = HI*ABK:W010XXA*ABF:R262", "DX102 HI01-2@21 2300 "},
		// relations
		{"*0800*CH = *0800*31", "GD101 NM1@12 2010AC I7"},
		{"+CLM*C1*93***11:B:1*Y*A*Y*Y = DTP*435*D8*20260311", "DT101 DTP03@20 2300 8/I12"},
		{"+CLM*C1*93***11:B:1*Y*A*Y*Y = DTP*096*D8*20260309", "DT101 DTP03@20 2300 8/I12"},
		{"+CLM*C1*93***11:B:1*Y*A*Y*Y = DTP*431*D8*20260311", "DT101 DTP03@20 2300 8/I12"},
		{"+REF*EA*MRN1 = REF*4N*1~REF*G1*A1", "GD102 REF@21 2300 I9"},
		{"HI*ABK:M6281*ABF:R262 = HI*BK:7242*BF:7231", "DX102 HI01-1@21 2300 8/I12"},
		{"SBR*S*18***12****MB = SBR*S*18*******MB", "GD104 SBR05@13 2000B 8/I9"},
		{"SBR*S*18***12****MB = SBR*S*18*G1*NAME*12****MB", "GD108 SBR04@13 2000B 8/I13"},
		{"SBR*S*18***12****MB = SBR*T*18***12****MB", "GD106 SBR01@25 2320 8/I12"},
		{"SBR*P*18 = SBR*S*18", "GD106 SBR01@25 2320 8/I12"},
		{"SBR*P*18 = SBR**18", "GD104 SBR01@25 2320 8/1"},
		{"DMG*D8*19500101*F = DMG*D8*18500101*F", "DT101 DMG02@17 2010BA 8/I12"},
		{"-AMT*D*70", "GD101 AMT@26 2320 I6"},
		{"CAS*CO*45*12 = CAS*CO*45*6~CAS*CO*253*6", "GD106 CAS01@36 2430 8/I12"},
		{"MEDICARE PART B*****PI*04011 = MEDICARE PART B*****PI*12345", "GD106 NM109@29 2330B 8/I12"},
		{"NM1*DN*1 = NM1*P3*1", "GD102 NM1@22 2310A I9"},
		{"+HI*ABK:M6281*ABF = HCP*10*50*40", "GD106 HCP03@22 2300 8/I12"},
		{"+REF*6R*1A = AMT*T*62", "GD106 AMT02@34 2400 8/I12"},
		{"+SV1*HC:97110:GP*62*UN*2 = SV5*HC:E0570*DA*30*50*400*4", "GD106 SV501-2@32 2400 8/I12"},
		{"SVD*12345*50*HC:97110:GP**2 = SVD*12345*50*HC:97110:GP**0", "GD106 SVD05@34 2430 8/I12"},
		{"SVD*12345*50*HC:97110:GP**2 = SVD*12345*50*HC:97110:GP**2*9", "GD106 SVD06@34 2430 8/I12"},
		{"REF*EI*123456789 = REF*EI*123456789~REF*0B*A1", "GD102 REF@12 2010AA I9"},
		{"SBR*P********CI = SBR*P*18*******CI", "GD106 SBR02@45 2000B 8/I12"},
		{"CLM*C1*93***11:B:1*Y*A*Y*Y = CLM*C1*93***11:B:1*Y*A*Y*Y**AA:::QQ~DTP*439*D8*20260301", "GD107 CLM11-4@19 2300 8/7"},
		// numbers, addresses, services
		{"XX*1987654328 = XX*3123456782", "ID101 NM109@23 2310B 8/I12"},
		{"PER*IC*DESK*TE*5555550100 = PER*IC*DESK*TE*1555550100", "GD106 PER04@4 1000A 8/I12"},
		{"PER*IC*DESK*TE*5555550100 = PER*IC*DESK*TE*5551550100", "GD106 PER04@4 1000A 8/I12"},
		{"N3*1 EXAMPLE WAY = N3*Post Office Box 7", "GD106 N301@9 2010AA 8/I12"},
		{"N4*DENVER*CO*802020001 = N4*DENVER*CO*902020001", "GD106 N403@10 2010AA 8/I12"},
		{"N4*DENVER*CO*802020001 = N4*PARIS***ZQ", "GD107 N404@10 2010AA 8/7"},
		{"N4*DENVER*CO*802020001 = N4*TORONTO**M5V1A1*CA", "GD104 N402@10 2010AA 8/I9"},
		{"N4*DENVER*CO*802020001 = N4*TORONTO*ON**CA", "GD104 N403@10 2010AA 8/I9"},
		{"N4*DENVER*CO*802020001 = N4*DENVER*CO*802020001****X", "GD104 N404@10 2010AA 8/2"},
		{"+PRV*BI = CUR*85*ZQZ", "GD107 CUR02@8 2000A 8/7"},
		{"PRV*PE*PXC*225100000X = PRV*PE*PXC*ABC100000X", "ID102 PRV03@24 2310B 8/I12"},
		{"SBR*S*18***12****MB = SBR*S*18***12****MB**", "GD110 SBR10@13 2000B 8/3"},
		{"SV1*HC:97116:GP*31 = SV1*HC:97799:GP*31", "GD104 SV101-7@38 2400 8/I9"},
		{"SV1*HC:97116:GP*31 = SV1*HC:J3490:GP*31", "GD104 SV101-7@38 2400 8/I9"},
		{"SV1*HC:97116:GP*31*UN = SV1*HC:97116:GP*31*MJ", "GD107 SV103@38 2400 8/I6"},
		{"SV1*HC:97116:GP*31*UN = SV1*HC:00790:GP*31*UN", "GD107 SV103@38 2400 8/I6"},
		{"SV1*HC:97116:GP*31*UN*1 = SV1*HC:97116:GP*31*UN*0", "GD106 SV104@38 2400 8/I12"},
		{"SV1*HC:97116:GP*31 = SV1*HC:97116:GP*0 ; CLM*C1*93 = CLM*C1*62 ; SVD*12345*20 = SVD*12345*0 ; CAS*CO*45*11 = CAS*CO*45*5~CAS*OA*23*-5 ; AMT*D*70 = AMT*D*50", "GD106 SV102@38 2400 8/I12"},
		{"HI*ABK:M6281*ABF:R262 = HI*ABK:S72001S*ABF:R262", "DX102 HI01-2@21 2300 "},
		{"CAS*CO*45*12 = CAS*CO*45*12***5", "GD104 CAS05@35 2430 8/2"},
		// a wrong qualifier is told alone
		{"REF*EI*123456789 = REF*1D*FL1", "GD107 REF01@11 2010AA 8/7"},
		{"+REF*EI*123456789 = REF*1D*FL1", "GD107 REF01@12 2010AA 8/7"},
		// the patient
		{"+SBR*S = PAT*****D8*20260301", "DT101 DTP03@33 2400 8/I12"},
		{"+SBR*S = PAT*****D8*19400101", "DT101 PAT06@14 2000B 8/I12"},
		{"DMG*D8*19500101*F = DMG*D8*19500101*M ; HI*ABK:M6281*ABF:R262 = HI*ABK:M6281*ABF:O2692", "DX102 HI02-2@21 2300 8/I12"},
		{"SBR*P********CI = SBR*P********CI~PAT*******01*150", "GD102 PAT@46 2000B I9"},
		{"-N3*2 EX", "GD101 N3@15 2010BA I6"},
		{"-N4*DENVER*CO*80202 ; +N3*1 EX = N4*DENVER*CO*802020001 ; -N3*2 EX", "GD101 N3@15 2010BA I6"},
		{"HL*2*1*22*0 = HL*2*1*22*1 ; SBR*S*18* = SBR*S**", "GD101 HL@19 2000C I7"},
		// payers and providers
		{"SBR*P********CI = SBR*S********CI", "GD106 SBR01@45 2000B 8/I12"},
		{"NM1*85*2*EXAMPLE THERAPY*****XX*1234567893 = NM1*85*2*EXAMPLE THERAPY", "GD104 NM109@8 2010AA 8/I9"},
		{"NM1*85*2*EXAMPLE THERAPY*****XX*1234567893 = NM1*85*2*EXAMPLE THERAPY ; +NM1*PR*2*MED = REF*G2*A1", ""},
		{"+NM1*PR*2*MED = REF*G2*A1", "GD102 REF@19 2010BB I9"},
		{"+REF*6R*1A = NM1*DQ*1*SUPER*DOC****XX*1234567893~REF*0B*X1", "GD102 REF@35 2420D I9"},
		{"+AMT*D*70 = AMT*A8*93", "AM102 AMT02@27 2320 8/I13"},
		{"+CLM*C1*93 = AMT*F5*0", "GD106 AMT02@20 2300 8/I12"},
		{"+HI*ABK:M6281*ABF = HCP*10*50*43 ; +REF*6R*1A = HCP*10*30*32 ; +REF*6R*1B = HCP*10*21*10", "AM102 HCP02@22 2300 8/I12"},
		{"+HI*ABK:M6281*ABF = HCP*10*50*43 ; +REF*6R*1A = HCP*10*29*33 ; +REF*6R*1B = HCP*10*21*10", ""},
		// what repeats what stands above
		{"+REF*6R*1A = NM1*82*1*THERAPIST*PAT****XX*1987654328", "GD102 NM1@34 2420A I9"},
		{"+PRV*PE = NM1*77*2*PLACE*****XX*1234567893~N3*5 OTHER WAY~N4*DENVER*CO*802020002", "GD102 NM1@25 2310C I9"},
		{"+PRV*PE = NM1*77*2*PLACE*****XX*1456789019~N3*1 EXAMPLE WAY~N4*DENVER*CO*802020001", "GD102 NM1@25 2310C I9"},
		{"+REF*EI = NM1*87*2~N3*1 EXAMPLE WAY~N4*DENVER*CO*802020001", "GD102 NM1@12 2010AB I9"},
		{"+CLM*C1*93 = DTP*454*D8*20260101 ; +DTP*472 = DTP*454*D8*20260101", "GD102 DTP@34 2400 I9"},
		{"+CLM*C1*93 = DTP*454*D8*20260101 ; +DTP*472 = DTP*454*D8*20260102", ""},
		// parts that are empty, and what is wrong with a code
		{"SV1*HC:97116:GP*31 = SV1*HC:*31", "GD104 SV101-2@38 2400 8/1"},
		{"CLM*C1*93***11:B:1 = CLM*C1*93***11:B:", "GD104 CLM05-3@19 2300 8/I9"},
		{"SV1*HC:97116:GP*31 = SV1*HC:97116:GP:*31", "GD110 SV101@38 2400 "},
		{"HI*ABK:M6281*ABF:R262 = HI*XX:M6281*ABF:R262", "GD107 HI01-1@21 2300 8/7"},
		{"NM1*IL*1*EXAMPLE*PAT****MI*1EG4TE00001 = NM1*IL*1*EXAMPLE*PAT****XX*1EG4TE00001", "GD107 NM108@14 2010BA 8/I6"},
		{"DTP*472*D8*20260310 = DTP*472*D8*2026 ; +CLM*C1*93 = DTP*435*RD8*20260310", "GD107 DTP02@20 2300 8/I6\nDT101 DTP03@33 2400 8/8"},
		{"SV1*HC:97116:GP*31 = SV1*HC:97116:R-*31", "GD106 SV101-3@38 2400 8/I12"},
		{"SV1*HC:97116:GP*31 = SV1*HC: 97116:GP*31", "GD106 SV101-2@38 2400 8/6"},
		{"SV1*HC:97116:GP*31*UN*1 = SV1*HC:97116:GP*31*UN*-1", "GD106 SV104@38 2400 8/I12"},
		// segments without elements, with another id or qualifier: not missing as well
		{"NM1*40*2*EXAMPLE PAYER*****46*RECEIVER = NM1", "GD104 NM1@5 1000A 8"},
		{"SBR*S*18***12****MB = SBR", "GD104 SBR@13 2000B 8"},
		{"SV1*HC:97116:GP*31*UN*1***1 = SV1", "GD104 SV1@38 2400 8"},
		{"HL*2*1*22*0 = HL", "GD104 HL@12 2000B 8"},
		{"LX*2 = ZZX*2", "GD102 ZZX@37 2430 1"},
		{"N3*2 EXAMPLE ST = ZZX*2 EXAMPLE ST", "GD102 ZZX@15 2010BA 1"},
		{"CLM*C1*93***11:B:1*Y*A*Y*Y = ZZX*C1*93***11:B:1*Y*A*Y*Y", "GD102 ZZX@19 2010BB 1"},
		{"HL*2*1*22*0 = hl*2*1*22*0", "GD102 hl@12 2010AA 1"},
		{"DTP*472*D8*20260310 = DTP*435*D8*20260310", "GD102 DTP@32 2400 2"},
		{"NM1*85*2 = NM1*45*2", "GD102 NM1@8 2000A 2"},
		// which of HL02 and HL03 is wrong
		{"HL*1**20*1 = HL*1**22*1", "GD109 HL03@6 2000A 8/I6"},
		{"HL*2*1*22*0 = HL*2*1*20*0", "GD109 HL03@12 2000B 8/I6"},
		{"HL*3*1*22*1 = HL*3*1*20*1", "GD109 HL03@44 2000B 8/I6"},
		{"HL*2*1*22*0 = HL*2*1*23*0", "GD109 HL03@12 2000B 8/I6"},
		{"HL*4*3*23*0 = HL*4*3*22*0", "GD109 HL03@48 2000C 8/I6"},
		{"HL*4*3*23*0 = HL*4*3*20*0", "GD109 HL03@48 2000C 8/I6"},
		{
			"-DTP*573 ; -DTP*573 ; +NM1*PR*2*OTHER = NTE*ADD*X ; SVD*12345*50*HC:97110:GP**2 = NTE*ADD*Y ; SVD*12345*20*HC:97116:GP**1 = NTE*ADD*Y ; -CAS*CO*45*12 ; -CAS*CO*45*11",
			"GD102 NTE@30 2330B 2\nGD101 DTP@30 2330B I6",
		},
		// a segment that is missing silences only what it says
		{"CLM*C1*93 = CLM*C1*94 ; +CLM*C1 = QQ9*1", "AM101 CLM02@19 2300 8/I12\nGD102 QQ9@20 2300 1"},
		{"CLM*C1*93***11:B:1 = CLM*C1*93***11:B:7 ; REF*EA*MRN1 = QQ9*1", "GD102 QQ9@20 2300 1\nGD101 REF@20 2300 I6"},
		{"-HI*ABK:M6281*ABF ; CLM*C1*93 = CLM*C1*94", "AM101 CLM02@19 2300 8/I12\nGD101 HI@21 2300 I8"},
		{"-SV1*HC:97116", "GD101 SV1@38 2400 I8"},
		{"CLM*C1*93***11:B:1 = CLM*C1*93***11:B:7 ; REF*EA*MRN1 = REF*EA*MRN1~RFF*F8*ICN1", "GD102 RFF@21 2300 1"},
		// envelopes
		{"*^*00501* = *U*00501*", "GD107 ISA11@0  016"}, // U separates nothing
		{"GE*1*1 = GE*2*1", "EN102 GE01@0  5"},
		{"GE*1*1 = GE*1*2", "EN104 GE02@0  4"},
		{"IEA*1 = IEA*2", "EN101 IEA01@0  021"},
		{"IEA*1*000000001 = IEA*1*000000002", "EN104 IEA02@0  001"},
		{"-GE*", "GD101 GE@0  3"},
		{"-IEA*", "GD101 IEA@0  023"},
		{"-SE*", "GD101 SE@59  2"},
		{"GS*HC = GS*HP", "GD107 GS01@0  1"},
		{"20260311*0800*1*X*005010X222A1 = 20260311*0800*1*X*005010X299A1", "GD107 GS08@0  2"},
		{"*0001 = *12", "GD105 ST02@1  7"},
		{"*0001 = *", "GD104 ST02@1  7"},
		{"SE*59*0001 = SE*59*12", "EN104 SE02@59  3"},
		{"GE*1*1 = GE*X*1", "EN102 GE01@0  5"},
		{"0800*1*X*0050 = 0800*2*X*0050", "EN104 GE02@0  4"},
		{"ST*837*0001*005010X222A1 = ST*837*0001", "GD104 ST03@1  19/8/I9"},
	} {
		t.Run(test.change, func(t *testing.T) {
			segments := sample()
			for change := range strings.SplitSeq(test.change, " ; ") {
				segments = planted(t, segments, change)
			}
			got := strings.Join(told(t, recount(segments), Validator{}), "\n")
			if diff := cmp.Diff(strings.TrimPrefix(strings.ReplaceAll(test.want, " /", " "), "/"), got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

// paid is a conformant remittance.
func paid() []string {
	s := []string{
		editest.ISA(1), "GS*HP*PAYER*RECEIVER*20260311*0800*1*X*005010X221A1", "ST*835*0001",
		"BPR*I*50*C*CHK************20260311", "TRN*1*CHECK1*1123456789", "N1*PR*EXAMPLE PAYER", "N3*1 EXAMPLE WAY", "N4*DENVER*CO*802020001",
		"PER*BL*DESK*TE*5555550100", "N1*PE*EXAMPLE THERAPY*XX*" + editest.NPI("123456789"), "REF*TJ*123456789",
		"LX*1", "CLP*C1*1*62*50*12*12*ICN1*11*1", "NM1*QC*1*EXAMPLE*PAT****MI*M1",
		"SVC*HC:97110:GP*62*50**2", "DTM*472*20260310", "CAS*PR*2*12", "REF*6R*1A", "AMT*B6*62", "LQ*HE*MA01",
		"LX*2", "CLP*C2*4*31*0**12*ICN2*11*1", "CAS*CO*29*31", "NM1*QC*1*EXAMPLE*KID****MI*M2",
	}
	return append(s, fmt.Sprintf("SE*%d*0001", len(s)-1), "GE*1*1", "IEA*1*000000001")
}

// TestLackingLoops: what begins the next loop does so though the one before lacks
// segments, and what follows is judged where it stands.
func TestLackingLoops(t *testing.T) {
	dependents := func(claims int) (s []string) {
		base := sample()
		at := slices.IndexFunc(base, func(x string) bool { return strings.HasPrefix(x, "CLM*C2") })
		s = append(s, base[:at]...)
		for range claims {
			s = append(s, base[at:at+5]...)
		}
		return append(s, base[at+5:]...)
	}
	change := func(s []string, changes ...string) []string {
		for _, c := range changes {
			s = planted(t, s, c)
		}
		return s
	}
	for name, test := range map[string]struct {
		segments []string
		want     []string
	}{
		"pay-to address behind a bare billing provider": {
			change(sample(), "-N3*1 EX", "-N4*DENVER*CO*802020001", "REF*EI*123456789 = NM1*87*2~N3*PO BOX 1~N4*DENVER*CO*80202"),
			[]string{"GD101 N3@9 2010AA I8", "GD101 N4@9 2010AA I8", "GD101 REF@9 2010AA I8"},
		},
		"payee behind a bare payer": {
			change(paid(), "-N3*1 EX", "-N4*DENVER", "-PER*BL"),
			[]string{"GD101 N3@5 1000A I8", "GD101 N4@5 1000A I8", "GD101 PER@5 1000A I8"},
		},
		"claims without a group":          {change(paid(), "-LX*1"), []string{"GD101 LX@10 2000 3"}},
		"a bare line":                     {change(sample(), "LX*2 = LX*3", "LX*1 = LX*1~LX*2"), []string{"GD101 SV1@31 2400 I8", "GD101 DTP@31 2400 I8"}},
		"a hundred claims of a patient":   {dependents(100), nil},
		"one claim more of a patient":     {dependents(101), []string{"GD103 CLM@554 2300 4"}},
		"a form without its first answer": {change(sample(), "+DTP*573*D8*20260311 = LQ*UT*01.02~LQ*UT*03.04~FRM*1*Y"), []string{"GD101 FRM@38 2440 3"}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, told(t, recount(test.segments), Validator{})); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

// TestOneFaultOfRemittance is TestOneFault for the guide of remittances.
func TestOneFaultOfRemittance(t *testing.T) {
	if got := told(t, paid(), Validator{NPI: Error, Types: 0x7F}); got != nil {
		t.Fatal(strings.Join(got, "\n"))
	}
	for _, test := range []struct{ change, want string }{
		{"-SVC*", "GD101 SVC@13 2110 3"},
		{"-CLP*C2", "GD101 CLP@20 2100 3"},
		{">N4* = PER*BL", "GD102 N4@7 1000A 7"},
		{">DTM*472 = CAS*PR", "GD102 DTM@15 2110 7"},
		{">AMT*B6 = LQ*HE", "GD102 AMT@18 2110 7"},
		{"+N1*PR = TRN*1*CHECK1*1123456789", "GD102 TRN@5 1000A 2"},
		{"+CLP*C1 = TRN*1*CHECK1*1123456789", "GD102 TRN@12 2100 2"},
		{"+SVC* = TRN*1*CHECK1*1123456789", "GD102 TRN@14 2110 2"},
		{"+NM1*QC*1*EXAMPLE*KID = LX*3", "GD101 CLP@24 2100 I7"},
	} {
		t.Run(test.change, func(t *testing.T) {
			got := strings.Join(told(t, recount(planted(t, paid(), test.change)), Validator{}), "\n")
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

// planted makes a change to a file.
func planted(t *testing.T, s []string, change string) []string {
	t.Helper()
	find := func(prefix string) int {
		i := slices.IndexFunc(s, func(x string) bool { return strings.Contains(x, prefix) })
		if i < 0 {
			t.Fatalf("no segment %s", prefix)
		}
		return i
	}
	before, after, _ := strings.Cut(change, " = ")
	switch change[0] {
	case '-':
		return slices.Delete(s, find(before[1:]), find(before[1:])+1)
	case '>':
		i := find(before[1:])
		moved := s[i]
		s = slices.Delete(s, i, i+1)
		return slices.Insert(s, find(after)+1, moved)
	case '+':
		return slices.Insert(s, find(before[1:])+1, strings.Split(after, "~")...)
	}
	if after != "" {
		i := find(before)
		s = slices.Replace(s, i, i+1, strings.Split(strings.Replace(s[i], before, after, 1), "~")...)
	}
	return s
}

// openers are segments that open loops.
var openers = strings.Fields("NM1 SBR SVD LX CLM N1 HL LQ SVC CLP LIN")

// TestFaultsDoNotCascade: a segment that is missing, doubled, unknown or foreign is
// one problem in sets of any shape.
func TestFaultsDoNotCascade(t *testing.T) {
	for _, tree := range []*tree{professional(), remittance()} {
		t.Run(tree.set, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				s := generate(tree, rapid.Uint64().Draw(t, "seed"), 3)
				i := rapid.IntRange(3, len(s)-4).Draw(t, "segment")
				kind := rapid.IntRange(0, 3).Draw(t, "kind")
				least := 1
				switch kind {
				case 0:
					if slices.Contains(openers, strings.Split(s[i], "*")[0]) {
						t.Skip()
					}
					s = slices.Delete(s, i, i+1)
					least = 0
				case 1:
					s = slices.Insert(s, i, s[i])
					least = 0
				case 2:
					s = slices.Insert(s, i, "ZZZ*1")
				case 3:
					s = slices.Insert(s, i, "SV2*1")
				}
				if got := validateSegments(recount(s), Validator{Types: judged[tree.set]}, editest.OneLine); len(got) < least || len(got) > 1 {
					t.Fatalf("kind %d at %d: %d problems\n%s", kind, i-1, len(got), strings.Join(got, "\n"))
				}
			})
		})
	}
}

// TestMissingOpeners: where the first segment of a loop is missing, what follows it
// can look like something else. That is rare, and stays small.
func TestMissingOpeners(t *testing.T) {
	missing, several := 0, 0
	for seed := range uint64(12) {
		for _, tree := range []*tree{professional(), remittance()} {
			s := generate(tree, seed, 2)
			for i := 3; i < len(s)-3; i++ {
				if !slices.Contains(openers, strings.Split(s[i], "*")[0]) {
					continue
				}
				missing++
				if got := validateSegments(recount(slices.Delete(slices.Clone(s), i, i+1)), Validator{Types: 3}, editest.OneLine); len(got) > 1 {
					several++
					if len(got) > 5 {
						t.Errorf("seed %d: without %s:\n%s", seed, s[i], strings.Join(got, "\n"))
					}
				}
			}
		}
	}
	if missing == 0 || several*100 > missing {
		t.Errorf("%d of %d are more than one problem", several, missing)
	}
	t.Logf("%d of %d are more than one problem", several, missing)
}

// TestStraysAreForgotten: a segment that stands too much where it may not excuses none
// that is missing much later.
func TestStraysAreForgotten(t *testing.T) {
	s := planted(t, sample(), "+NM1*PR*2*MED = HI*ABK:R262")
	s = slices.DeleteFunc(s, func(x string) bool { return x == "HI*ABK:M6281" })
	want := []string{"GD102 HI@19 2300 7", "GD101 HI@56 2300 I8"}
	if diff := cmp.Diff(want, told(t, recount(s), Validator{})); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// TestTwoStraysAreTwo: segments that are misplaced close to each other are told of one
// by one.
func TestTwoStraysAreTwo(t *testing.T) {
	s := planted(t, planted(t, sample(), "+SV1*HC:97110 = HI*ABK:M6281"), "+DTP*472 = N3*1 EXAMPLE WAY")
	want := []string{"GD102 HI@32 2400 2", "GD102 N3@34 2400 2"}
	if diff := cmp.Diff(want, told(t, recount(s), Validator{})); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// TestMovedSegments: a segment that stands elsewhere is few problems, wherever that
// is; and it is the same ones for those who feed the walker.
func TestMovedSegments(t *testing.T) {
	moved, several := 0, 0
	for _, tree := range []*tree{professional(), remittance()} {
		for seed := range uint64(30) {
			s := generate(tree, seed, 2)
			r := rand.New(rand.NewPCG(seed, 1))
			for range 30 {
				i := 3 + r.IntN(len(s)-6)
				if slices.Contains(openers, strings.Split(s[i], "*")[0]) {
					continue
				}
				m := slices.Delete(slices.Clone(s), i, i+1)
				m = recount(slices.Insert(m, 3+r.IntN(len(m)-5), s[i]))
				moved++
				got := told(t, m, Validator{Types: 3})
				if len(got) > 2 { // where it is missing, and where it stands
					several++
				}
				if diff := cmp.Diff(got, fed(m, Validator{Types: 3})); diff != "" {
					t.Fatalf("%s moved: -read +fed\n%s", s[i], diff)
				}
			}
		}
	}
	if moved == 0 || several*100 > moved*4 {
		t.Errorf("%d of %d are more than two problems", several, moved)
	}
	t.Logf("%d of %d are more than two problems", several, moved)
}

// fed is told for a walker that gets its segments from elsewhere.
func fed(segments []string, v Validator) (list []string) {
	w := v.Walk(Handler{Problem: func(p *Problem) { list = append(list, short(p)) }})
	scan := edi.NewScanner(bytes.NewReader(editest.Render(segments, editest.Wrapped)))
	scan.OnError = w.Fault
	for scan.Next() {
		w.Segment(scan.Segment())
	}
	w.Close()
	return list
}
