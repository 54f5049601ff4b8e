package render

import (
	"bufio"
	"encoding/json"
	"io"

	"github.com/gaitkeeper/gaitkeeper/scrub"
)

// ndjson writes one object a line.
type ndjson struct {
	w   *bufio.Writer
	enc *json.Encoder
}

func newNDJSON(w io.Writer) *ndjson {
	b := bufio.NewWriterSize(w, 64<<10)
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false)
	return &ndjson{b, enc}
}

func (n *ndjson) Finding(f *scrub.Finding) error { return n.enc.Encode(NewFinding(f)) }

func (n *ndjson) Close(s *Summary) error {
	if err := n.enc.Encode(s); err != nil {
		return err
	}
	return n.w.Flush()
}

// document writes one JSON document, finding by finding.
type document struct {
	ndjson
	any bool
}

func newJSON(w io.Writer) *document { return &document{ndjson: *newNDJSON(w)} }

func (d *document) Finding(f *scrub.Finding) error {
	open := ",\n"
	if !d.any {
		open, d.any = "{\"schema\":\"gaitkeeper/1\",\"findings\":[\n", true
	}
	if _, err := d.w.WriteString(open); err != nil {
		return err
	}
	return d.ndjson.Finding(f)
}

func (d *document) Close(s *Summary) error {
	open := "],\"summary\":"
	if !d.any {
		open = "{\"schema\":\"gaitkeeper/1\",\"findings\":[],\"summary\":"
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
