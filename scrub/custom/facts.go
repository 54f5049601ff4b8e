package custom

import (
	"bytes"
	"errors"
	"sync"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/edi/x837"
	"github.com/gaitkeeper/gaitkeeper/scrub"
	"github.com/gaitkeeper/gaitkeeper/scrub/payer"
	"github.com/gaitkeeper/gaitkeeper/scrub/therapy"
)

// maxDepth is how deep quantifiers such as exists may stand in each other.
const maxDepth = 4

// facts is what expressions are evaluated on: a claim and, of it, the line or day at
// hand. Each goroutine has one and uses it for claim after claim.
type facts struct {
	pass  *scrub.Pass
	claim *scrub.Claim
	line  *scrub.Line // nil where the claim or a day is looked at
	date  edi.Date    // of the line or day, or the first of the claim; 0 where it is not valid

	// err is the first thing that went wrong in the expression at hand; what an
	// expression yields then means nothing.
	err   error
	steps int // turns of quantifiers left, see maxSteps

	// Of the quantifiers around the expression at hand, by depth.
	texts [maxDepth][]byte
	lines [maxDepth]*scrub.Line

	payment known[payerFacts]
	patient known[patientFacts]
	numbers known[numberFacts]
	span    known[edi.Period]
	earlier known[visitFacts]

	objects [6]object // of classes, for CEL programs

	codesOf edi.Date // day of codes
	codes   [][]byte

	profile     *payer.Profile // of the claim before
	profileText []byte
}

// known is something that is read out of a claim once it is asked for.
type known[T any] struct {
	value T
	ok    bool
}

type payerFacts struct{ id, name, filing []byte }

type patientFacts struct {
	birth edi.Date // 0 where it is not valid
	sex   []byte
}

type visitFacts struct {
	n    int
	last edi.Date
}

type numberFacts struct{ authorization, referring, biller, taxonomy []byte }

// look turns to the next claim.
func (e *facts) look(p *scrub.Pass) {
	e.pass, e.claim, e.line, e.err = p, p.Claim, nil, nil
	e.codesOf = -1
	e.payment.ok, e.patient.ok, e.numbers.ok, e.span.ok, e.earlier.ok = false, false, false, false, false
}

// missing means that a claim does not have what an expression asks for.
type missing struct{ field string }

func (m *missing) Error() string { return m.field + " is not known" }

// What can go wrong in an expression beside that.
var (
	errDivision = errors.New("a number is divided by zero")
	errOverflow = errors.New("a number is too large")
	errIndex    = errors.New("a list is shorter than that")
	errKey      = errors.New("a map has no such key")
	errCost     = errors.New("it takes too long on this claim")
	errOther    = errors.New("a value is not what a function takes")
)

// fail notes what went wrong, unless something did before.
func (e *facts) fail(err error) {
	if e.err == nil {
		e.err = err
	}
}

// scan counts a look through things that are no quantifier's: four of them are a step.
// Who goes on looking is stopped by the next step, field or item.
func (e *facts) scan(n int) { e.steps -= 1 + n/4 }

// step counts a turn of a quantifier and reports whether there may be more.
func (e *facts) step() bool {
	if e.steps--; e.steps < 0 {
		e.err = errCost
		return false
	}
	return true
}

var (
	tagSBR, tagNM1, tagDMG = edi.TagOf("SBR"), edi.TagOf("NM1"), edi.TagOf("DMG")
	tagREF, tagPRV         = edi.TagOf("REF"), edi.TagOf("PRV")
)

func (e *facts) payerFacts() *payerFacts {
	if k := &e.payment; !k.ok {
		k.ok, k.value = true, payerFacts{}
		s := &e.claim.Subscriber
		for i := range s.Len() {
			switch s.Tag(i) {
			case tagSBR:
				k.value.filing = s.Element(i, 9)
			case tagNM1:
				if s.Loop(i) == x837.Loop2010BB && string(s.Element(i, 1)) == "PR" {
					k.value.id, k.value.name = s.Element(i, 9), s.Element(i, 3)
				}
			}
		}
	}
	return &e.payment.value
}

func (e *facts) profileName() []byte {
	if p := e.claim.Profile; p != e.profile {
		e.profile, e.profileText = p, []byte(p.Name)
	}
	return e.profileText
}

func (e *facts) patientFacts() *patientFacts {
	if k := &e.patient; !k.ok {
		k.ok, k.value = true, patientFacts{}
		p := e.claim.PatientLevel()
		for i := range p.Len() {
			if p.Tag(i) == tagDMG {
				k.value.birth, _ = edi.ParseDate(p.Element(i, 2))
				k.value.sex = p.Element(i, 3)
				break
			}
		}
	}
	return &e.patient.value
}

func (e *facts) numberFacts() *numberFacts {
	if k := &e.numbers; !k.ok {
		c := e.claim
		k.ok, k.value = true, numberFacts{}
		n := &k.value
		if i := c.Find(x837.Loop2300, tagREF, "G1"); i >= 0 {
			n.authorization = c.Element(i, 2)
		}
		if i := c.Find(x837.Loop2310A, tagNM1, "DN"); i >= 0 {
			n.referring = c.Element(i, 9)
		}
		if i := c.Billing.Find(x837.Loop2010AA, tagNM1, "85"); i >= 0 {
			n.biller = c.Billing.Element(i, 9)
		}
		if i := c.Billing.Find(x837.Loop2000A, tagPRV, "BI"); i >= 0 {
			n.taxonomy = c.Billing.Element(i, 3)
		}
	}
	return &e.numbers.value
}

// services is the first and the last day of service of the claim.
func (e *facts) services() edi.Period {
	if k := &e.span; !k.ok {
		k.ok, k.value = true, edi.Period{}
		for i := range e.claim.Lines {
			p := e.claim.Lines[i].Period
			if p.From == 0 {
				continue
			}
			if k.value.From == 0 || p.From < k.value.From {
				k.value.From = p.From
			}
			k.value.To = max(k.value.To, p.To)
		}
	}
	return e.span.value
}

// age is the patient's age in full years on the day at hand.
func (e *facts) age() int64 { return int64(e.date-e.patientFacts().birth) / 10000 }

func (e *facts) hasAge() bool {
	birth := e.patientFacts().birth
	return birth != 0 && e.date >= birth
}

// others are the services of other claims on the day at hand.
func (e *facts) others(f func(*scrub.Service) bool) {
	e.scan(len(e.claim.Visits))
	for i := range e.claim.Visits {
		v := &e.claim.Visits[i]
		if v.Date != e.date {
			continue
		}
		// Another visit of the day has the same ones, told apart in another way.
		e.scan(len(v.Others) + len(v.Elsewise))
		for _, list := range [][]scrub.Service{v.Others, v.Elsewise} {
			for j := range list {
				if !f(&list[j]) {
					return
				}
			}
		}
		return
	}
}

// own calls f for the lines of the claim on the day at hand.
func (e *facts) own(f func(*scrub.Line) bool) {
	e.scan(len(e.claim.Lines))
	for i := range e.claim.Lines {
		if l := &e.claim.Lines[i]; l.Period.From == e.date && e.date != 0 && !f(l) {
			return
		}
	}
}

// dayUnits are the units of a code on the day at hand, over all claims.
func (e *facts) dayUnits(code []byte) (n int64) {
	e.own(func(l *scrub.Line) bool {
		if string(l.CodeText) == string(code) {
			n += int64(l.Count())
		}
		return true
	})
	if c, ok := therapy.ParseCode(code); ok {
		e.others(func(s *scrub.Service) bool {
			if s.Code == c {
				n += int64(s.Units)
			}
			return true
		})
	}
	return n
}

// claimUnits are the units of a code on the claim.
func (e *facts) claimUnits(code []byte) (n int64) {
	e.scan(len(e.claim.Lines))
	for i := range e.claim.Lines {
		if l := &e.claim.Lines[i]; string(l.CodeText) == string(code) {
			n += int64(l.Count())
		}
	}
	return n
}

// timedUnits are the units of codes that are counted by fifteen minutes of one-on-one
// treatment on the day at hand, over all claims.
func (e *facts) timedUnits() (n int64) {
	e.own(func(l *scrub.Line) bool {
		if l.Procedure != nil && l.Procedure.Pool {
			n += int64(l.Count())
		}
		return true
	})
	e.others(func(s *scrub.Service) bool {
		if p := therapy.Lookup(s.Code); p != nil && p.Pool {
			n += int64(s.Units)
		}
		return true
	})
	return n
}

// dayClaims is how many claims bill for the day at hand.
func (e *facts) dayClaims() int64 {
	var buf [16]uint32
	seen := buf[:0]
	e.others(func(s *scrub.Service) bool {
		for _, c := range seen {
			if c == s.Claim {
				return true
			}
		}
		seen = append(seen, s.Claim)
		return true
	})
	return 1 + int64(len(seen))
}

// dayCodes are the codes of the day at hand, one for each line, over all claims.
func (e *facts) dayCodes() [][]byte {
	if e.codesOf == e.date {
		return e.codes
	}
	e.codesOf, e.codes = e.date, e.codes[:0]
	e.own(func(l *scrub.Line) bool {
		e.codes = append(e.codes, l.CodeText)
		return true
	})
	e.others(func(s *scrub.Service) bool {
		e.codes = append(e.codes, []byte(s.Code.String()))
		return true
	})
	return e.codes
}

// dayHas reports whether a code is billed on the day at hand.
func (e *facts) dayHas(code []byte) (found bool) {
	e.own(func(l *scrub.Line) bool {
		found = string(l.CodeText) == string(code)
		return !found
	})
	if c, ok := therapy.ParseCode(code); ok && !found {
		e.others(func(s *scrub.Service) bool {
			found = s.Code == c
			return !found
		})
	}
	return found
}

// pointed is how many diagnoses a line points to (SV107), and the one that is number i
// of them; nil where there is none.
func (e *facts) pointed(l *scrub.Line, i int) (count int, code []byte) {
	if l.SV1 < 0 {
		return 0, nil
	}
	sep := e.claim.Delims().Component
	for rest := e.claim.Element(l.SV1, 7); len(rest) > 0; {
		pointer := rest
		if k := bytes.IndexByte(rest, sep); k >= 0 {
			pointer, rest = rest[:k], rest[k+1:]
		} else {
			rest = nil
		}
		n := 0
		for _, b := range pointer {
			if b < '0' || b > '9' || n > 100 {
				n = 0
				break
			}
			n = n*10 + int(b-'0')
		}
		if n == 0 || n > len(e.claim.Diagnoses) {
			continue
		}
		if count == i {
			code = e.claim.Diagnoses[n-1].Code
		}
		count++
	}
	return count, code
}

// allowed is what Medicare allowed the patient in the claim's year, in dollars.
func (e *facts) allowed(bucket string) (dollars float64, ok bool) {
	first := e.services().From
	if first == 0 {
		return 0, false
	}
	y, ok := e.pass.YearToDate(first.Year(), bucket)
	return float64(y.Total()) / 100, ok
}

func countModifiers(l *scrub.Line) (n int) {
	for _, m := range l.Modifiers {
		if m != 0 {
			n++
		}
	}
	return n
}

func modifierAt(l *scrub.Line, i int) []byte {
	for _, m := range l.Modifiers {
		if m == 0 {
			continue
		}
		if i == 0 {
			return modifierTexts()[m][:]
		}
		i--
	}
	return nil
}

// visits are the days on which the patient was treated before the claim.
func (e *facts) visits() (n int, last edi.Date) {
	if k := &e.earlier; !k.ok {
		k.ok = true
		k.value.n, k.value.last = e.pass.Days.Visits(e.claim)
	}
	return e.earlier.value.n, e.earlier.value.last
}

// modifierTexts are the texts of all modifiers, so that none has to be made.
var modifierTexts = sync.OnceValue(func() *[1 << 16][2]byte {
	t := new([1 << 16][2]byte)
	for i := range t {
		t[i] = [2]byte{byte(i >> 8), byte(i)}
	}
	return t
})
