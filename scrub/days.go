package scrub

import (
	"encoding/binary"
	"math/bits"
	"slices"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/scrub/therapy"
)

// Days is what the claims of a run, and those that were sent before it, bill for
// each patient's day, gathered before any claim is judged. It keeps hashes in place
// of identities, in few bytes: a record for each visit, chained by the patient's
// day. It is not changed while rules read it.
type Days struct {
	heads     table    // day of a patient -> its last record
	records   [][]byte // slabs of records; a record has the number of its first byte
	company   claimSet // claims that share a day with another
	gone      claimSet // claims that a later one of the run replaces or voids
	passing   claimSet // claims with which a provider's day passed a limit
	cloning   claimSet // claims with which a patient's visits became a pattern
	crowded   bool
	providers table // provider's day -> entry of loads
	loads     []load
	patterns  tally  // what all visits of a patient have in common
	ids       []byte // CLM01 of every claim, one behind the other
	idEnds    []uint32

	earlier     []Earlier // claims of the history, which have numbers of their own
	goneEarlier claimSet
	visits      map[uint64][]edi.Date // by patient: days of visits in the history, in order; nil where no rule asks
}

// A record is the visit of one claim:
//
//	next      4 bytes: the record before it of the same day, plus one
//	claim     4 bytes: the ordinal
//	provider  4 bytes: hash of the rendering provider
//	content   4 bytes: hash of all services of the claim and of the biller
//	biller    2 bytes: hash of the biller
//	lines     1 byte: how many follow, 8 bytes each:
//	          code (30 bits), bypass, pooled; units, up to 255; discipline;
//	          hash of the modifiers
const (
	recordHead = 19
	recordLine = 8

	bitBypass = 1 << 30
	bitPooled = 1 << 31
	codeBits  = bitBypass - 1

	slabSize = 1 << 20
	maxLines = 255

	// crowd is how many visits of one patient's day are compared.
	crowd = 1000
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
// added before. A claim that repeats an earlier one is not kept: its services are no
// others. One that replaces or voids another takes that one's place.
func (d *Days) Add(c *Claim) {
	d.ids = append(d.ids, c.ID()...)
	d.idEnds = append(d.idEnds, uint32(len(d.ids)))
	if len(c.Lines) == 0 {
		return
	}
	first, again, all := d.sameClaim(c)
	d.crowded = d.crowded || !all
	if again {
		d.accompany(c.Ordinal)
		d.accompany(first)
		if c.Frequency != '7' && c.Frequency != '8' {
			return
		}
		d.remove(c)
	}
	if c.Frequency == '8' {
		return
	}
	content, biller := c.content(), uint16(providerKey(c.biller.ID))
	for i := range c.Lines {
		l := &c.Lines[i]
		if l.Period.From == 0 || c.visitBefore(i) {
			continue
		}
		d.addVisit(c, i, content, biller)
		if !again {
			d.addPattern(c, i)
		}
	}
	if !again {
		d.addLoads(c)
	}
}

// remove takes out the claims that c replaces or voids.
func (d *Days) remove(c *Claim) {
	d.sameClaims(c, func(claim uint32) {
		if n, before := fromHistory(claim); before {
			d.goneEarlier.set(n)
		} else {
			d.gone.set(claim)
		}
	})
}

// removed reports whether a later claim of the run took the place of one.
func (d *Days) removed(claim uint32) bool {
	if n, before := fromHistory(claim); before {
		return d.goneEarlier.has(n)
	}
	return d.gone.has(claim)
}

// accompany notes that a claim of the run shares a day with another.
func (d *Days) accompany(claim uint32) {
	if _, before := fromHistory(claim); !before {
		d.company.set(claim)
	}
}

// Company reports whether another claim shares a patient's day with c.
func (d *Days) Company(c *Claim) bool { return d != nil && d.company.has(c.Ordinal) }

// Crowded reports whether some day had so many visits that not all were compared.
func (d *Days) Crowded() bool { return d != nil && d.crowded }

// addVisit adds the lines of c that are of one visit with line first.
func (d *Days) addVisit(c *Claim, first int, content uint32, biller uint16) {
	visit := &c.Lines[first]
	last := len(d.records) - 1
	if last < 0 || len(d.records[last])+recordHead+maxLines*recordLine > slabSize {
		d.records = append(d.records, make([]byte, 0, slabSize))
		last++
	}
	b := d.records[last]
	before, found := d.heads.swap(c.dayKey(visit.Period.From), uint32(last*slabSize+len(b)))
	next := uint32(0)
	if found {
		next = before + 1
		d.accompany(c.Ordinal)
		d.accompany(d.at(before).claim())
	}
	b = binary.LittleEndian.AppendUint32(b, next)
	b = binary.LittleEndian.AppendUint32(b, c.Ordinal)
	b = binary.LittleEndian.AppendUint32(b, providerKey(visit.Rendering.ID))
	b = binary.LittleEndian.AppendUint32(b, content)
	b = binary.LittleEndian.AppendUint16(b, biller)
	b = append(b, 0)
	count := len(b) - 1
	for i := range c.Lines[first:] {
		l := &c.Lines[first+i]
		if l.Code == 0 || !l.sameVisit(visit) || b[count] == maxLines {
			continue
		}
		code := uint32(l.Code)
		if l.Bypasses() {
			code |= bitBypass
		}
		if l.Procedure != nil && l.Procedure.Pool {
			code |= bitPooled
		}
		b = binary.LittleEndian.AppendUint32(b, code)
		b = append(b, uint8(min(l.Count(), 255)), uint8(l.Discipline()))
		b = binary.LittleEndian.AppendUint16(b, l.modifierHash())
		b[count]++
	}
	d.records[last] = b
}

// record is a view of one record.
type record []byte

func (d *Days) at(i uint32) record { return record(d.records[i/slabSize][i%slabSize:]) }

func (r record) next() uint32     { return binary.LittleEndian.Uint32(r) }
func (r record) claim() uint32    { return binary.LittleEndian.Uint32(r[4:]) }
func (r record) provider() uint32 { return binary.LittleEndian.Uint32(r[8:]) }
func (r record) content() uint32  { return binary.LittleEndian.Uint32(r[12:]) }
func (r record) biller() uint16   { return binary.LittleEndian.Uint16(r[16:]) }
func (r record) lines() int       { return int(r[18]) }

func (r record) line(i int) Service {
	b := r[recordHead+recordLine*i:]
	code := binary.LittleEndian.Uint32(b)
	return Service{
		Claim: r.claim(), Code: therapy.Code(code & codeBits), Units: int(b[4]),
		Bypass: code&bitBypass != 0, Discipline: therapy.Disciplines(b[5]),
		modifiers: binary.LittleEndian.Uint16(b[6:]),
	}
}

// modifierHash is that of the modifiers, in any order.
func (l *Line) modifierHash() uint16 {
	sum := uint64(0)
	for _, m := range l.Modifiers {
		if m != 0 {
			sum += mixNumber(hashStart, uint64(m))
		}
	}
	return uint16(sum ^ sum>>32)
}

// walk calls f for the records of a patient's day, the last one first. It gives up
// where there are too many, and says so.
func (d *Days) walk(c *Claim, day edi.Date, f func(record)) (all bool) {
	if d == nil {
		return true
	}
	head, found := d.heads.get(c.dayKey(day))
	if !found {
		return true
	}
	n := 0
	for at := head + 1; at != 0; n++ {
		if n == crowd {
			return false
		}
		r := d.at(at - 1)
		f(r)
		at = r.next()
	}
	return true
}

// addLoads adds the minutes that the claim implies to its providers' days. Lines
// of an assistant are not the provider's own time.
func (d *Days) addLoads(c *Claim) {
	for i := range c.Lines {
		l := &c.Lines[i]
		if !l.ownTimed() || c.ownTimedBefore(i) {
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
		w, _ := d.loadOf(l.loadKey())
		w.minutes += therapy.ImpliedMinutes(units)
		for k, limit := range loadLimits {
			if w.minutes > limit && w.passed[k] == 0 {
				w.passed[k] = c.Ordinal + 1
				d.passing.set(c.Ordinal)
			}
		}
	}
}

// loadOf is the load of a provider's day, which begins where it was not found.
func (d *Days) loadOf(key uint64) (w *load, found bool) {
	at, found := d.providers.get(key)
	if !found {
		at = uint32(len(d.loads))
		d.loads = append(d.loads, load{})
		d.providers.swap(key, at)
	}
	return &d.loads[at], found
}

// visitBefore reports whether a line before line i is of the same visit.
func (c *Claim) visitBefore(i int) bool {
	for j := range c.Lines[:i] {
		if c.Lines[j].sameVisit(&c.Lines[i]) {
			return true
		}
	}
	return false
}

// ownTimedBefore is visitBefore among the provider's own timed lines.
func (c *Claim) ownTimedBefore(i int) bool {
	for j := range c.Lines[:i] {
		if o := &c.Lines[j]; o.ownTimed() && o.sameVisit(&c.Lines[i]) {
			return true
		}
	}
	return false
}

func (l *Line) ownTimed() bool {
	return l.Procedure != nil && l.Procedure.Pool && l.Period.From != 0 && len(l.Rendering.ID) > 0 && !l.Has(CQ) && !l.Has(CO)
}

func (l *Line) sameVisit(o *Line) bool {
	return l.Period.From == o.Period.From && string(l.Rendering.ID) == string(o.Rendering.ID)
}

func (l *Line) loadKey() uint64 {
	return mixNumber(mix(hashStart, l.Rendering.ID), uint64(l.Period.From))
}

// Load is which limit of a provider's day the claim c made the provider of a line
// pass, 1 to 3 for 8, 10 and 12 hours, and how many minutes of one-on-one treatment
// the run implies at least for that day; 0 and 0 where it is none. Only the highest
// limit counts.
func (d *Days) Load(c *Claim, l *Line) (minutes, limit int) {
	if d == nil || !d.passing.has(c.Ordinal) || !l.ownTimed() {
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
			break
		}
	}
	return 0, 0
}

// others adds the services of other claims for the day of a visit, in the order of
// the run.
func (d *Days) others(c *Claim, v *Visit) {
	provider := providerKey(v.Provider)
	d.walk(c, v.Date, func(r record) {
		if r.claim() == c.Ordinal || d.removed(r.claim()) {
			return
		}
		to := &v.Elsewise
		if r.provider() == provider {
			to = &v.Others
		}
		for i := r.lines() - 1; i >= 0; i-- {
			*to = append(*to, r.line(i))
		}
	})
	slices.Reverse(v.Others)
	slices.Reverse(v.Elsewise)
}

// SameClaim is the first claim with the biller, patient, CLM01 and first day of c,
// if that stands before c: c repeats or replaces it.
func (d *Days) SameClaim(c *Claim) (first uint32, found bool) {
	first, found, _ = d.sameClaim(c)
	return first, found
}

func (d *Days) sameClaim(c *Claim) (first uint32, found, all bool) {
	all = d.sameClaims(c, func(claim uint32) { first, found = claim, true })
	return first, found, all
}

// sameClaims calls f for the claims that c repeats, replaces or voids, the last one
// first, unless another one did so before. One of the history may also be named by
// the payer's number (REF*F8).
func (d *Days) sameClaims(c *Claim, f func(claim uint32)) (all bool) {
	day := c.firstDay()
	if day == 0 || len(c.ID()) == 0 {
		return true
	}
	biller := uint16(providerKey(c.biller.ID))
	return d.walk(c, day, func(r record) {
		if !before(r.claim(), c) || r.biller() != biller || d.removed(r.claim()) {
			return
		}
		if string(d.id(r.claim())) == string(c.ID()) || d.named(r.claim(), c) {
			f(r.claim())
		}
	})
}

// named reports whether c replaces or voids a claim of the history by the number that
// the payer gave it.
func (d *Days) named(claim uint32, c *Claim) bool {
	n, history := fromHistory(claim)
	if !history || c.Frequency != '7' && c.Frequency != '8' || len(d.earlier[n].Control) == 0 {
		return false
	}
	return string(c.Original()) == d.earlier[n].Control
}

// SameServices is the first claim before c with the biller, patient and services of
// c.
func (d *Days) SameServices(c *Claim) (first uint32, found bool) {
	day := c.firstDay()
	if day == 0 {
		return 0, false
	}
	content := c.content()
	d.walk(c, day, func(r record) {
		if before(r.claim(), c) && r.content() == content && !d.removed(r.claim()) {
			first, found = r.claim(), true
		}
	})
	return first, found
}

// Gone reports whether a later claim of the run replaces or voids c.
func (d *Days) Gone(c *Claim) bool { return d != nil && d.gone.has(c.Ordinal) }

// Name is how a message calls a claim: its CLM01 and, for one of the history, where
// it stands.
func (d *Days) Name(claim uint32) string {
	name := "claim " + string(d.id(claim))
	if origin := d.Origin(claim); origin != "" {
		name += " (" + origin + ")"
	}
	return name
}

// Origin is where a claim of the history stands; "" for one of the run.
func (d *Days) Origin(claim uint32) string {
	n, history := fromHistory(claim)
	if !history {
		return ""
	}
	e := &d.earlier[n]
	return "in " + e.File + ", recorded " + e.Recorded.String()
}

func (d *Days) id(claim uint32) []byte {
	if n, history := fromHistory(claim); history {
		return d.earlier[n].id
	}
	if int(claim) >= len(d.idEnds) {
		return nil
	}
	start := uint32(0)
	if claim > 0 {
		start = d.idEnds[claim-1]
	}
	return d.ids[start:d.idEnds[claim]]
}

// firstDay is the first day of service; 0 where no line has a valid one.
func (c *Claim) firstDay() (first edi.Date) {
	for i := range c.Lines {
		if d := c.Lines[i].Period.From; d != 0 && (first == 0 || d < first) {
			first = d
		}
	}
	return first
}

// content hashes the biller and the services, in any order.
func (c *Claim) content() uint32 {
	sum := uint64(0)
	for i := range c.Lines {
		l := &c.Lines[i]
		h := mixNumber(mix(hashStart, l.Rendering.ID), uint64(l.Code)<<32|uint64(l.Period.From))
		for _, m := range l.Modifiers { // in any order
			h += mixNumber(hashStart, uint64(m))
		}
		h = mixNumber(h, uint64(l.Units))
		sum += h * (h | 1)
	}
	h := mixNumber(mix(hashStart, c.biller.ID), sum)
	return uint32(h ^ h>>32)
}

// claimSet is a set of claims, by ordinal.
type claimSet []uint64

func (s *claimSet) set(claim uint32) {
	for int(claim/64) >= len(*s) {
		*s = append(*s, 0)
	}
	(*s)[claim/64] |= 1 << (claim % 64)
}

func (s claimSet) has(claim uint32) bool {
	return int(claim/64) < len(s) && s[claim/64]&(1<<(claim%64)) != 0
}

// table maps a 64-bit key to a number, by open addressing in an array that grows
// by half.
type table struct {
	entries []tableEntry
	n       int
}

// tableEntry is twelve bytes: with the key as one number it would be sixteen, and
// with keys and numbers apart a look would touch memory twice.
type tableEntry struct {
	low, high uint32 // the key
	val       uint32 // plus one; 0 is a free place
}

func (e *tableEntry) key() uint64 { return uint64(e.high)<<32 | uint64(e.low) }

// place is where the search for a key begins: its upper bits, scaled.
func (t *table) place(key uint64) int {
	hi, _ := bits.Mul64(key*0x9E3779B97F4A7C15, uint64(len(t.entries)))
	return int(hi)
}

// find is the entry of a key, or the free one that it would take.
func (t *table) find(key uint64) *tableEntry {
	for i := t.place(key); ; {
		if e := &t.entries[i]; e.val == 0 || e.key() == key {
			return e
		}
		if i++; i == len(t.entries) {
			i = 0
		}
	}
}

func (t *table) get(key uint64) (uint32, bool) {
	if len(t.entries) == 0 {
		return 0, false
	}
	e := t.find(key)
	return e.val - 1, e.val != 0
}

// swap sets the value of a key and returns the one it had.
func (t *table) swap(key uint64, val uint32) (old uint32, found bool) {
	if 4*(t.n+1) > 3*len(t.entries) {
		before := t.entries
		t.entries = make([]tableEntry, max(1024, len(before)+len(before)/2))
		for i := range before {
			if e := &before[i]; e.val != 0 {
				*t.find(e.key()) = *e
			}
		}
	}
	e := t.find(key)
	old, found = e.val-1, e.val != 0
	if !found {
		t.n++
	}
	e.low, e.high, e.val = uint32(key), uint32(key>>32), val+1
	return old, found
}
