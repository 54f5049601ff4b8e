package guide

import (
	"bytes"

	"github.com/gaitkeeper/gaitkeeper/edi"
)

// valueRules are what is looked at in one segment alone.
var valueRules = map[string]func(*Walker, *edi.Segment){
	"CLM": (*Walker).charge, "PWK": checkAttachment, "LIN": checkProduct, "CTP": checkDrugQuantity,
	"BPR": checkPayment, "PLB": checkProviderAdjustments, "SVC": checkAnswerLine, "LQ": checkRemark,
}

// charge looks at CLM02 or SV102: a charge of less than nothing has no meaning, a line
// of nothing is legal.
func (w *Walker) charge(s *edi.Segment) {
	v := s.Bytes(2)
	if len(v) == 0 || !decimal(v) || w.told(s, 2) {
		return
	}
	switch {
	case v[0] == '-':
		p := w.relation("GD106", Error, s, 2, 0, 2, "I12", w.name(s, 2, 0)+" is below zero")
		p.STC = "A7:693"
	case s.Tag() == tagSV1 && len(bytes.Trim(v, "0.")) == 0: // a claim of nothing has such lines
		w.relation("GD106", Warning, s, 2, 0, 2, "I12", w.name(s, 2, 0)+" is zero, which many payers refuse")
	}
}

// checkAttachment looks at PWK: paper that was sent has a control number, what is held
// available has none.
func checkAttachment(w *Walker, s *edi.Segment) {
	qualifier, number := len(s.Bytes(5)) > 0, len(s.Bytes(6)) > 0 // one alone breaks a syntax note
	switch string(s.Bytes(2)) {
	case "AA":
		if qualifier && number && !w.told(s, 6) {
			w.relation("GD108", Error, s, 6, 0, 4, "I13", "PWK06 is sent, and PWK02 says that nothing was")
		}
	case "BM", "EL", "EM", "FT", "FX":
		if !qualifier && !number {
			w.relation("GD104", Error, s, 6, 0, 4, "I9", "PWK06 is empty: PWK02 says that an attachment was sent")
		}
	}
}

// checkProduct looks at a national drug code: eleven digits, 5-4-2 without hyphens.
func checkProduct(w *Walker, s *edi.Segment) {
	v := s.Bytes(3)
	if !s.Is(2, "N4") || len(v) == 0 || len(v) == 11 && digits(v) || w.told(s, 3) {
		return
	}
	p := w.relation("GD106", Error, s, 3, 0, 4, "I12", "LIN03 is no national drug code: eleven digits")
	if len(v) == 13 && v[5] == '-' && v[10] == '-' {
		if bare := bytes.ReplaceAll(v, []byte("-"), nil); len(bare) == 11 && digits(bare) {
			p.Fix = fix(s, 3, 0, bare, "remove the hyphens")
		}
	}
}

// positive reports whether a decimal is above zero.
func positive(v []byte) bool { return v[0] != '-' && len(bytes.Trim(v, "0.")) > 0 }

func checkDrugQuantity(w *Walker, s *edi.Segment) {
	v := s.Bytes(4)
	if len(v) == 0 || !decimal(v) || w.told(s, 4) {
		return
	}
	if !positive(v) {
		w.relation("GD106", Error, s, 4, 0, 4, "I12", "CTP04 is not above zero")
	}
}

// checkTaxNumber looks at the tax number of the billing provider. Samples of the
// standard have one of equal digits, so that it is a warning.
func checkTaxNumber(w *Walker, s *edi.Segment) {
	if v := s.Bytes(2); len(v) == 9 && digits(v) && len(bytes.Trim(v, string(v[:1]))) == 0 {
		w.relation("GD106", Warning, s, 2, 0, 2, "I12", "REF02 is no tax number: its digits are all the same")
	}
}
