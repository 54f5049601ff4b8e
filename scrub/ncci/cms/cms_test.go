package cms_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/gaitkeeper/gaitkeeper/scrub/ncci"
	"github.com/gaitkeeper/gaitkeeper/scrub/ncci/cms"
	"github.com/gaitkeeper/gaitkeeper/scrub/ncci/cms/cmstest"
	"github.com/gaitkeeper/gaitkeeper/scrub/therapy"
)

func source(name, content string) cms.Source {
	return cms.Source{Name: name, ReaderAt: strings.NewReader(content), Size: int64(len(content))}
}

func read(t *testing.T, o cms.Options, list ...cms.Source) *cms.Result {
	t.Helper()
	res, err := cms.Read(context.Background(), list, o)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// one reads a file that must be one table.
func one(t *testing.T, name, content string) *cms.Table {
	t.Helper()
	res := read(t, cms.Options{}, source(name, content))
	if len(res.Tables) != 1 {
		t.Fatalf("%d tables, skipped %v", len(res.Tables), res.Skipped)
	}
	return res.Tables[0]
}

// why reads a file that must be no table.
func why(t *testing.T, name, content string) string {
	t.Helper()
	res := read(t, cms.Options{}, source(name, content))
	if len(res.Tables) != 0 || len(res.Skipped) == 0 {
		t.Fatalf("%s: %d tables, skipped %v", name, len(res.Tables), res.Skipped)
	}
	return res.Skipped[0].Why
}

func edits(list []ncci.Edit) (out []string) {
	for _, e := range list {
		to := fmt.Sprint(e.To)
		if e.To == ncci.Open {
			to = "*"
		}
		out = append(out, fmt.Sprintf("%s %s %d %d %s", e.Column1, e.Column2, e.Indicator, e.From, to))
	}
	return out
}

const rationale = "\tMisuse of Column Two code \x92 with Column One code \xa9\r\n"

func TestPTP(t *testing.T) {
	rows := []struct{ row, want string }{
		{"97530\t97116\t\t20201001\t20201001\t9", ""}, // killed on its first day
		{"97530\t97116\t\t20050401\t20191231\t1", "97530 97116 1 20050401 20191231"},
		{"97530\t97116\t\t20211001\t*\t1", "97530 97116 1 20211001 *"},
		{"97116\t97530\t\t20200101\t20200331\t0", "97116 97530 0 20200101 20200331"}, // the other way round for a while
		{"0791T\tG0283\t\t20230701\t*\t1", "0791T G0283 1 20230701 *"},
		{"97140\t97124\t*\t19960101\t*\t0", "97140 97124 0 19960101 *"},
		{"97140\t97125\t*\t\t*\t0", "97140 97125 0 19960101 *"}, // older than the column for the day
		{"97150\t97110\t\t20240229\t20240229\t1", "97150 97110 1 20240229 20240229"},
		{"97150\t97112\t\t20240701\t20240630\t1", ""}, // deleted before it begins
		{"97150\t97116\t\t20240701\t99991231\t1", "97150 97116 1 20240701 *"},
		{"\"97150\"\t\"97124\"\t\t\"20240701\"\t\"*\"\t\"1\"", "97150 97124 1 20240701 *"},
		{" 97150\xa0\t97140\t\t20240701\t*\t 1", "97150 97140 1 20240701 *"},
		{"97150\t97530\t\t20240701\t*\t1\tx\ty\t\t\t", "97150 97530 1 20240701 *"},
	}
	var text strings.Builder
	text.WriteString(cmstest.PTPHead)
	var want []string
	for _, r := range rows {
		text.WriteString(r.row + rationale)
		if r.want != "" {
			want = append(want, r.want)
		}
	}
	text.WriteString("\t\t\t\t\t\t\r\n\r\n")
	for name, content := range map[string]string{
		"CRLF": text.String(),
		"LF":   strings.ReplaceAll(text.String(), "\r", ""),
		"BOM":  "\xef\xbb\xbf" + text.String(),
		"long": strings.Repeat("a notice\twith tabs\t\r\n", 5000) + text.String(),
		"bare": strings.TrimPrefix(text.String(), cmstest.PTPHead),
		"cut":  strings.TrimRight(text.String(), "\t\r\n"),
		"two":  text.String() + cmstest.PTPHead,
		"csv":  strings.ReplaceAll(text.String(), "\t", ","),
	} {
		tab := one(t, "ccipra-v323r0-f4.TXT", content)
		if d := cmp.Diff(want, edits(tab.Edits)); d != "" {
			t.Errorf("%s: %s", name, d)
		}
		if tab.Kind != ncci.Pairs || tab.Program != cms.Medicare || tab.Effective != 2026_10_01 || tab.Told != "name" ||
			tab.Part.Number != 4 || tab.Part.First.String() != "0791T" || tab.Part.Last.String() != "97530" {
			t.Errorf("%s: %+v", name, tab)
		}
		if tab.Read != len(rows) || tab.Void != 2 || tab.Malformed != 0 || tab.Err() != nil {
			t.Errorf("%s: %d rows, %d void, %d malformed: %v", name, tab.Read, tab.Void, tab.Malformed, tab.Bad)
		}
	}
}

// TestMalformed: each kind of row that cannot be read is counted and told with its
// line, and the others are read.
func TestMalformed(t *testing.T) {
	good := "97150\t97110\t\t20201001\t*\t1" + rationale
	for row, want := range map[string]string{
		"97150\t97112\t\t20260231\t*\t1":        `no day of the calendar: effective "20260231"`,
		"97150\t97112\t\t20250101\t20260431\t1": `no day of the calendar: deletion "20260431"`,
		"97150\t97112\t\t20250101\t*\t2":        `modifier indicator "2" is none of 0, 1, 9`,
		"97150\t97112\t\t20250101\t*\tx":        `no modifier indicator: "x"`,
		"97150\t97112\t\t20250101\t*":           "5 columns, 6 or more are needed",
		"97150\t97112\t\t2025010\t*\t1":         `no effective day: "2025010"`,
		"97150\t97112\t\t20250101\t2026\t1":     `deletion`,
		"97150\tg0283\t\t20250101\t*\t1":        `no code: "g0283"`,
		"9715\t97112\t\t20250101\t*\t1":         `no code: "9715"`,
		"97150\t97150\t\t20250101\t*\t1":        `a pair of one code: "97150"`,
		"97150\t97112\tx\t20250101\t*\t1":       `in column 3: "x"`,
		"97150\t97112\t20250101\t*\t1":          "columns of another layout",
		"97150\t97112\t20250101\t*\t1\tz":       "columns of another layout",
		"97150":                                 "1 columns, 6 or more are needed",
		"garbage \x00 here":                     "1 columns, 6 or more are needed",
	} {
		text := cmstest.PTPHead + strings.Repeat(good, 150) + row + "\r\n" + strings.Repeat(good, 50)
		tab := one(t, "ptp.txt", text)
		if tab.Read != 200 || tab.Malformed != 1 || len(tab.Bad) != 1 || tab.Bad[0].Line != 157 || !strings.Contains(tab.Bad[0].Why, want) {
			t.Errorf("%q: %d rows, %d malformed: %v", row, tab.Read, tab.Malformed, tab.Bad)
		}
		if err := tab.Err(); err != nil {
			t.Errorf("%q: %v", row, err)
		}
		if n := len(ncci.Tidy(tab.Edits)); n != 1 {
			t.Errorf("%q: %d edits", row, n)
		}
	}

	// Bad rows before the first good one count as well.
	first := one(t, "ptp.txt", cmstest.PTPHead+"97150\tg0283\t\t20250101\t*\t1"+rationale+strings.Repeat(good, 200))
	if first.Malformed != 1 || first.Read != 200 {
		t.Errorf("%d malformed, %d read", first.Malformed, first.Read)
	}

	// More than one in a hundred, and the table is refused.
	bad := "97150\t97112\t\t20260231\t*\t1" + rationale
	many := one(t, "ptp.txt", cmstest.PTPHead+strings.Repeat(good, 99*7)+strings.Repeat(bad, 8))
	var e *cms.MalformedError
	if !errors.As(many.Err(), &e) || !strings.HasPrefix(e.Error(), "ptp.txt: 8 of 701 rows cannot be read") ||
		!strings.Contains(e.Error(), "line 700: ") || !strings.HasSuffix(e.Error(), "and 3 more") {
		t.Errorf("%v", many.Err())
	}
	if few := one(t, "ptp.txt", cmstest.PTPHead+strings.Repeat(good, 99*7)+strings.Repeat(bad, 7)); few.Err() != nil {
		t.Errorf("%v", few.Err())
	}
}

func TestMedicaidPTP(t *testing.T) {
	text := cmstest.MedicaidHead +
		"97140\t97530\t20130401\t*\t1\tMisuse\r\n97150\t97110\t20201001\t20211231\t1\tMisuse\r\n97150\t97112\t20201001\t\t0\tMisuse\r\n"
	tab := one(t, "ptp-2026q4.txt", text)
	want := []string{"97140 97530 1 20130401 *", "97150 97110 1 20201001 20211231", "97150 97112 0 20201001 *"}
	if d := cmp.Diff(want, edits(tab.Edits)); d != "" || tab.Program != cms.Medicaid || tab.Read != 3 {
		t.Errorf("%s %+v", d, tab)
	}
}

func TestMUE(t *testing.T) {
	text := cmstest.MUEHead("Practitioner Services") +
		"97010,0,3 Date of Service Edit: Clinical,CMS Policy\r\n" +
		"97116,4,3 Date of Service Edit: Clinical,\"Clinical: Data, twice\"\r\n" +
		"\"97161\",\"1\",\"2 Date of Service Edit: Policy\",\"Code \"\"Descriptor\"\"\r\nin two lines\"\r\n" +
		"0791T,2,1 Line Edit,x\r\n" +
		"97116,4,3 Date of Service Edit: Clinical,again\r\n,,,\r\n"
	for _, v := range []struct {
		name string
		day  int32
	}{
		{"MCR_MUE_PractitionerServices_Eff_10-01-2026.csv", 2026_10_01},
		{"/some/2020q1/folder/medicare-ncci-2026-q3-practitioner-services-mue-table.csv", 2026_07_01},
		{"mue.csv", 0},
		{"MCR_MUE_Eff_13-01-2026.csv", 0},
	} {
		tab := one(t, v.name, text)
		want := []ncci.MUE{
			{Code: code(t, "97010"), Units: 0, MAI: 3},
			{Code: code(t, "97116"), Units: 4, MAI: 3},
			{Code: code(t, "97161"), Units: 1, MAI: 2},
			{Code: code(t, "0791T"), Units: 2, MAI: 1},
		}
		if d := cmp.Diff(want, tab.Limits); d != "" || tab.Effective != v.day || tab.Read != 5 || tab.Malformed != 0 || tab.Kind != ncci.Limits {
			t.Errorf("%s: %s %+v", v.name, d, tab)
		}
	}
	o := cms.Options{Effective: 2026_10_01, Keep: func(c ncci.Code) bool { return c == code(t, "0791T") }}
	if tab := read(t, o, source("mue.csv", text)).Tables[0]; tab.Effective != 2026_10_01 || len(tab.Limits) != 1 || tab.Read != 5 {
		t.Errorf("%+v", tab)
	}
	rows := strings.Repeat("97116,4,3 Date of Service Edit: Clinical,x\r\n", 400)
	bad := one(t, "mue.csv", cmstest.MUEHead("Practitioner Services")+rows+"97112,many,3 x,x\r\n97113,6,4 x,x\r\n97116,6,3 x,x\r\n")
	if bad.Malformed != 3 || bad.Err() != nil {
		t.Errorf("%v", bad.Bad)
	}
	want := `line 406: no MUE value: "many"; line 407: no adjudication indicator: "4 x"; line 408: 97116 has another value already`
	if bad.Flaws() != want {
		t.Errorf("%s", bad.Flaws())
	}
	medicaid := one(t, "mue-2026q4.csv", "HCPCS/CPT Code,Practitioner Services MUE Values,CMS NCCI MUE Rationale\n97116,4,Clinical: Data\n")
	if medicaid.Program != cms.Medicaid || medicaid.Limits[0].MAI != 1 {
		t.Errorf("%+v", medicaid)
	}
}

func TestAddOns(t *testing.T) {
	want := []ncci.AddOn{
		{Code: code(t, "0791T"), Primary: code(t, "97116"), To: ncci.Open},
		{Code: code(t, "97130"), Primary: code(t, "97129"), To: ncci.Open},
		{Code: code(t, "99999"), To: ncci.Open},
	}
	columns := one(t, "AOC_V2026Q2-F-MCR.txt", "0791T      97116     \r\n97130      97129\r\n\r\n99999      CCCCC\r\n")
	if d := cmp.Diff(want, columns.AddOns); d != "" || columns.Effective != 2026_04_01 || columns.Kind != ncci.AddOns {
		t.Errorf("%s %+v", d, columns)
	}
	dated := []ncci.AddOn{
		{Code: code(t, "0791T"), Primary: code(t, "97116"), From: 2023_07_01, To: ncci.Open},
		{Code: code(t, "97130"), Primary: code(t, "97127"), From: 2018_01_01, To: 2019_12_31, Open: true},
		{Code: code(t, "99999"), From: 2013_04_01, To: ncci.Open},
	}
	for name, text := range map[string]string{
		"AOC_V2026Q4-MCR.txt": "AOC_Edit_Type\tAdd-On_Code\tAOC_DelDT\tPrimary_Code\tPrimary_Code_DelDT\tAOC_Edit_EffDT\tAOC_Edit_DelDT\tSpecial_Instruction_Notes\r\n" +
			"1\t0791T\t\t97116\t\t2023182\t\t\r\n3\t97130\t\t97127\t2019365\t2018001\t\t\r\n2\t99999\t\tCCCCC\t\t2013091\t\tContractor Defined\r\n",
		"aoc-2026q4.txt": "1 0791T         97116         2023182\r\n3 97130         97127 2019365 2018001\r\n299999         CCCCC         2013091\r\n",
	} {
		tab := one(t, name, text)
		if d := cmp.Diff(dated, tab.AddOns); d != "" {
			t.Errorf("%s: %s %v", name, d, tab.Bad)
		}
	}
	bad := one(t, "aoc-2026q4.txt", strings.Repeat("0791T      97116\r\n", 200)+"97130      9712\r\n")
	if bad.Malformed != 1 || bad.Read != 200 {
		t.Errorf("%+v", bad)
	}
}

func TestFees(t *testing.T) {
	text := cmstest.PFSHead +
		"97010,,\"PACKS, HOT\",B,,0.06,1,XXX,0,0\r\n97116,,GAIT,A,,0.45,7,XXX,5,0\r\n97116,26,GAIT,A,,0.45,1,XXX,5,0\r\n" +
		"0791T,,VR,C,,0.00,7,XXX,5,0\r\n97799,,,?,,0,7,XXX,5,0\r\n,,a note below,,,,,,,\r\n"
	tab := one(t, "some.csv", text)
	want := []ncci.Fee{
		{Code: code(t, "97010"), Status: 'B', PCTC: '1', Multiple: '0'},
		{Code: code(t, "97116"), Status: 'A', PCTC: '7', Multiple: '5'},
		{Code: code(t, "0791T"), Status: 'C', PCTC: '7', Multiple: '5'},
	}
	if d := cmp.Diff(want, tab.Fees); d != "" || tab.Effective != 2026_07_01 || tab.Told != "content" || tab.Read != 4 || tab.Malformed != 1 {
		t.Errorf("%s %+v", d, tab)
	}
	other := strings.Replace(text, "2026 National", "The National", 1)
	for name, day := range map[string]int32{"PPRRVU2026_Oct_nonQPP.csv": 2026_10_01, "PPRRVU25_JAN.csv": 2025_01_01, "rvu26d.csv": 2026_10_01, "x.csv": 0} {
		if tab := one(t, name, other); tab.Effective != day {
			t.Errorf("%s: %d", name, tab.Effective)
		}
	}
}

// TestRefused: what is not for practitioners, or no table, is refused and says why.
func TestRefused(t *testing.T) {
	row := "97530\t97116\t\t20050401\t20191231\t1" + rationale
	for _, v := range []struct{ name, content, want string }{
		{"x.csv", cmstest.MUEHead("Outpatient Hospital Services") + "97116,4,3 Date of Service Edit: Clinical,x\r\n", "MUE values of hospitals"},
		{"x.csv", cmstest.MUEHead("DME Supplier Services") + "97116,4,3 Date of Service Edit: Clinical,x\r\n", "MUE values of equipment suppliers"},
		{"ccioph-v323r0-f1.TXT", cmstest.PTPHead + row, "PTP edits of hospitals"},
		{"MCR_MUE_OutpatientHospitalServices_Eff_10-01-2026.csv", "97116,4,3 Date of Service Edit: Clinical,x\r\n", "MUE values of hospitals"},
		{"changes.txt", "Additions\r\nColumn 1\tColumn 2\tModifier\r\n97530\t97116\t1\r\n97530\t97113\t1\r\n", "the quarterly list of changes"},
		{"changes.csv", "Column 1,Column 2,Effective Date,Modifier\r\n97530,97116,20261001,1\r\n", "the quarterly list of changes"},
		{"readme.txt", "This archive holds two files.\r\n", "no table of CMS"},
		{"a.pdf", "%PDF-1.7 97530", "a PDF"},
		{"a.xls", "\xd0\xcf\x11\xe0\xa1\xb1", "an old Excel or Word file"},
		{"utf16.txt", "\xff\xfe9\x007\x00", "UTF-16"},
		{"binary", "ab\x00\x01", "not text"},
		{"empty.txt", "", "empty"},
		{"OPPSCAP.csv", "HCPCS,MOD,PROCSTAT,CARRIER\r\n70010,,A,01112\r\n", "no table of CMS"},
		{"claims.837", "ISA*00*          *00*\r\n", "no table of CMS"},
	} {
		if got := why(t, v.name, v.content); !strings.Contains(got, v.want) {
			t.Errorf("%s: %s, want %s", v.name, got, v.want)
		}
	}
}

func TestArchives(t *testing.T) {
	parts := cmstest.PTP(20_000)
	inner := cmstest.Zip(parts[3].Name, string(parts[3].Text))
	var gz bytes.Buffer
	w := gzip.NewWriter(&gz)
	w.Write(parts[2].Text)
	w.Close()
	outer := cmstest.Zip(
		"README.txt", "read me", "folder/", "", "__MACOSX/._x", "junk",
		parts[0].Name, string(parts[0].Text), "ccipra-v323r0-f1.xlsx", "not even a sheet",
		"license.pdf", "%PDF-1.4",
		"inner-f4.zip", string(inner),
	)
	res := read(t, cms.Options{Jobs: 2}, source("medicare-ncci-2026q4.zip", string(outer)), source("f3.gz", gz.String()))
	var got []string
	for i, tab := range res.Tables {
		got = append(got, fmt.Sprintf("%d %s f%d %d", res.Sources[i], tab.File, tab.Part.Number, tab.Read))
	}
	want := []string{
		fmt.Sprintf("0 medicare-ncci-2026q4.zip: ccipra-v323r0-f1.TXT f1 %d", parts[0].Rows),
		fmt.Sprintf("0 medicare-ncci-2026q4.zip: inner-f4.zip: ccipra-v323r0-f4.TXT f4 %d", parts[3].Rows),
		fmt.Sprintf("1 f3.gz f0 %d", parts[2].Rows),
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	var skipped []string
	for _, s := range res.Skipped {
		skipped = append(skipped, s.File+": "+s.Why)
	}
	wantSkipped := []string{
		"medicare-ncci-2026q4.zip: ccipra-v323r0-f1.xlsx: the same table as ccipra-v323r0-f1.TXT",
		"medicare-ncci-2026q4.zip: README.txt: no table of CMS that is known here",
		"medicare-ncci-2026q4.zip: license.pdf: a PDF",
	}
	if d := cmp.Diff(wantSkipped, skipped); d != "" {
		t.Error(d)
	}
	for name, content := range map[string]string{
		"cut.zip": string(outer[:len(outer)/2]),
		"cut.gz":  gz.String()[:gz.Len()/2],
		"bad.zip": strings.Replace(string(inner), string(inner[200:210]), "0123456789", 1),
	} {
		if _, err := cms.Read(context.Background(), []cms.Source{source(name, content)}, cms.Options{}); err == nil || !strings.HasPrefix(err.Error(), name+": ") {
			t.Errorf("%s: %v", name, err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := cms.Read(ctx, []cms.Source{source("x.zip", string(outer))}, cms.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// TestSheets reads workbooks with cells of every kind: dates as numbers, as days since
// 1900 and as text, codes as numbers that lost their zeros.
func TestSheets(t *testing.T) {
	x := excelize.NewFile()
	for i, row := range [][]any{
		{"A notice & \u00a9"},
		{"Column 1", "Column 2", "*=in existence", "Effective", "Deletion", "Modifier", "PTP Edit Rationale"},
		{nil, nil, "prior to 1996", "Date", "Date", "0=not allowed"},
		{"97530", "97116", nil, 20050401, 20191231, 1, "x"},
		{"97150", 97110, nil, "20201001", "*", "1", "x"},
		{97150, "97112", "*", 35065, "*", 0, "x"},
		{100, "97116", nil, 2.0201001e7, "12/31/2021", 1, "x"},
		{"0791T", "97140", nil, "2021-07-01", "*", 9, "x"},
		{"97150", "97140", nil, 20260231, "*", 1, "x"},
	} {
		if err := x.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := x.NewSheet("Other"); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := x.Write(&b); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"97530 97116 1 20050401 20191231", "97150 97110 1 20201001 *", "97150 97112 0 19960101 *", "00100 97116 1 20201001 20211231",
	}
	for _, content := range []string{b.String(), string(cmstest.Zip("ccipra-v323r0-f4.xlsx", b.String()))} {
		tab := one(t, "ccipra-v323r0-f4.xlsx", content)
		if d := cmp.Diff(want, edits(tab.Edits)); d != "" || tab.Read != 5 || tab.Void != 1 || tab.Malformed != 1 || tab.Bad[0].Line != 9 || tab.Part.Number != 4 {
			t.Errorf("%s %+v", d, tab)
		}
	}

	m := excelize.NewFile()
	m.SetSheetRow("Sheet1", "A1", &[]any{"notice"})
	m.SetSheetRow("Sheet1", "A2", &[]any{"HCPCS/\nCPT Code", "Practitioner Services MUE Values", "MUE Adjudication Indicator", "MUE Rationale"})
	m.SetSheetRow("Sheet1", "A3", &[]any{"97116", 4, "3 Date of Service Edit: Clinical", "x"})
	b.Reset()
	if err := m.Write(&b); err != nil {
		t.Fatal(err)
	}
	if tab := one(t, "MCR_MUE_PractitionerServices_Eff_10-01-2026.xlsx", b.String()); len(tab.Limits) != 1 || tab.Limits[0].Units != 4 || tab.Limits[0].MAI != 3 {
		t.Errorf("%+v", tab)
	}
}

// TestWholeTable: the parts of a whole table are read alike, however many at once.
func TestWholeTable(t *testing.T) {
	sources, rows := quarter(t, 100_000)
	one, two := read(t, cms.Options{Jobs: 1}, sources...), read(t, cms.Options{Jobs: 4}, sources...)
	if d := cmp.Diff(one, two); d != "" {
		t.Error(d)
	}
	n := 0
	for _, tab := range one.Tables {
		n += tab.Read
		if tab.Read != len(tab.Edits)+tab.Void || tab.Err() != nil {
			t.Errorf("%s: %d rows, %d edits", tab.File, tab.Read, len(tab.Edits))
		}
	}
	if n != rows || rows < 90_000 {
		t.Errorf("%d rows of %d", n, rows)
	}
}

func code(t testing.TB, s string) ncci.Code {
	t.Helper()
	c, ok := therapy.ParseCode([]byte(s))
	if !ok {
		t.Fatal(s)
	}
	return c
}
