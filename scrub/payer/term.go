package payer

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Span is what a term counts.
type Span uint8

// The spans.
const (
	Days Span = iota
	Months
)

// Term is a time after a service; zero where none is known.
type Term struct {
	N    int
	Span Span
}

// ParseTerm reads "90 days" or "12 months".
func ParseTerm(s string) (Term, error) {
	number, unit, _ := strings.Cut(strings.TrimSpace(s), " ")
	n, err := strconv.Atoi(number)
	unit = strings.TrimSuffix(strings.TrimSpace(unit), "s")
	if err != nil || n <= 0 || n > 3660 || unit != "day" && unit != "month" {
		return Term{}, fmt.Errorf("%q is no term such as \"90 days\" or \"12 months\"", s)
	}
	if unit == "month" {
		return Term{n, Months}, nil
	}
	return Term{n, Days}, nil
}

func (t Term) String() string {
	switch {
	case t.N == 0:
		return ""
	case t.Span == Months:
		return strconv.Itoa(t.N) + " months"
	}
	return strconv.Itoa(t.N) + " days"
}

// Last is the last day of the term that begins with a service on a day (CCYYMMDD). A
// month that lacks the day ends it with its own last one.
func (t Term) Last(day int32) int32 {
	d := time.Date(int(day/10000), time.Month(day/100%100), int(day%100), 0, 0, 0, 0, time.UTC)
	if t.Span == Days {
		d = d.AddDate(0, 0, t.N)
	} else {
		first := time.Date(d.Year(), d.Month()+time.Month(t.N), 1, 0, 0, 0, 0, time.UTC)
		last := first.AddDate(0, 1, -1)
		d = first.AddDate(0, 0, min(d.Day(), last.Day())-1)
	}
	return int32(d.Year()*10000 + int(d.Month())*100 + d.Day())
}

// Over reports whether a day is behind the last one of the term. Months tell that
// without a calendar for nearly every claim.
func (t Term) Over(service, day int32) bool {
	apart := months(day) - months(service)
	switch {
	case t.Span == Months && apart != t.N:
		return apart > t.N
	case t.Span == Days && (apart+1)*31 <= t.N:
		return false
	}
	return day > t.Last(service)
}

func months(day int32) int { return int(day/10000)*12 + int(day/100%100) }
