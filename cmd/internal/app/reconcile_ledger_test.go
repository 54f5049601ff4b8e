package app

import (
	"testing"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/remit"
)

// TestAllowed: what counts towards a threshold is what the payer allowed, whoever pays
// it.
func TestAllowed(t *testing.T) {
	sequestration := []remit.Adjustment{
		{Group: "CO", CARC: "45", Amount: 5000, Bucket: remit.Contractual},
		{Group: "CO", CARC: "253", Amount: 48, Bucket: remit.Contractual},
		{Group: "PR", CARC: "2", Amount: 600, Bucket: remit.Patient},
	}
	back := []remit.Adjustment{{Group: "CO", CARC: "253", Amount: -48, Bucket: remit.Contractual}}
	for _, test := range []struct {
		name string
		line remit.Line
		want edi.Amount
	}{
		{"stated", remit.Line{Buckets: remit.Buckets{Charge: 8000, Paid: 2352, Patient: 600}, Allowed: 3000, HasAllowed: true}, 3000},
		{"with sequestration", remit.Line{Buckets: remit.Buckets{Charge: 8000, Paid: 2352, Patient: 600}, Adjustments: sequestration}, 3000},
		{"deductible", remit.Line{Buckets: remit.Buckets{Charge: 8000, Patient: 3000}}, 3000},
		{"denied", remit.Line{Buckets: remit.Buckets{Charge: 8000, Denied: 8000}, Allowed: 3000, HasAllowed: true}, 0},
		{"some units denied", remit.Line{Buckets: remit.Buckets{Charge: 8000, Paid: 1500, Denied: 4000}, Allowed: 1500, HasAllowed: true}, 1500},
		{"incentive", remit.Line{
			Buckets:     remit.Buckets{Charge: 3000, Paid: 3100, Contractual: -100},
			Adjustments: []remit.Adjustment{{Group: "CO", CARC: "144", Amount: -100, Bucket: remit.Contractual}},
		}, 3000},
		{"reversed", remit.Line{Buckets: remit.Buckets{Charge: -8000, Paid: -2352, Patient: -600}, Adjustments: back}, -3000},
		{"reversed, stated without its sign", remit.Line{Buckets: remit.Buckets{Charge: -8000, Paid: -2352, Patient: -600}, Allowed: 3000, HasAllowed: true}, -3000},
		{"reversed, stated with it", remit.Line{Buckets: remit.Buckets{Charge: -8000, Paid: -2352, Patient: -600}, Allowed: -3000, HasAllowed: true}, -3000},
		{"denial taken back", remit.Line{Buckets: remit.Buckets{Charge: -8000, Denied: -8000}}, 0},
	} {
		if got := allowed(&test.line); got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
}
