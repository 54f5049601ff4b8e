package rules_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gaitkeeper/gaitkeeper/edi/editest"
	"github.com/gaitkeeper/gaitkeeper/scrub"
	"github.com/gaitkeeper/gaitkeeper/scrub/rules"
)

var update = flag.Bool("update", false, "write docs/rules again")

const pages = "../../docs/rules"

// TestDocs checks that docs/rules is what the rows and the prose beside them say.
func TestDocs(t *testing.T) {
	want := map[string]string{"README.md": rules.Index()}
	for _, r := range rules.All() {
		want[r.ID+".md"] = rules.Page(r)
		if !strings.Contains(want["README.md"], "["+r.ID+"]") {
			t.Errorf("%s is of a family that the index does not know", r.ID)
		}
	}
	if *update {
		if err := os.MkdirAll(pages, 0o755); err != nil {
			t.Fatal(err)
		}
		for name, text := range want {
			if err := os.WriteFile(filepath.Join(pages, name), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	have, err := filepath.Glob(filepath.Join(pages, "*"))
	if err != nil {
		t.Fatal(err)
	}
	stale := false
	for _, path := range have {
		if _, ok := want[filepath.Base(path)]; ok {
			continue
		}
		if *update {
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
			continue
		}
		stale = true
		t.Errorf("%s belongs to no rule", path)
	}
	for name, text := range want {
		got, err := os.ReadFile(filepath.Join(pages, name))
		if err != nil || string(got) != text {
			stale = true
			t.Errorf("%s is stale", filepath.Join(pages, name))
		}
	}
	if stale && !*update {
		t.Error("to write the pages again: go test ./scrub/rules -run TestDocs -update")
	}
}

// documented is a rule with its examples.
type documented struct {
	*scrub.Rule
	doc       rules.Documentation
	bad, good []example
}

func readRules(t *testing.T) (all []documented) {
	t.Helper()
	b := readBase(t)
	for _, r := range rules.All() {
		d := documented{Rule: r}
		var ok bool
		if d.doc, ok = rules.Doc(r.ID); !ok {
			t.Errorf("%s is not documented", r.ID)
			continue
		}
		for _, group := range []struct {
			text string
			into *[]example
		}{{d.doc.Bad, &d.bad}, {d.doc.Good, &d.good}} {
			for _, block := range fences(group.text) {
				e, err := b.parse(block)
				if err != nil {
					t.Fatalf("%s: %v", r.ID, err)
				}
				e.guided = r.Scope == scrub.ScopeGuide
				*group.into = append(*group.into, e)
			}
			if *group.into == nil {
				t.Errorf("%s lacks a bad or a good example", r.ID)
			}
		}
		all = append(all, d)
	}
	return all
}

func TestExamples(t *testing.T) {
	for _, d := range readRules(t) {
		t.Run(d.ID, func(t *testing.T) {
			for i, e := range d.bad {
				t.Run(fmt.Sprintf("bad %d", i+1), func(t *testing.T) { d.checkBad(t, e) })
			}
			for i, e := range d.good {
				t.Run(fmt.Sprintf("good %d", i+1), func(t *testing.T) { d.checkGood(t, e, i) })
			}
			d.checkFixes(t)
		})
	}
}

// checkBad: the rule finds something, and no other rule but those announced.
func (d *documented) checkBad(t *testing.T, e example) {
	got := e.everywhere(t)
	mine := got.of(d.ID)
	if len(mine) == 0 || d.Severity > scrub.Info && !slices.Contains(got.faults(), d.ID) {
		t.Errorf("%s does not find it: %v", d.ID, got.found)
	}
	want := slices.Clone(e.also)
	if d.Severity > scrub.Info {
		want = append(want, d.ID)
	}
	slices.Sort(want)
	if diff := cmp.Diff(want, got.faults()); diff != "" {
		t.Errorf("rules that find a fault (-announced +found):\n%s%v", diff, got.found)
	}
	for _, id := range e.also {
		if !strings.Contains(d.doc.Notes, id) {
			t.Errorf("the notes do not say why %s finds something as well", id)
		}
	}
	for _, f := range mine {
		if f.Fix != "" && !slices.ContainsFunc(d.Fixes, func(s scrub.Safety) bool { return s.String() == f.Fix }) {
			t.Errorf("a fix that is %s: the row says %v", f.Fix, d.Fixes)
		}
		if f.Message == "" || strings.HasSuffix(f.Message, ".") {
			t.Errorf("message %q", f.Message)
		}
	}
	if e.fix != "" {
		t.Error("a bad example cannot be what a fix makes")
	}
}

// checkGood: nothing is found and, where the example says so, it is what the fix
// makes of the bad example of its number.
func (d *documented) checkGood(t *testing.T, e example, i int) {
	got := e.everywhere(t)
	if ids := got.faults(); ids != nil || got.of(d.ID) != nil {
		t.Errorf("finds %v", got.found)
	}
	if e.also != nil {
		t.Error("a good example raises nothing")
	}
	if e.fix == "" {
		return
	}
	if i >= len(d.bad) {
		t.Fatal("no bad example has this number")
	}
	for _, l := range editest.Layouts {
		fixed := d.fixed(t, d.bad[i], l, e.fix, e.value)
		if diff := cmp.Diff(segments(editest.Render(e.segments, l), l), segments(fixed.file, l)); diff != "" {
			t.Errorf("%v: the %s fix makes something else (-example +fix):\n%s", l, e.fix, diff)
		}
	}
}

// fixed applies the fixes of a safety.
func (d *documented) fixed(t *testing.T, e example, l editest.Layout, safety, value string) outcome {
	t.Helper()
	o := options{layout: l, fix: true, least: scrub.Safe}
	switch safety {
	case "safe":
	case "unsafe":
		o.least = scrub.Unsafe
	case "attest":
		o.attest = e.scrub(t, options{layout: l}).attestations(d.ID, value)
	default:
		t.Fatalf("fix: %s is none of safe, unsafe and attest", safety)
	}
	return e.scrub(t, o)
}

func segments(file []byte, l editest.Layout) []string {
	return strings.SplitAfter(string(file), string(l.Terminator))
}

// checkFixes: each fix that a bad example offers removes its finding and brings
// no new fault, and the examples show every safety of the row.
func (d *documented) checkFixes(t *testing.T) {
	shown := map[string]bool{}
	for _, e := range d.good {
		shown[e.fix] = true
	}
	for _, s := range d.Fixes {
		if !shown[s.String()] {
			t.Errorf("no good example shows what the %s fix makes", s)
		}
	}
	kinds := []string{"none"}
	if d.Fixes != nil {
		kinds = nil
		for _, s := range d.Fixes {
			kinds = append(kinds, s.String())
		}
	}
	for _, kind := range kinds {
		said := strings.ToLower(d.doc.Fix)
		if !strings.HasPrefix(said, kinds[0]) || !strings.Contains(said, kind) {
			t.Errorf("the text on the fix begins with other than %s, or does not speak of %s", kinds[0], kind)
		}
	}
	for i, e := range d.bad {
		before := e.scrub(t, options{layout: editest.Wrapped})
		for _, safety := range []string{"safe", "unsafe"} {
			fixable := 0
			for _, f := range before.of(d.ID) {
				if f.Fix == safety || f.Fix == "safe" {
					fixable++
				}
			}
			fixed := d.fixed(t, e, editest.Wrapped, safety, "")
			after := e.scrubbed(t, fixed.file, options{})
			if left := len(before.of(d.ID)) - len(after.of(d.ID)); left < fixable {
				t.Errorf("bad %d: of %d findings with a %s fix, %d are gone", i+1, fixable, safety, left)
			}
			for _, id := range after.faults() {
				if !slices.Contains(before.faults(), id) {
					t.Errorf("bad %d: the %s fix brings %s", i+1, safety, id)
				}
			}
			if fixable == 0 && safety == "safe" && e.also == nil && !bytes.Equal(fixed.file, editest.Render(e.segments, editest.Wrapped)) {
				t.Errorf("bad %d: something is fixed without a fix", i+1)
			}
		}
	}
}

// everywhere scrubs the example in every layout; the findings are the same.
func (e example) everywhere(t *testing.T) (first outcome) {
	t.Helper()
	for i, l := range editest.Layouts {
		got := e.scrub(t, options{layout: l})
		if i == 0 {
			first = got
		} else if diff := cmp.Diff(first.found, got.found); diff != "" {
			t.Errorf("%v: findings differ from those in the first layout:\n%s", l, diff)
		}
	}
	return first
}

// promised are the rules that must be in the catalogue: ids are a contract.
const promised = `EN101 EN102 EN103 EN104 EN105 AM101 AM102 AM103 GD101 GD102 GD103 GD104 GD105 GD106 GD107 GD108 GD109 GD110
	BU101 BU102 BU103 BU104 BU105 BU106
	CV101 CV102 CV103 CV104 CV105 CV106 CV107 CV108 CV109 CV110 DT101 DT102 DT103 DX101 DX102 DX103 DX104 DX105 DU101 DU102 DU103 ID101 ID102
	MO101 MO102 MO103 MO104 MO110 MO112 MO113 MO114 MO120 MO121 MO122 MO130 MO131 MO132 MO133 MO134 MO135 MO136 MO137
	RF101 UN101 UN103 UN110 UN111 UN112 UN113 UN120 UN121 UN122 UN130 UN131`

func TestCatalogue(t *testing.T) {
	all := rules.All()
	if err := validate(all); err != nil {
		t.Error(err)
	}
	for _, id := range strings.Fields(promised) {
		if scrub.Find(all, id) == nil {
			t.Errorf("%s is missing", id)
		}
	}
	if !slices.IsSortedFunc(all, func(a, b *scrub.Rule) int { return strings.Compare(a.ID, b.ID) }) {
		t.Error("not in the order of the ids")
	}
}

// TestDocumentedRulesExist looks at the headings, not at the catalogue.
func TestDocumentedRulesExist(t *testing.T) {
	files, err := filepath.Glob("docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range files {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(text, []byte("\r")) {
			t.Errorf("%s has carriage returns", path)
		}
		for _, m := range regexp.MustCompile(`(?m)^## ([A-Z]{2}\d{3})$`).FindAllSubmatch(text, -1) {
			if scrub.Find(rules.All(), string(m[1])) == nil {
				t.Errorf("%s: no rule %s", path, m[1])
			}
		}
		for _, id := range regexp.MustCompile(`\b(?:EN|GD|AM|BU|CV|DT|DX|DU|ID|MO|RF|UN)\d{3}\b`).FindAll(text, -1) {
			if scrub.Find(rules.All(), string(id)) == nil {
				t.Errorf("%s: speaks of %s, which does not exist", path, id)
			}
		}
	}
}

var (
	idPattern   = regexp.MustCompile(`^[A-Z]{2}[1-9]\d{2}$`)
	namePattern = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	carcPattern = regexp.MustCompile(`^([1-9]\d{0,2}|[ABDPWY]\d{1,2})$`)
	rarcPattern = regexp.MustCompile(`^(M|N|MA)[1-9]\d{0,3}$`)
	dayPattern  = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`)
)

// validate reports every row that is not whole.
func validate(all []*scrub.Rule) error {
	var errs []error
	ids, names := map[string]bool{}, map[string]bool{}
	for _, r := range all {
		fail := func(format string, args ...any) {
			errs = append(errs, fmt.Errorf("%s: %s", r.ID, fmt.Sprintf(format, args...)))
		}
		if !idPattern.MatchString(r.ID) {
			fail("no id")
			continue
		}
		if ids[r.ID] {
			fail("id twice")
		}
		if !namePattern.MatchString(r.Name) || names[r.Name] {
			fail("name %q is not words joined by hyphens, or there twice", r.Name)
		}
		ids[r.ID], names[r.Name] = true, true
		if r.What == "" || strings.HasSuffix(r.What, ".") || strings.Contains(r.What, "\n") {
			fail("what it finds is not one line without a period: %q", r.What)
		}
		if r.Run != nil && r.Envelope != nil || (r.Envelope != nil) != (r.Scope == scrub.ScopeEnvelope) ||
			(r.Run == nil && r.Envelope == nil) != (r.Scope == scrub.ScopeGuide) {
			fail("functions do not fit the scope")
		}
		if slices.Contains(r.Fixes, scrub.Safe) && r.Severity == scrub.Info {
			fail("what is fixed unasked is no mere info")
		}
		if fixes := slices.Sorted(slices.Values(r.Fixes)); len(slices.Compact(fixes)) != len(r.Fixes) {
			fail("a kind of fix twice")
		}
		for _, d := range r.Denials {
			if !slices.Contains([]string{"CO", "PR", "OA", "PI"}, d.Group) || !carcPattern.MatchString(d.CARC) {
				fail("denial %s", d)
			}
			for _, rarc := range d.RARCs {
				if !rarcPattern.MatchString(rarc) {
					fail("remark code %s", rarc)
				}
			}
		}
		if r.Sources == nil {
			fail("no source")
		}
		for _, s := range r.Sources {
			if s.Text == "" || strings.HasSuffix(s.Text, ".") || s.From != "" && !dayPattern.MatchString(s.From) {
				fail("source %s", s)
			}
		}
		if _, ok := rules.Doc(r.ID); !ok {
			fail("no documentation")
		}
	}
	return errors.Join(errs...)
}

// TestValidate checks that each fault of a row is seen.
func TestValidate(t *testing.T) {
	sound := *scrub.Find(rules.All(), "UN101")
	if err := validate([]*scrub.Rule{&sound}); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*scrub.Rule){
		"id":            func(r *scrub.Rule) { r.ID = "UN1" },
		"name":          func(r *scrub.Rule) { r.Name = "MUE exceeded" },
		"period":        func(r *scrub.Rule) { r.What += "." },
		"function":      func(r *scrub.Rule) { r.Run = nil },
		"scope":         func(r *scrub.Rule) { r.Scope = scrub.ScopeEnvelope },
		"fix":           func(r *scrub.Rule) { r.Fixes = []scrub.Safety{scrub.Safe, scrub.Safe} },
		"group":         func(r *scrub.Rule) { r.Denials = []scrub.Denial{{Group: "C", CARC: "4"}} },
		"reason":        func(r *scrub.Rule) { r.Denials = []scrub.Denial{{Group: "CO", CARC: "04"}} },
		"remark":        func(r *scrub.Rule) { r.Denials = []scrub.Denial{{Group: "CO", CARC: "4", RARCs: []string{"519"}}} },
		"sources":       func(r *scrub.Rule) { r.Sources = nil },
		"source date":   func(r *scrub.Rule) { r.Sources = []scrub.Source{{Text: "CMS", From: "2018"}} },
		"documentation": func(r *scrub.Rule) { r.ID = "UN999" },
	} {
		r := sound
		if spoil(&r); validate([]*scrub.Rule{&r}) == nil {
			t.Errorf("%s: not seen", name)
		}
	}
	if validate([]*scrub.Rule{&sound, &sound}) == nil {
		t.Error("the same rule twice: not seen")
	}
}
