package x835

// Party is the payer (loop 1000A) or the payee (1000B): N1, N3, N4, REF, PER, RDM.
// Empty where the remittance names none.
type Party struct {
	Level
	Part
}

func newParty() *Party {
	p := new(Party)
	p.level = &p.Level
	return p
}

// extend takes the segment that was added last into what is looked up, unless it is
// of another party.
func (p *Party) extend() {
	if last := p.Len() - 1; p.End == last && p.Loop(last) == p.Loop(0) {
		p.End++
	}
}

// Name is N102, for display.
func (p *Party) Name() []byte { return p.element(tagN1, "", 2) }

// IDQualifier is N103: XX for an NPI, FI for a tax number, XV for a plan id.
func (p *Party) IDQualifier() []byte { return p.element(tagN1, "", 3) }

// ID is N104.
func (p *Party) ID() []byte { return p.element(tagN1, "", 4) }

// NPI is the National Provider Identifier of a payee; nil where it is not stated.
func (p *Party) NPI() []byte {
	if string(p.IDQualifier()) == "XX" {
		return p.ID()
	}
	return nil
}

// TaxID is the tax number of a payee, from N104 or REF*TJ; nil where it is not
// stated.
func (p *Party) TaxID() []byte {
	if string(p.IDQualifier()) == "FI" {
		return p.ID()
	}
	return p.Ref("TJ")
}

// payerIDs are the qualifiers of a payer's ids, the one that clearinghouses use
// first: payer id, NAIC code, submitter id, health industry number.
var payerIDs = [...]string{"2U", "NF", "EO", "HI"}

// PayerID is the id of a payer, from REF*2U, N104, or REF*NF, EO or HI, in that
// order; nil where none is stated.
func (p *Party) PayerID() []byte {
	for i, q := range payerIDs {
		if id := p.Ref(q); len(id) > 0 {
			return id
		}
		if id := p.ID(); i == 0 && len(id) > 0 {
			return id
		}
	}
	return nil
}

// Contact is what the PER of a function (CX claims, BL technical, IC web site) has
// for a kind (TE telephone, FX fax, EM mail, UR address of a site, EX extension).
func (p Part) Contact(function, kind string) []byte {
	for i := range p.Each(tagPER, function) {
		for n := 3; n <= 7; n += 2 {
			if string(p.level.Text(i, n)) == kind {
				return p.level.Text(i, n+1)
			}
		}
	}
	return nil
}
