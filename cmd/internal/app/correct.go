package app

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"runtime"
	"slices"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/gaitkeeper/gaitkeeper/edi/ack"
)

// correctOptions are the flags of correct, beside those that it shares with reconcile.
type correctOptions struct {
	reconcileOptions
	attest               string
	unsafe               bool
	out, changes, report string
	control              int
	date                 string
	given                bool // --control
}

const batching = "BATCH"

func newCorrect(env *environment) *cli.Command {
	o := &correctOptions{}
	return &cli.Command{
		Name: "correct", Usage: "build a corrected batch from the claims that 835 remittances deny",
		ArgsUsage: "ERA... --claims CLAIMS... -o FILE",
		Description: "Examples:\n" +
			"   gaitkeeper correct era.835 --claims batch.837 -o again.837\n" +
			"   gaitkeeper correct eras/ --claims sent/ --attest attest.csv --report left.ndjson -o again.837\n\n" +
			"A claim goes in where it is certain that the denial is about it, every denial is one\n" +
			"that a correction removes, and no error is left on it. It keeps all of its lines, and\n" +
			"every byte that no correction touches. Where the payer has decided on it, it replaces\n" +
			"the first claim (frequency 7, REF*F8); where the payer could not process it, and for\n" +
			"Medicare Part B, it is a new one (frequency 1). Claims that stay out are reported with\n" +
			"the reason and what to do instead.",
		Flags: append(o.judging.flags(fixing), []cli.Flag{
			&cli.GenericFlag{Name: "claims", Usage: "837P `FILE` or folder that was sent; may be given several times", Value: &o.claims, Category: answered},
			&cli.BoolFlag{Name: "recursive", Aliases: []string{"r"}, Usage: "folders with their folders", Destination: &o.recursive, Category: answered},

			&cli.StringFlag{Name: "attest", Usage: "attestations, CSV `FILE`, as for scrub", Destination: &o.attest, Category: fixing},
			&cli.BoolFlag{Name: "unsafe-fixes", Usage: "unsafe fixes too", Destination: &o.unsafe, Category: fixing},

			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "write the batch to `FILE` (default: standard output)", Destination: &o.out, Category: batching},
			&cli.IntFlag{Name: "control", Usage: "first control number `N` of the new envelopes", DefaultText: "follows from the denials", Destination: &o.control, Category: batching},
			&cli.StringFlag{Name: "date", Usage: "day and time of the new envelopes, `YYYYMMDDHHMM` (default: the newest payment's day)", Destination: &o.date, Category: batching},

			&cli.StringFlag{Name: "changes", Usage: "log every change to `FILE`, one JSON object a claim", Destination: &o.changes, Category: reporting},
			&cli.StringFlag{Name: "report", Usage: "write the claims that stay out to `FILE`, one JSON object a claim", Destination: &o.report, Category: reporting},
			&cli.BoolFlag{Name: "quiet", Aliases: []string{"q"}, Usage: "no progress and no notes", Destination: &o.quiet, Category: reporting},
			&cli.IntFlag{Name: "jobs", Aliases: []string{"j"}, Value: runtime.GOMAXPROCS(0), Usage: "judge claims in `N` goroutines; the result is the same", Destination: &o.jobs, Category: reporting},
		}...),
		Action: func(c *cli.Context) error {
			o.given = c.IsSet("control")
			return runCorrect(c.Context, env, o, c.Args().Slice())
		},
	}
}

func runCorrect(ctx context.Context, env *environment, o *correctOptions, paths []string) error {
	own := *env
	own.stderr = renamed{env.stderr}
	c := &corrector{
		reconciler: &reconciler{environment: &own, reconcileOptions: &o.reconcileOptions, faults: map[string]int{}},
		o:          o, terminal: env.stderr,
	}
	if err := c.prepare(ctx, paths); err != nil {
		return err
	}
	eras, closeEras, err := c.open(ctx, paths, kind835)
	defer closeEras()
	if err != nil {
		return err
	}
	claims, closeClaims, err := c.open(ctx, o.claims, kind837)
	defer closeClaims()
	if err != nil {
		return err
	}
	if c.worst != exitClean {
		// What cannot be read may hold the answer that stands.
		fmt.Fprintln(env.stderr, "gaitkeeper correct: not all input can be read: no batch is written")
		return silent(c.worst)
	}
	if err := c.checkOutputs(slices.Concat(eras, claims)); err != nil {
		return err
	}
	return c.correct(ctx, eras, claims)
}

// renamed puts the name of this command in place of reconcile's, with which it shares
// how inputs are opened.
type renamed struct{ io.Writer }

func (w renamed) Write(b []byte) (int, error) {
	if _, err := w.Writer.Write(bytes.ReplaceAll(b, []byte("gaitkeeper reconcile"), []byte("gaitkeeper correct"))); err != nil {
		return 0, err
	}
	return len(b), nil
}

// prepare says everything that can be wrong with flags before a file is read.
func (c *corrector) prepare(ctx context.Context, paths []string) (err error) {
	o := c.o
	switch {
	case len(o.claims) == 0:
		return usage("--claims is needed: the claims that were sent")
	case slices.Contains(paths, "-") && slices.Contains(o.claims, "-"):
		return usage("standard input can be read only once")
	case o.jobs < 1:
		return usage("--jobs must be at least 1")
	case o.given && (o.control < 1 || o.control > ack.MaxNumber):
		return usage("--control must be between 1 and %d", ack.MaxNumber)
	case o.changes == "-":
		return usage("--changes needs a name: standard output is taken")
	case o.report == "-":
		return usage("--report needs a name: standard output is taken")
	}
	if _, err := time.Parse(stampLayout, o.date); o.date != "" && err != nil {
		return usage("--date %q is no YYYYMMDDHHMM", o.date)
	}
	if o.out == "-" {
		o.out = "" // where it goes anyway
	}
	if c.basis, err = o.judging.read(ctx, &environment{c.stdin, c.stdout, c.terminal, c.catalogue}, "correct", o.quiet); err != nil {
		return err
	}
	return c.readAttestations()
}

// stampLayout is how --date is written.
const stampLayout = "200601021504"

// checkOutputs refuses to write over what is read, and to begin what cannot be written.
func (c *corrector) checkOutputs(list []input) error {
	o := c.o
	named := slices.DeleteFunc([]string{o.out, o.changes, o.report}, func(t string) bool { return t == "" })
	for i, t := range named {
		for _, other := range named[i+1:] {
			if same(t, other) {
				return usage("%s is to be written twice", t)
			}
		}
		for _, in := range list {
			if in.path != "" && same(in.path, t) {
				return usage("%s is input and output", t)
			}
		}
		for _, read := range append(o.judging.files(), o.attest) {
			if read != "" && same(read, t) {
				return usage("%s would be written over: it is read", t)
			}
		}
	}
	return checkWritable(named)
}

// target is what the batch goes to.
func (c *corrector) target() io.Writer {
	if c.o.out == "" {
		return c.stdout
	}
	return c.output(c.o.out)
}

// output is a file that appears at the end of the run.
func (c *corrector) output(path string) *output {
	o := create(path)
	c.outputs = append(c.outputs, o)
	return o
}
