package editest

import "fmt"

// RemitLine is what Remits pays for a line, in cents, of a charge of 62 dollars:
// allowed 30.00, coinsurance 6.00, sequestration 0.48.
const RemitLine = 2352

// RemitRecovery is what Remits takes back for an earlier payment, in cents.
const RemitRecovery = 1000

// Remits makes a remittance of Medicare that answers Claims(n): every line is paid
// in part, an earlier payment is taken back, and all of it balances.
func Remits(n int) []string {
	billing, rendering := NPI("123456789"), NPI("198765432")
	total := 3*RemitLine*n - RemitRecovery
	s := []string{
		ISA(2), "GS*HP*RECEIVER*SUBMITTER*20260401*0800*2*X*005010X221A1", "ST*835*0001",
		fmt.Sprintf("BPR*I*%s*C*ACH*CCP*01*111000025*DA*123456*1234567890**01*111000025*DA*654321*20260402", cents(total)),
		"TRN*1*TRACE0001*1234567890", "REF*EV*SUBMITTER", "DTM*405*20260401",
		"N1*PR*EXAMPLE PAYER", "N3*9 PAYER WAY", "N4*DENVER*CO*80202", "REF*2U*04011", "PER*BL*DESK*TE*5555550199",
		"N1*PE*EXAMPLE THERAPY*XX*" + billing, "REF*TJ*123456789", "LX*1",
	}
	for i := range n {
		s = append(
			s,
			fmt.Sprintf("CLP*C%06d*1*186*%s*18*MB*ICN%09d*11*1", i, cents(3*RemitLine), i),
			fmt.Sprintf("NM1*QC*1*EXAMPLE%d*PAT****MI*1EG4TE%05d", i, i), "NM1*82*1*THERAPIST*PAT****XX*"+rendering,
			"MOA***MA01", "REF*EA*MRN1", "DTM*050*20260311",
		)
		for k, code := range []string{"97110", "97116", "97140"} {
			s = append(
				s, fmt.Sprintf("SVC*HC:%s:GP*62*%s**%d", code, cents(RemitLine), max(2-k, 1)), "DTM*472*20260310",
				"CAS*CO*45*32**253*.48", "CAS*PR*2*6", fmt.Sprintf("REF*6R*%06d%c", i, 'A'+k), "AMT*B6*30",
			)
		}
	}
	s = append(s, fmt.Sprintf("PLB*%s*20261231*WO:C999999*%s", billing, cents(RemitRecovery)))
	return append(s, fmt.Sprintf("SE*%d*0001", len(s)-1), "GE*1*2", "IEA*1*000000002")
}

// cents writes an amount in dollars.
func cents(n int) string {
	sign := ""
	if n < 0 {
		sign, n = "-", -n
	}
	return fmt.Sprintf("%s%d.%02d", sign, n/100, n%100)
}
