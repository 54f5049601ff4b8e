package x835_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/edi/editest"
	"github.com/gaitkeeper/gaitkeeper/edi/x835"
)

func TestWalker(t *testing.T) {
	var got []string
	var w x835.Walker
	s := edi.NewScanner(strings.NewReader(remit(
		"ZZ*1", "LX*1", "TS3*1", "TS2*1", "CLP*A", "CAS*CO", "SVC*1", "LQ*HE", "ZZ*1", "TS3*1", "SVC*1", "CLP*B", "N1*ZZ", "TA1*1",
		"N1*PE", "N1*ZZ", "CLP*C", "PLB*1", "ZZ*1", "PLB*2",
	)))
	for s.Next() {
		loop, opened := w.Step(s.Segment())
		mark := ""
		if opened {
			mark = "!"
		}
		got = append(got, fmt.Sprintf("%s %v%s", s.Segment().ID(), loop, mark))
	}
	want := "ISA ISA!|GS GS!|ST ST!|BPR ST|TRN ST|CUR ST|REF ST|REF ST|DTM ST|N1 1000A!|N3 1000A|N4 1000A|REF 1000A|REF 1000A|" +
		"PER 1000A|PER 1000A|PER 1000A|N1 1000B!|REF 1000B|RDM 1000B|ZZ 1000B|LX 2000!|TS3 2000|TS2 2000|CLP 2100!|CAS 2100|" +
		"SVC 2110!|LQ 2110|ZZ 2110|TS3 2000!|SVC 2000|CLP 2100!|N1 2100|TA1 2100|N1 1000B!|N1 1000!|CLP 2100!|PLB PLB!|ZZ PLB|PLB PLB|" +
		"SE ST|GE GS|IEA ISA"
	if diff := cmp.Diff(strings.Split(want, "|"), got); diff != "" {
		t.Error(diff)
	}
	if w.Loop() != x835.LoopISA {
		t.Error(w.Loop())
	}
}

// items names what a Reader returns, in order.
func items(t rapid.TB, src io.Reader) ([]string, *x835.Reader, []edi.SyntaxError) {
	t.Helper()
	var got []string
	r, faults := each(t, src, func(r *x835.Reader, item x835.Item, c *x835.Claim) {
		fault := ""
		switch item {
		case x835.PaymentBegins:
			got = append(got, "begin "+r.Payment().Control)
		case x835.ClaimRead:
			if c.Fault != nil {
				fault = "!"
			}
			got = append(got, fmt.Sprintf("%s%s", c.ID(), fault))
		case x835.PaymentEnds:
			if r.Payment().Fault != nil {
				fault = "!"
			}
			got = append(got, fmt.Sprintf("end %d%s", len(r.Payment().Adjustments), fault))
		}
	})
	return got, r, faults
}

func TestItems(t *testing.T) {
	render := func(s []string) string { return string(editest.Render(s, editest.Wrapped)) }
	isa, gs := editest.ISA(1), "GS*HP*A*B*20260401*0800*1*X*005010X221A1"
	claims837 := editest.Claims(2)
	for _, v := range []struct {
		name, input string
		want        string
		errs        []error
	}{
		{"nothing", "", "", []error{edi.ErrEmpty}},
		{"no X12", "hello", "", []error{edi.ErrNotX12}},
		{"several sets", render(interchange(
			[]string{"BPR*I*1", "LX*1", "CLP*A*1*1*1", "CLP*B*1*1*1", "PLB*1*20261231*WO*1*WO*2"}, []string{"BPR*I*2"}, []string{"BPR*I*3", "CLP*C*1*1*1"},
		)), "begin 0001|A|B|end 2|begin 0002|end 0|begin 0003|C|end 0", nil},
		{"several interchanges", remit("CLP*A*1*1*1") + remit("CLP*B*1*1*1"), "begin 0001|A|end 0|begin 0001|B|end 0", nil},
		{"PLB only", remit("PLB*1*20261231*WO*1"), "begin 0001|end 1", nil},
		{"LX between claims", remit("LX*1", "CLP*A*1*1*1", "LX*2", "TS3*1", "CLP*B*1*1*1", "TS3*1", "CLP*C*1*1*1"), "begin 0001|A|B|C|end 0", nil},
		{"claims for remittances", render(claims837), "", []error{edi.ErrWrongSet}},
		{"both", render(claims837) + remit("CLP*A*1*1*1"), "begin 0001|A|end 0", []error{edi.ErrWrongSet}},
		{"no SE", render([]string{isa, gs, "ST*835*1", "CLP*A*1*1*1", "GE*1*1", "IEA*1*1"}), "begin 1|A|end 0!", []error{edi.ErrEnvelope}},
		{"no SE before ST", render([]string{isa, gs, "ST*835*1", "CLP*A*1*1*1", "ST*835*2", "SE*2*2", "GE*1*1", "IEA*1*1"}), "begin 1|A|end 0!|begin 2|end 0", []error{edi.ErrEnvelope}},
		{"no SE, GE, IEA", render([]string{isa, gs, "ST*835*1", "CLP*A*1*1*1"}), "begin 1|A!|end 0!", []error{edi.ErrUnclosed}},
		{"no GE", render([]string{isa, gs, "ST*835*1", "SE*2*1", "IEA*1*1"}), "begin 1|end 0", []error{edi.ErrEnvelope}},
		{"GS twice", render([]string{isa, gs, gs, "ST*835*1", "SE*2*1", "GE*1*1", "IEA*1*1"}), "begin 1|end 0", []error{edi.ErrEnvelope}},
		{"no ST", render([]string{isa, gs, "BPR*I*1", "TRN*1*2", "CLP*A*1*1*1", "SE*1*1", "GE*1*1", "IEA*1*1"}), "begin |A|end 0!", []error{edi.ErrEnvelope}},
		{"no header", render([]string{isa, "CLP*A*1*1*1", "IEA*1*1"}), "begin |A|end 0!", []error{edi.ErrEnvelope, edi.ErrEnvelope}},
		{"PLB behind SE", render([]string{isa, gs, "ST*835*1", "SE*2*1", "PLB*1*20261231*WO*1", "SE*1*1", "SE*1*1", "GE*1*1", "IEA*1*1"}), "begin 1|end 0|begin |end 1!", []error{edi.ErrEnvelope, edi.ErrEnvelope}},
		{"line without claim", remit("LX*1", "SVC*HC:97110*1*1", "CLP*A*1*1*1"), "begin 0001|A|end 0!", []error{x835.ErrNoClaim}},
		{"line in the header", remit("SVC*HC:97110*1*1", "CLP*A*1*1*1"), "begin 0001|A|end 0!", []error{x835.ErrNoClaim}},
		{"cut in a claim", render([]string{isa, gs, "ST*835*1", "CLP*A*1*1*1", "SVC*HC:97"})[:180] + remit("CLP*B*1*1*1"), "", nil},
	} {
		t.Run(v.name, func(t *testing.T) {
			got, _, faults := items(t, strings.NewReader(v.input))
			if v.name == "cut in a claim" { // how it is called is the scanner's
				if len(faults) == 0 || !slices.Contains(got, "A!") || !slices.Contains(got, "B") {
					t.Error(got, faults)
				}
				return
			}
			if diff := cmp.Diff(v.want, strings.Join(got, "|")); diff != "" {
				t.Error(diff)
			}
			if !slices.Equal(v.errs, faultsOf(faults)) {
				t.Errorf("faults %v", faults)
			}
		})
	}
}

func TestWrongSet(t *testing.T) {
	for st, want := range map[string]string{
		"ST*837*1*005010X222A1": "ST01 is 837, a claim; remittances (835) are read here",
		"ST*999*1":              "ST01 is 999, an acknowledgement; remittances (835) are read here",
		"ST*123*1":              "ST01 is 123, unknown; remittances (835) are read here",
		"ST*JANE DOE*1":         "ST01 is ?, unknown; remittances (835) are read here",
		"ST":                    "ST01 is ?, unknown; remittances (835) are read here",
	} {
		input := editest.Render([]string{editest.ISA(1), "GS*HC*A*B", st, "CLP*A", "SVC*1", "PLB*1", "SE*2*1", "GE*1*1", "IEA*1*1"}, editest.OneLine)
		r, faults := each(t, bytes.NewReader(input), nil)
		if len(faults) != 1 || faults[0].Err != edi.ErrWrongSet || faults[0].Detail != want {
			t.Errorf("%s: %v", st, faults)
		}
		if n := r.Counts(); n.Claims+n.Payments+n.Lines+n.PLBs != 0 || n.Segments != 9 {
			t.Errorf("%s: %+v", st, n)
		}
	}
}

// However the input is cut, every claim before the cut comes out, those that are
// whole without a fault, and payments begin and end in turn.
func TestTruncated(t *testing.T) {
	input := string(editest.Render(editest.Remits(3), editest.Wrapped))
	whole := transcript(t, strings.NewReader(input))
	trailer := strings.Index(input, "\nPLB")
	for n := range len(input) {
		got, r, faults := items(t, strings.NewReader(input[:n]))
		if n < len(strings.TrimSpace(input))-1 && len(faults) == 0 {
			t.Fatalf("%d bytes: no fault", n)
		}
		begun := strings.Contains(input[:n], "\nST*835*0001~")
		if begun && (got[0] != "begin 0001" || !strings.HasPrefix(got[len(got)-1], "end")) {
			t.Fatalf("%d bytes: %v", n, got)
		}
		if n < trailer && begun && r.Payment().Fault == nil {
			t.Fatalf("%d bytes: payment has no fault", n)
		}
		for k := range 3 {
			id := fmt.Sprintf("C%06d", k)
			next := strings.Index(input, fmt.Sprintf("CLP*C%06d", k+1))
			if k == 2 {
				next = trailer
			}
			if n > next+3 && !slices.Contains(got, id) {
				t.Fatalf("%d bytes: %s is missing or faulty: %v", n, id, got)
			}
			if n < next && slices.Contains(got, id) {
				t.Fatalf("%d bytes: %s has no fault", n, id)
			}
		}
	}
	if again := transcript(t, strings.NewReader(input)); !slices.Equal(whole, again) {
		t.Error("reads otherwise the second time")
	}
}

func TestSourceFails(t *testing.T) {
	input := remit("LX*1", "CLP*A*1*1*1", "CLP*B*1*1*1", "SVC*HC:97110*1*1")
	cut := strings.Index(input, "SVC*") + 5
	r := x835.NewReader(io.MultiReader(strings.NewReader(input[:cut]), iotest.ErrReader(errBroken)))
	var got []string
	var c x835.Claim
	for {
		item, err := r.Next(&c)
		if err != nil {
			if !errors.Is(err, errBroken) {
				t.Error(err)
			}
			break
		}
		got = append(got, fmt.Sprintf("%d %v %v", item, item == x835.ClaimRead && c.Fault != nil, r.Payment().Fault != nil))
	}
	if want := []string{"1 false false", "2 false false", "2 true false", "3 false true"}; !slices.Equal(got, want) {
		t.Error(got)
	}
}

func TestLimits(t *testing.T) {
	input := remit("LX*1", "CLP*A*1*1*1", strings.Repeat("REF*EA*0123456789~\n", 20)+"REF*EA*1", "CLP*B*1*1*1", "PLB*1*20261231*WO*1", "PLB*1*20261231*WO*1")
	for limit, want := range map[int][]error{
		1000: nil,
		300:  {x835.ErrClaimTooLong},
		30:   {x835.ErrLevelTooLong, x835.ErrLevelTooLong, x835.ErrLevelTooLong, x835.ErrClaimTooLong, x835.ErrLevelTooLong},
	} {
		r := x835.NewReader(strings.NewReader(input))
		r.MaxClaim = limit
		var faults []error
		r.OnError = func(e *edi.SyntaxError) { faults = append(faults, e.Err) }
		var c x835.Claim
		for {
			item, err := r.Next(&c)
			if err != nil {
				break
			}
			if item == x835.ClaimRead && (c.Fault != nil) != (len(want) > 0 && (string(c.ID()) == "A" || limit == 30)) {
				t.Errorf("limit %d: claim %s: %v", limit, c.ID(), c.Fault)
			}
		}
		if !slices.Equal(faults, want) {
			t.Errorf("limit %d: %v", limit, faults)
		}
		if n := r.Counts(); n.Claims != 2 || n.PLBs != 2 {
			t.Errorf("limit %d: %+v", limit, n)
		}
	}
}

// corpus lists real files beside the repository.
func corpus(t *testing.T, kind string) []string {
	files, _ := filepath.Glob("../../../shared/corpus/" + kind + "/*")
	if len(files) == 0 {
		t.Skip("no real files here")
	}
	return files
}

// What a plain split says about a remittance.
type plainCounts struct {
	CLP, SVC, PLB, ST int
	Paid, Adjusted    int64
}

func split(t *testing.T, data []byte) (n plainCounts) {
	element, terminator := string(data[3:4]), string(data[105:106])
	cents := func(s string) int64 {
		f, err := strconv.ParseFloat(s, 64)
		if err != nil {
			t.Fatal(err)
		}
		return int64(math.Round(f * 100))
	}
	for s := range strings.SplitSeq(string(data), terminator) {
		e := strings.Split(strings.TrimSpace(s), element)
		switch e[0] {
		case "ST":
			n.ST++
		case "CLP":
			n.CLP++
			n.Paid += cents(e[4])
		case "SVC":
			n.SVC++
		case "PLB":
			n.PLB++
		case "CAS":
			for i := 3; i < len(e); i += 3 {
				n.Adjusted += cents(e[i])
			}
		}
	}
	return n
}

func TestCorpus(t *testing.T) {
	for _, name := range corpus(t, "835") {
		t.Run(filepath.Base(name), func(t *testing.T) {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			var got plainCounts
			r, faults := each(t, bytes.NewReader(data), func(r *x835.Reader, item x835.Item, c *x835.Claim) {
				if item != x835.ClaimRead {
					return
				}
				if c.Fault != nil {
					t.Error(c.Fault)
				}
				got.Paid += int64(c.Paid)
				total := func(list []x835.Adjustment) {
					for _, a := range list {
						got.Adjusted += int64(a.Amount)
					}
				}
				total(c.Adjustments)
				for i := range c.Lines {
					total(c.Lines[i].Adjustments)
				}
				if span := c.Span(); !bytes.Equal(c.Bytes(), data[span.Start:span.End]) {
					t.Error("claim is not as in the file")
				}
				for _, o := range c.Odd {
					t.Log(o)
				}
			})
			n := r.Counts()
			got.CLP, got.SVC, got.PLB, got.ST = n.Claims, n.Lines, n.PLBs, n.Payments
			if diff := cmp.Diff(split(t, data), got); diff != "" {
				t.Error(diff)
			}
			if n.Bytes != int64(len(data)) || n.Faulty > 0 {
				t.Errorf("%+v of %d bytes", n, len(data))
			}
			if len(faults) > 0 {
				t.Error(faults)
			}
		})
	}
}

// Files of other kinds and broken ones are read without harm.
func TestCorpusOthers(t *testing.T) {
	for _, kind := range []string{"837p", "999", "277ca", "ta1", "malformed"} {
		for _, name := range corpus(t, kind) {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			r, faults := each(t, bytes.NewReader(data), nil)
			if kind == "837p" && (r.Counts().Claims > 0 || len(faults) == 0) {
				t.Errorf("%s: %+v %v", filepath.Base(name), r.Counts(), faults)
			}
			transcript(t, bytes.NewReader(data))
		}
	}
}

// segments draws a set in which everything may stand anywhere.
var segments = rapid.SampledFrom([]string{
	"LX*1", "TS3*1*11*20261231*1*100", "CLP*A*1*100*50*10*MB*ICN*11*1", "CLP*B*22*-100*-50**MB", "CLP", "NM1*QC*1*X*Y****MI*M1",
	"MOA***MA01", "MIA*1****N1", "REF*F8*1", "REF*6R*1", "DTM*232*20260301", "DTM*472*2026", "AMT*B6*5", "QTY*CA*x",
	"SVC*HC:97110:GP*100*50**1", "SVC", "CAS*CO*45*50", "CAS*PR***1*1*1*1", "CAS", "LQ*HE*N1", "PLB*1*20261231*WO:1*5", "PLB",
	"N1*PR*X", "N1*PE*Y*XX*1", "N1*ZZ*Z", "PER*CX**TE*1", "ZZ*1", "BPR*I*5*C*************20260401", "TRN*1*2*3",
	"SE*1*0001", "ST*835*0002", "ST*837*0003", "GE*1*1", "GS*HP*A*B", "IEA*1*1", "TA1*1", editest.ISA(2),
})

var layouts = rapid.SampledFrom(editest.Layouts)

// Whatever stands where, payments begin and end in turn, every CLP of a remittance
// comes out, and chunking changes nothing.
func TestProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		body := rapid.SliceOfN(segments, 0, 40).Draw(t, "body")
		input := editest.Render(slices.Concat([]string{editest.ISA(1), "GS*HP*A*B", "ST*835*0001"}, body), layouts.Draw(t, "layout"))
		if cut := rapid.IntRange(0, 2*len(input)).Draw(t, "cut"); cut < len(input) {
			input = input[:cut]
		}
		check(t, input)
		want := transcript(t, bytes.NewReader(input))
		for name, src := range map[string]io.Reader{
			"one byte":   iotest.OneByteReader(bytes.NewReader(input)),
			"half":       iotest.HalfReader(bytes.NewReader(input)),
			"data + EOF": iotest.DataErrReader(bytes.NewReader(input)),
		} {
			if diff := cmp.Diff(want, transcript(t, src)); diff != "" {
				t.Fatalf("%s: %s", name, diff)
			}
		}
	})
}

// check fails where something does not hold that must hold for any input.
func check(t rapid.TB, input []byte) {
	open, claims, lines, faulty := false, 0, 0, 0
	var last *x835.Payment
	r, _ := each(t, bytes.NewReader(input), func(r *x835.Reader, item x835.Item, c *x835.Claim) {
		p := r.Payment()
		if p.Payer == nil || p.Payee == nil {
			t.Fatal("no payer or payee")
		}
		switch item {
		case x835.PaymentBegins:
			if open || p == last {
				t.Fatal("a payment begins in another")
			}
			open, last = true, p
		case x835.PaymentEnds:
			if !open || p != last {
				t.Fatal("a payment ends that did not begin")
			}
			open = false
			if p.Trailer.Len() == 0 && p.Fault == nil {
				t.Fatal("no SE and no fault")
			}
		case x835.ClaimRead:
			if !open || c.Payment != p || c.Ordinal != claims || string(c.Element(0, 0)) != "CLP" {
				t.Fatal("claim out of place")
			}
			claims++
			lines += len(c.Lines)
			if c.Fault != nil {
				faulty++
			}
			if span := c.Span(); !bytes.Equal(c.Bytes(), input[span.Start:span.End]) {
				t.Fatal("claim is not as in the input")
			}
			checkParts(t, c)
		default:
			t.Fatal(item)
		}
	})
	if open {
		t.Fatal("a payment does not end")
	}
	n := r.Counts()
	if n.Claims != claims || n.Lines != lines || n.Faulty != faulty || n.Bytes != int64(len(input)) {
		t.Fatalf("%+v; %d claims, %d lines, %d faulty", n, claims, lines, faulty)
	}
	if want := plainCLPs(input); want != claims {
		t.Fatalf("%d claims, want %d", claims, want)
	}
}

// checkParts fails where the claim and its lines are not all of its segments, each
// once.
func checkParts(t rapid.TB, c *x835.Claim) {
	at := c.End
	adjustments := len(c.Adjustments)
	for i := range c.Lines {
		l := &c.Lines[i]
		if l.First != at || l.End <= l.First || string(c.Element(l.First, 0)) != "SVC" {
			t.Fatalf("line %d at %d-%d, expected at %d", i, l.First, l.End, at)
		}
		at = l.End
		for _, a := range l.Adjustments {
			if int(a.Segment) <= l.First || int(a.Segment) >= l.End {
				t.Fatalf("adjustment of segment %d in line %d-%d", a.Segment, l.First, l.End)
			}
		}
		adjustments += len(l.Adjustments)
	}
	if at != c.Len() {
		t.Fatalf("%d segments, %d accounted for", c.Len(), at)
	}
	trios := 0
	for i := range c.Len() {
		if string(c.Element(i, 0)) != "CAS" {
			continue
		}
		for n := 2; n < 20; n += 3 {
			if len(bytes.TrimSpace(bytes.Join([][]byte{c.Element(i, n), c.Element(i, n+1), c.Element(i, n+2)}, nil))) > 0 {
				trios++
			}
		}
	}
	if trios != adjustments {
		t.Fatalf("%d trios, %d adjustments", trios, adjustments)
	}
}

// plainCLPs counts the CLP segments outside sets of other kinds.
func plainCLPs(input []byte) int {
	n, foreign := 0, false
	s := edi.NewScanner(bytes.NewReader(input))
	s.OnError = func(*edi.SyntaxError) {}
	for s.Next() {
		g := s.Segment()
		switch string(g.ID()) {
		case "ST":
			foreign = string(bytes.TrimSpace(g.Bytes(1))) != "835"
		case "SE", "GE", "GS", "IEA", "ISA":
			foreign = false
		case "CLP":
			if !foreign {
				n++
			}
		}
	}
	return n
}

func FuzzReader(f *testing.F) {
	for _, l := range editest.Layouts {
		f.Add(editest.Render(editest.Remits(2), l))
	}
	f.Add(editest.Render(editest.Claims(1), editest.Wrapped))
	for _, body := range [][]string{
		{"PLB*1*20261231*WO:1*5***L6*-2"},
		{"LX*1", "CLP*A*22*-80*-23.52**MB*I", "CAS*CO*45*-50***253*-.48", "SVC*HC:97110GP*-80*-23.52", "LQ*HE*N1", "MOA***MA01"},
		{"CLP*A*1*1*1", "N1*PR*X", "N1*PE*Y", "LX*1", "CLP*B*1*1*1", "TS3*1", "SVC*1*1*1"},
		{"SVC*1", "ST*835*2", "BPR*I* *C", "GE*1*1", "PLB*1", "CLP"},
	} {
		f.Add([]byte(remit(body...)))
	}
	f.Fuzz(func(t *testing.T, input []byte) {
		if len(input) > 1<<16 {
			return
		}
		check(t, input)
		want := transcript(t, bytes.NewReader(input))
		if got := transcript(t, iotest.OneByteReader(bytes.NewReader(input))); !slices.Equal(want, got) {
			t.Fatal(cmp.Diff(want, got))
		}
	})
}

// The synthetic remittance balances and answers the synthetic claims.
func TestRemits(t *testing.T) {
	const n = 5
	var paid, plb edi.Amount
	each(t, bytes.NewReader(editest.Render(editest.Remits(n), editest.CRLF)), func(r *x835.Reader, item x835.Item, c *x835.Claim) {
		p := r.Payment()
		switch item {
		case x835.ClaimRead:
			paid += c.Paid
			if len(c.Odd) > 0 || c.Charge != 18600 || len(c.Lines) != 3 {
				t.Error(c.Odd, c.Charge, len(c.Lines))
			}
			for _, l := range c.Lines {
				left := l.Charge
				for _, a := range l.Adjustments {
					left -= a.Amount
				}
				if left != l.Paid || l.Paid != editest.RemitLine {
					t.Error(l.Charge, left, l.Paid)
				}
			}
		case x835.PaymentEnds:
			for _, a := range p.Adjustments {
				plb += a.Amount
			}
			if p.Claims != n || paid-plb != p.Total || plb != editest.RemitRecovery {
				t.Error(p.Claims, paid, plb, p.Total)
			}
			if string(p.Trailer.Element(0, 1)) != strconv.Itoa(p.Counted) {
				t.Error("SE01", p.Counted)
			}
		}
	})
}

// Allocations do not grow with the number of claims.
func TestAllocations(t *testing.T) {
	for _, claims := range []int{1, 100, 10_000} {
		data := editest.Render(editest.Remits(claims), editest.Wrapped)
		src := bytes.NewReader(data)
		n := testing.AllocsPerRun(3, func() {
			src.Reset(data)
			r := x835.NewReader(src)
			var c x835.Claim
			for {
				item, err := r.Next(&c)
				if err == io.EOF {
					break
				}
				if err != nil {
					t.Fatal(err)
				}
				if item != x835.ClaimRead {
					continue
				}
				for i := range c.Lines {
					l := &c.Lines[i]
					if l.Control() == nil || l.Procedure.Modifier(1) == nil || c.ServiceOf(l).From == 0 {
						t.Fatal("line lacks something")
					}
					for range l.Remarks() {
						t.Fatal("a remark")
					}
					for range l.Refs("0K") {
						t.Fatal("a policy")
					}
				}
			}
		})
		if n >= 150 {
			t.Errorf("%d claims: %v allocations", claims, n)
		}
	}
}

// stream repeats a piece of text without holding it all.
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

func TestMemory(t *testing.T) {
	start := string(editest.Render([]string{editest.ISA(1), "GS*HP*A*B", "ST*835*1"}, editest.OneLine))
	for _, v := range []struct{ name, first, piece string }{
		{"remittances", "", string(editest.Render(editest.Remits(1000), editest.Wrapped))},
		{"one claim without end", start + "CLP*A*1*1*1~", "REF*EA*0123456789~"},
		{"one header without end", start, "REF*EV*0123456789~"},
		{"one payee without end", start + "N1*PE*X~", "REF*TJ*0123456789~"},
		{"payees", start + "CLP*A*1*1*1~", "N1*PE*X*XX*1~REF*TJ*0123456789~"},
		{"one group without end", start + "LX*1~", "TS3*0123456789~"},
		{"PLB without end", start, "PLB*1*20261231*WO*1~"},
		{"sets", start, "SE*1*1~ST*835*1~"},
		{"groups", start, "GS*HP*A*B~"},
	} {
		t.Run(v.name, func(t *testing.T) {
			times := (16 << 20) / len(v.piece)
			r := x835.NewReader(io.MultiReader(strings.NewReader(v.first), &stream{piece: v.piece, times: times}))
			r.MaxClaim = 1 << 20
			r.OnError = func(*edi.SyntaxError) {}
			var c x835.Claim
			var before, now runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			most, n := uint64(0), 0
			for {
				_, err := r.Next(&c)
				if err == io.EOF {
					break
				}
				if err != nil {
					t.Fatal(err)
				}
				if n++; n%500_000 == 1 {
					runtime.GC()
					runtime.ReadMemStats(&now)
					most = max(most, now.HeapAlloc)
				}
			}
			runtime.GC()
			runtime.ReadMemStats(&now)
			if most = max(most, now.HeapAlloc); most > before.HeapAlloc+24<<20 {
				t.Errorf("%d MiB in use", (most-before.HeapAlloc)>>20)
			}
			runtime.KeepAlive(r)
		})
	}
}
