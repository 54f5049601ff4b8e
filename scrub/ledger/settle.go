package ledger

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
)

// sent is a claim of a patient, as far as its place among the others goes.
type sent struct {
	id        int64
	patient   Key
	biller    string
	number    string
	first     int32
	frequency byte
	original  string
	counted   bool
	gone      int64 // the claim that replaced or voided it; 0 for none
}

// same reports whether two claims of a patient are one and the same.
func (s *sent) same(o *sent) bool { return s.named(o) && s.first == o.first && s.first != 0 }

func (s *sent) named(o *sent) bool {
	return s.number == o.number && s.number != "" && s.biller == o.biller
}

func (s *sent) corrects() bool { return s.frequency == '7' || s.frequency == '8' }

// control is the payer's number in an answer to a claim.
type control struct {
	claim  int64
	file   int64 // that of the answer
	number string
}

// settle puts the claims of patients in order: which of them count, and which one takes
// the place of which. That follows from the claims alone, so that it is the same
// however they came in.
func (r *Run) settle(ctx context.Context, patients map[Key]struct{}) error {
	return r.settled(ctx, sorted(patients), func(s *sent, counted bool, gone int64) error {
		_, err := r.exec(ctx, "UPDATE claim SET counted = ?, gone = ? WHERE id = ?", number(counted), gone, s.id)
		return err
	})
}

// settled calls wrong for each claim of the patients that is not marked as it should be.
func (r *Run) settled(ctx context.Context, patients []Key, wrong func(s *sent, counted bool, gone int64) error) error {
	const batch = 256
	for chunk := range slices.Chunk(patients, batch) {
		claims, err := r.sentOf(ctx, chunk)
		if err != nil {
			return err
		}
		controls, err := r.controlsOf(ctx, claims)
		if err != nil {
			return err
		}
		for from := 0; from < len(claims); {
			to := from + 1
			for to < len(claims) && claims[to].patient == claims[from].patient {
				to++
			}
			group := claims[from:to]
			from = to
			was := slices.Clone(group)
			arrange(group, controls)
			for i := range group {
				if s := &group[i]; *s != was[i] {
					if err := wrong(&was[i], s.counted, s.gone); err != nil {
						return err
					}
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

// arrange marks the claims of one patient, in the order in which they were sent.
func arrange(claims []sent, controls map[int64][]control) {
	var standing []*sent
	for i := range claims {
		s := &claims[i]
		s.counted, s.gone = false, 0
		if !s.corrects() {
			if slices.ContainsFunc(standing, s.same) {
				continue // sent before
			}
		} else {
			if at := target(s, standing, controls); at >= 0 {
				standing[at].gone = s.id
				standing = slices.Delete(standing, at, at+1)
			}
			if s.frequency == '8' {
				continue
			}
		}
		s.counted = true
		standing = append(standing, s)
	}
}

// target is the claim that a replacement or void is about: the same claim, or the one
// whose answer gave the payer's number, or the only one of that number; -1 for none.
func target(s *sent, standing []*sent, controls map[int64][]control) int {
	if at := slices.IndexFunc(standing, s.same); at >= 0 {
		return at
	}
	if s.original != "" {
		at := slices.IndexFunc(standing, func(o *sent) bool {
			return slices.ContainsFunc(controls[o.id], func(c control) bool {
				return c.number == s.original && c.file < s.id>>fileBits
			})
		})
		if at >= 0 {
			return at
		}
	}
	only := -1
	for i, o := range standing {
		if s.named(o) {
			if only >= 0 {
				return -1
			}
			only = i
		}
	}
	return only
}

// sentOf is the claims of patients, patient by patient.
func (r *Run) sentOf(ctx context.Context, patients []Key) ([]sent, error) {
	var list []sent
	err := r.lookUp(ctx, "patient", "b", keysOf(patients),
		"SELECT c.id, c.patient, c.biller, c.number, c.first_day, c.frequency, c.original, c.counted, c.gone FROM k CROSS JOIN claim c WHERE c.patient = k.patient",
		nil, func(rows *sql.Rows) error {
			var s sent
			var patient []byte
			var frequency, counted int
			if err := rows.Scan(&s.id, &patient, &s.biller, &s.number, &s.first, &frequency, &s.original, &counted, &s.gone); err != nil {
				return err
			}
			copy(s.patient[:], patient)
			s.frequency, s.counted = byte(frequency), counted != 0
			list = append(list, s)
			return nil
		})
	slices.SortFunc(list, func(a, b sent) int {
		return cmp.Or(compareKeys(a.patient, b.patient), cmp.Compare(a.id, b.id))
	})
	return list, err
}

// controlsOf is the numbers that payers gave claims, where one of the patients has a
// correction that names such a number.
func (r *Run) controlsOf(ctx context.Context, claims []sent) (map[int64][]control, error) {
	wanted := map[Key]bool{}
	for i := range claims {
		if s := &claims[i]; s.corrects() && s.original != "" {
			wanted[s.patient] = true
		}
	}
	if len(wanted) == 0 {
		return nil, nil
	}
	var ids []any
	for i := range claims {
		if wanted[claims[i].patient] {
			ids = append(ids, claims[i].id)
		}
	}
	list := map[int64][]control{}
	err := r.lookUp(ctx, "claim", "i", ids,
		"SELECT a.claim, a.file, a.control FROM k CROSS JOIN answer a WHERE a.claim = k.claim AND a.control <> ''",
		nil, func(rows *sql.Rows) error {
			var c control
			if err := rows.Scan(&c.claim, &c.file, &c.number); err != nil {
				return err
			}
			list[c.claim] = append(list[c.claim], c)
			return nil
		})
	return list, err
}

func keysOf(keys []Key) []any {
	list := make([]any, len(keys))
	for i := range keys {
		list[i] = keys[i][:]
	}
	return list
}
