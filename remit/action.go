package remit

import (
	"fmt"
	"slices"
	"time"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/remit/codes"
	"github.com/gaitkeeper/gaitkeeper/scrub/ncci"
	"github.com/gaitkeeper/gaitkeeper/scrub/therapy"
)

// Step is what to do about a denial.
type Step string

// The steps.
const (
	StepNewClaim    Step = "new_claim"    // correct it and send it as a new claim, frequency 1
	StepReplace     Step = "replace"      // correct it and send it as a replacement, frequency 7 with the payer's number
	StepReopen      Step = "reopen"       // ask for a reopening, to correct a clerical error
	StepAppeal      Step = "appeal"       // with reasons and records
	StepRecords     Step = "send_records" // that the payer asks for
	StepOtherPayer  Step = "bill_other_payer"
	StepBillPatient Step = "bill_patient"
	StepFindFirst   Step = "find_first" // the claim that this one repeats
	StepWriteOff    Step = "write_off"
	StepWait        Step = "wait"
	StepReview      Step = "review" // nothing is known of the code
	StepNone        Step = "none"
)

// Recovers reports whether a step can bring the money from this payer.
func (s Step) Recovers() bool {
	switch s {
	case StepNewClaim, StepReplace, StepReopen, StepAppeal, StepRecords:
		return true
	}
	return false
}

// Action is a step with its words, its last day and where that comes from.
type Action struct {
	Step     Step
	Text     string
	Deadline edi.Date // 0 where none is known
	Basis    string   // of the deadline; or why none is known
}

// plea is a denial with what its action depends on.
type plea struct {
	reason   codes.Reason
	known    bool
	group    string
	lines    []Remark // of the line
	claim    []Remark // of the claim
	medicare bool
	denied   edi.Date // day of the payment
	service  edi.Date
	code     uint64
	units    edi.Quantity // of the code and day, on the claim
	others   []uint64     // codes of the same day on the claim
	foreseen *Prediction
}

func (p *plea) has(code ...string) bool { return has(p.lines, code...) || has(p.claim, code...) }

// advice is a row of the table of actions: the first that is for a denial counts.
type advice struct {
	when func(*plea) bool
	step Step
	text string
}

func carc(codes ...string) func(*plea) bool {
	return func(p *plea) bool { return slices.Contains(codes, p.reason.Code) }
}

func remark(codes ...string) func(*plea) bool {
	return func(p *plea) bool { return p.has(codes...) }
}

func both(a, b func(*plea) bool) func(*plea) bool {
	return func(p *plea) bool { return a(p) && b(p) }
}

func medicare(p *plea) bool { return p.medicare }

var pairReasons = carc("97", "236", "B15")

// advices is ordered: what a remark code forbids or demands, then what the reason
// allows, then what is usual.
var advices = []advice{
	{func(p *plea) bool { return !p.known }, StepReview, "the code is in no table known here: ask the payer what it means"},
	{carc("18"), StepFindFirst, "find the claim that this one repeats, and follow that; appeal only if the services were distinct and the claim says so (76, 59, other times)"},
	{both(carc("97"), remark("N522")), StepFindFirst, "find the claim that this one repeats, and follow that"},
	{carc("29"), StepAppeal, "appeal only with proof of timely receipt (277CA, an earlier answer); else write off, the patient is not billable"},
	{both(carc("24"), medicare), StepOtherPayer, "the patient is in a Medicare Advantage plan: bill the plan"},
	{remark("N798"), StepNewClaim, "void the first claim (frequency 8), then send a new one"},
	{remark("N142"), StepNewClaim, "the first claim was denied as a whole: correct it and send a new one, not a replacement"},
	{remark("MA130"), StepNewClaim, "unprocessable, so there is nothing to appeal: correct what the remark code names and send a new claim, frequency 1"},
	{both(carc("16"), medicare), StepNewClaim, "correct what the remark code names and send a new claim, frequency 1"},
	{both(pairReasons, pairIs(ncci.Never)), StepWriteOff, "an NCCI pair that no modifier separates: write off, the patient is not billable"},
	{both(both(pairReasons, pairIs(ncci.Allowed)), medicare), StepReopen, "an NCCI pair: if the services were separate and the record says so, ask for a reopening with 59 or X{EPSU}; else write off"},
	{both(pairReasons, pairIs(ncci.Allowed)), StepReplace, "an NCCI pair: if the services were separate and the record says so, add 59 or X{EPSU} and replace the claim; else write off"},
	{both(carc("151", "222"), limitIs(2)), StepWriteOff, "above a limit that is absolute (MUE, MAI 2): correct the units if they were wrong, else write off"},
	{both(carc("151", "222"), limitIs(3)), StepAppeal, "above the daily limit (MUE, MAI 3): appeal with the records that support the units, or correct them"},
	{both(both(carc("119"), medicare), foreseen), StepReopen, "the threshold was passed: if the services were necessary, ask for a reopening with KX; do not bill the patient blindly"},
	{both(carc("119"), medicare), StepReopen, "the threshold was passed: where KX was due and is missing, ask for a reopening with it; do not bill the patient blindly"},
	{carc("109"), StepOtherPayer, "not this payer's claim: bill the payer or facility that is responsible; for a facility stay, collect from the facility"},
}

func foreseen(p *plea) bool { return p.foreseen != nil }

// pairIs reports whether the code is denied beside another one of the day by an NCCI
// pair with that indicator.
func pairIs(indicator byte) func(*plea) bool {
	return func(p *plea) bool {
		code, ok := therapyCode(p.code)
		if !ok {
			return false
		}
		for _, o := range p.others {
			if other, ok := therapyCode(o); ok && other != code {
				if e, ok := ncci.Default().Pair(code, other, int32(p.service)); ok && e.Indicator == indicator {
					return true
				}
			}
		}
		return false
	}
}

func limitIs(mai int) func(*plea) bool {
	return func(p *plea) bool {
		code, ok := therapyCode(p.code)
		if !ok {
			return false
		}
		m, ok := ncci.Default().Limit(code, int32(p.service))
		return ok && m.MAI == mai && int64(p.units) > int64(m.Units)*int64(edi.Unit)
	}
}

func therapyCode(n uint64) (therapy.Code, bool) { return therapy.ParseCode([]byte(unpack(n))) }

// usual is what the tables say, for a payer that takes replacements and for Medicare,
// which does not.
var usual = map[codes.Action]advice{
	codes.CorrectResubmit: {nil, StepReplace, "correct it and replace the claim (frequency 7 with the payer's number), all lines on it"},
	codes.SendRecords:     {nil, StepRecords, "send the records that the remark code names"},
	codes.Appeal:          {nil, StepAppeal, "appeal with the records that support it"},
	codes.BillPatient:     {nil, StepBillPatient, "the patient owes it, if the plan's notice says so"},
	codes.BillOtherPayer:  {nil, StepOtherPayer, "bill the payer that is responsible"},
	codes.WriteOff:        {nil, StepWriteOff, "write off"},
	codes.NoAction:        {nil, StepReview, "nothing is usually done: look at it"},
}

var usualMedicare = map[codes.Action]advice{
	codes.CorrectResubmit: {nil, StepReopen, "correct it by a clerical-error reopening; sending it again makes a duplicate"},
	codes.Appeal:          {nil, StepAppeal, "ask for a redetermination with the records that support it"},
}

// action is what to do about a denial.
func (p *plea) action() Action {
	a := p.advice()
	out := Action{Step: a.step, Text: a.text}
	if a.step == StepOtherPayer && p.has("MA18", "N89", "MA07") {
		out.Step, out.Text = StepWait, "the payer sent the claim on: wait for the other payer's answer"
	}
	out.Deadline, out.Basis = p.deadline(out.Step)
	return out
}

func (p *plea) advice() advice {
	for _, a := range advices {
		if a.when(p) {
			return a
		}
	}
	if p.group == "CO" && p.reason.Action() == codes.BillPatient {
		return advice{nil, StepAppeal, "group CO: not the patient's; appeal if the service was covered, else write off"}
	}
	if p.medicare {
		if a, ok := usualMedicare[p.reason.Action()]; ok {
			return a
		}
	}
	return usual[p.reason.Action()]
}

// The clocks of Medicare (42 CFR 405.942, 405.980, 424.44) and what is common
// elsewhere.
const (
	redetermination = 120 // days from the notice
	reopening       = 365 // days from the notice, for any reason
	filing          = 365 // days from the service
	commercial      = 180 // days from the notice, common and not certain
)

func (p *plea) deadline(s Step) (edi.Date, string) {
	switch {
	case s == StepAppeal && p.medicare:
		return after(p.denied, redetermination), "Medicare: redetermination within 120 days"
	case s == StepReopen:
		return after(p.denied, reopening), "Medicare: reopening for any reason within 1 year"
	case s == StepNewClaim && p.medicare:
		return after(p.service, filing), "Medicare: filing within 12 months of service"
	case s == StepAppeal, s == StepRecords:
		return after(p.denied, commercial), "180 days are common: look in the contract"
	case s == StepReplace, s == StepNewClaim:
		return 0, "the payer's filing limit"
	}
	return 0, ""
}

// after is the day some days later; 0 where the first is not known.
func after(d edi.Date, days int) edi.Date {
	if d == 0 {
		return 0
	}
	t := d.Time().Add(time.Duration(days) * 24 * time.Hour)
	return edi.Date(t.Year()*10000 + int(t.Month())*100 + t.Day())
}

// cause is a denial in words.
func (p *plea) cause() string {
	text := fmt.Sprintf("%s-%s", p.group, p.reason.Code)
	for _, m := range p.lines {
		if !m.Text.Alert {
			text += " " + m.Code
		}
	}
	text += ": " + p.reason.Meaning
	for _, list := range [][]Remark{p.lines, p.claim} {
		for _, m := range list {
			if m.Known && !m.Text.Alert {
				text += "; " + m.Code + " " + m.Text.Meaning
			}
		}
	}
	return text
}
