package render

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"

	"github.com/gaitkeeper/gaitkeeper/cmd/internal/term"
	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/edi/x835"
	"github.com/gaitkeeper/gaitkeeper/edi/x837"
)

// SegmentFormats are the names that NewSegments knows.
var SegmentFormats = []string{"text", "json"}

// Segments writes segments as they stand in a file.
type Segments interface {
	// File begins a file.
	File(name string)
	// Segment writes a segment and where it belongs.
	Segment(s *edi.Segment, at Place) error
	Close() error
}

// NewSegments is a writer of segments; nil where the format is unknown.
func NewSegments(format string, w io.Writer, style term.Style, showPHI bool) Segments {
	base := segments{w: bufio.NewWriterSize(w, 64<<10), style: style, showPHI: showPHI}
	switch format {
	case "text":
		return &segmentText{segments: base}
	case "json":
		return &segmentJSON{segments: base}
	}
	return nil
}

type segments struct {
	w       *bufio.Writer
	style   term.Style
	showPHI bool
	file    string
	raw     []byte // of the segment, masked
}

func (o *segments) Close() error { return o.w.Flush() }

// read is the text of a segment as it may be shown.
func (o *segments) read(s *edi.Segment) []byte {
	if o.showPHI {
		return s.Raw()
	}
	o.raw = AppendMasked(o.raw[:0], s.Raw(), s.Delims())
	return o.raw
}

// Place is where a segment belongs; empty where the guide of its set is not known.
type Place struct {
	Loop  string
	Depth int
	Name  string // what the segment is there
}

// ClaimPlace is the place of a segment of an 837P.
func ClaimPlace(s *edi.Segment, loop x837.Loop) Place {
	if loop == x837.LoopNone {
		return Place{}
	}
	return Place{loop.String(), loop.Depth(), x837.SegmentName(loop, s.Tag(), qualifier(s))}
}

// RemitPlace is the place of a segment of an 835.
func RemitPlace(s *edi.Segment, loop x835.Loop) Place {
	return Place{loop.String(), loop.Depth(), x835.SegmentName(s.Tag(), qualifier(s))}
}

// qualifier is the first component of element 1.
func qualifier(s *edi.Segment) string {
	q := s.Bytes(1)
	if i := bytes.IndexByte(q, s.Delims().Component); i >= 0 {
		q = q[:i]
	}
	return string(q)
}

// segmentText is one line a segment: where it is, what it is, and its text.
type segmentText struct {
	segments
	files int
	begun bool // the header of the file is written
	line  []byte
}

const (
	offsetWidth  = 10
	numberWidth  = 7
	loopWidth    = 6
	nameWidth    = 46 // with the indent
	indentPerHop = 2
)

func (o *segmentText) File(name string) { o.file, o.begun = name, false }

// begin writes the header of a file, once it has a segment. An error stays in the
// writer.
func (o *segmentText) begin() {
	o.begun = true
	if o.files++; o.files > 1 {
		o.w.WriteByte('\n')
	}
	o.w.WriteString(o.style.Bold(o.file) + "\n")
	head := fmt.Sprintf("%*s %*s %*s  %-*s  %-*s text", offsetWidth, "offset", numberWidth, "segment", numberWidth, "in set", loopWidth, "loop", nameWidth, "what")
	o.w.WriteString(o.style.Dim(head) + "\n")
}

func (o *segmentText) Segment(s *edi.Segment, place Place) error {
	if !o.begun {
		o.begin()
	}
	at := s.Pos()
	line := padInt(o.line[:0], at.Offset, offsetWidth)
	line = padInt(append(line, ' '), int64(at.Segment), numberWidth)
	line = padInt(append(line, ' '), int64(at.SetSegment), numberWidth)
	line = pad(append(line, ' ', ' '), place.Loop, loopWidth)
	line = append(line, ' ', ' ')
	o.dim(line)
	dimmed := len(line)
	indent := indentPerHop * place.Depth
	line = pad(line, "", indent)
	line = pad(line, place.Name, nameWidth-indent)
	o.line = append(line, ' ')
	o.w.Write(o.line[dimmed:])

	text := o.read(s)
	if o.style {
		id := min(len(text), len(s.ID()))
		o.w.WriteString(o.style.Bold(printable(text[:id])))
		text = text[id:]
	}
	if plain(text) {
		o.w.Write(text)
	} else {
		o.w.WriteString(printable(text))
	}
	return o.w.WriteByte('\n')
}

func (o *segmentText) dim(b []byte) {
	if o.style {
		o.w.WriteString(o.style.Dim(string(b)))
		return
	}
	o.w.Write(b)
}

// plain reports whether b is printable ASCII.
func plain(b []byte) bool {
	for _, c := range b {
		if c < ' ' || c >= 0x7F {
			return false
		}
	}
	return true
}

const blanks = "                                                "

// pad appends s and blanks up to a width.
func pad(dst []byte, s string, width int) []byte {
	dst = append(dst, s...)
	return append(dst, blanks[:max(0, min(width-utf8.RuneCountInString(s), len(blanks)))]...)
}

// padInt appends n aligned to the right; nothing for 0 but the blanks, except in
// the first column.
func padInt(dst []byte, n int64, width int) []byte {
	var b [20]byte
	digits := b[:0]
	if n > 0 || len(dst) == 0 {
		digits = strconv.AppendInt(digits, n, 10)
	}
	dst = append(dst, blanks[:max(0, width-len(digits))]...)
	return append(dst, digits...)
}

// segmentJSON is one object a segment and line.
type segmentJSON struct {
	segments
	out     Segment
	strings []string
	enc     *json.Encoder
}

// Segment is a segment as it goes over the wire, schema gaitkeeper/1.
type Segment struct {
	Type       string     `json:"type"`
	File       string     `json:"file"`
	Offset     int64      `json:"offset"`
	End        int64      `json:"end"`
	Line       int        `json:"line"`
	Column     int        `json:"column"`
	Segment    int        `json:"segment"`
	SetSegment int        `json:"set_segment"`
	Loop       string     `json:"loop"`
	Tag        string     `json:"tag"`
	Name       string     `json:"name"`
	Elements   [][]string `json:"elements"`           // each split into its components
	Repeated   []Repeated `json:"repeated,omitempty"` // what an element repeats
}

// Repeated is the second or a later repetition of an element.
type Repeated struct {
	Element    int      `json:"element"`
	Components []string `json:"components"`
}

func (o *segmentJSON) File(name string) {
	o.out.Type, o.out.File = "segment", text([]byte(name))
	if o.enc == nil {
		o.enc = json.NewEncoder(o.w)
		o.enc.SetEscapeHTML(false)
	}
}

func (o *segmentJSON) Segment(s *edi.Segment, place Place) error {
	at, span, raw, delims := s.Pos(), s.Span(), o.read(s), s.Delims()
	out := &o.out
	out.Offset, out.End, out.Line, out.Column, out.Segment, out.SetSegment = span.Start, span.End, at.Line, at.Column, at.Segment, at.SetSegment
	out.Loop, out.Name = place.Loop, place.Name
	out.Elements, out.Repeated, o.strings = out.Elements[:0], out.Repeated[:0], o.strings[:0]
	if string(s.ID()) == "ISA" { // its separators are data
		delims.Component, delims.Repetition = 0, 0
	}
	n := -1
	for value := range bytes.SplitSeq(raw, []byte{delims.Element}) {
		if n++; n == 0 {
			out.Tag = text(value)
			continue
		}
		first, rest, repeats := value, []byte(nil), false
		if delims.Repetition != 0 {
			first, rest, repeats = bytes.Cut(value, []byte{delims.Repetition})
		}
		out.Elements = append(out.Elements, o.components(first, delims.Component))
		for repeats {
			first, rest, repeats = bytes.Cut(rest, []byte{delims.Repetition})
			out.Repeated = append(out.Repeated, Repeated{n, o.components(first, delims.Component)})
		}
	}
	return o.enc.Encode(out)
}

// components splits a value; the slices share one array.
func (o *segmentJSON) components(value []byte, separator byte) []string {
	from := len(o.strings)
	if separator == 0 {
		o.strings = append(o.strings, text(value))
	} else {
		for part := range bytes.SplitSeq(value, []byte{separator}) {
			o.strings = append(o.strings, text(part))
		}
	}
	return o.strings[from:len(o.strings):len(o.strings)]
}
