package cms

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"path/filepath"
	"strings"
	"sync"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"

	"github.com/gaitkeeper/gaitkeeper/scrub/ncci"
)

// Source is a file as it was published, or downloaded.
type Source struct {
	Name string // its path
	io.ReaderAt
	Size int64
}

// Skipped is a file that holds no table, and why.
type Skipped struct {
	Source    int // number of the source it stands in
	File, Why string
}

// Result is what sources hold, in the order of the sources and of what is in them.
type Result struct {
	Tables  []*Table
	Sources []int // of each table, the number of its source
	Skipped []Skipped
}

// Read reads all tables of the sources. Of a table that stands in an archive as text
// and as a sheet, the text is read. An error names the file; a table with malformed
// rows is none: see [Table.Err].
func Read(ctx context.Context, sources []Source, o Options) (*Result, error) {
	out := &Result{}
	var list []member
	for i, s := range sources {
		x := expansion{source: i, ctx: ctx}
		if err := x.add(filepath.Base(s.Name), s.ReaderAt, s.Size, 0); err != nil {
			return nil, fmt.Errorf("%s: %w", s.Name, err)
		}
		list, out.Skipped = append(list, x.members...), append(out.Skipped, x.skipped...)
	}
	type answer struct {
		table *Table
		why   string
		err   error
	}
	answers := make([]answer, len(list))
	next := make(chan int)
	var work sync.WaitGroup
	for range max(1, min(o.Jobs, len(list))) {
		work.Go(func() {
			for i := range next {
				a := &answers[i]
				a.table, a.why, a.err = list[i].read(ctx, &o)
			}
		})
	}
	for i := range list {
		next <- i
	}
	close(next)
	work.Wait()
	for i, a := range answers {
		switch {
		case a.err != nil:
			return nil, fmt.Errorf("%s: %w", list[i].file, a.err)
		case a.table == nil:
			out.Skipped = append(out.Skipped, Skipped{list[i].source, list[i].file, a.why})
		default:
			out.Tables, out.Sources = append(out.Tables, a.table), append(out.Sources, list[i].source)
		}
	}
	return out, nil
}

// member is a file that may be a table.
type member struct {
	source int
	file   string
	open   func() (io.ReadCloser, error)
	sheets *zip.Reader // of a workbook
}

// nest is what stands between the names of archives and of what is in them.
const nest = ": "

// Archives in archives are read into memory: no more than this many bytes of one, and
// no deeper than that.
const (
	mostNested = 1 << 30
	deepest    = 4
)

// expansion takes a source apart.
type expansion struct {
	source  int
	ctx     context.Context
	members []member
	skipped []Skipped
}

func (x *expansion) skip(file, format string, args ...any) {
	x.skipped = append(x.skipped, Skipped{x.source, file, fmt.Sprintf(format, args...)})
}

func (x *expansion) add(file string, r io.ReaderAt, size int64, depth int) error {
	var magic [4]byte
	if _, err := r.ReadAt(magic[:], 0); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	whole := func() (io.ReadCloser, error) { return io.NopCloser(io.NewSectionReader(r, 0, size)), nil }
	switch {
	case string(magic[:2]) == "\x1f\x8b":
		x.members = append(x.members, member{x.source, file, func() (io.ReadCloser, error) {
			return gzip.NewReader(io.NewSectionReader(r, 0, size))
		}, nil})
		return nil
	case string(magic[:]) != "PK\x03\x04" && string(magic[:]) != "PK\x05\x06":
		x.members = append(x.members, member{x.source, file, whole, nil})
		return nil
	}
	z, err := zip.NewReader(r, size)
	if err != nil {
		return err
	}
	z.RegisterDecompressor(zip.Deflate, flate.NewReader)
	for _, f := range z.File {
		switch f.Name {
		case "xl/workbook.xml":
			x.members = append(x.members, member{x.source, file, nil, z})
			return nil
		case "[Content_Types].xml":
			if !isWorkbook(z) {
				x.skip(file, "a document, not a sheet")
				return nil
			}
		}
	}
	return x.archive(file, z, depth)
}

func isWorkbook(z *zip.Reader) bool {
	for _, f := range z.File {
		if f.Name == "xl/workbook.xml" {
			return true
		}
	}
	return false
}

// archive adds what is in a zip archive.
func (x *expansion) archive(file string, z *zip.Reader, depth int) error {
	plain := map[string]string{} // names of text files by their stems
	for _, f := range z.File {
		if ext := strings.ToLower(path.Ext(f.Name)); ext == ".txt" || ext == ".csv" {
			plain[stem(f.Name)] = f.Name
		}
	}
	for _, f := range z.File {
		name := file + nest + f.Name
		base := path.Base(f.Name)
		if f.FileInfo().IsDir() || strings.HasPrefix(base, "._") || base == ".DS_Store" {
			continue
		}
		if f.Flags&1 != 0 {
			return fmt.Errorf("%s is encrypted", f.Name)
		}
		ext := strings.ToLower(path.Ext(f.Name))
		if twin, ok := plain[stem(f.Name)]; ok && ext == ".xlsx" {
			x.skip(name, "the same table as %s", twin)
			continue
		}
		if ext != ".zip" && ext != ".xlsx" {
			x.members = append(x.members, member{x.source, name, f.Open, nil})
			continue
		}
		if depth == deepest {
			x.skip(name, "an archive in an archive in an archive")
			continue
		}
		inner, err := unpack(x.ctx, f)
		if err != nil {
			return fmt.Errorf("%s: %w", f.Name, err)
		}
		if err := x.add(name, bytes.NewReader(inner), int64(len(inner)), depth+1); err != nil {
			return fmt.Errorf("%s: %w", f.Name, err)
		}
	}
	return nil
}

func stem(name string) string {
	name = strings.ToLower(path.Base(name))
	return strings.TrimSuffix(name, path.Ext(name))
}

func unpack(ctx context.Context, f *zip.File) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	b, err := io.ReadAll(io.LimitReader(cancelled{ctx, r}, mostNested+1))
	if err == nil && len(b) > mostNested {
		err = errors.New("too large for an archive in an archive")
	}
	return b, err
}

// cancelled is a reader that ends with its context.
type cancelled struct {
	ctx context.Context
	io.Reader
}

func (c cancelled) Read(b []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.Reader.Read(b)
}

// read reads a table; why says why there is none.
func (m *member) read(ctx context.Context, o *Options) (t *Table, why string, err error) {
	if what := foreignTo([]byte(m.file)); what != "" {
		return nil, notOurs(what), nil
	}
	b := &builder{Table: &Table{File: m.file}, Options: o, seen: map[ncci.Code]int{}}
	if m.sheets != nil {
		return b.workbook(ctx, m.sheets)
	}
	r, err := m.open()
	if err != nil {
		return nil, "", err
	}
	defer r.Close()
	in := bufio.NewReaderSize(cancelled{ctx, r}, headSize)
	head, err := in.Peek(headSize)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, "", err
	}
	l, why := shapeOf(head)
	if why != "" {
		return nil, why, nil
	}
	if l.kind == ncci.Limits {
		if what := foreignTo(head[:min(len(head), 1<<16)]); what != "" {
			return nil, notOurs(what), nil
		}
	}
	b.Kind = l.kind
	b.Part.Number = partIn(m.file)
	start := bytes.Clone(head[:min(len(head), 1<<12)])
	switch {
	case l.comma == 0:
		err = b.columns(in)
	case l.kind == ncci.Pairs && l.comma == '\t':
		err = b.tabbed(in)
	default:
		err = b.separated(in, l.comma)
	}
	if err == nil {
		err = b.finish(start)
	}
	return b.Table, "", err
}

func notOurs(what string) string {
	return what + "; claims of practitioners need the practitioner table"
}

// NamedQuarter is the first day that the names of a file tell (see [Table]), the
// innermost one first; 0 if none does.
func NamedQuarter(file string) int32 {
	names := strings.Split(file, nest)
	for i := len(names) - 1; i >= 0; i-- {
		if d := quarterOf(names[i]); d != 0 {
			return d
		}
	}
	return 0
}

func partIn(file string) int {
	names := strings.Split(file, nest)
	for i := len(names) - 1; i >= 0; i-- {
		if n := partOf(names[i]); n != 0 {
			return n
		}
	}
	return 0
}
