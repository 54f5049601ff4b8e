package samples_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// build makes the program: what is said of remittances is what it prints.
func build(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("builds the program")
	}
	path := filepath.Join(t.TempDir(), "gaitkeeper")
	if runtime.GOOS == "windows" {
		path += ".exe"
	}
	if out, err := exec.Command("go", "build", "-o", path, "../cmd/gaitkeeper").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return path
}

// command runs the program, which finds something, and returns what it prints.
func command(t *testing.T, program string, args ...string) []byte {
	t.Helper()
	var stdout, stderr bytes.Buffer
	cmd := exec.Command(program, args...)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	cmd.Env = append(os.Environ(), "GAITKEEPER_DATA_DIR="+filepath.Join(filepath.Dir(program), "none")) // not this user's data
	err := cmd.Run()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 1 {
		t.Fatalf("%s: %v, want exit status 1\n%s", strings.Join(args, " "), err, stderr.Bytes())
	}
	return stdout.Bytes()
}

// record is the part of a line of ndjson that README.md speaks of.
type record struct {
	Type, File, Claim, Trace, Standing, Status string
	Date, Payer, Amount, Difference            string
	Duplicates, Flags                          []string
	Number                                     int  // of a line, in the answer
	LineNumber                                 *int `json:"line_number"`
	money
	Match       string
	Action      *string
	PredictedBy *string `json:"predicted_by"`
	Net         *struct {
		Answers int
		Status  string
		money
	}
	Side   string
	Checks []struct {
		Check string
		Grave bool
	}

	Frequency string
}

// money is the five buckets.
type money struct {
	Paid        string
	Patient     string `json:"patient_responsibility"`
	Contractual string
	Denied      string
	Unexplained string
}

func (m *money) cells() []string {
	return []string{m.Paid, m.Patient, m.Contractual, m.Denied, m.Unexplained}
}

// standing is the status of an answer, and what became of it.
func (r *record) standing() string {
	switch r.Standing {
	case "current", "none":
		return r.Status
	case "reversal":
		return r.Standing
	}
	return r.Status + ", " + r.Standing
}

// line is the number of a line: LX01, or where no claim has it, its place.
func (r *record) line() string {
	switch {
	case r.Type != "line":
		return ""
	case r.LineNumber != nil:
		return strconv.Itoa(*r.LineNumber)
	}
	return strconv.Itoa(r.Number)
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func records(t *testing.T, ndjson []byte) (all []record) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(ndjson))
	for {
		var r record
		if err := d.Decode(&r); err == io.EOF {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		r.File = filepath.ToSlash(r.File)
		all = append(all, r)
	}
}

// remits are what README.md says of remittances: the tables of its section, and one
// for each file.
func remits(t testing.TB) (top []table, files []section) {
	t.Helper()
	for _, s := range readme(t) {
		switch {
		case s.title == "remits":
			top = s.tables
		case strings.HasPrefix(s.title, "remits/"):
			if len(s.tables) != 1 {
				t.Fatalf("%s has %d tables, want 1", s.title, len(s.tables))
			}
			files = append(files, s)
		}
	}
	if len(top) != 5 || len(files) == 0 {
		t.Fatalf("README.md has %d tables of remittances, want 5, and %d sections", len(top), len(files))
	}
	return top, files
}

// remitFiles are the files of the table of payments.
func remitFiles(t testing.TB) (names []string) {
	top, _ := remits(t)
	for _, cells := range top[0] {
		names = append(names, strings.Trim(cells[0], "`"))
	}
	return slices.Compact(names)
}

// without drops a column: words, that no program says.
func (b table) without(column int) (out table) {
	for _, cells := range b {
		out = append(out, slices.Delete(slices.Clone(cells), column, column+1))
	}
	return out
}

// TestRemits compares what the program says of the remittances with the tables.
func TestRemits(t *testing.T) {
	program := build(t)
	given := []string{"--claims", "remits.837", "--ytd", "remits.ytd.csv", "--quiet"}
	args := append([]string{"reconcile", "remits", "--format", "ndjson"}, given...)
	all := records(t, command(t, program, args...))
	top, files := remits(t)

	t.Run("payments", func(t *testing.T) {
		var got, copies table
		for _, r := range all {
			if r.Type != "payment" {
				continue
			}
			cells := []string{"`" + r.File + "`", r.Trace, r.Date, r.Payer, r.Amount, r.Difference}
			got = append(got, cells)
			for _, file := range r.Duplicates {
				again := slices.Clone(cells)
				again[0], again[5] = "`"+filepath.ToSlash(file)+"`", "again"
				copies = append(copies, again)
			}
		}
		compare(t, top[0].without(6), append(got, copies...))
	})
	t.Run("net", func(t *testing.T) {
		var got table
		for _, r := range all {
			if n := r.Net; n != nil && n.Answers > 1 {
				got = append(got, append([]string{r.Claim, strconv.Itoa(n.Answers), n.Status}, n.cells()...))
			}
		}
		slices.SortFunc(got, func(a, b []string) int { return strings.Compare(a[0], b[0]) })
		compare(t, top[1], got)
	})
	t.Run("matches", func(t *testing.T) {
		var got table
		partner := ""
		for _, r := range all {
			usual := "clm01"
			switch r.Type {
			case "claim":
				partner = r.Match
			case "line":
				usual = "6r"
			default:
				continue
			}
			flags := slices.DeleteFunc(slices.Clone(r.Flags), func(f string) bool { return f == "sequestration" || f == "mppr" || f == "assistant" })
			if partner != "" && (r.Match != usual || len(flags) > 0) {
				got = append(got, []string{r.Claim, r.line(), r.Match, strings.Join(flags, ", ")})
			}
		}
		slices.SortStableFunc(got, func(a, b []string) int { return strings.Compare(a[0], b[0]) })
		compare(t, top[2], got)
	})
	t.Run("unmatched", func(t *testing.T) {
		var got table
		for _, r := range all {
			if r.Type == "unmatched" {
				got = append(got, []string{r.Claim, r.Side})
			}
		}
		compare(t, top[3].without(2), got)
	})
	t.Run("correct", func(t *testing.T) {
		dir := t.TempDir()
		changes := filepath.Join(dir, "changes.ndjson")
		command(t, program, append([]string{
			"correct", "remits", "--attest", "remits.attest.csv", "--changes", changes, "-o", filepath.Join(dir, "again.837"),
		}, given...)...)
		var got table
		for _, r := range records(t, read(t, changes)) {
			if r.Type == "change" {
				got = append(got, []string{r.Claim, r.Frequency})
			}
		}
		compare(t, top[4].without(2), got)
	})
	for _, s := range files {
		t.Run(strings.TrimPrefix(s.title, "remits/"), func(t *testing.T) {
			compare(t, s.tables[0].without(2), answers(all, s.title))
		})
	}
	t.Run("balance", func(t *testing.T) {
		for _, r := range all {
			if r.Type == "payment" && r.Difference != "0.00" {
				continue // said in the table
			}
			for _, c := range r.Checks {
				t.Errorf("%s %s, line %s of %s: %s", r.Type, r.Trace, r.line(), r.Claim, c.Check)
			}
		}
	})
}

// answers are the rows of a file: an answer and its lines, or one row for both where
// it has one line.
func answers(all []record, file string) (out table) {
	for i := range all {
		r := &all[i]
		if r.File != file || r.Type != "claim" && r.Type != "line" {
			continue
		}
		cells := append([]string{r.Claim, r.line(), r.standing()}, r.cells()...)
		cells = append(cells, text(r.Action), text(r.PredictedBy))
		last := len(out) - 1
		if single := r.Type == "line" && r.Number == 1 && (i+1 == len(all) || all[i+1].Type != "line"); single {
			same := slices.Clone(out[last])
			copy(same[8:], cells[8:])
			same[1] = cells[1]
			if cmp.Equal(same, cells) {
				out = out[:last]
			}
		}
		out = append(out, cells)
	}
	return out
}

func compare(t *testing.T, want, got table) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-README +said\n%s", diff)
	}
}
