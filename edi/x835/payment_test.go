package x835_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/edi/editest"
	"github.com/gaitkeeper/gaitkeeper/edi/x835"
	"github.com/google/go-cmp/cmp"
)

func TestPayment(t *testing.T) {
	_, p := one(t, "LX*1", "CLP*A*1*100*100**MB*ICN*11*1", "SVC*HC:97110*100*100", "PLB*1*20261231*L6*-1")
	for _, v := range []struct {
		what string
		got  []byte
		want string
	}{
		{"BPR01", p.Handling(), "I"},
		{"BPR04", p.Method(), "ACH"},
		{"BPR05", p.BPR(5), "CCP"},
		{"BPR10", p.BPR(10), "1234567890"},
		{"BPR17", p.BPR(17), ""},
		{"TRN02", p.Trace(), "TRACE1"},
		{"TRN03", p.Originator(), "1234567890"},
		{"TRN04", p.Supplement(), "SUPP"},
		{"CUR02", p.Currency(), "USD"},
		{"REF*EV", p.Ref("EV"), "RECEIVER"},
		{"REF*F2", p.Ref("F2"), "V1"},
		{"REF*2U of the payer", p.Ref("2U"), ""},
		{"payer name", p.Payer.Name(), "EXAMPLE PAYER"},
		{"payer N104", p.Payer.ID(), "PLAN1"},
		{"payer id", p.Payer.PayerID(), "04011"},
		{"payer NAIC", p.Payer.Ref("NF"), "12345"},
		{"CX telephone", p.Payer.Contact("CX", "TE"), "5555550100"},
		{"CX extension", p.Payer.Contact("CX", "EX"), "12"},
		{"BL mail", p.Payer.Contact("BL", "EM"), "DESK@EXAMPLE.COM"},
		{"IC site", p.Payer.Contact("IC", "UR"), "WWW.EXAMPLE.COM"},
		{"no contact", p.Payer.Contact("IC", "FX"), ""},
		{"payee NPI", p.Payee.NPI(), "1234567893"},
		{"payee tax number", p.Payee.TaxID(), "123456789"},
		{"group", []byte(p.Parent.Control), "1"},
		{"interchange", []byte(p.Parent.Parent.Control), "000000001"},
		{"set", []byte(p.Control), "0001"},
		{"SE01", p.Trailer.Element(0, 1), fmt.Sprint(p.Counted)},
	} {
		if string(v.got) != v.want {
			t.Errorf("%s is %q, want %q", v.what, v.got, v.want)
		}
	}
	if p.Total != amount("100") || p.Date != 20260402 || p.Produced != 20260401 || p.Debit() {
		t.Error(p.Total, p.Date, p.Produced, p.Debit())
	}
	if p.Claims != 1 || p.Lines != 1 || p.Fault != nil || len(p.Odd) > 0 {
		t.Error(p.Claims, p.Lines, p.Fault, p.Odd)
	}
}

func TestParties(t *testing.T) {
	for _, v := range []struct{ n1, ref, npi, tax, payer string }{
		{"N1*PE*X*FI*111", "REF*TJ*222", "", "111", "111"},
		{"N1*PE*X*XX*111", "REF*PQ*222", "111", "", "111"},
		{"N1*PE*X", "REF*TJ*222", "", "222", ""},
		{"N1*PE*X", "REF*EO*222", "", "", "222"},
		{"N1*PE*X*XX*111 ", "REF*TJ* 222 ", "111", "222", "111"},
	} {
		var p *x835.Party
		input := editest.Render(interchange([]string{v.n1, v.ref, "LX*1"}), editest.OneLine)
		each(t, strings.NewReader(string(input)), func(r *x835.Reader, _ x835.Item, _ *x835.Claim) { p = r.Payment().Payee })
		if string(p.NPI()) != v.npi || string(p.TaxID()) != v.tax || string(p.PayerID()) != v.payer {
			t.Errorf("%s %s: %q %q %q", v.n1, v.ref, p.NPI(), p.TaxID(), p.PayerID())
		}
	}
}

// Some clearinghouses name payer and payee again between the claims.
func TestPartiesRestated(t *testing.T) {
	input := remit(
		"LX*1", "CLP*A*1*1*1", "CLP*B*1*1*1", "SVC*HC:97110*1*1",
		"N1*PR*OTHER", "REF*2U*999", "N1*PE*SECOND*XX*222", "N1*ZZ*THIRD*XX*333", "REF*TJ*444", "LX*2", "CLP*C*1*1*1",
		"LX*3", "CLP*D*1*1*1", "N1*ZZ*IN THE CLAIM",
	)
	var got []string
	r, faults := each(t, strings.NewReader(input), func(r *x835.Reader, item x835.Item, c *x835.Claim) {
		if item == x835.ClaimRead {
			got = append(got, fmt.Sprintf("%s %s %s %s %d", c.ID(), c.Payer.PayerID(), c.Payee.NPI(), c.Payee.TaxID(), c.Len()))
			if c.Payment != r.Payment() {
				t.Error("another payment")
			}
		}
	})
	want := []string{"A 04011 1234567893 123456789 1", "B 04011 1234567893 123456789 2", "C 999 222  1", "D 999 222  2"}
	if diff := cmp.Diff(want, got); diff != "" || len(faults) > 0 {
		t.Error(diff, faults)
	}
	if name := r.Payment().Payer.Name(); string(name) != "EXAMPLE PAYER" {
		t.Errorf("the payment's payer is %q", name)
	}
}

func TestPaymentOddities(t *testing.T) {
	for _, v := range []struct {
		name  string
		set   []string
		total string
		want  []string
	}{
		{"usual", []string{"BPR*I*100.00*C*************20260402"}, "100", nil},
		{"negative", []string{"BPR*H*-6173.5*C*************20260402"}, "-6173.50", nil},
		{"blanks", []string{"BPR*I* 100.50 *C************* 20260402"}, "100.50", nil},
		{"no amount", []string{"BPR*I**C*************20260402"}, "0", []string{"BPR02 empty where a value is required"}},
		{"no number", []string{"BPR*I*1,000*C*************20260402"}, "0", []string{"BPR02 not a number"}},
		{"no date", []string{"BPR*I*1*C"}, "1", []string{"BPR16 not a calendar date"}},
		{"no BPR", []string{"TRN*1*2"}, "0", []string{"ST01 empty where a value is required"}},
		{"production date", []string{"BPR*I*1*C*************20260402", "DTM*405*11111111"}, "1", []string{"DTM02 not a calendar date"}},
	} {
		t.Run(v.name, func(t *testing.T) {
			input := editest.Render(interchange(v.set), editest.Wrapped)
			r, _ := each(t, strings.NewReader(string(input)), nil)
			p := r.Payment()
			if p.Total != amount(v.total) {
				t.Errorf("total %v", p.Total)
			}
			if diff := cmp.Diff(v.want, errsOf(p.Odd)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestProviderAdjustments(t *testing.T) {
	for _, v := range []struct {
		plb  string
		want []x835.ProviderAdjustment
		odd  []string
	}{
		{
			"PLB*1234567893*20261231*WO:C1*30*L6*-2",
			[]x835.ProviderAdjustment{
				{Provider: "1234567893", Fiscal: 20261231, Reason: "WO", Reference: "C1", Amount: 3000, Pair: 1},
				{Provider: "1234567893", Fiscal: 20261231, Reason: "L6", Amount: -200, Pair: 2},
			},
			nil,
		},
		{
			"PLB*1*20261231*WO*1*L6*2*FB*3*72*4*CS*5*50*6",
			[]x835.ProviderAdjustment{
				{Provider: "1", Fiscal: 20261231, Reason: "WO", Amount: 100, Pair: 1},
				{Provider: "1", Fiscal: 20261231, Reason: "L6", Amount: 200, Pair: 2},
				{Provider: "1", Fiscal: 20261231, Reason: "FB", Amount: 300, Pair: 3},
				{Provider: "1", Fiscal: 20261231, Reason: "72", Amount: 400, Pair: 4},
				{Provider: "1", Fiscal: 20261231, Reason: "CS", Amount: 500, Pair: 5},
				{Provider: "1", Fiscal: 20261231, Reason: "50", Amount: 600, Pair: 6},
			},
			nil,
		},
		{
			"PLB*1*20261231***CS: REF *-0.00***",
			[]x835.ProviderAdjustment{{Provider: "1", Fiscal: 20261231, Reason: "CS", Reference: "REF", Pair: 2}},
			nil,
		},
		{
			"PLB*1**:REF*5*CS",
			[]x835.ProviderAdjustment{
				{Provider: "1", Reference: "REF", Amount: 500, Pair: 1},
				{Provider: "1", Reason: "CS", Pair: 2},
			},
			[]string{
				"PLB02 not a calendar date", "PLB03 empty where a value is required", "PLB06 empty where a value is required",
			},
		},
		{"PLB*1*20261231", nil, []string{"PLB03 empty where a value is required"}},
		{
			"PLB*1*20261231*CS*x************WO*1",
			[]x835.ProviderAdjustment{{Provider: "1", Fiscal: 20261231, Reason: "CS", Pair: 1}},
			[]string{"PLB04 not a number", "PLB16 more elements than the segment has"},
		},
	} {
		_, p := one(t, "LX*1", "CLP*A*1*1*1", v.plb)
		got := slices.Clone(p.Adjustments)
		for i := range got {
			if got[i].Pos.Segment == 0 {
				t.Error("no place")
			}
			got[i].Pos = edi.Pos{}
		}
		if diff := cmp.Diff(v.want, got); diff != "" {
			t.Errorf("%s: %s", v.plb, diff)
		}
		if diff := cmp.Diff(v.odd, errsOf(p.Odd)); diff != "" {
			t.Errorf("%s: %s", v.plb, diff)
		}
	}
}

// PLB segments come out wherever they stand, also with a claim between them.
func TestProviderAdjustmentsApart(t *testing.T) {
	_, p := one(t, "PLB*1*20261231*WO*1", "ZZ*UNKNOWN", "LX*1", "CLP*A*1*1*1", "PLB*1*20261231*WO*2")
	if len(p.Adjustments) != 2 || p.Claims != 1 || p.Adjustments[1].Amount != 200 {
		t.Errorf("%+v", p)
	}
}
