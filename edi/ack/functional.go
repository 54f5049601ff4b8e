package ack

import (
	"fmt"

	"github.com/gaitkeeper/gaitkeeper/edi"
)

// functional is where in a 999 the reader stands.
type functional struct {
	group *Group
	set   *Set
	bare  bool // the fault at hand is beyond the limit
}

// Tags of the 999, and of the 997 that it replaced: their elements stand at the same
// places.
var (
	tagAK1 = edi.TagOf("AK1")
	tagAK2 = edi.TagOf("AK2")
	tagIK3 = edi.TagOf("IK3")
	tagAK3 = edi.TagOf("AK3")
	tagCTX = edi.TagOf("CTX")
	tagIK4 = edi.TagOf("IK4")
	tagAK4 = edi.TagOf("AK4")
	tagIK5 = edi.TagOf("IK5")
	tagAK5 = edi.TagOf("AK5")
	tagAK9 = edi.TagOf("AK9")
)

func (r *Reader) functionalSegment(s *edi.Segment) {
	switch s.Tag() {
	case tagAK1:
		r.endGroup()
		r.openGroup(s)
		r.group.Function, r.group.Control, r.group.Version = text(s, 1), text(s, 2), text(s, 3)
	case tagAK2:
		r.openSet(s)
		r.set.Code, r.set.Control, r.set.Version = text(s, 1), text(s, 2), text(s, 3)
	case tagIK3, tagAK3:
		r.needSet(s)
		r.openFault(s)
	case tagIK4, tagAK4:
		r.element(s)
	case tagCTX:
		r.context(s)
	case tagIK5, tagAK5:
		r.needSet(s)
		r.set.Verdict, r.set.Codes = r.verdictOf(s), codesFrom(s, 2)
		r.endSet()
	case tagAK9:
		r.endSet()
		if r.group == nil {
			r.complain(s, ErrOrder, "AK9 without AK1")
			r.openGroup(s)
		}
		g := r.group
		g.Verdict, g.Codes = r.verdictOf(s), codesFrom(s, 5)
		g.Claimed, g.Received, g.Accepted = number(s.Bytes(2)), number(s.Bytes(3)), number(s.Bytes(4))
		r.endGroup()
	}
}

// verdictOf reads element 1, and says where it is none of the codes.
func (r *Reader) verdictOf(s *edi.Segment) Verdict {
	v := verdict(s.Bytes(1))
	if _, known := verdictNames[v]; !known {
		r.complain(s, ErrValue, s.Tag().String()+"01 is no verdict")
		return 0
	}
	return v
}

func (r *Reader) openGroup(s *edi.Segment) {
	r.counts.Groups++
	r.group = &Group{Pos: s.Pos(), Sender: r.parties[0], Receiver: r.parties[1], Claimed: -1, Received: -1, Accepted: -1}
}

func (r *Reader) openSet(s *edi.Segment) {
	r.endSet()
	if r.group == nil {
		r.complain(s, ErrOrder, s.Tag().String()+" without AK1")
		r.openGroup(s)
	}
	r.counts.Sets++
	r.group.Sets++
	r.parts = 0
	r.set = &Set{Pos: s.Pos(), Group: r.group}
}

// needSet opens a set for what stands outside of one.
func (r *Reader) needSet(s *edi.Segment) {
	if r.set == nil {
		r.complain(s, ErrOrder, s.Tag().String()+" without AK2")
		r.openSet(s)
	}
}

// endSet hands over the set that is open; without IK5 it has no verdict.
func (r *Reader) endSet() {
	if r.set == nil {
		return
	}
	if r.set.More > 0 {
		r.fault(&edi.SyntaxError{Pos: r.set.Pos, Span: edi.Span{Start: r.set.Pos.Offset, End: r.set.Pos.Offset}, Err: ErrTooMany, Detail: fmt.Sprintf("%d faults of a set left out", r.set.More)})
	}
	r.ready = append(r.ready, r.set)
	r.set = nil
}

func (r *Reader) endGroup() {
	r.endSet()
	if r.group != nil {
		r.ready = append(r.ready, r.group)
		r.group = nil
	}
}

// codesFrom are the codes of element n and those behind it.
func codesFrom(s *edi.Segment, n int) (codes []string) {
	for ; n <= s.Count(); n++ {
		if c := text(s, n); c != "" {
			codes = append(codes, c)
		}
	}
	return codes
}

func (r *Reader) openFault(s *edi.Segment) {
	if r.bare = !r.room(); r.bare {
		r.set.More++
		return
	}
	r.set.Faults = append(r.set.Faults, Fault{
		Pos: s.Pos(), Segment: text(s, 1), Ordinal: max(number(s.Bytes(2)), 0), Loop: text(s, 3), Code: text(s, 4),
	})
}

// open is the fault that IK4 and CTX belong to; nil where there is none.
func (r *Reader) open(s *edi.Segment) *Fault {
	if r.set == nil || len(r.set.Faults) == 0 {
		r.complain(s, ErrOrder, s.Tag().String()+" without IK3")
		return nil
	}
	return &r.set.Faults[len(r.set.Faults)-1]
}

func (r *Reader) element(s *edi.Segment) {
	if r.bare {
		return
	}
	f := r.open(s)
	if f == nil {
		return
	}
	if !r.room() {
		r.set.More++
		return
	}
	f.Elements = append(f.Elements, Element{
		Pos: s.Pos(), Place: place(s.Element(1)), Ref: text(s, 2), Code: text(s, 3), Bad: text(s, 4),
	})
}

// place reads a position in a segment: element, component, repetition.
func place(v edi.Value) Place {
	if v.Empty() {
		return Place{}
	}
	at := func(n int) int { return max(number(v.Component(n).Raw), 0) }
	return Place{at(1), at(2), at(3)}
}

// context reads a CTX: a trigger, or the business unit that the fault stands in.
func (r *Reader) context(s *edi.Segment) {
	if r.bare {
		return
	}
	f := r.open(s)
	if f == nil {
		return
	}
	about := s.Element(1)
	name := ""
	if !about.Empty() {
		first := about.Repetition(1)
		name = string(trim(first.Component(1).Raw))
		if value := string(trim(first.Component(2).Raw)); name != situation && r.room() {
			f.Units = append(f.Units, Unit{name, value})
		}
	}
	if name != situation && s.Count() < 2 {
		return
	}
	t := Trigger{Segment: text(s, 2), Ordinal: max(number(s.Bytes(3)), 0), Loop: text(s, 4), Place: place(s.Element(5)), Ref: text(s, 6)}
	to := &f.Triggers
	if n := len(f.Elements); n > 0 {
		to = &f.Elements[n-1].Triggers
	}
	if r.room() {
		*to = append(*to, t)
	}
}
