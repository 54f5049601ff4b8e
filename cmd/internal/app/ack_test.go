package app

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/edi/ack"
	"github.com/gaitkeeper/gaitkeeper/edi/editest"
)

// TestHeldOutput: what was written since mark goes again, in memory and beyond it.
func TestHeldOutput(t *testing.T) {
	part := bytes.Repeat([]byte("x"), spoolInMemory/4)
	for _, kept := range []int{0, 1, 3, 5, 9} {
		h := new(heldOutput)
		defer h.remove()
		var want []byte
		put := func(n int, mark byte) {
			for range n {
				part[0] = mark
				if _, err := h.Write(part); err != nil {
					t.Fatal(err)
				}
			}
		}
		put(kept, 'a')
		for range kept {
			want = append(append(want, 'a'), part[1:]...)
		}
		for range 2 { // dropped twice, then kept
			if err := h.mark(); err != nil {
				t.Fatal(err)
			}
			put(6, 'b')
			if err := h.rewind(); err != nil {
				t.Fatal(err)
			}
		}
		put(1, 'c')
		want = append(append(want, 'c'), part[1:]...)
		var got bytes.Buffer
		if err := h.copyTo(&got); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got.Bytes(), want) || h.size != int64(len(want)) {
			t.Errorf("%d kept: %d bytes, want %d", kept, got.Len(), len(want))
		}
	}
}

// sentTwo are two claims, each with its patient level and three lines, as sent.
func sentTwo(t *testing.T, names ...string) *sentClaims {
	t.Helper()
	s := &sentClaims{}
	for _, name := range names {
		text := editest.Render(editest.Claims(2), editest.Wrapped)
		if err := s.read(name, bytes.NewReader(text), func(e *edi.SyntaxError) { t.Fatal(e) }); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func answerTo(receiver string, faults ...ack.Fault) *ack.Set {
	return &ack.Set{Group: &ack.Group{Control: "1", Receiver: receiver}, Control: "0001", Faults: faults}
}

func about(claim string, ordinal int) ack.Fault {
	f := ack.Fault{Ordinal: ordinal}
	if claim != "" {
		f.Units = []ack.Unit{{Name: "CLM01", Value: claim}}
	}
	return f
}

// TestSetIsFound: by its numbers and sender, or by claims that it names.
func TestSetIsFound(t *testing.T) {
	for _, test := range []struct {
		files  string
		answer *ack.Set
		want   string // "" or what is wrong
	}{
		{"a", answerTo("SUBMITTER"), ""},
		{"a", answerTo("OTHER"), "another sender"},
		{"a", answerTo("OTHER", about("C000001", 0)), ""},
		{"a", answerTo("SUBMITTER", about("C000009", 0)), "does not hold the claims named"},
		{"a b", answerTo("SUBMITTER"), "several of the claim files"},
		{"a", &ack.Set{Group: &ack.Group{Control: "2", Receiver: "SUBMITTER"}, Control: "0001"}, "is not in the claim files"},
	} {
		set, why := sentTwo(t, strings.Fields(test.files)...).set(test.answer)
		if test.want == "" && (set == nil || set.file != "a" || why != "") || test.want != "" && (set != nil || !strings.Contains(why, test.want)) {
			t.Errorf("%s: %v, %q, want %q", test.files, set, why, test.want)
		}
	}
}

// TestClaimIsFound: by the number that is named, and by the place of the segment.
func TestClaimIsFound(t *testing.T) {
	s := sentTwo(t, "a")
	list := editest.Claims(2)
	at := func(segment string) int { // number in the set, ST being 1
		for i, text := range list {
			if strings.HasPrefix(text, segment) {
				return i - 1
			}
		}
		t.Fatalf("no %s", segment)
		return 0
	}
	for _, test := range []struct {
		name            string
		fault           ack.Fault
		claim, key, six string
	}{
		{"claim segment", about("", at("CLM*C000000")), "C000000", "segment", ""},
		{"line", about("", at("REF*6R*000001B")), "C000001", "segment", "000001B"},
		{"missing at the end of a claim", about("C000000", at("REF*6R*000000C")+1), "C000000", "CLM01", "000000C"},
		{"subscriber", about("", at("HL*3*")+2), "C000001", "level", ""},
		{"named", about("C000001", at("CLM*C000001")), "C000001", "CLM01", ""},
		{"named elsewhere", about("C000001", 3), "C000001", "CLM01", ""},
		{"header", about("", 3), "", "", ""},
		{"trailer", about("", len(list)), "", "", ""},
		{"nowhere", about("", 0), "", "", ""},
	} {
		claim, key := s.at(&s.sets[0], &test.fault)
		got, six := "", ""
		if claim >= 0 {
			got = s.list[claim].id
			if l := s.lineAt(claim, test.fault.Ordinal); l != nil {
				six = l.control
			}
		}
		if fmt.Sprint(got, key, six) != fmt.Sprint(test.claim, test.key, test.six) {
			t.Errorf("%s: %q by %q, line %q; want %q by %q, %q", test.name, got, key, six, test.claim, test.key, test.six)
		}
	}
	if n := s.called("C000001"); n != 1 || s.lineCalled(n, "000001C").code != "97140" || s.lineCalled(n, "") != nil || s.called("C9") != -1 {
		t.Errorf("by the numbers of a 277CA: %d", n)
	}
	if s.setOf(1) != &s.sets[0] {
		t.Error("set of a claim")
	}
}
