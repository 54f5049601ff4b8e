package x835

import "github.com/gaitkeeper/gaitkeeper/edi"

// ProviderAdjustment is one pair of a PLB: money that is not tied to a claim of
// this payment.
type ProviderAdjustment struct {
	Provider  string     // PLB01
	Fiscal    edi.Date   // PLB02: end of the provider's fiscal year; 0 where none
	Reason    string     // the first component: WO, FB, L6, 72, CS ...
	Reference string     // the second component: a control number or a trace
	Amount    edi.Amount // positive lowers the payment, negative raises it
	Pos       edi.Pos    // of the PLB
	Pair      int        // its place in the segment, 1 to 6
}

const pairs = 6

// adjust reads the pairs of a PLB. A pair that is blank is none.
func (p *Payment) adjust(s *edi.Segment) {
	const first, end = 3, 3 + 2*pairs
	f := fields{s, &p.Odd}
	provider, fiscal := string(f.text(1)), f.date(2)
	before := len(p.Adjustments)
	for n := first; n < min(end, f.Count()+1); n += 2 {
		what := f.Element(n)
		reason, reference := string(trim(what.Component(1).Raw)), string(trim(what.Component(2).Raw))
		amount, paid := f.amount(n + 1)
		if reason == "" && reference == "" && !paid {
			continue
		}
		if reason == "" {
			f.note(n, ErrBlank)
		}
		if !paid {
			f.note(n+1, ErrBlank)
		}
		p.Adjustments = append(p.Adjustments, ProviderAdjustment{
			Provider: provider, Fiscal: fiscal, Reason: reason, Reference: reference,
			Amount: amount, Pos: s.Pos(), Pair: (n - 1) / 2,
		})
	}
	if len(p.Adjustments) == before {
		f.note(first, ErrBlank)
	}
	f.endsBefore(end)
}
