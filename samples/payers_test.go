package samples_test

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gaitkeeper/gaitkeeper/scrub"
	"github.com/gaitkeeper/gaitkeeper/scrub/config"
	"github.com/gaitkeeper/gaitkeeper/scrub/rules"
)

// payersTable are the rows below the heading payers.toml: what its profiles and the
// plans of care change.
func payersTable(t *testing.T) (rows []string) {
	for _, s := range readme(t) {
		if s.title == "payers.toml" {
			for _, cells := range s.tables[0] {
				rows = append(rows, strings.Join(cells[:5], " | "))
			}
		}
	}
	return rows
}

// TestPayers: with payers.toml and the plans of care, the samples have the findings
// that the table says, and lack those that it says; all others stay.
func TestPayers(t *testing.T) {
	c, err := config.Read("payers.toml", read(t, "payers.toml"), rules.All(), func(name string) (io.ReadCloser, error) { return os.Open(name) })
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, file := range []string{"pt-clean.837", "pt-errors.837"} {
		text := read(t, file)
		before := said(run(t, file, text, runner(t, file)))
		r := runner(t, file)
		r.Policy, r.Data.Plan = c.Policy, sidecar(t, file, "plan", scrub.ReadPlan)
		after := said(run(t, file, text, r))
		for _, s := range after {
			if !slices.Contains(before, s) {
				got = append(got, "found | "+s)
			}
		}
		for _, s := range before {
			if !slices.Contains(after, s) {
				got = append(got, "not found | "+s)
			}
		}
	}
	if diff := cmp.Diff(payersTable(t), got); diff != "" {
		t.Errorf("-README.md +findings:\n%s", diff)
	}
}

// said are the findings of a run as the table has them.
func said(o outcome) (list []string) {
	for _, f := range o.findings {
		line := ""
		if f.LineNo > 0 {
			line = fmt.Sprint(f.LineNo)
		}
		list = append(list, strings.Join([]string{f.Claim, line, f.Rule.ID, f.Severity.String()}, " | "))
	}
	return list
}
