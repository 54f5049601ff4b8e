package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/gaitkeeper/gaitkeeper/cmd/internal/datadir"
	"github.com/gaitkeeper/gaitkeeper/cmd/internal/render"
	"github.com/gaitkeeper/gaitkeeper/cmd/internal/term"
	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/scrub/ncci"
	"github.com/gaitkeeper/gaitkeeper/scrub/ncci/cms"
)

// dataOptions are the flags of data.
type dataOptions struct {
	dir               string
	allCodes, dryRun  bool
	effective, format string
}

// dataActions are what data can do, and which flags each takes beside --data-dir.
var dataActions = []struct {
	name  string
	flags []string
	run   func(context.Context, *environment, *dataOptions, *datadir.Dir, []string) error
}{
	{"import", []string{"all-codes", "dry-run", "effective"}, importData},
	{"list", []string{"format"}, listData},
	{"verify", nil, verifyData},
	{"remove", nil, removeData},
}

const importing = "IMPORT"

func newData(env *environment) *cli.Command {
	o := &dataOptions{}
	var names []string
	for _, a := range dataActions {
		names = append(names, a.name)
	}
	return &cli.Command{
		Name: "data", Usage: "keep reference data of CMS: NCCI edits, MUEs, add-on codes, fee schedule",
		ArgsUsage: strings.Join(names, "|"),
		Description: "Examples:\n" +
			"   gaitkeeper data import *practitioner-ptp-edits*.zip MCR_MUE_Practitioner*.csv\n" +
			"   gaitkeeper data import --effective 2026-10-01 mue.csv   where no name tells the day\n" +
			"   gaitkeeper data list                                    what is kept\n" +
			"   gaitkeeper data verify                                  whether it is as it was written\n" +
			"   gaitkeeper data remove ptp-2026q3                       take a publication away\n\n" +
			"Reads what CMS publishes each quarter, as it is downloaded: PTP edits of practitioners\n" +
			"(txt or xlsx, parts f1 to f4, of Medicaid too), MUE values (csv, xlsx), the add-on code\n" +
			"table (txt, xlsx) and the relative value file PPRRVU (csv, xlsx); packed as zip or gzip.\n" +
			"What a file is follows from its content. Rows with a therapy code are kept, without\n" +
			"descriptions; --all-codes keeps the others too. Parts may come one by one, and older\n" +
			"quarters stay: the date of service picks the row.",
		Flags: []cli.Flag{
			dataDirFlag(&o.dir),
			&cli.BoolFlag{Name: "all-codes", Usage: "keep the rows of every code, not only those with a therapy code", Destination: &o.allCodes, Category: importing},
			&cli.BoolFlag{Name: "dry-run", Usage: "say what would be kept, and keep nothing", Destination: &o.dryRun, Category: importing},
			&cli.StringFlag{Name: "effective", Usage: "first `DATE` on which the files apply, YYYY-MM-DD (default: as their names or rows say)", Destination: &o.effective, Category: importing},
			&cli.StringFlag{Name: "format", Value: "text", Usage: "`FORMAT` of the list: text, json", Destination: &o.format, Category: reporting},
		},
		Action: func(c *cli.Context) error { return runData(c, env, o) },
	}
}

func runData(c *cli.Context, env *environment, o *dataOptions) error {
	var names []string
	for _, a := range dataActions {
		names = append(names, a.name)
	}
	if !c.Args().Present() {
		return usage("data needs to be told what to do").withHint("one of %s", strings.Join(names, ", "))
	}
	for _, a := range dataActions {
		if a.name != c.Args().First() {
			continue
		}
		for _, f := range c.Command.Flags {
			if name := f.Names()[0]; c.IsSet(name) && name != "data-dir" && name != "help" && !slices.Contains(a.flags, name) {
				return usage("--%s has no meaning for data %s", name, a.name)
			}
		}
		dir, err := openDataDir(o.dir)
		if err != nil {
			return err
		}
		return a.run(c.Context, env, o, dir, c.Args().Tail())
	}
	return usage("data cannot %q", c.Args().First()).withHint("it can %s", strings.Join(names, ", "))
}

func importData(ctx context.Context, env *environment, o *dataOptions, dir *datadir.Dir, paths []string) error {
	if len(paths) == 0 {
		return usage("no file given").withHint("gaitkeeper data import FILE...")
	}
	read := cms.Options{Keep: ncci.Concerns}
	if o.allCodes {
		read.Keep = nil
	}
	if o.effective != "" {
		d, err := time.Parse(time.DateOnly, o.effective)
		if err != nil {
			return usage("--effective %q is no date such as 2026-10-01", o.effective)
		}
		read.Effective = ncci.Day(d)
	}
	in, err := readTables(ctx, env, paths, read)
	if err != nil {
		return err
	}
	if err := in.check(env, paths, o); err != nil {
		return err
	}
	var list []datadir.Addition
	for _, a := range in.additions {
		list = append(list, a.Addition)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	changes, err := dir.Add(list, datadir.Options{All: o.allCodes, Now: time.Now(), NoChange: o.dryRun})
	if err != nil {
		return damaged(err)
	}
	for _, c := range changes {
		tellChange(env.stdout, c, o.dryRun)
		for _, s := range missingParts(c.Manifest) {
			fmt.Fprintf(env.stderr, "gaitkeeper data: %s\n", s)
		}
	}
	return nil
}

// check refuses an import in which anything is not as it must be; nothing is kept then.
func (r *tablesRead) check(env *environment, paths []string, o *dataOptions) error {
	for i, path := range paths {
		if !slices.ContainsFunc(r.additions, func(a source) bool { return a.number == i }) {
			return &fault{code: exitInput, err: fmt.Errorf("%s: %s", path, r.whyNone(i))}
		}
	}
	for _, s := range r.skipped {
		fmt.Fprintf(env.stderr, "gaitkeeper data: %s: skipped: %s\n", s.File, s.Why)
	}
	named := map[string]int32{} // quarter that names tell, by kind
	for _, a := range r.additions {
		if err := a.Err(); err != nil {
			return (&fault{code: exitInput, err: err}).withHint("nothing was imported: is the file whole, and the original?")
		}
		if a.Malformed > 0 {
			fmt.Fprintf(env.stderr, "gaitkeeper data: %s\n", unreadableRows(a.Table))
		}
		switch {
		case a.Effective == 0:
			return usage("%s: neither its name nor its rows tell from which day on the %s applies", a.File, a.Kind).
				withHint("--effective YYYY-MM-DD says it; CMS's own file names do, too")
		case a.Told == "content" && a.Kind == ncci.Pairs:
			fmt.Fprintf(env.stderr, "gaitkeeper data: %s: no quarter in its name: taken to be of %s, for the newest edits of its rows; --effective says otherwise\n",
				a.File, edi.Date(a.Effective))
		}
		if o.effective == "" {
			continue
		}
		kind, quarter := a.Kind.String()+string(a.Program), cms.NamedQuarter(a.File)
		if other := named[kind]; quarter != 0 && other != 0 && other != quarter {
			return usage("--effective is for one quarter, and the files are of %s and %s", edi.Date(other), edi.Date(quarter))
		} else if quarter != 0 {
			named[kind] = quarter
		}
	}
	return nil
}

// tellChange says what became of a publication.
func tellChange(w io.Writer, c datadir.Change, dryRun bool) {
	if c.Outcome == datadir.Unchanged {
		fmt.Fprintf(w, "%s: already there\n", c.Name)
		return
	}
	what := string(c.Outcome)
	if dryRun {
		what = "would be " + what
	}
	fmt.Fprintf(w, "%s: %s, in force from %s: %s kept (%s)%s\n", c.Name, what, edi.Date(c.Effective),
		many(c.Rows, "row", "rows"), codesKept(c.Manifest), partNames(c.Manifest))
	for _, t := range c.Tables {
		fmt.Fprintf(w, "  %s: %s read", t.File, many(t.Read, "row", "rows"))
		if t.Kind == ncci.Pairs {
			fmt.Fprintf(w, ", column 1 from %s to %s", t.Part.First, t.Part.Last)
		}
		if t.Void > 0 {
			fmt.Fprintf(w, ", %d never in force", t.Void)
		}
		if t.Malformed > 0 {
			fmt.Fprintf(w, ", %d unreadable", t.Malformed)
		}
		fmt.Fprintln(w)
	}
}

func codesKept(m *datadir.Manifest) string {
	if m.All {
		return "all codes"
	}
	return "therapy codes"
}

// partNames is ", parts f1, f2" of a PTP table whose files tell them.
func partNames(m *datadir.Manifest) string {
	var list []string
	for _, p := range m.Parts {
		if p.Number > 0 {
			list = append(list, "f"+strconv.Itoa(p.Number))
		}
	}
	if len(list) == 0 {
		return ""
	}
	return ", parts " + strings.Join(list, ", ")
}

// dataJSON is a publication as it goes over the wire.
type dataJSON struct {
	Name      string           `json:"name"`
	Kind      string           `json:"kind"`
	Program   string           `json:"program"`
	Effective string           `json:"effective"`
	Codes     string           `json:"codes"` // therapy, all
	Rows      int              `json:"rows"`
	Read      int              `json:"rows_read"`
	Void      int              `json:"rows_void"`
	Malformed int              `json:"rows_malformed"`
	Parts     []datadir.Part   `json:"parts"`
	Missing   []string         `json:"missing"`
	Sources   []datadir.Source `json:"sources"`
}

func newDataJSON(m *datadir.Manifest) dataJSON {
	out := dataJSON{
		m.Name, m.Kind, string(m.Program), edi.Date(m.Effective).String(), strings.Fields(codesKept(m))[0],
		m.Rows, m.Read, m.Void, m.Malformed, append([]datadir.Part{}, m.Parts...),
		[]string{},
		m.Sources,
	}
	out.Missing = append(out.Missing, missingParts(m)...)
	return out
}

func listData(_ context.Context, env *environment, o *dataOptions, dir *datadir.Dir, args []string) error {
	if err := oneOf("format", o.format, []string{"text", "json"}); err != nil {
		return err
	}
	if len(args) > 0 {
		return usage("data list takes no names")
	}
	names, err := dir.Names()
	if err != nil {
		return plainPathError(err)
	}
	t := render.NewTable(term.StyleFor("never", env.stdout), "name", "kind", "from", ">rows", "of", "codes", "parts", "imported")
	out := []dataJSON{}
	bad := false
	for _, name := range names {
		m, err := dir.Manifest(name)
		if err != nil {
			if !tellDamaged(env.stderr, err) {
				return plainPathError(err)
			}
			bad = true
			continue
		}
		out = append(out, newDataJSON(m))
		imported := ""
		for _, s := range m.Sources {
			imported = max(imported, s.Imported.Format(time.DateOnly))
		}
		t.Row(m.Name, m.Kind, edi.Date(m.Effective).String(), strconv.Itoa(m.Rows), strconv.Itoa(m.Read), strings.Fields(codesKept(m))[0],
			partColumn(m), imported)
	}
	switch {
	case o.format == "json":
		err = writeJSON(env.stdout, out)
	case len(out) > 0:
		err = t.Write(env.stdout)
	case !bad:
		fmt.Fprintf(env.stderr, "gaitkeeper data: nothing imported yet in %s: the built-in tables are used\n", dir.Path())
	}
	if err == nil && bad {
		return silent(exitFindings)
	}
	return err
}

// partColumn is the parts of a PTP table: f1 f2, or how many.
func partColumn(m *datadir.Manifest) string {
	if m.Kind != ncci.Pairs.String() {
		return ""
	}
	names := strings.ReplaceAll(strings.TrimPrefix(partNames(m), ", parts "), ",", "")
	if names == "" {
		names = strconv.Itoa(len(m.Parts))
	}
	if len(ncci.Gaps(m.PTPParts())) > 0 {
		names += ", not all"
	}
	return names
}

// tellDamaged names a file that cannot be read back; it reports whether err is one.
func tellDamaged(w io.Writer, err error) bool {
	var d *datadir.DamagedError
	if !errors.As(err, &d) {
		return false
	}
	fmt.Fprintf(w, "gaitkeeper data: %s\n", err)
	return true
}

func verifyData(_ context.Context, env *environment, _ *dataOptions, dir *datadir.Dir, names []string) error {
	names, err := namesOf(dir, names)
	if err != nil {
		return err
	}
	bad := false
	for _, name := range names {
		m, _, err := dir.Load(name)
		var d *datadir.DamagedError
		switch {
		case errors.As(err, &d):
			fmt.Fprintf(env.stdout, "%s: damaged: %s: %s\n", name, d.File, d.Why)
			bad = true
		case err != nil:
			return plainPathError(err)
		default:
			fmt.Fprintf(env.stdout, "%s: whole, %s\n", name, many(m.Rows, "row", "rows"))
		}
	}
	if bad {
		return silent(exitFindings)
	}
	return nil
}

func removeData(_ context.Context, env *environment, _ *dataOptions, dir *datadir.Dir, names []string) error {
	if len(names) == 0 {
		return usage("no name given").withHint("gaitkeeper data list shows them")
	}
	names, err := namesOf(dir, names)
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := dir.Remove(name); err != nil {
			return plainPathError(err)
		}
		fmt.Fprintf(env.stdout, "%s: removed\n", name)
	}
	return nil
}

// namesOf are the names that were given, which must be there, or all.
func namesOf(dir *datadir.Dir, given []string) ([]string, error) {
	names, err := dir.Names()
	if err != nil {
		return nil, plainPathError(err)
	}
	for i, name := range given {
		if !slices.Contains(names, name) {
			return nil, usage("%s is not among the imported data", name).withHint("gaitkeeper data list shows what is there")
		}
		if slices.Contains(given[:i], name) {
			return nil, usage("%s is named twice", name)
		}
	}
	if len(given) > 0 {
		return given, nil
	}
	return names, nil
}
