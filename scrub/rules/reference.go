package rules

import (
	"github.com/gaitkeeper/gaitkeeper/scrub"
	"github.com/gaitkeeper/gaitkeeper/scrub/ncci"
	"github.com/gaitkeeper/gaitkeeper/scrub/therapy"
)

var reference = []scrub.Rule{
	{
		ID: "RF101", Name: "reference-window", Severity: scrub.Info,
		What:    "no value of a table applies at the service date, so that a check was not made",
		Sources: []scrub.Source{ptp, mue, bba50202}, Run: referenceWindow,
	},
}

// referenceWindow tells once a claim and table what could not be looked up.
func referenceWindow(p *scrub.Pass) {
	c := p.Claim
	if p.Days.Crowded() && p.Days.Company(c) {
		p.Report(p.At(0, 1, 0), nil, "so many claims of the run share a day that not all of them were compared")
	}
	var noPairs, noLimits, noThreshold bool
	for i := range c.Lines {
		l := &c.Lines[i]
		if l.Procedure == nil || l.Date() == 0 {
			continue
		}
		if c.Profile.NCCI && !noPairs && !p.Tables.Reaches(l.Code, l.Day()) {
			noPairs = true
			p.Report(at(p, l), nil, "no NCCI pairs are known for %s: bundling was not checked", l.Date())
		}
		if c.Profile.MUE && !noLimits && !p.Tables.Covers(ncci.Limits, l.Day()) {
			noLimits = true
			p.Report(at(p, l), nil, "no medically unlikely edits are known for %s: units were not checked against them", l.Date())
		}
		if !p.KnowsAmounts() || noThreshold || !c.Profile.Medicare || !l.Therapy() {
			continue
		}
		if _, _, known := therapy.Threshold(l.Date().Year()); !known && given(p, l) {
			noThreshold = true
			p.Report(at(p, l), nil, "no KX threshold is known for %d: KX was not checked", l.Date().Year())
		}
	}
}

// given reports whether an amount is known of the line's patient, year and bucket.
func given(p *scrub.Pass, l *scrub.Line) bool {
	_, ok := p.YearToDate(l.Date().Year(), l.Discipline().Bucket())
	return ok
}

// at is the place of the line's service date.
func at(p *scrub.Pass, l *scrub.Line) scrub.Place {
	return p.On(l, max(l.Line.Date, l.First), 3, 0)
}
