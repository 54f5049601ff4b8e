package scrub

import (
	"bytes"
	"encoding/binary"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/edi/x837"
	"github.com/gaitkeeper/gaitkeeper/scrub/therapy"
)

// Sent is what is remembered of a claim that was sent: what it bills, for whom, and
// how its answers will be known.
type Sent struct {
	ID        string // CLM01
	Frequency byte   // CLM05-3
	Original  string // REF*F8: the payer's number of the claim that it replaces or voids
	Biller    string // NPI of the billing provider
	Tax       string // its tax number
	Payer     string // NM109 of the payer
	Rendering string // NPI of the rendering provider
	Medicare  bool   // what is allowed counts towards the threshold of Part B
	Created   edi.Date
	Charge    edi.Amount
	Lines     []SentLine
	Visits    []SentVisit

	// Identities are for a keyed hash, and never to be stored.
	Patient []byte    // the patient with this payer
	Person  []byte    // the patient, whoever pays
	Members [2][]byte // ids of the subscriber and of the patient, as they stand; nil for none

	// Of a claim of the history.
	Key      PatientKey // of Patient
	File     string     // name of the file it stood in
	Recorded edi.Date   // when that was recorded
	Control  string     // the payer's number, where an answer gave one
}

// SentLine is a service line of a claim that was sent.
type SentLine struct {
	Number     int    // LX01
	Control    string // REF*6R
	Code       string // SV101-2
	Modifiers  [4]Modifier
	Units      edi.Quantity
	Charge     edi.Amount
	Period     edi.Period // zero where the date is not valid
	Provider   string     // NPI of who rendered it
	Discipline therapy.Disciplines
	Bucket     string // PTSLP or OT for therapy, which counts towards a threshold
}

// SentVisit is a patient's day with one provider.
type SentVisit struct {
	Day      edi.Date
	Provider string
	OwnUnits int    // timed units, without those of an assistant
	Pattern  string // codes and units, such as 97110*2+97140*1
}

// line is the line as it was decoded when it was sent.
func (s *SentLine) line() Line {
	l := Line{
		Modifiers: s.Modifiers, Units: s.Units, Charge: s.Charge, Period: s.Period,
		Rendering: Provider{ID: []byte(s.Provider)}, declared: s.Discipline,
	}
	l.Code, _ = therapy.ParseCode([]byte(s.Code))
	l.Procedure = therapy.Lookup(l.Code)
	return l
}

var tagREF = edi.TagOf("REF")

// Sent is what a ledger keeps of a claim of the run, as it is or once it was
// patched.
func (r *Runner) Sent(x *x837.Claim) *Sent {
	var c Claim
	c.decode(x, r.ProfileOf)
	s := &Sent{
		ID: string(x.ID()), Frequency: c.Frequency, Original: string(c.Original()), Biller: string(c.biller.ID),
		Payer: string(payerID(x)), Rendering: string(c.Rendering.ID), Medicare: c.Profile.Medicare, Created: c.Created,
		Patient: appendPatient(nil, x), Person: appendPerson(nil, x),
		Members: [2][]byte{levelElement(&x.Subscriber, x837.Loop2010BA, tagNM1, "IL", 9), levelElement(&x.Patient, x837.Loop2010CA, tagNM1, "QC", 9)},
	}
	for _, q := range []string{"EI", "SY"} {
		if tax := levelElement(x.Billing, x837.Loop2010AA, tagREF, q, 2); tax != nil {
			s.Tax = string(tax)
			break
		}
	}
	s.Charge, _ = edi.ParseAmount(x.Element(0, 2))
	for i := range c.Lines {
		l := &c.Lines[i]
		o := SentLine{
			Number: c.LineNumber(l), Control: string(c.LineControl(l)), Code: string(l.CodeText), Modifiers: l.Modifiers,
			Units: l.Units, Charge: l.Charge, Period: l.Period, Provider: string(l.Rendering.ID), Discipline: l.Discipline(),
		}
		if l.Therapy() {
			o.Bucket = o.Discipline.Bucket()
		}
		s.Lines = append(s.Lines, o)
		if l.Period.From != 0 && !c.visitBefore(i) {
			s.Visits = append(s.Visits, c.sentVisit(i))
		}
	}
	return s
}

// sentVisit is the visit of a line.
func (c *Claim) sentVisit(first int) SentVisit {
	visit := &c.Lines[first]
	v := SentVisit{Day: visit.Period.From, Provider: string(visit.Rendering.ID), Pattern: c.patternText(first)}
	for i := range c.Lines[first:] {
		if l := &c.Lines[first+i]; l.ownTimed() && l.sameVisit(visit) {
			v.OwnUnits += l.Count()
		}
	}
	return v
}

// Original is REF*F8, the payer's number of the claim that this one replaces or
// voids; nil where it has none.
func (c *Claim) Original() []byte {
	if i := c.Find(x837.Loop2300, tagREF, "F8"); i >= 0 {
		return c.Element(i, 2)
	}
	return nil
}

func payerID(x *x837.Claim) []byte {
	return levelElement(&x.Subscriber, x837.Loop2010BB, tagNM1, "PR", 9)
}

// appendPatient appends the identity of the patient with this payer: what one payer
// never sees of another's claims is not added up.
func appendPatient(b []byte, x *x837.Claim) []byte {
	s := &x.Subscriber
	member := -1
	for i := range s.Len() {
		switch s.Tag(i) {
		case tagSBR:
			b = appendPart(b, s.Element(i, 1))
		case tagNM1:
			switch string(s.Element(i, 1)) {
			case "IL":
				member = i
			case "PR":
				b = appendPart(b, s.Element(i, 9))
			}
		}
	}
	if member >= 0 {
		if id := s.Element(member, 9); len(id) > 0 {
			b = appendPart(b, id)
		} else {
			b = appendPart(b, s.Element(member, 3))
			b = appendPart(b, s.Element(member, 4))
			b = appendPart(b, levelBirth(&s.Block))
		}
	}
	return appendDependent(b, &x.Patient)
}

// appendPerson appends the identity of the patient, whoever pays: by the member id,
// which for Medicare is the patient's own.
func appendPerson(b []byte, x *x837.Claim) []byte {
	s := &x.Subscriber
	if i := s.Find(x837.Loop2010BA, tagNM1, "IL"); i >= 0 {
		if id := bytes.TrimSpace(s.Element(i, 9)); len(id) > 0 {
			b = appendPart(b, bytes.ToUpper(id))
		} else {
			b = appendPart(b, s.Element(i, 3))
			b = appendPart(b, s.Element(i, 4))
			b = appendPart(b, levelBirth(&s.Block))
		}
	}
	return appendDependent(b, &x.Patient)
}

// appendDependent appends who the patient is where that is not the subscriber.
func appendDependent(b []byte, p *x837.Level) []byte {
	if p.Len() == 0 {
		return b
	}
	for i := range p.Len() {
		if p.Tag(i) == tagNM1 {
			b = appendPart(b, p.Element(i, 3))
			b = appendPart(b, p.Element(i, 4))
		}
	}
	return appendPart(b, levelBirth(&p.Block))
}

// appendPart appends a text and its length, so that no two lists of texts are alike.
func appendPart(b, part []byte) []byte {
	b = binary.LittleEndian.AppendUint32(b, uint32(len(part)))
	return append(b, part...)
}
