package correct_test

import (
	"testing"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/remit"
	"github.com/gaitkeeper/gaitkeeper/remit/correct"
)

// What a claim goes out as depends on who paid how much of it and on the remark codes.
func TestWay(t *testing.T) {
	const icn = "ICN1"
	tests := map[string]struct {
		filing, billed string
		paid           int
		remarks        []string
		icn            string
		sent           byte // CLM05-3 of the claim
		refuses        bool // the payer takes no replacement
		want           byte
		step           remit.Step
	}{
		"commercial, partly paid":                {filing: "12", paid: 1, icn: icn, want: '7'},
		"no replacements, denied":                {filing: "12", icn: icn, refuses: true, want: '1'},
		"no replacements, partly paid":           {filing: "12", paid: 1, icn: icn, refuses: true, want: 0, step: remit.StepReopen},
		"commercial, denied":                     {filing: "12", icn: icn, want: '7'},
		"Medicare, never processed":              {filing: "MB", remarks: []string{"MA130", "MA01"}, icn: icn, want: '1'},
		"Medicare, decided":                      {filing: "MB", remarks: []string{"MA01"}, icn: icn, want: 0, step: remit.StepReopen},
		"commercial, never processed":            {filing: "12", remarks: []string{"MA130"}, icn: icn, want: '1'},
		"commercial, new claim asked for":        {filing: "12", remarks: []string{"N142"}, icn: icn, want: '1'},
		"commercial, MA130 though partly paid":   {filing: "12", paid: 1, remarks: []string{"MA130"}, icn: icn, want: '7'},
		"commercial, replacement asked for":      {filing: "12", remarks: []string{"MA130", "N380"}, icn: icn, want: '7'},
		"commercial, a replacement already":      {filing: "12", paid: 1, icn: icn, sent: '7', want: '7'},
		"commercial, number not known":           {filing: "12", paid: 1, step: remit.StepReplace},
		"commercial, number of zero":             {filing: "12", icn: "0", step: remit.StepReplace},
		"commercial, never processed, no number": {filing: "12", remarks: []string{"MA130"}, want: '1'},
		"Medicare Advantage, denied":             {filing: "16", icn: icn, want: '7'},
		"Medicaid, partly paid":                  {filing: "MC", paid: 1, icn: icn, want: '7'},
		"TRICARE, denied":                        {filing: "CH", icn: icn, want: '7'},
		"Part B, never processed":                {filing: "MB", remarks: []string{"MA130"}, icn: icn, want: '1'},
		"Part B, denied":                         {filing: "MB", icn: icn, want: '1'},
		"Part B, a replacement asked for":        {filing: "MB", remarks: []string{"N380"}, icn: icn, want: '1'},
		"Part B, partly paid":                    {filing: "MB", paid: 1, icn: icn, step: remit.StepReopen},
		"Part B by the claim only":               {filing: "12", billed: "MB", icn: icn, want: '1'},
		"Part B by the claim only, partly paid":  {billed: "MB", paid: 1, icn: icn, step: remit.StepReopen},
		"not to be sent again":                   {filing: "12", remarks: []string{"N368"}, icn: icn, step: remit.StepAppeal},
		"not to be sent again, N185":             {filing: "MB", remarks: []string{"N185"}, icn: icn, step: remit.StepAppeal},
		"not to be sent again, N938":             {filing: "12", paid: 1, remarks: []string{"N938"}, icn: icn, step: remit.StepAppeal},
		"not to be sent again, MA44":             {filing: "MB", remarks: []string{"MA130", "MA44"}, icn: icn, step: remit.StepAppeal},
		"a void first":                           {filing: "12", remarks: []string{"N798"}, icn: icn, step: remit.StepNewClaim},
		"a void":                                 {filing: "12", icn: icn, sent: '8', step: remit.StepReview},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			c := correct.Case{Filing: tt.filing, Billed: tt.billed, Frequency: tt.sent, NoReplacing: tt.refuses, PayerControl: tt.icn, Remarks: tt.remarks}
			c.Paid = edi.Amount(100 * tt.paid)
			got := c.Way()
			if got.Frequency != tt.want || got.Step != tt.step {
				t.Errorf("frequency %q, step %q (%s); want %q, %q", got.Frequency, got.Step, got.Reason, tt.want, tt.step)
			}
			if got.Reason == "" || (got.Frequency == correct.LeftOut) == (got.Text == "") {
				t.Errorf("%+v does not say why, or what to do", got)
			}
		})
	}
}

func TestDoubt(t *testing.T) {
	sure := correct.Case{Claim: 3, Confidence: remit.High, Answers: 1, Denials: []correct.Denial{{Line: 1}}}
	tests := map[string]struct {
		change func(*correct.Case)
		want   bool
	}{
		"certain":                {func(*correct.Case) {}, false},
		"by a second key":        {func(c *correct.Case) { c.Confidence = remit.Medium }, false},
		"no claim":               {func(c *correct.Case) { c.Claim = -1 }, true},
		"equal claims":           {func(c *correct.Case) { c.Confidence = remit.Low }, true},
		"split, or two payers":   {func(c *correct.Case) { c.Answers = 2 }, true},
		"no reason":              {func(c *correct.Case) { c.Denials = nil }, true},
		"line that is not there": {func(c *correct.Case) { c.Denials = []correct.Denial{{Unmatched: true}} }, true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			c := sure
			tt.change(&c)
			if way, got := c.Doubt(); got != tt.want || got && (way.Reason == "" || way.Text == "") {
				t.Errorf("doubt %v (%+v), want %v", got, way, tt.want)
			}
		})
	}
}

func TestOpen(t *testing.T) {
	deny := func(line int, carc string, rarcs ...string) correct.Denial {
		return correct.Denial{Line: line, Denial: remit.Denial{Group: "CO", CARC: carc, RARCs: rarcs}}
	}
	tests := map[string]struct {
		denials []correct.Denial
		remarks []string
		cured   string // CARC
		want    int
	}{
		"all cured":                      {[]correct.Denial{deny(1, "4"), deny(2, "4")}, nil, "4", 0},
		"one left":                       {[]correct.Denial{deny(1, "4"), deny(2, "50")}, nil, "4", 1},
		"unprocessable: the others fell": {[]correct.Denial{deny(1, "4"), deny(2, "16"), deny(3, "16")}, []string{"MA130"}, "4", 0},
		"unprocessable, nothing cured":   {[]correct.Denial{deny(1, "16"), deny(2, "16")}, []string{"MA130"}, "4", 2},
		"unprocessable for two reasons":  {[]correct.Denial{deny(1, "4"), deny(2, "16", "M53")}, []string{"MA130"}, "4", 1},
		"unprocessable and refused":      {[]correct.Denial{deny(1, "4"), deny(2, "16"), deny(3, "50")}, []string{"MA130"}, "4", 2},
		"16 that could be processed":     {[]correct.Denial{deny(1, "4"), deny(2, "16")}, nil, "4", 1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			c := correct.Case{Denials: tt.denials, Remarks: tt.remarks}
			if got := c.Open(func(d *correct.Denial) bool { return d.CARC == tt.cured }); len(got) != tt.want {
				t.Errorf("%v are open, want %d", got, tt.want)
			}
		})
	}
}
