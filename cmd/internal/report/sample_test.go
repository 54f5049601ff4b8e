package report

import (
	"fmt"
	"testing"

	"github.com/gaitkeeper/gaitkeeper/cmd/internal/render"
)

// feed gives a sink a small made-up reconciliation: lines that were paid, denied for
// several reasons, reduced, not explained; a claim that was denied as a whole, an
// answer that another one took back, a forwarded balance, and ids that are no ids.
func feed(t *testing.T, sink render.RemitSink) {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(sink.Payment(&render.RemitPayment{
		Type: "payment", File: "a.835", Trace: "EFT0001", Payer: "12502", PayerName: "EXAMPLE MEDICARE", Payee: "1000001101", Date: "2026-11-16", Method: "ACH",
		Amount: "171.20", ClaimsPaid: "196.20", Withheld: "25.00", Balanced: true, Difference: "0.00", Claims: 3,
		PLB: []render.RemitPLB{{Provider: "1000001101", Reason: "WO", Reference: "PT1", Amount: "25.00", Meaning: "Overpayment recovery", Claim: ref("PT1")}},
	}))
	must(sink.Claim(claim("PT1", "current", "partial", "240.00", "96.20", "104.00"), []render.RemitLine{
		line("PT1", 1, "paid", "97110", "40.00", "31.20", "0.00", nil),
		line("PT1", 2, "denied", "97116", "80.00", "0.00", "80.00", &denial{
			group: "CO", carc: "4", rarc: "N822", recoverable: "80.00", action: "reopen", deadline: "2027-11-16", rule: "MO101",
			meaning: "Modifier does not fit the procedure billed", category: "coding_modifier",
		}),
		line("PT1", 3, "denied", "97530", "24.00", "0.00", "24.00", &denial{
			group: "CO", carc: "50", rarc: "N115", recoverable: "24.00", action: "appeal", deadline: "2027-03-16",
			meaning: "Payer judged the service not medically necessary", category: "medical_necessity",
		}),
		line("PT1", 4, "partial", "97140", "96.00", "65.00", "0.00", nil),
	}))
	whole := claim("PT2", "current", "denied", "90.00", "0.00", "90.00")
	whole.Adjustments = []render.RemitAdjustment{{Group: "OA", CARC: "18", Amount: "90.00", Bucket: "denied", Meaning: "Same claim or line already received", Category: "duplicate"}}
	whole.Recoverable, whole.PredictedBy = "0.00", ref("DU102")
	whole.Actions = []render.RemitAction{{Action: "find_first", Text: "find the claim that this one repeats", Amount: "90.00"}}
	must(sink.Claim(whole, nil))
	taken := claim("PT3", "reversed", "denied", "50.00", "0.00", "50.00")
	must(sink.Claim(taken, []render.RemitLine{line("PT3", 1, "denied", "97112", "50.00", "0.00", "50.00", &denial{group: "CO", carc: "16", recoverable: "50.00"})}))

	must(sink.Payment(&render.RemitPayment{
		Type: "payment", File: "b.835", Trace: "=1+2", Payer: "62308", PayerName: "EXAMPLE <b>LIFE</b> & CO", Date: "2026-11-18", Method: "CHK",
		Amount: "60.00", ClaimsPaid: "64.00", Withheld: "0.00", Difference: "-4.00", Claims: 1, OutOfBalance: 1, PLB: []render.RemitPLB{},
		Checks: []render.RemitCheck{{Check: "transaction", Expected: "64.00", Found: "60.00", Difference: "-4.00", Message: "the payment is 4.00 short"}},
	}))
	odd := claim(`=HYPERLINK("x")<script>`, "current", "partial", "180.00", "64.00", "80.00")
	odd.Payer, odd.Trace, odd.PaymentDate, odd.Unexplained = "62308", "=1+2", "2026-11-18", "16.00"
	first := line(odd.Claim, 1, "denied", "97116", "80.00", "0.00", "80.00", &denial{
		group: "CO", carc: "197", recoverable: "80.00", action: "appeal", deadline: "2027-05-17", meaning: "Required authorization or notice was never obtained", category: "authorization",
	})
	second := line(odd.Claim, 2, "partial", "97110", "60.00", "44.00", "0.00", nil)
	second.Unexplained = "16.00"
	second.Adjustments = []render.RemitAdjustment{{Group: "CO", CARC: "999", Amount: "16.00", Bucket: "unexplained", Category: "unknown"}}
	third := line(odd.Claim, 3, "partial", "97140", "40.00", "20.00", "0.00", nil)
	third.Contractual = "20.00"
	third.Adjustments = []render.RemitAdjustment{{Group: "PI", CARC: "45", Amount: "20.00", Bucket: "contractual", Category: "contractual", Meaning: "Charge above the allowed or contracted amount"}}
	must(sink.Claim(odd, []render.RemitLine{first, second, third}))

	must(sink.Unmatched(&render.RemitUnmatched{
		Type: "unmatched", Side: "835", File: "b.835", Claim: "X9", Trace: "=1+2", Payer: "62308", Charge: "75.00", ServiceFrom: "2026-10-30",
		Reason: "no claim has this number", Candidates: []render.RemitCandidate{{Claim: "PT9", LineNumber: number(2), Agrees: []string{"member", "date"}}},
	}))
	must(sink.Unmatched(&render.RemitUnmatched{
		Type: "unmatched", Side: "837", File: "sent.837", Claim: "PT7", Charge: "120.00", ServiceFrom: "2026-10-12", Age: number(37), Reason: "no answer", Candidates: []render.RemitCandidate{},
	}))
	must(sink.Close(summary()))
}

func summary() *render.RemitSummary {
	half, most := 0.5, 0.6429
	return &render.RemitSummary{
		Type: "summary", Schema: "gaitkeeper/1", Files: 2, ClaimFiles: 1, Bytes: 4096, Payments: 2, Unbalanced: 1, Answers: 4, Lines: 8, Claims: 5, ClaimsAnswered: 4,
		Unanswered: 1, Matched: 3, Unmatched: 1, OutOfBalance: 1, Reversals: 1,
		Charge: "510.00", Paid: "160.20", Patient: "10.00", Contractual: "49.80", Denied: "274.00", Unexplained: "16.00", Recoverable: "184.00",
		Amount: "231.20", ClaimsPaid: "260.20", Withheld: "25.00", Interest: "0.00",
		Rates: render.RemitRates{Denial: &half, DenialDollars: &half, FirstPass: &most},
		Denials: []render.RemitDenial{
			{
				Group: "OA", CARC: "18", Meaning: "Same claim or line already received", Category: "duplicate", Lines: 1, Claims: 1, Denied: "90.00", Recoverable: "0.00",
				Action: "find_first", ActionText: "find the claim that this one repeats", Rules: []string{"DU102"}, Predicted: 1,
			},
			{Group: "CO", CARC: "4", RARCs: []string{"N822"}, Meaning: "Modifier does not fit the procedure billed", Category: "coding_modifier", Lines: 1, Denied: "60.00", Recoverable: "60.00", Rules: []string{"MO101"}},
			{Group: "CO", CARC: "197", Meaning: "Required authorization or notice was never obtained", Category: "authorization", Lines: 1, Denied: "80.00", Recoverable: "80.00"},
			{Group: "CO", CARC: "50", Meaning: "Payer judged the service not medically necessary", Category: "medical_necessity", Lines: 1, Denied: "24.00", Recoverable: "24.00"},
			{Group: "CO", CARC: "4", RARCs: []string{"N519"}, Meaning: "Modifier does not fit the procedure billed", Category: "coding_modifier", Lines: 1, Denied: "20.00", Recoverable: "20.00", Rules: []string{"MO110"}},
		},
		Groups: []render.RemitGroup{
			{Dimension: "payer", Value: "62308", Lines: 3, DeniedLines: 1, Charge: "180.00", Paid: "64.00", Denied: "80.00", Recoverable: "80.00", Rate: 0.3333, DollarRate: 0.4444},
			{Dimension: "payer", Value: "12502", Lines: 5, DeniedLines: 3, Charge: "330.00", Paid: "96.20", Denied: "194.00", Recoverable: "104.00", Rate: 0.6, DollarRate: 0.5879},
			{Dimension: "code", Value: "97116", Lines: 2, DeniedLines: 2, Charge: "160.00", Denied: "160.00", Recoverable: "160.00", Rate: 1, DollarRate: 1},
			{Dimension: "code", Value: "97530", Lines: 1, DeniedLines: 1, Charge: "24.00", Denied: "24.00", Recoverable: "24.00", Rate: 1, DollarRate: 1},
		},
		Ledger:       []render.RemitLedger{{Reason: "WO", Meaning: "Overpayment recovery", Entries: 1, Amount: "25.00"}},
		Forward:      []render.RemitForward{{Payer: "12502", Reference: "EFT0000", Out: "12.00", In: "0.00", Open: "12.00"}},
		Turnaround:   []render.RemitDays{{Payer: "12502", Claims: 2, Median: 14, Most: 21}},
		UnknownCodes: []string{"CARC 999"}, RulesVersion: "3", CodesAsOf: "2026-08-17", NotChecked: []render.NotChecked{{Rules: []string{"UN110"}, Needs: "minutes"}},
	}
}

func claim(id, standing, status, charge, paid, denied string) *render.RemitClaim {
	return &render.RemitClaim{
		Type: "claim", File: "a.835", Claim: id, RemittedAs: id, Trace: "EFT0001", Payer: "12502", PaymentDate: "2026-11-16", Status: status, ClaimStatus: "1",
		PayerControl: "ICN-" + id, Standing: standing, ServiceFrom: "2026-11-02", ServiceTo: "2026-11-02", Charge: charge, Paid: paid, Patient: "0.00",
		Contractual: "0.00", Denied: denied, Unexplained: "0.00", Pending: "0.00", Recoverable: denied, Interest: "0.00", Match: ref("clm01"), MatchConfidence: ref("certain"),
	}
}

type denial struct{ group, carc, rarc, recoverable, action, deadline, rule, meaning, category string }

func line(id string, n int, status, code, charge, paid, denied string, d *denial) render.RemitLine {
	l := render.RemitLine{
		Type: "line", File: "a.835", Claim: id, Trace: "EFT0001", PayerControl: "ICN-" + id, Standing: "current", Line: ref(fmt.Sprintf("%s-%d", id, n)), LineNumber: &n,
		Number: n, Code: code, Modifiers: []string{"GP"}, Date: "2026-11-02", Units: "2", UnitsPaid: "2", Charge: charge, Status: status, Paid: paid, Patient: "0.00",
		Contractual: "0.00", Denied: denied, Unexplained: "0.00", Recoverable: "0.00", Match: ref("6r"), MatchConfidence: ref("certain"),
	}
	if d == nil {
		return l
	}
	l.Recoverable, l.Cause, l.Deadline = d.recoverable, reason(d.group, d.carc)+": "+d.meaning, ref(d.deadline)
	l.Action, l.ActionText = ref(d.action), "what a practice does"
	l.Adjustments = []render.RemitAdjustment{{Group: d.group, CARC: d.carc, Amount: denied, Bucket: "denied", Meaning: d.meaning, Category: d.category}}
	if d.rarc != "" {
		l.Remarks = []render.RemitRemark{{Code: d.rarc}}
	}
	if d.rule != "" {
		l.PredictedBy = &d.rule
		l.Prediction = &render.RemitPrediction{Rule: d.rule, Fix: ref("safe"), FixText: "add GP"}
	}
	return l
}

func ref(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func number(n int) *int { return &n }
