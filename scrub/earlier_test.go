package scrub_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/scrub"
	"github.com/gaitkeeper/gaitkeeper/scrub/ncci"
)

// visitsOf runs over a file and returns, for each claim that is sent, how many visits
// were before it, and the last; the claims are kept.
func visitsOf(t testing.TB, m *memory, in scrub.Input) (list []string) {
	t.Helper()
	rule := &scrub.Rule{ID: "ZZ999", Needs: scrub.NeedsHistory, Run: func(p *scrub.Pass) {
		n, last := p.Days.Visits(p.Claim)
		list = append(list, fmt.Sprintf("%s: %d, %d", p.Claim.ID(), n, last))
	}}
	r := scrub.Runner{Rules: []*scrub.Rule{rule}, Data: scrub.Data{Tables: ncci.Default()}, History: m, Jobs: 1}
	if _, err := r.Survey(context.Background(), in); err != nil {
		t.Fatal(err)
	}
	var sent []*scrub.Sent
	err := r.Scrub(context.Background(), in, func(res *scrub.Result) error {
		if res.Claim != nil {
			sent = append(sent, r.Sent(res.Claim))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range sent {
		m.keep(s, in.Name)
	}
	return list
}

// Visits are counted by the days that are left once claims were replaced and voided,
// whether they stand in the run or the history.
func TestVisits(t *testing.T) {
	days := []edi.Date{20250105, 20251230, 20260105, 20260110, 20260228, 20260301, 20260310}
	rapid.Check(t, func(t *rapid.T) {
		type claim struct {
			patient, id, frequency string
			day                    edi.Date
		}
		draw := func(label string) (list []claim) {
			return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) claim {
				return claim{
					rapid.SampledFrom([]string{"P1", "P2"}).Draw(t, "patient"), rapid.SampledFrom([]string{"A", "B"}).Draw(t, "id"),
					rapid.SampledFrom([]string{"1", "1", "7", "8"}).Draw(t, "frequency"), rapid.SampledFrom(days).Draw(t, "day"),
				}
			}), 0, 8).Draw(t, label)
		}
		live := map[string]bool{} // patient, day and id
		file := func(name string, list []claim) scrub.Input {
			var text [][]string
			for _, c := range list {
				text = append(text, claimText(c.patient, c.id, c.frequency, fmt.Sprintf("97110:GP*31*UN*1@%d", c.day)))
				live[fmt.Sprint(c.patient, c.day, c.id)] = c.frequency != "8"
			}
			return fileOf(name, text...)
		}
		m := &memory{}
		var tb strictTB
		visitsOf(&tb, m, file("before", draw("before")))
		now := draw("now")
		got := visitsOf(&tb, m, file("now", now))
		if tb.failed != "" {
			t.Fatal(tb.failed)
		}
		var want []string
		for _, c := range now {
			if c.frequency == "8" {
				continue // not judged
			}
			n, last := 0, edi.Date(0)
			for _, d := range days {
				treated := live[fmt.Sprint(c.patient, d, "A")] || live[fmt.Sprint(c.patient, d, "B")]
				if !treated || d >= c.day || d.Time().Before(c.day.Time().Add(-366*24*time.Hour)) {
					continue
				}
				last = d
				if d.Year() == c.day.Year() {
					n++
				}
			}
			want = append(want, fmt.Sprintf("%s: %d, %d", c.id, n, last))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
	})
}

// strictTB takes note of failures outside a test.
type strictTB struct {
	testing.TB
	failed string
}

func (*strictTB) Helper()             {}
func (s *strictTB) Fatal(args ...any) { s.failed = strings.TrimSpace(fmt.Sprintln(args...)) }
