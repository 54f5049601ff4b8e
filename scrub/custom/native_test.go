package custom

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/types"
	"pgregory.net/rapid"

	"github.com/gaitkeeper/gaitkeeper/edi/editest"
	"github.com/gaitkeeper/gaitkeeper/scrub"
	"github.com/gaitkeeper/gaitkeeper/scrub/ncci"
)

// drawClaims is a file of one to four claims, of which much may be missing or odd.
func drawClaims(t *rapid.T) []byte {
	s := editest.Claims(1)
	head := 0
	for i, segment := range s {
		if strings.HasPrefix(segment, "HL*2") {
			head = i
		}
	}
	out := append([]string{}, s[:head]...)
	pick := func(label string, of ...string) string { return rapid.SampledFrom(of).Draw(t, label) }
	for i := range rapid.IntRange(1, 4).Draw(t, "claims") {
		out = append(out, fmt.Sprintf("HL*%d*1*22*0", i+2), "SBR*P*18*******"+pick("filing", "MB", "CI", "MC", ""))
		out = append(out, "NM1*IL*1*EXAMPLE*PAT****MI*1EG4TE00001")
		out = append(out, pick("birth", "DMG*D8*20101201*F", "DMG*D8*19500101*M", "DMG*D8*19501301*U", "DMG*D8**F", "REF*SY*123456789"))
		out = append(out, "NM1*PR*2*MEDICARE PART B*****PI*"+pick("payer", "04011", "60054"))
		out = append(out, fmt.Sprintf("CLM*C%d*%s***%s*Y*A*Y*Y", i, pick("total", "186", "62.5", "", "x"), pick("place", "11:B:1", "11", "02:B:7", "")))
		if rapid.Bool().Draw(t, "authorized") {
			out = append(out, "REF*G1*"+pick("number", "A1", "97110"))
		}
		if hi := pick("diagnoses", "HI*ABK:M6281*ABF:R262", "HI*ABK:Z96651", ""); hi != "" {
			out = append(out, hi)
		}
		for j := range rapid.IntRange(0, 4).Draw(t, "lines") {
			out = append(out, fmt.Sprintf("LX*%d", j+1))
			out = append(out, fmt.Sprintf(
				"SV1*HC:%s%s*%s*%s*%s***%s",
				pick("code", "97110", "97140", "97161", "G0283", "x", ""), pick("modifiers", "", ":GP", ":GP:KX", "::59", ":CQ:GP:KX:59", ":9"),
				pick("charge", "31", "62.5", "-1", "x"), pick("basis", "UN", "UN", "MJ"), pick("units", "1", "2", "5", "1.5", "0", ""),
				pick("pointers", "1", "1:2", "2:1:7", "", "a:1"),
			))
			if date := pick("date", "DTP*472*D8*20260310", "DTP*472*D8*20260311", "DTP*472*RD8*20260310-20260312", "DTP*472*D8*20260230", ""); date != "" {
				out = append(out, date)
			}
		}
	}
	out = append(out, "SE*1*0001", "GE*1*1", "IEA*1*000000001")
	return editest.Render(out, editest.Wrapped)
}

// gen draws expressions that type-check.
type gen struct {
	*rapid.T
	lines, texts []string // variables of quantifiers around
	fresh        int
}

func (g *gen) pick(of ...string) string { return rapid.SampledFrom(of).Draw(g.T, "x") }

// some is one of the ways to make an expression; the first ones need nothing below.
func (g *gen) some(depth, simple int, ways ...func() string) string {
	n := len(ways)
	if depth <= 0 {
		n = simple
	}
	return ways[rapid.IntRange(0, n-1).Draw(g.T, "way")]()
}

func (g *gen) line() string { return g.pick(append([]string{"line"}, g.lines...)...) }

func (g *gen) boolean(d int) string {
	b := func() string { return g.boolean(d - 1) }
	return g.some(
		d, 4,
		func() string { return g.pick("true", "false", "history.same_claim", "history.cloned") },
		func() string { return g.line() + g.pick(".therapy", ".timed") },
		func() string {
			return "has(" + g.pick(g.line()+".units", g.line()+".date", g.line()+".control", "patient.age", "claim.authorization", "claim.charge", "claim.diagnoses", "claim.lines") + ")"
		},
		func() string { return "(" + g.text(0) + g.pick(" == ", " != ") + g.text(0) + ")" },
		func() string { return "(" + b() + g.pick(" && ", " || ", " == ", " != ") + b() + ")" },
		func() string { return "(" + b() + g.pick(" && ", " || ") + b() + ")" },
		func() string { return "!(" + b() + ")" },
		func() string { return "(" + b() + " ? " + b() + " : " + b() + ")" },
		func() string {
			return "(" + g.integer(d-1) + g.pick(" < ", " <= ", " > ", " >= ", " == ", " != ") + g.integer(d-1) + ")"
		},
		func() string {
			return "(" + g.double(d-1) + g.pick(" < ", " <= ", " > ", " >= ", " == ", " != ") + g.double(d-1) + ")"
		},
		func() string { return "(" + g.double(d-1) + g.pick(" < ", " >= ") + g.integer(d-1) + ")" },
		func() string { return "(" + g.integer(d-1) + g.pick(" <= ", " > ") + g.double(d-1) + ")" },
		func() string { return "(" + g.text(d-1) + g.pick(" < ", " >= ", " == ") + g.text(d-1) + ")" },
		func() string { return "(" + g.date(d-1) + g.pick(" < ", " >= ", " == ", " != ") + g.date(d-1) + ")" },
		func() string { return "(" + g.text(d-1) + " in " + g.list() + ")" },
		func() string { return "(" + g.integer(d-1) + " in [0, 1, 2])" },
		func() string {
			return g.text(d-1) + g.pick(".startsWith(", ".endsWith(", ".contains(") + g.text(0) + ")"
		},
		func() string { return g.text(d-1) + `.matches("` + g.pick("^9", "[A-Z]+$", "^$", "7.*1") + `")` },
		func() string { return g.quantifier(d, g.pick("exists", "all", "exists_one")) },
	)
}

// quantifier asks something of the elements of a list.
func (g *gen) quantifier(d int, macro string) string {
	if g.fresh++; len(g.lines)+len(g.texts) >= 3 {
		return "true"
	}
	v := fmt.Sprintf("v%d", g.fresh)
	inner := *g
	over := "claim.lines"
	if rapid.Bool().Draw(g.T, "over lines") {
		inner.lines = append(append([]string{}, g.lines...), v)
	} else {
		over = g.list()
		inner.texts = append(append([]string{}, g.texts...), v)
	}
	body := inner.boolean(d - 1)
	g.fresh = inner.fresh
	return over + "." + macro + "(" + v + ", " + body + ")"
}

func (g *gen) integer(d int) string {
	return g.some(
		d, 3,
		func() string { return g.pick("0", "1", "2", "5", "9223372036854775807", "-1") },
		func() string { return g.line() + g.pick(".units", ".number") },
		func() string { return g.pick("patient.age", "day.timed_units", "day.claims") },
		func() string {
			return "(" + g.integer(d-1) + g.pick(" + ", " - ", " * ", " / ", " % ") + g.integer(d-1) + ")"
		},
		func() string { return "-(" + g.integer(d-1) + ")" },
		func() string { return "(" + g.boolean(d-1) + " ? " + g.integer(d-1) + " : " + g.integer(d-1) + ")" },
		func() string { return "size(" + g.text(d-1) + ")" },
		func() string { return g.list() + ".size()" },
		func() string { return "size(claim.lines)" },
		func() string { return g.pick("day", "claim") + ".units(" + g.text(d-1) + ")" },
		func() string { return "days(" + g.date(d-1) + ", " + g.date(d-1) + ")" },
		func() string { return g.date(d-1) + g.pick(".getFullYear()", ".getDayOfWeek()") },
		func() string {
			if q := g.quantifier(d, "filter"); q != "true" {
				return q + ".size()"
			}
			return "1"
		},
	)
}

func (g *gen) double(d int) string {
	return g.some(
		d, 2,
		func() string { return g.pick("0.0", "31.0", "62.5", "-1.0") },
		func() string { return g.pick("claim.charge", g.line()+".charge") },
		func() string { return "(" + g.double(d-1) + g.pick(" + ", " - ", " * ", " / ") + g.double(d-1) + ")" },
		func() string { return "double(" + g.integer(d-1) + ")" },
		func() string { return "-(" + g.double(d-1) + ")" },
		func() string { return "(" + g.boolean(d-1) + " ? " + g.double(d-1) + " : " + g.double(d-1) + ")" },
	)
}

func (g *gen) text(d int) string {
	return g.some(
		d, 3,
		func() string {
			return g.pick(append([]string{`"97110"`, `"GP"`, `""`, `"MB"`, `"M6281"`}, g.texts...)...)
		},
		func() string {
			return g.line() + g.pick(".code", ".place", ".discipline", ".control", ".rendering_npi")
		},
		func() string {
			return g.pick("claim.place", "claim.frequency", "claim.authorization", "payer.id", "payer.filing", "payer.profile", "patient.sex", "claim.referring_npi", "claim.billing_taxonomy")
		},
		func() string { return "(" + g.boolean(d-1) + " ? " + g.text(d-1) + " : " + g.text(d-1) + ")" },
		func() string { return g.list() + "[" + g.pick("0", "1", "3", "-1") + "]" },
		func() string { return "claim.lines[" + g.integer(d-1) + "]" + g.pick(".code", ".place") },
		func() string { return "(" + g.text(d-1) + " + " + g.text(d-1) + ")" }, // has no native form
	)
}

func (g *gen) date(d int) string {
	return g.some(
		d, 2,
		func() string { return g.pick(`date("2026-03-10")`, `date("2025-12-31")`) },
		func() string {
			return g.pick("claim.first_date", "claim.last_date", "claim.created", "day.date", g.line()+".date", g.line()+".last_date")
		},
		func() string { return "(" + g.boolean(d-1) + " ? " + g.date(d-1) + " : " + g.date(d-1) + ")" },
	)
}

func (g *gen) list() string {
	return g.pick(g.line()+".modifiers", g.line()+".diagnoses", "claim.diagnoses", "day.codes", `["97110", "97140", "GP"]`)
}

// onPasses runs f on every claim of a file, as a rule would see it.
func onPasses(t interface{ Fatal(...any) }, data []byte, f func(*scrub.Pass)) {
	rule := &scrub.Rule{ID: "ZZ999", Run: f}
	in := scrub.Input{Name: "test.837", Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }}
	r := scrub.Runner{Rules: []*scrub.Rule{rule}, Data: scrub.Data{Tables: ncci.Default()}, Jobs: 1}
	if _, err := r.Survey(context.Background(), in); err != nil {
		t.Fatal(err)
	}
	if err := r.Scrub(context.Background(), in, func(*scrub.Result) error { return nil }); err != nil {
		t.Fatal(err)
	}
}

// outcome is what an expression comes to.
func outcome(e *facts, ok bool) string {
	if e.err != nil {
		return "an error"
	}
	return fmt.Sprint(ok)
}

// Conditions come to what CEL says they do, whatever of them has a native form, in
// whatever order their parts are looked at, and what the index leaves out is false.
func TestNativeAgrees(t *testing.T) {
	env, err := newEnv()
	if err != nil {
		t.Fatal(err)
	}
	var total, natives, trues, errs int
	rapid.Check(t, func(t *rapid.T) {
		data := drawClaims(t)
		type candidate struct {
			text    string
			program cel.Program
			whole   func(*facts) bool // nil where it has no native form
			when    condition
			index   ruleIndex
		}
		var list []candidate
		for range 6 {
			g := &gen{T: t}
			text := g.boolean(4)
			a, issues := env.Compile(text)
			if issues.Err() != nil {
				t.Fatalf("%s: %v", text, issues.Err())
			}
			c := &compilation{env: env}
			x := candidate{text: text, when: c.condition(a.NativeRep())}
			x.index.build([]*rule{{keys: keysOf(a.NativeRep().Expr(), "line")}})
			if n, ok := native(a.NativeRep().Expr()); ok {
				x.whole = n.boolean
			}
			var err error
			if x.program, err = env.Program(a); err != nil || c.errs != nil {
				t.Fatal(err, c.errs)
			}
			list = append(list, x)
		}
		differs := "" // told outside: the engine makes an error of a panic
		onPasses(t, data, func(p *scrub.Pass) {
			e := &facts{}
			e.look(p)
			for i := range p.Claim.Lines {
				e.line = &p.Claim.Lines[i]
				e.date = e.line.Period.From
				for _, x := range list {
					total++
					e.err, e.steps = nil, maxSteps
					v, _, err := x.program.Eval(e)
					want := "an error"
					if err == nil {
						want = fmt.Sprint(v == types.True)
					} else {
						errs++
					}
					if want == "true" {
						trues++
					}
					e.err, e.steps = nil, maxSteps
					if x.whole != nil {
						natives++
						if got := outcome(e, x.whole(e)); got != want {
							differs = fmt.Sprintf("line %d: %s is %s, by CEL %s (%v)", i, x.text, got, want, err)
						}
					}
					e.err, e.steps = nil, maxSteps
					ok := hold(e, x.when.claim)
					failed := e.err
					if e.err = nil; ok || failed != nil {
						ok = hold(e, x.when.item)
						if e.err == nil && ok || e.err != nil {
							e.fail(failed)
						}
					}
					if got := outcome(e, ok); got != want {
						differs = fmt.Sprintf("line %d: in parts, %s is %s, by CEL %s", i, x.text, got, want)
					}
					found := []uint64{0}
					if x.index.find(e, found); found[0] == 0 && want != "false" {
						differs = fmt.Sprintf("line %d: %s is left out, by CEL it is %s", i, x.text, want)
					}
				}
			}
		})
		if differs != "" {
			t.Fatal(differs)
		}
	})
	t.Logf("%d evaluations, %d native, %d true, %d errors", total, natives, trues, errs)
	if natives < total/3 || trues < total/10 || errs < total/20 {
		t.Error("the expressions are not varied enough")
	}
}
