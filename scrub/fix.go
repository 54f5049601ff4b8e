package scrub

import "github.com/gaitkeeper/gaitkeeper/edi"

// Safety says what a fix takes on itself.
type Safety uint8

// The safeties, from the least to the most that may be done without asking.
const (
	// Attest asserts a fact that only the provider knows: never applied unless an
	// attestation names the claim, line, rule and value.
	Attest Safety = iota
	// Unsafe changes what is billed.
	Unsafe
	// Safe follows from what is already on the claim.
	Safe
)

func (s Safety) String() string { return [...]string{"attest", "unsafe", "safe"}[s] }

// Fix is a change that removes a finding. It is applied whole or not at all.
type Fix struct {
	Safety  Safety
	Message string     // what it does, beginning with a verb
	Edits   []edi.Edit // of the original input; none for an attested fix until its value is known

	// For an attested fix: the values that can be attested, and what they change.
	Values []string
	Attest func(value string) ([]edi.Edit, error)
}
