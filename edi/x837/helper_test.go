package x837_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/edi/x837"
)

// claim is what a test expects of a Claim.
type claim struct {
	ID       string
	Lines    []string // SV101, component 2 where it is one
	Provider string   // NM103 of the billing provider
	Person   string   // NM103 of the patient
	Fault    error
}

type fault struct {
	Err error
	At  int64
}

type result struct {
	Claims []claim
	Faults []fault
	Counts x837.Counts
	Err    error
}

// read reads all claims of src and checks what must hold for any input.
func read(t rapid.TB, src io.Reader, setUp ...func(*x837.Reader)) result {
	t.Helper()
	var got result
	r := x837.NewReader(src)
	r.OnError = func(e *edi.SyntaxError) { got.Faults = append(got.Faults, fault{e.Err, e.Pos.Offset}) }
	for _, f := range setUp {
		f(r)
	}
	var c x837.Claim
	for {
		err := r.Next(&c)
		for _, e := range r.Events() {
			if e.Header == nil && e.Trailer == nil || e.Claims > len(got.Claims) {
				t.Fatalf("event %+v before claim %d", e, len(got.Claims))
			}
		}
		if err != nil {
			if err != io.EOF {
				got.Err = err
			}
			break
		}
		checkClaim(t, &c, len(got.Claims))
		got.Claims = append(got.Claims, show(&c))
	}
	if again := r.Next(&c); again == nil {
		t.Fatal("Next goes on after the end")
	}
	got.Counts = r.Counts()
	faulty, lines := 0, 0
	for _, c := range got.Claims {
		if lines += len(c.Lines); c.Fault != nil {
			faulty++
		}
	}
	if n := got.Counts; n.Claims != len(got.Claims) || n.Faulty != faulty || n.Lines != lines {
		t.Fatalf("counted %+v, saw %d claims, %d faulty, %d lines", n, len(got.Claims), faulty, lines)
	}
	return got
}

func checkClaim(t rapid.TB, c *x837.Claim, ordinal int) {
	t.Helper()
	if c.Billing == nil || c.Ordinal != ordinal || c.Len() == 0 || c.Tag(0) != edi.TagOf("CLM") || c.Loop(0) != x837.Loop2300 {
		t.Fatalf("claim %d of %d: %q", ordinal, c.Ordinal, c.Bytes())
	}
	for i := range c.Len() {
		if c.Loop(i) < x837.Loop2300 {
			t.Fatalf("segment %d of the claim is in loop %s", i, c.Loop(i))
		}
	}
	at := 0
	for i, l := range c.Lines {
		if l.First < at || l.End <= l.First || l.End > c.Len() || c.Tag(l.First) != edi.TagOf("LX") {
			t.Fatalf("line %d is %+v", i, l)
		}
		for _, n := range []int{l.SV1, l.Date, l.Control} {
			if n >= 0 && (n <= l.First || n >= l.End) {
				t.Fatalf("line %d is %+v", i, l)
			}
		}
		at = l.End
	}
	if len(c.Lines) > 0 && at != c.Len() {
		t.Fatalf("the last line ends at %d of %d", at, c.Len())
	}
}

func show(c *x837.Claim) claim {
	out := claim{ID: string(c.ID())}
	for i := range c.Lines {
		code := ""
		if n := c.Lines[i].SV1; n >= 0 {
			s := c.Segment(n)
			code = s.Element(1).Component(2).String()
		}
		out.Lines = append(out.Lines, code)
	}
	name := func(l *x837.Level, loop x837.Loop) string {
		if i := l.Find(loop, edi.TagOf("NM1"), ""); i >= 0 {
			return string(l.Element(i, 3))
		}
		return ""
	}
	out.Provider = name(c.Billing, x837.Loop2010AA)
	if out.Person = name(c.PatientLevel(), x837.Loop2010CA); out.Person == "" {
		out.Person = name(c.PatientLevel(), x837.Loop2010BA)
	}
	if c.Fault != nil {
		out.Fault = c.Fault.Err
	}
	return out
}

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

// short writes the claims as words: the id, the number of lines, what is wrong.
func short(claims []claim) []string {
	var out []string
	for _, c := range claims {
		s := fmt.Sprintf("%s %d", c.ID, len(c.Lines))
		if c.Fault != nil {
			s += " " + faultNames[c.Fault]
		}
		out = append(out, s)
	}
	return out
}

var faultNames = map[error]string{
	edi.ErrUnclosed: "unclosed", edi.ErrUnterminated: "unterminated", edi.ErrSegmentTooLong: "segment too long",
	x837.ErrClaimTooLong: "claim too long", edi.ErrISA: "ISA", edi.ErrDelimiters: "delimiters",
}

// expect compares a result with the claims, as short writes them, and the errors,
// in the order and at the places of the marks.
func expect(t testing.TB, got result, claims []string, errs []error, at []int64) {
	t.Helper()
	if got.Err != nil {
		t.Fatal(got.Err)
	}
	if diff := cmp.Diff(claims, short(got.Claims), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("claims (-want +got):\n%s", diff)
	}
	if len(errs) != len(at) {
		t.Fatalf("%d errors expected at %d marks; got %v", len(errs), len(at), got.Faults)
	}
	if len(errs) != len(got.Faults) {
		t.Fatalf("faults %v, want %v", got.Faults, errs)
	}
	for i, f := range got.Faults {
		if !errors.Is(f.Err, errs[i]) || f.At != at[i] {
			t.Errorf("fault %d is %v at %d, want %v at %d", i, f.Err, f.At, errs[i], at[i])
		}
	}
}
