package edi_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/edi/editest"
)

func TestScannerLayouts(t *testing.T) {
	segments := editest.Interchange(editest.Shape{Subscribers: 2, Claims: 2, Lines: 2, Dependents: true})
	for _, l := range editest.Layouts {
		t.Run(l.String(), func(t *testing.T) {
			input := string(editest.Render(segments, l))
			got := scan(t, strings.NewReader(input), 0)
			checkLossless(t, input, got)
			if len(got.Faults) > 0 || got.Err != nil {
				t.Fatal(got.Faults, got.Err)
			}
			if got.Tail != l.LineEnd {
				t.Errorf("tail is %q", got.Tail)
			}
			want := edi.Delims{Element: l.Element, Repetition: l.Repetition, Component: l.Component, Terminator: l.Terminator}
			var raws []string
			for _, g := range got.Segments {
				raws = append(raws, g.Raw)
				if g.Delims != want {
					t.Fatalf("separators %+v, want %+v", g.Delims, want)
				}
			}
			plain := editest.Layout{Element: l.Element, Repetition: l.Repetition, Component: l.Component, Terminator: 0}
			wantRaws := strings.Split(strings.TrimSuffix(string(editest.Render(segments, plain)), "\x00"), "\x00")
			if diff := cmp.Diff(wantRaws, raws); diff != "" {
				t.Errorf("segments (-want +got):\n%s", diff)
			}
			checkOrdinals(t, got.Segments)
		})
	}
}

// checkOrdinals counts segments again.
func checkOrdinals(t rapid.TB, segments []seen) {
	t.Helper()
	set := 0
	for i, g := range segments {
		switch g.Elements[0] {
		case "ST":
			set = 1
		case "ISA", "IEA", "GS", "GE":
			set = 0
		default:
			if set > 0 {
				set++
			}
		}
		if g.Pos.Segment != i+1 || g.Pos.SetSegment != set {
			t.Fatalf("segment %d is %d and %d in the set, want %d", i+1, g.Pos.Segment, g.Pos.SetSegment, set)
		}
		if g.Elements[0] == "SE" {
			set = 0
		}
	}
}

func TestScannerLossless(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		input := files.Draw(rt, "input")
		got := scan(rt, strings.NewReader(input), 0)
		if len(got.Faults) > 0 || got.Err != nil {
			rt.Fatalf("valid input: %v %v", got.Faults, got.Err)
		}
		checkLossless(rt, input, got)
		checkOrdinals(rt, got.Segments)
		var text strings.Builder
		for _, g := range got.Segments {
			text.WriteString(g.Lead)
			text.WriteString(g.Raw)
			text.WriteByte(g.Delims.Terminator)
		}
		if text.WriteString(got.Tail); text.String() != input {
			rt.Fatal("the parts do not make up the input")
		}
	})
}

func TestScannerBrokenInput(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		input := broken.Draw(rt, "input")
		limit := rapid.SampledFrom([]int{0, 0, 1, 3, 50, 106, 300}).Draw(rt, "limit")
		want := scan(rt, strings.NewReader(input), limit)
		checkLossless(rt, input, want)
		if len(want.Segments) == 0 && len(want.Faults) == 0 {
			rt.Fatal("nothing read and nothing reported")
		}
		for name, r := range readers(input) {
			sameResult(rt, name, want, scan(rt, r, limit))
		}
		// The first fault alone ends a scan that nobody watches.
		s := edi.NewScanner(strings.NewReader(input))
		s.MaxSegment = limit
		n := 0
		for s.Next() {
			n++
		}
		if len(want.Faults) == 0 {
			if s.Err() != nil || n != len(want.Segments) {
				rt.Fatalf("%d segments, %v", n, s.Err())
			}
		} else if e, ok := errors.AsType[*edi.SyntaxError](s.Err()); !ok || *e != want.Faults[0] {
			rt.Fatalf("Err is %v, want %v", s.Err(), &want.Faults[0])
		}
	})
}

func TestScannerSourceFails(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		input := broken.Draw(rt, "input")
		input = input[:rapid.IntRange(0, len(input)).Draw(rt, "cut")]
		want := scan(rt, io.MultiReader(strings.NewReader(input), iotest.ErrReader(errBroken)), 0)
		if !errors.Is(want.Err, errBroken) {
			rt.Fatal(want.Err)
		}
		checkLossless(rt, input, want)
		for _, n := range []int{1, 13, 1 << 20} {
			sameResult(rt, fmt.Sprint(n), want, scan(rt, &failing{input, n, errBroken}, 0))
		}
	})
}

// The buffer moves and grows at places that depend on the reader.
func TestScannerLargeInput(t *testing.T) {
	input := string(editest.Render(editest.Claims(600), editest.CRLF))
	at := strings.Index(input[len(input)/2:], "REF*EA*") + len(input)/2
	long := "NTE*ADD*" + strings.Repeat("x ", 300_000) + "~\r\n"
	input = input[:at] + long + input[at:]
	want := scan(t, strings.NewReader(input), 0)
	checkLossless(t, input, want)
	if len(want.Faults) > 0 {
		t.Fatal(want.Faults)
	}
	checkOrdinals(t, want.Segments)
	for _, n := range []int{4093, 65537, 300_007} {
		sameResult(t, fmt.Sprint(n), want, scan(t, &failing{input, n, io.EOF}, 0))
	}
}

// A segment that arrives byte by byte is looked at once.
func TestScannerSlowSource(t *testing.T) {
	input := editest.ISA(1) + "~NTE*" + strings.Repeat("x*", edi.DefaultMaxSegment/2) + "~IEA*0*000000001~" + strings.Repeat("junk", 1000)
	want := scan(t, strings.NewReader(input), 0)
	sameResult(t, "one byte", want, scan(t, iotest.OneByteReader(strings.NewReader(input)), 0))
	if len(want.Faults) != 2 {
		t.Error(want.Faults)
	}
}

func TestScannerFaults(t *testing.T) {
	var (
		isa  = editest.ISA(1) + "~"
		body = "GS*HC*A*B*20260311*0800*1*X*005010X222A1~ST*837*0001~SE*2*0001~GE*1*1~"
		iea  = "IEA*1*000000001~"
		good = isa + body + iea
		pipe = strings.NewReplacer("*", "|", ":", ">", "~", "\n", "^", "!").Replace(good)
		with = func(at int, b string) string { return isa[:at] + b + isa[at+1:] }
		long = strings.Repeat("x", 400)
	)
	tests := []struct {
		name     string
		input    string // § stands where a fault is expected
		want     []error
		segments int
		tail     string
	}{
		{"good", good, nil, 6, ""},
		{"empty", "§", []error{edi.ErrEmpty}, 0, ""},
		{"blank", " \r\n\t\x1A§", []error{edi.ErrNotX12}, 0, " \r\n\t\x1A"},
		{"byte order mark alone", "\xEF\xBB\xBF§", []error{edi.ErrNotX12}, 0, "\xEF\xBB\xBF"},
		{"not X12", "hello, world\n§", []error{edi.ErrNotX12}, 0, "hello, world\n"},
		{"half a byte order mark", "§\xEF\xBB" + good, []error{edi.ErrOutside}, 6, ""},
		{"HTML", "\n<html><body>ISA 404</body></html>§", []error{edi.ErrNotX12}, 0, "\n<html><body>ISA 404</body></html>"},
		{"binary", "\x7FELF\x02\x01\x01\x00ISA\xFF\x00\x00§", []error{edi.ErrNotX12}, 0, "\x7FELF\x02\x01\x01\x00ISA\xFF\x00\x00"},
		{"segments without ISA", body + "§", []error{edi.ErrNotX12}, 0, body},
		{"lower case ISA", "isa" + isa[3:] + "§", []error{edi.ErrNotX12}, 0, "isa" + isa[3:]},
		{"ISA cut short", "§" + isa[:80], []error{edi.ErrISA}, 0, isa[:80]},
		{"ISA without terminator", "§" + isa[:105], []error{edi.ErrISA}, 0, isa[:105]},
		{
			"ISA of other widths", "§" + strings.Replace(isa, "SUBMITTER      ", "SUBMITTER", 1) + body + iea,
			[]error{edi.ErrISA},
			0, strings.Replace(isa, "SUBMITTER      ", "SUBMITTER", 1) + body + iea,
		},
		{
			"a good interchange behind one of other widths", "§" + strings.Replace(good, "SUBMITTER      ", "SUBMITTER", 1) + good,
			[]error{edi.ErrISA},
			6, "",
		},
		{"component separator = element separator", "§" + with(104, "*"), []error{edi.ErrDelimiters}, 0, with(104, "*")},
		{"component separator = terminator", "§" + with(104, "~"), []error{edi.ErrDelimiters}, 0, with(104, "~")},
		{"repetition separator = component separator", "§" + with(82, ":"), []error{edi.ErrDelimiters}, 0, with(82, ":")},
		{"letter as component separator", "§" + with(104, "x"), []error{edi.ErrDelimiters}, 0, with(104, "x")},
		{"digit as terminator", "§" + with(105, "7"), []error{edi.ErrDelimiters}, 0, with(105, "7")},
		{"no terminator at all", "§" + isa[:105] + strings.ReplaceAll(body+iea, "~", ""), []error{edi.ErrDelimiters}, 0, isa[:105] + strings.ReplaceAll(body+iea, "~", "")},
		{"blank as component separator", "§" + with(104, " "), []error{edi.ErrDelimiters}, 0, with(104, " ")},
		{"NUL as terminator", "§" + with(105, "\x00"), []error{edi.ErrDelimiters}, 0, with(105, "\x00")},
		{"terminator inside ISA06", "§" + with(40, "~"), []error{edi.ErrDelimiters}, 0, with(40, "~")},
		{"element separator inside ISA06", "§" + with(40, "*"), []error{edi.ErrDelimiters}, 0, with(40, "*")},
		{"repetition separator U", with(82, "U") + body + iea, nil, 6, ""},
		{"repetition separator NUL", with(82, "\x00") + body + iea, nil, 6, ""},

		{"byte order mark", "\xEF\xBB\xBF" + good, nil, 6, ""},
		{"blank lines first", "\n\r\n  \n" + good, nil, 6, ""},
		{"NULs and ^Z last", good + "\n\x00\x1A", nil, 6, "\n\x00\x1A"},
		{"junk first", "§-- header --\n" + good, []error{edi.ErrOutside}, 6, ""},
		{"junk first that begins with ISA", "§ISABEL WROTE THIS\n" + good, []error{edi.ErrOutside}, 6, ""},
		{"junk between", good + "\n§-- page 2 --\n" + good, []error{edi.ErrOutside}, 12, ""},
		{"junk last", good + "\n§THE END", []error{edi.ErrOutside}, 6, "\nTHE END"},
		{"terminator too many between", good + "§~\n" + pipe, []error{edi.ErrOutside}, 12, ""},
		{"byte order mark between", good + "\xEF\xBB\xBF" + pipe, nil, 12, ""},

		{"no IEA", isa + body + "§", []error{edi.ErrUnclosed}, 5, ""},
		{"no IEA, line end", isa + body + "\r\n§", []error{edi.ErrUnclosed}, 5, "\r\n"},
		{"no IEA, another follows", isa + body + "§" + pipe, []error{edi.ErrUnclosed}, 11, ""},
		{"IEA without terminator", good[:len(good)-1], nil, 6, ""},
		{"IEA without terminator, line end", good[:len(good)-1] + "\r\n", nil, 6, "\r\n"},
		{"IEA without terminator, another follows", good[:len(good)-1] + "\n" + good, nil, 12, ""},
		{"IEA cut", isa + body + "§IEA*1", []error{edi.ErrUnterminated}, 6, ""},
		{"IEA cut in its last element", isa + body + "§IEA*1*00000000", []error{edi.ErrUnterminated}, 6, ""},
		{"IEA without terminator and zeros", isa + body + "IEA*1*1", nil, 6, ""},
		{"cut in a segment", isa + body[:53] + "§" + body[53:60] + "§", []error{edi.ErrUnterminated, edi.ErrUnclosed}, 4, ""},
		{"cut in a segment, another follows", isa + body[:41] + "§" + body[41:50] + "§" + pipe, []error{edi.ErrUnterminated, edi.ErrUnclosed}, 9, ""},
		{"cut in a segment, line end, another follows", isa + body[:41] + "§" + body[41:50] + "\r\n§" + good, []error{edi.ErrUnterminated, edi.ErrUnclosed}, 9, ""},
		{"cut in a segment, another with byte order mark follows", isa + body[:41] + "§" + body[41:50] + "\xEF\xBB\xBF§" + pipe, []error{edi.ErrUnterminated, edi.ErrUnclosed}, 9, ""},
		{"cut between segments, another with byte order mark follows", isa + body + "\xEF\xBB\xBF§" + pipe, []error{edi.ErrUnclosed}, 11, ""},
		{"cut in an id", isa + body + "§§I§", []error{edi.ErrUnterminated, edi.ErrSegmentID, edi.ErrUnclosed}, 6, ""},
		{"ISA inside of other widths", isa + body + "§ISA*00~" + iea, []error{edi.ErrISA}, 7, ""},
		{"ISA inside with bad separators", isa + body + "§" + with(104, "x") + good, []error{edi.ErrDelimiters}, 11, ""},

		{"empty segment", isa + "§~" + body + iea, []error{edi.ErrSegmentID}, 7, ""},
		{"no id", isa + "§*A~" + body + iea, []error{edi.ErrSegmentID}, 7, ""},
		{"id of four letters", isa + "§ABCD*A~" + body + iea, []error{edi.ErrSegmentID}, 7, ""},
		{"id in lower case", isa + "§ref*A~" + body + iea, []error{edi.ErrSegmentID}, 7, ""},
		{"terminator in a text", isa + "NTE*ADD*A ~ §B~" + body + iea, []error{edi.ErrSegmentID}, 8, ""},

		{"segment at the limit", isa + "NTE*" + long[:296] + "~" + body + iea, nil, 7, ""},
		{"segment over the limit", isa + body + "§NTE*" + long + "~" + iea, []error{edi.ErrSegmentTooLong}, 6, ""},
		{"two over the limit", isa + "§NTE*" + long + "~§NTE*" + long + long + "~" + body + iea, []error{edi.ErrSegmentTooLong, edi.ErrSegmentTooLong}, 6, ""},
		{"over the limit to the end", isa + body + "§NTE*" + long + "§", []error{edi.ErrSegmentTooLong, edi.ErrUnclosed}, 5, ""},
		{"over the limit, then another interchange", isa + body + "§NTE*" + long + "§" + pipe, []error{edi.ErrSegmentTooLong, edi.ErrUnclosed}, 11, ""},
		{"under the limit, then another interchange", isa + body + "§NTE*" + long[:200] + "§" + pipe, []error{edi.ErrUnterminated, edi.ErrUnclosed}, 12, ""},
		{"blanks over the limit inside", isa + body + "§" + strings.Repeat(" ", 301) + iea, []error{edi.ErrSegmentTooLong}, 6, ""},
		{"blanks at the limit inside", isa + body + strings.Repeat(" ", 300) + iea, nil, 6, ""},
		{"blanks over the limit between", good + "§" + strings.Repeat("\n", 301) + good, []error{edi.ErrOutside}, 12, ""},
		{"junk over the limit", good + "§" + strings.Repeat("?", 300) + "§" + strings.Repeat("?", 300) + "§??" + good, []error{edi.ErrOutside, edi.ErrOutside, edi.ErrOutside}, 12, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			input, at := mark(tt.input)
			got := scan(t, strings.NewReader(input), 300)
			checkLossless(t, input, got)
			if diff := cmp.Diff(expect(t, tt.want, at), faultsOf(got.Faults), cmpopts.EquateErrors()); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
			if len(got.Segments) != tt.segments || got.Tail != tt.tail {
				t.Errorf("%d segments, tail %q; want %d, %q", len(got.Segments), got.Tail, tt.segments, tt.tail)
			}
			for name, r := range readers(input) {
				sameResult(t, name, got, scan(t, r, 300))
			}
		})
	}
}

func TestSyntaxErrorText(t *testing.T) {
	input := editest.ISA(1) + "~\nGS*HC~\nST*837*0001~\nBHT*0019~\nSMITH*JOHN~\n"
	got := scan(t, strings.NewReader(input), 0)
	var texts []string
	for _, e := range got.Faults {
		texts = append(texts, e.Error())
	}
	want := []string{
		"segment 5, line 5:1, byte 137: not a segment: its id has 5 bytes that are not a letter and one or two letters or digits",
		"line 6:1, byte 149: interchange is not closed by an IEA: input ends",
	}
	if diff := cmp.Diff(want, texts); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if f := got.Faults[0]; f.Pos.SetSegment != 3 || f.Span != (edi.Span{Start: 137, End: 147}) || f.Truncated() {
		t.Errorf("%+v", f)
	}
	if !got.Faults[1].Truncated() {
		t.Error("an unclosed interchange is cut")
	}
}

func TestScannerNoProgress(t *testing.T) {
	s := edi.NewScanner(readerFunc(func([]byte) (int, error) { return 0, nil }))
	if s.Next() || !errors.Is(s.Err(), io.ErrNoProgress) {
		t.Error(s.Err())
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// Allocations do not grow with the file.
func TestScannerAllocations(t *testing.T) {
	for _, claims := range []int{1, 100, 10_000} {
		data := editest.Render(editest.Claims(claims), editest.Wrapped)
		r := bytes.NewReader(data)
		n := testing.AllocsPerRun(3, func() {
			r.Reset(data)
			s := edi.NewScanner(r)
			for s.Next() {
				s.Segment().Pos()
			}
			if s.Err() != nil {
				t.Fatal(s.Err())
			}
		})
		if n >= 20 {
			t.Errorf("%d claims: %v allocations", claims, n)
		}
	}
}

// stream repeats interchanges without holding them all.
type stream struct {
	piece string
	times int
	at    int
}

func (s *stream) Read(p []byte) (int, error) {
	if s.times == 0 {
		return 0, io.EOF
	}
	n := copy(p, s.piece[s.at:])
	if s.at += n; s.at == len(s.piece) {
		s.at, s.times = 0, s.times-1
	}
	return n, nil
}

func TestScannerMemory(t *testing.T) {
	const size = 16 << 20
	isa := editest.ISA(1) + "~"
	tests := []struct {
		name  string
		piece string
		times int
	}{
		{"interchanges", string(editest.Render(editest.Claims(5000), editest.Wrapped)), 24}, // 64 MiB
		{"one segment without end", isa + "NTE*" + strings.Repeat("x", size), 1},
		{"one segment of elements", isa + "NTE" + strings.Repeat("*", size), 1},
		{"blanks", isa + strings.Repeat(" ", size), 1},
		{"junk", strings.Repeat("junk ", size/5), 1},
		{"NULs", string(make([]byte, size)), 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := edi.NewScanner(&stream{piece: tt.piece, times: tt.times})
			faults := 0
			s.OnError = func(*edi.SyntaxError) { faults++ }
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			for s.Next() {
			}
			runtime.ReadMemStats(&after)
			if s.Err() != nil || s.Offset() != int64(len(tt.piece)*tt.times) {
				t.Fatal(s.Offset(), s.Err())
			}
			if got := after.TotalAlloc - before.TotalAlloc; got > 32<<20 {
				t.Errorf("%d MiB allocated", got>>20)
			}
			if n := len(s.Tail()); n > 2*edi.DefaultMaxSegment {
				t.Errorf("tail of %d bytes", n)
			}
			if faults > 20 {
				t.Errorf("%d faults", faults)
			}
		})
	}
}

func FuzzScanner(f *testing.F) {
	for _, l := range editest.Layouts {
		f.Add(editest.Render(editest.Interchange(editest.Shape{Lines: 2}), l), 0)
	}
	two := slices.Concat(
		editest.Render(editest.Interchange(editest.Shape{}), editest.Wrapped)[:400],
		editest.Render(editest.Interchange(editest.Shape{Old: true}), editest.Pipes),
	)
	f.Add(two, 0)
	f.Add(two, 120)
	f.Add([]byte("\xEF\xBB\xBF\r\n"+editest.ISA(1)+"~\x1A"), 0)
	f.Add([]byte("ISA*ISA*ISA"), 1)
	for _, width := range []int{60, 80, 132} {
		f.Add(editest.Fold(editest.Render(editest.Interchange(editest.Shape{}), editest.OneLine), width, "\r\n"), 0)
	}
	f.Fuzz(func(t *testing.T, input []byte, limit int) {
		want := scan(t, bytes.NewReader(input), limit)
		checkLossless(t, string(input), want)
		sameResult(t, "one byte", want, scan(t, iotest.OneByteReader(bytes.NewReader(input)), limit))
		sameResult(t, "ahead", want, scanAhead(t, bytes.NewReader(input), limit))
	})
}
