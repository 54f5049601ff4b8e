package scrub

import (
	"errors"
	"io"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/scrub/therapy"
)

// Log is a treatment log: the minutes that were documented for each claim.
type Log struct {
	rows map[string][]Entry
	seen map[string]bool
}

// Entry is one row of the log.
type Entry struct {
	Line      string // REF*6R or LX01 of the service line; "" where only date and code say
	Date      edi.Date
	Code      therapy.Code
	Minutes   int // skilled one-on-one minutes of the therapist, alone or with an assistant
	Assistant int // minutes of the assistant alone
}

// ReadLog reads a CSV file with the columns claim, line, date, code, minutes and
// assistant_minutes, in any order; start and stop may stand in place of minutes.
// The error names row and column.
func ReadLog(src io.Reader) (*Log, error) {
	s, err := openSheet(
		src, []string{"claim", "line", "date", "code", "minutes", "assistant_minutes", "start", "stop"},
		[]string{"claim", "date", "code"},
	)
	if err != nil {
		return nil, err
	}
	if !s.has("minutes") && (!s.has("start") || !s.has("stop")) {
		return nil, &SidecarError{1, "minutes", "column is missing, and start and stop do not stand in its place"}
	}
	l := &Log{rows: map[string][]Entry{}, seen: map[string]bool{}}
	for {
		if err := s.next(); errors.Is(err, io.EOF) {
			return l, nil
		} else if err != nil {
			return nil, err
		}
		claim, err := s.required("claim")
		if err != nil {
			return nil, err
		}
		e, err := s.entry()
		if err != nil {
			return nil, err
		}
		l.rows[claim] = append(l.rows[claim], e)
	}
}

func (s *sheet) entry() (e Entry, err error) {
	e.Line = s.text("line")
	if e.Date, err = s.date("date"); err != nil {
		return e, err
	}
	var ok bool
	if e.Code, ok = therapy.ParseCode([]byte(s.text("code"))); !ok {
		return e, s.fail("code", "not a procedure code of five characters")
	}
	if e.Assistant, err = s.minutes("assistant_minutes"); err != nil {
		return e, err
	}
	if s.text("minutes") != "" || !s.has("start") {
		if s.text("minutes") == "" && e.Assistant == 0 {
			return e, s.fail("minutes", "empty")
		}
		e.Minutes, err = s.minutes("minutes")
		return e, err
	}
	start, err := s.clock("start")
	if err != nil {
		return e, err
	}
	stop, err := s.clock("stop")
	if err != nil {
		return e, err
	}
	if stop < start {
		return e, s.fail("stop", "before start")
	}
	e.Minutes = stop - start
	return e, nil
}

// Of are the entries of a claim.
func (l *Log) Of(claim []byte) []Entry { return l.rows[string(claim)] }

// see notes that a claim of the log is in the input.
func (l *Log) see(claim []byte) {
	if _, ok := l.rows[string(claim)]; ok && !l.seen[string(claim)] {
		l.seen[string(claim)] = true
	}
}

// Unmatched is the number of claims in the log that the input did not have.
func (l *Log) Unmatched() int { return len(l.rows) - len(l.seen) }
