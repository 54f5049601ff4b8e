package app

import (
	"bytes"
	"io"
	"os"
)

// heldOutput holds an output back until it is known that all of it is wanted: in
// memory, and beyond 8 MiB in a temporary file that only the user can read.
type heldOutput struct {
	head   bytes.Buffer
	file   *os.File
	size   int64 // of both
	marked int64
}

func (h *heldOutput) Write(b []byte) (int, error) {
	h.size += int64(len(b))
	if h.file == nil && h.size <= spoolInMemory {
		return h.head.Write(b)
	}
	if h.file == nil {
		f, err := os.CreateTemp("", "gaitkeeper-*") // mode 0600
		if err != nil {
			return 0, err
		}
		os.Remove(f.Name())
		h.file = f
	}
	return h.file.Write(b)
}

// mark is where rewind goes back to.
func (h *heldOutput) mark() error {
	h.marked = h.size
	return nil
}

// rewind takes back what was written since mark.
func (h *heldOutput) rewind() error {
	h.size = h.marked
	inHead := min(int64(h.head.Len()), h.size)
	h.head.Truncate(int(inHead))
	if h.file == nil {
		return nil
	}
	if err := h.file.Truncate(h.size - inHead); err != nil {
		return err
	}
	_, err := h.file.Seek(h.size-inHead, io.SeekStart)
	return err
}

func (h *heldOutput) copyTo(w io.Writer) error {
	if _, err := w.Write(h.head.Bytes()); err != nil || h.file == nil {
		return err
	}
	_, err := io.Copy(w, io.NewSectionReader(h.file, 0, h.size-int64(h.head.Len())))
	return err
}

func (h *heldOutput) remove() {
	if h.file != nil {
		h.file.Close()
		os.Remove(h.file.Name())
	}
}
