//go:build unix

package ledger

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// model is what a ledger should hold, kept as lists that are gone through from the
// beginning each time.
type model struct {
	files   []*modelFile // in the order in which they were first recorded
	answers []modelAnswer
	seq     int64 // last number of a file
}

type modelFile struct {
	id     int64
	name   string
	claims []modelClaim
}

type modelClaim struct {
	ordinal   int
	patient   string
	id        string
	day       int32
	frequency byte
	original  string
}

type modelAnswer struct {
	file, claimFile int64
	ordinal         int
	control         string
}

func (c *modelClaim) name(file int64) string { return fmt.Sprintf("%s/%d.%d", c.id, file, c.ordinal) }

// standing is what counts of a patient after the files before one.
func (m *model) standing(patient string, before int64) map[string]int32 {
	type entry struct {
		modelClaim
		file int64
	}
	var list []entry
	for _, f := range m.files {
		if before != 0 && f.id >= before {
			break
		}
		for _, c := range f.claims {
			match := func(same func(entry) bool) int { return slices.IndexFunc(list, same) }
			at := match(func(o entry) bool { return o.patient == c.patient && o.id == c.id && o.day == c.day })
			if c.frequency == '1' {
				if at < 0 {
					list = append(list, entry{c, f.id})
				}
				continue
			}
			if at < 0 && c.original != "" {
				at = match(func(o entry) bool {
					return slices.ContainsFunc(m.answers, func(a modelAnswer) bool {
						return a.claimFile == o.file && a.ordinal == o.ordinal && a.control == c.original && a.file < f.id
					})
				})
			}
			if at < 0 {
				var named []int
				for i, o := range list {
					if o.patient == c.patient && o.id == c.id {
						named = append(named, i)
					}
				}
				if len(named) == 1 {
					at = named[0]
				}
			}
			if at >= 0 {
				list = slices.Delete(list, at, at+1)
			}
			if c.frequency == '7' {
				list = append(list, entry{c, f.id})
			}
		}
	}
	out := map[string]int32{}
	for _, e := range list {
		if e.patient == patient {
			out[e.name(e.file)] = e.day
		}
	}
	return out
}

// forget removes claims, the answers to them, and claim files that had some and are
// empty then.
func (m *model) forget(gone func(f *modelFile, c modelClaim) bool) {
	for _, f := range m.files {
		had := len(f.claims)
		f.claims = slices.DeleteFunc(f.claims, func(c modelClaim) bool {
			if !gone(f, c) {
				return false
			}
			m.answers = slices.DeleteFunc(m.answers, func(a modelAnswer) bool { return a.claimFile == f.id && a.ordinal == c.ordinal })
			return true
		})
		if had > 0 && len(f.claims) == 0 {
			f.name = "" // not known any more
		}
	}
}

func (m *model) file(name string) *modelFile {
	for _, f := range m.files {
		if f.name == name {
			return f
		}
	}
	return nil
}

var (
	modelPatients = []string{"ann", "bob"}
	modelNumbers  = []string{"A", "B", "C"}
	modelControls = []string{"", "ICN1", "ICN2"}
)

func drawClaims(t *rapid.T) (list []modelClaim) {
	for n := range rapid.IntRange(0, 4).Draw(t, "claims") {
		list = append(list, modelClaim{
			ordinal: n, patient: rapid.SampledFrom(modelPatients).Draw(t, "patient"), id: rapid.SampledFrom(modelNumbers).Draw(t, "id"),
			day: int32(20260101 + rapid.IntRange(0, 2).Draw(t, "day")), frequency: rapid.SampledFrom([]byte("11178")).Draw(t, "frequency"),
			original: rapid.SampledFrom(modelControls).Draw(t, "original"),
		})
	}
	return list
}

// Whatever is recorded, recorded again with other claims, answered and forgotten, the
// ledger has what the model has, as of any file.
func TestModel(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	tries := 0
	rapid.Check(t, func(t *rapid.T) {
		tries++
		l, err := Open(ctx, Options{Location: filepath.Join(dir, fmt.Sprint(tries, ".db")), KeyFile: filepath.Join(dir, "key"), Create: true})
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		r, err := l.Begin(ctx)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Rollback()
		m := &model{}
		payments := 0
		t.Repeat(map[string]func(*rapid.T){
			"record": func(t *rapid.T) {
				name := rapid.SampledFrom([]string{"f1", "f2", "f3", "f4"}).Draw(t, "file")
				claims := drawClaims(t)
				var rows []*Claim
				for _, c := range claims {
					row := claim(l, c.patient, c.id, c.day)
					row.Frequency, row.Original = c.frequency, c.original
					rows = append(rows, row)
				}
				f, _, err := recordAs(r, File{Kind: Claims, Digest: digest(name), Name: name, Recorded: 20260301}, rows...)
				if err != nil {
					t.Fatal(err)
				}
				known := m.file(name)
				if known == nil {
					m.seq++
					known = &modelFile{id: m.seq, name: name}
					m.files = append(m.files, known)
				}
				m.answers = slices.DeleteFunc(m.answers, func(a modelAnswer) bool { return a.claimFile == f.ID && a.ordinal >= len(claims) })
				if known.claims = claims; f.ID != known.id {
					t.Fatalf("file %s has number %d, want %d", name, f.ID, known.id)
				}
			},
			"answer": func(t *rapid.T) {
				var known []*modelFile
				for _, f := range m.files {
					if len(f.claims) > 0 {
						known = append(known, f)
					}
				}
				if len(known) == 0 {
					t.Skip("nothing to answer")
				}
				f := rapid.SampledFrom(known).Draw(t, "answered")
				c := rapid.SampledFrom(f.claims).Draw(t, "claim")
				payments++
				m.seq++
				name := fmt.Sprint("p", payments)
				file, _, err := recordRemittance(ctx, r, name)
				if err != nil {
					t.Fatal(err)
				}
				p := Payment{Key: name}
				if _, err = r.RecordPayment(ctx, file, &p); err != nil {
					t.Fatal(err)
				}
				a := Answer{File: f.id, Ordinal: c.ordinal, Status: "1", Control: rapid.SampledFrom(modelControls).Draw(t, "control")}
				if _, err := r.RecordAnswer(ctx, &p, &a); err != nil {
					t.Fatal(err)
				}
				m.answers = append(m.answers, modelAnswer{file.ID, f.id, c.ordinal, a.Control})
			},
			"forget claim": func(t *rapid.T) {
				id := rapid.SampledFrom(modelNumbers).Draw(t, "id")
				if _, err := r.Forget(ctx, Forget{Claim: id}); err != nil {
					t.Fatal(err)
				}
				m.forget(func(_ *modelFile, c modelClaim) bool { return c.id == id })
			},
			"forget file": func(t *rapid.T) {
				name := rapid.SampledFrom([]string{"f1", "f2", "f3", "f4"}).Draw(t, "file")
				f := m.file(name)
				if f == nil {
					t.Skip("it is not there")
				}
				if _, err := r.Forget(ctx, Forget{File: name}); err != nil {
					t.Fatal(err)
				}
				m.forget(func(o *modelFile, _ modelClaim) bool { return o == f })
				f.name = ""
			},
			"forget before": func(t *rapid.T) {
				if _, err := r.Forget(ctx, Forget{Before: 20260102}); err != nil {
					t.Fatal(err)
				}
				m.forget(func(_ *modelFile, c modelClaim) bool { return c.day < 20260102 })
			},
			"": func(t *rapid.T) {
				before := int64(rapid.IntRange(0, int(m.seq)+1).Draw(t, "before"))
				for _, patient := range modelPatients {
					want := m.standing(patient, before)
					var wanted, got []string
					for name := range want {
						wanted = append(wanted, name)
					}
					sort.Strings(wanted)
					days := []DayKey{{l.Key([]byte("MEDB" + patient)), 20260101}, {l.Key([]byte("MEDB" + patient)), 20260102}, {l.Key([]byte("MEDB" + patient)), 20260103}}
					err := r.Days(ctx, days, Horizon{Before: before}, func(e *Earlier) error {
						got = append(got, fmt.Sprintf("%s/%d.%d", e.ID, e.File, e.Ordinal))
						return nil
					})
					if err != nil {
						t.Fatal(err)
					}
					sort.Strings(got)
					if strings.Join(got, " ") != strings.Join(wanted, " ") {
						t.Fatalf("before %d %s has %q, want %q", before, patient, got, wanted)
					}
				}
			},
		})
		if err := r.Commit(); err != nil {
			t.Fatal(err)
		}
		problems, err := l.Verify(ctx)
		if err != nil || len(problems) > 0 {
			t.Fatalf("%q %v", problems, err)
		}
	})
}

// recordRemittance records a file of remittances.
func recordRemittance(ctx context.Context, r *Run, name string) (File, bool, error) {
	w, err := r.Record(ctx, File{Kind: Remittances, Digest: digest(name), Name: name, Recorded: 20260301})
	if err != nil {
		return File{}, false, err
	}
	return w.Close(ctx)
}
