package rules

import (
	"strconv"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/scrub"
)

var (
	tagISA, tagGS, tagST = edi.TagOf("ISA"), edi.TagOf("GS"), edi.TagOf("ST")
	tagIEA, tagGE, tagSE = edi.TagOf("IEA"), edi.TagOf("GE"), edi.TagOf("SE")
)

var envelope = []scrub.Rule{
	{
		ID: "EN101", Name: "interchange-count", Severity: scrub.Error, Scope: scrub.ScopeEnvelope,
		What: "IEA01 is not the number of groups in the interchange", Fixes: []scrub.Safety{scrub.Safe},
		Sources: []scrub.Source{guide}, Envelope: count(tagIEA, "groups"),
	},
	{
		ID: "EN102", Name: "group-count", Severity: scrub.Error, Scope: scrub.ScopeEnvelope,
		What: "GE01 is not the number of transaction sets in the group", Fixes: []scrub.Safety{scrub.Safe},
		Sources: []scrub.Source{guide}, Envelope: count(tagGE, "transaction sets"),
	},
	{
		ID: "EN103", Name: "segment-count", Severity: scrub.Error, Scope: scrub.ScopeEnvelope,
		What: "SE01 is not the number of segments from ST to SE, both included", Fixes: []scrub.Safety{scrub.Safe},
		Sources: []scrub.Source{guide}, Envelope: count(tagSE, "segments"),
	},
	{
		ID: "EN104", Name: "control-number-mismatch", Severity: scrub.Error, Scope: scrub.ScopeEnvelope,
		What:    "a trailer's control number is not that of its header (ISA13/IEA02, GS06/GE02, ST02/SE02)",
		Sources: []scrub.Source{guide}, Envelope: controlMismatch,
	},
	{
		ID: "EN105", Name: "control-number-duplicate", Severity: scrub.Error, Scope: scrub.ScopeEnvelope,
		What:    "a control number stands twice: GS06 in one interchange, or ST02 in one group",
		Sources: []scrub.Source{guide}, Envelope: controlDuplicate,
	},
}

// count compares element 1 of a trailer with what was counted.
func count(trailer edi.Tag, what string) func(*scrub.EnvelopePass) {
	return func(p *scrub.EnvelopePass) {
		if p.Trailer == nil || p.Header == nil || p.Counted < 0 || p.Trailer.Tag(0) != trailer {
			return
		}
		s := p.Trailer.Segment(0)
		if n, err := strconv.Atoi(string(s.Bytes(1))); err == nil && n == p.Counted {
			return
		}
		var fix *scrub.Fix
		if e, err := s.Set(1, []byte(strconv.Itoa(p.Counted))); err == nil {
			fix = &scrub.Fix{Safety: scrub.Safe, Message: "set the count to " + strconv.Itoa(p.Counted), Edits: []edi.Edit{e}}
		}
		p.Report(p.Trailer, 1, fix, "%s01 does not say %d, the number of %s", trailer, p.Counted, what)
	}
}

// controlAt is the element of a header that holds its control number.
var controlAt = map[edi.Tag]int{tagISA: 13, tagGS: 6, tagST: 2}

func controlMismatch(p *scrub.EnvelopePass) {
	if p.Trailer == nil || p.Header == nil {
		return
	}
	s := p.Trailer.Segment(0)
	if s.Is(2, p.Header.Control) {
		return
	}
	header := p.Header.Tag(0)
	p.Report(p.Trailer, 2, nil, "%s02 is not the control number of its header (%s%02d)", p.Trailer.Tag(0), header, controlAt[header])
}

func controlDuplicate(p *scrub.EnvelopePass) {
	if p.Trailer != nil || !p.Repeated {
		return
	}
	header := p.Header.Tag(0)
	within := "group"
	if header == tagGS {
		within = "interchange"
	}
	p.Report(&p.Header.Level, controlAt[header], nil, "%s%02d stood in this %s before", header, controlAt[header], within)
}
