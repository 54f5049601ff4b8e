package edi_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	moov "github.com/moov-io/x12/pkg/file"
	professional "github.com/moov-io/x12/rule_5010_837p" // its package clause says 837d

	"github.com/gaitkeeper/gaitkeeper/edi/editest"
)

// Another parser, where it accepts the input, finds the same elements. It takes
// only * and ~ without line ends, and knows no REF*6R in a service line.
func TestElementsAgainstMoov(t *testing.T) {
	files := map[string][]string{
		"one claim":        editest.Interchange(editest.Shape{}),
		"lines":            editest.Interchange(editest.Shape{Lines: 5}),
		"subscribers":      editest.Interchange(editest.Shape{Subscribers: 3, Lines: 2}),
		"claims":           editest.Interchange(editest.Shape{Claims: 3}),
		"providers":        editest.Interchange(editest.Shape{Providers: 2, Control: 77}),
		"referring doctor": editest.Claims(3),
	}
	for name, file := range files {
		t.Run(name, func(t *testing.T) {
			segments := slices.DeleteFunc(file, func(s string) bool { return strings.HasPrefix(s, "REF*6R") })
			input := string(editest.Render(segments, editest.OneLine))
			in := moov.NewInterchange(&professional.InterchangeRule)
			n, err := in.Parse(input, ":")
			if err != nil || n != len(input) {
				t.Fatalf("moov reads %d of %d bytes: %v", n, len(input), err)
			}
			var want [][]string
			for s := range strings.SplitSeq(strings.TrimSuffix(in.String(":"), "~"), "~") {
				want = append(want, strings.Split(s, "*"))
			}
			var got [][]string
			for _, g := range scan(t, strings.NewReader(input), 0).Segments {
				got = append(got, g.Elements)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-moov +got):\n%s", diff)
			}
		})
	}
}
