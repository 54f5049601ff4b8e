package render

import (
	"bytes"
	"slices"

	"github.com/gaitkeeper/gaitkeeper/edi"
)

// open is a run of elements that may be shown.
type open struct {
	from, to int
	parts    int      // components of each; 0 for all of them
	key      int      // element whose first component decides; 0 where nothing does
	values   []string // and what it must be
}

func all(n int) []open { return []open{{from: 1, to: n}} }

// identifiers that say nothing of a patient: the qualifiers of the numbers of
// claims and lines, of payers, providers' licences, laboratories and systems.
var (
	publicIDs  = []string{"XX", "PI", "XV", "46"}
	publicREFs = []string{
		"6R", "F8", "1K", "D9", "X4", "F4", "P4", "4N", "F5", "T4", "EV", "F2", "2U", "FY", "NF", "LU",
		"0B", "1A", "1B", "1C", "1D", "1G", "G2", "HPI", "PQ", "EO", "9A", "9B", "9C", "9D", "FJ", "LX", "BT", "CE", "0K", "87",
	}
	publicContexts = []string{"CLM01", "TRN02", "SITUATIONAL TRIGGER"}
)

// shown is what of a segment may be shown; all else is masked. So a segment or an
// element that nobody thought of stays hidden. Names, numbers of people, addresses,
// birth and death dates, telephone numbers, passwords and free text are not here.
var shown = tagged(map[string][]open{
	// Envelopes.
	"ISA": {{from: 1, to: 1}, {from: 3, to: 3}, {from: 5, to: 16}}, "IEA": all(2), "TA1": all(5),
	"GS": all(8), "GE": all(2), "ST": all(3), "SE": all(2),

	// Parties.
	"NM1": {{from: 1, to: 2}, {from: 8, to: 8}, {from: 9, to: 9, key: 8, values: publicIDs}, {from: 10, to: 11}},
	"N1":  {{from: 1, to: 1}, {from: 3, to: 3}, {from: 4, to: 4, key: 3, values: publicIDs}},
	"N4":  {{from: 2, to: 2}, {from: 4, to: 4}},
	"PER": {{from: 1, to: 1}, {from: 3, to: 3}, {from: 5, to: 5}, {from: 7, to: 7}},
	"DMG": {{from: 1, to: 1}, {from: 3, to: 3}},
	"REF": {{from: 1, to: 1}, {from: 2, to: 2, key: 1, values: publicREFs}},
	"PRV": all(3), "HL": all(4), "CUR": all(3),
	"SBR": {{from: 1, to: 2}, {from: 5, to: 9}},
	"PAT": {{from: 1, to: 5}, {from: 7, to: 9}},
	"INS": all(5),

	// Claims.
	"BHT": all(6), "CLM": all(20), "DTP": all(3), "HI": all(12), "AMT": all(3), "QTY": all(4), "CAS": all(19),
	"CN1": all(6), "CRC": all(7), "CR1": all(8), "CR2": {{from: 1, to: 9}, {from: 12, to: 12}}, "CR3": all(5), "HCP": all(15), "OI": all(6),
	"MOA": all(9), "MIA": all(24), "CL1": all(4), "PWK": {{from: 1, to: 2}}, "NTE": {{from: 1, to: 1}},

	// Service lines. A procedure's components are its code and four modifiers; what
	// follows is a description.
	"LX":  all(1),
	"SV1": {{from: 1, to: 1, parts: 6}, {from: 2, to: 21}},
	"SV2": {{from: 1, to: 1}, {from: 2, to: 2, parts: 6}, {from: 3, to: 10}},
	"SV3": {{from: 1, to: 1, parts: 6}, {from: 2, to: 11}},
	"SV5": {{from: 1, to: 1, parts: 6}, {from: 2, to: 7}},
	"SVD": {{from: 1, to: 2}, {from: 3, to: 3, parts: 6}, {from: 4, to: 6}},
	"MEA": all(4), "PS1": all(3), "LIN": all(3), "CTP": all(5), "LQ": all(2), "FRM": all(2),

	// Remittances.
	"BPR": {{from: 1, to: 5}, {from: 10, to: 11}, {from: 16, to: 16}},
	"TRN": all(4), "DTM": all(6), "CLP": all(14), "TS3": all(24), "TS2": all(19), "PLB": all(14), "RDM": all(1),
	"SVC": {{from: 1, to: 1, parts: 6}, {from: 2, to: 5}, {from: 6, to: 6, parts: 6}, {from: 7, to: 7}},

	// Acknowledgements and answers. A copy of the data in error is data.
	"AK1": all(3), "AK2": all(3), "AK3": all(4), "AK4": all(3), "AK5": all(6), "AK9": all(9),
	"IK3": all(4), "IK4": all(3), "IK5": all(6),
	"CTX": {{from: 1, to: 1, parts: 1}, {from: 1, to: 1, key: 1, values: publicContexts}, {from: 2, to: 6}},
	"STC": all(11), "AAA": all(4), "EB": all(4), "EQ": all(1), "BGN": all(8), "HSD": all(8), "UM": all(10), "HCR": all(2),
})

func tagged(m map[string][]open) map[edi.Tag][]open {
	out := make(map[edi.Tag][]open, len(m))
	for id, list := range m {
		out[edi.TagOf(id)] = list
	}
	return out
}

// Mask is a segment without what may tell of a patient: each of its bytes is an x,
// but blanks, control bytes and separators stay, and so does the length.
func Mask(segment []byte, delims edi.Delims) []byte {
	return AppendMasked(nil, segment, delims)
}

// AppendMasked appends what [Mask] returns to dst.
func AppendMasked(dst, segment []byte, delims edi.Delims) []byte {
	start := len(dst)
	dst = append(dst, segment...)
	out := dst[start:]
	whole := segment
	// A control byte is where a line of something else begins: a lost terminator.
	if i := slices.IndexFunc(segment, isControl); i >= 0 {
		hide(out[i:], delims)
		whole = segment[:i]
	}
	id, _, _ := bytes.Cut(whole, []byte{delims.Element})
	allowed, known := shown[edi.TagOf(string(id[:min(len(id), 3)]))]
	if len(id) > 3 || !known && !isID(id) {
		hide(out, delims)
		return dst
	}
	n, at := 0, len(id)
	for at < len(whole) {
		n++
		from := at + 1
		at = len(whole)
		if i := bytes.IndexByte(whole[from:], delims.Element); i >= 0 {
			at = from + i
		}
		value := out[from:at]
		hide(value[visible(allowed, n, whole, value, delims):], delims)
	}
	return dst
}

func isControl(c byte) bool { return c < ' ' || c == 0x7F }

func isID(b []byte) bool {
	if len(b) < 2 {
		return false
	}
	for i, c := range b {
		if (c < 'A' || c > 'Z') && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return true
}

// visible is how many bytes of element n may be shown.
func visible(allowed []open, n int, segment, value []byte, delims edi.Delims) int {
	most := 0
	for i := range allowed {
		o := &allowed[i]
		if n < o.from || n > o.to || o.key > 0 && !slices.Contains(o.values, key(segment, o.key, delims)) {
			continue
		}
		most = max(most, reach(value, o.parts, delims.Component))
	}
	return most
}

// reach is the length of the first parts components.
func reach(value []byte, parts int, component byte) int {
	if parts == 0 {
		return len(value)
	}
	for i, c := range value {
		if c == component {
			if parts--; parts == 0 {
				return i
			}
		}
	}
	return len(value)
}

// key is the first component of element n.
func key(segment []byte, n int, delims edi.Delims) string {
	for range n {
		_, segment, _ = bytes.Cut(segment, []byte{delims.Element})
	}
	value, _, _ := bytes.Cut(segment, []byte{delims.Element})
	value, _, _ = bytes.Cut(value, []byte{delims.Component})
	return string(value)
}

func hide(b []byte, delims edi.Delims) {
	for i, c := range b {
		if c > ' ' && !delims.Has(c) {
			b[i] = 'x'
		}
	}
}
