package cms

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"testing"

	"github.com/gaitkeeper/gaitkeeper/scrub/ncci"
	"github.com/xuri/excelize/v2"
)

func BenchmarkXLSX(b *testing.B) {
	x := excelize.NewFile()
	w, _ := x.NewStreamWriter("Sheet1")
	for i := range 100000 {
		w.SetRow(fmt.Sprintf("A%d", i+1), []any{fmt.Sprintf("%05d", i/10+10000), fmt.Sprintf("%05d", 90000+i%10), "", 20180701, "*", 1, "Misuse of Column Two code with Column One code"})
	}
	w.Flush()
	var buf bytes.Buffer
	x.Write(&buf)
	_ = zip.Deflate
	b.ResetTimer()
	for b.Loop() {
		res, err := Read(context.Background(), []Source{{"a.xlsx", bytes.NewReader(buf.Bytes()), int64(buf.Len())}}, Options{})
		if err != nil || len(res.Tables) != 1 || res.Tables[0].Read != 100000 {
			b.Fatal(err, res, res.Tables[0].Flaws())
		}
	}
	_ = ncci.Open
}
