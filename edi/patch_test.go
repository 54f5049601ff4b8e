package edi_test

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/edi/editest"
)

// replace is an edit of input.
func replace(input string, start, end int, text string) edi.Edit {
	return edi.Edit{Span: edi.Span{Start: int64(start), End: int64(end)}, Old: []byte(input[start:end]), New: []byte(text)}
}

// patches draws a patch of input: edits that do not overlap, some side by side.
func patches(t *rapid.T, label, input string) edi.Patch {
	var edits []edi.Edit
	at := 0
	insertion := false // the edit before was one, at at
	for range rapid.IntRange(0, 5).Draw(t, label) {
		start := rapid.IntRange(at, min(len(input), at+8)).Draw(t, "start")
		end := rapid.IntRange(start, min(len(input), start+6)).Draw(t, "end")
		if insertion && start == at && end == start {
			continue
		}
		edits = append(edits, replace(input, start, end, rapid.StringMatching(`[xyz]{0,4}`).Draw(t, "new")))
		at, insertion = end, start == end
	}
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(edits), func(i, j int) { edits[i], edits[j] = edits[j], edits[i] })
	p, err := edi.NewPatch(edits...)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

var inputs = rapid.StringMatching(`[a-e]{0,60}`)

func apply(t rapid.TB, p edi.Patch, input string, base int64) string {
	t.Helper()
	out, err := p.ApplyBytes(nil, []byte(input), base)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func TestNewPatch(t *testing.T) {
	const input = "0123456789"
	edit := func(start, end int, text string) edi.Edit { return replace(input, start, end, text) }
	tests := []struct {
		name  string
		edits []edi.Edit
		want  string
		err   error
	}{
		{"none", nil, input, nil},
		{"in order", []edi.Edit{edit(1, 2, "x"), edit(5, 7, "y")}, "0x234y789", nil},
		{"out of order", []edi.Edit{edit(5, 7, "y"), edit(1, 2, "x")}, "0x234y789", nil},
		{"side by side", []edi.Edit{edit(1, 2, "x"), edit(2, 3, "y")}, "0xy3456789", nil},
		{"insertion before a replacement", []edi.Edit{edit(2, 4, "y"), edit(2, 2, "x")}, "01xy456789", nil},
		{"insertion behind a replacement", []edi.Edit{edit(4, 4, "y"), edit(2, 4, "x")}, "01xy456789", nil},
		{"at both ends", []edi.Edit{edit(10, 10, "y"), edit(0, 0, "x")}, "x0123456789y", nil},
		{"all", []edi.Edit{edit(0, 10, "")}, "", nil},
		{"the same twice", []edi.Edit{edit(1, 2, "x"), edit(1, 2, "x")}, "0x23456789", nil},
		{"the same insertion twice", []edi.Edit{edit(1, 1, "x"), edit(1, 1, "x")}, "0x123456789", nil},
		{"nothing beside an insertion", []edi.Edit{edit(1, 1, ""), edit(1, 1, "x")}, "0x123456789", nil},
		{"overlap", []edi.Edit{edit(1, 3, "x"), edit(2, 4, "y")}, "", edi.ErrOverlap},
		{"inside", []edi.Edit{edit(1, 5, "x"), edit(2, 3, "y")}, "", edi.ErrOverlap},
		{"insertion inside", []edi.Edit{edit(1, 5, "x"), edit(2, 2, "y")}, "", edi.ErrOverlap},
		{"one place, two values", []edi.Edit{edit(1, 2, "x"), edit(1, 2, "y")}, "", edi.ErrOverlap},
		{"two insertions at one place", []edi.Edit{edit(1, 1, "x"), edit(1, 1, "y")}, "", edi.ErrOverlap},
		{"first of three", []edi.Edit{edit(0, 9, "x"), edit(3, 3, "y"), edit(8, 9, "z")}, "", edi.ErrOverlap},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			before := slices.Clone(tt.edits)
			p, err := edi.NewPatch(tt.edits...)
			if !errors.Is(err, tt.err) {
				t.Fatalf("%v, want %v", err, tt.err)
			}
			if diff := cmp.Diff(before, tt.edits); diff != "" {
				t.Errorf("the caller's edits changed:\n%s", diff)
			}
			if err == nil {
				if got := apply(t, p, input, 0); got != tt.want {
					t.Errorf("%q, want %q", got, tt.want)
				}
			}
		})
	}
}

func TestPatchStale(t *testing.T) {
	const input = "0123456789"
	tests := []struct {
		name string
		edit edi.Edit
	}{
		{"other bytes", edi.Edit{Span: edi.Span{Start: 2, End: 4}, Old: []byte("xx")}},
		{"shorter old", edi.Edit{Span: edi.Span{Start: 2, End: 4}, Old: []byte("2")}},
		{"longer old", edi.Edit{Span: edi.Span{Start: 2, End: 4}, Old: []byte("234")}},
		{"behind the end", edi.Edit{Span: edi.Span{Start: 12, End: 13}, Old: []byte("x")}},
		{"insertion behind the end", edi.Edit{Span: edi.Span{Start: 11, End: 11}, New: []byte("x")}},
		{"over the end", edi.Edit{Span: edi.Span{Start: 9, End: 11}, Old: []byte("9x")}},
		{"backwards", edi.Edit{Span: edi.Span{Start: 4, End: 2}}},
		{"huge", edi.Edit{Span: edi.Span{Start: 4, End: 1 << 60}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p, err := edi.NewPatch(tt.edit)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := p.ApplyBytes(nil, []byte(input), 0); !errors.Is(err, edi.ErrStale) {
				t.Errorf("ApplyBytes: %v", err)
			}
			if err := p.Apply(io.Discard, strings.NewReader(input)); !errors.Is(err, edi.ErrStale) {
				t.Errorf("Apply: %v", err)
			}
			if _, err := edi.Compose([]byte(input), 0, p, nil); !errors.Is(err, edi.ErrStale) {
				t.Errorf("Compose: %v", err)
			}
			if _, err := edi.Compose([]byte(input), 0, nil, p); !errors.Is(err, edi.ErrStale) {
				t.Errorf("Compose: %v", err)
			}
		})
	}
	p, err := edi.NewPatch(replace(input, 2, 3, "x"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.ApplyBytes(nil, []byte(input[5:]), 5); !errors.Is(err, edi.ErrStale) {
		t.Errorf("before the base: %v", err)
	}
	if got := apply(t, p, input[2:], 2); got != "x3456789" {
		t.Errorf("from a base: %q", got)
	}
}

func TestCopierErrors(t *testing.T) {
	const input = "0123456789"
	edit := replace(input, 5, 6, "x")
	broken := func() io.Reader { return io.MultiReader(strings.NewReader(input[:5]), iotest.ErrReader(errBroken)) }
	if err := (edi.Patch{edit}).Apply(io.Discard, broken()); !errors.Is(err, errBroken) || errors.Is(err, edi.ErrStale) {
		t.Errorf("source fails at the edit: %v", err)
	}
	if err := (edi.Patch{replace(input, 8, 9, "x")}).Apply(io.Discard, broken()); !errors.Is(err, errBroken) {
		t.Errorf("source fails before the edit: %v", err)
	}
	if err := (edi.Patch{}).Apply(io.Discard, broken()); !errors.Is(err, errBroken) {
		t.Errorf("source fails behind the edits: %v", err)
	}
	for _, at := range []int{0, 5, 9} {
		w := &failingWriter{left: at}
		if err := (edi.Patch{edit}).Apply(w, strings.NewReader(input)); !errors.Is(err, errBroken) {
			t.Errorf("target fails at %d: %v", at, err)
		}
	}
	c := edi.NewCopier(io.Discard, strings.NewReader(input))
	if err := c.Edit(edit); err != nil {
		t.Fatal(err)
	}
	if err := c.Edit(replace(input, 2, 3, "y")); !errors.Is(err, edi.ErrOverlap) {
		t.Errorf("an edit before the last: %v", err)
	}
}

// failingWriter takes so many bytes and fails.
type failingWriter struct{ left int }

func (w *failingWriter) Write(p []byte) (int, error) {
	if len(p) > w.left {
		n := w.left
		w.left = 0
		return n, errBroken
	}
	w.left -= len(p)
	return len(p), nil
}

func TestPatchProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		input := inputs.Draw(t, "input")
		base := rapid.Int64Range(0, 1000).Draw(t, "base")
		p := patches(t, "patch", input)
		out := apply(t, p, input, 0)

		// What is outside the spans stands there unchanged.
		rest := out
		at := 0
		for _, e := range p {
			kept := input[at:e.Span.Start] + string(e.New)
			if !strings.HasPrefix(rest, kept) {
				t.Fatalf("%q does not go on with %q", rest, kept)
			}
			rest = rest[len(kept):]
			at = int(e.Span.End)
		}
		if rest != input[at:] {
			t.Fatalf("%q ends with %q, not %q", out, rest, input[at:])
		}

		back := p.Invert()
		if got := apply(t, back, out, 0); got != input {
			t.Fatalf("taken back: %q, want %q", got, input)
		}
		if got := apply(t, back.Invert(), input, 0); got != out {
			t.Fatalf("taken back twice: %q, want %q", got, out)
		}
		again, err := edi.NewPatch(back...)
		if err != nil {
			t.Fatalf("the inverse is no patch: %v", err)
		}
		if got := apply(t, again, out, 0); got != input {
			t.Fatalf("taken back, in order: %q, want %q", got, input)
		}

		var moved edi.Patch
		for _, e := range p {
			e.Span.Start += base
			e.Span.End += base
			moved = append(moved, e)
		}
		if got := apply(t, moved, input, base); got != out {
			t.Fatalf("from byte %d: %q, want %q", base, got, out)
		}

		for _, src := range []io.Reader{
			strings.NewReader(input), iotest.OneByteReader(strings.NewReader(input)), iotest.DataErrReader(strings.NewReader(input)),
		} {
			var b bytes.Buffer
			if err := p.Apply(&b, src); err != nil || b.String() != out {
				t.Fatalf("copied: %q, %v; want %q", b.String(), err, out)
			}
		}
	})
}

func TestCompose(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		input := inputs.Draw(t, "input")
		first := patches(t, "first", input)
		middle := apply(t, first, input, 0)
		second := patches(t, "second", middle)
		want := apply(t, second, middle, 0)
		both, err := edi.Compose([]byte(input), 0, first, second)
		if err != nil {
			t.Fatal(err)
		}
		if got := apply(t, both, input, 0); got != want {
			t.Fatalf("%q, want %q", got, want)
		}
		if _, err := edi.NewPatch(both...); err != nil {
			t.Fatalf("%v is no patch: %v", both, err)
		}
		if got := apply(t, both.Invert(), want, 0); got != input {
			t.Fatalf("taken back: %q, want %q", got, input)
		}
		for _, e := range both {
			if bytes.Equal(e.Old, e.New) {
				t.Fatalf("%+v does nothing", e)
			}
		}
		undone, err := edi.Compose([]byte(input), 0, both, both.Invert())
		if err != nil || len(undone) > 0 {
			t.Fatalf("%v is left of a patch and its inverse, %v", undone, err)
		}
	})
}

// Compose keeps apart what does not touch.
func TestComposeKeepsPlaces(t *testing.T) {
	const input = "0123456789"
	first, _ := edi.NewPatch(replace(input, 1, 2, "xx"), replace(input, 7, 8, ""))
	middle := apply(t, first, input, 0)
	second, _ := edi.NewPatch(replace(middle, 6, 7, "y"))
	got, err := edi.Compose([]byte(input), 0, first, second)
	want := edi.Patch{replace(input, 1, 2, "xx"), replace(input, 5, 6, "y"), replace(input, 7, 8, "")}
	for i := range got {
		if len(got[i].New) == 0 {
			got[i].New = []byte{}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

// Segment edits of one file made in one patch are those made one by one.
func TestPatchOfSegments(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		input := files.Draw(t, "file")
		lines := []string{}
		var edits []edi.Edit
		s := edi.NewScanner(strings.NewReader(input))
		for s.Next() {
			g := s.Segment()
			d := g.Delims()
			raw := string(g.Raw())
			switch g.Tag() {
			case edi.TagOf("SV1"):
				e, err := g.Set(5, []byte("11"))
				if err != nil {
					t.Fatal(err)
				}
				edits = append(edits, e)
				parts := strings.Split(raw, string([]byte{d.Element}))
				parts[5] = "11"
				raw = strings.Join(parts, string([]byte{d.Element}))
			case edi.TagOf("HI"):
				edits = append(edits, g.Delete())
				continue
			}
			lines = append(lines, string(g.Lead())+raw+string([]byte{d.Terminator}))
			if g.Tag() == edi.TagOf("CLM") && len(g.Lead()) == 0 {
				text := "K3" + string([]byte{d.Element}) + "X"
				e, err := g.InsertAfter([]byte(text))
				if err != nil {
					t.Fatal(err)
				}
				edits = append(edits, e)
				lines = append(lines, text+string([]byte{d.Terminator}))
			}
		}
		p, err := edi.NewPatch(edits...)
		if err != nil || s.Err() != nil {
			t.Fatal(err, s.Err())
		}
		if got, want := apply(t, p, input, 0), strings.Join(lines, "")+string(s.Tail()); got != want {
			t.Fatalf("%q, want %q", got, want)
		}
	})
}

func FuzzPatch(f *testing.F) {
	file := editest.Render(editest.Interchange(editest.Shape{Lines: 2}), editest.CRLF)
	f.Add(file, []byte{30, 2, 1, 0, 5, 3})
	f.Add([]byte("0123456789"), []byte{0, 0, 4, 0, 10, 1, 3, 3, 0})
	f.Add([]byte(""), []byte{0, 0, 1})
	f.Fuzz(func(t *testing.T, input, plan []byte) {
		var p edi.Patch
		at := 0
		for ; len(plan) >= 3; plan = plan[3:] {
			start := min(at+int(plan[0]), len(input))
			end := min(start+int(plan[1]), len(input))
			p = append(p, replace(string(input), start, end, strings.Repeat("n", int(plan[2]))))
			at = end
		}
		q, err := edi.NewPatch(p...)
		if err != nil {
			if !errors.Is(err, edi.ErrOverlap) {
				t.Fatal(err)
			}
			q = p // two insertions at one place, which Apply makes in order
		}
		out := apply(t, q, string(input), 0)
		if back := apply(t, q.Invert(), out, 0); back != string(input) {
			t.Fatal("the inverse does not take back")
		}
		var b bytes.Buffer
		if err := q.Apply(&b, bytes.NewReader(input)); err != nil || b.String() != out {
			t.Fatal("Apply and ApplyBytes differ", err)
		}
		both, err := edi.Compose(input, 0, q, q.Invert())
		if err != nil || len(both) > 0 {
			t.Fatal(both, err)
		}
	})
}
