package scrub_test

import (
	"bytes"
	"testing"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/edi/editest"
	"github.com/gaitkeeper/gaitkeeper/scrub"
)

// TestSettle: where a fix takes a line away, its charge leaves CLM02, the lines
// behind it are counted again, and SE01 follows.
func TestSettle(t *testing.T) {
	drop := &scrub.Rule{ID: "ZZ101", Name: "second-line", Run: func(p *scrub.Pass) {
		if len(p.Claim.Lines) != 3 {
			return
		}
		var edits []edi.Edit
		l := &p.Claim.Lines[1]
		for i := l.First; i < l.End; i++ {
			s := p.Claim.Segment(i)
			edits = append(edits, s.Delete())
		}
		p.Report(p.Service(l), &scrub.Fix{Safety: scrub.Safe, Message: "drop it", Edits: edits}, "three lines")
	}}
	data := editest.Render(editest.Claims(2), editest.Wrapped)
	out := runOn(t, data, func(r *scrub.Runner) { r.Fix, r.Rules = true, []*scrub.Rule{drop} })
	got, err := out.Patch.ApplyBytes(nil, data, 0)
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]int{
		"*124***11:B:1*": 2, "*186***11:B:1*": 0, "LX*1~": 2, "LX*2~": 2, "LX*3~": 0, "HC:97116": 0, "SE*54*0001~": 1,
	} {
		if n := bytes.Count(got, []byte(text)); n != want {
			t.Errorf("%d of %s, want %d", n, text, want)
		}
	}
	again := runOn(t, got, func(*scrub.Runner) {})
	for _, f := range again.Left {
		if f[len(f)-5:] == "EN103" || f[len(f)-5:] == "AM101" {
			t.Errorf("the corrected file has %s", f)
		}
	}
}
