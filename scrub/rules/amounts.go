package rules

import (
	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/scrub"
)

var amounts = []scrub.Rule{
	{
		ID: "AM101", Name: "claim-total", Severity: scrub.Error, OnVoid: true,
		What: "CLM02 is not the sum of the line charges", Fixes: []scrub.Safety{scrub.Unsafe},
		Denials: []scrub.Denial{{Group: "CO", CARC: "16", RARCs: []string{"M54"}}},
		Sources: []scrub.Source{guide}, Run: claimTotal,
	},
	{
		ID: "AM102", Name: "cob-balance", Severity: scrub.Error, Scope: scrub.ScopeGuide,
		What:    "what another payer paid and adjusted does not come to the charge",
		Denials: []scrub.Denial{{Group: "CO", CARC: "16", RARCs: []string{"N4"}}},
		Sources: []scrub.Source{guide},
	},
	{
		ID: "AM103", Name: "remittance-balance", Severity: scrub.Error, Scope: scrub.ScopeGuide,
		What:    "the amounts of a remittance do not come to each other: charge, adjustments and payment of a line or claim, or claims and total",
		Sources: []scrub.Source{scrub.RemittanceGuide},
	},
}

func claimTotal(p *scrub.Pass) {
	c := p.Claim
	if len(c.Lines) == 0 {
		return
	}
	var sum edi.Amount
	for i := range c.Lines {
		if c.Lines[i].ChargeErr != nil {
			return // not a number: a fault of the element, and no sum can be made
		}
		sum += c.Lines[i].Charge
	}
	total, err := edi.ParseAmount(c.Element(0, 2))
	if err == nil && total == sum {
		return
	}
	var fix *scrub.Fix
	if e, err := p.Set(0, 2, sum.Append(nil, false)); err == nil {
		fix = &scrub.Fix{Safety: scrub.Unsafe, Message: "set CLM02 to " + sum.String(), Edits: []edi.Edit{e}}
	}
	if err != nil {
		p.Report(p.At(0, 2, 0), fix, "CLM02 is not an amount; the lines add up to $%s", sum)
		return
	}
	p.Report(p.At(0, 2, 0), fix, "CLM02 is $%s, the lines add up to $%s", total, sum)
}
