package app

import (
	"context"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"strconv"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/scrub/ledger"
)

// What can be exported.
const (
	tableClaims  = "claims"
	tableLines   = "lines"
	tableAnswers = "answers"
)

var bookTables = []string{tableClaims, tableLines, tableAnswers}

// export writes what the ledger holds, as of the moment it begins.
func (b *book) export(ctx context.Context) (err error) {
	run, err := b.ledger.View(ctx)
	if err != nil {
		return ledgerFault(err)
	}
	defer run.Rollback()
	var w io.Writer = b.stdout
	var out *output
	if b.out != "" && b.out != "-" {
		if same(b.out, b.bookOptions.ledger.location) || same(b.out, b.bookOptions.ledger.keyFile()) {
			return usage("%s would be written over: it is read", b.out)
		}
		out = create(b.out)
		defer out.discard()
		w = out
	}
	x := &exporter{table: b.table}
	if b.format == "csv" {
		x.csv = csv.NewWriter(w)
		x.row(columnsOf[b.table]...)
	} else {
		x.json = json.NewEncoder(w)
		x.json.SetEscapeHTML(false)
	}
	if b.table != tableAnswers {
		err = run.Claims(ctx, x.claim)
	}
	if err == nil && (b.table == tableAnswers || b.table == "") {
		err = run.Answers(ctx, x.answer)
	}
	if x.csv != nil {
		x.csv.Flush()
		err = errors.Join(err, x.csv.Error())
	}
	if err != nil || out == nil {
		return err
	}
	return commitAll(out)
}

// columnsOf are the columns of the tables, as CSV.
var columnsOf = map[string][]string{
	tableClaims:  {"file", "recorded", "claim", "frequency", "replaces", "billing_npi", "rendering_npi", "payer", "medicare", "patient", "charge", "lines", "standing", "answered"},
	tableLines:   {"file", "recorded", "claim", "line", "control", "code", "modifiers", "units", "charge", "from", "to", "rendering_npi", "bucket", "payer", "patient", "standing", "answered"},
	tableAnswers: {"trace", "paid_on", "payer", "claim", "patient", "status", "payer_control", "charge", "paid", "patient_owes", "line", "line_allowed", "line_paid"},
}

// exporter writes rows of one table, or of all.
type exporter struct {
	table string
	csv   *csv.Writer
	json  *json.Encoder
}

func (x *exporter) row(cells ...string) { _ = x.csv.Write(cells) } // Flush tells errors

// pseudonym tells patients apart and says no more.
func pseudonym(k ledger.Key) string { return hex.EncodeToString(k[:6]) }

func cents(n int64) string { return edi.Amount(n).String() }

func (x *exporter) claim(e *ledger.Earlier, answered bool) error {
	if x.json != nil {
		return x.claimJSON(e, answered)
	}
	yes, standing := strconv.FormatBool(answered), strconv.FormatBool(e.Standing)
	if x.table == tableClaims {
		x.row(e.FileName, day(e.Recorded), e.ID, frequencyOf(e.Frequency), e.Original, e.Biller, e.Rendering, e.Payer, strconv.FormatBool(e.Medicare),
			pseudonym(e.Patient), cents(e.Charge), strconv.Itoa(len(e.Lines)), standing, yes)
		return nil
	}
	for i := range e.Lines {
		l := &e.Lines[i]
		x.row(e.FileName, day(e.Recorded), e.ID, strconv.Itoa(l.Number), l.Control, l.Code, l.Modifiers, edi.Quantity(l.Units).String(), cents(l.Charge),
			day(l.From), day(l.To), l.Provider, l.Bucket, e.Payer, pseudonym(e.Patient), standing, yes)
	}
	return nil
}

func frequencyOf(f byte) string {
	if f == 0 {
		return ""
	}
	return string(rune(f))
}

// claimJSON and what follows are rows as they go over the wire, schema gaitkeeper/1.
type claimJSON struct {
	Type      string     `json:"type"`
	File      string     `json:"file"`
	Recorded  string     `json:"recorded"`
	Claim     string     `json:"claim"`
	Frequency string     `json:"frequency"`
	Replaces  string     `json:"replaces,omitempty"`
	Billing   string     `json:"billing_npi"`
	Rendering string     `json:"rendering_npi"`
	Payer     string     `json:"payer"`
	Medicare  bool       `json:"medicare"`
	Patient   string     `json:"patient"`
	Charge    string     `json:"charge"`
	Standing  bool       `json:"standing"`
	Answered  bool       `json:"answered"`
	Lines     []lineJSON `json:"lines,omitempty"`
}

type lineJSON struct {
	Line      int    `json:"line"`
	Control   string `json:"control,omitempty"`
	Code      string `json:"code"`
	Modifiers string `json:"modifiers"`
	Units     string `json:"units"`
	Charge    string `json:"charge"`
	From      string `json:"from"`
	To        string `json:"to"`
	Rendering string `json:"rendering_npi"`
	Bucket    string `json:"bucket,omitempty"`
}

type answerJSON struct {
	Type    string           `json:"type"`
	Trace   string           `json:"trace"`
	PaidOn  string           `json:"paid_on"`
	Payer   string           `json:"payer"`
	Claim   string           `json:"claim"`
	Patient string           `json:"patient"`
	Status  string           `json:"status"`
	Control string           `json:"payer_control"`
	Charge  string           `json:"charge"`
	Paid    string           `json:"paid"`
	Owes    string           `json:"patient_owes"`
	Lines   []answerLineJSON `json:"lines"`
}

type answerLineJSON struct {
	Line    int     `json:"line"`    // of the claim, from 1
	Allowed *string `json:"allowed"` // null where it is not known
	Paid    string  `json:"paid"`
}

func (x *exporter) claimJSON(e *ledger.Earlier, answered bool) error {
	out := claimJSON{
		Type: "claim", File: e.FileName, Recorded: day(e.Recorded), Claim: e.ID, Frequency: frequencyOf(e.Frequency), Replaces: e.Original,
		Billing: e.Biller, Rendering: e.Rendering, Payer: e.Payer, Medicare: e.Medicare, Patient: pseudonym(e.Patient),
		Charge: cents(e.Charge), Standing: e.Standing, Answered: answered,
	}
	for i := range e.Lines {
		l := &e.Lines[i]
		out.Lines = append(out.Lines, lineJSON{
			l.Number, l.Control, l.Code, l.Modifiers, edi.Quantity(l.Units).String(), cents(l.Charge), day(l.From), day(l.To), l.Provider, l.Bucket,
		})
	}
	if x.table == tableClaims {
		out.Lines = nil
	}
	return x.json.Encode(&out)
}

func (x *exporter) answer(a *ledger.Answered) error {
	if x.json == nil {
		head := []string{
			a.Trace, day(a.Date), a.Payer, a.Claim, pseudonym(a.Patient), a.Status, a.Control,
			cents(a.Charge), cents(a.Paid), cents(a.Answer.Patient),
		}
		if len(a.Lines) == 0 {
			x.row(append(head, "", "", "")...)
		}
		for _, l := range a.Lines {
			allowed := ""
			if l.Known {
				allowed = cents(l.Allowed)
			}
			x.row(append(head[:len(head):len(head)], strconv.Itoa(l.Line+1), allowed, cents(l.Paid))...)
		}
		return nil
	}
	out := answerJSON{
		Type: "answer", Trace: a.Trace, PaidOn: day(a.Date), Payer: a.Payer, Claim: a.Claim, Patient: pseudonym(a.Patient), Status: a.Status,
		Control: a.Control, Charge: cents(a.Charge), Paid: cents(a.Paid), Owes: cents(a.Answer.Patient), Lines: []answerLineJSON{},
	}
	for _, l := range a.Lines {
		line := answerLineJSON{Line: l.Line + 1, Paid: cents(l.Paid)}
		if l.Known {
			s := cents(l.Allowed)
			line.Allowed = &s
		}
		out.Lines = append(out.Lines, line)
	}
	return x.json.Encode(&out)
}
