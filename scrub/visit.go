package scrub

import (
	"bytes"
	"encoding/binary"
	"math/bits"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/scrub/ncci"
	"github.com/gaitkeeper/gaitkeeper/scrub/therapy"
)

// Visit is a patient's day with one provider: the claim's own lines of it, and
// what other claims of the run bill for it.
type Visit struct {
	Date     edi.Date
	Provider []byte
	Lines    []*Line
	Others   []Service // of the same provider
	Elsewise []Service // of other providers

	bundles []Bundle
	bundled bool
}

// Service is a line of another claim of the run, or of one that was sent before it.
type Service struct {
	Claim      uint32 // its Ordinal, or its number in the history
	Code       therapy.Code
	Units      int
	Bypass     bool // it carries a modifier that lifts a bundling edit
	Discipline therapy.Disciplines

	modifiers uint16 // their hash
}

// Before reports whether the service stands before the claim, in the run or in the
// history.
func (s *Service) Before(c *Claim) bool { return before(s.Claim, c) }

// Sent reports whether it was sent before the run.
func (s *Service) Sent() bool { return s.Claim >= historic }

// Repeats reports whether the line bills it again: same code, modifiers and units.
func (s *Service) Repeats(l *Line) bool {
	return s.Code == l.Code && s.Units == l.Count() && s.modifiers == l.modifierHash()
}

// Key derivation: eight bytes at a time, multiplied and folded. Identities are
// never stored, only these.
const (
	hashStart = 0x9E3779B97F4A7C15
	hashPrime = 0xD6E8FEB86659FD93
)

func mixNumber(h, n uint64) uint64 {
	hi, lo := bits.Mul64(h^n, hashPrime)
	return hi ^ lo ^ h>>7
}

func mix(h uint64, b []byte) uint64 {
	h = mixNumber(h, uint64(len(b)))
	for len(b) >= 8 {
		h = mixNumber(h, binary.LittleEndian.Uint64(b))
		b = b[8:]
	}
	var rest uint64
	for i, c := range b {
		rest |= uint64(c) << (8 * i)
	}
	return mixNumber(h, rest)
}

var tagDMG = edi.TagOf("DMG")

func levelBirth(b *edi.Block) []byte {
	for i := range b.Len() {
		if b.Tag(i) == tagDMG {
			return b.Element(i, 2)
		}
	}
	return nil
}

func (c *Claim) dayKey(d edi.Date) uint64 { return mixNumber(c.patient, uint64(d)) }

func providerKey(id []byte) uint32 {
	h := mix(hashStart, id)
	return uint32(h ^ h>>32)
}

// visits groups the lines by day and provider and adds what other claims bill.
func (c *Claim) visits(days *Days) {
	c.Visits = c.Visits[:0]
	for i := range c.Lines {
		l := &c.Lines[i]
		if l.Period.From == 0 {
			continue
		}
		v := c.visit(l)
		if v == nil {
			if len(c.Visits) < cap(c.Visits) {
				c.Visits = c.Visits[:len(c.Visits)+1]
			} else {
				c.Visits = append(c.Visits, Visit{})
			}
			v = &c.Visits[len(c.Visits)-1]
			v.Date, v.Provider = l.Period.From, l.Rendering.ID
			v.Lines, v.Others, v.Elsewise, v.bundled = v.Lines[:0], v.Others[:0], v.Elsewise[:0], false
		}
		v.Lines = append(v.Lines, l)
	}
	if !days.Company(c) || c.Frequency == '8' || days.Gone(c) {
		return
	}
	if _, again := days.SameClaim(c); again {
		return // a claim that repeats another one stands alone
	}
	for i := range c.Visits {
		days.others(c, &c.Visits[i])
	}
}

func (c *Claim) visit(l *Line) *Visit {
	for i := range c.Visits {
		v := &c.Visits[i]
		if v.Date == l.Period.From && bytes.Equal(v.Provider, l.Rendering.ID) {
			return v
		}
	}
	return nil
}

// bypasses reports whether the line carries a modifier that lifts a bundling edit.
func (l *Line) bypasses() bool {
	for _, m := range l.Modifiers {
		if bypass[m] {
			return true
		}
	}
	return false
}

// Bypasses reports whether the line carries a modifier that lifts a bundling edit
// with indicator 1.
func (l *Line) Bypasses() bool { return l.bypasses() }

var bypass = func() (set [1 << 16]bool) {
	for a := byte('0'); a <= 'Z'; a++ {
		for b := byte('0'); b <= 'Z'; b++ {
			if ncci.Bypass([]byte{a, b}) {
				set[Modifier(a)<<8|Modifier(b)] = true
			}
		}
	}
	return set
}()
