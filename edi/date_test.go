package edi_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/gaitkeeper/gaitkeeper/edi"
)

func TestParseDate(t *testing.T) {
	good := map[string]edi.Date{
		"20260310": 20260310, "18000101": 18000101, "21991231": 21991231,
		"20240229": 20240229, "20000229": 20000229, "20260430": 20260430,
	}
	for text, want := range good {
		if got, err := edi.ParseDate([]byte(text)); err != nil || got != want {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
	for _, text := range []string{
		"", "0", "2026031", "202603100", "2026-3-1", "20260230", "20230229", "19000229", "21000229", "20260431",
		"20261301", "20260001", "20260100", "20260132", "17991231", "22000101", "00000000", "2026031O", " 2026031", "-2026031",
	} {
		if got, err := edi.ParseDate([]byte(text)); !errors.Is(err, edi.ErrDate) || got != 0 {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
}

func TestParseDay(t *testing.T) {
	for text, want := range map[string]edi.Date{"2026-03-10": 20260310, "20260310": 20260310, "2024-02-29": 20240229} {
		if got, err := edi.ParseDay(text); err != nil || got != want {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "2026-0310", "202603-10", "2-0260310", "2026-03-10-", "2026-3-10", "2026-02-30", "03-10-2026", "2026/03/10"} {
		if got, err := edi.ParseDay(text); !errors.Is(err, edi.ErrDate) || got != 0 {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
}

func TestDates(t *testing.T) {
	const d edi.Date = 20260310
	if d.Year() != 2026 || d.String() != "2026-03-10" || !d.Time().Equal(time.Date(2026, 3, 10, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("%d, %s, %v", d.Year(), d, d.Time())
	}
	tests := []struct {
		from, to edi.Date
		want     int
	}{
		{d, d, 0},
		{d, 20260311, 1},
		{20260311, d, -1},
		{20240228, 20240301, 2},
		{20230228, 20230301, 1},
		{18000101, 21991231, 146096},
	}
	for _, tt := range tests {
		if got := tt.from.Days(tt.to); got != tt.want {
			t.Errorf("%v to %v: %d days, want %d", tt.from, tt.to, got, tt.want)
		}
	}
}

func TestParsePeriod(t *testing.T) {
	tests := []struct {
		qualifier, text string
		want            edi.Period
		err             error
	}{
		{"D8", "20260310", edi.Period{From: 20260310, To: 20260310}, nil},
		{"RD8", "20260301-20260310", edi.Period{From: 20260301, To: 20260310}, nil},
		{"RD8", "20260310-20260310", edi.Period{From: 20260310, To: 20260310}, nil},
		{"RD8", "20260310-20260301", edi.Period{From: 20260310, To: 20260301}, edi.ErrRange},
		{"D8", "20260301-20260310", edi.Period{}, edi.ErrDate},
		{"RD8", "20260310", edi.Period{}, edi.ErrDate},
		{"RD8", "20260310/20260311", edi.Period{}, edi.ErrDate},
		{"RD8", "20260230-20260311", edi.Period{}, edi.ErrDate},
		{"RD8", "20260310-20260231", edi.Period{}, edi.ErrDate},
		{"D8", "", edi.Period{}, edi.ErrDate},
		{"", "20260310", edi.Period{}, edi.ErrDate},
		{"D6", "260310", edi.Period{}, edi.ErrDate},
		{"DT", "202603100800", edi.Period{}, edi.ErrDate},
	}
	for _, tt := range tests {
		got, err := edi.ParsePeriod([]byte(tt.qualifier), []byte(tt.text))
		if got != tt.want || !errors.Is(err, tt.err) {
			t.Errorf("%s %q: %v, %v; want %v, %v", tt.qualifier, tt.text, got, err, tt.want, tt.err)
		}
	}
}

// Every day of the calendar is read as itself, and no other text is.
func TestDateRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		day := time.Date(1800, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 146096).Draw(t, "day"))
		d, err := edi.ParseDate([]byte(day.Format("20060102")))
		if err != nil || !d.Time().Equal(day) || d.String() != day.Format(time.DateOnly) {
			t.Fatalf("%v is read as %v, %v", day, d, err)
		}
		text := rapid.StringMatching(`[12][789012][0-9]{2}[01][0-9][0-3][0-9]`).Draw(t, "text")
		_, want := time.Parse("20060102", text)
		if year := text[:4]; year < "1800" || year > "2199" {
			want = edi.ErrDate
		}
		if before, want := d.Before(), day.AddDate(0, 0, -1); before.String() != want.Format(time.DateOnly) {
			t.Fatalf("before %v is %v, want %v", d, before, want)
		}
		if d, err := edi.ParseDate([]byte(text)); (err != nil) != (want != nil) || err == nil && strings.ReplaceAll(d.String(), "-", "") != text {
			t.Fatalf("%s: %v, %v", text, d, err)
		}
	})
}
