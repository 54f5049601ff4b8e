package render

import (
	"bufio"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/gaitkeeper/gaitkeeper/cmd/internal/term"
)

// gap is what stands between two columns.
const gap = "  "

// Table is text in columns under a dim header, without lines: it reads well on a
// terminal and can be cut with other tools.
type Table struct {
	Style term.Style
	Width int // where the last column is wrapped; 0 for nowhere

	header []string
	right  []bool
	rows   []tableRow
}

type tableRow struct {
	cells []string
	paint []func(string) string // nil for plain
}

// NewTable is a table with that header. A column whose name begins with > is
// aligned to the right.
func NewTable(style term.Style, header ...string) *Table {
	t := &Table{Style: style, right: make([]bool, len(header))}
	for i, h := range header {
		h, t.right[i] = strings.CutPrefix(h, ">")
		t.header = append(t.header, h)
	}
	return t
}

// Row adds a row; Paint colors its cells.
func (t *Table) Row(cells ...string) *Table {
	t.rows = append(t.rows, tableRow{cells: cells})
	return t
}

// Paint colors the cells of the last row; nil leaves one plain.
func (t *Table) Paint(colors ...func(string) string) {
	t.rows[len(t.rows)-1].paint = colors
}

// Write writes the table. A row of a single cell is a heading: it takes no part in
// the widths.
func (t *Table) Write(w io.Writer) error {
	widths := make([]int, len(t.header))
	for _, r := range append([]tableRow{{cells: t.header}}, t.rows...) {
		for i, c := range r.cells {
			if len(r.cells) > 1 {
				widths[i] = max(widths[i], utf8.RuneCountInString(c))
			}
		}
	}
	out := bufio.NewWriter(w)
	dim := make([]func(string) string, len(t.header))
	for i := range dim {
		dim[i] = t.Style.Dim
	}
	t.line(out, tableRow{t.header, dim}, widths)
	for _, r := range t.rows {
		t.line(out, r, widths)
	}
	return out.Flush()
}

func (t *Table) line(out *bufio.Writer, r tableRow, widths []int) {
	last := len(r.cells) - 1
	at := 0
	for i, c := range r.cells {
		pad := strings.Repeat(" ", max(0, widths[i]-utf8.RuneCountInString(c)))
		lines := []string{c}
		if i == last && i > 0 && t.Width > 0 {
			lines = Wrap(c, max(t.Width-at, leastWrap))
		}
		if t.right[i] {
			out.WriteString(pad)
		}
		for n, l := range lines {
			if n > 0 {
				out.WriteString("\n" + strings.Repeat(" ", at))
			}
			if i < len(r.paint) && r.paint[i] != nil && l != "" {
				l = r.paint[i](l)
			}
			out.WriteString(l)
		}
		if i < last {
			if !t.right[i] {
				out.WriteString(pad)
			}
			out.WriteString(gap)
		}
		at += widths[i] + len(gap)
	}
	out.WriteByte('\n')
}

// leastWrap is the narrowest that a column becomes.
const leastWrap = 30

// Wrap breaks text at blanks into lines of at most width characters; a longer word
// has a line of its own.
func Wrap(s string, width int) (lines []string) {
	line, length := "", 0
	for word := range strings.FieldsSeq(s) {
		n := utf8.RuneCountInString(word)
		switch {
		case line == "":
			line, length = word, n
		case length+1+n <= width:
			line, length = line+" "+word, length+1+n
		default:
			lines = append(lines, line)
			line, length = word, n
		}
	}
	return append(lines, line)
}
