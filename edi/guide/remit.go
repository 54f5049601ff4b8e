package guide

import "github.com/gaitkeeper/gaitkeeper/edi"

var (
	tagSVC, tagCAS = edi.TagOf("SVC"), edi.TagOf("CAS")
	tagPLB, tagDTM = edi.TagOf("PLB"), edi.TagOf("DTM")
)

// judgeRemitted looks at a unit of a remittance: its header, the start of a group of
// claims, or an answered claim. Behind the last claim stand the provider adjustments.
func (w *Walker) judgeRemitted() {
	t := &w.settled
	lost := t.cut
	t.cut = false
	if w.unit.Len() != len(w.specs) {
		t.unclear = true
		return
	}
	w.noteFlaws()
	w.noteDoubts()
	claim := w.specs[0] != nil && w.specs[0].tag == tagCLP
	switch {
	case lost || w.unclear || !w.sure(tagCLP, tagSVC, tagCAS, tagPLB) || claim && !w.sure(tagNM1): // without a patient it ends early
		t.unclear = true
	case claim:
		w.judgeAnswer()
	}
	for _, p := range w.parts {
		switch i := int(p.at); p.role {
		case isPayment:
			w.paymentStated(i)
		case isTrace:
			w.trace(i)
		case isProviderAdjustment:
			w.withhold(i)
		}
	}
}

// money is an amount of the unit at hand. It is not known where it cannot be read or
// was reported.
func (w *Walker) money(i, n int) (a edi.Amount, known bool) {
	a, err := edi.ParseAmount(w.unit.Element(i, n))
	return a, err == nil && w.sound(i, n)
}

// manyGaps is the number of differences from which on nothing is said to be
// independent of them.
const manyGaps = 10

// follows reports whether a difference is the sum of some that were told: then it
// has their causes.
func follows(d edi.Amount, told []edi.Amount) bool {
	switch {
	case d == 0 || len(told) > manyGaps:
		return true
	case len(told) == 0:
		return false
	}
	return follows(d-told[0], told[1:]) || follows(d, told[1:])
}
