package app

import (
	"context"
	"errors"
	"io"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/edi/x837"
	"github.com/gaitkeeper/gaitkeeper/remit"
	"github.com/gaitkeeper/gaitkeeper/scrub"
)

func (c *corrector) readAttestations() error {
	return readSidecar(c.o.attest, func(r io.Reader) (err error) { c.attest, err = scrub.ReadAttestations(r); return err })
}

// survey reads the claims of a file into the index, notes their control numbers and
// what they bill.
func (c *corrector) survey(ctx context.Context, runner *scrub.Runner, in input) error {
	if err := c.readClaims(in); err != nil {
		return err
	}
	_, err := runner.Survey(ctx, in.Input)
	return err
}

func (c *corrector) readClaims(in input) error {
	src, err := c.counted(in)()
	if err != nil {
		return err
	}
	defer src.Close()
	r := x837.NewReader(src)
	r.OnError = func(e *edi.SyntaxError) { c.heard(in.Name, e) }
	c.index.Files = append(c.index.Files, in.Name)
	var claim x837.Claim
	for {
		err := r.Next(&claim)
		for _, e := range r.Events() {
			c.note(&e)
		}
		if errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		c.index.Add(&claim)
	}
}

// note keeps the control numbers of an envelope: no new one may be the same.
func (c *corrector) note(e *x837.Event) {
	if e.Header == nil {
		return // a trailer without one
	}
	c.numbers.Use(e.Header.Control)
	if i := e.Header.Find(x837.LoopST, edi.TagOf("BHT"), ""); i >= 0 {
		c.numbers.Use(string(e.Header.Element(i, 3)))
	}
}

// heard tells a fault of an input.
func (c *corrector) heard(file string, e *edi.SyntaxError) {
	c.cut = c.cut || e.Truncated()
	c.fault(file, e)
}

// adjudicate reads the remittances and gathers what stands denied.
func (c *corrector) adjudicate(ctx context.Context, eras []input) error {
	run := &remit.Run{Claims: c.index, OnFault: c.heard}
	for _, in := range eras {
		if _, err := run.Survey(ctx, remit.Source{Name: in.Name, Open: c.counted(in)}); err != nil {
			return named(in.Name, err)
		}
	}
	run.Settle()
	return run.Report(ctx, &c.cases)
}
