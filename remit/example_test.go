package remit_test

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/remit"
)

// printer prints what was denied, and what has no partner.
type printer struct{}

func (printer) Payment(p *remit.Payment) error {
	fmt.Printf("payment %s of %s: %s, balanced %v\n", p.Trace, p.Date, p.Amount, p.Balanced())
	return nil
}

func (printer) Claim(c *remit.Claim) error {
	for _, l := range c.Lines {
		if l.Denied > 0 {
			fmt.Printf("claim %s line %d, by %s: %s\n%s until %s\n", c.ID, l.Number, l.Match, l.Cause, l.Action.Step, l.Action.Deadline)
		}
	}
	return nil
}

func (printer) Unmatched(u *remit.Unmatched) error {
	fmt.Printf("claim %s: %s\n", u.Claim, u.Reason)
	return nil
}

func Example() {
	claims := sent([2]string{"M1", clm("A1", "100", "97110:GP 60 1 20260110 A1-1", "97140 40 1 20260110 A1-2")})
	era := era(pay("60", "20260201", "T1", "CLP*A1*1*100*60**MB*I1~NM1*QC*1*DOE*JANE****MI*M1~"+
		"SVC*HC:97110:GP*60*60~DTM*472*20260110~REF*6R*A1-1~"+
		"SVC*HC:97140*40*0~DTM*472*20260110~CAS*CO*4*40~REF*6R*A1-2~LQ*HE*N822~"))

	index := new(remit.Index)
	if _, err := index.Read("claims.837", strings.NewReader(claims), func(e *edi.SyntaxError) { fmt.Println(e) }); err != nil {
		fmt.Println(err)
	}
	run := &remit.Run{Claims: index}
	open := func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(era)), nil }
	if _, err := run.Survey(context.Background(), remit.Source{Name: "era.835", Open: open}); err != nil {
		fmt.Println(err)
	}
	run.Settle()
	if err := run.Report(context.Background(), printer{}); err != nil {
		fmt.Println(err)
	}
	// Output:
	// payment T1 of 2026-02-01: 60.00, balanced true
	// claim A1 line 2, by 6r: CO-4 N822: Modifier does not fit the procedure billed; N822 Procedure modifier left off
	// reopen until 2027-02-01
}
