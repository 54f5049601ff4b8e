package render

import (
	"encoding/csv"
	"io"
	"strings"
)

// ackColumns are the columns of the csv format; new ones are added behind. A row is
// an answer, or a fault of one, or a line of a claim.
var ackColumns = []string{
	"file", "type", "by", "source", "group", "set", "claim", "line", "line_number", "code", "status", "segment", "set_segment", "loop",
	"element", "component", "error", "meaning", "action", "payer_control", "charge", "service_from", "match", "sent_file",
}

type ackCSV struct {
	w      *csv.Writer
	header bool
}

func newAckCSV(w io.Writer) *ackCSV { return &ackCSV{w: csv.NewWriter(w)} }

func (c *ackCSV) put(r record) error {
	if !c.header {
		c.header = true
		if err := c.w.Write(ackColumns); err != nil {
			return err
		}
	}
	if r == nil {
		return nil
	}
	row := make([]string, len(ackColumns))
	for i, name := range ackColumns {
		if row[i] = r[name]; !money[name] {
			row[i] = cell(row[i])
		}
	}
	return c.w.Write(row)
}

func (c *ackCSV) Answer(answer AckAnswer) error {
	switch a := answer.(type) {
	case *AckInterchange:
		return c.put(record{"file": a.File, "type": a.Type, "by": "TA1", "set": a.Control, "status": a.Status, "error": a.Code.Code, "meaning": a.Code.Meaning, "action": a.Action, "sent_file": value(a.SentFile)})
	case *AckSet:
		code, meaning := codesText(a.Codes)
		return c.put(record{"file": a.File, "type": a.Type, "by": "999", "group": a.Group, "set": a.Set, "status": a.Status, "error": code, "meaning": meaning, "action": a.Action, "sent_file": value(a.SentFile)})
	case *AckFault:
		return c.put(record{
			"file": a.File, "type": a.Type, "by": "999", "group": a.Group, "set": a.Set, "claim": value(a.Claim), "line": value(a.Line), "line_number": value(a.LineNumber),
			"code": value(a.Code), "segment": a.Segment, "set_segment": number(a.SetSegment), "loop": a.Loop, "element": number(a.Element), "component": number(a.Component),
			"error": a.Error.Code, "meaning": a.Error.Meaning, "action": a.Action, "match": value(a.Match),
		})
	case *AckGroup:
		code, meaning := codesText(a.Codes)
		return c.put(record{"file": a.File, "type": a.Type, "by": "999", "group": a.Group, "status": a.Status, "error": code, "meaning": meaning, "action": a.Action})
	case *AckBatch:
		code, meaning, action := statusText(a.Statuses)
		return c.put(record{"file": a.File, "type": a.Type, "by": "277CA", "source": a.Source, "set": a.Trace, "status": a.Status, "error": code, "meaning": meaning, "action": action})
	case *AckClaim:
		return c.claim(a)
	}
	return nil
}

func (c *ackCSV) claim(a *AckClaim) error {
	row := func(kind string) record {
		return record{"file": a.File, "type": kind, "by": a.By, "source": a.Source, "claim": a.Claim, "payer_control": a.PayerControl, "sent_file": value(a.SentFile)}
	}
	r := row(a.Type)
	r["error"], r["meaning"], _ = statusText(a.Statuses)
	r["status"], r["action"], r["charge"], r["service_from"], r["match"] = a.Status, a.Action, a.Charge, a.ServiceFrom, value(a.Match)
	if err := c.put(r); err != nil {
		return err
	}
	for i := range a.Lines {
		l := &a.Lines[i]
		r := row("line")
		r["error"], r["meaning"], r["action"] = statusText(l.Statuses)
		r["line"], r["line_number"], r["code"] = value(l.Line), value(l.LineNumber), strings.Join(append([]string{l.Code}, l.Modifiers...), " ")
		r["status"], r["charge"], r["service_from"], r["match"] = l.Status, l.Charge, l.ServiceFrom, value(l.Match)
		if err := c.put(r); err != nil {
			return err
		}
	}
	return nil
}

// codesText joins codes and what they mean.
func codesText(list []AckCode) (codes, meanings string) {
	var c, m []string
	for _, code := range list {
		c, m = append(c, code.Code), append(m, code.Meaning)
	}
	return strings.Join(c, " "), strings.Join(m, "; ")
}

// statusText joins the codes of statuses, what they mean and what to do.
func statusText(list []AckStatus) (codes, meanings, actions string) {
	var c, m, a []string
	for i := range list {
		code, meaning := codesText(list[i].Codes)
		c, m = append(c, code), append(m, meaning)
		if list[i].Action != "" {
			a = append(a, list[i].Action)
		}
	}
	return strings.Join(c, " "), strings.Join(m, "; "), strings.Join(a, "; ")
}

func (c *ackCSV) Close(*AckSummary) error {
	if err := c.put(nil); err != nil {
		return err
	}
	c.w.Flush()
	return c.w.Error()
}
