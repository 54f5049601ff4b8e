// Command gaitkeeper finds and corrects errors in the therapy lines of X12 837P
// claims before a payer denies them.
package main

import (
	"os"

	"github.com/gaitkeeper/gaitkeeper/cmd/internal/app"
)

func main() { os.Exit(app.Main()) }
