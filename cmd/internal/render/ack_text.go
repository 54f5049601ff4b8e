package render

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// ackText writes answers for people: what was rejected or is worth knowing, why, and
// what to do; then the numbers. What was simply accepted is counted.
type ackText struct {
	Options
	w          *bufio.Writer
	file       string   // whose answers are shown
	claim      string   // whose faults are shown
	fell       int      // claims that were rejected with their set, without a fault of their own
	unanswered []string // the first of them
	silent     int      // how many there are
}

func newAckText(w io.Writer, o Options) *ackText {
	return &ackText{Options: o, w: bufio.NewWriterSize(w, 64<<10)}
}

// head names the file, once.
func (t *ackText) head(file string) {
	if t.file != file {
		t.file = file
		fmt.Fprintf(t.w, "%s\n", t.Style.Dim(file))
	}
}

func (t *ackText) Answer(answer AckAnswer) error {
	switch a := answer.(type) {
	case *AckInterchange:
		t.interchange(a)
	case *AckSet:
		t.answerToSet(a)
	case *AckFault:
		t.fault(a)
	case *AckGroup:
		t.group(a)
	case *AckBatch:
		t.batch(a)
	case *AckClaim:
		t.answerToClaim(a)
	}
	return nil
}

func (t *ackText) interchange(a *AckInterchange) {
	t.head(a.File)
	fmt.Fprintf(t.w, "  %s %s%s\n", t.Style.Bold("interchange "+printable([]byte(a.Control))), t.status(a.Status), t.sent(a.SentFile, a.Claims))
	if a.Code.Code != "000" {
		fmt.Fprintf(t.w, "    %s\n", coded(a.Code))
	}
	t.advice("    ", a.Action)
}

// coded is what a code means, with the code.
func coded(c AckCode) string {
	if c.Code == "" {
		return c.Meaning
	}
	return fmt.Sprintf("%s (%s)", c.Meaning, printable([]byte(c.Code)))
}

// sent tells where the claims that are answered stand.
func (t *ackText) sent(file *string, claims *int) string {
	if file == nil || claims == nil {
		return ""
	}
	return fmt.Sprintf(": %s of %s", many(*claims, "claim"), *file)
}

func (t *ackText) answerToSet(a *AckSet) {
	t.tellFell()
	if a.Status == "accepted" && a.Faults == 0 && a.Note == "" {
		return
	}
	t.head(a.File)
	t.claim = ""
	fmt.Fprintf(t.w, "  %s %s%s\n", t.Style.Bold(fmt.Sprintf("set %s of group %s", printable([]byte(a.Set)), printable([]byte(a.Group)))), t.status(a.Status), t.sent(a.SentFile, a.Claims))
	for _, c := range a.Codes {
		fmt.Fprintf(t.w, "    %s\n", coded(c))
	}
	if a.Note != "" {
		fmt.Fprintf(t.w, "    %s %s\n", t.Style.Yellow("note:"), a.Note)
	}
	if a.LeftOut > 0 {
		fmt.Fprintf(t.w, "    %s %d more faults are not shown\n", t.Style.Yellow("note:"), a.LeftOut)
	}
	t.advice("    ", a.Action)
}

func (t *ackText) fault(a *AckFault) {
	t.head(a.File)
	claim := "outside of claims, or the claim is not known"
	if a.Claim != nil {
		claim = "claim " + printable([]byte(*a.Claim))
	}
	if t.claim != claim {
		t.claim = claim
		fmt.Fprintf(t.w, "    %s\n", t.Style.Bold(claim))
	}
	at := printable([]byte(a.Segment))
	if a.Element > 0 {
		at += fmt.Sprintf("%02d", a.Element)
		if a.Component > 0 {
			at += fmt.Sprintf("-%d", a.Component)
		}
	}
	var where []string
	if a.What != "" {
		where = append(where, a.What)
	}
	if a.LineNumber != nil {
		where = append(where, "line "+printable([]byte(*a.LineNumber))+optionalText(" ", a.Code))
	}
	if a.Loop != "" {
		where = append(where, "loop "+printable([]byte(a.Loop)))
	}
	where = append(where, fmt.Sprintf("segment %d of the set", a.SetSegment))
	fmt.Fprintf(t.w, "      %s: %s %s\n", at, coded(a.Error), t.Style.Dim("["+strings.Join(where, ", ")+"]"))
	if a.Bad != nil {
		fmt.Fprintf(t.w, "        sent: %s\n", *a.Bad)
	}
	for _, g := range a.Triggers {
		of := printable([]byte(g.Segment))
		if g.Element > 0 {
			of += fmt.Sprintf("%02d", g.Element)
		}
		if g.Component > 0 {
			of += fmt.Sprintf("-%d", g.Component)
		}
		fmt.Fprintf(t.w, "        because of %s, segment %d of the set\n", of, g.SetSegment)
	}
	t.advice("        ", a.Action)
}

// optionalText is text behind something, where there is any.
func optionalText(before string, s *string) string {
	if s == nil || *s == "" {
		return ""
	}
	return before + printable([]byte(*s))
}

func (t *ackText) group(a *AckGroup) {
	t.tellFell()
	if len(a.Codes) == 0 && a.Status != "undecided" {
		return
	}
	t.head(a.File)
	fmt.Fprintf(t.w, "  %s %s\n", t.Style.Bold("group "+printable([]byte(a.Group))), t.status(a.Status))
	for _, c := range a.Codes {
		fmt.Fprintf(t.w, "    %s\n", coded(c))
	}
	t.advice("    ", a.Action)
}

// tellFell tells how many claims were rejected only because their set was.
func (t *ackText) tellFell() {
	if t.fell > 0 {
		fmt.Fprintf(t.w, "    %s rejected with the set: nothing is said against them, send them again with it\n", many(t.fell, "more claim"))
		t.fell = 0
	}
}

func (t *ackText) batch(a *AckBatch) {
	if a.Status != "rejected" && a.Rejected == nil {
		return
	}
	t.head(a.File)
	fmt.Fprintf(t.w, "  %s %s", t.Style.Bold(a.Role+" batch "+printable([]byte(a.Trace))), t.status(a.Status))
	if a.Accepted != nil {
		fmt.Fprintf(t.w, ", accepted %s", many(*a.Accepted, "claim"))
	}
	if a.Rejected != nil {
		fmt.Fprintf(t.w, ", rejected %s", many(*a.Rejected, "claim"))
	}
	fmt.Fprintln(t.w)
	if a.Status == "rejected" {
		t.statuses("    ", a.Statuses)
	}
}

func (t *ackText) answerToClaim(a *AckClaim) {
	switch {
	case a.Status == "unanswered":
		if t.silent++; t.silent <= mostShown {
			t.unanswered = append(t.unanswered, printable([]byte(a.Claim)))
		}
		return
	case a.By == "999":
		if a.Faults == 0 {
			t.fell++
		}
		return
	case a.Status != "rejected" && a.Status != "undecided":
		return
	}
	t.head(a.File)
	by := "payer"
	if a.Clearinghouse {
		by = "clearinghouse"
	}
	fmt.Fprintf(t.w, "  %s %s by %s %s", t.Style.Bold("claim "+printable([]byte(a.Claim))), t.status(a.Status), by, printable([]byte(a.Source)))
	if a.Charge != zero {
		fmt.Fprintf(t.w, ", charged %s", dollars(a.Charge))
	}
	if a.ServiceFrom != "" {
		fmt.Fprintf(t.w, ", of %s", a.ServiceFrom)
	}
	if a.Patient != nil {
		fmt.Fprintf(t.w, ", patient %s", *a.Patient)
	}
	fmt.Fprintln(t.w)
	t.statuses("    ", a.Statuses)
	told := false // by a line
	for i := range a.Lines {
		told = told || a.Lines[i].Status == "rejected"
		t.line(&a.Lines[i])
	}
	if !told {
		t.advice("    ", a.Action)
	}
}

func (t *ackText) line(l *AckLine) {
	if l.Status != "rejected" && l.Status != "undecided" {
		return
	}
	name := "line"
	switch {
	case l.LineNumber != nil:
		name += " " + printable([]byte(*l.LineNumber))
	case l.Line != nil:
		name += " with control number " + printable([]byte(*l.Line)) + ":"
	}
	code := printable([]byte(strings.Join(append([]string{l.Code}, l.Modifiers...), " ")))
	fmt.Fprintf(t.w, "    %s %s", t.Style.Bold(name), code)
	if l.ServiceFrom != "" {
		fmt.Fprintf(t.w, " %s", l.ServiceFrom)
	}
	fmt.Fprintln(t.w)
	t.statuses("      ", l.Statuses)
	for i := range l.Statuses {
		t.advice("      ", l.Statuses[i].Action)
	}
}

func (t *ackText) statuses(indent string, list []AckStatus) {
	for i := range list {
		for _, c := range list[i].Codes {
			fmt.Fprintf(t.w, "%s%s\n", indent, coded(c))
		}
		if list[i].Text != nil {
			fmt.Fprintf(t.w, "%ssays: %s\n", indent, *list[i].Text)
		}
	}
}

func (t *ackText) advice(indent, words string) {
	if words != "" {
		fmt.Fprintf(t.w, "%s%s %s\n", indent, t.Style.Blue("do:"), words)
	}
}

func (t *ackText) status(s string) string {
	switch s {
	case "rejected":
		return t.Style.Red(s)
	case "accepted":
		return t.Style.Green(s)
	}
	return t.Style.Yellow(s)
}

func (t *ackText) Close(s *AckSummary) error {
	t.tellFell()
	if t.file != "" {
		fmt.Fprintln(t.w)
	}
	if t.silent > 0 {
		fmt.Fprintln(t.w, t.Style.Bold("Claims without an answer"))
		fmt.Fprintf(t.w, "  %s", strings.Join(t.unanswered, ", "))
		if more := t.silent - len(t.unanswered); more > 0 {
			fmt.Fprintf(t.w, " and %d more: --format csv or ndjson has all", more)
		}
		fmt.Fprint(t.w, "\n\n")
	}
	t.counts(s)
	return t.w.Flush()
}

func (t *ackText) counts(s *AckSummary) {
	said := false
	if s.Interchanges > 0 {
		fmt.Fprintf(t.w, "%s: %d accepted, %d rejected.\n", many(s.Interchanges, "interchange"), s.Interchanges-s.RejectedInterchanges, s.RejectedInterchanges)
		said = true
	}
	if s.Sets+s.Groups > 0 {
		fmt.Fprintf(t.w, "%s: %d accepted, %d accepted with errors, %d rejected; %s.\n", many(s.Sets, "set"),
			s.Sets-s.SetsWithErrors-s.RejectedSets-s.UndecidedSets, s.SetsWithErrors, s.RejectedSets, many(s.Faults, "fault"))
		said = true
	}
	if s.Claims > 0 {
		fmt.Fprintf(t.w, "%s answered by a 277CA: %d accepted, %d received, %d rejected.", many(s.Claims, "claim"), s.AcceptedClaims, s.ReceivedClaims, s.RejectedClaims)
		if s.Sent != nil && s.Unmatched > 0 {
			fmt.Fprintf(t.w, " %d of them not in the claim files.", s.Unmatched)
		}
		fmt.Fprintln(t.w)
		said = true
	}
	if s.Sent != nil {
		fmt.Fprintf(t.w, "Of %s sent: %d accepted, %d received, %d rejected, %d without an answer.\n", many(s.Sent.Claims, "claim"), s.Sent.Accepted, s.Sent.Received, s.Sent.Rejected, s.Sent.Unanswered)
	}
	if !said {
		fmt.Fprintln(t.w, t.Style.Yellow("No answer was read."))
	}
}
