// Package term knows about terminals: whether a stream is one, and colors.
package term

import (
	"io"
	"os"

	"golang.org/x/term"
)

// IsTerminal reports whether the stream is a terminal.
func IsTerminal(w any) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// Style colors text, or leaves it alone.
type Style bool

// StyleFor is the style of a stream: mode is auto, always or never. Auto colors
// on a terminal, unless NO_COLOR is set or TERM is dumb.
func StyleFor(mode string, w io.Writer) Style {
	switch mode {
	case "always":
		return true
	case "never":
		return false
	}
	return Style(IsTerminal(w) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb")
}

func (s Style) paint(code, text string) string {
	if !s {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

// The colors that output uses.
func (s Style) Bold(t string) string   { return s.paint("1", t) }
func (s Style) Red(t string) string    { return s.paint("1;31", t) }
func (s Style) Yellow(t string) string { return s.paint("1;33", t) }
func (s Style) Blue(t string) string   { return s.paint("1;34", t) }
func (s Style) Green(t string) string  { return s.paint("32", t) }
func (s Style) Dim(t string) string    { return s.paint("2", t) }
