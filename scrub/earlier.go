package scrub

import (
	"slices"

	"github.com/gaitkeeper/gaitkeeper/edi"
)

// lookBack is for how many days the last visit is looked for.
const lookBack = 366

// addEarlierVisit notes a day on which the history has a visit of a patient.
func (d *Days) addEarlierVisit(patient uint64, day edi.Date) {
	list := d.visits[patient]
	if at, found := slices.BinarySearch(list, day); !found {
		d.visits[patient] = slices.Insert(list, at, day)
	}
}

// Visits is on how many days of its calendar year, before the first day of service of
// c, the patient had a service for this payer, and the last such day of the year before
// that first day; 0 where there is none. Rules that ask need NeedsHistory.
func (d *Days) Visits(c *Claim) (n int, last edi.Date) {
	first := c.firstDay()
	if d == nil || first == 0 {
		return 0, 0
	}
	earlier := d.visits[c.patient]
	day := first
	for range lookBack {
		day = day.Before()
		if !d.visited(c, day, earlier) {
			continue
		}
		if last == 0 {
			last = day
		}
		if day.Year() == first.Year() {
			n++
		}
	}
	return n, last
}

// visited reports whether the patient had a service on a day. Where claims of the run
// share it, they and those of the history are all known by their records, and which of
// them were replaced.
func (d *Days) visited(c *Claim, day edi.Date, earlier []edi.Date) (found bool) {
	known := false
	d.walk(c, day, func(r record) {
		known = true
		found = found || !d.removed(r.claim())
	})
	if !known {
		_, found = slices.BinarySearch(earlier, day)
	}
	return found
}
