package app

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/remit"
	"github.com/gaitkeeper/gaitkeeper/scrub/ledger"
)

// remitLedger is the ledger of a run of reconcile: its claims are among those that
// remittances are matched with, and it remembers the answers.
type remitLedger struct {
	*ledger.Ledger
	ctx    context.Context
	run    *ledger.Run
	places map[int]place // of claims of the index
	files  map[string]ledger.File
	faulty func(file string) bool

	payment  *ledger.Payment // the one at hand; nil where it is not recorded
	seq      int             // answers of it so far
	payments int             // that are new, and so on
	answers  int
	known    int
	left     map[string]bool // files that are not whole
}

// place is where a claim stands in the ledger.
type place struct {
	file    int64
	ordinal int
}

// openLedger takes the ledger for the run; nil where none is named.
func (r *reconciler) openLedger(ctx context.Context) (*remitLedger, error) {
	if r.ledger.location == "" {
		return nil, nil
	}
	l, err := r.ledger.open(ctx, r.environment, "reconcile", false)
	if err != nil {
		return nil, err
	}
	b := &remitLedger{
		Ledger: l, ctx: ctx, places: map[int]place{}, files: map[string]ledger.File{}, left: map[string]bool{},
		faulty: func(file string) bool { return r.faults[file] > 0 },
	}
	if b.run, err = l.Begin(ctx); err != nil {
		l.Close()
		return nil, ledgerFault(err)
	}
	return b, nil
}

// close gives the ledger back. What was not committed is as it never was.
func (b *remitLedger) close() {
	if b != nil {
		b.run.Rollback()
		b.Ledger.Close()
	}
}

// identify is the hash of a number of a person or provider, as the ledger has it.
func (b *remitLedger) identify(number []byte) uint64 { return shortKey(b.Key(number)) }

// shortKey is the beginning of a key; 0 for none.
func shortKey(k ledger.Key) uint64 {
	if k == (ledger.Key{}) {
		return 0
	}
	return binary.BigEndian.Uint64(k[:]) | 1
}

// digestOf hashes what an input holds.
func digestOf(in input) (digest [sha256.Size]byte, size int64, err error) {
	src, err := in.Open()
	if err != nil {
		return digest, 0, err
	}
	defer src.Close()
	h := sha256.New()
	size, err = io.Copy(h, src)
	h.Sum(digest[:0])
	return digest, size, err
}

// inFile is a claim number in a file of the ledger.
type inFile struct {
	file int64
	id   string
}

// fill adds the claims of the ledger to an index of claims that were read from files.
// A claim that is in both is one: it is known by its file, or by all that tells it from
// others.
func (b *remitLedger) fill(index *remit.Index, read []sentFile) error {
	byFile, byContent := map[inFile][]int{}, map[remit.Identity][]int{}
	for i, in := range read {
		digest, _, err := digestOf(in.input)
		if err != nil {
			return named(in.Name, err)
		}
		f, found, err := b.run.Find(b.ctx, digest)
		if err != nil {
			return ledgerFault(err)
		}
		end := index.Len()
		if i+1 < len(read) {
			end = index.Start(read[i+1].number)
		}
		for n := index.Start(in.number); n < end; n++ {
			if found {
				key := inFile{f.ID, index.ID(n)}
				byFile[key] = append(byFile[key], n)
			} else {
				id := index.Identity(n)
				byContent[id] = append(byContent[id], n)
			}
		}
	}
	numbers := map[place]int{}
	err := b.run.Claims(b.ctx, func(e *ledger.Earlier, _ bool) error {
		s := remitSent(e)
		key, id := inFile{e.File, s.ID}, identityOf(s)
		n := 0
		switch {
		case len(byFile[key]) > 0:
			n, byFile[key] = byFile[key][0], byFile[key][1:]
			index.SetSent(n, s.Sent, s.Idle)
		case len(byContent[id]) > 0:
			n, byContent[id] = byContent[id][0], byContent[id][1:]
			index.SetSent(n, s.Sent, s.Idle)
		default:
			n = index.AddSent(s)
		}
		p := place{e.File, e.Ordinal}
		b.places[n], numbers[p] = p, n
		return nil
	})
	if err != nil {
		return ledgerFault(err)
	}
	return ledgerFault(b.run.Answers(b.ctx, func(a *ledger.Answered) error {
		n, ok := numbers[place{a.File, a.Ordinal}]
		if !ok {
			return nil
		}
		if len(a.Lines) == 0 {
			index.SetAnswered(n, -1)
		}
		for _, l := range a.Lines {
			index.SetAnswered(n, l.Line)
		}
		return nil
	}))
}

// remitSent is a claim of the ledger, as an index takes it.
func remitSent(e *ledger.Earlier) *remit.Sent {
	s := &remit.Sent{
		File: e.FileName, Ordinal: e.Ordinal, ID: strings.Trim(e.ID, " "), Frequency: e.Frequency, Biller: e.Biller, Tax: shortKey(e.Tax),
		Payer: e.Payer, Rendering: e.Rendering, Members: [2]uint64{shortKey(e.Members[0]), shortKey(e.Members[1])},
		Charge: edi.Amount(e.Charge), Sent: edi.Date(e.Sent()), Idle: !e.Standing,
	}
	for _, l := range e.Lines {
		s.Lines = append(s.Lines, remit.SentLine{
			Number: l.Number, Control: l.Control, Code: l.Code, Modifiers: l.Modifiers, Units: edi.Quantity(l.Units), Charge: edi.Amount(l.Charge),
			Period: edi.Period{From: edi.Date(l.From), To: edi.Date(l.To)},
		})
	}
	return s
}

// identityOf is the identity that the claim has in an index.
func identityOf(s *remit.Sent) remit.Identity {
	id := remit.Identity{
		ID: s.ID, Frequency: s.Frequency, Biller: s.Biller, Payer: s.Payer, Members: s.Members, Charge: s.Charge, Lines: len(s.Lines),
	}
	for _, l := range s.Lines {
		if d := l.Period.From; d != 0 && (id.From == 0 || d < id.From) {
			id.From = d
		}
	}
	return id
}

// remittances notes the files of remittances, which are recorded with their payments.
func (b *remitLedger) remittances(list []input) {
	for _, in := range list {
		digest, size, err := digestOf(in)
		if err != nil {
			continue // told when it is read
		}
		b.files[in.Name] = ledger.File{
			Kind: ledger.Remittances, Digest: digest, Name: filepath.Base(in.Name), Bytes: size, Recorded: int32(today()),
		}
	}
}

// begin records a payment. One of a file that is not whole is not: it may be another
// once the file is.
func (b *remitLedger) begin(p *remit.Payment) error {
	b.payment, b.seq = nil, 0
	f, ok := b.files[p.File]
	if !ok {
		return nil
	}
	if b.faulty(p.File) {
		b.left[p.File] = true
		return nil
	}
	if f.ID == 0 {
		w, err := b.run.Record(b.ctx, f)
		if err != nil {
			return ledgerFault(err)
		}
		if f, _, err = w.Close(b.ctx); err != nil {
			return ledgerFault(err)
		}
		b.files[p.File] = f
	}
	b.payment = &ledger.Payment{
		Key:   fmt.Sprintf("%s|%s|%s|%d|%d|%d|%016x", p.Trace, p.Originator, p.Payer, p.Date, p.Amount, p.Claims, p.Content),
		Trace: p.Trace, Payer: p.Payer, Date: int32(p.Date), Amount: int64(p.Amount),
	}
	fresh, err := b.run.RecordPayment(b.ctx, f, b.payment)
	if fresh {
		b.payments++
	} else {
		b.known++
	}
	return ledgerFault(err)
}

// answer records an answer to a claim of the ledger.
func (b *remitLedger) answer(c *remit.Claim) error {
	if c.Unanswered || b.payment == nil {
		return nil
	}
	seq := b.seq
	b.seq++
	at, ok := b.places[c.Number]
	if !ok {
		return nil
	}
	a := ledger.Answer{
		Seq: seq, File: at.file, Ordinal: at.ordinal, Status: c.ClaimStatus, Control: c.PayerControl,
		Charge: int64(c.Charge), Paid: int64(c.Paid), Patient: int64(c.Buckets.Patient),
	}
	for i := range c.Lines {
		if l := &c.Lines[i]; l.Index >= 0 {
			a.Lines = append(a.Lines, ledger.AnswerLine{Line: l.Index, Allowed: int64(allowed(l)), Paid: int64(l.Paid), Known: true})
		}
	}
	fresh, err := b.run.RecordAnswer(b.ctx, b.payment, &a)
	if fresh {
		b.answers++
	}
	return ledgerFault(err)
}

// reductions lower or raise what is paid, but not what is allowed: sequestration, a
// penalty by law and an incentive.
var reductions = map[string]bool{"253": true, "237": true, "144": true}

// allowed is what the payer allowed for a line: AMT*B6, or what it paid, what it left
// to the patient, and reductions of the payment alone; nothing for one that is denied.
func allowed(l *remit.Line) edi.Amount {
	switch {
	case l.Paid == 0 && l.Patient == 0 && l.Denied != 0:
		return 0
	case l.HasAllowed && (l.Charge < 0) != (l.Allowed < 0):
		return -l.Allowed // a reversal may state it without its sign
	case l.HasAllowed:
		return l.Allowed
	}
	sum := l.Paid + l.Patient
	for i := range l.Adjustments {
		if a := &l.Adjustments[i]; reductions[a.CARC] && a.Bucket == remit.Contractual {
			sum += a.Amount
		}
	}
	return sum
}

// commit makes the record last, and says what it is.
func (b *remitLedger) commit(r *reconciler) error {
	if err := b.run.Commit(); err != nil {
		return ledgerFault(err)
	}
	if r.quiet {
		return nil
	}
	for _, in := range slices.Sorted(maps.Keys(b.left)) {
		fmt.Fprintf(r.stderr, "gaitkeeper reconcile: %s is not whole: its answers are not recorded\n", in)
	}
	known := ""
	if b.known > 0 {
		known = fmt.Sprintf("; %s known before", many(b.known, "payment was", "payments were"))
	}
	fmt.Fprintf(r.stderr, "gaitkeeper reconcile: ledger: %s with %s recorded%s\n",
		many(b.payments, "payment", "payments"), many(b.answers, "answer", "answers"), known)
	return nil
}
