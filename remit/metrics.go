package remit

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/remit/codes"
)

// Summary is a reconciliation in numbers. Lines are those of current answers, and
// answers without lines count as one; reversals, predeterminations and claims of
// another payer (status 23) count in no rate.
type Summary struct {
	Files, Payments, Copies, Unbalanced int
	Answers, LinesRead, Faulty          int
	Claims, Answered, Unanswered        int
	Matched, Unmatched, LinesUnmatched  int
	LinesUnanswered, OutOfBalance       int
	Reversals                           int
	Bytes                               int64

	Net              Buckets // of all claims that were answered, each once
	UnansweredCharge edi.Amount
	Recoverable      edi.Amount
	Amount           edi.Amount // BPR02 of all payments
	ClaimsPaid       edi.Amount
	Withheld         edi.Amount
	Interest         edi.Amount
	PatientSplit     map[string]edi.Amount // deductible, coinsurance, copay, other: what each payer that stands left open, also where a later one took it over

	Lines, DeniedLines           int        // current answers
	Charged, Denied              edi.Amount // likewise, in dollars
	FirstLines, FirstDenied      int        // first answers
	FirstCharged, FirstDeniedAmt edi.Amount
	Denials                      []DenialGroup // most dollars first
	Groups                       []Group       // by dimension, then most denied dollars first
	Ledger                       []LedgerEntry
	Forward                      []Forward
	Turnaround                   []PayerDays
	UnknownCodes                 []string
}

// Dimension is what denials are counted by.
type Dimension string

// The dimensions.
const (
	ByPayer     Dimension = "payer"
	ByCARC      Dimension = "carc"
	ByCode      Dimension = "code"
	ByProvider  Dimension = "provider"
	ByModifiers Dimension = "modifiers"
	ByRule      Dimension = "rule" // the scrub rule that predicts the denial
)

// Dimensions are all of them.
var Dimensions = []Dimension{ByPayer, ByCARC, ByCode, ByProvider, ByModifiers, ByRule}

// Group is the lines of one value of a dimension. By reason and by rule, only denied
// lines are counted, and dollars are those denied for it.
type Group struct {
	Dimension                         Dimension
	Value                             string
	Lines, DeniedLines                int
	Charge, Paid, Denied, Recoverable edi.Amount
}

// DenialGroup is all denials of one group, reason and set of remark codes.
type DenialGroup struct {
	Group, CARC         string
	RARCs               []string
	Reason              codes.Reason
	Lines, Claims       int
	Denied, Recoverable edi.Amount
	Action              Action // of the largest of them, without its day
	Rules               []string
	Predicted           int // lines

	most edi.Amount
	last string // claim counted last
}

// LedgerEntry is all provider adjustments with one reason.
type LedgerEntry struct {
	Reason, Meaning string
	Entries         int
	Amount          edi.Amount
}

// Forward is a balance that was moved out of one payment and taken in by later ones.
type Forward struct {
	Payer, Reference string // TRN02 of the payment it comes from
	Out, In          edi.Amount
}

// Open is what was not taken in yet.
func (f *Forward) Open() edi.Amount { return f.Out - f.In }

// PayerDays is how long a payer takes from receipt (DTM*050) to payment.
type PayerDays struct {
	Payer        string
	Claims       int
	Median, Most int
}

// tally adds a summary up.
type tally struct {
	Summary
	idle    int // claims that wait for no answer and got none
	groups  map[groupKey]*Group
	denials map[string]*DenialGroup
	ledger  map[string]*LedgerEntry
	forward map[[2]string]*Forward
	days    map[string]map[int]int
	strange map[string]bool
}

type groupKey struct {
	Dimension
	value string
}

func (t *tally) unknown(code string) { at(&t.strange, code, func() bool { return true }) }

// at is the value of a key, made where there is none.
func at[K comparable, V any](m *map[K]V, k K, make_ func() V) V {
	if *m == nil {
		*m = map[K]V{}
	}
	v, ok := (*m)[k]
	if !ok {
		v = make_()
		(*m)[k] = v
	}
	return v
}

func (t *tally) payment(p *Payment, from *payment) {
	t.Payments++
	t.Copies += len(p.Copies)
	t.Amount += p.Amount
	t.ClaimsPaid += p.ClaimsPaid
	t.Withheld += p.Withheld
	t.Interest += from.interest
	if !p.Balanced() {
		t.Unbalanced++
	}
	for i := range p.PLB {
		a := &p.PLB[i]
		e := at(&t.ledger, a.Reason, func() *LedgerEntry { return &LedgerEntry{Reason: a.Reason, Meaning: a.Meaning} })
		e.Entries++
		e.Amount += a.Amount
		if a.Reason == "FB" {
			f := at(&t.forward, [2]string{p.Payer, a.Reference}, func() *Forward { return &Forward{Payer: p.Payer, Reference: a.Reference} })
			if a.Amount < 0 {
				f.Out -= a.Amount
			} else {
				f.In += a.Amount
			}
		}
	}
}

// patientReasons are how the patient's share is split.
var patientReasons = map[string]string{"1": "deductible", "2": "coinsurance", "3": "copay"}

func (t *tally) claim(r *Run, c *Claim, e *event) {
	t.Answers++
	t.LinesRead += len(c.Lines)
	if c.Match != NoKey {
		t.Matched++
	}
	if slices.ContainsFunc(c.Checks, func(k Check) bool { return k.Grave }) ||
		slices.ContainsFunc(c.Lines, func(l Line) bool { return slices.ContainsFunc(l.Checks, func(k Check) bool { return k.Grave }) }) {
		t.OutOfBalance++
	}
	if e.reversal() {
		t.Reversals++
	}
	if c.Turnaround >= 0 && !e.reversal() {
		at(&t.days, c.Payer, func() map[int]int { return map[int]int{} })[c.Turnaround]++
	}
	if c.Net != nil {
		t.Net.plus(&c.Net.Buckets)
	}
	counts := e.standing != Reversal && e.standing != Estimate && c.ClaimStatus != statusNotOurs
	if !counts {
		return
	}
	if len(c.Lines) == 0 {
		whole := Line{Code: "(claim)", Buckets: c.Buckets, Recoverable: c.Recoverable, Adjustments: c.Adjustments, Prediction: c.Prediction, Provider: c.Provider}
		if len(c.Actions) > 0 {
			whole.Action = &c.Actions[0].Action
		}
		t.line(c, &whole, e)
		return
	}
	for i := range c.Lines {
		t.line(c, &c.Lines[i], e)
	}
}

func (t *tally) line(c *Claim, l *Line, e *event) {
	denied := 0
	if l.Denied > 0 {
		denied = 1
	}
	if e.first {
		t.FirstLines++
		t.FirstDenied += denied
		t.FirstCharged += l.Charge
		t.FirstDeniedAmt += max(0, l.Denied)
	}
	if e.standing != Current {
		return
	}
	t.Lines++
	t.DeniedLines += denied
	t.Charged += l.Charge
	t.Denied += max(0, l.Denied)
	t.Recoverable += l.Recoverable
	modifiers := strings.Join(l.Modifiers, " ")
	if modifiers == "" {
		modifiers = "(none)"
	}
	for _, k := range []groupKey{{ByPayer, c.Payer}, {ByCode, l.Code}, {ByProvider, l.Provider}, {ByModifiers, modifiers}} {
		g := t.group(k)
		g.Lines++
		g.DeniedLines += denied
		g.Charge += l.Charge
		g.Paid += l.Paid
		g.Denied += max(0, l.Denied)
		g.Recoverable += l.Recoverable
	}
	if l.Denied > 0 {
		rule := "(none)"
		if l.Prediction != nil {
			rule = l.Prediction.Rule
		}
		t.refused(t.group(groupKey{ByRule, rule}), l, l.Denied)
	}
	for i := range l.Adjustments {
		a := &l.Adjustments[i]
		switch {
		case a.Bucket == Patient:
			kind := patientReasons[a.CARC]
			if kind == "" {
				kind = "other"
			}
			if t.PatientSplit == nil {
				t.PatientSplit = map[string]edi.Amount{}
			}
			t.PatientSplit[kind] += a.Amount
		case a.Bucket == Denied && a.Amount > 0:
			t.refused(t.group(groupKey{ByCARC, a.Group + "-" + a.CARC}), l, a.Amount)
			t.denial(c, l, a)
		}
	}
}

func (t *tally) group(k groupKey) *Group {
	return at(&t.groups, k, func() *Group { return &Group{Dimension: k.Dimension, Value: k.value} })
}

// refused counts a denied line in a group of denials.
func (t *tally) refused(g *Group, l *Line, denied edi.Amount) {
	g.Lines++
	g.DeniedLines++
	g.Charge += l.Charge
	g.Paid += l.Paid
	g.Denied += denied
	g.Recoverable += min(l.Recoverable, denied)
}

func (t *tally) denial(c *Claim, l *Line, a *Adjustment) {
	var rarcs []string
	remarks := l.Remarks
	if len(remarks) == 0 {
		remarks = c.Remarks
	}
	for _, m := range remarks {
		if !m.Text.Alert {
			rarcs = append(rarcs, m.Code)
		}
	}
	slices.Sort(rarcs)
	key := a.Group + "-" + a.CARC + " " + strings.Join(rarcs, " ")
	g := at(&t.denials, key, func() *DenialGroup {
		return &DenialGroup{Group: a.Group, CARC: a.CARC, RARCs: rarcs, Reason: a.Reason}
	})
	g.Lines++
	if id := c.File + "\x00" + c.ID; id != g.last {
		g.Claims++
		g.last = id
	}
	g.Denied += a.Amount
	g.Recoverable += min(l.Recoverable, a.Amount)
	if a.Amount > g.most && l.Action != nil {
		g.most, g.Action = a.Amount, *l.Action
		g.Action.Deadline = 0
	}
	if l.Prediction != nil {
		g.Predicted++
		if !slices.Contains(g.Rules, l.Prediction.Rule) {
			g.Rules = append(g.Rules, l.Prediction.Rule)
			slices.Sort(g.Rules)
		}
	}
}

// finish sorts what was added up.
func (t *tally) finish(r *Run) {
	t.Files = len(r.sources)
	for i := range r.sources {
		t.Faulty += r.sources[i].counts.Faulty
		t.Bytes += r.sources[i].counts.Bytes
	}
	t.Claims = r.Claims.Len() - t.idle
	t.UnknownCodes = slices.Sorted(maps.Keys(t.strange))
	for _, k := range t.groups {
		t.Groups = append(t.Groups, *k)
	}
	slices.SortFunc(t.Groups, func(a, b Group) int {
		return cmp.Or(cmp.Compare(slices.Index(Dimensions, a.Dimension), slices.Index(Dimensions, b.Dimension)),
			cmp.Compare(b.Denied, a.Denied), cmp.Compare(b.Charge, a.Charge), cmp.Compare(a.Value, b.Value))
	})
	for _, k := range slices.Sorted(maps.Keys(t.denials)) {
		t.Denials = append(t.Denials, *t.denials[k])
	}
	slices.SortStableFunc(t.Denials, func(a, b DenialGroup) int { return cmp.Compare(b.Denied, a.Denied) })
	for _, k := range slices.Sorted(maps.Keys(t.ledger)) {
		t.Ledger = append(t.Ledger, *t.ledger[k])
	}
	for _, k := range slices.SortedFunc(maps.Keys(t.forward), func(a, b [2]string) int {
		return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1]))
	}) {
		t.Forward = append(t.Forward, *t.forward[k])
	}
	for _, payer := range slices.Sorted(maps.Keys(t.days)) {
		t.Turnaround = append(t.Turnaround, daysOf(payer, t.days[payer]))
	}
}

func daysOf(payer string, counts map[int]int) PayerDays {
	out := PayerDays{Payer: payer}
	for _, n := range counts {
		out.Claims += n
	}
	seen := 0
	for _, days := range slices.Sorted(maps.Keys(counts)) {
		if seen*2 < out.Claims {
			out.Median = days
		}
		seen += counts[days]
		out.Most = days
	}
	return out
}

// Summary is the reconciliation in numbers, once Report is done.
func (r *Run) Summary() *Summary { return &r.tally.Summary }
