package cms

import (
	"bytes"

	"github.com/gaitkeeper/gaitkeeper/scrub/ncci"
	"github.com/gaitkeeper/gaitkeeper/scrub/therapy"
)

// contractor stands for the primary code where contractors say which they are.
const contractor = "CCCCC"

// aoc reads a record of the add-on code table. With names over the columns, these
// say where things are; text in columns is read by its shape.
func (b *builder) aoc(f [][]byte, line int) {
	if blank(f) {
		return
	}
	if len(f) == 1 {
		b.aocText(f[0], line)
		return
	}
	if b.column == nil || !b.found && bytes.Contains(squeezed(f), []byte("primarycode")) {
		b.column = aocColumns(f)
		return
	}
	cell := func(name string) []byte {
		if i, ok := b.column[name]; ok && i < len(f) {
			return bytes.TrimSpace(f[i])
		}
		return nil
	}
	b.addOn(line, addOnFields{
		code: cell("addoncode"), primary: cell("primarycode"), kind: cell("aocedittype"),
		from: cell("aocediteffdt"), to: cell("aoceditdeldt"), gone: [2][]byte{cell("aocdeldt"), cell("primarycodedeldt")},
	})
}

// aocColumns are the columns by their names: AOC_Edit_Type, Add-On_Code, AOC_DelDT,
// Primary_Code, Primary_Code_DelDT, AOC_Edit_EffDT, AOC_Edit_DelDT. nil if f does not
// name two codes.
func aocColumns(f [][]byte) map[string]int {
	out := map[string]int{}
	for i := range f {
		name := string(bytes.TrimSuffix(squeezed(f[i:i+1]), []byte("julian")))
		if _, ok := out[name]; !ok && name != "" {
			out[name] = i
		}
	}
	if _, ok := out["addoncode"]; !ok {
		return nil
	}
	if _, ok := out["primarycode"]; !ok {
		return nil
	}
	return out
}

// squeezed is the letters of fields, in lower case.
func squeezed(f [][]byte) []byte {
	var out []byte
	for _, c := range f {
		for _, x := range bytes.ToLower(c) {
			if 'a' <= x && x <= 'z' {
				out = append(out, x)
			}
		}
	}
	return out
}

// addOnFields are the fields of a row, wherever they stood.
type addOnFields struct {
	code, primary, kind []byte
	from, to            []byte    // of the edit
	gone                [2][]byte // last days of the add-on code and of the primary
}

func (b *builder) addOn(line int, f addOnFields) {
	b.found = true
	a := ncci.AddOn{Open: len(f.kind) == 1 && f.kind[0] == '3', To: ncci.Open}
	var ok bool
	if a.Code, ok = therapy.ParseCode(f.code); !ok {
		b.flaw(line, "no add-on code: %s", text(f.code))
		return
	}
	if string(f.primary) != contractor {
		if a.Primary, ok = therapy.ParseCode(f.primary); !ok {
			b.flaw(line, "no primary code: %s", text(f.primary))
			return
		}
	}
	if len(f.from) > 0 {
		if a.From = ordinal(f.from); a.From == 0 {
			b.flaw(line, "no day of the calendar: effective %s", text(f.from))
			return
		}
	}
	for _, d := range [][]byte{f.to, f.gone[0], f.gone[1]} {
		if len(d) == 0 || isStar(d) {
			continue
		}
		last := ordinal(d)
		if last == 0 {
			b.flaw(line, "no day of the calendar: deletion %s", text(d))
			return
		}
		a.To = min(a.To, last)
	}
	b.Read++
	if a.To < a.From {
		b.Void++
		return
	}
	if b.keeps(a.Code) {
		b.AddOns = append(b.AddOns, a)
	}
}

// Text in columns: the add-on code in 1-5 and the primary in 12-16. Releases with the
// edit type or days between them are read by the order of the words: type, add-on
// code, its last day, primary code, its last day, first and last day of the edit.
func (b *builder) aocText(s []byte, line int) {
	f, ok := aocShape(s)
	if !ok {
		if b.found {
			b.flaw(line, "no add-on code and primary code: %s", text(s))
		}
		return
	}
	b.addOn(line, f)
}

func aocShape(s []byte) (f addOnFields, ok bool) {
	words := bytes.Fields(s)
	if len(words) > 0 && len(words[0]) == 1 && '1' <= words[0][0] && words[0][0] <= '3' {
		f.kind, words = words[0], words[1:]
	} else if len(words) > 0 && len(words[0]) == 6 && '1' <= words[0][0] && words[0][0] <= '3' && isHCPCS(words[0][1:]) {
		f.kind, words[0] = words[0][:1], words[0][1:]
	}
	if len(words) == 0 || !isHCPCS(words[0]) {
		return f, false
	}
	f.code, words = words[0], words[1:]
	if len(words) > 1 && isDay(words[0]) && isPrimary(words[1]) {
		f.gone[0], words = words[0], words[1:]
	}
	if len(words) == 0 || !isPrimary(words[0]) {
		return f, false
	}
	f.primary, words = words[0], words[1:]
	var days [][]byte
	for len(words) > 0 && isDay(words[0]) {
		days, words = append(days, words[0]), words[1:]
	}
	switch n := len(days); {
	case n >= 3:
		f.gone[1], f.from, f.to = days[0], days[1], days[2]
	case n == 2 && ordinal(days[0]) <= ordinal(days[1]):
		f.from, f.to = days[0], days[1]
	case n == 2:
		f.gone[1], f.from = days[0], days[1]
	case n == 1:
		f.from = days[0]
	}
	return f, true
}

func isDay(f []byte) bool { return (len(f) == 7 || len(f) == 8) && digits(f) }

func isPrimary(f []byte) bool { return isHCPCS(f) || string(f) == contractor }

// isHCPCS is stricter than isCode, for running text: four digits with a digit or a
// letter behind or a letter before them.
func isHCPCS(f []byte) bool { return isCode(f) && (digits(f[:4]) || digits(f[1:])) }
