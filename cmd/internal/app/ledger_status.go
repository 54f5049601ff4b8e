package app

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/scrub/ledger"
)

func (b *book) status(ctx context.Context) error {
	s, err := b.ledger.Status(ctx, b.asOf)
	if err != nil {
		return ledgerFault(err)
	}
	if b.format == "json" {
		return writeJSON(b.stdout, statusOf(&s, b.asOf))
	}
	return writeStatus(b.stdout, &s, b.asOf)
}

// ageNames are the groups of ages.
func ageNames() (names []string) {
	from := 0
	for _, next := range ledger.Ages {
		names = append(names, fmt.Sprintf("%d-%d", from, next-1))
		from = next
	}
	return append(names, fmt.Sprintf("%d and more", from))
}

func writeStatus(w io.Writer, s *ledger.Status, asOf int32) error {
	var out bytes.Buffer
	t := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	row := func(name, format string, args ...any) {
		fmt.Fprintf(t, "%s\t"+format+"\n", append([]any{name}, args...)...)
	}
	row("files", "%d of claims, %d of remittances", s.Files, s.Remittances)
	row("claims", "%d with %s, of %s", s.Claims, many(s.Lines, "line", "lines"), many(s.Patients, "patient", "patients"))
	if s.First != 0 {
		row("service", "%s to %s", day(s.First), day(s.Last))
	}
	row("standing", "%d; %d repeat others, were replaced or voided, or are voids", s.Standing, s.Claims-s.Standing)
	row("answered", "%d, by %s in %s", s.Answered, many(s.Answers, "answer", "answers"), many(s.Payments, "payment", "payments"))
	row("not answered", "%d, %s", s.Unanswered.Claims, dollarsOf(s.Unanswered.Charge))
	row("size", "%.1f MB, schema %d", float64(s.Bytes)/1e6, s.Schema)
	t.Flush()
	if s.Unanswered.Claims > 0 {
		fmt.Fprintf(&out, "\nNot answered as of %s, by days since they were sent\n", edi.Date(asOf))
		t = tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
		fmt.Fprint(t, "payer")
		for _, name := range ageNames() {
			fmt.Fprintf(t, "\t%s", name)
		}
		fmt.Fprint(t, "\tall\tcharged\n")
		for i := range s.Payers {
			if p := &s.Payers[i]; p.Unanswered.Claims > 0 {
				writeAging(t, payerName(p.Payer), p.Aging, p.Unanswered)
			}
		}
		if len(s.Payers) > 1 {
			writeAging(t, "all", s.Aging, s.Unanswered)
		}
		t.Flush()
	}
	_, err := out.WriteTo(w)
	return err
}

func writeAging(w io.Writer, name string, a ledger.Aging, all ledger.Pending) {
	fmt.Fprint(w, name)
	for _, p := range a {
		fmt.Fprintf(w, "\t%d", p.Claims)
	}
	fmt.Fprintf(w, "\t%d\t%s\n", all.Claims, dollarsOf(all.Charge))
}

func payerName(id string) string {
	if id == "" {
		return "(no id)"
	}
	return id
}

// dollarsOf writes cents as $1234.50.
func dollarsOf(cents int64) string {
	if cents < 0 {
		return "-$" + edi.Amount(-cents).String()
	}
	return "$" + edi.Amount(cents).String()
}

// statusJSON is a status as it goes over the wire, schema gaitkeeper/1.
type statusJSON struct {
	Type        string       `json:"type"`
	Schema      string       `json:"schema"`
	Version     int64        `json:"ledger_schema"`
	Bytes       int64        `json:"bytes"`
	ClaimFiles  int          `json:"claim_files"`
	Remittances int          `json:"remittance_files"`
	Claims      int          `json:"claims"`
	Lines       int          `json:"lines"`
	Standing    int          `json:"standing"`
	Patients    int          `json:"patients"`
	First       *string      `json:"first_service"`
	Last        *string      `json:"last_service"`
	Payments    int          `json:"payments"`
	Answers     int          `json:"answers"`
	Answered    int          `json:"answered"`
	Unanswered  pendingJSON  `json:"unanswered"`
	AsOf        string       `json:"as_of"`
	Aging       []agingJSON  `json:"aging"`
	Payers      []payersJSON `json:"payers"`
}

type pendingJSON struct {
	Claims int    `json:"claims"`
	Charge string `json:"charge"`
}

type agingJSON struct {
	From int  `json:"from_days"`
	To   *int `json:"to_days"` // null for the last group
	pendingJSON
}

type payersJSON struct {
	Payer      string      `json:"payer"`
	Standing   int         `json:"standing"`
	Answered   int         `json:"answered"`
	Unanswered pendingJSON `json:"unanswered"`
	Aging      []agingJSON `json:"aging"`
}

func statusOf(s *ledger.Status, asOf int32) *statusJSON {
	out := &statusJSON{
		Type: "ledger", Schema: "gaitkeeper/1", Version: s.Schema, Bytes: s.Bytes, ClaimFiles: s.Files, Remittances: s.Remittances,
		Claims: s.Claims, Lines: s.Lines, Standing: s.Standing, Patients: s.Patients, First: dayOrNull(s.First), Last: dayOrNull(s.Last),
		Payments: s.Payments, Answers: s.Answers, Answered: s.Answered, Unanswered: pendingOf(s.Unanswered), AsOf: edi.Date(asOf).String(),
		Aging: agingOf(s.Aging), Payers: []payersJSON{},
	}
	for _, p := range s.Payers {
		out.Payers = append(out.Payers, payersJSON{p.Payer, p.Standing, p.Answered, pendingOf(p.Unanswered), agingOf(p.Aging)})
	}
	return out
}

func dayOrNull(d int32) *string {
	if d == 0 {
		return nil
	}
	s := day(d)
	return &s
}

func pendingOf(p ledger.Pending) pendingJSON {
	return pendingJSON{p.Claims, edi.Amount(p.Charge).String()}
}

func agingOf(a ledger.Aging) (list []agingJSON) {
	from := 0
	for i, p := range a {
		out := agingJSON{From: from, pendingJSON: pendingOf(p)}
		if i < len(ledger.Ages) {
			last := ledger.Ages[i] - 1
			out.To, from = &last, ledger.Ages[i]
		}
		list = append(list, out)
	}
	return list
}
