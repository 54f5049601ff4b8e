package x835

import (
	"errors"
	"fmt"

	"github.com/gaitkeeper/gaitkeeper/edi"
)

// What an Oddity can be about, beside the errors of [edi.ParseAmount],
// [edi.ParseQuantity] and [edi.ParseDate].
var (
	ErrBlank = errors.New("empty where a value is required")
	ErrExtra = errors.New("more elements than the segment has")
)

// Oddity is an element that is not what the guide says.
type Oddity struct {
	Pos     edi.Pos // of the segment
	Tag     edi.Tag
	Element int // from 1
	Err     error
}

func (o Oddity) Error() string { return fmt.Sprintf("%s: %s%02d: %s", o.Pos, o.Tag, o.Element, o.Err) }

// Unwrap gives the Err value, for [errors.Is].
func (o Oddity) Unwrap() error { return o.Err }

// fields reads the elements of a segment and notes what is odd about them.
type fields struct {
	*edi.Segment
	odd *[]Oddity
}

func (f fields) note(n int, err error) {
	*f.odd = append(*f.odd, Oddity{Pos: f.Pos(), Tag: f.Tag(), Element: n, Err: err})
}

// text is element n without blanks around it.
func (f fields) text(n int) []byte { return trim(f.Bytes(n)) }

// amount is element n as money; present is false where it is blank.
func (f fields) amount(n int) (a edi.Amount, present bool) {
	a, present, err := readAmount(f.Bytes(n))
	if err != nil {
		f.note(n, err)
	}
	return a, present
}

// required is an amount that must not be blank.
func (f fields) required(n int) edi.Amount {
	a, present := f.amount(n)
	if !present {
		f.note(n, ErrBlank)
	}
	return a
}

func (f fields) quantity(n int) (q edi.Quantity, present bool) {
	q, present, err := readQuantity(f.Bytes(n))
	if err != nil {
		f.note(n, err)
	}
	return q, present
}

func (f fields) date(n int) edi.Date {
	d, err := edi.ParseDate(f.text(n))
	if err != nil {
		f.note(n, err)
	}
	return d
}

// endsBefore notes the first element from n on that is not blank.
func (f fields) endsBefore(n int) {
	for ; n <= f.Count(); n++ {
		if len(f.text(n)) > 0 {
			f.note(n, ErrExtra)
			return
		}
	}
}
