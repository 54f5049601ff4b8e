package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/gaitkeeper/gaitkeeper/edi"
)

// kind is what a file holds, by the first of its transaction sets.
type kind string

const (
	kind835  kind = "835"
	kind837  kind = "837"
	kindNone kind = "" // no X12, or none whose set can be seen
)

var kindNames = map[kind]string{kind835: "an 835 remittance", kind837: "an 837 claim file"}

// open opens files and the files of folders. A file of another kind is an error; in a
// folder it is left out.
func (r *reconciler) open(ctx context.Context, paths []string, want kind) (list []input, close func(), err error) {
	files, fromFolder, err := r.expand(paths)
	if err != nil {
		return nil, func() {}, err
	}
	if len(paths) > 0 && len(files) == 0 {
		return nil, func() {}, usage("no file in %s", strings.Join(paths, ", ")).withHint("--recursive looks in folders of folders too")
	}
	opened, close, err := openInputs(ctx, r.environment, files, r.failed)
	if err != nil {
		return nil, close, err
	}
	left := 0
	for _, in := range opened {
		k, err := sniff(in)
		switch {
		case err != nil:
			r.failed(named(in.Name, err))
		case k == want, k == kindNone && !fromFolder[in.path]:
			list = append(list, in)
		case fromFolder[in.path]:
			left++
		default:
			r.wrongKind(in.Name, k, want)
		}
	}
	if left > 0 && !r.quiet {
		fmt.Fprintf(r.stderr, "gaitkeeper reconcile: %d files in folders are no %s: left out\n", left, want)
	}
	if len(list) == 0 && r.worst == exitClean {
		return nil, close, &fault{code: exitInput, err: fmt.Errorf("no %s in %s", want, strings.Join(paths, ", "))}
	}
	return list, close, nil
}

// wrongKind says that a file stands in the wrong place.
func (r *reconciler) wrongKind(name string, is, want kind) {
	what := kindNames[is]
	if what == "" {
		what = "a set of type " + string(is)
	}
	fmt.Fprintf(r.stderr, "gaitkeeper reconcile: %s holds %s, and %s belongs here\n", name, what, kindNames[want])
	switch {
	case is == kind837 && want == kind835:
		fmt.Fprintln(r.stderr, "hint: claims go behind --claims: gaitkeeper reconcile ERA --claims CLAIMS")
	case is == kind835 && want == kind837:
		fmt.Fprintln(r.stderr, "hint: remittances stand before --claims: gaitkeeper reconcile ERA --claims CLAIMS")
	}
	r.worst = max(r.worst, exitInput)
}

// expand replaces folders by their files, in the order of their names.
func (r *reconciler) expand(paths []string) (files []string, fromFolder map[string]bool, err error) {
	fromFolder = map[string]bool{}
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil || !info.IsDir() {
			files = append(files, path)
			continue
		}
		err = filepath.WalkDir(path, func(p string, d fs.DirEntry, err error) error {
			hidden := strings.HasPrefix(d.Name(), ".") && p != path
			switch {
			case err != nil:
				return err
			case d.IsDir() && p != path && (hidden || !r.recursive):
				return filepath.SkipDir
			case d.Type().IsRegular() && !hidden:
				files = append(files, p)
				fromFolder[p] = true
			}
			return nil
		})
		if err != nil {
			return nil, nil, plainPathError(err)
		}
	}
	return files, fromFolder, nil
}

// sniffed is how much of a file is looked at to tell what it holds.
const sniffed = 64 << 10

// sniff tells what a file holds.
func sniff(in input) (kind, error) {
	src, err := in.Open()
	if err != nil {
		return kindNone, err
	}
	defer src.Close()
	head, err := io.ReadAll(io.LimitReader(src, sniffed))
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return kindNone, err
	}
	scan := edi.NewScanner(bytes.NewReader(head))
	scan.OnError = func(*edi.SyntaxError) {}
	st := edi.TagOf("ST")
	for scan.Next() {
		if s := scan.Segment(); s.Tag() == st {
			return kind(s.Bytes(1)), nil
		}
	}
	return kindNone, nil
}
