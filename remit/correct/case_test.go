package correct_test

import (
	"testing"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/remit"
	"github.com/gaitkeeper/gaitkeeper/remit/codes"
	"github.com/gaitkeeper/gaitkeeper/remit/correct"
)

// answer is an answer that denies line 2 of a claim.
func answer(claim int, standing remit.Standing, denied edi.Amount) *remit.Claim {
	modifier, _ := codes.RARC("N519")
	unprocessable, _ := codes.RARC("MA130")
	alert, _ := codes.RARC("MA01")
	a := &remit.Claim{
		Number: claim, ID: "A", Standing: standing, Confidence: remit.High, PayerControl: "ICN",
		Remarks: []remit.Remark{{Code: "MA130", Text: unprocessable}, {Code: "MA01", Text: alert}},
	}
	a.Denied = denied
	line := remit.Line{Number: 2, Match: remit.LineControl, Remarks: []remit.Remark{{Code: "N519", Text: modifier}}}
	if denied > 0 {
		line.Adjustments = []remit.Adjustment{{Group: "CO", CARC: "45", Amount: 5, Bucket: remit.Contractual}, {Group: "CO", CARC: "4", Amount: denied, Bucket: remit.Denied}}
	}
	a.Lines = []remit.Line{line}
	return a
}

func gather(t *testing.T, answers ...*remit.Claim) *correct.Cases {
	t.Helper()
	s := new(correct.Cases)
	for _, a := range answers {
		if err := s.Claim(a); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// Only what stands denied is a case; of its remarks, those that say what is wrong go
// with the denial.
func TestCases(t *testing.T) {
	s := gather(t, answer(0, remit.Reversed, 10), answer(1, remit.Current, 0), answer(2, remit.Current, 10), answer(-1, remit.Current, 10))
	if s.Of(0) != nil || s.Of(1) != nil || len(s.All()) != 2 || len(s.Unclaimed()) != 1 {
		t.Fatalf("cases %v", s.All())
	}
	c := s.Of(2)
	if len(c.Denials) != 1 || c.Denials[0].String() != "CO-4 N519" || c.Denials[0].Line != 2 || c.Denials[0].Unmatched {
		t.Errorf("denials %+v", c.Denials)
	}
	if !c.Has("MA130") || !c.Has("X", "N519") || c.Has("N142") || c.Answers != 1 {
		t.Errorf("case %+v", c)
	}
}

// Answers that stand side by side are counted, whichever of them denies.
func TestCasesOfSeveralAnswers(t *testing.T) {
	for name, s := range map[string]*correct.Cases{
		"the first denies": gather(t, answer(2, remit.Current, 10), answer(2, remit.Current, 0)),
		"the last denies":  gather(t, answer(2, remit.Current, 0), answer(2, remit.Current, 10)),
		"both deny":        gather(t, answer(2, remit.Current, 4), answer(2, remit.Current, 6)),
	} {
		t.Run(name, func(t *testing.T) {
			c := s.Of(2)
			if c.Answers != 2 || c.Denied != 10 || len(s.All()) != 1 {
				t.Errorf("case %+v", c)
			}
			if _, doubtful := c.Doubt(); !doubtful {
				t.Error("the case is taken for certain")
			}
		})
	}
}
