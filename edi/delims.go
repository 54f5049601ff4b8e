package edi

import (
	"bytes"
	"fmt"
)

// Delims are the four separators of one interchange, as its ISA states them.
type Delims struct {
	Element    byte // ISA byte 3, between elements
	Repetition byte // ISA11, between repetitions; 0 where ISA11 is no separator (before version 00402, or a letter)
	Component  byte // ISA16, between components of a composite
	Terminator byte // the byte after ISA16, at the end of every segment
}

// Has reports whether b is one of the separators.
func (d Delims) Has(b byte) bool {
	return b == d.Element || b == d.Component || b == d.Terminator ||
		(d.Repetition != 0 && b == d.Repetition)
}

// isaLength is the number of bytes of an ISA with its terminator.
const isaLength = 106

// isaSeparators are the offsets in an ISA at which the element separator stands:
// the segment has fixed widths, which tells it from data that begins with "ISA".
var isaSeparators = [16]int{3, 6, 17, 20, 31, 34, 50, 53, 69, 76, 81, 83, 89, 99, 101, 103}

// isISA reports whether b begins with an ISA of the fixed widths.
func isISA(b []byte) bool {
	if len(b) < isaLength || !looksLikeISA(b) {
		return false
	}
	for _, at := range isaSeparators {
		if b[at] != b[3] {
			return false
		}
	}
	return true
}

// looksLikeISA reports whether b begins with the id ISA and something that could
// be an element separator; the rest may be cut short or of wrong widths.
func looksLikeISA(b []byte) bool {
	return len(b) >= 4 && b[0] == 'I' && b[1] == 'S' && b[2] == 'A' &&
		!isAlphanumeric(b[3]) && b[3] != ' ' && b[3] != '\r' && b[3] != '\n'
}

// parseDelims reads the separators of an ISA that isISA accepted. The text says
// what is wrong with them; it is empty when they can be used.
func parseDelims(isa []byte) (Delims, string) {
	isa = isa[:isaLength]
	d := Delims{Element: isa[3], Repetition: isa[82], Component: isa[104], Terminator: isa[105]}
	if isAlphanumeric(d.Repetition) || d.Repetition == ' ' {
		d.Repetition = 0
	}
	named := []struct {
		name string
		b    byte
	}{{"element", d.Element}, {"repetition", d.Repetition}, {"component", d.Component}, {"terminator", d.Terminator}}
	for i, a := range named {
		if a.b == 0 {
			if a.name == "repetition" {
				continue
			}
			return d, a.name + " separator is a NUL byte"
		}
		if isAlphanumeric(a.b) || a.b == ' ' {
			return d, fmt.Sprintf("%s separator is %q, a letter, digit or blank", a.name, a.b)
		}
		for _, b := range named[i+1:] {
			if a.b == b.b {
				return d, fmt.Sprintf("%s and %s separators are both %q", a.name, b.name, a.b)
			}
		}
	}
	switch {
	case bytes.IndexByte(isa, d.Terminator) < isaLength-1:
		return d, fmt.Sprintf("terminator %q stands inside the ISA", d.Terminator)
	case bytes.Count(isa, []byte{d.Element}) != len(isaSeparators):
		return d, fmt.Sprintf("element separator %q stands inside an element of the ISA", d.Element)
	}
	return d, ""
}

func isAlphanumeric(b byte) bool {
	return b >= '0' && b <= '9' || b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z'
}
