package edi

import (
	"bytes"
	"errors"
	"fmt"
)

// What can be wrong with an edit.
var (
	ErrValue    = errors.New("value holds a separator or a control byte")
	ErrNoPlace  = errors.New("no such element")
	ErrISAWidth = errors.New("an ISA element cannot change its width")
	ErrOverlap  = errors.New("edits overlap")
	ErrStale    = errors.New("input does not hold the bytes that the edit expects")
)

// Edit replaces the bytes of a span of the original input.
type Edit struct {
	Span Span
	Old  []byte // what must stand there; the edit is refused otherwise
	New  []byte
}

// Set replaces element n, from 1. A segment that is shorter gets the separators
// it lacks; an element at the end that becomes empty takes the separators before
// it along.
func (s *Segment) Set(n int, value []byte) (Edit, error) {
	if err := s.checkValue(value, true); err != nil {
		return Edit{}, err
	}
	if n < 1 {
		return Edit{}, ErrNoPlace
	}
	if s.tag == tagISA {
		switch old := s.Bytes(n); {
		case n >= len(s.ends) || len(value) != len(old):
			return Edit{}, ErrISAWidth
		case (n == 11 || n == 16) && !bytes.Equal(value, old):
			return Edit{}, fmt.Errorf("%w: ISA%d says which separators the interchange has", ErrValue, n)
		}
	}
	raw := s.Raw()
	if n >= len(s.ends) {
		if len(value) == 0 {
			return s.edit(len(raw), len(raw), nil), nil
		}
		pad := bytes.Repeat([]byte{s.delims.Element}, n-len(s.ends)+1)
		return s.edit(len(raw), len(raw), append(pad, value...)), nil
	}
	start, end := int(s.ends[n-1])+1, int(s.ends[n])
	if len(value) == 0 && n == len(s.ends)-1 {
		for start > int(s.ends[0]) && raw[start-1] == s.delims.Element {
			start--
		}
	}
	return s.edit(start, end, bytes.Clone(value)), nil
}

// SetComponent replaces component m, from 1, of element n, adding the separators
// it lacks or trimming those that a component at the end leaves behind.
func (s *Segment) SetComponent(n, m int, value []byte) (Edit, error) {
	if err := s.checkValue(value, false); err != nil {
		return Edit{}, err
	}
	if n < 1 || m < 1 {
		return Edit{}, ErrNoPlace
	}
	parts := bytes.Split(s.Bytes(n), []byte{s.delims.Component})
	for len(parts) < m {
		parts = append(parts, nil)
	}
	parts[m-1] = value
	return s.SetComponents(n, parts)
}

// SetComponents replaces all components of element n.
func (s *Segment) SetComponents(n int, parts [][]byte) (Edit, error) {
	for _, p := range parts {
		if err := s.checkValue(p, false); err != nil {
			return Edit{}, err
		}
	}
	for len(parts) > 0 && len(parts[len(parts)-1]) == 0 {
		parts = parts[:len(parts)-1]
	}
	return s.Set(n, bytes.Join(parts, []byte{s.delims.Component}))
}

// InsertAfter adds a segment behind s, in the same line style. The text has no
// terminator. Nothing can stand behind a segment that the end of the input cut off.
func (s *Segment) InsertAfter(text []byte) (Edit, error) {
	if !s.Terminated() {
		return Edit{}, ErrUnterminated
	}
	if i := bytes.IndexByte(text, s.delims.Element); i < 0 || !validTag(TagOf(string(text[:i]))) || i > 3 {
		return Edit{}, ErrSegmentID
	}
	for _, b := range text {
		if b != s.delims.Element && s.refuses(b, true) {
			return Edit{}, fmt.Errorf("%w: byte %#02x", ErrValue, b)
		}
	}
	at := s.Extent().End
	added := bytes.Clone(s.lineEnd())
	added = append(append(added, text...), s.delims.Terminator)
	return Edit{Span: Span{at, at}, New: added}, nil
}

// Delete removes the segment with its terminator and what stands before it. The
// lead is what the input has before it, so the line of the segment goes with it.
func (s *Segment) Delete() Edit {
	return Edit{Span: s.Extent(), Old: bytes.Clone(s.text)}
}

// lineEnd is the lead where it is only line ends.
func (s *Segment) lineEnd() []byte {
	if len(bytes.Trim(s.Lead(), "\r\n")) > 0 {
		return nil
	}
	return s.Lead()
}

func (s *Segment) edit(start, end int, value []byte) Edit {
	return Edit{
		Span: Span{s.pos.Offset + int64(start), s.pos.Offset + int64(end)},
		Old:  bytes.Clone(s.Raw()[start:end]), New: value,
	}
}

func (s *Segment) checkValue(value []byte, element bool) error {
	for _, b := range value {
		if s.refuses(b, element) {
			return fmt.Errorf("%w: byte %#02x", ErrValue, b)
		}
	}
	return nil
}

// refuses reports whether b would change the structure around a value, or is a
// control byte. A whole element may hold component and repetition separators.
func (s *Segment) refuses(b byte, element bool) bool {
	switch {
	case b == s.delims.Element || b == s.delims.Terminator:
		return true
	case s.delims.Has(b):
		return !element
	}
	return b < ' ' || b == 0x7F
}
