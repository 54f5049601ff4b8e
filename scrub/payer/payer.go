// Package payer describes what a payer expects of a therapy claim. A profile is
// chosen by who pays: by payer id or name in a [Book], else by the claim filing
// indicator SBR09.
package payer

import "github.com/gaitkeeper/gaitkeeper/scrub/ncci"

// Counting is how a payer turns minutes into units.
type Counting uint8

// The counting rules.
const (
	// CMS adds the minutes of all timed codes up first (Medicare Claims Processing
	// Manual, chapter 5, section 20.2).
	CMS Counting = iota
	// Midpoint counts each code by itself, a unit from its eighth minute (CPT).
	Midpoint
	// Either takes units that are right by one of the two.
	Either
)

func (c Counting) String() string { return [...]string{"cms", "midpoint", "either"}[c] }

// Profile is what one kind of payer expects.
type Profile struct {
	Name     string
	Counting Counting

	// Disciplines: therapy lines need GP, GO or GN (CMS CR 10176, for service from
	// 2018-01-01).
	Disciplines bool
	// Assistants: CQ or CO is due where an assistant did more than a tenth (42 CFR
	// 410.59 and 410.60, for service from 2020-01-01).
	Assistants bool
	// Medicare: the law of Part B applies: KX threshold, consolidated billing,
	// certifying provider, the fee schedule's status codes.
	Medicare bool

	NCCI     bool // procedure-to-procedure edits apply
	MUE      bool // medically unlikely edits apply
	Medicaid bool // both are those that CMS publishes for Medicaid, where they are known

	// TelehealthFrom and TelehealthUntil are the first and last day on which
	// therapists may treat by telehealth, CCYYMMDD; 0 where none is known.
	TelehealthFrom, TelehealthUntil int32

	// Filing is how long after the service a claim may be sent, FilingCorrected how
	// long a replacement may (CLM05-3 is 7).
	Filing, FilingCorrected Term

	// NoReplacement: the payer takes no claim with frequency 7 or 8.
	NoReplacement bool

	Authorization Codes        // need a prior authorization number (REF*G1)
	Own           *ncci.Tables // pairs and limits of the payer's own, beside NCCI's; nil for none
	Caps          []Cap
	Coverage      []Coverage
}

// The built-in profiles.
var (
	// Medicare is Part B, and the plans that must follow it.
	Medicare = Profile{
		Name: "medicare", Counting: CMS, Disciplines: true, Assistants: true, Medicare: true, NCCI: true, MUE: true,
		TelehealthUntil: 20271231,         // Consolidated Appropriations Act, 2026, section 6209
		Filing:          Term{12, Months}, // 42 CFR 424.44: one calendar year after the service
	}
	// Federal is TRICARE, the Department of Veterans Affairs and other federal
	// programs: Medicare's way to count and its modifiers, without its coverage law.
	Federal = Profile{Name: "federal", Counting: CMS, Disciplines: true, Assistants: true, NCCI: true, MUE: true}
	// Medicaid counts as CMS does and uses NCCI; modifiers differ by state.
	Medicaid = Profile{Name: "medicaid", Counting: CMS, NCCI: true, MUE: true, Medicaid: true}
	// Commercial is any other insurer: which counting rule it uses is not known, so
	// units that either allows pass.
	Commercial = Profile{Name: "commercial", Counting: Either, NCCI: true, MUE: true}
)

var builtin = []*Profile{&Medicare, &Federal, &Medicaid, &Commercial}

// For is the profile for a claim filing indicator (SBR09); what is not named here is
// Commercial.
func For(filing []byte) *Profile {
	switch string(filing) {
	case "MB", // Medicare Part B
		"MA", // Medicare Part A
		"16": // Medicare risk HMO
		return &Medicare
	case "MC":
		return &Medicaid
	case "CH", // CHAMPUS, now TRICARE
		"VA",
		"OF": // other federal program
		return &Federal
	}
	return &Commercial
}

// Named is the built-in profile of that name; nil where there is none.
func Named(name string) *Profile {
	for _, p := range builtin {
		if p.Name == name {
			return p
		}
	}
	return nil
}

// Names are the names of the built-in profiles.
func Names() []string {
	names := make([]string, len(builtin))
	for i, p := range builtin {
		names[i] = p.Name
	}
	return names
}
