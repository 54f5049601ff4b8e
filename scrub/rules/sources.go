package rules

import "github.com/gaitkeeper/gaitkeeper/scrub"

// Publications that several rules come from.
var (
	guide      = scrub.ProfessionalGuide
	mcpm20_2   = scrub.Source{Text: "Medicare Claims Processing Manual (100-04), chapter 5, section 20.2: reporting of service units"}
	mcpm20_1   = scrub.Source{Text: "Medicare Claims Processing Manual (100-04), chapter 5, section 20.1: discipline and assistant modifiers"}
	mcpm10     = scrub.Source{Text: "Medicare Claims Processing Manual (100-04), chapter 5, section 10: thresholds and the KX modifier"}
	cr10176    = scrub.Source{Text: "CMS Change Request 10176: editing of always therapy services", From: "2018-01-01"}
	bba50202   = scrub.Source{Text: "Bipartisan Budget Act of 2018, section 50202: KX threshold and targeted review", From: "2018-01-01"}
	bba53107   = scrub.Source{Text: "Bipartisan Budget Act of 2018, section 53107: services of therapy assistants", From: "2020-01-01"}
	deMinimis  = scrub.Source{Text: "CMS, billing examples for CQ and CO: more than a tenth of the service, two exceptions", From: "2022-01-01"}
	ptp        = scrub.Source{Text: "CMS NCCI procedure-to-procedure edits, practitioner, v30.2 (2024 Q3), therapy pairs", From: "2020-10-01"}
	mue        = scrub.Source{Text: "CMS NCCI medically unlikely edits, practitioner, 2024 Q3 and 2026 Q2, therapy codes", From: "2020-10-01"}
	ncciMods   = scrub.Source{Text: "CMS NCCI policy: modifiers that bypass an edit, on either code", From: "2019-07-01"}
	addOns     = scrub.Source{Text: "CMS NCCI add-on code edits, 2024"}
	pfs        = scrub.Source{Text: "CMS physician fee schedule relative value file RVU24C: status and multiple procedure indicators", From: "2024-07-01"}
	icd10      = scrub.Source{Text: "ICD-10-CM, in force for service from 2015-10-01", From: "2015-10-01"}
	nucc       = scrub.Source{Text: "NUCC health care provider taxonomy"}
	snf        = scrub.Source{Text: "Medicare Claims Processing Manual (100-04), chapter 6: consolidated billing of skilled nursing facilities"}
	homeCare   = scrub.Source{Text: "Medicare Claims Processing Manual (100-04), chapter 10: consolidated billing of home health"}
	telework   = scrub.Source{Text: "Consolidated Appropriations Act, 2026, section 6209: telehealth by therapists to 2027-12-31"}
	certify    = scrub.Source{Text: "Middle Class Tax Relief and Job Creation Act of 2012: the certifying practitioner on therapy claims", From: "2012-10-01"}
	planOfCare = scrub.Source{Text: "42 CFR 424.24(c) and Medicare Benefit Policy Manual (100-02), chapter 15, section 220.1: certification of the plan of care"}
	timely     = scrub.Source{Text: "42 CFR 424.44: one calendar year after the service for Medicare", From: "2010-01-01"}
	ownPolicy  = scrub.Source{Text: "the payer's own policy, as its profile in the configuration has it"}
	luhn       = scrub.Source{Text: "NPI standard, 45 CFR 162.406: check digit by Luhn with the prefix 80840"}
)
