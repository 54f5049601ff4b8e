package codes

// Action is what a practice usually does next.
type Action string

// The actions.
const (
	NoAction        Action = "none"
	CorrectResubmit Action = "correct_resubmit"
	SendRecords     Action = "send_records"
	Appeal          Action = "appeal"
	BillPatient     Action = "bill_patient"
	BillOtherPayer  Action = "bill_other_payer"
	WriteOff        Action = "write_off"
)

var actions = map[Action]string{
	NoAction:        "nothing to do",
	CorrectResubmit: "correct the claim and send it again",
	SendRecords:     "send the records asked for",
	Appeal:          "appeal",
	BillPatient:     "bill the patient",
	BillOtherPayer:  "bill the payer that is responsible",
	WriteOff:        "write off",
}

// String says the action in words.
func (a Action) String() string { return actions[a] }

// Recovers reports whether the action can bring money from this payer.
func (a Action) Recovers() bool {
	return a == CorrectResubmit || a == SendRecords || a == Appeal
}

// Category is what kind of reason a code gives.
type Category string

// The categories.
const (
	Authorization         Category = "authorization"
	Bundling              Category = "bundling"
	ClaimData             Category = "claim_data"
	CodingModifier        Category = "coding_modifier"
	Contractual           Category = "contractual"
	CoordinationOfBenefit Category = "cob"
	Coverage              Category = "coverage"
	Documentation         Category = "documentation"
	Duplicate             Category = "duplicate"
	Eligibility           Category = "eligibility"
	MedicalNecessity      Category = "medical_necessity"
	PatientResponsibility Category = "patient_responsibility"
	PaymentReduction      Category = "payment_reduction"
	ProviderEnrollment    Category = "provider_enrollment"
	TimelyFiling          Category = "timely_filing"
	UnitsFrequency        Category = "units_frequency"
	OtherCategory         Category = "other"
	UnknownCategory       Category = "unknown"
)

var categories = map[Category]string{
	Authorization:         "authorization",
	Bundling:              "bundling",
	ClaimData:             "claim data",
	CodingModifier:        "coding and modifiers",
	Contractual:           "contract",
	CoordinationOfBenefit: "coordination of benefits",
	Coverage:              "coverage",
	Documentation:         "documentation",
	Duplicate:             "duplicate",
	Eligibility:           "eligibility",
	MedicalNecessity:      "medical necessity",
	PatientResponsibility: "patient's share",
	PaymentReduction:      "payment reduction",
	ProviderEnrollment:    "provider enrollment",
	TimelyFiling:          "timely filing",
	UnitsFrequency:        "units and frequency",
	OtherCategory:         "other",
	UnknownCategory:       "unknown",
}

// String says the category in words.
func (c Category) String() string { return categories[c] }
