package ledger

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"fmt"
	"hash"
)

// mostProblems is how many problems of a kind are told.
const mostProblems = 20

// Verify looks for what cannot be: rows that changed since they were recorded, counts
// that are wrong, answers and marks that point nowhere. It tells what it found; nothing
// for a ledger that is whole.
func (l *Ledger) Verify(ctx context.Context) (problems []string, err error) {
	r, err := l.View(ctx)
	if err != nil {
		return nil, err
	}
	defer r.Rollback()
	v := verifier{run: r}
	for _, check := range []func(context.Context) error{v.database, v.files, v.order, v.links} {
		v.told = 0
		if err := check(ctx); err != nil {
			return nil, err
		}
		if v.told > mostProblems {
			v.problems = append(v.problems, fmt.Sprintf("and %d more", v.told-mostProblems))
		}
	}
	return v.problems, nil
}

type verifier struct {
	run      *Run
	problems []string
	told     int // of a kind
}

func (v *verifier) tell(format string, args ...any) {
	if v.told++; v.told <= mostProblems {
		v.problems = append(v.problems, fmt.Sprintf(format, args...))
	}
}

// database lets SQLite check its file; PostgreSQL has tools of its own for that.
func (v *verifier) database(ctx context.Context) error {
	if v.run.ledger.dialect != sqliteDialect {
		return nil
	}
	err := v.run.each(ctx, "PRAGMA integrity_check", nil, func(rows *sql.Rows) error {
		var text string
		if err := rows.Scan(&text); err != nil {
			return err
		}
		if text != "ok" {
			v.tell("the database is damaged: %s", text)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return v.run.each(ctx, "PRAGMA foreign_key_check", nil, func(rows *sql.Rows) error {
		var table, parent string
		var row, key sql.NullInt64
		if err := rows.Scan(&table, &row, &parent, &key); err != nil {
			return err
		}
		v.tell("a row of %s belongs to no %s", table, parent)
		return nil
	})
}

// fileSum is what the claims of a file come to.
type fileSum struct {
	claims, lines int
	content       hash.Hash
}

// files compares each file with its claims.
func (v *verifier) files(ctx context.Context) error {
	sums := map[int64]*fileSum{}
	var buf []byte
	err := v.run.walk(ctx, func(list []row) error {
		if err := v.run.addVisits(ctx, list); err != nil {
			return err
		}
		for i := range list {
			c := &list[i]
			s := sums[c.File]
			if s == nil {
				s = &fileSum{content: sha256.New()}
				sums[c.File] = s
			}
			s.claims++
			s.lines += len(c.Lines)
			buf = appendClaim(buf[:0], &c.Claim)
			sum := sha256.Sum256(buf)
			addSum(s.content, c.Ordinal, sum[:8])
			if int64(binary.BigEndian.Uint64(sum[:8])) != c.content {
				v.tell("%s: claim %d is not as it was recorded", c.FileName, c.Ordinal+1)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return v.run.each(ctx, "SELECT "+fileColumns+" FROM file f ORDER BY f.id", nil, func(rows *sql.Rows) error {
		var f File
		var content []byte
		if err := scanFile(rows, &f, &content); err != nil {
			return err
		}
		s := sums[f.ID]
		if s == nil {
			s = &fileSum{content: sha256.New()}
		}
		switch {
		case f.Claims != s.claims || f.Lines != s.lines:
			v.tell("%s: %d claims with %d lines were recorded, %d with %d are there", f.Name, f.Claims, f.Lines, s.claims, s.lines)
		case !bytes.Equal(content, s.content.Sum(nil)):
			v.tell("%s: its claims are not those that were recorded", f.Name)
		}
		return nil
	})
}

// order compares the marks of claims that repeat, replace or void others.
func (v *verifier) order(ctx context.Context) error {
	patients, err := v.run.keys(ctx, "SELECT DISTINCT patient FROM claim")
	if err != nil {
		return err
	}
	return v.run.settled(ctx, patients, func(s *sent, counted bool, gone int64) error {
		v.tell("file %d, claim %d: counted is %v and should be %v, replaced by %d and should be %d",
			s.id>>fileBits, s.id&maxOrdinal+1, s.counted, counted, s.gone>>fileBits, gone>>fileBits)
		return nil
	})
}

// links looks for rows that belong to nothing.
func (v *verifier) links(ctx context.Context) error {
	for _, check := range []struct{ what, query string }{
		{"claims without their file", "SELECT COUNT(*) FROM claim c WHERE NOT EXISTS (SELECT 1 FROM file f WHERE f.id = c.id >> 32)"},
		{"visits of another patient than their claim", "SELECT COUNT(*) FROM visit v JOIN claim c ON c.id = v.claim WHERE c.patient <> v.patient"},
		{"payments without their file", "SELECT COUNT(*) FROM payment p WHERE NOT EXISTS (SELECT 1 FROM file f WHERE f.id = p.file)"},
		{"answers without their payment", "SELECT COUNT(*) FROM answer a WHERE NOT EXISTS (SELECT 1 FROM payment p WHERE p.id = a.id >> 32 AND p.file = a.file)"},
		{"answered lines that the claim does not have", "SELECT COUNT(*) FROM answer_line x JOIN answer a ON a.id = x.answer WHERE NOT EXISTS (SELECT 1 FROM line l WHERE l.claim = a.claim AND l.n = x.line)"},
		{"other names of no file", "SELECT COUNT(*) FROM alias a WHERE NOT EXISTS (SELECT 1 FROM file f WHERE f.id = a.file)"},
		{"files beyond the last number", "SELECT COUNT(*) FROM file f WHERE f.id > (SELECT last FROM counter WHERE name = 'file')"},
		{"payments beyond the last number", "SELECT COUNT(*) FROM payment p WHERE p.id > (SELECT last FROM counter WHERE name = 'payment')"},
	} {
		var n int
		if _, err := v.run.one(ctx, check.query, nil, &n); err != nil {
			return err
		}
		if n > 0 {
			v.tell("%s: %d", check.what, n)
		}
	}
	return nil
}
