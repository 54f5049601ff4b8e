package remit

import (
	"cmp"

	"github.com/gaitkeeper/gaitkeeper/edi"
)

// Sent is a claim that was sent at another time, and is known without its file: with
// hashes in place of numbers that identify somebody, as [Index.Identify] makes them.
type Sent struct {
	File      string
	Ordinal   int    // claims of the file before it
	ID        string // CLM01
	Frequency byte
	Biller    string // NPI
	Tax       uint64 // hash of the biller's tax number; 0 for none
	Payer     string // id
	Rendering string // NPI
	Members   [2]uint64
	Charge    edi.Amount
	Sent      edi.Date // when it was sent
	Idle      bool     // it waits for no answer: it was replaced or voided, or sent twice
	Lines     []SentLine
}

// SentLine is a line of it.
type SentLine struct {
	Number    int    // LX01
	Control   string // REF*6R
	Code      string
	Modifiers string // two characters each
	Units     edi.Quantity
	Charge    edi.Amount
	Period    edi.Period
}

// AddSent adds a claim and returns its number. Files of [Index.Read] come before.
func (x *Index) AddSent(s *Sent) int {
	if n := len(x.Files); n == 0 || x.Files[n-1] != s.File || !x.remembered {
		x.Files = append(x.Files, s.File)
	}
	x.remembered, x.lastLevel = true, nil
	out := claim{
		id: x.text.keep(trim([]byte(s.ID))), file: int32(len(x.Files) - 1), ordinal: int32(s.Ordinal), biller: x.billerWith(biller{s.Biller, s.Tax}),
		payer: x.payerWith([]byte(s.Payer)), render: x.text.keep([]byte(cmp.Or(s.Rendering, s.Biller))), members: s.Members, charge: s.Charge,
		first: int32(len(x.lines)), count: int32(len(s.Lines)), sent: s.Sent, freq: s.Frequency, idle: s.Idle,
	}
	var buf [most]byte
	out.folded = x.text.keep(fold(buf[:0], x.text.get(out.id)))
	for i := range s.Lines {
		l := &s.Lines[i]
		to := line{
			control: x.text.keep(trim([]byte(l.Control))), lx: int32(l.Number), units: int32(min(l.Units, 1<<31-1)), code: pack([]byte(l.Code)),
			date: l.Period.From, to: l.Period.To, charge: l.Charge,
		}
		for m := l.Modifiers; len(m) >= 2; m = m[2:] {
			to.mods.add([]byte(m[:2]))
		}
		if to.date != 0 && (out.from == 0 || to.date < out.from) {
			out.from = to.date
		}
		out.to = max(out.to, to.to)
		x.lines = append(x.lines, to)
	}
	x.put(out)
	return len(x.claims) - 1
}

// billerWith is the number of a billing provider: claims of one stand together.
func (x *Index) billerWith(b biller) int32 {
	if n := len(x.billers); n == 0 || x.billers[n-1] != b {
		x.billers = append(x.billers, b)
	}
	return int32(len(x.billers) - 1)
}

// SetSent says when claim n, which was read from a file, was sent, and whether it
// waits for an answer.
func (x *Index) SetSent(n int, day edi.Date, idle bool) {
	x.claims[n].sent, x.claims[n].idle = day, idle
}

// SetAnswered says that line k, from 0, of claim n was answered before the run; with
// -1 the claim as a whole.
func (x *Index) SetAnswered(n, k int) {
	c := &x.claims[n]
	c.settled = true
	lines := x.linesOf(c)
	for i := range lines {
		if i == k || k < 0 {
			lines[i].settled = true
		}
	}
}

// Identity is what tells claim n from others, whatever file it stands in.
type Identity struct {
	ID        string
	Frequency byte
	Biller    string
	Payer     string
	Members   [2]uint64
	Charge    edi.Amount
	From      edi.Date
	Lines     int
}

// Identity is that of claim n.
func (x *Index) Identity(n int) Identity {
	c := &x.claims[n]
	return Identity{
		x.ID(n), c.freq, x.billers[c.biller].npi, x.payers[c.payer], c.members, c.charge, c.from, int(c.count),
	}
}
