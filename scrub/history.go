package scrub

import (
	"context"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/edi/x837"
	"github.com/gaitkeeper/gaitkeeper/scrub/therapy"
)

// History is what was sent before the run, as a ledger remembers it. It is asked
// while inputs are surveyed, about many claims at a time; each answer is handed to
// visit, in the order in which the claims were sent.
type History interface {
	// Key is a name of a patient that does not tell who that is, made of an identity
	// (see [Sent]).
	Key(identity []byte) PatientKey
	// Days are the claims with a service on one of the days.
	Days(ctx context.Context, days []PatientDay, visit func(*Sent) error) error
	// Loads are the timed units of the providers' days, visit by visit.
	Loads(ctx context.Context, days []ProviderDay, visit func(ProviderDay, int) error) error
	// Visits are the days of the patients' visits and the patterns of what they billed.
	Visits(ctx context.Context, patients []PatientKey, visit func(PatientKey, edi.Date, string) error) error
	// Allowed are the amounts that Medicare allowed for the persons.
	Allowed(ctx context.Context, persons []PatientKey, visit func(PatientKey, Allowance) error) error
}

// PatientKey is the keyed hash of an identity.
type PatientKey [16]byte

// PatientDay is a day of a patient with one payer.
type PatientDay struct {
	Patient PatientKey
	Day     edi.Date
}

// ProviderDay is a day of a rendering provider, by NPI.
type ProviderDay struct {
	Provider string
	Day      edi.Date
}

// Allowance is what Medicare allowed a person in a calendar year, as far as
// remittances told.
type Allowance struct {
	Year   int
	Bucket string // PTSLP or OT
	Amount edi.Amount
	Lines  int // answered service lines
	Open   int // lines that were sent and not answered yet
}

// Earlier is a claim of the history, for messages.
type Earlier struct {
	File     string
	Recorded edi.Date
	Control  string // the payer's number, where an answer gave one

	id []byte
}

// historic marks the number of a claim of the history; those of the run have their
// Ordinal. The history stands before the run.
const historic = 1 << 31

func fromHistory(claim uint32) (n uint32, history bool) { return claim &^ historic, claim >= historic }

// before reports whether a claim of the run or of the history stands before c.
func before(claim uint32, c *Claim) bool { return claim >= historic || claim < c.Ordinal }

// recall asks the history about the claims of a survey, many at a time.
type recall struct {
	history History
	days    *Days
	asked   table // day of a patient
	persons table // persons whose amounts were asked for
	allowed map[uint64][]Allowance

	wanted map[PatientDay]uint64 // days of the batch -> patient, as Days has it
}

// recalled is how many claims are looked up together.
const recalled = 200

func newRecall(h History, d *Days) *recall {
	return &recall{history: h, days: d, allowed: map[uint64][]Allowance{}, wanted: map[PatientDay]uint64{}}
}

// questions are what is asked about a batch.
type questions struct {
	days     []PatientDay
	loads    []ProviderDay
	patients []PatientKey
	persons  []PatientKey
	personOf map[PatientKey]uint64
	whose    map[PatientKey]uint64
}

// look asks about a batch of claims what was not asked before.
func (r *recall) look(ctx context.Context, batch []Claim) error {
	q := questions{personOf: map[PatientKey]uint64{}, whose: map[PatientKey]uint64{}}
	clear(r.wanted)
	for i := range batch {
		r.ask(&q, &batch[i])
	}
	if err := r.history.Days(ctx, q.days, r.addSent); err != nil {
		return err
	}
	if err := r.history.Loads(ctx, q.loads, r.addLoad); err != nil {
		return err
	}
	err := r.history.Visits(ctx, q.patients, func(k PatientKey, day edi.Date, pattern string) error {
		if r.days.visits != nil {
			r.days.addEarlierVisit(q.whose[k], day)
		}
		if h := patternHash(pattern); h != 0 {
			r.days.patterns.add(q.whose[k], h)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return r.history.Allowed(ctx, q.persons, func(k PatientKey, a Allowance) error {
		r.allowed[q.personOf[k]] = append(r.allowed[q.personOf[k]], a)
		return nil
	})
}

func (r *recall) ask(q *questions, c *Claim) {
	var key PatientKey
	for i := range c.Lines {
		l := &c.Lines[i]
		if l.Period.From == 0 {
			continue
		}
		if l.ownTimed() {
			if _, found := r.days.loadOf(l.loadKey()); !found {
				q.loads = append(q.loads, ProviderDay{string(l.Rendering.ID), l.Period.From})
			}
		}
		if _, found := r.asked.swap(c.dayKey(l.Period.From), 0); found {
			continue
		}
		if key == (PatientKey{}) {
			key = r.history.Key(c.identity)
		}
		d := PatientDay{key, l.Period.From}
		q.days, r.wanted[d] = append(q.days, d), c.patient
		if !r.days.patterns.know(c.patient) {
			q.patients, q.whose[key] = append(q.patients, key), c.patient
		}
	}
	person := c.person()
	if _, found := r.persons.swap(person, 0); !found {
		k := r.history.Key(appendPerson(nil, c.Claim))
		q.persons, q.personOf[k] = append(q.persons, k), person
	}
}

// addSent notes a claim of the history on the days that were asked for.
func (r *recall) addSent(s *Sent) error {
	d := r.days
	c := &Claim{Claim: new(x837.Claim), Ordinal: historic | uint32(len(d.earlier)), biller: Provider{ID: []byte(s.Biller)}}
	d.earlier = append(d.earlier, Earlier{File: s.File, Recorded: s.Recorded, Control: s.Control, id: []byte(s.ID)})
	for i := range s.Lines {
		c.Lines = append(c.Lines, s.Lines[i].line())
	}
	content, biller := c.content(), uint16(providerKey(c.biller.ID))
	for i := range c.Lines {
		patient, wanted := r.wanted[PatientDay{s.Key, c.Lines[i].Period.From}]
		if wanted && !c.visitBefore(i) {
			c.patient = patient
			d.addVisit(c, i, content, biller)
		}
	}
	return nil
}

// addLoad adds a visit of the history to the provider's day. A limit that was passed
// then is none that a claim of the run passes.
func (r *recall) addLoad(p ProviderDay, units int) error {
	l := Line{Period: edi.Period{From: p.Day, To: p.Day}, Rendering: Provider{ID: []byte(p.Provider)}}
	w, _ := r.days.loadOf(l.loadKey())
	w.minutes += therapy.ImpliedMinutes(units)
	for k, limit := range loadLimits {
		if w.minutes > limit {
			w.passed[k] = historic
		}
	}
	return nil
}

// person is the patient of the claim, whoever pays.
func (c *Claim) person() uint64 { return mix(hashStart, appendPerson(nil, c.Claim)) }
