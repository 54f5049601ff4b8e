package scrub

// Trait is something about a claim that few claims have. A rule that names traits
// is passed over where the claim has none of them, which keeps clean claims cheap.
type Trait uint32

// The traits.
const (
	Several      Trait = 1 << iota // more than one modifier on a line
	Separated                      // 59, XE, XS, XP or XU
	Assisted                       // CQ or CO
	Liable                         // GA, GX, GY or GZ
	Habilitative                   // 96 or 97
	Remote                         // 93, 95 or GT, or place of service 02 or 10
	Foreign                        // 25, 26, 51, 52, 53, 76, 77 or TC
	InFacility                     // place of service 19, 21, 22, 23, 31 or 32
	AddedOn                        // an add-on code
	Unlisted                       // an unlisted code
	Repeated                       // more than one unit of a code that is counted once a day
	OddUnits                       // units that are not written as a whole number above zero
	AtHome                         // place of service 12, 13 or 14, or a CRC
	OddBasis                       // SV103 is not UN

	always Trait = 1 << 31 // of every claim
)

// modifierTraits are the traits that one modifier gives.
var modifierTraits = func() (t [1 << 16]Trait) {
	for trait, list := range map[Trait][]string{
		Separated:    {"59", "XE", "XS", "XP", "XU"},
		Assisted:     {"CQ", "CO"},
		Liable:       {"GA", "GX", "GY", "GZ"},
		Habilitative: {"96", "97"},
		Remote:       {"93", "95", "GT"},
		Foreign:      {"25", "26", "51", "52", "53", "76", "77", "TC"},
	} {
		for _, m := range list {
			t[M(m)] |= trait
		}
	}
	return t
}()

// placeTraits are the traits that a place of service gives.
var placeTraits = map[string]Trait{
	"02": Remote, "10": Remote,
	"12": AtHome, "13": AtHome, "14": AtHome,
	"19": InFacility, "21": InFacility, "22": InFacility, "23": InFacility, "31": InFacility, "32": InFacility,
}

// traits are those of one line.
func (l *Line) traits(basis, units []byte) (t Trait) {
	n := 0
	for _, m := range l.Modifiers {
		if m != 0 {
			n++
			t |= modifierTraits[m]
		}
	}
	if n > 1 {
		t |= Several
	}
	if len(l.Place) == 2 && l.Place[0] != '1' || len(l.Place) == 2 && l.Place[1] != '1' {
		t |= placeTraits[string(l.Place)]
	}
	if p := l.Procedure; p != nil {
		if p.AddOn() {
			t |= AddedOn
		}
		if p.Unlisted {
			t |= Unlisted
		}
		if p.OncePerDay() && l.Count() > 1 {
			t |= Repeated
		}
	}
	if string(basis) != "UN" {
		t |= OddBasis
	}
	if len(units) == 0 || len(units) > 1 || units[0] < '1' || units[0] > '9' {
		t |= OddUnits
	}
	return t
}
