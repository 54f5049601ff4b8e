package therapy

// unit is how the units of a code are counted.
type unit struct {
	timing  Timing
	minutes int
	pool    bool
}

var (
	quarter = unit{Timed, 15, true}  // of the day's total
	aside   = unit{Timed, 15, false} // a hearing test: not treatment, not in the total
	overlay = unit{Timed, 15, false} // the same minutes as its primary's: never counted twice
	half    = unit{Timed, 30, false}
	daily   = unit{Daily, 0, false}
	area    = unit{Area, 0, false}
	item    = unit{Item, 0, false} // and what unlisted codes describe
	period  = unit{Period, 0, false}
)

func hours(n int) unit { return unit{Timed, 60 * n, false} }

func monthly(minutes int) unit { return unit{Period, minutes, false} }

// table has one row for each code. Status is that of RVU24C (0: not in it);
// since is the first valid day where it is 2017 or later.
var table = []struct {
	code    string
	unit    unit
	kind    Kind
	allowed Disciplines
	status  byte
	since   int32
	label   string
}{
	// Modalities.
	{"97010", daily, Never, PT | OT, 'B', 0, "hot or cold packs"},
	{"97012", daily, Always, PT | OT, 'A', 0, "mechanical traction"},
	{"97014", daily, Never, PT | OT, 'I', 0, "electrical stimulation, unattended (not for Medicare)"},
	{"97016", daily, Always, PT | OT, 'A', 0, "vasopneumatic device"},
	{"97018", daily, Always, PT | OT, 'A', 0, "paraffin bath"},
	{"97022", daily, Always, PT | OT, 'A', 0, "whirlpool"},
	{"97024", daily, Always, PT | OT, 'A', 0, "diathermy"},
	{"97026", daily, Always, PT | OT, 'R', 0, "infrared"},
	{"97028", daily, Always, PT | OT, 'A', 0, "ultraviolet"},
	{"97032", quarter, Always, anyone, 'A', 0, "electrical stimulation, attended"},
	{"97033", quarter, Always, PT | OT, 'A', 0, "iontophoresis"},
	{"97034", quarter, Always, PT | OT, 'A', 0, "contrast bath"},
	{"97035", quarter, Always, PT | OT, 'A', 0, "ultrasound"},
	{"97036", quarter, Always, PT | OT, 'A', 0, "Hubbard tank"},
	{"97037", daily, Never, PT | OT, 'N', 2024_01_01, "low-level laser after surgery"},
	{"97039", item, Always, PT | OT, 'C', 0, "modality not listed"},
	{"G0281", daily, Always, PT | OT, 'A', 0, "electrical stimulation, chronic ulcer"},
	{"G0282", daily, Never, PT | OT, 'N', 0, "electrical stimulation, wound care, not covered"},
	{"G0283", daily, Always, PT | OT, 'A', 0, "electrical stimulation, unattended, not for wounds"},
	{"G0329", daily, Always, PT | OT, 'A', 0, "electromagnetic therapy, chronic ulcer"},

	// Procedures.
	{"97110", quarter, Always, PT | OT, 'A', 0, "therapeutic exercise"},
	{"97112", quarter, Always, PT | OT, 'A', 0, "neuromuscular re-education"},
	{"97113", quarter, Always, PT | OT, 'A', 0, "aquatic exercise"},
	{"97116", quarter, Always, PT | OT, 'A', 0, "gait training"},
	{"0791T", overlay, Always, PT, 'C', 2023_07_01, "gait training in virtual reality, added"},
	{"97124", quarter, Always, PT | OT, 'A', 0, "massage"},
	{"97129", quarter, Sometimes, anyone, 'A', 2020_01_01, "cognitive intervention, first 15 minutes"},
	{"97130", quarter, Sometimes, anyone, 'A', 2020_01_01, "cognitive intervention, each added 15 minutes"},
	{"97139", item, Always, anyone, 'C', 0, "procedure not listed"},
	{"97140", quarter, Always, PT | OT, 'A', 0, "manual therapy"},
	{"97150", daily, Always, anyone, 'A', 0, "group therapy"},
	{"97530", quarter, Always, anyone, 'A', 0, "therapeutic activities"},
	{"97533", quarter, Always, PT | OT, 'A', 0, "sensory integration"},
	{"97535", quarter, Always, anyone, 'A', 0, "self-care and home management training"},
	{"97537", quarter, Always, PT | OT, 'A', 0, "community and work reintegration"},
	{"97542", quarter, Always, PT | OT, 'A', 0, "wheelchair management"},
	{"97545", hours(2), Sometimes, PT | OT, 'R', 0, "work hardening, first 2 hours"},
	{"97546", hours(1), Sometimes, PT | OT, 'R', 0, "work hardening, each added hour"},
	{"97750", quarter, Always, PT | OT, 'A', 0, "physical performance test"},
	{"97755", quarter, Always, anyone, 'A', 0, "assistive technology assessment"},
	{"97760", quarter, Always, PT | OT, 'A', 0, "orthotic training, first encounter"},
	{"97761", quarter, Always, PT | OT, 'A', 0, "prosthetic training, first encounter"},
	{"97762", quarter, Always, PT | OT, 0, 0, "orthotic or prosthetic checkout (old)"},
	{"97763", quarter, Always, PT | OT, 'A', 2018_01_01, "orthotic or prosthetic training, later encounter"},
	{"97799", item, Always, anyone, 'C', 0, "rehabilitation service not listed"},
	{"90901", daily, Sometimes, PT | OT, 'A', 0, "biofeedback"},
	{"90912", quarter, Sometimes, PT | OT, 'A', 2020_01_01, "pelvic floor biofeedback, first 15 minutes"},
	{"90913", quarter, Sometimes, PT | OT, 'A', 2020_01_01, "pelvic floor biofeedback, each added 15 minutes"},
	{"95992", daily, Sometimes, PT | OT, 'A', 0, "canalith repositioning"},
	{"20560", daily, Sometimes, PT | OT, 'A', 2020_01_01, "dry needling, 1 or 2 muscles"},
	{"20561", daily, Sometimes, PT | OT, 'A', 2020_01_01, "dry needling, 3 or more muscles"},

	// Evaluations and tests.
	{"97161", daily, Always, PT, 'A', 2017_01_01, "physical therapy evaluation, low complexity"},
	{"97162", daily, Always, PT, 'A', 2017_01_01, "physical therapy evaluation, moderate complexity"},
	{"97163", daily, Always, PT, 'A', 2017_01_01, "physical therapy evaluation, high complexity"},
	{"97164", daily, Always, PT, 'A', 2017_01_01, "physical therapy re-evaluation"},
	{"97165", daily, Always, OT, 'A', 2017_01_01, "occupational therapy evaluation, low complexity"},
	{"97166", daily, Always, OT, 'A', 2017_01_01, "occupational therapy evaluation, moderate complexity"},
	{"97167", daily, Always, OT, 'A', 2017_01_01, "occupational therapy evaluation, high complexity"},
	{"97168", daily, Always, OT, 'A', 2017_01_01, "occupational therapy re-evaluation"},
	{"97169", daily, Never, 0, 'N', 2017_01_01, "athletic training evaluation, low complexity"},
	{"97170", daily, Never, 0, 'N', 2017_01_01, "athletic training evaluation, moderate complexity"},
	{"97171", daily, Never, 0, 'N', 2017_01_01, "athletic training evaluation, high complexity"},
	{"97172", daily, Never, 0, 'N', 2017_01_01, "athletic training re-evaluation"},
	{"95851", item, Sometimes, PT | OT, 'A', 0, "range of motion measurement, limb or spine section"},
	{"95852", item, Sometimes, PT | OT, 'A', 0, "range of motion measurement, hand"},
	{"96000", daily, Never, PT, 'A', 0, "motion analysis by video"},
	{"96001", daily, Never, PT, 'A', 0, "motion analysis by video with plantar pressure"},
	{"96002", daily, Never, PT, 'A', 0, "surface electromyography in motion"},
	{"96003", daily, Never, PT, 'A', 0, "fine wire electromyography in motion"},
	{"96105", hours(1), Sometimes, SLP, 'A', 0, "aphasia assessment"},
	{"96112", hours(1), Sometimes, anyone, 'A', 2019_01_01, "developmental test, first hour"},
	{"96113", half, Sometimes, anyone, 'A', 2019_01_01, "developmental test, each added 30 minutes"},
	{"96125", hours(1), Always, anyone, 'A', 0, "cognitive performance test"},

	// Speech, language, voice, swallowing and hearing.
	{"92507", daily, Always, SLP | OT, 'A', 0, "speech treatment"},
	{"92508", daily, Always, SLP | OT, 'A', 0, "speech treatment, group"},
	{"92520", daily, Sometimes, SLP, 'A', 0, "laryngeal function study"},
	{"92521", daily, Always, SLP, 'A', 0, "fluency evaluation"},
	{"92522", daily, Always, SLP, 'A', 0, "speech sound evaluation"},
	{"92523", daily, Always, SLP, 'A', 0, "speech sound and language evaluation"},
	{"92524", daily, Always, SLP, 'A', 0, "voice and resonance analysis"},
	{"92526", daily, Always, SLP | OT, 'A', 0, "swallowing treatment"},
	{"92597", daily, Always, SLP, 'A', 0, "voice prosthesis evaluation"},
	{"92605", hours(1), Never, SLP, 'B', 0, "device without speech, evaluation, first hour"},
	{"92606", daily, Never, SLP, 'B', 0, "device without speech, service"},
	{"92607", hours(1), Always, SLP, 'A', 0, "speech device evaluation, first hour"},
	{"92608", half, Always, SLP, 'A', 0, "speech device evaluation, each added 30 minutes"},
	{"92609", daily, Always, SLP, 'A', 0, "speech device service"},
	{"92610", daily, Sometimes, SLP, 'A', 0, "swallowing evaluation"},
	{"92611", daily, Sometimes, SLP, 'A', 0, "swallowing evaluation in motion x-ray"},
	{"92612", daily, Sometimes, SLP, 'A', 0, "swallowing evaluation by endoscope"},
	{"92614", daily, Sometimes, SLP, 'A', 0, "laryngeal sensory test by endoscope"},
	{"92616", daily, Sometimes, SLP, 'A', 0, "swallowing and sensory test by endoscope"},
	{"92618", half, Never, SLP, 'B', 0, "device without speech, evaluation, each added 30 minutes"},
	{"92626", hours(1), Sometimes, SLP, 'A', 0, "auditory function evaluation, first hour"},
	{"92627", aside, Sometimes, SLP, 'A', 0, "auditory function evaluation, each added 15 minutes"},

	// Caregiver training.
	{"97550", half, Sometimes, anyone, 'A', 2024_01_01, "caregiver training, first 30 minutes"},
	{"97551", quarter, Sometimes, anyone, 'A', 2024_01_01, "caregiver training, each added 15 minutes"},
	{"97552", daily, Sometimes, anyone, 'A', 2024_01_01, "caregiver training, group"},
	{"G0541", half, Sometimes, anyone, 0, 2025_01_01, "caregiver training in direct care, first 30 minutes"},
	{"G0542", quarter, Sometimes, anyone, 0, 2025_01_01, "caregiver training in direct care, each added 15 minutes"},
	{"G0543", daily, Sometimes, anyone, 0, 2025_01_01, "caregiver training in direct care, group"},

	// Wounds.
	{"97597", area, Sometimes, PT | OT, 'A', 0, "selective debridement, first 20 sq cm"},
	{"97598", area, Sometimes, PT | OT, 'A', 0, "selective debridement, each added 20 sq cm"},
	{"97602", daily, Sometimes, PT | OT, 'B', 0, "debridement, not selective"},
	{"97605", daily, Sometimes, PT | OT, 'A', 0, "negative pressure, durable device, to 50 sq cm"},
	{"97606", daily, Sometimes, PT | OT, 'A', 0, "negative pressure, durable device, over 50 sq cm"},
	{"97607", daily, Sometimes, PT | OT, 'A', 0, "negative pressure, disposable device, to 50 sq cm"},
	{"97608", daily, Sometimes, PT | OT, 'A', 0, "negative pressure, disposable device, over 50 sq cm"},
	{"97610", daily, Sometimes, PT | OT, 'A', 0, "ultrasound without contact, wound"},

	// Splints, strapping and casts.
	{"29105", item, Sometimes, PT | OT, 'A', 0, "splint, long arm"},
	{"29125", item, Sometimes, PT | OT, 'A', 0, "splint, short arm, static"},
	{"29126", item, Sometimes, PT | OT, 'A', 0, "splint, short arm, dynamic"},
	{"29130", item, Sometimes, PT | OT, 'A', 0, "splint, finger, static"},
	{"29131", item, Sometimes, PT | OT, 'A', 0, "splint, finger, dynamic"},
	{"29200", item, Sometimes, PT | OT, 'A', 0, "strapping, chest"},
	{"29240", item, Sometimes, PT | OT, 'A', 0, "strapping, shoulder"},
	{"29260", item, Sometimes, PT | OT, 'A', 0, "strapping, elbow or wrist"},
	{"29280", item, Sometimes, PT | OT, 'A', 0, "strapping, hand or finger"},
	{"29345", item, Sometimes, PT | OT, 'A', 0, "cast, long leg"},
	{"29365", item, Sometimes, PT | OT, 'A', 0, "cast, thigh to ankle"},
	{"29405", item, Sometimes, PT | OT, 'A', 0, "cast, short leg"},
	{"29445", item, Sometimes, PT | OT, 'A', 0, "cast, rigid total contact, leg"},
	{"29505", item, Sometimes, PT | OT, 'A', 0, "splint, long leg"},
	{"29515", item, Sometimes, PT | OT, 'A', 0, "splint, short leg"},
	{"29520", item, Sometimes, PT | OT, 'A', 0, "strapping, hip"},
	{"29530", item, Sometimes, PT | OT, 'A', 0, "strapping, knee"},
	{"29540", item, Sometimes, PT | OT, 'A', 0, "strapping, ankle or foot"},
	{"29550", item, Sometimes, PT | OT, 'A', 0, "strapping, toes"},
	{"29580", item, Sometimes, PT | OT, 'A', 0, "Unna boot"},
	{"29581", item, Sometimes, PT | OT, 'A', 0, "compression system, lower leg"},
	{"29584", item, Sometimes, PT | OT, 'A', 0, "compression system, arm and hand"},

	// Remote monitoring.
	{"98975", period, Sometimes, anyone, 'A', 2022_01_01, "remote monitoring, setup and teaching"},
	{"98976", period, Sometimes, anyone, 'A', 2022_01_01, "remote monitoring device, breathing, 16 to 30 days"},
	{"98977", period, Sometimes, anyone, 'A', 2022_01_01, "remote monitoring device, musculoskeletal, 16 to 30 days"},
	{"98978", period, Never, 0, 'C', 2023_01_01, "remote monitoring device, behavioral, 16 to 30 days"},
	{"98979", monthly(10), Sometimes, anyone, 0, 2026_01_01, "remote monitoring management, first 10 minutes of a month"},
	{"98980", monthly(20), Sometimes, anyone, 'A', 2022_01_01, "remote monitoring management, first 20 minutes of a month"},
	{"98981", monthly(20), Sometimes, anyone, 'A', 2022_01_01, "remote monitoring management, each added 20 minutes"},
	{"98984", period, Sometimes, anyone, 0, 2026_01_01, "remote monitoring device, breathing, 2 to 15 days"},
	{"98985", period, Sometimes, anyone, 0, 2026_01_01, "remote monitoring device, musculoskeletal, 2 to 15 days"},
	{"98986", period, Never, 0, 0, 2026_01_01, "remote monitoring device, behavioral, 2 to 15 days"},

	// Telephone and online.
	{"98016", daily, Sometimes, anyone, 0, 2025_01_01, "brief virtual check-in"},
	{"98966", daily, Sometimes, anyone, 'A', 0, "telephone assessment, 5 to 10 minutes"},
	{"98967", daily, Sometimes, anyone, 0, 0, "telephone assessment, 11 to 20 minutes"},
	{"98968", daily, Sometimes, anyone, 0, 0, "telephone assessment, 21 to 30 minutes"},
	{"98970", period, Sometimes, anyone, 'A', 2020_01_01, "online assessment over 7 days, 5 to 10 minutes"},
	{"98971", period, Sometimes, anyone, 0, 2020_01_01, "online assessment over 7 days, 11 to 20 minutes"},
	{"98972", period, Sometimes, anyone, 0, 2020_01_01, "online assessment over 7 days, 21 minutes or more"},
	{"G2250", daily, Sometimes, anyone, 'A', 2021_01_01, "review of pictures sent by the patient"},
	{"G2251", daily, Sometimes, anyone, 'A', 2021_01_01, "virtual check-in, 5 to 10 minutes"},
}
