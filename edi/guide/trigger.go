package guide

// Trigger is the element that makes a situational rule apply. A 999 names it beside
// the problem.
type Trigger struct {
	Segment            string // its id
	SetSegment         int    // its number in the set, ST being 1
	Loop               string
	Element, Component int    // 0: the segment as a whole; the element as a whole
	Ref                string // number of the data element in X12's dictionary, "" where it is not known
}

// because names the element of segment i of the level or claim that makes the rule of
// p apply.
func (w *Walker) because(p *Problem, i, n, part int) {
	s := w.unit.Segment(i)
	t := Trigger{Segment: s.Tag().String(), SetSegment: s.Pos().SetSegment, Element: n, Component: part}
	if sp := w.specs[i]; sp != nil {
		t.Loop = sp.loop.name
		if n <= len(sp.elements) {
			if e := &sp.elements[n-1]; part == 0 {
				t.Ref = e.ref
			} else if part <= len(e.parts) {
				t.Ref = e.parts[part-1].ref
			}
		}
	}
	p.Triggers = append(p.Triggers, t)
}
