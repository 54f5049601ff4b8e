package remit

import (
	"cmp"
	"encoding/binary"
	"iter"
	"slices"

	"github.com/gaitkeeper/gaitkeeper/edi"
)

// Standing is what became of an answer.
type Standing uint8

// The standings.
const (
	Current    Standing = iota
	Reversed            // a later answer takes it back
	Reversal            // it takes an earlier one back
	Superseded          // a later answer stands for it, without a reversal
	Estimate            // a predetermination: no money, no decision
)

func (s Standing) String() string {
	return [...]string{"current", "reversed", "reversal", "superseded", "predetermination"}[s]
}

// chain is all answers to one claim: a part of Run.order.
type chain struct{ first, count int32 }

// answers are the events of a chain, in the order of their payments.
func (r *Run) answers(c chain) []int32 { return r.order[c.first : c.first+c.count] }

// claimOf is the claim of the index that a chain is about; -1 for none.
func (r *Run) claimOf(c chain) int32 { return r.events[r.order[c.first]].claim }

// Net is a claim after all answers to it, of all payers.
type Net struct {
	Buckets
	Status  Status
	Answers int
	// Overpaid: more was paid than charged, as where a later answer pays again and
	// the earlier one was not taken back.
	Overpaid bool
}

// chain gathers the answers to each claim. Without a claim of the index, CLP01 with
// payee tells claims apart, or CLP07 where CLP01 says nothing.
func (r *Run) chain() {
	r.shareEqual()
	for i := range r.events {
		e := &r.events[i]
		if e.copied {
			continue
		}
		if e.claim >= 0 {
			e.subject = uint64(e.claim) << 1 // hashes are odd
		} else if e.subject == 0 {
			e.subject = hash([]byte("alone"), binary.LittleEndian.AppendUint64(nil, uint64(i)))
		}
		r.order = append(r.order, int32(i))
	}
	slices.SortFunc(r.order, func(a, b int32) int {
		return cmp.Or(cmp.Compare(r.events[a].subject, r.events[b].subject), r.earlier(a, b))
	})
	for n, i := range r.order {
		if n == 0 || r.events[i].subject != r.events[r.order[n-1]].subject {
			r.chains = append(r.chains, chain{first: int32(n)})
		}
		c := &r.chains[len(r.chains)-1]
		c.count++
		r.events[i].chain = int32(len(r.chains) - 1)
	}
}

// shareEqual gives answers to a claim that was sent several times, with nothing to
// tell the copies apart, one copy for each number that the payer gave.
func (r *Run) shareEqual() {
	byClaim := map[int32][]int32{}
	for i := range r.events {
		if e := &r.events[i]; e.equal && !e.copied {
			byClaim[e.claim] = append(byClaim[e.claim], int32(i))
		}
	}
	for claim, list := range byClaim {
		copies := r.Claims.copiesOf(claim)
		slices.SortStableFunc(list, func(a, b int32) int {
			if d := r.events[a].duplicate; d != r.events[b].duplicate {
				if d {
					return 1 // a duplicate's denial is about a later copy
				}
				return -1
			}
			return r.earlier(a, b)
		})
		numbers := map[uint64]int{}
		for _, i := range list {
			e := &r.events[i]
			if _, ok := numbers[e.icn]; !ok {
				numbers[e.icn] = len(numbers)
			}
			e.claim = copies[min(numbers[e.icn], len(copies)-1)]
		}
	}
}

// copiesOf is a claim and those behind it with the same number, biller, person,
// charge and days.
func (x *Index) copiesOf(n int32) (list []int32) {
	c := &x.claims[n]
	for _, k := range x.beginning(x.text.get(c.folded)) {
		o := &x.claims[k]
		if string(x.text.get(o.id)) == string(x.text.get(c.id)) && x.billers[o.biller] == x.billers[c.biller] &&
			o.payer == c.payer && o.members == c.members && o.charge == c.charge && o.from == c.from && o.to == c.to {
			list = append(list, k)
		}
	}
	if len(list) == 0 {
		return []int32{n}
	}
	return list
}

// earlier orders events by payment date, then by what the payment says of itself,
// then as they stand in it. The order of files does not count.
func (r *Run) earlier(a, b int32) int {
	e, f := &r.events[a], &r.events[b]
	if e.payment == f.payment {
		return int(a - b)
	}
	p, q := &r.payments[e.payment], &r.payments[f.payment]
	return cmp.Or(cmp.Compare(p.date, q.date), cmp.Compare(p.payerKey(), q.payerKey()), cmp.Compare(p.trace, q.trace),
		cmp.Compare(r.sources[p.source].Name, r.sources[q.source].Name), p.ordinal-q.ordinal)
}

// sequence decides what each answer of a chain stands for, and what comes of it all.
func (r *Run) sequence(c chain) {
	events := r.answers(c)
	for _, i := range events {
		e := &r.events[i]
		switch {
		case e.reversal():
			e.standing = Reversal
		case e.predetermination():
			e.standing = Estimate
		}
	}
	for n, i := range events {
		if r.events[i].reversal() {
			r.undo(events[max(0, n-crowd):min(len(events), n+crowd)], i)
		}
	}
	for list := range r.byPayer(events) {
		r.supersede(list)
		r.findFirst(list)
	}
	r.events[events[len(events)-1]].last = true
}

// undo finds among events what a reversal takes back: money of the same amount, of the same payer,
// if possible with the same number, not taken back yet.
func (r *Run) undo(events []int32, at int32) {
	e := &r.events[at]
	best, score := int32(-1), 0
	for _, i := range events {
		o := &r.events[i]
		if o.standing != Current || !r.samePayer(e, o) || r.payments[o.payment].date > r.payments[e.payment].date {
			continue
		}
		s := 0
		number := e.icn != 0 && (o.icn == e.icn || o.icn == e.earlier)
		if number {
			s += 4
		}
		if o.Charge == -e.Charge && o.Paid == -e.Paid {
			s += 2
		}
		if o.payment != e.payment {
			s++
		}
		if s > score && (number || s >= 2) {
			best, score = i, s
		}
	}
	if best >= 0 {
		e.undoes = best
		r.events[best].standing = Reversed
	}
}

func (r *Run) samePayer(a, b *event) bool {
	return r.payments[a.payment].payerKey() == r.payments[b.payment].payerKey()
}

// byPayer gives the events of a chain, apart for each payer.
func (r *Run) byPayer(events []int32) iter.Seq[[]int32] {
	return func(yield func([]int32) bool) {
		if !slices.ContainsFunc(events, func(i int32) bool { return !r.samePayer(&r.events[events[0]], &r.events[i]) }) {
			yield(events)
			return
		}
		var lists [][]int32
		at := map[string]int{}
		for _, i := range events {
			payer := r.payments[r.events[i].payment].payerKey()
			if _, ok := at[payer]; !ok {
				at[payer] = len(lists)
				lists = append(lists, nil)
			}
			lists[at[payer]] = append(lists[at[payer]], i)
		}
		for _, list := range lists {
			if !yield(list) {
				return
			}
		}
	}
}

// supersede finds the answers of a payer for which a later one stands, though it was
// not reversed: those with the same number, and those that together charge more
// than the claim. Parts of a split claim stand side by side.
func (r *Run) supersede(list []int32) {
	total := r.total(list)
	for n, i := range list {
		e := &r.events[i]
		if e.standing != Current {
			continue
		}
		for _, k := range list[n+1 : min(len(list), n+crowd)] {
			later := &r.events[k]
			if later.standing != Current || later.duplicate {
				continue
			}
			again := later.icn == e.icn && e.icn != 0 && e.Charge == later.Charge
			if again || e.Charge+later.Charge > total && (later.payment != e.payment || e.Charge == later.Charge) {
				e.standing = Superseded
				break
			}
		}
	}
	// A duplicate's denial does not stand for the answer that it repeats.
	for n, i := range list {
		e := &r.events[i]
		if e.standing != Current || !e.duplicate {
			continue
		}
		for _, k := range list[max(0, n-crowd):n] {
			if o := &r.events[k]; o.standing == Current && o.Charge+e.Charge > total {
				e.standing = Superseded
				break
			}
		}
	}
}

// total is the charge of the claim: that of the index, or of its largest answer, or
// of all answers where the payer says that it split the claim.
func (r *Run) total(list []int32) (n edi.Amount) {
	if claim := r.events[list[0]].claim; claim >= 0 {
		return r.Claims.claims[claim].charge
	}
	split, sum := false, edi.Amount(0)
	numbers := map[uint64]bool{}
	for _, i := range list {
		e := &r.events[i]
		if e.standing == Reversal || e.standing == Estimate {
			continue
		}
		n = max(n, e.Charge)
		split = split || e.split
		if !numbers[e.icn] {
			numbers[e.icn] = true
			sum += e.Charge
		}
	}
	if split {
		return max(n, sum)
	}
	return n
}

// findFirst marks the answers before which none was taken back or stood for. A
// correction may stand before the reversal in its payment.
func (r *Run) findFirst(list []int32) {
	day := func(i int32) edi.Date { return r.payments[r.events[i].payment].date }
	again := slices.IndexFunc(list, func(i int32) bool { return r.events[i].standing == Reversal })
	replaced := false
	for _, i := range list {
		e := &r.events[i]
		counts := e.standing != Reversal && e.standing != Estimate
		e.first = counts && !replaced && (again < 0 || day(i) < day(list[again]))
		replaced = replaced || e.standing == Superseded
	}
}

// net adds all answers of all payers up. Each payer answers the whole charge again, so
// the charge counts once; what the last payer leaves to the patient is the patient's.
func (r *Run) net(c chain) *Net {
	n := new(Net)
	var level [4]Buckets
	var pays [4]bool
	estimate, undecided := true, true
	for _, i := range r.answers(c) {
		e := &r.events[i]
		n.Answers++
		if e.standing != Estimate {
			estimate = false
			n.Paid += e.Paid
		}
		if e.standing == Current {
			l := e.level()
			level[l].plus(&e.Buckets)
			pays[l] = true
			undecided = undecided && string(e.status[:]) == statusNotOurs
		}
	}
	n.Charge = r.charge(c, &level)
	top := 0
	for l := range pays {
		if pays[l] {
			top = l
			n.Denied += level[l].Denied
		}
	}
	n.Patient = level[top].Patient
	switch {
	case top == 0 && estimate:
		n.Status = StatusPending
	case top == 0:
		n.Status = StatusReversed
	case pays[1] && top > 1 || pays[2] && top > 2:
		// The later payer carries the effect of the earlier one as OA-23: what is
		// neither paid, nor the patient's, nor denied by both is contractual.
		n.Denied = max(0, min(n.Denied, n.Charge-n.Paid-n.Patient))
		n.Contractual = n.Charge - n.Paid - n.Patient - n.Denied
	default:
		n.Contractual = level[top].Contractual
	}
	n.close()
	n.Overpaid = n.Paid > n.Charge && n.Charge > 0
	if top > 0 {
		n.Status = n.status()
		if undecided {
			n.Status = StatusForwarded
		}
	}
	return n
}

func (r *Run) charge(c chain, level *[4]Buckets) (n edi.Amount) {
	if claim := r.claimOf(c); claim >= 0 {
		return r.Claims.claims[claim].charge
	}
	for _, b := range level {
		n = max(n, b.Charge)
	}
	if n == 0 {
		for _, i := range r.answers(c) {
			n = max(n, r.events[i].Charge)
		}
	}
	return n
}
