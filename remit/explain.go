package remit

import (
	"slices"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/edi/x835"
	"github.com/gaitkeeper/gaitkeeper/remit/codes"
)

// Adjustment is one reason of a CAS, explained.
type Adjustment struct {
	Group       string
	CARC        string
	Amount      edi.Amount // positive where it lowers the payment
	Quantity    edi.Quantity
	HasQuantity bool
	Reason      codes.Reason
	Known       bool // the reason is in the tables
	Bucket      Bucket
	Pending     bool // the payer has not decided
}

// guards are reasons that never count as denials, whatever a table says of them.
var guards = map[string]bool{
	"23": true, "45": true, "59": true, "94": true, "100": true, "101": true, "131": true, "133": true,
	"144": true, "161": true, "187": true, "237": true, "253": true,
}

// undecided are reasons of money that the payer has not decided on.
var undecided = map[string]bool{"101": true, "133": true, "221": true}

// refusals are the categories of denials. A reason that was deactivated is no longer
// marked as a denial; old payments and their reversals carry it.
var refusals = []codes.Category{
	codes.Authorization, codes.Bundling, codes.ClaimData, codes.CodingModifier, codes.Coverage, codes.Documentation,
	codes.Duplicate, codes.Eligibility, codes.MedicalNecessity, codes.ProviderEnrollment, codes.TimelyFiling, codes.UnitsFrequency,
}

// denies reports whether a reason refuses payment.
func denies(r codes.Reason) bool {
	old := !r.Active && r.Action() != codes.NoAction && slices.Contains(refusals, r.Category)
	return (r.Denial || old) && !guards[r.Code]
}

// setting is what the bucket of an adjustment depends on beside its codes.
type setting struct {
	status  string // CLP02
	filing  string // CLP06
	bundled bool   // charges of other lines were moved onto the first one (OA-94)
}

func settingOf(c *x835.Claim) setting {
	s := setting{status: string(c.Status()), filing: string(c.FilingIndicator())}
	for i := range c.Lines {
		for _, a := range c.Lines[i].Adjustments {
			moved := a.Amount < 0
			if s.status == statusReversal {
				moved = a.Amount > 0
			}
			s.bundled = s.bundled || moved && string(a.Reason) == "94"
		}
	}
	return s
}

// Values of CLP02.
const (
	statusDenied        = "4"
	statusReversal      = "22"
	statusNotOurs       = "23"
	statusPredetermined = "25"
)

// Medicare reports whether CLP06 is Part B or Part A as the government pays it.
func (s *setting) medicare() bool { return s.filing == "MB" || s.filing == "MA" }

// bucket is where an adjustment falls.
func (s *setting) bucket(group string, r codes.Reason, known bool) (b Bucket, pending bool) {
	switch {
	case undecided[r.Code], s.status == statusNotOurs, s.status == statusPredetermined && group == "OA":
		return Unexplained, true
	case !known:
		return Unexplained, false
	case r.Code == "24" && !s.medicare():
		// Paid by capitation. Part B has none: there it means a Medicare Advantage plan.
		return Contractual, false
	case r.Code == "97" && s.bundled:
		// Its charge is paid for on another line.
		return Contractual, false
	case denies(r):
		return Denied, false
	case group == "PR":
		return Patient, false
	}
	return Contractual, false
}

// explain explains the adjustments of a claim or line and adds them up.
func (s *setting) explain(list []x835.Adjustment, out []Adjustment, sum *Buckets) []Adjustment {
	for i := range list {
		a := &list[i]
		e := Adjustment{Group: string(a.Group), CARC: string(a.Reason), Amount: a.Amount, Quantity: a.Quantity, HasQuantity: a.HasQuantity}
		e.Reason, e.Known = codes.CARC(e.CARC)
		e.Bucket, e.Pending = s.bucket(e.Group, e.Reason, e.Known)
		sum.add(e.Bucket, e.Amount)
		out = append(out, e)
	}
	return out
}

// sum is the buckets of a claim without its explanation.
func (s *setting) sum(c *x835.Claim) (b Buckets) {
	b.Charge, b.Paid = c.Charge, c.Paid
	add := func(list []x835.Adjustment) {
		for i := range list {
			r, known := codes.CARC(string(list[i].Reason))
			in, _ := s.bucket(string(list[i].Group), r, known)
			b.add(in, list[i].Amount)
		}
	}
	add(c.Adjustments)
	for i := range c.Lines {
		add(c.Lines[i].Adjustments)
	}
	b.close()
	return b
}

// statusOf is the status of an answer, or of a line of it.
func (s *setting) statusOf(b *Buckets, pending bool) Status {
	switch {
	case s.status == statusReversal:
		return StatusReversed
	case s.status == statusNotOurs:
		return StatusForwarded
	case s.status == statusPredetermined, pending && b.Paid == 0 && b.Denied == 0:
		return StatusPending
	case s.status == statusDenied && b.Paid == 0 && b.Unexplained == b.Charge:
		return StatusDenied
	}
	return b.status()
}

// forwarded reports whether the payer sent the claim on to another one.
func forwarded(status string) bool {
	return slices.Contains([]string{"19", "20", "21", statusNotOurs}, status)
}

// Remark is a remark code (RARC), explained.
type Remark struct {
	Code  string
	Text  codes.Remark
	Known bool
}

// remarks are the distinct codes of an iterator, without NCPDP codes.
func remarks(seq func(func(x835.Remark) bool), out []Remark) []Remark {
	for m := range seq {
		if len(m.Code) == 0 || string(m.List) == "RX" || slices.ContainsFunc(out, func(r Remark) bool { return r.Code == string(m.Code) }) {
			continue
		}
		r := Remark{Code: string(m.Code)}
		r.Text, r.Known = codes.RARC(r.Code)
		out = append(out, r)
	}
	return out
}

func has(list []Remark, code ...string) bool {
	return slices.ContainsFunc(list, func(r Remark) bool { return slices.Contains(code, r.Code) })
}
