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
	Returns = Layout{'*', '^', ':', '\r', ""}

	Layouts = []Layout{Wrapped, OneLine, CRLF, Pipes, Quotes, Returns}
)

// String shows the separators and the line end.
func (l Layout) String() string {
	return fmt.Sprintf("%q%q", []byte{l.Element, l.Repetition, l.Component, l.Terminator}, l.LineEnd)
}

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

// Render writes segments that use *, ^ and : in another layout.
func Render(segments []string, l Layout) []byte {
	var b bytes.Buffer
	r := strings.NewReplacer("*", string([]byte{l.Element}), "^", string([]byte{l.Repetition}), ":", string([]byte{l.Component}))
	for _, s := range segments {
		b.WriteString(r.Replace(s))
		b.WriteByte(l.Terminator)
		b.WriteString(l.LineEnd)
	}
	return b.Bytes()
}

// Fold puts a line end behind every width bytes, wherever that falls, as systems with
// records of one width do.
func Fold(text []byte, width int, end string) []byte {
	var b bytes.Buffer
	for len(text) > width {
		b.Write(text[:width])
		b.WriteString(end)
		text = text[width:]
	}
	b.Write(text)
	b.WriteString(end)
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

// Shape says what an interchange holds. Each count is per one of the level above;
// 0 means 1.
type Shape struct {
	Control                               int
	Providers, Subscribers, Claims, Lines int
	Dependents                            bool   // claims hang from a patient level, 2000C
	Old                                   bool   // 004010X098A1
	Prefix                                string // before the running number of each claim
}

// IDs are the claim control numbers of the interchange.
func (s Shape) IDs() []string {
	var ids []string
	for i := range max(s.Providers, 1) * max(s.Subscribers, 1) * max(s.Claims, 1) {
		ids = append(ids, s.id(i))
	}
	return ids
}

func (s Shape) id(i int) string { return fmt.Sprintf("%s%04d", s.Prefix, i+1) }

// Interchange makes an interchange of that shape.
func Interchange(s Shape) []string {
	isa, version, control := ISA(max(s.Control, 1)), "005010X222A1", fmt.Sprintf("%09d", max(s.Control, 1))
	st := "ST*837*0001*" + version
	if s.Old {
		version = "004010X098A1"
		isa = strings.Replace(isa, "*^*00501*", "*U*00401*", 1)
		st = "ST*837*0001"
	}
	out := []string{
		isa, "GS*HC*SUBMITTER*RECEIVER*20260311*0800*1*X*" + version, st,
		"BHT*0019*00*B1*20260311*0800*CH", "NM1*41*2*EXAMPLE BILLING*****46*SUBMITTER", "PER*IC*DESK*TE*5555550100",
		"NM1*40*2*EXAMPLE PAYER*****46*RECEIVER",
	}
	hl, claim := 0, 0
	for range max(s.Providers, 1) {
		hl++
		provider := hl
		out = append(
			out, fmt.Sprintf("HL*%d**20*1", hl), "NM1*85*2*EXAMPLE THERAPY*****XX*"+NPI("123456789"),
			"N3*1 EXAMPLE WAY", "N4*DENVER*CO*802020001", "REF*EI*123456789",
		)
		for range max(s.Subscribers, 1) {
			hl++
			subscriber := hl
			children, relation := 0, "18"
			if s.Dependents {
				children, relation = 1, ""
			}
			out = append(
				out, fmt.Sprintf("HL*%d*%d*22*%d", hl, provider, children), "SBR*P*"+relation+"*******CI",
				fmt.Sprintf("NM1*IL*1*EXAMPLE%d*PAT****MI*M%05d", hl, hl), "N3*2 EXAMPLE ST", "N4*DENVER*CO*80202",
				"DMG*D8*19700101*F", "NM1*PR*2*EXAMPLE PAYER*****PI*12345",
			)
			if s.Dependents {
				hl++
				out = append(
					out, fmt.Sprintf("HL*%d*%d*23*0", hl, subscriber), "PAT*19", fmt.Sprintf("NM1*QC*1*EXAMPLE%d*KID", hl),
					"N3*2 EXAMPLE ST", "N4*DENVER*CO*80202", "DMG*D8*20150101*F",
				)
			}
			for range max(s.Claims, 1) {
				lines := max(s.Lines, 1)
				out = append(out, fmt.Sprintf("CLM*%s*%d***11:B:1*Y*A*Y*Y", s.id(claim), 62*lines), "HI*ABK:M6281")
				claim++
				for l := range lines {
					out = append(
						out, fmt.Sprintf("LX*%d", l+1), "SV1*HC:97110:GP*62*UN*2***1", "DTP*472*D8*20260310",
						fmt.Sprintf("REF*6R*%d-%d", claim, l+1),
					)
				}
			}
		}
	}
	return append(out, fmt.Sprintf("SE*%d*0001", len(out)-1), "GE*1*1", "IEA*1*"+control)
}
