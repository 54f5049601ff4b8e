package remit_test

import (
	"context"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/gaitkeeper/gaitkeeper/remit"
)

// nothing takes results and drops them.
type nothing struct{}

func (nothing) Payment(*remit.Payment) error     { return nil }
func (nothing) Claim(*remit.Claim) error         { return nil }
func (nothing) Unmatched(*remit.Unmatched) error { return nil }

// BenchmarkReconcile matches 10,000 answers with their claims; MB/s are those of the
// remittance.
func BenchmarkReconcile(b *testing.B) {
	const n = 10_000
	var claims [][2]string
	var body strings.Builder
	for i := range n {
		id := fmt.Sprintf("CLAIM-%06d", i)
		claims = append(claims, [2]string{fmt.Sprintf("M%d", i), clm(id, "150", "97110:GP 100 2 20260110 "+id+"-1", "97140:GP 50 1 20260110 "+id+"-2")})
		fmt.Fprintf(&body, "CLP*%s*1*150*60*10*MB*%013d*11*1~NM1*QC*1*DOE*JANE****MI*M%d~MOA***MA01~", id, i, i)
		fmt.Fprintf(&body, "SVC*HC:97110:GP*100*60**2~DTM*472*20260110~CAS*CO*45*30~CAS*PR*2*10~REF*6R*%s-1~AMT*B6*70~", id)
		fmt.Fprintf(&body, "SVC*HC:97140:GP*50*0**1~DTM*472*20260110~CAS*CO*236*50~REF*6R*%s-2~LQ*HE*M80~", id)
	}
	text := era(pay("600000", "20260301", "T1", body.String()))
	index := new(remit.Index)
	if _, err := index.Read("claims.837", strings.NewReader(sent(claims...)), nil); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		run := &remit.Run{Claims: index}
		src := remit.Source{Name: "a.835", Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }}
		if _, err := run.Survey(context.Background(), src); err != nil {
			b.Fatal(err)
		}
		run.Settle()
		if err := run.Report(context.Background(), nothing{}); err != nil {
			b.Fatal(err)
		}
		if s := run.Summary(); s.Matched != n || s.LinesUnmatched != 0 {
			b.Fatalf("%+v", s)
		}
	}
}
