package app

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/gaitkeeper/gaitkeeper/cmd/internal/render"
	"github.com/gaitkeeper/gaitkeeper/cmd/internal/term"
	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/scrub"
	"github.com/gaitkeeper/gaitkeeper/scrub/ncci"
	"github.com/gaitkeeper/gaitkeeper/scrub/rules"
)

// scrubOptions are the flags of scrub.
type scrubOptions struct {
	judging
	ledger                ledgerOptions
	record                string
	format, color, failOn string
	selected, ignored     cli.StringSlice
	attest                string

	fix, unsafe, diff, inPlace   bool
	out, outDir, changes, report string
	good, bad                    string
	quiet, showPHI               bool
	jobs                         int

	validate bool
	guideOptions
}

const (
	selection = "RULE SELECTION"
	inputs    = "INPUTS BESIDE THE CLAIMS"
	history   = "WHAT WAS SENT BEFORE"
	fixing    = "CORRECTION"
	reporting = "REPORT"
)

func newScrub(env *environment) *cli.Command {
	o := &scrubOptions{}
	return &cli.Command{
		Name: "scrub", Usage: "find errors in 837P claims, and correct what can be corrected",
		ArgsUsage: "[FILE...|-]",
		Description: "Examples:\n" +
			"   gaitkeeper scrub claims.837                      list what is wrong\n" +
			"   gaitkeeper scrub --diff claims.837               show what --fix would change\n" +
			"   gaitkeeper scrub --fix -o fixed.837 claims.837   write a corrected file\n" +
			"   gaitkeeper scrub --good ok.837 --bad held.837 batch.837\n" +
			"   zcat batch.837.gz | gaitkeeper scrub --format ndjson | jq .rule\n\n" +
			"Safe fixes follow from what is on the claim. Unsafe ones change what is billed and\n" +
			"need --unsafe-fixes. What only the provider knows needs --attest. Every byte that\n" +
			"no fix touches stays as it was.",
		Flags: slices.Concat(o.judging.flags(inputs), o.ledger.flags(history), o.guideOptions.flags(selection), []cli.Flag{
			&cli.StringFlag{Name: "record", Value: recordAll, Usage: "which claims the ledger takes as sent: " + strings.Join(records, ", ") + " (clean: without findings at --fail-on; with --good and --bad only the good ones)", Destination: &o.record, Category: history},

			&cli.StringSliceFlag{Name: "select", Usage: "check only these `RULES`: ids, beginnings of ids, names, ALL", Destination: &o.selected, Category: selection},
			&cli.StringSliceFlag{Name: "ignore", Usage: "leave these `RULES` out", Destination: &o.ignored, Category: selection},
			&cli.StringFlag{Name: "fail-on", Value: "error", Usage: "exit 1 at this `SEVERITY` or above: error, warning, info, never", Destination: &o.failOn, Category: selection},

			&cli.StringFlag{Name: "attest", Usage: "attestations, CSV `FILE`: claim,line,rule,value,by,at,reason", Destination: &o.attest, Category: inputs},

			&cli.BoolFlag{Name: "fix", Usage: "correct: safe fixes, and attested ones", Destination: &o.fix, Category: fixing},
			&cli.BoolFlag{Name: "unsafe-fixes", Usage: "with --fix or --diff: unsafe fixes too", Destination: &o.unsafe, Category: fixing},
			&cli.BoolFlag{Name: "diff", Usage: "show what --fix would change, and change nothing", Destination: &o.diff, Category: fixing},
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "write the corrected claims to `FILE` (default: standard output)", Destination: &o.out, Category: fixing},
			&cli.StringFlag{Name: "out-dir", Usage: "write each corrected file to `DIR` under its own name", Destination: &o.outDir, Category: fixing},
			&cli.BoolFlag{Name: "in-place", Usage: "correct the files where they are", Destination: &o.inPlace, Category: fixing},
			&cli.StringFlag{Name: "changes", Usage: "log every change to `FILE`, one JSON object a claim", Destination: &o.changes, Category: fixing},
			&cli.StringFlag{Name: "good", Usage: "write the claims without findings at --fail-on to `FILE`", Destination: &o.good, Category: fixing},
			&cli.StringFlag{Name: "bad", Usage: "write the other claims to `FILE`, with control numbers of its own", Destination: &o.bad, Category: fixing},

			&cli.StringFlag{Name: "format", Value: "text", Usage: "`FORMAT` of the findings: " + strings.Join(render.Formats, ", "), Destination: &o.format, Category: reporting},
			&cli.StringFlag{Name: "report", Usage: "write the findings to `FILE`", Destination: &o.report, Category: reporting},
			&cli.BoolFlag{Name: "show-phi", Usage: "do not mask names, ids, addresses and birth dates", Destination: &o.showPHI, Category: reporting},
			&cli.StringFlag{Name: "color", Value: "auto", Usage: "`WHEN` to use color: auto, always, never", Destination: &o.color, Category: reporting},
			&cli.BoolFlag{Name: "quiet", Aliases: []string{"q"}, Usage: "findings only: no summary, no progress", Destination: &o.quiet, Category: reporting},
			&cli.IntFlag{Name: "jobs", Aliases: []string{"j"}, Value: runtime.GOMAXPROCS(0), Usage: "judge claims in `N` goroutines; the result is the same", Destination: &o.jobs, Category: reporting},
			&cli.BoolFlag{Name: "validate", Usage: "hold the claims against their implementation guide as well, in the same pass", Destination: &o.validate, Category: selection},
		}),
		Action: func(c *cli.Context) error { return runScrub(c.Context, env, o, c.Args().Slice()) },
	}
}

// scrubber is one run of the command.
type scrubber struct {
	*environment
	*scrubOptions
	runner     *scrub.Runner
	configName string
	reference  *referenceTables
	book       *scrubLedger    // nil without --ledger
	least      scrub.Severity  // of --fail-on; above Error for never
	faults     map[string]int  // syntax errors by file
	cut        map[string]bool // files that are not whole
	lost       map[string]int  // claims that are not whole, by file
	worst      int
	unreadable int // inputs in which no segment could be read
	corrected  int // files written so far
	sink       render.Sink
	dots       *term.Progress

	changeLog *changeLog
	diffs     *render.Diff
	split     *splitter
	outputs   []*output
	found     bool // a finding at or above --fail-on is left
	differs   bool
}

func runScrub(ctx context.Context, env *environment, o *scrubOptions, paths []string) error {
	s := &scrubber{environment: env, scrubOptions: o, faults: map[string]int{}, cut: map[string]bool{}, lost: map[string]int{}}
	if err := s.prepare(ctx, paths); err != nil {
		return err
	}
	list, closeInputs, err := openInputs(ctx, env, paths, s.failed)
	defer closeInputs()
	if err != nil {
		return err
	}
	if err := s.checkOutputs(list); err != nil {
		return err
	}
	return s.run(ctx, list)
}

// prepare turns flags into a runner: everything that can be wrong with them is
// said before a claim is read.
func (s *scrubber) prepare(ctx context.Context, paths []string) error {
	if !slices.Contains(render.Formats, s.format) {
		return usage("format %q is none of %s", s.format, strings.Join(render.Formats, ", "))
	}
	if err := oneOf("record", s.record, records); err != nil {
		return err
	}
	if !slices.Contains([]string{"auto", "always", "never"}, s.color) {
		return usage("color %q is none of auto, always, never", s.color)
	}
	for flag, t := range map[string]string{"changes": s.changes, "report": s.report, "good": s.good, "bad": s.bad, "out-dir": s.outDir} {
		if t == "-" {
			return usage("--%s needs a name: standard output is taken", flag)
		}
	}
	if s.out == "-" {
		s.out = "" // where they go anyway
	}
	s.least = scrub.Error + 1
	if s.failOn != "never" {
		var err error
		if s.least, err = scrub.ParseSeverity(s.failOn); err != nil {
			return usage("--fail-on: %s, never", err)
		}
	}
	basis, err := s.judging.read(ctx, s.environment, "scrub", s.quiet)
	if err != nil {
		return err
	}
	chosen, err := scrub.Select(basis.catalogue, s.selected.Value(), s.ignored.Value())
	if err != nil {
		return usage("%s", err).withHint("gaitkeeper rules lists them")
	}
	s.configName, s.reference = basis.config, basis.reference
	s.runner = basis.runner(chosen, s.jobs)
	s.runner.OnFault, s.runner.Fix = s.fault, s.fix || s.diff
	if s.unsafe {
		s.runner.Least = scrub.Unsafe
	}
	if s.validate {
		if s.runner.Guide, err = s.guideOptions.validator(); err != nil {
			return err
		}
	}
	if err := s.checkFlags(paths); err != nil {
		return err
	}
	return readSidecar(s.attest, func(r io.Reader) (err error) { s.runner.Attest, err = scrub.ReadAttestations(r); return err })
}

// checkFlags refuses flags that contradict each other.
func (s *scrubber) checkFlags(paths []string) error {
	to := 0
	for _, given := range []bool{s.out != "", s.outDir != "", s.inPlace, s.good != "" || s.bad != ""} {
		if given {
			to++
		}
	}
	writes := s.out != "" || s.outDir != "" || s.inPlace || s.changes != ""
	switch {
	case s.jobs < 1:
		return usage("--jobs must be at least 1")
	case s.diff && s.fix:
		return usage("--diff changes nothing; leave --fix out")
	case s.diff && writes:
		return usage("--diff writes no files")
	case !s.fix && writes:
		return usage("-o, --out-dir, --in-place and --changes need --fix")
	case !s.fix && !s.diff && s.unsafe:
		return usage("--unsafe-fixes needs --fix or --diff")
	case !s.fix && !s.diff && s.attest != "":
		return usage("--attest needs --fix or --diff")
	case to > 1:
		return usage("only one of -o, --out-dir, --in-place and --good/--bad")
	case (s.good == "") != (s.bad == ""):
		return usage("--good and --bad go together: no claim is to be lost")
	case s.good != "" && s.diff:
		return usage("--diff writes no files")
	case s.fix && to == 0 && len(paths) > 1:
		return usage("several files cannot be corrected to standard output").withHint("use --out-dir DIR or --in-place")
	case s.out != "" && len(paths) > 1:
		return usage("-o takes one file").withHint("use --out-dir DIR or --in-place")
	case s.inPlace && (len(paths) == 0 || slices.Contains(paths, "-")):
		return usage("standard input cannot be corrected in place")
	}
	return nil
}

// checkOutputs refuses to write over what is read, and to begin what cannot be
// written.
func (s *scrubber) checkOutputs(list []input) error {
	named := slices.DeleteFunc([]string{s.out, s.good, s.bad, s.changes, s.report}, func(t string) bool { return t == "" })
	for i, t := range named {
		for _, other := range named[i+1:] {
			if same(t, other) {
				return usage("%s is to be written twice", t)
			}
		}
		for _, read := range append(s.judging.files(), s.attest, s.ledger.location, s.ledger.keyFile()) {
			if read != "" && same(read, t) {
				return usage("%s would be written over: it is read", t)
			}
		}
	}
	corrected := map[string]bool{} // places of corrected files
	var targets []string
	for _, in := range list {
		to := s.target(in)
		if s.inPlace && in.piped {
			return usage("%s is no file and cannot be corrected in place", in.path).withHint("use -o or --out-dir")
		}
		if s.inPlace && in.compressed {
			return usage("%s is compressed and cannot be corrected in place", in.path).withHint("use -o or --out-dir")
		}
		for _, t := range named {
			if in.path != "" && same(in.path, t) {
				return usage("%s is input and output", t).withHint("--in-place corrects a file where it is")
			}
		}
		if s.outDir == "" && !s.inPlace {
			continue
		}
		if s.outDir != "" && in.path != "" && same(in.path, to) {
			return usage("%s is input and output", to).withHint("--in-place corrects a file where it is")
		}
		if slices.ContainsFunc(named, func(t string) bool { return same(t, to) }) {
			return usage("%s is to be written twice", to)
		}
		place := placeOf(to)
		if corrected[place] && s.inPlace {
			return usage("%s is named twice", to)
		} else if corrected[place] {
			return usage("two inputs would both become %s", to)
		}
		corrected[place] = true
		targets = append(targets, to)
	}
	if _, err := os.Stat(s.outDir); s.outDir != "" && err != nil {
		targets = nil // the directory is made when it is needed
	}
	return checkWritable(slices.Concat(named, targets))
}

// target is the file that the corrected form of an input goes to; "" for none or
// standard output.
func (s *scrubber) target(in input) string {
	switch {
	case s.out != "":
		return s.out
	case s.inPlace:
		return in.path
	case s.outDir != "":
		name := "stdin.837"
		if in.path != "" {
			name = filepath.Base(in.path)
		}
		if in.compressed {
			name = strings.TrimSuffix(strings.TrimSuffix(name, ".gz"), ".zst")
		}
		return filepath.Join(s.outDir, name)
	}
	return ""
}

// failed reports an input that cannot be read; the others go on.
func (s *scrubber) failed(err error) {
	fmt.Fprintf(s.stderr, "gaitkeeper scrub: %s\n", err)
	s.worst = max(s.worst, exitFailure)
	s.unreadable++
}

// manyFaults is how many syntax errors of a file are shown.
const manyFaults = 20

func (s *scrubber) fault(file string, e *edi.SyntaxError) {
	s.faults[file]++
	s.worst = max(s.worst, exitInput)
	s.cut[file] = s.cut[file] || e.Truncated()
	if s.faults[file] > manyFaults {
		return
	}
	s.dots.Clear()
	fmt.Fprintf(s.stderr, "%s: %s\n", file, e)
	if errors.Is(e, edi.ErrWrongSet) && strings.Contains(e.Detail, "835") {
		fmt.Fprintln(s.stderr, "hint: a remittance is no claim: gaitkeeper reconcile explains it")
	}
}

func (s *scrubber) run(ctx context.Context, list []input) (err error) {
	total := int64(0)
	for _, in := range list {
		if in.compressed {
			total = -1
			break
		}
		total += 2 * in.size // every input is read twice
	}
	s.dots = term.NewProgress(s.stderr, total, s.quiet)
	defer s.dots.Clear()
	s.runner.OnProgress = s.dots.Add

	if s.ledger.location != "" {
		defer func() { s.book.close() }()
		if err := s.openLedger(ctx, list); err != nil {
			return err
		}
	}
	readable := list[:0:0]
	for _, in := range list {
		if s.book != nil {
			s.book.survey(in)
		}
		counts, err := s.runner.Survey(ctx, in.Input)
		if n := s.faults[in.Name]; n > manyFaults {
			fmt.Fprintf(s.stderr, "%s: %s\n", in.Name, many(n-manyFaults, "more fault", "more faults"))
		}
		if err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			s.failed(named(in.Name, err))
			continue
		}
		if counts.Segments == 0 {
			s.unreadable++
			continue
		}
		readable = append(readable, in)
	}
	s.openReport()
	if s.changes != "" {
		s.changeLog = newChangeLog(s.output(s.changes))
	}
	if s.good != "" {
		s.split = newSplitter(s.good, s.bad)
		defer s.split.discard()
	}
	defer func() {
		for _, o := range s.outputs {
			o.discard()
		}
	}()
	if s.diff {
		s.diffs = render.NewDiff(s.stdout, term.StyleFor(s.color, s.stdout), s.showPHI)
	}
	for _, in := range readable {
		if err := s.scrub(ctx, in); err != nil {
			return s.stopped(ctx, named(in.Name, err))
		}
	}
	s.dots.Clear()
	if err := s.finish(ctx); err != nil {
		return s.stopped(ctx, err)
	}
	return s.verdict()
}

// output is a file that appears at the end of the run.
func (s *scrubber) output(path string) *output {
	o := create(path)
	s.outputs = append(s.outputs, o)
	return o
}

// stopped ends a run before its time. Files that were corrected before keep their
// part of the log.
func (s *scrubber) stopped(ctx context.Context, err error) error {
	s.dots.Clear()
	if s.changeLog != nil {
		err = errors.Join(err, s.changeLog.keep())
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if s.corrected == 0 {
		return err
	}
	f := &fault{code: exitFailure, err: plainPathError(err)}
	return f.withHint("files corrected before that: %d", s.corrected)
}

// named says which input an error is about, where it does not name a file itself.
func named(name string, err error) error {
	var p *fs.PathError
	if errors.As(err, &p) || strings.HasPrefix(err.Error(), name) {
		return plainPathError(err)
	}
	return fmt.Errorf("%s: %w", name, err)
}

// openReport opens what the findings go to. With corrected claims or a diff on
// standard output that is standard error.
func (s *scrubber) openReport() {
	w := s.stdout
	o := render.Options{
		ShowPHI: s.showPHI, Quiet: s.quiet, Fixing: s.runner.Fix, Hint: true, Rules: s.runner.Rules,
	}
	switch {
	case s.report != "":
		w = s.output(s.report)
	case s.diff, s.fix && s.out == "" && s.outDir == "" && !s.inPlace && s.good == "":
		w = s.stderr
	}
	o.Style = term.StyleFor(s.color, w)
	s.sink = render.New(s.format, w, o)
}

// scrub judges one input and writes its corrected form.
func (s *scrubber) scrub(ctx context.Context, in input) error {
	write := s.fix && s.good == ""
	s.runner.Fix = s.fix || s.diff
	if s.cut[in.Name] && (write || s.diff) {
		s.dots.Clear()
		fmt.Fprintf(s.stderr, "gaitkeeper scrub: %s is not whole: no corrected file is written\n", in.Name)
		write, s.runner.Fix = false, false
	}
	if s.book != nil {
		s.book.begin(s, in)
	}
	var copier *edi.Copier
	var out *output
	var digest hash.Hash
	if write {
		src, err := in.Open()
		if err != nil {
			return err
		}
		defer src.Close()
		var to io.Writer = s.stdout
		if target := s.target(in); target != "" {
			if s.outDir != "" {
				if err := os.MkdirAll(s.outDir, 0o700); err != nil {
					return plainPathError(err)
				}
			}
			if s.out != "" { // one file: it appears together with the others
				out = s.output(target)
			} else {
				out = create(target)
				defer out.discard()
			}
			to = out
		}
		if s.book != nil {
			digest = sha256.New()
			to = io.MultiWriter(to, digest)
		}
		copier = edi.NewCopier(to, src)
	}
	edits := 0
	err := s.runner.Scrub(ctx, in.Input, func(res *scrub.Result) error {
		edits += len(res.Edits)
		if s.book != nil {
			if err := s.book.add(ctx, s, res); err != nil {
				return err
			}
		}
		return s.take(res, copier)
	})
	switch {
	case err != nil || copier == nil:
	case s.inPlace && edits == 0:
		digest = nil
	default:
		err = copier.Close()
	}
	if err == nil && s.book != nil {
		err = s.book.end(ctx, digest)
	}
	if err != nil || out == nil || s.out != "" {
		return err
	}
	if s.inPlace && edits == 0 {
		return nil // it stays as it is, with its time
	}
	if err := out.commit(); err != nil {
		return err
	}
	s.corrected++
	if s.changeLog != nil {
		return s.changeLog.fileDone()
	}
	return nil
}

// take handles one result, in the order of the input.
func (s *scrubber) take(res *scrub.Result, copier *edi.Copier) error {
	if res.Claim != nil && res.Claim.Fault != nil {
		s.notWhole(res)
	}
	for i := range res.Findings {
		f := &res.Findings[i]
		s.found = s.found || !f.Fixed && f.Severity >= s.least
		if s.diff {
			continue
		}
		if err := s.sink.Finding(f); err != nil {
			return err
		}
	}
	if len(res.Edits) > 0 {
		s.differs = true
		if s.diffs != nil {
			if err := s.diffs.Result(res); err != nil {
				return err
			}
		}
		if s.changeLog != nil {
			if err := s.changeLog.add(res); err != nil {
				return err
			}
		}
		if copier != nil {
			for _, e := range res.Edits {
				if err := copier.Edit(e); err != nil {
					return err
				}
			}
		}
	}
	if s.split != nil && res.Claim != nil {
		return s.split.add(res, s.least)
	}
	return nil
}

// notWhole names a claim that is not judged.
func (s *scrubber) notWhole(res *scrub.Result) {
	s.lost[res.File]++
	if s.lost[res.File] > manyFaults {
		return
	}
	s.dots.Clear()
	clm := res.Claim.Segment(0)
	fmt.Fprintf(s.stderr, "%s: %s: claim %q is not whole and was not judged\n", res.File, clm.Pos(), res.Claim.ID())
}

// finish writes the summary and makes the files appear.
func (s *scrubber) finish(ctx context.Context) error {
	if s.diff {
		if err := s.diffs.Close(); err != nil {
			return err
		}
		if !s.quiet {
			fmt.Fprintf(s.stderr, "Would fix %d of %d findings.\n", s.runner.Summary.Fixed, sum(s.runner.Summary.Findings[:]))
		}
	} else if err := s.sink.Close(s.summary()); err != nil {
		return err
	}
	files := s.outputs
	if s.split != nil {
		parts, err := s.split.close()
		if err != nil {
			return err
		}
		files = append(files, parts...)
	}
	for _, o := range files {
		if err := o.complete(); err != nil {
			return err
		}
	}
	if s.book != nil {
		// Before the files appear: what is on its way is known, and a run that ends here
		// can be repeated.
		if err := s.book.commit(ctx, s); err != nil {
			return err
		}
	}
	if err := commitAll(files...); err != nil {
		return err
	}
	if s.split != nil {
		if err := s.split.removeStale(); err != nil {
			return err
		}
		if !s.quiet {
			s.split.tell(s.stderr)
		}
	}
	if log := s.runner.Data.Log; log != nil && log.Unmatched() > 0 && !s.quiet {
		fmt.Fprintf(s.stderr, "gaitkeeper scrub: %s: not in the input: %s\n", s.minutes, many(log.Unmatched(), "claim of the treatment log", "claims of the treatment log"))
	}
	if p := s.runner.Data.Plan; p != nil && !s.quiet {
		if n := p.Unmatched(); n > 0 {
			fmt.Fprintf(s.stderr, "gaitkeeper scrub: %s: not in the input: %s\n", s.plan, many(n, "claim of the plans of care", "claims of the plans of care"))
		}
		if n := p.Lacking(); n > 0 {
			fmt.Fprintf(s.stderr, "gaitkeeper scrub: %s: CV107 not checked for %s: the plans of care do not have them\n", s.plan, many(n, "claim", "claims"))
		}
	}
	if a := s.runner.Attest; a != nil && !s.quiet {
		for _, name := range a.Unused() {
			fmt.Fprintf(s.stderr, "gaitkeeper scrub: %s: not used: %s: no such finding, or a value that its fix does not take\n", s.attest, name)
		}
	}
	return nil
}

// verdict is the exit code of a run that came to its end.
func (s *scrubber) verdict() error {
	code := s.worst
	if code == exitClean && (s.found && !s.diff || s.diff && s.differs) {
		code = exitFindings
	}
	if code != exitClean {
		return silent(code)
	}
	return nil
}

func many(n int, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, more)
}

func sum(list []int) (n int) {
	for _, k := range list {
		n += k
	}
	return n
}

// summary is the end of the run for the report.
func (s *scrubber) summary() *render.Summary {
	n := &s.runner.Summary
	out := &render.Summary{
		Type: "summary", Schema: "gaitkeeper/1",
		Files: n.Files, Interchanges: n.Interchanges, Segments: n.Segments, Claims: n.Claims, Unread: n.Unread, Lines: n.Lines,
		Findings: map[string]int{}, Fixable: map[string]int{}, Fixed: n.Fixed, Bytes: n.Bytes,
		RulesVersion: rules.Version, Rules: len(s.runner.Rules), NotChecked: notChecked(s.runner), Data: []render.Dataset{},
	}
	if s.runner.Guide != nil {
		out.NotChecked = append(out.NotChecked, s.guideOptions.notChecked(s.runner.Guide)...)
	}
	for v := scrub.Info; v <= scrub.Error; v++ {
		out.Findings[v.String()] = n.Findings[v]
	}
	for v := scrub.Attest; v <= scrub.Safe; v++ {
		out.Fixable[v.String()] = n.Fixable[v]
	}
	for _, k := range s.faults {
		out.Faults += k
	}
	out.Unreadable, out.Config = s.unreadable, s.configName
	if s.book != nil {
		out.Ledger = &s.book.summary
	}
	if p := s.runner.Policy; p != nil {
		for i := range p.Suppressed {
			if k := &p.Suppressed[i]; k.Count > 0 {
				out.Suppressed = append(out.Suppressed, render.Suppressed{Place: k.Place, Reason: k.Reason, Until: k.Until.String(), Findings: k.Count})
			}
		}
	}
	for _, d := range s.reference.datasets() {
		out.Data = append(out.Data, render.Dataset{Name: d.Name, AsOf: day(d.AsOf), From: day(d.From), To: day(d.To), Source: d.Source})
	}
	return out
}

// day is a date of a table; "" where it is open.
func day(d int32) string {
	if d == 0 || d == ncci.Open {
		return ""
	}
	return edi.Date(d).String()
}
