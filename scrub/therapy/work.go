package therapy

import (
	"cmp"
	"slices"
)

// Work is the time spent on one code on one day, in minutes.
type Work struct {
	Code      Code
	Minutes   int // of the therapist, alone or together with the assistant
	Assistant int // of the assistant alone
}

// Total returns the minutes of both.
func (w Work) Total() int { return w.Minutes + w.Assistant }

// bound limits the numbers of one entry (minutes: two years), so that sums cannot
// overflow.
const bound = 1 << 20

func (w Work) bounded() Work {
	w.Minutes = min(max(w.Minutes, 0), bound)
	w.Assistant = min(max(w.Assistant, 0), bound)
	return w
}

// continuations are the codes for the first minutes of a service whose further
// minutes have an add-on code in the pool: 97129 and 97130, for example.
var continuations = func() (list []continuation) {
	for p := range All() {
		if p.Pool && p.AddOn() {
			first := Lookup(p.Primaries[0])
			list = append(list, continuation{first.Code, p.Code, first.UnitMinutes})
		}
	}
	return list
}()

type continuation struct {
	first, added Code
	minutes      int // of the first code's one unit
}

// pooled returns the work on the codes whose minutes make units together: one
// entry for each code, in the order of the codes. Two codes of one continued
// service share its time as they are defined, however it was written down: the
// first code holds no more than its one unit, and it is full before the added
// code holds any.
func pooled(work []Work) []Work {
	var day timesheet
	for _, w := range work {
		if Lookup(w.Code) != nil {
			day.add(w.bounded())
		}
	}
	for _, c := range continuations {
		day.settle(c)
	}
	day = slices.DeleteFunc(day, func(w Work) bool { return !isPooled(w.Code) })
	slices.SortFunc(day, func(a, b Work) int { return cmp.Compare(a.Code, b.Code) })
	return day
}

func isPooled(c Code) bool {
	p := Lookup(c)
	return p != nil && p.Pool
}

type timesheet []Work

func (t timesheet) find(c Code) int {
	return slices.IndexFunc(t, func(w Work) bool { return w.Code == c })
}

func (t *timesheet) add(w Work) {
	if i := t.find(w.Code); i >= 0 {
		(*t)[i].Minutes += w.Minutes
		(*t)[i].Assistant += w.Assistant
		return
	}
	*t = append(*t, w)
}

// settle moves time between the two codes of a continued service, if its first
// code was logged. What the therapist did is kept with the first code as far as
// there is a choice.
func (t *timesheet) settle(c continuation) {
	first := t.find(c.first)
	if first < 0 {
		return
	}
	if over := (*t)[first].Total() - c.minutes; over > 0 {
		assistant := min(over, (*t)[first].Assistant)
		t.move(c.first, c.added, over-assistant, assistant)
		return
	}
	added := t.find(c.added)
	if added < 0 {
		return
	}
	lack := min(c.minutes-(*t)[first].Total(), (*t)[added].Total())
	therapist := min(lack, (*t)[added].Minutes)
	t.move(c.added, c.first, therapist, lack-therapist)
}

func (t *timesheet) move(from, to Code, therapist, assistant int) {
	t.add(Work{from, -therapist, -assistant})
	t.add(Work{to, therapist, assistant})
}
