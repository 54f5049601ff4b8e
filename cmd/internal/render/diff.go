package render

import (
	"bufio"
	"fmt"
	"io"

	"github.com/gaitkeeper/gaitkeeper/cmd/internal/term"
	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/scrub"
)

// Diff writes changes as a unified diff would, one segment a line whatever the
// line ends of the file, from the edits themselves.
type Diff struct {
	w       *bufio.Writer
	style   term.Style
	showPHI bool
	file    string
}

// NewDiff returns a Diff on w.
func NewDiff(w io.Writer, style term.Style, showPHI bool) *Diff {
	return &Diff{w: bufio.NewWriterSize(w, 64<<10), style: style, showPHI: showPHI}
}

// Result writes the changes of a result, if it has any.
func (d *Diff) Result(res *scrub.Result) error {
	if d.file != res.File {
		d.file = res.File
		fmt.Fprintf(d.w, "--- %s\n+++ %s\n", res.File, res.File)
	}
	block := &edi.Block{}
	name := ""
	switch {
	case res.Claim != nil:
		block = &res.Claim.Block
		name = " claim " + text(res.Claim.ID())
	case res.Event == nil:
		return d.findings(res)
	case res.Event.Trailer != nil:
		block = &res.Event.Trailer.Block
	}
	for i := range block.Len() {
		s := block.Segment(i)
		edits := touching(res.Edits, s.Extent())
		if len(edits) == 0 {
			continue
		}
		after, err := edi.Patch(edits).ApplyBytes(nil, s.Raw(), s.Pos().Offset)
		if err != nil {
			return err
		}
		fmt.Fprintf(d.w, "%s\n", d.style.Blue(fmt.Sprintf("@@ segment %d @@%s", s.Pos().Segment, name)))
		if i > 0 {
			before := block.Segment(i - 1)
			d.line(" ", before.Raw(), s.Delims())
		}
		fmt.Fprint(d.w, d.style.Red(d.show("-", s.Raw(), s.Delims())))
		fmt.Fprint(d.w, d.style.Green(d.show("+", after, s.Delims())))
		if i+1 < block.Len() {
			next := block.Segment(i + 1)
			d.line(" ", next.Raw(), s.Delims())
		}
	}
	return nil
}

// findings writes the changes of segments outside claims, which only their findings
// tell of.
func (d *Diff) findings(res *scrub.Result) error {
	for i := range res.Findings {
		f := &res.Findings[i]
		if !f.Fixed || i > 0 && res.Findings[i-1].Where.Pos == f.Where.Pos && res.Findings[i-1].Fixed {
			continue
		}
		span := edi.Span{Start: f.Where.Pos.Offset, End: f.Where.Pos.Offset + int64(len(f.Segment)) + 1}
		after, err := edi.Patch(touching(res.Edits, span)).ApplyBytes(nil, f.Segment, span.Start)
		if err != nil {
			return err
		}
		fmt.Fprintf(d.w, "%s\n", d.style.Blue(fmt.Sprintf("@@ segment %d @@", f.Where.Pos.Segment)))
		fmt.Fprint(d.w, d.style.Red(d.show("-", f.Segment, f.Delims)))
		fmt.Fprint(d.w, d.style.Green(d.show("+", after, f.Delims)))
	}
	return nil
}

func touching(p edi.Patch, extent edi.Span) (edits []edi.Edit) {
	for _, e := range p {
		if e.Span.Start >= extent.Start && e.Span.Start < extent.End {
			edits = append(edits, e)
		}
	}
	return edits
}

func (d *Diff) line(sign string, raw []byte, delims edi.Delims) {
	fmt.Fprint(d.w, d.show(sign, raw, delims))
}

func (d *Diff) show(sign string, raw []byte, delims edi.Delims) string {
	if !d.showPHI {
		raw = Mask(raw, delims)
	}
	return sign + printable(raw) + "\n"
}

// Close writes what is left.
func (d *Diff) Close() error { return d.w.Flush() }
