//go:build unix

package ledger

import (
	"database/sql"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"
)

// A server of PostgreSQL of the tests' own, on loopback, in a temporary directory. An
// address in GAITKEEPER_TEST_POSTGRES is used instead. Without either these tests are
// skipped.
var server struct {
	once    sync.Once
	dsn     string
	problem string
	stop    func()
}

func TestMain(m *testing.M) {
	if os.Getenv(childEnv) != "" {
		child()
		return
	}
	code := m.Run()
	if server.stop != nil {
		server.stop()
	}
	os.Exit(code)
}

// postgresDSN is the server, with a schema that no other test has.
func postgresDSN(t testing.TB) string {
	t.Helper()
	server.once.Do(startServer)
	if server.problem != "" {
		t.Skip("no PostgreSQL: " + server.problem)
	}
	schemas.Lock()
	defer schemas.Unlock()
	schemas.n++
	return fmt.Sprintf("%s&search_path=test_%d_%d", server.dsn, os.Getpid(), schemas.n)
}

var schemas struct {
	sync.Mutex
	n int
}

func startServer() {
	if dsn := os.Getenv("GAITKEEPER_TEST_POSTGRES"); dsn != "" {
		server.dsn = dsn
		return
	}
	programs, err := postgresPrograms()
	if err != nil {
		server.problem = err.Error()
		return
	}
	dir, err := os.MkdirTemp("", "gaitkeeper-postgres-")
	if err != nil {
		server.problem = err.Error()
		return
	}
	server.stop = func() { os.RemoveAll(dir) }
	if server.problem = runServer(programs, dir); server.problem != "" {
		server.stop()
		server.stop = nil
	}
}

// postgresPrograms is the directory of initdb and postgres.
func postgresPrograms() (string, error) {
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path), nil
	}
	list, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(list) == 0 {
		return "", fmt.Errorf("initdb is not installed")
	}
	return filepath.Dir(list[len(list)-1]), nil
}

func runServer(programs, dir string) (problem string) {
	attr, err := servant(dir)
	if err != nil {
		return err.Error()
	}
	data := filepath.Join(dir, "data")
	initdb := exec.Command(filepath.Join(programs, "initdb"), "-D", data, "-U", "gaitkeeper", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
	initdb.SysProcAttr, initdb.Dir = attr, dir
	if out, err := initdb.CombinedOutput(); err != nil {
		return fmt.Sprintf("initdb: %v: %s", err, out)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err.Error()
	}
	port := l.Addr().(*net.TCPAddr).Port
	l.Close()
	cmd := exec.Command(filepath.Join(programs, "postgres"), "-D", data, "-p", strconv.Itoa(port), "-k", dir, "-c", "listen_addresses=127.0.0.1")
	cmd.SysProcAttr, cmd.Dir = attr, dir
	if err := cmd.Start(); err != nil {
		return err.Error()
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	server.stop = func() {
		cmd.Process.Signal(syscall.SIGINT)
		<-ended
		os.RemoveAll(dir)
	}
	server.dsn = fmt.Sprintf("postgres://gaitkeeper@127.0.0.1:%d/postgres?sslmode=disable", port)
	for deadline := time.Now().Add(30 * time.Second); ; {
		err := answers(server.dsn)
		if err == nil {
			return ""
		}
		if time.Now().After(deadline) {
			server.stop()
			server.stop = func() {}
			return "the server does not come up: " + err.Error()
		}
		select {
		case err := <-ended:
			ended <- err
			return fmt.Sprintf("postgres ended: %v", err)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// answers reports whether the server takes queries; it takes connections before.
func answers(dsn string) error {
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return err
	}
	defer db.Close()
	return db.Ping()
}

// servant lets the server run as another user where the tests run as root, which
// PostgreSQL refuses.
func servant(dir string) (*syscall.SysProcAttr, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.Atoi(u.Uid)
		if err != nil {
			return nil, err
		}
		gid, err := strconv.Atoi(u.Gid)
		if err != nil {
			return nil, err
		}
		if err := os.Chown(dir, uid, gid); err != nil {
			return nil, err
		}
		return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}, nil
	}
	return nil, fmt.Errorf("there is no user to run the server as")
}
