package report

import (
	"strings"

	"github.com/gaitkeeper/gaitkeeper/cmd/internal/render"
)

// view is a table of rows of type T: a sheet of the workbook, or a file.
type view[T any] struct {
	name    string
	columns []column[T]
}

type column[T any] struct {
	title string
	width float64 // in characters
	value func(*T) any
}

func (v *view[T]) titles() []string {
	out := make([]string, len(v.columns))
	for i := range v.columns {
		out[i] = v.columns[i].title
	}
	return out
}

func (v *view[T]) widths() []float64 {
	out := make([]float64, len(v.columns))
	for i := range v.columns {
		out[i] = v.columns[i].width
	}
	return out
}

func (v *view[T]) row(t *T) []any {
	out := make([]any, len(v.columns))
	for i := range v.columns {
		out[i] = v.columns[i].value(t)
	}
	return out
}

var paymentView = view[render.RemitPayment]{"Payments", []column[render.RemitPayment]{
	{"payer", 14, func(p *render.RemitPayment) any { return p.Payer }},
	{"payer name", 28, func(p *render.RemitPayment) any { return p.PayerName }},
	{"trace", 18, func(p *render.RemitPayment) any { return p.Trace }},
	{"date", 11, func(p *render.RemitPayment) any { return dayOf(p.Date) }},
	{"method", 8, func(p *render.RemitPayment) any { return p.Method }},
	{"amount", 13, func(p *render.RemitPayment) any { return money(p.Amount) }},
	{"claims paid", 13, func(p *render.RemitPayment) any { return money(p.ClaimsPaid) }},
	{"withheld", 12, func(p *render.RemitPayment) any { return money(p.Withheld) }},
	{"difference", 12, func(p *render.RemitPayment) any { return money(p.Difference) }},
	{"balanced", 9, func(p *render.RemitPayment) any { return yesNo(p.Balanced) }},
	{"claims", 8, func(p *render.RemitPayment) any { return p.Claims }},
	{"out of balance", 14, func(p *render.RemitPayment) any { return p.OutOfBalance }},
	{"payee", 12, func(p *render.RemitPayment) any { return p.Payee }},
	{"file", 30, func(p *render.RemitPayment) any { return p.File }},
	{"further copies", 20, func(p *render.RemitPayment) any { return strings.Join(p.Duplicates, " ") }},
	{"checks", 40, func(p *render.RemitPayment) any { return failed(p.Checks) }},
	{"notices", 40, func(p *render.RemitPayment) any { return strings.Join(p.Notices, "; ") }},
}}

var claimView = view[render.RemitClaim]{"Claims", []column[render.RemitClaim]{
	{"claim", 16, func(c *render.RemitClaim) any { return c.Claim }},
	{"payer", 14, func(c *render.RemitClaim) any { return c.Payer }},
	{"status", 12, func(c *render.RemitClaim) any { return c.Status }},
	{"standing", 12, func(c *render.RemitClaim) any { return c.Standing }},
	{"CLP02", 7, func(c *render.RemitClaim) any { return c.ClaimStatus }},
	{"payer control", 18, func(c *render.RemitClaim) any { return c.PayerControl }},
	{"trace", 18, func(c *render.RemitClaim) any { return c.Trace }},
	{"payment date", 12, func(c *render.RemitClaim) any { return dayOf(c.PaymentDate) }},
	{"service from", 12, func(c *render.RemitClaim) any { return dayOf(c.ServiceFrom) }},
	{"service to", 12, func(c *render.RemitClaim) any { return dayOf(c.ServiceTo) }},
	{"provider", 12, func(c *render.RemitClaim) any { return c.Provider }},
	{"charge", 12, func(c *render.RemitClaim) any { return money(c.Charge) }},
	{"paid", 12, func(c *render.RemitClaim) any { return money(c.Paid) }},
	{"patient", 12, func(c *render.RemitClaim) any { return money(c.Patient) }},
	{"contractual", 12, func(c *render.RemitClaim) any { return money(c.Contractual) }},
	{"denied", 12, func(c *render.RemitClaim) any { return money(c.Denied) }},
	{"unexplained", 12, func(c *render.RemitClaim) any { return money(c.Unexplained) }},
	{"recoverable", 12, func(c *render.RemitClaim) any { return money(c.Recoverable) }},
	{"interest", 10, func(c *render.RemitClaim) any { return money(c.Interest) }},
	{"reasons", 16, func(c *render.RemitClaim) any { return reasons(c.Adjustments) }},
	{"remarks", 16, func(c *render.RemitClaim) any { return remarkCodes(c.Remarks) }},
	{"predicted by", 12, func(c *render.RemitClaim) any { return text(c.PredictedBy) }},
	{"match", 16, func(c *render.RemitClaim) any { return text(c.Match) }},
	{"confidence", 11, func(c *render.RemitClaim) any { return text(c.MatchConfidence) }},
	{"turnaround days", 15, func(c *render.RemitClaim) any { return valueOf(c.Turnaround) }},
	{"age days", 9, func(c *render.RemitClaim) any { return valueOf(c.Age) }},
	{"remitted as", 16, func(c *render.RemitClaim) any { return c.RemittedAs }},
	{"file", 30, func(c *render.RemitClaim) any { return c.File }},
	{"checks", 40, func(c *render.RemitClaim) any { return failed(c.Checks) }},
	{"notices", 40, func(c *render.RemitClaim) any { return strings.Join(c.Notices, "; ") }},
}}

var lineView = view[render.RemitLine]{"Lines", []column[render.RemitLine]{
	{"claim", 16, func(l *render.RemitLine) any { return l.Claim }},
	{"line", 16, func(l *render.RemitLine) any { return text(l.Line) }},
	{"LX", 6, func(l *render.RemitLine) any { return valueOf(l.LineNumber) }},
	{"code", 9, func(l *render.RemitLine) any { return l.Code }},
	{"modifiers", 12, func(l *render.RemitLine) any { return strings.Join(l.Modifiers, " ") }},
	{"paid as", 9, func(l *render.RemitLine) any { return text(l.PaidAs) }},
	{"date", 11, func(l *render.RemitLine) any { return dayOf(l.Date) }},
	{"units", 7, func(l *render.RemitLine) any { return quantity(l.Units) }},
	{"units paid", 10, func(l *render.RemitLine) any { return quantity(l.UnitsPaid) }},
	{"status", 12, func(l *render.RemitLine) any { return l.Status }},
	{"standing", 12, func(l *render.RemitLine) any { return l.Standing }},
	{"charge", 12, func(l *render.RemitLine) any { return money(l.Charge) }},
	{"allowed", 12, func(l *render.RemitLine) any { return moneyOf(l.Allowed) }},
	{"paid", 12, func(l *render.RemitLine) any { return money(l.Paid) }},
	{"patient", 12, func(l *render.RemitLine) any { return money(l.Patient) }},
	{"contractual", 12, func(l *render.RemitLine) any { return money(l.Contractual) }},
	{"denied", 12, func(l *render.RemitLine) any { return money(l.Denied) }},
	{"unexplained", 12, func(l *render.RemitLine) any { return money(l.Unexplained) }},
	{"recoverable", 12, func(l *render.RemitLine) any { return money(l.Recoverable) }},
	{"reasons", 18, func(l *render.RemitLine) any { return reasons(l.Adjustments) }},
	{"remarks", 18, func(l *render.RemitLine) any { return remarkCodes(l.Remarks) }},
	{"cause", 50, func(l *render.RemitLine) any { return l.Cause }},
	{"action", 16, func(l *render.RemitLine) any { return text(l.Action) }},
	{"deadline", 11, func(l *render.RemitLine) any { return dayOf(text(l.Deadline)) }},
	{"predicted by", 12, func(l *render.RemitLine) any { return text(l.PredictedBy) }},
	{"match", 14, func(l *render.RemitLine) any { return text(l.Match) }},
	{"confidence", 11, func(l *render.RemitLine) any { return text(l.MatchConfidence) }},
	{"flags", 18, func(l *render.RemitLine) any { return strings.Join(l.Flags, " ") }},
	{"provider", 12, func(l *render.RemitLine) any { return l.Provider }},
	{"payer control", 18, func(l *render.RemitLine) any { return l.PayerControl }},
	{"trace", 18, func(l *render.RemitLine) any { return l.Trace }},
	{"checks", 40, func(l *render.RemitLine) any { return failed(l.Checks) }},
	{"notices", 40, func(l *render.RemitLine) any { return strings.Join(l.Notices, "; ") }},
}}

// adjusted is an adjustment with the line or claim that it stands on.
type adjusted struct {
	claim *render.RemitClaim
	line  *render.RemitLine // nil where it stands on the claim
	*render.RemitAdjustment
}

var adjustmentView = view[adjusted]{"Adjustments", []column[adjusted]{
	{"claim", 16, func(a *adjusted) any { return a.claim.Claim }},
	{"level", 7, func(a *adjusted) any { return a.ofLine("claim", func(*render.RemitLine) any { return "line" }) }},
	{"line", 16, func(a *adjusted) any { return a.ofLine("", func(l *render.RemitLine) any { return text(l.Line) }) }},
	{"LX", 6, func(a *adjusted) any {
		return a.ofLine(nil, func(l *render.RemitLine) any { return valueOf(l.LineNumber) })
	}},
	{"code", 9, func(a *adjusted) any { return a.ofLine("", func(l *render.RemitLine) any { return l.Code }) }},
	{"date", 11, func(a *adjusted) any {
		return a.ofLine(dayOf(a.claim.ServiceFrom), func(l *render.RemitLine) any { return dayOf(l.Date) })
	}},
	{"standing", 12, func(a *adjusted) any { return a.claim.Standing }},
	{"group", 7, func(a *adjusted) any { return a.Group }},
	{"CARC", 7, func(a *adjusted) any { return a.CARC }},
	{"amount", 12, func(a *adjusted) any { return money(a.Amount) }},
	{"quantity", 9, func(a *adjusted) any { return quantityOf(a.Quantity) }},
	{"bucket", 12, func(a *adjusted) any { return a.Bucket }},
	{"category", 20, func(a *adjusted) any { return strings.ReplaceAll(a.Category, "_", " ") }},
	{"remarks", 18, func(a *adjusted) any { return strings.Join(a.RARCs, " ") }},
	{"meaning", 60, func(a *adjusted) any { return a.Meaning }},
	{"payer", 14, func(a *adjusted) any { return a.claim.Payer }},
	{"payer control", 18, func(a *adjusted) any { return a.claim.PayerControl }},
	{"trace", 18, func(a *adjusted) any { return a.claim.Trace }},
}}

func (a *adjusted) ofLine(otherwise any, value func(*render.RemitLine) any) any {
	if a.line == nil {
		return otherwise
	}
	return value(a.line)
}

// withheld is a provider adjustment with its payment.
type withheld struct {
	payment *render.RemitPayment
	*render.RemitPLB
}

var withheldView = view[withheld]{"PLB", []column[withheld]{
	{"payer", 14, func(w *withheld) any { return w.payment.Payer }},
	{"trace", 18, func(w *withheld) any { return w.payment.Trace }},
	{"date", 11, func(w *withheld) any { return dayOf(w.payment.Date) }},
	{"reason", 8, func(w *withheld) any { return w.Reason }},
	{"meaning", 36, func(w *withheld) any { return w.Meaning }},
	{"amount", 13, func(w *withheld) any { return money(w.Amount) }},
	{"reference", 24, func(w *withheld) any { return w.Reference }},
	{"claim", 16, func(w *withheld) any { return text(w.Claim) }},
	{"provider", 14, func(w *withheld) any { return w.Provider }},
	{"file", 30, func(w *withheld) any { return w.payment.File }},
}}

var unmatchedView = view[render.RemitUnmatched]{"Unmatched", []column[render.RemitUnmatched]{
	{"side", 6, func(u *render.RemitUnmatched) any { return u.Side }},
	{"claim", 16, func(u *render.RemitUnmatched) any { return u.Claim }},
	{"line", 14, func(u *render.RemitUnmatched) any { return text(u.Line) }},
	{"LX", 6, func(u *render.RemitUnmatched) any { return valueOf(u.LineNumber) }},
	{"code", 9, func(u *render.RemitUnmatched) any { return u.Code }},
	{"charge", 12, func(u *render.RemitUnmatched) any { return money(u.Charge) }},
	{"service from", 12, func(u *render.RemitUnmatched) any { return dayOf(u.ServiceFrom) }},
	{"age days", 9, func(u *render.RemitUnmatched) any { return valueOf(u.Age) }},
	{"reason", 50, func(u *render.RemitUnmatched) any { return u.Reason }},
	{"candidates", 40, func(u *render.RemitUnmatched) any { return candidates(u.Candidates) }},
	{"payer", 14, func(u *render.RemitUnmatched) any { return u.Payer }},
	{"payer control", 18, func(u *render.RemitUnmatched) any { return u.PayerControl }},
	{"trace", 18, func(u *render.RemitUnmatched) any { return u.Trace }},
	{"file", 30, func(u *render.RemitUnmatched) any { return u.File }},
}}

var taskView = view[task]{"Worklist", []column[task]{
	{"claim", 16, func(t *task) any { return t.Claim }},
	{"line", 14, func(t *task) any { return text(t.Line) }},
	{"line_number", 8, func(t *task) any { return valueOf(t.LineNumber) }},
	{"payer", 14, func(t *task) any { return t.Payer }},
	{"payer_control", 18, func(t *task) any { return t.PayerControl }},
	{"issue", 12, func(t *task) any { return t.Issue }},
	{"recoverable", 12, func(t *task) any { return money(t.Recoverable.String()) }},
	{"at_stake", 12, func(t *task) any { return money(t.AtStake.String()) }},
	{"deadline", 11, func(t *task) any { return dayOf(t.Deadline) }},
	{"action", 16, func(t *task) any { return t.Action }},
	{"what_to_do", 50, func(t *task) any { return t.ActionText }},
	{"reasons", 12, func(t *task) any { return t.Reasons }},
	{"remarks", 14, func(t *task) any { return t.Remarks }},
	{"category", 18, func(t *task) any { return t.Category }},
	{"cause", 50, func(t *task) any { return t.Cause }},
	{"predicted_by", 12, func(t *task) any { return t.Rule }},
	{"fix", 8, func(t *task) any { return t.Fix }},
	{"fix_text", 40, func(t *task) any { return t.FixText }},
	{"code", 9, func(t *task) any { return t.Code }},
	{"modifiers", 12, func(t *task) any { return t.Modifiers }},
	{"service_date", 11, func(t *task) any { return dayOf(t.Date) }},
	{"units", 7, func(t *task) any { return quantity(t.Units) }},
	{"charge", 12, func(t *task) any { return money(t.Charge) }},
	{"paid", 12, func(t *task) any { return money(t.Paid) }},
	{"patient_responsibility", 12, func(t *task) any { return money(t.Patient) }},
	{"contractual", 12, func(t *task) any { return money(t.Contractual) }},
	{"denied", 12, func(t *task) any { return money(t.Denied) }},
	{"unexplained", 12, func(t *task) any { return money(t.Unexplained) }},
	{"deadline_basis", 40, func(t *task) any { return t.DeadlineBasis }},
	{"provider", 12, func(t *task) any { return t.Provider }},
	{"payment_date", 12, func(t *task) any { return dayOf(t.PaymentDate) }},
	{"trace", 18, func(t *task) any { return t.Trace }},
	{"match", 14, func(t *task) any { return t.Match }},
	{"file", 30, func(t *task) any { return t.File }},
}}

var denialView = view[render.RemitDenial]{"By reason", []column[render.RemitDenial]{
	{"reason", 10, func(d *render.RemitDenial) any { return reason(d.Group, d.CARC) }},
	{"meaning", 50, func(d *render.RemitDenial) any { return d.Meaning }},
	{"category", 20, func(d *render.RemitDenial) any { return strings.ReplaceAll(d.Category, "_", " ") }},
	{"remarks", 20, func(d *render.RemitDenial) any { return strings.Join(d.RARCs, " ") }},
	{"lines", 8, func(d *render.RemitDenial) any { return d.Lines }},
	{"claims", 8, func(d *render.RemitDenial) any { return d.Claims }},
	{"denied", 13, func(d *render.RemitDenial) any { return money(d.Denied) }},
	{"recoverable", 13, func(d *render.RemitDenial) any { return money(d.Recoverable) }},
	{"predicted", 10, func(d *render.RemitDenial) any { return d.Predicted }},
	{"rules", 20, func(d *render.RemitDenial) any { return strings.Join(d.Rules, " ") }},
	{"action", 18, func(d *render.RemitDenial) any { return d.Action }},
	{"what to do", 60, func(d *render.RemitDenial) any { return d.ActionText }},
}}

// groupViews are a sheet for each dimension.
var groupViews = []struct{ dimension, name string }{
	{"payer", "By payer"},
	{"code", "By code"},
	{"provider", "By provider"},
	{"modifiers", "By modifiers"},
	{"rule", "By rule"},
}

func groupView(dimension, name string) *view[render.RemitGroup] {
	return &view[render.RemitGroup]{name, []column[render.RemitGroup]{
		{dimension, 20, func(g *render.RemitGroup) any { return g.Value }},
		{"lines", 9, func(g *render.RemitGroup) any { return g.Lines }},
		{"denied lines", 12, func(g *render.RemitGroup) any { return g.DeniedLines }},
		{"denial rate, lines", 16, func(g *render.RemitGroup) any { return rate(g.Rate) }},
		{"charge", 13, func(g *render.RemitGroup) any { return money(g.Charge) }},
		{"paid", 13, func(g *render.RemitGroup) any { return money(g.Paid) }},
		{"denied", 13, func(g *render.RemitGroup) any { return money(g.Denied) }},
		{"denial rate, dollars", 18, func(g *render.RemitGroup) any { return rate(g.DollarRate) }},
		{"recoverable", 13, func(g *render.RemitGroup) any { return money(g.Recoverable) }},
	}}
}

var forwardView = view[render.RemitForward]{"Forward balances", []column[render.RemitForward]{
	{"payer", 14, func(f *render.RemitForward) any { return f.Payer }},
	{"from payment", 20, func(f *render.RemitForward) any { return f.Reference }},
	{"moved out", 13, func(f *render.RemitForward) any { return money(f.Out) }},
	{"taken in", 13, func(f *render.RemitForward) any { return money(f.In) }},
	{"open", 13, func(f *render.RemitForward) any { return money(f.Open) }},
}}

var turnaroundView = view[render.RemitDays]{"Turnaround", []column[render.RemitDays]{
	{"payer", 20, func(d *render.RemitDays) any { return d.Payer }},
	{"claims", 9, func(d *render.RemitDays) any { return d.Claims }},
	{"median days", 12, func(d *render.RemitDays) any { return d.Median }},
	{"most days", 11, func(d *render.RemitDays) any { return d.Most }},
}}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

func moneyOf(p *string) any {
	if p == nil {
		return nil
	}
	return money(*p)
}

func quantityOf(p *string) any {
	if p == nil {
		return nil
	}
	return quantity(*p)
}

func failed(checks []render.RemitCheck) string {
	var out []string
	for i := range checks {
		out = append(out, checks[i].Message)
	}
	return strings.Join(out, "; ")
}

func reasons(list []render.RemitAdjustment) string {
	var out []string
	for i := range list {
		out = appendNew(out, reason(list[i].Group, list[i].CARC))
	}
	return strings.Join(out, " ")
}

func remarkCodes(list []render.RemitRemark) string {
	var out []string
	for _, r := range list {
		out = appendNew(out, r.Code)
	}
	return strings.Join(out, " ")
}

func candidates(list []render.RemitCandidate) string {
	var out []string
	for i := range list {
		c := &list[i]
		s := c.Claim
		if c.LineNumber != nil {
			s += " line " + count(*c.LineNumber)
		}
		out = append(out, s+" ("+strings.Join(c.Agrees, ", ")+")")
	}
	return strings.Join(out, "; ")
}
