package remit

import (
	"fmt"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/edi/x835"
)

// Check is a sum that does not come out, or what cannot be right beside a sum.
// Nothing was altered.
type Check struct {
	Name     string // which one; see the constants
	Expected edi.Amount
	Found    edi.Amount
	Message  string
	Pos      edi.Pos // of the segment that states what was found
	// Grave: money is not accounted for. The others are worth knowing.
	Grave bool
}

// Difference is found less expected.
func (c *Check) Difference() edi.Amount { return c.Found - c.Expected }

// The checks, after 005010X221A1 section 1.10.2.1 and X12's interpretations.
const (
	CheckLine        = "line"         // SVC02 less its CAS is SVC03
	CheckClaim       = "claim"        // CLP03 less all CAS is CLP04
	CheckCharges     = "line-charges" // the SVC02 sum to CLP03
	CheckPayments    = "line-paid"    // the SVC03 less the CAS of the claim sum to CLP04
	CheckPatient     = "clp05"        // CLP05 is the sum of group PR
	CheckRepeated    = "cas-repeated" // a group and reason stand once
	CheckZero        = "cas-zero"     // no adjustment of 0
	CheckNoLines     = "no-lines"     // a professional claim has lines
	CheckTransaction = "transaction"  // the CLP04 less the PLB sum to BPR02
	CheckNegative    = "negative"     // BPR02 is not negative
	CheckInterest    = "interest"     // PLB L6 is the interest of the claims, negated
	CheckForward     = "forward"      // a balance moved out leaves a payment of 0
	CheckSequester   = "sequestration"
	CheckRemark      = "remark" // a reason that needs a remark code has one
)

func sumOf(list []x835.Adjustment) (n edi.Amount) {
	for i := range list {
		n += list[i].Amount
	}
	return n
}

// checkLine balances a service line.
func checkLine(c *x835.Claim, l *x835.Line) (list []Check) {
	if want := l.Charge - sumOf(l.Adjustments); want != l.Paid {
		list = append(list, Check{
			Name: CheckLine, Expected: want, Found: l.Paid, Pos: c.Pos(l.First), Grave: true,
			Message: "charge less adjustments is not what was paid" + rounding(l.Paid-want),
		})
	}
	return append(list, checkAdjustments(c, l.Adjustments)...)
}

func rounding(d edi.Amount) string {
	if abs(d) == 1 {
		return " (1 cent: rounded?)"
	}
	return ""
}

// checkAdjustments looks for what a CAS may not hold.
func checkAdjustments(c *x835.Claim, adjustments []x835.Adjustment) (list []Check) {
	for i := range adjustments {
		a := &adjustments[i]
		if a.Amount == 0 && len(a.Reason) > 0 {
			list = append(list, Check{Name: CheckZero, Pos: c.Pos(int(a.Segment)), Message: fmt.Sprintf("%s-%s has an amount of 0", a.Group, a.Reason)})
		}
		for k := range adjustments[:i] {
			if b := &adjustments[k]; string(a.Group) == string(b.Group) && string(a.Reason) == string(b.Reason) {
				list = append(list, Check{
					Name: CheckRepeated, Found: a.Amount, Pos: c.Pos(int(a.Segment)),
					Message: fmt.Sprintf("%s-%s stands twice; both were counted", a.Group, a.Reason),
				})
				break
			}
		}
	}
	return list
}

// checkClaim balances an answer, beside its lines.
func checkClaim(c *x835.Claim) (list []Check) {
	pos := c.Pos(0)
	claimLevel := sumOf(c.Adjustments)
	var charges, paid, adjusted, patient edi.Amount
	patient = patientOf(c.Adjustments)
	for i := range c.Lines {
		l := &c.Lines[i]
		charges, paid = charges+l.Charge, paid+l.Paid
		adjusted += sumOf(l.Adjustments)
		patient += patientOf(l.Adjustments)
	}
	add := func(name string, want, found edi.Amount, grave bool, message string) {
		if want != found {
			list = append(list, Check{name, want, found, message, pos, grave})
		}
	}
	add(CheckClaim, c.Charge-claimLevel-adjusted, c.Paid, true, "charge less all adjustments is not what was paid")
	if len(c.Lines) > 0 {
		add(CheckCharges, charges, c.Charge, false, "the charges of the lines do not sum to that of the claim")
		add(CheckPayments, paid-claimLevel, c.Paid, true, "what the lines were paid does not sum to what the claim was paid")
	} else {
		list = append(list, Check{Name: CheckNoLines, Pos: pos, Message: "no service lines: only the claim as a whole is explained"})
	}
	if !c.Reversal() && (c.HasPatientShare || patient != 0) {
		add(CheckPatient, patient, c.PatientShare, false, "CLP05 is not the sum of the PR adjustments")
	}
	return append(list, checkAdjustments(c, c.Adjustments)...)
}

func patientOf(list []x835.Adjustment) (n edi.Amount) {
	for i := range list {
		if string(list[i].Group) == "PR" {
			n += list[i].Amount
		}
	}
	return n
}

// checkPayment balances a transaction set.
func checkPayment(p *payment, pos edi.Pos) (list []Check) {
	withheld, interest, out := edi.Amount(0), edi.Amount(0), edi.Amount(0)
	for i := range p.plb {
		a := &p.plb[i]
		withheld += a.Amount
		switch {
		case a.Reason == "L6":
			interest -= a.Amount
		case a.Reason == "FB" && a.Amount < 0:
			out += a.Amount
		}
	}
	add := func(name string, want, found edi.Amount, grave bool, message string) {
		if want != found {
			list = append(list, Check{name, want, found, message, pos, grave})
		}
	}
	add(CheckTransaction, p.claimsPaid-withheld, p.amount, true, "claims less provider adjustments do not come to the payment"+rounding(p.amount-p.claimsPaid+withheld))
	if p.interest != 0 || interest != 0 {
		add(CheckInterest, p.interest, interest, false, "interest of the claims (AMT*I) is not what PLB L6 pays")
	}
	if p.amount < 0 {
		list = append(list, Check{CheckNegative, 0, p.amount, "a payment cannot be negative: a balance forward (PLB FB) is missing", pos, true})
	}
	if out != 0 && p.amount != 0 {
		list = append(list, Check{CheckForward, 0, p.amount, "a balance was moved out (PLB FB), so the payment should be 0", pos, false})
	}
	return list
}
