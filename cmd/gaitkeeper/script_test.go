package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/gaitkeeper/gaitkeeper/cmd/internal/app"
	"github.com/gaitkeeper/gaitkeeper/cmd/internal/datadir"
	"github.com/gaitkeeper/gaitkeeper/scrub/ncci/cms/cmstest"
)

// TestMain is the program too, which scripts run. Imported data of this user are not
// looked at.
func TestMain(m *testing.M) {
	if os.Getenv(datadir.Variable) == "" {
		os.Setenv(datadir.Variable, filepath.Join(os.TempDir(), "gaitkeeper-no-data"))
	}
	testscript.Main(m, map[string]func(){"gaitkeeper": func() { os.Exit(app.Main()) }})
}

// TestScript runs the scripts of testdata/script. UPDATE=1 rewrites what they
// compare with.
func TestScript(t *testing.T) {
	samples, err := filepath.Abs("../../samples")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		UpdateScripts:       os.Getenv("UPDATE") != "",
		Setup: func(env *testscript.Env) error {
			env.Setenv("SAMPLES", samples)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "nonl": nonl, "zipped": zipped},
	})
}

// exits runs a command that must exit with a code: exits CODE COMMAND ARG...
func exits(ts *testscript.TestScript, not bool, args []string) {
	if not || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND ARG...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var status *exec.ExitError
		if !errors.As(err, &status) {
			ts.Fatalf("%s: %v", args[1], err)
		}
		got = status.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit status %d, want %d", got, want)
	}
}

// nonl takes the newline from the end of a file, which every file of a script has:
// nonl FILE...
func nonl(ts *testscript.TestScript, not bool, args []string) {
	if not || len(args) == 0 {
		ts.Fatalf("usage: nonl FILE...")
	}
	for _, name := range args {
		text, err := os.ReadFile(ts.MkAbs(name))
		ts.Check(err)
		ts.Check(os.WriteFile(ts.MkAbs(name), bytes.TrimSuffix(text, []byte("\n")), 0o600))
	}
}

// zipped packs files, or with -half cuts the archive off: zipped ARCHIVE [-half] FILE...
func zipped(ts *testscript.TestScript, not bool, args []string) {
	if not || len(args) < 2 {
		ts.Fatalf("usage: zipped ARCHIVE [-half] FILE...")
	}
	var files []string
	for _, name := range args[1:] {
		if name != "-half" {
			files = append(files, name, ts.ReadFile(name))
		}
	}
	b := cmstest.Zip(files...)
	if args[1] == "-half" {
		b = b[:len(b)/2]
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), b, 0o600))
}
