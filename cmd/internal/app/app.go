// Package app is the command line: one file a command, and what they share.
package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/urfave/cli/v2"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/scrub"
	"github.com/gaitkeeper/gaitkeeper/scrub/rules"
)

// Exit codes, the same for every command and format.
const (
	exitClean    = 0
	exitFindings = 1 // at or above --fail-on
	exitUsage    = 2 // usage or configuration
	exitInput    = 3 // input that is not readable X12
	exitFailure  = 4 // I/O or internal
	exitStopped  = 130
)

const exitHelp = `
EXIT STATUS:
   0  nothing found at or above --fail-on
   1  something found
   2  usage or configuration
   3  input that is not readable X12; what could be read is reported
   4  I/O or internal error
   130  interrupted`

// environment is what a command may use of the process.
type environment struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	catalogue      []*scrub.Rule
}

// Main runs the process and returns its exit code.
func Main() int {
	// A run holds little and allocates less: collect early, so that memory stays
	// near what is held.
	debug.SetGCPercent(50)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the program as it is
	return run(ctx, os.Args, &environment{os.Stdin, os.Stdout, os.Stderr, rules.All()})
}

// fault is an error with the exit code that it means and what may help.
type fault struct {
	code int
	err  error
	hint string
}

func (f *fault) Error() string { return f.err.Error() }
func (f *fault) Unwrap() error { return f.err }

func usage(format string, args ...any) *fault {
	return &fault{code: exitUsage, err: fmt.Errorf(format, args...)}
}

// withHint adds a line that says what to do.
func (f *fault) withHint(format string, args ...any) *fault {
	f.hint = fmt.Sprintf(format, args...)
	return f
}

// silent is an exit code without a message: it was given already.
type silent int

func (s silent) Error() string { return fmt.Sprintf("exit status %d", int(s)) }

func run(ctx context.Context, args []string, env *environment) int {
	app := newApp(env)
	name := "gaitkeeper"
	for _, c := range commandsOf(app, args) {
		name += " " + c.Name
	}
	args, err := normalize(app, args)
	if err == nil {
		err = app.RunContext(ctx, args)
	}
	return report(env.stderr, name, err)
}

// report prints an error and returns its exit code.
func report(stderr io.Writer, name string, err error) int {
	var code silent
	if err == nil {
		return exitClean
	} else if errors.As(err, &code) {
		return int(code)
	}
	if errors.Is(err, syscall.EPIPE) {
		return exitFailure // the reader went away: nobody is left to tell
	}
	if errors.Is(err, context.Canceled) {
		fmt.Fprintf(stderr, "%s: interrupted\n", name)
		return exitStopped
	}
	if f := (*fault)(nil); !errors.As(err, &f) {
		err = plainPathError(err)
	}
	fmt.Fprintf(stderr, "%s: %s\n", name, err)
	var f *fault
	if errors.As(err, &f) {
		if f.hint != "" {
			fmt.Fprintf(stderr, "hint: %s\n", f.hint)
		}
		return f.code
	}
	var syntax *edi.SyntaxError
	if errors.As(err, &syntax) {
		return exitInput
	}
	return exitFailure
}

func newApp(env *environment) *cli.App {
	app := &cli.App{
		Name:  "gaitkeeper",
		Usage: "find and correct errors in therapy claims before a payer denies them",
		Description: "Reads X12 837P claims, holds them against their guide, checks units, modifiers and\n" +
			"bundling of therapy lines over all that was sent, and writes corrected files in which\n" +
			"every other byte stays as it was. Answers files with 999 and TA1. Reads 835\n" +
			"remittances, explains denials, and builds corrected batches from them.\n\n" +
			"   gaitkeeper scrub claims.837\n" +
			"   gaitkeeper scrub --fix -o fixed.837 claims.837\n" +
			"   gaitkeeper reconcile era.835 --claims claims.837\n" +
			"   gaitkeeper rules MO101",
		Writer: env.stdout, ErrWriter: env.stderr,
		HideHelpCommand: true,
		Commands: []*cli.Command{
			newScrub(env),
			newValidate(env),
			newReconcile(env),
			newCorrect(env),
			newAck(env),
			newLedger(env),
			newData(env),
			newConfig(env),
			newRules(env),
			newUnits(env),
			newShow(env),
			newExplain(env),
			newCompletion(env),
			newVersion(env),
		},
		ExitErrHandler: func(*cli.Context, error) {},
		OnUsageError:   onUsageError,
		Flags:          []cli.Flag{&cli.BoolFlag{Name: "version", Usage: "print the version", DisableDefaultText: true}},
		Action: func(c *cli.Context) error {
			if c.Bool("version") {
				return newVersion(env).Action(c)
			}
			if c.Args().Present() {
				return usage("no command %q", c.Args().First()).withHint("%s", nearestCommand(c.App, c.Args().First()))
			}
			fmt.Fprintln(env.stderr, "gaitkeeper: a command is needed")
			c.App.Writer = env.stderr
			_ = cli.ShowAppHelp(c)
			return silent(exitUsage)
		},
	}
	complete(app.Commands)
	return app
}

// complete gives commands, and those below them, what all of them have.
func complete(commands []*cli.Command) {
	for _, c := range commands {
		c.OnUsageError = onUsageError
		c.HideHelpCommand = true
		for _, f := range c.Flags {
			if b, ok := f.(*cli.BoolFlag); ok {
				b.DisableDefaultText = true
			}
		}
		help := cli.CommandHelpTemplate
		if len(c.Subcommands) > 0 {
			help = cli.SubcommandHelpTemplate
		}
		c.CustomHelpTemplate = help + exitHelp + "\n"
		complete(c.Subcommands)
	}
}

// onUsageError says what is wrong with a flag, spelled as it is typed.
func onUsageError(c *cli.Context, err error, _ bool) error {
	name, hint := c.App.Name, ""
	flags := c.App.Flags
	if c.Command != nil && c.Command.Name != "" && c.Command.Name != name {
		name = c.Command.HelpName
		flags = c.Command.Flags
	}
	text := err.Error()
	if flag, unknown := strings.CutPrefix(text, "flag provided but not defined: -"); unknown {
		text = "no flag " + dashed(flag)
		if near := cli.SuggestFlag(flags, flag, false); near != "" {
			hint = "did you mean " + near + "? "
		}
	} else if before, flag, found := strings.Cut(text, " for flag -"); found {
		flag, why, _ := strings.Cut(flag, ":")
		text = before + " for flag " + dashed(flag) + ":" + why
	}
	return usage("%s", text).withHint("%s%s --help lists the flags", hint, name)
}

func dashed(flag string) string {
	if len(flag) == 1 {
		return "-" + flag
	}
	return "--" + flag
}

func nearestCommand(app *cli.App, name string) string {
	var names []string
	for _, c := range app.Commands {
		names = append(names, c.Name)
	}
	return strings.Replace(cli.SuggestCommand(app.Commands, name), "Did", "did", 1) + " Commands are " + strings.Join(names, ", ")
}
