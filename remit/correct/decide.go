package correct

import (
	"slices"

	"github.com/gaitkeeper/gaitkeeper/remit"
)

// Values of CLM05-3, the claim frequency.
const (
	LeftOut  byte = 0
	New      byte = '1'
	Replaces byte = '7'
	Voids    byte = '8'
)

// Way is how a claim goes to the payer again, or why it does not.
type Way struct {
	Frequency byte   // New, Replaces or LeftOut
	Reason    string // for it, in words
	Step      remit.Step
	Text      string // what to do instead of sending it, where it is left out
}

// row is a row of a table of ways: the first that is for a case counts.
type row struct {
	when func(*Case) bool
	Way
}

func first(table []row, c *Case) (Way, bool) {
	for i := range table {
		if table[i].when(c) {
			return table[i].Way, true
		}
	}
	return Way{}, false
}

// doubts are why it is not certain which claim was answered, or how.
var doubts = []row{
	{noClaim, out("no claim of the batch is matched with the answer", remit.StepReview, "find the claim that the payer answered")},
	{uncertain, out("it is not certain that the answer is to this claim", remit.StepReview, "look at both, and correct the claim by hand")},
	{severalAnswers, out("several answers stand side by side: the claim was split, or another payer answered too", remit.StepReview, "a replacement would stand for one of them only: correct it by hand")},
	{noReason, out("the payer denies it without a reason", remit.StepReview, "ask the payer for the reason")},
	{strangeLine, out("a denied line is not one of the claim", remit.StepReview, "look at both, and correct the claim by hand")},
}

// Doubt is why a case cannot be corrected by a program; ok is false where nothing
// speaks against it.
func (c *Case) Doubt() (Way, bool) { return first(doubts, c) }

// ways say how a corrected claim goes out. What a remark code forbids or demands comes
// first, then Medicare, which knows no replacement on a Part B claim, then what is
// usual: a payer that has decided on a claim takes a replacement; one that could not
// process it never had it, and takes a new one.
var ways = []row{
	{voided, out("the claim is a void", remit.StepReview, "look at the claim that it voids")},
	{
		remark("N368", "N185", "N938", "MA44"),
		out("the payer says not to send it again", remit.StepAppeal, "appeal, or follow the remark code"),
	},
	{remark("N798"), out("the payer wants a void (frequency 8) first", remit.StepNewClaim, "void the claim, then send a new one")},
	{
		both(partB, partlyPaid),
		out("Medicare Part B takes no replacement, and a new claim would be a duplicate of what it paid", remit.StepReopen, "ask for a clerical-error reopening, or appeal"),
	},
	{
		both(partB, finalized),
		out("Medicare Part B has decided on it (MA01), and a new claim would be a duplicate", remit.StepReopen, "ask for a clerical-error reopening, or appeal"),
	},
	{partB, Way{Frequency: New, Reason: "Medicare Part B, nothing paid: a new claim"}},
	{
		both(refuses, partlyPaid),
		out("the payer takes no replacement, and a new claim would be a duplicate of what it paid", remit.StepReopen, "ask the payer to reopen it, or appeal"),
	},
	{refuses, Way{Frequency: New, Reason: "the payer takes no replacement: a new claim"}},
	{both(remark("N380"), numbered), Way{Frequency: Replaces, Reason: "N380: the payer wants a replacement"}},
	{both(partlyPaid, numbered), Way{Frequency: Replaces, Reason: "the payer has decided on it and paid a part"}},
	{both(remark("MA130"), unpaid), Way{Frequency: New, Reason: "MA130: it was never processed"}},
	{both(remark("N142"), unpaid), Way{Frequency: New, Reason: "N142: the payer wants a new claim"}},
	{numbered, Way{Frequency: Replaces, Reason: "the payer has decided on it"}},
	{always, out("the payer's control number (CLP07), which a replacement must name, is not known", remit.StepReplace, "ask the payer for its number")},
}

// Way is how the corrected claim goes out.
func (c *Case) Way() Way {
	w, _ := first(ways, c)
	return w
}

func out(reason string, step remit.Step, text string) Way {
	return Way{Reason: reason, Step: step, Text: text}
}

func both(a, b func(*Case) bool) func(*Case) bool {
	return func(c *Case) bool { return a(c) && b(c) }
}

func remark(codes ...string) func(*Case) bool {
	return func(c *Case) bool { return c.Has(codes...) }
}

func always(*Case) bool           { return true }
func noClaim(c *Case) bool        { return c.Claim < 0 }
func uncertain(c *Case) bool      { return c.Confidence == remit.Low }
func severalAnswers(c *Case) bool { return c.Answers > 1 }
func voided(c *Case) bool         { return c.Frequency == Voids }
func partlyPaid(c *Case) bool     { return c.Paid > 0 }
func refuses(c *Case) bool        { return c.NoReplacing }
func unpaid(c *Case) bool         { return c.Paid <= 0 }
func numbered(c *Case) bool       { return c.PayerControl != "" && c.PayerControl != "0" }

// finalized: the remark grants appeal rights, and none says that the claim was never
// processed.
func finalized(c *Case) bool { return c.Has("MA01") && !c.Has("MA130") }

func noReason(c *Case) bool { return len(c.Denials) == 0 }

func strangeLine(c *Case) bool {
	return slices.ContainsFunc(c.Denials, func(d Denial) bool { return d.Unmatched })
}

// original are the claim filing indicators of Medicare as the government pays it.
// Medicare Advantage (16) follows the rules of other insurers.
var original = []string{"MB", "MA"}

func partB(c *Case) bool {
	return slices.Contains(original, c.Filing) || slices.Contains(original, c.Billed)
}
