package therapy

const (
	quarterHour = 15 // minutes of one unit
	leastPart   = 8  // minutes that count as a unit: more than half of one
)

// CMSUnits returns how many units a day's total of timed minutes supports under
// Medicare's rule: 8 to 22 minutes are 1, 23 to 37 are 2, and so on by 15
// (Claims Processing Manual, chapter 5, section 20.2).
func CMSUnits(total int) int { return rounded(total) }

// MidpointUnits returns how many units the minutes of one code support under
// the CPT midpoint rule: a unit is reached when more than half of its time is.
// The same steps as [CMSUnits], but each code by itself.
func MidpointUnits(minutes int) int { return rounded(minutes) }

func rounded(minutes int) int {
	if minutes <= 0 {
		return 0
	}
	units := minutes / quarterHour
	if minutes%quarterHour >= leastPart {
		units++
	}
	return units
}

// ImpliedMinutes returns the least total of timed minutes that supports so many
// units under Medicare's rule: 15 for each, less 7.
func ImpliedMinutes(units int) int {
	if units <= 0 {
		return 0
	}
	return units*quarterHour - (quarterHour - leastPart)
}
