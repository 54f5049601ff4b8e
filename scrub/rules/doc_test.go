package rules

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

const soundDoc = `# Units

Not part of a rule.

## UN101

### What it finds

What.

### Why payers deny it

Why.

### Bad

` + "```x12\n## UN103 is no heading here\n```" + `

### Good

Good.

### Fix

Fix,
two lines.
`

func TestReadDocs(t *testing.T) {
	got, err := readDocs(fstest.MapFS{"docs/units.md": {Data: []byte(soundDoc)}, notation: {Data: []byte("## Notation")}})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]Documentation{"UN101": {
		What: "What.", Why: "Why.", Bad: "```x12\n## UN103 is no heading here\n```", Good: "Good.", Fix: "Fix,\ntwo lines.",
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for _, test := range []struct{ name, old, new, want string }{
		{"no id", "## UN101", "## Units", "docs/units.md:5: heading is no rule id"},
		{"unknown section", "### Fix", "### Repair", `docs/units.md:25: section "Repair" is unknown`},
		{"section twice", "### Why payers deny it", "### What it finds", "stands twice"},
		{"order", "### What it finds", "### Notes\n\nNotes.\n\n### What it finds", "not in its order"},
		{"empty", "Good.", "", `nothing under "Good"`},
		{"missing", "### Good\n\nGood.\n\n", "", `nothing under "Good"`},
		{"before a section", "## UN101", "## UN101\n\nText.", "before its first section"},
		{"rule twice", "Fix,", "Fix.\n\n## UN101\n\n### What it finds\n", "documented twice"},
		{"open example", "```\n", "\n", "not closed"},
		{"section of no rule", "## UN101\n", "", "is unknown"},
	} {
		text := strings.Replace(soundDoc, test.old, test.new, 1)
		if _, err := readDocs(fstest.MapFS{"docs/units.md": {Data: []byte(text)}}); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}
