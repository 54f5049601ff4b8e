package rules

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/scrub"
	"github.com/gaitkeeper/gaitkeeper/scrub/therapy"
)

var (
	inconsistent = []scrub.Denial{{Group: "CO", CARC: "4", RARCs: []string{"N519"}}}
	missingMod   = []scrub.Denial{{Group: "CO", CARC: "4", RARCs: []string{"N822"}}}
)

var modifiers = []scrub.Rule{
	{
		ID: "MO101", Name: "discipline-missing", Severity: scrub.Error,
		What:  "a therapy line without GP, GO or GN where the payer requires one",
		Fixes: []scrub.Safety{scrub.Safe, scrub.Attest}, Denials: missingMod,
		Sources: []scrub.Source{cr10176, mcpm20_1}, Run: disciplineMissing,
	},
	{
		ID: "MO102", Name: "discipline-conflict", Severity: scrub.Error, When: scrub.Several,
		What: "more than one of GP, GO and GN on a line", Denials: inconsistent,
		Sources: []scrub.Source{cr10176}, Run: disciplineConflict,
	},
	{
		ID: "MO103", Name: "discipline-locked", Severity: scrub.Error,
		What:  "the code belongs to one discipline and the modifier names another",
		Fixes: []scrub.Safety{scrub.Attest}, Denials: []scrub.Denial{{Group: "CO", CARC: "4"}},
		Sources: []scrub.Source{cr10176}, Run: disciplineLocked,
	},
	{
		ID: "MO104", Name: "discipline-taxonomy", Severity: scrub.Warning,
		What:    "the modifier's discipline is not the rendering provider's",
		Denials: []scrub.Denial{{Group: "CO", CARC: "8"}, {Group: "CO", CARC: "4"}},
		Sources: []scrub.Source{mcpm20_1, nucc}, Run: disciplineTaxonomy,
	},
	{
		ID: "MO110", Name: "assistant-unpaired", Severity: scrub.Error, When: scrub.Assisted,
		What: "CQ without GP, CO without GO, both of them, or either with GN", Denials: inconsistent,
		Sources: []scrub.Source{mcpm20_1, bba53107}, Run: assistantUnpaired,
	},
	{
		ID: "MO112", Name: "assistant-on-evaluation", Severity: scrub.Error, When: scrub.Assisted,
		What: "CQ or CO on an evaluation or re-evaluation: no assistant may do it", Denials: []scrub.Denial{{Group: "CO", CARC: "4"}},
		Sources: []scrub.Source{mcpm20_1}, Run: assistantOnEvaluation,
	},
	{
		ID: "MO113", Name: "assistant-missing", Severity: scrub.Warning, Needs: scrub.NeedsLog,
		What:  "the treatment log shows an assistant above the tenth that is allowed, and the units lack CQ or CO",
		Fixes: []scrub.Safety{scrub.Attest}, Sources: []scrub.Source{bba53107, deMinimis}, Run: assistantMissing,
	},
	{
		ID: "MO114", Name: "assistant-unsupported", Severity: scrub.Warning, Needs: scrub.NeedsLog,
		What:  "CQ or CO on units whose logged assistant minutes do not call for it: 15 % are given away",
		Fixes: []scrub.Safety{scrub.Attest}, Sources: []scrub.Source{bba53107, deMinimis}, Run: assistantUnsupported,
	},
	{
		ID: "MO120", Name: "kx-missing", Severity: scrub.Error, Needs: scrub.NeedsYTD,
		What:  "the amount allowed this year is above the threshold and the line has no KX",
		Fixes: []scrub.Safety{scrub.Attest}, Denials: []scrub.Denial{{Group: "CO", CARC: "119"}, {Group: "PR", CARC: "119"}},
		Sources: []scrub.Source{bba50202, mcpm10}, Run: kxMissing,
	},
	{
		ID: "MO121", Name: "kx-unneeded", Severity: scrub.Info, Needs: scrub.NeedsYTD,
		What:  "KX while the amount allowed this year is below the threshold",
		Fixes: []scrub.Safety{scrub.Unsafe}, Sources: []scrub.Source{bba50202, mcpm10}, Run: kxUnneeded,
	},
	{
		ID: "MO122", Name: "review-threshold", Severity: scrub.Info, Needs: scrub.NeedsYTD,
		What:    "the amount allowed this year is above that for targeted medical review",
		Sources: []scrub.Source{bba50202}, Run: reviewThreshold,
	},
	{
		ID: "MO130", Name: "modifier-duplicate", Severity: scrub.Error, When: scrub.Several,
		What: "the same modifier twice on a line", Fixes: []scrub.Safety{scrub.Safe}, Denials: inconsistent,
		Sources: []scrub.Source{guide}, Run: modifierDuplicate,
	},
	{
		ID: "MO131", Name: "modifier-invalid", Severity: scrub.Error,
		What:    "a modifier that is not two characters, or not in use",
		Denials: []scrub.Denial{{Group: "CO", CARC: "182"}, {Group: "CO", CARC: "4"}},
		Sources: []scrub.Source{{Text: "HCPCS level II and CPT modifiers, 2026"}}, Run: modifierInvalid,
	},
	{
		ID: "MO132", Name: "modifier-order", Severity: scrub.Warning, When: scrub.Several,
		What:  "the discipline modifier is not among the first two, or a payment modifier stands behind an informational one",
		Fixes: []scrub.Safety{scrub.Safe}, Denials: []scrub.Denial{{Group: "CO", CARC: "4"}},
		Sources: []scrub.Source{{Text: "Noridian, therapy modifiers: discipline in the first or second place"}}, Run: modifierOrder,
	},
	{
		ID: "MO133", Name: "modifier-not-for-therapy", Severity: scrub.Warning, When: scrub.Foreign,
		What:  "51, 26, TC, 25, 52, 53, 76 or 77 on a therapy line",
		Fixes: []scrub.Safety{scrub.Unsafe}, Denials: []scrub.Denial{{Group: "CO", CARC: "4"}, {Group: "CO", CARC: "182"}},
		Sources: []scrub.Source{pfs, ncciMods}, Run: modifierNotForTherapy,
	},
	{
		ID: "MO134", Name: "liability-conflict", Severity: scrub.Error, When: scrub.Liable,
		What: "GA with GX or GZ, GX with GZ, or KX with GZ or GY", Denials: inconsistent,
		Sources: []scrub.Source{{Text: "Medicare Claims Processing Manual (100-04), chapter 30: advance beneficiary notices"}}, Run: liabilityConflict,
	},
	{
		ID: "MO135", Name: "separation-redundant", Severity: scrub.Warning, When: scrub.Separated,
		What: "59 together with XE, XS, XP or XU", Fixes: []scrub.Safety{scrub.Unsafe},
		Sources: []scrub.Source{ncciMods}, Run: separationRedundant,
	},
	{
		ID: "MO136", Name: "telehealth-mismatch", Severity: scrub.Warning, When: scrub.Remote,
		What:    "telehealth by place of service or by modifier, but not by both; or after the payer's last day for it",
		Denials: []scrub.Denial{{Group: "CO", CARC: "4"}, {Group: "CO", CARC: "5"}},
		Sources: []scrub.Source{telework}, Run: telehealthMismatch,
	},
	{
		ID: "MO137", Name: "habilitation-conflict", Severity: scrub.Error, When: scrub.Habilitative,
		What: "96 (habilitative) and 97 (rehabilitative) on one line", Denials: []scrub.Denial{{Group: "CO", CARC: "4"}},
		Sources: []scrub.Source{{Text: "CPT modifiers 96 and 97, exclusive by definition", From: "2018-01-01"}}, Run: habilitationConflict,
	},
}

// lines calls f for the lines that have an SV1.
func lines(p *scrub.Pass, f func(l *scrub.Line)) {
	for i := range p.Claim.Lines {
		if l := &p.Claim.Lines[i]; l.SV1 >= 0 {
			f(l)
		}
	}
}

// modifierAt is the place of a modifier on the line.
func modifierAt(p *scrub.Pass, l *scrub.Line, m scrub.Modifier) scrub.Place {
	if i := slices.Index(l.Modifiers[:], m); i >= 0 {
		return p.SV1(l, 1, 3+i)
	}
	return p.Service(l)
}

// rewrite is the edit that gives the line these modifiers in place of its own.
func rewrite(p *scrub.Pass, l *scrub.Line, mods []scrub.Modifier) []edi.Edit {
	s := p.Claim.Segment(l.SV1)
	v := s.Element(1)
	var parts [][]byte
	for n := 1; n <= max(v.Components(), 2); n++ {
		parts = append(parts, v.Component(n).Raw)
	}
	var rest [][]byte // SV101-7, a description
	if len(parts) > 6 {
		rest = parts[6:]
	}
	parts = parts[:2:2]
	for _, m := range mods {
		parts = append(parts, []byte(m.String()))
	}
	if len(rest) > 0 {
		for len(parts) < 6 {
			parts = append(parts, nil)
		}
		parts = append(parts, rest...)
	}
	e, err := s.SetComponents(1, parts)
	if err != nil || bytes.Equal(e.Old, e.New) {
		return nil
	}
	return []edi.Edit{e}
}

// modifiersOf are the modifiers without empty places.
func modifiersOf(l *scrub.Line) []scrub.Modifier {
	return slices.DeleteFunc(slices.Clone(l.Modifiers[:]), func(m scrub.Modifier) bool { return m == 0 })
}

func without(l *scrub.Line, drop ...scrub.Modifier) []scrub.Modifier {
	return slices.DeleteFunc(modifiersOf(l), func(m scrub.Modifier) bool { return slices.Contains(drop, m) })
}

// fixTo is a fix that leaves the line with these modifiers; nil where that is not
// possible: no place is left, or the line holds something that is no modifier.
func fixTo(p *scrub.Pass, l *scrub.Line, safety scrub.Safety, message string, mods []scrub.Modifier) *scrub.Fix {
	if l.Odd || len(mods) > 4 {
		return nil
	}
	edits := rewrite(p, l, mods)
	if edits == nil {
		return nil
	}
	return &scrub.Fix{Safety: safety, Message: message, Edits: edits}
}

// attest is a fix that adds one of the values once it is attested.
func attest(p *scrub.Pass, l *scrub.Line, message string, first bool, values ...string) *scrub.Fix {
	return &scrub.Fix{Safety: scrub.Attest, Message: message, Values: values, Attest: func(value string) ([]edi.Edit, error) {
		if !slices.Contains(values, value) {
			return nil, fmt.Errorf("value %q is none of %s", value, strings.Join(values, ", "))
		}
		mods := modifiersOf(l)
		if first {
			mods = append([]scrub.Modifier{scrub.M(value)}, mods...)
		} else {
			mods = append(mods, scrub.M(value))
		}
		if l.Odd || len(mods) > 4 {
			return nil, fmt.Errorf("the line has no place for another modifier")
		}
		return rewrite(p, l, mods), nil
	}}
}

func disciplineMissing(p *scrub.Pass) {
	if !p.Claim.Profile.Disciplines {
		return
	}
	lines(p, func(l *scrub.Line) {
		if !l.Therapy() || l.Marked() != 0 {
			return
		}
		if d := soleDiscipline(p.Claim, l); d != 0 {
			m := scrub.M(d.Modifier())
			why := "the rendering provider is of that discipline"
			if l.Procedure.Locked != 0 {
				why = "the code belongs to it"
			}
			fix := fixTo(p, l, scrub.Safe, fmt.Sprintf("add %s: %s", m, why), append([]scrub.Modifier{m}, modifiersOf(l)...))
			p.Report(p.Service(l), fix, "%s has none of GP, GO and GN", l.Code)
			return
		}
		fix := attest(p, l, "add GP, GO or GN once it is attested whose plan of care it is", true, "GP", "GO", "GN")
		p.Report(p.Service(l), fix, "%s has none of GP, GO and GN, and the claim does not tell which", l.Code)
	})
}

// soleDiscipline is the one discipline that the line can have: its code is locked
// to it, or the rendering provider's taxonomy names it and nothing on the claim
// contradicts; 0 where that is not so.
func soleDiscipline(c *scrub.Claim, l *scrub.Line) therapy.Disciplines {
	d := l.Rendering.Discipline()
	if locked := l.Procedure.Locked; locked != 0 {
		if d != 0 && d != locked {
			return 0
		}
		d = locked
	}
	if !d.One() || l.Procedure.Allowed != 0 && !l.Procedure.Allowed.Has(d) {
		return 0
	}
	if l.Has(scrub.CQ) && d != therapy.PT || l.Has(scrub.CO) && d != therapy.OT {
		return 0
	}
	for i := range c.Lines {
		o := &c.Lines[i]
		if m := o.Marked(); m != 0 && m != d && string(o.Rendering.ID) == string(l.Rendering.ID) {
			return 0
		}
	}
	return d
}

func disciplineConflict(p *scrub.Pass) {
	lines(p, func(l *scrub.Line) {
		if d := l.Marked(); d != 0 && !d.One() {
			at := p.Service(l)
			for i := range l.Modifiers { // the second of them
				if m := l.Modifiers[i]; therapy.DisciplineOfModifier(m.String()) != 0 && m != firstDiscipline(l) {
					at = p.SV1(l, 1, 3+i)
					break
				}
			}
			p.Report(at, nil, "%s names more than one discipline: %s", l.CodeText, d)
		}
	})
}

func firstDiscipline(l *scrub.Line) scrub.Modifier {
	for _, m := range l.Modifiers {
		if m == scrub.GP || m == scrub.GO || m == scrub.GN {
			return m
		}
	}
	return 0
}

func disciplineLocked(p *scrub.Pass) {
	lines(p, func(l *scrub.Line) {
		d := l.Marked()
		if l.Procedure == nil || l.Procedure.Locked == 0 || !d.One() || d == l.Procedure.Locked {
			return
		}
		right := l.Procedure.Locked.Modifier()
		wrong := scrub.M(d.Modifier())
		fix := &scrub.Fix{
			Safety: scrub.Attest, Message: "put " + right + " in place of " + wrong.String() + " once that is attested", Values: []string{right},
			Attest: func(value string) ([]edi.Edit, error) {
				if value != right {
					return nil, fmt.Errorf("value %q is not %s", value, right)
				}
				mods := modifiersOf(l)
				for i := range mods {
					if mods[i] == wrong {
						mods[i] = scrub.M(right)
					}
				}
				return rewrite(p, l, mods), nil
			},
		}
		p.Report(modifierAt(p, l, wrong), fix, "%s is a code of %s only, and %s names %s", l.Code, l.Procedure.Locked, wrong, d)
	})
}

func disciplineTaxonomy(p *scrub.Pass) {
	lines(p, func(l *scrub.Line) {
		d := l.Marked()
		t := l.Rendering.Discipline()
		if t == 0 {
			t = therapy.Assistant(l.Rendering.Taxonomy)
		}
		if d.One() && t.One() && d != t {
			m := scrub.M(d.Modifier())
			p.Report(modifierAt(p, l, m), nil, "%s names %s, and the rendering provider's taxonomy is one of %s", m, d, t)
		}
	})
}

func assistantUnpaired(p *scrub.Pass) {
	lines(p, func(l *scrub.Line) {
		cq, co := l.Has(scrub.CQ), l.Has(scrub.CO)
		var at scrub.Modifier
		why := ""
		switch {
		case cq && co:
			at, why = scrub.CO, "CQ and CO stand on one line"
		case (cq || co) && l.Has(scrub.GN):
			at, why = l.Any(scrub.CQ, scrub.CO), "no assistant modifier goes with GN"
		case cq && !l.Has(scrub.GP):
			at, why = scrub.CQ, "CQ stands without GP"
		case co && !l.Has(scrub.GO):
			at, why = scrub.CO, "CO stands without GO"
		default:
			return
		}
		p.Report(modifierAt(p, l, at), nil, "%s: %s", l.CodeText, why)
	})
}

func assistantOnEvaluation(p *scrub.Pass) {
	lines(p, func(l *scrub.Line) {
		if m := l.Any(scrub.CQ, scrub.CO); m != 0 && l.Procedure != nil && l.Procedure.Evaluation {
			p.Report(modifierAt(p, l, m), nil, "%s on %s: an assistant cannot evaluate", m, l.Code)
		}
	})
}

// assistedCode is one code of a session with what the log says of its assistant.
type assistedCode struct {
	lines           []*scrub.Line
	marked, units   int // billed units with CQ or CO, and in all
	least, most     int // units that should carry it
	assistant, both int // minutes of the assistant alone, and of everybody
}

// assistedCodes compares billed assistant modifiers with the log, code by code.
func assistedCodes(p *scrub.Pass) []assistedCode {
	var all []assistedCode
	if !p.Claim.Profile.Assistants {
		return nil
	}
	for _, s := range sessions(p) {
		count := therapy.CountCMS(s.work)
		for _, share := range count.Shares {
			a := assistedCode{assistant: share.Assistant, both: share.Total()}
			for _, l := range s.lines {
				if l.Code != share.Code || !l.Procedure.TakesAssistant() || l.Discipline() == therapy.SLP {
					continue
				}
				a.lines = append(a.lines, l)
				a.units += l.Count()
				if l.Has(scrub.CQ) || l.Has(scrub.CO) {
					a.marked += l.Count()
				}
			}
			if len(a.lines) == 0 || a.units == 0 {
				continue
			}
			split := therapy.AssistedUnits(share.Work, a.units)
			a.least, a.most = split.Min, split.Max
			all = append(all, a)
		}
	}
	return append(all, assistedServices(p)...)
}

// assistedServices are the lines that are not counted in quarter hours.
func assistedServices(p *scrub.Pass) (all []assistedCode) {
	entries := p.Log.Of(p.Claim.ID())
	lines(p, func(l *scrub.Line) {
		if l.Procedure == nil || l.Procedure.Pool || !l.Procedure.TakesAssistant() || !l.Therapy() || l.Discipline() == therapy.SLP || l.Count() == 0 {
			return
		}
		w := therapy.Work{Code: l.Code}
		found := false
		for i := range entries {
			if e := &entries[i]; matches(p.Claim, l, e) {
				found = true
				w.Minutes += e.Minutes
				w.Assistant += e.Assistant
			}
		}
		if !found {
			return
		}
		a := assistedCode{lines: []*scrub.Line{l}, units: l.Count(), assistant: w.Assistant, both: w.Total()}
		if l.Has(scrub.CQ) || l.Has(scrub.CO) {
			a.marked = l.Count()
		}
		if therapy.AssistedService(w) {
			a.least, a.most = l.Count(), l.Count()
		}
		all = append(all, a)
	})
	return all
}

func assistantMissing(p *scrub.Pass) {
	for _, a := range assistedCodes(p) {
		if a.marked >= a.least {
			continue
		}
		for _, l := range a.lines {
			if l.Has(scrub.CQ) || l.Has(scrub.CO) {
				continue
			}
			m := l.Discipline().AssistantModifier()
			if m == "" {
				m = "CQ or CO"
			}
			var fix *scrub.Fix
			if len(m) == 2 && l.Count() <= a.least-a.marked {
				fix = attest(p, l, "add "+m+" once it is attested that an assistant treated", false, m)
			}
			p.Report(p.Service(l), fix, "%s: the log gives the assistant %d of %d minutes; %d of %d units need %s",
				l.Code, a.assistant, a.both, a.least, a.units, m)
			break
		}
	}
}

func assistantUnsupported(p *scrub.Pass) {
	for _, a := range assistedCodes(p) {
		if a.marked <= a.most {
			continue
		}
		for _, l := range a.lines {
			m := l.Any(scrub.CQ, scrub.CO)
			if m == 0 {
				continue
			}
			p.Report(modifierAt(p, l, m), dropAttested(p, l, m), "%s: the log gives the assistant %d of %d minutes; %d of %d units need %s, %d have it",
				l.Code, a.assistant, a.both, a.most, a.units, m, a.marked)
			break
		}
	}
}

// dropAttested removes a modifier once "none" is attested.
func dropAttested(p *scrub.Pass, l *scrub.Line, m scrub.Modifier) *scrub.Fix {
	return &scrub.Fix{
		Safety: scrub.Attest, Message: "remove " + m.String() + " once it is attested who treated", Values: []string{"none"},
		Attest: func(value string) ([]edi.Edit, error) {
			if value != "none" {
				return nil, fmt.Errorf("value %q is not none", value)
			}
			return rewrite(p, l, without(l, m)), nil
		},
	}
}

// threshold is what is known of a line's patient, and the limit that it is held
// against.
type threshold struct {
	scrub.YearToDate
	limit        edi.Amount
	source       string // of the limit
	year         int
	bucket, name string
}

// String is the year, the bucket, the amount and where it comes from.
func (t threshold) String() string {
	return fmt.Sprintf("$%s allowed in %d for %s (%s)", t.Total(), t.year, t.name, t.YearToDate)
}

// bucketNames are what counts towards one threshold.
var bucketNames = map[string]string{"PTSLP": "PT and SLP (PTSLP)", "OT": "OT"}

// thresholdOf is what is known of a line's patient. ok is false where the amount or
// the limit of the year is not known.
func thresholdOf(p *scrub.Pass, l *scrub.Line, of func(int) (int64, string, bool)) (t threshold, ok bool) {
	t.bucket = l.Discipline().Bucket()
	if !p.Claim.Profile.Medicare || !l.Therapy() || l.Date() == 0 || t.bucket == "" {
		return t, false
	}
	t.year, t.name = l.Date().Year(), bucketNames[t.bucket]
	cents, source, ok := of(t.year)
	if !ok {
		return t, false
	}
	t.limit, t.source = edi.Amount(cents), source
	t.YearToDate, ok = p.YearToDate(t.year, t.bucket)
	return t, ok
}

func kxMissing(p *scrub.Pass) {
	lines(p, func(l *scrub.Line) {
		if l.Has(scrub.KX) || l.Has(scrub.GZ) || l.Has(scrub.GY) {
			return // GZ and GY say that a denial is expected: KX would contradict them
		}
		if t, ok := thresholdOf(p, l, therapy.Threshold); ok && t.Total() > t.limit {
			p.Report(p.Service(l), attest(p, l, "add KX once medical necessity is attested", false, "KX"),
				"%s has no KX: %s is above the threshold of $%s (%s)", l.Code, t, t.limit, t.source)
		}
	})
}

func kxUnneeded(p *scrub.Pass) {
	lines(p, func(l *scrub.Line) {
		if !l.Has(scrub.KX) {
			return
		}
		if t, ok := thresholdOf(p, l, therapy.Threshold); ok && t.Total() < t.limit {
			p.Report(modifierAt(p, l, scrub.KX), fixTo(p, l, scrub.Unsafe, "remove KX", without(l, scrub.KX)),
				"KX on %s: %s is below the threshold of $%s (%s)", l.Code, t, t.limit, t.source)
		}
	})
}

func reviewThreshold(p *scrub.Pass) {
	told := map[string]bool{}
	lines(p, func(l *scrub.Line) {
		t, ok := thresholdOf(p, l, therapy.ReviewThreshold)
		if !ok || t.Total() <= t.limit || told[t.bucket] {
			return
		}
		told[t.bucket] = true
		p.Report(p.Service(l), nil, "%s is above $%s (%s): the claim may be selected for medical review", t, t.limit, t.source)
	})
}

func modifierDuplicate(p *scrub.Pass) {
	lines(p, func(l *scrub.Line) {
		for i, m := range l.Modifiers {
			if m == 0 || !slices.Contains(l.Modifiers[:i], m) {
				continue
			}
			var once []scrub.Modifier
			for _, o := range modifiersOf(l) {
				if !slices.Contains(once, o) {
					once = append(once, o)
				}
			}
			p.Report(p.SV1(l, 1, 3+i), fixTo(p, l, scrub.Safe, "remove the second "+m.String(), once), "%s stands twice on %s", m, l.CodeText)
			return
		}
	})
}

func modifierInvalid(p *scrub.Pass) {
	lines(p, func(l *scrub.Line) {
		if !l.Odd && !slices.ContainsFunc(l.Modifiers[:], func(m scrub.Modifier) bool { return m != 0 && !modifierInUse(m) }) {
			return
		}
		if bytes.HasPrefix(l.CodeText, []byte("A0")) {
			return // an ambulance line has origin and destination for a modifier
		}
		s := p.Claim.Segment(l.SV1)
		v := s.Element(1)
		for n := 3; n <= 6; n++ {
			text := v.Component(n).Raw
			switch {
			case len(text) == 0:
			case len(text) != 2:
				p.Report(p.SV1(l, 1, n), nil, "modifier %d of %s has %d characters, not two", n-2, l.CodeText, len(text))
			case !modifierInUse(l.Modifiers[n-3]):
				p.Report(p.SV1(l, 1, n), nil, "modifier %d of %s is not one in use", n-2, l.CodeText)
			}
		}
	})
}

// payment and informational are the modifiers whose order MO132 looks at: the
// first change what is paid and belong before the second.
var (
	payment       = mods("CQ CO 22 26 TC 50 52 53 54 55 56 62 66 78 80 81 82 AS")
	informational = mods("KX GA GX GY GZ LT RT 93 95 GT 96 97 AT")
)

func mods(list string) []scrub.Modifier {
	var out []scrub.Modifier
	for _, s := range strings.Fields(list) {
		out = append(out, scrub.M(s))
	}
	return out
}

func modifierOrder(p *scrub.Pass) {
	lines(p, func(l *scrub.Line) {
		if l.Modifiers[1] == 0 && l.Modifiers[2] == 0 && l.Modifiers[3] == 0 {
			return
		}
		given := modifiersOf(l)
		if d := slices.IndexFunc(given, isDiscipline); d > 1 && l.Marked().One() {
			p.Report(p.SV1(l, 1, 3+slices.Index(l.Modifiers[:], given[d])), reorder(p, l, given),
				"%s stands in place %d on %s; payers look for it in the first two", given[d], d+1, l.CodeText)
			return
		}
		informed := scrub.Modifier(0)
		for _, m := range given {
			if slices.Contains(informational, m) {
				informed = m
			} else if informed != 0 && slices.Contains(payment, m) {
				p.Report(modifierAt(p, l, m), reorder(p, l, given), "%s changes the payment and stands behind %s on %s", m, informed, l.CodeText)
				return
			}
		}
	})
}

func isDiscipline(m scrub.Modifier) bool { return m == scrub.GP || m == scrub.GO || m == scrub.GN }

// reorder puts the discipline first, payment modifiers next and informational
// ones last; the others stay between.
func reorder(p *scrub.Pass, l *scrub.Line, given []scrub.Modifier) *scrub.Fix {
	rank := func(m scrub.Modifier) int {
		switch {
		case isDiscipline(m):
			return 0
		case slices.Contains(payment, m):
			return 1
		case slices.Contains(informational, m):
			return 3
		}
		return 2
	}
	sorted := slices.Clone(given)
	slices.SortStableFunc(sorted, func(a, b scrub.Modifier) int { return rank(a) - rank(b) })
	var names []string
	for _, m := range sorted {
		names = append(names, m.String())
	}
	return fixTo(p, l, scrub.Safe, "put them in the order "+strings.Join(names, " "), sorted)
}

var (
	notForTherapy = mods("51 26 TC 25 52 53 76 77")
	removable     = mods("51 26 TC")
)

func modifierNotForTherapy(p *scrub.Pass) {
	lines(p, func(l *scrub.Line) {
		if !l.Therapy() {
			return
		}
		for _, m := range notForTherapy {
			if !l.Has(m) {
				continue
			}
			var fix *scrub.Fix
			if slices.Contains(removable, m) {
				fix = fixTo(p, l, scrub.Unsafe, "remove "+m.String(), without(l, m))
			}
			p.Report(modifierAt(p, l, m), fix, "%s is not for therapy services (%s)", m, l.Code)
		}
	})
}

func liabilityConflict(p *scrub.Pass) {
	pairs := [][2]scrub.Modifier{
		{scrub.GA, scrub.GX}, {scrub.GA, scrub.GZ}, {scrub.GX, scrub.GZ}, {scrub.KX, scrub.GZ}, {scrub.KX, scrub.GY},
	}
	lines(p, func(l *scrub.Line) {
		for _, pair := range pairs {
			if l.Has(pair[0]) && l.Has(pair[1]) {
				p.Report(modifierAt(p, l, pair[1]), nil, "%s and %s contradict each other on %s", pair[0], pair[1], l.CodeText)
				return
			}
		}
	})
}

var separations = mods("XE XS XP XU")

func separationRedundant(p *scrub.Pass) {
	lines(p, func(l *scrub.Line) {
		if x := l.Any(separations...); x != 0 && l.Has(scrub.Mod59) {
			p.Report(modifierAt(p, l, scrub.Mod59), fixTo(p, l, scrub.Unsafe, "remove 59", without(l, scrub.Mod59)),
				"59 says nothing beside %s on %s", x, l.CodeText)
		}
	})
}

var telehealth = mods("95 93 GT")

func telehealthMismatch(p *scrub.Pass) {
	lines(p, func(l *scrub.Line) {
		if !l.Therapy() {
			return
		}
		remote := string(l.Place) == "02" || string(l.Place) == "10"
		m := l.Any(telehealth...)
		from, until := edi.Date(p.Claim.Profile.TelehealthFrom), edi.Date(p.Claim.Profile.TelehealthUntil)
		switch {
		case remote && m == 0:
			p.Report(p.Service(l), nil, "place of service %s is telehealth, and %s has none of 95, 93 and GT", l.Place, l.Code)
		case !remote && m != 0:
			p.Report(modifierAt(p, l, m), nil, "%s says telehealth, and place of service %s does not", m, plain(l.Place))
		case remote && until != 0 && l.Period.To > until:
			p.Report(p.Service(l), nil, "telehealth on %s, after %s: the payer no longer pays therapists for it", l.Period.To, until)
		case remote && l.Date() != 0 && l.Date() < from:
			p.Report(p.Service(l), nil, "telehealth on %s, before %s: the payer did not pay therapists for it yet", l.Date(), from)
		}
	})
}

func habilitationConflict(p *scrub.Pass) {
	habilitative, rehabilitative := scrub.M("96"), scrub.M("97")
	lines(p, func(l *scrub.Line) {
		if l.Has(habilitative) && l.Has(rehabilitative) {
			p.Report(modifierAt(p, l, rehabilitative), nil, "96 and 97 exclude each other on %s", l.CodeText)
		}
	})
}
