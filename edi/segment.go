package edi

import "fmt"

// Tag is a segment id packed into a number: two or three characters, or 0 where
// the id is none. Comparing tags is cheaper than comparing strings.
type Tag uint32

// TagOf packs a segment id; it is meant for constants and tables.
func TagOf(id string) Tag {
	var t Tag
	for i := range 3 {
		t <<= 8
		if i < len(id) {
			t |= Tag(id[i])
		}
	}
	return t
}

// String is the id, for messages: what cannot be printed is a question mark.
func (t Tag) String() string {
	b := []byte{byte(t >> 16), byte(t >> 8), byte(t)}
	for len(b) > 0 && b[len(b)-1] == 0 {
		b = b[:len(b)-1]
	}
	for i, c := range b {
		if c < ' ' || c > '~' {
			b[i] = '?'
		}
	}
	return string(b)
}

const (
	tagISA = 'I'<<16 | 'S'<<8 | 'A'
	tagIEA = 'I'<<16 | 'E'<<8 | 'A'
	tagGS  = 'G'<<16 | 'S'<<8
	tagGE  = 'G'<<16 | 'E'<<8
	tagST  = 'S'<<16 | 'T'<<8
	tagSE  = 'S'<<16 | 'E'<<8
)

// validTag reports whether t is a letter and one or two letters or digits.
func validTag(t Tag) bool {
	a, b, c := byte(t>>16), byte(t>>8), byte(t)
	return a >= 'A' && a <= 'Z' && isUpperOrDigit(b) && (c == 0 || isUpperOrDigit(c))
}

// isEnvelope reports whether t begins or ends an interchange, group or set.
func isEnvelope(t Tag) bool {
	return t == tagISA || t == tagIEA || t == tagGS || t == tagGE || t == tagST || t == tagSE
}

func isUpperOrDigit(b byte) bool { return b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' }

// Segment is a view of one segment in the input.
type Segment struct {
	text      []byte   // lead, id and elements, terminator
	lead, end int      // text[lead:end] is the segment without its terminator
	ends      []uint32 // where each element ends, from text[lead]
	delims    *Delims
	pos       Pos
	tag       Tag
}

// Raw is the segment's text without its terminator.
func (s *Segment) Raw() []byte { return s.text[s.lead:s.end:s.end] }

// Lead is what stands between the segment before and this one.
func (s *Segment) Lead() []byte { return s.text[:s.lead:s.lead] }

// Terminated is false for a segment that the end of the input cut off.
func (s *Segment) Terminated() bool { return s.end < len(s.text) }

// Delims are the separators of its interchange.
func (s *Segment) Delims() Delims { return *s.delims }

// Pos is the place of its first byte.
func (s *Segment) Pos() Pos { return s.pos }

// Span is its text without lead and terminator.
func (s *Segment) Span() Span {
	return Span{s.pos.Offset, s.pos.Offset + int64(s.end-s.lead)}
}

// Extent is the segment with lead and terminator: the extents of all segments
// and the scanner's tail make up the input.
func (s *Segment) Extent() Span {
	start := s.pos.Offset - int64(s.lead)
	return Span{start, start + int64(len(s.text))}
}

// ID is the segment id.
func (s *Segment) ID() []byte { return s.Bytes(0) }

// Tag is the segment id, packed; 0 where it has not two or three characters.
func (s *Segment) Tag() Tag { return s.tag }

// tagOf packs the id of n bytes that text begins with.
func tagOf(text []byte, n uint32) Tag {
	switch n {
	case 2:
		return Tag(text[0])<<16 | Tag(text[1])<<8
	case 3:
		return Tag(text[0])<<16 | Tag(text[1])<<8 | Tag(text[2])
	}
	return 0
}

// Ends are the places in Raw at which the id and each element end. They are for those
// who look at all elements of many segments; s owns them.
func (s *Segment) Ends() []uint32 { return s.ends }

// Count is the number of elements, not counting the id.
func (s *Segment) Count() int { return len(s.ends) - 1 }

// Bytes is element n, from 1; nil where the segment is shorter.
func (s *Segment) Bytes(n int) []byte {
	if uint(n) >= uint(len(s.ends)) {
		return nil
	}
	start := s.lead
	if n > 0 {
		start += int(s.ends[n-1]) + 1
	}
	return s.text[start : s.lead+int(s.ends[n])]
}

// Is reports whether element n is exactly want.
func (s *Segment) Is(n int, want string) bool { return string(s.Bytes(n)) == want }

// Element is element n with its place. One that the segment does not reach is
// empty, and its span is the end of the segment, where it would be added.
func (s *Segment) Element(n int) Value {
	if uint(n) >= uint(len(s.ends)) {
		end := s.Span().End
		return Value{Span: Span{end, end}, delims: s.delims}
	}
	raw := s.Bytes(n)
	end := s.pos.Offset + int64(s.ends[n])
	return Value{Raw: raw, Span: Span{end - int64(len(raw)), end}, Reached: true, delims: s.delims}
}

func (s *Segment) idForMessage() string {
	if validTag(s.tag) {
		return s.tag.String()
	}
	return "a segment without a valid id"
}

// idFault describes a bad id by its length only: it may be data.
func (s *Segment) idFault() string {
	if s.lead == s.end {
		return "empty"
	}
	return fmt.Sprintf("its id has %d bytes that are not a letter and one or two letters or digits", s.ends[0])
}
