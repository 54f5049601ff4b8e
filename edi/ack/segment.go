package ack

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/moov-io/x12/pkg/segments"

	"github.com/gaitkeeper/gaitkeeper/edi"
)

// writer writes segments in the separators and the line style of what is answered,
// so that no value of it can hold a separator. The first error stays.
type writer struct {
	dst   io.Writer
	d     edi.Delims
	lines bool // each segment on a line of its own
	count int  // segments since ST, with it
	buf   []byte
	err   error
}

// typed writes a segment that the moov library has a type for: those of envelopes.
// It knows only * and ~, so its fields are put into the separators at hand.
func (w *writer) typed(s segments.SegmentInterface) {
	w.begin(s.Name())
	for n := 1; ; n++ {
		v, ok := s.GetFieldByIndex(twoDigits(n)).(string)
		if !ok {
			break
		}
		w.add(v)
	}
	w.end()
}

// segment writes a segment that the library has no type for: TA1, AK1 to AK9, IK3
// to IK5 and CTX.
func (w *writer) segment(id string, elements ...string) {
	w.begin(id)
	for _, e := range elements {
		w.add(e)
	}
	w.end()
}

func (w *writer) begin(id string) {
	w.count++
	w.buf = append(w.buf[:0], id...)
}

func (w *writer) add(element string) {
	w.buf = append(append(w.buf, w.d.Element), element...)
}

// end writes the segment without empty elements at its end.
func (w *writer) end() {
	for n := len(w.buf); n > 0 && w.buf[n-1] == w.d.Element; n-- {
		w.buf = w.buf[:n-1]
	}
	w.buf = append(w.buf, w.d.Terminator)
	if w.lines {
		w.buf = append(w.buf, '\n')
	}
	if w.err == nil {
		_, w.err = w.dst.Write(w.buf)
	}
}

// composite joins components, without empty ones at the end.
func (w *writer) composite(parts ...string) string {
	sep := string(w.d.Component)
	return strings.TrimRight(strings.Join(parts, sep), sep)
}

// place is a position in a segment as IK401 and CTX05 have it.
func (w *writer) place(p Place) string {
	return w.composite(positive(p.Element), positive(p.Component), positive(p.Repetition))
}

// positive is n in decimal; "" for 0.
func positive(n int) string {
	if n <= 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// value is text as it may stand in an element: printable, without separators and
// blanks around it, and cut to the most characters; "" where it cannot stand there.
func (w *writer) value(s string, most int) string {
	s = strings.TrimRight(s, " ")
	if strings.HasPrefix(s, " ") {
		return ""
	}
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || w.d.Has(c) {
			return ""
		}
	}
	return strings.TrimRight(s[:min(len(s), most)], " ")
}

// separators are those of an interchange, with one for repetitions where it has none:
// an answer of version 00501 needs it.
func separators(d edi.Delims) edi.Delims {
	for _, c := range []byte("^!|@") {
		if d.Repetition == 0 && !d.Has(c) {
			d.Repetition = c
		}
	}
	return d
}

// fixed is text in an element of fixed width.
func fixed(s string, width int) string { return fmt.Sprintf("%-*.*s", width, width, s) }
