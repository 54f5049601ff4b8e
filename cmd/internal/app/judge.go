package app

import (
	"context"
	"errors"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/gaitkeeper/gaitkeeper/cmd/internal/render"
	"github.com/gaitkeeper/gaitkeeper/scrub"
	"github.com/gaitkeeper/gaitkeeper/scrub/payer"
)

// judging are the flags that say what claims are held against, of every command that
// judges them.
type judging struct {
	profile, config    string
	minutes, ytd, plan string
	tables             tableOptions
}

func (j *judging) flags(category string) []cli.Flag {
	return append([]cli.Flag{
		&cli.StringFlag{Name: "profile", Usage: "payer `PROFILE` for every claim: one of the configuration, or " + strings.Join(payer.Names(), ", ") + " (default: by who pays)", Destination: &j.profile, Category: category},
		configFlag(category, &j.config),
		&cli.StringFlag{Name: "minutes", Usage: "treatment log, CSV `FILE`: claim,line,date,code,minutes,assistant_minutes", Destination: &j.minutes, Category: category},
		&cli.StringFlag{Name: "ytd", Usage: "amounts allowed this year, CSV `FILE`: patient,year,bucket,allowed", Destination: &j.ytd, Category: category},
		&cli.StringFlag{Name: "plan", Usage: "plans of care, CSV `FILE`: claim,certified_from,certified_to", Destination: &j.plan, Category: category},
	}, j.tables.flags()...)
}

// given reports whether a flag says something that only claims can be held against.
func (j *judging) given() bool {
	return j.profile != "" || j.minutes != "" || j.ytd != "" || j.plan != "" || len(j.tables.ptp)+len(j.tables.mue) > 0
}

// files are those that are read.
func (j *judging) files() []string {
	return slices.Concat([]string{j.minutes, j.ytd, j.plan}, j.tables.ptp, j.tables.mue)
}

// basis is what claims are held against.
type basis struct {
	catalogue []*scrub.Rule // with those of the configuration
	profile   *payer.Profile
	policy    *scrub.Policy
	config    string // name of the configuration; "" for none
	data      scrub.Data
	reference *referenceTables
}

// read reads everything: what is wrong with it is said before a claim is read.
func (j *judging) read(ctx context.Context, env *environment, command string, quiet bool) (*basis, error) {
	b := &basis{catalogue: env.catalogue}
	c, err := configured(env, command, j.config, quiet)
	if err != nil {
		return nil, err
	}
	var book *payer.Book
	if c != nil {
		b.policy, b.config, book = c.Policy, c.Name, c.Policy.Payers
		b.catalogue = append(slices.Clone(b.catalogue), c.Own...)
	}
	if j.profile != "" {
		if b.profile = book.Named(j.profile); b.profile == nil {
			return nil, usage("profile %q is none of %s", j.profile, strings.Join(book.Names(), ", "))
		}
	}
	if b.reference, err = j.tables.load(ctx, env); err != nil {
		return nil, err
	}
	b.data.Tables, b.data.Medicaid = b.reference.Tables, b.reference.Medicaid
	if !quiet {
		b.reference.tell(env.stderr, "gaitkeeper "+command)
	}
	return b, errors.Join(
		readSidecar(j.minutes, func(r io.Reader) (err error) { b.data.Log, err = scrub.ReadLog(r); return err }),
		readSidecar(j.ytd, func(r io.Reader) (err error) { b.data.YTD, err = scrub.ReadYTD(r); return err }),
		readSidecar(j.plan, func(r io.Reader) (err error) { b.data.Plan, err = scrub.ReadPlan(r); return err }),
	)
}

// readSidecar reads a file beside the claims; none where it is not named.
func readSidecar(path string, parse func(io.Reader) error) error {
	if path == "" {
		return nil
	}
	f, err := os.Open(path)
	if err != nil {
		return plainPathError(err)
	}
	defer f.Close()
	if err := parse(f); err != nil {
		return usage("%s: %s", path, err)
	}
	return nil
}

// runner judges claims with some rules.
func (b *basis) runner(chosen []*scrub.Rule, jobs int) *scrub.Runner {
	return &scrub.Runner{Rules: chosen, Profile: b.profile, Policy: b.policy, Data: b.data, Jobs: jobs, Least: scrub.Safe}
}

// notChecked are the rules of a run that were off for lack of an input.
func notChecked(r *scrub.Runner) []render.NotChecked {
	list := []render.NotChecked{}
	for _, e := range scrub.EachNeed {
		if ids := r.NotChecked(e.Need); ids != nil {
			list = append(list, render.NotChecked{Needs: e.Given, Rules: ids})
		}
	}
	return list
}

// predicting are the rules that predict a denial.
func predicting(catalogue []*scrub.Rule) (list []*scrub.Rule) {
	for _, r := range catalogue {
		if len(r.Denials) > 0 {
			list = append(list, r)
		}
	}
	return list
}
