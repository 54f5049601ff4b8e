package scrub_test

import (
	"strings"
	"testing"

	"github.com/gaitkeeper/gaitkeeper/scrub"
	"github.com/gaitkeeper/gaitkeeper/scrub/rules"
)

func TestSelect(t *testing.T) {
	tests := []struct {
		selected, ignored string
		has, lacks        string
	}{
		{"", "", "MO101 UN101 EN103", ""},
		{"ALL", "", "MO101 UN101", ""},
		{"MO", "", "MO101 MO137", "UN101 EN103"},
		{"MO10", "", "MO101 MO104", "MO110"},
		{"mue-exceeded", "", "UN101", "UN103"},
		{"", "MO", "UN101", "MO101 MO137"},
		{"MO101", "MO", "MO101", "MO102"},
		{"MO", "MO101", "MO102", "MO101"},
		{"MO101", "MO101", "", "MO101"},
		{"ALL", "discipline-missing", "MO102", "MO101"},
	}
	for _, tt := range tests {
		got, err := scrub.Select(rules.All(), strings.Fields(tt.selected), strings.Fields(tt.ignored))
		if err != nil {
			t.Fatal(err)
		}
		ids := map[string]bool{}
		for _, r := range got {
			ids[r.ID] = true
		}
		for _, id := range strings.Fields(tt.has) {
			if !ids[id] {
				t.Errorf("select %q ignore %q: %s is missing", tt.selected, tt.ignored, id)
			}
		}
		for _, id := range strings.Fields(tt.lacks) {
			if ids[id] {
				t.Errorf("select %q ignore %q: %s is there", tt.selected, tt.ignored, id)
			}
		}
	}
}

func TestSelectUnknown(t *testing.T) {
	for selector, suggestion := range map[string]string{"MO1O1": "MO101", "mue-exeeded": "mue-exceeded", "QQ": "", "": ""} {
		_, err := scrub.Select(rules.All(), []string{selector}, nil)
		if err == nil {
			t.Errorf("%q is no selector", selector)
		} else if !strings.Contains(err.Error(), suggestion) {
			t.Errorf("%q: %v does not suggest %s", selector, err, suggestion)
		}
	}
}
