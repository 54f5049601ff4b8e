package app

import (
	"slices"
	"strings"
	"testing"

	"github.com/urfave/cli/v2"
)

// TestHelp: every command and every flag is in the help, with a word about it, and
// help is data: it goes to standard output.
func TestHelp(t *testing.T) {
	app := testApp()
	whole := gaitkeeper(t, "--help").mustExit(t, exitClean)
	if whole.stderr != "" {
		t.Errorf("--help says on standard error %q", whole.stderr)
	}
	for _, c := range app.Commands {
		if c.Usage == "" {
			t.Errorf("%s: no usage", c.Name)
		}
		if !strings.Contains(whole.stdout, "   "+c.Name+" ") && !strings.Contains(whole.stdout, "   "+c.Name+", ") {
			t.Errorf("%s is not in --help", c.Name)
		}
		for _, how := range [][]string{{c.Name, "--help"}, {c.Name, "-h"}, {"help", c.Name}} {
			help := gaitkeeper(t, how...).mustExit(t, exitClean)
			if help.stderr != "" || !strings.Contains(help.stdout, "EXIT STATUS:") {
				t.Errorf("%q: stdout %q, stderr %q", how, help.stdout, help.stderr)
			}
			documented(t, c, help.stdout)
		}
	}
}

func documented(t *testing.T, c *cli.Command, help string) {
	t.Helper()
	for _, f := range c.Flags {
		if slices.Contains(f.Names(), "help") {
			continue
		}
		d, ok := f.(cli.DocGenerationFlag)
		if !ok || d.GetUsage() == "" {
			t.Errorf("%s: flag %s has no usage", c.Name, f.Names()[0])
		}
		for _, n := range f.Names() {
			if !strings.Contains(help, dashed(n)) {
				t.Errorf("%s: flag %s is not in --help", c.Name, dashed(n))
			}
		}
	}
}

// TestUsageErrors: what is wrong is said with the command, as it was typed.
func TestUsageErrors(t *testing.T) {
	for _, test := range []struct{ args, want string }{
		{"", "gaitkeeper: a command is needed"},
		{"scurb", "gaitkeeper: no command \"scurb\"\nhint: did you mean \"scrub\"? Commands are scrub, "},
		{"help scurb", "gaitkeeper: no command \"scurb\""},
		{"--nosuch", "gaitkeeper: no flag --nosuch\nhint: "},
		{"scrub --fixx", "gaitkeeper scrub: no flag --fixx\nhint: did you mean --fix? gaitkeeper scrub --help lists the flags\n"},
		{"scrub -z", "gaitkeeper scrub: no flag -z\nhint: "},
		{"scrub --jobs x", "gaitkeeper scrub: invalid value \"x\" for flag --jobs: "},
		{"scrub -j x", "gaitkeeper scrub: invalid value \"x\" for flag -j: "},
		{"scrub --format", "gaitkeeper scrub: flag --format needs a value\n"},
		{"scrub --fix=maybe", "gaitkeeper scrub: invalid boolean value \"maybe\" for "},
	} {
		got := gaitkeeper(t, words(test.args)[1:]...).mustExit(t, exitUsage)
		if !strings.HasPrefix(got.stderr, test.want) || got.stdout != "" {
			t.Errorf("%s: stdout %q, stderr %q, want %q", test.args, got.stdout, got.stderr, test.want)
		}
	}
}
