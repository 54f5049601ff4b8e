package remit

// Denial is a refusal as a payer reports it.
type Denial struct {
	Group string
	CARC  string
	RARCs []string // of the line and of the whole claim
}

// Predictor knows what was wrong with claims before they were sent.
type Predictor interface {
	// Predict is what was found on a claim of the index that a payer would answer
	// with the denial; nil for nothing. Line counts from 0 and is -1 where the claim
	// as a whole was denied.
	Predict(claim, line int, d Denial) *Prediction
}

// Prediction is a finding that foresaw a denial.
type Prediction struct {
	Rule    string // id
	Name    string
	Message string
	Line    int    // LX01; 0 for the claim as a whole
	Fix     string // safe, unsafe or attest; "" where there is none
	FixText string
}
