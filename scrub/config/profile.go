package config

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/scrub"
	"github.com/gaitkeeper/gaitkeeper/scrub/ncci"
	"github.com/gaitkeeper/gaitkeeper/scrub/payer"
	"github.com/gaitkeeper/gaitkeeper/scrub/therapy"
)

// like is the built-in profile that one begins with where it does not say.
const like = "commercial"

// profile reads one [payer.NAME].
func (r *reader) profile(name string, t *profileTable) payer.Entry {
	path := "payer." + name
	base := r.base(path, name, t)
	p := *base
	p.Name = name
	e := payer.Entry{Profile: &p, Match: payer.Match{IDs: list(t.IDs), Names: list(t.Names), Filings: list(t.Filing)}}
	if len(e.IDs)+len(e.Names)+len(e.Filings) == 0 {
		r.fail(path, "nothing chooses profile %s: give ids, names or filing", name)
	}
	for _, f := range e.Filings {
		if len(f) == 0 || len(f) > 2 {
			r.fail(path+".filing", "%q is no claim filing indicator (SBR09) of one or two characters", f)
		}
	}
	for _, patterns := range [][]string{e.IDs, e.Names} {
		for _, s := range patterns {
			if strings.Trim(s, "* ") == "" {
				r.fail(path, "the pattern %q fits every payer: use filing instead", s)
			}
		}
	}
	pick(r, path+".counting", t.Count, &p.Counting, map[string]payer.Counting{"cms": payer.CMS, "midpoint": payer.Midpoint, "either": payer.Either})
	pick(r, path+".replacement", t.Replace, &p.NoReplacement, map[string]bool{"accepted": false, "refused": true})
	set(t.Disc, &p.Disciplines)
	set(t.Assist, &p.Assistants)
	set(t.Part, &p.Medicare)
	set(t.NCCI, &p.NCCI)
	set(t.MUE, &p.MUE)
	r.term(path+".filing_limit", t.Limit, &p.Filing)
	r.term(path+".filing_limit_corrected", t.Again, &p.FilingCorrected)
	p.TelehealthFrom, p.TelehealthUntil = day(t.TeleFrom, p.TelehealthFrom), day(t.TeleUntil, p.TelehealthUntil)
	if p.TelehealthFrom != 0 && p.TelehealthUntil != 0 && p.TelehealthUntil < p.TelehealthFrom {
		r.fail(path+".telehealth_until", "ends before it begins")
	}
	if t.Authorization != nil {
		p.Authorization = r.codes(path+".authorization", *t.Authorization)
	}
	p.Own = r.own(path, t)
	for i := range t.Cap {
		p.Caps = append(p.Caps, r.limit(fmt.Sprintf("%s.cap[%d]", path, i), &t.Cap[i]))
	}
	for i := range t.Covered {
		p.Coverage = append(p.Coverage, r.covered(fmt.Sprintf("%s.covered[%d]", path, i), &t.Covered[i]))
	}
	if t.CoverageFile != nil {
		p.Coverage = append(p.Coverage, r.coverageFile(path+".coverage", *t.CoverageFile)...)
	}
	return e
}

// base is the built-in profile that another one begins with: the one that it names,
// else one of its own name.
func (r *reader) base(path, name string, t *profileTable) *payer.Profile {
	if t.Like != nil {
		if p := payer.Named(*t.Like); p != nil {
			return p
		}
		r.fail(path+".like", "no built-in profile %q: %s", *t.Like, strings.Join(payer.Names(), ", "))
	} else if p := payer.Named(name); p != nil {
		return p
	}
	return payer.Named(like)
}

func list(p *[]string) []string {
	if p == nil {
		return nil
	}
	return slices.Clone(*p)
}

func set(from, to *bool) {
	if from != nil {
		*to = *from
	}
}

// pick reads one of some words.
func pick[T any](r *reader, path string, given *string, to *T, words map[string]T) {
	if given == nil {
		return
	}
	from := *given
	v, ok := words[from]
	if !ok {
		var names []string
		for w := range words {
			names = append(names, w)
		}
		slices.Sort(names)
		text := fmt.Sprintf("%q is none of %s", from, strings.Join(names, ", "))
		if near := scrub.Nearest(from, names); near != "" {
			text += "; did you mean " + near + "?"
		}
		r.fail(path, "%s", text)
		return
	}
	*to = v
}

func (r *reader) term(path string, from *string, to *payer.Term) {
	if from == nil {
		return
	}
	t, err := payer.ParseTerm(*from)
	if err != nil {
		r.fail(path, "%s", err)
	}
	*to = t
}

// codes reads procedure codes; the word all stands for every code.
func (r *reader) codes(path string, from []string) (out payer.Codes) {
	for _, s := range from {
		if s == "all" {
			out.All = true
			continue
		}
		out.List = append(out.List, r.code(path, s))
	}
	return out
}

func (r *reader) code(path, s string) therapy.Code {
	c, ok := therapy.ParseCode([]byte(s))
	if !ok {
		r.fail(path, "%q is no procedure code of five digits and capital letters", s)
	}
	return c
}

// own are the payer's own pairs and limits.
func (r *reader) own(path string, t *profileTable) *ncci.Tables {
	var pairs []ncci.Edit
	var limits []ncci.MUE
	for i := range t.Pair {
		q := &t.Pair[i]
		at := fmt.Sprintf("%s.pair[%d]", path, i)
		e := ncci.Edit{Column1: r.code(at+".column1", q.Column1), Column2: r.code(at+".column2", q.Column2)}
		if e.Column1 == e.Column2 {
			r.fail(at+".column2", "a code makes no pair with itself: use limit")
		}
		switch q.Modifier {
		case "", "allowed":
			e.Indicator = ncci.Allowed
		case "never":
			e.Indicator = ncci.Never
		default:
			r.fail(at+".modifier", "%q is none of allowed, never", q.Modifier)
		}
		e.From, e.To = r.days(at, &q.window)
		pairs = append(pairs, e)
	}
	for i := range t.MaxUnits {
		q := &t.MaxUnits[i]
		at := fmt.Sprintf("%s.limit[%d]", path, i)
		m := ncci.MUE{Code: r.code(at+".code", q.Code), Units: q.Units, Source: q.Why}
		if q.Units < 1 {
			r.fail(at+".units", "units must be at least 1")
		}
		switch q.Per {
		case "", "day":
		case "line":
			m.MAI = 1
		default:
			r.fail(at+".per", "%q is none of day, line", q.Per)
		}
		m.From, m.To = r.days(at, &q.window)
		limits = append(limits, m)
	}
	if len(pairs)+len(limits) == 0 {
		return nil
	}
	return ncci.New(pairs, limits, nil)
}

func (r *reader) limit(path string, t *capTable) payer.Cap {
	c := payer.Cap{Codes: r.codes(path+".codes", t.Codes), Units: t.Units, Why: t.Why}
	if t.Units < 1 {
		r.fail(path+".units", "units must be at least 1")
	}
	switch t.Per {
	case "", "visit":
	case "day":
		c.Per = payer.PerDay
	default:
		r.fail(path+".per", "%q is none of visit, day", t.Per)
	}
	c.From, c.To = r.days(path, &t.window)
	return c
}

func (r *reader) covered(path string, t *coveredTable) payer.Coverage {
	c := payer.Coverage{Codes: r.codes(path+".codes", t.Codes), Source: t.Why}
	if c.Codes.Empty() {
		r.fail(path+".codes", "coverage of no code")
	}
	if len(t.Diagnoses) == 0 {
		r.fail(path+".diagnoses", "no diagnosis is covered")
	}
	for _, s := range t.Diagnoses {
		d, err := diagnosis(s)
		if err != nil {
			r.fail(path+".diagnoses", "%s", err)
		}
		c.Diagnoses = append(c.Diagnoses, d)
	}
	c.From, c.To = r.days(path, &t.window)
	return c
}

// diagnosis is an ICD-10-CM code without its point, or the beginning of one with *.
func diagnosis(s string) (string, error) {
	d := strings.ToUpper(strings.ReplaceAll(strings.TrimSpace(s), ".", ""))
	bare := strings.TrimSuffix(d, "*")
	ok := len(bare) >= 1 && len(bare) <= 7 && bare[0] >= 'A' && bare[0] <= 'Z' && (len(bare) >= 3 || bare != d)
	for i := range len(bare) {
		ok = ok && (bare[i] >= '0' && bare[i] <= '9' || bare[i] >= 'A' && bare[i] <= 'Z')
	}
	if !ok {
		return "", fmt.Errorf("%q is no ICD-10-CM code, nor the beginning of one with *", s)
	}
	return d, nil
}

// coverageFile reads a CSV file with the columns code and diagnosis, and from, until
// and source where they are known: the table of a coverage article.
func (r *reader) coverageFile(path, name string) (out []payer.Coverage) {
	if r.open == nil {
		r.fail(path, "%s: no files can be read here", name)
		return nil
	}
	f, err := r.open(name)
	if err != nil {
		r.fail(path, "%s", err)
		return nil
	}
	defer f.Close()
	out, err = readCoverage(f)
	if err != nil {
		r.fail(path, "%s: %s", name, err)
	}
	return out
}

func readCoverage(src io.Reader) ([]payer.Coverage, error) {
	rows := csv.NewReader(src)
	rows.FieldsPerRecord = -1
	header, err := rows.Read()
	if err != nil {
		return nil, errors.New("row 1: a header is needed: code,diagnosis,from,until,source")
	}
	column := map[string]int{}
	for i, h := range header {
		h = strings.ToLower(strings.TrimSpace(strings.TrimPrefix(h, "\ufeff")))
		if !slices.Contains([]string{"code", "diagnosis", "from", "until", "source"}, h) {
			return nil, fmt.Errorf("row 1, column %d: not one of code, diagnosis, from, until, source", i+1)
		}
		if _, twice := column[h]; twice {
			return nil, fmt.Errorf("row 1, column %s: column stands twice", h)
		}
		column[h] = i
	}
	for _, need := range []string{"code", "diagnosis"} {
		if _, ok := column[need]; !ok {
			return nil, fmt.Errorf("row 1, column %s: column is missing", need)
		}
	}
	type key struct {
		code      therapy.Code
		from, to  int32
		published string
	}
	at := map[key]int{}
	var out []payer.Coverage
	for {
		record, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return out, nil
		} else if err != nil {
			return nil, err
		}
		line, _ := rows.FieldPos(0)
		if len(record) != len(header) {
			return nil, fmt.Errorf("row %d: %d fields, and the header has %d", line, len(record), len(header))
		}
		cell := func(name string) string {
			if i, ok := column[name]; ok {
				return strings.TrimSpace(record[i])
			}
			return ""
		}
		k := key{to: ncci.Open, published: cell("source")}
		var ok bool
		if k.code, ok = therapy.ParseCode([]byte(cell("code"))); !ok {
			return nil, fmt.Errorf("row %d, column code: not a procedure code of five characters", line)
		}
		d, err := diagnosis(cell("diagnosis"))
		if err != nil {
			return nil, fmt.Errorf("row %d, column diagnosis: %w", line, err)
		}
		for _, w := range []struct {
			name string
			to   *int32
		}{{"from", &k.from}, {"until", &k.to}} {
			if cell(w.name) == "" {
				continue
			}
			day, err := edi.ParseDay(cell(w.name))
			if err != nil {
				return nil, fmt.Errorf("row %d, column %s: not a date YYYY-MM-DD", line, w.name)
			}
			*w.to = int32(day)
		}
		if k.to < k.from {
			return nil, fmt.Errorf("row %d, column until: ends before it begins", line)
		}
		i, found := at[k]
		if !found {
			i = len(out)
			at[k] = i
			out = append(out, payer.Coverage{Codes: payer.Codes{List: []therapy.Code{k.code}}, From: k.from, To: k.to, Source: k.published})
		}
		out[i].Diagnoses = append(out[i].Diagnoses, d)
	}
}
