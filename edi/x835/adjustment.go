package x835

import "github.com/gaitkeeper/gaitkeeper/edi"

// Adjustment is one trio of a CAS: why what was charged is not what was paid. The
// amount is positive where it lowers the payment.
type Adjustment struct {
	Group       []byte // CAS01: CO, PR, OA, PI; in 4010 also CR
	Reason      []byte // the CARC; empty where the payer left it out
	Amount      edi.Amount
	Quantity    edi.Quantity // units adjusted
	HasQuantity bool
	Trio        int8  // its place in the segment, 1 to 6
	Segment     int32 // number of the CAS in the claim
}

const trios = 6

// adjust reads the trios of CAS i. Each is where the guide puts it, whatever is
// blank before it; a trio that is blank is none.
func (c *Claim) adjust(i int, f fields) {
	const end = 2 + 3*trios
	group := f.text(1)
	before := len(c.adjustments)
	for n := 2; n < min(end, f.Count()+1); n += 3 {
		reason := f.text(n)
		amount, paid := f.amount(n + 1)
		quantity, counted := f.quantity(n + 2)
		if len(reason) == 0 && !paid && !counted {
			continue
		}
		if len(reason) == 0 {
			f.note(n, ErrBlank)
		}
		if !paid {
			f.note(n+1, ErrBlank)
		}
		c.adjustments = append(c.adjustments, Adjustment{
			Group: group, Reason: reason, Amount: amount, Quantity: quantity, HasQuantity: counted,
			Trio: int8(n/3 + 1), Segment: int32(i),
		})
	}
	if len(group) == 0 || len(c.adjustments) == before {
		f.note(1, ErrBlank)
	}
	f.endsBefore(end)
}
