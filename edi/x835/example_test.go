package x835_test

import (
	"fmt"
	"io"
	"log"
	"strings"

	"github.com/gaitkeeper/gaitkeeper/edi/x835"
)

func ExampleReader() {
	src := strings.NewReader(remit(
		"LX*1", "CLP*PT1001*1*80*23.52*6*MB*ICN1*11*1", "SVC*HC:97110:GP*80*23.52**1", "DTM*472*20260310",
		"CAS*CO*45*50**253*.48", "CAS*PR*2*6", "REF*6R*L1", "PLB*1234567893*20261231*L6*-2",
	))
	r := x835.NewReader(src)
	var c x835.Claim
	for {
		item, err := r.Next(&c)
		if err == io.EOF {
			break
		}
		if err != nil {
			log.Fatal(err)
		}
		switch p := r.Payment(); item {
		case x835.PaymentBegins:
			fmt.Printf("%s %s of %s: %s\n", p.Method(), p.Trace(), p.Date, p.Total)
		case x835.ClaimRead:
			fmt.Printf("%s: %s of %s\n", c.ID(), c.Paid, c.Charge)
			for _, l := range c.Lines {
				for _, a := range l.Adjustments {
					fmt.Printf("  %s %s: %s-%s %s\n", l.Control(), l.Procedure.Code(), a.Group, a.Reason, a.Amount)
				}
			}
		case x835.PaymentEnds:
			for _, a := range p.Adjustments {
				fmt.Printf("PLB %s %s\n", a.Reason, a.Amount)
			}
		}
	}
	// Output:
	// ACH TRACE1 of 2026-04-02: 100.00
	// PT1001: 23.52 of 80.00
	//   L1 97110: CO-45 50.00
	//   L1 97110: CO-253 0.48
	//   L1 97110: PR-2 6.00
	// PLB L6 -2.00
}
