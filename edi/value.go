package edi

import "bytes"

// Value is an element, a repetition or a component: its text and its place.
type Value struct {
	Raw     []byte
	Span    Span
	Reached bool // the segment is long enough to have it, if only empty
	delims  *Delims
}

// Empty reports whether there is no text.
func (v Value) Empty() bool { return len(v.Raw) == 0 }

func (v Value) String() string { return string(v.Raw) }

// Component is component n, from 1.
func (v Value) Component(n int) Value { return v.part(v.delims.Component, n) }

// Components is the number of components; an empty value has one.
func (v Value) Components() int { return bytes.Count(v.Raw, []byte{v.delims.Component}) + 1 }

// Repetition is repetition n, from 1.
func (v Value) Repetition(n int) Value {
	if v.delims.Repetition == 0 {
		if n == 1 {
			return v
		}
		return v.behind()
	}
	return v.part(v.delims.Repetition, n)
}

// Repetitions is the number of repetitions.
func (v Value) Repetitions() int {
	if v.delims.Repetition == 0 {
		return 1
	}
	return bytes.Count(v.Raw, []byte{v.delims.Repetition}) + 1
}

func (v Value) part(sep byte, n int) Value {
	if n < 1 {
		return v.behind()
	}
	start := 0
	for ; n > 1; n-- {
		i := bytes.IndexByte(v.Raw[start:], sep)
		if i < 0 {
			return v.behind()
		}
		start += i + 1
	}
	end := len(v.Raw)
	if i := bytes.IndexByte(v.Raw[start:], sep); i >= 0 {
		end = start + i
	}
	return Value{
		Raw:     v.Raw[start:end],
		Span:    Span{v.Span.Start + int64(start), v.Span.Start + int64(end)},
		Reached: v.Reached, delims: v.delims,
	}
}

// behind is a part that v does not have: empty, where v ends.
func (v Value) behind() Value {
	return Value{Span: Span{v.Span.End, v.Span.End}, delims: v.delims}
}

// Amount reads the value as money.
func (v Value) Amount() (Amount, error) { return ParseAmount(v.Raw) }

// Quantity reads the value as a quantity.
func (v Value) Quantity() (Quantity, error) { return ParseQuantity(v.Raw) }

// Date reads the value as CCYYMMDD.
func (v Value) Date() (Date, error) { return ParseDate(v.Raw) }

// Period reads the value as a date or a range, as its qualifier (D8 or RD8) says.
func (v Value) Period(qualifier []byte) (Period, error) { return ParsePeriod(qualifier, v.Raw) }
