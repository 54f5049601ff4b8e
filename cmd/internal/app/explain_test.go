package app

import (
	"encoding/json"
	"testing"

	"github.com/gaitkeeper/gaitkeeper/remit/codes"
	"github.com/gaitkeeper/gaitkeeper/scrub/rules"
)

func TestParseCode(t *testing.T) {
	for in, want := range map[string]askedCode{
		"CO-97":      {codes.ListCARC, "97", "CO"},
		"co97":       {codes.ListCARC, "97", "CO"},
		"PI-B15":     {codes.ListCARC, "B15", "PI"},
		"COB15":      {codes.ListCARC, "B15", "CO"},
		"97":         {codes.ListCARC, "97", ""},
		"A1":         {codes.ListCARC, "A1", ""},
		"CAS02=45":   {codes.ListCARC, "45", ""},
		"CARC:PR-1":  {codes.ListCARC, "1", "PR"},
		"n362":       {codes.ListRARC, "N362", ""},
		"MA1":        {codes.ListRARC, "MA01", ""},
		"M1":         {codes.ListRARC, "M1", ""},
		"LQ02=MA130": {codes.ListRARC, "MA130", ""},
		"PI":         {codes.ListGroup, "PI", ""},
		"PLB:PI":     {codes.ListPLB, "PI", ""},
		"PLB03-1=WO": {codes.ListPLB, "WO", ""},
		"clp02=4":    {codes.ListStatus, "4", ""},
		"CLP06=MB":   {codes.ListFiling, "MB", ""},
		"BPR04:ach":  {codes.ListMethod, "ACH", ""},
		"BPR01:I":    {codes.ListHandling, "I", ""},
	} {
		got, err := parseCodes(nil, []string{in})
		if err != nil || len(got) != 1 || got[0] != want {
			t.Errorf("%s: %v, %v", in, got, err)
		}
	}
	for _, in := range []string{"", "-", "CO-", "PR-", "X97", "CLP02=", "CLP02=4444444", "RARC:97", "CARC:N362", "=4", "97x", "12345"} {
		if got, err := parseCodes(nil, []string{in}); err == nil {
			t.Errorf("%q is %v", in, got)
		}
	}
	if got, err := parseCodes(nil, []string{"CO-16 M54, MA130"}); err != nil || len(got) != 3 {
		t.Error(got, err)
	}
}

// Every code of every list can be asked for as its page writes it.
func TestExplainEveryCode(t *testing.T) {
	e := explainer{codes.Builtin(), rules.All()}
	all := e.all(codes.Lists)
	total := 0
	for _, list := range codes.Lists {
		total += e.tables.Version(list).Codes
	}
	if len(all) != total {
		t.Fatalf("%d codes, want %d", len(all), total)
	}
	for _, x := range all {
		again, err := parseCodes(nil, []string{x.asked.String()})
		if err != nil || again[0] != x.asked || !x.Known || x.Meaning == "" {
			t.Errorf("%s %s: %v, %v", x.List, x.Code, again, err)
		}
	}
	for i, l := range codeLists {
		if l.list != codes.Lists[i] {
			t.Errorf("%s stands where %s does", l.list, codes.Lists[i])
		}
	}
}

// Every denial that a rule predicts leads back to the rule.
func TestExplainNamesRules(t *testing.T) {
	e := explainer{codes.Builtin(), rules.All()}
	for _, r := range rules.All() {
		for _, d := range r.Denials {
			asked, err := parseCodes(nil, append([]string{d.Group + "-" + d.CARC}, d.RARCs...))
			if err != nil {
				t.Errorf("%s: %v", r.ID, err)
				continue
			}
			for _, x := range e.explain(asked) {
				if !x.Known || !names(x.Rules, r.ID) {
					t.Errorf("%s: %s does not name it", r.ID, x.asked)
				}
			}
		}
	}
}

func names(list []explainedRule, id string) bool {
	for _, r := range list {
		if r.ID == id {
			return true
		}
	}
	return false
}

func TestExplainJSON(t *testing.T) {
	out := gaitkeeper(t, "explain", "--format", "json", "CO-15", "N362", "CLP02=4", "N941").mustExit(t, exitFindings)
	var list []explanation
	if err := json.Unmarshal([]byte(out.stdout), &list); err != nil || len(list) != 4 {
		t.Fatal(err, out.stdout)
	}
	carc, rarc, status, unknown := list[0], list[1], list[2], list[3]
	if *carc.Group != "CO" || !*carc.Denial || carc.Active || *carc.Stopped != "2018-05-01" || *carc.StopChecked || len(carc.ReplacedBy) != 2 {
		t.Errorf("%+v", carc)
	}
	if rarc.Denial != nil || *rarc.Alert || !names(rarc.Rules, "UN101") {
		t.Errorf("%+v", rarc)
	}
	if status.Category != nil || status.Note == "" || status.List != "STATUS" {
		t.Errorf("%+v", status)
	}
	if unknown.Known || unknown.Category != nil {
		t.Errorf("%+v", unknown)
	}
}
