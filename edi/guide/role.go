package guide

// role is what the rules over a level or claim know a segment by.
type role uint8

const (
	noRole role = iota
	isHeader
	isBilling
	isPayToAddress
	isPayTo
	isSubscriber
	isMemberPatient // PAT of the member
	isMember
	isStreet // and behind it, as in the file:
	isCity
	isPerson
	isPayer
	isPatient // PAT of a dependent
	isAccident
	isBeginning
	isPrescription
	isAdmission
	isDischarge
	isPaid
	isException
	isClaimReferral
	isAuthorization
	isOriginal
	isAmbulance
	isDiagnoses
	isPricing
	isReferring
	isRendering
	isFacility
	isSupervising
	isPickUp
	isDropOff
	isLegacy
	isCoverage
	isClaimAdjustment
	isPayerPaid
	isNonCovered
	isOwed
	isOtherPayer
	isPayerDate
	isLineCounter
	isService
	isEquipment
	isServiceDate
	isLineBeginning
	isLineControl
	isLineExtra
	isLinePricing
	isLineProvider
	isLineReferring
	isLinePaid
	isLineAdjustment
	isLineDecided
	isLineOwed

	roles // their number: 64 at most

	isPayment // these are of remittances, and in no set
	isTrace
	isProviderAdjustment
	isAnswerAdjustment
	isAnswerLine
	isAnswerDay
)

// roleNames are the roles by loop, segment and the first code of its qualifier.
var roleNames = map[string]role{
	"ST BHT": isHeader, "2010AA NM1": isBilling, "2010AA REF 0B": isLegacy, "2010AB NM1": isPayToAddress, "2010AC NM1": isPayTo,
	"2000B SBR": isSubscriber, "2000B PAT": isMemberPatient,
	"2010BA NM1": isMember, "2010BA N3": isStreet, "2010BA N4": isCity, "2010BA DMG": isPerson, "2010BB NM1": isPayer, "2010BB REF G2": isLegacy,
	"2000C PAT": isPatient, "2010CA DMG": isPerson,

	"2300 DTP 439": isAccident, "2300 DTP 435": isAdmission, "2300 DTP 096": isDischarge, "2300 DTP 471": isPrescription,
	"2300 DTP 431": isBeginning, "2300 DTP 484": isBeginning, "2300 DTP 454": isBeginning, "2300 DTP 455": isBeginning, "2300 DTP 304": isBeginning,
	"2300 AMT F5": isPaid, "2300 REF 4N": isException, "2300 REF 9F": isClaimReferral, "2300 REF G1": isAuthorization, "2300 REF F8": isOriginal,
	"2300 CR1": isAmbulance, "2300 HI ABK": isDiagnoses, "2300 HCP": isPricing,
	"2310A NM1": isReferring, "2310B NM1": isRendering, "2310C NM1": isFacility, "2310D NM1": isSupervising, "2310E NM1": isPickUp, "2310F NM1": isDropOff,
	"2310A REF 0B": isLegacy, "2310B REF 0B": isLegacy, "2310C REF 0B": isLegacy, "2310D REF 0B": isLegacy,

	"2320 SBR": isCoverage, "2320 CAS": isClaimAdjustment, "2320 AMT D": isPayerPaid, "2320 AMT A8": isNonCovered, "2320 AMT EAF": isOwed,
	"2330B NM1": isOtherPayer, "2330B DTP 573": isPayerDate,

	"2400 LX": isLineCounter, "2400 SV1": isService, "2400 SV5": isEquipment, "2400 DTP 472": isServiceDate, "2400 DTP 304": isLineBeginning,
	"2400 DTP 454": isLineBeginning, "2400 DTP 455": isLineBeginning, "2400 DTP 471": isLineBeginning, "2400 REF 6R": isLineControl,
	"2400 AMT T": isLineExtra, "2400 AMT F4": isLineExtra, "2400 HCP": isLinePricing,
	"2420A NM1": isLineProvider, "2420C NM1": isLineProvider, "2420D NM1": isLineProvider, "2420F NM1": isLineReferring,
	"2420A REF 0B": isLegacy, "2420B REF 0B": isLegacy, "2420C REF G2": isLegacy, "2420D REF 0B": isLegacy, "2420E REF 0B": isLegacy, "2420F REF 0B": isLegacy,
	"2430 SVD": isLinePaid, "2430 CAS": isLineAdjustment, "2430 DTP 573": isLineDecided, "2430 AMT EAF": isLineOwed,

	"ST BPR": isPayment, "ST TRN": isTrace, "ST PLB": isProviderAdjustment, "2100 CAS": isAnswerAdjustment, "2100 DTM 232": isAnswerDay,
	"2110 SVC": isAnswerLine, "2110 CAS": isAnswerAdjustment, "2110 DTM 150": isAnswerDay,
}

// roleOf is the role of a segment at its place.
func roleOf(loop, segment string, quals []qualifier) role {
	key := loop + " " + segment
	if r, ok := roleNames[key]; ok || len(quals) == 0 {
		return r
	}
	return roleNames[key+" "+unpack(quals[0].codes[0])]
}

// part is a segment of a level or claim that has a role.
type part struct {
	at   int32 // its number in the unit
	role role
}

// firsts are the numbers of the first segments of each role in the unit, 0 for none: the
// segment that begins it has no need of one.
type firsts [roles]int

// roleSet is a set of roles, as bits.
type roleSet uint64

// has reports whether one of some roles is in the set.
func (r roleSet) has(some roleSet) bool { return r&some != 0 }

// Roles of segments that few claims have: of lines and other payers, of the claim, and
// those that may repeat what stands above.
const (
	rareLines roleSet = 1<<isClaimAdjustment | 1<<isLineAdjustment | 1<<isLineReferring | 1<<isLineExtra | 1<<isEquipment | 1<<isLinePricing | 1<<isLinePaid
	rare              = rareLines | 1<<isException | 1<<isPricing | 1<<isLegacy
	repeating roleSet = 1<<isFacility | 1<<isLineProvider | 1<<isLineReferring | 1<<isLineBeginning | 1<<isRendering
)
