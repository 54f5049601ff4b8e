package rules

import (
	"slices"
	"strings"

	"github.com/gaitkeeper/gaitkeeper/scrub"
	"github.com/gaitkeeper/gaitkeeper/scrub/ncci"
	"github.com/gaitkeeper/gaitkeeper/scrub/therapy"
)

var bundling = []scrub.Rule{
	{
		ID: "BU101", Name: "ptp-never", Severity: scrub.Error, Scope: scrub.ScopeVisit,
		What: "two codes of one patient, provider and day that NCCI never pays together (indicator 0)",
		Denials: []scrub.Denial{
			{Group: "CO", CARC: "236"}, {Group: "CO", CARC: "97"}, {Group: "CO", CARC: "B15"},
		},
		Sources: []scrub.Source{ptp}, Run: pairs(ncci.Never),
	},
	{
		ID: "BU102", Name: "ptp-needs-separation", Severity: scrub.Error, Scope: scrub.ScopeVisit,
		What:  "two codes that NCCI pays together only as separate services (indicator 1), and no modifier says so on either",
		Fixes: []scrub.Safety{scrub.Attest},
		Denials: []scrub.Denial{
			{Group: "CO", CARC: "236"}, {Group: "CO", CARC: "B15", RARCs: []string{"M80"}}, {Group: "CO", CARC: "97"},
		},
		Sources: []scrub.Source{ptp, ncciMods}, Run: pairs(ncci.Allowed),
	},
	{
		ID: "BU103", Name: "separation-unneeded", Severity: scrub.Warning, When: scrub.Separated, Scope: scrub.ScopeVisit,
		What:  "59 or X{EPSU} on a line that is in no active pair of the day",
		Fixes: []scrub.Safety{scrub.Unsafe}, Sources: []scrub.Source{ptp, ncciMods}, Run: separationUnneeded,
	},
	{
		ID: "BU104", Name: "add-on-without-primary", Severity: scrub.Error, When: scrub.AddedOn, Scope: scrub.ScopeVisit,
		What:    "an add-on code without its primary code on the same day and by the same provider",
		Denials: []scrub.Denial{{Group: "CO", CARC: "B15", RARCs: []string{"N122"}}, {Group: "CO", CARC: "107"}},
		Sources: []scrub.Source{addOns}, Run: addOnAlone,
	},
	{
		ID: "BU105", Name: "add-on-units", Severity: scrub.Error, When: scrub.AddedOn, Scope: scrub.ScopeVisit,
		What:    "more units of 0791T than of 97116 on the day",
		Denials: []scrub.Denial{{Group: "CO", CARC: "B15", RARCs: []string{"N122"}}},
		Sources: []scrub.Source{addOns}, Run: addOnUnits,
	},
	{
		ID: "BU106", Name: "same-extremity", Severity: scrub.Warning, Scope: scrub.ScopeVisit,
		What:    "orthotic or prosthetic training with a paired code: the pair is lifted, but LT and RT do not tell two sides",
		Denials: []scrub.Denial{{Group: "CO", CARC: "236"}},
		Sources: []scrub.Source{ptp, {Text: "CPT guidance on 97760, 97761 and 97763 with 97116: another extremity"}}, Run: sameExtremity,
	},
}

// pairs reports the lines that are column 2 of an active pair of that indicator, and
// those in column 1 of a pair whose other line was sent before the run.
func pairs(indicator byte) func(*scrub.Pass) {
	return func(p *scrub.Pass) {
		for i := range p.Claim.Visits {
			v := &p.Claim.Visits[i]
			if len(p.Bundles(v)) == 0 {
				continue
			}
			for _, l := range v.Lines {
				reportPairs(p, v, l, indicator, true)
				reportPairs(p, v, l, indicator, false)
			}
		}
	}
}

// reportPairs reports the pairs of a line: those in which it is denied, or those in
// which it is paid and denies a line that was sent before.
func reportPairs(p *scrub.Pass, v *scrub.Visit, l *scrub.Line, indicator byte, denied bool) {
	var with []string
	whose := ""
	for _, b := range p.Bundles(v) {
		mine, other := b.Line2 == l, b.Column1
		if !denied {
			mine, other = b.Line1 == l && b.Line2 == nil && b.Other.Sent(), b.Column2
		}
		if !mine || b.Indicator != indicator || indicator == ncci.Allowed && b.Lifted() {
			continue
		}
		name := other.String()
		if b.Line1 == nil || b.Line2 == nil {
			name += " of " + p.Days.Name(b.Other.Claim)
		}
		if !slices.Contains(with, name) {
			with = append(with, name)
		}
		if b.Own {
			whose = " (a rule of the payer's own)"
		}
	}
	if with == nil {
		return
	}
	list := strings.Join(with, ", ")
	if indicator == ncci.Never {
		p.Report(p.Service(l), nil, "%s is never paid with %s on one day%s; no modifier helps", l.Code, list, whose)
		return
	}
	fix := attest(p, l, "add 59, XE, XS, XP or XU to "+l.Code.String()+" once it is attested that the services were separate", false,
		"59", "XE", "XS", "XP", "XU")
	if !denied {
		p.Report(p.Service(l), fix, "%s takes in %s on one day%s unless a modifier says that they were separate", l.Code, list, whose)
		return
	}
	p.Report(p.Service(l), fix, "%s is bundled into %s on one day%s unless a modifier says that they were separate", l.Code, list, whose)
}

var separating = append([]scrub.Modifier{scrub.Mod59}, separations...)

func separationUnneeded(p *scrub.Pass) {
	if !p.Claim.Profile.NCCI {
		return
	}
	for i := range p.Claim.Visits {
		v := &p.Claim.Visits[i]
		for _, l := range v.Lines {
			m := l.Any(separating...)
			if m == 0 || !answered(p, v, l) {
				continue
			}
			if !slices.ContainsFunc(p.Bundles(v), func(b scrub.Bundle) bool { return b.Has(l) }) {
				p.Report(modifierAt(p, l, m), fixTo(p, l, scrub.Unsafe, "remove "+m.String(), without(l, m)),
					"%s on %s, which is in no NCCI pair with another service of %s", m, l.Code, l.Date())
			}
		}
	}
}

// answered reports whether the tables know all edits between the line and every
// other service of the visit: one that they do not know may be why a modifier is
// there.
func answered(p *scrub.Pass, v *scrub.Visit, l *scrub.Line) bool {
	for _, o := range v.Lines {
		if !p.Tables.Answers(l.Code, o.Code, l.Day()) {
			return false
		}
	}
	for _, s := range v.Others {
		if !p.Tables.Answers(l.Code, s.Code, l.Day()) {
			return false
		}
	}
	return true
}

// billed is the units of a code on the visit, and whether it is there at all.
func billed(v *scrub.Visit, code therapy.Code) (units int, there bool) {
	for _, l := range v.Lines {
		if l.Code == code {
			units, there = units+l.Count(), true
		}
	}
	for _, s := range v.Others {
		if s.Code == code {
			units, there = units+s.Units, true
		}
	}
	return units, there
}

func addOnAlone(p *scrub.Pass) {
	for i := range p.Claim.Visits {
		v := &p.Claim.Visits[i]
		for _, l := range v.Lines {
			if l.Procedure == nil || !l.Procedure.AddOn() {
				continue
			}
			primaries, listed := primariesOf(p, l)
			if !listed || slices.ContainsFunc(primaries, func(c therapy.Code) bool { _, there := billed(v, c); return there }) {
				continue
			}
			var names []string
			for _, c := range primaries {
				names = append(names, c.String())
			}
			p.Report(p.Service(l), nil, "%s is an add-on code, and %s is not billed on %s by the same provider", l.Code, strings.Join(names, " or "), l.Date())
		}
	}
}

// primariesOf are the codes beside one of which an add-on code is paid on its day: of
// CMS's add-on code table where one is there, else those that are built in. They are
// not listed where contractors name them, or may name more.
func primariesOf(p *scrub.Pass, l *scrub.Line) (list []therapy.Code, listed bool) {
	if !p.Tables.Covers(ncci.AddOns, l.Day()) {
		return l.Procedure.Primaries, true
	}
	for _, a := range p.Tables.AddOns(l.Code) {
		if l.Day() < a.From || l.Day() > a.To {
			continue
		}
		if a.Primary == 0 || a.Open {
			return nil, false
		}
		list = append(list, a.Primary)
	}
	return list, len(list) > 0
}

func addOnUnits(p *scrub.Pass) {
	for i := range p.Claim.Visits {
		v := &p.Claim.Visits[i]
		for _, l := range v.Lines {
			if l.Code != code0791T {
				continue
			}
			primary, there := billed(v, code97116)
			if addOn, _ := billed(v, code0791T); there && addOn > primary {
				p.Report(p.SV1(l, 4, 0), nil, "%d units of 0791T on %s with %d of 97116", addOn, l.Date(), primary)
				break
			}
		}
	}
}

func sameExtremity(p *scrub.Pass) {
	for i := range p.Claim.Visits {
		v := &p.Claim.Visits[i]
		var told *scrub.Line
		for _, b := range p.Bundles(v) {
			l, o := b.Line1, b.Line2
			if l == nil || o == nil || l == told || !slices.Contains(orthotic, l.Code) || b.Indicator != ncci.Allowed || !b.Lifted() {
				continue
			}
			mine, theirs := l.Any(scrub.LT, scrub.RT), o.Any(scrub.LT, scrub.RT)
			switch {
			case mine != theirs:
				continue
			case mine == 0:
				p.Report(p.Service(l), nil, "%s with %s: neither says which extremity; the pair is only lifted for another one", l.Code, o.Code)
			default:
				p.Report(p.Service(l), nil, "%s with %s: both say %s; the pair is only lifted for another extremity", l.Code, o.Code, mine)
			}
			told = l
		}
	}
}
