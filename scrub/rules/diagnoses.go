package rules

import (
	"bytes"
	"slices"
	"strings"

	"github.com/gaitkeeper/gaitkeeper/edi"
	check "github.com/gaitkeeper/gaitkeeper/edi/guide"
	"github.com/gaitkeeper/gaitkeeper/scrub"
)

var diagnoses = []scrub.Rule{
	{
		ID: "DX101", Name: "pointer-invalid", Severity: scrub.Error,
		What:    "SV107 points at a diagnosis that the claim does not carry, or at none",
		Denials: []scrub.Denial{{Group: "CO", CARC: "16", RARCs: []string{"M76"}}},
		Sources: []scrub.Source{guide}, Run: pointers,
	},
	{
		ID: "DX102", Name: "diagnosis-invalid", Severity: scrub.Error,
		What:  "a diagnosis is not of the shape of ICD-10-CM, has a decimal point, or is known to be invalid on the service date",
		Fixes: []scrub.Safety{scrub.Safe},
		Denials: []scrub.Denial{
			{Group: "CO", CARC: "146"}, {Group: "CO", CARC: "16", RARCs: []string{"M76"}},
		},
		Sources: []scrub.Source{guide, icd10}, Run: diagnosisInvalid,
	},
	{
		ID: "DX103", Name: "diagnosis-laterality", Severity: scrub.Info,
		What:    "a diagnosis leaves the side open where sided codes exist",
		Denials: []scrub.Denial{{Group: "CO", CARC: "16", RARCs: []string{"M81"}}},
		Sources: []scrub.Source{icd10}, Run: laterality,
	},
	{
		ID: "DX104", Name: "diagnosis-not-covered", Severity: scrub.Warning, Needs: scrub.NeedsPolicy,
		What:    "none of the line's diagnoses is in the coverage table of the payer's profile for its code",
		Denials: []scrub.Denial{{Group: "CO", CARC: "50", RARCs: []string{"N115"}}},
		Sources: []scrub.Source{ownPolicy}, Run: diagnosisNotCovered,
	},
	{
		ID: "DX105", Name: "gait-diagnosis", Severity: scrub.Info,
		What:    "gait training (97116) without a diagnosis that suggests a gait deficit; a hint of low confidence",
		Denials: []scrub.Denial{{Group: "CO", CARC: "50"}},
		Sources: []scrub.Source{{Text: "contractors' coverage articles; no national list exists"}}, Run: gaitDiagnosis,
	},
}

func pointers(p *scrub.Pass) {
	c := p.Claim
	for i := range c.Lines {
		l := &c.Lines[i]
		if l.SV1 < 0 {
			continue
		}
		if pointAtDiagnoses(c.Element(l.SV1, 7), c.Delims().Component, len(c.Diagnoses)) {
			continue
		}
		s := c.Segment(l.SV1)
		v := s.Element(7)
		if v.Empty() {
			p.Report(p.SV1(l, 7, 0), nil, "SV107 is empty: the line points at no diagnosis")
			continue
		}
		for n := 1; n <= v.Components(); n++ {
			pointer := v.Component(n)
			if pointer.Empty() && n > 1 {
				continue
			}
			if k := small(pointer.Raw); k < 1 || k > len(c.Diagnoses) {
				p.Report(p.SV1(l, 7, n), nil, "SV107 points at a diagnosis that is not there; the claim carries %d", len(c.Diagnoses))
				break
			}
		}
	}
}

// pointAtDiagnoses reports whether raw is what it usually is: single digits with a
// separator between them, each the number of a diagnosis. Nearly every line passes
// here, and need not be looked at in detail.
func pointAtDiagnoses(raw []byte, separator byte, count int) bool {
	for i, c := range raw {
		if i%2 == 0 && (c < '1' || int(c-'0') > min(count, 9)) || i%2 == 1 && c != separator {
			return false
		}
	}
	return len(raw)%2 == 1
}

// small reads one or two digits; 0 for anything else.
func small(b []byte) int {
	if len(b) == 0 || len(b) > 2 {
		return 0
	}
	n := 0
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0
		}
		n = n*10 + int(c-'0')
	}
	return n
}

// invalidFrom are codes that were divided: the day from which the short form is
// no longer valid.
var invalidFrom = map[string]struct {
	day     edi.Date
	instead string
}{
	"M545": {20211001, "M54.50, M54.51 or M54.59"},
}

func diagnosisInvalid(p *scrub.Pass) {
	c := p.Claim
	for _, d := range c.Diagnoses {
		if !d.ICD10() {
			continue
		}
		code := d.Code
		if check.ValidDiagnosis(code) && (invalidFrom[string(code)].day == 0) {
			continue
		}
		at := p.At(d.Segment, d.Element, 2)
		if i := bytes.IndexByte(code, '.'); i >= 0 {
			bare := bytes.ReplaceAll(code, []byte{'.'}, nil)
			var fix *scrub.Fix
			if i == 3 && check.ValidDiagnosis(bare) {
				s := c.Segment(d.Segment)
				if e, err := s.SetComponent(d.Element, 2, bare); err == nil {
					fix = &scrub.Fix{Safety: scrub.Safe, Message: "remove the decimal point", Edits: []edi.Edit{e}}
				}
			}
			p.Report(at, fix, "diagnosis is sent with a decimal point")
			code = bare
		}
		if !check.ValidDiagnosis(code) {
			p.Report(at, nil, "diagnosis is not of the shape of an ICD-10-CM code")
			continue
		}
		rule, ok := invalidFrom[string(code)]
		if !ok {
			continue
		}
		if i := slices.IndexFunc(c.Lines, func(l scrub.Line) bool { return l.Period.To >= rule.day }); i >= 0 {
			p.Report(at, nil, "diagnosis %s is not valid for service from %s; use %s", code, rule.day, rule.instead)
		}
	}
}

// unsided are codes for an unspecified side of what has sided codes beside it.
var unsided = map[string]bool{
	"G8100": true, "G8110": true, "G8190": true, "G8310": true, "G8320": true, "G8330": true,
	"I69059": true, "I69159": true, "I69259": true, "I69359": true, "I69859": true, "I69959": true,
	"M25519": true, "M25529": true, "M25539": true, "M25549": true, "M25559": true, "M25569": true, "M25579": true,
	"M25619": true, "M25629": true, "M25639": true, "M25649": true, "M25659": true, "M25669": true, "M25676": true, "M25673": true,
	"M7500": true, "M75100": true, "M7540": true, "M7550": true, "M79603": true, "M79606": true,
	"M1610": true, "M1710": true, "M7700": true, "M7710": true, "G5600": true, "G5620": true,
}

func laterality(p *scrub.Pass) {
	for _, d := range p.Claim.Diagnoses {
		code := d.Code
		if bytes.IndexByte(code, '.') >= 0 {
			code = bytes.ReplaceAll(code, []byte{'.'}, nil)
		}
		if d.ICD10() && unsided[string(code)] {
			p.Report(p.At(d.Segment, d.Element, 2), nil, "diagnosis %s leaves the side open; codes for right and left exist", code)
		}
	}
}

// diagnosisNotCovered looks at the diagnoses that the line points at.
func diagnosisNotCovered(p *scrub.Pass) {
	c := p.Claim
	if len(c.Profile.Coverage) == 0 {
		return
	}
	lines(p, func(l *scrub.Line) {
		if l.Code == 0 || l.Date() == 0 {
			return
		}
		pointed := pointedAt(c, l)
		listed, source := false, ""
		for i := range c.Profile.Coverage {
			k := &c.Profile.Coverage[i]
			if !k.Codes.Has(l.Code) || l.Day() < k.From || l.Day() > k.To {
				continue
			}
			if slices.ContainsFunc(pointed, k.Covers) {
				return
			}
			listed, source = true, k.Source
		}
		if !listed || len(pointed) == 0 {
			return // no table for the code, or DX101 says that it points at nothing
		}
		if source != "" {
			source = " (" + source + ")"
		}
		p.Report(p.SV1(l, 7, 0), nil, "%s: none of its diagnoses is covered by the payer for it%s", l.Code, source)
	})
}

// pointedAt are the diagnoses of a line, without decimal points.
func pointedAt(c *scrub.Claim, l *scrub.Line) (list [][]byte) {
	v := c.Segment(l.SV1)
	pointers := v.Element(7)
	for n := 1; n <= pointers.Components(); n++ {
		if k := small(pointers.Component(n).Raw); k >= 1 && k <= len(c.Diagnoses) {
			list = append(list, bytes.ReplaceAll(c.Diagnoses[k-1].Code, []byte{'.'}, nil))
		}
	}
	return list
}

// gaitRelated are beginnings of codes that may stand behind a gait deficit:
// symptoms of gait and falls, the nervous and musculoskeletal systems, sequelae of
// stroke, injuries, amputation, aftercare and joint replacement.
var gaitRelated = []string{"R26", "R27", "R29", "R54", "R53", "M", "G", "I6", "S", "T", "Z47", "Z48", "Z89", "Z9181", "Z96", "Z97", "Z98", "Z74", "Z44", "Q", "C", "D"}

func gaitDiagnosis(p *scrub.Pass) {
	c := p.Claim
	gait := -1
	for i := range c.Lines {
		if c.Lines[i].Code == code97116 {
			gait = i
			break
		}
	}
	if gait < 0 || len(c.Diagnoses) == 0 || !c.Diagnoses[0].ICD10() {
		return
	}
	for _, d := range c.Diagnoses {
		for _, prefix := range gaitRelated {
			if strings.HasPrefix(string(d.Code), prefix) {
				return
			}
		}
	}
	p.Report(p.Service(&c.Lines[gait]), nil, "97116 without a diagnosis that suggests a gait deficit")
}
