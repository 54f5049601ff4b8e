package scrub

import (
	"github.com/gaitkeeper/gaitkeeper/scrub/ncci"
	"github.com/gaitkeeper/gaitkeeper/scrub/therapy"
)

// Bundle is an active NCCI pair of a visit. At least one side is a line of the
// claim; the other may be one of another claim.
type Bundle struct {
	ncci.Edit
	Line1, Line2 *Line   // the lines of the claim in column 1 and 2; nil for one of another claim
	Other        Service // the one of another claim
	Own          bool    // the payer's own, not NCCI's
}

// Lifted reports whether either side carries a modifier that lifts the edit.
func (b *Bundle) Lifted() bool {
	return b.Line1 != nil && b.Line1.Bypasses() || b.Line2 != nil && b.Line2.Bypasses() || b.Other.Bypass
}

// Has reports whether l is one of the two.
func (b *Bundle) Has(l *Line) bool { return b.Line1 == l || b.Line2 == l }

// Bundles are the active pairs of the visit, NCCI's where the payer uses them and the
// payer's own, in the order of the visit's lines. Services of two known disciplines
// are those of two specialties and make no pair.
func (p *Pass) Bundles(v *Visit) []Bundle {
	if v.bundled {
		return v.bundles
	}
	v.bundled, v.bundles = true, v.bundles[:0]
	if len(v.Lines)+len(v.Others) < 2 {
		return nil
	}
	for i, l := range v.Lines {
		if l.Code == 0 {
			continue
		}
		for _, o := range v.Lines[i+1:] {
			if o.Code == 0 || o.Code == l.Code || !together(l.Discipline(), o.Discipline()) {
				continue
			}
			if e, own, ok := p.pair(l.Code, o.Code, l.Day()); ok {
				b := Bundle{Edit: e, Line1: l, Line2: o, Own: own}
				if e.Column1 != l.Code {
					b.Line1, b.Line2 = o, l
				}
				v.bundles = append(v.bundles, b)
			}
		}
		for _, s := range v.Others {
			if s.Code == l.Code || !together(l.Discipline(), s.Discipline) {
				continue
			}
			if e, own, ok := p.pair(l.Code, s.Code, l.Day()); ok {
				b := Bundle{Edit: e, Line1: l, Other: s, Own: own}
				if e.Column1 != l.Code {
					b.Line1, b.Line2 = nil, l
				}
				v.bundles = append(v.bundles, b)
			}
		}
	}
	return v.bundles
}

// pair is the edit between two codes: the payer's own goes before NCCI's.
func (p *Pass) pair(a, b therapy.Code, day int32) (e ncci.Edit, own, ok bool) {
	if t := p.Claim.Profile.Own; t != nil {
		if e, ok := t.Pair(a, b, day); ok {
			return e, true, true
		}
	}
	if !p.Claim.Profile.NCCI {
		return e, false, false
	}
	e, ok = p.Tables.Pair(a, b, day)
	return e, false, ok
}

// together reports whether NCCI looks at services of these disciplines as one
// provider's: two known disciplines are two specialties.
func together(a, b therapy.Disciplines) bool { return a == 0 || b == 0 || a == b }
