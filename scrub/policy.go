package scrub

import (
	"slices"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/scrub/payer"
	"github.com/gaitkeeper/gaitkeeper/scrub/therapy"
)

// Policy is what a configuration says beyond the catalogue: the payers' profiles,
// severities, and findings that are not to be told.
type Policy struct {
	Payers     *payer.Book
	Severities []SeverityChange
	Suppressed []Suppression
}

// SeverityChange gives the findings of a rule another severity.
type SeverityChange struct {
	Rule     *Rule
	Profile  string // only for claims of this profile; "" for all
	Severity Severity
	Off      bool // not told at all
}

// Suppression keeps findings from being told, for a reason and until a day.
type Suppression struct {
	Rules   []*Rule
	Profile string         // only for claims of this profile; "" for all
	Codes   []therapy.Code // only on lines with one of these codes; none: on all
	Claims  []string       // only on these claims (CLM01); none: on all
	Reason  string
	Until   edi.Date // last day on which it holds
	Place   string   // where it stands, for people

	Count int // findings that it kept back, in the end
}

// needs is NeedsPolicy where some profile asks for something that no built-in one
// does.
func (p *Policy) needs() Needs {
	if p == nil {
		return 0
	}
	for _, e := range p.Payers.Entries() {
		if !e.Authorization.Empty() || len(e.Caps) > 0 || len(e.Coverage) > 0 {
			return NeedsPolicy
		}
	}
	return 0
}

// sift are the findings that are told, with their severities; what keeps another one
// back is appended to suppressed.
func (p *Policy) sift(list []Finding, profile string, suppressed []*Suppression) ([]Finding, []*Suppression) {
	if p == nil {
		return list, suppressed
	}
	told := list[:0]
	for i := range list {
		ok, by := p.judge(&list[i], profile)
		switch {
		case ok:
			told = append(told, list[i])
		case by != nil:
			suppressed = append(suppressed, by)
		}
	}
	return told, suppressed
}

// judge gives a finding the severity that the policy asks for, and reports whether it
// is told; if a suppression keeps it back, which one. What is said of a profile goes
// before what is said of all.
func (p *Policy) judge(f *Finding, profile string) (told bool, by *Suppression) {
	var change *SeverityChange
	for i := range p.Severities {
		c := &p.Severities[i]
		if c.Rule == f.Rule && (c.Profile == profile || c.Profile == "" && (change == nil || change.Profile == "")) {
			change = c
		}
	}
	if change != nil {
		if change.Off {
			return false, nil
		}
		if !f.unjudged {
			f.Severity = change.Severity
		}
	}
	for i := range p.Suppressed {
		if s := &p.Suppressed[i]; s.fits(f, profile) {
			return false, s
		}
	}
	return true, nil
}

func (s *Suppression) fits(f *Finding, profile string) bool {
	if !slices.Contains(s.Rules, f.Rule) || s.Profile != "" && s.Profile != profile {
		return false
	}
	if len(s.Claims) > 0 && !slices.Contains(s.Claims, f.Claim) {
		return false
	}
	if len(s.Codes) == 0 {
		return true
	}
	code, ok := therapy.ParseCode([]byte(f.Code))
	return ok && slices.Contains(s.Codes, code)
}
