package app

import (
	"context"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/remit"
	"github.com/gaitkeeper/gaitkeeper/scrub"
	"github.com/gaitkeeper/gaitkeeper/scrub/ledger"
	"github.com/gaitkeeper/gaitkeeper/scrub/therapy"
)

// ledgerHistory is what a ledger remembers, as the engine asks for it.
type ledgerHistory struct {
	*ledger.Ledger
	run     *ledger.Run
	horizon ledger.Horizon
}

func (h *ledgerHistory) Key(identity []byte) scrub.PatientKey {
	return scrub.PatientKey(h.Ledger.Key(identity))
}

func (h *ledgerHistory) Days(ctx context.Context, days []scrub.PatientDay, visit func(*scrub.Sent) error) error {
	keys := make([]ledger.DayKey, len(days))
	for i, d := range days {
		keys[i] = ledger.DayKey{Patient: ledger.Key(d.Patient), Day: int32(d.Day)}
	}
	return h.run.Days(ctx, keys, h.horizon, func(e *ledger.Earlier) error { return visit(sentOf(e)) })
}

func (h *ledgerHistory) Loads(ctx context.Context, days []scrub.ProviderDay, visit func(scrub.ProviderDay, int) error) error {
	keys := make([]ledger.ProviderDay, len(days))
	for i, d := range days {
		keys[i] = ledger.ProviderDay{Provider: d.Provider, Day: int32(d.Day)}
	}
	return h.run.OwnUnits(ctx, keys, h.horizon, func(d ledger.ProviderDay, units int) error {
		return visit(scrub.ProviderDay{Provider: d.Provider, Day: edi.Date(d.Day)}, units)
	})
}

func (h *ledgerHistory) Visits(ctx context.Context, patients []scrub.PatientKey, visit func(scrub.PatientKey, edi.Date, string) error) error {
	return h.run.Patterns(ctx, keysOf(patients), h.horizon, func(k ledger.Key, day int32, _, pattern string) error {
		return visit(scrub.PatientKey(k), edi.Date(day), pattern)
	})
}

func (h *ledgerHistory) Allowed(ctx context.Context, persons []scrub.PatientKey, visit func(scrub.PatientKey, scrub.Allowance) error) error {
	return h.run.Allowed(ctx, keysOf(persons), h.horizon, func(a ledger.Amount) error {
		return visit(scrub.PatientKey(a.Person), scrub.Allowance{
			Year: a.Year, Bucket: a.Bucket, Amount: edi.Amount(a.Allowed), Lines: a.Lines, Open: a.Open,
		})
	})
}

func keysOf(list []scrub.PatientKey) []ledger.Key {
	keys := make([]ledger.Key, len(list))
	for i, k := range list {
		keys[i] = ledger.Key(k)
	}
	return keys
}

// sentOf is a claim of the ledger, as the engine knows it.
func sentOf(e *ledger.Earlier) *scrub.Sent {
	s := &scrub.Sent{
		ID: e.ID, Frequency: e.Frequency, Original: e.Original, Biller: e.Biller, Payer: e.Payer, Rendering: e.Rendering,
		Medicare: e.Medicare, Created: edi.Date(e.Created), Charge: edi.Amount(e.Charge),
		Key: scrub.PatientKey(e.Patient), File: e.FileName, Recorded: edi.Date(e.Recorded), Control: e.Control,
	}
	for _, l := range e.Lines {
		o := scrub.SentLine{
			Number: l.Number, Control: l.Control, Code: l.Code, Units: edi.Quantity(l.Units), Charge: edi.Amount(l.Charge),
			Period: edi.Period{From: edi.Date(l.From), To: edi.Date(l.To)}, Provider: l.Provider,
			Discipline: therapy.Disciplines(l.Discipline), Bucket: l.Bucket,
		}
		for i := 0; i+1 < len(l.Modifiers) && i/2 < len(o.Modifiers); i += 2 {
			o.Modifiers[i/2] = scrub.M(l.Modifiers[i:])
		}
		s.Lines = append(s.Lines, o)
	}
	return s
}

// claimFor is a claim of the run, as the ledger keeps it: identities only as keyed
// hashes.
func claimFor(l *ledger.Ledger, s *scrub.Sent, ordinal int) *ledger.Claim {
	c := &ledger.Claim{
		Ordinal: ordinal, ID: s.ID, Frequency: s.Frequency, Original: s.Original, Biller: s.Biller, Payer: s.Payer,
		Rendering: s.Rendering, Medicare: s.Medicare, Created: int32(s.Created), Charge: int64(s.Charge),
		Patient: l.Key(s.Patient), Person: l.Key(s.Person),
	}
	if s.Tax != "" {
		c.Tax = l.Key([]byte(s.Tax))
	}
	for i, id := range s.Members {
		if len(id) > 0 {
			c.Members[i] = l.Key(remit.Folded(id))
		}
	}
	for _, o := range s.Lines {
		x := ledger.Line{
			Number: o.Number, Control: o.Control, Code: o.Code, Units: int64(o.Units), Charge: int64(o.Charge),
			From: int32(o.Period.From), To: int32(o.Period.To), Provider: o.Provider, Discipline: uint8(o.Discipline), Bucket: o.Bucket,
		}
		for _, m := range o.Modifiers {
			if m != 0 {
				x.Modifiers += m.String()
			}
		}
		c.Lines = append(c.Lines, x)
	}
	for _, v := range s.Visits {
		c.Visits = append(c.Visits, ledger.Visit{Day: int32(v.Day), Provider: v.Provider, OwnUnits: v.OwnUnits, Pattern: v.Pattern})
	}
	return c
}
