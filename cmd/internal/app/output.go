package app

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/natefinch/atomic"
)

// output is a file that appears whole or not at all: a temporary file beside it,
// readable by the user only, takes its place when it is complete.
type output struct {
	path  string
	place string   // path without symbolic links: what is replaced
	tmp   *os.File // nil for a stream or a device
	to    io.WriteCloser
	buf   *bufio.Writer
	mode  os.FileMode // of the file that is replaced; 0 for a new one
}

// create prepares to write path. Nothing is made of it before the first write.
func create(path string) *output { return &output{path: path} }

func (o *output) Write(b []byte) (int, error) {
	if err := o.open(); err != nil {
		return 0, err
	}
	n, err := o.buf.Write(b)
	return n, o.fault(err)
}

func (o *output) open() error {
	if o.buf != nil {
		return nil
	}
	o.place = placeOf(o.path)
	info, err := os.Stat(o.place)
	switch {
	case err == nil && info.IsDir():
		return fmt.Errorf("%s: is a directory", o.path)
	case err == nil && !info.Mode().IsRegular(): // a pipe or device
		f, err := os.OpenFile(o.place, os.O_WRONLY, 0)
		if err != nil {
			return o.fault(err)
		}
		o.to, o.buf = f, bufio.NewWriterSize(f, 256<<10)
		return nil
	case err == nil:
		o.mode = info.Mode().Perm()
	case !errors.Is(err, os.ErrNotExist):
		return o.fault(err)
	}
	f, err := os.CreateTemp(filepath.Dir(o.place), temporary)
	if err != nil {
		return o.fault(err)
	}
	o.tmp, o.to, o.buf = f, f, bufio.NewWriterSize(f, 256<<10)
	return nil
}

// temporary is the pattern of the names of files that are not complete.
const temporary = ".gaitkeeper-*"

// fault names the file that was asked for, not the temporary one.
func (o *output) fault(err error) error {
	if err == nil {
		return nil
	}
	return &fs.PathError{Op: "write", Path: o.path, Err: cause(err)}
}

// complete brings everything to the disk, so that commit can hardly fail.
func (o *output) complete() error {
	if err := o.open(); err != nil {
		return err
	}
	if o.to == nil {
		return nil
	}
	err := o.buf.Flush()
	if o.tmp != nil {
		if err == nil && o.mode != 0 {
			err = o.tmp.Chmod(o.mode)
		}
		if err == nil {
			err = o.tmp.Sync()
		}
	}
	err = errors.Join(err, o.to.Close())
	o.to = nil
	return o.fault(err)
}

// commit makes the file appear, empty where nothing was written.
func (o *output) commit() error {
	if err := o.complete(); err != nil || o.tmp == nil {
		return err
	}
	if err := atomic.ReplaceFile(o.tmp.Name(), o.place); err != nil {
		return o.fault(err)
	}
	o.tmp = nil
	return nil
}

// mark is a place to which rewind goes back.
func (o *output) mark() (int64, error) {
	if o.tmp == nil {
		return 0, nil
	}
	if err := o.buf.Flush(); err != nil {
		return 0, o.fault(err)
	}
	at, err := o.tmp.Seek(0, io.SeekCurrent)
	return at, o.fault(err)
}

// rewind takes back what was written since mark.
func (o *output) rewind(to int64) error {
	if o.tmp == nil {
		return nil
	}
	o.buf.Reset(o.tmp)
	if _, err := o.tmp.Seek(to, io.SeekStart); err != nil {
		return o.fault(err)
	}
	return o.fault(o.tmp.Truncate(to))
}

// discard leaves no trace; after commit it does nothing.
func (o *output) discard() {
	if o.to != nil {
		o.to.Close()
		o.to = nil
	}
	if o.tmp != nil {
		os.Remove(o.tmp.Name())
		o.tmp = nil
	}
}

// remove takes away the file that would have been replaced.
func (o *output) remove() error {
	info, err := os.Lstat(o.path)
	if err != nil || !info.Mode().IsRegular() {
		return nil
	}
	return plainPathError(os.Remove(o.path))
}

// commitAll makes all of the files appear, or none where one cannot be completed.
func commitAll(list ...*output) error {
	for _, o := range list {
		if err := o.complete(); err != nil {
			return err
		}
	}
	for _, o := range list {
		if err := o.commit(); err != nil {
			return err
		}
	}
	return nil
}

// checkWritable reports where no file can be made, before any work is done. Each
// directory is tried once.
func checkWritable(paths []string) error {
	tried := map[string]bool{}
	for _, path := range paths {
		place := placeOf(path)
		if info, err := os.Stat(place); err == nil && info.IsDir() {
			return fmt.Errorf("%s: is a directory", path)
		} else if err == nil && !info.Mode().IsRegular() || tried[filepath.Dir(place)] {
			continue
		}
		tried[filepath.Dir(place)] = true
		f, err := os.CreateTemp(filepath.Dir(place), temporary)
		if err != nil {
			return plainPathError(create(path).fault(err))
		}
		if err := errors.Join(f.Close(), os.Remove(f.Name())); err != nil {
			return plainPathError(create(path).fault(err))
		}
	}
	return nil
}

// cause leaves out the name of the temporary file.
func cause(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	var l *os.LinkError
	if errors.As(err, &l) {
		return l.Err
	}
	return err
}

// placeOf is the path without symbolic links, as far as it exists.
func placeOf(path string) string {
	if p, err := filepath.EvalSymlinks(path); err == nil {
		path = p
	} else if dir, err := filepath.EvalSymlinks(filepath.Dir(path)); err == nil {
		path = filepath.Join(dir, filepath.Base(path))
	}
	if p, err := filepath.Abs(path); err == nil {
		return p
	}
	return path
}

// same reports whether both paths name one file, whether it exists or not. A
// device or pipe is no file.
func same(a, b string) bool {
	x, missing := os.Stat(a)
	if missing == nil && !x.Mode().IsRegular() {
		return false
	}
	if placeOf(a) == placeOf(b) {
		return true
	}
	y, err := os.Stat(b)
	return missing == nil && err == nil && os.SameFile(x, y)
}
