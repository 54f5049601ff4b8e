package scrub

import (
	"fmt"
	"strings"
)

// Select narrows a catalogue. A selector is a rule id, the beginning of one, a
// rule name, or ALL; where several meet a rule the most specific wins, and ignore
// wins over select. No selector means all rules.
func Select(catalogue []*Rule, selected, ignored []string) ([]*Rule, error) {
	for _, s := range append(append([]string{}, selected...), ignored...) {
		if !known(catalogue, s) {
			return nil, unknownSelector(catalogue, s)
		}
	}
	if len(selected) == 0 {
		selected = []string{"ALL"}
	}
	var out []*Rule
	for _, r := range catalogue {
		if specific(r, selected) > specific(r, ignored) {
			out = append(out, r)
		}
	}
	return out, nil
}

// specific is the length of the id that the best selector fixes, 1 for ALL.
func specific(r *Rule, selectors []string) int {
	best := 0
	for _, s := range selectors {
		switch {
		case s == r.ID, s == r.Name:
			return len(r.ID) + 1
		case s == "ALL":
			best = max(best, 1)
		case strings.HasPrefix(r.ID, s):
			best = max(best, 1+len(s))
		}
	}
	return best
}

func known(catalogue []*Rule, selector string) bool {
	for _, r := range catalogue {
		if specific(r, []string{selector}) > 0 && selector != "" {
			return true
		}
	}
	return false
}

// Find is the rule with that id or name; nil where there is none.
func Find(catalogue []*Rule, idOrName string) *Rule {
	for _, r := range catalogue {
		if strings.EqualFold(r.ID, idOrName) || strings.EqualFold(r.Name, idOrName) {
			return r
		}
	}
	return nil
}

func unknownSelector(catalogue []*Rule, s string) error {
	if near := Suggest(catalogue, s); near != "" {
		return fmt.Errorf("no rule %q; did you mean %s?", s, near)
	}
	return fmt.Errorf("no rule %q", s)
}

// Suggest is the id or name closest to s; "" where none is close.
func Suggest(catalogue []*Rule, s string) string {
	var names []string
	for _, r := range catalogue {
		names = append(names, r.ID, r.Name)
	}
	return Nearest(s, names)
}

// Nearest is the name that a misspelt one probably stands for, in any case; "" where
// none is close.
func Nearest(misspelt string, names []string) string {
	best, bestAt := "", 4
	for _, name := range names {
		if d := distance(strings.ToLower(misspelt), strings.ToLower(name)); d < bestAt && 2*d <= len(misspelt) {
			best, bestAt = name, d
		}
	}
	return best
}

// distance is the Levenshtein distance.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}
