package guide

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/gaitkeeper/gaitkeeper/edi"
)

func (w *Walker) judgeClaim() {
	var first firsts
	var seen roleSet
	var sum edi.Amount
	readable, lines := true, 0
	charge := edi.Amount(0)
	covered := w.covered[:0]
	payments := w.payments[:0]
	controls := w.controls[:0]
	var date []byte // the DTP of the service date before
	var from, to edi.Date
	early := false // a service date outside the life of the patient was reported
	for _, p := range w.parts {
		i := int(p.at)
		if !seen.has(1 << p.role) {
			seen |= 1 << p.role
			first[p.role] = i
		}
		switch p.role {
		case isService:
			lines++
			e := w.unit.Elements(i)
			a, err := edi.ParseAmount(e.At(2))
			readable = readable && err == nil && w.sound(i, 2)
			charge = a
			sum += a
			if len(e.At(5)) > 0 {
				w.linePlace(i)
			}
		case isServiceDate:
			e := w.unit.Elements(i)
			if bytes.Equal(e.All(), date) && !w.facts.wrongDate {
				continue // like the one before
			}
			date = e.All()
			days, err := edi.ParsePeriod(e.At(2), e.At(3))
			if err != nil {
				continue
			}
			to = max(to, days.To)
			if from == 0 || days.From < from {
				from = days.From
			}
			afterDeath := w.facts.death > 0 && days.From > w.facts.death
			w.facts.wrongDate = w.facts.created > 0 && days.To > w.facts.created || w.facts.birth > 0 && days.From < w.facts.birth || afterDeath
			switch {
			case w.facts.created > 0 && days.To > w.facts.created:
				w.related("DT102", Error, i, 3, 0, 4, "I12", fmt.Sprintf("service date %s is after %s, when the file was made", days.To, w.facts.created))
			case w.facts.birth > 0 && days.From < w.facts.birth && !early:
				early = true // the other lines are likely to have the same cause
				w.related("DT101", Error, i, 3, 0, 4, "I12", "a service date is before the birth of the patient")
			case afterDeath && !early:
				early = true
				w.related("DT101", Error, i, 3, 0, 4, "I12", "a service date is after the death of the patient")
			}
		case isReferring:
			if first[isReferring] != i || string(w.unit.Element(i, 1)) != "DN" {
				seen |= 1 << isLineReferring // not the usual one
			}
		case isLineControl:
			w.lineControl(i, controls)
			controls = append(controls, i)
		case isCoverage:
			covered = append(covered, coverage{at: i})
			w.judgeCoverage(i)
		case isClaimAdjustment:
			if len(covered) > 0 {
				c := &covered[len(covered)-1]
				w.cover(c, p.role, i)
				c.unclear = w.groupTwice(i) || c.unclear
			}
		case isPayerPaid, isNonCovered, isOwed, isOtherPayer, isPayerDate:
			if len(covered) > 0 {
				w.cover(&covered[len(covered)-1], p.role, i)
			}
		case isLinePaid:
			a, err := edi.ParseAmount(w.unit.Element(i, 2))
			known := err == nil && w.sound(i, 2)
			payments = append(payments, payment{at: i, charge: charge, paid: a, known: known, bundled: len(w.unit.Element(i, 6)) > 0})
		case isLineAdjustment:
			if n := len(payments); n > 0 {
				sum, known := w.adjustments(i)
				payments[n-1].adjusted += sum
				payments[n-1].known = !w.groupTwice(i) && known && payments[n-1].known
			}
		case isLineOwed, isLineDecided:
			if n := len(payments); n > 0 {
				if c := payerOf(covered, w.unit.Element(payments[n-1].at, 1)); c != nil && p.role == isLineOwed {
					c.lineOwed = i
				} else if c != nil {
					c.lineDate = true
				}
			}
		}
	}
	w.covered, w.payments, w.controls = covered, payments, controls
	if readable && lines > 0 && w.sure(tagCLM, tagLX, tagSV1) {
		w.balance(sum)
	}
	w.claimSituations(&first)
	if w.sure(tagDTP, tagHI) && !early {
		w.claimDates(&first, from, to)
	}
	if w.lacksFirst != nil && len(covered) == 0 && w.sure(tagSBR) && !w.unclear {
		w.held = append(w.held, *w.lacksFirst)
		w.lacksFirst = nil
	}
	if seen.has(repeating) && w.sure(tagNM1, tagN3, tagN4, tagDTP) {
		w.restates(&first, seen)
	}
	if i := first[isDiagnoses]; i > 0 && w.facts.sex == 'M' && w.sure(tagHI) {
		w.maternity(i)
	}
	if w.unclear || !w.sure(amountTags...) {
		return
	}
	if seen.has(rare) {
		w.details(&first, seen, lines)
	}
	if len(covered) > 0 || len(payments) > 0 {
		w.judgeCoverages(covered, payments, readable, lines)
	}
}

// amountTags are the segments that say who paid what, and of whom.
var amountTags = []edi.Tag{tagCLM, tagSBR, tagCAS, tagAMT, tagNM1, tagSVD, tagDTP, tagREF, tagLX, tagSV1, edi.TagOf("OI"), edi.TagOf("HCP"), edi.TagOf("SV5")}

// balance compares CLM02 with the charges of the lines.
func (w *Walker) balance(sum edi.Amount) {
	total, err := edi.ParseAmount(w.unit.Element(0, 2))
	if err == nil && total != sum && w.sound(0, 2) {
		p := w.related("AM101", Error, 0, 2, 0, 3, "I12", fmt.Sprintf("CLM02 is $%s, the lines add up to $%s", total, sum))
		p.STC = "A7:400"
	}
}

// fewLines is the number of lines up to which each is compared with those before it:
// the guide has no more on a claim.
const fewLines = 50

// lineControl looks for the same REF*6R on an earlier line.
func (w *Walker) lineControl(i int, before []int) {
	own := w.unit.Element(i, 2)
	same := func(k int) bool { return bytes.Equal(w.unit.Element(k, 2), own) }
	switch n := len(before); {
	case n < fewLines:
		if !slices.ContainsFunc(before, same) {
			return
		}
	case n == fewLines:
		w.numbers = map[string]bool{}
		for _, k := range before {
			w.numbers[string(w.unit.Element(k, 2))] = true
		}
		fallthrough
	default:
		if known := w.numbers[string(own)]; !known {
			w.numbers[string(own)] = true
			return
		}
	}
	w.related("GD106", Error, i, 2, 0, 2, "I12", "REF*6R has the number of an earlier line")
}

func (w *Walker) claimSituations(first *firsts) {
	f := &w.facts
	if !f.patient && !f.subscriber.self && !f.subscriber.told && f.subscriber.level != "" && w.sure(tagHL) {
		f.subscriber.told = true
		w.situational("GD101", Error, 0, "HL", "I7", "2000C", "A7:156", "loop 2000C (patient, HL 23) is missing: SBR02 does not say that the member is the patient")
	}
	place, rest, _ := cut(w.unit.Element(0, 5), w.component)
	_, rest, _ = cut(rest, w.component)
	frequency, _, _ := cut(rest, w.component)
	original := first[isOriginal]
	switch {
	case (string(frequency) == "7" || string(frequency) == "8") && original == 0 && w.sure(tagREF) && !w.mangled("F8"):
		w.because(w.situational("GD101", Error, min(1, len(w.specs)-1), "REF", "I6", "2300", "A6:464", "REF*F8 (payer's number of the claim) is missing: CLM05-3 is "+string(frequency)), 0, 5, 3)
	case string(frequency) == "1" && original > 0:
		w.because(w.situational("GD102", Error, original, "REF", "I9", "2300", "A8:535", "REF*F8 is sent, and CLM05-3 is 1: nothing is replaced"), 0, 5, 3)
	}
	if first[isAdmission] == 0 && (string(place) == "21" || string(place) == "51" || string(place) == "61") && w.sure(tagDTP) && !w.mangled("435") {
		w.because(w.situational("GD101", Error, min(1, len(w.specs)-1), "DTP", "I6", "2300", "A6:189", "DTP*435 (admission) is missing: the place of service is "+string(place)), 0, 5, 1)
	}
	if len(w.unit.Element(0, 11)) > 0 {
		clm := w.unit.Segment(0)
		w.accident(clm.Element(11), first)
	}
	if first[isClaimReferral] > 0 && first[isReferring] == 0 && w.sure(tagNM1) && !w.mangled("DN") {
		w.related("GD101", Warning, first[isClaimReferral], 0, 0, 4, "I7", "loop 2310A (referring provider) is expected with a referral number")
	}
	if first[isLineReferring] > 0 && first[isReferring] == 0 && w.sure(tagNM1) && !w.mangled("DN") {
		w.situational("GD102", Warning, first[isLineReferring], "NM1", "I9", "2420F", "A7:562:DN", "loop 2420F needs a referring provider of the claim (2310A)")
	}
	if i := first[isAmbulance]; i > 0 && (first[isPickUp] == 0 || first[isDropOff] == 0) && w.sure(tagNM1) && !w.unclear {
		w.situational("GD101", Error, i, "NM1", "I7", "2310E", "A6:126:PW", "loops 2310E and 2310F (pick-up and drop-off) are needed for an ambulance")
	}
	if i := first[isPaid]; i > 0 {
		a, err := edi.ParseAmount(w.unit.Element(i, 2))
		total, err2 := edi.ParseAmount(w.unit.Element(0, 2))
		switch {
		case err == nil && err2 == nil && a > total:
			w.related("AM102", Warning, i, 2, 0, 4, "I12", "the patient paid more than the claim charges")
		case err == nil && a <= 0:
			w.related("GD106", Warning, i, 2, 0, 4, "I12", "what the patient paid is not above zero")
		}
	}
}

// ofWomen begin diagnoses of pregnancy and childbirth: chapter XV of ICD-10-CM, supervision
// of a pregnancy and its weeks.
var ofWomen = []string{"O", "Z34", "Z3A"}

// maternity looks for them where the patient is a man.
func (w *Walker) maternity(i int) {
	e := w.unit.Elements(i)
	for n := 1; n <= 12 && len(e.At(n)) > 0; n++ {
		system, code, _ := cut(e.At(n), w.component)
		if string(system) != "ABK" && string(system) != "ABF" {
			continue
		}
		if slices.ContainsFunc(ofWomen, func(prefix string) bool { return strings.HasPrefix(string(code), prefix) }) {
			w.related("DX102", Warning, i, n, 2, 5, "I12", "a diagnosis of pregnancy or childbirth, and the patient is a man")
			return
		}
	}
}

// accident looks at what CLM11 calls for.
func (w *Walker) accident(causes edi.Value, first *firsts) {
	var named [3]string
	for n := range 3 {
		named[n] = w.part(causes, n+1).String()
	}
	auto := slices.Contains(named[:], "AA")
	if (auto || slices.Contains(named[:], "OA")) && first[isAccident] == 0 && w.sure(tagDTP) && !w.mangled("439") {
		w.because(w.situational("GD101", Error, min(1, len(w.specs)-1), "DTP", "I6", "2300", "A6:21", "DTP*439 (accident) is missing: CLM11 names an accident"), 0, 11, 0)
	}
	if auto && w.part(causes, 4).Empty() && w.part(causes, 5).Empty() {
		w.related("GD104", Error, 0, 11, 4, 4, "I9", "CLM11-4 is empty: an auto accident has a state or country")
	}
	if named[0] != "" && named[0] == named[1] {
		w.related("GD106", Warning, 0, 11, 2, 4, "I12", "CLM11 names a cause twice")
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
func (w *Walker) claimDates(first *firsts, from, to edi.Date) {
	if from == 0 {
		return
	}
	if i := first[isAdmission]; i > 0 && w.day(i) > from && w.sound(i, 3) {
		w.related("DT101", Error, i, 3, 0, 4, "I12", "the admission is after the first day of service")
	}
	if i := first[isDischarge]; i > 0 && w.day(i) > 0 && w.day(i) < to && w.sound(i, 3) {
		w.related("DT101", Error, i, 3, 0, 4, "I12", "the discharge is before the last day of service")
	}
	if i := first[isDiagnoses]; i > 0 && w.sound(i, 1) {
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
func (w *Walker) details(first *firsts, seen roleSet, count int) {
	if i := first[isException]; i > 0 && first[isAuthorization] > 0 {
		w.situational("GD102", Warning, i, "REF", "I9", "2300", "A7:252", "REF*4N (no authorization) is sent beside REF*G1 (authorization)")
	}
	if i := first[isPricing]; i > 0 {
		w.pricing(i, 0)
		w.priced(i, count)
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

// priced: what is allowed for the claim is what is allowed for its lines, where each of
// them says so.
func (w *Walker) priced(i, lines int) {
	allowed, err := edi.ParseAmount(w.unit.Element(i, 2))
	var sum edi.Amount
	for _, p := range w.parts {
		if p.role == isLinePricing {
			a, err2 := edi.ParseAmount(w.unit.Element(int(p.at), 2))
			if err2 != nil || !w.sound(int(p.at), 2) {
				return
			}
			sum += a
			lines--
		}
	}
	if err == nil && lines == 0 && sum != allowed && w.sound(i, 2) {
		w.related("AM102", Warning, i, 2, 0, 3, "I12", fmt.Sprintf("$%s is allowed for the claim (HCP02), $%s for its lines", allowed, sum))
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
	if v := w.unit.Element(i, 5); len(v) > 0 && decimal(v) && !positive(v) {
		w.related("GD106", Warning, i, 5, 0, 4, "I12", "SVD05 is not above zero")
	}
	if v := w.unit.Element(i, 6); len(v) > 0 && w.sound(i, 6) && (!lines[string(v)] || bytes.Equal(v, w.unit.Element(line, 1))) {
		w.related("GD106", Warning, i, 6, 0, 4, "I12", "SVD06 is no other line of the claim")
	}
}
