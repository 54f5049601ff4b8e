package guide

import (
	"math"

	"github.com/gaitkeeper/gaitkeeper/edi"
)

// tree is a guide as a Validator walks it.
type tree struct {
	set      string // ST01
	function string // GS01
	version  string // GS08 and ST03
	root     *loop  // from ST to SE
	head     map[edi.Tag]*spec
	tags     tagTable
	loops    []*loop
	specs    int                  // segments at their places
	wholes   int                  // composites at their places
	byTag    [maxTags][]*spec     // every segment of that id, in the order of the guide
	known    map[string][]uint32  // codes of a data element (by its number) that any place knows
	lists    map[string]*codeList // external lists
}

// loop is a loop of the guide. Its first segment opens it.
type loop struct {
	name    string
	parents []*loop
	trigger *spec
	kids    []kid // in the order of the guide, without the trigger
	byTag   [maxTags][]uint8
	level   bool // an HL, claim or claim group: what stood before it is settled
	claim   bool // a claim or an answered claim
	line    bool
	repeats bool
	must    []uint8 // required kids
	needs   uint64  // the same as bits
}

// kid is what may stand in a loop: a segment, or a loop by its first segment.
type kid struct {
	spec  *spec
	loop  *loop  // opened by it; nil for a plain segment
	order uint8  // those of equal order may come in any order
	max   uint16 // unbounded where it is math.MaxUint16
	must  bool
	needs uint64 // the required kids of a lower order, as bits
}

const unbounded = math.MaxUint16

// spec is a segment at its place in a guide.
type spec struct {
	tag      edi.Tag
	id       uint8 // of the tag in the tree
	number   uint8 // of the segment in the guide
	role     role
	loop     *loop
	name     string
	quals    []qualifier
	first    []uint32 // codes of the first element, where that is the only qualifier
	elements []element
	notes    []note
	must     uint64                          // required elements, bit 0 for the first
	rule     func(*Walker, *edi.Segment)     // depends on the segment alone
	always   func(*Walker, *edi.Segment) int // depends on others too; returns what again is told
}

// qualifier is an element or component by which segments of one id are told apart.
type qualifier struct {
	element, component uint8
	codes              []uint32
}

// kind is the data type of an element.
type kind uint8

const (
	kindAN kind = iota
	kindID
	kindN0
	kindR
	kindDT
	kindTM
	kindComposite
	kindPeriod // AN that holds dates, as the element before it says
)

// element is an element or component of a segment at its place.
type element struct {
	usage     byte // R, S or N
	kind      kind
	mandatory bool   // by the standard, not only by the guide
	qualifies bool   // the segment was recognised by it
	simple    bool   // any text of its length will do
	composite uint16 // its number among the composites of the guide
	min, max  uint16
	codes     []uint32 // of at most four characters, packed
	list      *codeList
	pattern   func([]byte) bool
	limit     uint16 // characters by the guide, fewer than max; 0: none
	soft      bool   // the limit is a warning
	number    number // how a number is limited by the guide
	ref       string // number of the data element
	parts     []element
	mustParts uint64
}

// number is how the guide limits a number beyond its data type.
type number uint8

const (
	anyNumber number = iota
	money            // two decimals and ten digits with them
	quantity         // three decimals and eight digits before them
)

// note is a syntax note: a condition between elements, as bits.
type note struct {
	kind  byte // P, R, E, C or L
	first uint64
	mask  uint64 // all its elements
}

// codeList is an external code list.
type codeList struct {
	name    string
	changes bool // several times a year: a code that is not in it may be a new one
	codes   map[string]bool
}

func (l *codeList) has(code []byte) bool { return l.codes[string(code)] }

// severity is that of a code that is not in the list.
func (l *codeList) severity() Severity {
	if l.changes {
		return Warning
	}
	return Error
}

// pack is a code of at most four characters as a number; 0 for a longer one.
func pack(b []byte) uint32 {
	if len(b) > 4 {
		return 0
	}
	var n uint32
	for _, c := range b {
		n = n<<8 | uint32(c)
	}
	return n
}

func has(codes []uint32, code uint32) bool {
	for _, c := range codes {
		if c == code {
			return true
		}
	}
	return false
}

// What a guide may have: segments at their places, composites.
const (
	maxSpecs  = 256
	maxWholes = 256
)

// maxTags bounds the segment ids of a guide.
const maxTags = 64

// tagTable numbers the segment ids of a guide from 1.
type tagTable struct {
	slots [256]struct {
		tag edi.Tag
		id  uint8
	}
	count uint8
}

func (t *tagTable) slot(tag edi.Tag) uint8 { return uint8(uint32(tag) * 0x9E3779B1 >> 24) }

// id is the number of an id; 0 where the guide does not know it.
func (t *tagTable) id(tag edi.Tag) uint8 {
	for at := t.slot(tag); ; at++ {
		if s := &t.slots[at]; s.tag == tag || s.tag == 0 {
			return s.id
		}
	}
}

func (t *tagTable) add(tag edi.Tag) uint8 {
	if id := t.id(tag); id != 0 {
		return id
	}
	at := t.slot(tag)
	for t.slots[at].tag != 0 {
		at++
	}
	t.count++
	t.slots[at].tag, t.slots[at].id = tag, t.count
	return t.count
}
