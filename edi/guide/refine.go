package guide

// limits are lengths that the guide sets below those of the dictionary. A soft one
// is not agreed on by all who describe it.
var limits = []struct {
	loop, segment, qualifier string // "" for any
	element                  int
	limit                    uint16
	soft                     bool
}{
	{"", "CLM", "", 1, 20, false},
	{"", "BHT", "", 3, 30, true},
	{"", "PWK", "", 6, 50, false},
	{"2400", "REF", "6R", 2, 30, true},
}

// refine adds to the elements of a segment what the tables have no column for.
func (c *compiler) refine(s *spec, loop, segment string) {
	for _, l := range limits {
		if l.segment == segment && (l.loop == "" || l.loop == loop) && (l.qualifier == "" || s.quals != nil && has(s.quals[0].codes, pack([]byte(l.qualifier)))) {
			s.elements[l.element-1].limit, s.elements[l.element-1].soft = l.limit, l.soft
		}
	}
	for i := range s.elements {
		e := &s.elements[i]
		c.refineElement(e, segment, i+1)
		if e.ref == "1251" && i > 0 && s.elements[i-1].ref == "1250" {
			e.kind = kindPeriod
		}
	}
	switch segment {
	case "HL": // hierarchy looks at them
		s.elements[2].codes, s.elements[3].codes = nil, packAll("0|1")
		s.elements[1].usage = 'S'
		s.must &^= 1 << 1
	case "SV1": // DX101 looks at pointers
		s.elements[6].usage = 'S'
		s.must &^= 1 << 6
		s.elements[6].mustParts = 0
		for i := range s.elements[6].parts {
			s.elements[6].parts[i] = element{usage: 'S', kind: kindAN, max: 99, ref: "1328"}
		}
	case "ST":
		s.elements[2].usage, s.elements[2].codes = 'S', nil // versions are compared with the group's
		s.must &^= 1 << 2
	case "GS":
		s.elements[0].codes, s.elements[7].codes = nil, nil
	}
}

func (c *compiler) refineElement(e *element, segment string, n int) {
	switch {
	case c.set == "837" && e.ref == "782":
		e.number = money
	case segment == "SV1" && n == 4, segment == "SVD" && n == 5, segment == "HCP" && n == 12:
		e.number = quantity
	case e.ref == "1034":
		e.list = c.lists["carc"]
	case e.ref == "26":
		e.list = c.lists["country"]
	case e.ref == "100":
		e.list = c.lists["currency"]
	case segment == "MOA" && n >= 3 && n <= 7, segment == "MIA" && (n == 5 || n >= 20 && n <= 23):
		e.list = c.lists["rarc"]
	case segment == "SV1" && n == 5:
		e.list = c.lists["pos"]
	case segment == "CLM" && n == 11 && len(e.parts) > 3:
		e.parts[3].list = c.lists["state"]
		e.parts[4].list = c.lists["country"]
	case e.ref == "C023" && len(e.parts) > 0:
		e.parts[0].list = c.lists["pos"]
	}
}

func nineDigits(b []byte) bool { return len(b) == 9 && digits(b) }

func digits(b []byte) bool {
	for _, c := range b {
		if c < '0' || c > '9' {
			return false
		}
	}
	return len(b) > 0
}
