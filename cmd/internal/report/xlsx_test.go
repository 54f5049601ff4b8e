package report

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/gaitkeeper/gaitkeeper/cmd/internal/render"
)

func sampleBook(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	feed(t, NewXLSX(&b))
	return b.Bytes()
}

func openBook(t *testing.T, b []byte) *excelize.File {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func TestXLSX(t *testing.T) {
	f := openBook(t, sampleBook(t))
	want := []string{
		"Summary", "Worklist", "By reason", "By payer", "By code", "By provider", "By modifiers", "By rule",
		"Payments", "Claims", "Lines", "Adjustments", "PLB", "Unmatched", "Forward balances", "Turnaround",
	}
	if diff := cmp.Diff(want, f.GetSheetList()); diff != "" {
		t.Fatal(diff)
	}
	rows := map[string]int{
		"Worklist": 6, "By reason": 5, "By payer": 2, "By code": 2, "By rule": 0, "Payments": 2, "Claims": 4, "Lines": 8, "Adjustments": 7,
		"PLB": 1, "Unmatched": 2, "Forward balances": 1, "Turnaround": 1,
	}
	for name, n := range rows {
		got, err := f.GetRows(name)
		if err != nil || len(got) != n+1 {
			t.Errorf("%s: %d rows (%v), want %d and a header", name, len(got), err, n)
		}
		panes, err := f.GetPanes(name)
		if err != nil || !panes.Freeze || panes.YSplit != 1 {
			t.Errorf("%s: its header is not frozen: %+v, %v", name, panes, err)
		}
		tables, err := f.GetTables(name)
		if err != nil || len(tables) != 1 {
			t.Errorf("%s: no filters: %v", name, err)
		}
	}
	for sheet, cells := range map[string]map[string]string{
		"Summary":  {"A1": "Reconciliation", "A4": "Charge", "B4": "510.00", "B8": "274.00"},
		"Payments": {"F2": "171.20", "D2": "2026-11-16", "J3": "no", "C3": "=1+2", "P3": "the payment is 4.00 short"},
		"By payer": {"A2": "62308", "B2": "3", "D2": "33.33%"},
		"PLB":      {"D2": "WO", "F2": "25.00"},
	} {
		for cell, want := range cells {
			if got, err := f.GetCellValue(sheet, cell); got != want {
				t.Errorf("%s!%s is %q (%v), want %q", sheet, cell, got, err, want)
			}
		}
	}
	if kind, _ := f.GetCellType("Payments", "F2"); kind == excelize.CellTypeInlineString || kind == excelize.CellTypeSharedString {
		t.Error("an amount is text")
	}
}

// No cell is a formula, whatever a file says.
func TestXLSXHasNoFormulas(t *testing.T) {
	f := openBook(t, sampleBook(t))
	odd := false
	for _, sheet := range f.GetSheetList() {
		rows, err := f.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		for y, row := range rows {
			for x, v := range row {
				cell, _ := excelize.CoordinatesToCellName(x+1, y+1)
				if formula, _ := f.GetCellFormula(sheet, cell); formula != "" {
					t.Errorf("%s!%s is the formula %s", sheet, cell, formula)
				}
				odd = odd || strings.HasPrefix(v, "=HYPERLINK")
			}
		}
	}
	if !odd {
		t.Error("the sample holds nothing that looks like a formula")
	}
}

func TestXLSXIsDeterministic(t *testing.T) {
	if !bytes.Equal(sampleBook(t), sampleBook(t)) {
		t.Error("two runs give other bytes")
	}
}

// A sheet that is full goes on in another one.
func TestXLSXGoesOn(t *testing.T) {
	defer func(n int) { maxRows = n }(maxRows)
	maxRows = 4
	f := openBook(t, sampleBook(t))
	names := f.GetSheetList()
	for _, name := range []string{"Lines", "Lines 2", "Lines 3"} {
		if !slices.Contains(names, name) {
			t.Fatalf("no sheet %q among %q", name, names)
		}
	}
	rows, _ := f.GetRows("Lines 3")
	if len(rows) != 3 || rows[0][0] != "claim" {
		t.Errorf("%q", rows)
	}
}

func TestXLSXEmpty(t *testing.T) {
	var b bytes.Buffer
	if err := NewXLSX(&b).Close(&render.RemitSummary{}); err != nil {
		t.Fatal(err)
	}
	if f := openBook(t, b.Bytes()); f.SheetCount != 16 {
		t.Errorf("%d sheets", f.SheetCount)
	}
}
