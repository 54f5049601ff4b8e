package remit

import (
	"hash/fnv"
	"hash/maphash"
)

// text is a string in an arena.
type text struct {
	at     uint32
	length uint8
}

// arena keeps many short strings in one piece of memory.
type arena []byte

// most is the longest string that is kept; what is longer is cut.
const most = 255

func (a *arena) keep(b []byte) text {
	b = b[:min(len(b), most)]
	t := text{uint32(len(*a)), uint8(len(b))}
	*a = append(*a, b...)
	return t
}

func (a arena) get(t text) []byte { return a[t.at : t.at+uint32(t.length)] }

// seed makes hashes of one process agree. They are compared, never shown.
var seed = maphash.MakeSeed()

// hash is 0 for nothing.
func hash(parts ...[]byte) uint64 {
	var h maphash.Hash
	h.SetSeed(seed)
	empty := true
	for _, p := range parts {
		empty = empty && len(p) == 0
		h.Write(p)
		h.WriteByte(0)
	}
	if empty {
		return 0
	}
	return h.Sum64() | 1
}

// lasting is a hash that is the same in every process.
func lasting(parts ...[]byte) uint64 {
	h := fnv.New64a()
	for _, p := range parts {
		h.Write(p)
		h.Write([]byte{0})
	}
	return h.Sum64()
}

// fold is an id without what systems add or drop: case, blanks and marks, and zeros
// in front.
func fold(dst, b []byte) []byte {
	dst = dst[:0]
	for _, c := range b {
		switch {
		case 'a' <= c && c <= 'z':
			c -= 'a' - 'A'
		case 'A' <= c && c <= 'Z', '1' <= c && c <= '9', c >= 0x80:
		case c == '0' && len(dst) > 0:
		default:
			continue
		}
		dst = append(dst, c)
	}
	return dst
}

// Folded is an id without what systems add or drop: see how remittances are matched.
func Folded(id []byte) []byte { return fold(nil, id) }

// pack is up to eight characters as a number, such as a procedure code.
func pack(b []byte) (n uint64) {
	for _, c := range b[:min(len(b), 8)] {
		n = n<<8 | uint64(c)
	}
	return n
}

func unpack(n uint64) string {
	var b [8]byte
	i := len(b)
	for ; n > 0; n >>= 8 {
		i--
		b[i] = byte(n)
	}
	return string(b[i:])
}

// modifiers are the modifiers of a line, two characters each; 0 for none.
type modifiers [4]uint16

func (m *modifiers) add(b []byte) {
	if len(b) != 2 {
		return
	}
	for i := range m {
		if m[i] == 0 {
			m[i] = uint16(b[0])<<8 | uint16(b[1])
			return
		}
	}
}

func (m modifiers) strings() []string {
	list := []string{}
	for _, x := range m {
		if x != 0 {
			list = append(list, string([]byte{byte(x >> 8), byte(x)}))
		}
	}
	return list
}

// common is how many modifiers both have.
func (m modifiers) common(o modifiers) (n int) {
	for _, x := range m {
		if x != 0 && (x == o[0] || x == o[1] || x == o[2] || x == o[3]) {
			n++
		}
	}
	return n
}

// same reports whether both have the same modifiers, in any order.
func (m modifiers) same(o modifiers) bool {
	n := m.common(o)
	return n == m.count() && n == o.count()
}

func (m modifiers) count() (n int) {
	for _, x := range m {
		if x != 0 {
			n++
		}
	}
	return n
}
