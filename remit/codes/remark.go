package codes

// Remark is a remittance advice remark code (RARC): what is to be known beside a reason
// code, or of a claim as a whole.
type Remark struct {
	Code     string
	Meaning  string // in our own words
	Active   bool
	Alert    bool // it informs only and never explains money
	Category Category
	Actions  []Action // what is usually done, the first choice first
	CARCs    []string // reason codes that it usually stands beside; often not known
	Domain   string   // the field of care that it is about
	Therapy  string   // how often outpatient therapy meets it: high, medium, low
}

// Action is the first choice; NoAction where there is none.
func (r Remark) Action() Action { return first(r.Actions) }

var remarkColumns = columns[Remark]{
	"code":     func(r *Remark, s string) error { r.Code = clean(s); return nil },
	"meaning":  func(r *Remark, s string) error { return text(&r.Meaning, s) },
	"active":   func(r *Remark, s string) error { return yes(&r.Active, s) },
	"alert":    func(r *Remark, s string) error { return yes(&r.Alert, s) },
	"category": func(r *Remark, s string) error { return category(&r.Category, s) },
	"actions":  func(r *Remark, s string) error { return actionList(&r.Actions, s) },
	"carcs":    func(r *Remark, s string) error { r.CARCs = split(s); return nil },
	"domain":   func(r *Remark, s string) error { r.Domain = s; return nil },
	"therapy":  func(r *Remark, s string) error { r.Therapy = s; return nil },
}
