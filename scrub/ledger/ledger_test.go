//go:build unix

package ledger

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// eachDatabase runs a test with either database.
func eachDatabase(t *testing.T, f func(t *testing.T, o Options)) {
	t.Run("sqlite", func(t *testing.T) {
		f(t, Options{Location: filepath.Join(t.TempDir(), "ledger.db"), Create: true})
	})
	t.Run("postgres", func(t *testing.T) {
		f(t, Options{Location: postgresDSN(t), KeyFile: filepath.Join(t.TempDir(), "key"), Create: true})
	})
}

func open(t testing.TB, o Options) *Ledger {
	t.Helper()
	l, err := Open(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

func begin(t testing.TB, l *Ledger) *Run {
	t.Helper()
	r, err := l.Begin(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Rollback() })
	return r
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func digest(text string) [32]byte { return sha256.Sum256([]byte(text)) }

// record puts claims on record as a file, and gives the file.
func record(t testing.TB, r *Run, name string, claims ...*Claim) (File, bool) {
	t.Helper()
	f, changed, err := recordAs(r, File{Kind: Claims, Digest: digest(name), Name: name, Bytes: 10, Recorded: 20260115}, claims...)
	if err != nil {
		t.Fatal(err)
	}
	return f, changed
}

func recordAs(r *Run, f File, claims ...*Claim) (File, bool, error) {
	ctx := context.Background()
	w, err := r.Record(ctx, f)
	if err != nil {
		return f, false, err
	}
	for i, c := range claims {
		c.Ordinal = i
		if err := w.Add(ctx, c); err != nil {
			return f, false, err
		}
	}
	return w.Close(ctx)
}

// claim is a claim of a patient, with a line of four units on a day.
func claim(l *Ledger, patient, id string, day int32) *Claim {
	return &Claim{
		ID: id, Frequency: '1', Biller: "1000000004", Tax: l.Key([]byte("tax")), Payer: "MEDB", Rendering: "1000000012", Medicare: true,
		Patient: l.Key([]byte("MEDB" + patient)), Person: l.Key([]byte(patient)), Members: [2]Key{l.Key([]byte("m" + patient))},
		Created: 20260110, Charge: 20000,
		Lines: []Line{
			{Number: 1, Control: id + "-1", Code: "97110", Modifiers: "GP", Units: 2000, Charge: 12000, From: day, To: day, Provider: "1000000012", Discipline: 1, Bucket: "PTSLP"},
			{Number: 2, Control: id + "-2", Code: "97140", Modifiers: "GP59", Units: 2000, Charge: 8000, From: day, To: day, Provider: "1000000012", Discipline: 1, Bucket: "PTSLP"},
		},
		Visits: []Visit{{Day: day, Provider: "1000000012", OwnUnits: 4, Pattern: "97110*2+97140*2"}},
	}
}

// standing is the numbers of the claims that count on a patient's day.
func standing(t testing.TB, l *Ledger, r *Run, patient string, day int32, h Horizon) string {
	t.Helper()
	var list []string
	err := r.Days(context.Background(), []DayKey{{l.Key([]byte("MEDB" + patient)), day}}, h, func(e *Earlier) error {
		list = append(list, fmt.Sprintf("%s/%d", e.ID, e.File))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(list, " ")
}

func TestDays(t *testing.T) {
	eachDatabase(t, func(t *testing.T, o Options) {
		l := open(t, o)
		ctx := context.Background()
		r := begin(t, l)
		want := claim(l, "ann", "A1", 20260105)
		f, changed := record(t, r, "one.837", want, claim(l, "bob", "B1", 20260105))
		if !changed || f.ID != 1 || f.Claims != 2 || f.Lines != 4 {
			t.Errorf("recorded %+v, changed %v", f, changed)
		}
		must(t, r.Commit())

		r = begin(t, l)
		var got []Earlier
		days := []DayKey{{want.Patient, 20260105}, {want.Patient, 20260106}, {l.Key([]byte("other")), 20260105}}
		must(t, r.Days(ctx, days, Horizon{}, func(e *Earlier) error { got = append(got, *e); return nil }))
		visits := want.Visits
		want.Visits = nil
		if diff := cmp.Diff([]Earlier{{Claim: *want, FileName: "one.837", Recorded: 20260115, Standing: true}}, got); diff != "" {
			t.Errorf("days: %s", diff)
		}
		if got := standing(t, l, r, "ann", 20260105, Horizon{Before: 1}); got != "" {
			t.Errorf("before its own file %q counts", got)
		}
		want.Visits = visits
		_, changed = record(t, r, "one.837", want, claim(l, "bob", "B1", 20260105))
		if changed {
			t.Error("the same again is a change")
		}
		var units []int
		must(t, r.OwnUnits(ctx, []ProviderDay{{"1000000012", 20260105}}, Horizon{}, func(_ ProviderDay, n int) error { units = append(units, n); return nil }))
		if diff := cmp.Diff([]int{4, 4}, units); diff != "" {
			t.Errorf("units: %s", diff)
		}
		var patterns []string
		must(t, r.Patterns(ctx, []Key{want.Patient}, Horizon{}, func(k Key, day int32, provider, pattern string) error {
			patterns = append(patterns, fmt.Sprintln(k == want.Patient, day, provider, pattern))
			return nil
		}))
		if diff := cmp.Diff([]string{"true 20260105 1000000012 97110*2+97140*2\n"}, patterns); diff != "" {
			t.Errorf("patterns: %s", diff)
		}
	})
}

func TestOrder(t *testing.T) {
	const day = 20260105
	frequency := func(c *Claim, f byte, original string) *Claim {
		c.Frequency, c.Original = f, original
		return c
	}
	eachDatabase(t, func(t *testing.T, o Options) {
		l := open(t, o)
		r := begin(t, l)
		record(t, r, "one", claim(l, "ann", "A1", day), claim(l, "ann", "A1", day), claim(l, "ann", "A2", day))
		expect := func(h Horizon, want string) {
			t.Helper()
			if got := standing(t, l, r, "ann", day, h); got != want {
				t.Errorf("%+v: %q counts, want %q", h, got, want)
			}
		}
		expect(Horizon{}, "A1/1 A2/1") // the second A1 repeats the first
		record(t, r, "two", frequency(claim(l, "ann", "A1", day), '7', ""))
		expect(Horizon{}, "A2/1 A1/2")
		expect(Horizon{Before: 2}, "A1/1 A2/1")
		expect(Horizon{Without: []int64{2}}, "A1/1 A2/1")
		record(t, r, "three", frequency(claim(l, "ann", "A2", day), '8', ""))
		expect(Horizon{}, "A1/2")
		expect(Horizon{Before: 3}, "A2/1 A1/2")
		record(t, r, "four", claim(l, "ann", "A2", day)) // sent anew after the void
		expect(Horizon{}, "A1/2 A2/4")
		record(t, r, "three") // recorded again, without its void
		expect(Horizon{}, "A2/1 A1/2")
		record(t, r, "one", claim(l, "ann", "A2", day))
		expect(Horizon{}, "A2/1 A1/2")
		record(t, r, "two")
		expect(Horizon{}, "A2/1")
	})
}

func TestAllowed(t *testing.T) {
	const day = 20260105
	eachDatabase(t, func(t *testing.T, o Options) {
		l := open(t, o)
		ctx := context.Background()
		r := begin(t, l)
		c := claim(l, "ann", "A1", day)
		sent, _ := record(t, r, "one", c, claim(l, "ann", "A2", day+1))
		amounts := func(h Horizon) (list []Amount) {
			t.Helper()
			must(t, r.Allowed(ctx, []Key{c.Person}, h, func(a Amount) error { list = append(list, a); return nil }))
			return list
		}
		if diff := cmp.Diff([]Amount{{c.Person, 2026, "PTSLP", 0, 0, 4}}, amounts(Horizon{})); diff != "" {
			t.Errorf("before the answer: %s", diff)
		}
		pay := func(name string, a Answer) {
			t.Helper()
			w, err := r.Record(ctx, File{Kind: Remittances, Digest: digest(name), Name: name, Recorded: 20260120})
			must(t, err)
			f, _, err := w.Close(ctx)
			must(t, err)
			p := Payment{Key: name, Trace: name, Date: 20260118, Amount: a.Paid}
			fresh, err := r.RecordPayment(ctx, f, &p)
			must(t, err)
			if !fresh {
				t.Errorf("payment %s is not fresh", name)
			}
			for _, want := range []bool{true, false} {
				fresh, err := r.RecordAnswer(ctx, &p, &a)
				must(t, err)
				if fresh != want {
					t.Errorf("answer of %s: fresh is %v", name, fresh)
				}
			}
			if fresh, err := r.RecordPayment(ctx, f, &Payment{Key: name}); fresh || err != nil {
				t.Errorf("payment %s again: %v, %v", name, fresh, err)
			}
		}
		answer := func(status string, sign int64) Answer {
			return Answer{File: sent.ID, Status: status, Control: "ICN1", Charge: 20000 * sign, Paid: 8000 * sign, Patient: 2000 * sign, Lines: []AnswerLine{
				{Line: 0, Allowed: 6000 * sign, Paid: 5000 * sign, Known: true}, {Line: 1, Allowed: 4000 * sign, Paid: 3000 * sign, Known: true},
			}}
		}
		pay("paid", answer("1", 1))
		pay("secondary", answer("2", 1))
		if diff := cmp.Diff([]Amount{{c.Person, 2026, "PTSLP", 10000, 2, 2}}, amounts(Horizon{})); diff != "" {
			t.Errorf("after the answer: %s", diff)
		}
		if diff := cmp.Diff([]Amount{{c.Person, 2026, "PTSLP", 0, 0, 4}}, amounts(Horizon{Before: 2})); diff != "" {
			t.Errorf("as it was before the answer: %s", diff)
		}
		pay("reversed", answer("22", -1))
		if diff := cmp.Diff([]Amount{{c.Person, 2026, "PTSLP", 0, 2, 2}}, amounts(Horizon{})); diff != "" {
			t.Errorf("after the reversal: %s", diff)
		}
		// A replacement with another number is known by the payer's.
		next := claim(l, "ann", "A9", day)
		next.Frequency, next.Original = '7', "ICN1"
		record(t, r, "two", next)
		if got, want := standing(t, l, r, "ann", day, Horizon{}), "A9/5"; got != want {
			t.Errorf("%q counts, want %q", got, want)
		}
		var controls []string
		must(t, r.Days(ctx, []DayKey{{c.Patient, day}}, Horizon{Before: 5}, func(e *Earlier) error { controls = append(controls, e.Control); return nil }))
		if diff := cmp.Diff([]string{"ICN1"}, controls); diff != "" {
			t.Errorf("controls: %s", diff)
		}
		answered := map[string]bool{}
		must(t, r.Claims(ctx, func(e *Earlier, yes bool) error { answered[e.ID] = yes; return nil }))
		if diff := cmp.Diff(map[string]bool{"A1": true, "A2": false, "A9": false}, answered); diff != "" {
			t.Errorf("answered: %s", diff)
		}
	})
}

func TestAlias(t *testing.T) {
	eachDatabase(t, func(t *testing.T, o Options) {
		l := open(t, o)
		ctx := context.Background()
		r := begin(t, l)
		w, err := r.Record(ctx, File{Kind: Claims, Digest: digest("a"), Name: "a"}, digest("a, corrected"))
		must(t, err)
		must(t, w.Add(ctx, claim(l, "ann", "A1", 20260105)))
		f, _, err := w.Close(ctx)
		must(t, err)
		got, found, err := r.Find(ctx, digest("a, corrected"))
		must(t, err)
		if !found || got != f {
			t.Errorf("found %v %+v, want %+v", found, got, f)
		}
		if _, found, err := r.Find(ctx, digest("b")); found || err != nil {
			t.Errorf("an unknown file was found: %v", err)
		}
		again, changed := record(t, r, "a, corrected", claim(l, "ann", "A1", 20260105))
		if again.ID != f.ID || changed {
			t.Errorf("the corrected form is file %d, changed %v", again.ID, changed)
		}
	})
}

func TestRollback(t *testing.T) {
	eachDatabase(t, func(t *testing.T, o Options) {
		l := open(t, o)
		r := begin(t, l)
		record(t, r, "one", claim(l, "ann", "A1", 20260105))
		must(t, r.Rollback())
		r = begin(t, l)
		if got := standing(t, l, r, "ann", 20260105, Horizon{}); got != "" {
			t.Errorf("%q is there after a rollback", got)
		}
	})
}

func TestOpenErrors(t *testing.T) {
	ctx := context.Background()
	made := func(t *testing.T) string {
		path := filepath.Join(t.TempDir(), "ledger.db")
		l := open(t, Options{Location: path, Create: true})
		must(t, l.Close())
		return path
	}
	for _, test := range []struct {
		name string
		make func(t *testing.T) Options
		want error
	}{
		{"missing", func(t *testing.T) Options { return Options{Location: filepath.Join(t.TempDir(), "no.db")} }, ErrMissing},
		{"text", func(t *testing.T) Options {
			path := filepath.Join(t.TempDir(), "notes.txt")
			must(t, os.WriteFile(path, []byte(strings.Repeat("not a database\n", 20)), 0o600))
			return Options{Location: path, Create: true}
		}, ErrNotLedger},
		{"other database", func(t *testing.T) Options {
			path := made(t)
			b, err := os.ReadFile(path)
			must(t, err)
			copy(b[68:72], "\x00\x00\x00\x00")
			must(t, os.WriteFile(path, b, 0o600))
			return Options{Location: path, Create: true}
		}, ErrNotLedger},
		{"directory", func(t *testing.T) Options { return Options{Location: t.TempDir(), Create: true} }, ErrNotLedger},
		{"key missing", func(t *testing.T) Options {
			path := made(t)
			must(t, os.Remove(path+".key"))
			return Options{Location: path, Create: true}
		}, ErrKeyMissing},
		{"key of another", func(t *testing.T) Options { return Options{Location: made(t), KeyFile: made(t) + ".key"} }, ErrKeyWrong},
		{"key open to others", func(t *testing.T) Options {
			path := made(t)
			must(t, os.Chmod(path+".key", 0o640))
			return Options{Location: path}
		}, ErrKeyOpen},
		{"newer", func(t *testing.T) Options {
			path := made(t)
			l := open(t, Options{Location: path})
			_, err := l.db.Exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, 1)")
			must(t, err)
			must(t, l.Close())
			return Options{Location: path, Create: true}
		}, ErrNewer},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := test.make(t)
			before, _ := os.ReadFile(o.Location)
			l, err := Open(ctx, o)
			if !errors.Is(err, test.want) {
				t.Fatalf("error %v, want %v", err, test.want)
			}
			if l != nil {
				t.Error("a ledger comes with the error")
			}
			if after, _ := os.ReadFile(o.Location); string(after) != string(before) {
				t.Error("the file was changed")
			}
		})
	}
}

func TestModes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a ledger?with%strange#name.db")
	l := open(t, Options{Location: path, Create: true})
	record(t, begin(t, l), "one", claim(l, "ann", "A1", 20260105))
	for _, name := range []string{path, path + ".key", path + "-wal"} {
		info, err := os.Stat(name)
		must(t, err)
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v", filepath.Base(name), info.Mode())
		}
	}
}
