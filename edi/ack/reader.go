package ack

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/gaitkeeper/gaitkeeper/edi"
)

// DefaultMaxAnswer is the limit of a Reader that sets none: parts of an answer.
const DefaultMaxAnswer = 1_000_000

// What can be wrong beside the faults of package edi. None of these loses an answer:
// to [errors.Is] they are edi.ErrEnvelope as well.
var (
	ErrCount  error = disorder("count is wrong")
	ErrParent error = disorder("level hangs from none")
	ErrOrder  error = disorder("segment without what it belongs to")
	ErrValue  error = disorder("value cannot be read")
)

type disorder string

func (d disorder) Error() string { return string(d) }

func (disorder) Is(target error) bool { return target == edi.ErrEnvelope }

// ErrTooMany means that an answer holds more than the limit; what is beyond it is
// counted and left out.
var ErrTooMany = errors.New("answer holds more than the limit")

// Counts is what a Reader has read.
type Counts struct {
	Bytes        int64
	Interchanges int // ISA
	Segments     int
	TA1s         int
	Groups       int // AK1
	Sets         int // AK2
	Batches      int
	Claims       int
}

// A Reader reads answers. It holds one answer.
type Reader struct {
	// OnError is called for each fault of the input; see [edi.Scanner]. Without it
	// the first one ends the reading.
	OnError func(*edi.SyntaxError)
	// MaxAnswer is how many parts of an answer are kept: faults, elements and contexts
	// of a set, statuses and lines of a claim; 0 means DefaultMaxAnswer.
	MaxAnswer int

	scan   *edi.Scanner
	counts Counts
	ready  []any // answers that are complete, in order
	ended  bool
	stop   error // the first fault, where OnError is nil
	lost   *edi.SyntaxError

	version string    // GS08
	parties [2]string // GS02, GS03
	kind    kind
	st      edi.Pos
	parts   int // of the answer at hand
	functional
	status
}

// kind is what the set at hand holds.
type kind uint8

const (
	noSet kind = iota
	otherSet
	functionalSet // 999 or 997
	statusSet     // 277CA
)

// NewReader returns a Reader of the answers in src.
func NewReader(src io.Reader) *Reader {
	r := &Reader{scan: edi.NewScanner(src)}
	r.scan.OnError = r.fault
	return r
}

// Counts is what was read so far.
func (r *Reader) Counts() Counts {
	c := r.counts
	c.Bytes, c.Segments = r.scan.Offset(), r.scan.Segments()
	return c
}

// Next is the next answer: *Interchange, *Set, *Group, *Batch or *Claim. It returns
// io.EOF at the end of the input, or an error of the source.
func (r *Reader) Next() (any, error) {
	for len(r.ready) == 0 {
		if r.stop != nil {
			return nil, r.stop
		}
		if r.ended {
			if err := r.scan.Err(); err != nil {
				return nil, err
			}
			return nil, io.EOF
		}
		if r.ended = !r.scan.Next(); r.ended {
			r.close(nil)
			continue
		}
		r.segment(r.scan.Segment())
	}
	answer := r.ready[0]
	r.ready = r.ready[1:]
	return answer, nil
}

func (r *Reader) fault(e *edi.SyntaxError) {
	if r.lost == nil && e.Truncated() {
		r.lost = e
	}
	r.tell(e)
}

func (r *Reader) tell(e *edi.SyntaxError) {
	if r.OnError != nil {
		r.OnError(e)
	} else if r.stop == nil {
		r.stop = e
	}
}

// complain reports a fault of structure at a segment. No answer is lost.
func (r *Reader) complain(s *edi.Segment, err error, detail string) {
	r.tell(&edi.SyntaxError{Pos: s.Pos(), Span: s.Span(), Err: err, Detail: detail})
}

// room counts another part of the answer at hand, and reports whether it may be kept.
func (r *Reader) room() bool {
	limit := r.MaxAnswer
	if limit <= 0 {
		limit = DefaultMaxAnswer
	}
	r.parts++
	return r.parts <= limit
}

var (
	tagISA = edi.TagOf("ISA")
	tagIEA = edi.TagOf("IEA")
	tagTA1 = edi.TagOf("TA1")
	tagGS  = edi.TagOf("GS")
	tagGE  = edi.TagOf("GE")
	tagST  = edi.TagOf("ST")
	tagSE  = edi.TagOf("SE")
)

// segment takes the segment at hand.
func (r *Reader) segment(s *edi.Segment) {
	switch s.Tag() {
	case tagISA:
		r.close(s)
		r.counts.Interchanges++
		r.version, r.parties = "", [2]string{}
	case tagTA1:
		r.interchange(s)
	case tagGS:
		r.close(s)
		r.version, r.parties = text(s, 8), [2]string{text(s, 2), text(s, 3)}
	case tagST:
		r.close(s)
		r.begin(s)
	case tagSE:
		n := s.Pos().SetSegment
		switch {
		case r.kind == noSet:
			r.complain(s, ErrOrder, "SE without ST")
		case r.kind != otherSet && number(s.Bytes(1)) != n:
			r.complain(s, ErrCount, fmt.Sprintf("SE01 is not %d", n))
		}
		r.finish()
		r.kind = noSet
	case tagGE, tagIEA:
		r.close(s)
	default:
		switch r.kind {
		case functionalSet:
			r.functionalSegment(s)
		case statusSet:
			r.statusSegment(s)
		}
	}
}

// close ends a set that is open where it cannot be; s is nil at the end of the input.
func (r *Reader) close(s *edi.Segment) {
	if r.kind != noSet {
		e := &edi.SyntaxError{Pos: r.st, Span: edi.Span{Start: r.st.Offset, End: r.st.Offset}, Err: edi.ErrUnclosed, Detail: "input ends before the SE of the set"}
		if s != nil {
			e = &edi.SyntaxError{Pos: s.Pos(), Span: s.Span(), Err: edi.ErrUnclosed, Detail: "no SE before this " + s.Tag().String()}
		}
		r.fault(e)
	}
	r.finish()
	r.kind = noSet
}

// finish completes what is open in the set.
func (r *Reader) finish() {
	switch r.kind {
	case functionalSet:
		r.endGroup()
	case statusSet:
		r.endStatus()
	}
	r.lost = nil
}

// guides of the sets that are read; a 277 of another guide answers another question.
var statusGuides = [][]byte{[]byte("X214"), []byte("X167")}

func (r *Reader) begin(s *edi.Segment) {
	r.st = s.Pos()
	version := s.Bytes(3)
	if len(trim(version)) == 0 {
		version = []byte(r.version)
	}
	switch id := text(s, 1); id {
	case "999", "997":
		r.kind = functionalSet
		r.functional = functional{}
	case "277":
		r.kind = statusSet
		r.status = newStatus()
		if len(version) > 0 && !bytes.Contains(version, statusGuides[0]) && !bytes.Contains(version, statusGuides[1]) {
			r.kind = otherSet
			r.complain(s, edi.ErrWrongSet, "this 277 is no claim acknowledgement (277CA, 005010X214)")
		}
	default:
		r.kind = otherSet
		what := setNames[id]
		if what == "" {
			what = "no acknowledgement"
		}
		if !plain(id) {
			id = "?"
		}
		r.complain(s, edi.ErrWrongSet, fmt.Sprintf("ST01 is %s, %s; a TA1, 999 or 277CA is read here", id, what))
	}
}

// setNames are sets that are taken for acknowledgements by mistake.
var setNames = map[string]string{
	"837": "claims", "835": "a remittance", "276": "a claim status inquiry", "271": "an eligibility answer", "824": "an application advice",
}

func (r *Reader) interchange(s *edi.Segment) {
	r.counts.TA1s++
	r.ready = append(r.ready, &Interchange{
		Pos: s.Pos(), Control: text(s, 1), Date: text(s, 2), Time: text(s, 3), Verdict: verdict(s.Bytes(4)), Code: text(s, 5),
	})
}

// plain reports whether a code may be repeated in a message.
func plain(s string) bool {
	for _, c := range s {
		if (c < '0' || c > '9') && (c < 'A' || c > 'Z') {
			return false
		}
	}
	return s != "" && len(s) <= 4
}

// text is element n without blanks around it.
func text(s *edi.Segment, n int) string { return string(trim(s.Bytes(n))) }

func trim(b []byte) []byte { return bytes.Trim(b, " ") }

// number reads digits; -1 where there are none, other characters or too many.
func number(b []byte) int {
	b = trim(b)
	if len(b) == 0 || len(b) > 10 {
		return -1
	}
	n := 0
	for _, c := range b {
		if c < '0' || c > '9' {
			return -1
		}
		n = n*10 + int(c-'0')
	}
	return n
}

// twoDigits is n with a leading zero, as elements are numbered.
func twoDigits(n int) string { return fmt.Sprintf("%02d", n) }
