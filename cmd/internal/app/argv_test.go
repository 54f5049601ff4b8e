package app

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/urfave/cli/v2"
	"pgregory.net/rapid"

	"github.com/gaitkeeper/gaitkeeper/scrub/rules"
)

func testApp() *cli.App {
	return newApp(&environment{strings.NewReader(""), nil, nil, rules.All()})
}

func TestNormalize(t *testing.T) {
	for _, test := range []struct {
		args, want string // behind the name of the program; <> is an empty one
	}{
		{"", ""},
		{"scrub", "scrub"},
		{"scrub a", "scrub -- a"},
		{"scrub a -q", "scrub -q -- a"},
		{"scrub a --format csv b", "scrub --format csv -- a b"},
		{"scrub a --format=csv b", "scrub --format=csv -- a b"},
		{"scrub -format csv a", "scrub -format csv -- a"},
		{"scrub a -o b", "scrub -o b -- a"},
		{"scrub a -ob", "scrub -o b -- a"},
		{"scrub a -o=b", "scrub -o=b -- a"},
		{"scrub a -qj8", "scrub -q -j 8 -- a"},
		{"scrub -qj 8 a", "scrub -q -j 8 -- a"},
		{"scrub -j8q a", "scrub -j 8q -- a"},
		{"scrub -qx a", "scrub -qx -- a"},
		{"scrub --select -q a", "scrub --select -q -- a"},
		{"scrub --select <> a", "scrub --select <> -- a"},
		{"scrub - -q", "scrub -q -- -"},
		{"scrub -q -- -x --fix", "scrub -q -- -x --fix"},
		{"scrub a -- --", "scrub -- a --"},
		{"scrub --nosuch a", "scrub --nosuch -- a"},
		{"scrub a --nosuch b", "scrub --nosuch -- a b"},
		{"scrub a -h", "scrub --help"},
		{"scrub a --fix --help b", "scrub --help"},
		{"scrub -o -h a", "scrub -o -h -- a"},
		{"scrub -- -h", "scrub -- -h"},
		{"ack a -q", "ack -q -- a"},
		{"ack read a --format csv", "ack read --format csv -- a"},
		{"ack read --format csv a", "ack read --format csv -- a"},
		{"ack read -q", "ack read -q"},
		{"ack read a -h", "ack read --help"},
		{"ack -q read", "ack -q -- ./read"},
		{"ack -- read", "ack -- ./read"},
		{"help ack read", "ack read --help"},
		{"help", "--help"},
		{"help scrub", "scrub --help"},
		{"nosuch a -q", "nosuch a -q"},
		{"--help scrub", "--help scrub"},
	} {
		got, err := normalize(testApp(), words(test.args))
		if err != nil {
			t.Errorf("%s: %v", test.args, err)
			continue
		}
		if diff := cmp.Diff(words(test.want), got); diff != "" {
			t.Errorf("%s: -want +got\n%s", test.args, diff)
		}
	}
	for _, args := range []string{"scrub --format", "scrub a -o", "scrub a -qj"} {
		var f *fault
		if _, err := normalize(testApp(), words(args)); !errors.As(err, &f) || f.code != exitUsage {
			t.Errorf("%s: %v, want an error of usage", args, err)
		}
	}
}

func words(s string) []string {
	list := []string{"gaitkeeper"}
	for _, w := range strings.Fields(s) {
		list = append(list, strings.ReplaceAll(w, "<>", ""))
	}
	return list
}

// TestNormalizeAgain: what is in order stays.
func TestNormalizeAgain(t *testing.T) {
	app := testApp()
	word := rapid.SampledFrom([]string{
		"a", "b.837", "-", "--", "-q", "-j", "8", "-j8", "-qj8", "-qx", "-o", "-oout", "-o=", "--fix", "--select", "--select=MO", "MO",
		"--nosuch", "-h", "--help", "", "-=", "--=", "---", "help", "-qj", "--format", "csv",
	})
	rapid.Check(t, func(t *rapid.T) {
		args := append([]string{"gaitkeeper", "scrub"}, rapid.SliceOf(word).Draw(t, "args")...)
		original := slices.Clone(args)
		once, err := normalize(app, args)
		if !slices.Equal(args, original) {
			t.Fatal("the arguments were changed")
		}
		if err != nil {
			return
		}
		twice, err := normalize(app, once)
		if err != nil {
			t.Fatalf("%q in order is %q, which is an error: %v", args, once, err)
		}
		if diff := cmp.Diff(once, twice); diff != "" {
			t.Fatalf("-once +twice\n%s", diff)
		}
	})
}

// FuzzArgv: no arguments bring the program down.
func FuzzArgv(f *testing.F) {
	f.Add("--fix\x00-qj8\x00--")
	f.Add("-o\x00-\x00--select\x00")
	f.Fuzz(func(t *testing.T, line string) {
		args := append([]string{"gaitkeeper", "scrub"}, strings.Split(line, "\x00")...)
		if slices.ContainsFunc(args, func(a string) bool { return strings.ContainsAny(a, "/.") }) {
			return // leave the files alone
		}
		t.Chdir(t.TempDir())
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		gaitkeeperWith(t, ctx, nil, args[1:]...)
	})
}
