package app

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/gaitkeeper/gaitkeeper/cmd/internal/render"
	"github.com/gaitkeeper/gaitkeeper/edi/editest"
)

// TestSplit: whatever the shape of the input, both parts are interchanges without
// faults of structure, every claim is in one of them and in order, and no control
// number of an interchange or group stands in both.
func TestSplit(t *testing.T) {
	dir := t.TempDir()
	good, bad := filepath.Join(dir, "good"), filepath.Join(dir, "bad")
	rapid.Check(t, func(r *rapid.T) {
		layout := rapid.SampledFrom(editest.Layouts).Draw(r, "layout")
		var input []byte
		var ids []string
		control := 0
		for range rapid.IntRange(1, 3).Draw(r, "interchanges") {
			control++
			count := func(what string) int { return rapid.IntRange(1, 3).Draw(r, what) }
			shape := editest.Shape{
				Control: control, Providers: count("providers"), Subscribers: count("subscribers"), Claims: count("claims"), Lines: count("lines"),
				Dependents: rapid.Bool().Draw(r, "dependents"), Old: rapid.Bool().Draw(r, "old"), Prefix: fmt.Sprintf("I%d-", control),
			}
			segments := editest.Interchange(shape)
			for i, s := range segments {
				if strings.HasPrefix(s, "SV1*") && rapid.IntRange(0, 2).Draw(r, "bad") == 0 {
					segments[i] = strings.Replace(s, "*UN*2", "*UN*0", 1)
				}
			}
			input = append(input, editest.Render(segments, layout)...)
			ids = append(ids, shape.IDs()...)
		}
		path := write(t, input, dir, "input")
		gaitkeeper(t, "scrub", "--select", "UN121", "--good", good, "--bad", bad, path)
		var found []string
		controls := map[string]string{}
		for _, name := range []string{"good", "bad"} {
			part := segmentsOf(dir, name, layout)
			found = append(found, claimsOf(part)...)
			if bytes.Contains([]byte(strings.Join(part, "\n")), []byte("*UN*0")) && name == "good" {
				r.Error("a bad line among the good ones")
			}
			for _, s := range part {
				e := strings.Split(s, "*")
				at := map[string]int{"ISA": 13, "GS": 6}[e[0]]
				if at == 0 {
					continue
				}
				if other := controls[e[0]+e[at]]; other != "" && other != name {
					r.Errorf("%s %s stands in both", e[0], e[at])
				}
				controls[e[0]+e[at]] = name
			}
			if err := hierarchy(part); err != nil {
				r.Errorf("%s: %v", name, err)
			}
			if len(part) == 0 {
				continue
			}
			out := gaitkeeper(t, "scrub", "--select", "EN", "--format", "ndjson", filepath.Join(dir, name))
			var sum render.Summary
			if err := json.Unmarshal([]byte(out.stdout), &sum); err != nil || out.code != exitClean || sum.Claims != len(claimsOf(part)) {
				r.Errorf("%s: exit %d, %v\n%s%s", name, out.code, err, out.stdout, out.stderr)
			}
		}
		slices.Sort(found)
		slices.Sort(ids)
		if !slices.Equal(found, ids) {
			r.Errorf("claims %q, want %q", found, ids)
		}
	})
}

// segmentsOf are the segments of a file, in the separators of editest; none where
// there is no file.
func segmentsOf(dir, name string, l editest.Layout) []string {
	b, err := readFile(dir, name)
	if err != nil {
		return nil
	}
	var list []string
	back := strings.NewReplacer(string([]byte{l.Element}), "*", string([]byte{l.Component}), ":")
	for _, s := range strings.Split(string(b), string([]byte{l.Terminator})) {
		if s = strings.Trim(s, "\r\n"); s != "" {
			list = append(list, back.Replace(s))
		}
	}
	return list
}

func claimsOf(segments []string) (ids []string) {
	for _, s := range segments {
		if strings.HasPrefix(s, "CLM*") {
			ids = append(ids, strings.Split(s, "*")[1])
		}
	}
	return ids
}

// hierarchy checks the HL segments of each set: numbered from 1, each below a level
// of the right kind, and HL04 says whether levels follow below it.
func hierarchy(segments []string) error {
	above := map[string]string{"20": "", "22": "20", "23": "22"}
	var kinds, children []string
	check := func() error {
		for i, c := range children {
			if c != "0" && c != "1" || (c == "1") != slices.Contains(kinds, "below "+fmt.Sprint(i+1)) {
				return fmt.Errorf("HL04 of level %d is %q", i+1, c)
			}
		}
		return nil
	}
	var levels []string
	for _, s := range segments {
		e := strings.Split(s, "*")
		switch e[0] {
		case "ST":
			levels, kinds, children = nil, nil, nil
		case "SE":
			if err := check(); err != nil {
				return err
			}
		case "HL":
			levels, children = append(levels, e[3]), append(children, e[4])
			if e[1] != fmt.Sprint(len(levels)) {
				return fmt.Errorf("level %d is numbered %s", len(levels), e[1])
			}
			parent := ""
			for i, kind := range levels[:len(levels)-1] {
				if fmt.Sprint(i+1) == e[2] {
					parent = kind
				}
			}
			if parent != above[e[3]] {
				return fmt.Errorf("level %s of kind %s is below %q of kind %q", e[1], e[3], e[2], parent)
			}
			kinds = append(kinds, "below "+e[2])
		}
	}
	return nil
}
