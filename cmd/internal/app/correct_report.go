package app

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/gaitkeeper/gaitkeeper/cmd/internal/render"
	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/remit/correct"
	"github.com/gaitkeeper/gaitkeeper/scrub"
)

// leftOut reports the denied claims that stay out of the batch: as text, or as one
// JSON object a claim.
type leftOut struct {
	text        io.Writer
	enc         *json.Encoder
	claims      int
	recoverable int // of them, those whose money some action may bring
	dollars     edi.Amount
}

func (l *leftOut) say(w io.Writer) { l.text = w }

func (l *leftOut) write(w io.Writer) {
	l.enc = json.NewEncoder(w)
	l.enc.SetEscapeHTML(false)
}

// leftOutClaim is a record of the report.
type leftOutClaim struct {
	Type         string        `json:"type"`
	File         string        `json:"file"` // of the claim; "" where none is matched
	Claim        string        `json:"claim"`
	Remittance   string        `json:"remittance"` // file of the answer
	Trace        string        `json:"trace"`
	Payer        string        `json:"payer"`
	PayerControl string        `json:"payer_control"`
	Reason       string        `json:"reason"`
	Denied       string        `json:"denied"`
	Recoverable  string        `json:"recoverable"`
	Denials      []deniedLine  `json:"denial"`
	Action       leftOutAction `json:"action"`
}

type deniedLine struct {
	Line   int      `json:"line_number"`
	Group  string   `json:"group"`
	CARC   string   `json:"carc"`
	RARCs  []string `json:"rarc"`
	Amount string   `json:"amount"`
}

type leftOutAction struct {
	Step     string `json:"step"`
	Text     string `json:"text"`
	Deadline string `json:"deadline,omitempty"`
}

// add reports a claim; res is nil where no claim was found.
func (l *leftOut) add(k *correct.Case, res *scrub.Result, way correct.Way) error {
	l.claims++
	if k.Recoverable > 0 {
		l.recoverable++
		l.dollars += k.Recoverable
	}
	if l.text != nil {
		fmt.Fprintf(l.text, "claim %s stays out: %s\n", k.ID, way.Reason)
		if way.Text != "" {
			fmt.Fprintf(l.text, "  to do: %s\n", way.Text)
		}
	}
	if l.enc == nil {
		return nil
	}
	out := leftOutClaim{
		Type: "left_out", Claim: k.ID, Remittance: k.Remittance, Trace: k.Trace, Payer: k.Payer, PayerControl: k.PayerControl, Reason: way.Reason,
		Denied: k.Denied.String(), Recoverable: k.Recoverable.String(), Denials: []deniedLine{},
		Action: leftOutAction{Step: string(way.Step), Text: way.Text},
	}
	if res != nil {
		out.File = res.File
	}
	for i := range k.Denials {
		d := &k.Denials[i]
		out.Denials = append(out.Denials, deniedLine{d.Line, d.Group, d.CARC, append([]string{}, d.RARCs...), d.Amount.String()})
		if d.Action.Step == way.Step && d.Action.Deadline != 0 {
			out.Action.Deadline = d.Action.Deadline.String()
		}
	}
	return l.enc.Encode(out)
}

// close ends the report.
func (l *leftOut) close(sent int) error {
	if l.enc == nil {
		return nil
	}
	return l.enc.Encode(struct {
		Type        string `json:"type"`
		Schema      string `json:"schema"`
		Corrected   int    `json:"corrected"`
		LeftOut     int    `json:"left_out"`
		Recoverable string `json:"recoverable"`
	}{"summary", "gaitkeeper/1", sent, l.claims, l.dollars.String()})
}

// tell says how the run ended.
func (l *leftOut) tell(w io.Writer, sent int, to string) {
	if to == "" {
		to = "standard output"
	}
	switch {
	case sent == 0 && l.claims == 0:
		fmt.Fprintln(w, "No claim is denied: there is nothing to correct.")
	case sent == 0:
		fmt.Fprintf(w, "No claim can be corrected: nothing is written. %s.\n", l.sum())
	default:
		fmt.Fprintf(w, "%s corrected to %s. %s.\n", many(sent, "claim", "claims"), to, l.sum())
	}
}

func (l *leftOut) sum() string {
	if l.claims == 0 {
		return "No denied claim stays out"
	}
	text := many(l.claims, "denied claim stays out", "denied claims stay out")
	if l.recoverable > 0 {
		text += fmt.Sprintf(", %d of them with %s dollars that may be recovered", l.recoverable, l.dollars)
	}
	return text
}

// resubmitted is an entry of the log for a claim of the batch.
type resubmitted struct {
	change
	Frequency    string `json:"frequency"`
	PayerControl string `json:"payer_control,omitempty"` // REF*F8
	Reason       string `json:"reason"`
}

// resubmission logs a claim that went in, with all edits of the original.
func (l *changeLog) resubmission(res *scrub.Result, edits edi.Patch, way correct.Way, k *correct.Case) error {
	id := string(res.Claim.ID())
	out := resubmitted{
		change:    change{Type: "change", File: res.File, Claim: &id, Fixes: []appliedFix{}, Edits: render.Edits(edits)},
		Frequency: string(way.Frequency), Reason: way.Reason,
	}
	if way.Frequency == correct.Replaces {
		out.PayerControl = strings.Clone(k.PayerControl)
	}
	for _, a := range res.Applied {
		out.Fixes = append(out.Fixes, appliedFix{a.Rule.ID, a.Line, a.LineNo, a.Safety.String(), a.Message, a.Attestation})
	}
	return l.enc.Encode(out)
}
