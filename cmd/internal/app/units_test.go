package app

import (
	"testing"

	"github.com/gaitkeeper/gaitkeeper/scrub/therapy"
)

func TestRoundedTo(t *testing.T) {
	for minutes := range 200 {
		if got, want := roundedTo(minutes, 15), therapy.MidpointUnits(minutes); got != want {
			t.Errorf("%d minutes are %d units of 15, want %d", minutes, got, want)
		}
	}
	for _, tt := range []struct{ minutes, unit, want int }{
		{15, 30, 0}, {16, 30, 1}, {45, 30, 1}, {46, 30, 2}, {30, 60, 0}, {31, 60, 1}, {90, 60, 1}, {91, 60, 2},
	} {
		if got := roundedTo(tt.minutes, tt.unit); got != tt.want {
			t.Errorf("%d minutes are %d units of %d, want %d", tt.minutes, got, tt.unit, tt.want)
		}
	}
}

// What a code outside the pool counts can be said for every timing.
func TestUntimed(t *testing.T) {
	for p := range therapy.All() {
		if p.Timing != therapy.Timed && untimed[p.Timing] == "" {
			t.Errorf("%s: nothing is said of %s codes", p.Code, p.Timing)
		}
	}
}
