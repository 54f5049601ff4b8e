package remit_test

import (
	"slices"
	"testing"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/remit"
)

// A Medicare line: 80.00 charged, 30.00 allowed, 6.00 coinsurance, 2 % of 24.00
// sequestered.
const (
	medicareLine = "NM1*QC*1*DOE*JANE****MI*M1~SVC*HC:97110:GP*80*23.52**1~DTM*472*20260110~CAS*CO*45*50**253*.48~CAS*PR*2*6~AMT*B6*30~"
	medicare     = "CLP*A1*1*80*23.52*6*MB*ICN1*11*1~" + medicareLine
	takenBack    = "CLP*A1*22*-80*-23.52**MB*ICN1*11*1~NM1*QC*1*DOE*JANE****MI*M1~SVC*HC:97110:GP*-80*-23.52**1~DTM*472*20260110~CAS*CO*45*-50**253*-.48~CAS*PR*2*-6~"
)

func TestMedicareLine(t *testing.T) {
	r := reconcile(t, "", era(pay("23.52", "20260201", "T1", medicare)))
	c := one(t, r.claims)
	want := remit.Buckets{Charge: 8000, Paid: 2352, Patient: 600, Contractual: 5048}
	if c.Buckets != want || one(t, c.Lines).Buckets != want {
		t.Errorf("claim %+v, line %+v, want %+v", c.Buckets, c.Lines[0].Buckets, want)
	}
	if c.Status != remit.StatusPaid || len(c.Checks)+len(c.Lines[0].Checks) > 0 {
		t.Errorf("status %v, checks %v %v", c.Status, c.Checks, c.Lines[0].Checks)
	}
	if l := c.Lines[0]; l.Allowed != 3000 || !slices.Contains(l.Flags, remit.FlagSequestered) {
		t.Errorf("allowed %v, flags %v", l.Allowed, l.Flags)
	}
	if p := one(t, r.payments); !p.Balanced() {
		t.Errorf("out of balance by %v", p.Difference())
	}
	if s := r.summary; s.PatientSplit["coinsurance"] != 600 || s.DeniedLines != 0 || s.Lines != 1 {
		t.Errorf("summary %+v", s)
	}
}

func TestTransaction(t *testing.T) {
	claims := "CLP*A1*1*100*100**12*I1~NM1*QC*1*A*B~AMT*I*2~SVC*HC:97110*100*100~DTM*472*20260110~" +
		"CLP*A2*1*50*50**12*I2~NM1*QC*1*A*B~SVC*HC:97110*50*50~DTM*472*20260111~"
	plb := "PLB*1234567893*20261231*WO:OLD*30*L6*-2~"
	for _, test := range []struct {
		amount     string
		difference edi.Amount
	}{{"122", 0}, {"121.99", -1}, {"150", 2800}} {
		p := one(t, reconcile(t, "", era(pay(test.amount, "20260201", "T1", claims+plb))).payments)
		if p.Difference() != test.difference || p.Balanced() != (test.difference == 0) || p.Withheld != 2800 {
			t.Errorf("%s: difference %v, withheld %v", test.amount, p.Difference(), p.Withheld)
		}
		if len(p.Checks) != min(1, int(max(test.difference, -test.difference))) {
			t.Errorf("%s: checks %v", test.amount, p.Checks)
		}
	}
}

func TestForwardBalance(t *testing.T) {
	first := pay("23.52", "20260201", "T1", medicare)
	second := pay("0", "20260301", "T2", takenBack+"PLB*1234567893*20261231*FB:T2*-23.52~")
	third := pay("26.48", "20260401", "T3", "CLP*A2*1*50*50**MB*ICN2~NM1*QC*1*A*B~SVC*HC:97110*50*50~DTM*472*20260111~PLB*1234567893*20261231*FB:T2*23.52~")
	r := reconcile(t, "", era(third), era(first, second))
	for _, p := range r.payments {
		if !p.Balanced() || len(p.Checks) > 0 {
			t.Errorf("%s: difference %v, checks %v", p.Trace, p.Difference(), p.Checks)
		}
	}
	f := one(t, r.summary.Forward)
	if f.Reference != "T2" || f.Out != 2352 || f.In != 2352 || f.Open() != 0 {
		t.Errorf("forward %+v", f)
	}
	standings := map[string]remit.Standing{}
	for _, c := range r.claims {
		standings[c.Trace] = c.Standing
		if c.Trace == "T2" && (c.Status != remit.StatusReversed || c.Net == nil || c.Net.Paid != 0 || c.Net.Status != remit.StatusReversed) {
			t.Errorf("reversal: status %v, net %+v", c.Status, c.Net)
		}
	}
	if standings["T1"] != remit.Reversed || standings["T2"] != remit.Reversal || standings["T3"] != remit.Current {
		t.Errorf("standings %v", standings)
	}
	if r.summary.Net.Paid != 5000 || r.summary.Reversals != 1 {
		t.Errorf("summary %+v", r.summary)
	}
}

func TestDuplicatePayment(t *testing.T) {
	p := pay("23.52", "20260201", "T1", medicare)
	other := pay("50", "20260201", "T1", "CLP*A2*1*50*50**MB*ICN2~NM1*QC*1*A*B~SVC*HC:97110*50*50~DTM*472*20260111~")
	r := reconcile(t, "", era(p), era(other, p))
	if len(r.payments) != 2 || len(r.claims) != 2 || r.summary.Copies != 1 || r.summary.Net.Paid != 7352 {
		t.Fatalf("%d payments, %d claims, summary %+v", len(r.payments), len(r.claims), r.summary)
	}
	if got := r.payments[0].Copies; len(got) != 1 || got[0] != "b.835" {
		t.Errorf("copies %v", got)
	}
}

// A bundle: both lines priced as one code. Nothing is denied, and the second line is
// no loss.
func TestBundle(t *testing.T) {
	r := reconcile(t, "", era(pay("120", "20260201", "T1", "CLP*A1*1*200*120**12*I1~NM1*QC*1*A*B~"+
		"SVC*HC:97799*100*120**1*HC:97110:GP~DTM*472*20260110~CAS*CO*45*80~CAS*OA*94*-100~"+
		"SVC*HC:97799*100*0***HC:97140:GP~DTM*472*20260110~CAS*CO*97*100~LQ*HE*M15~")))
	c := one(t, r.claims)
	if want := (remit.Buckets{Charge: 20000, Paid: 12000, Contractual: 8000}); c.Buckets != want {
		t.Errorf("got %+v, want %+v", c.Buckets, want)
	}
	for i, l := range c.Lines {
		if !slices.Contains(l.Flags, remit.FlagBundled) || !slices.Contains(l.Flags, remit.FlagRecoded) || l.PaidAs != "97799" {
			t.Errorf("line %d: %v as %s", i+1, l.Flags, l.PaidAs)
		}
	}
}
