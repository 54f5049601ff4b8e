// Package remit reconciles 835 remittances with the 837P claims they answer: what
// the payer did with every dollar, why, and what to do next.
//
// A [Run] reads the claims first, into an [Index] of a few bytes a line, then the
// remittances twice: [Run.Survey] notes for each answer what it says of which claim,
// [Run.Settle] puts the answers to one claim in sequence, and [Run.Report] reads
// again and tells each answer with its place in that sequence. The result does not
// depend on the order of the files.
//
// Nothing is altered to make sums come out: each one that does not is reported with
// its place and its difference. Every match names the key that made it; an amount
// alone never makes one.
package remit
