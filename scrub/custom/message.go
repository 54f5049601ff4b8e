package custom

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/common/types/traits"

	"github.com/gaitkeeper/gaitkeeper/edi"
)

// message is a text with expressions in braces.
type message []piece

// piece is a text, or the value of an expression.
type piece struct {
	text    string
	native  node
	program cel.Program
}

// lineBreak is where a message goes on in the next line of the configuration.
var lineBreak = regexp.MustCompile(`\s*\n\s*`)

// unknownValue stands in a message for what is not known.
const unknownValue = "?"

// message compiles a message; what its expressions speak of is added to u. Braces that
// are meant as such are doubled.
func (c *compilation) message(text string, u *uses) (m message) {
	var plain strings.Builder
	flush := func() {
		if plain.Len() > 0 {
			m = append(m, piece{text: lineBreak.ReplaceAllString(plain.String(), " ")})
			plain.Reset()
		}
	}
	for i := 0; i < len(text); i++ {
		b := text[i]
		switch {
		case (b == '{' || b == '}') && i+1 < len(text) && text[i+1] == b:
			plain.WriteByte(b)
			i++
		case b == '{':
			end := expressionEnd(text[i+1:])
			if end < 0 {
				c.fail("message", i, "{ is not closed; a brace that is meant as such is doubled")
				return m
			}
			flush()
			if p, ok := c.piece(text[i+1:i+1+end], i+1, u); ok {
				m = append(m, p)
			}
			i += end + 1
		case b == '}':
			c.fail("message", i, "} without {; a brace that is meant as such is doubled")
			return m
		default:
			plain.WriteByte(b)
		}
	}
	flush()
	return m
}

// expressionEnd is where the brace stands that closes an expression; -1 where none does.
func expressionEnd(s string) int {
	depth, quote := 0, byte(0)
	for i := 0; i < len(s); i++ {
		switch b := s[i]; {
		case quote != 0:
			if b == '\\' {
				i++
			} else if b == quote {
				quote = 0
			}
		case b == '"' || b == '\'':
			quote = b
		case b == '{':
			depth++
		case b == '}':
			if depth == 0 {
				return i
			}
			depth--
		}
	}
	return -1
}

func (c *compilation) piece(text string, offset int, u *uses) (p piece, ok bool) {
	if strings.TrimSpace(text) == "" {
		c.fail("message", offset, "nothing stands between the braces")
		return p, false
	}
	a := c.check("message", text, offset)
	if a == nil {
		return p, false
	}
	switch t := a.GetType(a.Expr().ID()); t.Kind() {
	case types.StringKind, types.IntKind, types.DoubleKind, types.BoolKind, types.TimestampKind:
	default:
		if t.Kind() == types.ListKind && t.Parameters()[0].Kind() == types.StringKind {
			break
		}
		c.fail("message", offset, "%s is no text, number, date or list of texts", typeName(t.String()))
		return p, false
	}
	found := usesOf(a.Expr())
	u.line, u.day, u.date, u.needs = u.line || found.line, u.day || found.day, u.date || found.date, u.needs|found.needs
	if n, ok := native(a.Expr()); ok && n.class == nil && !n.lines {
		return piece{native: n}, true
	}
	program, err := c.program(a, a.Expr())
	if err != nil {
		c.fail("message", offset, "it cannot be run: %s", err)
		return p, false
	}
	return piece{program: program}, true
}

// of is the message for what is at hand.
func (m message) of(e *facts) string {
	var b []byte
	for i := range m {
		p := &m[i]
		e.err = nil
		start := len(b)
		switch {
		case p.text != "":
			b = append(b, p.text...)
		case p.program != nil:
			b = e.appendProgram(b, p.program)
		default:
			b = p.native.append(b, e)
		}
		if e.err != nil {
			b = append(b[:start], unknownValue...)
		}
	}
	e.err = nil
	return strings.TrimSpace(string(b))
}

// appendText writes a text of the claim; what cannot be shown, such as the beginning of
// an order to the terminal, is replaced.
func appendText(b, s []byte) []byte {
	for len(s) > 0 {
		r, n := utf8.DecodeRune(s)
		if !unicode.IsPrint(r) {
			r = utf8.RuneError
		}
		b, s = utf8.AppendRune(b, r), s[n:]
	}
	return b
}

func (n *node) append(b []byte, e *facts) []byte {
	switch n.kind {
	case boolean:
		return strconv.AppendBool(b, n.boolean(e))
	case integer:
		return strconv.AppendInt(b, n.integer(e), 10)
	case double:
		return appendDouble(b, n.double(e))
	case text:
		return appendText(b, n.text(e))
	case date:
		if d := n.date(e); e.err == nil {
			return append(b, d.String()...)
		}
		return b
	default:
		for i := range n.list.n(e) {
			if i > 0 {
				b = append(b, ", "...)
			}
			b = appendText(b, n.list.at(e, i))
		}
		return b
	}
}

// appendDouble writes a number as money is written: what is counted in fractions is
// dollars.
func appendDouble(b []byte, f float64) []byte { return strconv.AppendFloat(b, f, 'f', 2, 64) }

func (e *facts) appendProgram(b []byte, p cel.Program) []byte {
	v, _, err := p.Eval(e)
	if err != nil {
		e.err = reason(err)
		return b
	}
	return appendValue(b, v)
}

func appendValue(b []byte, v ref.Val) []byte {
	switch v := v.(type) {
	case types.Double:
		return appendDouble(b, float64(v))
	case types.String:
		return appendText(b, []byte(v))
	case types.Timestamp:
		return v.AppendFormat(b, time.DateOnly)
	case traits.Lister:
		for i, it := 0, v.Iterator(); it.HasNext() == types.True; i++ {
			if i > 0 {
				b = append(b, ", "...)
			}
			b = appendValue(b, it.Next())
		}
		return b
	}
	return fmt.Append(b, v.Value())
}

// within reports whether the day at hand is in a window.
func within(d, from, until edi.Date) bool {
	return d != 0 && from <= d && (until == 0 || d <= until)
}
