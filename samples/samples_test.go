// Package samples_test holds the samples to what README.md says of them.
package samples_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/edi/ack"
	"github.com/gaitkeeper/gaitkeeper/scrub"
	"github.com/gaitkeeper/gaitkeeper/scrub/ncci"
	"github.com/gaitkeeper/gaitkeeper/scrub/rules"
)

// row is a finding, or a claim without one: its Rule is clean.
type row struct {
	Claim          string
	Line           int // LX01; 0 for none
	Rule, Severity string
	Fix            string // safe, unsafe, attest or "by hand"
}

// sample is a file with its section of README.md.
type sample struct {
	file string
	rows []row
}

// table is the cells of the body of a table, without blanks around them.
type table [][]string

// section is a part of README.md below a heading.
type section struct {
	title  string // without back quotes; "" above the first heading
	tables []table
}

func readme(t testing.TB) []section {
	t.Helper()
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	all := []section{{}}
	head := true // the next row of a table is its head
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		s := &all[len(all)-1]
		switch {
		case strings.HasPrefix(line, "## "):
			all = append(all, section{title: strings.Trim(line, "# `")})
		case !strings.HasPrefix(line, "|"):
			head = true
		case strings.HasPrefix(line, "|---"):
		case head:
			head = false
			s.tables = append(s.tables, nil)
		default:
			cells := strings.Split(strings.Trim(line, "|"), "|")
			if strings.HasPrefix(line, "| |") { // Trim took an empty first cell along
				cells = strings.Split(strings.TrimSuffix(line[1:], "|"), "|")
			}
			for i := range cells {
				cells[i] = strings.TrimSpace(cells[i])
			}
			last := len(s.tables) - 1
			s.tables[last] = append(s.tables[last], cells)
		}
	}
	return all
}

// samples are the files whose findings README.md lists.
func samples(t testing.TB) []sample {
	t.Helper()
	var all []sample
	for _, s := range readme(t) {
		if !strings.HasSuffix(s.title, ".837") {
			continue
		}
		if len(s.tables) != 1 {
			t.Fatalf("%s has %d tables, want 1", s.title, len(s.tables))
		}
		out := sample{file: s.title}
		for _, cells := range s.tables[0] {
			if len(cells) != 6 {
				t.Fatalf("%s: %d cells in the row %q", s.title, len(cells), cells)
			}
			r := row{Claim: cells[0], Rule: cells[2], Severity: cells[3]}
			if cells[1] != "" {
				n, err := strconv.Atoi(cells[1])
				if err != nil {
					t.Fatalf("%s: line of %q: %v", s.title, cells, err)
				}
				r.Line = n
			}
			r.Fix, _, _ = strings.Cut(cells[5], ":")
			if r.Fix != "by hand" {
				r.Fix, _, _ = strings.Cut(r.Fix, " ") // attest VALUE
			}
			out.rows = append(out.rows, r)
		}
		all = append(all, out)
	}
	if len(all) == 0 {
		t.Fatal("README.md lists no sample")
	}
	return all
}

// without is the rows of a run that lacks some input: the findings that need it
// are gone, and a claim that has none left is clean.
func (s sample) without(lacks scrub.Needs) []row {
	needs := map[string]scrub.Needs{}
	for _, r := range rules.All() {
		needs[r.ID] = r.Needs
	}
	var out []row
	for i, r := range s.rows {
		if needs[r.Rule]&lacks == 0 {
			out = append(out, r)
			continue
		}
		same := func(o row) bool { return o.Claim == r.Claim && needs[o.Rule]&lacks == 0 }
		told := slices.ContainsFunc(s.rows[:i], func(o row) bool { return o.Claim == r.Claim })
		if !told && !slices.ContainsFunc(s.rows, same) {
			out = append(out, row{Claim: r.Claim, Rule: "clean"})
		}
	}
	return out
}

// outcome is what came out of a run over one file.
type outcome struct {
	rows     []row
	findings []scrub.Finding
	patch    edi.Patch
	fixed    []byte // the file with the edits made
	applied  []scrub.Applied
	faults   []string
	summary  scrub.Summary
}

// run scrubs text with a runner that has no data yet, or only sidecars.
func run(t testing.TB, name string, text []byte, r *scrub.Runner) outcome {
	t.Helper()
	var out outcome
	r.Rules, r.Data.Tables = rules.All(), ncci.Default()
	r.OnFault = func(_ string, e *edi.SyntaxError) { out.faults = append(out.faults, e.Err.Error()) }
	src := scrub.Input{Name: name, Open: func() (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(text)), nil
	}}
	if _, err := r.Survey(context.Background(), src); err != nil {
		t.Fatal(err)
	}
	err := r.Scrub(context.Background(), src, func(res *scrub.Result) error {
		for i := range res.Findings {
			f := res.Findings[i]
			found := row{Claim: f.Claim, Line: f.LineNo, Rule: f.Rule.ID, Severity: f.Severity.String(), Fix: "by hand"}
			if f.Fix != nil {
				found.Fix = f.Fix.Safety.String()
			}
			if f.File != name {
				t.Errorf("%s of claim %s is said to be in %q", f.Rule.ID, f.Claim, f.File)
			}
			out.rows = append(out.rows, found)
			out.findings = append(out.findings, f)
		}
		if res.Claim != nil && res.Claim.Fault == nil && len(res.Findings) == 0 {
			out.rows = append(out.rows, row{Claim: string(res.Claim.ID()), Rule: "clean"})
		}
		for _, e := range res.Edits {
			out.patch = append(out.patch, edi.Edit{Span: e.Span, Old: bytes.Clone(e.Old), New: bytes.Clone(e.New)})
		}
		out.applied = append(out.applied, res.Applied...)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := out.patch.Apply(&b, bytes.NewReader(text)); err != nil {
		t.Fatal(err)
	}
	out.fixed, out.summary = b.Bytes(), r.Summary
	return out
}

func read(t testing.TB, file string) []byte {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// sidecar reads the file beside a sample, such as pt-errors.ytd.csv; nil where
// there is none.
func sidecar[T any](t testing.TB, sample, kind string, parse func(io.Reader) (*T, error)) *T {
	t.Helper()
	path := strings.TrimSuffix(sample, ".837") + "." + kind + ".csv"
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	v, err := parse(f)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return v
}

// runner has the log and the amounts of a sample.
func runner(t testing.TB, file string) *scrub.Runner {
	t.Helper()
	return &scrub.Runner{Data: scrub.Data{
		Log: sidecar(t, file, "minutes", scrub.ReadLog), YTD: sidecar(t, file, "ytd", scrub.ReadYTD),
	}}
}

// TestFindings compares every sample with its table.
func TestFindings(t *testing.T) {
	for _, s := range samples(t) {
		t.Run(s.file, func(t *testing.T) {
			text := read(t, s.file)
			for _, jobs := range []int{1, 4} {
				r := runner(t, s.file)
				r.Jobs = jobs
				got := run(t, s.file, text, r)
				if diff := cmp.Diff(s.rows, got.rows); diff != "" {
					t.Errorf("%d jobs: -README +found\n%s", jobs, diff)
				}
				if got.faults != nil {
					t.Errorf("not clean X12: %v", got.faults)
				}
				if log := r.Data.Log; log != nil && log.Unmatched() > 0 {
					t.Errorf("%d claims of the log are not in the file", log.Unmatched())
				}
			}
			bare := run(t, s.file, text, new(scrub.Runner))
			if diff := cmp.Diff(s.without(scrub.NeedsLog|scrub.NeedsYTD), bare.rows); diff != "" {
				t.Errorf("without files beside it: -README +found\n%s", diff)
			}
		})
	}
}

// TestClean checks that the file of clean claims has nothing but those.
func TestClean(t *testing.T) {
	for _, s := range samples(t) {
		clean := !slices.ContainsFunc(s.rows, func(r row) bool { return r.Rule != "clean" })
		if named := strings.Contains(s.file, "clean"); clean != named {
			t.Errorf("%s: its claims are all clean: %v", s.file, clean)
		}
	}
}

// TestDocumented checks that README.md tells of every file, and counts and line
// ends as they are.
func TestDocumented(t *testing.T) {
	all := readme(t)
	top := all[0].tables
	if len(top) < 2 {
		t.Fatal("README.md does not begin with the table of files and that of the files beside them")
	}
	var told []string
	for _, cells := range top[0] {
		file := strings.Trim(cells[0], "`")
		told = append(told, file)
		text := read(t, file)
		got := run(t, file, text, new(scrub.Runner))
		if n := strconv.Itoa(got.summary.Claims); n != cells[1] {
			t.Errorf("%s: %s claims, README says %s", file, n, cells[1])
		}
		if end := lineEnd(text); end != cells[2] {
			t.Errorf("%s: lines end in %s, README says %s", file, end, cells[2])
		}
	}
	var listed []string
	for _, s := range samples(t) {
		listed = append(listed, s.file)
	}
	if diff := cmp.Diff(told, listed); diff != "" {
		t.Errorf("files -of the first table +with a section\n%s", diff)
	}
	for _, cells := range slices.Concat(top[1], broken(t)) {
		told = append(told, strings.Trim(cells[0], "`"))
	}
	told = append(told, remitFiles(t)...)
	for _, cells := range acks(t) {
		told = append(told, strings.Trim(cells[0], "`"))
	}
	told = append(told, "cms/MCR_MUE_PractitionerServices_Eff_10-01-2026.csv", "cms/ccipra-v323r0-f4.txt",
		"days/1.837", "days/2.837", "days/1.835", "README.md", "payers_test.go", "remits_test.go", "samples_test.go")
	var have []string
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			have = append(have, filepath.ToSlash(path))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(told)
	slices.Sort(have)
	if diff := cmp.Diff(told, have); diff != "" {
		t.Errorf("-README +files\n%s", diff)
	}
}

func broken(t testing.TB) table { return onlyTable(t, "broken") }

func acks(t testing.TB) table { return onlyTable(t, "answers") }

// onlyTable is the table of the section with that title.
func onlyTable(t testing.TB, title string) table {
	t.Helper()
	all := readme(t)
	i := slices.IndexFunc(all, func(s section) bool { return s.title == title })
	if i < 0 || len(all[i].tables) != 1 {
		t.Fatalf("README.md has no table of %s files", title)
	}
	return all[i].tables[0]
}

// TestAnswers compares what the answers say with their table.
func TestAnswers(t *testing.T) {
	for _, cells := range acks(t) {
		file := strings.Trim(cells[0], "`")
		var said []string
		r := ack.NewReader(bytes.NewReader(read(t, file)))
		counts := map[ack.Outcome]int{}
		for {
			answer, err := r.Next()
			if err == io.EOF {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			switch a := answer.(type) {
			case *ack.Interchange:
				said = append(said, "interchange "+a.Verdict.String())
			case *ack.Set:
				said = append(said, "set "+a.Verdict.String())
			case *ack.Claim:
				counts[a.Outcome()]++
			}
		}
		for _, o := range []ack.Outcome{ack.ClaimAccepted, ack.ClaimReceived, ack.ClaimRejected} {
			if n := counts[o]; n > 0 {
				said = append(said, fmt.Sprintf("%d claims %s", n, o))
			}
		}
		if got := strings.Join(said, ", "); got != cells[2] {
			t.Errorf("%s: %q, README says %q", file, got, cells[2])
		}
	}
}

// lineEnd says how all lines of a text end.
func lineEnd(text []byte) string {
	lf, crlf := bytes.Count(text, []byte("\n")), bytes.Count(text, []byte("\r\n"))
	switch {
	case lf == 0:
		return "nothing"
	case !bytes.HasSuffix(text, []byte("\n")):
		return "something, but the last line"
	case crlf == 0:
		return "LF"
	case crlf == lf:
		return "CRLF"
	}
	return "LF or CRLF"
}

// TestBroken compares what is said of the broken files with their table.
func TestBroken(t *testing.T) {
	for _, cells := range broken(t) {
		file := strings.Trim(cells[0], "`")
		got := run(t, file, read(t, file), new(scrub.Runner))
		if said := strings.Join(got.faults, "; "); said != cells[2] {
			t.Errorf("%s: %q is said, README says %q", file, said, cells[2])
		}
		if n := strconv.Itoa(got.summary.Claims); n != cells[3] {
			t.Errorf("%s: %s claims, README says %s", file, n, cells[3])
		}
		if n := strconv.Itoa(got.summary.Claims - got.summary.Unread); n != cells[4] {
			t.Errorf("%s: %s claims judged, README says %s", file, n, cells[4])
		}
		for _, r := range got.rows {
			if r.Rule != "clean" {
				t.Errorf("%s: unexpected %+v", file, r)
			}
		}
	}
}

// TestLossless checks that the segments of every file, with what stands between
// them, are the file.
func TestLossless(t *testing.T) {
	files, err := filepath.Glob("*.837")
	if err != nil {
		t.Fatal(err)
	}
	for _, pattern := range []string{"broken/*", "remits/*", "answers/*"} {
		more, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, more...)
	}
	for _, file := range files {
		text := read(t, file)
		var at int64
		var whole []byte
		s := edi.NewScanner(bytes.NewReader(text))
		s.OnError = func(*edi.SyntaxError) {} // go on; TestBroken looks at them
		for s.Next() {
			g := s.Segment()
			if g.Extent().Start != at {
				t.Fatalf("%s: a segment begins at byte %d, the one before ends at %d", file, g.Extent().Start, at)
			}
			whole = append(append(whole, g.Lead()...), g.Raw()...)
			at = g.Extent().End
			if g.Terminated() {
				whole = append(whole, g.Delims().Terminator)
			}
		}
		whole = append(whole, s.Tail()...)
		if !bytes.Equal(whole, text) {
			t.Errorf("%s: segments and what lies between make %d bytes, the file has %d", file, len(whole), len(text))
		}
	}
}

// segments are the texts of a file's segments.
func segments(t testing.TB, text []byte) []string {
	t.Helper()
	var all []string
	s := edi.NewScanner(bytes.NewReader(text))
	for s.Next() {
		all = append(all, string(s.Segment().Raw()))
	}
	if err := s.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// changed checks that the file was fixed in exactly the segments of the findings
// that want it, and that the edits can be taken back.
func changed(t testing.TB, before []byte, got outcome, want func(*scrub.Finding) bool) {
	t.Helper()
	var expected, differ []int
	for i := range got.findings {
		if f := &got.findings[i]; want(f) {
			expected = append(expected, f.Where.Pos.Segment)
			if !f.Fixed {
				t.Errorf("%s of claim %s is not fixed", f.Rule.ID, f.Claim)
			}
		}
	}
	slices.Sort(expected)
	expected = slices.Compact(expected)
	a, b := segments(t, before), segments(t, got.fixed)
	if len(a) != len(b) {
		t.Fatalf("%d segments became %d", len(a), len(b))
	}
	for i := range a {
		if a[i] != b[i] {
			differ = append(differ, i+1)
		}
	}
	if diff := cmp.Diff(expected, differ); diff != "" {
		t.Errorf("segments -to be fixed +changed\n%s", diff)
	}
	back, err := got.patch.Invert().ApplyBytes(nil, got.fixed, 0)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(back, before) {
		t.Error("taking the edits back does not give the file")
	}
}

// left are the rows of findings that are not fixed, and of claims that have none
// left.
func left(got outcome) []row {
	var out []row
	told := map[string]bool{}
	n := 0
	for i, r := range got.rows {
		if r.Rule == "clean" {
			out = append(out, r)
			continue
		}
		f := &got.findings[n]
		n++
		if !f.Fixed {
			out = append(out, r)
			told[r.Claim] = true
			continue
		}
		more := slices.ContainsFunc(got.rows[i+1:], func(o row) bool { return o.Claim == r.Claim })
		if !more && !told[r.Claim] && r.Claim != "" {
			out = append(out, row{Claim: r.Claim, Rule: "clean"})
		}
	}
	return out
}

func isSafe(f *scrub.Finding) bool { return f.Fix != nil && f.Fix.Safety == scrub.Safe }

// TestSafeFixes makes the safe fixes: none is left, nothing else has changed, and
// what was found besides is found again.
func TestSafeFixes(t *testing.T) {
	for _, s := range samples(t) {
		t.Run(s.file, func(t *testing.T) {
			text := read(t, s.file)
			r := runner(t, s.file)
			r.Fix, r.Least = true, scrub.Safe
			got := run(t, s.file, text, r)
			changed(t, text, got, isSafe)
			for _, a := range got.applied {
				if a.Safety != scrub.Safe {
					t.Errorf("the %s fix of %s was made", a.Safety, a.Rule.ID)
				}
			}
			again := run(t, s.file, got.fixed, runner(t, s.file))
			if diff := cmp.Diff(left(got), again.rows); diff != "" {
				t.Errorf("-left +found in the fixed file\n%s", diff)
			}
			if slices.ContainsFunc(again.rows, func(r row) bool { return r.Fix == "safe" }) {
				t.Error("a safe fix is left")
			}
		})
	}
}

// TestAttested makes the attested fixes as well: each row of the file answers one
// finding.
func TestAttested(t *testing.T) {
	const file = "pt-errors.837"
	text := read(t, file)
	r := runner(t, file)
	r.Fix, r.Least, r.Attest = true, scrub.Safe, sidecar(t, file, "attest", scrub.ReadAttestations)
	got := run(t, file, text, r)
	var values []string
	for _, a := range got.applied {
		if a.Attestation != nil {
			values = append(values, a.Line+" "+a.Rule.ID+" "+a.Attestation.Value)
		}
	}
	want := []string{"PT2003-1 MO101 GP", "PT2006-2 BU102 59", "PT2007-2 BU102 XS", "PT2011-1 MO120 KX"}
	if diff := cmp.Diff(want, values); diff != "" {
		t.Errorf("attested fixes -want +made\n%s", diff)
	}
	rowsOf := strings.Count(strings.TrimSpace(string(read(t, "pt-errors.attest.csv"))), "\n")
	if rowsOf != len(want) {
		t.Errorf("%d rows in the attestation file, %d of them used", rowsOf, len(want))
	}
	changed(t, text, got, func(f *scrub.Finding) bool {
		return isSafe(f) || f.Fix != nil && f.Fix.Safety == scrub.Attest && f.Rule.ID != "MO113"
	})
	again := run(t, file, got.fixed, runner(t, file))
	if diff := cmp.Diff(left(got), again.rows); diff != "" {
		t.Errorf("-left +found in the fixed file\n%s", diff)
	}
}
