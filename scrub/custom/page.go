package custom

import "strings"

// Variables is the table of what expressions may speak of, in Markdown.
func Variables() string {
	var b strings.Builder
	for _, c := range classes {
		b.WriteString("| `" + c.name + "` | type | |\n|---|---|---|\n")
		for i := range c.fields {
			f := &c.fields[i]
			typ := kindNames[f.kind]
			if f.known != nil {
				typ += ", or unknown"
			}
			b.WriteString("| `" + c.name + "." + f.name + "` | " + typ + " | " + strings.ReplaceAll(f.doc, "*", `\*`) + " |\n")
		}
		b.WriteString("\n")
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// Functions is the table of the functions beside those of CEL, in Markdown.
func Functions() string {
	var b strings.Builder
	b.WriteString("| function | |\n|---|---|\n")
	for _, f := range functions {
		b.WriteString("| `" + f.name + "` | " + f.doc + " |\n")
	}
	return b.String()
}

var kindNames = map[kind]string{
	boolean: "true or false", integer: "whole number", double: "number", text: "text", date: "date", texts: "list of texts", lines: "list of lines",
}
