package app

import (
	"cmp"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/gaitkeeper/gaitkeeper/cmd/internal/render"
	"github.com/gaitkeeper/gaitkeeper/cmd/internal/term"
	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/scrub/ncci"
	"github.com/gaitkeeper/gaitkeeper/scrub/therapy"
)

// write writes the day as a table and remarks for people.
func (d *workday) write(w io.Writer) error {
	if err := d.table(term.StyleFor("auto", w)).Write(w); err != nil {
		return err
	}
	var remarks []string
	remarks = append(remarks, d.onRules()...)
	remarks = append(remarks, d.onCodes()...)
	remarks = append(remarks, d.onAssistant()...)
	remarks = append(remarks, d.onLimits()...)
	remarks = append(remarks, d.onBilled()...)
	if remarks == nil {
		return nil
	}
	_, err := fmt.Fprintf(w, "\n%s\n", strings.Join(remarks, "\n"))
	return err
}

func (d *workday) table(style term.Style) *render.Table {
	header := []string{"code", "service", ">minutes"}
	if d.withAssistant {
		header = []string{"code", "service", ">therapist", ">assistant"}
	}
	for _, c := range d.counts {
		header = append(header, ">"+c.title)
	}
	if d.billed != nil {
		header = append(header, ">billed")
	}
	t := render.NewTable(style, header...)
	total := therapy.Work{}
	billed := 0
	for _, c := range d.codes() {
		w := d.workOn(c)
		units, why := d.outside(c)
		row := []string{c.String(), label(c), strconv.Itoa(w.Minutes)}
		if d.withAssistant {
			row = append(row, strconv.Itoa(w.Assistant))
		}
		for _, by := range d.counts {
			row = append(row, unitsCell(by.Count, c, units, why != ""))
		}
		n, given := d.billedFor(c)
		if d.billed != nil {
			row = append(row, blankUnless(given, n))
		}
		t.Row(row...).Paint(style.Bold)
		if why == "" {
			total.Minutes += w.Minutes
			total.Assistant += w.Assistant
			billed += n
		}
	}
	row := []string{"", "timed, in all", strconv.Itoa(total.Minutes)}
	if d.withAssistant {
		row = append(row, strconv.Itoa(total.Assistant))
	}
	for _, by := range d.counts {
		row = append(row, strconv.Itoa(by.Total))
	}
	if d.billed != nil {
		row = append(row, strconv.Itoa(billed))
	}
	t.Row(row...).Paint(nil, style.Dim)
	return t
}

// unitsCell is the units of a code: a number, or two where it may get a spare unit.
// A code outside the pool stands in brackets: it is not in the sum.
func unitsCell(c therapy.Count, code therapy.Code, alone int, outside bool) string {
	if outside {
		return fmt.Sprintf("(%d)", alone)
	}
	s, _ := c.Share(code)
	if s.Tied {
		return fmt.Sprintf("%d or %d", s.Units, s.Units+1)
	}
	return strconv.Itoa(s.Units)
}

func blankUnless(given bool, n int) string {
	if !given {
		return ""
	}
	return strconv.Itoa(n)
}

func label(c therapy.Code) string {
	if p := therapy.Lookup(c); p != nil {
		return p.Label
	}
	return "?"
}

// onRules says how the two rules count, and the ways to bill where there is a
// choice.
func (d *workday) onRules() (out []string) {
	cms, midpoint := d.counts[0], d.counts[1]
	if len(cms.Shares) == 0 {
		return nil
	}
	total := 0
	for _, s := range cms.Shares {
		total += s.Total()
	}
	out = append(out, fmt.Sprintf("CMS 8-minute: %s in all are %s.", count(total, "minute"), count(cms.Total, "unit")))
	if cms.Spare > 0 {
		out = append(out, "  The remainders tie; each of these is right:")
		list := cms.Allocations(mostAllocations + 1)
		for i, units := range list {
			if i == mostAllocations {
				out = append(out, "  and others")
				break
			}
			out = append(out, "  "+allocation(cms.Count, units))
		}
	}
	switch {
	case !d.differ():
		out = append(out, "CPT midpoint: the same.")
	case cms.Total == midpoint.Total:
		out = append(out, fmt.Sprintf("CPT midpoint: as many, but as %s.", allocation(midpoint.Count, sure(midpoint.Count))))
	default:
		out = append(out, fmt.Sprintf("CPT midpoint: %s, each code by itself; payers that follow Medicare take the first.", count(midpoint.Total, "unit")))
	}
	return out
}

func sure(c therapy.Count) (units []int) {
	for _, s := range c.Shares {
		units = append(units, s.Units)
	}
	return units
}

// onCodes says what is peculiar about codes.
func (d *workday) onCodes() (out []string) {
	for _, c := range d.codes() {
		if _, why := d.outside(c); why != "" {
			out = append(out, fmt.Sprintf("%s: %s.", c, why))
		}
		p := therapy.Lookup(c)
		if p == nil {
			continue
		}
		if !p.ValidOn(d.date) {
			out = append(out, fmt.Sprintf("%s: not a code on %s.", c, edi.Date(d.date)))
		}
		if s, ok := d.counts[0].Share(c); ok && s.Total() != d.workOn(c).Total() {
			out = append(out, fmt.Sprintf("%s: counted with %s, for a first code holds one unit and its added code the rest.", c, count(s.Total(), "minute")))
		}
	}
	return out
}

// onAssistant says which units carry the assistant's modifier.
func (d *workday) onAssistant() (out []string) {
	if !d.withAssistant {
		return nil
	}
	cms, midpoint := d.marked(d.counts[0]), d.marked(d.counts[1])
	switch {
	case cms == midpoint && cms != "":
		out = append(out, fmt.Sprintf("Assistant: %s.", cms))
	case cms != midpoint:
		out = append(out, fmt.Sprintf("Assistant, %s: %s.", d.counts[0].title, cmp.Or(cms, "nothing")))
		out = append(out, fmt.Sprintf("Assistant, %s: %s.", d.counts[1].title, cmp.Or(midpoint, "nothing")))
	}
	for _, w := range d.work {
		p := therapy.Lookup(w.Code)
		if p == nil || p.Pool || w.Assistant == 0 {
			continue
		}
		switch m := assistantModifier(w.Code); {
		case p.Evaluation:
			out = append(out, fmt.Sprintf("Assistant: %s is an evaluation, which no assistant may do.", w.Code))
		case m == "":
			out = append(out, fmt.Sprintf("Assistant: %s takes neither CQ nor CO.", w.Code))
		case therapy.AssistedService(w):
			out = append(out, fmt.Sprintf("Assistant: %s with %s, for more than a tenth of its minutes.", w.Code, m))
		default:
			out = append(out, fmt.Sprintf("Assistant: %s without %s, for no more than a tenth of its minutes.", w.Code, m))
		}
	}
	return out
}

// marked says how many units of each code carry the assistant's modifier.
func (d *workday) marked(by counted) string {
	var parts []string
	for _, a := range by.Assisted() {
		if m := assistantModifier(a.Code); m != "" && a.Units > 0 {
			parts = append(parts, fmt.Sprintf("%s %s of %d with %s", a.Code, between(a.Min, a.Max), a.Units, m))
		}
	}
	return strings.Join(parts, ", ")
}

func between(from, to int) string {
	if from == to {
		return strconv.Itoa(from)
	}
	return fmt.Sprintf("%d to %d", from, to)
}

// onLimits says which codes pass their MUE, by minutes or as billed.
func (d *workday) onLimits() (out []string) {
	if !d.tables.Covers(ncci.Limits, d.date) {
		return []string{fmt.Sprintf("No limits (MUE) are known for %s: not checked.", edi.Date(d.date))}
	}
	for _, c := range d.codes() {
		m, ok := d.limit(c)
		if !ok {
			continue
		}
		most, _ := d.billedFor(c)
		for _, by := range d.counts {
			most = max(most, d.most(by.Count, c))
		}
		switch {
		case most <= m.Units:
		case m.Units == 0:
			line := fmt.Sprintf("%s: Medicare pays none of it: its limit (MUE) on %s is 0", c, edi.Date(d.date))
			if p := therapy.Lookup(c); p != nil && p.Substitute != 0 {
				line += fmt.Sprintf("; it takes %s instead", p.Substitute)
			}
			out = append(out, line+".")
		default:
			out = append(out, fmt.Sprintf("%s: %s, but the limit (MUE) on %s is %d %s.", c, count(most, "unit"), edi.Date(d.date), m.Units, limitKinds[m.MAI]))
		}
	}
	return out
}

// limitKinds are the MUE adjudication indicators.
var limitKinds = map[int]string{1: "a line", 2: "a day, absolutely", 3: "a day; more can be paid on appeal"}

// onBilled says what becomes of the billed units.
func (d *workday) onBilled() (out []string) {
	if d.billed == nil {
		return nil
	}
	for _, by := range d.counts {
		v := therapy.Judge(d.billed, by.Count)
		why := verdictTexts[v]
		if v != therapy.OK {
			why = fmt.Sprintf(why, allocation(by.Count, by.Nearest(d.billed)))
		}
		out = append(out, fmt.Sprintf("Billed, %s: %s. %s.", by.title, v, why))
	}
	for _, b := range d.billed {
		if p := therapy.Lookup(b.Code); p != nil && p.OncePerDay() && b.Units > 1 {
			out = append(out, fmt.Sprintf("Billed: %s is 1 unit a day however long it takes.", b.Code))
		}
	}
	return out
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
