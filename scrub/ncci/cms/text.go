package cms

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"

	"github.com/gaitkeeper/gaitkeeper/scrub/ncci"
	"github.com/gaitkeeper/gaitkeeper/scrub/therapy"
)

// longest is the most bytes of a line: what is longer is no table.
const longest = 1 << 20

// eachLine hands over the lines of r without their ends, numbered from 1.
func eachLine(r *bufio.Reader, do func(line []byte, n int)) error {
	var long []byte
	for n := 1; ; n++ {
		line, err := r.ReadSlice('\n')
		for errors.Is(err, bufio.ErrBufferFull) {
			if len(long) > longest {
				return fmt.Errorf("line %d is longer than %d bytes", n, longest)
			}
			long = append(long, line...)
			line, err = r.ReadSlice('\n')
		}
		if len(long) > 0 {
			line = append(long, line...)
			long = long[:0]
		}
		if len(line) > 0 {
			if n == 1 {
				line = bytes.TrimPrefix(line, bom)
			}
			do(bytes.TrimRight(line, "\r\n"), n)
		}
		if errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// tabbed reads tab separated text, a line a record.
func (b *builder) tabbed(r *bufio.Reader) error {
	f := make([][]byte, 0, 16)
	return eachLine(r, func(line []byte, n int) {
		if b.Kind == ncci.Pairs && b.quick(line) {
			return
		}
		f = fields(f, line, '\t')
		b.record(f, n)
	})
}

// quick reads the line that nearly all of a PTP table consists of: seven columns, the
// third empty, whole days. It leaves anything else, and whatever is wrong, alone.
//
//	0001U<TAB>0029U<TAB><TAB>20180701<TAB>20260630<TAB>1<TAB>rationale
func (b *builder) quick(s []byte) bool {
	if !b.found || b.short || len(s) < 26 || s[5] != '\t' || s[11] != '\t' || s[12] != '\t' || s[21] != '\t' {
		return false
	}
	e := ncci.Edit{To: ncci.Open}
	at := 24
	if s[22] != '*' || s[23] != '\t' {
		if at = 31; len(s) < 33 || s[30] != '\t' {
			return false
		}
		if e.To = day(s[22:30]); e.To == 0 {
			return false
		}
	}
	if e.Indicator = s[at] - '0'; len(s) > at+1 && s[at+1] != '\t' || e.Indicator > ncci.Allowed && e.Indicator != ncci.Obsolete {
		return false
	}
	e.Column1, _ = therapy.ParseCode(s[:5])
	e.Column2, _ = therapy.ParseCode(s[6:11])
	if e.Column1 == 0 || e.Column2 == 0 || e.Column1 == e.Column2 {
		return false
	}
	if e.From = day(s[13:21]); e.From == 0 {
		return false
	}
	b.addEdit(e)
	return true
}

// separated reads csv: records may span lines, quotes may stand where they like.
func (b *builder) separated(r io.Reader, comma byte) error {
	c := csv.NewReader(r)
	c.Comma, c.FieldsPerRecord, c.LazyQuotes, c.ReuseRecord = rune(comma), -1, true, true
	var f [][]byte
	for {
		record, err := c.Read()
		if errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		f = f[:0]
		for i, s := range record {
			if b.Kind == ncci.Pairs || i == 0 {
				f = append(f, trim([]byte(s)))
				continue
			}
			f = append(f, []byte(s))
		}
		if len(f) > 0 {
			f[0] = bytes.TrimPrefix(f[0], bom)
		}
		line, _ := c.FieldPos(0)
		b.record(f, line)
	}
}

// columns reads text in columns, a line a record of one field.
func (b *builder) columns(r *bufio.Reader) error {
	return eachLine(r, func(line []byte, n int) { b.record([][]byte{line}, n) })
}
