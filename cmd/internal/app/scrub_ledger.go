package app

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"path/filepath"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/gaitkeeper/gaitkeeper/cmd/internal/render"
	"github.com/gaitkeeper/gaitkeeper/scrub"
	"github.com/gaitkeeper/gaitkeeper/scrub/ledger"
)

// ledgerOptions are the flags that name a ledger.
type ledgerOptions struct {
	location, key string
	wait          time.Duration
}

func (o *ledgerOptions) flags(category string) []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "ledger", Usage: "ledger of what was sent: a `FILE` (SQLite), or postgres://...", EnvVars: []string{"GAITKEEPER_LEDGER"}, Destination: &o.location, Category: category},
		&cli.StringFlag{Name: "ledger-key", Usage: "key `FILE` of the ledger (default: beside it, with .key)", EnvVars: []string{"GAITKEEPER_LEDGER_KEY"}, Destination: &o.key, Category: category},
		&cli.DurationFlag{Name: "ledger-wait", Value: time.Minute, Usage: "how long to wait for another process that uses the ledger", Destination: &o.wait, Category: category},
	}
}

// keyFile is where the key of the ledger is; "" where that is not known.
func (o *ledgerOptions) keyFile() string {
	if o.key == "" && o.location != "" {
		return o.location + ".key"
	}
	return o.key
}

// open opens the ledger; create makes it where there is none.
func (o *ledgerOptions) open(ctx context.Context, env *environment, command string, create bool) (*ledger.Ledger, error) {
	l, err := ledger.Open(ctx, ledger.Options{
		Location: o.location, KeyFile: o.key, Create: create, Wait: o.wait,
		OnWait: func() {
			fmt.Fprintf(env.stderr, "gaitkeeper %s: another process uses the ledger: waiting up to %s\n", command, o.wait)
		},
	})
	return l, ledgerFault(err)
}

// ledgerFault says how an error of the ledger ends the run.
func ledgerFault(err error) error {
	switch {
	case err == nil, errors.Is(err, context.Canceled):
		return err
	case errors.Is(err, ledger.ErrBusy):
		return (&fault{code: exitFailure, err: err}).withHint("wait for the other process, or give --ledger-wait more time")
	case errors.Is(err, ledger.ErrKeyUnnamed):
		return (&fault{code: exitUsage, err: err}).withHint("--ledger-key FILE; scrub makes it where it is missing")
	case errors.Is(err, ledger.ErrLocation):
		return &fault{code: exitUsage, err: err}
	case errors.Is(err, ledger.ErrMissing):
		return (&fault{code: exitFailure, err: err}).withHint("scrub --ledger begins one")
	}
	return &fault{code: exitFailure, err: err}
}

// what of a run is recorded.
const (
	recordAll   = "all"
	recordClean = "clean"
	recordNone  = "none"
)

// records are the values of --record.
var records = []string{recordAll, recordClean, recordNone}

// scrubLedger is the ledger of a run of scrub.
type scrubLedger struct {
	*ledgerHistory
	today    int32
	files    map[string]ledgerFile // by the name of the input
	done     map[[sha256.Size]byte]bool
	file     ledger.File      // the input at hand
	records  bool             // it is recorded, once it turns out to have a claim
	recorder *ledger.Recorder // of it; nil where nothing is recorded, or not yet
	summary  render.Ledger
}

// ledgerFile is an input, as the ledger knows it.
type ledgerFile struct {
	ledger.File      // ID is 0 for one that is new
	corrected   bool // it is what a file of the ledger was corrected to
}

// openLedger takes the ledger for the run and looks up which inputs it knows.
//
// A file that the ledger has is judged by what came before it, so that a run can be
// repeated; the files of the run themselves are not looked up, for they are read.
func (s *scrubber) openLedger(ctx context.Context, list []input) (err error) {
	b := &scrubLedger{today: int32(today()), files: map[string]ledgerFile{}, done: map[[sha256.Size]byte]bool{}}
	l, err := s.ledger.open(ctx, s.environment, "scrub", true)
	if err != nil {
		return err
	}
	b.ledgerHistory = &ledgerHistory{Ledger: l}
	s.book = b
	if b.run, err = l.Begin(ctx); err != nil {
		return ledgerFault(err)
	}
	for _, in := range list {
		f, err := b.look(ctx, in)
		if err != nil {
			return named(in.Name, err)
		}
		b.files[in.Name] = f
		if f.ID == 0 {
			continue
		}
		b.horizon.Without = append(b.horizon.Without, f.ID)
		b.summary.Known++
		if !s.quiet {
			s.dots.Clear()
			fmt.Fprintf(s.stderr, "gaitkeeper scrub: %s was recorded on %s: judged as then\n", in.Name, day(f.Recorded))
		}
	}
	s.runner.History = b
	return nil
}

// survey says which input is surveyed next.
func (b *scrubLedger) survey(in input) { b.horizon.Before = b.files[in.Name].ID }

// look is what the ledger knows of an input.
func (b *scrubLedger) look(ctx context.Context, in input) (ledgerFile, error) {
	digest, size, err := digestOf(in)
	if err != nil {
		return ledgerFile{}, err
	}
	f := ledgerFile{File: ledger.File{Kind: ledger.Claims, Digest: digest, Name: filepath.Base(in.Name), Bytes: size, Recorded: b.today}}
	known, found, err := b.run.Find(ctx, f.Digest)
	if err != nil {
		return ledgerFile{}, ledgerFault(err)
	}
	if found {
		f.corrected = known.Digest != f.Digest
		f.File = known
	}
	return f, nil
}

// begin says which input is recorded next. A file that is not whole is not sent, and
// what a file was corrected to was recorded with it.
func (b *scrubLedger) begin(s *scrubber, in input) {
	f := b.files[in.Name]
	b.file, b.recorder = f.File, nil
	b.records = s.record != recordNone && !s.diff && !s.cut[in.Name] && !f.corrected && !b.done[f.Digest]
	b.done[f.Digest] = b.done[f.Digest] || b.records
}

// add records a claim as it is sent, or holds it back. The first claim begins the record
// of its file, so that a remittance that strayed in does not become a file of claims.
func (b *scrubLedger) add(ctx context.Context, s *scrubber, res *scrub.Result) (err error) {
	if !b.records || res.Claim == nil {
		return nil
	}
	if b.recorder == nil {
		if b.recorder, err = b.run.Record(ctx, b.file); err != nil {
			return ledgerFault(err)
		}
	}
	if res.Claim.Fault != nil {
		return nil
	}
	if (s.split != nil || s.record == recordClean) && !res.Clean(s.least) {
		b.summary.Held++
		return nil
	}
	claim := res.Claim
	if res.Patched != nil && s.fix {
		claim = res.Patched
	}
	b.summary.Recorded++
	return ledgerFault(b.recorder.Add(ctx, claimFor(b.Ledger, s.runner.Sent(claim), res.Claim.Ordinal)))
}

// end closes the record of an input. written is the digest of its corrected form.
func (b *scrubLedger) end(ctx context.Context, written hash.Hash) error {
	if b.recorder == nil {
		return nil
	}
	if written != nil {
		if err := b.recorder.Alias(ctx, [sha256.Size]byte(written.Sum(nil))); err != nil {
			return ledgerFault(err)
		}
	}
	_, _, err := b.recorder.Close(ctx)
	return ledgerFault(err)
}

// commit makes the record last. Where one input was split, its good part is another
// form of it.
func (b *scrubLedger) commit(ctx context.Context, s *scrubber) error {
	if s.split != nil && b.recorder != nil && len(b.files) == 1 {
		if err := b.recorder.Alias(ctx, [sha256.Size]byte(s.split.sent.Sum(nil))); err != nil {
			return ledgerFault(err)
		}
	}
	return ledgerFault(b.run.Commit())
}

// close gives the ledger back. What was not committed is as it never was.
func (b *scrubLedger) close() {
	if b == nil {
		return
	}
	if b.run != nil {
		b.run.Rollback()
	}
	b.Ledger.Close()
}
