package report

import (
	"io"
	"strconv"

	"github.com/xuri/excelize/v2"

	"github.com/gaitkeeper/gaitkeeper/cmd/internal/render"
)

// XLSX writes a workbook: a summary, and a sheet for each view.
type XLSX struct {
	w       io.Writer
	book    *workbook
	summary *excelize.StreamWriter
	list    []task

	payments, claims, lines, adjustments, withheld, unmatched *sheet
}

// NewXLSX writes a workbook. It may keep temporary files, until Close.
func NewXLSX(w io.Writer) *XLSX {
	x := &XLSX{w: w}
	book, err := newWorkbook()
	if err != nil {
		book = &workbook{err: err}
	}
	x.book = book
	x.summary = book.open("Summary")
	return x
}

// begin makes the sheets that are filled as the objects come.
func (x *XLSX) begin() {
	if x.payments != nil {
		return
	}
	x.payments = sheetOf(x.book, &paymentView)
	x.claims = sheetOf(x.book, &claimView)
	x.lines = sheetOf(x.book, &lineView)
	x.adjustments = sheetOf(x.book, &adjustmentView)
	x.withheld = sheetOf(x.book, &withheldView)
	x.unmatched = sheetOf(x.book, &unmatchedView)
}

func sheetOf[T any](b *workbook, v *view[T]) *sheet { return b.sheet(v.name, v.titles(), v.widths()) }

// Payment takes a payment and its provider adjustments.
func (x *XLSX) Payment(p *render.RemitPayment) error {
	x.begin()
	x.payments.row(paymentView.row(p))
	for i := range p.PLB {
		x.withheld.row(withheldView.row(&withheld{p, &p.PLB[i]}))
	}
	return x.book.err
}

// Claim takes an answer, its lines and all their adjustments.
func (x *XLSX) Claim(c *render.RemitClaim, lines []render.RemitLine) error {
	x.begin()
	x.list = tasks(x.list, c, lines)
	x.claims.row(claimView.row(c))
	for i := range c.Adjustments {
		x.adjustments.row(adjustmentView.row(&adjusted{c, nil, &c.Adjustments[i]}))
	}
	for i := range lines {
		l := &lines[i]
		x.lines.row(lineView.row(l))
		for j := range l.Adjustments {
			x.adjustments.row(adjustmentView.row(&adjusted{c, l, &l.Adjustments[j]}))
		}
	}
	return x.book.err
}

// Unmatched takes what has no partner.
func (x *XLSX) Unmatched(u *render.RemitUnmatched) error {
	x.begin()
	x.unmatched.row(unmatchedView.row(u))
	return x.book.err
}

// Close writes the workbook.
func (x *XLSX) Close(s *render.RemitSummary) error {
	x.begin()
	defer x.book.close()
	x.summarize(s)
	sortTasks(x.list)
	fill(x.book, &taskView, spaced(taskView.titles()), x.list)
	fill(x.book, &denialView, denialView.titles(), s.Denials)
	for _, g := range groupViews {
		var rows []render.RemitGroup
		for _, r := range s.Groups {
			if r.Dimension == g.dimension {
				rows = append(rows, r)
			}
		}
		v := groupView(g.dimension, g.name)
		fill(x.book, v, v.titles(), rows)
	}
	fill(x.book, &forwardView, forwardView.titles(), s.Forward)
	fill(x.book, &turnaroundView, turnaroundView.titles(), s.Turnaround)
	x.order()
	return x.book.write(x.w)
}

func fill[T any](b *workbook, v *view[T], titles []string, rows []T) {
	s := b.sheet(v.name, titles, v.widths())
	for i := range rows {
		s.row(v.row(&rows[i]))
	}
}

// order puts the worklist and the views of denials behind the summary.
func (x *XLSX) order() {
	names := []string{taskView.name, denialView.name}
	for _, g := range groupViews {
		names = append(names, g.name)
	}
	for _, name := range names {
		if x.book.err == nil {
			x.book.keep(x.book.file.MoveSheet(name, paymentView.name))
		}
	}
	if x.book.err == nil {
		x.book.file.SetActiveSheet(0)
	}
}

// summarize writes the first sheet: names, numbers, definitions.
func (x *XLSX) summarize(s *render.RemitSummary) {
	b, w := x.book, x.summary
	if b.err != nil {
		return
	}
	for i, width := range []float64{30, 18, 70} {
		b.keep(w.SetColWidth(i+1, i+1, width))
	}
	at := 0
	row := func(cells ...any) {
		at++
		b.keep(w.SetRow("A"+strconv.Itoa(at), cells))
	}
	row(excelize.Cell{StyleID: b.style.title, Value: "Reconciliation"})
	for _, part := range sections(s) {
		row()
		row(excelize.Cell{StyleID: b.style.section, Value: part.Title})
		for _, f := range part.Facts {
			row(excelize.Cell{Value: f.Name}, b.cell(f.Value, false), excelize.Cell{StyleID: b.style.note, Value: f.Note})
		}
	}
	if b.err == nil {
		b.keep(w.Flush())
	}
}
