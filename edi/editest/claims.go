// Package editest makes synthetic X12 for tests and benchmarks.
package editest

import (
	"bytes"
	"fmt"
	"strings"
)

// Layout is how a file is written.
type Layout struct {
	Element, Repetition, Component, Terminator byte
	LineEnd                                    string
}

// Layouts that senders use.
var (
	Wrapped = Layout{'*', '^', ':', '~', "\n"}
	OneLine = Layout{'*', '^', ':', '~', ""}
	CRLF    = Layout{'*', '^', ':', '~', "\r\n"}
	Pipes   = Layout{'|', '!', '>', '\n', ""}
	Quotes  = Layout{'*', '^', ':', '\'', ""}
)

// NPI completes nine digits with the check digit of a National Provider
// Identifier: the Luhn digit over 80840 and the number.
func NPI(nine string) string {
	sum := 24
	for i, c := range nine {
		d := int(c - '0')
		if i%2 == 0 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return nine + string(rune('0'+(10-sum%10)%10))
}

// Render writes segments that use * and : in another layout.
func Render(segments []string, l Layout) []byte {
	var b bytes.Buffer
	r := strings.NewReplacer("*", string(l.Element), ":", string(l.Component))
	for _, s := range segments {
		if strings.HasPrefix(s, "ISA") {
			s = s[:82] + string(l.Repetition) + s[83:]
		}
		b.WriteString(r.Replace(s))
		b.WriteByte(l.Terminator)
		b.WriteString(l.LineEnd)
	}
	return b.Bytes()
}

// ISA is an interchange header with a control number.
func ISA(control int) string {
	return fmt.Sprintf("ISA*00*          *00*          *ZZ*SUBMITTER      *ZZ*RECEIVER       *260311*0800*^*00501*%09d*0*T*:", control)
}

// Claims makes an interchange of n clean physical therapy claims for Medicare,
// three service lines each, every claim of another patient.
func Claims(n int) []string {
	billing, rendering, referring := NPI("123456789"), NPI("198765432"), NPI("145678901")
	s := []string{
		ISA(1), "GS*HC*SUBMITTER*RECEIVER*20260311*0800*1*X*005010X222A1", "ST*837*0001*005010X222A1",
		"BHT*0019*00*B1*20260311*0800*CH", "NM1*41*2*EXAMPLE BILLING*****46*SUBMITTER", "PER*IC*DESK*TE*5555550100",
		"NM1*40*2*EXAMPLE PAYER*****46*RECEIVER", "HL*1**20*1", "PRV*BI*PXC*261QP2000X",
		"NM1*85*2*EXAMPLE THERAPY*****XX*" + billing, "N3*1 EXAMPLE WAY", "N4*DENVER*CO*802020001", "REF*EI*123456789",
	}
	for i := range n {
		s = append(
			s,
			fmt.Sprintf("HL*%d*1*22*0", i+2), "SBR*P*18*******MB",
			fmt.Sprintf("NM1*IL*1*EXAMPLE%d*PAT****MI*1EG4TE%05d", i, i), "N3*2 EXAMPLE ST", "N4*DENVER*CO*80202", "DMG*D8*19500101*F",
			"NM1*PR*2*MEDICARE PART B*****PI*04011",
			fmt.Sprintf("CLM*C%06d*186***11:B:1*Y*A*Y*Y", i), "REF*EA*MRN1", "HI*ABK:M6281*ABF:R262",
			"NM1*DN*1*REFERRER*DOC****XX*"+referring, "NM1*82*1*THERAPIST*PAT****XX*"+rendering, "PRV*PE*PXC*225100000X",
			"LX*1", "SV1*HC:97110:GP*62*UN*2***1:2", "DTP*472*D8*20260310", fmt.Sprintf("REF*6R*%06dA", i),
			"LX*2", "SV1*HC:97116:GP*62*UN*1***1:2", "DTP*472*D8*20260310", fmt.Sprintf("REF*6R*%06dB", i),
			"LX*3", "SV1*HC:97140:GP*62*UN*1***1", "DTP*472*D8*20260310", fmt.Sprintf("REF*6R*%06dC", i),
		)
	}
	return append(s, fmt.Sprintf("SE*%d*0001", len(s)-1), "GE*1*1", "IEA*1*000000001")
}
