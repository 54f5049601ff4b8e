package config

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
)

// place is where something stands in the file.
type place struct{ line, column int }

// places are where the keys of a file stand and their values begin, by paths such as
// payer.acme.pair[0].code.
type places struct {
	keys, values map[string]place
	texts        map[string][]byte // values that are texts, as they are written
	order        []string          // paths, as they come
}

// readPlaces reads where keys stand. What is no TOML is left to the decoder.
func readPlaces(text []byte) places {
	p := places{keys: map[string]place{}, values: map[string]place{}, texts: map[string][]byte{}}
	var parser unstable.Parser
	parser.Reset(text)
	at := func(b []byte, skip int) place {
		r := parser.Range(b)
		s := parser.Shape(r).Start
		return place{s.Line, s.Column + skip}
	}
	table := ""
	counts := map[string]int{} // elements of arrays of tables
	for parser.NextExpression() {
		e := parser.Expression()
		switch e.Kind {
		case unstable.Table, unstable.ArrayTable:
			var path []string
			var first place
			for k := e.Key(); k.Next(); {
				if first == (place{}) {
					first = at(parser.Raw(k.Node().Raw), 0)
				}
				path = append(path, string(k.Node().Data))
				joined := strings.Join(path, ".")
				if n := counts[joined]; n > 0 && !(e.Kind == unstable.ArrayTable && k.IsLast()) {
					path[len(path)-1] += "[" + strconv.Itoa(n-1) + "]"
				}
			}
			table = strings.Join(path, ".")
			if e.Kind == unstable.ArrayTable {
				counts[table]++
				table += "[" + strconv.Itoa(counts[table]-1) + "]"
			}
			p.add(table, first, first)
		case unstable.KeyValue:
			p.pair(&parser, at, table, e)
		}
	}
	return p
}

func (p *places) add(path string, key, value place) {
	if _, twice := p.keys[path]; !twice {
		p.keys[path], p.values[path] = key, value
		p.order = append(p.order, path)
	}
}

func (p *places) pair(parser *unstable.Parser, at func([]byte, int) place, table string, e *unstable.Node) {
	path := table
	var key place
	for k := e.Key(); k.Next(); {
		if key == (place{}) {
			key = at(parser.Raw(k.Node().Raw), 0)
		}
		if path != "" {
			path += "."
		}
		path += string(k.Node().Data)
	}
	v := e.Value()
	p.add(path, key, valuePlace(parser, at, v, key))
	if v.Kind == unstable.String {
		p.texts[path] = parser.Raw(v.Raw)
	}
	if v.Kind == unstable.InlineTable {
		for c := v.Children(); c.Next(); {
			if n := c.Node(); n.Kind == unstable.KeyValue {
				p.pair(parser, at, path, n)
			}
		}
	}
}

// valuePlace is where the text of a value begins: behind the quotes of a string, on
// the next line where they stand alone.
func valuePlace(parser *unstable.Parser, at func([]byte, int) place, v *unstable.Node, key place) place {
	raw := parser.Raw(v.Raw)
	if len(raw) == 0 {
		return key
	}
	for _, quotes := range []string{`"""`, `'''`, `"`, `'`} {
		if !bytes.HasPrefix(raw, []byte(quotes)) {
			continue
		}
		rest := raw[len(quotes):]
		if len(quotes) == 3 && (bytes.HasPrefix(rest, []byte("\n")) || bytes.HasPrefix(rest, []byte("\r\n"))) {
			return place{at(raw, 0).line + 1, 1}
		}
		return at(raw, len(quotes))
	}
	return at(raw, 0)
}

// inside is the place of a byte of a value that is a text; offset counts in the text as
// it is meant, without quotes and escapes.
func (p *places) inside(path string, offset int) (place, bool) {
	at, ok := p.values[path]
	raw, isText := p.texts[path]
	if !ok || !isText {
		return at, ok
	}
	quote, multi := raw[0], bytes.HasPrefix(raw, []byte{raw[0], raw[0], raw[0]})
	if multi {
		raw = bytes.TrimPrefix(bytes.TrimPrefix(raw[3:len(raw)-3], []byte("\r")), []byte("\n"))
	} else {
		raw = raw[1 : len(raw)-1]
	}
	for offset > 0 && len(raw) > 0 {
		written, meant := 1, 1
		if quote == '"' && raw[0] == '\\' && len(raw) > 1 {
			written, meant = escape(raw)
		}
		for _, b := range raw[:written] {
			if b == '\n' {
				at = place{at.line + 1, 1}
			} else {
				at.column++
			}
		}
		raw, offset = raw[written:], offset-meant
	}
	return at, true
}

// escape is how many bytes an escape has, and how many it stands for.
func escape(raw []byte) (written, meant int) {
	digits := map[byte]int{'x': 2, 'u': 4, 'U': 8}[raw[1]]
	switch {
	case digits > 0 && len(raw) >= 2+digits:
		n, err := strconv.ParseUint(string(raw[2:2+digits]), 16, 32)
		if err != nil {
			return 2, 1
		}
		return 2 + digits, len(string(rune(n)))
	case bytes.IndexByte([]byte(" \t\r\n"), raw[1]) >= 0: // the line goes on behind the blanks
		return len(raw) - len(bytes.TrimLeft(raw[1:], " \t\r\n")), 0
	}
	return 2, 1
}
