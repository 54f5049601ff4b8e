package app

import (
	"strings"
	"testing"

	"github.com/gaitkeeper/gaitkeeper/scrub"
	"github.com/gaitkeeper/gaitkeeper/scrub/rules"
)

func TestRuleFamilies(t *testing.T) {
	list := inFamilies(rules.All())
	if len(list) != len(rules.All()) {
		t.Fatalf("%d rules in families, of %d", len(list), len(rules.All()))
	}
	ended := map[string]bool{}
	for i, r := range list {
		if familyTitle(r.Family()) == r.Family() {
			t.Errorf("%s: its family has no title", r.ID)
		}
		if i > 0 && list[i-1].Family() != r.Family() {
			ended[list[i-1].Family()] = true
		}
		if ended[r.Family()] {
			t.Errorf("%s stands apart from its family", r.ID)
		}
	}
}

// A page says all that the row says.
func TestExplainRule(t *testing.T) {
	for _, r := range rules.All() {
		var b strings.Builder
		if err := explainRules(&b, false, []*scrub.Rule{r}); err != nil {
			t.Fatal(err)
		}
		page := strings.Join(strings.Fields(b.String()), " ")
		want := append(texts(r.Denials), texts(r.Sources)...)
		want = append(want, r.ID, r.Name, r.Severity.String(), r.Needs.String(), looksAt[r.Scope], "What it finds", "Bad", "Good", "Fix")
		for _, s := range want {
			if !strings.Contains(page, strings.Join(strings.Fields(s), " ")) {
				t.Errorf("%s: nothing of %q", r.ID, s)
			}
		}
		if strings.Contains(page, "```") {
			t.Errorf("%s: a fence is left", r.ID)
		}
		for line := range strings.Lines(b.String()) {
			if len(line) > pageWidth+1 && strings.HasPrefix(line, "  ") && !strings.HasPrefix(line, "      ") {
				t.Errorf("%s: a line of %d: %s", r.ID, len(line), line)
			}
		}
	}
}
