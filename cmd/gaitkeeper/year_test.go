package main

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gaitkeeper/gaitkeeper/edi/editest"
)

// year is the daily files of a practice, with faults planted that only show across
// files.
type year struct {
	dir   string
	env   []string
	files []string
	want  []string // file, claim and rule of every planted fault, sorted
}

// sentClaim is a claim of the practice.
type sentClaim struct {
	id, patient string
	day         string // CCYYMMDD
	lines       []string
}

func (c *sentClaim) segments(id string) []string {
	out := []string{
		"HL*2*1*22*0", "SBR*P*18*******MB", "NM1*IL*1*EXAMPLE*PAT****MI*" + c.patient, "NM1*PR*2*MEDICARE PART B*****PI*04011",
		fmt.Sprintf("CLM*%s*%d***11:B:1*Y*A*Y*Y", id, 31*len(c.lines)), "HI*ABK:R262", "NM1*DN*1*REFERRER*DOC****XX*1456789019",
		"NM1*82*1*THERAPIST*PAT****XX*1987654328", "PRV*PE*PXC*225100000X",
	}
	for i, l := range c.lines {
		out = append(out, fmt.Sprintf("LX*%d", i+1), "SV1*HC:"+l+"***1", "DTP*472*D8*"+c.day)
	}
	return out
}

// newYear writes the files of so many days.
func newYear(t *testing.T, days int) *year {
	t.Helper()
	y := &year{dir: t.TempDir(), env: newcomer(t)}
	rnd := rand.New(rand.NewPCG(1, 2))
	var sent []sentClaim
	services := []string{"97110:GP*31*UN*2", "97116:GP*31*UN*1", "97140:GP*31*UN*1", "97530:GP*31*UN*2", "97112:GP*31*UN*1"}
	day := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
	for n := range days {
		file, date := fmt.Sprintf("day%03d.837", n), day.Format("20060102")
		var claims [][]string
		plant := func(rule, id string, c *sentClaim) {
			claims = append(claims, c.segments(id))
			y.want = append(y.want, file+" "+id+" "+rule)
		}
		for i := range 6 {
			rnd.Shuffle(len(services), func(a, b int) { services[a], services[b] = services[b], services[a] })
			c := sentClaim{fmt.Sprintf("C%d-%d", n, i), fmt.Sprintf("1EG4TE%05d", 10*i+n%10), date, slices.Clone(services[:1+rnd.IntN(3)])}
			claims = append(claims, c.segments(c.id))
			sent = append(sent, c)
		}
		if old := len(sent) - 6; old > 0 && n%3 == 1 {
			c := sent[rnd.IntN(old)]
			switch n % 9 {
			case 1: // sent again
				plant("DU102", c.id, &c)
			case 4: // under another number
				plant("DU102", fmt.Sprintf("X%d", n), &c)
			case 7: // more units of the day, on another claim
				c.lines = []string{"97110:GP*31*UN*6"}
				if slices.ContainsFunc(sent, func(o sentClaim) bool {
					return o.patient == c.patient && o.day == c.day && strings.HasPrefix(strings.Join(o.lines, " "), "97110")
				}) {
					plant("UN101", fmt.Sprintf("X%d", n), &c)
				}
			}
		}
		y.write(t, file, n+1, date, claims)
		if day = day.AddDate(0, 0, 1); day.Weekday() == time.Saturday {
			day = day.AddDate(0, 0, 2)
		}
	}
	slices.Sort(y.want)
	return y
}

func (y *year) write(t *testing.T, name string, control int, date string, claims [][]string) {
	t.Helper()
	s := []string{
		editest.ISA(control), fmt.Sprintf("GS*HC*SUBMITTER*RECEIVER*%s*0800*%d*X*005010X222A1", date, control), "ST*837*0001*005010X222A1",
		"BHT*0019*00*B1*" + date + "*0800*CH", "NM1*41*2*EXAMPLE BILLING*****46*SUBMITTER", "HL*1**20*1", "NM1*85*2*EXAMPLE THERAPY*****XX*1234567893",
	}
	for _, c := range claims {
		s = append(s, c...)
	}
	s = append(s, fmt.Sprintf("SE*%d*0001", len(s)-1), fmt.Sprintf("GE*1*%d", control), fmt.Sprintf("IEA*1*%09d", control))
	if err := os.WriteFile(filepath.Join(y.dir, name), editest.Render(s, editest.Wrapped), 0o600); err != nil {
		t.Fatal(err)
	}
	y.files = append(y.files, name)
}

// binary is the program: this test's own file under its name, see TestMain.
func binary(t *testing.T) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(t.TempDir(), "gaitkeeper")
	if err := os.Symlink(self, link); err != nil {
		t.Skip("no symbolic links: ", err)
	}
	return link
}

// scrub scrubs a file with a ledger; before that it kills the program a few times.
func (y *year) scrub(t *testing.T, program, ledger, file string, kill func() time.Duration) string {
	t.Helper()
	command := func() *exec.Cmd {
		c := exec.Command(program, "scrub", "--config", "none", "--ledger", ledger, "-q", "--format", "csv", "--fail-on", "never", "--select", "DU102,UN101", file)
		c.Dir, c.Env = y.dir, y.env
		return c
	}
	for d := kill(); d > 0; d = kill() {
		c := command()
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(d)
		c.Process.Kill()
		c.Wait()
	}
	var stderr bytes.Buffer
	c := command()
	c.Stderr = &stderr
	out, err := c.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", file, err, &stderr)
	}
	return string(out)
}

// TestYear: daily files scrubbed in order have the faults that were planted across
// them, and no others; the same where the program is killed again and again, and once
// more where everything is in the ledger.
func TestYear(t *testing.T) {
	days := 120
	if testing.Short() {
		days = 30
	}
	y, program := newYear(t, days), binary(t)
	never := func() time.Duration { return 0 }
	rnd := rand.New(rand.NewPCG(3, 4))
	kills := 0
	sometimes := func() time.Duration {
		if rnd.IntN(3) > 0 {
			return 0
		}
		kills++
		return time.Duration(1+rnd.IntN(25)) * time.Millisecond
	}
	var first string
	for _, pass := range []struct {
		name, ledger string
		kill         func() time.Duration
	}{{"in order", "a.db", never}, {"killed", "b.db", sometimes}, {"again", "b.db", never}} {
		var all strings.Builder
		for _, file := range y.files {
			all.WriteString(y.scrub(t, program, pass.ledger, file, pass.kill))
		}
		if first == "" {
			first = all.String()
			if diff := cmp.Diff(y.want, planted(t, first)); diff != "" {
				t.Fatalf("-planted +found:\n%s", diff)
			}
		} else if all.String() != first {
			t.Errorf("%s: other findings than in order:\n%s", pass.name, cmp.Diff(planted(t, first), planted(t, all.String())))
		}
	}
	t.Logf("%d files, %d planted, killed %d times", len(y.files), len(y.want), kills)
}

// planted are file, claim and rule of the findings.
func planted(t *testing.T, out string) (list []string) {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(out)).ReadAll()
	if err != nil && !errors.Is(err, csv.ErrFieldCount) {
		t.Fatal(err)
	}
	for _, r := range rows {
		if r[0] != "file" {
			list = append(list, r[0]+" "+r[1]+" "+r[6])
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}
