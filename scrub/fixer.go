package scrub

import (
	"slices"
	"strconv"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/edi/x837"
)

// maxPasses bounds how often a claim is fixed and judged again.
const maxPasses = 10

// candidate is a fix that may be applied.
type candidate struct {
	applied  Applied
	key      key
	edits    []edi.Edit
	attested attestKey
}

// fix applies what may be applied, judges the claim again and goes on until
// nothing is left to apply. A change after which the claim has a new finding, or
// more of one, is taken back; an attested one may bring a warning.
func (w *worker) fix(res *Result, ordinal uint32) {
	original, current := res.Claim, res.Claim
	var patch edi.Patch
	open := slices.Clone(res.Findings)
	refused := map[key]bool{}
	for range maxPasses {
		chosen := w.choose(open, refused)
		if len(chosen) == 0 {
			break
		}
		next, step, left, ok := w.try(current, chosen, open, ordinal)
		if !ok && len(chosen) > 1 { // which of them is to blame: one at a time
			chosen = chosen[:1]
			next, step, left, ok = w.try(current, chosen, open, ordinal)
		}
		if !ok {
			refused[chosen[0].key] = true
			continue
		}
		whole, err := edi.Compose(original.Bytes(), original.Span().Start, patch, step)
		if err != nil {
			break
		}
		patch, current, open = whole, next, left
		for _, c := range chosen {
			res.Applied = append(res.Applied, c.applied)
			if c.applied.Attestation != nil {
				w.Attest.use(c.attested)
			}
		}
	}
	if len(patch) == 0 {
		res.Applied = nil
		return
	}
	res.Edits, res.Patched = patch, current
	remaining := map[key]int{}
	for i := range open {
		remaining[open[i].key()]++
	}
	for i := range res.Findings {
		f := &res.Findings[i]
		if remaining[f.key()] > 0 {
			remaining[f.key()]--
		} else {
			f.Fixed = true
		}
	}
}

// choose takes the fixes that may be applied together: in the order of the
// findings, each whole, none touching another.
func (w *worker) choose(open []Finding, refused map[key]bool) []candidate {
	var chosen []candidate
	var taken []edi.Edit
	for i := range open {
		f := &open[i]
		if f.Fix == nil || refused[f.key()] {
			continue
		}
		c := candidate{key: f.key(), edits: f.Fix.Edits, applied: Applied{
			Rule: f.Rule, Line: f.Line, LineNo: f.LineNo, Safety: f.Fix.Safety, Message: f.Fix.Message,
		}}
		if t, k, ok := w.Attest.of(f); ok && f.Fix.Attest != nil {
			edits, err := f.Fix.Attest(t.Value)
			if err != nil {
				continue
			}
			c.edits, c.attested, c.applied.Attestation = edits, k, &t
		} else if f.Fix.Safety < w.Least || f.Fix.Safety == Attest {
			continue
		}
		if len(c.edits) == 0 {
			continue
		}
		if _, err := edi.NewPatch(append(slices.Clone(taken), c.edits...)...); err != nil || repeats(taken, c.edits) {
			continue // next pass
		}
		taken = append(taken, c.edits...)
		chosen = append(chosen, c)
	}
	return chosen
}

// repeats reports whether an edit is there already: two rules that want the same
// change make it once.
func repeats(taken, edits []edi.Edit) bool {
	for _, e := range edits {
		for _, t := range taken {
			if t.Span == e.Span {
				return true
			}
		}
	}
	return false
}

// try applies fixes and judges the claim again.
func (w *worker) try(c *x837.Claim, chosen []candidate, before []Finding, ordinal uint32) (next *x837.Claim, step edi.Patch, left []Finding, ok bool) {
	var edits []edi.Edit
	for _, f := range chosen {
		edits = append(edits, f.edits...)
	}
	step, err := edi.NewPatch(edits...)
	if err != nil {
		return nil, nil, nil, false
	}
	next, err = c.Patched(step)
	if err != nil {
		return nil, nil, nil, false
	}
	if more := settle(c, next, step); len(more) > 0 {
		if step, err = edi.NewPatch(append(edits, more...)...); err != nil {
			return nil, nil, nil, false
		}
		if next, err = c.Patched(step); err != nil {
			return nil, nil, nil, false
		}
	}
	left = slices.Clone(w.findings(next, ordinal))
	bearable := Info // what a fix may bring; a person who attests one answers for warnings
	if !slices.ContainsFunc(chosen, func(c candidate) bool { return c.applied.Attestation == nil }) {
		bearable = Warning
	}
	count := map[key]int{}
	for i := range before {
		count[before[i].key()]++
	}
	for i := range left {
		k := left[i].key()
		if count[k]--; count[k] < 0 && left[i].Severity > bearable {
			return nil, nil, nil, false
		}
	}
	return next, step, left, true
}

// settle are the edits that follow from others: CLM02 moves by what the line
// charges moved, and LX01 counts the lines again where some came or went. A total
// that was wrong before stays as wrong: it is a finding of its own.
func settle(before, after *x837.Claim, step edi.Patch) []edi.Edit {
	var edits []edi.Edit
	clm := before.Segment(0)
	total := clm.Element(2)
	moved := charges(after) - charges(before)
	if old, err := total.Amount(); err == nil && moved != 0 && !slices.ContainsFunc(step, func(e edi.Edit) bool { return e.Span == total.Span }) {
		if e, err := clm.Set(2, (old+moved).Append(nil, false)); err == nil {
			edits = append(edits, e)
		}
	}
	if len(before.Lines) == len(after.Lines) {
		return edits
	}
	n := 0
	for i := range before.Lines {
		lx := before.Segment(before.Lines[i].First)
		if slices.ContainsFunc(step, func(e edi.Edit) bool {
			return e.Span.Start <= lx.Span().Start && e.Span.End >= lx.Span().End && len(e.New) == 0
		}) {
			continue
		}
		n++
		if number := strconv.Itoa(n); !lx.Is(1, number) {
			if e, err := lx.Set(1, []byte(number)); err == nil {
				edits = append(edits, e)
			}
		}
	}
	return edits
}

// charges is the sum of SV102.
func charges(c *x837.Claim) (sum edi.Amount) {
	for i := range c.Lines {
		if sv1 := c.Lines[i].SV1; sv1 >= 0 {
			if a, err := edi.ParseAmount(c.Element(sv1, 2)); err == nil {
				sum += a
			}
		}
	}
	return sum
}
