package remit_test

import (
	"fmt"
	"testing"

	"github.com/gaitkeeper/gaitkeeper/remit"
)

func TestBucketOfReason(t *testing.T) {
	for _, test := range []struct {
		reason, status, filing string
		bucket                 remit.Bucket
		becomes                remit.Status
	}{
		{"PR*1", "1", "12", remit.Patient, remit.StatusPatient},
		{"PR*2", "1", "12", remit.Patient, remit.StatusPatient},
		{"PR*3", "1", "12", remit.Patient, remit.StatusPatient},
		{"PR*100", "1", "12", remit.Patient, remit.StatusPatient},
		{"CO*45", "1", "12", remit.Contractual, remit.StatusContractual},
		{"CO*253", "1", "MB", remit.Contractual, remit.StatusContractual},
		{"CO*59", "1", "MB", remit.Contractual, remit.StatusContractual},
		{"OA*23", "2", "12", remit.Contractual, remit.StatusContractual},
		{"CO*144", "1", "MB", remit.Contractual, remit.StatusContractual},
		{"CO*24", "1", "12", remit.Contractual, remit.StatusContractual}, // capitation
		{"CO*24", "1", "MB", remit.Denied, remit.StatusDenied},           // a Medicare Advantage plan owes it
		{"CO*4", "1", "12", remit.Denied, remit.StatusDenied},
		{"CO*97", "1", "12", remit.Denied, remit.StatusDenied},
		{"PR*204", "1", "12", remit.Denied, remit.StatusDenied}, // billable to the patient, a denial all the same
		{"PR*31", "4", "12", remit.Denied, remit.StatusDenied},
		{"PI*50", "1", "12", remit.Denied, remit.StatusDenied},
		{"OA*133", "1", "12", remit.Unexplained, remit.StatusPending},
		{"OA*101", "25", "12", remit.Unexplained, remit.StatusPending},
		{"OA*109", "23", "12", remit.Unexplained, remit.StatusForwarded},
		{"CO*Z77", "1", "12", remit.Unexplained, remit.StatusPending}, // in no table
	} {
		t.Run(test.reason+" "+test.status+" "+test.filing, func(t *testing.T) {
			body := fmt.Sprintf("CLP*A1*%s*80*0**%s*I1~NM1*QC*1*A*B~SVC*HC:97110*80*0~DTM*472*20260110~CAS*%s*80~", test.status, test.filing, test.reason)
			c := one(t, reconcile(t, "", era(pay("0", "20260201", "T1", body))).claims)
			l := one(t, c.Lines)
			if a := one(t, l.Adjustments); a.Bucket != test.bucket {
				t.Errorf("bucket %v, want %v", a.Bucket, test.bucket)
			}
			if c.Status != test.becomes || l.Status != test.becomes {
				t.Errorf("claim %v, line %v, want %v", c.Status, l.Status, test.becomes)
			}
			if (l.Action != nil) != (test.bucket == remit.Denied) {
				t.Errorf("action %v", l.Action)
			}
		})
	}
}

func TestChecks(t *testing.T) {
	const head = "NM1*QC*1*A*B~"
	for _, test := range []struct {
		name, body, check string
		difference        int
		grave             bool
	}{
		{"line", "CLP*A*1*80*70**12*I~" + head + "SVC*HC:97110*80*70~CAS*CO*45*9~", remit.CheckLine, -100, true},
		{"claim", "CLP*A*1*80*71**12*I~" + head + "SVC*HC:97110*80*70~CAS*CO*45*10~", remit.CheckClaim, 100, true},
		{"lines paid", "CLP*A*1*80*71**12*I~" + head + "SVC*HC:97110*80*70~CAS*CO*45*10~", remit.CheckPayments, 100, true},
		{"charges", "CLP*A*1*90*80**12*I~" + head + "SVC*HC:97110*80*70~CAS*CO*45*10~", remit.CheckCharges, 1000, false},
		{"clp05", "CLP*A*1*80*70*9*12*I~" + head + "SVC*HC:97110*80*70~CAS*PR*2*10~", remit.CheckPatient, -100, false},
		{"repeated", "CLP*A*1*80*70**12*I~" + head + "SVC*HC:97110*80*70~CAS*CO*45*5**45*5~", remit.CheckRepeated, 500, false},
		{"zero", "CLP*A*1*80*80**12*I~" + head + "SVC*HC:97110*80*80~CAS*CO*45*0~", remit.CheckZero, 0, false},
		{"no lines", "CLP*A*1*80*80**12*I~" + head, remit.CheckNoLines, 0, false},
		{"remark", "CLP*A*1*80*0**12*I~" + head + "SVC*HC:97110*80*0~CAS*CO*16*80~", remit.CheckRemark, 0, false},
		{"sequestration", "CLP*A*1*80*70**MB*I~" + head + "SVC*HC:97110*80*70~DTM*472*20260110~CAS*CO*253*10~", remit.CheckSequester, 840, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := one(t, reconcile(t, "", era(pay("80", "20260201", "T1", test.body))).claims)
			list := c.Checks
			for i := range c.Lines {
				list = append(list, c.Lines[i].Checks...)
			}
			for _, k := range list {
				if k.Name == test.check {
					if int(k.Difference()) != test.difference || k.Grave != test.grave {
						t.Errorf("difference %v, grave %v", k.Difference(), k.Grave)
					}
					return
				}
			}
			t.Errorf("no check %s in %+v", test.check, list)
		})
	}
}
