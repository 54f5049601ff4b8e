package ncci

import (
	"cmp"
	"slices"
	"sync"

	"github.com/gaitkeeper/gaitkeeper/scrub/therapy"
)

// Publication is a table as CMS publishes it, once a quarter, or the parts of it
// that are there.
type Publication struct {
	Name      string // for people
	Source    string // for people
	Kind      Kind
	Effective int32 // first day that it was published for
	All       bool  // rows of every code; else rows with a therapy code, of which all
	Parts     []Part
	Rows
}

// Part is a piece of a PTP table. CMS cuts the table in several, between codes of
// column 1, because a spreadsheet cannot hold it.
type Part struct {
	Number      int  // in CMS's file name, f1 to f4; 0 if not known
	First, Last Code // of column 1, over all of its rows
}

// Rows are the rows of a publication: of its kind only. From, To and Source of an
// MUE, From and To of a fee are given by when it was published, and left empty.
type Rows struct {
	Edits  []Edit
	Limits []MUE
	AddOns []AddOn
	Fees   []Fee
}

// Len is the number of rows.
func (r *Rows) Len() int { return len(r.Edits) + len(r.Limits) + len(r.AddOns) + len(r.Fees) }

// begin is the first day of NCCI. Every PTP publication carries the history since
// then, with all windows of a pair.
const begin int32 = 1996_01_01

// Concerns reports whether a code is one of therapy, or of those beside it that the
// built-in tables know. Rows without such a code are left out of what is kept, unless
// all are wanted.
func Concerns(c Code) bool {
	t := concerned()
	for at := concernPlace(c); t[at] != 0; at = (at + 1) % len(t) {
		if t[at] == c {
			return true
		}
	}
	return false
}

// concerned is a hash table by open addressing: millions of rows are asked about.
var concerned = sync.OnceValue(func() *[1024]Code {
	t := new([1024]Code)
	add := func(c Code) {
		at := concernPlace(c)
		for t[at] != 0 && t[at] != c {
			at = (at + 1) % len(t)
		}
		t[at] = c
	}
	for p := range therapy.All() {
		add(p.Code)
	}
	for _, c := range Default().known {
		add(c)
	}
	return t
})

func concernPlace(c Code) int { return int(uint32(c) * 0x9E3779B1 >> 22) }

// Span is a run of parts: Number is that of the last one.
type Span struct {
	Part
	from int // number of the first one
}

// Covered are the ranges of column 1 codes for which the parts of a table answer,
// in order. Between two parts that follow each other there are no codes with
// edits; before a part that begins in the first codes there is nothing, nor after
// one that ends among the last.
func Covered(parts []Part) []Span {
	list := slices.Clone(parts)
	slices.SortFunc(list, func(a, b Part) int { return cmp.Or(cmp.Compare(a.First, b.First), cmp.Compare(a.Last, b.Last)) })
	var out []Span
	for _, p := range list {
		if p.Number == 1 || p.First < firstDigit {
			p.First = 0
		}
		if p.Last >= lastLetter {
			p.Last = maxCode
		}
		if n := len(out); n > 0 {
			last := &out[n-1]
			follows := last.Number > 0 && p.Number == last.Number+1
			if follows || p.First <= last.Last+1 {
				if p.Last > last.Last {
					last.Last, last.Number = p.Last, p.Number
				}
				continue
			}
		}
		out = append(out, Span{p, p.Number})
	}
	return out
}

// Gap is what of a PTP table is not there, where therapy codes are concerned.
type Gap struct {
	After, Before Code   // of column 1: the last that is there and the next one; 0 at the ends
	Numbers       []int  // of the parts, as CMS names them; nil if that is not known
	Codes         []Code // of therapy in the gap
}

// partCount is in how many parts CMS cuts the practitioner table.
const partCount = 4

// Gaps are the missing parts of a table that concern therapy.
func Gaps(parts []Part) (list []Gap) {
	covered := Covered(parts)
	after, number := Code(0), 0
	add := func(before Code, next int) {
		g := Gap{After: after, Before: before}
		for p := range therapy.All() {
			if p.Code > after && (before == 0 || p.Code < before) {
				g.Codes = append(g.Codes, p.Code)
			}
		}
		if len(g.Codes) == 0 {
			return
		}
		if number > 0 || after == 0 {
			for n := number + 1; n < next; n++ {
				g.Numbers = append(g.Numbers, n)
			}
		} else if before == 0 {
			g.Numbers = []int{partCount}
		}
		list = append(list, g)
	}
	for _, p := range covered {
		if p.First > after+1 {
			add(p.First, p.from)
		}
		after, number = p.Last, p.Number
	}
	if after != maxCode {
		add(0, partCount+1)
	}
	return list
}

// Codes in the order of a PTP table begin with the digits and end with the letters:
// its first part begins with 0001A, its last ends with U0003.
var (
	firstDigit, _ = therapy.ParseCode([]byte("10000"))
	lastLetter, _ = therapy.ParseCode([]byte("G0000"))
)

const maxCode Code = 1<<30 - 1

// scope is what one dataset of pairs can answer for.
type scope struct {
	from, to int32
	all      bool
	parts    []Span // covered, in order
	known    []Code // of the snapshot: both codes must be among them
}

func (s *scope) part(column1 Code) *Span {
	for i := range s.parts {
		if p := &s.parts[i]; p.First <= column1 && column1 <= p.Last {
			return p
		}
	}
	return nil
}

func (s *scope) answers(column1, column2 Code) bool {
	if s.known != nil {
		_, a := slices.BinarySearch(s.known, column1)
		_, b := slices.BinarySearch(s.known, column2)
		return a && b
	}
	return s.part(column1) != nil && (s.all || Concerns(column1) || Concerns(column2))
}

// Join makes tables of publications, in order of precedence, over those of base:
//
//   - PTP: the first publication whose parts cover a column 1 code answers for its
//     pairs on every day since 1996, for each carries the whole history.
//   - MUE and fees: a publication rules from its first day to the day before that
//     of the next one, the newest ones further on; base answers for earlier days.
//   - Add-on codes: the first publication answers; its rows have their own days.
func Join(base *Tables, list ...*Publication) *Tables {
	if len(list) == 0 {
		return base
	}
	t := &Tables{known: base.known, addOns: base.addOns}
	t.joinPairs(base, ofKind(list, Pairs))
	limits, fees := inTurn(ofKind(list, Limits)), inTurn(ofKind(list, Fees))
	for i, p := range limits {
		until := untilNext(limits, i)
		for _, m := range p.Limits {
			m.From, m.To, m.Source = p.Effective, until, p.Source
			t.limits = append(t.limits, m)
		}
		t.datasets = append(t.datasets, p.dataset(p.Effective, until, len(p.Limits)))
	}
	first := Open
	if len(limits) > 0 {
		first = DayBefore(limits[0].Effective)
	}
	for _, m := range base.limits {
		if m.To = min(m.To, first); m.From <= m.To {
			t.limits = append(t.limits, m)
		}
	}
	for _, d := range base.datasets {
		if d.Kind == Limits {
			if d.To = min(d.To, first); d.From <= d.To {
				t.datasets = append(t.datasets, d)
			}
		}
	}
	if sets := ofKind(list, AddOns); len(sets) > 0 {
		t.addOns = slices.Clone(sets[0].AddOns)
		from := Open
		for _, a := range t.addOns {
			from = min(from, a.From)
		}
		t.datasets = append(t.datasets, sets[0].dataset(from, Open, len(t.addOns)))
	}
	for i, p := range fees {
		until := untilNext(fees, i)
		for _, f := range p.Fees {
			f.From, f.To = p.Effective, until
			t.fees = append(t.fees, f)
		}
		t.datasets = append(t.datasets, p.dataset(p.Effective, until, len(p.Fees)))
	}
	t.index()
	return t
}

func (p *Publication) dataset(from, to int32, rows int) Dataset {
	return Dataset{Name: p.Name, Kind: p.Kind, AsOf: p.Effective, From: from, To: to, Source: p.Source, Rows: rows}
}

// joinPairs takes each pair from the first scope that answers for it.
func (t *Tables) joinPairs(base *Tables, list []*Publication) {
	for _, p := range list {
		higher := t.scopes
		t.scopes = append(slices.Clip(higher), scope{from: begin, to: Open, all: p.All, parts: Covered(p.Parts)})
		edits := Tidy(p.Edits)
		rows := len(edits)
		if len(higher) == 0 {
			t.pairs = slices.Clip(edits)
		} else {
			rows = t.under(higher, edits)
		}
		if rows > 0 || len(higher) == 0 {
			t.datasets = append(t.datasets, p.dataset(begin, Open, rows))
		}
	}
	higher := t.scopes
	t.scopes = append(slices.Clip(higher), base.scopes...)
	rows := len(base.pairs)
	if len(higher) == 0 {
		t.pairs = slices.Clip(base.pairs)
	} else {
		rows = t.under(higher, base.pairs)
	}
	for _, d := range base.datasets {
		if d.Kind == Pairs && rows > 0 {
			d.Rows = min(d.Rows, rows)
			t.datasets = append(t.datasets, d)
		}
	}
}

// under adds the edits for which no higher scope answers, and counts them.
func (t *Tables) under(higher []scope, edits []Edit) int {
	n := len(t.pairs)
	for _, e := range edits {
		if !slices.ContainsFunc(higher, func(s scope) bool { return s.answers(e.Column1, e.Column2) }) {
			t.pairs = append(t.pairs, e)
		}
	}
	return len(t.pairs) - n
}

// Tidy returns edits in the order of their pairs, each once, without those that are
// never in force. It changes nothing, and copies nothing where they are so already.
func Tidy(edits []Edit) []Edit {
	tidy := true
	for i := range edits {
		if !edits[i].InForce() || i > 0 && byCodes(edits[i-1], edits[i]) >= 0 {
			tidy = false
			break
		}
	}
	if tidy {
		return edits
	}
	out := make([]Edit, 0, len(edits))
	for i := range edits {
		if edits[i].InForce() {
			out = append(out, edits[i])
		}
	}
	slices.SortFunc(out, byCodes)
	return slices.Compact(out)
}

func ofKind(list []*Publication, kind Kind) (out []*Publication) {
	for _, p := range list {
		if p.Kind == kind {
			out = append(out, p)
		}
	}
	return out
}

// inTurn orders publications by their first day; of two with the same, the first
// counts.
func inTurn(list []*Publication) []*Publication {
	slices.SortStableFunc(list, func(a, b *Publication) int { return cmp.Compare(a.Effective, b.Effective) })
	return slices.CompactFunc(list, func(a, b *Publication) bool { return a.Effective == b.Effective })
}

func untilNext(list []*Publication, i int) int32 {
	if i+1 == len(list) {
		return Open
	}
	return DayBefore(list[i+1].Effective)
}
