package render

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"github.com/gaitkeeper/gaitkeeper/scrub"
)

// Columns of the csv format; new ones are added behind.
var columns = []string{
	"file", "claim", "line", "line_number", "code", "service_date", "rule", "name", "severity", "message",
	"segment", "loop", "tag", "element", "component", "offset", "end", "fix_safety", "fix", "fixed", "predicts",
	"snip", "ik304", "ik403", "ik502", "ak905", "ta105", "stc",
}

type csvSink struct {
	w      *csv.Writer
	header bool
}

func newCSV(w io.Writer) *csvSink { return &csvSink{w: csv.NewWriter(w)} }

func (c *csvSink) Finding(f *scrub.Finding) error {
	if err := c.begin(); err != nil {
		return err
	}
	w := Options{}.NewFinding(f)
	safety, fix := "", ""
	if w.Fix != nil {
		safety, fix = w.Fix.Safety, w.Fix.Message
	}
	var predicts []string
	for _, d := range f.Rule.Denials {
		predicts = append(predicts, d.String())
	}
	answer := w.Answer
	if answer == nil {
		answer = &Answer{}
	}
	return c.w.Write([]string{
		cell(w.File), cell(value(w.Claim)), cell(value(w.Line)), number(f.LineNo), cell(value(w.Code)), value(w.ServiceDate),
		w.Rule, w.Name, w.Severity, cell(w.Message),
		number(w.Where.Segment), w.Where.Loop, w.Where.Tag, number(w.Where.Element), number(w.Where.Component),
		strconv.FormatInt(w.Where.Offset, 10), strconv.FormatInt(w.Where.End, 10),
		safety, cell(fix), strconv.FormatBool(w.Fixed), strings.Join(predicts, "; "),
		number(w.Snip), answer.IK304, answer.IK403, answer.IK502, answer.AK905, answer.TA105, answer.STC,
	})
}

func (c *csvSink) begin() error {
	if c.header {
		return nil
	}
	c.header = true
	return c.w.Write(columns)
}

func (c *csvSink) Close(*Summary) error {
	if err := c.begin(); err != nil {
		return err
	}
	c.w.Flush()
	return c.w.Error()
}

// cell keeps a spreadsheet from taking text for a formula.
func cell(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}

func value(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}
