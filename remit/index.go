package remit

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"sort"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/edi/x837"
)

// Index is the claims that were sent: what remittances are matched with, in about
// 100 bytes a claim and 60 a line. Fill it with [Index.Read] or [Index.Add] before
// anything is looked up.
type Index struct {
	Files []string

	// Identify is a hash of a person's or provider's number, where claims are added
	// with hashes in place of numbers (see [Index.AddSent]); nil: one of the process.
	// It is set before anything is added.
	Identify func(number []byte) uint64

	claims []claim
	lines  []line
	text   arena

	billers []biller
	payers  []string
	payerOf map[string]int32

	byID       []int32  // claims in the order of their folded ids
	byMember   []member // in the order of member and date
	isSealed   bool
	remembered bool        // the file begun last is one of AddSent
	lastLevel  *x837.Level // whose biller was noted last
}

// claim is one claim of the index.
type claim struct {
	id      text // CLM01
	folded  text
	file    int32
	ordinal int32 // claims of the file before it
	biller  int32
	payer   int32
	render  text      // NPI of the rendering provider, or of the biller
	members [2]uint64 // hashes of the subscriber's and the patient's id; 0 for none
	charge  edi.Amount
	from    edi.Date // first and last day of service
	to      edi.Date
	first   int32 // its lines
	count   int32
	sent    edi.Date // when it was sent; 0 where that is not known
	freq    byte     // CLM05-3
	faulty  bool     // not whole: its lines may be missing
	settled bool     // answered before the run
	idle    bool     // waits for no answer
}

// line is one service line of the index.
type line struct {
	control text // REF*6R
	lx      int32
	units   int32 // thousandths
	code    uint64
	mods    modifiers
	date    edi.Date
	to      edi.Date
	charge  edi.Amount
	settled bool // answered before the run
}

// biller is a billing provider.
type biller struct {
	npi string
	tax uint64 // hash of the tax number; 0 for none
}

type member struct {
	id    uint64
	date  edi.Date
	claim int32
}

// Len is the number of claims.
func (x *Index) Len() int { return len(x.claims) }

// Lines is the number of lines.
func (x *Index) Lines() int { return len(x.lines) }

// ID is CLM01 of claim n.
func (x *Index) ID(n int) string { return string(x.text.get(x.claims[n].id)) }

// LineNumber is LX01 of line k, from 0, of claim n.
func (x *Index) LineNumber(n, k int) int { return int(x.linesOf(&x.claims[n])[k].lx) }

// Place is the file of claim n and the number of claims in it before n.
func (x *Index) Place(n int) (file string, ordinal int) {
	c := &x.claims[n]
	return x.Files[c.file], int(c.ordinal)
}

// Read adds the claims of a file. Faults of its text are told to onError.
func (x *Index) Read(name string, src io.Reader, onError func(*edi.SyntaxError)) (x837.Counts, error) {
	r := x837.NewReader(src)
	r.OnError = onError
	x.Files = append(x.Files, name)
	x.lastLevel = nil
	var c x837.Claim
	for {
		if err := r.Next(&c); errors.Is(err, io.EOF) {
			return r.Counts(), nil
		} else if err != nil {
			return r.Counts(), err
		}
		x.Add(&c)
	}
}

var (
	tagNM1 = edi.TagOf("NM1")
	tagREF = edi.TagOf("REF")
)

// Add adds a claim of the file begun last.
func (x *Index) Add(c *x837.Claim) {
	if len(x.Files) == 0 {
		x.Files = append(x.Files, "")
	}
	out := claim{
		id: x.text.keep(trim(c.ID())), file: int32(len(x.Files) - 1), ordinal: int32(c.Ordinal),
		biller: x.billerOf(c), payer: x.payerNamed(c), first: int32(len(x.lines)), faulty: c.Fault != nil,
	}
	var buf [most]byte
	out.folded = x.text.keep(fold(buf[:0], x.text.get(out.id)))
	s := c.Segment(0)
	out.charge, _ = s.Element(2).Amount()
	if f := s.Element(5).Component(3).Raw; len(f) > 0 {
		out.freq = f[0]
	}
	if i := c.Find(x837.Loop2310B, tagNM1, "82"); i >= 0 {
		out.render = x.text.keep(c.Element(i, 9))
	} else {
		out.render = x.text.keep([]byte(x.billers[out.biller].npi))
	}
	out.members[0] = x.memberID(&c.Subscriber, x837.Loop2010BA)
	out.members[1] = x.memberID(&c.Patient, x837.Loop2010CA)
	for i := range c.Lines {
		l := x.line(c, &c.Lines[i])
		x.lines = append(x.lines, l)
		if l.date != 0 && (out.from == 0 || l.date < out.from) {
			out.from = l.date
		}
		out.to = max(out.to, l.to)
	}
	out.count = int32(len(c.Lines))
	x.put(out)
}

// put adds a claim whose lines were added.
func (x *Index) put(c claim) {
	n := int32(len(x.claims))
	x.isSealed = false
	x.claims = append(x.claims, c)
	for _, id := range c.members {
		if id != 0 {
			x.byMember = append(x.byMember, member{id, c.from, n})
		}
	}
}

// memberID is the hash of a person's id on a level.
func (x *Index) memberID(l *x837.Level, loop x837.Loop) uint64 {
	for _, q := range []string{"IL", "QC"} {
		if i := l.Find(loop, tagNM1, q); i >= 0 {
			return x.person(l.Element(i, 9))
		}
	}
	return 0
}

// person is the hash of a person's id, folded; 0 for none.
func (x *Index) person(id []byte) uint64 {
	var buf [most]byte
	return x.identify(fold(buf[:0], id))
}

// identify is the hash of a number; 0 for none.
func (x *Index) identify(number []byte) uint64 {
	if len(number) == 0 || x.Identify == nil {
		return hash(number)
	}
	return x.Identify(number)
}

// folded is the hash of a folded id.
func folded(b []byte) uint64 {
	var buf [most]byte
	return hash(fold(buf[:0], b))
}

func (x *Index) billerOf(c *x837.Claim) int32 {
	if c.Billing == x.lastLevel && x.lastLevel != nil {
		return int32(len(x.billers) - 1)
	}
	x.lastLevel = c.Billing
	var b biller
	if i := c.Billing.Find(x837.Loop2010AA, tagNM1, "85"); i >= 0 {
		b.npi = string(trim(c.Billing.Element(i, 9)))
	}
	for _, q := range []string{"EI", "SY"} {
		if i := c.Billing.Find(x837.Loop2010AA, tagREF, q); i >= 0 {
			b.tax = x.identify(trim(c.Billing.Element(i, 2)))
			break
		}
	}
	x.billers = append(x.billers, b)
	return int32(len(x.billers) - 1)
}

func (x *Index) payerNamed(c *x837.Claim) int32 {
	var id []byte
	for _, l := range []*x837.Level{&c.Subscriber, &c.Patient} {
		if i := l.Find(x837.Loop2010BB, tagNM1, "PR"); i >= 0 {
			id = trim(l.Element(i, 9))
			break
		}
	}
	return x.payerWith(id)
}

// payerWith is the number of a payer.
func (x *Index) payerWith(id []byte) int32 {
	if n, ok := x.payerOf[string(id)]; ok {
		return n
	}
	if x.payerOf == nil {
		x.payerOf = map[string]int32{}
	}
	n := int32(len(x.payers))
	x.payers = append(x.payers, string(id))
	x.payerOf[string(id)] = n
	return n
}

func (x *Index) line(c *x837.Claim, l *x837.Line) line {
	s := c.Segment(l.First)
	out := line{lx: int32(number(s.Bytes(1)))}
	if l.Control >= 0 {
		out.control = x.text.keep(trim(c.Element(l.Control, 2)))
	}
	if l.SV1 >= 0 {
		s := c.Segment(l.SV1)
		p := s.Element(1)
		out.code = pack(trim(p.Component(2).Raw))
		for i := 3; i <= 6; i++ {
			out.mods.add(trim(p.Component(i).Raw))
		}
		out.charge, _ = s.Element(2).Amount()
		q, _ := s.Element(4).Quantity()
		out.units = int32(min(q, 1<<31-1))
	}
	if l.Date >= 0 {
		s := c.Segment(l.Date)
		p, _ := s.Element(3).Period(s.Bytes(2))
		out.date, out.to = p.From, p.To
	}
	return out
}

// seal puts the lookups in order.
func (x *Index) seal() {
	if x == nil || x.isSealed {
		return
	}
	x.isSealed = true
	x.byID = x.byID[:0]
	for n := range x.claims {
		x.byID = append(x.byID, int32(n))
	}
	slices.SortFunc(x.byID, func(a, b int32) int {
		if c := bytes.Compare(x.text.get(x.claims[a].folded), x.text.get(x.claims[b].folded)); c != 0 {
			return c
		}
		return x.order(a, b)
	})
	slices.SortFunc(x.byMember, func(a, b member) int {
		switch {
		case a.id != b.id:
			if a.id < b.id {
				return -1
			}
			return 1
		case a.date != b.date:
			return int(a.date - b.date)
		}
		return x.order(a.claim, b.claim)
	})
}

// order is that of file name and place, whatever order the files were read in.
func (x *Index) order(a, b int32) int {
	p, q := &x.claims[a], &x.claims[b]
	if p.file != q.file {
		if f, g := x.Files[p.file], x.Files[q.file]; f != g {
			if f < g {
				return -1
			}
			return 1
		}
		return int(p.file - q.file)
	}
	return int(p.ordinal - q.ordinal)
}

// beginning is the claims whose folded id begins so.
func (x *Index) beginning(id []byte) []int32 {
	at := func(i int) []byte { return x.text.get(x.claims[x.byID[i]].folded) }
	from := sort.Search(len(x.byID), func(i int) bool { return bytes.Compare(at(i), id) >= 0 })
	n := sort.Search(len(x.byID)-from, func(i int) bool { return !bytes.HasPrefix(at(from+i), id) })
	return x.byID[from : from+n]
}

// ofMember is the claims of a person.
func (x *Index) ofMember(id uint64) []member {
	if id == 0 {
		return nil
	}
	from := sort.Search(len(x.byMember), func(i int) bool { return x.byMember[i].id >= id })
	n := sort.Search(len(x.byMember)-from, func(i int) bool { return x.byMember[from+i].id != id })
	return x.byMember[from : from+n]
}

func (x *Index) linesOf(c *claim) []line { return x.lines[c.first : c.first+c.count] }

func trim(b []byte) []byte { return bytes.Trim(b, " ") }

// number is a whole number of up to 9 digits; 0 for anything else.
func number(b []byte) (n int) {
	if len(b) > 9 {
		return 0
	}
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0
		}
		n = n*10 + int(c-'0')
	}
	return n
}

// Start is the number of the first claim of a file, counting files as they were read.
func (x *Index) Start(file int) int {
	for n := range x.claims {
		if int(x.claims[n].file) >= file {
			return n
		}
	}
	return len(x.claims)
}

// LineAt is the line, from 0, of claim n with that LX01; -1 where there is none.
func (x *Index) LineAt(n, lx int) int {
	if lx == 0 {
		return -1
	}
	for k, l := range x.linesOf(&x.claims[n]) {
		if int(l.lx) == lx {
			return k
		}
	}
	return -1
}

// Service is what a line of the index bills.
type Service struct {
	Code string
	Date edi.Date
}

// Services is the number of lines of claim n.
func (x *Index) Services(n int) int { return int(x.claims[n].count) }

// Service is line k, from 0, of claim n.
func (x *Index) Service(n, k int) Service {
	l := &x.linesOf(&x.claims[n])[k]
	return Service{unpack(l.code), l.date}
}
