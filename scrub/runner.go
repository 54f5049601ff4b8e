package scrub

import (
	"context"
	"errors"
	"io"
	"slices"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/edi/guide"
	"github.com/gaitkeeper/gaitkeeper/edi/x837"
	"github.com/gaitkeeper/gaitkeeper/scrub/payer"
)

// Input is claims that can be read more than once.
type Input struct {
	Name string
	Open func() (io.ReadCloser, error)
}

// Runner scrubs the claims of a run, which may be several inputs. Survey must have
// seen all of them before Scrub begins: rules look at all claims of a patient's
// day. Inputs are told apart by their names.
type Runner struct {
	Rules   []*Rule
	Profile *payer.Profile // for every claim; nil: chosen by who pays
	Policy  *Policy        // profiles and exceptions of the configuration; nil: the built-in ones
	Data    Data
	Attest  *Attestations
	History History          // what was sent before the run; nil: nothing is known of it
	Fix     bool             // apply fixes
	Least   Safety           // the least safe fixes that are applied unasked: Safe or Unsafe
	Jobs    int              // claims are judged by so many goroutines; the result is the same
	Guide   *guide.Validator // holds the claims against their guide in the same pass; nil: not

	// OnFault is told of faults in the text of a source, while it is surveyed.
	OnFault func(source string, e *edi.SyntaxError)
	// OnProgress is told of bytes read, now and then, from both passes.
	OnProgress func(bytes int64)

	recall   *recall
	surveyed uint32            // claims
	first    map[string]uint32 // ordinal of the first claim of each input
	Summary  Summary
}

// Given is what rules may need and have.
func (r *Runner) Given() (n Needs) {
	if r.Data.Log != nil {
		n |= NeedsLog
	}
	if r.Data.YTD != nil || r.History != nil {
		n |= NeedsYTD
	}
	if r.Data.Plan != nil {
		n |= NeedsPlan
	}
	if r.History != nil {
		n |= NeedsHistory
	}
	return n | r.Policy.needs()
}

// NotChecked are the rules of the run that lack an input.
func (r *Runner) NotChecked(need Needs) (ids []string) {
	for _, rule := range r.Rules {
		if rule.Needs&need&^r.Given() != 0 {
			ids = append(ids, rule.ID)
		}
	}
	return ids
}

// ProfileOf is what the payer of a claim expects.
func (r *Runner) ProfileOf(x *x837.Claim) *payer.Profile {
	if r.Profile != nil {
		return r.Profile
	}
	filing := levelElement(&x.Subscriber, x837.Loop2000B, tagSBR, "", 9)
	if r.Policy == nil {
		return payer.For(filing)
	}
	var id, name []byte
	if i := x.Subscriber.Find(x837.Loop2010BB, tagNM1, "PR"); i >= 0 {
		id, name = x.Subscriber.Element(i, 9), x.Subscriber.Element(i, 3)
	}
	return r.Policy.Payers.For(filing, id, name)
}

// Summary counts what a run saw.
type Summary struct {
	Files, Interchanges, Segments int
	Claims, Lines                 int
	Unread                        int // claims that were not whole: reported, not judged
	Bytes                         int64
	Findings                      [3]int // by Severity
	Fixed                         int
	Suppressed                    int    // findings that were not told, see Policy
	Fixable                       [3]int // findings left that have a fix, by Safety
}

// Result is what came out for one claim, or for the beginning or end of an
// envelope, in the order of the source.
type Result struct {
	File     string
	Claim    *x837.Claim // nil for an envelope
	Event    *x837.Event // nil for a claim, and for what the guide finds outside claims
	Findings []Finding
	Above    []Finding // of the guide, in the levels that the claim hangs from: told before
	Edits    edi.Patch // of the source
	Applied  []Applied // the fixes that made them
	Patched  *x837.Claim

	suppressed []*Suppression
	err        error
}

// Applied is a fix that was made.
type Applied struct {
	Rule        *Rule
	Line        string // REF*6R
	LineNo      int    // LX01; 0 for the claim or envelope
	Safety      Safety
	Message     string
	Attestation *Attestation
}

// Clean reports whether no finding at or above a severity is left, of the claim or of
// what it hangs from.
func (r *Result) Clean(least Severity) bool {
	left := func(f Finding) bool { return !f.Fixed && f.Severity >= least }
	if slices.ContainsFunc(r.Findings, left) || slices.ContainsFunc(r.Above, left) {
		return false
	}
	return r.Claim == nil || r.Claim.Fault == nil
}

// Survey reads a source and notes what its claims bill.
func (r *Runner) Survey(ctx context.Context, src Input) (x837.Counts, error) {
	in, err := src.Open()
	if err != nil {
		return x837.Counts{}, err
	}
	defer in.Close()
	if r.Data.Days == nil {
		r.Data.Days = NewDays()
		r.first = map[string]uint32{}
		if r.History != nil {
			r.recall = newRecall(r.History, r.Data.Days)
			r.Data.allowed = r.recall.allowed
			if slices.ContainsFunc(r.Rules, func(rule *Rule) bool { return rule.Needs&NeedsHistory != 0 }) {
				r.Data.Days.visits = map[uint64][]edi.Date{}
			}
		}
	}
	r.first[src.Name] = r.surveyed
	reader := x837.NewReader(&progress{src: in, tell: r.OnProgress})
	reader.OnError = func(e *edi.SyntaxError) {
		if r.OnFault != nil {
			r.OnFault(src.Name, e)
		}
	}
	size := 1
	if r.History != nil {
		size = recalled
	}
	claims, batch := make([]x837.Claim, size), make([]Claim, size)
	for last := false; !last; {
		if ctx.Err() != nil {
			return reader.Counts(), ctx.Err()
		}
		n := 0
		for ; n < size; n++ {
			if err := reader.Next(&claims[n]); errors.Is(err, io.EOF) {
				last = true
				break
			} else if err != nil {
				return reader.Counts(), err
			}
			batch[n].decodeServices(&claims[n])
			if claims[n].Fault != nil {
				batch[n].Lines = batch[n].Lines[:0]
			}
		}
		if err := r.note(ctx, batch[:n]); err != nil {
			return reader.Counts(), err
		}
	}
	return reader.Counts(), nil
}

// note adds surveyed claims, and before them what the history has of their days.
func (r *Runner) note(ctx context.Context, batch []Claim) error {
	if r.recall != nil {
		if err := r.recall.look(ctx, batch); err != nil {
			return err
		}
	}
	for i := range batch {
		c := &batch[i]
		c.Ordinal = r.surveyed
		r.Data.Days.Add(c)
		r.surveyed++
		if r.Data.Log != nil {
			r.Data.Log.see(c.ID())
		}
		if r.Data.Plan != nil {
			r.Data.Plan.see(c.ID())
		}
	}
	return nil
}

// Scrub reads a source again and hands every claim and envelope to visit, with
// what was found. A Result is valid until visit returns.
func (r *Runner) Scrub(ctx context.Context, src Input, visit func(*Result) error) error {
	in, err := src.Open()
	if err != nil {
		return err
	}
	defer in.Close()
	reader := x837.NewReader(&progress{src: in, tell: r.OnProgress})
	reader.OnError = func(*edi.SyntaxError) {} // reported by Survey
	var problems []guide.Problem               // since the batch took them last
	if r.Guide != nil {
		walk := r.Guide.Walk(guide.Handler{Problem: func(p *guide.Problem) { problems = append(problems, *p) }})
		reader.OnError, reader.OnSegment = walk.Fault, walk.Segment
		reader.OnEnd = func() { walk.Close() }
	}

	collect := newCollector(r, src.Name, visit)
	next := r.first[src.Name]
	if r.Jobs <= 1 {
		err = r.serial(ctx, reader, &problems, next, collect)
	} else {
		err = r.parallel(ctx, reader, &problems, next, collect)
	}
	if err != nil {
		return err
	}
	n := reader.Counts()
	r.Summary.Files++
	r.Summary.Bytes += n.Bytes
	r.Summary.Interchanges += n.Interchanges
	r.Summary.Segments += n.Segments
	r.Summary.Claims += n.Claims
	r.Summary.Lines += n.Lines
	r.Summary.Unread += n.Faulty
	return nil
}

// serial judges claims where it reads them.
func (r *Runner) serial(ctx context.Context, reader *x837.Reader, problems *[]guide.Problem, next uint32, collect *collector) error {
	w := newWorker(r)
	var b batch
	for !b.last {
		if err := b.fill(ctx, reader, problems, &next); err != nil {
			return err
		}
		w.judge(&b)
		if err := collect.take(&b); err != nil {
			return err
		}
	}
	return nil
}

// parallel reads, judges and collects at the same time; batches are collected in
// the order in which they were read.
func (r *Runner) parallel(ctx context.Context, reader *x837.Reader, problems *[]guide.Problem, next uint32, collect *collector) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	depth := r.Jobs + 2
	free := make(chan *batch, depth)
	for range depth {
		free <- &batch{done: make(chan struct{}, 1)}
	}
	work := make(chan *batch, depth)
	order := make(chan *batch, depth)
	go func() {
		defer close(order)
		defer close(work)
		for {
			var b *batch
			select {
			case b = <-free:
			case <-ctx.Done():
				return
			}
			b.err = b.fill(ctx, reader, problems, &next)
			last := b.last || b.err != nil
			order <- b
			work <- b
			if last {
				return
			}
		}
	}()
	for range r.Jobs {
		go func() {
			w := newWorker(r)
			for b := range work {
				if b.err == nil {
					w.judge(b)
				}
				b.done <- struct{}{}
			}
		}()
	}
	var failed error
	for b := range order {
		<-b.done
		if failed == nil {
			if failed = b.err; failed == nil {
				failed = collect.take(b)
			}
		}
		if failed == nil {
			free <- b
		} else {
			cancel()
		}
	}
	if failed == nil {
		failed = ctx.Err()
	}
	return failed
}

// progress counts the bytes read from src.
type progress struct {
	src  io.Reader
	tell func(int64)
}

func (p *progress) Read(b []byte) (int, error) {
	n, err := p.src.Read(b)
	if p.tell != nil {
		p.tell(int64(n))
	}
	return n, err
}
