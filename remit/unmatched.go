package remit

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/gaitkeeper/gaitkeeper/edi/x835"
)

// unmatched keeps what of an answer has no partner: it is told behind the payments.
func (r *reporter) unmatched(c *x835.Claim, e *event, out *Claim) error {
	if r.Claims.Len() == 0 {
		return nil
	}
	u := Unmatched{
		Remitted: true, File: out.File, Claim: out.RemittedAs, Trace: out.Trace, PayerControl: out.PayerControl, Payer: out.Payer,
		Charge: out.Charge, Service: out.Service.From, Age: -1,
	}
	if e.claim < 0 {
		u.Candidates = r.Claims.candidates(&r.answer)
		u.Reason = "no claim agrees with it in number, member, date or charge: paper, another system, an older file, or a wrong number"
		if len(u.Candidates) > 0 {
			u.Reason = "claims come near, but none agrees in enough"
		}
		r.tally.Unmatched++
		r.late = append(r.late, u)
		return nil
	}
	for i, m := range r.matches {
		if m.line >= 0 {
			continue
		}
		l := &out.Lines[i]
		lost := u
		lost.Claim, lost.Control, lost.Line, lost.Code, lost.Charge = out.ID, l.Control, l.Ordinal, l.Code, l.Charge
		lost.Reason = fmt.Sprintf("line %d of the answer is no line of the claim: added or recoded by the payer", l.Ordinal)
		lost.Candidates = r.lineCandidates(int(e.claim), &r.answer.services[i])
		r.tally.LinesUnmatched++
		r.late = append(r.late, lost)
	}
	return nil
}

// lineCandidates are the lines of the claim on that day.
func (r *reporter) lineCandidates(n int, s *service) (list []Candidate) {
	for k, l := range r.Claims.linesOf(&r.Claims.claims[n]) {
		c := Candidate{Claim: n, Line: k}
		if s.date != 0 && s.date == l.date {
			c.Agrees = append(c.Agrees, "date")
		}
		if s.charge == l.charge {
			c.Agrees = append(c.Agrees, "charge")
		}
		if s.code == l.code {
			c.Agrees = append(c.Agrees, "code")
		}
		if len(c.Agrees) > 0 {
			list = append(list, c)
		}
	}
	return list[:min(len(list), mostCandidates)]
}

// leftOver tells the answers without a claim, and the claims and lines without an
// answer.
func (r *reporter) leftOver() error {
	for i := range r.late {
		if err := r.visit.Unmatched(&r.late[i]); err != nil {
			return err
		}
	}
	x := r.Claims
	answered := make([]bool, x.Len())
	for _, c := range r.chains {
		if n := r.claimOf(c); n >= 0 {
			answered[n] = true
		}
	}
	order := make([]int32, x.Len())
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortStableFunc(order, func(a, b int32) int { return cmp.Compare(x.order(a, b), 0) })
	for _, n := range order {
		c := &x.claims[n]
		err := error(nil)
		if !answered[n] && c.idle {
			r.tally.idle++
		} else if !answered[n] && c.settled {
			r.tally.Answered++
		} else if !answered[n] {
			err = r.unanswered(n, c)
		} else if err = r.unansweredLines(n, c); err == nil {
			r.tally.Answered++
		}
		if err != nil {
			return err
		}
	}
	r.tally.finish(r.Run)
	return nil
}

// unanswered tells a claim of which no remittance speaks.
func (r *reporter) unanswered(n int32, c *claim) error {
	out := &Claim{
		File: r.Claims.Files[c.file], ID: r.Claims.ID(int(n)), Status: StatusUnanswered, Unanswered: true, Payer: r.Claims.payers[c.payer],
		Provider: string(r.Claims.text.get(c.render)), Number: int(n), Turnaround: -1, Age: -1,
		Buckets: Buckets{Charge: c.charge, Unexplained: c.charge}, Pending: c.charge,
	}
	out.Service.From, out.Service.To = c.from, c.to
	since, after := c.to, "the service"
	if c.sent != 0 {
		since, after = c.sent, "it was sent"
	}
	if since != 0 && r.newest != 0 {
		out.Age = since.Days(r.newest)
		if c.sent != 0 {
			out.Age = max(0, out.Age)
		}
	}
	r.tally.Unanswered++
	r.tally.UnansweredCharge += c.charge
	if err := r.visit.Claim(out); err != nil {
		return err
	}
	reason := "no answer"
	if out.Age >= 0 {
		reason += fmt.Sprintf(" %d days after %s", out.Age, after)
	}
	reason += ": look for its 277CA, a rejected claim never gets a remittance"
	return r.visit.Unmatched(&Unmatched{
		File: out.File, Claim: out.ID, Payer: out.Payer, Charge: c.charge, Service: c.from, Age: out.Age, Reason: reason,
	})
}

// unansweredLines tells the lines of an answered claim of which no answer speaks.
func (r *reporter) unansweredLines(n int32, c *claim) error {
	for k, l := range r.Claims.linesOf(c) {
		if r.answered[int(c.first)+k] != 0 || l.settled {
			continue
		}
		r.tally.LinesUnanswered++
		u := Unmatched{
			File: r.Claims.Files[c.file], Claim: r.Claims.ID(int(n)), Control: string(r.Claims.text.get(l.control)), Line: int(l.lx),
			Code: unpack(l.code), Payer: r.Claims.payers[c.payer], Charge: l.charge, Service: l.date, Age: -1,
			Reason: "the claim was answered, this line was not",
		}
		if err := r.visit.Unmatched(&u); err != nil {
			return err
		}
	}
	return nil
}
