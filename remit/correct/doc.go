// Package correct decides which denied claims go into a corrected batch, how, and why
// the others stay out.
//
// [Cases] gathers what the payers' standing answers deny. Three questions follow, each
// a table or a small function: [Case.Doubt], whether it is certain what was answered;
// [Case.Open], which denials no correction of the claim is for; and [Case.Way], whether
// the claim goes again as a replacement (CLM05-3 is 7, with the payer's number in
// REF*F8), as a new claim (1), or not at all. [Resubmit] and [Envelopes] are what is
// written then.
//
// It knows neither rules nor files: which denials a correction is for, the caller says.
package correct
