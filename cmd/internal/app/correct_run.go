package app

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/gaitkeeper/gaitkeeper/cmd/internal/term"
	"github.com/gaitkeeper/gaitkeeper/edi/x837"
	"github.com/gaitkeeper/gaitkeeper/remit"
	"github.com/gaitkeeper/gaitkeeper/remit/correct"
	"github.com/gaitkeeper/gaitkeeper/scrub"
)

// corrector is one run of the command. What it reads and how it matches is as for
// reconcile.
type corrector struct {
	*reconciler
	o        *correctOptions
	runner   *scrub.Runner
	terminal io.Writer // that progress is shown on
	attest   *scrub.Attestations
	index    *remit.Index
	cases    correct.Cases
	numbers  correct.Numbers
	cut      bool // an input is not whole
	outputs  []*output

	envelopes *correct.Envelopes
	to        *bufio.Writer
	batch     *x837.BatchWriter
	sent      map[string]bool // biller and number of the claims of the batch
	log       *changeLog
	left      *leftOut
}

// correct reads everything once, decides, and reads the claims again to write those
// that go in.
func (c *corrector) correct(ctx context.Context, eras, claims []input) error {
	defer func() {
		for _, o := range c.outputs {
			o.discard()
		}
	}()
	size := int64(0)
	for _, in := range slices.Concat(eras, eras, claims, claims, claims) {
		if in.compressed {
			size = -1
			break
		}
		size += in.size
	}
	c.dots = term.NewProgress(c.terminal, size, c.quiet)
	defer c.dots.Clear()
	runner := c.basis.runner(weighty(c.basis.catalogue), c.o.jobs)
	c.runner = runner
	runner.OnProgress, runner.Attest, runner.Fix = c.dots.Add, c.attest, true
	if c.o.unsafe {
		runner.Least = scrub.Unsafe
	}
	c.index = new(remit.Index)
	for _, in := range claims {
		if err := c.survey(ctx, runner, in); err != nil {
			return named(in.Name, err)
		}
	}
	if err := c.adjudicate(ctx, eras); err != nil {
		return err
	}
	if c.cut {
		fmt.Fprintln(c.stderr, "gaitkeeper correct: an input is not whole, and what is missing may count: no batch is written")
		return silent(c.worst)
	}
	if err := c.begin(); err != nil {
		return err
	}
	for _, k := range c.cases.Unclaimed() {
		way, _ := k.Doubt()
		if err := c.left.add(k, nil, way); err != nil {
			return err
		}
	}
	for file, in := range claims {
		start := c.index.Start(file)
		err := runner.Scrub(ctx, in.Input, func(res *scrub.Result) error {
			if res.Claim == nil {
				return nil
			}
			if k := c.cases.Of(start + res.Claim.Ordinal); k != nil {
				return c.take(k, res)
			}
			return nil
		})
		if err != nil {
			return named(in.Name, err)
		}
	}
	return c.finish()
}

// weighty leaves out the warnings for which there is no fix: they would only hold back
// a correction that a person attests, as where the rendering provider is of another
// discipline than the one attested.
func weighty(catalogue []*scrub.Rule) []*scrub.Rule {
	return slices.DeleteFunc(slices.Clone(catalogue), func(r *scrub.Rule) bool {
		return r.Severity < scrub.Error && len(r.Fixes) == 0
	})
}
