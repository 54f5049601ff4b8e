package rules

import (
	"github.com/gaitkeeper/gaitkeeper/edi"
	check "github.com/gaitkeeper/gaitkeeper/edi/guide"
	"github.com/gaitkeeper/gaitkeeper/edi/x837"
	"github.com/gaitkeeper/gaitkeeper/scrub"
)

var (
	tagNM1 = edi.TagOf("NM1")
	tagPRV = edi.TagOf("PRV")
)

var identifiers = []scrub.Rule{
	{
		ID: "ID101", Name: "npi-check-digit", Severity: scrub.Error, OnVoid: true,
		What:    "a provider identifier with qualifier XX is not ten digits with a valid check digit",
		Denials: []scrub.Denial{{Group: "CO", CARC: "16", RARCs: []string{"N257"}}, {Group: "CO", CARC: "208"}},
		Sources: []scrub.Source{luhn}, Run: npi,
	},
	{
		ID: "ID102", Name: "taxonomy-format", Severity: scrub.Error, OnVoid: true,
		What:    "PRV03 is not a provider taxonomy code: three digits, six letters or digits and X",
		Denials: []scrub.Denial{{Group: "CO", CARC: "16", RARCs: []string{"N255"}}},
		Sources: []scrub.Source{nucc}, Run: taxonomy,
	},
}

// providers calls f for every segment of a tag on the billing level and the claim.
func providers(p *scrub.Pass, tag edi.Tag, f func(at scrub.Place, segment int)) {
	c := p.Claim
	for _, i := range c.Above {
		if c.Billing.Tag(i) == tag {
			f(p.In(c.Billing, i, 0), i)
		}
	}
	for _, s := range c.Named {
		if c.Tag(s.Index) == tag {
			f(p.OnSegment(s, 0), s.Index)
		}
	}
}

func npi(p *scrub.Pass) {
	providers(p, tagNM1, func(at scrub.Place, i int) {
		if string(at.Level.Element(i, 8)) != "XX" || check.ValidNPI(at.Level.Element(i, 9)) {
			return
		}
		at.Element = 9
		p.Report(at, nil, "NPI of %s is not ten digits with a valid check digit", role(at.Level, i))
	})
}

var roles = map[string]string{
	"85": "the billing provider", "82": "the rendering provider", "DN": "the referring provider", "P3": "the primary care provider",
	"77": "the service facility", "DQ": "the supervising provider", "DK": "the ordering provider", "QB": "the purchased service provider",
	"87": "the pay-to provider",
}

func role(l *x837.Level, i int) string {
	if r, ok := roles[string(l.Element(i, 1))]; ok {
		return r
	}
	return "a provider"
}

func taxonomy(p *scrub.Pass) {
	providers(p, tagPRV, func(at scrub.Place, i int) {
		if check.ValidTaxonomy(at.Level.Element(i, 3)) {
			return
		}
		at.Element = 3
		p.Report(at, nil, "PRV03 is not a taxonomy code: three digits, six letters or digits and X")
	})
}
