package cms

import (
	"bytes"
	"strconv"

	"github.com/gaitkeeper/gaitkeeper/scrub/ncci"
	"github.com/gaitkeeper/gaitkeeper/scrub/therapy"
)

// mue reads a record of an MUE table: code, value, adjudication indicator with its
// digit first, rationale. Medicaid has no indicator: it counts by line.
func (b *builder) mue(f [][]byte, line int) {
	if blank(f) {
		return
	}
	if b.column == nil {
		if b.mueHeader(f) {
			return
		}
		if !mueShape(f) {
			if !b.found && len(f) > 1 && isCode(bytes.ToUpper(f[0])) {
				b.flaw(line, "no value: %s", text(f[1]))
			}
			return // the notice
		}
		b.column = map[string]int{"code": 0, "value": 1, "mai": 2}
	}
	b.found = true
	m, why := b.readMUE(f)
	if why != "" {
		b.flaw(line, "%s", why)
		return
	}
	if at, again := b.seen[m.Code]; again {
		if at >= 0 && b.Limits[at] != m {
			b.flaw(line, "%s has another value already", m.Code)
			return
		}
		b.Read++
		return
	}
	b.Read++
	b.seen[m.Code] = -1
	if b.keeps(m.Code) {
		b.seen[m.Code] = len(b.Limits)
		b.Limits = append(b.Limits, m)
	}
}

// mueHeader takes the places of the columns from their names.
func (b *builder) mueHeader(f [][]byte) bool {
	places := map[string]int{}
	for i, c := range f {
		switch name := bytes.ToLower(c); {
		case bytes.Contains(name, []byte("mue value")):
			places["value"] = i
		case bytes.Contains(name, []byte("adjudication")):
			places["mai"] = i
		case bytes.Contains(name, []byte("code")) && len(name) < 32:
			if _, ok := places["code"]; !ok {
				places["code"] = i
			}
		}
	}
	_, value := places["value"]
	_, code := places["code"]
	if !value || !code {
		return false
	}
	if _, ok := places["mai"]; !ok {
		places["mai"] = -1
	}
	b.column = places
	return true
}

func (b *builder) readMUE(f [][]byte) (m ncci.MUE, why string) {
	cell := func(name string) []byte {
		if i := b.column[name]; i < len(f) {
			return trim(f[i])
		}
		return nil
	}
	var ok bool
	if m.Code, ok = therapy.ParseCode(cell("code")); !ok {
		return m, "no code: " + text(cell("code"))
	}
	value := cell("value")
	units, err := strconv.ParseUint(string(value), 10, 31)
	if err != nil {
		return m, "no MUE value: " + text(value)
	}
	m.Units, m.MAI = int(units), 1
	if b.column["mai"] >= 0 {
		mai := cell("mai")
		if len(mai) == 0 || mai[0] < '1' || mai[0] > '3' || len(mai) > 1 && mai[1] != ' ' {
			return m, "no adjudication indicator: " + text(mai)
		}
		m.MAI = int(mai[0] - '0')
	}
	return m, ""
}

// mueShape tells a row without a head over it.
func mueShape(f [][]byte) bool {
	return len(f) >= 3 && isCode(f[0]) && digits(f[1]) && len(f[1]) < 8 && len(f[2]) > 2 && '1' <= f[2][0] && f[2][0] <= '3' && f[2][1] == ' '
}

func blank(f [][]byte) bool {
	for _, c := range f {
		if len(bytes.TrimSpace(c)) > 0 {
			return false
		}
	}
	return true
}
