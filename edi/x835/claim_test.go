package x835_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/edi/x835"
	"github.com/google/go-cmp/cmp"
)

func TestClaim(t *testing.T) {
	c, p := one(
		t,
		"LX*7", "TS3*1*11*20261231*1*100", "CLP*PCN 1 *2*100*60*12.50*MB*ICN1*11*7**491*1.5*.2",
		"CAS*OA*23*10", "NM1*QC*1*EXAMPLE*PAT*M**JR*MI*MEM1", "NM1*IL*1*EXAMPLE*SUB****MI*MEM2", "NM1*74*1*EXAMPLE*CORRECT****C*MEM3",
		"NM1*82*1*THERAPIST*PAT****XX*1234567893", "NM1*TT*2*SUPPLEMENT*****PI*TT1", "NM1*PR*2*PRIMARY*****PI*PR1", "NM1*GB*1*OTHER",
		"MIA*1****N1***************N2***N3", "MOA**1.25*MA01**MA18*** 3.00 *4", "REF*F8*OLD1", "REF*1L*GROUP", "REF*EA*MRN", "REF*0B*LIC", "REF*0B*LIC2",
		"DTM*232*20260301", "DTM*233*20260305", "DTM*036*20261231", "DTM*050*20260310", "PER*CX**TE*5555550101",
		"AMT*AU*72.5", "AMT*I*-0", "QTY*CA*3.5", "ZZ*UNKNOWN", "LQ*HE*N99",
		"SVC*HC:97110:GP*100*60**1",
	)
	for _, v := range []struct {
		what string
		got  []byte
		want string
	}{
		{"CLP01", c.ID(), "PCN 1"},
		{"CLP02", c.Status(), "2"},
		{"CLP06", c.FilingIndicator(), "MB"},
		{"CLP07", c.PayerControl(), "ICN1"},
		{"CLP08", c.Facility(), "11"},
		{"CLP09", c.Frequency(), "7"},
		{"CLP11", c.CLP(11), "491"},
		{"CLP14", c.CLP(14), ""},
		{"REF*F8", c.Ref("F8"), "OLD1"},
		{"REF*1L", c.Ref("1L"), "GROUP"},
		{"REF*EA", c.Ref("EA"), "MRN"},
		{"REF*G1", c.Ref("G1"), ""},
		{"contact", c.Contact("CX", "TE"), "5555550101"},
		{"LX01", c.Group.Element(0, 1), "7"},
		{"TS3", c.Group.Element(1, 0), "TS3"},
		{"unknown segment", c.Element(c.Find(edi.TagOf("ZZ"), ""), 1), "UNKNOWN"},
	} {
		if string(v.got) != v.want {
			t.Errorf("%s is %q, want %q", v.what, v.got, v.want)
		}
	}
	if c.Charge != 10000 || c.Paid != 6000 || c.PatientShare != 1250 || !c.HasPatientShare || c.Reversal() {
		t.Error(c.Charge, c.Paid, c.PatientShare, c.HasPatientShare, c.Reversal())
	}
	if c.Payment != p || c.Ordinal != 0 || c.Fault != nil || len(c.Odd) > 0 {
		t.Error(c.Ordinal, c.Fault, c.Odd)
	}
	if got, want := c.Service(), (edi.Period{From: 20260301, To: 20260305}); got != want || c.Date("050") != 20260310 || c.Date("405") != 0 {
		t.Error(got, c.Date("050"))
	}
	if a, ok := c.Amount("AU"); a != 7250 || !ok {
		t.Error(a, ok)
	}
	if a, ok := c.Amount("I"); a != 0 || !ok {
		t.Error(a, ok)
	}
	if _, ok := c.Amount("F5"); ok {
		t.Error("F5 found")
	}
	if q, ok := c.Quantity("CA"); q != 3500 || !ok {
		t.Error(q, ok)
	}
	moa := c.Find(edi.TagOf("MOA"), "")
	for n, want := range map[int]string{1: "", 2: "1.25", 3: "", 8: "3.00", 9: "4.00", 10: ""} {
		if a, ok := c.AmountAt(moa, n); ok != (want != "") || ok && a.String() != want {
			t.Errorf("MOA%02d is %v, %v", n, a, ok)
		}
	}
	if _, ok := c.AmountAt(-1, 2); ok {
		t.Error("an amount of no segment")
	}
	var licences []string
	for id := range c.Refs("0B") {
		licences = append(licences, string(id))
	}
	var remarks []string
	for m := range c.Remarks() {
		if string(c.Text(m.Segment, m.Element)) != string(m.Code) {
			t.Errorf("%q is not at %d, %d", m.Code, m.Segment, m.Element)
		}
		remarks = append(remarks, fmt.Sprintf("%s %s", m.List, m.Code))
	}
	if diff := cmp.Diff([]string{"LIC", "LIC2"}, licences); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"HE N1", "HE N2", "HE N3", "HE MA01", "HE MA18", "HE N99"}, remarks); diff != "" {
		t.Error(diff)
	}
	for range c.Remarks() {
		break
	}
	for range c.Refs("0B") {
		break
	}
}

func TestNames(t *testing.T) {
	c, _ := one(t, "LX*1", "CLP*A*1*1*1", "NM1*QC*1*EXAMPLE*PAT*M**JR*MI* MEM1 ", "NM1*TT*2*SUPPLEMENT*****PI*TT1")
	n, ok := c.Name("QC")
	got := fmt.Sprintf("%s %s %s %s %s %s", n.Last(), n.First(), n.Middle(), n.Suffix(), n.IDQualifier(), n.ID())
	if want := "EXAMPLE PAT M JR MI MEM1"; !ok || got != want {
		t.Error(got)
	}
	if n, ok := c.Name("TT"); !ok || string(n.Last()) != "SUPPLEMENT" || n.First() == nil || string(n.ID()) != "TT1" {
		t.Error(n, ok)
	}
	if _, ok := c.Name("82"); ok {
		t.Error("82 found")
	}
}

func TestLine(t *testing.T) {
	c, _ := one(
		t, "LX*1", "CLP*A*1*300*30**MB", "DTM*232*20260301",
		"SVC*HC:97110:GP:59*100.00*-0.00*0420*2*HC:97530:GO::CO::DESC*3",
		"DTM*150*20260302", "DTM*151*20260303", "CAS*CO*45*70", "REF*6R*LINE1", "REF*LU*11", "REF*1S*APG", "REF*0K*LCD1", "REF*0K*LCD2",
		"AMT*B6*30.5", "QTY*ZK*2", "LQ*HE*N822", "LQ*RX*75", "LQ*HE*N362",
		"SVC*NU:0420*200*30",
		"DTM*472*20260304",
	)
	l := &c.Lines[0]
	if c.End != 2 || l.First != 2 || l.End != 16 || c.Lines[1].First != 16 || c.Lines[1].End != c.Len() {
		t.Error("parts", c.End, l.First, l.End, c.Lines[1])
	}
	if l.Charge != 10000 || l.Paid != 0 || string(l.Revenue) != "0420" || l.Units != 2000 || l.SubmittedUnits != 3000 || l.BilledUnits() != 3000 {
		t.Errorf("%+v", l)
	}
	if string(l.Procedure.Code()) != "97110" || string(l.Billed().Code()) != "97530" || string(l.Billed().Description()) != "DESC" {
		t.Error(l.Procedure, l.Submitted)
	}
	if got, want := c.ServiceOf(l), (edi.Period{From: 20260302, To: 20260303}); got != want {
		t.Error(got)
	}
	if a, ok := l.Amount("B6"); a != 3050 || !ok {
		t.Error(a, ok)
	}
	for q, want := range map[string]string{"6R": "LINE1", "LU": "11", "1S": "APG", "0K": "LCD1", "HPI": ""} {
		if got := l.Ref(q); string(got) != want {
			t.Errorf("REF*%s is %q", q, got)
		}
	}
	var remarks []string
	for m := range l.Remarks() {
		remarks = append(remarks, fmt.Sprintf("%s %s %d", m.List, m.Code, m.Segment))
	}
	if diff := cmp.Diff([]string{"HE N822 13", "RX 75 14", "HE N362 15"}, remarks); diff != "" {
		t.Error(diff)
	}

	l = &c.Lines[1]
	if l.HasUnits || l.Units != edi.Unit || l.BilledUnits() != edi.Unit || !l.Submitted.Empty() || string(l.Billed().Qualifier()) != "NU" {
		t.Errorf("%+v", l)
	}
	if l.Service().From != 20260304 || l.Control() != nil || len(l.Adjustments) > 0 {
		t.Error(l.Service(), l.Control())
	}
}

func TestService(t *testing.T) {
	for _, v := range []struct {
		dates []string
		want  edi.Period
	}{
		{nil, edi.Period{From: 20260301, To: 20260301}}, // the claim's
		{[]string{"DTM*472*20260302"}, edi.Period{From: 20260302, To: 20260302}},
		{[]string{"DTM*150*20260302"}, edi.Period{From: 20260302, To: 20260302}},
		{[]string{"DTM*151*20260302"}, edi.Period{From: 20260302, To: 20260302}},
		{[]string{"DTM*151*20260303", "DTM*150*20260302"}, edi.Period{From: 20260302, To: 20260303}},
		{[]string{"DTM*472*20260302", "DTM*150*20260303"}, edi.Period{From: 20260302, To: 20260302}},
		{[]string{"DTM*232*20260302"}, edi.Period{From: 20260302, To: 20260302}},
		{[]string{"DTM*472*20260231"}, edi.Period{From: 20260301, To: 20260301}},
	} {
		c, _ := one(t, slices.Concat([]string{"CLP*A*1*1*1", "DTM*232*20260301", "SVC*HC:97110*1*1"}, v.dates)...)
		if got := c.ServiceOf(&c.Lines[0]); got != v.want {
			t.Errorf("%v: %v", v.dates, got)
		}
	}
}

func TestProcedure(t *testing.T) {
	for _, v := range []struct{ text, qualifier, code, modifiers string }{
		{"HC:97110", "HC", "97110", "[]"},
		{"HC:97110:GP", "HC", "97110", "[GP]"},
		{"HC:97110:GP:59:KX:CQ", "HC", "97110", "[GP 59 KX CQ]"},
		{"HC:97110::GP::59", "HC", "97110", "[GP 59]"},
		{"HC:97110GP", "HC", "97110", "[GP]"},
		{"HC:97110GP59:KX", "HC", "97110", "[GP 59 KX]"},
		{"HC: 97110 : GP", "HC", "97110", "[GP]"},
		{"HC:971101", "HC", "971101", "[]"},
		{"N4:00002323230", "N4", "00002323230", "[]"},
		{"NU:0420", "NU", "0420", "[]"},
		{"AD:D0120:::::ORAL", "AD", "D0120", "[]"},
		{"97110", "97110", "", "[]"},
		{"", "", "", "[]"},
	} {
		c, _ := one(t, "CLP*A*1*1*1", "SVC*"+v.text+"*1*1")
		p := c.Lines[0].Procedure
		modifiers := []string{}
		for n := 1; p.Modifier(n) != nil; n++ {
			modifiers = append(modifiers, string(p.Modifier(n)))
		}
		if string(p.Qualifier()) != v.qualifier || string(p.Code()) != v.code || fmt.Sprint(modifiers) != v.modifiers {
			t.Errorf("%s: %q %q %v", v.text, p.Qualifier(), p.Code(), modifiers)
		}
	}
}

func TestAdjustments(t *testing.T) {
	for _, v := range []struct {
		cas  string
		want []x835.Adjustment
		odd  []string
	}{
		{"CAS*CO*45*50**253*.48", []x835.Adjustment{cas("CO", "45", 5000, 1), cas("CO", "253", 48, 2)}, nil},
		{
			"CAS*CO*1*1*1*2*2*2*3*3*3*4*4*4*5*5*5*6*6*6",
			[]x835.Adjustment{
				counted("CO", "1", 100, 1000, 1), counted("CO", "2", 200, 2000, 2), counted("CO", "3", 300, 3000, 3),
				counted("CO", "4", 400, 4000, 4), counted("CO", "5", 500, 5000, 5), counted("CO", "6", 600, 6000, 6),
			},
			nil,
		},
		{"CAS*PR*2*5.13**1*110", []x835.Adjustment{cas("PR", "2", 513, 1), cas("PR", "1", 11000, 2)}, nil},
		{"CAS*PR****1*110", []x835.Adjustment{cas("PR", "1", 11000, 2)}, nil},
		{"CAS*PR*1*1**************6*6", []x835.Adjustment{cas("PR", "1", 100, 1), cas("PR", "6", 600, 6)}, nil},
		{"CAS*CR*45*-100", []x835.Adjustment{cas("CR", "45", -10000, 1)}, nil},
		{"CAS* CO * 45 * 100.00 * 0", []x835.Adjustment{counted("CO", "45", 10000, 0, 1)}, nil},
		{"CAS*CO*45*-0.00", []x835.Adjustment{cas("CO", "45", 0, 1)}, nil},
		{"CAS*CO*45*+5.", []x835.Adjustment{cas("CO", "45", 500, 1)}, nil},
		{"CAS*CO*45*", []x835.Adjustment{cas("CO", "45", 0, 1)}, []string{"CAS03 empty where a value is required"}},
		{"CAS*CO**5", []x835.Adjustment{cas("CO", "", 500, 1)}, []string{"CAS02 empty where a value is required"}},
		{"CAS*CO*45*x", []x835.Adjustment{cas("CO", "45", 0, 1)}, []string{"CAS03 not a number"}},
		{"CAS*CO*45*1.005*y", []x835.Adjustment{counted("CO", "45", 0, 0, 1)}, []string{"CAS03 more decimals than allowed", "CAS04 not a number"}},
		{"CAS**45*5", []x835.Adjustment{cas("", "45", 500, 1)}, []string{"CAS01 empty where a value is required"}},
		{"CAS*CO", nil, []string{"CAS01 empty where a value is required"}},
		{"CAS*CO*1*1*****************7*7", []x835.Adjustment{cas("CO", "1", 100, 1)}, []string{"CAS20 more elements than the segment has"}},
	} {
		c, _ := one(t, "CLP*A*1*1*1", v.cas, "SVC*HC:97110*1*1", "CAS*OA*23*1", v.cas, "SVC*HC:97110*1*1", "SVC*HC:97110*1*1", v.cas)
		at := func(segment int32) []x835.Adjustment {
			list := slices.Clone(v.want)
			for i := range list {
				list[i].Segment = segment
			}
			return list
		}
		same := func(where string, want, got []x835.Adjustment) {
			t.Helper()
			if len(want)+len(got) == 0 {
				return
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s in %s: %s", v.cas, where, diff)
			}
		}
		other := cas("OA", "23", 100, 1)
		other.Segment = 3
		same("claim", at(1), c.Adjustments)
		same("line 1", append([]x835.Adjustment{other}, at(4)...), c.Lines[0].Adjustments)
		same("line 2", nil, c.Lines[1].Adjustments)
		same("line 3", at(7), c.Lines[2].Adjustments)
		if diff := cmp.Diff(slices.Concat(v.odd, v.odd, v.odd), errsOf(c.Odd), cmp.Comparer(func(a, b []string) bool { return slices.Equal(a, b) })); diff != "" {
			t.Errorf("%s: %s", v.cas, diff)
		}
	}
}

func cas(group, reason string, cents edi.Amount, trio int8) x835.Adjustment {
	return x835.Adjustment{Group: []byte(group), Reason: []byte(reason), Amount: cents, Trio: trio}
}

func counted(group, reason string, cents edi.Amount, thousandths edi.Quantity, trio int8) x835.Adjustment {
	a := cas(group, reason, cents, trio)
	a.Quantity, a.HasQuantity = thousandths, true
	return a
}

func TestClaimOddities(t *testing.T) {
	for _, v := range []struct {
		segment string
		want    []string
	}{
		{"CLP*A*1*1", []string{"CLP04 empty where a value is required"}},
		{"CLP*A*1**x*y", []string{"CLP03 empty where a value is required", "CLP04 not a number", "CLP05 not a number"}},
		{"SVC*HC:97110*1", []string{"SVC03 empty where a value is required"}},
		{"SVC*HC:97110*1*1**x**y", []string{"SVC05 not a number", "SVC07 not a number"}},
		{"DTM*472*20260230", []string{"DTM02 not a calendar date"}},
		{"AMT*B6*", []string{"AMT02 empty where a value is required"}},
		{"QTY*CA*x", []string{"QTY02 not a number"}},
		{"AMT*B6* 100.00 ", nil},
	} {
		body := []string{v.segment}
		if v.segment[:3] != "CLP" {
			body = []string{"CLP*A*1*1*1", v.segment}
		}
		c, _ := one(t, body...)
		if diff := cmp.Diff(v.want, errsOf(c.Odd)); diff != "" {
			t.Errorf("%s: %s", v.segment, diff)
		}
	}
	c, _ := one(t, "CLP*A*1*x*1")
	if got, want := c.Odd[0].Error(), "segment 21, line 21:1, byte 593: CLP03: not a number"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if c.Odd[0].Unwrap() != edi.ErrNoNumber {
		t.Error(c.Odd[0].Err)
	}
}
