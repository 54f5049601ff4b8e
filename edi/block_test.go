package edi_test

import (
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/edi/editest"
)

// blockOf keeps the segments from, counted from 0, up to to.
func blockOf(t rapid.TB, input string, from, to int) *edi.Block {
	t.Helper()
	var b edi.Block
	s := edi.NewScanner(strings.NewReader(input))
	for s.Next() {
		if n := s.Segments() - 1; n >= from && n < to && !b.Append(s.Segment()) {
			t.Fatalf("segment %d does not follow", n)
		}
	}
	return &b
}

// shown is what a block tells of its segments.
func shown(b *edi.Block) []seen {
	var all []seen
	for i := range b.Len() {
		g := b.Segment(i)
		v := seen{
			Lead: string(g.Lead()), Raw: string(g.Raw()), Terminated: g.Terminated(),
			Pos: g.Pos(), Extent: g.Extent(), Delims: g.Delims(),
		}
		for n := range g.Count() + 1 {
			v.Elements = append(v.Elements, string(b.Element(i, n)))
		}
		if b.Element(i, g.Count()+1) != nil || b.Tag(i) != g.Tag() {
			v.Raw += " (tag or length differ)"
		}
		all = append(all, v)
	}
	return all
}

func TestBlockShowsWhatTheScannerShowed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := layouts.Draw(t, "layout")
		input := string(editest.Render(editest.Interchange(shapes.Draw(t, "shape")), l))
		all := scan(t, strings.NewReader(input), 0).Segments
		from := rapid.IntRange(0, len(all)-1).Draw(t, "from")
		to := rapid.IntRange(from+1, len(all)).Draw(t, "to")
		b := blockOf(t, input, from, to)
		if diff := cmp.Diff(all[from:to], shown(b)); diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
		span := edi.Span{Start: all[from].Extent.Start, End: all[to-1].Extent.End}
		if b.Span() != span || string(b.Bytes()) != input[span.Start:span.End] || *b.Delims() != all[from].Delims {
			t.Fatalf("%v holds %q", b.Span(), b.Bytes())
		}
		var c edi.Block
		c.CopyFrom(b)
		b.Reset()
		if b.Len() != 0 || len(b.Bytes()) != 0 || b.Delims() != nil {
			t.Fatal("Reset leaves something")
		}
		if diff := cmp.Diff(all[from:to], shown(&c)); diff != "" {
			t.Fatalf("the copy (-want +got):\n%s", diff)
		}
	})
}

func TestBlockRefusesGaps(t *testing.T) {
	input := string(editest.Render(editest.Claims(1), editest.Wrapped))
	var b edi.Block
	s := edi.NewScanner(strings.NewReader(input))
	for s.Next() {
		switch n := s.Segments(); {
		case n <= 3:
			if !b.Append(s.Segment()) {
				t.Fatal(n)
			}
		case n == 4: // left out
		default:
			if b.Append(s.Segment()) {
				t.Fatal(n)
			}
		}
	}
	if b.Len() != 3 {
		t.Error(b.Len())
	}
}

// A patched block is what the patched file would have been read as.
func TestBlockPatched(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := layouts.Draw(t, "layout")
		input := string(editest.Render(editest.Interchange(shapes.Draw(t, "shape")), l))
		all := scan(t, strings.NewReader(input), 0).Segments
		from := rapid.IntRange(0, len(all)-2).Draw(t, "from")
		to := rapid.IntRange(from+1, len(all)-1).Draw(t, "to")
		b := blockOf(t, input, from, to)
		var edits []edi.Edit
		grow := 0
		for i := range b.Len() {
			s := b.Segment(i)
			if s.Tag() == edi.TagOf("ISA") {
				continue
			}
			var e edi.Edit
			var err error
			switch rapid.IntRange(0, 6).Draw(t, "edit") {
			case 0:
				e, err = s.Set(rapid.IntRange(1, 9).Draw(t, "element"), []byte(rapid.SampledFrom([]string{"", "X", "LONGER VALUE"}).Draw(t, "value")))
			case 1:
				e, err = s.InsertAfter([]byte("K3" + string([]byte{l.Element}) + "A"))
				grow++
			case 2:
				if tag := s.Tag().String(); i > 0 && tag != "ST" && tag != "GS" && tag != "SE" && tag != "GE" {
					e = s.Delete()
					grow--
				}
			}
			if err != nil {
				t.Fatal(err)
			}
			edits = append(edits, e)
		}
		p, err := edi.NewPatch(edits...)
		if err != nil {
			t.Fatal(err)
		}
		got, err := b.Patched(p)
		if err != nil {
			t.Fatal(err)
		}
		want := blockOf(t, apply(t, p, input, 0), from, to+grow)
		if diff := cmp.Diff(shown(want), shown(got)); diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
		if string(got.Bytes()) != string(want.Bytes()) || got.Span() != want.Span() {
			t.Fatalf("%v holds %q, want %v, %q", got.Span(), got.Bytes(), want.Span(), want.Bytes())
		}
	})
}

func TestBlockPatchedCorners(t *testing.T) {
	input := string(editest.Render(editest.Interchange(editest.Shape{}), editest.Wrapped))
	b := blockOf(t, input, 3, 6)
	t.Run("outside", func(t *testing.T) {
		p, _ := edi.NewPatch(replace(input, 0, 3, "ISA"))
		if _, err := b.Patched(p); err == nil {
			t.Error("an edit outside the block is made")
		}
	})
	t.Run("nothing left", func(t *testing.T) {
		var edits []edi.Edit
		for i := range b.Len() {
			s := b.Segment(i)
			edits = append(edits, s.Delete())
		}
		p, err := edi.NewPatch(edits...)
		if err != nil {
			t.Fatal(err)
		}
		got, err := b.Patched(p)
		if err != nil || got.Len() != 0 || len(got.Bytes()) != 0 || got.Span().Start != b.Span().Start {
			t.Errorf("%d segments, %q, %v", got.Len(), got.Bytes(), err)
		}
	})
	t.Run("empty block", func(t *testing.T) {
		got, err := new(edi.Block).Patched(nil)
		if err != nil || got.Len() != 0 {
			t.Error(got, err)
		}
	})
	t.Run("cut segment", func(t *testing.T) {
		s := edi.NewScanner(strings.NewReader(input[:strings.Index(input, "CLM")+12]))
		s.OnError = func(*edi.SyntaxError) {}
		var c edi.Block
		for s.Next() {
			if s.Segment().Is(0, "CLM") {
				c.Append(s.Segment())
			}
		}
		g := c.Segment(0)
		e, err := g.Set(1, []byte("X"))
		if err != nil {
			t.Fatal(err)
		}
		got, err := c.Patched(edi.Patch{e})
		if err != nil {
			t.Fatal(err)
		}
		if g := got.Segment(0); g.Terminated() || string(g.Raw()) != "CLM*X*62*" {
			t.Errorf("%q", g.Raw())
		}
	})
}

// What a scanner collects is what Append would have added, wherever the collecting
// begins and ends and however the input comes.
func TestCollect(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := layouts.Draw(t, "layout")
		input := string(editest.Render(editest.Interchange(shapes.Draw(t, "shape")), l))
		all := scan(t, strings.NewReader(input), 0).Segments
		from := rapid.IntRange(0, len(all)-1).Draw(t, "from")
		to := rapid.IntRange(from+1, len(all)).Draw(t, "to")
		var src io.Reader = strings.NewReader(input)
		if rapid.Bool().Draw(t, "byte by byte") {
			src = iotest.OneByteReader(src)
		}
		var b edi.Block
		s := edi.NewScanner(src)
		for s.Next() {
			n := s.Segments() - 1
			switch n {
			case from:
				s.Collect(&b)
			case to:
				s.Collect(nil)
			}
			if want := n >= from && n < to; s.Collecting() != want {
				t.Fatalf("segment %d is collected: %v", n, !want)
			}
			g := s.Segment()
			if s.Tag() != g.Tag() || string(s.Element(1)) != string(g.Bytes(1)) || s.Start() != g.Extent().Start || s.Offset() != g.Extent().End {
				t.Fatalf("segment %d is not what the scanner says of it", n)
			}
		}
		s.Collect(nil)
		if diff := cmp.Diff(shown(blockOf(t, input, from, to)), shown(&b)); diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
	})
}

// Behind input that was given up nothing is collected.
func TestCollectStopsAtGaps(t *testing.T) {
	input := string(editest.Render(editest.Claims(1), editest.Wrapped))
	at := strings.Index(input, "CLM")
	input = input[:at] + "NTE*" + strings.Repeat("X", 200) + "~" + input[at:]
	var b edi.Block
	s := edi.NewScanner(strings.NewReader(input))
	s.MaxSegment = 150
	s.OnError = func(*edi.SyntaxError) {}
	for s.Next() {
		if s.Segments() == 4 {
			s.Collect(&b)
		}
		if collecting := s.Segments() >= 4 && s.Segment().Pos().Offset < int64(at); s.Collecting() != collecting {
			t.Fatal(s.Segment().Pos())
		}
	}
	s.Collect(nil)
	if b.Len() == 0 || b.Span().End > int64(at) {
		t.Error(b.Len(), b.Span())
	}
	kept := b.Len()
	s = edi.NewScanner(strings.NewReader(input))
	for s.Next() && s.Segments() < 6 {
	}
	s.Collect(&b) // not what follows it
	if s.Next(); s.Collecting() {
		t.Error("a block takes what does not follow")
	}
	if s.Collect(nil); b.Len() != kept {
		t.Error(b.Len())
	}
}
