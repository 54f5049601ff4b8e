package codes

import (
	"embed"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/gaitkeeper/gaitkeeper/edi"
)

// List names a list of codes.
type List string

// The lists, and where their codes stand.
const (
	ListCARC     List = "CARC"     // CAS02, 05, 08, 11, 14, 17
	ListRARC     List = "RARC"     // LQ02, MOA03 to 07, MIA05 and 20 to 23
	ListGroup    List = "GROUP"    // CAS01
	ListStatus   List = "STATUS"   // CLP02
	ListPLB      List = "PLB"      // PLB03-1 and so on
	ListFiling   List = "FILING"   // CLP06
	ListHandling List = "HANDLING" // BPR01
	ListMethod   List = "METHOD"   // BPR04
)

// Lists are all lists, in the order in which they are shown.
var Lists = []List{ListCARC, ListRARC, ListGroup, ListStatus, ListPLB, ListFiling, ListHandling, ListMethod}

// Version says of which day a list is.
type Version struct {
	List   List
	AsOf   edi.Date
	Source string
	Codes  int
}

// Tables are the lists. They do not change: Load makes new ones.
type Tables struct {
	reasons  table[Reason]
	remarks  table[Remark]
	entries  map[List]table[Entry]
	versions map[List]Version
}

// table keeps the order of its rows.
type table[T any] struct {
	rows []T
	at   map[string]int
}

func (t table[T]) find(code string) (row T, ok bool) {
	i, ok := t.at[code]
	if ok {
		row = t.rows[i]
	}
	return row, ok
}

//go:embed data/*.tsv
var data embed.FS

// Builtin is the snapshot that comes with the program: 407 CARCs, 1,216 RARCs and
// the short lists, as of 2026-08-17.
var Builtin = sync.OnceValue(func() *Tables {
	t := &Tables{}
	for _, list := range Lists {
		f, err := data.Open("data/" + strings.ToLower(string(list)) + ".tsv")
		if err == nil {
			t, err = t.Load(f)
		}
		if err != nil {
			panic(err) // the embedded files are part of the program, and tested
		}
	}
	return t
})

// Version says of which day a list is; zero where it is not loaded.
func (t *Tables) Version(list List) Version { return t.versions[list] }

// CARC explains a reason code. Of an unknown one it says so.
func (t *Tables) CARC(code string) (Reason, bool) {
	code = clean(code)
	r, ok := t.reasons.find(code)
	if !ok {
		r = Reason{Code: strings.Clone(code), Meaning: unknown, Category: UnknownCategory}
	}
	return r, ok
}

// RARC explains a remark code. Of an unknown one it says so.
func (t *Tables) RARC(code string) (Remark, bool) {
	code = clean(code)
	r, ok := t.remarks.find(code)
	if !ok {
		r = Remark{Code: strings.Clone(code), Meaning: unknown, Category: UnknownCategory}
	}
	return r, ok
}

// Entry explains a code of a short list. Of an unknown one it says so.
func (t *Tables) Entry(list List, code string) (Entry, bool) {
	code = clean(code)
	e, ok := t.entries[list].find(code)
	if !ok {
		e = Entry{Code: strings.Clone(code), Meaning: unknown}
	}
	return e, ok
}

const unknown = "unknown code"

// Group explains a claim adjustment group code: CO, PR, OA, PI.
func (t *Tables) Group(code string) (Entry, bool) { return t.Entry(ListGroup, code) }

// Status explains a claim status, CLP02.
func (t *Tables) Status(code string) (Entry, bool) { return t.Entry(ListStatus, code) }

// PLB explains the reason of a provider adjustment.
func (t *Tables) PLB(code string) (Entry, bool) { return t.Entry(ListPLB, code) }

// Reasons are all reason codes, in the order of the list. The caller may not change
// what they hold.
func (t *Tables) Reasons() []Reason { return slices.Clone(t.reasons.rows) }

// Remarks are all remark codes, likewise.
func (t *Tables) Remarks() []Remark { return slices.Clone(t.remarks.rows) }

// Entries are all codes of a short list, likewise.
func (t *Tables) Entries(list List) []Entry { return slices.Clone(t.entries[list].rows) }

// clean makes a code as the lists have it.
func clean(code string) string { return strings.ToUpper(strings.TrimSpace(code)) }

// CARC is Tables.CARC of Builtin.
func CARC(code string) (Reason, bool) { return Builtin().CARC(code) }

// RARC is Tables.RARC of Builtin.
func RARC(code string) (Remark, bool) { return Builtin().RARC(code) }

// Group is Tables.Group of Builtin.
func Group(code string) (Entry, bool) { return Builtin().Group(code) }

// Status is Tables.Status of Builtin.
func Status(code string) (Entry, bool) { return Builtin().Status(code) }

// PLB is Tables.PLB of Builtin.
func PLB(code string) (Entry, bool) { return Builtin().PLB(code) }

// Load is Tables.Load over Builtin.
func Load(r io.Reader) (*Tables, error) { return Builtin().Load(r) }
