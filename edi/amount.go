package edi

import (
	"errors"
	"strconv"
)

// Amount is money in whole cents.
type Amount int64

// Quantity is a count in whole thousandths, the finest a guide allows.
type Quantity int64

// Unit is the quantity 1.
const Unit Quantity = 1000

// What can be wrong with a number.
var (
	ErrNoNumber  = errors.New("not a number")
	ErrPrecision = errors.New("more decimals than allowed")
	ErrTooLarge  = errors.New("number too large")
)

// ParseAmount reads an X12 decimal number as money: digits with an optional
// minus and an explicit point, at most two decimals that are not zero. No plus,
// exponent, blank or thousands separator, and no point without a digit after it.
func ParseAmount(b []byte) (Amount, error) {
	n, err := parseDecimal(b, 2)
	return Amount(n), err
}

// ParseQuantity reads an X12 decimal number with at most three decimals.
func ParseQuantity(b []byte) (Quantity, error) {
	n, err := parseDecimal(b, 3)
	return Quantity(n), err
}

func parseDecimal(b []byte, decimals int) (int64, error) {
	i, negative := 0, false
	if len(b) > 0 && b[0] == '-' {
		i, negative = 1, true
	}
	const limit = 1e17 // of the smallest unit
	var n int64
	digits, seen := 0, -1 // seen: digits behind the point
	for ; i < len(b); i++ {
		switch c := b[i]; {
		case c >= '0' && c <= '9':
			digits++
			if seen >= 0 {
				seen++
				if seen > decimals {
					if c != '0' {
						return 0, ErrPrecision
					}
					continue
				}
			}
			n = n*10 + int64(c-'0')
			if n > limit {
				return 0, ErrTooLarge
			}
		case c == '.' && seen < 0:
			seen = 0
		default:
			return 0, ErrNoNumber
		}
	}
	if digits == 0 || seen == 0 {
		return 0, ErrNoNumber
	}
	for s := max(seen, 0); s < decimals; s++ {
		if n *= 10; n > limit {
			return 0, ErrTooLarge
		}
	}
	if negative {
		n = -n
	}
	return n, nil
}

// String is the amount in dollars with two decimals.
func (a Amount) String() string { return string(a.Append(nil, true)) }

// Append writes the amount to b as X12 does: without decimals that are zero,
// unless fixed asks for two.
func (a Amount) Append(b []byte, fixed bool) []byte {
	return appendDecimal(b, int64(a), 2, fixed)
}

// String is the quantity without decimals that are zero.
func (q Quantity) String() string { return string(appendDecimal(nil, int64(q), 3, false)) }

// Whole is the number of whole units; ok is false for a fraction.
func (q Quantity) Whole() (n int, ok bool) {
	return int(q / Unit), q%Unit == 0
}

func appendDecimal(b []byte, n int64, decimals int, fixed bool) []byte {
	u := uint64(n)
	if n < 0 {
		b = append(b, '-')
		u = -u
	}
	scale := uint64(1)
	for range decimals {
		scale *= 10
	}
	b = strconv.AppendUint(b, u/scale, 10)
	rest := u % scale
	if rest == 0 && !fixed {
		return b
	}
	b = append(b, '.')
	for scale /= 10; scale > 0 && (rest > 0 || fixed); scale /= 10 {
		b = append(b, byte('0'+rest/scale))
		rest %= scale
	}
	return b
}
