package ncci

import (
	"cmp"
	"slices"
)

// Tables are the edits by code and day. They do not change once they are made and
// may be used by several goroutines.
type Tables struct {
	pairs    []Edit   // by codes, newest window first
	column1  columns  // where the pairs of a column 1 code begin
	paired   []uint64 // a bit for each pair, by place: most pairs that are asked for are none
	shift    uint     // of a place in paired
	limits   []MUE    // by code, newest window first
	addOns   []AddOn  // by code
	fees     []Fee    // by code, newest window first
	known    []Code   // of the rows of New, sorted
	scopes   []scope  // what answers for pairs, first in precedence first
	datasets []Dataset
}

func pack(column1, column2 Code) uint64 { return uint64(column1)<<30 | uint64(column2) }

func (e *Edit) codes() uint64 { return pack(e.Column1, e.Column2) }

// byCodes orders edits by pair, the newest window first.
func byCodes(a, b Edit) int {
	return cmp.Or(cmp.Compare(a.codes(), b.codes()), cmp.Compare(b.From, a.From), cmp.Compare(b.To, a.To), cmp.Compare(a.Indicator, b.Indicator))
}

// InForce reports whether there is a day on which the edit is applied: an edit with
// indicator 9, or one that ends before it begins, is not.
func (e *Edit) InForce() bool { return e.Indicator <= Allowed && e.From <= e.To }

// New makes tables of rows in any order. The same pair or code may come several
// times with different windows; where windows overlap, the one that began last
// counts. Edits with an indicator other than 0 and 1, and rows that end before
// they begin, are never in force and are left out.
func New(edits []Edit, limits []MUE, datasets []Dataset) *Tables {
	t := &Tables{
		pairs:    make([]Edit, 0, len(edits)),
		limits:   make([]MUE, 0, len(limits)),
		datasets: slices.Clone(datasets),
	}
	seen := make(map[Code]struct{})
	for _, e := range edits {
		if !e.InForce() {
			continue
		}
		t.pairs = append(t.pairs, e)
		seen[e.Column1], seen[e.Column2] = struct{}{}, struct{}{}
	}
	for _, m := range limits {
		if m.To < m.From {
			continue
		}
		t.limits = append(t.limits, m)
		seen[m.Code] = struct{}{}
	}
	t.known = make([]Code, 0, len(seen))
	for c := range seen {
		t.known = append(t.known, c)
	}
	slices.Sort(t.known)
	for _, d := range datasets {
		if d.Kind == Pairs {
			t.scopes = append(t.scopes, scope{from: d.From, to: d.To, known: t.known})
		}
	}
	t.index()
	return t
}

// index sorts the rows and makes what finds them.
func (t *Tables) index() {
	if !slices.IsSortedFunc(t.pairs, byCodes) { // what was stored is
		slices.SortFunc(t.pairs, byCodes)
	}
	slices.SortStableFunc(t.limits, func(a, b MUE) int {
		return cmp.Or(cmp.Compare(a.Code, b.Code), cmp.Compare(b.From, a.From), cmp.Compare(b.To, a.To))
	})
	slices.SortStableFunc(t.addOns, func(a, b AddOn) int { return cmp.Compare(a.Code, b.Code) })
	slices.SortStableFunc(t.fees, func(a, b Fee) int {
		return cmp.Or(cmp.Compare(a.Code, b.Code), cmp.Compare(b.From, a.From), cmp.Compare(b.To, a.To))
	})
	t.column1 = newColumns(t.pairs)

	size := 15 // bits of a place: 8 places or more for a pair, so that few are taken by chance
	for size < 25 && 1<<size < 8*len(t.pairs) {
		size++
	}
	t.shift, t.paired = uint(64-size), make([]uint64, 1<<(size-6))
	for i := range t.pairs {
		e := &t.pairs[i]
		at := t.place(min(e.Column1, e.Column2), max(e.Column1, e.Column2))
		t.paired[at/64] |= 1 << (at % 64)
	}
}

// Pair returns the edit between two codes that is in force on a day, whichever
// of them is column 1. That there is none is an answer only where the tables know
// all edits between the two: see [Tables.Answers].
func (t *Tables) Pair(a, b Code, day int32) (Edit, bool) {
	a, b = min(a, b), max(a, b)
	if at := t.place(a, b); t.paired[at/64]&(1<<(at%64)) == 0 {
		return Edit{}, false
	}
	if e, ok := t.directed(a, b, day); ok {
		return e, true
	}
	return t.directed(b, a, day)
}

// place is the bit of two codes in Tables.paired.
func (t *Tables) place(a, b Code) uint64 { return pack(a, b) * 0x9E3779B97F4A7C15 >> t.shift }

func (t *Tables) directed(column1, column2 Code, day int32) (Edit, bool) {
	i, end := t.column1.find(column1)
	for n := end; i < n; { // the first row of column 2 or of a later code
		if h := int32(uint32(i+n) >> 1); t.pairs[h].Column2 < column2 {
			i = h + 1
		} else {
			n = h
		}
	}
	for ; i < end && t.pairs[i].Column2 == column2; i++ {
		if e := &t.pairs[i]; e.From <= day && day <= e.To {
			return *e, true
		}
	}
	return Edit{}, false
}

// columns is a hash table by open addressing from a column 1 code to its run of
// pairs.
type columns struct {
	slots []column // a power of two
	shift uint
}

type column struct {
	code       Code
	start, end int32
}

func newColumns(pairs []Edit) columns {
	n := 0
	for i := range pairs {
		if i == 0 || pairs[i].Column1 != pairs[i-1].Column1 {
			n++
		}
	}
	bits := uint(4)
	for 1<<bits < 2*n {
		bits++
	}
	c := columns{make([]column, 1<<bits), 32 - bits}
	for i := 0; i < len(pairs); {
		from := i
		for i < len(pairs) && pairs[i].Column1 == pairs[from].Column1 {
			i++
		}
		at := c.place(pairs[from].Column1)
		for c.slots[at].code != 0 {
			at = (at + 1) % len(c.slots)
		}
		c.slots[at] = column{pairs[from].Column1, int32(from), int32(i)}
	}
	return c
}

func (c *columns) place(code Code) int { return int(uint32(code) * 0x9E3779B1 >> c.shift) }

func (c *columns) find(code Code) (start, end int32) {
	for at := c.place(code); c.slots[at].code != 0; at = (at + 1) & (len(c.slots) - 1) {
		if s := &c.slots[at]; s.code == code {
			return s.start, s.end
		}
	}
	return 0, 0
}

// Limit returns the MUE of a code that is in force on a day. A code without one
// is not unlimited: CMS keeps some values secret.
func (t *Tables) Limit(code Code, day int32) (MUE, bool) {
	i, _ := slices.BinarySearchFunc(t.limits, code, func(m MUE, c Code) int { return cmp.Compare(m.Code, c) })
	for ; i < len(t.limits) && t.limits[i].Code == code; i++ {
		if m := t.limits[i]; m.From <= day && day <= m.To {
			return m, true
		}
	}
	return MUE{}, false
}

// AddOns returns the rows in which a code is the add-on code, those that are not in
// force too. The rows are shared: do not change them.
func (t *Tables) AddOns(code Code) []AddOn {
	i, _ := slices.BinarySearchFunc(t.addOns, code, func(a AddOn, c Code) int { return cmp.Compare(a.Code, c) })
	end := i
	for end < len(t.addOns) && t.addOns[end].Code == code {
		end++
	}
	return t.addOns[i:end]
}

// Fee returns what the fee schedule that is in force on a day says of a code.
func (t *Tables) Fee(code Code, day int32) (Fee, bool) {
	i, _ := slices.BinarySearchFunc(t.fees, code, func(f Fee, c Code) int { return cmp.Compare(f.Code, c) })
	for ; i < len(t.fees) && t.fees[i].Code == code; i++ {
		if f := t.fees[i]; f.From <= day && day <= f.To {
			return f, true
		}
	}
	return Fee{}, false
}

// Covers reports whether some dataset of the kind can answer for service on a
// day. If none can, what lookups of that kind say means nothing.
func (t *Tables) Covers(kind Kind, day int32) bool {
	for i := range t.datasets {
		if d := &t.datasets[i]; d.Kind == kind && d.From <= day && day <= d.To {
			return true
		}
	}
	return false
}

// Reaches reports whether edits with the code in column 1 are known for service on
// a day: of a publication, whether the part that holds the code is there.
func (t *Tables) Reaches(code Code, day int32) bool {
	for i := range t.scopes {
		s := &t.scopes[i]
		if s.from <= day && day <= s.to && (s.known != nil || s.part(code) != nil) {
			return true
		}
	}
	return false
}

// Answers reports whether every edit between two codes on a day is known, so that
// none found means that there is none.
func (t *Tables) Answers(a, b Code, day int32) bool {
	return a != 0 && b != 0 && t.answers(a, b, day) && t.answers(b, a, day)
}

func (t *Tables) answers(column1, column2 Code, day int32) bool {
	for i := range t.scopes {
		s := &t.scopes[i]
		if s.from <= day && day <= s.to && s.answers(column1, column2) {
			return true
		}
	}
	return false
}

// Knows reports whether a code occurs in any row that [New] was given.
func (t *Tables) Knows(code Code) bool {
	_, ok := slices.BinarySearch(t.known, code)
	return ok
}

// Datasets returns what the tables were made of.
func (t *Tables) Datasets() []Dataset { return slices.Clone(t.datasets) }
