package therapy

import "bytes"

// role is what a provider taxonomy code says of its bearer.
type role uint8

const (
	therapist role = iota + 1
	assistant
	clinic
)

// taxonomies gives the NUCC codes, by how they begin, that name a discipline.
// All others name none: physicians (who may order and do any of the three),
// chiropractors, athletic trainers (2255A2300X), mixed rehabilitation clinics
// (261QR0400X) and groups (193200000X, 193400000X).
var taxonomies = [...]struct {
	prefix     []byte
	role       role
	discipline Disciplines
}{
	{[]byte("2251"), therapist, PT},
	{[]byte("225X"), therapist, OT},
	{[]byte("235Z"), therapist, SLP},
	{[]byte("2252"), assistant, PT},
	{[]byte("224Z"), assistant, OT},
	{[]byte("2355S0801X"), assistant, SLP},
	{[]byte("261QP2000X"), clinic, PT},
}

func roleOf(tax []byte) (role, Disciplines) {
	if len(tax) != 10 || tax[9] != 'X' {
		return 0, 0
	}
	for _, t := range taxonomies {
		if bytes.HasPrefix(tax, t.prefix) {
			return t.role, t.discipline
		}
	}
	return 0, 0
}

// DisciplineOfTaxonomy returns the one discipline of a therapist or of a clinic
// of one discipline. It is none for assistants (see [Assistant]), physicians,
// groups and codes that are not valid.
func DisciplineOfTaxonomy(tax []byte) Disciplines {
	if r, d := roleOf(tax); r == therapist || r == clinic {
		return d
	}
	return 0
}

// Therapist reports whether the taxonomy is that of a physical or occupational
// therapist or a speech-language pathologist.
func Therapist(tax []byte) bool {
	r, _ := roleOf(tax)
	return r == therapist
}

// Assistant returns the discipline of an assistant's taxonomy, or none.
// Assistants cannot enroll in Medicare: the supervising therapist renders.
func Assistant(tax []byte) Disciplines {
	if r, d := roleOf(tax); r == assistant {
		return d
	}
	return 0
}
