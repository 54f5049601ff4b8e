package app

import (
	"embed"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
	"text/template"

	"github.com/urfave/cli/v2"

	"github.com/gaitkeeper/gaitkeeper/scrub"
	"github.com/gaitkeeper/gaitkeeper/scrub/therapy"
)

//go:embed completion/*
var completionScripts embed.FS

var shells = []string{"bash", "zsh", "fish"}

func newCompletion(env *environment) *cli.Command {
	return &cli.Command{
		Name: "completion", Usage: "print a completion script for a shell",
		ArgsUsage: strings.Join(shells, "|"),
		Description: "Examples:\n" +
			"   source <(gaitkeeper completion bash)                                   this shell; bash 4 or later\n" +
			"   gaitkeeper completion zsh > ~/.zfunc/_gaitkeeper                        a folder of $fpath\n" +
			"   gaitkeeper completion fish > ~/.config/fish/completions/gaitkeeper.fish\n\n" +
			"The script completes commands, flags and their values, files, rule ids with what the\n" +
			"rules find, and procedure codes. It holds the rules of this version: make it again\n" +
			"after an update.",
		Action: func(c *cli.Context) error {
			if c.NArg() != 1 || !slices.Contains(shells, c.Args().First()) {
				return usage("one shell is needed: %s", strings.Join(shells, ", ")).withHint("for example: source <(gaitkeeper completion bash)")
			}
			return writeCompletion(env.stdout, c.Args().First(), newCompletions(c.App, env.catalogue))
		},
	}
}

// completions is what the scripts know, taken from the commands themselves.
type completions struct {
	Commands []completedCommand
	Rules    []completedWord
	Codes    []completedWord
}

type completedWord struct{ Word, Text string }

type completedCommand struct {
	completedWord
	Flags []completedFlag // with those of the commands below
	Below []completedWord // commands of the command
	completedValue
}

type completedFlag struct {
	Names []string // with their dashes
	Text  string
	Again bool // may be given several times
	completedValue
}

// completedValue is what a flag or an argument takes.
type completedValue struct {
	Kind  string   // "" for nothing, "file", "dir", "rule", "code", "word", or "any" that cannot be completed
	Words []string // of kind "word"
}

func newCompletions(app *cli.App, catalogue []*scrub.Rule) *completions {
	out := &completions{}
	for _, c := range app.Commands {
		if c.Hidden {
			continue
		}
		command := completedCommand{completedWord{c.Name, c.Usage}, nil, nil, takes(c.ArgsUsage, "")}
		flags := slices.Clone(c.Flags)
		for _, below := range c.Subcommands {
			command.Below = append(command.Below, completedWord{below.Name, below.Usage})
			for _, f := range below.Flags {
				if flagNamed(c, f.Names()[0]) == nil && !slices.Contains(flags, f) {
					flags = append(flags, f)
				}
			}
		}
		if !slices.Contains(flags, cli.HelpFlag) {
			flags = append(slices.Clone(flags), cli.HelpFlag)
		}
		for _, f := range flags {
			command.Flags = append(command.Flags, newCompletedFlag(f))
		}
		out.Commands = append(out.Commands, command)
	}
	for _, r := range catalogue {
		out.Rules = append(out.Rules, completedWord{r.ID, r.Name})
	}
	for p := range therapy.All() {
		if p.Pool {
			out.Codes = append(out.Codes, completedWord{p.Code.String(), p.Label})
		}
	}
	return out
}

func newCompletedFlag(f cli.Flag) completedFlag {
	_, again := f.(cli.DocGenerationSliceFlag)
	out := completedFlag{Again: again}
	for _, n := range f.Names() {
		dashes := "--"
		if len(n) == 1 {
			dashes = "-"
		}
		out.Names = append(out.Names, dashes+n)
	}
	if d, ok := f.(cli.DocGenerationFlag); ok {
		usage := d.GetUsage()
		out.Text = strings.ReplaceAll(usage, "`", "")
		if d.TakesValue() {
			out.completedValue = takes(placeholder(usage), usage)
		}
	}
	return out
}

// placeholder is what a flag's usage calls its value.
func placeholder(usage string) string {
	_, rest, _ := strings.Cut(usage, "`")
	name, _, _ := strings.Cut(rest, "`")
	return name
}

// valueKinds are what the names of values and arguments stand for.
var valueKinds = map[string]string{
	"FILE": "file", "FILE...": "file", "DIR": "dir", "RULES": "rule", "ID": "rule",
	"CODE=MINUTES": "code", "CODE=UNITS": "code", "CODE=MINUTES...": "code",
}

// takes tells what a value can be: from its name, a choice of words such as
// bash|zsh, or the words that its usage lists.
func takes(name, usage string) completedValue {
	name = strings.Trim(name, "[]")
	first, _, choice := strings.Cut(name, "|")
	switch words := listed.FindStringSubmatch(usage); {
	case valueKinds[first] != "":
		return completedValue{Kind: valueKinds[first]}
	case choice:
		return completedValue{"word", strings.Split(name, "|")}
	case words != nil:
		return completedValue{"word", strings.Split(words[1], ", ")}
	case name != "":
		return completedValue{Kind: "any"}
	}
	return completedValue{}
}

// listed is the end of a usage that lists words: ": text, json".
var listed = regexp.MustCompile(`: ([a-z]+(?:, [a-z]+)+)(?: \(.*\))?$`)

// writeCompletion fills the script of a shell in.
func writeCompletion(w io.Writer, shell string, c *completions) error {
	quote := strings.NewReplacer(`'`, `'\''`).Replace
	t, err := template.New(shell).Funcs(template.FuncMap{
		"quote":  func(s string) string { return "'" + quote(s) + "'" },
		"escape": zshSpec.Replace,
		"join":   strings.Join,
		"fish":   fishNames,
		"words":  wordsOf,
	}).ParseFS(completionScripts, "completion/"+shell)
	if err != nil {
		return fmt.Errorf("completion: %w", err)
	}
	return t.Execute(w, c)
}

// zshSpec escapes what is special between the brackets of a zsh argument.
var zshSpec = strings.NewReplacer(`\`, `\\`, `'`, `'\''`, `[`, `\[`, `]`, `\]`, `:`, `\:`)

// fishNames are the names of a flag as fish's complete takes them.
func fishNames(names []string) string {
	var out []string
	for _, n := range names {
		if long, ok := strings.CutPrefix(n, "--"); ok {
			out = append(out, "-l "+long)
		} else {
			out = append(out, "-s "+strings.TrimPrefix(n, "-"))
		}
	}
	return strings.Join(out, " ")
}

func wordsOf(list []completedWord) string {
	words := map[string]bool{}
	for _, w := range list {
		words[w.Word] = true
	}
	return strings.Join(slices.Sorted(maps.Keys(words)), " ")
}
