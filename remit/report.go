package remit

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/edi/x835"
	"github.com/gaitkeeper/gaitkeeper/remit/codes"
)

// Report reads the sources again and tells everything. The order is that of the
// payments' days and the names of the files.
func (r *Run) Report(ctx context.Context, v Visitor) error {
	order := make([]*source, len(r.sources))
	for i := range r.sources {
		order[i] = &r.sources[i]
	}
	slices.SortStableFunc(order, func(a, b *source) int {
		if a.first != b.first {
			return int(a.first - b.first)
		}
		return strings.Compare(a.Name, b.Name)
	})
	rep := &reporter{Run: r, visit: v, numbers: r.numbers()}
	for _, s := range order {
		if err := rep.read(ctx, s); err != nil {
			return err
		}
	}
	return rep.leftOver()
}

// reporter is one second reading.
type reporter struct {
	*Run
	visit   Visitor
	numbers map[string]string
	answer  answer
	matches []lineMatch
	payment *payment
	late    []Unmatched // told behind the payments
}

// numbers are the claims by the numbers that a PLB may name them with.
func (r *Run) numbers() map[string]string {
	wanted := map[string]string{}
	for i := range r.payments {
		for k := range r.payments[i].plb {
			for _, word := range words(r.payments[i].plb[k].Reference) {
				wanted[word] = ""
			}
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	for i := range r.events {
		e := &r.events[i]
		for _, t := range []text{e.number, e.control} {
			if _, ok := wanted[string(r.text.get(t))]; ok {
				wanted[string(r.text.get(t))] = r.idOf(e)
			}
		}
	}
	return wanted
}

// words are the parts of a reference that may be a control number.
func words(reference string) []string {
	list := strings.Fields(reference)
	if len(list) != 1 {
		list = append(list, reference)
	}
	return slices.DeleteFunc(list, func(w string) bool { return len(w) < 3 })
}

// idOf is CLM01 of the claim of an answer, or CLP01.
func (r *Run) idOf(e *event) string {
	if e.claim >= 0 {
		return r.Claims.ID(int(e.claim))
	}
	return string(r.text.get(e.number))
}

func (r *reporter) read(ctx context.Context, s *source) error {
	in, err := s.Open()
	if err != nil {
		return err
	}
	defer in.Close()
	reader := x835.NewReader(in)
	reader.OnError = func(*edi.SyntaxError) {} // told by Survey
	var c x835.Claim
	payments := s.payments
	for n := 0; ; n++ {
		if n%256 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		item, err := reader.Next(&c)
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case item == x835.PaymentBegins:
			r.payment = &r.payments[payments]
			payments++
			if r.payment.copyOf < 0 {
				err = r.visit.Payment(r.tellPayment())
			}
		case item == x835.ClaimRead:
			if e := &r.events[s.events+c.Ordinal]; !e.copied {
				err = r.claim(&c, e)
			}
		}
		if err != nil {
			return err
		}
	}
}

func (r *reporter) tellPayment() *Payment {
	p := r.payment
	out := &Payment{
		File: r.sources[p.source].Name, Trace: p.trace, Originator: p.from, Payer: p.payerKey(), PayerName: p.name, Payee: p.to,
		Date: p.date, Method: p.method, Amount: p.amount, ClaimsPaid: p.claimsPaid, Claims: p.claims, OutOfBalance: p.unbalanced,
		Content: p.content, Checks: checkPayment(p, p.pos),
	}
	for _, n := range p.copies {
		out.Copies = append(out.Copies, r.sources[r.payments[n].source].Name)
	}
	if len(p.copies) > 0 {
		out.Notices = append(out.Notices, fmt.Sprintf("the same payment was read %d times; it counts once", 1+len(p.copies)))
	}
	for i := range p.plb {
		a := ProviderAdjustment{ProviderAdjustment: p.plb[i]}
		e, known := codes.PLB(a.Reason)
		a.Meaning = e.Meaning
		if !known {
			r.tally.unknown("PLB " + a.Reason)
		}
		for _, w := range words(a.Reference) {
			if id := r.numbers[w]; id != "" {
				a.Claim = id
				break
			}
		}
		out.Withheld += a.Amount
		out.PLB = append(out.PLB, a)
	}
	r.tally.payment(out, p)
	return out
}

// claim tells an answer.
func (r *reporter) claim(c *x835.Claim, e *event) error {
	p := r.payment
	set := settingOf(c)
	out := &Claim{
		File: r.sources[p.source].Name, ID: r.idOf(e), RemittedAs: string(c.ID()), Trace: p.trace, Payer: p.payerKey(), PaymentDate: p.date,
		ClaimStatus: string(c.Status()), PayerControl: string(c.PayerControl()), Filing: string(c.FilingIndicator()),
		Standing: e.standing, Buckets: e.Buckets, Interest: e.interest, Forwarded: forwarded(string(c.Status())),
		Match: e.key, Confidence: e.confidence, Number: int(e.claim), Turnaround: -1, Checks: checkClaim(c),
	}
	if d := c.Date("050"); d != 0 && p.date != 0 {
		out.Turnaround = max(0, d.Days(p.date))
	}
	var levels Buckets
	out.Adjustments = set.explain(c.Adjustments, nil, &levels)
	out.Remarks = remarks(c.Remarks(), nil)
	out.References = references(c, c.Part)
	out.Provider = r.provider(c, e)
	a := &r.answer
	a.read(c, r.Claims)
	out.Service = a.dates
	r.matchesOf(e, a)
	for i := range c.Lines {
		out.Lines = append(out.Lines, r.line(c, i, &set, out))
	}
	r.bundles(out)
	r.notices(c, e, out)
	r.advise(out, &set, e)
	pending := set.status == statusPredetermined
	for _, x := range out.Adjustments {
		if x.Pending {
			out.Pending += x.Amount
		}
	}
	for i := range out.Lines {
		for _, x := range out.Lines[i].Adjustments {
			if x.Pending {
				out.Pending += x.Amount
			}
		}
	}
	out.Status = set.statusOf(&out.Buckets, pending || out.Pending != 0)
	if e.last {
		out.Net = r.net(r.chains[e.chain])
	}
	r.tally.claim(r.Run, out, e)
	if err := r.visit.Claim(out); err != nil {
		return err
	}
	return r.unmatched(c, e, out)
}

// provider is the NPI of who rendered the services, as the answer or the claim says,
// or of the payee.
func (r *reporter) provider(c *x835.Claim, e *event) string {
	if n, ok := c.Name("82"); ok && len(n.ID()) > 0 {
		return string(n.ID())
	}
	if e.claim >= 0 {
		if id := r.Claims.text.get(r.Claims.claims[e.claim].render); len(id) > 0 {
			return string(id)
		}
	}
	return r.payment.to
}

func (r *reporter) matchesOf(e *event, a *answer) {
	if e.claim < 0 {
		r.matches = r.matches[:0]
		for range a.services {
			r.matches = append(r.matches, lineMatch{line: -1})
		}
		return
	}
	c := &r.Claims.claims[e.claim]
	r.matches = r.Claims.matchLines(c, a.services, r.matches)
	for _, m := range r.matches {
		if m.line >= 0 {
			r.answered[int(c.first)+m.line] = 1
		}
	}
	if len(a.services) == 0 {
		for i := range c.count {
			r.answered[c.first+i] = 1 // answered as a whole
		}
	}
}

// line tells a service line.
func (r *reporter) line(c *x835.Claim, i int, set *setting, of *Claim) Line {
	l, s, m := &c.Lines[i], &r.answer.services[i], r.matches[i]
	out := Line{
		Ordinal: i + 1, Index: m.line, Control: string(s.control), Code: unpack(s.code), Modifiers: s.mods.strings(), Date: s.date,
		Units: l.BilledUnits(), UnitsPaid: l.Units, Provider: of.Provider, Match: m.key, Confidence: m.confidence,
		Buckets: Buckets{Charge: l.Charge, Paid: l.Paid}, Checks: checkLine(c, l),
	}
	if id := l.Ref("HPI"); len(id) > 0 {
		out.Provider = string(id)
	}
	out.Adjustments = set.explain(l.Adjustments, nil, &out.Buckets)
	out.close()
	out.Remarks = remarks(l.Remarks(), nil)
	out.References = references(c, l.Part)
	out.Allowed, out.HasAllowed = l.Amount("B6")
	pending := false
	for _, a := range out.Adjustments {
		pending = pending || a.Pending
		if !a.Known {
			out.Notices = append(out.Notices, "reason code "+a.CARC+" is in no table known here: its amount is not explained")
			r.tally.unknown("CARC " + a.CARC)
		}
	}
	for _, m := range out.Remarks {
		if !m.Known {
			r.tally.unknown("RARC " + m.Code)
		}
	}
	out.Status = set.statusOf(&out.Buckets, pending)
	if s.paidAs != s.code {
		out.PaidAs = unpack(s.paidAs)
		out.Flags = append(out.Flags, FlagRecoded)
	}
	if l.HasSubmittedUnits && l.HasUnits && l.Units < l.SubmittedUnits {
		out.Flags = append(out.Flags, FlagUnitsCut)
	}
	if m.line >= 0 {
		b := r.Claims.linesOf(&r.Claims.claims[of.Number])[m.line]
		if id := r.Claims.text.get(b.control); len(id) > 0 {
			out.Control = string(id)
		}
		out.Number = int(b.lx)
		if !s.mods.same(b.mods) {
			out.Flags = append(out.Flags, FlagModifiers)
		}
		if m.ambiguous {
			out.Flags = append(out.Flags, FlagAmbiguous)
		}
		for k, o := range r.matches {
			if k != i && o.line == m.line {
				out.Flags = append(out.Flags, FlagSplit)
				break
			}
		}
		if out.PaidAs == "" && s.code != b.code {
			out.PaidAs, out.Code = out.Code, unpack(b.code)
			out.Flags = append(out.Flags, FlagRecoded)
		}
	}
	return out
}

// bundles marks lines that were priced as one code: the charges of the others were
// moved onto the first.
func (r *reporter) bundles(c *Claim) {
	moved := false
	for i := range c.Lines {
		for _, a := range c.Lines[i].Adjustments {
			moved = moved || a.CARC == "94" && a.Amount < 0
		}
	}
	for i := range c.Lines {
		l := &c.Lines[i]
		if !moved || l.PaidAs == "" {
			continue
		}
		l.Flags = append(l.Flags, FlagBundled)
		if l.Paid == 0 && l.Denied == 0 && c.ClaimStatus != statusReversal {
			l.Action = &Action{Step: StepNone, Text: "its charge was moved onto another line, which is paid for both"}
		}
	}
}

// personalRefs are REF qualifiers whose value identifies a person.
var personalRefs = []string{"SY", "1W", "EA", "28", "IG", "0F", "23"}

func references(c *x835.Claim, p x835.Part) (list []Reference) {
	for i := range p.Each(tagREF, "") {
		q := string(c.Text(i, 1))
		if q == "6R" {
			continue
		}
		list = append(list, Reference{q, string(c.Text(i, 2)), slices.Contains(personalRefs, q)})
	}
	return list
}

// advise finds cause, action and prediction of every denial of an answer.
func (r *reporter) advise(c *Claim, set *setting, e *event) {
	stands := e.standing == Current
	recoverable := func(p *plea, amount edi.Amount) (a Action) {
		a = p.action()
		if !stands {
			a = Action{Step: StepNone, Text: "a later answer stands for this one"}
		}
		i := slices.IndexFunc(c.Actions, func(o ClaimAction) bool { return o.Action == a })
		if i < 0 {
			i = len(c.Actions)
			c.Actions = append(c.Actions, ClaimAction{Action: a})
		}
		c.Actions[i].Amount += amount
		return a
	}
	if c.Status == StatusReversed || set.status == statusReversal {
		return
	}
	for i := range c.Adjustments {
		a := &c.Adjustments[i]
		if a.Bucket != Denied || a.Amount <= 0 {
			continue
		}
		p := r.plea(c, nil, a, set)
		if c.Prediction == nil {
			c.Prediction = r.predict(c, -1, p)
		}
		p.foreseen = c.Prediction
		if do := recoverable(p, a.Amount); do.Step.Recovers() {
			c.Recoverable += a.Amount
		}
	}
	for i := range c.Lines {
		l := &c.Lines[i]
		var most edi.Amount
		for k := range l.Adjustments {
			a := &l.Adjustments[k]
			if a.Bucket != Denied || a.Amount <= 0 {
				continue
			}
			p := r.plea(c, l, a, set)
			p.foreseen = r.predict(c, r.matches[i].line, p)
			if l.Prediction == nil {
				l.Prediction = p.foreseen
			}
			do := recoverable(p, a.Amount)
			if do.Step.Recovers() {
				l.Recoverable += a.Amount
				c.Recoverable += a.Amount
			}
			if a.Amount > most {
				most, l.Action, l.Cause = a.Amount, &do, p.cause()
			}
		}
	}
}

func (r *reporter) plea(c *Claim, l *Line, a *Adjustment, set *setting) *plea {
	p := &plea{
		reason: a.Reason, known: a.Known, group: a.Group, claim: c.Remarks, medicare: set.medicare(),
		denied: c.PaymentDate, service: c.Service.From,
	}
	if l != nil {
		p.lines, p.service, p.code, p.units = l.Remarks, l.Date, pack([]byte(l.Code)), l.Units
		for i := range c.Lines {
			o := &c.Lines[i]
			if o == l || o.Date != l.Date {
				continue
			}
			p.others = append(p.others, pack([]byte(o.Code)))
			if o.Code == l.Code {
				p.units += o.Units
			}
		}
	}
	return p
}

func (r *reporter) predict(c *Claim, line int, p *plea) *Prediction {
	if r.Predictor == nil || c.Number < 0 {
		return nil
	}
	d := Denial{Group: p.group, CARC: p.reason.Code}
	for _, list := range [][]Remark{p.lines, p.claim} {
		for _, m := range list {
			d.RARCs = append(d.RARCs, m.Code)
		}
	}
	return r.Predictor.Predict(c.Number, line, d)
}
