package cms_test

import (
	"bytes"
	"context"
	"testing"

	"github.com/gaitkeeper/gaitkeeper/scrub/ncci"
	"github.com/gaitkeeper/gaitkeeper/scrub/ncci/cms"
	"github.com/gaitkeeper/gaitkeeper/scrub/ncci/cms/cmstest"
)

// check holds whatever was read to what every table promises.
func check(t *testing.T, name string, content []byte) {
	res, err := cms.Read(context.Background(), []cms.Source{{Name: name, ReaderAt: bytes.NewReader(content), Size: int64(len(content))}}, cms.Options{})
	if err != nil {
		return
	}
	for _, tab := range res.Tables {
		if len(tab.Bad) > tab.Malformed || tab.Kind == 0 || tab.Program == "" {
			t.Fatalf("%+v", tab)
		}
		if tab.Kind == ncci.Pairs && tab.Read != len(tab.Edits)+tab.Void {
			t.Fatalf("%d rows read, %d kept, %d void", tab.Read, len(tab.Edits), tab.Void)
		}
		for _, e := range tab.Edits {
			if !e.InForce() || e.Column1.String() == "" || e.Column2.String() == "" || !ncci.ValidDay(e.From) || !ncci.ValidDay(e.To) ||
				e.Column1 < tab.Part.First || e.Column1 > tab.Part.Last {
				t.Fatalf("%+v", e)
			}
		}
		for _, m := range tab.Limits {
			if m.Code.String() == "" || m.Units < 0 || m.MAI < 1 || m.MAI > 3 {
				t.Fatalf("%+v", m)
			}
		}
		for _, a := range tab.AddOns {
			if a.Code.String() == "" || a.From != 0 && !ncci.ValidDay(a.From) || !ncci.ValidDay(a.To) || a.To < a.From {
				t.Fatalf("%+v", a)
			}
		}
		for _, f := range tab.Fees {
			if f.Code.String() == "" || f.Status < 'A' || f.Status > 'Z' {
				t.Fatalf("%+v", f)
			}
		}
		rows := tab.Rows
		rows.Edits = ncci.Tidy(rows.Edits)
		ncci.Join(ncci.Default(), &ncci.Publication{Kind: tab.Kind, Effective: 2026_10_01, Parts: []ncci.Part{tab.Part}, Rows: rows})
	}
}

func FuzzPTP(f *testing.F) {
	row := "97530\t97116\t\t20050401\t20191231\t1\tMisuse\r\n"
	f.Add([]byte(cmstest.PTPHead + row))
	f.Add([]byte(row + "97530\t97116\t*\t\t*\t9\n"))
	f.Add([]byte(cmstest.MedicaidHead + "97140\t97530\t20130401\t*\t1\tMisuse\r\n"))
	f.Add([]byte("97530,97116,,7/1/2018,*,1,\"a, b\"\n"))
	f.Fuzz(func(t *testing.T, content []byte) { check(t, "ptp-2026q4.txt", content) })
}

func FuzzMUE(f *testing.F) {
	f.Add([]byte(cmstest.MUE([]string{"97116", "97010"}, 4)))
	f.Add([]byte("97116,4,3 x,\"unclosed\n"))
	f.Fuzz(func(t *testing.T, content []byte) { check(t, "mue.csv", content) })
}

func FuzzAddOns(f *testing.F) {
	f.Add([]byte("0791T      97116     \r\n1 97130 97129 2023182 2024366\n"))
	f.Add([]byte("Add-On_Code\tPrimary_Code\tAOC_Edit_EffDT\n0791T\tCCCCC\t2023182\n"))
	f.Fuzz(func(t *testing.T, content []byte) { check(t, "aoc.txt", content) })
}

func FuzzFees(f *testing.F) {
	f.Add([]byte(cmstest.PFSHead + "97116,,GAIT,A,,0.45,7,XXX,5,0\r\n"))
	f.Fuzz(func(t *testing.T, content []byte) { check(t, "pfs.csv", content) })
}

// FuzzSheet puts XML in the place of a sheet and of the shared strings.
func FuzzSheet(f *testing.F) {
	row := `<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2"><v>97116</v></c><c r="D2"><v>20050401</v></c><c r="E2" t="str"><v>*</v></c><c r="F2" t="inlineStr"><is><t>1</t></is></c></row>`
	f.Add([]byte("<x:worksheet><sheetData>"+row+"</sheetData></x:worksheet>"), []byte("<sst><si><t>97530</t></si><si/></sst>"))
	f.Add([]byte(`<row r="x"><c r="ZZZZZ1"/><c/></row><row/>`), []byte("<si><r><t xml:space='preserve'>&amp;lt;</t></r></si>"))
	f.Fuzz(func(t *testing.T, sheet, shared []byte) {
		check(t, "x.xlsx", cmstest.Zip("xl/workbook.xml", "", "xl/sharedStrings.xml", string(shared), "xl/worksheets/sheet1.xml", string(sheet)))
	})
}
