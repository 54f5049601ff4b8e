package render

import (
	"io"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/edi/x837"
)

// AckFormats are the formats of answers that NewAck knows.
var AckFormats = []string{"text", "json", "ndjson", "csv"}

// AckSink takes answers in the order of the input. The faults of a set come behind
// it, and the lines of a claim with it.
type AckSink interface {
	Answer(AckAnswer) error
	Close(*AckSummary) error
}

// AckAnswer is one of the types below.
type AckAnswer any

// NewAck is a sink of that format; nil where the format is unknown.
func NewAck(format string, w io.Writer, o Options) AckSink {
	switch format {
	case "text":
		return newAckText(w, o)
	case "json":
		return answers{newObjects(w, "answers")}
	case "ndjson":
		return answers{newObjects(w, "")}
	case "csv":
		return newAckCSV(w)
	}
	return nil
}

// The types below are answers as they go over the wire, schema gaitkeeper/1. Amounts
// are decimal strings in dollars, days are YYYY-MM-DD or "".

// AckCode is a code in words.
type AckCode struct {
	Code    string `json:"code"`
	Meaning string `json:"meaning"`
}

// AckInterchange is a TA1.
type AckInterchange struct {
	Type     string  `json:"type"` // interchange
	File     string  `json:"file"`
	Control  string  `json:"control"` // ISA13 of what was sent
	Date     string  `json:"date"`    // ISA09, ISA10 of it
	Time     string  `json:"time"`
	Status   string  `json:"status"` // accepted, accepted with errors, rejected, undecided
	Code     AckCode `json:"code"`   // TA105
	Action   string  `json:"action"`
	SentFile *string `json:"sent_file"` // claim file that holds the interchange
	Claims   *int    `json:"claims"`    // in it
}

// AckSet is the answer of a 999 to a set.
type AckSet struct {
	Type     string    `json:"type"` // set
	File     string    `json:"file"`
	Group    string    `json:"group"` // GS06 of what was sent
	Set      string    `json:"set"`   // ST02
	Kind     string    `json:"kind"`  // ST01
	Version  string    `json:"version"`
	Status   string    `json:"status"`
	Codes    []AckCode `json:"codes"`  // IK502 to IK506
	Faults   int       `json:"faults"` // that follow
	LeftOut  int       `json:"faults_left_out"`
	Action   string    `json:"action"`
	SentFile *string   `json:"sent_file"` // claim file that holds the set
	Claims   *int      `json:"claims"`    // in it
	Note     string    `json:"note"`      // why it was not found in the claim files
}

// AckFault is a segment, or an element of one, that a 999 finds at fault.
type AckFault struct {
	Type       string       `json:"type"` // fault
	File       string       `json:"file"`
	Group      string       `json:"group"`
	Set        string       `json:"set"`
	Claim      *string      `json:"claim"` // CLM01
	Line       *string      `json:"line"`  // REF*6R of the claim's line
	LineNumber *string      `json:"line_number"`
	Code       *string      `json:"code"`    // procedure of the line
	Segment    string       `json:"segment"` // its id
	What       string       `json:"what"`    // what such a segment is
	SetSegment int          `json:"set_segment"`
	Loop       string       `json:"loop"`
	Element    int          `json:"element"` // 0: the segment as a whole
	Component  int          `json:"component"`
	Repetition int          `json:"repetition"`
	Reference  string       `json:"reference"` // number of the data element
	Error      AckCode      `json:"error"`     // IK304, or IK403 of an element
	Bad        *string      `json:"bad"`       // IK404, masked
	Triggers   []AckTrigger `json:"triggers"`
	Action     string       `json:"action"`
	Match      *string      `json:"match"` // how the claim was found: CLM01, segment or level; null where it was not
}

// AckTrigger is an element that makes a rule apply.
type AckTrigger struct {
	Segment    string `json:"segment"`
	SetSegment int    `json:"set_segment"`
	Loop       string `json:"loop"`
	Element    int    `json:"element"`
	Component  int    `json:"component"`
}

// AckGroup is the end of a 999.
type AckGroup struct {
	Type     string    `json:"type"` // group
	File     string    `json:"file"`
	Group    string    `json:"group"`
	Function string    `json:"function"` // GS01
	Version  string    `json:"version"`
	Status   string    `json:"status"`
	Claimed  *int      `json:"claimed"`
	Received *int      `json:"received"`
	Accepted *int      `json:"accepted"`
	Codes    []AckCode `json:"codes"` // AK905 to AK909
	Action   string    `json:"action"`
}

// AckStatus is one STC.
type AckStatus struct {
	Codes  []AckCode `json:"codes"` // category:status:entity
	Date   string    `json:"date"`
	Amount string    `json:"amount"`
	Text   *string   `json:"text"` // free text, masked
	Action string    `json:"action"`
}

// AckBatch is what a 277CA says of a batch or of a provider's part of one.
type AckBatch struct {
	Type           string      `json:"type"` // batch
	File           string      `json:"file"`
	Source         string      `json:"source"` // who answers
	Role           string      `json:"role"`   // submitter or provider
	Trace          string      `json:"trace"`  // BHT03 of what was sent
	Status         string      `json:"status"`
	Statuses       []AckStatus `json:"statuses"`
	Accepted       *int        `json:"accepted"`
	Rejected       *int        `json:"rejected"`
	AcceptedAmount string      `json:"accepted_amount"`
	RejectedAmount string      `json:"rejected_amount"`
}

// AckClaim is the answer to a claim: that of a 277CA, or what a 999 means to a claim
// of a rejected set, or that there is none.
type AckClaim struct {
	Type          string      `json:"type"` // claim
	File          string      `json:"file"`
	By            string      `json:"by"` // 277CA, 999, or "" for a claim without an answer
	Source        string      `json:"source"`
	Clearinghouse bool        `json:"clearinghouse"` // the source is one, and not the payer
	Claim         string      `json:"claim"`
	Status        string      `json:"status"` // accepted, received, rejected, undecided, unanswered
	Statuses      []AckStatus `json:"statuses"`
	PayerControl  string      `json:"payer_control"`
	Trace         string      `json:"trace"` // REF*D9
	Provider      string      `json:"provider"`
	Patient       *string     `json:"patient"` // only where patient data is shown
	ServiceFrom   string      `json:"service_from"`
	ServiceTo     string      `json:"service_to"`
	Charge        string      `json:"charge"`
	Faults        int         `json:"faults"` // of the claim, in the 999
	Action        string      `json:"action"`
	SentFile      *string     `json:"sent_file"`
	Match         *string     `json:"match"` // CLM01, or null where the claim is not in the claim files
	Lines         []AckLine   `json:"lines"`
}

// AckLine is what a 277CA says of a line.
type AckLine struct {
	Line        *string     `json:"line"`        // REF*6R
	LineNumber  *string     `json:"line_number"` // LX01 of the claim's line
	Code        string      `json:"code"`
	Modifiers   []string    `json:"modifiers"`
	ServiceFrom string      `json:"service_from"`
	Charge      string      `json:"charge"`
	Units       string      `json:"units"`
	Status      string      `json:"status"`
	Statuses    []AckStatus `json:"statuses"`
	Match       *string     `json:"match"` // 6R, or null
}

// AckSummary is the end of the answers.
type AckSummary struct {
	Type                 string   `json:"type"` // summary
	Schema               string   `json:"schema"`
	Files                int      `json:"files"`
	Bytes                int64    `json:"bytes"`
	Interchanges         int      `json:"interchanges"` // TA1s
	RejectedInterchanges int      `json:"interchanges_rejected"`
	Groups               int      `json:"groups"`
	Sets                 int      `json:"sets"`
	SetsWithErrors       int      `json:"sets_with_errors"`
	RejectedSets         int      `json:"sets_rejected"`
	UndecidedSets        int      `json:"sets_undecided"`
	Faults               int      `json:"faults"`
	Claims               int      `json:"claims"` // of 277CAs
	AcceptedClaims       int      `json:"claims_accepted"`
	ReceivedClaims       int      `json:"claims_received"`
	RejectedClaims       int      `json:"claims_rejected"`
	Unmatched            int      `json:"claims_unmatched"` // not in the claim files
	SyntaxErrors         int      `json:"syntax_errors"`
	Unreadable           int      `json:"files_unreadable"`
	Sent                 *AckSent `json:"sent"` // null without claim files
}

// AckSent is what became of the claims that were sent, each counted once.
type AckSent struct {
	Files      int `json:"files"`
	Claims     int `json:"claims"`
	Accepted   int `json:"accepted"`
	Received   int `json:"received"`
	Rejected   int `json:"rejected"`
	Unanswered int `json:"unanswered"`
}

// SegmentText is what a segment of that id is in an 837P; "" where it is none.
func SegmentText(id string) string {
	if len(id) < 2 || len(id) > 3 {
		return ""
	}
	return x837.SegmentName(x837.LoopNone, edi.TagOf(id), "")
}
