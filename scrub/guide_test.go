package scrub_test

import (
	"context"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gaitkeeper/gaitkeeper/edi/editest"
	"github.com/gaitkeeper/gaitkeeper/edi/guide"
	"github.com/gaitkeeper/gaitkeeper/scrub"
	"github.com/gaitkeeper/gaitkeeper/scrub/ncci"
	"github.com/gaitkeeper/gaitkeeper/scrub/rules"
)

// TestGuideAndRules: with the guide a run finds what either finds, and what both find
// once.
func TestGuideAndRules(t *testing.T) {
	for _, test := range []struct {
		name, old, new string
		want           []string
	}{
		{"both", "DTP*472*D8*20260310", "DTP*472*D8*20260230", []string{"DT101"}},
		{"a rule only", "SV1*HC:97110:GP*62*UN*2***1:2", "SV1*HC:97110*62*UN*2***1:2", []string{"MO101"}},
		{"the guide only", "N4*DENVER*CO*80202", "N4*DENVER*XX*80202", []string{"GD107"}},
		{"the guide, of a rule that looks elsewhere", "DMG*D8*19500101*F", "DMG*D8*20990101*F", []string{"DT101"}},
		{"neither", "", "", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			segments := editest.Claims(1)
			if i := slices.Index(segments, test.old); i >= 0 {
				segments[i] = test.new
			}
			in := input("test.837", editest.Render(segments, editest.Wrapped))
			r := scrub.Runner{Rules: rules.All(), Data: scrub.Data{Tables: ncci.Default()}, Guide: &guide.Validator{}}
			ctx := context.Background()
			if _, err := r.Survey(ctx, in); err != nil {
				t.Fatal(err)
			}
			var got []string
			if err := r.Scrub(ctx, in, func(res *scrub.Result) error {
				for _, f := range res.Findings {
					if f.Severity > scrub.Info {
						got = append(got, f.Rule.ID)
					}
				}
				return nil
			}); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, slices.Compact(got)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
