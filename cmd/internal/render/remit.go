package render

import "io"

// RemitFormats are the formats of a reconciliation that NewRemit knows.
var RemitFormats = []string{"text", "json", "ndjson", "csv"}

// RemitSink takes a reconciliation in order: each payment with its claims behind it,
// then what found no partner, then the summary.
type RemitSink interface {
	Payment(*RemitPayment) error
	Claim(*RemitClaim, []RemitLine) error
	Unmatched(*RemitUnmatched) error
	Close(*RemitSummary) error
}

// NewRemit is a sink of that format; nil where the format is unknown.
func NewRemit(format string, w io.Writer, o Options) RemitSink {
	switch format {
	case "text":
		return newRemitText(w, o)
	case "json":
		return records{newObjects(w, "records")}
	case "ndjson":
		return records{newObjects(w, "")}
	case "csv":
		return newRemitCSV(w)
	}
	return nil
}

// The types below are a reconciliation as it goes over the wire, schema
// gaitkeeper/1. Amounts are decimal strings in dollars, days are YYYY-MM-DD or "".

// RemitPayment is one transaction set of an 835: a check, a transfer, or the notice
// that there is none.
type RemitPayment struct {
	Type         string       `json:"type"` // payment
	File         string       `json:"file"`
	Duplicates   []string     `json:"duplicates"` // files with further copies, which are not counted
	Trace        string       `json:"trace"`      // TRN02
	Originator   string       `json:"originator"` // TRN03
	Payer        string       `json:"payer"`      // its id, no name
	PayerName    string       `json:"payer_name"` // N102: an organization
	Payee        string       `json:"payee"`      // NPI, or tax number
	Date         string       `json:"date"`       // BPR16
	Method       string       `json:"method"`     // BPR04
	Amount       string       `json:"amount"`     // BPR02
	ClaimsPaid   string       `json:"claims_paid"`
	Withheld     string       `json:"withheld"` // sum of the PLB amounts: positive lowered the payment
	Balanced     bool         `json:"balanced"`
	Difference   string       `json:"difference"` // BPR02 less what claims and PLB come to
	Claims       int          `json:"claims"`
	OutOfBalance int          `json:"claims_out_of_balance"`
	PLB          []RemitPLB   `json:"plb"`
	Checks       []RemitCheck `json:"checks"`
	Notices      []string     `json:"notices"`
}

// RemitPLB is a provider adjustment. Positive amounts lower the payment.
type RemitPLB struct {
	Provider  string  `json:"provider"`
	Reason    string  `json:"reason"`
	Reference string  `json:"reference"`
	Amount    string  `json:"amount"`
	Meaning   string  `json:"meaning"`
	Claim     *string `json:"claim"` // the claim that the reference names, where it is known
}

// RemitCheck is a sum that does not come out. Nothing was altered.
type RemitCheck struct {
	Check      string `json:"check"` // line, claim, claim-lines, clp05, cas-repeated, transaction, interest, forward ...
	Expected   string `json:"expected"`
	Found      string `json:"found"`
	Difference string `json:"difference"` // found less expected
	Message    string `json:"message"`
	Segment    int    `json:"segment"` // ordinal in the file, from 1; 0 for none
	Grave      bool   `json:"grave"`   // money is not accounted for; else worth knowing
}

// RemitClaim is one answer of a payer to a claim (one CLP), or a claim without an
// answer. charge = paid + patient_responsibility + contractual + denied + unexplained.
type RemitClaim struct {
	Type         string `json:"type"` // claim
	File         string `json:"file"`
	Claim        string `json:"claim"`       // CLM01 of the matched claim, or CLP01
	RemittedAs   string `json:"remitted_as"` // CLP01
	Trace        string `json:"trace"`
	Payer        string `json:"payer"`
	PaymentDate  string `json:"payment_date"`
	Status       string `json:"status"`       // paid, partial, denied, patient, contractual, reversed, forwarded, pending, unanswered
	ClaimStatus  string `json:"claim_status"` // CLP02
	PayerControl string `json:"payer_control"`
	Filing       string `json:"filing"` // CLP06
	// Standing is what became of the answer: current; reversed (by a later one);
	// reversal (it takes one back); superseded (by a later answer, without a
	// reversal); predetermination (no money, no decision); none (unanswered).
	Standing    string `json:"standing"`
	ServiceFrom string `json:"service_from"`
	ServiceTo   string `json:"service_to"`
	Provider    string `json:"provider"` // NPI of who rendered the services, or of the payee

	Charge      string `json:"charge"`
	Paid        string `json:"paid"`
	Patient     string `json:"patient_responsibility"`
	Contractual string `json:"contractual"`
	Denied      string `json:"denied"`
	Unexplained string `json:"unexplained"`
	Pending     string `json:"pending"`     // part of unexplained that the payer has not decided
	Recoverable string `json:"recoverable"` // part of denied that an action can bring back
	Interest    string `json:"interest"`    // AMT*I, not in paid
	Forwarded   bool   `json:"forwarded"`   // sent on to another payer

	Match           *string `json:"match"` // key of the match; null where there is none
	MatchConfidence *string `json:"match_confidence"`

	Adjustments []RemitAdjustment `json:"adjustments"` // of the claim itself
	Remarks     []RemitRemark     `json:"remarks"`     // MOA and MIA: about the whole claim
	References  []RemitReference  `json:"references"`
	Actions     []RemitAction     `json:"actions"`
	PredictedBy *string           `json:"predicted_by"` // rule that finds the cause of a denial of the whole claim
	Prediction  *RemitPrediction  `json:"prediction"`
	Turnaround  *int              `json:"turnaround_days"` // from receipt (DTM*050) to payment
	Age         *int              `json:"age_days"`        // of an unanswered claim, to the newest payment
	Checks      []RemitCheck      `json:"checks"`
	Notices     []string          `json:"notices"`
	// Net is the claim after all answers to it; only on the last one.
	Net *RemitNet `json:"net"`
}

// RemitNet is a claim after all answers of all payers to it.
type RemitNet struct {
	Answers     int    `json:"answers"`
	Status      string `json:"status"`
	Charge      string `json:"charge"`
	Paid        string `json:"paid"`
	Patient     string `json:"patient_responsibility"`
	Contractual string `json:"contractual"`
	Denied      string `json:"denied"`
	Unexplained string `json:"unexplained"`
}

// RemitLine is a service line of an answer (one SVC).
type RemitLine struct {
	Type         string   `json:"type"` // line
	File         string   `json:"file"`
	Claim        string   `json:"claim"`
	Trace        string   `json:"trace"`
	PayerControl string   `json:"payer_control"`
	Standing     string   `json:"standing"`
	Line         *string  `json:"line"`        // REF*6R of the claim's line, or of the answer
	LineNumber   *int     `json:"line_number"` // LX01 of the claim's line
	Number       int      `json:"number"`      // of the SVC in its answer, from 1
	Code         string   `json:"code"`        // as billed
	Modifiers    []string `json:"modifiers"`
	PaidAs       *string  `json:"paid_as"` // the code it was adjudicated as, where that is another
	Date         string   `json:"date"`
	Units        string   `json:"units"` // as billed
	UnitsPaid    string   `json:"units_paid"`
	Provider     string   `json:"provider"`

	Charge      string  `json:"charge"`
	Status      string  `json:"status"` // paid, partial, denied, patient, contractual, reversed, forwarded, pending
	Paid        string  `json:"paid"`
	Patient     string  `json:"patient_responsibility"`
	Contractual string  `json:"contractual"`
	Denied      string  `json:"denied"`
	Unexplained string  `json:"unexplained"`
	Recoverable string  `json:"recoverable"`
	Allowed     *string `json:"allowed"` // AMT*B6

	Adjustments []RemitAdjustment `json:"adjustments"`
	Remarks     []RemitRemark     `json:"remarks"` // LQ: about this line
	References  []RemitReference  `json:"references"`

	Cause         string           `json:"cause"`  // of the denial, in words; "" where nothing was denied
	Action        *string          `json:"action"` // correct, new_claim, reopen, appeal, records, bill_patient, other_payer, write_off ...
	ActionText    string           `json:"action_text"`
	Deadline      *string          `json:"deadline"`
	DeadlineBasis string           `json:"deadline_basis"`
	PredictedBy   *string          `json:"predicted_by"`
	Prediction    *RemitPrediction `json:"prediction"`

	Match           *string      `json:"match"` // key of the match; null where there is none
	MatchConfidence *string      `json:"match_confidence"`
	Flags           []string     `json:"flags"` // recoded, bundled, units_cut, modifiers_changed, line_split, ambiguous
	Checks          []RemitCheck `json:"checks"`
	Notices         []string     `json:"notices"`
}

// RemitAdjustment is one reason of a CAS. Positive amounts lower the payment.
type RemitAdjustment struct {
	Group    string   `json:"group"`
	CARC     string   `json:"carc"`
	Amount   string   `json:"amount"`
	Quantity *string  `json:"quantity"`
	RARCs    []string `json:"rarcs"` // remarks that go with it
	Meaning  string   `json:"meaning"`
	Category string   `json:"category"`
	Bucket   string   `json:"bucket"` // patient, contractual, denied, unexplained
}

// RemitRemark is a remark code (RARC) with its meaning.
type RemitRemark struct {
	Code    string `json:"code"`
	Meaning string `json:"meaning"`
	Alert   bool   `json:"alert"` // it informs and explains no money
}

// RemitReference is a REF of the claim or line; personal ids are masked.
type RemitReference struct {
	Qualifier string `json:"qualifier"`
	Value     string `json:"value"`
}

// RemitAction is what to do about denied money of a claim.
type RemitAction struct {
	Action        string  `json:"action"`
	Text          string  `json:"text"`
	Amount        string  `json:"amount"` // denied money that it is about
	Deadline      *string `json:"deadline"`
	DeadlineBasis string  `json:"deadline_basis"`
}

// RemitPrediction is the scrub finding that foresaw a denial.
type RemitPrediction struct {
	Rule    string  `json:"rule"`
	Name    string  `json:"name"`
	Message string  `json:"message"`
	Line    *int    `json:"line_number"`
	Fix     *string `json:"fix"` // safe, unsafe or attest; null where there is none
	FixText string  `json:"fix_text"`
}

// RemitUnmatched is what has no partner on the other side.
type RemitUnmatched struct {
	Type         string           `json:"type"` // unmatched
	Side         string           `json:"side"` // 835 or 837
	File         string           `json:"file"`
	Claim        string           `json:"claim"` // CLP01 or CLM01
	Line         *string          `json:"line"`  // REF*6R, where only a line has no partner
	LineNumber   *int             `json:"line_number"`
	Code         string           `json:"code"`
	Trace        string           `json:"trace"`
	PayerControl string           `json:"payer_control"`
	Payer        string           `json:"payer"`
	Charge       string           `json:"charge"`
	ServiceFrom  string           `json:"service_from"`
	Age          *int             `json:"age_days"` // from the last service to the newest payment
	Reason       string           `json:"reason"`
	Candidates   []RemitCandidate `json:"candidates"`
}

// RemitCandidate is a claim or line that may be meant, but not surely enough.
type RemitCandidate struct {
	Claim      string   `json:"claim"`
	LineNumber *int     `json:"line_number"`
	Agrees     []string `json:"agrees"` // member, date, charge, code, payee, payer, number
}

// RemitSummary is the end of a reconciliation.
type RemitSummary struct {
	Type       string `json:"type"` // summary
	Schema     string `json:"schema"`
	Files      int    `json:"files"`
	ClaimFiles int    `json:"claim_files"`
	Bytes      int64  `json:"bytes"`
	Payments   int    `json:"payments"`
	Duplicates int    `json:"duplicate_payments"`
	Unbalanced int    `json:"payments_out_of_balance"`
	Answers    int    `json:"answers"` // CLP, without those of duplicate payments
	Lines      int    `json:"lines"`   // SVC, likewise
	Faulty     int    `json:"answers_unread"`
	Faults     int    `json:"syntax_errors"`
	Unreadable int    `json:"files_unreadable"`

	Claims         int `json:"claims"` // of the 837 files
	ClaimsAnswered int `json:"claims_answered"`
	Unanswered     int `json:"claims_unanswered"`
	Matched        int `json:"answers_matched"`
	Unmatched      int `json:"answers_unmatched"`
	LinesUnmatched int `json:"lines_unmatched"`
	OutOfBalance   int `json:"answers_out_of_balance"`
	Reversals      int `json:"reversals"`

	// Money after all answers: each claim once.
	Charge      string `json:"charge"`
	Paid        string `json:"paid"`
	Patient     string `json:"patient_responsibility"`
	Contractual string `json:"contractual"`
	Denied      string `json:"denied"`
	Unexplained string `json:"unexplained"`
	Recoverable string `json:"recoverable"`
	// Money of the payments: amount = claims_paid - withheld, where they balance.
	Amount     string `json:"amount"`
	ClaimsPaid string `json:"claims_paid"`
	Withheld   string `json:"withheld"`
	Interest   string `json:"interest"`

	PatientSplit map[string]string `json:"patient_split"` // deductible, coinsurance, copay, other: what each payer left open, also where a later one took it over
	Rates        RemitRates        `json:"rates"`
	Denials      []RemitDenial     `json:"denials"` // by reason, most dollars first
	By           []RemitGroup      `json:"by"`      // what --by asked for; else by payer
	Groups       []RemitGroup      `json:"groups"`  // all dimensions
	Ledger       []RemitLedger     `json:"plb"`
	Forward      []RemitForward    `json:"forward_balances"`
	Turnaround   []RemitDays       `json:"turnaround"`
	UnknownCodes []string          `json:"unknown_codes"`

	RulesVersion string       `json:"rules_version"`
	CodesAsOf    string       `json:"codes_as_of"`
	NotChecked   []NotChecked `json:"not_checked"`
}

// RemitRates are rates of a reconciliation, as fractions from 0 to 1 with four
// decimals; null where nothing was counted.
type RemitRates struct {
	Denial         *float64 `json:"denial_lines"`           // lines denied in the current answer / lines answered
	DenialDollars  *float64 `json:"denial_dollars"`         // dollars denied in the current answer / dollars charged
	Initial        *float64 `json:"initial_denial_lines"`   // likewise, in the first answer
	InitialDollars *float64 `json:"initial_denial_dollars"` // likewise
	FirstPass      *float64 `json:"first_pass_yield"`       // lines not denied in the first answer / lines answered
	NetCollection  *float64 `json:"net_collection"`         // paid / (charge - contractual)
}

// RemitDenial is all denials for one reason.
type RemitDenial struct {
	Group       string   `json:"group"`
	CARC        string   `json:"carc"`
	RARCs       []string `json:"rarcs"`
	Meaning     string   `json:"meaning"`
	Category    string   `json:"category"`
	Lines       int      `json:"lines"`
	Claims      int      `json:"claims"`
	Denied      string   `json:"denied"`
	Recoverable string   `json:"recoverable"`
	Action      string   `json:"action"`
	ActionText  string   `json:"action_text"`
	Rules       []string `json:"rules"` // that predict them
	Predicted   int      `json:"predicted"`
}

// RemitGroup is the money and the denials of one value of a dimension.
type RemitGroup struct {
	Dimension   string  `json:"dimension"` // payer, carc, code, provider, modifiers, rule
	Value       string  `json:"value"`
	Lines       int     `json:"lines"`
	DeniedLines int     `json:"denied_lines"`
	Charge      string  `json:"charge"`
	Paid        string  `json:"paid"`
	Denied      string  `json:"denied"`
	Recoverable string  `json:"recoverable"`
	Rate        float64 `json:"denial_lines_rate"`
	DollarRate  float64 `json:"denial_dollars_rate"`
}

// RemitLedger is all provider adjustments with one reason.
type RemitLedger struct {
	Reason  string `json:"reason"`
	Meaning string `json:"meaning"`
	Entries int    `json:"entries"`
	Amount  string `json:"amount"`
}

// RemitForward is a balance that was carried from one payment to later ones.
type RemitForward struct {
	Payer     string `json:"payer"`
	Reference string `json:"reference"` // TRN02 of the payment it comes from
	Out       string `json:"out"`       // moved out of that payment
	In        string `json:"in"`        // taken in by later ones
	Open      string `json:"open"`
}

// RemitDays is how long a payer takes from receipt to payment.
type RemitDays struct {
	Payer  string `json:"payer"`
	Claims int    `json:"claims"`
	Median int    `json:"median_days"`
	Most   int    `json:"most_days"`
}
