package rules

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/scrub"
	"github.com/gaitkeeper/gaitkeeper/scrub/ncci"
	"github.com/gaitkeeper/gaitkeeper/scrub/payer"
	"github.com/gaitkeeper/gaitkeeper/scrub/therapy"
)

var units = []scrub.Rule{
	{
		ID: "UN101", Name: "mue-exceeded", Severity: scrub.Error, Scope: scrub.ScopeVisit,
		What: "more units of a code for one patient, provider and day than the medically unlikely edit allows",
		Denials: []scrub.Denial{
			{Group: "CO", CARC: "151", RARCs: []string{"N362"}}, {Group: "CO", CARC: "222"},
		},
		Sources: []scrub.Source{mue}, Run: mueExceeded,
	},
	{
		ID: "UN103", Name: "code-not-payable", Severity: scrub.Error,
		What: "a code that Medicare never pays: MUE 0, bundled, not covered or replaced by another code", Fixes: []scrub.Safety{scrub.Unsafe},
		Denials: []scrub.Denial{
			{Group: "CO", CARC: "96"}, {Group: "CO", CARC: "97"}, {Group: "CO", CARC: "181", RARCs: []string{"N56"}},
		},
		Sources: []scrub.Source{pfs, mue}, Run: notPayable,
	},
	{
		ID: "UN110", Name: "units-over-minutes", Severity: scrub.Error, Needs: scrub.NeedsLog,
		What:  "more timed units than the documented minutes support under the payer's counting rule",
		Fixes: []scrub.Safety{scrub.Unsafe}, Denials: []scrub.Denial{{Group: "CO", CARC: "151"}},
		Sources: []scrub.Source{mcpm20_2}, Run: judged(therapy.Over),
	},
	{
		ID: "UN111", Name: "units-under-minutes", Severity: scrub.Info, Needs: scrub.NeedsLog,
		What: "the documented minutes support more timed units than are billed", Fixes: []scrub.Safety{scrub.Unsafe},
		Sources: []scrub.Source{mcpm20_2}, Run: judged(therapy.Under),
	},
	{
		ID: "UN112", Name: "units-misallocated", Severity: scrub.Warning, Needs: scrub.NeedsLog,
		What: "the total of timed units is supported, but not the way it is divided over the codes", Fixes: []scrub.Safety{scrub.Unsafe},
		Sources: []scrub.Source{mcpm20_2}, Run: judged(therapy.Misallocated),
	},
	{
		ID: "UN113", Name: "minutes-missing", Severity: scrub.Warning, Needs: scrub.NeedsLog,
		What:    "a timed line has no minutes in the treatment log",
		Denials: []scrub.Denial{{Group: "CO", CARC: "50"}, {Group: "CO", CARC: "16"}},
		Sources: []scrub.Source{mcpm20_2}, Run: minutesMissing,
	},
	{
		ID: "UN120", Name: "untimed-units", Severity: scrub.Error, When: scrub.Repeated,
		What: "more than one unit of a code that is not counted by time", Fixes: []scrub.Safety{scrub.Unsafe},
		Denials: []scrub.Denial{{Group: "CO", CARC: "151", RARCs: []string{"N362"}}},
		Sources: []scrub.Source{mcpm20_2}, Run: untimedUnits,
	},
	{
		ID: "UN121", Name: "units-invalid", Severity: scrub.Error, When: scrub.OddUnits,
		What: "units of a therapy line are missing, zero, negative, fractional or not a number", Fixes: []scrub.Safety{scrub.Safe},
		Denials: []scrub.Denial{{Group: "CO", CARC: "16", RARCs: []string{"M53"}}},
		Sources: []scrub.Source{guide, mcpm20_2}, Run: unitsInvalid,
	},
	{
		ID: "UN122", Name: "unit-basis", Severity: scrub.Error, When: scrub.OddBasis,
		What:    "SV103 of a therapy line is not UN; minutes (MJ) are for anesthesia",
		Denials: []scrub.Denial{{Group: "CO", CARC: "16", RARCs: []string{"M53"}}},
		Sources: []scrub.Source{guide}, Run: unitBasis,
	},
	{
		ID: "UN130", Name: "day-implausible", Severity: scrub.Warning, Scope: scrub.ScopeVisit,
		What:    "the timed units of a patient's day imply more than 8 units of one-on-one therapy",
		Sources: []scrub.Source{mcpm20_2}, Run: dayImplausible,
	},
	{
		ID: "UN131", Name: "provider-day-implausible", Severity: scrub.Warning, Scope: scrub.ScopeVisit,
		What:    "a provider's timed units of a day imply more hours than one person works: 8 (info), 10 (warning), 12 (error)",
		Sources: []scrub.Source{mcpm20_2}, Run: providerDayImplausible,
	},
}

// limitOf is the most units of a code: of NCCI where the payer uses it and the payer's
// own, whichever is less.
func limitOf(p *scrub.Pass, code therapy.Code, day int32) (limit ncci.MUE, whose string, ok bool) {
	if p.Claim.Profile.MUE {
		if m, found := p.Tables.Limit(code, day); found && m.Units > 0 {
			limit, whose, ok = m, "the medically unlikely edit", true
		}
	}
	if own := p.Claim.Profile.Own; own != nil {
		if m, found := own.Limit(code, day); found && (!ok || m.Units < limit.Units) {
			return m, "the payer's own limit", true
		}
	}
	return limit, whose, ok
}

func mueExceeded(p *scrub.Pass) {
	for i := range p.Claim.Visits {
		v := &p.Claim.Visits[i]
		for _, l := range v.Lines {
			if l.Code == 0 {
				continue
			}
			limit, whose, ok := limitOf(p, l.Code, l.Day())
			if !ok {
				continue
			}
			allowed := limit.Units
			if l.Period.To != l.Period.From {
				allowed *= 1 + l.Period.From.Days(l.Period.To)
			}
			if limit.MAI == 1 {
				if l.Count() > allowed {
					p.Report(p.SV1(l, 4, 0), nil, "%s: %d units on a line, %s allows %d", l.Code, l.Count(), whose, allowed)
				}
				continue
			}
			before, other := 0, ""
			for _, s := range v.Others {
				if s.Code == l.Code && s.Before(p.Claim) {
					before += s.Units
					other = " with " + p.Days.Name(s.Claim)
				}
			}
			for _, o := range v.Lines {
				if o == l {
					break
				}
				if o.Code == l.Code {
					before += o.Count()
				}
			}
			if total := before + l.Count(); total > allowed && before <= allowed {
				kind := ""
				if limit.MAI > 0 {
					kind = fmt.Sprintf(" (MAI %d)", limit.MAI)
				}
				p.Report(p.SV1(l, 4, 0), nil, "%s: %d units on %s%s, %s allows %d%s", l.Code, total, l.Date(), other, whose, allowed, kind)
			}
		}
	}
}

// unpaid says what a fee schedule status means for a therapist's claim.
var unpaid = map[byte]string{
	'B': "is bundled into other services", 'I': "is not used by Medicare", 'N': "is not covered",
}

func notPayable(p *scrub.Pass) {
	if !p.Claim.Profile.Medicare {
		return
	}
	for i := range p.Claim.Lines {
		l := &p.Claim.Lines[i]
		if l.Procedure == nil || l.Date() == 0 {
			continue
		}
		status := l.Procedure.Status
		if fee, ok := p.Tables.Fee(l.Code, l.Day()); ok {
			status = fee.Status
		}
		why, bad := unpaid[status]
		if !bad && status == 0 {
			if limit, ok := p.Tables.Limit(l.Code, l.Day()); ok && limit.Units == 0 {
				why, bad = "has a medically unlikely edit of 0", true
			}
		}
		if !bad {
			continue
		}
		var fix *scrub.Fix
		if to := l.Procedure.Substitute; to != 0 {
			s := p.Claim.Segment(l.SV1)
			if e, err := s.SetComponent(1, 2, []byte(to.String())); err == nil {
				fix = &scrub.Fix{Safety: scrub.Unsafe, Message: "bill " + to.String() + " instead", Edits: []edi.Edit{e}}
			}
		}
		p.Report(p.Service(l), fix, "%s %s: Medicare does not pay it", l.Code, why)
	}
}

func untimedUnits(p *scrub.Pass) {
	for i := range p.Claim.Lines {
		l := &p.Claim.Lines[i]
		if l.Procedure == nil || !l.Procedure.OncePerDay() || l.Count() <= 1 {
			continue
		}
		if l.Period.From != l.Period.To {
			continue // a range of days: one a day may be right
		}
		p.Report(p.SV1(l, 4, 0), setUnits(p, []change{{l, 1}}), "%s is counted once a day, however long it takes; %d units are billed", l.Code, l.Count())
	}
}

func unitsInvalid(p *scrub.Pass) {
	for i := range p.Claim.Lines {
		l := &p.Claim.Lines[i]
		if l.Procedure == nil || l.SV1 < 0 {
			continue
		}
		raw := p.Claim.Element(l.SV1, 4)
		at := p.SV1(l, 4, 0)
		whole, isWhole := l.Units.Whole()
		switch {
		case len(raw) == 0:
			p.Report(at, nil, "%s has no units", l.Code)
		case l.UnitsErr != nil:
			p.Report(at, nil, "units of %s: %s", l.Code, l.UnitsErr)
		case l.Units == 0:
			p.Report(at, nil, "%s has zero units", l.Code)
		case l.Units < 0:
			p.Report(at, nil, "%s has negative units", l.Code)
		case !isWhole:
			p.Report(at, nil, "%s has %s units; therapy is billed in whole units", l.Code, l.Units)
		case strings.IndexByte(string(raw), '.') >= 0:
			var fix *scrub.Fix
			if e, err := p.Set(l.SV1, 4, []byte(strconv.Itoa(whole))); err == nil {
				fix = &scrub.Fix{Safety: scrub.Safe, Message: fmt.Sprintf("write %d", whole), Edits: []edi.Edit{e}}
			}
			p.Report(at, fix, "units of %s are written with decimals", l.Code)
		}
	}
}

func unitBasis(p *scrub.Pass) {
	for i := range p.Claim.Lines {
		l := &p.Claim.Lines[i]
		if l.Procedure == nil || l.SV1 < 0 {
			continue
		}
		if basis := p.Claim.Element(l.SV1, 3); string(basis) != "UN" {
			p.Report(p.SV1(l, 3, 0), nil, "%s is billed in %s; therapy is billed in units (UN)", l.Code, plain(basis))
		}
	}
}

func dayImplausible(p *scrub.Pass) {
	const most = 8
	c := p.Claim
	for i := range c.Visits {
		v := &c.Visits[i]
		all := dayUnits(c, v)
		if all <= most || dateBefore(c.Visits[:i], v.Date) {
			continue
		}
		sum := 0 // up to the line at hand, in the order of the run
		for _, s := range slices.Concat(v.Others, v.Elsewise) {
			if s.Before(c) && pooled(therapy.Lookup(s.Code)) {
				sum += s.Units
			}
		}
		for j := range c.Lines {
			l := &c.Lines[j]
			if !pooled(l.Procedure) || l.Date() != v.Date {
				continue
			}
			if before := sum; before <= most && before+l.Count() > most {
				p.Report(p.SV1(l, 4, 0), nil, "%d timed units on %s imply at least %d minutes of one-on-one therapy",
					all, v.Date, therapy.ImpliedMinutes(all))
			}
			sum += l.Count()
		}
	}
}

// dateBefore reports whether one of the visits is of that day.
func dateBefore(visits []scrub.Visit, day edi.Date) bool {
	for i := range visits {
		if visits[i].Date == day {
			return true
		}
	}
	return false
}

func pooled(q *therapy.Procedure) bool { return q != nil && q.Pool }

// dayUnits is all timed units of the patient's day.
func dayUnits(c *scrub.Claim, v *scrub.Visit) int {
	total := 0
	for _, list := range [...][]scrub.Service{v.Others, v.Elsewise} {
		for i := range list {
			if pooled(therapy.Lookup(list[i].Code)) {
				total += list[i].Units
			}
		}
	}
	for i := range c.Lines {
		if l := &c.Lines[i]; pooled(l.Procedure) && l.Date() == v.Date {
			total += l.Count()
		}
	}
	return total
}

func providerDayImplausible(p *scrub.Pass) {
	for i := range p.Claim.Visits {
		v := &p.Claim.Visits[i]
		for _, l := range v.Lines {
			minutes, limit := p.Days.Load(p.Claim, l)
			if limit == 0 {
				continue
			}
			p.ReportAs(scrub.Severity(limit-1), p.SV1(l, 4, 0), nil,
				"the provider's timed units on %s imply at least %d hours %d minutes of one-on-one therapy", l.Date(), minutes/60, minutes%60)
			break
		}
	}
}

// session is a day of one discipline on the claim, with its documented minutes.
type session struct {
	date    edi.Date
	lines   []*scrub.Line // timed
	billed  []therapy.Billed
	work    []therapy.Work
	missing []*scrub.Line // timed lines without minutes
}

// sessions joins the timed lines with the treatment log.
func sessions(p *scrub.Pass) []session {
	c := p.Claim
	var all []session
	entries := p.Log.Of(c.ID())
	used := make([]bool, len(entries))
	for i := range c.Lines {
		l := &c.Lines[i]
		if !pooled(l.Procedure) || l.Date() == 0 || l.Period.From != l.Period.To {
			continue
		}
		s := sessionOf(&all, l)
		s.lines = append(s.lines, l)
		s.billed = append(s.billed, therapy.Billed{Code: l.Code, Units: l.Count()})
	}
	for i := range all {
		s := &all[i]
		for _, l := range s.lines {
			found := false
			for k, e := range entries {
				if !matches(c, l, &e) {
					continue
				}
				found = true
				if !used[k] {
					used[k] = true
					s.work = append(s.work, therapy.Work{Code: e.Code, Minutes: e.Minutes, Assistant: e.Assistant})
				}
			}
			if !found {
				s.missing = append(s.missing, l)
			}
		}
	}
	// Minutes of timed codes that are not billed count towards the day as well.
	for k, e := range entries {
		if used[k] || !pooled(therapy.Lookup(e.Code)) || e.Line != "" && lineNamed(c, e.Line) != nil {
			continue
		}
		var on *session
		for i := range all {
			if all[i].date == e.Date {
				if on != nil {
					on = nil // two disciplines that day: whose minutes they are is not said
					break
				}
				on = &all[i]
			}
		}
		if on != nil {
			on.work = append(on.work, therapy.Work{Code: e.Code, Minutes: e.Minutes, Assistant: e.Assistant})
		}
	}
	return all
}

func sessionOf(all *[]session, l *scrub.Line) *session {
	for i := range *all {
		s := &(*all)[i]
		if s.date == l.Date() && s.lines[0].Discipline() == l.Discipline() && string(s.lines[0].Rendering.ID) == string(l.Rendering.ID) {
			return s
		}
	}
	*all = append(*all, session{date: l.Date()})
	return &(*all)[len(*all)-1]
}

// matches reports whether a row of the log is about the line: by its name where
// the row gives one, and by date and code.
func matches(c *scrub.Claim, l *scrub.Line, e *scrub.Entry) bool {
	if e.Date != l.Date() || e.Code != l.Code {
		return false
	}
	if e.Line == "" {
		return true
	}
	return e.Line == string(c.LineControl(l)) || e.Line == strconv.Itoa(c.LineNumber(l))
}

func lineNamed(c *scrub.Claim, name string) *scrub.Line {
	for i := range c.Lines {
		l := &c.Lines[i]
		if name == string(c.LineControl(l)) || name == strconv.Itoa(c.LineNumber(l)) {
			return l
		}
	}
	return nil
}

func minutesMissing(p *scrub.Pass) {
	for _, s := range sessions(p) {
		for _, l := range s.missing {
			p.Report(p.Service(l), nil, "%s on %s has no minutes in the treatment log", l.Code, l.Date())
		}
	}
}

// counts are the counts that the payer takes, the preferred one first.
func counts(p *scrub.Pass, work []therapy.Work) []therapy.Count {
	switch p.Claim.Profile.Counting {
	case payer.CMS:
		return []therapy.Count{therapy.CountCMS(work)}
	case payer.Midpoint:
		return []therapy.Count{therapy.CountMidpoint(work)}
	}
	return []therapy.Count{therapy.CountCMS(work), therapy.CountMidpoint(work)}
}

// judged reports the sessions with that verdict: the mildest of the counts that
// the payer takes.
func judged(want therapy.Verdict) func(*scrub.Pass) {
	return func(p *scrub.Pass) {
		for _, s := range sessions(p) {
			if len(s.missing) > 0 || len(s.work) == 0 {
				continue // UN113 says that minutes are missing
			}
			var best therapy.Count
			verdict := therapy.Over + 1
			for _, c := range counts(p, s.work) {
				if v := therapy.Judge(s.billed, c); v < verdict {
					best, verdict = c, v
				}
			}
			if verdict == want {
				reportSession(p, &s, best, verdict)
			} else if want == therapy.Under && verdict == therapy.Misallocated && fewer(p, &s) {
				reportSession(p, &s, best, want) // divided wrongly, and too few
			}
		}
	}
}

// fewer reports whether fewer units are billed than any count supports.
func fewer(p *scrub.Pass, s *session) bool {
	billed := 0
	for _, b := range s.billed {
		billed += b.Units
	}
	for _, c := range counts(p, s.work) {
		if billed >= c.Total {
			return false
		}
	}
	return true
}

func reportSession(p *scrub.Pass, s *session, c therapy.Count, verdict therapy.Verdict) {
	minutes, billed := 0, 0
	for _, w := range c.Shares {
		minutes += w.Total()
	}
	for _, b := range s.billed {
		billed += b.Units
	}
	near := c.Nearest(s.billed)
	fix := setUnits(p, changes(s, c, near))
	at := s.lines[len(s.lines)-1]
	for _, l := range s.lines { // the first line that does not fit
		i := shareIndex(c, l.Code)
		if i < 0 || total(s, l.Code) != near[i] && (verdict == therapy.Under) == (total(s, l.Code) < near[i]) {
			at = l
			break
		}
	}
	switch verdict {
	case therapy.Over:
		p.Report(p.SV1(at, 4, 0), fix, "%d timed units on %s, but %d documented minutes support %d: %s", billed, s.date, minutes, c.Total, allocation(c, near))
	case therapy.Under:
		p.Report(p.SV1(at, 4, 0), fix, "%d timed units on %s, and %d documented minutes support %d: %s", billed, s.date, minutes, c.Total, allocation(c, near))
	default:
		p.Report(p.SV1(at, 4, 0), fix, "%d documented minutes on %s support %d timed units, divided otherwise: %s", minutes, s.date, c.Total, allocation(c, near))
	}
}

func shareIndex(c therapy.Count, code therapy.Code) int {
	for i := range c.Shares {
		if c.Shares[i].Code == code {
			return i
		}
	}
	return -1
}

// total is the billed units of a code.
func total(s *session, code therapy.Code) (n int) {
	for _, b := range s.billed {
		if b.Code == code {
			n += b.Units
		}
	}
	return n
}

func allocation(c therapy.Count, units []int) string {
	var parts []string
	for i, n := range units {
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%s x %d", c.Shares[i].Code, n))
		}
	}
	if parts == nil {
		return "none"
	}
	return strings.Join(parts, ", ")
}

// change is new units for a line.
type change struct {
	line  *scrub.Line
	units int
}

// changes are what makes the billed units an allocation; nil where a line would
// have to come or go, or a code stands on several lines.
func changes(s *session, c therapy.Count, units []int) []change {
	var list []change
	for i, n := range units {
		var on *scrub.Line
		for _, l := range s.lines {
			if l.Code != c.Shares[i].Code {
				continue
			}
			if on != nil {
				return nil
			}
			on = l
		}
		if on == nil && n > 0 || on != nil && n == 0 {
			return nil
		}
		if on != nil && on.Count() != n {
			list = append(list, change{on, n})
		}
	}
	for _, l := range s.lines {
		if shareIndex(c, l.Code) < 0 {
			return nil
		}
	}
	return list
}

// setUnits is the unsafe fix that bills other units, with the charge in
// proportion; nil where a charge cannot be divided to the cent.
func setUnits(p *scrub.Pass, list []change) *scrub.Fix {
	var edits []edi.Edit
	var parts []string
	for _, ch := range list {
		old := ch.line.Count()
		charge := int64(ch.line.Charge) * int64(ch.units)
		if old <= 0 || ch.line.ChargeErr != nil || charge%int64(old) != 0 {
			return nil
		}
		units, err := p.Set(ch.line.SV1, 4, []byte(strconv.Itoa(ch.units)))
		if err != nil {
			return nil
		}
		amount, err := p.Set(ch.line.SV1, 2, edi.Amount(charge/int64(old)).Append(nil, false))
		if err != nil {
			return nil
		}
		edits = append(edits, amount, units)
		parts = append(parts, fmt.Sprintf("%s x %d", ch.line.Code, ch.units))
	}
	if edits == nil {
		return nil
	}
	return &scrub.Fix{Safety: scrub.Unsafe, Message: "bill " + strings.Join(parts, ", ") + " and the charge in proportion", Edits: edits}
}
