package x835

import "github.com/gaitkeeper/gaitkeeper/edi"

var depths = [...]int{
	LoopST: 0, Loop1000A: 1, Loop1000B: 1, Loop1000: 1, Loop2000: 1, Loop2100: 2, Loop2110: 3, LoopPLB: 1,
}

// Depth is how far inside the set a loop stands: 0 for the header.
func (l Loop) Depth() int { return depths[l] }

// segmentTexts are our own words for the segments of a remittance.
var segmentTexts = map[edi.Tag]string{
	edi.TagOf("ISA"): "interchange header", edi.TagOf("IEA"): "interchange trailer",
	edi.TagOf("GS"): "group header", edi.TagOf("GE"): "group trailer",
	edi.TagOf("ST"): "set header", edi.TagOf("SE"): "set trailer",
	edi.TagOf("BPR"): "payment", edi.TagOf("TRN"): "trace number", edi.TagOf("CUR"): "currency",
	edi.TagOf("N3"): "street", edi.TagOf("N4"): "city, state, ZIP", edi.TagOf("PER"): "contact", edi.TagOf("RDM"): "delivery",
	edi.TagOf("LX"): "claim group", edi.TagOf("TS3"): "provider totals", edi.TagOf("TS2"): "provider totals, inpatient",
	edi.TagOf("CLP"): "claim", edi.TagOf("CAS"): "adjustments", edi.TagOf("MIA"): "inpatient remarks", edi.TagOf("MOA"): "outpatient remarks",
	edi.TagOf("SVC"): "service line", edi.TagOf("LQ"): "remark code", edi.TagOf("PLB"): "provider adjustments",
	edi.TagOf("REF"): "reference", edi.TagOf("DTM"): "date", edi.TagOf("AMT"): "amount", edi.TagOf("QTY"): "quantity",
}

// partyTexts are our own words for N1 and NM1, by their qualifier.
var partyTexts = map[string]string{
	"PR": "payer", "PE": "payee", "QC": "patient", "IL": "subscriber", "74": "corrected patient or subscriber",
	"82": "rendering provider", "TT": "crossover carrier", "GB": "other subscriber",
}

// SegmentName says in a few words of our own what a segment is; "" where it is not
// known.
func SegmentName(tag edi.Tag, qualifier string) string {
	switch tag {
	case edi.TagOf("N1"), edi.TagOf("NM1"):
		return partyTexts[qualifier]
	}
	return segmentTexts[tag]
}
