package ack_test

import (
	"strings"
	"testing"

	"github.com/gaitkeeper/gaitkeeper/edi/ack"
)

// TestCodes: every code that the elements of a 999 or TA1 may have is explained, with
// what to do about it.
func TestCodes(t *testing.T) {
	lists := map[string]ack.List{"TA105": ack.ListTA105, "AK905": ack.ListAK905, "IK502": ack.ListIK502, "IK304": ack.ListIK304, "IK403": ack.ListIK403}
	checked := 0
	for _, r := range table(t, "testdata/elements.tsv") {
		list, ok := lists[r["element"]]
		if !ok {
			continue
		}
		for code := range strings.SplitSeq(r["codes"], "|") {
			c, known := ack.Explain(list, code)
			if !known || c.Meaning == "" || c.Do == "" {
				t.Errorf("%s %s: %+v", list, code, c)
			}
			checked++
		}
	}
	if checked < 100 {
		t.Errorf("only %d codes checked", checked)
	}
	if c, known := ack.Explain(ack.ListStatus, "99999"); known || c.Meaning == "" {
		t.Errorf("unknown code: %+v", c)
	}
}

func TestTripleMeaning(t *testing.T) {
	for _, test := range []struct {
		t    ack.Triple
		want string
	}{
		{ack.Triple{"A7", "453", "82"}, "rejected: something is not valid: procedure modifier (rendering provider)"},
		{ack.Triple{"A2", "20", "PR"}, "accepted for adjudication; accepted for processing (payer)"},
		{ack.Triple{"A6", "", ""}, "rejected: something is missing"},
		{ack.Triple{"A6", "9999", "ZZ"}, "rejected: something is missing: status 9999, which is not known here (party ZZ)"},
	} {
		if got := test.t.Meaning(); got != test.want {
			t.Errorf("%s: %q, want %q", test.t, got, test.want)
		}
	}
	for _, test := range []struct {
		codes []ack.Triple
		want  string
	}{
		{[]ack.Triple{{"A7", "453", ""}}, "correct what is named and send the claim again as a new one (SV101-3 to SV101-6)"},
		{[]ack.Triple{{"A3", "78", ""}}, "do not send it again: wait for the answer to the first one"},
		{[]ack.Triple{{"??", "9999", ""}}, "ask the receiver what it means"},
	} {
		s := ack.Status{Codes: test.codes}
		if got := s.Advice(); got != test.want {
			t.Errorf("%v: %q, want %q", test.codes, got, test.want)
		}
	}
}
