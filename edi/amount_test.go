package edi_test

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/gaitkeeper/gaitkeeper/edi"
)

func TestParseAmount(t *testing.T) {
	tests := []struct {
		text string
		want edi.Amount
		err  error
	}{
		{"0", 0, nil},
		{"7", 700, nil},
		{"186", 18600, nil},
		{"62.5", 6250, nil},
		{"62.50", 6250, nil},
		{"62.500", 6250, nil},
		{"62.05", 6205, nil},
		{".5", 50, nil},
		{".05", 5, nil},
		{"-62.5", -6250, nil},
		{"-.01", -1, nil},
		{"-0", 0, nil},
		{"0000012", 1200, nil},
		{"1000000000000000", 1e17, nil},
		{"", 0, edi.ErrNoNumber},
		{"-", 0, edi.ErrNoNumber},
		{".", 0, edi.ErrNoNumber},
		{"-.", 0, edi.ErrNoNumber},
		{"5.", 0, edi.ErrNoNumber},
		{"+5", 0, edi.ErrNoNumber},
		{"--5", 0, edi.ErrNoNumber},
		{"5-", 0, edi.ErrNoNumber},
		{" 5", 0, edi.ErrNoNumber},
		{"5 ", 0, edi.ErrNoNumber},
		{"1,000", 0, edi.ErrNoNumber},
		{"1.2.3", 0, edi.ErrNoNumber},
		{"1e2", 0, edi.ErrNoNumber},
		{"$5", 0, edi.ErrNoNumber},
		{"ABC", 0, edi.ErrNoNumber},
		{"\xD9\xA5", 0, edi.ErrNoNumber},
		{"62.505", 0, edi.ErrPrecision},
		{"62.001", 0, edi.ErrPrecision},
		{"1000000000000000.00", 1e17, nil},
		{"999999999999999.99", 1e17 - 1, nil},
		{"1000000000000000.01", 0, edi.ErrTooLarge},
		{"10000000000000000", 0, edi.ErrTooLarge},
		{"-10000000000000000", 0, edi.ErrTooLarge},
		{"99999999999999999999999999", 0, edi.ErrTooLarge},
	}
	for _, tt := range tests {
		got, err := edi.ParseAmount([]byte(tt.text))
		if got != tt.want || !errors.Is(err, tt.err) {
			t.Errorf("%q: %d, %v; want %d, %v", tt.text, got, err, tt.want, tt.err)
		}
	}
}

func TestParseQuantity(t *testing.T) {
	tests := []struct {
		text  string
		want  edi.Quantity
		err   error
		whole int
		ok    bool
	}{
		{"0", 0, nil, 0, true},
		{"1", edi.Unit, nil, 1, true},
		{"12", 12 * edi.Unit, nil, 12, true},
		{"2.0", 2 * edi.Unit, nil, 2, true},
		{"2.000", 2 * edi.Unit, nil, 2, true},
		{"1.5", 1500, nil, 1, false},
		{"0.125", 125, nil, 0, false},
		{"-2", -2 * edi.Unit, nil, -2, true},
		{"-2.5", -2500, nil, -2, false},
		{"0.1250", 125, nil, 0, false},
		{"0.1255", 0, edi.ErrPrecision, 0, true},
		{"1.", 0, edi.ErrNoNumber, 0, true},
		{"two", 0, edi.ErrNoNumber, 0, true},
		{"", 0, edi.ErrNoNumber, 0, true},
	}
	for _, tt := range tests {
		got, err := edi.ParseQuantity([]byte(tt.text))
		if got != tt.want || !errors.Is(err, tt.err) {
			t.Errorf("%q: %d, %v; want %d, %v", tt.text, got, err, tt.want, tt.err)
		}
		if n, ok := got.Whole(); n != tt.whole || ok != tt.ok {
			t.Errorf("%q: whole %d, %t", tt.text, n, ok)
		}
	}
}

func TestAmountText(t *testing.T) {
	tests := []struct {
		a          edi.Amount
		text, bare string
	}{
		{0, "0.00", "0"},
		{5, "0.05", "0.05"},
		{50, "0.50", "0.5"},
		{100, "1.00", "1"},
		{6250, "62.50", "62.5"},
		{6205, "62.05", "62.05"},
		{-1, "-0.01", "-0.01"},
		{-6200, "-62.00", "-62"},
		{math.MaxInt64, "92233720368547758.07", "92233720368547758.07"},
		{math.MinInt64, "-92233720368547758.08", "-92233720368547758.08"},
	}
	for _, tt := range tests {
		if got := tt.a.String(); got != tt.text {
			t.Errorf("%d: %q, want %q", int64(tt.a), got, tt.text)
		}
		if got := string(tt.a.Append([]byte("x"), false)); got != "x"+tt.bare {
			t.Errorf("%d: %q, want x%q", int64(tt.a), got, tt.bare)
		}
	}
	for q, want := range map[edi.Quantity]string{0: "0", edi.Unit: "1", 1500: "1.5", 125: "0.125", 1020: "1.02", -2500: "-2.5"} {
		if got := q.String(); got != want {
			t.Errorf("%d: %q, want %q", int64(q), got, want)
		}
	}
}

func TestNumbersRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := edi.Amount(rapid.Int64Range(-1e17, 1e17).Draw(t, "amount"))
		for _, fixed := range []bool{true, false} {
			if got, err := edi.ParseAmount(a.Append(nil, fixed)); err != nil || got != a {
				t.Fatalf("%s is read as %d, %v", a, got, err)
			}
		}
		q := edi.Quantity(rapid.Int64Range(-1e17, 1e17).Draw(t, "quantity"))
		if got, err := edi.ParseQuantity([]byte(q.String())); err != nil || got != q {
			t.Fatalf("%s is read as %d, %v", q, got, err)
		}
	})
}
