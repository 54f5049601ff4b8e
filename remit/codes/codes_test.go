package codes_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/remit/codes"
)

func TestCounts(t *testing.T) {
	b := codes.Builtin()
	for list, want := range map[codes.List]int{
		codes.ListCARC: 407, codes.ListRARC: 1216, codes.ListGroup: 5, codes.ListStatus: 17, codes.ListPLB: 41,
		codes.ListFiling: 19, codes.ListHandling: 7, codes.ListMethod: 5,
	} {
		v := b.Version(list)
		if v.Codes != want || v.AsOf != 20260817 || v.List != list || v.Source == "" {
			t.Errorf("%s: %+v, want %d codes", list, v, want)
		}
	}
	active := 0
	for _, r := range b.Reasons() {
		if r.Active {
			active++
		}
	}
	if active != 297 {
		t.Errorf("%d active reason codes", active)
	}
	active, alerts := 0, 0
	for _, r := range b.Remarks() {
		if r.Active {
			active++
		}
		if r.Alert {
			alerts++
		}
	}
	if active != 1137 || alerts != 190 {
		t.Errorf("%d active remark codes, %d alerts", active, alerts)
	}
	if len(codes.Lists) != 8 {
		t.Error(codes.Lists)
	}
}

// The lists hold every code that was ever issued.
func TestSeries(t *testing.T) {
	has := func(code string) bool { _, ok := codes.CARC(code); return ok }
	for _, s := range []struct {
		prefix   string
		from, to int
	}{{"", 1, 308}, {"A", 0, 8}, {"B", 1, 23}, {"D", 1, 23}, {"P", 1, 32}, {"W", 1, 9}, {"Y", 1, 3}} {
		for n := s.from; n <= s.to; n++ {
			if !has(s.prefix + itoa(n)) {
				t.Errorf("no CARC %s%d", s.prefix, n)
			}
		}
	}
	has = func(code string) bool { _, ok := codes.RARC(code); return ok }
	for prefix, last := range map[string]int{"M": 144, "MA": 134, "N": 940} {
		for n := 1; n <= last; n++ {
			issued := !(prefix == "N" && (n == 813 || n == 814))
			if prefix == "MA" {
				padded := prefix + strings.Repeat("0", max(2-len(itoa(n)), 0)) + itoa(n)
				if !has(padded) {
					t.Errorf("no RARC %s", padded)
				}
				continue
			}
			if has(prefix+itoa(n)) != issued {
				t.Errorf("RARC %s%d: %v", prefix, n, !issued)
			}
		}
	}
}

func itoa(n int) string {
	if n >= 10 {
		return itoa(n/10) + itoa(n%10)
	}
	return string(rune('0' + n))
}

var (
	formCARC = regexp.MustCompile(`^([ABDPWY]?\d{1,3})$`)
	formRARC = regexp.MustCompile(`^(M|MA|N)\d{1,3}$`)
	groups   = []string{"CO", "PR", "OA", "PI"}
	spelling = regexp.MustCompile(`^[A-Z0-9][ -~]+[^ ]$`)
	// Words that would belong to a patient.
	phi = regexp.MustCompile(`(?i)\d{3}-\d{2}-\d{4}|@|\bMr\.|\bMrs\.`)
)

func TestWellFormed(t *testing.T) {
	meaning := func(list codes.List, code, text string) {
		t.Helper()
		if !spelling.MatchString(text) || phi.MatchString(text) || len(strings.Fields(text)) > 16 {
			t.Errorf("%s %s: %q", list, code, text)
		}
	}
	category := func(code string, c codes.Category, list []codes.Action) {
		t.Helper()
		if c.String() == "" || c == codes.UnknownCategory {
			t.Errorf("%s: category %q", code, string(c))
		}
		if len(list) == 0 || len(list) > 2 {
			t.Errorf("%s: actions %q", code, list)
		}
		for _, a := range list {
			if a.String() == "" {
				t.Errorf("%s: action %q", code, string(a))
			}
		}
	}
	for _, r := range codes.Builtin().Reasons() {
		meaning(codes.ListCARC, r.Code, r.Meaning)
		category(r.Code, r.Category, r.Actions)
		if !formCARC.MatchString(r.Code) {
			t.Errorf("code %q", r.Code)
		}
		if len(r.Groups) == 0 || slices.ContainsFunc(r.Groups, func(g string) bool { return !slices.Contains(groups, g) }) {
			t.Errorf("%s: groups %q", r.Code, r.Groups)
		}
		if r.Active && (r.Stopped != 0 || len(r.ReplacedBy) > 0) || !r.Active && r.Stopped == 0 {
			t.Errorf("%s: active %v, stopped %v, replaced by %v", r.Code, r.Active, r.Stopped, r.ReplacedBy)
		}
		for _, other := range r.ReplacedBy {
			if o, ok := codes.CARC(other); !ok || other == r.Code {
				t.Errorf("%s: replaced by %q (%v)", r.Code, other, o)
			}
		}
	}
	for _, r := range codes.Builtin().Remarks() {
		meaning(codes.ListRARC, r.Code, r.Meaning)
		category(r.Code, r.Category, r.Actions)
		if !formRARC.MatchString(r.Code) || r.Domain == "" || !slices.Contains([]string{"high", "medium", "low"}, r.Therapy) {
			t.Errorf("%+v", r)
		}
		for _, c := range r.CARCs {
			if _, ok := codes.CARC(c); !ok {
				t.Errorf("%s: stands beside %q", r.Code, c)
			}
		}
	}
	for _, list := range codes.Lists[2:] {
		for _, e := range codes.Builtin().Entries(list) {
			meaning(list, e.Code, e.Meaning)
			if e.Note != "" && phi.MatchString(e.Note) {
				t.Errorf("%s %s: %q", list, e.Code, e.Note)
			}
		}
	}
}

// What an adjustment that is no denial looks like, and what kind of denial others
// are.
func TestReasons(t *testing.T) {
	for _, code := range []string{"1", "2", "3", "23", "45", "59", "94", "101", "131", "144", "161", "187", "237", "253"} {
		if r, ok := codes.CARC(code); !ok || r.Denial || r.Recoverable() {
			t.Errorf("%s: %+v", code, r)
		}
	}
	for _, v := range []struct {
		code        string
		category    codes.Category
		action      codes.Action
		recoverable bool
	}{
		{"4", codes.CodingModifier, codes.CorrectResubmit, true},
		{"16", codes.ClaimData, codes.CorrectResubmit, true},
		{"18", codes.Duplicate, codes.NoAction, false},
		{"22", codes.CoordinationOfBenefit, codes.BillOtherPayer, false},
		{"29", codes.TimelyFiling, codes.Appeal, true},
		{"50", codes.MedicalNecessity, codes.Appeal, true},
		{"96", codes.Coverage, codes.Appeal, true},
		{"97", codes.Bundling, codes.CorrectResubmit, true},
		{"109", codes.CoordinationOfBenefit, codes.BillOtherPayer, false},
		{"119", codes.UnitsFrequency, codes.CorrectResubmit, true},
		{"151", codes.UnitsFrequency, codes.CorrectResubmit, true},
		{"197", codes.Authorization, codes.Appeal, true},
		{"204", codes.Coverage, codes.BillPatient, false},
		{"236", codes.Bundling, codes.CorrectResubmit, true},
		{"252", codes.Documentation, codes.SendRecords, true},
		{"B15", codes.Bundling, codes.CorrectResubmit, true},
	} {
		r, ok := codes.CARC(v.code)
		if !ok || !r.Denial || r.Category != v.category || r.Action() != v.action || r.Recoverable() != v.recoverable || !r.Active {
			t.Errorf("%+v, want %+v", r, v)
		}
	}
	for _, code := range strings.Fields("16 96 129 148 226 227 234 237 250 251 252 267 307 A1 201") {
		if r, _ := codes.CARC(code); !r.NeedsRemark {
			t.Errorf("%s needs a remark", code)
		}
	}
	if r, _ := codes.CARC("45"); r.NeedsRemark || !r.Takes("CO") || !r.Takes("PR") || r.Takes("OA") {
		t.Errorf("%+v", r)
	}
	if r, _ := codes.CARC("4"); !r.Takes("PI") {
		t.Errorf("%+v", r)
	}
}

func TestStopped(t *testing.T) {
	for _, v := range []struct {
		code    string
		day     edi.Date
		active  bool
		stopped edi.Date
		checked bool
	}{
		{"17", 20090630, true, 20090701, true},
		{"17", 20090701, false, 20090701, true},
		{"15", 20260101, false, 20180501, false},
		{"45", 20260101, true, 0, false},
	} {
		r, ok := codes.CARC(v.code)
		if !ok || r.ActiveOn(v.day) != v.active || r.Stopped != v.stopped || r.StopChecked != v.checked {
			t.Errorf("%+v, want %+v", r, v)
		}
	}
	if r, _ := codes.CARC("17"); !slices.Equal(r.ReplacedBy, []string{"226", "227"}) {
		t.Error(r.ReplacedBy)
	}
}

func TestRemarks(t *testing.T) {
	for _, v := range []struct {
		code  string
		alert bool
		want  codes.Action
		carcs string
	}{
		{"N822", false, codes.CorrectResubmit, "4 16"},
		{"MA130", false, codes.CorrectResubmit, "16"},
		{"MA01", true, codes.Appeal, ""},
		{"N522", false, codes.NoAction, "18"},
		{"N851", false, codes.WriteOff, "45"},
	} {
		r, ok := codes.RARC(v.code)
		if !ok || r.Alert != v.alert || r.Action() != v.want || strings.Join(r.CARCs, " ") != v.carcs || r.Therapy != "high" {
			t.Errorf("%+v, want %+v", r, v)
		}
	}
}

func TestEntries(t *testing.T) {
	for _, v := range []struct {
		what   string
		find   func(string) (codes.Entry, bool)
		code   string
		active bool
		says   string
	}{
		{"group", codes.Group, "CO", true, "provider"},
		{"group", codes.Group, "CR", false, "4010"},
		{"status", codes.Status, "22", true, "Reversal"},
		{"status", codes.Status, "13", false, "4010"},
		{"plb", codes.PLB, "WO", true, "Overpayment"},
		{"plb", codes.PLB, "FB", true, "forward"},
	} {
		e, ok := v.find(v.code)
		if !ok || e.Active != v.active || !strings.Contains(e.Meaning, v.says) {
			t.Errorf("%s %s: %+v", v.what, v.code, e)
		}
	}
	if e, ok := codes.Builtin().Entry(codes.ListFiling, "MB"); !ok || e.Meaning != "Medicare Part B" {
		t.Error(e)
	}
}

// An unknown code is named, not refused.
func TestUnknown(t *testing.T) {
	if r, ok := codes.CARC(" 999 "); ok || r.Code != "999" || r.Meaning != "unknown code" || r.Category != codes.UnknownCategory || r.Denial || r.Action() != codes.NoAction || r.Recoverable() {
		t.Errorf("%+v", r)
	}
	if r, ok := codes.RARC("N9999"); ok || r.Code != "N9999" || r.Meaning != "unknown code" || r.Action() != codes.NoAction {
		t.Errorf("%+v", r)
	}
	for _, find := range []func(string) (codes.Entry, bool){codes.Group, codes.Status, codes.PLB} {
		if e, ok := find("??"); ok || e.Code != "??" || e.Meaning != "unknown code" {
			t.Errorf("%+v", e)
		}
	}
	if r, ok := codes.RARC(" ma130"); !ok || r.Code != "MA130" {
		t.Errorf("%+v", r)
	}
}

func TestLookupAllocations(t *testing.T) {
	code := []byte("MA130")
	if n := testing.AllocsPerRun(100, func() {
		codes.RARC(string(code))
		codes.CARC("45")
		codes.Status("22")
	}); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestLoad(t *testing.T) {
	before := codes.Builtin().Reasons()
	got, err := codes.Load(strings.NewReader("\xEF\xBB\xBF# list: CARC\r\n# as of: 2026-11-01\r\n# source: a bulletin\r\n# a note\r\n" +
		"code\tmeaning\tcategory\tdenial\tactions\r\n" +
		"309\tExample of a new code\tbundling\tyes\tcorrect_resubmit|appeal\r\n\r\n" +
		" 45 \tOur fee is above the contract\t\tno\twrite_off\r\n" +
		"# list: plb\ncode\tmeaning\nzz\tHouse rule\nWO\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := codes.Reason{
		Code: "309", Meaning: "Example of a new code", Active: true, Category: codes.Bundling, Denial: true,
		Actions: []codes.Action{codes.CorrectResubmit, codes.Appeal},
	}
	if r, ok := got.CARC("309"); !ok || !cmp.Equal(r, want) {
		t.Error(cmp.Diff(want, r))
	}
	old, _ := codes.CARC("45")
	old.Meaning = "Our fee is above the contract"
	if r, _ := got.CARC("45"); !cmp.Equal(r, old) {
		t.Error(cmp.Diff(old, r))
	}
	if e, ok := got.PLB("ZZ"); !ok || e.Meaning != "House rule" || !e.Active {
		t.Error(e)
	}
	if e, _ := got.PLB("WO"); !strings.HasPrefix(e.Meaning, "Overpayment") {
		t.Error(e)
	}
	if v := got.Version(codes.ListCARC); v.AsOf != 20261101 || v.Codes != 408 || v.Source != "a bulletin" {
		t.Errorf("%+v", v)
	}
	if v := got.Version(codes.ListPLB); v.AsOf != 20260817 || v.Codes != 42 {
		t.Errorf("%+v", v)
	}
	if diff := cmp.Diff(before, codes.Builtin().Reasons()); diff != "" {
		t.Error("the built-in table changed", diff)
	}
	if _, ok := codes.CARC("309"); ok {
		t.Error("the built-in table has the new code")
	}
}

func TestLoadErrors(t *testing.T) {
	const head = "# list: CARC\ncode\tmeaning\tcategory\tdenial\tactions\tstopped\n"
	for input, want := range map[string]string{
		"":                                  `code table: no line "# list: ..." before the codes`,
		"code\tmeaning\n":                   `code table, line 1: no line "# list: ..." before the codes`,
		"# list: CPT\n":                     `code table, line 1: no such list: "CPT"`,
		"# list: CARC\nmeaning\n":           `code table, line 2: no column "code" among ["meaning"]`,
		"# list: CARC\n# as of: soon\n":     `code table, line 2: "soon": not a calendar date`,
		head + "\tx\n":                      `code table, line 3: no code: ""`,
		head + "3 9\tx\n":                   `code table, line 3: no code: "3 9"`,
		head + "309\n":                      `code table, line 3: code 309: a new code needs a meaning`,
		head + "45\tx\tbad\n":               `code table, line 3: code 45, column "category": no such category: "bad"`,
		head + "45\tx\t\tmaybe\n":           `code table, line 3: code 45, column "denial": "maybe" is neither yes nor no`,
		head + "45\tx\t\tno\tpray\n":        `code table, line 3: code 45, column "actions": no such action: "pray"`,
		head + "45\tx\t\tno\t\t2026-02-30":  `code table, line 3: code 45, column "stopped": "2026-02-30": not a calendar date`,
		head + "45\tx\t\tno\t\t\ttoo many":  `code table, line 3: 7 values for 6 columns`,
		"# list: PLB\ncode\tcolor\nWO\tred": `code table, line 3: no such column: "color"`,
	} {
		if got, err := codes.Load(strings.NewReader(input)); err == nil || err.Error() != want || got != nil {
			t.Errorf("%q: %v, want %s", input, err, want)
		}
	}
}

func FuzzLoad(f *testing.F) {
	f.Add("# list: CARC\ncode\tmeaning\tcategory\tdenial\tactions\n309\tNew\tbundling\tyes\tappeal\n")
	f.Add("# list: PLB\r\n# as of: 2026-01-01\r\nmeaning\tcode\r\nx\tWO\r\n")
	f.Fuzz(func(t *testing.T, input string) {
		tables, err := codes.Load(strings.NewReader(input))
		if err != nil {
			return
		}
		for _, r := range tables.Reasons() {
			if got, ok := tables.CARC(r.Code); !ok || r.Meaning == "" || !cmp.Equal(got, r) {
				t.Fatalf("%+v", r)
			}
		}
	})
}
