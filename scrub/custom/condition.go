package custom

import (
	"errors"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/ast"
	"github.com/google/cel-go/common/operators"
	"github.com/google/cel-go/common/types"
)

// condition is what must hold for a rule to find something: all of its tests. Their
// order does not matter to the outcome: && is false where one side is, even if the
// other fails. Those that cost little go first.
type condition struct {
	claim []test // the same for all lines and days of a claim
	item  []test
}

// test is one part of a condition.
type test struct {
	native  func(*facts) bool
	program cel.Program // where it has no native form
	cost    int
}

// condition takes a checked condition apart.
func (c *compilation) condition(a *ast.AST) (w condition) {
	for _, x := range conjuncts(a.Expr(), nil) {
		t, err := c.test(a, x)
		if err != nil {
			c.fail("when", 0, "it cannot be run: %s", err)
			continue
		}
		if u := usesOf(x); u.line || u.day || u.date {
			w.item = append(w.item, t)
		} else {
			w.claim = append(w.claim, t)
		}
	}
	w.claim, w.item = sorted(w.claim), sorted(w.item)
	return w
}

// conjuncts are the sides of the outermost &&.
func conjuncts(x ast.Expr, list []ast.Expr) []ast.Expr {
	if x.Kind() == ast.CallKind && x.AsCall().FunctionName() == operators.LogicalAnd {
		for _, a := range x.AsCall().Args() {
			list = conjuncts(a, list)
		}
		return list
	}
	return append(list, x)
}

func (c *compilation) test(a *ast.AST, x ast.Expr) (test, error) {
	t := test{}
	walk(x, func(x ast.Expr, _ []string) {
		t.cost++
		if x.Kind() == ast.ComprehensionKind {
			t.cost += 100
		}
		if x.Kind() == ast.SelectKind && isField(x, historyClass.name, x.AsSelect().FieldName()) {
			t.cost += 1000 // many days are looked at
		}
		if x.Kind() == ast.CallKind && (x.AsCall().FunctionName() == "matches" || x.AsCall().FunctionName() == "units") {
			t.cost += 50
		}
	})
	if n, ok := native(x); ok && n.kind == boolean {
		t.native = n.boolean
		return t, nil
	}
	t.cost += 10_000
	var err error
	t.program, err = c.program(a, x)
	return t, err
}

// program runs a part of a checked expression.
func (c *compilation) program(a *ast.AST, x ast.Expr) (cel.Program, error) {
	part := ast.NewCheckedAST(ast.NewAST(x, a.SourceInfo()), a.TypeMap(), a.ReferenceMap())
	return c.env.PlanProgram(part, cel.CostLimit(maxSteps), cel.EvalOptions(cel.OptOptimize, cel.OptTrackCost))
}

// hold reports whether all tests hold; facts.err is set where that cannot be told,
// because none is false and one fails.
func hold(e *facts, tests []test) bool {
	for i := range tests {
		if ok := tests[i].holds(e); e.err != nil {
			return holdRest(e, tests[i+1:])
		} else if !ok {
			return false
		}
	}
	return true
}

// holdRest is hold once a test failed: another one may be false.
func holdRest(e *facts, tests []test) bool {
	failed := e.err
	for i := 0; i < len(tests) && !errors.Is(failed, errCost); i++ {
		e.err = nil
		if ok := tests[i].holds(e); errors.Is(e.err, errCost) {
			failed = errCost
		} else if e.err == nil && !ok {
			return false
		}
	}
	e.err = failed
	return false
}

func (t *test) holds(e *facts) bool {
	if e.steps < 0 {
		e.err = errCost
		return false
	}
	if t.native != nil {
		return t.native(e)
	}
	return e.run(t.program)
}

// run evaluates a program that yields true or false.
func (e *facts) run(p cel.Program) bool {
	v, details, err := p.Eval(e)
	if details != nil {
		if cost := details.ActualCost(); cost != nil {
			e.steps -= int(min(*cost, maxSteps))
		}
	}
	switch {
	case err != nil:
		e.err = reason(err)
		return false
	case e.steps < 0:
		e.err = errCost
		return false
	}
	return v == types.True
}
