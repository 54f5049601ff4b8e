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
	"github.com/gaitkeeper/gaitkeeper/edi/x835"
	"github.com/gaitkeeper/gaitkeeper/edi/x837"
)

type showOptions struct {
	claim, format, color string
	showPHI              bool
}

func newShow(env *environment) *cli.Command {
	o := &showOptions{}
	return &cli.Command{
		Name: "show", Usage: "show the segments of a file: where they stand and what they are",
		ArgsUsage: "[FILE...|-]",
		Description: "Examples:\n" +
			"   gaitkeeper show claims.837                       every segment, a line each\n" +
			"   gaitkeeper show claims.837 --claim 26-1042       one claim and what it hangs from\n" +
			"   gaitkeeper show --format json batch.837.gz | jq 'select(.tag == \"SV1\")'\n\n" +
			"A segment is shown with its byte offset, its number in the file and in its set (as a\n" +
			"999 counts), its loop and what it is there. Any X12 can be shown; loops are those of\n" +
			"the 837P. Names, ids, addresses, birth dates, telephone numbers and free text are\n" +
			"masked. In JSON an element is a list of its components; what it repeats is in\n" +
			"\"repeated\".",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "claim", Usage: "only `CLAIM` (CLM01) and what it hangs from; exit 1 where there is none", Destination: &o.claim, Category: narrowing},
			&cli.StringFlag{Name: "format", Value: "text", Usage: "`FORMAT`: " + strings.Join(render.SegmentFormats, ", ") + " (json is one object a line)", Destination: &o.format, Category: reporting},
			&cli.BoolFlag{Name: "show-phi", Usage: "do not mask names, ids, addresses and birth dates", Destination: &o.showPHI, Category: reporting},
			&cli.StringFlag{Name: "color", Value: "auto", Usage: "`WHEN` to use color: auto, always, never", Destination: &o.color, Category: reporting},
		},
		Action: func(c *cli.Context) error { return runShow(c.Context, env, o, c.IsSet("claim"), c.Args().Slice()) },
	}
}

const narrowing = "SELECTION"

// shower is one run of the command.
type shower struct {
	*environment
	*showOptions
	ctx    context.Context
	out    render.Segments
	faults int // of the file that is read
	found  bool
	worst  int
}

func runShow(ctx context.Context, env *environment, o *showOptions, one bool, paths []string) error {
	if err := errors.Join(oneOf("format", o.format, render.SegmentFormats), oneOf("color", o.color, colors)); err != nil {
		return err
	}
	if one && o.claim == "" {
		return usage("--claim needs an id").withHint("it is what stands in CLM01")
	}
	s := &shower{environment: env, showOptions: o, ctx: ctx}
	list, closeInputs, err := openInputs(ctx, env, paths, s.failed)
	defer closeInputs()
	if err != nil {
		return err
	}
	s.out = render.NewSegments(o.format, env.stdout, term.StyleFor(o.color, env.stdout), o.showPHI)
	for _, in := range list {
		if err := s.show(in); err != nil {
			return errors.Join(s.out.Close(), err)
		}
	}
	if err := s.out.Close(); err != nil {
		return err
	}
	if one && !s.found {
		fmt.Fprintf(env.stderr, "gaitkeeper show: no claim %s\n", o.claim)
		s.worst = max(s.worst, exitFindings)
	}
	if s.worst != exitClean {
		return silent(s.worst)
	}
	return nil
}

func (s *shower) failed(err error) {
	fmt.Fprintf(s.stderr, "gaitkeeper show: %s\n", err)
	s.worst = max(s.worst, exitFailure)
}

// show writes one file. A file that cannot be read to its end does not stop the
// others; output that cannot be written does.
func (s *shower) show(in input) error {
	src, err := in.Open()
	if err != nil {
		s.failed(err)
		return nil
	}
	defer src.Close()
	s.faults = 0
	onFault := func(e *edi.SyntaxError) {
		s.worst = max(s.worst, exitInput)
		if s.faults++; s.faults <= manyFaults {
			fmt.Fprintf(s.stderr, "%s: %s\n", in.Name, e)
		}
	}
	read := s.segments
	switch {
	case s.claim != "" && holdsRemits(in):
		read = s.answers
	case s.claim != "":
		read = s.claims
	}
	source := &errorReader{src: src}
	err = read(in.Name, source, onFault)
	if s.faults > manyFaults {
		fmt.Fprintf(s.stderr, "%s: %d more faults\n", in.Name, s.faults-manyFaults)
	}
	if source.err != nil {
		s.failed(named(in.Name, source.err))
		return nil
	}
	return err
}

// errorReader tells an input that cannot be read from an output that cannot be
// written.
type errorReader struct {
	src io.Reader
	err error
}

func (r *errorReader) Read(b []byte) (int, error) {
	n, err := r.src.Read(b)
	if err != nil && !errors.Is(err, io.EOF) {
		r.err = err
	}
	return n, err
}

// segments writes every segment.
func (s *shower) segments(name string, src io.Reader, onFault func(*edi.SyntaxError)) error {
	s.out.File(name)
	scan := edi.NewScanner(src)
	scan.OnError = onFault
	var walk guided
	for scan.Next() {
		if s.ctx.Err() != nil {
			return s.ctx.Err()
		}
		segment := scan.Segment()
		if err := s.out.Segment(segment, walk.step(segment)); err != nil {
			return err
		}
	}
	return scan.Err()
}

// guided places the segments of professional claims and of remittances.
type guided struct {
	walk    x837.Walker
	remits  x835.Walker
	version string // GS08
	foreign bool   // in a set that is no 837P
	remit   bool   // in an 835
}

var (
	tagGS = edi.TagOf("GS")
	tagST = edi.TagOf("ST")

	envelopes = map[edi.Tag]bool{
		edi.TagOf("ISA"): true, tagGS: true, tagST: true,
		edi.TagOf("SE"): true, edi.TagOf("GE"): true, edi.TagOf("IEA"): true, edi.TagOf("TA1"): true,
	}
	// otherClaims are in the versions of institutional and dental claims.
	otherClaims = []string{"X223", "X224", "X096", "X097"}
)

func (g *guided) step(s *edi.Segment) render.Place {
	if g.foreign && g.remit && s.Tag() != tagGS && s.Tag() != tagST {
		loop, _ := g.remits.Step(s)
		return render.RemitPlace(s, loop)
	}
	if g.foreign && !envelopes[s.Tag()] {
		return render.Place{}
	}
	switch s.Tag() {
	case tagGS:
		g.version = string(s.Bytes(8))
	case tagST:
		g.foreign, g.remit = !s.Is(1, "837"), s.Is(1, "835")
		g.remits.Step(s)
		version := string(s.Bytes(3))
		if version == "" {
			version = g.version
		}
		for _, other := range otherClaims {
			g.foreign = g.foreign || strings.Contains(version, other)
		}
	}
	loop, _ := g.walk.Step(s)
	return render.ClaimPlace(s, loop)
}

// claims writes the claims that were asked for, each with the envelopes and levels
// that it hangs from.
func (s *shower) claims(name string, src io.Reader, onFault func(*edi.SyntaxError)) error {
	r := x837.NewReader(src)
	r.OnError = onFault
	var c x837.Claim
	s.out.File(name)
	for {
		if s.ctx.Err() != nil {
			return s.ctx.Err()
		}
		if err := r.Next(&c); err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
		if string(c.ID()) != s.claim {
			continue
		}
		s.found = true
		for _, level := range hangsFrom(&c) {
			for i := range level.Len() {
				segment := level.Segment(i)
				if err := s.out.Segment(&segment, render.ClaimPlace(&segment, level.Loop(i))); err != nil {
					return err
				}
			}
		}
	}
}

// hangsFrom is the interchange, group, set, billing provider, subscriber and
// patient of a claim, and the claim.
func hangsFrom(c *x837.Claim) (levels []*x837.Level) {
	for e := c.Set; e != nil; e = e.Parent {
		levels = append([]*x837.Level{&e.Level}, levels...)
	}
	return append(levels, c.Billing, &c.Subscriber, &c.Patient, &c.Level)
}

// holdsRemits reports whether the first set of an input is an 835.
func holdsRemits(in input) bool {
	src, err := in.Open()
	if err != nil {
		return false
	}
	defer src.Close()
	scan := edi.NewScanner(src)
	scan.OnError = func(*edi.SyntaxError) {} // told of when the input is read
	for scan.Next() {
		if segment := scan.Segment(); segment.Tag() == tagST {
			return segment.Is(1, "835")
		}
	}
	return false
}

// answers writes what payers answered to the claim that was asked for, each answer
// with the header of its payment.
func (s *shower) answers(name string, src io.Reader, onFault func(*edi.SyntaxError)) error {
	r := x835.NewReader(src)
	r.OnError = onFault
	var c x835.Claim
	s.out.File(name)
	for {
		if s.ctx.Err() != nil {
			return s.ctx.Err()
		}
		item, err := r.Next(&c)
		if errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if item != x835.ClaimRead || string(c.ID()) != s.claim {
			continue
		}
		s.found = true
		for _, level := range []*x835.Level{&c.Payment.Level, &c.Payer.Level, &c.Payee.Level, &c.Level} {
			for i := range level.Len() {
				segment := level.Segment(i)
				if err := s.out.Segment(&segment, render.RemitPlace(&segment, level.Loop(i))); err != nil {
					return err
				}
			}
		}
	}
}
