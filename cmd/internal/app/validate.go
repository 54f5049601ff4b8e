package app

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/gaitkeeper/gaitkeeper/cmd/internal/render"
	"github.com/gaitkeeper/gaitkeeper/cmd/internal/term"
	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/edi/guide"
	"github.com/gaitkeeper/gaitkeeper/scrub"
	"github.com/gaitkeeper/gaitkeeper/scrub/rules"
)

// guideOptions are the flags by which a file is held against its guide.
type guideOptions struct {
	snip, npi string
}

func (o *guideOptions) flags(category string) []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "snip", Value: "1-5", Usage: "check these `TYPES` of the guide's rules: 1-5, 1,2,4 ...", Destination: &o.snip, Category: category},
		&cli.StringFlag{Name: "npi", Value: "warning", Usage: "`SEVERITY` of an NPI with a wrong check digit: error, warning, off", Destination: &o.npi, Category: category},
	}
}

// validator turns the flags into what checks.
func (o *guideOptions) validator() (*guide.Validator, error) {
	v := &guide.Validator{}
	var err error
	if v.Types, err = snipTypes(o.snip); err != nil {
		return nil, err
	}
	severity, ok := map[string]guide.Severity{"error": guide.Error, "warning": guide.Warning, "off": guide.Off}[o.npi]
	if !ok {
		return nil, usage("--npi %s is none of error, warning, off", o.npi)
	}
	v.NPI = severity
	return v, nil
}

// notChecked are the rules that the guide's code lists would complete.
func (o *guideOptions) notChecked(v *guide.Validator) (list []render.NotChecked) {
	if v.Types.Has(5) {
		lists := guide.Unchecked()
		for _, needs := range slices.Sorted(maps.Keys(lists)) {
			list = append(list, render.NotChecked{Needs: needs, Rules: lists[needs]})
		}
	}
	return list
}

// snipTypes reads types from 1 to 7: numbers and ranges with commas between them.
func snipTypes(s string) (guide.Types, error) {
	var types guide.Types
	for part := range strings.SplitSeq(s, ",") {
		from, to, isRange := strings.Cut(strings.TrimSpace(part), "-")
		if !isRange {
			to = from
		}
		a, errA := strconv.Atoi(from)
		b, errB := strconv.Atoi(to)
		if errA != nil || errB != nil || a < 1 || b > 7 || a > b {
			return 0, usage("--snip %q: types are 1 to 7, as in 1-5 or 1,2,4", s)
		}
		for n := a; n <= b; n++ {
			types |= 1 << (n - 1)
		}
	}
	return types, nil
}

type validateOptions struct {
	guideOptions
	guide, format, color, failOn, report, out string
	fix, showPHI, quiet                       bool
}

var guideNames = []string{"auto", "837p", "835"}

func newValidate(env *environment) *cli.Command {
	o := &validateOptions{}
	return &cli.Command{
		Name: "validate", Usage: "hold 837P and 835 files against their implementation guides",
		ArgsUsage: "[FILE...|-]",
		Description: "Examples:\n" +
			"   gaitkeeper validate claims.837                   what a receiver would reject\n" +
			"   gaitkeeper validate --snip 1-2 claims.837        syntax and guide only, as a 999 has it\n" +
			"   gaitkeeper validate --fix -o fixed.837 claims.837\n" +
			"   gaitkeeper validate --format ndjson *.835 | jq .answer\n\n" +
			"Guides are 005010X222A1 (837P) and 005010X221A1 (835). The rules are sorted as usual:\n" +
			"type 1 syntax, 2 guide, 3 balances, 4 situations, 5 code lists. Of type 7, partners, small\n" +
			"letters, too many claims in a set and a second interchange are told; of type 6, products,\n" +
			"nothing. Each finding has the codes that a 999, TA1 or 277CA answers with. Services and\n" +
			"their units are what scrub looks at; scrub --validate does both in one pass.",
		Flags: append(
			o.guideOptions.flags(selection),
			&cli.StringFlag{Name: "guide", Value: "auto", Usage: "take only sets of `GUIDE`: " + strings.Join(guideNames, ", "), Destination: &o.guide, Category: selection},
			&cli.StringFlag{Name: "fail-on", Value: "error", Usage: "exit 1 at this `SEVERITY` or above: error, warning, info, never", Destination: &o.failOn, Category: selection},
			&cli.BoolFlag{Name: "fix", Usage: "correct what has one right form: counts, superfluous zeros, separators at the end, decimal points in diagnoses; with --snip 7 small letters", Destination: &o.fix, Category: fixing},
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "write the corrected file to `FILE`", Destination: &o.out, Category: fixing},
			&cli.StringFlag{Name: "format", Value: "text", Usage: "`FORMAT` of the findings: " + strings.Join(render.Formats, ", "), Destination: &o.format, Category: reporting},
			&cli.StringFlag{Name: "report", Usage: "write the findings to `FILE`", Destination: &o.report, Category: reporting},
			&cli.BoolFlag{Name: "show-phi", Usage: "do not mask names, ids, addresses and birth dates", Destination: &o.showPHI, Category: reporting},
			&cli.StringFlag{Name: "color", Value: "auto", Usage: "`WHEN` to use color: auto, always, never", Destination: &o.color, Category: reporting},
			&cli.BoolFlag{Name: "quiet", Aliases: []string{"q"}, Usage: "findings only: no summary", Destination: &o.quiet, Category: reporting},
		),
		Action: func(c *cli.Context) error { return runValidate(c.Context, env, o, c.Args().Slice()) },
	}
}

// validation is one run of the command.
type validation struct {
	*environment
	*validateOptions
	validator *guide.Validator
	least     scrub.Severity
	sink      render.Sink
	summary   render.Summary
	outputs   []*output
	worst     int
	found     bool
	fixed     int64 // where the last edit ends: a fix that touches it waits for the next run

	professional bool // there are claims
}

func runValidate(ctx context.Context, env *environment, o *validateOptions, paths []string) error {
	v := &validation{environment: env, validateOptions: o}
	if err := v.prepare(paths); err != nil {
		return err
	}
	list, closeInputs, err := openInputs(ctx, env, paths, v.failed)
	defer closeInputs()
	if err != nil {
		return err
	}
	for _, in := range list {
		for _, to := range []string{o.out, o.report} {
			if to != "" && in.path != "" && same(in.path, to) {
				return usage("%s is input and output", to)
			}
		}
	}
	defer func() {
		for _, out := range v.outputs {
			out.discard()
		}
	}()
	return v.run(ctx, list)
}

// prepare says what is wrong with the flags before a file is read.
func (v *validation) prepare(paths []string) error {
	if err := errors.Join(oneOf("format", v.format, render.Formats), oneOf("color", v.color, colors), oneOf("guide", v.guide, guideNames)); err != nil {
		return err
	}
	v.least = scrub.Error + 1
	if v.failOn != "never" {
		var err error
		if v.least, err = scrub.ParseSeverity(v.failOn); err != nil {
			return usage("--fail-on: %s, never", err)
		}
	}
	switch {
	case v.fix && (v.out == "" || v.out == "-"):
		return usage("--fix needs -o FILE").withHint("gaitkeeper scrub --validate --fix writes to standard output")
	case !v.fix && v.out != "":
		return usage("-o needs --fix")
	case v.fix && len(paths) > 1:
		return usage("-o takes one file")
	case v.report == "-":
		return usage("--report needs a name: standard output is taken")
	case v.out != "" && v.report != "" && same(v.out, v.report):
		return usage("%s is to be written twice", v.out)
	}
	var err error
	if v.validator, err = v.guideOptions.validator(); err != nil {
		return err
	}
	if v.guide != "auto" {
		v.validator.Guide = v.guide
	}
	var named []string
	for _, to := range []string{v.out, v.report} {
		if to != "" {
			named = append(named, to)
		}
	}
	return checkWritable(named)
}

func (v *validation) failed(err error) {
	fmt.Fprintf(v.stderr, "gaitkeeper validate: %s\n", err)
	v.worst = max(v.worst, exitFailure)
	v.summary.Unreadable++
}

func (v *validation) output(path string) *output {
	o := create(path)
	v.outputs = append(v.outputs, o)
	return o
}

func (v *validation) run(ctx context.Context, list []input) error {
	w := v.stdout
	if v.report != "" {
		w = v.output(v.report)
	}
	v.sink = render.New(v.format, w, render.Options{
		Style: term.StyleFor(v.color, w), ShowPHI: v.showPHI, Quiet: v.quiet, Fixing: v.fix, Hint: true, Rules: v.catalogue,
	})
	s := &v.summary
	s.Type, s.Schema, s.RulesVersion, s.Rules = "summary", "gaitkeeper/1", rules.Version, guideRules(v.catalogue)
	s.Findings = map[string]int{"error": 0, "warning": 0, "info": 0}
	s.Fixable = map[string]int{"safe": 0, "unsafe": 0, "attest": 0}
	s.NotChecked, s.Data = []render.NotChecked{}, []render.Dataset{}
	for _, in := range list {
		if err := v.file(ctx, in); err != nil {
			return err
		}
	}
	if v.professional {
		s.NotChecked = append(s.NotChecked, v.guideOptions.notChecked(v.validator)...)
	}
	if err := v.sink.Close(s); err != nil {
		return err
	}
	if err := commitAll(v.outputs...); err != nil {
		return err
	}
	if v.worst == exitClean && v.found {
		v.worst = exitFindings
	}
	if v.worst != exitClean {
		return silent(v.worst)
	}
	return nil
}

// guideRules is the number of rules that a validation may find something for.
func guideRules(all []*scrub.Rule) (n int) {
	for _, r := range all {
		if r.Scope == scrub.ScopeGuide || r.Scope == scrub.ScopeEnvelope {
			n++
		}
	}
	return n
}

// file validates one input and, where that is asked for, writes its corrected form.
func (v *validation) file(ctx context.Context, in input) error {
	src, err := in.Open()
	if err != nil {
		v.failed(err)
		return nil
	}
	defer src.Close()
	var copier *edi.Copier
	if v.fix {
		again, err := in.Open()
		if err != nil {
			return err
		}
		defer again.Close()
		copier = edi.NewCopier(v.output(v.out), again)
	}
	var failed error
	faults, cut := 0, false
	fault := func(e *edi.SyntaxError) {
		v.worst = max(v.worst, exitInput)
		v.summary.Faults++
		cut = cut || e.Truncated()
		if faults++; faults <= manyFaults {
			fmt.Fprintf(v.stderr, "%s: %s\n", in.Name, e)
		}
	}
	source := &errorReader{src: src}
	counts, err := v.validator.Validate(ctx, source, in.Name, guide.Handler{
		Fault: fault,
		BeginSet: func(s *guide.Set) {
			v.professional = v.professional || s.Code == "837" && !s.Unknown
			if s.Unknown && !s.Told {
				fault(&edi.SyntaxError{Pos: s.Pos, Err: edi.ErrWrongSet, Detail: s.Why})
			}
		},
		Problem: func(p *guide.Problem) {
			if failed == nil {
				failed = v.finding(in.Name, p, copier)
			}
		},
	})
	if faults > manyFaults {
		fmt.Fprintf(v.stderr, "%s: %s\n", in.Name, many(faults-manyFaults, "more fault", "more faults"))
	}
	switch {
	case failed != nil:
		return failed
	case ctx.Err() != nil:
		return ctx.Err()
	case source.err != nil:
		v.failed(named(in.Name, source.err))
		return nil
	case err != nil:
		return err
	}
	s := &v.summary
	s.Files++
	s.Interchanges += counts.Interchanges
	s.Segments += counts.Segments
	s.Claims += counts.Claims
	s.Lines += counts.Lines
	s.Bytes += counts.Bytes
	if copier == nil {
		return nil
	}
	if cut {
		fmt.Fprintf(v.stderr, "gaitkeeper validate: %s is not whole: no corrected file is written\n", in.Name)
		v.outputs[len(v.outputs)-1].discard()
		v.outputs = v.outputs[:len(v.outputs)-1]
		return nil
	}
	return copier.Close()
}

// finding hands one problem to the report, and its fix to the corrected file.
func (v *validation) finding(file string, p *guide.Problem, copier *edi.Copier) error {
	rule := scrub.Find(v.catalogue, p.Rule)
	if rule == nil {
		return fmt.Errorf("no rule %s", p.Rule)
	}
	f := scrub.FromGuide(p, rule)
	f.File = file
	v.summary.Findings[f.Severity.String()]++
	if f.Fix != nil {
		if copier != nil && len(f.Fix.Edits) > 0 && f.Fix.Edits[0].Span.Start >= v.fixed {
			v.fixed = f.Fix.Edits[len(f.Fix.Edits)-1].Span.End
			for _, e := range f.Fix.Edits {
				if err := copier.Edit(e); err != nil {
					return err
				}
			}
			f.Fixed = true
			v.summary.Fixed++
		} else {
			v.summary.Fixable["safe"]++
		}
	}
	v.found = v.found || !f.Fixed && f.Severity >= v.least
	return v.sink.Finding(&f)
}
