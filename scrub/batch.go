package scrub

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/gaitkeeper/gaitkeeper/edi/guide"
	"github.com/gaitkeeper/gaitkeeper/edi/x837"
)

const (
	batchClaims = 32 // few enough to be in the processor's cache still when they are judged
	batchBytes  = 256 << 10
	keepBytes   = 64 << 10 // memory of a larger claim is not kept
)

// batch is a run of claims that are read, judged and collected together.
type batch struct {
	claims  []*x837.Claim // kept for the next fill
	results []Result      // of claims[:len(results)]
	events  []placed      // envelopes, each with the claim it stands before
	guided  []guided      // problems with the guide
	first   uint32        // ordinal of the first claim
	last    bool          // the source ends with it
	err     error
	done    chan struct{}
}

type placed struct {
	event  x837.Event
	before int
}

// fill reads the next claims; next is the ordinal of the first and is moved on.
func (b *batch) fill(ctx context.Context, reader *x837.Reader, problems *[]guide.Problem, next *uint32) error {
	b.results, b.events, b.guided, b.first, b.last = b.results[:0], b.events[:0], b.guided[:0], *next, false
	if err := ctx.Err(); err != nil {
		return err
	}
	size := 0
	for n := 0; n < batchClaims && size < batchBytes; n++ {
		if n == len(b.claims) {
			b.claims = append(b.claims, new(x837.Claim))
		} else if cap(b.claims[n].Bytes()) > keepBytes {
			b.claims[n] = new(x837.Claim)
		}
		c := b.claims[n]
		err := reader.Next(c)
		for _, e := range reader.Events() {
			b.events = append(b.events, placed{e, n})
		}
		if len(*problems) > 0 {
			b.guided = append(b.guided, guided{*problems, n})
			*problems = nil
		}
		if errors.Is(err, io.EOF) {
			b.last = true
			return nil
		} else if err != nil {
			return err
		}
		size += len(c.Bytes())
		b.results = append(b.results, Result{Claim: c})
		*next++
	}
	return nil
}

// worker judges claims; it keeps memory from one to the next.
type worker struct {
	*Runner
	pass       Pass
	run        []runnable
	suppressed []*Suppression // a finding each, of the claim judged last
}

// runnable is a rule that looks at claims and has what it needs, or a batch of them,
// with what decides whether it looks at this one.
type runnable struct {
	when   Trait // all, where the rule names none
	onVoid bool
	run    func(*Pass)
	rule   *Rule // nil for a batch
}

func newWorker(r *Runner) *worker {
	w := &worker{Runner: r, pass: Pass{Claim: new(Claim), Data: &r.Data}}
	type part struct { // rules of a batch that look at the same claims
		batch  *Batch
		onVoid bool
	}
	batches := map[part][]*Rule{}
	var order []part
	for _, rule := range r.Rules {
		if rule.Needs&^r.Given() != 0 {
			continue
		}
		if rule.Batch != nil {
			b := part{rule.Batch, rule.OnVoid}
			if batches[b] == nil {
				order = append(order, b)
			}
			batches[b] = append(batches[b], rule)
			continue
		}
		if rule.Run == nil {
			continue
		}
		when := rule.When
		if when == 0 {
			when = always
		}
		w.run = append(w.run, runnable{when, rule.OnVoid, rule.Run, rule})
	}
	for _, b := range order {
		w.run = append(w.run, runnable{when: always, onVoid: b.onVoid, run: b.batch.Start(batches[b])})
	}
	return w
}

func (w *worker) judge(b *batch) {
	for i := range b.results {
		w.claim(&b.results[i], b.first+uint32(i))
	}
}

// claim judges one claim. A panic in a rule is an error of the run that names
// the rule and the place, and no data.
func (w *worker) claim(res *Result, ordinal uint32) {
	if res.Claim.Fault != nil {
		return
	}
	defer func() {
		if v := recover(); v != nil {
			id := ""
			if w.pass.rule != nil {
				id = " in rule " + w.pass.rule.ID
			}
			s := res.Claim.Segment(0)
			res.err = fmt.Errorf("internal error%s at the claim of segment %d: %T", id, s.Pos().Segment, v)
		}
	}()
	found := w.findings(res.Claim, ordinal)
	res.suppressed = slices.Clone(w.suppressed)
	if len(found) == 0 {
		return
	}
	res.Findings = slices.Clone(found)
	if w.Fix {
		w.fix(res, ordinal)
	}
}

// findings runs the rules over a claim. The slice is used again.
func (w *worker) findings(x *x837.Claim, ordinal uint32) []Finding {
	p := &w.pass
	p.findings = p.findings[:0]
	c := p.Claim
	c.decode(x, w.ProfileOf)
	c.Ordinal = ordinal
	c.visits(p.Days)
	p.Tables = p.Data.tablesFor(c.Profile)
	traits := c.traits | always
	for i := range w.run {
		r := &w.run[i]
		if r.when&traits == 0 || c.Frequency == '8' && !r.onVoid {
			continue
		}
		p.rule = r.rule
		r.run(p)
	}
	p.rule = nil
	w.suppressed = w.suppressed[:0]
	if w.Policy != nil {
		p.findings, w.suppressed = w.Policy.sift(p.findings, c.Profile.Name, w.suppressed)
	}
	slices.SortStableFunc(p.findings, func(a, b Finding) int {
		switch {
		case a.Where.Span.Start < b.Where.Span.Start:
			return -1
		case a.Where.Span.Start > b.Where.Span.Start:
			return 1
		case a.Rule.ID < b.Rule.ID:
			return -1
		case a.Rule.ID > b.Rule.ID:
			return 1
		}
		return 0
	})
	return p.findings
}
