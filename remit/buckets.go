package remit

import "github.com/gaitkeeper/gaitkeeper/edi"

// Buckets are where the dollars of a claim or line went. They sum to the charge.
type Buckets struct {
	Charge      edi.Amount
	Paid        edi.Amount
	Patient     edi.Amount // deductible, coinsurance, copayment and what else the patient owes by the plan
	Contractual edi.Amount // reduced by contract, law or an earlier payer: no denial
	Denied      edi.Amount // refused for a reason, whoever has to bear it
	Unexplained edi.Amount // no reason that is known accounts for it, or the payer has not decided yet
}

// Bucket is one of them.
type Bucket uint8

// The buckets that an adjustment can fall in.
const (
	Unexplained Bucket = iota
	Patient
	Contractual
	Denied
)

func (b Bucket) String() string {
	return [...]string{"unexplained", "patient", "contractual", "denied"}[b]
}

// add puts an adjustment in its bucket.
func (b *Buckets) add(in Bucket, a edi.Amount) {
	switch in {
	case Patient:
		b.Patient += a
	case Contractual:
		b.Contractual += a
	case Denied:
		b.Denied += a
	}
}

// close makes what is left of the charge unexplained.
func (b *Buckets) close() {
	b.Unexplained = b.Charge - b.Paid - b.Patient - b.Contractual - b.Denied
}

func (b *Buckets) plus(o *Buckets) {
	b.Charge += o.Charge
	b.Paid += o.Paid
	b.Patient += o.Patient
	b.Contractual += o.Contractual
	b.Denied += o.Denied
	b.Unexplained += o.Unexplained
}

// Status is what became of a claim or line.
type Status uint8

// The statuses. Denied and partly denied are told apart from what a contract or the
// patient's share took away.
const (
	StatusPaid Status = iota
	StatusPartial
	StatusDenied
	StatusPatient     // nothing paid: the patient owes it
	StatusContractual // nothing paid and nothing owed: by contract, or by an earlier payer
	StatusReversed    // takes an earlier answer back
	StatusForwarded   // sent to another payer, undecided
	StatusPending     // not decided, or no reason given
	StatusUnanswered
)

func (s Status) String() string {
	return [...]string{"paid", "partial", "denied", "patient", "contractual", "reversed", "forwarded", "pending", "unanswered"}[s]
}

// status is what the money says.
func (b *Buckets) status() Status {
	switch {
	case b.Denied > 0 && b.Paid > 0:
		return StatusPartial
	case b.Denied > 0:
		return StatusDenied
	case b.Paid > 0:
		return StatusPaid
	case b.Patient > 0:
		return StatusPatient
	case b.Unexplained != 0:
		return StatusPending
	}
	return StatusContractual
}
