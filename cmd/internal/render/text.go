package render

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/gaitkeeper/gaitkeeper/scrub"
)

// textSink writes findings for people: place, rule and message, the segment with
// a mark under the element, and the fix.
type textSink struct {
	Options
	w *bufio.Writer
}

func newText(w io.Writer, o Options) *textSink {
	return &textSink{Options: o, w: bufio.NewWriterSize(w, 64<<10)}
}

func (t *textSink) Finding(f *scrub.Finding) error {
	if f.Fixed {
		return nil
	}
	s := t.Style
	w := where(f)
	fmt.Fprintf(t.w, "%s:%d:%d: %s %s: %s", s.Bold(f.File), w.Line, w.Column, s.Bold(f.Rule.ID), t.severity(f.Severity), printable([]byte(f.Message)))
	fmt.Fprintf(t.w, " [%s]\n", t.place(f))
	t.excerpt(f)
	if f.Fix != nil {
		fmt.Fprintf(t.w, "    %s %s\n", s.Dim("= fix ("+f.Fix.Safety.String()+"):"), printable([]byte(f.Fix.Message)))
	}
	_, err := t.w.WriteString("\n")
	return err
}

func (t *textSink) severity(v scrub.Severity) string {
	switch v {
	case scrub.Error:
		return t.Style.Red("error")
	case scrub.Warning:
		return t.Style.Yellow("warning")
	}
	return t.Style.Blue("info")
}

// place names the claim and line, the segment and the element.
func (t *textSink) place(f *scrub.Finding) string {
	var parts []string
	if f.Claim != "" {
		parts = append(parts, "claim "+printable([]byte(f.Claim)))
	}
	if f.LineNo > 0 {
		parts = append(parts, fmt.Sprintf("line %d", f.LineNo))
	}
	at := f.Where.Tag
	if f.Where.Element > 0 {
		at = fmt.Sprintf("%s%02d", at, f.Where.Element)
		if f.Where.Component > 0 {
			at += fmt.Sprintf("-%d", f.Where.Component)
		}
	}
	if at != "" { // what has no id is named by its place only
		parts = append(parts, printable([]byte(at)))
	}
	if p := f.Guide; p != nil {
		parts = append(parts, fmt.Sprintf("SNIP %d", p.Snip))
		for _, c := range []struct{ name, code string }{{"TA105", p.TA105}, {"AK905", p.AK905}, {"IK502", p.IK502}, {"IK304", p.IK304}, {"IK403", p.IK403}} {
			if c.code != "" && (c.name != "IK304" || p.IK403 == "") {
				parts = append(parts, c.name+" "+c.code)
			}
		}
	}
	return strings.Join(parts, ", ")
}

// excerptWidth is how much of a segment is shown.
const excerptWidth = 100

func (t *textSink) excerpt(f *scrub.Finding) {
	if len(f.Segment) == 0 {
		return // at the end of the input
	}
	shown := f.Segment
	if !t.ShowPHI {
		shown = Mask(f.Segment, f.Delims)
	}
	from := int(f.Where.Span.Start - f.Where.Pos.Offset)
	to := int(f.Where.Span.End - f.Where.Pos.Offset)
	if from < 0 || from > len(shown) || to > len(shown) || from > to {
		from, to = 0, len(shown)
	}
	start, end := 0, len(shown)
	if end > excerptWidth {
		start = max(0, min(from-excerptWidth/3, end-excerptWidth))
		end = start + excerptWidth
	}
	before, after := "", ""
	if start > 0 {
		before = "..."
	}
	if end < len(shown) {
		after = "..."
	}
	line := before + printable(shown[start:end]) + after
	mark := strings.Repeat(" ", len(before)+utf8.RuneCountInString(printable(shown[start:from]))) +
		strings.Repeat("^", max(1, utf8.RuneCountInString(printable(shown[from:min(to, end)]))))
	number := fmt.Sprint(f.Where.Pos.Segment)
	gutter := strings.Repeat(" ", len(number))
	fmt.Fprintf(t.w, "  %s %s %s\n", t.Style.Dim(number), t.Style.Dim("|"), line)
	fmt.Fprintf(t.w, "  %s %s %s\n", gutter, t.Style.Dim("|"), t.Style.Red(mark))
}

// printable is text with each control byte as a dot.
func printable(b []byte) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7F && r < 0xA0 {
			return '.'
		}
		return r
	}, text(b))
}

func (t *textSink) Close(sum *Summary) error {
	if !t.Quiet {
		t.summary(sum)
	}
	return t.w.Flush()
}

func (t *textSink) summary(sum *Summary) {
	s := t.Style
	total := 0
	for _, n := range sum.Findings {
		total += n
	}
	left := total - sum.Fixed
	switch {
	case sum.Claims == sum.Unread && total == 0:
		fmt.Fprintf(t.w, "%s\n", s.Yellow("No claim was judged."))
	case total == 0 && sum.Faults+sum.Unreadable > 0:
		fmt.Fprintf(t.w, "%s\n", s.Yellow("Nothing found in what could be read."))
	case total == 0:
		fmt.Fprintf(t.w, "%s\n", s.Green("Nothing found."))
	case t.Fixing:
		fmt.Fprintf(t.w, "Found %s: %d fixed, %d left.\n", many(total, "finding"), sum.Fixed, left)
	default:
		fmt.Fprintf(t.w, "Found %s: %s, %s, %d info.\n", many(total, "finding"),
			many(sum.Findings["error"], "error"), many(sum.Findings["warning"], "warning"), sum.Findings["info"])
	}
	if t.Hint {
		hint := func(safety, how string) {
			if n := sum.Fixable[safety]; n > 0 {
				fmt.Fprintf(t.w, "%d fixable with %s.\n", n, how)
			}
		}
		if !t.Fixing {
			hint("safe", "--fix")
		}
		hint("unsafe", "--fix --unsafe-fixes: that changes what is billed")
		hint("attest", "--fix --attest FILE: only the provider knows")
	}
	if sum.Claims > sum.Unread {
		t.checked(sum)
	}
	if sum.Unreadable > 0 {
		fmt.Fprintf(t.w, "%s could not be read.\n", many(sum.Unreadable, "file"))
	}
	fmt.Fprintf(t.w, "Read %s in %s, %s, %s: %s = %d judged + %d reported unreadable.\n",
		many64(sum.Bytes, "byte"), many(sum.Files, "file"), many(sum.Interchanges, "interchange"), many(sum.Segments, "segment"),
		many(sum.Claims, "claim"), sum.Claims-sum.Unread, sum.Unread)
}

// checked says what the claims were held against, and what they were not.
func (t *textSink) checked(sum *Summary) {
	for _, k := range sum.Suppressed {
		fmt.Fprintf(t.w, "Suppressed until %s: %s, for this reason: %s (%s)\n", k.Until, many(k.Findings, "finding"), k.Reason, k.Place)
	}
	for _, n := range sum.NotChecked {
		fmt.Fprintf(t.w, "Not checked without %s: %s.\n", n.Needs, strings.Join(n.Rules, ", "))
	}
	var data []string
	for _, d := range sum.Data {
		data = append(data, d.Name+" "+d.AsOf)
	}
	if sum.Config != "" {
		fmt.Fprintf(t.w, "Configuration: %s.\n", sum.Config)
	}
	if l := sum.Ledger; l != nil {
		t.ledger(l)
	}
	if data != nil {
		fmt.Fprintf(t.w, "Reference data as of: %s.\n", strings.Join(data, "; "))
	}
}

func (t *textSink) ledger(l *Ledger) {
	fmt.Fprintf(t.w, "Ledger: %s recorded", many(l.Recorded, "claim"))
	if l.Held > 0 {
		fmt.Fprintf(t.w, ", %d held back and not recorded", l.Held)
	}
	if l.Known > 0 {
		fmt.Fprintf(t.w, "; known before: %s, judged as then", many(l.Known, "file"))
	}
	fmt.Fprintln(t.w, ".")
}

func many(n int, what string) string { return many64(int64(n), what) }

func many64(n int64, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
