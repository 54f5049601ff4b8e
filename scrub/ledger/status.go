package ledger

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"time"
)

// Ages are the days from which a claim without an answer is in the next group of
// [Aging].
var Ages = [...]int{31, 61, 91}

// Aging is claims without an answer, by the days since they were sent.
type Aging [len(Ages) + 1]Pending

// Pending is claims without an answer.
type Pending struct {
	Claims int
	Charge int64
}

// Status is what a ledger holds. Claims that repeat one before them, or that were
// replaced or voided, are only in Claims and Lines.
type Status struct {
	Schema      int64
	Bytes       int64 // of the database
	Files       int   // of claims
	Remittances int   // files of payments
	Claims      int
	Lines       int
	Standing    int // claims that count
	Patients    int
	First, Last int32 // days of service
	Payments    int
	Answers     int
	Answered    int // standing claims
	Unanswered  Pending
	Aging       Aging
	Payers      []PayerStatus
}

// PayerStatus is what stands with one payer.
type PayerStatus struct {
	Payer      string
	Standing   int
	Answered   int
	Unanswered Pending
	Aging      Aging
}

// Status counts what the ledger holds, with ages as of a day.
func (l *Ledger) Status(ctx context.Context, asOf int32) (s Status, err error) {
	r, err := l.View(ctx)
	if err != nil {
		return s, err
	}
	defer r.Rollback()
	s.Schema = l.version
	size := "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
	if l.dialect != sqliteDialect {
		size = "SELECT COALESCE(SUM(pg_total_relation_size(c.oid)), 0) FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace"
	}
	for _, q := range []struct {
		query string
		to    []any
	}{
		{size, []any{&s.Bytes}},
		{"SELECT COUNT(*) FROM file WHERE kind = '837'", []any{&s.Files}},
		{"SELECT COUNT(*) FROM file WHERE kind = '835'", []any{&s.Remittances}},
		{"SELECT COUNT(*), COUNT(DISTINCT person), COALESCE(MIN(NULLIF(first_day, 0)), 0), COALESCE(MAX(last_day), 0) FROM claim", []any{&s.Claims, &s.Patients, &s.First, &s.Last}},
		{"SELECT COUNT(*) FROM line", []any{&s.Lines}},
		{"SELECT COUNT(*) FROM payment", []any{&s.Payments}},
		{"SELECT COUNT(*) FROM answer", []any{&s.Answers}},
	} {
		if _, err := r.one(ctx, q.query, nil, q.to...); err != nil {
			return s, err
		}
	}
	payers := map[string]*PayerStatus{}
	err = r.each(ctx, "SELECT x.payer, x.sent, x.answered, COUNT(*), SUM(x.charge) FROM "+
		"(SELECT c.payer AS payer, CASE WHEN c.created > 0 AND c.created < f.recorded THEN c.created ELSE f.recorded END AS sent, c.charge AS charge, CASE WHEN EXISTS (SELECT 1 FROM answer a WHERE a.claim = c.id) THEN 1 ELSE 0 END AS answered "+
		"FROM claim c JOIN file f ON f.id = c.id >> 32 WHERE c.counted = 1 AND c.gone = 0) x GROUP BY x.payer, x.sent, x.answered", nil, func(rows *sql.Rows) error {
		var payer string
		var sent int32
		var answered bool
		var o Pending
		if err := rows.Scan(&payer, &sent, &answered, &o.Claims, &o.Charge); err != nil {
			return err
		}
		p := payers[payer]
		if p == nil {
			p = &PayerStatus{Payer: payer}
			payers[payer] = p
		}
		s.Standing += o.Claims
		p.Standing += o.Claims
		if answered {
			s.Answered += o.Claims
			p.Answered += o.Claims
			return nil
		}
		group := ageGroup(Days(sent, asOf))
		for _, to := range []*Pending{&s.Unanswered, &s.Aging[group], &p.Unanswered, &p.Aging[group]} {
			to.Claims += o.Claims
			to.Charge += o.Charge
		}
		return nil
	})
	for _, p := range payers {
		s.Payers = append(s.Payers, *p)
	}
	slices.SortFunc(s.Payers, func(a, b PayerStatus) int { return cmp.Compare(a.Payer, b.Payer) })
	return s, err
}

func ageGroup(days int) int {
	for i, from := range Ages {
		if days < from {
			return i
		}
	}
	return len(Ages)
}

// Days is how many days lie between two days; 0 where one is not known.
func Days(from, to int32) int {
	if from == 0 || to == 0 {
		return 0
	}
	return int(date(to).Sub(date(from)).Hours() / 24)
}

func date(day int32) time.Time {
	return time.Date(int(day/10000), time.Month(day/100%100), int(day%100), 0, 0, 0, 0, time.UTC)
}
