package ack

import (
	"strings"

	"github.com/gaitkeeper/gaitkeeper/edi/guide"
)

// inSegment takes a problem of a segment or element. Those of one segment are
// answered together.
func (r *Responder) inSegment(p *guide.Problem) {
	code := p.IK403
	if code == "" {
		code = p.IK304
	}
	if implementation(code) {
		r.implied = true
	} else {
		r.base = true
	}
	if r.fa.dst == nil || r.o.Detail == DetailSet {
		return
	}
	if len(r.pending) > 0 && !together(r.pending[0], p) {
		r.flush()
	}
	r.pending = append(r.pending, p)
	if len(r.pending) >= mostPending {
		r.flush()
	}
}

// mostPending is how many problems of one segment are answered together.
const mostPending = 1000

func together(a, b *guide.Problem) bool {
	return a.SetSegment == b.SetSegment && a.Segment == b.Segment && a.Loop == b.Loop
}

// elementFault is IK304 of a segment whose elements are at fault.
const elementFault = "8"

// flush writes the problems of a segment: an IK3 for each of the segment itself,
// and one for all of its elements.
func (r *Responder) flush() {
	for _, p := range r.pending {
		if p.IK403 == "" {
			r.ik3(p, p.IK304)
		}
	}
	named := false
	for _, p := range r.pending {
		if p.IK403 == "" {
			continue
		}
		named = named || r.ik3(p, elementFault)
		if named && r.o.Detail == DetailElement {
			r.ik4(p)
		}
	}
	r.pending = r.pending[:0]
}

// A 999 has no more than these of them in a row.
const (
	mostSegmentTriggers = 9
	mostElementTriggers = 10
	mostCodes           = 5
	mostUnit            = 35 // characters of a business unit: X12 RFI 2293
)

// ik3 names a segment, and reports whether it could. An id that X12 does not have
// cannot be named (X12 RFI 1257): only IK5 tells of it.
func (r *Responder) ik3(p *guide.Problem, code string) bool {
	w := &r.fa
	id := w.value(p.Segment, 4)
	if code == "1" || len(id) < 2 || len(id) > 3 {
		return false
	}
	w.segment("IK3", id, positive(max(p.SetSegment, 1)), loopID(w, p.Loop), code)
	if code != elementFault {
		r.triggers(p.Triggers, mostSegmentTriggers)
	}
	if unit := w.value(p.Claim, mostUnit); unit != "" {
		w.segment("CTX", w.composite(unitClaim, unit))
	}
	return true
}

// loopID is a loop as IK303 and CTX04 can have it: four characters, of those that the
// guide numbers.
func loopID(w *writer, loop string) string {
	if loop == "" || loop[0] < '0' || loop[0] > '9' {
		return ""
	}
	return w.value(loop, 4)
}

// triggers writes what makes a rule apply.
func (r *Responder) triggers(list []guide.Trigger, most int) {
	w := &r.fa
	for _, t := range list[:min(len(list), most)] {
		id := w.value(t.Segment, 4)
		if len(id) < 2 || len(id) > 3 || t.SetSegment < 1 {
			continue
		}
		w.segment("CTX", situation, id, positive(t.SetSegment), loopID(w, t.Loop), w.place(Place{t.Element, t.Component, 0}), reference(t.Ref))
	}
}

// reference is the number of a data element; those of composites and of ISA are none.
func reference(ref string) string {
	if len(ref) > 4 || strings.Trim(ref, "0123456789") != "" {
		return ""
	}
	return ref
}

// mostBad is how many characters of bad data IK404 takes.
const mostBad = 99

// ik4 names an element.
func (r *Responder) ik4(p *guide.Problem) {
	w := &r.fa
	bad := ""
	if r.o.BadData {
		bad = w.value(string(p.Bad), mostBad)
	}
	w.segment("IK4", w.place(Place{max(p.Element, 1), p.Component, p.Repetition}), reference(p.Ref), p.IK403, bad)
	list := p.Triggers
	if len(list) == 0 {
		list = beside(p)
	}
	r.triggers(list, mostElementTriggers)
}

// decides says which element of the same segment makes a situational rule for
// another one apply.
var decides = []struct {
	segment      string
	element, key int
}{
	{"NM1", 4, 2},
	{"NM1", 5, 2},
	{"NM1", 7, 2},
	{"NM1", 9, 8},
	{"PWK", 5, 2},
	{"PWK", 6, 2},
	{"SBR", 5, 9},
	{"N4", 2, 4},
	{"N4", 3, 4},
	{"N4", 7, 4},
}

// beside is the element of the same segment that makes the rule of a problem apply.
func beside(p *guide.Problem) []guide.Trigger {
	if p.IK403 != "I9" && p.IK403 != "I13" {
		return nil
	}
	for _, d := range decides {
		if d.segment == p.Segment && d.element == p.Element {
			return []guide.Trigger{{Segment: p.Segment, SetSegment: p.SetSegment, Loop: p.Loop, Element: d.key}}
		}
	}
	return nil
}
