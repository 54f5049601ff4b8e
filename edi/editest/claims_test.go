package editest

import (
	"fmt"
	"strings"
	"testing"
)

func TestNPI(t *testing.T) {
	// The number that the specification of the check digit works out.
	if got := NPI("123456789"); got != "1234567893" {
		t.Error(got)
	}
}

// What is made has the counts that its trailers state.
func TestCounts(t *testing.T) {
	for _, segments := range [][]string{
		Claims(3), Interchange(Shape{}), Interchange(Shape{Providers: 2, Subscribers: 2, Claims: 2, Lines: 3, Dependents: true, Old: true}),
	} {
		set := 0
		for _, s := range segments {
			if strings.HasPrefix(s, "ST*") {
				set = 0
			}
			set++
			if strings.HasPrefix(s, "SE*") && s != fmt.Sprintf("SE*%d*0001", set) {
				t.Errorf("%d segments, but %s", set, s)
			}
			if strings.HasPrefix(s, "ISA*") && len(s) != 105 {
				t.Errorf("ISA of %d bytes", len(s))
			}
		}
	}
	if got := len(Shape{Providers: 2, Subscribers: 3, Claims: 2}.IDs()); got != 12 {
		t.Error(got)
	}
}
