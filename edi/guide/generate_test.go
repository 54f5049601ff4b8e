package guide

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/edi/editest"
)

// generator makes transaction sets from the tables of a guide: required segments
// and elements, and some of the others.
type generator struct {
	*rand.Rand
	tree     *tree
	out      []string
	optional float64 // how often what may be there is
	hl       int
	parents  [3]int
	claims   int
	lines    int
	sum      int // of the claim, in dollars
	clm      int // number of the CLM in out
	pending  int // number of the HL 22 whose HL04 is open
	reasons  int // of CAS, so far
}

func (g *generator) maybe() bool { return g.Float64() < g.optional }

// set makes a transaction set inside an interchange.
func (g *generator) set(claims int) []string {
	t := g.tree
	head := []string{editest.ISA(1), "GS*" + t.function + "*SUBMITTER*RECEIVER*20260311*0800*1*X*" + t.version}
	st := "ST*" + t.set + "*0001"
	if t.set == "837" {
		st += "*" + t.version
	}
	g.out = []string{st}
	g.claims = claims
	g.loop(t.root)
	g.closeClaim()
	if t.set == "835" {
		balance(g.out)
	}
	g.out = append(g.out, fmt.Sprintf("SE*%d*0001", len(g.out)+1))
	return append(append(head, g.out...), "GE*1*1", "IEA*1*000000001")
}

func (g *generator) loop(l *loop) {
	for i := range l.kids {
		k := &l.kids[i]
		for range g.times(l, k) {
			if k.loop == nil {
				g.segment(k.spec)
				continue
			}
			g.segment(k.spec)
			g.loop(k.loop)
		}
	}
}

// times is how often a kid stands: a required one at least once.
func (g *generator) times(l *loop, k *kid) int {
	most := int(min(k.max, 3))
	switch {
	case k.loop != nil && k.loop.name == "2000B":
		return g.claims
	case k.loop != nil && k.loop.name == "2000A", k.spec.tag == edi.TagOf("PLB"):
		return 1
	case k.loop != nil && k.loop.name == "2300":
		if l.name == "2000B" && strings.HasPrefix(g.out[g.pending], "HL") && strings.HasSuffix(g.out[g.pending], "*1") {
			return 0 // dependents follow
		}
		return 1 + g.IntN(2)
	case k.loop != nil && k.loop.name == "2000C":
		if !strings.HasSuffix(g.out[g.pending], "*1") {
			return 0
		}
		return 1
	case k.must:
		return 1 + g.IntN(most)
	case g.maybe():
		return 1 + g.IntN(most)
	}
	return 0
}

func (g *generator) segment(sp *spec) {
	n := len(sp.elements)
	values := make([]string, n)
	var present uint64
	for i := range sp.elements {
		e := &sp.elements[i]
		if e.usage == 'R' || e.usage == 'S' && (e.qualifies || g.maybe()) {
			present |= 1 << i
		}
	}
	if sp.tag == edi.TagOf("SV1") {
		present |= 1 << 6
	}
	present = g.satisfy(sp, present)
	for i := range sp.elements {
		if present>>i&1 == 1 {
			values[i] = g.element(sp, &sp.elements[i], i+1, values)
		}
	}
	g.settle(sp, values)
	for n > 0 && values[n-1] == "" {
		n--
	}
	if n == 0 {
		return // a segment has at least one element
	}
	g.out = append(g.out, strings.Join(append([]string{sp.tag.String()}, values[:n]...), "*"))
}

// satisfy adds or takes away elements until the syntax notes hold.
func (g *generator) satisfy(sp *spec, present uint64) uint64 {
	usable := uint64(0)
	for i := range sp.elements {
		if sp.elements[i].usage != 'N' {
			usable |= 1 << i
		}
	}
	for range 20 {
		done := true
		for i := range sp.notes {
			n := &sp.notes[i]
			if !n.broken(present) {
				continue
			}
			done = false
			switch {
			case n.kind == 'E':
				present &^= n.mask &^ sp.must
			case n.mask&usable == n.mask || n.kind == 'R' || n.kind == 'L' && n.mask&usable != n.first:
				present |= n.mask & usable
			default:
				present &^= n.mask &^ sp.must
			}
		}
		if done {
			break
		}
	}
	return present
}

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

func (g *generator) text(from, to int) string {
	b := make([]byte, from+g.IntN(to-from+1))
	for i := range b {
		b[i] = letters[g.IntN(26)]
	}
	return string(b)
}

func (g *generator) element(sp *spec, e *element, n int, before []string) string {
	for _, q := range sp.quals {
		if int(q.element) == n && q.component == 0 {
			return unpack(q.codes[g.IntN(len(q.codes))])
		}
	}
	if e.kind != kindComposite {
		return g.value(e, before, n)
	}
	var parts []string
	for i := range e.parts {
		p := &e.parts[i]
		part := ""
		if p.usage == 'R' || p.usage == 'S' && g.maybe() {
			part = g.value(p, nil, 0)
		}
		for _, q := range sp.quals {
			if int(q.element) == n && int(q.component) == i+1 {
				part = unpack(q.codes[0])
			}
		}
		parts = append(parts, part)
	}
	return strings.TrimRight(strings.Join(parts, ":"), ":")
}

func (g *generator) value(e *element, before []string, n int) string {
	switch {
	case len(e.codes) > 0:
		return unpack(e.codes[g.IntN(len(e.codes))])
	case e.list != nil:
		all := slices.Sorted(maps.Keys(e.list.codes))
		return all[g.IntN(len(all))]
	case e.pattern != nil:
		return "123456789"
	}
	low, high := int(max(e.min, 1)), int(min(e.max, e.min+12))
	if e.limit > 0 {
		high = min(high, int(e.limit))
	}
	switch e.kind {
	case kindN0:
		return "1" + strings.Repeat("2", low-1)
	case kindR:
		return strconv.Itoa(1 + g.IntN(9000))[:max(low, 1)]
	case kindDT:
		return fmt.Sprintf("2026%02d%02d", 1+g.IntN(2), 1+g.IntN(28))
	case kindTM:
		return fmt.Sprintf("%02d%02d", g.IntN(24), g.IntN(60))
	case kindPeriod:
		if before[n-2] == "RD8" {
			return "20260301-20260302"
		}
		return fmt.Sprintf("2026%02d%02d", 1+g.IntN(2), 1+g.IntN(28))
	}
	return g.text(low, max(low, high))
}

// settle makes values fit each other where the tables do not say how.
func (g *generator) settle(sp *spec, v []string) {
	set := func(n int, value string) {
		if n <= len(v) {
			v[n-1] = value
		}
	}
	switch sp.tag.String() {
	case "BHT":
		set(4, "20260311")
	case "DMG":
		set(2, "19500101")
	case "HL":
		g.closeClaim()
		level := levelOf([]byte(v[2]))
		g.hl++
		g.parents[level] = g.hl
		set(1, strconv.Itoa(g.hl))
		set(2, "")
		if level > 0 {
			set(2, strconv.Itoa(g.parents[level-1]))
		}
		set(4, [3]string{"1", strconv.Itoa(g.IntN(2)), "0"}[level])
		if level == 1 {
			g.pending = len(g.out)
		}
	case "NM1":
		if v[1] == "2" {
			set(4, "")
			set(5, "")
			set(7, "")
		}
		if v[0] == "IL" && v[1] == "1" {
			set(8, "MI")
			set(9, "MEMBER1")
		}
		if v[0] == "85" && sp.loop.name == "2010AA" {
			set(8, "XX")
		}
		if v[7] == "XX" {
			set(9, editest.NPI(fmt.Sprintf("1%08d", g.IntN(1e8))))
		}
	case "N1":
		switch v[2] {
		case "XX":
			set(4, editest.NPI("123456789"))
		case "FI":
			set(4, "123456789")
		}
	case "N4":
		set(2, "CO")
		set(3, "802020001")
		set(4, "")
		set(7, "")
	case "PER":
		for n := 3; n <= 7; n += 2 {
			if v[n-1] == "EX" && g.tree.set == "837" && v[max(n-3, 0)] != "TE" {
				set(n, "TE")
			}
			switch v[n-1] {
			case "TE", "FX":
				set(n+1, "5555550100")
			case "EM":
				set(n+1, "A@B.COM")
			}
		}
	case "CAS": // each group once
		if g.tree.set == "837" {
			n := len(g.out)
			for n > 0 && strings.HasPrefix(g.out[n-1], "CAS*") {
				n--
			}
			set(1, [...]string{"CO", "CR", "OA", "PI", "PR"}[len(g.out)-n])
			break
		}
		for n := 2; n <= 17; n += 3 { // each reason once, of those in use
			if v[n-1] != "" {
				set(n, strconv.Itoa(256+g.reasons%40))
				g.reasons++
			}
		}
	case "BPR":
		set(1, "I")
		set(4, "CHK")
		if v[9] != "" {
			set(10, "1123456789")
		}
	case "TRN":
		set(3, "1123456789")
	case "CLP": // reversals and estimates have rules of their own
		if v[1] == "22" || v[1] == "25" {
			set(2, "1")
		}
		set(4, "500")
	case "SVC":
		set(3, "500")
		if v[3] != "" {
			set(4, "0420")
		}
		for _, n := range []int{1, 6} {
			if f := strings.Split(v[n-1], ":"); f[0] == "HC" {
				f[1] = "97110"
				set(n, strings.Join(f, ":"))
			}
		}
	case "LQ":
		if v[0] == "HE" {
			set(2, "MA130")
		}
	case "PLB": // that what is paid is above zero, and no balance is moved
		for n := 3; n <= 13; n += 2 {
			if v[n-1] != "" {
				set(n, "WO:"+g.text(1, 9))
				set(n+1, "-"+v[n])
			}
		}
	case "PRV":
		set(3, "225100000X")
	case "CLM":
		g.closeClaim()
		g.clm, g.sum, g.lines = len(g.out), 0, 0
	case "HI":
		if strings.HasPrefix(v[0], "ABK") || strings.HasPrefix(v[0], "BK") {
			set(1, "ABK:M6281")
			for n := 2; n <= 12; n++ {
				set(n, "")
			}
			for n := 2; n <= 1+g.IntN(4); n++ {
				set(n, fmt.Sprintf("ABF:R26%d", n))
			}
		}
	case "LX":
		if g.tree.set == "837" {
			g.lines++
			set(1, strconv.Itoa(g.lines))
		}
	case "SV1":
		set(1, "HC:97110:GP")
		if v[2] == "MJ" {
			set(1, "HC:00790")
		}
		charge := 1 + g.IntN(500)
		g.sum += charge
		set(2, strconv.Itoa(charge))
		set(7, "1")
	case "REF":
		if v[0] == "6R" && g.tree.set == "837" {
			set(2, fmt.Sprintf("L%d", len(g.out)))
		}
	}
}

// closeClaim writes the charge of the claim that ends.
func (g *generator) closeClaim() {
	if g.clm == 0 {
		return
	}
	f := strings.Split(g.out[g.clm], "*")
	f[2] = strconv.Itoa(g.sum)
	g.out[g.clm] = strings.Join(f, "*")
	g.clm = 0
}

// ledger adds up a remittance.
type ledger struct {
	clp, svc, dtm          []string // open ones
	total                  int
	charge, paid           int // of the lines of the claim
	adjusted, own, patient int // on the line, on the claim beside its lines, by group PR on both
	lines                  bool
}

func (l *ledger) closeLine() {
	if l.svc == nil {
		return
	}
	l.svc[2] = strconv.Itoa(atoi(l.svc[3]) + l.adjusted)
	l.charge += atoi(l.svc[2])
	l.paid += atoi(l.svc[3])
	l.svc, l.adjusted, l.lines = nil, 0, true
}

func (l *ledger) closeClaim() {
	l.closeLine()
	if l.clp == nil {
		return
	}
	if !l.lines {
		l.paid, l.charge = 500, 500
		l.charge += l.own
		l.own = 0
	}
	l.clp[3], l.clp[4], l.clp[5] = strconv.Itoa(l.charge), strconv.Itoa(l.paid-l.own), ""
	if l.patient > 0 {
		l.clp[5] = strconv.Itoa(l.patient)
	}
	*l = ledger{total: l.total + l.paid - l.own}
}

func (l *ledger) adjust(cas []string) {
	for n := 3; n < len(cas); n += 3 {
		if cas[n] == "" {
			continue
		}
		a := atoi(cas[n])
		if l.svc != nil {
			l.adjusted += a
		} else {
			l.own += a
		}
		if cas[1] == "PR" {
			l.patient += a
		}
	}
}

// day makes one day, or a first and a last one, of those of a line or claim.
func (l *ledger) day(dtm []string) {
	single, from, to := "472", "150", "151"
	if l.svc == nil {
		single, from, to = "232", "232", "233"
	}
	if dtm[1] != single && dtm[1] != from && dtm[1] != to {
		return
	}
	if l.dtm == nil {
		dtm[1] = single
	} else {
		l.dtm[1], dtm[1], dtm[2] = from, to, l.dtm[2]
	}
	l.dtm = dtm
}

// balance makes the sums of a remittance come out: charges follow from what is paid and
// adjusted, the payment from its claims.
func balance(out []string) {
	var l ledger
	all := make([][]string, len(out))
	for i, s := range out {
		f := strings.Split(s, "*")
		all[i] = f
		switch f[0] {
		case "LX":
			l.closeClaim()
		case "CLP":
			l.closeClaim()
			l.clp = f
		case "SVC":
			l.closeLine()
			l.svc, l.dtm = f, nil
		case "CAS":
			l.adjust(f)
		case "DTM":
			if l.clp != nil {
				l.day(f)
			}
		case "PLB":
			l.closeClaim()
			for n := 4; n < len(f); n += 2 {
				if f[n] != "" {
					l.total -= atoi(f[n])
				}
			}
		}
	}
	l.closeClaim()
	for i, f := range all {
		if f[0] == "BPR" {
			f[2] = strconv.Itoa(l.total)
		}
		out[i] = strings.Join(f, "*")
	}
}

func generate(t *tree, seed uint64, claims int) []string {
	r := rand.New(rand.NewPCG(seed, 1))
	g := generator{Rand: r, tree: t, optional: r.Float64() * 0.9}
	return g.set(claims)
}

// check validates segments in a layout and gives the problems, one line each.
func validateSegments(segments []string, v Validator, l editest.Layout) (list []string) {
	_, err := v.Validate(context.Background(), bytes.NewReader(editest.Render(segments, l)), "test", Handler{
		Problem: func(p *Problem) {
			list = append(list, fmt.Sprintf("%s %s %d %s %s%02d-%d %s", p.Severity, p.Rule, p.SetSegment, p.Loop, p.Segment, p.Element, p.Component, p.Message))
		},
		Fault: func(e *edi.SyntaxError) { list = append(list, e.Error()) },
	})
	if err != nil {
		list = append(list, err.Error())
	}
	return list
}

// judged are the types that what is generated conforms to: remittances balance.
var judged = map[string]Types{"837": 3, "835": Standard}

// TestGeneratedSetsPass: whatever the tables allow is conformant, in every layout.
func TestGeneratedSetsPass(t *testing.T) {
	for _, tree := range []*tree{professional(), remittance()} {
		t.Run(tree.set, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				segments := generate(tree, rapid.Uint64().Draw(t, "seed"), 12)
				l := rapid.SampledFrom(editest.Layouts).Draw(t, "layout")
				if got := validateSegments(segments, Validator{Types: judged[tree.set]}, l); got != nil {
					t.Fatalf("%s\nin\n%s", strings.Join(got, "\n"), numbered(segments))
				}
			})
		})
	}
}

func numbered(segments []string) string {
	var b strings.Builder
	for i, s := range segments {
		fmt.Fprintf(&b, "%d %s\n", i-1, s)
	}
	return b.String()
}
