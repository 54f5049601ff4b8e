package edi_test

import (
	"bytes"
	"testing"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/edi/editest"
)

// BenchmarkScan reads all segments with all their element boundaries.
func BenchmarkScan(b *testing.B) {
	data := editest.Render(editest.Claims(20_000), editest.Wrapped)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		s := edi.NewScanner(bytes.NewReader(data))
		n := 0
		for s.Next() {
			n += s.Segment().Count()
		}
		if s.Err() != nil || n == 0 {
			b.Fatal(s.Err(), n)
		}
	}
}
