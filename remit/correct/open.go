package correct

// Open are the denials of the case that were not cured: those for which no fault of the
// claim was removed. Where the payer could not process the claim (MA130), lines without
// a reason of their own fell with the others and rise with them.
func (c *Case) Open(cured func(*Denial) bool) (open []*Denial) {
	fell := 0
	for i := range c.Denials {
		d := &c.Denials[i]
		if cured(d) {
			continue
		}
		if c.Has("MA130") && d.CARC == "16" && len(d.RARCs) == 0 {
			fell++
		}
		open = append(open, d)
	}
	if fell == len(open) && len(open) < len(c.Denials) {
		return nil
	}
	return open
}
