package correct

import (
	"hash/fnv"
	"strconv"
	"strings"
)

// most is the largest control number: ISA13 has nine digits.
const most = 999_999_999

// Numbers gives out control numbers that no original has.
type Numbers struct {
	used map[int]bool
	last int
}

// Use notes a control number of the originals, or a reference (BHT03) that is one.
func (n *Numbers) Use(control string) {
	if n.used == nil {
		n.used = map[int]bool{}
	}
	if v, err := strconv.Atoi(strings.TrimSpace(control)); err == nil {
		n.used[v] = true
	}
}

// Used reports whether an original has the number.
func (n *Numbers) Used(number int) bool { return n.used[number] }

// Begin makes number the next one.
func (n *Numbers) Begin(number int) { n.last = number - 1 }

// Derive makes the next number one that follows from the cases: the same denials give
// the same batch again, and others another one.
func (n *Numbers) Derive(cases []*Case) {
	h := fnv.New64a()
	for _, c := range cases {
		h.Write([]byte(c.ID + "\x00" + c.Trace + "\x00" + c.PayerControl + "\x00"))
	}
	n.Begin(int(h.Sum64()%most) + 1)
}

// Next is the next number that no original has.
func (n *Numbers) Next() int {
	for {
		n.last = n.last%most + 1
		if !n.used[n.last] {
			return n.last
		}
	}
}
