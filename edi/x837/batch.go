package x837

import (
	"errors"
	"io"
	"strconv"

	"github.com/gaitkeeper/gaitkeeper/edi"
)

// ErrNoSet means that a claim stands outside a transaction set.
var ErrNoSet = errors.New("claim stands outside a transaction set")

// BatchWriter writes chosen claims of an input as interchanges of their own: each
// with the levels it hangs from, HL numbers and counts made anew, and everything
// else as it stood. Claims must come in the order of the input.
type BatchWriter struct {
	// Apart gives the interchanges control numbers other than those of the input,
	// so that both can be sent: ISA13 and GS06 move by half of their range, and
	// BHT03 gets a letter behind it.
	Apart bool
	// Claims is the number of claims written.
	Claims int

	dst io.Writer
	err error

	set                     *Envelope // the open set
	billing                 *Level    // the level written last
	subscriber, patient     int64     // offset of the level written last
	parent                  bool      // the subscriber was written as a parent
	hl, billingHL, memberHL int
	segments, sets, gs      int
	isaControl, gsControl   string
	lineEnd                 []byte
	buf                     []byte
}

// NewBatchWriter returns a writer of claims to dst.
func NewBatchWriter(dst io.Writer) *BatchWriter { return &BatchWriter{dst: dst} }

// Write adds a claim; patched is the form of its 2300 loop to write, or nil for
// the one it has.
func (w *BatchWriter) Write(c, patched *Claim) error {
	if c.Set == nil || c.Set.Parent == nil || c.Set.Parent.Parent == nil {
		return ErrNoSet
	}
	w.open(c.Set)
	w.levels(c)
	body := &c.Block
	if patched != nil {
		body = &patched.Block
	}
	for i := range body.Len() {
		w.segment(body, i)
	}
	w.Claims++
	return w.err
}

// Close ends what is open. Nothing is written where there was no claim.
func (w *BatchWriter) Close() error {
	if w.set != nil {
		w.closeTo(nil)
		w.write(w.lineEnd)
		w.set = nil
	}
	return w.err
}

// open makes set the open one.
func (w *BatchWriter) open(set *Envelope) {
	if set == w.set {
		return
	}
	group, interchange := set.Parent, set.Parent.Parent
	fresh := w.set == nil || w.set.Parent.Parent != interchange
	newGroup := fresh || w.set.Parent != group
	w.closeTo(set)
	if fresh {
		w.isaControl, w.gs = interchange.Control, 0
		isa := interchange.Segment(0)
		value := isa.Bytes(13)
		if w.Apart {
			w.isaControl = apart(w.isaControl)
			value = []byte(w.isaControl)
		}
		first := w.set == nil
		w.lineEnd = nil
		gs := group.Segment(0)
		if isLineEnd(gs.Lead()) {
			w.lineEnd = append([]byte(nil), gs.Lead()...)
		}
		if !first {
			w.write(w.lineEnd)
		}
		w.edited(&isa, false, edit{13, value})
	}
	if newGroup {
		w.gsControl, w.sets = group.Control, 0
		w.gs++
		gs := group.Segment(0)
		if w.Apart {
			w.gsControl = shorten(apart(w.gsControl))
		}
		w.edited(&gs, true, edit{6, []byte(w.gsControl)})
	}
	w.sets++
	w.set, w.billing, w.subscriber, w.patient = set, nil, -1, -1
	w.hl, w.segments = 0, 0
	for i := range set.Len() {
		s := set.Segment(i)
		if reference := s.Bytes(3); w.Apart && s.Tag() == tagBHT && len(reference) > 0 && len(reference) < 30 {
			w.edited(&s, true, edit{3, append(append([]byte(nil), reference...), 'B')})
			continue
		}
		w.segment(&set.Block, i)
	}
}

const tagBHT = edi.Tag('B')<<16 | 'H'<<8 | 'T'

// closeTo writes the trailers that are due before next, which is nil at the end.
func (w *BatchWriter) closeTo(next *Envelope) {
	if w.set == nil {
		return
	}
	w.trailer("SE", w.segments+1, w.set.Control)
	if next != nil && next.Parent == w.set.Parent {
		return
	}
	w.trailer("GE", w.sets, w.gsControl)
	if next == nil || next.Parent.Parent != w.set.Parent.Parent {
		w.trailer("IEA", w.gs, w.isaControl)
	}
}

func (w *BatchWriter) trailer(id string, count int, control string) {
	d := w.set.Delims()
	w.write(w.lineEnd)
	w.buf = append(w.buf[:0], id...)
	w.buf = append(w.buf, d.Element)
	w.buf = strconv.AppendInt(w.buf, int64(count), 10)
	w.buf = append(append(w.buf, d.Element), control...)
	w.write(append(w.buf, d.Terminator))
}

// levels writes the levels that c hangs from and that are not written last.
func (w *BatchWriter) levels(c *Claim) {
	if c.Billing != w.billing {
		w.billing, w.subscriber, w.patient = c.Billing, -1, -1
		w.billingHL = w.level(c.Billing, 0, true)
	}
	dependent := c.Patient.Len() > 0
	if at := c.Subscriber.Span().Start; at != w.subscriber || dependent && !w.parent {
		w.subscriber, w.patient, w.parent = at, -1, dependent
		w.memberHL = w.level(&c.Subscriber, w.billingHL, dependent)
	}
	if at := c.Patient.Span().Start; dependent && at != w.patient {
		w.patient = at
		w.level(&c.Patient, w.memberHL, false)
	}
}

// level writes a level under the HL number parent and returns its own.
func (w *BatchWriter) level(l *Level, parent int, children bool) int {
	for i := range l.Len() {
		s := l.Segment(i)
		if i > 0 || s.Tag() != tagHL {
			w.segment(&l.Block, i)
			continue
		}
		w.hl++
		above, child := "", "0"
		if parent > 0 {
			above = strconv.Itoa(parent)
		}
		if children {
			child = "1"
		}
		w.edited(&s, true, edit{1, []byte(strconv.Itoa(w.hl))}, edit{2, []byte(above)}, edit{4, []byte(child)})
	}
	return w.hl
}

type edit struct {
	element int
	value   []byte
}

// edited writes a segment with elements replaced.
func (w *BatchWriter) edited(s *edi.Segment, withLead bool, edits ...edit) {
	var list []edi.Edit
	for _, e := range edits {
		one, err := s.Set(e.element, e.value)
		if err != nil {
			w.fail(err)
			return
		}
		list = append(list, one)
	}
	patch, err := edi.NewPatch(list...)
	if err != nil {
		w.fail(err)
		return
	}
	text, err := patch.ApplyBytes(w.buf[:0], s.Raw(), s.Pos().Offset)
	if err != nil {
		w.fail(err)
		return
	}
	w.buf = text
	if withLead {
		w.write(s.Lead())
	}
	w.segments++
	w.write(append(w.buf, s.Delims().Terminator))
}

// segment writes segment i of a block as it stands.
func (w *BatchWriter) segment(b *edi.Block, i int) {
	s := b.Segment(i)
	w.segments++
	w.write(s.Lead())
	w.write(s.Raw())
	w.buf = append(w.buf[:0], s.Delims().Terminator)
	w.write(w.buf)
}

func (w *BatchWriter) write(b []byte) {
	if w.err == nil {
		_, w.err = w.dst.Write(b)
	}
}

func (w *BatchWriter) fail(err error) {
	if w.err == nil {
		w.err = err
	}
}

// isLineEnd reports whether b is only CR and LF.
func isLineEnd(b []byte) bool {
	for _, c := range b {
		if c != '\r' && c != '\n' {
			return false
		}
	}
	return true
}

// apart is a control number of nine digits away from control; what is no number
// stays.
func apart(control string) string {
	n, err := strconv.Atoi(control)
	if err != nil || n < 0 || len(control) > 9 {
		return control
	}
	text := strconv.Itoa((n + 500_000_000) % 1_000_000_000)
	for len(text) < 9 {
		text = "0" + text
	}
	return text
}

// shorten drops leading zeros.
func shorten(n string) string {
	for len(n) > 1 && n[0] == '0' {
		n = n[1:]
	}
	return n
}
