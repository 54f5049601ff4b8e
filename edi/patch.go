package edi

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
)

// Patch is a set of edits of one input, in order and without overlap.
type Patch []Edit

// NewPatch puts edits in order. Edits that overlap, or two insertions at one
// place, are refused; the same edit twice counts once, and one that neither
// expects nor puts anything does not count.
func NewPatch(edits ...Edit) (Patch, error) {
	p := slices.Clone(edits)
	slices.SortStableFunc(p, func(a, b Edit) int {
		if a.Span.Start != b.Span.Start {
			return cmp.Compare(a.Span.Start, b.Span.Start)
		}
		return cmp.Compare(a.Span.End, b.Span.End)
	})
	p = slices.CompactFunc(p, sameEdit)
	p = slices.DeleteFunc(p, func(e Edit) bool { return e.Span.Len() == 0 && len(e.New) == 0 })
	for i := 1; i < len(p); i++ {
		if touches(p[i-1].Span, p[i].Span) {
			return nil, fmt.Errorf("%w at byte %d", ErrOverlap, p[i].Span.Start)
		}
	}
	return Patch(p), nil
}

func sameEdit(a, b Edit) bool {
	return a.Span == b.Span && bytes.Equal(a.New, b.New) && bytes.Equal(a.Old, b.Old)
}

// touches reports whether b, which starts no earlier than a, shares bytes or an
// insertion point with it.
func touches(a, b Span) bool {
	return b.Start < a.End || a.Start == b.Start && a.End == b.End
}

func (e Edit) stale() error { return fmt.Errorf("%w: byte %d", ErrStale, e.Span.Start) }

// Invert is the patch that turns the output of p back into its input.
func (p Patch) Invert() Patch {
	inverse := make(Patch, 0, len(p))
	var shift int64
	for _, e := range p {
		start := e.Span.Start + shift
		shift += int64(len(e.New)) - e.Span.Len()
		back := Edit{Span: Span{start, start + int64(len(e.New))}, Old: e.New, New: e.Old}
		if n := len(inverse); n > 0 && touches(inverse[n-1].Span, back.Span) {
			// What two edits removed side by side comes back in one piece.
			inverse[n-1].New = slices.Concat(inverse[n-1].New, back.New)
			continue
		}
		inverse = append(inverse, back)
	}
	return inverse
}

// ApplyBytes appends the patched form of src, whose first byte is at offset base
// of the input, to dst.
func (p Patch) ApplyBytes(dst, src []byte, base int64) ([]byte, error) {
	at := base
	for _, e := range p {
		if e.Span.Start < at || e.Span.End > base+int64(len(src)) || e.Span.Len() != int64(len(e.Old)) {
			return dst, e.stale()
		}
		dst = append(dst, src[at-base:e.Span.Start-base]...)
		if !bytes.Equal(src[e.Span.Start-base:e.Span.End-base], e.Old) {
			return dst, e.stale()
		}
		dst = append(dst, e.New...)
		at = e.Span.End
	}
	return append(dst, src[at-base:]...), nil
}

// Apply copies src to dst with the edits made.
func (p Patch) Apply(dst io.Writer, src io.Reader) error {
	c := NewCopier(dst, src)
	for _, e := range p {
		if err := c.Edit(e); err != nil {
			return err
		}
	}
	return c.Close()
}

// A Copier applies edits as they become known: they must come in the order of
// the input. Everything else is copied through.
type Copier struct {
	dst io.Writer
	src io.Reader
	at  int64
	buf []byte
}

// NewCopier copies from src, an input read from its start, to dst.
func NewCopier(dst io.Writer, src io.Reader) *Copier {
	return &Copier{dst: dst, src: src, buf: make([]byte, 256<<10)}
}

// Edit copies up to the edit's span and makes the edit.
func (c *Copier) Edit(e Edit) error {
	if e.Span.Start < c.at {
		return fmt.Errorf("%w at byte %d", ErrOverlap, e.Span.Start)
	}
	copied, err := io.CopyBuffer(plainWriter{c.dst}, io.LimitReader(c.src, e.Span.Start-c.at), c.buf)
	if c.at += copied; err != nil {
		return err
	}
	if c.at < e.Span.Start || e.Span.Len() != int64(len(e.Old)) {
		return e.stale()
	}
	old := make([]byte, len(e.Old))
	n, err := io.ReadFull(c.src, old)
	c.at += int64(n)
	switch {
	case err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF):
		return err
	case err != nil || !bytes.Equal(old, e.Old):
		return e.stale()
	}
	_, err = c.dst.Write(e.New)
	return err
}

// Close copies the rest.
func (c *Copier) Close() error {
	_, err := io.CopyBuffer(plainWriter{c.dst}, c.src, c.buf)
	return err
}

// plainWriter hides ReadFrom, so that CopyBuffer uses the buffer it is given.
type plainWriter struct{ io.Writer }

// Compose is the one patch of the original input src (its first byte at offset
// base) that does what first and then second do, second being a patch of what
// first makes of src.
func Compose(src []byte, base int64, first, second Patch) (Patch, error) {
	middle, err := first.ApplyBytes(nil, src, base)
	if err != nil {
		return nil, err
	}
	final, err := second.ApplyBytes(nil, middle, base)
	if err != nil {
		return nil, err
	}
	// Both are ranges of the middle text: what first put there and what second
	// replaces. Ranges that touch become one edit.
	type piece struct {
		mid    Span
		grow   int64 // bytes that the edit adds
		second bool
	}
	var pieces []piece
	var shift int64
	for _, e := range first {
		start := e.Span.Start + shift
		grow := int64(len(e.New)) - e.Span.Len()
		pieces = append(pieces, piece{mid: Span{start, start + int64(len(e.New))}, grow: grow})
		shift += grow
	}
	for _, e := range second {
		pieces = append(pieces, piece{mid: e.Span, grow: int64(len(e.New)) - e.Span.Len(), second: true})
	}
	slices.SortStableFunc(pieces, func(a, b piece) int { return cmp.Compare(a.mid.Start, b.mid.Start) })
	var out Patch
	var toSrc, toFinal int64 // what to add to a middle offset
	for i := 0; i < len(pieces); {
		span := pieces[i].mid
		var grow1, grow2 int64
		j := i
		for ; j < len(pieces) && pieces[j].mid.Start <= span.End; j++ {
			span.End = max(span.End, pieces[j].mid.End)
			if pieces[j].second {
				grow2 += pieces[j].grow
			} else {
				grow1 += pieces[j].grow
			}
		}
		from := Span{span.Start + toSrc, span.End + toSrc - grow1}
		to := Span{span.Start + toFinal, span.End + toFinal + grow2}
		e := Edit{
			Span: from,
			Old:  bytes.Clone(src[from.Start-base : from.End-base]),
			New:  bytes.Clone(final[to.Start-base : to.End-base]),
		}
		if !bytes.Equal(e.Old, e.New) {
			out = append(out, e)
		}
		toSrc -= grow1
		toFinal += grow2
		i = j
	}
	return out, nil
}
