package cms

import (
	"bytes"

	"github.com/gaitkeeper/gaitkeeper/scrub/ncci"
	"github.com/gaitkeeper/gaitkeeper/scrub/therapy"
)

// pfs reads a record of the relative value file. The names of its columns are spread
// over several rows, of which the last begins with HCPCS and MOD. Rows with a
// modifier (26, TC, 53) repeat the indicators of the code.
func (b *builder) pfs(f [][]byte, line int) {
	if blank(f) {
		return
	}
	if b.column == nil {
		if len(f) < 3 || !bytes.EqualFold(bytes.TrimSpace(f[0]), []byte("HCPCS")) {
			b.before(f)
			return
		}
		b.before(f)
		b.column = pfsColumns(b.header)
		return
	}
	if len(f[0]) == 0 || len(f) < 3 {
		return // a note below the table
	}
	code, ok := therapy.ParseCode(bytes.TrimSpace(f[0]))
	if !ok {
		b.flaw(line, "no code: %s", text(f[0]))
		return
	}
	cell := func(name string) []byte {
		if i, ok := b.column[name]; ok && i < len(f) {
			return bytes.TrimSpace(f[i])
		}
		return nil
	}
	status := cell("status")
	if len(status) != 1 || status[0] < 'A' || status[0] > 'Z' {
		b.flaw(line, "no status: %s", text(status))
		return
	}
	b.Read++
	if len(bytes.TrimSpace(f[1])) > 0 {
		return
	}
	fee := ncci.Fee{Code: code, Status: status[0], PCTC: first(cell("pctc")), Multiple: first(cell("mult"))}
	if at, again := b.seen[code]; again {
		if at >= 0 && b.Fees[at] != fee {
			b.Read--
			b.flaw(line, "%s has another row already", code)
		}
		return
	}
	b.seen[code] = -1
	if b.keeps(code) {
		b.seen[code] = len(b.Fees)
		b.Fees = append(b.Fees, fee)
	}
}

func first(f []byte) byte {
	if len(f) == 0 {
		return 0
	}
	return f[0]
}

// pfsColumns finds the columns by their names, put together from top to bottom:
// STATUS CODE, PCTC IND, MULT PROC. Without a status it is another file.
func pfsColumns(header [][][]byte) map[string]int {
	out := map[string]int{}
	last := header[len(header)-1]
	for i := range last {
		var name []byte
		for _, row := range header {
			if i < len(row) && len(row[i]) < 32 { // what is longer is a notice
				name = append(append(name, bytes.ToUpper(bytes.TrimSpace(row[i]))...), ' ')
			}
		}
		for key, words := range map[string]string{"status": "STATUS CODE", "pctc": "PCTC IND", "mult": "MULT PROC"} {
			if _, ok := out[key]; !ok && bytes.Contains(name, []byte(words)) {
				out[key] = i
			}
		}
	}
	return out
}
