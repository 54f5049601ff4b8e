package edi_test

import (
	"errors"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/edi/editest"
)

// seen is a segment as a Scanner showed it.
type seen struct {
	Lead, Raw  string
	Terminated bool
	Pos        edi.Pos
	Extent     edi.Span
	Delims     edi.Delims
	Elements   []string
}

// result is everything that a scan tells.
type result struct {
	Segments []seen
	Faults   []edi.SyntaxError
	Tail     string
	Err      error
	Offset   int64
}

// scan reads src to its end. It checks what must hold for any input.
func scan(t rapid.TB, src io.Reader, maxSegment int) result {
	t.Helper()
	return scanBy(t, src, maxSegment, func(*edi.Scanner) func() { return func() {} })
}

// scanBy is scan with a scanner that begins as told.
func scanBy(t rapid.TB, src io.Reader, maxSegment int, begin func(*edi.Scanner) (end func())) result {
	t.Helper()
	var got result
	s := edi.NewScanner(src)
	s.MaxSegment = maxSegment
	s.OnError = func(e *edi.SyntaxError) { got.Faults = append(got.Faults, *e) }
	defer begin(s)()
	for s.Next() {
		g := s.Segment()
		v := seen{
			Lead: string(g.Lead()), Raw: string(g.Raw()), Terminated: g.Terminated(),
			Pos: g.Pos(), Extent: g.Extent(), Delims: g.Delims(),
		}
		for n := range g.Count() + 1 {
			v.Elements = append(v.Elements, string(g.Bytes(n)))
		}
		if string(g.ID()) != v.Elements[0] {
			t.Fatalf("id %q, element 0 %q", g.ID(), v.Elements[0])
		}
		got.Segments = append(got.Segments, v)
	}
	if s.Next() {
		t.Fatal("Next goes on after the end")
	}
	got.Tail, got.Err, got.Offset = string(s.Tail()), s.Err(), s.Offset()
	return got
}

// checkLossless fails where a byte of the input is neither in a segment nor in
// the tail, unless a fault says that it was given up.
func checkLossless(t rapid.TB, input string, got result) {
	t.Helper()
	at := int64(0)
	gap := func(to int64) {
		if at == to {
			return
		}
		if at > to {
			t.Fatalf("segments overlap: %d after %d", to, at)
		}
		for _, f := range got.Faults {
			if f.Span.Start >= at && f.Span.Start < to {
				return
			}
		}
		t.Fatalf("bytes %d to %d are lost without a fault", at, to)
	}
	for i, g := range got.Segments {
		gap(g.Extent.Start)
		text := g.Lead + g.Raw
		if g.Terminated {
			text += string([]byte{g.Delims.Terminator})
		}
		if want := input[g.Extent.Start:g.Extent.End]; text != want {
			t.Fatalf("segment %d is %q, the input has %q", i+1, text, want)
		}
		if want := strings.Split(g.Raw, string([]byte{g.Delims.Element})); !slices.Equal(g.Elements, want) {
			t.Fatalf("elements of segment %d: %q, want %q", i+1, g.Elements, want)
		}
		if off := g.Extent.Start + int64(len(g.Lead)); g.Pos.Offset != off {
			t.Fatalf("segment %d at byte %d, want %d", i+1, g.Pos.Offset, off)
		}
		checkLine(t, input, g.Pos)
		at = g.Extent.End
	}
	for _, f := range got.Faults {
		if f.Span.Start < 0 || f.Span.End < f.Span.Start || f.Span.End > int64(len(input)) {
			t.Fatalf("%v: span %v outside the input", &f, f.Span)
		}
		checkLine(t, input, f.Pos)
	}
	if got.Err != nil {
		return
	}
	if !strings.HasSuffix(input[at:], got.Tail) {
		t.Fatalf("tail is %q, the input ends with %q", got.Tail, input[at:])
	}
	gap(int64(len(input) - len(got.Tail)))
	if got.Offset != int64(len(input)) {
		t.Fatalf("%d bytes consumed of %d", got.Offset, len(input))
	}
}

func checkLine(t rapid.TB, input string, p edi.Pos) {
	t.Helper()
	before := input[:p.Offset]
	line := strings.Count(before, "\n") + 1
	column := len(before) - (strings.LastIndexByte(before, '\n') + 1) + 1
	if p.Line != line || p.Column != column {
		t.Fatalf("byte %d is line %d:%d, want %d:%d", p.Offset, p.Line, p.Column, line, column)
	}
}

// sameResult compares two scans of one input.
func sameResult(t rapid.TB, name string, want, got result) {
	t.Helper()
	if !reflect.DeepEqual(want, got) {
		diff := cmp.Diff(want, got, cmpopts.EquateErrors())
		t.Fatalf("%s reads otherwise (-want +got):\n%s", name, diff)
	}
}

// readers are ways to hand over the same bytes.
func readers(input string) map[string]io.Reader {
	return map[string]io.Reader{
		"one byte":   iotest.OneByteReader(strings.NewReader(input)),
		"half":       iotest.HalfReader(strings.NewReader(input)),
		"data + EOF": iotest.DataErrReader(strings.NewReader(input)),
		"both":       iotest.DataErrReader(iotest.OneByteReader(strings.NewReader(input))),
		"empty":      &stutter{src: strings.NewReader(input)},
	}
}

// stutter returns nothing every other time.
type stutter struct {
	src io.Reader
	odd bool
}

func (s *stutter) Read(p []byte) (int, error) {
	if s.odd = !s.odd; s.odd {
		return 0, nil
	}
	return s.src.Read(p[:min(len(p), 7)])
}

// failing hands over data in pieces of n bytes, the error with the last of them.
type failing struct {
	data string
	n    int
	err  error
}

func (f *failing) Read(p []byte) (int, error) {
	n := copy(p[:min(len(p), f.n)], f.data)
	if f.data = f.data[n:]; len(f.data) == 0 {
		return n, f.err
	}
	return n, nil
}

var errBroken = errors.New("broken pipe")

// shapes draws small interchanges.
var shapes = rapid.Custom(func(t *rapid.T) editest.Shape {
	return editest.Shape{
		Control:     rapid.IntRange(1, 999).Draw(t, "control"),
		Providers:   rapid.IntRange(1, 2).Draw(t, "providers"),
		Subscribers: rapid.IntRange(1, 2).Draw(t, "subscribers"),
		Claims:      rapid.IntRange(1, 2).Draw(t, "claims"),
		Lines:       rapid.IntRange(1, 3).Draw(t, "lines"),
		Dependents:  rapid.Bool().Draw(t, "dependents"),
		Old:         rapid.Bool().Draw(t, "old"),
		Prefix:      rapid.SampledFrom([]string{"", "A", "C-"}).Draw(t, "prefix"),
	}
})

// layouts draws layouts of senders and others.
var layouts = rapid.Custom(func(t *rapid.T) editest.Layout {
	if rapid.Bool().Draw(t, "known") {
		return rapid.SampledFrom(editest.Layouts).Draw(t, "layout")
	}
	// '-' and '.' stand in the data, and a line end cannot separate elements.
	four := rapid.SliceOfNDistinct(rapid.SampledFrom([]byte("*^:~|!>'+;<=?@#$%&_\\\r\n\t\x1C\x1D\x1E\x1F\xA7")), 4, 4, rapid.ID[byte]).Draw(t, "separators")
	if four[0] == '\r' || four[0] == '\n' {
		four[0] = '"'
	}
	return editest.Layout{
		Element: four[0], Repetition: four[1], Component: four[2], Terminator: four[3],
		LineEnd: rapid.SampledFrom([]string{"", "\n", "\r\n", "\n\n", " "}).Draw(t, "line end"),
	}
})

// trivia is what may stand between interchanges.
var trivia = rapid.SampledFrom([]string{"", "", "", "\n", "\r\n\r\n", "\xEF\xBB\xBF", " \t ", "\x1A", "\x00\x00", "\n\xEF\xBB\xBF\n"})

// files draws one or several interchanges, each in its own layout.
var files = rapid.Custom(func(t *rapid.T) string {
	var b strings.Builder
	for range rapid.IntRange(1, 3).Draw(t, "interchanges") {
		b.WriteString(trivia.Draw(t, "trivia"))
		b.Write(editest.Render(editest.Interchange(shapes.Draw(t, "shape")), layouts.Draw(t, "layout")))
	}
	b.WriteString(trivia.Draw(t, "trivia"))
	return b.String()
})

// broken draws files with something wrong in them, or nothing.
var broken = rapid.Custom(func(t *rapid.T) string {
	b := files.Draw(t, "file")
	for range rapid.IntRange(0, 3).Draw(t, "faults") {
		at := rapid.IntRange(0, len(b)).Draw(t, "at")
		to := rapid.IntRange(at, min(len(b), at+200)).Draw(t, "to")
		var text string
		switch rapid.IntRange(0, 8).Draw(t, "fault") {
		case 0: // bytes are missing
		case 1: // the end is missing
			to = len(b)
		case 2: // another file begins
			text = files.Draw(t, "other")
			to = rapid.SampledFrom([]int{at, len(b)}).Draw(t, "keep")
		case 3: // something comes twice
			text = strings.Repeat(b[at:to], 2)
		case 4:
			text = editest.ISA(7)
			to = at
		case 5:
			text = string(rapid.SliceOfN(rapid.SampledFrom([]byte("ISA*~^:|> \r\n\x00\x1A\xEF\xBB\xBFx")), 0, 40).Draw(t, "text"))
		case 6:
			text = strings.Repeat(" ", rapid.IntRange(0, 300).Draw(t, "blanks"))
			to = at
		case 7:
			text = string(rapid.SliceOfN(rapid.Byte(), 0, 20).Draw(t, "bytes"))
		case 8:
			text = string(editest.Fold([]byte(b[at:]), rapid.IntRange(15, 140).Draw(t, "width"), rapid.SampledFrom([]string{"\n", "\r\n"}).Draw(t, "line end")))
			to = len(b)
		}
		b = b[:at] + text + b[to:]
	}
	return b
})

// mark takes the marks § out of text and returns where they stood.
func mark(text string) (string, []int64) {
	var at []int64
	for {
		i := strings.Index(text, "§")
		if i < 0 {
			return text, at
		}
		at = append(at, int64(i))
		text = text[:i] + text[i+len("§"):]
	}
}

// fault is what a test expects of a SyntaxError.
type fault struct {
	Err error
	At  int64
}

func faultsOf(errs []edi.SyntaxError) []fault {
	var f []fault
	for _, e := range errs {
		f = append(f, fault{e.Err, e.Pos.Offset})
	}
	return f
}

// expect pairs errors with the places of marks.
func expect(t rapid.TB, errs []error, at []int64) []fault {
	t.Helper()
	if len(errs) != len(at) {
		t.Fatalf("%d errors, %d marks", len(errs), len(at))
	}
	var f []fault
	for i, e := range errs {
		f = append(f, fault{e, at[i]})
	}
	return f
}
