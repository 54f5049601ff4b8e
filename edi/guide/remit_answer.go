package guide

import (
	"fmt"

	"github.com/gaitkeeper/gaitkeeper/edi"
)

// answered is a claim of a remittance, or a line of it, with its sums.
type answered struct {
	at           int // CLP or SVC
	charge, paid edi.Amount
	adjusted     edi.Amount
	known        bool // the amounts can be read
	adjustments  bool // those of CAS can
	days         dayCodes
}

// gap is what is missing between charge and payment.
func (a *answered) gap() edi.Amount { return a.charge - a.adjusted - a.paid }

// adjusted is what all CAS of a claim and its lines come to.
type adjusted struct {
	sum, patient edi.Amount // all of them, and those of group PR
	unread       bool       // an amount cannot be read
	ungrouped    bool       // a group cannot
}

// judgeAnswer looks at an answered claim whose money all has its place.
func (w *Walker) judgeAnswer() {
	charge, known := w.money(0, 3)
	paid, paidKnown := w.money(0, 4)
	clp := answered{charge: charge, paid: paid, known: known && paidKnown, adjustments: true}
	t := &w.settled
	t.paid += paid
	t.unclear = t.unclear || !paidKnown
	lines, all := w.answeredParts(&clp)
	told := w.balanceLines(lines)
	if clp.known && !all.unread {
		told = w.balanceAnswer(&clp, lines, all.sum) || told
	}
	w.answeredReasons(told)
	if told {
		return // what else is odd may have the same cause
	}
	if clp.known {
		w.signs(&clp)
	}
	if !all.unread && !all.ungrouped {
		w.patientShare(all.patient)
	}
	w.answeredDays(&clp, lines)
}

// answeredParts reads the lines of a claim, its days and the adjustments of both.
func (w *Walker) answeredParts(clp *answered) (lines []answered, all adjusted) {
	lines = w.answers[:0]
	of := clp // what a CAS adjusts
	for _, p := range w.parts {
		switch i := int(p.at); p.role {
		case isAnswerLine:
			lines = append(lines, w.answeredLine(i))
			of = &lines[len(lines)-1]
		case isAnswerAdjustment:
			sum, known := w.adjustments(i)
			of.adjusted += sum
			of.adjustments = of.adjustments && known
			all.sum += sum
			all.unread = all.unread || !known
			all.ungrouped = all.ungrouped || !w.sound(i, 1)
			if string(w.unit.Element(i, 1)) == "PR" {
				all.patient += sum
			}
		case isAnswerDay:
			w.answeredDay(of, i)
		}
	}
	w.answers = lines
	return lines, all
}

// answeredLine reads an SVC. Where one of its first elements is wrong, the others may
// stand at the wrong place.
func (w *Walker) answeredLine(i int) answered {
	charge, known := w.money(i, 2)
	paid, paidKnown := w.money(i, 3)
	return answered{at: i, charge: charge, paid: paid, known: known && paidKnown && w.sound(i, 1), adjustments: true}
}

// onAnswer reports on a segment of the answered claim at hand.
func (w *Walker) onAnswer(rule string, sev Severity, i, n, snip int, code, message string) *Problem {
	p := w.related(rule, sev, i, n, 0, snip, code, message)
	p.Claim = string(w.unit.Element(0, 1)) // what is open by now may be the next one
	return p
}

// balanceLines: the charge of a line less its adjustments is what was paid. It reports
// whether that is not so.
func (w *Walker) balanceLines(lines []answered) bool {
	w.gaps = w.gaps[:0]
	for i := range lines {
		l := &lines[i]
		if d := l.gap(); d != 0 && l.known && l.adjustments {
			w.gaps = append(w.gaps, d)
			w.onAnswer("AM103", Error, l.at, 3, 3, "I12", fmt.Sprintf("SVC03 is $%s; the charge of the line less its adjustments is $%s", l.paid, l.paid+d))
		}
	}
	return len(w.gaps) > 0
}

// balanceAnswer: the charge of a claim less all adjustments is what was paid, and the
// charges of its lines come to its own. It reports whether that is not so, by other
// causes than lines that were told. all is what is adjusted on claim and lines.
func (w *Walker) balanceAnswer(clp *answered, lines []answered, all edi.Amount) bool {
	sum, known := edi.Amount(0), len(lines) > 0
	for i := range lines {
		sum += lines[i].charge
		known = known && lines[i].known
	}
	d := clp.charge - all - clp.paid
	switch {
	case d != 0 && known && len(w.gaps) == 0 && clp.charge-sum == d:
		w.onAnswer("AM103", Error, 0, 3, 3, "I12", fmt.Sprintf("CLP03 is $%s, the lines add up to $%s", clp.charge, sum))
	case !follows(d, w.gaps):
		for _, gap := range w.gaps { // which are of the claim's own amounts is not known
			w.settled.suspect(d - gap)
		}
		w.settled.suspect(d)
		w.onAnswer("AM103", Error, 0, 4, 3, "I12", fmt.Sprintf("CLP04 is $%s; the charge of the claim less all adjustments is $%s", clp.paid, clp.paid+d))
	case d == 0 && known && len(w.gaps) == 0 && clp.charge != sum: // parts of a claim that was split may be so
		w.onAnswer("AM103", Warning, 0, 3, 3, "I12", fmt.Sprintf("CLP03 is $%s, the lines add up to $%s", clp.charge, sum))
	default:
		return false
	}
	return true
}

// patientShare compares CLP05 with the adjustments of group PR. Payers differ in it, so
// that it is a warning; a reversal has none.
func (w *Walker) patientShare(sum edi.Amount) {
	reversal := string(w.unit.Element(0, 2)) == "22"
	v := w.unit.Element(0, 5)
	a, known := w.money(0, 5)
	switch {
	case len(v) > 0 && !known || !w.sound(0, 2):
	case reversal && a != 0:
		w.because(w.onAnswer("GD108", Warning, 0, 5, 4, "I13", "CLP05 is sent for a reversal"), 0, 2, 0)
	case reversal || a == sum:
	case len(v) == 0 && sum > 0:
		w.onAnswer("AM103", Warning, 0, 5, 3, "I9", fmt.Sprintf("CLP05 is empty, the PR adjustments add up to $%s", sum))
	case len(v) > 0:
		w.onAnswer("AM103", Warning, 0, 5, 3, "I12", fmt.Sprintf("CLP05 is $%s, the PR adjustments add up to $%s", a, sum))
	}
}

// signs compares the amounts of a claim with its status: a reversal takes back, with
// negative amounts, and an estimate pays nothing.
func (w *Walker) signs(clp *answered) {
	if !w.sound(0, 2) {
		return
	}
	status := string(w.unit.Element(0, 2))
	var p *Problem
	switch {
	case status == "22" && clp.charge > 0:
		p = w.onAnswer("GD106", Error, 0, 3, 4, "I12", "CLP03 is above zero, and CLP02 says that a payment is taken back")
	case status == "22" && clp.paid > 0:
		p = w.onAnswer("GD106", Error, 0, 4, 4, "I12", "CLP04 is above zero, and CLP02 says that a payment is taken back")
	case status != "22" && clp.charge < 0:
		p = w.onAnswer("GD106", Warning, 0, 3, 4, "I12", "CLP03 is below zero, and CLP02 does not say that a payment is taken back")
	case status == "25" && clp.paid != 0:
		p = w.onAnswer("GD106", Warning, 0, 4, 4, "I12", "CLP04 is not zero, and CLP02 says that the claim is an estimate")
	default:
		return
	}
	w.because(p, 0, 2, 0)
}
