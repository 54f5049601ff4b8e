package cms

import (
	"bytes"
	"strconv"

	"github.com/gaitkeeper/gaitkeeper/scrub/ncci"
	"github.com/gaitkeeper/gaitkeeper/scrub/therapy"
)

// begin is the effective day of edits that are older than the column for it.
const begin int32 = 1996_01_01

// The columns of a PTP table: column 1, column 2, "*" for an edit from before 1996,
// effective, deletion, modifier indicator, rationale. Medicaid has no third column.
const (
	ptpColumns      = 6 // that are read
	shortPTPColumns = 5
)

// ptpShape tells a row of edits from everything else: two codes and, behind them, an
// effective day and an indicator where they belong. short is the layout of Medicaid.
func ptpShape(f [][]byte) (row, short bool) {
	if len(f) < shortPTPColumns || !isCode(f[0]) || !isCode(f[1]) {
		return false, false
	}
	if len(f) >= ptpColumns && (len(f[2]) == 0 || isStar(f[2])) {
		return (isDate(f[3]) || isStar(f[2])) && isIndicator(f[5]), false
	}
	return isDate(f[2]) && (isDate(f[3]) || isStar(f[3]) || len(f[3]) == 0) && isIndicator(f[4]), true
}

// ptpLike reports whether a record before the first row was meant to be one: a
// notice or a column name is not.
func ptpLike(f [][]byte) bool {
	if len(f) < shortPTPColumns {
		return false
	}
	codes, dates := 0, 0
	for _, c := range f[:2] {
		if isCode(bytes.ToUpper(c)) {
			codes++
		}
	}
	for _, d := range f[2:min(len(f), shortPTPColumns)] {
		if isDate(d) {
			dates++
		}
	}
	return codes == 2 && dates > 0 || codes > 0 && dates > 1
}

// ptp reads a record of a PTP table.
func (b *builder) ptp(f [][]byte, line int) {
	for len(f) > 0 && len(f[len(f)-1]) == 0 {
		f = f[:len(f)-1]
	}
	if len(f) == 0 {
		return
	}
	row, short := ptpShape(f)
	switch {
	case !row && !b.found && !ptpLike(f), !row && isPTPHeader(f):
		return
	case !row:
		b.flaw(line, "%s", ptpFlaw(f, b.short))
		return
	case !b.found:
		b.found, b.short = true, short
	case short != b.short:
		b.flaw(line, "columns of another layout than in the rows before")
		return
	}
	e, why := readEdit(f, short)
	if why != "" {
		b.flaw(line, "%s", why)
		return
	}
	b.addEdit(e)
}

// addEdit counts an edit, and keeps it if it is wanted.
func (b *builder) addEdit(e ncci.Edit) {
	b.Read++
	if b.Part.First == 0 || e.Column1 < b.Part.First {
		b.Part.First = e.Column1
	}
	b.Part.Last = max(b.Part.Last, e.Column1)
	if e.From > b.newest && e.From%1_00 == 1 && e.From/1_00%1_00%3 == 1 {
		b.newest = e.From
	}
	if !e.InForce() {
		b.Void++
		return
	}
	if b.Keep == nil || b.Keep(e.Column1) || b.Keep(e.Column2) {
		b.Edits = append(b.Edits, e)
	}
}

// readEdit reads a row of the right shape, or says what is wrong with it.
func readEdit(f [][]byte, short bool) (e ncci.Edit, why string) {
	from, to, indicator := f[2], f[3], f[4]
	if !short {
		from, to, indicator = f[3], f[4], f[5]
	}
	var ok1, ok2 bool
	e.Column1, ok1 = therapy.ParseCode(f[0])
	e.Column2, ok2 = therapy.ParseCode(f[1])
	switch {
	case !ok1 || !ok2:
		return e, "no code: " + text(f[0]) + ", " + text(f[1])
	case e.Column1 == e.Column2:
		return e, "a pair of one code: " + text(f[0])
	}
	if !short && isStar(f[2]) && (len(from) == 0 || isStar(from)) {
		e.From = begin
	} else if e.From = day(from); e.From == 0 {
		return e, "no day of the calendar: effective " + text(from)
	}
	e.To = ncci.Open
	if len(to) > 0 && !isStar(to) {
		if e.To = day(to); e.To == 0 {
			return e, "no day of the calendar: deletion " + text(to)
		}
	}
	switch e.Indicator = indicator[0] - '0'; e.Indicator {
	case ncci.Never, ncci.Allowed, ncci.Obsolete:
		return e, ""
	}
	return e, "modifier indicator " + text(indicator) + " is none of 0, 1, 9"
}

// ptpFlaw says why a record is no row.
func ptpFlaw(f [][]byte, short bool) string {
	want := ptpColumns
	if short {
		want = shortPTPColumns
	}
	if len(f) < want {
		return strconv.Itoa(len(f)) + " columns, " + strconv.Itoa(want) + " or more are needed"
	}
	for _, c := range f[:2] {
		if !isCode(c) {
			return "no code: " + text(c)
		}
	}
	if !short && len(f[2]) > 0 && !isStar(f[2]) {
		return "neither * nor nothing in column 3: " + text(f[2])
	}
	from, to, indicator := f[want-3], f[want-2], f[want-1]
	switch {
	case !isDate(from):
		return "no effective day: " + text(from)
	case len(to) > 0 && !isStar(to) && !isDate(to):
		return "no deletion day: " + text(to)
	}
	return "no modifier indicator: " + text(indicator)
}

// isPTPHeader knows the head of a table that stands inside: parts that were put
// together.
func isPTPHeader(f [][]byte) bool {
	for _, c := range f {
		for _, words := range [][]byte{[]byte("copyright"), []byte("rights reserved"), []byte("Column"), []byte("prior to 1996"), []byte("*=no data"), []byte("9=not applicable"), []byte("1=allowed")} {
			if bytes.Contains(c, words) && !isCode(f[0]) {
				return true
			}
		}
	}
	return false
}

func isStar(f []byte) bool { return len(f) == 1 && f[0] == '*' }

func isIndicator(f []byte) bool { return len(f) == 1 && '0' <= f[0] && f[0] <= '9' }

// isCode reports whether a field is written as a code: five characters of 0-9, A-Z.
func isCode(f []byte) bool {
	if len(f) != 5 {
		return false
	}
	for _, c := range f {
		if (c < '0' || c > '9') && (c < 'A' || c > 'Z') {
			return false
		}
	}
	return true
}
