package guide

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/gaitkeeper/gaitkeeper/edi"
)

// payTo looks at loop 2010AC, the plan that is to be paid: it is for subrogation, which
// BHT06 says.
func (w *Walker) payTo(i int) {
	if !w.sure() {
		return // it may be what is out of place
	}
	switch {
	case w.facts.subrogation && i == 0:
		p := w.situational("GD101", Error, len(w.specs)-1, "NM1", "I7", "2010AC", "A6:21", "loop 2010AC (plan to be paid) is missing: BHT06 is 31")
		last := w.unit.Segment(w.unit.Len() - 1)
		end := last.Extent().End
		p.SetSegment, p.Span = p.SetSegment+1, edi.Span{Start: end, End: end} // behind the last segment
	case !w.facts.subrogation && i > 0:
		w.situational("GD102", Error, i, "NM1", "I9", "2010AC", "A8:21", "loop 2010AC (plan to be paid) is sent, and BHT06 is not 31")
	}
}

// legacies looks at numbers of old beside a national provider identifier.
func (w *Walker) legacies() {
	for _, p := range w.parts {
		if p.role != isLegacy {
			continue
		}
		i := int(p.at)
		sp := w.specs[i]
		name := i
		for name > 0 && w.specs[name] != sp.loop.trigger {
			name--
		}
		if w.sure(tagNM1) && string(w.unit.Element(name, 8)) == "XX" && len(w.unit.Element(name, 9)) > 0 {
			w.situational("GD102", Warning, i, "REF", "I9", sp.loop.name, "A7:560", "a number of old is sent beside the national provider identifier")
		}
	}
}

// groupTwice reports whether a CAS names a group of adjustments that one before it has
// too.
func (w *Walker) groupTwice(i int) bool {
	group := w.unit.Element(i, 1)
	for k := i - 1; k >= 0 && w.specs[k] == w.specs[i]; k-- {
		if len(group) > 0 && bytes.Equal(w.unit.Element(k, 1), group) {
			return true
		}
	}
	return false
}

// steps are the levels of payment in their order: who pays later says who paid before.
const steps = "PSTABCDEFGH"

// levels looks at the level of each payer: none twice, and none without those before.
func (w *Walker) levels(covered []coverage) {
	target := w.facts.subscriber.level
	if target == "" || !strings.Contains(steps, target) {
		return
	}
	present := map[string]bool{target: true}
	for i := range covered {
		at := covered[i].at
		level := string(w.unit.Element(at, 1))
		switch {
		case level == "" || !w.sound(at, 1):
			return // it is not known
		case present[level] && level != "U":
			w.related("GD106", Error, at, 1, 0, 4, "I12", "SBR01 names a level of payment that another payer of the claim has")
			return
		}
		present[level] = true
	}
	if present["U"] {
		return
	}
	lacks := func(level string) string {
		for _, before := range strings.Split(steps[:max(0, min(strings.Index(steps, level), 3))], "") {
			if !present[before] {
				return before
			}
		}
		return ""
	}
	for i := range covered {
		level := string(w.unit.Element(covered[i].at, 1))
		if lack := lacks(level); lack != "" {
			w.related("GD106", Error, covered[i].at, 1, 0, 4, "I12", fmt.Sprintf("SBR01 is %s, and no payer of the claim is %s", level, lack))
			return
		}
	}
	if lack := lacks(target); lack != "" && len(covered) > 0 {
		w.related("GD106", Error, covered[0].at, 1, 0, 4, "I12", fmt.Sprintf("the claim goes to payer %s, and none of the others is %s", target, lack))
	}
}

// day is the date of a DTP; 0 where it cannot be read.
func (w *Walker) day(i int) edi.Date {
	v := w.unit.Element(i, 3)
	if len(v) > 8 {
		v = v[:8]
	}
	d, _ := edi.ParseDate(v)
	return d
}

// icd10 is the first day of service on which diagnoses are of ICD-10.
const icd10 edi.Date = 20151001

// claimDates compares dates of a claim with its first and last day of service.
func (w *Walker) claimDates(first *[isNeighbour + 1]int, from, to edi.Date) {
	if from == 0 {
		return
	}
	if i := first[isAdmission]; i > 0 && w.day(i) > from && w.sound(i, 3) {
		w.related("DT101", Error, i, 3, 0, 4, "I12", "the admission is after the first day of service")
	}
	if i := first[isDischarge]; i > 0 && w.day(i) > 0 && w.day(i) < to && w.sound(i, 3) {
		w.related("DT101", Error, i, 3, 0, 4, "I12", "the discharge is before the last day of service")
	}
	if i := first[isDiagnoses]; i > 0 {
		old := bytes.HasPrefix(w.unit.Element(i, 1), []byte("BK"))
		switch {
		case old && to >= icd10:
			w.related("DX102", Error, i, 1, 1, 5, "I12", fmt.Sprintf("diagnoses are of ICD-9, and the service is of %s", to))
		case !old && from < icd10:
			w.related("DX102", Error, i, 1, 1, 5, "I12", fmt.Sprintf("diagnoses are of ICD-10, and the service is of %s", from))
		}
	}
	if first[isAccident] == 0 && first[isBeginning] == 0 {
		return
	}
	for _, p := range w.parts {
		if i := int(p.at); (p.role == isAccident || p.role == isBeginning) && w.day(i) > from && w.sound(i, 3) {
			w.related("DT101", Warning, i, 3, 0, 4, "I12", "what began or was seen before the service has a date after its first day")
		}
	}
}

// details looks at segments that few claims have.
func (w *Walker) details(first *[isNeighbour + 1]int, seen roleSet) {
	if i := first[isException]; i > 0 && first[isAuthorization] > 0 {
		w.situational("GD102", Warning, i, "REF", "I9", "2300", "A7:252", "REF*4N (no authorization) is sent beside REF*G1 (authorization)")
	}
	if i := first[isPricing]; i > 0 {
		w.pricing(i, 0)
	}
	if first[isLegacy] > 0 {
		w.legacies()
	}
	if !seen.has(rareLines) {
		return
	}
	line, referrers, service := 0, 0, 0 // LX, those of the claim or line so far, SV1
	var lines map[string]bool
	for _, p := range w.parts {
		i := int(p.at)
		switch p.role {
		case isLineCounter:
			line, referrers = i, 0
		case isService:
			service = i
		case isClaimAdjustment, isLineAdjustment:
			if w.groupTwice(i) && !w.groupTwice(i-1) {
				w.related("GD106", Error, i, 1, 0, 2, "I12", "CAS01 names a group of adjustments that stands here before: one CAS has six reasons")
			}
		case isReferring, isLineReferring:
			referrers++
			w.referrer(i, referrers)
		case isLineExtra:
			w.extra(i, service)
		case isEquipment:
			w.equipment(i, service)
		case isLinePricing:
			w.pricing(i, service)
		case isLinePaid:
			if lines == nil && len(w.unit.Element(i, 6)) > 0 {
				lines = w.lineNumbers()
			}
			w.paidLine(i, line, lines)
		}
	}
}

// referrer: the first one of a claim or line is DN, the second P3.
func (w *Walker) referrer(i, n int) {
	code := string(w.unit.Element(i, 1))
	if n == 1 && code == "P3" || n == 2 && code == "DN" {
		w.situational("GD102", Error, i, "NM1", "I9", w.specs[i].loop.name, "A7:562:DN", "the first referring provider is DN, the second P3")
	}
}

// extra: tax and postage are part of the charge of the line.
func (w *Walker) extra(i, service int) {
	a, err := edi.ParseAmount(w.unit.Element(i, 2))
	charge, err2 := edi.ParseAmount(w.unit.Element(service, 2))
	if err == nil && err2 == nil && a >= charge && a > 0 && w.sound(i, 2) && w.sound(service, 2) {
		w.related("GD106", Warning, i, 2, 0, 4, "I12", "tax or postage is not below the charge of the line, of which it is part")
	}
}

// equipment: SV5 is of the same code as SV1.
func (w *Walker) equipment(i, service int) {
	code := func(v []byte) []byte {
		_, rest, _ := cut(v, w.component)
		v, _, _ = cut(rest, w.component)
		return v
	}
	if own := code(w.unit.Element(i, 1)); len(own) > 0 && !bytes.Equal(own, code(w.unit.Element(service, 1))) && w.sound(service, 1) && w.sound(i, 1) {
		w.related("GD106", Error, i, 1, 2, 3, "I12", "SV501-2 is not the procedure code of the line")
	}
}

// pricing: what is allowed and what is saved is the charge of segment of, which has it
// as its second element.
func (w *Walker) pricing(i, of int) {
	allowed, err := edi.ParseAmount(w.unit.Element(i, 2))
	saved, err2 := edi.ParseAmount(w.unit.Element(i, 3))
	charge, err3 := edi.ParseAmount(w.unit.Element(of, 2))
	if err == nil && err2 == nil && err3 == nil && allowed+saved != charge && w.sound(i, 2) && w.sound(i, 3) && w.sound(of, 2) {
		w.related("GD106", Warning, i, 3, 0, 3, "I12", "what is allowed (HCP02) and saved (HCP03) is not the charge")
	}
}

// lineNumbers are the LX01 of the claim.
func (w *Walker) lineNumbers() map[string]bool {
	lines := map[string]bool{}
	for _, p := range w.parts {
		if i := int(p.at); p.role == isLineCounter {
			lines[string(w.unit.Element(i, 1))] = true
		}
	}
	return lines
}

// paidLine looks at SVD05, and at SVD06, which is one of the lines and not the line at
// hand.
func (w *Walker) paidLine(i, line int, lines map[string]bool) {
	if v := w.unit.Element(i, 5); len(v) > 0 && decimal(v) && len(bytes.Trim(v, "-0.")) == 0 {
		w.related("GD106", Warning, i, 5, 0, 4, "I12", "SVD05 is not above zero")
	}
	if v := w.unit.Element(i, 6); len(v) > 0 && w.sound(i, 6) && (!lines[string(v)] || bytes.Equal(v, w.unit.Element(line, 1))) {
		w.related("GD106", Warning, i, 6, 0, 4, "I12", "SVD06 is no other line of the claim")
	}
}

// neighbours reports other payers that have the number of the one that is billed, or
// of each other.
func (w *Walker) neighbours(covered []coverage) {
	for i := range covered {
		c := &covered[i]
		if len(c.payer) == 0 || !w.sound(c.payerAt, 9) {
			continue
		}
		twice := bytes.Equal(c.payer, w.facts.subscriber.payer)
		for k := range i {
			twice = twice || bytes.Equal(covered[k].payer, c.payer)
		}
		if twice {
			w.related("GD106", Warning, c.payerAt, 9, 0, 4, "I12", "NM109 is the number of another payer of the claim")
		}
	}
}
