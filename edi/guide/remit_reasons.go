package guide

import (
	"fmt"
	"slices"
	"sync"

	"github.com/gaitkeeper/gaitkeeper/edi"
)

// reasonEnds are the last days of adjustment reasons that are in use no more, as far as
// they are known.
var reasonEnds = sync.OnceValue(func() map[uint32]edi.Date {
	t := readTable("ended")
	all := map[uint32]edi.Date{}
	for _, row := range t.rows {
		d, err := edi.ParseDate([]byte(t.get(row, "last")))
		if err != nil {
			panic("guide: " + err.Error())
		}
		all[pack([]byte(t.get(row, "reason")))] = d
	}
	return all
})

// reason is one of a CAS with its group.
type reason struct{ group, code uint32 }

// answeredReasons looks at the reasons of an answered claim. A group and reason stand
// once on a line, and once on the claim beside its lines; where sums are out, one that
// stands twice may be the cause, and is not told. A group alone may stand in several CAS.
func (w *Walker) answeredReasons(unbalanced bool) {
	// Only the first payer decides anew: what a later one or a reversal tells may be of old.
	ends := w.settled.day > 0 && string(w.unit.Element(0, 2)) == "1"
	seen := w.reasons[:0]
	for _, p := range w.parts {
		switch i := int(p.at); p.role {
		case isAnswerLine:
			seen = seen[:0]
		case isAnswerAdjustment:
			e := w.unit.Elements(i)
			group, twice := pack(e.At(1)), unbalanced
			for n := 2; n <= min(e.Count(), 17); n += 3 {
				own := reason{group, pack(e.At(n))}
				if own.code == 0 || !w.sound(i, n) || !w.sound(i, n+1) {
					continue
				}
				if last := w.ends[own.code]; ends && last > 0 && last < w.settled.day {
					w.onAnswer("GD107", Warning, i, n, 5, "7", fmt.Sprintf("CAS%02d is a reason that was in use until %s", n, last))
				}
				if !twice && slices.Contains(seen, own) {
					twice = true // others of the same CAS are likely to have its cause
					w.onAnswer("GD106", Warning, i, n, 4, "I12", fmt.Sprintf("CAS%02d is a reason that stands here before in the same group", n))
				}
				seen = append(seen, own)
			}
		}
	}
	w.reasons = seen
}
