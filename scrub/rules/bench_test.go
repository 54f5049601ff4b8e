package rules_test

import (
	"bytes"
	"context"
	"io"
	"testing"

	"github.com/gaitkeeper/gaitkeeper/edi/editest"
	"github.com/gaitkeeper/gaitkeeper/scrub"
	"github.com/gaitkeeper/gaitkeeper/scrub/ncci"
	"github.com/gaitkeeper/gaitkeeper/scrub/rules"
)

func input(data []byte) scrub.Input {
	return scrub.Input{Name: "test.837", Open: func() (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(data)), nil
	}}
}

// BenchmarkScrub surveys and judges claims with every rule, on one goroutine.
func BenchmarkScrub(b *testing.B) {
	data := editest.Render(editest.Claims(20_000), editest.Wrapped)
	in := input(data)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		r := scrub.Runner{Rules: rules.All(), Data: scrub.Data{Tables: ncci.Default()}, Jobs: 1}
		if _, err := r.Survey(context.Background(), in); err != nil {
			b.Fatal(err)
		}
		if err := r.Scrub(context.Background(), in, func(*scrub.Result) error { return nil }); err != nil {
			b.Fatal(err)
		}
		if r.Summary.Claims != 20_000 {
			b.Fatal(r.Summary)
		}
	}
}
