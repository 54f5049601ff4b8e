// Package x835 reads X12 835 remittances one claim at a time, with the payment it
// stands in. It follows 005010X221A1 and tolerates 004010X091A1 and what payers
// send; a segment it does not know is carried in the loop where it stands.
//
//	r := x835.NewReader(src)
//	var c x835.Claim
//	for {
//		item, err := r.Next(&c)
//		if err == io.EOF {
//			break
//		}
//		...
//		switch item {
//		case x835.PaymentBegins: // r.Payment() has its header, payer and payee
//		case x835.ClaimRead:     // c is a claim of r.Payment()
//		case x835.PaymentEnds:   // r.Payment() has its provider adjustments
//		}
//	}
//
// Nothing is judged here: whether amounts balance and codes are known is for
// others. Elements that cannot be read at all are listed as Odd.
package x835

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/gaitkeeper/gaitkeeper/edi"
)

// DefaultMaxClaim is the limit, in bytes, of a Reader that sets none.
const DefaultMaxClaim = 8 << 20

// What can be wrong beside the faults of package edi.
var (
	ErrClaimTooLong = fmt.Errorf("claim is longer than the limit: %w", edi.ErrSegmentTooLong)
	ErrLevelTooLong = fmt.Errorf("what claims share is longer than the limit: %w", edi.ErrSegmentTooLong)
	ErrNoClaim      = errors.New("service line stands outside a claim")
)

// Counts is what a Reader has read. Claims is the number of CLP segments of
// remittances: every one of them came out of Next, Faulty of them not whole.
type Counts struct {
	Bytes        int64
	Interchanges int
	Segments     int
	Payments     int // transaction sets
	Claims       int
	Lines        int // SVC segments, of claims
	PLBs         int // PLB segments
	Faulty       int
}

// Item is what Reader.Next found.
type Item uint8

// The items. A payment begins and ends once, with its claims between.
const (
	NoItem Item = iota
	PaymentBegins
	ClaimRead
	PaymentEnds
)

// A Reader reads remittances. It holds one segment and what the claims of a payment
// share; the claims are the caller's.
type Reader struct {
	// OnError is called for each fault of the input; see [edi.Scanner].
	OnError func(*edi.SyntaxError)
	// MaxClaim is the longest claim, and the longest of the levels that claims
	// share, in bytes; 0 means DefaultMaxClaim.
	MaxClaim int

	scan    *edi.Scanner
	walk    Walker
	held    bool // the scanner's segment is not handled yet
	ended   bool
	foreign bool // in a set that is no 835
	counts  Counts

	fault *edi.SyntaxError // the first loss of input since the claim began
	doubt *edi.SyntaxError // the first loss between the claims of the payment

	isa, gs      *Envelope
	payment      *Payment
	open         bool // the payment has not ended
	begun        bool // and Next has returned PaymentBegins for it
	inClaim      bool
	payer, payee *Party // in force
	named        *Party // the one whose N1 came last
	group        Level
	footer       int    // bytes of the payment's PLB segments
	full         *Level // the level that was too long last
}

// NewReader returns a Reader of the remittances in src.
func NewReader(src io.Reader) *Reader {
	r := &Reader{scan: edi.NewScanner(src)}
	r.scan.OnError = r.lost
	return r
}

// Counts is what was read so far.
func (r *Reader) Counts() Counts {
	c := r.counts
	c.Bytes, c.Segments = r.scan.Offset(), r.scan.Segments()
	return c
}

// Payment is the payment that began last; nil before the first.
func (r *Reader) Payment() *Payment { return r.payment }

// Next moves to the next item, and reads it into c where it is a claim. It returns
// io.EOF at the end of the input, or an error of the source; before that, an open
// payment ends.
func (r *Reader) Next(c *Claim) (Item, error) {
	for r.peek() {
		s := r.scan.Segment()
		tag, loop := s.Tag(), r.walk.Loop()
		switch {
		case isEnvelope(tag):
			if item := r.leave(s, tag); item != NoItem {
				return item, nil
			}
			r.envelope(s, tag, loop)
		case r.foreign:
		case tag == tagSVC && !loop.inClaim():
			r.complain(s, ErrNoClaim, "")
		case loop.inHeader() || !loop.inSet():
			if tag == tagBPR && !r.open {
				r.start(s, nil)
			}
			if r.open {
				r.header(s, tag, loop)
			}
		default:
			if !r.open && (tag == tagCLP || tag == tagPLB) {
				r.start(s, nil)
			}
			if r.open && !r.begun {
				return r.begin(), nil
			}
			if tag == tagCLP {
				r.claim(c)
				return ClaimRead, nil
			}
			if r.open {
				r.detail(s, tag, loop)
			}
		}
		r.held = false
	}
	return r.last()
}

// peek reports whether there is a segment to handle.
func (r *Reader) peek() bool {
	if !r.held && !r.ended {
		if r.held = r.scan.Next(); r.held {
			r.walk.Step(r.scan.Segment())
		}
		r.ended = !r.held
	}
	return r.held
}

func isEnvelope(t edi.Tag) bool {
	switch t {
	case tagISA, tagGS, tagST, tagSE, tagGE, tagIEA:
		return true
	}
	return false
}

// leave is what an envelope's segment means to an open payment: its header is
// complete, or it ends.
func (r *Reader) leave(s *edi.Segment, tag edi.Tag) Item {
	switch {
	case !r.open:
		return NoItem
	case !r.begun:
		return r.begin()
	case tag == tagSE:
		r.payment.Trailer.add(s, r.walk.Loop())
		r.payment.Counted = s.Pos().SetSegment
		r.held = false
	default:
		r.complain(s, edi.ErrEnvelope, "no SE before this "+tag.String())
	}
	r.open = false
	return PaymentEnds
}

// last ends what the end of the input leaves open.
func (r *Reader) last() (Item, error) {
	if r.open {
		if !r.begun {
			return r.begin(), nil
		}
		r.cut(&r.payment.Fault, &r.payment.Level)
		r.open = false
		return PaymentEnds, nil
	}
	r.isa, r.gs, r.foreign = nil, nil, false
	if err := r.scan.Err(); err != nil {
		return NoItem, err
	}
	return NoItem, io.EOF
}

// cut sets a fault at the beginning of a level that the input does not end.
func (r *Reader) cut(fault **edi.SyntaxError, l *Level) {
	if *fault != nil {
		return
	}
	e := &edi.SyntaxError{Err: edi.ErrUnclosed, Detail: "input could not be read to its end"}
	if l.Len() > 0 {
		e.Pos, e.Span = l.Pos(0), l.Span()
	}
	*fault = e
}

// envelope takes the segment of an envelope; no payment is open.
func (r *Reader) envelope(s *edi.Segment, tag edi.Tag, loop Loop) {
	switch tag {
	case tagISA:
		r.counts.Interchanges++
		r.foreign = false
		r.isa, r.gs = newEnvelope(s, loop, 13, nil), nil
	case tagGS:
		r.close(&r.gs, s, "GE")
		r.gs = newEnvelope(s, loop, 6, r.isa)
	case tagST:
		if r.foreign = r.wrongKind(s); !r.foreign {
			r.start(s, s)
		}
	case tagSE:
		if !r.foreign {
			r.complain(s, edi.ErrEnvelope, "SE without a header")
		}
		r.foreign = false
	case tagGE:
		r.end(&r.gs, s)
	case tagIEA:
		r.close(&r.gs, s, "GE")
		r.end(&r.isa, s)
	}
}

func newEnvelope(s *edi.Segment, loop Loop, control int, parent *Envelope) *Envelope {
	e := &Envelope{Control: string(trim(s.Bytes(control))), Parent: parent}
	e.add(s, loop)
	return e
}

// end closes an envelope with its trailer s.
func (r *Reader) end(open **Envelope, s *edi.Segment) {
	if *open == nil {
		r.complain(s, edi.ErrEnvelope, s.Tag().String()+" without a header")
	}
	*open, r.foreign = nil, false
}

// close complains of an envelope that is still open where it cannot be.
func (r *Reader) close(open **Envelope, s *edi.Segment, missing string) {
	if *open != nil {
		r.complain(s, edi.ErrEnvelope, fmt.Sprintf("no %s before this %s", missing, s.Tag()))
	}
	*open, r.foreign = nil, false
}

// start opens a payment at s; st is its ST, or nil where it has none.
func (r *Reader) start(s, st *edi.Segment) {
	p := newPayment(r.gs)
	r.payment, r.open, r.begun = p, true, false
	r.payer, r.payee, r.named = p.Payer, p.Payee, nil
	r.doubt, r.footer, r.full = nil, 0, nil
	r.group.Reset()
	r.counts.Payments++
	if st == nil {
		r.complain(s, edi.ErrEnvelope, "no ST before this "+s.Tag().String())
		return
	}
	p.Control = string(trim(st.Bytes(2)))
	p.add(st, LoopST)
}

// begin returns the payment once its header is complete.
func (r *Reader) begin() Item {
	r.begun = true
	r.payment.read()
	return PaymentBegins
}

// header takes a segment of the payment before its claims, or of a payer or payee
// that is stated again between them.
func (r *Reader) header(s *edi.Segment, tag edi.Tag, loop Loop) {
	if tag == tagN1 {
		switch loop {
		case Loop1000A:
			r.name(&r.payer, &r.payment.Payer)
		case Loop1000B:
			r.name(&r.payee, &r.payment.Payee)
		}
	}
	if r.named == nil {
		r.keep(&r.payment.Level, s, loop)
	} else if r.keep(&r.named.Level, s, loop) {
		r.named.extend()
	}
}

// name begins a party. The first one named is the payment's.
func (r *Reader) name(inForce, first **Party) {
	r.named = newParty()
	if *inForce = r.named; (*first).Len() == 0 {
		*first = r.named
	}
}

// detail takes a segment of 2000 or PLB.
func (r *Reader) detail(s *edi.Segment, tag edi.Tag, loop Loop) {
	switch loop {
	case Loop2000:
		if tag == tagLX {
			r.group.Reset()
		}
		r.keep(&r.group, s, loop)
	case LoopPLB:
		p := r.payment
		r.keep(&p.Footer, s, loop)
		if tag != tagPLB {
			break
		}
		r.counts.PLBs++
		if r.footer += len(s.Raw()); r.footer <= r.limit() {
			p.adjust(s)
		}
	}
}

func (r *Reader) limit() int {
	if r.MaxClaim > 0 {
		return r.MaxClaim
	}
	return DefaultMaxClaim
}

// keep adds a segment to what claims share, as far as the limit allows.
func (r *Reader) keep(l *Level, s *edi.Segment, loop Loop) bool {
	if len(l.Bytes())+len(s.Raw()) <= r.limit() {
		return l.add(s, loop)
	}
	if r.full != l {
		r.full = l
		r.lost(fault(s, ErrLevelTooLong, ""))
	}
	return false
}

// claim reads the claim that begins at the segment at hand.
func (r *Reader) claim(c *Claim) {
	c.reset()
	p := r.payment
	c.Payment, c.Payer, c.Payee = p, r.payer, r.payee
	c.Group.copyFrom(&r.group)
	c.Ordinal = r.counts.Claims
	r.counts.Claims++
	p.Claims++
	r.inClaim, r.fault = true, r.doubt
	limit, dropped := r.limit(), false
	for first := true; r.peek(); first = false {
		s := r.scan.Segment()
		tag, loop := s.Tag(), r.walk.Loop()
		if !loop.inClaim() || tag == tagCLP && !first {
			break
		}
		r.held = false
		switch {
		case first || len(c.Bytes())+len(s.Raw()) <= limit:
			c.add(s, loop) // or not, behind a gap: then there is a fault
		case !dropped:
			dropped = true
			r.lost(fault(s, ErrClaimTooLong, fmt.Sprintf("claim that begins at segment %d", c.Pos(0).Segment)))
		}
	}
	r.inClaim = false
	if r.ended {
		r.cut(&r.fault, &c.Level)
	} else if e := r.fault; e != nil && e != r.doubt && e.Pos.Offset >= r.scan.Segment().Pos().Offset {
		r.fault, r.doubt = r.doubt, e // of the segment behind the claim
	}
	if c.Fault = r.fault; c.Fault != nil {
		r.counts.Faulty++
	}
	c.read()
	p.Lines += len(c.Lines)
	r.counts.Lines += len(c.Lines)
}

func fault(s *edi.Segment, err error, detail string) *edi.SyntaxError {
	return &edi.SyntaxError{Pos: s.Pos(), Span: s.Span(), Err: err, Detail: detail}
}

// complain reports a fault of structure at a segment. Nothing of a claim is lost.
func (r *Reader) complain(s *edi.Segment, err error, detail string) {
	r.report(fault(s, err, detail))
}

// lost hears of a fault before the segment behind it, or of a segment left out.
func (r *Reader) lost(e *edi.SyntaxError) {
	switch {
	case !r.open || !e.Truncated():
	case r.inClaim && r.fault == nil:
		r.fault = e
	case !r.inClaim && r.doubt == nil:
		r.doubt = e
	}
	r.report(e)
}

func (r *Reader) report(e *edi.SyntaxError) {
	if r.open && r.payment.Fault == nil && (e.Truncated() || errors.Is(e.Err, edi.ErrEnvelope)) {
		r.payment.Fault = e
	}
	if r.OnError != nil {
		r.OnError(e)
	}
}

// Kinds of transaction sets that are taken for remittances by mistake.
var kinds = map[string]string{
	"837": "a claim", "999": "an acknowledgement", "997": "an acknowledgement",
	"277": "a claim status answer", "276": "a claim status inquiry", "270": "an eligibility inquiry",
	"271": "an eligibility answer", "278": "an authorization", "834": "an enrolment", "820": "a premium payment",
}

// wrongKind reports a set that is no remittance.
func (r *Reader) wrongKind(s *edi.Segment) bool {
	id := string(trim(s.Bytes(1)))
	if id == "835" {
		return false
	}
	what := kinds[id]
	if what == "" {
		what = "unknown"
	}
	if !isPlain(id) {
		id = "?"
	}
	r.complain(s, edi.ErrWrongSet, fmt.Sprintf("ST01 is %s, %s; remittances (835) are read here", id, what))
	return true
}

// isPlain reports whether a code may be repeated in a message.
func isPlain(s string) bool {
	digits := bytes.IndexFunc([]byte(s), func(c rune) bool { return c < '0' || c > '9' }) < 0
	return digits && s != "" && len(s) <= 3
}
