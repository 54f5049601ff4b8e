package rules_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gaitkeeper/gaitkeeper/edi/editest"
	"github.com/gaitkeeper/gaitkeeper/scrub"
)

// TestScenarios scrubs visits as coding articles tell them, billed right and
// billed wrong. The ids are of all findings, info included.
func TestScenarios(t *testing.T) {
	const (
		// An assistant trains the gait of a stroke patient for 22 minutes.
		stroke    = "HI*ABK:I69354*ABF:R262\n"
		assistant = "\nlog: 1,2026-03-10,97116,0,22"
		// Six weeks after both hips, above the threshold, 38 minutes with stairs.
		hips  = "HI*ABK:Z471*ABF:Z96643*ABF:R262\nytd: 2026,PTSLP,2600.00\n"
		gait  = "\nlog: 1,2026-03-10,97116,38,0"
		stair = "\nlog: ,2026-03-10,97116,38,0"
		// Parkinson's disease, 15 minutes of exercise and 20 of gait training.
		parkinson = "HI*ABK:G20A1*ABF:R2689\n"
		both      = "\nlog: 1,2026-03-10,97110,15,0\nlog: 2,2026-03-10,97116,20,0"
		// Exercise 18 minutes, gait training 22.
		forty = "\nlog: 1,2026-03-10,97110,18,0\nlog: 2,2026-03-10,97116,22,0"
		long  = "\nlog: ,2026-03-10,97116,68,0"
	)
	b := readBase(t)
	for _, test := range []struct {
		name, block string
		want        string // ids in order
	}{
		{"assistant", stroke + "SV1*HC:97116:GP:CQ*31*UN*1***1" + assistant, ""},
		{"assistant, two units", stroke + "SV1*HC:97116:GP:CQ*62*UN*2***1" + assistant, "UN110"},
		{"assistant, no GP", stroke + "SV1*HC:97116:CQ*31*UN*1***1" + assistant, "MO101 MO110"},
		{"assistant, no CQ", stroke + "SV1*HC:97116:GP*31*UN*1***1" + assistant, "MO113"},
		{"assistant, CO", stroke + "SV1*HC:97116:GP:CO*31*UN*1***1" + assistant, "MO110"},

		{"threshold", hips + "SV1*HC:97116:GP:KX*93*UN*3***1" + gait, ""},
		{"threshold, two units", hips + "SV1*HC:97116:GP:KX*62*UN*2***1" + gait, "UN111"},
		{"threshold, four units", hips + "SV1*HC:97116:GP:KX*124*UN*4***1" + gait, "UN110"},
		{"threshold, no KX", hips + "SV1*HC:97116:GP*93*UN*3***1" + gait, "MO120"},
		{"threshold, stairs apart", hips + "SV1*HC:97116:GP:KX*62*UN*2***1\nSV1*HC:97116:GP:KX*31*UN*1***1" + stair, "DU101"},
		{"threshold, stairs added", hips + "SV1*HC:97116:GP:KX*93*UN*3***1\nSV1*HC:97116:GP:KX*31*UN*1***1" + stair, "DU101 UN110"},

		{"two codes", parkinson + "SV1*HC:97110:GP*31*UN*1***1\nSV1*HC:97116:GP*31*UN*1***1" + both, ""},
		{"two codes, commercial", "SBR*P*18*******CI\n" + parkinson + "SV1*HC:97110:GP*31*UN*1***1\nSV1*HC:97116:GP*31*UN*1***1" + both, ""},
		{"two codes, 59", parkinson + "SV1*HC:97110:GP:59*31*UN*1***1\nSV1*HC:97116:GP*31*UN*1***1" + both, "BU103"},
		{"two codes, two units of one", parkinson + "SV1*HC:97110:GP*31*UN*1***1\nSV1*HC:97116:GP*62*UN*2***1" + both, "UN110"},

		{"covered stay", "CLM*C1*31***31:B:1*Y*A*Y*Y\nHI*ABK:S72001D*ABF:R262", "CV101"},

		{"40 minutes", "SV1*HC:97110:GP*31*UN*1***1\nSV1*HC:97116:GP*62*UN*2***1" + forty, ""},
		{"40 minutes, one and one", "SV1*HC:97110:GP*31*UN*1***1\nSV1*HC:97116:GP*31*UN*1***1" + forty, "UN111"},
		{"40 minutes, one and one, commercial", "SBR*P*18*******CI\nSV1*HC:97110:GP*31*UN*1***1\nSV1*HC:97116:GP*31*UN*1***1" + forty, ""},
		{"40 minutes, two and two", "SV1*HC:97110:GP*62*UN*2***1\nSV1*HC:97116:GP*62*UN*2***1" + forty, "UN110"},

		{"68 minutes", "SV1*HC:97116:GP*155*UN*5***1" + long, "UN101"},
		{"68 minutes, two lines", "SV1*HC:97116:GP*93*UN*3***1\nSV1*HC:97116:GP*62*UN*2***1" + long, "DU101 UN101"},
		{"90 minutes, three lines", "SV1*HC:97116:GP*93*UN*3***1\nSV1*HC:97116:GP:CQ*62*UN*2***1\nSV1*HC:97116:GP:KX*31*UN*1***1", "UN101"},
		{"68 minutes, two claims", "SV1*HC:97116:GP*93*UN*3***1\n---\nSV1*HC:97116:GP*62*UN*2***1", "UN101"},
		{"68 minutes, four units", "SV1*HC:97116:GP*124*UN*4***1" + long, "UN111"},
	} {
		t.Run(test.name, func(t *testing.T) {
			e, err := b.parse(strings.Split(test.block, "\n"))
			if err != nil {
				t.Fatal(err)
			}
			var ids []string
			for _, f := range e.everywhere(t).found {
				ids = append(ids, f.Rule)
			}
			slices.Sort(ids)
			if got := strings.Join(ids, " "); got != test.want {
				t.Errorf("found %q, want %q", got, test.want)
			}
		})
	}
}

// TestScenarioFixed brings the assistant's visit in order: what follows from the
// claim is fixed by itself, the rest once it is attested.
func TestScenarioFixed(t *testing.T) {
	b := readBase(t)
	parse := func(block ...string) example {
		e, err := b.parse(append(block, "log: 1,2026-03-10,97116,0,22"))
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	wrong := parse("SV1*HC:97116*62*UN*2***1")
	right := parse("SV1*HC:97116:GP:CQ*31*UN*1***1")
	l := editest.Wrapped
	got := wrong.scrub(t, options{layout: l, fix: true, least: scrub.Unsafe, attest: "C1,C1-1,MO113,CQ,A. Therapist,2026-03-12,\n"})
	if diff := cmp.Diff(segments(editest.Render(right.segments, l), l), segments(got.file, l)); diff != "" {
		t.Errorf("-right +fixed\n%s", diff)
	}
	if got.applied != 3 {
		t.Errorf("%d fixes, want units, discipline and assistant", got.applied)
	}
}
