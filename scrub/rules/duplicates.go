package rules

import (
	"slices"

	"github.com/gaitkeeper/gaitkeeper/scrub"
)

var duplicated = []scrub.Denial{{Group: "CO", CARC: "18", RARCs: []string{"N522"}}, {Group: "OA", CARC: "18", RARCs: []string{"N522"}}}

var duplicates = []scrub.Rule{
	{
		ID: "DU101", Name: "duplicate-line", Severity: scrub.Error,
		What:    "the same code, modifiers, service date and provider twice on a claim",
		Denials: duplicated, Sources: []scrub.Source{{Text: "Medicare Claims Processing Manual (100-04), chapter 1, section 120: duplicate claims"}},
		Run: duplicateLine,
	},
	{
		ID: "DU102", Name: "duplicate-claim", Severity: scrub.Error, Scope: scrub.ScopeVisit,
		What:    "the same claim, or the same services under another number, again in the run",
		Denials: duplicated, Sources: []scrub.Source{{Text: "Medicare Claims Processing Manual (100-04), chapter 1, section 120: duplicate claims"}},
		Run: duplicateClaim,
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

func duplicateClaim(p *scrub.Pass) {
	c := p.Claim
	if c.Frequency == '7' || !p.Days.Company(c) {
		return
	}
	if _, again := p.Days.SameClaim(c); again {
		p.Report(p.At(0, 1, 0), nil, "the claim stands in the run before, with the same control number")
		return
	}
	if first, again := p.Days.SameServices(c); again {
		p.Report(p.At(0, 1, 0), nil, "claim %s of the run bills the same services for the same patient", p.Days.ID(first))
	}
}
