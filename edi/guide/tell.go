package guide

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"

	"github.com/gaitkeeper/gaitkeeper/edi"
)

// report holds a problem of a place until the level or claim is through.
func (w *Walker) report(rule string, sev Severity, tag edi.Tag, at mark, loop string) *Problem {
	w.held = append(w.held, Problem{
		Rule: rule, Severity: sev, Pos: at.pos, Span: at.span, Segment: tag.String(), SetSegment: at.pos.SetSegment,
		Loop: loop, Claim: string(w.claim), Line: string(w.line), Snip: 1,
	})
	if w.tree != nil {
		w.held[len(w.held)-1].Set = w.tree.set
	}
	return &w.held[len(w.held)-1]
}

// on reports a segment as a whole.
func (w *Walker) on(rule string, sev Severity, s *edi.Segment, code string) *Problem {
	loop := ""
	if w.tree != nil && w.top >= 0 && len(w.frames) > 0 {
		loop = w.frames[w.top].loop.name
	}
	p := w.report(rule, sev, s.Tag(), mark{s.Pos(), s.Span()}, loop)
	p.Text, p.Delims = bytes.Clone(s.Raw()), s.Delims()
	p.IK304 = code
	return p
}

// at reports an element, a component where part is not 0, or the segment as a whole
// where n is 0, with the code that an IK4 has for it.
func (w *Walker) at(rule string, sev Severity, s *edi.Segment, n, part int, code string) *Problem {
	p := w.on(rule, sev, s, "8")
	if w.spec != nil && w.spec.loop != nil {
		p.Loop = w.spec.loop.name
	}
	p.IK403 = code
	p.Element, p.Component = n, part
	if n == 0 {
		p.IK304, p.IK403 = code, ""
		return p
	}
	if code == "" {
		p.IK304 = "" // no acknowledgement speaks of it
	}
	v := s.Element(n)
	if part > 0 {
		v = w.part(v, part)
	}
	p.Span = v.Span
	if !v.Empty() {
		p.Bad = bytes.Clone(v.Raw)
	}
	if w.spec != nil && n <= len(w.spec.elements) {
		e := &w.spec.elements[n-1]
		p.Ref = e.ref
		if part > 0 && part <= len(e.parts) {
			p.Ref = e.parts[part-1].ref
		}
	}
	p.STC = statusOf(p, s)
	return p
}

// part is a component of an element, as the separator that it has makes it.
func (w *Walker) part(v edi.Value, part int) edi.Value {
	if w.component == w.delims.Component {
		return v.Component(part)
	}
	rest := v.Raw
	for ; part > 1; part-- {
		_, rest, _ = cut(rest, w.component)
	}
	text, _, _ := cut(rest, w.component)
	v.Span.Start = v.Span.End - int64(len(rest))
	v.Span.End = v.Span.Start + int64(len(text))
	v.Raw = text
	return v
}

// name is an element for a message, such as NM109 or SV101-2, with the qualifier of
// its segment where it has one.
func (w *Walker) name(s *edi.Segment, n, part int) string {
	if part > 0 {
		return fmt.Sprintf("%s%02d-%d", s.Tag(), n, part)
	}
	return fmt.Sprintf("%s%02d", s.Tag(), n)
}

// titled is a segment for a message: its id with its qualifier where it has one.
func titled(sp *spec) string {
	text := sp.tag.String()
	if len(sp.quals) > 0 && sp.quals[0].element == 1 && sp.quals[0].component == 0 {
		for i, c := range sp.quals[0].codes {
			if i == 0 {
				text += "*" + unpack(c)
			} else if i < 4 {
				text += "/" + unpack(c)
			}
		}
	} else if sp.tag == tagHL {
		text += " " + unpack(sp.quals[0].codes[0])
	}
	return text
}

// titleOf is a segment for a message: its id, with its first element where that is a
// qualifier of the guide.
func (w *Walker) titleOf(s *edi.Segment) string {
	title := s.Tag().String()
	for _, sp := range w.tree.byTag[w.tree.tags.id(s.Tag())] {
		if code := string(s.Bytes(1)); sp.first != nil && has(sp.first, pack(s.Bytes(1))) {
			return title + "*" + code
		}
	}
	return title
}

// base are the segments that the standard itself demands where their loop stands.
var base = []edi.Tag{edi.TagOf("BHT"), edi.TagOf("HL"), edi.TagOf("BPR"), edi.TagOf("SE"), edi.TagOf("FRM")}

// same reports whether sp and other are told by the same id and qualifiers.
func (sp *spec) same(other *spec) bool {
	return sp == other || sp.tag == other.tag && slices.EqualFunc(sp.quals, other.quals, func(a, b qualifier) bool {
		return a.element == b.element && slices.Equal(a.codes, b.codes)
	})
}

// misfit is the last segment without a place: one with a wrong id or qualifier stands where the
// right one is missing.
type misfit struct {
	at  int     // its number in the set; that of the last one that was passed over behind it
	tag edi.Tag // 0: it may be any
}

// near is the number of segments within which one that is missing may have stood: some may
// come in any order.
const near = 4

// instead reports whether in front of segment number at stands one that is likely to be what
// is missing there.
func (w *Walker) instead(at int, tag edi.Tag) bool {
	if d := at - w.misfit.at; w.misfit.at == 0 || d < 1 || d > near || w.misfit.tag != 0 && w.misfit.tag != tag {
		return false
	}
	w.misfit = misfit{}
	w.replaced = append(w.replaced, tag)
	return true
}

// missing reports a segment or loop that is not there.
func (w *Walker) missing(in *loop, k *kid, at mark, text []byte) {
	if i := slices.IndexFunc(w.strays, k.spec.same); i >= 0 {
		w.strays = slices.Delete(w.strays, i, i+1)
		return
	}
	if i := slices.Index(w.blanks, k.spec.tag); i >= 0 && k.loop == nil {
		w.blanks = slices.Delete(w.blanks, i, i+1)
		return
	}
	if w.instead(at.pos.SetSegment, k.spec.tag) {
		return
	}
	loop := in.name
	if k.loop != nil {
		loop = k.loop.name
	}
	p := w.report("GD101", Error, k.spec.tag, at, loop)
	p.Text, p.Delims = bytes.Clone(text), w.delims
	switch {
	case slices.Contains(base, k.spec.tag):
		p.IK304, p.Snip = "3", 1
	case k.loop != nil:
		p.IK304, p.Snip = "I7", 2
	default:
		p.IK304, p.Snip = "I8", 2
	}
	if k.loop != nil {
		p.Message = fmt.Sprintf("loop %s (%s, %s) is missing", k.loop.name, k.spec.name, titled(k.spec))
	} else {
		p.Message = fmt.Sprintf("%s (%s) is missing in loop %s", titled(k.spec), k.spec.name, in.name)
	}
	p.STC = "A6:" + statusOfSegment(k.spec)
	if w.tree.set == "835" && titled(k.spec) == "PER*BL" {
		p.Severity = Warning // samples of the standard itself lack it
	}
}

// overdone reports a segment or loop that stands there too often, and takes it.
func (w *Walker) overdone(s *edi.Segment, at place) {
	for w.top > at.d {
		w.leave(s)
	}
	f := &w.frames[at.d]
	k := &f.loop.kids[at.i]
	if k.loop == nil {
		if f.counts[at.i] == unbounded { // told already
			w.passOver(s)
			return
		}
		f.counts[at.i] = unbounded
		w.repeated(s, k.spec, "5")
		return
	}
	p := w.on("GD103", Error, s, "4")
	p.Loop = k.loop.name
	p.Message = fmt.Sprintf("loop %s (%s) stands here more often than %d times", k.loop.name, titled(k.spec), k.max)
	if k.max == 1 {
		p.Message = fmt.Sprintf("loop %s (%s) stands here twice", k.loop.name, titled(k.spec))
	}
	w.put(f, at.i, f.cursor, s)
}

// repeated reports a segment that stands there too often. What it holds is looked at
// no closer.
func (w *Walker) repeated(s *edi.Segment, sp *spec, code string) {
	w.remember(s, nil)
	p := w.on("GD103", Error, s, code)
	p.Loop = sp.loop.name
	p.Message = fmt.Sprintf("%s (%s) stands in loop %s more often than it may", titled(sp), sp.name, sp.loop.name)
}

// outOfOrder reports a segment that stands behind what follows it, and takes it.
func (w *Walker) outOfOrder(s *edi.Segment, at place) {
	for w.top > at.d {
		w.leave(s)
	}
	f := &w.frames[at.d]
	k := &f.loop.kids[at.i]
	loop := f.loop.name
	if k.loop != nil {
		loop = k.loop.name
	}
	p := w.on("GD102", Error, s, "7")
	p.Loop = loop
	p.Message = fmt.Sprintf("%s (%s) stands behind its place in loop %s", titled(k.spec), k.spec.name, f.loop.name)
	w.put(f, at.i, f.cursor, s)
}

// unexpected reports a segment that cannot stand here; sp is what it would be
// elsewhere.
func (w *Walker) unexpected(s *edi.Segment, sp *spec) {
	w.remember(s, nil)
	w.misfit = misfit{s.Pos().SetSegment, s.Tag()}
	p := w.on("GD102", Error, s, "2")
	p.Message = fmt.Sprintf("%s cannot stand here, in loop %s", w.titleOf(s), p.Loop)
	if sp == nil {
		return
	}
	w.strays = append(w.strays, sp)
	if sp.loop != nil && sp.loop.trigger == sp && len(sp.loop.kids) > 0 {
		w.lost = true
	}
}

// empty reports a segment without data.
func (w *Walker) empty(s *edi.Segment) {
	p := w.on("GD104", Error, s, "8")
	p.Message = s.Tag().String() + " has no elements"
}

// unknown reports a segment whose id the guide does not have.
func (w *Walker) unknown(s *edi.Segment) {
	code, message := "1", "not an id of a segment"
	switch id := s.Tag(); {
	case has(standard837, uint32(id)) && w.tree.set == "837":
		code, message = "I4", "a segment that the guide does not use"
	case has(standardIDs, uint32(id)):
		code, message = "6", "not a segment of this transaction set"
	}
	p := w.on("GD102", Error, s, code)
	if code == "I4" {
		p.Snip = 2
	}
	name := "this"
	if s.Tag() != 0 {
		name = s.Tag().String()
	} else {
		p.Segment = ""
	}
	p.Message = fmt.Sprintf("%s is %s", name, message)
}

// standard837 are segments that 837 has in the standard and not in the professional
// guide; standardIDs others that the standard has.
var (
	standard837 = tagList("N2 CL1 DN1 DN2 DSB UR CR4 CR5 CR6 CR7 CR8 HSD MIA SV2 SV3 SV4 SV6 SV7 TOO IMM")
	standardIDs = tagList(`AAA ACD ACT AK1 AK2 AK3 AK4 AK5 AK9 AMT BDS BGN BHT BIN BPR CAS CL1 CLM CLP CN1 COB CR1 CR2 CR3 CR4 CR5 CR6 CR7 CR8
		CRC CTP CTX CUR DMG DN1 DN2 DSB DTM DTP EB EC ED EMT ENT EQ FRM G62 HCP HCR HD HI HL HLH HSD IDC III IK3 IK4 IK5 IMM INS INV K3
		LE LIN LN LQ LS LUI LX MEA MIA MOA MPI MSG N1 N2 N3 N4 NM1 NTE NX4 OI PAT PER PID PLA PLB PO4 PRV PS1 PWK QTY RDM REF RMR SBR
		SLN SPR STC SV1 SV2 SV3 SV4 SV5 SV6 SV7 SVC SVD TOO TRN TS2 TS3 UM UR VEH`)
)

func tagList(text string) []uint32 {
	var all []uint32
	for _, f := range bytes.Fields([]byte(text)) {
		all = append(all, uint32(edi.TagOf(string(f))))
	}
	return all
}

// flush hands over what is held, in the order of the input.
func (w *Walker) flush() {
	if len(w.held) == 0 {
		return
	}
	slices.SortStableFunc(w.held, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Pos.Offset, b.Pos.Offset), cmp.Compare(a.Span.Start, b.Span.Start), cmp.Compare(a.Element, b.Element), cmp.Compare(a.Component, b.Component))
	})
	from := 0 // the first problem of the same element
	for i := range w.held {
		if a, b := &w.held[from], &w.held[i]; a.Pos.Offset != b.Pos.Offset || a.Element != b.Element {
			from = i
		}
		if !w.followsFrom(from, i) && !w.emptied(i) {
			w.tell(w.held[i])
		}
	}
	clear(w.held)
	w.held, w.run = w.held[:0], 0
}

// emptied reports whether problem i is of separators at the end of a segment that lacks an
// element: that is why they are there.
func (w *Walker) emptied(i int) bool {
	p := &w.held[i]
	if p.Rule != "GD110" || p.Element > 0 {
		return false
	}
	for ; i > 0 && w.held[i-1].Pos.Offset == p.Pos.Offset; i-- {
	}
	for ; i < len(w.held) && w.held[i].Pos.Offset == p.Pos.Offset; i++ {
		if o := &w.held[i]; o.Element > 0 && o.Component == 0 && o.Span.Len() == 0 && o.Severity == Error {
			return true
		}
	}
	return false
}

// followsFrom reports whether problem i is about the meaning of an element whose form
// is wrong: what it holds cannot be judged then. Those of the same element begin at
// problem from.
func (w *Walker) followsFrom(from, i int) bool {
	p := &w.held[i]
	if !p.meaning || p.Element == 0 {
		return false
	}
	for k := from; k < len(w.held); k++ {
		o := &w.held[k]
		if o.Pos.Offset != p.Pos.Offset || o.Element != p.Element {
			return false
		}
		if !o.meaning && (o.Component == p.Component || o.Component == 0 || p.Component == 0) && o.Segment == p.Segment &&
			(o.Severity == Error || o.IK403 == "6") {
			return true
		}
	}
	return false
}

// tell counts a problem and hands it over.
func (w *Walker) tell(p Problem) {
	if !w.types.Has(p.Snip) {
		return
	}
	if p.Component > 0 && w.component != w.delims.Component {
		p.Fix = nil // it would be made with the separator of ISA16
	}
	if p.Severity == Error {
		w.counts.Errors++
	} else {
		w.counts.Warnings++
	}
	w.tally(&p)
	if w.h.Problem != nil {
		w.h.Problem(&p)
	}
}
