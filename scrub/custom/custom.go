// Package custom makes rules out of what a configuration says of them: a condition and
// a message, written in the Common Expression Language over a few variables.
//
// Everything that can be wrong with a rule is told when it is compiled. A rule that
// cannot be judged on some claim, because what it asks for is not known there, says so
// in a finding of severity info.
package custom

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/ast"
	"github.com/google/cel-go/common/types"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/scrub"
)

// Definition is a rule as it is written. Fields are named as the keys of its table.
type Definition struct {
	ID, Name, Message, Severity, When string
	Each                              string // line, day or claim; "" for the smallest of them that When uses
	Source                            string
	From, Until                       edi.Date // of service; 0 where there is no such limit
}

// Error is a fault of a definition.
type Error struct {
	Rule   int    // number of the definition, from 0
	Key    string // in whose value it is; "" for the table as a whole
	Offset int    // in the value, in bytes
	Text   string
}

func (e *Error) Error() string { return e.Text }

// rule is a rule that was compiled.
type rule struct {
	*scrub.Rule
	each        each
	windowed    bool // it applies to some days only
	from, until edi.Date
	when        condition
	message     message
	keys        []indexKey // it finds nothing on a claim that has none of them; nil: it may
}

// each is what a rule is judged on, one after the other.
type each uint8

const (
	eachClaim each = iota
	eachDay
	eachLine
)

var eachNames = []string{"claim", "day", "line"}

// Compile makes rules that run beside those of the catalogue, or says all that is wrong
// with them. With errors, the rules that have an id are only good for what speaks of
// them.
func Compile(defs []Definition, catalogue []*scrub.Rule) ([]*scrub.Rule, []*Error) {
	if len(defs) == 0 {
		return nil, nil
	}
	c := &compilation{catalogue: catalogue, families: map[string]bool{}, ids: map[string]bool{}, names: map[string]bool{}}
	for _, r := range catalogue {
		c.families[r.Family()] = true
		c.names[r.Name] = true
	}
	var err error
	if c.env, err = newEnv(); err != nil {
		return nil, []*Error{{Text: "expressions cannot be read: " + err.Error()}}
	}
	batch := &batch{}
	var out []*scrub.Rule
	for i := range defs {
		c.at = i
		r := c.rule(&defs[i])
		r.Batch = &batch.Batch
		batch.rules = append(batch.rules, r)
		out = append(out, r.Rule)
	}
	if c.errs != nil {
		return slices.DeleteFunc(out, func(r *scrub.Rule) bool { return !idFormat.MatchString(r.ID) }), c.errs
	}
	batch.Start = batch.start
	return out, nil
}

// compilation is Compile at work on the definition number at.
type compilation struct {
	env       *cel.Env
	catalogue []*scrub.Rule
	families  map[string]bool
	ids       map[string]bool
	names     map[string]bool
	at        int
	errs      []*Error
}

func (c *compilation) fail(key string, offset int, format string, args ...any) {
	c.errs = append(c.errs, &Error{c.at, key, offset, fmt.Sprintf(format, args...)})
}

func (c *compilation) rule(d *Definition) *rule {
	r := &rule{Rule: &scrub.Rule{ID: d.ID, Name: d.Name, What: strings.Join(strings.Fields(d.Message), " ")}, windowed: d.From != 0 || d.Until != 0, from: d.From, until: d.Until}
	c.identity(r.Rule)
	var err error
	if r.Severity, err = scrub.ParseSeverity(d.Severity); err != nil && d.Severity == "" {
		c.fail("", 0, "a rule needs a severity: error, warning or info")
	} else if err != nil {
		c.fail("severity", 0, "%s", err)
	}
	if d.Source != "" {
		r.Sources = []scrub.Source{{Text: d.Source}}
	}
	if r.until != 0 && r.until < r.from {
		c.fail("until", 0, "ends before it begins")
	}
	switch {
	case strings.TrimSpace(d.When) == "":
		c.fail("", 0, "a rule needs a condition: when = 'line.units > 4'")
	case strings.TrimSpace(d.Message) == "":
		c.fail("", 0, "a rule needs a message")
	}
	var uses uses
	if when := c.check("when", d.When, 0); when != nil {
		if t := when.GetType(when.Expr().ID()); t.Kind() != types.BoolKind {
			c.fail("when", 0, "when is %s; it must be true or false", typeName(t.String()))
		}
		uses = usesOf(when.Expr())
		r.OnVoid = uses.frequency // a rule that asks for it means voids too
		r.when = c.condition(when)
		r.keys = keysOf(when.Expr(), lineClass.name)
	}
	r.message = c.message(d.Message, &uses)
	r.each = c.each(d.Each, &uses)
	r.Needs = uses.needs
	if uses.day {
		r.Scope = scrub.ScopeVisit
	}
	return r
}

var (
	idFormat   = regexp.MustCompile(`^[A-Z]{2}[0-9]{3}$`)
	nameFormat = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
)

// identity checks id and name.
func (c *compilation) identity(r *scrub.Rule) {
	switch {
	case r.ID == "":
		c.fail("", 0, "a rule needs an id, such as %s101", c.freeFamily())
	case !idFormat.MatchString(r.ID):
		c.fail("id", 0, "id %q is not two capital letters and three digits, such as %s101", r.ID, c.freeFamily())
	case c.families[r.Family()]:
		c.fail("id", 0, "id %s is of a family of the catalogue; take one of your own, such as %s%s", r.ID, c.freeFamily(), r.ID[2:])
	case c.ids[r.ID]:
		c.fail("id", 0, "id %s is taken by a rule above", r.ID)
	}
	c.ids[r.ID] = true
	switch {
	case r.Name == "":
		r.Name = strings.ToLower(r.ID)
	case !nameFormat.MatchString(r.Name):
		c.fail("name", 0, "name %q is not small letters, digits and hyphens, such as units-a-day", r.Name)
	case c.names[r.Name]:
		c.fail("name", 0, "name %s is taken by another rule", r.Name)
	case idFormat.MatchString(strings.ToUpper(r.Name)) && !strings.EqualFold(r.Name, r.ID):
		c.fail("name", 0, "name %s is the id of another rule, or may be one", r.Name)
	}
	c.names[r.Name] = true
}

// freeFamily is a family that the catalogue does not have.
func (c *compilation) freeFamily() string {
	for _, f := range []string{"US", "OW", "ZZ"} {
		if !c.families[f] {
			return f
		}
	}
	return "XX"
}

// uses is what of the variables an expression speaks.
type uses struct {
	line, day, date bool // date: a value depends on the day at hand
	frequency       bool // of the claim
	needs           scrub.Needs
}

func usesOf(x ast.Expr) (u uses) {
	walk(x, func(x ast.Expr, locals []string) {
		switch x.Kind() {
		case ast.IdentKind:
			if name := x.AsIdent(); !slices.Contains(locals, name) {
				u.line = u.line || name == lineClass.name
				u.day = u.day || name == dayClass.name
				u.date = u.date || name == patientClass.name
			}
		case ast.SelectKind:
			s := x.AsSelect()
			u.frequency = u.frequency || isField(x, claimClass.name, "frequency")
			if o := s.Operand(); o.Kind() == ast.IdentKind && o.AsIdent() == historyClass.name {
				if f := historyClass.field(s.FieldName()); f != nil {
					u.needs |= f.need
				}
			}
		}
	})
	return u
}

// walk calls f for an expression and all in it, with the variables of quantifiers that
// are in force.
func walk(x ast.Expr, f func(x ast.Expr, locals []string)) {
	var visit func(ast.Expr, []string)
	visit = func(x ast.Expr, locals []string) {
		f(x, locals)
		switch x.Kind() {
		case ast.SelectKind:
			visit(x.AsSelect().Operand(), locals)
		case ast.CallKind:
			if x.AsCall().IsMemberFunction() {
				visit(x.AsCall().Target(), locals)
			}
			for _, a := range x.AsCall().Args() {
				visit(a, locals)
			}
		case ast.ListKind:
			for _, a := range x.AsList().Elements() {
				visit(a, locals)
			}
		case ast.MapKind:
			for _, a := range x.AsMap().Entries() {
				visit(a.AsMapEntry().Key(), locals)
				visit(a.AsMapEntry().Value(), locals)
			}
		case ast.ComprehensionKind:
			c := x.AsComprehension()
			visit(c.IterRange(), locals)
			visit(c.AccuInit(), locals)
			in := append(slices.Clone(locals), c.IterVar(), c.AccuVar())
			visit(c.LoopCondition(), in)
			visit(c.LoopStep(), in)
			visit(c.Result(), in)
		}
	}
	visit(x, nil)
}

// each is what the rule is judged on: what is asked for, or the smallest thing that its
// expressions use.
func (c *compilation) each(asked string, u *uses) each {
	least := eachClaim
	switch {
	case u.line:
		least = eachLine
	case u.day:
		least = eachDay
	}
	if asked == "" {
		return least
	}
	at := each(slices.Index(eachNames, asked))
	if !slices.Contains(eachNames, asked) {
		c.fail("each", 0, "each is %q; it must be one of line, day, claim", asked)
		return least
	}
	if at < least {
		c.fail("each", 0, "each is %q, but the rule speaks of %s", asked, eachNames[least])
	}
	return at
}

// check type-checks an expression that stands at an offset in the value of a key; nil
// where it is wrong.
func (c *compilation) check(key, text string, offset int) *ast.AST {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	parsed, issues := c.env.Parse(text)
	if issues.Err() != nil {
		c.issues(key, text, offset, nil, issues)
		return nil
	}
	checked, issues := c.env.Check(parsed)
	if issues.Err() != nil {
		c.issues(key, text, offset, parsed.NativeRep().Expr(), issues)
		return nil
	}
	a := checked.NativeRep()
	if c.literals(key, text, offset, a) {
		return nil
	}
	cost, err := c.env.EstimateCost(checked, sizes{})
	if err != nil {
		c.fail(key, offset, "what it costs cannot be told: %s", err)
		return nil
	}
	if cost.Max > maxCost {
		c.fail(key, offset, "it may cost %d steps for each claim of usual size, more than %d: look through fewer lists in each other", cost.Max, maxCost)
		return nil
	}
	return a
}

// literals tells of dates and patterns that are wrong wherever they are used.
func (c *compilation) literals(key, text string, offset int, a *ast.AST) (wrong bool) {
	walk(a.Expr(), func(x ast.Expr, _ []string) {
		if x.Kind() != ast.CallKind {
			return
		}
		call := x.AsCall()
		var arg ast.Expr
		if n := len(call.Args()); n > 0 {
			arg = call.Args()[n-1]
		}
		if arg == nil || arg.Kind() != ast.LiteralKind {
			return
		}
		s, ok := arg.AsLiteral().(types.String)
		if !ok {
			return
		}
		at := offset + byteOffset(text, a.SourceInfo().GetStartLocation(arg.ID()))
		switch call.FunctionName() {
		case "date":
			if _, ok := parseDay(string(s)); !ok {
				c.fail(key, at, "%q is not a day, such as 2026-01-31", string(s))
				wrong = true
			}
		case "matches":
			if _, err := regexp.Compile(string(s)); err != nil {
				c.fail(key, at, "%s", strings.TrimPrefix(err.Error(), "error parsing regexp: "))
				wrong = true
			}
		}
	})
	return wrong
}

// sorted is by cost.
func sorted(list []test) []test {
	slices.SortStableFunc(list, func(a, b test) int { return cmp.Compare(a.cost, b.cost) })
	return list
}
