package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/gaitkeeper/gaitkeeper/scrub/ncci"
	"github.com/gaitkeeper/gaitkeeper/scrub/therapy"
)

type unitsOptions struct {
	tables            tableOptions
	format, date      string
	assistant, billed cli.StringSlice
}

func newUnits(env *environment) *cli.Command {
	o := &unitsOptions{}
	return &cli.Command{
		Name: "units", Usage: "count the units that minutes of treatment support",
		ArgsUsage: "CODE=MINUTES...",
		Description: "Examples:\n" +
			"   gaitkeeper units 97116=22 97110=18\n" +
			"   gaitkeeper units 97110=20 --assistant 97110=12,97530=10\n" +
			"   gaitkeeper units 97116=24 97110=23 --billed 97116=2,97110=2\n\n" +
			"Takes the minutes of one patient, day and discipline: of the therapist alone or\n" +
			"together with the assistant, and with --assistant those of the assistant alone. Counts\n" +
			"by Medicare's 8-minute rule, where the total gives the units, and by the CPT midpoint\n" +
			"rule, where each code stands for itself, and says where they differ. With --billed,\n" +
			"says whether the units can be billed so.",
		Flags: []cli.Flag{
			&cli.StringSliceFlag{Name: "assistant", Usage: "minutes of the assistant alone, `CODE=MINUTES`; may be given several times", Destination: &o.assistant, Category: theDay},
			&cli.StringSliceFlag{Name: "billed", Usage: "units that were billed, `CODE=UNITS`; may be given several times", Destination: &o.billed, Category: theDay},
			&cli.StringFlag{Name: "date", Usage: "`DATE` of service, for the limits (MUE): YYYY-MM-DD (default: that of the newest table)", Destination: &o.date, Category: theDay},
			&cli.StringFlag{Name: "format", Value: "text", Usage: "`FORMAT`: " + strings.Join(unitFormats, ", "), Destination: &o.format, Category: reporting},
			dataDirFlag(&o.tables.dataDir),
		},
		Action: func(c *cli.Context) error { return runUnits(c.Context, env, o, c.Args().Slice()) },
	}
}

const theDay = "THE DAY"

var unitFormats = []string{"text", "json"}

func runUnits(ctx context.Context, env *environment, o *unitsOptions, args []string) error {
	if err := oneOf("format", o.format, unitFormats); err != nil {
		return err
	}
	reference, err := o.tables.load(ctx, env)
	if err != nil {
		return err
	}
	d, err := newDay(reference.Tables, o, args)
	if err != nil {
		return err
	}
	if o.format == "json" {
		return writeJSON(env.stdout, d.json())
	}
	return d.write(env.stdout)
}

// workday is what was done for a patient on one day, and billed for it.
type workday struct {
	tables        *ncci.Tables
	date          int32
	work          []therapy.Work // in the order given, one entry for each code
	withAssistant bool
	billed        []therapy.Billed
	counts        []counted
}

// counted is the day by one rule.
type counted struct {
	name, title string
	therapy.Count
}

func newDay(tables *ncci.Tables, o *unitsOptions, args []string) (*workday, error) {
	d := &workday{tables: tables, date: newestLimits(tables), withAssistant: o.assistant.Value() != nil}
	if o.date != "" {
		date, err := dateFlag("date", o.date)
		if err != nil {
			return nil, err
		}
		d.date = date
	}
	minutes, err := numbers("", "minutes", "97116=22", minutesOfDay, args)
	assisted, err2 := numbers("--assistant ", "minutes", "97110=10", minutesOfDay, o.assistant.Value())
	billed, err3 := numbers("--billed ", "units", "97116=2", unitsOfDay, o.billed.Value())
	if err := errors.Join(err, err2, err3); err != nil {
		return nil, err
	}
	if len(minutes)+len(assisted) == 0 {
		return nil, usage("no minutes given").withHint("for example: gaitkeeper units 97116=22 97110=18")
	}
	for _, n := range minutes {
		d.work = append(d.work, therapy.Work{Code: n.code, Minutes: n.n})
	}
	for _, n := range assisted {
		i := slices.IndexFunc(d.work, func(w therapy.Work) bool { return w.Code == n.code })
		if i < 0 {
			i = len(d.work)
			d.work = append(d.work, therapy.Work{Code: n.code})
		}
		d.work[i].Assistant = n.n
	}
	for _, n := range billed {
		d.billed = append(d.billed, therapy.Billed{Code: n.code, Units: n.n})
	}
	d.counts = []counted{
		{"cms", "CMS 8-minute", therapy.CountCMS(d.work)},
		{"midpoint", "CPT midpoint", therapy.CountMidpoint(d.work)},
	}
	return d, nil
}

// The most that an argument may say: a day has no more.
const (
	minutesOfDay = 24 * 60
	unitsOfDay   = 999
)

type codeNumber struct {
	code therapy.Code
	n    int
}

// numbers reads CODE=NUMBER, each code once.
func numbers(flag, what, example string, most int, args []string) (list []codeNumber, err error) {
	for _, arg := range args {
		text, number, ok := strings.Cut(strings.TrimSpace(arg), "=")
		refuse := func(format string, args ...any) error {
			return usage("%s%s: %s", flag, arg, fmt.Sprintf(format, args...)).withHint("write a code and its %s, for example %s%s", what, flag, example)
		}
		if !ok {
			return nil, refuse("no = in it")
		}
		code, ok := therapy.ParseCode([]byte(strings.ToUpper(text)))
		if !ok {
			return nil, refuse("%q is no code of five digits and letters", text)
		}
		n, err := strconv.Atoi(number)
		switch {
		case err != nil:
			return nil, refuse("%q is no whole number of %s", number, what)
		case n < 0:
			return nil, refuse("%s cannot be negative", what)
		case n > most:
			return nil, refuse("a day has at most %d %s", most, what)
		case slices.ContainsFunc(list, func(c codeNumber) bool { return c.code == code }):
			return nil, refuse("%s is given twice; add its %s up", code, what)
		}
		list = append(list, codeNumber{code, n})
	}
	return list, nil
}

// newestLimits is the day from which the newest table of limits applies.
func newestLimits(tables *ncci.Tables) (day int32) {
	for _, d := range tables.Datasets() {
		if d.Kind == ncci.Limits {
			day = max(day, d.AsOf)
		}
	}
	return day
}

// codes are all codes that were given or have a share, in the order given.
func (d *workday) codes() (list []therapy.Code) {
	add := func(c therapy.Code) {
		if !slices.Contains(list, c) {
			list = append(list, c)
		}
	}
	for _, w := range d.work {
		add(w.Code)
	}
	for _, s := range d.counts[0].Shares {
		add(s.Code)
	}
	for _, b := range d.billed {
		add(b.Code)
	}
	return list
}

func (d *workday) workOn(c therapy.Code) therapy.Work {
	for _, w := range d.work {
		if w.Code == c {
			return w
		}
	}
	return therapy.Work{Code: c}
}

func (d *workday) billedFor(c therapy.Code) (units int, ok bool) {
	for _, b := range d.billed {
		if b.Code == c {
			return b.Units, true
		}
	}
	return 0, false
}

// outside says why a code is not in the pool of timed minutes, and how many units
// it has by itself.
func (d *workday) outside(c therapy.Code) (units int, why string) {
	done := slices.ContainsFunc(d.work, func(w therapy.Work) bool { return w.Code == c })
	p := therapy.Lookup(c)
	switch {
	case p == nil:
		return 0, "no therapy code that is known here: not counted"
	case p.Pool:
		return 0, ""
	case p.Timing == therapy.Timed:
		return roundedTo(d.workOn(c).Total(), p.UnitMinutes), fmt.Sprintf("outside the pool: %d minutes to a unit, counted by itself", p.UnitMinutes)
	case done:
		units = 1
	}
	return units, "outside the pool: " + untimed[p.Timing] + ", not by minutes"
}

var untimed = map[therapy.Timing]string{
	therapy.Daily:  "1 a day",
	therapy.Area:   "1 by wound surface",
	therapy.Item:   "1 each",
	therapy.Period: "1 for its period",
}

// roundedTo is how many units minutes come to where more than half of one counts.
func roundedTo(minutes, unit int) int { return (minutes + (unit-1)/2) / unit }

// limit is the most units of a code in a day; ok is false where none is published.
func (d *workday) limit(c therapy.Code) (ncci.MUE, bool) { return d.tables.Limit(c, d.date) }

// most is the most units of a code that a rule gives it.
func (d *workday) most(count therapy.Count, c therapy.Code) int {
	if units, _ := d.outside(c); units > 0 {
		return units
	}
	return count.Max(c)
}

// assistantModifier is what marks the assistant's units of a code: CQ, CO or
// either, as its discipline is not said.
func assistantModifier(c therapy.Code) string {
	p := therapy.Lookup(c)
	if p == nil || !p.TakesAssistant() {
		return ""
	}
	if m := p.Allowed.AssistantModifier(); m != "" {
		return m
	}
	return "CQ/CO"
}

// allocation is one way to bill a day: the units of each share.
func allocation(c therapy.Count, units []int) string {
	var parts []string
	for i, s := range c.Shares {
		if units[i] > 0 {
			parts = append(parts, fmt.Sprintf("%s x %d", s.Code, units[i]))
		}
	}
	if parts == nil {
		return "nothing"
	}
	return strings.Join(parts, ", ")
}

// mostAllocations is how many ways to bill a day are listed.
const mostAllocations = 12

func (d *workday) differ() bool {
	a, b := d.counts[0], d.counts[1]
	if a.Total != b.Total {
		return true
	}
	for _, s := range a.Shares {
		if a.Max(s.Code) != b.Max(s.Code) || s.Tied {
			return true
		}
	}
	return false
}

var verdictTexts = map[therapy.Verdict]string{
	therapy.OK:           "The minutes support it",
	therapy.Under:        "It can be billed so, but the minutes support %s",
	therapy.Misallocated: "The total is supported, but not the way it is divided; nearest is %s",
	therapy.Over:         "More units than the minutes support; nearest is %s",
}
