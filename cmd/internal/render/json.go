package render

import (
	"bufio"
	"encoding/json"
	"io"

	"github.com/gaitkeeper/gaitkeeper/scrub"
)

// objects writes what a command tells, as JSON: one object a line or, where a list is
// named, one document that holds them in it, and the summary behind it.
type objects struct {
	w    *bufio.Writer
	enc  *json.Encoder
	list string // name of the list; "" for one object a line
	any  bool
}

func newObjects(w io.Writer, list string) *objects {
	b := bufio.NewWriterSize(w, 64<<10)
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false)
	return &objects{w: b, enc: enc, list: list}
}

func (o *objects) open() string { return "{\"schema\":\"gaitkeeper/1\",\"" + o.list + "\":[" }

// put writes the next object.
func (o *objects) put(v any) error {
	if o.list != "" {
		before := ",\n"
		if !o.any {
			before, o.any = o.open()+"\n", true
		}
		if _, err := o.w.WriteString(before); err != nil {
			return err
		}
	}
	return o.enc.Encode(v)
}

// close writes the summary and ends the document.
func (o *objects) close(summary any) error {
	before, behind := "", ""
	if o.list != "" {
		before, behind = "],\"summary\":", "}\n"
		if !o.any {
			before = o.open() + before
		}
	}
	if _, err := o.w.WriteString(before); err != nil {
		return err
	}
	if err := o.enc.Encode(summary); err != nil {
		return err
	}
	if _, err := o.w.WriteString(behind); err != nil {
		return err
	}
	return o.w.Flush()
}

// findings are the objects of scrub and validate.
type findings struct {
	*objects
	o Options
}

func (f findings) Finding(v *scrub.Finding) error { return f.put(f.o.NewFinding(v)) }
func (f findings) Close(s *Summary) error         { return f.close(s) }

// answers are those of ack read.
type answers struct{ *objects }

func (a answers) Answer(v AckAnswer) error  { return a.put(v) }
func (a answers) Close(s *AckSummary) error { return a.close(s) }

// records are those of reconcile.
type records struct{ *objects }

func (r records) Payment(p *RemitPayment) error { return r.put(p) }

func (r records) Claim(c *RemitClaim, lines []RemitLine) error {
	if err := r.put(c); err != nil {
		return err
	}
	for i := range lines {
		if err := r.put(&lines[i]); err != nil {
			return err
		}
	}
	return nil
}

func (r records) Unmatched(u *RemitUnmatched) error { return r.put(u) }
func (r records) Close(s *RemitSummary) error       { return r.close(s) }
