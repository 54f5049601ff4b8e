package guide

import (
	"cmp"
	"embed"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/gaitkeeper/gaitkeeper/edi"
)

//go:embed data/*.tsv
var files embed.FS

// professional is 005010X222A1, remittance 005010X221A1. The tables are part of the
// program, and tested: what is wrong with them is a fault of the program.
var (
	professional = sync.OnceValue(func() *tree { return compile("837p", "837", "HC", "005010X222A1") })
	remittance   = sync.OnceValue(func() *tree { return compile("835", "835", "HP", "005010X221A1") })
)

// table is a file of tab separated rows under a header.
type table struct {
	columns map[string]int
	rows    [][]string
}

func readTable(name string) table {
	text, err := files.ReadFile("data/" + name + ".tsv")
	if err != nil {
		panic(err)
	}
	t := table{columns: map[string]int{}}
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(strings.TrimRight(line, "\r\n"), "\t")
		if len(t.columns) == 0 {
			for i, c := range cells {
				t.columns[c] = i
			}
			continue
		}
		t.rows = append(t.rows, cells)
	}
	return t
}

func (t *table) get(row []string, column string) string {
	if i, ok := t.columns[column]; ok && i < len(row) {
		return row[i]
	}
	panic("guide: no column " + column)
}

// lists are the external code lists that are part of the program.
var lists = sync.OnceValue(func() map[string]*codeList {
	t := readTable("lists")
	all := map[string]*codeList{}
	for _, row := range t.rows {
		l := &codeList{name: t.get(row, "list"), changes: t.get(row, "changes") == "yes", codes: map[string]bool{}}
		for c := range strings.SplitSeq(t.get(row, "codes"), "|") {
			l.codes[c] = true
		}
		all[l.name] = l
	}
	return all
})

// mandatory are the elements that the standard itself demands, by segment or
// composite.
var mandatory = sync.OnceValue(func() map[string][]int {
	t := readTable("mandatory")
	all := map[string][]int{}
	for _, row := range t.rows {
		for _, n := range strings.Fields(t.get(row, "elements")) {
			all[t.get(row, "segment")] = append(all[t.get(row, "segment")], atoi(n))
		}
	}
	return all
})

func packAll(codes string) []uint32 {
	if codes == "" {
		return nil
	}
	var all []uint32
	for c := range strings.SplitSeq(codes, "|") {
		all = append(all, pack([]byte(c)))
	}
	return all
}

func atoi(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		panic("guide: " + err.Error())
	}
	return n
}

// compiler turns the tables of one guide into a tree.
type compiler struct {
	*tree
	loops    map[string]*loop
	elements map[string][]row // of a segment at its place
	orders   map[*loop]position
}

// position is where in a loop the last kid stood.
type position struct {
	base  string
	order uint8
}

// row is a row of a table of elements.
type row struct {
	name, de, kind, min, max, usage, codes, pattern, syntax string
}

func compile(name, set, function, version string) *tree {
	c := compiler{
		tree:  &tree{set: set, function: function, version: version, head: map[edi.Tag]*spec{}, known: map[string][]uint32{}, lists: lists()},
		loops: map[string]*loop{}, elements: map[string][]row{}, orders: map[*loop]position{},
	}
	c.readElements(name + "_elements")
	t := readTable(name + "_tree")
	for _, r := range t.rows {
		c.place(&t, r)
	}
	c.root = c.loops["ST"]
	for _, l := range c.loops {
		c.tree.loops = append(c.tree.loops, l)
	}
	slices.SortFunc(c.tree.loops, func(a, b *loop) int { return strings.Compare(a.name, b.name) })
	for _, l := range c.tree.loops {
		c.finish(l)
	}
	return c.tree
}

func (c *compiler) readElements(name string) {
	t := readTable(name)
	known := map[string]map[uint32]bool{}
	for _, cells := range t.rows {
		r := row{
			name: t.get(cells, "element"), de: t.get(cells, "de"), kind: t.get(cells, "type"),
			min: t.get(cells, "min"), max: t.get(cells, "max"), usage: t.get(cells, "usage"),
			codes: t.get(cells, "codes"), pattern: t.get(cells, "pattern"), syntax: t.get(cells, "syntax"),
		}
		key := t.get(cells, "loop") + " " + t.get(cells, "segment") + " " + t.get(cells, "qualifier")
		c.elements[key] = append(c.elements[key], r)
		if known[r.de] == nil {
			known[r.de] = map[uint32]bool{}
		}
		for _, code := range packAll(r.codes) {
			known[r.de][code] = true
		}
	}
	for de, codes := range known {
		c.known[de] = slices.Sorted(maps.Keys(codes))
	}
}

// place adds a row of the tree: the first segment of a loop opens it.
func (c *compiler) place(t *table, r []string) {
	name, segment, quals := t.get(r, "loop"), t.get(r, "segment"), t.get(r, "qualifier")
	s := c.segment(name, segment, quals)
	s.name = t.get(r, "name")
	if name == "ISA" || name == "GS" || segment == "ST" || segment == "SE" {
		c.head[s.tag] = s
	}
	if name == "ISA" || name == "GS" || segment == "SE" {
		return
	}
	k := kid{spec: s, must: t.get(r, "usage") == "R", max: count(t.get(r, "max_use"))}
	l := c.loops[name]
	if l != nil {
		s.loop = l
		c.add(l, k, t.get(r, "pos"))
		return
	}
	l = &loop{name: name, trigger: s}
	s.loop = l
	c.loops[name] = l
	if segment == "ST" {
		return
	}
	switch segment {
	case "HL", "CLM", "CLP":
		l.level = true
	}
	l.level = l.level || name == "2000"
	l.claim = segment == "CLM" || segment == "CLP"
	l.line = name == "2400" || name == "2110"
	k.loop = l
	k.must = t.get(r, "loop_usage") == "R"
	k.max = count(t.get(r, "loop_repeat"))
	l.repeats = k.max > 1
	for parent := range strings.SplitSeq(t.get(r, "parent"), "|") {
		p := c.loops[parent]
		l.parents = append(l.parents, p)
		c.add(p, k, t.get(r, "pos"))
	}
}

// add puts a kid into a loop. What has the base position of the kid before it may
// stand before it as well; so may a member's own claims and the dependents.
func (c *compiler) add(l *loop, k kid, base string) {
	at, ok := c.orders[l]
	switch {
	case !ok:
		at = position{base, 1}
	case base != at.base && !(l.name == "2000B" && k.loop != nil && k.loop.name == "2300"):
		at = position{base, at.order + 1}
	}
	c.orders[l] = at
	k.order = at.order
	l.kids = append(l.kids, k)
}

func count(s string) uint16 {
	if s == ">1" {
		return unbounded
	}
	return uint16(atoi(s))
}

// finish makes the indexes of a loop.
func (c *compiler) finish(l *loop) {
	for i := range l.kids {
		k := &l.kids[i]
		l.byTag[k.spec.id] = append(l.byTag[k.spec.id], uint8(i))
		if k.must {
			l.must = append(l.must, uint8(i))
			l.needs |= 1 << i
		}
		for j := range l.kids[:i] {
			if l.kids[j].must && l.kids[j].order < k.order {
				k.needs |= 1 << j
			}
		}
		if k.loop == nil || l == k.loop.parents[0] {
			c.byTag[k.spec.id] = append(c.byTag[k.spec.id], k.spec)
		}
	}
}

// segment makes the spec of a segment at its place.
func (c *compiler) segment(loop, segment, quals string) *spec {
	if c.specs == maxSpecs {
		panic("guide: too many segments")
	}
	s := &spec{tag: edi.TagOf(segment), number: uint8(c.specs)}
	c.specs++
	s.id = c.tags.add(s.tag)
	if first, _, _ := strings.Cut(quals, " "); first != "" {
		for q := range strings.SplitSeq(first, "&") {
			s.quals = append(s.quals, readQualifier(segment, q))
		}
	}
	rows := c.elements[loop+" "+segment+" "+quals]
	if rows == nil {
		panic(fmt.Sprintf("guide: no elements of %s %s %s", loop, segment, quals))
	}
	must := mandatory()[segment]
	for _, r := range rows {
		where := strings.TrimPrefix(r.name, segment)
		n, part, isPart := strings.Cut(where, "-")
		if !isPart {
			e := c.element(r, slices.Contains(must, atoi(n)))
			if len(s.elements) != atoi(n)-1 {
				panic("guide: gap before " + r.name)
			}
			s.elements = append(s.elements, e)
			s.notes = append(s.notes, readNotes(r.syntax)...)
			if e.usage == 'R' {
				s.must |= 1 << (len(s.elements) - 1)
			}
			continue
		}
		whole := &s.elements[len(s.elements)-1]
		e := c.element(r, slices.Contains(mandatory()[whole.ref], atoi(part)))
		if e.usage == 'R' {
			whole.mustParts |= 1 << len(whole.parts)
		}
		whole.parts = append(whole.parts, e)
	}
	if len(s.quals) == 1 && s.quals[0].element == 1 && s.quals[0].component == 0 {
		s.first = s.quals[0].codes
	}
	c.refine(s, loop, segment)
	for _, q := range s.quals {
		e := &s.elements[q.element-1]
		if q.component > 0 {
			e = &e.parts[q.component-1]
		}
		e.qualifies = true
	}
	// Of two notes that one element breaks, what lacks is told, not what excludes it.
	slices.SortStableFunc(s.notes, func(a, b note) int {
		return cmp.Compare(strings.IndexByte("E", a.kind), strings.IndexByte("E", b.kind))
	})
	for i := range s.elements {
		s.elements[i].simple = s.elements[i].isSimple()
	}
	s.rule, s.always = rulesOf(loop, segment, quals)
	s.role = roleOf(loop, segment, s.quals)
	return s
}

func readQualifier(segment, q string) qualifier {
	where, codes, ok := strings.Cut(strings.TrimPrefix(q, segment), "=")
	if !ok {
		panic("guide: qualifier " + q)
	}
	n, part, _ := strings.Cut(where, "-")
	out := qualifier{element: uint8(atoi(n)), codes: packAll(codes)}
	if part != "" {
		out.component = uint8(atoi(part))
	}
	return out
}

// readNotes reads syntax notes such as P0809 C1110.
func readNotes(s string) (notes []note) {
	for text := range strings.FieldsSeq(s) {
		n := note{kind: text[0]}
		for at := 1; at+2 <= len(text); at += 2 {
			bit := uint64(1) << (atoi(text[at:at+2]) - 1)
			if n.mask == 0 {
				n.first = bit
			}
			n.mask |= bit
		}
		notes = append(notes, n)
	}
	return notes
}

var kinds = map[string]kind{"AN": kindAN, "ID": kindID, "N0": kindN0, "R": kindR, "DT": kindDT, "TM": kindTM, "comp": kindComposite}

func (c *compiler) element(r row, mandatory bool) element {
	k, ok := kinds[r.kind]
	if !ok {
		panic("guide: type " + r.kind + " of " + r.name)
	}
	e := element{usage: r.usage[0], kind: k, ref: r.de, mandatory: mandatory, codes: packAll(r.codes)}
	if k == kindComposite {
		if c.wholes == maxWholes {
			panic("guide: too many composites")
		}
		e.composite = uint16(c.wholes)
		c.wholes++
	} else {
		e.min, e.max = uint16(atoi(r.min)), uint16(atoi(r.max))
	}
	switch r.pattern {
	case "":
	case "[0-9]{9}":
		e.pattern = nineDigits
	case "[0-9A-Z]{9}X":
		// ID102 looks at taxonomy codes
	default:
		panic("guide: pattern " + r.pattern)
	}
	return e
}
