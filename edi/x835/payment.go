package x835

import "github.com/gaitkeeper/gaitkeeper/edi"

// Payment is one transaction set: a payment by check or transfer, or the notice
// that there is none, with the claims it is for. Claims share it; nothing of it is
// used again.
//
// Its header and parties are fixed when Reader.Next returns PaymentBegins. The
// fields from Adjustments on are written until it returns PaymentEnds.
type Payment struct {
	Envelope // ST, BPR, TRN, CUR, REF, DTM; no segment where the set has no ST
	Part

	Payer, Payee *Party     // 1000A and 1000B; never nil, may be empty
	Total        edi.Amount // BPR02: what is paid in all
	Date         edi.Date   // BPR16: day of the check or the transfer; 0 where none
	Produced     edi.Date   // DTM*405: end of the adjudication cycle; 0 where none

	Adjustments []ProviderAdjustment // PLB
	Footer      Level                // PLB and what follows
	Trailer     Level                // SE; empty where it is missing
	Counted     int                  // segments from ST to SE, both included, for SE01
	Claims      int                  // CLP segments
	Lines       int                  // SVC segments
	// Fault is the first fault of the set: input was cut or given up in it, it has no
	// ST or no SE, or a line without a claim.
	Fault *edi.SyntaxError
}

func newPayment(parent *Envelope) *Payment {
	p := &Payment{Payer: newParty(), Payee: newParty()}
	p.level, p.Parent = &p.Level, parent
	return p
}

// read takes the values of the header.
func (p *Payment) read() {
	p.End = p.Len()
	bpr := max(p.Find(tagBPR, ""), 0) // without one, ST lacks its elements
	if p.Len() > 0 {
		s := p.Segment(bpr)
		f := fields{&s, &p.Odd}
		if s.Tag() != tagBPR {
			f.note(1, ErrBlank)
		} else {
			p.Total, p.Date = f.required(2), f.date(16)
		}
	}
	if i := p.Find(tagDTM, "405"); i >= 0 {
		s := p.Segment(i)
		p.Produced = fields{&s, &p.Odd}.date(2)
	}
}

// BPR is element n of BPR.
func (p *Payment) BPR(n int) []byte { return p.element(tagBPR, "", n) }

// Handling is BPR01: I is a remittance whose money goes another way, H a notice
// without money, C both together.
func (p *Payment) Handling() []byte { return p.BPR(1) }

// Debit reports whether BPR03 says that the money goes from payee to payer.
func (p *Payment) Debit() bool { return string(p.BPR(3)) == "D" }

// Method is BPR04: ACH, CHK, FWT, BOP, or NON for none.
func (p *Payment) Method() []byte { return p.BPR(4) }

// Trace is TRN02: the number of the check or the transfer.
func (p *Payment) Trace() []byte { return p.element(tagTRN, "", 2) }

// Originator is TRN03: who pays, as its bank knows it (1 and the tax number).
func (p *Payment) Originator() []byte { return p.element(tagTRN, "", 3) }

// Supplement is TRN04.
func (p *Payment) Supplement() []byte { return p.element(tagTRN, "", 4) }

// Currency is CUR02; empty means US dollars.
func (p *Payment) Currency() []byte { return p.element(tagCUR, "", 2) }
