package correct

import (
	"fmt"
	"slices"
	"strings"

	"github.com/moov-io/x12/pkg/segments"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/edi/x837"
)

// Segments that were not in the input are filled in as typed segments of the moov
// library and put into the separators of their interchange: it knows only * and ~.

// Envelopes makes the envelopes of a new batch out of those of the original one:
// sender, receiver and separators stay, numbers and time are new.
type Envelopes struct {
	Time    string // CCYYMMDDHHMM
	Numbers *Numbers

	made map[*x837.Envelope]*x837.Envelope
}

// Of is the new form of an envelope, made once.
func (e *Envelopes) Of(old *x837.Envelope) (*x837.Envelope, error) {
	if made := e.made[old]; made != nil || old == nil {
		return made, nil
	}
	parent, err := e.Of(old.Parent)
	if err != nil {
		return nil, err
	}
	number := e.Numbers.Next()
	out := &x837.Envelope{Parent: parent}
	var edits []edi.Edit
	for i := range old.Len() {
		s := old.Segment(i)
		text, control, err := e.renewed(&s, number)
		if err != nil {
			return nil, err
		}
		if control != "" {
			out.Control = control
		}
		if text != nil {
			edits = append(edits, edi.Edit{Span: s.Span(), Old: s.Raw(), New: text})
		}
	}
	block, err := old.Patched(edi.Patch(edits))
	if err != nil {
		return nil, err
	}
	out.Block = *block
	if e.made == nil {
		e.made = map[*x837.Envelope]*x837.Envelope{}
	}
	e.made[old] = out
	return out, nil
}

// renewedIDs are the header segments that hold a number or a time.
var renewedIDs = []string{"ISA", "GS", "ST", "BHT"}

// renewed is a header segment with a new number and time, and its control number; nil
// for a segment that stays.
func (e *Envelopes) renewed(s *edi.Segment, number int) (text []byte, control string, err error) {
	id := string(s.ID())
	if !slices.Contains(renewedIDs, id) {
		return nil, "", nil
	}
	to, err := segments.CreateSegment(id, nil)
	if err != nil {
		return nil, "", err
	}
	for n := 1; n <= s.Count(); n++ {
		if v := s.Bytes(n); len(v) > 0 {
			if err := to.SetFieldByIndex(fmt.Sprintf("%02d", n), string(v)); err != nil {
				return nil, "", fmt.Errorf("%s%02d: %w", id, n, err)
			}
		}
	}
	day, clock := e.Time[:8], e.Time[8:]
	switch to := to.(type) {
	case *segments.ISA:
		control = fmt.Sprintf("%09d", number)
		to.Date, to.Time, to.InterchangeControlNumber = day[2:], clock, control
	case *segments.GS:
		control = fmt.Sprint(number)
		to.Date, to.Time, to.GroupControlNumber = day, clock, control
	case *segments.ST:
		control = fmt.Sprintf("%04d", number)
		to.TransactionSetControlNumber = control
	case *segments.BHT:
		to.TransactionSetPurposeCode, to.ReferenceIdentification = "00", fmt.Sprintf("%09d", number)
		to.Date, to.Time = day, clock
	}
	d := s.Delims()
	return put(to, &d), control, nil
}

// payerControl is REF*F8 in the separators of an interchange.
func payerControl(number string, d *edi.Delims) ([]byte, error) {
	if len(number) > 50 || strings.ContainsFunc(number, func(r rune) bool { return r < ' ' || r > '~' || d.Has(byte(r)) }) {
		return nil, ErrControl
	}
	return put(&segments.REF{ReferenceIdentificationQualifier: "F8", ReferenceIdentification: number}, d), nil
}

// put is a typed segment as text, without a terminator.
func put(s segments.SegmentInterface, d *edi.Delims) []byte {
	text := s.Name()
	for n := 1; ; n++ {
		v, ok := s.GetFieldByIndex(fmt.Sprintf("%02d", n)).(string)
		if !ok {
			break
		}
		text += string(d.Element) + v
	}
	return []byte(strings.TrimRight(text, string(d.Element)))
}
