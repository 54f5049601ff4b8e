package edi

import "errors"

// What can be wrong with the text of an interchange. Test with [errors.Is].
var (
	ErrEmpty          = errors.New("input is empty")
	ErrNotX12         = errors.New("not X12: no ISA segment found")
	ErrISA            = errors.New("ISA is not of the fixed widths")
	ErrDelimiters     = errors.New("ISA names separators that cannot be used")
	ErrWrapped        = errors.New("lines are broken inside segments")
	ErrOutside        = errors.New("text outside an interchange")
	ErrSegmentID      = errors.New("not a segment")
	ErrSegmentTooLong = errors.New("segment is longer than the limit")
	ErrUnterminated   = errors.New("input ends inside a segment")
	ErrUnclosed       = errors.New("interchange is not closed by an IEA")
	ErrEnvelope       = errors.New("envelope is not complete")
	ErrWrongSet       = errors.New("transaction set of another kind")
)

// SyntaxError is a fault in the text of the input, with its place.
type SyntaxError struct {
	Pos    Pos    // where it begins
	Span   Span   // the bytes it is about
	Err    error  // one of the Err values of this package
	Detail string // what was found, without any data of the segment but its id
}

func (e *SyntaxError) Error() string {
	s := e.Pos.String() + ": " + e.Err.Error()
	if e.Detail != "" {
		s += ": " + e.Detail
	}
	return s
}

// Unwrap gives the Err value, for [errors.Is].
func (e *SyntaxError) Unwrap() error { return e.Err }

// Truncated reports whether the fault means that input is missing or could not
// be read, so that a file written from it would not be whole.
func (e *SyntaxError) Truncated() bool {
	for _, whole := range []error{ErrOutside, ErrSegmentID, ErrEnvelope, ErrWrongSet} {
		if errors.Is(e.Err, whole) {
			return false
		}
	}
	return true
}
