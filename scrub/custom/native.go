package custom

import (
	"bytes"
	"errors"
	"math"
	"regexp"
	"unicode/utf8"

	"github.com/google/cel-go/common/ast"
	"github.com/google/cel-go/common/operators"
	"github.com/google/cel-go/common/types"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/scrub"
)

// Most of what a rule asks is a few comparisons, which need not the machinery of a CEL
// program: they become functions that look at the claim itself and make no memory.
// What has no native form is run as a program, see [condition].
//
// A function that fails notes it in facts.err and yields anything. It is only called
// while that is nil; who calls two of them looks in between.

// node is a checked expression in native form. One of the functions is set, by kind.
type node struct {
	kind    kind
	boolean func(*facts) bool
	integer func(*facts) int64
	double  func(*facts) float64
	text    func(*facts) []byte
	date    func(*facts) edi.Date
	list    *nativeList // texts
	lines   bool        // claim.lines
	class   *class      // a variable, or a line of a list
	line    func(*facts) *scrub.Line
	depth   int // of the quantifier whose line it is; -1 for a variable

	literal any // int64, float64, string or edi.Date; nil where it is none
}

// nativeList is a list of texts. It never fails.
type nativeList struct {
	n        func(*facts) int
	at       func(*facts, int) []byte
	contains func(*facts, []byte) bool
}

// local is the variable of a quantifier.
type local struct {
	depth int
	lines bool // its elements are lines, not texts
}

// compiler makes the native form of the expressions of one AST.
type compiler struct {
	locals map[string]local
	depth  int
}

// native is the native form of an expression; ok is false where it has none.
func native(x ast.Expr) (n node, ok bool) {
	c := &compiler{locals: map[string]local{}}
	return c.expr(x)
}

func (c *compiler) expr(x ast.Expr) (node, bool) {
	switch x.Kind() {
	case ast.LiteralKind:
		return literal(x)
	case ast.IdentKind:
		return c.ident(x.AsIdent())
	case ast.SelectKind:
		return c.selection(x.AsSelect())
	case ast.ListKind:
		return listLiteral(x.AsList())
	case ast.CallKind:
		return c.call(x.AsCall())
	case ast.ComprehensionKind:
		return c.quantifier(x.AsComprehension())
	}
	return node{}, false
}

func literal(x ast.Expr) (node, bool) {
	switch v := x.AsLiteral().(type) {
	case types.Bool:
		b := bool(v)
		return node{kind: boolean, boolean: func(*facts) bool { return b }, literal: b}, true
	case types.Int:
		i := int64(v)
		return node{kind: integer, integer: func(*facts) int64 { return i }, literal: i}, true
	case types.Double:
		f := float64(v)
		return node{kind: double, double: func(*facts) float64 { return f }, literal: f}, true
	case types.String:
		b := []byte(v)
		return node{kind: text, text: func(*facts) []byte { return b }, literal: string(v)}, true
	}
	return node{}, false
}

func (c *compiler) ident(name string) (node, bool) {
	if l, ok := c.locals[name]; ok {
		d := l.depth
		if l.lines {
			return node{class: lineClass, depth: d, line: func(e *facts) *scrub.Line { return e.lines[d] }}, true
		}
		return node{kind: text, text: func(e *facts) []byte { return e.texts[d] }}, true
	}
	for _, k := range classes {
		if k.name == name {
			return node{class: k, depth: -1, line: func(e *facts) *scrub.Line { return e.line }}, true
		}
	}
	return node{}, false
}

func (c *compiler) selection(s ast.SelectExpr) (node, bool) {
	of, ok := c.expr(s.Operand())
	if !ok || of.class == nil {
		return node{}, false
	}
	f := of.class.field(s.FieldName())
	if f == nil {
		return node{}, false
	}
	if s.IsTestOnly() {
		return node{kind: boolean, boolean: bind(&of, &field{}, f.present)}, true
	}
	n := node{kind: f.kind}
	switch f.kind {
	case boolean:
		n.boolean = bind(&of, f, f.boolean)
	case integer:
		n.integer = bind(&of, f, f.integer)
	case double:
		n.double = bind(&of, f, f.double)
	case text:
		n.text = bind(&of, f, f.text)
	case date:
		n.date = bind(&of, f, f.date)
	case texts:
		if of.depth < -1 {
			return node{}, false // finding the line may fail, which a list must not
		}
		line := of.line
		n.list = &nativeList{
			n:        func(e *facts) int { return f.texts.n(e, line(e)) },
			at:       func(e *facts, i int) []byte { return f.texts.at(e, line(e), i) },
			contains: func(e *facts, b []byte) bool { return f.texts.contains(e, line(e), b) },
		}
		if of.depth < 0 && f.texts.has != nil {
			has := f.texts.has
			n.list.contains = func(e *facts, b []byte) bool { return has(e, e.line, b) }
		}
	case lines:
		n.lines = true
	}
	return n, true
}

// bind reads a field of what of is.
func bind[T any](of *node, f *field, get func(*facts, *scrub.Line) T) func(*facts) T {
	if f.known == nil && of.depth == -1 {
		return func(e *facts) T { return get(e, e.line) }
	}
	if d := of.depth; f.known == nil && d >= 0 {
		return func(e *facts) T { return get(e, e.lines[d]) }
	}
	line := of.line
	return func(e *facts) (v T) {
		l := line(e)
		if e.err != nil {
			return v
		}
		if f.known != nil && !f.known(e, l) {
			e.err = f.unknown
			return v
		}
		return get(e, l)
	}
}

// listLiteral is a list of texts that are written out.
func listLiteral(l ast.ListExpr) (node, bool) {
	var all [][]byte
	for _, x := range l.Elements() {
		s, ok := x, x.Kind() == ast.LiteralKind
		if !ok {
			return node{}, false
		}
		v, ok := s.AsLiteral().(types.String)
		if !ok {
			return node{}, false
		}
		all = append(all, []byte(v))
	}
	return node{kind: texts, list: &nativeList{
		n:  func(*facts) int { return len(all) },
		at: func(_ *facts, i int) []byte { return all[i] },
		contains: func(_ *facts, b []byte) bool {
			for _, s := range all {
				if string(s) == string(b) {
					return true
				}
			}
			return false
		},
	}}, true
}

func (c *compiler) call(x ast.CallExpr) (node, bool) {
	name := x.FunctionName()
	args := x.Args()
	if x.IsMemberFunction() {
		args = append([]ast.Expr{x.Target()}, args...)
	}
	switch {
	case name == operators.In && len(args) == 2:
		return c.in(args[0], args[1])
	case name == "size" && len(args) == 1 && args[0].Kind() == ast.ComprehensionKind:
		return c.filtered(args[0].AsComprehension())
	case name == "matches" && len(args) == 2:
		return c.matches(args[0], args[1])
	}
	var n [3]node
	if len(args) > len(n) {
		return node{}, false
	}
	for i, a := range args {
		var ok bool
		if n[i], ok = c.expr(a); !ok {
			return node{}, false
		}
	}
	a, b := n[0], n[1]
	switch name {
	case operators.LogicalAnd:
		return node{kind: boolean, boolean: and(a.boolean, b.boolean)}, true
	case operators.LogicalOr:
		return node{kind: boolean, boolean: or(a.boolean, b.boolean)}, true
	case operators.LogicalNot:
		f := a.boolean
		return node{kind: boolean, boolean: func(e *facts) bool { return !f(e) }}, true
	case operators.Conditional:
		return choice(a.boolean, &b, &n[2])
	case operators.Equals, operators.NotEquals:
		f, ok := equal(&a, &b)
		if !ok {
			return node{}, false
		}
		if name == operators.NotEquals {
			g := f
			f = func(e *facts) bool { return !g(e) }
		}
		return node{kind: boolean, boolean: f}, true
	case operators.Less, operators.LessEquals, operators.Greater, operators.GreaterEquals:
		return ordered(name, &a, &b)
	case operators.Add, operators.Subtract, operators.Multiply, operators.Divide, operators.Modulo:
		return arithmetic(name, &a, &b)
	case operators.Negate:
		return negate(&a)
	case operators.Index:
		return index(&a, &b)
	case "size":
		return size(&a)
	case "startsWith", "endsWith", "contains":
		return affix(name, &a, &b)
	case "double":
		if a.kind == integer {
			f := a.integer
			return node{kind: double, double: func(e *facts) float64 { return float64(f(e)) }}, true
		}
	case "date":
		if s, ok := a.literal.(string); ok {
			d, valid := parseDay(s)
			return node{kind: date, date: func(*facts) edi.Date { return d }, literal: d}, valid
		}
	case "days":
		from, to := a.date, b.date
		return node{kind: integer, integer: strict(from, to, func(x, y edi.Date) int64 { return int64(x.Days(y)) })}, from != nil && to != nil
	case "units":
		return units(&a, &b)
	case "getFullYear":
		if f := a.date; f != nil && len(args) == 1 {
			return node{kind: integer, integer: func(e *facts) int64 { return int64(f(e).Year()) }}, true
		}
	case "getDayOfWeek":
		if f := a.date; f != nil && len(args) == 1 {
			return node{kind: integer, integer: func(e *facts) int64 { return int64(f(e).Time().Weekday()) }}, true
		}
	}
	return node{}, false
}

// strict evaluates both operands, unless the first fails.
func strict[A, B, T any](a func(*facts) A, b func(*facts) B, f func(A, B) T) func(*facts) T {
	return func(e *facts) (v T) {
		x := a(e)
		if e.err != nil {
			return v
		}
		y := b(e)
		if e.err != nil {
			return v
		}
		return f(x, y)
	}
}

// and is false where one operand is, even if the other fails.
func and(a, b func(*facts) bool) func(*facts) bool {
	return func(e *facts) bool {
		x := a(e)
		if e.err == nil {
			return x && b(e)
		}
		failed := e.err
		if errors.Is(failed, errCost) {
			return false
		}
		e.err = nil
		if y := b(e); e.err == nil && !y {
			return false
		}
		e.err = failed
		return false
	}
}

// or is true where one operand is, even if the other fails.
func or(a, b func(*facts) bool) func(*facts) bool {
	return func(e *facts) bool {
		x := a(e)
		if e.err == nil {
			return x || b(e)
		}
		failed := e.err
		if errors.Is(failed, errCost) {
			return false
		}
		e.err = nil
		if y := b(e); e.err == nil && y {
			return true
		}
		e.err = failed
		return false
	}
}

func choice(when func(*facts) bool, a, b *node) (node, bool) {
	if a.kind != b.kind {
		return node{}, false
	}
	n := node{kind: a.kind}
	switch a.kind {
	case boolean:
		n.boolean = either(when, a.boolean, b.boolean)
	case integer:
		n.integer = either(when, a.integer, b.integer)
	case double:
		n.double = either(when, a.double, b.double)
	case text:
		n.text = either(when, a.text, b.text)
	case date:
		n.date = either(when, a.date, b.date)
	default:
		return node{}, false
	}
	return n, true
}

func either[T any](when func(*facts) bool, a, b func(*facts) T) func(*facts) T {
	return func(e *facts) (v T) {
		switch c := when(e); {
		case e.err != nil:
			return v
		case c:
			return a(e)
		default:
			return b(e)
		}
	}
}

func equal(a, b *node) (func(*facts) bool, bool) {
	if a.kind != b.kind {
		return nil, false
	}
	switch a.kind {
	case boolean:
		return strict(a.boolean, b.boolean, func(x, y bool) bool { return x == y }), true
	case integer:
		if v, ok := b.literal.(int64); ok {
			f := a.integer
			return func(e *facts) bool { return f(e) == v }, true
		}
		return strict(a.integer, b.integer, func(x, y int64) bool { return x == y }), true
	case double:
		return strict(a.double, b.double, func(x, y float64) bool { return x == y }), true
	case text:
		if v, ok := b.literal.(string); ok {
			f := a.text
			return func(e *facts) bool { return string(f(e)) == v }, true
		}
		return strict(a.text, b.text, func(x, y []byte) bool { return string(x) == string(y) }), true
	case date:
		return strict(a.date, b.date, func(x, y edi.Date) bool { return x == y }), true
	}
	return nil, false
}

// order is the function of an operator such as <. Nothing is ordered with NaN.
func order[T int64 | float64 | edi.Date](operator string) func(x, y T) bool {
	switch operator {
	case operators.Less:
		return func(x, y T) bool { return x < y }
	case operators.LessEquals:
		return func(x, y T) bool { return x <= y }
	case operators.Greater:
		return func(x, y T) bool { return x > y }
	default:
		return func(x, y T) bool { return x >= y }
	}
}

// toLiteral compares with a number that is written out: most comparisons do.
func toLiteral[T int64 | float64](operator string, f func(*facts) T, v T) func(*facts) bool {
	switch operator {
	case operators.Less:
		return func(e *facts) bool { return f(e) < v }
	case operators.LessEquals:
		return func(e *facts) bool { return f(e) <= v }
	case operators.Greater:
		return func(e *facts) bool { return f(e) > v }
	default:
		return func(e *facts) bool { return f(e) >= v }
	}
}

func ordered(operator string, a, b *node) (node, bool) {
	n := node{kind: boolean}
	whole, isWhole := b.literal.(int64)
	switch {
	case isWhole && a.kind == integer:
		n.boolean = toLiteral(operator, a.integer, whole)
	case isWhole && a.kind == double:
		n.boolean = toLiteral(operator, a.double, float64(whole))
	case a.kind == integer && b.kind == integer:
		n.boolean = strict(a.integer, b.integer, order[int64](operator))
	case a.kind == text && b.kind == text:
		ok := order[int64](operator)
		n.boolean = strict(a.text, b.text, func(x, y []byte) bool { return ok(int64(bytes.Compare(x, y)), 0) })
	case a.kind == date && b.kind == date:
		n.boolean = strict(a.date, b.date, order[edi.Date](operator))
	case (a.kind == double || a.kind == integer) && (b.kind == double || b.kind == integer):
		n.boolean = strict(asDouble(a), asDouble(b), order[float64](operator))
	default:
		return node{}, false
	}
	return n, true
}

// asDouble is a number as CEL compares it with one of the other kind.
func asDouble(a *node) func(*facts) float64 {
	if a.kind == double {
		return a.double
	}
	f := a.integer
	return func(e *facts) float64 { return float64(f(e)) }
}

func arithmetic(operator string, a, b *node) (node, bool) {
	switch {
	case a.kind == integer && b.kind == integer:
		f := integerArithmetic(operator)
		x, y := a.integer, b.integer
		return node{kind: integer, integer: func(e *facts) int64 {
			p := x(e)
			if e.err != nil {
				return 0
			}
			q := y(e)
			if e.err != nil {
				return 0
			}
			v, err := f(p, q)
			e.err = err
			return v
		}}, true
	case a.kind == double && b.kind == double && operator != operators.Modulo:
		return node{kind: double, double: strict(a.double, b.double, doubleArithmetic(operator))}, true
	}
	return node{}, false
}

func integerArithmetic(operator string) func(x, y int64) (int64, error) {
	switch operator {
	case operators.Add:
		return func(x, y int64) (int64, error) {
			if s := x + y; (s > x) == (y > 0) {
				return s, nil
			}
			return 0, errOverflow
		}
	case operators.Subtract:
		return func(x, y int64) (int64, error) {
			if s := x - y; (s < x) == (y > 0) {
				return s, nil
			}
			return 0, errOverflow
		}
	case operators.Multiply:
		return func(x, y int64) (int64, error) {
			p := x * y
			if x != 0 && (p/x != y || x == -1 && y == math.MinInt64) {
				return 0, errOverflow
			}
			return p, nil
		}
	case operators.Divide:
		return func(x, y int64) (int64, error) {
			if err := dividable(x, y); err != nil {
				return 0, err
			}
			return x / y, nil
		}
	default:
		return func(x, y int64) (int64, error) {
			if err := dividable(x, y); err != nil {
				return 0, err
			}
			return x % y, nil
		}
	}
}

func dividable(x, y int64) error {
	switch {
	case y == 0:
		return errDivision
	case y == -1 && x == math.MinInt64:
		return errOverflow
	}
	return nil
}

func doubleArithmetic(operator string) func(x, y float64) float64 {
	switch operator {
	case operators.Add:
		return func(x, y float64) float64 { return x + y }
	case operators.Subtract:
		return func(x, y float64) float64 { return x - y }
	case operators.Multiply:
		return func(x, y float64) float64 { return x * y }
	default:
		return func(x, y float64) float64 { return x / y }
	}
}

func negate(a *node) (node, bool) {
	switch a.kind {
	case integer:
		f := a.integer
		return node{kind: integer, integer: func(e *facts) int64 {
			v := f(e)
			if v == math.MinInt64 {
				e.fail(errOverflow)
			}
			return -v
		}}, true
	case double:
		f := a.double
		return node{kind: double, double: func(e *facts) float64 { return -f(e) }}, true
	}
	return node{}, false
}

// index is an element of a list.
func index(a, b *node) (node, bool) {
	i := b.integer
	switch {
	case i == nil:
	case a.lines:
		return node{class: lineClass, depth: -2, line: func(e *facts) *scrub.Line {
			at := i(e)
			if e.err == nil && (at < 0 || at >= int64(len(e.claim.Lines))) {
				e.err = errIndex
			}
			if e.err != nil {
				return nil
			}
			return &e.claim.Lines[at]
		}}, true
	case a.list != nil:
		l := a.list
		return node{kind: text, text: func(e *facts) []byte {
			at := i(e)
			if e.err == nil && (at < 0 || at >= int64(l.n(e))) {
				e.err = errIndex
			}
			if e.err != nil {
				return nil
			}
			return l.at(e, int(at))
		}}, true
	}
	return node{}, false
}

func size(a *node) (node, bool) {
	switch {
	case a.lines:
		return node{kind: integer, integer: func(e *facts) int64 { return int64(len(e.claim.Lines)) }}, true
	case a.list != nil:
		n := a.list.n
		return node{kind: integer, integer: func(e *facts) int64 { return int64(n(e)) }}, true
	case a.kind == text:
		f := a.text
		return node{kind: integer, integer: func(e *facts) int64 { return int64(utf8.RuneCount(f(e))) }}, true
	}
	return node{}, false
}

func affix(name string, a, b *node) (node, bool) {
	if a.kind != text || b.kind != text {
		return node{}, false
	}
	f := bytes.HasPrefix
	switch name {
	case "endsWith":
		f = bytes.HasSuffix
	case "contains":
		f = bytes.Contains
	}
	return node{kind: boolean, boolean: strict(a.text, b.text, f)}, true
}

func units(of, code *node) (node, bool) {
	if of.class == nil || code.kind != text {
		return node{}, false
	}
	count := (*facts).claimUnits
	if of.class == dayClass {
		count = (*facts).dayUnits
	}
	f := code.text
	return node{kind: integer, integer: func(e *facts) int64 {
		c := f(e)
		if e.err != nil {
			return 0
		}
		return count(e, c)
	}}, true
}

// in looks a text up in a list, or a number among numbers that are written out.
func (c *compiler) in(what, list ast.Expr) (node, bool) {
	a, ok := c.expr(what)
	if !ok {
		return node{}, false
	}
	if a.kind == integer && list.Kind() == ast.ListKind {
		return inIntegers(a.integer, list.AsList())
	}
	l, ok := c.expr(list)
	if !ok || l.list == nil || a.kind != text {
		return node{}, false
	}
	f, contains := a.text, l.list.contains
	if s, ok := a.literal.(string); ok {
		b := []byte(s)
		return node{kind: boolean, boolean: func(e *facts) bool { return contains(e, b) }}, true
	}
	return node{kind: boolean, boolean: func(e *facts) bool {
		b := f(e)
		return e.err == nil && contains(e, b)
	}}, true
}

func inIntegers(a func(*facts) int64, l ast.ListExpr) (node, bool) {
	var all []int64
	for _, x := range l.Elements() {
		if x.Kind() != ast.LiteralKind {
			return node{}, false
		}
		v, ok := x.AsLiteral().(types.Int)
		if !ok {
			return node{}, false
		}
		all = append(all, int64(v))
	}
	return node{kind: boolean, boolean: func(e *facts) bool {
		v := a(e)
		for _, i := range all {
			if i == v {
				return true
			}
		}
		return false
	}}, true
}

// matches looks for a pattern that is written out.
func (c *compiler) matches(what, pattern ast.Expr) (node, bool) {
	a, ok := c.expr(what)
	if !ok || a.kind != text || pattern.Kind() != ast.LiteralKind {
		return node{}, false
	}
	p, ok := pattern.AsLiteral().(types.String)
	if !ok {
		return node{}, false
	}
	re, err := regexp.Compile(string(p))
	if err != nil {
		return node{}, false
	}
	f := a.text
	return node{kind: boolean, boolean: func(e *facts) bool {
		b := f(e)
		return e.err == nil && re.Match(b)
	}}, true
}

// The macros, as the parser writes them out.
type macro uint8

const (
	none macro = iota
	all
	exists
	existsOne
	filter
)

// macroOf tells which macro a comprehension stands for, and what it asks of each
// element.
func macroOf(c ast.ComprehensionExpr) (macro, ast.Expr) {
	step := c.LoopStep()
	if c.HasIterVar2() || step.Kind() != ast.CallKind {
		return none, nil
	}
	call := step.AsCall()
	init := c.AccuInit()
	switch call.FunctionName() {
	case operators.LogicalAnd:
		return all, call.Args()[1]
	case operators.LogicalOr:
		return exists, call.Args()[1]
	case operators.Conditional:
		then := call.Args()[1]
		switch {
		case init.Kind() == ast.LiteralKind:
			return existsOne, call.Args()[0]
		case then.Kind() != ast.CallKind || len(then.AsCall().Args()) != 2:
			return none, nil
		}
		// filter keeps the element itself; map of three arguments something else.
		kept := then.AsCall().Args()[1]
		if kept.Kind() == ast.ListKind && len(kept.AsList().Elements()) == 1 {
			if x := kept.AsList().Elements()[0]; x.Kind() == ast.IdentKind && x.AsIdent() == c.IterVar() {
				return filter, call.Args()[0]
			}
		}
	}
	return none, nil
}

// body is the native form of what a macro asks of each element.
type body struct {
	n    func(*facts) int
	set  func(*facts, int) // makes an element the variable
	test func(*facts) bool
}

func (c *compiler) body(x ast.ComprehensionExpr, test ast.Expr) (body, bool) {
	over, ok := c.expr(x.IterRange())
	if !ok || !over.lines && over.list == nil || c.depth == maxDepth {
		return body{}, false
	}
	d := c.depth
	outer, shadows := c.locals[x.IterVar()]
	c.locals[x.IterVar()] = local{d, over.lines}
	c.depth++
	t, ok := c.expr(test)
	c.depth--
	delete(c.locals, x.IterVar())
	if shadows {
		c.locals[x.IterVar()] = outer
	}
	if !ok || t.kind != boolean {
		return body{}, false
	}
	b := body{test: t.boolean}
	if over.lines {
		b.n = func(e *facts) int { return len(e.claim.Lines) }
		b.set = func(e *facts, i int) { e.lines[d] = &e.claim.Lines[i] }
	} else {
		b.n, b.set = over.list.n, func(e *facts, i int) { e.texts[d] = over.list.at(e, i) }
	}
	return b, true
}

func (c *compiler) quantifier(x ast.ComprehensionExpr) (node, bool) {
	m, test := macroOf(x)
	if m == none || m == filter {
		return node{}, false
	}
	b, ok := c.body(x, test)
	if !ok {
		return node{}, false
	}
	if m == existsOne {
		return node{kind: boolean, boolean: func(e *facts) bool { return b.count(e) == 1 }}, true
	}
	decides := m == exists // the answer for one element that makes the answer for all
	return node{kind: boolean, boolean: func(e *facts) bool { return b.any(e, decides) }}, true
}

// any is decides where the test of an element is, even if that of others fails.
func (b *body) any(e *facts, decides bool) bool {
	var failed error
	for i, n := 0, b.n(e); i < n && e.step(); i++ {
		b.set(e, i)
		got := b.test(e)
		switch {
		case e.err == nil:
			if got == decides {
				return decides
			}
		case errors.Is(e.err, errCost):
			return !decides
		default:
			if failed == nil {
				failed = e.err
			}
			e.err = nil
		}
	}
	e.fail(failed)
	return !decides
}

// count is for how many elements the test holds.
func (b *body) count(e *facts) (count int64) {
	for i, n := 0, b.n(e); i < n && e.step(); i++ {
		b.set(e, i)
		ok := b.test(e)
		if e.err != nil {
			return 0
		}
		if ok {
			count++
		}
	}
	return count
}

// filtered is the size of a list that filter makes.
func (c *compiler) filtered(x ast.ComprehensionExpr) (node, bool) {
	m, test := macroOf(x)
	if m != filter {
		return node{}, false
	}
	b, ok := c.body(x, test)
	if !ok {
		return node{}, false
	}
	return node{kind: integer, integer: b.count}, true
}
