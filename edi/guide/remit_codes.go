package guide

import (
	"fmt"

	"github.com/gaitkeeper/gaitkeeper/edi"
)

// checkAnswerLine looks at the codes of an SVC. Payers repeat what they were sent, so
// that these are warnings.
func checkAnswerLine(w *Walker, s *edi.Segment) {
	if w.told(s, 1) {
		return // what stands behind it may stand at the wrong place
	}
	for _, n := range [...]int{1, 6} {
		system, rest, _ := cut(s.Bytes(n), w.component)
		code, _, _ := cut(rest, w.component)
		if string(system) == "HC" && len(code) > 0 && !procedure(code) {
			w.relation("GD106", Warning, s, n, 2, 5, "I12", fmt.Sprintf("SVC%02d-2 is no procedure code: five letters or digits", n))
			return // both are likely to have the same cause
		}
	}
	if v := s.Bytes(4); len(v) > 0 && (len(v) != 4 || !digits(v)) {
		w.relation("GD106", Warning, s, 4, 0, 5, "I12", "SVC04 is no revenue code: four digits")
	}
}

// checkRemark looks at an LQ: HE has a remark code.
func checkRemark(w *Walker, s *edi.Segment) {
	l := w.tree.lists["rarc"]
	if v := s.Bytes(2); s.Is(1, "HE") && len(v) > 0 && !l.has(v) {
		w.relation("GD107", l.severity(), s, 2, 0, 5, "7", fmt.Sprintf("LQ02 is not in the list of %s codes", listNames[l.name]))
	}
}
