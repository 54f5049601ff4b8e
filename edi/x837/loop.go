package x837

import "github.com/gaitkeeper/gaitkeeper/edi"

// Loop names a loop of the 837P guide 005010X222A1.
type Loop uint8

// The loops. 2310, 2330 and 2420 without a letter hold a provider or payer whose
// qualifier the guide does not know at that place, as 4010 files have them.
const (
	LoopNone Loop = iota
	LoopISA
	LoopGS
	LoopST
	Loop1000A
	Loop1000B
	Loop2000A
	Loop2010AA
	Loop2010AB
	Loop2010AC
	Loop2000B
	Loop2010BA
	Loop2010BB
	Loop2000C
	Loop2010CA
	Loop2300
	Loop2310A
	Loop2310B
	Loop2310C
	Loop2310D
	Loop2310E
	Loop2310F
	Loop2310
	Loop2320
	Loop2330A
	Loop2330B
	Loop2330C
	Loop2330D
	Loop2330E
	Loop2330F
	Loop2330G
	Loop2330
	Loop2400
	Loop2410
	Loop2420A
	Loop2420B
	Loop2420C
	Loop2420D
	Loop2420E
	Loop2420F
	Loop2420G
	Loop2420H
	Loop2420
	Loop2430
	Loop2440
)

var loopNames = [...]string{
	"", "ISA", "GS", "ST", "1000A", "1000B", "2000A", "2010AA", "2010AB", "2010AC",
	"2000B", "2010BA", "2010BB", "2000C", "2010CA", "2300",
	"2310A", "2310B", "2310C", "2310D", "2310E", "2310F", "2310",
	"2320", "2330A", "2330B", "2330C", "2330D", "2330E", "2330F", "2330G", "2330",
	"2400", "2410", "2420A", "2420B", "2420C", "2420D", "2420E", "2420F", "2420G", "2420H", "2420", "2430", "2440",
}

func (l Loop) String() string { return loopNames[l] }

// inLine reports whether the loop is 2400 or inside it.
func (l Loop) inLine() bool { return l >= Loop2400 }

// region is where in the set a segment stands, which decides what opens a loop.
type region uint8

const (
	inHeader region = iota
	inBilling
	inSubscriber
	inPatient
	inClaim
	inOther // 2320 and below
	inLine
)

var regionOf = func() (r [len(loopNames)]region) {
	for l := range Loop(len(loopNames)) {
		switch {
		case l >= Loop2400:
			r[l] = inLine
		case l >= Loop2320:
			r[l] = inOther
		case l >= Loop2300:
			r[l] = inClaim
		case l >= Loop2000C:
			r[l] = inPatient
		case l >= Loop2000B:
			r[l] = inSubscriber
		case l >= Loop2000A:
			r[l] = inBilling
		}
	}
	return r
}()

// named says which loop an NM1 opens, by the region and its qualifier NM101.
type named struct {
	qualifier string // "" for any other
	loop      Loop
}

var names = [...][]named{
	inHeader:     {{"41", Loop1000A}, {"40", Loop1000B}},
	inBilling:    {{"85", Loop2010AA}, {"87", Loop2010AB}, {"PE", Loop2010AC}},
	inSubscriber: {{"IL", Loop2010BA}, {"PR", Loop2010BB}},
	inPatient:    {{"QC", Loop2010CA}},
	inClaim: {
		{"82", Loop2310B},
		{"DN", Loop2310A},
		{"P3", Loop2310A},
		{"77", Loop2310C},
		{"FA", Loop2310C},
		{"DQ", Loop2310D},
		{"PW", Loop2310E},
		{"45", Loop2310F},
		{"", Loop2310},
	},
	inOther: {
		{"IL", Loop2330A},
		{"PR", Loop2330B},
		{"DN", Loop2330C},
		{"P3", Loop2330C},
		{"82", Loop2330D},
		{"77", Loop2330E},
		{"DQ", Loop2330F},
		{"85", Loop2330G},
		{"", Loop2330},
	},
	inLine: {
		{"82", Loop2420A},
		{"QB", Loop2420B},
		{"77", Loop2420C},
		{"DQ", Loop2420D},
		{"DK", Loop2420E},
		{"DN", Loop2420F},
		{"P3", Loop2420F},
		{"PW", Loop2420G},
		{"45", Loop2420H},
		{"", Loop2420},
	},
}

// Segment ids that the reader looks at.
const (
	tagISA = edi.Tag('I')<<16 | 'S'<<8 | 'A'
	tagIEA = edi.Tag('I')<<16 | 'E'<<8 | 'A'
	tagGS  = edi.Tag('G')<<16 | 'S'<<8
	tagGE  = edi.Tag('G')<<16 | 'E'<<8
	tagST  = edi.Tag('S')<<16 | 'T'<<8
	tagSE  = edi.Tag('S')<<16 | 'E'<<8
	tagHL  = edi.Tag('H')<<16 | 'L'<<8
	tagNM1 = edi.Tag('N')<<16 | 'M'<<8 | '1'
	tagSBR = edi.Tag('S')<<16 | 'B'<<8 | 'R'
	tagCLM = edi.Tag('C')<<16 | 'L'<<8 | 'M'
	tagLX  = edi.Tag('L')<<16 | 'X'<<8
	tagSV1 = edi.Tag('S')<<16 | 'V'<<8 | '1'
	tagDTP = edi.Tag('D')<<16 | 'T'<<8 | 'P'
	tagREF = edi.Tag('R')<<16 | 'E'<<8 | 'F'
	tagPRV = edi.Tag('P')<<16 | 'R'<<8 | 'V'
	tagSVD = edi.Tag('S')<<16 | 'V'<<8 | 'D'
	tagLIN = edi.Tag('L')<<16 | 'I'<<8 | 'N'
	tagLQ  = edi.Tag('L')<<16 | 'Q'<<8
	tagTA1 = edi.Tag('T')<<16 | 'A'<<8 | '1'
)

// kind sorts segment ids by what they mean to Walker and Reader.
type kind uint8

const (
	kindPlain    kind = iota // belongs to the loop before it, whatever that is
	kindOpener               // may open a loop: from here on
	kindLevel                // begins a level or a claim, and ends the claim before: from here on
	kindEnvelope             // begins or ends an envelope
)

// kindByTag is a table of the ids that are not plain. Their places in it are all
// different, so that looking one up is a multiplication and a comparison.
var kindByTag = func() (t [256]struct {
	tag  edi.Tag
	kind kind
},
) {
	for k, tags := range map[kind][]edi.Tag{
		kindOpener:   {tagNM1, tagSBR, tagLX, tagSVD, tagLIN, tagLQ, tagTA1},
		kindLevel:    {tagCLM, tagHL},
		kindEnvelope: {tagSE, tagST, tagGE, tagGS, tagIEA, tagISA},
	} {
		for _, tag := range tags {
			at := &t[kindPlace(tag)]
			if at.tag != 0 {
				panic("x837: " + tag.String() + " and " + at.tag.String() + " have one place")
			}
			at.tag, at.kind = tag, k
		}
	}
	return t
}()

func kindPlace(t edi.Tag) uint8 { return uint8(uint32(t) * 0x9E3779B1 >> 24) }

func kindOf(t edi.Tag) kind {
	if at := &kindByTag[kindPlace(t)]; at.tag == t {
		return at.kind
	}
	return kindPlain
}

// Walker follows the loops of an 837P from segment to segment. A segment that
// opens no loop belongs to the loop before it, known or not.
type Walker struct {
	loop Loop
}

// Loop is the loop of the last segment.
func (w *Walker) Loop() Loop { return w.loop }

// Step takes the next segment and returns its loop; opened is true where the
// segment begins a loop.
func (w *Walker) Step(s *edi.Segment) (loop Loop, opened bool) {
	tag := s.Tag()
	var qualifier []byte
	switch tag {
	case tagHL:
		qualifier = s.Bytes(3)
	case tagNM1:
		qualifier = s.Bytes(1)
	}
	opened = w.step(tag, qualifier)
	return w.loop, opened
}

// step takes a segment by its id and, where the loop depends on it, HL03 or NM101.
func (w *Walker) step(tag edi.Tag, qualifier []byte) (opened bool) {
	at := regionOf[w.loop]
	next := LoopNone
	switch tag {
	case tagISA:
		next = LoopISA
	case tagGS:
		next = LoopGS
	case tagST:
		next = LoopST
	case tagHL:
		switch string(qualifier) {
		case "20":
			next = Loop2000A
		case "22":
			next = Loop2000B
		case "23":
			next = Loop2000C
		}
	case tagCLM:
		next = Loop2300
	case tagSBR:
		if at >= inClaim {
			next = Loop2320
		}
	case tagLX:
		if at >= inClaim {
			next = Loop2400
		}
	case tagSVD:
		if at == inLine {
			next = Loop2430
		}
	case tagLIN:
		if at == inLine {
			next = Loop2410
		}
	case tagLQ:
		if at == inLine {
			next = Loop2440
		}
	case tagNM1:
		for i := range names[at] {
			if n := &names[at][i]; n.qualifier == "" || n.qualifier == string(qualifier) {
				next = n.loop
				break
			}
		}
	case tagSE: // the trailers stand in the loop of their header
		w.loop = LoopST
	case tagGE:
		w.loop = LoopGS
	case tagIEA, tagTA1:
		w.loop = LoopISA
	}
	if next == LoopNone {
		return false
	}
	w.loop = next
	return true
}
