package app

import (
	"strings"

	"github.com/gaitkeeper/gaitkeeper/cmd/internal/render"
	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/edi/ack"
)

func (a *ackReader) batch(x *ack.Batch) error {
	if x.Outcome() == ack.ClaimRejected {
		a.found = true
	}
	return a.sink.Answer(&render.AckBatch{
		Type: "batch", File: a.file, Source: x.Source.Name, Role: string(x.Role), Trace: x.Trace, Status: x.Outcome().String(),
		Statuses: a.statuses(x.Statuses), Accepted: countOrNone(x.Accepted), Rejected: countOrNone(x.Rejected),
		AcceptedAmount: x.AcceptedAmount.String(), RejectedAmount: x.RejectedAmount.String(),
	})
}

func (a *ackReader) statuses(list []ack.Status) []render.AckStatus {
	out := make([]render.AckStatus, 0, len(list))
	for i := range list {
		s := &list[i]
		w := render.AckStatus{Codes: []render.AckCode{}, Amount: s.Amount.String(), Text: a.masked(s.Text), Action: s.Advice()}
		if s.Date != 0 {
			w.Date = s.Date.String()
		}
		for _, t := range s.Codes {
			w.Codes = append(w.Codes, render.AckCode{Code: t.String(), Meaning: t.Meaning()})
		}
		out = append(out, w)
	}
	return out
}

func (a *ackReader) claim(x *ack.Claim) error {
	o := x.Outcome()
	out := &render.AckClaim{
		Type: "claim", File: a.file, By: "277CA", Source: x.Source.Name, Clearinghouse: x.Source.Clearinghouse, Claim: x.ID, Status: o.String(),
		Statuses: a.statuses(x.Statuses), PayerControl: x.PayerControl, Trace: x.Trace, Lines: []render.AckLine{},
	}
	if len(x.Provider) == 10 { // an NPI; other numbers may be a person's
		out.Provider = x.Provider
	}
	if a.showPHI {
		out.Patient = render.Optional(strings.Trim(x.Patient.Last+", "+x.Patient.First, ", "))
	}
	if x.Service.From != 0 {
		out.ServiceFrom, out.ServiceTo = x.Service.From.String(), x.Service.To.String()
	}
	amount := edi.Amount(0)
	lines := false
	var do []string
	for i := range x.Statuses {
		amount = max(amount, x.Statuses[i].Amount)
		do = append(do, out.Statuses[i].Action)
	}
	out.Charge = amount.String()
	claim := -1
	if a.sent != nil {
		if claim = a.sent.called(x.ID); claim >= 0 {
			match := "CLM01"
			out.Match, out.SentFile = &match, &a.sent.setOf(claim).file
			a.sent.list[claim].outcome = max(a.sent.list[claim].outcome, o)
		} else {
			a.sum.Unmatched++
		}
	}
	for i := range x.Lines {
		lines = lines || x.Lines[i].Outcome() == ack.ClaimRejected
		out.Lines = append(out.Lines, a.line(claim, &x.Lines[i]))
	}
	out.Action = a.claimAction(o, lines, do)
	a.sum.Claims++
	switch o {
	case ack.ClaimRejected:
		a.found = true
		a.sum.RejectedClaims++
	case ack.ClaimAccepted:
		a.sum.AcceptedClaims++
	case ack.ClaimReceived:
		a.sum.ReceivedClaims++
	}
	return a.sink.Answer(out)
}

// claimAction is what to do about a claim. Where lines say what is wrong, so do they
// what to do.
func (a *ackReader) claimAction(o ack.Outcome, lines bool, do []string) string {
	if o == ack.ClaimRejected && lines {
		return "correct the lines and send the claim again as a new one"
	}
	seen := map[string]bool{}
	var out []string
	for _, d := range do {
		if d != "" && !seen[d] {
			out = append(out, d)
		}
		seen[d] = true
	}
	return strings.Join(out, "; ")
}

func (a *ackReader) line(claim int, l *ack.Line) render.AckLine {
	out := render.AckLine{
		Line: render.Optional(l.Control), Code: l.Procedure, Modifiers: append([]string{}, l.Modifiers...), Charge: l.Charge.String(), Units: l.Units.String(),
		Status: l.Outcome().String(), Statuses: a.statuses(l.Statuses),
	}
	if l.Service.From != 0 {
		out.ServiceFrom = l.Service.From.String()
	}
	if claim >= 0 {
		if sent := a.sent.lineCalled(claim, l.Control); sent != nil {
			key := "6R"
			out.Match, out.LineNumber = &key, render.Optional(sent.number)
		}
	}
	return out
}
