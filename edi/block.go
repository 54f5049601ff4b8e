package edi

import (
	"bytes"
	"slices"
)

// Block is a run of segments that stand one behind the other in the input, kept
// with a copy of their bytes. Its memory is used again after Reset.
type Block struct {
	data   []byte // leads, segments and terminators, as in the input
	base   int64  // offset of data[0] in the input
	segs   []blockSegment
	ends   []uint32
	delims *Delims
}

type blockSegment struct {
	start, lead uint32 // start of the segment in data; length of the lead before it
	firstEnd    uint32 // index of its first end
	tag         Tag
	line, col   int32
	ordinal     int32
	set         int32
	terminator  uint32 // its length: 1, or 0 for none
}

// leadStart is where in data the lead before the segment begins.
func (s *blockSegment) leadStart() uint32 { return s.start - s.lead }

// Reset empties the block and keeps its memory.
func (b *Block) Reset() {
	b.data, b.segs, b.ends, b.delims = b.data[:0], b.segs[:0], b.ends[:0], nil
}

// Append adds a copy of the segment that follows the block's last in the input.
// It reports whether it does: where input in between was given up (a segment
// beyond the limit), the segment is not added.
func (b *Block) Append(s *Segment) bool {
	start := s.pos.Offset - int64(s.lead)
	if len(b.segs) == 0 {
		b.base = start
		b.delims = s.delims
	} else if start != b.base+int64(len(b.data)) {
		return false
	}
	n := len(b.segs)
	if n == cap(b.segs) {
		b.segs = slices.Grow(b.segs, 1)
	}
	b.segs = b.segs[:n+1]
	g := &b.segs[n] // field by field: a composite literal is built elsewhere and copied
	g.start = uint32(len(b.data) + s.lead)
	g.lead = uint32(s.lead)
	g.firstEnd = uint32(len(b.ends))
	g.tag = s.tag
	g.line, g.col = int32(s.pos.Line), int32(s.pos.Column)
	g.ordinal, g.set = int32(s.pos.Segment), int32(s.pos.SetSegment)
	g.terminator = uint32(len(s.text) - s.end)
	b.ends = append(b.ends, s.ends...)
	b.data = append(b.data, s.text...)
	return true
}

// appendRun adds copies of the segments of o from number from up to, not
// including, to. Unless b is empty, they must follow its last in the input.
func (b *Block) appendRun(o *Block, from, to int) {
	if from >= to {
		return
	}
	data, ends := o.segs[from].leadStart(), o.segs[from].firstEnd
	dataEnd, endsEnd := len(o.data), len(o.ends)
	if to < len(o.segs) {
		dataEnd, endsEnd = int(o.segs[to].leadStart()), int(o.segs[to].firstEnd)
	}
	n := len(b.segs)
	if n == 0 {
		b.base, b.delims = o.base+int64(data), o.delims
	}
	moved, movedEnds := uint32(len(b.data))-data, uint32(len(b.ends))-ends
	b.segs = append(b.segs, o.segs[from:to]...)
	for i := range b.segs[n:] {
		s := &b.segs[n+i]
		s.start += moved
		s.firstEnd += movedEnds
	}
	b.data = append(b.data, o.data[data:dataEnd]...)
	b.ends = append(b.ends, o.ends[ends:endsEnd]...)
}

// grow makes room for n bytes more of usual segments.
func (b *Block) grow(n int) {
	b.data = slices.Grow(b.data, n)
	b.segs, b.ends = slices.Grow(b.segs, n/20), slices.Grow(b.ends, n/4)
}

// CopyFrom makes b a copy of o.
func (b *Block) CopyFrom(o *Block) {
	b.data = append(b.data[:0], o.data...)
	b.segs = append(b.segs[:0], o.segs...)
	b.ends = append(b.ends[:0], o.ends...)
	b.base, b.delims = o.base, o.delims
}

// Len is the number of segments.
func (b *Block) Len() int { return len(b.segs) }

// Bytes is the text of the block as it stands in the input.
func (b *Block) Bytes() []byte { return b.data }

// Span is the place of the block in the input.
func (b *Block) Span() Span { return Span{b.base, b.base + int64(len(b.data))} }

// Delims are the separators of the block's interchange.
func (b *Block) Delims() *Delims { return b.delims }

// Segment is a view of segment i, from 0. It is valid until Reset.
func (b *Block) Segment(i int) Segment {
	var v Segment
	b.view(i, &v)
	return v
}

// view makes v a view of segment i.
func (b *Block) view(i int, v *Segment) {
	s := &b.segs[i]
	last := uint32(len(b.ends))
	if i+1 < len(b.segs) {
		last = b.segs[i+1].firstEnd
	}
	ends := b.ends[s.firstEnd:last]
	size := ends[len(ends)-1]
	// Field by field: a composite literal is built elsewhere and copied.
	v.text = b.data[s.start-s.lead : s.start+size+s.terminator]
	v.lead, v.end = int(s.lead), int(s.lead+size)
	v.ends = ends
	v.delims = b.delims
	v.tag = s.tag
	v.pos.Offset = b.base + int64(s.start)
	v.pos.Line, v.pos.Column = int(s.line), int(s.col)
	v.pos.Segment, v.pos.SetSegment = int(s.ordinal), int(s.set)
}

// Tag is the packed id of segment i.
func (b *Block) Tag(i int) Tag { return b.segs[i].tag }

// Element is the text of element n of segment i; nil where it is shorter.
func (b *Block) Element(i, n int) []byte {
	s := &b.segs[i]
	last := uint32(len(b.ends))
	if i+1 < len(b.segs) {
		last = b.segs[i+1].firstEnd
	}
	at := s.firstEnd + uint32(n)
	if at >= last {
		return nil
	}
	text := b.data[s.start:]
	if n == 0 {
		return text[:b.ends[at]]
	}
	return text[b.ends[at-1]+1 : b.ends[at]]
}

// Elements are the elements of segment i. They are for those who look at several.
func (b *Block) Elements(i int) Elements {
	s := &b.segs[i]
	last := uint32(len(b.ends))
	if i+1 < len(b.segs) {
		last = b.segs[i+1].firstEnd
	}
	return Elements{b.data[s.start:], b.ends[s.firstEnd:last]}
}

// Elements are those of one segment.
type Elements struct {
	text []byte
	ends []uint32
}

// At is the text of element n, from 1; nil where the segment is shorter.
func (e Elements) At(n int) []byte {
	if uint(n) >= uint(len(e.ends)) {
		return nil
	}
	return e.text[e.ends[n-1]+1 : e.ends[n]]
}

// Count is the number of elements.
func (e Elements) Count() int { return len(e.ends) - 1 }

// All is the text of the segment, without its terminator.
func (e Elements) All() []byte { return e.text[:e.ends[len(e.ends)-1]] }

// View is a part of a block.
type View struct {
	block    *Block
	from, to int
}

// View is the whole of the block.
func (b *Block) View() View { return View{b, 0, len(b.segs)} }

// Len is the number of segments.
func (v View) Len() int { return v.to - v.from }

// Tag is the packed id of segment i, from 0.
func (v View) Tag(i int) Tag { return v.block.Tag(v.from + i) }

// Segment is a view of segment i.
func (v View) Segment(i int) Segment { return v.block.Segment(v.from + i) }

// Element is the text of element n of segment i; nil where it is shorter.
func (v View) Element(i, n int) []byte { return v.block.Element(v.from+i, n) }

// Elements are the elements of segment i.
func (v View) Elements(i int) Elements { return v.block.Elements(v.from + i) }

// Patched reads the block again after p was applied to it. Offsets, lines and
// ordinals of the new block count from where this one begins.
func (b *Block) Patched(p Patch) (*Block, error) {
	data, err := p.ApplyBytes(nil, b.data, b.base)
	if err != nil {
		return nil, err
	}
	out := &Block{base: b.base, delims: b.delims}
	if len(b.segs) > 0 {
		s := b.rescan(data)
		for s.Next() {
			out.Append(s.Segment())
		}
		out.data = append(out.data, s.Tail()...)
	}
	return out, nil
}

// rescan is a Scanner of data, which stands where the block begins. It reads on in
// the block's interchange and tells nobody of faults.
func (b *Block) rescan(data []byte) *Scanner {
	first := &b.segs[0]
	lead := b.data[:first.lead]
	start := b.base + int64(first.start)
	return &Scanner{
		OnError: func(*SyntaxError) {}, MaxSegment: max(len(data), isaLength),
		buf: data, w: len(data), base: b.base, eof: true,
		delims: b.delims, open: true, segs: int(first.ordinal) - 1, set: max(int(first.set)-1, 0),
		line: int(first.line) - bytes.Count(lead, []byte{'\n'}), lineStart: start - int64(first.col) + 1,
	}
}
