package cms

import (
	"bytes"
	"fmt"

	"github.com/gaitkeeper/gaitkeeper/scrub/ncci"
)

// layout is what a table turned out to be.
type layout struct {
	kind  ncci.Kind
	comma byte // between fields: a comma or a tab; 0 for text in columns
}

// headSize is how much of a table is looked at to tell what it is.
const headSize = 1 << 20

// foreign are tables of CMS that are not for practitioners, by what names or heads
// say of them.
var foreign = []struct{ words, what string }{
	{"outpatient hospital services mue values", "MUE values of hospitals"},
	{"dme supplier services mue values", "MUE values of equipment suppliers"},
	{"mue_outpatienthospital", "MUE values of hospitals"},
	{"outpatient-hospital", "edits of hospitals"},
	{"outpatienthospital", "edits of hospitals"},
	{"facility-outpatient", "edits of hospitals"},
	{"ccioph", "PTP edits of hospitals"},
	{"hospital-ptp", "PTP edits of hospitals"},
	{"mue_dmesupplier", "MUE values of equipment suppliers"},
	{"dme-supplier", "edits of equipment suppliers"},
}

// foreignTo says whose table it is, if its name or the names of its columns say that
// it is not one of practitioners; "" if they do not.
func foreignTo(s []byte) string {
	s = bytes.ToLower(s)
	for _, f := range foreign {
		if bytes.Contains(s, []byte(f.words)) {
			return f.what
		}
	}
	return ""
}

// shapeOf tells a table by its head, or says why it is none.
func shapeOf(head []byte) (l layout, why string) {
	switch {
	case len(head) == 0:
		return l, "empty"
	case bytes.HasPrefix(head, []byte("%PDF")):
		return l, "a PDF"
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0")):
		return l, "an old Excel or Word file: take the txt, csv or xlsx"
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
		return l, "UTF-16 text: save it as plain text"
	case bytes.IndexByte(head[:min(len(head), 4096)], 0) >= 0:
		return l, "not text"
	}
	changes := 0
	for line := range bytes.Lines(head) {
		line = bytes.TrimRight(bytes.TrimPrefix(line, bom), "\r\n")
		for _, comma := range []byte{'\t', ','} {
			if bytes.IndexByte(line, comma) < 0 {
				continue
			}
			f := fields(nil, line, comma)
			if row, _ := ptpShape(f); row {
				return layout{ncci.Pairs, comma}, ""
			}
			for len(f) > 0 && len(f[len(f)-1]) == 0 {
				f = f[:len(f)-1]
			}
			switch {
			case len(f) == 0:
			case bytes.EqualFold(f[0], []byte("HCPCS")) && len(f) > 3 && bytes.EqualFold(f[1], []byte("MOD")) && bytes.Contains(bytes.ToUpper(head), []byte("STATUS")) && bytes.Contains(bytes.ToUpper(head), []byte("PCTC")):
				return layout{ncci.Fees, comma}, ""
			case bytes.Contains(bytes.ToLower(line), []byte("mue values")), mueShape(f):
				return layout{ncci.Limits, comma}, ""
			case aocColumns(f) != nil:
				return layout{ncci.AddOns, comma}, ""
			case len(f) >= 2 && len(f) <= 4 && isHCPCS(f[0]) && isHCPCS(f[1]):
				changes++
			}
		}
		if bytes.IndexByte(line, '\t') < 0 && bytes.IndexByte(line, ',') < 0 {
			if _, ok := aocShape(line); ok {
				return layout{ncci.AddOns, 0}, ""
			}
		}
	}
	if changes > 0 {
		return l, "pairs without effective and deletion days: the quarterly list of changes, not the table"
	}
	return l, "no table of CMS that is known here"
}

var bom = []byte("\xef\xbb\xbf")

// fields splits a line. Quotes around a field go.
func fields(dst [][]byte, line []byte, comma byte) [][]byte {
	dst = dst[:0]
	for {
		i := bytes.IndexByte(line, comma)
		f := line
		if i >= 0 {
			f = line[:i]
		}
		dst = append(dst, trim(f))
		if i < 0 {
			return dst
		}
		line = line[i+1:]
	}
}

// trim takes blanks and quotes from around a field.
func trim(f []byte) []byte {
	for len(f) > 0 && isBlank(f[0]) {
		f = f[1:]
	}
	for len(f) > 0 && isBlank(f[len(f)-1]) {
		f = f[:len(f)-1]
	}
	if len(f) > 1 && f[0] == '"' && f[len(f)-1] == '"' {
		return trim(f[1 : len(f)-1])
	}
	return f
}

// isBlank knows the blank that does not break, in Latin-1 and the two bytes of UTF-8.
func isBlank(c byte) bool { return c == ' ' || c == 0xa0 || c == 0xc2 }

// record hands a record to the reader of its kind.
func (b *builder) record(f [][]byte, line int) {
	switch b.Kind {
	case ncci.Pairs:
		b.ptp(f, line)
	case ncci.Limits:
		b.mue(f, line)
	case ncci.AddOns:
		b.aoc(f, line)
	case ncci.Fees:
		b.pfs(f, line)
	}
}

// finish settles what only the whole table tells.
func (b *builder) finish(head []byte) error {
	t := b.Table
	if t.Kind == ncci.Fees {
		if _, ok := b.column["status"]; !ok {
			return fmt.Errorf("%s: no column STATUS CODE", t.File)
		}
	}
	t.Program = Medicare
	if b.short || t.Kind == ncci.Limits && b.column["mai"] < 0 || bytes.Contains(bytes.ToLower([]byte(t.File)), []byte("medicaid")) {
		t.Program = Medicaid
	}
	told := releaseOf(head[:min(len(head), 4096)])
	switch {
	case b.Options.Effective != 0:
		t.Effective, t.Told = b.Options.Effective, "option"
	case t.Kind == ncci.Fees && told != 0:
		t.Effective, t.Told = told, "content"
	case NamedQuarter(t.File) != 0:
		t.Effective, t.Told = NamedQuarter(t.File), "name"
	case b.newest != 0:
		t.Effective, t.Told = b.newest, "content"
	}
	return nil
}
