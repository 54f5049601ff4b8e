// Package render writes findings: one file a format. The types that go over the
// wire are its own, so that the engine may change without them.
package render

import (
	"bytes"
	"io"
	"unicode/utf8"

	"github.com/gaitkeeper/gaitkeeper/cmd/internal/term"
	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/scrub"
)

// Sink takes findings in order, and the summary at the end.
type Sink interface {
	Finding(*scrub.Finding) error
	Close(*Summary) error
}

// Options are what a sink may want to know.
type Options struct {
	Style   term.Style
	ShowPHI bool
	Quiet   bool
	Fixing  bool // fixes were applied: what they removed is not shown as text
	Hint    bool // say how the rest could be fixed
	Rules   []*scrub.Rule
}

// Formats are the names that New knows.
var Formats = []string{"text", "json", "ndjson", "csv", "sarif"}

// New is a sink of that format; nil where the format is unknown.
func New(format string, w io.Writer, o Options) Sink {
	switch format {
	case "text":
		return newText(w, o)
	case "json":
		return findings{newObjects(w, "findings"), o}
	case "ndjson":
		return findings{newObjects(w, ""), o}
	case "csv":
		return newCSV(w)
	case "sarif":
		return newSARIF(w, o)
	}
	return nil
}

// Finding is a finding as it goes over the wire, schema gaitkeeper/1.
type Finding struct {
	Type        string   `json:"type"`
	File        string   `json:"file"`
	Rule        string   `json:"rule"`
	Name        string   `json:"name"`
	Severity    string   `json:"severity"`
	Claim       *string  `json:"claim"`
	Line        *string  `json:"line"`
	LineNumber  *int     `json:"line_number"`
	Code        *string  `json:"code"`
	ServiceDate *string  `json:"service_date"`
	Message     string   `json:"message"`
	Where       Where    `json:"where"`
	Fix         *Fix     `json:"fix"`
	Fixed       bool     `json:"fixed"`
	Predicts    []Denial `json:"predicts"`
	Sources     []string `json:"sources"`
	Snip        int      `json:"snip,omitempty"` // type of what was found against the guide
	Answer      *Answer  `json:"answer,omitempty"`
}

// Answer are the codes that acknowledgements have for what was found against the guide.
type Answer struct {
	IK304 string `json:"ik304,omitempty"`
	IK403 string `json:"ik403,omitempty"`
	IK502 string `json:"ik502,omitempty"`
	AK905 string `json:"ak905,omitempty"`
	TA105 string `json:"ta105,omitempty"`
	STC   string `json:"stc,omitempty"` // of a 277CA: category:status:entity
}

// Where is a place in a file. Offsets count bytes from 0; lines, columns (bytes),
// segments, elements and components count from 1, and 0 means none.
type Where struct {
	Offset     int64  `json:"offset"`
	End        int64  `json:"end"`
	Line       int    `json:"line"`
	Column     int    `json:"column"`
	Segment    int    `json:"segment"`
	SetSegment int    `json:"set_segment"`
	Loop       string `json:"loop"`
	Tag        string `json:"tag"`
	Element    int    `json:"element"`
	Component  int    `json:"component"`
}

// Fix is a change that removes a finding.
type Fix struct {
	Safety  string   `json:"safety"`
	Message string   `json:"message"`
	Values  []string `json:"values,omitempty"` // what can be attested
	Edits   []Edit   `json:"edits"`
}

// Edit replaces the bytes from offset to end of the original file.
type Edit struct {
	Offset int64  `json:"offset"`
	End    int64  `json:"end"`
	Old    string `json:"old"`
	New    string `json:"new"`
}

// Denial is how a payer would report it.
type Denial struct {
	Group string   `json:"group"`
	CARC  string   `json:"carc"`
	RARC  []string `json:"rarc"`
}

// Summary is the end of a run.
type Summary struct {
	Type         string         `json:"type"`
	Schema       string         `json:"schema"`
	Files        int            `json:"files"`
	Interchanges int            `json:"interchanges"`
	Segments     int            `json:"segments"`
	Claims       int            `json:"claims"`
	Unread       int            `json:"claims_unread"`
	Lines        int            `json:"lines"`
	Findings     map[string]int `json:"findings"`
	Fixable      map[string]int `json:"fixable"`
	Fixed        int            `json:"fixed"`
	Bytes        int64          `json:"bytes"`
	RulesVersion string         `json:"rules_version"`
	Rules        int            `json:"rules"`
	NotChecked   []NotChecked   `json:"not_checked"`
	Data         []Dataset      `json:"data"`

	Config     string       `json:"config,omitempty"` // the configuration that was used
	Suppressed []Suppressed `json:"suppressed,omitempty"`
	Ledger     *Ledger      `json:"ledger,omitempty"`

	Faults     int `json:"syntax_errors"`
	Unreadable int `json:"files_unreadable"`
}

// Suppressed says how many findings a suppression kept back.
type Suppressed struct {
	Place    string `json:"place"`
	Reason   string `json:"reason"`
	Until    string `json:"until"`
	Findings int    `json:"findings"`
}

// Ledger says what a ledger was told of the run.
type Ledger struct {
	Recorded int `json:"claims_recorded"`
	Held     int `json:"claims_held"` // not recorded: they are not sent
	Known    int `json:"files_known"` // files that were recorded before
}

// NotChecked names rules that were off for lack of an input.
type NotChecked struct {
	Rules []string `json:"rules"`
	Needs string   `json:"needs"`
}

// Dataset is a table that rules looked up.
type Dataset struct {
	Name   string `json:"name"`
	AsOf   string `json:"as_of"`
	From   string `json:"from"`
	To     string `json:"to"`
	Source string `json:"source"`
}

// NewFinding is the wire form of a finding, with the edits of its fix where they may be
// shown.
func (o Options) NewFinding(f *scrub.Finding) Finding {
	out := Finding{
		Type: "finding", File: f.File, Rule: f.Rule.ID, Name: f.Rule.Name, Severity: f.Severity.String(),
		Claim: Optional(f.Claim), Line: Optional(f.Line), Code: Optional(f.Code), Message: text([]byte(f.Message)),
		Where: where(f), Fixed: f.Fixed, Predicts: []Denial{}, Sources: []string{},
	}
	if f.LineNo > 0 {
		out.LineNumber = &f.LineNo
	}
	if f.Date != 0 {
		d := f.Date.String()
		out.ServiceDate = &d
	}
	if p := f.Guide; p != nil {
		out.Snip, out.Answer = p.Snip, &Answer{p.IK304, p.IK403, p.IK502, p.AK905, p.TA105, p.STC}
	}
	for _, d := range f.Rule.Denials {
		out.Predicts = append(out.Predicts, Denial{d.Group, d.CARC, append([]string{}, d.RARCs...)})
	}
	for _, s := range f.Sources() {
		out.Sources = append(out.Sources, s.String())
	}
	if f.Fix != nil {
		out.Fix = &Fix{Safety: f.Fix.Safety.String(), Message: f.Fix.Message, Values: f.Fix.Values, Edits: Edits(o.edits(f))}
	}
	return out
}

// edits are those of the fix of a finding. Where one holds what is masked they are left
// out: masked ones would be wrong.
func (o Options) edits(f *scrub.Finding) []edi.Edit {
	if o.ShowPHI {
		return f.Fix.Edits
	}
	masked := Mask(f.Segment, f.Delims)
	for _, e := range f.Fix.Edits {
		from, to := e.Span.Start-f.Where.Pos.Offset, e.Span.End-f.Where.Pos.Offset
		if from >= 0 && from < to && to <= int64(len(masked)) && !bytes.Equal(masked[from:to], e.Old) {
			return nil
		}
	}
	return f.Fix.Edits
}

// Edits is the wire form of edits.
func Edits(list []edi.Edit) []Edit {
	out := make([]Edit, 0, len(list))
	for _, e := range list {
		out = append(out, Edit{e.Span.Start, e.Span.End, text(e.Old), text(e.New)})
	}
	return out
}

func where(f *scrub.Finding) Where {
	w := &f.Where
	return Where{
		Offset: w.Span.Start, End: w.Span.End, Line: w.Pos.Line, Column: w.Pos.Column + int(w.Span.Start-w.Pos.Offset),
		Segment: w.Pos.Segment, SetSegment: w.Pos.SetSegment, Loop: w.Loop, Tag: w.Tag, Element: w.Element, Component: w.Component,
	}
}

// Optional is text of a file as it goes over the wire; nil where there is none.
func Optional(s string) *string {
	if s == "" {
		return nil
	}
	s = text([]byte(s))
	return &s
}

// text is bytes of a file as UTF-8: what is not is taken for Latin-1, which is
// what senders use.
func text(b []byte) string {
	if utf8.Valid(b) {
		return string(b)
	}
	runes := make([]rune, len(b))
	for i, c := range b {
		runes[i] = rune(c)
	}
	return string(runes)
}
