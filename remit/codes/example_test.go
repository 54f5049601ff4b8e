package codes_test

import (
	"fmt"

	"github.com/gaitkeeper/gaitkeeper/remit/codes"
)

func Example() {
	r, _ := codes.CARC("236")
	fmt.Println(r.Meaning)
	fmt.Println(r.Category, "-", r.Action())
	_, known := codes.RARC("N9999")
	fmt.Println(known)
	// Output:
	// NCCI or state edit: code pair conflicts that day
	// bundling - correct the claim and send it again
	// false
}
