package scrub

import (
	"fmt"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/edi/x837"
	"github.com/gaitkeeper/gaitkeeper/scrub/ncci"
	"github.com/gaitkeeper/gaitkeeper/scrub/payer"
)

// Data is what rules look up beside the claim.
type Data struct {
	Tables   *ncci.Tables
	Medicaid *ncci.Tables // for claims of Medicaid, whose edits differ; nil: Tables
	Days     *Days        // nil: no other claims are known
	Log      *Log         // nil: no treatment log
	YTD      *YTD         // nil: no amounts
	Plan     *Plan        // nil: no plans of care

	allowed map[uint64][]Allowance // by person: what the history knows; nil without one
}

// KnowsAmounts reports whether amounts allowed this year may be known at all.
func (d *Data) KnowsAmounts() bool { return d.YTD != nil || d.allowed != nil }

// tablesFor are the tables for claims of a payer.
func (d *Data) tablesFor(p *payer.Profile) *ncci.Tables {
	if p.Medicaid && d.Medicaid != nil {
		return d.Medicaid
	}
	return d.Tables
}

// Pass is a run of one rule over one claim: all that the rule may know, and
// where it reports.
type Pass struct {
	Claim *Claim
	*Data
	Tables *ncci.Tables // of Data, those for the claim's payer

	rule     *Rule
	findings []Finding
}

// Place is an element on the claim or on a level above it.
type Place struct {
	Level              *x837.Level
	Segment            int // number in the level
	Element, Component int
	Line               *Line // nil for the claim as a whole
}

// At is a place on the claim, outside its lines.
func (p *Pass) At(segment, element, component int) Place {
	return Place{&p.Claim.Level, segment, element, component, nil}
}

// In is a place on another level than the claim's own.
func (p *Pass) In(level *x837.Level, segment, element int) Place {
	return Place{level, segment, element, 0, nil}
}

// On is a place on a service line, by a segment of its loop.
func (p *Pass) On(l *Line, segment, element, component int) Place {
	return Place{&p.Claim.Level, segment, element, component, l}
}

// OnSegment is an element of a segment of the claim or of a line.
func (p *Pass) OnSegment(s Segment, element int) Place {
	if s.Line < 0 {
		return p.At(s.Index, element, 0)
	}
	return p.On(&p.Claim.Lines[s.Line], s.Index, element, 0)
}

// Service is the procedure code of a line (SV101-2).
func (p *Pass) Service(l *Line) Place { return p.SV1(l, 1, 2) }

// SV1 is an element of the line's SV1, or the LX where it has none.
func (p *Pass) SV1(l *Line, element, component int) Place {
	if l.SV1 < 0 {
		return p.On(l, l.First, 1, 0)
	}
	return p.On(l, l.SV1, element, component)
}

// As makes what is reported next a finding of a rule: of those that a batch judges.
func (p *Pass) As(rule *Rule) { p.rule = rule }

// Report adds a finding of the running rule.
func (p *Pass) Report(at Place, fix *Fix, format string, args ...any) {
	p.ReportAs(p.rule.Severity, at, fix, format, args...)
}

// ReportAs is Report with a severity of its own.
func (p *Pass) ReportAs(sev Severity, at Place, fix *Fix, format string, args ...any) {
	f := Finding{
		Rule: p.rule, Severity: sev, Claim: string(p.Claim.ID()),
		Message: fmt.Sprintf(format, args...), Fix: fix, line: -1,
	}
	f.place(at)
	if l := at.Line; l != nil {
		f.line = l.Index
		f.Line, f.LineNo = string(p.Claim.LineControl(l)), p.Claim.LineNumber(l)
		f.Code, f.Date = string(l.CodeText), l.Period.From
	}
	p.findings = append(p.findings, f)
}

// NotJudged says that the running rule could not be judged here, and why. That is an
// info whatever severity a policy gives the rule.
func (p *Pass) NotJudged(at Place, why error) {
	p.ReportAs(Info, at, nil, "not judged by this rule: %s", why)
	p.findings[len(p.findings)-1].unjudged = true
}

func (f *Finding) place(at Place) {
	s := at.Level.Segment(at.Segment)
	f.Segment, f.Delims = append([]byte(nil), s.Raw()...), s.Delims()
	span := s.Span()
	if at.Element > 0 {
		v := s.Element(at.Element)
		if at.Component > 0 {
			v = v.Component(at.Component)
		}
		span = v.Span
	}
	f.Where = Where{
		Span: span, Pos: s.Pos(), Loop: at.Level.Loop(at.Segment).String(), Tag: s.Tag().String(),
		Element: at.Element, Component: at.Component,
	}
}

// Set is the edit that makes an element of the claim value.
func (p *Pass) Set(segment, element int, value []byte) (edi.Edit, error) {
	s := p.Claim.Segment(segment)
	return s.Set(element, value)
}

// EnvelopePass is a run of one rule over the beginning or end of an envelope.
type EnvelopePass struct {
	x837.Event
	Repeated bool // a header whose control number stood in the same envelope before

	rule     *Rule
	findings []Finding
}

// Report adds a finding on an element of the header or trailer.
func (p *EnvelopePass) Report(level *x837.Level, element int, fix *Fix, format string, args ...any) {
	f := Finding{Rule: p.rule, Severity: p.rule.Severity, Message: fmt.Sprintf(format, args...), Fix: fix, line: -1}
	f.place(Place{Level: level, Element: element})
	p.findings = append(p.findings, f)
}
