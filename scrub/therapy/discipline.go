package therapy

import "strings"

// Disciplines is a set of the three therapy disciplines.
type Disciplines uint8

// The disciplines.
const (
	PT  Disciplines = 1 << iota // physical therapy
	OT                          // occupational therapy
	SLP                         // speech-language pathology

	anyone = PT | OT | SLP
)

// disciplines gives the name, the plan-of-care modifier, the assistant's
// modifier (there is none for speech) and the threshold's bucket of each.
var disciplines = [...]struct {
	set                               Disciplines
	name, modifier, assistant, bucket string
}{
	{PT, "PT", "GP", "CQ", "PTSLP"},
	{OT, "OT", "GO", "CO", "OT"},
	{SLP, "SLP", "GN", "", "PTSLP"},
}

// Has reports whether d holds every discipline of other.
func (d Disciplines) Has(other Disciplines) bool { return d&other == other }

// One reports whether d is exactly one discipline.
func (d Disciplines) One() bool { return d == PT || d == OT || d == SLP }

// String returns the names, such as "PT" or "PT/OT".
func (d Disciplines) String() string {
	var names []string
	for _, one := range disciplines {
		if d&one.set != 0 {
			names = append(names, one.name)
		}
	}
	return strings.Join(names, "/")
}

// Modifier returns GP, GO or GN for exactly one discipline, else "".
func (d Disciplines) Modifier() string {
	for _, one := range disciplines {
		if d == one.set {
			return one.modifier
		}
	}
	return ""
}

// AssistantModifier returns CQ for PT and CO for OT, else "": no modifier marks
// the work of a speech-language pathology assistant.
func (d Disciplines) AssistantModifier() string {
	for _, one := range disciplines {
		if d == one.set {
			return one.assistant
		}
	}
	return ""
}

// Bucket returns which yearly threshold the discipline counts towards: "PTSLP",
// which physical and speech therapy share, or "OT". It is "" for no discipline
// and for a set that reaches into both.
func (d Disciplines) Bucket() string {
	bucket := ""
	for _, one := range disciplines {
		if d&one.set == 0 {
			continue
		}
		if bucket != "" && bucket != one.bucket {
			return ""
		}
		bucket = one.bucket
	}
	return bucket
}

// DisciplineOfModifier returns the discipline that GP, GO or GN names, or none.
func DisciplineOfModifier[T ~string | ~[]byte](mod T) Disciplines {
	for _, one := range disciplines {
		if string(mod) == one.modifier {
			return one.set
		}
	}
	return 0
}

// DisciplineOfAssistantModifier returns PT for CQ, OT for CO, or none.
func DisciplineOfAssistantModifier[T ~string | ~[]byte](mod T) Disciplines {
	for _, one := range disciplines {
		if one.assistant != "" && string(mod) == one.assistant {
			return one.set
		}
	}
	return 0
}
