package ack_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/edi/ack"
	"github.com/gaitkeeper/gaitkeeper/edi/editest"
	"github.com/gaitkeeper/gaitkeeper/edi/guide"
)

var update = flag.Bool("update", false, "write the golden answers")

// told is what a validator tells of an interchange: groups of sets of problems.
type told struct {
	in     guide.Interchange
	groups []toldGroup
	own    []guide.Problem // of the interchange
}

type toldGroup struct {
	guide.Group
	sets []toldSet
	own  []guide.Problem
}

type toldSet struct {
	guide.Set
	problems []guide.Problem
}

// interchange is a clean one with a group of sets.
func interchange(sets ...toldSet) told {
	return told{
		in: guide.Interchange{
			Number: 1, Groups: 1, Sender: [2]string{"ZZ", "PRACTICE       "}, Receiver: [2]string{"30", "HUB            "}, Date: "261126", Time: "0800",
			Version: "00501", Control: "000000905", Acknowledge: "1", Usage: "T", Closed: true,
			Delims: edi.Delims{Element: '*', Repetition: '^', Component: ':', Terminator: '~'}, Pos: edi.Pos{Line: 1},
		},
		groups: []toldGroup{{
			Group: guide.Group{Function: "HC", Sender: "PRACTICE", Receiver: "HUB", Control: "17", Version: "005010X222A1", TrailerCount: fmt.Sprint(len(sets)), Pos: edi.Pos{Line: 2}},
			sets:  sets,
		}},
	}
}

func set(control string, problems ...guide.Problem) toldSet {
	return toldSet{guide.Set{Code: "837", Control: control, Version: "005010X222A1"}, problems}
}

// tell plays what a validator tells.
func tell(h guide.Handler, list ...told) {
	problems := func(list []guide.Problem) {
		for i := range list {
			h.Problem(&list[i])
		}
	}
	for i := range list {
		t := &list[i]
		h.Begin(&t.in)
		for j := range t.groups {
			g := &t.groups[j]
			h.BeginGroup(&g.Group)
			for k := range g.sets {
				h.BeginSet(&g.sets[k].Set)
				problems(g.sets[k].problems)
				h.Set(&g.sets[k].Set)
			}
			problems(g.own)
			h.Group(&g.Group)
		}
		problems(t.own)
		h.Interchange(&t.in)
	}
}

// numbers counts control numbers from n.
func numbers(n int) func() (int, error) {
	n--
	return func() (int, error) { n++; return n, nil }
}

func options() ack.Options {
	return ack.Options{Detail: ack.DetailElement, Date: 20261126, Clock: "0830", Number: numbers(501)}
}

// answers writes the answers to what was told, and checks them against the tree and
// by reading them.
func answers(t *testing.T, o ack.Options, list ...told) (functional, ta1 string, v ack.Verdicts) {
	t.Helper()
	var fa, ta bytes.Buffer
	mark := 0
	o.Begin = func() error { mark = fa.Len(); return nil }
	o.Drop = func() error { fa.Truncate(mark); return nil }
	r := ack.NewResponder(&fa, &ta, o)
	tell(r.Handler(), list...)
	if err := r.Err(); err != nil {
		t.Fatal(err)
	}
	conforms(t, "999", fa.Bytes())
	conforms(t, "TA1", ta.Bytes())
	return fa.String(), ta.String(), r.Verdicts()
}

func segmentFault(id string, ordinal int, loop, code string) guide.Problem {
	return guide.Problem{Severity: guide.Error, Segment: id, SetSegment: ordinal, Loop: loop, IK304: code}
}

func elementFault(id string, ordinal int, loop string, element, component int, ref, code string) guide.Problem {
	return guide.Problem{
		Severity: guide.Error, Segment: id, SetSegment: ordinal, Loop: loop, Element: element, Component: component,
		Ref: ref, IK304: "8", IK403: code, Bad: []byte("SECRET"),
	}
}

func in(claim string, p guide.Problem) guide.Problem {
	p.Claim = claim
	return p
}

func warning(p guide.Problem) guide.Problem {
	p.Severity = guide.Warning
	return p
}

func because(p guide.Problem, list ...guide.Trigger) guide.Problem {
	p.Triggers = list
	return p
}

// TestAnswers compares whole answers with golden files.
func TestAnswers(t *testing.T) {
	faults := []guide.Problem{
		segmentFault("NM1", 12, "2010BB", "I7"),
		in("ACCT7", elementFault("CLM", 22, "2300", 2, 0, "782", "1")),
		in("ACCT7", elementFault("CLM", 22, "2300", 5, 3, "1325", "I6")),
		in("ACCT7", because(segmentFault("REF", 23, "2300", "I6"), guide.Trigger{Segment: "CLM", SetSegment: 22, Loop: "2300", Element: 5, Component: 3, Ref: "1325"})),
		in("ACCT7", elementFault("NM1", 25, "2310B", 4, 0, "1036", "I9")),
		in("ACCT7", segmentFault("ZZZ", 26, "", "1")),
	}
	partly := interchange(set("0001"), set("0002", faults...), set("0003", in("B 1", warning(elementFault("SV1", 30, "2400", 1, 2, "234", "7")))))
	trailer := interchange(set("0001", guide.Problem{Severity: guide.Error, IK502: "4"}, guide.Problem{Severity: guide.Error, IK502: "3"}))
	group := interchange(set("0001"))
	group.groups[0].own = []guide.Problem{{Severity: guide.Error, AK905: "5"}, {Severity: guide.Error, AK905: "4"}}
	group.groups[0].TrailerCount = "2"
	other := partly
	other.in.Delims = edi.Delims{Element: '|', Component: '>', Terminator: '\n'}
	cut := interchange(set("0001", guide.Problem{Severity: guide.Error, IK502: "2"}))
	cut.own = []guide.Problem{{Severity: guide.Error, TA105: "023"}}
	dated := interchange(set("0001"))
	dated.own = []guide.Problem{{Severity: guide.Error, TA105: "015"}}
	with := func(change func(*ack.Options)) ack.Options {
		o := options()
		change(&o)
		return o
	}
	for _, test := range []struct {
		name string
		o    ack.Options
		list []told
		want ack.Verdicts
	}{
		{"accepted", options(), []told{interchange(set("0001"), set("0002"))}, ack.Verdicts{Interchanges: 1, Groups: 1, Sets: 2}},
		{"partly", options(), []told{partly}, ack.Verdicts{Interchanges: 1, Groups: 1, Sets: 3, RejectedSets: 1, SetsWithErrors: 1, Faults: 7}},
		{"bad-data", with(func(o *ack.Options) { o.BadData = true }), []told{partly}, ack.Verdicts{Interchanges: 1, Groups: 1, Sets: 3, RejectedSets: 1, SetsWithErrors: 1, Faults: 7}},
		{"segments", with(func(o *ack.Options) { o.Detail = ack.DetailSegment }), []told{partly}, ack.Verdicts{Interchanges: 1, Groups: 1, Sets: 3, RejectedSets: 1, SetsWithErrors: 1, Faults: 7}},
		{"sets", with(func(o *ack.Options) { o.Detail = ack.DetailSet }), []told{partly}, ack.Verdicts{Interchanges: 1, Groups: 1, Sets: 3, RejectedSets: 1, SetsWithErrors: 1, Faults: 7}},
		{"separators", options(), []told{other}, ack.Verdicts{Interchanges: 1, Groups: 1, Sets: 3, RejectedSets: 1, SetsWithErrors: 1, Faults: 7}},
		{"trailer", options(), []told{trailer}, ack.Verdicts{Interchanges: 1, Groups: 1, Sets: 1, RejectedSets: 1, RejectedGroups: 1, Faults: 2}},
		{"group", options(), []told{group}, ack.Verdicts{Interchanges: 1, Groups: 1, Sets: 1, RejectedSets: 1, RejectedGroups: 1, Faults: 2}},
		{"cut", options(), []told{interchange(set("0001")), cut}, ack.Verdicts{Interchanges: 2, RejectedInterchanges: 1, Groups: 2, RejectedGroups: 1, Sets: 2, RejectedSets: 1, Faults: 2}},
		{"dated", options(), []told{dated}, ack.Verdicts{Interchanges: 1, Groups: 1, Sets: 1, Faults: 1}},
	} {
		t.Run(test.name, func(t *testing.T) {
			fa, ta, v := answers(t, test.o, test.list...)
			if v != test.want {
				t.Errorf("verdicts %+v, want %+v", v, test.want)
			}
			golden(t, test.name+".999", fa)
			golden(t, test.name+".ta1", ta)
		})
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

// TestHostileValues: what was sent badly does not make a bad answer.
func TestHostileValues(t *testing.T) {
	bad := interchange(set("1", in("A*B", elementFault("SVC1", 4, "2400", 1, 0, "C003", "7")), in(strings.Repeat("9", 40), elementFault("CLM", 5, "2300", 1, 0, "1028", "5"))))
	bad.in.Sender, bad.in.Receiver = [2]string{"??", "A*B"}, [2]string{"", ""}
	bad.in.Usage, bad.in.Control, bad.in.Date, bad.in.Time = "X", "12", "2611", ""
	g := &bad.groups[0]
	g.Control, g.Sender, g.Receiver, g.Function, g.TrailerCount = "ABC", "", "~", "H", "many"
	g.Version = "005010X222A1LONG"
	g.sets[0].Code, g.sets[0].Version = "", "\x01"
	fa, _, _ := answers(t, options(), bad)
	if strings.Contains(fa, "A*B") {
		t.Errorf("a separator came through:\n%s", fa)
	}
	if !strings.Contains(fa, "CTX*CLM01:"+strings.Repeat("9", 35)+"~") {
		t.Errorf("a long claim number is not cut to 35 characters:\n%s", fa)
	}
}

// TestBlanksAreNoDigits: where an answer has digits, blanks that were sent do not come back.
func TestBlanksAreNoDigits(t *testing.T) {
	bad := interchange(set("0001", elementFault("CLM", 5, "2300", 1, 0, "12 ", "5")))
	bad.in.Control, bad.in.Date, bad.in.Time = " 2345678 ", " 61126", "08 0"
	bad.groups[0].sets[0].Code = "83 "
	fa, ta, _ := answers(t, options(), bad)
	if !strings.Contains(ta, "TA1*000000000*000000*0000*") {
		t.Errorf("TA1: %s", ta)
	}
	if !strings.Contains(fa, "AK2*837*0001*") || !strings.Contains(fa, "IK4*1**5~") {
		t.Errorf("999: %s", fa)
	}
}

// TestRoundTrip: the reader reads what the responder wrote.
func TestRoundTrip(t *testing.T) {
	var fa bytes.Buffer
	o := options()
	o.BadData = true
	r := ack.NewResponder(&fa, nil, o)
	p := elementFault("CLM", 22, "2300", 5, 3, "1325", "I9")
	p.Triggers = []guide.Trigger{{Segment: "REF", SetSegment: 24, Loop: "2300", Element: 2, Ref: "127"}}
	tell(r.Handler(), interchange(set("0001", in("ACCT7", p)), set("0002")))
	read := everything(t, &fa)
	if len(read) != 3 {
		t.Fatalf("%d answers, want 3", len(read))
	}
	s, ok := read[0].(*ack.Set)
	if !ok || s.Verdict != ack.Rejected || s.Control != "0001" || len(s.Faults) != 1 || s.Group.Control != "17" {
		t.Fatalf("first answer %+v", read[0])
	}
	f := s.Faults[0]
	want := ack.Element{
		Pos: f.Elements[0].Pos, Place: ack.Place{Element: 5, Component: 3}, Ref: "1325", Code: "I9", Bad: "SECRET",
		Triggers: []ack.Trigger{{Segment: "REF", Ordinal: 24, Loop: "2300", Place: ack.Place{Element: 2}, Ref: "127"}},
	}
	if f.Claim() != "ACCT7" || f.Ordinal != 22 || f.Loop != "2300" || f.Code != "8" {
		t.Errorf("fault %+v", f)
	}
	if diff := cmp.Diff(want, f.Elements[0]); diff != "" {
		t.Error(diff)
	}
	g := read[2].(*ack.Group)
	if g.Verdict != ack.Partly || g.Claimed != 2 || g.Received != 2 || g.Accepted != 1 {
		t.Errorf("group %+v", g)
	}
}

// TestAcknowledgementsAreNotAnswered: answers to answers would never end.
func TestAcknowledgementsAreNotAnswered(t *testing.T) {
	only := interchange()
	only.groups, only.in.Groups = nil, 0
	fa := interchange(set("0001", guide.Problem{Severity: guide.Error, IK502: "1"}))
	fa.groups[0].Function = "FA"
	both := interchange(set("0001"))
	both.groups = append(both.groups, fa.groups...)
	functional, ta1, v := answers(t, options(), only, fa, both)
	if strings.Count(functional, "AK1") != 1 || strings.Count(ta1, "TA1") != 2 || v.Acknowledgements != 3 || v.RejectedSets != 0 || v.Sets != 1 {
		t.Errorf("%+v\n%s\n%s", v, functional, ta1)
	}
}

// TestUnknownSets: a set that no guide here is for is rejected, and so is an
// interchange whose separators cannot be used.
func TestUnknownSets(t *testing.T) {
	other, none := set("0001"), set("0002")
	other.Unknown, none.Unknown, none.Code = true, true, "276"
	fa, _, v := answers(t, options(), interchange(other, none, set("0003")))
	if !strings.Contains(fa, "IK5*R*I6~\n") || !strings.Contains(fa, "IK5*R*1~\n") || !strings.Contains(fa, "AK9*P*3*3*1~") || v.RejectedSets != 2 {
		t.Errorf("%+v\n%s", v, fa)
	}
	for _, test := range []struct{ isa, want string }{
		{editest.ISA(5) + "A", "004"},
		{strings.Replace(editest.ISA(5), "*T*:", "*T*A", 1) + "~", "027"},
		{strings.Replace(editest.ISA(5), "*T*:", "*T**", 1) + "~", "027"},
		{strings.ReplaceAll(editest.ISA(5), "*", "x") + "~", "026"},
		{strings.Replace(editest.ISA(5), "*^*", "*:*", 1) + "~", "016"},
	} {
		var ta1 bytes.Buffer
		r := ack.NewResponder(nil, &ta1, options())
		r.Unusable([]byte(test.isa), edi.Pos{})
		if !strings.Contains(ta1.String(), "TA1*000000005*260311*0800*R*"+test.want+"~") || r.Verdicts().RejectedInterchanges != 1 {
			t.Errorf("%s: %s", test.isa, ta1.String())
		}
		conforms(t, "TA1", ta1.Bytes())
	}
}

// TestNumberFails: without a control number nothing is taken for an answer.
func TestNumberFails(t *testing.T) {
	broken := errors.New("store is broken")
	for _, test := range []struct {
		number int
		err    error
	}{{0, nil}, {ack.MaxNumber + 1, nil}, {5, broken}} {
		o := options()
		o.Number = func() (int, error) { return test.number, test.err }
		r := ack.NewResponder(io.Discard, io.Discard, o)
		tell(r.Handler(), interchange(set("0001")))
		if r.Err() == nil || test.err != nil && !errors.Is(r.Err(), broken) {
			t.Errorf("%d, %v: %v", test.number, test.err, r.Err())
		}
	}
}

// TestCheckedElsewhere gives the answers to an independent checker, where one stands
// beside the repository.
func TestCheckedElsewhere(t *testing.T) {
	checker := filepath.Join("..", "..", "..", "shared", "tools", "check_x12.py")
	if _, err := os.Stat(checker); err != nil {
		t.Skip("no checker beside the repository")
	}
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("no python3")
	}
	list, err := filepath.Glob("testdata/*.999")
	if err != nil || len(list) == 0 {
		t.Fatal("no golden answers", err)
	}
	for _, path := range list {
		out, err := exec.Command(python, checker, "-v", path).CombinedOutput()
		if err != nil || strings.Contains(string(out), "ENV:") || strings.Contains(string(out), "!=") {
			t.Errorf("%s: %v\n%s", path, err, out)
		}
	}
}
