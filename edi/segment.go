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

func (t Tag) String() string {
	b := []byte{byte(t >> 16), byte(t >> 8), byte(t)}
	for len(b) > 0 && b[len(b)-1] == 0 {
		b = b[:len(b)-1]
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

func isUpperOrDigit(b byte) bool { return b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' }

// Segment is a view of one segment in the input.
type Segment struct {
	raw        []byte // id and elements, without the terminator
	lead       []byte // what stands before it
	ends       []uint32
	delims     *Delims
	pos        Pos
	terminated bool
}

// Raw is the segment's text without its terminator.
func (s *Segment) Raw() []byte { return s.raw }

// Lead is what stands between the segment before and this one.
func (s *Segment) Lead() []byte { return s.lead }

// Terminated is false for a segment that the end of the input cut off.
func (s *Segment) Terminated() bool { return s.terminated }

// Delims are the separators of its interchange.
func (s *Segment) Delims() Delims { return *s.delims }

// Pos is the place of its first byte.
func (s *Segment) Pos() Pos { return s.pos }

// Span is its text without lead and terminator.
func (s *Segment) Span() Span {
	return Span{s.pos.Offset, s.pos.Offset + int64(len(s.raw))}
}

// Extent is the segment with lead and terminator: the extents of all segments
// and the scanner's tail make up the input.
func (s *Segment) Extent() Span {
	e := s.Span()
	e.Start -= int64(len(s.lead))
	if s.terminated {
		e.End++
	}
	return e
}

// ID is the segment id.
func (s *Segment) ID() []byte { return s.raw[:s.ends[0]] }

// Tag is the segment id, packed; 0 where it has not two or three characters.
func (s *Segment) Tag() Tag { return s.tag() }

func (s *Segment) tag() Tag {
	switch s.ends[0] {
	case 2:
		return Tag(s.raw[0])<<16 | Tag(s.raw[1])<<8
	case 3:
		return Tag(s.raw[0])<<16 | Tag(s.raw[1])<<8 | Tag(s.raw[2])
	}
	return 0
}

// Count is the number of elements, not counting the id.
func (s *Segment) Count() int { return len(s.ends) - 1 }

// Bytes is element n, from 1; nil where the segment is shorter.
func (s *Segment) Bytes(n int) []byte {
	if uint(n) >= uint(len(s.ends)) {
		return nil
	}
	if n == 0 {
		return s.raw[:s.ends[0]]
	}
	return s.raw[s.ends[n-1]+1 : s.ends[n]]
}

// Is reports whether element n is exactly want.
func (s *Segment) Is(n int, want string) bool { return string(s.Bytes(n)) == want }

// Element is element n with its place. One that the segment does not reach is
// empty, and its span is the end of the segment, where it would be added.
func (s *Segment) Element(n int) Value {
	if n >= len(s.ends) {
		end := s.pos.Offset + int64(len(s.raw))
		return Value{Span: Span{end, end}, delims: s.delims}
	}
	start := int64(0)
	if n > 0 {
		start = int64(s.ends[n-1]) + 1
	}
	end := int64(s.ends[n])
	return Value{
		Raw: s.raw[start:end], Span: Span{s.pos.Offset + start, s.pos.Offset + end},
		Reached: true, delims: s.delims,
	}
}

func (s *Segment) idForMessage() string {
	if t := s.tag(); validTag(t) {
		return t.String()
	}
	return "a segment without a valid id"
}

// idFault describes a bad id by its length only: it may be data.
func (s *Segment) idFault() string {
	if len(s.raw) == 0 {
		return "empty"
	}
	return fmt.Sprintf("its id has %d bytes that are not a letter and one or two letters or digits", s.ends[0])
}
