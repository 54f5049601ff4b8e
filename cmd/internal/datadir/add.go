package datadir

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/gaitkeeper/gaitkeeper/scrub/ncci"
	"github.com/gaitkeeper/gaitkeeper/scrub/ncci/cms"
	"github.com/gaitkeeper/gaitkeeper/scrub/therapy"
)

// Addition is a table to be kept, and the file that it came from.
type Addition struct {
	*cms.Table
	SHA256 string // of the file
}

// Outcome is what became of additions to one publication.
type Outcome string

// The outcomes.
const (
	New       Outcome = "new"
	Extended  Outcome = "extended" // a part was added
	Replaced  Outcome = "replaced" // rows changed
	Unchanged Outcome = "unchanged"
)

// Change is what became of one publication.
type Change struct {
	*Manifest
	Outcome Outcome
	Tables  []*cms.Table
}

// Options say how tables are kept.
type Options struct {
	All      bool      // the tables hold rows of every code
	Now      time.Time // when they are imported
	NoChange bool      // only say what would become of them
}

// NameOf is the name under which a table is kept: ptp-2026q4, ptp-medicaid-2026q4,
// mue-2026-08-15 where it begins within a quarter.
func NameOf(t *cms.Table) string {
	name := strings.ToLower(t.Kind.String())
	if t.Program == cms.Medicaid {
		name += "-medicaid"
	}
	return name + "-" + quarterName(t.Effective)
}

func quarterName(day int32) string {
	y, m, d := day/1_00_00, day/1_00%1_00, day%1_00
	if d == 1 && m%3 == 1 {
		return fmt.Sprintf("%dq%d", y, (m+2)/3)
	}
	return fmt.Sprintf("%d-%02d-%02d", y, m, d)
}

// Add keeps tables. Tables of one publication become one file; parts that come later
// are added to those that are there, and a part that comes again replaces its rows.
// Where nothing new is in them, nothing is written.
func (d *Dir) Add(list []Addition, o Options) (changes []Change, err error) {
	groups := map[string][]Addition{}
	var names []string
	for _, a := range list {
		name := NameOf(a.Table)
		if groups[name] == nil {
			names = append(names, name)
		}
		groups[name] = append(groups[name], a)
	}
	slices.Sort(names)
	if !o.NoChange {
		unlock, err := d.lock()
		if err != nil {
			return nil, err
		}
		defer unlock()
	}
	var files []file
	defer func() {
		for _, f := range files {
			if err != nil {
				os.Remove(f.temporary)
			}
		}
	}()
	for _, name := range names {
		old, was, err := d.Load(name)
		if errors.Is(err, fs.ErrNotExist) {
			old, was = &Manifest{}, &ncci.Publication{}
		} else if err != nil {
			return nil, err
		}
		m, rows := merge(name, old, was, groups[name], o)
		c := Change{Manifest: m, Outcome: outcome(old, was, m, rows)}
		for _, a := range groups[name] {
			c.Tables = append(c.Tables, a.Table)
		}
		if c.Outcome == Unchanged {
			c.Manifest = old
		} else if !o.NoChange {
			content, err := encode(m, rows)
			if err != nil {
				return nil, err
			}
			f, err := d.prepare(name, content)
			if err != nil {
				return nil, err
			}
			files = append(files, f)
		}
		changes = append(changes, c)
	}
	return changes, d.place(files)
}

// merge puts tables to what is there of their publication.
func merge(name string, old *Manifest, was *ncci.Publication, list []Addition, o Options) (*Manifest, *ncci.Rows) {
	first := list[0]
	m := &Manifest{Name: name, Kind: first.Kind.String(), Program: first.Program, Effective: first.Effective, All: o.All}
	var rows ncci.Rows
	if first.Kind == ncci.Pairs {
		m.Sources, rows.Edits = slices.Clone(old.Sources), slices.Clone(was.Edits)
		for i := range m.Sources {
			m.Sources[i].earlier = true
		}
	}
	for _, a := range list {
		s := Source{
			File: a.File, SHA256: a.SHA256, Read: a.Read, Void: a.Void, Malformed: a.Malformed,
			Imported: o.Now.UTC().Truncate(time.Second),
		}
		if a.Kind == ncci.Pairs {
			s.Part, s.First, s.Last = a.Part.Number, a.Part.First.String(), a.Part.Last.String()
			replace(m, &rows, s)
		}
		m.Sources = append(m.Sources, s)
		rows.Edits = append(rows.Edits, a.Edits...)
		rows.Limits = append(rows.Limits, a.Limits...)
		rows.AddOns = append(rows.AddOns, a.AddOns...)
		rows.Fees = append(rows.Fees, a.Fees...)
	}
	if slices.ContainsFunc(m.Sources, func(s Source) bool { return s.earlier }) {
		m.All = o.All && old.All
	}
	rows.Edits = ncci.Tidy(rows.Edits)
	tidy(&rows)
	slices.SortStableFunc(m.Sources, func(a, b Source) int { return cmp.Or(cmp.Compare(a.First, b.First), cmp.Compare(a.Part, b.Part)) })
	for _, s := range m.Sources {
		m.Read, m.Void, m.Malformed = m.Read+s.Read, m.Void+s.Void, m.Malformed+s.Malformed
		if first.Kind == ncci.Pairs {
			m.Parts = append(m.Parts, Part{s.Part, s.First, s.Last})
		}
	}
	m.Rows = rows.Len()
	return m, &rows
}

// replace takes away the parts that a new one stands for, which have its number or
// lie within it, with their rows.
func replace(m *Manifest, rows *ncci.Rows, s Source) {
	m.Sources = slices.DeleteFunc(m.Sources, func(old Source) bool {
		within := s.First <= old.First && old.Last <= s.Last
		if !within && (s.Part == 0 || s.Part != old.Part) {
			return false
		}
		from, to := code(old.First), code(old.Last)
		rows.Edits = slices.DeleteFunc(rows.Edits, func(e ncci.Edit) bool { return from <= e.Column1 && e.Column1 <= to })
		return true
	})
}

// tidy orders rows by their codes, each once.
func tidy(r *ncci.Rows) {
	slices.SortStableFunc(r.Limits, func(a, b ncci.MUE) int { return cmp.Compare(a.Code, b.Code) })
	r.Limits = slices.CompactFunc(r.Limits, func(a, b ncci.MUE) bool { return a.Code == b.Code })
	slices.SortFunc(r.AddOns, func(a, b ncci.AddOn) int {
		return cmp.Or(cmp.Compare(a.Code, b.Code), cmp.Compare(a.Primary, b.Primary), cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
	})
	r.AddOns = slices.Compact(r.AddOns)
	slices.SortStableFunc(r.Fees, func(a, b ncci.Fee) int { return cmp.Compare(a.Code, b.Code) })
	r.Fees = slices.CompactFunc(r.Fees, func(a, b ncci.Fee) bool { return a.Code == b.Code })
}

// outcome compares what was with what would be.
func outcome(old *Manifest, was *ncci.Publication, m *Manifest, rows *ncci.Rows) Outcome {
	if len(old.Sources) == 0 {
		return New
	}
	ranges := func(list []Part) (out [][2]string) {
		for _, p := range list {
			out = append(out, [2]string{p.First, p.Last})
		}
		return out
	}
	had, has := ranges(old.Parts), ranges(m.Parts)
	if slices.Equal(had, has) {
		before, after := &was.Rows, rows
		if old.All && !m.All { // what is there holds it, and more
			before, after = concerning(before), concerning(after)
		}
		if (old.All || !m.All) && same(before, after) {
			return Unchanged
		}
		return Replaced
	}
	for _, p := range had {
		if !slices.Contains(has, p) {
			return Replaced
		}
	}
	return Extended
}

func same(a, b *ncci.Rows) bool {
	return slices.Equal(a.Edits, b.Edits) && slices.Equal(a.Limits, b.Limits) && slices.Equal(a.AddOns, b.AddOns) && slices.Equal(a.Fees, b.Fees)
}

// concerning are the rows with a therapy code.
func concerning(r *ncci.Rows) *ncci.Rows {
	out := new(ncci.Rows)
	for _, e := range r.Edits {
		if ncci.Concerns(e.Column1) || ncci.Concerns(e.Column2) {
			out.Edits = append(out.Edits, e)
		}
	}
	for _, m := range r.Limits {
		if ncci.Concerns(m.Code) {
			out.Limits = append(out.Limits, m)
		}
	}
	for _, a := range r.AddOns {
		if ncci.Concerns(a.Code) {
			out.AddOns = append(out.AddOns, a)
		}
	}
	for _, f := range r.Fees {
		if ncci.Concerns(f.Code) {
			out.Fees = append(out.Fees, f)
		}
	}
	return out
}

func code(s string) ncci.Code {
	c, _ := therapy.ParseCode([]byte(s))
	return c
}

func kindOf(name string) ncci.Kind {
	for k := ncci.Pairs; k <= ncci.Fees; k++ {
		if k.String() == name {
			return k
		}
	}
	return 0
}

var titles = map[ncci.Kind]string{
	ncci.Pairs: "NCCI PTP", ncci.Limits: "NCCI MUE", ncci.AddOns: "NCCI add-on codes", ncci.Fees: "physician fee schedule",
}

// publication names rows as a publication.
func (m *Manifest) publication(rows *ncci.Rows) *ncci.Publication {
	p := &ncci.Publication{
		Name: m.Title(), Source: "CMS " + m.Title(), Kind: kindOf(m.Kind), Effective: m.Effective, All: m.All, Rows: *rows,
	}
	p.Parts = m.PTPParts()
	return p
}

// PTPParts are the parts as package ncci takes them.
func (m *Manifest) PTPParts() (list []ncci.Part) {
	for _, p := range m.Parts {
		list = append(list, ncci.Part{Number: p.Number, First: code(p.First), Last: code(p.Last)})
	}
	return list
}

// Supersedes reports whether a PTP table leaves nothing for another one to answer.
func (m *Manifest) Supersedes(other *Manifest) bool {
	if m.Kind != ncci.Pairs.String() || other.Kind != m.Kind || other.Program != m.Program || other.All && !m.All {
		return false
	}
	mine := ncci.Covered(m.PTPParts())
	for _, p := range ncci.Covered(other.PTPParts()) {
		if !slices.ContainsFunc(mine, func(s ncci.Span) bool { return s.First <= p.First && p.Last <= s.Last }) {
			return false
		}
	}
	return true
}

// Title is the publication for people: "NCCI PTP, practitioner, 2026q4".
func (m *Manifest) Title() string {
	who := "practitioner"
	if m.Program == cms.Medicaid {
		who = "practitioner, Medicaid"
	}
	return titles[kindOf(m.Kind)] + ", " + who + ", " + quarterName(m.Effective)
}

// Publication makes a publication of tables that are not kept; they are of one name.
func Publication(list []Addition, o Options) (*Manifest, *ncci.Publication) {
	m, rows := merge(NameOf(list[0].Table), &Manifest{}, &ncci.Publication{}, list, o)
	return m, m.publication(rows)
}
