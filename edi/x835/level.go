package x835

import "github.com/gaitkeeper/gaitkeeper/edi"

// Level is a run of segments, each with its loop.
type Level struct {
	edi.Block
	// Odd lists what could not be read as what the guide puts there. The value of
	// such an element counts as 0.
	Odd   []Oddity
	loops []Loop
}

// Reset empties the level and keeps its memory.
func (l *Level) Reset() {
	l.Block.Reset()
	l.Odd, l.loops = l.Odd[:0], l.loops[:0]
}

// Loop is the loop of segment i.
func (l *Level) Loop(i int) Loop { return l.loops[i] }

// Pos is the place of segment i.
func (l *Level) Pos(i int) edi.Pos {
	s := l.Segment(i)
	return s.Pos()
}

// Text is element n of segment i without blanks around it.
func (l *Level) Text(i, n int) []byte { return trim(l.Element(i, n)) }

func (l *Level) add(s *edi.Segment, loop Loop) bool {
	if !l.Append(s) {
		return false
	}
	l.loops = append(l.loops, loop)
	return true
}

func (l *Level) copyFrom(o *Level) {
	l.CopyFrom(&o.Block)
	l.Odd = append(l.Odd[:0], o.Odd...)
	l.loops = append(l.loops[:0], o.loops...)
}

// Envelope is the header of an interchange, group or set.
type Envelope struct {
	Level          // the segments: ISA; GS; or ST and what precedes the payer
	Control string // ISA13, GS06 or ST02, without blanks around it
	Parent  *Envelope
}
