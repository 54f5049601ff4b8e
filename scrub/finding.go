package scrub

import (
	"strconv"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/edi/guide"
)

// Where is the place of a finding.
type Where struct {
	Span      edi.Span
	Pos       edi.Pos // of the segment
	Loop      string
	Tag       string // segment id
	Element   int    // 0 where the segment as a whole is meant
	Component int    // 0 where the element as a whole is meant
}

// Finding is one fault, with its place and what can be done about it.
type Finding struct {
	Rule     *Rule
	Severity Severity
	File     string
	Claim    string   // CLM01; "" for an envelope
	Line     string   // REF*6R of the service line; "" where it has none or the claim is meant
	LineNo   int      // LX01; 0 where the claim or envelope is meant
	Code     string   // procedure code of the line
	Date     edi.Date // service date; 0 where none is meant
	Message  string
	Where    Where
	Segment  []byte     // text of the segment, for display
	Delims   edi.Delims // its separators
	Fix      *Fix
	Fixed    bool           // the fix, or another one, removed it
	Guide    *guide.Problem // what was found against the guide, with the codes of its answers; nil for a rule

	line     int  // index of the service line, -1 for the claim
	unjudged bool // it says that the rule could not be judged: no policy makes that worse
}

// key tells findings of one claim apart across a fix.
type key struct {
	rule *Rule
	line int
}

func (f *Finding) key() key { return key{f.Rule, f.line} }

// lineNames are the ways in which a sidecar file may name the line.
func (f *Finding) lineNames() []string {
	if f.LineNo == 0 {
		return []string{""}
	}
	return []string{f.Line, strconv.Itoa(f.LineNo)}
}
