package render

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
)

// remitColumns are the columns of the csv format; new ones are added behind. A row is
// one adjustment. A claim or line without one has a row too. Money of the line stands
// on its first row, and money of the claim on the row of the claim (level claim), so
// that a column can be summed.
var remitColumns = []string{
	"file", "trace", "payer", "payment_date", "claim", "remitted_as", "payer_control", "claim_status", "standing", "level",
	"status", "line", "line_number", "number", "code", "modifiers", "paid_as", "date", "units", "units_paid",
	"charge", "paid", "allowed", "patient_responsibility", "contractual", "denied", "unexplained", "recoverable",
	"group", "carc", "amount", "quantity", "bucket", "category", "meaning",
	"lq", "moa", "ref", "action", "deadline", "predicted_by", "match", "match_confidence", "flags",
}

type remitCSV struct {
	w      *csv.Writer
	header bool
}

func newRemitCSV(w io.Writer) *remitCSV { return &remitCSV{w: csv.NewWriter(w)} }

func (c *remitCSV) begin() error {
	if c.header {
		return nil
	}
	c.header = true
	return c.w.Write(remitColumns)
}

func (c *remitCSV) Payment(*RemitPayment) error { return c.begin() }

// record is a row by the names of its columns.
type record map[string]string

func (c *remitCSV) put(r record) error {
	row := make([]string, len(remitColumns))
	for i, name := range remitColumns {
		row[i] = r[name]
		if !money[name] {
			row[i] = cell(row[i])
		}
	}
	return c.w.Write(row)
}

// money are columns in which a minus is no formula.
var money = map[string]bool{
	"charge": true, "paid": true, "allowed": true, "patient_responsibility": true, "contractual": true, "denied": true,
	"unexplained": true, "recoverable": true, "amount": true, "quantity": true, "units": true, "units_paid": true,
}

func (c *remitCSV) Claim(cl *RemitClaim, lines []RemitLine) error {
	if err := c.begin(); err != nil {
		return err
	}
	base := func(level string) record {
		return record{
			"file": cl.File, "trace": cl.Trace, "payer": cl.Payer, "payment_date": cl.PaymentDate, "claim": cl.Claim,
			"remitted_as": cl.RemittedAs, "payer_control": cl.PayerControl, "claim_status": cl.ClaimStatus, "standing": cl.Standing, "level": level,
		}
	}
	whole := func() record {
		r := base("claim")
		r["status"] = cl.Status
		return r
	}
	r := whole()
	fill(r, cl.Charge, cl.Paid, cl.Patient, cl.Contractual, cl.Denied, cl.Unexplained, cl.Recoverable)
	r["date"], r["moa"], r["ref"] = cl.ServiceFrom, codesOf(cl.Remarks), refs(cl.References)
	r["predicted_by"], r["match"], r["match_confidence"] = value(cl.PredictedBy), value(cl.Match), value(cl.MatchConfidence)
	if len(cl.Actions) > 0 && len(lines) == 0 {
		r["action"], r["deadline"] = cl.Actions[0].Action, value(cl.Actions[0].Deadline)
	}
	if err := c.adjusted(r, cl.Adjustments, whole); err != nil {
		return err
	}
	for i := range lines {
		l := &lines[i]
		line := func() record {
			r := base("line")
			r["status"], r["line"], r["number"], r["code"], r["modifiers"], r["date"] = l.Status, value(l.Line), strconv.Itoa(l.Number), l.Code, strings.Join(l.Modifiers, " "), l.Date
			if l.LineNumber != nil {
				r["line_number"] = strconv.Itoa(*l.LineNumber)
			}
			return r
		}
		r := line()
		fill(r, l.Charge, l.Paid, l.Patient, l.Contractual, l.Denied, l.Unexplained, l.Recoverable)
		r["paid_as"], r["units"], r["units_paid"], r["allowed"] = value(l.PaidAs), l.Units, l.UnitsPaid, value(l.Allowed)
		r["lq"], r["ref"], r["flags"] = codesOf(l.Remarks), refs(l.References), strings.Join(l.Flags, " ")
		r["action"], r["deadline"] = value(l.Action), value(l.Deadline)
		r["predicted_by"], r["match"], r["match_confidence"] = value(l.PredictedBy), value(l.Match), value(l.MatchConfidence)
		if err := c.adjusted(r, l.Adjustments, line); err != nil {
			return err
		}
	}
	return nil
}

// adjusted writes a row for each adjustment, the first of them on row first.
func (c *remitCSV) adjusted(first record, list []RemitAdjustment, next func() record) error {
	r := first
	for i := range list {
		if i > 0 {
			r = next()
		}
		a := &list[i]
		r["group"], r["carc"], r["amount"], r["quantity"] = a.Group, a.CARC, a.Amount, value(a.Quantity)
		r["bucket"], r["category"], r["meaning"] = a.Bucket, a.Category, a.Meaning
		if err := c.put(r); err != nil {
			return err
		}
	}
	if len(list) == 0 {
		return c.put(r)
	}
	return nil
}

func fill(r record, charge, paid, patient, contractual, denied, unexplained, recoverable string) {
	r["charge"], r["paid"], r["patient_responsibility"], r["contractual"] = charge, paid, patient, contractual
	r["denied"], r["unexplained"], r["recoverable"] = denied, unexplained, recoverable
}

func codesOf(list []RemitRemark) string {
	var parts []string
	for _, m := range list {
		parts = append(parts, m.Code)
	}
	return strings.Join(parts, " ")
}

func refs(list []RemitReference) string {
	var parts []string
	for _, r := range list {
		parts = append(parts, r.Qualifier+"="+r.Value)
	}
	return strings.Join(parts, "; ")
}

func (c *remitCSV) Unmatched(*RemitUnmatched) error { return c.begin() }

func (c *remitCSV) Close(*RemitSummary) error {
	if err := c.begin(); err != nil {
		return err
	}
	c.w.Flush()
	return c.w.Error()
}
