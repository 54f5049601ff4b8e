package app

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/rogpeppe/go-internal/lockedfile"

	"github.com/gaitkeeper/gaitkeeper/edi/ack"
)

// controlStore gives out control numbers, each once: a small file holds the last one,
// and a lock beside it keeps two runs from taking the same.
type controlStore struct{ path string }

// controlSchema is the first field of the file.
const controlSchema = "gaitkeeper/control/1"

type controlFile struct {
	Schema string `json:"schema"`
	Last   int    `json:"last"` // 0 before the first
}

// openControl is the store of that path; "" is the user's own.
func openControl(path string) (*controlStore, error) {
	if path == "" {
		state := os.Getenv("XDG_STATE_HOME")
		if !filepath.IsAbs(state) { // a relative one is to be ignored, says the standard
			home, err := os.UserHomeDir()
			if err != nil {
				return nil, usage("no place for control numbers: %s", err).withHint("--control FILE names one")
			}
			state = filepath.Join(home, ".local", "state")
		}
		path = filepath.Join(state, "gaitkeeper", "control.json")
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return nil, plainPathError(err)
		}
	}
	return &controlStore{path}, nil
}

// Next takes the next number, from 1 to 999999999 and then from 1 again. It is used
// up even where the run fails behind it.
func (s *controlStore) Next() (int, error) {
	unlock, err := lockedfile.MutexAt(s.path + ".lock").Lock()
	if err != nil {
		return 0, plainPathError(err)
	}
	defer unlock()
	last, err := s.last()
	if err != nil {
		return 0, err
	}
	next := last%ack.MaxNumber + 1
	text, err := json.Marshal(controlFile{controlSchema, next})
	if err != nil {
		return 0, err
	}
	out := create(s.path)
	defer out.discard()
	if _, err := out.Write(append(text, '\n')); err != nil {
		return 0, plainPathError(err)
	}
	return next, out.commit()
}

// last reads the file. One that cannot be understood is refused: numbers would be
// given out again.
func (s *controlStore) last() (int, error) {
	text, err := os.ReadFile(s.path)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	} else if err != nil {
		return 0, plainPathError(err)
	}
	var f controlFile
	d := json.NewDecoder(strings.NewReader(string(text)))
	d.DisallowUnknownFields()
	if err := d.Decode(&f); err != nil || f.Schema != controlSchema || f.Last < 0 || f.Last > ack.MaxNumber {
		return 0, usage("%s: not a file of control numbers", s.path).withHint("it holds {\"schema\":%q,\"last\":N}; --control FILE names another one", controlSchema)
	}
	return f.Last, nil
}

// countedFrom numbers answers from n, without a store.
func countedFrom(n int) func() (int, error) {
	n--
	return func() (int, error) {
		n = n%ack.MaxNumber + 1
		return n, nil
	}
}
