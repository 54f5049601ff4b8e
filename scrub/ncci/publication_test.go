package ncci

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

func part(t testing.TB, number int, first, last string) Part {
	return Part{number, code(t, first), code(t, last)}
}

// published is a PTP publication with those parts and edits.
func published(name string, effective int32, parts []Part, edits ...Edit) *Publication {
	return &Publication{Name: name, Kind: Pairs, Effective: effective, Parts: parts, Rows: Rows{Edits: edits}}
}

// wholeParts are the four parts of a table.
func wholeParts(t testing.TB) []Part {
	return []Part{part(t, 1, "0001A", "25441"), part(t, 2, "25447", "37252"), part(t, 3, "37253", "62322"), part(t, 4, "62323", "U0003")}
}

func TestJoinPairs(t *testing.T) {
	c := func(s string) Code { return code(t, s) }
	gait, exercise, activities := c("97116"), c("97110"), c("97530")
	q3 := published("q3", 2026_07_01, wholeParts(t), Edit{activities, gait, Allowed, 2005_04_01, 2019_12_31}, Edit{c("20560"), gait, Never, 2020_01_01, Open})
	q4 := published("q4", 2026_10_01, wholeParts(t)[3:], Edit{activities, gait, Allowed, 2021_10_01, Open}, Edit{gait, exercise, Never, 2010_01_01, 2010_12_31})

	const none = -1
	for _, v := range []struct {
		name string
		list []*Publication
		a, b string
		day  int32
		want int
	}{
		{"snapshot", nil, "97530", "97750", today, 1},
		{"the part is there, the pair is not", []*Publication{q4}, "97530", "97750", today, none},
		{"the snapshot answers for missing parts", []*Publication{q4}, "20561", "20560", today, 0},
		{"several windows", []*Publication{q4}, "97116", "97530", 2021_09_30, none},
		{"several windows", []*Publication{q4}, "97116", "97530", 2021_10_01, 1},
		{"history", []*Publication{q4}, "97110", "97116", 2010_12_31, 0},
		{"history", []*Publication{q4}, "97110", "97116", 2011_01_01, none},
		{"the first publication answers", []*Publication{q4, q3}, "97530", "97116", 2019_12_31, none},
		{"the order counts", []*Publication{q3, q4}, "97530", "97116", 2019_12_31, 1},
		{"the order counts", []*Publication{q3, q4}, "97530", "97116", today, none},
		{"an older part is used", []*Publication{q4, q3}, "20560", "97116", today, 0},
		{"and hides the snapshot", []*Publication{q4, q3}, "20561", "20560", today, none},
	} {
		got := none
		e, ok := Join(Default(), v.list...).Pair(c(v.a), c(v.b), v.day)
		if ok {
			got = int(e.Indicator)
		}
		if got != v.want {
			t.Errorf("%s: %s, %s on %d: %d, want %d", v.name, v.a, v.b, v.day, got, v.want)
		}
	}

	names := func(tables *Tables) (out []string) {
		for _, d := range tables.Datasets() {
			if d.Kind == Pairs {
				out = append(out, fmt.Sprint(d.Name, " ", d.From, " ", d.Rows))
			}
		}
		return out
	}
	want := []string{"q4 19960101 2", "q3 19960101 1"} // nothing is left of the snapshot
	if d := cmp.Diff(want, names(Join(Default(), q4, q3))); d != "" {
		t.Error(d)
	}
	if list := names(Join(Default(), q4)); len(list) != 2 || list[0] != want[0] {
		t.Errorf("%v", list)
	}
	if Join(Default()) != Default() {
		t.Error("nothing joined is something else")
	}
	if len(q3.Edits) != 2 || len(Default().pairs) != 973 {
		t.Error("what was joined has changed")
	}
}

// TestAnswers: none found means something only where the publication holds the part
// and the codes.
func TestAnswers(t *testing.T) {
	f4 := published("q4", 2026_10_01, wholeParts(t)[3:])
	all := published("q4", 2026_10_01, wholeParts(t))
	everything := published("q4", 2026_10_01, wholeParts(t))
	everything.All = true
	for _, v := range []struct {
		name  string
		list  []*Publication
		a, b  string
		day   int32
		known bool
	}{
		{"snapshot", nil, "97110", "97116", today, true},
		{"snapshot", nil, "97110", "99213", today, false},
		{"snapshot, before it begins", nil, "97110", "97116", 2020_09_30, false},
		{"part", []*Publication{f4}, "97110", "99213", today, true},
		{"part, history", []*Publication{f4}, "97110", "99213", 1999_01_01, true},
		{"part, the other order is missing", []*Publication{f4}, "97110", "20610", today, false},
		{"whole", []*Publication{all}, "97110", "20610", today, true},
		{"whole, without therapy", []*Publication{all}, "99213", "20610", today, false},
		{"whole, all codes", []*Publication{everything}, "99213", "20610", today, true},
		{"under it", []*Publication{f4, everything}, "99213", "20610", today, true},
	} {
		tables := Join(Default(), v.list...)
		if got := tables.Answers(code(t, v.a), code(t, v.b), v.day); got != v.known {
			t.Errorf("%s: %s, %s on %d: %v", v.name, v.a, v.b, v.day, got)
		}
		if got := tables.Answers(code(t, v.b), code(t, v.a), v.day); got != v.known {
			t.Errorf("%s, the other way round: %v", v.name, got)
		}
		if tables.Answers(code(t, v.a), 0, v.day) {
			t.Errorf("%s: an answer for no code", v.name)
		}
	}
	tables := Join(Default(), f4)
	for _, v := range []struct {
		code    string
		day     int32
		reached bool
	}{{"97116", 2000_01_01, true}, {"20560", 2000_01_01, false}, {"20560", today, true}} {
		if got := tables.Reaches(code(t, v.code), v.day); got != v.reached {
			t.Errorf("%s on %d: %v", v.code, v.day, got)
		}
	}
}

func TestGaps(t *testing.T) {
	p := wholeParts(t)
	for _, v := range []struct {
		name    string
		parts   []Part
		numbers string
		after   string
		before  string
		holds   string
	}{
		{"whole", p, "", "", "", ""},
		{"in another order", []Part{p[3], p[1], p[0], p[2]}, "", "", "", ""},
		{"one file", []Part{part(t, 0, "0001A", "U0003")}, "", "", "", ""},
		{"without f4", p[:3], "[4]", "62322", "", "97110"},
		{"f1 alone", p[:1], "[2 3 4]", "25441", "", "97110"},
		{"f4 alone", p[3:], "[1 2 3]", "", "62323", "0791T"},
		{"without f2", []Part{p[0], p[2], p[3]}, "[2]", "25441", "37253", "29105"},
		{"without f3, which holds no therapy", []Part{p[0], p[1], p[3]}, "", "", "", ""},
		{"without f4, unnamed", []Part{part(t, 0, "0001A", "62322")}, "[4]", "62322", "", "97110"},
		{"nothing", nil, "[1 2 3 4]", "", "", "97110"},
		{"a few codes", []Part{part(t, 0, "0791T", "97110")}, "[4]", "97110", "", "97116"},
	} {
		gaps := Gaps(v.parts)
		if v.holds == "" {
			if len(gaps) != 0 {
				t.Errorf("%s: %v", v.name, gaps)
			}
			continue
		}
		if len(gaps) != 1 || fmt.Sprint(gaps[0].Numbers) != v.numbers || gaps[0].After.String() != v.after || gaps[0].Before.String() != v.before ||
			!slices.Contains(gaps[0].Codes, code(t, v.holds)) {
			t.Errorf("%s: %v", v.name, gaps)
		}
	}
}

func TestJoinLimits(t *testing.T) {
	gait, exercise := code(t, "97116"), code(t, "97110")
	at := func(effective int32, rows ...MUE) *Publication {
		return &Publication{Name: fmt.Sprint(effective), Source: fmt.Sprint(effective), Kind: Limits, Effective: effective, Rows: Rows{Limits: rows}}
	}
	tables := Join(Default(),
		at(2026_10_01, MUE{Code: gait, Units: 3, MAI: 3}),
		at(2026_04_01, MUE{Code: gait, Units: 8, MAI: 2}, MUE{Code: exercise, Units: 0, MAI: 2}),
		at(2026_10_01, MUE{Code: gait, Units: 9, MAI: 3}), // the same quarter, given later
	)
	for _, v := range []struct {
		code  Code
		day   int32
		units int
	}{
		{gait, 2020_09_30, -1},
		{gait, 2026_03_31, 4},
		{gait, 2026_04_01, 8},
		{gait, 2026_09_30, 8},
		{gait, 2026_10_01, 3},
		{gait, 2030_01_01, 3},
		{exercise, 2026_03_31, 6},
		{exercise, 2026_04_01, 0}, // a value
		{exercise, 2026_10_01, -1},
	} {
		got := -1
		if m, ok := tables.Limit(v.code, v.day); ok {
			got = m.Units
		}
		if got != v.units || !tables.Covers(Limits, v.day) && v.units >= 0 {
			t.Errorf("%v on %d: %d, want %d", v.code, v.day, got, v.units)
		}
	}
	if !tables.Covers(Limits, today) || tables.Covers(Limits, 2020_09_30) || !tables.Covers(Pairs, today) {
		t.Error("covers")
	}
	var windows []string
	for _, d := range tables.Datasets() {
		if d.Kind == Limits {
			windows = append(windows, fmt.Sprint(d.AsOf, " ", d.From, "-", d.To))
		}
	}
	want := []string{"20260401 20260401-20260930", "20261001 20261001-99991231", "20240701 20201001-20260331"}
	if d := cmp.Diff(want, windows); d != "" {
		t.Error(d)
	}
}

func TestJoinAddOnsAndFees(t *testing.T) {
	add, primary := code(t, "97130"), code(t, "97129")
	tables := Join(Default(),
		&Publication{Kind: AddOns, Effective: 2026_10_01, Rows: Rows{AddOns: []AddOn{{Code: add, Primary: primary, From: 2020_01_01, To: Open}, {Code: add, From: 2018_01_01, To: 2019_12_31}}}},
		&Publication{Kind: AddOns, Effective: 2026_07_01, Rows: Rows{AddOns: []AddOn{{Code: primary, From: 1, To: Open}}}},
		&Publication{Kind: Fees, Effective: 2026_01_01, Rows: Rows{Fees: []Fee{{Code: add, Status: 'A'}}}},
		&Publication{Kind: Fees, Effective: 2027_01_01, Rows: Rows{Fees: []Fee{{Code: add, Status: 'N'}}}},
	)
	if rows := tables.AddOns(add); len(rows) != 2 || len(tables.AddOns(primary)) > 0 {
		t.Errorf("%v", rows)
	}
	if tables.Covers(AddOns, 2017_12_31) || !tables.Covers(AddOns, 2018_01_01) || Default().Covers(AddOns, today) || Default().Covers(Fees, today) {
		t.Error("covers")
	}
	for day, want := range map[int32]byte{2025_12_31: 0, 2026_01_01: 'A', 2026_12_31: 'A', 2027_01_01: 'N'} {
		if f, _ := tables.Fee(add, day); f.Status != want {
			t.Errorf("%d: %c", day, f.Status)
		}
	}
	if n := testing.AllocsPerRun(100, func() {
		tables.AddOns(add)
		tables.Fee(add, today)
		tables.Answers(add, primary, today)
		tables.Reaches(add, today)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestConcerns(t *testing.T) {
	for s, want := range map[string]bool{"97116": true, "0791T": true, "97153": true, "99213": false, "36415": false} {
		if Concerns(code(t, s)) != want {
			t.Errorf("%s: %v", s, !want)
		}
	}
	for _, c := range Default().known {
		if !Concerns(c) {
			t.Errorf("%s is built in, and would be lost", c)
		}
	}
}

func TestDays(t *testing.T) {
	for day, want := range map[int32]bool{
		2026_02_28: true, 2026_02_29: false, 2024_02_29: true, 1900_02_29: false, 2000_02_29: true, 2026_04_31: false,
		2026_12_31: true, 2026_13_01: false, 2026_00_01: false, 2026_01_00: false, 0: false, Open: true, 1899_12_31: false,
	} {
		if ValidDay(day) != want {
			t.Errorf("%d: %v", day, !want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		at := time.Date(1996, 1, rapid.IntRange(1, 20_000).Draw(t, "day"), 0, 0, 0, 0, time.UTC)
		if d := Day(at); !ValidDay(d) || DayBefore(d) != Day(at.AddDate(0, 0, -1)) {
			t.Fatalf("%d: %d", d, DayBefore(d))
		}
	})
}

func someRows(t *rapid.T) *Rows {
	someCode := rapid.Map(rapid.Uint32Range(1, 1<<30-1), func(c uint32) Code { return Code(c) })
	day := rapid.Int32Range(2020_01_01, 2020_01_28)
	r := &Rows{
		Edits: rapid.SliceOf(rapid.Custom(func(t *rapid.T) Edit {
			return Edit{someCode.Draw(t, "1"), someCode.Draw(t, "2"), rapid.ByteRange(0, 1).Draw(t, "indicator"), day.Draw(t, "from"), day.Draw(t, "to")}
		})).Draw(t, "edits"),
		Limits: rapid.SliceOf(rapid.Custom(func(t *rapid.T) MUE {
			return MUE{Code: someCode.Draw(t, "code"), Units: rapid.IntRange(0, 1<<30).Draw(t, "units"), MAI: rapid.IntRange(1, 3).Draw(t, "mai")}
		})).Draw(t, "limits"),
		AddOns: rapid.SliceOf(rapid.Custom(func(t *rapid.T) AddOn {
			return AddOn{someCode.Draw(t, "code"), someCode.Draw(t, "primary"), rapid.Bool().Draw(t, "open"), day.Draw(t, "from"), Open}
		})).Draw(t, "add-ons"),
		Fees: rapid.SliceOf(rapid.Custom(func(t *rapid.T) Fee {
			return Fee{Code: someCode.Draw(t, "code"), Status: 'A', PCTC: rapid.Byte().Draw(t, "pctc"), Multiple: '5'}
		})).Draw(t, "fees"),
	}
	r.Edits = Tidy(r.Edits)
	byCode := func(a, b Code) int { return int(a) - int(b) }
	slices.SortFunc(r.Limits, func(a, b MUE) int { return byCode(a.Code, b.Code) })
	slices.SortFunc(r.AddOns, func(a, b AddOn) int { return byCode(a.Code, b.Code) })
	slices.SortFunc(r.Fees, func(a, b Fee) int { return byCode(a.Code, b.Code) })
	return r
}

// TestRowsRoundTrip: what is stored comes back, and a piece of it never does.
func TestRowsRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := someRows(t)
		b, err := rows.AppendBinary([]byte("before"))
		if err != nil {
			t.Fatal(err)
		}
		b = b[len("before"):]
		var back Rows
		if err := back.UnmarshalBinary(b); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(rows, &back, cmpopts.EquateEmpty()); d != "" {
			t.Fatal(d)
		}
		if n := rapid.IntRange(0, len(b)-1).Draw(t, "cut"); back.UnmarshalBinary(b[:n]) == nil {
			t.Fatalf("%d of %d bytes are rows", n, len(b))
		}
		if back.UnmarshalBinary(append(b, 0)) == nil {
			t.Fatal("rows with something behind them")
		}
	})
	if _, err := (&Rows{Edits: []Edit{{2, 1, 0, 1, 2}, {1, 1, 0, 1, 2}}}).AppendBinary(nil); err == nil {
		t.Error("rows that are not in order are stored")
	}
	if new(Rows).UnmarshalBinary([]byte{rowsVersion + 1, 0, 0, 0, 0, 0}) == nil {
		t.Error("another version is read")
	}
}

func FuzzRows(f *testing.F) {
	b, err := (&Rows{Edits: Default().pairs[:5], Limits: Default().limits[:5], AddOns: []AddOn{{Code: 1, To: Open}}, Fees: []Fee{{Code: 1}}}).AppendBinary(nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Fuzz(func(t *testing.T, b []byte) {
		var r Rows
		if r.UnmarshalBinary(b) == nil && r.Len() > len(b) {
			t.Fatalf("%d rows of %d bytes", r.Len(), len(b))
		}
	})
}

// TestTidy: order, copies and rows that are never in force make no difference.
func TestTidy(t *testing.T) {
	a, b := code(t, "97110"), code(t, "97116")
	edits := []Edit{{b, a, Allowed, 2020_01_01, Open}, {a, b, Obsolete, 2020_01_01, 2020_01_01}, {a, b, Never, 2020_01_01, 2019_12_31}, {a, b, Never, 2019_01_01, 2019_12_31}, {b, a, Allowed, 2020_01_01, Open}, {a, b, Never, 2021_01_01, Open}}
	given := slices.Clone(edits)
	want := []Edit{{a, b, Never, 2021_01_01, Open}, {a, b, Never, 2019_01_01, 2019_12_31}, {b, a, Allowed, 2020_01_01, Open}}
	if d := cmp.Diff(want, Tidy(edits)); d != "" || !slices.Equal(given, edits) {
		t.Errorf("%s %v", d, edits)
	}
	if tidy := Tidy(want); &tidy[0] != &want[0] {
		t.Error("tidy edits were copied")
	}
}
