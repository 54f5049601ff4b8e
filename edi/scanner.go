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

const firstBuffer = 256 << 10

// A Scanner splits X12 into segments.
//
// It reads the separators of each ISA, keeps what stands between segments, and
// goes on after a fault: OnError is told of it with its place. With no OnError
// the first fault ends the scan and is what Err returns.
//
// It holds one buffer, as large as the longest segment (at most MaxSegment) or
// 256 KiB, and allocates nothing else per segment.
type Scanner struct {
	// OnError is called for each fault, in the order of the input.
	OnError func(*SyntaxError)
	// MaxSegment is the longest segment, in bytes; 0 means DefaultMaxSegment.
	MaxSegment int

	src  io.Reader
	buf  []byte // buf[r:w] is not consumed yet
	r, w int
	base int64 // offset of buf[0] in the input
	eof  bool
	err  error

	seg    Segment
	delims *Delims
	open   bool // between ISA and IEA
	segs   int  // segments so far
	set    int  // segments since ST, 0 outside

	line      int   // line of the next byte to consume
	lineStart int64 // offset of its first byte
	lineEnd   int64 // the next LF known, or how far there is none
	tail      []byte
	done      bool
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
func (s *Scanner) Segment() *Segment { return &s.seg }

// Tail is what stands after the last segment, once Next has returned false.
func (s *Scanner) Tail() []byte { return s.tail }

// Offset is the number of bytes consumed so far.
func (s *Scanner) Offset() int64 { return s.base + int64(s.r) }

// Segments is the number of segments found so far.
func (s *Scanner) Segments() int { return s.segs }

// Next moves to the next segment. It returns false at the end or on an error.
func (s *Scanner) Next() bool {
	if s.done || s.err != nil {
		return false
	}
	limit := s.MaxSegment
	if limit <= 0 {
		limit = DefaultMaxSegment
	}
	lead := 0 // bytes from s.r that belong to the lead
	for s.err == nil {
		if lead > 0 || s.r >= s.w || !s.open || s.buf[s.r] <= ' ' {
			lead = s.skipTrivia(lead, limit)
			if s.r+lead >= s.w {
				return s.finish(lead)
			}
		}
		if b := s.buf[s.r+lead : s.w]; !s.open || b[0] == 'I' && (len(b) < 4 || looksLikeISA(b)) {
			at, isISA := s.findISA(lead)
			if isISA {
				s.seg.ends, _, _ = index(s.buf[s.r+at:s.r+at+isaLength], s.delims.Element, s.delims.Terminator, s.seg.ends[:0])
				return s.emit(at, isaLength-1, true, true)
			}
			if lead = at; !s.open || s.err != nil {
				continue
			}
		}
		n, found := s.findTerminator(lead, limit)
		switch {
		case s.err != nil:
			return false
		case found && n >= isaLength-1 && s.cutByISA(lead, n):
			lead = 0
		case found:
			return s.emit(lead, n, true, false)
		case n > limit:
			s.tooLong(lead, limit)
			lead = 0
		default: // the input ends here
			return s.emit(lead, n, false, false)
		}
	}
	return false
}

// more reads at least one byte behind s.w, or sets eof or err.
func (s *Scanner) more() bool {
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
		case err != nil:
			s.err = err
			return false
		case n > 0:
			return true
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

// skipTrivia returns the length of the lead once line ends, blanks and, between
// interchanges, byte order marks and control bytes are added to it. A lead longer
// than limit is given up, so that blanks cannot fill the memory.
func (s *Scanner) skipTrivia(lead, limit int) int {
	for {
		if lead > limit {
			s.consume(lead)
			lead = 0
		}
		for s.r+lead < s.w {
			b := s.buf[s.r+lead]
			if b > ' ' && (s.open || b != 0xEF) || s.open && b == s.delims.Terminator {
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

// findISA looks for an ISA at lead. Outside an interchange it searches on and
// reports what it passes over; at is where it stopped, relative to s.r. Inside
// one only an ISA right here counts.
func (s *Scanner) findISA(lead int) (at int, found bool) {
	s.need(lead + isaLength)
	b := s.buf[s.r+lead : s.w]
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
		s.report(lead, isaLength, ErrDelimiters, wrong)
		s.open = false
	case s.open:
		return lead, false
	case looksLikeISA(b):
		s.report(lead, min(len(b), isaLength), ErrISA, isaFault(b))
	}
	from := lead
	for at = lead + 1; s.err == nil; at++ {
		if !s.need(at + isaLength) {
			at = s.w - s.r
			s.outside(from, at-from)
			return at, false
		}
		i := bytes.Index(s.buf[s.r+at:s.w], []byte("ISA"))
		switch {
		case i < 0:
			at = s.w - s.r - 3
		case isISA(s.buf[s.r+at+i : s.w]):
			s.outside(from, at+i-from)
			return at + i, false
		case s.w-(s.r+at+i) < isaLength:
			at += i - 1 // look again with more of the input
		default:
			at += i
		}
		if at > DefaultMaxSegment { // a long stretch of something else is given up
			s.outside(from, at-from)
			s.consume(at)
			from, at = 0, 0
		}
	}
	return at, false
}

// outside reports text that belongs to no interchange.
func (s *Scanner) outside(lead, n int) {
	text := bytes.TrimSpace(s.buf[s.r+lead : s.r+lead+n])
	if len(text) == 0 || bytes.HasPrefix(text, []byte("ISA")) && len(text) <= isaLength {
		return // blank, or reported as an ISA already
	}
	s.report(lead, n, ErrOutside, fmt.Sprintf("%d bytes skipped", n))
}

// isaFault says where an ISA leaves the fixed widths.
func isaFault(b []byte) string {
	if end := bytes.IndexAny(b, "~\r\n"); end >= 0 && end < isaLength-1 || len(b) < isaLength {
		if end < 0 {
			end = len(b)
		}
		return fmt.Sprintf("%d bytes before its end, 105 needed", end)
	}
	for i, at := range isaSeparators {
		if b[at] != b[3] {
			return fmt.Sprintf("no separator at byte %d, before ISA%02d", at+1, i+1)
		}
	}
	return "letters or digits as separators"
}

// findTerminator indexes the segment at lead. Without a terminator n is what is
// left of the input, or more than limit.
func (s *Scanner) findTerminator(lead, limit int) (n int, found bool) {
	for {
		var ok bool
		s.seg.ends, n, ok = index(s.buf[s.r+lead:s.w], s.delims.Element, s.delims.Terminator, s.seg.ends[:0])
		if ok {
			return n, n <= limit
		}
		if n > limit || !s.more() {
			return n, false
		}
	}
}

// cutByISA reports whether the segment at lead swallowed the start of the next
// interchange: input that was cut and had another file put behind it. The cut
// part is then a segment of its own, so that the ISA is seen.
func (s *Scanner) cutByISA(lead, n int) bool {
	at := s.r + lead + n - (isaLength - 1)
	if at <= s.r+lead || s.buf[at] != 'I' || !isISA(s.buf[at:min(at+isaLength, s.w)]) {
		return false
	}
	s.report(lead, n-(isaLength-1), ErrUnterminated, "another ISA begins inside it")
	s.report(lead+n-(isaLength-1), 0, ErrUnclosed, "another ISA begins here")
	s.consume(lead + n - (isaLength - 1))
	s.open = false
	s.set = 0
	return s.err == nil
}

// tooLong reports the segment at lead and drops it, up to its terminator.
func (s *Scanner) tooLong(lead, limit int) {
	s.report(lead, limit, ErrSegmentTooLong, fmt.Sprintf("%d bytes", limit))
	s.segs++
	for s.err == nil {
		if i := bytes.IndexByte(s.buf[s.r+lead:s.w], s.delims.Terminator); i >= 0 {
			s.consume(lead + i + 1)
			return
		}
		s.consume(s.w - s.r)
		lead = 0
		if !s.more() {
			return
		}
	}
}

// emit makes the n bytes behind lead the current segment and consumes it.
func (s *Scanner) emit(lead, n int, terminated, isISA bool) bool {
	start := s.r + lead
	s.segs++
	g := &s.seg
	g.lead = s.buf[s.r:start]
	s.countLines(s.base + int64(start))
	g.raw = s.buf[start : start+n]
	g.delims = s.delims
	g.terminated = terminated
	id := g.tag()
	switch id {
	case tagISA:
		s.open, s.set = true, 0
	case tagIEA:
		s.open = false
	case tagST:
		s.set = 0
	case tagGE, tagGS:
		s.set = -1
	}
	if id != tagISA && id != tagIEA && s.set >= 0 && (s.set > 0 || id == tagST) {
		s.set++
	}
	// Field by field: a composite literal is built elsewhere and copied.
	g.pos.Offset = s.base + int64(start)
	g.pos.Line = s.line
	g.pos.Column = int(g.pos.Offset-s.lineStart) + 1
	g.pos.Segment = s.segs
	g.pos.SetSegment = max(s.set, 0)
	if id == tagSE || s.set < 0 {
		s.set = 0
	}
	end := start + n
	if terminated {
		end++
	}
	s.countLines(s.base + int64(end))
	s.r = end
	if !terminated && (id != tagIEA || g.Count() < 2) {
		s.fault(&SyntaxError{Pos: g.pos, Span: g.Span(), Err: ErrUnterminated, Detail: "in " + g.idForMessage()})
	}
	if id == tagISA && !isISA {
		s.fault(&SyntaxError{Pos: g.pos, Span: g.Span(), Err: ErrISA, Detail: "inside an interchange"})
	}
	if !validTag(id) {
		s.fault(&SyntaxError{Pos: g.pos, Span: g.Span(), Err: ErrSegmentID, Detail: g.idFault()})
	}
	return s.err == nil
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
	case s.Offset() == 0:
		s.report(0, 0, ErrEmpty, "")
	case s.segs == 0:
		s.report(0, 0, ErrNotX12, "")
	}
	return false
}

// consume gives up n bytes that belong to no segment.
func (s *Scanner) consume(n int) {
	s.r += n
	s.countLines(s.Offset())
}

// countLines moves the line count to the offset to, which the buffer still holds.
func (s *Scanner) countLines(to int64) {
	for s.lineEnd < to {
		at := int(s.lineEnd - s.base)
		if s.buf[at] == '\n' {
			s.line++
			s.lineStart = s.lineEnd + 1
			at++
		}
		if i := bytes.IndexByte(s.buf[at:s.w], '\n'); i >= 0 {
			s.lineEnd = s.base + int64(at+i)
		} else {
			s.lineEnd = s.base + int64(s.w)
		}
	}
}

// report tells of n bytes at lead bytes behind s.r.
func (s *Scanner) report(lead, n int, err error, detail string) {
	before := s.buf[s.r : s.r+lead]
	at := s.base + int64(s.r+lead)
	line, lineStart := s.line, s.lineStart
	if i := bytes.LastIndexByte(before, '\n'); i >= 0 {
		line += bytes.Count(before, []byte{'\n'})
		lineStart = s.base + int64(s.r+i) + 1
	}
	s.fault(&SyntaxError{
		Pos:  Pos{Offset: at, Line: line, Column: int(at-lineStart) + 1},
		Span: Span{at, at + int64(n)}, Err: err, Detail: detail,
	})
}

func (s *Scanner) fault(e *SyntaxError) {
	if s.OnError == nil {
		s.err = e
		return
	}
	s.OnError(e)
}

const (
	ones   = 0x0101010101010101
	sevens = 0x7f7f7f7f7f7f7f7f
)

// index appends to ends the end of every element of the segment that b begins
// with, the last one being the terminator's place, n. Without a terminator in b,
// ok is false and the end of b is the last end.
//
// Eight bytes are compared at a time: a zero byte of word XOR separator is a hit.
func index(b []byte, element, terminator byte, ends []uint32) (_ []uint32, n int, ok bool) {
	em, tm := uint64(element)*ones, uint64(terminator)*ones
	i := 0
	for ; i+8 <= len(b); i += 8 {
		w := binary.LittleEndian.Uint64(b[i:])
		x, y := w^em, w^tm
		hits := ^(((x & sevens) + sevens) | x | sevens)
		stop := ^(((y & sevens) + sevens) | y | sevens)
		if stop != 0 {
			hits &= stop&-stop - 1
		}
		for hits != 0 {
			ends = append(ends, uint32(i+bits.TrailingZeros64(hits)>>3))
			hits &= hits - 1
		}
		if stop != 0 {
			n = i + bits.TrailingZeros64(stop)>>3
			return append(ends, uint32(n)), n, true
		}
	}
	for ; i < len(b); i++ {
		switch b[i] {
		case element:
			ends = append(ends, uint32(i))
		case terminator:
			return append(ends, uint32(i)), i, true
		}
	}
	return append(ends, uint32(i)), i, false
}
