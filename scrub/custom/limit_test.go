package custom_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/gaitkeeper/gaitkeeper/edi/editest"
	"github.com/gaitkeeper/gaitkeeper/scrub"
	"github.com/gaitkeeper/gaitkeeper/scrub/custom"
	"github.com/gaitkeeper/gaitkeeper/scrub/ncci"
	"github.com/gaitkeeper/gaitkeeper/scrub/rules"
)

// messages are the messages of one rule's findings.
func messages(t *testing.T, data []byte, when string) (out []string) {
	t.Helper()
	own := compile(t, []custom.Definition{{ID: "US101", Severity: "warning", Message: "found", When: when}})
	in := scrub.Input{Name: "test.837", Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }}
	r := scrub.Runner{Rules: own, Data: scrub.Data{Tables: ncci.Default()}, Jobs: 1}
	if _, err := r.Survey(context.Background(), in); err != nil {
		t.Fatal(err)
	}
	err := r.Scrub(context.Background(), in, func(res *scrub.Result) error {
		for _, f := range res.Findings {
			out = append(out, f.Message)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// wide is a claim with 2,000 lines more than usual, all of one day.
func wide() []byte {
	var out []string
	for _, s := range editest.Claims(1) {
		if strings.HasPrefix(s, "SE*") {
			for i := range 2000 {
				out = append(out, fmt.Sprintf("LX*%d", i+10), "SV1*HC:97110:GP*31*UN*1***1", "DTP*472*D8*20260310")
			}
		}
		out = append(out, s)
	}
	return editest.Render(out, editest.Wrapped)
}

// A look through the services of a day or claim counts as steps, wherever it stands.
func TestLooksAreSteps(t *testing.T) {
	data := wide()
	for _, when := range []string{
		`line.timed && day.units(line.code) > 1000000`,
		`line.timed && claim.lines.exists(a, day.units(a.code) > 1000000)`,
		`line.timed && claim.lines.exists(a, a.timed && claim.units(a.code + "") > 1000000)`,
		`line.timed && claim.lines.exists(a, a.timed && "XXXXX" in day.codes)`,
		`line.timed && claim.lines.map(a, day.codes).size() == 3`,
	} {
		start := time.Now()
		got := messages(t, data, when)
		t.Logf("%v %s", time.Since(start), when)
		if len(got) != 1 || !strings.Contains(got[0], "takes too long") {
			t.Errorf("%s: %q", when, got)
		}
	}
}

// A claim of usual size is far from the limit.
func TestUsualClaimsAreWithinLimit(t *testing.T) {
	var out []string
	for _, s := range editest.Claims(1) {
		if strings.HasPrefix(s, "SE*") {
			for i := range 45 {
				out = append(out, fmt.Sprintf("LX*%d", i+10), "SV1*HC:97110:GP*31*UN*1***1", "DTP*472*D8*20260310")
			}
		}
		out = append(out, s)
	}
	data := editest.Render(out, editest.Wrapped)
	for _, when := range []string{
		`line.timed && claim.lines.exists(a, day.units(a.code) > 1000000)`,
		`line.timed && claim.lines.all(a, "97110" in day.codes && a.units > 1000)`,
	} {
		if got := messages(t, data, when); len(got) != 0 {
			t.Errorf("%s: %q", when, got)
		}
	}
}

// Voids repeat the faults of what they void: a rule looks at them only if it asks what
// a claim is.
func TestVoids(t *testing.T) {
	data := bytes.ReplaceAll(editest.Render(editest.Claims(1), editest.Wrapped), []byte("11:B:1"), []byte("11:B:8"))
	for when, want := range map[string]int{
		`claim.frequency == "8"`:                         1,
		`claim.frequency != "1" && claim.original == ""`: 1,
		`claim.place == "11"`:                            0,
	} {
		if got := messages(t, data, when); len(got) != want {
			t.Errorf("%s: %q", when, got)
		}
	}
}

// A name leads to one rule.
func TestNameIsNoOtherId(t *testing.T) {
	for _, name := range []string{"us102", "mo101"} {
		_, errs := custom.Compile([]custom.Definition{{ID: "US101", Name: name, Severity: "info", Message: "m", When: "true"}}, rules.All())
		if len(errs) != 1 || errs[0].Key != "name" {
			t.Errorf("%s: %v", name, errs)
		}
	}
	if _, errs := custom.Compile([]custom.Definition{{ID: "US101", Name: "us101", Severity: "info", Message: "m", When: "true"}}, rules.All()); errs != nil {
		t.Error(errs[0])
	}
}

// That a rule could not be judged stays an info when a policy makes its findings errors.
func TestNotJudgedIsNoError(t *testing.T) {
	data := editest.Render(editest.Claims(1), editest.Wrapped)
	toml := `
[severity]
US101 = "error"
[[rule]]
id = "US101"
severity = "warning"
message = "found"
when = '%s'
`
	for when, want := range map[string]string{`line.number / 0 == 1`: "US101 info 1: not judged", `line.number == 1`: "US101 error 1: found"} {
		got := told(t, fmt.Sprintf(toml, when), data, nil)
		if len(got) != 1 || !strings.HasPrefix(got[0], want) {
			t.Errorf("%s: %q", when, got)
		}
	}
}
