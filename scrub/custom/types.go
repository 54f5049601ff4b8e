package custom

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/checker"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/scrub"
)

// Functions beside those of CEL.
var functions = []struct{ name, doc string }{
	{"date", "`date(\"2026-01-31\")` is that day"},
	{"days", "`days(claim.first_date, line.date)` is how many days the second is after the first"},
	{"units", "`day.units(\"97110\")`, `claim.units(\"97110\")` are the units of a code on the day, or on the claim; 0 where it is not billed"},
}

// newEnv is what expressions are checked and run in.
func newEnv() (*cel.Env, error) {
	registry, err := types.NewRegistry()
	if err != nil {
		return nil, err
	}
	options := []cel.EnvOption{
		cel.CustomTypeProvider(&provider{registry}), cel.CustomTypeAdapter(registry),
		cel.CrossTypeNumericComparisons(true),
		cel.Function("date", cel.Overload("date_string", []*cel.Type{cel.StringType}, cel.TimestampType, cel.UnaryBinding(celDate))),
		cel.Function("days", cel.Overload("days_timestamp_timestamp", []*cel.Type{cel.TimestampType, cel.TimestampType}, cel.IntType, cel.BinaryBinding(celDays))),
		cel.Function(
			"units",
			cel.MemberOverload("claim_units_string", []*cel.Type{cel.ObjectType(claimClass.typ), cel.StringType}, cel.IntType, cel.BinaryBinding(celUnits)),
			cel.MemberOverload("day_units_string", []*cel.Type{cel.ObjectType(dayClass.typ), cel.StringType}, cel.IntType, cel.BinaryBinding(celUnits)),
		),
	}
	for _, c := range classes {
		options = append(options, cel.Variable(c.name, cel.ObjectType(c.typ)))
	}
	return cel.NewEnv(options...)
}

// celType is the type of a field.
func celType(k kind) *cel.Type {
	switch k {
	case boolean:
		return cel.BoolType
	case integer:
		return cel.IntType
	case double:
		return cel.DoubleType
	case text:
		return cel.StringType
	case date:
		return cel.TimestampType
	case texts:
		return cel.ListType(cel.StringType)
	default:
		return cel.ListType(cel.ObjectType(lineClass.typ))
	}
}

// provider knows the variables' types beside CEL's own.
type provider struct{ types.Provider }

func (p *provider) FindStructType(name string) (*types.Type, bool) {
	if classOf(name) != nil {
		return types.NewTypeTypeWithParam(types.NewObjectType(name)), true
	}
	return p.Provider.FindStructType(name)
}

func (p *provider) FindIdent(name string) (ref.Val, bool) { return p.Provider.FindIdent(name) }

func (p *provider) FindStructFieldNames(name string) ([]string, bool) {
	c := classOf(name)
	if c == nil {
		return p.Provider.FindStructFieldNames(name)
	}
	names := make([]string, len(c.fields))
	for i := range c.fields {
		names[i] = c.fields[i].name
	}
	return names, true
}

func (p *provider) FindStructFieldType(name, fieldName string) (*types.FieldType, bool) {
	c := classOf(name)
	if c == nil {
		return p.Provider.FindStructFieldType(name, fieldName)
	}
	f := c.field(fieldName)
	if f == nil {
		return nil, false
	}
	return &types.FieldType{
		Type: celType(f.kind),
		IsSet: func(target any) bool {
			o, ok := target.(*object)
			return ok && f.present(o.facts, o.line)
		},
		GetFrom: func(target any) (any, error) {
			o, ok := target.(*object)
			if !ok {
				return nil, errOther
			}
			return o.get(f)
		},
	}, true
}

func (p *provider) NewValue(name string, fields map[string]ref.Val) ref.Val {
	if classOf(name) != nil {
		return types.NewErr("a %s cannot be made", name)
	}
	return p.Provider.NewValue(name, fields)
}

// object is a variable, or a line of a list, as CEL sees it.
type object struct {
	class *class
	facts *facts
	line  *scrub.Line
}

func (o *object) ConvertToNative(t reflect.Type) (any, error) {
	return nil, fmt.Errorf("%s is no %s", o.class.typ, t)
}

func (o *object) ConvertToType(t ref.Type) ref.Val {
	if t == types.TypeType {
		return types.NewObjectType(o.class.typ)
	}
	return types.NewErr("%s is no %s", o.class.typ, t.TypeName())
}

func (o *object) Equal(other ref.Val) ref.Val {
	p, ok := other.(*object)
	return types.Bool(ok && p.class == o.class && p.line == o.line)
}

func (o *object) Type() ref.Type { return types.NewObjectType(o.class.typ) }
func (o *object) Value() any     { return o }

// get is the value of a field as CEL has it.
func (o *object) get(f *field) (any, error) {
	e, l := o.facts, o.line
	if e.steps < 0 {
		return nil, errCost
	}
	if f.known != nil && !f.known(e, l) {
		return nil, f.unknown
	}
	switch f.kind {
	case boolean:
		return types.Bool(f.boolean(e, l)), nil
	case integer:
		return types.Int(f.integer(e, l)), nil
	case double:
		return types.Double(f.double(e, l)), nil
	case text:
		return types.String(f.text(e, l)), nil
	case date:
		return types.Timestamp{Time: f.date(e, l).Time()}, nil
	case texts:
		e.scan(f.texts.n(e, l))
		all := []string{}
		for i := range f.texts.n(e, l) {
			all = append(all, string(f.texts.at(e, l, i)))
		}
		return types.NewStringList(types.DefaultTypeAdapter, all), nil
	default:
		e.scan(len(e.claim.Lines))
		all := make([]ref.Val, len(e.claim.Lines))
		for i := range all {
			all[i] = &object{lineClass, e, &e.claim.Lines[i]}
		}
		return types.NewRefValList(types.DefaultTypeAdapter, all), nil
	}
}

// ResolveName makes facts the variables of a CEL program.
func (e *facts) ResolveName(name string) (any, bool) {
	for i, c := range classes {
		if c.name == name {
			o := &e.objects[i]
			*o = object{c, e, e.line}
			return o, true
		}
	}
	return nil, false
}

// Parent is that of an activation: none.
func (e *facts) Parent() cel.Activation { return nil }

// parseDay reads a day as it is written in an expression.
func parseDay(s string) (edi.Date, bool) {
	if len(s) != len("2006-01-02") {
		return 0, false
	}
	d, err := edi.ParseDay(s)
	return d, err == nil
}

func celDate(v ref.Val) ref.Val {
	s, ok := v.(types.String)
	d, valid := parseDay(string(s))
	if !ok || !valid {
		return types.WrapErr(errOther)
	}
	return types.Timestamp{Time: d.Time()}
}

func celDays(a, b ref.Val) ref.Val {
	from, ok := a.(types.Timestamp)
	to, also := b.(types.Timestamp)
	if !ok || !also {
		return types.WrapErr(errOther)
	}
	const day = 24 * time.Hour
	return types.Int(to.Truncate(day).Unix()-from.Truncate(day).Unix()) / types.Int(day/time.Second)
}

func celUnits(of, code ref.Val) ref.Val {
	o, ok := of.(*object)
	c, also := code.(types.String)
	if !ok || !also {
		return types.WrapErr(errOther)
	}
	if o.class == dayClass {
		return types.Int(o.facts.dayUnits([]byte(c)))
	}
	return types.Int(o.facts.claimUnits([]byte(c)))
}

// Limits of what an expression may cost, in CEL's units: about one for each thing that
// is looked at.
const (
	maxCost  = 50_000  // of one evaluation, by the most that claims of usual size let it be
	maxSteps = 200_000 // of a rule on one claim, whatever its size
)

// sizes are how large things are on claims: 50 service lines and 12 diagnoses are what
// the implementation guide allows.
type sizes struct{}

func (sizes) EstimateSize(n checker.AstNode) *checker.SizeEstimate {
	most := uint64(80) // characters of an element
	if path := n.Path(); len(path) > 0 {
		switch path[len(path)-1] {
		case "lines":
			most = 50
		case "modifiers":
			most = 4
		case "diagnoses":
			most = 12
		case "codes":
			most = 50
		}
	}
	return &checker.SizeEstimate{Min: 0, Max: most}
}

func (sizes) EstimateCallCost(function, _ string, _ *checker.AstNode, _ []checker.AstNode) *checker.CallEstimate {
	if function == "units" {
		return &checker.CallEstimate{CostEstimate: checker.CostEstimate{Min: 1, Max: 50}}
	}
	return nil
}

// reason is what an error of CEL comes down to. Its text may quote the claim and is not
// shown.
func reason(err error) error {
	if errors.Is(err, errCost) {
		return errCost
	}
	var m *missing
	if errors.As(err, &m) {
		return m
	}
	text := err.Error()
	for _, r := range []struct {
		has string
		err error
	}{
		{"by zero", errDivision},
		{"overflow", errOverflow},
		{"out of bounds", errIndex},
		{"out of range", errIndex},
		{"no such key", errKey},
		{"cost limit", errCost},
	} {
		if strings.Contains(text, r.has) {
			return r.err
		}
	}
	return errOther
}
