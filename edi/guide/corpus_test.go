package guide

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gaitkeeper/gaitkeeper/edi"
)

// conformant are real files without an error, and broken ones with those that
// they have, by the ends of their names.
var (
	conformant = []string{
		"demo-file_demo.837", "demo.autoaccident.837", "demo.cob.example3.C.837", "demo.drug.example10.1.837", "demo.drug.example10.2.837",
		"demo.drug.example10.3.837", "demo.example1.837", "demo.example2.837", "demo.example7.837", "demo.example8.837",
		"837p.test.wrapped.edi", "medicare-part-a.835", "835_mult_loops.txt", "emedny_sample.txt",
	}
	broken = map[string]string{
		"demo.ambulance.example5.837": "GD104 CLM05-2@21 2300 8/I9", // an empty component
		"demo.cob.example3.A.837":     "GD101 NM1@42 2330B I7",      // no other payer
		"demo.cob.example3.B.837":     "GD106 N403@14 2010AB 8/I12", // a ZIP code of four digits
		"demo.cob.example4.837":       "GD107 AMT01@29 2320 8/7",    // a qualifier of 4010
		"tests_conftest.py__L122.edi": "EN103 SE01@23  4",
		"837p-canonical.edi":          "DX102 HI01-2@22 2300 8/I12",
		"managed-care.835":            "GD106 BPR16@2 ST 8/8",
		"835_sample1.txt":             "AM103 CLP04@16 2100 8/I12\nAM103 BPR02@2 ST 8/I12\nAM103 BPR02@2 ST 8/I12", // by a cent; two payments below zero
		"835_sample2.txt":             "GD106 BPR16@2 ST 8/8\nAM103 CLP04@17 2100 8/I12",
	}
)

// TestCorpus reads real files, which may stand beside the repository. They are not
// part of it.
func TestCorpus(t *testing.T) {
	root := filepath.Join("..", "..", "..", "shared", "corpus")
	files, _ := filepath.Glob(filepath.Join(root, "*", "*"))
	if len(files) == 0 {
		t.Skip("no corpus beside the repository")
	}
	met := 0
	for _, path := range files {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var errors []string
		var sets []*Set
		v := Validator{}
		n, err := v.Validate(context.Background(), bytes.NewReader(text), path, Handler{
			Problem: func(p *Problem) {
				if p.Severity == Error {
					errors = append(errors, short(p))
				}
			},
			Set:   func(s *Set) { sets = append(sets, s) },
			Fault: func(*edi.SyntaxError) {},
		})
		if err != nil || n.Bytes != int64(len(text)) {
			t.Errorf("%s: %d of %d bytes, %v", path, n.Bytes, len(text), err)
		}
		is := func(end string) bool { return strings.HasSuffix(path, end) }
		if slices.ContainsFunc(conformant, is) {
			met++
			if errors != nil || slices.ContainsFunc(sets, func(s *Set) bool { return s.Unknown }) {
				t.Errorf("%s:\n%s", path, strings.Join(errors, "\n"))
			}
		}
		for end, want := range broken {
			if is(end) {
				met++
				if got := strings.Join(errors, "\n"); got != want {
					t.Errorf("%s:\n%s\nwant %s", path, got, want)
				}
			}
		}
		if kind := filepath.Base(filepath.Dir(path)); kind == "999" || kind == "277ca" {
			for _, s := range sets {
				if !s.Unknown {
					t.Errorf("%s: set %s was judged", path, s.Control)
				}
			}
		}
	}
	if want := len(conformant) + len(broken); met < want {
		t.Errorf("%d files were met, %d are listed", met, want)
	}
}
