package edi

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
	start, lead uint32 // start of the text in data; length of the lead
	firstEnd    uint32 // index of its first end
	line, col   int32
	ordinal     int32
	set         int32
	terminated  bool
}

// Reset empties the block and keeps its memory.
func (b *Block) Reset() {
	b.data, b.segs, b.ends, b.delims = b.data[:0], b.segs[:0], b.ends[:0], nil
}

// Append adds a copy of the segment that follows the block's last in the input.
// It reports whether it does: where input in between was given up (a segment
// beyond the limit), the segment is not added.
func (b *Block) Append(s *Segment) bool {
	start := s.pos.Offset - int64(len(s.lead))
	if len(b.segs) == 0 {
		b.base = start
		b.delims = s.delims
	} else if start != b.base+int64(len(b.data)) {
		return false
	}
	b.segs = append(b.segs, blockSegment{
		start: uint32(len(b.data) + len(s.lead)), lead: uint32(len(s.lead)), firstEnd: uint32(len(b.ends)),
		line: int32(s.pos.Line), col: int32(s.pos.Column), ordinal: int32(s.pos.Segment), set: int32(s.pos.SetSegment),
		terminated: s.terminated,
	})
	b.ends = append(b.ends, s.ends...)
	b.data = append(b.data, s.lead...)
	b.data = append(b.data, s.raw...)
	if s.terminated {
		b.data = append(b.data, s.delims.Terminator)
	}
	return true
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
	s := &b.segs[i]
	ends := b.ends[s.firstEnd:]
	if i+1 < len(b.segs) {
		ends = b.ends[s.firstEnd:b.segs[i+1].firstEnd]
	}
	end := s.start + ends[len(ends)-1]
	return Segment{
		raw: b.data[s.start:end:end], lead: b.data[s.start-s.lead : s.start], ends: ends, delims: b.delims,
		pos: Pos{
			Offset: b.base + int64(s.start), Line: int(s.line), Column: int(s.col),
			Segment: int(s.ordinal), SetSegment: int(s.set),
		},
		terminated: s.terminated,
	}
}

// Tag is the packed id of segment i.
func (b *Block) Tag(i int) Tag {
	s := &b.segs[i]
	t := b.data[s.start:]
	switch b.ends[s.firstEnd] {
	case 2:
		return Tag(t[0])<<16 | Tag(t[1])<<8
	case 3:
		return Tag(t[0])<<16 | Tag(t[1])<<8 | Tag(t[2])
	}
	return 0
}

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

// Patched reads the block again after p was applied to it. Offsets of the new
// block count from the same base; line and column are those of its first segment.
func (b *Block) Patched(p Patch) (*Block, error) {
	data, err := p.ApplyBytes(nil, b.data, b.base)
	if err != nil {
		return nil, err
	}
	out := &Block{data: data, base: b.base, delims: b.delims}
	next := b.segs[0]
	for at := 0; at < len(data); {
		start := at
		for start < len(data) && isBlank(data[start]) && data[start] != b.delims.Terminator {
			start++
		}
		next.start, next.lead, next.firstEnd = uint32(start), uint32(start-at), uint32(len(out.ends))
		var n int
		out.ends, n, next.terminated = index(data[start:], b.delims.Element, b.delims.Terminator, out.ends)
		out.segs = append(out.segs, next)
		next.ordinal++
		next.set++
		at = start + n
		if next.terminated {
			at++
		}
	}
	return out, nil
}

func isBlank(b byte) bool { return b == ' ' || b == '\t' || b == '\r' || b == '\n' || b == 0x1A }
