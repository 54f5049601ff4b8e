package ledger

import (
	"cmp"
	"context"
	"database/sql"
	"math"
	"slices"
	"strconv"
	"strings"
)

// bound is the first claim that is not history.
func (h *Horizon) bound() int64 {
	if h.Before == 0 {
		return math.MaxInt64
	}
	return claimID(h.Before, 0)
}

// file is the first file that is not history.
func (h *Horizon) file() int64 {
	if h.Before == 0 {
		return math.MaxInt64
	}
	return h.Before
}

// in is the condition that a file is one of those left out; "" where none is.
func (h *Horizon) in(file string) string {
	if len(h.Without) == 0 {
		return ""
	}
	list := make([]string, len(h.Without))
	for i, n := range h.Without {
		list[i] = strconv.FormatInt(n, 10)
	}
	return file + " IN (" + strings.Join(list, ",") + ")"
}

// sent is the condition that the claim c was sent, with its parameters.
func (h *Horizon) sent() (string, []any) {
	q := "c.id < ?"
	if in := h.in("c.id >> 32"); in != "" {
		q += " AND NOT " + in
	}
	return q, []any{h.bound()}
}

// counted is the condition that the claim c was sent and counted then.
func (h *Horizon) counted() (string, []any) {
	q, args := h.sent()
	q += " AND c.counted = 1 AND (c.gone = 0 OR c.gone >= ?"
	if in := h.in("c.gone >> 32"); in != "" {
		q += " OR " + in
	}
	return q + ")", append(args, h.bound())
}

// answered is the condition that the answer a came in.
func (h *Horizon) answered() (string, []any) {
	q := "a.file < ?"
	if in := h.in("a.file"); in != "" {
		q += " AND NOT " + in
	}
	return q, []any{h.file()}
}

const earlierColumns = "c.id, c.number, c.frequency, c.original, c.biller, c.tax, c.payer, c.rendering, c.medicare, c.patient, c.person, c.member1, c.member2, c.created, c.charge, f.name, f.recorded"

func scanEarlier(rows *sql.Rows, e *Earlier, more ...any) error {
	var id int64
	var frequency, medicare int
	var tax, patient, person, member1, member2 sql.RawBytes
	to := []any{&id, &e.ID, &frequency, &e.Original, &e.Biller, &tax, &e.Payer, &e.Rendering, &medicare, &patient, &person, &member1, &member2, &e.Created, &e.Charge, &e.FileName, &e.Recorded}
	if err := rows.Scan(append(to, more...)...); err != nil {
		return err
	}
	e.File, e.Ordinal = id>>fileBits, int(id&maxOrdinal)
	e.Frequency, e.Medicare = byte(frequency), medicare != 0
	copy(e.Tax[:], tax)
	copy(e.Patient[:], patient)
	copy(e.Person[:], person)
	copy(e.Members[0][:], member1)
	copy(e.Members[1][:], member2)
	return nil
}

// Days are the claims that counted and have a service on one of the days, each once, in
// the order in which they were sent, with all their lines; their visits are not told.
func (r *Run) Days(ctx context.Context, days []DayKey, h Horizon, visit func(*Earlier) error) error {
	counted, args := h.counted()
	answered, more := h.answered()
	keys := make([]any, 0, 2*len(days))
	for i := range days {
		keys = append(keys, days[i].Patient[:], days[i].Day)
	}
	var list []Earlier
	err := r.lookUp(ctx, "patient, day", "bi", keys,
		"SELECT "+earlierColumns+", COALESCE((SELECT a.control FROM answer a WHERE a.claim = c.id AND a.control <> '' AND "+answered+
			" ORDER BY a.id DESC LIMIT 1), '') FROM k CROSS JOIN visit v CROSS JOIN claim c CROSS JOIN file f "+
			"WHERE v.patient = k.patient AND v.day = k.day AND c.id = v.claim AND f.id = c.id >> 32 AND "+counted,
		append(more, args...), func(rows *sql.Rows) error {
			e := Earlier{Standing: true}
			if err := scanEarlier(rows, &e, &e.Control); err != nil {
				return err
			}
			list = append(list, e)
			return nil
		})
	if err != nil || len(list) == 0 {
		return err
	}
	slices.SortFunc(list, func(a, b Earlier) int { return cmp.Compare(a.id(), b.id()) })
	list = slices.CompactFunc(list, func(a, b Earlier) bool { return a.id() == b.id() })
	if err := r.addLines(ctx, list); err != nil {
		return err
	}
	for i := range list {
		if err := visit(&list[i]); err != nil {
			return err
		}
	}
	return nil
}

const lineSelected = "l.claim, l.number, l.control, l.code, l.modifiers, l.units, l.charge, l.from_day, l.to_day, l.provider, l.discipline, l.bucket"

func scanLine(rows *sql.Rows, claim *int64, l *Line) error {
	return rows.Scan(claim, &l.Number, &l.Control, &l.Code, &l.Modifiers, &l.Units, &l.Charge, &l.From, &l.To, &l.Provider, &l.Discipline, &l.Bucket)
}

// addLines reads the lines of claims that stand in order.
func (r *Run) addLines(ctx context.Context, list []Earlier) error {
	ids := make([]any, len(list))
	for i := range list {
		ids[i] = list[i].id()
	}
	return r.lookUp(ctx, "claim", "i", ids,
		"SELECT "+lineSelected+" FROM k CROSS JOIN line l WHERE l.claim = k.claim ORDER BY l.claim, l.n", nil, func(rows *sql.Rows) error {
			var id int64
			var l Line
			if err := scanLine(rows, &id, &l); err != nil {
				return err
			}
			if at, ok := slices.BinarySearchFunc(list, id, func(e Earlier, id int64) int { return cmp.Compare(e.id(), id) }); ok {
				list[at].Lines = append(list[at].Lines, l)
			}
			return nil
		})
}

// OwnUnits are the timed units of providers on days, a call for each visit that has
// any.
func (r *Run) OwnUnits(ctx context.Context, days []ProviderDay, h Horizon, visit func(day ProviderDay, units int) error) error {
	counted, args := h.counted()
	keys := make([]any, 0, 2*len(days))
	for i := range days {
		keys = append(keys, clean(days[i].Provider), days[i].Day)
	}
	return r.lookUp(ctx, "provider, day", "ti", keys,
		"SELECT v.provider, v.day, v.own_units FROM k CROSS JOIN visit v CROSS JOIN claim c "+
			"WHERE v.provider = k.provider AND v.day = k.day AND v.own_units > 0 AND c.id = v.claim AND "+counted+" ORDER BY v.claim, v.n",
		args, func(rows *sql.Rows) error {
			var d ProviderDay
			var units int
			if err := rows.Scan(&d.Provider, &d.Day, &units); err != nil {
				return err
			}
			return visit(d, units)
		})
}

// Patterns are the visits of patients, patient by patient and day by day.
func (r *Run) Patterns(ctx context.Context, patients []Key, h Horizon, visit func(patient Key, day int32, provider, pattern string) error) error {
	counted, args := h.counted()
	return r.lookUp(ctx, "patient", "b", keysOf(patients),
		"SELECT v.patient, v.day, v.provider, v.pattern FROM k CROSS JOIN visit v CROSS JOIN claim c "+
			"WHERE v.patient = k.patient AND c.id = v.claim AND "+counted+" ORDER BY v.patient, v.day, v.claim, v.n",
		args, func(rows *sql.Rows) error {
			var patient sql.RawBytes
			var day int32
			var provider, pattern string
			if err := rows.Scan(&patient, &day, &provider, &pattern); err != nil {
				return err
			}
			var k Key
			copy(k[:], patient)
			return visit(k, day, provider, pattern)
		})
}

// Allowed is what primary payers allowed for lines of Medicare that count towards a
// threshold, and what is still open, by person, year of service and bucket. What was
// paid counts even for a claim that another one replaced: a reversal takes it back.
func (r *Run) Allowed(ctx context.Context, persons []Key, h Horizon, visit func(Amount) error) error {
	type group struct {
		person Key
		year   int
		bucket string
	}
	sums := map[group]*Amount{}
	add := func(rows *sql.Rows, count func(*Amount, int64)) error {
		var person sql.RawBytes
		var g group
		var n int64
		if err := rows.Scan(&person, &g.year, &g.bucket, &n); err != nil {
			return err
		}
		copy(g.person[:], person)
		a := sums[g]
		if a == nil {
			a = &Amount{Person: g.person, Year: g.year, Bucket: g.bucket}
			sums[g] = a
		}
		count(a, n)
		return nil
	}
	sent, sentArgs := h.sent()
	answered, answeredArgs := h.answered()
	err := r.lookUp(ctx, "person", "b", keysOf(persons),
		"SELECT c.person, l.from_day / 10000, l.bucket, SUM(x.allowed) FROM k CROSS JOIN claim c CROSS JOIN answer a CROSS JOIN answer_line x CROSS JOIN line l "+
			"WHERE c.person = k.person AND c.medicare = 1 AND "+sent+" AND a.claim = c.id AND a.counts = 1 AND "+answered+
			" AND x.answer = a.id AND x.known = 1 AND l.claim = c.id AND l.n = x.line AND l.bucket <> '' AND l.from_day > 0 "+
			"GROUP BY c.person, l.from_day / 10000, l.bucket, l.claim, l.n",
		append(sentArgs, answeredArgs...), func(rows *sql.Rows) error {
			return add(rows, func(a *Amount, n int64) { a.Allowed += n; a.Lines++ })
		})
	if err != nil {
		return err
	}
	counted, countedArgs := h.counted()
	err = r.lookUp(ctx, "person", "b", keysOf(persons),
		"SELECT c.person, l.from_day / 10000, l.bucket, COUNT(*) FROM k CROSS JOIN claim c CROSS JOIN line l "+
			"WHERE c.person = k.person AND c.medicare = 1 AND "+counted+" AND l.claim = c.id AND l.bucket <> '' AND l.from_day > 0 "+
			"AND NOT EXISTS (SELECT 1 FROM answer a WHERE a.claim = c.id AND "+answered+") GROUP BY c.person, l.from_day / 10000, l.bucket",
		append(countedArgs, answeredArgs...), func(rows *sql.Rows) error {
			return add(rows, func(a *Amount, n int64) { a.Open += int(n) })
		})
	if err != nil {
		return err
	}
	list := make([]*Amount, 0, len(sums))
	for _, a := range sums {
		list = append(list, a)
	}
	slices.SortFunc(list, func(a, b *Amount) int {
		return cmp.Or(compareKeys(a.Person, b.Person), cmp.Compare(a.Year, b.Year), cmp.Compare(a.Bucket, b.Bucket))
	})
	for _, a := range list {
		if err := visit(*a); err != nil {
			return err
		}
	}
	return nil
}
