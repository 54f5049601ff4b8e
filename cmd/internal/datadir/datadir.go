// Package datadir keeps publications of reference data in a directory: a file each,
// with what it was made of. A file appears whole or not at all and is checked by its
// sum whenever it is read. Several processes may use a directory at once.
package datadir

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/lockedfile"
)

// Variable names the directory in the environment.
const Variable = "GAITKEEPER_DATA_DIR"

// Default is the directory for the data of this user.
func Default() (string, error) {
	if dir := os.Getenv(Variable); dir != "" {
		return dir, nil
	}
	if dir := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(dir) { // a relative one is to be ignored, says the standard
		return filepath.Join(dir, "gaitkeeper"), nil
	}
	if runtime.GOOS == "windows" {
		if dir := os.Getenv("LOCALAPPDATA"); dir != "" {
			return filepath.Join(dir, "gaitkeeper"), nil
		}
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("no place for reference data: %w", err)
	}
	if runtime.GOOS == "darwin" {
		return filepath.Join(home, "Library", "Application Support", "gaitkeeper"), nil
	}
	return filepath.Join(home, ".local", "share", "gaitkeeper"), nil
}

// Dir is a directory of publications. It need not exist: then it is empty.
type Dir struct{ path string }

// Open is the directory at a path. Nothing is made yet.
func Open(path string) *Dir { return &Dir{path} }

// Path is where it is.
func (d *Dir) Path() string { return d.path }

const extension = ".gkdata"

func (d *Dir) file(name string) string { return filepath.Join(d.path, name+extension) }

// Names are the publications that are there, in the order of their names.
func (d *Dir) Names() ([]string, error) {
	entries, err := os.ReadDir(d.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		if name, ok := strings.CutSuffix(e.Name(), extension); ok && e.Type().IsRegular() && !strings.HasPrefix(name, ".") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names, nil
}

// Has reports whether a publication is there.
func (d *Dir) Has(name string) (bool, error) {
	names, err := d.Names()
	return slices.Contains(names, name), err
}

// Remove takes a publication away, damaged or not.
func (d *Dir) Remove(name string) error {
	ok, err := d.Has(name)
	if err != nil {
		return err
	} else if !ok {
		return fmt.Errorf("%s: %w", name, fs.ErrNotExist)
	}
	unlock, err := d.lock()
	if err != nil {
		return err
	}
	defer unlock()
	return os.Remove(d.file(name))
}

// temporary is the pattern of the names of files that are not complete.
const temporary = ".gaitkeeper-*"

// lock makes the directory and keeps other writers out of it. What a writer left
// that was killed is taken away.
func (d *Dir) lock() (unlock func(), err error) {
	if err := os.MkdirAll(d.path, 0o700); err != nil {
		return nil, err
	}
	if unlock, err = lockedfile.MutexAt(filepath.Join(d.path, ".lock")).Lock(); err != nil {
		return nil, err
	}
	stale, err := filepath.Glob(filepath.Join(escape(d.path), temporary))
	if err != nil {
		unlock()
		return nil, err
	}
	for _, name := range stale {
		if err := os.Remove(name); err != nil {
			unlock()
			return nil, err
		}
	}
	return unlock, nil
}

// escape takes the meaning of a pattern from a path.
func escape(path string) string {
	if runtime.GOOS == "windows" { // there a backslash is a separator
		return path
	}
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(path)
}
