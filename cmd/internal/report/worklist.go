package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/gaitkeeper/gaitkeeper/cmd/internal/render"
)

// WorklistFormats are the formats of a worklist.
var WorklistFormats = []string{"csv", "xlsx"}

// Worklist writes a row for each line that was denied or underpaid, the most
// recoverable dollars first, then the nearest deadline.
type Worklist struct {
	w      io.Writer
	format string
	list   []task
}

// NewWorklist writes a worklist in a format of WorklistFormats; nil where the format
// is none.
func NewWorklist(w io.Writer, format string) *Worklist {
	if !slices.Contains(WorklistFormats, format) {
		return nil
	}
	return &Worklist{w: w, format: format}
}

// Payment does nothing.
func (l *Worklist) Payment(*render.RemitPayment) error { return nil }

// Claim takes what is to be done about an answer.
func (l *Worklist) Claim(c *render.RemitClaim, lines []render.RemitLine) error {
	l.list = tasks(l.list, c, lines)
	return nil
}

// Unmatched does nothing.
func (l *Worklist) Unmatched(*render.RemitUnmatched) error { return nil }

// Close writes the list.
func (l *Worklist) Close(*render.RemitSummary) error {
	sortTasks(l.list)
	if l.format == "xlsx" {
		return l.workbook()
	}
	return l.csv()
}

func (l *Worklist) csv() error {
	w := csv.NewWriter(l.w)
	if err := w.Write(taskView.titles()); err != nil {
		return err
	}
	for i := range l.list {
		var cells []string
		for _, v := range taskView.row(&l.list[i]) {
			cells = append(cells, csvCell(v))
		}
		if err := w.Write(cells); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

func csvCell(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return guarded(v)
	case rate:
		return strconv.FormatFloat(float64(v), 'f', -1, 64)
	}
	return fmt.Sprint(v)
}

func (l *Worklist) workbook() error {
	b, err := newWorkbook()
	if err != nil {
		return err
	}
	defer b.close()
	s := b.sheet(taskView.name, spaced(taskView.titles()), taskView.widths())
	for i := range l.list {
		s.row(taskView.row(&l.list[i]))
	}
	return b.write(l.w)
}

// spaced are the names of csv columns as titles of a sheet.
func spaced(titles []string) []string {
	out := make([]string, len(titles))
	for i, t := range titles {
		out[i] = strings.ReplaceAll(t, "_", " ")
	}
	return out
}
