package rules

import (
	"embed"
	"fmt"
	"io/fs"
	"regexp"
	"strings"
	"sync"
)

//go:embed docs/*.md
var prose embed.FS

// Documentation is what is written about a rule, in Markdown without headings.
// What a row of the catalogue says (severity, sources, denials) is not repeated.
type Documentation struct {
	What  string // what it finds
	Why   string // why payers deny it
	Bad   string // examples that it finds something in
	Good  string // and that it does not
	Fix   string // what the fix does, and why it is as safe as it is
	Notes string // limits, payers that differ; may be empty
}

// section is a third-level heading below a rule.
type section struct {
	heading string
	text    func(*Documentation) *string
}

var sections = []section{
	{"What it finds", func(d *Documentation) *string { return &d.What }},
	{"Why payers deny it", func(d *Documentation) *string { return &d.Why }},
	{"Bad", func(d *Documentation) *string { return &d.Bad }},
	{"Good", func(d *Documentation) *string { return &d.Good }},
	{"Fix", func(d *Documentation) *string { return &d.Fix }},
	{"Notes", func(d *Documentation) *string { return &d.Notes }},
}

// Doc is the documentation of a rule, by its id.
func Doc(id string) (Documentation, bool) {
	d, ok := documents()[id]
	return d, ok
}

var documents = sync.OnceValue(func() map[string]Documentation {
	all, err := readDocs(prose)
	if err != nil {
		panic(err) // the embedded files are part of the program, and tested
	}
	return all
})

// notation is the file that explains the examples; it holds no rules.
const notation = "docs/notation.md"

func readDocs(files fs.FS) (map[string]Documentation, error) {
	names, err := fs.Glob(files, "docs/*.md")
	if err != nil {
		return nil, err
	}
	all := map[string]Documentation{}
	for _, name := range names {
		if name == notation {
			continue
		}
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		if err := cutDocs(all, name, string(text)); err != nil {
			return nil, err
		}
	}
	return all, nil
}

var ruleHeading = regexp.MustCompile(`^## ([A-Z]{2}\d{3})$`)

// cutDocs cuts a file at the headings of rules and of their sections. What stands
// before the first rule introduces the family and belongs to none.
func cutDocs(all map[string]Documentation, name, text string) error {
	var (
		id     string
		doc    Documentation
		next   int // the section that may come next
		into   *string
		fenced bool
	)
	finish := func() error {
		if id == "" {
			return nil
		}
		for _, s := range sections {
			p := s.text(&doc)
			if *p = strings.TrimSpace(*p); *p == "" && s.heading != "Notes" {
				return fmt.Errorf("%s: %s: nothing under %q", name, id, s.heading)
			}
		}
		all[id] = doc
		return nil
	}
	for n, line := range strings.Split(text, "\n") {
		fail := func(format string, args ...any) error {
			return fmt.Errorf("%s:%d: %s", name, n+1, fmt.Sprintf(format, args...))
		}
		if strings.HasPrefix(line, "```") {
			fenced = !fenced
		}
		switch heading, isSection := strings.CutPrefix(line, "### "); {
		case fenced || !strings.HasPrefix(line, "##"):
			if into != nil {
				*into += line + "\n"
			} else if id != "" && line != "" {
				return fail("text of %s before its first section", id)
			}
		case isSection:
			for next < len(sections) && sections[next].heading != heading {
				next++
			}
			if id == "" || next == len(sections) {
				return fail("section %q is unknown, stands twice or not in its order", heading)
			}
			into = sections[next].text(&doc)
			next++
		default:
			m := ruleHeading.FindStringSubmatch(line)
			if m == nil {
				return fail("heading is no rule id: %s", line)
			}
			if err := finish(); err != nil {
				return err
			}
			if _, twice := all[m[1]]; twice || m[1] == id {
				return fail("%s is documented twice", m[1])
			}
			id, doc, next, into = m[1], Documentation{}, 0, nil
		}
	}
	if fenced {
		return fmt.Errorf("%s: an example is not closed", name)
	}
	return finish()
}
