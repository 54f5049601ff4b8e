package render

import (
	"bytes"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/gaitkeeper/gaitkeeper/edi"
)

var usual = edi.Delims{Element: '*', Repetition: '^', Component: ':', Terminator: '~'}

func TestMask(t *testing.T) {
	for _, tt := range []struct{ segment, want string }{
		{"NM1*IL*1*DOE*JANE*Q*MS*III*MI*1EG4", "NM1*IL*1*xxx*xxxx*x*xx*xxx*MI*xxxx"},
		{"NM1*82*1*DOE*JO****XX*1234567893", "NM1*82*1*xxx*xx****XX*1234567893"},
		{"NM1*PR*2*BIG HEALTH*****PI*04011", "NM1*PR*2*xxx xxxxxx*****PI*04011"},
		{"NM1*IL*1*DOE*JANE****MI*1EG4***X Y", "NM1*IL*1*xxx*xxxx****MI*xxxx***x x"},
		{"N3*1 MAIN ST*APT 2", "N3*x xxxx xx*xxx x"},
		{"N4*DENVER*CO*80202**CY*031", "N4*xxxxxx*CO*xxxxx**xx*xxx"},
		{"DMG*D8*19500101*F", "DMG*D8*xxxxxxxx*F"},
		{"SBR*P*18*G1*GROUP NAME*****MB", "SBR*P*18*xx*xxxxx xxxx*****MB"},
		{"PAT*19****D8*20260101*01*150", "PAT*19****D8*xxxxxxxx*01*150"},
		{"REF*SY*123456789", "REF*SY*xxxxxxxxx"},
		{"REF*1W*A", "REF*1W*x"},
		{"REF*EA*MRN1", "REF*EA*xxxx"},
		{"REF*ZZ*WHATEVER", "REF*ZZ*xxxxxxxx"},
		{"REF*6R*LINE1", "REF*6R*LINE1"},
		{"REF*F8*ICN1*DOE JANE", "REF*F8*ICN1*xxx xxxx"},
		{"PER*IC*JANE*TE*5551234*EM*A@B", "PER*IC*xxxx*TE*xxxxxxx*EM*xxx"},
		{"NTE*ADD*JANE DOE FELL", "NTE*ADD*xxxx xxx xxxx"},
		{"PWK*OZ*BM***AC*DMN0012", "PWK*OZ*BM***xx*xxxxxxx"},
		{"K3*ANY", "K3*xxx"},
		{"SV1*HC:97110:GP:KX::59:JANE DOE*62*UN*2***1:2", "SV1*HC:97110:GP:KX::59:xxxx xxx*62*UN*2***1:2"},
		{"ISA*00*JANE      *00*PASSWORD  *ZZ*S", "ISA*00*xxxx      *00*xxxxxxxx  *ZZ*S"},
		{"CTX*CLM01:C1", "CTX*CLM01:C1"},
		{"CTX*NM109:1EG4", "CTX*NM109:xxxx"},
		{"IK4*2*782*I9*DOE", "IK4*2*782*I9*xxx"},
		{"CLM*C1*62***11:B:1", "CLM*C1*62***11:B:1"},

		// What is not known, or no segment at all, is hidden.
		{"QQQ*JANE", "QQQ*xxxx"},
		{"JANE DOE", "xxxx xxx"},
		{"doe*JANE", "xxx*xxxx"},
		{"", ""},
		{"*JANE", "*xxxx"},
		{"HI*ABK:M6281\nNM1*IL*1*DOE", "HI*ABK:M6281\nxxx*xx*x*xxx"},
	} {
		if got := string(Mask([]byte(tt.segment), usual)); got != tt.want {
			t.Errorf("Mask(%q)\n  = %q\nwant %q", tt.segment, got, tt.want)
		}
	}
}

func TestMaskOtherDelimiters(t *testing.T) {
	d := edi.Delims{Element: '|', Component: '>', Terminator: '\n'}
	got := string(Mask([]byte("NM1|IL|1|D*E|JA:NE"), d))
	if want := "NM1|IL|1|xxx|xxxxx"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Whatever the segment: the length and the separators stay, and masking again
// changes nothing.
func TestMaskKeepsShape(t *testing.T) {
	var ids []string
	for tag := range shown {
		ids = append(ids, tag.String())
	}
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`([A-Za-z0-9 *:^\x00-\x1F\x7F-\xFF]{0,40})`).Draw(t, "text")
		segment := []byte(text)
		if rapid.Bool().Draw(t, "known") {
			segment = []byte(rapid.SampledFrom(ids).Draw(t, "id") + "*" + text)
		}
		before := bytes.Clone(segment)
		got := Mask(segment, usual)
		if !bytes.Equal(segment, before) {
			t.Fatal("the segment was changed")
		}
		if len(got) != len(segment) {
			t.Fatalf("length %d, was %d", len(got), len(segment))
		}
		for i, c := range segment {
			if got[i] != c && (got[i] != 'x' || usual.Has(c)) {
				t.Fatalf("byte %d is %q, was %q", i, got[i], c)
			}
		}
		if again := Mask(got, usual); !bytes.Equal(again, got) && !strings.Contains(string(got), "x") {
			t.Fatalf("again: %q, was %q", again, got)
		}
	})
}
