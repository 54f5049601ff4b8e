package x835

import (
	"bytes"

	"github.com/gaitkeeper/gaitkeeper/edi"
)

// readAmount reads money as payers write it: blanks around it, a plus and a point
// at the end are no harm. It is not present where it is blank.
func readAmount(b []byte) (a edi.Amount, present bool, err error) {
	if len(b) == 0 {
		return 0, false, nil
	}
	if a, err = edi.ParseAmount(b); err == nil {
		return a, true, nil
	}
	if b = trim(b); len(b) == 0 {
		return 0, false, nil
	}
	a, err = edi.ParseAmount(plain(b))
	return a, true, err
}

func readQuantity(b []byte) (q edi.Quantity, present bool, err error) {
	if len(b) == 0 {
		return 0, false, nil
	}
	if q, err = edi.ParseQuantity(b); err == nil {
		return q, true, nil
	}
	if b = trim(b); len(b) == 0 {
		return 0, false, nil
	}
	q, err = edi.ParseQuantity(plain(b))
	return q, true, err
}

func plain(b []byte) []byte {
	return bytes.TrimSuffix(bytes.TrimPrefix(b, []byte{'+'}), []byte{'.'})
}

// trim takes off the blanks around b. Most values have none.
func trim(b []byte) []byte {
	if n := len(b); n == 0 || b[0] > ' ' && b[n-1] > ' ' {
		return b
	}
	return bytes.TrimSpace(b)
}
