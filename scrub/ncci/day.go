package ncci

import "time"

// ValidDay reports whether a number CCYYMMDD is a day of the calendar.
func ValidDay(day int32) bool {
	y, m, d := day/1_00_00, day/1_00%1_00, day%1_00
	if y < 1900 || y > 9999 || m < 1 || m > 12 || d < 1 {
		return false
	}
	return d <= 28 || d <= daysOf(y, m)
}

func daysOf(y, m int32) int32 {
	if m == 2 {
		if y%4 == 0 && y%100 != 0 || y%400 == 0 {
			return 29
		}
		return 28
	}
	return 30 + (m+m/8)%2
}

// DayBefore is the day before a valid day.
func DayBefore(day int32) int32 {
	if day == Open {
		return Open
	}
	return Day(time.Date(int(day/1_00_00), time.Month(day/1_00%1_00), int(day%1_00)-1, 0, 0, 0, 0, time.UTC))
}

// Day is the day of a time, CCYYMMDD.
func Day(t time.Time) int32 {
	y, m, d := t.Date()
	return int32(y)*1_00_00 + int32(m)*1_00 + int32(d)
}
