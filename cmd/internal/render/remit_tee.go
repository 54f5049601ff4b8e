package render

// RemitTee is several sinks as one.
type RemitTee []RemitSink

// Payment hands a payment to all of them.
func (t RemitTee) Payment(p *RemitPayment) error {
	return t.each(func(s RemitSink) error { return s.Payment(p) })
}

// Claim hands an answer to all of them.
func (t RemitTee) Claim(c *RemitClaim, lines []RemitLine) error {
	return t.each(func(s RemitSink) error { return s.Claim(c, lines) })
}

// Unmatched hands on what has no partner.
func (t RemitTee) Unmatched(u *RemitUnmatched) error {
	return t.each(func(s RemitSink) error { return s.Unmatched(u) })
}

// Close closes all of them.
func (t RemitTee) Close(s *RemitSummary) error {
	return t.each(func(sink RemitSink) error { return sink.Close(s) })
}

func (t RemitTee) each(do func(RemitSink) error) error {
	for _, s := range t {
		if err := do(s); err != nil {
			return err
		}
	}
	return nil
}
