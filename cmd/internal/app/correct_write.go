package app

import (
	"bufio"
	"errors"
	"fmt"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/edi/x837"
	"github.com/gaitkeeper/gaitkeeper/remit"
	"github.com/gaitkeeper/gaitkeeper/remit/correct"
	"github.com/gaitkeeper/gaitkeeper/scrub"
)

// begin opens what is written.
func (c *corrector) begin() error {
	stamp := c.o.date
	if stamp == "" {
		stamp = fmt.Sprintf("%08d0000", c.cases.Newest)
		if c.cases.Newest == 0 {
			return usage("no payment has a day: --date is needed")
		}
	}
	if c.o.given && c.numbers.Used(c.o.control) {
		return usage("--control %d is a control number of the claims that were sent", c.o.control)
	}
	c.numbers.Derive(c.cases.All())
	if c.o.given {
		c.numbers.Begin(c.o.control)
	}
	c.envelopes = &correct.Envelopes{Time: stamp, Numbers: &c.numbers}
	c.to = bufio.NewWriterSize(c.target(), 256<<10)
	c.batch = x837.NewBatchWriter(c.to)
	c.sent = map[string]bool{}
	c.left = &leftOut{}
	if c.o.report != "" {
		c.left.write(c.output(c.o.report))
	} else if !c.quiet {
		c.left.say(c.stderr)
	}
	if c.o.changes != "" {
		c.log = newChangeLog(c.output(c.o.changes))
	}
	return nil
}

// take writes a denied claim, or says why not.
func (c *corrector) take(k *correct.Case, res *scrub.Result) error {
	way := c.decide(k, res)
	if way.Frequency == correct.LeftOut {
		return c.left.add(k, res, way)
	}
	patched, edits, err := c.resubmit(res, way.Frequency, k.PayerControl)
	if errors.Is(err, correct.ErrControl) {
		return c.left.add(k, res, correct.Way{Reason: err.Error(), Step: remit.StepReplace, Text: "enter it by hand"})
	} else if err != nil {
		return err
	}
	set, err := c.envelopes.Of(res.Claim.Set)
	if err != nil {
		return err
	}
	moved := *res.Claim
	moved.Set = set
	if err := c.batch.Write(&moved, patched); err != nil {
		return err
	}
	c.sent[senderOf(res.Claim)] = true
	if c.log == nil {
		return nil
	}
	return c.log.resubmission(res, edits, way, k)
}

// resubmit gives the corrected claim its frequency and reference. The edits are of
// the original file.
func (c *corrector) resubmit(res *scrub.Result, frequency byte, control string) (*x837.Claim, edi.Patch, error) {
	claim := res.Claim
	if res.Patched != nil {
		claim = res.Patched
	}
	edits, err := correct.Resubmit(claim, frequency, control)
	if err != nil {
		return nil, nil, err
	}
	step, err := edi.NewPatch(edits...)
	if err != nil {
		return nil, nil, err
	}
	whole, err := edi.Compose(res.Claim.Bytes(), res.Claim.Span().Start, res.Edits, step)
	if err != nil {
		return nil, nil, err
	}
	patched, err := claim.Patched(step)
	return patched, whole, err
}

// finish ends the batch and makes the files appear.
func (c *corrector) finish() error {
	if err := errors.Join(c.batch.Close(), c.to.Flush()); err != nil {
		return err
	}
	c.dots.Clear()
	if err := c.left.close(c.batch.Claims); err != nil {
		return err
	}
	files := c.outputs
	if c.batch.Claims == 0 && c.o.out != "" {
		files = files[1:]
		if err := c.outputs[0].remove(); err != nil {
			return err // a batch of an earlier run would be sent again
		}
	}
	if err := commitAll(files...); err != nil {
		return err
	}
	if !c.quiet {
		c.left.tell(c.stderr, c.batch.Claims, c.o.out)
	}
	code := c.worst
	if code == exitClean && c.left.recoverable > 0 {
		code = exitFindings
	}
	if code != exitClean {
		return silent(code)
	}
	return nil
}

// senderOf is what may stand in a batch once: biller and claim number.
func senderOf(claim *x837.Claim) string {
	npi := ""
	if i := claim.Billing.Find(x837.Loop2010AA, edi.TagOf("NM1"), "85"); i >= 0 {
		npi = string(claim.Billing.Element(i, 9))
	}
	return npi + " " + string(claim.ID())
}
