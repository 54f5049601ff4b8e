package therapy

import (
	"cmp"
	"slices"
)

// Count is how many units a day's work supports, in all and by code. Where
// remainders tie, several ways to divide the units are right; a Count stands for
// all of them.
type Count struct {
	Total  int     // units in all
	Shares []Share // one for each timed code worked on, in the order of the codes
	Spare  int     // units that go one each to some of the tied shares, whichever
}

// Share is one code's part of a [Count].
type Share struct {
	Work       // the code and its minutes
	Units int  // in every legal allocation
	Tied  bool // may get one of the spare units
}

// CountCMS counts a patient's day in one discipline by Medicare's rule (Claims
// Processing Manual, chapter 5, section 20.2). All minutes are added up and the
// total gives the units. Each code gets its full quarter hours; the units that
// are left go one each to the largest remainders, so that several codes of seven
// minutes or less may share one.
//
// A code never gets a second unit of those left, nor one without a remainder:
// with k remainders of at most 14 minutes, (14k+7)/15 < k+1.
//
// Work on one code may come in pieces. Codes outside the pool do not count: see
// [Procedure].
func CountCMS(work []Work) Count {
	c := share(work)
	total := 0
	for _, s := range c.Shares {
		total += s.Total()
	}
	c.Total = CMSUnits(total)

	left := c.Total
	rest := make([]int, len(c.Shares))
	for i := range c.Shares {
		s := &c.Shares[i]
		s.Units, rest[i] = s.Total()/quarterHour, s.Total()%quarterHour
		left -= s.Units
	}
	if left == 0 {
		return c
	}
	ranked := slices.SortedFunc(slices.Values(rest), func(a, b int) int { return cmp.Compare(b, a) })
	least := ranked[left-1] // the smallest remainder that still gets a unit
	tied := 0
	for i, r := range rest {
		switch {
		case r > least:
			c.Shares[i].Units++
			left--
		case r == least:
			c.Shares[i].Tied = true
			tied++
		}
	}
	if left < tied {
		c.Spare = left
		return c
	}
	for i := range c.Shares { // enough for all: nothing to choose
		if s := &c.Shares[i]; s.Tied {
			s.Units, s.Tied = s.Units+1, false
		}
	}
	return c
}

// CountMidpoint counts a day by the CPT midpoint rule: each code by itself. It
// may support more or fewer units than [CountCMS].
func CountMidpoint(work []Work) Count {
	c := share(work)
	for i := range c.Shares {
		s := &c.Shares[i]
		s.Units = MidpointUnits(s.Total())
		c.Total += s.Units
	}
	return c
}

func share(work []Work) Count {
	list := pooled(work)
	c := Count{Shares: make([]Share, len(list))}
	for i, w := range list {
		c.Shares[i].Work = w
	}
	return c
}

// Share returns the part of one code.
func (c Count) Share(code Code) (Share, bool) {
	i, ok := c.find(code)
	if !ok {
		return Share{}, false
	}
	return c.Shares[i], true
}

func (c Count) find(code Code) (int, bool) {
	return slices.BinarySearchFunc(c.Shares, code, func(s Share, code Code) int { return cmp.Compare(s.Code, code) })
}

// Max returns the most units that any legal allocation gives to a code.
func (c Count) Max(code Code) int {
	s, _ := c.Share(code)
	return s.most()
}

func (s Share) most() int {
	if s.Tied {
		return s.Units + 1
	}
	return s.Units
}

// Legal reports whether units, one number for each of c.Shares, is one of the
// right ways to bill the day.
func (c Count) Legal(units []int) bool {
	if len(units) != len(c.Shares) {
		return false
	}
	sum := 0
	for _, u := range units {
		sum += u
	}
	return sum == c.Total && c.within(units)
}

// within reports whether some legal allocation has at least so many units of
// each code.
func (c Count) within(units []int) bool {
	spare := c.Spare
	for i, s := range c.Shares {
		if units[i] > s.most() {
			return false
		}
		if units[i] > s.Units {
			spare--
		}
	}
	return spare >= 0
}

// Allocations returns the legal allocations, each parallel to c.Shares, at most
// limit of them. Spare units go to earlier codes first.
func (c Count) Allocations(limit int) [][]int {
	var list [][]int
	now := make([]int, len(c.Shares))
	tied := 0
	for i, s := range c.Shares {
		now[i] = s.Units
		if s.Tied {
			tied++
		}
	}
	// choose decides the shares from i on, with spare units for tied of them.
	var choose func(i, spare, tied int)
	choose = func(i, spare, tied int) {
		if len(list) >= limit {
			return
		}
		for i < len(c.Shares) && !c.Shares[i].Tied {
			i++
		}
		if i == len(c.Shares) {
			list = append(list, slices.Clone(now))
			return
		}
		if spare > 0 {
			now[i]++
			choose(i+1, spare-1, tied-1)
			now[i]--
		}
		if spare < tied {
			choose(i+1, spare, tied-1)
		}
	}
	choose(0, c.Spare, tied)
	return list
}
