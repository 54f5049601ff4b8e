package guide

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/gaitkeeper/gaitkeeper/edi"
)

var (
	tagISA, tagIEA, tagTA1 = edi.TagOf("ISA"), edi.TagOf("IEA"), edi.TagOf("TA1")
	tagGS, tagGE           = edi.TagOf("GS"), edi.TagOf("GE")
	tagST, tagSE           = edi.TagOf("ST"), edi.TagOf("SE")
	tagHL, tagLX           = edi.TagOf("HL"), edi.TagOf("LX")
)

// envelope is what is open around the segments.
type envelope struct {
	ic     *Interchange
	group  *Group
	set    *Set
	delims edi.Delims
	end    mark // of the input

	groups, sets map[string]bool // control numbers seen in the interchange, in the group
	setStart     int             // number of the ST in the input
	gs           edi.Block       // the GS, for what an ST tells of it
	gsJudged     bool
	littered     bool    // what stands between segments was told of
	gsWrong      [9]bool // its elements that were reported
	unsound      [3]bool // the control number of the open header was reported, or there is no header, by scope
	stray        bool    // a segment outside sets was reported
	bare         bool    // the GS of the group is missing, which is what was reported
	acknowledged bool    // the interchange has a TA1
	composed     bool    // ISA16 separated parts of an element of it
	slack        [3]slack
	owed         [3]bool          // the trailer was reported as missing, by scope: it may come too late
	wrap         *edi.SyntaxError // why nothing more of the interchange can be read
}

// slack is by how much a count in the trailer of a scope may differ: as much as follows
// from what was reported of the headers that it counts.
type slack struct{ less, more int }

// enclose takes a segment of an envelope.
func (w *Walker) enclose(s *edi.Segment, tag edi.Tag) {
	w.spec = nil
	switch tag {
	case tagISA:
		w.closeTo(inInterchange, s)
		w.openInterchange(s)
	case tagGS:
		twice := w.group != nil && w.group.Sets == 0 && w.slack[inGroup].more == 0
		w.closeTo(inGroup, s)
		w.openGroup(s, twice)
	case tagST:
		twice := w.set != nil && w.counts.Segments == w.setStart+1
		w.closeTo(inSet, s)
		w.openSet(s, twice)
	case tagSE:
		if w.set == nil {
			w.headerless(s, inSet)
			return
		}
		w.closeSet(s)
	case tagGE:
		w.closeTo(inSet, s)
		if w.group == nil {
			w.headerless(s, inGroup)
			return
		}
		w.closeGroup(s)
	case tagIEA:
		w.closeTo(inGroup, s)
		if w.ic == nil {
			w.headerless(s, inInterchange)
			return
		}
		w.closeInterchange(s)
	case tagTA1:
		if w.ic == nil || w.group != nil || w.ic.Groups > 0 {
			w.lateAnswer(s)
			return
		}
		w.acknowledged = true
		w.check(s, professional().head[tagTA1])
		w.flush()
	}
	w.stray = false
}

// trailers that are missing, by the scope that they close, and its header.
var trailers = [...]struct{ header, tag, ik502, ak905, ta105 string }{
	inSet: {header: "ST", tag: "SE", ik502: "2"}, inGroup: {header: "GS", tag: "GE", ak905: "3"}, inInterchange: {header: "ISA", tag: "IEA", ta105: "023"},
}

// closeTo closes what is still open of a scope and inside it, because s cannot stand
// there, or the input ends (nil). It is one problem, whatever is open.
func (w *Walker) closeTo(outermost scope, s *edi.Segment) {
	open := map[scope]bool{inSet: w.set != nil, inGroup: w.group != nil && outermost <= inGroup, inInterchange: w.ic != nil && outermost == inInterchange}
	var lacks []string
	var p Problem
	for _, sc := range []scope{inSet, inGroup, inInterchange} {
		if !open[sc] || sc == inGroup && w.bare {
			continue
		}
		t := trailers[sc]
		if lacks = append(lacks, t.tag); len(lacks) == 1 {
			p.scope, p.Segment = sc, t.tag
		}
		w.owed[sc] = true
		p.IK502, p.AK905, p.TA105 = p.IK502+t.ik502, p.AK905+t.ak905, p.TA105+t.ta105
	}
	if !open[inSet] && !open[inGroup] && !open[inInterchange] {
		return
	}
	at := w.markBefore(s)
	p.Rule, p.Severity, p.Snip, p.Pos, p.Span, p.SetSegment, p.Delims = "GD101", Error, 1, at.pos, at.span, at.pos.SetSegment, w.delims
	if p.Segment == "SE" {
		p.SetSegment = w.counts.Segments - w.setStart + 1
		if s == nil {
			p.SetSegment++
		}
	}
	before := "the end of the input"
	if s != nil {
		p.Text = bytes.Clone(s.Raw())
		before = s.Tag().String()
	}
	p.Message = fmt.Sprintf("%s missing before %s", strings.Join(lacks, ", "), before)
	if e := w.wrap; e != nil { // that is why they are
		p = Problem{
			Rule: "GD106", Severity: Error, Snip: 1, Pos: e.Pos, Span: e.Span, Segment: "ISA", TA105: "024", Delims: w.delims,
			Message: fmt.Sprintf("%s, %s", e.Err, e.Detail),
		}
	}
	if w.set != nil {
		w.abandon()
	}
	w.flush()
	w.claim, w.line = w.claim[:0], w.line[:0]
	if lacks != nil {
		w.tell(p)
	}
	if open[inSet] {
		w.setDone()
	}
	if open[inGroup] {
		w.groupDone()
	}
	if open[inInterchange] {
		w.interchangeDone()
	}
}

// abandon forgets the loops of a set that was cut off: what it lacks is not known.
func (w *Walker) abandon() {
	if w.tree == nil {
		return
	}
	w.top = 0
	if w.scan != nil {
		w.scan.Collect(nil)
	}
	w.specs, w.parts = w.specs[:0], w.parts[:0]
	w.memory.Reset()
	w.unit = edi.View{}
}

// Close ends the validation at the end of the input.
func (w *Walker) Close() Counts {
	end := w.last // behind the last segment
	if w.scan != nil {
		end = w.scan.End()
	} else {
		end.Offset, end.Column = w.counts.Bytes, end.Column+int(w.counts.Bytes-end.Offset)
	}
	end.SetSegment = 0
	w.end = mark{end, edi.Span{Start: end.Offset, End: end.Offset}}
	for w.looking {
		w.decide(nil)
	}
	w.closeTo(inInterchange, nil)
	return w.counts
}

// Fault takes a fault of the text. What leaves a segment is reported as the problem
// that it is, the rest goes to the handler.
func (w *Walker) Fault(e *edi.SyntaxError) {
	if errors.Is(e, edi.ErrUnclosed) || errors.Is(e, edi.ErrSegmentID) {
		return
	}
	if errors.Is(e, edi.ErrWrapped) && w.ic != nil && w.types.Has(1) { // told where the interchange is closed
		w.wrap = e
		return
	}
	if w.h.Fault != nil {
		w.h.Fault(e)
	}
}

// outside reports the first of the segments that stand in no transaction set.
func (w *Walker) outside(s *edi.Segment) {
	if w.stray {
		return
	}
	w.stray = true
	w.spec = nil
	if w.group == nil {
		w.slack[inInterchange].more++ // they may be what is left of one
	}
	p := w.on("GD102", Error, s, "")
	p.Loop, p.TA105 = "", "024"
	p.Message = fmt.Sprintf("%s stands outside a transaction set", nameOf(s))
	w.flush()
}

// nameOf is the id of a segment for a message: what is none may be data.
func nameOf(s *edi.Segment) string {
	if t := s.Tag(); t != 0 {
		return t.String()
	}
	return "a segment"
}

// headerless reports a trailer without its header, unless what it closes was reported:
// segments without a header, or this trailer, which was missing where it should stand.
func (w *Walker) headerless(s *edi.Segment, sc scope) {
	told := w.owed[sc] || sc == inSet && w.stray
	if !w.owed[sc] && sc != inInterchange {
		w.slack[sc-1].more++
	}
	w.owed[sc], w.stray = false, false
	if told {
		return
	}
	w.without(s, sc)
}

// without reports a segment of an envelope whose header is missing.
func (w *Walker) without(s *edi.Segment, sc scope) {
	p := w.on("GD102", Error, s, "")
	p.Loop, p.TA105 = "", "022"
	p.Message = fmt.Sprintf("%s without %s before it", s.Tag(), trailers[sc].header)
	w.flush()
}

// lateAnswer reports a TA1 that does not stand before the groups.
func (w *Walker) lateAnswer(s *edi.Segment) {
	p := w.on("GD102", Error, s, "")
	p.Message = "TA1 does not stand between ISA and GS"
	if w.set == nil {
		p.Loop, p.TA105 = "", "024"
		w.flush()
		return
	}
	p.IK304 = "2"
	w.slack[inSet].less++ // SE01 may not count it
	if w.tree != nil {
		w.remember(s, nil)
	}
}

// hollow reports an envelope with nothing in it: tag is what it lacks before s.
func (w *Walker) hollow(s *edi.Segment, tag edi.Tag, sc scope) *Problem {
	p := w.report("GD101", Error, tag, w.markBefore(s), "")
	p.Text, p.Delims, p.scope = bytes.Clone(s.Raw()), w.delims, sc
	p.Message = fmt.Sprintf("%s missing: nothing stands between %s and %s", tag, trailers[sc].header, s.Tag())
	return p
}

func text(s *edi.Segment, n int) string { return string(s.Bytes(n)) }

func (w *Walker) openInterchange(s *edi.Segment) {
	w.counts.Interchanges++
	if d := s.Delims(); d != w.delims {
		w.forget() // what a segment means depends on its separators
		w.delims = d
	}
	w.separate(w.delims.Component)
	w.repetition = w.delims.Repetition
	w.ic = &Interchange{
		Number: w.counts.Interchanges, Sender: [2]string{text(s, 5), text(s, 6)}, Receiver: [2]string{text(s, 7), text(s, 8)},
		Date: text(s, 9), Time: text(s, 10), Version: text(s, 12), Control: text(s, 13), Acknowledge: text(s, 14), Usage: text(s, 15),
		Delims: w.delims, Pos: s.Pos(),
	}
	w.groups = map[string]bool{}
	w.unsound[inInterchange], w.acknowledged, w.composed, w.wrap = false, false, false, nil
	w.slack[inInterchange], w.owed = slack{}, [3]bool{}
	w.littered = false
	w.checkLead(s)
	w.checkISA(s)
	if w.h.Begin != nil {
		w.h.Begin(w.ic)
	}
	w.flush()
}

// checkLead looks at what stands before the first ISA: it is borne, and never written.
func (w *Walker) checkLead(s *edi.Segment) {
	lead := s.Lead()
	if w.counts.Interchanges > 1 || len(lead) == 0 || len(bytes.Trim(lead, " \t\r\n\x1A\xEF\xBB\xBF")) > 0 {
		return // what is more than that is a fault of the text
	}
	what := "blanks or line ends"
	if bytes.Contains(lead, []byte("\xEF\xBB\xBF")) {
		what = "a byte order mark"
	}
	w.spec = nil
	p := w.on("GD106", Warning, s, "")
	p.Loop = ""
	p.Span = edi.Span{Start: s.Extent().Start, End: s.Span().Start}
	p.Pos.Offset = p.Span.Start
	p.Pos.Line, p.Pos.Column = 1, 1
	p.Text = nil
	p.Message = fmt.Sprintf("the file begins with %s, which some receivers do not take", what)
	p.Fix = &Fix{Message: "begin with ISA", Edits: []edi.Edit{{Span: p.Span, Old: bytes.Clone(lead)}}}
}

// between looks at what stands between two segments: line ends and blanks may. The first
// of others in an interchange is told.
func (w *Walker) between(s *edi.Segment) {
	lead := s.Lead()
	if w.littered || len(bytes.Trim(lead, " \r\n")) == 0 || w.ic == nil {
		return
	}
	w.littered = true
	spec := w.spec
	w.spec = nil
	p := w.on("GD106", Warning, s, "")
	p.Loop, p.TA105, p.Claim, p.Line = "", "022", "", ""
	p.Message = "something else than line ends and blanks stands before the segment"
	kept := bytes.Map(func(r rune) rune {
		if r == ' ' || r == '\r' || r == '\n' {
			return r
		}
		return -1
	}, lead)
	p.Fix = &Fix{Message: "remove it", Edits: []edi.Edit{{Span: edi.Span{Start: s.Extent().Start, End: s.Span().Start}, Old: bytes.Clone(lead), New: kept}}}
	w.spec = spec
}

// isaCodes are what a TA1 says of a wrong element of the ISA.
var isaCodes = [...]string{
	1: "010", 2: "011", 3: "012", 4: "013", 5: "005", 6: "006", 7: "007", 8: "008", 9: "014", 10: "015",
	11: "016", 12: "017", 13: "018", 14: "019", 15: "020", 16: "027",
}

func (w *Walker) checkISA(s *edi.Segment) {
	sp := professional().head[tagISA]
	tell := func(rule string, sev Severity, n int, message string) {
		w.spec = sp
		p := w.at(rule, sev, s, n, 0, "")
		p.IK304, p.Loop, p.STC = "", "", ""
		p.TA105 = isaCodes[n]
		w.unsound[inInterchange] = w.unsound[inInterchange] || n == 13
		p.Message = message
	}
	for n := 1; n <= 16; n++ {
		e := &sp.elements[n-1]
		v := bytes.TrimRight(s.Bytes(n), " ")
		if n == 2 || n == 4 {
			if s.Is(n-1, "00") && len(v) > 0 {
				tell("GD108", Warning, n, fmt.Sprintf("ISA%02d is not blank, though ISA%02d is 00: nothing in it has a meaning", n, n-1))
				w.held[len(w.held)-1].Fix = fix(s, n, 0, bytes.Repeat([]byte{' '}, len(s.Bytes(n))), "write blanks")
			}
			continue
		}
		switch {
		case n == 11 && w.delims.Repetition == 0:
			tell("GD107", Warning, n, "ISA11 is no repetition separator")
		case n == 11 || n == 16:
		case len(v) == 0:
			tell("GD104", Error, n, fmt.Sprintf("ISA%02d is blank", n))
		case e.codes != nil && n == 12 && string(v) != "00501":
			tell("GD107", Error, n, "ISA12 is not 00501")
		case e.codes != nil && n != 12 && !has(e.codes, pack(v)):
			tell("GD107", Error, n, fmt.Sprintf("ISA%02d is not one of %s", n, listed(e.codes)))
		case n == 9 && !date(v, 6):
			tell("GD106", Warning, n, "ISA09 is not a calendar date")
		case n == 10 && !clock(v):
			tell("GD106", Warning, n, "ISA10 is not a time")
		case n == 13 && (len(v) != 9 || !digits(v) || string(v) == "000000000"):
			tell("GD106", Error, n, "ISA13 is not a number of nine digits above zero")
		case (n == 6 || n == 8) && s.Bytes(n)[0] == ' ':
			tell("GD106", Warning, n, fmt.Sprintf("ISA%02d begins with a blank", n))
		}
	}
	if w.counts.Interchanges == 2 {
		w.spec = nil
		p := w.on("GD103", Warning, s, "")
		p.Loop, p.Snip, p.TA105 = "", 7, "022"
		p.Message = "a second interchange in one file; some receivers take one only"
	}
}

// openGroup begins a group with its GS, which may stand there twice.
func (w *Walker) openGroup(s *edi.Segment, twice bool) {
	if w.ic == nil {
		w.without(s, inInterchange)
		return
	}
	if twice {
		w.slack[inInterchange].less++
	}
	w.ic.Groups++
	w.counts.Groups++
	w.group = &Group{
		Interchange: w.ic.Number, Number: w.ic.Groups, Function: text(s, 1), Sender: text(s, 2), Receiver: text(s, 3), Date: text(s, 4),
		Time: text(s, 5), Control: text(s, 6), Agency: text(s, 7), Version: text(s, 8), Pos: s.Pos(),
	}
	w.sets, w.bare, w.slack[inGroup] = map[string]bool{}, false, slack{}
	w.owed[inGroup], w.owed[inSet] = false, false
	w.gs.Reset()
	w.gs.Append(s)
	w.gsJudged = false
	w.check(s, professional().head[tagGS])
	w.unsound[inGroup], w.gsWrong = false, [9]bool{}
	for i := range w.held {
		p := &w.held[i]
		if p.Element < len(w.gsWrong) {
			w.gsWrong[p.Element] = true
		}
		w.unsound[inGroup] = w.unsound[inGroup] || p.Element == 6
		p.IK304, p.IK403, p.STC, p.Loop = "", "", "", ""
		switch p.Element {
		case 1:
			p.AK905 = "1"
		case 6:
			p.AK905 = "6"
		case 8:
			p.AK905 = "2"
		default:
			p.TA105 = "024"
		}
	}
	if c := w.group.Control; !w.gsWrong[6] && (strings.Trim(c, "0") == "" || !digits([]byte(c))) {
		w.groupProblem(s, "GD106", 6, "6", "GS06 is not a number above zero")
	} else if w.groups[c] && !twice {
		w.groupProblem(s, "EN105", 6, "19", "GS06 stood in this interchange before")
	}
	w.groups[w.group.Control] = true
	if w.h.BeginGroup != nil {
		w.h.BeginGroup(w.group)
	}
	w.flush()
}

func (w *Walker) groupProblem(s *edi.Segment, rule string, n int, code, message string) *Problem {
	w.spec = professional().head[tagGS]
	if s.Tag() == tagGE {
		w.spec = professional().head[tagGE]
	}
	p := w.at(rule, Error, s, n, 0, "")
	p.IK304, p.STC, p.Loop = "", "", ""
	p.AK905, p.Message, p.scope = code, message, inGroup
	return p
}

// foreign are sets that are taken for claims or remittances by mistake.
var foreign = map[string]string{
	"999": "an acknowledgement", "997": "an acknowledgement", "277": "a claim status answer", "276": "a claim status inquiry",
	"270": "an eligibility inquiry", "271": "an eligibility answer", "278": "an authorization", "834": "an enrolment", "820": "a premium payment",
}

// chooseTree is the guide that a set follows; nil with the reason where there is none.
func (w *Walker) chooseTree(code, version string) (*tree, string) {
	gs := w.group.Version
	if gs == "" && version == "" && w.ic.Version == "00501" {
		gs = "005010"
	}
	says := func(part string) bool { return strings.Contains(version, part) || strings.Contains(gs, part) }
	shown := version
	if shown == "" {
		shown = gs
	}
	var t *tree
	switch {
	case code == "837" && says("X223"), code == "837" && says("X096"):
		return nil, "an institutional claim (837I)"
	case code == "837" && says("X224"), code == "837" && says("X097"):
		return nil, "a dental claim (837D)"
	case code == "837" && (says("005010X222") || w.guide == "837p" && shown == "005010"):
		t = professional()
	case code == "835" && (says("005010X221") || says("005010")):
		t = remittance()
	case code == "837" || code == "835":
		return nil, "of version " + safe(shown)
	case foreign[code] != "":
		return nil, foreign[code]
	default:
		return nil, "unknown"
	}
	if w.guide != "" && w.guide != map[string]string{"837": "837p", "835": "835"}[t.set] {
		return nil, "not of the guide that was asked for"
	}
	return t, ""
}

// safe is a code or version for a message; what may be data is not repeated.
func safe(s string) string {
	if len(s) > 12 || s == "" {
		return "?"
	}
	for _, c := range s {
		if (c < '0' || c > '9') && (c < 'A' || c > 'Z') {
			return "?"
		}
	}
	return s
}

// openSet begins a set with its ST, which may stand there twice.
func (w *Walker) openSet(s *edi.Segment, twice bool) {
	if w.group == nil {
		w.without(s, inGroup)
		if w.ic == nil {
			return
		}
		w.group = &Group{Interchange: w.ic.Number, Number: w.ic.Groups + 1, Pos: s.Pos()}
		w.sets, w.bare, w.slack[inGroup] = map[string]bool{}, true, slack{}
		w.unsound[inGroup] = true // there is nothing to compare GE02 with
		w.owed[inGroup] = false
		w.slack[inInterchange].more++
		w.gs.Reset()
	}
	w.slack[inSet], w.owed[inSet] = slack{}, false
	w.separate(w.delims.Component)
	if twice {
		w.slack[inGroup].less++
		w.slack[inSet].more++
	}
	w.counts.Sets++
	w.group.Sets++
	code, control, version := text(s, 1), text(s, 2), text(s, 3)
	w.setStart = w.counts.Segments
	set := &Set{Interchange: w.group.Interchange, Group: w.group.Number, Number: w.group.Sets, Code: code, Control: control, Version: version, Pos: s.Pos()}
	var why string
	w.tree, why = w.chooseTree(code, version)
	w.set = set
	contrary := w.contrary(s, code, version)
	if contrary {
		w.tree = nil
	}
	if w.tree != w.goodFor {
		w.forget()
		w.goodFor = w.tree
	}
	if w.tree != nil {
		w.judgeGroup()
	}
	w.unsound[inSet] = false
	w.hl.reset()
	w.strays, w.blanks, w.lost, w.phantom, w.facts = w.strays[:0], w.blanks[:0], false, 0, facts{}
	w.claim, w.line = w.claim[:0], w.line[:0]
	w.lacksNPI, w.lacksFirst, w.misfit = nil, nil, misfit{}
	w.settled.begin()
	w.bpr.Reset()
	switch {
	case contrary:
		set.Unknown, set.Told = true, true
	case w.tree == nil:
		set.Unknown, set.Why = true, fmt.Sprintf("ST01 is %s, %s; 837P (005010X222A1) and 835 (005010X221A1) are judged here", safe(code), why)
		set.Problems.note(&set.Problems.IK502, map[bool]string{true: "I6", false: "1"}[code == "837" || code == "835"])
		set.Problems.Errors++
		w.group.Problems.Errors++
		w.ic.Problems.Errors++
	default:
		w.top = -1
		w.turn(s)
		w.push(w.tree.root, 0, 0, mark{s.Pos(), s.Span()})
		w.remember(s, w.tree.root.trigger)
		w.check(s, w.tree.head[tagST])
		w.checkST(s, version, twice)
	}
	if w.h.BeginSet != nil {
		w.h.BeginSet(set)
	}
}

// contrary reports a set that is another than its group says, where that is one of the
// guides here. What it holds is not judged.
func (w *Walker) contrary(s *edi.Segment, code, version string) bool {
	says := func(v string, t *tree) bool { return strings.HasPrefix(v, t.version[:10]) }
	for _, t := range []*tree{professional(), remittance()} {
		if !says(w.group.Version, t) || w.group.Function != t.function || w.guide != "" && w.tree == nil {
			continue
		}
		n, ik502 := 1, "6"
		switch {
		case code != t.set:
		case version != "" && !says(version, t) && w.tree == nil:
			n, ik502 = 3, "I6"
		default:
			return false
		}
		w.spec = t.head[tagST]
		p := w.at("GD107", Error, s, n, 0, "")
		p.Set, p.Message = t.set, fmt.Sprintf("ST%02d is not that of %s, which GS08 names; the set is not judged", n, t.version)
		w.coded(p, inSet, ik502)
		p.STC = ""
		return true
	}
	return false
}

// judgeGroup looks at what of the GS depends on the guide of its sets, once.
func (w *Walker) judgeGroup() {
	if w.gsJudged || w.gs.Len() == 0 {
		return
	}
	w.gsJudged = true
	gs := w.gs.Segment(0)
	if w.group.Function != w.tree.function && w.group.Function != "" && !w.gsWrong[1] {
		w.groupProblem(&gs, "GD107", 1, "1", "GS01 is not "+w.tree.function)
	}
	if v := w.group.Version; v != w.tree.version && v != "" && !w.gsWrong[8] {
		p := w.groupProblem(&gs, "GD107", 8, "2", "GS08 is not "+w.tree.version)
		p.Snip = 2
		if strings.HasPrefix(v, w.tree.version[:10]) { // the same guide, of another edition
			p.Severity = Warning
			p.Message = fmt.Sprintf("GS08 is %s; the set is judged by %s", safe(v), w.tree.version)
		}
	}
	w.flush()
}

func (w *Walker) checkST(s *edi.Segment, version string, twice bool) {
	w.spec = w.tree.head[tagST]
	tell := func(rule string, n int, code, message string) *Problem {
		p := w.at(rule, Error, s, n, 0, "")
		p.IK304, p.STC, p.Loop = "", "", ""
		p.IK502, p.Message = code, message
		return p
	}
	switch {
	case version == "" && w.tree.set == "837":
		p := tell("GD104", 3, "19", "ST03 is required and empty")
		p.IK304, p.IK403, p.Snip = "8", "I9", 2
		if gs := w.group.Version; gs == w.tree.version {
			p.Fix = fix(s, 3, 0, []byte(gs), "set ST03 to "+gs)
		}
	case version != "" && w.tree.set == "835": // some senders name the guide there
		p := tell("GD108", 3, "", "ST03 is not used by the guide")
		p.IK304, p.IK403, p.Snip, p.Severity = "8", "I10", 2, Warning
	case version != "" && version != w.tree.version && version != w.group.Version && !w.told(s, 3) && !w.bare && !w.gsWrong[8]:
		p := tell("GD107", 3, "I6", "ST03 is not "+w.tree.version)
		p.Snip = 2
		if strings.HasPrefix(version, w.tree.version[:10]) {
			p.Severity = Warning
		}
	}
	for i := range w.held {
		if p := &w.held[i]; p.Element == 2 && p.Severity == Error {
			w.coded(p, inSet, "7")
			p.STC, w.unsound[inSet] = "", true
		}
	}
	control := w.set.Control
	if w.sets[control] && !w.unsound[inSet] && !twice {
		tell("EN105", 2, "23", "ST02 stood in this group before")
	}
	w.sets[control] = true
}

// manyClaims is the number of claims in a set that the guide recommends not to pass.
const manyClaims = 5000

// closeSet ends a set with its SE.
func (w *Walker) closeSet(s *edi.Segment) {
	w.set.Closed, w.set.TrailerCount, w.set.TrailerControl = true, text(s, 1), text(s, 2)
	w.set.Segments = s.Pos().SetSegment
	if w.tree != nil {
		for w.top > 0 {
			w.leave(s)
		}
		before := len(w.held)
		w.leave(s)
		if w.set.Segments == 2 { // it lacks all: what comes first is said
			w.held = w.held[:min(len(w.held), before+1)]
		}
		w.closeHL(-1)
		w.top = -1
		w.turn(nil)
		w.claim, w.line = w.claim[:0], w.line[:0]
		w.settlePayment()
		if w.tree.set == "837" && w.set.Claims > manyClaims {
			w.spec = nil
			p := w.on("GD103", Warning, s, "")
			p.Snip, p.Loop = 7, ""
			p.Message = fmt.Sprintf("the set has %d claims, %d are the most that receivers agree on", w.set.Claims, manyClaims)
		}
	}
	w.trailer(s, inSet, w.set.Segments, "segments", w.set.Control, "ST02")
	w.flush()
	w.setDone()
}

// anyCount stands for a count that is not compared.
const anyCount = -1

// trailer compares a count and a control number with what was counted and with the
// header. A wrong one differs, and that is all that is told of it, or its header has the
// same, and was reported.
func (w *Walker) trailer(s *edi.Segment, sc scope, counted int, what, control, header string) {
	w.spec = professional().head[s.Tag()]
	before := len(w.held)
	w.check(s, w.spec)
	kept := slices.DeleteFunc(w.held[before:], func(p Problem) bool { return p.Severity == Error && (p.Element == 1 || p.Element == 2) })
	w.held = w.held[:before+len(kept)]
	codes := [...]struct{ count, control string }{inSet: {"4", "3"}, inGroup: {"5", "4"}, inInterchange: {"021", "001"}}[sc]
	may := w.slack[sc]
	if n, err := strconv.Atoi(text(s, 1)); counted != anyCount && (err != nil || !digits(s.Bytes(1)) || n < counted-may.less || n > counted+may.more) {
		p := w.at([...]string{inSet: "EN103", inGroup: "EN102", inInterchange: "EN101"}[sc], Error, s, 1, 0, "")
		p.Message = fmt.Sprintf("%s01 does not say %d, the number of %s", s.Tag(), counted, what)
		if may == (slack{}) {
			p.Fix = fix(s, 1, 0, []byte(strconv.Itoa(counted)), "set the count to "+strconv.Itoa(counted))
		}
		w.coded(p, sc, codes.count)
	}
	if own := strings.TrimSpace(text(s, 2)); !w.unsound[sc] && own != strings.TrimSpace(control) {
		p := w.at("EN104", Error, s, 2, 0, "")
		p.Message = fmt.Sprintf("%s02 is not the control number of its header (%s)", s.Tag(), header)
		w.coded(p, sc, codes.control)
	}
	for i := range w.held[before:] {
		p := &w.held[before+i]
		p.scope, p.Loop, p.STC = sc, "", ""
		if sc != inSet && p.TA105+p.AK905 == "" {
			p.IK304, p.IK403 = "", ""
			w.coded(p, sc, codes.control)
		}
	}
}

// coded gives a problem of an envelope its code and takes those of segments away.
func (w *Walker) coded(p *Problem, sc scope, code string) {
	p.IK304, p.IK403, p.Loop, p.Snip = "", "", "", 1
	switch sc {
	case inSet:
		p.IK502 = code
	case inGroup:
		p.AK905 = code
	default:
		p.TA105 = code
	}
}

func (w *Walker) setDone() {
	set := w.set
	if !set.Closed {
		set.Segments = w.counts.Segments - w.setStart
	}
	if !set.Problems.Rejected() {
		w.group.Accepted++
	}
	w.set, w.tree = nil, nil
	if w.h.Set != nil {
		w.h.Set(set)
	}
}

func (w *Walker) closeGroup(s *edi.Segment) {
	g := w.group
	g.Closed, g.TrailerCount, g.TrailerControl = true, text(s, 1), text(s, 2)
	sets := g.Sets
	if sets == 0 && w.slack[inGroup].more == 0 {
		w.hollow(s, tagST, inGroup).AK905 = "5"
		sets = anyCount
	}
	w.trailer(s, inGroup, sets, "transaction sets", g.Control, "GS06")
	w.flush()
	w.groupDone()
}

func (w *Walker) groupDone() {
	g := w.group
	if w.bare && !g.Closed {
		w.slack[inInterchange].more += g.Sets - 1 // each may have been in a group of its own
	}
	w.group, w.bare = nil, false
	if w.h.Group != nil {
		w.h.Group(g)
	}
}

func (w *Walker) closeInterchange(s *edi.Segment) {
	c := w.ic
	c.Closed, c.TrailerCount, c.TrailerControl = true, text(s, 1), text(s, 2)
	groups := c.Groups
	if groups == 0 && w.slack[inInterchange].more == 0 && !w.acknowledged {
		w.hollow(s, tagGS, inInterchange).TA105 = "022"
		groups = anyCount
	}
	w.trailer(s, inInterchange, groups, "groups", c.Control, "ISA13")
	w.flush()
	w.interchangeDone()
}

func (w *Walker) interchangeDone() {
	c := w.ic
	w.ic = nil
	if w.h.Interchange != nil {
		w.h.Interchange(c)
	}
}

// note adds a code to a list that has each once.
func (t *Tally) note(list *[]string, code string) {
	if code != "" && !slices.Contains(*list, code) {
		*list = append(*list, code)
	}
}

func (t *Tally) count(p *Problem) {
	if p.Severity == Error {
		t.Errors++
	} else {
		t.Warnings++
	}
	t.note(&t.AK905, p.AK905)
	t.note(&t.TA105, p.TA105)
	t.note(&t.IK502, p.IK502)
	if p.IK304 == "" {
		return
	}
	code := "5"
	if p.IK304[0] == 'I' || p.IK304 == "8" && strings.HasPrefix(p.IK403, "I") {
		code = "I5"
	}
	t.note(&t.IK502, code)
	if slices.Contains(t.IK502, "5") {
		t.IK502 = slices.DeleteFunc(t.IK502, func(c string) bool { return c == "I5" })
	}
}

// tally counts a problem where it belongs.
func (w *Walker) tally(p *Problem) {
	sc := p.scope
	if sc == inInterchange { // not said: where it stands
		switch {
		case w.set != nil:
			sc = inSet
		case w.group != nil && p.TA105 == "":
			sc = inGroup
		}
	}
	if w.ic != nil {
		w.ic.Problems.count(p)
		if sc == inInterchange {
			w.ic.Own.count(p)
		}
	}
	if w.group != nil && sc >= inGroup {
		w.group.Problems.count(p)
		if sc == inGroup {
			w.group.Own.count(p)
		}
	}
	if w.set != nil && sc == inSet {
		w.set.Problems.count(p)
	}
}
