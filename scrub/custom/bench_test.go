package custom_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/gaitkeeper/gaitkeeper/edi/editest"
	"github.com/gaitkeeper/gaitkeeper/scrub"
	"github.com/gaitkeeper/gaitkeeper/scrub/custom"
	"github.com/gaitkeeper/gaitkeeper/scrub/ncci"
	"github.com/gaitkeeper/gaitkeeper/scrub/rules"
)

// hundred are rules as a clinic might have them: 60 ask for a code, 25 for modifiers,
// units or payers, 15 look at the day or the whole claim. Some of them look at every
// line of the benchmark, and none finds anything.
func hundred() []custom.Definition {
	var when []string
	for i := range 20 {
		code := []string{"97110", "97140", "97530", "97112", "97116", "97161", "97162", "97163", "97535", "97035"}[i%10]
		when = append(
			when,
			fmt.Sprintf(`line.code == %q && line.units > %d`, code, 6+i),
			fmt.Sprintf(`payer.filing == "MB" && line.code in [%q, "G0283"] && !("GP" in line.modifiers) && line.charge > %d`, code, 100+i),
			fmt.Sprintf(`line.code == %q && "M54.5%d" in line.diagnoses && line.date >= date("2026-01-01")`, code, i),
		)
	}
	for i := range 5 {
		when = append(
			when,
			fmt.Sprintf(`"KX" in line.modifiers && payer.profile == "medicare" && line.charge > %d`, 500+i),
			fmt.Sprintf(`payer.filing in ["CI", "BL", "1%d"] && "59" in line.modifiers && line.units > 1`, i),
			fmt.Sprintf(`payer.id == "6005%d" && line.therapy && claim.authorization == ""`, i),
			fmt.Sprintf(`line.timed && line.units > %d`, 8+i),
			fmt.Sprintf(`line.charge > 0 && line.charge < 0.%d1 || line.charge > 9%d00`, i, i),
		)
	}
	for i := range 3 {
		when = append(
			when,
			fmt.Sprintf(`day.timed_units > %d`, 16+i),
			fmt.Sprintf(`day.units("97140") > %d && "97530" in day.codes`, 3+i),
			fmt.Sprintf(`patient.age < 1%d && line.therapy`, i),
			fmt.Sprintf(`claim.lines.exists(l, l.code == "97530") && claim.lines.exists(l, l.code == "9715%d")`, i),
			fmt.Sprintf(`claim.diagnoses.all(d, d.startsWith("Z%d")) && claim.charge > 100`, i),
		)
	}
	defs := make([]custom.Definition, len(when))
	for i, w := range when {
		defs[i] = custom.Definition{ID: fmt.Sprintf("US%d", 101+i), Severity: "warning", Message: "found", When: w}
	}
	return defs
}

func compile(tb testing.TB, defs []custom.Definition) []*scrub.Rule {
	tb.Helper()
	own, errs := custom.Compile(defs, rules.All())
	for _, e := range errs {
		tb.Fatalf("%s: %s at %d: %s", defs[e.Rule].When, e.Key, e.Offset, e.Text)
	}
	return own
}

// scrubAll surveys and judges, and returns how many findings there were.
func scrubAll(tb testing.TB, data []byte, list []*scrub.Rule) int {
	in := scrub.Input{Name: "test.837", Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }}
	r := scrub.Runner{Rules: list, Data: scrub.Data{Tables: ncci.Default()}, Jobs: 1}
	if _, err := r.Survey(context.Background(), in); err != nil {
		tb.Fatal(err)
	}
	if err := r.Scrub(context.Background(), in, func(*scrub.Result) error { return nil }); err != nil {
		tb.Fatal(err)
	}
	n := r.Summary.Findings
	return n[0] + n[1] + n[2]
}

// BenchmarkHundredRules reports how much longer a scrub takes with a hundred rules
// beside the catalogue: the ratio of runs that alternate.
func BenchmarkHundredRules(b *testing.B) {
	data := editest.Render(editest.Claims(20_000), editest.Wrapped)
	without := rules.All()
	with := append(rules.All(), compile(b, hundred())...)
	if n := scrubAll(b, data, with); n != scrubAll(b, data, without) {
		b.Fatalf("%d findings", n)
	}
	var plain, own time.Duration
	b.ReportAllocs()
	for b.Loop() {
		start := time.Now()
		scrubAll(b, data, without)
		between := time.Now()
		scrubAll(b, data, with)
		plain += between.Sub(start)
		own += time.Since(between)
	}
	n := float64(b.N) * 20_000
	b.ReportMetric(float64(plain.Nanoseconds())/n, "ns/claim-without")
	b.ReportMetric(float64(own.Nanoseconds())/n, "ns/claim-with")
	b.ReportMetric(float64(own)/float64(plain), "ratio")
}

// BenchmarkCompile is what a hundred rules cost when a configuration is read.
func BenchmarkCompile(b *testing.B) {
	defs, catalogue := hundred(), rules.All()
	for b.Loop() {
		if _, errs := custom.Compile(defs, catalogue); errs != nil {
			b.Fatal(errs[0])
		}
	}
}

// BenchmarkRule is one rule in each of the ways in which a condition is judged: with a
// key that claims lack, on every line, and as a CEL program on every line.
func BenchmarkRule(b *testing.B) {
	data := editest.Render(editest.Claims(20_000), editest.Wrapped)
	for _, way := range []struct{ name, when string }{
		{"none", ""},
		{"keyed", `line.code == "99999" && line.units > 9`},
		{"native", `line.units > 9`},
		{"program", `string(line.units) == "99"`},
	} {
		b.Run(way.name, func(b *testing.B) {
			var own []*scrub.Rule
			if way.when != "" {
				own = compile(b, []custom.Definition{{ID: "US101", Severity: "info", Message: "found", When: way.when}})
			}
			for b.Loop() {
				scrubAll(b, data, own)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/20_000, "ns/claim")
		})
	}
}
