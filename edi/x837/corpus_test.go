package x837_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gaitkeeper/gaitkeeper/edi"
)

// Every CLM of a professional set of a real file comes out as a claim. The files
// may stand beside the repository; they are not part of it.
func TestCorpusClaims(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join("..", "..", "..", "shared", "corpus", "*", "*"))
	if err != nil || len(paths) == 0 {
		t.Skip("no corpus beside the repository")
	}
	for _, path := range paths {
		kind := filepath.Base(filepath.Dir(path))
		t.Run(filepath.Join(kind, filepath.Base(path)), func(t *testing.T) {
			input, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			claims, lines := count(input)
			got := read(t, bytes.NewReader(input))
			if got.Err != nil {
				t.Fatal(got.Err)
			}
			if got.Counts.Claims != claims || got.Counts.Lines != lines || got.Counts.Bytes != int64(len(input)) {
				t.Errorf("%+v; want %d claims, %d lines, %d bytes", got.Counts, claims, lines, len(input))
			}
			for _, f := range got.Faults {
				if kind == "837p" || errors.Is(f.Err, edi.ErrSegmentTooLong) {
					t.Errorf("%v at byte %d", f.Err, f.At)
				}
			}
			if kind == "837p" && got.Counts.Faulty > 0 {
				t.Errorf("%d claims not whole", got.Counts.Faulty)
			}
		})
	}
}

// count finds the claims and lines of the professional sets the plain way.
func count(input []byte) (claims, lines int) {
	at := bytes.Index(input, []byte("ISA"))
	if at < 0 || len(input) < at+106 || input[at+103] != input[at+3] {
		return 0, 0 // no ISA of the fixed widths
	}
	element, terminator := string(input[at+3]), string(input[at+105])
	group, professional := "", false
	for s := range strings.SplitSeq(string(input[at:]), terminator) {
		e := strings.Split(strings.TrimLeft(s, "\r\n "), element)
		switch e[0] {
		case "GS":
			group = e[len(e)-1]
		case "ST":
			version := group
			if len(e) > 3 {
				version = e[3]
			}
			professional = e[1] == "837" && !strings.Contains(version, "X223") && !strings.Contains(version, "X224")
		case "CLM":
			if professional {
				claims++
			}
		case "LX":
			if professional && claims > 0 {
				lines++
			}
		}
	}
	return claims, lines
}
