package ncci

import (
	"embed"
	"fmt"
	"path"
	"strconv"
	"strings"
	"sync"

	"github.com/gaitkeeper/gaitkeeper/scrub/therapy"
)

//go:embed data/*.tsv
var data embed.FS

// Default returns the embedded snapshot of the therapy codes:
//
//   - PTP: all pairs of two therapy codes in CMS's practitioner table v30.2
//     (effective 2024-07-01). The source held deletion dates and no effective
//     dates. Pairs in force, or deleted later, are taken to begin on 2020-10-01,
//     the day CMS put most therapy pairs back in force: the table covers service
//     from that day on. Older deleted rows are kept with an unknown beginning;
//     they are history, not an answer.
//   - MUE: the practitioner values of 2024-07-01, and over them the MAI 3 values
//     of 2026-04-01. The older values also stand for 2020-10-01 to 2024-06-30:
//     therapy MUEs hardly move (102 of 104 were the same two years later).
//
// What was open-ended in these publications is taken to be still in force.
var Default = sync.OnceValue(func() *Tables {
	t, err := snapshot()
	if err != nil {
		panic(err) // the embedded files are part of the program, and tested
	}
	return t
})

func snapshot() (*Tables, error) {
	files, err := data.ReadDir("data")
	if err != nil {
		return nil, err
	}
	var (
		edits    []Edit
		limits   []MUE
		datasets []Dataset
	)
	for _, f := range files {
		text, err := data.ReadFile(path.Join("data", f.Name()))
		if err != nil {
			return nil, err
		}
		var set Dataset
		for n, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
			err := error(nil)
			switch note, isNote := strings.CutPrefix(line, "# "); {
			case isNote:
				err = set.describe(note)
			case set.Kind == Pairs:
				var e Edit
				e, err = parseEdit(line)
				edits, set.Rows = append(edits, e), set.Rows+1
			case set.Kind == Limits:
				var m MUE
				m, err = parseMUE(line, set.Source)
				limits, set.Rows = append(limits, m), set.Rows+1
			default:
				err = fmt.Errorf("row before the kind of table")
			}
			if err != nil {
				return nil, fmt.Errorf("ncci: %s:%d: %w", f.Name(), n+1, err)
			}
		}
		datasets = append(datasets, set)
	}
	return New(edits, limits, datasets), nil
}

// describe takes one "name: value" of the head of a file.
func (d *Dataset) describe(note string) (err error) {
	name, value, _ := strings.Cut(note, ": ")
	switch name {
	case "name":
		d.Name = value
	case "source":
		d.Source = value
	case "kind":
		d.Kind = map[string]Kind{"pairs": Pairs, "limits": Limits}[value]
	case "as-of":
		d.AsOf, err = parseDay(value, 0)
	case "from":
		d.From, err = parseDay(value, 0)
	case "to":
		d.To, err = parseDay(value, Open)
	}
	return err
}

func parseEdit(line string) (Edit, error) {
	f := strings.Split(line, "\t")
	if len(f) != 5 {
		return Edit{}, fmt.Errorf("%d columns, want 5", len(f))
	}
	column1, ok1 := therapy.ParseCode([]byte(f[0]))
	column2, ok2 := therapy.ParseCode([]byte(f[1]))
	if !ok1 || !ok2 {
		return Edit{}, fmt.Errorf("no code: %q", line)
	}
	indicator, err := strconv.ParseUint(f[2], 10, 8)
	if err != nil {
		return Edit{}, err
	}
	from, to, err := parseWindow(f[3], f[4])
	return Edit{column1, column2, byte(indicator), from, to}, err
}

func parseMUE(line, source string) (MUE, error) {
	f := strings.Split(line, "\t")
	if len(f) != 5 {
		return MUE{}, fmt.Errorf("%d columns, want 5", len(f))
	}
	code, ok := therapy.ParseCode([]byte(f[0]))
	if !ok {
		return MUE{}, fmt.Errorf("no code: %q", line)
	}
	units, err := strconv.Atoi(f[1])
	if err != nil {
		return MUE{}, err
	}
	mai, err := strconv.Atoi(f[2])
	if err != nil {
		return MUE{}, err
	}
	from, to, err := parseWindow(f[3], f[4])
	return MUE{code, units, mai, from, to, source}, err
}

func parseWindow(from, to string) (first, last int32, err error) {
	if first, err = parseDay(from, 0); err != nil {
		return 0, 0, err
	}
	last, err = parseDay(to, Open)
	return first, last, err
}

// parseDay reads CCYYMMDD, or * for a day that is not there.
func parseDay(s string, none int32) (int32, error) {
	if s == "*" {
		return none, nil
	}
	day, err := strconv.ParseInt(s, 10, 32)
	return int32(day), err
}
