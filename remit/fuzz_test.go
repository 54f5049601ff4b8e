package remit_test

import (
	"context"
	"io"
	"strings"
	"testing"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/remit"
)

// FuzzReconcile reads anything: no panic, and buckets that sum.
func FuzzReconcile(f *testing.F) {
	for _, seed := range []string{
		era(pay("23.52", "20260201", "T1", medicare), pay("0", "20260301", "T2", takenBack+"PLB*1234567893*20261231*FB:T2*-23.52~")),
		era(pay("30", "20260301", "T1", answered("SAME1", "1", "M6", "97110:GP", "30", "20260115", ""))),
		"", "ISA*", era(),
	} {
		f.Add(seed)
	}
	index := new(remit.Index)
	if _, err := index.Read("claims.837", strings.NewReader(batch), nil); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		run := &remit.Run{Claims: index, OnFault: func(string, *edi.SyntaxError) {}}
		for _, name := range []string{"a", "b"} {
			src := remit.Source{Name: name, Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }}
			if _, err := run.Survey(context.Background(), src); err != nil {
				t.Skip()
			}
		}
		run.Settle()
		r := &result{}
		if err := run.Report(context.Background(), r); err != nil {
			t.Fatal(err)
		}
		for _, c := range r.claims {
			if b := c.Buckets; b.Paid+b.Patient+b.Contractual+b.Denied+b.Unexplained != b.Charge {
				t.Errorf("%+v", b)
			}
		}
	})
}
