// Package rules is the catalogue: one file a family, each a table of rows with
// the functions that judge.
package rules

import (
	"slices"

	"github.com/gaitkeeper/gaitkeeper/scrub"
)

// Version changes whenever a rule is added or comes to judge differently.
const Version = "2026.11"

// All is the catalogue, in the order of the ids.
func All() []*scrub.Rule {
	families := [][]scrub.Rule{
		envelope, amounts, bundling, conformance, coverage, dates, diagnoses, duplicates, identifiers, modifiers, reference, units,
	}
	var all []*scrub.Rule
	for _, f := range families {
		for i := range f {
			all = append(all, &f[i])
		}
	}
	slices.SortFunc(all, func(a, b *scrub.Rule) int {
		if a.ID < b.ID {
			return -1
		}
		return 1
	})
	return all
}
