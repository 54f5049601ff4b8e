package ack

import (
	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/edi/guide"
)

// IsaLength is the number of bytes of an ISA with its terminator.
const IsaLength = 106

// isaFields are where in an ISA its elements stand: the segment has fixed widths.
var isaFields = [17]struct{ from, to int }{
	5: {32, 34}, 6: {35, 50}, 7: {51, 53}, 8: {54, 69}, 9: {70, 76}, 10: {77, 81}, 12: {84, 89}, 13: {90, 99}, 14: {100, 101}, 15: {102, 103},
}

// answerDelims are the separators of an answer to an ISA whose own cannot be used.
var answerDelims = edi.Delims{Element: '*', Repetition: '^', Component: ':', Terminator: '~'}

// Unusable rejects an interchange whose ISA has the fixed widths, but separators that
// cannot be used: nothing behind it could be read. isa is its IsaLength bytes. It is
// called between interchanges, or at the end.
func (r *Responder) Unusable(isa []byte, pos edi.Pos) {
	if len(isa) < IsaLength {
		return
	}
	field := func(n int) string { return string(isa[isaFields[n].from:isaFields[n].to]) }
	in := &guide.Interchange{
		Sender: [2]string{field(5), field(6)}, Receiver: [2]string{field(7), field(8)}, Date: field(9), Time: field(10),
		Version: field(12), Control: field(13), Acknowledge: field(14), Usage: field(15), Delims: answerDelims, Pos: pos,
	}
	r.begin(in)
	r.notes = []string{unusable(isa)}
	r.total.Faults++
	r.end(in)
}

// unusable is TA105 for the first separator that is none: letters, digits, blanks and
// NULs, and one that stands for two things.
func unusable(isa []byte) string {
	element, component, terminator := isa[3], isa[104], isa[105]
	bad := func(c byte) bool {
		return c == 0 || c == ' ' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
	}
	switch {
	case bad(element):
		return "026"
	case bad(component) || component == element:
		return "027"
	case bad(terminator) || terminator == element || terminator == component:
		return "004"
	case isa[82] == element || isa[82] == component || isa[82] == terminator:
		return "016" // ISA11
	}
	return "026" // it stands inside an element
}
