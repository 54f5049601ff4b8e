package app

import (
	"context"
	"slices"

	"github.com/gaitkeeper/gaitkeeper/remit"
	"github.com/gaitkeeper/gaitkeeper/scrub"
	"github.com/gaitkeeper/gaitkeeper/scrub/ncci"
	"github.com/gaitkeeper/gaitkeeper/scrub/therapy"
)

// foresight is what scrub finds on the claims that were denied.
type foresight map[int][]foreseen

// foreseen is a finding of a rule that predicts denials.
type foreseen struct {
	rule     *scrub.Rule
	severity scrub.Severity
	line     int   // from 0; -1 for the claim
	near     []int // other lines that the same fault may be denied on
	number   int   // LX01
	message  string
	fix      string
	fixText  string
}

// foresee scrubs the claims that remittances deny.
func (r *reconciler) foresee(ctx context.Context, index *remit.Index, claims []sentFile) error {
	denied := r.run.Denied()
	if len(denied) == 0 {
		return nil
	}
	run := r.basis.runner(predicting(r.basis.catalogue), r.jobs)
	for _, in := range claims {
		if _, err := run.Survey(ctx, in.Input); err != nil {
			return named(in.Name, err)
		}
	}
	found := foresight{}
	for _, in := range claims {
		start := index.Start(in.number)
		err := run.Scrub(ctx, in.Input, func(res *scrub.Result) error {
			if res.Claim == nil || !denied[start+res.Claim.Ordinal] {
				return nil
			}
			n := start + res.Claim.Ordinal
			for i := range res.Findings {
				found[n] = append(found[n], newForeseen(&res.Findings[i], index, n, r.basis.reference.Tables))
			}
			return nil
		})
		if err != nil {
			return named(in.Name, err)
		}
	}
	r.run.Predictor = found
	return nil
}

func newForeseen(f *scrub.Finding, index *remit.Index, claim int, tables *ncci.Tables) foreseen {
	out := foreseen{rule: f.Rule, severity: f.Severity, line: index.LineAt(claim, f.LineNo), number: f.LineNo, message: f.Message}
	if f.Fix != nil {
		out.fix, out.fixText = f.Fix.Safety.String(), f.Fix.Message
	}
	if reach := reaches[f.Rule.Family()]; reach != nil && out.line >= 0 {
		found := index.Service(claim, out.line)
		for k := range index.Services(claim) {
			if s := index.Service(claim, k); k != out.line && s.Date == found.Date && reach(f.Rule, tables, found, s) {
				out.near = append(out.near, k)
			}
		}
	}
	return out
}

// reaches says, for families of rules that look at a whole day, on which other line
// of the day a payer may deny what is found on one.
var reaches = map[string]func(r *scrub.Rule, tables *ncci.Tables, found, denied remit.Service) bool{
	// Of units that are counted by the day, any line of the code may fall; of minutes,
	// any timed one.
	"UN": func(r *scrub.Rule, _ *ncci.Tables, found, denied remit.Service) bool {
		return found.Code == denied.Code || r.Needs&scrub.NeedsLog != 0 && timed(found.Code) && timed(denied.Code)
	},
	"DU": func(_ *scrub.Rule, _ *ncci.Tables, found, denied remit.Service) bool {
		return found.Code == denied.Code
	},
	// Of a pair, either.
	"BU": func(_ *scrub.Rule, tables *ncci.Tables, found, denied remit.Service) bool {
		a, ok := therapy.ParseCode([]byte(found.Code))
		b, ok2 := therapy.ParseCode([]byte(denied.Code))
		if !ok || !ok2 {
			return false
		}
		_, paired := tables.Pair(a, b, int32(found.Date))
		return paired
	},
}

func timed(code string) bool {
	c, ok := therapy.ParseCode([]byte(code))
	p := therapy.Lookup(c)
	return ok && p != nil && p.Pool
}

// Predict is the finding that fits a denial best: on the same line if possible, and
// of a rule that names its remark codes.
func (f foresight) Predict(claim, line int, d remit.Denial) *remit.Prediction {
	best, score := -1, 0
	list := f[claim]
	for i := range list {
		if s := list[i].fits(line, d); s > score {
			best, score = i, s
		}
	}
	if best < 0 {
		return nil
	}
	b := &list[best]
	return &remit.Prediction{Rule: b.rule.ID, Name: b.rule.Name, Message: b.message, Line: b.number, Fix: b.fix, FixText: b.fixText}
}

// fits says how well a finding explains a denial; 0 for not at all.
func (f *foreseen) fits(line int, d remit.Denial) (best int) {
	for _, p := range f.rule.Denials {
		best = max(best, likeness(p, d))
	}
	if best == 0 {
		return 0
	}
	switch {
	case line < 0 || f.line == line:
		best += 32
	case f.line < 0:
		best += 16
	case !slices.Contains(f.near, line):
		return 0 // another line's fault
	}
	return best*4 + int(f.severity)
}

// likeness compares a denial with one that a rule predicts; 0 where they differ.
func likeness(p scrub.Denial, d remit.Denial) int {
	if p.CARC != d.CARC {
		return 0
	}
	n := 2
	if p.Group == d.Group {
		n++
	}
	named := slices.ContainsFunc(p.RARCs, func(r string) bool { return slices.Contains(d.RARCs, r) })
	switch {
	case named:
		n += 8
	case len(p.RARCs) == 0:
		n += 4
	case vague[p.CARC] && len(d.RARCs) > 0:
		return 0 // the remark code is what tells, and it is another one
	}
	return n
}

// vague are reasons that mean nothing without a remark code.
var vague = map[string]bool{"16": true, "96": true, "129": true, "148": true, "226": true, "227": true, "252": true, "A1": true}
