// Package guide checks claims and remittances against their implementation guides:
// 005010X222A1 for professional claims and 005010X221A1 for payments.
//
// The guides are tables (data/): which segment stands in which loop, how often, and
// what each element holds. They are compiled once. A Validator reads segments one
// at a time, finds each one its place and reports what does not fit, with the codes
// that a 999 or TA1 answers with. It goes on behind a fault, so that one wrong
// segment gives one problem.
package guide
