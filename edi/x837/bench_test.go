package x837_test

import (
	"bytes"
	"io"
	"testing"

	"github.com/gaitkeeper/gaitkeeper/edi/editest"
	"github.com/gaitkeeper/gaitkeeper/edi/x837"
)

func BenchmarkReader(b *testing.B) {
	data := editest.Render(editest.Claims(20_000), editest.Wrapped)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		r := x837.NewReader(bytes.NewReader(data))
		var c x837.Claim
		n := 0
		for {
			if err := r.Next(&c); err == io.EOF {
				break
			} else if err != nil {
				b.Fatal(err)
			}
			n++
		}
		if n != 20_000 {
			b.Fatal(n)
		}
	}
}
