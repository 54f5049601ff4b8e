package scrub

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/gaitkeeper/gaitkeeper/edi"
)

// YTD holds what payers allowed this year, before the claims at hand.
type YTD struct {
	allowed map[ytdKey]edi.Amount
}

type ytdKey struct {
	patient string
	year    int
	bucket  string
}

// ReadYTD reads a CSV file with the columns patient (member id), year, bucket
// (PTSLP or OT) and allowed (dollars). The error names row and column.
func ReadYTD(src io.Reader) (*YTD, error) {
	columns := []string{"patient", "year", "bucket", "allowed"}
	s, err := openSheet(src, columns, columns)
	if err != nil {
		return nil, err
	}
	y := &YTD{allowed: map[ytdKey]edi.Amount{}}
	for {
		if err := s.next(); errors.Is(err, io.EOF) {
			return y, nil
		} else if err != nil {
			return nil, err
		}
		patient, err := s.required("patient")
		if err != nil {
			return nil, err
		}
		year, err := strconv.Atoi(s.text("year"))
		if err != nil || year < 1990 || year > 2199 {
			return nil, s.fail("year", "not a year")
		}
		bucket := s.text("bucket")
		if bucket != "PTSLP" && bucket != "OT" {
			return nil, s.fail("bucket", "neither PTSLP nor OT")
		}
		amount, err := edi.ParseAmount([]byte(s.text("allowed")))
		if err != nil || amount < 0 {
			return nil, s.fail("allowed", "not an amount in dollars")
		}
		k := ytdKey{patient, year, bucket}
		if _, twice := y.allowed[k]; twice {
			return nil, s.fail("patient", "patient, year and bucket stand twice")
		}
		y.allowed[k] = amount
	}
}

// Allowed is the amount of a patient, by member id, in a year and bucket; ok is
// false where none was given.
func (y *YTD) Allowed(patient []byte, year int, bucket string) (a edi.Amount, ok bool) {
	a, ok = y.allowed[ytdKey{string(patient), year, bucket}]
	return a, ok
}

// YearToDate is what is known of the amounts that Medicare allowed a patient in a
// calendar year and bucket, before the claim at hand.
type YearToDate struct {
	Given     edi.Amount // starting balance of --ytd
	IsGiven   bool
	Allowance // what remittances told, from the history
}

// Total is the starting balance and what came since.
func (y YearToDate) Total() edi.Amount { return y.Given + y.Amount }

// String says where the total comes from.
func (y YearToDate) String() string {
	var parts []string
	if y.IsGiven {
		parts = append(parts, fmt.Sprintf("$%s from --ytd", y.Given))
	}
	if y.Lines > 0 {
		parts = append(parts, fmt.Sprintf("$%s from %s in the ledger", y.Amount, count(y.Lines, "answered line")))
	}
	if y.Open > 0 {
		parts = append(parts, fmt.Sprintf("%s not answered yet", count(y.Open, "line")))
	}
	return strings.Join(parts, ", ")
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return strconv.Itoa(n) + " " + what + "s"
}

// YearToDate is what is known of the claim's patient in a year and bucket: by the
// member id of the patient, or else of the subscriber, in --ytd, and by the person in
// the history. ok is false where neither knows an amount.
func (p *Pass) YearToDate(year int, bucket string) (y YearToDate, ok bool) {
	if p.YTD != nil {
		for _, level := range []*edi.Block{&p.Claim.Patient.Block, &p.Claim.Subscriber.Block} {
			for i := range level.Len() {
				if level.Tag(i) != tagNM1 || y.IsGiven {
					continue
				}
				if q := string(level.Element(i, 1)); q == "QC" || q == "IL" {
					y.Given, y.IsGiven = p.YTD.Allowed(level.Element(i, 9), year, bucket)
				}
			}
		}
	}
	if p.allowed != nil {
		for _, a := range p.allowed[p.Claim.person()] {
			if a.Year == year && a.Bucket == bucket {
				y.Allowance = a
			}
		}
	}
	return y, y.IsGiven || y.Lines > 0
}
