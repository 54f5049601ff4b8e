package payer

import (
	"slices"
	"strings"

	"github.com/gaitkeeper/gaitkeeper/scrub/therapy"
)

// Codes is a set of procedure codes.
type Codes struct {
	All  bool
	List []therapy.Code
}

// Has reports whether the set has a code.
func (c Codes) Has(code therapy.Code) bool { return c.All || slices.Contains(c.List, code) }

// Empty reports whether the set has none.
func (c Codes) Empty() bool { return !c.All && len(c.List) == 0 }

// Per is what a cap is counted over.
type Per uint8

// The spans of a cap.
const (
	PerVisit Per = iota // a patient's day with one provider
	PerDay              // a patient's day
)

func (p Per) String() string { return [...]string{"visit", "day"}[p] }

// Cap is the most units that a payer pays.
type Cap struct {
	Codes Codes // empty: all timed codes
	Units int
	Per   Per
	From  int32 // first and last day of service that it is for; 0 and Open where not bounded
	To    int32
	Why   string // where the payer says so, for people
}

// Coverage says which diagnoses a payer covers codes for.
type Coverage struct {
	Codes     Codes
	Diagnoses []string // ICD-10-CM without the point; with * at the end, all that begin so
	From, To  int32
	Source    string // the payer's policy, for people
}

// Covers reports whether one of the diagnoses is covered.
func (c *Coverage) Covers(diagnosis []byte) bool {
	for _, d := range c.Diagnoses {
		if prefix, open := strings.CutSuffix(d, "*"); open {
			if strings.HasPrefix(string(diagnosis), prefix) {
				return true
			}
		} else if d == string(diagnosis) {
			return true
		}
	}
	return false
}
