package guide_test

import (
	"bytes"
	"context"
	"testing"

	"github.com/gaitkeeper/gaitkeeper/edi/editest"
	"github.com/gaitkeeper/gaitkeeper/edi/guide"
)

// BenchmarkValidate reads what BenchmarkReader of x837 reads.
func BenchmarkValidate(b *testing.B) {
	data := editest.Render(editest.Claims(20_000), editest.Wrapped)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		var v guide.Validator
		n, err := v.Validate(context.Background(), bytes.NewReader(data), "", guide.Handler{})
		if err != nil || n.Claims != 20_000 || n.Errors+n.Warnings > 0 {
			b.Fatal(err, n)
		}
	}
}

// BenchmarkValidateRemittance reads what BenchmarkReader of x835 reads.
func BenchmarkValidateRemittance(b *testing.B) {
	data := editest.Render(editest.Remits(20_000), editest.Wrapped)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		var v guide.Validator
		n, err := v.Validate(context.Background(), bytes.NewReader(data), "", guide.Handler{})
		if err != nil || n.Claims != 20_000 || n.Errors > 0 {
			b.Fatal(err, n)
		}
	}
}
