package therapy

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// day parses "97116:22 97110:18+5": the minutes of the therapist, and with a
// plus those of the assistant.
func day(t testing.TB, s string) (work []Work) {
	t.Helper()
	for _, f := range strings.Fields(s) {
		c, minutes, _ := strings.Cut(f, ":")
		therapist, assistant, _ := strings.Cut(minutes, "+")
		work = append(work, Work{code(c), number(t, therapist), number(t, orZero(assistant))})
	}
	return work
}

func orZero(s string) string {
	if s == "" {
		return "0"
	}
	return s
}

func number(t testing.TB, s string) int {
	t.Helper()
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// bill parses "97116*2 97110*1".
func bill(t testing.TB, s string) (list []Billed) {
	t.Helper()
	for _, f := range strings.Fields(s) {
		c, units, _ := strings.Cut(f, "*")
		list = append(list, Billed{code(c), number(t, units)})
	}
	return list
}

// show writes the legal allocations of a count in the notation of bill.
func show(c Count) (list []string) {
	for _, units := range c.Allocations(1000) {
		var parts []string
		for i, u := range units {
			if u > 0 {
				parts = append(parts, fmt.Sprintf("%s*%d", c.Shares[i].Code, u))
			}
		}
		list = append(list, strings.Join(parts, " "))
	}
	return list
}

// TestVectors are days counted under both rules; 11 to 15 are the examples of
// Medicare's manual.
func TestVectors(t *testing.T) {
	for i, v := range []struct {
		work          string
		cms, midpoint []string
	}{
		{"97116:7", []string{""}, []string{""}},
		{"97116:8", []string{"97116*1"}, []string{"97116*1"}},
		{"97116:22", []string{"97116*1"}, []string{"97116*1"}},
		{"97116:23", []string{"97116*2"}, []string{"97116*2"}},
		{"97116:38", []string{"97116*3"}, []string{"97116*3"}},
		{"97116:52", []string{"97116*3"}, []string{"97116*3"}},
		{"97116:53", []string{"97116*4"}, []string{"97116*4"}},
		{"97116:68", []string{"97116*5"}, []string{"97116*5"}},
		{"97116:22 97110:18", []string{"97110*1 97116*2"}, []string{"97110*1 97116*1"}},
		{"97110:15 97116:20", []string{"97110*1 97116*1"}, []string{"97110*1 97116*1"}},
		{"97112:24 97110:23", []string{"97110*1 97112*2"}, []string{"97110*2 97112*2"}},
		{"97112:20 97110:20", []string{"97110*2 97112*1", "97110*1 97112*2"}, []string{"97110*1 97112*1"}},
		{"97110:33 97140:7", []string{"97110*2 97140*1"}, []string{"97110*2"}},
		{"97110:18 97140:13 97116:10 97035:8", []string{"97110*1 97116*1 97140*1"}, []string{"97035*1 97110*1 97116*1 97140*1"}},
		{"97112:7 97110:7 97140:7", []string{"97110*1", "97112*1", "97140*1"}, []string{""}},
		{"97110:8 97140:8 97116:8", []string{"97110*1 97116*1", "97110*1 97140*1", "97116*1 97140*1"}, []string{"97110*1 97116*1 97140*1"}},
		{"97110:10 97530:5", []string{"97110*1"}, []string{"97110*1"}},
		{"97110:25 97116:10", []string{"97110*2", "97110*1 97116*1"}, []string{"97110*2 97116*1"}},
		{"97110:14 97140:9 97116:1", []string{"97110*1 97140*1"}, []string{"97110*1 97140*1"}},
		{"97110:7 97116:7", []string{"97110*1", "97116*1"}, []string{""}},
		{"97110:29 97140:8 97530:8", []string{"97110*2 97140*1", "97110*2 97530*1"}, []string{"97110*2 97140*1 97530*1"}},
		{"97110:7 97112:7 97140:7 97530:7", []string{
			"97110*1 97112*1", "97110*1 97140*1", "97110*1 97530*1", "97112*1 97140*1", "97112*1 97530*1", "97140*1 97530*1",
		}, []string{""}},
		{"97110:8 97140:7", []string{"97110*1"}, []string{"97110*1"}},
		{"97530:30 97110:22 97140:8", []string{"97110*1 97140*1 97530*2"}, []string{"97110*1 97140*1 97530*2"}},
		{"97116:20 G0283:15 97161:30", []string{"97116*1"}, []string{"97116*1"}},
	} {
		work := day(t, v.work)
		if d := cmp.Diff(v.cms, show(CountCMS(work))); d != "" {
			t.Errorf("%d: CMS, %s: %s", i+1, v.work, d)
		}
		if d := cmp.Diff(v.midpoint, show(CountMidpoint(work))); d != "" {
			t.Errorf("%d: midpoint, %s: %s", i+1, v.work, d)
		}
	}
}

// TestOutsideThePool: what is not fifteen-minute one-on-one work does not count.
func TestOutsideThePool(t *testing.T) {
	for _, s := range []string{"97545:120", "96125:60", "0791T:15", "97150:30", "92507:45", "99213:20", ""} {
		if c := CountCMS(day(t, s)); c.Total != 0 || len(c.Shares) != 0 {
			t.Errorf("%s: %+v", s, c)
		}
	}
}

// TestContinued: two codes of one service share its minutes by definition.
func TestContinued(t *testing.T) {
	for _, v := range []struct{ work, cms string }{
		{"97129:15 97130:8", "97129*1 97130*1"},
		{"97129:30", "97129*1 97130*1"},
		{"97129:20 97130:5", "97129*1 97130*1"},
		{"97129:5 97130:25", "97129*1 97130*1"},
		{"97129:0 97130:15", "97129*1"},
		{"97130:15", "97130*1"},
		{"97129:53", "97129*1 97130*3"},
		{"97129:22", "97129*1"},
		{"97129:22 97110:18", "97110*1 97129*1 97130*1"},
		{"97550:30 97551:15", "97551*1"},
		{"97550:45", "97551*1"},
		{"97550:25 97551:12", ""},
		{"97550:30", ""},
		{"90912:38", "90912*1 90913*2"},
	} {
		if got := show(CountCMS(day(t, v.work))); len(got) != 1 || got[0] != v.cms {
			t.Errorf("%s: %q, want %q", v.work, got, v.cms)
		}
	}
}

func TestUnits(t *testing.T) {
	for minutes, want := range map[int]int{
		-20: 0, 0: 0, 7: 0, 8: 1, 22: 1, 23: 2, 37: 2, 38: 3, 52: 3, 53: 4, 67: 4, 68: 5,
		82: 5, 83: 6, 97: 6, 98: 7, 112: 7, 113: 8, 127: 8, 128: 9,
	} {
		if got := CMSUnits(minutes); got != want {
			t.Errorf("%d minutes: %d, want %d", minutes, got, want)
		}
		if CMSUnits(minutes) != MidpointUnits(minutes) {
			t.Errorf("%d minutes of one code: the rules differ", minutes)
		}
	}
	const huge = int(^uint(0) >> 1)
	if CMSUnits(huge) != huge/15 { // huge ends 7 minutes into a unit
		t.Errorf("%d", CMSUnits(huge))
	}
	for u := range 50 {
		least := ImpliedMinutes(u + 1)
		if CMSUnits(least) != u+1 || CMSUnits(least-1) != u {
			t.Errorf("%d units: %d minutes", u+1, least)
		}
	}
	if ImpliedMinutes(0) != 0 || ImpliedMinutes(-1) != 0 || ImpliedMinutes(8) != 113 {
		t.Error("implied minutes")
	}
}

func TestJudge(t *testing.T) {
	for _, v := range []struct {
		work, billed  string
		cms, midpoint Verdict
	}{
		{"97116:22 97110:18", "97116*2 97110*1", OK, Over},
		{"97116:22 97110:18", "97116*1 97110*1", Under, OK},
		{"97116:22 97110:18", "97116*1 97110*2", Misallocated, Over},
		{"97116:22 97110:18", "97110*2", Misallocated, Misallocated},
		{"97116:22 97110:18", "97116*2 97110*2", Over, Over},
		{"97116:22 97110:18", "97116*1 97116*1 97110*1", OK, Over},
		{"97112:7 97110:7 97140:7", "97140*1", OK, Over},
		{"97112:7 97110:7 97140:7", "97140*1 97110*1", Over, Over},
		{"97110:7 97112:7 97140:7 97530:7", "97530*1", Under, Over},
		{"97116:22", "", Under, Under},
		{"97116:22", "97116*1 97161*1 G0283*1 97545*1", OK, OK},
		{"97116:22", "97110*1", Misallocated, Misallocated},
		{"97116:22", "97116*1 97110*1", Over, Over},
		{"97116:22", "97116*-3", Under, Under},
		{"", "97116*1", Over, Over},
		{"", "97161*1", OK, OK},
	} {
		work, billed := day(t, v.work), bill(t, v.billed)
		if got := Judge(billed, CountCMS(work)); got != v.cms {
			t.Errorf("CMS: %q for %q is %v, want %v", v.billed, v.work, got, v.cms)
		}
		if got := Judge(billed, CountMidpoint(work)); got != v.midpoint {
			t.Errorf("midpoint: %q for %q is %v, want %v", v.billed, v.work, got, v.midpoint)
		}
	}
}

func TestNearest(t *testing.T) {
	c := CountCMS(day(t, "97110:7 97112:7 97116:15 97140:7")) // 2 units: 97116 and one of the others
	for billed, want := range map[string][]int{
		"":                        {1, 0, 1, 0},
		"97116*2 97140*1":         {0, 0, 1, 1},
		"97112*1 97140*1 97116*1": {0, 1, 1, 0},
		"97110*1 97140*4":         {1, 0, 1, 0},
	} {
		if d := cmp.Diff(want, c.Nearest(bill(t, billed))); d != "" {
			t.Errorf("%s: %s", billed, d)
		}
	}
}

func TestHostileWork(t *testing.T) {
	const huge = int(^uint(0) >> 1)
	c := CountCMS([]Work{{code("97110"), huge, huge}, {code("97110"), huge, -huge}, {code("97116"), -5, -huge}})
	if c.Total <= 0 || c.Max(code("97116")) != 0 {
		t.Errorf("%+v", c)
	}
	if v := Judge([]Billed{{code("97110"), huge}, {code("97116"), huge}}, CountCMS(nil)); v != Over {
		t.Error(v)
	}
	if c.Legal(nil) || c.Allocations(0) != nil || c.Allocations(-1) != nil {
		t.Error("an empty list is legal")
	}
}

// someWork draws a day: several pieces of work on codes in and out of the pool,
// with remainders that tie often.
var someWork = rapid.Custom(func(t *rapid.T) []Work {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Work {
		return Work{
			Code:      code(rapid.SampledFrom([]string{"97110", "97112", "97116", "97129", "97130", "97140", "97530", "97150", "97550", "97551"}).Draw(t, "code")),
			Minutes:   rapid.OneOf(rapid.IntRange(0, 50), rapid.SampledFrom([]int{7, 8, 10, 22, 23})).Draw(t, "minutes"),
			Assistant: rapid.OneOf(rapid.Just(0), rapid.IntRange(0, 40)).Draw(t, "assistant"),
		}
	}), 0, 7).Draw(t, "work")
})

// legal lists, by trying all, what the manual allows: full quarter hours, one
// more at most, and none for a code while a larger remainder goes without.
func legal(c Count) (list []string) {
	n := len(c.Shares)
	for mask := range 1 << n {
		units, sum := make([]int, n), 0
		for i, s := range c.Shares {
			units[i] = s.Total()/15 + mask>>i&1
			sum += units[i]
		}
		ok := sum == c.Total
		for i, a := range c.Shares {
			for j, b := range c.Shares {
				if mask>>i&1 == 1 && mask>>j&1 == 0 && a.Total()%15 < b.Total()%15 {
					ok = false
				}
			}
		}
		if ok {
			list = append(list, fmt.Sprint(units))
		}
	}
	slices.Sort(list)
	return list
}

func TestCountProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		work := someWork.Draw(t, "day")
		c := CountCMS(work)

		total := 0
		for _, s := range c.Shares {
			total += s.Total()
		}
		if c.Total != CMSUnits(total) {
			t.Fatalf("%d units for %d minutes", c.Total, total)
		}
		var got []string
		for _, units := range c.Allocations(1 << 10) {
			got = append(got, fmt.Sprint(units))
			if !c.Legal(units) {
				t.Fatalf("%v is not legal", units)
			}
			for i := range units {
				if units[i] > c.Max(c.Shares[i].Code) {
					t.Fatalf("%v is above the most of %v", units, c.Shares[i].Code)
				}
				units[i]++
				if c.Legal(units) {
					t.Fatalf("%v is legal and has too many", units)
				}
				units[i] -= 2
				if c.Legal(units) {
					t.Fatalf("%v is legal and has too few", units)
				}
				units[i]++
			}
		}
		slices.Sort(got)
		if d := cmp.Diff(legal(c), got); d != "" {
			t.Fatal(d)
		}
		if d := cmp.Diff(c, CountCMS(rapid.Permutation(work).Draw(t, "other order"))); d != "" {
			t.Fatal("order matters:", d)
		}
		if len(c.Allocations(2)) != min(2, len(got)) {
			t.Fatal("limit")
		}

		billed := make([]Billed, len(c.Shares))
		for i, s := range c.Shares {
			billed[i] = Billed{s.Code, rapid.IntRange(0, 4).Draw(t, "units")}
		}
		near := c.Nearest(billed)
		if !c.Legal(near) {
			t.Fatalf("nearest %v is not legal", near)
		}
		for _, units := range c.Allocations(1 << 10) {
			if distance(units, billed) < distance(near, billed) {
				t.Fatalf("%v is nearer to %v than %v", units, billed, near)
			}
		}
		if Judge(billed, c) == OK && distance(near, billed) != 0 {
			t.Fatalf("%v is fine and would be changed to %v", billed, near)
		}
	})
}

func distance(units []int, billed []Billed) (d int) {
	for i, u := range units {
		d += max(u-billed[i].Units, billed[i].Units-u)
	}
	return d
}

func TestMidpointProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := CountMidpoint(someWork.Draw(t, "day"))
		all := c.Allocations(10)
		if len(all) != 1 || !c.Legal(all[0]) {
			t.Fatalf("%v", all)
		}
	})
}

func TestUnitsGrow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := rapid.IntRange(-10, 1e6).Draw(t, "minutes")
		if a, b := CMSUnits(m), CMSUnits(m+1); b < a || b > a+1 {
			t.Fatalf("%d minutes: %d, one more: %d", m, a, b)
		}
	})
}

func BenchmarkCountCMS(b *testing.B) {
	work := day(b, "97110:18 97140:13 97116:10 97035:8")
	for b.Loop() {
		CountCMS(work)
	}
}
