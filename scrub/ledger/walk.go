package ledger

import (
	"context"
	"database/sql"
	"strconv"
)

// walked is how many claims are read at a time.
const walked = 1000

// page is a clause FROM with the next rows of a table. It is a query of its own, so that
// no plan joins the whole table first to sort it for each page.
func page(table, as string) string {
	return "FROM (SELECT * FROM " + table + " WHERE id > ? ORDER BY id LIMIT " + strconv.Itoa(walked) + ") " + as
}

// Claims is everything that was sent, in order, with lines; those that do not count as
// well, for a remittance may be about them.
func (r *Run) Claims(ctx context.Context, visit func(e *Earlier, answered bool) error) error {
	return r.walk(ctx, func(list []row) error {
		for i := range list {
			if err := visit(&list[i].Earlier, list[i].answered); err != nil {
				return err
			}
		}
		return nil
	})
}

// row is a claim as the ledger has it.
type row struct {
	Earlier
	content  int64
	counted  bool
	gone     int64
	answered bool
}

// walk reads all claims with their lines, many at a time. Whether one was answered is
// looked up for each: asked with EXISTS, PostgreSQL reads all answers for every page.
func (r *Run) walk(ctx context.Context, visit func([]row) error) error {
	for last := int64(-1); ; {
		var list []row
		err := r.each(ctx, "SELECT "+earlierColumns+", c.content, c.counted, c.gone, COALESCE((SELECT 1 FROM answer a WHERE a.claim = c.id LIMIT 1), 0) "+
			page("claim", "c")+" JOIN file f ON f.id = c.id >> 32 ORDER BY c.id", []any{last}, func(rows *sql.Rows) error {
			list = append(list, row{})
			c := &list[len(list)-1]
			err := scanEarlier(rows, &c.Earlier, &c.content, &c.counted, &c.gone, &c.answered)
			c.Standing = c.counted && c.gone == 0
			return err
		})
		if err != nil || len(list) == 0 {
			return err
		}
		first := list[0].id()
		last = list[len(list)-1].id()
		at := 0
		of := func(id int64) *row {
			for at < len(list) && list[at].id() < id {
				at++
			}
			if at < len(list) && list[at].id() == id {
				return &list[at]
			}
			return &row{} // of a claim without its file
		}
		err = r.each(ctx, "SELECT "+lineSelected+" FROM line l WHERE l.claim >= ? AND l.claim <= ? ORDER BY l.claim, l.n", []any{first, last}, func(rows *sql.Rows) error {
			var id int64
			var l Line
			if err := scanLine(rows, &id, &l); err != nil {
				return err
			}
			c := of(id)
			c.Lines = append(c.Lines, l)
			return nil
		})
		if err != nil {
			return err
		}
		if err := visit(list); err != nil {
			return err
		}
	}
}

// addVisits reads the visits of claims that stand in order.
func (r *Run) addVisits(ctx context.Context, list []row) error {
	at := 0
	return r.each(ctx, "SELECT v.claim, v.day, v.provider, v.own_units, v.pattern FROM visit v WHERE v.claim >= ? AND v.claim <= ? ORDER BY v.claim, v.n",
		[]any{list[0].id(), list[len(list)-1].id()}, func(rows *sql.Rows) error {
			var id int64
			var v Visit
			if err := rows.Scan(&id, &v.Day, &v.Provider, &v.OwnUnits, &v.Pattern); err != nil {
				return err
			}
			for at < len(list)-1 && list[at].id() < id {
				at++
			}
			if c := &list[at]; c.id() == id {
				c.Visits = append(c.Visits, v)
			}
			return nil
		})
}

// Answered is an answer of the ledger.
type Answered struct {
	Answer
	Claim   string // CLM01
	Patient Key
	Trace   string // TRN02 of the payment
	Payer   string
	Date    int32

	payment int64
}

// Answers is everything that was answered, in the order in which it came.
func (r *Run) Answers(ctx context.Context, visit func(*Answered) error) error {
	for last := int64(-1); ; {
		var list []Answered
		err := r.each(ctx, "SELECT a.id, a.claim, a.status, a.control, a.charge, a.paid, a.patient, c.number, c.patient, p.trace, p.payer, p.day "+
			page("answer", "a")+" JOIN claim c ON c.id = a.claim JOIN payment p ON p.id = a.id >> 32 ORDER BY a.id",
			[]any{last}, func(rows *sql.Rows) error {
				var claim int64
				var patient sql.RawBytes
				var a Answered
				err := rows.Scan(&last, &claim, &a.Status, &a.Control, &a.Charge, &a.Paid, &a.Answer.Patient, &a.Claim, &patient, &a.Trace, &a.Payer, &a.Date)
				if err != nil {
					return err
				}
				copy(a.Patient[:], patient)
				a.Seq, a.File, a.Ordinal = int(last&maxOrdinal), claim>>fileBits, int(claim&maxOrdinal)
				a.payment = last >> fileBits
				list = append(list, a)
				return nil
			})
		if err != nil || len(list) == 0 {
			return err
		}
		first := claimID(list[0].payment, list[0].Seq)
		at := 0
		err = r.each(ctx, "SELECT x.answer, x.line, x.allowed, x.paid, x.known FROM answer_line x WHERE x.answer >= ? AND x.answer <= ? ORDER BY x.answer, x.n",
			[]any{first, last}, func(rows *sql.Rows) error {
				var id int64
				var l AnswerLine
				if err := rows.Scan(&id, &l.Line, &l.Allowed, &l.Paid, &l.Known); err != nil {
					return err
				}
				for at < len(list)-1 && claimID(list[at].payment, list[at].Seq) < id {
					at++
				}
				if a := &list[at]; claimID(a.payment, a.Seq) == id {
					a.Lines = append(a.Lines, l)
				}
				return nil
			})
		if err != nil {
			return err
		}
		for i := range list {
			if err := visit(&list[i]); err != nil {
				return err
			}
		}
	}
}
