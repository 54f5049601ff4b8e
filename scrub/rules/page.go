package rules

import (
	"fmt"
	"strings"

	"github.com/gaitkeeper/gaitkeeper/scrub"
)

// families are the first letters of the ids, each with the file of its prose.
var families = []struct{ letters, file string }{
	{"EN", "envelope"},
	{"GD", "guide"},
	{"AM", "amounts"},
	{"ID", "identifiers"},
	{"DT", "dates"},
	{"DX", "diagnoses"},
	{"UN", "units"},
	{"MO", "modifiers"},
	{"BU", "bundling"},
	{"CV", "coverage"},
	{"DU", "duplicates"},
	{"RF", "reference"},
}

var scopes = map[scrub.Scope]string{
	scrub.ScopeClaim:    "one claim",
	scrub.ScopeVisit:    "a day, over all claims of the run",
	scrub.ScopeEnvelope: "interchange, group and set",
	scrub.ScopeGuide:    "the file, against its implementation guide (`validate`, `scrub --validate`)",
}

// Page is the page of a rule, in Markdown: the facts of its row and its
// documentation. docs/rules holds one of each.
func Page(r *scrub.Rule) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s %s\n\n%s.\n\n| | |\n|---|---|\n", r.ID, r.Name, upper(r.What))
	row := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "| %s | %s |\n", name, value)
		}
	}
	row("severity", r.Severity.String())
	row("looks at", scopes[r.Scope])
	if r.Needs != 0 {
		row("needs", "`"+r.Needs.String()+"`")
	}
	row("fix", fixes(r))
	row("denials", join(r.Denials))
	row("sources", join(r.Sources))
	doc, _ := Doc(r.ID)
	for _, s := range sections {
		if text := *s.text(&doc); text != "" {
			fmt.Fprintf(&b, "\n## %s\n\n%s\n", s.heading, text)
		}
	}
	return b.String()
}

// fixes are the kinds of fix that the rule has, or none.
func fixes(r *scrub.Rule) string {
	if len(r.Fixes) == 0 {
		return "none"
	}
	var names []string
	for _, s := range r.Fixes {
		names = append(names, s.String())
	}
	return strings.Join(names, ", ")
}

func join[T fmt.Stringer](list []T) string {
	var texts []string
	for _, v := range list {
		texts = append(texts, v.String())
	}
	return strings.Join(texts, "<br>")
}

func upper(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// Index is the list of all rules by family, in Markdown, with the notation of
// the examples.
func Index() string {
	var b strings.Builder
	all := All()
	fmt.Fprintf(&b, "# Rules\n\n%d rules, version %s. `gaitkeeper rules ID` prints a page. Every example is run as a test.\n", len(all), Version)
	for _, f := range families {
		introduction, _, _ := strings.Cut(file("docs/"+f.file+".md"), "\n## ")
		fmt.Fprintf(&b, "\n#%s\n\n| rule | name | severity | fix | what it finds |\n|---|---|---|---|---|\n", strings.TrimSpace(introduction))
		for _, r := range all {
			if r.Family() == f.letters {
				fmt.Fprintf(&b, "| [%s](%s.md) | %s | %s | %s | %s |\n", r.ID, r.ID, r.Name, r.Severity, fixes(r), r.What)
			}
		}
	}
	return b.String() + "\n" + file(notation)
}

func file(name string) string {
	text, err := prose.ReadFile(name)
	if err != nil {
		panic(err) // the embedded files are part of the program, and tested
	}
	return string(text)
}
