package ack

import (
	"strconv"
	"strings"

	"github.com/gaitkeeper/gaitkeeper/edi"
)

// Verdict is what a receiver decided: TA104, AK901 or IK501. 0 is none: the answer
// does not say.
type Verdict byte

// The verdicts. The last three reject for reasons of security.
const (
	Accepted   Verdict = 'A'
	WithErrors Verdict = 'E' // accepted, errors noted
	Partly     Verdict = 'P' // some sets of a group accepted, others not
	Rejected   Verdict = 'R'
	BadCode    Verdict = 'M' // authentication of the message failed
	BadCheck   Verdict = 'W' // the assurance could not be confirmed
	Unreadable Verdict = 'X' // decrypted content could not be read
)

var verdictNames = map[Verdict]string{
	Accepted: "accepted", WithErrors: "accepted with errors", Partly: "partly accepted", Rejected: "rejected",
	BadCode: "rejected", BadCheck: "rejected", Unreadable: "rejected",
}

// String says the verdict in words; "undecided" where there is none that is known.
func (v Verdict) String() string {
	if s, ok := verdictNames[v]; ok {
		return s
	}
	return "undecided"
}

// Rejects reports whether nothing of what was answered goes on.
func (v Verdict) Rejects() bool { return v.String() == "rejected" }

// verdict reads a code of one letter.
func verdict(code []byte) Verdict {
	if code = trim(code); len(code) == 1 {
		return Verdict(code[0])
	}
	return 0
}

// Interchange is a TA1: the answer to an interchange.
type Interchange struct {
	Pos        edi.Pos
	Control    string // TA101: ISA13 of what was sent
	Date, Time string // TA102, TA103: ISA09 and ISA10 of it
	Verdict    Verdict
	Code       string // TA105; 000 for no error
}

// Group is the answer to a functional group: AK1 and AK9 of a 999. Its sets come
// before it.
type Group struct {
	Pos      edi.Pos // of AK1
	Sender   string  // GS02 of the answer: who answers
	Receiver string  // GS03 of the answer: who sent the claims
	Function string  // AK101: GS01 of what was sent
	Control  string  // AK102: its GS06
	Version  string  // AK103: its GS08
	Verdict  Verdict // 0 where AK9 is missing

	Claimed, Received, Accepted int // sets: what GE01 says, what was counted, what was accepted; -1 where AK9 does not say
	Codes                       []string
	Sets                        int // that the 999 answers
}

// Set is the answer to a transaction set: AK2 to IK5.
type Set struct {
	Pos     edi.Pos
	Group   *Group // its verdict is not known yet
	Code    string // AK201: ST01 of what was sent
	Control string // AK202: its ST02
	Version string // AK203: its ST03
	Verdict Verdict
	Codes   []string // IK502 to IK506
	Faults  []Fault
	More    int // faults that were left out: the answer is longer than the limit
}

// Fault is a segment in error: IK3 with what hangs from it.
type Fault struct {
	Pos      edi.Pos
	Segment  string // IK301: its id
	Ordinal  int    // IK302: its number in the set, ST being 1; 0 where it cannot be read
	Loop     string // IK303, often cut to four characters
	Code     string // IK304
	Units    []Unit // business units it stands in
	Triggers []Trigger
	Elements []Element
}

// Claim is CLM01 of the claim that the segment stands in; "" where the answer does
// not tell.
func (f *Fault) Claim() string {
	for _, u := range f.Units {
		if u.Name == unitClaim {
			return u.Value
		}
	}
	return ""
}

const (
	unitClaim = "CLM01"
	situation = "SITUATIONAL TRIGGER"
)

// Unit is a business unit: a CTX with its name and value.
type Unit struct{ Name, Value string }

// Trigger is what makes a rule apply: a CTX that points to a segment.
type Trigger struct {
	Segment string // CTX02
	Ordinal int    // CTX03
	Loop    string // CTX04
	Place          // CTX05
	Ref     string // CTX06
}

// Place is where in a segment an element stands; 0 for none.
type Place struct{ Element, Component, Repetition int }

// String is the place as it is written behind a segment id: 01-2.
func (p Place) String() string {
	if p.Element == 0 {
		return ""
	}
	s := twoDigits(p.Element)
	if p.Component > 0 {
		s += "-" + strconv.Itoa(p.Component)
	}
	return s
}

// Element is an element in error: IK4 with its context.
type Element struct {
	Pos      edi.Pos
	Place           // IK401
	Ref      string // IK402: its number in X12's dictionary
	Code     string // IK403
	Bad      string // IK404: a copy of the bad data; it may be patient data
	Triggers []Trigger
}

// Source is who sends a 277CA: the payer, or a clearinghouse before it.
type Source struct {
	Clearinghouse bool
	Name, ID      string
	Trace         string   // TRN02
	Received      edi.Date // DTP*050
	Processed     edi.Date // DTP*009
	Reference     string   // BHT03
	Pos           edi.Pos  // of its HL
}

// Role is whom a batch of a 277CA is about.
type Role string

// The roles: HL03 20, 21 and 19.
const (
	RoleSource   Role = "source"
	RoleReceiver Role = "submitter"
	RoleProvider Role = "provider"
)

// Batch is what a 277CA says of a batch (2200B) or of a provider's part of one
// (2200C). Counts are -1 and amounts 0 where it does not say.
type Batch struct {
	Pos      edi.Pos
	Source   *Source
	Role     Role
	ID       string // NM109
	Trace    string // TRN02; of a submitter BHT03 of the batch
	Statuses []Status

	Accepted, Rejected             int // claims: QTY*90, QA and AA, QC
	AcceptedAmount, RejectedAmount edi.Amount
	PayerControl                   string // REF*1K
}

// Outcome is what became of a claim.
func (b *Batch) Outcome() Outcome { return outcome(b.Statuses) }

// Claim is what a 277CA says of a claim (2200D).
type Claim struct {
	Pos          edi.Pos // of its TRN
	Source       *Source
	Provider     string // NM109 of the billing provider
	ID           string // TRN02: CLM01 of what was sent
	Patient      Person
	Statuses     []Status
	PayerControl string     // REF*1K: the payer's number of the claim
	Trace        string     // REF*D9: the clearinghouse's
	Service      edi.Period // DTP*472; zero where there is none
	Lines        []Line
	More         int // lines that were left out: the claim is longer than the limit

	// Fault is set where input was lost in the claim: the answer may not be whole.
	Fault *edi.SyntaxError
}

// Person is a patient. All of it is patient data.
type Person struct{ Last, First, ID string }

// Outcome is what became of the claim: rejected where the claim or a line is.
func (c *Claim) Outcome() Outcome {
	o := outcome(c.Statuses)
	for i := range c.Lines {
		if o != ClaimRejected && outcome(c.Lines[i].Statuses) == ClaimRejected {
			o = ClaimRejected
		}
	}
	return o
}

// Line is what a 277CA says of a service line (2220D).
type Line struct {
	Pos       edi.Pos
	Procedure string   // SVC01-2
	Modifiers []string // SVC01-3 to -6
	Charge    edi.Amount
	Units     edi.Quantity
	Statuses  []Status
	Control   string // REF*FJ: REF*6R of what was sent
	Service   edi.Period
}

// Outcome is what became of the line.
func (l *Line) Outcome() Outcome { return outcome(l.Statuses) }

// Status is one STC.
type Status struct {
	Pos    edi.Pos
	Codes  []Triple // STC01, STC10, STC11
	Date   edi.Date
	Action string     // STC03: WQ accepted, U rejected
	Amount edi.Amount // STC04
	Text   string     // STC12: free text; it may hold patient data
}

// Triple is a category, a status and whom it is about.
type Triple struct{ Category, Code, Entity string }

// String is the triple as it stands in an STC.
func (t Triple) String() string {
	return strings.TrimRight(t.Category+":"+t.Code+":"+t.Entity, ":")
}

// Outcome is what became of a claim, by its 277CA.
type Outcome uint8

// The outcomes, from none to the one that counts most.
const (
	NoOutcome     Outcome = iota
	ClaimReceived         // received or passed on: not decided yet
	ClaimAccepted         // taken into adjudication
	ClaimRejected         // never adjudicated: correct it and send it again as a new claim
)

var outcomeNames = [...]string{"undecided", "received", "accepted", "rejected"}

func (o Outcome) String() string { return outcomeNames[o] }

// outcome is the gravest of what statuses say.
func outcome(list []Status) (o Outcome) {
	for i := range list {
		o = max(o, list[i].outcome())
	}
	return o
}

// outcome: STC03 decides, and where it says nothing that is known, the category.
func (s *Status) outcome() (o Outcome) {
	if s.Action == "U" {
		return ClaimRejected
	}
	for _, t := range s.Codes {
		o = max(o, categoryOutcome[t.Category])
	}
	return o
}

// categoryOutcome is what the categories of acknowledgements decide.
var categoryOutcome = map[string]Outcome{
	"A0": ClaimReceived, "A1": ClaimReceived, "A2": ClaimAccepted, "A3": ClaimRejected, "A4": ClaimRejected,
	"A5": ClaimAccepted, "A6": ClaimRejected, "A7": ClaimRejected, "A8": ClaimRejected,
}
