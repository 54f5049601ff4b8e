package render

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
)

// remitText writes a reconciliation for people: each denied or odd claim under its
// payment, then what has no partner, then the numbers.
type remitText struct {
	Options
	w         *bufio.Writer
	payment   *RemitPayment
	shown     bool // the head of the payment
	unmatched []RemitUnmatched
}

func newRemitText(w io.Writer, o Options) *remitText {
	return &remitText{Options: o, w: bufio.NewWriterSize(w, 64<<10)}
}

func (t *remitText) Payment(p *RemitPayment) error {
	t.payment, t.shown = p, false
	if !p.Balanced || len(p.Duplicates) > 0 || slices.ContainsFunc(p.Checks, grave) {
		t.head()
	}
	return nil
}

func grave(c RemitCheck) bool { return c.Grave }

// head writes the line of the payment, once.
func (t *remitText) head() {
	p := t.payment
	if t.shown || p == nil {
		return
	}
	t.shown = true
	s := t.Style
	state := s.Green("balanced")
	if !p.Balanced {
		state = s.Red("out of balance by " + dollars(p.Difference))
	}
	fmt.Fprintf(t.w, "%s %s payer %s, %s for %s, %s\n", s.Bold("payment "+printable([]byte(p.Trace))), p.Date, p.Payer, dollars(p.Amount), many(p.Claims, "claim"), state)
	fmt.Fprintf(t.w, "  %s\n", s.Dim(p.File))
	for _, n := range p.Notices {
		fmt.Fprintf(t.w, "  %s %s\n", s.Yellow("note:"), n)
	}
	for _, f := range p.Duplicates {
		fmt.Fprintf(t.w, "  %s\n", s.Dim("again in "+f))
	}
	t.checks("  ", p.Checks, true)
	fmt.Fprintln(t.w)
}

func (t *remitText) checks(indent string, list []RemitCheck, all bool) {
	for _, c := range list {
		if c.Grave || all {
			fmt.Fprintf(t.w, "%s%s %s: expected %s, found %s, difference %s\n", indent, t.Style.Red("balance:"), c.Message, dollars(c.Expected), dollars(c.Found), dollars(c.Difference))
		}
	}
}

// speaks reports whether there is something to say of an answer in text: denied or
// unexplained money, a sum that does not come out, a reversal.
func speaks(c *RemitClaim, lines []RemitLine) bool {
	odd := func(denied, unexplained string, checks []RemitCheck) bool {
		return denied != zero || unexplained != zero || slices.ContainsFunc(checks, grave)
	}
	return c.Standing == "reversal" || odd(c.Denied, c.Unexplained, c.Checks) ||
		slices.ContainsFunc(lines, func(l RemitLine) bool { return odd(l.Denied, l.Unexplained, l.Checks) })
}

const zero = "0.00"

func (t *remitText) Claim(c *RemitClaim, lines []RemitLine) error {
	if c.Status == "unanswered" || !speaks(c, lines) {
		return nil
	}
	t.head()
	s := t.Style
	fmt.Fprintf(t.w, "  %s %s", s.Bold("claim "+printable([]byte(c.Claim))), t.status(c.Status))
	if c.Standing != "current" {
		fmt.Fprintf(t.w, " (%s)", c.Standing)
	}
	fmt.Fprintf(t.w, ": charged %s, %s\n", dollars(c.Charge), spread(c.Paid, c.Patient, c.Contractual, c.Denied, c.Unexplained))
	t.checks("    ", c.Checks, false)
	for _, n := range c.Notices {
		fmt.Fprintf(t.w, "    %s %s\n", s.Yellow("note:"), n)
	}
	if c.Denied != zero && c.Standing == "current" {
		t.whole(c)
	}
	for i := range lines {
		if l := &lines[i]; c.Standing == "current" && (l.Denied != zero || l.Unexplained != zero && c.Pending == zero || slices.ContainsFunc(l.Checks, grave)) {
			t.line(l)
		}
	}
	fmt.Fprintln(t.w)
	return nil
}

// whole tells the denials of the claim itself.
func (t *remitText) whole(c *RemitClaim) {
	told := false
	for _, a := range c.Adjustments {
		if a.Bucket == "denied" {
			fmt.Fprintf(t.w, "    %s %s-%s: %s\n", dollars(a.Amount), a.Group, a.CARC, a.Meaning)
			told = true
		}
	}
	if told {
		for _, a := range c.Actions {
			t.advice(a.Action, a.Text, a.Deadline, a.DeadlineBasis)
		}
		t.predicted(c.Prediction)
	}
}

func (t *remitText) line(l *RemitLine) {
	s := t.Style
	name := "line"
	if l.LineNumber != nil {
		name = fmt.Sprintf("line %d", *l.LineNumber)
	}
	code := strings.Join(append([]string{l.Code}, l.Modifiers...), " ")
	if l.PaidAs != nil {
		code += " as " + *l.PaidAs
	}
	fmt.Fprintf(t.w, "    %s %s %s: charged %s, %s\n", s.Bold(name), code, l.Date, dollars(l.Charge), spread(l.Paid, l.Patient, l.Contractual, l.Denied, l.Unexplained))
	if l.Cause != "" {
		fmt.Fprintf(t.w, "      %s\n", l.Cause)
	}
	t.checks("      ", l.Checks, false)
	for _, n := range l.Notices {
		fmt.Fprintf(t.w, "      %s %s\n", s.Yellow("note:"), n)
	}
	if l.Action != nil && l.Denied != zero {
		t.advice(*l.Action, l.ActionText, l.Deadline, l.DeadlineBasis)
	}
	t.predicted(l.Prediction)
}

func (t *remitText) advice(step, words string, deadline *string, basis string) {
	fmt.Fprintf(t.w, "      %s %s", t.Style.Blue("do:"), words)
	if deadline != nil {
		fmt.Fprintf(t.w, ", by %s (%s)", *deadline, basis)
	}
	fmt.Fprintln(t.w)
}

func (t *remitText) predicted(p *RemitPrediction) {
	if p == nil {
		return
	}
	fmt.Fprintf(t.w, "      %s rule %s (%s) finds it before sending: %s", t.Style.Blue("scrub:"), p.Rule, p.Name, p.Message)
	if p.Fix != nil {
		fmt.Fprintf(t.w, " (%s fix: %s)", *p.Fix, p.FixText)
	}
	fmt.Fprintln(t.w)
}

func (t *remitText) status(s string) string {
	switch s {
	case "denied", "partial":
		return t.Style.Red(s)
	case "paid":
		return t.Style.Green(s)
	}
	return t.Style.Yellow(s)
}

// spread names the buckets that hold money.
func spread(paid, patient, contractual, denied, unexplained string) string {
	var parts []string
	for _, b := range []struct{ name, amount string }{
		{"paid", paid}, {"patient", patient}, {"contract", contractual}, {"denied", denied}, {"unexplained", unexplained},
	} {
		if b.amount != zero {
			parts = append(parts, b.name+" "+dollars(b.amount))
		}
	}
	if parts == nil {
		return "nothing paid"
	}
	return strings.Join(parts, ", ")
}

// dollars is an amount with marks between thousands.
func dollars(s string) string {
	sign := ""
	if rest, minus := strings.CutPrefix(s, "-"); minus {
		sign, s = "-", rest
	}
	whole, cents, _ := strings.Cut(s, ".")
	var b strings.Builder
	for i, c := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(c)
	}
	return sign + "$" + b.String() + "." + cents
}

func (t *remitText) Unmatched(u *RemitUnmatched) error {
	t.unmatched = append(t.unmatched, *u)
	return nil
}

// mostShown is how many rows of a table are shown as text; the other formats have all.
const mostShown = 15

func (t *remitText) Close(s *RemitSummary) error {
	if s.Payments == 0 {
		fmt.Fprintln(t.w, t.Style.Yellow("No remittance was read."))
		return t.w.Flush()
	}
	t.partners()
	t.money(s)
	t.denials(s)
	t.by(s)
	t.ledger(s)
	t.turnaround(s)
	t.counts(s)
	return t.w.Flush()
}

// partners lists what has no partner.
func (t *remitText) partners() {
	slices.SortStableFunc(t.unmatched, func(a, b RemitUnmatched) int { return cmp.Compare(a.Side, b.Side) })
	for _, side := range []struct{ side, title string }{
		{"835", "Answers without a claim"}, {"837", "Claims and lines without an answer"},
	} {
		n := 0
		for i := range t.unmatched {
			u := &t.unmatched[i]
			if u.Side != side.side {
				continue
			}
			if n++; n == 1 {
				fmt.Fprintln(t.w, t.Style.Bold(side.title))
			}
			if n <= mostShown {
				t.lost(u)
			}
		}
		if n > mostShown {
			fmt.Fprintf(t.w, "  and %d more: --format csv or ndjson has all\n", n-mostShown)
		}
		if n > 0 {
			fmt.Fprintln(t.w)
		}
	}
}

func (t *remitText) lost(u *RemitUnmatched) {
	what := "claim " + printable([]byte(u.Claim))
	if u.LineNumber != nil {
		what += fmt.Sprintf(" line %d %s", *u.LineNumber, u.Code)
	}
	fmt.Fprintf(t.w, "  %s %s, charged %s: %s\n", what, u.ServiceFrom, dollars(u.Charge), u.Reason)
	for _, c := range u.Candidates[:min(len(u.Candidates), 2)] {
		line := ""
		if c.LineNumber != nil {
			line = fmt.Sprintf(" line %d", *c.LineNumber)
		}
		fmt.Fprintf(t.w, "    %s claim %s%s: %s\n", t.Style.Dim("perhaps"), printable([]byte(c.Claim)), line, cmp.Or(strings.Join(c.Agrees, ", "), "nothing else agrees"))
	}
}

func (t *remitText) money(s *RemitSummary) {
	fmt.Fprintln(t.w, t.Style.Bold("Where the dollars went"))
	table := NewTable(t.Style, ">amount", ">of charge", "")
	row := func(amount, what string) { table.Row(dollars(amount), share(amount, s.Charge), what) }
	row(s.Charge, "charged")
	row(s.Paid, "paid")
	row(s.Patient, "patient's share")
	row(s.Contractual, "contract, law, other payers")
	row(s.Denied, fmt.Sprintf("denied; %s can be recovered", dollars(s.Recoverable)))
	row(s.Unexplained, "unexplained or undecided")
	t.table(table)
}

func (t *remitText) table(table *Table) {
	t.w.Flush()
	_ = table.Write(t.w)
	fmt.Fprintln(t.w)
}

func (t *remitText) denials(s *RemitSummary) {
	if len(s.Denials) == 0 {
		return
	}
	fmt.Fprintln(t.w, t.Style.Bold("Denials, most dollars first"))
	table := NewTable(t.Style, ">denied", ">lines", "reason", "do", "rules", "meaning")
	for i := range s.Denials[:min(len(s.Denials), mostShown)] {
		d := &s.Denials[i]
		reason := d.Group + "-" + d.CARC
		if len(d.RARCs) > 0 {
			reason += " " + strings.Join(d.RARCs, " ")
		}
		table.Row(dollars(d.Denied), fmt.Sprint(d.Lines), reason, d.Action, strings.Join(d.Rules, " "), d.Meaning)
	}
	t.table(table)
}

func (t *remitText) by(s *RemitSummary) {
	if len(s.By) == 0 {
		return
	}
	what := s.By[0].Dimension
	fmt.Fprintln(t.w, t.Style.Bold("By "+what))
	// Reasons and rules are those of denied lines only: they have no rate.
	refused := what == "carc" || what == "rule"
	table := NewTable(t.Style, what, ">lines", ">denied", ">of lines", ">denied dollars", ">of charge", ">recoverable")
	if refused {
		table = NewTable(t.Style, what, ">denied lines", ">denied dollars", ">of all", ">recoverable")
	}
	for i := range s.By[:min(len(s.By), mostShown)] {
		g := &s.By[i]
		if refused {
			table.Row(g.Value, fmt.Sprint(g.DeniedLines), dollars(g.Denied), share(g.Denied, s.Denied), dollars(g.Recoverable))
			continue
		}
		table.Row(g.Value, fmt.Sprint(g.Lines), fmt.Sprint(g.DeniedLines), percent(&g.Rate), dollars(g.Denied), percent(&g.DollarRate), dollars(g.Recoverable))
	}
	t.table(table)
}

// share is a part of a whole; "" where there is none.
func share(part, whole string) string {
	if w := number64(whole); w > 0 {
		return fmt.Sprintf("%.1f %%", 100*number64(part)/w)
	}
	return ""
}

func (t *remitText) turnaround(s *RemitSummary) {
	if len(s.Turnaround) == 0 {
		return
	}
	fmt.Fprintln(t.w, t.Style.Bold("Days from receipt to payment"))
	table := NewTable(t.Style, "payer", ">claims", ">median", ">most")
	for _, d := range s.Turnaround {
		table.Row(d.Payer, fmt.Sprint(d.Claims), fmt.Sprint(d.Median), fmt.Sprint(d.Most))
	}
	t.table(table)
}

func (t *remitText) ledger(s *RemitSummary) {
	if len(s.Ledger) > 0 {
		fmt.Fprintln(t.w, t.Style.Bold("Provider adjustments (PLB): positive lowered a payment"))
		table := NewTable(t.Style, "code", ">entries", ">amount", "meaning")
		for _, e := range s.Ledger {
			table.Row(e.Reason, fmt.Sprint(e.Entries), dollars(e.Amount), e.Meaning)
		}
		t.table(table)
	}
	for _, f := range s.Forward {
		if f.Open != zero {
			fmt.Fprintf(t.w, "Balance forward of payment %s, payer %s: %s moved out, %s taken in, %s open.\n", printable([]byte(f.Reference)), f.Payer, dollars(f.Out), dollars(f.In), dollars(f.Open))
		}
	}
}

func (t *remitText) counts(s *RemitSummary) {
	r := &s.Rates
	fmt.Fprintf(t.w, "Denial rate: %s of lines, %s of dollars (first answers: %s, %s). First-pass yield %s of lines. Net collection %s.\n",
		percent(r.Denial), percent(r.DenialDollars), percent(r.Initial), percent(r.InitialDollars), percent(r.FirstPass), percent(r.NetCollection))
	if len(s.UnknownCodes) > 0 {
		fmt.Fprintf(t.w, "Codes that no table here knows: %s.\n", strings.Join(s.UnknownCodes, ", "))
	}
	for _, n := range s.NotChecked {
		fmt.Fprintf(t.w, "Not predicted without %s: %s.\n", n.Needs, strings.Join(n.Rules, ", "))
	}
	fmt.Fprintf(t.w, "%s, %s in all: %s for claims, %s by provider adjustments. %d out of balance; copies set aside: %d.\n",
		many(s.Payments, "payment"), dollars(s.Amount), dollars(s.ClaimsPaid), signed(s.Withheld), s.Unbalanced, s.Duplicates)
	fmt.Fprintf(t.w, "Read %s with %s, %s; %d out of balance, %d not whole.\n", many(s.Answers, "answer"), many(s.Lines, "line"), many(s.Reversals, "reversal"), s.OutOfBalance, s.Faulty)
	if s.Claims > 0 {
		fmt.Fprintf(t.w, "%d of %s matched; of %s, %d answered and %d not.\n", s.Matched, many(s.Answers, "answer"), many(s.Claims, "claim"), s.ClaimsAnswered, s.Unanswered)
	}
}

// signed says what amounts that were withheld did to a payment.
func signed(withheld string) string {
	if rest, added := strings.CutPrefix(withheld, "-"); added {
		return dollars(rest) + " added"
	}
	return dollars(withheld) + " withheld"
}

func percent(r *float64) string {
	if r == nil {
		return "-"
	}
	return fmt.Sprintf("%.1f %%", 100**r)
}

func number64(s string) (f float64) {
	fmt.Sscanf(s, "%g", &f)
	return f
}
