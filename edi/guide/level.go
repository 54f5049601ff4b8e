package guide

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/gaitkeeper/gaitkeeper/edi"
)

func (w *Walker) judgeLevel(level string) {
	f := &w.facts
	var has firsts
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
		f.address, w.lacksNPI = nil, nil
		if i := has[isBilling]; i > 0 {
			f.address = w.address(i)
			if len(at(isBilling, 8))+len(at(isBilling, 9)) == 0 {
				w.lacksNPI = w.later("GD104", Error, i, 9, 2, "I9", "NM109 is empty: a billing provider has an NPI, unless it cannot have one; then the payer's number (REF*G2) is sent")
			}
		}
		if i := has[isPayToAddress]; i > 0 && f.address != nil && bytes.Equal(w.address(i), f.address) {
			w.situational("GD102", Warning, i, "NM1", "I9", "2010AB", "A7:126:87", "loop 2010AB (pay-to address) repeats the address of the billing provider")
		}
		w.payTo(has[isPayTo])
		w.legacies()
	case "2000B":
		f.patient, f.death, f.sex = false, 0, 0
		f.subscriber.level = string(at(isSubscriber, 1))
		f.subscriber.self, f.subscriber.payer = string(at(isSubscriber, 2)) == "18", append(f.subscriber.payer[:0], at(isPayer, 9)...)
		f.subscriber.told = has[isSubscriber] > 0 && !w.sound(has[isSubscriber], 2)
		w.lacksFirst = nil
		if i := has[isSubscriber]; i > 0 {
			w.judgeCoverage(i)
			w.judgeMember(&has)
			if k := strings.Index(steps, f.subscriber.level); k > 0 && w.sound(i, 1) { // X12's own samples have it
				w.lacksFirst = w.later("GD106", Warning, i, 1, 4, "I12", fmt.Sprintf("the claim goes to payer %s, and none of its payers is P", f.subscriber.level))
			}
		}
		if p := w.lacksNPI; p != nil && has[isLegacy] == 0 {
			w.held = append(w.held, *p)
		}
		w.lacksNPI = nil
		w.legacies()
	case "2000C":
		f.patient, f.death, f.sex = true, 0, 0
	default:
		return
	}
	f.birth, _ = edi.ParseDate(at(isPerson, 2))
	if sex := at(isPerson, 3); len(sex) == 1 {
		f.sex = sex[0]
	}
	if i := has[isMemberPatient] + has[isPatient]; i > 0 {
		w.died(i)
	}
	if i := has[isPerson]; i > 0 && f.created > 0 && f.birth > f.created {
		f.birth = 0 // it is not compared with what follows
		w.related("DT101", Error, i, 2, 0, 2, "I12", "a birth date is after the day on which the file says it was made")
	} else if i > 0 && f.created > 0 && f.birth > 0 && f.created.Year()-f.birth.Year() > oldest {
		w.related("DT101", Error, i, 2, 0, 2, "I12", fmt.Sprintf("a birth date is more than %d years ago", oldest))
	}
}

// later makes a problem of the level at hand that is told if nothing behind it explains it.
func (w *Walker) later(rule string, sev Severity, i, n, snip int, code, message string) *Problem {
	p := *w.related(rule, sev, i, n, 0, snip, code, message)
	w.held = w.held[:len(w.held)-1]
	return &p
}

// died looks at the date of death in a PAT.
func (w *Walker) died(i int) {
	f := &w.facts
	e := w.unit.Elements(i)
	if string(e.At(5)) != "D8" || !w.sound(i, 6) {
		return
	}
	if f.death, _ = edi.ParseDate(e.At(6)); f.death > 0 && f.death < f.birth {
		f.death = 0
		w.related("DT101", Warning, i, 6, 0, 4, "I12", "the date of death is before the birth date")
	}
}

// oldest is the age in years above which a birth date is taken for wrong.
const oldest = 150

// judgeCoverage looks at an SBR.
func (w *Walker) judgeCoverage(i int) {
	e := w.unit.Elements(i)
	filing, level, kind := e.At(9), string(e.At(1)), e.At(5)
	if e.Count() > 0 && len(filing) == 0 {
		w.related("GD104", Error, i, 9, 0, 4, "I9", "SBR09 is empty: it is needed until plan identifiers are in use")
	}
	if !w.sound(i, 1) || !w.sound(i, 9) || len(e.At(1)) == 0 && len(filing) == 0 {
		return
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
func (w *Walker) judgeMember(has *firsts) {
	member := has[isMember]
	if member == 0 {
		return
	}
	if string(w.unit.Element(member, 2)) == "1" && len(w.unit.Element(member, 9)) == 0 && w.sound(member, 9) {
		w.related("GD104", Error, member, 9, 0, 2, "I9", "NM109 is empty: a person who is the member has a member number")
	}
	if w.facts.subscriber.self && w.patientNext && has[isStreet]+has[isCity]+has[isPerson] == 0 {
		w.related("GD106", Error, has[isSubscriber], 2, 0, 4, "I12", "SBR02 says that the member is the patient: address and birth date are missing, and a patient level follows")
		return
	}
	if i := has[isMemberPatient]; i > 0 && !w.facts.subscriber.self && w.patientNext && w.sure(tagPAT, tagSBR) {
		w.because(w.situational("GD102", Warning, i, "PAT", "I9", "2000B", "A7:21", "PAT of the member is not needed: the member is not the patient"), has[isSubscriber], 2, 0)
	}
	for _, r := range []struct {
		role      role
		tag, what string
	}{{isStreet, "N3", "street"}, {isCity, "N4", "city"}, {isPerson, "DMG", "birth date and sex"}} {
		switch {
		case w.facts.subscriber.self && has[r.role] == 0:
			at := member + 1 // behind those that stand before it
			for at < len(w.specs) && w.specs[at] != nil && w.specs[at].role >= isStreet && w.specs[at].role < r.role {
				at++
			}
			at = min(at, len(w.specs)-1)
			if w.specs[at] == nil || w.specs[at-1] == nil {
				continue // one without a place stands there
			}
			w.because(w.situational("GD101", Error, at, r.tag, "I6", "2010BA", "A6:158:IL", fmt.Sprintf("%s (%s) is missing in loop 2010BA: the member is the patient", r.tag, r.what)), has[isSubscriber], 2, 0)
		case !w.facts.subscriber.self && has[r.role] > 0 && w.patientNext && w.sure(tagNM1, tagN3, tagN4, tagDMG): // else it may be what another has
			w.because(w.situational("GD102", Warning, has[r.role], r.tag, "I9", "2010BA", "A7:21", fmt.Sprintf("%s of the member is not needed: the member is not the patient", r.tag)), has[isSubscriber], 2, 0)
		}
	}
}

// payTo looks at loop 2010AC, the plan that is to be paid: it is for subrogation, which
// BHT06 says.
func (w *Walker) payTo(i int) {
	if !w.sure(tagNM1) || w.mangled("PE") {
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
		own := string(w.unit.Element(name, 8)) == "XX" && len(w.unit.Element(name, 9)) > 0
		if sp.loop.name == "2010BB" { // it is the billing provider's
			own = w.facts.billing != ""
		}
		if own && w.sure(tagNM1) && w.sound(i, 1) {
			w.situational("GD102", Warning, i, "REF", "I9", sp.loop.name, "A7:560", "a number of old is sent beside the national provider identifier")
		}
	}
}
