package ack

import (
	"fmt"
	"slices"

	"github.com/gaitkeeper/gaitkeeper/edi"
)

// status is where in a 277CA the reader stands.
type status struct {
	reference string   // BHT03
	path      []string // HL01 of the source, submitter and provider in force
	role      Role     // of the level at hand
	patients  bool     // the level is a patient's
	source    *Source
	provider  string
	person    Person
	id        string // NM109 of the level
	batch     *Batch
	claim     *Claim
	inLine    bool
	bareLine  bool // the line at hand is beyond the limit
}

func newStatus() status { return status{source: &Source{}} }

var (
	tagBHT = edi.TagOf("BHT")
	tagHL  = edi.TagOf("HL")
	tagNM1 = edi.TagOf("NM1")
	tagTRN = edi.TagOf("TRN")
	tagSTC = edi.TagOf("STC")
	tagQTY = edi.TagOf("QTY")
	tagAMT = edi.TagOf("AMT")
	tagREF = edi.TagOf("REF")
	tagDTP = edi.TagOf("DTP")
	tagSVC = edi.TagOf("SVC")
)

// hlevels are the levels of a 277CA by HL03, with their depth. Those of patients have
// no role; 22 and 23 are written for PT by some.
var hlevels = map[string]struct {
	role  Role
	depth int
}{"20": {RoleSource, 0}, "21": {RoleReceiver, 1}, "19": {RoleProvider, 2}, "PT": {"", 3}, "22": {"", 3}, "23": {"", 3}}

func (r *Reader) statusSegment(s *edi.Segment) {
	switch s.Tag() {
	case tagBHT:
		r.reference = text(s, 3)
	case tagHL:
		r.level(s)
	case tagNM1:
		r.name(s)
	case tagTRN:
		r.trace(s)
	case tagSTC:
		r.stc(s)
	case tagQTY, tagAMT:
		r.total(s)
	case tagREF:
		r.ref(s)
	case tagDTP:
		r.date(s)
	case tagSVC:
		r.line(s)
	}
}

func (r *Reader) endStatus() {
	r.endClaim()
	r.endBatch()
}

// level begins a level of the tree.
func (r *Reader) level(s *edi.Segment) {
	r.endStatus()
	id, parent := text(s, 1), text(s, 2)
	at, known := hlevels[text(s, 3)]
	if !known {
		r.complain(s, ErrValue, "HL03 is no level of a 277CA")
	}
	r.path = r.path[:min(len(r.path), at.depth)]
	if at.depth > 0 && !slices.Contains(r.path, parent) {
		r.complain(s, ErrParent, "HL02 names no level above it")
	}
	if r.role, r.patients = at.role, known && at.role == ""; !r.patients {
		r.path = append(r.path, id)
	}
	r.id, r.person = "", Person{}
	switch r.role {
	case RoleSource:
		r.source = &Source{Pos: s.Pos(), Reference: r.reference}
		r.provider = ""
	case RoleReceiver:
		r.provider = ""
	}
}

// name takes the NM1 of the level.
func (r *Reader) name(s *edi.Segment) {
	r.id = text(s, 9)
	switch {
	case r.patients:
		r.person = Person{text(s, 3), text(s, 4), r.id}
		if r.claim != nil {
			r.claim.Patient = r.person
		}
	case r.role == RoleSource:
		r.source.Clearinghouse, r.source.Name, r.source.ID = s.Is(1, "AY"), text(s, 3), r.id
	case r.role == RoleProvider:
		r.provider = r.id
	}
}

// trace begins a batch or a claim.
func (r *Reader) trace(s *edi.Segment) {
	switch id := text(s, 2); {
	case r.patients:
		r.endClaim()
		r.openClaim(s)
		r.claim.ID = id
	case r.role == RoleSource:
		r.source.Trace = id
	case r.role != "":
		r.endBatch()
		r.openBatch(s)
		r.batch.Trace = id
	default:
		r.complain(s, ErrOrder, "TRN without HL")
	}
}

func (r *Reader) openClaim(s *edi.Segment) {
	r.counts.Claims++
	r.claim = &Claim{Pos: s.Pos(), Source: r.source, Provider: r.provider, Patient: r.person}
	r.inLine, r.bareLine, r.parts = false, false, 0
}

func (r *Reader) endClaim() {
	c := r.claim
	if c == nil {
		return
	}
	if c.More > 0 {
		r.fault(&edi.SyntaxError{Pos: c.Pos, Span: edi.Span{Start: c.Pos.Offset, End: c.Pos.Offset}, Err: ErrTooMany, Detail: fmt.Sprintf("%d parts of a claim left out", c.More)})
	}
	c.Fault = r.lost
	r.lost = nil
	r.ready = append(r.ready, c)
	r.claim = nil
}

func (r *Reader) openBatch(s *edi.Segment) {
	r.parts = 0
	r.batch = &Batch{Pos: s.Pos(), Source: r.source, Role: r.role, ID: r.id, Accepted: -1, Rejected: -1}
}

// endBatch hands over a batch that says something.
func (r *Reader) endBatch() {
	b := r.batch
	if b != nil && (len(b.Statuses) > 0 || b.Accepted >= 0 || b.Rejected >= 0) {
		r.counts.Batches++
		r.ready = append(r.ready, b)
	}
	r.batch = nil
}

// about makes sure that something is open which a segment can be about: some leave
// the TRN out.
func (r *Reader) about(s *edi.Segment) bool {
	switch {
	case r.claim != nil || r.batch != nil:
	case r.patients:
		r.complain(s, ErrOrder, s.Tag().String()+" of a claim without TRN")
		r.openClaim(s)
	case r.role == RoleReceiver || r.role == RoleProvider:
		r.openBatch(s)
	default:
		return false
	}
	return true
}

func (r *Reader) stc(s *edi.Segment) {
	if !r.about(s) {
		r.complain(s, ErrOrder, "STC without HL")
		return
	}
	st := Status{Pos: s.Pos(), Action: text(s, 3), Text: text(s, 12)}
	for _, n := range [...]int{1, 10, 11} {
		v := s.Element(n)
		if v.Empty() {
			continue
		}
		part := func(n int) string { return string(trim(v.Component(n).Raw)) }
		st.Codes = append(st.Codes, Triple{part(1), part(2), part(3)})
	}
	if len(st.Codes) == 0 {
		r.complain(s, ErrValue, "STC01 is empty")
	}
	if v := s.Element(2); !v.Empty() {
		d, err := v.Date()
		r.value(s, err, "STC02")
		st.Date = d
	}
	if v := s.Element(4); !v.Empty() {
		a, err := v.Amount()
		r.value(s, err, "STC04")
		st.Amount = a
	}
	to := r.statuses()
	if to == nil {
		return
	}
	if r.room() {
		*to = append(*to, st)
	} else if r.claim != nil {
		r.claim.More++
	}
}

// statuses is where an STC goes; nil where that is beyond the limit.
func (r *Reader) statuses() *[]Status {
	switch {
	case r.claim == nil:
		return &r.batch.Statuses
	case r.bareLine:
		return nil
	case r.inLine:
		return &r.claim.Lines[len(r.claim.Lines)-1].Statuses
	}
	return &r.claim.Statuses
}

// value complains of what cannot be read.
func (r *Reader) value(s *edi.Segment, err error, what string) {
	if err != nil {
		r.complain(s, ErrValue, fmt.Sprintf("%s: %s", what, err))
	}
}

// total takes a count or amount of a batch: QTY*90 and QA, AMT*YU are accepted;
// QTY*AA and QC, AMT*YY rejected.
func (r *Reader) total(s *edi.Segment) {
	if r.claim != nil || r.patients || !r.about(s) {
		return
	}
	b := r.batch
	switch text(s, 1) {
	case "90", "QA":
		b.Accepted = number(s.Bytes(2))
	case "AA", "QC":
		b.Rejected = number(s.Bytes(2))
	case "YU":
		b.AcceptedAmount = r.amount(s, 2)
	case "YY":
		b.RejectedAmount = r.amount(s, 2)
	}
}

func (r *Reader) amount(s *edi.Segment, n int) edi.Amount {
	v := s.Element(n)
	if v.Empty() {
		return 0
	}
	a, err := v.Amount()
	r.value(s, err, s.Tag().String()+twoDigits(n))
	return a
}

func (r *Reader) ref(s *edi.Segment) {
	value := text(s, 2)
	switch c := r.claim; {
	case c == nil && r.batch != nil && s.Is(1, "1K"):
		r.batch.PayerControl = value
	case c == nil || r.bareLine:
	case r.inLine && (s.Is(1, "FJ") || s.Is(1, "6R")):
		c.Lines[len(c.Lines)-1].Control = value
	case s.Is(1, "1K"):
		c.PayerControl = value
	case s.Is(1, "D9"):
		c.Trace = value
	}
}

func (r *Reader) date(s *edi.Segment) {
	v := s.Element(3)
	if v.Empty() {
		return
	}
	p, err := v.Period(s.Bytes(2))
	r.value(s, err, "DTP03")
	switch c := r.claim; {
	case c == nil && r.role == RoleSource && s.Is(1, "050"):
		r.source.Received = p.From
	case c == nil && r.role == RoleSource && s.Is(1, "009"):
		r.source.Processed = p.From
	case c == nil || r.bareLine || !s.Is(1, "472"):
	case r.inLine:
		c.Lines[len(c.Lines)-1].Service = p
	default:
		c.Service = p
	}
}

// line begins a service line of the claim.
func (r *Reader) line(s *edi.Segment) {
	if r.claim == nil {
		r.complain(s, ErrOrder, "SVC outside a claim")
		return
	}
	r.inLine = true
	if r.bareLine = !r.room(); r.bareLine {
		r.claim.More++
		return
	}
	l := Line{Pos: s.Pos(), Charge: r.amount(s, 2)}
	if v := s.Element(1); !v.Empty() {
		l.Procedure = string(trim(v.Component(2).Raw))
		for n := 3; n <= 6; n++ {
			if m := trim(v.Component(n).Raw); len(m) > 0 {
				l.Modifiers = append(l.Modifiers, string(m))
			}
		}
	}
	if v := s.Element(7); !v.Empty() {
		q, err := v.Quantity()
		r.value(s, err, "SVC07")
		l.Units = q
	}
	r.claim.Lines = append(r.claim.Lines, l)
}
