package guide

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/gaitkeeper/gaitkeeper/edi"
)

// rulesOf are what is looked at in a segment beyond its elements one by one: what
// depends on the segment alone, and what depends on others too.
func rulesOf(loop, segment, quals string) (rule func(*Walker, *edi.Segment), always func(*Walker, *edi.Segment) int) {
	switch segment {
	case "NM1":
		return checkName, nil
	case "N1":
		return checkPayee, nil
	case "N4":
		return checkCity, nil
	case "PER":
		return checkContact, nil
	case "PRV":
		return checkTaxonomy, nil
	case "CAS":
		return checkAdjustments, nil
	case "SV1":
		return checkService, (*Walker).pointers
	case "CLM", "PWK", "LIN", "CTP", "BPR", "PLB", "SVC", "LQ":
		return valueRules[segment], nil
	case "REF":
		if loop == "2010AA" && strings.Contains(quals, "EI") {
			return checkTaxNumber, nil
		}
	case "N3":
		if loop == "2010AA" {
			return checkStreet, nil
		}
	case "LX":
		if loop == "2400" {
			return nil, checkLine
		}
	case "HI":
		if strings.Contains(quals, "ABK") {
			return nil, checkDiagnoses
		}
	}
	return nil, nil
}

// relation reports what the guide's own words demand of values or of two of them.
func (w *Walker) relation(rule string, sev Severity, s *edi.Segment, n, part, snip int, code, message string) *Problem {
	p := w.at(rule, sev, s, n, part, code)
	p.Snip, p.Message, p.meaning = snip, message, true
	return p
}

func checkName(w *Walker, s *edi.Segment) {
	if s.Is(8, "XX") && !w.told(s, 8) {
		w.identifier(s, 9)
	}
	if !s.Is(2, "2") || w.told(s, 2) {
		return
	}
	for _, n := range [...]int{4, 5, 7} {
		if e := &w.spec.elements[n-1]; e.usage != 'N' && len(s.Bytes(n)) > 0 {
			w.relation("GD108", Error, s, n, 0, 4, "I13", fmt.Sprintf("NM1%02d is sent for an organization", n))
			return
		}
	}
}

func checkPayee(w *Walker, s *edi.Segment) {
	switch v := s.Bytes(4); {
	case s.Is(3, "XX"):
		w.identifier(s, 4)
	case s.Is(3, "FI") && len(v) > 0 && !nineDigits(v):
		w.relation("GD106", Warning, s, 4, 0, 5, "I12", "N104 is no tax number: nine digits")
	}
}

// identifier checks a national provider identifier.
func (w *Walker) identifier(s *edi.Segment, n int) {
	v := s.Bytes(n)
	switch {
	case len(v) == 0 || w.npi == Off || ValidNPI(v):
	case len(v) != 10 || !digits(v):
		w.relation("ID101", w.npi, s, n, 0, 2, "I12", w.name(s, n, 0)+" is no NPI: ten digits")
	case v[0] != '1' && v[0] != '2':
		w.relation("ID101", w.npi, s, n, 0, 2, "I12", w.name(s, n, 0)+" is no NPI: the first digit is 1 or 2")
	default:
		w.relation("ID101", w.npi, s, n, 0, 2, "I12", w.name(s, n, 0)+" is no NPI: its check digit is wrong")
	}
}

// ValidNPI reports whether b is ten digits, the first of them 1 or 2, with a right check
// digit: Luhn's over 80840 and the number, where the prefix adds 24.
func ValidNPI(b []byte) bool {
	if len(b) != 10 || b[0] != '1' && b[0] != '2' {
		return false
	}
	sum := 24
	for i, c := range b {
		if c < '0' || c > '9' {
			return false
		}
		d := int(c - '0')
		if i%2 == 0 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

// ValidDiagnosis reports whether b has the shape of an ICD-10-CM code: a letter, a
// digit, a letter or digit, and up to four more.
func ValidDiagnosis(b []byte) bool {
	if len(b) < 3 || len(b) > 7 || b[0] < 'A' || b[0] > 'Z' || b[1] < '0' || b[1] > '9' {
		return false
	}
	return capitals(b[2:])
}

func checkCity(w *Walker, s *edi.Segment) {
	country := s.Bytes(4)
	if len(country) > 0 && string(country) != "US" {
		if string(country) == "CA" {
			w.province(s)
		}
		return
	}
	if len(country) > 0 {
		w.relation("GD108", Error, s, 4, 0, 2, "I13", "N404 is sent for an address in the United States")
	}
	state, zip := s.Bytes(2), s.Bytes(3)
	switch {
	case len(state) == 0:
		w.relation("GD104", Error, s, 2, 0, 2, "I9", "N402 is required and empty: the country is not another one")
	case len(state) == 2 && !w.states.has(state):
		w.relation("GD107", Error, s, 2, 0, 5, "7", "N402 is no state")
	case len(zip) == 0:
		w.relation("GD104", Error, s, 3, 0, 2, "I9", "N403 is required and empty: the country is not another one")
	}
	if len(zip) < 3 || len(zip) > 15 || has(canada, pack(state)) {
		return
	}
	if len(zip) != 5 && len(zip) != 9 || !digits(zip) {
		p := w.relation("GD106", Error, s, 3, 0, 5, "I12", "N403 is no ZIP code: five or nine digits")
		if bare := bytes.ReplaceAll(zip, []byte("-"), nil); len(bare) == 9 && digits(bare) && len(zip) == 10 {
			p.Fix = fix(s, 3, 0, bare, "remove the hyphen")
		}
		return
	}
	if w.states.has(state) && !fits(state, zip) { // a few codes cross the border of a state
		w.relation("GD106", Warning, s, 3, 0, 5, "I12", "N403 is no ZIP code of the state in N402")
		return
	}
	if name := w.spec.loop.name; len(zip) == 5 && (name == "2010AA" || name == "2310C" || name == "2420C") {
		w.relation("GD106", Warning, s, 3, 0, 2, "I12", "N403 has five digits; an address of service or billing needs nine")
	}
}

// province looks at an address in Canada.
func (w *Walker) province(s *edi.Segment) {
	switch state := s.Bytes(2); {
	case len(state) == 0:
		w.relation("GD104", Error, s, 2, 0, 2, "I9", "N402 is required and empty: the country is Canada")
	case len(state) == 2 && !has(canada, pack(state)):
		w.relation("GD107", Error, s, 2, 0, 5, "7", "N402 is no province of Canada")
	case len(s.Bytes(3)) == 0:
		w.relation("GD104", Error, s, 3, 0, 2, "I9", "N403 is required and empty: the country is Canada")
	}
}

// areas are the ZIP codes of each state by their first three digits, from and to: those
// of the postal service.
var areas = sync.OnceValue(func() map[uint32][][2]string {
	t := readTable("zip")
	all := map[uint32][][2]string{}
	for _, r := range t.rows {
		state := pack([]byte(t.get(r, "state")))
		all[state] = append(all[state], [2]string{t.get(r, "from"), t.get(r, "to")})
	}
	return all
})

// fits reports whether a ZIP code may be of a state.
func fits(state, zip []byte) bool {
	return slices.ContainsFunc(areas()[pack(state)], func(a [2]string) bool { return a[0] <= string(zip[:3]) && string(zip[:3]) <= a[1] })
}

var canada = packAll("AB|BC|MB|NB|NL|NS|NT|NU|ON|PE|QC|SK|YT")

// checkStreet looks for post office boxes. Samples of the standard have one, so that
// it is a warning.
func checkStreet(w *Walker, s *edi.Segment) {
	for n := 1; n <= 2; n++ {
		v := strings.ToUpper(string(bytes.ReplaceAll(s.Bytes(n), []byte("."), nil)))
		if slices.ContainsFunc(boxes, func(box string) bool { return strings.HasPrefix(v, box) }) {
			w.relation("GD106", Warning, s, n, 0, 2, "I12", fmt.Sprintf("N3%02d is a post office box; a billing provider has a street", n))
			return
		}
	}
}

var boxes = []string{"PO BOX", "P O BOX", "POB ", "POST OFFICE BOX", "POSTAL BOX", "LOCKBOX", "LOCK BOX"}

// checkContact looks at numbers by their qualifiers. Receivers differ in what they
// take, so that these are warnings.
func checkContact(w *Walker, s *edi.Segment) {
	for n := 3; n+1 <= min(s.Count(), 8); n += 2 {
		v := s.Bytes(n + 1)
		if len(v) == 0 {
			continue
		}
		switch string(s.Bytes(n)) {
		case "TE", "FX":
			switch {
			case len(v) != 10 || !digits(v):
				w.relation("GD106", Warning, s, n+1, 0, 2, "I12", fmt.Sprintf("PER%02d is no telephone number: ten digits", n+1))
			case v[0] < '2' || v[3] < '2':
				w.relation("GD106", Warning, s, n+1, 0, 2, "I12", fmt.Sprintf("PER%02d is no telephone number: area code and exchange begin with 2 to 9", n+1))
			}
		case "EX":
			if w.tree.set == "837" && (n == 3 || !s.Is(n-2, "TE") && !w.told(s, n-2)) {
				w.relation("GD106", Error, s, n, 0, 2, "I12", fmt.Sprintf("PER%02d is an extension, and no telephone number stands before it", n))
			}
		case "EM":
			if bytes.IndexByte(v, '@') < 0 {
				w.relation("GD106", Warning, s, n+1, 0, 2, "I12", fmt.Sprintf("PER%02d is no address of electronic mail", n+1))
			}
		}
	}
}

func checkTaxonomy(w *Walker, s *edi.Segment) {
	v := s.Bytes(3)
	if len(v) == 0 {
		return
	}
	if ValidTaxonomy(v) {
		return
	}
	sev := Error
	if n := len(v) - 1; v[n] == 'Y' && ValidTaxonomy(append(bytes.Clone(v[:n]), 'X')) {
		sev = Warning // a code of old
	}
	w.relation("ID102", sev, s, 3, 0, 5, "I12", "PRV03 is no taxonomy code: three digits, six letters or digits and X")
}

// ValidTaxonomy reports whether b is shaped like a code of the NUCC's provider taxonomy:
// three digits, six digits or capital letters, and X.
func ValidTaxonomy(b []byte) bool {
	return len(b) == 10 && b[9] == 'X' && digits(b[:3]) && capitals(b[3:9])
}

// checkAdjustments looks at the trios of reason, amount and quantity.
func checkAdjustments(w *Walker, s *edi.Segment) {
	for n := 3; n <= s.Count(); n += 3 {
		if a, err := edi.ParseAmount(s.Bytes(n)); err == nil && a == 0 {
			w.relation("GD106", Warning, s, n, 0, 2, "I12", fmt.Sprintf("CAS%02d is an adjustment of zero", n))
		}
	}
}

// checkLine counts the lines of a claim. Lines that count on from a wrong one are not
// wrong once more. It returns LX01.
func checkLine(w *Walker, s *edi.Segment) int {
	w.facts.lines++
	next := w.facts.stated + 1
	n, ok := number9(s.Bytes(1))
	if w.facts.stated = n; !ok {
		w.facts.stated = w.facts.lines
	}
	if ok && n != w.facts.lines && n != next && !w.told(s, 1) {
		w.relation("GD106", Error, s, 1, 0, 2, "I12", fmt.Sprintf("LX01 does not count on: %d is next", w.facts.lines))
	}
	return w.facts.stated
}

// checkDiagnoses looks at the codes of a claim, and counts them for the pointers. It
// returns their number.
func checkDiagnoses(w *Walker, s *edi.Segment) int {
	var seen [12][]byte
	count, gap := 0, false
	system, _, _ := cut(s.Bytes(1), w.component)
	old := string(system) == "BK"
	known := old || string(system) == "ABK" // else a wrong code, and what follows is of one or the other
	for n := 1; n <= min(s.Count(), 12); n++ {
		v := s.Bytes(n)
		if len(v) == 0 {
			gap = true
			continue
		}
		if gap {
			w.relation("GD104", Error, s, n-1, 0, 2, "I12", fmt.Sprintf("HI%02d is empty and HI%02d is not", n-1, n))
			gap = false
		}
		qualifier, rest, _ := cut(v, w.component)
		code, _, _ := cut(rest, w.component)
		count = n
		switch {
		case !known:
		case n > 1 && (string(qualifier) == "BF") != old && (string(qualifier) == "BF" || string(qualifier) == "ABF"):
			w.relation("GD107", Error, s, n, 1, 2, "I12", "diagnoses of ICD-9 and ICD-10 on one claim")
		default:
			w.diagnosis(s, n, code, old)
		}
		if n == 1 && known && !old && ValidDiagnosis(code) {
			switch {
			case code[0] >= 'V' && code[0] <= 'Y':
				w.relation("DX102", Error, s, 1, 2, 5, "", "the first diagnosis is an external cause, which stands behind others")
			case len(code) == 7 && code[6] == 'S':
				w.relation("DX102", Error, s, 1, 2, 5, "", "the first diagnosis is the cause of a sequela (7th character S), which stands behind the sequela")
			}
		}
		for k := range n - 1 {
			if len(code) > 0 && bytes.Equal(seen[k], code) {
				w.relation("DX102", Error, s, n, 2, 4, "I12", "a diagnosis stands twice on the claim")
				break
			}
		}
		seen[n-1] = code
	}
	w.facts.diagnoses = count
	return count
}

func (w *Walker) diagnosis(s *edi.Segment, n int, code []byte, old bool) {
	if len(code) == 0 || !old && ValidDiagnosis(code) {
		return
	}
	if i := bytes.IndexByte(code, '.'); i >= 0 {
		p := w.relation("DX102", Error, s, n, 2, 2, "I12", "diagnosis is sent with a decimal point")
		if bare := bytes.ReplaceAll(code, []byte{'.'}, nil); i == 3 && (old || ValidDiagnosis(bare)) {
			p.Fix = fix(s, n, 2, bare, "remove the decimal point")
		}
		return
	}
	switch {
	case !old:
		w.relation("DX102", Error, s, n, 2, 2, "I12", "diagnosis is not of the shape of an ICD-10-CM code")
	case !oldDiagnosis(code):
		w.relation("DX102", Error, s, n, 2, 2, "I12", "diagnosis is not of the shape of an ICD-9-CM code")
	}
}

// oldDiagnosis reports whether b has the shape of an ICD-9-CM code: three to five digits,
// the first of which may be V, or E and three or four digits.
func oldDiagnosis(b []byte) bool {
	switch {
	case len(b) > 0 && b[0] == 'E':
		return (len(b) == 4 || len(b) == 5) && digits(b[1:])
	case len(b) > 0 && b[0] == 'V':
		b = append([]byte{'0'}, b[1:]...)
	}
	return len(b) >= 3 && len(b) <= 5 && digits(b)
}

func checkService(w *Walker, s *edi.Segment) {
	w.charge(s)
	v := s.Bytes(1)
	system, rest, _ := cut(v, w.component)
	code, rest, _ := cut(rest, w.component)
	if string(system) == "HC" && len(code) > 0 && !procedure(code) {
		w.relation("GD106", Error, s, 1, 2, 2, "I12", "SV101-2 is no procedure code: five letters or digits")
	}
	var modifiers [4][]byte
	more := len(rest) > 0
	for i := 0; more && i < 4; i++ {
		modifiers[i], rest, more = cut(rest, w.component)
		if len(modifiers[i]) == 0 {
			continue
		}
		if string(system) == "HC" && !capitals(modifiers[i]) {
			w.relation("GD106", Error, s, 1, i+3, 5, "I12", "a modifier is not of capital letters and digits")
			continue
		}
		for k := range i {
			switch {
			case len(modifiers[k]) == 0:
				w.relation("GD104", Error, s, 1, k+3, 5, "I12", "a modifier is empty and one behind it is not")
			case bytes.Equal(modifiers[k], modifiers[i]):
				w.relation("GD107", Error, s, 1, i+3, 5, "I12", "a modifier stands twice")
			default:
				continue
			}
			break
		}
	}
	if more && len(rest) > 0 {
		rest, _, _ = cut(rest, w.component)
	} else {
		rest = nil
	}
	if string(system) != "HC" || !procedure(code) || w.told(s, 1) {
		return
	}
	if len(rest) == 0 && unlisted()[string(code)] {
		w.relation("GD104", Error, s, 1, 7, 4, "I9", "SV101-7 is empty: an unlisted code needs a description")
	}
	checkUnits(w, s, code)
}

// unlisted are the codes of services and supplies that have no code of their own.
var unlisted = sync.OnceValue(func() map[string]bool {
	t := readTable("unlisted")
	all := map[string]bool{}
	for _, r := range t.rows {
		all[t.get(r, "code")] = true
	}
	return all
})

// checkUnits looks at SV103 and SV104: anesthesia is counted in minutes, nothing else is.
func checkUnits(w *Walker, s *edi.Segment, code []byte) {
	anesthesia := digits(code) && code[0] == '0' && (code[1] == '0' || code[1] == '1')
	switch {
	case s.Is(3, "MJ") && !anesthesia:
		w.relation("GD107", Error, s, 3, 0, 2, "I6", "SV103 is MJ, minutes, and the service is no anesthesia")
	case s.Is(3, "UN") && anesthesia && string(code) != "01996" && string(code) != "01953": // by the day, by the area
		w.relation("GD107", Warning, s, 3, 0, 2, "I6", "SV103 is UN, and anesthesia is counted in minutes, MJ")
	}
	if v := s.Bytes(4); len(v) > 0 && decimal(v) && !positive(v) {
		w.relation("GD106", Warning, s, 4, 0, 2, "I12", "SV104 is not above zero, which few payers take")
	}
}

func procedure(code []byte) bool { return len(code) == 5 && capitals(code) }

// capitals reports whether b is of digits and capital letters.
func capitals(b []byte) bool {
	for _, c := range b {
		if (c < '0' || c > '9') && (c < 'A' || c > 'Z') {
			return false
		}
	}
	return true
}

// pointers looks at SV107, which points at the diagnoses of the claim. It returns the
// last of those that are pointed at.
func (w *Walker) pointers(s *edi.Segment) int {
	v := s.Bytes(7)
	if len(v) == 0 {
		w.relation("DX101", Error, s, 7, 0, 4, "I9", "SV107 is empty: the line points at no diagnosis")
		return unknown
	}
	if len(w.held) > 0 && w.told(s, 7) {
		return unknown
	}
	var seen [12]bool
	last := 0
	limit := w.facts.diagnoses
	if limit == 0 {
		limit = len(seen) // the claim has none that was read: another problem
	}
	var part []byte
	for n, more := 1, true; more; n++ {
		part, v, more = cut(v, w.component)
		if len(part) == 0 && n > 1 && !more {
			return last // a separator at the end
		}
		if n > 4 {
			w.relation("DX101", Error, s, 7, n, 1, "13", "SV107 has more than four pointers")
			return unknown
		}
		if k, ok := number9(part); ok && len(part) <= 2 && k > 0 && k <= limit && !seen[k-1] {
			seen[k-1] = true
			last = max(last, k)
			continue
		}
		w.pointer(s, part, n, limit)
		return unknown
	}
	return last
}

// pointer reports pointer n of a line, which is none, or stands there before.
func (w *Walker) pointer(s *edi.Segment, v []byte, n, limit int) {
	sev, snip, code, message := Error, 1, "", ""
	k, _ := number9(v)
	switch {
	case len(v) == 0 && n == 1:
		code, message = "1", "the first pointer of SV107 is empty"
	case len(v) == 0:
		snip, code, message = 4, "I12", "a pointer of SV107 is empty and one behind it is not"
	case !integer(v):
		code, message = "6", "a pointer of SV107 is not a number"
	case len(v) > 2 && digits(v):
		code, message = "5", "a pointer of SV107 has more than two digits"
	case k < 1 || k > limit:
		snip, code, message = 4, "I12", fmt.Sprintf("SV107 points at a diagnosis that is not there; the claim carries %d", limit)
	default:
		sev, snip, code, message = Warning, 4, "I12", "SV107 points twice at a diagnosis"
	}
	w.relation("DX101", sev, s, 7, n, snip, code, message)
}
