package app

import (
	"encoding/json"

	"github.com/gaitkeeper/gaitkeeper/cmd/internal/render"
	"github.com/gaitkeeper/gaitkeeper/scrub"
)

// changeLog writes what was changed: one object a claim or envelope, with the
// fixes that were made and the edits they came to. The edits refer to the original
// file; in reverse they undo the change.
type changeLog struct {
	out   *output
	enc   *json.Encoder
	whole int64 // where the entries of the last corrected file end
}

type change struct {
	Type  string        `json:"type"`
	File  string        `json:"file"`
	Claim *string       `json:"claim"`
	Fixes []appliedFix  `json:"fixes"`
	Edits []render.Edit `json:"edits"`
}

type appliedFix struct {
	Rule        string             `json:"rule"`
	Line        string             `json:"line,omitempty"`
	LineNumber  int                `json:"line_number,omitempty"`
	Safety      string             `json:"safety"`
	Message     string             `json:"message"`
	Attestation *scrub.Attestation `json:"attestation,omitempty"`
}

func newChangeLog(out *output) *changeLog {
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	return &changeLog{out: out, enc: enc}
}

func (l *changeLog) add(res *scrub.Result) error {
	c := change{Type: "change", File: res.File, Fixes: []appliedFix{}, Edits: render.Edits(res.Edits)}
	if res.Claim != nil {
		id := string(res.Claim.ID())
		c.Claim = &id
	}
	for _, a := range res.Applied {
		c.Fixes = append(c.Fixes, appliedFix{a.Rule.ID, a.Line, a.LineNo, a.Safety.String(), a.Message, a.Attestation})
	}
	return l.enc.Encode(c)
}

// fileDone notes that the corrected file, which the entries are about, is there.
func (l *changeLog) fileDone() (err error) {
	l.whole, err = l.out.mark()
	return err
}

// keep makes the log appear with the entries of the files that are done, where a
// run ends before its time.
func (l *changeLog) keep() error {
	if l.whole == 0 {
		return nil
	}
	if l.out.to != nil {
		if err := l.out.rewind(l.whole); err != nil {
			return err
		}
	}
	return l.out.commit()
}
