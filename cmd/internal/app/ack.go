package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/edi/ack"
	"github.com/gaitkeeper/gaitkeeper/edi/guide"
)

type ackOptions struct {
	functional, ta1, detail, snip, control, at string
	number                                     int
	badData, quiet                             bool
}

const (
	answering = "ANSWERS"
	numbering = "NUMBERS AND TIME"
)

// ackDetails are the values of --detail.
var ackDetails = map[string]ack.Detail{"set": ack.DetailSet, "segment": ack.DetailSegment, "element": ack.DetailElement}

func newAck(env *environment) *cli.Command {
	o := &ackOptions{}
	return &cli.Command{
		Name: "ack", Usage: "answer a file with a 999 and a TA1; ack read explains answers that came",
		ArgsUsage: "[FILE|-]",
		Description: "Examples:\n" +
			"   gaitkeeper ack claims.837                            the 999, to standard output\n" +
			"   gaitkeeper ack claims.837 --999 a.999 --ta1 a.ta1    both, into files\n" +
			"   gaitkeeper ack claims.837 --detail set               accepted or not, without details\n" +
			"   gaitkeeper ack read answers/*.999 --claims claims.837\n\n" +
			"A set with an error is rejected (R), one with warnings only accepted with errors (E),\n" +
			"others accepted (A). A set is judged by types 1, 2 and 4 unless --snip says otherwise:\n" +
			"what is about codes and business is for a 277CA. An interchange that its TA1 rejects\n" +
			"has no 999; without --999 and --ta1 its TA1 is written in the place of it. Answers have\n" +
			"the separators and line ends of the file.",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "999", Usage: "write the 999 to `FILE`; - is standard output", Destination: &o.functional, Category: answering},
			&cli.StringFlag{Name: "ta1", Usage: "write the TA1 of each interchange to `FILE`; - is standard output", Destination: &o.ta1, Category: answering},
			&cli.StringFlag{Name: "detail", Value: "element", Usage: "how much is told, to the `LEVEL`: set, segment, element", Destination: &o.detail, Category: answering},
			&cli.BoolFlag{Name: "bad-data", Usage: "copy bad data into IK404: it may be patient data", Destination: &o.badData, Category: answering},
			&cli.StringFlag{Name: "snip", Value: "1,2,4", Usage: "judge by these SNIP `TYPES`, such as 1-2 or 1,2,4", Destination: &o.snip, Category: answering},

			&cli.StringFlag{Name: "control", Usage: "keep the last control number in `FILE`", DefaultText: "control.json in the user's state folder", Destination: &o.control, Category: numbering},
			&cli.IntFlag{Name: "control-number", Usage: "number answers from `N` on, without a store", DefaultText: "the next of the store", Destination: &o.number, Category: numbering},
			&cli.StringFlag{Name: "at", Usage: "date answers at `TIME`, 2026-11-26T08:30", DefaultText: "now", Destination: &o.at, Category: numbering},

			&cli.BoolFlag{Name: "quiet", Aliases: []string{"q"}, Usage: "no notes", Destination: &o.quiet, Category: reporting},
		},
		Subcommands: []*cli.Command{newAckRead(env)},
		Action: func(c *cli.Context) error {
			return runAck(c.Context, env, o, c.IsSet("control-number"), c.Args().Slice())
		},
	}
}

// answerer is one run of the command.
type answerer struct {
	*environment
	*ackOptions
	in      input
	options ack.Options
	types   guide.Types
	held    *heldOutput // the 999
	notes   []string
	faults  int
	refused []edi.Pos // of ISAs whose separators cannot be used
}

func runAck(ctx context.Context, env *environment, o *ackOptions, numbered bool, paths []string) error {
	a := &answerer{environment: env, ackOptions: o}
	if err := a.check(numbered, paths); err != nil {
		return err
	}
	var broken error
	list, closeInputs, err := openInputs(ctx, env, paths, func(err error) { broken = err })
	defer closeInputs()
	if err = errors.Join(err, broken); err != nil {
		return err
	}
	a.in = list[0]
	if err := a.checkOutputs(); err != nil {
		return err
	}
	return a.answer(ctx)
}

// check says everything that can be wrong with flags before a file is read.
func (a *answerer) check(numbered bool, paths []string) (err error) {
	detail, known := ackDetails[a.detail]
	switch {
	case len(paths) > 1:
		return usage("one file is answered at a time").withHint("gaitkeeper ack read explains answers that came")
	case !known:
		return usage("--detail %q is none of set, segment, element", a.detail)
	case a.functional == "-" && a.ta1 == "-":
		return usage("standard output takes one answer: --999 and --ta1 are both -")
	case a.functional != "" && a.functional != "-" && a.ta1 != "" && a.ta1 != "-" && same(a.functional, a.ta1):
		return usage("%s is to be written twice", a.ta1)
	case numbered && (a.number < 1 || a.number > ack.MaxNumber):
		return usage("--control-number must be from 1 to %d", ack.MaxNumber)
	case numbered && a.control != "":
		return usage("--control-number needs no store: leave --control out")
	}
	if a.types, err = snipTypes(a.snip); err != nil {
		return err
	}
	a.options = ack.Options{Detail: detail, BadData: a.badData}
	at := time.Now()
	if a.at != "" {
		if at, err = time.Parse("2006-01-02T15:04", a.at); err != nil {
			return usage("--at %q is no time such as 2026-11-26T08:30", a.at)
		}
	}
	if a.options.Date, err = edi.ParseDate([]byte(at.Format("20060102"))); err != nil {
		return usage("--at %q: %s", a.at, err)
	}
	a.options.Clock = at.Format("1504")
	if numbered {
		a.options.Number = countedFrom(a.number)
		return nil
	}
	store, err := openControl(a.control)
	if err != nil {
		return err
	}
	a.options.Number = store.Next
	return nil
}

// checkOutputs refuses to write over what is read, and to begin what cannot be
// written.
func (a *answerer) checkOutputs() error {
	var files []string
	for _, path := range []string{a.functional, a.ta1} {
		if path == "" || path == "-" {
			continue
		}
		if a.in.path != "" && same(a.in.path, path) {
			return usage("%s is input and output", path)
		}
		if a.control != "" && same(a.control, path) {
			return usage("%s holds control numbers", path)
		}
		files = append(files, path)
	}
	return checkWritable(files)
}

// answer validates the file and writes what answers it. Answers appear whole, or not
// at all.
func (a *answerer) answer(ctx context.Context) error {
	src, err := a.in.Open()
	if err != nil {
		return err
	}
	defer src.Close()
	a.held = new(heldOutput)
	defer a.held.remove()
	var ta1 bytes.Buffer // 154 bytes for each interchange
	a.options.Begin, a.options.Drop = a.held.mark, a.held.rewind
	plain := a.functional == "" && a.ta1 == ""
	a.options.RejectedOnly = plain
	var toFunctional, toTA1 io.Writer
	if plain || a.functional != "" {
		toFunctional = a.held
	}
	if plain || a.ta1 != "" {
		toTA1 = &ta1
	}
	r := ack.NewResponder(toFunctional, toTA1, a.options)
	r.OnInterchange = a.decided
	h := r.Handler()
	h.Fault = a.fault
	validator := guide.Validator{Types: a.types}
	if _, err := validator.Validate(ctx, src, a.in.Name, h); err != nil {
		return err
	}
	if err := a.refuse(r); err != nil {
		return err
	}
	if err := r.Err(); err != nil {
		return err
	}
	v := r.Verdicts()
	if v.Interchanges == 0 {
		return &fault{code: exitInput, err: fmt.Errorf("%s: no interchange that could be answered", a.in.Name)}
	}
	if v.Sets == 0 && v.RejectedInterchanges == 0 && v.Acknowledgements > 0 {
		err := &fault{code: exitInput, err: fmt.Errorf("%s holds acknowledgements, and those are not answered", a.in.Name)}
		return err.withHint("gaitkeeper ack read explains them")
	}
	if err := a.write(plain, &ta1); err != nil {
		return err
	}
	a.tell(&v)
	switch {
	case v.RejectedInterchanges+v.RejectedGroups+v.RejectedSets > 0:
		return silent(exitFindings)
	case a.faults > 0:
		return silent(exitInput)
	}
	return nil
}

// refuse answers ISAs that were passed over, because their separators cannot be
// used.
func (a *answerer) refuse(r *ack.Responder) error {
	for _, pos := range a.refused {
		src, err := a.in.Open()
		if err != nil {
			return err
		}
		var isa [ack.IsaLength]byte
		if _, err = io.CopyN(io.Discard, src, pos.Offset); err == nil {
			_, err = io.ReadFull(src, isa[:])
		}
		src.Close()
		if err != nil {
			return named(a.in.Name, err)
		}
		r.Unusable(isa[:], pos)
	}
	return nil
}

// write brings the answers where they belong.
func (a *answerer) write(plain bool, ta1 *bytes.Buffer) error {
	if plain {
		if err := a.held.copyTo(a.stdout); err != nil {
			return err
		}
		_, err := ta1.WriteTo(a.stdout)
		return err
	}
	var files []*output
	defer func() {
		for _, f := range files {
			f.discard()
		}
	}()
	put := func(path string, size int64, copyTo func(io.Writer) error) error {
		switch {
		case path == "":
			return nil
		case path == "-":
			return copyTo(a.stdout)
		case size == 0: // an empty file is no answer, and an old one is none to this file
			return create(path).remove()
		}
		f := create(path)
		files = append(files, f)
		return copyTo(f)
	}
	if err := errors.Join(
		put(a.functional, a.held.size, a.held.copyTo),
		put(a.ta1, int64(ta1.Len()), func(w io.Writer) error { _, err := ta1.WriteTo(w); return err }),
	); err != nil {
		return err
	}
	return commitAll(files...)
}

// decided notes an interchange that is not simply accepted.
func (a *answerer) decided(in *guide.Interchange, answer *ack.Interchange) {
	if answer.Verdict == ack.Accepted {
		return
	}
	c, _ := ack.Explain(ack.ListTA105, answer.Code)
	a.notes = append(a.notes, fmt.Sprintf("interchange %s is %s: %s (%s)", shownNumber(in.Control), answer.Verdict, c.Meaning, answer.Code))
	if answer.Verdict == ack.Rejected && in.Groups > 0 && (a.functional != "" || a.ta1 == "") {
		a.notes = append(a.notes, fmt.Sprintf("interchange %s has no 999: its TA1 answers it", shownNumber(in.Control)))
	}
}

// shownNumber is a control number for a message: what is none is not repeated.
func shownNumber(s string) string {
	if s == "" || strings.Trim(s, "0123456789") != "" {
		return "?"
	}
	return s
}

// mostRefused is how many ISAs that cannot be used are answered: a file is read again
// for each.
const mostRefused = 10

func (a *answerer) fault(e *edi.SyntaxError) {
	if errors.Is(e.Err, edi.ErrDelimiters) && len(a.refused) < mostRefused {
		a.refused = append(a.refused, e.Pos)
	}
	if a.faults++; a.faults <= manyFaults {
		fmt.Fprintf(a.stderr, "%s: %s\n", a.in.Name, e)
	}
}

// tell says what was answered.
func (a *answerer) tell(v *ack.Verdicts) {
	if a.faults > manyFaults {
		fmt.Fprintf(a.stderr, "%s: %s\n", a.in.Name, many(a.faults-manyFaults, "more fault", "more faults"))
	}
	if a.quiet {
		return
	}
	for _, n := range a.notes {
		fmt.Fprintf(a.stderr, "%s: %s\n", a.in.Name, n)
	}
	accepted := v.Sets - v.RejectedSets
	fmt.Fprintf(a.stderr, "%s: %s of %s accepted", a.in.Name, strconv.Itoa(accepted), many(v.Sets, "set", "sets"))
	if v.SetsWithErrors > 0 {
		fmt.Fprintf(a.stderr, ", %d with errors", v.SetsWithErrors)
	}
	fmt.Fprintf(a.stderr, "; %s answered\n", many(v.Faults, "fault", "faults"))
	if v.Beyond > 0 {
		fmt.Fprintf(a.stderr, "%s: %s no place in a 999 or TA1: gaitkeeper validate lists them\n", a.in.Name, many(v.Beyond, "fault has", "faults have"))
	}
}
