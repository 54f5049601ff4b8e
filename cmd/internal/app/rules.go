package app

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/gaitkeeper/gaitkeeper/cmd/internal/render"
	"github.com/gaitkeeper/gaitkeeper/cmd/internal/term"
	"github.com/gaitkeeper/gaitkeeper/scrub"
	"github.com/gaitkeeper/gaitkeeper/scrub/rules"
)

type rulesOptions struct {
	format, color string
	config        string
	all           bool
}

func newRules(env *environment) *cli.Command {
	o := &rulesOptions{}
	return &cli.Command{
		Name: "rules", Usage: "list the rules, or explain one",
		ArgsUsage: "[ID|NAME...]",
		Description: "Examples:\n" +
			"   gaitkeeper rules                       all rules, a line each\n" +
			"   gaitkeeper rules MO                    the rules of a family\n" +
			"   gaitkeeper rules UN101                 one rule: why, examples, fix, denials, sources\n" +
			"   gaitkeeper rules mue-exceeded          the same by name\n" +
			"   gaitkeeper rules --all --format markdown > rules.md\n" +
			"   gaitkeeper rules US --config gaitkeeper.toml   those of a configuration too\n\n" +
			"A rule says what it finds, why payers deny it, what a fix does and how safe that is,\n" +
			"which inputs it needs, which denials it predicts and where it comes from. Every\n" +
			"example is run as a test.",
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "all", Usage: "explain all rules", Destination: &o.all, Category: selection},
			configFlag(inputs, &o.config),
			&cli.StringFlag{Name: "format", Value: "text", Usage: "`FORMAT`: " + strings.Join(ruleFormats, ", "), Destination: &o.format, Category: reporting},
			&cli.StringFlag{Name: "color", Value: "auto", Usage: "`WHEN` to use color: auto, always, never", Destination: &o.color, Category: reporting},
		},
		Action: func(c *cli.Context) error { return runRules(env, o, c.Args().Slice()) },
	}
}

// ruleFamilies are the families in the order in which rules are told.
var ruleFamilies = []struct{ letters, title string }{
	{"EN", "Envelope"},
	{"GD", "Conformance"},
	{"AM", "Amounts"},
	{"ID", "Identifiers"},
	{"DT", "Dates"},
	{"DX", "Diagnoses"},
	{"UN", "Units"},
	{"MO", "Modifiers"},
	{"BU", "Bundling"},
	{"CV", "Coverage"},
	{"DU", "Duplicates"},
	{"RF", "Reference data"},
}

// ruleWriter is one way to write rules: a list, or all that is known of each.
type ruleWriter struct {
	list  func(io.Writer, term.Style, []*scrub.Rule) error
	pages func(io.Writer, term.Style, []*scrub.Rule) error
}

var (
	ruleFormats = []string{"text", "json", "markdown"}
	ruleWriters = map[string]ruleWriter{
		"text":     {listRules, explainRules},
		"json":     {listRulesJSON, explainRulesJSON},
		"markdown": {listRulesMarkdown, explainRulesMarkdown},
	}
)

func runRules(env *environment, o *rulesOptions, args []string) error {
	if err := oneOf("format", o.format, ruleFormats); err != nil {
		return err
	}
	if err := oneOf("color", o.color, colors); err != nil {
		return err
	}
	catalogue := env.catalogue
	if c, err := configured(env, "rules", o.config, true); err != nil {
		return err
	} else if c != nil {
		catalogue = append(slices.Clone(catalogue), c.Own...)
	}
	if o.all && len(args) > 0 {
		return usage("--all and a rule contradict each other")
	}
	w, style := ruleWriters[o.format], term.StyleFor(o.color, env.stdout)
	switch {
	case o.all:
		return w.pages(env.stdout, style, inFamilies(catalogue))
	case len(args) == 0:
		return w.list(env.stdout, style, inFamilies(catalogue))
	case len(args) == 1:
		if family := family(catalogue, args[0]); family != nil {
			return w.list(env.stdout, style, family)
		}
	}
	var chosen []*scrub.Rule
	for _, name := range args {
		r := scrub.Find(catalogue, name)
		if r == nil {
			return noRule(catalogue, name)
		}
		chosen = append(chosen, r)
	}
	return w.pages(env.stdout, style, chosen)
}

func noRule(catalogue []*scrub.Rule, name string) error {
	f := usage("no rule %q", name)
	if near := scrub.Suggest(catalogue, name); near != "" {
		return f.withHint("did you mean %s?", near)
	}
	return f.withHint("gaitkeeper rules lists them")
}

// family is the rules whose ids begin with two letters.
func family(catalogue []*scrub.Rule, letters string) (list []*scrub.Rule) {
	for _, r := range catalogue {
		if strings.EqualFold(r.Family(), letters) {
			list = append(list, r)
		}
	}
	return list
}

// inFamilies is the catalogue family by family; families without a title come last.
func inFamilies(catalogue []*scrub.Rule) []*scrub.Rule {
	at := func(r *scrub.Rule) int {
		for i, f := range ruleFamilies {
			if f.letters == r.Family() {
				return i
			}
		}
		return len(ruleFamilies)
	}
	list := slices.Clone(catalogue)
	slices.SortStableFunc(list, func(a, b *scrub.Rule) int { return at(a) - at(b) })
	return list
}

func familyTitle(letters string) string {
	for _, f := range ruleFamilies {
		if f.letters == letters {
			return f.title
		}
	}
	return letters
}

// listRules writes a table. On a terminal its last column is wrapped.
func listRules(w io.Writer, style term.Style, list []*scrub.Rule) error {
	t := render.NewTable(style, "rule", "name", "severity", "fix", "what it finds")
	t.Width = term.Width(w)
	last := ""
	for _, r := range list {
		if r.Family() != last {
			last = r.Family()
			t.Row("").Row(familyTitle(last)).Paint(style.Bold)
		}
		t.Row(ruleColumns(r)...).Paint(style.Bold, nil, severityColor(style, r.Severity))
	}
	return t.Write(w)
}

func ruleColumns(r *scrub.Rule) []string {
	return []string{r.ID, r.Name, r.Severity.String(), ruleFixes(r), r.What}
}

func severityColor(style term.Style, s scrub.Severity) func(string) string {
	return [...]func(string) string{scrub.Info: style.Blue, scrub.Warning: style.Yellow, scrub.Error: style.Red}[s]
}

func ruleFixes(r *scrub.Rule) string {
	if len(r.Fixes) == 0 {
		return "none"
	}
	return strings.Join(texts(r.Fixes), ", ")
}

func texts[T fmt.Stringer](list []T) []string {
	out := make([]string, 0, len(list))
	for _, v := range list {
		out = append(out, v.String())
	}
	return out
}

var looksAt = map[scrub.Scope]string{
	scrub.ScopeClaim:    "one claim",
	scrub.ScopeVisit:    "a day of a patient, over all claims of the run",
	scrub.ScopeEnvelope: "interchange, group and set",
}

// pageWidth is how wide prose becomes where the terminal allows.
const pageWidth = 88

func explainRules(w io.Writer, style term.Style, list []*scrub.Rule) error {
	width := pageWidth
	if columns := term.Width(w); columns > 0 {
		width = min(width, columns)
	}
	for i, r := range list {
		if i > 0 {
			fmt.Fprintln(w)
		}
		if err := explainRule(w, style, r, width); err != nil {
			return err
		}
	}
	return nil
}

func explainRule(w io.Writer, style term.Style, r *scrub.Rule, width int) error {
	p := page{w: w, style: style, width: width}
	p.printf("%s %s %s\n\n", style.Bold(r.ID), style.Bold(r.Name), severityColor(style, r.Severity)(r.Severity.String()))
	p.paragraph("", strings.ToUpper(r.What[:1])+r.What[1:]+".")
	p.printf("\n")
	p.fact("looks at", looksAt[r.Scope])
	p.fact("needs", r.Needs.String())
	p.fact("fix", ruleFixes(r))
	p.fact("denials", texts(r.Denials)...)
	p.fact("sources", texts(r.Sources)...)
	doc, _ := rules.Doc(r.ID)
	for _, s := range []struct{ heading, text string }{
		{"What it finds", doc.What}, {"Why payers deny it", doc.Why}, {"Bad", doc.Bad}, {"Good", doc.Good}, {"Fix", doc.Fix}, {"Notes", doc.Notes},
	} {
		p.section(s.heading, s.text)
	}
	return p.err
}

// page writes prose for a terminal.
type page struct {
	w     io.Writer
	style term.Style
	width int
	err   error
}

func (p *page) printf(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format, args...)
	}
}

func (p *page) paragraph(indent, s string) {
	for _, line := range render.Wrap(s, p.width-len(indent)) {
		p.printf("%s%s\n", indent, line)
	}
}

// fact writes a name and its values, one a line; nothing where there are none.
func (p *page) fact(name string, values ...string) {
	for i, v := range values {
		if v == "" {
			return
		}
		if i > 0 {
			name = ""
		}
		for _, line := range render.Wrap(v, p.width-12) {
			p.printf("  %s  %s\n", p.style.Dim(fmt.Sprintf("%-8s", name)), line)
			name = ""
		}
	}
}

// section writes a piece of Markdown under a heading: paragraphs are wrapped,
// examples are indented.
func (p *page) section(heading, markdown string) {
	if markdown == "" {
		return
	}
	p.printf("\n%s\n", p.style.Bold(heading))
	example := false
	for line := range strings.Lines(markdown) {
		line = strings.TrimRight(line, "\n")
		switch {
		case strings.HasPrefix(line, "```"):
			example = !example
		case line == "":
			p.printf("\n")
		case example:
			p.printf("      %s\n", line)
		default:
			p.paragraph("  ", line)
		}
	}
}

// ruleJSON is a rule as it goes over the wire.
type ruleJSON struct {
	ID       string          `json:"id"`
	Name     string          `json:"name"`
	Family   string          `json:"family"`
	Severity string          `json:"severity"`
	What     string          `json:"what"`
	Scope    string          `json:"scope"`
	Needs    []string        `json:"needs"`
	Fixes    []string        `json:"fixes"`
	Denials  []render.Denial `json:"denials"`
	Sources  []ruleSource    `json:"sources"`
	Doc      *ruleDoc        `json:"doc,omitempty"`
}

type ruleSource struct {
	Text string  `json:"text"`
	From *string `json:"from"` // first date of service, YYYY-MM-DD
}

// ruleDoc is prose in Markdown.
type ruleDoc struct {
	What  string `json:"what"`
	Why   string `json:"why"`
	Bad   string `json:"bad"`
	Good  string `json:"good"`
	Fix   string `json:"fix"`
	Notes string `json:"notes"`
}

var scopeNames = map[scrub.Scope]string{scrub.ScopeClaim: "claim", scrub.ScopeVisit: "visit", scrub.ScopeEnvelope: "envelope"}

func newRuleJSON(r *scrub.Rule) ruleJSON {
	out := ruleJSON{
		ID: r.ID, Name: r.Name, Family: r.Family(), Severity: r.Severity.String(), What: r.What, Scope: scopeNames[r.Scope],
		Needs: r.Needs.Given(), Fixes: texts(r.Fixes), Denials: []render.Denial{}, Sources: []ruleSource{},
	}
	for _, d := range r.Denials {
		out.Denials = append(out.Denials, render.Denial{Group: d.Group, CARC: d.CARC, RARC: append([]string{}, d.RARCs...)})
	}
	for _, s := range r.Sources {
		source := ruleSource{Text: s.Text}
		if s.From != "" {
			source.From = &s.From
		}
		out.Sources = append(out.Sources, source)
	}
	return out
}

func listRulesJSON(w io.Writer, _ term.Style, list []*scrub.Rule) error {
	out := make([]ruleJSON, 0, len(list))
	for _, r := range list {
		out = append(out, newRuleJSON(r))
	}
	return writeJSON(w, out)
}

func explainRulesJSON(w io.Writer, _ term.Style, list []*scrub.Rule) error {
	out := make([]ruleJSON, 0, len(list))
	for _, r := range list {
		j := newRuleJSON(r)
		if doc, ok := rules.Doc(r.ID); ok {
			j.Doc = (*ruleDoc)(&doc)
		}
		out = append(out, j)
	}
	return writeJSON(w, out)
}

// writeJSON writes one document for people and programs.
func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

func listRulesMarkdown(w io.Writer, _ term.Style, list []*scrub.Rule) error {
	last := ""
	for _, r := range list {
		if r.Family() != last {
			if last != "" {
				fmt.Fprintln(w)
			}
			last = r.Family()
			fmt.Fprintf(w, "## %s\n\n| rule | name | severity | fix | what it finds |\n|---|---|---|---|---|\n", familyTitle(last))
		}
		if _, err := fmt.Fprintf(w, "| %s |\n", strings.Join(ruleColumns(r), " | ")); err != nil {
			return err
		}
	}
	return nil
}

func explainRulesMarkdown(w io.Writer, _ term.Style, list []*scrub.Rule) error {
	for i, r := range list {
		if i > 0 {
			fmt.Fprintln(w)
		}
		if _, err := io.WriteString(w, rules.Page(r)); err != nil {
			return err
		}
	}
	return nil
}

var colors = []string{"auto", "always", "never"}

// oneOf refuses a value of a flag that is none of those it knows.
func oneOf(flag, value string, known []string) error {
	if slices.Contains(known, value) {
		return nil
	}
	return usage("%s %q is none of %s", flag, value, strings.Join(known, ", "))
}
