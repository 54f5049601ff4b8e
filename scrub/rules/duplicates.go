package rules

import (
	"slices"

	"github.com/gaitkeeper/gaitkeeper/scrub"
)

var duplicated = []scrub.Denial{{Group: "CO", CARC: "18", RARCs: []string{"N522"}}, {Group: "OA", CARC: "18", RARCs: []string{"N522"}}}

var duplicates = []scrub.Rule{
	{
		ID: "DU101", Name: "duplicate-line", Severity: scrub.Error, Scope: scrub.ScopeVisit,
		What:    "the same code, modifiers, service date and provider twice on a claim, or with the same units on another one",
		Denials: duplicated, Sources: []scrub.Source{{Text: "Medicare Claims Processing Manual (100-04), chapter 1, section 120: duplicate claims"}},
		Run: duplicateLine,
	},
	{
		ID: "DU102", Name: "duplicate-claim", Severity: scrub.Error, Scope: scrub.ScopeVisit,
		What:    "the same claim, or the same services under another number, again in the run or in the ledger",
		Denials: duplicated, Sources: []scrub.Source{{Text: "Medicare Claims Processing Manual (100-04), chapter 1, section 120: duplicate claims"}},
		Run: duplicateClaim,
	},
	{
		ID: "DU103", Name: "cloned-pattern", Severity: scrub.Info, Scope: scrub.ScopeVisit,
		What:    "one patient was billed identical codes and units on each of five or more visits",
		Sources: []scrub.Source{{Text: "Office of Inspector General, work on outpatient therapy: identical treatment on every visit draws an audit"}},
		Run:     clonedPattern,
	},
}

func duplicateLine(p *scrub.Pass) {
	c := p.Claim
	for i := range c.Lines {
		l := &c.Lines[i]
		if l.Code == 0 || l.Date() == 0 {
			continue
		}
		for j := range c.Lines[:i] {
			if o := &c.Lines[j]; sameService(l, o) {
				p.Report(p.Service(l), nil, "%s on %s repeats line %d: same modifiers and provider", l.Code, l.Date(), c.LineNumber(o))
				break
			}
		}
	}
	if !p.Days.Company(c) || c.Frequency == '7' {
		return
	}
	if _, whole := repeated(p); whole {
		return // DU102 says so once
	}
	for i := range c.Visits {
		v := &c.Visits[i]
		for _, l := range v.Lines {
			for k := range v.Others {
				if s := &v.Others[k]; s.Before(c) && l.Count() > 0 && s.Repeats(l) {
					p.Report(p.Service(l), nil, "%s on %s stands on %s too: same modifiers, units and provider", l.Code, l.Date(), p.Days.Name(s.Claim))
					break
				}
			}
		}
	}
}

func sameService(a, b *scrub.Line) bool {
	if a.Code != b.Code || a.Period != b.Period || string(a.Rendering.ID) != string(b.Rendering.ID) {
		return false
	}
	x, y := a.Modifiers, b.Modifiers
	slices.Sort(x[:])
	slices.Sort(y[:])
	return x == y
}

// repeated is the claim before it that the whole claim repeats, by its number or by
// its services.
func repeated(p *scrub.Pass) (first uint32, again bool) {
	if first, again = p.Days.SameClaim(p.Claim); again {
		return first, true
	}
	return p.Days.SameServices(p.Claim)
}

func duplicateClaim(p *scrub.Pass) {
	c := p.Claim
	if c.Frequency == '7' || !p.Days.Company(c) {
		return
	}
	if first, again := p.Days.SameClaim(c); again {
		if file := p.Days.Origin(first); file != "" {
			p.Report(p.At(0, 1, 0), nil, "the claim was sent before, with the same control number: %s", file)
			return
		}
		p.Report(p.At(0, 1, 0), nil, "the claim stands in the run before, with the same control number")
		return
	}
	if first, again := p.Days.SameServices(c); again {
		p.Report(p.At(0, 1, 0), nil, "%s bills the same services for the same patient", p.Days.Name(first))
	}
}

func clonedPattern(p *scrub.Pass) {
	if p.Days.Cloned(p.Claim) {
		p.Report(p.At(0, 1, 0), nil, "the fifth visit of the patient with the very same codes and units, and none with others")
	}
}
