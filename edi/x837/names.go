package x837

import "github.com/gaitkeeper/gaitkeeper/edi"

// What loops and segments are, in our own words.

// loopTexts are the loops; for a loop that an NM1 opens, whom it describes.
var loopTexts = [...]string{
	LoopISA: "interchange", LoopGS: "functional group", LoopST: "transaction set",
	Loop1000A: "submitter", Loop1000B: "receiver",
	Loop2000A: "billing level", Loop2010AA: "billing provider", Loop2010AB: "pay-to", Loop2010AC: "pay-to plan",
	Loop2000B: "subscriber level", Loop2010BA: "subscriber", Loop2010BB: "payer",
	Loop2000C: "patient level", Loop2010CA: "patient",
	Loop2300:  "claim",
	Loop2310A: "referring provider", Loop2310B: "rendering provider", Loop2310C: "service location",
	Loop2310D: "supervising provider", Loop2310E: "ambulance pick-up", Loop2310F: "ambulance drop-off", Loop2310: "other provider",
	Loop2320: "other coverage", Loop2330A: "other subscriber", Loop2330B: "other payer",
	Loop2330C: "other payer's referring provider", Loop2330D: "other payer's rendering provider",
	Loop2330E: "other payer's service location", Loop2330F: "other payer's supervising provider",
	Loop2330G: "other payer's billing provider", Loop2330: "other payer's provider",
	Loop2400: "service line", Loop2410: "drug",
	Loop2420A: "line rendering provider", Loop2420B: "line purchased-service provider", Loop2420C: "line service location",
	Loop2420D: "line supervising provider", Loop2420E: "line ordering provider", Loop2420F: "line referring provider",
	Loop2420G: "line ambulance pick-up", Loop2420H: "line ambulance drop-off", Loop2420: "line provider",
	Loop2430: "line as another payer judged it", Loop2440: "form",
}

// Name is what the loop describes, such as "billing provider" for 2010AA; "" for
// LoopNone.
func (l Loop) Name() string { return loopTexts[l] }

// depths are how far inside each other the loops stand: each row is for the loops
// from one to the next.
var depths = func() (d [len(loopNames)]int) {
	for _, row := range []struct {
		from  Loop
		depth int
	}{
		{LoopNone, 0},
		{LoopGS, 1},
		{LoopST, 2},
		{Loop1000A, 3},
		{Loop2000A, 3},
		{Loop2010AA, 4},
		{Loop2000B, 4},
		{Loop2010BA, 5},
		{Loop2000C, 5},
		{Loop2010CA, 6},
		{Loop2300, 6},
		{Loop2310A, 7},
		{Loop2320, 7},
		{Loop2330A, 8},
		{Loop2400, 7},
		{Loop2410, 8},
	} {
		for l := int(row.from); l < len(d); l++ {
			d[l] = row.depth
		}
	}
	return d
}()

// Depth is how deep the loop stands: 0 for the interchange. A patient who is the
// subscriber has no level, so claims stand at one depth whoever the patient is.
func (l Loop) Depth() int { return depths[l] }

// place is a segment id with its qualifier, "" for any, in a loop, LoopNone for any.
type place struct {
	loop      Loop
	tag       edi.Tag
	qualifier string
}

// inParty is what follows the name of the party in a loop that an NM1 opens.
var inParty = map[edi.Tag]string{
	edi.TagOf("NM1"): "", edi.TagOf("N3"): " street", edi.TagOf("N4"): " city, state, ZIP",
	edi.TagOf("PER"): " contact", edi.TagOf("PRV"): " taxonomy",
}

// segmentTexts are the segments: those with a loop are found before those
// without, and those with a qualifier before those without.
var segmentTexts = func() map[place]string {
	m := make(map[place]string, len(segments))
	for _, s := range segments {
		m[place{s.loop, edi.TagOf(s.id), s.qualifier}] = s.text
	}
	return m
}()

var segments = []struct {
	loop          Loop
	id, qualifier string
	text          string
}{
	// Envelopes.
	{LoopNone, "ISA", "", "interchange header"},
	{LoopNone, "IEA", "", "interchange trailer"},
	{LoopNone, "TA1", "", "interchange acknowledgement"},
	{LoopNone, "GS", "", "group header"},
	{LoopNone, "GE", "", "group trailer"},
	{LoopNone, "ST", "", "set header"},
	{LoopNone, "SE", "", "set trailer"},
	{LoopNone, "BHT", "", "beginning of the batch"},

	// Levels.
	{Loop2000A, "HL", "", "billing level"},
	{Loop2000A, "PRV", "", "billing provider taxonomy"},
	{Loop2000B, "HL", "", "subscriber level"},
	{Loop2000B, "SBR", "", "coverage"},
	{Loop2000C, "HL", "", "patient level"},
	{Loop2320, "SBR", "", "other coverage"},
	{LoopNone, "HL", "", "level"},
	{LoopNone, "CUR", "", "currency"},
	{LoopNone, "PAT", "", "patient facts"},
	{LoopNone, "DMG", "", "birth date and sex"},

	// Parties.
	{LoopNone, "NM1", "", "name"},
	{LoopNone, "N2", "", "more of the name"},
	{LoopNone, "N3", "", "street"},
	{LoopNone, "N4", "", "city, state, ZIP"},
	{LoopNone, "PER", "", "contact"},
	{LoopNone, "PRV", "", "taxonomy"},

	// Numbers.
	{LoopNone, "REF", "", "number"},
	{LoopNone, "REF", "0B", "state license"},
	{LoopNone, "REF", "1G", "UPIN"},
	{LoopNone, "REF", "1J", "care plan oversight number"},
	{LoopNone, "REF", "1W", "member number"},
	{LoopNone, "REF", "2U", "payer number"},
	{LoopNone, "REF", "4N", "why there is no authorization"},
	{LoopNone, "REF", "6R", "line control number"},
	{LoopNone, "REF", "9A", "repriced claim number"},
	{LoopNone, "REF", "9B", "repriced line number"},
	{LoopNone, "REF", "9C", "adjusted repriced claim number"},
	{LoopNone, "REF", "9D", "adjusted repriced line number"},
	{LoopNone, "REF", "9F", "referral number"},
	{LoopNone, "REF", "BT", "vaccine batch"},
	{LoopNone, "REF", "D9", "clearinghouse trace number"},
	{LoopNone, "REF", "EA", "medical record number"},
	{LoopNone, "REF", "EI", "employer tax number"},
	{LoopNone, "REF", "EW", "mammography certificate"},
	{LoopNone, "REF", "F4", "laboratory that did the test, CLIA"},
	{LoopNone, "REF", "F5", "Medicare crossover mark"},
	{LoopNone, "REF", "F8", "payer's number of the claim"},
	{LoopNone, "REF", "FY", "claim office number"},
	{LoopNone, "REF", "G1", "authorization number"},
	{LoopNone, "REF", "G2", "provider number at the payer"},
	{LoopNone, "REF", "LU", "location number"},
	{LoopNone, "REF", "LX", "device exemption number"},
	{LoopNone, "REF", "NF", "insurer number"},
	{LoopNone, "REF", "P4", "demonstration project"},
	{LoopNone, "REF", "SY", "social security number"},
	{LoopNone, "REF", "T4", "adjudicated again"},
	{LoopNone, "REF", "VY", "link of a compound"},
	{LoopNone, "REF", "X4", "laboratory certificate, CLIA"},
	{LoopNone, "REF", "XZ", "prescription number"},
	{LoopNone, "REF", "Y4", "property and casualty claim"},

	// Dates.
	{LoopNone, "DTP", "", "date"},
	{LoopNone, "DTP", "011", "date shipped"},
	{LoopNone, "DTP", "050", "date the repricer received it"},
	{LoopNone, "DTP", "090", "care taken over"},
	{LoopNone, "DTP", "091", "care given up"},
	{LoopNone, "DTP", "096", "discharge"},
	{LoopNone, "DTP", "296", "return to work"},
	{LoopNone, "DTP", "297", "last day worked"},
	{LoopNone, "DTP", "304", "last seen"},
	{LoopNone, "DTP", "314", "disability, from and to"},
	{LoopNone, "DTP", "360", "disability begins"},
	{LoopNone, "DTP", "361", "disability ends"},
	{LoopNone, "DTP", "431", "onset"},
	{LoopNone, "DTP", "435", "admission"},
	{LoopNone, "DTP", "439", "accident"},
	{LoopNone, "DTP", "444", "first contact"},
	{LoopNone, "DTP", "453", "acute flare-up"},
	{LoopNone, "DTP", "454", "first treatment"},
	{LoopNone, "DTP", "455", "last x-ray"},
	{LoopNone, "DTP", "461", "certification signed"},
	{LoopNone, "DTP", "463", "therapy began"},
	{LoopNone, "DTP", "471", "prescription"},
	{LoopNone, "DTP", "472", "date of service"},
	{LoopNone, "DTP", "484", "last menstrual period"},
	{LoopNone, "DTP", "573", "day the other payer decided"},
	{LoopNone, "DTP", "607", "certification renewed"},
	{LoopNone, "DTP", "738", "hemoglobin test"},
	{LoopNone, "DTP", "739", "creatinine test"},

	// Claims.
	{LoopNone, "CLM", "", "claim"},
	{LoopNone, "HI", "", "health codes"},
	{LoopNone, "HI", "ABK", "diagnoses"},
	{LoopNone, "HI", "BK", "diagnoses (ICD-9)"},
	{LoopNone, "HI", "BP", "anesthesia procedures"},
	{LoopNone, "HI", "BG", "conditions"},
	{LoopNone, "PWK", "", "attachment"},
	{LoopNone, "CN1", "", "contract"},
	{LoopNone, "K3", "", "state data"},
	{LoopNone, "NTE", "", "note"},
	{LoopNone, "CR1", "", "ambulance trip"},
	{LoopNone, "CR2", "", "spinal manipulation"},
	{LoopNone, "CR3", "", "equipment certification"},
	{LoopNone, "CRC", "", "condition"},
	{LoopNone, "CRC", "07", "ambulance condition"},
	{LoopNone, "CRC", "09", "equipment condition"},
	{LoopNone, "CRC", "70", "hospice employee"},
	{LoopNone, "CRC", "75", "homebound"},
	{LoopNone, "CRC", "E1", "vision, spectacles"},
	{LoopNone, "CRC", "E2", "vision, contact lenses"},
	{LoopNone, "CRC", "E3", "vision, frames"},
	{LoopNone, "CRC", "ZZ", "child screening referral"},
	{LoopNone, "HCP", "", "repricing"},
	{LoopNone, "AMT", "", "amount"},
	{LoopNone, "AMT", "A8", "not covered"},
	{LoopNone, "AMT", "D", "paid by the other payer"},
	{LoopNone, "AMT", "EAF", "still owed by the patient"},
	{LoopNone, "AMT", "F4", "postage"},
	{LoopNone, "AMT", "F5", "paid by the patient"},
	{LoopNone, "AMT", "T", "tax"},
	{LoopNone, "CAS", "", "adjustments"},
	{LoopNone, "OI", "", "other coverage, release"},
	{LoopNone, "MOA", "", "other payer's remarks"},

	// Service lines.
	{LoopNone, "LX", "", "line number"},
	{LoopNone, "SV1", "", "professional service"},
	{LoopNone, "SV5", "", "equipment service"},
	{LoopNone, "QTY", "", "quantity"},
	{LoopNone, "QTY", "PT", "patients in the vehicle"},
	{LoopNone, "QTY", "FL", "anesthesia units"},
	{LoopNone, "MEA", "", "test result"},
	{LoopNone, "PS1", "", "purchased service"},
	{LoopNone, "LIN", "", "drug"},
	{LoopNone, "CTP", "", "drug quantity"},
	{LoopNone, "SVD", "", "line as the other payer paid it"},
	{LoopNone, "LQ", "", "form"},
	{LoopNone, "FRM", "", "answer on the form"},
}

// SegmentName is what a segment is in a loop; "" for one that the guide does not
// have. The qualifier is the first component of its element 1, or "".
func SegmentName(loop Loop, tag edi.Tag, qualifier string) string {
	if text, ok := inParty[tag]; ok && isParty[loop] {
		return loopTexts[loop] + text
	}
	for _, at := range [...]place{{loop, tag, ""}, {LoopNone, tag, qualifier}, {LoopNone, tag, ""}} {
		if text, ok := segmentTexts[at]; ok {
			return text
		}
	}
	return ""
}

// isParty holds the loops that an NM1 opens.
var isParty = func() (is [len(loopNames)]bool) {
	for _, list := range names {
		for _, n := range list {
			is[n.loop] = true
		}
	}
	return is
}()
