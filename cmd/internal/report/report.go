// Package report writes a reconciliation for people: one self-contained HTML page, a
// workbook, a worklist. Like the renderers it takes the objects of the wire in order
// (render.RemitSink) and writes at the end; it asks no clock and no network, and the
// same objects give the same bytes.
package report

import (
	"math"
	"strconv"
	"strings"

	"github.com/gaitkeeper/gaitkeeper/cmd/internal/render"
	"github.com/gaitkeeper/gaitkeeper/edi"
)

var (
	_ render.RemitSink = (*HTML)(nil)
	_ render.RemitSink = (*XLSX)(nil)
	_ render.RemitSink = (*Worklist)(nil)
)

// The type of a value says how it is written: as text where it is a string, as a
// number where it is an int, and these.
type (
	money    string  // dollars, as on the wire
	quantity string  // a decimal
	day      string  // YYYY-MM-DD
	rate     float64 // 0 to 1
)

// cents is an amount of the wire; 0 where it is none.
func cents(s string) edi.Amount {
	a, err := edi.ParseAmount([]byte(s))
	if err != nil {
		return 0
	}
	return a
}

// dollars writes an amount for people: $1,234.50, -$3.00.
func dollars(a edi.Amount) string {
	sign, n := "", uint64(a)
	if a < 0 {
		sign, n = "-", -n
	}
	whole := grouped(strconv.FormatUint(n/100, 10))
	return sign + "$" + whole + "." + string([]byte{'0' + byte(n%100/10), '0' + byte(n%10)})
}

// grouped puts commas between thousands.
func grouped(digits string) string {
	var b strings.Builder
	for i, c := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(c)
	}
	return b.String()
}

// count writes a number for people: 12,345.
func count(n int) string {
	if n < 0 {
		return "-" + grouped(strconv.Itoa(-n))
	}
	return grouped(strconv.Itoa(n))
}

// percent writes a rate with one decimal.
func percent(r float64) string {
	return strconv.FormatFloat(math.Round(r*1000)/10, 'f', 1, 64) + "%"
}

// guarded keeps a spreadsheet from taking text for a formula.
func guarded(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}

// valueOf is what a pointer points to, as any; nil for none.
func valueOf[T any](p *T) any {
	if p == nil {
		return nil
	}
	return *p
}

func text(p *string) string {
	if p == nil {
		return ""
	}
	return *p
}

// dayOf is a day; nil for none.
func dayOf(s string) any {
	if s == "" {
		return nil
	}
	return day(s)
}

// reason is group and reason code, as they are written: CO-97.
func reason(group, carc string) string {
	if group == "" {
		return carc
	}
	return group + "-" + carc
}
