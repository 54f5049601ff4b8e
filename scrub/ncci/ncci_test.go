package ncci

import (
	"slices"
	"testing"

	"github.com/gaitkeeper/gaitkeeper/scrub/therapy"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

const today = 2026_11_23

func code(t testing.TB, s string) Code {
	t.Helper()
	c, ok := therapy.ParseCode([]byte(s))
	if !ok {
		t.Fatal(s)
	}
	return c
}

func TestPairs(t *testing.T) {
	const none = -1
	for _, v := range []struct {
		column1, column2 string
		day              int32
		indicator        int
	}{
		{"97530", "97750", today, 1},
		{"97140", "97124", today, 0},
		{"97140", "97750", today, 1},
		{"97113", "97036", today, 0},
		{"97150", "97116", today, 1},
		{"97750", "97150", today, 0},
		{"97760", "97116", today, 1},
		{"97761", "97763", today, 0},
		{"97161", "97164", today, 0},
		{"97163", "97162", today, 0},
		{"97535", "97164", today, 1},
		{"96000", "97116", today, 1},
		{"92526", "97032", today, 0},
		{"92523", "92522", today, 0},
		{"G0283", "97032", today, 1},
		{"20561", "20560", today, 0},

		{"97116", "97110", today, none}, // folklore
		{"97530", "97116", today, none}, // put back and withdrawn on one day
		{"97530", "97140", today, none}, // ended with 2019
		{"97164", "97110", today, none},
		{"97161", "97140", today, none},
		{"97161", "97116", today, none},
		{"0791T", "97116", today, none},
		{"97550", "97110", today, none},
		{"97116", "97116", today, none},

		{"97530", "97535", 2021_12_31, 1}, // the last day counts
		{"97530", "97535", 2022_01_01, none},
		{"97530", "97535", 2020_10_01, 1},
		{"97530", "97533", 2021_06_01, 1},
		{"97530", "97116", 2019_12_31, 1}, // history, outside what is covered
		{"97150", "97116", 2020_09_30, none},
	} {
		a, b := code(t, v.column1), code(t, v.column2)
		e, ok := Default().Pair(a, b, v.day)
		if ok != (v.indicator != none) {
			t.Errorf("%s, %s on %d: %v", v.column1, v.column2, v.day, ok)
		}
		if ok && (int(e.Indicator) != v.indicator || e.Column1 != a || e.Column2 != b || v.day < e.From || v.day > e.To) {
			t.Errorf("%s, %s on %d: %+v", v.column1, v.column2, v.day, e)
		}
		if other, found := Default().Pair(b, a, v.day); found != ok || other != e {
			t.Errorf("%s, %s on %d: the other way round it is %+v", v.column1, v.column2, v.day, other)
		}
	}
}

// TestEveryday: the codes of an ordinary visit have no edit among them.
func TestEveryday(t *testing.T) {
	visit := []string{"97110", "97112", "97116", "97140", "97530", "97535"}
	for _, a := range visit {
		for _, b := range visit {
			if e, ok := Default().Pair(code(t, a), code(t, b), today); ok {
				t.Errorf("%s, %s: %+v", a, b, e)
			}
		}
	}
}

func TestLimits(t *testing.T) {
	for _, v := range []struct {
		code       string
		day        int32
		units, mai int
		ok         bool
	}{
		{"97116", today, 4, 3, true},
		{"97110", today, 6, 3, true},
		{"97161", today, 1, 2, true},
		{"97010", today, 0, 3, true},
		{"97014", today, 0, 3, true},
		{"97535", today, 8, 3, true},
		{"0791T", today, 2, 3, true},
		{"97130", today, 7, 3, true},
		{"97116", 2020_10_01, 4, 3, true},
		{"97116", 2026_03_31, 4, 3, true},
		{"97116", 2020_09_30, 0, 0, false},
		{"G0542", 2026_04_01, 2, 3, true},
		{"G0542", 2026_03_31, 0, 0, false},
		{"96003", 2026_03_31, 1, 3, true},
		{"96003", 2026_04_01, 0, 0, false}, // no longer among the MAI 3 rows
		{"99213", today, 0, 0, false},
	} {
		m, ok := Default().Limit(code(t, v.code), v.day)
		if ok != v.ok || m.Units != v.units || m.MAI != v.mai || ok != (m.Source != "") {
			t.Errorf("%s on %d: %+v %v", v.code, v.day, m, ok)
		}
	}
	older, _ := Default().Limit(code(t, "97116"), 2026_03_31)
	newer, _ := Default().Limit(code(t, "97116"), 2026_04_01)
	if older.Source == newer.Source {
		t.Error("the newer publication is not used:", newer.Source)
	}
}

func TestSnapshot(t *testing.T) {
	tables, err := snapshot()
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]int{}
	for _, d := range tables.Datasets() {
		rows[d.Name] = d.Rows
		if d.Kind.String() == "" || d.AsOf == 0 || d.From == 0 || d.To != Open || d.Source == "" {
			t.Errorf("%+v", d)
		}
	}
	want := map[string]int{
		"NCCI PTP, practitioner, therapy codes":        973,
		"NCCI MUE, practitioner, therapy codes":        159,
		"NCCI MUE, practitioner, therapy codes, MAI 3": 103,
	}
	if d := cmp.Diff(want, rows); d != "" {
		t.Error(d)
	}

	active, never := 0, 0
	for _, e := range tables.pairs {
		if e.To == Open {
			active++
			if e.Indicator == Never {
				never++
			}
			if _, ok := tables.directed(e.Column2, e.Column1, today); ok {
				t.Errorf("%v, %v both ways", e.Column1, e.Column2)
			}
		}
	}
	if active != 585 || never != 121 {
		t.Errorf("%d active pairs, %d of them with indicator 0", active, never)
	}
}

func TestCovers(t *testing.T) {
	for _, kind := range []Kind{Pairs, Limits} {
		for day, want := range map[int32]bool{0: false, 2019_12_31: false, 2020_09_30: false, 2020_10_01: true, 2024_07_01: true, today: true, 2030_01_01: true} {
			if got := Default().Covers(kind, day); got != want {
				t.Errorf("%v on %d: %v", kind, day, got)
			}
		}
	}
	if Default().Covers(0, today) || New(nil, nil, nil).Covers(Pairs, today) {
		t.Error("nothing covers something")
	}
	for c, want := range map[string]bool{"97116": true, "97550": true, "0791T": true, "99213": false} {
		if Default().Knows(code(t, c)) != want {
			t.Errorf("%s known: %v", c, !want)
		}
	}
}

// TestTherapyCodesAreKnown: the snapshot knows the codes the claims are about.
func TestTherapyCodesAreKnown(t *testing.T) {
	var unknown []string
	for p := range therapy.All() {
		if p.Kind == therapy.Always && !Default().Knows(p.Code) {
			unknown = append(unknown, p.Code.String())
		}
	}
	if len(unknown) > 0 {
		t.Errorf("%v", unknown)
	}
}

func TestNew(t *testing.T) {
	a, b := code(t, "97110"), code(t, "97116")
	tables := New([]Edit{
		{a, b, Obsolete, 2020_10_01, 2020_10_01},
		{a, b, Never, 2015_01_01, 2015_12_31},
		{a, b, Allowed, 2018_01_01, 2018_03_31},
		{a, b, Allowed, 2019_01_01, Open},
		{a, b, Never, 2022_01_01, 2021_12_31}, // ends before it begins
	}, []MUE{
		{a, 8, 3, 2020_01_01, Open, "old"},
		{a, 6, 3, 2024_01_01, Open, "new"},
	}, nil)
	for day, want := range map[int32]int{2014_12_31: -1, 2015_12_31: 0, 2016_01_01: -1, 2018_03_31: 1, 2018_04_01: -1, 2020_10_01: 1, 2022_01_01: 1} {
		got := -1
		if e, ok := tables.Pair(b, a, day); ok {
			got = int(e.Indicator)
		}
		if got != want {
			t.Errorf("%d: %d, want %d", day, got, want)
		}
	}
	for day, want := range map[int32]int{2019_12_31: 0, 2020_01_01: 8, 2023_12_31: 8, 2024_01_01: 6, today: 6} {
		if m, _ := tables.Limit(a, day); m.Units != want {
			t.Errorf("%d: %d, want %d", day, m.Units, want)
		}
	}
}

// TestLookupsAgainstScan compares with reading all rows one after another.
func TestLookupsAgainstScan(t *testing.T) {
	day := rapid.Int32Range(2020_01_01, 2020_01_31)
	someCode := rapid.Custom(func(t *rapid.T) Code {
		c, _ := therapy.ParseCode([]byte(rapid.StringMatching(`[AB]{5}`).Draw(t, "code")))
		return c
	})
	row := rapid.Custom(func(t *rapid.T) Edit {
		return Edit{
			someCode.Draw(t, "1"), someCode.Draw(t, "2"),
			rapid.SampledFrom([]byte{Never, Allowed, Obsolete}).Draw(t, "indicator"),
			day.Draw(t, "from"), day.Draw(t, "to"),
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.SliceOf(row).Draw(t, "rows")
		tables := New(rows, nil, nil)
		check := func(a, b Code, day int32) {
			want := slices.ContainsFunc(rows, func(e Edit) bool {
				both := e.Column1 == a && e.Column2 == b || e.Column1 == b && e.Column2 == a
				return both && e.Indicator != Obsolete && e.From <= day && day <= e.To
			})
			e, ok := tables.Pair(a, b, day)
			if ok != want {
				t.Fatalf("%v, %v on %d: %v", a, b, day, ok)
			}
			if ok && !slices.Contains(rows, e) {
				t.Fatalf("%+v is no row", e)
			}
		}
		d := day.Draw(t, "day")
		for _, e := range rows {
			check(e.Column2, e.Column1, d)
		}
		check(someCode.Draw(t, "a"), someCode.Draw(t, "b"), d)
	})
}

func TestModifiers(t *testing.T) {
	for _, v := range []struct {
		mod                            string
		bypass, separation, anatomical bool
	}{
		{"59", true, true, false},
		{"XE", true, true, false},
		{"XS", true, true, false},
		{"XP", true, true, false},
		{"XU", true, true, false},
		{"LT", true, false, true},
		{"E4", true, false, true},
		{"F9", true, false, true},
		{"TA", true, false, true},
		{"RI", true, false, true},
		{"25", true, false, false},
		{"91", true, false, false},
		{"GP", false, false, false},
		{"KX", false, false, false},
		{"CQ", false, false, false},
		{"76", false, false, false},
		{"51", false, false, false},
		{"E5", false, false, false},
		{"xs", false, false, false},
		{"", false, false, false},
	} {
		m := []byte(v.mod)
		if Bypass(m) != v.bypass || Separation(m) != v.separation || Anatomical(m) != v.anatomical || Bypass(v.mod) != v.bypass {
			t.Errorf("%q: %v %v %v", v.mod, Bypass(m), Separation(m), Anatomical(m))
		}
	}
}

func TestNoAllocations(t *testing.T) {
	tables, a, b, mod := Default(), code(t, "97530"), code(t, "97750"), []byte("59")
	if n := testing.AllocsPerRun(100, func() {
		tables.Pair(b, a, today)
		tables.Limit(a, today)
		tables.Covers(Pairs, today)
		tables.Knows(a)
		Bypass(mod)
		Separation(mod)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkPair(b *testing.B) {
	tables, x, y := Default(), code(b, "97116"), code(b, "97110")
	for b.Loop() {
		tables.Pair(x, y, today)
	}
}

func BenchmarkLimit(b *testing.B) {
	tables, x := Default(), code(b, "97116")
	for b.Loop() {
		tables.Limit(x, today)
	}
}
