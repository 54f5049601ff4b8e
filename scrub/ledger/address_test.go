//go:build unix

package ledger

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAddresses(t *testing.T) {
	for address, want := range map[string]bool{
		"ledger.db":            false,
		"/srv/a=b/ledger.db":   false,
		"./user=x":             false,
		"postgres://u@h/d":     true,
		"postgresql://u@h/d":   true,
		"host=h dbname=d":      true,
		"dbname=d host=h":      true,
		"user=u password=p":    true,
		"sslmode = disable":    true,
		"password=p host=h":    true,
		"postgres.db":          false,
		"service=practice":     true,
		"hostess=h/ledger.db":  false,
		"dbname/with=equal.db": false,
	} {
		if got := postgres(address); got != want {
			t.Errorf("%s: a DSN: %v, want %v", address, got, want)
		}
	}
}

// A process that was killed when it had begun a file, and not yet said how SQLite is to
// write it: the next one says so.
func TestJournalAfterKill(t *testing.T) {
	name := filepath.Join(t.TempDir(), "ledger.db")
	must(t, os.WriteFile(name, nil, 0o600))
	db, err := sql.Open("sqlite", name)
	must(t, err)
	_, err = db.Exec(fmt.Sprintf("PRAGMA application_id = %d", applicationID))
	must(t, err)
	must(t, db.Close())
	l := open(t, Options{Location: name, Create: true})
	var mode string
	must(t, l.db.QueryRow("PRAGMA journal_mode").Scan(&mode))
	if mode != "wal" {
		t.Errorf("journal mode is %s", mode)
	}
}

// A user who may not make schemas uses the one that an administrator made.
func TestSchemaOfAdministrator(t *testing.T) {
	ctx := context.Background()
	dsn := postgresDSN(t)
	admin, err := sql.Open("pgx", dsn)
	must(t, err)
	defer admin.Close()
	_, schema, _ := strings.Cut(dsn, "search_path=")
	clerk := "clerk_of_" + schema
	if _, err := admin.Exec("CREATE ROLE " + clerk + " LOGIN"); err != nil {
		t.Skip("no user of one's own can be made: " + err.Error())
	}
	defer func() {
		_, err := admin.Exec("DROP OWNED BY " + clerk + " CASCADE; DROP ROLE " + clerk)
		must(t, err)
	}()
	at := "&user=" + clerk // the last one counts
	o := Options{Location: dsn + at, KeyFile: filepath.Join(t.TempDir(), "key"), Create: true}
	if _, err := Open(ctx, o); err == nil || !strings.Contains(err.Error(), "permission denied") {
		t.Fatalf("without a schema: %v", err)
	}
	_, err = admin.Exec("CREATE SCHEMA " + schema + " AUTHORIZATION " + clerk)
	must(t, err)
	for range 2 {
		l := open(t, o)
		r := begin(t, l)
		record(t, r, "one", claim(l, "ann", "A1", 20260105))
		must(t, r.Commit())
		must(t, l.Close())
	}
}
