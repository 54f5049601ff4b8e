package config

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/gaitkeeper/gaitkeeper/scrub/payer"
	"github.com/gaitkeeper/gaitkeeper/scrub/therapy"
)

// Value is one value of a configuration, with where it comes from.
type Value struct {
	Table  string `json:"table"` // such as payer.acme
	Key    string `json:"key"`
	Value  string `json:"value"`  // as TOML has it
	Origin string `json:"origin"` // a place of the file, or the built-in profile
}

// settings are the keys of a profile, and how their values are written.
var settings = []struct {
	key  string
	text func(*payer.Profile) string
}{
	{"counting", func(p *payer.Profile) string { return strconv.Quote(p.Counting.String()) }},
	{"discipline_modifiers", func(p *payer.Profile) string { return strconv.FormatBool(p.Disciplines) }},
	{"assistant_modifiers", func(p *payer.Profile) string { return strconv.FormatBool(p.Assistants) }},
	{"medicare", func(p *payer.Profile) string { return strconv.FormatBool(p.Medicare) }},
	{"ncci", func(p *payer.Profile) string { return strconv.FormatBool(p.NCCI) }},
	{"mue", func(p *payer.Profile) string { return strconv.FormatBool(p.MUE) }},
	{"filing_limit", func(p *payer.Profile) string { return term(p.Filing) }},
	{"filing_limit_corrected", func(p *payer.Profile) string { return term(p.FilingCorrected) }},
	{"replacement", func(p *payer.Profile) string {
		return strconv.Quote(map[bool]string{false: "accepted", true: "refused"}[p.NoReplacement])
	}},
	{"telehealth_from", func(p *payer.Profile) string { return date(p.TelehealthFrom) }},
	{"telehealth_until", func(p *payer.Profile) string { return date(p.TelehealthUntil) }},
	{"authorization", func(p *payer.Profile) string { return codeList(p.Authorization) }},
}

// Values are the values of one profile, or of all and everything else for "". nil
// where there is no such profile.
func (c *Config) Values(profile string) (out []Value) {
	for _, e := range c.Policy.Payers.Entries() {
		if profile == "" || profile == e.Name {
			out = append(out, c.profileValues(e)...)
		}
	}
	for _, name := range payer.Names() {
		if c.Policy.Payers.Named(name) == payer.Named(name) && (profile == "" || profile == name) {
			for _, s := range settings {
				out = append(out, Value{"payer." + name, s.key, s.text(payer.Named(name)), "built in"})
			}
		}
	}
	if profile != "" {
		return out
	}
	for _, s := range c.Policy.Severities {
		if s.Profile == "" {
			word := s.Severity.String()
			if s.Off {
				word = "off"
			}
			out = append(out, c.from("severity", s.Rule.ID, strconv.Quote(word), "severity."+s.Rule.ID))
		}
	}
	for i := range c.Policy.Suppressed {
		s := &c.Policy.Suppressed[i]
		var ids []string
		for _, r := range s.Rules {
			ids = append(ids, r.ID)
		}
		what := fmt.Sprintf("until %s: %s", s.Until, s.Reason)
		if s.Profile != "" {
			what = "payer " + s.Profile + ", " + what
		}
		out = append(out, Value{"suppress", strings.Join(ids, ","), strconv.Quote(what), s.Place})
	}
	for i, r := range c.Own {
		out = append(out, c.from("rule", r.ID, strconv.Quote(r.Severity.String()+": "+r.What), fmt.Sprintf("rule[%d]", i)))
	}
	return out
}

func (c *Config) profileValues(e payer.Entry) (out []Value) {
	table := "payer." + e.Name
	for _, m := range []struct {
		key  string
		list []string
	}{{"ids", e.IDs}, {"names", e.Names}, {"filing", e.Filings}} {
		if len(m.list) > 0 {
			out = append(out, c.from(table, m.key, quoted(m.list), table+"."+m.key))
		}
	}
	base := like
	if payer.Named(e.Name) != nil {
		base = e.Name
	}
	if at, ok := c.places.values[table+".like"]; ok {
		base = c.likes[e.Name]
		out = append(out, Value{table, "like", strconv.Quote(base), c.place(at)})
	}
	for _, s := range settings {
		v := Value{table, s.key, s.text(e.Profile), "built in: " + base}
		if at, ok := c.places.keys[table+"."+s.key]; ok {
			v.Origin = c.place(at)
		}
		out = append(out, v)
	}
	for _, l := range []struct {
		key string
		n   int
	}{{"cap", len(e.Caps)}, {"covered", len(e.Coverage)}} {
		if l.n > 0 {
			out = append(out, c.from(table, l.key, strconv.Itoa(l.n)+" in all", table+"."+l.key+"[0]"))
		}
	}
	if e.Own != nil {
		for _, key := range []string{"pair", "limit"} {
			n := 0
			for ; ; n++ {
				if _, ok := c.places.keys[fmt.Sprintf("%s.%s[%d]", table, key, n)]; !ok {
					break
				}
			}
			if n > 0 {
				out = append(out, c.from(table, key, strconv.Itoa(n)+" in all", table+"."+key+"[0]"))
			}
		}
	}
	for _, s := range c.Policy.Severities {
		if s.Profile == e.Name {
			word := s.Severity.String()
			if s.Off {
				word = "off"
			}
			out = append(out, c.from(table, "severity."+s.Rule.ID, strconv.Quote(word), table+".severity."+s.Rule.ID))
		}
	}
	return out
}

// from is a value of the file.
func (c *Config) from(table, key, value, path string) Value {
	at, ok := c.places.keys[path]
	if !ok {
		at = c.places.keys[table]
	}
	return Value{table, key, value, c.place(at)}
}

func (c *Config) place(at place) string { return fmt.Sprintf("%s:%d:%d", c.Name, at.line, at.column) }

func quoted(list []string) string {
	var out []string
	for _, s := range list {
		out = append(out, strconv.Quote(s))
	}
	return "[" + strings.Join(out, ", ") + "]"
}

func codeList(c payer.Codes) string {
	var out []string
	if c.All {
		out = append(out, "all")
	}
	for _, code := range c.List {
		out = append(out, therapy.Code.String(code))
	}
	return quoted(out)
}

func term(t payer.Term) string {
	if t.N == 0 {
		return "none"
	}
	return strconv.Quote(t.String())
}

func date(day int32) string {
	if day == 0 {
		return "none"
	}
	return fmt.Sprintf("%04d-%02d-%02d", day/10000, day/100%100, day%100)
}
