package therapy

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestCode(t *testing.T) {
	for _, s := range []string{"97116", "0791T", "G0283", "00000", "ZZZZZ", "U0003"} {
		c, ok := ParseCode([]byte(s))
		if !ok || c == 0 || c.String() != s {
			t.Errorf("%s: %v %v %q", s, ok, uint32(c), c.String())
		}
	}
	for _, s := range []string{"", "9711", "971166", "g0283", "9711 ", "9711.", "9711\xff", "٩7116"} {
		if c, ok := ParseCode([]byte(s)); ok || c != 0 {
			t.Errorf("%q is taken for a code", s)
		}
	}
	for _, c := range []Code{0, 1, 63, 1<<30 | 1, 1<<32 - 1} {
		if c.String() != "" {
			t.Errorf("%d prints %q", uint32(c), c.String())
		}
	}
}

func TestCodeSortsLikeText(t *testing.T) {
	text := rapid.StringMatching(`[0-9A-Z]{5}`)
	rapid.Check(t, func(t *rapid.T) {
		a, b := text.Draw(t, "a"), text.Draw(t, "b")
		if code(a).String() != a {
			t.Fatalf("%s becomes %s", a, code(a))
		}
		if (a < b) != (code(a) < code(b)) {
			t.Fatalf("%s and %s are in another order", a, b)
		}
	})
}

func TestTablesAreWhole(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range table {
		if seen[r.code] {
			t.Errorf("%s twice", r.code)
		}
		seen[r.code] = true
		p := Lookup(code(r.code))
		if p == nil || p.Code.String() != r.code || p.Label == "" || p.Timing == 0 {
			t.Fatalf("%s: %+v", r.code, p)
		}
		if p.Pool && (p.Timing != Timed || p.UnitMinutes != 15) {
			t.Errorf("%s is in the pool and not of 15 minutes", r.code)
		}
		if (p.Timing == Timed) != (p.UnitMinutes > 0) && p.Timing != Period {
			t.Errorf("%s: %v of %d minutes", r.code, p.Timing, p.UnitMinutes)
		}
		if p.Locked != 0 && p.Locked != p.Allowed {
			t.Errorf("%s is locked to %v and allowed to %v", r.code, p.Locked, p.Allowed)
		}
		for _, c := range p.Primaries {
			if Lookup(c) == nil {
				t.Errorf("%s: unknown primary %v", r.code, c)
			}
		}
	}
	exceptions := [][]string{
		keys(primaries), keys(locked), keys(evaluations), keys(groups),
		keys(unlisted), keys(devices), keys(substitutes), keys(until),
	}
	for _, c := range slices.Concat(exceptions...) {
		if !seen[c] {
			t.Errorf("%s is in a table of exceptions only", c)
		}
	}
}

func keys[V any](m map[string]V) (list []string) {
	for k := range m {
		list = append(list, k)
	}
	return list
}

func TestAllInOrder(t *testing.T) {
	var codes []Code
	for p := range All() {
		codes = append(codes, p.Code)
	}
	if len(codes) != len(table) || !slices.IsSorted(codes) {
		t.Errorf("%d codes, sorted: %v", len(codes), slices.IsSorted(codes))
	}
	for range All() {
		break
	}
}

// TestPool names every code whose minutes make units together.
func TestPool(t *testing.T) {
	want := []string{
		"90912", "90913", "97032", "97033", "97034", "97035", "97036", "97110", "97112", "97113",
		"97116", "97124", "97129", "97130", "97140", "97530", "97533", "97535", "97537", "97542",
		"97551", "97750", "97755", "97760", "97761", "97762", "97763", "G0542",
	}
	var got []string
	for p := range All() {
		if p.Pool {
			got = append(got, p.Code.String())
		}
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestProcedures(t *testing.T) {
	const day = 2026_03_10
	for _, c := range []struct {
		code string
		ok   func(p *Procedure) bool
	}{
		{"97116", func(p *Procedure) bool {
			return p.Kind == Always && p.Allowed == PT|OT && p.Locked == 0 && p.Status == 'A' && p.TakesAssistant()
		}},
		{"97161", func(p *Procedure) bool {
			return p.Locked == PT && p.Evaluation && p.OncePerDay() && !p.TakesAssistant()
		}},
		{"97165", func(p *Procedure) bool { return p.Locked == OT && p.Evaluation }},
		{"92523", func(p *Procedure) bool { return p.Locked == SLP && !p.Evaluation && p.OncePerDay() }},
		{"97150", func(p *Procedure) bool { return p.Group && p.OncePerDay() && p.Allowed == PT|OT|SLP }},
		{"G0283", func(p *Procedure) bool { return p.OncePerDay() && p.Kind == Always }},
		{"97014", func(p *Procedure) bool { return p.Substitute == code("G0283") && p.Status == 'I' }},
		{"97010", func(p *Procedure) bool { return p.Kind == Never && p.Status == 'B' }},
		{"97598", func(p *Procedure) bool { return p.Timing == Area && !p.OncePerDay() && p.AddOn() }},
		{"95851", func(p *Procedure) bool { return !p.OncePerDay() }},
		{"29130", func(p *Procedure) bool { return p.Timing == Item && p.Kind == Sometimes }},
		{"0791T", func(p *Procedure) bool { return p.AddOn() && p.Primaries[0] == code("97116") && !p.Pool }},
		{"97799", func(p *Procedure) bool { return p.Unlisted && !p.OncePerDay() }},
		{"97550", func(p *Procedure) bool { return p.ValidOn(day) && !p.ValidOn(2023_12_31) && p.UnitMinutes == 30 }},
		{"97762", func(p *Procedure) bool { return !p.ValidOn(day) && p.ValidOn(2017_12_31) }},
		{"98985", func(p *Procedure) bool { return p.DeviceRTM && !p.TakesAssistant() && p.Since == 2026_01_01 }},
		{"98979", func(p *Procedure) bool { return p.TakesAssistant() && p.Timing == Period }},
	} {
		if p := Lookup(code(c.code)); !c.ok(p) {
			t.Errorf("%s: %+v", c.code, p)
		}
	}
	if Lookup(code("99213")) != nil || Lookup(code("97153")) != nil || Lookup(0) != nil {
		t.Error("a code that is not therapy is known")
	}
}

func TestDisciplines(t *testing.T) {
	for _, c := range []struct {
		d                                 Disciplines
		name, modifier, assistant, bucket string
	}{
		{0, "", "", "", ""},
		{PT, "PT", "GP", "CQ", "PTSLP"},
		{OT, "OT", "GO", "CO", "OT"},
		{SLP, "SLP", "GN", "", "PTSLP"},
		{PT | SLP, "PT/SLP", "", "", "PTSLP"},
		{PT | OT, "PT/OT", "", "", ""},
	} {
		if c.d.String() != c.name || c.d.Modifier() != c.modifier || c.d.AssistantModifier() != c.assistant || c.d.Bucket() != c.bucket {
			t.Errorf("%v: %q %q %q", c.d, c.d.Modifier(), c.d.AssistantModifier(), c.d.Bucket())
		}
		if c.modifier != "" && DisciplineOfModifier(c.modifier) != c.d {
			t.Errorf("%s is not %v", c.modifier, c.d)
		}
		if c.assistant != "" && DisciplineOfAssistantModifier(c.assistant) != c.d {
			t.Errorf("%s is not %v", c.assistant, c.d)
		}
	}
	if DisciplineOfModifier([]byte("gp")) != 0 || DisciplineOfModifier("") != 0 || DisciplineOfAssistantModifier("") != 0 {
		t.Error("a modifier that names nobody names somebody")
	}
	if !(PT | OT).Has(PT) || PT.Has(PT|OT) || (PT | OT).One() || Disciplines(0).One() || !SLP.One() {
		t.Error("Has or One")
	}
}

func TestTaxonomy(t *testing.T) {
	for _, c := range []struct {
		tax                   string
		therapist             bool
		discipline, assistant Disciplines
	}{
		{"225100000X", true, PT, 0},
		{"2251X0800X", true, PT, 0},
		{"225X00000X", true, OT, 0},
		{"225XP0200X", true, OT, 0},
		{"235Z00000X", true, SLP, 0},
		{"225200000X", false, 0, PT},
		{"224Z00000X", false, 0, OT},
		{"2355S0801X", false, 0, SLP},
		{"2355A2700X", false, 0, 0}, // audiology assistant
		{"2255A2300X", false, 0, 0}, // athletic trainer
		{"261QP2000X", false, PT, 0},
		{"261QR0400X", false, 0, 0},
		{"208100000X", false, 0, 0},
		{"111N00000X", false, 0, 0},
		{"193200000X", false, 0, 0},
		{"225100000", false, 0, 0},
		{"225100000x", false, 0, 0},
		{"2251000000X", false, 0, 0},
		{"", false, 0, 0},
	} {
		tax := []byte(c.tax)
		if Therapist(tax) != c.therapist || DisciplineOfTaxonomy(tax) != c.discipline || Assistant(tax) != c.assistant {
			t.Errorf("%s: therapist %v, %q, assistant %q", c.tax, Therapist(tax), DisciplineOfTaxonomy(tax), Assistant(tax))
		}
	}
}

func TestThreshold(t *testing.T) {
	for year, want := range map[int]int64{2018: 201000, 2024: 233000, 2025: 241000, 2026: 248000, 2017: 0, 2027: 0} {
		got, source, ok := Threshold(year)
		if got != want || ok != (want != 0) || ok != (source != "") {
			t.Errorf("%d: %d %q %v", year, got, source, ok)
		}
	}
	for year, want := range map[int]int64{2017: 0, 2018: 300000, 2027: 300000, 2028: 0} {
		if got, _, ok := ReviewThreshold(year); got != want || ok != (want != 0) {
			t.Errorf("%d: review above %d %v", year, got, ok)
		}
	}
}

func TestNoAllocations(t *testing.T) {
	text, mod, tax := []byte("97116"), []byte("GP"), []byte("225100000X")
	if n := testing.AllocsPerRun(100, func() {
		c, _ := ParseCode(text)
		Lookup(c)
		DisciplineOfModifier(mod)
		DisciplineOfTaxonomy(tax)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkLookup(b *testing.B) {
	text := []byte("97116")
	for b.Loop() {
		c, _ := ParseCode(text)
		Lookup(c)
	}
}
