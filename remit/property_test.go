package remit_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/remit"
)

var (
	groups  = []string{"CO", "PR", "OA", "PI"}
	reasons = []string{"45", "1", "2", "3", "4", "16", "18", "24", "29", "50", "59", "94", "96", "97", "109", "119", "133", "144", "151", "204", "253", "Z9"}
	codes   = []string{"97110", "97112", "97140", "97116", "97530"}
)

func amount(cents int) string { return edi.Amount(cents).String() }

// drawAnswer is a CLP that balances, of up to four lines.
func drawAnswer(t *rapid.T, id int) (text string, charge, paid int) {
	body := ""
	for n := range rapid.IntRange(0, 4).Draw(t, "lines") {
		c := rapid.IntRange(1, 50000).Draw(t, "charge")
		left, cas := c, ""
		for range rapid.IntRange(0, 3).Draw(t, "adjustments") {
			a := rapid.IntRange(-2000, left).Draw(t, "adjusted")
			if a == 0 {
				continue
			}
			left -= a
			cas += fmt.Sprintf("CAS*%s*%s*%s~", rapid.SampledFrom(groups).Draw(t, "group"), rapid.SampledFrom(reasons).Draw(t, "reason"), amount(a))
		}
		body += fmt.Sprintf("SVC*HC:%s:GP*%s*%s**1~DTM*472*202601%02d~%s", rapid.SampledFrom(codes).Draw(t, "code"), amount(c), amount(left), 10+n, cas)
		charge, paid = charge+c, paid+left
	}
	whole := ""
	if body == "" {
		charge = rapid.IntRange(1, 50000).Draw(t, "charge")
		paid = rapid.IntRange(0, charge).Draw(t, "paid")
		if charge > paid {
			whole = fmt.Sprintf("CAS*%s*%s*%s~", rapid.SampledFrom(groups).Draw(t, "group"), rapid.SampledFrom(reasons).Draw(t, "reason"), amount(charge-paid))
		}
	}
	status := rapid.SampledFrom([]string{"1", "1", "1", "2", "4", "19", "22", "23", "25"}).Draw(t, "status")
	head := fmt.Sprintf("CLP*A%d*%s*%s*%s**12*I%d~%sNM1*QC*1*DOE*JANE****MI*M%d~", id, status, amount(charge), amount(paid),
		rapid.IntRange(1, 6).Draw(t, "number"), whole, id)
	return head + body, charge, paid
}

// drawFiles are 835s whose payments balance; some payments stand in several files.
func drawFiles(t *rapid.T) (files []string) {
	var payments []string
	for n := range rapid.IntRange(1, 6).Draw(t, "payments") {
		body, total := "", 0
		for range rapid.IntRange(0, 4).Draw(t, "answers") {
			text, _, paid := drawAnswer(t, rapid.IntRange(1, 4).Draw(t, "claim"))
			body += text
			total += paid
		}
		if a := rapid.IntRange(-500, 500).Draw(t, "plb"); a != 0 {
			body += fmt.Sprintf("PLB*1234567893*20261231*CS:X%d*%s~", n, amount(a))
			total -= a
		}
		payments = append(payments, pay(amount(total), fmt.Sprintf("202602%02d", 1+n/2), fmt.Sprintf("T%d", n), body))
	}
	for range rapid.IntRange(1, 4).Draw(t, "files") {
		var some []string
		for range rapid.IntRange(1, 4).Draw(t, "payments of a file") {
			some = append(some, rapid.SampledFrom(payments).Draw(t, "payment"))
		}
		files = append(files, era(some...))
	}
	return files
}

var drawnClaims = sent(
	[2]string{"M1", clm("A1", "200", "97110:GP 100 2 20260110", "97140:GP 100 2 20260111")},
	[2]string{"M2", clm("A2", "50", "97116:GP 50 1 20260110")},
	[2]string{"M3", clm("A3", "300", "97530:GP 300 4 20260112")},
)

// Whatever a payer sends, the buckets of each answer, line and net sum to its charge,
// and payments that balance are said to.
func TestBucketsSum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := reconcile(t, drawnClaims, drawFiles(t)...)
		sums := func(what string, b *remit.Buckets) {
			if b.Paid+b.Patient+b.Contractual+b.Denied+b.Unexplained != b.Charge {
				t.Fatalf("%s: %+v", what, *b)
			}
		}
		for _, c := range r.claims {
			sums("claim", &c.Buckets)
			if c.Net != nil {
				sums("net", &c.Net.Buckets)
			}
			for i := range c.Lines {
				sums("line", &c.Lines[i].Buckets)
			}
			for _, k := range c.Checks {
				if k.Grave {
					t.Fatalf("a claim that balances: %+v", k)
				}
			}
			if c.Recoverable > max(0, c.Denied)+100_00*5 { // negative adjustments lower what is denied
				t.Fatalf("recoverable %v of %v", c.Recoverable, c.Denied)
			}
		}
		sums("all", &r.summary.Net)
		for _, p := range r.payments {
			if !p.Balanced() {
				t.Fatalf("%s: difference %v", p.Trace, p.Difference())
			}
		}
		if r.summary.Answers != len(r.answers) || r.summary.Payments != len(r.payments) {
			t.Fatalf("%d answers and %d payments told, %+v", len(r.answers), len(r.payments), r.summary)
		}
	})
}

// The order in which files are given changes nothing.
func TestOrderOfFiles(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		files := drawFiles(t)
		names := make([]string, len(files))
		for i := range files {
			names[i] = fmt.Sprintf("%c.835", 'a'+i)
		}
		first := told(reconcileNamed(t, drawnClaims, names, files))
		order := rapid.Permutation(slices.Collect(func(yield func(int) bool) {
			for i := range files {
				if !yield(i) {
					return
				}
			}
		})).Draw(t, "order")
		var otherNames, others []string
		for _, i := range order {
			otherNames, others = append(otherNames, names[i]), append(others, files[i])
		}
		if again := told(reconcileNamed(t, drawnClaims, otherNames, others)); again != first {
			t.Fatalf("in another order:\n%s\nfirst:\n%s", again, first)
		}
	})
}

func told(r *result) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	for _, v := range []any{r.payments, r.claims, r.unmatched, r.summary} {
		if err := enc.Encode(v); err != nil {
			b.WriteString(err.Error())
		}
	}
	return b.String()
}
