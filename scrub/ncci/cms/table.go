package cms

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gaitkeeper/gaitkeeper/scrub/ncci"
)

// Program is whose edits a table holds.
type Program string

// The programs.
const (
	Medicare Program = "medicare"
	Medicaid Program = "medicaid"
)

// Table is what was read of one table or part.
type Table struct {
	File      string // as given, then the names inside archives: "f4.zip: ccipra-v323r0-f4.TXT"
	Kind      ncci.Kind
	Program   Program
	Effective int32  // first day of the quarter; 0 if neither name nor content tells
	Told      string // what told it: "name", "content", or "option"
	Part      ncci.Part
	ncci.Rows // those that are kept; edits as they stand in the file

	Read      int    // rows, whether kept or not, without the malformed ones
	Void      int    // edits that are never in force: indicator 9, or deleted before they begin
	Malformed int    // rows that cannot be read
	Bad       []Flaw // the first of them
}

// Flaw is a row that cannot be read.
type Flaw struct {
	Line int // of the file, or row of the sheet, from 1
	Why  string
}

func (f Flaw) String() string { return fmt.Sprintf("line %d: %s", f.Line, f.Why) }

// flawsShown is how many flaws of a table are kept.
const flawsShown = 5

// MalformedShare is the largest share of malformed rows with which a table is
// taken, as one in so many: more of them, and it is not what it seems to be.
const MalformedShare = 100

// MalformedError is a table with too many rows that cannot be read.
type MalformedError struct{ Table *Table }

func (e *MalformedError) Error() string {
	t := e.Table
	return fmt.Sprintf("%s: %d of %d rows cannot be read, which is more than one in %d; %s",
		t.File, t.Malformed, t.Malformed+t.Read, MalformedShare, t.Flaws())
}

// Err is a [*MalformedError] where more than one row in [MalformedShare] is
// malformed, or where there is no other row.
func (t *Table) Err() error {
	if t.Malformed*MalformedShare > t.Malformed+t.Read || t.Read == 0 {
		return &MalformedError{t}
	}
	return nil
}

// Flaws names the first malformed rows.
func (t *Table) Flaws() string {
	var list []string
	for _, f := range t.Bad {
		list = append(list, f.String())
	}
	if more := t.Malformed - len(t.Bad); more > 0 && len(list) > 0 {
		list = append(list, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(list, "; ")
}

// Options say what is kept of tables.
type Options struct {
	// Keep says for which codes rows are kept: those in which one of the codes is.
	// nil keeps all.
	Keep func(ncci.Code) bool
	// Effective is the day that tables are for, whatever they say; 0 to believe them.
	Effective int32
	// Jobs is how many tables are read at once; 0 is one.
	Jobs int
}

func (o *Options) keeps(codes ...ncci.Code) bool {
	return o.Keep == nil || slices.ContainsFunc(codes, o.Keep)
}

// builder makes a table of records.
type builder struct {
	*Table
	*Options

	header [][][]byte // records before the first row, the last ones of them
	found  bool       // a row was seen
	short  bool       // PTP without the column for edits from before 1996
	column map[string]int
	seen   map[ncci.Code]int // MUE, PFS: place of a code among the rows
	newest int32             // PTP: newest effective day that begins a quarter
}

// flaw counts a row that cannot be read.
func (b *builder) flaw(line int, format string, args ...any) {
	b.Malformed++
	if len(b.Bad) < flawsShown {
		b.Bad = append(b.Bad, Flaw{line, fmt.Sprintf(format, args...)})
	}
}

// before keeps a record from before the first row, where column names stand.
func (b *builder) before(f [][]byte) {
	const most = 4 // rows over which CMS spreads the names
	copied := make([][]byte, len(f))
	for i := range f {
		copied[i] = slices.Clone(f[i])
	}
	if len(b.header) == most {
		b.header = b.header[1:]
	}
	b.header = append(b.header, copied)
}

// text is a field for a message: short, and of printable ASCII.
func text(f []byte) string {
	const most = 24
	if len(f) > most {
		f = f[:most]
	}
	return fmt.Sprintf("%+q", latin(f))
}

// latin reads Latin-1.
func latin(b []byte) string {
	var s strings.Builder
	for _, c := range b {
		s.WriteRune(rune(c))
	}
	return s.String()
}
