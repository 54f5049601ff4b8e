package custom

import (
	"github.com/google/cel-go/common/ast"
	"github.com/google/cel-go/common/operators"
	"github.com/google/cel-go/common/types"

	"github.com/gaitkeeper/gaitkeeper/scrub/therapy"
)

// indexKey is something that a claim must have for a rule to find anything: a
// procedure code or modifier on one of its lines, or a claim filing indicator.
type indexKey uint32

const (
	keyModifier indexKey = 1 << 30 // codes are below
	keyFiling   indexKey = 2 << 30
)

func codeKey(s string) (indexKey, bool) {
	c, ok := therapy.ParseCode([]byte(s))
	return indexKey(c), ok
}

func modifierKey(s string) (indexKey, bool) {
	if len(s) != 2 {
		return 0, false
	}
	return keyModifier | indexKey(s[0])<<8 | indexKey(s[1]), true
}

func filingKey[T string | []byte](s T) (indexKey, bool) {
	if len(s) == 0 || len(s) > 2 {
		return 0, false
	}
	k := keyFiling
	for i := range len(s) {
		k = k&^0xFFFF | k&0xFF<<8 | indexKey(s[i])
	}
	return k, true
}

// keysOf are keys one of which a claim must have, or else the expression is false and
// does not fail; nil where there is no such list. line is the variable that is a line.
func keysOf(x ast.Expr, line string) []indexKey {
	switch x.Kind() {
	case ast.CallKind:
		call := x.AsCall()
		args := call.Args()
		switch call.FunctionName() {
		case operators.LogicalAnd:
			return better(keysOf(args[0], line), keysOf(args[1], line))
		case operators.LogicalOr:
			a, b := keysOf(args[0], line), keysOf(args[1], line)
			if a == nil || b == nil {
				return nil
			}
			return append(a, b...)
		case operators.Equals:
			if k := keyed(args[0], args[1:], line); k != nil {
				return k
			}
			return keyed(args[1], args[:1], line)
		case operators.In:
			if args[1].Kind() == ast.ListKind {
				return keyed(args[0], args[1].AsList().Elements(), line)
			}
			if isField(args[1], line, "modifiers") {
				return keysFor(args[:1], modifierKey)
			}
		}
	case ast.ComprehensionKind:
		c := x.AsComprehension()
		if m, test := macroOf(c); m == exists && isField(c.IterRange(), claimClass.name, "lines") {
			return keysOf(test, c.IterVar())
		}
	}
	return nil
}

// better is the list that leaves fewer claims: codes rather than modifiers rather than
// payers.
func better(a, b []indexKey) []indexKey {
	if a == nil || b != nil && (b[0] < a[0]&(3<<30) || a[0]>>30 == b[0]>>30 && len(b) < len(a)) {
		return b
	}
	return a
}

// keyed are the keys for a field that is one of some texts.
func keyed(x ast.Expr, values []ast.Expr, line string) []indexKey {
	switch {
	case isField(x, line, "code"):
		return keysFor(values, codeKey)
	case isField(x, payerClass.name, "filing"):
		return keysFor(values, filingKey[string])
	}
	return nil
}

func keysFor(values []ast.Expr, key func(string) (indexKey, bool)) (keys []indexKey) {
	for _, v := range values {
		if v.Kind() != ast.LiteralKind {
			return nil
		}
		s, ok := v.AsLiteral().(types.String)
		if !ok {
			return nil
		}
		k, ok := key(string(s))
		if !ok {
			return nil
		}
		keys = append(keys, k)
	}
	return keys
}

func isField(x ast.Expr, of, name string) bool {
	if x.Kind() != ast.SelectKind || x.AsSelect().IsTestOnly() || x.AsSelect().FieldName() != name {
		return false
	}
	o := x.AsSelect().Operand()
	return o.Kind() == ast.IdentKind && o.AsIdent() == of
}

// ruleIndex finds the rules that a claim may break.
type ruleIndex struct {
	always []uint64 // rules without keys
	slots  []slot   // a hash table by open addressing
	sets   []uint64 // the rules of a slot, a bit each
	filing bool     // some rule asks for a filing indicator
}

type slot struct {
	key indexKey // 0 is a free one
	set int32    // where its rules begin in sets
}

func (x *ruleIndex) build(rules []*rule) {
	words := (len(rules) + 63) / 64
	x.always = make([]uint64, words)
	n := 0
	for _, r := range rules {
		n += len(r.keys)
	}
	size := 16
	for size < 4*n {
		size *= 2
	}
	x.slots = make([]slot, size)
	for i, r := range rules {
		bit := uint64(1) << (i % 64)
		if r.keys == nil {
			x.always[i/64] |= bit
			continue
		}
		for _, k := range r.keys {
			x.filing = x.filing || k&(3<<30) == keyFiling
			s := x.slot(k)
			if s.key == 0 {
				*s = slot{k, int32(len(x.sets))}
				x.sets = append(x.sets, make([]uint64, words)...)
			}
			x.sets[int(s.set)+i/64] |= bit
		}
	}
}

// slot is the one of a key, or the free one that it would take.
func (x *ruleIndex) slot(k indexKey) *slot {
	mask := len(x.slots) - 1
	for i := int(uint32(k)*0x9E3779B1>>16) & mask; ; i = (i + 1) & mask {
		if s := &x.slots[i]; s.key == k || s.key == 0 {
			return s
		}
	}
}

func (x *ruleIndex) add(k indexKey, candidates []uint64) {
	if s := x.slot(k); s.key != 0 {
		for i, w := range x.sets[s.set : int(s.set)+len(candidates)] {
			candidates[i] |= w
		}
	}
}

// find sets the bits of the rules that the claim may break.
func (x *ruleIndex) find(e *facts, candidates []uint64) {
	copy(candidates, x.always)
	c := e.claim
	for i := range c.Lines {
		l := &c.Lines[i]
		if l.Code != 0 && (i == 0 || l.Code != c.Lines[i-1].Code) {
			x.add(indexKey(l.Code), candidates)
		}
		for _, m := range l.Modifiers {
			if m != 0 {
				x.add(keyModifier|indexKey(m), candidates)
			}
		}
	}
	if x.filing {
		if k, ok := filingKey(e.payerFacts().filing); ok {
			x.add(k, candidates)
		}
	}
}
