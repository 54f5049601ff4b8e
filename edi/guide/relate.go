package guide

import (
	"bytes"
	"cmp"
	"fmt"
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
	billing string // NPI of the billing provider
}

// roles are what the rules over a level or claim look for.
type role uint8

const (
	noRole role = iota
	isClaim
	isDiagnoses
	isAccident
	isAdmission
	isClaimDate
	isOriginal
	isClaimReferral
	isPaid
	isReferring
	isRendering
	isPickUp
	isDropOff
	isAmbulance
	isCoverage
	isClaimAdjustment
	isPayerPaid
	isNonCovered
	isOwed
	isOtherPayer
	isPayerDate
	isLineCounter
	isService
	isServiceDate
	isLineControl
	isLineReferring
	isLinePaid
	isLineAdjustment
	isLineDecided
	isLineOwed
	isMember
	isSubscriber
	isStreet
	isCity
	isPerson
	isBilling
	isHeader
	isPatient
	isTrip
	isPayTo
	isDischarge
	isBeginning
	isPricing
	isLinePricing
	isException
	isAuthorization
	isLineExtra
	isEquipment
	isLegacy
	isNeighbour
)

var roleNames = map[string]role{
	"2010AC NM1": isPayTo, "2300 DTP 096": isDischarge, "2300 DTP 431": isBeginning, "2300 DTP 484": isBeginning, "2300 DTP 454": isBeginning,
	"2300 DTP 455": isBeginning, "2300 DTP 304": isBeginning, "2300 HCP": isPricing, "2400 HCP": isLinePricing, "2300 REF 4N": isException,
	"2300 REF G1": isAuthorization, "2400 AMT T": isLineExtra, "2400 AMT F4": isLineExtra, "2400 SV5": isEquipment, "2010AA REF 0B": isLegacy,
	"2310A REF 0B": isLegacy, "2310B REF 0B": isLegacy, "2310C REF 0B": isLegacy, "2310D REF 0B": isLegacy,
	"ST BHT": isHeader, "2010AA NM1": isBilling, "2000B SBR": isSubscriber, "2000C PAT": isPatient,
	"2010BA NM1": isMember, "2010BA N3": isStreet, "2010BA N4": isCity, "2010BA DMG": isPerson, "2010CA DMG": isPerson, "2010BB NM1": isNeighbour,
	"2300 CLM": isClaim, "2300 HI ABK": isDiagnoses, "2300 DTP 439": isAccident, "2300 DTP 435": isAdmission, "2300 REF F8": isOriginal,
	"2300 REF 9F": isClaimReferral, "2300 AMT F5": isPaid, "2310A NM1": isReferring, "2310B NM1": isRendering, "2310E NM1": isPickUp,
	"2310F NM1": isDropOff, "2300 CR1": isAmbulance, "2300 CRC 07": isTrip,
	"2320 SBR": isCoverage, "2320 CAS": isClaimAdjustment, "2320 AMT D": isPayerPaid, "2320 AMT A8": isNonCovered, "2320 AMT EAF": isOwed,
	"2330B NM1": isOtherPayer, "2330B DTP 573": isPayerDate,
	"2400 LX": isLineCounter, "2400 SV1": isService, "2400 DTP 472": isServiceDate, "2400 REF 6R": isLineControl, "2420F NM1": isLineReferring,
	"2430 SVD": isLinePaid, "2430 CAS": isLineAdjustment, "2430 DTP 573": isLineDecided, "2430 AMT EAF": isLineOwed,
}

// part is a segment of a level or claim that has a role.
type part struct {
	at   int32 // its number in the unit
	role role
}

// roleSet is a set of roles, as bits.
type roleSet uint64

// has reports whether one of some roles is in the set.
func (r roleSet) has(some roleSet) bool { return r&some != 0 }

// rare are the roles of segments that few claims have: those of lines and of other
// payers, and of the claim.
const (
	rareLines = 1<<isClaimAdjustment | 1<<isLineAdjustment | 1<<isLineReferring | 1<<isLineExtra | 1<<isEquipment | 1<<isLinePricing | 1<<isLinePaid
	rare      = rareLines | 1<<isException | 1<<isPricing | 1<<isLegacy
)

// roleOf is the role of a segment at its place, by the first code of its qualifier.
func roleOf(loop, segment string, quals []qualifier) role {
	if r, ok := roleNames[loop+" "+segment]; ok {
		return r
	}
	if len(quals) > 0 {
		return roleNames[loop+" "+segment+" "+unpack(quals[0].codes[0])]
	}
	return noRole
}

// judge looks at the level or claim at hand as a whole.
func (w *Walker) judge() {
	w.facts.lines, w.facts.diagnoses, w.facts.stated = 0, 0, 0
	if w.tree == nil || w.tree.set != "837" || len(w.specs) == 0 || w.specs[0] == nil || w.unit.Len() != len(w.specs) {
		return
	}
	w.noteFlaws()
	switch w.specs[0].tag {
	case tagST:
		w.judgeHeader()
	case tagHL:
		w.judgeLevel(w.specs[0].loop.name)
	case tagCLM:
		w.judgeClaim()
	default: // a level without its HL: whose claims follow is not known
		w.facts.subscriber.level, w.facts.subscriber.payer, w.facts.birth = "", nil, 0
	}
}

var (
	tagCLM, tagCLP = edi.TagOf("CLM"), edi.TagOf("CLP")
	tagN3, tagN4   = edi.TagOf("N3"), edi.TagOf("N4")
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

func (w *Walker) judgeLevel(level string) {
	f := &w.facts
	var has [isNeighbour + 1]int
	for _, p := range w.parts {
		if has[p.role] == 0 {
			has[p.role] = int(p.at)
		}
	}
	at := func(r role, n int) []byte {
		if has[r] == 0 {
			return nil
		}
		return w.unit.Element(has[r], n)
	}
	switch level {
	case "2000A":
		f.billing = ""
		if string(at(isBilling, 8)) == "XX" {
			f.billing = string(at(isBilling, 9))
		}
		w.payTo(has[isPayTo])
		w.legacies()
	case "2000B":
		f.patient = false
		f.subscriber.level = string(at(isSubscriber, 1))
		f.subscriber.self, f.subscriber.payer = string(at(isSubscriber, 2)) == "18", append(f.subscriber.payer[:0], at(isNeighbour, 9)...)
		f.subscriber.told = has[isSubscriber] > 0 && !w.sound(has[isSubscriber], 2)
		f.birth, _ = edi.ParseDate(at(isPerson, 2))
		if i := has[isSubscriber]; i > 0 {
			w.judgeCoverage(i)
			w.judgeMember(&has)
		}
	case "2000C":
		f.patient = true
		f.birth, _ = edi.ParseDate(at(isPerson, 2))
	}
	if i := has[isPerson]; i > 0 && f.created > 0 && f.birth > f.created {
		f.birth = 0 // it is not compared with what follows
		w.related("DT101", Error, i, 2, 0, 2, "I12", "a birth date is after the day on which the file says it was made")
	} else if i > 0 && f.created > 0 && f.birth > 0 && f.created.Year()-f.birth.Year() > oldest {
		w.related("DT101", Error, i, 2, 0, 2, "I12", fmt.Sprintf("a birth date is more than %d years ago", oldest))
	}
}

// oldest is the age in years above which a birth date is taken for wrong.
const oldest = 150

// judgeCoverage looks at an SBR.
func (w *Walker) judgeCoverage(i int) {
	e := w.unit.Elements(i)
	filing, level, kind := e.At(9), string(e.At(1)), e.At(5)
	if len(filing) == 0 {
		w.related("GD104", Error, i, 9, 0, 4, "I9", "SBR09 is empty: it is needed until plan identifiers are in use")
	}
	medicare := string(filing) == "MB" || string(filing) == "MA"
	if len(e.At(3)) > 0 && len(e.At(4)) > 0 {
		w.related("GD108", Warning, i, 4, 0, 4, "I13", "SBR04 is sent beside SBR03: a group has its number, or a name where it has none")
	}
	switch {
	case medicare && len(level) == 1 && level != "P" && level != "U" && len(kind) == 0:
		w.related("GD104", Error, i, 5, 0, 4, "I9", "SBR05 is empty: Medicare is not the first payer")
	case len(kind) > 0 && (!medicare || level == "P"):
		w.related("GD108", Warning, i, 5, 0, 4, "I13", "SBR05 is sent for another payer than Medicare, or for Medicare as the first")
	}
}

// judgeMember looks at what a member has who is the patient, and who is not.
func (w *Walker) judgeMember(has *[isNeighbour + 1]int) {
	member := has[isMember]
	if member == 0 {
		return
	}
	if string(w.unit.Element(member, 2)) == "1" && len(w.unit.Element(member, 9)) == 0 && w.sound(member, 9) {
		w.related("GD104", Error, member, 9, 0, 2, "I9", "NM109 is empty: a person who is the member has a member number")
	}
	follows := w.unit.Tag(0) == tagHL && string(w.unit.Element(0, 4)) == "1" // a patient level does
	if w.facts.subscriber.self && follows && has[isStreet]+has[isCity]+has[isPerson] == 0 {
		w.related("GD106", Error, has[isSubscriber], 2, 0, 4, "I12", "SBR02 says that the member is the patient: address and birth date are missing, and a patient level follows")
		return
	}
	for _, r := range []struct {
		role      role
		tag, what string
	}{{isStreet, "N3", "street"}, {isCity, "N4", "city"}, {isPerson, "DMG", "birth date and sex"}} {
		switch {
		case w.facts.subscriber.self && has[r.role] == 0:
			at := member + 1
			for at < len(w.specs)-1 && w.specs[at] != nil && w.specs[at].loop.name == "2010BA" && w.specs[at].tag != edi.TagOf("REF") && (w.specs[at].role == isStreet || w.specs[at].role == isCity) {
				at++
			}
			at = min(at, len(w.specs)-1)
			w.because(w.situational("GD101", Error, at, r.tag, "I6", "2010BA", "A6:158:IL", fmt.Sprintf("%s (%s) is missing in loop 2010BA: the member is the patient", r.tag, r.what)), has[isSubscriber], 2, 0)
		case !w.facts.subscriber.self && has[r.role] > 0 && follows:
			w.because(w.situational("GD102", Warning, has[r.role], r.tag, "I9", "2010BA", "A7:21", fmt.Sprintf("%s of the member is not needed: the member is not the patient", r.tag)), has[isSubscriber], 2, 0)
		}
	}
}

// coverage is a payer beside the one that is billed: a 2320 loop.
type coverage struct {
	at          int
	payer       []byte // NM109 of 2330B
	payerAt     int
	paid        edi.Amount
	paidAt      int // AMT*D; 0: none
	adjusted    edi.Amount
	unclear     bool // an amount cannot be read, or a line was reported
	nonCovered  int
	owed        int
	date        int
	lineDate    bool
	lineOwed    int
	linePaid    edi.Amount
	adjudicated bool // on lines
}

// payment is what a payer decided of a line: a 2430 loop.
type payment struct {
	at       int
	charge   edi.Amount
	paid     edi.Amount
	adjusted edi.Amount
	known    bool // the amounts can be read
	bundled  bool
}

func (w *Walker) judgeClaim() {
	var first [isNeighbour + 1]int
	var seen roleSet
	var sum edi.Amount
	readable, lines := true, 0
	charge := edi.Amount(0)
	covered := w.covered[:0]
	payments := w.payments[:0]
	controls := w.controls[:0]
	var date []byte // the DTP of the service date before
	var from, to edi.Date
	early := false // a service date before the birth of the patient was reported
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
			w.facts.wrongDate = w.facts.created > 0 && days.To > w.facts.created || w.facts.birth > 0 && days.From < w.facts.birth
			switch {
			case w.facts.created > 0 && days.To > w.facts.created:
				w.related("DT102", Error, i, 3, 0, 4, "I12", fmt.Sprintf("service date %s is after %s, when the file was made", days.To, w.facts.created))
			case w.facts.birth > 0 && days.From < w.facts.birth && !early:
				early = true // the other lines are likely to have the same cause
				w.related("DT101", Error, i, 3, 0, 4, "I12", "a service date is before the birth of the patient")
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
	if slices.Contains(w.specs, nil) || !w.complete() {
		return // segments are missing or out of place: what they say is not known
	}
	if readable && lines > 0 {
		w.balance(sum)
	}
	w.claimSituations(&first)
	w.claimDates(&first, from, to)
	if seen.has(rare) {
		w.details(&first, seen)
	}
	if len(covered) > 0 || len(payments) > 0 {
		w.judgeCoverages(covered, payments, readable, lines)
	}
}

// complete reports whether no segment of the claim was missing or had no place.
func (w *Walker) complete() bool {
	for i := range w.held {
		if c := w.held[i].IK304; c != "8" && c != "" {
			return false
		}
	}
	return true
}

// balance compares CLM02 with the charges of the lines.
func (w *Walker) balance(sum edi.Amount) {
	total, err := edi.ParseAmount(w.unit.Element(0, 2))
	if err == nil && total != sum && w.sound(0, 2) {
		p := w.related("AM101", Error, 0, 2, 0, 3, "I12", fmt.Sprintf("CLM02 is $%s, the lines add up to $%s", total, sum))
		p.STC = "A7:400"
	}
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

// linePlace: a place of service on the line is for one that differs.
func (w *Walker) linePlace(i int) {
	place, _, _ := cut(w.unit.Element(0, 5), w.component)
	if string(place) == string(w.unit.Element(i, 5)) {
		w.related("GD108", Warning, i, 5, 0, 4, "I13", "SV105 repeats the place of service of the claim")
	}
}

// lineControl looks for the same REF*6R on an earlier line.
func (w *Walker) lineControl(i int, before []int) {
	own := w.unit.Element(i, 2)
	for _, k := range before {
		if bytes.Equal(w.unit.Element(k, 2), own) {
			w.related("GD106", Error, i, 2, 0, 2, "I12", "REF*6R has the number of an earlier line")
			return
		}
	}
}

func (w *Walker) claimSituations(first *[isNeighbour + 1]int) {
	f := &w.facts
	if !f.patient && !f.subscriber.self && !f.subscriber.told && f.subscriber.level != "" {
		f.subscriber.told = true
		w.situational("GD101", Error, 0, "HL", "I7", "2000C", "A7:156", "loop 2000C (patient, HL 23) is missing: SBR02 does not say that the member is the patient")
	}
	place, rest, _ := cut(w.unit.Element(0, 5), w.component)
	_, rest, _ = cut(rest, w.component)
	frequency, _, _ := cut(rest, w.component)
	original := first[isOriginal]
	switch {
	case (string(frequency) == "7" || string(frequency) == "8") && original == 0:
		w.because(w.situational("GD101", Error, min(1, len(w.specs)-1), "REF", "I6", "2300", "A6:464", "REF*F8 (payer's number of the claim) is missing: CLM05-3 is "+string(frequency)), 0, 5, 3)
	case string(frequency) == "1" && original > 0:
		w.because(w.situational("GD102", Error, original, "REF", "I9", "2300", "A8:535", "REF*F8 is sent, and CLM05-3 is 1: nothing is replaced"), 0, 5, 3)
	}
	if first[isAdmission] == 0 && (string(place) == "21" || string(place) == "51" || string(place) == "61") {
		w.because(w.situational("GD101", Error, min(1, len(w.specs)-1), "DTP", "I6", "2300", "A6:189", "DTP*435 (admission) is missing: the place of service is "+string(place)), 0, 5, 1)
	}
	if len(w.unit.Element(0, 11)) > 0 {
		clm := w.unit.Segment(0)
		w.accident(clm.Element(11), first)
	}
	if first[isClaimReferral] > 0 && first[isReferring] == 0 {
		w.related("GD101", Warning, first[isClaimReferral], 0, 0, 4, "I7", "loop 2310A (referring provider) is expected with a referral number")
	}
	if first[isLineReferring] > 0 && first[isReferring] == 0 {
		w.situational("GD102", Warning, first[isLineReferring], "NM1", "I9", "2420F", "A7:562:DN", "loop 2420F needs a referring provider of the claim (2310A)")
	}
	if i := first[isRendering]; i > 0 && f.billing != "" && string(w.unit.Element(i, 9)) == f.billing {
		w.situational("GD102", Warning, i, "NM1", "I9", "2310B", "A7:562:82", "loop 2310B repeats the billing provider")
	}
	if i := first[isAmbulance]; i > 0 && (first[isPickUp] == 0 || first[isDropOff] == 0) {
		w.situational("GD101", Error, i, "NM1", "I7", "2310E", "A6:126:PW", "loops 2310E and 2310F (pick-up and drop-off) are needed for an ambulance")
	}
	if i := first[isPaid]; i > 0 {
		a, err := edi.ParseAmount(w.unit.Element(i, 2))
		total, err2 := edi.ParseAmount(w.unit.Element(0, 2))
		if err == nil && err2 == nil && a > total {
			w.related("AM102", Warning, i, 2, 0, 4, "I12", "the patient paid more than the claim charges")
		}
	}
}

// accident looks at what CLM11 calls for.
func (w *Walker) accident(causes edi.Value, first *[isNeighbour + 1]int) {
	var named [3]string
	for n := range 3 {
		named[n] = w.part(causes, n+1).String()
	}
	auto := slices.Contains(named[:], "AA")
	if (auto || slices.Contains(named[:], "OA")) && first[isAccident] == 0 {
		w.because(w.situational("GD101", Error, min(1, len(w.specs)-1), "DTP", "I6", "2300", "A6:21", "DTP*439 (accident) is missing: CLM11 names an accident"), 0, 11, 0)
	}
	if auto && w.part(causes, 4).Empty() && w.part(causes, 5).Empty() {
		w.related("GD104", Error, 0, 11, 4, 4, "I9", "CLM11-4 is empty: an auto accident has a state or country")
	}
	if named[0] != "" && named[0] == named[1] {
		w.related("GD106", Warning, 0, 11, 2, 4, "I12", "CLM11 names a cause twice")
	}
}

func (w *Walker) cover(c *coverage, r role, i int) {
	switch r {
	case isClaimAdjustment:
		sum, known := w.adjustments(i)
		c.adjusted += sum
		c.unclear = c.unclear || !known
	case isPayerPaid:
		var err error
		c.paid, err = edi.ParseAmount(w.unit.Element(i, 2))
		c.paidAt, c.unclear = i, c.unclear || err != nil || !w.sound(i, 2)
	case isNonCovered:
		c.nonCovered = i
	case isOwed:
		c.owed = i
	case isOtherPayer:
		c.payer, c.payerAt = w.unit.Element(i, 9), i
	case isPayerDate:
		c.date = i
	}
}

func payerOf(covered []coverage, id []byte) *coverage {
	for i := range covered {
		if string(covered[i].payer) == string(id) {
			return &covered[i]
		}
	}
	return nil
}

// adjustments is the sum of the amounts of a CAS. It is not known where one of them is
// wrong, or lacks beside its reason.
func (w *Walker) adjustments(i int) (sum edi.Amount, known bool) {
	known = true
	for n := 3; n <= 18; n += 3 {
		v := w.unit.Element(i, n)
		if len(v) == 0 {
			known = known && len(w.unit.Element(i, n-1)) == 0
			continue
		}
		a, err := edi.ParseAmount(v)
		sum += a
		known = known && err == nil && w.sound(i, n)
	}
	return sum, known
}

// judgeCoverages looks at other payers: the levels, and what they paid.
func (w *Walker) judgeCoverages(covered []coverage, payments []payment, readable bool, lines int) {
	w.levels(covered)
	w.neighbours(covered)
	strangers := w.strangers(covered, payments)
	for i := range payments {
		p := &payments[i]
		c := payerOf(covered, w.unit.Element(p.at, 1))
		if c == nil {
			continue
		}
		c.adjudicated = true
		c.linePaid += p.paid
		c.unclear = c.unclear || !p.known
		if readable && p.known && !p.bundled && p.charge != p.paid+p.adjusted {
			c.unclear = true // what the claim says of the payer follows from its lines
			x := w.related("AM102", Error, p.at, 2, 0, 3, "I12", fmt.Sprintf("a line of $%s has $%s paid and $%s adjusted by another payer", p.charge, p.paid, p.adjusted))
			x.STC = "A7:672"
		}
	}
	total, err := edi.ParseAmount(w.unit.Element(0, 2))
	for i := range covered {
		c := &covered[i]
		if c.owed > 0 && c.lineOwed > 0 {
			w.situational("GD102", Error, c.owed, "AMT", "I9", "2320", "A7:672", "AMT*EAF stands on the claim and on a line for the same payer")
		}
		if c.date > 0 && c.lineDate {
			w.situational("GD102", Error, c.date, "DTP", "I9", "2330B", "A6:516", "DTP*573 stands on the claim and on a line for the same payer")
		}
		if c.paidAt > 0 && c.payerAt > 0 && !c.adjudicated && c.date == 0 && c.nonCovered == 0 && len(payments) == 0 {
			at := c.payerAt + 1
			for at < len(w.specs)-1 && (w.specs[at].tag == tagN3 || w.specs[at].tag == tagN4) {
				at++
			}
			w.situational("GD101", Error, at, "DTP", "I6", "2330B", "A6:516", "DTP*573 (when the payer decided) is missing: AMT*D says that it did, and no line has it")
		}
		if (c.adjudicated || c.date > 0) && c.paidAt == 0 && c.nonCovered == 0 {
			at := c.at + 1
			for at < len(w.specs)-1 && w.specs[at].role == isClaimAdjustment {
				at++
			}
			w.situational("GD101", Error, at, "AMT", "I6", "2320", "A6:672", "AMT*D (what the payer paid) is missing: a line or DTP*573 says that it decided")
		}
		if c.nonCovered > 0 {
			if a, e := edi.ParseAmount(w.unit.Element(c.nonCovered, 2)); e == nil && err == nil && a != total {
				w.related("AM102", Warning, c.nonCovered, 2, 0, 3, "I12", "AMT*A8 is not the charge of the claim")
			}
			continue
		}
		if c.paidAt == 0 || c.unclear || strangers || err != nil || !readable || lines == 0 {
			continue
		}
		want := total - c.adjusted
		if c.adjudicated {
			want = c.linePaid - c.adjusted
		} else if c.adjusted == 0 {
			continue // nothing says how the payment came about
		}
		if c.paid != want {
			x := w.related("AM102", Error, c.paidAt, 2, 0, 3, "I12", fmt.Sprintf("another payer paid $%s by AMT*D and $%s by its lines and adjustments", c.paid, want))
			x.STC = "A7:672"
		}
	}
}

// strangers reports payments by payers that the claim does not name, each payer once,
// and whether there are any. Where the number of a payer of the claim is wrong, it is
// likely to be the one that is meant.
func (w *Walker) strangers(covered []coverage, payments []payment) (any bool) {
	wrong := slices.ContainsFunc(covered, func(c coverage) bool { return c.payerAt == 0 || !w.sound(c.payerAt, 9) })
	told := map[string]bool{}
	for i := range payments {
		id := w.unit.Element(payments[i].at, 1)
		if payerOf(covered, id) != nil {
			continue
		}
		any = true
		if !wrong && !told[string(id)] && w.sound(payments[i].at, 1) {
			w.related("AM102", Error, payments[i].at, 1, 0, 4, "I12", "SVD01 is no payer of the claim (NM109 of a loop 2330B)")
		}
		told[string(id)] = true
	}
	return any
}
