// Package cms reads reference data as CMS publishes it, into rows of package ncci:
//
//   - PTP edits of practitioners: tab separated text (parts f1 to f4) or xlsx; of
//     Medicaid too, which has no column for edits from before 1996.
//   - MUE values of practitioners: csv or xlsx.
//   - Add-on codes: text in columns, tab separated text or xlsx.
//   - The relative value file of the physician fee schedule (PPRRVU): csv or xlsx.
//
// Each may stand in zip archives, also of archives, or be packed with gzip. What a
// file is follows from its content; its name only tells a quarter and a part.
// Files are Latin-1, of which only the codes and numbers are read: descriptions
// and rationales belong to their owners and are not kept.
//
// Rows that cannot be read are counted, and the first ones told with their lines;
// see [Table.Err]. Dates are CCYYMMDD, checked against the calendar; a deletion
// date is the last day in force.
package cms
