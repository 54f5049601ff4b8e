package report

import (
	"strings"

	"github.com/gaitkeeper/gaitkeeper/cmd/internal/render"
)

// section is a part of the summary.
type section struct {
	Title string
	Facts []fact
}

// fact is a number with its definition.
type fact struct {
	Name  string
	Value any
	Note  string
}

// sections is the summary in the order in which it is read.
func sections(s *render.RemitSummary) []section {
	r := &s.Rates
	return []section{
		{"Money, each claim once after all answers", []fact{
			{"Charge", money(s.Charge), "paid + patient + contractual + denied + unexplained"},
			{"Paid", money(s.Paid), ""},
			{"Patient", money(s.Patient), "deductible, coinsurance, copay and other"},
			{"Contractual", money(s.Contractual), "fee schedule, sequestration and other reductions that are no denials"},
			{"Denied", money(s.Denied), ""},
			{"Recoverable", money(s.Recoverable), "part of denied that a correction, records or an appeal can bring back"},
			{"Unexplained", money(s.Unexplained), "no code of the remittance says why, or the payer has not decided"},
		}},
		{"Payments", []fact{
			{"Amount", money(s.Amount), "claims paid less withheld, where payments balance"},
			{"Claims paid", money(s.ClaimsPaid), "sum of CLP04"},
			{"Withheld", money(s.Withheld), "sum of PLB; positive lowered the payments"},
			{"Interest", money(s.Interest), "AMT*I; not in paid"},
			{"Payments", s.Payments, ""},
			{"Out of balance", s.Unbalanced, "BPR02 is not what claims and PLB come to"},
			{"Duplicates", s.Duplicates, "the same payment in a further file; not counted"},
		}},
		{"Rates", []fact{
			{"Denial rate, lines", rateOf(r.Denial), "lines denied in the current answer / lines answered"},
			{"Denial rate, dollars", rateOf(r.DenialDollars), "dollars denied in the current answer / dollars charged"},
			{"Initial denial rate, lines", rateOf(r.Initial), "lines denied in the first answer / lines answered"},
			{"Initial denial rate, dollars", rateOf(r.InitialDollars), "dollars denied in the first answer / dollars charged"},
			{"First-pass yield", rateOf(r.FirstPass), "lines not denied in the first answer / lines answered"},
			{"Net collection", rateOf(r.NetCollection), "paid / (charge - contractual)"},
		}},
		{"Counts", []fact{
			{"Answers", s.Answers, "CLP of the remittances, without duplicates"},
			{"Answers matched", s.Matched, ""},
			{"Answers unmatched", s.Unmatched, "no claim has their key"},
			{"Answers out of balance", s.OutOfBalance, ""},
			{"Answers unread", s.Faulty, "damaged; not in any sum"},
			{"Reversals", s.Reversals, ""},
			{"Lines", s.Lines, "SVC of the remittances"},
			{"Lines unmatched", s.LinesUnmatched, ""},
			{"Claims sent", s.Claims, "of the 837 files"},
			{"Claims answered", s.ClaimsAnswered, ""},
			{"Claims unanswered", s.Unanswered, ""},
		}},
		{"What was read", []fact{
			{"Remittance files", s.Files, ""},
			{"Claim files", s.ClaimFiles, ""},
			{"Files unreadable", s.Unreadable, ""},
			{"Syntax errors", s.Faults, ""},
			{"Unknown codes", strings.Join(s.UnknownCodes, " "), "in no list that is known here"},
			{"Codes as of", dayOf(s.CodesAsOf), ""},
			{"Rules", s.RulesVersion, ""},
			{"Not checked", notChecked(s.NotChecked), "rules that were off for lack of an input"},
		}},
	}
}

func rateOf(r *float64) any {
	if r == nil {
		return nil
	}
	return rate(*r)
}

func notChecked(list []render.NotChecked) string {
	var out []string
	for _, n := range list {
		out = append(out, strings.Join(n.Rules, " ")+" (need "+n.Needs+")")
	}
	return strings.Join(out, "; ")
}
