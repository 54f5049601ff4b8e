package guide

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/moov-io/x12/pkg/rules"
	moov "github.com/moov-io/x12/rule_5010_837p" // its package clause says 837d
)

// facts837 is what a guide says of each segment of a loop, by qualifier: whether it must
// stand there, and how often it may. Where several qualifiers share a number, that is
// told with them.
type facts837 map[string]string

func (f facts837) add(loop, tag string, qualifiers []string, must bool, most int) {
	usage := "S"
	if must {
		usage = "R"
	}
	slices.Sort(qualifiers)
	if len(qualifiers) == 0 {
		qualifiers = []string{""}
	}
	for _, q := range qualifiers {
		f[strings.TrimSpace(fmt.Sprintf("%s %s %s", loop, tag, q))] = fmt.Sprintf("%s %d of %s", usage, most, strings.Join(qualifiers, " "))
	}
}

// unqualified are the segments that have no qualifier in element 1.
var unqualified = strings.Fields("SBR N3 N4 PAT CLM DMG CN1 K3 SV1 SV5 CR1 CR2 CR3 HCP PS1 HL CAS OI MOA LX SVD CTP FRM HI PWK LIN CUR")

func ourFacts() facts837 {
	f := facts837{}
	for _, l := range professional().loops {
		opening := true
		for i := range l.parents[:min(1, len(l.parents))] {
			for _, k := range l.parents[i].kids {
				if k.loop == l {
					opening = k.must
				}
			}
		}
		for _, k := range append([]kid{{spec: l.trigger, must: opening, max: 1}}, l.kids...) {
			if k.loop != nil || l.name == "ST" {
				continue
			}
			var qualifiers []string
			if !slices.Contains(unqualified, k.spec.tag.String()) && k.spec.first != nil {
				for _, c := range k.spec.first {
					qualifiers = append(qualifiers, unpack(c))
				}
			}
			f.add(l.name, k.spec.tag.String(), qualifiers, k.must, int(k.max))
		}
	}
	return f
}

// theirFacts collects the loops of a rule; their names stand in descriptions.
func theirFacts(f facts837, l rules.LoopRule) {
	name := ""
	for _, i := range slices.Sorted(maps.Keys(l.Segments)) {
		s := l.Segments[i]
		if words := strings.FieldsFunc(s.Description, func(r rune) bool { return r == ' ' || r == '-' }); len(words) > 0 && name == "" {
			name = words[len(words)-1]
			if full, ok := map[string]string{"LEVEL": "2000C", "INFORMATION": "2010CA"}[name]; ok {
				name = full // no loop is named there
			}
		}
		var qualifiers []string
		if !slices.Contains(unqualified, s.Name) {
			for _, q := range s.Elements["01"].AcceptValues {
				qualifiers = append(qualifiers, strings.TrimSpace(q))
			}
		}
		f.add(name, s.Name, qualifiers, rules.IsMaskRequired(s.Mask), s.Repeat())
	}
	for _, i := range slices.Sorted(maps.Keys(l.Composite)) {
		theirFacts(f, l.Composite[i])
	}
}

// explained are the differences from the tables of moov-io/x12 v0.1.0, by loop and
// segment, each with why ours are as they are.
var explained = map[string]string{
	"2010AC REF": "a pay-to plan has its tax id (EI): required",
	"2010BA REF": "IC is no qualifier of a reference: a slip for the contact, PER*IC",
	"2010BA PER": "the contact that is a REF there",
	"2010CA PER": "the contact is situational",
	"2010BB REF": "up to three ids of the payer and two of the provider, one each there",
	"2300 DTP":   "each kind of date once; there several share one number, which lets one stand twice; 314 and 360 are missing there",
	"2300 REF":   "each kind of reference once; there twelve share one number, which lets one stand twice",
	"2300 K3":    "ten times in the guide, once there",
	"2300 CRC":   "not there",
	"2310A REF":  "three times in the guide, once there",
	"2310B REF":  "four times in the guide, once there",
	"2320 CAS":   "one for each group of reasons, five in all; once there",
	"2320 AMT":   "EAF, what the patient still owes, is not there",
	"2320 OI":    "required in the loop",
	"2330D REF":  "IG there is a slip for 1G",
	"2330G REF":  "twice in the guide, three times there",
	"2400 REF":   "no reference at all on lines there, not even the line control number",
	"2400 CRC":   "not there", "2400 QTY": "not there", "2400 MEA": "not there", "2400 CN1": "not there", "2400 AMT": "not there",
	"2400 K3": "not there", "2400 NTE": "not there", "2400 PS1": "not there", "2400 HCP": "not there", "2400 PWK": "the second kind, certificates, is not there",
	"2410 REF":  "VV there is a slip for VY; once, not twenty times",
	"2410 CTP":  "required once the loop is there",
	"2420E N3":  "an address of the ordering provider is situational",
	"2420E N4":  "an address of the ordering provider is situational",
	"2420A NM1": "the loop is situational",
	"2430 CAS":  "five times in the guide, once there",
	"2440 CAS":  "no adjustments in the loop of forms: they belong to 2430",
	"2440 FRM":  "the answers of a form are not there",
}

func TestAgainstMoov(t *testing.T) {
	mine, other := ourFacts(), facts837{}
	for _, l := range moov.InterchangeRule.Group.Trans.Loops {
		theirFacts(other, l)
	}
	differ := map[string][]string{}
	note := func(key, text string) {
		f := strings.Fields(key)
		at := f[0] + " " + f[1]
		differ[at] = append(differ[at], key+": "+text)
	}
	for key, want := range mine {
		if got := other[key]; got != want {
			note(key, fmt.Sprintf("%q here, %q there", want, got))
		}
	}
	for key, got := range other {
		if _, ok := mine[key]; !ok {
			note(key, fmt.Sprintf("only there: %q", got))
		}
	}
	for at, list := range differ {
		if explained[at] == "" {
			slices.Sort(list)
			t.Errorf("not explained:\n%s", strings.Join(list, "\n"))
		}
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(differ)), slices.Sorted(maps.Keys(explained))); diff != "" && !t.Failed() {
		t.Errorf("explained and no difference (+):\n%s", diff)
	}
}
