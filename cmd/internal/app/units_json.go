package app

import (
	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/scrub/therapy"
)

// unitsJSON is a day as it goes over the wire, schema gaitkeeper/1.
type unitsJSON struct {
	Type   string        `json:"type"`
	Schema string        `json:"schema"`
	Date   string        `json:"date"` // that the limits are of
	Codes  []unitsCode   `json:"codes"`
	Rules  []unitsByRule `json:"rules"`
	Differ bool          `json:"differ"`
}

type unitsCode struct {
	Code      string      `json:"code"`
	Label     *string     `json:"label"` // null for a code that is not known
	Minutes   int         `json:"minutes"`
	Assistant int         `json:"assistant_minutes"`
	Pool      bool        `json:"pool"`
	Units     *int        `json:"units"` // of a code outside the pool
	Note      string      `json:"note,omitempty"`
	Billed    *int        `json:"billed"`
	Limit     *unitsLimit `json:"mue"`
}

type unitsLimit struct {
	Units  int    `json:"units"`
	MAI    int    `json:"mai"`
	Source string `json:"source"`
}

type unitsByRule struct {
	Rule        string           `json:"rule"`
	Minutes     int              `json:"minutes"`
	Units       int              `json:"units"`
	Allocations []map[string]int `json:"allocations"` // at most 12
	Assisted    []unitsAssisted  `json:"assisted"`
	OverLimit   []string         `json:"over_mue"`
	Verdict     *string          `json:"verdict"` // on the billed units
	Nearest     map[string]int   `json:"nearest"` // allocation to them
}

// unitsAssisted says how many units carry the assistant's modifier.
type unitsAssisted struct {
	Code     string `json:"code"`
	Units    int    `json:"units"`
	Min      int    `json:"min"`
	Max      int    `json:"max"`
	Modifier string `json:"modifier"`
}

func (d *workday) json() unitsJSON {
	out := unitsJSON{Type: "units", Schema: "gaitkeeper/1", Date: edi.Date(d.date).String(), Differ: d.differ()}
	for _, c := range d.codes() {
		out.Codes = append(out.Codes, d.codeJSON(c))
	}
	for _, by := range d.counts {
		out.Rules = append(out.Rules, d.ruleJSON(by))
	}
	return out
}

func (d *workday) codeJSON(c therapy.Code) unitsCode {
	w := d.workOn(c)
	out := unitsCode{Code: c.String(), Minutes: w.Minutes, Assistant: w.Assistant}
	if p := therapy.Lookup(c); p != nil {
		out.Label, out.Pool = &p.Label, p.Pool
	}
	if units, why := d.outside(c); why != "" {
		out.Note = why
		if out.Label != nil {
			out.Units = &units
		}
	}
	if n, ok := d.billedFor(c); ok {
		out.Billed = &n
	}
	if m, ok := d.limit(c); ok {
		out.Limit = &unitsLimit{m.Units, m.MAI, m.Source}
	}
	return out
}

func (d *workday) ruleJSON(by counted) unitsByRule {
	out := unitsByRule{Rule: by.name, Units: by.Total, Allocations: []map[string]int{}, Assisted: []unitsAssisted{}, OverLimit: []string{}}
	for _, s := range by.Shares {
		out.Minutes += s.Total()
	}
	for _, units := range by.Allocations(mostAllocations) {
		out.Allocations = append(out.Allocations, unitsOf(by.Count, units))
	}
	if d.withAssistant {
		for _, a := range by.Assisted() {
			if m := assistantModifier(a.Code); m != "" && a.Units > 0 {
				out.Assisted = append(out.Assisted, unitsAssisted{a.Code.String(), a.Units, a.Min, a.Max, m})
			}
		}
	}
	for _, c := range d.codes() {
		if m, ok := d.limit(c); ok && d.most(by.Count, c) > m.Units {
			out.OverLimit = append(out.OverLimit, c.String())
		}
	}
	if d.billed != nil {
		v := therapy.Judge(d.billed, by.Count).String()
		out.Verdict, out.Nearest = &v, unitsOf(by.Count, by.Nearest(d.billed))
	}
	return out
}

func unitsOf(c therapy.Count, units []int) map[string]int {
	m := make(map[string]int, len(units))
	for i, s := range c.Shares {
		m[s.Code.String()] = units[i]
	}
	return m
}
