package cms

import (
	"archive/zip"
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strconv"

	"github.com/gaitkeeper/gaitkeeper/scrub/ncci"
)

// Sheets of a workbook (ECMA-376, part 1, chapter 18) are read tag by tag: of a part
// of the PTP table that is half a second's work, and a tenth of it in memory.

// workbook reads the first sheet that holds a table.
func (b *builder) workbook(ctx context.Context, z *zip.Reader) (t *Table, why string, err error) {
	var shared [][]byte
	var sheets []*zip.File
	for _, f := range z.File {
		switch {
		case f.Name == "xl/sharedStrings.xml":
			if shared, err = sharedStrings(ctx, f); err != nil {
				return nil, "", err
			}
		case path.Dir(f.Name) == "xl/worksheets" && path.Ext(f.Name) == ".xml":
			sheets = append(sheets, f)
		}
	}
	slices.SortFunc(sheets, func(a, b *zip.File) int { return cmp.Or(len(a.Name)-len(b.Name), cmp.Compare(a.Name, b.Name)) })
	why = "a workbook without sheets"
	for _, f := range sheets {
		var head []byte
		if head, err = sheetHead(ctx, f, shared); err != nil {
			return nil, "", err
		}
		var l layout
		if l, why = shapeOf(head); why != "" {
			continue
		}
		if what := foreignTo(head); what != "" && l.kind == ncci.Limits {
			return nil, notOurs(what), nil
		}
		b.Kind, b.Part.Number = l.kind, partIn(b.File)
		err = eachRow(ctx, f, shared, func(s *sheetRow) bool {
			s.padCodes(b.Kind)
			b.record(s.cells, s.number)
			return true
		})
		if err == nil {
			err = b.finish(head)
		}
		return b.Table, "", err
	}
	return nil, why, nil
}

// sheetHead is the beginning of a sheet as tab separated text.
func sheetHead(ctx context.Context, f *zip.File, shared [][]byte) (head []byte, err error) {
	err = eachRow(ctx, f, shared, func(s *sheetRow) bool {
		for i, c := range s.cells {
			if i > 0 {
				head = append(head, '\t')
			}
			for _, ch := range c {
				if ch < ' ' {
					ch = ' '
				}
				head = append(head, ch)
			}
		}
		head = append(head, '\n')
		return len(head) < headSize
	})
	return head, err
}

// sheetRow is a row of a sheet. Its cells are views that the next row overwrites.
type sheetRow struct {
	number  int
	cells   [][]byte
	numeric []bool
	buf     []byte // of the cells that are not shared strings
}

// mostColumns is how many cells of a row are read; no table has as many.
const mostColumns = 64

func (s *sheetRow) reset(number int) {
	s.number, s.cells, s.numeric, s.buf = number, s.cells[:0], s.numeric[:0], s.buf[:0]
}

func (s *sheetRow) set(column int, value []byte, numeric bool) {
	if column < 0 || column >= mostColumns {
		return
	}
	for len(s.cells) <= column {
		s.cells, s.numeric = append(s.cells, nil), append(s.numeric, false)
	}
	s.cells[column], s.numeric[column] = trim(value), numeric
}

// padCodes gives codes the zeros back that they lose where a cell holds a number.
func (s *sheetRow) padCodes(kind ncci.Kind) {
	for i := range s.cells {
		if c := s.cells[i]; s.numeric[i] && len(c) < 5 && len(c) > 0 && (i == 0 || i == 1 && kind == ncci.Pairs) {
			s.cells[i] = append(bytes.Repeat([]byte("0"), 5-len(c)), c...)
		}
	}
}

// eachRow hands over the rows of a sheet until do returns false.
func eachRow(ctx context.Context, f *zip.File, shared [][]byte, do func(*sheetRow) bool) error {
	r, err := f.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	x := tags{in: bufio.NewReaderSize(cancelled{ctx, r}, 1<<16)}
	var (
		row    sheetRow
		column int
		kind   byte // of the cell: n, s for a shared string, t for text
		inside bool // of a value
		from   int  // of the value in row.buf
	)
	next := 1
	for {
		text, err := x.next()
		if errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return fmt.Errorf("%s: %w", f.Name, err)
		}
		if inside {
			row.buf = appendText(row.buf, text)
		}
		switch string(x.name()) {
		case "row":
			if n, err := strconv.Atoi(string(x.attribute("r"))); err == nil {
				next = n
			}
			row.reset(next)
			column, from, next = -1, 0, next+1
		case "/row":
			if !do(&row) {
				return nil
			}
		case "c":
			kind = 'n'
			if t := x.attribute("t"); len(t) > 1 { // str, inlineStr, ...
				kind = 't'
			} else if len(t) == 1 {
				kind = t[0]
			}
			if at := columnOf(x.attribute("r")); at >= 0 {
				column = at
			} else {
				column++
			}
			from = len(row.buf)
		case "v", "t":
			inside = !x.empty()
		case "/v", "/t":
			inside = false
		case "/c":
			value := row.buf[from:len(row.buf):len(row.buf)]
			switch kind {
			case 's':
				i, err := strconv.Atoi(string(value))
				if err != nil || i < 0 || i >= len(shared) {
					return fmt.Errorf("%s: row %d: no shared string %q", f.Name, row.number, value)
				}
				row.set(column, shared[i], false)
			case 'n':
				row.set(column, whole(value), true)
			default:
				row.set(column, value, false)
			}
		}
	}
}

// whole writes a number as a spreadsheet shows it: 2.0180701E7 is 20180701.
func whole(v []byte) []byte {
	if bytes.ContainsAny(v, ".Ee") {
		if x, err := strconv.ParseFloat(string(v), 64); err == nil && x == float64(int64(x)) {
			return strconv.AppendInt(nil, int64(x), 10)
		}
	}
	return v
}

// columnOf is the column of a reference such as B7, from 0; -1 where there is none.
func columnOf(ref []byte) int {
	n := 0
	for i, c := range ref {
		if c < 'A' || c > 'Z' {
			if i == 0 {
				return -1
			}
			break
		}
		if n = n*26 + int(c-'A') + 1; n > mostColumns {
			break
		}
	}
	return n - 1
}

// mostShared is the most bytes of shared strings.
const mostShared = 1 << 28

func sharedStrings(ctx context.Context, f *zip.File) (list [][]byte, err error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	x := tags{in: bufio.NewReaderSize(cancelled{ctx, r}, 1<<16)}
	var s []byte
	size, inside := 0, false
	for {
		text, err := x.next()
		if errors.Is(err, io.EOF) {
			return list, nil
		} else if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name, err)
		}
		if inside {
			s = appendText(s, text)
		}
		switch string(x.name()) {
		case "si":
			s = nil
			if x.empty() {
				list = append(list, nil)
			}
		case "t":
			inside = !x.empty()
		case "/t":
			inside = false
		case "/si":
			if size += len(s) + 24; size > mostShared {
				return nil, fmt.Errorf("%s: too large", f.Name)
			}
			list = append(list, s)
		}
	}
}

// tags reads XML one tag at a time.
type tags struct {
	in   *bufio.Reader
	text []byte
	tag  []byte // without < and >
}

var errXML = errors.New("not as a sheet is written")

// next reads up to the next tag and returns the text before it.
func (x *tags) next() (text []byte, err error) {
	if x.text, err = until(x.in, '<', x.text[:0]); err != nil {
		return nil, err
	}
	if x.tag, err = until(x.in, '>', x.tag[:0]); errors.Is(err, io.EOF) {
		return nil, io.ErrUnexpectedEOF
	}
	return x.text, err
}

func until(in *bufio.Reader, delim byte, dst []byte) ([]byte, error) {
	for {
		part, err := in.ReadSlice(delim)
		dst = append(dst, part...)
		switch {
		case err == nil:
			return dst[:len(dst)-1], nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, err
		case len(dst) > longest:
			return nil, errXML
		}
	}
}

// name is that of the tag without its namespace; with a / before it where it ends one.
func (x *tags) name() []byte {
	name := x.tag
	if end := bytes.IndexAny(name, " \t\r\n"); end >= 0 {
		name = name[:end]
	} else if x.empty() {
		name = name[:len(name)-1]
	}
	if i := bytes.IndexByte(name, ':'); i > 0 {
		if name[0] == '/' {
			name[i] = '/' // no name has one, and the tag is not read again
			return name[i:]
		}
		return name[i+1:]
	}
	return name
}

func (x *tags) empty() bool { return len(x.tag) > 0 && x.tag[len(x.tag)-1] == '/' }

// attribute is the value of an attribute; nil where there is none.
func (x *tags) attribute(name string) []byte {
	rest := x.tag
	for {
		i := bytes.IndexByte(rest, '=')
		if i < 0 || i+2 > len(rest) {
			return nil
		}
		key := rest[:i]
		if at := bytes.LastIndexAny(key, " \t\r\n"); at >= 0 {
			key = key[at+1:]
		}
		quote := rest[i+1]
		end := bytes.IndexByte(rest[i+2:], quote)
		if end < 0 {
			return nil
		}
		if string(key) == name {
			return rest[i+2 : i+2+end]
		}
		rest = rest[i+2+end+1:]
	}
}

// appendText appends text of XML.
func appendText(dst, text []byte) []byte {
	if bytes.IndexByte(text, '&') < 0 {
		return append(dst, text...)
	}
	for _, e := range entities {
		text = bytes.ReplaceAll(text, []byte(e[0]), []byte(e[1]))
	}
	return append(dst, text...)
}

var entities = [][2]string{{"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", `"`}, {"&apos;", "'"}, {"&#10;", "\n"}, {"&#13;", "\r"}, {"&amp;", "&"}}
