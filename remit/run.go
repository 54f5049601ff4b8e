package remit

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/edi/x835"
)

// Source is a remittance file that can be read more than once.
type Source struct {
	Name string
	Open func() (io.ReadCloser, error)
}

// Run reconciles remittances with the claims of an index, which may be empty: then
// they are explained and balanced alone. Survey all sources, then Settle, then
// Report.
type Run struct {
	Claims    *Index    // nil where no claims are given
	Predictor Predictor // nil where nothing is predicted

	// OnFault is told of faults in the text of a source, while it is surveyed.
	OnFault func(source string, e *edi.SyntaxError)

	sources  []source
	payments []payment
	events   []event
	text     arena
	chains   []chain
	order    []int32  // events, chain by chain
	newest   edi.Date // of all payments
	answered []uint8  // what became of each line of the index
	tally    tally
}

// source is a surveyed file.
type source struct {
	Source
	events, payments int // that came before it
	first            edi.Date
	counts           x835.Counts
}

// payment is what is kept of a transaction set.
type payment struct {
	source, ordinal int
	trace, from     string // TRN02, TRN03
	payer, name, to string // ids of payer and payee, the payer's name
	method          string
	date            edi.Date
	amount          edi.Amount // BPR02; negative where it goes to the payer
	claimsPaid      edi.Amount
	interest        edi.Amount // AMT*I of its claims
	plb             []x835.ProviderAdjustment
	claims, lines   int
	unbalanced      int
	content         uint64 // of its claims and provider adjustments, in whatever order
	copyOf          int    // the payment that it repeats; -1 for none
	copies          []int
	pos             edi.Pos
}

// payerKey is what tells payers apart: their id, or who sends the money.
func (p *payment) payerKey() string {
	if p.payer != "" {
		return p.payer
	}
	return p.from
}

// event is what is kept of a CLP: where it belongs, and its money.
type event struct {
	payment int32
	claim   int32 // of the index; -1 for none
	chain   int32
	undoes  int32  // the event that a reversal takes back; -1 for none
	subject uint64 // what the answer is about: the claim, or payee and CLP01, or payer and CLP07; 0 for none
	icn     uint64 // CLP07
	earlier uint64 // REF*F8: the payer's number of the answer before
	number  text   // CLP01 and CLP07, as they stand
	control text
	from    edi.Date // first day of service
	Buckets
	interest   edi.Amount
	status     [2]byte
	key        Key
	confidence Confidence
	standing   Standing
	equal      bool // the claim was sent several times
	first      bool // no answer of the payer came before it
	last       bool // of its chain
	split      bool // remark MA15
	duplicate  bool // denied as a duplicate (CARC 18)
	lines      bool
	copied     bool // of a payment that is not counted
}

func (e *event) reversal() bool { return string(e.status[:]) == statusReversal }

// predetermination reports whether the answer is about no claim yet.
func (e *event) predetermination() bool { return string(e.status[:]) == statusPredetermined }

// level is 1 for an answer of the primary payer, 2 for the secondary and so on.
func (e *event) level() int {
	switch string(e.status[:]) {
	case "2\x00", "20":
		return 2
	case "3\x00", "21":
		return 3
	}
	return 1
}

// Survey reads a source and notes what it answers.
func (r *Run) Survey(ctx context.Context, src Source) (x835.Counts, error) {
	in, err := src.Open()
	if err != nil {
		return x835.Counts{}, err
	}
	defer in.Close()
	if r.Claims == nil {
		r.Claims = new(Index)
	}
	r.Claims.seal()
	s := source{Source: src, events: len(r.events), payments: len(r.payments)}
	reader := x835.NewReader(in)
	reader.OnError = func(e *edi.SyntaxError) {
		if r.OnFault != nil {
			r.OnFault(src.Name, e)
		}
	}
	var c x835.Claim
	var a answer
	for n := 0; ; n++ {
		if n%256 == 0 && ctx.Err() != nil {
			return reader.Counts(), ctx.Err()
		}
		item, err := reader.Next(&c)
		if errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			r.events, r.payments = r.events[:s.events], r.payments[:s.payments]
			return reader.Counts(), err
		}
		switch item {
		case x835.PaymentBegins:
			r.begin(reader.Payment(), len(r.sources), len(r.payments)-s.payments)
		case x835.ClaimRead:
			r.note(&c, &a)
		case x835.PaymentEnds:
			r.end(reader.Payment())
		}
	}
	s.counts = reader.Counts()
	for i := s.payments; i < len(r.payments); i++ {
		if d := r.payments[i].date; d != 0 && (s.first == 0 || d < s.first) {
			s.first = d
		}
	}
	r.sources = append(r.sources, s)
	return s.counts, nil
}

func (r *Run) begin(p *x835.Payment, source, ordinal int) {
	out := payment{
		source: source, ordinal: ordinal, copyOf: -1,
		trace: string(p.Trace()), from: string(p.Originator()), payer: string(p.Payer.PayerID()), name: string(p.Payer.Name()),
		method: string(p.Method()), date: p.Date, amount: p.Total,
	}
	if out.date == 0 {
		out.date = p.Produced
	}
	if p.Debit() {
		out.amount = -out.amount
	}
	npi, tax := payee(p.Payee)
	if out.to = string(npi); npi == nil {
		out.to = string(tax)
	}
	if i := p.Find(edi.TagOf("BPR"), ""); i >= 0 {
		out.pos = p.Pos(i)
	}
	r.newest = max(r.newest, out.date)
	r.payments = append(r.payments, out)
}

func (r *Run) end(p *x835.Payment) {
	out := &r.payments[len(r.payments)-1]
	out.plb = p.Adjustments
	for i := range out.plb {
		a := &out.plb[i]
		out.content += lasting([]byte(a.Reason), []byte(a.Reference), []byte(a.Amount.String()))
	}
}

// note keeps what an answer says.
func (r *Run) note(c *x835.Claim, a *answer) {
	p := &r.payments[len(r.payments)-1]
	a.read(c, r.Claims)
	s := settingOf(c)
	e := event{
		payment: int32(len(r.payments) - 1), claim: -1, undoes: -1, Buckets: s.sum(c),
		icn: folded(c.PayerControl()), earlier: folded(c.Ref("F8")), from: a.dates.From,
		number: r.text.keep(c.ID()), control: r.text.keep(c.PayerControl()), lines: len(c.Lines) > 0,
	}
	copy(e.status[:], c.Status())
	if len(a.folded) > 0 {
		e.subject = hash([]byte(p.to), a.folded)
	} else if e.icn != 0 {
		e.subject = hash([]byte(p.payerKey()), c.PayerControl(), nil)
	}
	for m := range c.Remarks() {
		e.split = e.split || string(m.Code) == "MA15"
	}
	eachReason(c, func(x *x835.Adjustment) { e.duplicate = e.duplicate || string(x.Reason) == "18" })
	e.interest, _ = c.Amount("I")

	f := r.Claims.match(a)
	e.claim, e.key, e.confidence, e.equal = f.claim, f.key, f.confidence, len(f.equal) > 0

	p.claims++
	p.lines += len(c.Lines)
	p.claimsPaid += c.Paid
	p.interest += e.interest
	p.content += lasting(c.ID(), c.Status(), c.PayerControl(), []byte(c.Charge.String()), []byte(c.Paid.String()))
	for _, k := range checkClaim(c) {
		if k.Grave {
			p.unbalanced++
			break
		}
	}
	r.events = append(r.events, e)
}

func eachReason(c *x835.Claim, visit func(*x835.Adjustment)) {
	for i := range c.Adjustments {
		visit(&c.Adjustments[i])
	}
	for i := range c.Lines {
		for k := range c.Lines[i].Adjustments {
			visit(&c.Lines[i].Adjustments[k])
		}
	}
}

// Settle puts the answers in sequence: copies of a payment are set aside, reversals
// take back what they reverse, later answers stand for earlier ones.
func (r *Run) Settle() {
	if r.Claims == nil {
		r.Claims = new(Index)
	}
	r.Claims.seal()
	r.setCopiesAside()
	r.matchByPayerControl()
	r.chain()
	for _, c := range r.chains {
		r.sequence(c)
	}
	r.answered = make([]uint8, r.Claims.Lines())
}

// setCopiesAside finds payments that were read more than once. Which copy counts
// depends on the names of the files, not on their order.
func (r *Run) setCopiesAside() {
	type key struct {
		trace, from, payer string
		amount             edi.Amount
		date               edi.Date
		content            uint64
	}
	seen := map[key]int{}
	for _, n := range r.paymentOrder() {
		p := &r.payments[n]
		k := key{p.trace, p.from, p.payer, p.amount, p.date, p.content}
		if first, again := seen[k]; again {
			p.copyOf = first
			r.payments[first].copies = append(r.payments[first].copies, n)
		} else {
			seen[k] = n
		}
	}
	for i := range r.events {
		r.events[i].copied = r.payments[r.events[i].payment].copyOf >= 0
	}
}

// paymentOrder is all payments in the order of the names of their files.
func (r *Run) paymentOrder() []int {
	order := make([]int, len(r.payments))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		p, q := &r.payments[a], &r.payments[b]
		if p.source != q.source {
			if c := strings.Compare(r.sources[p.source].Name, r.sources[q.source].Name); c != 0 {
				return c
			}
		}
		return a - b
	})
	return order
}

// matchByPayerControl gives an answer whose claim number says nothing the claim of
// the other answers with the payer's number.
func (r *Run) matchByPayerControl() {
	type key struct {
		payer string
		icn   uint64
	}
	const nobody, several = -1, -2
	wanted := map[key]int32{}
	for i := range r.events {
		e := &r.events[i]
		for _, icn := range []uint64{e.icn, e.earlier} {
			if e.claim < 0 && icn != 0 {
				wanted[key{r.payments[e.payment].payerKey(), icn}] = nobody
			}
		}
	}
	for i := range r.events {
		e := &r.events[i]
		if e.claim < 0 || len(wanted) == 0 {
			continue
		}
		k := key{r.payments[e.payment].payerKey(), e.icn}
		n, ok := wanted[k]
		switch {
		case !ok || n == several || n == e.claim:
		case n == nobody, e.equal && r.Claims.order(e.claim, n) < 0:
			wanted[k] = e.claim
		case !e.equal:
			wanted[k] = several
		}
	}
	for i := range r.events {
		e := &r.events[i]
		if e.claim >= 0 {
			continue
		}
		for _, icn := range []uint64{e.icn, e.earlier} {
			if n, ok := wanted[key{r.payments[e.payment].payerKey(), icn}]; ok && n >= 0 {
				e.claim, e.key, e.confidence = n, PayerControl, Medium
				break
			}
		}
	}
}

// Denied are the claims of the index that remittances deny, in whole or part: the
// only ones for which a prediction is asked.
func (r *Run) Denied() map[int]bool {
	list := map[int]bool{}
	for i := range r.events {
		if e := &r.events[i]; e.claim >= 0 && e.Denied > 0 {
			list[int(e.claim)] = true
		}
	}
	return list
}
