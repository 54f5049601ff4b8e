package therapy

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestAssisted(t *testing.T) {
	for _, v := range []struct {
		work string
		want []Assisted
	}{
		// The four checks.
		{"97110:5+10", []Assisted{{code("97110"), 1, 1, 1}}},
		{"97110:0+19 97140:8", []Assisted{{code("97110"), 1, 1, 1}, {code("97140"), 1, 0, 0}}},
		{"97110:13+23 97140:30", []Assisted{{code("97110"), 2, 1, 1}, {code("97140"), 2, 0, 0}}},
		{"97110:12+14", []Assisted{{code("97110"), 2, 1, 1}}},

		// The last unit: the therapist's 8 minutes decide.
		{"97110:22+23", []Assisted{{code("97110"), 3, 2, 2}}},
		{"97110:23+22", []Assisted{{code("97110"), 3, 1, 1}}},
		{"97110:8+7", []Assisted{{code("97110"), 1, 0, 0}}},
		{"97110:7+1", []Assisted{{code("97110"), 1, 1, 1}}},
		{"97110:22+1", []Assisted{{code("97110"), 2, 1, 1}}},

		// Two units: 9 to 14 minutes of each.
		{"97110:9+14", []Assisted{{code("97110"), 2, 1, 1}}},
		{"97110:14+9", []Assisted{{code("97110"), 2, 1, 1}}},
		{"97110:14+14", []Assisted{{code("97110"), 2, 1, 1}}},

		// One of them alone.
		{"97116:0+22", []Assisted{{code("97116"), 1, 1, 1}}},
		{"97116:38", []Assisted{{code("97116"), 3, 0, 0}}},
		{"97116:7 97110:7", []Assisted{{code("97110"), 1, 0, 0}, {code("97116"), 1, 0, 0}}},

		// Tied codes, each with and without the spare unit.
		{"97110:15+5 97112:0+20", []Assisted{
			{code("97110"), 1, 0, 0},
			{code("97110"), 2, 1, 1},
			{code("97112"), 1, 1, 1},
			{code("97112"), 2, 2, 2},
		}},

		// The therapist's time stays with the first code of a service.
		{"97129:15+15", []Assisted{{code("97129"), 1, 0, 0}, {code("97130"), 1, 1, 1}}},
		{"97129:0+15 97130:15", []Assisted{{code("97129"), 1, 1, 1}, {code("97130"), 1, 0, 0}}},
		{"97116:7", nil},
	} {
		if d := cmp.Diff(v.want, CountCMS(day(t, v.work)).Assisted()); d != "" {
			t.Errorf("%s: %s", v.work, d)
		}
	}
}

func TestAssistedUnits(t *testing.T) {
	for _, v := range []struct {
		therapist, assistant, units, least, most int
	}{
		{30, 30, 2, 0, 2}, // two of four units billed: whose?
		{30, 15, 2, 0, 1},
		{15, 30, 2, 1, 2},
		{30, 30, 4, 2, 2},
		{15, 0, 3, 0, 2}, // two more than the work supports
		{0, 0, 1, 0, 1},
		{30, 30, 0, 0, 0},
		{30, 30, -1, 0, 0},
		{10, 10, 2, 1, 1}, // a second unit out of other codes' minutes
		{2, 14, 2, 2, 2},
	} {
		got := AssistedUnits(Work{code("97110"), v.therapist, v.assistant}, v.units)
		if got.Min != v.least || got.Max != v.most {
			t.Errorf("%+v: %+v", v, got)
		}
	}
}

func TestAssistedProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := CountCMS(someWork.Draw(t, "day"))
		for _, a := range c.Assisted() {
			s, _ := c.Share(a.Code)
			switch {
			case a.Min != a.Max:
				t.Fatalf("%+v: open, though the units are legal", a)
			case a.Max > a.Units:
				t.Fatalf("%+v: more than all", a)
			case s.Assistant == 0 && a.Max > 0:
				t.Fatalf("%+v: no assistant worked", a)
			case s.Minutes == 0 && a.Min < a.Units:
				t.Fatalf("%+v: no therapist worked", a)
			}
		}
		w := Work{code("97110"), rapid.IntRange(0, 99).Draw(t, "therapist"), rapid.IntRange(0, 99).Draw(t, "assistant")}
		units := rapid.IntRange(-1, 20).Draw(t, "units")
		if a := AssistedUnits(w, units); a.Min < 0 || a.Min > a.Max || a.Max > max(units, 0) {
			t.Fatalf("%+v of %+v", a, w)
		}
	})
}

func TestAssistedService(t *testing.T) {
	for _, v := range []struct {
		therapist, assistant int
		want                 bool
	}{
		{27, 3, false}, // a tenth is not more than a tenth
		{26, 4, true},
		{0, 20, true},
		{20, 0, false},
		{0, 0, false},
		{-5, -5, false},
	} {
		if got := AssistedService(Work{code("97150"), v.therapist, v.assistant}); got != v.want {
			t.Errorf("%+v: %v", v, got)
		}
	}
}
