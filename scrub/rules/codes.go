package rules

import "github.com/gaitkeeper/gaitkeeper/scrub/therapy"

// Codes that rules name.
var (
	code97116 = mustCode("97116")
	code0791T = mustCode("0791T")
	orthotic  = []therapy.Code{mustCode("97760"), mustCode("97761"), mustCode("97763")}
)

func mustCode(s string) therapy.Code {
	c, ok := therapy.ParseCode([]byte(s))
	if !ok {
		panic("rules: bad code " + s)
	}
	return c
}
