package therapy

import (
	"cmp"
	"iter"
	"slices"
)

// Timing is what one unit of a code counts.
type Timing uint8

// The ways to count.
const (
	Timed  Timing = iota + 1 // minutes of treatment: Procedure.UnitMinutes to a unit
	Daily                    // the service, once a day however long it takes
	Area                     // wound surface
	Item                     // joints, splints, casts: each one is a unit
	Period                   // an episode, a month or days of monitoring
)

// String returns "timed", "daily", "area", "item" or "period".
func (t Timing) String() string {
	if int(t) < len(timings) {
		return timings[t]
	}
	return ""
}

var timings = [...]string{"", "timed", "daily", "area", "item", "period"}

// Kind is whether Medicare takes a code for therapy, so that a line must name
// its discipline with GP, GO or GN.
type Kind uint8

// The kinds. CMS publishes the list once a year; here it is derived from the
// multiple procedure and PC/TC indicators of RVU24C and from what contractors
// teach.
const (
	Never     Kind = iota // not on Medicare's therapy list, or not paid by Medicare
	Sometimes             // therapy when done under a therapy plan of care; always so from a therapist
	Always                // therapy whoever does it
)

// String returns "never", "sometimes" or "always".
func (k Kind) String() string {
	if int(k) < len(kinds) {
		return kinds[k]
	}
	return ""
}

var kinds = [...]string{"never", "sometimes", "always"}

// Procedure is what is known of one code. The tables are shared: do not change
// one.
type Procedure struct {
	Code  Code
	Label string // our own words

	Timing      Timing
	UnitMinutes int  // minutes that one unit stands for; 0 where time does not count
	Pool        bool // fifteen-minute one-on-one code: its minutes enter the day's total

	Kind    Kind
	Allowed Disciplines // whose plan of care the code is ordinarily billed under; 0 for none of the three
	Locked  Disciplines // the only discipline the code can belong to; 0 if it is free

	Primaries  []Code // for an add-on code: one of these must be billed on the same day
	Evaluation bool   // physical or occupational evaluation or re-evaluation: no assistant may do it
	Group      bool   // several patients, or their caregivers, at once
	Unlisted   bool   // says nothing by itself: needs a description
	DeviceRTM  bool   // supply of a remote monitoring device: never the work of an assistant

	Status     byte  // Medicare fee schedule status of July 2024 (A active, B bundled, C by contractor, I other code, N not covered, R restricted); 0 if not known
	Substitute Code  // the code that Medicare wants instead; 0 if none
	Since      int32 // first day the code is valid; 0 if not known or before 2017
	Until      int32 // last day the code was valid; 0 if it still is
}

// AddOn reports whether the code is only billed beside another.
func (p *Procedure) AddOn() bool { return len(p.Primaries) > 0 }

// OncePerDay reports whether more than one unit on a day is always an error,
// because the service is counted and nothing of it can be counted twice.
func (p *Procedure) OncePerDay() bool { return p.Timing == Daily }

// TakesAssistant reports whether CQ or CO can stand on the code at all.
func (p *Procedure) TakesAssistant() bool {
	return !p.Evaluation && !p.DeviceRTM && p.Locked != SLP
}

// ValidOn reports whether the code is not known to be invalid on a day.
func (p *Procedure) ValidOn(day int32) bool {
	return p.Since <= day && (p.Until == 0 || day <= p.Until)
}

// Lookup returns what is known of a code, or nil.
func Lookup(c Code) *Procedure {
	for i := place(c); index[i] != nil; i = (i + 1) % len(index) {
		if index[i].Code == c {
			return index[i]
		}
	}
	return nil
}

// All returns every procedure in the order of the codes.
func All() iter.Seq[*Procedure] {
	return func(yield func(*Procedure) bool) {
		for i := range procedures {
			if !yield(&procedures[i]) {
				return
			}
		}
	}
}

var (
	procedures = catalogue()
	index      = indexed(procedures)
)

// indexed is a hash table by open addressing, sparse enough that a look is mostly one
// comparison: every service line is looked up.
func indexed(list []Procedure) (t [1024]*Procedure) {
	for i := range list {
		at := place(list[i].Code)
		for t[at] != nil {
			at = (at + 1) % len(t)
		}
		t[at] = &list[i]
	}
	return t
}

func place(c Code) int { return int(uint32(c) * 0x9E3779B1 >> 22) }

// catalogue joins the main table with the tables of exceptions.
func catalogue() []Procedure {
	list := make([]Procedure, 0, len(table))
	for _, r := range table {
		p := Procedure{
			Code: code(r.code), Label: r.label,
			Timing: r.unit.timing, UnitMinutes: r.unit.minutes, Pool: r.unit.pool,
			Kind: r.kind, Allowed: r.allowed, Locked: locked[r.code],
			Evaluation: evaluations[r.code], Group: groups[r.code],
			Unlisted: unlisted[r.code], DeviceRTM: devices[r.code],
			Status: r.status, Since: r.since, Until: until[r.code],
		}
		if primary, ok := primaries[r.code]; ok {
			p.Primaries = []Code{code(primary)}
		}
		if other, ok := substitutes[r.code]; ok {
			p.Substitute = code(other)
		}
		list = append(list, p)
	}
	slices.SortFunc(list, func(a, b Procedure) int { return cmp.Compare(a.Code, b.Code) })
	return list
}
