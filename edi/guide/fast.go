package guide

import (
	"bytes"

	"github.com/gaitkeeper/gaitkeeper/edi"
)

// follower is the segment that came behind another one last, and where: claims
// repeat each other, so that it is likely to come again.
type follower struct {
	tag  edi.Tag
	spec *spec
	loop *loop // that it stood in, so many frames above the innermost
	up   uint8
	kid  uint8
}

// expect notes that a kid of frame d came behind the segment before, where no loop
// further in could have taken it.
func (w *Walker) expect(d int, i uint8) {
	f := &w.frames[d]
	k := &f.loop.kids[i]
	if w.prev >= 0 && w.scan != nil && !w.decided {
		n := &w.next[w.prev]
		*n = follower{}
		if d > 0 && k.loop.steady() {
			alone := true
			for in := d + 1; in <= w.top; in++ {
				l := w.frames[in].loop
				alone = alone && l.steady() && len(l.byTag[k.spec.id]) == 0 && !l.trigger.like(k.spec)
			}
			if alone {
				*n = follower{k.spec.tag, k.spec, f.loop, uint8(w.top - d), i}
			}
		}
	}
	w.prev = int(k.spec.number)
}

// oddLead reports whether more than a line end stands before a segment.
func oddLead(lead []byte) bool {
	switch len(lead) {
	case 0:
		return false
	case 1:
		return lead[0] != '\n' && lead[0] != '\r'
	case 2:
		return lead[0] != '\r' || lead[1] != '\n'
	}
	return true
}

// steady reports whether opening or closing the loop, nil for a plain segment, is no
// more than what fast does.
func (l *loop) steady() bool { return l == nil || !l.level || l.claim }

// like reports whether a segment could be taken for both.
func (sp *spec) like(other *spec) bool {
	if sp.id != other.id || sp.first == nil || other.first == nil {
		return sp.id == other.id
	}
	for _, c := range sp.first {
		if has(other.first, c) {
			return true
		}
	}
	return false
}

// fast places a segment that is the expected one, with nothing missing before it. It
// changes what accept would change, and reports whether it did.
func (w *Walker) fast(tag edi.Tag) bool {
	if w.prev < 0 {
		return false
	}
	n := &w.next[w.prev]
	if n.spec == nil || n.tag != tag || w.phantom > 0 {
		return false
	}
	raw := w.scan.Raw()
	if len(raw) == 0 || oddLead(w.scan.Lead()) {
		return false
	}
	sp := n.spec
	known := w.slot(sp, raw)
	good := known != nil && bytes.Equal(known.raw, raw)
	if good {
		w.misses[sp.number] = 0
	}
	if !good && len(sp.quals) > 0 && (sp.first == nil || !has(sp.first, pack(w.scan.Element(1)))) {
		return false
	}
	d := w.top - int(n.up)
	if d < 1 || w.frames[d].loop != n.loop {
		return false
	}
	f := &w.frames[d]
	k := &n.loop.kids[n.kid]
	if k.order < f.cursor || f.counts[n.kid] >= k.max || !f.complete(k.needs) {
		return false
	}
	for in := d + 1; in <= w.top; in++ {
		if inner := &w.frames[in]; len(inner.lacking) > 0 || !inner.complete(inner.loop.needs) {
			return false
		}
	}
	w.counts.Segments++
	w.top = d
	before := f.cursor
	f.cursor = k.order
	f.add(n.kid)
	f.seen, w.lost = true, false
	w.prev = int(sp.number)
	if l := k.loop; l != nil && l.level {
		w.settle(f)
		w.turn(w.scan.Segment())
	}
	w.keep(sp)
	if l := k.loop; l != nil {
		if len(l.must) > 0 || l.line {
			s := w.scan.Segment()
			w.push(l, n.kid, before, mark{s.Pos(), s.Span()})
			w.opened(l, s)
		} else {
			w.push(l, n.kid, before, mark{})
		}
	}
	if !good || sp.always != nil && !w.again(sp, known.n) {
		w.check(w.scan.Segment(), sp)
	}
	w.run = len(w.held)
	return true
}
