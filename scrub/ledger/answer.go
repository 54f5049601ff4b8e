package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// RecordPayment records a payment of a file, and gives it its number. One that is there
// already, whatever file it came in, stays as it is; its answers may still be recorded,
// for the claims that were not known when it came.
func (r *Run) RecordPayment(ctx context.Context, f File, p *Payment) (fresh bool, err error) {
	if f.ID == 0 {
		return false, errors.New("a payment needs the number of its file")
	}
	key := clean(p.Key)
	found, err := r.one(ctx, "SELECT id FROM payment WHERE key = ?", []any{key}, &p.ID)
	if found || err != nil {
		return false, err
	}
	if p.ID, err = r.next(ctx, "payment"); err != nil {
		return false, err
	}
	_, err = r.exec(ctx, "INSERT INTO payment (id, file, key, trace, payer, day, amount) VALUES (?, ?, ?, ?, ?, ?, ?)",
		p.ID, f.ID, key, clean(p.Trace), clean(p.Payer), p.Date, p.Amount)
	return err == nil, err
}

// RecordAnswer records what a payment says of a claim. An answer that is there already
// stays as it is.
func (r *Run) RecordAnswer(ctx context.Context, p *Payment, a *Answer) (fresh bool, err error) {
	if a.Seq > maxOrdinal {
		return false, fmt.Errorf("payment %s has too many answers", p.Trace)
	}
	id, claim := claimID(p.ID, a.Seq), claimID(a.File, a.Ordinal)
	var file int64
	if found, err := r.one(ctx, "SELECT file FROM payment WHERE id = ?", []any{p.ID}, &file); err != nil {
		return false, err
	} else if !found {
		return false, fmt.Errorf("payment %d: %w", p.ID, ErrNotFound)
	}
	var there int64
	if found, err := r.one(ctx, "SELECT id FROM answer WHERE id = ?", []any{id}, &there); found || err != nil {
		return false, err
	}
	if found, err := r.one(ctx, "SELECT id FROM claim WHERE id = ?", []any{claim}, &there); err != nil {
		return false, err
	} else if !found {
		return false, fmt.Errorf("claim %d of file %d: %w", a.Ordinal, a.File, ErrNotFound)
	}
	control := clean(a.Control)
	counts, err := r.counts(ctx, claim, a.Status, control)
	if err != nil {
		return false, err
	}
	_, err = r.exec(ctx, "INSERT INTO answer (id, file, claim, status, control, charge, paid, patient, counts) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
		id, file, claim, clean(a.Status), control, a.Charge, a.Paid, a.Patient, number(counts))
	if err != nil {
		return false, err
	}
	r.added++
	for n := range a.Lines {
		l := &a.Lines[n]
		_, err := r.exec(ctx, "INSERT INTO answer_line (answer, n, line, allowed, paid, known) VALUES (?, ?, ?, ?, ?, ?)",
			id, n, l.Line, l.Allowed, l.Paid, number(l.Known))
		if err != nil {
			return false, err
		}
	}
	return true, r.resettle(ctx, file, control)
}

// resettle puts claims in order again, where a correction that came after the answer
// names the number that it gives.
func (r *Run) resettle(ctx context.Context, file int64, control string) error {
	if control == "" {
		return nil
	}
	patients, err := r.keys(ctx, "SELECT DISTINCT patient FROM claim WHERE original = ? AND original <> '' AND id >= ?", control, claimID(file+1, 0))
	if err != nil {
		return err
	}
	return r.settle(ctx, patients)
}

// counts reports whether what an answer allows was allowed by the primary payer: its
// status says so (CLP02), or what it reverses does.
func (r *Run) counts(ctx context.Context, claim int64, status, control string) (bool, error) {
	switch status {
	case "1", "4", "19":
		return true, nil
	case "22":
		var counts sql.NullInt64
		_, err := r.one(ctx, "SELECT MAX(counts) FROM answer WHERE claim = ? AND control = ? AND status <> '22'", []any{claim, control}, &counts)
		return !counts.Valid || counts.Int64 != 0, err
	}
	return false, nil
}
