package guide

// roles are what the rules over a level or claim look for.
type role uint8

const (
	noRole role = iota
	isClaim
	isDiagnoses
	isAccident
	isAdmission
	isClaimDate
	isOriginal
	isClaimReferral
	isPaid
	isReferring
	isRendering
	isPickUp
	isDropOff
	isAmbulance
	isCoverage
	isClaimAdjustment
	isPayerPaid
	isNonCovered
	isOwed
	isOtherPayer
	isPayerDate
	isLineCounter
	isService
	isServiceDate
	isLineControl
	isLineReferring
	isLinePaid
	isLineAdjustment
	isLineDecided
	isLineOwed
	isMember
	isSubscriber
	isStreet // and behind it, as in the file:
	isCity
	isPerson
	isBilling
	isHeader
	isPatient
	isTrip
	isPayTo
	isDischarge
	isBeginning
	isPricing
	isLinePricing
	isException
	isAuthorization
	isLineExtra
	isEquipment
	isLegacy
	isNeighbour
)

var roleNames = map[string]role{
	"2010AC NM1": isPayTo, "2300 DTP 096": isDischarge, "2300 DTP 431": isBeginning, "2300 DTP 484": isBeginning, "2300 DTP 454": isBeginning,
	"2300 DTP 455": isBeginning, "2300 DTP 304": isBeginning, "2300 HCP": isPricing, "2400 HCP": isLinePricing, "2300 REF 4N": isException,
	"2300 REF G1": isAuthorization, "2400 AMT T": isLineExtra, "2400 AMT F4": isLineExtra, "2400 SV5": isEquipment, "2010AA REF 0B": isLegacy,
	"2310A REF 0B": isLegacy, "2310B REF 0B": isLegacy, "2310C REF 0B": isLegacy, "2310D REF 0B": isLegacy,
	"ST BHT": isHeader, "2010AA NM1": isBilling, "2000B SBR": isSubscriber, "2000C PAT": isPatient,
	"2010BA NM1": isMember, "2010BA N3": isStreet, "2010BA N4": isCity, "2010BA DMG": isPerson, "2010CA DMG": isPerson, "2010BB NM1": isNeighbour,
	"2300 CLM": isClaim, "2300 HI ABK": isDiagnoses, "2300 DTP 439": isAccident, "2300 DTP 435": isAdmission, "2300 REF F8": isOriginal,
	"2300 REF 9F": isClaimReferral, "2300 AMT F5": isPaid, "2310A NM1": isReferring, "2310B NM1": isRendering, "2310E NM1": isPickUp,
	"2310F NM1": isDropOff, "2300 CR1": isAmbulance, "2300 CRC 07": isTrip,
	"2320 SBR": isCoverage, "2320 CAS": isClaimAdjustment, "2320 AMT D": isPayerPaid, "2320 AMT A8": isNonCovered, "2320 AMT EAF": isOwed,
	"2330B NM1": isOtherPayer, "2330B DTP 573": isPayerDate,
	"2400 LX": isLineCounter, "2400 SV1": isService, "2400 DTP 472": isServiceDate, "2400 REF 6R": isLineControl, "2420F NM1": isLineReferring,
	"2430 SVD": isLinePaid, "2430 CAS": isLineAdjustment, "2430 DTP 573": isLineDecided, "2430 AMT EAF": isLineOwed,
}

// part is a segment of a level or claim that has a role.
type part struct {
	at   int32 // its number in the unit
	role role
}

// roleSet is a set of roles, as bits.
type roleSet uint64

// has reports whether one of some roles is in the set.
func (r roleSet) has(some roleSet) bool { return r&some != 0 }

// rare are the roles of segments that few claims have: those of lines and of other
// payers, and of the claim.
const (
	rareLines = 1<<isClaimAdjustment | 1<<isLineAdjustment | 1<<isLineReferring | 1<<isLineExtra | 1<<isEquipment | 1<<isLinePricing | 1<<isLinePaid
	rare      = rareLines | 1<<isException | 1<<isPricing | 1<<isLegacy
)

// roleOf is the role of a segment at its place, by the first code of its qualifier.
func roleOf(loop, segment string, quals []qualifier) role {
	if r, ok := roleNames[loop+" "+segment]; ok {
		return r
	}
	if len(quals) > 0 {
		return roleNames[loop+" "+segment+" "+unpack(quals[0].codes[0])]
	}
	return noRole
}
