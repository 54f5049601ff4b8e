package datadir

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/natefinch/atomic"

	"github.com/gaitkeeper/gaitkeeper/scrub/ncci"
	"github.com/gaitkeeper/gaitkeeper/scrub/ncci/cms"
)

// A file is the magic, the length of the manifest (4 bytes, little endian), the
// manifest as JSON, the rows as package ncci encodes them, and the SHA-256 of all
// that. Another version of the layout has another magic.
const magic = "gaitkeeper data 1\n"

const mostManifest = 1 << 20

// Manifest is what is known of a publication.
type Manifest struct {
	Name      string      `json:"name"`
	Kind      string      `json:"kind"` // PTP, MUE, AOC, PFS
	Program   cms.Program `json:"program"`
	Effective int32       `json:"effective"` // CCYYMMDD
	All       bool        `json:"all_codes"` // else rows with a therapy code
	Rows      int         `json:"rows"`      // that are kept
	Read      int         `json:"rows_read"` // over all sources
	Void      int         `json:"rows_void"` // never in force
	Malformed int         `json:"rows_malformed"`
	Parts     []Part      `json:"parts,omitempty"` // PTP
	Sources   []Source    `json:"sources"`
}

// Part is a part of a PTP table that is there.
type Part struct {
	Number int    `json:"number,omitempty"`
	First  string `json:"first"` // column 1
	Last   string `json:"last"`
}

// Source is a file that rows came from.
type Source struct {
	File      string    `json:"file"` // its name, and those inside archives
	SHA256    string    `json:"sha256"`
	Read      int       `json:"rows_read"`
	Void      int       `json:"rows_void"`
	Malformed int       `json:"rows_malformed"`
	Part      int       `json:"part,omitempty"`
	First     string    `json:"first,omitempty"`
	Last      string    `json:"last,omitempty"`
	Imported  time.Time `json:"imported"`

	earlier bool // than the import at hand
}

// DamagedError is a publication that cannot be read back.
type DamagedError struct {
	Name, File string
	Why        string
}

func (e *DamagedError) Error() string { return fmt.Sprintf("%s: %s", e.File, e.Why) }

// encode writes a publication as a file.
func encode(m *Manifest, rows *ncci.Rows) ([]byte, error) {
	j, err := json.Marshal(m)
	if err != nil {
		return nil, err
	}
	b := make([]byte, 0, len(magic)+4+len(j)+6*rows.Len()+256)
	b = append(b, magic...)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(j)))
	b = append(b, j...)
	if b, err = rows.AppendBinary(b); err != nil {
		return nil, err
	}
	sum := sha256.Sum256(b)
	return append(b, sum[:]...), nil
}

// decode reads a file; why says what is wrong with it.
func decode(b []byte) (m *Manifest, rows *ncci.Rows, why string) {
	m, size, why := decodeHead(b)
	if why != "" {
		return nil, nil, why
	}
	end := len(b) - sha256.Size
	if end < size {
		return nil, nil, "cut off"
	}
	if sum := sha256.Sum256(b[:end]); !bytes.Equal(sum[:], b[end:]) {
		return nil, nil, "checksum does not match"
	}
	rows = new(ncci.Rows)
	if err := rows.UnmarshalBinary(b[size:end]); err != nil {
		return nil, nil, err.Error()
	}
	return m, rows, ""
}

// decodeHead reads the manifest and returns where it ends.
func decodeHead(b []byte) (m *Manifest, size int, why string) {
	if !bytes.HasPrefix(b, []byte(magic)) {
		if bytes.HasPrefix(b, []byte("gaitkeeper data ")) {
			return nil, 0, "written by another version of gaitkeeper: import it again"
		}
		return nil, 0, "not a file of reference data"
	}
	if len(b) < len(magic)+4 {
		return nil, 0, "cut off"
	}
	n := int(binary.LittleEndian.Uint32(b[len(magic):]))
	size = len(magic) + 4 + n
	if n > mostManifest || size > len(b) {
		return nil, 0, "cut off"
	}
	m = new(Manifest)
	if err := json.Unmarshal(b[len(magic)+4:size], m); err != nil {
		return nil, 0, "manifest cannot be read"
	}
	return m, size, ""
}

// Manifest reads what is known of a publication, without its rows.
func (d *Dir) Manifest(name string) (*Manifest, error) {
	f, err := os.Open(d.file(name))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, int64(len(magic))+4+mostManifest))
	if err != nil {
		return nil, err
	}
	m, _, why := decodeHead(b)
	if why == "" && m.Name != name {
		why = "holds " + m.Name
	}
	if why != "" {
		return nil, &DamagedError{name, d.file(name), why}
	}
	return m, nil
}

// Load reads a publication and checks its sum.
func (d *Dir) Load(name string) (*Manifest, *ncci.Publication, error) {
	b, err := os.ReadFile(d.file(name))
	if err != nil {
		return nil, nil, err
	}
	m, rows, why := decode(b)
	if why == "" && m.Name != name {
		why = "holds " + m.Name
	}
	if why == "" && kindOf(m.Kind) == 0 {
		why = "a kind of table that is not known"
	}
	if why != "" {
		return nil, nil, &DamagedError{name, d.file(name), why}
	}
	return m, m.publication(rows), nil
}

// file is a publication that is not in its place yet.
type file struct {
	name      string
	temporary string // path
}

// prepare writes a publication under a name that nobody looks at.
func (d *Dir) prepare(name string, b []byte) (out file, err error) {
	f, err := os.CreateTemp(d.path, temporary) // mode 0600
	if err != nil {
		return file{}, err
	}
	_, err = f.Write(b)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return file{}, errors.Join(err, os.Remove(f.Name()))
	}
	return file{name, f.Name()}, nil
}

// place puts publications in their places once all of them are written.
func (d *Dir) place(files []file) error {
	for _, f := range files {
		if err := atomic.ReplaceFile(f.temporary, d.file(f.name)); err != nil {
			return err
		}
	}
	return nil
}
