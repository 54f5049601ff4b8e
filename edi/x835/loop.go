package x835

import "github.com/gaitkeeper/gaitkeeper/edi"

// Loop names a loop of the 835 guide 005010X221A1.
type Loop uint8

// The loops. 1000 without a letter is a party that the guide does not know; PLB is
// what follows the claims: the provider adjustments.
const (
	LoopNone Loop = iota
	LoopISA
	LoopGS
	LoopST
	Loop1000A
	Loop1000B
	Loop1000
	Loop2000
	Loop2100
	Loop2110
	LoopPLB
)

var loopNames = [...]string{"", "ISA", "GS", "ST", "1000A", "1000B", "1000", "2000", "2100", "2110", "PLB"}

func (l Loop) String() string { return loopNames[l] }

// inSet reports whether the loop is that of a set or inside it.
func (l Loop) inSet() bool { return l >= LoopST }

// inHeader reports whether the loop is of the payment, before any claim.
func (l Loop) inHeader() bool { return l >= LoopST && l <= Loop1000 }

// inClaim reports whether the loop is 2100 or inside it.
func (l Loop) inClaim() bool { return l == Loop2100 || l == Loop2110 }

// Segment ids that the reader looks at.
const (
	tagISA = edi.Tag('I')<<16 | 'S'<<8 | 'A'
	tagIEA = edi.Tag('I')<<16 | 'E'<<8 | 'A'
	tagTA1 = edi.Tag('T')<<16 | 'A'<<8 | '1'
	tagGS  = edi.Tag('G')<<16 | 'S'<<8
	tagGE  = edi.Tag('G')<<16 | 'E'<<8
	tagST  = edi.Tag('S')<<16 | 'T'<<8
	tagSE  = edi.Tag('S')<<16 | 'E'<<8
	tagBPR = edi.Tag('B')<<16 | 'P'<<8 | 'R'
	tagTRN = edi.Tag('T')<<16 | 'R'<<8 | 'N'
	tagCUR = edi.Tag('C')<<16 | 'U'<<8 | 'R'
	tagN1  = edi.Tag('N')<<16 | '1'<<8
	tagPER = edi.Tag('P')<<16 | 'E'<<8 | 'R'
	tagLX  = edi.Tag('L')<<16 | 'X'<<8
	tagTS2 = edi.Tag('T')<<16 | 'S'<<8 | '2'
	tagTS3 = edi.Tag('T')<<16 | 'S'<<8 | '3'
	tagCLP = edi.Tag('C')<<16 | 'L'<<8 | 'P'
	tagCAS = edi.Tag('C')<<16 | 'A'<<8 | 'S'
	tagNM1 = edi.Tag('N')<<16 | 'M'<<8 | '1'
	tagMIA = edi.Tag('M')<<16 | 'I'<<8 | 'A'
	tagMOA = edi.Tag('M')<<16 | 'O'<<8 | 'A'
	tagREF = edi.Tag('R')<<16 | 'E'<<8 | 'F'
	tagDTM = edi.Tag('D')<<16 | 'T'<<8 | 'M'
	tagAMT = edi.Tag('A')<<16 | 'M'<<8 | 'T'
	tagQTY = edi.Tag('Q')<<16 | 'T'<<8 | 'Y'
	tagSVC = edi.Tag('S')<<16 | 'V'<<8 | 'C'
	tagLQ  = edi.Tag('L')<<16 | 'Q'<<8
	tagPLB = edi.Tag('P')<<16 | 'L'<<8 | 'B'
)

// Walker follows the loops of an 835 from segment to segment. A segment that opens
// no loop belongs to the loop before it, known or not.
//
// Payers that leave out LX, or put it and the names of payer and payee between the
// claims once more, are followed too: each of them ends the claim before it.
type Walker struct {
	loop Loop
}

// Loop is the loop of the last segment.
func (w *Walker) Loop() Loop { return w.loop }

// Step takes the next segment and returns its loop; opened is true where the
// segment begins a loop.
func (w *Walker) Step(s *edi.Segment) (loop Loop, opened bool) {
	next := LoopNone
	switch s.Tag() {
	case tagISA:
		next = LoopISA
	case tagGS:
		next = LoopGS
	case tagST:
		next = LoopST
	case tagN1:
		next = w.party(s)
	case tagLX:
		next = Loop2000
	case tagTS2, tagTS3:
		if w.loop != Loop2000 {
			next = Loop2000
		}
	case tagCLP:
		next = Loop2100
	case tagSVC:
		if w.loop.inClaim() {
			next = Loop2110
		}
	case tagPLB:
		if w.loop != LoopPLB {
			next = LoopPLB
		}
	case tagSE: // the trailers stand in the loop of their header
		w.loop = LoopST
	case tagGE:
		w.loop = LoopGS
	case tagIEA:
		w.loop = LoopISA
	case tagTA1:
		if !w.loop.inSet() {
			w.loop = LoopISA
		}
	}
	if next == LoopNone {
		return w.loop, false
	}
	w.loop = next
	return next, true
}

// party is the loop that an N1 opens: payer and payee anywhere, others before the
// claims only.
func (w *Walker) party(s *edi.Segment) Loop {
	switch string(trim(s.Bytes(1))) {
	case "PR":
		return Loop1000A
	case "PE":
		return Loop1000B
	}
	if w.loop.inHeader() {
		return Loop1000
	}
	return LoopNone
}
