package x835_test

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/edi/editest"
	"github.com/gaitkeeper/gaitkeeper/edi/x835"
	"pgregory.net/rapid"
)

// header is what every remittance of these tests begins with.
var header = []string{
	"BPR*I*100*C*ACH*CCP*01*111000025*DA*123456*1234567890**01*111000025*DA*654321*20260402",
	"TRN*1*TRACE1*1234567890*SUPP", "CUR*PR*USD", "REF*EV*RECEIVER", "REF*F2*V1", "DTM*405*20260401",
	"N1*PR*EXAMPLE PAYER*XV*PLAN1", "N3*9 PAYER WAY", "N4*DENVER*CO*80202", "REF*2U*04011", "REF*NF*12345",
	"PER*CX**TE*5555550100*EX*12", "PER*BL*DESK*EM*DESK@EXAMPLE.COM", "PER*IC**UR*WWW.EXAMPLE.COM",
	"N1*PE*EXAMPLE THERAPY*XX*1234567893", "REF*TJ*123456789", "RDM*EM",
}

// interchange puts sets, each without ST and SE, into an interchange.
func interchange(sets ...[]string) []string {
	s := []string{editest.ISA(1), "GS*HP*PAYER*PAYEE*20260401*0800*1*X*005010X221A1"}
	for i, set := range sets {
		s = append(s, fmt.Sprintf("ST*835*%04d", i+1))
		s = append(s, set...)
		s = append(s, fmt.Sprintf("SE*%d*%04d", len(set)+2, i+1))
	}
	return append(s, fmt.Sprintf("GE*%d*1", len(sets)), "IEA*1*000000001")
}

// remit is an interchange of one set: the header and body.
func remit(body ...string) string {
	return string(editest.Render(interchange(slices.Concat(header, body)), editest.Wrapped))
}

// each reads input and calls do for each item.
func each(t rapid.TB, src io.Reader, do func(*x835.Reader, x835.Item, *x835.Claim)) (*x835.Reader, []edi.SyntaxError) {
	t.Helper()
	var faults []edi.SyntaxError
	r := x835.NewReader(src)
	r.OnError = func(e *edi.SyntaxError) { faults = append(faults, *e) }
	var c x835.Claim
	for {
		item, err := r.Next(&c)
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if do != nil {
			do(r, item, &c)
		}
	}
	if _, err := r.Next(&c); err != io.EOF {
		t.Fatal("Next goes on after the end:", err)
	}
	return r, faults
}

// one reads a remittance of one payment and one claim, without a fault.
func one(t *testing.T, body ...string) (*x835.Claim, *x835.Payment) {
	t.Helper()
	var claim *x835.Claim
	r := x835.NewReader(strings.NewReader(remit(body...)))
	r.OnError = func(e *edi.SyntaxError) { t.Error(e) }
	for {
		c := new(x835.Claim)
		item, err := r.Next(c)
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if item == x835.ClaimRead {
			claim = c
		}
	}
	return claim, r.Payment()
}

// transcript is all that a Reader tells of an input, as text.
func transcript(t rapid.TB, src io.Reader) []string {
	t.Helper()
	var out []string
	say := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	r, faults := each(t, src, func(r *x835.Reader, item x835.Item, c *x835.Claim) {
		p := r.Payment()
		switch item {
		case x835.PaymentBegins:
			say("begin %q %q %v %v payer %q payee %q", p.Bytes(), p.Control, p.Total, p.Date, p.Payer.Bytes(), p.Payee.Bytes())
		case x835.ClaimRead:
			say("claim %d %q %v %v %v %v", c.Ordinal, c.Bytes(), c.Charge, c.Paid, c.PatientShare, c.Fault)
			say("group %q payer %q payee %q", c.Group.Bytes(), c.Payer.Bytes(), c.Payee.Bytes())
			for _, a := range c.Adjustments {
				say("  %q %q %v %v %v %d %d", a.Group, a.Reason, a.Amount, a.Quantity, a.HasQuantity, a.Segment, a.Trio)
			}
			for i := range c.Lines {
				l := &c.Lines[i]
				say(" line %d-%d %q %v %v %v %v %q", l.First, l.End, l.Billed().Raw, l.Charge, l.Paid, l.BilledUnits(), c.ServiceOf(l), l.Control())
				for _, a := range l.Adjustments {
					say("  %q %q %v %v %v %d %d", a.Group, a.Reason, a.Amount, a.Quantity, a.HasQuantity, a.Segment, a.Trio)
				}
				for m := range l.Remarks() {
					say("  %q %q", m.List, m.Code)
				}
			}
			for m := range c.Remarks() {
				say("  %q %q", m.List, m.Code)
			}
			say("odd %v", c.Odd)
		case x835.PaymentEnds:
			say("end %v %q %q %d %d %d %v odd %v", p.Adjustments, p.Footer.Bytes(), p.Trailer.Bytes(), p.Counted, p.Claims, p.Lines, p.Fault, p.Odd)
		}
	})
	for _, f := range faults {
		say("fault %v", &f)
	}
	say("%+v", r.Counts())
	return out
}

// amount reads dollars for the want side of a test.
func amount(s string) edi.Amount {
	a, err := edi.ParseAmount([]byte(s))
	if err != nil {
		panic(err)
	}
	return a
}

// errsOf are the Err values of oddities, each with its element.
func errsOf(odd []x835.Oddity) (errs []string) {
	for _, o := range odd {
		errs = append(errs, fmt.Sprintf("%s%02d %v", o.Tag, o.Element, o.Err))
	}
	return errs
}

func faultsOf(faults []edi.SyntaxError) (errs []error) {
	for _, f := range faults {
		errs = append(errs, f.Err)
	}
	return errs
}

var errBroken = errors.New("broken pipe")
