package guide

import "github.com/gaitkeeper/gaitkeeper/edi"

// Severity says how bad a problem is. The values are those of the findings of scrub.
type Severity uint8

// The severities: a set with an error is rejected, one with warnings only is
// accepted with errors. A warning stands on a fact that sources do not agree on, or
// on a form that receivers bear.
const (
	Warning Severity = iota + 1
	Error
	Off // of a check that is not made
)

func (s Severity) String() string { return [...]string{"none", "warning", "error", "off"}[s] }

// Fix is a change that removes a problem and follows from what stands in the file.
// It is applied whole or not at all.
type Fix struct {
	Message string     // what it does, beginning with a verb
	Edits   []edi.Edit // of the original input
}

// Problem is one fault. It is valid after the handler has returned.
type Problem struct {
	Rule     string // catalogue id: GD101, DT101, EN103 ...
	Snip     int    // SNIP type, 1 to 7
	Severity Severity
	Message  string // without patient data, no period at its end

	Set        string   // ST01 of the guide that it breaks: 837 or 835; "" outside sets
	Pos        edi.Pos  // place of the segment
	Span       edi.Span // of the element, component or segment
	Segment    string   // its id; for a missing segment the id it would have
	SetSegment int      // its number in the set, ST being 1; where a missing one should stand; 0 outside sets
	Loop       string   // "2300"; "" in the envelope
	Element    int      // 0: the segment as a whole
	Component  int      // 0: the element as a whole
	Repetition int      // 0: the only one
	Ref        string   // number of the data element in X12's dictionary; "" where it has none
	Bad        []byte   // copy of the bad data; nil where there is none. It may be patient data

	// Codes of acknowledgements; "" where the problem has none on that level.
	IK304 string // segment
	IK403 string // element
	IK502 string // transaction set
	AK905 string // functional group
	TA105 string // interchange
	STC   string // 277CA, category:status:entity

	Claim string // CLM01 of the claim it stands in, "" outside claims
	Line  string // LX01 of the service line, "" outside lines
	Fix   *Fix   // safe edits; nil where there are none

	Triggers []Trigger // what makes a situational rule apply, where that is known

	Text   []byte     // copy of the segment it stands in or before; nil at the end of the input
	Delims edi.Delims // its separators

	scope   scope
	meaning bool // about what a value means: not told of one that is none by its form
}

// scope is the envelope whose answer a problem belongs to.
type scope uint8

const (
	inInterchange scope = iota
	inGroup
	inSet
)

// Counts is what a validation saw.
type Counts struct {
	Interchanges, Groups, Sets int
	Claims                     int // CLM or CLP
	Lines                      int // LX of claims or SVC
	Segments                   int
	Bytes                      int64
	Errors, Warnings           int
}

// Tally counts the problems of one set, group or interchange: those reported while it
// was open, its parts included.
type Tally struct {
	Errors, Warnings int
	IK502            []string // distinct, in the order found; of errors first reported
	AK905            []string
	TA105            []string
}

// Rejected reports whether there is an error.
func (t *Tally) Rejected() bool { return t.Errors > 0 }

// Interchange is what an ISA and its IEA say and what stood between them. Texts are
// copies.
type Interchange struct {
	Number         int       // from 1 in the input
	Sender         [2]string // ISA05, ISA06, as they stand, padded
	Receiver       [2]string // ISA07, ISA08
	Date, Time     string    // ISA09, ISA10
	Version        string    // ISA12
	Control        string    // ISA13
	Acknowledge    string    // ISA14: 1 where the sender asks for a TA1
	Usage          string    // ISA15: T or P
	Delims         edi.Delims
	Pos            edi.Pos // of the ISA
	Closed         bool    // an IEA ended it
	TrailerControl string  // IEA02
	TrailerCount   string  // IEA01
	Groups         int     // counted
	Problems       Tally   // all inside
	Own            Tally   // of ISA, IEA, TA1 and the text between groups only
}

// Group is what a GS and its GE say and what stood between them.
type Group struct {
	Interchange    int    // Number of its interchange
	Number         int    // from 1 in the interchange
	Function       string // GS01
	Sender         string // GS02
	Receiver       string // GS03
	Date, Time     string // GS04, GS05
	Control        string // GS06
	Agency         string // GS07
	Version        string // GS08
	Pos            edi.Pos
	Closed         bool
	TrailerCount   string // GE01
	TrailerControl string // GE02
	Sets           int    // ST counted
	Accepted       int    // sets without an error
	Problems       Tally
	Own            Tally // of GS and GE only
}

// Set is what an ST and its SE say and what stood between them.
type Set struct {
	Interchange    int    // Number of its interchange
	Group          int    // Number of its group
	Number         int    // from 1 in the group
	Code           string // ST01
	Control        string // ST02
	Version        string // ST03, "" where it has none
	Pos            edi.Pos
	Closed         bool
	TrailerCount   string // SE01
	TrailerControl string // SE02
	Segments       int    // counted, ST and SE among them
	Claims         int
	Unknown        bool   // of a kind or version that no guide here is for: its content was not judged
	Why            string // what it is then
	Told           bool   // that is a problem, of which the handler was told
	Problems       Tally
}

// Handler is told of problems and structure in the order of the input, but for what only
// later segments decide: the HL04 of a member, the NPI of a billing provider, the first of
// several payers, and a payment (BPR02) that its claims do not come to. Interchange,
// Group and Set are called at the end of each, whether its trailer stands there or
// not; ISA and GS are known earlier through Begin and BeginGroup. Fields that are nil
// are not called.
type Handler struct {
	Begin       func(*Interchange) // after its ISA is read; counts are not known yet
	BeginGroup  func(*Group)       // after its GS is read
	BeginSet    func(*Set)         // after its ST is read
	Set         func(*Set)
	Group       func(*Group)
	Interchange func(*Interchange)
	Problem     func(*Problem)
	Fault       func(*edi.SyntaxError) // input that cannot be read as segments
}
