package x837_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/edi/editest"
	"github.com/gaitkeeper/gaitkeeper/edi/x837"
)

// Each segment stands in the loop before it; + marks one that opens its loop.
func TestWalker(t *testing.T) {
	const walk = `
+GS GS*HC
+ST ST*837
ST BHT*0019
+1000A NM1*41
1000A PER*IC
+1000B NM1*40
+2000A HL*1**20
2000A PRV*BI
+2010AA NM1*85
2010AA N3*A
2010AA REF*EI
+2010AB NM1*87
+2010AC NM1*PE
+2000B HL*2*1*22
2000B SBR*P
+2010BA NM1*IL
2010BA DMG*D8
+2010BB NM1*PR
2010BB NM1*ZZ
+2000C HL*3*2*23
2000C PAT*19
+2010CA NM1*QC
2010CA LX*1
+2300 CLM*1
2300 DTP*431
2300 SVD*X
2300 LIN*X
+2310A NM1*DN
+2310A NM1*P3
+2310B NM1*82
2310B PRV*PE
+2310C NM1*77
+2310D NM1*DQ
+2310E NM1*PW
+2310F NM1*45
+2310 NM1*QB
+2320 SBR*S
2320 CAS*PR
+2330A NM1*IL
+2330B NM1*PR
+2330C NM1*DN
+2330D NM1*82
+2330E NM1*77
+2330F NM1*DQ
+2330G NM1*85
+2330 NM1*QC
+2320 SBR*T
+2400 LX*1
2400 SV1*HC
2400 REF*6R
+2410 LIN**N4
2410 CTP*1
+2420A NM1*82
+2420B NM1*QB
+2420C NM1*77
+2420D NM1*DQ
+2420E NM1*DK
+2420F NM1*DN
+2420F NM1*P3
+2420G NM1*PW
+2420H NM1*45
+2420 NM1*PR
+2430 SVD*X
2430 CAS*CO
2430 DTP*573
+2430 SVD*Y
+2440 LQ*UT
2440 FRM*1A
+2400 LX*2
2400 ZZZ*1
2400 HL*4*1*99
+2300 CLM*2
+2000B HL*5*1*22
ST SE*9
GS GE*1
+GS GS*HC
ISA IEA*1
`
	var segments, want []string
	for line := range strings.Lines(strings.TrimSpace(walk)) {
		loop, text, _ := strings.Cut(strings.TrimSpace(line), " ")
		want = append(want, loop+" "+text)
		segments = append(segments, text)
	}
	input := editest.Render(append([]string{editest.ISA(1)}, segments...), editest.Wrapped)
	s := edi.NewScanner(strings.NewReader(string(input)))
	s.OnError = func(e *edi.SyntaxError) { t.Error(e) }
	var w x837.Walker
	var got []string
	for s.Next() {
		loop, opened := w.Step(s.Segment())
		if loop != w.Loop() {
			t.Errorf("%s and %s", loop, w.Loop())
		}
		text := loop.String() + " " + string(s.Segment().Raw())
		if opened {
			text = "+" + text
		}
		got = append(got, text)
	}
	if !strings.HasPrefix(got[0], "+ISA ISA*") {
		t.Errorf("first is %s", got[0])
	}
	if diff := cmp.Diff(want, got[1:]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestClaimFind(t *testing.T) {
	segments := []string{
		editest.ISA(1), "GS*HC*A*B*20260311*0800*1*X*005010X222A1", "ST*837*0001*005010X222A1",
		"HL*1**20*1", "NM1*85*2*BILLER", "HL*2*1*22*0", "SBR*P", "NM1*IL*1*EXAMPLE*PAT", "NM1*PR*2*PAYER",
		"CLM*C1*20***11:B:1*Y*A*Y*Y", "DTP*472*D8*20260309", "REF*6R*CLAIM", "NM1*82*1*THERAPIST",
		"LX*1", "SV1*HC:97110*10*UN*1", "SV1*HC:97112*10*UN*1", "DTP*471*D8*20260308", "DTP*472*D8*20260310", "REF*G1*AUTH", "REF*6R*L1",
		"NM1*82*1*OTHER", "SVD*X*5", "DTP*573*D8*20260401", "REF*6R*L2",
		"LX*2",
		"SE*24*0001", "GE*1*1", "IEA*1*000000001",
	}
	r := x837.NewReader(strings.NewReader(string(editest.Render(segments, editest.Wrapped))))
	r.OnError = func(e *edi.SyntaxError) { t.Error(e) }
	var c x837.Claim
	if err := r.Next(&c); err != nil {
		t.Fatal(err)
	}
	want := []x837.Line{{First: 4, End: 15, SV1: 5, Date: 8, Control: 10}, {First: 15, End: 16, SV1: -1, Date: -1, Control: -1}}
	if diff := cmp.Diff(want, c.Lines); diff != "" {
		t.Fatalf("lines (-want +got):\n%s", diff)
	}
	nm1, dtp, ref := edi.TagOf("NM1"), edi.TagOf("DTP"), edi.TagOf("REF")
	tests := []struct {
		name      string
		got, want int
	}{
		{"claim date", c.Find(x837.Loop2300, dtp, "472"), 1},
		{"any claim date", c.Find(x837.Loop2300, dtp, ""), 1},
		{"no such date", c.Find(x837.Loop2300, dtp, "431"), -1},
		{"claim provider", c.Find(x837.Loop2310B, nm1, "82"), 3},
		{"line provider from the claim", c.Find(x837.Loop2420A, nm1, ""), 11},
		{"line provider", c.FindIn(&c.Lines[0], x837.Loop2420A, nm1, "82"), 11},
		{"provider of the other line", c.FindIn(&c.Lines[1], x837.Loop2420A, nm1, "82"), -1},
		{"authorization of the line", c.FindIn(&c.Lines[0], x837.Loop2400, ref, "G1"), 9},
		{"qualifier of another segment", c.FindIn(&c.Lines[0], x837.Loop2400, dtp, "6R"), -1},
		{"subscriber", c.Subscriber.Find(x837.Loop2010BA, nm1, "IL"), 2},
		{"payer", c.Subscriber.Find(x837.Loop2010BB, nm1, "PR"), 3},
		{"biller", c.Billing.Find(x837.Loop2010AA, nm1, "85"), 1},
	}
	for _, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("%s: %d, want %d", tt.name, tt.got, tt.want)
		}
	}
	if c.PatientLevel() != &c.Subscriber {
		t.Error("the patient is the subscriber")
	}
}
