package x835_test

import (
	"bytes"
	"io"
	"testing"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/edi/editest"
	"github.com/gaitkeeper/gaitkeeper/edi/x835"
)

// BenchmarkReader reads all claims, with every amount and adjustment.
func BenchmarkReader(b *testing.B) {
	const claims = 20_000
	data := editest.Render(editest.Remits(claims), editest.Wrapped)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		r := x835.NewReader(bytes.NewReader(data))
		var c x835.Claim
		var paid edi.Amount
		for {
			item, err := r.Next(&c)
			if err == io.EOF {
				break
			} else if err != nil {
				b.Fatal(err)
			}
			if item == x835.ClaimRead {
				paid += c.Paid
			}
		}
		if paid != 3*claims*editest.RemitLine {
			b.Fatal(paid)
		}
	}
}

// BenchmarkViews looks up what a reconciliation wants of every line.
func BenchmarkViews(b *testing.B) {
	data := editest.Render(editest.Remits(1), editest.Wrapped)
	r := x835.NewReader(bytes.NewReader(data))
	var c x835.Claim
	for item := x835.NoItem; item != x835.ClaimRead; {
		var err error
		if item, err = r.Next(&c); err != nil {
			b.Fatal(err)
		}
	}
	b.SetBytes(int64(len(c.Bytes())))
	b.ReportAllocs()
	for b.Loop() {
		found := 0
		for i := range c.Lines {
			l := &c.Lines[i]
			found += len(l.Control()) + len(l.Procedure.Code()) + len(l.Procedure.Modifier(1)) + int(c.ServiceOf(l).From)
			if _, ok := l.Amount("B6"); !ok {
				b.Fatal("no allowed amount")
			}
			for range l.Remarks() {
				found++
			}
		}
		if found == 0 {
			b.Fatal(found)
		}
	}
}
