package app

import (
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/urfave/cli/v2"

	"github.com/gaitkeeper/gaitkeeper/scrub/rules"
)

// Every command, flag and rule stands in every script.
func TestCompletion(t *testing.T) {
	app := newApp(&environment{strings.NewReader(""), io.Discard, io.Discard, rules.All()})
	app.Setup()
	for _, shell := range shells {
		var b strings.Builder
		if err := writeCompletion(&b, shell, newCompletions(app, rules.All())); err != nil {
			t.Fatal(err)
		}
		script := b.String()
		for _, c := range app.Commands {
			if !strings.Contains(script, c.Name) {
				t.Errorf("%s: no command %s", shell, c.Name)
			}
			flags := slices.Clone(c.Flags)
			for _, below := range c.Subcommands {
				flags = append(flags, below.Flags...)
				if !strings.Contains(script, below.Name) {
					t.Errorf("%s: %s: no command %s", shell, c.Name, below.Name)
				}
			}
			for _, f := range flags {
				want := "--" + f.Names()[0]
				if shell == "fish" {
					want = "'__fish_seen_subcommand_from " + c.Name + "' -l " + f.Names()[0]
				}
				if !strings.Contains(script, want) {
					t.Errorf("%s: %s: no flag %s", shell, c.Name, f.Names()[0])
				}
			}
		}
		for _, r := range rules.All() {
			if !strings.Contains(script, r.ID) {
				t.Errorf("%s: no rule %s", shell, r.ID)
			}
		}
	}
}

func TestCompletedValues(t *testing.T) {
	for _, tt := range []struct {
		flag  cli.Flag
		kind  string
		words string
	}{
		{&cli.BoolFlag{Name: "fix", Usage: "correct"}, "", ""},
		{&cli.StringFlag{Name: "report", Usage: "write to `FILE`"}, "file", ""},
		{&cli.StringFlag{Name: "minutes", Usage: "CSV `FILE`: claim,line"}, "file", ""},
		{&cli.StringFlag{Name: "color", Usage: "`WHEN` to use color: auto, always"}, "word", "auto always"},
		{&cli.StringFlag{Name: "profile", Usage: "`PROFILE` for all: a, b (default: by SBR09)"}, "word", "a b"},
		{&cli.StringSliceFlag{Name: "select", Usage: "these `RULES`: ids, names"}, "rule", ""},
		{&cli.IntFlag{Name: "jobs", Usage: "in `N` goroutines; the result is the same"}, "any", ""},
	} {
		got := newCompletedFlag(tt.flag)
		if got.Kind != tt.kind || strings.Join(got.Words, " ") != tt.words {
			t.Errorf("%s: %q %q, want %q %q", got.Names[0], got.Kind, got.Words, tt.kind, tt.words)
		}
	}
}
