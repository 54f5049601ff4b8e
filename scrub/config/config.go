// Package config reads gaitkeeper.toml: payers' profiles, severities, suppressions and
// rules of one's own. Whatever is wrong in it is told with line and column.
package config

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/scrub"
	"github.com/gaitkeeper/gaitkeeper/scrub/ncci"
	"github.com/gaitkeeper/gaitkeeper/scrub/payer"
)

// Config is what a configuration says.
type Config struct {
	Name   string
	Policy *scrub.Policy
	Own    []*scrub.Rule // rules of one's own

	places places
	likes  map[string]string // profile -> the built-in one that it names
}

// Open opens a file that the configuration names, such as a coverage table; a path is
// relative to the configuration.
type Open func(path string) (io.ReadCloser, error)

// Error is a fault at a place of the configuration.
type Error struct {
	File         string
	Line, Column int // from 1; 0 where the file as a whole is meant
	Text         string
}

func (e *Error) Error() string {
	if e.Line == 0 {
		return e.File + ": " + e.Text
	}
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Text)
}

// Read reads a configuration; catalogue are the rules that it may speak of. The error
// joins everything that is wrong, each an [*Error], in the order of the file.
func Read(name string, text []byte, catalogue []*scrub.Rule, open Open) (*Config, error) {
	r := &reader{name: name, open: open, catalogue: catalogue, places: readPlaces(text)}
	d := toml.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	var doc document
	if err := d.Decode(&doc); err != nil {
		return nil, r.decodeError(err)
	}
	own := r.rules(doc.Rule)
	r.catalogue = append(slices.Clone(catalogue), own...)
	policy := &scrub.Policy{}
	policy.Severities = r.severities("severity", "", doc.Severity)
	var entries []payer.Entry
	for _, p := range r.profileNames() {
		if t := doc.Payer[p]; t != nil {
			entries = append(entries, r.profile(p, t))
			policy.Severities = append(policy.Severities, r.severities("payer."+p+".severity", p, t.Severity)...)
		}
	}
	names := payer.Names()
	for _, e := range entries {
		names = append(names, e.Name)
	}
	for i := range doc.Suppress {
		policy.Suppressed = append(policy.Suppressed, r.suppression(fmt.Sprintf("suppress[%d]", i), &doc.Suppress[i], names))
	}
	book, err := payer.NewBook(entries)
	if err != nil {
		r.errs = append(r.errs, &Error{File: name, Text: err.Error()})
	}
	policy.Payers = book
	if err := r.err(); err != nil {
		return nil, err
	}
	c := &Config{Name: name, Policy: policy, Own: own, places: r.places, likes: map[string]string{}}
	for p, t := range doc.Payer {
		if t.Like != nil {
			c.likes[p] = *t.Like
		}
	}
	return c, nil
}

// Expired takes out the suppressions that ended before a day, and returns them.
func (c *Config) Expired(day edi.Date) (ended []scrub.Suppression) {
	c.Policy.Suppressed = slices.DeleteFunc(c.Policy.Suppressed, func(s scrub.Suppression) bool {
		if s.Until < day {
			ended = append(ended, s)
			return true
		}
		return false
	})
	return ended
}

// reader collects what is wrong.
type reader struct {
	name      string
	open      Open
	catalogue []*scrub.Rule
	places    places
	errs      []*Error
}

// fail notes a fault of the value with that path, or of the table where it has none.
func (r *reader) fail(path, format string, args ...any) {
	at, ok := r.places.values[path]
	for !ok && path != "" {
		path = path[:max(strings.LastIndexByte(path, '.'), 0)]
		at, ok = r.places.values[path]
	}
	r.errs = append(r.errs, &Error{r.name, at.line, at.column, fmt.Sprintf(format, args...)})
}

func (r *reader) err() error {
	slices.SortStableFunc(r.errs, func(a, b *Error) int {
		return cmp.Or(a.Line-b.Line, a.Column-b.Column)
	})
	list := make([]error, len(r.errs))
	for i, e := range r.errs {
		list[i] = e
	}
	return errors.Join(list...)
}

// decodeError says where the text is no TOML, or not what belongs there.
func (r *reader) decodeError(err error) error {
	if strict := (*toml.StrictMissingError)(nil); errors.As(err, &strict) {
		for i := range strict.Errors {
			e := &strict.Errors[i]
			line, column := e.Position()
			r.errs = append(r.errs, &Error{r.name, line, column, r.unknown(e.Key(), line)})
		}
		return r.err()
	}
	if e := (*toml.DecodeError)(nil); errors.As(err, &e) {
		line, column := e.Position()
		text := strings.TrimPrefix(e.Error(), "toml: ")
		if want := wanted(text); want != "" {
			text = strings.Join(e.Key(), ".") + " is " + want
		}
		return &Error{r.name, line, column, text}
	}
	return &Error{File: r.name, Text: strings.TrimPrefix(err.Error(), "toml: ")}
}

// wanted says what a value must be that is of the wrong kind; "" where the message is
// about something else.
func wanted(text string) string {
	_, into, mismatch := strings.Cut(text, "into struct field ")
	if !mismatch && !strings.Contains(text, "cannot decode") && !strings.Contains(text, "cannot store") {
		return ""
	}
	if !mismatch {
		into = text
	}
	for _, k := range []struct{ kind, words string }{
		{"LocalDate", "a date such as 2026-12-31, without quotes"},
		{"[]string", "a list of texts, such as [\"97116\"]"},
		{"bool", "true or false, without quotes"},
		{"of type int", "a whole number"},
		{"type int", "a whole number"},
		{"string", "a text in quotes"},
	} {
		if strings.Contains(into, k.kind) {
			return k.words
		}
	}
	return "of another kind than it must be: " + text
}

// unknown says that a key is not known, and which may be meant.
func (r *reader) unknown(key []string, line int) string {
	name := key[len(key)-1]
	table := key[:len(key)-1]
	where := "at the top level"
	if len(table) > 0 {
		where = "in [" + strings.Join(table, ".") + "]"
	}
	text := fmt.Sprintf("no key %q %s", name, where)
	known := keysAt(table)
	if near := scrub.Nearest(name, known); near != "" {
		return text + "; did you mean " + near + "?"
	}
	if len(known) > 0 {
		return text + "; keys are " + strings.Join(known, ", ")
	}
	return text
}

// profileNames are the names of [payer.NAME], in the order of the file.
func (r *reader) profileNames() (names []string) {
	for _, path := range r.places.order {
		rest, ok := strings.CutPrefix(path, "payer.")
		if !ok {
			continue
		}
		name, _, _ := strings.Cut(rest, ".")
		name, _, _ = strings.Cut(name, "[")
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// severities reads a table of rule ids and severities.
func (r *reader) severities(path, profile string, table map[string]string) (list []scrub.SeverityChange) {
	for _, p := range r.places.order {
		id, ok := strings.CutPrefix(p, path+".")
		value, given := table[id]
		if !ok || !given {
			continue
		}
		c := scrub.SeverityChange{Profile: profile, Off: value == "off"}
		if c.Rule = scrub.Find(r.catalogue, id); c.Rule == nil {
			r.failKey(p, "%s", noRule(r.catalogue, id))
			continue
		}
		var err error
		if c.Severity, err = scrub.ParseSeverity(value); err != nil && !c.Off {
			r.fail(p, "%s, off", err)
		}
		list = append(list, c)
	}
	return list
}

func (r *reader) failKey(path, format string, args ...any) {
	at := r.places.keys[path]
	r.errs = append(r.errs, &Error{r.name, at.line, at.column, fmt.Sprintf(format, args...)})
}

func noRule(catalogue []*scrub.Rule, id string) string {
	text := fmt.Sprintf("no rule %q", id)
	if near := scrub.Suggest(catalogue, id); near != "" {
		text += "; did you mean " + near + "?"
	}
	return text
}

// suppression reads one [[suppress]].
func (r *reader) suppression(path string, t *suppressTable, profiles []string) scrub.Suppression {
	s := scrub.Suppression{Profile: t.Payer, Claims: t.Claims, Reason: strings.TrimSpace(t.Reason)}
	at := r.places.keys[path]
	s.Place = fmt.Sprintf("%s:%d", r.name, at.line)
	if len(t.Rules) == 0 {
		r.fail(path, "suppress names no rules")
	}
	for _, selector := range t.Rules {
		if selector == "ALL" {
			r.fail(path+".rules", "ALL cannot be suppressed: name rules or families")
			continue
		}
		chosen, err := scrub.Select(r.catalogue, []string{selector}, nil)
		if err != nil {
			r.fail(path+".rules", "%s", err)
		}
		s.Rules = append(s.Rules, chosen...)
	}
	if s.Profile != "" && !slices.Contains(profiles, s.Profile) {
		r.fail(path+".payer", "no profile %q: profiles are %s", s.Profile, strings.Join(profiles, ", "))
	}
	s.Codes = r.codes(path+".codes", t.Codes).List
	if s.Reason == "" {
		r.fail(path+".reason", "a suppression needs a reason")
	}
	if t.Until == nil {
		r.fail(path+".until", "a suppression needs its last day: until = 2026-12-31")
	}
	s.Until = edi.Date(day(t.Until, 0))
	return s
}

// day is a date as CCYYMMDD.
func day(d *toml.LocalDate, none int32) int32 {
	if d == nil {
		return none
	}
	return int32(d.Year*10000 + d.Month*100 + d.Day)
}

// days are the first and last day of a window.
func (r *reader) days(path string, w *window) (from, until int32) {
	from, until = day(w.From, 0), day(w.Until, ncci.Open)
	if until < from {
		r.fail(path+".until", "ends before it begins")
	}
	return from, until
}
