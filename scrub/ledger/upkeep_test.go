//go:build unix

package ledger

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// next is the migrations of this program and one of a later one.
func next(t *testing.T, l *Ledger) fs.FS {
	t.Helper()
	files, err := fs.Sub(migrations, l.dialect.migrations)
	must(t, err)
	out := fstest.MapFS{"00999_later.sql": {Data: []byte("-- +goose Up\nALTER TABLE claim ADD COLUMN later INTEGER NOT NULL DEFAULT 7;\n")}}
	names, err := fs.Glob(files, "*.sql")
	must(t, err)
	for _, name := range names {
		b, err := fs.ReadFile(files, name)
		must(t, err)
		out[name] = &fstest.MapFile{Data: b}
	}
	return out
}

// A ledger of an older program is brought up to date with what is in it; one of a newer
// program is left alone.
func TestUpgrade(t *testing.T) {
	eachDatabase(t, func(t *testing.T, o Options) {
		l := open(t, o)
		r := begin(t, l)
		record(t, r, "one", claim(l, "ann", "A1", 20260105))
		must(t, r.Commit())
		must(t, l.migrateTo(context.Background(), next(t, l)))
		var later int
		must(t, l.db.QueryRow("SELECT later FROM claim").Scan(&later))
		if later != 7 || l.version != 999 {
			t.Errorf("version %d, later %d", l.version, later)
		}
		must(t, l.Close())
		if _, err := Open(context.Background(), o); !errors.Is(err, ErrNewer) {
			t.Errorf("opened by an older program: %v", err)
		}
	})
}

// A ledger of the first schema is brought to that of this program.
func TestFirstSchema(t *testing.T) {
	eachDatabase(t, func(t *testing.T, o Options) {
		l := paid(t, o)
		for _, query := range []string{"DROP INDEX claim_original", "DROP INDEX answer_control", "DELETE FROM goose_db_version WHERE version_id > 1"} {
			_, err := l.db.Exec(query)
			must(t, err)
		}
		must(t, l.Close())
		o.Create = false
		l = open(t, o)
		if l.version != 2 {
			t.Errorf("version %d", l.version)
		}
		for _, query := range []string{"DROP INDEX claim_original", "DROP INDEX answer_control"} {
			_, err := l.db.Exec(query)
			must(t, err)
		}
	})
}

// paid is a ledger with two claims, one of them answered.
func paid(t *testing.T, o Options) *Ledger {
	t.Helper()
	ctx := context.Background()
	l := open(t, o)
	r := begin(t, l)
	first, second := claim(l, "ann", "A1", 20260105), claim(l, "bob", "B1", 20260305)
	second.Created = 20260310
	sent, _ := record(t, r, "sent", first, second)
	f, _, err := recordRemittance(ctx, r, "era")
	must(t, err)
	p := Payment{Key: "era", Trace: "T1", Date: 20260120, Amount: 8000}
	_, err = r.RecordPayment(ctx, f, &p)
	must(t, err)
	_, err = r.RecordAnswer(ctx, &p, &Answer{
		File: sent.ID, Status: "1", Control: "ICN1", Charge: 20000, Paid: 8000,
		Lines: []AnswerLine{{Line: 0, Allowed: 6000, Paid: 5000, Known: true}, {Line: 1, Allowed: 4000, Paid: 3000, Known: true}},
	})
	must(t, err)
	must(t, r.Commit())
	return l
}

func TestStatus(t *testing.T) {
	eachDatabase(t, func(t *testing.T, o Options) {
		l := paid(t, o)
		s, err := l.Status(context.Background(), 20260315)
		must(t, err)
		if s.Bytes <= 0 {
			t.Error("no size")
		}
		s.Bytes = 0
		pending := Pending{1, 20000}
		want := Status{
			Schema: 2, Files: 1, Remittances: 1, Claims: 2, Lines: 4, Standing: 2, Patients: 2, First: 20260105, Last: 20260305,
			Payments: 1, Answers: 1, Answered: 1, Unanswered: pending, Aging: Aging{}.with(1, pending),
			Payers: []PayerStatus{{Payer: "MEDB", Standing: 2, Answered: 1, Unanswered: pending, Aging: Aging{}.with(1, pending)}},
		}
		if diff := cmp.Diff(want, s); diff != "" {
			t.Error(diff)
		}
	})
}

func TestForget(t *testing.T) {
	for _, test := range []struct {
		name       string
		what       Forget
		want       Forgotten
		left       string
		err        error
		unanswered int
	}{
		{"before", Forget{Before: 20260201}, Forgotten{Claims: 1, Lines: 2, Answers: 1, Payments: 1, Files: 1}, "B1", nil, 1},
		{"before all", Forget{Before: 20200101}, Forgotten{}, "A1 B1", nil, 1},
		{"after all", Forget{Before: 20270101}, Forgotten{Claims: 2, Lines: 4, Answers: 1, Payments: 1, Files: 2}, "", nil, 0},
		{"claim", Forget{Claim: "B1"}, Forgotten{Claims: 1, Lines: 2}, "A1", nil, 0},
		{"claims file", Forget{File: "sent"}, Forgotten{Claims: 2, Lines: 4, Answers: 1, Payments: 1, Files: 2}, "", nil, 0},
		{"remittance", Forget{File: "era"}, Forgotten{Answers: 1, Payments: 1, Files: 1}, "A1 B1", nil, 2},
		{"no file", Forget{File: "none"}, Forgotten{}, "A1 B1", ErrNotFound, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			eachDatabase(t, func(t *testing.T, o Options) {
				l := paid(t, o)
				ctx := context.Background()
				r := begin(t, l)
				got, err := r.Forget(ctx, test.what)
				if !errors.Is(err, test.err) {
					t.Fatalf("error %v, want %v", err, test.err)
				}
				must(t, r.Commit())
				if got != test.want {
					t.Errorf("forgot %+v, want %+v", got, test.want)
				}
				var left []string
				v, err := l.View(ctx)
				must(t, err)
				must(t, v.Claims(ctx, func(e *Earlier, _ bool) error { left = append(left, e.ID); return nil }))
				must(t, v.Rollback())
				if strings.Join(left, " ") != test.left {
					t.Errorf("left are %q, want %q", left, test.left)
				}
				s, err := l.Status(ctx, 20260315)
				must(t, err)
				if s.Unanswered.Claims != test.unanswered {
					t.Errorf("%d not answered, want %d", s.Unanswered.Claims, test.unanswered)
				}
				problems, err := l.Verify(ctx)
				must(t, err)
				if len(problems) > 0 {
					t.Errorf("%q", problems)
				}
			})
		})
	}
}

// Whatever is changed behind the back of the ledger is found.
func TestVerify(t *testing.T) {
	for _, test := range []struct{ name, change, want string }{
		{"amount", "UPDATE line SET charge = charge + 1 WHERE n = 1", "sent: claim 1 is not as it was recorded"},
		{"day", "UPDATE visit SET day = 20260106 WHERE day = 20260105", "sent: claim 1 is not as it was recorded"},
		{"number", "UPDATE claim SET number = 'X' WHERE number = 'B1'", "sent: claim 2 is not as it was recorded"},
		{"claim gone", "DELETE FROM claim WHERE number = 'B1'", "sent: 2 claims with 4 lines were recorded, 1 with 2 are there"},
		{"line gone", "DELETE FROM line WHERE n = 1", "sent: claim 1 is not as it was recorded"},
		{"counted", "UPDATE claim SET counted = 0 WHERE number = 'A1'", "file 1, claim 1: counted is false and should be true"},
		{"replaced", "UPDATE claim SET gone = 4294967296 WHERE number = 'A1'", "file 1, claim 1: counted is true and should be true, replaced by 1 and should be 0"},
		{"file gone", "DELETE FROM file WHERE kind = '837'", "claims without their file: 2"},
		{"payment gone", "DELETE FROM payment", "answers without their payment: 1"},
		{"answered line", "UPDATE answer_line SET line = 9 WHERE n = 1", "answered lines that the claim does not have: 1"},
		{"counter", "UPDATE counter SET last = 0 WHERE name = 'file'", "files beyond the last number: 2"},
	} {
		t.Run(test.name, func(t *testing.T) {
			eachDatabase(t, func(t *testing.T, o Options) {
				l := paid(t, o)
				ctx := context.Background()
				problems, err := l.Verify(ctx)
				must(t, err)
				if len(problems) > 0 {
					t.Fatalf("before: %q", problems)
				}
				_, err = l.db.Exec(test.change)
				must(t, err)
				problems, err = l.Verify(ctx)
				must(t, err)
				if !strings.Contains(strings.Join(problems, "\n"), test.want) {
					t.Errorf("%q, want %q", problems, test.want)
				}
			})
		})
	}
}

// A file whose middle is wiped out is not taken for one that is whole.
func TestDamaged(t *testing.T) {
	l := open(t, Options{Location: t.TempDir() + "/ledger.db", Create: true})
	r := begin(t, l)
	var claims []*Claim
	for i := range 200 {
		claims = append(claims, claim(l, fmt.Sprint(i), fmt.Sprint(i), 20260105))
	}
	record(t, r, "one", claims...)
	must(t, r.Commit())
	path := l.options.Location
	must(t, l.Close())
	wipe(t, path)
	l, err := Open(context.Background(), Options{Location: path})
	if err != nil {
		return // it says so at once
	}
	defer l.Close()
	problems, err := l.Verify(context.Background())
	if err == nil && len(problems) == 0 {
		t.Error("nothing was found")
	}
}

func wipe(t *testing.T, path string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	must(t, err)
	defer f.Close()
	info, err := f.Stat()
	must(t, err)
	_, err = f.WriteAt(make([]byte, 8192), info.Size()/2)
	must(t, err)
}

func (a Aging) with(group int, p Pending) Aging {
	a[group] = p
	return a
}

// PostgreSQL knows what is in a table that was filled: otherwise it reads it whole for
// every key.
func TestAnalyzed(t *testing.T) {
	l := open(t, Options{Location: postgresDSN(t), KeyFile: t.TempDir() + "/key", Create: true})
	const many = 3000
	var claims []*Claim
	for i := range many {
		claims = append(claims, claim(l, fmt.Sprint(i%500), fmt.Sprint(i), 20260105))
	}
	r := begin(t, l)
	record(t, r, "one", claims...)
	must(t, r.Commit())
	var rows float64
	must(t, l.db.QueryRow("SELECT reltuples FROM pg_class WHERE oid = 'visit'::regclass").Scan(&rows))
	if rows < many/2 {
		t.Errorf("it believes that there are %v visits of %d", rows, many)
	}
}
