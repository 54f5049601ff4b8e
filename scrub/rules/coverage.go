package rules

import (
	"bytes"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/edi/x837"
	"github.com/gaitkeeper/gaitkeeper/scrub"
	"github.com/gaitkeeper/gaitkeeper/scrub/payer"
	"github.com/gaitkeeper/gaitkeeper/scrub/therapy"
)

var coverage = []scrub.Rule{
	{
		ID: "CV101", Name: "snf-inpatient", Severity: scrub.Error, When: scrub.InFacility,
		What: "Medicare therapy with place of service 31: the skilled nursing facility bills it",
		Denials: []scrub.Denial{
			{Group: "CO", CARC: "109", RARCs: []string{"N538"}}, {Group: "CO", CARC: "190"},
		},
		Sources: []scrub.Source{snf}, Run: placed("therapy of a patient in a skilled nursing facility is billed by the facility", "31"),
	},
	{
		ID: "CV102", Name: "nursing-facility", Severity: scrub.Warning, When: scrub.InFacility,
		What:    "Medicare therapy with place of service 32: only right for a resident who is no patient of a skilled nursing facility",
		Denials: []scrub.Denial{{Group: "CO", CARC: "109"}},
		Sources: []scrub.Source{snf}, Run: placed("right only for a resident who is no patient of a skilled nursing facility", "32"),
	},
	{
		ID: "CV103", Name: "home-health-overlap", Severity: scrub.Warning, When: scrub.AtHome,
		What: "Medicare therapy at home, or of a homebound patient: bundled if a home health episode is open",
		Denials: []scrub.Denial{
			{Group: "CO", CARC: "B20"}, {Group: "CO", CARC: "97", RARCs: []string{"N70"}},
		},
		Sources: []scrub.Source{homeCare}, Run: homeHealth,
	},
	{
		ID: "CV104", Name: "facility-setting", Severity: scrub.Warning, When: scrub.InFacility,
		What:    "a therapist bills Medicare for place of service 19, 21, 22 or 23: the hospital bills that",
		Denials: []scrub.Denial{{Group: "CO", CARC: "5", RARCs: []string{"M77"}}},
		Sources: []scrub.Source{pfs}, Run: facilitySetting,
	},
	{
		ID: "CV105", Name: "certifier-missing", Severity: scrub.Error,
		What: "a Medicare therapy claim without a referring provider (NM1*DN) with an NPI",
		Denials: []scrub.Denial{
			{Group: "CO", CARC: "16", RARCs: []string{"N285"}}, {Group: "CO", CARC: "16", RARCs: []string{"N286"}},
		},
		Sources: []scrub.Source{certify}, Run: certifierMissing,
	},
	{
		ID: "CV106", Name: "authorization-missing", Severity: scrub.Warning, Needs: scrub.NeedsPolicy,
		What:    "the payer's profile asks for a prior authorization number (REF*G1), and neither claim nor line has one",
		Denials: []scrub.Denial{{Group: "CO", CARC: "197"}},
		Sources: []scrub.Source{guide, ownPolicy}, Run: authorizationMissing,
	},
	{
		ID: "CV107", Name: "certification-window", Severity: scrub.Warning, Needs: scrub.NeedsPlan,
		What:    "a service date outside the certified windows of the plan of care, of which each counts for 90 days at most",
		Denials: []scrub.Denial{{Group: "CO", CARC: "50", RARCs: []string{"N485"}}},
		Sources: []scrub.Source{planOfCare}, Run: certificationWindow,
	},
	{
		ID: "CV108", Name: "assistant-as-renderer", Severity: scrub.Error,
		What:    "the rendering provider has the taxonomy of an assistant",
		Denials: []scrub.Denial{{Group: "CO", CARC: "170"}, {Group: "CO", CARC: "185"}},
		Sources: []scrub.Source{nucc, mcpm20_1}, Run: assistantRenders,
	},
	{
		ID: "CV109", Name: "payer-limit", Severity: scrub.Warning, Needs: scrub.NeedsPolicy, Scope: scrub.ScopeVisit,
		What:    "more units of a visit or day than the payer's profile says that it pays",
		Denials: []scrub.Denial{{Group: "CO", CARC: "119"}, {Group: "CO", CARC: "222"}},
		Sources: []scrub.Source{ownPolicy}, Run: payerLimit,
	},
	{
		ID: "CV110", Name: "narrative-missing", Severity: scrub.Error, When: scrub.Unlisted,
		What: "an unlisted code without a description in SV101-7 or NTE",
		Denials: []scrub.Denial{
			{Group: "CO", CARC: "16", RARCs: []string{"N706"}}, {Group: "CO", CARC: "16", RARCs: []string{"M51"}},
		},
		Sources: []scrub.Source{guide}, Run: narrativeMissing,
	},
	{
		ID: "CV111", Name: "replacement-refused", Severity: scrub.Error, OnVoid: true,
		What:    "a claim with frequency 7 or 8 (CLM05-3) to a payer whose profile takes none",
		Sources: []scrub.Source{guide, ownPolicy}, Run: replacementRefused,
	},
}

// byPlace calls f once for the claim, or once for each line whose place of
// service is its own, where a therapy line to Medicare has a place in the list.
func byPlace(p *scrub.Pass, places []string, f func(at scrub.Place, l *scrub.Line)) {
	if !p.Claim.Profile.Medicare {
		return
	}
	told := false
	lines(p, func(l *scrub.Line) {
		in := false
		for _, place := range places {
			in = in || string(l.Place) == place
		}
		if !in || !l.Therapy() {
			return
		}
		own := len(p.Claim.Element(l.SV1, 5)) > 0
		switch {
		case own:
			f(p.SV1(l, 5, 0), l)
		case !told:
			told = true
			f(p.At(0, 5, 1), l)
		}
	})
}

func placed(why string, places ...string) func(*scrub.Pass) {
	return func(p *scrub.Pass) {
		byPlace(p, places, func(at scrub.Place, l *scrub.Line) {
			p.Report(at, nil, "place of service %s: %s", l.Place, why)
		})
	}
}

var tagCRC = edi.TagOf("CRC")

func homeHealth(p *scrub.Pass) {
	told := false
	byPlace(p, []string{"12", "13", "14"}, func(at scrub.Place, l *scrub.Line) {
		told = true
		p.Report(at, nil, "place of service %s: not paid while a home health episode is open", l.Place)
	})
	if told || !p.Claim.Profile.Medicare {
		return
	}
	if i := p.Claim.Find(x837.Loop2300, tagCRC, "75"); i >= 0 && string(p.Claim.Element(i, 2)) == "Y" {
		for j := range p.Claim.Lines {
			if p.Claim.Lines[j].Therapy() {
				p.Report(p.At(i, 1, 0), nil, "the patient is homebound: not paid while a home health episode is open")
				return
			}
		}
	}
}

func facilitySetting(p *scrub.Pass) {
	byPlace(p, []string{"19", "21", "22", "23"}, func(at scrub.Place, l *scrub.Line) {
		if l.Rendering.Discipline() != 0 {
			p.Report(at, nil, "place of service %s: Medicare pays the hospital, not the therapist", l.Place)
		}
	})
}

// certifierMissing looks for a referring provider on the claim, or on every
// therapy line that has none above it.
func certifierMissing(p *scrub.Pass) {
	c := p.Claim
	if !c.Profile.Medicare {
		return
	}
	if i := c.Find(x837.Loop2310A, tagNM1, "DN"); i >= 0 && hasNPI(c, i) {
		return
	}
	for i := range c.Lines {
		l := &c.Lines[i]
		if !l.Therapy() {
			continue
		}
		if j := c.FindIn(&l.Line, x837.Loop2420F, tagNM1, "DN"); j >= 0 && hasNPI(c, j) {
			continue
		}
		if j := c.Find(x837.Loop2310A, tagNM1, "DN"); j >= 0 {
			p.Report(p.At(j, 9, 0), nil, "the referring provider, who certifies the plan of care, has no NPI")
		} else {
			p.Report(p.At(0, 0, 0), nil, "no referring provider (NM1*DN): Medicare wants the practitioner who certifies the plan of care")
		}
		return
	}
}

func hasNPI(c *scrub.Claim, i int) bool {
	return string(c.Element(i, 8)) == "XX" && len(bytes.TrimSpace(c.Element(i, 9))) > 0
}

func assistantRenders(p *scrub.Pass) {
	providers(p, tagPRV, func(at scrub.Place, i int) {
		who := therapy.Assistant(at.Level.Element(i, 3))
		if who == 0 {
			return
		}
		if at.Level == p.Claim.Billing && !billingRenders(p.Claim) {
			return
		}
		at.Element = 3
		p.Report(at, nil, "the rendering provider's taxonomy is that of an assistant (%s); the supervising therapist renders", who)
	})
}

// billingRenders reports whether no rendering provider is named.
func billingRenders(c *scrub.Claim) bool {
	return c.Find(x837.Loop2310B, tagNM1, "82") < 0
}

var tagNTE, tagREF = edi.TagOf("NTE"), edi.TagOf("REF")

func narrativeMissing(p *scrub.Pass) {
	c := p.Claim
	lines(p, func(l *scrub.Line) {
		if l.Procedure == nil || !l.Procedure.Unlisted {
			return
		}
		s := c.Segment(l.SV1)
		described := !s.Element(1).Component(7).Empty() ||
			c.FindIn(&l.Line, x837.Loop2400, tagNTE, "") >= 0 || c.Find(x837.Loop2300, tagNTE, "") >= 0
		if !described {
			p.Report(p.SV1(l, 1, 7), nil, "%s is an unlisted code and needs a description in SV101-7 or NTE", l.Code)
		}
	})
}

// authorizationMissing looks for REF*G1 on the claim, or on every line whose code
// needs it.
func authorizationMissing(p *scrub.Pass) {
	c := p.Claim
	need := c.Profile.Authorization
	if need.Empty() || c.Find(x837.Loop2300, tagREF, "G1") >= 0 {
		return
	}
	lines(p, func(l *scrub.Line) {
		if need.Has(l.Code) && c.FindIn(&l.Line, x837.Loop2400, tagREF, "G1") < 0 {
			p.Report(p.Service(l), nil, "%s needs a prior authorization for this payer, and there is no REF*G1", l.CodeText)
		}
	})
}

// certified is the longest time for which one certification of a plan of care counts.
var certified = payer.Term{N: 90, Span: payer.Days}

func certificationWindow(p *scrub.Pass) {
	windows := p.Plan.Of(p.Claim.ID())
	if windows == nil {
		return
	}
	lines(p, func(l *scrub.Line) {
		if !l.Therapy() || l.Date() == 0 {
			return
		}
		long := false
		for _, w := range windows {
			if l.Period.From < w.From || l.Period.To > w.To {
				continue
			}
			if int32(l.Period.To) <= certified.Last(int32(w.From)) {
				return
			}
			long = true
		}
		at := p.On(l, max(l.Line.Date, l.First), 3, 0)
		if long {
			p.Report(at, nil, "%s on %s is more than 90 days after the plan of care was certified", l.Code, l.Date())
		} else {
			p.Report(at, nil, "%s on %s is outside the certified plan of care", l.Code, l.Date())
		}
	})
}

// capUnits is the units of a service that a cap counts.
func capUnits(k *payer.Cap, code therapy.Code, units int) int {
	if k.Codes.Has(code) || k.Codes.Empty() && pooled(therapy.Lookup(code)) {
		return units
	}
	return 0
}

func payerLimit(p *scrub.Pass) {
	c := p.Claim
	for k := range c.Profile.Caps {
		most := &c.Profile.Caps[k]
		for i := range c.Visits {
			v := &c.Visits[i]
			if day := int32(v.Date); day < most.From || day > most.To || most.Per == payer.PerDay && dateBefore(c.Visits[:i], v.Date) {
				continue
			}
			sum := 0
			others := [][]scrub.Service{v.Others}
			if most.Per == payer.PerDay {
				others = append(others, v.Elsewise)
			}
			for _, list := range others {
				for j := range list {
					if s := &list[j]; s.Before(c) {
						sum += capUnits(most, s.Code, s.Units)
					}
				}
			}
			for j := range c.Lines {
				l := &c.Lines[j]
				if l.SV1 < 0 || l.Date() != v.Date || most.Per == payer.PerVisit && string(l.Rendering.ID) != string(v.Provider) {
					continue
				}
				before := sum
				if sum += capUnits(most, l.Code, l.Count()); sum > most.Units && before <= most.Units {
					p.Report(p.SV1(l, 4, 0), nil, "%d units with %s on %s: the payer pays %d a %s", sum, l.Code, l.Date(), most.Units, most.Per)
				}
			}
		}
	}
}

func replacementRefused(p *scrub.Pass) {
	if f := p.Claim.Frequency; p.Claim.Profile.NoReplacement && (f == '7' || f == '8') {
		p.Report(p.At(0, 5, 3), nil, "the payer takes no claim with frequency %c", f)
	}
}
