package ledger

import (
	"errors"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// dialect is how the two databases differ.
type dialect struct {
	goose      goose.Dialect
	migrations string
	numbered   bool            // parameters are $1 instead of ?
	casts      map[byte]string // of parameters in lists of values: b bytes, i integers, t text
}

var (
	sqliteDialect   = &dialect{goose: goose.DialectSQLite3, migrations: "migrations/sqlite"}
	postgresDialect = &dialect{
		goose: goose.DialectPostgres, migrations: "migrations/postgres", numbered: true,
		casts: map[byte]string{'b': "::bytea", 'i': "::bigint", 't': "::text"},
	}
)

// settings are what a DSN may begin with that is no URL: host=... dbname=...
var settings = map[string]bool{
	"host": true, "hostaddr": true, "port": true, "dbname": true, "database": true, "user": true, "password": true, "passfile": true,
	"service": true, "servicefile": true, "connect_timeout": true, "target_session_attrs": true, "application_name": true, "options": true,
	"sslmode": true, "sslcert": true, "sslkey": true, "sslrootcert": true, "search_path": true,
}

// postgres reports whether a location is a DSN of PostgreSQL; others are files. A DSN
// that was taken for a file would put the password into its name.
func postgres(location string) bool {
	for _, p := range []string{"postgres://", "postgresql://"} {
		if strings.HasPrefix(location, p) {
			return true
		}
	}
	first, _, found := strings.Cut(location, "=")
	return found && settings[strings.TrimSpace(first)]
}

// bind writes the parameters of a statement as the database wants them.
func (d *dialect) bind(query string) string {
	if !d.numbered {
		return query
	}
	var b strings.Builder
	n := 0
	for _, c := range query {
		if c != '?' {
			b.WriteRune(c)
			continue
		}
		n++
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(n))
	}
	return b.String()
}

// values is a list of rows with the kinds of columns, all of them parameters.
func (d *dialect) values(kinds string, rows int) string {
	row := make([]string, len(kinds))
	for i := range row {
		row[i] = "?" + d.casts[kinds[i]]
	}
	one := "(" + strings.Join(row, ",") + ")"
	return "VALUES " + strings.Repeat(one+",", rows-1) + one
}

// busy reports whether an error says that another process holds the database.
func busy(err error) bool {
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		code := lite.Code() & 0xff
		return code == sqlite3.SQLITE_BUSY || code == sqlite3.SQLITE_LOCKED
	}
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.Code == "55P03" // lock_not_available
}
