package ledger

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"strings"
)

const fileColumns = "f.id, f.kind, f.digest, f.name, f.bytes, f.recorded, f.claims, f.lines, f.content"

func scanFile(rows *sql.Rows, f *File, content *[]byte) error {
	var digest []byte
	if err := rows.Scan(&f.ID, &f.Kind, &digest, &f.Name, &f.Bytes, &f.Recorded, &f.Claims, &f.Lines, content); err != nil {
		return err
	}
	copy(f.Digest[:], digest)
	return nil
}

// Find is the file with a content, or with an alias of that digest.
func (r *Run) Find(ctx context.Context, digest [32]byte) (f File, found bool, err error) {
	f, _, found, err = r.find(ctx, digest)
	return f, found, err
}

func (r *Run) find(ctx context.Context, digest [32]byte) (f File, content []byte, found bool, err error) {
	for _, query := range []string{
		"SELECT " + fileColumns + " FROM file f WHERE f.digest = ?",
		"SELECT " + fileColumns + " FROM alias a JOIN file f ON f.id = a.file WHERE a.digest = ?",
	} {
		err = r.each(ctx, query, []any{digest[:]}, func(rows *sql.Rows) error {
			found = true
			return scanFile(rows, &f, &content)
		})
		if found || err != nil {
			break
		}
	}
	return f, content, found, err
}

// Recorder puts the claims of a file in their place, in order.
type Recorder struct {
	run     *Run
	file    File
	before  []byte // digest of the rows as they were
	old     []oldClaim
	next    int // of old
	content hash.Hash
	touched map[Key]struct{} // patients whose claims are put in order anew
	linked  links            // as they were before
	fresh   bool

	claims, lines, visits *inserter
	last                  int
	buf                   []byte
}

// oldClaim is a claim that a file had when it was recorded last.
type oldClaim struct {
	ordinal int
	content int64
	patient Key
}

// Record begins to record a file. One that is known, by its own digest or that of an
// alias, keeps its number, name and day; its claims are put in place again, so that the
// last time counts. Aliases are digests of other forms of the file, such as the
// corrected one.
func (r *Run) Record(ctx context.Context, f File, aliases ...[32]byte) (*Recorder, error) {
	if f.Kind != Claims && f.Kind != Remittances {
		return nil, fmt.Errorf("a file of kind %q cannot be recorded", f.Kind)
	}
	known, before, found, err := r.find(ctx, f.Digest)
	if err == nil && !found && f.ID != 0 {
		err = r.each(ctx, "SELECT "+fileColumns+" FROM file f WHERE f.id = ?", []any{f.ID}, func(rows *sql.Rows) error {
			found = true
			return scanFile(rows, &known, &before)
		})
		if err == nil && !found {
			err = fmt.Errorf("file %d: %w", f.ID, ErrNotFound)
		}
		aliases = append(aliases, f.Digest)
	}
	if err != nil {
		return nil, err
	}
	w := &Recorder{run: r, content: sha256.New(), touched: map[Key]struct{}{}, last: -1, before: before, fresh: !found}
	if found {
		if known.Kind != f.Kind {
			return nil, fmt.Errorf("file %s is recorded as one of kind %s", known.Name, known.Kind)
		}
		w.file = known
		if err = w.recall(ctx); err == nil {
			w.linked, err = r.links(ctx)
		}
	} else {
		w.file = f
		w.file.Name = clean(f.Name)
		if w.file.ID, err = r.next(ctx, "file"); err == nil {
			_, err = r.exec(ctx, "INSERT INTO file (id, kind, digest, name, bytes, recorded, claims, lines, content) VALUES (?, ?, ?, ?, ?, ?, 0, 0, ?)",
				w.file.ID, f.Kind, f.Digest[:], w.file.Name, f.Bytes, f.Recorded, []byte{})
		}
	}
	if err != nil {
		return nil, err
	}
	w.file.Claims, w.file.Lines = 0, 0
	for _, a := range aliases {
		if err := w.Alias(ctx, a); err != nil {
			return nil, err
		}
	}
	w.claims = newInserter(r, "claim", claimColumns, 32,
		"ON CONFLICT (id) DO UPDATE SET "+assignments(claimColumns))
	w.lines = newInserter(r, "line", lineColumns, 64, "")
	w.visits = newInserter(r, "visit", visitColumns, 64, "")
	return w, nil
}

// recall reads what the file had.
func (w *Recorder) recall(ctx context.Context) error {
	return w.run.each(ctx, "SELECT id, content, patient FROM claim WHERE id >= ? AND id < ? ORDER BY id",
		[]any{claimID(w.file.ID, 0), claimID(w.file.ID+1, 0)}, func(rows *sql.Rows) error {
			var id int64
			var o oldClaim
			var patient []byte
			if err := rows.Scan(&id, &o.content, &patient); err != nil {
				return err
			}
			o.ordinal = int(id & maxOrdinal)
			copy(o.patient[:], patient)
			w.old = append(w.old, o)
			return nil
		})
}

// File is the file that is recorded, with its number.
func (w *Recorder) File() File { return w.file }

// Alias makes a digest another name of the file.
func (w *Recorder) Alias(ctx context.Context, digest [32]byte) error {
	if digest == w.file.Digest {
		return nil
	}
	_, err := w.run.exec(ctx, "INSERT INTO alias (digest, file) VALUES (?, ?) ON CONFLICT (digest) DO UPDATE SET file = excluded.file", digest[:], w.file.ID)
	return err
}

const (
	claimColumns = "id, number, frequency, original, biller, tax, payer, rendering, medicare, patient, person, member1, member2, created, charge, first_day, last_day, content"
	lineColumns  = "claim, n, number, control, code, modifiers, units, charge, from_day, to_day, provider, discipline, bucket"
	visitColumns = "claim, n, patient, day, provider, own_units, pattern"
)

func assignments(columns string) string {
	var list []string
	for c := range strings.SplitSeq(columns, ", ") {
		if c != "id" {
			list = append(list, c+" = excluded."+c)
		}
	}
	return strings.Join(list, ", ")
}

// Add records a claim; ordinals must rise. Its File is set.
func (w *Recorder) Add(ctx context.Context, c *Claim) error {
	switch {
	case w.file.Kind != Claims:
		return errors.New("a file of remittances has no claims to record")
	case c.Ordinal <= w.last:
		return fmt.Errorf("claim %d of %s comes after claim %d", c.Ordinal, w.file.Name, w.last)
	case c.Ordinal > maxOrdinal:
		return fmt.Errorf("%s has too many claims", w.file.Name)
	}
	w.last = c.Ordinal
	c.File = w.file.ID
	tidy(c)
	content := w.sum(c)
	w.file.Claims++
	w.file.Lines += len(c.Lines)

	if err := w.dropUntil(ctx, c.Ordinal); err != nil {
		return err
	}
	again := w.next < len(w.old) && w.old[w.next].ordinal == c.Ordinal
	if again {
		o := &w.old[w.next]
		w.next++
		if o.content == content {
			return nil
		}
		w.touched[o.patient] = struct{}{}
		if err := w.clear(ctx, c); err != nil {
			return err
		}
	}
	w.touched[c.Patient] = struct{}{}
	return w.put(ctx, c, content)
}

// clear makes room for what a claim has now.
func (w *Recorder) clear(ctx context.Context, c *Claim) error {
	for _, query := range []string{"DELETE FROM line WHERE claim = ?", "DELETE FROM visit WHERE claim = ?"} {
		if _, err := w.run.exec(ctx, query, c.id()); err != nil {
			return err
		}
	}
	_, err := w.run.exec(ctx, "DELETE FROM answer_line WHERE answer IN (SELECT id FROM answer WHERE claim = ?) AND line >= ?", c.id(), len(c.Lines))
	return err
}

// dropUntil removes claims that the file does not have any more.
func (w *Recorder) dropUntil(ctx context.Context, ordinal int) error {
	for ; w.next < len(w.old) && w.old[w.next].ordinal < ordinal; w.next++ {
		o := &w.old[w.next]
		w.touched[o.patient] = struct{}{}
		if _, err := w.run.exec(ctx, "DELETE FROM claim WHERE id = ?", claimID(w.file.ID, o.ordinal)); err != nil {
			return err
		}
	}
	return nil
}

// put writes the rows of a claim.
func (w *Recorder) put(ctx context.Context, c *Claim, content int64) error {
	id := c.id()
	w.run.added++
	first, last := c.days()
	w.claims.add(id, c.ID, int64(c.Frequency), c.Original, c.Biller, bytesOf(c.Tax), c.Payer, c.Rendering, number(c.Medicare),
		bytesOf(c.Patient), bytesOf(c.Person), bytesOf(c.Members[0]), bytesOf(c.Members[1]),
		int64(c.Created), c.Charge, int64(first), int64(last), content)
	for i := range c.Lines {
		l := &c.Lines[i]
		w.lines.add(id, int64(i), int64(l.Number), l.Control, l.Code, l.Modifiers, l.Units, l.Charge, int64(l.From), int64(l.To),
			l.Provider, int64(l.Discipline), l.Bucket)
	}
	for i := range c.Visits {
		v := &c.Visits[i]
		w.visits.add(id, int64(i), bytesOf(c.Patient), int64(v.Day), v.Provider, int64(v.OwnUnits), v.Pattern)
	}
	if w.claims.full() || w.lines.full() || w.visits.full() {
		return w.flush(ctx)
	}
	return nil
}

// flush writes what waits, claims before what belongs to them.
func (w *Recorder) flush(ctx context.Context) error {
	for _, in := range []*inserter{w.claims, w.lines, w.visits} {
		if err := in.flush(ctx); err != nil {
			return err
		}
	}
	return nil
}

// Close ends the file, and says whether it changed anything.
func (w *Recorder) Close(ctx context.Context) (f File, changed bool, err error) {
	if err := w.dropUntil(ctx, maxOrdinal+1); err != nil {
		return f, false, err
	}
	if err := w.flush(ctx); err != nil {
		return f, false, err
	}
	w.linked.reach(w.touched)
	if err := w.run.settle(ctx, w.touched); err != nil {
		return f, false, err
	}
	content := w.content.Sum(nil)
	changed = w.fresh || !bytes.Equal(content, w.before)
	if changed {
		_, err = w.run.exec(ctx, "UPDATE file SET claims = ?, lines = ?, content = ? WHERE id = ?", w.file.Claims, w.file.Lines, content, w.file.ID)
	}
	return w.file, changed, err
}

// tidy makes a claim one that any database takes, with a visit for each day that a line
// bills.
func tidy(c *Claim) {
	for _, s := range []*string{&c.ID, &c.Original, &c.Biller, &c.Payer, &c.Rendering} {
		*s = clean(*s)
	}
	for i := range c.Visits {
		v := &c.Visits[i]
		v.Provider, v.Pattern = clean(v.Provider), clean(v.Pattern)
	}
	for i := range c.Lines {
		l := &c.Lines[i]
		for _, s := range []*string{&l.Control, &l.Code, &l.Modifiers, &l.Provider, &l.Bucket} {
			*s = clean(*s)
		}
		if l.From != 0 && !c.visited(l.From) {
			c.Visits = append(c.Visits, Visit{Day: l.From, Provider: l.Provider})
		}
	}
}

func (c *Claim) visited(day int32) bool {
	for i := range c.Visits {
		if c.Visits[i].Day == day {
			return true
		}
	}
	return false
}

// clean is a text that PostgreSQL takes: valid UTF-8 without zeros.
func clean(s string) string {
	for i := range len(s) {
		if s[i] == 0 || s[i] >= 0x80 {
			return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
		}
	}
	return s
}

// sum is a digest of what is remembered of a claim. The file's is made of those of its
// claims.
func (w *Recorder) sum(c *Claim) int64 {
	w.buf = appendClaim(w.buf[:0], c)
	sum := sha256.Sum256(w.buf)
	addSum(w.content, c.Ordinal, sum[:8])
	return int64(binary.BigEndian.Uint64(sum[:8]))
}

func addSum(h hash.Hash, ordinal int, sum []byte) {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:], uint64(ordinal))
	copy(b[8:], sum)
	h.Write(b[:])
}

func appendClaim(b []byte, c *Claim) []byte {
	b = appendTexts(b, c.ID, c.Original, c.Biller, c.Payer, c.Rendering)
	for _, k := range []*Key{&c.Tax, &c.Patient, &c.Person, &c.Members[0], &c.Members[1]} {
		b = append(b, k[:]...)
	}
	b = appendNumbers(b, int64(c.Frequency), number(c.Medicare), int64(c.Created), c.Charge, int64(len(c.Lines)), int64(len(c.Visits)))
	for i := range c.Lines {
		l := &c.Lines[i]
		b = appendTexts(b, l.Control, l.Code, l.Modifiers, l.Provider, l.Bucket)
		b = appendNumbers(b, int64(l.Number), l.Units, l.Charge, int64(l.From), int64(l.To), int64(l.Discipline))
	}
	for i := range c.Visits {
		v := &c.Visits[i]
		b = appendTexts(b, v.Provider, v.Pattern)
		b = appendNumbers(b, int64(v.Day), int64(v.OwnUnits))
	}
	return b
}

func appendTexts(b []byte, list ...string) []byte {
	for _, s := range list {
		b = append(binary.AppendUvarint(b, uint64(len(s))), s...)
	}
	return b
}

func appendNumbers(b []byte, list ...int64) []byte {
	for _, n := range list {
		b = binary.AppendVarint(b, n)
	}
	return b
}

func bytesOf(k Key) []byte { return append(make([]byte, 0, len(k)), k[:]...) }

func number(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// inserter collects rows of a table and writes many with one statement.
type inserter struct {
	run               *Run
	head, tail, kinds string
	width, most       int
	args              []any
}

func newInserter(r *Run, table, columns string, most int, tail string) *inserter {
	width := strings.Count(columns, ",") + 1
	return &inserter{
		run: r, head: "INSERT INTO " + table + " (" + columns + ") ", tail: " " + tail,
		kinds: strings.Repeat("?", width), width: width, most: most,
	}
}

func (in *inserter) add(row ...any) { in.args = append(in.args, row...) }

func (in *inserter) full() bool { return len(in.args) >= in.most*in.width }

// flush writes the rows, in as few sizes as lookUp.
func (in *inserter) flush(ctx context.Context) error {
	args := in.args
	for len(args) > 0 {
		rows := 1
		if len(args) >= in.most*in.width {
			rows = in.most
		}
		query := in.head + in.run.ledger.dialect.values(in.kinds, rows) + in.tail
		if _, err := in.run.exec(ctx, query, args[:rows*in.width]...); err != nil {
			return err
		}
		args = args[rows*in.width:]
	}
	clear(in.args)
	in.args = in.args[:0]
	return nil
}
