package app

import (
	"fmt"
	"io"
	"strings"

	"github.com/gaitkeeper/gaitkeeper/cmd/internal/render"
	"github.com/gaitkeeper/gaitkeeper/cmd/internal/term"
	"github.com/gaitkeeper/gaitkeeper/remit/codes"
)

// explainCodes writes a short page for each code.
func explainCodes(w io.Writer, style term.Style, list []explanation) error {
	p := page{w: w, style: style, width: pageWidth}
	if columns := term.Width(w); columns > 0 {
		p.width = min(p.width, columns)
	}
	for i := range list {
		if i > 0 {
			p.printf("\n")
		}
		p.codePage(&list[i])
	}
	return p.err
}

func (p *page) codePage(x *explanation) {
	kind := x.asked.kind()
	p.printf("%s  %s\n", p.style.Bold(x.asked.String()), p.style.Dim(kind.what))
	if !x.Known {
		p.paragraph("  ", fmt.Sprintf("Not in the list of %s: newer, the payer's own, or mistyped. Ask the payer what it means.", x.AsOf))
		return
	}
	p.paragraph("  ", x.Meaning+".")
	p.printf("\n")
	p.fact("note", x.Note)
	p.fact("group", x.groupText())
	p.fact("category", x.categoryText())
	p.fact("denial", x.denialText())
	p.fact("next", x.actionText())
	p.fact("remark", x.remarkText())
	p.fact("in use", x.activeText())
	p.fact("found by", x.ruleTexts()...)
}

func (x *explanation) groupText() string {
	if len(x.Groups) == 0 {
		return ""
	}
	text := "stands usually with "
	if *x.GroupOnly {
		text = "stands only with "
	}
	text += strings.Join(x.Groups, ", ")
	if x.Group == nil {
		return text
	}
	if !*x.GroupAllows {
		text += ", not with " + *x.Group
	}
	g, _ := codes.Group(*x.Group)
	return fmt.Sprintf("%s: %s; the code %s", g.Code, g.Meaning, text)
}

func (x *explanation) categoryText() string {
	if x.Category == nil {
		return ""
	}
	return codes.Category(*x.Category).String()
}

func (x *explanation) denialText() string {
	switch {
	case x.Denial == nil:
		return ""
	case !*x.Denial:
		return "no: it never counts as one"
	case *x.Recoverable:
		return "yes; the money can often be had from this payer"
	}
	return "yes; seldom paid by this payer"
}

func (x *explanation) actionText() string {
	var words []string
	for _, a := range x.Actions {
		words = append(words, codes.Action(a).String())
	}
	return strings.Join(words, "; else ")
}

func (x *explanation) remarkText() string {
	switch {
	case x.NeedsRemark != nil && *x.NeedsRemark:
		return "a remark code that is no alert must stand beside it and says what is meant"
	case x.Alert != nil && *x.Alert:
		return "an alert: it informs and explains no money"
	case len(x.CARCs) > 0:
		return "usually beside " + strings.Join(x.CARCs, ", ")
	}
	return ""
}

func (x *explanation) activeText() string {
	if x.Active {
		return "yes"
	}
	text := "no"
	if x.Stopped != nil {
		text += ", since " + *x.Stopped
		if !*x.StopChecked {
			text += " (not verified)"
		}
	}
	if len(x.ReplacedBy) > 0 {
		text += "; now " + strings.Join(x.ReplacedBy, ", ")
	}
	return text + "; old payments and their reversals may still carry it"
}

func (x *explanation) ruleTexts() (lines []string) {
	for _, r := range x.Rules {
		lines = append(lines, fmt.Sprintf("%s %s: %s (%s)", r.ID, r.Name, r.What, r.Denial))
	}
	return lines
}

func capitalized(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// listCodes writes a table, a line each, list by list.
func listCodes(w io.Writer, style term.Style, list []explanation) error {
	t := render.NewTable(style, "code", "in use", "denial", "next", "found by", "meaning")
	t.Width = term.Width(w)
	last := ""
	for i := range list {
		x := &list[i]
		if x.List != last {
			last = x.List
			kind := x.asked.kind()
			t.Row("").Row(fmt.Sprintf("%s (%s), as of %s", capitalized(kind.all), kind.names[0], x.AsOf)).Paint(style.Bold)
		}
		var rules []string
		for _, r := range x.Rules {
			rules = append(rules, r.ID)
		}
		t.Row(x.Code, yesNo(&x.Active), yesNo(x.Denial), strings.Join(x.Actions, ", "), ruleNames(rules), x.Meaning).Paint(style.Bold)
	}
	return t.Write(w)
}

// rulesShown is how many rules a line of the list names.
const rulesShown = 3

func ruleNames(rules []string) string {
	if more := len(rules) - rulesShown; more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(rules[:rulesShown], " "), more)
	}
	return strings.Join(rules, " ")
}

func yesNo(b *bool) string {
	switch {
	case b == nil:
		return ""
	case *b:
		return "yes"
	}
	return "no"
}
