package app

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/edi/ack"
	"github.com/gaitkeeper/gaitkeeper/edi/x837"
)

// sentClaims are the claims that answers are about: where in their sets they stand,
// and how they are called.
type sentClaims struct {
	sets  []sentSet
	list  []sentClaim
	lines []sentLine
	bySet map[setKey][]int    // numbers of sets
	byID  map[string][]uint32 // numbers of claims
}

// setKey is how a 999 names a set: GS06 and ST02.
type setKey struct{ group, set string }

type sentSet struct {
	file        string
	interchange string // ISA13
	sender      string // GS02
	key         setKey
	first, end  int // its claims
}

type sentClaim struct {
	id          string
	level       int32 // number in the set of the first segment of its subscriber or patient level
	first, last int32 // of the claim
	lines, end  uint32
	outcome     ack.Outcome
	byFunction  bool // the outcome comes from a 999
}

type sentLine struct {
	first   int32 // number in the set of its LX
	number  string
	control string // REF*6R
	code    string
}

// read adds the claims of a file.
func (s *sentClaims) read(name string, src io.Reader, onFault func(*edi.SyntaxError)) error {
	if s.bySet == nil {
		s.bySet, s.byID = map[setKey][]int{}, map[string][]uint32{}
	}
	r := x837.NewReader(src)
	r.OnError = onFault
	var c x837.Claim
	var set *x837.Envelope
	for {
		if err := r.Next(&c); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if c.Set != set || len(s.sets) == 0 {
			set = c.Set
			s.open(name, set)
		}
		s.add(&c)
	}
}

func (s *sentClaims) open(name string, set *x837.Envelope) {
	out := sentSet{file: name, first: len(s.list), end: len(s.list)}
	if set != nil {
		out.key.set = set.Control
		if group := set.Parent; group != nil {
			out.key.group = group.Control
			out.sender = string(bytes.Trim(group.Element(0, 2), " "))
			if group.Parent != nil {
				out.interchange = group.Parent.Control
			}
		}
	}
	s.bySet[out.key] = append(s.bySet[out.key], len(s.sets))
	s.sets = append(s.sets, out)
}

func (s *sentClaims) add(c *x837.Claim) {
	ordinal := func(b *edi.Block, i int) int32 {
		at := b.Segment(i)
		return int32(at.Pos().SetSegment)
	}
	out := sentClaim{
		id: string(c.ID()), first: ordinal(&c.Block, 0), last: ordinal(&c.Block, c.Len()-1), lines: uint32(len(s.lines)),
	}
	out.level = out.first
	if l := c.PatientLevel(); l.Len() > 0 {
		out.level = ordinal(&l.Block, 0)
	}
	for i := range c.Lines {
		l := &c.Lines[i]
		line := sentLine{first: ordinal(&c.Block, l.First), number: string(c.Element(l.First, 1))}
		if l.Control >= 0 {
			line.control = string(c.Element(l.Control, 2))
		}
		if l.SV1 >= 0 {
			sv1 := c.Segment(l.SV1)
			line.code = sv1.Element(1).Component(2).String()
		}
		s.lines = append(s.lines, line)
	}
	out.end = uint32(len(s.lines))
	s.byID[out.id] = append(s.byID[out.id], uint32(len(s.list)))
	s.list = append(s.list, out)
	s.sets[len(s.sets)-1].end = len(s.list)
}

// interchangeFile is the file that holds the interchange, and how many claims it has
// there; "" where none or several do.
func (s *sentClaims) interchangeFile(control string) (file string, claims int) {
	for i := range s.sets {
		set := &s.sets[i]
		if set.interchange != control {
			continue
		}
		if file != "" && file != set.file {
			return "", 0
		}
		file = set.file
		claims += set.end - set.first
	}
	return file, claims
}

// set is the one that a 999 answers: of those with its numbers the only one that
// holds all claims which the answer names. Numbers begin again in many files, so the
// sender must be who the answer is for, or claims must be named. It is nil where none
// is found, or several are; why says which.
func (s *sentClaims) set(a *ack.Set) (found *sentSet, why string) {
	candidates := s.bySet[setKey{a.Group.Control, a.Control}]
	for _, n := range candidates {
		set := &s.sets[n]
		named, held := s.holds(set, a)
		if named > held || held == 0 && set.sender != a.Group.Receiver {
			continue
		}
		if found != nil {
			return nil, fmt.Sprintf("several of the claim files hold a set %s of group %s", a.Control, a.Group.Control)
		}
		found = set
	}
	switch {
	case found != nil:
		return found, ""
	case len(candidates) > 0:
		return nil, "the set of that number in the claim files is of another sender, or does not hold the claims named"
	}
	return nil, "the set is not in the claim files"
}

// holds counts the faults of an answer that name a claim, and those whose claim the
// set holds.
func (s *sentClaims) holds(set *sentSet, a *ack.Set) (named, held int) {
	for i := range a.Faults {
		if id := a.Faults[i].Claim(); id != "" {
			if named++; s.named(set, id) >= 0 {
				held++
			}
		}
	}
	return named, held
}

// named is the number of the set's claim with that id, which an answer may have cut
// to 35 characters; -1 where there is none.
func (s *sentClaims) named(set *sentSet, id string) int {
	for _, n := range s.byID[id] {
		if n := int(n); n >= set.first && n < set.end {
			return n
		}
	}
	for n := set.first; n < set.end && len(id) == cutUnit; n++ {
		if strings.HasPrefix(s.list[n].id, id) {
			return n
		}
	}
	return -1
}

// cutUnit is how long a claim's id can be in a 999.
const cutUnit = 35

// at finds the claim of a fault and the key that found it: its number where the
// answer names it, else the place of the segment. -1 is none.
func (s *sentClaims) at(set *sentSet, f *ack.Fault) (claim int, key string) {
	if id := f.Claim(); id != "" {
		for _, n := range s.byID[id] { // an id may stand twice: the place decides
			if n := int(n); n >= set.first && n < set.end && s.list[n].holds(f.Ordinal) {
				return n, "CLM01"
			}
		}
		return s.named(set, id), "CLM01"
	}
	if f.Ordinal == 0 {
		return -1, ""
	}
	claims := s.list[set.first:set.end]
	i, _ := slices.BinarySearchFunc(claims, int32(f.Ordinal), func(c sentClaim, ordinal int32) int { return cmp.Compare(c.last, ordinal) })
	switch {
	case i == len(claims) || int32(f.Ordinal) < claims[i].level:
		return -1, ""
	case int32(f.Ordinal) < claims[i].first:
		return set.first + i, "level" // of its subscriber or patient
	}
	return set.first + i, "segment"
}

func (c *sentClaim) holds(ordinal int) bool {
	return int32(ordinal) >= c.level && int32(ordinal) <= c.last+1
}

// lineAt is the line in which a segment stands; nil for none.
func (s *sentClaims) lineAt(claim, ordinal int) (found *sentLine) {
	c := &s.list[claim]
	if int32(ordinal) > c.last+1 {
		return nil
	}
	for i := c.lines; i < c.end; i++ {
		if s.lines[i].first <= int32(ordinal) {
			found = &s.lines[i]
		}
	}
	return found
}

// called is the claim that a 277CA names, by CLM01; where several have that number,
// the last one sent. -1 is none.
func (s *sentClaims) called(id string) int {
	list := s.byID[id]
	if len(list) == 0 {
		return -1
	}
	return int(list[len(list)-1])
}

// lineCalled is the line of a claim with that REF*6R; nil where none or several have
// it.
func (s *sentClaims) lineCalled(claim int, control string) (found *sentLine) {
	c := &s.list[claim]
	for i := c.lines; i < c.end && control != ""; i++ {
		if s.lines[i].control != control {
			continue
		}
		if found != nil {
			return nil
		}
		found = &s.lines[i]
	}
	return found
}

// setOf is the set of a claim.
func (s *sentClaims) setOf(claim int) *sentSet {
	i, _ := slices.BinarySearchFunc(s.sets, claim, func(set sentSet, claim int) int {
		if set.end <= claim {
			return -1
		}
		return 1
	})
	return &s.sets[i]
}
