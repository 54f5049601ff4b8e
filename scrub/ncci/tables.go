package ncci

import (
	"cmp"
	"slices"
	"sort"
)

// Tables are the edits by code and day. They do not change after [New] and may
// be used by several goroutines.
type Tables struct {
	pairs    []pair         // by codes, newest window first
	paired   [1 << 9]uint64 // a bit for each pair, by place: most pairs that are asked for are none
	limits   []MUE          // by code, newest window first
	known    []Code         // sorted
	datasets []Dataset
}

// pair is an [Edit] in 16 bytes, for CMS publishes millions.
type pair struct {
	key      uint64 // column 1, column 2 (30 bits each), indicator (4 bits)
	from, to int32
}

const indicatorBits = 4

func pack(column1, column2 Code) uint64 { return uint64(column1)<<30 | uint64(column2) }

func (p pair) codes() uint64 { return p.key >> indicatorBits }

func (p pair) edit() Edit {
	const code = 1<<30 - 1
	return Edit{
		Column1:   Code(p.codes() >> 30),
		Column2:   Code(p.codes() & code),
		Indicator: byte(p.key & (1<<indicatorBits - 1)),
		From:      p.from,
		To:        p.to,
	}
}

// New makes tables of rows in any order. The same pair or code may come several
// times with different windows; where windows overlap, the one that began last
// counts. Edits with an indicator other than 0 and 1, and rows that end before
// they begin, are never in force and are left out.
func New(edits []Edit, limits []MUE, datasets []Dataset) *Tables {
	t := &Tables{
		pairs:    make([]pair, 0, len(edits)),
		limits:   make([]MUE, 0, len(limits)),
		datasets: slices.Clone(datasets),
	}
	seen := make(map[Code]struct{})
	for _, e := range edits {
		if e.Indicator > Allowed || e.To < e.From {
			continue
		}
		t.pairs = append(t.pairs, pair{pack(e.Column1, e.Column2)<<indicatorBits | uint64(e.Indicator), e.From, e.To})
		seen[e.Column1], seen[e.Column2] = struct{}{}, struct{}{}
	}
	for _, m := range limits {
		if m.To < m.From {
			continue
		}
		t.limits = append(t.limits, m)
		seen[m.Code] = struct{}{}
	}
	for _, p := range t.pairs {
		e := p.edit()
		at := place(min(e.Column1, e.Column2), max(e.Column1, e.Column2))
		t.paired[at/64] |= 1 << (at % 64)
	}
	slices.SortFunc(t.pairs, func(a, b pair) int {
		return cmp.Or(cmp.Compare(a.codes(), b.codes()), cmp.Compare(b.from, a.from), cmp.Compare(b.to, a.to), cmp.Compare(a.key, b.key))
	})
	slices.SortStableFunc(t.limits, func(a, b MUE) int {
		return cmp.Or(cmp.Compare(a.Code, b.Code), cmp.Compare(b.From, a.From), cmp.Compare(b.To, a.To))
	})
	t.known = make([]Code, 0, len(seen))
	for c := range seen {
		t.known = append(t.known, c)
	}
	slices.Sort(t.known)
	return t
}

// Pair returns the edit between two codes that is in force on a day, whichever
// of them is column 1. No edit is an answer only if the tables cover the day
// and know both codes: see [Tables.Covers] and [Tables.Knows].
func (t *Tables) Pair(a, b Code, day int32) (Edit, bool) {
	a, b = min(a, b), max(a, b)
	if at := place(a, b); t.paired[at/64]&(1<<(at%64)) == 0 {
		return Edit{}, false
	}
	if e, ok := t.directed(a, b, day); ok {
		return e, true
	}
	return t.directed(b, a, day)
}

// place is the bit of two codes in Tables.paired.
func place(a, b Code) uint64 { return pack(a, b) * 0x9E3779B97F4A7C15 >> (64 - 15) }

func (t *Tables) directed(column1, column2 Code, day int32) (Edit, bool) {
	codes := pack(column1, column2)
	i := sort.Search(len(t.pairs), func(i int) bool { return t.pairs[i].codes() >= codes })
	for ; i < len(t.pairs) && t.pairs[i].codes() == codes; i++ {
		if p := t.pairs[i]; p.from <= day && day <= p.to {
			return p.edit(), true
		}
	}
	return Edit{}, false
}

// Limit returns the MUE of a code that is in force on a day. A code without one
// is not unlimited: CMS keeps some values secret.
func (t *Tables) Limit(code Code, day int32) (MUE, bool) {
	i := sort.Search(len(t.limits), func(i int) bool { return t.limits[i].Code >= code })
	for ; i < len(t.limits) && t.limits[i].Code == code; i++ {
		if m := t.limits[i]; m.From <= day && day <= m.To {
			return m, true
		}
	}
	return MUE{}, false
}

// Covers reports whether some dataset of the kind can answer for service on a
// day. If none can, what [Tables.Pair] and [Tables.Limit] say means nothing.
func (t *Tables) Covers(kind Kind, day int32) bool {
	for _, d := range t.datasets {
		if d.Kind == kind && d.From <= day && day <= d.To {
			return true
		}
	}
	return false
}

// Knows reports whether a code occurs in any row. The pairs of a code that does
// not are outside these tables, and nothing can be said of them.
func (t *Tables) Knows(code Code) bool {
	_, ok := slices.BinarySearch(t.known, code)
	return ok
}

// Datasets returns what the tables were made of.
func (t *Tables) Datasets() []Dataset { return slices.Clone(t.datasets) }
