package app

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gaitkeeper/gaitkeeper/cmd/internal/datadir"
	"github.com/gaitkeeper/gaitkeeper/scrub/ncci/cms/cmstest"
)

// archives writes the four parts of a PTP table, zipped as CMS does.
func archives(t testing.TB, rows int) (paths []string, read int) {
	t.Helper()
	dir := t.TempDir()
	for i, p := range cmstest.PTP(rows) {
		path := filepath.Join(dir, fmt.Sprintf("medicare-ncci-2026q4-practitioner-ptp-edits-ccipra-v323r0-f%d.zip", i+1))
		if err := os.WriteFile(path, cmstest.Zip(p.Name, string(p.Text)), 0o600); err != nil {
			t.Fatal(err)
		}
		paths, read = append(paths, path), read+p.Rows
	}
	return paths, read
}

// TestImportInParts: all at once, one by one in any order, and from sheets beside the
// text, the same is kept.
func TestImportInParts(t *testing.T) {
	paths, _ := archives(t, 20_000)
	imported := func(groups ...[]string) []byte {
		dir := t.TempDir()
		for _, g := range groups {
			gaitkeeper(t, append([]string{"data", "import", "--data-dir", dir}, g...)...).mustExit(t, exitClean)
		}
		_, p, err := datadir.Open(dir).Load("ptp-2026q4")
		if err != nil {
			t.Fatal(err)
		}
		b, err := p.AppendBinary(nil)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	want := imported(paths)
	for name, got := range map[string][]byte{
		"one by one":  imported(paths[:1], paths[1:2], paths[2:3], paths[3:]),
		"backwards":   imported(paths[3:], paths[2:3], paths[1:2], paths[:1]),
		"overlapping": imported(paths[:3], paths[1:], paths),
	} {
		if string(got) != string(want) {
			t.Errorf("%s: %d bytes, want %d", name, len(got), len(want))
		}
	}
}

// TestImportRefusesWhole: a fault in one file keeps all others out, and a run that is
// interrupted leaves nothing.
func TestImportRefusesWhole(t *testing.T) {
	paths, _ := archives(t, 20_000)
	b := read(t, paths[3])
	b[len(b)/2] ^= 0xff
	write(t, b, paths[3])
	dir := filepath.Join(t.TempDir(), "data")
	got := gaitkeeper(t, append([]string{"data", "import", "--data-dir", dir}, paths...)...).mustExit(t, exitInput)
	if !strings.Contains(got.stderr, "f4.zip: ") || got.stdout != "" {
		t.Errorf("stdout %q, stderr %q", got.stdout, got.stderr)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	gaitkeeperWith(t, ctx, nil, append([]string{"data", "import", "--data-dir", dir}, paths[:3]...)...).mustExit(t, exitStopped)
	if _, err := os.Stat(dir); err == nil {
		t.Error("something was kept")
	}
}

// BenchmarkImport imports 2.6 million rows, from archives to what is kept.
func BenchmarkImport(b *testing.B) {
	paths, rows := archives(b, 2_600_000)
	for _, flags := range [][]string{{}, {"--all-codes"}} {
		b.Run(strings.Join(append(flags, "rows"), " "), func(b *testing.B) {
			for b.Loop() {
				o := gaitkeeperBench(b, append(append([]string{"data", "import", "--data-dir", b.TempDir()}, flags...), paths...)...)
				if o != exitClean {
					b.Fatal(o)
				}
			}
			b.ReportMetric(float64(rows)/1e6*float64(b.N)/b.Elapsed().Seconds(), "Mrows/s")
		})
	}
}

func gaitkeeperBench(b *testing.B, args ...string) int {
	b.Helper()
	var out strings.Builder
	return run(context.Background(), append([]string{"gaitkeeper"}, args...), &environment{strings.NewReader(""), &out, &out, nil})
}
