package therapy

// Assisted says how many units of one code carry the assistant's modifier, CQ
// or CO, if so many are billed. Min and Max are equal unless the work leaves it
// open.
type Assisted struct {
	Code     Code
	Units    int // billed, or to be billed
	Min, Max int // of these, with the modifier
}

// Assisted returns how the units of each code divide between assistant and
// therapist in the legal allocations: one entry for each code that has units,
// and two, with and without the spare unit, for a code that is tied.
func (c Count) Assisted() []Assisted {
	var list []Assisted
	for _, s := range c.Shares {
		for units := max(s.Units, 1); units <= s.most(); units++ {
			list = append(list, AssistedUnits(s.Work, units))
		}
	}
	return list
}

// AssistedUnits divides units of a fifteen-minute code between assistant and
// therapist (Claims Processing Manual, chapter 5, section 20.1; in force for
// service since 2022-01-01):
//
//  1. A full quarter hour of one person is that person's unit.
//  2. Of a unit that is left over, the therapist's 8 minutes make it the
//     therapist's; otherwise it is the assistant's if more than a tenth of its
//     time is.
//  3. Of two units that are left over, the therapist's 8 minutes make one the
//     therapist's and the assistant's time makes the other the assistant's. CMS
//     gives this for 9 to 14 minutes of each, 23 to 28 together, the only way
//     in which one code alone leaves two units.
//
// If fewer units are billed than the full quarter hours of both, or more than
// the work supports, it is open whose they are, and Min and Max differ.
func AssistedUnits(w Work, units int) Assisted {
	w, units = w.bounded(), max(units, 0)
	marked, plain := w.Assistant/quarterHour, w.Minutes/quarterHour
	if units < marked+plain {
		return Assisted{w.Code, units, max(units-plain, 0), min(units, marked)}
	}
	left := units - marked - plain
	assistant, therapist := w.Assistant%quarterHour, w.Minutes%quarterHour
	worked := (assistant + therapist + quarterHour - 1) / quarterHour
	open := max(left-worked, 0)
	for range left - open {
		switch {
		case therapist >= leastPart:
			therapist = 0
		case overTenth(assistant, therapist):
			marked++
			therapist = 0
		}
	}
	return Assisted{w.Code, units, marked, marked + open}
}

// AssistedService reports whether a service that is not counted in fifteen-minute
// units carries the assistant's modifier: the assistant alone did more than a
// tenth of its minutes.
func AssistedService(w Work) bool {
	w = w.bounded()
	return overTenth(w.Assistant, w.Minutes)
}

func overTenth(assistant, therapist int) bool { return 10*assistant > assistant+therapist }
