package remit

import (
	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/edi/x835"
)

// Payment is a transaction set, as it is told.
type Payment struct {
	File         string
	Copies       []string // files with further copies, which are not counted
	Trace        string   // TRN02
	Originator   string   // TRN03
	Payer        string   // id
	PayerName    string
	Payee        string // NPI or tax number
	Date         edi.Date
	Method       string
	Amount       edi.Amount // BPR02; negative where it goes to the payer
	ClaimsPaid   edi.Amount // sum of CLP04
	Withheld     edi.Amount // sum of the PLB amounts
	Claims       int
	OutOfBalance int    // claims
	Content      uint64 // hash of what it says of which claims; the same in every run
	PLB          []ProviderAdjustment
	Checks       []Check
	Notices      []string
}

// ProviderAdjustment is a PLB entry, with the claim that its reference names.
type ProviderAdjustment struct {
	x835.ProviderAdjustment
	Meaning string
	Claim   string // "" where it names none that is known
}

// Balanced reports whether claims and provider adjustments come to the payment.
func (p *Payment) Balanced() bool { return p.Difference() == 0 }

// Difference is the payment less what claims and provider adjustments come to.
func (p *Payment) Difference() edi.Amount { return p.Amount - p.ClaimsPaid + p.Withheld }

// Claim is an answer (a CLP), as it is told, or a claim without one.
type Claim struct {
	File         string
	ID           string // CLM01 of the matched claim, or CLP01
	RemittedAs   string // CLP01
	Trace        string
	Payer        string
	PaymentDate  edi.Date
	Status       Status
	ClaimStatus  string // CLP02
	PayerControl string // CLP07
	Filing       string // CLP06
	Standing     Standing
	Unanswered   bool
	Service      edi.Period
	Provider     string // NPI
	Buckets
	Pending     edi.Amount // part of Unexplained that the payer has not decided
	Recoverable edi.Amount
	Interest    edi.Amount
	Forwarded   bool

	Match      Key // NoKey where there is no claim
	Confidence Confidence
	Number     int // of the claim in the index; -1 for none

	Adjustments []Adjustment // of the claim itself
	Remarks     []Remark
	References  []Reference
	Actions     []ClaimAction
	Prediction  *Prediction // of a denial of the claim as a whole
	Turnaround  int         // days from receipt to payment; -1 where not known
	Age         int         // days to the newest payment since it was sent, or since the last service where that is not known, of one without an answer
	Checks      []Check
	Notices     []string
	Net         *Net // on the last answer
	Lines       []Line
}

// ClaimAction is an action with the denied money that it is about.
type ClaimAction struct {
	Action
	Amount edi.Amount
}

// Line is a service line of an answer, as it is told.
type Line struct {
	Control   string // REF*6R of the claim's line, or of the answer where there is none
	Number    int    // LX01 of the claim's line; 0 where there is none
	Ordinal   int    // in the answer, from 1
	Index     int    // of the claim's line, from 0; -1 where there is none
	Code      string // as billed
	Modifiers []string
	PaidAs    string // the code it was adjudicated as, where that is another
	Date      edi.Date
	Units     edi.Quantity // as billed
	UnitsPaid edi.Quantity
	Provider  string
	Status    Status
	Buckets
	Recoverable edi.Amount
	Allowed     edi.Amount // AMT*B6
	HasAllowed  bool

	Adjustments []Adjustment
	Remarks     []Remark
	References  []Reference
	Cause       string // of the denial, in words
	Action      *Action
	Prediction  *Prediction
	Match       Key
	Confidence  Confidence
	Flags       []string
	Checks      []Check
	Notices     []string
}

// Reference is a REF.
type Reference struct {
	Qualifier, Value string
	Personal         bool // it identifies a person
}

// Flags of a line.
const (
	FlagRecoded   = "recoded"           // adjudicated as another code
	FlagBundled   = "bundled"           // priced together with another line
	FlagUnitsCut  = "units_cut"         // fewer units paid than billed
	FlagModifiers = "modifiers_changed" // the answer has not the claim's modifiers
	FlagSplit     = "line_split"        // one of several answers to the line
	FlagAmbiguous = "ambiguous"         // another line of the claim would match as well
)

// Unmatched is what has no partner on the other side.
type Unmatched struct {
	Remitted     bool // it stands in an 835; else in an 837
	File         string
	Claim        string
	Control      string // REF*6R, where only a line has no partner
	Line         int    // LX01, or number in the answer; 0 where the claim is meant
	Code         string
	Trace        string
	PayerControl string
	Payer        string
	Charge       edi.Amount
	Service      edi.Date
	Age          int // that of [Claim]; -1 where not known
	Reason       string
	Candidates   []Candidate
}

// Visitor takes the results in order: each payment with its claims behind it, then
// what found no partner.
type Visitor interface {
	Payment(*Payment) error
	Claim(*Claim) error
	Unmatched(*Unmatched) error
}
