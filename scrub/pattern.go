package scrub

import (
	"math/bits"
	"slices"
	"strconv"
	"strings"

	"github.com/gaitkeeper/gaitkeeper/scrub/therapy"
)

// clonedVisits is from how many visits on one pattern is more than chance (DU103).
const clonedVisits = 5

// tally keeps, for each patient, what all visits have in common, in eight bytes: by
// open addressing, like table, and with shorter keys, for it holds every patient of a
// run.
//
//	40 bits  key: the upper ones of the patient's hash
//	20 bits  hash of the pattern
//	 3 bits  visits that had it, up to clonedVisits+1; known, without a visit yet
//	 1 bit   whether one had another
type tally struct {
	entries []uint64 // 0 is a free place
	n       int
}

const (
	tallyKey     = 0xFFFFFFFFFF << 24
	tallyPattern = 1<<20 - 1
	tallyVaried  = 1
	tallyKnown   = 7 // in place of a number of visits
)

func (t *tally) find(key uint64) *uint64 {
	key &= tallyKey
	hi, _ := bits.Mul64(key*0x9E3779B97F4A7C15, uint64(len(t.entries)))
	for i := int(hi); ; {
		if e := &t.entries[i]; *e == 0 || *e&tallyKey == key {
			return e
		}
		if i++; i == len(t.entries) {
			i = 0
		}
	}
}

// entry is that of a patient, to be filled where it is 0.
func (t *tally) entry(patient uint64) *uint64 {
	if 4*(t.n+1) > 3*len(t.entries) {
		before := t.entries
		t.entries = make([]uint64, max(1024, len(before)+len(before)/2))
		for _, e := range before {
			if e != 0 {
				*t.find(e) = e
			}
		}
	}
	e := t.find(patient)
	if *e == 0 {
		t.n++
	}
	return e
}

// know reports whether a patient was seen before, and notes it.
func (t *tally) know(patient uint64) bool {
	e := t.entry(patient)
	if *e != 0 {
		return true
	}
	*e = patient&tallyKey | tallyKnown<<1
	return false
}

// add notes a visit of a patient and returns how many there were so far, all of one
// pattern; 0 where they differ, or more than clonedVisits were counted before.
func (t *tally) add(patient, pattern uint64) int {
	own := pattern >> 44 & tallyPattern
	e := t.entry(patient)
	visits := *e >> 1 & 7
	switch {
	case *e == 0, visits == tallyKnown:
		visits = 0
	case *e&tallyVaried != 0 || visits > clonedVisits:
		return 0
	case *e>>4&tallyPattern != own:
		*e |= tallyVaried
		return 0
	}
	visits++
	*e = patient&tallyKey | own<<4 | visits<<1
	if visits > clonedVisits {
		return 0
	}
	return int(visits)
}

// The hash of a pattern is a sum, so that neither the order of the lines counts nor
// how the units of a code are divided over them.
func patternPart(code therapy.Code, units int) uint64 {
	return mixNumber(hashStart, uint64(code)) * uint64(units)
}

// patternHash is that of a written pattern, such as 97110*2+97140*1; 0 for none.
func patternHash(text string) (h uint64) {
	for part := range strings.SplitSeq(text, "+") {
		code, units, _ := strings.Cut(part, "*")
		c, ok := therapy.ParseCode([]byte(code))
		n, err := strconv.Atoi(units)
		if !ok || err != nil {
			return 0
		}
		h += patternPart(c, n)
	}
	return h * hashPrime
}

// pattern is the hash of codes and units of the visit of line first; 0 where no
// therapy is billed.
func (c *Claim) pattern(first int) (h uint64) {
	visit := &c.Lines[first]
	known := false
	for i := range c.Lines[first:] {
		if l := &c.Lines[first+i]; l.Code != 0 && l.sameVisit(visit) {
			h += patternPart(l.Code, l.Count())
			known = known || l.Procedure != nil
		}
	}
	if !known {
		return 0
	}
	return h * hashPrime
}

// patternText is the pattern in words, such as 97110*2+97140*1, in the order of the
// codes; "" where no therapy is billed.
func (c *Claim) patternText(first int) string {
	visit := &c.Lines[first]
	units := map[therapy.Code]int{}
	var codes []therapy.Code
	known := false
	for i := range c.Lines[first:] {
		l := &c.Lines[first+i]
		if l.Code == 0 || !l.sameVisit(visit) {
			continue
		}
		if _, again := units[l.Code]; !again {
			codes = append(codes, l.Code)
		}
		units[l.Code] += l.Count()
		known = known || l.Procedure != nil
	}
	if !known {
		return ""
	}
	slices.Sort(codes)
	var b strings.Builder
	for i, code := range codes {
		if i > 0 {
			b.WriteByte('+')
		}
		b.WriteString(code.String() + "*" + strconv.Itoa(units[code]))
	}
	return b.String()
}

// addPattern takes the visit of a line into account.
func (d *Days) addPattern(c *Claim, first int) {
	if h := c.pattern(first); h != 0 && d.patterns.add(c.patient, h) == clonedVisits {
		d.cloning.set(c.Ordinal)
	}
}

// Cloned reports whether, with the claim c, a patient had five visits on which the
// very same codes and units were billed, and no other visit before.
func (d *Days) Cloned(c *Claim) bool { return d != nil && d.cloning.has(c.Ordinal) }
