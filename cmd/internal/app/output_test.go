package app

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/gaitkeeper/gaitkeeper/edi/editest"
	"github.com/gaitkeeper/gaitkeeper/scrub/rules"
)

func TestOutput(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "out")
	put := func(o *output, text string) {
		t.Helper()
		if _, err := o.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}

	// Discarded, there is nothing; what was there stays.
	o := create(path)
	put(o, "lost")
	o.discard()
	onlyFiles(t, dir)
	write(t, []byte("before"), path)
	o = create(path)
	put(o, "lost")
	o.discard()
	if got := string(read(t, path)); got != "before" {
		t.Errorf("%q", got)
	}

	// Committed, it is there, whole; discard does nothing then.
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	o = create(path)
	put(o, "new")
	if got := string(read(t, path)); got != "before" {
		t.Errorf("it appears before it is complete: %q", got)
	}
	if err := o.commit(); err != nil {
		t.Fatal(err)
	}
	o.discard()
	if got := string(read(t, path)); got != "new" {
		t.Errorf("%q", got)
	}
	if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o640 {
		t.Errorf("%v %v", info.Mode(), err)
	}
	onlyFiles(t, dir, "out")

	// Nothing written is an empty file.
	if err := create(path).commit(); err != nil {
		t.Fatal(err)
	}
	if got := string(read(t, path)); got != "" {
		t.Errorf("%q", got)
	}

	// What was written since a mark can be taken back.
	o = create(path)
	put(o, "kept")
	at, err := o.mark()
	if err != nil {
		t.Fatal(err)
	}
	put(o, strings.Repeat("taken back", 100_000))
	if err := o.rewind(at); err != nil {
		t.Fatal(err)
	}
	put(o, ", more")
	if err := o.commit(); err != nil {
		t.Fatal(err)
	}
	if got := string(read(t, path)); got != "kept, more" {
		t.Errorf("%.100q", got)
	}

	// All or none.
	one, two := create(filepath.Join(dir, "one")), create(filepath.Join(dir, "no", "two"))
	put(one, "1")
	if err := commitAll(one, two); err == nil || !strings.Contains(err.Error(), filepath.Join("no", "two")) {
		t.Errorf("%v", err)
	}
	one.discard()
	two.discard()
	onlyFiles(t, dir, "out")
}

func TestSame(t *testing.T) {
	dir := t.TempDir()
	file := write(t, nil, dir, "file")
	sub := filepath.Join(dir, "sub")
	link, linked := filepath.Join(dir, "link"), filepath.Join(dir, "linked")
	if err := errors.Join(os.Mkdir(sub, 0o700), os.Symlink(file, link), os.Symlink(sub, linked)); err != nil {
		t.Skip(err)
	}
	for _, test := range []struct {
		a, b string
		want bool
	}{
		{file, file, true},
		{file, link, true},
		{file, sub + "/../file", true},
		{dir + "/new", dir + "/new", true},
		{dir + "/new", sub + "/../new", true},
		{sub + "/new", linked + "/new", true},
		{file, dir + "/new", false},
		{sub + "/new", dir + "/new", false},
		{os.DevNull, os.DevNull, false},
	} {
		if got := same(test.a, test.b); got != test.want {
			t.Errorf("same(%q, %q) is %t", test.a, test.b, got)
		}
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

// TestStdoutFails: a reader that went away needs no message, a full disk does.
func TestStdoutFails(t *testing.T) {
	path := write(t, editest.Render(faulty(20), editest.Wrapped), t.TempDir(), "batch.837")
	full := &os.PathError{Op: "write", Path: "/dev/stdout", Err: syscall.ENOSPC}
	for _, args := range [][]string{{}, {"--format", "ndjson"}, {"--format", "sarif"}, {"--format", "csv"}, {"--fix"}, {"--diff"}} {
		for _, test := range []struct {
			err  error
			want string
		}{
			{&os.PathError{Op: "write", Path: "/dev/stdout", Err: syscall.EPIPE}, ""},
			{full, "gaitkeeper scrub: /dev/stdout: " + syscall.ENOSPC.Error() + "\n"},
		} {
			var stderr strings.Builder
			env := &environment{strings.NewReader(""), failing{test.err}, &stderr, rules.All()}
			code := run(t.Context(), append(append([]string{"gaitkeeper", "scrub"}, args...), path), env)
			if code != exitFailure || stderr.String() != test.want {
				t.Errorf("%q: exit %d, %q", args, code, stderr.String())
			}
		}
	}
}

// TestLogKept: what was corrected in place is logged, even where the report cannot
// be written.
func TestLogKept(t *testing.T) {
	dir := t.TempDir()
	path := write(t, editest.Render(faulty(20), editest.Wrapped), dir, "batch.837")
	log := filepath.Join(dir, "log")
	var stderr strings.Builder
	env := &environment{strings.NewReader(""), failing{syscall.ENOSPC}, &stderr, rules.All()}
	code := run(t.Context(), []string{"gaitkeeper", "scrub", "--fix", "--in-place", "--changes", log, path}, env)
	if code != exitFailure || !strings.Contains(stderr.String(), "hint: files corrected before that: 1\n") {
		t.Errorf("exit %d, %q", code, stderr.String())
	}
	if !strings.Contains(string(read(t, log)), `"rule":"MO101"`) {
		t.Error("the log is gone")
	}
	onlyFiles(t, dir, "batch.837", "log")
}
