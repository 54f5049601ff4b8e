package render

import (
	"bufio"
	"encoding/json"
	"io"
)

// ackLines writes one object a line.
type ackLines struct {
	w   *bufio.Writer
	enc *json.Encoder
}

func newAckLines(w io.Writer) *ackLines {
	b := bufio.NewWriterSize(w, 64<<10)
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false)
	return &ackLines{b, enc}
}

func (a *ackLines) Answer(answer AckAnswer) error { return a.enc.Encode(answer) }

func (a *ackLines) Close(s *AckSummary) error {
	if err := a.enc.Encode(s); err != nil {
		return err
	}
	return a.w.Flush()
}

// ackDocument writes one JSON document, answer by answer.
type ackDocument struct {
	ackLines
	any bool
}

func (d *ackDocument) Answer(answer AckAnswer) error {
	open := ","
	if !d.any {
		open, d.any = "{\"schema\":\"gaitkeeper/1\",\"answers\":[\n", true
	}
	if _, err := d.w.WriteString(open); err != nil {
		return err
	}
	return d.ackLines.Answer(answer)
}

func (d *ackDocument) Close(s *AckSummary) error {
	open := "],\"summary\":"
	if !d.any {
		open = "{\"schema\":\"gaitkeeper/1\",\"answers\":[],\"summary\":"
	}
	if _, err := d.w.WriteString(open); err != nil {
		return err
	}
	if err := d.enc.Encode(s); err != nil {
		return err
	}
	if _, err := d.w.WriteString("}\n"); err != nil {
		return err
	}
	return d.w.Flush()
}
