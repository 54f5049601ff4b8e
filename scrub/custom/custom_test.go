package custom_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gaitkeeper/gaitkeeper/edi/editest"
	"github.com/gaitkeeper/gaitkeeper/scrub"
	"github.com/gaitkeeper/gaitkeeper/scrub/config"
	"github.com/gaitkeeper/gaitkeeper/scrub/custom"
	"github.com/gaitkeeper/gaitkeeper/scrub/ncci"
	"github.com/gaitkeeper/gaitkeeper/scrub/rules"
)

// sound is a rule with nothing wrong; what a test says takes the place of its lines.
var sound = []string{
	`id = "US101"`, `severity = "error"`, `message = "found"`, `when = 'line.units > 4'`,
}

func table(lines ...string) string {
	out := []string{"[[rule]]"}
	for _, s := range append(append([]string{}, sound...), lines...) {
		key, _, _ := strings.Cut(s, " ")
		replaced := false
		for i := range out {
			if strings.HasPrefix(out[i], key+" ") {
				out[i], replaced = s, true
			}
		}
		if !replaced {
			out = append(out, s)
		}
	}
	return strings.Join(out, "\n") + "\n"
}

// Whatever is wrong is told with its place in the configuration.
func TestErrors(t *testing.T) {
	tests := []struct {
		name, toml string
		want       []string
	}{
		{"id missing", table(`id = ""`), []string{"1:3: a rule needs an id, such as US101"}},
		{"id format", table(`id = "units"`), []string{`2:7: id "units" is not two capital letters and three digits, such as US101`}},
		{"family", table(`id = "MO999"`), []string{"2:7: id MO999 is of a family of the catalogue; take one of your own, such as US999"}},
		{"id twice", table() + table(), []string{"7:7: id US101 is taken by a rule above"}},
		{"name format", table(`name = "Two Words"`), []string{`6:9: name "Two Words" is not small letters, digits and hyphens, such as units-a-day`}},
		{"name taken", table(`name = "claim-total"`), []string{"6:9: name claim-total is taken by another rule"}},
		{"severity missing", table(`severity = ""`), []string{"1:3: a rule needs a severity: error, warning or info"}},
		{"severity", table(`severity = "fatal"`), []string{`3:13: severity "fatal" is none of error, warning, info`}},
		{"no condition", table(`when = ' '`), []string{"1:3: a rule needs a condition: when = 'line.units > 4'"}},
		{"no message", table(`message = ""`), []string{"1:3: a rule needs a message"}},
		{"window", table(`from = 2026-02-01`, `until = 2026-01-01`), []string{"7:9: ends before it begins"}},
		{"each", table(`each = "visit"`), []string{`6:9: each is "visit"; it must be one of line, day, claim`}},
		{"each too large", table(`each = "day"`), []string{`6:9: each is "day", but the rule speaks of line`}},
		{"each of a message", table(`when = 'claim.charge > 4'`, `message = "{day.date}"`, `each = "claim"`), []string{`6:9: each is "claim", but the rule speaks of day`}},

		{"field", table(`when = 'line.code == "97110" && line.unit > 4'`), []string{"5:38: line has no field unit; did you mean units?"}},
		{"field, far", table(`when = 'payer.something == ""'`), []string{"5:15: payer has no field something; it has id, name, filing, profile"}},
		{"field of a quantifier", table(`when = 'claim.lines.exists(l, l.cod == "")'`), []string{"5:33: no field cod; did you mean code?"}},
		{"variable", table(`when = 'lin.units > 4'`), []string{"5:9: no variable or function lin; did you mean line?"}},
		{"variable, far", table(`when = 'x > 4'`), []string{"5:9: no variable or function x; variables are claim, line, payer, patient, day, history"}},
		{"function", table(`when = 'line.units > sum(line)'`), []string{"5:22: no variable or function sum; variables are claim, line, payer, patient, day, history"}},
		{"types", table(`when = 'line.units > "4"'`), []string{"5:20: '>' does not take (whole number, text)"}},
		{"fraction", table(`when = 'line.charge == 31'`), []string{"5:21: '==' does not take (number, whole number); write the number with a point, such as 2.0"}},
		{"no condition of truth", table(`when = 'line.units'`), []string{"5:9: when is whole number; it must be true or false"}},
		{"one equal sign", table(`when = 'line.code = "97110"'`), []string{"5:19: not understood: '= '; two things are compared with =="}},
		{"unfinished", table(`when = '(line.units > '`), []string{"5:23: not expected here: the end"}},
		{"day", table(`when = 'line.date > date("2026-02-30")'`), []string{`5:26: "2026-02-30" is not a day, such as 2026-01-31`}},
		{"pattern", table(`when = 'line.code.matches("(")'`), []string{"5:27: missing closing ): `(`"}},
		{"cost", table(`when = 'claim.lines.all(a, claim.lines.all(b, claim.lines.all(c, a.units + b.units > c.units)))'`), []string{"5:9: it may cost 1390303 steps for each claim of usual size, more than 50000: look through fewer lists in each other"}},
		{"all at once", table(`when = 'lin.units > line.unit'`, `severity = "x"`), []string{
			`3:13: severity "x" is none of error, warning, info`, "5:9: no variable or function lin; did you mean line?", "5:26: line has no field unit; did you mean units?",
		}},

		{"others speak of it", table(`when = 'line.unit > 4'`) + "[severity]\nUS101 = \"info\"\nUS102 = \"info\"", []string{
			"5:14: line has no field unit; did you mean units?", `8:1: no rule "US102"; did you mean US101?`,
		}},
		{"open brace", table(`message = "{line.code"`), []string{"4:12: { is not closed; a brace that is meant as such is doubled"}},
		{"lone brace", table(`message = "a } b"`), []string{"4:14: } without {; a brace that is meant as such is doubled"}},
		{"empty braces", table(`message = "{ }"`), []string{"4:13: nothing stands between the braces"}},
		{"message field", table(`message = "of {line.unit}"`), []string{"4:21: line has no field unit; did you mean units?"}},
		{"message type", table(`message = "{payer}"`), []string{"4:13: Payer is no text, number, date or list of texts"}},

		// Places in texts of more lines, and behind escapes.
		{"lines", table("when = '''\nline.code == \"97110\" &&\n  line.unit > 4'''"), []string{"7:8: line has no field unit; did you mean units?"}},
		{"lines, escapes", table("when = \"\"\"\nline.code == \\\"97110\\\" &&\n  line.code == \\\"\\u0041\\\" || line.unit > 4\"\"\""), []string{"7:35: line has no field unit; did you mean units?"}},
		{"lines, joined", table("when = \"\"\"line.units > 4 || \\\n    line.unit > 4\"\"\""), []string{"6:10: line has no field unit; did you mean units?"}},
		{"escapes", table(`when = "line.code == \"97110\" && line.unit > 4"`), []string{"5:40: line has no field unit; did you mean units?"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := config.Read("g.toml", []byte(test.toml), rules.All(), nil)
			if err == nil {
				t.Fatal("nothing is told")
			}
			if diff := cmp.Diff(test.want, strings.Split(strings.ReplaceAll(err.Error(), "g.toml:", ""), "\n")); diff != "" {
				t.Errorf("%s\n%s", test.toml, diff)
			}
		})
	}
}

// What a rule says of a claim: messages, places, and what it could not judge.
func TestFindings(t *testing.T) {
	tests := []struct {
		name, toml string
		changes    []change
		want       []string
	}{
		{
			"values", table(`when = 'line.number == 1'`, `message = "{{{line.code}}} {line.modifiers} {line.units} {line.charge} {line.date} {line.timed} {claim.lines.map(l, l.code)} {payer.id + \"/\" + payer.profile}"`),
			nil,
			[]string{"US101 error 1: {97110} GP 2 62.00 2026-03-10 true 97110, 97116, 97140 04011/medicare"},
		},
		{"text that cannot be shown", table(`when = 'claim.charge > 1'`, `message = "{payer.name} {payer.name + \"!\"}"`), []change{{"MEDICARE PART B", "A\x1b[2JB\xff"}}, []string{"US101 error 0: A\ufffd[2JB\ufffd A\ufffd[2JB\ufffd!"}},
		{"lines of a message", table(`when = 'claim.charge > 1'`, "message = \"\"\"\nof {payer.id}  on\n   the \nclaim\n\"\"\""), nil, []string{"US101 error 0: of 04011  on the claim"}},
		{"value not known", table(`when = 'line.number == 1'`, `message = "{line.units} of {patient.age + 1}"`), []change{{"62*UN*2", "62*UN*1.5"}, {"19500101", "19509901"}}, []string{"US101 error 1: ? of ?"}},
		{"once for the claim", table(`when = 'claim.charge > 100'`), nil, []string{"US101 error 0: found"}},
		{"once for each line", table(`when = 'claim.charge > 100'`, `each = "line"`), nil, []string{"US101 error 1: found", "US101 error 2: found", "US101 error 3: found"}},
		{"once for each day", table(`when = 'day.timed_units > 0'`), []change{{"LX*3\nSV1*HC:97140:GP*62*UN*1***1\nDTP*472*D8*20260310", "LX*3\nSV1*HC:97140:GP*62*UN*1***1\nDTP*472*D8*20260311"}}, []string{"US101 error 1: found", "US101 error 3: found"}},
		{"from", table(`when = 'line.number == 1'`, `from = 2026-03-11`), nil, nil},
		{"from the day", table(`when = 'line.number == 1'`, `from = 2026-03-10`), nil, []string{"US101 error 1: found"}},
		{"until", table(`when = 'line.number == 1'`, `until = 2026-03-09`), nil, nil},
		{"a window and no date", table(`when = 'line.number == 1'`, `until = 2026-03-10`), []change{{"D8*20260310", "D8*20269910"}}, nil},

		{"not known, once", table(`when = 'patient.age < 18 && line.therapy'`), []change{{"19500101", "19509901"}}, []string{"US101 info 1: not judged by this rule: patient.age is not known"}},
		{"not known, and does not matter", table(`when = 'patient.age < 18 && line.code == "1"'`), []change{{"19500101", "19509901"}}, nil},
		{"not known, in the claim's part", table(`when = 'claim.charge > 18 && line.code == "97116"'`), []change{{"*186*", "**"}}, []string{"US101 info 2: not judged by this rule: claim.charge is not known"}},
		{"not known, by a program", table(`when = 'string(patient.age) == "1"'`), []change{{"19500101", "19509901"}}, []string{"US101 info 0: not judged by this rule: patient.age is not known"}},
		{"asked for", table(`when = 'has(patient.age) && patient.age < 18'`), []change{{"19500101", "19509901"}}, nil},
		{"one line of three", table(`when = 'line.units > 1'`), []change{{"62*UN*1***1:2", "62*MJ*15***1:2"}}, []string{"US101 error 1: found", "US101 info 2: not judged by this rule: line.units is not known"}},
		{"division", table(`when = '10 / (line.units - line.units) > 1'`), nil, []string{"US101 info 1: not judged by this rule: a number is divided by zero"}},
		{"index", table(`when = 'line.modifiers[1] == "KX"'`), nil, []string{"US101 info 1: not judged by this rule: a list is shorter than that"}},
		{"no data in errors", table(`when = 'int(claim.id) > 1'`), nil, []string{"US101 info 0: not judged by this rule: a value is not what a function takes"}},
		{"key", table(`when = '{"a": 1}[line.code] > 1'`), nil, []string{"US101 info 1: not judged by this rule: a map has no such key"}},

		{"void", table(`when = 'true'`), []change{{"11:B:1", "11:B:8"}}, nil},
		{"replacement", table(`when = 'claim.frequency == "7" && claim.original == "ICN1"'`), []change{{"11:B:1", "11:B:7"}, {"REF*EA*MRN1", "REF*F8*ICN1"}}, []string{"US101 error 0: found"}},
		{"day over claims", table(`when = 'day.units("97110") == 4 && day.units("97140") == 2 && day.units("x") == 0'`), []change{{another, "HC:97110"}}, []string{"US101 error 1: found", "US101 error 1: found"}},
		{"same services", table(`when = 'history.same_services && !history.same_claim'`), []change{{another, "HC:97110"}}, []string{"US101 error 0: found"}},
		{"no input", table(`when = 'history.allowed_ot > 1'`), nil, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, told(t, test.toml, changed(t, test.changes), nil)); diff != "" {
				t.Errorf("%s\n%s", test.toml, diff)
			}
		})
	}
}

func reader(data []byte) func() (io.ReadCloser, error) {
	return func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }
}

// A rule that lacks an input is listed, not run.
func TestNotChecked(t *testing.T) {
	own := compile(t, []custom.Definition{{ID: "US101", Severity: "info", Message: "found", When: "history.allowed_ot > 1"}})
	r := scrub.Runner{Rules: own}
	if got := r.NotChecked(scrub.NeedsYTD); len(got) != 1 || got[0] != "US101" {
		t.Errorf("%v", got)
	}
}

// A claim far beyond the usual size does not hold a run up: the rule stops and says so.
func TestSteps(t *testing.T) {
	for _, when := range []string{
		`claim.lines.all(a, claim.lines.all(b, a.units + b.units < 100))`,
		`line.units > 0 && claim.lines.all(a, claim.lines.all(b, a.units + b.units < 100))`,
		`claim.lines.all(a, claim.lines.all(b, string(a.units) != string(b.units + 1)))`,
		`line.units > 0 && claim.lines.all(a, claim.lines.all(b, string(a.units) != string(b.units + 1)))`,
	} {
		segments := editest.Interchange(editest.Shape{Lines: 2000})
		own := compile(t, []custom.Definition{{ID: "US101", Severity: "error", Message: "found", When: when}})
		in := scrub.Input{Name: "test.837", Open: reader(editest.Render(segments, editest.Wrapped))}
		r := scrub.Runner{Rules: own, Data: scrub.Data{Tables: ncci.Default()}, Jobs: 1}
		if _, err := r.Survey(context.Background(), in); err != nil {
			t.Fatal(err)
		}
		var got []string
		err := r.Scrub(context.Background(), in, func(res *scrub.Result) error {
			for _, f := range res.Findings {
				got = append(got, fmt.Sprint(f.Severity, " ", f.Message))
			}
			return nil
		})
		if want := "info not judged by this rule: it takes too long on this claim"; err != nil || len(got) != 1 || got[0] != want {
			t.Errorf("%s: %q, %v", when, got, err)
		}
	}
}

// The same findings come out however many goroutines judge, and a choice of rules is
// kept.
func TestJobs(t *testing.T) {
	own := compile(t, []custom.Definition{
		{ID: "US101", Severity: "error", Message: "{line.code}", When: `line.code == "97110"`},
		{ID: "US102", Severity: "info", Message: "{claim.id}", When: `claim.lines.exists(l, l.code == "97140")`},
		{ID: "US103", Severity: "info", Message: "left out", When: "true"},
	})
	data := editest.Render(editest.Claims(200), editest.Wrapped)
	var first []string
	for _, jobs := range []int{1, 4} {
		in := scrub.Input{Name: "test.837", Open: reader(data)}
		r := scrub.Runner{Rules: own[:2], Data: scrub.Data{Tables: ncci.Default()}, Jobs: jobs}
		if _, err := r.Survey(context.Background(), in); err != nil {
			t.Fatal(err)
		}
		var got []string
		err := r.Scrub(context.Background(), in, func(res *scrub.Result) error {
			for _, f := range res.Findings {
				got = append(got, f.Rule.ID+" "+f.Claim+" "+f.Message)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = got
		}
		if diff := cmp.Diff(first, got); diff != "" || len(got) != 400 {
			t.Errorf("%d findings with %d goroutines:\n%s", len(got), jobs, diff)
		}
	}
}

// FuzzCompile looks for conditions and messages that make the compiler panic.
func FuzzCompile(f *testing.F) {
	for _, d := range hundred()[:10] {
		f.Add(d.When, "{line.code}")
	}
	f.Add("lin.unit == '\\x'", "{a{}}")
	f.Add("[1, 2][0] in {1: 2}", "}{ {\"}\"} {{")
	f.Add("claim.lines.filter(l, l.units > 1).size() > 1 ? has(line.date) : 1 in [1]", "{claim.lines[0].code}")
	f.Add("\xff\n\tline.é", "{\n\xff}")
	catalogue := rules.All()
	data := editest.Render(editest.Claims(1), editest.Wrapped)
	f.Fuzz(func(t *testing.T, when, message string) {
		own, errs := custom.Compile([]custom.Definition{{ID: "US101", Severity: "info", When: when, Message: message}}, catalogue)
		for _, e := range errs {
			limit := map[string]int{"when": len(when), "message": len(message)}[e.Key]
			if e.Text == "" || e.Offset < 0 || e.Offset > limit {
				t.Errorf("%q, %q: %+v", when, message, *e)
			}
		}
		if errs == nil {
			scrubAll(t, data, own)
		}
	})
}
