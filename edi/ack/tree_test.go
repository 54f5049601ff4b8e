package ack_test

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/edi/ack"
)

// everything reads all answers; a fault of the input fails the test.
func everything(t *testing.T, src io.Reader) (list []any) {
	t.Helper()
	r := ack.NewReader(src)
	for {
		a, err := r.Next()
		if err == io.EOF {
			return list
		}
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, a)
	}
}

// table reads a tab-separated file of testdata by the names of its columns.
func table(t *testing.T, path string) (rows []map[string]string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimRight(string(text), "\n"), "\n")
	names := strings.Split(lines[0], "\t")
	for _, l := range lines[1:] {
		row := map[string]string{}
		for i, v := range strings.Split(l, "\t") {
			row[names[i]] = v
		}
		rows = append(rows, row)
	}
	return rows
}

// grammar is the tree of a set as an expression over segment ids: a context is CTXS
// (a trigger) or CTXC (a claim). Where the rows of a loop stand, the loops inside it
// stand behind the last of its segments that is no trailer.
func grammar(t *testing.T, kind string) *regexp.Regexp {
	rows := table(t, "testdata/ack_tree.tsv")
	var loop func(name string) string
	loop = func(name string) (out string) {
		for _, r := range rows {
			id := r["segment"]
			if r["set"] != kind || r["loop"] != name {
				continue
			}
			if id == "CTX" {
				if id = "CTXS"; strings.Contains(r["qualifier"], "CLM01") {
					id = "CTXC"
				}
			}
			switch id {
			case "IK5":
				out += loop("2100")
			case "AK9":
				out += loop("2000")
			}
			switch {
			case r["max_use"] != "" && r["max_use"] != "1" && !strings.HasPrefix(r["max_use"], ">"):
				out += "(?:" + id + " ){0," + r["max_use"] + "}"
			case r["usage"] == "S" && strings.HasPrefix(id, "CTX"):
				out += "(?:" + id + " )?"
			default:
				out += id + " "
			}
		}
		if name == "2100" {
			out += loop("2110")
		}
		if strings.HasPrefix(name, "2") {
			out = "(?:" + out + ")*"
		}
		return out
	}
	if kind == "TA1" {
		return regexp.MustCompile("^(?:" + loop("ISA") + ")*$")
	}
	return regexp.MustCompile("^(?:ISA (?:GS " + loop("ST") + loop("GS") + "GE )+IEA )*$")
}

// conforms checks an answer against the tree of its set and the elements of its
// segments, and all counts and numbers of its envelopes.
func conforms(t *testing.T, kind string, text []byte) {
	t.Helper()
	if len(text) == 0 { // nothing was to be answered
		return
	}
	elements := map[string]map[string]string{}
	for _, r := range table(t, "testdata/elements.tsv") {
		elements[r["element"]] = r
	}
	var order strings.Builder
	fail := func(format string, args ...any) {
		t.Helper()
		t.Errorf("%s\n%s", fmt.Sprintf(format, args...), text)
	}
	s := edi.NewScanner(bytes.NewReader(text))
	var isa, gs string
	groups, sets := 0, 0
	for s.Next() {
		g := s.Segment()
		id := string(g.ID())
		if id == "CTX" {
			if id = "CTXC"; strings.HasPrefix(string(g.Bytes(1)), "SITUATIONAL TRIGGER") {
				id = "CTXS"
			}
		}
		order.WriteString(id + " ")
		for n := 1; n <= g.Count(); n++ {
			checkElement(fail, elements, fmt.Sprintf("%s%02d", g.ID(), n), g.Element(n))
		}
		for name, e := range elements {
			n, err := strconv.Atoi(strings.TrimPrefix(name, string(g.ID())))
			if e["segment"] == string(g.ID()) && err == nil && e["usage"] == "R" && len(g.Bytes(n)) == 0 && id != "CTXC" {
				fail("%s is missing", name)
			}
		}
		switch id {
		case "ISA":
			isa, groups = string(g.Bytes(13)), 0
		case "GS":
			gs, sets = string(g.Bytes(6)), 0
			groups++
		case "ST":
			sets++
		case "SE":
			if !g.Is(1, strconv.Itoa(g.Pos().SetSegment)) {
				fail("SE01 is %s, %d counted", g.Bytes(1), g.Pos().SetSegment)
			}
		case "GE":
			if !g.Is(1, strconv.Itoa(sets)) || !g.Is(2, gs) {
				fail("GE is %s", g.Raw())
			}
		case "IEA":
			if !g.Is(1, strconv.Itoa(groups)) || !g.Is(2, isa) {
				fail("IEA is %s", g.Raw())
			}
		}
	}
	if s.Err() != nil {
		fail("%v", s.Err())
	}
	if !grammar(t, kind).MatchString(order.String()) {
		fail("order of segments: %s\nis not %s", order.String(), grammar(t, kind))
	}
}

func checkElement(fail func(string, ...any), elements map[string]map[string]string, name string, v edi.Value) {
	e, known := elements[name]
	if !known {
		fail("%s does not exist", name)
		return
	}
	if e["type"] == "comp" || strings.HasPrefix(e["de"], "C") {
		for n := 1; n <= v.Components(); n++ {
			if name != "CTX01" {
				checkElement(fail, elements, fmt.Sprintf("%s-%02d", name, n), v.Component(n))
			}
		}
		return
	}
	if v.Empty() {
		return
	}
	least, _ := strconv.Atoi(e["min"])
	most, _ := strconv.Atoi(e["max"])
	if len(v.Raw) < least || len(v.Raw) > most {
		fail("%s %q has not %d to %d characters", name, v.Raw, least, most)
	}
	if codes := strings.Split(e["codes"], "|"); e["type"] == "ID" && e["codes"] != "" && name != "AK101" && !slices.Contains(codes, string(v.Raw)) {
		fail("%s %q is none of %v", name, v.Raw, codes)
	}
	if e["type"] == "N0" && strings.Trim(string(v.Raw), "0123456789") != "" {
		fail("%s %q is no number", name, v.Raw)
	}
}
