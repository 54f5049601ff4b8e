package edi_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/edi/editest"
)

// edited applies one edit to a file and reads the file again.
func edited(t rapid.TB, input string, e edi.Edit) result {
	t.Helper()
	p, err := edi.NewPatch(e)
	if err != nil {
		t.Fatal(err)
	}
	out, err := p.ApplyBytes(nil, []byte(input), 0)
	if err != nil {
		t.Fatal(err)
	}
	got := scan(t, bytes.NewReader(out), 0)
	checkLossless(t, string(out), got)
	return got
}

// find calls f for the first segment that begins with prefix.
func find(t rapid.TB, input, prefix string, f func(*edi.Segment)) {
	t.Helper()
	s := edi.NewScanner(strings.NewReader(input))
	s.OnError = func(*edi.SyntaxError) {}
	for s.Next() {
		if strings.HasPrefix(string(s.Segment().Raw()), prefix) {
			f(s.Segment())
			return
		}
	}
	t.Fatal("no segment " + prefix)
}

// change is a call of Set, SetComponent or SetComponents.
type change struct {
	n, m  int // m is 0 for a whole element, -1 for all components
	parts []string
}

func (c change) edit(s *edi.Segment, translate func(string) string) (edi.Edit, error) {
	var parts [][]byte
	for _, p := range c.parts {
		parts = append(parts, []byte(translate(p)))
	}
	switch c.m {
	case 0:
		return s.Set(c.n, parts[0])
	case -1:
		return s.SetComponents(c.n, parts)
	}
	return s.SetComponent(c.n, c.m, parts[0])
}

func TestSet(t *testing.T) {
	set := func(n int, value string) change { return change{n, 0, []string{value}} }
	component := func(n, m int, value string) change { return change{n, m, []string{value}} }
	components := func(n int, parts ...string) change { return change{n, -1, parts} }
	const sv1 = "SV1*HC:97110:GP*62*UN*2***1:2"
	isa := editest.ISA(1)
	tests := []struct {
		name    string
		segment string
		change  change
		want    string
		err     error
	}{
		{"in the middle", sv1, set(4, "1"), "SV1*HC:97110:GP*62*UN*1***1:2", nil},
		{"longer", sv1, set(2, "1062.50"), "SV1*HC:97110:GP*1062.50*UN*2***1:2", nil},
		{"the same", sv1, set(4, "2"), sv1, nil},
		{"empty before", sv1, set(5, "11"), "SV1*HC:97110:GP*62*UN*2*11**1:2", nil},
		{"to empty in the middle", sv1, set(3, ""), "SV1*HC:97110:GP*62**2***1:2", nil},
		{"empty to empty", sv1, set(6, ""), sv1, nil},
		{"whole composite", sv1, set(1, "HC:97112"), "SV1*HC:97112*62*UN*2***1:2", nil},
		{"last", sv1, set(7, "1"), "SV1*HC:97110:GP*62*UN*2***1", nil},
		{"last to empty trims", sv1, set(7, ""), "SV1*HC:97110:GP*62*UN*2", nil},
		{"only element to empty", "LX*1", set(1, ""), "LX", nil},
		{"all empty to empty", "XX1***", set(3, ""), "XX1", nil},
		{"next element", sv1, set(8, "Y"), sv1 + "*Y", nil},
		{"padding", sv1, set(11, "Y"), sv1 + "****Y", nil},
		{"padding an id alone", "XX1", set(2, "A"), "XX1**A", nil},
		{"beyond the end, empty", sv1, set(11, ""), sv1, nil},
		{"Latin-1", "N3*A", set(1, "MU\xD1OZ"), "N3*MU\xD1OZ", nil},
		{"repetitions are a value", "EQ*A", set(1, "A^B"), "EQ*A^B", nil},
		{"place 0", sv1, set(0, "SV2"), "", edi.ErrNoPlace},
		{"place -1", sv1, set(-1, "SV2"), "", edi.ErrNoPlace},
		{"element separator", sv1, set(4, "1*2"), "", edi.ErrValue},
		{"terminator", sv1, set(4, "1~"), "", edi.ErrValue},
		{"line end", sv1, set(4, "1\n"), "", edi.ErrValue},
		{"control byte", sv1, set(4, "\x1A"), "", edi.ErrValue},
		{"DEL", sv1, set(4, "\x7F"), "", edi.ErrValue},

		{"component", sv1, component(1, 2, "97112"), "SV1*HC:97112:GP*62*UN*2***1:2", nil},
		{"component behind the last", sv1, component(1, 4, "59"), "SV1*HC:97110:GP:59*62*UN*2***1:2", nil},
		{"component padding", sv1, component(1, 6, "59"), "SV1*HC:97110:GP:::59*62*UN*2***1:2", nil},
		{"component to empty trims", sv1, component(1, 3, ""), "SV1*HC:97110*62*UN*2***1:2", nil},
		{"component in the middle to empty", sv1, component(1, 2, ""), "SV1*HC::GP*62*UN*2***1:2", nil},
		{"component of an element that is no composite", sv1, component(4, 2, "X"), "SV1*HC:97110:GP*62*UN*2:X***1:2", nil},
		{"component beyond the end", sv1, component(9, 2, "X"), sv1 + "**:X", nil},
		{"component to empty beyond the end", sv1, component(9, 2, ""), sv1, nil},
		{"last component of the last element", "HI*A", component(1, 1, ""), "HI", nil},
		{"component -2", sv1, component(1, -2, "X"), "", edi.ErrNoPlace},
		{"component of element 0", sv1, component(0, 1, "X"), "", edi.ErrNoPlace},
		{"component separator in a component", sv1, component(1, 2, "97110:GP"), "", edi.ErrValue},
		{"repetition separator in a component", sv1, component(1, 2, "97110^"), "", edi.ErrValue},
		{"terminator in a component", sv1, component(1, 2, "97110~"), "", edi.ErrValue},

		{"components", sv1, components(1, "HC", "97530", "GP", "59"), "SV1*HC:97530:GP:59*62*UN*2***1:2", nil},
		{"components are trimmed", sv1, components(1, "HC", "97530", "", ""), "SV1*HC:97530*62*UN*2***1:2", nil},
		{"no components", sv1, components(7), "SV1*HC:97110:GP*62*UN*2", nil},
		{"separator in components", sv1, components(1, "HC", "97530:GP"), "", edi.ErrValue},

		{"ISA of the same width", isa, set(6, "SOMEBODY       "), strings.Replace(isa, "SUBMITTER      ", "SOMEBODY       ", 1), nil},
		{"ISA shorter", isa, set(6, "SOMEBODY"), "", edi.ErrISAWidth},
		{"ISA to empty", isa, set(6, ""), "", edi.ErrISAWidth},
		{"ISA beyond its end", isa, set(17, "A"), "", edi.ErrISAWidth},
		{"ISA component", isa, component(6, 1, "A"), "", edi.ErrISAWidth},
		{"ISA separators", isa, set(16, ";"), "", edi.ErrValue},
		{"ISA repetition separator", isa, set(11, ";"), "", edi.ErrValue},
		{"ISA separators as they are", isa, set(16, ":"), isa, nil},
	}
	for _, l := range editest.Layouts {
		// The table is written with the separators of a wrapped file.
		translate := strings.NewReplacer(
			"*", string(rune(l.Element)), ":", string(rune(l.Component)), "^", string(rune(l.Repetition)), "~", string(rune(l.Terminator)),
		).Replace
		for _, tt := range tests {
			t.Run(l.String()+"/"+tt.name, func(t *testing.T) {
				file := func(text string) string {
					segments := []string{isa, "GS*HC", text, "SE*1", "IEA*1*000000001"}
					if strings.HasPrefix(text, "ISA") {
						segments = []string{text, "GS*HC", "SE*1", "IEA*1*000000001"}
					}
					return string(editest.Render(segments, l))
				}
				input := file(tt.segment)
				tag, _, _ := strings.Cut(tt.segment, "*")
				find(t, input, tag, func(s *edi.Segment) {
					e, err := tt.change.edit(s, translate)
					if !errors.Is(err, tt.err) {
						t.Fatalf("%v, want %v", err, tt.err)
					}
					if err != nil {
						if e.Old != nil || e.New != nil || e.Span != (edi.Span{}) {
							t.Errorf("an edit with the error: %+v", e)
						}
						return
					}
					sameResult(t, "the edited file", scan(t, strings.NewReader(file(tt.want)), 0), edited(t, input, e))
				})
			})
		}
	}
}

// An edit keeps the bytes of its arguments and of the buffer to itself.
func TestSetCopies(t *testing.T) {
	input := string(editest.Render(editest.Claims(1), editest.Wrapped))
	find(t, input, "SV1", func(s *edi.Segment) {
		value := []byte("X")
		e, err := s.Set(4, value)
		if err != nil {
			t.Fatal(err)
		}
		value[0] = 'Y'
		s.Bytes(4)[0] = 'Z'
		if string(e.New) != "X" || string(e.Old) != "2" {
			t.Errorf("%q to %q", e.Old, e.New)
		}
	})
}

func TestInsertAfterAndDelete(t *testing.T) {
	segments := editest.Interchange(editest.Shape{Lines: 2})
	at := slices.IndexFunc(segments, func(s string) bool { return strings.HasPrefix(s, "REF*6R") })
	with := slices.Insert(slices.Clone(segments), at+1, "NTE*ADD*SYNTHETIC")
	for _, l := range append(slices.Clone(editest.Layouts), editest.Layout{Element: '*', Repetition: '^', Component: ':', Terminator: '~', LineEnd: "\n\n"}) {
		t.Run(l.String(), func(t *testing.T) {
			short, long := string(editest.Render(segments, l)), string(editest.Render(with, l))
			text := strings.TrimRight(string(editest.Render([]string{"NTE*ADD*SYNTHETIC"}, editest.Layout{Element: l.Element})), "\x00")
			find(t, short, "REF"+string(rune(l.Element))+"6R", func(s *edi.Segment) {
				e, err := s.InsertAfter([]byte(text))
				if err != nil {
					t.Fatal(err)
				}
				sameResult(t, "the longer file", scan(t, strings.NewReader(long), 0), edited(t, short, e))
			})
			find(t, long, "NTE", func(s *edi.Segment) {
				sameResult(t, "the shorter file", scan(t, strings.NewReader(short), 0), edited(t, long, s.Delete()))
			})
		})
	}
}

func TestInsertAfterRefuses(t *testing.T) {
	input := string(editest.Render(editest.Claims(1), editest.Wrapped))
	tests := []struct {
		text string
		want error
	}{
		{"", edi.ErrSegmentID},
		{"NTE", edi.ErrSegmentID},
		{"*A", edi.ErrSegmentID},
		{"N*A", edi.ErrSegmentID},
		{"NOTE*A", edi.ErrSegmentID},
		{"nte*A", edi.ErrSegmentID},
		{"1TE*A", edi.ErrSegmentID},
		{"NTE*A~", edi.ErrValue},
		{"NTE*A~SE*1", edi.ErrValue},
		{"NTE*A\n", edi.ErrValue},
		{"NTE*\x7F", edi.ErrValue},
		{"NTE*A:B^C*", nil},
		{"K3*A", nil},
	}
	find(t, input, "CLM", func(s *edi.Segment) {
		for _, tt := range tests {
			if _, err := s.InsertAfter([]byte(tt.text)); !errors.Is(err, tt.want) {
				t.Errorf("%q: %v, want %v", tt.text, err, tt.want)
			}
		}
	})
	find(t, input[:strings.Index(input, "CLM")+10], "CLM", func(s *edi.Segment) {
		if _, err := s.InsertAfter([]byte("K3*A")); !errors.Is(err, edi.ErrUnterminated) {
			t.Errorf("behind a cut segment: %v", err)
		}
	})
}

// The line style is that of the segment; anything else before it is not copied.
func TestInsertAfterLead(t *testing.T) {
	for lead, want := range map[string]string{
		"\n": "\nK3*B~", "\r\n": "\r\nK3*B~", "": "K3*B~", " ": "K3*B~", "\n ": "K3*B~", "\x1A": "K3*B~",
	} {
		input := editest.ISA(1) + "~" + lead + "K3*A~"
		find(t, input, "K3", func(s *edi.Segment) {
			e, err := s.InsertAfter([]byte("K3*B"))
			if err != nil || string(e.New) != want || e.Span != (edi.Span{Start: int64(len(input)), End: int64(len(input))}) {
				t.Errorf("%q: %q at %v, %v", lead, e.New, e.Span, err)
			}
		})
	}
}

// Setting any element of any segment to any value changes that element, and the
// number of elements no more than it must.
func TestSetProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := layouts.Draw(t, "layout")
		input := string(editest.Render(editest.Interchange(shapes.Draw(t, "shape")), l))
		before := scan(t, strings.NewReader(input), 0)
		i := rapid.IntRange(1, len(before.Segments)-1).Draw(t, "segment")
		n := rapid.IntRange(1, 12).Draw(t, "element")
		value := rapid.StringMatching(`[A-Z0-9 .]{0,8}`).Draw(t, "value")
		var e edi.Edit
		s := edi.NewScanner(strings.NewReader(input))
		for s.Next() && s.Segments() <= i {
		}
		e, err := s.Segment().Set(n, []byte(value))
		if err != nil {
			t.Fatal(err)
		}
		want := slices.Clone(before.Segments[i].Elements)
		for len(want) <= n {
			want = append(want, "")
		}
		want[n] = value
		if value == "" && n >= len(before.Segments[i].Elements)-1 {
			for len(want) > 1 && want[len(want)-1] == "" {
				want = want[:len(want)-1]
			}
			if n >= len(before.Segments[i].Elements) {
				want = before.Segments[i].Elements // nothing to do
			}
		}
		after := edited(t, input, e)
		for j, g := range after.Segments {
			elements := before.Segments[j].Elements
			if j == i {
				elements = want
			}
			if diff := cmp.Diff(elements, g.Elements); diff != "" {
				t.Fatalf("segment %d (-want +got):\n%s", j, diff)
			}
		}
		if len(after.Segments) != len(before.Segments) || len(after.Faults) > 0 {
			t.Fatal(len(after.Segments), after.Faults)
		}
	})
}
