package scrub

import (
	"slices"
	"strconv"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/edi/guide"
)

// FromGuide is a problem found against the guide as a finding of a rule, which is the
// row of the catalogue with the problem's id.
func FromGuide(p *guide.Problem, r *Rule) Finding {
	f := Finding{
		Rule: r, Severity: Warning, Claim: p.Claim, Message: p.Message, Segment: p.Text, Delims: p.Delims, Guide: p, line: -1,
		Where: Where{Span: p.Span, Pos: p.Pos, Loop: p.Loop, Tag: p.Segment, Element: p.Element, Component: p.Component},
	}
	f.Where.Pos.SetSegment = p.SetSegment // that of a missing segment is where it should stand
	if p.Severity == guide.Error {
		f.Severity = Error
	}
	if n, err := strconv.Atoi(p.Line); err == nil && n > 0 {
		f.LineNo = n
	}
	if p.Fix != nil {
		f.Fix = &Fix{Safety: Safe, Message: p.Fix.Message, Edits: p.Fix.Edits}
	}
	return f
}

// Sources are those of the rule; for a problem of a remittance, its guide is the one of
// remittances.
func (f *Finding) Sources() []Source {
	if f.Guide == nil || f.Guide.Set != "835" {
		return f.Rule.Sources
	}
	own := slices.Clone(f.Rule.Sources)
	for i := range own {
		if own[i] == ProfessionalGuide {
			own[i] = RemittanceGuide
		}
	}
	return own
}

// guided are problems that a batch was read with.
type guided struct {
	list   []guide.Problem
	before int // of the claim that they stand in or before
}

// guideFindings turns problems into findings, in the order of the problems. Envelopes
// have rules of their own. What a rule found in the claim itself is not told again.
func (r *Runner) guideFindings(list []guide.Problem, claim *Result) (found []Finding) {
	for i := range list {
		rule := Find(r.Rules, list[i].Rule)
		if rule == nil || rule.Scope == ScopeEnvelope {
			continue
		}
		f := FromGuide(&list[i], rule)
		if rule.Scope == ScopeGuide || claim == nil || !slices.ContainsFunc(claim.Findings, f.repeats) {
			found = append(found, f)
		}
	}
	return found
}

// repeats reports whether another finding is of the same rule and element.
func (f *Finding) repeats(o Finding) bool {
	a, b := &f.Where, &o.Where
	return f.Rule == o.Rule && a.Pos.Offset == b.Pos.Offset && (a.Element == b.Element || a.Element == 0 || b.Element == 0)
}

// applyGuide applies the safe fixes of findings to a result, each whole.
func (r *Runner) applyGuide(res *Result, found []Finding) {
	for i := range found {
		f := &found[i]
		if !r.Fix || f.Fix == nil {
			continue
		}
		patch, err := edi.NewPatch(append(slices.Clone([]edi.Edit(res.Edits)), f.Fix.Edits...)...)
		if err != nil {
			continue // another fix changes the same bytes
		}
		if res.Claim != nil {
			patched, err := res.Claim.Patched(patch)
			if err != nil {
				continue
			}
			res.Patched = patched
		}
		f.Fixed, res.Edits = true, patch
		res.Applied = append(res.Applied, Applied{Rule: f.Rule, LineNo: f.LineNo, Safety: Safe, Message: f.Fix.Message})
	}
	res.Findings = append(res.Findings, found...)
	slices.SortStableFunc(res.Findings, func(a, b Finding) int { return int(a.Where.Span.Start - b.Where.Span.Start) })
}
