package render_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/gaitkeeper/gaitkeeper/cmd/internal/render"
	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/scrub"
)

var delims = edi.Delims{Element: '*', Repetition: '^', Component: ':', Terminator: '~'}

var rule = &scrub.Rule{
	ID: "XX101", Name: "example", Severity: scrub.Error, What: "an example",
	Denials: []scrub.Denial{{Group: "CO", CARC: "4", RARCs: []string{"N519"}}, {Group: "PR", CARC: "119"}},
	Sources: []scrub.Source{{Text: "a book", From: "2020-01-01"}},
}

// finding is one on an element of a segment that begins at byte 1000, in column 1.
func finding(segment, element string) *scrub.Finding {
	from := int64(1000 + strings.Index(segment, element))
	return &scrub.Finding{
		Rule: rule, Severity: scrub.Error, File: "a.837", Claim: "C1", Line: "L1", LineNo: 1, Code: "97110", Date: 20260310,
		Message: "something", Segment: []byte(segment), Delims: delims,
		Where: scrub.Where{
			Span: edi.Span{Start: from, End: from + int64(len(element))},
			Pos:  edi.Pos{Offset: 1000, Segment: 27, SetSegment: 25, Line: 27, Column: 1}, Loop: "2400", Tag: segment[:3], Element: 1, Component: 2,
		},
	}
}

func show(t *testing.T, format string, o render.Options, list ...*scrub.Finding) string {
	t.Helper()
	var b bytes.Buffer
	sink := render.New(format, &b, o)
	for _, f := range list {
		if err := sink.Finding(f); err != nil {
			t.Fatal(err)
		}
	}
	if err := sink.Close(&render.Summary{Type: "summary"}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestText(t *testing.T) {
	long := "HI*ABK:M6281" + strings.Repeat("*ABF:R262", 30) + "*ABF:G8190" + strings.Repeat("*ABF:R262", 30)
	added := finding("SV1*HC:97110*31*UN", "UN")
	added.Where.Span = edi.Span{Start: 1018, End: 1018} // behind the segment: an element that is not there
	for _, test := range []struct {
		name string
		f    *scrub.Finding
		want string
	}{
		{"mark", finding("SV1*HC:97110*31", "97110"), "" +
			"  27 | SV1*HC:97110*31\n" +
			"     |        ^^^^^\n"},
		{"nothing there", added, "" +
			"  27 | SV1*HC:97110*31*UN\n" +
			"     |                   ^\n"},
		{"masked", finding("NM1*IL*1*SURNAME*GIVEN", "SURNAME"), "" +
			"  27 | NM1*IL*1*xxxxxxx*xxxxx\n" +
			"     |          ^^^^^^^\n"},
		{"bytes that are no UTF-8", finding("SV1*HC:97110:\xe9\xe9*31", "31"), "" +
			"  27 | SV1*HC:97110:éé*31\n" +
			"     |                 ^^\n"},
		{"control bytes", finding("SV1*HC:9\x1b[2J*31", "31"), "" +
			"  27 | SV1*HC:9.xxx*xx\n" +
			"     |              ^^\n"},
	} {
		got := show(t, "text", render.Options{Quiet: true}, test.f)
		if _, excerpt, _ := strings.Cut(got, "\n"); excerpt != test.want+"\n" {
			t.Errorf("%s:\n%s", test.name, cmp.Diff(test.want+"\n", excerpt))
		}
		if strings.ContainsRune(got, 0x1b) {
			t.Errorf("%s: an escape sequence gets through: %q", test.name, got)
		}
	}

	// A long segment is shown around the mark, and the mark stands under the element.
	lines := strings.Split(show(t, "text", render.Options{Quiet: true, ShowPHI: true}, finding(long, "G8190")), "\n")
	at := strings.Index(lines[2], "^")
	if width := utf8.RuneCountInString(lines[1]); width > 120 || lines[1][at:at+5] != "G8190" || !strings.Contains(lines[1], "...") {
		t.Errorf("%d wide:\n%s", width, strings.Join(lines, "\n"))
	}
}

// TestColor: without its escape sequences colored text is the plain one.
func TestColor(t *testing.T) {
	list := []*scrub.Finding{finding("SV1*HC:97110*31", "97110")}
	list[0].Fix = &scrub.Fix{Safety: scrub.Safe, Message: "do it"}
	plain, colored := show(t, "text", render.Options{}, list...), show(t, "text", render.Options{Style: true}, list...)
	for _, code := range []string{"0", "1", "2", "32", "1;31", "1;33", "1;34"} {
		colored = strings.ReplaceAll(colored, "\x1b["+code+"m", "")
	}
	if diff := cmp.Diff(plain, colored); diff != "" {
		t.Errorf("-plain +colored\n%s", diff)
	}
}

func TestWire(t *testing.T) {
	f := finding("SV1*HC:97110*31", "HC:97110")
	f.Claim, f.Message = "C\xe9", "said \xe9 <&>"
	f.Fix = &scrub.Fix{Safety: scrub.Unsafe, Message: "do it", Edits: []edi.Edit{{Span: edi.Span{Start: 1, End: 2}, Old: []byte("\xe9"), New: []byte("e")}}}
	claim, line, number, code, date := "Cé", "L1", 1, "97110", "2026-03-10"
	want := render.Finding{
		Type: "finding", File: "a.837", Rule: "XX101", Name: "example", Severity: "error",
		Claim: &claim, Line: &line, LineNumber: &number, Code: &code, ServiceDate: &date, Message: "said é <&>",
		Where: render.Where{
			Offset: 1004, End: 1012, Line: 27, Column: 5, Segment: 27, SetSegment: 25, Loop: "2400", Tag: "SV1", Element: 1, Component: 2,
		},
		Fix:      &render.Fix{Safety: "unsafe", Message: "do it", Edits: []render.Edit{{Offset: 1, End: 2, Old: "é", New: "e"}}},
		Predicts: []render.Denial{{Group: "CO", CARC: "4", RARC: []string{"N519"}}, {Group: "PR", CARC: "119", RARC: []string{}}},
		Sources:  []string{"a book (from 2020-01-01)"},
	}
	if diff := cmp.Diff(want, render.Options{}.NewFinding(f)); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	var got render.Finding
	first, _, _ := strings.Cut(show(t, "ndjson", render.Options{}, f), "\n")
	if err := json.Unmarshal([]byte(first), &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("ndjson: -want +got\n%s", diff)
	}

	// What is not there is null, and lists are lists.
	empty := &scrub.Finding{Rule: &scrub.Rule{ID: "XX102"}, Segment: []byte("SE*1"), Delims: delims}
	text := show(t, "ndjson", render.Options{}, empty)
	for _, part := range []string{
		`"claim":null,"line":null,"line_number":null,"code":null,"service_date":null`, `"fix":null`, `"predicts":[]`, `"sources":[]`,
	} {
		if !strings.Contains(text, part) {
			t.Errorf("no %s in %s", part, text)
		}
	}
}

func TestCSV(t *testing.T) {
	f := finding("SV1*HC:97110*31", "HC:97110")
	f.File, f.Claim, f.Line, f.Message = "-x.837", "=1+1", "@cmd", "a \"quoted\", text\nof two lines"
	f.Fix = &scrub.Fix{Message: "+1"}
	rows, err := csv.NewReader(strings.NewReader(show(t, "csv", render.Options{}, f, f))).ReadAll()
	if err != nil || len(rows) != 3 {
		t.Fatal(err, rows)
	}
	want := map[string]string{
		"file": "'-x.837", "claim": "'=1+1", "line": "'@cmd", "line_number": "1", "code": "97110", "service_date": "2026-03-10",
		"rule": "XX101", "name": "example", "severity": "error", "message": "a \"quoted\", text\nof two lines",
		"segment": "27", "loop": "2400", "tag": "SV1", "element": "1", "component": "2", "offset": "1004", "end": "1012",
		"fix_safety": "attest", "fix": "'+1", "fixed": "false", "predicts": "CO-4 N519; PR-119",
		"snip": "", "ik304": "", "ik403": "", "ik502": "", "ak905": "", "ta105": "", "stc": "",
	}
	got := map[string]string{}
	for i, name := range rows[0] {
		got[name] = rows[1][i]
		if s := rows[1][i]; s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
			t.Errorf("%s is a formula: %s", name, s)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// TestSummaryText: what is said of a run, by what it saw.
func TestSummaryText(t *testing.T) {
	found := map[string]int{"error": 1, "warning": 2}
	for _, test := range []struct {
		sum    render.Summary
		fixing bool
		want   string
	}{
		{render.Summary{Claims: 2}, false, "Nothing found.\n"},
		{render.Summary{Claims: 2, Faults: 1}, false, "Nothing found in what could be read.\n"},
		{render.Summary{Claims: 2, Unreadable: 1}, false, "Nothing found in what could be read.\n"},
		{render.Summary{Claims: 2, Unread: 2, Faults: 1}, false, "No claim was judged.\n"},
		{render.Summary{}, false, "No claim was judged.\n"},
		{render.Summary{Claims: 2, Findings: found}, false, "Found 3 findings: 1 error, 2 warnings, 0 info.\n"},
		{render.Summary{Claims: 2, Findings: found, Fixed: 2}, true, "Found 3 findings: 2 fixed, 1 left.\n"},
	} {
		var b bytes.Buffer
		if err := render.New("text", &b, render.Options{Fixing: test.fixing}).Close(&test.sum); err != nil {
			t.Fatal(err)
		}
		if got, _, _ := strings.Cut(b.String(), "\n"); got+"\n" != test.want {
			t.Errorf("%+v: %q, want %q", test.sum, got, test.want)
		}
	}
}

func TestUnknownFormat(t *testing.T) {
	if render.New("xml", &bytes.Buffer{}, render.Options{}) != nil {
		t.Error("xml is a format")
	}
	for _, format := range render.Formats {
		if render.New(format, &bytes.Buffer{}, render.Options{}) == nil {
			t.Errorf("%s is none", format)
		}
	}
}
