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
		return nil, errors.New("a ledger in PostgreSQL needs the file of its key")
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
		"_pragma": {"busy_timeout(0)", "foreign_keys(1)", "synchronous(FULL)", "cache_size(-32768)"},
	}.Encode()}
	if l.db, err = sql.Open("sqlite", dsn.String()); err != nil {
		return err
	}
	l.db.SetMaxOpenConns(1)
	return l.patiently(ctx, busy, func() error {
		if fresh {
			for _, p := range []string{fmt.Sprintf("PRAGMA application_id = %d", applicationID), "PRAGMA journal_mode = WAL"} {
				if _, err := l.db.ExecContext(ctx, p); err != nil {
					return err
				}
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
		if _, err := os.Stat(l.options.KeyFile); l.options.KeyFile != l.options.Location+".key" && err == nil {
			// A key that was named may be that of another ledger; it fits a new one as well.
			if _, err := readKey(l.options.KeyFile); err != nil {
				return false, err
			}
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
		return errors.New("the DSN of the ledger cannot be read: postgres://user@host/database is expected") // the error has the password
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
	err = l.patiently(ctx, isBusy, func() error { return l.try(ctx, lock, "SELECT pg_try_advisory_lock($1)") })
	if err != nil {
		return err
	}
	defer lock.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", l.lockNumber())
	if l.options.Create {
		if _, err := lock.ExecContext(ctx, "CREATE SCHEMA IF NOT EXISTS "+pgx.Identifier{l.schema}.Sanitize()); err != nil {
			return err
		}
	}
	return l.migrate(ctx)
}

// lockNumber is the advisory lock of the ledger.
func (l *Ledger) lockNumber() int64 {
	h := fnv.New64a()
	io.WriteString(h, "gaitkeeper ledger "+l.schema)
	return int64(h.Sum64())
}

// queryer is a transaction or a connection.
type queryer interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// try takes the advisory lock, or says ErrBusy.
func (l *Ledger) try(ctx context.Context, q queryer, query string) error {
	var taken bool
	if err := q.QueryRowContext(ctx, query, l.lockNumber()).Scan(&taken); err != nil {
		return err
	}
	if !taken {
		return ErrBusy
	}
	return nil
}

func isBusy(err error) bool { return errors.Is(err, ErrBusy) || busy(err) }

// pauses between two attempts to get the ledger.
const (
	firstPause = 2 * time.Millisecond
	lastPause  = 200 * time.Millisecond
)

// patiently tries again while an error is one that may pass, as long as the options
// allow.
func (l *Ledger) patiently(ctx context.Context, passes func(error) bool, f func() error) error {
	told := false
	pause := firstPause
	for waited := time.Duration(0); ; waited += pause {
		err := f()
		if err == nil || !passes(err) {
			return err
		}
		if waited >= l.options.Wait {
			return ErrBusy
		}
		if !told && l.options.OnWait != nil {
			l.options.OnWait()
		}
		told = true
		pause = min(2*pause, lastPause, l.options.Wait-waited)
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
	err := l.db.QueryRowContext(ctx, "SELECT value FROM meta WHERE name = 'key'").Scan(&check)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
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
		return l.patiently(ctx, isBusy, func() error {
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
