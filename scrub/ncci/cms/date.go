package cms

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/gaitkeeper/gaitkeeper/scrub/ncci"
)

// isDate reports whether a field is written as a day is: CCYYMMDD, or as a
// spreadsheet may have it, 7/1/2018, 2018-07-01, or a count of days since 1900 (1995 to 2064).
func isDate(f []byte) bool {
	if n := len(f); n == 8 && digits(f) || n == 5 && digits(f) && '3' <= f[0] && f[0] <= '5' {
		return true
	}
	return len(f) >= 8 && len(f) <= 10 && separated(f) > 0
}

// separated is the month-first or year-first form of a day; 0 for neither.
func separated(f []byte) int32 {
	var n [3]int
	at := 0
	for _, c := range f {
		switch {
		case '0' <= c && c <= '9':
			n[at] = n[at]*10 + int(c-'0')
		case (c == '/' || c == '-') && at < 2:
			at++
		default:
			return 0
		}
	}
	y, m, d := n[2], n[0], n[1]
	if n[0] > 31 {
		y, m, d = n[0], n[1], n[2]
	}
	if at != 2 || m < 1 || m > 99 || d < 1 || d > 99 || y < 1900 || y > 9999 {
		return 0
	}
	return int32(y*1_00_00 + m*1_00 + d)
}

// day reads a day; 0 where the calendar has none such.
func day(f []byte) int32 {
	var n int32
	switch {
	case len(f) == 8 && digits(f):
		for _, c := range f {
			n = n*10 + int32(c-'0')
		}
	case len(f) == 5 && digits(f):
		serial, _ := strconv.Atoi(string(f))
		n = ncci.Day(time.Date(1899, 12, 30+serial, 0, 0, 0, 0, time.UTC)) // the leap day of 1900 that spreadsheets believe in is counted
	default:
		n = separated(f)
	}
	if !ncci.ValidDay(n) {
		return 0
	}
	return n
}

// ordinal reads CCYYDDD, the year and the day in it, or CCYYMMDD; 0 where the
// calendar has none such.
func ordinal(f []byte) int32 {
	if len(f) != 7 || !digits(f) {
		return day(f)
	}
	n, _ := strconv.Atoi(string(f))
	year, d := n/1000, n%1000
	t := time.Date(year, 1, d, 0, 0, 0, 0, time.UTC)
	if d == 0 || t.Year() != year || year < 1900 {
		return 0
	}
	return ncci.Day(t)
}

func digits(f []byte) bool {
	for _, c := range f {
		if c < '0' || c > '9' {
			return false
		}
	}
	return len(f) > 0
}

// Names that tell a quarter: ccipra-v323r0-f4 (NN is the year less 1994, then the
// quarter from 0), 2026q4, 2026-q4, V2026Q4, Eff_10-01-2026, PPRRVU2026_Jul,
// PPRRVU26_JUL, rvu26c.
var (
	versionName = regexp.MustCompile(`(?:^|[^a-z0-9])v([0-9]{2})([0-3])r[0-9]`)
	quarterName = regexp.MustCompile(`(20[0-9]{2})[-_ ]?q([1-4])`)
	dayName     = regexp.MustCompile(`(?:^|[^0-9])([01][0-9])-([0-3][0-9])-(20[0-9]{2})`)
	monthName   = regexp.MustCompile(`pprrvu(20)?([0-9]{2})[-_ ]?(jan|apr|jul|oct)`)
	letterName  = regexp.MustCompile(`rvu(20)?([0-9]{2})([a-d])(?:$|[^a-z])`)
	partName    = regexp.MustCompile(`[-_ ]f([1-9])(?:$|[^0-9a-z])`)
)

var firstMonths = map[string]int{"jan": 1, "apr": 4, "jul": 7, "oct": 10, "a": 1, "b": 4, "c": 7, "d": 10}

// quarterOf is the first day that a name tells; 0 if it tells none.
func quarterOf(name string) int32 {
	name = strings.ToLower(name)
	number := func(s string) int { n, _ := strconv.Atoi(s); return n }
	if m := dayName.FindStringSubmatch(name); m != nil {
		if d := int32(number(m[3])*1_00_00 + number(m[1])*1_00 + number(m[2])); ncci.ValidDay(d) {
			return d
		}
	}
	if m := versionName.FindStringSubmatch(name); m != nil {
		return quarter(1994+number(m[1]), 1+3*number(m[2]))
	}
	if m := quarterName.FindStringSubmatch(name); m != nil {
		return quarter(number(m[1]), 3*number(m[2])-2)
	}
	for _, re := range []*regexp.Regexp{monthName, letterName} {
		if m := re.FindStringSubmatch(name); m != nil {
			return quarter(2000+number(m[2]), firstMonths[m[3]])
		}
	}
	return 0
}

func quarter(year, month int) int32 { return int32(year*1_00_00 + month*1_00 + 1) }

// partOf is the number of a PTP part in a name; 0 if it tells none.
func partOf(name string) int {
	if m := partName.FindStringSubmatch(strings.ToLower(name)); m != nil {
		return int(m[1][0] - '0')
	}
	return 0
}

// release is the quarter that the head of a fee schedule tells: "2026 National
// Physician Fee Schedule Relative Value File July Release".
var release = regexp.MustCompile(`(20[0-9]{2}) national physician fee schedule relative value file ?.*(january|april|july|october) release`)

func releaseOf(head []byte) int32 {
	m := release.FindSubmatch(bytes.ToLower(head))
	if m == nil {
		return 0
	}
	year, _ := strconv.Atoi(string(m[1]))
	return quarter(year, firstMonths[string(m[2][:3])])
}
