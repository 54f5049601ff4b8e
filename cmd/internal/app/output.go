package app

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/natefinch/atomic"
)

// output is a file that appears whole or not at all: a temporary file beside it,
// readable by the user only, takes its place when it is complete.
type output struct {
	path string
	tmp  *os.File // nil for a stream or a device
	to   io.WriteCloser
	buf  *bufio.Writer
	mode os.FileMode // of the file that is replaced; 0 for a new one
}

// create prepares to write path. Nothing is made of it before the first write.
func create(path string) *output { return &output{path: path} }

func (o *output) Write(b []byte) (int, error) {
	if o.buf == nil {
		if err := o.open(); err != nil {
			return 0, err
		}
	}
	return o.buf.Write(b)
}

func (o *output) open() error {
	info, err := os.Stat(o.path)
	switch {
	case err == nil && info.IsDir():
		return fmt.Errorf("%s: is a directory", o.path)
	case err == nil && !info.Mode().IsRegular(): // a pipe or device
		f, err := os.OpenFile(o.path, os.O_WRONLY, 0)
		if err != nil {
			return plainPathError(err)
		}
		o.to, o.buf = f, bufio.NewWriterSize(f, 256<<10)
		return nil
	case err == nil:
		o.mode = info.Mode().Perm()
	case !errors.Is(err, os.ErrNotExist):
		return plainPathError(err)
	}
	f, err := os.CreateTemp(filepath.Dir(o.path), ".gaitkeeper-*")
	if err != nil {
		return plainPathError(err)
	}
	o.tmp, o.to, o.buf = f, f, bufio.NewWriterSize(f, 256<<10)
	return nil
}

// commit makes the file appear. A file that nothing was written to does not.
func (o *output) commit() error {
	if o.buf == nil {
		return nil
	}
	err := o.buf.Flush()
	if o.tmp == nil {
		err = errors.Join(err, o.to.Close())
		o.to = nil
		return err
	}
	tmp := o.tmp
	o.tmp, o.to = nil, nil
	if err == nil && o.mode != 0 {
		err = tmp.Chmod(o.mode)
	}
	if err == nil {
		err = tmp.Sync()
	}
	if err = errors.Join(err, tmp.Close()); err == nil {
		err = atomic.ReplaceFile(tmp.Name(), o.path)
	}
	if err != nil {
		os.Remove(tmp.Name())
		return fmt.Errorf("%s: %w", o.path, cause(err))
	}
	return nil
}

// discard leaves no trace.
func (o *output) discard() {
	if o.tmp != nil {
		o.tmp.Close()
		os.Remove(o.tmp.Name())
	} else if o.to != nil {
		o.to.Close()
	}
}

// cause leaves out the name of the temporary file.
func cause(err error) error {
	var p *os.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// sameFile reports whether both paths name one file.
func sameFile(a, b string) bool {
	x, err := os.Stat(a)
	if err != nil {
		return false
	}
	y, err := os.Stat(b)
	return err == nil && os.SameFile(x, y)
}
