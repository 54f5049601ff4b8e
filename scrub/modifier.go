package scrub

// Modifier is a two-character procedure modifier; 0 is none.
type Modifier uint16

// M is the modifier with that text.
func M(s string) Modifier { return Modifier(s[0])<<8 | Modifier(s[1]) }

func (m Modifier) String() string { return string([]byte{byte(m >> 8), byte(m)}) }

// Modifiers that rules look at.
var (
	GP, GO, GN     = M("GP"), M("GO"), M("GN")
	CQ, CO         = M("CQ"), M("CO")
	KX             = M("KX")
	GA, GX, GY, GZ = M("GA"), M("GX"), M("GY"), M("GZ")
	Mod59          = M("59")
	LT, RT         = M("LT"), M("RT")
)
