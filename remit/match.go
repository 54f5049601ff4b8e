package remit

import (
	"bytes"
	"slices"

	"github.com/gaitkeeper/gaitkeeper/edi"
)

// Key is what made a match.
type Key uint8

// The keys of claims, and behind them those of lines, each from the surest.
const (
	NoKey Key = iota

	ClaimNumber    // CLP01 is CLM01
	ClaimFolded    // CLP01 is CLM01 but for case, marks or zeros in front; a second key agrees
	ClaimPrefix    // CLP01 is the beginning of CLM01; a second key agrees
	PayerControl   // CLP07 or REF*F8 is the payer's number of another answer to the claim
	MemberCharge   // member, dates and charge
	MemberServices // member, dates and every line

	LineControl  // REF*6R is that of the claim's line
	LineNumber   // REF*6R is LX01 of the claim's line
	FullContent  // code, modifiers, date and charge
	CodeCharge   // code, date and charge
	CodeModifier // code, modifiers and date
	CodeDate     // code and date
	OnlyLine     // date and charge, the only ones left on either side
)

var keyNames = [...]string{
	"", "clm01", "clm01-folded", "clm01-prefix", "icn", "member+date+charge", "member+date+lines",
	"6r", "lx", "code+modifiers+date+charge", "code+date+charge", "code+modifiers+date", "code+date", "date+charge",
}

func (k Key) String() string { return keyNames[k] }

// Confidence says how sure a match is.
type Confidence uint8

// The confidences.
const (
	Low Confidence = iota
	Medium
	High
)

func (c Confidence) String() string { return [...]string{"low", "medium", "high"}[c] }

// shortestPrefix is the least of a claim number that is taken for its beginning.
const shortestPrefix = 12

// crowd is the most claims that are looked at for one answer, and answers for another.
const crowd = 500

// agreement is what claim and answer say of one fact.
type agreement int8

const (
	differs agreement = iota - 1
	unknown
	agrees
)

func agree(yes, known bool) agreement {
	switch {
	case !known:
		return unknown
	case yes:
		return agrees
	}
	return differs
}

// evidence is how far an answer agrees with a claim, beside its number.
type evidence struct {
	payee, payer, member, date, charge, lines agreement
}

// facts are the names of what can agree, in the order of [evidence.list].
var facts = [...]string{"payee", "payer", "member", "date", "charge", "lines"}

func (e *evidence) list() [len(facts)]agreement {
	return [...]agreement{e.payee, e.payer, e.member, e.date, e.charge, e.lines}
}

// weights make one fact count more than those behind it together.
var weights = [len(facts)]int{6, 2, 8, 4, 5, 3}

func (e *evidence) score() (n int) {
	for i, a := range e.list() {
		n += int(a) * weights[i]
	}
	return n
}

// second reports whether something agrees that a number alone does not say.
func (e *evidence) second() bool {
	return e.payee != differs && e.date != differs &&
		(e.member == agrees || e.member == unknown && e.date == agrees && (e.charge == agrees || e.lines == agrees))
}

// contradicts reports whether the answer is about somebody else's claim, though it
// has its number.
func (e *evidence) contradicts() bool {
	switch {
	case e.payee == differs:
		return e.member != agrees || e.date == differs
	case e.member == differs:
		return e.date == differs || e.charge == differs && e.lines != agrees
	}
	return false
}

// weigh compares an answer with a claim.
func (x *Index) weigh(a *answer, c *claim) (e evidence) {
	b := &x.billers[c.biller]
	e.payee = payeeAgrees(a, b)
	payer := x.payers[c.payer]
	e.payer = agree(string(a.payer) == payer, len(a.payer) > 0 && payer != "")
	e.member = agree(slices.ContainsFunc(a.members, func(m uint64) bool { return m == c.members[0] || m == c.members[1] }),
		len(a.members) > 0 && (c.members[0] != 0 || c.members[1] != 0))
	e.date = agree(a.dates.From <= c.to && a.dates.To >= c.from, a.dates.From != 0 && c.from != 0)
	lines := x.linesOf(c)
	// A part of a split claim charges less than the whole.
	e.charge = agree(a.charge == c.charge, a.charge >= c.charge)
	if e.date != differs && len(a.services) > 0 && len(a.services)*len(lines) <= mostPairs {
		e.lines = agree(a.within(lines), true)
		for i := range a.services {
			if d := a.services[i].date; d != 0 && !slices.ContainsFunc(lines, func(l line) bool { return l.date <= d && d <= l.to }) {
				e.date = differs
			}
		}
	}
	return e
}

func payeeAgrees(a *answer, b *biller) agreement {
	if len(a.payeeNPI) > 0 && string(a.payeeNPI) == b.npi || a.payeeTax != 0 && a.payeeTax == b.tax {
		return agrees
	}
	return agree(false, len(a.payeeNPI) > 0 && b.npi != "" || a.payeeTax != 0 && b.tax != 0)
}

// within reports whether every service is a line: the same code and day, and not
// more than its charge.
func (a *answer) within(lines []line) bool {
	for i := range a.services {
		s := &a.services[i]
		if !slices.ContainsFunc(lines, func(l line) bool {
			return s.code == l.code && (s.date == 0 || s.date == l.date) && s.charge <= l.charge
		}) {
			return false
		}
	}
	return true
}

// found is the claim of an answer, and the key. Equal is the others that are no
// worse: the claim was sent several times.
type found struct {
	claim      int32 // -1 for none
	key        Key
	confidence Confidence
	equal      []int32
}

// match is the claim that an answer is about.
func (x *Index) match(a *answer) found {
	if x.Len() == 0 {
		return found{claim: -1}
	}
	if len(a.folded) > 0 {
		if f := x.byNumber(a); f.claim >= 0 {
			return f
		}
	}
	return x.byContent(a)
}

// byNumber looks for CLP01.
func (x *Index) byNumber(a *answer) found {
	list := x.beginning(a.folded)
	crowded := len(list) > crowd
	if crowded {
		list = list[:crowd] // the whole numbers come first
	}
	best := [ClaimPrefix + 1]choice{}
	for _, n := range list {
		c := &x.claims[n]
		key := ClaimPrefix
		if bytes.Equal(a.id, x.text.get(c.id)) {
			key = ClaimNumber
		} else if len(a.folded) == int(c.folded.length) {
			key = ClaimFolded
		} else if crowded || len(a.id) < shortestPrefix {
			continue
		}
		e := x.weigh(a, c)
		if key == ClaimNumber && e.contradicts() || key != ClaimNumber && !e.second() {
			continue
		}
		best[key].take(n, &e)
	}
	for key := ClaimNumber; key <= ClaimPrefix; key++ {
		b := &best[key]
		if len(b.list) == 0 || key == ClaimPrefix && !x.sameNumber(b.list) {
			continue
		}
		return found{b.list[0], key, b.confidence(key), b.list[1:]}
	}
	return found{claim: -1}
}

// choice is the claims that agree best.
type choice struct {
	list  []int32
	score int
	evidence
}

func (b *choice) take(n int32, e *evidence) {
	switch s := e.score(); {
	case len(b.list) == 0 || s > b.score:
		b.list, b.score, b.evidence = append(b.list[:0], n), s, *e
	case s == b.score:
		b.list = append(b.list, n)
	}
}

func (b *choice) confidence(key Key) Confidence {
	switch {
	case len(b.list) > 1:
		return Low
	case key == ClaimNumber && b.member != differs && b.date != differs && b.payee != differs:
		return High
	case key == MemberServices:
		return Low
	}
	return Medium
}

// byContent looks for member, days and charge, or every line. An amount alone is no
// key, nor are two claims that agree as well.
func (x *Index) byContent(a *answer) found {
	var best choice
	x.eachOfMember(a, func(n int32, e *evidence) {
		if e.member == agrees && e.date == agrees && e.payee != differs && (e.charge == agrees || e.lines == agrees) && e.lines != differs {
			best.take(n, e)
		}
	})
	if len(best.list) == 0 || !x.sameNumber(best.list) {
		if n := x.byControls(a, best.list); n >= 0 {
			return found{claim: n, key: MemberServices, confidence: Medium}
		}
		return found{claim: -1}
	}
	key := MemberServices
	if best.charge == agrees {
		key = MemberCharge
	}
	return found{best.list[0], key, best.confidence(key), best.list[1:]}
}

// sameNumber reports whether claims have one number: they are one claim, sent more
// than once.
func (x *Index) sameNumber(list []int32) bool {
	for _, n := range list[1:] {
		if !bytes.Equal(x.text.get(x.claims[n].id), x.text.get(x.claims[list[0]].id)) {
			return false
		}
	}
	return true
}

// byControls is the one of several claims whose line control numbers stand in the
// answer; -1 for none.
func (x *Index) byControls(a *answer, list []int32) int32 {
	one := int32(-1)
	for _, n := range list {
		lines := x.linesOf(&x.claims[n])
		all := len(a.services) > 0
		for i := range a.services {
			s := &a.services[i]
			all = all && len(s.control) > 3 && slices.ContainsFunc(lines, func(l line) bool { return bytes.Equal(s.control, x.text.get(l.control)) })
		}
		if all && one >= 0 {
			return -1
		} else if all {
			one = n
		}
	}
	return one
}

// eachOfMember weighs the claims of the persons that the answer names.
func (x *Index) eachOfMember(a *answer, visit func(int32, *evidence)) {
	for i, id := range a.members {
		if slices.Contains(a.members[:i], id) {
			continue
		}
		list := x.ofMember(id)
		for k, m := range list[:min(len(list), crowd)] {
			if k > 0 && list[k-1].claim == m.claim {
				continue
			}
			e := x.weigh(a, &x.claims[m.claim])
			visit(m.claim, &e)
		}
	}
}

// Candidate is a claim that an answer may be about, but not surely.
type Candidate struct {
	Claim  int      // of the index
	Line   int      // of the claim, from 0; -1 where the claim is meant
	Agrees []string // what agrees: number, payee, payer, member, date, charge, lines
	score  int
}

// mostCandidates is how many are told.
const mostCandidates = 5

// candidates are the claims that come nearest to an answer.
func (x *Index) candidates(a *answer) (list []Candidate) {
	if x.Len() == 0 {
		return nil
	}
	add := func(n int32, e *evidence, number bool) {
		if slices.ContainsFunc(list, func(c Candidate) bool { return c.Claim == int(n) }) {
			return
		}
		c := Candidate{Claim: int(n), Line: -1, score: e.score()}
		if number {
			c.Agrees, c.score = append(c.Agrees, "number"), c.score+7
		}
		for i, a := range e.list() {
			if a == agrees {
				c.Agrees = append(c.Agrees, facts[i])
			}
		}
		list = append(list, c)
	}
	if len(a.folded) >= 3 {
		near := x.beginning(a.folded)
		for _, n := range near[:min(len(near), crowd)] {
			e := x.weigh(a, &x.claims[n])
			add(n, &e, true)
		}
	}
	x.eachOfMember(a, func(n int32, e *evidence) { add(n, e, false) })
	slices.SortStableFunc(list, func(a, b Candidate) int {
		if a.score != b.score {
			return b.score - a.score
		}
		return x.order(int32(a.Claim), int32(b.Claim))
	})
	return list[:min(len(list), mostCandidates)]
}

func abs(a edi.Amount) edi.Amount {
	if a < 0 {
		return -a
	}
	return a
}
