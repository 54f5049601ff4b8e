package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/gaitkeeper/gaitkeeper/cmd/internal/term"
	"github.com/gaitkeeper/gaitkeeper/scrub"
)

// input is a file to read, or standard input.
type input struct {
	scrub.Input
	path       string // "" for standard input
	size       int64  // bytes on disk; 0 where it is not known
	compressed bool
	piped      bool // it can be read once only, and not be replaced
	remove     func()
}

// spoolInMemory is how much of standard input is kept in memory; more goes to a
// temporary file that only the user can read.
const spoolInMemory = 8 << 20

// openInputs checks that every file can be read and spools standard input and
// pipes, which are read more than once. close removes what was spooled. A file that
// cannot be read is handed to failed; the others go on.
func openInputs(ctx context.Context, env *environment, paths []string, failed func(error)) (list []input, close func(), err error) {
	var cleanup []func()
	close = func() {
		for _, f := range cleanup {
			f()
		}
	}
	if len(paths) == 0 {
		if f, ok := env.stdin.(*os.File); ok && term.IsTerminal(f) {
			return nil, close, usage("no file given").withHint("name a file, or - for standard input")
		}
		paths = []string{"-"}
	}
	if i := slices.Index(paths, "-"); i >= 0 && slices.Contains(paths[i+1:], "-") {
		return nil, close, usage("standard input can be read only once")
	}
	for _, path := range paths {
		in, err := openInput(ctx, env, path)
		if in.remove != nil {
			cleanup = append(cleanup, in.remove)
		}
		if ctx.Err() != nil {
			return nil, close, ctx.Err()
		} else if err != nil {
			failed(err)
			continue
		}
		list = append(list, in)
	}
	return list, close, nil
}

// openInput opens a file or spools a pipe, for which it waits no longer than ctx
// allows: nobody may ever write to it.
func openInput(ctx context.Context, env *environment, path string) (input, error) {
	if path != "-" {
		if info, err := os.Stat(path); err != nil || info.IsDir() || info.Mode().IsRegular() {
			return openFile(path)
		}
	}
	type result struct {
		in  input
		err error
	}
	done := make(chan result, 1)
	go func() {
		if path == "-" {
			in, err := spool(env.stdin, "<stdin>")
			done <- result{in, err}
			return
		}
		f, err := os.Open(path)
		if err != nil {
			done <- result{err: plainPathError(err)}
			return
		}
		defer f.Close()
		in, err := spool(f, path)
		in.path = path
		done <- result{in, err}
	}()
	select {
	case r := <-done:
		return r.in, r.err
	case <-ctx.Done():
		return input{}, ctx.Err()
	}
}

func openFile(path string) (input, error) {
	in := input{path: path, Input: scrub.Input{Name: path}}
	info, err := os.Stat(path)
	if err != nil {
		return in, plainPathError(err)
	}
	if info.IsDir() {
		return in, fmt.Errorf("%s: is a directory", path)
	}
	in.size = info.Size()
	in.Open = func() (io.ReadCloser, error) {
		f, err := os.Open(path)
		if err != nil {
			return nil, plainPathError(err)
		}
		return decompress(f)
	}
	r, err := in.Open()
	if err != nil {
		return in, err
	}
	_, in.compressed = r.(*unpacked)
	return in, r.Close()
}

// plainPathError says "FILE: reason".
func plainPathError(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return fmt.Errorf("%s: %w", p.Path, p.Err)
	}
	return err
}

// spool reads src to its end. A temporary file loses its name at once where the
// system allows that, so that claims are not left behind, however the run ends.
func spool(src io.Reader, name string) (in input, err error) {
	in.Name, in.piped = name, true
	head, err := io.ReadAll(io.LimitReader(src, spoolInMemory))
	if err != nil {
		return in, fmt.Errorf("%s: %w", name, cause(err))
	}
	in.size = int64(len(head))
	in.Open = func() (io.ReadCloser, error) { return decompress(io.NopCloser(bytes.NewReader(head))) }
	if len(head) < spoolInMemory {
		return in, nil
	}
	f, err := os.CreateTemp("", "gaitkeeper-*") // mode 0600
	if err != nil {
		return in, err
	}
	os.Remove(f.Name())
	in.remove = func() {
		f.Close()
		os.Remove(f.Name())
	}
	if in.size, err = io.Copy(f, io.MultiReader(bytes.NewReader(head), src)); err != nil {
		return in, fmt.Errorf("%s: %w", name, cause(err))
	}
	head = nil
	in.Open = func() (io.ReadCloser, error) { return decompress(io.NopCloser(io.NewSectionReader(f, 0, in.size))) }
	return in, nil
}

// unpacked is the content of a compressed file.
type unpacked struct {
	io.Reader
	close func()
	file  io.Closer
}

func (u *unpacked) Close() error {
	u.close()
	return u.file.Close()
}

// decompress unpacks gzip and zstd, told by their first bytes.
func decompress(f io.ReadCloser) (io.ReadCloser, error) {
	var magic [4]byte
	n, err := io.ReadFull(f, magic[:])
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		f.Close()
		return nil, err
	}
	whole := io.MultiReader(bytes.NewReader(magic[:n]), f)
	switch {
	case n >= 2 && magic[0] == 0x1f && magic[1] == 0x8b:
		z, err := gzip.NewReader(whole)
		if err != nil {
			f.Close()
			return nil, err
		}
		return &unpacked{z, func() { z.Close() }, f}, nil
	case n == 4 && magic == [4]byte{0x28, 0xb5, 0x2f, 0xfd}:
		z, err := zstd.NewReader(whole, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(64<<20))
		if err != nil {
			f.Close()
			return nil, err
		}
		return &unpacked{z, z.Close, f}, nil
	}
	return struct {
		io.Reader
		io.Closer
	}{whole, f}, nil
}
