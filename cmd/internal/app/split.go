package app

import (
	"crypto/sha256"
	"fmt"
	"hash"
	"io"

	"github.com/gaitkeeper/gaitkeeper/edi/x837"
	"github.com/gaitkeeper/gaitkeeper/scrub"
)

// splitter writes the claims that may be sent to one file and the others to
// another; both are valid interchanges.
type splitter struct {
	parts  [2]part // good, bad
	unread int
	sent   hash.Hash // of the good one
}

type part struct {
	out   *output
	batch *x837.BatchWriter
}

func newSplitter(good, bad string) *splitter {
	s := &splitter{sent: sha256.New()}
	for i, path := range []string{good, bad} {
		out := create(path)
		var to io.Writer = out
		if i == 0 {
			to = io.MultiWriter(out, s.sent)
		}
		s.parts[i] = part{out, x837.NewBatchWriter(to)}
	}
	s.parts[1].batch.Apart = true
	return s
}

func (s *splitter) add(res *scrub.Result, least scrub.Severity) error {
	if res.Claim.Fault != nil {
		s.unread++
		return nil // reported; there is nothing whole to write
	}
	to := &s.parts[1]
	if res.Clean(least) {
		to = &s.parts[0]
	}
	return to.batch.Write(res.Claim, res.Patched)
}

// close ends both interchanges and gives the files that are to appear: one that no
// claim goes to does not.
func (s *splitter) close() (files []*output, err error) {
	for i := range s.parts {
		p := &s.parts[i]
		if err := p.batch.Close(); err != nil {
			return nil, err
		}
		if p.batch.Claims > 0 {
			files = append(files, p.out)
		}
	}
	return files, nil
}

// removeStale takes away the file of an earlier run where this one has no claim for
// it: it would be sent again.
func (s *splitter) removeStale() error {
	for i := range s.parts {
		if p := &s.parts[i]; p.batch.Claims == 0 {
			if err := p.out.remove(); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *splitter) discard() {
	for i := range s.parts {
		s.parts[i].out.discard()
	}
}

// tell says where the claims went.
func (s *splitter) tell(w io.Writer) {
	good, bad := &s.parts[0], &s.parts[1]
	fmt.Fprintf(w, "%s to %s, %d to %s", many(good.batch.Claims, "claim", "claims"), good.out.path, bad.batch.Claims, bad.out.path)
	if s.unread > 0 {
		fmt.Fprintf(w, ", %d unreadable to neither", s.unread)
	}
	fmt.Fprintln(w)
	for _, p := range s.parts {
		if p.batch.Claims == 0 {
			fmt.Fprintf(w, "no claim for %s: it is not written\n", p.out.path)
		}
	}
}
