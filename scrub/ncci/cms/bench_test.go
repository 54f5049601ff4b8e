package cms_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"runtime"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/gaitkeeper/gaitkeeper/scrub/ncci"
	"github.com/gaitkeeper/gaitkeeper/scrub/ncci/cms"
	"github.com/gaitkeeper/gaitkeeper/scrub/ncci/cms/cmstest"
	"github.com/gaitkeeper/gaitkeeper/scrub/therapy"
)

// quarter is the whole practitioner table in its four archives.
func quarter(tb testing.TB, rows int) (list []cms.Source, read int) {
	tb.Helper()
	for _, p := range cmstest.PTP(rows) {
		z := cmstest.Zip(p.Name, string(p.Text))
		list = append(list, cms.Source{Name: p.Name + ".zip", ReaderAt: bytes.NewReader(z), Size: int64(len(z))})
		read += p.Rows
	}
	return list, read
}

const wholeTable = 2_600_000

// BenchmarkRead reads 2.6 million rows from their archives.
func BenchmarkRead(b *testing.B) {
	sources, rows := quarter(b, wholeTable)
	for _, v := range []struct {
		name string
		keep func(ncci.Code) bool
	}{{"therapy", ncci.Concerns}, {"all", nil}} {
		b.Run(v.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				res, err := cms.Read(context.Background(), sources, cms.Options{Keep: v.keep, Jobs: runtime.GOMAXPROCS(0)})
				if err != nil {
					b.Fatal(err)
				}
				n := 0
				for _, t := range res.Tables {
					n += t.Read
				}
				if n != rows {
					b.Fatalf("%d rows of %d", n, rows)
				}
			}
			b.ReportMetric(float64(rows)/1e6/b.Elapsed().Seconds()*float64(b.N), "Mrows/s")
		})
	}
}

// BenchmarkLookup asks the whole table, built in memory, for pairs.
func BenchmarkLookup(b *testing.B) {
	sources, _ := quarter(b, wholeTable)
	res, err := cms.Read(context.Background(), sources, cms.Options{Jobs: runtime.GOMAXPROCS(0)})
	if err != nil {
		b.Fatal(err)
	}
	p := &ncci.Publication{Kind: ncci.Pairs, All: true}
	for _, t := range res.Tables {
		p.Edits, p.Parts = append(p.Edits, t.Edits...), append(p.Parts, t.Part)
	}
	tables := ncci.Join(ncci.Default(), p)
	var codes []ncci.Code
	for _, s := range []string{"97110", "97112", "97116", "97140", "97530", "97535", "99213", "25441"} {
		c, _ := therapy.ParseCode([]byte(s))
		codes = append(codes, c)
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		tables.Pair(codes[i%len(codes)], codes[(i/8)%len(codes)], 2026_11_02)
	}
}

// BenchmarkRows stores the whole table and reads it back.
func BenchmarkRows(b *testing.B) {
	sources, _ := quarter(b, wholeTable)
	res, err := cms.Read(context.Background(), sources, cms.Options{Jobs: runtime.GOMAXPROCS(0)})
	if err != nil {
		b.Fatal(err)
	}
	var rows ncci.Rows
	for _, t := range res.Tables {
		rows.Edits = append(rows.Edits, t.Edits...)
	}
	rows.Edits = ncci.Tidy(rows.Edits)
	stored, err := rows.AppendBinary(nil)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("write", func(b *testing.B) {
		for b.Loop() {
			if _, err := rows.AppendBinary(stored[:0]); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(len(stored))/float64(len(rows.Edits)), "bytes/row")
	})
	b.Run("read", func(b *testing.B) {
		for b.Loop() {
			if err := new(ncci.Rows).UnmarshalBinary(stored); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("join", func(b *testing.B) {
		p := &ncci.Publication{Kind: ncci.Pairs, All: true, Rows: rows}
		for _, t := range res.Tables {
			p.Parts = append(p.Parts, t.Part)
		}
		for b.Loop() {
			ncci.Join(ncci.Default(), p)
		}
	})
}

// BenchmarkSheet reads a workbook with 100,000 rows.
func BenchmarkSheet(b *testing.B) {
	const rows = 100_000
	x := excelize.NewFile()
	w, err := x.NewStreamWriter("Sheet1")
	if err != nil {
		b.Fatal(err)
	}
	for i := range rows {
		row := []any{fmt.Sprintf("%05d", i/10+10000), fmt.Sprintf("%05d", 90000+i%10), "", 20180701, "*", 1, "Misuse of Column Two code with Column One code"}
		if err := w.SetRow(fmt.Sprintf("A%d", i+1), row); err != nil {
			b.Fatal(err)
		}
	}
	var buf bytes.Buffer
	if err := errors.Join(w.Flush(), x.Write(&buf)); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		res, err := cms.Read(context.Background(), []cms.Source{{Name: "ptp-2026q4.xlsx", ReaderAt: bytes.NewReader(buf.Bytes()), Size: int64(buf.Len())}}, cms.Options{})
		if err != nil || len(res.Tables) != 1 || res.Tables[0].Read != rows {
			b.Fatal(err, res)
		}
	}
	b.ReportMetric(rows/1e6*float64(b.N)/b.Elapsed().Seconds(), "Mrows/s")
}
