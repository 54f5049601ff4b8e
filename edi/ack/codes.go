package ack

import (
	"bytes"
	_ "embed"
	"strings"
	"sync"
)

// List names a list of codes.
type List string

// The lists, and where their codes stand.
const (
	ListTA105    List = "TA105"    // notes of a TA1
	ListAK905    List = "AK905"    // faults of a group: AK905 to AK909
	ListIK502    List = "IK502"    // faults of a set: IK502 to IK506
	ListIK304    List = "IK304"    // faults of a segment
	ListIK403    List = "IK403"    // faults of an element
	ListCategory List = "CATEGORY" // STC01-1
	ListStatus   List = "STATUS"   // STC01-2
	ListEntity   List = "ENTITY"   // STC01-3
)

// Lists are all lists.
var Lists = []List{ListTA105, ListAK905, ListIK502, ListIK304, ListIK403, ListCategory, ListStatus, ListEntity}

// Code is a code in our own words.
type Code struct {
	List    List
	Code    string
	Meaning string
	Do      string // what is done next; often "" for a status, whose category says it
	Place   string // where in an 837P; of a status only, and often ""
}

//go:embed data/codes.tsv
var codesText []byte

type codeKey struct {
	list List
	code string
}

// codes is the embedded table; it is part of the program, and tested.
var codes = sync.OnceValue(func() map[codeKey]Code {
	m := map[codeKey]Code{}
	for row := range bytes.Lines(codesText) {
		f := strings.Split(strings.TrimRight(string(row), "\n"), "\t")
		if f[0] == "list" || strings.HasPrefix(f[0], "#") {
			continue
		}
		f = append(f, "", "", "", "") // columns at the end may be left out
		m[codeKey{List(f[0]), f[1]}] = Code{List(f[0]), f[1], f[2], f[3], f[4]}
	}
	return m
})

// Explain is a code in words; of an unknown one it says so.
func Explain(list List, code string) (c Code, known bool) {
	c, known = codes()[codeKey{list, code}]
	if !known {
		c = Code{List: list, Code: code, Meaning: "unknown code"}
	}
	return c, known
}

// Meaning says what a triple means: "rejected: something is missing: procedure
// modifier (rendering provider)".
func (t Triple) Meaning() string {
	category, _ := Explain(ListCategory, t.Category)
	out := category.Meaning
	if t.Code != "" {
		status, known := Explain(ListStatus, t.Code)
		meaning := status.Meaning
		if !known {
			meaning = "status " + t.Code + ", which is not known here"
		}
		if !strings.HasPrefix(out, "rejected: ") {
			out += "; " + meaning
		} else {
			out += ": " + meaning
		}
	}
	if t.Entity != "" {
		entity, known := Explain(ListEntity, t.Entity)
		if !known {
			entity.Meaning = "party " + t.Entity
		}
		out += " (" + entity.Meaning + ")"
	}
	return out
}

// Advice says what is done next about a status, from the code that says most.
func (s *Status) Advice() string {
	var own, general []string
	var places []string
	for _, t := range s.Codes {
		status, known := Explain(ListStatus, t.Code)
		if known && status.Do != "" {
			own = append(own, status.Do)
		}
		if known && status.Place != "" {
			places = append(places, status.Place)
		}
		if category, known := Explain(ListCategory, t.Category); known && len(general) == 0 {
			general = append(general, category.Do)
		}
	}
	switch {
	case len(own) > 0:
		return strings.Join(unique(own), "; ")
	case len(general) == 0:
		return "ask the receiver what it means"
	case len(places) > 0:
		return general[0] + " (" + strings.Join(unique(places), "; ") + ")"
	}
	return general[0]
}

// unique leaves out what stands in a list before.
func unique(list []string) (out []string) {
	seen := map[string]bool{}
	for _, s := range list {
		if !seen[s] {
			out = append(out, s)
		}
		seen[s] = true
	}
	return out
}

// Advice says what is done next about a TA1.
func (a *Interchange) Advice() string {
	c, known := Explain(ListTA105, a.Code)
	if !known {
		return "ask the receiver what it means"
	}
	return c.Do
}
