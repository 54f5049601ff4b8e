package ack_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gaitkeeper/gaitkeeper/edi/editest"
	"github.com/gaitkeeper/gaitkeeper/edi/guide"
)

// TestEnvelopeAnswers: one fault of the envelopes is answered on its level.
func TestEnvelopeAnswers(t *testing.T) {
	claims := editest.Claims(1)
	last := len(claims) - 1
	se, ge, iea := last-2, last-1, last
	without := func(at ...int) []string {
		s := slices.Clone(claims)
		for i, n := range at {
			s = slices.Delete(s, n-i, n-i+1)
		}
		return s
	}
	twice := func(at int) []string { return slices.Insert(slices.Clone(claims), at, claims[at]) }
	swapped := slices.Clone(claims)
	swapped[se], swapped[ge] = swapped[ge], swapped[se]
	for _, test := range []struct {
		name string
		file []string
		want string
	}{
		{"good", claims, "TA1 A 000, IK5*A, AK9*A*1*1*1"},
		{"no GS", without(1), "TA1 R 022"},
		{"no GS, no GE", without(1, ge), "TA1 R 022"},
		{"no GE", without(ge), "TA1 A 000, IK5*A, AK9*R*1*1*0*3"},
		{"no ST", without(2), "TA1 R 024"},
		{"no SE", without(se), "TA1 A 000, IK5*R*2, AK9*R*1*1*0"},
		{"no IEA", without(iea), "TA1 R 023"},
		{"ISA twice", twice(0), "TA1 R 023, TA1 A 000, IK5*A, AK9*A*1*1*1"},
		{"GS twice", twice(1), "TA1 A 000, AK9*R*0*0*0*3, IK5*A, AK9*A*1*1*1"},
		{"ST twice", twice(2), "TA1 A 000, IK5*R*2, IK5*A, AK9*P*1*2*1"},
		{"SE twice", twice(se), "TA1 R 022"},
		{"GE twice", twice(ge), "TA1 R 022"},
		{"GE before SE", swapped, "TA1 A 000, IK5*R*2, AK9*R*1*1*0"},
		{"group without sets", slices.Concat(claims[:2], claims[ge:]), "TA1 A 000, AK9*R*1*0*0*5"},
		{"set without segments", slices.Concat(claims[:3], []string{"SE*2*0001"}, claims[ge:]), "TA1 A 000, IK5*R*5, AK9*R*1*1*0"},
		{"interchange without groups", []string{claims[0], claims[iea]}, "TA1 R 022"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := verdicts(t, editest.Render(test.file, editest.Wrapped)); test.want != got {
				t.Error(cmp.Diff(test.want, got))
			}
		})
	}
	header := editest.Render(claims[:2], editest.Wrapped)
	rest := editest.Fold(editest.Render(claims[2:], editest.OneLine), 80, "\n")
	if got := verdicts(t, slices.Concat(header, rest)); got != "TA1 R 024" {
		t.Errorf("wrapped: %s", got)
	}
}

// verdicts are those of the answers to a file, in short.
func verdicts(t *testing.T, text []byte) string {
	functional, ta1, _ := validated(t, text, guide.Standard)
	var list []string
	for _, answer := range [][]byte{ta1, functional} {
		for s := range bytes.SplitSeq(answer, []byte{'~'}) {
			f := strings.Split(strings.TrimSpace(string(s)), "*")
			switch f[0] {
			case "TA1":
				list = append(list, "TA1 "+f[4]+" "+f[5])
			case "IK5", "AK9":
				list = append(list, strings.Join(f, "*"))
			}
		}
	}
	return strings.Join(list, ", ")
}
