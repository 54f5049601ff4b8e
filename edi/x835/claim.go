package x835

import "github.com/gaitkeeper/gaitkeeper/edi"

// Claim is what a payer did with one claim: the 2100 loop with its lines, and the
// payment it stands in. It and all views into it are valid until the next
// Reader.Next with it, which uses its memory again.
//
// The methods of Part look at the segments before the lines; those of Line at one
// line.
type Claim struct {
	Level // CLP to the last segment of the last line
	Part  // the segments before the first line

	Payment      *Payment // shared by its claims; never nil
	Payer, Payee *Party   // those of the payment, or as restated between claims; never nil
	Group        Level    // 2000: LX, TS3, TS2; may be empty

	Charge          edi.Amount // CLP03
	Paid            edi.Amount // CLP04
	PatientShare    edi.Amount // CLP05: patient responsibility
	HasPatientShare bool
	Adjustments     []Adjustment // CAS of the claim itself
	Lines           []Line
	Ordinal         int // claims of the input before this one

	// Fault is set where the claim is not whole, or not all that it stands in: input
	// was cut or given up in it or before it.
	Fault *edi.SyntaxError

	adjustments []Adjustment // of the claim and its lines, one behind the other
}

// Line is what a payer did with one service line: the 2110 loop.
type Line struct {
	Part                           // its segments of the claim; First is the SVC
	Procedure         Procedure    // SVC01: the service that was adjudicated
	Charge            edi.Amount   // SVC02
	Paid              edi.Amount   // SVC03
	Revenue           []byte       // SVC04: revenue code
	Units             edi.Quantity // SVC05: units paid; 1 where it is blank
	HasUnits          bool
	Submitted         Procedure    // SVC06: the service as billed; empty where it is SVC01
	SubmittedUnits    edi.Quantity // SVC07: units as billed; 0 where it is blank
	HasSubmittedUnits bool
	Adjustments       []Adjustment // CAS of the line
}

// Billed is the service as it was billed: SVC06, or SVC01 where the payer changed
// nothing.
func (l *Line) Billed() Procedure {
	if l.Submitted.Empty() {
		return l.Procedure
	}
	return l.Submitted
}

// BilledUnits are the units as they were billed: SVC07, or SVC05 where the payer
// changed nothing.
func (l *Line) BilledUnits() edi.Quantity {
	if l.HasSubmittedUnits {
		return l.SubmittedUnits
	}
	return l.Units
}

// Control is REF*6R, the line item control number; nil where there is none. Some
// payers put LX01 of the claim there.
func (l *Line) Control() []byte { return l.Ref("6R") }

// CLP is element n of CLP.
func (c *Claim) CLP(n int) []byte { return c.Text(0, n) }

// ID is CLP01, the provider's claim control number (CLM01).
func (c *Claim) ID() []byte { return c.CLP(1) }

// Status is CLP02: 1, 2, 3 processed as primary, secondary, tertiary; 4 denied; 22
// reversal; 25 predetermination.
func (c *Claim) Status() []byte { return c.CLP(2) }

// Reversal reports whether CLP02 takes an earlier payment back.
func (c *Claim) Reversal() bool { return string(c.Status()) == "22" }

// FilingIndicator is CLP06, the kind of insurance: MB, MC, 12 ...
func (c *Claim) FilingIndicator() []byte { return c.CLP(6) }

// PayerControl is CLP07, the payer's claim control number.
func (c *Claim) PayerControl() []byte { return c.CLP(7) }

// Facility is CLP08, the place of service.
func (c *Claim) Facility() []byte { return c.CLP(8) }

// Frequency is CLP09.
func (c *Claim) Frequency() []byte { return c.CLP(9) }

// ServiceOf is the day or the days of service of a line: its own, or the claim's.
func (c *Claim) ServiceOf(l *Line) edi.Period {
	if p := l.Service(); p.From != 0 {
		return p
	}
	return c.Service()
}

// Name is the first NM1 with the qualifier: QC patient, IL subscriber, 74 corrected
// patient or subscriber, 82 rendering provider, TT crossover carrier, PR corrected
// priority payer, GB other subscriber.
func (c *Claim) Name(qualifier string) (n Name, ok bool) {
	i := c.Find(tagNM1, qualifier)
	return Name{&c.Level, i}, i >= 0
}

func (c *Claim) reset() {
	c.Level.Reset()
	c.Part = Part{}
	c.Payment, c.Payer, c.Payee, c.Fault = nil, nil, nil, nil
	c.Group.Reset()
	c.Charge, c.Paid, c.PatientShare, c.HasPatientShare = 0, 0, 0, false
	c.Adjustments, c.adjustments, c.Lines = nil, c.adjustments[:0], c.Lines[:0]
}

// read takes the values of the claim and its lines.
func (c *Claim) read() {
	c.Part = Part{level: &c.Level, End: c.Len()}
	own := &c.Part
	for i := range c.Len() {
		s := c.Segment(i)
		f := fields{&s, &c.Odd}
		switch s.Tag() {
		case tagCLP:
			c.Charge, c.Paid = f.required(3), f.required(4)
			c.PatientShare, c.HasPatientShare = f.amount(5)
		case tagSVC:
			own.End = i
			own = c.line(i, f)
		case tagCAS:
			c.adjust(i, f)
		case tagDTM:
			f.date(2)
		case tagAMT:
			f.required(2)
		case tagQTY:
			f.quantity(2)
		}
	}
	c.share()
}

// line takes the values of SVC i. The line goes on to the end of the claim, as far
// as is known by now.
func (c *Claim) line(i int, f fields) *Part {
	n := len(c.Lines)
	if n == cap(c.Lines) {
		c.Lines = append(c.Lines, Line{})
	}
	c.Lines = c.Lines[:n+1]
	component := c.Delims().Component
	l := &c.Lines[n]
	l.Part = Part{level: &c.Level, First: i, End: c.Len()}
	l.Procedure = Procedure{f.text(1), component}
	l.Charge, l.Paid = f.required(2), f.required(3)
	l.Revenue = f.text(4)
	if l.Units, l.HasUnits = f.quantity(5); !l.HasUnits {
		l.Units = edi.Unit
	}
	l.Submitted = Procedure{f.text(6), component}
	l.SubmittedUnits, l.HasSubmittedUnits = f.quantity(7)
	l.Adjustments = nil
	return &l.Part
}

// share gives the claim and each line its adjustments. They stand in the order of
// the segments.
func (c *Claim) share() {
	rest := c.adjustments
	take := func(end int) []Adjustment {
		n := 0
		for n < len(rest) && int(rest[n].Segment) < end {
			n++
		}
		taken := rest[:n:n]
		rest = rest[n:]
		return taken
	}
	c.Adjustments = take(c.End)
	for i := range c.Lines {
		c.Lines[i].Adjustments = take(c.Lines[i].End)
	}
}

// Name is an NM1 of a claim: a person or an organization, with an id. All of it may
// be protected health information.
type Name struct {
	level   *Level
	Segment int // its number in the claim
}

// Last is NM103, a family name or the name of an organization.
func (n Name) Last() []byte { return n.level.Text(n.Segment, 3) }

// First is NM104.
func (n Name) First() []byte { return n.level.Text(n.Segment, 4) }

// Middle is NM105.
func (n Name) Middle() []byte { return n.level.Text(n.Segment, 5) }

// Suffix is NM107.
func (n Name) Suffix() []byte { return n.level.Text(n.Segment, 7) }

// IDQualifier is NM108: MI for a member id, XX for an NPI, C for a corrected one.
func (n Name) IDQualifier() []byte { return n.level.Text(n.Segment, 8) }

// ID is NM109.
func (n Name) ID() []byte { return n.level.Text(n.Segment, 9) }
