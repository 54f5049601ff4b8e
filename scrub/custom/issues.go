package custom

import (
	"regexp"
	"strings"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common"
	"github.com/google/cel-go/common/ast"

	"github.com/gaitkeeper/gaitkeeper/scrub"
)

// issues tells what CEL says of an expression, in plain words. parsed is nil where it
// cannot be read at all.
func (c *compilation) issues(key, text string, offset int, parsed ast.Expr, issues *cel.Issues) {
	for i, e := range issues.Errors() {
		if parsed == nil && i > 0 {
			break // what follows from the first
		}
		at := byteOffset(text, e.Location)
		c.fail(key, offset+nameOffset(text, at, e.Message), "%s", plain(e.Message, e.ExprID, parsed))
	}
}

// nameOffset is where the name stands that a message is about: CEL points to the dot
// before it, or to the parenthesis behind.
func nameOffset(text string, at int, message string) int {
	if noField.MatchString(message) && strings.HasPrefix(text[at:], ".") {
		return at + 1
	}
	m := noName.FindStringSubmatch(message)
	if m == nil {
		m = noOverload.FindStringSubmatch(message)
	}
	if m != nil && strings.HasPrefix(text[at:], "(") && strings.HasSuffix(text[:at], m[1]) {
		return at - len(m[1])
	}
	return at
}

// byteOffset is where a place of a text, told by line and column in characters, is in
// bytes.
func byteOffset(text string, at common.Location) int {
	offset := 0
	for line := 1; line < at.Line(); line++ {
		i := strings.IndexByte(text[offset:], '\n')
		if i < 0 {
			return len(text)
		}
		offset += i + 1
	}
	column := 0
	for i := range text[offset:] {
		if column == at.Column() {
			return offset + i
		}
		column++
	}
	return len(text)
}

var (
	noField    = regexp.MustCompile(`^undefined field '(.*)'$`)
	noName     = regexp.MustCompile(`^undeclared reference to '(.*)' \(in container ''\)$`)
	noOverload = regexp.MustCompile(`^found no matching overload for '(.*)' applied to '(.*)'$`)
	syntax     = regexp.MustCompile(`(?s)^Syntax error: (.*)$`)
	expecting  = regexp.MustCompile(`(?s) expecting .*$`)
	operator   = regexp.MustCompile(`_?([^_a-z@]+)_?`)
)

// plain is a message of CEL in words that a user of rules knows.
func plain(message string, id int64, parsed ast.Expr) string {
	if m := noField.FindStringSubmatch(message); m != nil {
		return unknownField(m[1], id, parsed)
	}
	if m := noName.FindStringSubmatch(message); m != nil {
		return unknownName(m[1])
	}
	if m := noOverload.FindStringSubmatch(message); m != nil {
		return mismatch(m[1], m[2])
	}
	if m := syntax.FindStringSubmatch(message); m != nil {
		text := strings.ReplaceAll(expecting.ReplaceAllString(m[1], ""), "'<EOF>'", "the end")
		for _, r := range []struct{ from, to string }{
			{"mismatched input ", "not expected here: "},
			{"extraneous input ", "not expected here: "},
			{"no viable alternative at input ", "not understood: "},
			{"token recognition error at: ", "not understood: "},
		} {
			text = strings.Replace(text, r.from, r.to, 1)
		}
		if strings.Contains(text, "'=") {
			text += "; two things are compared with =="
		}
		return text
	}
	return typeName(message)
}

func unknownField(name string, id int64, parsed ast.Expr) string {
	var of *class
	walk(parsed, func(x ast.Expr, _ []string) {
		if x.Kind() != ast.SelectKind || x.AsSelect().FieldName() != name || id != 0 && x.ID() != id {
			return
		}
		if o := x.AsSelect().Operand(); o.Kind() == ast.IdentKind {
			of = classNamed(o.AsIdent())
		}
	})
	var names []string
	where := "no field " + name
	if of != nil {
		where = of.name + " has no field " + name
	}
	for _, c := range classes {
		if of == nil || of == c {
			for i := range c.fields {
				names = append(names, c.fields[i].name)
			}
		}
	}
	if near := scrub.Nearest(name, names); near != "" {
		return where + "; did you mean " + near + "?"
	}
	if of != nil {
		return where + "; it has " + strings.Join(names, ", ")
	}
	return where
}

func unknownName(name string) string {
	var names []string
	for _, c := range classes {
		names = append(names, c.name)
	}
	variables := strings.Join(names, ", ")
	for _, f := range functions {
		names = append(names, f.name)
	}
	if near := scrub.Nearest(name, names); near != "" {
		return "no variable or function " + name + "; did you mean " + near + "?"
	}
	return "no variable or function " + name + "; variables are " + variables
}

func mismatch(name, types string) string {
	name = operator.ReplaceAllString(strings.TrimSuffix(strings.TrimPrefix(name, "@"), "_"), "$1")
	text := "'" + name + "' does not take " + typeName(types)
	if (name == "==" || name == "!=" || strings.ContainsAny(name, "+-*/")) && types == "(double, int)" {
		text += "; write the number with a point, such as 2.0"
	}
	return text
}

// typeName calls types as users of rules know them.
func typeName(s string) string {
	return strings.NewReplacer("string", "text", "int", "whole number", "double", "number", "timestamp", "date", "google.protobuf.Timestamp", "date", "bool", "true or false").Replace(s)
}

func classNamed(name string) *class {
	for _, c := range classes {
		if c.name == name {
			return c
		}
	}
	return nil
}
