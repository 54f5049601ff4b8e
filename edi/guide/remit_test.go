package guide

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/edi/editest"
)

// remitted is a remittance with most of what has rules: a transfer; a line of two parts
// and one that is denied; a claim without lines; a reversal and what comes in its
// place; money withheld.
func remitted() []string {
	s := []string{
		editest.ISA(1), "GS*HP*PAYER*RECEIVER*20260311*0800*1*X*005010X221A1", "ST*835*0001",
		"BPR*I*104.48*C*ACH*CCP*01*021000021*DA*1*1123456789**01*021000021*DA*2*20260311", "TRN*1*EFT1*1123456789",
		"N1*PR*EXAMPLE PAYER", "N3*1 EXAMPLE WAY", "N4*DENVER*CO*802020001", "PER*BL*DESK*TE*5555550100", "N1*PE*EXAMPLE THERAPY*FI*123456789",
		"LX*1", "CLP*C1*1*111*23.52*6*MB*ICN1*11*1", "NM1*QC*1*EXAMPLE*PAT****MI*M1", "MOA***MA01",
		"SVC*HC:97110:GP*80*23.52**1", "DTM*472*20260310", "CAS*CO*45*50**253*.48", "CAS*PR*2*6", "LQ*HE*N362",
		"SVC*HC:97116:GP*31*0*0420*1", "DTM*150*20260309", "DTM*151*20260310", "CAS*CO*29*31",
		"CLP*C2*1*150*100**12*ICN2*11*1", "CAS*CO*131*50", "NM1*QC*1*EXAMPLE*KID****MI*M2", "DTM*232*20260301", "DTM*233*20260302",
		"CLP*C3*22*-80*-19.52**MB*ICN3*11*1", "NM1*QC*1*EXAMPLE*PAT****MI*M1", "SVC*HC:97110:GP*-80*-19.52**1", "DTM*472*20260305", "CAS*CO*45*-60.48",
		"CLP*C3*2*80*20.48**MB*ICN4*11*1", "NM1*QC*1*EXAMPLE*PAT****MI*M1", "SVC*HC:97110:GP*80*20.48**1", "DTM*472*20260305", "CAS*CO*42*59.52",
		"PLB*1234567893*20261231*WO:ICN0*30*L6*-10",
	}
	return append(s, fmt.Sprintf("SE*%d*0001", len(s)-1), "GE*1*1", "IEA*1*000000001")
}

// graded is short with the severity.
func graded(t *testing.T, segments []string) string {
	t.Helper()
	var list []string
	v := Validator{}
	_, err := v.Validate(t.Context(), strings.NewReader(string(editest.Render(segments, editest.Wrapped))), "test", Handler{
		Problem: func(p *Problem) { list = append(list, fmt.Sprintf("%s %s [%s]", p.Severity, short(p), p.Claim)) },
		Fault:   func(e *edi.SyntaxError) { list = append(list, e.Error()) },
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(list, "\n")
}

// TestRemittanceRules: each fault is told once, with its place and its codes; what bears
// it is told nothing. Changes are parted by " & ".
func TestRemittanceRules(t *testing.T) {
	if got := graded(t, remitted()); got != "" {
		t.Fatal(got)
	}
	for _, test := range []struct{ change, want string }{
		// a line
		{"*80*23.52* = *80*23.53*", "error AM103 SVC03@13 2110 8/I12 [C1]"},
		{"SVC*HC:97110:GP*80*23.52 = SVC*HC:97110:GP*81*23.52", "error AM103 SVC03@13 2110 8/I12 [C1]"},
		{"CAS*CO*45*50**253 = CAS*CO*45*51**253", "error AM103 SVC03@13 2110 8/I12 [C1]"},
		{"-CAS*CO*29", "error AM103 SVC03@18 2110 8/I12 [C1]"},
		{"+CAS*CO*29 = CAS*CO*29*31", "error AM103 SVC03@18 2110 8/I12 [C1]"},
		{"*80*23.52* = *80*23.53* & -CAS*CO*29", "error AM103 SVC03@13 2110 8/I12 [C1]\nerror AM103 SVC03@18 2110 8/I12 [C1]"},
		// a claim
		{"*111*23.52* = *112*23.52*", "error AM103 CLP03@10 2100 8/I12 [C1]"},
		{"*111*23.52* = *111*23.51*", "error AM103 CLP04@10 2100 8/I12 [C1]"},
		{"*150*100* = *150*101*", "error AM103 CLP04@22 2100 8/I12 [C2]"},
		{"*150*100* = *151*100*", "error AM103 CLP04@22 2100 8/I12 [C2]"},
		{"CAS*CO*45*50 = CAS*CO*45*49 & *150*100* = *150*101*", "error AM103 SVC03@13 2110 8/I12 [C1]\nerror AM103 CLP04@22 2100 8/I12 [C2]"},
		{"*80*23.52* = *80*23.53* & *111*23.52* = *111*23*", "error AM103 CLP04@10 2100 8/I12 [C1]\nerror AM103 SVC03@13 2110 8/I12 [C1]"},
		{"CAS*CO*29*31 = CAS*CO*29*30 & *111*23.52* = *111*23*", "error AM103 CLP04@10 2100 8/I12 [C1]\nerror AM103 SVC03@18 2110 8/I12 [C1]"},
		{"-SVC*HC:97116 & -DTM*150 & -DTM*151 & -CAS*CO*29", "error AM103 CLP03@10 2100 8/I12 [C1]"},
		{"SVC*HC:97116:GP*31*0 = SVC*HC:97116:GP*30*-1", "warning AM103 CLP03@10 2100 8/I12 [C1]"},
		// the patient's share
		{"*111*23.52*6* = *111*23.52*7*", "warning AM103 CLP05@10 2100 8/I12 [C1]"},
		{"*111*23.52*6* = *111*23.52**", "warning AM103 CLP05@10 2100 8/I9 [C1]"},
		{"CAS*PR*2*6 = CAS*OA*2*6", "warning AM103 CLP05@10 2100 8/I12 [C1]"},
		{"*111*23.52*6* = *111*23.52*X*", "error GD106 CLP05@10 2100 8/6 [C1]"},
		{"*-80*-19.52** = *-80*-19.52*-6*", "warning GD108 CLP05@27 2100 8/I13 [C3]"},
		{"*-80*-19.52** = *-80*-19.52*0*", ""},
		// the payment
		{"BPR*I*104.48 = BPR*I*104.49", "error AM103 BPR02@2 ST 8/I12 []"},
		{"BPR*I*104.48 = BPR*I*-104.48", "error AM103 BPR02@2 ST 8/I12 []"},
		{"-PLB*", "error AM103 BPR02@2 ST 8/I12 []"},
		{"WO:ICN0*30 = WO:ICN0*31", "error AM103 BPR02@2 ST 8/I12 []"},
		{"BPR*I*104.48 = BPR*I*105.48 & *150*100* = *150*101*", "error AM103 CLP04@22 2100 8/I12 [C2]"},
		{"BPR*I*104.48 = BPR*I*105.49 & *150*100* = *150*101*", "error AM103 CLP04@22 2100 8/I12 [C2]\nerror AM103 BPR02@2 ST 8/I12 []"},
		{"BPR*I = BPR*H", "warning GD106 BPR02@2 ST 8/I12 []"},
		{"BPR*I*104.48*C*ACH = BPR*I*104.48*C*NON", "warning GD106 BPR02@2 ST 8/I12 []"},
		{"WO:ICN0*30*L6*-10 = WO:ICN0*30*FB:EFT1*-10", "warning GD106 BPR02@2 ST 8/I12 []"},
		{"WO:ICN0*30*L6*-10 = WO:ICN0*124.48 & BPR*I*104.48 = BPR*I*0", ""},
		{"WO:ICN0*30*L6*-10 = WO:ICN0*224.48*FB:EFT1*-100 & BPR*I*104.48 = BPR*H*0", ""},
		{"WO:ICN0*30*L6*-10 = WO:ICN0*30*L6*-10*WO:A*0", "warning GD106 PLB08@37 ST 8/I12 []"},
		// what cannot be read is not judged, nor what depends on it
		{"BPR*I*104.48 = BPR*I*X", "error GD106 BPR02@2 ST 8/6 []"},
		{"-BPR*", "error GD101 BPR@2 ST 3 []"},
		{"*111*23.52* = *X*23.52*", "error GD106 CLP03@10 2100 8/6 [C1]"},
		{"*111*23.52* = *111**", "error GD104 CLP04@10 2100 8/1 [C1]"},
		{"SVC*HC:97110:GP*80*23.52 = SVC*HC:97110:GP*80*X", "error GD106 SVC03@13 2110 8/6 [C1]"},
		{"SVC*HC:97110:GP*80*23.52**1 = SVC*HC*97110*80*23.52", "error GD104 SVC01-2@13 2110 8/1 [C1]"},
		{"CAS*PR*2*6 = CAS*PR*2*X", "error GD106 CAS03@16 2110 8/6 [C1]"},
		{"CAS*PR*2*6 = CAS*CR*2*6", "error GD107 CAS01@16 2110 8/7 [C1]"},
		{"WO:ICN0*30 = WO:ICN0*X", "error GD106 PLB04@37 ST 8/6 []"},
		{"-CLP*C2", "error GD101 CLP@23 2100 3 []"},
		{"-NM1*QC*1*EXAMPLE*KID", "error GD101 NM1@24 2100 I8 [C2]"},
		{"PLB* = PLX*", "error GD102 PLX@37 2110 1 [C3]"},
		{">CAS*CO*131 = NM1*QC*1*EXAMPLE*KID", "error GD102 CAS@24 2100 7 [C2]"},
		{"+CLP*C2 = CLP*C2*1*150*100**12*ICN2*11*1", "error GD103 CLP@23 2100 5 [C2]"},
		{"+LQ*HE*N362 = ZZZ*1 & *111*23.52* = *111*24*", "error GD102 ZZZ@18 2110 1 [C1]"},
		{"+LQ*HE*N362 = REF*6R*1 & *111*23.52* = *111*24*", "error AM103 CLP04@10 2100 8/I12 [C1]\nerror GD102 REF@18 2110 7 [C1]"},
		// reversals and estimates
		{"CLP*C2*1 = CLP*C2*22", "error GD106 CLP03@22 2100 8/I12 [C2]"},
		{"CLP*C3*22 = CLP*C3*1", "warning GD106 CLP03@27 2100 8/I12 [C3]"},
		{"CLP*C2*1 = CLP*C2*25", "warning GD106 CLP04@22 2100 8/I12 [C2]"},
		{"CLP*C2*1*150*100 = CLP*C2*25*150*0", "error AM103 CLP04@22 2100 8/I12 [C2]"},
		// reasons
		{"CAS*CO*45*50**253*.48 = CAS*CO*45*50**45*.48", "warning GD106 CAS05@15 2110 8/I12 [C1]"},
		{"CAS*CO*45*50**253*.48 = CAS*CO*45*50~CAS*CO*253*.48", ""},
		{"CAS*PR*2*6 = CAS*CO*45*6 & *111*23.52*6* = *111*23.52**", "warning GD106 CAS02@16 2110 8/I12 [C1]"},
		{"CAS*CO*29*31 = CAS*CO*42*31", "warning GD107 CAS02@21 2110 8/7 [C1]"},
		{"CAS*CO*29*31 = CAS*CO*42*31 & *DA*2*20260311 = *DA*2*20070601", ""},
		{"CAS*CO*29*31 = CAS*CO*29*31**45*0", "warning GD106 CAS06@21 2110 8/I12 [C1]"},
		{"CAS*CO*29*31 = CAS*CO*999*31", "warning GD107 CAS02@21 2110 8/7 [C1]"},
		// codes
		{"LQ*HE*N362 = LQ*HE*ZZZZ", "warning GD107 LQ02@17 2110 8/7 [C1]"},
		{"LQ*HE*N362 = LQ*HE*MA134", ""},
		{"LQ*HE*N362 = LQ*RX*75", ""},
		{"MOA***MA01 = MOA***MA999", "warning GD107 MOA03@12 2100 8/7 [C1]"},
		{"MOA***MA01 = MIA*0****MA999", "warning GD107 MIA05@12 2100 8/7 [C1]"},
		{"SVC*HC:97110:GP*80*23.52 = SVC*HC:97110GP*80*23.52", "warning GD106 SVC01-2@13 2110 8/I12 [C1]"},
		{"SVC*HC:97110:GP*80*23.52**1 = SVC*HC:97110:GP*80*23.52**1*HC:9711", "warning GD106 SVC06-2@13 2110 8/I12 [C1]"},
		{"SVC*HC:97110:GP*80*23.52**1 = SVC*NU:0420*80*23.52**1", ""},
		{"*0420* = *420*", "warning GD106 SVC04@18 2110 8/I12 [C1]"},
		{"*FI*123456789 = *FI*12345678", "warning GD106 N104@8 1000B 8/I12 []"},
		// bank and trace
		{"CCP*01*021000021*DA*1* = CCP*01*021000021***", "warning GD104 BPR08@2 ST 8/I9 []"},
		{"ACH*CCP = ACH*", "warning GD104 BPR05@2 ST 8/I9 []"},
		{"ACH*CCP*01*021000021*DA*1*1123456789**01*021000021*DA*2*20260311 = CHK************20260311", ""},
		{"TRN*1*EFT1*1123456789 = TRN*1*EFT1*1123456780", "warning GD106 TRN03@3 ST 8/I12 []"},
		{"TRN*1*EFT1*1123456789 = TRN*1*EFT1*112345678", "error GD105 TRN03@3 ST 8/4 []"},
		// days
		{"-DTM*151", "warning GD106 DTM01@19 2110 8/I12 [C1]"},
		{"DTM*150*20260309 = DTM*472*20260309", "warning GD106 DTM01@20 2110 8/I12 [C1]"},
		{"DTM*150*20260309 = DTM*151*20260309", "warning GD106 DTM01@20 2110 8/I12 [C1]"},
		{"DTM*151*20260310 = DTM*151*20260308", "error DT101 DTM02@20 2110 8/I12 [C1]"},
		{"DTM*233*20260302 = DTM*233*20260228", "error DT101 DTM02@26 2100 8/I12 [C2]"},
		{"DTM*233*20260302 = DTM*233*20260231", "error GD106 DTM02@26 2100 8/8 [C2]"},
	} {
		t.Run(test.change, func(t *testing.T) {
			s := remitted()
			for change := range strings.SplitSeq(test.change, " & ") {
				s = planted(t, s, change)
			}
			if diff := cmp.Diff(test.want, graded(t, recount(s))); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

// amounts are the elements that sums are made of.
var amounts = map[string][]int{"BPR": {2}, "CLP": {3, 4}, "SVC": {2, 3}, "CAS": {3, 6, 9, 12, 15, 18}, "PLB": {4, 6, 8, 10, 12, 14}}

// TestOneDollar: wherever an amount of a remittance is a dollar too high, one problem
// says so.
func TestOneDollar(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := generate(remittance(), rapid.Uint64().Draw(t, "seed"), 1)
		var places [][2]int
		for i, x := range s {
			f := strings.Split(x, "*")
			for _, n := range amounts[f[0]] {
				if n < len(f) && f[n] != "" {
					places = append(places, [2]int{i, n})
				}
			}
		}
		p := rapid.SampledFrom(places).Draw(t, "place")
		f := strings.Split(s[p[0]], "*")
		f[p[1]] = fmt.Sprint(atoi(f[p[1]]) + 1)
		if f[p[1]] == "0" {
			t.Skip("an adjustment of zero is another fault")
		}
		s[p[0]] = strings.Join(f, "*")
		got := validateSegments(s, Validator{}, editest.OneLine)
		if len(got) != 1 || !strings.HasPrefix(got[0], "error AM103 ") {
			t.Fatalf("%s, element %d: %d problems\n%s\nin\n%s", s[p[0]], p[1], len(got), strings.Join(got, "\n"), numbered(s))
		}
	})
}

// TestFollows: a difference that is the sum of some of those that were told has their
// causes; where many were told, no more is.
func TestFollows(t *testing.T) {
	many := slices.Repeat([]edi.Amount{1}, manyGaps+1)
	for _, test := range []struct {
		d    edi.Amount
		told []edi.Amount
		want bool
	}{{0, nil, true}, {1, nil, false}, {3, []edi.Amount{1, 2}, true}, {2, []edi.Amount{1, 2}, true}, {4, []edi.Amount{1, 2}, false}, {99, many, true}, {99, many[1:], false}} {
		if got := follows(test.d, test.told); got != test.want {
			t.Errorf("%s of %v: %v", test.d, test.told, got)
		}
	}
}
