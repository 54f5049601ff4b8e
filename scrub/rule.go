package scrub

import (
	"fmt"
	"strings"
)

// Severity says how bad a finding is.
type Severity uint8

// The severities: an error is denied or rejected, a warning may be, and an info
// is worth knowing.
const (
	Info Severity = iota
	Warning
	Error
)

var severities = [...]string{"info", "warning", "error"}

func (s Severity) String() string { return severities[s] }

// ParseSeverity reads error, warning or info.
func ParseSeverity(s string) (Severity, error) {
	for i, name := range severities {
		if s == name {
			return Severity(i), nil
		}
	}
	return 0, fmt.Errorf("severity %q is none of error, warning, info", s)
}

// Scope is what a rule looks at.
type Scope uint8

// The scopes.
const (
	ScopeClaim    Scope = iota // one claim
	ScopeVisit                 // all services of a patient's day, over all claims of the run
	ScopeEnvelope              // interchange, group or set
	ScopeGuide                 // found where a file is held against its implementation guide (edi/guide)
)

// Needs is input that a rule cannot work without.
type Needs uint8

// The inputs.
const (
	NeedsLog     Needs = 1 << iota // the treatment log
	NeedsYTD                       // amounts allowed this year
	NeedsPlan                      // certified windows of plans of care
	NeedsHistory                   // what was sent before the run
	NeedsPolicy                    // what a payer asks for, from a payer's profile in the configuration
)

// EachNeed are the inputs, with how they are given.
var EachNeed = []struct {
	Need  Needs
	Given string
}{
	{NeedsLog, "--minutes"},
	{NeedsYTD, "--ytd or --ledger"},
	{NeedsPlan, "--plan"},
	{NeedsHistory, "--ledger"},
	{NeedsPolicy, "a payer's profile that asks for it (--config)"},
}

// Given are the ways in which the inputs are given.
func (n Needs) Given() []string {
	names := []string{}
	for _, e := range EachNeed {
		if n&e.Need != 0 {
			names = append(names, e.Given)
		}
	}
	return names
}

func (n Needs) String() string { return strings.Join(n.Given(), ", ") }

// Denial is how a payer reports what a rule finds before it.
type Denial struct {
	Group string   // claim adjustment group code: CO, PR, OA, PI
	CARC  string   // claim adjustment reason code
	RARCs []string // remittance advice remark codes that go with it
}

func (d Denial) String() string {
	return strings.TrimSpace(d.Group + "-" + d.CARC + " " + strings.Join(d.RARCs, " "))
}

// The implementation guides, as sources.
var (
	ProfessionalGuide = Source{Text: "ASC X12 005010X222A1, 837 Professional implementation guide"}
	RemittanceGuide   = Source{Text: "ASC X12 005010X221A1, 835 implementation guide"}
)

// Source is where a rule comes from.
type Source struct {
	Text string // publication and place
	From string // first date of service it applies to, YYYY-MM-DD; "" where it is older than the code or has none
}

func (s Source) String() string {
	if s.From == "" {
		return s.Text
	}
	return s.Text + " (from " + s.From + ")"
}

// Rule is one row of the catalogue. Ids are never used again.
type Rule struct {
	ID       string // two letters of the family and three digits
	Name     string // the same in words
	Severity Severity
	What     string // what it finds, in one line
	Scope    Scope
	Needs    Needs
	When     Trait    // looks only at claims with one of these; 0: at all
	OnVoid   bool     // also looks at claims that void another one: they repeat its faults on purpose
	Fixes    []Safety // the kinds of fix that its findings may have
	Denials  []Denial // what the payer would answer
	Sources  []Source

	Run      func(*Pass)         // for claims and visits; neither for what the guide finds
	Envelope func(*EnvelopePass) // for envelopes
	Batch    *Batch              // in place of Run: with which rules it is judged together
}

// Batch is rules that are judged together, because that costs less than one after the
// other.
type Batch struct {
	// Start makes the function that judges a claim by those of the rules that are run.
	// It is called for each goroutine, once for the rules that look at voids and once
	// for those that do not, so that the function may keep memory.
	Start func(rules []*Rule) func(*Pass)
}

// Family is the two letters of the id.
func (r *Rule) Family() string { return r.ID[:2] }
