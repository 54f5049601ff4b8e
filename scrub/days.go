package scrub

import (
	"slices"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/scrub/therapy"
)

// Days is what the claims of a run bill for each patient's day, gathered before
// any claim is judged: 20 bytes a service line, and hashes in place of identities.
// It is not changed while rules read it.
type Days struct {
	heads     table // day of a patient -> its first fact
	facts     slabs
	claims    table // biller, patient, CLM01 and first day -> the first such claim
	contents  table // biller, patient and services -> the first such claim
	providers table // provider's day -> entry of loads
	loads     []load
	ids       []byte // CLM01 of every claim, one behind the other
	idEnds    []uint32
	services  []uint64 // of one claim, while it is hashed
}

// fact is one service line. next is the fact before it of the same day, plus one.
type fact struct {
	next, claim, code, provider uint32
	units                       uint16
	flags                       uint8
}

const (
	flagBypass     = 1 << 7
	flagTimed      = 1 << 6
	disciplineBits = 7

	// manyFacts is how many facts of a day are kept apart; more are added up.
	manyFacts = 64
)

// load is the timed units of one provider's day: minutes that they imply at
// least, and the claim with which they passed each limit, plus one.
type load struct {
	minutes int
	passed  [len(loadLimits)]uint32
}

// loadLimits are minutes of a provider's day, for rule UN131.
var loadLimits = [...]int{480, 600, 720}

// NewDays returns an empty collection.
func NewDays() *Days { return new(Days) }

// Add takes the next claim of the run; its Ordinal must be the number of claims
// added before.
func (d *Days) Add(c *Claim) {
	d.ids = append(d.ids, c.ID()...)
	d.idEnds = append(d.idEnds, uint32(len(d.ids)))
	if c.Frequency == '8' {
		return
	}
	again := false
	if key, ok := c.claimKey(); ok {
		if first, found := d.claims.get(key); found && first != c.Ordinal {
			again = true
		} else {
			d.claims.put(key, c.Ordinal)
		}
	}
	if c.Frequency != '7' {
		if key, ok := d.contentKey(c); ok {
			if _, found := d.contents.get(key); !found {
				d.contents.put(key, c.Ordinal)
			}
		}
	}
	if again { // the same claim once more, or its replacement: the services are no others
		return
	}
	for i := range c.Lines {
		if l := &c.Lines[i]; l.Code != 0 && l.Period.From != 0 {
			d.addLine(c, l)
		}
	}
	d.addLoads(c)
}

func (d *Days) addLine(c *Claim, l *Line) {
	key := c.dayKey(l.Period.From)
	f := fact{
		claim: c.Ordinal, code: uint32(l.Code), provider: providerKey(l.Rendering.ID),
		units: uint16(min(l.Count(), 9999)), flags: uint8(l.Discipline()) & disciplineBits,
	}
	if l.bypasses() {
		f.flags |= flagBypass
	}
	if l.Procedure != nil && l.Procedure.Pool {
		f.flags |= flagTimed
	}
	head, found := d.heads.get(key)
	if found {
		f.next = head + 1
		n := 0
		for at := f.next; at != 0; n++ {
			g := d.facts.at(at - 1)
			if n >= manyFacts && g.code == f.code && g.provider == f.provider && g.flags == f.flags {
				g.units = uint16(min(int(g.units)+int(f.units), 9999))
				return
			}
			at = g.next
		}
	}
	d.heads.put(key, d.facts.add(f))
}

// addLoads adds the minutes that the claim implies to its providers' days. Lines
// of an assistant are not the provider's own time.
func (d *Days) addLoads(c *Claim) {
	for i := range c.Lines {
		l := &c.Lines[i]
		if !l.ownTimed() || slices.ContainsFunc(c.Lines[:i], func(o Line) bool { return o.ownTimed() && o.sameVisit(l) }) {
			continue
		}
		units := 0
		for j := range c.Lines[i:] {
			if o := &c.Lines[i+j]; o.ownTimed() && o.sameVisit(l) {
				units += o.Count()
			}
		}
		if units == 0 {
			continue
		}
		key := l.loadKey()
		at, found := d.providers.get(key)
		if !found {
			at = uint32(len(d.loads))
			d.loads = append(d.loads, load{})
			d.providers.put(key, at)
		}
		w := &d.loads[at]
		w.minutes += therapy.ImpliedMinutes(units)
		for k, limit := range loadLimits {
			if w.minutes > limit && w.passed[k] == 0 {
				w.passed[k] = c.Ordinal + 1
			}
		}
	}
}

func (l *Line) ownTimed() bool {
	return l.Procedure != nil && l.Procedure.Pool && l.Period.From != 0 && len(l.Rendering.ID) > 0 && !l.Has(CQ) && !l.Has(CO)
}

func (l *Line) sameVisit(o *Line) bool {
	return l.Period.From == o.Period.From && string(l.Rendering.ID) == string(o.Rendering.ID)
}

func (l *Line) loadKey() uint64 {
	return mixNumber(mix(fnvStart, l.Rendering.ID), uint64(l.Period.From))
}

// Load is how many minutes of one-on-one treatment the run implies at least for
// the provider of a line on its day, and which limit the claim c made it pass: 0
// none, else 1 to 3 for 8, 10 and 12 hours. Only the highest limit counts.
func (d *Days) Load(c *Claim, l *Line) (minutes, limit int) {
	if d == nil || !l.ownTimed() {
		return 0, 0
	}
	at, found := d.providers.get(l.loadKey())
	if !found {
		return 0, 0
	}
	w := &d.loads[at]
	for k := len(loadLimits) - 1; k >= 0; k-- {
		if w.passed[k] != 0 {
			if w.passed[k] == c.Ordinal+1 {
				return w.minutes, k + 1
			}
			return w.minutes, 0
		}
	}
	return w.minutes, 0
}

// others appends the services of other claims for the patient's day, in the
// order of the run. A claim that repeats or replaces another one stands alone.
func (d *Days) others(list []Service, c *Claim, day edi.Date) []Service {
	if first, again := d.SameClaim(c); c.Frequency == '8' || again && first != c.Ordinal {
		return list
	}
	head, found := d.heads.get(c.dayKey(day))
	if !found {
		return list
	}
	for at := head + 1; at != 0; {
		f := d.facts.at(at - 1)
		if f.claim != c.Ordinal {
			list = append(list, Service{
				Claim: f.claim, Code: therapy.Code(f.code), Units: int(f.units),
				Bypass: f.flags&flagBypass != 0, Discipline: therapy.Disciplines(f.flags & disciplineBits), provider: f.provider,
			})
		}
		at = f.next
	}
	slices.Reverse(list)
	return list
}

// SameClaim is the first claim of the run with the biller, patient, CLM01 and
// first day of c: c itself, or the one that c repeats or replaces.
func (d *Days) SameClaim(c *Claim) (first uint32, ok bool) {
	key, ok := c.claimKey()
	if !ok {
		return 0, false
	}
	return d.claims.get(key)
}

// SameServices is the first original claim of the run with the biller, patient
// and services of c.
func (d *Days) SameServices(c *Claim) (first uint32, ok bool) {
	key, ok := d.contentKey(c)
	if !ok {
		return 0, false
	}
	return d.contents.get(key)
}

// ID is CLM01 of a claim of the run.
func (d *Days) ID(ordinal uint32) string {
	if int(ordinal) >= len(d.idEnds) {
		return ""
	}
	start := uint32(0)
	if ordinal > 0 {
		start = d.idEnds[ordinal-1]
	}
	return string(d.ids[start:d.idEnds[ordinal]])
}

func (c *Claim) biller() []byte {
	i := c.Billing.Find(loopBilling, tagNM1, "85")
	if i < 0 {
		return nil
	}
	return c.Billing.Element(i, 9)
}

func (c *Claim) claimKey() (uint64, bool) {
	var first edi.Date
	for i := range c.Lines {
		if d := c.Lines[i].Period.From; d != 0 && (first == 0 || d < first) {
			first = d
		}
	}
	if first == 0 || len(c.ID()) == 0 {
		return 0, false
	}
	h := mix(mixNumber(c.patient, uint64(first)), c.biller())
	return mix(h, c.ID()), true
}

// contentKey hashes the services of a claim, in any order.
func (d *Days) contentKey(c *Claim) (uint64, bool) {
	sum := uint64(0)
	n := 0
	for i := range c.Lines {
		l := &c.Lines[i]
		if l.Code == 0 || l.Period.From == 0 {
			continue
		}
		n++
		m := l.Modifiers
		slices.Sort(m[:])
		h := mix(mixNumber(fnvStart, uint64(l.Code)<<32|uint64(l.Period.From)), l.Rendering.ID)
		h = mixNumber(h, uint64(m[0])<<48|uint64(m[1])<<32|uint64(m[2])<<16|uint64(m[3]))
		h = mixNumber(h, uint64(l.Units))
		sum += h * h
	}
	if n == 0 {
		return 0, false
	}
	return mixNumber(mix(c.patient, c.biller()), sum), true
}

// slabs hold facts without ever moving them.
type slabs struct {
	list [][]fact
	n    uint32
}

const slabSize = 1 << 12

func (s *slabs) add(f fact) uint32 {
	if s.n%slabSize == 0 {
		s.list = append(s.list, make([]fact, slabSize))
	}
	*s.at(s.n) = f
	s.n++
	return s.n - 1
}

func (s *slabs) at(i uint32) *fact { return &s.list[i/slabSize][i%slabSize] }

// table maps a 64-bit key to a number, by open addressing.
type table struct {
	keys []uint64
	vals []uint32 // value plus one; 0 is a free place
	n    int
}

func (t *table) get(key uint64) (uint32, bool) {
	if len(t.keys) == 0 {
		return 0, false
	}
	mask := uint64(len(t.keys) - 1)
	for i := key & mask; ; i = (i + 1) & mask {
		if t.vals[i] == 0 {
			return 0, false
		}
		if t.keys[i] == key {
			return t.vals[i] - 1, true
		}
	}
}

func (t *table) put(key uint64, val uint32) {
	if 4*(t.n+1) > 3*len(t.keys) {
		old := *t
		size := max(1024, 2*len(old.keys))
		*t = table{keys: make([]uint64, size), vals: make([]uint32, size)}
		for i, v := range old.vals {
			if v != 0 {
				t.put(old.keys[i], v-1)
			}
		}
	}
	mask := uint64(len(t.keys) - 1)
	for i := key & mask; ; i = (i + 1) & mask {
		if t.vals[i] == 0 {
			t.n++
		} else if t.keys[i] != key {
			continue
		}
		t.keys[i], t.vals[i] = key, val+1
		return
	}
}
