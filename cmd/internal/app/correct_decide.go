package app

import (
	"fmt"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/edi/x837"
	"github.com/gaitkeeper/gaitkeeper/remit"
	"github.com/gaitkeeper/gaitkeeper/remit/correct"
	"github.com/gaitkeeper/gaitkeeper/scrub"
)

// decide is how a denied claim goes out again, or why it stays.
func (c *corrector) decide(k *correct.Case, res *scrub.Result) correct.Way {
	if way, doubtful := k.Doubt(); doubtful {
		return way
	}
	if res.Claim.Fault != nil {
		return correct.Way{Reason: "the claim is not whole", Step: remit.StepReview, Text: "correct it by hand"}
	}
	if c.sent[senderOf(res.Claim)] {
		return correct.Way{Reason: "another claim of the batch has its number", Step: remit.StepReview, Text: "send it in a batch of its own"}
	}
	k.Billed, k.Frequency = filing(res.Claim), frequency(res.Claim)
	k.NoReplacing = c.runner.ProfileOf(res.Claim).NoReplacement
	if open := k.Open(func(d *correct.Denial) bool { return c.answeredBy(k, d, res, true) != nil }); len(open) > 0 {
		return c.noRemedy(k, open[0], res)
	}
	way := k.Way()
	if way.Frequency == correct.LeftOut {
		return way
	}
	for i := range res.Findings {
		// What no payer denies a claim for, as a therapist's long day, does not hold it.
		if f := &res.Findings[i]; !f.Fixed && f.Severity == scrub.Error && len(f.Rule.Denials) > 0 {
			return correct.Way{Reason: "an error is left on it: " + told(f), Step: remit.StepReplace, Text: remedy(f)}
		}
	}
	return way
}

// answeredBy is the finding, fixed or not, that a denial is for; nil where there is
// none.
func (c *corrector) answeredBy(k *correct.Case, d *correct.Denial, res *scrub.Result, fixed bool) *scrub.Finding {
	line := c.index.LineAt(k.Claim, d.Line)
	for i := range res.Findings {
		f := &res.Findings[i]
		if f.Fixed != fixed {
			continue
		}
		if s := newForeseen(f, c.index, k.Claim, c.basis.reference.Tables); s.fits(line, d.Denial) > 0 {
			return f
		}
	}
	return nil
}

// noRemedy says what to do about a denial that no correction removed.
func (c *corrector) noRemedy(k *correct.Case, d *correct.Denial, res *scrub.Result) correct.Way {
	if f := c.answeredBy(k, d, res, false); f != nil {
		return correct.Way{Reason: d.String() + " stands, for it is not corrected: " + told(f), Step: d.Action.Step, Text: remedy(f)}
	}
	return correct.Way{Reason: "no correction of the claim is for " + d.String(), Step: d.Action.Step, Text: d.Action.Text}
}

// told is a finding in short.
func told(f *scrub.Finding) string {
	if f.LineNo == 0 {
		return fmt.Sprintf("%s %s", f.Rule.ID, f.Message)
	}
	return fmt.Sprintf("%s %s (line %d)", f.Rule.ID, f.Message, f.LineNo)
}

// remedy is what would correct a finding.
func remedy(f *scrub.Finding) string {
	switch {
	case f.Fix == nil:
		return "no fix is known: gaitkeeper rules " + f.Rule.ID + " explains it"
	case f.Fix.Safety == scrub.Attest:
		return f.Fix.Message + " (--attest)"
	case f.Fix.Safety == scrub.Unsafe:
		return f.Fix.Message + " (--unsafe-fixes)"
	}
	return f.Fix.Message
}

// filing is SBR09 of the payer that the claim was sent to.
func filing(claim *x837.Claim) string {
	if i := claim.Subscriber.Find(x837.Loop2000B, edi.TagOf("SBR"), ""); i >= 0 {
		return string(claim.Subscriber.Element(i, 9))
	}
	return ""
}

// frequency is CLM05-3; 0 where there is none.
func frequency(claim *x837.Claim) byte {
	s := claim.Segment(0)
	if v := s.Element(5).Component(3).Raw; len(v) == 1 {
		return v[0]
	}
	return 0
}
