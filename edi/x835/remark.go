package x835

import "iter"

// Remark is a code that says more about a claim or a line.
type Remark struct {
	List    []byte // LQ01: HE for a RARC, RX for an NCPDP reject code
	Code    []byte
	Segment int // number in the claim
	Element int
}

var listRARC = []byte("HE")

// Remarks gives the codes of the line's LQ segments.
func (l *Line) Remarks() iter.Seq[Remark] {
	return func(yield func(Remark) bool) { l.lists(yield) }
}

// Remarks gives the codes about the whole claim: those of MOA and MIA, and of LQ
// segments that stand before the lines.
func (c *Claim) Remarks() iter.Seq[Remark] {
	return func(yield func(Remark) bool) {
		for i := c.First; i < c.End; i++ {
			var places []int
			switch c.Tag(i) {
			case tagMOA:
				places = remarksMOA
			case tagMIA:
				places = remarksMIA
			}
			for _, n := range places {
				if code := c.Text(i, n); len(code) > 0 && !yield(Remark{listRARC, code, i, n}) {
					return
				}
			}
		}
		c.lists(yield)
	}
}

// The elements of MOA and MIA that hold RARCs.
var (
	remarksMOA = []int{3, 4, 5, 6, 7}
	remarksMIA = []int{5, 20, 21, 22, 23}
)

func (p Part) lists(yield func(Remark) bool) {
	for i := p.find(p.First, tagLQ, ""); i >= 0; i = p.find(i+1, tagLQ, "") {
		if code := p.level.Text(i, 2); len(code) > 0 && !yield(Remark{p.level.Text(i, 1), code, i, 2}) {
			return
		}
	}
}
