package ack_test

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/edi/ack"
	"github.com/gaitkeeper/gaitkeeper/edi/editest"
)

// status is a 277CA: two claims of a provider, the second rejected for one line.
var status = []string{
	editest.ISA(7), "GS*HN*PAYER*PRACTICE*20261126*0756*17*X*005010X214", "ST*277*0001*005010X214",
	"BHT*0085*08*REF1*20261126*1635*TH",
	"HL*1**20*1", "NM1*AY*2*EXAMPLE HUB*****46*HUB1", "TRN*1*HUBTRACE", "DTP*050*D8*20261125", "DTP*009*D8*20261126",
	"HL*2*1*21*1", "NM1*41*2*EXAMPLE BILLING*****46*SUB1", "TRN*2*BATCH9", "STC*A1:19:PR*20261126*WQ*258", "QTY*90*1", "QTY*AA*1", "AMT*YU*58", "AMT*YY*200",
	"HL*3*2*19*1", "NM1*85*2*EXAMPLE THERAPY*****XX*1234567893",
	"HL*4*3*PT", "NM1*QC*1*EXAMPLE*PAT****MI*M1", "TRN*2*A1", "STC*A2:20:PR*20261126*WQ*58", "REF*1K*PAYERNO1", "DTP*472*D8*20261103",
	"HL*5*3*PT", "NM1*QC*1*OTHER*PAT****MI*M2", "TRN*2*A2", "STC*A3:247*20261126*U*200******A7:562:82**FREE TEXT", "REF*D9*HUBNO2", "DTP*472*RD8*20261101-20261104",
	"SVC*HC:97110:GP*142*****2", "STC*A7:453**U", "REF*FJ*L7", "DTP*472*D8*20261102",
	"SE*34*0001", "GE*1*17", "IEA*1*000000007",
}

var noPlaces = cmpopts.IgnoreTypes(edi.Pos{})

func TestStatus(t *testing.T) {
	for _, layout := range editest.Layouts {
		text := editest.Render(status, layout)
		got := everything(t, strings.NewReader(string(text)))
		source := &ack.Source{Clearinghouse: true, Name: "EXAMPLE HUB", ID: "HUB1", Trace: "HUBTRACE", Received: 20261125, Processed: 20261126, Reference: "REF1"}
		want := []any{
			&ack.Batch{
				Source: source, Role: ack.RoleReceiver, ID: "SUB1", Trace: "BATCH9", Accepted: 1, Rejected: 1, AcceptedAmount: 5800, RejectedAmount: 20000,
				Statuses: []ack.Status{{Codes: []ack.Triple{{"A1", "19", "PR"}}, Date: 20261126, Action: "WQ", Amount: 25800}},
			},
			&ack.Claim{
				Source: source, Provider: "1234567893", ID: "A1", Patient: ack.Person{"EXAMPLE", "PAT", "M1"}, PayerControl: "PAYERNO1",
				Service:  edi.Period{From: 20261103, To: 20261103},
				Statuses: []ack.Status{{Codes: []ack.Triple{{"A2", "20", "PR"}}, Date: 20261126, Action: "WQ", Amount: 5800}},
			},
			&ack.Claim{
				Source: source, Provider: "1234567893", ID: "A2", Patient: ack.Person{"OTHER", "PAT", "M2"}, Trace: "HUBNO2",
				Service:  edi.Period{From: 20261101, To: 20261104},
				Statuses: []ack.Status{{Codes: []ack.Triple{{"A3", "247", ""}, {"A7", "562", "82"}}, Date: 20261126, Action: "U", Amount: 20000, Text: "FREE TEXT"}},
				Lines: []ack.Line{{
					Procedure: "97110", Modifiers: []string{"GP"}, Charge: 14200, Units: 2 * edi.Unit, Control: "L7",
					Service:  edi.Period{From: 20261102, To: 20261102},
					Statuses: []ack.Status{{Codes: []ack.Triple{{"A7", "453", ""}}, Action: "U"}},
				}},
			},
		}
		if diff := cmp.Diff(want, got, noPlaces); diff != "" {
			t.Errorf("%s: %s", layout, diff)
		}
		if o := got[1].(*ack.Claim).Outcome(); o != ack.ClaimAccepted {
			t.Errorf("claim A1 is %s", o)
		}
		if o := got[2].(*ack.Claim).Outcome(); o != ack.ClaimRejected {
			t.Errorf("claim A2 is %s", o)
		}
	}
}

// TestOutcomes: STC03 decides; where it is silent, the category.
func TestOutcomes(t *testing.T) {
	for _, test := range []struct {
		stc  string
		want ack.Outcome
	}{
		{"STC*A0:16:PR*20261126*WQ*1", ack.ClaimReceived},
		{"STC*A1:19:PR**WQ", ack.ClaimReceived},
		{"STC*A2:20:PR**WQ", ack.ClaimAccepted},
		{"STC*A2:20:PR**U", ack.ClaimRejected},
		{"STC*A7:562:85", ack.ClaimRejected},
		{"STC*A8:156**U", ack.ClaimRejected},
		{"STC*ZZ:1", ack.NoOutcome},
		{"STC*", ack.NoOutcome},
	} {
		list := []string{
			editest.ISA(1), "GS*HN*A*B*20261126*0756*1*X*005010X214", "ST*277*0001*005010X214", "HL*1**20*1", "HL*2*1*21*1", "HL*3*2*19*1", "HL*4*3*PT", "TRN*2*A1", test.stc,
			"SE*8*0001", "GE*1*1", "IEA*1*000000001",
		}
		r := ack.NewReader(strings.NewReader(string(editest.Render(list, editest.OneLine))))
		r.OnError = func(*edi.SyntaxError) {}
		a, err := r.Next()
		if err != nil {
			t.Fatal(err)
		}
		if got := a.(*ack.Claim).Outcome(); got != test.want {
			t.Errorf("%s: %s, want %s", test.stc, got, test.want)
		}
	}
}

// functional is a 999 with everything in it.
var functional = []string{
	editest.ISA(7), "GS*FA*PAYER*PRACTICE*20261126*0756*17*X*005010X231A1", "ST*999*0001*005010X231A1",
	"AK1*HC*17*005010X222A1",
	"AK2*837*0001*005010X222A1", "IK5*A",
	"AK2*837*0002*005010X222A1", "IK3*CLM*22*2300*8", "CTX*CLM01:A2", "IK4*5:3*1325*7*9", "CTX*SITUATIONAL TRIGGER*REF*23*2300*2*127", "IK5*R*5*I5",
	"AK9*P*2*2*1*5", "SE*12*0001", "GE*1*17", "IEA*1*000000007",
}

func TestFunctional(t *testing.T) {
	for _, old := range []bool{false, true} {
		text := string(editest.Render(functional, editest.Wrapped))
		if old { // a 997 has the same elements under other names
			text = strings.NewReplacer("ST*999*0001*005010X231A1", "ST*997*0001", "IK3", "AK3", "IK4", "AK4", "IK5", "AK5").Replace(text)
		}
		got := everything(t, strings.NewReader(text))
		group := &ack.Group{Sender: "PAYER", Receiver: "PRACTICE", Function: "HC", Control: "17", Version: "005010X222A1", Verdict: ack.Partly, Claimed: 2, Received: 2, Accepted: 1, Codes: []string{"5"}, Sets: 2}
		want := []any{
			&ack.Set{Group: group, Code: "837", Control: "0001", Version: "005010X222A1", Verdict: ack.Accepted},
			&ack.Set{
				Group: group, Code: "837", Control: "0002", Version: "005010X222A1", Verdict: ack.Rejected, Codes: []string{"5", "I5"},
				Faults: []ack.Fault{{
					Segment: "CLM", Ordinal: 22, Loop: "2300", Code: "8", Units: []ack.Unit{{"CLM01", "A2"}},
					Elements: []ack.Element{{
						Place: ack.Place{Element: 5, Component: 3}, Ref: "1325", Code: "7", Bad: "9",
						Triggers: []ack.Trigger{{Segment: "REF", Ordinal: 23, Loop: "2300", Place: ack.Place{Element: 2}, Ref: "127"}},
					}},
				}},
			},
			group,
		}
		if diff := cmp.Diff(want, got, noPlaces); diff != "" {
			t.Errorf("997 %t: %s", old, diff)
		}
	}
}

// TestFaults: what is wrong is told with its place, and no answer is lost.
func TestFaults(t *testing.T) {
	replace := func(list []string, old, new string) []string {
		out := make([]string, 0, len(list))
		for _, s := range list {
			switch {
			case s != old:
				out = append(out, s)
			case new != "":
				out = append(out, new)
			}
		}
		return out
	}
	for _, test := range []struct {
		name    string
		list    []string
		want    string // the faults
		answers int
	}{
		{"SE01", replace(functional, "SE*12*0001", "SE*11*0001"), "segment 14: count is wrong", 3},
		{"no verdict", replace(functional, "IK5*A", "IK5*Q"), "segment 6: value cannot be read", 3},
		{"no AK2", replace(functional, "AK2*837*0001*005010X222A1", ""), "segment 5: segment without what it belongs to; segment 13: count is wrong", 3},
		{"no AK9", replace(functional, "AK9*P*2*2*1*5", ""), "segment 13: count is wrong", 3},
		{"no SE", replace(functional, "SE*12*0001", ""), "segment 14: interchange is not closed by an IEA", 3},
		{"claims", replace(functional, "ST*999*0001*005010X231A1", "ST*837*0001*005010X222A1"), "segment 3: transaction set of another kind", 0},
		{"277 of another kind", replace(status, "ST*277*0001*005010X214", "ST*277*0001*005010X212"), "segment 3: transaction set of another kind", 0},
		{"orphan", replace(status, "HL*5*3*PT", "HL*5*9*PT"), "segment 26: level hangs from none", 3},
		{"amount", replace(status, "STC*A2:20:PR*20261126*WQ*58", "STC*A2:20:PR*20261131*WQ*58,00"), "segment 23: value cannot be read; segment 23: value cannot be read", 3},
		{"no TRN", replace(status, "TRN*2*A1", ""), "segment 22: segment without what it belongs to; segment 35: count is wrong", 3},
		{"nothing", nil, "input is empty", 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := ack.NewReader(strings.NewReader(string(editest.Render(test.list, editest.OneLine))))
			var faults []string
			r.OnError = func(e *edi.SyntaxError) {
				place := ""
				if e.Pos.Segment > 0 {
					place = fmt.Sprintf("segment %d: ", e.Pos.Segment)
				}
				faults = append(faults, place+e.Err.Error())
			}
			n := 0
			for range each(t, r) {
				n++
			}
			if got := strings.Join(faults, "; "); got != test.want || n != test.answers {
				t.Errorf("%d answers, faults %q, want %d, %q", n, got, test.answers, test.want)
			}
		})
	}
}

// TestCut: a file that ends anywhere is reported, and what came before is told.
func TestCut(t *testing.T) {
	text := string(editest.Render(status, editest.OneLine))
	whole, broken := false, false // A2 was read so
	for n := 106; n < len(text)-1; n += 7 {
		r := ack.NewReader(strings.NewReader(text[:n]))
		truncated := false
		r.OnError = func(e *edi.SyntaxError) { truncated = truncated || e.Truncated() }
		for a := range each(t, r) {
			if c, ok := a.(*ack.Claim); ok && c.ID == "A2" {
				whole, broken = whole || c.Fault == nil, broken || c.Fault != nil
				if n < strings.Index(text, "SE*34") && c.Fault == nil {
					t.Fatalf("cut at %d: claim A2 passes for whole", n)
				}
			}
		}
		if !truncated {
			t.Fatalf("cut at %d: not reported", n)
		}
	}
	if !whole || !broken {
		t.Errorf("claim A2 is read whole: %v, broken: %v", whole, broken)
	}
}

func TestFirstFaultEndsWithoutHandler(t *testing.T) {
	r := ack.NewReader(strings.NewReader("no X12"))
	if _, err := r.Next(); !errors.Is(err, edi.ErrNotX12) {
		t.Fatal(err)
	}
	r = ack.NewReader(iotest.ErrReader(io.ErrClosedPipe))
	if _, err := r.Next(); !errors.Is(err, io.ErrClosedPipe) {
		t.Fatal(err)
	}
}

// TestLimit: parts beyond the limit are counted, reported and not kept.
func TestLimit(t *testing.T) {
	list := append([]string{}, functional[:7]...)
	for range 50 {
		list = append(list, "IK3*REF*9*2300*5", "CTX*CLM01:A2", "IK4*1**7")
	}
	list = append(list, functional[11:]...)
	r := ack.NewReader(strings.NewReader(string(editest.Render(list, editest.OneLine))))
	r.MaxAnswer = 20
	many := 0
	r.OnError = func(e *edi.SyntaxError) {
		if errors.Is(e, ack.ErrTooMany) {
			many++
		}
	}
	for a := range each(t, r) {
		if s, ok := a.(*ack.Set); ok && s.Control == "0002" && (len(s.Faults) != 7 || s.More == 0) {
			t.Errorf("%d faults kept, %d left out", len(s.Faults), s.More)
		}
	}
	if many != 1 {
		t.Errorf("reported %d times", many)
	}
}

// TestCorpus reads real answers, which may stand beside the repository.
func TestCorpus(t *testing.T) {
	root := filepath.Join("..", "..", "..", "shared", "corpus")
	if _, err := os.Stat(root); err != nil {
		t.Skip("no corpus beside the repository")
	}
	read := 0
	for _, folder := range []string{"999", "ta1", "277ca"} {
		list, err := filepath.Glob(filepath.Join(root, folder, "*"))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range list {
			f, err := os.Open(path)
			if err != nil {
				t.Fatal(err)
			}
			r := ack.NewReader(f)
			r.OnError = func(e *edi.SyntaxError) {
				if e.Truncated() {
					t.Errorf("%s: %s", filepath.Base(path), e)
				}
			}
			n := 0
			for a := range each(t, r) {
				n++
				if c, ok := a.(*ack.Claim); ok && (c.ID == "" || c.Outcome() == ack.NoOutcome) {
					t.Errorf("%s: claim %+v", filepath.Base(path), c)
				}
			}
			f.Close()
			if n == 0 {
				t.Errorf("%s: no answer", filepath.Base(path))
			}
			read++
		}
	}
	if read == 0 {
		t.Error("no file was read")
	}
}

// FuzzReader: any input ends without a panic, answers stay within the limit, and the
// input is read to its end.
func FuzzReader(f *testing.F) {
	for _, list := range [][]string{status, functional, {editest.ISA(1), "TA1*000000905*261126*0800*R*023", "IEA*0*000000001"}} {
		for _, l := range editest.Layouts {
			f.Add(editest.Render(list, l))
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		r := ack.NewReader(strings.NewReader(string(text)))
		r.MaxAnswer = 50
		r.OnError = func(*edi.SyntaxError) {}
		for a := range each(t, r) {
			switch a := a.(type) {
			case *ack.Set:
				if len(a.Faults) > 50 {
					t.Fatal("too many faults")
				}
				for i := range a.Faults {
					a.Faults[i].Claim()
				}
			case *ack.Claim:
				_ = a.Outcome()
				for i := range a.Statuses {
					_ = a.Statuses[i].Advice()
				}
			}
		}
		if n := r.Counts().Bytes; n != int64(len(text)) {
			t.Fatalf("%d of %d bytes read", n, len(text))
		}
	})
}

func BenchmarkReader(b *testing.B) {
	list := append([]string{}, status[:19]...)
	for range 5000 {
		list = append(list, status[19:35]...)
	}
	text := string(editest.Render(append(list, status[35:]...), editest.OneLine))
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		r := ack.NewReader(strings.NewReader(text))
		r.OnError = func(*edi.SyntaxError) {}
		for {
			if _, err := r.Next(); err == io.EOF {
				break
			} else if err != nil {
				b.Fatal(err)
			}
		}
	}
}

// each goes through the answers that r reads.
func each(t *testing.T, r *ack.Reader) iter.Seq[any] {
	return func(yield func(any) bool) {
		for {
			a, err := r.Next()
			if err == io.EOF {
				return
			} else if err != nil {
				t.Fatal(err)
			}
			if !yield(a) {
				return
			}
		}
	}
}
