package edi

import (
	"bytes"
	"fmt"
)

// Some systems send records of one width and put a line end behind each, wherever that
// falls. Such a file is told of once: what stands on its lines are no segments.

const (
	leastWidth = 20       // of a line that is wrapped
	mostWidth  = 64 << 10 // records of a mainframe have 32760 bytes at most
	wrapRoom   = 16       // for the line ends in a wrapped ISA
)

// wrapFault says what is wrong with a wrapped input, and what to do.
func wrapFault(width int) string {
	return fmt.Sprintf("every %d bytes; remove the line ends first, as by tr -d '\\r\\n'", width)
}

// wrapWidth is the width of the lines where the segment of n bytes at lead has a line
// end inside and two more lines of that width follow, at least one of which does not end
// with a segment. Otherwise it is 0, and nothing is looked at again.
func (s *Scanner) wrapWidth(lead, n int) int {
	i := bytes.IndexByte(s.buf[s.r+lead:s.r+lead+n], '\n')
	if i < 0 {
		return 0
	}
	s.looked = true
	end := lead + i // of the line, from s.r
	width := s.place(lead).Column - 1 + i
	ending := []byte{'\n'}
	if i > 0 && s.buf[s.r+end-1] == '\r' {
		ending = []byte{'\r', '\n'}
		width--
	}
	if width < leastWidth || width > mostWidth {
		return 0
	}
	size := width + len(ending)
	if !s.need(end + 1 + 2*size) {
		return 0
	}
	broken := false
	for next := s.buf[s.r+end+1:][:2*size]; len(next) > 0; next = next[size:] {
		if line := next[:width]; !bytes.Equal(next[width:size], ending) || bytes.IndexByte(line, '\n') >= 0 {
			return 0
		} else if line[width-1] != s.delims.Terminator {
			broken = true
		}
	}
	if !broken {
		return 0
	}
	return width
}

// wrappedISA says what is wrong with an ISA that has the fixed widths once its line ends
// are left out; "" where that is not so.
func wrappedISA(b []byte) string {
	bare := bytes.ReplaceAll(bytes.ReplaceAll(b, []byte{'\r'}, nil), []byte{'\n'}, nil)
	if !isISA(bare) {
		return ""
	}
	if _, wrong := parseDelims(bare); wrong != "" {
		return ""
	}
	return wrapFault(bytes.IndexAny(b, "\r\n"))
}

// isaFault says where an ISA leaves the fixed widths first.
func isaFault(b []byte) string {
	b = b[:min(len(b), isaLength)]
	rest := b[4:]
	for i, from := range isaSeparators[:15] {
		width := isaSeparators[i+1] - from - 1
		n, end := bytes.IndexByte(rest, b[3]), bytes.IndexAny(rest, "~\r\n")
		switch {
		case end >= 0 && (n < 0 || end < n):
			return fmt.Sprintf("it ends with ISA%02d, 16 elements needed", i+1)
		case n < 0 && len(b) < isaLength:
			return fmt.Sprintf("the input ends in ISA%02d", i+1)
		case n < 0:
			return fmt.Sprintf("ISA%02d has %d characters or more, %d needed", i+1, len(rest), width)
		case n == 1 && n != width:
			return fmt.Sprintf("ISA%02d has 1 character, %d needed", i+1, width)
		case n != width:
			return fmt.Sprintf("ISA%02d has %d characters, %d needed", i+1, n, width)
		}
		rest = rest[n+1:]
	}
	return "the input ends in ISA16"
}
