// Package codes says in plain words what the codes of a remittance mean, and what
// a practice usually does about them: reason codes (CARC), remark codes (RARC),
// adjustment groups, claim status, provider adjustments (PLB) and a few others.
//
// The words are this project's own; the lists that they explain change three times
// a year, about March 1, July 1 and November 1. [Builtin] is a snapshot that says
// its date, and [Tables.Load] puts newer or other words over it. A code that is in
// no list is named as unknown; it is never an error, for payers send new codes
// before anyone has a new table. A deactivated code is no error either: reversals
// of old payments carry it.
//
// Category, action and whether a code counts as a denial are judgements made for
// outpatient therapy. They are the usual case: the remark codes beside a reason
// code, the group and the payer decide.
package codes
