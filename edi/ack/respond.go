package ack

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/moov-io/x12/pkg/segments"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/edi/guide"
)

// Guide is the guide of the 999 that is written.
const Guide = "005010X231A1"

// MaxNumber is the largest control number: ISA13 and GS06 have nine digits.
const MaxNumber = 999_999_999

// Detail is how much a 999 says of faults.
type Detail uint8

// The details: each says what the one before it does, and more.
const (
	DetailSet     Detail = iota // accepted or not, and why
	DetailSegment               // and which segments
	DetailElement               // and which elements
)

// Options say how answers are written.
type Options struct {
	Detail  Detail
	BadData bool // copy bad data into IK404; it may be patient data
	// RejectedOnly leaves out the TA1s of interchanges that are not rejected.
	RejectedOnly bool
	Date         edi.Date // of the answers
	Clock        string   // HHMM, likewise
	// Number gives a control number, from 1 to MaxNumber, that no other answer has.
	Number func() (int, error)
	// Begin is called before an interchange is answered by a 999, Drop where that is
	// to be taken back: an interchange that its TA1 rejects has no 999. Without Drop
	// it stays.
	Begin, Drop func() error
}

// Verdicts is what was answered.
type Verdicts struct {
	Interchanges, RejectedInterchanges int
	Groups, RejectedGroups             int // partly accepted ones are not rejected
	Sets, RejectedSets, SetsWithErrors int
	Faults                             int // problems that stand in the 999
	Beyond                             int // problems that have no place in a 999 or TA1
	Acknowledgements                   int // groups of acknowledgements: none answers them
}

// A Responder writes TA1s and 999s while a file is validated: give its Handler to a
// guide.Validator. Each interchange is answered by one, in the separators and line
// style of what it answers; the same input gives the same bytes.
type Responder struct {
	// OnInterchange is called with the TA1 of each interchange once it is decided.
	OnInterchange func(*guide.Interchange, *Interchange)

	o     Options
	ta1   writer
	fa    writer
	total Verdicts
	err   error

	in      *guide.Interchange // being answered
	notes   []string           // TA105 of errors
	hints   []string           // and of warnings
	lines   bool               // its segments stand on lines of their own
	begun   bool               // Begin was called for it
	open    bool               // an ISA of the 999 stands
	control string             // its ISA13
	groups  int                // GS of the 999
	passed  bool               // the group at hand is not answered
	groupHead
	setHead
}

// groupHead is the group being answered.
type groupHead struct {
	group        *guide.Group
	groupControl string // own GS06
	received     int
	accepted     int
	errors       bool // a set was accepted with errors
	ak905        []string
	groupFaulty  bool // the group itself has an error
	groupRemark  bool // or a warning
}

// setHead is the set being answered.
type setHead struct {
	set      *guide.Set
	rejected bool
	noted    bool // there is a warning
	base     bool // a segment breaks the standard
	implied  bool // a segment breaks the guide only
	ik502    []string
	pending  []*guide.Problem // of one segment
}

// NewResponder returns a Responder that writes 999s to functional and TA1s to
// interchange; nil for none.
func NewResponder(functional, interchange io.Writer, o Options) *Responder {
	return &Responder{o: o, fa: writer{dst: functional}, ta1: writer{dst: interchange}}
}

// Err is the first error of writing or of Options.Number.
func (r *Responder) Err() error {
	for _, err := range []error{r.err, r.fa.err, r.ta1.err} {
		if err != nil {
			return err
		}
	}
	return nil
}

// Verdicts is what was answered so far.
func (r *Responder) Verdicts() Verdicts { return r.total }

// Handler is what a validator is to tell.
func (r *Responder) Handler() guide.Handler {
	return guide.Handler{
		Begin: r.begin, BeginGroup: r.beginGroup, BeginSet: r.beginSet, Problem: r.problem,
		Set: r.endSet, Group: r.endGroup, Interchange: r.end,
	}
}

func (r *Responder) begin(in *guide.Interchange) {
	r.in, r.notes, r.hints, r.lines, r.begun, r.open, r.groups = in, nil, nil, false, false, false, 0
	r.groupHead, r.setHead = groupHead{}, setHead{}
	r.total.Interchanges++
}

// number is the next control number.
func (r *Responder) number() int {
	if r.err != nil {
		return 1
	}
	n, err := r.o.Number()
	if err == nil && (n < 1 || n > MaxNumber) {
		err = fmt.Errorf("control number %d is not from 1 to %d", n, MaxNumber)
	}
	r.err = err
	return n
}

// isa writes the header of an answer: who sent receives.
func (r *Responder) isa(w *writer) (control string) {
	in := r.in
	w.d, w.lines = separators(in.Delims), r.lines
	control = fmt.Sprintf("%09d", r.number())
	usage := "P"
	if in.Usage == "T" {
		usage = in.Usage
	}
	w.typed(&segments.ISA{
		AuthorizationQualifier: "00", AuthorizationInformation: fixed("", 10),
		SecurityQualifier: "00", SecurityInformation: fixed("", 10),
		SenderQualifier: qualifier(in.Receiver[0]), SenderId: fixed(w.value(in.Receiver[1], 15), 15),
		ReceiverQualifier: qualifier(in.Sender[0]), ReceiverId: fixed(w.value(in.Sender[1], 15), 15),
		Date: r.day()[2:], Time: r.o.Clock, StandardsId: string(w.d.Repetition), Version: "00501",
		InterchangeControlNumber: control, AcknowledgmentRequested: "0", TestIndicator: usage,
		ComponentElementSeparator: string(w.d.Component),
	})
	return control
}

// qualifiers are those of parties: ISA05 and ISA07.
var qualifiers = []string{"01", "14", "20", "27", "28", "29", "30", "33", "ZZ"}

// qualifier is that of a party; one that there is none of becomes ZZ.
func qualifier(s string) string {
	if slices.Contains(qualifiers, s) {
		return s
	}
	return "ZZ"
}

func (r *Responder) day() string { return fmt.Sprintf("%08d", r.o.Date) }

func (r *Responder) beginGroup(g *guide.Group) {
	r.groupHead, r.setHead = groupHead{}, setHead{pending: r.pending[:0]}
	if r.passed = g.Function == "FA"; r.passed { // answers to answers would never end
		r.total.Acknowledgements++
		return
	}
	r.group = g
	r.total.Groups++
	if end := r.in.Delims.Terminator; g.Pos.Line > r.in.Pos.Line && end != '\n' && end != '\r' {
		r.lines = true
	}
	w := &r.fa
	if w.dst == nil {
		return
	}
	if !r.begun && r.o.Begin != nil && r.err == nil {
		r.err = r.o.Begin()
	}
	r.begun = true
	if !r.open {
		r.control = r.isa(w)
		r.open = true
	}
	r.groups++
	r.groupControl = fmt.Sprint(r.number())
	w.typed(&segments.GS{
		FunctionalIdentifierCode: "FA", ApplicationSenderCode: party(w, g.Receiver), ApplicationReceiverCode: party(w, g.Sender),
		Date: r.day(), Time: r.o.Clock, GroupControlNumber: r.groupControl, ResponsibleAgencyCode: "X", Version: Guide,
	})
	w.count = 0
	w.typed(&segments.ST{TransactionSetIdentifierCode: "999", TransactionSetControlNumber: setControl, ImplementationConventionReference: Guide})
	function := w.value(g.Function, 3)
	if len(function) != 2 || strings.Trim(function, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		function = "HC"
	}
	version := w.value(g.Version, 12)
	if version == "" {
		version = "UNKNOWN" // GS08 is missing, or cannot be repeated
	}
	w.segment("AK1", function, groupNumber(g.Control), version)
}

// setControl is ST02 of the one set that each group of an answer has.
const setControl = "0001"

// party is an application code of two to fifteen characters.
func party(w *writer, s string) string {
	if s = w.value(s, 15); len(s) < 2 {
		return fixed(s+"--", 2)
	}
	return s
}

// groupNumber is GS06 as AK102 can have it: one to nine digits.
func groupNumber(s string) string {
	if s = strings.Trim(s, " "); len(s) > 9 || number([]byte(s)) < 0 {
		return "0"
	}
	return s
}

func (r *Responder) beginSet(s *guide.Set) {
	if r.passed {
		return
	}
	r.total.Sets++
	if r.group == nil { // a 999 answers groups
		r.total.RejectedSets++
		return
	}
	r.setHead = setHead{set: s}
	r.received++
	if w := &r.fa; w.dst != nil {
		control := w.value(s.Control, 9)
		if len(control) < 4 {
			control = strings.Repeat("0", 4-len(control)) + control
		}
		code := s.Code
		if len(code) != 3 || strings.Trim(code, "0123456789") != "" {
			code = "837"
		}
		w.segment("AK2", code, control, w.value(s.Version, 35))
	}
}

// problem takes a problem to the level it is answered on.
func (r *Responder) problem(p *guide.Problem) {
	if r.passed && p.TA105 == "" {
		return
	}
	known := false
	grave := p.Severity == guide.Error
	if r.set != nil && (p.IK304 != "" || p.IK403 != "" || p.IK502 != "") {
		known = true
		r.rejected = r.rejected || grave
		r.noted = r.noted || !grave
		switch {
		case p.IK304 == "" && p.IK403 == "":
			r.ik502 = with(r.ik502, p.IK502)
		default:
			r.inSegment(p)
		}
	}
	if r.group != nil && p.AK905 != "" {
		known = true
		r.ak905 = with(r.ak905, p.AK905)
		r.groupFaulty = r.groupFaulty || grave
		r.groupRemark = r.groupRemark || !grave
	}
	if r.in != nil && p.TA105 != "" {
		known = true
		if grave {
			r.notes = with(r.notes, p.TA105)
		} else {
			r.hints = with(r.hints, p.TA105)
		}
	}
	if known {
		r.total.Faults++
	} else {
		r.total.Beyond++
	}
}

// with adds a code to a list that has it not.
func with(list []string, code string) []string {
	if code == "" || slices.Contains(list, code) {
		return list
	}
	return append(list, code)
}

// implementation reports whether a code is of the guide, not of the standard.
func implementation(code string) bool { return strings.HasPrefix(code, "I") }

func (r *Responder) endSet(s *guide.Set) {
	if r.set == nil {
		return
	}
	r.flush()
	if s.Unknown { // no guide here is for it: its content was not judged
		r.rejected = true
		code := "1"
		if s.Code == "837" || s.Code == "835" {
			code = "I6"
		}
		if !slices.ContainsFunc(r.ik502, func(c string) bool { return slices.Contains(unknownKinds, c) }) {
			r.ik502 = append([]string{code}, r.ik502...)
		}
	}
	switch { // codes 5 and I5 do not stand together: the standard counts more
	case r.base:
		r.ik502 = with(r.ik502, "5")
	case r.implied:
		r.ik502 = with(r.ik502, "I5")
	}
	v := Accepted
	switch {
	case r.rejected:
		v = Rejected
		r.total.RejectedSets++
	case r.noted:
		v = WithErrors
		r.total.SetsWithErrors++
		r.errors = true
	}
	if v != Rejected {
		r.accepted++
	}
	if r.fa.dst != nil {
		r.fa.segment("IK5", append([]string{string(v)}, firstCodes(r.ik502)...)...)
	}
	r.setHead = setHead{pending: r.pending[:0]}
}

// unknownKinds are codes that say why a set was not judged.
var unknownKinds = []string{"1", "6", "18", "19", "I6"}

func firstCodes(list []string) []string { return list[:min(len(list), mostCodes)] }

func (r *Responder) endGroup(g *guide.Group) {
	if r.passed = false; r.group == nil {
		return
	}
	if r.set != nil { // a validator ends sets before their group
		r.endSet(r.set)
	}
	v := Accepted
	switch {
	case r.groupFaulty, r.received > 0 && r.accepted == 0:
		r.total.RejectedGroups++
		r.total.RejectedSets += r.accepted // with their group
		v, r.accepted = Rejected, 0
	case r.accepted < r.received:
		v = Partly
	case r.errors, r.groupRemark:
		v = WithErrors
	}
	if w := &r.fa; w.dst != nil {
		claimed := strings.Trim(g.TrailerCount, " ")
		if n := number([]byte(claimed)); n < 0 || len(claimed) > 6 {
			claimed = fmt.Sprint(r.received)
		}
		w.segment("AK9", append([]string{string(v), claimed, fmt.Sprint(r.received), fmt.Sprint(r.accepted)}, firstCodes(r.ak905)...)...)
		w.typed(&segments.SE{NumberOfSegments: fmt.Sprint(w.count + 1), TransactionSetControlNumber: setControl})
		w.typed(&segments.GE{NumberOfTransactionSet: "1", GroupControlNumber: r.groupControl})
	}
	r.groupHead = groupHead{}
}

// tolerated are faults of an interchange that do not keep its content from being
// read: its date and time.
var tolerated = []string{"014", "015"}

// judge is the verdict of the interchange and its note: the first that rejects, else
// the first.
func (r *Responder) judge() (Verdict, string) {
	v, note := Accepted, "000"
	for _, code := range r.notes {
		if !slices.Contains(tolerated, code) {
			return Rejected, code
		}
	}
	if all := slices.Concat(r.notes, r.hints); len(all) > 0 {
		v, note = WithErrors, all[0]
	}
	return v, note
}

// end answers an interchange by a TA1, and ends or takes back its 999.
func (r *Responder) end(in *guide.Interchange) {
	if r.in == nil {
		return
	}
	if r.group != nil { // a validator ends groups before their interchange
		r.endGroup(r.group)
	}
	answer := &Interchange{Pos: in.Pos, Control: in.Control, Date: in.Date, Time: in.Time}
	answer.Verdict, answer.Code = r.judge()
	if answer.Verdict == Rejected {
		r.total.RejectedInterchanges++
	}
	r.endFunctional(answer.Verdict)
	only := in.Groups == 0 && answer.Verdict == Accepted // a TA1 and nothing else: it is not answered
	if only {
		r.total.Acknowledgements++
	}
	if w := &r.ta1; w.dst != nil && !only && (answer.Verdict == Rejected || !r.o.RejectedOnly) {
		control := r.isa(w)
		w.segment("TA1", exact(in.Control, 9), exact(in.Date, 6), exact(in.Time, 4), string(answer.Verdict), answer.Code)
		w.typed(&segments.IEA{NumberOfFunctionalGroups: "0", InterchangeControlNumber: control})
	}
	if r.OnInterchange != nil {
		r.OnInterchange(in, answer)
	}
	r.in = nil
}

// endFunctional ends the 999 of the interchange. An interchange that is rejected has
// none.
func (r *Responder) endFunctional(v Verdict) {
	if !r.open {
		return
	}
	r.fa.typed(&segments.IEA{NumberOfFunctionalGroups: fmt.Sprint(r.groups), InterchangeControlNumber: r.control})
	if v == Rejected && r.o.Drop != nil && r.Err() == nil {
		r.err = r.o.Drop()
	}
	r.open = false
}

// exact is digits as they were sent; zeros where they are none of that width.
func exact(s string, width int) string {
	if len(s) != width || strings.Trim(s, "0123456789") != "" {
		return strings.Repeat("0", width)
	}
	return s
}
