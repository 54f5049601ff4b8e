package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/gaitkeeper/gaitkeeper/"

// below says, for the packages under a directory, which of the project's packages
// they may import: their own directory and these. Imports run one way.
var below = []struct {
	dir    string
	allows []string
}{
	{"cmd/internal/render", []string{"edi", "scrub", "remit", "cmd/internal/term"}},
	{"cmd/internal/datadir", []string{"scrub/ncci", "scrub/therapy"}},
	{"cmd", []string{"edi", "scrub", "remit", "cmd"}},
	{"scrub/therapy", nil},
	{"scrub/ncci/cms", []string{"scrub/therapy", "scrub/ncci"}},
	{"scrub/ncci", []string{"scrub/therapy"}},
	{"scrub/payer", []string{"scrub/therapy", "scrub/ncci"}},
	{"scrub/ledger", nil},
	{"scrub", []string{"edi", "scrub"}},
	{"remit/codes", []string{"edi"}},
	{"remit", []string{"edi", "remit", "scrub/therapy", "scrub/ncci", "scrub/payer", "scrub/ledger"}},
	{"edi/guide", []string{"edi"}},
	{"edi/x837", []string{"edi"}},
	{"edi/x835", []string{"edi"}},
	{"edi/ack", []string{"edi", "edi/guide"}},
	{"edi/editest", nil},
	{"edi", nil},
	{"samples", nil},
}

// foreign are packages that no library package may use: it does not print, exit,
// read flags or ask the clock.
var foreign = []string{"log", "flag", "os/exec", "github.com/urfave/cli/v2", "github.com/schollz/progressbar/v3"}

func TestImports(t *testing.T) {
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() && strings.HasPrefix(name, ".") && path != root {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, filepath.Dir(path))
		if err != nil {
			return err
		}
		dir := filepath.ToSlash(rel)
		for _, spec := range file.Imports {
			target, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			check(t, dir, name, target)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func check(t *testing.T, dir, file, target string) {
	for _, f := range foreign {
		if target == f && !strings.HasPrefix(dir, "cmd") {
			t.Errorf("%s/%s imports %s", dir, file, target)
		}
	}
	inside, ours := strings.CutPrefix(target, module)
	if !ours {
		return
	}
	for _, b := range below {
		if dir != b.dir && !strings.HasPrefix(dir, b.dir+"/") {
			continue
		}
		for _, a := range append(b.allows, b.dir) {
			if inside == a || strings.HasPrefix(inside, a+"/") {
				return
			}
		}
		t.Errorf("%s/%s imports %s", dir, file, inside)
		return
	}
	t.Errorf("%s has no place in the direction of imports", dir)
}
