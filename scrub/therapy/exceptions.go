package therapy

// primaries gives the code that an add-on code stands beside: NCCI add-on code
// table of 2024, all of type 1 (this primary and no other). G0542 is younger;
// its own definition names its primary.
var primaries = map[string]string{
	"0791T": "97116",
	"90913": "90912",
	"92608": "92607",
	"92618": "92605",
	"92627": "92626",
	"96113": "96112",
	"97130": "97129",
	"97546": "97545",
	"97551": "97550",
	"97598": "97597",
	"98981": "98980",
	"G0542": "G0541",
}

// locked gives the codes that Medicare takes from one discipline only: change
// request 10176, for service since 2018-01-01.
var locked = map[string]Disciplines{
	"92521": SLP, "92522": SLP, "92523": SLP, "92524": SLP, "92597": SLP, "92607": SLP,
	"97161": PT, "97162": PT, "97163": PT, "97164": PT,
	"97165": OT, "97166": OT, "97167": OT, "97168": OT,
}

// evaluations are the physical and occupational evaluations and re-evaluations.
var evaluations = map[string]bool{
	"97161": true, "97162": true, "97163": true, "97164": true,
	"97165": true, "97166": true, "97167": true, "97168": true,
}

// groups are services to several people at once.
var groups = map[string]bool{"92508": true, "97150": true, "97552": true, "G0543": true}

// unlisted are the codes that need a description on the claim.
var unlisted = map[string]bool{"97039": true, "97139": true, "97799": true}

// devices are the supplies of remote therapeutic monitoring.
var devices = map[string]bool{
	"98976": true, "98977": true, "98978": true, "98984": true, "98985": true, "98986": true,
}

// substitutes gives the code that Medicare takes instead of one it does not.
var substitutes = map[string]string{"97014": "G0283"}

// until gives the last valid day of codes that were deleted. 0791T, a temporary
// code, is due to end with 2028 if it is not renewed: not yet a fact.
var until = map[string]int32{"97762": 2017_12_31}
