package guide

import "bytes"

// What repeats what stands above says nothing, and the guide asks to leave it out. Most
// receivers bear it, so that these are warnings.

// restates looks at providers, addresses and dates of a claim.
func (w *Walker) restates(first *firsts, seen roleSet) {
	f := &w.facts
	if i := first[isRendering]; i > 0 && f.billing != "" && string(w.unit.Element(i, 9)) == f.billing {
		w.situational("GD102", Warning, i, "NM1", "I9", "2310B", "A7:562:82", "loop 2310B repeats the billing provider")
	}
	if i := first[isFacility]; i > 0 {
		w.facility(i, first[isAmbulance] > 0)
	}
	if !seen.has(1<<isLineProvider | 1<<isLineReferring | 1<<isLineBeginning) {
		return
	}
	for _, p := range w.parts {
		switch i := int(p.at); p.role {
		case isLineProvider, isLineReferring:
			w.lineProvider(i, first)
		case isLineBeginning:
			w.lineDate(i)
		}
	}
}

// facility: where the service was rendered is told if it is not where the billing
// provider is; for an ambulance, pick-up and drop-off are told instead.
func (w *Walker) facility(i int, ambulance bool) {
	message := ""
	switch f := &w.facts; {
	case ambulance:
		message = "loop 2310C (service location) is sent for an ambulance, which has pick-up and drop-off"
	case f.billing != "" && string(w.unit.Element(i, 9)) == f.billing:
		message = "loop 2310C (service location) has the NPI of the billing provider"
	case len(f.address) > 0 && bytes.Equal(w.address(i), f.address):
		message = "loop 2310C (service location) has the address of the billing provider"
	default:
		return
	}
	w.situational("GD102", Warning, i, "NM1", "I9", "2310C", "A7:562:77", message)
}

// address is the street and city behind the NM1 of segment i; nil where one of them is
// not there.
func (w *Walker) address(i int) []byte {
	if i+2 >= w.unit.Len() || w.unit.Tag(i+1) != tagN3 || w.unit.Tag(i+2) != tagN4 {
		return nil
	}
	return bytes.Join([][]byte{w.unit.Elements(i + 1).All(), w.unit.Elements(i + 2).All()}, []byte{'~'})
}

// lineProvider: a provider of the line is for one that differs from the claim's.
func (w *Walker) lineProvider(i int, first *firsts) {
	e := w.unit.Elements(i)
	of := map[string]role{"82": isRendering, "77": isFacility, "DQ": isSupervising, "DN": isReferring}[string(e.At(1))]
	if n := first[of]; of != noRole && n > 0 && len(e.At(9)) > 0 && bytes.Equal(e.At(9), w.unit.Element(n, 9)) {
		loop := w.specs[i].loop.name
		w.situational("GD102", Warning, i, "NM1", "I9", loop, "A7:562:"+safe(string(e.At(1))), "loop "+loop+" repeats the provider of the claim")
	}
}

// lineDate: a date of the line is for one that differs from the claim's.
func (w *Walker) lineDate(i int) {
	own := w.unit.Elements(i).All()
	for _, p := range w.parts {
		if (p.role == isBeginning || p.role == isPrescription) && bytes.Equal(w.unit.Elements(int(p.at)).All(), own) {
			w.situational("GD102", Warning, i, "DTP", "I9", "2400", "A7:21", "the DTP repeats one of the claim")
			return
		}
	}
}

// linePlace: a place of service on the line is for one that differs.
func (w *Walker) linePlace(i int) {
	place, _, _ := cut(w.unit.Element(0, 5), w.component)
	if string(place) == string(w.unit.Element(i, 5)) {
		w.related("GD108", Warning, i, 5, 0, 4, "I13", "SV105 repeats the place of service of the claim")
	}
}
