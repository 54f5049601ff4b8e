package report

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
)

// workbook is a file of sheets that are written row by row; long ones are spooled to
// temporary files until it is closed. The first error stays.
type workbook struct {
	file   *excelize.File
	style  styles
	sheets []*sheet
	named  int // sheets that have a name
	err    error
}

// styles are the looks of cells.
type styles struct{ title, header, text, wrap, money, quantity, day, rate, count, note, section int }

const font = "Calibri"

func newWorkbook() (*workbook, error) {
	b := &workbook{file: excelize.NewFile()}
	moneyFormat, dayFormat := `#,##0.00;[Red]-#,##0.00`, "yyyy-mm-dd"
	top := &excelize.Alignment{Vertical: "top"}
	for _, s := range []struct {
		id    *int
		style excelize.Style
	}{
		{&b.style.title, excelize.Style{Font: &excelize.Font{Family: font, Size: 16, Bold: true}}},
		{&b.style.section, excelize.Style{Font: &excelize.Font{Family: font, Size: 12, Bold: true, Color: "1F5F8B"}}},
		{&b.style.header, excelize.Style{
			Font: &excelize.Font{Family: font, Bold: true, Color: "FFFFFF"}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"1F5F8B"}},
			Alignment: &excelize.Alignment{Vertical: "center", WrapText: true},
		}},
		{&b.style.text, excelize.Style{NumFmt: 49, Alignment: top}},
		{&b.style.wrap, excelize.Style{NumFmt: 49, Alignment: &excelize.Alignment{Vertical: "top", WrapText: true}}},
		{&b.style.note, excelize.Style{Font: &excelize.Font{Family: font, Color: "6B7280"}}},
		{&b.style.money, excelize.Style{CustomNumFmt: &moneyFormat, Alignment: top}},
		{&b.style.quantity, excelize.Style{NumFmt: 0, Alignment: top}},
		{&b.style.count, excelize.Style{NumFmt: 3, Alignment: top}},
		{&b.style.day, excelize.Style{CustomNumFmt: &dayFormat, Alignment: &excelize.Alignment{Horizontal: "left", Vertical: "top"}}},
		{&b.style.rate, excelize.Style{NumFmt: 10, Alignment: top}},
	} {
		id, err := b.file.NewStyle(&s.style)
		if err != nil {
			return nil, err
		}
		*s.id = id
	}
	return b, nil
}

func (b *workbook) keep(err error) {
	if b.err == nil {
		b.err = err
	}
}

// sheet is a table with a frozen header and filters. Past the rows that a sheet can
// hold it goes on in another one.
type sheet struct {
	*workbook
	name   string
	titles []string
	widths []float64
	stream *excelize.StreamWriter
	part   int
	rows   int // of the part, with the header
}

// maxRows is how many rows a sheet can hold.
var maxRows = excelize.TotalRows

// wide is a column whose text is wrapped.
const wide = 40

func (b *workbook) sheet(name string, titles []string, widths []float64) *sheet {
	s := &sheet{workbook: b, name: name, titles: titles, widths: widths}
	b.sheets = append(b.sheets, s)
	s.begin()
	return s
}

// open makes a sheet; the first one takes the name of the empty sheet of a new file.
func (b *workbook) open(name string) *excelize.StreamWriter {
	if b.err != nil {
		return nil
	}
	if b.named++; b.named == 1 {
		b.keep(b.file.SetSheetName("Sheet1", name))
	} else {
		_, err := b.file.NewSheet(name)
		b.keep(err)
	}
	stream, err := b.file.NewStreamWriter(name)
	b.keep(err)
	return stream
}

func (s *sheet) begin() {
	name := s.name
	if s.part++; s.part > 1 {
		name = fmt.Sprintf("%s %d", s.name, s.part)
	}
	if s.stream = s.open(name); s.err != nil {
		return
	}
	for i, w := range s.widths {
		s.keep(s.stream.SetColWidth(i+1, i+1, w))
	}
	s.keep(s.stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}))
	header := make([]any, len(s.titles))
	for i, t := range s.titles {
		header[i] = excelize.Cell{StyleID: s.style.header, Value: t}
	}
	s.keep(s.stream.SetRow("A1", header, excelize.RowOpts{Height: 20}))
	s.rows = 1
}

// end gives the part its filters.
func (s *sheet) end() {
	if s.err != nil {
		return
	}
	last, err := excelize.CoordinatesToCellName(len(s.titles), max(s.rows, 2))
	s.keep(err)
	stripes := true
	s.keep(s.stream.AddTable(&excelize.Table{
		Range: "A1:" + last, Name: tableName(s.name, s.part), StyleName: "TableStyleLight9", ShowRowStripes: &stripes,
	}))
	s.keep(s.stream.Flush())
}

func tableName(sheet string, part int) string {
	return strings.ReplaceAll(sheet, " ", "_") + "_" + strconv.Itoa(part)
}

func (s *sheet) row(values []any) {
	if s.err != nil {
		return
	}
	if s.rows == maxRows {
		s.end()
		s.begin()
	}
	s.rows++
	cells := make([]any, len(values))
	for i, v := range values {
		cells[i] = s.cell(v, s.widths[i] >= wide)
	}
	s.keep(s.stream.SetRow("A"+strconv.Itoa(s.rows), cells))
}

// cell is a value with its look. Text stays text: it is never a formula.
func (b *workbook) cell(v any, wrap bool) any {
	switch v := v.(type) {
	case string:
		switch {
		case v == "":
			return nil
		case wrap:
			return excelize.Cell{StyleID: b.style.wrap, Value: clipped(v)}
		}
		return excelize.Cell{StyleID: b.style.text, Value: clipped(v)}
	case int:
		return excelize.Cell{StyleID: b.style.count, Value: v}
	case money:
		if v == "" {
			return nil
		}
		return excelize.Cell{StyleID: b.style.money, Value: float64(cents(string(v))) / 100}
	case quantity:
		n, err := strconv.ParseFloat(string(v), 64)
		if err != nil {
			return b.cell(string(v), wrap)
		}
		return excelize.Cell{StyleID: b.style.quantity, Value: n}
	case day:
		t, err := time.Parse(time.DateOnly, string(v))
		if err != nil {
			return b.cell(string(v), wrap)
		}
		return excelize.Cell{StyleID: b.style.day, Value: t}
	case rate:
		return excelize.Cell{StyleID: b.style.rate, Value: float64(v)}
	}
	return nil
}

// clipped is as much of a text as a cell can hold.
func clipped(s string) string {
	if len(s) <= excelize.TotalCellChars {
		return s
	}
	r := []rune(s)
	return string(r[:min(len(r), excelize.TotalCellChars)])
}

// write ends all sheets and writes the file.
func (b *workbook) write(w io.Writer) error {
	for _, s := range b.sheets {
		s.end()
	}
	if b.err != nil {
		return b.err
	}
	buf, err := b.file.WriteToBuffer()
	if err != nil {
		return err
	}
	if err := inOrder(w, buf.Bytes()); err != nil {
		return err
	}
	return b.close()
}

// inOrder writes a zip file with its parts in the order of their names: the library
// takes the sheets out of a map.
func inOrder(w io.Writer, file []byte) error {
	in, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return err
	}
	slices.SortFunc(in.File, func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) })
	out := zip.NewWriter(w)
	for _, part := range in.File {
		if err := out.Copy(part); err != nil {
			return err
		}
	}
	return out.Close()
}

// close removes what was spooled. It may be called again.
func (b *workbook) close() error {
	if b.file == nil {
		return nil
	}
	err := errors.Join(b.err, b.file.Close())
	b.file = nil
	return err
}
