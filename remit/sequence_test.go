package remit_test

import (
	"fmt"
	"testing"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/remit"
)

func TestSequence(t *testing.T) {
	claims := sent([2]string{"M1", clm("A1", "100", "97110:GP 60 1 20260110 C-1", "97140:GP 40 1 20260110 C-2")})
	// svc is a line of the claim; paid or denied, and the sign of a reversal.
	svc := func(code string, charge, paid int, cas string) string {
		s := fmt.Sprintf("SVC*HC:%s:GP*%d*%d~DTM*472*20260110~", code, charge, paid)
		if cas != "" {
			s += "CAS*" + cas + "~"
		}
		return s
	}
	clp := func(status, icn string, charge, paid int, lines string) string {
		return fmt.Sprintf("CLP*A1*%s*%d*%d**12*%s~NM1*QC*1*DOE*JANE****MI*M1~", status, charge, paid, icn) + lines
	}
	denied := clp("1", "I1", 100, 40, svc("97110", 60, 0, "CO*4*60")+svc("97140", 40, 40, ""))
	back := clp("22", "I1", -100, -40, svc("97110", -60, 0, "CO*4*-60")+svc("97140", -40, -40, ""))
	paid := func(icn string) string {
		return clp("1", icn, 100, 90, svc("97110", 60, 50, "CO*45*10")+svc("97140", 40, 40, ""))
	}
	for _, test := range []struct {
		name     string
		payments []string // each a month after the one before
		want     []remit.Standing
		first    int // lines of first answers
		net      remit.Buckets
		status   remit.Status
	}{
		{
			"one answer",
			[]string{denied},
			[]remit.Standing{remit.Current},
			2,
			remit.Buckets{Charge: 10000, Paid: 4000, Denied: 6000},
			remit.StatusPartial,
		},
		{
			"reversal and correction",
			[]string{denied, back + paid("I1")},
			[]remit.Standing{remit.Reversed, remit.Reversal, remit.Current},
			2,
			remit.Buckets{Charge: 10000, Paid: 9000, Contractual: 1000},
			remit.StatusPaid,
		},
		{
			"correction before its reversal",
			[]string{denied, paid("I2") + back},
			[]remit.Standing{remit.Reversed, remit.Current, remit.Reversal},
			2,
			remit.Buckets{Charge: 10000, Paid: 9000, Contractual: 1000},
			remit.StatusPaid,
		},
		{
			"reversal and correction apart",
			[]string{denied, back, paid("I2")},
			[]remit.Standing{remit.Reversed, remit.Reversal, remit.Current},
			2,
			remit.Buckets{Charge: 10000, Paid: 9000, Contractual: 1000},
			remit.StatusPaid,
		},
		{
			"reversal alone",
			[]string{denied, back},
			[]remit.Standing{remit.Reversed, remit.Reversal},
			2,
			remit.Buckets{Charge: 10000, Unexplained: 10000},
			remit.StatusReversed,
		},
		{
			"split claim",
			[]string{clp("1", "I1", 60, 60, svc("97110", 60, 60, "")), clp("1", "I2", 40, 0, svc("97140", 40, 0, "CO*4*40"))},
			[]remit.Standing{remit.Current, remit.Current},
			2,
			remit.Buckets{Charge: 10000, Paid: 6000, Denied: 4000},
			remit.StatusPartial,
		},
		{
			"duplicate of a paid claim",
			[]string{paid("I1"), clp("1", "I2", 100, 0, svc("97110", 60, 0, "OA*18*60")+svc("97140", 40, 0, "OA*18*40"))},
			[]remit.Standing{remit.Current, remit.Superseded},
			4,
			remit.Buckets{Charge: 10000, Paid: 9000, Contractual: 1000},
			remit.StatusPaid,
		},
		{
			"denied, sent again and paid",
			[]string{clp("1", "I1", 100, 0, svc("97110", 60, 0, "CO*16*60")+svc("97140", 40, 0, "CO*16*40")), paid("I2")},
			[]remit.Standing{remit.Superseded, remit.Current},
			2,
			remit.Buckets{Charge: 10000, Paid: 9000, Contractual: 1000},
			remit.StatusPaid,
		},
		{
			"predetermination",
			[]string{clp("25", "I1", 100, 0, svc("97110", 60, 0, "OA*101*60")+svc("97140", 40, 0, "OA*101*40"))},
			[]remit.Standing{remit.Estimate},
			0,
			remit.Buckets{Charge: 10000, Unexplained: 10000},
			remit.StatusPending,
		},
		{
			"sent on",
			[]string{clp("23", "I1", 100, 0, svc("97110", 60, 0, "OA*109*60")+svc("97140", 40, 0, "OA*109*40"))},
			[]remit.Standing{remit.Current},
			0,
			remit.Buckets{Charge: 10000, Unexplained: 10000},
			remit.StatusForwarded,
		},
		{
			"part unanswered",
			[]string{clp("1", "I1", 60, 60, svc("97110", 60, 60, ""))},
			[]remit.Standing{remit.Current},
			1,
			remit.Buckets{Charge: 10000, Paid: 6000, Unexplained: 4000},
			remit.StatusPaid,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			var files []string
			for i, body := range test.payments {
				files = append(files, era(pay("0", fmt.Sprintf("2026%02d01", i+2), fmt.Sprintf("T%d", i), body)))
			}
			r := reconcile(t, claims, files...)
			var net *remit.Net
			for i, c := range r.answers {
				if c.Standing != test.want[i] {
					t.Errorf("answer %d: %v, want %v", i+1, c.Standing, test.want[i])
				}
				if c.Net != nil {
					net = c.Net
				}
			}
			if net == nil || net.Buckets != test.net || net.Status != test.status || net.Answers != len(test.want) {
				t.Errorf("net %+v, want %v %+v", net, test.status, test.net)
			}
			if r.summary.FirstLines != test.first {
				t.Errorf("%d lines in first answers, want %d", r.summary.FirstLines, test.first)
			}
		})
	}
}

// Each payer answers the whole charge again: it counts once.
func TestSecondary(t *testing.T) {
	claims := sent([2]string{"M1", clm("A1", "100", "97110:GP 100 1 20260110")})
	primary := pay("64", "20260201", "T1", "CLP*A1*19*100*64*16*MB*I1~NM1*QC*1*DOE*JANE****MI*M1~NM1*TT*2*MEDIGAP~SVC*HC:97110:GP*100*64~DTM*472*20260110~CAS*CO*45*20~CAS*PR*2*16~")
	second := pay("10", "20260301", "T2", "CLP*A1*2*100*10*6*15*I2~NM1*QC*1*DOE*JANE~SVC*HC:97110*100*10~DTM*472*20260110~CAS*OA*23*84~CAS*PR*3*6~")
	second = replacePayer(second)
	r := reconcile(t, claims, era(second), era(primary))
	for _, c := range r.answers {
		if c.Standing != remit.Current || c.ID != "A1" || c.Forwarded != (c.Trace == "T1") {
			t.Errorf("%s: %v, %s, forwarded %v", c.Trace, c.Standing, c.ID, c.Forwarded)
		}
	}
	want := remit.Buckets{Charge: 10000, Paid: 7400, Patient: 600, Contractual: 2000}
	if r.summary.Net != want {
		t.Errorf("net %+v, want %+v", r.summary.Net, want)
	}
}

func replacePayer(s string) string {
	const from, to = "REF*2U*00001", "REF*2U*77777"
	for i := 0; i+len(from) <= len(s); i++ {
		if s[i:i+len(from)] == from {
			return s[:i] + to + s[i+len(from):]
		}
	}
	return s
}

func TestUnmatched(t *testing.T) {
	claims := sent(
		[2]string{"M1", clm("A1", "100", "97110:GP 60 1 20260110 C-1", "97140:GP 40 1 20260110 C-2")},
		[2]string{"M2", clm("A2", "100", "97110:GP 100 1 20260110")},
	)
	r := reconcile(t, claims, era(pay("60", "20260210", "T1",
		"CLP*A1*1*60*60**12*I1~NM1*QC*1*DOE*JANE****MI*M1~SVC*HC:97110:GP*60*60~DTM*472*20260110~REF*6R*C-1~"+
			"CLP*XX*1*100*0**12*I2~NM1*QC*1*DOE*JANE****MI*M2~SVC*HC:97110:GP*100*0~DTM*472*20250110~CAS*CO*50*100~")))
	got := map[string]*remit.Unmatched{}
	for _, u := range r.unmatched {
		got[fmt.Sprint(u.Remitted, " ", u.Claim, " ", u.Line)] = u
	}
	if len(got) != 3 {
		t.Fatalf("%d unmatched: %v", len(got), got)
	}
	if u := got["true XX 0"]; u == nil || len(u.Candidates) != 1 || u.Candidates[0].Claim != 1 {
		t.Errorf("answer without a claim: %+v", u)
	}
	if u := got["false A2 0"]; u == nil || u.Age != 31 || u.Charge != 10000 {
		t.Errorf("claim without an answer: %+v", u)
	}
	if u := got["false A1 2"]; u == nil || u.Control != "C-2" {
		t.Errorf("line without an answer: %+v", u)
	}
	if s := r.summary; s.Unanswered != 1 || s.Answered != 1 || s.Unmatched != 1 || s.LinesUnanswered != 1 || s.UnansweredCharge != edi.Amount(10000) {
		t.Errorf("summary %+v", s)
	}
}
