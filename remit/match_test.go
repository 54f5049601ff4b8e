package remit_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/gaitkeeper/gaitkeeper/remit"
)

// batch is what the tables below match with.
var batch = sent(
	[2]string{"M1", clm("NORTHCLINIC-ACCT-0001-AAA", "150", "97110:GP 100 2 20260110 N1-1", "97140:GP 50 1 20260110 N1-2")},
	[2]string{"M2", clm("NORTHCLINIC-ACCT-0001-BBB", "90", "97112:GP 90 2 20260111")},
	[2]string{"M3", clm("0000200001", "40", "97116:GP 40 1 20260112")},
	[2]string{"M4", clm("pt-a17x", "60", "97530:GP 60 1 20260113")},
	[2]string{"M5", clm("LONGNUMBER-2026-XYZ-77", "70", "97110:GP 70 1 20260114")},
	[2]string{"M6", clm("SAME1", "30", "97110:GP 30 1 20260115")},
	[2]string{"M6", clm("SAME2", "30", "97110:GP 30 1 20260115")},
)

// answer is a claim with one line.
func answered(id, status, member, code, charge, day, more string) string {
	paid := charge
	return fmt.Sprintf("CLP*%s*%s*%s*%s**12*I%s~NM1*QC*1*DOE*JANE****MI*%s~%sSVC*HC:%s*%s*%s~DTM*472*%s~", id, status, charge, paid, id, member, more, code, charge, paid, day)
}

func TestClaimKeys(t *testing.T) {
	for _, test := range []struct {
		name, answer string
		claim        string // "" for none
		key          remit.Key
		confidence   remit.Confidence
	}{
		{"exact", answered("SAME1", "1", "M6", "97110:GP", "30", "20260115", ""), "SAME1", remit.ClaimNumber, remit.High},
		{"exact, without a member id", answered("0000200001", "1", "", "97116:GP", "40", "20260112", ""), "0000200001", remit.ClaimNumber, remit.High},
		{"upper case", answered("PT-A17X", "1", "M4", "97530:GP", "60", "20260113", ""), "pt-a17x", remit.ClaimFolded, remit.Medium},
		{"zeros dropped", answered("200001", "1", "M3", "97116:GP", "40", "20260112", ""), "0000200001", remit.ClaimFolded, remit.Medium},
		{"zeros dropped, nothing else agrees", answered("200001", "1", "MX", "97116:GP", "41", "20260301", ""), "", 0, 0},
		{"cut at 15", answered("LONGNUMBER-2026", "1", "M5", "97110:GP", "70", "20260114", ""), "LONGNUMBER-2026-XYZ-77", remit.ClaimPrefix, remit.Medium},
		{"cut at 10: too short, so by content", answered("LONGNUMBER", "1", "M5", "97110:GP", "70", "20260114", ""), "LONGNUMBER-2026-XYZ-77", remit.MemberCharge, remit.Medium},
		{"cut, another patient and day", answered("LONGNUMBER-2026", "1", "MX", "97110:GP", "70", "20260214", ""), "", 0, 0},
		{"cut where two begin so: member and charge tell", answered("NORTHCLINIC-ACCT-0001", "1", "M2", "97112:GP", "90", "20260111", ""), "NORTHCLINIC-ACCT-0001-BBB", remit.ClaimPrefix, remit.Medium},
		{"longer than a known number", answered("SAME17", "1", "MX", "97110:GP", "30", "20260115", ""), "", 0, 0},
		{"no number", answered("0", "1", "M2", "97112:GP", "90", "20260111", ""), "NORTHCLINIC-ACCT-0001-BBB", remit.MemberCharge, remit.Medium},
		{"no number, a part of the claim", answered("0", "1", "M1", "97140:GP", "50", "20260110", ""), "NORTHCLINIC-ACCT-0001-AAA", remit.MemberServices, remit.Low},
		{"no number, two claims agree", answered("0", "1", "M6", "97110:GP", "30", "20260115", ""), "", 0, 0},
		{"corrected member id", answered("0", "1", "OLD", "97112:GP", "90", "20260111", "NM1*74*1*DOE*JANE****C*M2~"), "NORTHCLINIC-ACCT-0001-BBB", remit.MemberCharge, remit.Medium},
		{"same charge, nothing else", answered("ZZ9", "1", "MX", "97112:GP", "90", "20260801", ""), "", 0, 0},
		{"known patient, other day", answered("ZZ9", "1", "M2", "97112:GP", "90", "20250801", ""), "", 0, 0},
		{"number of somebody else's claim", answered("SAME1", "1", "MX", "97112:GP", "95", "20250801", ""), "", 0, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := reconcile(t, batch, era(pay("1", "20260301", "T1", test.answer)))
			c := one(t, r.answers)
			if test.claim == "" {
				if c.Match != remit.NoKey || c.Number >= 0 {
					t.Fatalf("matched %s by %v", c.ID, c.Match)
				}
				for _, u := range r.unmatched {
					if u.Remitted {
						return
					}
				}
				t.Fatal("not told as unmatched")
			}
			if c.ID != test.claim || c.Match != test.key || c.Confidence != test.confidence {
				t.Errorf("%s by %v (%v), want %s by %v (%v)", c.ID, c.Match, c.Confidence, test.claim, test.key, test.confidence)
			}
		})
	}
}

// The payer's own number leads from a reversal without a claim number to its claim.
func TestPayerControlKey(t *testing.T) {
	first := "CLP*SAME1*1*30*30**12*ICN9~NM1*QC*1*DOE*JANE****MI*M6~SVC*HC:97110:GP*30*30~DTM*472*20260115~"
	back := "CLP*0*22*-30*-30**12*ICN9~NM1*QC*1*DOE*JANE~SVC*HC:97110:GP*-30*-30~DTM*472*20260115~"
	for _, order := range [][]string{{era(pay("30", "20260301", "T1", first)), era(pay("-30", "20260401", "T2", back))}, {era(pay("-30", "20260401", "T2", back)), era(pay("30", "20260301", "T1", first))}} {
		r := reconcile(t, batch, order...)
		for _, c := range r.answers {
			if c.ID != "SAME1" || c.Trace == "T2" && (c.Match != remit.PayerControl || c.Net == nil || c.Net.Status != remit.StatusReversed) {
				t.Errorf("%s: %s by %v, net %+v", c.Trace, c.ID, c.Match, c.Net)
			}
		}
	}
}

// Payers and practices may use the same number.
func TestScope(t *testing.T) {
	other := strings.NewReplacer("1234567893", "1093817465", "611234567", "729999999").Replace(pay("30", "20260301", "T1", answered("SAME1", "1", "MX", "97110:GP", "30", "20260115", "")))
	if c := one(t, reconcile(t, batch, era(other)).answers); c.Match != remit.NoKey {
		t.Errorf("an answer to another practice was bound to %s by %v", c.ID, c.Match)
	}
}

func TestLineKeys(t *testing.T) {
	claim := sent([2]string{"M1", clm("A1", "360",
		"97110:GP 100 2 20260110 C-1", "97110:GP:59 100 2 20260110 C-2", "97140:GP 50 1 20260110", "97140:GP 60 1 20260111", "97116:GP:KX 50 1 20260110")})
	for _, test := range []struct {
		name, lines string // "code charge day 6R"
		want        []int  // LX01; 0 for none
		keys        []remit.Key
	}{
		{"control numbers", "97110:GP 100 20260110 C-2;97110:GP 100 20260110 C-1", []int{2, 1}, []remit.Key{remit.LineControl, remit.LineControl}},
		{"LX in 6R", "97140:GP 50 20260110 3;97116:GP 50 20260110 5", []int{3, 5}, []remit.Key{remit.LineNumber, remit.LineNumber}},
		{"LX in 6R, but the code is another line's", "97116:GP:KX 50 20260110 3", []int{5}, []remit.Key{remit.FullContent}},
		{"content", "97110:GP:59 100 20260110;97110:GP 100 20260110", []int{2, 1}, []remit.Key{remit.FullContent, remit.FullContent}},
		{"modifiers in another order", "97110:59:GP 100 20260110", []int{2}, []remit.Key{remit.FullContent}},
		{"modifier dropped", "97116:GP 50 20260110", []int{5}, []remit.Key{remit.CodeCharge}},
		{"all modifiers dropped", "97116 50 20260110", []int{5}, []remit.Key{remit.CodeCharge}},
		{"charge changed", "97116:GP:KX 45 20260110", []int{5}, []remit.Key{remit.CodeModifier}},
		{"charge and modifiers changed", "97116 45 20260110", []int{5}, []remit.Key{remit.CodeDate}},
		{"modifier glued to the code", "97116GP:KX 50 20260110", []int{5}, []remit.Key{remit.FullContent}},
		{"same code on two days", "97140:GP 60 20260111;97140:GP 50 20260110", []int{4, 3}, []remit.Key{remit.FullContent, remit.FullContent}},
		{"no such day", "97140:GP 50 20260301", []int{0}, []remit.Key{remit.NoKey}},
		{"amount alone", "99999 50 20260110", []int{0}, []remit.Key{remit.NoKey}},
		{"split with its control number", "97110:GP 50 20260110 C-1;97110:GP 50 20260110 C-1", []int{1, 1}, []remit.Key{remit.LineControl, remit.LineControl}},
	} {
		t.Run(test.name, func(t *testing.T) {
			body, total := "", 0
			for l := range strings.SplitSeq(test.lines, ";") {
				f := strings.Fields(l)
				body += fmt.Sprintf("SVC*HC:%s*%s*%s~DTM*472*%s~", f[0], f[1], f[1], f[2])
				if len(f) > 3 {
					body += "REF*6R*" + f[3] + "~"
				}
				var n int
				fmt.Sscan(f[1], &n)
				total += n
			}
			head := fmt.Sprintf("CLP*A1*1*%d*%d**12*I1~NM1*QC*1*DOE*JANE****MI*M1~", total, total)
			c := one(t, reconcile(t, claim, era(pay(fmt.Sprint(total), "20260301", "T1", head+body))).answers)
			for i := range c.Lines {
				if l := &c.Lines[i]; l.Number != test.want[i] || l.Match != test.keys[i] {
					t.Errorf("line %d: LX %d by %v, want %d by %v", i+1, l.Number, l.Match, test.want[i], test.keys[i])
				}
			}
		})
	}
}

// Lines that are the same in everything are taken in order, and said to be so.
func TestTwins(t *testing.T) {
	claim := sent([2]string{"M1", clm("A1", "200", "97110:GP 100 2 20260110 C-1", "97110:GP 100 2 20260110 C-2")})
	body := "CLP*A1*1*200*100**12*I1~NM1*QC*1*DOE*JANE****MI*M1~SVC*HC:97110:GP*100*100~DTM*472*20260110~SVC*HC:97110:GP*100*0~DTM*472*20260110~CAS*OA*18*100~"
	c := one(t, reconcile(t, claim, era(pay("100", "20260301", "T1", body))).answers)
	for i := range c.Lines {
		if l := &c.Lines[i]; l.Number != i+1 || l.Confidence != remit.Low || l.Flags[len(l.Flags)-1] != remit.FlagAmbiguous {
			t.Errorf("line %d: LX %d, %v, %v", i+1, l.Number, l.Confidence, l.Flags)
		}
	}
}
