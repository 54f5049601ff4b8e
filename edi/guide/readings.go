package guide

import (
	"bytes"
	"fmt"
	"math/bits"
	"slices"

	"github.com/gaitkeeper/gaitkeeper/edi"
)

// A segment that does not come in order, or comes before what is required, may be
// misplaced itself, the one before it may be, or the first segment of its loop may be
// missing. The segments behind it tell which: each reading is tried on some of them, and
// the one by which least is wrong is taken. For an HL that contradicts itself, the next
// segment tells.

// window is how many segments are read ahead, the one in question among them. They
// end with a claim, a line or a level.
const window = 12

// manyHeld is the number of problems of a level or claim from which on nothing is
// read ahead: where so much is wrong, readings tell nothing.
const manyHeld = 200

// reading is what may be wrong.
type reading struct {
	kind readingKind
	at   place // the loop whose first segment is missing
	loop *loop
}

type readingKind uint8

const (
	unread   readingKind = iota
	usual                // what the segment alone looks like
	stays                // it is misplaced; the open loops go on
	tooEarly             // the one before it is misplaced
	opens                // it is in a loop whose first segment is missing
)

// lookahead holds back segments until it is known what is wrong.
type lookahead struct {
	queue   edi.Block
	spare   edi.Block // memory for the next queue
	looking bool
	own     bool    // the unit takes copies here, not from the scanner
	reads   reading // of the first segment held back
	decided bool    // it is on its way through
	trial   bool    // to find out
	hint    int     // level of the HL at hand, counted from 1; 0 for none
}

// doubtful holds a segment back, if anything can be learned from those behind it.
func (w *Walker) doubtful(s *edi.Segment) bool {
	if w.decided || w.lost || len(w.held) > manyHeld {
		return false
	}
	if w.scan != nil && !w.own {
		w.scan.Collect(nil)
		w.own = true
	}
	w.queue.Reset()
	w.queue.Append(s)
	w.looking, w.prev = true, -1
	return true
}

// ahead takes a segment behind one that was held back.
func (w *Walker) ahead(s *edi.Segment, tag edi.Tag) {
	if !w.queue.Append(s) {
		w.decide(nil)
		w.place(s, tag)
		return
	}
	if w.queue.Len() == window || tag == tagHL || tag == tagLX || tag == tagCLM || tag == tagCLP {
		w.decide(nil)
	}
}

// resume lets the scanner fill the unit again, from s on.
func (w *Walker) resume() {
	w.own = false
	if w.scan != nil {
		w.scan.Collect(&w.memory)
	}
}

// decide finds the best reading and lets the segments pass. end is the one of an
// envelope behind them, nil for none.
func (w *Walker) decide(end *edi.Segment) {
	w.looking, w.decided = false, true
	first := w.queue.Segment(0)
	best := reading{kind: usual}
	switch {
	case first.Tag() != tagHL || w.tree.set != "837":
		best = w.choose(&first, end)
	case w.queue.Len() > 1: // it tells the level of the HL
		next := w.queue.Segment(1)
		w.hint = hintOf(&next)
	}
	w.release(best)
}

// choose is the reading of a segment by which least is wrong.
func (w *Walker) choose(first, end *edi.Segment) reading {
	before := w.save()
	best, least := reading{kind: usual}, -1
	for _, r := range w.readings(first) {
		w.trial = true
		w.attempt(r, end)
		w.trial = false
		if n := w.weight(before.silent); least < 0 || n < least {
			best, least = r, n
		}
		w.restore(before)
	}
	return best
}

// release lets the segments pass that were held back, the first by a reading.
func (w *Walker) release(best reading) {
	waiting := w.queue
	w.queue, w.spare = w.spare, edi.Block{}
	w.reads, w.prev = best, -1
	for i := range waiting.Len() {
		s := waiting.Segment(i)
		if w.looking { // another one is in doubt
			w.ahead(&s, s.Tag())
		} else {
			w.place(&s, s.Tag())
		}
		w.decided = false
	}
	w.prev = -1
	waiting.Reset()
	w.spare = waiting
}

// attempt lets the segments pass that were held back, the first by a reading; the
// set ends at end, where that is not nil.
func (w *Walker) attempt(r reading, end *edi.Segment) {
	w.reads = r
	for i := range w.queue.Len() {
		s := w.queue.Segment(i)
		w.place(&s, s.Tag())
	}
	w.reads = reading{}
	for end != nil && w.top >= 0 {
		w.leave(end)
	}
}

// What a trial finds weighs more or less: what is missing behind something that is
// missing is likely to have the same cause, and a segment that is passed over in silence
// is one of which nothing more is known.
const (
	anError   = 64
	anElement = 24 // a wrong element: the segment may stand right
	moreLacks = 16
	silence   = 4
	aWarning  = 1
)

// weight is how much is wrong by a trial: the problems of the unit, what the open loops
// lack, and what was passed over since then.
func (w *Walker) weight(silent int) (n int) {
	lacks := func(first bool) {
		if n += moreLacks; first {
			n += anError - moreLacks
		}
	}
	for i := range w.held {
		switch p := &w.held[i]; {
		case p.Severity != Error && p.meaning: // what it holds is for another loop
			n += aWarning
		case p.Severity != Error: // how it is written, wherever it stands
		case p.Rule == "GD101":
			lacks(i == 0 || w.held[i-1].Rule != "GD101" || w.held[i-1].Pos.Offset != p.Pos.Offset)
		case p.Element > 0:
			n += anElement
		default:
			n += anError
		}
	}
	for d := w.top; d > 0; d-- {
		f := &w.frames[d]
		if f.loop.level { // what it still waits for may come
			for k, l := range f.lacking {
				if f.counts[l.kid] == 0 && !slices.ContainsFunc(w.strays, f.loop.kids[l.kid].spec.same) {
					lacks(k == 0)
				}
			}
			break
		}
		if d == w.top && !f.seen {
			continue // opened by the last segment that was tried
		}
		for k := range bits.OnesCount64(f.loop.needs &^ f.present) {
			lacks(k == 0)
		}
	}
	return n + silence*(w.silent-silent)
}

// readings are those of a segment, the likeliest first.
func (w *Walker) readings(s *edi.Segment) []reading {
	id := w.tree.tags.id(s.Tag())
	full, passed := w.search(s, id)
	all := []reading{{kind: usual}, {kind: stays}, {kind: tooEarly}}
	if full.d < 0 && passed.d == w.top {
		all = []reading{{kind: stays}, {kind: tooEarly}, {kind: usual}}
	}
	for d := w.top; d >= 0 && len(all) < 12; d-- {
		f := &w.frames[d]
		for i := range f.loop.kids {
			if k := &f.loop.kids[i]; k.loop != nil && k.order >= f.cursor && f.counts[i] < k.max && k.loop.mayBegin(s, id, w.component) {
				all = append(all, reading{opens, place{d, uint8(i)}, k.loop})
			}
		}
	}
	return all
}

// mayBegin reports whether a segment is among the first of the loop behind the one
// that opens it.
func (l *loop) mayBegin(s *edi.Segment, id uint8, component byte) bool {
	for _, i := range l.byTag[id] {
		in := &l.kids[i]
		if (in.loop == nil || l.level && !l.claim) && in.spec.matches(s, component) && l.begins(in) {
			return true
		}
	}
	return false
}

// read applies a reading to the first segment that was held back.
func (w *Walker) read(r reading, s *edi.Segment, id uint8, full, passed place) {
	switch {
	case r.kind == tooEarly && w.blame(passed), r.kind == opens:
		if r.kind == opens {
			w.enter(r.at, r.loop, s)
		}
		w.place(s, s.Tag())
	case full.d == w.top:
		w.overdone(s, full)
	case passed.d == w.top:
		w.outOfOrder(s, passed)
	default:
		var sp *spec
		if full.d < 0 {
			if sp = w.elsewhere(s, id); passed.d >= 0 {
				sp = w.frames[passed.d].loop.kids[passed.i].spec
			}
		}
		w.unexpected(s, sp)
		w.lost = false
	}
}

// blame takes back the segment before, where it stands in the innermost loop, before
// its place.
func (w *Walker) blame(passed place) bool {
	f := &w.frames[w.top]
	last := len(w.specs) - 1
	if passed.d != w.top || last < 0 || w.memory.Len() != len(w.specs) || w.specs[last] == nil || w.specs[last].loop != f.loop {
		return false
	}
	own, cursor := -1, uint8(0)
	for i, n := range f.counts[:len(f.loop.kids)] {
		k := &f.loop.kids[i]
		switch {
		case n == 0:
		case k.spec != w.specs[last]:
			cursor = max(cursor, k.order)
		case n == 1 && k.order == f.cursor:
			own = i
		}
	}
	if own < 0 || f.loop.kids[passed.i].order < cursor {
		return false
	}
	s := w.memory.Segment(last)
	k := &f.loop.kids[own]
	p := w.on("GD102", Error, &s, "7")
	p.Message = fmt.Sprintf("%s (%s) stands before its place in loop %s", titled(k.spec), k.spec.name, f.loop.name)
	w.strays = append(w.strays, k.spec)
	f.drop(uint8(own))
	f.cursor = cursor
	f.lacking = slices.DeleteFunc(f.lacking, func(l lack) bool { return l.at.pos == s.Pos() })
	return true
}

// state is what a trial changes.
type state struct {
	frames       []frame
	top, phantom int
	lost         bool
	strays       []*spec
	blanks       []edi.Tag
	run, silent  int
	misfit       misfit
	replaced     int
	hl           hierarchy
	facts        facts
	held         []Problem
	specs, parts int
	counts       Counts
	claims       int
	claim, line  []byte
}

func cloneFrames(frames []frame) []frame {
	all := slices.Clone(frames)
	for i := range all {
		all[i].lacking = slices.Clone(all[i].lacking)
	}
	return all
}

func (w *Walker) save() *state {
	hl, known := w.hl, w.facts
	hl.text, known.subscriber.payer = bytes.Clone(hl.text), bytes.Clone(known.subscriber.payer)
	return &state{
		cloneFrames(w.frames[:w.top+1]), w.top, w.phantom, w.lost, slices.Clone(w.strays), slices.Clone(w.blanks), w.run, w.silent, w.misfit, len(w.replaced), hl, known,
		slices.Clone(w.held), len(w.specs), len(w.parts), w.counts, w.set.Claims, bytes.Clone(w.claim), bytes.Clone(w.line),
	}
}

func (w *Walker) restore(s *state) {
	copy(w.frames, cloneFrames(s.frames))
	w.top, w.phantom, w.lost, w.run, w.silent, w.misfit = s.top, s.phantom, s.lost, s.run, s.silent, s.misfit
	w.replaced = w.replaced[:s.replaced]
	w.strays, w.blanks = append(w.strays[:0], s.strays...), append(w.blanks[:0], s.blanks...)
	w.hl = s.hl
	w.hl.text = bytes.Clone(s.hl.text)
	w.facts, w.counts, w.set.Claims = s.facts, s.counts, s.claims
	w.facts.subscriber.payer = bytes.Clone(s.facts.subscriber.payer)
	w.held = append(w.held[:0], s.held...)
	w.specs, w.parts = w.specs[:s.specs], w.parts[:s.parts]
	w.claim, w.line = append(w.claim[:0], s.claim...), append(w.line[:0], s.line...)
}
