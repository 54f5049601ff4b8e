package remit_test

import (
	"fmt"
	"testing"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/remit"
)

func TestAction(t *testing.T) {
	const paidOn, served = edi.Date(20260201), edi.Date(20260110)
	for _, test := range []struct {
		name, filing, cas, line, claim string // RARCs of the line and of MOA
		code, units, beside            string // beside: another code of the day
		step                           remit.Step
		deadline                       edi.Date
		recovers                       bool
	}{
		{"modifier, commercial", "12", "CO*4", "N822", "", "97110", "1", "", remit.StepReplace, 0, true},
		{"modifier, Medicare", "MB", "CO*4", "N822", "", "97110", "1", "", remit.StepReopen, 20270201, true},
		{"unprocessable", "12", "CO*4", "N822", "MA130", "97110", "1", "", remit.StepNewClaim, 0, true},
		{"unprocessable, Medicare", "MB", "CO*16", "N286", "MA130", "97110", "1", "", remit.StepNewClaim, 20270110, true},
		{"claim data, Medicare", "MB", "CO*16", "N286", "", "97110", "1", "", remit.StepNewClaim, 20270110, true},
		{"denied as a whole: new one", "12", "CO*16", "N142", "", "97110", "1", "", remit.StepNewClaim, 0, true},
		{"void first", "12", "CO*16", "N798", "", "97110", "1", "", remit.StepNewClaim, 0, true},
		{"duplicate", "MB", "OA*18", "N522", "", "97110", "1", "", remit.StepFindFirst, 0, false},
		{"late", "MB", "CO*29", "N211", "", "97110", "1", "", remit.StepAppeal, 20260601, true},
		{"necessity, Medicare", "MB", "CO*50", "N115", "", "97110", "1", "", remit.StepAppeal, 20260601, true},
		{"necessity, commercial", "12", "CO*50", "N115", "", "97110", "1", "", remit.StepAppeal, 20260731, true},
		{"records", "12", "CO*252", "N706", "", "97110", "1", "", remit.StepRecords, 20260731, true},
		{"other payer", "MB", "CO*22", "N4", "MA04", "97110", "1", "", remit.StepOtherPayer, 0, false},
		{"Advantage plan", "MB", "CO*24", "", "", "97110", "1", "", remit.StepOtherPayer, 0, false},
		{"facility stay", "MB", "CO*109", "N538", "", "97110", "1", "", remit.StepOtherPayer, 0, false},
		{"coverage ended", "12", "PR*27", "", "", "97110", "1", "", remit.StepBillPatient, 0, false},
		{"coverage ended, but group CO", "12", "CO*27", "", "", "97110", "1", "", remit.StepAppeal, 20260731, true},
		{"pair, indicator 1", "12", "CO*236", "", "", "97530", "1", "97140", remit.StepReplace, 0, true},
		{"pair, indicator 1, Medicare", "MB", "CO*97", "M15", "", "97530", "1", "97140", remit.StepReopen, 20270201, true},
		{"units above MAI 3", "MB", "CO*151", "N362", "", "97110", "9", "", remit.StepAppeal, 20260601, true},
		{"threshold", "MB", "PR*119", "", "", "97110", "1", "", remit.StepReopen, 20270201, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			body := fmt.Sprintf("CLP*A1*1*80*0**%s*I1~NM1*QC*1*A*B~", test.filing)
			if test.claim != "" {
				body += "MOA***" + test.claim + "~"
			}
			body += fmt.Sprintf("SVC*HC:%s:GP*80*0**%s~DTM*472*%d~CAS*%s*80~", test.code, test.units, served, test.cas)
			if test.line != "" {
				body += "LQ*HE*" + test.line + "~"
			}
			if test.beside != "" {
				body += fmt.Sprintf("SVC*HC:%s:GP*0*0~DTM*472*%d~", test.beside, served)
			}
			l := one(t, reconcile(t, "", era(pay("0", paidOn.Time().Format("20060102"), "T1", body))).claims).Lines[0]
			if l.Action == nil || l.Action.Step != test.step || l.Action.Deadline != test.deadline {
				t.Fatalf("got %+v, want %s by %v", l.Action, test.step, test.deadline)
			}
			if l.Cause == "" || l.Action.Text == "" || (l.Recoverable == 8000) != test.recovers || l.Recoverable != 0 != test.recovers {
				t.Errorf("cause %q, text %q, recoverable %v", l.Cause, l.Action.Text, l.Recoverable)
			}
		})
	}
}

// A payer that sent the claim on need not be followed.
func TestSentOn(t *testing.T) {
	body := "CLP*A1*19*80*0**MB*I1~NM1*QC*1*A*B~NM1*TT*2*MEDIGAP~MOA***MA18~SVC*HC:97110*80*0~CAS*CO*22*80~"
	l := one(t, reconcile(t, "", era(pay("0", "20260201", "T1", body))).claims).Lines[0]
	if l.Action == nil || l.Action.Step != remit.StepWait {
		t.Errorf("action %+v", l.Action)
	}
}
