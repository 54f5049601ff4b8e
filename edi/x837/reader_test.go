package x837_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/edi/editest"
	"github.com/gaitkeeper/gaitkeeper/edi/x837"
)

// The base of the table: two claims of three lines each.
var base = string(editest.Render(editest.Claims(2), editest.Wrapped))

// other is the same with other claim numbers and separators.
var other = func() string {
	var segments []string
	for _, s := range editest.Claims(2) {
		segments = append(segments, strings.Replace(s, "CLM*C0", "CLM*D0", 1))
	}
	return string(editest.Render(segments, editest.Pipes))
}()

// before cuts text in front of the nth occurrence of what, from 1.
func before(text, what string, n int) (head, tail string) {
	at := -1
	for range n {
		i := strings.Index(text[at+1:], what)
		if i < 0 {
			panic("no " + what)
		}
		at += 1 + i
	}
	return text[:at], text[at:]
}

// What real files do to readers.
func TestHostileInput(t *testing.T) {
	both := []string{"C000000 3", "C000001 3"}
	all := []string{"C000000 3", "C000001 3", "D000000 3", "D000001 3"}
	layout := func(l editest.Layout) string { return string(editest.Render(editest.Claims(2), l)) }
	without := func(prefix string) (string, string) {
		head, tail := before(base, "\n"+prefix+"*", 1)
		_, tail, _ = strings.Cut(tail[1:], "\n")
		return head + "\n", tail
	}
	noSE, behindSE := without("SE")
	noGE, behindGE := without("GE")
	noIEA, _ := without("IEA")
	noGS, behindGS := without("GS")
	folded := string(editest.Fold(editest.Render(editest.Claims(2), editest.OneLine), 80, "\n"))
	head, tail := before(base, "BHT", 1)
	rest := string(editest.Fold([]byte(strings.ReplaceAll(tail, "\n", "")), 60, "\r\n"))
	bht, rest := before(rest, "NM1", 1)
	// In the second claim: at a segment boundary, and in its second SV1.
	atBoundary, _ := before(base, "LX*3", 2)
	inSegment, _ := before(base, "7116:GP*62*UN*1***1:2~", 2)
	beforeCut, cutSegment := before(inSegment, "SV1", 5)
	strange := strings.NewReplacer("REF*EA*MRN1~\nHI*ABK:M6281*ABF:R262~", "REF*EA*MRN1~\n§ISA~", "SE*62", "§SE*62", "GE*", "§GE*").Replace(base)

	tests := []struct {
		name   string
		input  string // § stands where a fault is expected
		claims []string
		errs   []error
	}{
		{"wrapped", base, both, nil},
		{"| element separator", layout(editest.Layout{Element: '|', Repetition: '^', Component: ':', Terminator: '~', LineEnd: "\n"}), both, nil},
		{"' terminator", layout(editest.Quotes), both, nil},
		{"LF terminator", layout(editest.Pipes), both, nil},
		{"LF terminator, blank lines", strings.ReplaceAll(layout(editest.Pipes), "\n", "\n\n"), both, nil},
		{"CR terminator", layout(editest.Returns), both, nil},
		{"CRLF", layout(editest.CRLF), both, nil},
		{"one line", layout(editest.OneLine), both, nil},
		{"control bytes as separators", layout(editest.Layout{Element: 0x1D, Repetition: 0x1E, Component: 0x1F, Terminator: 0x1C}), both, nil},
		{"byte order mark", "\xEF\xBB\xBF" + base, both, nil},
		{"blank lines first", "\r\n\r\n\n" + base, both, nil},
		{"^Z last", base + "\x1A", both, nil},
		{"NULs last", base + strings.Repeat("\x00", 200), both, nil},
		{"three interchanges", base + other + base, slices.Concat(all, both), nil},
		{"second interchange with other separators", base + other, all, nil},
		{"second interchange with other separators, blank lines between", base + "\n\r\n" + other, all, nil},
		{"Latin-1", strings.ReplaceAll(base, "EXAMPLE0", "MU\xD1OZ\xE9"), both, nil},
		{"UTF-8", strings.ReplaceAll(base, "EXAMPLE0", "MUÑOZ"), both, nil},
		{"patient named ISAAC", strings.NewReplacer("EXAMPLE0", "ISAAC", "PAT*", "ISA*").Replace(base), both, nil},
		{"segment ISA of other widths", strange, []string{"C000000 0 ISA", "C000001 0 ISA"}, []error{edi.ErrISA, edi.ErrISA, edi.ErrEnvelope, edi.ErrEnvelope}},
		{"wrong SE01", strings.Replace(base, "SE*62*", "SE*99*", 1), both, nil},
		{"no SE", noSE + "§" + behindSE, both, []error{edi.ErrEnvelope}},
		{"no GE", noGE + "§" + behindGE, both, []error{edi.ErrEnvelope}},
		{"no IEA", noIEA + "§", both, []error{edi.ErrUnclosed}},
		{"no GS", noGS + "§" + behindGS, both, []error{edi.ErrEnvelope}},
		{"wrapped at a width", "§" + folded, nil, []error{edi.ErrWrapped}},
		{"wrapped at a width behind ST", head + bht + "§" + rest, nil, []error{edi.ErrWrapped}},
		{"no SE, GE, IEA", noSE + "§", []string{"C000000 3", "C000001 3 unclosed"}, []error{edi.ErrUnclosed}},
		{"no SE and no GE", noSE + "§§" + behindSE[strings.Index(behindSE, "IEA"):], both, []error{edi.ErrEnvelope, edi.ErrEnvelope}},
		{"IEA without terminator", base[:len(base)-2], both, nil},
		{"cut at a segment boundary", atBoundary + "§", []string{"C000000 3", "C000001 2 unclosed"}, []error{edi.ErrUnclosed}},
		{"cut in a segment", beforeCut + "§" + cutSegment + "§", []string{"C000000 3", "C000001 2 unterminated"}, []error{edi.ErrUnterminated, edi.ErrUnclosed}},
		{"cut in the CLM", strings.Replace(base[:strings.LastIndex(base, "CLM")+12], "CLM*C000001", "§CLM*C000001", 1) + "§", []string{"C000000 3", "C000001 0 unterminated"}, []error{edi.ErrUnterminated, edi.ErrUnclosed}},
		{"cut in the HL behind a claim", strings.Replace(base[:strings.Index(base, "HL*3")+6], "HL*3", "§HL*3", 1) + "§", []string{"C000000 3"}, []error{edi.ErrUnterminated, edi.ErrUnclosed}},
		{"cut in the SE", strings.Replace(base[:strings.Index(base, "SE*62")+5], "SE*62", "§SE*62", 1) + "§", both, []error{edi.ErrUnterminated, edi.ErrUnclosed}},
		{"cut before the first claim", base[:strings.Index(base, "CLM")] + "§", nil, []error{edi.ErrUnclosed}},
		{"cut at a segment boundary, another file behind", atBoundary + "§" + other, []string{"C000000 3", "C000001 2 unclosed", "D000000 3", "D000001 3"}, []error{edi.ErrUnclosed}},
		{"cut at a segment boundary without newline, another file behind", strings.TrimSuffix(atBoundary, "\n") + "§" + other, []string{"C000000 3", "C000001 2 unclosed", "D000000 3", "D000001 3"}, []error{edi.ErrUnclosed}},
		{"cut in a segment, newline, another file behind", beforeCut + "§" + cutSegment + "\n§" + other, []string{"C000000 3", "C000001 2 unterminated", "D000000 3", "D000001 3"}, []error{edi.ErrUnterminated, edi.ErrUnclosed}},
		{"cut in a segment, another file behind", beforeCut + "§" + cutSegment + "§" + other, []string{"C000000 3", "C000001 2 unterminated", "D000000 3", "D000001 3"}, []error{edi.ErrUnterminated, edi.ErrUnclosed}},
		{"cut in a segment, the same separators behind", beforeCut + "§" + cutSegment + "§" + base, []string{"C000000 3", "C000001 2 unterminated", "C000000 3", "C000001 3"}, []error{edi.ErrUnterminated, edi.ErrUnclosed}},
		{"cut in a segment, byte order mark, another file behind", beforeCut + "§" + cutSegment + "\xEF\xBB\xBF§" + other, []string{"C000000 3", "C000001 2 unterminated", "D000000 3", "D000001 3"}, []error{edi.ErrUnterminated, edi.ErrUnclosed}},
		{"junk between", base + "§END OF BATCH 1\n" + other, all, []error{edi.ErrOutside}},
		{"stray terminator in a text", strings.Replace(base, "REF*EA*MRN1~", "NTE*ADD*A ~ §B~", 1), both, []error{edi.ErrSegmentID}},
		{"empty", "§", nil, []error{edi.ErrEmpty}},
		{"blank", " \n§", nil, []error{edi.ErrNotX12}},
		{"HTML", "<!DOCTYPE html>§", nil, []error{edi.ErrNotX12}},
		{"no ISA", base[107:] + "§", nil, []error{edi.ErrNotX12}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			input, at := mark(tt.input)
			got := read(t, strings.NewReader(input))
			expect(t, got, tt.claims, tt.errs, at)
			if int(got.Counts.Bytes) != len(input) {
				t.Errorf("%d bytes of %d", got.Counts.Bytes, len(input))
			}
			sameResult(t, "one byte at a time", got, read(t, iotest.OneByteReader(strings.NewReader(input))))
			sameResult(t, "data with the end", got, read(t, iotest.DataErrReader(iotest.HalfReader(strings.NewReader(input)))))
		})
	}
}

func sameResult(t rapid.TB, name string, want, got result) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateErrors()); diff != "" {
		t.Fatalf("%s reads otherwise (-want +got):\n%s", name, diff)
	}
}

// A claim ends where the next level, claim or trailer begins, and hangs from the
// levels before it.
func TestStructure(t *testing.T) {
	line := []string{"97110"}
	tests := []struct {
		name  string
		shape editest.Shape
		want  []claim
	}{
		{"one claim", editest.Shape{}, []claim{{"0001", line, "EXAMPLE THERAPY", "EXAMPLE2", nil}}},
		{"several claims of a subscriber", editest.Shape{Claims: 3}, []claim{
			{"0001", line, "EXAMPLE THERAPY", "EXAMPLE2", nil},
			{"0002", line, "EXAMPLE THERAPY", "EXAMPLE2", nil},
			{"0003", line, "EXAMPLE THERAPY", "EXAMPLE2", nil},
		}},
		{"dependents", editest.Shape{Subscribers: 2, Claims: 2, Dependents: true}, []claim{
			{"0001", line, "EXAMPLE THERAPY", "EXAMPLE3", nil},
			{"0002", line, "EXAMPLE THERAPY", "EXAMPLE3", nil},
			{"0003", line, "EXAMPLE THERAPY", "EXAMPLE5", nil},
			{"0004", line, "EXAMPLE THERAPY", "EXAMPLE5", nil},
		}},
		{"several providers", editest.Shape{Providers: 2, Lines: 2}, []claim{
			{"0001", []string{"97110", "97110"}, "EXAMPLE THERAPY", "EXAMPLE2", nil},
			{"0002", []string{"97110", "97110"}, "EXAMPLE THERAPY", "EXAMPLE4", nil},
		}},
		{"4010", editest.Shape{Old: true, Subscribers: 2}, []claim{
			{"0001", line, "EXAMPLE THERAPY", "EXAMPLE2", nil},
			{"0002", line, "EXAMPLE THERAPY", "EXAMPLE3", nil},
		}},
	}
	for _, tt := range tests {
		for _, l := range editest.Layouts {
			t.Run(tt.name+" "+l.String(), func(t *testing.T) {
				got := read(t, bytes.NewReader(editest.Render(editest.Interchange(tt.shape), l)))
				if diff := cmp.Diff(tt.want, got.Claims); diff != "" || got.Faults != nil || got.Err != nil {
					t.Errorf("%v %v (-want +got):\n%s", got.Faults, got.Err, diff)
				}
			})
		}
	}
}

// A subscriber's claims may stand before and behind those of a dependent.
func TestSubscriberThenDependent(t *testing.T) {
	segments := editest.Interchange(editest.Shape{})
	at := slices.IndexFunc(segments, func(s string) bool { return strings.HasPrefix(s, "SE") })
	segments = slices.Insert(segments, at, "HL*3*2*23*0", "PAT*19", "NM1*QC*1*KID*KIM", "CLM*K1*10***11:B:1*Y*A*Y*Y", "LX*1", "HL*4*1*22*0", "NM1*IL*1*NEXT*NAN", "CLM*N1*10***11:B:1*Y*A*Y*Y")
	got := read(t, bytes.NewReader(editest.Render(segments, editest.Wrapped)))
	want := []claim{
		{"0001", []string{"97110"}, "EXAMPLE THERAPY", "EXAMPLE2", nil},
		{"K1", []string{""}, "EXAMPLE THERAPY", "KID", nil},
		{"N1", nil, "EXAMPLE THERAPY", "NEXT", nil},
	}
	if diff := cmp.Diff(want, got.Claims); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestWrongSets(t *testing.T) {
	// set is one interchange with the sets of the versions; 837 sets hold claims.
	set := func(id, version string, body ...string) []string {
		return append(append([]string{"ST*" + id + "*0001*" + version}, body...), "SE*2*0001")
	}
	clm := []string{"HL*1**20*1", "HL*2*1*22*0", "CLM*X1*10***11:B:1*Y*A*Y*Y", "LX*1", "SV1*HC:97110*10*UN*1"}
	professional := set("837", "005010X222A1", clm...)
	file := func(gs string, sets ...[]string) string {
		s := []string{editest.ISA(1), "GS*HC*A*B*20260311*0800*1*X*" + gs}
		for _, set := range sets {
			s = append(s, set...)
		}
		return string(editest.Render(append(s, "GE*1*1", "IEA*1*000000001"), editest.Wrapped))
	}
	tests := []struct {
		name, gs string
		sets     [][]string
		claims   []string
		wrong    int
	}{
		{"835", "005010X221A1", [][]string{set("835", "", "BPR*I*0", "CLP*X1*1*10*10", "HL*1**20")}, nil, 1},
		{"999", "005010X231A1", [][]string{set("999", "005010X231A1", "AK1*HC*1")}, nil, 1},
		{"837I", "005010X223A2", [][]string{set("837", "005010X223A2", clm...)}, nil, 1},
		{"837I, 4010", "004010X096A1", [][]string{set("837", "", clm...)}, nil, 1},
		{"837D", "005010X224A2", [][]string{set("837", "005010X224A2", clm...)}, nil, 1},
		{"837D, 4010", "004010X097A1", [][]string{set("837", "", clm...)}, nil, 1},
		{"277", "005010X214", [][]string{set("277", "005010X214", "HL*1**20*1")}, nil, 1},
		{"unknown", "005010", [][]string{set("ABC", "")}, nil, 1},
		{"837P of the later version", "005010X222A2", [][]string{set("837", "005010X222A2", clm...)}, []string{"X1 1"}, 0},
		{"837P, 4010", "004010X098A1", [][]string{set("837", "", clm...)}, []string{"X1 1"}, 0},
		{"837P behind others", "005010X222A1", [][]string{set("835", "", "CLP*X1"), set("837", "005010X223A2", clm...), professional, set("999", ""), professional}, []string{"X1 1", "X1 1"}, 3},
		{"837P behind one without SE", "005010X222A1", [][]string{{"ST*835*0001", "CLP*X1*1"}, professional}, []string{"X1 1"}, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var wrong []*edi.SyntaxError
			got := read(t, strings.NewReader(file(tt.gs, tt.sets...)), func(r *x837.Reader) {
				r.OnError = func(e *edi.SyntaxError) {
					if errors.Is(e, edi.ErrWrongSet) {
						wrong = append(wrong, e)
						if e.Truncated() || e.Pos.SetSegment != 1 {
							t.Error(e)
						}
					} else if !errors.Is(e, edi.ErrEnvelope) {
						t.Error(e)
					}
				}
			})
			if diff := cmp.Diff(tt.claims, short(got.Claims), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("claims (-want +got):\n%s", diff)
			}
			if len(wrong) != tt.wrong {
				t.Errorf("%d wrong sets, want %d", len(wrong), tt.wrong)
			}
		})
	}
	t.Run("another interchange behind", func(t *testing.T) {
		remit := file("005010X221A1", set("835", "", "BPR*I*0", "CLP*X1*1"))
		got := read(t, strings.NewReader(remit+base))
		expect(t, got, []string{"C000000 3", "C000001 3"}, []error{edi.ErrWrongSet}, []int64{int64(strings.Index(remit, "ST*835"))})
	})
}

// What an unknown code is may be data: it is not repeated.
func TestWrongSetMessage(t *testing.T) {
	for id, want := range map[string]string{
		"835":       "ST01 is 835, a remittance advice; professional claims (837P) are read here",
		"ABC":       "ST01 is ABC, unknown; professional claims (837P) are read here",
		"DOE":       "ST01 is DOE, unknown; professional claims (837P) are read here",
		"Doe, John": "ST01 is ?, unknown; professional claims (837P) are read here",
	} {
		r := x837.NewReader(strings.NewReader(editest.ISA(1) + "~GS*HC~ST*" + id + "*1~SE*2*1~GE*1*1~IEA*1*000000001~"))
		r.OnError = func(e *edi.SyntaxError) {
			if e.Detail != want {
				t.Errorf("%q, want %q", e.Detail, want)
			}
		}
		var c x837.Claim
		if err := r.Next(&c); err != io.EOF {
			t.Error(err)
		}
	}
}

// A segment beyond the limit costs the claim that it stands in, or the claims of
// the level, and no other.
func TestSegmentOverTheLimit(t *testing.T) {
	segments := editest.Interchange(editest.Shape{Providers: 2, Subscribers: 3, Claims: 2})
	long := strings.Repeat("x", edi.DefaultMaxSegment)
	nth := func(prefix string, n int) int {
		for i, s := range segments {
			if strings.HasPrefix(s, prefix) {
				if n--; n == 0 {
					return i
				}
			}
		}
		panic(prefix)
	}
	const bad = " segment too long"
	plain := editest.Shape{Providers: 2, Subscribers: 3, Claims: 2}.IDs()
	tests := []struct {
		name    string
		at      int
		segment string // takes the place of the one at
		faulty  []string
		lost    []string
	}{
		{"in a claim", nth("HI", 1), "NTE*ADD*" + long, []string{"0001", "0002"}, nil},
		{"in the last claim of a subscriber", nth("HI", 2), "NTE*ADD*" + long, []string{"0002"}, nil},
		{"in a line", nth("DTP", 4), "DTP*472*" + long, []string{"0004"}, nil},
		{"the claim itself", nth("CLM", 4), "CLM*" + long, []string{"0003"}, []string{"0004"}},
		{"in a subscriber", nth("NM1*IL", 2), "NM1*IL*" + long, []string{"0003", "0004"}, nil},
		{"last of a subscriber", nth("NM1*PR", 2), "NM1*PR*" + long, []string{"0003", "0004"}, nil},
		{"in a provider", nth("NM1*85", 2), "NM1*85*" + long, []string{"0007", "0008", "0009", "0010", "0011", "0012"}, nil},
		// Nobody can tell whose claims these are.
		{"the level of a subscriber", nth("HL*4", 1), "HL*4*" + long, []string{"0004", "0005", "0006"}, nil},
		{"the level of a provider", nth("HL*5**20", 1), "HL*5*" + long, []string{"0006", "0007", "0008", "0009", "0010", "0011", "0012"}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := slices.Clone(segments)
			s[tt.at] = tt.segment
			var want []string
			for _, id := range plain {
				switch {
				case slices.Contains(tt.lost, id):
				case slices.Contains(tt.faulty, id):
					want = append(want, id+bad)
				default:
					want = append(want, id)
				}
			}
			got := read(t, bytes.NewReader(editest.Render(s, editest.Wrapped)))
			var have []string
			for _, c := range got.Claims {
				text := c.ID
				if c.Fault != nil {
					text += " " + faultNames[c.Fault]
				}
				have = append(have, text)
			}
			if diff := cmp.Diff(want, have); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if len(got.Faults) != 1 || !errors.Is(got.Faults[0].Err, edi.ErrSegmentTooLong) {
				t.Error(got.Faults)
			}
		})
	}
}

func TestMaxClaim(t *testing.T) {
	segments := editest.Claims(3)
	at := slices.IndexFunc(segments, func(s string) bool { return strings.HasPrefix(s, "CLM*C000001") })
	for range 50 {
		segments = slices.Insert(segments, at+1, "NTE*ADD*"+strings.Repeat("x", 50))
	}
	input := string(editest.Render(segments, editest.Wrapped))
	limited := func(n int) func(*x837.Reader) {
		return func(r *x837.Reader) { r.MaxClaim = n }
	}
	got := read(t, strings.NewReader(input), limited(2000))
	marked := int64(0)
	if len(got.Faults) > 0 {
		marked = got.Faults[0].At
	}
	expect(t, got, []string{"C000000 3", "C000001 0 claim too long", "C000002 3"}, []error{x837.ErrClaimTooLong}, []int64{marked})
	if !errors.Is(got.Claims[1].Fault, edi.ErrSegmentTooLong) {
		t.Error("a claim beyond the limit is too long")
	}
	if start := int64(strings.Index(input, "CLM*C000001")); marked < start+2000 || marked > start+2100 {
		t.Errorf("reported at %d, the claim begins at %d", marked, start)
	}
	got = read(t, strings.NewReader(input), limited(0))
	expect(t, got, []string{"C000000 3", "C000001 3", "C000002 3"}, nil, nil)
}

// A claim without end does not fill the memory.
func TestEndlessClaim(t *testing.T) {
	head, _ := before(base, "HI*", 1)
	piece := strings.Repeat("NTE*ADD*AND SO ON~\n", 1000)
	parts := []io.Reader{strings.NewReader(head)}
	for range 600 {
		parts = append(parts, strings.NewReader(piece))
	}
	r := x837.NewReader(io.MultiReader(parts...))
	n := 0
	r.OnError = func(*edi.SyntaxError) { n++ }
	var m1, m2 runtime.MemStats
	runtime.ReadMemStats(&m1)
	var c x837.Claim
	if err := r.Next(&c); err != nil || !errors.Is(c.Fault, x837.ErrClaimTooLong) || len(c.Bytes()) > x837.DefaultMaxClaim+100 {
		t.Errorf("%v, %v, %d bytes", err, c.Fault, len(c.Bytes()))
	}
	runtime.ReadMemStats(&m2)
	if got := m2.TotalAlloc - m1.TotalAlloc; got > 20*x837.DefaultMaxClaim {
		t.Errorf("%d MiB allocated", got>>20)
	}
	if n != 2 { // too long, and not closed
		t.Errorf("%d faults", n)
	}
}

func TestSourceFails(t *testing.T) {
	broken := errors.New("broken pipe")
	head, _ := before(base, "LX*3", 2)
	got := read(t, io.MultiReader(strings.NewReader(head), iotest.ErrReader(broken)))
	if !errors.Is(got.Err, broken) {
		t.Errorf("%v", got.Err)
	}
	if diff := cmp.Diff([]string{"C000000 3", "C000001 2 unclosed"}, short(got.Claims)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestEvents(t *testing.T) {
	input := base + strings.Replace(other, "SE|62|", "SE|99|", 1)
	r := x837.NewReader(strings.NewReader(input))
	var c x837.Claim
	var got []string
	for {
		err := r.Next(&c)
		for _, e := range r.Events() {
			tag := e.Header.Tag(0).String()
			if e.Trailer != nil {
				tag = e.Trailer.Tag(0).String()
				tag += " " + string(e.Trailer.Element(0, 1)) + " counted " + strconv.Itoa(e.Counted)
			}
			got = append(got, tag+" of "+e.Header.Control+" behind "+strconv.Itoa(e.Claims))
		}
		if err != nil {
			break
		}
		if c.Set == nil || c.Set.Parent == nil || c.Set.Parent.Parent == nil || c.Set.Parent.Parent.Control != "000000001" {
			t.Fatal("a claim without its envelopes")
		}
		got = append(got, string(c.ID()))
	}
	want := []string{
		"ISA of 000000001 behind 0", "GS of 1 behind 0", "ST of 0001 behind 0", "C000000", "C000001",
		"SE 62 counted 62 of 0001 behind 2", "GE 1 counted 1 of 1 behind 2", "IEA 1 counted 1 of 000000001 behind 2",
		"ISA of 000000001 behind 2", "GS of 1 behind 2", "ST of 0001 behind 2", "D000000", "D000001",
		"SE 99 counted 62 of 0001 behind 4", "GE 1 counted 1 of 1 behind 4", "IEA 1 counted 1 of 000000001 behind 4",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestTrailerWithoutHeader(t *testing.T) {
	input, at := mark(editest.ISA(1) + "~§SE*1*1~§GE*1*1~IEA*1*000000001~")
	expect(t, read(t, strings.NewReader(input)), nil, []error{edi.ErrEnvelope, edi.ErrEnvelope}, at)
}

// The reader finds every claim of every valid file, whatever is between them.
func TestReaderProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var b bytes.Buffer
		var want []string
		for i := range rapid.IntRange(1, 3).Draw(t, "interchanges") {
			shape := editest.Shape{
				Providers:   rapid.IntRange(1, 2).Draw(t, "providers"),
				Subscribers: rapid.IntRange(1, 3).Draw(t, "subscribers"),
				Claims:      rapid.IntRange(1, 3).Draw(t, "claims"),
				Lines:       rapid.IntRange(1, 3).Draw(t, "lines"),
				Dependents:  rapid.Bool().Draw(t, "dependents"),
				Old:         rapid.Bool().Draw(t, "old"),
				Prefix:      string(rune('A' + i)),
			}
			b.Write(editest.Render(editest.Interchange(shape), rapid.SampledFrom(editest.Layouts).Draw(t, "layout")))
			for _, id := range shape.IDs() {
				want = append(want, id+" "+strconv.Itoa(shape.Lines))
			}
		}
		got := read(t, bytes.NewReader(b.Bytes()))
		if diff := cmp.Diff(want, short(got.Claims)); diff != "" || got.Faults != nil {
			t.Fatalf("%v (-want +got):\n%s", got.Faults, diff)
		}

		// The file is cut anywhere: every claim before is whole, what is behind is
		// reported, and no claim comes out whole that was cut.
		cut := rapid.IntRange(0, b.Len()).Draw(t, "cut")
		part := read(t, bytes.NewReader(b.Bytes()[:cut]))
		for i, c := range short(part.Claims) {
			if part.Claims[i].Fault != nil {
				if i != len(part.Claims)-1 {
					t.Fatalf("claim %d of %d: %s", i, len(part.Claims), c)
				}
			} else if c != want[i] {
				t.Fatalf("claim %d is %s, want %s", i, c, want[i])
			}
		}
		if len(part.Claims) < len(want) && len(part.Faults) == 0 && !bytes.HasPrefix(bytes.TrimLeft(b.Bytes()[cut:], "~'\r\n"), []byte("ISA")) {
			t.Fatal("claims are missing and nothing is reported")
		}
	})
}

// Patching a claim gives what reading the patched file gives.
func TestClaimPatched(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := rapid.SampledFrom(editest.Layouts).Draw(t, "layout")
		shape := editest.Shape{Subscribers: 2, Claims: 2, Lines: rapid.IntRange(1, 3).Draw(t, "lines")}
		input := editest.Render(editest.Interchange(shape), l)
		nth := rapid.IntRange(0, 3).Draw(t, "claim")
		c := claimOf(t, input, nth)
		var edits []edi.Edit
		for i := range c.Lines {
			line := &c.Lines[i]
			sv1, date := c.Segment(line.SV1), c.Segment(line.Date)
			var e edi.Edit
			var err error
			switch rapid.IntRange(0, 3).Draw(t, "edit") {
			case 0:
				e, err = sv1.SetComponent(1, 4, []byte("KX"))
			case 1:
				e, err = date.InsertAfter(bytes.ReplaceAll([]byte("DTP*573*D8*20260310"), []byte("*"), []byte{l.Element}))
			case 2:
				e = date.Delete()
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
		got, err := c.Patched(p)
		if err != nil {
			t.Fatal(err)
		}
		checkClaim(t, got, nth)
		out, err := p.ApplyBytes(nil, input, 0)
		if err != nil {
			t.Fatal(err)
		}
		want := claimOf(t, out, nth)
		if diff := cmp.Diff(show(want), show(got)); diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
		if !bytes.Equal(want.Bytes(), got.Bytes()) || want.Span() != got.Span() || want.Len() != got.Len() {
			t.Fatalf("%q, want %q", got.Bytes(), want.Bytes())
		}
		if diff := cmp.Diff(want.Lines, got.Lines); diff != "" {
			t.Fatalf("lines (-want +got):\n%s", diff)
		}
		for i := range want.Len() {
			w, g := want.Segment(i), got.Segment(i)
			if want.Loop(i) != got.Loop(i) || w.Pos() != g.Pos() {
				t.Fatalf("segment %d: %v %v, want %v %v", i, got.Loop(i), g.Pos(), want.Loop(i), w.Pos())
			}
		}
		if got.Billing != c.Billing || got.Set != c.Set || string(got.Subscriber.Bytes()) != string(c.Subscriber.Bytes()) {
			t.Fatal("the levels differ")
		}
	})
}

func claimOf(t rapid.TB, input []byte, nth int) *x837.Claim {
	t.Helper()
	r := x837.NewReader(bytes.NewReader(input))
	var c x837.Claim
	for range nth + 1 {
		if err := r.Next(&c); err != nil {
			t.Fatal(err)
		}
	}
	return &c
}

// Reading does not allocate per claim.
func TestReaderAllocations(t *testing.T) {
	count := func(claims int) float64 {
		data := editest.Render(editest.Claims(claims), editest.Wrapped)
		return testing.AllocsPerRun(3, func() {
			r := x837.NewReader(bytes.NewReader(data))
			var c x837.Claim
			for r.Next(&c) == nil {
			}
		})
	}
	if few, many := count(10), count(2000); many > few+20 {
		t.Errorf("%v allocations for 10 claims, %v for 2,000", few, many)
	}
}

func FuzzReader(f *testing.F) {
	for _, l := range editest.Layouts {
		f.Add(editest.Render(editest.Interchange(editest.Shape{Subscribers: 2, Dependents: true}), l))
	}
	f.Add([]byte(base + other))
	f.Add([]byte(base[:len(base)/2] + other))
	f.Add([]byte(strings.ReplaceAll(base, "HL*", "SV2*")))
	f.Fuzz(func(t *testing.T, input []byte) {
		want := read(t, bytes.NewReader(input))
		if want.Counts.Bytes != int64(len(input)) {
			t.Fatalf("%d bytes of %d", want.Counts.Bytes, len(input))
		}
		sameResult(t, "one byte at a time", want, read(t, iotest.OneByteReader(bytes.NewReader(input))))
	})
}

// A billing level stays what it is while a claim of it is in use, and is no other
// one's pointer after that.
func TestBillingLives(t *testing.T) {
	var input strings.Builder
	set := string(editest.Render(editest.Claims(2), editest.Wrapped))
	for i := range 6 {
		input.WriteString(strings.ReplaceAll(set, "1234567893", fmt.Sprintf("123456789%d", i)))
	}
	r := x837.NewReader(strings.NewReader(input.String()))
	var kept [3]x837.Claim
	seen := map[*x837.Level]string{}
	for n := 0; ; n++ {
		if err := r.Next(&kept[n%len(kept)]); err == io.EOF {
			if n != 12 {
				t.Fatal(n)
			}
			break
		} else if err != nil {
			t.Fatal(err)
		}
		for k := range min(n+1, len(kept)) {
			at := n - k
			c := &kept[at%len(kept)]
			want := fmt.Sprintf("123456789%d", at/2)
			i := c.Billing.Find(x837.Loop2010AA, edi.TagOf("NM1"), "85")
			if i < 0 || string(c.Billing.Element(i, 9)) != want {
				t.Fatalf("claim %d: another billing provider", at)
			}
			if id, ok := seen[c.Billing]; ok && id != want {
				t.Fatalf("claim %d: the level of %s is used again", at, id)
			}
			seen[c.Billing] = want
		}
	}
}
