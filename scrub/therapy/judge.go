package therapy

import (
	"cmp"
	"slices"
)

// Billed is the units of one code on the claim.
type Billed struct {
	Code  Code
	Units int
}

// Verdict is how billed units stand to the work. A greater one is worse; where
// a payer takes either counting rule, the smaller verdict is the right one.
type Verdict uint8

// The verdicts.
const (
	OK           Verdict = iota // one of the legal allocations
	Under                       // part of a legal allocation: more could be billed
	Misallocated                // no more than the total, but some code has more than its part
	Over                        // more than the total
)

// String returns "ok", "under", "misallocated" or "over".
func (v Verdict) String() string {
	if int(v) < len(verdicts) {
		return verdicts[v]
	}
	return ""
}

var verdicts = [...]string{"ok", "under", "misallocated", "over"}

// Judge compares a day's billed units with the work. A code may come in several
// pieces; codes outside the pool are passed over.
func Judge(billed []Billed, c Count) Verdict {
	units, strangers := c.align(billed)
	sum := strangers
	for _, u := range units {
		sum += u
	}
	switch {
	case sum > c.Total:
		return Over
	case strangers > 0 || !c.within(units):
		return Misallocated
	case sum < c.Total:
		return Under
	}
	return OK
}

// Nearest returns the legal allocation, parallel to c.Shares, that changes the
// fewest of the billed units. Among equals, spare units go to earlier codes.
func (c Count) Nearest(billed []Billed) []int {
	units, _ := c.align(billed)
	var tied []int
	near := make([]int, len(c.Shares))
	for i, s := range c.Shares {
		near[i] = s.Units
		if s.Tied {
			tied = append(tied, i)
		}
	}
	// A spare unit is worth most where more than the sure units are billed.
	slices.SortStableFunc(tied, func(a, b int) int {
		return cmp.Compare(min(units[b]-near[b], 1), min(units[a]-near[a], 1))
	})
	for _, i := range tied[:min(c.Spare, len(tied))] {
		near[i]++
	}
	return near
}

// align adds up billed units by share; strangers are units of timed codes that
// nobody worked on.
func (c Count) align(billed []Billed) (units []int, strangers int) {
	units = make([]int, len(c.Shares))
	for _, b := range billed {
		n := min(max(b.Units, 0), bound)
		if i, ok := c.find(b.Code); ok {
			units[i] += n
		} else if isPooled(b.Code) {
			strangers += n
		}
	}
	return units, strangers
}
