package app

import (
	"fmt"
	"os"
	"testing"
)

// TestMain: what the user of this machine has configured or imported makes no
// difference.
func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "gaitkeeper-test-*")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Setenv("GAITKEEPER_DATA_DIR", dir)
	os.Setenv("GAITKEEPER_CONFIG", noConfig)
	os.Unsetenv("GAITKEEPER_LEDGER")
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}
