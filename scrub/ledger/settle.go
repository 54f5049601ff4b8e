package ledger

import (
	"cmp"
	"context"
	"database/sql"
	"maps"
	"slices"
)

// sent is a claim, as far as its place among the others goes.
type sent struct {
	id        int64
	patient   Key
	biller    string
	payer     string
	number    string
	first     int32
	frequency byte
	original  string
	counted   bool
	gone      int64 // the claim that replaced or voided it; 0 for none
}

// name is what a claim has in common with the forms of it that are sent later.
type name struct {
	patient        Key
	biller, number string
}

func (s *sent) name() name { return name{s.patient, s.biller, s.number} }

// standing reports whether the claim counts as far as the order has been followed.
func (s *sent) standing() bool { return s.counted && s.gone == 0 }

func (s *sent) corrects() bool { return s.frequency == '7' || s.frequency == '8' }

// control is the payer's number in an answer to a claim.
type control struct {
	claim  int64
	file   int64 // that of the answer
	number string
}

// links are the patients of whom one has a correction that names the number of an
// answer to the other's claim: the number of a member may be what was corrected.
type links map[Key][]Key

func (r *Run) links(ctx context.Context) (links, error) {
	all := links{}
	err := r.each(ctx, "SELECT DISTINCT c.patient, d.patient FROM claim d CROSS JOIN answer a CROSS JOIN claim c "+
		"WHERE d.original <> '' AND a.control = d.original AND a.control <> '' AND c.id = a.claim "+
		"AND c.patient <> d.patient AND c.biller = d.biller AND c.payer = d.payer", nil, func(rows *sql.Rows) error {
		var a, b sql.RawBytes
		if err := rows.Scan(&a, &b); err != nil {
			return err
		}
		p, q := Key(a), Key(b)
		all[p] = append(all[p], q)
		all[q] = append(all[q], p)
		return nil
	})
	return all, err
}

// reach adds to patients all that they are linked with.
func (l links) reach(patients map[Key]struct{}) {
	if len(l) == 0 {
		return
	}
	wait := sorted(patients)
	for len(wait) > 0 {
		k := wait[len(wait)-1]
		wait = wait[:len(wait)-1]
		for _, o := range l[k] {
			if _, ok := patients[o]; !ok {
				patients[o] = struct{}{}
				wait = append(wait, o)
			}
		}
	}
}

// settle puts the claims of patients in order: which of them count, and which one takes
// the place of which. That follows from the claims alone, so that it is the same
// however they came in.
func (r *Run) settle(ctx context.Context, patients map[Key]struct{}) error {
	return r.settled(ctx, patients, func(s *sent, counted bool, gone int64) error {
		_, err := r.exec(ctx, "UPDATE claim SET counted = ?, gone = ? WHERE id = ?", number(counted), gone, s.id)
		return err
	})
}

// settled calls wrong for each claim of the patients, and of those they are linked
// with, that is not marked as it should be.
func (r *Run) settled(ctx context.Context, patients map[Key]struct{}, wrong func(s *sent, counted bool, gone int64) error) error {
	if len(patients) == 0 {
		return nil
	}
	linked, err := r.links(ctx)
	if err != nil {
		return err
	}
	const batch = 256
	done := map[Key]struct{}{}
	for chunk := range slices.Chunk(sorted(patients), batch) {
		now := map[Key]struct{}{}
		for _, k := range chunk {
			if _, ok := done[k]; !ok {
				now[k] = struct{}{}
			}
		}
		linked.reach(now)
		maps.Copy(done, now)
		claims, err := r.sentOf(ctx, sorted(now))
		if err != nil {
			return err
		}
		controls, err := r.controlsOf(ctx, claims, linked)
		if err != nil {
			return err
		}
		was := slices.Clone(claims)
		arrange(claims, controls)
		for i := range claims {
			if s := &claims[i]; *s != was[i] {
				if err := wrong(&was[i], s.counted, s.gone); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func sorted(keys map[Key]struct{}) []Key {
	list := make([]Key, 0, len(keys))
	for k := range keys {
		list = append(list, k)
	}
	slices.SortFunc(list, compareKeys)
	return list
}

func compareKeys(a, b Key) int { return slices.Compare(a[:], b[:]) }

// arrange marks claims that stand in the order in which they were sent. controls stand
// in the order of claims.
func arrange(claims []sent, controls []control) {
	byNumber := map[string][]numbered{}
	at := 0
	for _, c := range controls {
		for claims[at].id < c.claim {
			at++
		}
		byNumber[c.number] = append(byNumber[c.number], numbered{&claims[at], c.file})
	}
	for i := range claims {
		claims[i].counted, claims[i].gone = false, 0
	}
	versions := map[name][]*sent{}
	for i := range claims {
		s := &claims[i]
		old := versions[s.name()]
		same := s.same(old)
		if !s.corrects() && same != nil {
			continue // sent before
		}
		if s.corrects() {
			target := same
			if target == nil {
				target = s.named(byNumber[s.original])
			}
			if target == nil {
				target = s.only(old)
			}
			if target != nil {
				target.gone = s.id
			}
			if s.frequency == '8' {
				continue
			}
		}
		s.counted = true
		versions[s.name()] = append(old, s)
	}
}

// numbered is a claim in whose answer, of a file, the payer gave it a number.
type numbered struct {
	*sent
	file int64
}

// same is the standing claim of that name and first day.
func (s *sent) same(versions []*sent) *sent {
	if s.number == "" || s.first == 0 {
		return nil
	}
	for _, o := range versions {
		if o.first == s.first && o.standing() {
			return o
		}
	}
	return nil
}

// named is the standing claim that a payer's number means: of the same patient, or of
// the same biller and payer.
func (s *sent) named(list []numbered) *sent {
	if s.original == "" {
		return nil
	}
	for _, o := range list {
		if o.standing() && o.file < s.id>>fileBits && (o.patient == s.patient || o.biller == s.biller && o.payer == s.payer) {
			return o.sent
		}
	}
	return nil
}

// only is the standing claim of that name if there is one alone.
func (s *sent) only(versions []*sent) (only *sent) {
	if s.number == "" {
		return nil
	}
	for _, o := range versions {
		if !o.standing() {
			continue
		}
		if only != nil {
			return nil
		}
		only = o
	}
	return only
}

// sentOf is the claims of patients, in the order in which they were sent.
func (r *Run) sentOf(ctx context.Context, patients []Key) ([]sent, error) {
	var list []sent
	err := r.lookUp(ctx, "patient", "b", keysOf(patients),
		"SELECT c.id, c.patient, c.biller, c.payer, c.number, c.first_day, c.frequency, c.original, c.counted, c.gone FROM k CROSS JOIN claim c WHERE c.patient = k.patient",
		nil, func(rows *sql.Rows) error {
			var s sent
			var patient []byte
			var frequency, counted int
			if err := rows.Scan(&s.id, &patient, &s.biller, &s.payer, &s.number, &s.first, &frequency, &s.original, &counted, &s.gone); err != nil {
				return err
			}
			copy(s.patient[:], patient)
			s.frequency, s.counted = byte(frequency), counted != 0
			list = append(list, s)
			return nil
		})
	slices.SortFunc(list, func(a, b sent) int { return cmp.Compare(a.id, b.id) })
	return list, err
}

// controlsOf is the numbers that payers gave claims, where one of the patients has a
// correction that names such a number, in the order of claims.
func (r *Run) controlsOf(ctx context.Context, claims []sent, linked links) ([]control, error) {
	wanted := map[Key]struct{}{}
	for i := range claims {
		if s := &claims[i]; s.corrects() && s.original != "" {
			wanted[s.patient] = struct{}{}
		}
	}
	linked.reach(wanted)
	if len(wanted) == 0 {
		return nil, nil
	}
	var ids []any
	for i := range claims {
		if _, ok := wanted[claims[i].patient]; ok {
			ids = append(ids, claims[i].id)
		}
	}
	var list []control
	err := r.lookUp(ctx, "claim", "i", ids,
		"SELECT a.claim, a.file, a.control FROM k CROSS JOIN answer a WHERE a.claim = k.claim AND a.control <> ''",
		nil, func(rows *sql.Rows) error {
			var c control
			if err := rows.Scan(&c.claim, &c.file, &c.number); err != nil {
				return err
			}
			list = append(list, c)
			return nil
		})
	slices.SortFunc(list, func(a, b control) int { return cmp.Compare(a.claim, b.claim) })
	return list, err
}

func keysOf(keys []Key) []any {
	list := make([]any, len(keys))
	for i := range keys {
		list[i] = keys[i][:]
	}
	return list
}
