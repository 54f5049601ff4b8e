package rules

import (
	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/scrub"
)

var tagDMG = edi.TagOf("DMG")

var dates = []scrub.Rule{
	{
		ID: "DT101", Name: "date-invalid", Severity: scrub.Error, OnVoid: true,
		What:    "a date is no calendar date, or a range ends before it starts",
		Denials: []scrub.Denial{{Group: "CO", CARC: "16", RARCs: []string{"M52"}}},
		Sources: []scrub.Source{guide}, Run: dateInvalid,
	},
	{
		ID: "DT102", Name: "service-date-future", Severity: scrub.Error, OnVoid: true,
		What:    "a service date is after the day on which the file says it was made",
		Denials: []scrub.Denial{{Group: "CO", CARC: "110"}},
		Sources: []scrub.Source{guide}, Run: dateFuture,
	},
	{
		ID: "DT103", Name: "timely-filing", Severity: scrub.Warning,
		What:    "the file was made later after the service than the payer takes claims (Medicare: 12 months)",
		Denials: []scrub.Denial{{Group: "CO", CARC: "29", RARCs: []string{"N211"}}, {Group: "CO", CARC: "29"}},
		Sources: []scrub.Source{timely, ownPolicy}, Run: timelyFiling,
	},
}

func dateInvalid(p *scrub.Pass) {
	c := p.Claim
	for _, s := range c.Dated {
		if s.Line >= 0 && c.Lines[s.Line].Line.Date == s.Index && c.Lines[s.Line].Date() != 0 {
			continue // read already
		}
		switch q := c.Element(s.Index, 2); string(q) {
		case "D8", "RD8":
			if _, err := edi.ParsePeriod(q, c.Element(s.Index, 3)); err != nil {
				p.Report(p.OnSegment(s, 3), nil, "DTP*%s: %s", plain(c.Element(s.Index, 1)), err)
			}
		}
	}
	for i := range c.Subscriber.Len() {
		if c.Subscriber.Tag(i) == tagDMG && badDate(c.Subscriber.Element(i, 1), c.Subscriber.Element(i, 2)) {
			p.Report(p.In(&c.Subscriber, i, 2), nil, "birth date of the subscriber: %s", edi.ErrDate)
		}
	}
	for i := range c.Patient.Len() {
		if c.Patient.Tag(i) == tagDMG && badDate(c.Patient.Element(i, 1), c.Patient.Element(i, 2)) {
			p.Report(p.In(&c.Patient, i, 2), nil, "birth date of the patient: %s", edi.ErrDate)
		}
	}
}

func badDate(qualifier, text []byte) bool {
	if string(qualifier) != "D8" {
		return false
	}
	_, err := edi.ParseDate(text)
	return err != nil
}

// plain is a qualifier for a message: what is no code is not repeated.
func plain(b []byte) string {
	if len(b) == 0 || len(b) > 3 {
		return "?"
	}
	for _, c := range b {
		if (c < '0' || c > '9') && (c < 'A' || c > 'Z') {
			return "?"
		}
	}
	return string(b)
}

func dateFuture(p *scrub.Pass) {
	c := p.Claim
	if c.Created == 0 {
		return
	}
	for i := range c.Lines {
		l := &c.Lines[i]
		if l.Period.To > c.Created {
			p.Report(p.On(l, l.Line.Date, 3, 0), nil, "service date %s is after %s, when the file was made", l.Period.To, c.Created)
		}
	}
}

// timelyFiling counts from the first day of a service line. A replacement has a term
// of its own where the payer's profile gives one.
func timelyFiling(p *scrub.Pass) {
	c := p.Claim
	term := c.Profile.Filing
	if c.Frequency == '7' {
		term = c.Profile.FilingCorrected
	}
	if term.N == 0 || c.Created == 0 {
		return
	}
	for i := range c.Lines {
		l := &c.Lines[i]
		if l.Date() == 0 {
			continue
		}
		if term.Over(l.Day(), int32(c.Created)) {
			p.Report(p.On(l, l.Line.Date, 3, 0), nil, "the file was made on %s; service of %s had to be billed by %s (%s)",
				c.Created, l.Date(), edi.Date(term.Last(l.Day())), term)
		}
	}
}
