package render

import (
	"math"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/remit"
)

// NewRemitPayment is the wire form of a payment.
func NewRemitPayment(p *remit.Payment) *RemitPayment {
	out := &RemitPayment{
		Type: "payment", File: p.File, Duplicates: texts(p.Copies), Trace: latin(p.Trace), Originator: latin(p.Originator),
		Payer: latin(p.Payer), PayerName: latin(p.PayerName), Payee: latin(p.Payee), Date: dayText(p.Date), Method: latin(p.Method),
		Amount: p.Amount.String(), ClaimsPaid: p.ClaimsPaid.String(), Withheld: p.Withheld.String(),
		Balanced: p.Balanced(), Difference: p.Difference().String(), Claims: p.Claims, OutOfBalance: p.OutOfBalance,
		PLB: []RemitPLB{}, Checks: checks(p.Checks), Notices: texts(p.Notices),
	}
	for i := range p.PLB {
		a := &p.PLB[i]
		out.PLB = append(out.PLB, RemitPLB{latin(a.Provider), latin(a.Reason), latin(a.Reference), a.Amount.String(), a.Meaning, Optional(a.Claim)})
	}
	return out
}

// NewRemitClaim is the wire form of an answer and its lines.
func NewRemitClaim(c *remit.Claim, showPHI bool) (*RemitClaim, []RemitLine) {
	out := &RemitClaim{
		Type: "claim", File: c.File, Claim: latin(c.ID), RemittedAs: latin(c.RemittedAs), Trace: latin(c.Trace), Payer: latin(c.Payer),
		PaymentDate: dayText(c.PaymentDate), Status: c.Status.String(), ClaimStatus: latin(c.ClaimStatus), PayerControl: latin(c.PayerControl),
		Filing: latin(c.Filing), Standing: c.Standing.String(),
		ServiceFrom: dayText(c.Service.From), ServiceTo: dayText(c.Service.To), Provider: latin(c.Provider),
		Charge: c.Charge.String(), Paid: c.Paid.String(), Patient: c.Patient.String(), Contractual: c.Contractual.String(),
		Denied: c.Denied.String(), Unexplained: c.Unexplained.String(), Pending: c.Pending.String(), Recoverable: c.Recoverable.String(),
		Interest: c.Interest.String(), Forwarded: c.Forwarded,
		Adjustments: adjustments(c.Adjustments, c.Remarks), Remarks: remarksOf(c.Remarks), References: references(c.References, showPHI),
		Actions: []RemitAction{}, Checks: checks(c.Checks), Notices: texts(c.Notices),
	}
	out.Match, out.MatchConfidence = match(c.Match, c.Confidence)
	if c.Unanswered {
		out.Standing = "none"
		if c.Age >= 0 {
			out.Age = &c.Age
		}
	}
	for i := range c.Actions {
		a := &c.Actions[i]
		out.Actions = append(out.Actions, RemitAction{string(a.Step), a.Text, a.Amount.String(), optionalDay(a.Deadline), a.Basis})
	}
	out.PredictedBy, out.Prediction = prediction(c.Prediction)
	if c.Turnaround >= 0 {
		out.Turnaround = &c.Turnaround
	}
	if n := c.Net; n != nil {
		out.Net = &RemitNet{
			n.Answers, n.Status.String(), n.Charge.String(), n.Paid.String(), n.Patient.String(),
			n.Contractual.String(), n.Denied.String(), n.Unexplained.String(),
		}
	}
	lines := make([]RemitLine, 0, len(c.Lines))
	for i := range c.Lines {
		lines = append(lines, remitLine(out, &c.Lines[i], showPHI))
	}
	return out, lines
}

func remitLine(c *RemitClaim, l *remit.Line, showPHI bool) RemitLine {
	out := RemitLine{
		Type: "line", File: c.File, Claim: c.Claim, Trace: c.Trace, PayerControl: c.PayerControl, Standing: c.Standing,
		Line: Optional(l.Control), Number: l.Ordinal, Code: latin(l.Code), Modifiers: texts(l.Modifiers), PaidAs: Optional(l.PaidAs),
		Date: dayText(l.Date), Units: l.Units.String(), UnitsPaid: l.UnitsPaid.String(), Provider: latin(l.Provider),
		Charge: l.Charge.String(), Status: l.Status.String(), Paid: l.Paid.String(), Patient: l.Patient.String(),
		Contractual: l.Contractual.String(), Denied: l.Denied.String(), Unexplained: l.Unexplained.String(), Recoverable: l.Recoverable.String(),
		Adjustments: adjustments(l.Adjustments, l.Remarks), Remarks: remarksOf(l.Remarks), References: references(l.References, showPHI),
		Cause: l.Cause, Flags: texts(l.Flags), Checks: checks(l.Checks), Notices: texts(l.Notices),
	}
	if l.Number > 0 {
		out.LineNumber = &l.Number
	}
	if l.HasAllowed {
		s := l.Allowed.String()
		out.Allowed = &s
	}
	if a := l.Action; a != nil {
		step := string(a.Step)
		out.Action, out.ActionText, out.Deadline, out.DeadlineBasis = &step, a.Text, optionalDay(a.Deadline), a.Basis
	}
	out.PredictedBy, out.Prediction = prediction(l.Prediction)
	out.Match, out.MatchConfidence = match(l.Match, l.Confidence)
	return out
}

// NewRemitUnmatched is the wire form of what has no partner. Ids gives CLM01 of a
// claim of the index, numbers LX01 of its lines.
func NewRemitUnmatched(u *remit.Unmatched, ids *remit.Index) *RemitUnmatched {
	out := &RemitUnmatched{
		Type: "unmatched", Side: "837", File: u.File, Claim: latin(u.Claim), Line: Optional(u.Control), Code: latin(u.Code),
		Trace: latin(u.Trace), PayerControl: latin(u.PayerControl), Payer: latin(u.Payer), Charge: u.Charge.String(),
		ServiceFrom: dayText(u.Service), Reason: u.Reason, Candidates: []RemitCandidate{},
	}
	if u.Remitted {
		out.Side = "835"
	}
	if u.Line > 0 {
		out.LineNumber = &u.Line
	}
	if u.Age >= 0 {
		out.Age = &u.Age
	}
	for _, c := range u.Candidates {
		k := RemitCandidate{Claim: latin(ids.ID(c.Claim)), Agrees: texts(c.Agrees)}
		if c.Line >= 0 {
			n := ids.LineNumber(c.Claim, c.Line)
			k.LineNumber = &n
		}
		out.Candidates = append(out.Candidates, k)
	}
	return out
}

// NewRemitSummary is the wire form of a summary; by is the dimension asked for.
func NewRemitSummary(s *remit.Summary, by string) *RemitSummary {
	out := &RemitSummary{
		Type: "summary", Schema: "gaitkeeper/1", Files: s.Files, Bytes: s.Bytes, Payments: s.Payments, Duplicates: s.Copies, Unbalanced: s.Unbalanced,
		Answers: s.Answers, Lines: s.LinesRead, Faulty: s.Faulty, Claims: s.Claims, ClaimsAnswered: s.Answered, Unanswered: s.Unanswered,
		Matched: s.Matched, Unmatched: s.Unmatched, LinesUnmatched: s.LinesUnmatched, OutOfBalance: s.OutOfBalance, Reversals: s.Reversals,
		Charge: s.Net.Charge.String(), Paid: s.Net.Paid.String(), Patient: s.Net.Patient.String(), Contractual: s.Net.Contractual.String(),
		Denied: s.Net.Denied.String(), Unexplained: s.Net.Unexplained.String(), Recoverable: s.Recoverable.String(),
		Amount: s.Amount.String(), ClaimsPaid: s.ClaimsPaid.String(), Withheld: s.Withheld.String(), Interest: s.Interest.String(),
		PatientSplit: map[string]string{}, UnknownCodes: texts(s.UnknownCodes), NotChecked: []NotChecked{},
		Rates: RemitRates{
			Denial: ratio(s.DeniedLines, s.Lines), DenialDollars: ratio(s.Denied, s.Charged),
			Initial: ratio(s.FirstDenied, s.FirstLines), InitialDollars: ratio(s.FirstDeniedAmt, s.FirstCharged),
			FirstPass: ratio(s.FirstLines-s.FirstDenied, s.FirstLines), NetCollection: ratio(s.Net.Paid, s.Net.Charge-s.Net.Contractual),
		},
		Denials: []RemitDenial{}, By: []RemitGroup{}, Groups: []RemitGroup{}, Ledger: []RemitLedger{}, Forward: []RemitForward{}, Turnaround: []RemitDays{},
	}
	for k, a := range s.PatientSplit {
		out.PatientSplit[k] = a.String()
	}
	for i := range s.Denials {
		d := &s.Denials[i]
		out.Denials = append(out.Denials, RemitDenial{
			Group: latin(d.Group), CARC: latin(d.CARC), RARCs: texts(d.RARCs), Meaning: d.Reason.Meaning, Category: string(d.Reason.Category),
			Lines: d.Lines, Claims: d.Claims, Denied: d.Denied.String(), Recoverable: d.Recoverable.String(),
			Action: string(d.Action.Step), ActionText: d.Action.Text, Rules: texts(d.Rules), Predicted: d.Predicted,
		})
	}
	for i := range s.Groups {
		g := &s.Groups[i]
		w := RemitGroup{
			Dimension: string(g.Dimension), Value: latin(g.Value), Lines: g.Lines, DeniedLines: g.DeniedLines, Charge: g.Charge.String(),
			Paid: g.Paid.String(), Denied: g.Denied.String(), Recoverable: g.Recoverable.String(),
		}
		if r := ratio(g.DeniedLines, g.Lines); r != nil {
			w.Rate = *r
		}
		if r := ratio(g.Denied, g.Charge); r != nil {
			w.DollarRate = *r
		}
		out.Groups = append(out.Groups, w)
		if w.Dimension == by {
			out.By = append(out.By, w)
		}
	}
	for _, e := range s.Ledger {
		out.Ledger = append(out.Ledger, RemitLedger{latin(e.Reason), e.Meaning, e.Entries, e.Amount.String()})
	}
	for i := range s.Forward {
		f := &s.Forward[i]
		out.Forward = append(out.Forward, RemitForward{latin(f.Payer), latin(f.Reference), f.Out.String(), f.In.String(), f.Open().String()})
	}
	for _, d := range s.Turnaround {
		out.Turnaround = append(out.Turnaround, RemitDays{latin(d.Payer), d.Claims, d.Median, d.Most})
	}
	return out
}

// ratio is a / b with four decimals; nil where b is not positive.
func ratio[N int | edi.Amount](a, b N) *float64 {
	if b <= 0 {
		return nil
	}
	r := math.Round(float64(a)/float64(b)*1e4) / 1e4
	return &r
}

func match(k remit.Key, c remit.Confidence) (key, confidence *string) {
	if k == remit.NoKey {
		return nil, nil
	}
	s := c.String()
	return Optional(k.String()), &s
}

func prediction(p *remit.Prediction) (*string, *RemitPrediction) {
	if p == nil {
		return nil, nil
	}
	out := &RemitPrediction{Rule: p.Rule, Name: p.Name, Message: latin(p.Message), Fix: Optional(p.Fix), FixText: latin(p.FixText)}
	if p.Line > 0 {
		out.Line = &p.Line
	}
	return &p.Rule, out
}

// adjustments is the wire form of a CAS; the remarks go with what is denied, or with
// all of it where nothing is.
func adjustments(list []remit.Adjustment, remarks []remit.Remark) []RemitAdjustment {
	out := make([]RemitAdjustment, 0, len(list))
	denied := false
	for i := range list {
		denied = denied || list[i].Bucket == remit.Denied
	}
	for i := range list {
		a := &list[i]
		w := RemitAdjustment{
			Group: latin(a.Group), CARC: latin(a.CARC), Amount: a.Amount.String(), RARCs: []string{}, Meaning: a.Reason.Meaning,
			Category: string(a.Reason.Category), Bucket: a.Bucket.String(),
		}
		if a.HasQuantity {
			q := a.Quantity.String()
			w.Quantity = &q
		}
		if !denied || a.Bucket == remit.Denied {
			for _, m := range remarks {
				w.RARCs = append(w.RARCs, latin(m.Code))
			}
		}
		out = append(out, w)
	}
	return out
}

func remarksOf(list []remit.Remark) []RemitRemark {
	out := make([]RemitRemark, 0, len(list))
	for _, m := range list {
		out = append(out, RemitRemark{latin(m.Code), m.Text.Meaning, m.Text.Alert})
	}
	return out
}

func references(list []remit.Reference, showPHI bool) []RemitReference {
	out := make([]RemitReference, 0, len(list))
	for _, r := range list {
		value := latin(r.Value)
		if r.Personal && !showPHI {
			value = "***"
		}
		out = append(out, RemitReference{latin(r.Qualifier), value})
	}
	return out
}

func checks(list []remit.Check) []RemitCheck {
	out := make([]RemitCheck, 0, len(list))
	for i := range list {
		c := &list[i]
		out = append(out, RemitCheck{c.Name, c.Expected.String(), c.Found.String(), c.Difference().String(), latin(c.Message), c.Pos.Segment, c.Grave})
	}
	return out
}

func texts(list []string) []string {
	out := make([]string, 0, len(list))
	for _, s := range list {
		out = append(out, latin(s))
	}
	return out
}

// latin is the text of a file as UTF-8.
func latin(s string) string { return text([]byte(s)) }

func dayText(d edi.Date) string {
	if d == 0 {
		return ""
	}
	return d.String()
}

func optionalDay(d edi.Date) *string {
	if d == 0 {
		return nil
	}
	return Optional(d.String())
}
