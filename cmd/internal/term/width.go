package term

import (
	"os"

	"golang.org/x/term"
)

// Width is the number of columns of a terminal; 0 for anything else.
func Width(w any) int {
	f, ok := w.(*os.File)
	if !ok {
		return 0
	}
	columns, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return 0
	}
	return columns
}
