package guide

import (
	"fmt"
	"strings"

	"github.com/gaitkeeper/gaitkeeper/edi"
)

// statuses are claim status codes by what they are about: an element, or a segment
// with or without its qualifier.
var statuses = map[string]string{
	"N301": "126", "N302": "126", "N401": "502", "N402": "501", "N403": "500", "NM103": "125", "NM104": "505", "NM105": "514",
	"PRV03": "145", "DMG02": "158", "DMG03": "157", "SBR02": "156", "SBR03": "163", "SBR05": "578", "SBR09": "480", "PAT01": "156",
	"CLM01": "478", "CLM02": "178", "CLM05": "249", "CLM11": "633", "CLM20": "555", "SV101": "507", "SV102": "583", "SV103": "659",
	"SV104": "476", "SV105": "249", "SV107": "477", "HI01": "254", "SVD01": "479", "SVD02": "643", "SVD03": "507", "SVD05": "608",
	"SVD06": "526", "LIN03": "218", "LQ02": "698",
	"N3": "126", "N4": "126", "PER": "127", "HI": "255", "CAS": "519", "REF*EI": "128", "REF*SY": "128", "REF*G1": "252", "REF*F8": "464",
	"REF*6R": "584", "REF*X4": "544", "REF*F4": "544", "REF*D9": "543", "REF*0B": "560", "REF*1G": "560", "REF*G2": "560", "REF*LU": "560",
	"DTP*472": "187", "DTP*435": "189", "DTP*096": "190", "DTP*484": "191", "DTP*573": "516", "DMG": "158", "AMT*D": "672",
}

// statusOf is the category and status of a 277CA for a problem of an element.
func statusOf(p *Problem, s *edi.Segment) string {
	category := "A7:"
	switch p.IK403 {
	case "1", "2", "I9":
		category = "A6:"
	case "10", "I13":
		category = "A8:"
	}
	tag := p.Segment
	if tag == "NM1" && p.Element >= 8 {
		status := "153"
		if s.Is(8, "XX") || p.Rule == "ID101" {
			status = "562"
		} else if s.Is(1, "IL") {
			status = "164"
		}
		return category + status + ":" + safe(string(s.Bytes(1)))
	}
	if status, ok := statuses[fmt.Sprintf("%s%02d", tag, p.Element)]; ok {
		if tag == "CLM" && p.Element == 5 && p.Component == 3 {
			status = "535"
		}
		if p.Component > 2 && p.Component < 7 && status == "507" {
			status = "453"
		}
		return category + status
	}
	if status, ok := statuses[tag+"*"+string(s.Bytes(1))]; ok {
		return category + status
	}
	if status, ok := statuses[tag]; ok {
		return category + status
	}
	return category + "21"
}

// statusOfSegment is the status for a segment that is missing.
func statusOfSegment(sp *spec) string {
	title, _, _ := strings.Cut(titled(sp), "/")
	if status, ok := statuses[title]; ok {
		return status
	}
	if status, ok := statuses[sp.tag.String()]; ok {
		return status
	}
	return "21"
}
