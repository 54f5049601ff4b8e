package edi_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/edi/editest"
)

// one is a block with the one segment of text in an interchange of the layout.
func one(t *testing.T, l editest.Layout, text string) *edi.Block {
	t.Helper()
	input := editest.Render([]string{editest.ISA(1), text}, l)
	s := edi.NewScanner(strings.NewReader(string(input)))
	s.OnError = func(*edi.SyntaxError) {}
	var b edi.Block
	for s.Next() {
		if s.Segments() == 2 {
			b.Append(s.Segment())
		}
	}
	if s.Err() != nil || b.Len() != 1 {
		t.Fatal(s.Err(), b.Len())
	}
	return &b
}

func TestTag(t *testing.T) {
	for text, want := range map[string]string{
		"CLM*1": "CLM", "LX*1": "LX", "SE": "SE", "NM1*85": "NM1", "*A": "", "A*1": "", "ABCD*1": "",
	} {
		b := one(t, editest.OneLine, text)
		s := b.Segment(0)
		if got := s.Tag(); got.String() != want || got != edi.TagOf(want) || b.Tag(0) != got {
			t.Errorf("%q: tag %q", text, got)
		}
		if id, _, _ := strings.Cut(text, "*"); string(s.ID()) != id {
			t.Errorf("%q: id %q", text, s.ID())
		}
	}
}

func TestSegment(t *testing.T) {
	b := one(t, editest.CRLF, "SV1*HC:97110:GP*62**2")
	s := b.Segment(0)
	const at = 106 + 2
	if string(s.Raw()) != "SV1*HC:97110:GP*62**2" || string(s.Lead()) != "\r\n" || !s.Terminated() || s.Count() != 4 {
		t.Fatalf("%q %q %t %d", s.Raw(), s.Lead(), s.Terminated(), s.Count())
	}
	if s.Span() != (edi.Span{Start: at, End: at + 21}) || s.Extent() != (edi.Span{Start: at - 2, End: at + 22}) {
		t.Errorf("span %v, extent %v", s.Span(), s.Extent())
	}
	if want := (edi.Pos{Offset: at, Line: 2, Column: 1, Segment: 2}); s.Pos() != want {
		t.Errorf("at %v, want %v", s.Pos(), want)
	}
	type element struct {
		Text       string
		Start, End int64
		Reached    bool
	}
	want := map[int]element{
		-1: {"", 21, 21, false},
		0:  {"SV1", 0, 3, true},
		1:  {"HC:97110:GP", 4, 15, true},
		2:  {"62", 16, 18, true},
		3:  {"", 19, 19, true},
		4:  {"2", 20, 21, true},
		5:  {"", 21, 21, false},
		99: {"", 21, 21, false},
	}
	for n, w := range want {
		v := s.Element(n)
		got := element{v.String(), v.Span.Start - at, v.Span.End - at, v.Reached}
		if diff := cmp.Diff(w, got); diff != "" {
			t.Errorf("element %d (-want +got):\n%s", n, diff)
		}
		if string(s.Bytes(n)) != w.Text || s.Is(n, w.Text+"x") || !s.Is(n, w.Text) || v.Empty() != (w.Text == "") {
			t.Errorf("element %d: %q", n, s.Bytes(n))
		}
		if (s.Bytes(n) == nil) == w.Reached {
			t.Errorf("element %d: nil where it is reached, or the reverse", n)
		}
		if n >= 0 && string(b.Element(0, n)) != w.Text {
			t.Errorf("element %d of the block: %q", n, b.Element(0, n))
		}
	}
}

func TestValueParts(t *testing.T) {
	b := one(t, editest.Wrapped, "HI*ABK:M6281^ABF:R262:*A**B^^")
	s := b.Segment(0)
	base := s.Pos().Offset
	part := func(v edi.Value) [4]any { return [4]any{v.String(), v.Span.Start - base, v.Span.End - base, v.Reached} }
	e := s.Element(1)
	tests := []struct {
		name string
		got  edi.Value
		want [4]any
	}{
		{"whole", e, [4]any{"ABK:M6281^ABF:R262:", int64(3), int64(22), true}},
		{"repetition 0", e.Repetition(0), [4]any{"", int64(22), int64(22), false}},
		{"repetition 1", e.Repetition(1), [4]any{"ABK:M6281", int64(3), int64(12), true}},
		{"repetition 2", e.Repetition(2), [4]any{"ABF:R262:", int64(13), int64(22), true}},
		{"repetition 3", e.Repetition(3), [4]any{"", int64(22), int64(22), false}},
		{"component 0", e.Repetition(2).Component(0), [4]any{"", int64(22), int64(22), false}},
		{"component 1", e.Repetition(2).Component(1), [4]any{"ABF", int64(13), int64(16), true}},
		{"component 2", e.Repetition(2).Component(2), [4]any{"R262", int64(17), int64(21), true}},
		{"component 3", e.Repetition(2).Component(3), [4]any{"", int64(22), int64(22), true}},
		{"component 4", e.Repetition(2).Component(4), [4]any{"", int64(22), int64(22), false}},
		{"single component", s.Element(2).Component(1), [4]any{"A", int64(23), int64(24), true}},
		{"empty component", s.Element(3).Component(1), [4]any{"", int64(25), int64(25), true}},
		{"no component", s.Element(3).Component(2), [4]any{"", int64(25), int64(25), false}},
		{"no element", s.Element(9).Component(1).Repetition(1), [4]any{"", int64(29), int64(29), false}},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, part(tt.got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
	counts := []int{e.Repetitions(), e.Repetition(2).Components(), s.Element(2).Components(), s.Element(3).Components(), s.Element(4).Repetitions(), s.Element(9).Repetitions()}
	if diff := cmp.Diff([]int{2, 3, 1, 1, 3, 1}, counts); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
}

// Before version 00402 ISA11 is no separator.
func TestValueWithoutRepetition(t *testing.T) {
	input := strings.Replace(editest.ISA(1), "*^*", "*U*", 1) + "~REF*AUUB^C~IEA*0*000000001~"
	s := edi.NewScanner(strings.NewReader(input))
	for s.Next() && s.Segments() < 2 {
	}
	g := s.Segment()
	if g.Delims().Repetition != 0 || g.Delims().Has('U') || g.Delims().Has(0) || !g.Delims().Has('~') || !g.Delims().Has(':') || !g.Delims().Has('*') {
		t.Errorf("%+v", g.Delims())
	}
	v := g.Element(1)
	if v.Repetitions() != 1 || v.Repetition(1).String() != "AUUB^C" || v.Repetition(2).Reached || v.Repetition(0).Reached {
		t.Errorf("%d repetitions, the first %q", v.Repetitions(), v.Repetition(1))
	}
}

func TestValueReads(t *testing.T) {
	b := one(t, editest.Wrapped, "XYZ*62.50*1.5*20260310*RD8*20260301-20260310")
	s := b.Segment(0)
	if a, err := s.Element(1).Amount(); a != 6250 || err != nil {
		t.Error(a, err)
	}
	if q, err := s.Element(2).Quantity(); q != 1500 || err != nil {
		t.Error(q, err)
	}
	if d, err := s.Element(3).Date(); d != 20260310 || err != nil {
		t.Error(d, err)
	}
	if p, err := s.Element(5).Period(s.Bytes(4)); p != (edi.Period{From: 20260301, To: 20260310}) || err != nil {
		t.Error(p, err)
	}
	if _, err := s.Element(9).Amount(); !errors.Is(err, edi.ErrNoNumber) {
		t.Error(err)
	}
}
