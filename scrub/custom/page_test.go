package custom_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/edi/editest"
	"github.com/gaitkeeper/gaitkeeper/scrub"
	"github.com/gaitkeeper/gaitkeeper/scrub/config"
	"github.com/gaitkeeper/gaitkeeper/scrub/custom"
	"github.com/gaitkeeper/gaitkeeper/scrub/ncci"
	"github.com/gaitkeeper/gaitkeeper/scrub/rules"
)

var update = flag.Bool("update", false, "write the tables of docs/own-rules.md again")

const pagePath = "../../docs/own-rules.md"

// TestPage holds the tables of the page to what the package knows.
func TestPage(t *testing.T) {
	page, err := os.ReadFile(pagePath)
	if err != nil {
		t.Fatal(err)
	}
	text := string(page)
	for _, part := range []struct{ name, table string }{{"variables", custom.Variables()}, {"functions", custom.Functions()}} {
		between := regexp.MustCompile(`(?s)(<!-- ` + part.name + `:[^\n]*-->\n).*?(<!-- end -->)`)
		if !between.MatchString(text) {
			t.Fatalf("the page has no place for %s", part.name)
		}
		text = between.ReplaceAllString(text, "${1}"+strings.ReplaceAll(part.table, "$", "$$")+"${2}")
	}
	if *update {
		if err := os.WriteFile(pagePath, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if diff := cmp.Diff(string(page), text); diff != "" {
		t.Errorf("to write the page again: go test ./scrub/custom -run TestPage -update\n%s", diff)
	}
}

// examples are the TOML tables of the page, by the id of their rule.
func examples(t *testing.T) map[string]string {
	t.Helper()
	page, err := os.ReadFile(pagePath)
	if err != nil {
		t.Fatal(err)
	}
	list := map[string]string{}
	for _, m := range regexp.MustCompile("(?s)```toml\n(.*?)```").FindAllStringSubmatch(string(page), -1) {
		id := regexp.MustCompile(`id = "(.*)"`).FindStringSubmatch(m[1])
		if id == nil || list[id[1]] != "" {
			t.Fatalf("example without an id, or one that stands twice:\n%s", m[1])
		}
		list[id[1]] = m[1]
	}
	return list
}

// change is what is put in the place of something in the claims of editest; a second
// claim of the patient is added where there is one.
type change struct{ replace, with string }

const another = "another"

// changed is a file of one claim, changed.
func changed(t *testing.T, changes []change) []byte {
	t.Helper()
	text := strings.Join(editest.Claims(1), "\n")
	for _, c := range changes {
		if c.replace == another {
			from, to := strings.Index(text, "CLM*"), strings.Index(text, "\nSE*")
			second := strings.Replace(text[from:to], "CLM*C000000", "CLM*C2", 1)
			second = strings.ReplaceAll(second, "HC:97110", c.with)
			text = text[:to] + "\n" + second + text[to:]
			continue
		}
		if !strings.Contains(text, c.replace) {
			t.Fatalf("no %s to change", c.replace)
		}
		text = strings.ReplaceAll(text, c.replace, c.with)
	}
	return editest.Render(strings.Split(text, "\n"), editest.Wrapped)
}

// told are the findings of rules of one's own: rule, severity, line and message.
func told(t *testing.T, toml string, data []byte, prepare func(*scrub.Runner)) (list []string) {
	t.Helper()
	c, err := config.Read("gaitkeeper.toml", []byte(toml), rules.All(), nil)
	if err != nil {
		t.Fatal(err)
	}
	in := scrub.Input{Name: "test.837", Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }}
	r := scrub.Runner{Rules: append(rules.All(), c.Own...), Policy: c.Policy, Data: scrub.Data{Tables: ncci.Default()}, Jobs: 1}
	if prepare != nil {
		prepare(&r)
	}
	if _, err := r.Survey(context.Background(), in); err != nil {
		t.Fatal(err)
	}
	err = r.Scrub(context.Background(), in, func(res *scrub.Result) error {
		for i := range res.Findings {
			if f := &res.Findings[i]; slices.Contains(c.Own, f.Rule) {
				list = append(list, fmt.Sprintf("%s %s %d: %s", f.Rule.ID, f.Severity, f.LineNo, f.Message))
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// visited is a history that knows of nothing but the days of one patient's visits.
type visited []edi.Date

func (visited) Key([]byte) (k scrub.PatientKey) { return scrub.PatientKey{1} }

func (visited) Days(context.Context, []scrub.PatientDay, func(*scrub.Sent) error) error { return nil }

func (visited) Loads(context.Context, []scrub.ProviderDay, func(scrub.ProviderDay, int) error) error {
	return nil
}

func (v visited) Visits(_ context.Context, patients []scrub.PatientKey, visit func(scrub.PatientKey, edi.Date, string) error) error {
	for _, k := range patients {
		for _, d := range v {
			if err := visit(k, d, "97110*2"); err != nil {
				return err
			}
		}
	}
	return nil
}

func (visited) Allowed(context.Context, []scrub.PatientKey, func(scrub.PatientKey, scrub.Allowance) error) error {
	return nil
}

// TestExamples runs every rule of the page: it finds what the page says in a claim that
// breaks it, and nothing in one that does not.
func TestExamples(t *testing.T) {
	commercial := change{"*MB\n", "*CI\n"}
	tests := map[string]struct {
		bad, good []change
		want      []string
		visits    []edi.Date // before
	}{
		"US100": {
			bad: []change{{"62*UN*2", "155*UN*5"}}, want: []string{"US100 warning 1: 97110 has 5 units; we bill at most 4"},
			good: []change{{"62*UN*2", "124*UN*4"}},
		},
		"US101": {
			bad:  []change{{"PI*04011", "PI*60054"}, {"62*UN*2", "93*UN*3"}},
			want: []string{"US101 error 1: MEDICARE PART B pays at most 2 units of 97110 a line; 3 are billed"},
			good: []change{{"62*UN*2", "93*UN*3"}},
		},
		"US102": {
			bad: []change{commercial}, want: []string{"US102 error 0: therapy for commercial payers needs an authorization number (REF*G1)"},
			good: []change{commercial, {"REF*EA*MRN1", "REF*G1*AUTH1"}},
		},
		"US103": {
			bad:  []change{{"***11:B:1", "***10:B:1"}, {"HC:97116:GP", "HC:97116:GP:95"}, {"HC:97140:GP", "HC:97140:GP:GT"}},
			want: []string{"US103 warning 1: place of service 10 without 93, 95 or GT; modifiers are GP"},
		},
		"US104": {
			bad:  []change{{"SV1*HC:97110:GP*62", "SV1*HC:97110:GP*59.98"}},
			want: []string{"US104 warning 1: 2 units for $59.98: less than the fee of $30.00 each"},
			good: []change{{"20260310", "20251210"}, {"SV1*HC:97110:GP*62", "SV1*HC:97110:GP*59.98"}}, // before it applies
		},
		"US105": {
			bad: []change{{"1***1:2\n", "1***2\n"}}, want: []string{"US105 info 2: 97116 points to R262: symptoms only"},
		},
		"US106": {
			bad: []change{{"HC:97140", "HC:97530"}, {another, "HC:97150"}},
			want: []string{
				"US106 error 1: group therapy and therapeutic activities on 2026-03-10, on 2 claims",
				"US106 error 1: group therapy and therapeutic activities on 2026-03-10, on 2 claims",
			},
			good: []change{{"HC:97140", "HC:97530"}, {another, "HC:97112"}},
		},
		"US107": {
			bad: []change{{"62*UN*2", "62*UN*5"}}, want: []string{"US107 warning 1: 7 timed units on 2026-03-10; 5 of them are 97110"},
			good: []change{{"62*UN*2", "62*UN*4"}},
		},
		"US108": {
			bad:  []change{{"HC:97110", "HC:97129"}, {"19500101", "20080311"}},
			want: []string{"US108 warning 1: 97129 is billed for a patient under 18"},
			good: []change{{"HC:97110", "HC:97129"}, {"19500101", "20080310"}}, // the birthday
		},
		"US109": {
			bad: []change{commercial, {"D8*20260310", "D8*20260109"}}, want: []string{"US109 error 0: sent 61 days after 2026-01-09; the contract allows 60"},
			good: []change{commercial, {"D8*20260310", "D8*20260110"}},
		},
		"US110": {
			visits: []edi.Date{
				20251230, 20260102, 20260105, 20260107, 20260109, 20260112, 20260114, 20260116, 20260119, 20260121, 20260123, 20260126, 20260228,
			},
			bad:  []change{commercial},
			want: []string{"US110 error 0: 12 visits this year before 2026-03-10, the last on 2026-02-28: from the thirteenth on an authorization number (REF*G1) is needed"},
			good: []change{commercial, {"D8*20260310", "D8*20260228"}}, // the twelfth
		},
	}
	list := examples(t)
	if len(list) != len(tests) || len(list) != 11 {
		t.Errorf("%d examples, %d are tested; one and ten are due", len(list), len(tests))
	}
	for id, test := range tests {
		t.Run(id, func(t *testing.T) {
			ledger := func(r *scrub.Runner) { r.History = visited(test.visits) }
			if diff := cmp.Diff(test.want, told(t, list[id], changed(t, test.bad), ledger)); diff != "" {
				t.Errorf("bad claim:\n%s", diff)
			}
			if got := told(t, list[id], changed(t, test.good), ledger); got != nil {
				t.Errorf("good claim: %q", got)
			}
		})
	}
}
