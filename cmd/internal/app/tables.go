package app

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/gaitkeeper/gaitkeeper/cmd/internal/datadir"
	"github.com/gaitkeeper/gaitkeeper/scrub/ncci"
	"github.com/gaitkeeper/gaitkeeper/scrub/ncci/cms"
	"github.com/gaitkeeper/gaitkeeper/scrub/therapy"
)

// tableOptions are the flags that say where reference tables come from.
type tableOptions struct {
	ptp, mue fileList
	dataDir  string
}

const references = "REFERENCE DATA"

func dataDirFlag(to *string) cli.Flag {
	return &cli.StringFlag{Name: "data-dir", Usage: "`DIR` of imported reference data (default: $" + datadir.Variable + ", or the user's data directory)", Destination: to, Category: references}
}

func (o *tableOptions) flags() []cli.Flag {
	return []cli.Flag{
		&cli.GenericFlag{Name: "ptp", Usage: "NCCI PTP edits as CMS publishes them, `FILE` (txt, xlsx, zip); may be given several times", Value: &o.ptp, Category: references},
		&cli.GenericFlag{Name: "mue", Usage: "MUE values as CMS publishes them, `FILE` (csv, xlsx, zip); may be given several times", Value: &o.mue, Category: references},
		dataDirFlag(&o.dataDir),
	}
}

// referenceTables are what claims are checked against.
type referenceTables struct {
	*ncci.Tables
	Medicaid *ncci.Tables // for claims of Medicaid; nil where it has no tables of its own
	warnings []string
}

// load joins the built-in tables with those of the data directory and of --ptp and
// --mue, which come first.
func (o *tableOptions) load(ctx context.Context, env *environment) (*referenceTables, error) {
	out := &referenceTables{Tables: ncci.Default()}
	var list []held
	for _, f := range []struct {
		flag  string
		paths []string
		kind  ncci.Kind
	}{{"--ptp", o.ptp, ncci.Pairs}, {"--mue", o.mue, ncci.Limits}} {
		if len(f.paths) == 0 {
			continue
		}
		given, warnings, err := readGiven(ctx, env, f.flag, f.paths, f.kind)
		if err != nil {
			return nil, err
		}
		list, out.warnings = append(list, given...), append(out.warnings, warnings...)
	}
	dir, err := openDataDir(o.dataDir)
	if err != nil {
		return nil, err
	}
	kept, err := loadKept(dir)
	if err != nil {
		return nil, err
	}
	list = append(list, kept...)
	medicare, medicaid := publicationsOf(list, cms.Medicare), publicationsOf(list, cms.Medicaid)
	out.Tables = ncci.Join(ncci.Default(), medicare...)
	if len(medicaid) > 0 {
		// Medicare's answer where Medicaid's own are not there.
		own := slices.Clone(medicaid)
		for _, p := range medicare {
			if p.Kind == ncci.Pairs || !slices.ContainsFunc(own, func(o *ncci.Publication) bool { return o.Kind == p.Kind }) {
				medicaid = append(medicaid, p)
			}
		}
		out.Medicaid = ncci.Join(ncci.Default(), medicaid...)
	}
	for _, program := range []cms.Program{cms.Medicare, cms.Medicaid} {
		for _, h := range list {
			if h.publication.Kind == ncci.Pairs && h.Program == program {
				out.warnings = append(out.warnings, missingParts(h.Manifest)...)
				break // the first one answers before the others
			}
		}
	}
	return out, nil
}

// tell prints what the user should know of the tables.
func (t *referenceTables) tell(w io.Writer, name string) {
	for _, s := range t.warnings {
		fmt.Fprintf(w, "%s: %s\n", name, s)
	}
}

// datasets are what the tables were made of, each once.
func (t *referenceTables) datasets() []ncci.Dataset {
	list := t.Datasets()
	if t.Medicaid != nil {
		for _, d := range t.Medicaid.Datasets() {
			if !slices.ContainsFunc(list, func(o ncci.Dataset) bool { return o.Name == d.Name }) {
				list = append(list, d)
			}
		}
	}
	return list
}

// held is a publication that was read.
type held struct {
	*datadir.Manifest
	publication *ncci.Publication
}

func publicationsOf(list []held, program cms.Program) (out []*ncci.Publication) {
	for _, h := range list {
		if h.Program == program {
			out = append(out, h.publication)
		}
	}
	return out
}

func openDataDir(path string) (*datadir.Dir, error) {
	if path == "" {
		var err error
		if path, err = datadir.Default(); err != nil {
			return nil, err
		}
	}
	return datadir.Open(path), nil
}

// loadKept reads what the directory holds, the newest first, without PTP tables to
// which newer ones leave nothing.
func loadKept(dir *datadir.Dir) (list []held, err error) {
	names, err := dir.Names()
	if err != nil {
		return nil, plainPathError(err)
	}
	var manifests []*datadir.Manifest
	for _, name := range names {
		m, err := dir.Manifest(name)
		if err != nil {
			return nil, damaged(err)
		}
		manifests = append(manifests, m)
	}
	slices.SortStableFunc(manifests, func(a, b *datadir.Manifest) int { return int(b.Effective) - int(a.Effective) })
	for _, m := range manifests {
		if slices.ContainsFunc(list, func(h held) bool { return h.Supersedes(m) }) {
			continue
		}
		m, p, err := dir.Load(m.Name)
		if err != nil {
			return nil, damaged(err)
		}
		list = append(list, held{m, p})
	}
	return list, nil
}

// damaged says what to do about a file that cannot be read back.
func damaged(err error) error {
	var d *datadir.DamagedError
	if errors.As(err, &d) {
		return (&fault{code: exitFailure, err: err}).withHint("gaitkeeper data remove %s takes it away; then import it again", d.Name)
	}
	return plainPathError(err)
}

// readGiven reads the files of a flag.
func readGiven(ctx context.Context, env *environment, flag string, paths []string, kind ncci.Kind) (list []held, warnings []string, err error) {
	in, err := readTables(ctx, env, paths, cms.Options{Keep: ncci.Concerns})
	if err != nil {
		var f *fault
		if errors.As(err, &f) && f.code == exitInput {
			f.code = exitUsage // what is read beside the claims is configuration
		}
		return nil, nil, err
	}
	groups := map[string][]datadir.Addition{}
	var names []string
	for _, a := range in.additions {
		if a.Kind != kind {
			continue
		}
		if err := a.Err(); err != nil {
			return nil, nil, usage("%s", err)
		}
		if a.Malformed > 0 {
			warnings = append(warnings, unreadableRows(a.Table))
		}
		if a.Effective == 0 {
			return nil, nil, usage("%s: neither its name nor its rows tell from which day on it applies", a.File).
				withHint("gaitkeeper data import --effective YYYY-MM-DD FILE")
		}
		name := datadir.NameOf(a.Table)
		if groups[name] == nil {
			names = append(names, name)
		}
		groups[name] = append(groups[name], a.Addition)
	}
	for i, path := range paths {
		if !slices.ContainsFunc(in.additions, func(a source) bool { return a.number == i && a.Kind == kind }) {
			return nil, nil, in.without(i, path, flag, kind)
		}
	}
	for _, name := range names {
		m, p := datadir.Publication(groups[name], datadir.Options{})
		list = append(list, held{m, p})
	}
	slices.SortStableFunc(list, func(a, b held) int { return int(b.Effective) - int(a.Effective) })
	return list, warnings, nil
}

// source is a table, and which of the files it stands in.
type source struct {
	datadir.Addition
	number int
}

// tablesRead is what files of CMS hold.
type tablesRead struct {
	additions []source
	skipped   []cms.Skipped
}

// readTables reads files of CMS. What they hold is not looked at.
func readTables(ctx context.Context, env *environment, paths []string, o cms.Options) (*tablesRead, error) {
	if i := slices.Index(paths, "-"); i >= 0 && slices.Contains(paths[i+1:], "-") {
		return nil, usage("standard input can be read only once")
	}
	var list []cms.Source
	var sums []string
	for _, path := range paths {
		s, done, err := openSource(env, path)
		if err != nil {
			return nil, err
		}
		defer done()
		sum := sha256.New()
		if _, err := io.Copy(sum, io.NewSectionReader(s.ReaderAt, 0, s.Size)); err != nil {
			return nil, fmt.Errorf("%s: %w", path, cause(err))
		}
		list, sums = append(list, s), append(sums, hex.EncodeToString(sum.Sum(nil)))
	}
	o.Jobs = runtime.GOMAXPROCS(0)
	res, err := cms.Read(ctx, list, o)
	var onDisk *fs.PathError
	switch {
	case err == nil:
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.As(err, &onDisk):
		return nil, plainPathError(err)
	default:
		return nil, &fault{code: exitInput, err: err}
	}
	out := &tablesRead{skipped: res.Skipped}
	for i, t := range res.Tables {
		out.additions = append(out.additions, source{datadir.Addition{Table: t, SHA256: sums[res.Sources[i]]}, res.Sources[i]})
	}
	return out, nil
}

// openSource opens a file; what is none, such as a pipe, is read into memory.
func openSource(env *environment, path string) (s cms.Source, done func(), err error) {
	in := env.stdin
	if path != "-" {
		info, err := os.Stat(path)
		if err != nil {
			return s, nil, plainPathError(err)
		}
		if info.IsDir() {
			return s, nil, fmt.Errorf("%s: is a directory", path)
		}
		f, err := os.Open(path)
		if err != nil {
			return s, nil, plainPathError(err)
		}
		if info.Mode().IsRegular() {
			return cms.Source{Name: path, ReaderAt: f, Size: info.Size()}, func() { f.Close() }, nil
		}
		defer f.Close()
		in = f
	}
	b, err := io.ReadAll(in)
	if err != nil {
		return s, nil, fmt.Errorf("%s: %w", path, cause(err))
	}
	return cms.Source{Name: path, ReaderAt: bytes.NewReader(b), Size: int64(len(b))}, func() {}, nil
}

// without says that a file does not hold what it was given for.
func (r *tablesRead) without(number int, path, flag string, kind ncci.Kind) *fault {
	for _, a := range r.additions {
		if a.number == number {
			return usage("%s holds no %s table, but one of %s", path, kind, a.Kind).withHint("%s takes %s", flag, kind)
		}
	}
	return usage("%s: %s", path, r.whyNone(number))
}

// whyNone says why there is no table in a file.
func (r *tablesRead) whyNone(number int) string {
	var list []string
	for _, s := range r.skipped {
		if s.Source == number {
			list = append(list, s.Why)
		}
	}
	slices.Sort(list)
	list = slices.Compact(list)
	if len(list) == 0 {
		return "an archive with nothing in it"
	}
	return strings.Join(list, "; ")
}

// unreadableRows says which rows of a table could not be read.
func unreadableRows(t *cms.Table) string {
	return fmt.Sprintf("%s: left out %s of %d that cannot be read: %s", t.File, many(t.Malformed, "row", "rows"), t.Malformed+t.Read, t.Flaws())
}

// missingParts names the parts that a PTP table lacks and that hold therapy codes.
func missingParts(m *datadir.Manifest) (list []string) {
	if m.Kind != ncci.Pairs.String() {
		return nil
	}
	for _, g := range ncci.Gaps(m.PTPParts()) {
		var names []string
		for _, n := range g.Numbers {
			names = append(names, fmt.Sprintf("f%d", n))
		}
		what := "a part is"
		switch len(names) {
		case 0:
		case 1:
			what = "part " + names[0] + " is"
		default:
			what = "parts " + strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1] + " are"
		}
		var where string
		switch {
		case g.After == 0 && g.Before == 0:
			where = "all codes of column 1"
		case g.After == 0:
			where = "column 1 before " + g.Before.String()
		case g.Before == 0:
			where = "column 1 after " + g.After.String()
		default:
			where = "column 1 between " + g.After.String() + " and " + g.Before.String()
		}
		list = append(list, fmt.Sprintf("%s: %s missing: %s, with %s; older data answer for them",
			m.Name, what, where, therapyCodes(g.Codes)))
	}
	return list
}

// therapyCodes names therapy codes: a few, the most usual first.
func therapyCodes(list []ncci.Code) string {
	const most = 3
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b ncci.Code) int { return rank(a) - rank(b) })
	var names []string
	for _, c := range list[:min(most, len(list))] {
		names = append(names, c.String())
	}
	s := strings.Join(names, ", ")
	if more := len(list) - most; more > 0 {
		s += fmt.Sprintf(" and %d more therapy codes", more)
	}
	return s
}

// rank is lower for codes of everyday one-on-one therapy.
func rank(c ncci.Code) int {
	if p := therapy.Lookup(c); p != nil && p.Kind == therapy.Always {
		if p.Pool {
			return 0
		}
		return 1
	}
	return 2
}
