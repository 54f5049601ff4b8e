package ncci

import "github.com/gaitkeeper/gaitkeeper/scrub/therapy"

// Code is a packed procedure code, the same as [therapy.Code].
type Code = therapy.Code

// Open is the last day of a fact that is still in force.
const Open int32 = 9999_12_31

// The modifier indicators of a PTP edit, as CMS numbers them.
const (
	Never    byte = 0 // no modifier separates the two codes
	Allowed  byte = 1 // a bypass modifier on either line separates them
	Obsolete byte = 9 // deleted on its first day: as if it had never been
)

// Edit is one PTP edit: of the two codes, Column1 is paid and Column2 denied.
type Edit struct {
	Column1, Column2 Code
	Indicator        byte  // Never or Allowed
	From             int32 // first day in force; 0 if not known
	To               int32 // last day in force, itself included; Open if there is none yet
}

// MUE is the most units of one code that are paid. 0 units: never paid.
type MUE struct {
	Code   Code
	Units  int    // units of service
	MAI    int    // adjudication indicator: 1 by line; 2 by day, absolute; 3 by day, payable on appeal
	From   int32  // first day in force
	To     int32  // last day in force, itself included; Open if there is none yet
	Source string // publication, for people
}

// AddOn is one row of CMS's add-on code table: Code is paid beside Primary.
type AddOn struct {
	Code    Code
	Primary Code  // 0: contractors say which codes are its primaries
	Open    bool  // type 3: contractors may add primaries to those that are listed
	From    int32 // first day in force; 0 if not known
	To      int32 // last day in force, itself included; Open if there is none yet
}

// Fee is what Medicare's physician fee schedule says of a code, without its
// amounts.
type Fee struct {
	Code     Code
	Status   byte  // A active, B bundled, C by contractor, I other code, N not covered, R restricted, and others
	PCTC     byte  // professional and technical component indicator; 7: not for a therapist in a hospital
	Multiple byte  // multiple procedure indicator; 5: therapy reduction of practice expense
	From     int32 // first day in force
	To       int32 // last day in force, itself included; Open if there is none yet
}

// Kind says which table a [Dataset] is part of.
type Kind uint8

// The kinds of datasets.
const (
	Pairs  Kind = iota + 1 // PTP edits
	Limits                 // MUE values
	AddOns                 // add-on codes and their primaries
	Fees                   // status and indicators of the physician fee schedule
)

// String returns "PTP", "MUE", "AOC" or "PFS".
func (k Kind) String() string {
	if int(k) < len(kinds) {
		return kinds[k]
	}
	return ""
}

var kinds = [...]string{"", "PTP", "MUE", "AOC", "PFS"}

// Dataset says what a table was made of.
type Dataset struct {
	Name   string
	Kind   Kind
	AsOf   int32  // effective day of the publication
	From   int32  // first service day the rows can answer for
	To     int32  // last service day; Open where the newest rows go on applying
	Source string // publication, for people
	Rows   int
}
