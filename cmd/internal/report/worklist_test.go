package report

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gaitkeeper/gaitkeeper/cmd/internal/render"
	"github.com/gaitkeeper/gaitkeeper/edi"
)

func TestWorklist(t *testing.T) {
	var b bytes.Buffer
	feed(t, NewWorklist(&b, "csv"))
	rows, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := func(row []string, name string) string { return row[slices.Index(rows[0], name)] }
	var got []string
	for _, row := range rows[1:] {
		var cells []string
		for _, name := range []string{"claim", "line_number", "issue", "recoverable", "at_stake", "deadline", "reasons", "remarks", "action", "predicted_by"} {
			cells = append(cells, at(row, name))
		}
		got = append(got, strings.Join(cells, ","))
	}
	want := []string{
		`'=HYPERLINK("x")<script>,1,denied,80.00,80.00,2027-05-17,CO-197,,appeal,`, // the nearer deadline
		`PT1,2,denied,80.00,80.00,2027-11-16,CO-4,N822,reopen,MO101`,
		`PT1,3,denied,24.00,24.00,2027-03-16,CO-50,N115,appeal,`,
		`PT2,,denied,0.00,90.00,,OA-18,,find_first,DU102`, // the claim itself
		`'=HYPERLINK("x")<script>,3,reduced,0.00,20.00,,PI-45,,,`,
		`'=HYPERLINK("x")<script>,2,unexplained,0.00,16.00,,CO-999,,,`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestWorklistXLSX(t *testing.T) {
	var b bytes.Buffer
	feed(t, NewWorklist(&b, "xlsx"))
	f := openBook(t, b.Bytes())
	rows, err := f.GetRows("Worklist")
	if err != nil || len(rows) != 7 || rows[0][2] != "line number" || rows[2][0] != "PT1" {
		t.Errorf("%q, %v", rows, err)
	}
}

func TestWorklistFormats(t *testing.T) {
	for _, f := range WorklistFormats {
		if NewWorklist(&bytes.Buffer{}, f) == nil {
			t.Errorf("no %s", f)
		}
	}
	if NewWorklist(&bytes.Buffer{}, "pdf") != nil {
		t.Error("a worklist in pdf")
	}
}

// Answers that wait, or that another one took back, are no work.
func TestTasks(t *testing.T) {
	d := &denial{group: "CO", carc: "4", recoverable: "10.00"}
	for _, v := range []struct {
		standing, status string
		want             int
	}{
		{"current", "denied", 1},
		{"current", "pending", 0},
		{"current", "forwarded", 0},
		{"reversed", "denied", 0},
		{"reversal", "reversed", 0},
		{"superseded", "denied", 0},
		{"predetermination", "denied", 0},
		{"none", "unanswered", 0},
	} {
		c := claim("A", v.standing, v.status, "10.00", "0.00", "10.00")
		got := tasks(nil, c, []render.RemitLine{line("A", 1, v.status, "97110", "10.00", "0.00", "10.00", d)})
		if len(got) != v.want {
			t.Errorf("%s, %s: %d rows", v.standing, v.status, len(got))
		}
	}
	// Units that were cut, with nothing denied.
	l := line("A", 1, "paid", "97110", "10.00", "5.00", "0.00", nil)
	l.Flags = []string{"units_cut"}
	if got := tasks(nil, claim("A", "current", "paid", "10.00", "5.00", "0.00"), []render.RemitLine{l}); len(got) != 1 || got[0].Issue != issueUnits {
		t.Errorf("%+v", got)
	}
}

func TestNumbers(t *testing.T) {
	for a, want := range map[edi.Amount]string{0: "$0.00", 5: "$0.05", 123456789: "$1,234,567.89", -100000: "-$1,000.00"} {
		if got := dollars(a); got != want {
			t.Errorf("%d: %s, want %s", a, got, want)
		}
	}
	for a, want := range map[edi.Amount]string{95000: "$950", 999900: "$9,999", 1234500: "$12.3k", 120000000: "$1.20M"} {
		if got := short(a); got != want {
			t.Errorf("%d: %s, want %s", a, got, want)
		}
	}
	for in, want := range map[string]string{"": "", "=1": "'=1", "+1": "'+1", "-x": "'-x", "@a": "'@a", "a=1": "a=1"} {
		if got := guarded(in); got != want {
			t.Errorf("%q: %q", in, got)
		}
	}
}
