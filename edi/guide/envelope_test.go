package guide

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/edi/editest"
)

// groups is a conformant file of two groups, with two sets and one.
func groups() []string {
	one := sample()
	set := func(control string) []string {
		s := slices.Clone(one[2 : len(one)-2])
		s[0] = "ST*837*" + control + "*005010X222A1"
		s[len(s)-1] = fmt.Sprintf("SE*%d*%s", len(s), control)
		return s
	}
	second := strings.Replace(one[1], "*0800*1*X*", "*0800*2*X*", 1)
	return slices.Concat(one[:2], set("0001"), set("0002"), []string{"GE*2*1", second}, set("0003"), []string{"GE*1*2", "IEA*2*000000001"})
}

// TestOneEnvelopeFault: one fault of the envelopes is one problem, with the code of the
// answer on its level, and no fix that follows from a wrong count. Changes are those of
// planted, several with ; between them.
func TestOneEnvelopeFault(t *testing.T) {
	if got := told(t, groups(), Validator{Types: 0x3F}); got != nil {
		t.Fatal(got)
	}
	for _, test := range []struct{ name, change, want string }{
		{"no GS", "-GS*HC", "GD102 ST@1  022"},
		{"no GS before the second group", "-*0800*2*X*", "GD102 ST@1  022"},
		{"no GS, no GE", "-GS*HC;-GE*2", "GD102 ST@1  022"},
		{"no GS, no GE, twice", "-GS*HC;-GE*2;-GS*HC;-GE*1", "GD102 ST@1  022"},
		{"no GS, and the counts know", "-GS*HC;IEA*2 = IEA*1", "GD102 ST@1  022"},
		{"no GS, and a wrong GE01", "-GS*HC;GE*2 = GE*3", "GD102 ST@1  022\nEN102 GE01@0  5"},
		{"no GS, and a wrong IEA01", "-GS*HC;IEA*2 = IEA*3", "GD102 ST@1  022\nEN101 IEA01@0  021"},
		{"no GE", "-GE*2", "GD101 GE@0  3"},
		{"no GE of the last group", "-GE*1", "GD101 GE@0  3"},
		{"no ST", "-ST*837*0001", "GD102 BHT@0  024"},
		{"no ST of the second set", "-ST*837*0002", "GD102 BHT@0  024"},
		{"no SE", "-SE*59*0001", "GD101 SE@59  2"},
		{"no SE of the second set", "-SE*59*0002", "GD101 SE@59  2"},
		{"no SE, no GE", "-SE*59*0002;-GE*2", "GD101 SE@59  3/2"},
		{"no IEA", "-IEA", "GD101 IEA@0  023"},
		{"no SE, GE, IEA", "-SE*59*0003;-GE*1;-IEA", "GD101 SE@59  023/3/2"},

		{"GS twice", "+GS*HC = GS*HC*SUBMITTER*RECEIVER*20260311*0800*1*X*005010X222A1", "GD101 GE@0  3"},
		{"GS twice, with another number", "+GS*HC = GS*HC*SUBMITTER*RECEIVER*20260311*0800*7*X*005010X222A1;GE*2*1 = GE*2*7", "GD101 GE@0  3"},
		{"GS twice, and it is counted", "+GS*HC = GS*HC*SUBMITTER*RECEIVER*20260311*0800*1*X*005010X222A1;IEA*2 = IEA*3", "GD101 GE@0  3"},
		{"GE twice", "+GE*2 = GE*2*1", "GD102 GE@0  022"},
		{"ST twice", "+ST*837*0001 = ST*837*0001*005010X222A1", "GD101 SE@2  2"},
		{"ST twice, and it is counted", "+ST*837*0001 = ST*837*0001*005010X222A1;SE*59*0001 = SE*60*0001", "GD101 SE@2  2"},
		{"SE twice", "+SE*59*0001 = SE*59*0001", "GD102 SE@0  022"},
		{"ISA twice", "+ISA = " + editest.ISA(1), "GD101 IEA@0  023"},

		{"GE before SE", ">SE*59*0003 = GE*1", "GD101 SE@59  2"},
		{"GE before SE, between groups", ">SE*59*0002 = GE*2", "GD101 SE@59  2"},

		{"IEA02", "IEA*2*000000001 = IEA*2*000000002", "EN104 IEA02@0  001"},
		{"GE02", "GE*2*1 = GE*2*3", "EN104 GE02@0  4"},
		{"SE02", "SE*59*0001 = SE*59*0009", "EN104 SE02@59  3"},
		{"IEA01", "IEA*2 = IEA*1", "EN101 IEA01@0  021"},
		{"GE01", "GE*2 = GE*1", "EN102 GE01@0  5"},
		{"SE01", "SE*59*0001 = SE*61*0001", "EN103 SE01@59  4"},
		{"two counts", "SE*59*0001 = SE*61*0001;GE*2 = GE*1", "EN103 SE01@59  4\nEN102 GE01@0  5"},
		{"ST02 again", "ST*837*0002 = ST*837*0001;SE*59*0002 = SE*59*0001", "EN105 ST02@1  23"},
		{"GS06 again", "0800*2*X = 0800*1*X;GE*1*2 = GE*1*1", "EN105 GS06@0  19"},

		{"text between IEA and the end", "+IEA = END OF FILE", "line 184:1, byte 4244: text outside an interchange: 13 bytes skipped"},
		{"IEA twice", "+IEA = IEA*2*000000001", "line 184:1, byte 4244: text outside an interchange: 17 bytes skipped"},
		{"segment between GE and GS", "+GE*2 = REF*EI*1", "GD102 REF@0  024"},
		{"segment between ISA and GS", "+ISA = REF*EI*1", "GD102 REF@0  024"},
		{"segment between SE and GE", "+SE*59*0002 = REF*EI*1", "GD102 REF@0  024"},
		{"segments between SE and ST", "+SE*59*0001 = REF*EI*1~REF*EI*2", "GD102 REF@0  024"},
		{"segment between GE and IEA", "+GE*1*2 = REF*EI*1", "GD102 REF@0  024"},

		{"TA1", "+ISA = TA1*000000001*260310*0800*A*000", ""},
		{"TA1 behind GS", "+GS*HC = TA1*000000001*260310*0800*A*000", "GD102 TA1@0  024"},
		{"TA1 between groups", "+GE*2 = TA1*000000001*260310*0800*A*000", "GD102 TA1@0  024"},
		{"TA1 behind the groups", "+GE*1*2 = TA1*000000001*260310*0800*A*000", "GD102 TA1@0  024"},
		{"TA1 in a set", "+N3*1 = TA1*000000001*260310*0800*A*000", "GD102 TA1@10 2010AA 2"},
		{"TA1 in a claim, and it is counted", "+CLM*C1 = TA1*000000001*260310*0800*A*000;SE*59*0001 = SE*60*0001", "GD102 TA1@20 2300 2"},
		{"a tab between segments", "NM1*40 = \tNM1*40", "GD106 NM1@5  022"},
		{"a set of another guide in between", "+SE*59*0001 = ST*837*0009*005010X223A2~BHT*1~SE*3*0009;GE*2 = GE*3", "GD107 ST03@1  I6"},
		{"a remittance among claims", "+SE*59*0001 = ST*835*0009~BPR*1~SE*3*0009;GE*2 = GE*3", "GD107 ST01@1  6"},
		{"an acknowledgement among claims", "+SE*59*0001 = ST*999*0009*005010X231A1~AK1*1~SE*3*0009;GE*2 = GE*3", "GD107 ST01@1  6"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := groups()
			for change := range strings.SplitSeq(test.change, ";") {
				s = planted(t, s, change)
			}
			got := strings.Join(told(t, s, Validator{}), "\n")
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
			if diff := cmp.Diff(got, strings.Join(fed(s, Validator{}), "\n")); diff != "" && !strings.Contains(got, "outside an") {
				t.Errorf("-read +fed\n%s", diff)
			}
		})
	}
}

// TestHollowEnvelopes: an envelope without content is one problem, whatever its trailer
// counts.
func TestHollowEnvelopes(t *testing.T) {
	one, paid := sample(), paid()
	isa, gs, st, iea := one[0], one[1], one[2], one[len(one)-1]
	ta1 := "TA1*000000001*260310*0800*A*000"
	for _, test := range []struct {
		name string
		file []string
		want string
	}{
		{"a group that counts none", []string{isa, gs, "GE*0*1", iea}, "GD101 ST@0  5"},
		{"a group that counts one", []string{isa, gs, "GE*1*1", iea}, "GD101 ST@0  5"},
		{"an interchange that counts none", []string{isa, "IEA*0*000000001"}, "GD101 GS@0  022"},
		{"an interchange that counts one", []string{isa, iea}, "GD101 GS@0  022"},
		{"a TA1 alone", []string{isa, ta1, "IEA*0*000000001"}, ""},
		{"claims of a set", []string{isa, gs, st, "SE*2*0001", "GE*1*1", iea}, "GD101 BHT@2 ST 3"},
		{"remittance of a set", []string{isa, paid[1], paid[2], "SE*2*0001", "GE*1*1", iea}, "GD101 BPR@2 ST 3"},
		{"a set and its count", []string{isa, gs, st, "SE*3*0001", "GE*1*1", iea}, "GD101 BHT@2 ST 3\nEN103 SE01@2  4"},
		{"header of a set alone", []string{isa, gs, st, "GE*1*1", iea}, "GD101 SE@2  2"},
		{"headers alone", []string{isa, gs, st}, "GD101 SE@2  023/3/2"},
		{"no headers of group and set", slices.Concat([]string{isa}, one[3:]), "GD102 BHT@0  024\nGD102 GE@0  022"},
		{"no envelopes in the interchange", slices.Concat([]string{isa}, one[3:len(one)-3], []string{iea}), "GD102 BHT@0  024"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, strings.Join(told(t, test.file, Validator{}), "\n")); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

// TestGuideWithoutGroup: where neither GS nor ST says which guide a set follows, ISA12
// and the guide that was asked for do.
func TestGuideWithoutGroup(t *testing.T) {
	for _, test := range []struct{ name, change, guide, want string }{
		{"remittance", "-GS*HP", "", "GD102 ST@1  022"},
		{"remittance of an older version", "-GS*HP;*00501* = *00401*", "", "GD107 ISA12@0  017\nGD102 ST@1  022\nnot judged"},
		{"remittance without GS08", "1*X*005010X221A1 = 1*X", "", "GD104 GS08@0  2"},
		{"remittance that is asked for", "-GS*HP", "835", "GD102 ST@1  022"},
		{"remittance that is not", "-GS*HP", "837p", "GD102 ST@1  022\nnot judged"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := paid()
			for change := range strings.SplitSeq(test.change, ";") {
				s = planted(t, s, change)
			}
			if diff := cmp.Diff(test.want, strings.Join(toldAndUnknown(t, s, test.guide), "\n")); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
	noVersion := planted(t, planted(t, sample(), "-GS*HC"), "ST*837*0001*005010X222A1 = ST*837*0001")
	for guide, want := range map[string]string{"": "GD102 ST@1  022\nnot judged", "837p": "GD102 ST@1  022\nGD104 ST03@1  19/8/I9"} {
		if diff := cmp.Diff(want, strings.Join(toldAndUnknown(t, noVersion, guide), "\n")); diff != "" {
			t.Errorf("claims, %q: -want +got\n%s", guide, diff)
		}
	}
}

// toldAndUnknown is told, and a line for each set that is not judged.
func toldAndUnknown(t *testing.T, segments []string, guide string) (list []string) {
	t.Helper()
	v := Validator{Guide: guide}
	_, err := v.Validate(context.Background(), bytes.NewReader(editest.Render(segments, editest.Wrapped)), "test", Handler{
		Problem: func(p *Problem) { list = append(list, short(p)) },
		BeginSet: func(s *Set) {
			if s.Unknown {
				list = append(list, "not judged")
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// TestWrapped: a file that is wrapped is one problem or fault, and what stands before is
// judged.
func TestWrapped(t *testing.T) {
	s := sample()
	for _, head := range []int{0, 1, 2, 4, 20} {
		for _, width := range []int{60, 80, 200} {
			for _, end := range []string{"\n", "\r\n"} {
				var b bytes.Buffer
				for _, x := range s[:head] {
					b.WriteString(x + "~" + end)
				}
				b.Write(editest.Fold(editest.Render(s[head:], editest.OneLine), width, end))
				var messages, rejects []string
				var v Validator
				_, err := v.Validate(context.Background(), bytes.NewReader(b.Bytes()), "test", Handler{
					Problem: func(p *Problem) { messages, rejects = append(messages, p.Rule+" "+p.Message), append(rejects, p.TA105) },
					Fault:   func(e *edi.SyntaxError) { messages = append(messages, e.Error()) },
				})
				if err != nil || len(messages) != 1 || !strings.Contains(messages[0], fmt.Sprintf("every %d bytes; remove the line ends first", width)) || head > 0 && !slices.Equal(rejects, []string{"024"}) {
					t.Errorf("%d %d %q: %q, %v", head, width, end, messages, err)
				}
			}
		}
	}
}

// TestComponentSeparator: where the parts of elements are separated by something else
// than ISA16 says, that is one problem a set; a single one of its kind is one of its own.
func TestComponentSeparator(t *testing.T) {
	alien := func(s []string) []string {
		out := slices.Clone(s)
		for i := range out[1:] {
			out[i+1] = strings.ReplaceAll(out[i+1], ":", ">")
		}
		return out
	}
	list := func(s []string) string {
		return strings.Join(told(t, recount(s), Validator{NPI: Error, Types: 0x7F}), "\n")
	}
	two := slices.Concat(alien(groups()))
	rich := planted(t, planted(t, sample(), "HI*ABK:M6281*ABF:R262 = HI*ABK:M6281*ABF:R262~HI*BG:17"), "+SV1*HC:97110 = SV5*HC:E0570*DA*30*50*400*4")
	for _, test := range []struct {
		name string
		file []string
		want string
	}{
		{"claims", alien(sample()), "GD105 CLM05-1@19 2300 8/5"},
		{"claims with more composites", alien(rich), "GD105 CLM05-1@19 2300 8/5\nGD106 SV501-2@33 2400 8/I12"},
		{"three sets", two, "GD105 CLM05-1@19 2300 8/5\nGD105 CLM05-1@19 2300 8/5\nGD105 CLM05-1@19 2300 8/5"},
		{"remittance", alien(paid()), "GD105 SVC01-1@13 2110 8/5"},
		{"the first only", planted(t, sample(), "11:B:1 = 11>B>1"), "GD105 CLM05-1@19 2300 8/5"},
		{"repetitions", planted(t, sample(), "11:B:1 = 11^B^1"), "GD108 CLM05@19 2300 8/12"},
		{"one line", planted(t, sample(), "SV1*HC:97116:GP = SV1*HC>97116>GP"), "GD105 SV101-1@38 2400 8/5"},
		{"two lines", planted(t, planted(t, sample(), "SV1*HC:97116:GP = SV1*HC>97116>GP"), "SV1*HC:97110:GP = SV1*HC>97110>GP"), "GD105 SV101-1@31 2400 8/5\nGD105 SV101-1@38 2400 8/5"},
		{"and another fault", planted(t, alien(sample()), "NM1*82*1 = NM1*82*3"), "GD105 CLM05-1@19 2300 8/5\nGD107 NM102@23 2310B 8/7"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if test.name == "three sets" {
				if diff := cmp.Diff(test.want, strings.Join(told(t, test.file, Validator{}), "\n")); diff != "" {
					t.Errorf("-want +got\n%s", diff)
				}
				return
			}
			if diff := cmp.Diff(test.want, list(test.file)); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}
