package edi_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/edi/editest"
)

// A file that is wrapped at a fixed width is told of once, from whichever byte on it is
// wrapped; an interchange behind it that is not wrapped is read.
func TestWrapped(t *testing.T) {
	one := editest.Interchange(editest.Shape{Claims: 3})
	good := string(editest.Render(one, editest.Wrapped))
	flat := string(editest.Render(one, editest.OneLine))
	for _, end := range []string{"\n", "\r\n"} {
		for _, width := range []int{40, 60, 72, 80, 105, 107, 132, 200} {
			for _, head := range []int{0, 1, 2, 5} { // segments on lines of their own
				for _, behind := range []string{"", good} {
					at := 0
					var b strings.Builder
					for _, s := range one[:head] {
						b.WriteString(s + "~" + end)
						at += len(s) + 1
					}
					b.Write(editest.Fold([]byte(flat[at:]), width, end))
					if width == 105 && head == 0 {
						continue // the line end stands where the terminator should
					}
					t.Run(fmt.Sprintf("%d%q%d%t", width, end, head, behind != ""), func(t *testing.T) {
						input := b.String() + behind
						got := scan(t, strings.NewReader(input), 300)
						checkLossless(t, input, got)
						if len(got.Faults) != 1 || got.Faults[0].Err != edi.ErrWrapped || !strings.Contains(got.Faults[0].Detail, fmt.Sprintf("every %d bytes", width)) {
							t.Errorf("%v", got.Faults)
						}
						if !got.Faults[0].Truncated() {
							t.Error("what is wrapped is not read")
						}
						if n := len(got.Segments); behind != "" && (n < len(one) || got.Segments[n-1].Raw != one[len(one)-1]) {
							t.Errorf("%d segments", n)
						}
						for name, r := range readers(input) {
							sameResult(t, name, got, scan(t, r, 300))
							sameResult(t, "ahead", got, scanAhead(t, strings.NewReader(input), 300))
						}
					})
				}
			}
		}
	}
}

// Line ends inside segments do not make a wrapped file.
func TestNotWrapped(t *testing.T) {
	note := func(lines ...string) string { return "NTE*ADD*" + strings.Join(lines, "\n") }
	a, b := strings.Repeat("A", 30), strings.Repeat("B", 38)
	for name, insert := range map[string][]string{
		"one":                       {note(a, b)},
		"the same note again":       {note(a, b), note(a, b), note(a, b), note(a, b)},
		"lines of one width":        {note(a, b, b[1:], a)},
		"short lines of one width":  {note("AA", "BBBBBBBBBB", "BBBBBBBBBB", "BBBBBBBBBB")},
		"a segment on each line":    {note(a, b[:37]+"~"+"REF*EA*"+b[:30]+"~\nREF*EA*"+b[:30])},
		"line ends of another kind": {note(a, b+"\r\n"+b+"\r\n"+b)},
	} {
		t.Run(name, func(t *testing.T) {
			s := editest.Interchange(editest.Shape{Claims: 2})
			s = append(s[:len(s)-3:len(s)-3], append(insert, s[len(s)-3:]...)...)
			for _, l := range []editest.Layout{editest.OneLine, editest.Wrapped, editest.CRLF} {
				input := string(editest.Render(s, l))
				got := scan(t, strings.NewReader(input), 0)
				checkLossless(t, input, got)
				if len(got.Faults) > 0 || got.Segments[len(got.Segments)-1].Raw != s[len(s)-1] {
					t.Errorf("%v", got.Faults)
				}
			}
		})
	}
}

// An ISA of other widths is told by its first element that is of another one.
func TestISAFault(t *testing.T) {
	isa := editest.ISA(1) + "~"
	rest := "GS*HC*A*B*20260311*0800*1*X*005010X222A1~ST*837*0001~SE*2*0001~GE*1*1~IEA*1*000000001~"
	for _, test := range []struct{ old, new, want string }{
		{"SUBMITTER      *", "SUBMITTER     *", "ISA06 has 14 characters, 15 needed"},
		{"RECEIVER       *", "RECEIVER        *", "ISA08 has 16 characters, 15 needed"},
		{"*00*          *00*          *", "*00**00**", "ISA02 has 0 characters, 10 needed"},
		{"*ZZ*S", "*Z*S", "ISA05 has 1 character, 2 needed"},
		{"*000000001*", "*1*", "ISA13 has 1 character, 9 needed"},
		{"*0*T*:", "*0*TEST*:", "ISA15 has 4 characters or more, 1 needed"},
		{"*0800*^*00501", "*080000*^*00501", "ISA10 has 6 characters, 4 needed"},
		{"*00501*000000001*0*T*:~", "~", "it ends with ISA11, 16 elements needed"},
	} {
		input := strings.Replace(isa, test.old, test.new, 1) + rest
		got := scan(t, strings.NewReader(input), 0)
		var texts []string
		for _, e := range got.Faults {
			texts = append(texts, e.Error())
		}
		if diff := cmp.Diff([]string{"line 1:1, byte 0: ISA is not of the fixed widths: " + test.want}, texts); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}
