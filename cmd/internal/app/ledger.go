package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/scrub/ledger"
)

// bookOptions are the flags of ledger.
type bookOptions struct {
	ledger ledgerOptions

	day, format, out, table string

	before, file, claim string
	dryRun              bool
}

// bookVerb is something that can be done with a ledger.
type bookVerb struct {
	name    string
	formats []string // the first is the one that is taken where none is given
	flags   []string // that it takes beside those that name the ledger
	run     func(*book, context.Context) error
}

var bookVerbs = []bookVerb{
	{"status", []string{"text", "json"}, []string{"as-of", "format"}, (*book).status},
	{"export", []string{"ndjson", "csv"}, []string{"format", "table", "output"}, (*book).export},
	{"verify", []string{"text"}, nil, (*book).verify},
	{"forget", []string{"text"}, []string{"before", "file", "claim", "dry-run"}, (*book).forget},
}

const forgetting = "FORGET"

func newLedger(env *environment) *cli.Command {
	o := &bookOptions{}
	return &cli.Command{
		Name: "ledger", Usage: "look into the ledger of what was sent and answered, check it, and forget what is old",
		ArgsUsage: "status|export|verify|forget [LEDGER]",
		Description: "Examples:\n" +
			"   gaitkeeper ledger status ledger.db                what it holds, and what waits for an answer\n" +
			"   gaitkeeper ledger export ledger.db --format csv > lines.csv\n" +
			"   gaitkeeper ledger verify ledger.db                exit status 1 where it is not whole\n" +
			"   gaitkeeper ledger forget ledger.db --before 2025-01-01 --dry-run\n\n" +
			"scrub --ledger records what is sent, reconcile --ledger what is answered. Patients are\n" +
			"in it as keyed hashes only; an export has their beginning, which tells patients apart\n" +
			"and says no more. Claims that repeat one before them, or that were replaced or voided,\n" +
			"do not wait for an answer. The age of the others is counted from the day of their file.",
		Flags: append(o.ledger.flags("LEDGER"),
			&cli.StringFlag{Name: "as-of", Usage: "`DATE` from which ages are counted back: YYYY-MM-DD (default: today)", Destination: &o.day, Category: reporting},
			&cli.StringFlag{Name: "format", Usage: "`FORMAT`: text or json for status, ndjson or csv for export", Destination: &o.format, Category: reporting},
			&cli.StringFlag{Name: "table", Usage: "export `WHAT`: " + strings.Join(bookTables, ", ") + " (default: all with ndjson, lines with csv)", Destination: &o.table, Category: reporting},
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "write the export to `FILE`", Destination: &o.out, Category: reporting},
			&cli.StringFlag{Name: "before", Usage: "claims whose last day of service is before `DATE`, and their answers", Destination: &o.before, Category: forgetting},
			&cli.StringFlag{Name: "file", Usage: "the claims file or remittance with that `NAME`", Destination: &o.file, Category: forgetting},
			&cli.StringFlag{Name: "claim", Usage: "claims with that `CLM01`", Destination: &o.claim, Category: forgetting},
			&cli.BoolFlag{Name: "dry-run", Aliases: []string{"n"}, Usage: "say what would be forgotten, and forget nothing", Destination: &o.dryRun, Category: forgetting},
		),
		Action: func(c *cli.Context) error { return runLedger(c, env, o) },
	}
}

// book is one run of the command.
type book struct {
	*environment
	*bookOptions
	verb   string
	asOf   int32
	what   ledger.Forget
	ledger *ledger.Ledger
}

func runLedger(c *cli.Context, env *environment, o *bookOptions) error {
	var names []string
	for _, v := range bookVerbs {
		names = append(names, v.name)
	}
	args := c.Args().Slice()
	if len(args) == 0 {
		return usage("say what to do: %s", strings.Join(names, ", "))
	}
	at := slices.Index(names, args[0])
	if at < 0 {
		return usage("%q is none of %s", args[0], strings.Join(names, ", "))
	}
	v := &bookVerbs[at]
	b := &book{environment: env, bookOptions: o, verb: v.name}
	if err := b.check(c, v, args[1:]); err != nil {
		return err
	}
	var err error
	if b.ledger, err = o.ledger.open(c.Context, env, "ledger", false); err != nil {
		return err
	}
	defer b.ledger.Close()
	return v.run(b, c.Context)
}

// check says everything that can be wrong with flags before the ledger is opened.
func (b *book) check(c *cli.Context, v *bookVerb, args []string) error {
	for _, other := range bookVerbs {
		for _, f := range other.flags {
			if c.IsSet(f) && !slices.Contains(v.flags, f) {
				return usage("ledger %s has no flag --%s", v.name, f)
			}
		}
	}
	switch {
	case len(args) > 1, len(args) == 1 && given(c, "ledger"):
		return usage("one ledger at a time")
	case len(args) == 1:
		b.bookOptions.ledger.location = args[0]
	case b.bookOptions.ledger.location == "":
		return usage("which ledger?").withHint("gaitkeeper ledger %s ledger.db", v.name)
	}
	if b.format == "" {
		b.format = v.formats[0]
	}
	err := oneOf("format", b.format, v.formats)
	if b.table != "" {
		err = errors.Join(err, oneOf("table", b.table, bookTables))
	} else if b.format == "csv" {
		b.table = tableLines
	}
	if err != nil {
		return err
	}
	if b.asOf = int32(today()); b.day != "" {
		if b.asOf, err = dateFlag("as-of", b.day); err != nil {
			return err
		}
	}
	if v.name == "forget" {
		return b.checkForget()
	}
	return nil
}

func (b *book) checkForget() (err error) {
	n := 0
	for _, s := range []string{b.before, b.file, b.claim} {
		if s != "" {
			n++
		}
	}
	if n != 1 {
		return usage("forget what? One of --before, --file and --claim is needed")
	}
	b.what = ledger.Forget{File: b.file, Claim: b.claim}
	if b.before != "" {
		b.what.Before, err = dateFlag("before", b.before)
	}
	return err
}

// given reports whether a flag was given on the command line, and not by the
// environment alone.
func given(c *cli.Context, name string) bool {
	return c.IsSet(name) && c.String(name) != os.Getenv("GAITKEEPER_LEDGER")
}

// dateFlag is a date that was given as 2026-03-10.
func dateFlag(flag, text string) (int32, error) {
	d, err := edi.ParseDay(text)
	if err != nil {
		return 0, usage("--%s %q is no date", flag, text).withHint("write it as 2026-03-10")
	}
	return int32(d), nil
}

func (b *book) verify(ctx context.Context) error {
	problems, err := b.ledger.Verify(ctx)
	if err != nil {
		return ledgerFault(err)
	}
	for _, p := range problems {
		fmt.Fprintln(b.stdout, p)
	}
	if len(problems) > 0 {
		fmt.Fprintf(b.stderr, "gaitkeeper ledger: the ledger is not whole\nhint: restore a copy, or begin a new ledger and record the files again\n")
		return silent(exitFindings)
	}
	_, err = fmt.Fprintln(b.stdout, "The ledger is whole.")
	return err
}

func (b *book) forget(ctx context.Context) error {
	run, err := b.ledger.Begin(ctx)
	if err != nil {
		return ledgerFault(err)
	}
	defer run.Rollback()
	n, err := run.Forget(ctx, b.what)
	if errors.Is(err, ledger.ErrNotFound) {
		return usage("%s", err).withHint("gaitkeeper ledger status counts the files; names are those without a folder")
	} else if err != nil {
		return ledgerFault(err)
	}
	did := "Forgotten"
	if b.dryRun {
		did = "Would be forgotten"
	} else if err := run.Commit(); err != nil {
		return ledgerFault(err)
	}
	return writeForgotten(b.stdout, did, n)
}

func writeForgotten(w io.Writer, did string, n ledger.Forgotten) error {
	if n == (ledger.Forgotten{}) {
		_, err := fmt.Fprintf(w, "%s: nothing.\n", did)
		return err
	}
	_, err := fmt.Fprintf(w, "%s: %s with %s, %s, %s and %s.\n", did,
		many(n.Claims, "claim", "claims"), many(n.Lines, "line", "lines"), many(n.Answers, "answer", "answers"),
		many(n.Payments, "payment", "payments"), many(n.Files, "file", "files"))
	return err
}
