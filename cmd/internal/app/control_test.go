package app

import (
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// TestControlNumbers: numbers are given once, also to those who ask at the same time,
// and go around after the last.
func TestControlNumbers(t *testing.T) {
	path := filepath.Join(t.TempDir(), "control.json")
	var mu sync.Mutex
	given := map[int]bool{}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			s, err := openControl(path)
			if err != nil {
				t.Error(err)
				return
			}
			for range 10 {
				n, err := s.Next()
				mu.Lock()
				if err != nil || given[n] {
					t.Errorf("number %d: given before, or %v", n, err)
				}
				given[n] = true
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if len(given) != 40 || !given[1] || !given[40] {
		t.Errorf("%d numbers: %v", len(given), given)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("the file: %v", info.Mode())
	}
	write(t, []byte(`{"schema":"gaitkeeper/control/1","last":999999999}`), path)
	if n, err := (&controlStore{path}).Next(); n != 1 || err != nil {
		t.Errorf("after the last: %d, %v", n, err)
	}
}

// TestControlRefused: a file that is no store is left as it is.
func TestControlRefused(t *testing.T) {
	for _, text := range []string{"", "{}", "17", `{"schema":"gaitkeeper/control/2","last":1}`, `{"schema":"gaitkeeper/control/1","last":-1}`, `{"schema":"gaitkeeper/control/1","last":1000000000}`, `{"schema":"gaitkeeper/control/1","next":1}`} {
		path := write(t, []byte(text), t.TempDir(), "control.json")
		_, err := (&controlStore{path}).Next()
		var f *fault
		if !errors.As(err, &f) || f.code != exitUsage {
			t.Errorf("%q: %v", text, err)
		}
		if got := string(read(t, path)); got != text {
			t.Errorf("%q became %q", text, got)
		}
	}
}
