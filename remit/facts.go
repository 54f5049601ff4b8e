package remit

import (
	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/edi/x835"
)

// answer is what a CLP says of the claim that it answers, as far as claims are found
// by it. Its memory is used again.
type answer struct {
	id, folded []byte // CLP01
	members    []uint64
	payeeNPI   []byte
	payeeTax   uint64 // its hash; 0 for none
	payer      []byte
	charge     edi.Amount // without the sign of a reversal
	dates      edi.Period
	services   []service
}

// service is what an SVC says of the line that it answers.
type service struct {
	control []byte // REF*6R
	code    uint64 // as billed
	paidAs  uint64 // as adjudicated; the same where nothing was changed
	mods    modifiers
	date    edi.Date
	charge  edi.Amount   // without the sign of a reversal
	units   edi.Quantity // 1 where none are stated
}

// personal are the NM1 whose id may be that of the subscriber or the patient.
var personal = [...]string{"QC", "IL", "74"}

func (a *answer) read(c *x835.Claim, x *Index) {
	a.id = c.ID()
	a.folded = fold(a.folded, a.id)
	a.members = a.members[:0]
	for _, q := range personal {
		if n, ok := c.Name(q); ok {
			if id := x.person(n.ID()); id != 0 {
				a.members = append(a.members, id)
			}
		}
	}
	npi, tax := payee(c.Payee)
	a.payeeNPI, a.payeeTax = npi, x.identify(tax)
	a.payer = c.Payer.PayerID()
	a.charge = abs(c.Charge)
	a.dates = c.Service()
	a.services = a.services[:0]
	for i := range c.Lines {
		a.services = append(a.services, serviceOf(c, &c.Lines[i]))
		if d := a.services[i].date; d != 0 {
			if a.dates.From == 0 || d < a.dates.From {
				a.dates.From = d
			}
			a.dates.To = max(a.dates.To, d)
		}
	}
}

// payee are the NPI and the tax number of a payee; nil where they are not stated.
func payee(p *x835.Party) (npi, tax []byte) {
	if npi = p.NPI(); npi == nil {
		if id := p.Ref("PQ"); len(id) == 10 {
			npi = id
		}
	}
	return npi, p.TaxID()
}

func serviceOf(c *x835.Claim, l *x835.Line) service {
	billed := l.Billed()
	s := service{
		control: l.Control(), code: pack(billed.Code()), paidAs: pack(l.Procedure.Code()),
		date: c.ServiceOf(l).From, charge: abs(l.Charge), units: l.BilledUnits(),
	}
	for n := 1; n <= len(s.mods); n++ {
		s.mods.add(billed.Modifier(n))
	}
	return s
}
