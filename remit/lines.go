package remit

import (
	"bytes"
	"cmp"
	"slices"
)

// lineMatch is the line of the claim that a service is about.
type lineMatch struct {
	line       int // of the claim, from 0; -1 for none
	key        Key
	confidence Confidence
	ambiguous  bool // other lines of the claim would do as well
}

// step is one way to find a line. Each is tried with all services before the next.
type step struct {
	key        Key
	confidence Confidence
	// reuse: a line may be found by several services, as where a payer splits it.
	reuse bool
	fits  func(x *Index, s *service, l *line) bool
}

// lineSteps are tried in turn; the first that finds a line for a service counts.
var lineSteps = []step{
	{LineControl, High, true, func(x *Index, s *service, l *line) bool {
		return len(s.control) > 0 && bytes.Equal(s.control, x.text.get(l.control))
	}},
	{LineNumber, Medium, true, func(_ *Index, s *service, l *line) bool {
		n := number(s.control)
		return n > 0 && n == int(l.lx) && len(s.control) <= 3 && s.is(l)
	}},
	{FullContent, High, false, func(_ *Index, s *service, l *line) bool {
		return s.is(l) && s.mods.same(l.mods) && s.charge == l.charge
	}},
	{CodeCharge, Medium, false, func(_ *Index, s *service, l *line) bool { return s.is(l) && s.charge == l.charge }},
	{CodeModifier, Medium, false, func(_ *Index, s *service, l *line) bool { return s.is(l) && s.mods.same(l.mods) }},
	{CodeDate, Medium, false, func(_ *Index, s *service, l *line) bool { return s.is(l) }},
	{CodeDate, Low, true, func(_ *Index, s *service, l *line) bool { return s.is(l) && s.charge < l.charge }},
}

// is reports whether code and day are those of the line.
func (s *service) is(l *line) bool {
	return (s.code == l.code || s.paidAs == l.code) && (s.date == 0 || s.date == l.date)
}

// near is how well a service fits a line beside what a step asks.
func (s *service) near(l *line) (n int) {
	if s.code == l.code {
		n += 8
	}
	if s.charge == l.charge {
		n += 4
	}
	if int64(s.units) == int64(l.units) {
		n += 2
	}
	if s.date == l.date {
		n++
	}
	return n*8 + 2*s.mods.common(l.mods) - l.mods.count()
}

// mostPairs is how many pairs of services and lines are compared: a claim has at most
// 50 lines, an answer 999.
const mostPairs = 1 << 20

// matchLines finds the line of each service of an answer.
func (x *Index) matchLines(c *claim, services []service, out []lineMatch) []lineMatch {
	lines := x.linesOf(c)
	out = out[:0]
	for range services {
		out = append(out, lineMatch{line: -1})
	}
	if len(services)*len(lines) > mostPairs {
		return out
	}
	taken := make([]bool, len(lines))
	for _, st := range lineSteps {
		for _, p := range x.pairs(&st, services, lines, out, taken) {
			m := &out[p.service]
			if m.line >= 0 || taken[p.line] && !st.reuse {
				continue
			}
			*m = lineMatch{line: p.line, key: st.key, confidence: st.confidence}
			taken[p.line] = true
		}
	}
	x.markTwins(lines, services, out)
	x.lastLine(lines, services, out, taken)
	return out
}

type pair struct{ service, line, near int }

// pairs are what a step allows, the nearest first.
func (x *Index) pairs(st *step, services []service, lines []line, out []lineMatch, taken []bool) (list []pair) {
	for i := range services {
		if out[i].line >= 0 {
			continue
		}
		for k := range lines {
			if (st.reuse || !taken[k]) && st.fits(x, &services[i], &lines[k]) {
				list = append(list, pair{i, k, services[i].near(&lines[k])})
			}
		}
	}
	slices.SortStableFunc(list, func(a, b pair) int {
		return cmp.Or(b.near-a.near, a.service-b.service, a.line-b.line)
	})
	return list
}

// markTwins lowers the confidence where lines of the claim are the same in all that
// the key looks at: they were taken in order.
func (x *Index) markTwins(lines []line, services []service, out []lineMatch) {
	for i := range out {
		m := &out[i]
		if m.line < 0 || m.key <= LineNumber {
			continue
		}
		for k := range lines {
			if k != m.line && services[i].near(&lines[k]) == services[i].near(&lines[m.line]) && services[i].is(&lines[k]) {
				m.ambiguous, m.confidence = true, Low
			}
		}
	}
}

// lastLine takes the only line and the only service that are left, if day and charge
// are the same: a payer changed the code and did not say so.
func (x *Index) lastLine(lines []line, services []service, out []lineMatch, taken []bool) {
	left := -1
	for i := range out {
		if out[i].line < 0 {
			if left >= 0 {
				return
			}
			left = i
		}
	}
	if n := slices.Index(taken, false); left >= 0 && n >= 0 && !slices.Contains(taken[n+1:], false) {
		s, l := &services[left], &lines[n]
		if s.date == l.date && s.charge == l.charge && s.charge != 0 {
			out[left] = lineMatch{line: n, key: OnlyLine, confidence: Low}
		}
	}
}
