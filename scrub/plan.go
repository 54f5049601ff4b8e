package scrub

import (
	"errors"
	"io"

	"github.com/gaitkeeper/gaitkeeper/edi"
)

// Plan is the certified windows of plans of care, by claim.
type Plan struct {
	windows map[string][]edi.Period
	seen    map[string]bool
	lacking int
}

// ReadPlan reads a CSV file with the columns claim, certified_from and certified_to.
// A claim may have several rows: a plan that was certified again. The error names row
// and column.
func ReadPlan(src io.Reader) (*Plan, error) {
	columns := []string{"claim", "certified_from", "certified_to"}
	s, err := openSheet(src, columns, columns)
	if err != nil {
		return nil, err
	}
	p := &Plan{windows: map[string][]edi.Period{}, seen: map[string]bool{}}
	for {
		if err := s.next(); errors.Is(err, io.EOF) {
			return p, nil
		} else if err != nil {
			return nil, err
		}
		claim, err := s.required("claim")
		if err != nil {
			return nil, err
		}
		var w edi.Period
		if w.From, err = s.date("certified_from"); err != nil {
			return nil, err
		}
		if w.To, err = s.date("certified_to"); err != nil {
			return nil, err
		}
		if w.To < w.From {
			return nil, s.fail("certified_to", "before certified_from")
		}
		p.windows[claim] = append(p.windows[claim], w)
	}
}

// Of are the windows of a claim; none where the file does not have it.
func (p *Plan) Of(claim []byte) []edi.Period { return p.windows[string(claim)] }

// see notes that a claim is in the input.
func (p *Plan) see(claim []byte) {
	if _, ok := p.windows[string(claim)]; !ok {
		p.lacking++
	} else if !p.seen[string(claim)] {
		p.seen[string(claim)] = true
	}
}

// Unmatched is the number of claims of the file that the input did not have.
func (p *Plan) Unmatched() int { return len(p.windows) - len(p.seen) }

// Lacking is the number of claims of the input that the file does not have: their
// dates were not checked.
func (p *Plan) Lacking() int { return p.lacking }
