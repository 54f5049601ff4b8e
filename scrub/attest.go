package scrub

import (
	"errors"
	"io"
	"slices"
	"strings"
	"sync"
)

// Attestation is what a person who knows the chart asserts for one finding.
type Attestation struct {
	Value  string `json:"value"`
	By     string `json:"by"`
	At     string `json:"at"`
	Reason string `json:"reason"`
}

// Attestations are the attestations of a file, by claim, line and rule.
type Attestations struct {
	rows map[attestKey]Attestation

	mu   sync.Mutex // claims are judged by several goroutines
	used map[attestKey]bool
}

type attestKey struct{ claim, line, rule string }

// ReadAttestations reads a CSV file with the columns claim, line (REF*6R or
// LX01; empty for the claim), rule, value, by, at and reason; all but line and
// reason must be filled. The error names row and column.
func ReadAttestations(src io.Reader) (*Attestations, error) {
	columns := []string{"claim", "line", "rule", "value", "by", "at", "reason"}
	s, err := openSheet(src, columns, columns)
	if err != nil {
		return nil, err
	}
	a := &Attestations{rows: map[attestKey]Attestation{}, used: map[attestKey]bool{}}
	for {
		if err := s.next(); errors.Is(err, io.EOF) {
			return a, nil
		} else if err != nil {
			return nil, err
		}
		for _, c := range []string{"claim", "rule", "value", "by", "at"} {
			if _, err := s.required(c); err != nil {
				return nil, err
			}
		}
		if _, err := s.date("at"); err != nil {
			return nil, err
		}
		k := attestKey{s.text("claim"), s.text("line"), s.text("rule")}
		if _, twice := a.rows[k]; twice {
			return nil, s.fail("claim", "claim, line and rule stand twice")
		}
		a.rows[k] = Attestation{s.text("value"), s.text("by"), s.text("at"), s.text("reason")}
	}
}

// of is the attestation for a finding, and the name that it goes by.
func (a *Attestations) of(f *Finding) (Attestation, attestKey, bool) {
	if a == nil {
		return Attestation{}, attestKey{}, false
	}
	for _, line := range f.lineNames() {
		k := attestKey{f.Claim, line, f.Rule.ID}
		if t, ok := a.rows[k]; ok {
			return t, k, true
		}
	}
	return Attestation{}, attestKey{}, false
}

// use notes that an attestation was applied.
func (a *Attestations) use(k attestKey) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.used[k] = true
}

// Unused are the attestations that changed nothing: no finding answers to them, or
// the value is none that its fix takes. Each is "claim line rule", in order.
func (a *Attestations) Unused() []string {
	var names []string
	for k := range a.rows {
		if !a.used[k] {
			names = append(names, strings.Join(strings.Fields(k.claim+" "+k.line+" "+k.rule), " "))
		}
	}
	slices.Sort(names)
	return names
}
