// Package x837 reads X12 837P claims one at a time, with the loops they hang
// from. It follows 005010X222A1 and tolerates 004010X098A1; a segment it does not
// know is carried in the loop where it stands.
package x837

import (
	"bytes"
	"fmt"
	"io"

	"github.com/gaitkeeper/gaitkeeper/edi"
)

// DefaultMaxClaim is the limit of a claim, in bytes, of a Reader that sets none.
const DefaultMaxClaim = 8 << 20

// ErrClaimTooLong means that a claim is longer than the limit.
var ErrClaimTooLong = fmt.Errorf("claim is longer than the limit: %w", edi.ErrSegmentTooLong)

// Counts is what a Reader has read. Claims is the number of CLM segments of
// professional sets: every one of them came out of Next, Faulty of them not whole.
type Counts struct {
	Bytes        int64
	Interchanges int
	Segments     int
	Claims       int
	Lines        int
	Faulty       int
}

// Event is the beginning or the end of an interchange, group or set.
type Event struct {
	Header  *Envelope // what begins, or what ends; nil where a trailer has no header
	Trailer *Level    // the IEA, GE or SE; nil where something begins
	Counted int       // groups, sets or segments (both ends included) that were counted; -1: not known
	Claims  int       // claims of the input before it
}

// A Reader reads claims. It holds a few segments and what its claims share; the
// claims are the caller's.
type Reader struct {
	// OnError is called for each fault of the input; see [edi.Scanner].
	OnError func(*edi.SyntaxError)
	// OnSegment is called for each segment, before anything is made of it. The segment
	// is valid until it returns.
	OnSegment func(*edi.Segment)
	// OnEnd is called once at the end of the input.
	OnEnd func()
	// MaxClaim is the longest claim, in bytes; 0 means DefaultMaxClaim.
	MaxClaim int

	scan    *edi.Scanner
	walk    Walker
	held    bool // the scanner's segment is not handled yet
	ended   bool
	counts  Counts
	events  []Event
	foreign bool // in a set that is no 837P

	fault   *edi.SyntaxError // the first loss of input since the claim began
	doubt   *edi.SyntaxError // a loss of input that the levels kept below may suffer from
	doubtAt region           // the highest place at which the reader stood at a loss

	isa, gs, st         *Envelope
	groups, sets        int  // counted for IEA01 and GE01; unknown where a header is missing
	bare                bool // sets stand in no group, and that was reported
	billing             *Level
	spare               []*Level // billing levels that nobody uses
	subscriber, patient Level
	into                *Level // the one that takes the segments
}

// NewReader returns a Reader of the claims in src.
func NewReader(src io.Reader) *Reader {
	r := &Reader{scan: edi.NewScanner(src)}
	r.newBilling()
	r.scan.OnError = r.scanned
	return r
}

// Counts is what was read so far.
func (r *Reader) Counts() Counts {
	c := r.counts
	c.Bytes, c.Segments = r.scan.Offset(), r.scan.Segments()
	return c
}

// Events are the beginnings and ends of envelopes since Next was called before;
// all of them stand before the claim that Next returned.
func (r *Reader) Events() []Event { return r.events }

// scanned hears of a fault before the segment behind it.
func (r *Reader) scanned(e *edi.SyntaxError) {
	if at := regionOf[r.walk.loop]; e.Truncated() && (r.doubt == nil || at < r.doubtAt) {
		r.doubt, r.doubtAt = e, at
	}
	r.report(e)
}

func (r *Reader) report(e *edi.SyntaxError) {
	if r.fault == nil && e.Truncated() {
		r.fault = e
	}
	if r.OnError != nil {
		r.OnError(e)
	}
}

// complain reports a fault of structure at a segment.
func (r *Reader) complain(s *edi.Segment, err error, detail string) {
	r.report(&edi.SyntaxError{Pos: s.Pos(), Span: s.Span(), Err: err, Detail: detail})
}

// Next reads the next claim into c. It returns io.EOF at the end of the input,
// or an error of the source.
func (r *Reader) Next(c *Claim) error {
	c.reset()
	r.release(c.Billing)
	c.Billing = nil
	r.events = r.events[:0]
	limit := int64(r.MaxClaim)
	if limit <= 0 {
		limit = DefaultMaxClaim
	}
	active, dropped := false, false
	var start int64 // of the claim
	for {
		known := r.fault
		if !r.held && !r.ended {
			if !r.scan.Next() {
				r.ended = true
				if r.OnEnd != nil {
					r.OnEnd()
				}
			} else if r.OnSegment != nil {
				r.OnSegment(r.scan.Segment())
			}
		}
		if r.ended {
			r.keepIn(nil)
			if active {
				if r.fault == nil {
					r.fault = &edi.SyntaxError{Pos: c.at(0), Span: c.Span(), Err: edi.ErrUnclosed, Detail: "input could not be read to its end"}
				}
				return r.finish(c)
			}
			if err := r.scan.Err(); err != nil {
				return err
			}
			r.closeAll()
			return io.EOF
		}
		tag := r.scan.Tag()
		k := kindOf(tag)
		if active && k >= kindLevel {
			r.held = true
			if known == nil && tag != tagISA && r.fault != nil && r.fault.Pos.Segment == r.scan.Segment().Pos().Segment {
				r.fault = nil // what ends the claim is cut, not the claim
			}
			return r.finish(c)
		}
		r.held = false
		if r.foreign && k != kindEnvelope {
			continue
		}
		if k >= kindOpener {
			switch tag {
			case tagHL:
				r.walk.step(tag, r.scan.Element(3))
			case tagNM1:
				r.walk.step(tag, r.scan.Element(1))
			default:
				r.walk.step(tag, nil)
			}
		}
		switch {
		case dropped:
		case active && r.scan.Start()-start > limit && r.scan.Collecting():
			dropped = true
			r.keepIn(nil)
			r.complain(r.scan.Segment(), ErrClaimTooLong, fmt.Sprintf("claim that begins at segment %d", c.at(0).Segment))
		case active:
			r.keep(&c.Level) // or not, behind a gap: then there is a fault
		case tag == tagCLM:
			start = r.scan.Start()
			r.start(c)
			active = true
		case k == kindEnvelope:
			r.envelope(r.scan.Segment(), tag)
		default:
			r.context(tag)
		}
	}
}

// keep lets l take the segment at hand. Where input before it was given up, l does
// not take it.
func (r *Reader) keep(l *Level) {
	if r.into != l {
		r.keepIn(l)
	}
	if r.scan.Collecting() {
		l.loops = append(l.loops, r.walk.loop)
	}
}

// keepIn lets l take the segments from the one at hand on, or none do. What took
// those before it is complete.
func (r *Reader) keepIn(l *Level) {
	if r.into = l; l == nil {
		r.scan.Collect(nil)
	} else {
		r.scan.Collect(&l.Block)
	}
}

func (r *Reader) start(c *Claim) {
	r.keep(&c.Level)
	c.Set, c.Billing = r.st, r.billing
	r.billing.uses++
	c.Subscriber.copyFrom(&r.subscriber)
	c.Patient.copyFrom(&r.patient)
	c.Ordinal = r.counts.Claims
	r.counts.Claims++
	r.fault = r.doubt
}

func (r *Reader) finish(c *Claim) error {
	r.keepIn(nil)
	if c.Fault = r.fault; c.Fault != nil {
		r.counts.Faulty++
	}
	r.fault = nil
	c.index()
	r.counts.Lines += len(c.Lines)
	return nil
}

func (l *Level) at(i int) edi.Pos {
	s := l.Segment(i)
	return s.Pos()
}

// envelope takes the segment of an envelope.
func (r *Reader) envelope(s *edi.Segment, tag edi.Tag) {
	r.keepIn(nil)
	loop := r.walk.loop
	switch tag {
	case tagISA:
		r.closeAll()
		r.counts.Interchanges++
		r.isa = r.begin(s, loop, 13, nil)
		r.groups = 0
	case tagGS:
		r.close(&r.st, s, "SE")
		r.close(&r.gs, s, "GE")
		r.gs = r.begin(s, loop, 6, r.isa)
		r.groups++
		r.sets, r.bare = 0, false
	case tagST:
		r.close(&r.st, s, "SE")
		if r.gs == nil && !r.bare {
			r.complain(s, edi.ErrEnvelope, "no GS before this ST")
			r.bare, r.groups = true, unknown
		}
		r.st = r.begin(s, loop, 2, r.gs)
		r.sets++
		r.doubt = nil
		r.newBilling()
		r.subscriber.Reset()
		r.patient.Reset()
		r.foreign = r.wrongKind(s)
	case tagSE:
		if r.st == nil {
			r.sets = unknown
		}
		r.end(&r.st, s, s.Pos().SetSegment)
		r.foreign = false
	case tagGE:
		r.close(&r.st, s, "SE")
		if r.gs == nil {
			r.groups = unknown
		}
		r.end(&r.gs, s, r.sets)
		r.bare = false
	case tagIEA:
		r.close(&r.st, s, "SE")
		r.close(&r.gs, s, "GE")
		r.end(&r.isa, s, r.groups)
	}
}

// unknown is a count to which none can be added.
const unknown = -1 << 30

// context keeps a segment that claims hang from.
func (r *Reader) context(tag edi.Tag) {
	loop := r.walk.loop
	if tag == tagHL {
		r.keepIn(nil)
		if r.doubt != nil && r.settles(r.scan.Element(2), loop) {
			r.doubt = nil
		}
		switch loop {
		case Loop2000A:
			r.newBilling()
			r.subscriber.Reset()
			r.patient.Reset()
		case Loop2000B:
			r.subscriber.Reset()
			r.patient.Reset()
		case Loop2000C:
			r.patient.Reset()
		}
	}
	switch at := regionOf[loop]; {
	case at == inBilling:
		r.keep(r.billing)
	case at == inSubscriber:
		r.keep(&r.subscriber)
	case at == inPatient:
		r.keep(&r.patient)
	case at == inHeader && r.st != nil:
		r.keep(&r.st.Level)
	}
}

// newBilling begins a billing level. It is a new Level, so that no one takes it for
// another, in the memory of one that is not used any more.
func (r *Reader) newBilling() {
	r.release(r.billing)
	r.billing = new(Level)
	if last := len(r.spare) - 1; last >= 0 {
		*r.billing, *r.spare[last] = *r.spare[last], Level{}
		r.spare = r.spare[:last]
		r.billing.Reset()
	}
	r.billing.uses = 1
}

// release gives up one use of a billing level.
func (r *Reader) release(l *Level) {
	if l == nil {
		return
	}
	if l.uses--; l.uses == 0 {
		r.spare = append(r.spare, l)
	}
}

// settles reports whether nothing that was lost can belong above the HL at hand:
// its parent is the level that is kept, and that was whole when the loss came.
func (r *Reader) settles(parent []byte, loop Loop) bool {
	switch loop {
	case Loop2000A:
		return true
	case Loop2000B:
		return r.doubtAt > inBilling && r.billing.Len() > 0 && bytes.Equal(parent, r.billing.Element(0, 1))
	case Loop2000C:
		return r.doubtAt > inSubscriber && r.subscriber.Len() > 0 && bytes.Equal(parent, r.subscriber.Element(0, 1))
	}
	return false
}

// begin opens an envelope; control is the element with its number.
func (r *Reader) begin(s *edi.Segment, loop Loop, control int, parent *Envelope) *Envelope {
	e := &Envelope{Control: string(bytes.TrimSpace(s.Bytes(control))), Parent: parent}
	e.add(s, loop)
	r.events = append(r.events, Event{Header: e, Claims: r.counts.Claims})
	return e
}

// end closes an envelope with its trailer.
func (r *Reader) end(open **Envelope, s *edi.Segment, counted int) {
	trailer := new(Level)
	trailer.add(s, r.walk.Loop())
	if *open == nil && !(r.bare && s.Tag() == tagGE) {
		r.complain(s, edi.ErrEnvelope, s.Tag().String()+" without a header")
	}
	r.events = append(r.events, Event{Header: *open, Trailer: trailer, Counted: max(counted, -1), Claims: r.counts.Claims})
	*open = nil
}

// close complains of an envelope that is still open where it cannot be.
func (r *Reader) close(open **Envelope, s *edi.Segment, missing string) {
	if *open != nil {
		r.complain(s, edi.ErrEnvelope, fmt.Sprintf("no %s before this %s", missing, s.Tag()))
		*open = nil
	}
	r.foreign = false
}

// closeAll forgets what is open; the scanner has reported the lack of an IEA.
func (r *Reader) closeAll() {
	r.isa, r.gs, r.st, r.foreign, r.bare = nil, nil, nil, false, false
}

// Kinds of transaction sets that are taken for claims by mistake.
var kinds = map[string]string{
	"835": "a remittance advice", "999": "an acknowledgement", "997": "an acknowledgement",
	"277": "a claim status answer", "276": "a claim status inquiry", "270": "an eligibility inquiry",
	"271": "an eligibility answer", "278": "an authorization", "834": "an enrolment", "820": "a premium payment",
}

// wrongKind reports a set that holds no professional claims.
func (r *Reader) wrongKind(s *edi.Segment) bool {
	id, version := string(s.Bytes(1)), s.Bytes(3)
	if len(version) == 0 && r.gs != nil {
		version = r.gs.Element(0, 8)
	}
	what := ""
	switch {
	case id != "837":
		what = kinds[id]
		if what == "" {
			what = "unknown"
		}
	case bytes.Contains(version, []byte("X223")), bytes.Contains(version, []byte("X096")):
		what = "an institutional claim (837I)"
	case bytes.Contains(version, []byte("X224")), bytes.Contains(version, []byte("X097")):
		what = "a dental claim (837D)"
	default:
		return false
	}
	if !isPlain(id) {
		id = "?"
	}
	r.complain(s, edi.ErrWrongSet, fmt.Sprintf("ST01 is %s, %s; professional claims (837P) are read here", id, what))
	return true
}

// isPlain reports whether a code may be repeated in a message.
func isPlain(s string) bool {
	for _, c := range s {
		if c < '0' || c > '9' && c < 'A' || c > 'Z' {
			return false
		}
	}
	return s != "" && len(s) <= 3
}
