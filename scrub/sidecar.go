package scrub

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/gaitkeeper/gaitkeeper/edi"
)

// SidecarError is a fault in a CSV file given beside the claims.
type SidecarError struct {
	Row    int    // line of the file, from 1
	Column string // name of the column, or its number in the header; "" where the row is meant
	Reason string
}

func (e *SidecarError) Error() string {
	if e.Column == "" {
		return fmt.Sprintf("row %d: %s", e.Row, e.Reason)
	}
	return fmt.Sprintf("row %d, column %s: %s", e.Row, e.Column, e.Reason)
}

// sheet reads a CSV file with a header; columns may stand in any order.
type sheet struct {
	r       *csv.Reader
	columns []string
	record  []string
	row     int
}

// openSheet reads the header. Every column must be one of known, and all of need
// must be there.
func openSheet(src io.Reader, known, need []string) (*sheet, error) {
	s := &sheet{r: csv.NewReader(src)}
	s.r.FieldsPerRecord = -1
	header, err := s.r.Read()
	if errors.Is(err, io.EOF) {
		return nil, &SidecarError{Row: 1, Reason: "file is empty; a header is needed: " + strings.Join(known, ",")}
	} else if err != nil {
		return nil, s.wrap(err)
	}
	for i, name := range header {
		if i == 0 {
			name = strings.TrimPrefix(name, "\ufeff")
		}
		name = strings.ToLower(strings.TrimSpace(name))
		switch {
		case !slices.Contains(known, name):
			// A file without a header begins with data: its text is not repeated.
			return nil, &SidecarError{1, strconv.Itoa(i + 1), "not a column that is known here: " + strings.Join(known, ", ")}
		case slices.Contains(s.columns, name):
			return nil, &SidecarError{1, name, "column stands twice"}
		}
		s.columns = append(s.columns, name)
	}
	for _, name := range need {
		if !slices.Contains(s.columns, name) {
			return nil, &SidecarError{1, name, "column is missing"}
		}
	}
	return s, nil
}

func (s *sheet) has(column string) bool { return slices.Contains(s.columns, column) }

// next reads a row; io.EOF after the last one.
func (s *sheet) next() error {
	record, err := s.r.Read()
	if errors.Is(err, io.EOF) {
		return err
	} else if err != nil {
		return s.wrap(err)
	}
	s.row, _ = s.r.FieldPos(0)
	s.record = record
	if len(record) != len(s.columns) {
		return &SidecarError{Row: s.row, Reason: fmt.Sprintf("%d fields, the header has %d", len(record), len(s.columns))}
	}
	return nil
}

func (s *sheet) wrap(err error) error {
	if e := (*csv.ParseError)(nil); errors.As(err, &e) {
		return &SidecarError{Row: e.Line, Reason: e.Err.Error()}
	}
	return err
}

func (s *sheet) text(column string) string {
	if i := slices.Index(s.columns, column); i >= 0 {
		return strings.TrimSpace(s.record[i])
	}
	return ""
}

func (s *sheet) fail(column, reason string) error { return &SidecarError{s.row, column, reason} }

// required is the text of a column that must not be empty.
func (s *sheet) required(column string) (string, error) {
	if t := s.text(column); t != "" {
		return t, nil
	}
	return "", s.fail(column, "empty")
}

// date reads YYYY-MM-DD or YYYYMMDD.
func (s *sheet) date(column string) (edi.Date, error) {
	d, err := edi.ParseDay(s.text(column))
	if err != nil {
		return 0, s.fail(column, "not a date YYYY-MM-DD or YYYYMMDD")
	}
	return d, nil
}

// minutes reads whole minutes of at most a day; empty is 0.
func (s *sheet) minutes(column string) (int, error) {
	t := s.text(column)
	if t == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(t)
	if err != nil || n < 0 || n > 24*60 {
		return 0, s.fail(column, "not whole minutes from 0 to 1440")
	}
	return n, nil
}

// clock reads HH:MM or HHMM as minutes since midnight.
func (s *sheet) clock(column string) (int, error) {
	t := strings.Replace(s.text(column), ":", "", 1)
	n, err := strconv.Atoi(t)
	if err != nil || len(t) != 4 || n < 0 || n/100 > 23 || n%100 > 59 {
		return 0, s.fail(column, "not a time HH:MM")
	}
	return n/100*60 + n%100, nil
}
