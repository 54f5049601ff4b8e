package ncci

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
)

// rowsVersion is the first byte of encoded rows. Another one means another layout.
const rowsVersion = 1

// AppendBinary appends the rows in a compact form, about 5 bytes for an edit.
// Numbers are varints (encoding/binary). After the version come the days that occur,
// then for each kind of row their number and the rows: codes as differences from
// the row before, days by their place in the list. Rows must be in the order of
// their codes; edits as [Tidy] leaves them.
func (r *Rows) AppendBinary(b []byte) ([]byte, error) {
	b = append(b, rowsVersion)
	days := dayList{at: map[int32]uint64{}}
	for i := range r.Edits {
		days.add(r.Edits[i].From)
		days.add(r.Edits[i].To)
	}
	for i := range r.AddOns {
		days.add(r.AddOns[i].From)
		days.add(r.AddOns[i].To)
	}
	b = binary.AppendUvarint(b, uint64(len(days.list)))
	for _, d := range days.list {
		b = binary.AppendUvarint(b, uint64(uint32(d)))
	}
	var last uint64
	step := func(codes uint64) error {
		if codes < last {
			return errors.New("ncci: rows to be stored are not in order")
		}
		b, last = binary.AppendUvarint(b, codes-last), codes
		return nil
	}
	b = binary.AppendUvarint(b, uint64(len(r.Edits)))
	for i := range r.Edits {
		e := &r.Edits[i]
		if err := step(e.codes()); err != nil {
			return nil, err
		}
		if e.Indicator > 3 {
			return nil, fmt.Errorf("ncci: edit with indicator %d", e.Indicator)
		}
		b = binary.AppendUvarint(b, days.at[e.From])
		b = binary.AppendUvarint(b, days.at[e.To]<<2|uint64(e.Indicator))
	}
	last, b = 0, binary.AppendUvarint(b, uint64(len(r.Limits)))
	for _, m := range r.Limits {
		if err := step(uint64(m.Code)); err != nil {
			return nil, err
		}
		b = binary.AppendUvarint(b, uint64(uint32(m.Units)))
		b = append(b, byte(m.MAI))
	}
	last, b = 0, binary.AppendUvarint(b, uint64(len(r.AddOns)))
	for _, a := range r.AddOns {
		if err := step(uint64(a.Code)); err != nil {
			return nil, err
		}
		b = binary.AppendUvarint(b, uint64(a.Primary))
		open := uint64(0)
		if a.Open {
			open = 1
		}
		b = binary.AppendUvarint(b, days.at[a.From])
		b = binary.AppendUvarint(b, days.at[a.To]<<1|open)
	}
	last, b = 0, binary.AppendUvarint(b, uint64(len(r.Fees)))
	for _, f := range r.Fees {
		if err := step(uint64(f.Code)); err != nil {
			return nil, err
		}
		b = append(b, f.Status, f.PCTC, f.Multiple)
	}
	return b, nil
}

// dayList numbers days in the order in which they come.
type dayList struct {
	list []int32
	at   map[int32]uint64
	last int32
}

func (l *dayList) add(day int32) {
	if day == l.last && len(l.list) > 0 {
		return
	}
	l.last = day
	if _, ok := l.at[day]; !ok {
		l.at[day] = uint64(len(l.list))
		l.list = append(l.list, day)
	}
}

var errRows = errors.New("ncci: the stored rows are damaged")

// UnmarshalBinary reads rows that AppendBinary wrote. What it did not write is an
// error, or rows that make no sense: whoever stores rows checks their sum.
func (r *Rows) UnmarshalBinary(b []byte) error {
	if len(b) == 0 || b[0] != rowsVersion {
		return errors.New("ncci: the stored rows are of another version")
	}
	d := rowDecoder{b: b[1:]}
	days := make([]int32, 0, d.count(1))
	for range cap(days) {
		days = append(days, int32(d.uvarint()))
	}
	day := func(at uint64) int32 {
		if at >= uint64(len(days)) {
			d.bad = true
			return 0
		}
		return days[at]
	}
	var codes uint64
	edits := make([]Edit, 0, d.count(3))
	for range cap(edits) {
		codes += d.uvarint()
		from, to := d.uvarint(), d.uvarint()
		edits = append(edits, Edit{Code(codes >> 30), Code(codes & (1<<30 - 1)), byte(to & 3), day(from), day(to >> 2)})
	}
	codes = 0
	limits := make([]MUE, 0, d.count(3))
	for range cap(limits) {
		codes += d.uvarint()
		limits = append(limits, MUE{Code: Code(codes), Units: int(uint32(d.uvarint())), MAI: int(d.byte())})
	}
	codes = 0
	addOns := make([]AddOn, 0, d.count(4))
	for range cap(addOns) {
		codes += d.uvarint()
		primary, from, to := d.uvarint(), d.uvarint(), d.uvarint()
		addOns = append(addOns, AddOn{Code(codes), Code(primary), to&1 != 0, day(from), day(to >> 1)})
	}
	codes = 0
	fees := make([]Fee, 0, d.count(4))
	for range cap(fees) {
		codes += d.uvarint()
		fees = append(fees, Fee{Code: Code(codes), Status: d.byte(), PCTC: d.byte(), Multiple: d.byte()})
	}
	if d.bad || len(d.b) > 0 {
		return errRows
	}
	*r = Rows{slices.Clip(edits), slices.Clip(limits), slices.Clip(addOns), slices.Clip(fees)}
	return nil
}

// rowDecoder takes numbers from the front of b; bad once there is none.
type rowDecoder struct {
	b   []byte
	bad bool
}

func (d *rowDecoder) uvarint() uint64 {
	if len(d.b) > 0 && d.b[0] < 0x80 { // most are one byte
		v := d.b[0]
		d.b = d.b[1:]
		return uint64(v)
	}
	v, n := binary.Uvarint(d.b)
	if n <= 0 {
		d.b, d.bad = nil, true
		return 0
	}
	d.b = d.b[n:]
	return v
}

func (d *rowDecoder) byte() byte {
	if len(d.b) == 0 {
		d.bad = true
		return 0
	}
	v := d.b[0]
	d.b = d.b[1:]
	return v
}

// count is the number of rows that follow, no more than the bytes can hold.
func (d *rowDecoder) count(least int) int {
	n := d.uvarint()
	if n > uint64(len(d.b)/least) {
		d.b, d.bad = nil, true
		return 0
	}
	return int(n)
}
