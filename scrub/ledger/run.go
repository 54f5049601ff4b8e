package ledger

import (
	"context"
	"database/sql"
	"errors"
)

// Run is what one process does with the ledger, in one transaction: all of it comes to
// be, with Commit, or nothing does.
type Run struct {
	ledger     *Ledger
	tx         *sql.Tx
	statements map[string]*sql.Stmt
	added      int // claims and answers
}

// Begin takes the ledger for a run; others wait, or are told that it is busy.
func (l *Ledger) Begin(ctx context.Context) (*Run, error) {
	r := &Run{ledger: l, statements: map[string]*sql.Stmt{}}
	err := l.patiently(ctx, l.options.Wait, isBusy, func() (err error) {
		if r.tx, err = l.db.BeginTx(ctx, nil); err != nil || l.dialect == sqliteDialect {
			return err
		}
		taken := false
		err = r.tx.QueryRowContext(ctx, "SELECT pg_try_advisory_xact_lock($1)", l.lockNumber("run")).Scan(&taken)
		if err == nil && !taken {
			err = ErrBusy
		} else if err == nil {
			_, err = r.tx.ExecContext(ctx, "SET LOCAL jit = off") // queries are many and short
		}
		if err != nil {
			r.tx.Rollback()
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return r, nil
}

// View begins a run that only reads, and sees the ledger as it is now whatever others
// do. It ends with Rollback.
func (l *Ledger) View(ctx context.Context) (*Run, error) {
	r := &Run{ledger: l, statements: map[string]*sql.Stmt{}}
	options := sql.TxOptions{ReadOnly: true}
	if l.dialect != sqliteDialect {
		options.Isolation = sql.LevelRepeatableRead
	}
	var err error
	if r.tx, err = l.db.BeginTx(ctx, &options); err != nil {
		return nil, err
	}
	return r, nil
}

// Commit makes what the run did last.
func (r *Run) Commit() error {
	if err := r.analyze(context.Background()); err != nil {
		return err
	}
	r.close()
	return r.tx.Commit()
}

// analyze tells PostgreSQL what is in tables that have grown: it would not look rows up
// by their keys otherwise.
func (r *Run) analyze(ctx context.Context) error {
	if r.ledger.dialect == sqliteDialect || r.added == 0 {
		return nil
	}
	const grown = "SELECT c.relname FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND c.relname IN ('claim', 'line', 'visit', 'answer', 'answer_line') " +
		"AND pg_relation_size(c.oid) > 8192 * 1.2 * (c.relpages + 8) ORDER BY c.relname"
	var tables []string
	err := r.each(ctx, grown, nil, func(rows *sql.Rows) error {
		var table string
		if err := rows.Scan(&table); err != nil {
			return err
		}
		tables = append(tables, table)
		return nil
	})
	if err != nil {
		return err
	}
	for _, table := range tables {
		if _, err := r.tx.ExecContext(ctx, "ANALYZE "+table); err != nil {
			return err
		}
	}
	return nil
}

// Rollback undoes what the run did. After Commit it does nothing.
func (r *Run) Rollback() error {
	r.close()
	if err := r.tx.Rollback(); !errors.Is(err, sql.ErrTxDone) {
		return err
	}
	return nil
}

func (r *Run) close() {
	for _, s := range r.statements {
		s.Close()
	}
	clear(r.statements)
}

// prepared is a statement of the run, made once.
func (r *Run) prepared(ctx context.Context, query string) (*sql.Stmt, error) {
	if s, ok := r.statements[query]; ok {
		return s, nil
	}
	s, err := r.tx.PrepareContext(ctx, r.ledger.dialect.bind(query))
	if err != nil {
		return nil, err
	}
	r.statements[query] = s
	return s, nil
}

func (r *Run) exec(ctx context.Context, query string, args ...any) (int64, error) {
	s, err := r.prepared(ctx, query)
	if err != nil {
		return 0, err
	}
	res, err := s.ExecContext(ctx, args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// each calls scan for every row.
func (r *Run) each(ctx context.Context, query string, args []any, scan func(*sql.Rows) error) error {
	s, err := r.prepared(ctx, query)
	if err != nil {
		return err
	}
	rows, err := s.QueryContext(ctx, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// one reads a single row; found is false where there is none.
func (r *Run) one(ctx context.Context, query string, args []any, to ...any) (found bool, err error) {
	err = r.each(ctx, query, args, func(rows *sql.Rows) error {
		found = true
		return rows.Scan(to...)
	})
	return found, err
}

// next is the next number of a counter.
func (r *Run) next(ctx context.Context, counter string) (n int64, err error) {
	if _, err := r.exec(ctx, "UPDATE counter SET last = last + 1 WHERE name = ?", counter); err != nil {
		return 0, err
	}
	_, err = r.one(ctx, "SELECT last FROM counter WHERE name = ?", []any{counter}, &n)
	return n, err
}

// asked is how many keys are looked up at once; fewer are filled up with nulls, so that
// few statements are made.
var asked = [...]int{4, 16, 64, 256}

// lookUp asks about rows of keys, of the kinds that [dialect.values] knows, in queries
// that begin with the table k.
func (r *Run) lookUp(ctx context.Context, columns, kinds string, keys []any, query string, args []any, scan func(*sql.Rows) error) error {
	width := len(kinds)
	for len(keys) > 0 {
		size := asked[0]
		for _, s := range asked {
			if size = s; s*width >= len(keys) {
				break
			}
		}
		n := min(size*width, len(keys))
		params := make([]any, size*width, size*width+len(args))
		copy(params, keys[:n])
		keys = keys[n:]
		q := "WITH k(" + columns + ") AS (" + r.ledger.dialect.values(kinds, size) + ") " + query
		if err := r.each(ctx, q, append(params, args...), scan); err != nil {
			return err
		}
	}
	return nil
}
