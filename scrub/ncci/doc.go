// Package ncci holds two tables of the National Correct Coding Initiative, the
// edits by which Medicare and most other payers refuse service lines:
//
//   - PTP, procedure to procedure: two codes that one provider does not bill
//     together for one patient on one day. Column 1 is paid, column 2 is denied;
//     indicator 1 lets a bypass modifier separate them, indicator 0 nothing.
//   - MUE, medically unlikely edits: the most units of one code, for one
//     patient, provider and day (or line).
//
// [Default] is a snapshot of the therapy codes, made of CMS publications and
// embedded with its dates. It is small and it ages; [New] makes the same
// [Tables] from any other rows, such as the whole of CMS's current files.
//
// A day is an int32 CCYYMMDD (20260310). Every fact has a first and a last day
// in force. No lookup allocates.
package ncci
