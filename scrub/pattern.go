package scrub

import (
	"slices"
	"strconv"
)

// clonedVisits is from how many visits on one pattern is more than chance (DU103).
const clonedVisits = 5

// The visits of a patient are kept in a number of the table: hash of the pattern (26
// bits), how many visits had it, up to clonedVisits (3 bits), and whether one had
// another.
const (
	patternBits   = 26
	patternVaried = 1 << 29
)

// Pattern is the codes and units of the visit of line first, such as
// 97110*2+97140*1, in the order of the codes; "" where no therapy is billed.
func (c *Claim) pattern(b []byte, first int) []byte {
	visit := &c.Lines[first]
	var lines []*Line
	therapy := false
	for i := range c.Lines[first:] {
		if l := &c.Lines[first+i]; l.Code != 0 && l.sameVisit(visit) {
			lines = append(lines, l)
			therapy = therapy || l.Procedure != nil
		}
	}
	if !therapy {
		return b
	}
	slices.SortStableFunc(lines, func(a, b *Line) int { return int(a.Code) - int(b.Code) })
	for i := 0; i < len(lines); {
		units, code := 0, lines[i].Code
		for ; i < len(lines) && lines[i].Code == code; i++ {
			units += lines[i].Count()
		}
		if len(b) > 0 {
			b = append(b, '+')
		}
		b = append(append(b, code.String()...), '*')
		b = strconv.AppendInt(b, int64(units), 10)
	}
	return b
}

// addPattern takes the visit of a line into account.
func (d *Days) addPattern(c *Claim, first int) {
	var buf [128]byte
	if b := c.pattern(buf[:0], first); len(b) > 0 && d.addVisitPattern(c.patient, b) == clonedVisits {
		d.cloning.set(c.Ordinal)
	}
}

// addVisitPattern notes a visit of a patient and returns how many there were so far,
// all of one pattern: 0 where they differ, or more than clonedVisits were counted
// before.
func (d *Days) addVisitPattern(patient uint64, pattern []byte) int {
	h := mix(hashStart, pattern)
	own := uint32(h^h>>32) & (1<<patternBits - 1)
	old, found := d.patterns.get(patient)
	visits := old >> patternBits & 7
	switch {
	case !found || old == 0:
		d.patterns.swap(patient, own|1<<patternBits)
		return 1
	case old&patternVaried != 0 || visits == clonedVisits+1:
		return 0
	case old&(1<<patternBits-1) != own:
		d.patterns.swap(patient, old|patternVaried)
		return 0
	}
	d.patterns.swap(patient, own|(visits+1)<<patternBits)
	if visits++; visits > clonedVisits {
		return 0
	}
	return int(visits)
}

// Cloned reports whether, with the claim c, a patient had five visits on which the
// very same codes and units were billed, and no other visit before.
func (d *Days) Cloned(c *Claim) bool { return d != nil && d.cloning.has(c.Ordinal) }
