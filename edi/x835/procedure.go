package x835

import "bytes"

// Procedure is a composite of SVC: a qualifier, a code and up to four modifiers. It
// is a view that splits when asked.
type Procedure struct {
	Raw       []byte
	component byte
}

// Empty reports whether there is none.
func (p Procedure) Empty() bool { return len(p.Raw) == 0 }

// Qualifier is the list that the code is from: HC for HCPCS and CPT, AD for dental,
// NU for revenue codes, N4 for drugs.
func (p Procedure) Qualifier() []byte { return p.part(1) }

// Code is the code without its modifiers.
func (p Procedure) Code() []byte {
	code := p.part(2)
	if p.glued(code) {
		code = code[:codeLength]
	}
	return code
}

// Modifier is the modifier n, from 1, not counting places left blank; nil behind the
// last.
func (p Procedure) Modifier(n int) []byte {
	if code := p.part(2); p.glued(code) {
		glued := code[codeLength:]
		if 2*n <= len(glued) {
			return glued[2*n-2 : 2*n]
		}
		n -= len(glued) / 2
	}
	for i := 3; i <= 6; i++ {
		if m := p.part(i); len(m) > 0 {
			if n--; n == 0 {
				return m
			}
		}
	}
	return nil
}

// Description is the free text behind the modifiers (SVC06-7).
func (p Procedure) Description() []byte { return p.part(7) }

const codeLength = 5

// glued reports whether modifiers are glued to a HCPCS code, as some payers do:
// 97110GP.
func (p Procedure) glued(code []byte) bool {
	n := len(code) - codeLength
	return n > 0 && n <= 8 && n%2 == 0 && string(p.Qualifier()) == "HC"
}

// part is component n, from 1.
func (p Procedure) part(n int) []byte {
	rest := p.Raw
	for ; n > 1; n-- {
		i := bytes.IndexByte(rest, p.component)
		if i < 0 {
			return nil
		}
		rest = rest[i+1:]
	}
	if i := bytes.IndexByte(rest, p.component); i >= 0 {
		rest = rest[:i]
	}
	return trim(rest)
}
