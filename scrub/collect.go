package scrub

import (
	"strconv"
	"strings"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/edi/x837"
)

// collector puts results in order, judges the envelopes and counts.
type collector struct {
	*Runner
	file  string
	visit func(*Result) error

	groups, sets map[string]bool // control numbers seen in the interchange, in the group
	grown        int             // segments that edits added to the open set
	levels       []Finding       // of the guide, in levels that claims hang from and in what stands before them
}

func newCollector(r *Runner, file string, visit func(*Result) error) *collector {
	return &collector{Runner: r, file: file, visit: visit, groups: map[string]bool{}, sets: map[string]bool{}}
}

func (c *collector) take(b *batch) error {
	event := 0
	for i := range len(b.results) + 1 {
		for ; event < len(b.events) && b.events[event].before <= i; event++ {
			if err := c.envelope(&b.events[event].event); err != nil {
				return err
			}
		}
		var own []Finding // of the guide, in this claim
		for _, g := range b.guided {
			if g.before != i {
				continue
			}
			var claim *Result
			profile := ""
			if i < len(b.results) {
				claim = &b.results[i]
				profile = c.ProfileOf(claim.Claim).Name
			}
			outside := &Result{}
			found, suppressed := c.Policy.sift(c.guideFindings(g.list, claim), profile, nil)
			outside.suppressed = suppressed
			inside := func(f *Finding) bool {
				return i < len(b.results) && f.Where.Pos.Offset >= b.results[i].Claim.Span().Start
			}
			var before []Finding
			for k := range found {
				if inside(&found[k]) {
					own = append(own, found[k])
					if ofLevel(&found[k]) { // behind the claim at hand, and its HL is missing
						c.levels = append(c.levels, found[k])
					}
				} else {
					before = append(before, found[k])
				}
			}
			if before != nil || suppressed != nil {
				c.applyGuide(outside, before)
				c.levels = append(c.levels, outside.Findings...)
				if err := c.emit(outside); err != nil {
					return err
				}
			}
		}
		if i == len(b.results) {
			break
		}
		res := &b.results[i]
		if res.err != nil {
			return res.err
		}
		if own != nil {
			c.applyGuide(res, own)
		}
		if res.Claim != nil {
			res.Above = c.above(res.Claim)
		}
		if res.Patched != nil {
			c.grown += res.Patched.Len() - res.Claim.Len()
		}
		if err := c.emit(res); err != nil {
			return err
		}
	}
	return nil
}

// above are the findings in the levels that a claim hangs from, and in the header of its
// set.
func (c *collector) above(claim *x837.Claim) (found []Finding) {
	if len(c.levels) == 0 || claim.Set == nil {
		return nil
	}
	kept := c.levels[:0]
	for _, f := range c.levels {
		at := f.Where.Pos.Offset
		in := func(l *x837.Level) bool { return l.Len() > 0 && at >= l.Span().Start && at < l.Span().End }
		switch {
		case at < claim.Set.Span().Start, f.Where.Loop == "": // of a set before, of an envelope
		case f.Where.Loop == "ST" || strings.HasPrefix(f.Where.Loop, "1000"), in(claim.Billing) && ofLevel(&f):
			found, kept = append(found, f), append(kept, f)
		case !ofLevel(&f): // in front of the claim that it belongs to
			found = append(found, f)
		case in(&claim.Subscriber), in(&claim.Patient):
			found, kept = append(found, f), append(kept, f)
		case at >= claim.PatientLevel().Span().End && at < claim.Span().Start: // of another member, whose HL is missing
			found, kept = append(found, f), append(kept, f)
		case at >= claim.Subscriber.Span().Start: // for claims that come
			kept = append(kept, f)
		}
	}
	c.levels = kept
	return found
}

// ofLevel reports whether the guide found it in a level, not in a claim.
func ofLevel(f *Finding) bool { return f.Guide != nil && strings.HasPrefix(f.Where.Loop, "20") }

func (c *collector) emit(res *Result) error {
	res.File = c.file
	s := &c.Summary
	for _, by := range res.suppressed {
		by.Count++
		s.Suppressed++
	}
	for i := range res.Findings {
		f := &res.Findings[i]
		f.File = c.file
		s.Findings[f.Severity]++
		switch {
		case f.Fixed:
			s.Fixed++
		case f.Fix != nil:
			s.Fixable[f.Fix.Safety]++
		}
	}
	return c.visit(res)
}

var (
	tagISA, tagGS, tagST = edi.TagOf("ISA"), edi.TagOf("GS"), edi.TagOf("ST")
	tagSE                = edi.TagOf("SE")
)

func (c *collector) envelope(e *x837.Event) error {
	p := EnvelopePass{Event: *e}
	if e.Trailer == nil {
		switch e.Header.Tag(0) {
		case tagISA:
			clear(c.groups)
		case tagGS:
			clear(c.sets)
			p.Repeated = c.groups[e.Header.Control]
			c.groups[e.Header.Control] = true
		case tagST:
			c.grown = 0
			p.Repeated = c.sets[e.Header.Control]
			c.sets[e.Header.Control] = true
		}
	}
	for _, r := range c.Rules {
		if r.Envelope != nil {
			p.rule = r
			r.Envelope(&p)
		}
	}
	res := &Result{Event: e}
	res.Findings, res.suppressed = c.Policy.sift(p.findings, "", nil)
	if c.Fix {
		c.fixEnvelope(res)
	}
	return c.emit(res)
}

// fixEnvelope applies the fixes of a trailer, and moves SE01 by the segments that
// edits of the set added or removed.
func (c *collector) fixEnvelope(res *Result) {
	for i := range res.Findings {
		f := &res.Findings[i]
		if f.Fix == nil || f.Fix.Safety < c.Least || len(f.Fix.Edits) == 0 {
			continue
		}
		f.Fixed = true
		res.Edits = append(res.Edits, f.Fix.Edits...)
		res.Applied = append(res.Applied, Applied{Rule: f.Rule, Safety: f.Fix.Safety, Message: f.Fix.Message})
	}
	if res.Event.Trailer == nil || res.Event.Trailer.Tag(0) != tagSE || c.grown == 0 {
		return
	}
	se := res.Event.Trailer.Segment(0)
	count, err := strconv.Atoi(string(se.Bytes(1)))
	if len(res.Edits) > 0 {
		count, err = res.Event.Counted, nil
	}
	if err != nil {
		return
	}
	if e, err := se.Set(1, []byte(strconv.Itoa(count+c.grown))); err == nil {
		res.Edits = edi.Patch{e}
	}
}
