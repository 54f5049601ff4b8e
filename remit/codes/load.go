package codes

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/gaitkeeper/gaitkeeper/edi"
)

// Load puts the codes of a file over those of t, which stays as it is. A row takes
// the place of the code that it names, or adds it; a column that the file lacks
// leaves what t has, and so does an empty meaning or category. Errors name the line.
//
// The file is tab-separated text, as the embedded ones are:
//
//	# list: CARC
//	# as of: 2026-11-01
//	# source: the payer's bulletin
//	code	meaning	category	denial	actions
//	309	Example of a new code	bundling	yes	correct_resubmit|appeal
//
// The lines of its head say the list (CARC, RARC, GROUP, STATUS, PLB, FILING,
// HANDLING, METHOD), the day and the source; other lines with # are notes. Then
// come the names of the columns, of which code is needed, and the rows. A new code
// needs a meaning. A file may hold several lists, each with its head. Several
// values stand with | between them.
func (t *Tables) Load(r io.Reader) (*Tables, error) {
	out := t.clone()
	var p parser
	s := bufio.NewScanner(r)
	s.Buffer(nil, maxRow)
	for n := 1; s.Scan(); n++ {
		line := strings.TrimSuffix(string(bytes.TrimPrefix(s.Bytes(), byteOrderMark)), "\r")
		if err := p.line(out, line); err != nil {
			return nil, fmt.Errorf("code table, line %d: %w", n, err)
		}
	}
	if err := s.Err(); err != nil {
		return nil, fmt.Errorf("code table: %w", err)
	}
	if p.list == "" {
		return nil, fmt.Errorf("code table: %w", errNoList)
	}
	return out, nil
}

const maxRow = 64 << 10

var byteOrderMark = []byte("\xEF\xBB\xBF")

// What can be wrong with a file of codes.
var (
	errNoList    = errors.New("no line \"# list: ...\" before the codes")
	errNoCode    = errors.New("no code")
	errNoMeaning = errors.New("a new code needs a meaning")
)

func (t *Tables) clone() *Tables {
	out := &Tables{
		reasons: t.reasons.clone(), remarks: t.remarks.clone(),
		entries: map[List]table[Entry]{}, versions: map[List]Version{},
	}
	for list, e := range t.entries {
		out.entries[list] = e.clone()
	}
	maps.Copy(out.versions, t.versions)
	return out
}

func (t table[T]) clone() table[T] {
	at := maps.Clone(t.at)
	if at == nil {
		at = map[string]int{}
	}
	return table[T]{slices.Clone(t.rows), at}
}

// parser is in the middle of a file.
type parser struct {
	list  List
	names []string // of the columns; nil before they are known
}

// line takes the next line.
func (p *parser) line(t *Tables, line string) error {
	note, isNote := strings.CutPrefix(line, "#")
	switch {
	case strings.TrimSpace(line) == "":
		return nil
	case isNote:
		return p.note(t, strings.TrimSpace(note))
	case p.list == "":
		return errNoList
	}
	fields := strings.Split(line, "\t")
	for i := range fields {
		fields[i] = strings.TrimSpace(fields[i])
	}
	if p.names == nil {
		p.names = fields
		if !slices.Contains(fields, "code") {
			return fmt.Errorf("no column \"code\" among %q", fields)
		}
		return nil
	}
	if err := p.row(t, fields); err != nil {
		return err
	}
	v := t.versions[p.list]
	v.Codes = t.count(p.list)
	t.versions[p.list] = v
	return nil
}

// note takes a "name: value" of the head.
func (p *parser) note(t *Tables, note string) error {
	name, value, _ := strings.Cut(note, ":")
	value = strings.TrimSpace(value)
	v := t.versions[p.list]
	switch name {
	case "list":
		list := List(strings.ToUpper(value))
		if !slices.Contains(Lists, list) {
			return fmt.Errorf("no such list: %q", value)
		}
		p.list, p.names = list, nil
		v = t.versions[list]
		v.List = list
	case "as of":
		if err := day(&v.AsOf, value); err != nil {
			return err
		}
	case "source":
		v.Source = value
	}
	if p.list != "" {
		t.versions[p.list] = v
	}
	return nil
}

func (p *parser) row(t *Tables, fields []string) (err error) {
	switch p.list {
	case ListCARC:
		return put(&t.reasons, reasonColumns, p.names, fields, Reason{Active: true, Category: OtherCategory})
	case ListRARC:
		return put(&t.remarks, remarkColumns, p.names, fields, Remark{Active: true, Category: OtherCategory})
	}
	e := t.entries[p.list].orNew()
	err = put(&e, entryColumns, p.names, fields, Entry{Active: true})
	t.entries[p.list] = e
	return err
}

func (t table[T]) orNew() table[T] {
	if t.at == nil {
		t.at = map[string]int{}
	}
	return t
}

func (t *Tables) count(list List) int {
	switch list {
	case ListCARC:
		return len(t.reasons.rows)
	case ListRARC:
		return len(t.remarks.rows)
	}
	return len(t.entries[list].rows)
}

// columns says how a column is read into a row.
type columns[T any] map[string]func(*T, string) error

// put reads a row over the one of the same code, or over blank.
func put[T any](t *table[T], read columns[T], names, fields []string, blank T) error {
	if len(fields) > len(names) {
		return fmt.Errorf("%d values for %d columns", len(fields), len(names))
	}
	value := func(name string) string {
		if k := slices.Index(names, name); k >= 0 && k < len(fields) {
			return fields[k]
		}
		return ""
	}
	code := clean(value("code"))
	if code == "" || strings.ContainsFunc(code, notInCode) {
		return fmt.Errorf("%w: %q", errNoCode, code)
	}
	i, known := t.at[code]
	if !known {
		if value("meaning") == "" {
			return fmt.Errorf("code %s: %w", code, errNoMeaning)
		}
		i = len(t.rows)
		t.rows, t.at[code] = append(t.rows, blank), i
	}
	for k, field := range fields {
		set, ok := read[names[k]]
		if !ok {
			return fmt.Errorf("no such column: %q", names[k])
		}
		if err := set(&t.rows[i], field); err != nil {
			return fmt.Errorf("code %s, column %q: %w", code, names[k], err)
		}
	}
	return nil
}

func notInCode(c rune) bool { return (c < '0' || c > '9') && (c < 'A' || c > 'Z') }

// text reads a value that may not be taken away.
func text(to *string, s string) error {
	if s != "" {
		*to = s
	}
	return nil
}

// split takes a list apart.
func split(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, "|")
}

func yes(to *bool, s string) error {
	switch s {
	case "yes":
		*to = true
	case "no", "":
		*to = false
	default:
		return fmt.Errorf("%q is neither yes nor no", s)
	}
	return nil
}

// day reads YYYY-MM-DD; empty is no day.
func day(to *edi.Date, s string) (err error) {
	*to = 0
	if s == "" {
		return nil
	}
	if *to, err = edi.ParseDay(s); err != nil {
		return fmt.Errorf("%q: %w", s, err)
	}
	return nil
}

func category(to *Category, s string) error {
	if s == "" {
		return nil
	}
	if categories[Category(s)] == "" {
		return fmt.Errorf("no such category: %q", s)
	}
	*to = Category(s)
	return nil
}

func actionList(to *[]Action, s string) error {
	*to = nil
	for _, a := range split(s) {
		if actions[Action(a)] == "" {
			return fmt.Errorf("no such action: %q", a)
		}
		*to = append(*to, Action(a))
	}
	return nil
}
