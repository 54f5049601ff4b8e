// Package ledger remembers what was sent and what payers answered: claims, their lines
// and visits, payments and the amounts they allow, in a file of SQLite or a database of
// PostgreSQL. Patients are known by keyed hashes only.
//
// Files have numbers that rise in the order in which they were first recorded, and what
// a claim means follows from that order alone: a claim that repeats one before it does
// not count, one that replaces another takes its place, a void takes it away. It is the
// same however often a file is recorded again. All that one [Run] does is one
// transaction: a process that is killed leaves the ledger as it was before.
package ledger

import "errors"

// What can be wrong with a ledger; errors of this package wrap them.
var (
	ErrBusy       = errors.New("another process is using the ledger")
	ErrMissing    = errors.New("there is no ledger")
	ErrNotLedger  = errors.New("not a ledger: it is left as it is")
	ErrNewer      = errors.New("the ledger was made by a newer gaitkeeper: use that one")
	ErrKeyMissing = errors.New("the key of this ledger is missing: without it patients are not recognised; restore it or begin a new ledger")
	ErrKeyUnnamed = errors.New("a ledger in PostgreSQL needs the file of its key")
	ErrKeyWrong   = errors.New("the key is not that of this ledger")
	ErrLocation   = errors.New("the address of the ledger cannot be read: postgres://user@host/database is expected")
	ErrKeyOpen    = errors.New("others can read the key: make it readable by its owner only (chmod 600)")
	ErrNotFound   = errors.New("not in the ledger")
)

// Key is the keyed hash of an identity: HMAC-SHA256, its first 16 bytes. Zero is none.
type Key [16]byte

// Kinds of files.
const (
	Claims      = "837"
	Remittances = "835"
)

// File is a file of claims or of remittances.
type File struct {
	ID            int64
	Kind          string   // [Claims] or [Remittances]
	Digest        [32]byte // SHA-256 of its content
	Name          string   // without its directory
	Bytes         int64
	Recorded      int32 // day on which it was first recorded, as CCYYMMDD
	Claims, Lines int
}

// Claim is what is remembered of a claim. Amounts are cents, days CCYYMMDD and 0 where
// none is known.
type Claim struct {
	File      int64
	Ordinal   int    // claims of the file before it
	ID        string // CLM01
	Frequency byte   // CLM05-3
	Original  string // REF*F8: the payer's number of the claim that it replaces or voids
	Biller    string // NPI of the billing provider
	Tax       Key    // its tax number
	Payer     string // id of the payer
	Rendering string // NPI of the rendering provider
	Medicare  bool   // what is allowed counts towards the threshold of Part B
	Patient   Key    // the patient with this payer
	Person    Key    // the patient, whoever pays
	Members   [2]Key // ids of the subscriber and of the patient, folded
	Created   int32  // day of its file
	Charge    int64
	Lines     []Line
	Visits    []Visit
}

// Line is a service line.
type Line struct {
	Number     int    // LX01
	Control    string // REF*6R
	Code       string
	Modifiers  string // two characters each
	Units      int64  // thousandths
	Charge     int64
	From, To   int32
	Provider   string // NPI of who rendered it
	Discipline uint8
	Bucket     string // threshold towards which it counts: PTSLP, OT or none
}

// Visit is a day of the claim's patient with one provider.
type Visit struct {
	Day      int32
	Provider string
	OwnUnits int    // timed units of the provider alone
	Pattern  string // codes and units, such as 97110*2+97140*1
}

// Earlier is a claim of the ledger.
type Earlier struct {
	Claim
	FileName string
	Recorded int32  // when its file was recorded
	Control  string // the payer's number in its last answer; "" where there is none
	Standing bool   // it counts: it repeats none, and none replaced or voided it
}

// Sent is when the claim was sent: the day of its file, or that on which it was
// recorded, whichever came first.
func (e *Earlier) Sent() int32 {
	if e.Created != 0 && e.Created < e.Recorded {
		return e.Created
	}
	return e.Recorded
}

// Horizon says what counts as history: the files before one, as they stood then.
type Horizon struct {
	Before  int64   // number of the first file that is not; 0: all are
	Without []int64 // files that are left out
}

// DayKey is a patient's day.
type DayKey struct {
	Patient Key
	Day     int32
}

// ProviderDay is a day of a rendering provider, by NPI.
type ProviderDay struct {
	Provider string
	Day      int32
}

// Amount is what Medicare allowed a person in a calendar year, as far as remittances
// told.
type Amount struct {
	Person  Key
	Year    int
	Bucket  string
	Allowed int64
	Lines   int // that were answered
	Open    int // that were sent and not answered
}

// Payment is a transaction set of a remittance.
type Payment struct {
	ID     int64  // given by [Run.RecordPayment]
	Key    string // what tells it apart, whatever file it comes in
	Trace  string // TRN02
	Payer  string
	Date   int32
	Amount int64 // negative where it goes to the payer
}

// Answer is what a payment says of a claim. A reversal has negative amounts.
type Answer struct {
	Seq                   int   // answers of the payment before it
	File                  int64 // the claim: its file and its place there
	Ordinal               int
	Status                string // CLP02
	Control               string // CLP07
	Charge, Paid, Patient int64
	Lines                 []AnswerLine
}

// AnswerLine is what an answer says of a line.
type AnswerLine struct {
	Line    int // of the claim, from 0
	Allowed int64
	Paid    int64
	Known   bool // what is allowed is known
}

// fileBits is where the number of a file begins in that of a claim.
const fileBits = 32

// maxOrdinal is the most claims of a file, and answers of a payment.
const maxOrdinal = 1<<fileBits - 1

func claimID(file int64, ordinal int) int64 { return file<<fileBits | int64(ordinal) }

func (c *Claim) id() int64 { return claimID(c.File, c.Ordinal) }

// days are the first and last day of service; 0 where no line has one.
func (c *Claim) days() (first, last int32) {
	for i := range c.Lines {
		l := &c.Lines[i]
		if l.From != 0 && (first == 0 || l.From < first) {
			first = l.From
		}
		last = max(last, l.From, l.To)
	}
	return first, last
}
