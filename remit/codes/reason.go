package codes

import (
	"slices"

	"github.com/gaitkeeper/gaitkeeper/edi"
)

// Reason is a claim adjustment reason code (CARC): why an amount was not paid as charged.
type Reason struct {
	Code        string
	Meaning     string   // in our own words
	Groups      []string // the group codes it usually stands with, the commonest first
	GroupOnly   bool     // it may stand with these groups only
	Active      bool
	Stopped     edi.Date // the day it was deactivated; 0 where it was not, or the day is not known
	StopChecked bool     // the day is from a publication, not from memory
	ReplacedBy  []string // codes that took its place
	Category    Category
	Denial      bool     // false for a code that never counts as a denial, such as 45 or 253
	Actions     []Action // what is usually done, the first choice first; none for an unknown code
	NeedsRemark bool     // a remark code that is no alert must stand beside it
}

// Action is the first choice; NoAction where there is none.
func (r Reason) Action() Action { return first(r.Actions) }

// Recoverable reports whether the code is a denial whose usual action can bring the
// money from this payer.
func (r Reason) Recoverable() bool { return r.Denial && r.Action().Recovers() }

// ActiveOn reports whether the code was active on a day, as far as is known.
func (r Reason) ActiveOn(d edi.Date) bool { return r.Active || d < r.Stopped }

// Takes reports whether the code may stand with a group code.
func (r Reason) Takes(group string) bool { return !r.GroupOnly || slices.Contains(r.Groups, group) }

func first(list []Action) Action {
	if len(list) == 0 {
		return NoAction
	}
	return list[0]
}

var reasonColumns = columns[Reason]{
	"code":         func(r *Reason, s string) error { r.Code = clean(s); return nil },
	"meaning":      func(r *Reason, s string) error { return text(&r.Meaning, s) },
	"groups":       func(r *Reason, s string) error { r.Groups = split(s); return nil },
	"group_only":   func(r *Reason, s string) error { return yes(&r.GroupOnly, s) },
	"active":       func(r *Reason, s string) error { return yes(&r.Active, s) },
	"stopped":      func(r *Reason, s string) error { return day(&r.Stopped, s) },
	"stop_checked": func(r *Reason, s string) error { return yes(&r.StopChecked, s) },
	"replaced_by":  func(r *Reason, s string) error { r.ReplacedBy = split(s); return nil },
	"category":     func(r *Reason, s string) error { return category(&r.Category, s) },
	"denial":       func(r *Reason, s string) error { return yes(&r.Denial, s) },
	"actions":      func(r *Reason, s string) error { return actionList(&r.Actions, s) },
	"needs_remark": func(r *Reason, s string) error { return yes(&r.NeedsRemark, s) },
}
