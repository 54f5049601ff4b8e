package report

import (
	"cmp"
	"slices"
	"strings"

	"github.com/gaitkeeper/gaitkeeper/cmd/internal/render"
	"github.com/gaitkeeper/gaitkeeper/edi"
)

// task is a row of the worklist: a line, or a claim without lines, that was denied or
// paid less than it should be.
type task struct {
	Issue string // see issues

	File, Claim, PayerControl, Payer, Trace, PaymentDate string
	Line                                                 *string // REF*6R
	LineNumber                                           *int    // LX01
	Number                                               int     // of the line in its answer; 0 for the claim
	Code, Modifiers, Date, Units, Provider               string

	Charge, Paid, Patient, Contractual, Denied, Unexplained string
	Recoverable                                             edi.Amount
	AtStake                                                 edi.Amount // denied or not explained, or cut by the payer

	Reasons, Remarks, Category string // of the money at stake
	Cause                      string
	Action, ActionText         string
	Deadline, DeadlineBasis    string
	Rule, Fix, FixText         string
	Match                      string
}

// Issues that put a line on the worklist.
const (
	issueDenied      = "denied"
	issueUnexplained = "unexplained"
	issueReduced     = "reduced" // by the payer on its own: group PI
	issueUnits       = "units cut"
)

// settled are statuses of lines that wait for nobody here.
var settled = []string{"pending", "forwarded", "reversed"}

// tasks appends the rows for an answer. Answers that another one took back or took
// the place of have none.
func tasks(list []task, c *render.RemitClaim, lines []render.RemitLine) []task {
	if c.Standing != "current" {
		return list
	}
	inLines := edi.Amount(0)
	waits := cents(c.Pending) >= cents(c.Unexplained) // the payer has yet to decide on it
	for i := range lines {
		l := &lines[i]
		inLines += cents(l.Denied) + cents(l.Unexplained)
		t := task{
			File: l.File, Claim: l.Claim, PayerControl: l.PayerControl, Payer: c.Payer, Trace: l.Trace, PaymentDate: c.PaymentDate,
			Line: l.Line, LineNumber: l.LineNumber, Number: l.Number, Code: l.Code, Modifiers: strings.Join(l.Modifiers, " "),
			Date: l.Date, Units: l.Units, Provider: l.Provider,
			Charge: l.Charge, Paid: l.Paid, Patient: l.Patient, Contractual: l.Contractual, Denied: l.Denied, Unexplained: l.Unexplained,
			Recoverable: cents(l.Recoverable), Cause: l.Cause, Action: text(l.Action), ActionText: l.ActionText,
			Deadline: text(l.Deadline), DeadlineBasis: l.DeadlineBasis, Rule: text(l.PredictedBy), Match: text(l.Match),
		}
		if t.weigh(l.Status, waits, l.Adjustments, l.Flags) {
			t.say(l.Adjustments, l.Remarks, l.Prediction)
			list = append(list, t)
		}
	}
	// What stands on the claim itself, or on lines that nobody told of.
	if own := cents(c.Denied) + cents(c.Unexplained) - inLines; own > 0 {
		t := task{
			File: c.File, Claim: c.Claim, PayerControl: c.PayerControl, Payer: c.Payer, Trace: c.Trace, PaymentDate: c.PaymentDate,
			Date: c.ServiceFrom, Provider: c.Provider, Charge: c.Charge, Paid: c.Paid, Patient: c.Patient, Contractual: c.Contractual,
			Denied: c.Denied, Unexplained: c.Unexplained, Recoverable: cents(c.Recoverable),
			Rule: text(c.PredictedBy), Match: text(c.Match),
		}
		for i := range lines {
			t.Recoverable -= cents(lines[i].Recoverable)
		}
		if t.weigh(c.Status, waits, c.Adjustments, nil) {
			t.AtStake = own
			t.say(c.Adjustments, c.Remarks, c.Prediction)
			if len(c.Actions) > 0 {
				a := &c.Actions[0]
				t.Action, t.ActionText, t.Deadline, t.DeadlineBasis = a.Action, a.Text, text(a.Deadline), a.DeadlineBasis
			}
			list = append(list, t)
		}
	}
	return list
}

// weigh says which issue the row has and how much is at stake; false for none.
func (t *task) weigh(status string, waits bool, adjustments []render.RemitAdjustment, flags []string) bool {
	reduced := edi.Amount(0)
	for i := range adjustments {
		if a := &adjustments[i]; a.Group == "PI" && a.Bucket == "contractual" {
			reduced += cents(a.Amount)
		}
	}
	denied, unexplained := cents(t.Denied), cents(t.Unexplained)
	switch {
	case slices.Contains(settled, status):
		return false
	case denied > 0:
		t.Issue, t.AtStake = issueDenied, denied
	case unexplained > 0 && !waits:
		t.Issue, t.AtStake = issueUnexplained, unexplained
	case reduced > 0:
		t.Issue, t.AtStake = issueReduced, reduced
	case slices.Contains(flags, "units_cut"):
		t.Issue = issueUnits
	default:
		return false
	}
	return true
}

// bucketOf is the bucket in which the money of an issue stands.
var bucketOf = map[string]string{
	issueDenied: "denied", issueUnexplained: "unexplained", issueReduced: "contractual", issueUnits: "contractual",
}

// say puts the codes of the issue into the row.
func (t *task) say(adjustments []render.RemitAdjustment, remarks []render.RemitRemark, foreseen *render.RemitPrediction) {
	var reasons, categories, codes []string
	for i := range adjustments {
		a := &adjustments[i]
		if a.Bucket != bucketOf[t.Issue] {
			continue
		}
		reasons = appendNew(reasons, reason(a.Group, a.CARC))
		categories = appendNew(categories, strings.ReplaceAll(a.Category, "_", " "))
		if t.Cause == "" {
			t.Cause = a.Meaning
		}
	}
	for _, r := range remarks {
		codes = appendNew(codes, r.Code)
	}
	t.Reasons, t.Category, t.Remarks = strings.Join(reasons, " "), strings.Join(categories, ", "), strings.Join(codes, " ")
	if foreseen != nil {
		t.Fix, t.FixText = text(foreseen.Fix), foreseen.FixText
	}
}

func appendNew(list []string, s string) []string {
	if s == "" || slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}

// sortTasks puts the most recoverable dollars first, then the nearest deadline.
func sortTasks(list []task) {
	slices.SortStableFunc(list, func(a, b task) int {
		return cmp.Or(
			cmp.Compare(b.Recoverable, a.Recoverable), cmp.Compare(later(a.Deadline), later(b.Deadline)), cmp.Compare(b.AtStake, a.AtStake),
			cmp.Compare(a.Claim, b.Claim), cmp.Compare(a.PaymentDate, b.PaymentDate), cmp.Compare(a.Trace, b.Trace), cmp.Compare(a.Number, b.Number),
		)
	})
}

// later puts a row without a deadline behind those that have one.
func later(deadline string) string {
	if deadline == "" {
		return "9999"
	}
	return deadline
}
