package scrub_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/edi/editest"
	"github.com/gaitkeeper/gaitkeeper/scrub"
	"github.com/gaitkeeper/gaitkeeper/scrub/ncci"
	"github.com/gaitkeeper/gaitkeeper/scrub/rules"
)

// outcome is what a run says of an input, in a form that can be compared.
type outcome struct {
	Findings []string // claim, line, rule, message and place
	Left     []string // claim, line and rule of what is not fixed
	Patch    edi.Patch
	Summary  scrub.Summary
}

func runOn(t testing.TB, data []byte, change func(*scrub.Runner)) outcome {
	t.Helper()
	in := scrub.Input{Name: "test.837", Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }}
	r := scrub.Runner{Rules: rules.All(), Data: scrub.Data{Tables: ncci.Default()}, Jobs: 1, Least: scrub.Safe}
	change(&r)
	ctx := context.Background()
	if _, err := r.Survey(ctx, in); err != nil {
		t.Fatal(err)
	}
	var out outcome
	err := r.Scrub(ctx, in, func(res *scrub.Result) error {
		for _, f := range res.Findings {
			key := fmt.Sprintf("%s %d %s", f.Claim, f.LineNo, f.Rule.ID)
			out.Findings = append(out.Findings, fmt.Sprintf("%s %s %v %v", key, f.Message, f.Where, f.Fixed))
			if !f.Fixed {
				out.Left = append(out.Left, key)
			}
		}
		out.Patch = append(out.Patch, res.Edits...)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	out.Summary = r.Summary
	return out
}

// spoiled are claims of which some lines were made wrong, in a drawn layout.
func spoiled(rt *rapid.T) []byte {
	segments := editest.Claims(rapid.IntRange(1, 12).Draw(rt, "claims"))
	service := rapid.SampledFrom([]string{
		"SV1*HC:97110:GP*62*UN*2***1:2", "SV1*HC:97110*62*UN*2***1:2", "SV1*HC:97116:59:KX:GP*62*UN*2.0***1",
		"SV1*HC:97116:GP:GP*62*UN*5***1:9", "SV1*HC:97530:GP:59*62*UN*2***1", "SV1*HC:97750:GP*62*UN*2***1",
		"SV1*HC:97161*62*UN*2***1", "SV1*HC:97014:GP*62*UN*1***1", "SV1*HC:97140:GP:51:26*62*UN*1***1", "SV1*HC:97124:GP:59:XS*62*UN*0***1",
		"SV1*HC:97116:KX:CQ:GP:CQ*62*UN*1***1", "SV1*HC:G0283*62*UN*3***1", "SV1*HC:97165:GP*62*UN*1***", "SV1*HC:92507:GN:CQ*62*UN*1***2",
		"SV1*HC*62*UN*1", "SV1*HC:97110:GP:KX:59:CQ*x*UN*-1***1", "SV1",
	})
	for i, s := range segments {
		if strings.HasPrefix(s, "SV1") && rapid.IntRange(0, 2).Draw(rt, "spoil") == 0 {
			segments[i] = service.Draw(rt, "service")
		}
		if strings.HasPrefix(s, "HI*") && rapid.IntRange(0, 5).Draw(rt, "diagnosis") == 0 {
			segments[i] = "HI*ABK:M62.81*ABF:M545"
		}
		if strings.HasPrefix(s, "SE*") && rapid.Bool().Draw(rt, "count") {
			segments[i] = "SE*7*0001"
		}
	}
	layout := rapid.SampledFrom([]editest.Layout{editest.Wrapped, editest.OneLine, editest.CRLF, editest.Pipes, editest.Quotes})
	return editest.Render(segments, layout.Draw(rt, "layout"))
}

// TestJobs: how many goroutines judge makes no difference.
func TestJobs(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		data := spoiled(rt)
		fix := rapid.Bool().Draw(rt, "fix")
		one := runOn(t, data, func(r *scrub.Runner) { r.Fix = fix })
		many := runOn(t, data, func(r *scrub.Runner) { r.Fix, r.Jobs = fix, 4 })
		if diff := cmp.Diff(one, many); diff != "" {
			rt.Fatalf("-one +four goroutines:\n%s", diff)
		}
	})
}

// TestFix: a corrected file holds no new finding, nothing is left to correct in
// it, and the change can be taken back.
func TestFix(t *testing.T) {
	for _, least := range []scrub.Safety{scrub.Safe, scrub.Unsafe} {
		t.Run(least.String(), func(t *testing.T) {
			rapid.Check(t, func(rt *rapid.T) {
				data := spoiled(rt)
				first := runOn(t, data, func(r *scrub.Runner) { r.Fix, r.Least = true, least })
				fixed, err := first.Patch.ApplyBytes(nil, data, 0)
				if err != nil {
					rt.Fatal(err)
				}
				back, err := first.Patch.Invert().ApplyBytes(nil, fixed, 0)
				if err != nil || !bytes.Equal(back, data) {
					rt.Fatalf("the change cannot be taken back: %v", err)
				}
				second := runOn(t, fixed, func(r *scrub.Runner) { r.Fix, r.Least = true, least })
				if len(second.Patch) > 0 {
					rt.Fatalf("%d edits of a corrected file, first %q -> %q", len(second.Patch), second.Patch[0].Old, second.Patch[0].New)
				}
				slices.Sort(first.Left)
				slices.Sort(second.Left)
				if diff := cmp.Diff(first.Left, second.Left); diff != "" {
					rt.Fatalf("findings -said to be left +found in the corrected file:\n%s", diff)
				}
			})
		})
	}
}

// TestMoreRules: another rule hides no finding of one.
func TestMoreRules(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		data := spoiled(rt)
		all := runOn(t, data, func(*scrub.Runner) {})
		family := rapid.SampledFrom([]string{"MO", "UN", "BU", "DX", "AM"}).Draw(rt, "family")
		chosen, err := scrub.Select(rules.All(), []string{family}, nil)
		if err != nil {
			rt.Fatal(err)
		}
		for _, f := range runOn(t, data, func(r *scrub.Runner) { r.Rules = chosen }).Findings {
			if !slices.Contains(all.Findings, f) {
				rt.Fatalf("%s is found with %s alone only", f, family)
			}
		}
	})
}

// TestConservation: every claim that is read is judged or reported.
func TestConservation(t *testing.T) {
	data := editest.Render(editest.Claims(5), editest.Wrapped)
	cut := data[:bytes.Index(data, []byte("CLM*C000003"))+40]
	got := runOn(t, cut, func(*scrub.Runner) {}).Summary
	if got.Claims != 4 || got.Unread != 1 {
		t.Errorf("%d claims, %d of them reported as not whole; want 4 and 1", got.Claims, got.Unread)
	}
}

func TestInterrupted(t *testing.T) {
	data := editest.Render(editest.Claims(2000), editest.Wrapped)
	in := scrub.Input{Name: "x", Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }}
	for _, jobs := range []int{1, 3} {
		r := scrub.Runner{Rules: rules.All(), Data: scrub.Data{Tables: ncci.Default()}, Jobs: jobs}
		ctx, cancel := context.WithCancel(context.Background())
		if _, err := r.Survey(ctx, in); err != nil {
			t.Fatal(err)
		}
		n := 0
		err := r.Scrub(ctx, in, func(*scrub.Result) error {
			if n++; n == 300 {
				cancel()
			}
			return nil
		})
		if err != context.Canceled {
			t.Errorf("-j %d: %v after an interrupt", jobs, err)
		}
	}
}

// TestSurveyFails: an input that breaks off while it is read leaves the others as
// they are, with their duplicates.
func TestSurveyFails(t *testing.T) {
	data := editest.Render(editest.Claims(3), editest.Wrapped)
	whole := func(name string) scrub.Input {
		return scrub.Input{Name: name, Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }}
	}
	broken := scrub.Input{Name: "broken", Open: func() (io.ReadCloser, error) {
		return io.NopCloser(io.MultiReader(bytes.NewReader(data[:len(data)/2]), iotest.ErrReader(io.ErrUnexpectedEOF))), nil
	}}
	r := scrub.Runner{Rules: rules.All(), Data: scrub.Data{Tables: ncci.Default()}, Jobs: 1}
	ctx := context.Background()
	if _, err := r.Survey(ctx, broken); err == nil {
		t.Fatal("the broken input is read")
	}
	repeated := 0
	for _, in := range []scrub.Input{whole("a"), whole("b")} {
		if _, err := r.Survey(ctx, in); err != nil {
			t.Fatal(err)
		}
	}
	for _, in := range []scrub.Input{whole("a"), whole("b")} {
		err := r.Scrub(ctx, in, func(res *scrub.Result) error {
			for _, f := range res.Findings {
				if f.Rule.ID == "DU102" && in.Name == "b" {
					repeated++
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if repeated != 3 {
		t.Errorf("%d of 3 claims are found again in the second file", repeated)
	}
}

func TestUnusedAttestations(t *testing.T) {
	segments := editest.Claims(1)
	for i, s := range segments {
		segments[i] = strings.Replace(s, "SV1*HC:97116:GP", "SV1*HC:97750:GP", 1)
	}
	segments[slices.Index(segments, "SV1*HC:97140:GP*62*UN*1***1")] = "SV1*HC:97530:GP*62*UN*1***1"
	a, err := scrub.ReadAttestations(strings.NewReader("claim,line,rule,value,by,at,reason\n" +
		"C000000,2,BU102,XS,PT1,20260311,\nC000000,3,BU102,XS,PT1,20260311,\nC000009,,MO120,KX,PT1,20260311,\n"))
	if err != nil {
		t.Fatal(err)
	}
	out := runOn(t, editest.Render(segments, editest.Wrapped), func(r *scrub.Runner) { r.Fix, r.Attest = true, a })
	if len(out.Patch) != 1 || !bytes.Contains(out.Patch[0].New, []byte("XS")) {
		t.Errorf("edits %v", out.Patch)
	}
	if diff := cmp.Diff([]string{"C000000 3 BU102", "C000009 MO120"}, a.Unused()); diff != "" {
		t.Errorf("unused (-want +got):\n%s", diff)
	}
}
