//go:build unix

package ledger

import (
	"context"
	"testing"
)

// A replacement under another member number is of the claim whose answer gave the
// payer's number that it names, if biller and payer are the same.
func TestMemberCorrected(t *testing.T) {
	eachDatabase(t, func(t *testing.T, o Options) {
		ctx := context.Background()
		l := open(t, o)
		r := begin(t, l)
		var sent []File
		for _, name := range []string{"one", "two"} {
			f, _ := record(t, r, name, claim(l, "ann "+name, "A1", 20260105))
			sent = append(sent, f)
		}
		f, _, err := recordRemittance(ctx, r, "era")
		must(t, err)
		p := Payment{Key: "era"}
		_, err = r.RecordPayment(ctx, f, &p)
		must(t, err)
		for seq, number := range []string{"ICN1", "ICN2"} {
			_, err = r.RecordAnswer(ctx, &p, &Answer{Seq: seq, File: sent[seq].ID, Status: "1", Control: number})
			must(t, err)
		}
		replace := func(name, original, payer string) {
			c := claim(l, "anna", "A1", 20260105)
			c.Frequency, c.Original, c.Payer, c.Patient = '7', original, payer, l.Key([]byte(name))
			record(t, r, name, c)
		}
		units := func() (n int) {
			must(t, r.OwnUnits(ctx, []ProviderDay{{"1000000012", 20260105}}, Horizon{}, func(_ ProviderDay, units int) error {
				n += units
				return nil
			}))
			return n
		}
		replace("another payer", "ICN2", "OTHER")
		if n := units(); n != 12 {
			t.Errorf("%d units; the number of another payer must mean nothing", n)
		}
		replace("corrected", "ICN1", "MEDB")
		if n := units(); n != 12 {
			t.Errorf("%d units once one is replaced", n)
		}
		_, err = r.Forget(ctx, Forget{File: "corrected"})
		must(t, err)
		if n := units(); n != 12 {
			t.Errorf("%d units: the claim counts again", n)
		}
		replace("corrected again", "ICN1", "MEDB")
		_, err = r.Forget(ctx, Forget{File: "era"})
		must(t, err)
		if n := units(); n != 16 {
			t.Errorf("%d units: no answer gives the number", n)
		}
		must(t, r.Commit())
		problems, err := l.Verify(ctx)
		must(t, err)
		if len(problems) > 0 {
			t.Errorf("%q", problems)
		}
	})
}
