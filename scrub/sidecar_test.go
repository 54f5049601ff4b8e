package scrub_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/scrub"
	"github.com/gaitkeeper/gaitkeeper/scrub/therapy"
)

func code(s string) therapy.Code {
	c, _ := therapy.ParseCode([]byte(s))
	return c
}

func TestReadLog(t *testing.T) {
	log, err := scrub.ReadLog(strings.NewReader("\ufeffcode,claim,date,line,assistant_minutes,minutes\n" +
		"97116,C1,2026-03-10,A1,5,17\n97110,C1,20260310,,,8\nG0283,C2,20260310,2,0,15\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := []scrub.Entry{
		{Line: "A1", Date: 20260310, Code: code("97116"), Minutes: 17, Assistant: 5},
		{Date: 20260310, Code: code("97110"), Minutes: 8},
	}
	if diff := cmp.Diff(want, log.Of([]byte("C1"))); diff != "" {
		t.Errorf("entries (-want +got):\n%s", diff)
	}
	if got := log.Of([]byte("C3")); got != nil {
		t.Errorf("a claim that is not in the log has %v", got)
	}
}

func TestReadLogClock(t *testing.T) {
	log, err := scrub.ReadLog(strings.NewReader("claim,date,code,start,stop,assistant_minutes\nC1,20260310,97116,09:05,0927,\n"))
	if err != nil {
		t.Fatal(err)
	}
	if got := log.Of([]byte("C1"))[0].Minutes; got != 22 {
		t.Errorf("09:05 to 09:27 are %d minutes", got)
	}
}

// TestSidecarErrors names row and column of every fault.
func TestSidecarErrors(t *testing.T) {
	type reader func(string) error
	log := func(s string) error { _, err := scrub.ReadLog(strings.NewReader(s)); return err }
	ytd := func(s string) error { _, err := scrub.ReadYTD(strings.NewReader(s)); return err }
	attest := func(s string) error { _, err := scrub.ReadAttestations(strings.NewReader(s)); return err }
	const (
		logHead    = "claim,line,date,code,minutes,assistant_minutes\n"
		ytdHead    = "patient,year,bucket,allowed\n"
		attestHead = "claim,line,rule,value,by,at,reason\n"
	)
	tests := []struct {
		name   string
		read   reader
		text   string
		row    int
		column string
	}{
		{"empty", log, "", 1, ""},
		{"unknown column", log, "claim,line,date,code,minutes,extra\n", 1, "6"},
		{"missing column", log, "claim,date,minutes\n", 1, "code"},
		{"no minutes", log, "claim,date,code\n", 1, "minutes"},
		{"column twice", log, "claim,claim,date,code,minutes\n", 1, "claim"},
		{"short row", log, logHead + "C1,1,20260310\n", 2, ""},
		{"no claim", log, logHead + ",1,20260310,97116,8,0\n", 2, "claim"},
		{"bad date", log, logHead + "C1,1,20260310,97116,8,0\nC1,1,20260230,97116,8,0\n", 3, "date"},
		{"bad code", log, logHead + "C1,1,20260310,9711,8,0\n", 2, "code"},
		{"fraction", log, logHead + "C1,1,20260310,97116,8.5,0\n", 2, "minutes"},
		{"negative", log, logHead + "C1,1,20260310,97116,-8,0\n", 2, "minutes"},
		{"no minutes at all", log, logHead + "C1,1,20260310,97116,,\n", 2, "minutes"},
		{"assistant", log, logHead + "C1,1,20260310,97116,8,x\n", 2, "assistant_minutes"},
		{"clock", log, "claim,date,code,start,stop\nC1,20260310,97116,9:99,10:00\n", 2, "start"},
		{"backwards", log, "claim,date,code,start,stop\nC1,20260310,97116,10:00,09:00\n", 2, "stop"},
		{"open quote", log, logHead + "\"C1,1,20260310,97116,8,0\n", 2, ""},
		{"year", ytd, ytdHead + "P1,26,PTSLP,100\n", 2, "year"},
		{"bucket", ytd, ytdHead + "P1,2026,PT,100\n", 2, "bucket"},
		{"amount", ytd, ytdHead + "P1,2026,OT,$100\n", 2, "allowed"},
		{"twice", ytd, ytdHead + "P1,2026,OT,100\nP1,2026,OT,200\n", 3, "patient"},
		{"nobody", attest, attestHead + "C1,1,MO120,KX,,2026-03-10,\n", 2, "by"},
		{"no day", attest, attestHead + "C1,1,MO120,KX,PT1,today,\n", 2, "at"},
		{"attested twice", attest, attestHead + "C1,1,MO120,KX,PT1,20260310,\nC1,1,MO120,KX,PT1,20260310,\n", 3, "claim"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := tt.read(tt.text)
			var e *scrub.SidecarError
			if !errors.As(err, &e) {
				t.Fatalf("got %v, want a SidecarError", err)
			}
			if e.Row != tt.row || e.Column != tt.column || e.Reason == "" {
				t.Errorf("got %v, want row %d, column %q", e, tt.row, tt.column)
			}
		})
	}
}

func TestReadYTD(t *testing.T) {
	y, err := scrub.ReadYTD(strings.NewReader("patient,year,bucket,allowed\nP1,2026,PTSLP,2480.01\n"))
	if err != nil {
		t.Fatal(err)
	}
	if a, ok := y.Allowed([]byte("P1"), 2026, "PTSLP"); !ok || a != edi.Amount(248001) {
		t.Errorf("allowed %v, %v", a, ok)
	}
	if _, ok := y.Allowed([]byte("P1"), 2025, "PTSLP"); ok {
		t.Error("an amount of another year")
	}
}

// FuzzSidecars: any text is read or refused with a place, never a panic.
func FuzzSidecars(f *testing.F) {
	f.Add("claim,line,date,code,minutes,assistant_minutes\nC1,1,20260310,97116,22,0\n")
	f.Add("patient,year,bucket,allowed\nP1,2026,OT,10.00\n")
	f.Add("claim,line,rule,value,by,at,reason\nC1,1,MO120,KX,PT,20260310,x\n")
	f.Add("claim,date,code,start,stop\n\"")
	f.Fuzz(func(t *testing.T, text string) {
		for _, read := range []func() error{
			func() error { _, err := scrub.ReadLog(strings.NewReader(text)); return err },
			func() error { _, err := scrub.ReadYTD(strings.NewReader(text)); return err },
			func() error { _, err := scrub.ReadAttestations(strings.NewReader(text)); return err },
		} {
			var e *scrub.SidecarError
			if err := read(); err != nil && (!errors.As(err, &e) || e.Row < 1) {
				t.Errorf("no place in %v", err)
			}
		}
	})
}
