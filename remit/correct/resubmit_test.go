package correct_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/edi/editest"
	"github.com/gaitkeeper/gaitkeeper/edi/x837"
	"github.com/gaitkeeper/gaitkeeper/remit/correct"
)

// first reads the first claim, with segments replaced or added behind others.
func first(t *testing.T, l editest.Layout, replace ...string) *x837.Claim {
	t.Helper()
	text := strings.Join(editest.Claims(1), "\n")
	for i := 0; i < len(replace); i += 2 {
		if !strings.Contains(text, replace[i]) {
			t.Fatalf("the claim has no %q", replace[i])
		}
		text = strings.Replace(text, replace[i], replace[i+1], 1)
	}
	var c x837.Claim
	if err := x837.NewReader(bytes.NewReader(editest.Render(strings.Split(text, "\n"), l))).Next(&c); err != nil {
		t.Fatal(err)
	}
	return &c
}

// resubmitted is the 2300 loop up to the first HI, with the edits made.
func resubmitted(t *testing.T, c *x837.Claim, edits []edi.Edit) (list []string) {
	t.Helper()
	patch, err := edi.NewPatch(edits...)
	if err != nil {
		t.Fatal(err)
	}
	next, err := c.Patched(patch)
	if err != nil {
		t.Fatal(err)
	}
	for i := range next.Len() {
		s := next.Segment(i)
		if s.Tag() == edi.TagOf("HI") {
			break
		}
		list = append(list, string(s.Raw()))
	}
	if back, err := next.Patched(patch.Invert()); err != nil || !bytes.Equal(back.Bytes(), c.Bytes()) {
		t.Errorf("the edits cannot be taken back: %v", err)
	}
	return list
}

func TestResubmit(t *testing.T) {
	const clm, hi = "11:B:1*Y*A*Y*Y", "\nHI*ABK"
	tests := map[string]struct {
		replace   []string
		frequency byte
		want      string // behind CLM; the frequency stands in front
	}{
		"new as it was":                  {nil, '1', "1"},
		"replacement":                    {nil, '7', "7 REF*F8*ICN1"},
		"replacement of a replacement":   {[]string{clm, "11:B:7*Y*A*Y*Y", hi, "\nREF*F8*OLD" + hi}, '7', "7 REF*F8*ICN1"},
		"new, after a replacement":       {[]string{clm, "11:B:7*Y*A*Y*Y", hi, "\nREF*F8*OLD" + hi}, '1', "1"},
		"frequency was missing":          {[]string{clm, "11:B*Y*A*Y*Y"}, '7', "7 REF*F8*ICN1"},
		"behind dates, amounts and G1":   {[]string{hi, "\nDTP*431*D8*20260101\nAMT*F5*10\nREF*G1*A1" + hi}, '7', "7 DTP*431*D8*20260101 AMT*F5*10 REF*G1*A1 REF*F8*ICN1"},
		"before the number of the medic": {[]string{hi, "\nREF*G1*A1\nREF*D9*D1\nREF*EA*M1\nNTE*ADD*X" + hi}, '7', "7 REF*G1*A1 REF*F8*ICN1 REF*D9*D1 REF*EA*M1 NTE*ADD*X"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			c := first(t, editest.Wrapped, append([]string{"\nREF*EA*MRN1", ""}, tt.replace...)...)
			edits, err := correct.Resubmit(c, tt.frequency, "ICN1")
			if err != nil {
				t.Fatal(err)
			}
			got := resubmitted(t, c, edits)
			f := strings.Split(strings.Split(got[0], "*")[5], ":")
			got[0] = f[2]
			if text := strings.Join(got, " "); text != tt.want {
				t.Errorf("got %q, want %q", text, tt.want)
			}
		})
	}
}

// The reference takes the separators and line ends of its interchange.
func TestResubmitLayouts(t *testing.T) {
	for _, l := range editest.Layouts {
		t.Run(l.String(), func(t *testing.T) {
			c := first(t, l)
			edits, err := correct.Resubmit(c, correct.Replaces, "ICN 1")
			if err != nil {
				t.Fatal(err)
			}
			want := fmt.Sprintf("REF%cF8%[1]cICN 1", l.Element)
			if got := resubmitted(t, c, edits); got[1] != want {
				t.Errorf("got %q, want %q", got[1], want)
			}
		})
	}
}

func TestResubmitRefuses(t *testing.T) {
	for name, number := range map[string]string{
		"element separator": "A*B", "component separator": "A:B", "terminator": "A~B", "line end": "A\nB", "too long": strings.Repeat("1", 51),
	} {
		t.Run(name, func(t *testing.T) {
			if edits, err := correct.Resubmit(first(t, editest.Wrapped), correct.Replaces, number); !errors.Is(err, correct.ErrControl) {
				t.Errorf("edits %v, error %v", edits, err)
			}
		})
	}
}

// New envelopes keep who sends to whom and how it is written; numbers and time are new,
// and no number is one of the originals.
func TestEnvelopes(t *testing.T) {
	for _, l := range editest.Layouts {
		t.Run(l.String(), func(t *testing.T) {
			c := first(t, l)
			n := new(correct.Numbers)
			n.Use("5")
			n.Use("B1")
			n.Begin(4)
			e := &correct.Envelopes{Time: "202611230915", Numbers: n}
			set, err := e.Of(c.Set)
			if err != nil {
				t.Fatal(err)
			}
			if again, _ := e.Of(c.Set); again != set {
				t.Error("a set has two forms")
			}
			want := []string{
				strings.Replace(strings.Replace(editest.ISA(4), "260311*0800", "261123*0915", 1), "^*", string(l.Repetition)+"*", 1),
				"GS*HC*SUBMITTER*RECEIVER*20261123*0915*6*X*005010X222A1", "ST*837*0007*005010X222A1", "BHT*0019*00*000000007*20261123*0915*CH",
			}
			var got []string
			for _, env := range []*x837.Envelope{set.Parent.Parent, set.Parent, set} {
				for i := range env.Len() {
					s := env.Segment(i)
					got = append(got, strings.ReplaceAll(string(s.Raw()), string(l.Element), "*"))
				}
			}
			want[0] = strings.TrimSuffix(want[0], ":") + string(l.Component)
			for i := range want {
				if got[i] != want[i] {
					t.Errorf("segment %d\n got %s\nwant %s", i, got[i], want[i])
				}
			}
			if set.Control != "0007" || set.Parent.Control != "6" || set.Parent.Parent.Control != "000000004" {
				t.Errorf("control numbers %s, %s, %s", set.Parent.Parent.Control, set.Parent.Control, set.Control)
			}
		})
	}
}

func TestNumbers(t *testing.T) {
	n := new(correct.Numbers)
	for _, used := range []string{"000000001", " 3 ", "999999999", "ABC", ""} {
		n.Use(used)
	}
	n.Begin(999_999_998)
	var got []int
	for range 4 {
		got = append(got, n.Next())
	}
	if fmt.Sprint(got) != "[999999998 2 4 5]" {
		t.Errorf("got %v", got)
	}
	one, other := []*correct.Case{{ID: "A", Trace: "T1"}}, []*correct.Case{{ID: "A", Trace: "T2"}}
	derive := func(list []*correct.Case) int {
		n := new(correct.Numbers)
		n.Derive(list)
		return n.Next()
	}
	a, again, b := derive(one), derive(one), derive(other)
	if a != again || a == b || derive(nil) < 1 {
		t.Errorf("numbers %d, %d, %d do not follow from the denials", a, again, b)
	}
}
