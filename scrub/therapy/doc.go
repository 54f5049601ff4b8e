// Package therapy holds what is particular to billing outpatient physical,
// occupational and speech therapy in the United States: its procedure codes,
// whose they are, how minutes become units, when an assistant's work must be
// marked, and how much is paid in a year before more must be said.
//
// It knows facts and arithmetic. It knows no claims, files or payers, reads no
// clock and keeps no state.
//
// Minutes are whole minutes of skilled one-on-one treatment. Units are units of
// service. Money is cents. A day is an int32 CCYYMMDD (20260310). Labels are our
// own words.
//
// # Sources
//
// Where a comment says no more, the facts are from: the Medicare Claims
// Processing Manual (100-04), chapter 5, sections 10 (thresholds), 20.1
// (assistants) and 20.2 (units); CMS change request 10176 (always therapy, codes
// locked to a discipline); the July 2024 physician fee schedule, RVU24C (status,
// multiple procedure indicator); the NCCI add-on code table of 2024; CMS's
// therapy services page of February 2026 (codes of 2026, thresholds).
package therapy
