package edi

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math/bits"
)

// DefaultMaxSegment is the segment limit, in bytes, of a Scanner that sets none.
const DefaultMaxSegment = 1 << 20

const firstBuffer = 64 << 10

// A Scanner splits X12 into segments.
//
// It reads the separators of each ISA, keeps what stands between segments, and
// goes on after a fault: OnError is told of it with its place. With no OnError
// the first fault ends the scan and is what Err returns.
//
// Every byte of the input is in a segment, its lead or terminator, or in Tail.
// What is given up, because it is longer than MaxSegment, is reported.
//
// It holds one buffer, of 64 KiB or a few times the longest segment, and indexes
// many segments of it at a time, which is why it allocates nothing per segment.
type Scanner struct {
	// OnError is called for each fault, in the order of the input.
	OnError func(*SyntaxError)
	// MaxSegment is the longest segment, and the longest stretch of anything else,
	// in bytes; 0 means DefaultMaxSegment.
	MaxSegment int

	src  io.Reader
	buf  []byte // buf[r:w] is not consumed yet
	r, w int
	base int64 // offset of buf[0] in the input
	eof  bool
	late error // what the source returned together with its last bytes
	err  error

	run    Block   // segments that are indexed ahead, up to buf[r]; data is a view of buf
	at     int     // the current one
	seg    Segment // the view of it that Segment gives
	into   *Block  // takes the segments of run from first on
	first  int
	delims *Delims
	isa13  [9]byte // control number of the interchange
	open   bool    // between ISA and IEA
	looked bool    // at a line end inside a segment of the interchange: it is not wrapped
	blamed bool    // an ISA was reported
	segs   int     // segments so far
	set    int     // segments since ST, 0 outside

	line      int   // line of buf[r]
	lineStart int64 // offset of the line's first byte
	tail      []byte
	done      bool

	behind *background // that indexes the runs; nil for none
}

// NewScanner returns a Scanner that reads from src.
func NewScanner(src io.Reader) *Scanner {
	return &Scanner{src: src, line: 1}
}

// Err is what ended the scan: nil at the end of the input, an error of the
// reader, or the first *SyntaxError where OnError is not set.
func (s *Scanner) Err() error { return s.err }

// Segment is the segment that Next found. It and all views into it are valid
// until Next is called again.
func (s *Scanner) Segment() *Segment {
	if s.at < len(s.run.segs) {
		s.run.view(s.at, &s.seg)
	}
	return &s.seg
}

// Tag is the packed id of the segment that Next found.
func (s *Scanner) Tag() Tag { return s.run.segs[s.at].tag }

// Element is the text of element n of the segment that Next found; nil where that
// is shorter.
func (s *Scanner) Element(n int) []byte { return s.run.Element(s.at, n) }

// Raw is the text, without its terminator, of the segment that Next found; nil where
// the input ends inside it.
func (s *Scanner) Raw() []byte {
	g := &s.run.segs[s.at]
	if g.terminator == 0 {
		return nil
	}
	last := len(s.run.ends)
	if s.at+1 < len(s.run.segs) {
		last = int(s.run.segs[s.at+1].firstEnd)
	}
	return s.run.data[g.start : g.start+s.run.ends[last-1]]
}

// Lead is what stands between the segment before and the one that Next found.
func (s *Scanner) Lead() []byte {
	g := &s.run.segs[s.at]
	return s.run.data[g.leadStart():g.start]
}

// Start is where in the input the lead of the segment that Next found begins.
func (s *Scanner) Start() int64 { return s.run.base + int64(s.run.segs[s.at].leadStart()) }

// Collect lets b take copies of the segments from the one that Next found on, up
// to the one at which Collect is called again; nil stops it. The copies are made
// many at a time: only the next call of Collect completes b. As with Append, they
// must follow what is in b, and each other.
func (s *Scanner) Collect(b *Block) {
	s.flush(s.at)
	s.first = s.at
	if s.into = b; b != nil && b.Len() > 0 && b.Span().End != s.Start() {
		s.into = nil
	}
}

// Collecting reports whether the segment that Next found will be in the block that
// Collect was given last.
func (s *Scanner) Collecting() bool { return s.into != nil }

// Collected ends what Collect began and shows it: the block that was given, or the
// scanner's own memory where nothing was copied yet, which is cheaper. The view is valid
// until Next is called again. It is empty where input in between was given up.
func (s *Scanner) Collected() View {
	into := s.into
	if into == nil {
		return View{}
	}
	if into.Len() == 0 {
		s.into = nil
		return View{&s.run, s.first, s.at}
	}
	s.flush(s.at)
	s.into = nil
	return into.View()
}

// flush hands over what is collected of the run, up to number to.
func (s *Scanner) flush(to int) {
	if s.into != nil {
		s.into.appendRun(&s.run, s.first, to)
	}
	s.first = to
}

// Tail is what stands after the last segment, once Next has returned false.
func (s *Scanner) Tail() []byte { return s.tail }

// Offset is the number of bytes consumed so far.
func (s *Scanner) Offset() int64 {
	if next := s.at + 1; next < len(s.run.segs) {
		return s.run.base + int64(s.run.segs[next].leadStart())
	}
	return s.offset()
}

// offset is Offset once all of the run is consumed.
func (s *Scanner) offset() int64 { return s.base + int64(s.r) }

// End is the place behind all that was read, once Next has returned false.
func (s *Scanner) End() Pos {
	if s.behind != nil {
		return s.behind.end
	}
	p := s.place(0)
	p.Segment = s.segs
	return p
}

// Segments is the number of segments found so far.
func (s *Scanner) Segments() int { return s.segs - max(len(s.run.segs)-1-s.at, 0) }

// Next moves to the next segment. It returns false at the end or on an error.
func (s *Scanner) Next() bool {
	if s.at+1 < len(s.run.segs) {
		s.at++
		return true
	}
	return s.next()
}

// next indexes the next run and moves to its first segment.
func (s *Scanner) next() bool {
	s.flush(len(s.run.segs))
	if s.done || s.err != nil {
		return false
	}
	if !s.split() {
		return false
	}
	if s.into != nil && s.into.Len() > 0 && s.into.Span().End != s.run.base {
		s.into = nil // input in between was given up
	}
	return true
}

// split indexes the next run, or takes one that is indexed already.
func (s *Scanner) split() bool {
	if s.behind != nil {
		return s.receive()
	}
	s.run.Reset()
	s.run.base, s.run.delims = s.offset(), s.delims
	s.at, s.first = 0, 0
	limit := s.MaxSegment
	if limit <= 0 {
		limit = DefaultMaxSegment
	}
	if s.open {
		s.ahead(limit)
	}
	return len(s.run.segs) > 0 || s.one(limit)
}

// runLength is how many segments are indexed at once: enough to be quick, and few
// enough to be in the processor's cache still when they are read.
const runLength = 256

// ahead makes a run of the usual segments that come next: they are in the buffer,
// too short to hold the ISA of another file, begin with the id of a segment inside
// a transaction set, and have one line end before them or none. It may find none.
func (s *Scanner) ahead(limit int) {
	// Every segment passes here: what changes from one to the next stands in locals.
	buf, r, d := s.buf[:s.w], s.r, s.delims
	line, lineStart := s.line, s.lineStart
	segs, ends := s.run.segs[:0], s.run.ends[:0]
	if cap(segs) < runLength {
		segs = make([]blockSegment, 0, runLength)
	}
	for len(segs) < runLength && r+2 < len(buf) {
		start := r
		if buf[start] == '\r' {
			start++
		}
		newLine := buf[start] == '\n'
		if newLine {
			start++
		}
		if b := buf[start]; b <= ' ' || b == 'I' {
			break
		}
		first := len(ends)
		found, n, ok, control := index(buf[start:min(len(buf), start+isaLength-2)], 0, d.Element, d.Terminator, ends)
		if !ok || n > limit {
			break
		}
		tag := tagOf(buf[start:], found[first])
		if !validTag(tag) || isEnvelope(tag) || control && !s.looked && bytes.IndexByte(buf[start:start+n], '\n') >= 0 {
			break
		}
		ends = found
		if newLine {
			line++
			lineStart = s.base + int64(start)
		}
		segs = segs[:len(segs)+1]
		g := &segs[len(segs)-1] // field by field: a composite literal is built elsewhere and copied
		g.start, g.lead = uint32(start-s.r), uint32(start-r)
		g.firstEnd = uint32(first)
		g.tag = tag
		g.line, g.col = int32(line), int32(s.base+int64(start)-lineStart)+1
		g.ordinal, g.set = int32(s.segs+len(segs)), 0
		if s.set > 0 {
			g.set = int32(s.set + len(segs))
		}
		g.terminator = 1
		r = start + n + 1
		if control || d.Terminator == '\n' {
			for at := start; at < r; at++ {
				if buf[at] == '\n' {
					line++
					lineStart = s.base + int64(at) + 1
				}
			}
		}
	}
	s.run.segs, s.run.ends, s.run.data = segs, ends, buf[s.r:r]
	s.segs += len(segs)
	if s.set > 0 {
		s.set += len(segs)
	}
	s.r, s.line, s.lineStart = r, line, lineStart
}

// one makes a run of the next segment, whatever comes.
func (s *Scanner) one(limit int) bool {
	lead := 0 // bytes from s.r that belong to the lead
	for s.err == nil {
		if lead > 0 || s.r >= s.w || !s.open || s.buf[s.r] <= ' ' {
			lead = s.skipTrivia(lead, limit)
			if s.r+lead >= s.w {
				return s.finish(lead)
			}
		}
		if !s.open || s.buf[s.r+lead] == 'I' && s.need(lead+4) && looksLikeISA(s.buf[s.r+lead:s.w]) {
			at, found := s.findISA(lead, limit)
			if found {
				return s.emitISA(at)
			}
			if lead = at; !s.open || s.err != nil {
				continue
			}
		}
		n, found, control := s.findTerminator(lead, limit)
		if s.err != nil {
			return false
		}
		if n > limit || n >= isaLength-2 {
			// A cut input with another one put behind it: the segment must not
			// swallow the header of the next interchange.
			if at := s.usableISA(lead+1, lead+min(n, limit)); at >= 0 {
				if len(trimTrivia(s.buf[s.r+lead:s.r+at])) > 0 {
					return s.emitCut(lead, at-lead)
				}
				lead = at
				continue
			}
		}
		if found && control && !s.looked {
			if width := s.wrapWidth(lead, n); width > 0 {
				s.report(lead, n, ErrWrapped, wrapFault(width))
				s.open = false
				lead = s.search(lead, limit, true)
				continue
			}
			if s.err != nil {
				return false
			}
		}
		switch {
		case found:
			return s.emit(lead, n, 1, control)
		case n > limit:
			s.tooLong(lead, limit)
			lead = 0
		default:
			return s.emitCut(lead, n)
		}
	}
	return false
}

// more reads at least one byte behind s.w, or sets eof or err.
func (s *Scanner) more() bool {
	if s.late != nil && s.err == nil {
		s.err = s.late
	}
	if s.eof || s.err != nil {
		return false
	}
	if s.w == len(s.buf) {
		to := s.buf
		if s.r == 0 || s.w-s.r > len(s.buf)/2 {
			to = make([]byte, max(firstBuffer, 2*len(s.buf)))
		}
		copy(to, s.buf[s.r:s.w])
		s.buf = to
		s.base += int64(s.r)
		s.w -= s.r
		s.r = 0
	}
	for range 100 {
		n, err := s.src.Read(s.buf[s.w:])
		s.w += n
		switch {
		case err == io.EOF:
			s.eof = true
			return n > 0
		case n > 0:
			s.late = err
			return true
		case err != nil:
			s.err = err
			return false
		}
	}
	s.err = io.ErrNoProgress
	return false
}

// need makes n bytes available from s.r, if the input has them.
func (s *Scanner) need(n int) bool {
	for s.w-s.r < n {
		if !s.more() {
			return false
		}
	}
	return true
}

// skipTrivia returns the length of the lead once line ends (also where they are the
// terminator: a blank line is no segment), blanks and, between interchanges, byte
// order marks and control bytes are added to it. A lead longer than limit is
// reported and given up, so that blanks cannot fill the memory.
func (s *Scanner) skipTrivia(lead, limit int) int {
	for {
		for s.r+lead < s.w {
			if lead > limit {
				s.pass(lead)
				lead = 0
			}
			b := s.buf[s.r+lead]
			if b > ' ' && (s.open || b != 0xEF) {
				return lead
			}
			if b == 0xEF {
				if !s.need(lead+3) || !bytes.Equal(s.buf[s.r+lead:s.r+lead+3], []byte("\xEF\xBB\xBF")) {
					return lead
				}
				lead += 3
				continue
			}
			if s.open && b != '\r' && b != '\n' && b != ' ' && b != '\t' && b != 0x1A {
				return lead
			}
			lead++
		}
		if !s.need(lead + 1) {
			return lead
		}
	}
}

// pass gives up n bytes that belong to no segment, and says so.
func (s *Scanner) pass(n int) {
	err := ErrOutside
	if s.open {
		err = ErrSegmentTooLong
	}
	s.report(0, n, err, fmt.Sprintf("%d bytes before a segment skipped", n))
	s.consume(n)
}

// findISA looks for an ISA at lead. Outside an interchange it searches on and
// reports what it passes over; at is where it stopped, relative to s.r. Inside
// one only an ISA right here counts.
func (s *Scanner) findISA(lead, limit int) (at int, found bool) {
	s.need(lead + isaLength)
	b := s.buf[s.r+lead : s.w]
	told := false
	switch {
	case s.err != nil:
		return lead, false
	case isISA(b):
		d, wrong := parseDelims(b)
		if wrong == "" {
			if s.open {
				s.report(lead, 0, ErrUnclosed, "another ISA begins here")
			}
			s.delims = &d
			return lead, s.err == nil
		}
		told = true
		s.report(lead, isaLength, ErrDelimiters, wrong)
		s.open = false
	case s.open:
		return lead, false
	case looksLikeISA(b):
		told = true
		s.need(lead + isaLength + wrapRoom)
		b = s.buf[s.r+lead : min(s.w, s.r+lead+isaLength+wrapRoom)]
		if detail := wrappedISA(b); detail != "" {
			s.report(lead, len(b), ErrWrapped, detail)
		} else {
			s.report(lead, min(len(b), isaLength), ErrISA, isaFault(b))
		}
	}
	return s.search(lead, limit, told), false
}

// search passes over what stands from lead up to the next ISA of the fixed widths and
// says where that is, or the end of the input. It reports it, unless the fault was told
// that is why it cannot be read, or no ISA was found at all, which finish tells.
func (s *Scanner) search(lead, limit int, told bool) (at int) {
	s.blamed = s.blamed || told
	from := lead
	at = lead + 1
	found := false
	for stop := false; s.err == nil && !stop; {
		if !s.need(at + isaLength) {
			at, stop = s.w-s.r, true
		} else if i := bytes.Index(s.buf[s.r+at:s.w], isaID); i < 0 {
			at = s.w - s.r - len(isaID) + 1
		} else if at += i; s.w-(s.r+at) >= isaLength {
			if found = isISA(s.buf[s.r+at : s.w]); !found {
				at++
			}
			stop = found
		}
		for at > limit && s.err == nil { // a long stretch of something else is given up
			switch {
			case told:
				s.consume(limit)
			case from == limit:
				s.pass(limit)
			default:
				s.outside(from, limit-from)
				s.consume(limit)
			}
			from, at = 0, at-limit
		}
	}
	if s.err == nil && !told && (found || s.segs > 0) {
		s.outside(from, at-from)
	}
	return at
}

var isaID = []byte("ISA")

// usableISA is the first place from at where an ISA with separators that can be
// used begins, its id ending at to or before; -1 where there is none. Places count
// from s.r, and what is up to to is in the buffer.
func (s *Scanner) usableISA(at, to int) int {
	for ; at < to; at++ {
		i := bytes.Index(s.buf[s.r+at:s.r+to], isaID)
		if i < 0 {
			break
		}
		at += i
		if s.need(at+isaLength) && isISA(s.buf[s.r+at:s.w]) {
			if _, wrong := parseDelims(s.buf[s.r+at : s.w]); wrong == "" {
				return at
			}
		}
	}
	return -1
}

// outside reports n bytes of text that belong to no interchange, unless they are blank.
func (s *Scanner) outside(lead, n int) {
	if len(bytes.TrimSpace(s.buf[s.r+lead:s.r+lead+n])) > 0 {
		s.report(lead, n, ErrOutside, fmt.Sprintf("%d bytes skipped", n))
	}
}

// findTerminator indexes the segment at lead. Without a terminator n is what is
// left of the input, or limit+1. Where control is false, no byte of the segment is
// a control byte.
func (s *Scanner) findTerminator(lead, limit int) (n int, found, control bool) {
	ends := s.run.ends[:0]
	for {
		var low bool
		start := s.r + lead
		ends, n, found, low = index(s.buf[start:min(s.w, start+limit+1)], n, s.delims.Element, s.delims.Terminator, ends)
		control = control || low
		if found || n > limit || !s.more() {
			s.run.ends = ends
			return n, found && n <= limit, control
		}
		ends = ends[:len(ends)-1] // the end of what was read is the end of nothing
	}
}

// tooLong reports the segment at lead and drops it, up to its terminator.
func (s *Scanner) tooLong(lead, limit int) {
	s.segs++
	if s.set > 0 {
		s.set++
	}
	p := s.place(lead)
	p.Segment, p.SetSegment = s.segs, s.set
	s.fault(&SyntaxError{
		Pos: p, Span: Span{p.Offset, p.Offset + int64(limit)},
		Err: ErrSegmentTooLong, Detail: fmt.Sprintf("more than %d bytes", limit),
	})
	at := lead + max(limit-len(isaID)+1, 1)
	for s.err == nil && s.r < s.w {
		stop := s.w - s.r
		end := bytes.IndexByte(s.buf[s.r+at:s.w], s.delims.Terminator)
		if end >= 0 {
			stop = at + end
		}
		if isa := s.usableISA(at, stop); isa >= 0 {
			s.consume(isa)
			return
		}
		if end >= 0 {
			s.consume(stop + 1)
			return
		}
		n := max(at, stop-len(isaID)+1) // what is left may be the start of an ISA
		s.consume(n)
		if s.w-s.r == stop-n && !s.more() {
			s.consume(stop - n)
		}
		at = 0
	}
}

// emitISA emits the ISA at lead, whose separators are known.
func (s *Scanner) emitISA(lead int) bool {
	start := s.r + lead
	copy(s.isa13[:], s.buf[start+90:])
	s.looked = false
	s.run.ends, _, _, _ = index(s.buf[start:start+isaLength], 0, s.delims.Element, s.delims.Terminator, s.run.ends[:0])
	return s.emit(lead, isaLength-1, 1, true)
}

// emitCut emits the n bytes behind lead as a segment that has lost its terminator.
// What looks like the lead of something else at their end is left for it.
func (s *Scanner) emitCut(lead, n int) bool {
	text := s.buf[s.r+lead : s.r+lead+n]
	if t := trimTrivia(text); len(t) > 0 {
		text = t
	}
	s.run.ends, n, _, _ = index(text, 0, s.delims.Element, s.delims.Terminator, s.run.ends[:0])
	return s.emit(lead, n, 0, true)
}

var byteOrderMark = []byte("\xEF\xBB\xBF")

func trimTrivia(b []byte) []byte {
	for {
		n := len(b)
		b = bytes.TrimSuffix(bytes.TrimRight(b, " \t\r\n\x1A"), byteOrderMark)
		if len(b) == n {
			return b
		}
	}
}

// emit makes the n bytes behind lead and a terminator of the given length (1, or 0
// for none) the run, and consumes them. Where control is false, the n bytes hold no
// line end.
func (s *Scanner) emit(lead, n, terminator int, control bool) bool {
	start := s.r + lead
	end := start + n + terminator
	s.run.base, s.run.delims, s.run.data = s.offset(), s.delims, s.buf[s.r:end]
	s.countLines(s.r, start)
	s.segs++
	if s.set > 0 {
		s.set++
	}
	tag := tagOf(s.buf[start:], s.run.ends[0])
	s.run.segs = append(s.run.segs[:0], blockSegment{
		start: uint32(lead), lead: uint32(lead), tag: tag,
		line: int32(s.line), col: int32(s.base+int64(start)-s.lineStart) + 1,
		ordinal: int32(s.segs), set: int32(s.set), terminator: uint32(terminator),
	})
	e := &s.run.segs[0]
	if control {
		s.countLines(start, start+n)
	}
	s.countLines(start+n, end)
	s.r = end
	switch tag {
	case tagISA, tagIEA, tagGS, tagGE:
		s.open = tag != tagIEA
		s.set, e.set = 0, 0
	case tagST:
		s.set, e.set = 1, 1
	case tagSE:
		s.set = 0
	}
	g := s.Segment()
	if terminator == 0 && !(tag == tagIEA && sameControl(g.Bytes(2), s.isa13[:])) {
		s.fault(&SyntaxError{Pos: g.pos, Span: g.Span(), Err: ErrUnterminated, Detail: "in " + g.idForMessage()})
	}
	if tag == tagISA && (n != isaLength-1 || !isISA(s.buf[start:s.w])) {
		s.fault(&SyntaxError{Pos: g.pos, Span: g.Span(), Err: ErrISA, Detail: "inside an interchange"})
	}
	if !validTag(tag) {
		s.fault(&SyntaxError{Pos: g.pos, Span: g.Span(), Err: ErrSegmentID, Detail: g.idFault()})
	}
	return s.err == nil
}

// sameControl reports whether an IEA02 is the control number in ISA13. An IEA that
// only lacks its terminator is whole.
func sameControl(a, b []byte) bool {
	return len(a) > 0 && bytes.Equal(bytes.TrimLeft(a, "0 "), bytes.TrimLeft(b, "0 "))
}

// finish ends the scan: what is left is trivia.
func (s *Scanner) finish(lead int) bool {
	s.done = true
	if s.err != nil {
		return false
	}
	s.tail = s.buf[s.r : s.r+lead]
	s.consume(lead)
	switch {
	case s.open:
		s.report(0, 0, ErrUnclosed, "input ends")
	case s.offset() == 0:
		s.report(0, 0, ErrEmpty, "")
	case s.segs == 0 && !s.blamed:
		s.report(0, 0, ErrNotX12, "")
	}
	return false
}

// consume gives up n bytes that belong to no segment.
func (s *Scanner) consume(n int) {
	s.countLines(s.r, s.r+n)
	s.r += n
}

// countLines moves the line count from buf[from] to buf[to].
func (s *Scanner) countLines(from, to int) {
	b := s.buf[from:to]
	if i := bytes.LastIndexByte(b, '\n'); i >= 0 {
		s.line += bytes.Count(b, []byte{'\n'})
		s.lineStart = s.base + int64(from+i) + 1
	}
}

// place is the place of the byte lead bytes behind s.r.
func (s *Scanner) place(lead int) Pos {
	p := Pos{Offset: s.offset() + int64(lead), Line: s.line}
	start := s.lineStart
	b := s.buf[s.r : s.r+lead]
	if i := bytes.LastIndexByte(b, '\n'); i >= 0 {
		p.Line += bytes.Count(b, []byte{'\n'})
		start = s.offset() + int64(i) + 1
	}
	p.Column = int(p.Offset-start) + 1
	return p
}

// report tells of n bytes at lead bytes behind s.r.
func (s *Scanner) report(lead, n int, err error, detail string) {
	p := s.place(lead)
	s.fault(&SyntaxError{Pos: p, Span: Span{p.Offset, p.Offset + int64(n)}, Err: err, Detail: detail})
}

func (s *Scanner) fault(e *SyntaxError) {
	switch {
	case s.OnError != nil:
		s.OnError(e)
	case s.err == nil:
		s.err = e
	}
}

const (
	ones   = 0x0101010101010101
	sevens = 0x7f7f7f7f7f7f7f7f
)

// index appends to ends the end of every element of the segment that b begins
// with, the last one being the terminator's place, n. Without a terminator in b,
// ok is false and the end of b is the last end. The first from bytes are indexed
// already. Where control is false, no byte that was looked at is a control byte.
//
// Eight bytes are compared at a time: a zero byte of word XOR separator is a hit.
func index(b []byte, from int, element, terminator byte, ends []uint32) (_ []uint32, n int, ok, control bool) {
	em, tm := uint64(element)*ones, uint64(terminator)*ones
	i := from
	var low uint64
	for ; i+8 <= len(b); i += 8 {
		w := binary.LittleEndian.Uint64(b[i:])
		x, y := w^em, w^tm
		hits := ^(((x & sevens) + sevens) | x | sevens)
		stop := ^(((y & sevens) + sevens) | y | sevens)
		under := (w - ' '*ones) &^ w
		if stop != 0 {
			before := stop&-stop - 1
			hits &= before
			under &= before
		}
		low |= under
		for hits != 0 {
			ends = append(ends, uint32(i+bits.TrailingZeros64(hits)>>3))
			hits &= hits - 1
		}
		if stop != 0 {
			n = i + bits.TrailingZeros64(stop)>>3
			return append(ends, uint32(n)), n, true, low&^sevens != 0
		}
	}
	control = low&^sevens != 0
	for ; i < len(b); i++ {
		switch c := b[i]; {
		case c == element:
			ends = append(ends, uint32(i))
		case c == terminator:
			return append(ends, uint32(i)), i, true, control
		}
		control = control || b[i] < ' '
	}
	return append(ends, uint32(i)), i, false, control
}
