package render

import "io"

// remitLines writes one object a line.
type remitLines struct{ ndjson }

func newRemitLines(w io.Writer) *remitLines { return &remitLines{*newNDJSON(w)} }

func (r *remitLines) Payment(p *RemitPayment) error { return r.enc.Encode(p) }

func (r *remitLines) Claim(c *RemitClaim, lines []RemitLine) error {
	if err := r.enc.Encode(c); err != nil {
		return err
	}
	for i := range lines {
		if err := r.enc.Encode(&lines[i]); err != nil {
			return err
		}
	}
	return nil
}

func (r *remitLines) Unmatched(u *RemitUnmatched) error { return r.enc.Encode(u) }

func (r *remitLines) Close(s *RemitSummary) error {
	if err := r.enc.Encode(s); err != nil {
		return err
	}
	return r.w.Flush()
}

// remitDocument writes one JSON document with the same objects: what is told in
// order, and the summary.
type remitDocument struct {
	remitLines
	any bool
}

func (d *remitDocument) next() error {
	open := ",\n"
	if !d.any {
		open, d.any = "{\"schema\":\"gaitkeeper/1\",\"records\":[\n", true
	}
	_, err := d.w.WriteString(open)
	return err
}

func (d *remitDocument) put(v any) error {
	if err := d.next(); err != nil {
		return err
	}
	return d.enc.Encode(v)
}

func (d *remitDocument) Payment(p *RemitPayment) error { return d.put(p) }

func (d *remitDocument) Claim(c *RemitClaim, lines []RemitLine) error {
	if err := d.put(c); err != nil {
		return err
	}
	for i := range lines {
		if err := d.put(&lines[i]); err != nil {
			return err
		}
	}
	return nil
}

func (d *remitDocument) Unmatched(u *RemitUnmatched) error { return d.put(u) }

func (d *remitDocument) Close(s *RemitSummary) error {
	open := "],\"summary\":"
	if !d.any {
		open = "{\"schema\":\"gaitkeeper/1\",\"records\":[],\"summary\":"
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
