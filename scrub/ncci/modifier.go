package ncci

// role is what a modifier says to a PTP edit.
type role uint8

const (
	separation role = iota + 1 // a distinct service
	anatomical                 // another place of the body
	encounter                  // another encounter, procedure or test
)

// roles are the modifiers that bypass an edit with indicator 1: chapter 1 of
// CMS's NCCI policy manual for Medicare. GP, GO, GN, KX, CQ, CO, 51, 76 and 77
// are not among them.
var roles = map[string]role{
	"59": separation, "XE": separation, "XS": separation, "XP": separation, "XU": separation,

	"LT": anatomical, "RT": anatomical,
	"E1": anatomical, "E2": anatomical, "E3": anatomical, "E4": anatomical,
	"FA": anatomical, "F1": anatomical, "F2": anatomical, "F3": anatomical, "F4": anatomical,
	"F5": anatomical, "F6": anatomical, "F7": anatomical, "F8": anatomical, "F9": anatomical,
	"TA": anatomical, "T1": anatomical, "T2": anatomical, "T3": anatomical, "T4": anatomical,
	"T5": anatomical, "T6": anatomical, "T7": anatomical, "T8": anatomical, "T9": anatomical,
	"LC": anatomical, "LD": anatomical, "LM": anatomical, "RC": anatomical, "RI": anatomical,

	"24": encounter, "25": encounter, "27": encounter, "57": encounter, "58": encounter,
	"78": encounter, "79": encounter, "91": encounter,
}

// Bypass reports whether a modifier separates a pair with indicator 1. Medicare
// accepts it on either line for service since 2019-07-01.
func Bypass[T ~string | ~[]byte](mod T) bool { return roles[string(mod)] != 0 }

// Separation reports whether a modifier is 59, XE, XS, XP or XU, which assert a
// distinct service and say nothing else.
func Separation[T ~string | ~[]byte](mod T) bool { return roles[string(mod)] == separation }

// Anatomical reports whether a modifier names a side, digit, eyelid or vessel.
func Anatomical[T ~string | ~[]byte](mod T) bool { return roles[string(mod)] == anatomical }
