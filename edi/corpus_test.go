package edi_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
)

// corpus calls f for each file of a folder of real files, which may stand beside
// the repository. They are not part of it.
func corpus(t *testing.T, f func(t *testing.T, input string)) {
	root := filepath.Join("..", "..", "shared", "corpus")
	if _, err := os.Stat(root); err != nil {
		t.Skip("no corpus beside the repository")
	}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Dir(path) == root {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		t.Run(filepath.Join(filepath.Base(filepath.Dir(path)), d.Name()), func(t *testing.T) { f(t, string(text)) })
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestCorpusIsScannedLosslessly(t *testing.T) {
	corpus(t, func(t *testing.T, input string) {
		got := scan(t, strings.NewReader(input), 0)
		if got.Err != nil {
			t.Fatal(got.Err)
		}
		checkLossless(t, input, got)
		var text strings.Builder
		for _, g := range got.Segments {
			text.WriteString(g.Lead + g.Raw)
			if g.Terminated {
				text.WriteByte(g.Delims.Terminator)
			}
		}
		if text.WriteString(got.Tail); text.String() != input {
			t.Fatal("the parts do not make up the input")
		}
		sameResult(t, "one byte at a time", got, scan(t, iotest.OneByteReader(strings.NewReader(input)), 0))
		if !strings.Contains(t.Name(), "/malformed/") && len(got.Faults) > 0 {
			t.Errorf("faults %v", faultsOf(got.Faults))
		}
	})
}
