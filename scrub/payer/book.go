package payer

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
)

// Match says which claims a profile is for. Ids and names tell who pays: one of them
// must fit, where any are given. Filings narrow that, or stand alone.
type Match struct {
	IDs     []string // NM109 of the payer; * stands for any characters
	Names   []string // NM103 of the payer, in any case; * stands for any characters
	Filings []string // SBR09
}

// Entry is a profile with what chooses it.
type Entry struct {
	*Profile
	Match
}

// Book chooses profiles: the one that names the payer's id whole, else one with a
// pattern that its id fits, else by its name, else by SBR09 alone, and of equals the
// first; where none fits, the built-in one of the SBR09. A nil Book knows these only.
type Book struct {
	entries []Entry
	exact   map[string][]*Entry
}

// NewBook makes a book. The error names two profiles that nothing tells apart.
func NewBook(entries []Entry) (*Book, error) {
	b := &Book{entries: entries, exact: map[string][]*Entry{}}
	for i := range b.entries {
		e := &b.entries[i]
		for k := range e.Names {
			e.Names[k] = strings.ToUpper(e.Names[k])
		}
		for _, id := range e.IDs {
			if strings.Contains(id, "*") {
				continue
			}
			for _, other := range b.exact[id] {
				if overlap(e.Filings, other.Filings) {
					return nil, fmt.Errorf("%s and %s are both for payer id %s", other.Name, e.Name, id)
				}
			}
			b.exact[id] = append(b.exact[id], e)
		}
	}
	return b, nil
}

// overlap reports whether a claim can meet both conditions on SBR09.
func overlap(a, b []string) bool {
	return len(a) == 0 || len(b) == 0 || slices.ContainsFunc(a, func(s string) bool { return slices.Contains(b, s) })
}

// For is the profile for a claim: by NM109 and NM103 of the payer, and SBR09.
func (b *Book) For(filing, id, name []byte) *Profile {
	if b == nil {
		return For(filing)
	}
	id = bytes.TrimSpace(id)
	for _, e := range b.exact[string(id)] {
		if e.files(filing) {
			return e.Profile
		}
	}
	for _, fits := range [...]func(*Entry) bool{
		func(e *Entry) bool { return len(id) > 0 && anyFits(e.IDs, string(id)) },
		func(e *Entry) bool {
			return len(e.Names) > 0 && anyFits(e.Names, strings.ToUpper(string(bytes.TrimSpace(name))))
		},
		func(e *Entry) bool { return len(e.IDs)+len(e.Names) == 0 && len(e.Filings) > 0 },
	} {
		for i := range b.entries {
			if e := &b.entries[i]; e.files(filing) && fits(e) {
				return e.Profile
			}
		}
	}
	return For(filing)
}

func (e *Entry) files(filing []byte) bool {
	return len(e.Filings) == 0 || slices.Contains(e.Filings, string(filing))
}

func anyFits(patterns []string, text string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return fits(p, text) })
}

// fits compares a text with a pattern in which * stands for any characters.
func fits(pattern, text string) bool {
	parts := strings.Split(pattern, "*")
	if len(parts) == 1 {
		return pattern == text
	}
	if !strings.HasPrefix(text, parts[0]) {
		return false
	}
	text = text[len(parts[0]):]
	last := len(parts) - 1
	for _, part := range parts[1:last] {
		i := strings.Index(text, part)
		if i < 0 {
			return false
		}
		text = text[i+len(part):]
	}
	return strings.HasSuffix(text, parts[last])
}

// Named is the profile of that name, of the book or built in; nil where there is none.
func (b *Book) Named(name string) *Profile {
	if b != nil {
		for i := range b.entries {
			if b.entries[i].Name == name {
				return b.entries[i].Profile
			}
		}
	}
	return Named(name)
}

// Names are the names of the profiles of the book and the built-in ones.
func (b *Book) Names() []string {
	var names []string
	if b != nil {
		for i := range b.entries {
			names = append(names, b.entries[i].Name)
		}
	}
	for _, n := range Names() {
		if !slices.Contains(names, n) {
			names = append(names, n)
		}
	}
	return names
}

// Entries are the profiles of the book, in their order.
func (b *Book) Entries() []Entry {
	if b == nil {
		return nil
	}
	return b.entries
}
