package rules_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/edi/editest"
	"github.com/gaitkeeper/gaitkeeper/edi/guide"
	"github.com/gaitkeeper/gaitkeeper/scrub"
	"github.com/gaitkeeper/gaitkeeper/scrub/config"
	"github.com/gaitkeeper/gaitkeeper/scrub/ncci"
	"github.com/gaitkeeper/gaitkeeper/scrub/rules"
)

// The levels of a file, from the outermost. A part of an example opens again
// what it changes and everything below.
const (
	interchange = iota
	group
	set
	billing
	subscriber
	claim
	levels
)

// base is the clean claim of docs/notation.md, by level; line is its service line.
type base struct {
	levels [levels][]string
	line   []string
	remit  []string // the payment of docs/notation.md
}

func readBase(t testing.TB) base {
	t.Helper()
	text, err := os.ReadFile("docs/notation.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := fences(string(text))
	if len(blocks) != 2 {
		t.Fatalf("%d examples in the notation, want the base claim and the payment", len(blocks))
	}
	b := base{remit: blocks[1]}
	at := interchange
	for _, s := range blocks[0] {
		switch tag := tagOf(s); {
		case tag == "GS":
			at = group
		case tag == "ST":
			at = set
		case strings.HasPrefix(s, "HL*1*"):
			at = billing
		case strings.HasPrefix(s, "HL*2*"):
			at = subscriber
		case tag == "CLM":
			at = claim
		case tag == "LX":
			at = levels
		}
		switch {
		case tagOf(s) == "SE":
			return b
		case at == levels:
			b.line = append(b.line, s)
		default:
			b.levels[at] = append(b.levels[at], s)
		}
	}
	t.Fatal("the base claim has no SE")
	return b
}

// fences are the x12 blocks of a text, by lines.
func fences(text string) (blocks [][]string) {
	var block []string
	in := false
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		switch {
		case line == "```x12":
			in, block = true, nil
		case in && line == "```":
			in = false
			blocks = append(blocks, block)
		case in && line != "":
			block = append(block, line)
		}
	}
	return blocks
}

// example is a block in the notation of docs/notation.md.
type example struct {
	segments   []string // the file
	log, ytd   []string // rows
	plan       []string
	config     []string // lines
	also       []string
	fix, value string   // of a good example: the safety and, for attest, the value
	guided     bool     // held against the guide as well
	remit      bool     // a payment, held against its guide alone
	raw        []string // replacements in the file, "old = new"
}

func tagOf(segment string) string {
	tag, _, _ := strings.Cut(segment, "*")
	return tag
}

// keyOf is what a segment is recognised by: its id and, where the id alone does
// not say, its first element.
func keyOf(segment string) string {
	f := strings.SplitN(segment, "*", 3)
	switch f[0] {
	case "NM1", "PRV", "REF", "DTP", "CRC":
		if len(f) > 1 {
			return f[0] + "*" + f[1]
		}
	}
	return f[0]
}

func element(segment string, n int) string {
	f := strings.Split(segment, "*")
	if n < len(f) {
		return f[n]
	}
	return ""
}

// part is what an example says of one claim.
type part struct {
	segments []string // outside service lines
	removed  []string // keys
	added    []string // behind the segments of the claim, before its lines
	lines    [][]string
	log, ytd []string
	plan     []string
}

// parse reads an example and makes its file.
func (b base) parse(block []string) (example, error) {
	var e example
	if len(block) > 0 && block[0] == "remittance" {
		e.remit, block = true, block[1:]
	}
	parts := []part{{}}
	for _, s := range block {
		p := &parts[len(parts)-1]
		name, value, directive := strings.Cut(s, ": ")
		switch {
		case s == "---":
			parts = append(parts, part{})
		case directive && name == "log":
			p.log = append(p.log, value)
		case directive && name == "ytd":
			p.ytd = append(p.ytd, value)
		case directive && name == "plan":
			p.plan = append(p.plan, value)
		case directive && name == "config":
			e.config = append(e.config, value)
		case directive && name == "also":
			e.also = append(e.also, strings.Split(value, ", ")...)
		case directive && name == "raw":
			e.raw = append(e.raw, value)
		case directive && name == "fix":
			e.fix, e.value, _ = strings.Cut(value, " ")
		case s[0] == '-':
			p.removed = append(p.removed, s[1:])
		case s[0] == '+' && len(p.lines) > 0:
			p.lines[len(p.lines)-1] = append(p.lines[len(p.lines)-1], s)
		case s[0] == '+':
			p.added = append(p.added, s[1:])
		case tagOf(s) == "SV1":
			p.lines = append(p.lines, []string{s})
		case len(p.lines) > 0 && !slices.Contains([]string{"SE", "GE", "IEA"}, tagOf(s)):
			p.lines[len(p.lines)-1] = append(p.lines[len(p.lines)-1], s)
		case !strings.Contains(s, "*"):
			return e, fmt.Errorf("%q is neither a segment nor a directive", s)
		default:
			p.segments = append(p.segments, s)
		}
	}
	f := file{base: b}
	for i, p := range parts {
		if err := f.add(p, i+1, &e); err != nil {
			return e, err
		}
	}
	f.closeTo(interchange)
	e.segments = f.out
	if e.remit {
		e.segments = slices.Clone(b.remit)
	}
	for _, r := range e.raw {
		before, after, _ := strings.Cut(r, " = ")
		at := slices.Index(e.segments, before)
		if at < 0 {
			return e, fmt.Errorf("no segment %s", before)
		}
		e.segments[at] = after
	}
	return e, nil
}

// file is a file as it grows.
type file struct {
	base
	out      []string
	open     [3]string         // control numbers of interchange, group and set; "" where none is open
	counts   [3]int            // groups, sets, and where the set begins
	trailers map[string]string // given by the example
	hl       int               // levels of the set
	provider int               // HL01 of the billing level
	member   string
}

var trailers = [3]string{interchange: "IEA", group: "GE", set: "SE"}

// closeTo writes the trailers of what is open at a level and below.
func (f *file) closeTo(level int) {
	for l := set; l >= level; l-- {
		if f.open[l] == "" {
			continue
		}
		count := f.counts[l]
		if l == set {
			count = len(f.out) - f.counts[set] + 1
		}
		trailer := fmt.Sprintf("%s*%d*%s", trailers[l], count, f.open[l])
		if given, ok := f.trailers[trailers[l]]; ok {
			trailer = given
			delete(f.trailers, trailers[l])
		}
		f.out = append(f.out, trailer)
		f.open[l] = ""
		if l == group {
			f.counts[group] = 0
		}
	}
}

// add writes the claim of a part, the n-th.
func (f *file) add(p part, n int, e *example) error {
	from := claim
	if n == 1 {
		from = interchange
		f.trailers = map[string]string{}
	}
	level := make([]int, len(p.segments))
	for i, s := range p.segments {
		level[i] = f.levelOf(s)
		if level[i] < from {
			from = level[i]
		}
	}
	if from <= set {
		f.closeTo(from)
	}
	for i, s := range p.segments {
		if level[i] == levels {
			f.trailers[tagOf(s)] = s
		}
	}
	for l := from; l <= claim; l++ {
		var own []string
		for i, s := range p.segments {
			if level[i] == l {
				own = append(own, s)
			}
		}
		segments := f.merge(f.levels[l], own, p.removed)
		switch l {
		case interchange:
			f.open[l] = element(segments[0], 13)
		case group:
			f.counts[interchange]++
			f.open[l] = element(segments[0], 6)
		case set:
			f.counts[group]++
			f.counts[set] = len(f.out)
			f.open[l] = element(segments[0], 2)
			f.hl = 0
		case billing:
			f.hl++
			f.provider = f.hl
			segments[0] = fmt.Sprintf("HL*%d**20*1", f.hl)
		case subscriber:
			f.hl++
			segments[0] = fmt.Sprintf("HL*%d*%d*22*0", f.hl, f.provider)
			for _, s := range segments {
				if keyOf(s) == "NM1*IL" {
					f.member = element(s, 9)
				}
			}
		case claim:
			id, err := f.claim(segments, own, p, n)
			if err != nil {
				return err
			}
			for _, row := range p.log {
				e.log = append(e.log, id+","+row)
			}
			for _, row := range p.plan {
				e.plan = append(e.plan, id+","+row)
			}
			for _, row := range p.ytd {
				e.ytd = append(e.ytd, f.member+","+row)
			}
			continue
		}
		f.out = append(f.out, segments...)
	}
	return nil
}

// levelOf is the level where the base has such a segment; levels for a trailer.
func (f *file) levelOf(segment string) int {
	if slices.Contains(trailers[:], tagOf(segment)) {
		return levels
	}
	for l, list := range f.levels {
		if slices.ContainsFunc(list, func(s string) bool { return keyOf(s) == keyOf(segment) }) {
			return l
		}
	}
	return claim
}

// merge puts segments in the place of those with their key, and new ones of a
// claim before the diagnoses or, where they belong to a provider, at its end.
func (f *file) merge(list, own, removed []string) []string {
	out := slices.Clone(list)
	for _, s := range own {
		if i := slices.IndexFunc(out, func(o string) bool { return keyOf(o) == keyOf(s) }); i >= 0 {
			out[i] = s
		} else if i := slices.IndexFunc(out, func(o string) bool { return tagOf(o) == "HI" }); i >= 0 && tagOf(s) != "NM1" && tagOf(s) != "PRV" {
			out = slices.Insert(out, i, s)
		} else {
			out = append(out, s)
		}
	}
	return slices.DeleteFunc(out, func(o string) bool { return slices.Contains(removed, keyOf(o)) })
}

// claim writes a claim and returns its control number.
func (f *file) claim(segments, own []string, p part, n int) (string, error) {
	lines := p.lines
	if lines == nil {
		lines = [][]string{f.line[1:2]}
	}
	clm := strings.Split(segments[0], "*")
	if !slices.ContainsFunc(own, func(s string) bool { return tagOf(s) == "CLM" }) {
		clm[1] = fmt.Sprintf("C%d", n)
		var sum edi.Amount
		for _, l := range lines {
			a, err := edi.ParseAmount([]byte(element(l[0], 2)))
			if err != nil {
				return "", fmt.Errorf("%s: %w", l[0], err)
			}
			sum += a
		}
		clm[2] = string(sum.Append(nil, false))
		segments[0] = strings.Join(clm, "*")
	}
	f.out = append(append(f.out, segments...), p.added...)
	for i, l := range lines {
		f.out = append(f.out, fmt.Sprintf("LX*%d", i+1), l[0])
		rest := l[1:]
		date, control := f.line[2], fmt.Sprintf("REF*6R*%s-%d", clm[1], i+1)
		for _, s := range []string{date, control} {
			if !slices.ContainsFunc(rest, func(o string) bool { return keyOf(o) == keyOf(s) }) {
				rest = append([]string{s}, rest...)
			}
		}
		slices.SortStableFunc(rest, func(a, b string) int { return lineRank(a) - lineRank(b) })
		for _, s := range rest {
			f.out = append(f.out, strings.TrimPrefix(s, "+"))
		}
	}
	return clm[1], nil
}

// lineRank is the order of a line's segments: dates, references, notes, providers, and
// those that are added as they stand.
func lineRank(segment string) int {
	if segment[0] == '+' {
		return 100
	}
	return 1 + slices.Index([]string{"DTP", "REF", "NTE", "NM1", "PRV"}, tagOf(segment))
}

// found is a finding that outlives its result.
type found struct {
	Rule, Line, Code, Message, Place string
	Claim, Fix                       string
	Severity                         scrub.Severity
}

func (f found) String() string {
	return fmt.Sprintf("%s %s %s %s: %s", f.Rule, f.Severity, f.Claim, f.Place, f.Message)
}

// outcome is what scrubbing an example gave.
type outcome struct {
	found   []found
	file    []byte // with the fixes made
	applied int
}

// of are the findings of a rule.
func (o outcome) of(id string) (list []found) {
	for _, f := range o.found {
		if f.Rule == id {
			list = append(list, f)
		}
	}
	return list
}

// faults are the ids of the rules that found an error or a warning.
func (o outcome) faults() (ids []string) {
	for _, f := range o.found {
		if f.Severity > scrub.Info {
			ids = append(ids, f.Rule)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// options are what is done with an example.
type options struct {
	layout editest.Layout
	fix    bool
	least  scrub.Safety
	attest string // rows of an attestation file
}

// scrubbed scrubs text as the example's file, with its log and amounts.
func (e example) scrubbed(t testing.TB, text []byte, o options) outcome {
	t.Helper()
	if e.remit {
		return validated(t, text)
	}
	r := &scrub.Runner{
		Rules: rules.All(), Data: scrub.Data{Tables: ncci.Default()}, Fix: o.fix, Least: o.least,
		OnFault: func(_ string, err *edi.SyntaxError) { t.Errorf("the example is not clean X12: %v", err) },
	}
	var err error
	if e.log != nil {
		r.Data.Log, err = scrub.ReadLog(strings.NewReader("claim,line,date,code,minutes,assistant_minutes\n" + strings.Join(e.log, "\n")))
		if err != nil {
			t.Fatal(err)
		}
	}
	if e.ytd != nil {
		r.Data.YTD, err = scrub.ReadYTD(strings.NewReader("patient,year,bucket,allowed\n" + strings.Join(e.ytd, "\n")))
		if err != nil {
			t.Fatal(err)
		}
	}
	if e.plan != nil {
		r.Data.Plan, err = scrub.ReadPlan(strings.NewReader("claim,certified_from,certified_to\n" + strings.Join(e.plan, "\n")))
		if err != nil {
			t.Fatal(err)
		}
	}
	if e.config != nil {
		c, err := config.Read("example.toml", []byte(strings.Join(e.config, "\n")), rules.All(), nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Policy = c.Policy
	}
	if o.attest != "" {
		r.Attest, err = scrub.ReadAttestations(strings.NewReader("claim,line,rule,value,by,at,reason\n" + o.attest))
		if err != nil {
			t.Fatal(err)
		}
	}
	if e.guided {
		r.Guide = &guide.Validator{}
	}
	src := scrub.Input{Name: "example", Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(text)), nil }}
	if _, err := r.Survey(context.Background(), src); err != nil {
		t.Fatal(err)
	}
	var out outcome
	var patch edi.Patch
	err = r.Scrub(context.Background(), src, func(res *scrub.Result) error {
		for i := range res.Findings {
			out.found = append(out.found, keep(&res.Findings[i]))
		}
		for _, e := range res.Edits {
			patch = append(patch, edi.Edit{Span: e.Span, Old: bytes.Clone(e.Old), New: bytes.Clone(e.New)})
		}
		out.applied += len(res.Applied)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := patch.Apply(&b, bytes.NewReader(text)); err != nil {
		t.Fatal(err)
	}
	out.file = b.Bytes()
	return out
}

func keep(f *scrub.Finding) found {
	g := found{
		Rule: f.Rule.ID, Severity: f.Severity, Claim: f.Claim, Line: f.Line, Code: f.Code, Message: f.Message,
		Place: fmt.Sprintf("%s %s%02d-%d of line %d", f.Where.Loop, f.Where.Tag, f.Where.Element, f.Where.Component, f.LineNo),
	}
	if f.Fix != nil {
		g.Fix = f.Fix.Safety.String()
	}
	return g
}

// validated holds a payment against its guide.
func validated(t testing.TB, text []byte) outcome {
	t.Helper()
	out := outcome{file: text}
	var v guide.Validator
	_, err := v.Validate(context.Background(), bytes.NewReader(text), "example", guide.Handler{
		Problem: func(p *guide.Problem) {
			f := scrub.FromGuide(p, scrub.Find(rules.All(), p.Rule))
			out.found = append(out.found, keep(&f))
		},
		Fault: func(err *edi.SyntaxError) { t.Errorf("the example is not clean X12: %v", err) },
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// scrub scrubs the example.
func (e example) scrub(t testing.TB, o options) outcome {
	t.Helper()
	return e.scrubbed(t, editest.Render(e.segments, o.layout), o)
}

// attestations are rows that attest a value for all findings of a rule.
func (o outcome) attestations(id, value string) string {
	var b strings.Builder
	for _, f := range o.of(id) {
		fmt.Fprintf(&b, "%s,%s,%s,%s,A. Therapist,2026-03-12,\n", f.Claim, f.Line, id, value)
	}
	return b.String()
}

func TestBase(t *testing.T) {
	b := readBase(t)
	payment, err := b.parse([]string{"remittance"})
	if err != nil {
		t.Fatal(err)
	}
	e, err := b.parse(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range editest.Layouts {
		for _, x := range []example{e, payment} {
			if got := x.scrub(t, options{layout: l}); got.found != nil {
				t.Errorf("%v: %v", l, got.found)
			}
		}
	}
	text, err := os.ReadFile("docs/notation.md")
	if err != nil {
		t.Fatal(err)
	}
	if shown := strings.Join(fences(string(text))[0], "\n"); shown != strings.Join(e.segments, "\n") {
		t.Errorf("the notation shows another claim than the examples are put into:\n%s", strings.Join(e.segments, "\n"))
	}
}

// TestNotation checks that an example becomes the file that it stands for.
func TestNotation(t *testing.T) {
	b := readBase(t)
	for _, test := range []struct {
		name  string
		block string
		want  []string // segments one after the other
		not   []string
	}{
		{"replace", "HI*ABK:M6281\nSBR*P*18*******CI", []string{"HI*ABK:M6281", "NM1*DN*1*REFERRER*DOC****XX*1456789019"}, []string{"SBR*P*18*******MB"}},
		{"remove", "-NM1*DN", []string{"HI*ABK:R262*ABF:M6281", "NM1*82*1*THERAPIST*PAT****XX*1987654328"}, nil},
		{
			"lines", "SV1*HC:97116:GP*31*UN*1***1\nNTE*ADD*TEXT\nREF*6R*X\nSV1*HC:97110:GP*30.5*UN*1***1\nDTP*472*D8*20260311",
			[]string{"LX*1", "SV1*HC:97116:GP*31*UN*1***1", "DTP*472*D8*20260310", "REF*6R*X", "NTE*ADD*TEXT", "LX*2", "SV1*HC:97110:GP*30.5*UN*1***1", "DTP*472*D8*20260311", "REF*6R*C1-2", "SE*33*0001"},
			nil,
		},
		{"sum", "SV1*HC:97116:GP*31*UN*1***1\nSV1*HC:97110:GP*30.5*UN*1***1", []string{"CLM*C1*61.5***11:B:1*Y*A*Y*Y"}, nil},
		{"claim", "---\nSV1*HC:97110:GP*5*UN*1***1", []string{"REF*6R*C1-1", "CLM*C2*5***11:B:1*Y*A*Y*Y"}, nil},
		{"patient", "---\nNM1*IL*1*OTHER*PAT****MI*X", []string{"REF*6R*C1-1", "HL*3*1*22*0", "SBR*P*18*******MB", "NM1*IL*1*OTHER*PAT****MI*X"}, nil},
		{"set", "---\nST*837*0002*005010X222A1", []string{"SE*28*0001", "ST*837*0002*005010X222A1"}, nil},
		{"set end", "---\nST*837*0002*005010X222A1", []string{"SE*28*0002", "GE*2*1", "IEA*1*000000001"}, nil},
		{"group", "---\nGS*HC*SUBMITTER*RECEIVER*20260311*0800*2*X*005010X222A1", []string{"GE*1*1", "GS*HC*SUBMITTER*RECEIVER*20260311*0800*2*X*005010X222A1", "ST*837*0001*005010X222A1"}, nil},
		{"group end", "---\nGS*HC*SUBMITTER*RECEIVER*20260311*0800*2*X*005010X222A1", []string{"GE*1*2", "IEA*2*000000001"}, nil},
		{"trailer", "SE*5*0001", []string{"REF*6R*C1-1", "SE*5*0001", "GE*1*1"}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			e, err := b.parse(strings.Split(test.block, "\n"))
			if err != nil {
				t.Fatal(err)
			}
			at := slices.Index(e.segments, test.want[0])
			if at < 0 || at+len(test.want) > len(e.segments) || !slices.Equal(e.segments[at:at+len(test.want)], test.want) {
				t.Errorf("want\n%s\nin\n%s", strings.Join(test.want, "\n"), strings.Join(e.segments, "\n"))
			}
			for _, s := range test.not {
				if slices.Contains(e.segments, s) {
					t.Errorf("%s is still there", s)
				}
			}
			se := e.segments[len(e.segments)-3]
			if n, _ := strconv.Atoi(element(se, 1)); test.name != "trailer" && n == 0 {
				t.Errorf("count of %s", se)
			}
		})
	}
	for _, bad := range []string{"nonsense", "SV1*HC:97116:GP*x*UN*1***1"} {
		if _, err := b.parse([]string{bad}); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}
