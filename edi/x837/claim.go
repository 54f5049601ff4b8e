package x837

import "github.com/gaitkeeper/gaitkeeper/edi"

// Level is a run of segments, each with its loop.
type Level struct {
	edi.Block
	loops []Loop
	uses  int // of a billing level: by the reader and claims
}

// Reset empties the level and keeps its memory.
func (l *Level) Reset() {
	l.Block.Reset()
	l.loops = l.loops[:0]
}

func (l *Level) add(s *edi.Segment, loop Loop) bool {
	if !l.Append(s) {
		return false
	}
	l.loops = append(l.loops, loop)
	return true
}

func (l *Level) copyFrom(o *Level) {
	l.CopyFrom(&o.Block)
	l.loops = append(l.loops[:0], o.loops...)
}

// Loop is the loop of segment i.
func (l *Level) Loop(i int) Loop { return l.loops[i] }

// Find is the index of the first segment of the loop with this id whose element 1
// is the qualifier ("" for any); -1 where there is none.
func (l *Level) Find(loop Loop, tag edi.Tag, qualifier string) int {
	for i, at := range l.loops {
		if at == loop && l.Tag(i) == tag && (qualifier == "" || string(l.Element(i, 1)) == qualifier) {
			return i
		}
	}
	return -1
}

// Envelope is the header of an interchange, group or set.
type Envelope struct {
	Level          // the segments: ISA; GS; or ST and BHT with loops 1000A and 1000B
	Control string // ISA13, GS06 or ST02, without blanks around it
	Parent  *Envelope
}

// Claim is one claim: the 2300 loop with everything in it, and the levels it
// hangs from. Its memory is used again by the next Reader.Next with it.
type Claim struct {
	Level      // CLM to the last segment of the last line
	Set        *Envelope
	Billing    *Level // 2000A: shared by the claims of a billing provider, and valid while one of them is; never nil, may be empty
	Subscriber Level  // 2000B
	Patient    Level  // 2000C; empty where the patient is the subscriber
	Lines      []Line
	Ordinal    int // claims of the input before this one

	// Fault is set where the claim is not whole, or not all that it hangs from:
	// input was cut or given up in it or before it.
	Fault *edi.SyntaxError
}

// Line is one service line: the 2400 loop. The fields are segment numbers in the
// claim; -1 where the line has no such segment.
type Line struct {
	First, End int // its segments: First up to, not including, End
	SV1        int // SV1
	Date       int // DTP*472
	Control    int // REF*6R
}

func (c *Claim) reset() {
	c.Level.Reset()
	c.Subscriber.Reset()
	c.Patient.Reset()
	c.Lines = c.Lines[:0]
	c.Set, c.Fault = nil, nil
}

// ID is CLM01, the claim control number.
func (c *Claim) ID() []byte { return c.Element(0, 1) }

// PatientLevel is the level that describes the patient: 2000C, or 2000B where the
// patient is the subscriber.
func (c *Claim) PatientLevel() *Level {
	if c.Patient.Len() > 0 {
		return &c.Patient
	}
	return &c.Subscriber
}

// FindIn is Find in line l.
func (c *Claim) FindIn(l *Line, loop Loop, tag edi.Tag, qualifier string) int {
	for i := l.First; i < l.End; i++ {
		if c.loops[i] == loop && c.Tag(i) == tag && (qualifier == "" || string(c.Element(i, 1)) == qualifier) {
			return i
		}
	}
	return -1
}

// index finds the lines again.
func (c *Claim) index() {
	c.Lines = c.Lines[:0]
	for i, loop := range c.loops {
		tag := c.Tag(i)
		if tag == tagLX && loop == Loop2400 {
			c.Lines = append(c.Lines, Line{First: i, End: len(c.loops), SV1: -1, Date: -1, Control: -1})
			if n := len(c.Lines); n > 1 {
				c.Lines[n-2].End = i
			}
			continue
		}
		if len(c.Lines) == 0 || !loop.inLine() {
			continue
		}
		l := &c.Lines[len(c.Lines)-1]
		switch tag {
		case tagSV1:
			if l.SV1 < 0 {
				l.SV1 = i
			}
		case tagDTP:
			if l.Date < 0 && string(c.Element(i, 1)) == "472" {
				l.Date = i
			}
		case tagREF:
			if l.Control < 0 && string(c.Element(i, 1)) == "6R" {
				l.Control = i
			}
		}
	}
}

// Patched is the claim as it is once p was applied to its 2300 loop. The levels
// above are shared with c.
func (c *Claim) Patched(p edi.Patch) (*Claim, error) {
	b, err := c.Block.Patched(p)
	if err != nil {
		return nil, err
	}
	out := &Claim{Set: c.Set, Billing: c.Billing, Subscriber: c.Subscriber, Patient: c.Patient, Ordinal: c.Ordinal, Fault: c.Fault}
	out.Block = *b
	w := Walker{loop: Loop2000B}
	for i := range out.Len() {
		s := out.Segment(i)
		loop, _ := w.Step(&s)
		out.loops = append(out.loops, loop)
	}
	out.index()
	return out, nil
}
