package therapy

// Code is a HCPCS or CPT code, five characters of 0-9 and A-Z packed six bits
// each, so that it compares and sorts like its text. Zero is no code.
type Code uint32

const (
	codeLen  = 5
	charBits = 6
	charMask = 1<<charBits - 1
)

// ParseCode packs the text of a code. It refuses anything but five digits and
// upper-case letters: a lower-case code is not a code on a claim.
func ParseCode(b []byte) (Code, bool) { return pack(b) }

func pack[T string | []byte](s T) (Code, bool) {
	if len(s) != codeLen {
		return 0, false
	}
	var c Code
	for i := range codeLen {
		var v byte
		switch ch := s[i]; {
		case '0' <= ch && ch <= '9':
			v = ch - '0' + 1
		case 'A' <= ch && ch <= 'Z':
			v = ch - 'A' + 11
		default:
			return 0, false
		}
		c = c<<charBits | Code(v)
	}
	return c, true
}

// String returns the five characters, or "" if c is no code.
func (c Code) String() string {
	var b [codeLen]byte
	for i := codeLen - 1; i >= 0; i-- {
		switch v := byte(c & charMask); {
		case 1 <= v && v <= 10:
			b[i] = '0' + v - 1
		case 11 <= v && v <= 36:
			b[i] = 'A' + v - 11
		default:
			return ""
		}
		c >>= charBits
	}
	if c != 0 {
		return ""
	}
	return string(b[:])
}

// code packs a code of this package's own tables, which a test proves valid.
func code(s string) Code {
	c, _ := pack(s)
	return c
}
