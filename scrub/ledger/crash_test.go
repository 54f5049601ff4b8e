//go:build unix

package ledger

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// A child process of these tests records files until it is killed.
const (
	childEnv  = "GAITKEEPER_LEDGER_CHILD"
	childKey  = "GAITKEEPER_LEDGER_KEY"
	childName = "GAITKEEPER_LEDGER_NAME"
)

// manyFiles is how many files a child records, each of manyClaims claims of the same
// patients' days; in every second file the claims replace those of the one before.
const (
	manyFiles  = 12
	manyClaims = 150
)

func many(l *Ledger, n int) []*Claim {
	list := make([]*Claim, manyClaims)
	for i := range list {
		c := claim(l, strconv.Itoa(i%40), "C"+strconv.Itoa(i), int32(20260101+i%28))
		if n%2 == 1 {
			c.Frequency = '7'
		}
		list[i] = c
	}
	return list
}

// child records many files, and ends with the status 3 where that fails.
func child() {
	l, err := Open(context.Background(), Options{Location: os.Getenv(childEnv), KeyFile: os.Getenv(childKey), Create: true, Wait: time.Minute})
	if err == nil {
		err = recordMany(l, os.Getenv(childName))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(3)
	}
}

func recordMany(l *Ledger, name string) error {
	for n := range manyFiles {
		r, err := l.Begin(context.Background())
		if err != nil {
			return err
		}
		name := name + strconv.Itoa(n)
		if _, _, err := recordAs(r, File{Kind: Claims, Digest: digest(name), Name: name, Recorded: 20260201}, many(l, n)...); err != nil {
			return errors.Join(err, r.Rollback())
		}
		if err := r.Commit(); err != nil {
			return err
		}
	}
	return nil
}

func startChild(t *testing.T, o Options, name string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childEnv+"="+o.Location, childKey+"="+o.KeyFile, childName+"="+name)
	cmd.Stderr = os.Stderr
	must(t, cmd.Start())
	return cmd
}

// contents is the whole ledger as a text.
func contents(t *testing.T, l *Ledger) string {
	t.Helper()
	r, err := l.View(context.Background())
	must(t, err)
	defer r.Rollback()
	text := ""
	must(t, r.walk(context.Background(), func(list []row) error {
		for i := range list {
			c := &list[i]
			text += fmt.Sprintln(c.FileName, c.File, c.Ordinal, c.ID, string(c.Frequency), len(c.Lines), c.counted, c.gone)
		}
		return nil
	}))
	return text
}

// However often recording is killed and begun again, the ledger is whole, and in the
// end the one that a single run makes.
func TestKilled(t *testing.T) {
	eachDatabase(t, func(t *testing.T, o Options) {
		if o.KeyFile == "" {
			o.KeyFile = o.Location + ".key"
		}
		cmd := startChild(t, o, "f")
		started := time.Now()
		must(t, cmd.Wait())
		whole := time.Since(started)
		l := open(t, o)
		want := contents(t, l)
		if want == "" {
			t.Fatal("nothing was recorded")
		}

		killed := o
		if postgres(o.Location) {
			killed.Location = postgresDSN(t)
		} else {
			killed.Location = filepath.Join(t.TempDir(), "killed.db")
		}
		rounds := 12
		if testing.Short() {
			rounds = 3
		}
		for range rounds {
			cmd := startChild(t, killed, "f")
			time.Sleep(time.Duration(rand.Int64N(int64(whole))))
			must(t, cmd.Process.Kill())
			cmd.Wait()                     // says that it was killed, or that it was done before
			killed.Wait = 10 * time.Second // until the server has seen it
			after, err := Open(context.Background(), killed)
			must(t, err)
			problems, err := after.Verify(context.Background())
			must(t, err)
			if len(problems) > 0 {
				t.Fatalf("after a kill: %q", problems)
			}
			must(t, after.Close())
		}
		must(t, startChild(t, killed, "f").Wait())
		if got := contents(t, open(t, killed)); got != want {
			t.Error("the ledger is another than that of a run that was not killed")
		}
	})
}

// Two processes at once: each waits for the other, and nothing is lost.
func TestTwoProcesses(t *testing.T) {
	eachDatabase(t, func(t *testing.T, o Options) {
		if o.KeyFile == "" {
			o.KeyFile = o.Location + ".key"
		}
		a, b := startChild(t, o, "a"), startChild(t, o, "b")
		must(t, a.Wait())
		must(t, b.Wait())
		l := open(t, o)
		s, err := l.Status(context.Background(), 20260301)
		must(t, err)
		if s.Files != 2*manyFiles || s.Claims != 2*manyFiles*manyClaims || s.Standing != manyClaims {
			t.Errorf("%d files, %d claims, %d standing", s.Files, s.Claims, s.Standing)
		}
		problems, err := l.Verify(context.Background())
		must(t, err)
		if len(problems) > 0 {
			t.Errorf("%q", problems)
		}
	})
}

// A ledger that many open at the same time for the first time is made once.
func TestOpenedAtOnce(t *testing.T) {
	eachDatabase(t, func(t *testing.T, o Options) {
		const openers = 8
		errs := make(chan error, openers)
		for range openers {
			go func() {
				l, err := Open(context.Background(), o)
				if err == nil {
					err = l.Close()
				}
				errs <- err
			}()
		}
		for range openers {
			if err := <-errs; err != nil {
				t.Error(err)
			}
		}
	})
}

func TestBusy(t *testing.T) {
	eachDatabase(t, func(t *testing.T, o Options) {
		first := open(t, o)
		r := begin(t, first)
		told := 0
		o.OnWait = func() { told++ }
		second := open(t, o) // opening and reading wait for nobody
		if _, err := second.Status(context.Background(), 20260101); err != nil {
			t.Errorf("status while another process records: %v", err)
		}
		if _, err := second.Begin(context.Background()); !errors.Is(err, ErrBusy) {
			t.Errorf("begin: %v, want ErrBusy", err)
		}
		if told != 0 {
			t.Error("a wait was told without one")
		}
		second.options.Wait = 20 * time.Millisecond
		if _, err := second.Begin(context.Background()); !errors.Is(err, ErrBusy) || told != 1 {
			t.Errorf("begin with patience: %v, told %d times", err, told)
		}
		second.options.Wait = time.Minute
		time.AfterFunc(50*time.Millisecond, func() { r.Rollback() })
		next, err := second.Begin(context.Background())
		must(t, err)
		must(t, next.Rollback())
		ctx, cancel := context.WithCancel(context.Background())
		r = begin(t, first)
		cancel()
		if _, err := second.Begin(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("begin after it was cancelled: %v", err)
		}
	})
}
