package correct

import (
	"slices"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/remit"
)

// Case is a claim that a payer's standing answer denies, in whole or part.
type Case struct {
	Claim        int    // of the index; -1 where no claim is matched
	ID           string // CLM01 of the claim, or CLP01
	Remittance   string // file of the answer
	Trace        string // TRN02
	Payer        string
	PayerControl string // CLP07, the payer claim control number
	Filing       string // CLP06
	Billed       string // SBR09 of the claim, for whoever has it; "" where it is not known
	Frequency    byte   // CLM05-3 of the claim, likewise; 0 where it is not known
	Confidence   remit.Confidence
	NoReplacing  bool // the payer is known to take no replacement, likewise
	Answers      int  // of this and other payers that stand side by side
	Paid         edi.Amount
	Denied       edi.Amount
	Recoverable  edi.Amount // what some action may still bring
	Denials      []Denial
	Remarks      []string // RARCs of the claim and of its lines
}

// Denial is one refused amount.
type Denial struct {
	Line         int // LX01; 0 where the claim as a whole is meant
	Unmatched    bool
	remit.Denial // RARCs of line and claim that say what is wrong
	Amount       edi.Amount
	Action       remit.Action
}

// String is the denial as remittances have it: CO-16 M76.
func (d Denial) String() string {
	text := d.Group + "-" + d.CARC
	for _, r := range d.RARCs {
		text += " " + r
	}
	return text
}

// Has reports whether the answer carries one of the remark codes.
func (c *Case) Has(remarks ...string) bool {
	return slices.ContainsFunc(c.Remarks, func(r string) bool { return slices.Contains(remarks, r) })
}

// Cases gathers the cases of a [remit.Run]; it is the visitor of its report.
type Cases struct {
	Newest edi.Date // of all payments

	list    []*Case
	byClaim map[int]*Case
	answers map[int]int // standing answers to claims
}

// Payment implements [remit.Visitor].
func (s *Cases) Payment(p *remit.Payment) error {
	s.Newest = max(s.Newest, p.Date)
	return nil
}

// Unmatched implements [remit.Visitor].
func (s *Cases) Unmatched(*remit.Unmatched) error { return nil }

// Claim implements [remit.Visitor].
func (s *Cases) Claim(a *remit.Claim) error {
	if a.Standing != remit.Current || a.Unanswered {
		return nil
	}
	if s.byClaim == nil {
		s.byClaim, s.answers = map[int]*Case{}, map[int]int{}
	}
	if a.Number >= 0 {
		s.answers[a.Number]++
	}
	if a.Denied <= 0 && a.Status != remit.StatusDenied {
		return nil
	}
	c := caseOf(a)
	if first := s.byClaim[a.Number]; a.Number >= 0 && first != nil {
		first.add(c)
		return nil
	}
	s.list = append(s.list, c)
	if a.Number >= 0 {
		s.byClaim[a.Number] = c
	}
	return nil
}

// Of is the case of a claim of the index; nil where it is not denied.
func (s *Cases) Of(claim int) *Case {
	c := s.byClaim[claim]
	if c != nil {
		c.Answers = s.answers[claim]
	}
	return c
}

// Unclaimed are the cases for which no claim was found.
func (s *Cases) Unclaimed() (list []*Case) {
	for _, c := range s.list {
		if c.Claim < 0 {
			list = append(list, c)
		}
	}
	return list
}

// All are the cases in the order of the payments.
func (s *Cases) All() []*Case { return s.list }

func caseOf(a *remit.Claim) *Case {
	c := &Case{
		Claim: a.Number, ID: a.ID, Remittance: a.File, Trace: a.Trace, Payer: a.Payer, PayerControl: a.PayerControl, Filing: a.Filing,
		Confidence: a.Confidence, Paid: a.Paid, Denied: a.Denied, Recoverable: a.Recoverable,
	}
	c.remark(a.Remarks)
	for i := range a.Adjustments {
		c.deny(nil, &a.Adjustments[i], a.Remarks, a.Actions)
	}
	for i := range a.Lines {
		l := &a.Lines[i]
		c.remark(l.Remarks)
		for k := range l.Adjustments {
			c.deny(l, &l.Adjustments[k], append(slices.Clip(l.Remarks), a.Remarks...), a.Actions)
		}
	}
	return c
}

// handling are remark codes that say how to send a claim again, not what is wrong.
var handling = []string{"MA130", "N142", "N380", "N368", "N798"}

// deny notes an adjustment, if it is a denial.
func (c *Case) deny(l *remit.Line, a *remit.Adjustment, remarks []remit.Remark, actions []remit.ClaimAction) {
	if a.Bucket != remit.Denied || a.Amount <= 0 {
		return
	}
	d := Denial{Denial: remit.Denial{Group: a.Group, CARC: a.CARC}, Amount: a.Amount}
	for _, r := range remarks {
		if !r.Text.Alert && !slices.Contains(handling, r.Code) {
			d.RARCs = append(d.RARCs, r.Code)
		}
	}
	switch {
	case l == nil && len(actions) > 0:
		d.Action = actions[0].Action
	case l != nil:
		d.Line, d.Unmatched = l.Number, l.Match == remit.NoKey
		if l.Action != nil {
			d.Action = *l.Action
		}
	}
	c.Denials = append(c.Denials, d)
}

func (c *Case) remark(list []remit.Remark) {
	for _, r := range list {
		if !slices.Contains(c.Remarks, r.Code) {
			c.Remarks = append(c.Remarks, r.Code)
		}
	}
}

// add takes in another answer to the same claim.
func (c *Case) add(o *Case) {
	c.Paid += o.Paid
	c.Denied += o.Denied
	c.Recoverable += o.Recoverable
	c.Confidence = min(c.Confidence, o.Confidence)
	c.Denials = append(c.Denials, o.Denials...)
	for _, r := range o.Remarks {
		if !slices.Contains(c.Remarks, r) {
			c.Remarks = append(c.Remarks, r)
		}
	}
}
