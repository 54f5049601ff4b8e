package guide

import (
	"cmp"
	"slices"

	"github.com/gaitkeeper/gaitkeeper/edi"
)

// facts are what later segments of a set are compared with.
type facts struct {
	lines, diagnoses int
	stated           int  // LX01 of the last line, where it is a number
	wrongDate        bool // the last service date was reported

	created     edi.Date // BHT04
	subrogation bool     // BHT06 is 31
	subscriber  struct {
		level string // SBR01
		self  bool   // SBR02 is 18
		told  bool   // that a patient level is missing
		payer []byte // NM109 of 2010BB
	}
	patient bool // in a patient level
	birth   edi.Date
	death   edi.Date
	sex     byte   // DMG03, 0 where it is not known
	billing string // NPI of the billing provider
	address []byte // its street and city
}

// judge looks at the level or claim at hand as a whole.
func (w *Walker) judge() {
	w.facts.lines, w.facts.diagnoses, w.facts.stated = 0, 0, 0
	switch {
	case w.tree == nil || len(w.specs) == 0:
		return
	case w.tree.set == "835":
		w.judgeRemitted()
		return
	case w.specs[0] == nil:
		w.forgetLevels()
		return
	case w.unit.Len() != len(w.specs): // input in between was given up
		if w.specs[0].tag != tagCLM {
			w.forgetLevels()
		}
		return
	}
	w.noteFlaws()
	w.noteDoubts()
	switch w.specs[0].tag {
	case tagST:
		w.judgeHeader()
	case tagHL:
		w.judgeLevel(w.specs[0].loop.name)
	case tagCLM:
		w.judgeClaim()
	default: // a level without its HL: whose claims follow is not known
		w.forgetLevels()
	}
}

// forgetLevels forgets what is known of the levels that claims hang from.
func (w *Walker) forgetLevels() {
	w.facts = facts{created: w.facts.created, subrogation: w.facts.subrogation}
	w.lacksNPI, w.lacksFirst = nil, nil
}

var (
	tagCLM, tagCLP = edi.TagOf("CLM"), edi.TagOf("CLP")
	tagN3, tagN4   = edi.TagOf("N3"), edi.TagOf("N4")
	tagSV1, tagHI  = edi.TagOf("SV1"), edi.TagOf("HI")
	tagDTP, tagREF = edi.TagOf("DTP"), edi.TagOf("REF")
	tagNM1, tagSBR = edi.TagOf("NM1"), edi.TagOf("SBR")
	tagAMT, tagSVD = edi.TagOf("AMT"), edi.TagOf("SVD")
	tagDMG, tagPAT = edi.TagOf("DMG"), edi.TagOf("PAT")
	tagPRV, tagCUR = edi.TagOf("PRV"), edi.TagOf("CUR")
)

func (w *Walker) judgeHeader() {
	for _, p := range w.parts {
		if i := int(p.at); p.role == isHeader {
			w.facts.created, _ = edi.ParseDate(w.unit.Element(i, 4))
			w.facts.subrogation = string(w.unit.Element(i, 6)) == "31"
		}
	}
}

// related reports on a segment of the level or claim at hand.
func (w *Walker) related(rule string, sev Severity, i, n, part, snip int, code, message string) *Problem {
	s := w.unit.Segment(i)
	w.spec = w.specs[i]
	p := w.relation(rule, sev, &s, n, part, snip, code, message)
	p.Line = w.lineOf(i)
	return p
}

// lineOf is LX01 of the line in which segment i stands; "" outside lines.
func (w *Walker) lineOf(i int) string {
	for ; i >= 0; i-- {
		if sp := w.specs[i]; sp != nil && sp.role == isLineCounter {
			return string(w.unit.Element(i, 1))
		}
	}
	return ""
}

// situational reports a segment that is missing (I6) or should not be there (I9) in
// this situation, at segment i of the unit.
func (w *Walker) situational(rule string, sev Severity, i int, tag, code, loop, status, message string) *Problem {
	s := w.unit.Segment(i)
	w.spec = w.specs[i]
	p := w.at(rule, sev, &s, 0, 0, code)
	if rule == "GD101" {
		p.Segment = tag
		p.Span.End = p.Span.Start
	}
	p.Loop, p.Snip, p.STC, p.Message, p.Line = loop, 4, status, message, w.lineOf(i)
	return p
}

// noteDoubts notes which segments of the unit are missing or out of place: what they say
// is not known.
func (w *Walker) noteDoubts() {
	w.doubts, w.unclear = w.doubts[:0], false
	if slices.Contains(w.specs, nil) {
		for i, sp := range w.specs {
			if sp == nil {
				w.doubts = append(w.doubts, w.unit.Tag(i))
				w.unclear = w.unclear || w.tree.tags.id(w.unit.Tag(i)) == 0
			}
		}
	}
	w.doubts = append(w.doubts, w.replaced...)
	for i := range w.held {
		if p := &w.held[i]; p.IK304 != "8" && p.IK304 != "" {
			w.doubts = append(w.doubts, edi.TagOf(p.Segment))
		}
	}
}

// mangled reports whether a segment with an unknown id has an element that is code: it may
// be the one that is missed.
func (w *Walker) mangled(code string) bool {
	if !w.unclear {
		return false
	}
	for i, sp := range w.specs {
		if e := w.unit.Elements(i); sp == nil && w.tree.tags.id(w.unit.Tag(i)) == 0 {
			for n := 1; n <= e.Count(); n++ {
				if string(e.At(n)) == code {
					return true
				}
			}
		}
	}
	return false
}

// sure reports whether no segment with one of some ids is missing or out of place; without
// ids, whether none at all is.
func (w *Walker) sure(tags ...edi.Tag) bool {
	if len(w.doubts) == 0 {
		return true
	}
	return len(tags) > 0 && !slices.ContainsFunc(tags, func(t edi.Tag) bool { return slices.Contains(w.doubts, t) })
}

// flaw is an element that was reported as an error.
type flaw struct {
	offset  int64 // of its segment
	element int
}

func (f flaw) compare(g flaw) int {
	return cmp.Or(cmp.Compare(f.offset, g.offset), cmp.Compare(f.element, g.element))
}

// noteFlaws notes the elements that were reported so far.
func (w *Walker) noteFlaws() {
	w.flaws = w.flaws[:0]
	for i := range w.held {
		if p := &w.held[i]; p.Element > 0 && p.Severity == Error {
			w.flaws = append(w.flaws, flaw{p.Pos.Offset, p.Element})
		}
	}
	slices.SortFunc(w.flaws, flaw.compare)
}

// sound reports whether nothing is wrong with element n of segment i of the level or
// claim alone.
func (w *Walker) sound(i, n int) bool {
	if len(w.flaws) == 0 {
		return true
	}
	s := w.unit.Segment(i)
	_, found := slices.BinarySearchFunc(w.flaws, flaw{s.Pos().Offset, n}, flaw.compare)
	return !found
}
