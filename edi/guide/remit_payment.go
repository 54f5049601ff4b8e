package guide

import (
	"bytes"
	"fmt"

	"github.com/gaitkeeper/gaitkeeper/edi"
)

// settlement is what a remittance says that it pays, and what its claims and provider
// adjustments have come to so far.
type settlement struct {
	stated   edi.Amount // BPR02
	known    bool       // it can be read
	unpaid   bool       // BPR01 or BPR04 says that no money moves
	day      edi.Date   // BPR16; 0 where it cannot be read
	paid     edi.Amount // the CLP04
	withheld edi.Amount // of PLB: what lowers the payment
	forward  bool       // a balance is moved to a later payment
	unclear  bool       // a part of the sums is not known
	cut      bool       // the next claim lacks its CLP: what stands last may be its own
	gaps     []edi.Amount
}

// begin forgets the transaction set before.
func (t *settlement) begin() { *t = settlement{gaps: t.gaps[:0]} }

// suspect notes by how much what a claim was paid may be wrong.
func (t *settlement) suspect(d edi.Amount) {
	if len(t.gaps) <= manyGaps {
		t.gaps = append(t.gaps, d)
	}
}

// paymentStated notes what the BPR says. The segment is kept: it is compared with the
// sums when the set ends.
func (w *Walker) paymentStated(i int) {
	t := &w.settled
	t.stated, t.known = w.money(i, 2)
	t.unpaid = string(w.unit.Element(i, 1)) == "H" || string(w.unit.Element(i, 4)) == "NON"
	t.day, _ = edi.ParseDate(w.unit.Element(i, 16))
	s := w.unit.Segment(i)
	w.bpr.Reset()
	w.bpr.Append(&s)
	w.bprSpec, w.bprSound = w.specs[i], w.sound(i, 10)
}

// trace compares TRN03 with BPR10: both are the payer's number.
func (w *Walker) trace(i int) {
	if w.bpr.Len() == 0 {
		return
	}
	bpr := w.bpr.Segment(0)
	payer, own := bpr.Bytes(10), w.unit.Element(i, 3)
	if len(payer) > 0 && len(own) > 0 && !bytes.Equal(payer, own) && w.sound(i, 3) && w.bprSound {
		w.related("GD106", Warning, i, 3, 0, 4, "I12", "TRN03 is another number of the payer than BPR10")
	}
}

// withhold adds up a PLB: six pairs of reason and amount. What is positive lowers the
// payment.
func (w *Walker) withhold(i int) {
	t := &w.settled
	e := w.unit.Elements(i)
	for n := 3; n <= 13; n += 2 {
		reason := e.At(n)
		if len(e.At(n+1)) == 0 {
			t.unclear = t.unclear || len(reason) > 0
			continue
		}
		a, known := w.money(i, n+1)
		t.withheld += a
		t.unclear = t.unclear || !known || !w.sound(i, n)
		code, _, _ := cut(reason, w.component)
		t.forward = t.forward || a < 0 && string(code) == "FB"
	}
}

// settlePayment compares BPR02 with what claims and provider adjustments came to, at the end
// of the set. What a claim was paid that does not balance is one fault, told there.
func (w *Walker) settlePayment() {
	t := &w.settled
	if !t.known {
		return
	}
	tell := func(rule string, sev Severity, snip int, message string) {
		s := w.bpr.Segment(0)
		w.spec = w.bprSpec
		p := w.relation(rule, sev, &s, 2, 0, snip, "I12", message)
		p.Claim, p.Line = "", ""
	}
	want := t.paid - t.withheld
	switch {
	case t.stated < 0:
		tell("AM103", Error, 3, "BPR02 is below zero: what the provider owes is moved to a later payment (PLB, FB)")
	case t.unclear:
	case t.stated != want:
		if !follows(t.stated-want, t.gaps) {
			tell("AM103", Error, 3, fmt.Sprintf("BPR02 is $%s; the claims ($%s) less provider adjustments ($%s) are $%s", t.stated, t.paid, t.withheld, want))
		}
	case t.stated > 0 && t.unpaid:
		tell("GD106", Warning, 4, "BPR02 is above zero, and BPR01 or BPR04 says that nothing is paid")
	case t.stated > 0 && t.forward:
		tell("GD106", Warning, 4, "BPR02 is above zero, and a balance is moved to a later payment (PLB, FB)")
	}
}

// transfer are the elements of a BPR that a transfer through banks has: its format,
// both banks and accounts, and the payer.
var transfer = [...]int{5, 6, 7, 8, 9, 10, 12, 13, 14, 15}

// checkPayment looks at a BPR: a transfer names banks and accounts.
func checkPayment(w *Walker, s *edi.Segment) {
	if !s.Is(4, "ACH") {
		return
	}
	for _, n := range transfer {
		if len(s.Bytes(n)) == 0 {
			w.relation("GD104", Warning, s, n, 0, 4, "I9", fmt.Sprintf("BPR%02d is empty: a transfer (BPR04 is ACH) names both banks and accounts", n))
			return
		}
	}
}

// checkProviderAdjustments looks at the amounts of a PLB.
func checkProviderAdjustments(w *Walker, s *edi.Segment) {
	for n := 4; n <= min(s.Count(), 14); n += 2 {
		if a, err := edi.ParseAmount(s.Bytes(n)); err == nil && a == 0 {
			w.relation("GD106", Warning, s, n, 0, 2, "I12", fmt.Sprintf("PLB%02d is an adjustment of zero", n))
		}
	}
}
