package ledger

import (
	"bytes"
	"context"
	"crypto/hmac"
	"database/sql"
	"embed"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite" // the driver of files
)

//go:embed migrations
var migrations embed.FS

// Options say where a ledger is and how to open it.
type Options struct {
	Location string        // a file of SQLite, or a DSN of PostgreSQL
	KeyFile  string        // "": the file of the ledger with .key behind it; PostgreSQL needs one
	Create   bool          // make what is missing; otherwise the ledger must exist
	Wait     time.Duration // how long to wait for another process; 0: not at all
	OnWait   func()        // told once when a wait begins
}

// Ledger is an open ledger, for one goroutine at a time.
type Ledger struct {
	db      *sql.DB
	dialect *dialect
	secret  []byte
	options Options
	schema  string // of PostgreSQL
	version int64
}

// schemaName is where the tables stand in PostgreSQL, unless the DSN has a search_path.
const schemaName = "gaitkeeper"

// applicationID marks a file of SQLite as a ledger: "gait".
const applicationID = 0x67616974

// Open opens a ledger and brings it up to date.
func Open(ctx context.Context, o Options) (*Ledger, error) {
	l := &Ledger{options: o, dialect: sqliteDialect}
	open := l.openSQLite
	if postgres(o.Location) {
		l.dialect = postgresDialect
		open = l.openPostgres
	} else if o.KeyFile == "" {
		l.options.KeyFile = o.Location + ".key"
	}
	if l.options.KeyFile == "" {
		return nil, ErrKeyUnnamed
	}
	err := open(ctx)
	if err == nil {
		err = l.unlock(ctx)
	}
	if err != nil {
		l.Close()
		return nil, err
	}
	return l, nil
}

// Close closes the ledger.
func (l *Ledger) Close() error {
	if l.db == nil {
		return nil
	}
	return l.db.Close()
}

func (l *Ledger) openSQLite(ctx context.Context) error {
	path, err := filepath.Abs(l.options.Location)
	if err != nil {
		return err
	}
	fresh, err := l.claimFile(path)
	if err != nil {
		return err
	}
	dsn := url.URL{Scheme: "file", Path: filepath.ToSlash(path), RawQuery: url.Values{
		"_txlock": {"immediate"},
		"_pragma": {"busy_timeout(0)", "foreign_keys(1)", "synchronous(FULL)", "cache_size(-32768)", "secure_delete(1)"},
	}.Encode()}
	if l.db, err = sql.Open("sqlite", dsn.String()); err != nil {
		return err
	}
	l.db.SetMaxOpenConns(1)
	return l.patiently(ctx, max(l.options.Wait, openingWait), meanwhile, func() error {
		// One that was killed while it made the file may have left this out.
		pragmas := []string{"PRAGMA journal_mode = WAL"}
		if fresh {
			pragmas = []string{fmt.Sprintf("PRAGMA application_id = %d", applicationID), pragmas[0]}
		}
		for _, p := range pragmas {
			if _, err := l.db.ExecContext(ctx, p); err != nil {
				return err
			}
		}
		return l.migrate(ctx)
	})
}

// claimFile looks at the file before SQLite does, which would take any for its own, and
// makes it where it is missing, for its owner only.
func (l *Ledger) claimFile(path string) (fresh bool, err error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		if !l.options.Create {
			return false, fmt.Errorf("%s: %w", l.options.Location, ErrMissing)
		}
		f, err = os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	}
	if err != nil {
		return false, err
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil {
		return false, err
	} else if !info.Mode().IsRegular() {
		return false, fmt.Errorf("%s: %w", l.options.Location, ErrNotLedger)
	}
	var head [72]byte
	n, err := io.ReadFull(f, head[:])
	switch {
	case n == 0 && errors.Is(err, io.EOF) && l.options.Create:
		return true, nil
	case n == 0 && errors.Is(err, io.EOF):
		return false, fmt.Errorf("%s is empty: %w", l.options.Location, ErrMissing)
	case err != nil && !errors.Is(err, io.ErrUnexpectedEOF):
		return false, err
	case n < len(head), !bytes.HasPrefix(head[:], []byte("SQLite format 3\x00")), binary.BigEndian.Uint32(head[68:]) != applicationID:
		return false, fmt.Errorf("%s: %w", l.options.Location, ErrNotLedger)
	}
	return false, nil
}

func (l *Ledger) openPostgres(ctx context.Context) error {
	config, err := pgx.ParseConfig(l.options.Location)
	if err != nil {
		return ErrLocation // what pgx says has the password
	}
	if l.schema = config.RuntimeParams["search_path"]; l.schema == "" {
		l.schema = schemaName
		config.RuntimeParams["search_path"] = l.schema
	}
	config.RuntimeParams["timezone"] = "UTC"
	l.db = stdlib.OpenDB(*config)
	l.db.SetMaxOpenConns(2) // one holds the lock
	defer l.db.SetMaxOpenConns(1)
	lock, err := l.db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("%s:%d cannot be reached: %w", config.Host, config.Port, err)
	}
	defer lock.Close()
	if !l.options.Create {
		var n int
		err := lock.QueryRowContext(ctx, "SELECT count(*) FROM information_schema.tables WHERE table_schema = $1 AND table_name = 'counter'", l.schema).Scan(&n)
		if err != nil {
			return err
		}
		if n == 0 {
			return fmt.Errorf("schema %s of %s: %w", l.schema, config.Database, ErrMissing)
		}
	}
	if _, err := lock.ExecContext(ctx, "SELECT pg_advisory_lock($1)", l.lockNumber("open")); err != nil {
		return err
	}
	defer lock.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", l.lockNumber("open"))
	if l.options.Create {
		if err := l.makeSchema(ctx, lock); err != nil {
			return err
		}
	}
	return l.migrate(ctx)
}

// makeSchema makes the schema of the ledger where it is missing. One that is there may
// be an administrator's work, for a user who may make none.
func (l *Ledger) makeSchema(ctx context.Context, lock *sql.Conn) error {
	var found bool
	err := lock.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = $1)", l.schema).Scan(&found)
	if found || err != nil {
		return err
	}
	_, err = lock.ExecContext(ctx, "CREATE SCHEMA IF NOT EXISTS "+pgx.Identifier{l.schema}.Sanitize())
	return err
}

// lockNumber is an advisory lock of the ledger.
func (l *Ledger) lockNumber(purpose string) int64 {
	h := fnv.New64a()
	io.WriteString(h, "gaitkeeper "+purpose+" "+l.schema)
	return int64(h.Sum64())
}

func isBusy(err error) bool { return errors.Is(err, ErrBusy) || busy(err) }

// meanwhile reports whether an error comes of another process that is opening the
// ledger as well, perhaps making its tables.
func meanwhile(err error) bool {
	return isBusy(err) || strings.Contains(err.Error(), "already exists") || strings.Contains(err.Error(), "no such table")
}

// openingWait is how long opening a ledger waits at least: others that open it are soon
// done.
const openingWait = 2 * time.Second

// pauses between two attempts to get the ledger.
const (
	firstPause = 2 * time.Millisecond
	lastPause  = 200 * time.Millisecond

	quiet = 10 * time.Millisecond // a wait that short is not told
)

// patiently tries again while an error is one that may pass, for as long as wait says.
func (l *Ledger) patiently(ctx context.Context, wait time.Duration, passes func(error) bool, f func() error) error {
	told := false
	pause := firstPause
	for waited := time.Duration(0); ; waited += pause {
		err := f()
		if err == nil || !passes(err) {
			return err
		}
		if waited >= wait {
			if isBusy(err) {
				return ErrBusy
			}
			return err
		}
		if !told && waited >= quiet && l.options.OnWait != nil {
			l.options.OnWait()
			told = true
		}
		pause = min(2*pause, lastPause, wait-waited)
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// migrate brings the tables up to date.
func (l *Ledger) migrate(ctx context.Context) error {
	files, err := fs.Sub(migrations, l.dialect.migrations)
	if err != nil {
		return err
	}
	return l.migrateTo(ctx, files)
}

func (l *Ledger) migrateTo(ctx context.Context, files fs.FS) error {
	p, err := goose.NewProvider(l.dialect.goose, l.db, files, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return err
	}
	newest := int64(0)
	for _, s := range p.ListSources() {
		newest = max(newest, s.Version)
	}
	if l.version, err = p.GetDBVersion(ctx); err != nil {
		return err
	}
	if l.version > newest {
		return fmt.Errorf("schema %d, this program knows %d: %w", l.version, newest, ErrNewer)
	}
	if l.version < newest {
		if _, err := p.Up(ctx); err != nil {
			return err
		}
		l.version = newest
	}
	return nil
}

// unlock reads the key and sees that it is the one with which the ledger was begun.
func (l *Ledger) unlock(ctx context.Context) error {
	var check []byte
	err := l.patiently(ctx, max(l.options.Wait, openingWait), isBusy, func() error {
		err := l.db.QueryRowContext(ctx, "SELECT value FROM meta WHERE name = 'key'").Scan(&check)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return err
	})
	if err != nil {
		return err
	}
	if check == nil && l.options.Create {
		if err := makeKey(l.options.KeyFile); err != nil {
			return err
		}
	}
	if l.secret, err = readKey(l.options.KeyFile); err != nil {
		return err
	}
	own := l.Key([]byte(checked))
	if check == nil {
		return l.patiently(ctx, max(l.options.Wait, openingWait), isBusy, func() error {
			query := l.dialect.bind("INSERT INTO meta (name, value) VALUES ('key', ?) ON CONFLICT (name) DO NOTHING")
			if _, err := l.db.ExecContext(ctx, query, own[:]); err != nil {
				return err
			}
			err := l.db.QueryRowContext(ctx, "SELECT value FROM meta WHERE name = 'key'").Scan(&check)
			if err != nil {
				return err
			}
			return l.sameKey(own, check)
		})
	}
	return l.sameKey(own, check)
}

func (l *Ledger) sameKey(own Key, check []byte) error {
	if !hmac.Equal(own[:], check) {
		return fmt.Errorf("%s: %w", l.options.KeyFile, ErrKeyWrong)
	}
	return nil
}
