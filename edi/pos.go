package edi

import "fmt"

// Span is a half-open range of absolute byte offsets in the input.
type Span struct {
	Start, End int64
}

// Len is the number of bytes in the span.
func (s Span) Len() int64 { return s.End - s.Start }

// Pos is a place in the input.
type Pos struct {
	Offset     int64 // bytes before it
	Line       int   // from 1; lines end with LF
	Column     int   // bytes from the start of the line, from 1
	Segment    int   // ordinal of the segment in the input, from 1; 0 between segments
	SetSegment int   // ordinal in ST..SE, ST being 1, as a 999 counts; 0 outside
}

func (p Pos) String() string {
	if p.Segment == 0 {
		return fmt.Sprintf("line %d:%d, byte %d", p.Line, p.Column, p.Offset)
	}
	return fmt.Sprintf("segment %d, line %d:%d, byte %d", p.Segment, p.Line, p.Column, p.Offset)
}
