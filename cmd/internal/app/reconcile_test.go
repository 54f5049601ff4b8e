package app

import (
	"testing"

	"github.com/gaitkeeper/gaitkeeper/remit"
	"github.com/gaitkeeper/gaitkeeper/scrub"
)

func TestForesight(t *testing.T) {
	rule := func(id string, d ...scrub.Denial) *scrub.Rule { return &scrub.Rule{ID: id, Denials: d} }
	missing := rule("MO101", scrub.Denial{Group: "CO", CARC: "4", RARCs: []string{"N822"}})
	conflict := rule("MO102", scrub.Denial{Group: "CO", CARC: "4", RARCs: []string{"N519"}})
	referring := rule("CV105", scrub.Denial{Group: "CO", CARC: "16", RARCs: []string{"N285", "N286"}})
	units := rule("UN101", scrub.Denial{Group: "CO", CARC: "151", RARCs: []string{"N362"}}, scrub.Denial{Group: "CO", CARC: "222"})
	f := foresight{7: {
		{rule: missing, line: 0, number: 1, severity: scrub.Error},
		{rule: conflict, line: 0, number: 1, severity: scrub.Error},
		{rule: referring, line: -1, severity: scrub.Error},
		{rule: units, line: 1, number: 2, near: []int{3}, severity: scrub.Error},
	}}
	for _, test := range []struct {
		name  string
		claim int
		line  int
		d     remit.Denial
		want  string // "" for none
	}{
		{"the remark code tells", 7, 0, remit.Denial{Group: "CO", CARC: "4", RARCs: []string{"N822", "MA130"}}, "MO101"},
		{"and tells the other", 7, 0, remit.Denial{Group: "CO", CARC: "4", RARCs: []string{"N519"}}, "MO102"},
		{"without one, the first", 7, 0, remit.Denial{Group: "CO", CARC: "4"}, "MO101"},
		{"another line", 7, 2, remit.Denial{Group: "CO", CARC: "4", RARCs: []string{"N822"}}, ""},
		{"another claim", 8, 0, remit.Denial{Group: "CO", CARC: "4", RARCs: []string{"N822"}}, ""},
		{"another reason", 7, 0, remit.Denial{Group: "CO", CARC: "50"}, ""},
		{"a finding on the claim, any line", 7, 2, remit.Denial{Group: "CO", CARC: "16", RARCs: []string{"N286"}}, "CV105"},
		{"CARC 16 for something else", 7, 2, remit.Denial{Group: "CO", CARC: "16", RARCs: []string{"M76"}}, ""},
		{"a line of the same day", 7, 3, remit.Denial{Group: "CO", CARC: "222", RARCs: []string{"N362"}}, "UN101"},
		{"the whole claim", 7, -1, remit.Denial{Group: "CO", CARC: "151", RARCs: []string{"N362"}}, "UN101"},
		{"another group", 7, 1, remit.Denial{Group: "PR", CARC: "151", RARCs: []string{"N362"}}, "UN101"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := ""
			if p := f.Predict(test.claim, test.line, test.d); p != nil {
				got = p.Rule
			}
			if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
