package guide

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"
	"slices"

	"github.com/gaitkeeper/gaitkeeper/edi"
)

// check looks at the elements of a segment at its place. Segments come again and
// again: one like an earlier one that was in order there is in order too, but for what
// depends on others.
func (w *Walker) check(s *edi.Segment, sp *spec) {
	w.spec = sp
	raw := s.Raw()
	slot := w.slot(sp, raw)
	known := slot != nil && bytes.Equal(slot.raw, raw)
	if !known {
		before := len(w.held)
		if !w.elements(s, sp) { // there is nothing in it
			if sp.role == isLineCounter {
				w.facts.lines++
				w.facts.stated = w.facts.lines
			}
			return
		}
		if sp.rule != nil {
			sp.rule(w, s)
		}
		if w.types.Has(7) {
			w.lowerCase(s, raw, before)
		}
		if slot != nil && len(w.held) == before && len(raw) <= goodLength {
			slot.raw, slot.n = append(slot.raw[:0], raw...), unknown
			known = true
			w.misses[sp.number]++
		}
	}
	if sp.always == nil || known && w.again(sp, slot.n) {
		return
	}
	before := len(w.held)
	if n := sp.always(w, s); known && len(w.held) == before {
		slot.n = n
	}
}

// good is a segment that was in order at its place, and what is to be compared with
// other segments when it comes again.
type good struct {
	raw []byte
	n   int // see again
}

// unknown stands where a segment was not in order with others.
const unknown = -1

// again does for a segment that was in order before what always does, where that is
// sure to find nothing. n is what always returned.
func (w *Walker) again(sp *spec, n int) bool {
	f := &w.facts
	switch {
	case n == unknown:
		return false
	case sp.role == isLineCounter && n == f.lines+1:
		f.lines, f.stated = n, n
	case sp.role == isDiagnoses:
		f.diagnoses = n
	case sp.role != isService || n > f.diagnoses:
		return false
	}
	return true
}

// lowerCase reports small letters, which some receivers refuse. Where the segment has
// another fix, that one comes first.
func (w *Walker) lowerCase(s *edi.Segment, raw []byte, before int) {
	at := bytes.IndexFunc(raw, func(r rune) bool { return r >= 'a' && r <= 'z' })
	if at < 0 {
		return
	}
	fixed := slices.ContainsFunc(w.held[before:], func(p Problem) bool { return p.Fix != nil })
	p := w.at("GD106", Warning, s, 0, 0, "")
	p.Snip, p.Message = 7, "small letters, which some receivers refuse"
	if !fixed {
		p.Fix = &Fix{Message: "write capital letters", Edits: []edi.Edit{{Span: p.Span, Old: bytes.Clone(raw), New: bytes.ToUpper(raw)}}}
	}
}

const (
	goodBits   = 4
	goodSlots  = 1 << goodBits // segments that are remembered at each place
	goodLength = 128           // the longest of them
	manyMisses = 64            // in a row
)

// forget forgets the segments that were in order.
func (w *Walker) forget() {
	if w.good == nil {
		w.good, w.wholes = make([]good, maxSpecs*goodSlots), make([][]byte, maxWholes)
	}
	for i := range w.good {
		w.good[i].raw = w.good[i].raw[:0]
	}
	for i := range w.wholes {
		w.wholes[i] = w.wholes[i][:0]
	}
	clear(w.next[:])
	clear(w.misses[:])
	w.prev = -1
}

// slot is where a segment is remembered at its place; nil where the segments of a place
// have not come again so often that none is remembered.
func (w *Walker) slot(sp *spec, raw []byte) *good {
	if w.misses[sp.number] == manyMisses {
		return nil
	}
	return &w.good[int(sp.number)*goodSlots+slotOf(raw)]
}

// slotOf spreads segments over the slots.
func slotOf(raw []byte) int { return int(hashOf(raw) >> (64 - goodBits)) }

// hashOf tells segments apart: that two have the same by chance is left out of account.
func hashOf(raw []byte) uint64 {
	const mix = 0x9E3779B97F4A7C15
	n := len(raw)
	h := uint64(n)
	if n < 8 {
		for _, c := range raw {
			h = (h ^ uint64(c)) * mix
		}
		return h
	}
	for i := 0; i < n-8; i += 8 {
		h = (h ^ binary.LittleEndian.Uint64(raw[i:])) * mix
	}
	return (h ^ binary.LittleEndian.Uint64(raw[n-8:])) * mix
}

// elements looks at them one by one, and at the syntax notes. It reports whether there
// is one that is not empty.
func (w *Walker) elements(s *edi.Segment, sp *spec) bool {
	raw, ends, elements := s.Raw(), s.Ends(), sp.elements
	n := len(ends) - 1
	w.odd, w.sub = unusual(raw, w.component, w.repetition)
	closer := w.odd || w.sub
	var present, faulty uint64
	var before []byte
	start := ends[0] + 1
	for i := range min(n, len(elements)) {
		end := ends[i+1]
		v := raw[start:end]
		start = end + 1
		if len(v) == 0 {
			continue
		}
		present |= 1 << i
		e := &elements[i]
		if (!e.simple || closer || len(v) < int(e.min) || len(v) > int(e.max) || v[0] == ' ' || v[len(v)-1] == ' ') && !e.plain(v, before, closer) && !w.element(s, e, i+1, v) {
			faulty |= 1 << i
		}
		before = v
	}
	if present == 0 && blank(s) {
		w.empty(s)
		return false
	}
	if lack := sp.must &^ present; lack != 0 {
		faulty |= lack
		w.lacking(s, sp, lack)
	}
	if n > len(elements) {
		w.beyond(s, len(elements))
	}
	if n > 0 && ends[n] == ends[n-1]+1 {
		w.trailing(s)
	}
	for i := range sp.notes {
		if note := &sp.notes[i]; note.mask&faulty == 0 && note.broken(present) {
			w.syntax(s, note, present)
			faulty |= note.mask // another note that it breaks has the same cause
		}
	}
	return true
}

const (
	ones = 0x0101010101010101
	high = 0x8080808080808080
)

// unusual reports whether b holds bytes that are not printable ASCII, and whether
// it holds one of two separators. Eight bytes are looked at together.
func unusual(b []byte, component, repetition byte) (odd, separator bool) {
	cm, rm := uint64(component)*ones, uint64(repetition)*ones
	var low, hit uint64
	for ; len(b) >= 8; b = b[8:] {
		x := binary.LittleEndian.Uint64(b)
		low |= (x - ' '*ones) | x | (x + ones) // below a blank, above 0x7E
		c, r := x^cm, x^rm
		hit |= (c - ones) &^ c
		hit |= (r - ones) &^ r
	}
	for _, c := range b {
		if c < ' ' || c > '~' {
			low |= high
		}
		if c == component || c == repetition {
			hit |= high
		}
	}
	return low&high != 0, hit&high != 0
}

// plain reports whether v is surely what the element holds: nearly all are, and
// need not be looked at in detail. before is the element before it that is not empty;
// where odd is true, the segment has bytes or separators that call for a closer look.
func (e *element) plain(v, before []byte, odd bool) bool {
	if e.usage == 'N' || len(v) < int(e.min) || len(v) > int(e.max) {
		return false
	}
	if e.qualifies {
		return true
	}
	switch e.kind {
	case kindAN:
		return !odd && v[0] != ' ' && v[len(v)-1] != ' ' && e.pattern == nil && (e.limit == 0 || len(v) <= int(e.limit)) && e.list == nil && e.codes == nil
	case kindID:
		if e.list != nil {
			return false
		}
		if e.codes == nil {
			return !odd
		}
		return has(e.codes, pack(v))
	case kindN0:
		return digits(v) && e.codes == nil
	case kindR:
		return len(v) <= 8 && neat(v)
	case kindDT:
		_, err := edi.ParseDate(v)
		return err == nil
	case kindPeriod:
		if string(before) != "D8" {
			return false
		}
		_, err := edi.ParseDate(v)
		return err == nil
	}
	return false
}

// isSimple reports whether any printable text without blanks at its ends will do, if
// its length is right.
func (e *element) isSimple() bool {
	return e.usage != 'N' && !e.qualifies && e.kind == kindAN && e.pattern == nil && e.limit == 0 && e.list == nil && e.codes == nil
}

// element looks at an element that is there. It reports whether there is no error in it.
func (w *Walker) element(s *edi.Segment, e *element, n int, v []byte) bool {
	before := len(w.held)
	switch {
	case e.usage == 'N':
		w.notUsed(s, n, 0)
	case e.kind == kindComposite:
		w.composite(s, e, n, v)
	case w.sub && w.repetition != 0 && bytes.IndexByte(v, w.repetition) >= 0:
		w.repeats(s, n)
	case w.sub && bytes.IndexByte(v, w.component) >= 0:
		p := w.at("GD108", Error, s, n, 0, "13")
		p.Message = fmt.Sprintf("%s has components, and is no composite", w.name(s, n, 0))
	default:
		w.value(s, e, n, 0, v)
	}
	return e.usage != 'N' && !w.wrong(before)
}

// wrong reports whether there is an error among the problems from a number on.
func (w *Walker) wrong(from int) bool {
	return slices.ContainsFunc(w.held[from:], func(p Problem) bool { return p.Severity == Error })
}

// repeats reports an element that stands more than once.
func (w *Walker) repeats(s *edi.Segment, n int) {
	p := w.at("GD108", Error, s, n, 0, "12")
	p.Message = fmt.Sprintf("%s repeats, and may not", w.name(s, n, 0))
}

func (w *Walker) composite(s *edi.Segment, e *element, n int, v []byte) {
	whole := &w.wholes[e.composite]
	if bytes.Equal(*whole, v) {
		w.composed = w.composed || w.sub && w.component == w.delims.Component
		return
	}
	if !w.composed && !w.trial && w.component == w.delims.Component {
		if w.alien(s, e, n, v); w.component != w.delims.Component {
			return
		}
	}
	if w.repetition != 0 && bytes.IndexByte(v, w.repetition) >= 0 {
		w.repeats(s, n)
		return
	}
	before := len(w.held)
	var present uint64
	var part []byte
	rest, short := v, false
	for i, more := 0, true; more; i++ {
		part, rest, more = cut(rest, w.component)
		w.composed = w.composed || more && w.component == w.delims.Component
		if len(part) == 0 {
			short = !more && i > 0
			continue
		}
		if i >= len(e.parts) {
			p := w.at("GD108", Error, s, n, i+1, "13")
			p.Message = fmt.Sprintf("%s has %d components, %d is the most", w.name(s, n, 0), s.Element(n).Components(), len(e.parts))
			return
		}
		present |= 1 << i
		if c := &e.parts[i]; c.usage == 'N' {
			w.notUsed(s, n, i+1)
		} else if !c.plain(part, nil, w.odd) {
			w.value(s, c, n, i+1, part)
		}
	}
	lack := e.mustParts &^ present
	if short && lack <= present { // else what lacks is why there are separators at the end
		w.trailingParts(s, n)
	}
	if w.wrong(before) {
		return // what is wrong with one part may be why another is empty
	}
	for ; lack != 0; lack &= lack - 1 {
		i := bits.TrailingZeros64(lack)
		w.absent(s, &e.parts[i], n, i+1)
	}
	if len(w.held) == before && len(v) <= goodLength {
		*whole = append((*whole)[:0], v...)
	}
}

// alien recognises a composite whose parts are separated by something else than ISA16
// says. It is told once a set; from there on that separates parts.
func (w *Walker) alien(s *edi.Segment, e *element, n int, v []byte) {
	first := &e.parts[0]
	i := bytes.IndexFunc(v, func(r rune) bool { return r > ' ' && r <= '~' && !letter(r) })
	if i < int(first.min) || i > int(first.max) || len(v) <= int(first.max) || v[i] == w.repetition || bytes.IndexByte(v, w.component) >= 0 {
		return
	}
	if first.codes != nil && !has(first.codes, pack(v[:i])) {
		return
	}
	p := w.at("GD105", Error, s, n, 1, "5")
	p.Message = fmt.Sprintf("%s has %s, %d is the most: its parts are separated by %+q, and ISA16 says %+q", w.name(s, n, 1), plural(len(v), "character"), first.max, v[i], w.component)
	w.separate(v[i])
}

// separate makes c the separator of parts.
func (w *Walker) separate(c byte) {
	if c != w.component {
		w.forget()
		w.component = c
	}
}

// withParts are segments with composites in any file.
var withParts = []edi.Tag{edi.TagOf("CLM"), edi.TagOf("HI"), edi.TagOf("SV1"), edi.TagOf("SVC")}

// agree comes back to the separator of ISA16 at a segment that has it.
func (w *Walker) agree(s *edi.Segment) {
	if slices.Contains(withParts, s.Tag()) && bytes.IndexByte(s.Raw(), w.delims.Component) >= 0 {
		w.separate(w.delims.Component)
		w.composed = true
	}
}

func letter(r rune) bool { return r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' }

// cut is the text before the first separator, what is behind it, and whether there
// is one.
func cut(b []byte, sep byte) (before, after []byte, found bool) {
	for i, c := range b {
		if c == sep {
			return b[:i], b[i+1:], true
		}
	}
	return b, nil, false
}

// value looks at a simple element or a component.
func (w *Walker) value(s *edi.Segment, e *element, n, part int, v []byte) {
	if w.odd && !printable(v) {
		p := w.at("GD106", Error, s, n, part, "6")
		p.Snip = 1
		p.Message = fmt.Sprintf("%s holds a character that X12 does not have", w.name(s, n, part))
		return
	}
	if len(bytes.Trim(v, " ")) == 0 && e.usage == 'R' {
		w.absent(s, e, n, part)
		return
	}
	length := len(v)
	switch e.kind {
	case kindN0, kindR:
		length = 0
		for _, c := range v {
			if c != '-' && c != '.' {
				length++
			}
		}
	case kindDT:
		if e.max == 8 {
			length = 8 // a date of another length is no date
		}
	}
	switch {
	case e.kind == kindN0 && !integer(v), e.kind == kindR && !decimal(v):
		p := w.at("GD106", Error, s, n, part, "6")
		p.Message = fmt.Sprintf("%s is not a number", w.name(s, n, part))
	case length < int(e.min) && (e.codes == nil || has(e.codes, pack(v))):
		p := w.at("GD105", Error, s, n, part, "4")
		p.Message = fmt.Sprintf("%s has %s, %d is the least", w.name(s, n, part), plural(length, "character"), e.min)
	case length > int(e.max):
		p := w.at("GD105", Error, s, n, part, "5")
		p.Message = fmt.Sprintf("%s has %s, %d is the most", w.name(s, n, part), plural(length, "character"), e.max)
	case e.limit > 0 && length > int(e.limit):
		sev := Error
		if e.soft {
			sev = Warning
		}
		p := w.at("GD105", sev, s, n, part, "I12")
		p.Snip = 2
		p.Message = fmt.Sprintf("%s has %s, the guide takes %d", w.name(s, n, part), plural(length, "character"), e.limit)
	case e.codes != nil && !has(e.codes, pack(v)):
		w.wrongCode(s, e, n, part, v)
	case e.list != nil && !e.list.has(bytes.Trim(v, " ")):
		p := w.at("GD107", e.list.severity(), s, n, part, "7")
		p.Snip = 5
		p.Message = fmt.Sprintf("%s is not in the list of %s codes", w.name(s, n, part), listNames[e.list.name])
	case e.pattern != nil && !e.pattern(v):
		p := w.at("GD106", Error, s, n, part, "I12")
		p.Snip = 2
		p.Message = fmt.Sprintf("%s is not nine digits", w.name(s, n, part))
		if bare := bytes.ReplaceAll(v, []byte("-"), nil); e.pattern(bare) { // receivers bear it
			p.Severity, p.Fix = Warning, fix(s, n, part, bare, "remove the hyphens")
			p.Message = fmt.Sprintf("%s is written with hyphens", w.name(s, n, part))
		}
	default:
		w.typed(s, e, n, part, v)
	}
}

var listNames = map[string]string{
	"pos": "place of service", "carc": "claim adjustment reason", "rarc": "remittance advice remark", "state": "state", "country": "country",
	"currency": "currency",
}

// typed looks at the form of a value whose length is right.
func (w *Walker) typed(s *edi.Segment, e *element, n, part int, v []byte) {
	switch e.kind {
	case kindAN:
		if len(v) > int(e.min) && (v[0] == ' ' || v[len(v)-1] == ' ') || v[0] == ' ' {
			p := w.at("GD106", Warning, s, n, part, "6")
			p.Message = fmt.Sprintf("%s begins or ends with a blank", w.name(s, n, part))
			if trimmed := bytes.Trim(v, " "); len(trimmed) >= int(e.min) && s.Tag() != tagISA {
				p.Fix = fix(s, n, part, trimmed, "remove the blanks")
			}
		}
	case kindR:
		w.number(s, e, n, part, v)
	case kindDT:
		if !date(v, int(e.max)) {
			p := w.at("GD106", Error, s, n, part, "8")
			p.Message = fmt.Sprintf("%s is not a calendar date", w.name(s, n, part))
		}
	case kindTM:
		if !clock(v) {
			p := w.at("GD106", Error, s, n, part, "9")
			p.Message = fmt.Sprintf("%s is not a time", w.name(s, n, part))
		}
	case kindPeriod:
		q := s.Bytes(n - 1)
		if string(q) != "D8" && string(q) != "RD8" || w.told(s, n-1) {
			return
		}
		if _, err := edi.ParsePeriod(q, v); err != nil {
			p := w.at("DT101", Error, s, n, part, "8")
			p.Snip = 1
			p.Message = fmt.Sprintf("%s: %s", w.name(s, n, part), err)
			if errors.Is(err, edi.ErrRange) {
				p.IK403, p.Snip = "I12", 2
			}
		}
	}
}

// number looks at a decimal: its form, and the limits of the guide.
func (w *Walker) number(s *edi.Segment, e *element, n, part int, v []byte) {
	whole, fraction, _ := bytes.Cut(bytes.TrimPrefix(v, []byte{'-'}), []byte{'.'})
	short := bytes.TrimRight(fraction, "0")
	decimals, most := 18, 18
	switch e.number {
	case money:
		decimals, most = 2, 8
	case quantity:
		decimals, most = 3, 8
	}
	if len(short) > decimals || len(bytes.TrimLeft(whole, "0")) > most {
		p := w.at("GD105", Error, s, n, part, "I12")
		p.Snip = 2
		p.Message = fmt.Sprintf("%s has more than %d digits or %d decimals", w.name(s, n, part), most, decimals)
		return
	}
	if best := canonical(v); !bytes.Equal(best, v) {
		p := w.at("GD106", Warning, s, n, part, "I12")
		p.Snip = 1
		p.Message = fmt.Sprintf("%s is written with superfluous zeros, sign or point", w.name(s, n, part))
		p.Fix = fix(s, n, part, best, "write "+string(best))
	}
}

// neat reports whether v is surely a number above zero as it is to be written: without
// superfluous zeros, and with two decimals at most.
func neat(v []byte) bool {
	point := bytes.IndexByte(v, '.')
	if point < 0 {
		return v[0] != '0' && digits(v)
	}
	whole, fraction := v[:point], v[point+1:]
	return (len(whole) == 1 || len(whole) > 1 && whole[0] != '0') && digits(whole) && len(fraction) <= 2 && digits(fraction) && fraction[len(fraction)-1] != '0'
}

// canonical is a decimal without superfluous zeros, point and sign. A single zero
// before the point stays where it stands.
func canonical(v []byte) []byte {
	sign, rest := []byte(nil), v
	if v[0] == '-' {
		sign, rest = v[:1], v[1:]
	}
	whole, fraction, _ := bytes.Cut(rest, []byte{'.'})
	fraction = bytes.TrimRight(fraction, "0")
	short := bytes.TrimLeft(whole, "0")
	if len(short) == 0 && len(whole) > 0 {
		short = whole[:1]
	}
	if len(fraction) == 0 && len(bytes.Trim(short, "0")) == 0 {
		return []byte("0")
	}
	out := append(append([]byte{}, sign...), short...)
	if len(fraction) > 0 {
		out = append(append(out, '.'), fraction...)
	}
	return out
}

func (w *Walker) wrongCode(s *edi.Segment, e *element, n, part int, v []byte) {
	code, snip := "7", 1
	t := w.tree
	if t == nil { // in an envelope
		t = professional()
	}
	if has(t.known[e.ref], pack(v)) {
		code, snip = "I6", 2
	}
	p := w.at("GD107", Error, s, n, part, code)
	p.Snip = snip
	p.Message = fmt.Sprintf("%s is not a code that the guide has here: %s", w.name(s, n, part), listed(e.codes))
}

// listed are codes for a message, the first of many.
func listed(codes []uint32) string {
	var b []byte
	for i, c := range codes {
		if i == 8 && len(codes) > 9 {
			return fmt.Sprintf("%s and %d more", b, len(codes)-i)
		}
		if i > 0 {
			b = append(b, ' ')
		}
		b = append(b, unpack(c)...)
	}
	return string(b)
}

func unpack(code uint32) string {
	b := binary.BigEndian.AppendUint32(nil, code)
	return string(bytes.TrimLeft(b, "\x00"))
}

func (w *Walker) lacking(s *edi.Segment, sp *spec, lack uint64) {
	for ; lack != 0; lack &= lack - 1 {
		i := bits.TrailingZeros64(lack)
		w.absent(s, &sp.elements[i], i+1, 0)
	}
}

// absent reports a required element or component that is empty.
func (w *Walker) absent(s *edi.Segment, e *element, n, part int) {
	code, snip := "I9", 2
	if e.mandatory {
		code, snip = "1", 1
	}
	p := w.at("GD104", Error, s, n, part, code)
	p.Snip = snip
	p.Bad = nil
	p.Message = fmt.Sprintf("%s is required and empty", w.name(s, n, part))
}

func (w *Walker) notUsed(s *edi.Segment, n, part int) {
	p := w.at("GD108", Warning, s, n, part, "I10")
	p.Snip = 2
	p.Message = fmt.Sprintf("%s is not used by the guide", w.name(s, n, part))
}

// beyond reports what stands behind the last element that the standard has.
func (w *Walker) beyond(s *edi.Segment, most int) {
	for n := s.Count(); n > most; n-- {
		if len(s.Bytes(n)) > 0 {
			p := w.at("GD108", Error, s, most+1, 0, "3")
			p.Message = fmt.Sprintf("%s has %d elements, %d is the most", s.Tag(), s.Count(), most)
			return
		}
	}
}

// trailing reports separators at the end of a segment.
func (w *Walker) trailing(s *edi.Segment) {
	raw := s.Raw()
	short := bytes.TrimRight(raw, string(s.Delims().Element))
	code := ""
	if s.Count() > len(w.spec.elements) {
		code = "3"
	}
	n := 0
	if code != "" {
		n = len(w.spec.elements) + 1
	}
	p := w.at("GD110", Warning, s, n, 0, code)
	span := s.Span()
	p.Span = edi.Span{Start: span.Start + int64(len(short)), End: span.End}
	p.Message = "separators at the end of the segment"
	if w.safeToTrim(s) {
		p.Fix = &Fix{Message: "remove the separators at the end", Edits: []edi.Edit{{Span: p.Span, Old: bytes.Clone(raw[len(short):])}}}
	}
}

// safeToTrim reports whether an element of the segment is not empty: a segment of
// separators only is another fault.
func (w *Walker) safeToTrim(s *edi.Segment) bool {
	for n := s.Count(); n > 0; n-- {
		if len(s.Bytes(n)) > 0 {
			return true
		}
	}
	return false
}

func (w *Walker) trailingParts(s *edi.Segment, n int) {
	v := s.Element(n)
	short := bytes.TrimRight(v.Raw, string(w.component))
	p := w.at("GD110", Warning, s, n, 0, "")
	p.Span = edi.Span{Start: v.Span.Start + int64(len(short)), End: v.Span.End}
	p.Bad = nil
	p.Message = "separators at the end of " + w.name(s, n, 0)
	if len(short) > 0 {
		p.Fix = &Fix{Message: "remove the separators at its end", Edits: []edi.Edit{{Span: p.Span, Old: bytes.Clone(v.Raw[len(short):])}}}
	}
}

// broken reports whether the elements that are there break the note.
func (n *note) broken(present uint64) bool {
	got := present & n.mask
	switch n.kind {
	case 'P':
		return got != 0 && got != n.mask
	case 'R':
		return got == 0
	case 'E':
		return bits.OnesCount64(got) > 1
	case 'C':
		return got&n.first != 0 && got != n.mask
	case 'L':
		return got == n.first
	}
	return false
}

var noteTexts = map[byte]string{
	'P': "all of %s or none", 'R': "one of %s is needed", 'E': "only one of %s", 'C': "the first of %s needs the others", 'L': "the first of %s needs one of the others",
}

func (w *Walker) syntax(s *edi.Segment, n *note, present uint64) {
	code, at := "2", bits.TrailingZeros64(n.mask&^present)+1
	if n.kind == 'E' {
		code, at = "10", 64-bits.LeadingZeros64(n.mask&present)
	}
	var names []byte
	for m := n.mask; m != 0; m &= m - 1 {
		if len(names) > 0 {
			names = append(names, ", "...)
		}
		names = fmt.Appendf(names, "%s%02d", s.Tag(), bits.TrailingZeros64(m)+1)
	}
	p := w.at("GD104", Error, s, at, 0, code)
	if n.kind == 'E' {
		p.Rule = "GD108"
	}
	p.Snip = 1
	p.Message = fmt.Sprintf(noteTexts[n.kind], names)
}

func printable(b []byte) bool {
	for _, c := range b {
		if c < ' ' || c > '~' {
			return false
		}
	}
	return true
}

func integer(v []byte) bool { return digits(bytes.TrimPrefix(v, []byte{'-'})) }

func decimal(v []byte) bool {
	v = bytes.TrimPrefix(v, []byte{'-'})
	points, figures := 0, 0
	for _, c := range v {
		switch {
		case c == '.':
			points++
		case c >= '0' && c <= '9':
			figures++
		default:
			return false
		}
	}
	return points <= 1 && figures > 0
}

// date reports whether v is CCYYMMDD or, where six digits are wanted, YYMMDD.
func date(v []byte, width int) bool {
	if width == 6 {
		if len(v) != 6 {
			return false
		}
		v = append([]byte("20"), v...)
	}
	_, err := edi.ParseDate(v)
	return err == nil
}

// clock reports whether v is HHMM, HHMMSS, or that with one or two decimals.
func clock(v []byte) bool {
	if len(v) != 4 && (len(v) < 6 || len(v) > 8) || !digits(v) {
		return false
	}
	return string(v[:2]) < "24" && v[2] < '6' && (len(v) == 4 || v[4] < '6')
}

// fix sets an element or component.
func fix(s *edi.Segment, n, part int, value []byte, message string) *Fix {
	var e edi.Edit
	var err error
	if part > 0 {
		e, err = s.SetComponent(n, part, value)
	} else {
		e, err = s.Set(n, value)
	}
	if err != nil {
		return nil
	}
	return &Fix{Message: message, Edits: []edi.Edit{e}}
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
