package x835

import (
	"iter"

	"github.com/gaitkeeper/gaitkeeper/edi"
)

// Part is a run of segments of a level, in which values are looked up by their
// qualifier: the header of a payment, a party, what a claim says of itself, or a
// line. Blanks around values are dropped.
type Part struct {
	level      *Level
	First, End int // its segments of the level: First up to, not including, End
}

// Find is the number in the level of the first segment with this id whose element 1
// is the qualifier ("" for any); -1 where there is none.
func (p Part) Find(tag edi.Tag, qualifier string) int {
	return p.find(p.First, tag, qualifier)
}

// Each gives the numbers of all segments that Find would take.
func (p Part) Each(tag edi.Tag, qualifier string) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := p.find(p.First, tag, qualifier); i >= 0; i = p.find(i+1, tag, qualifier) {
			if !yield(i) {
				return
			}
		}
	}
}

func (p Part) find(from int, tag edi.Tag, qualifier string) int {
	for i := from; i < p.End; i++ {
		if p.level.Tag(i) == tag && (qualifier == "" || string(p.level.Text(i, 1)) == qualifier) {
			return i
		}
	}
	return -1
}

// element is element n of the first segment that Find takes.
func (p Part) element(tag edi.Tag, qualifier string, n int) []byte {
	if i := p.Find(tag, qualifier); i >= 0 {
		return p.level.Text(i, n)
	}
	return nil
}

// Ref is REF02 of the first REF with the qualifier; nil where there is none.
func (p Part) Ref(qualifier string) []byte { return p.element(tagREF, qualifier, 2) }

// Refs gives all of them.
func (p Part) Refs(qualifier string) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for i := range p.Each(tagREF, qualifier) {
			if !yield(p.level.Text(i, 2)) {
				return
			}
		}
	}
}

// Date is DTM02 of the first DTM with the qualifier; 0 where there is none or no
// calendar date.
func (p Part) Date(qualifier string) edi.Date {
	d, _ := edi.ParseDate(p.element(tagDTM, qualifier, 2))
	return d
}

// Amount is AMT02 of the first AMT with the qualifier. Such amounts inform; they
// take no part in balancing.
func (p Part) Amount(qualifier string) (a edi.Amount, ok bool) {
	a, ok, err := readAmount(p.element(tagAMT, qualifier, 2))
	return a, ok && err == nil
}

// Quantity is QTY02 of the first QTY with the qualifier.
func (p Part) Quantity(qualifier string) (q edi.Quantity, ok bool) {
	q, ok, err := readQuantity(p.element(tagQTY, qualifier, 2))
	return q, ok && err == nil
}

// AmountAt is element n of segment i as money; not ok where it is blank or none, or
// i is negative.
func (p Part) AmountAt(i, n int) (a edi.Amount, ok bool) {
	if i < 0 {
		return 0, false
	}
	a, ok, err := readAmount(p.level.Element(i, n))
	return a, ok && err == nil
}

// spans are the qualifiers of a day, or of the first and the last one.
var spans = [...]struct{ from, to string }{{"472", "472"}, {"150", "151"}, {"232", "233"}}

// Service is the day or the days of service as the part itself states them: DTM
// 472, or 150 and 151, or 232 and 233. Where one end is missing it is the other.
// Zero where there are none.
func (p Part) Service() edi.Period {
	for _, q := range spans {
		from, to := p.Date(q.from), p.Date(q.to)
		switch {
		case from == 0:
			from = to
		case to == 0:
			to = from
		}
		if from != 0 {
			return edi.Period{From: from, To: to}
		}
	}
	return edi.Period{}
}
