package remit

import (
	"fmt"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/edi/x835"
)

// Flags of reductions that are expected where they stand.
const (
	FlagSequestered = "sequestration" // CO-253
	FlagMPPR        = "mppr"          // CO-59: the practice expense of further services is halved
	FlagAssistant   = "assistant"     // 85 %, for CQ or CO
)

// notices says what else is to be known of an answer.
func (r *reporter) notices(c *x835.Claim, e *event, out *Claim) {
	note := func(format string, args ...any) { out.Notices = append(out.Notices, fmt.Sprintf(format, args...)) }
	switch {
	case e.reversal() && e.undoes < 0:
		note("takes back an answer that is in no file given")
	case e.standing == Reversed:
		note("a later answer takes this one back")
	case e.standing == Superseded:
		note("a later answer stands for this one")
	case e.standing == Estimate:
		note("a predetermination: no money, no decision")
	}
	if e.equal {
		note("the claim was sent more than once with this number")
	}
	if out.Forwarded {
		to := ""
		if n, ok := c.Name("TT"); ok && len(n.Last()) > 0 {
			to = " to " + string(n.Last())
		}
		note("the payer sent the claim on%s: do not bill that payer again", to)
	} else if has(out.Remarks, "MA08", "MA19", "MA68", "N387") {
		note("the payer did not send the claim on: bill the next payer")
	}
	if _, ok := c.Name("74"); ok {
		note("the payer states another name or member id (NM1*74): correct the registration")
	}
	if _, ok := c.Name("PR"); ok {
		note("the payer names one that comes before it (NM1*PR)")
	}
	if has(out.Remarks, "N781", "N782", "N783") {
		note("a qualified Medicare beneficiary: the patient's share may not be collected")
	}
	if e.level() > 1 && !hasReason(out, "23") && hasReason(out, "45") {
		note("a later payer's CO-45 without OA-23 holds what the earlier payer paid")
	}
	if len(c.Status()) > 0 && !knownStatus[string(c.Status())] {
		note("claim status %s is not of this version", c.Status())
	}
	if c.Fault != nil {
		note("not whole: %s", c.Fault.Err)
	}
	for i := range out.Lines {
		r.expect(c, &c.Lines[i], &out.Lines[i])
	}
	r.needRemarks(c, out)
}

var knownStatus = map[string]bool{"1": true, "2": true, "3": true, "4": true, "19": true, "20": true, "21": true, "22": true, "23": true, "25": true}

func hasReason(c *Claim, carc string) bool {
	is := func(list []Adjustment) bool {
		for i := range list {
			if list[i].CARC == carc {
				return true
			}
		}
		return false
	}
	if is(c.Adjustments) {
		return true
	}
	for i := range c.Lines {
		if is(c.Lines[i].Adjustments) {
			return true
		}
	}
	return false
}

// sequester is what the Budget Control Act takes from what Medicare pays, in percent.
// Suspended from 2020-05-01 to 2022-03-31, 1 % to 2022-06-30.
func sequester(d edi.Date) edi.Amount {
	switch {
	case d < 20130401, d >= 20200501 && d <= 20220331:
		return 0
	case d >= 20220401 && d <= 20220630:
		return 1
	}
	return 2
}

// expect looks at reductions that follow a rule.
func (r *reporter) expect(c *x835.Claim, l *x835.Line, out *Line) {
	for i := range out.Adjustments {
		a := &out.Adjustments[i]
		switch a.CARC {
		case "59":
			out.Flags = append(out.Flags, FlagMPPR)
		case "253":
			out.Flags = append(out.Flags, FlagSequestered)
			rate := sequester(out.Date)
			before := out.Paid + a.Amount
			want := (abs(before)*rate + 50) / 100
			if before < 0 {
				want = -want
			}
			if d := a.Amount - want; rate > 0 && abs(d) > 1 {
				out.Checks = append(out.Checks, Check{
					Name: CheckSequester, Expected: want, Found: a.Amount, Pos: c.Pos(l.First),
					Message: fmt.Sprintf("sequestration is not %d %% of what was to be paid", rate),
				})
			}
		}
	}
	for _, m := range out.Modifiers {
		if m == "CQ" || m == "CO" {
			out.Flags = append(out.Flags, FlagAssistant)
			break
		}
	}
}

// needRemarks looks for reasons that say nothing without a remark code.
func (r *reporter) needRemarks(c *x835.Claim, out *Claim) {
	explained := func(lists ...[]Remark) bool {
		for _, list := range lists {
			for _, m := range list {
				if !m.Text.Alert {
					return true
				}
			}
		}
		return false
	}
	check := func(list []Adjustment, pos edi.Pos, told bool) (found []Check) {
		for i := range list {
			if a := &list[i]; a.Reason.NeedsRemark && !told && a.Amount > 0 {
				found = append(found, Check{Name: CheckRemark, Pos: pos, Message: fmt.Sprintf("%s-%s says nothing without a remark code: ask the payer", a.Group, a.CARC)})
			}
		}
		return found
	}
	out.Checks = append(out.Checks, check(out.Adjustments, c.Pos(0), explained(out.Remarks))...)
	for i := range out.Lines {
		l := &out.Lines[i]
		l.Checks = append(l.Checks, check(l.Adjustments, c.Pos(c.Lines[i].First), explained(l.Remarks, out.Remarks))...)
	}
}
