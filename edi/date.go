package edi

import (
	"encoding/binary"
	"errors"
	"fmt"
	"time"
)

// Date is a calendar day as the number CCYYMMDD; 0 is no date. Dates compare as
// numbers do.
type Date int32

// ErrDate means that a text is no calendar date.
var ErrDate = errors.New("not a calendar date")

// ErrRange means that a range ends before it starts.
var ErrRange = errors.New("range ends before it starts")

// ParseDate reads CCYYMMDD: eight digits that name a real day from 1800 to 2199.
func ParseDate(b []byte) (Date, error) {
	if len(b) != 8 {
		return 0, ErrDate
	}
	// All eight digits at once: neighbours are joined to numbers of two digits, four
	// and eight. A digit's upper half is 3, and stays 3 when 6 is added to it.
	w := binary.LittleEndian.Uint64(b)
	if w&(0xF0*ones) != 0x30*ones || (w+6*ones)&(0xF0*ones) != 0x30*ones {
		return 0, ErrDate
	}
	w = w & (0x0F * ones) * (10<<8 + 1) >> 8
	w = w & 0x00FF00FF00FF00FF * (100<<16 + 1) >> 16
	w = w & 0x0000FFFF0000FFFF * (10000<<32 + 1) >> 32
	n := int(w)
	year, month, day := n/10000, n/100%100, n%100
	if year < 1800 || year > 2199 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month) {
		return 0, ErrDate
	}
	return Date(n), nil
}

// ParseDay reads a day as people write it: YYYY-MM-DD, or CCYYMMDD as [ParseDate] does.
func ParseDay(s string) (Date, error) {
	if len(s) == 10 && s[4] == '-' && s[7] == '-' {
		s = s[:4] + s[5:7] + s[8:]
	}
	return ParseDate([]byte(s))
}

func daysIn(year, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// Year is the calendar year.
func (d Date) Year() int { return int(d) / 10000 }

// Time is midnight UTC of the day.
func (d Date) Time() time.Time {
	return time.Date(d.Year(), time.Month(int(d)/100%100), int(d)%100, 0, 0, 0, 0, time.UTC)
}

// Before is the day before.
func (d Date) Before() Date {
	switch {
	case d%100 > 1:
		return d - 1
	case d/100%100 > 1:
		year, month := d.Year(), int(d)/100%100-1
		return Date(year*10000 + month*100 + daysIn(year, month))
	}
	return Date((d.Year()-1)*10000 + 1231)
}

// Days is the number of days from d to e.
func (d Date) Days(e Date) int { return int((e.Time().Unix() - d.Time().Unix()) / (24 * 60 * 60)) }

// String is the day as YYYY-MM-DD.
func (d Date) String() string {
	return fmt.Sprintf("%04d-%02d-%02d", d.Year(), int(d)/100%100, int(d)%100)
}

// Period is a day or a range of days, both ends included.
type Period struct {
	From, To Date
}

// ParsePeriod reads b as qualifier says: D8 is one day, RD8 is CCYYMMDD-CCYYMMDD.
func ParsePeriod(qualifier, b []byte) (Period, error) {
	switch string(qualifier) {
	case "D8":
		d, err := ParseDate(b)
		return Period{d, d}, err
	case "RD8":
		if len(b) != 17 || b[8] != '-' {
			return Period{}, ErrDate
		}
		from, err := ParseDate(b[:8])
		if err != nil {
			return Period{}, err
		}
		to, err := ParseDate(b[9:])
		if err != nil {
			return Period{}, err
		}
		if to < from {
			return Period{from, to}, ErrRange
		}
		return Period{from, to}, nil
	}
	return Period{}, ErrDate
}
