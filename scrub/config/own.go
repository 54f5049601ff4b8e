package config

import (
	"fmt"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/scrub"
	"github.com/gaitkeeper/gaitkeeper/scrub/custom"
)

// rules reads the [[rule]] tables.
func (r *reader) rules(tables []ruleTable) []*scrub.Rule {
	defs := make([]custom.Definition, len(tables))
	for i := range tables {
		t := &tables[i]
		defs[i] = custom.Definition{
			ID: t.ID, Name: t.Name, Message: t.Message, Severity: t.Severity, When: t.When, Each: t.Each, Source: t.Source,
			From: edi.Date(day(t.From, 0)), Until: edi.Date(day(t.Until, 0)),
		}
	}
	own, errs := custom.Compile(defs, r.catalogue)
	for _, e := range errs {
		path := fmt.Sprintf("rule[%d]", e.Rule)
		if e.Key == "" {
			r.failKey(path, "%s", e.Text)
			continue
		}
		path += "." + e.Key
		if at, ok := r.places.inside(path, e.Offset); ok {
			r.errs = append(r.errs, &Error{r.name, at.line, at.column, e.Text})
		} else {
			r.fail(path, "%s", e.Text)
		}
	}
	return own
}
