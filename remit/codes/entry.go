package codes

// Entry is a code of one of the short lists.
type Entry struct {
	Code    string
	Meaning string // in our own words
	Note    string // what to make of it; often empty
	Active  bool   // in 005010X221A1
}

var entryColumns = columns[Entry]{
	"code":    func(e *Entry, s string) error { e.Code = clean(s); return nil },
	"meaning": func(e *Entry, s string) error { return text(&e.Meaning, s) },
	"note":    func(e *Entry, s string) error { e.Note = s; return nil },
	"active":  func(e *Entry, s string) error { return yes(&e.Active, s) },
}
