package app

import (
	"slices"

	"github.com/gaitkeeper/gaitkeeper/remit/codes"
	"github.com/gaitkeeper/gaitkeeper/scrub"
)

// explanation is all that is known of a code, as it goes over the wire. What a list
// does not tell of its codes is null.
type explanation struct {
	Type    string  `json:"type"` // code
	List    string  `json:"list"` // CARC, RARC, GROUP, STATUS, PLB, FILING, HANDLING, METHOD
	Code    string  `json:"code"`
	Group   *string `json:"group"` // that was asked for with a reason code
	Known   bool    `json:"known"`
	Meaning string  `json:"meaning"`
	Note    string  `json:"note"`

	Active      bool     `json:"active"`
	Stopped     *string  `json:"stopped"`         // the day it was deactivated
	StopChecked *bool    `json:"stopped_checked"` // that day is from a publication
	ReplacedBy  []string `json:"replaced_by"`

	Category    *string  `json:"category"`
	Denial      *bool    `json:"denial"` // false for a code that never counts as a denial
	Recoverable *bool    `json:"recoverable"`
	Actions     []string `json:"actions"` // the first choice first

	Groups      []string `json:"groups"`       // it usually stands with
	GroupOnly   *bool    `json:"group_only"`   // it may stand with these only
	GroupAllows *bool    `json:"group_allows"` // the group that was asked for may stand with it
	NeedsRemark *bool    `json:"needs_remark"` // a remark code must stand beside it
	Alert       *bool    `json:"alert"`        // the remark informs and explains no money
	CARCs       []string `json:"carcs"`        // that the remark usually stands beside
	Therapy     *string  `json:"therapy"`      // how often outpatient therapy meets the remark

	Rules []explainedRule `json:"rules"` // that find the cause before the claim is sent
	AsOf  string          `json:"as_of"` // of the list

	asked askedCode
}

// explainedRule is a rule that predicts a denial with the code.
type explainedRule struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Severity string `json:"severity"`
	What     string `json:"what"`
	Denial   string `json:"denial"` // as the payer writes it
}

// explainer knows the tables, and the rules that predict what stands in them.
type explainer struct {
	tables    *codes.Tables
	catalogue []*scrub.Rule
}

// explain explains codes in the order in which a payer writes them: remark codes
// behind a reason code belong to it, and narrow down the rules.
func (e *explainer) explain(asked []askedCode) []explanation {
	out := make([]explanation, 0, len(asked))
	for i, c := range asked {
		x := newExplanation(e.tables, c)
		var remarks []string
		if c.list == codes.ListCARC {
			for _, next := range asked[i+1:] {
				if next.list != codes.ListRARC {
					break
				}
				remarks = append(remarks, next.value)
			}
		}
		x.Rules = e.rules(c, remarks)
		out = append(out, x)
	}
	return out
}

func (e *explainer) all(lists []codes.List) []explanation {
	var asked []askedCode
	for _, list := range lists {
		for _, value := range e.values(list) {
			asked = append(asked, askedCode{list: list, value: value})
		}
	}
	out := make([]explanation, 0, len(asked))
	for _, c := range asked {
		x := newExplanation(e.tables, c)
		x.Rules = e.rules(c, nil)
		out = append(out, x)
	}
	return out
}

func (e *explainer) values(list codes.List) (values []string) {
	switch list {
	case codes.ListCARC:
		for _, r := range e.tables.Reasons() {
			values = append(values, r.Code)
		}
	case codes.ListRARC:
		for _, r := range e.tables.Remarks() {
			values = append(values, r.Code)
		}
	default:
		for _, r := range e.tables.Entries(list) {
			values = append(values, r.Code)
		}
	}
	return values
}

// rules are those that predict a denial with the code; of those for a reason code,
// where some name one of the remark codes beside it, only these.
func (e *explainer) rules(c askedCode, remarks []string) []explainedRule {
	list, exact := []explainedRule{}, []explainedRule{}
	for _, r := range e.catalogue {
		for _, d := range r.Denials {
			named := c.list == codes.ListCARC && d.CARC == c.value || c.list == codes.ListRARC && slices.Contains(d.RARCs, c.value)
			if !named {
				continue
			}
			x := explainedRule{r.ID, r.Name, r.Severity.String(), r.What, d.String()}
			if slices.ContainsFunc(d.RARCs, func(s string) bool { return slices.Contains(remarks, s) }) {
				exact = appendRule(exact, x)
			}
			list = appendRule(list, x)
		}
	}
	if len(exact) > 0 {
		return exact
	}
	return list
}

// appendRule appends a rule once, with the first of its denials.
func appendRule(list []explainedRule, x explainedRule) []explainedRule {
	if n := len(list); n > 0 && list[n-1].ID == x.ID {
		return list
	}
	return append(list, x)
}

// newExplanation is what the tables say of a code.
func newExplanation(t *codes.Tables, c askedCode) explanation {
	x := explanation{
		Type: "code", List: string(c.list), Code: c.value, AsOf: t.Version(c.list).AsOf.String(), asked: c,
		ReplacedBy: []string{}, Actions: []string{}, Groups: []string{}, CARCs: []string{}, Rules: []explainedRule{},
	}
	if c.group != "" {
		x.Group = &c.group
	}
	switch c.list {
	case codes.ListCARC:
		x.reason(t, c)
	case codes.ListRARC:
		x.remark(t, c)
	default:
		e, known := t.Entry(c.list, c.value)
		x.Known, x.Meaning, x.Note, x.Active = known, e.Meaning, e.Note, e.Active
	}
	return x
}

func (x *explanation) reason(t *codes.Tables, c askedCode) {
	r, known := t.CARC(c.value)
	x.Known, x.Meaning, x.Active = known, r.Meaning, r.Active
	if !known {
		return
	}
	recoverable, category := r.Recoverable(), string(r.Category)
	x.Category, x.Denial, x.Recoverable, x.Actions = &category, &r.Denial, &recoverable, spelled(r.Actions)
	x.Groups, x.GroupOnly, x.NeedsRemark = append(x.Groups, r.Groups...), &r.GroupOnly, &r.NeedsRemark
	if c.group != "" {
		allows := r.Takes(c.group)
		x.GroupAllows = &allows
	}
	x.ReplacedBy = append(x.ReplacedBy, r.ReplacedBy...)
	if r.Stopped != 0 {
		day := r.Stopped.String()
		x.Stopped, x.StopChecked = &day, &r.StopChecked
	}
}

func (x *explanation) remark(t *codes.Tables, c askedCode) {
	r, known := t.RARC(c.value)
	x.Known, x.Meaning, x.Active = known, r.Meaning, r.Active
	if !known {
		return
	}
	category := string(r.Category)
	x.Category, x.Actions, x.Alert, x.Therapy = &category, spelled(r.Actions), &r.Alert, &r.Therapy
	x.CARCs = append(x.CARCs, r.CARCs...)
}

func spelled[T ~string](list []T) []string {
	out := make([]string, 0, len(list))
	for _, v := range list {
		out = append(out, string(v))
	}
	return out
}
