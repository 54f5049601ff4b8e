//go:build unix

package ledger

import (
	"context"
	"path/filepath"
	"strconv"
	"testing"
)

const benchClaims = 10000

func fill(b *testing.B, l *Ledger, name string, patients int) {
	b.Helper()
	ctx := context.Background()
	r := begin(b, l)
	w, err := r.Record(ctx, File{Kind: Claims, Digest: digest(name), Name: name, Recorded: 20260201})
	must(b, err)
	for i := range benchClaims {
		c := claim(l, strconv.Itoa(i%patients), name+strconv.Itoa(i), int32(20260101+i/patients%28))
		c.Ordinal = i
		must(b, w.Add(ctx, c))
	}
	_, _, err = w.Close(ctx)
	must(b, err)
	must(b, r.Commit())
}

// BenchmarkRecord records a file of 10,000 claims with 20,000 lines.
func BenchmarkRecord(b *testing.B) {
	for b.Loop() {
		l := open(b, Options{Location: filepath.Join(b.TempDir(), "ledger.db"), Create: true})
		fill(b, l, "f", 2000)
		must(b, l.Close())
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*benchClaims), "µs/claim")
}

// BenchmarkDays looks up 200 claims' days at a time in a ledger of 10,000 claims, and
// what else a run asks about them.
func BenchmarkDays(b *testing.B) {
	l := open(b, Options{Location: filepath.Join(b.TempDir(), "ledger.db"), Create: true})
	fill(b, l, "f", 2000)
	ctx := context.Background()
	r := begin(b, l)
	const batch = 200
	at := 0
	for b.Loop() {
		var days []DayKey
		var loads []ProviderDay
		var patients, persons []Key
		for range batch {
			patient := strconv.Itoa(at % 2000)
			day := int32(20260101 + at/2000%5)
			at++
			days = append(days, DayKey{l.Key([]byte("MEDB" + patient)), day})
			patients, persons = append(patients, l.Key([]byte("MEDB"+patient))), append(persons, l.Key([]byte(patient)))
		}
		loads = append(loads, ProviderDay{"1000000012", 20260131})
		n := 0
		must(b, r.Days(ctx, days, Horizon{}, func(*Earlier) error { n++; return nil }))
		if n != batch {
			b.Fatalf("%d claims of %d days", n, batch)
		}
		must(b, r.OwnUnits(ctx, loads, Horizon{}, func(ProviderDay, int) error { return nil }))
		must(b, r.Patterns(ctx, patients, Horizon{}, func(Key, int32, string, string) error { return nil }))
		must(b, r.Allowed(ctx, persons, Horizon{}, func(Amount) error { return nil }))
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*batch), "µs/claim")
}
