package scrub

import (
	"errors"
	"io"
	"strconv"

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

// Allowed is what the year-to-date file says for the claim's patient, by the
// member id of the patient or else of the subscriber.
func (p *Pass) Allowed(year int, bucket string) (edi.Amount, bool) {
	for _, level := range []*edi.Block{&p.Claim.Patient.Block, &p.Claim.Subscriber.Block} {
		for i := range level.Len() {
			if level.Tag(i) != tagNM1 {
				continue
			}
			if q := string(level.Element(i, 1)); q != "QC" && q != "IL" {
				continue
			}
			if a, ok := p.YTD.Allowed(level.Element(i, 9), year, bucket); ok {
				return a, true
			}
		}
	}
	return 0, false
}
