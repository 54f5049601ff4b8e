package scrub

import (
	"bytes"
	"slices"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/edi/x837"
	"github.com/gaitkeeper/gaitkeeper/scrub/payer"
	"github.com/gaitkeeper/gaitkeeper/scrub/therapy"
)

// Provider is who rendered a service.
type Provider struct {
	ID       []byte // NM109
	Taxonomy []byte // PRV03; nil where not given
}

// Discipline is the discipline that the taxonomy names; 0 for none.
func (p Provider) Discipline() therapy.Disciplines { return therapy.DisciplineOfTaxonomy(p.Taxonomy) }

// Diagnosis is one entry of the claim's diagnosis list.
type Diagnosis struct {
	Segment   int // of the claim
	Element   int // of the HI
	Qualifier []byte
	Code      []byte
}

// ICD10 reports whether the code is ICD-10-CM rather than ICD-9.
func (d Diagnosis) ICD10() bool { return len(d.Qualifier) == 3 }

// Segment is a segment of the claim, and the service line it belongs to.
type Segment struct {
	Index int // in the claim
	Line  int // in Lines; -1 for the claim itself
}

// Claim is a claim with what rules ask of it read out.
type Claim struct {
	*x837.Claim
	Ordinal   uint32 // claims of the run before this one
	Profile   *payer.Profile
	Place     []byte // CLM05-1, place of service
	Frequency byte   // CLM05-3: 1 original, 7 replacement, 8 void
	Rendering Provider
	Diagnoses []Diagnosis
	Lines     []Line
	Visits    []Visit
	Created   edi.Date // when the file says it was made: BHT04, or GS04; 0 if neither is a date

	Named []Segment // every NM1 and PRV of the claim
	Above []int     // every NM1 and PRV of the billing level
	Dated []Segment // every DTP of the claim

	traits   Trait  // of all lines
	identity []byte // of payer and patient
	patient  uint64 // its hash

	// What the claims of one billing provider and of one set share.
	billing *x837.Level
	biller  Provider
	set     *x837.Envelope
}

// Line is a service line with what rules ask of it read out.
type Line struct {
	x837.Line
	Index     int
	Code      therapy.Code // 0 where it is none
	CodeText  []byte
	Procedure *therapy.Procedure // nil where the tables do not know the code
	Modifiers [4]Modifier        // in their places; 0 for an empty one or one that is not two characters
	Odd       bool               // a modifier is not two characters
	Units     edi.Quantity
	UnitsErr  error
	Minutes   bool // SV103 is MJ: what SV104 counts is no units
	Charge    edi.Amount
	ChargeErr error
	Period    edi.Period // service date; zero where it is not valid
	Place     []byte     // SV105, or the claim's
	Rendering Provider   // the line's, or the claim's

	declared therapy.Disciplines // of a line of the history, which has no taxonomy
}

// Has reports whether the line carries a modifier.
func (l *Line) Has(m Modifier) bool {
	return l.Modifiers[0] == m || l.Modifiers[1] == m || l.Modifiers[2] == m || l.Modifiers[3] == m
}

// Any returns the first of the modifiers that the line carries, or 0.
func (l *Line) Any(list ...Modifier) Modifier {
	for _, m := range list {
		if l.Has(m) {
			return m
		}
	}
	return 0
}

// Date is the first day of service; 0 where it is not valid.
func (l *Line) Date() edi.Date { return l.Period.From }

// Day is the first day of service, as the reference tables count.
func (l *Line) Day() int32 { return int32(l.Period.From) }

// Marked is the set of disciplines whose modifiers the line carries.
func (l *Line) Marked() (d therapy.Disciplines) {
	for _, m := range l.Modifiers {
		switch m {
		case GP:
			d |= therapy.PT
		case GO:
			d |= therapy.OT
		case GN:
			d |= therapy.SLP
		}
	}
	return d
}

// Discipline is the line's one discipline: by its modifier, else the only one its
// code can have, else that of the rendering provider; 0 where none is known.
func (l *Line) Discipline() therapy.Disciplines {
	if d := l.Marked(); d != 0 {
		if d.One() {
			return d
		}
		return 0
	}
	if l.Procedure != nil && l.Procedure.Locked != 0 {
		return l.Procedure.Locked
	}
	if l.declared != 0 {
		return l.declared
	}
	return l.Rendering.Discipline()
}

// Therapy reports whether the line is an outpatient therapy service: a code that
// always is, or one that sometimes is, billed with a discipline or by a therapist.
func (l *Line) Therapy() bool {
	p := l.Procedure
	return p != nil && (p.Kind == therapy.Always ||
		p.Kind == therapy.Sometimes && (l.Marked() != 0 || therapy.Therapist(l.Rendering.Taxonomy)))
}

// Count is the whole units billed; 0 where they are not whole or not positive, or
// minutes are billed in their place.
func (l *Line) Count() int {
	n, whole := l.Units.Whole()
	if l.UnitsErr != nil || !whole || n < 0 || l.Minutes {
		return 0
	}
	return n
}

var (
	tagNM1 = edi.TagOf("NM1")
	tagPRV = edi.TagOf("PRV")
	tagHI  = edi.TagOf("HI")
	tagSBR = edi.TagOf("SBR")
	tagDTP = edi.TagOf("DTP")
	tagBHT = edi.TagOf("BHT")
	tagCRC = edi.TagOf("CRC")
)

// decode reads a claim out. Memory of c is used again.
func (c *Claim) decode(x *x837.Claim, profileOf func(*x837.Claim) *payer.Profile) {
	c.decodeServices(x)
	c.Visits = c.Visits[:0]
	c.Profile = profileOf(x)
	if x.Set != c.set {
		c.set, c.Created = x.Set, created(x.Set)
	}
	c.traits = 0
	c.segments(x.Delims().Component)
	for i := range c.Lines {
		c.decodeLine(&c.Lines[i])
	}
}

// decodeServices reads out what Days keep of a claim: who did what for whom, and
// when. It is all that a survey needs.
func (c *Claim) decodeServices(x *x837.Claim) {
	c.Claim = x
	c.Place, c.Frequency = nil, 0
	facility := x.Element(0, 5)
	sep := x.Delims().Component
	if i := bytes.IndexByte(facility, sep); i >= 0 {
		c.Place = facility[:i]
		if j := bytes.IndexByte(facility[i+1:], sep); j >= 0 && i+1+j+1 < len(facility) {
			c.Frequency = facility[i+1+j+1]
		}
	} else {
		c.Place = facility
	}
	if x.Billing != c.billing {
		c.billing = x.Billing
		c.biller = Provider{
			ID:       levelElement(x.Billing, x837.Loop2010AA, tagNM1, "85", 9),
			Taxonomy: levelElement(x.Billing, x837.Loop2000A, tagPRV, "BI", 3),
		}
		c.Above = c.Above[:0]
		for i := range x.Billing.Len() {
			if tag := x.Billing.Tag(i); tag == tagNM1 || tag == tagPRV {
				c.Above = append(c.Above, i)
			}
		}
	}
	c.Rendering = c.biller
	c.Lines = slices.Grow(c.Lines[:0], len(x.Lines))[:len(x.Lines)]
	for i := range x.Lines {
		l := &c.Lines[i]
		*l = Line{} // its fields one by one: a composite literal is built elsewhere and copied
		l.Line, l.Index, l.Place = x.Lines[i], i, c.Place
	}
	c.renderers()
	for i := range c.Lines {
		c.decodeService(&c.Lines[i], sep)
	}
	c.identity = appendPatient(c.identity[:0], x)
	c.patient = mix(hashStart, c.identity)
}

// created is the day on which the file says it was made.
func created(set *x837.Envelope) edi.Date {
	if set == nil {
		return 0
	}
	d, _ := edi.ParseDate(levelElement(&set.Level, x837.LoopST, tagBHT, "", 4))
	if d == 0 && set.Parent != nil {
		d, _ = edi.ParseDate(set.Parent.Element(0, 4))
	}
	return d
}

// renderers notes who rendered the claim and each line.
func (c *Claim) renderers() {
	line := -1
	for i, n := 0, c.Len(); i < n; i++ {
		for line+1 < len(c.Lines) && c.Lines[line+1].First <= i {
			line++
			c.Lines[line].Rendering = c.Rendering
		}
		tag := c.Tag(i)
		if tag != tagNM1 && tag != tagPRV {
			continue
		}
		var of *Provider
		switch c.Loop(i) {
		case x837.Loop2310B:
			of = &c.Rendering
		case x837.Loop2420A:
			of = &c.Lines[line].Rendering
		default:
			continue
		}
		if tag == tagNM1 {
			*of = Provider{ID: c.Element(i, 9)}
		} else {
			of.Taxonomy = c.Element(i, 3)
		}
	}
}

// segments goes once over the claim and notes the diagnoses and where providers and
// dates stand.
func (c *Claim) segments(sep byte) {
	c.Diagnoses, c.Named, c.Dated = c.Diagnoses[:0], c.Named[:0], c.Dated[:0]
	line := -1
	for i, n := 0, c.Len(); i < n; i++ {
		for line+1 < len(c.Lines) && c.Lines[line+1].First <= i {
			line++
		}
		switch c.Tag(i) {
		case tagHI:
			if c.Loop(i) == x837.Loop2300 {
				c.addDiagnoses(i, sep)
			}
		case tagCRC:
			c.traits |= AtHome
		case tagDTP:
			c.Dated = append(c.Dated, Segment{i, line})
		case tagNM1, tagPRV:
			c.Named = append(c.Named, Segment{i, line})
		}
	}
}

func levelElement(l *x837.Level, loop x837.Loop, tag edi.Tag, qualifier string, n int) []byte {
	if i := l.Find(loop, tag, qualifier); i >= 0 {
		return l.Element(i, n)
	}
	return nil
}

func (c *Claim) addDiagnoses(segment int, sep byte) {
	for n := 1; ; n++ {
		v := c.Element(segment, n)
		if v == nil {
			return
		}
		i := bytes.IndexByte(v, sep)
		if i < 0 {
			continue
		}
		q, code := v[:i], v[i+1:]
		if string(q) != "ABK" && string(q) != "ABF" && string(q) != "BK" && string(q) != "BF" {
			continue
		}
		if j := bytes.IndexByte(code, sep); j >= 0 {
			code = code[:j]
		}
		c.Diagnoses = append(c.Diagnoses, Diagnosis{Segment: segment, Element: n, Qualifier: q, Code: code})
	}
}

// decodeService reads out what a line bills and when.
func (c *Claim) decodeService(l *Line, sep byte) {
	if l.Line.Date >= 0 {
		p, err := edi.ParsePeriod(c.Element(l.Line.Date, 2), c.Element(l.Line.Date, 3))
		if err == nil {
			l.Period = p
		}
	}
	if l.SV1 < 0 {
		l.UnitsErr = edi.ErrNoNumber
		return
	}
	composite := c.Element(l.SV1, 1)
	for n := 1; len(composite) > 0 && n <= 6; n++ {
		part := composite
		if i := bytes.IndexByte(composite, sep); i >= 0 {
			part, composite = composite[:i], composite[i+1:]
		} else {
			composite = nil
		}
		switch {
		case n == 2:
			l.CodeText = part
			l.Code, _ = therapy.ParseCode(part)
			l.Procedure = therapy.Lookup(l.Code)
		case n > 2 && len(part) == 2:
			l.Modifiers[n-3] = Modifier(part[0])<<8 | Modifier(part[1])
		case n > 2 && len(part) > 0:
			l.Odd = true
		}
	}
	l.Units, l.UnitsErr = edi.ParseQuantity(c.Element(l.SV1, 4))
	l.Minutes = string(c.Element(l.SV1, 3)) == "MJ"
}

// decodeLine reads out the rest of a line.
func (c *Claim) decodeLine(l *Line) {
	if l.SV1 < 0 {
		l.ChargeErr = edi.ErrNoNumber
		return
	}
	l.Charge, l.ChargeErr = edi.ParseAmount(c.Element(l.SV1, 2))
	if pos := c.Element(l.SV1, 5); len(pos) > 0 {
		l.Place = pos
	}
	c.traits |= l.traits(c.Element(l.SV1, 3), c.Element(l.SV1, 4))
}

// LineControl is REF*6R of a line; nil where it has none.
func (c *Claim) LineControl(l *Line) []byte {
	if l.Control < 0 {
		return nil
	}
	return c.Element(l.Control, 2)
}

// LineNumber is LX01 as a number; the ordinal of the line where it is none.
func (c *Claim) LineNumber(l *Line) int {
	n := 0
	for _, b := range c.Element(l.First, 1) {
		if b < '0' || b > '9' || n > 1e6 {
			return l.Index + 1
		}
		n = n*10 + int(b-'0')
	}
	return n
}
