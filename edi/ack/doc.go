// Package ack reads and writes what a receiver answers to claims.
//
// Three answers come back, each about something smaller: a TA1 about an
// interchange, a 999 (005010X231A1) about each transaction set of a group and its
// segments, a 277CA (005010X214) about each claim. [Reader] reads all three, one
// answer at a time, and tolerates the 997 and what receivers send:
//
//	r := ack.NewReader(src)
//	for {
//		answer, err := r.Next()
//		if err == io.EOF {
//			break
//		}
//		...
//		switch a := answer.(type) {
//		case *ack.Interchange: // a TA1
//		case *ack.Set:         // a set, with the faults that the 999 names
//		case *ack.Group:       // the end of a 999: how many sets were accepted
//		case *ack.Batch:       // a batch or a provider's part of one, of a 277CA
//		case *ack.Claim:       // a claim with its lines, of a 277CA
//		}
//	}
//
// [Responder] writes the TA1 and the 999 to a file that package guide validates.
// What codes mean and what to do about them is in our own words: see [Explain] and
// [Advice].
package ack
