package report

import (
	"bufio"
	"cmp"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"html/template"
	"io"
	"slices"
	"strings"

	"github.com/gaitkeeper/gaitkeeper/cmd/internal/render"
	"github.com/gaitkeeper/gaitkeeper/edi"
)

//go:embed page
var pageFiles embed.FS

// HTML writes one page that needs nothing else: no network, and no script but its own,
// which sorts and filters the worklist. Its policy forbids the browser any request.
type HTML struct {
	w                io.Writer
	title, generated string

	payments  []render.RemitPayment
	payers    map[string]string // names by id
	list      []task
	unmatched []render.RemitUnmatched
	omitted   int // of unmatched
}

// Rows that the tables of a page show at most; what is left out is said.
const (
	mostTasks     = 5000
	mostUnmatched = 500
	mostPayments  = 500
	mostGroups    = 15
	mostReasons   = 20
)

// NewHTML writes a page. Generated says when and by what, in words; it may be "".
func NewHTML(w io.Writer, title, generated string) *HTML {
	return &HTML{w: w, title: title, generated: generated, payers: map[string]string{}}
}

// Payment takes a payment.
func (h *HTML) Payment(p *render.RemitPayment) error {
	h.payments = append(h.payments, *p)
	if p.PayerName != "" {
		h.payers[p.Payer] = p.PayerName
	}
	return nil
}

// Claim takes what is to be done about an answer.
func (h *HTML) Claim(c *render.RemitClaim, lines []render.RemitLine) error {
	h.list = tasks(h.list, c, lines)
	return nil
}

// Unmatched takes what has no partner.
func (h *HTML) Unmatched(u *render.RemitUnmatched) error {
	if len(h.unmatched) == mostUnmatched {
		h.omitted++
		return nil
	}
	h.unmatched = append(h.unmatched, *u)
	return nil
}

// Close writes the page.
func (h *HTML) Close(s *render.RemitSummary) error {
	t, err := template.New("page.html").Funcs(template.FuncMap{
		"candidates": candidates,
		"dollars":    func(s string) string { return dollars(cents(s)) },
		"amount":     dollars,
		"cents":      func(s string) int64 { return int64(cents(s)) },
		"count":      count,
		"percent":    percent,
		"words":      func(s string) string { return strings.ReplaceAll(s, "_", " ") },
		"join":       strings.Join,
		"reason":     reason,
		"show":       show,
		"payer":      h.payer,
		"name":       func(id string) string { return h.payers[id] },
		"bar":        bar,
	}).ParseFS(pageFiles, "page/page.html")
	if err != nil {
		return err
	}
	out := bufio.NewWriterSize(h.w, 64<<10)
	if err := t.Execute(out, h.page(s)); err != nil {
		return err
	}
	return out.Flush()
}

// page is what the template shows.
type page struct {
	Title, Generated string
	Style            template.CSS
	Script           template.JS
	ScriptHash       string // for the policy

	Summary  *render.RemitSummary
	Cards    []fact
	Rates    []fact
	Warnings []warning
	Sections []section

	Waterfall, Pareto template.HTML
	Reasons           []share
	ReasonsOmitted    int
	Groups            []groups

	Tasks     []task
	Filters   []filter
	Payments  []render.RemitPayment
	Unmatched []render.RemitUnmatched

	TasksOmitted, PaymentsOmitted, UnmatchedOmitted int
}

// filter is a choice over the worklist; key names what the rows carry.
type filter struct {
	Name, Key string
	Values    []string
}

// warning is something that needs eyes, counted.
type warning struct {
	Count int
	Text  string
}

// share is a reason with its part of all denied dollars.
type share struct {
	render.RemitDenial
	Share, Running float64
}

// groups are the values of a dimension with the most denied dollars.
type groups struct {
	Dimension, Heading, Column string
	Rows                       []labelled
	Omitted                    int
}

type labelled struct {
	Label, Small string
	render.RemitGroup
}

func (h *HTML) page(s *render.RemitSummary) *page {
	style, script := asset("page.css"), asset("page.js")
	hash := sha256.Sum256([]byte(script))
	sortTasks(h.list)
	p := &page{
		Title: h.title, Generated: h.generated, Style: template.CSS(style), Script: template.JS(script),
		ScriptHash: base64.StdEncoding.EncodeToString(hash[:]), Summary: s, Sections: sections(s),
		Cards: cards(s), Warnings: warnings(s), Reasons: shares(s.Denials),
		Groups: []groups{
			largest(s.Groups, groups{Dimension: "payer", Heading: "payer", Column: "Payer"}, h.payers),
			largest(s.Groups, groups{Dimension: "code", Heading: "procedure code", Column: "Code"}, nil),
		},
		Tasks: h.list, Payments: h.payments, Unmatched: h.unmatched, UnmatchedOmitted: h.omitted,
	}
	p.Rates = p.Sections[2].Facts
	p.Waterfall, p.Pareto = waterfall(s), pareto(p.Reasons)
	p.Filters = []filter{
		{"Issue", "issue", distinct(h.list, func(t *task) string { return t.Issue })},
		{"Payer", "payer", distinct(h.list, func(t *task) string { return t.Payer })},
		{"Action", "action", distinct(h.list, func(t *task) string { return t.Action })},
	}
	if n := len(p.Reasons) - mostReasons; n > 0 {
		p.Reasons, p.ReasonsOmitted = p.Reasons[:mostReasons], n
	}
	if n := len(p.Tasks) - mostTasks; n > 0 {
		p.Tasks, p.TasksOmitted = p.Tasks[:mostTasks], n
	}
	if n := len(p.Payments) - mostPayments; n > 0 {
		p.Payments, p.PaymentsOmitted = p.Payments[:mostPayments], n
	}
	return p
}

func asset(name string) string {
	b, err := pageFiles.ReadFile("page/" + name)
	if err != nil {
		panic(err)
	}
	return string(b)
}

func cards(s *render.RemitSummary) []fact {
	return []fact{
		{"Charged", money(s.Charge), "charge"},
		{"Paid", money(s.Paid), "paid"},
		{"Contractual", money(s.Contractual), "contractual"},
		{"Patient", money(s.Patient), "patient"},
		{"Denied", money(s.Denied), "denied"},
		{"Unexplained", money(s.Unexplained), "unexplained"},
	}
}

func warnings(s *render.RemitSummary) (list []warning) {
	for _, w := range []warning{
		{s.Unreadable, "files could not be read"},
		{s.Faults, "syntax errors in the files"},
		{s.Faulty, "answers are damaged and stand in no sum"},
		{s.Unbalanced, "payments do not balance with their claims and PLB"},
		{s.OutOfBalance, "answers do not balance"},
		{s.Duplicates, "payments stood in a further file and count once"},
		{s.Unmatched, "answers match no claim"},
		{s.LinesUnmatched, "lines match no line of their claim"},
		{s.Unanswered, "claims have no answer"},
		{len(s.UnknownCodes), "codes are in no list known here: " + strings.Join(s.UnknownCodes, " ")},
	} {
		if w.Count > 0 {
			list = append(list, w)
		}
	}
	return list
}

// shares are the reasons with the most denied dollars first, one row for a group and
// reason code, and their part of the whole.
func shares(denials []render.RemitDenial) []share {
	var list []share
	total := edi.Amount(0)
	for i := range denials {
		d := denials[i]
		total += max(0, cents(d.Denied))
		at := slices.IndexFunc(list, func(s share) bool { return s.Group == d.Group && s.CARC == d.CARC })
		if at < 0 {
			list = append(list, share{RemitDenial: d})
			continue
		}
		s := &list[at]
		s.Denied, s.Recoverable = (cents(s.Denied) + cents(d.Denied)).String(), (cents(s.Recoverable) + cents(d.Recoverable)).String()
		s.Lines, s.Claims, s.Predicted = s.Lines+d.Lines, s.Claims+d.Claims, s.Predicted+d.Predicted
		s.RARCs, s.Rules = union(s.RARCs, d.RARCs), union(s.Rules, d.Rules)
	}
	slices.SortStableFunc(list, func(a, b share) int {
		return cmp.Or(cmp.Compare(cents(b.Denied), cents(a.Denied)), cmp.Compare(reason(a.Group, a.CARC), reason(b.Group, b.CARC)))
	})
	running := 0.0
	for i := range list {
		if d := cents(list[i].Denied); total > 0 && d > 0 {
			list[i].Share = float64(d) / float64(total)
		}
		running += list[i].Share
		list[i].Running = running
	}
	return list
}

func union(a, b []string) []string {
	out := slices.Clone(a)
	for _, s := range b {
		out = appendNew(out, s)
	}
	return out
}

func distinct(list []task, value func(*task) string) (values []string) {
	for i := range list {
		values = appendNew(values, value(&list[i]))
	}
	slices.Sort(values)
	return values
}

// largest fills g with the values of its dimension.
func largest(all []render.RemitGroup, g groups, names map[string]string) groups {
	for i := range all {
		if all[i].Dimension == g.Dimension {
			l := labelled{all[i].Value, "", all[i]}
			if name := names[l.Value]; name != "" {
				l.Label, l.Small = name, l.Value
			}
			g.Rows = append(g.Rows, l)
		}
	}
	slices.SortStableFunc(g.Rows, func(a, b labelled) int {
		return cmp.Or(cmp.Compare(cents(b.Denied), cents(a.Denied)), cmp.Compare(b.DeniedLines, a.DeniedLines), cmp.Compare(a.Value, b.Value))
	})
	if n := len(g.Rows) - mostGroups; n > 0 {
		g.Rows, g.Omitted = g.Rows[:mostGroups], n
	}
	return g
}

// show writes a value of a fact.
func show(v any) string {
	switch v := v.(type) {
	case money:
		return dollars(cents(string(v)))
	case rate:
		return percent(float64(v))
	case int:
		return count(v)
	case day:
		return string(v)
	case string:
		if v != "" {
			return v
		}
	}
	return "–"
}

func (h *HTML) payer(id string) string {
	if name := h.payers[id]; name != "" && name != id {
		return name + " (" + id + ")"
	}
	return id
}
