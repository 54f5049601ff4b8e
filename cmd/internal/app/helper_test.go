package app

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gaitkeeper/gaitkeeper/edi/editest"
	"github.com/gaitkeeper/gaitkeeper/scrub/rules"
)

// outcome is what a run of the program did.
type outcome struct {
	code           int
	stdout, stderr string
}

func gaitkeeper(t *testing.T, args ...string) outcome {
	t.Helper()
	return gaitkeeperWith(t, context.Background(), nil, args...)
}

func gaitkeeperWith(t *testing.T, ctx context.Context, stdin io.Reader, args ...string) outcome {
	t.Helper()
	if stdin == nil {
		stdin = strings.NewReader("")
	}
	var stdout, stderr bytes.Buffer
	code := run(ctx, append([]string{"gaitkeeper"}, args...), &environment{stdin, &stdout, &stderr, rules.All()})
	return outcome{code, stdout.String(), stderr.String()}
}

// mustExit fails the test where the run ended otherwise.
func (o outcome) mustExit(t *testing.T, code int) outcome {
	t.Helper()
	if o.code != code {
		t.Fatalf("exit %d, want %d\n%s", o.code, code, o.stderr)
	}
	return o
}

func write(t *testing.T, content []byte, path ...string) string {
	t.Helper()
	name := filepath.Join(path...)
	if err := os.WriteFile(name, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func read(t *testing.T, path ...string) []byte {
	t.Helper()
	b, err := readFile(path...)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func readFile(path ...string) ([]byte, error) { return os.ReadFile(filepath.Join(path...)) }

// onlyFiles fails the test where the directory holds other files than these.
func onlyFiles(t *testing.T, dir string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("the directory holds %q, want %q", got, want)
	}
}

// faulty are claims of which two in three have faults that can be corrected, some
// of them only unsafely, and some that cannot be. Counts of the envelope are wrong.
func faulty(claims int) []string {
	list := editest.Claims(claims)
	line := 0
	for i, s := range list {
		switch {
		case strings.HasPrefix(s, "SV1*HC:97110"):
			line++
			switch line % 6 {
			case 0:
				list[i] = strings.Replace(s, ":GP", "", 1)
			case 1:
				list[i] = strings.Replace(s, ":GP*", ":GP:GP*", 1)
			case 2:
				list[i] = strings.Replace(s, "*UN*2*", "*UN*2.0*", 1)
			case 3:
				list[i] = strings.Replace(s, ":GP*", ":GP:26*", 1)
			}
		case strings.HasPrefix(s, "HI*") && line%7 == 0:
			list[i] = strings.Replace(s, "R262", "R26.2", 1)
		case strings.HasPrefix(s, "SE*"):
			list[i] = "SE*7*0001"
		}
	}
	return list
}
