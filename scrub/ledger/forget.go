package ledger

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"fmt"
)

// Forget says what is to be forgotten; one of its fields is set.
type Forget struct {
	Before int32  // claims whose last day of service is before
	File   string // a file, by its name: of claims or of remittances
	Claim  string // claims with that CLM01
}

// Forgotten is what was forgotten.
type Forgotten struct {
	Claims, Lines, Answers, Payments, Files int
}

// Forget removes claims and the answers to them, payments and files of which nothing is
// left. A claim that one of them replaced or voided counts again.
func (r *Run) Forget(ctx context.Context, what Forget) (n Forgotten, err error) {
	if what.File != "" {
		var kind string
		found := false
		err := r.each(ctx, "SELECT kind FROM file WHERE name = ? ORDER BY id", []any{clean(what.File)}, func(rows *sql.Rows) error {
			found = true
			return rows.Scan(&kind)
		})
		if err != nil {
			return n, err
		}
		if !found {
			return n, fmt.Errorf("file %s: %w", what.File, ErrNotFound)
		}
	}
	condition, arg := what.condition()
	from := " FROM claim c JOIN file f ON f.id = c.id >> 32 WHERE " + condition
	touched, err := r.keys(ctx, "SELECT DISTINCT c.patient"+from, arg)
	if err != nil {
		return n, err
	}
	files, err := r.numbers(ctx, "SELECT DISTINCT c.id >> 32"+from, arg)
	if err != nil {
		return n, err
	}
	answersOf := " FROM answer a WHERE a.claim IN (SELECT c.id" + from + ")"
	args := []any{arg}
	if what.File != "" {
		answersOf += " OR a.file IN (SELECT id FROM file WHERE name = ?)"
		args = append(args, arg)
	}
	payments, err := r.numbers(ctx, "SELECT DISTINCT a.id >> 32"+answersOf, args...)
	if err != nil {
		return n, err
	}
	answered, err := r.keys(ctx, "SELECT DISTINCT c.patient FROM claim c WHERE c.id IN (SELECT a.claim"+answersOf+")", args...)
	if err != nil {
		return n, err
	}
	for k := range answered {
		touched[k] = struct{}{}
	}
	linked, err := r.links(ctx) // as long as what links them is there
	if err != nil {
		return n, err
	}
	linked.reach(touched)
	if _, err := r.one(ctx, "SELECT COUNT(*) FROM line l WHERE l.claim IN (SELECT c.id"+from+")", []any{arg}, &n.Lines); err != nil {
		return n, err
	}
	if n.Answers, err = r.remove(ctx, "DELETE FROM answer WHERE id IN (SELECT a.id"+answersOf+")", args...); err != nil {
		return n, err
	}
	if n.Claims, err = r.remove(ctx, "DELETE FROM claim WHERE id IN (SELECT c.id"+from+")", arg); err != nil {
		return n, err
	}
	if err := r.forgetEmpty(ctx, what, files, payments, &n); err != nil {
		return n, err
	}
	return n, r.settle(ctx, touched)
}

// condition is which claims c of files f are forgotten.
func (what *Forget) condition() (string, any) {
	switch {
	case what.File != "":
		return "f.name = ?", clean(what.File)
	case what.Claim != "":
		return "c.number = ?", clean(what.Claim)
	}
	return "CASE WHEN c.last_day > 0 THEN c.last_day WHEN c.created > 0 THEN c.created ELSE f.recorded END < ?", what.Before
}

// forgetEmpty removes payments and files of which nothing is left, and brings the
// others up to date.
func (r *Run) forgetEmpty(ctx context.Context, what Forget, files, payments []int64, n *Forgotten) error {
	remittances := map[int64]bool{}
	for _, p := range payments {
		var file int64
		if _, err := r.one(ctx, "SELECT file FROM payment WHERE id = ?", []any{p}, &file); err != nil {
			return err
		}
		gone, err := r.remove(ctx, "DELETE FROM payment WHERE id = ? AND NOT EXISTS (SELECT 1 FROM answer a WHERE a.id >= ? AND a.id < ?)",
			p, claimID(p, 0), claimID(p+1, 0))
		if err != nil {
			return err
		}
		n.Payments += gone
		remittances[file] = remittances[file] || gone > 0
	}
	var more int
	var err error
	switch {
	case what.File != "":
		more, err = r.remove(ctx, "DELETE FROM payment WHERE file IN (SELECT id FROM file WHERE name = ?)", clean(what.File))
	case what.Before != 0:
		more, err = r.remove(ctx, "DELETE FROM payment WHERE day < ? AND NOT EXISTS (SELECT 1 FROM answer a WHERE a.id >> 32 = payment.id)", what.Before)
	}
	if err != nil {
		return err
	}
	n.Payments += more
	for _, f := range files {
		if err := r.recount(ctx, f); err != nil {
			return err
		}
	}
	const nothing = " AND NOT EXISTS (SELECT 1 FROM payment p WHERE p.file = file.id) AND NOT EXISTS (SELECT 1 FROM claim c WHERE c.id >= file.id * 4294967296 AND c.id < (file.id + 1) * 4294967296)"
	for _, f := range files {
		if err := r.forgetFile(ctx, n, "id = ?"+nothing, f); err != nil {
			return err
		}
	}
	for f, gone := range remittances {
		if gone {
			if err := r.forgetFile(ctx, n, "id = ?"+nothing, f); err != nil {
				return err
			}
		}
	}
	switch {
	case what.File != "":
		err = r.forgetFile(ctx, n, "name = ?"+nothing, clean(what.File))
	case what.Before != 0:
		err = r.forgetFile(ctx, n, "recorded < ?"+nothing, what.Before)
	}
	if err != nil {
		return err
	}
	_, err = r.exec(ctx, "DELETE FROM alias WHERE file NOT IN (SELECT id FROM file)")
	return err
}

func (r *Run) forgetFile(ctx context.Context, n *Forgotten, condition string, arg any) error {
	gone, err := r.remove(ctx, "DELETE FROM file WHERE "+condition, arg)
	n.Files += gone
	return err
}

// recount brings the counts and the digest of a file up to date.
func (r *Run) recount(ctx context.Context, file int64) error {
	h := sha256.New()
	claims := 0
	bounds := []any{claimID(file, 0), claimID(file+1, 0)}
	err := r.each(ctx, "SELECT id, content FROM claim WHERE id >= ? AND id < ? ORDER BY id", bounds, func(rows *sql.Rows) error {
		var id, content int64
		if err := rows.Scan(&id, &content); err != nil {
			return err
		}
		claims++
		addSum(h, int(id&maxOrdinal), binary.BigEndian.AppendUint64(nil, uint64(content)))
		return nil
	})
	if err != nil {
		return err
	}
	lines := 0
	if _, err := r.one(ctx, "SELECT COUNT(*) FROM line WHERE claim >= ? AND claim < ?", bounds, &lines); err != nil {
		return err
	}
	_, err = r.exec(ctx, "UPDATE file SET claims = ?, lines = ?, content = ? WHERE id = ?", claims, lines, h.Sum(nil), file)
	return err
}

func (r *Run) remove(ctx context.Context, query string, args ...any) (int, error) {
	n, err := r.exec(ctx, query, args...)
	return int(n), err
}

func (r *Run) numbers(ctx context.Context, query string, args ...any) (list []int64, err error) {
	err = r.each(ctx, query, args, func(rows *sql.Rows) error {
		var n int64
		if err := rows.Scan(&n); err != nil {
			return err
		}
		list = append(list, n)
		return nil
	})
	return list, err
}

func (r *Run) keys(ctx context.Context, query string, args ...any) (map[Key]struct{}, error) {
	list := map[Key]struct{}{}
	err := r.each(ctx, query, args, func(rows *sql.Rows) error {
		var b sql.RawBytes
		if err := rows.Scan(&b); err != nil {
			return err
		}
		var k Key
		copy(k[:], b)
		list[k] = struct{}{}
		return nil
	})
	return list, err
}
