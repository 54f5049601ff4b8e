package render

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
)

// RemitWork is a row of the worklist: a denied line, a claim that was denied as a
// whole, or money that no reason explains.
type RemitWork struct {
	Payer, Claim, Line, Code, Modifiers, Date string
	Charge, Denied, Unexplained, Recoverable  string
	Reason, Cause, Action, ActionText         string
	Deadline, DeadlineBasis                   string
	Rule, Fix                                 string
	PayerControl, Trace, PaymentDate, File    string
}

// RemitWorklist gathers what is to be done, and puts it in order: most recoverable
// dollars first, then the nearest deadline. It is a RemitSink that writes nothing
// before Close.
type RemitWorklist struct {
	Rows  []RemitWork
	Write func([]RemitWork) error
}

func (w *RemitWorklist) Payment(*RemitPayment) error     { return nil }
func (w *RemitWorklist) Unmatched(*RemitUnmatched) error { return nil }

// Claim adds the rows of an answer that stands.
func (w *RemitWorklist) Claim(c *RemitClaim, lines []RemitLine) error {
	if c.Standing != "current" {
		return nil
	}
	base := RemitWork{
		Payer: c.Payer, Claim: c.Claim, Date: c.ServiceFrom, PayerControl: c.PayerControl, Trace: c.Trace, PaymentDate: c.PaymentDate, File: c.File,
	}
	whole := len(lines) == 0 && (c.Denied != zero || c.Unexplained != zero && c.Pending == zero)
	if whole || slices.ContainsFunc(c.Adjustments, func(a RemitAdjustment) bool { return a.Bucket == "denied" }) {
		r := base
		r.Charge, r.Denied, r.Unexplained, r.Recoverable = c.Charge, c.Denied, c.Unexplained, c.Recoverable
		r.Reason = reasonsOf(c.Adjustments)
		for _, a := range c.Adjustments {
			if a.Bucket == "denied" {
				r.Cause = a.Meaning
				break
			}
		}
		if len(c.Actions) > 0 {
			a := &c.Actions[0]
			r.Action, r.ActionText, r.Deadline, r.DeadlineBasis = a.Action, a.Text, value(a.Deadline), a.DeadlineBasis
		}
		r.predicted(c.Prediction)
		w.Rows = append(w.Rows, r)
	}
	for i := range lines {
		l := &lines[i]
		if l.Denied == zero && (l.Unexplained == zero || c.Pending != zero) {
			continue
		}
		r := base
		r.Line, r.Code, r.Modifiers, r.Date = value(l.Line), l.Code, strings.Join(l.Modifiers, " "), l.Date
		r.Charge, r.Denied, r.Unexplained, r.Recoverable = l.Charge, l.Denied, l.Unexplained, l.Recoverable
		r.Reason, r.Cause = reasonsOf(l.Adjustments), l.Cause
		r.Action, r.ActionText, r.Deadline, r.DeadlineBasis = value(l.Action), l.ActionText, value(l.Deadline), l.DeadlineBasis
		r.predicted(l.Prediction)
		w.Rows = append(w.Rows, r)
	}
	return nil
}

func (r *RemitWork) predicted(p *RemitPrediction) {
	if p != nil {
		r.Rule, r.Fix = p.Rule, value(p.Fix)
	}
}

// reasonsOf are the denials of a CAS: CO-4 N822.
func reasonsOf(list []RemitAdjustment) string {
	var parts []string
	for _, a := range list {
		if a.Bucket == "denied" {
			parts = append(parts, strings.Join(append([]string{a.Group + "-" + a.CARC}, a.RARCs...), " "))
		}
	}
	return strings.Join(parts, "; ")
}

// Close sorts the rows and writes them.
func (w *RemitWorklist) Close(*RemitSummary) error {
	slices.SortStableFunc(w.Rows, func(a, b RemitWork) int {
		return cmp.Or(cmp.Compare(cents(b.Recoverable), cents(a.Recoverable)), cmp.Compare(due(a), due(b)), cmp.Compare(a.Claim, b.Claim), cmp.Compare(a.Line, b.Line))
	})
	return w.Write(w.Rows)
}

// due is the deadline for sorting: none comes last.
func due(r RemitWork) string { return cmp.Or(r.Deadline, "9") }

// cents is an amount of the wire as a number.
func cents(s string) int64 {
	var f float64
	fmt.Sscan(s, &f)
	return int64(math.Round(f * 100))
}

// WorklistCSV writes the worklist as CSV.
func WorklistCSV(w io.Writer) func([]RemitWork) error {
	return func(rows []RemitWork) error {
		out := csv.NewWriter(w)
		_ = out.Write([]string{
			"recoverable", "deadline", "payer", "claim", "line", "code", "modifiers", "service_date", "charge", "denied", "unexplained",
			"reason", "cause", "action", "action_text", "deadline_basis", "rule", "fix", "payer_control", "trace", "payment_date", "file",
		})
		for _, r := range rows {
			_ = out.Write([]string{
				r.Recoverable, r.Deadline, cell(r.Payer), cell(r.Claim), cell(r.Line), cell(r.Code), cell(r.Modifiers), r.Date, r.Charge, r.Denied, r.Unexplained,
				cell(r.Reason), cell(r.Cause), r.Action, cell(r.ActionText), cell(r.DeadlineBasis), r.Rule, r.Fix, cell(r.PayerControl), cell(r.Trace), r.PaymentDate, cell(r.File),
			})
		}
		out.Flush()
		return out.Error()
	}
}

// RemitTee is several sinks as one.
type RemitTee []RemitSink

// Payment hands a payment to all of them.
func (t RemitTee) Payment(p *RemitPayment) error {
	return t.each(func(s RemitSink) error { return s.Payment(p) })
}

// Claim hands an answer to all of them.
func (t RemitTee) Claim(c *RemitClaim, lines []RemitLine) error {
	return t.each(func(s RemitSink) error { return s.Claim(c, lines) })
}

// Unmatched hands on what has no partner.
func (t RemitTee) Unmatched(u *RemitUnmatched) error {
	return t.each(func(s RemitSink) error { return s.Unmatched(u) })
}

// Close closes all of them.
func (t RemitTee) Close(s *RemitSummary) error {
	return t.each(func(sink RemitSink) error { return sink.Close(s) })
}

func (t RemitTee) each(do func(RemitSink) error) error {
	for _, s := range t {
		if err := do(s); err != nil {
			return err
		}
	}
	return nil
}
