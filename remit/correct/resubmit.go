package correct

import (
	"errors"
	"fmt"
	"slices"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/edi/x837"
)

// ErrControl means that the payer's control number cannot stand in the claim.
var ErrControl = errors.New("the payer's control number holds a separator of the claim, or is longer than 50")

var (
	tagCLM = edi.TagOf("CLM")
	tagREF = edi.TagOf("REF")
)

// Resubmit are the edits that give a claim its frequency (CLM05-3), and REF*F8 where it
// replaces the one with the payer's number control; a new claim has none. Nothing else
// of the claim changes.
func Resubmit(c *x837.Claim, frequency byte, control string) ([]edi.Edit, error) {
	var edits []edi.Edit
	add := func(e edi.Edit, err error) error {
		edits = append(edits, e)
		return err
	}
	clm := c.Segment(0)
	if err := add(clm.SetComponent(5, 3, []byte{frequency})); err != nil {
		return nil, err
	}
	at := c.Find(x837.Loop2300, tagREF, "F8")
	switch {
	case at < 0 && frequency != Replaces:
		return edits, nil
	case frequency != Replaces:
		s := c.Segment(at)
		return append(edits, s.Delete()), nil
	}
	text, err := payerControl(control, c.Delims())
	if err != nil {
		return nil, err
	}
	if at >= 0 {
		s := c.Segment(at)
		return edits, add(s.Set(2, []byte(control)))
	}
	s := c.Segment(before(c))
	if err := add(s.InsertAfter(text)); err != nil {
		return nil, fmt.Errorf("REF*F8: %w", err)
	}
	return edits, nil
}

// ahead are the segments of loop 2300 that stand before REF*F8, and the REF among them.
var (
	ahead     = []edi.Tag{tagCLM, edi.TagOf("DTP"), edi.TagOf("PWK"), edi.TagOf("CN1"), edi.TagOf("AMT")}
	aheadREFs = []string{"4N", "F5", "EW", "9F", "G1"}
)

// before is the segment of the claim behind which REF*F8 belongs.
func before(c *x837.Claim) (last int) {
	for i := range c.Len() {
		tag := c.Tag(i)
		if c.Loop(i) != x837.Loop2300 || !slices.Contains(ahead, tag) && (tag != tagREF || !slices.Contains(aheadREFs, string(c.Element(i, 1)))) {
			return last
		}
		last = i
	}
	return last
}
