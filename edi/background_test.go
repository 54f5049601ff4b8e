package edi_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/edi/editest"
)

// A scan that runs ahead tells what any other tells, wherever its batches end.
func TestBackground(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		input := broken.Draw(rt, "input")
		limit := rapid.SampledFrom([]int{0, 0, 50, 300}).Draw(rt, "limit")
		defer edi.SetBatchSize(rapid.SampledFrom([]int{1, 100, 700, 1 << 20}).Draw(rt, "batch"))()
		want := scan(rt, strings.NewReader(input), limit)
		for name, r := range readers(input) {
			sameResult(rt, name, want, scanAhead(rt, r, limit))
		}
		src := func() io.Reader { return io.MultiReader(strings.NewReader(input), iotest.ErrReader(errBroken)) }
		sameResult(rt, "source that fails", scan(rt, src(), limit), scanAhead(rt, src(), limit))
		// The first fault alone ends a scan that nobody watches.
		s := edi.NewScanner(strings.NewReader(input))
		s.MaxSegment = limit
		defer s.Background()()
		for s.Next() {
		}
		if e, ok := errors.AsType[*edi.SyntaxError](s.Err()); ok != (len(want.Faults) > 0) || ok && *e != want.Faults[0] {
			rt.Fatalf("Err is %v, want the first of %v", s.Err(), want.Faults)
		}
	})
}

// scanAhead is scan with another goroutine.
func scanAhead(t rapid.TB, src io.Reader, maxSegment int) result {
	return scanBy(t, src, maxSegment, (*edi.Scanner).Background)
}

// One may leave at any segment.
func TestBackgroundStops(t *testing.T) {
	input := string(editest.Render(editest.Claims(50), editest.Wrapped))
	defer edi.SetBatchSize(300)()
	for leave := range 60 {
		s := edi.NewScanner(strings.NewReader(input))
		stop := s.Background()
		for n := 0; n < leave && s.Next(); n++ {
		}
		stop()
		for s.Next() { // what was handed over already
		}
		if s.Err() != nil {
			t.Fatal(s.Err())
		}
	}
}

// What Collected shows is what Append would have added, whether it was copied or not.
func TestCollected(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		input := string(editest.Render(editest.Interchange(shapes.Draw(t, "shape")), layouts.Draw(t, "layout")))
		defer edi.SetBatchSize(rapid.SampledFrom([]int{1, 300, 1 << 20}).Draw(t, "batch"))()
		every := rapid.IntRange(1, 40).Draw(t, "every")
		s := edi.NewScanner(strings.NewReader(input))
		if rapid.Bool().Draw(t, "ahead") {
			defer s.Background()()
		}
		var b edi.Block
		from := 0
		look := func(to int) {
			v := s.Collected()
			want := blockOf(t, input, from, to)
			if v.Len() != want.Len() {
				t.Fatalf("%d segments, want %d", v.Len(), want.Len())
			}
			for i := range v.Len() {
				g, w := v.Segment(i), want.Segment(i)
				e := v.Elements(i)
				if diff := cmp.Diff(fmt.Sprint(w.Pos(), string(w.Raw()), w.Extent()), fmt.Sprint(g.Pos(), string(g.Raw()), g.Extent())); diff != "" || v.Tag(i) != w.Tag() {
					t.Fatalf("segment %d (-want +got):\n%s", i, diff)
				}
				for n := 1; n <= w.Count()+1; n++ {
					if string(e.At(n)) != string(w.Bytes(n)) || string(v.Element(i, n)) != string(w.Bytes(n)) {
						t.Fatalf("element %d of segment %d is %q", n, i, e.At(n))
					}
				}
				if string(e.All()) != string(w.Raw()) {
					t.Fatalf("segment %d is %q", i, e.All())
				}
			}
		}
		for s.Next() {
			if n := s.Segments() - 1; n%every == 0 {
				if n > 0 {
					look(n)
				}
				from = n
				b.Reset()
				s.Collect(&b)
			}
		}
	})
}
