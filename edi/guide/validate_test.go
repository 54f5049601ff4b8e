package guide

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/edi/editest"
)

// structure is what a handler hears of a file, one line each.
func structure(t *testing.T, text []byte) (list []string) {
	t.Helper()
	var v Validator
	_, err := v.Validate(context.Background(), bytes.NewReader(text), "test", Handler{
		Begin:      func(c *Interchange) { list = append(list, "ISA "+c.Control) },
		BeginGroup: func(g *Group) { list = append(list, "GS "+g.Control) },
		BeginSet:   func(s *Set) { list = append(list, "ST "+s.Control) },
		Problem:    func(p *Problem) { list = append(list, short(p)) },
		Set: func(s *Set) {
			list = append(list, fmt.Sprintf("set %s %d segments %d claims %d errors %v closed %t", s.Control, s.Segments, s.Claims, s.Problems.Errors, s.Problems.IK502, s.Closed))
		},
		Group: func(g *Group) {
			list = append(list, fmt.Sprintf("group %s %d of %d accepted, own %v", g.Control, g.Accepted, g.Sets, g.Own.AK905))
		},
		Interchange: func(c *Interchange) {
			list = append(list, fmt.Sprintf("interchange %s %d groups, own %v, %d errors", c.Control, c.Groups, c.Own.TA105, c.Problems.Errors))
		},
		Fault: func(e *edi.SyntaxError) { list = append(list, "fault "+e.Err.Error()) },
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// TestStructure: an acknowledgement can be written from what the handler hears.
func TestStructure(t *testing.T) {
	one := sample()
	second := slices.Clone(one[2 : len(one)-2])
	second[0], second[len(second)-1] = "ST*837*0002*005010X222A1", strings.Replace(second[len(second)-1], "*0001", "*0002", 1)
	second[slices.Index(second, "REF*EI*123456789")] = "REF*EI*12345"
	file := slices.Concat(one[:len(one)-2], second, []string{"GE*2*1", "IEA*2*000000001"})
	got := structure(t, editest.Render(file, editest.Wrapped))
	want := []string{
		"ISA 000000001", "GS 1", "ST 0001", "set 0001 59 segments 2 claims 0 errors [] closed true",
		"ST 0002", "GD106 REF02@11 2010AA 8/I12", "set 0002 59 segments 2 claims 1 errors [I5] closed true",
		"group 1 1 of 2 accepted, own []", "EN101 IEA01@0  021", "interchange 000000001 1 groups, own [021], 2 errors",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	cut := editest.Render(one, editest.Wrapped)
	got = structure(t, cut[:len(cut)*2/3])
	if n := len(got); n < 5 || !strings.HasPrefix(got[n-4], "GD101 SE@") || got[n-1] != "interchange 000000001 1 groups, own [], 1 errors" {
		t.Errorf("of a file that is cut:\n%s", strings.Join(got, "\n"))
	}
}

// TestOtherKinds: sets of other guides are told and not judged.
func TestOtherKinds(t *testing.T) {
	for _, test := range []struct{ code, gs, version, want string }{
		{"837", "HC", "005010X223A2", "institutional"},
		{"837", "HC", "005010X224A2", "dental"},
		{"837", "HC", "004010X098A1", "of version 004010X098A1"},
		{"277", "HN", "005010X214", "claim status answer"},
		{"999", "FA", "005010X231A1", "acknowledgement"},
		{"110", "XX", "005010", "unknown"},
	} {
		file := []string{
			editest.ISA(1), "GS*" + test.gs + "*SUBMITTER*RECEIVER*20260311*0800*1*X*" + test.version,
			"ST*" + test.code + "*0001*" + test.version, "BHT*9", "SE*3*0001", "GE*1*1", "IEA*1*000000001",
		}
		why := ""
		var v Validator
		n, err := v.Validate(context.Background(), bytes.NewReader(editest.Render(file, editest.CRLF)), "x", Handler{
			Set:     func(s *Set) { why = s.Why },
			Problem: func(p *Problem) { t.Errorf("%s: %s", test.version, short(p)) },
		})
		if err != nil || n.Sets != 1 || !strings.Contains(why, test.want) {
			t.Errorf("%s %s: %q, %v", test.code, test.version, why, err)
		}
	}
}

// TestLayoutsAgree: separators, line ends and how the reader chunks make no difference.
func TestLayoutsAgree(t *testing.T) {
	s := sample()
	s[slices.Index(s, "REF*EA*MRN1")] = "REF*ZZ*MRN1"
	s[slices.Index(s, "LX*2")] = "LX*7"
	s = slices.DeleteFunc(s, func(x string) bool { return strings.HasPrefix(x, "DMG*D8*1950") })
	want := told(t, recount(s), Validator{})
	if len(want) != 3 {
		t.Fatal(want)
	}
	for _, l := range editest.Layouts {
		var got []string
		var v Validator
		r := iotest.OneByteReader(bytes.NewReader(editest.Render(recount(s), l)))
		if _, err := v.Validate(context.Background(), r, "x", Handler{Problem: func(p *Problem) { got = append(got, short(p)) }}); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%v:\n%s", l, diff)
		}
	}
}

// TestWalkerFedFromElsewhere: what Validate finds, a Walker finds that gets the
// segments one by one.
func TestWalkerFedFromElsewhere(t *testing.T) {
	s := sample()
	s[slices.Index(s, "CLM*C1*93***11:B:1*Y*A*Y*Y")] = "CLM*C1*94***11:B:1*Y*A*Y*Y"
	s[slices.Index(s, "HL*3*1*22*1")] = "HL*3*1*22*0"
	var got []string
	var v Validator
	w := v.Walk(Handler{Problem: func(p *Problem) { got = append(got, short(p)) }})
	scan := edi.NewScanner(bytes.NewReader(editest.Render(s, editest.Wrapped)))
	for scan.Next() {
		w.Segment(scan.Segment())
	}
	n := w.Close()
	if diff := cmp.Diff(told(t, s, v), got); diff != "" || n.Claims != 2 || n.Errors != 2 {
		t.Errorf("%+v\n%s", n, diff)
	}
}

// whole is all that a problem says.
func whole(p Problem) string {
	fix := ""
	if p.Fix != nil {
		fix = fmt.Sprintf("%+v", *p.Fix)
	}
	p.Fix = nil
	return fmt.Sprintf("%+v %s", p, fix)
}

// TestShortWay: a Walker that is fed from elsewhere looks at every segment anew; what
// it finds, Validate finds by the short way, whatever is wrong with the sets.
func TestShortWay(t *testing.T) {
	for _, tree := range []*tree{professional(), remittance()} {
		t.Run(tree.set, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				s := generate(tree, rapid.Uint64().Draw(t, "seed"), 6)
				s = slices.Concat(s[:len(s)-3], s[8:]) // what comes again
				for range rapid.IntRange(0, 8).Draw(t, "faults") {
					i := rapid.IntRange(3, len(s)-4).Draw(t, "segment")
					k := rapid.IntRange(3, len(s)-4).Draw(t, "other")
					switch rapid.IntRange(0, 3).Draw(t, "kind") {
					case 0:
						s = slices.Delete(s, i, i+1)
					case 1:
						s = slices.Insert(s, i, s[k])
					case 2:
						s[i], s[k] = s[k], s[i]
					case 3:
						s[i] = strings.Replace(s[i], "1", "Q", 1)
					}
				}
				text := editest.Render(s, editest.OneLine)
				var short, long []string
				v := Validator{Types: 0x7F}
				n, err := v.Validate(context.Background(), bytes.NewReader(text), "x", Handler{Problem: func(p *Problem) { short = append(short, whole(*p)) }})
				if err != nil {
					t.Fatal(err)
				}
				w := v.Walk(Handler{Problem: func(p *Problem) { long = append(long, whole(*p)) }})
				scan := edi.NewScanner(bytes.NewReader(text))
				scan.OnError = w.Fault
				for scan.Next() {
					w.Segment(scan.Segment())
				}
				if m := w.Close(); m.Segments != n.Segments || m.Claims != n.Claims || m.Errors != n.Errors {
					t.Errorf("%+v, the short way %+v", m, n)
				}
				if diff := cmp.Diff(long, short); diff != "" {
					t.Fatalf("-long +short\n%s", diff)
				}
			})
		})
	}
}

// TestTypes: only what is asked for is told and counted.
func TestTypes(t *testing.T) {
	s := sample()
	s[slices.Index(s, "CLM*C1*93***11:B:1*Y*A*Y*Y")] = "CLM*C1*94***11:B:1*Y*A*Y*X" // type 3 and type 1
	for types, want := range map[Types]int{1: 1, 1 << 2: 1, 1<<2 | 1: 2, 1 << 1: 0, 0: 2} {
		if got := told(t, s, Validator{Types: types}); len(got) != want {
			t.Errorf("types %b: %v", types, got)
		}
	}
	s = sample()
	s[9] = "NM1*85*2*EXAMPLE THERAPY*****XX*1234567890"
	for npi, want := range map[Severity]string{0: "warning", Warning: "warning", Error: "error", Off: ""} {
		got := ""
		v := Validator{NPI: npi}
		if _, err := v.Validate(context.Background(), bytes.NewReader(editest.Render(s, editest.Wrapped)), "x", Handler{
			Problem: func(p *Problem) { got += p.Severity.String() },
		}); err != nil || got != want {
			t.Errorf("%v: %q, %v", npi, got, err)
		}
	}
}

// TestFixes: applying the fixes of a file leaves nothing of what had one.
func TestFixes(t *testing.T) {
	s := sample()
	for old, bad := range map[string]string{
		"SE*59*0001": "SE*1*0001", "GE*1*1": "GE*7*1", "IEA*1*000000001": "IEA*3*000000001", "REF*EI*123456789": "REF*EI*12-3456789",
		"REF*EA*MRN1": "REF*EA*MRN1***", "SV1*HC:97110:GP*62*UN*2***1:2": "SV1*HC:97110:GP::*062.00*UN*2.0***1:2",
		"HI*ABK:M6281*ABF:R262": "HI*ABK:M62.81*ABF:R262", "N3*1 EXAMPLE WAY": "N3* 1 EXAMPLE WAY ", "N4*DENVER*CO*802020001": "N4*DENVER*CO*80202-0001",
		"ST*837*0001*005010X222A1": "ST*837*0001", "CAS*CO*45*12": "CAS*CO*45*12.", "AMT*D*70": "AMT*D*70.00",
	} {
		i := slices.Index(s, old)
		if i < 0 {
			t.Fatal(old)
		}
		s[i] = bad
	}
	text := editest.Render(s, editest.CRLF)
	var patch edi.Patch
	var v Validator
	find := func(p *Problem) {
		if p.Fix == nil {
			t.Errorf("no fix for %s: %s", short(p), p.Message)
			return
		}
		patch = append(patch, p.Fix.Edits...)
	}
	if n, err := v.Validate(context.Background(), bytes.NewReader(text), "x", Handler{Problem: find}); err != nil || n.Errors+n.Warnings != 14 {
		t.Fatal(n, err)
	}
	if !slices.IsSortedFunc(patch, func(a, b edi.Edit) int { return int(a.Span.Start - b.Span.Start) }) {
		t.Error("edits are not in the order of the input")
	}
	fixed, err := patch.ApplyBytes(nil, text, 0)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(editest.Render(sample(), editest.CRLF)), string(fixed)); diff != "" {
		t.Errorf("-want +fixed\n%s", diff)
	}
}

// TestMessages: no message ends with a period or repeats data of the file.
func TestMessages(t *testing.T) {
	secret := "SECRETNAME"
	s := sample()
	for i := range s {
		if strings.HasPrefix(s[i], "NM1*") || strings.HasPrefix(s[i], "N3*") || strings.HasPrefix(s[i], "REF*") || strings.HasPrefix(s[i], "DMG*") {
			f := strings.Split(s[i], "*")
			f[1], f[len(f)-1] = secret, secret
			s[i] = strings.Join(f, "*")
		}
	}
	var v Validator
	found := 0
	_, err := v.Validate(context.Background(), bytes.NewReader(editest.Render(s, editest.Wrapped)), "x", Handler{Problem: func(p *Problem) {
		found++
		if strings.Contains(p.Message, secret) || p.Message == "" || strings.HasSuffix(p.Message, ".") {
			t.Errorf("message %q", p.Message)
		}
	}})
	if err != nil || found == 0 {
		t.Error(found, err)
	}
}

// TestPartners: what only some receivers ask for is type 7.
func TestPartners(t *testing.T) {
	s := sample()
	i := slices.Index(s, "N3*1 EXAMPLE WAY")
	s[i] = "N3*1 Example Way"
	s = append(s, s...) // a second interchange
	if got := told(t, s, Validator{}); got != nil {
		t.Error(got)
	}
	want := []string{"GD106 N3@9 2010AA ", "GD103 ISA@0  022", "GD106 N3@9 2010AA "}
	if diff := cmp.Diff(want, told(t, s, Validator{Types: 0x7F})); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestReaderErrors(t *testing.T) {
	var v Validator
	broken := errors.New("disk on fire")
	_, err := v.Validate(context.Background(), iotest.ErrReader(broken), "claims.837", Handler{})
	if !errors.Is(err, broken) || !strings.HasPrefix(err.Error(), "claims.837: ") {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := v.Validate(ctx, bytes.NewReader(editest.Render(sample(), editest.Wrapped)), "x", Handler{}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// FuzzValidate: any input is read to its end, and every problem lies in it.
func FuzzValidate(f *testing.F) {
	f.Add(editest.Render(sample(), editest.Wrapped))
	f.Add(editest.Render(sample(), editest.Pipes))
	f.Add(editest.Render(generate(remittance(), 1, 2), editest.OneLine))
	f.Add(editest.Render(generate(professional(), 2, 2), editest.CRLF)[:3000])
	f.Add([]byte("ISA*00*"))
	f.Add(editest.Fold(editest.Render(sample(), editest.OneLine), 200, "\n"))
	f.Add(editest.Render(slices.Delete(sample(), 1, 2), editest.Wrapped))
	f.Add(bytes.ReplaceAll(editest.Render(sample(), editest.Wrapped), []byte(":B:"), []byte("\nB>")))
	f.Add(bytes.ReplaceAll(editest.Render(sample(), editest.OneLine), []byte("NM1*"), []byte("N\n1*")))
	f.Fuzz(func(t *testing.T, text []byte) {
		v := Validator{Types: 0x7F}
		n, err := v.Validate(context.Background(), bytes.NewReader(text), "x", Handler{
			Problem: func(p *Problem) {
				if p.Span.Start < 0 || p.Span.End < p.Span.Start || p.Span.End > int64(len(text)) || p.Snip < 1 || p.Snip > 7 || p.Message == "" || !printable([]byte(p.Message+p.Segment)) {
					t.Errorf("%+v", p)
				}
				if p.Fix != nil {
					if _, err := edi.Patch(p.Fix.Edits).ApplyBytes(nil, text, 0); err != nil {
						t.Errorf("%s: %v", short(p), err)
					}
				}
			},
			Fault: func(e *edi.SyntaxError) {
				if strings.ContainsFunc(e.Error(), unicode.IsControl) {
					t.Error(e)
				}
			},
		})
		if err != nil && !errors.Is(err, io.EOF) || n.Bytes != int64(len(text)) {
			t.Errorf("%d of %d bytes: %v", n.Bytes, len(text), err)
		}
	})
}

func TestValidTaxonomy(t *testing.T) {
	for code, want := range map[string]bool{
		"225100000X": true, "2251X0800X": true, "261QP2000X": true, "235Z00000X": true, "111N00000X": true,
		"": false, "225100000": false, "225100000x": false, "2251 0000X": false, "2251000000X": false, "203BF0100Y": false, "ABC100000X": false, "22A100000X": false,
	} {
		if ValidTaxonomy([]byte(code)) != want {
			t.Errorf("%q is valid: %v", code, !want)
		}
	}
}
