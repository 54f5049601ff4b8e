package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/gaitkeeper/gaitkeeper/cmd/internal/render"
	"github.com/gaitkeeper/gaitkeeper/cmd/internal/term"
	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/edi/ack"
)

type ackReadOptions struct {
	claims        fileList
	format, color string
	showPHI       bool
	quiet         bool
}

func newAckRead(env *environment) *cli.Command {
	o := &ackReadOptions{}
	return &cli.Command{
		Name: "read", Usage: "explain a TA1, 999 or 277CA that came back: what was rejected, why, what to do",
		ArgsUsage: "[FILE...|-]",
		Description: "Examples:\n" +
			"   gaitkeeper ack read answer.999\n" +
			"   gaitkeeper ack read answers/* --claims sent.837       and which claims and lines are meant\n" +
			"   gaitkeeper ack read answer.277 --format csv > answers.csv\n\n" +
			"With --claims, a fault of a 999 is joined to the claim and line that its segment stands\n" +
			"in, by the numbers of group, set and segment, and a 277CA by CLM01 and REF*6R; claims\n" +
			"without an answer are listed. A claim that is rejected here was never adjudicated: it\n" +
			"is corrected and sent again as a new claim, not as a replacement.",
		Flags: []cli.Flag{
			&cli.GenericFlag{Name: "claims", Usage: "837P `FILE` that was sent; may be given several times", Value: &o.claims, Category: answered},
			&cli.StringFlag{Name: "format", Value: "text", Usage: "`FORMAT`: " + strings.Join(render.AckFormats, ", "), Destination: &o.format, Category: reporting},
			&cli.BoolFlag{Name: "show-phi", Usage: "show patients, copies of bad data and free text", Destination: &o.showPHI, Category: reporting},
			&cli.StringFlag{Name: "color", Value: "auto", Usage: "`WHEN` to use color: auto, always, never", Destination: &o.color, Category: reporting},
			&cli.BoolFlag{Name: "quiet", Aliases: []string{"q"}, Usage: "no notes", Destination: &o.quiet, Category: reporting},
		},
		Action: func(c *cli.Context) error { return runAckRead(c.Context, env, o, c.Args().Slice()) },
	}
}

// ackReader is one run of the command.
type ackReader struct {
	*environment
	*ackReadOptions
	sink   render.AckSink
	sent   *sentClaims // nil without --claims
	sum    render.AckSummary
	file   string
	found  bool // something is rejected
	worst  int
	faults int // of the file that is read
	vague  int // faults whose claim is not known

	groupSets []*sentSet // of the group at hand
	accepted  int        // its sets that were accepted
}

func runAckRead(ctx context.Context, env *environment, o *ackReadOptions, paths []string) error {
	if err := errors.Join(oneOf("format", o.format, render.AckFormats), oneOf("color", o.color, colors)); err != nil {
		return err
	}
	a := &ackReader{environment: env, ackReadOptions: o, sum: render.AckSummary{Type: "summary", Schema: "gaitkeeper/1"}}
	list, closeInputs, err := openInputs(ctx, env, paths, a.failed)
	defer closeInputs()
	if err != nil {
		return err
	}
	if err := a.readClaims(ctx); err != nil {
		return err
	}
	a.sink = render.NewAck(o.format, env.stdout, render.Options{Style: term.StyleFor(o.color, env.stdout), ShowPHI: o.showPHI, Quiet: o.quiet})
	for _, in := range list {
		if err := a.read(ctx, in); err != nil {
			return err
		}
	}
	return a.close()
}

// readClaims reads the claims that were sent.
func (a *ackReader) readClaims(ctx context.Context) error {
	if len(a.claims) == 0 {
		return nil
	}
	list, closeInputs, err := openInputs(ctx, a.environment, a.claims, a.failed)
	defer closeInputs()
	if err != nil {
		return err
	}
	a.sent = &sentClaims{}
	a.sum.Sent = &render.AckSent{}
	for _, in := range list {
		err := a.open(in, func(src io.Reader) error { return a.sent.read(in.Name, src, a.fault) })
		if err != nil {
			return err
		}
		a.sum.Sent.Files++
	}
	a.sum.Sent.Claims = len(a.sent.list)
	return nil
}

// open reads one file. One that cannot be read to its end does not stop the others.
func (a *ackReader) open(in input, read func(io.Reader) error) error {
	src, err := in.Open()
	if err != nil {
		a.failed(err)
		return nil
	}
	defer src.Close()
	a.file, a.faults = in.Name, 0
	source := &errorReader{src: src}
	err = read(source)
	if a.faults > manyFaults {
		fmt.Fprintf(a.stderr, "%s: %s\n", in.Name, many(a.faults-manyFaults, "more fault", "more faults"))
	}
	if source.err != nil {
		a.failed(named(in.Name, source.err))
		return nil
	}
	return err
}

func (a *ackReader) failed(err error) {
	fmt.Fprintf(a.stderr, "gaitkeeper ack read: %s\n", err)
	a.worst = max(a.worst, exitFailure)
	a.sum.Unreadable++
}

// fault reports a fault of a file. A wrong count or order loses no answer, and does
// not make the file unreadable.
func (a *ackReader) fault(e *edi.SyntaxError) {
	a.sum.SyntaxErrors++
	if e.Truncated() || errors.Is(e.Err, edi.ErrWrongSet) {
		a.worst = max(a.worst, exitInput)
	}
	if a.faults++; a.faults <= manyFaults {
		fmt.Fprintf(a.stderr, "%s: %s\n", a.file, e)
	}
}

// read tells the answers of a file.
func (a *ackReader) read(ctx context.Context, in input) error {
	var r *ack.Reader
	answers := 0
	err := a.open(in, func(src io.Reader) error {
		r = ack.NewReader(src)
		r.OnError = a.fault
		for {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			answer, err := r.Next()
			if errors.Is(err, io.EOF) {
				return nil
			} else if err != nil {
				return err
			}
			answers++
			if err := a.tell(answer); err != nil {
				return err
			}
		}
	})
	if r != nil {
		a.sum.Files++
		a.sum.Bytes += r.Counts().Bytes
	}
	if err == nil && answers == 0 && a.worst < exitInput {
		fmt.Fprintf(a.stderr, "%s: no TA1, 999 or 277CA in it\n", in.Name)
		a.worst = exitInput
	}
	return err
}

func (a *ackReader) tell(answer any) error {
	switch x := answer.(type) {
	case *ack.Interchange:
		return a.interchange(x)
	case *ack.Set:
		return a.set(x)
	case *ack.Group:
		return a.group(x)
	case *ack.Batch:
		return a.batch(x)
	case *ack.Claim:
		return a.claim(x)
	}
	return nil
}

func (a *ackReader) interchange(x *ack.Interchange) error {
	code, _ := ack.Explain(ack.ListTA105, x.Code)
	out := &render.AckInterchange{
		Type: "interchange", File: a.file, Control: x.Control, Date: x.Date, Time: x.Time, Status: x.Verdict.String(),
		Code: render.AckCode{Code: x.Code, Meaning: code.Meaning}, Action: x.Advice(),
	}
	a.sum.Interchanges++
	if x.Verdict.Rejects() {
		a.sum.RejectedInterchanges++
		a.found = true
	}
	if a.sent != nil {
		file, claims := a.sent.interchangeFile(x.Control)
		if file != "" {
			out.SentFile, out.Claims = &file, &claims
		}
		for i := range a.sent.sets {
			if s := &a.sent.sets[i]; file != "" && s.interchange == x.Control && x.Verdict.Rejects() {
				a.outcome(s, ack.ClaimRejected)
			}
		}
	}
	return a.sink.Answer(out)
}

// outcome notes what became of the claims of a set.
func (a *ackReader) outcome(s *sentSet, o ack.Outcome) {
	for i := s.first; i < s.end; i++ {
		a.sent.list[i].outcome = max(a.sent.list[i].outcome, o)
	}
}

func codesOf(list ack.List, codes []string) []render.AckCode {
	out := make([]render.AckCode, 0, len(codes))
	for _, code := range codes {
		c, _ := ack.Explain(list, code)
		out = append(out, render.AckCode{Code: code, Meaning: c.Meaning})
	}
	return out
}

// advice is what to do about codes; what the answer tells of in detail is left out.
func advice(list ack.List, codes []string, detailed ...string) string {
	var out []string
	for _, code := range codes {
		c, known := ack.Explain(list, code)
		told := false
		for _, d := range detailed {
			told = told || d == code
		}
		if known && !told {
			out = append(out, c.Do)
		}
	}
	return strings.Join(out, "; ")
}

func (a *ackReader) set(x *ack.Set) error {
	out := &render.AckSet{
		Type: "set", File: a.file, Group: x.Group.Control, Set: x.Control, Kind: x.Code, Version: x.Version, Status: x.Verdict.String(),
		Codes: codesOf(ack.ListIK502, x.Codes), Faults: 0, LeftOut: x.More,
	}
	a.sum.Sets++
	switch {
	case x.Verdict.Rejects():
		a.sum.RejectedSets++
		a.found = true
		out.Action = "correct what is named, and send the whole set again: none of its claims was taken"
		if more := advice(ack.ListIK502, x.Codes, "5", "I5"); more != "" {
			out.Action = more + "; " + "none of the claims of the set was taken"
		}
	case x.Verdict == ack.WithErrors:
		a.sum.SetsWithErrors++
		a.accepted++
		out.Action = "the claims were taken; correct what is named before the next file"
	case x.Verdict == ack.Accepted:
		a.accepted++
	default:
		a.sum.UndecidedSets++
		out.Action = "ask the receiver: the answer is not whole"
	}
	for i := range x.Faults {
		out.Faults += max(len(x.Faults[i].Elements), 1)
	}
	a.sum.Faults += out.Faults + x.More
	var sent *sentSet
	if a.sent != nil {
		sent, out.Note = a.sent.set(x)
	}
	if sent != nil {
		claims := sent.end - sent.first
		out.SentFile, out.Claims = &sent.file, &claims
		a.groupSets = append(a.groupSets, sent)
	}
	if err := a.sink.Answer(out); err != nil {
		return err
	}
	return a.parts(x, sent)
}

// parts tells the faults of a set, and the claims that fell with it.
func (a *ackReader) parts(x *ack.Set, sent *sentSet) error {
	faulty := map[int]int{}
	for i := range x.Faults {
		n, err := a.faultOf(x, sent, &x.Faults[i])
		if err != nil {
			return err
		}
		if n >= 0 {
			faulty[n]++
		}
	}
	if sent == nil {
		return nil
	}
	if !x.Verdict.Rejects() {
		if x.Verdict == ack.Accepted || x.Verdict == ack.WithErrors {
			a.outcome(sent, ack.ClaimReceived)
		}
		return nil
	}
	a.outcome(sent, ack.ClaimRejected)
	match := "set"
	for n := sent.first; n < sent.end; n++ {
		out := &render.AckClaim{
			Type: "claim", File: a.file, By: "999", Claim: a.sent.list[n].id, Status: ack.ClaimRejected.String(), Statuses: []render.AckStatus{},
			Faults: faulty[n], Action: "send it again with the set", SentFile: &sent.file, Match: &match, Lines: []render.AckLine{},
		}
		if out.Faults > 0 {
			out.Action = "correct it, and send it again with the set"
		}
		if err := a.sink.Answer(out); err != nil {
			return err
		}
	}
	return nil
}

// faultOf tells a fault: each element of it, or the segment. It returns the number of
// the claim, -1 where it is not known.
func (a *ackReader) faultOf(x *ack.Set, sent *sentSet, f *ack.Fault) (claim int, err error) {
	base := render.AckFault{
		Type: "fault", File: a.file, Group: x.Group.Control, Set: x.Control, Claim: render.Optional(f.Claim()),
		Segment: f.Segment, What: render.SegmentText(f.Segment), SetSegment: f.Ordinal, Loop: f.Loop,
	}
	if claim = -1; sent != nil {
		var key string
		if claim, key = a.sent.at(sent, f); claim >= 0 {
			base.Claim, base.Match = &a.sent.list[claim].id, &key
			if l := a.sent.lineAt(claim, f.Ordinal); l != nil && !strings.HasPrefix(f.Loop, "23") {
				base.Line, base.LineNumber, base.Code = render.Optional(l.control), render.Optional(l.number), render.Optional(l.code)
			}
		}
	} else if f.Claim() == "" {
		a.vague++
	}
	one := func(list ack.List, code string, triggers []ack.Trigger) error {
		c, _ := ack.Explain(list, code)
		out := base
		out.Error, out.Action = render.AckCode{Code: code, Meaning: c.Meaning}, c.Do
		out.Triggers = make([]render.AckTrigger, 0, len(triggers))
		for _, t := range triggers {
			out.Triggers = append(out.Triggers, render.AckTrigger{Segment: t.Segment, SetSegment: t.Ordinal, Loop: t.Loop, Element: t.Element, Component: t.Component})
		}
		return a.sink.Answer(&out)
	}
	if len(f.Elements) == 0 {
		return claim, one(ack.ListIK304, f.Code, f.Triggers)
	}
	for i := range f.Elements {
		e := &f.Elements[i]
		base.Element, base.Component, base.Repetition, base.Reference = e.Element, e.Component, e.Repetition, e.Ref
		base.Bad = a.masked(e.Bad)
		if err := one(ack.ListIK403, e.Code, e.Triggers); err != nil {
			return claim, err
		}
	}
	return claim, nil
}

// masked is text that may hold patient data; nil for none.
func (a *ackReader) masked(s string) *string {
	if s != "" && !a.showPHI {
		s = "***"
	}
	return render.Optional(s)
}

// countOrNone is nil for a number that is not there.
func countOrNone(n int) *int {
	if n < 0 {
		return nil
	}
	return &n
}

func (a *ackReader) group(x *ack.Group) error {
	a.sum.Groups++
	if x.Verdict.Rejects() {
		a.found = true
		a.sum.RejectedSets += a.accepted // with their group
		for _, s := range a.groupSets {
			a.outcome(s, ack.ClaimRejected)
		}
	}
	a.accepted, a.groupSets = 0, nil
	return a.sink.Answer(&render.AckGroup{
		Type: "group", File: a.file, Group: x.Control, Function: x.Function, Version: x.Version, Status: x.Verdict.String(),
		Claimed: countOrNone(x.Claimed), Received: countOrNone(x.Received), Accepted: countOrNone(x.Accepted),
		Codes: codesOf(ack.ListAK905, x.Codes), Action: advice(ack.ListAK905, x.Codes),
	})
}

// close tells the claims without an answer and the numbers.
func (a *ackReader) close() error {
	if a.sent != nil {
		for i := range a.sent.list {
			c := &a.sent.list[i]
			switch c.outcome {
			case ack.ClaimAccepted:
				a.sum.Sent.Accepted++
			case ack.ClaimReceived:
				a.sum.Sent.Received++
			case ack.ClaimRejected:
				a.sum.Sent.Rejected++
			default:
				a.sum.Sent.Unanswered++
				err := a.sink.Answer(&render.AckClaim{
					Type: "claim", Claim: c.id, Status: "unanswered", Statuses: []render.AckStatus{}, SentFile: &a.sent.setOf(i).file, Lines: []render.AckLine{},
					Action: "ask the receiver where it is, if no answer comes within days",
				})
				if err != nil {
					return err
				}
			}
		}
	}
	if err := a.sink.Close(&a.sum); err != nil {
		return err
	}
	if a.vague > 0 && !a.quiet {
		fmt.Fprintf(a.stderr, "hint: --claims FILE tells which claims and lines are meant\n")
	}
	code := a.worst
	if code == exitClean && a.found {
		code = exitFindings
	}
	if code != exitClean {
		return silent(code)
	}
	return nil
}
