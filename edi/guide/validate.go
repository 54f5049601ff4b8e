package guide

import (
	"context"
	"fmt"
	"io"

	"github.com/gaitkeeper/gaitkeeper/edi"
)

// Types is a set of SNIP types, as bits: type 1 is bit 0.
type Types uint8

// Standard are the types that need no knowledge of products or trading partners.
const Standard Types = 1<<5 - 1

// Has reports whether type n, from 1, is in the set.
func (t Types) Has(n int) bool { return t>>(n-1)&1 != 0 }

// Validator checks input against the guides. The zero value checks types 1 to 5
// and takes the guide that each set names.
type Validator struct {
	Types Types // 0 means Standard
	// NPI is how bad a national provider identifier is that has not ten digits or a
	// wrong check digit: Warning (also 0: samples of the standard have them), Error or Off.
	NPI Severity
	// Guide is the only one that sets may follow: "837p" or "835"; "" for either.
	Guide string
}

// Unchecked are lists that are not part of the program, and the rules that they would
// complete: whether a code is in use on the day of service. They belong to type 5.
func Unchecked() map[string][]string {
	return map[string][]string{
		"the lists of ICD-10-CM, CPT and HCPCS codes": {"DX102", "GD107"},
		"the list of taxonomy codes":                  {"ID102"},
	}
}

// Validate reads all of r, tells h of problems and structure, and returns what it
// counted. name stands before its own errors. Its error is one of reading or of ctx;
// faults of the input are problems, or go to h.Fault where no segment can be read. It
// reads ahead in another goroutine and waits for that: while r.Read does not return, it
// does not either.
func (v *Validator) Validate(ctx context.Context, r io.Reader, name string, h Handler) (Counts, error) {
	w := v.Walk(h)
	scan := edi.NewScanner(r)
	scan.OnError = w.Fault
	defer scan.Background()()
	w.scan = scan
	for n := 0; scan.Next(); n++ {
		if n%4096 == 0 && ctx.Err() != nil {
			return w.counts, ctx.Err()
		}
		if w.tree == nil || !w.fast(scan.Tag()) {
			w.segment(scan.Segment())
		}
	}
	if err := scan.Err(); err != nil {
		return w.counts, fmt.Errorf("%s: %w", name, err)
	}
	w.counts.Bytes = scan.Offset()
	return w.Close(), nil
}

// Walk begins a validation that is fed with segments from elsewhere: by
// Walker.Segment and Walker.Fault in the order of the input, and Walker.Close.
func (v *Validator) Walk(h Handler) *Walker {
	w := &Walker{h: h, types: v.Types, npi: v.NPI, guide: v.Guide, states: lists()["state"], ends: reasonEnds()}
	if w.types == 0 {
		w.types = Standard
	}
	if w.npi == 0 {
		w.npi = Warning
	}
	return w
}
