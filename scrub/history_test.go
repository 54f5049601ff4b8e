package scrub_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/edi/editest"
	"github.com/gaitkeeper/gaitkeeper/scrub"
	"github.com/gaitkeeper/gaitkeeper/scrub/ncci"
	"github.com/gaitkeeper/gaitkeeper/scrub/rules"
)

// memory is a history that keeps claims as they are sent.
type memory struct {
	sent    []*scrub.Sent
	allowed map[scrub.PatientKey][]scrub.Allowance
}

func (*memory) Key(identity []byte) (k scrub.PatientKey) {
	h := sha256.Sum256(identity)
	return scrub.PatientKey(h[:16])
}

func (m *memory) Days(_ context.Context, days []scrub.PatientDay, visit func(*scrub.Sent) error) error {
	for _, s := range m.sent {
		if slices.ContainsFunc(s.Lines, func(l scrub.SentLine) bool {
			return slices.Contains(days, scrub.PatientDay{Patient: s.Key, Day: l.Period.From})
		}) {
			if err := visit(s); err != nil {
				return err
			}
		}
	}
	return nil
}

func (m *memory) Loads(_ context.Context, days []scrub.ProviderDay, visit func(scrub.ProviderDay, int) error) error {
	for _, s := range m.sent {
		for _, v := range s.Visits {
			if d := (scrub.ProviderDay{Provider: v.Provider, Day: v.Day}); slices.Contains(days, d) && v.OwnUnits > 0 {
				if err := visit(d, v.OwnUnits); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (m *memory) Visits(_ context.Context, patients []scrub.PatientKey, visit func(scrub.PatientKey, edi.Date, string) error) error {
	for _, s := range m.sent {
		for _, v := range s.Visits {
			if slices.Contains(patients, s.Key) {
				if err := visit(s.Key, v.Day, v.Pattern); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (m *memory) Allowed(_ context.Context, persons []scrub.PatientKey, visit func(scrub.PatientKey, scrub.Allowance) error) error {
	for _, k := range persons {
		for _, a := range m.allowed[k] {
			if err := visit(k, a); err != nil {
				return err
			}
		}
	}
	return nil
}

// keep remembers a claim, unless it repeats one.
func (m *memory) keep(s *scrub.Sent, file string) {
	s.Key, s.File, s.Recorded = m.Key(s.Patient), file, 20260312
	same := func(o *scrub.Sent) bool {
		return o.Key == s.Key && o.ID == s.ID && o.Biller == s.Biller &&
			slices.ContainsFunc(o.Lines, func(l scrub.SentLine) bool { return l.Period.From == firstDay(s) })
	}
	at := slices.IndexFunc(m.sent, same)
	switch {
	case at >= 0 && s.Frequency != '7' && s.Frequency != '8':
		return
	case at >= 0:
		m.sent = slices.Delete(m.sent, at, at+1)
	}
	if s.Frequency != '8' {
		m.sent = append(m.sent, s)
	}
}

func firstDay(s *scrub.Sent) (first edi.Date) {
	for _, l := range s.Lines {
		if d := l.Period.From; first == 0 || d < first {
			first = d
		}
	}
	return first
}

// input is claims in memory.
func input(name string, data []byte) scrub.Input {
	return scrub.Input{Name: name, Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }}
}

// told runs over files, one run for all of them, and returns "file claim line rule:
// message" of what the rules found. The claims are kept where there is a history.
func told(t testing.TB, m *memory, ids string, files ...scrub.Input) (list []string) {
	t.Helper()
	chosen, err := scrub.Select(rules.All(), strings.Split(ids, ","), nil)
	if err != nil {
		t.Fatal(err)
	}
	r := scrub.Runner{Rules: chosen, Data: scrub.Data{Tables: ncci.Default()}, Jobs: 2}
	if m != nil {
		r.History = m
	}
	ctx := context.Background()
	for _, in := range files {
		if _, err := r.Survey(ctx, in); err != nil {
			t.Fatal(err)
		}
	}
	var sent []*scrub.Sent
	for _, in := range files {
		err := r.Scrub(ctx, in, func(res *scrub.Result) error {
			for _, f := range res.Findings {
				list = append(list, fmt.Sprintf("%s %s %d %s: %s", in.Name, f.Claim, f.LineNo, f.Rule.ID, f.Message))
			}
			if res.Claim != nil && m != nil {
				sent = append(sent, r.Sent(res.Claim))
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, s := range sent {
		m.keep(s, files[0].Name)
	}
	return list
}

// claimText is a claim of the file that drawn files are made of.
func claimText(patient, id, frequency string, lines ...string) []string {
	out := []string{
		"HL*2*1*22*0", "SBR*P*18*******MB", "NM1*IL*1*EXAMPLE*PAT****MI*" + patient, "NM1*PR*2*MEDICARE PART B*****PI*04011",
		"CLM*" + id + "*31***11:B:" + frequency + "*Y*A*Y*Y", "HI*ABK:R262", "NM1*DN*1*REFERRER*DOC****XX*1456789019",
		"NM1*82*1*THERAPIST*PAT****XX*1987654328", "PRV*PE*PXC*225100000X",
	}
	for i, l := range lines {
		service, day, _ := strings.Cut(l, "@")
		out = append(out, fmt.Sprintf("LX*%d", i+1), "SV1*HC:"+service+"***1", "DTP*472*D8*"+day)
	}
	return out
}

func fileOf(name string, claims ...[]string) scrub.Input {
	s := []string{
		editest.ISA(1), "GS*HC*SUBMITTER*RECEIVER*20260311*0800*1*X*005010X222A1", "ST*837*0001*005010X222A1", "BHT*0019*00*B1*20260311*0800*CH",
		"NM1*41*2*EXAMPLE BILLING*****46*SUBMITTER", "HL*1**20*1", "NM1*85*2*EXAMPLE THERAPY*****XX*1234567893",
	}
	for _, c := range claims {
		s = append(s, c...)
	}
	return input(name, editest.Render(append(s, fmt.Sprintf("SE*%d*0001", len(s)-1), "GE*1*1", "IEA*1*000000001"), editest.Wrapped))
}

// TestHistory: what was sent before counts as if it stood in the run.
func TestHistory(t *testing.T) {
	for _, test := range []struct {
		name   string
		before [][]string // a file each
		now    [][]string
		want   []string
	}{
		{
			"units of a day",
			[][]string{claimText("P1", "A", "1", "97116:GP*31*UN*4@20260310")},
			[][]string{claimText("P1", "B", "1", "97116:GP*31*UN*1@20260310")},
			[]string{"now B 1 UN101: 97116: 5 units on 2026-03-10 with claim A (in file1, recorded 2026-03-12), the medically unlikely edit allows 4 (MAI 3)"},
		},
		{"another patient", [][]string{claimText("P1", "A", "1", "97116:GP*31*UN*4@20260310")}, [][]string{claimText("P2", "B", "1", "97116:GP*31*UN*1@20260310")}, nil},
		{"another day", [][]string{claimText("P1", "A", "1", "97116:GP*31*UN*4@20260310")}, [][]string{claimText("P1", "B", "1", "97116:GP*31*UN*1@20260309")}, nil},
		{
			"column 2 now",
			[][]string{claimText("P1", "A", "1", "97530:GP*31*UN*1@20260310")},
			[][]string{claimText("P1", "B", "1", "97750:GP*31*UN*1@20260310")},
			[]string{"now B 1 BU102: 97750 is bundled into 97530 of claim A (in file1, recorded 2026-03-12) on one day unless a modifier says that they were separate"},
		},
		{
			"column 1 now",
			[][]string{claimText("P1", "A", "1", "97750:GP*31*UN*1@20260310")},
			[][]string{claimText("P1", "B", "1", "97530:GP*31*UN*1@20260310")},
			[]string{"now B 1 BU102: 97530 takes in 97750 of claim A (in file1, recorded 2026-03-12) on one day unless a modifier says that they were separate"},
		},
		{"separated before", [][]string{claimText("P1", "A", "1", "97750:GP:59*31*UN*1@20260310")}, [][]string{claimText("P1", "B", "1", "97530:GP*31*UN*1@20260310")}, nil},
		{
			"never with",
			[][]string{claimText("P1", "A", "1", "97140:GP*31*UN*1@20260310")},
			[][]string{claimText("P1", "B", "1", "97124:GP:59*31*UN*1@20260310")},
			[]string{"now B 1 BU101: 97124 is never paid with 97140 of claim A (in file1, recorded 2026-03-12) on one day; no modifier helps"},
		},
		{
			"the same claim",
			[][]string{claimText("P1", "A", "1", "97116:GP*31*UN*1@20260310")},
			[][]string{claimText("P1", "A", "1", "97116:GP*31*UN*1@20260310")},
			[]string{"now A 0 DU102: the claim was sent before, with the same control number: in file1, recorded 2026-03-12"},
		},
		{
			"the same services",
			[][]string{claimText("P1", "A", "1", "97116:GP*31*UN*1@20260310")},
			[][]string{claimText("P1", "B", "1", "97116:GP*31*UN*1@20260310")},
			[]string{"now B 0 DU102: claim A (in file1, recorded 2026-03-12) bills the same services for the same patient"},
		},
		{
			"one line again",
			[][]string{claimText("P1", "A", "1", "97116:GP*31*UN*1@20260310")},
			[][]string{claimText("P1", "B", "1", "97116:GP*31*UN*1@20260310", "97110:GP*31*UN*1@20260310")},
			[]string{"now B 1 DU101: 97116 on 2026-03-10 stands on claim A (in file1, recorded 2026-03-12) too: same modifiers, units and provider"},
		},
		{"a number used again for another day", [][]string{claimText("P1", "A", "1", "97116:GP*31*UN*1@20260310")}, [][]string{claimText("P1", "A", "1", "97116:GP*31*UN*1@20260309")}, nil},
		{"a replacement", [][]string{claimText("P1", "A", "1", "97116:GP*31*UN*4@20260310")}, [][]string{claimText("P1", "A", "7", "97116:GP*31*UN*2@20260310")}, nil},
		{
			"what was replaced no longer counts",
			[][]string{claimText("P1", "A", "1", "97116:GP*31*UN*4@20260310"), claimText("P1", "A", "7", "97116:GP*31*UN*2@20260310")},
			[][]string{claimText("P1", "B", "1", "97116:GP*31*UN*1@20260310")},
			nil,
		},
		{
			"replaced in the run",
			[][]string{claimText("P1", "A", "1", "97116:GP*31*UN*4@20260310")},
			[][]string{claimText("P1", "A", "7", "97116:GP*31*UN*2@20260310"), claimText("P1", "B", "1", "97116:GP*31*UN*1@20260310")},
			nil,
		},
		{
			"voided and sent anew",
			[][]string{claimText("P1", "A", "1", "97116:GP*31*UN*4@20260310")},
			[][]string{claimText("P1", "A", "8", "97116:GP*31*UN*4@20260310"), claimText("P1", "B", "1", "97116:GP*31*UN*4@20260310")},
			nil,
		},
		{
			"five visits alike",
			[][]string{
				claimText("P1", "A", "1", "97116:GP*31*UN*1@20260302"), claimText("P1", "B", "1", "97116:GP*31*UN*1@20260303"),
				claimText("P1", "C", "1", "97116:GP*31*UN*1@20260304"), claimText("P1", "D", "1", "97116:GP*31*UN*1@20260305"),
			},
			[][]string{claimText("P1", "E", "1", "97116:GP*31*UN*1@20260306")},
			[]string{"now E 0 DU103: the fifth visit of the patient with the very same codes and units, and none with others"},
		},
		{
			"one of five differs",
			[][]string{
				claimText("P1", "A", "1", "97116:GP*31*UN*1@20260302"), claimText("P1", "B", "1", "97116:GP*31*UN*2@20260303"),
				claimText("P1", "C", "1", "97116:GP*31*UN*1@20260304"), claimText("P1", "D", "1", "97116:GP*31*UN*1@20260305"),
			},
			[][]string{claimText("P1", "E", "1", "97116:GP*31*UN*1@20260306")},
			nil,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			m := &memory{}
			const ids = "UN101,BU,DU"
			for i, c := range test.before {
				told(t, m, ids, fileOf(fmt.Sprintf("file%d", i+1), c))
			}
			got := told(t, m, ids, fileOf("now", test.now...))
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestHistoryIsLikeOneRun: files in one run and the same files one after the other
// with a history come to the same, for the rules that report in order. (UN131 tells
// only the highest limit of a run.)
func TestHistoryIsLikeOneRun(t *testing.T) {
	const ids = "UN101,UN130,DU"
	rapid.Check(t, func(rt *rapid.T) {
		line := rapid.Custom(func(rt *rapid.T) string {
			return fmt.Sprintf("%s*31*UN*%d@2026030%d",
				rapid.SampledFrom([]string{"97116:GP", "97110:GP", "97110:GP:CQ", "97140:GP", "97530:GP:59"}).Draw(rt, "code"),
				rapid.IntRange(1, 6).Draw(rt, "units"), rapid.IntRange(2, 4).Draw(rt, "day"))
		})
		var files []scrub.Input
		n := 0
		for i := range rapid.IntRange(1, 5).Draw(rt, "files") {
			var claims [][]string
			for range rapid.IntRange(1, 6).Draw(rt, "claims") {
				id := fmt.Sprintf("C%d", n)
				if n++; rapid.IntRange(0, 5).Draw(rt, "again") == 0 {
					id = "C0"
				}
				claims = append(claims, claimText(rapid.SampledFrom([]string{"P1", "P2", "P3"}).Draw(rt, "patient"), id, "1", rapid.SliceOfN(line, 1, 4).Draw(rt, "lines")...))
			}
			files = append(files, fileOf(fmt.Sprintf("file%d", i), claims...))
		}
		bare := func(list []string) (out []string) {
			for _, s := range list {
				s, _, _ = strings.Cut(s, ":") // messages name a run or a file
				out = append(out, s)
			}
			slices.Sort(out)
			return out
		}
		m := &memory{}
		var apart []string
		for _, f := range files {
			apart = append(apart, told(t, m, ids, f)...)
		}
		if diff := cmp.Diff(bare(told(t, nil, ids, files...)), bare(apart)); diff != "" {
			rt.Fatalf("-in one run +one after the other:\n%s", diff)
		}
	})
}

// TestHistoryLoads: a provider's day goes on where the history ends, and a limit that
// was passed then is not passed again.
func TestHistoryLoads(t *testing.T) {
	m := &memory{}
	for i, want := range []string{"", "", "", "10 hours", "13 hours", ""} {
		var claims [][]string
		for k := range 3 { // 3 x 53 minutes
			claims = append(claims, claimText(fmt.Sprintf("P%d-%d", i, k), fmt.Sprintf("A%d-%d", i, k), "1", "97110:GP*31*UN*4@20260310"))
		}
		got := told(t, m, "UN131", fileOf("now", claims...))
		if want == "" && got != nil || want != "" && (len(got) != 1 || !strings.Contains(got[0], "at least "+want)) {
			t.Errorf("file %d: %v", i, got)
		}
	}
}

// TestHistoryAmounts: what remittances told is added to the starting balance.
func TestHistoryAmounts(t *testing.T) {
	in := fileOf("now", claimText("P1", "A", "1", "97116:GP*31*UN*1@20260310"))
	for _, test := range []struct {
		name    string
		ytd     string
		allowed []scrub.Allowance
		want    string
	}{
		{"ledger", "", []scrub.Allowance{{Year: 2026, Bucket: "PTSLP", Amount: 248001, Lines: 30}}, "97116 has no KX: $2480.01 allowed in 2026 for PT and SLP (PTSLP) ($2480.01 from 30 answered lines in the ledger) is above the threshold of $2480.00 (CMS, therapy services page, February 2026)"},
		{"both", "P1,2026,PTSLP,1000.00", []scrub.Allowance{{Year: 2026, Bucket: "PTSLP", Amount: 148001, Lines: 1, Open: 2}}, "97116 has no KX: $2480.01 allowed in 2026 for PT and SLP (PTSLP) ($1000.00 from --ytd, $1480.01 from 1 answered line in the ledger, 2 lines not answered yet) is above the threshold of $2480.00 (CMS, therapy services page, February 2026)"},
		{"at the threshold", "P1,2026,PTSLP,1000.00", []scrub.Allowance{{Year: 2026, Bucket: "PTSLP", Amount: 148000, Lines: 1}}, ""},
		{"another year", "", []scrub.Allowance{{Year: 2025, Bucket: "PTSLP", Amount: 900000, Lines: 1}}, ""},
		{"another bucket", "", []scrub.Allowance{{Year: 2026, Bucket: "OT", Amount: 900000, Lines: 1}}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			m := &memory{}
			var kept scrub.Runner
			var who []byte
			kept.Rules = nil
			if _, err := kept.Survey(context.Background(), in); err != nil {
				t.Fatal(err)
			}
			if err := kept.Scrub(context.Background(), in, func(res *scrub.Result) error {
				if res.Claim != nil {
					who = kept.Sent(res.Claim).Person
				}
				return nil
			}); err != nil {
				t.Fatal(err)
			}
			m.allowed = map[scrub.PatientKey][]scrub.Allowance{m.Key(who): test.allowed}
			r := scrub.Runner{Rules: []*scrub.Rule{scrub.Find(rules.All(), "MO120")}, Data: scrub.Data{Tables: ncci.Default()}, History: m}
			if test.ytd != "" {
				var err error
				if r.Data.YTD, err = scrub.ReadYTD(strings.NewReader("patient,year,bucket,allowed\n" + test.ytd)); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := r.Survey(context.Background(), in); err != nil {
				t.Fatal(err)
			}
			got := ""
			if err := r.Scrub(context.Background(), in, func(res *scrub.Result) error {
				for _, f := range res.Findings {
					got = f.Message
				}
				return nil
			}); err != nil {
				t.Fatal(err)
			}
			if got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}
