package payer

import (
	"testing"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/scrub/therapy"
)

func TestBook(t *testing.T) {
	named := func(name string) *Profile { return &Profile{Name: name} }
	b, err := NewBook([]Entry{
		{named("pattern"), Match{IDs: []string{"ACME*"}}},
		{named("whole"), Match{IDs: []string{"ACME1"}}},
		{named("by name"), Match{Names: []string{"Acme *plan"}}},
		{named("exchange"), Match{IDs: []string{"P1"}, Filings: []string{"CI"}}},
		{named("advantage"), Match{IDs: []string{"P1"}, Filings: []string{"16"}}},
		{named("all of BL"), Match{Filings: []string{"BL"}}},
		{named("medicare"), Match{Filings: []string{"MB"}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ filing, id, name, want string }{
		{"CI", "ACME1", "", "whole"},
		{"CI", "ACME2", "", "pattern"},
		{"CI", " ACME1 ", "", "whole"},
		{"CI", "X", "ACME HEALTH PLAN", "by name"},
		{"CI", "X", "acme plan", "by name"},
		{"CI", "X", "ACME HEALTH", "commercial"},
		{"CI", "P1", "", "exchange"},
		{"16", "P1", "", "advantage"},
		{"MC", "P1", "", "medicaid"},
		{"BL", "X", "", "all of BL"},
		{"MB", "X", "", "medicare"},
		{"MA", "X", "", "medicare"},
		{"", "", "", "commercial"},
	} {
		if got := b.For([]byte(test.filing), []byte(test.id), []byte(test.name)); got.Name != test.want {
			t.Errorf("%+v: %s", test, got.Name)
		}
	}
	if b.Named("medicare") == Named("medicare") || b.Named("federal") != Named("federal") || b.Named("nobody") != nil {
		t.Error("a profile of the book does not go before the built-in one of its name")
	}
	if got := (*Book)(nil).For([]byte("MC"), nil, nil); got != &Medicaid {
		t.Error(got.Name)
	}
	_, err = NewBook([]Entry{{named("a"), Match{IDs: []string{"P"}, Filings: []string{"CI"}}}, {named("b"), Match{IDs: []string{"P"}}}})
	if err == nil {
		t.Error("two profiles for one payer are taken")
	}
}

func TestFits(t *testing.T) {
	for _, test := range []struct {
		pattern, text string
		want          bool
	}{
		{"A", "A", true},
		{"A", "AB", false},
		{"A*", "A", true},
		{"A*", "AB", true},
		{"*A", "BA", true},
		{"*A*", "BAB", true},
		{"A*B*C", "AXBYC", true},
		{"A*B*C", "AXCYB", false},
		{"AB*BC", "ABC", false},
		{"", "", true},
	} {
		if fits(test.pattern, test.text) != test.want {
			t.Errorf("%q, %q: %v", test.pattern, test.text, !test.want)
		}
	}
}

func TestTerm(t *testing.T) {
	for _, test := range []struct {
		text string
		day  int32
		last int32
	}{
		{"12 months", 2025_03_10, 2026_03_10},
		{"12 months", 2024_02_29, 2025_02_28},
		{"1 month", 2026_01_31, 2026_02_28},
		{"90 days", 2025_12_11, 2026_03_11},
		{"1 day", 2025_12_31, 2026_01_01},
		{"6 months", 2025_08_31, 2026_02_28},
	} {
		term, err := ParseTerm(test.text)
		if err != nil {
			t.Fatal(err)
		}
		next := edi.Date(test.last).Time().AddDate(0, 0, 1)
		after := int32(next.Year()*10000 + int(next.Month())*100 + next.Day())
		if term.Over(test.day, test.last) || !term.Over(test.day, after) || term.Over(test.day, test.day) || !term.Over(test.day, test.last+10_0000) {
			t.Errorf("%s after %d: its last day is not the last one", test.text, test.day)
		}
		if got := term.Last(test.day); got != test.last {
			t.Errorf("%s after %d: %d", test.text, test.day, got)
		}
	}
	for _, bad := range []string{"", "90", "days", "-1 days", "0 days", "90 weeks", "1e3 days", "9999 months"} {
		if _, err := ParseTerm(bad); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}

func TestCovers(t *testing.T) {
	c := Coverage{Diagnoses: []string{"R26*", "M6281"}}
	for text, want := range map[string]bool{"R262": true, "R26": true, "R27": false, "M6281": true, "M62811": false, "M628": false} {
		if c.Covers([]byte(text)) != want {
			t.Errorf("%s: %v", text, !want)
		}
	}
	code, _ := therapy.ParseCode([]byte("97116"))
	if !(Codes{All: true}).Has(code) || (Codes{}).Has(code) || !(Codes{}).Empty() || (Codes{All: true}).Empty() {
		t.Error("sets of codes")
	}
}
