package remit_test

import (
	"context"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/remit"
)

const isa = "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260301*0900*^*00501*000000001*0*P*:~"

// era is an 835 of payments: each is the segments from BPR to what comes before SE.
func era(payments ...string) string {
	var b strings.Builder
	b.WriteString(isa + "GS*HP*SENDER*RECEIVER*20260301*0900*1*X*005010X221A1~")
	for i, p := range payments {
		fmt.Fprintf(&b, "ST*835*%04d~%sSE*%d*%04d~", i+1, p, strings.Count(p, "~")+2, i+1)
	}
	fmt.Fprintf(&b, "GE*%d*1~IEA*1*000000001~", len(payments))
	return b.String()
}

// pay is a payment of one payer and payee.
func pay(amount, day, trace, body string) string {
	return fmt.Sprintf("BPR*I*%s*C*ACH*CCP*01*111000025*DA*1*1512345678**01*111000025*DA*2*%s~TRN*1*%s*1512345678~", amount, day, trace) +
		"N1*PR*PAYER ONE~N3*1 PLAZA~N4*OMAHA*NE*68101~REF*2U*00001~PER*BL*DESK*TE*8005550100~" +
		"N1*PE*THERAPY GROUP*XX*1234567893~REF*TJ*611234567~LX*1~" + body
}

// sent is an 837P of claims of one practice: each is a subscriber's member id and the
// segments from CLM on.
func sent(claims ...[2]string) string {
	var b strings.Builder
	b.WriteString("BHT*0019*00*1*20260301*0900*CH~NM1*41*2*SENDER*****46*S1~PER*IC*DESK*TE*8005550100~NM1*40*2*RECEIVER*****46*R1~" +
		"HL*1**20*1~PRV*BI*PXC*225100000X~NM1*85*2*THERAPY GROUP*****XX*1234567893~N3*1 MAIN ST~N4*OMAHA*NE*68101~REF*EI*611234567~")
	for i, c := range claims {
		fmt.Fprintf(&b, "HL*%d*1*22*0~SBR*P*18*******MB~NM1*IL*1*DOE*JANE****MI*%s~N3*1 ELM~N4*OMAHA*NE*68101~DMG*D8*19500101*F~NM1*PR*2*PAYER ONE*****PI*00001~%s", i+2, c[0], c[1])
	}
	body := b.String()
	return isa + "GS*HC*SENDER*RECEIVER*20260301*0900*1*X*005010X222A1~ST*837*0001*005010X222A1~" + body +
		fmt.Sprintf("SE*%d*0001~GE*1*1~IEA*1*000000001~", strings.Count(body, "~")+2)
}

// clm is a claim with lines, each "code:modifiers charge units day 6R".
func clm(id, total string, lines ...string) string {
	s := fmt.Sprintf("CLM*%s*%s***11:B:1*Y*A*Y*Y~HI*ABK:M5416~NM1*82*1*PT*A****XX*1003000126~", id, total)
	for i, l := range lines {
		f := strings.Fields(l)
		s += fmt.Sprintf("LX*%d~SV1*HC:%s*%s*UN*%s***1~DTP*472*D8*%s~", i+1, f[0], f[1], f[2], f[3])
		if len(f) > 4 {
			s += "REF*6R*" + f[4] + "~"
		}
	}
	return s
}

// result is everything that a run tells.
type result struct {
	payments  []*remit.Payment
	claims    []*remit.Claim
	answers   []*remit.Claim // without those that have no answer
	unmatched []*remit.Unmatched
	summary   *remit.Summary
}

func (r *result) Payment(p *remit.Payment) error { r.payments = append(r.payments, p); return nil }
func (r *result) Claim(c *remit.Claim) error {
	r.claims = append(r.claims, c)
	if !c.Unanswered {
		r.answers = append(r.answers, c)
	}
	return nil
}

func (r *result) Unmatched(u *remit.Unmatched) error {
	r.unmatched = append(r.unmatched, u)
	return nil
}

// tester is testing.T or rapid.T.
type tester interface {
	Helper()
	Fatalf(string, ...any)
}

// reconcile runs files, named by their place, with claims.
func reconcile(t tester, claims string, eras ...string) *result {
	t.Helper()
	names := make([]string, len(eras))
	for i := range eras {
		names[i] = fmt.Sprintf("%c.835", 'a'+i)
	}
	return reconcileNamed(t, claims, names, eras)
}

func reconcileNamed(t tester, claims string, names, eras []string) *result {
	t.Helper()
	index := new(remit.Index)
	if claims != "" {
		if _, err := index.Read("claims.837", strings.NewReader(claims), func(e *edi.SyntaxError) { t.Fatalf("claims: %v", e) }); err != nil {
			t.Fatalf("claims: %v", err)
		}
	}
	run := &remit.Run{Claims: index, OnFault: func(name string, e *edi.SyntaxError) { t.Fatalf("%s: %v", name, e) }}
	for i, text := range eras {
		src := remit.Source{Name: names[i], Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }}
		if _, err := run.Survey(context.Background(), src); err != nil {
			t.Fatalf("%s: %v", names[i], err)
		}
	}
	run.Settle()
	out := &result{}
	if err := run.Report(context.Background(), out); err != nil {
		t.Fatalf("report: %v", err)
	}
	out.summary = run.Summary()
	return out
}

func one[T any](t *testing.T, list []T) T {
	t.Helper()
	if len(list) != 1 {
		t.Fatalf("got %d, want 1", len(list))
	}
	return list[0]
}
