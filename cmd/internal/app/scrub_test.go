package app

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/gaitkeeper/gaitkeeper/cmd/internal/render"
	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/edi/editest"
	"github.com/gaitkeeper/gaitkeeper/scrub"
	"github.com/gaitkeeper/gaitkeeper/scrub/rules"
)

// The fields of schema gaitkeeper/1. More may come; none may go.
var (
	findingFields = []string{
		"type", "file", "rule", "name", "severity", "claim", "line", "line_number", "code", "service_date",
		"message", "where", "fix", "fixed", "predicts", "sources",
	}
	whereFields   = []string{"offset", "end", "line", "column", "segment", "set_segment", "loop", "tag", "element", "component"}
	fixFields     = []string{"safety", "message", "edits"}
	editFields    = []string{"offset", "end", "old", "new"}
	denialFields  = []string{"group", "carc", "rarc"}
	summaryFields = []string{
		"type", "schema", "files", "interchanges", "segments", "claims", "claims_unread", "lines", "findings", "fixable", "fixed",
		"bytes", "rules_version", "rules", "not_checked", "data", "syntax_errors", "files_unreadable",
	}
	dataFields = []string{"name", "as_of", "from", "to", "source"}
)

type object = map[string]any

func has(t *testing.T, what string, o any, fields []string) object {
	t.Helper()
	m, ok := o.(object)
	if !ok {
		t.Fatalf("%s is %T", what, o)
	}
	for _, f := range fields {
		if _, ok := m[f]; !ok {
			t.Errorf("%s has no field %s", what, f)
		}
	}
	return m
}

// TestNDJSON checks every field of the schema against the file, in every layout.
func TestNDJSON(t *testing.T) {
	for _, layout := range editest.Layouts {
		t.Run(layout.String(), func(t *testing.T) {
			file := editest.Render(faulty(50), layout)
			path := write(t, file, t.TempDir(), "batch.837")
			got := gaitkeeper(t, "scrub", "--format", "ndjson", path).mustExit(t, exitFindings)
			lines := strings.Split(strings.TrimSuffix(got.stdout, "\n"), "\n")
			counts := map[string]int{}
			for _, line := range lines[:len(lines)-1] {
				var o any
				if err := json.Unmarshal([]byte(line), &o); err != nil {
					t.Fatal(err)
				}
				has(t, "finding", o, findingFields)
				has(t, "where", o.(object)["where"], whereFields)
				if fix := o.(object)["fix"]; fix != nil {
					for _, e := range has(t, "fix", fix, fixFields)["edits"].([]any) {
						has(t, "edit", e, editFields)
					}
				}
				for _, d := range o.(object)["predicts"].([]any) {
					has(t, "denial", d, denialFields)
				}
				var f render.Finding
				if err := json.Unmarshal([]byte(line), &f); err != nil {
					t.Fatal(err)
				}
				if f.Type != "finding" || f.File != path {
					t.Errorf("type %q, file %q", f.Type, f.File)
				}
				counts[f.Severity]++
				checkFinding(t, file, layout, &f)
			}
			var o any
			if err := json.Unmarshal([]byte(lines[len(lines)-1]), &o); err != nil {
				t.Fatal(err)
			}
			sum := has(t, "summary", o, summaryFields)
			for _, d := range sum["data"].([]any) {
				has(t, "dataset", d, dataFields)
			}
			want := object{
				"type": "summary", "schema": "gaitkeeper/1", "files": 1.0, "interchanges": 1.0, "claims": 50.0, "claims_unread": 0.0,
				"lines": 150.0, "bytes": float64(len(file)), "rules_version": rules.Version, "fixed": 0.0, "syntax_errors": 0.0,
				"findings": object{"error": float64(counts["error"]), "warning": float64(counts["warning"]), "info": float64(counts["info"])},
			}
			maps.DeleteFunc(sum, func(k string, _ any) bool { _, ok := want[k]; return !ok })
			if diff := cmp.Diff(want, sum); diff != "" {
				t.Errorf("summary: -want +got\n%s", diff)
			}
		})
	}
}

// checkFinding compares places with the bytes of the file.
func checkFinding(t *testing.T, file []byte, layout editest.Layout, f *render.Finding) {
	t.Helper()
	rule := scrub.Find(rules.All(), f.Rule)
	if rule == nil || rule.Name != f.Name {
		t.Errorf("rule %s with name %s", f.Rule, f.Name)
	}
	w := &f.Where
	if w.Offset < 0 || w.Offset > w.End || w.End > int64(len(file)) {
		t.Fatalf("%s: bytes %d to %d of %d", f.Rule, w.Offset, w.End, len(file))
	}
	before := file[:w.Offset]
	if n := bytes.Count(before, []byte("\n")) + 1; w.Line != n && layout.LineEnd != "" {
		t.Errorf("%s: line %d, want %d", f.Rule, w.Line, n)
	}
	if n := len(before) - bytes.LastIndexByte(before, '\n'); w.Column != n && layout.LineEnd != "" {
		t.Errorf("%s: column %d, want %d", f.Rule, w.Column, n)
	}
	if n := bytes.Count(before[106:], []byte{layout.Terminator}) + 2; w.Segment != n {
		t.Errorf("%s: segment %d, want %d", f.Rule, w.Segment, n)
	}
	// The segment, element and component again, by cutting the text.
	segment := bytes.TrimLeft(bytes.Split(file, []byte{layout.Terminator})[w.Segment-1], "\r\n")
	elements := bytes.Split(segment, []byte{layout.Element})
	if string(elements[0]) != w.Tag {
		t.Errorf("%s: tag %s, want %s", f.Rule, w.Tag, elements[0])
	}
	if w.Element > 0 && w.Element < len(elements) {
		want := elements[w.Element]
		if w.Component > 0 {
			want = bytes.Split(want, []byte{layout.Component})[w.Component-1]
		}
		if got := file[w.Offset:w.End]; !bytes.Equal(got, want) {
			t.Errorf("%s at %s%02d-%d: %q, want %q", f.Rule, w.Tag, w.Element, w.Component, got, want)
		}
	}
	if f.Fix != nil {
		for _, e := range f.Fix.Edits {
			if got := file[e.Offset:e.End]; string(got) != e.Old {
				t.Errorf("%s: the edit expects %q, the file has %q", f.Rule, e.Old, got)
			}
		}
	}
	if (f.Line == nil) != (f.LineNumber == nil) || f.Claim == nil && !strings.HasPrefix(f.Rule, "EN") {
		t.Errorf("%s: claim %v, line %v, number %v", f.Rule, f.Claim, f.Line, f.LineNumber)
	}
}

// TestJSON: one valid document with the findings of ndjson.
func TestJSON(t *testing.T) {
	dir := t.TempDir()
	for name, claims := range map[string][]string{"faulty": faulty(20), "clean": editest.Claims(3)} {
		path := write(t, editest.Render(claims, editest.OneLine), dir, name)
		var doc struct {
			Schema   string
			Findings []json.RawMessage
			Summary  json.RawMessage
		}
		if err := json.Unmarshal([]byte(gaitkeeper(t, "scrub", "--format", "json", path).stdout), &doc); err != nil {
			t.Fatal(err)
		}
		var lines []string
		for _, o := range append(doc.Findings, doc.Summary) {
			lines = append(lines, string(o))
		}
		want := gaitkeeper(t, "scrub", "--format", "ndjson", path).stdout
		if diff := cmp.Diff(want, strings.Join(lines, "\n")+"\n"); diff != "" || doc.Schema != "gaitkeeper/1" || doc.Findings == nil {
			t.Errorf("%s: -ndjson +json\n%s", name, diff)
		}
	}
}

// TestSARIF: one valid document; results point at rules and at bytes of the file.
func TestSARIF(t *testing.T) {
	file := editest.Render(faulty(20), editest.CRLF)
	path := write(t, file, t.TempDir(), "batch.837")
	type region struct {
		ByteOffset, ByteLength, StartLine, StartColumn, EndColumn int
	}
	var doc struct {
		Version string
		Runs    []struct {
			Tool struct {
				Driver struct{ Rules []struct{ ID string } }
			}
			Results []struct {
				RuleID    string
				RuleIndex int
				Locations []struct {
					PhysicalLocation struct{ Region region }
				}
				Fixes []struct {
					ArtifactChanges []struct {
						Replacements []struct{ DeletedRegion region }
					}
				}
			}
		}
	}
	if err := json.Unmarshal([]byte(gaitkeeper(t, "scrub", "--format", "sarif", path).stdout), &doc); err != nil {
		t.Fatal(err)
	}
	if doc.Version != "2.1.0" || len(doc.Runs) != 1 || len(doc.Runs[0].Results) == 0 {
		t.Fatalf("%+v", doc)
	}
	list := doc.Runs[0].Tool.Driver.Rules
	for _, r := range doc.Runs[0].Results {
		if list[r.RuleIndex].ID != r.RuleID {
			t.Errorf("result of %s has the index of %s", r.RuleID, list[r.RuleIndex].ID)
		}
		at := r.Locations[0].PhysicalLocation.Region
		if at.EndColumn-at.StartColumn != at.ByteLength || at.ByteOffset+at.ByteLength > len(file) {
			t.Errorf("%s: %+v", r.RuleID, at)
		}
		if n := bytes.Count(file[:at.ByteOffset], []byte("\n")) + 1; at.StartLine != n {
			t.Errorf("%s: line %d, want %d", r.RuleID, at.StartLine, n)
		}
	}
}

// TestJobs: the number of goroutines changes nothing.
func TestJobs(t *testing.T) {
	claims := 1000
	if testing.Short() {
		claims = 300
	}
	dir := t.TempDir()
	path := write(t, editest.Render(faulty(claims), editest.Wrapped), dir, "batch.837")
	for _, args := range [][]string{
		{"--format", "ndjson"},
		{"--format", "text"},
		{"--diff", "--unsafe-fixes"},
		{"--fix", "--unsafe-fixes", "--format", "ndjson", "--changes", filepath.Join(dir, "log")},
		{"--good", filepath.Join(dir, "good"), "--bad", filepath.Join(dir, "bad"), "--format", "csv"},
	} {
		var want outcome
		var files []byte
		for _, jobs := range []string{"1", "2", "8", "64"} {
			got := gaitkeeper(t, append(append([]string{"scrub", "-j", jobs}, args...), path)...)
			var written []byte
			for _, name := range []string{"log", "good", "bad"} {
				b, _ := os.ReadFile(filepath.Join(dir, name))
				written = append(written, b...)
			}
			if jobs == "1" {
				want, files = got, written
				if len(want.stdout) < claims {
					t.Fatalf("%q: %d bytes, %s", args, len(want.stdout), want.stderr)
				}
				continue
			}
			if got != want || !bytes.Equal(written, files) {
				t.Errorf("%q: -j %s differs from -j 1", args, jobs)
			}
		}
	}
}

// TestChanges: the log makes the corrected file from the original, and in reverse
// the original from the corrected file, in every layout. So no byte outside of the
// edits changes. A corrected file stays as it is.
func TestChanges(t *testing.T) {
	for _, layout := range editest.Layouts {
		t.Run(layout.String(), func(t *testing.T) {
			dir := t.TempDir()
			original := editest.Render(faulty(60), layout)
			path := write(t, original, dir, "batch.837")
			log, out := filepath.Join(dir, "log"), filepath.Join(dir, "out")
			gaitkeeper(t, "scrub", "--fix", "--unsafe-fixes", "--changes", log, "-o", out, path)
			fixed := read(t, out)
			var forth, back []edi.Edit
			shift := int64(0)
			for line := range strings.Lines(string(read(t, log))) {
				var c change
				if err := json.Unmarshal([]byte(line), &c); err != nil {
					t.Fatal(err)
				}
				if c.Type != "change" || c.File != path || len(c.Fixes) == 0 || len(c.Edits) == 0 {
					t.Fatalf("%+v", c)
				}
				for _, e := range c.Edits {
					forth = append(forth, edi.Edit{Span: edi.Span{Start: e.Offset, End: e.End}, Old: []byte(e.Old), New: []byte(e.New)})
					start := e.Offset + shift
					back = append(back, edi.Edit{Span: edi.Span{Start: start, End: start + int64(len(e.New))}, Old: []byte(e.New), New: []byte(e.Old)})
					shift += int64(len(e.New) - len(e.Old))
				}
			}
			if got, err := edi.Patch(forth).ApplyBytes(nil, original, 0); err != nil || !bytes.Equal(got, fixed) {
				t.Errorf("the log does not lead to the corrected file: %v", err)
			}
			if got, err := edi.Patch(back).ApplyBytes(nil, fixed, 0); err != nil || !bytes.Equal(got, original) {
				t.Errorf("the log does not lead back to the original: %v", err)
			}
			again := filepath.Join(dir, "again")
			gaitkeeper(t, "scrub", "--fix", "--unsafe-fixes", "-o", again, out)
			if !bytes.Equal(read(t, again), fixed) {
				t.Error("what is corrected changes again")
			}
			if len(forth) < 20 {
				t.Errorf("only %d edits", len(forth))
			}
		})
	}
}

// TestFixByAnyWay: the same bytes come out, wherever they go.
func TestFixByAnyWay(t *testing.T) {
	dir := t.TempDir()
	file := editest.Render(faulty(30), editest.CRLF)
	path := write(t, file, dir, "batch.837")
	want := gaitkeeper(t, "scrub", "--fix", path).stdout
	if got := gaitkeeperWith(t, context.Background(), bytes.NewReader(file), "scrub", "--fix").stdout; got != want {
		t.Error("from standard input otherwise")
	}
	gaitkeeper(t, "scrub", "--fix", path, "-o", filepath.Join(dir, "out"))
	gaitkeeper(t, "scrub", "--fix", path, "--out-dir", filepath.Join(dir, "sub"))
	gaitkeeper(t, "scrub", "--fix", path, "--in-place")
	for _, name := range []string{"out", "sub/batch.837", "batch.837"} {
		if got := string(read(t, dir, name)); got != want {
			t.Errorf("%s is otherwise", name)
		}
	}
	onlyFiles(t, dir, "batch.837", "out", "sub")
}

func compressed(t *testing.T, b []byte, open func(io.Writer) io.WriteCloser) []byte {
	t.Helper()
	var out bytes.Buffer
	w := open(&out)
	if _, err := w.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestCompressed: gzip and zstd are told by their content, in files and on standard
// input; what comes out is not compressed.
func TestCompressed(t *testing.T) {
	dir := t.TempDir()
	file := editest.Render(faulty(30), editest.Wrapped)
	plain := write(t, file, dir, "batch.837")
	want := strings.ReplaceAll(gaitkeeper(t, "scrub", "--format", "csv", plain).stdout, plain, "FILE")
	fixed := gaitkeeper(t, "scrub", "--fix", plain).stdout
	for suffix, open := range map[string]func(io.Writer) io.WriteCloser{
		".gz": func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) },
		".zst": func(w io.Writer) io.WriteCloser {
			z, err := zstd.NewWriter(w)
			if err != nil {
				t.Fatal(err)
			}
			return z
		},
	} {
		packed := compressed(t, file, open)
		for _, name := range []string{"batch.837" + suffix, "unnamed" + suffix + ".837"} {
			path := write(t, packed, dir, name)
			if got := strings.ReplaceAll(gaitkeeper(t, "scrub", "--format", "csv", path).stdout, path, "FILE"); got != want {
				t.Errorf("%s: other findings", name)
			}
		}
		path := filepath.Join(dir, "batch.837"+suffix)
		stdin := gaitkeeperWith(t, context.Background(), bytes.NewReader(packed), "scrub", "--format", "csv").stdout
		if got := strings.ReplaceAll(stdin, "<stdin>", "FILE"); got != want {
			t.Errorf("%s on standard input: other findings", suffix)
		}
		out := filepath.Join(dir, "out"+suffix[1:])
		gaitkeeper(t, "scrub", "--fix", "--out-dir", out, path)
		onlyFiles(t, out, "batch.837")
		if got := string(read(t, out, "batch.837")); got != fixed {
			t.Errorf("%s: corrected otherwise", suffix)
		}
		gaitkeeper(t, "scrub", "--fix", "--in-place", path).mustExit(t, exitUsage)

		// Cut: what cannot be unpacked is no clean input, and no output is made of it.
		cut := write(t, packed[:len(packed)*2/3], dir, "cut"+suffix)
		none := filepath.Join(dir, "none")
		got := gaitkeeper(t, "scrub", "--fix", "-o", none, cut).mustExit(t, exitFailure)
		if !strings.Contains(got.stderr, "gaitkeeper scrub: "+cut+": unexpected EOF") || strings.Contains(got.stdout, "Nothing found") {
			t.Errorf("cut: stdout %q, stderr %q", got.stdout, got.stderr)
		}
		if _, err := os.Stat(none); err == nil {
			t.Error("a file was made of a cut one")
		}
	}
}

// TestLargeInput: standard input of more than is kept in memory is spooled to a file
// that is gone afterwards.
func TestLargeInput(t *testing.T) {
	if testing.Short() {
		t.Skip("10 MB")
	}
	t.Setenv("TMPDIR", t.TempDir())
	file := editest.Render(editest.Claims(16000), editest.OneLine)
	if len(file) < spoolInMemory {
		t.Fatalf("only %d bytes", len(file))
	}
	got := gaitkeeperWith(t, context.Background(), bytes.NewReader(file), "scrub", "--fix", "-q", "--ignore", "UN131").mustExit(t, exitClean)
	if got.stdout != string(file) {
		t.Error("a file without faults came out otherwise")
	}
	onlyFiles(t, os.TempDir())
}

// TestPipe: a pipe can be named like a file and is read once.
func TestPipe(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	path := fmt.Sprintf("/dev/fd/%d", r.Fd())
	if _, err := os.Stat(path); err != nil {
		t.Skip(err)
	}
	file := editest.Render(faulty(20), editest.Wrapped)
	go func() {
		w.Write(file)
		w.Close()
	}()
	got := gaitkeeper(t, "scrub", "-q", "--fix", path)
	if want := gaitkeeper(t, "scrub", "-q", "--fix", write(t, file, t.TempDir(), "batch.837")); got.stdout != want.stdout || want.stdout == "" {
		t.Error("from a pipe otherwise than from a file")
	}
	gaitkeeper(t, "scrub", "--fix", "--in-place", path).mustExit(t, exitUsage)
}

// TestInterruptedWaiting: nobody waits for input against the user's will.
func TestInterruptedWaiting(t *testing.T) {
	r, w := io.Pipe()
	defer w.Close()
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	gaitkeeperWith(t, ctx, r, "scrub", "-").mustExit(t, exitStopped)
}

// TestInterrupted: a run that is interrupted leaves nothing behind.
func TestInterrupted(t *testing.T) {
	dir := t.TempDir()
	file := editest.Render(faulty(500), editest.Wrapped)
	path := write(t, file, dir, "batch.837")
	for _, args := range [][]string{
		{"--fix", "-o", filepath.Join(dir, "out"), "--changes", filepath.Join(dir, "log"), "--report", filepath.Join(dir, "report")},
		{"--fix", "--in-place", "--changes", filepath.Join(dir, "log")},
		{"--good", filepath.Join(dir, "good"), "--bad", filepath.Join(dir, "bad")},
	} {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		got := gaitkeeperWith(t, ctx, nil, append(append([]string{"scrub"}, args...), path)...).mustExit(t, exitStopped)
		if got.stderr != "gaitkeeper scrub: interrupted\n" || got.stdout != "" {
			t.Errorf("%q: %+v", args, got)
		}
		onlyFiles(t, dir, "batch.837")
		if !bytes.Equal(read(t, path), file) {
			t.Fatal("the input was changed")
		}
	}
}

// TestInterruptedBetweenFiles: files that were corrected in place by then keep their
// part of the log, and the one that was begun stays as it was.
func TestInterruptedBetweenFiles(t *testing.T) {
	dir := t.TempDir()
	first := editest.Render(faulty(10), editest.Wrapped)
	second := editest.Render(faulty(2000), editest.OneLine)
	a, b := write(t, first, dir, "a.837"), write(t, second, dir, "b.837")
	log := filepath.Join(dir, "log")
	ctx, cancel := context.WithCancel(context.Background())
	stdout := &breaker{cancel: cancel, after: "b.837"}
	env := &environment{strings.NewReader(""), stdout, stdout, rules.All()}
	code := run(ctx, []string{"gaitkeeper", "scrub", "-j1", "--fix", "--in-place", "--changes", log, "--fail-on", "info", a, b}, env)
	if code != exitStopped {
		t.Fatalf("exit %d", code)
	}
	if bytes.Equal(read(t, a), first) || !bytes.Equal(read(t, b), second) {
		t.Error("want the first file corrected and the second as it was")
	}
	if text := string(read(t, log)); !strings.Contains(text, "a.837") || strings.Contains(text, "b.837") {
		t.Error("want the log of the first file alone")
	}
	onlyFiles(t, dir, "a.837", "b.837", "log")
}

// breaker interrupts a run once it has written something.
type breaker struct {
	bytes.Buffer
	after  string
	cancel func()
}

func (b *breaker) Write(p []byte) (int, error) {
	if strings.Contains(string(p), b.after) {
		b.cancel()
	}
	return b.Buffer.Write(p)
}

// TestManyFiles: each of many files is corrected under its name.
func TestManyFiles(t *testing.T) {
	dir := t.TempDir()
	args := []string{"scrub", "-q", "--fix", "--out-dir", filepath.Join(dir, "out"), "--ignore", "DU"}
	var names []string
	for i := range 20 {
		name := fmt.Sprintf("%02d.837", i)
		names = append(names, name)
		args = append(args, write(t, editest.Render(faulty(i+1), editest.Layouts[i%len(editest.Layouts)]), dir, name))
	}
	gaitkeeper(t, args...)
	onlyFiles(t, filepath.Join(dir, "out"), names...)
	for _, name := range names {
		want := gaitkeeper(t, "scrub", "-q", "--fix", "--ignore", "DU", filepath.Join(dir, name)).stdout
		if string(read(t, dir, "out", name)) != want || want == "" {
			t.Errorf("%s differs", name)
		}
	}
}
