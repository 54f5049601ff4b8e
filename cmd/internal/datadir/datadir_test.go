package datadir

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gaitkeeper/gaitkeeper/scrub/ncci"
	"github.com/gaitkeeper/gaitkeeper/scrub/ncci/cms"
	"github.com/gaitkeeper/gaitkeeper/scrub/ncci/cms/cmstest"
)

var now = time.Date(2026, 11, 26, 8, 30, 0, 0, time.UTC)

// tables reads files; names and contents take turns.
func tables(t testing.TB, keep func(ncci.Code) bool, files ...string) (list []Addition) {
	t.Helper()
	var sources []cms.Source
	for i := 0; i < len(files); i += 2 {
		sources = append(sources, cms.Source{Name: files[i], ReaderAt: strings.NewReader(files[i+1]), Size: int64(len(files[i+1]))})
	}
	res, err := cms.Read(t.Context(), sources, cms.Options{Keep: keep})
	if err != nil || len(res.Tables) != len(sources) {
		t.Fatal(err, res)
	}
	for _, tab := range res.Tables {
		list = append(list, Addition{tab, "sum"})
	}
	return list
}

func ptp(rows ...string) string {
	return cmstest.PTPHead + strings.ReplaceAll(strings.Join(rows, "\n"), " ", "\t") + "\n"
}

var (
	f1  = ptp("0001A 0591T  20220101 20231231 1", "20560 97116  20200101 * 0", "25441 36592  20200101 * 0")
	f4  = ptp("62323 0178T  20200101 * 1", "97530 97116  20050401 20191231 1", "97530 97116  20211001 * 1", "99213 36415  20200101 * 1", "U0003 U0004  20200101 * 1")
	f4b = ptp("62323 0178T  20200101 * 1", "97530 97116  20050401 20191231 1", "99213 97110  20200101 * 1", "U0003 U0004  20200101 * 1")
)

const (
	f1Name = "ccipra-v323r0-f1.TXT"
	f4Name = "ccipra-v323r0-f4.TXT"
)

func outcomes(t testing.TB, d *Dir, list []Addition, o Options) string {
	t.Helper()
	o.Now = now
	changes, err := d.Add(list, o)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, c := range changes {
		parts := ""
		for _, p := range c.Parts {
			parts += fmt.Sprintf(" f%d", p.Number)
		}
		out = append(out, fmt.Sprintf("%s %s %d/%d%s all=%v", c.Name, c.Outcome, c.Rows, c.Read, parts, c.All))
	}
	return strings.Join(out, "; ")
}

// TestAdd adds parts in turn, each time with what was there before.
func TestAdd(t *testing.T) {
	d := Open(filepath.Join(t.TempDir(), "new", "folder"))
	if names, err := d.Names(); err != nil || names != nil {
		t.Fatal(names, err)
	}
	therapy := func(files ...string) []Addition { return tables(t, ncci.Concerns, files...) }
	mue := cmstest.MUE([]string{"97110", "97116", "99213"}, 4)
	for _, v := range []struct {
		what string
		list []Addition
		o    Options
		want string
	}{
		{"look first", therapy(f1Name, f1), Options{NoChange: true}, "ptp-2026q4 new 1/3 f1 all=false"},
		{"f1", therapy(f1Name, f1), Options{}, "ptp-2026q4 new 1/3 f1 all=false"},
		{"again", therapy("other/"+f1Name+".txt", f1), Options{}, "ptp-2026q4 unchanged 1/3 f1 all=false"},
		{"f4 and an MUE", therapy(f4Name, f4, "MUE_Eff_10-01-2026.csv", mue), Options{}, "mue-2026q4 new 2/3 all=false; ptp-2026q4 extended 3/8 f1 f4 all=false"},
		{"both again", therapy(f1Name, f1, f4Name, f4), Options{}, "ptp-2026q4 unchanged 3/8 f1 f4 all=false"},
		{"f4 revised", therapy(f4Name, f4b), Options{}, "ptp-2026q4 replaced 3/7 f1 f4 all=false"},
		{"a part with all codes", tables(t, nil, f4Name, f4), Options{All: true}, "ptp-2026q4 replaced 6/8 f1 f4 all=false"},
		{"and the other", tables(t, nil, f1Name, f1, f4Name, f4), Options{All: true}, "ptp-2026q4 replaced 8/8 f1 f4 all=true"},
		{"therapy codes only, which are there", therapy(f4Name, f4), Options{}, "ptp-2026q4 unchanged 8/8 f1 f4 all=true"},
		{"another MUE", therapy("MUE_Eff_08-15-2026.csv", mue), Options{}, "mue-2026-08-15 new 2/3 all=false"},
		{"the same with other values", therapy("MUE_Eff_08-15-2026.csv", strings.ReplaceAll(mue, ",4,", ",5,")), Options{}, "mue-2026-08-15 replaced 2/3 all=false"},
	} {
		if got := outcomes(t, d, v.list, v.o); got != v.want {
			t.Errorf("%s: %s, want %s", v.what, got, v.want)
		}
	}
	names, err := d.Names()
	if err != nil || fmt.Sprint(names) != "[mue-2026-08-15 mue-2026q4 ptp-2026q4]" {
		t.Fatal(names, err)
	}
	m, p, err := d.Load("ptp-2026q4")
	if err != nil {
		t.Fatal(err)
	}
	want := Source{File: f4Name, SHA256: "sum", Read: 5, Part: 4, First: "62323", Last: "U0003", Imported: now}
	if got := m.Sources[1]; got != want {
		t.Errorf("%+v", got)
	}
	if len(p.Edits) != 8 || !p.All || p.Kind != ncci.Pairs || len(p.Parts) != 2 || p.Parts[1].Number != 4 || p.Effective != 2026_10_01 {
		t.Errorf("%+v", p)
	}
	if runtime.GOOS != "windows" {
		info, err := os.Stat(d.file("ptp-2026q4"))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%v %v", info.Mode(), err)
		}
	}
	if err := d.Remove("mue-2026q4"); err != nil {
		t.Error(err)
	}
	if err := d.Remove("mue-2026q4"); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	if err := d.Remove("../../x"); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}

// TestDamage: whatever byte of a file changes, and wherever it is cut, it is told.
func TestDamage(t *testing.T) {
	d := Open(t.TempDir())
	outcomes(t, d, tables(t, nil, f4Name, f4), Options{All: true})
	path := d.file("ptp-2026q4")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	damaged := func(what string, b []byte) {
		t.Helper()
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		_, _, err := d.Load("ptp-2026q4")
		var e *DamagedError
		if !errors.As(err, &e) || e.File != path || e.Why == "" {
			t.Errorf("%s: %v", what, err)
		}
	}
	for i := range whole {
		b := bytes.Clone(whole)
		b[i] ^= 0x10
		damaged(fmt.Sprintf("byte %d", i), b)
	}
	for i := range whole {
		damaged(fmt.Sprintf("cut at %d", i), whole[:i])
	}
	damaged("longer", append(bytes.Clone(whole), 0))
	// A damaged publication is not written over.
	if _, err := d.Add(tables(t, nil, f4Name, f4), Options{All: true, Now: now}); err == nil {
		t.Error("added to a damaged file")
	}
	if err := d.Remove("ptp-2026q4"); err != nil {
		t.Error(err)
	}
	outcomes(t, d, tables(t, nil, f4Name, f4), Options{All: true})
	if err := os.Rename(path, d.file("ptp-2026q3")); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Manifest("ptp-2026q3"); err == nil {
		t.Error("a file under another name is read")
	}
}

// TestAtOnce: parts that are imported at the same time are all there in the end, and
// what a killed import left is gone.
func TestAtOnce(t *testing.T) {
	path := t.TempDir()
	if err := os.WriteFile(filepath.Join(path, ".gaitkeeper-123"), []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	parts := cmstest.PTP(20_000)
	var work sync.WaitGroup
	for _, p := range parts {
		list := tables(t, ncci.Concerns, p.Name, string(p.Text))
		work.Go(func() {
			if _, err := Open(path).Add(list, Options{Now: now}); err != nil {
				t.Error(err)
			}
		})
	}
	work.Wait()
	m, p, err := Open(path).Load("ptp-2026q4")
	if err != nil {
		t.Fatal(err)
	}
	alone := Open(t.TempDir())
	var all []Addition
	for _, p := range parts {
		all = append(all, tables(t, ncci.Concerns, p.Name, string(p.Text))...)
	}
	outcomes(t, alone, all, Options{})
	_, want, err := alone.Load("ptp-2026q4")
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want.Edits, p.Edits); d != "" || len(m.Parts) != 4 || len(ncci.Gaps(p.Parts)) != 0 {
		t.Errorf("%v %s", m.Parts, d)
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if !slices.Equal(names, []string{".lock", "ptp-2026q4" + extension}) {
		t.Errorf("%v", names)
	}
}

func TestSupersedes(t *testing.T) {
	whole := &Manifest{Kind: "PTP", Program: cms.Medicare, Parts: []Part{{1, "0001A", "62322"}, {4, "62323", "U0003"}}}
	last := &Manifest{Kind: "PTP", Program: cms.Medicare, Parts: []Part{{4, "62323", "U0003"}}}
	all := &Manifest{Kind: "PTP", Program: cms.Medicare, All: true, Parts: last.Parts}
	medicaid := &Manifest{Kind: "PTP", Program: cms.Medicaid, Parts: last.Parts}
	mue := &Manifest{Kind: "MUE", Program: cms.Medicare}
	for _, v := range []struct {
		a, b *Manifest
		want bool
	}{{whole, last, true}, {whole, whole, true}, {last, whole, false}, {whole, all, false}, {all, last, true}, {whole, medicaid, false}, {mue, mue, false}} {
		if got := v.a.Supersedes(v.b); got != v.want {
			t.Errorf("%+v, %+v: %v", v.a, v.b, got)
		}
	}
}

func TestDefault(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	for _, v := range []struct{ own, xdg, want string }{
		{"/own", "/xdg", "/own"},
		{"", "/xdg", filepath.FromSlash("/xdg/gaitkeeper")},
	} {
		t.Setenv(Variable, v.own)
		t.Setenv("XDG_DATA_HOME", v.xdg)
		if got, err := Default(); err != nil || got != v.want {
			t.Errorf("%+v: %s %v", v, got, err)
		}
	}
	t.Setenv(Variable, "")
	t.Setenv("XDG_DATA_HOME", "relative")
	if runtime.GOOS == "linux" {
		if got, err := Default(); err != nil || got != filepath.Join(home, ".local/share/gaitkeeper") {
			t.Errorf("%s %v", got, err)
		}
	}
}

func FuzzFile(f *testing.F) {
	m, rows := merge("ptp-2026q4", &Manifest{}, &ncci.Publication{}, tables(f, nil, f4Name, f4), Options{})
	b, err := encode(m, rows)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Fuzz(func(t *testing.T, b []byte) {
		if m, rows, why := decode(b); why == "" && (m == nil || rows == nil) {
			t.Fatal("nothing, and nothing wrong")
		}
	})
}

// BenchmarkLoad loads a publication of 2.6 million rows, with all codes and with
// those of therapy.
func BenchmarkLoad(b *testing.B) {
	for _, v := range []struct {
		name string
		keep func(ncci.Code) bool
	}{{"therapy", ncci.Concerns}, {"all", nil}} {
		d := Open(b.TempDir())
		for _, p := range cmstest.PTP(2_600_000) {
			outcomes(b, d, tables(b, v.keep, p.Name, string(p.Text)), Options{All: v.keep == nil})
		}
		b.Run(v.name, func(b *testing.B) {
			for b.Loop() {
				_, p, err := d.Load("ptp-2026q4")
				if err != nil {
					b.Fatal(err)
				}
				ncci.Join(ncci.Default(), p)
			}
		})
	}
}
