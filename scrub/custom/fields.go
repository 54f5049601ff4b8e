package custom

import (
	"unicode/utf8"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/scrub"
	"github.com/gaitkeeper/gaitkeeper/scrub/therapy"
)

// kind is what a native expression yields.
type kind uint8

const (
	boolean kind = iota + 1
	integer
	double
	text
	date
	texts
	lines
)

// class is a variable, or what a list of lines has as its elements.
type class struct {
	name   string // of the variable
	typ    string // as messages call it
	fields []field
}

func (c *class) field(name string) *field {
	for i := range c.fields {
		if f := &c.fields[i]; f.name == name {
			return f
		}
	}
	return nil
}

// field is one thing that is known of a claim. What it is read from is the facts and,
// for a field of a line, the line.
type field struct {
	name string
	kind kind
	doc  string
	need scrub.Needs

	// known reports whether it has a value: to read one that has none is an error. nil
	// means that it always has; a text or list may be empty then.
	known func(*facts, *scrub.Line) bool

	boolean func(*facts, *scrub.Line) bool
	integer func(*facts, *scrub.Line) int64
	double  func(*facts, *scrub.Line) float64
	text    func(*facts, *scrub.Line) []byte
	date    func(*facts, *scrub.Line) edi.Date
	texts   *list

	unknown error // filled in by the table below
}

// list is a list of texts.
type list struct {
	n   func(*facts, *scrub.Line) int
	at  func(*facts, *scrub.Line, int) []byte
	has func(*facts, *scrub.Line, []byte) bool // nil: one by one
}

func (l *list) contains(e *facts, line *scrub.Line, want []byte) bool {
	if l.has != nil {
		return l.has(e, line, want)
	}
	for i, n := 0, l.n(e, line); i < n; i++ {
		if string(l.at(e, line, i)) == string(want) {
			return true
		}
	}
	return false
}

// present is what has(field) says.
func (f *field) present(e *facts, l *scrub.Line) bool {
	switch {
	case f.known != nil:
		return f.known(e, l)
	case f.kind == text:
		return len(f.text(e, l)) > 0
	case f.kind == texts:
		return f.texts.n(e, l) > 0
	case f.kind == lines:
		return len(e.claim.Lines) > 0
	}
	return true
}

// The variables.
var (
	claimClass = &class{"claim", "Claim", []field{
		{name: "id", kind: text, doc: "patient control number, CLM01", text: func(e *facts, _ *scrub.Line) []byte { return e.claim.ID() }},
		{
			name: "charge", kind: double, doc: "total charge in dollars, CLM02", known: func(e *facts, _ *scrub.Line) bool {
				_, err := edi.ParseAmount(e.claim.Element(0, 2))
				return err == nil
			},
			double: func(e *facts, _ *scrub.Line) float64 {
				a, _ := edi.ParseAmount(e.claim.Element(0, 2))
				return float64(a) / 100
			},
		},
		{name: "place", kind: text, doc: "place of service, CLM05-1", text: func(e *facts, _ *scrub.Line) []byte { return e.claim.Place }},
		{name: "frequency", kind: text, doc: "frequency, CLM05-3: `\"1\"` original, `\"7\"` replacement, `\"8\"` void", text: func(e *facts, _ *scrub.Line) []byte {
			return frequencies[e.claim.Frequency]
		}},
		{name: "diagnoses", kind: texts, doc: "diagnosis codes as they stand, the principal one first", texts: &list{
			n:  func(e *facts, _ *scrub.Line) int { return len(e.claim.Diagnoses) },
			at: func(e *facts, _ *scrub.Line, i int) []byte { return e.claim.Diagnoses[i].Code },
		}},
		{name: "lines", kind: lines, doc: "its service lines, each with the fields of `line`"},
		{name: "authorization", kind: text, doc: "prior authorization number, REF*G1", text: func(e *facts, _ *scrub.Line) []byte { return e.numberFacts().authorization }},
		{name: "original", kind: text, doc: "the payer's number of the claim that it replaces, REF*F8", text: func(e *facts, _ *scrub.Line) []byte { return e.claim.Original() }},
		dated("created", "day on which the file says it was made", func(e *facts, _ *scrub.Line) edi.Date { return e.claim.Created }),
		dated("first_date", "first day of service", func(e *facts, _ *scrub.Line) edi.Date { return e.services().From }),
		dated("last_date", "last day of service", func(e *facts, _ *scrub.Line) edi.Date { return e.services().To }),
		{name: "billing_npi", kind: text, doc: "billing provider, NM1*85", text: func(e *facts, _ *scrub.Line) []byte { return e.numberFacts().biller }},
		{name: "billing_taxonomy", kind: text, doc: "its taxonomy, PRV*BI", text: func(e *facts, _ *scrub.Line) []byte { return e.numberFacts().taxonomy }},
		{name: "rendering_npi", kind: text, doc: "rendering provider, NM1*82, or the billing provider", text: func(e *facts, _ *scrub.Line) []byte { return e.claim.Rendering.ID }},
		{name: "rendering_taxonomy", kind: text, doc: "its taxonomy", text: func(e *facts, _ *scrub.Line) []byte { return e.claim.Rendering.Taxonomy }},
		{name: "referring_npi", kind: text, doc: "referring provider, NM1*DN", text: func(e *facts, _ *scrub.Line) []byte { return e.numberFacts().referring }},
	}}
	lineClass = &class{"line", "Line", []field{
		{name: "number", kind: integer, doc: "line number, LX01", integer: func(e *facts, l *scrub.Line) int64 { return int64(e.claim.LineNumber(l)) }},
		{name: "control", kind: text, doc: "line control number, REF*6R", text: func(e *facts, l *scrub.Line) []byte { return e.claim.LineControl(l) }},
		{name: "code", kind: text, doc: "procedure code, SV101-2", text: func(_ *facts, l *scrub.Line) []byte { return l.CodeText }},
		{name: "modifiers", kind: texts, doc: "its modifiers, in their order", texts: &list{
			n:  func(_ *facts, l *scrub.Line) int { return countModifiers(l) },
			at: func(_ *facts, l *scrub.Line, i int) []byte { return modifierAt(l, i) },
			has: func(_ *facts, l *scrub.Line, b []byte) bool {
				return len(b) == 2 && l.Has(scrub.Modifier(b[0])<<8|scrub.Modifier(b[1])) && b[0]|b[1] != 0
			},
		}},
		{
			name: "units", kind: integer, doc: "units, where SV104 is a whole number of them and not minutes", known: func(_ *facts, l *scrub.Line) bool {
				_, whole := l.Units.Whole()
				return whole && l.UnitsErr == nil && !l.Minutes
			},
			integer: func(_ *facts, l *scrub.Line) int64 { return int64(l.Units / edi.Unit) },
		},
		{
			name: "charge", kind: double, doc: "charge in dollars, SV102", known: func(_ *facts, l *scrub.Line) bool { return l.ChargeErr == nil },
			double: func(_ *facts, l *scrub.Line) float64 { return float64(l.Charge) / 100 },
		},
		dated("date", "first day of service", func(_ *facts, l *scrub.Line) edi.Date { return l.Period.From }),
		dated("last_date", "last day of service", func(_ *facts, l *scrub.Line) edi.Date { return l.Period.To }),
		{name: "place", kind: text, doc: "place of service of the line, or of the claim", text: func(_ *facts, l *scrub.Line) []byte { return l.Place }},
		{name: "discipline", kind: text, doc: "`\"PT\"`, `\"OT\"`, `\"SLP\"` or `\"\"`: by modifier, code or rendering provider", text: func(_ *facts, l *scrub.Line) []byte {
			return disciplines[l.Discipline()&7]
		}},
		{name: "therapy", kind: boolean, doc: "it is an outpatient therapy service", boolean: func(_ *facts, l *scrub.Line) bool { return l.Therapy() }},
		{name: "timed", kind: boolean, doc: "its code counts minutes", boolean: func(_ *facts, l *scrub.Line) bool {
			return l.Procedure != nil && l.Procedure.Timing == therapy.Timed
		}},
		{name: "diagnoses", kind: texts, doc: "the diagnoses that it points to, SV107", texts: &list{
			n:  func(e *facts, l *scrub.Line) int { n, _ := e.pointed(l, -1); return n },
			at: func(e *facts, l *scrub.Line, i int) []byte { _, code := e.pointed(l, i); return code },
		}},
		{name: "rendering_npi", kind: text, doc: "rendering provider of the line, or of the claim", text: func(_ *facts, l *scrub.Line) []byte { return l.Rendering.ID }},
		{name: "rendering_taxonomy", kind: text, doc: "its taxonomy", text: func(_ *facts, l *scrub.Line) []byte { return l.Rendering.Taxonomy }},
	}}
	payerClass = &class{"payer", "Payer", []field{
		{name: "id", kind: text, doc: "payer id, NM109", text: func(e *facts, _ *scrub.Line) []byte { return e.payerFacts().id }},
		{name: "name", kind: text, doc: "its name as it stands, NM103", text: func(e *facts, _ *scrub.Line) []byte { return e.payerFacts().name }},
		{name: "filing", kind: text, doc: "claim filing indicator, SBR09, such as `\"MB\"`", text: func(e *facts, _ *scrub.Line) []byte { return e.payerFacts().filing }},
		{name: "profile", kind: text, doc: "its profile: `\"medicare\"`, `\"commercial\"`, or one of the configuration", text: func(e *facts, _ *scrub.Line) []byte {
			return e.profileName()
		}},
	}}
	patientClass = &class{"patient", "Patient", []field{
		{
			name: "age", kind: integer, doc: "full years on the day of the line, or on the first of the claim",
			known:   func(e *facts, _ *scrub.Line) bool { return e.hasAge() },
			integer: func(e *facts, _ *scrub.Line) int64 { return e.age() },
		},
		{name: "sex", kind: text, doc: "DMG03: `\"F\"`, `\"M\"`, `\"U\"`", text: func(e *facts, _ *scrub.Line) []byte { return e.patientFacts().sex }},
	}}
	dayClass = &class{"day", "Day", []field{
		dated("date", "the day", func(e *facts, _ *scrub.Line) edi.Date { return e.date }),
		{name: "codes", kind: texts, doc: "procedure codes of the day, one for each line", texts: &list{
			n:   func(e *facts, _ *scrub.Line) int { return len(e.dayCodes()) },
			at:  func(e *facts, _ *scrub.Line, i int) []byte { return e.dayCodes()[i] },
			has: func(e *facts, _ *scrub.Line, code []byte) bool { return e.dayHas(code) },
		}},
		{name: "timed_units", kind: integer, doc: "units of its 15-minute one-on-one codes", integer: func(e *facts, _ *scrub.Line) int64 { return e.timedUnits() }},
		{name: "claims", kind: integer, doc: "how many claims bill for the day", integer: func(e *facts, _ *scrub.Line) int64 { return e.dayClaims() }},
	}}
	historyClass = &class{"history", "History", []field{
		allowed("allowed_ptslp", "PTSLP", "physical and speech therapy"),
		allowed("allowed_ot", "OT", "occupational therapy"),
		{
			name: "visits", kind: integer, need: scrub.NeedsHistory, doc: "on how many days of its year before the claim the patient was treated for this payer (`--ledger`)",
			integer: func(e *facts, _ *scrub.Line) int64 { n, _ := e.visits(); return int64(n) },
		},
		{
			name: "last_visit", kind: date, need: scrub.NeedsHistory, doc: "the last of these days, if it is not more than 366 before the claim (`--ledger`)",
			known: func(e *facts, _ *scrub.Line) bool { _, last := e.visits(); return last != 0 },
			date:  func(e *facts, _ *scrub.Line) edi.Date { _, last := e.visits(); return last },
		},
		{name: "same_claim", kind: boolean, doc: "the claim stands earlier in the run or the ledger: same biller, patient, CLM01 and first day", boolean: func(e *facts, _ *scrub.Line) bool {
			_, found := e.pass.Days.SameClaim(e.claim)
			return found
		}},
		{name: "same_services", kind: boolean, doc: "an earlier claim bills the very same services of the patient", boolean: func(e *facts, _ *scrub.Line) bool {
			_, found := e.pass.Days.SameServices(e.claim)
			return found
		}},
		{name: "cloned", kind: boolean, doc: "with this claim the patient had five visits with the same codes and units, and no other", boolean: func(e *facts, _ *scrub.Line) bool {
			return e.pass.Days.Cloned(e.claim)
		}},
	}}

	classes = named(claimClass, lineClass, payerClass, patientClass, dayClass, historyClass)
)

func dated(name, doc string, get func(*facts, *scrub.Line) edi.Date) field {
	return field{name: name, kind: date, doc: doc, date: get, known: func(e *facts, l *scrub.Line) bool { return get(e, l) != 0 }}
}

func allowed(name, bucket, what string) field {
	return field{
		name: name, kind: double, doc: "dollars that Medicare allowed for " + what + " in the claim's year before it (`--ytd` or `--ledger`)", need: scrub.NeedsYTD,
		known:  func(e *facts, _ *scrub.Line) bool { _, ok := e.allowed(bucket); return ok },
		double: func(e *facts, _ *scrub.Line) float64 { d, _ := e.allowed(bucket); return d },
	}
}

// named gives each field the error of one that is not known.
func named(list ...*class) []*class {
	for _, c := range list {
		for i := range c.fields {
			c.fields[i].unknown = &missing{c.name + "." + c.fields[i].name}
		}
	}
	return list
}

// classOf is the class of a type; nil for another one.
func classOf(typ string) *class {
	for _, c := range classes {
		if c.typ == typ {
			return c
		}
	}
	return nil
}

var disciplines = func() (t [8][]byte) {
	for i := range t {
		if d := therapy.Disciplines(i); d.One() {
			t[i] = []byte(d.String())
		}
	}
	return t
}()

// frequencies are the texts of CLM05-3.
var frequencies = func() (t [256][]byte) {
	for i := 1; i < utf8.RuneSelf; i++ {
		t[i] = []byte{byte(i)}
	}
	return t
}()
