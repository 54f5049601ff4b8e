package guide

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/gaitkeeper/gaitkeeper/edi"
)

// Walker follows a guide from segment to segment. It finds each one its place in
// the open loops, the innermost first; what has none is reported once and left out.
type Walker struct {
	h     Handler
	types Types
	npi   Severity
	guide string

	counts Counts
	envelope
	tree *tree // of the set; nil outside sets and in those that are not judged

	frames   []frame // the open loops, the set first
	top      int
	phantom  int       // the frame whose first segment is missing; 0: none
	lost     bool      // behind a segment that opened a loop unknown here
	strays   []*spec   // segments that stood where they do not belong
	blanks   []edi.Tag // segments without elements, which may be any of their id
	aged     int       // strays of the level or claim before
	run      int       // problems held when the last segment came that was at its place
	silent   int       // segments that were passed over without a word
	misfit   misfit
	replaced []edi.Tag // of the unit: what is missing where another one stands
	hl       hierarchy

	// the segment at hand
	spec                  *spec
	component, repetition byte
	odd, sub              bool // it has bytes that are not printable; it has separators of parts

	scan   *edi.Scanner // nil where segments come from elsewhere
	last   edi.Pos      // of the last segment, where they come from elsewhere
	unit   edi.View     // the level or claim that is judged
	memory edi.Block    // where it is gathered
	specs  []*spec      // of each segment of unit; nil for one without a place
	parts  []part       // of the unit: segments with a role
	facts  facts
	held   []Problem // of the unit

	prev    int           // number of the segment before, -1 where it was not at its place
	next    [256]follower // what came behind each segment
	good    []good        // segments that were in order, by their place
	misses  [256]uint8    // how many in a row did not come again, by their place
	wholes  [][]byte      // composites that were in order, by their place
	goodFor *tree
	states  *codeList

	patientNext          bool       // behind the unit comes a patient level
	lacksNPI, lacksFirst *Problem   // of the levels above, unless what follows explains it
	doubts               []edi.Tag  // ids of the segments of the unit that are missing or out of place
	unclear              bool       // one of its segments may be anything
	covered              []coverage // memory of judgeClaim
	payments             []payment
	controls             []int
	numbers              map[string]bool // REF*6R of a claim of many lines
	flaws                []flaw

	settled  settlement // of a remittance
	bpr      edi.Block  // its BPR
	bprSpec  *spec
	bprSound bool       // nothing is wrong with BPR10
	answers  []answered // memory of judgeAnswer
	gaps     []edi.Amount
	reasons  []reason
	ends     map[uint32]edi.Date // of adjustment reasons

	claim []byte // CLM01
	line  []byte // LX01

	lookahead
}

// frame is an open loop.
type frame struct {
	loop    *loop
	counts  [64]uint16 // of each kid
	present uint64     // kids whose count is not 0, as bits
	cursor  uint8      // order of the last kid
	seen    bool       // something stood behind its first segment
	parent  uint8      // number of the loop among its parent's kids
	before  uint8      // cursor of the parent before the loop was opened
	lacking []lack     // kids that were passed over
	trigger mark
	text    uint64 // hash of its first segment, which may be repeated by mistake
}

// add counts a kid.
func (f *frame) add(i uint8) {
	if f.counts[i] < unbounded {
		f.counts[i]++
	}
	f.present |= 1 << i
}

// drop takes one back.
func (f *frame) drop(i uint8) {
	if f.counts[i]--; f.counts[i] == 0 {
		f.present &^= 1 << i
	}
}

// reset makes it a loop without kids.
func (f *frame) reset(l *loop) {
	clear(f.counts[:len(l.kids)])
	f.loop, f.present = l, 0
}

// complete reports whether all of some kids are there.
func (f *frame) complete(kids uint64) bool { return kids&^f.present == 0 }

// mark is a place to which a report can come back.
type mark struct {
	pos  edi.Pos
	span edi.Span
}

// lack is a required kid that was passed over, and where it should have stood.
type lack struct {
	kid  uint8
	at   mark
	text []byte
}

// Segment takes the next segment of the input.
func (w *Walker) Segment(s *edi.Segment) {
	w.counts.Bytes, w.last = s.Extent().End, s.Pos()
	w.segment(s)
}

// mostHeld bounds the problems of a level or claim that are kept to put them in order.
const mostHeld = 10_000

func (w *Walker) segment(s *edi.Segment) {
	w.counts.Segments++
	if len(w.held) > mostHeld && !w.looking {
		w.flush()
	}
	tag := s.Tag()
	if tag != tagISA && oddLead(s.Lead()) {
		w.between(s)
	}
	switch tag {
	case tagISA, tagGS, tagST, tagSE, tagGE, tagIEA, tagTA1:
		for w.looking {
			w.decide(s)
		}
		if w.own {
			w.resume()
		}
		w.enclose(s, tag)
		return
	}
	if w.own && !w.looking {
		w.resume()
	}
	if w.component != w.delims.Component {
		w.agree(s)
	}
	switch {
	case w.looking && s.Terminated():
		w.ahead(s, tag)
	case w.set == nil:
		w.outside(s)
	case w.tree != nil && s.Terminated():
		w.place(s, tag)
	case w.tree != nil: // the input ends inside it
		w.flush()
	}
}

// is reports whether s, whose first element is first, is the segment that sp
// describes.
func (sp *spec) is(s *edi.Segment, first uint32, component byte) bool {
	if sp.first != nil {
		return has(sp.first, first)
	}
	return len(sp.quals) == 0 || sp.matches(s, component)
}

// matches reports whether s is the segment that sp describes, by its qualifiers.
func (sp *spec) matches(s *edi.Segment, component byte) bool {
	for i := range sp.quals {
		q := &sp.quals[i]
		v := s.Bytes(int(q.element))
		if q.component > 0 {
			for n := q.component; n > 1; n-- {
				_, v, _ = cut(v, component)
			}
			v, _, _ = cut(v, component)
		}
		if !has(q.codes, pack(v)) {
			return false
		}
	}
	return true
}

// place finds the place of a segment of the set.
func (w *Walker) place(s *edi.Segment, tag edi.Tag) {
	id := w.tree.tags.id(tag)
	switch {
	case id == 0:
		w.strange(s, tag)
		return
	case tag == tagHL && w.tree.set == "837":
		w.hierarchical(s, id)
		return
	}
	if w.phantom > 0 && w.late(s, id) {
		return
	}
	if r := w.reads; r.kind != unread {
		w.reads = reading{}
		if r.kind != usual {
			full, passed := w.search(s, id)
			w.read(r, s, id, full, passed)
			return
		}
	}
	first := uint32(0)
	if ends := s.Ends(); len(ends) > 1 {
		v := s.Raw()[ends[0]+1 : ends[1]]
		if first = pack(v); first == 0 && w.repetition != 0 { // a qualifier that repeats is one that is known
			v, _, _ = cut(v, w.repetition)
			first = pack(v)
		}
	}
	for d := w.top; d >= 0; d-- {
		f := &w.frames[d]
		for _, i := range f.loop.byTag[id] {
			k := &f.loop.kids[i]
			switch {
			case k.order < f.cursor || !k.spec.is(s, first, w.component):
			case f.counts[i] < k.max:
				if d == w.top || !w.unfinished(d) || w.certain(k.loop, s) || !w.doubtful(s) {
					w.accept(d, i, s)
				}
				return
			case k.loop != nil && k.loop.claim: // and none for the level above
				w.overdone(s, place{d, i})
				return
			}
		}
		if d == w.top && d > 0 && !f.seen && len(f.loop.must) > 0 && w.phantom != d && f.text == hashOf(s.Raw()) {
			w.repeated(s, f.loop.trigger, "5")
			return
		}
	}
	if blank(s) {
		w.remember(s, nil)
		w.empty(s)
		w.blanks = append(w.blanks, tag)
		w.misfit = misfit{s.Pos().SetSegment, tag}
		return
	}
	full, passed := w.search(s, id)
	w.misplaced(s, id, full, passed)
}

// unfinished reports whether a loop inside frame d lacks what it requires.
func (w *Walker) unfinished(d int) bool {
	for n := d + 1; n <= w.top; n++ {
		if f := &w.frames[n]; !f.complete(f.loop.needs) {
			return true
		}
	}
	return false
}

// certain reports whether a segment that opens a loop does so whatever the loop before it
// lacks: a level, or a line that counts on.
func (w *Walker) certain(l *loop, s *edi.Segment) bool {
	if l == nil || l.level {
		return l != nil
	}
	n, ok := number9(s.Bytes(1))
	return ok && l.trigger.tag == tagLX && n == w.facts.lines+1
}

// blank reports whether all elements of a segment are empty.
func blank(s *edi.Segment) bool {
	if ends := s.Ends(); len(ends) > 1 && ends[1] > ends[0]+1 {
		return false
	}
	for n := s.Count(); n > 1; n-- {
		if len(s.Bytes(n)) > 0 {
			return false
		}
	}
	return true
}

// strange takes a segment whose id the guide does not have. Where capital letters make
// it one that may stand here, it is that one otherwise.
func (w *Walker) strange(s *edi.Segment, tag edi.Tag) {
	capital := edi.TagOf(strings.ToUpper(tag.String()))
	if id := w.tree.tags.id(capital); id != 0 && tag != 0 && capital != tagHL {
		for d := w.top; d >= 0; d-- {
			f := &w.frames[d]
			for _, i := range f.loop.byTag[id] {
				if k := &f.loop.kids[i]; k.order >= f.cursor && f.counts[i] < k.max && k.spec.matches(s, w.component) {
					w.accept(d, i, s)
					w.unknown(s)
					return
				}
			}
		}
	}
	w.remember(s, nil)
	w.misfit = misfit{at: s.Pos().SetSegment}
	w.unknown(s)
}

// search finds where a segment stands too often, and where it is out of order: the
// innermost such places.
func (w *Walker) search(s *edi.Segment, id uint8) (full, passed place) {
	full, passed = place{d: -1}, place{d: -1}
	for d := w.top; d >= 0; d-- {
		f := &w.frames[d]
		for _, i := range f.loop.byTag[id] {
			k := &f.loop.kids[i]
			switch {
			case !k.spec.matches(s, w.component):
			case f.counts[i] >= k.max:
				if full.d < 0 {
					full = place{d, i}
				}
			case passed.d < 0:
				passed = place{d, i}
			}
		}
	}
	return full, passed
}

// place is a kid of an open loop.
type place struct {
	d int // the frame; -1: none
	i uint8
}

// misplaced decides what is wrong with a segment that does not come in order.
func (w *Walker) misplaced(s *edi.Segment, id uint8, full, passed place) {
	if w.doubtful(s) {
		return
	}
	switch {
	case w.undo(s, passed):
		return
	case w.headless(s, id, full, passed):
		w.place(s, s.Tag())
		return
	case w.lost:
		w.passOver(s)
		return
	case w.deeper(id, max(full.d, passed.d)):
		w.unexpected(s, nil)
		return
	case full.d >= 0:
		w.overdone(s, full)
		return
	case passed.d == w.top:
		w.outOfOrder(s, passed)
		return
	}
	p, l, ok := w.entrance(s, id, int(w.frames[w.top].parent)+1, false) // loops come in the order of the guide mostly
	if !ok {
		p, l, ok = w.entrance(s, id, 0, false)
	}
	if ok {
		w.enter(p, l, s)
		w.place(s, s.Tag())
		return
	}
	sp := w.elsewhere(s, id)
	switch {
	case passed.d >= 0:
		w.outOfOrder(s, passed)
	case sp == nil && w.miscoded(s, id):
	default:
		w.unexpected(s, sp)
	}
}

// deeper reports whether segments of an id may stand inside an open loop below frame
// d. Then s is a wrong one there, and no reason to leave the loop.
func (w *Walker) deeper(id uint8, d int) bool {
	for n := w.top; d >= 0 && n > d; n-- {
		for _, i := range w.frames[n].loop.byTag[id] {
			if w.frames[n].loop.kids[i].loop == nil {
				return true
			}
		}
	}
	return false
}

// accept puts a segment at its place.
func (w *Walker) accept(d int, i uint8, s *edi.Segment) {
	w.expect(d, i)
	for w.top > d {
		w.leave(s)
	}
	f := &w.frames[d]
	k := &f.loop.kids[i]
	before := f.cursor
	if k.order > before {
		w.pass(f, k, s)
		f.cursor = k.order
	}
	w.put(f, i, before, s)
	w.run = len(w.held)
}

// put counts a kid and looks at it, and opens its loop.
func (w *Walker) put(f *frame, i, before uint8, s *edi.Segment) {
	k := &f.loop.kids[i]
	f.add(i)
	f.seen, w.lost = true, false
	if w.top == 0 { // behind the claims
		w.claim, w.line = w.claim[:0], w.line[:0]
	}
	if k.loop != nil {
		if k.loop.level {
			w.settle(f)
			w.turn(s)
		}
		w.push(k.loop, i, before, mark{s.Pos(), s.Span()})
		w.opened(k.loop, s)
	}
	w.remember(s, k.spec)
	w.check(s, k.spec)
}

// push opens a loop.
func (w *Walker) push(l *loop, parent, before uint8, at mark) {
	w.top++
	if w.top == len(w.frames) {
		w.frames = append(w.frames, frame{})
	}
	f := &w.frames[w.top]
	f.reset(l)
	f.cursor, f.seen, f.parent, f.before, f.trigger, f.text = 0, false, parent, before, at, 0
	f.lacking = f.lacking[:0]
}

// opened notes what reports name.
func (w *Walker) opened(l *loop, s *edi.Segment) {
	if len(l.must) > 0 {
		w.frames[w.top].text = hashOf(s.Raw())
	}
	switch {
	case l.claim:
		w.counts.Claims++
		w.set.Claims++
		w.claim = append(w.claim[:0], s.Bytes(1)...)
		w.line = w.line[:0]
	case l.line && l.trigger.tag != tagLX:
		w.counts.Lines++
	case l.line:
		w.counts.Lines++
		w.line = append(w.line[:0], s.Bytes(1)...)
	case l.level:
		w.claim, w.line = w.claim[:0], w.line[:0]
	}
}

// remember keeps a segment for the rules that look at a whole level or claim.
func (w *Walker) remember(s *edi.Segment, sp *spec) {
	if (w.scan == nil || w.own) && !w.trial {
		w.memory.Append(s)
	}
	w.keep(sp)
	if sp == nil {
		w.prev = -1
	}
}

// passOver leaves out a segment that follows from what was told.
func (w *Walker) passOver(s *edi.Segment) {
	if w.silent++; w.misfit.at == s.Pos().SetSegment-1 {
		w.misfit.at++
	}
	w.remember(s, nil)
}

// keep notes the place of a segment, nil for none.
func (w *Walker) keep(sp *spec) {
	if sp != nil && sp.role != noRole {
		w.parts = append(w.parts, part{int32(len(w.specs)), sp.role})
	}
	w.specs = append(w.specs, sp)
}

// turn ends the level or claim at hand and begins the next one with s.
func (w *Walker) turn(s *edi.Segment) {
	if w.trial {
		w.facts.lines, w.facts.diagnoses, w.facts.stated = 0, 0, 0
		return
	}
	if w.scan != nil && !w.own {
		w.unit = w.scan.Collected()
	} else {
		w.unit = w.memory.View()
	}
	w.patientNext = s != nil && s.Tag() == tagHL && s.Is(3, "23")
	w.judge()
	w.flush()
	w.blanks = w.blanks[:0]
	w.strays = slices.Delete(w.strays, 0, min(w.aged, len(w.strays)))
	w.aged = len(w.strays)
	w.memory.Reset()
	w.specs, w.parts, w.replaced = w.specs[:0], w.parts[:0], w.replaced[:0]
	if w.scan != nil && !w.own && s != nil {
		w.scan.Collect(&w.memory)
	}
}

// pass notes the required kids before kid next that are missing so far.
func (w *Walker) pass(f *frame, next *kid, s *edi.Segment) {
	if f.complete(next.needs) {
		return
	}
	for _, i := range f.loop.must {
		if k := &f.loop.kids[i]; k.order >= f.cursor && k.order < next.order && f.counts[i] == 0 {
			f.lacking = append(f.lacking, lack{i, w.markBefore(s), bytes.Clone(s.Raw())})
		}
	}
}

// markBefore is the place before a segment, nil being the end of the input.
func (w *Walker) markBefore(s *edi.Segment) mark {
	if s == nil {
		return w.end
	}
	start := s.Span().Start
	return mark{s.Pos(), edi.Span{Start: start, End: start}}
}

// settle reports what is missing of the kids that were passed over.
func (w *Walker) settle(f *frame) {
	for _, l := range f.lacking {
		if f.counts[l.kid] == 0 {
			w.missing(f.loop, &f.loop.kids[l.kid], l.at, l.text)
		}
	}
	f.lacking = f.lacking[:0]
}

// leave closes the innermost loop at s.
func (w *Walker) leave(s *edi.Segment) {
	f := &w.frames[w.top]
	if !f.complete(f.loop.needs) || len(f.lacking) > 0 {
		if len(f.lacking) > 0 {
			w.settle(f)
		}
		for _, i := range f.loop.must {
			if k := &f.loop.kids[i]; k.order >= f.cursor && f.counts[i] == 0 {
				w.missing(f.loop, k, w.markBefore(s), s.Raw())
			}
		}
	}
	if f.loop.name == "2000B" || f.loop.name == "2000C" {
		w.childless(f, s)
	}
	if w.phantom == w.top {
		w.phantom = 0
	}
	w.top--
}

// undo takes back a loop that was opened too early: its first segment stood alone,
// and the one at hand belongs before it.
func (w *Walker) undo(s *edi.Segment, passed place) bool {
	f := &w.frames[w.top]
	if w.top == 0 || f.seen || w.phantom == w.top || len(f.loop.must) == 0 || passed.d != w.top-1 || f.loop.level {
		return false
	}
	above := &w.frames[passed.d]
	if above.loop.kids[passed.i].order < f.before {
		return false
	}
	p := w.report("GD102", Error, f.loop.trigger.tag, f.trigger, f.loop.name)
	p.IK304, p.Snip = "7", 1
	p.Message = fmt.Sprintf("%s (%s) stands before its place", titled(f.loop.trigger), f.loop.name)
	w.strays = append(w.strays, f.loop.trigger)
	above.drop(f.parent)
	above.cursor = f.before
	above.lacking = slices.DeleteFunc(above.lacking, func(l lack) bool { return l.at.pos == f.trigger.pos })
	w.top--
	w.accept(passed.d, passed.i, s)
	return true
}

// headless recognises the first segments of a loop whose opening segment is
// missing, where they look like segments that stand there too often or too late. It
// opens that loop.
func (w *Walker) headless(s *edi.Segment, id uint8, full, passed place) bool {
	at := full
	if at.d < 0 {
		at = passed
	}
	if at.d < 0 {
		return false
	}
	f := &w.frames[at.d]
	k := &f.loop.kids[at.i]
	if k.order >= f.cursor || k.loop != nil && !k.loop.level && full.d < 0 {
		return false
	}
	if at.d > 0 && f.loop.repeats && w.renews(f, k, at, full.d >= 0) {
		above := &w.frames[at.d-1]
		if p := &above.loop.kids[f.parent]; p.order >= above.cursor && above.counts[f.parent] < p.max {
			w.enter(place{at.d - 1, f.parent}, p.loop, s)
			return true
		}
	}
	if full.d < 0 && f.cursor-k.order < 2 {
		return false // a neighbour that changed places
	}
	// A loop that must come, the next ones of the same address, or a level.
	if p, l, ok := w.entrance(s, id, 0, true); ok {
		w.enter(p, l, s)
		return true
	}
	if full.d > 0 && full.d == w.top && k.order == f.loop.kids[0].order && k.max == 1 {
		if p, l, ok := w.entrance(s, id, int(f.parent)+1, false); ok && p.d == full.d-1 {
			w.enter(p, l, s)
			return true
		}
	}
	if f.loop.level {
		if p, l, ok := w.entrance(s, id, 0, false); ok && l.trigger.tag == tagHL {
			w.enter(p, l, s)
			return true
		}
	}
	return false
}

// renews reports whether a segment looks like one of the first of another instance of
// a loop.
func (w *Walker) renews(f *frame, k *kid, at place, full bool) bool {
	if !f.complete(f.loop.needs) {
		return false
	}
	inside := at.d < w.top
	switch {
	case k.order == f.loop.kids[0].order:
		return full || !f.loop.level && !inside
	case !full: // far behind its place, and good as the first of another instance
		return !f.loop.level && !inside && f.cursor-k.order > 2 && f.loop.begins(k)
	case k.must && k.max == 1:
		return inside || f.loop.name == "2100"
	}
	return inside && (f.loop.name == "2320" || f.loop.claim)
}

// entrance is a loop that may begin here and has s among its first segments; it is
// one that must come where needed is true. In the innermost loop's parent the kids
// from a number on are looked at.
func (w *Walker) entrance(s *edi.Segment, id uint8, from int, needed bool) (place, *loop, bool) {
	for d := w.top; d >= 0; d-- {
		f := &w.frames[d]
		for i := range f.loop.kids {
			k := &f.loop.kids[i]
			if k.loop == nil || k.order < f.cursor || f.counts[i] >= k.max || needed && (!k.must || f.counts[i] > 0) || d == w.top-1 && i < from {
				continue
			}
			for _, j := range k.loop.byTag[id] {
				in := &k.loop.kids[j]
				if (in.loop == nil || k.loop.level && !k.loop.claim) && in.spec.matches(s, w.component) && k.loop.begins(in) {
					return place{d, uint8(i)}, k.loop, true
				}
			}
		}
	}
	return place{}, nil, false
}

// begins reports whether nothing that the loop requires comes before a kid.
func (l *loop) begins(in *kid) bool {
	for _, i := range l.must {
		if k := &l.kids[i]; k.order < in.order {
			return false
		}
	}
	return true
}

// enter opens a loop whose first segment is missing before s.
func (w *Walker) enter(p place, l *loop, s *edi.Segment) {
	instead := w.instead(s.Pos().SetSegment, l.trigger.tag)
	if l.claim && w.run < len(w.held) && !instead {
		w.held = w.held[:w.run] // what had no place belongs to the claim that begins here
	}
	for w.top > p.d {
		w.leave(s)
	}
	f := &w.frames[p.d]
	k := &f.loop.kids[p.i]
	before := f.cursor
	if k.order > before {
		w.pass(f, k, s)
		f.cursor = k.order
	}
	f.add(p.i)
	f.seen = true
	if l.level {
		w.settle(f)
		w.settled.cut = l.claim && !w.trial
		w.turn(s)
		w.claim, w.line = w.claim[:0], w.line[:0]
	}
	w.push(l, p.i, before, w.markBefore(s))
	w.phantom = w.top
	if !instead {
		r := w.report("GD101", Error, l.trigger.tag, w.markBefore(s), l.name)
		r.Text, r.Delims = bytes.Clone(s.Raw()), s.Delims()
		r.IK304, r.Snip = "3", 1
		r.Message = fmt.Sprintf("%s (%s), which begins loop %s, is missing", titled(l.trigger), l.trigger.name, l.name)
	}
	switch {
	case l.trigger.tag == tagHL:
		w.hl.implied(l)
		w.facts.patient, w.facts.subscriber.told = l.name == "2000C", true
	case l.name == "2400":
		w.facts.lines++
	}
}

// late recognises the opening segment behind what it should have opened: then it is
// not missing, but its followers stand before it.
func (w *Walker) late(s *edi.Segment, id uint8) bool {
	f := &w.frames[w.phantom]
	if f.loop.trigger.id != id || !f.loop.trigger.matches(s, w.component) {
		return false
	}
	if f.complete(f.loop.needs) {
		return false
	}
	for w.top > w.phantom {
		w.top--
	}
	for i := len(w.held) - 1; i >= 0; i-- {
		if p := &w.held[i]; p.Rule == "GD101" && p.Pos == f.trigger.pos && p.Loop == f.loop.name {
			p.Rule, p.IK304 = "GD102", "7"
			p.Segment = string(tagText(p.Text, p.Delims.Element))
			p.Span.End = p.Span.Start + int64(len(p.Text))
			p.Message = fmt.Sprintf("%s stands before its place: %s comes behind it", p.Segment, titled(f.loop.trigger))
			break
		}
	}
	for i, n := range f.counts[:len(f.loop.kids)] {
		if n > 0 {
			w.strays = append(w.strays, f.loop.kids[i].spec)
		}
	}
	f.reset(f.loop)
	f.cursor, f.seen, f.lacking = 0, false, f.lacking[:0]
	f.trigger = mark{s.Pos(), s.Span()}
	w.phantom = 0
	w.opened(f.loop, s)
	w.remember(s, f.loop.trigger)
	w.check(s, f.loop.trigger)
	return true
}

func tagText(text []byte, element byte) []byte {
	tag, _, _ := cut(text, element)
	return tag
}

// elsewhere is a segment of the guide that s is by its qualifiers, wherever it stands.
func (w *Walker) elsewhere(s *edi.Segment, id uint8) *spec {
	for _, sp := range w.tree.byTag[id] {
		if sp.matches(s, w.component) {
			return sp
		}
	}
	return nil
}

// miscoded reports a segment whose qualifier the guide has nowhere, as one with a
// wrong code, where a segment of its id may stand.
func (w *Walker) miscoded(s *edi.Segment, id uint8) bool {
	for d := w.top; d >= 0; d-- {
		f := &w.frames[d]
		chosen, several, first := -1, false, -1
		for _, i := range f.loop.byTag[id] {
			k := &f.loop.kids[i]
			if k.order < f.cursor || f.counts[i] >= k.max || len(k.spec.quals) == 0 {
				continue
			}
			several = several || first >= 0
			if first < 0 {
				first = int(i)
			}
			if k.must && f.counts[i] == 0 && chosen < 0 {
				chosen = int(i)
			}
		}
		if first < 0 {
			continue
		}
		if chosen < 0 && !several {
			chosen = first
		}
		if chosen >= 0 {
			k := &f.loop.kids[chosen]
			w.accept(d, uint8(chosen), s)
			w.held = slices.DeleteFunc(w.held, func(p Problem) bool { // its values are those of another qualifier
				return p.Pos == s.Pos() && p.Element > 1 && (p.IK403 == "I12" || p.IK403 == "7" || p.IK403 == "I6")
			})
			w.badQualifier(s, k.spec, k.spec.quals[len(k.spec.quals)-1])
			return true
		}
		k := &f.loop.kids[first]
		for w.top > d {
			w.leave(s)
		}
		w.remember(s, nil)
		w.spec = k.spec
		w.badQualifier(s, k.spec, k.spec.quals[0])
		w.lost = k.loop != nil
		return true
	}
	return false
}

// badQualifier reports the element by which a segment is recognised.
func (w *Walker) badQualifier(s *edi.Segment, sp *spec, q qualifier) {
	e := &sp.elements[q.element-1]
	v := s.Element(int(q.element))
	if q.component > 0 {
		e, v = &e.parts[q.component-1], w.part(v, int(q.component))
	}
	if w.told(s, int(q.element)) {
		return
	}
	if v.Empty() {
		w.absent(s, e, int(q.element), int(q.component))
		return
	}
	if w.repetition != 0 && bytes.IndexByte(v.Raw, w.repetition) >= 0 {
		w.repeats(s, int(q.element))
		return
	}
	codes := *e
	codes.codes = q.codes
	w.wrongCode(s, &codes, int(q.element), int(q.component), v.Raw)
}

// told reports whether an element of the segment was reported already, for its form.
func (w *Walker) told(s *edi.Segment, n int) bool {
	for i := len(w.held) - 1; i >= 0 && w.held[i].Pos == s.Pos(); i-- {
		if p := &w.held[i]; p.Element == n && !p.meaning {
			return true
		}
	}
	return false
}
