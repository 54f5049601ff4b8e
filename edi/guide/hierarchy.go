package guide

import (
	"bytes"
	"fmt"

	"github.com/gaitkeeper/gaitkeeper/edi"
)

// hierarchy follows HL segments: they count from 1 in a set, name the one above them
// and say whether others stand below.
type hierarchy struct {
	count  int    // HL segments so far
	stated int    // HL01 of the last one, where it is a number
	open   [3]hl  // the open ones of 20, 22 and 23
	last   int    // index in open of the last one; -1: none
	text   []byte // its HL04, for a report that comes later
}

// hl is an HL segment.
type hl struct {
	ordinal, stated int
	child           mark // its HL04
	says            byte // and what it says; 0 for anything but 0 and 1
}

var (
	hlLoops = [3]string{"2000A", "2000B", "2000C"}
	hlCodes = [3]string{"20", "22", "23"}
)

func levelOf(code []byte) int {
	switch string(code) {
	case "20":
		return 0
	case "22":
		return 1
	case "23":
		return 2
	}
	return -1
}

func (h *hierarchy) reset() { *h = hierarchy{last: -1, text: h.text} }

// implied counts an HL that is not there.
func (h *hierarchy) implied(l *loop) {
	for level, name := range hlLoops {
		if l.name == name {
			h.count++
			h.stated = h.count
			h.open[level] = hl{ordinal: h.count, stated: h.count}
			h.last = -1
		}
	}
}

// hierarchical places an HL: HL03 says which level it opens.
func (w *Walker) hierarchical(s *edi.Segment, id uint8) {
	h := &w.hl
	if f := &w.frames[w.top]; !f.seen && f.loop.trigger.tag == tagHL && bytes.Equal(h.text, s.Raw()) {
		w.repeated(s, f.loop.trigger, "5")
		return
	}
	said := levelOf(s.Bytes(3))
	if h.contradicts(s, said) && w.doubtful(s) {
		return // until what follows is known
	}
	level := h.meant(s, said)
	if w.hint > 0 {
		level = w.hint - 1
	}
	w.hint = 0
	w.closeHL(level)
	d, i := w.parentOf(level, s, level != said, id)
	k := &w.frames[d].loop.kids[i]
	w.accept(d, i, s)
	h.count++
	if blank(s) {
		h.open[level] = hl{ordinal: h.count, stated: h.count}
		h.last, h.stated, h.text = level, h.count, h.text[:0]
		return
	}
	switch {
	case said < 0 && len(s.Bytes(3)) > 0:
		w.badQualifier(s, k.spec, k.spec.quals[0])
	case said >= 0 && said != level:
		w.hlProblem(s, 3, "I6", 2, "HL03 is %s, and what HL02 and HL04 say is of %s", s.Bytes(3), hlCodes[level])
	}
	number, numeric := number9(s.Bytes(1))
	if len(s.Bytes(1)) > 0 && (!numeric || number != h.count && number != h.stated+1) {
		w.hlProblem(s, 1, "I12", 1, "HL01 does not count on: %d is next", h.count)
	}
	w.checkParent(s, level)
	child := s.Element(4)
	says := byte(0)
	if len(child.Raw) == 1 && (child.Raw[0] == '0' || child.Raw[0] == '1') {
		says = child.Raw[0]
	}
	h.open[level] = hl{h.count, number, mark{s.Pos(), child.Span}, says}
	h.last = level
	if h.stated = number; !numeric {
		h.stated = h.count
	}
	if (says == '0' && level == 0 || says == '1' && level == 2) && said == level {
		w.hlProblem(s, 4, "I12", 2, "HL04 is not %d, as it is for HL03 %s", 1-level/2, hlCodes[level])
		h.last = -1
	}
	h.text = append(h.text[:0], s.Raw()...)
}

// hintOf is the level, counted from 1, whose HL a segment stands behind; 0 where that is not
// known.
func hintOf(s *edi.Segment) int {
	switch s.Tag() {
	case tagPRV, tagCUR:
		return 1
	case tagSBR:
		return 2
	case tagPAT:
		return 3
	case tagNM1:
		return map[string]int{"85": 1, "IL": 2, "QC": 3}[string(s.Bytes(1))]
	}
	return 0
}

// contradicts reports whether HL02 and HL03 do not fit.
func (h *hierarchy) contradicts(s *edi.Segment, said int) bool {
	n, ok := number9(s.Bytes(2))
	switch said {
	case 0:
		return ok
	case 1, 2:
		return !ok || !h.open[said-1].is(n)
	}
	return true
}

// meant is the level of an HL. Where what HL03 says cannot be, for what HL02 names and the
// HL04 before promises, it is the one below what HL02 names.
func (h *hierarchy) meant(s *edi.Segment, said int) int {
	n, ok := number9(s.Bytes(2))
	promised := h.last == 1 && h.open[1].says == '1' // a patient comes
	below20, below22 := ok && h.open[0].is(n), ok && h.open[1].is(n)
	switch {
	case h.count == 0:
		return 0
	case blank(s) && promised:
		return 2
	case blank(s), said < 0 && ok && !below22:
		return 1
	case said < 0 && !ok:
		return 0
	case said <= 0 && below22:
		return 2
	case said == 0 && below20 && s.Is(4, "0"):
		return 1
	case said == 1 && below22 && !below20 && promised:
		return 2
	case said == 2 && below20 && !below22 && !promised:
		return 1
	}
	return said
}

func (l *hl) is(n int) bool { return l.ordinal > 0 && (l.ordinal == n || l.stated == n) }

// parentOf is the frame and kid of a level. What lacks above it is opened without
// further words.
func (w *Walker) parentOf(level int, s *edi.Segment, said bool, id uint8) (int, uint8) {
	for d := w.top; d >= 0; d-- {
		f := &w.frames[d]
		for _, i := range f.loop.byTag[id] {
			if f.loop.kids[i].loop.name == hlLoops[level] {
				return d, i
			}
		}
	}
	if !said {
		w.hlProblem(s, 3, "I6", 2, "HL03 %s has no %s above it", s.Bytes(3), hlCodes[level-1])
	}
	d, i := w.parentOf(level-1, s, true, id)
	for w.top > d {
		w.leave(s)
	}
	f := &w.frames[d]
	k := &f.loop.kids[i]
	w.pass(f, k, s)
	f.add(i)
	w.push(k.loop, i, f.cursor, w.markBefore(s))
	f = &w.frames[d]
	f.cursor = max(f.cursor, k.order)
	for _, m := range k.loop.must {
		w.frames[w.top].add(m)
	}
	return w.parentOf(level, s, true, id)
}

func (w *Walker) checkParent(s *edi.Segment, level int) {
	parent := s.Element(2)
	if level == 0 {
		if !parent.Empty() {
			w.hlProblem(s, 2, "I10", 1, "HL02 of a billing provider is not empty")
		}
		return
	}
	n, ok := number9(parent.Raw)
	switch above := &w.hl.open[level-1]; {
	case parent.Empty():
		w.hlProblem(s, 2, "I9", 1, "HL02 is empty: it names no level above")
	case above.ordinal > 0 && (!ok || !above.is(n)):
		w.hlProblem(s, 2, "I12", 1, "HL02 is not the number of the open level above")
	}
}

// closeHL looks at the HL04 of the last HL, once it is known what follows: next is
// the level of the HL that comes, -1 the end of the set.
func (w *Walker) closeHL(next int) {
	h := &w.hl
	if h.last != 1 {
		return
	}
	l := &h.open[1]
	want := byte('0')
	if next == 2 {
		want = '1'
	}
	if l.says == want || l.says == 0 {
		return
	}
	if f := &w.facts.subscriber; want == '0' && !f.self && f.level != "" {
		return // the patient level is missing, which is told of a claim
	}
	p := w.report("GD109", Error, tagHL, l.child, "2000B")
	p.Text, p.Delims = bytes.Clone(h.text), w.delims
	p.Element, p.Ref, p.Bad = 4, "736", []byte{l.says}
	p.IK304, p.IK403, p.STC, p.Snip = "8", "I12", "A7:21", 2
	p.Claim, p.Line = "", ""
	p.Message = "HL04 says that a patient level follows, and none does"
	if want == '1' {
		p.Message = "HL04 says that no patient level follows, and one does"
	}
}

func (w *Walker) hlProblem(s *edi.Segment, n int, code string, snip int, format string, args ...any) {
	w.spec = nil
	p := w.at("GD109", Error, s, n, 0, code)
	p.Snip, p.meaning = snip, true
	p.Ref = [...]string{"", "628", "734", "735", "736"}[n]
	p.Message = fmt.Sprintf(format, args...)
}

// number9 reads up to nine digits.
func number9(b []byte) (n int, ok bool) {
	if len(b) == 0 || len(b) > 9 {
		return 0, false
	}
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, true
}

// childless reports a member or patient without a claim.
func (w *Walker) childless(f *frame, s *edi.Segment) {
	for i := range f.loop.kids {
		k := &f.loop.kids[i]
		if k.loop != nil && k.loop.level && f.counts[i] > 0 {
			return
		}
	}
	for i := range f.loop.kids {
		if k := &f.loop.kids[i]; k.loop != nil && k.loop.claim {
			w.hl.last = -1
			var text []byte
			if s != nil {
				text = s.Raw()
			}
			w.missing(f.loop, k, w.markBefore(s), text)
			return
		}
	}
}
