package custom

import (
	"math/bits"
	"slices"

	"github.com/gaitkeeper/gaitkeeper/scrub"
)

// batch is the rules of a configuration. They are judged together: what a claim has is
// read out once, and rules that ask for a code, modifier or payer are only looked at
// where a claim has it.
type batch struct {
	scrub.Batch
	rules []*rule
}

// start makes the function that judges claims by the rules that are run.
func (b *batch) start(chosen []*scrub.Rule) func(*scrub.Pass) {
	m := &matcher{}
	for _, r := range b.rules {
		if slices.Contains(chosen, r.Rule) {
			m.rules = append(m.rules, r)
		}
	}
	m.index.build(m.rules)
	m.candidates = make([]uint64, len(m.index.always))
	return m.judge
}

// matcher judges claims, on one goroutine.
type matcher struct {
	facts      facts
	rules      []*rule
	index      ruleIndex
	candidates []uint64    // a bit for each rule
	at         *scrub.Line // where the line or day at hand is told; nil: on the claim
	told       bool        // that the rule could not be judged
}

func (m *matcher) judge(p *scrub.Pass) {
	e := &m.facts
	e.look(p)
	m.index.find(e, m.candidates)
	for w, word := range m.candidates {
		for word != 0 {
			r := m.rules[w*64+bits.TrailingZeros64(word)]
			word &= word - 1
			p.As(r.Rule)
			m.rule(p, r)
		}
	}
}

// rule judges a claim by one rule.
func (m *matcher) rule(p *scrub.Pass, r *rule) {
	e := &m.facts
	e.steps, e.err, e.line, e.date, m.at, m.told = maxSteps, nil, nil, 0, nil, false
	if r.each == eachClaim {
		e.date = e.services().From
	}
	// The claim's part is not repeated: it is the same for each line.
	var failed error
	if !hold(e, r.when.claim) {
		if e.err == nil {
			return
		}
		failed, e.err = e.err, nil
	}
	c := p.Claim
	switch r.each {
	case eachClaim:
		m.item(p, r, failed)
	case eachLine:
		for i := range c.Lines {
			l := &c.Lines[i]
			m.at, e.line, e.date = l, l, l.Period.From
			m.item(p, r, failed)
		}
	case eachDay:
		for i := range c.Lines {
			if d := c.Lines[i].Period.From; d != 0 && !dayBefore(c, i) {
				m.at, e.date = &c.Lines[i], d
				m.item(p, r, failed)
			}
		}
	}
}

// item judges what is at hand; failed is what went wrong in the claim's part.
func (m *matcher) item(p *scrub.Pass, r *rule, failed error) {
	e := &m.facts
	if r.windowed && !within(e.date, r.from, r.until) {
		return
	}
	matched := hold(e, r.when.item)
	if !matched && e.err == nil {
		return
	}
	if failed == nil {
		failed = e.err
	}
	e.err = nil
	switch {
	case failed == nil:
		p.Report(m.place(p), nil, "%s", r.message.of(e))
	case !m.told: // once for a claim
		m.told = true
		p.NotJudged(m.place(p), failed)
	}
}

// dayBefore reports whether a line before line i is of the same day.
func dayBefore(c *scrub.Claim, i int) bool {
	for j := range c.Lines[:i] {
		if c.Lines[j].Period.From == c.Lines[i].Period.From {
			return true
		}
	}
	return false
}

// place is that of what is at hand: the code of a line, or of the first line of a day,
// or the claim's number.
func (m *matcher) place(p *scrub.Pass) scrub.Place {
	if m.at != nil {
		return p.Service(m.at)
	}
	return p.At(0, 1, 0)
}
