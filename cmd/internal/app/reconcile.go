package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/gaitkeeper/gaitkeeper/cmd/internal/render"
	documents "github.com/gaitkeeper/gaitkeeper/cmd/internal/report"
	"github.com/gaitkeeper/gaitkeeper/cmd/internal/term"
	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/remit"
	"github.com/gaitkeeper/gaitkeeper/remit/codes"
	"github.com/gaitkeeper/gaitkeeper/scrub/rules"
)

// remitFormats are the formats of --format: streams, and the two documents.
var remitFormats = append(slices.Clone(render.RemitFormats), "xlsx", "html")

// reconcileOptions are the flags of reconcile.
type reconcileOptions struct {
	claims    fileList
	recursive bool
	ledger    ledgerOptions

	judging

	format, by, report, color string
	worklist                  string
	failOn                    string
	quiet, showPHI            bool
	jobs                      int
}

// fileList is a flag that may be given several times. Commas are part of a name.
type fileList []string

func (l *fileList) Set(s string) error {
	*l = append(*l, s)
	return nil
}

func (l *fileList) String() string { return strings.Join(*l, " ") }

const (
	answered   = "CLAIMS"
	prediction = "PREDICTION"
)

// failures are what reconcile can exit with 1 for.
var failures = []string{"any", "denial", "imbalance", "unmatched", "never"}

func newReconcile(env *environment) *cli.Command {
	o := &reconcileOptions{}
	var dimensions []string
	for _, d := range remit.Dimensions {
		dimensions = append(dimensions, string(d))
	}
	return &cli.Command{
		Name: "reconcile", Aliases: []string{"remit"}, Usage: "explain 835 remittances, and match them with the claims they answer",
		ArgsUsage: "[ERA...|-]",
		Description: "Examples:\n" +
			"   gaitkeeper reconcile era.835 --claims batch.837      what was paid, denied, why, what to do\n" +
			"   gaitkeeper reconcile eras/ --claims sent/ --recursive\n" +
			"   gaitkeeper reconcile era.835                         without claims: explain and balance\n" +
			"   gaitkeeper reconcile era.835 --ledger ledger.db      with all that was ever sent\n" +
			"   gaitkeeper reconcile eras/ --claims sent/ --format csv > adjustments.csv\n\n" +
			"Every dollar of a claim is paid, the patient's, contractual, denied or unexplained, and\n" +
			"they sum to its charge. A payment that stands in two files counts once, reversals take\n" +
			"back what they reverse, and no amount is altered to make a sum come out. Each match\n" +
			"says which key made it. A denial names the rule of scrub that finds its cause, where\n" +
			"its claims file is given.\n\n" +
			"With --ledger answers are recorded: what Medicare allowed is known to scrub --ledger,\n" +
			"and a claim that was answered before does not wait for an answer any more. A payment\n" +
			"is recorded once, however often its file is read.",
		Flags: append(append(o.judging.flags(prediction), o.ledger.flags(answered)...), []cli.Flag{
			&cli.GenericFlag{Name: "claims", Usage: "837P `FILE` or folder that was sent; may be given several times", Value: &o.claims, Category: answered},
			&cli.BoolFlag{Name: "recursive", Aliases: []string{"r"}, Usage: "folders with their folders", Destination: &o.recursive, Category: answered},

			&cli.StringFlag{Name: "format", Value: "text", Usage: "`FORMAT`: " + strings.Join(remitFormats, ", "), Destination: &o.format, Category: reporting},
			&cli.StringFlag{Name: "by", Value: "payer", Usage: "denials by `WHAT`: " + strings.Join(dimensions, ", "), Destination: &o.by, Category: reporting},
			&cli.StringFlag{Name: "report", Usage: "write the report to `FILE`", Destination: &o.report, Category: reporting},
			&cli.StringFlag{Name: "worklist", Usage: "write what is to be done to `FILE`, .csv or .xlsx: a row a denied or underpaid line, most recoverable dollars first", Destination: &o.worklist, Category: reporting},
			&cli.StringFlag{Name: "fail-on", Value: "any", Usage: "exit 1 for `WHAT`: " + strings.Join(failures, ", "), Destination: &o.failOn, Category: reporting},
			&cli.BoolFlag{Name: "show-phi", Usage: "do not mask references that identify a person", Destination: &o.showPHI, Category: reporting},
			&cli.StringFlag{Name: "color", Value: "auto", Usage: "`WHEN` to use color: auto, always, never", Destination: &o.color, Category: reporting},
			&cli.BoolFlag{Name: "quiet", Aliases: []string{"q"}, Usage: "no progress and no notes", Destination: &o.quiet, Category: reporting},
			&cli.IntFlag{Name: "jobs", Aliases: []string{"j"}, Value: runtime.GOMAXPROCS(0), Usage: "judge claims in `N` goroutines; the result is the same", Destination: &o.jobs, Category: reporting},
		}...),
		Action: func(c *cli.Context) error { return runReconcile(c.Context, env, o, c.Args().Slice()) },
	}
}

// reconciler is one run of the command.
type reconciler struct {
	*environment
	*reconcileOptions
	run        *remit.Run
	basis      *basis
	faults     map[string]int
	total      int // syntax errors
	worst      int
	unreadable int
	claimFiles int
	book       *remitLedger // nil without --ledger
	dots       *term.Progress
}

func runReconcile(ctx context.Context, env *environment, o *reconcileOptions, paths []string) error {
	r := &reconciler{environment: env, reconcileOptions: o, faults: map[string]int{}}
	if err := r.check(ctx); err != nil {
		return err
	}
	eras, closeEras, err := r.open(ctx, paths, kind835)
	defer closeEras()
	if err != nil {
		return err
	}
	var claims []input
	if len(o.claims) > 0 {
		list, closeClaims, err := r.open(ctx, o.claims, kind837)
		defer closeClaims()
		if err != nil {
			return err
		}
		claims = list
	}
	if len(eras) == 0 || len(o.claims) > 0 && len(claims) == 0 {
		return silent(r.worst)
	}
	return r.reconcile(ctx, eras, claims)
}

// check says everything that can be wrong with flags before a file is read.
func (r *reconciler) check(ctx context.Context) (err error) {
	var dimensions []string
	for _, d := range remit.Dimensions {
		dimensions = append(dimensions, string(d))
	}
	if err := errors.Join(
		oneOf("format", r.format, remitFormats), oneOf("by", r.by, dimensions),
		oneOf("fail-on", r.failOn, failures), oneOf("color", r.color, []string{"auto", "always", "never"}),
	); err != nil {
		return err
	}
	switch {
	case r.jobs < 1:
		return usage("--jobs must be at least 1")
	case r.report == "-" || r.worklist == "-":
		return usage("--report and --worklist need a name: standard output is taken")
	case r.report != "" && r.worklist != "" && same(r.report, r.worklist):
		return usage("%s is to be written twice", r.report)
	case r.ledgerWritten() != "":
		return usage("%s would be written over: it is the ledger's", r.ledgerWritten())
	case len(r.claims) == 0 && r.judging.given():
		return usage("--profile, --minutes, --ytd, --plan, --ptp and --mue need --claims: they judge claims")
	}
	r.basis, err = r.judging.read(ctx, r.environment, "reconcile", r.quiet)
	return err
}

// ledgerWritten is an output that is the ledger or its key; "" for none.
func (r *reconciler) ledgerWritten() string {
	for _, out := range []string{r.report, r.worklist} {
		if out != "" && r.ledger.location != "" && (same(out, r.ledger.location) || same(out, r.ledger.keyFile())) {
			return out
		}
	}
	return ""
}

// reconcile reads the claims, then the remittances twice, and reports.
func (r *reconciler) reconcile(ctx context.Context, eras, claims []input) error {
	size := int64(0)
	for _, in := range slices.Concat(eras, eras, claims) {
		if in.compressed {
			size = -1
			break
		}
		size += in.size
	}
	r.dots = term.NewProgress(r.stderr, size, r.quiet)
	defer r.dots.Clear()

	index := new(remit.Index)
	var err error
	if r.book, err = r.openLedger(ctx); err != nil {
		return err
	}
	defer r.book.close()
	if r.book != nil {
		index.Identify = r.book.identify
	}
	r.run = &remit.Run{Claims: index, OnFault: r.fault}
	var read []sentFile
	for _, in := range claims {
		number := len(index.Files)
		if err := r.readClaims(index, in); err != nil {
			r.failed(named(in.Name, err))
			continue
		}
		read = append(read, sentFile{in, number})
	}
	r.claimFiles = len(read)
	if r.book != nil {
		if err := r.book.fill(index, read); err != nil {
			return err
		}
		r.book.remittances(eras)
	}
	for _, in := range eras {
		_, err := r.run.Survey(ctx, remit.Source{Name: in.Name, Open: r.counted(in)})
		if ctx.Err() != nil {
			return ctx.Err()
		} else if err != nil {
			r.failed(named(in.Name, err))
		}
		r.moreFaults(in.Name)
	}
	r.run.Settle()
	if err := r.foresee(ctx, index, read); err != nil {
		return err
	}
	return r.tell(ctx, index)
}

// sentFile is a file of claims, with its number in the index.
type sentFile struct {
	input
	number int
}

func (r *reconciler) readClaims(index *remit.Index, in input) error {
	src, err := r.counted(in)()
	if err != nil {
		return err
	}
	defer src.Close()
	_, err = index.Read(in.Name, src, func(e *edi.SyntaxError) { r.fault(in.Name, e) })
	r.moreFaults(in.Name)
	return err
}

// moreFaults says how many faults of a file were not shown.
func (r *reconciler) moreFaults(file string) {
	if n := r.faults[file]; n > manyFaults {
		r.dots.Clear()
		fmt.Fprintf(r.stderr, "%s: %s\n", file, many(n-manyFaults, "more fault", "more faults"))
	}
}

// counted opens an input whose bytes move the progress bar.
func (r *reconciler) counted(in input) func() (io.ReadCloser, error) {
	return func() (io.ReadCloser, error) {
		src, err := in.Open()
		if err != nil {
			return nil, err
		}
		return &counter{src, r.dots}, nil
	}
}

type counter struct {
	io.ReadCloser
	dots *term.Progress
}

func (c *counter) Read(b []byte) (int, error) {
	n, err := c.ReadCloser.Read(b)
	c.dots.Add(int64(n))
	return n, err
}

// tell writes the report.
func (r *reconciler) tell(ctx context.Context, index *remit.Index) error {
	var w io.Writer = r.stdout
	var outputs []*output
	file := func(path string) *output {
		out := create(path)
		outputs = append(outputs, out)
		return out
	}
	defer func() {
		for _, out := range outputs {
			out.discard()
		}
	}()
	if r.report != "" {
		w = file(r.report)
	}
	sinks := render.RemitTee{r.sink(w)}
	if r.worklist != "" {
		sinks = append(sinks, documents.NewWorklist(file(r.worklist), worklistFormat(r.worklist)))
	}
	v := &remitVisitor{index: index, showPHI: r.showPHI, sink: sinks, book: r.book}
	if err := r.run.Report(ctx, v); err != nil {
		return err
	}
	r.dots.Clear()
	s := render.NewRemitSummary(r.run.Summary(), r.by)
	s.ClaimFiles, s.Faults, s.Unreadable, s.RulesVersion = r.claimFiles, r.total, r.unreadable, rules.Version
	s.CodesAsOf = codes.Builtin().Version(codes.ListCARC).AsOf.String()
	if r.claimFiles > 0 {
		s.NotChecked = notChecked(r.basis.runner(predicting(r.basis.catalogue), r.jobs))
	}
	if err := v.sink.Close(s); err != nil {
		return err
	}
	if err := commitAll(outputs...); err != nil {
		return err
	}
	if r.book != nil {
		if err := r.book.commit(r); err != nil {
			return err
		}
	}
	return r.verdict(r.run.Summary())
}

// sink is what the format writes.
func (r *reconciler) sink(w io.Writer) render.RemitSink {
	switch r.format {
	case "html":
		return documents.NewHTML(w, "Remittances", "")
	case "xlsx":
		return documents.NewXLSX(w)
	}
	return render.NewRemit(r.format, w, render.Options{
		Style: term.StyleFor(r.color, w), ShowPHI: r.showPHI, Quiet: r.quiet,
	})
}

// worklistFormat is the format that the name of the file asks for.
func worklistFormat(path string) string {
	if strings.EqualFold(filepath.Ext(path), ".xlsx") {
		return "xlsx"
	}
	return "csv"
}

// verdict is the exit code.
func (r *reconciler) verdict(s *remit.Summary) error {
	found := map[string]bool{
		"denial":    s.DeniedLines > 0,
		"imbalance": s.Unbalanced+s.OutOfBalance > 0,
		"unmatched": s.Unmatched+s.LinesUnmatched > 0,
	}
	found["any"] = found["denial"] || found["imbalance"] || found["unmatched"]
	code := r.worst
	if code == exitClean && found[r.failOn] {
		code = exitFindings
	}
	if code != exitClean {
		return silent(code)
	}
	return nil
}

// remitVisitor hands results to a sink.
type remitVisitor struct {
	sink    render.RemitSink
	index   *remit.Index
	showPHI bool
	book    *remitLedger // nil where nothing is recorded
}

func (v *remitVisitor) Payment(p *remit.Payment) error {
	if v.book != nil {
		if err := v.book.begin(p); err != nil {
			return err
		}
	}
	return v.sink.Payment(render.NewRemitPayment(p))
}

func (v *remitVisitor) Claim(c *remit.Claim) error {
	if v.book != nil {
		if err := v.book.answer(c); err != nil {
			return err
		}
	}
	return v.sink.Claim(render.NewRemitClaim(c, v.showPHI))
}

func (v *remitVisitor) Unmatched(u *remit.Unmatched) error {
	return v.sink.Unmatched(render.NewRemitUnmatched(u, v.index))
}

// failed reports an input that cannot be read; the others go on.
func (r *reconciler) failed(err error) {
	r.dots.Clear()
	fmt.Fprintf(r.stderr, "gaitkeeper reconcile: %s\n", err)
	r.worst = max(r.worst, exitFailure)
	r.unreadable++
}

func (r *reconciler) fault(file string, e *edi.SyntaxError) {
	r.faults[file]++
	r.total++
	r.worst = max(r.worst, exitInput)
	if r.faults[file] > manyFaults {
		return
	}
	r.dots.Clear()
	fmt.Fprintf(r.stderr, "%s: %s\n", file, e)
}
