package guide

import "github.com/gaitkeeper/gaitkeeper/edi"

// dayCodes are the days of an answered claim or line.
type dayCodes struct {
	from, to int // DTM of the first and the last day; 0: none
	day      int // DTM*472, the only day
	twice    int // one that repeats another
	unclear  bool
}

// answeredDay notes a DTM of the claim or line of.
func (w *Walker) answeredDay(of *answered, i int) {
	d := &of.days
	var into *int
	switch string(w.unit.Element(i, 1)) {
	case "150", "232":
		into = &d.from
	case "151", "233":
		into = &d.to
	case "472":
		into = &d.day
	default: // a wrong code: which day it is, is not known
		d.unclear = true
		return
	}
	if *into > 0 {
		d.twice = i
		return
	}
	*into = i
}

// answeredDays looks at the days of a claim and of its lines: one day, or a first and a
// last one.
func (w *Walker) answeredDays(clp *answered, lines []answered) {
	if !w.sure(tagDTM) {
		return
	}
	w.period(&clp.days, "the last day of the claim (DTM*233) is before its first (DTM*232)")
	for i := range lines {
		d := &lines[i].days
		switch {
		case d.unclear:
		case d.twice > 0:
			w.onAnswer("GD106", Warning, d.twice, 1, 4, "I12", "DTM01 names a day that stands here before")
		case d.day > 0 && d.from+d.to > 0:
			w.onAnswer("GD106", Warning, max(d.from, d.to), 1, 4, "I12", "a line has one day (DTM*472) or a first and a last one (150, 151), not both")
		case (d.from > 0) != (d.to > 0):
			w.onAnswer("GD106", Warning, max(d.from, d.to), 1, 4, "I12", "a line that has a first or a last day (DTM*150, 151) has the other one too")
		default:
			w.period(d, "the last day of a line (DTM*151) is before its first (DTM*150)")
		}
	}
}

func (w *Walker) period(d *dayCodes, message string) {
	if d.from == 0 || d.to == 0 || !w.sound(d.from, 2) || !w.sound(d.to, 2) {
		return
	}
	from, err := edi.ParseDate(w.unit.Element(d.from, 2))
	to, err2 := edi.ParseDate(w.unit.Element(d.to, 2))
	if err == nil && err2 == nil && to < from {
		w.onAnswer("DT101", Error, d.to, 2, 4, "I12", message)
	}
}
