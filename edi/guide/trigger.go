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
