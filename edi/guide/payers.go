package guide

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/gaitkeeper/gaitkeeper/edi"
)

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
	e := w.unit.Elements(i)
	known = e.Count() > 0
	for n := 3; n <= min(e.Count()+1, 18); n += 3 {
		v, units := e.At(n), len(e.At(n+1)) > 0
		if len(e.At(n-1)) == 0 {
			known = known && len(v) == 0 && !units
			continue
		}
		if len(v) == 0 && units && w.sound(i, n) {
			continue // units alone move no money
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
			for at < len(w.specs)-1 && (w.unit.Tag(at) == tagN3 || w.unit.Tag(at) == tagN4) {
				at++
			}
			w.situational("GD101", Error, at, "DTP", "I6", "2330B", "A6:516", "DTP*573 (when the payer decided) is missing: AMT*D says that it did, and no line has it")
		}
		if (c.adjudicated || c.date > 0) && c.paidAt == 0 && c.nonCovered == 0 {
			at := c.at + 1
			for at < len(w.specs)-1 && w.unit.Tag(at) == tagCAS {
				at++
			}
			w.situational("GD101", Error, at, "AMT", "I6", "2320", "A6:672", "AMT*D (what the payer paid) is missing: a line or DTP*573 says that it decided")
		}
		if c.nonCovered > 0 {
			if a, e := edi.ParseAmount(w.unit.Element(c.nonCovered, 2)); e == nil && err == nil && a != total {
				w.related("AM102", Warning, c.nonCovered, 2, 0, 3, "I12", "AMT*A8 is not the charge of the claim")
			} else if c.paidAt > 0 || c.adjusted != 0 {
				w.related("AM102", Warning, c.nonCovered, 2, 0, 4, "I13", "AMT*A8 says that all is not covered, and AMT*D or CAS what the payer decided")
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
