// Package edi reads and patches X12 without losing a byte.
//
// A [Scanner] yields segments as views into its buffer, with absolute byte
// offsets; whatever stands between segments (line ends, blanks, a byte order
// mark) is kept as the lead of the segment that follows. Delimiters are read
// from each ISA, so a stream may hold several interchanges that differ.
//
// Nothing is ever serialised again. A change is an [Edit]: a byte range of the
// original input with the bytes that must be there and the bytes to put in
// their place. A [Patch] of such edits is applied by copying everything else
// through.
//
// Amounts are whole cents, quantities whole thousandths, dates CCYYMMDD
// numbers; none of them passes through a floating point number.
package edi
