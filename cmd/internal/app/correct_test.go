package app

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/edi/editest"
	"github.com/gaitkeeper/gaitkeeper/edi/x837"
	"github.com/gaitkeeper/gaitkeeper/scrub/rules"
)

// sent is a claim of a drawn batch, and what the payer answers.
type sent struct {
	fault  string // on the second line
	filing string
	answer string
	remark string
}

var (
	drawnFaults  = []string{"none", "no discipline", "discipline twice", "imaging modifier"}
	drawnFilings = []string{"MB", "16", "CI", "MC"}
	drawnAnswers = []string{"paid", "line", "all", "other", "nothing"}
	drawnRemarks = []string{"", "MA130", "N142", "N368"}
)

// goes is the frequency that the claim goes out with; 0 where it stays.
func (s sent) goes() byte {
	mended := s.fault == "no discipline" && s.filing != "CI" && s.filing != "MC" || s.fault == "discipline twice"
	if !mended || s.answer != "line" && s.answer != "all" || s.remark == "N368" {
		return 0
	}
	partly := s.answer == "line"
	switch {
	case s.filing == "MB" && partly:
		return 0
	case s.filing == "MB", !partly && s.remark != "":
		return '1'
	}
	return '7'
}

// write837 is the batch.
func write837(list []sent) []string {
	segments := editest.Claims(len(list))
	at, line := -1, 0
	for i, s := range segments {
		switch {
		case strings.HasPrefix(s, "SBR*"):
			at, line = at+1, 0
			segments[i] = strings.Replace(s, "*MB", "*"+list[at].filing, 1)
		case strings.HasPrefix(s, "SV1*"):
			if line++; line == 2 {
				segments[i] = strings.Replace(s, ":GP", map[string]string{
					"none": ":GP", "no discipline": "", "discipline twice": ":GP:GP", "imaging modifier": ":GP:26",
				}[list[at].fault], 1)
			}
		}
	}
	return segments
}

// write835 is the remittance.
func write835(list []sent) []string {
	s := []string{
		editest.ISA(2), "GS*HP*RECEIVER*SUBMITTER*20260401*0800*2*X*005010X221A1", "ST*835*0001", "",
		"TRN*1*TRACE0001*1234567890", "DTM*405*20260401", "N1*PR*EXAMPLE PAYER", "N3*9 PAYER WAY", "N4*DENVER*CO*80202",
		"REF*2U*04011", "N1*PE*EXAMPLE THERAPY*XX*" + editest.NPI("123456789"), "LX*1",
	}
	total := 0
	for i, c := range list {
		if c.answer == "nothing" {
			continue
		}
		paid := map[string]int{"paid": 186, "line": 124}[c.answer]
		total += paid
		s = append(s, fmt.Sprintf("CLP*C%06d*1*186*%d**%s*ICN%09d*11*1", i, paid, c.filing, i), fmt.Sprintf("NM1*QC*1*EXAMPLE%d*PAT****MI*1EG4TE%05d", i, i))
		if c.remark != "" && c.answer != "paid" {
			s = append(s, "MOA***"+c.remark)
		}
		for k, code := range []string{"97110", "97116", "97140"} {
			cas := ""
			switch {
			case c.answer == "other":
				cas = "CAS*CO*50*62"
			case (c.answer == "line" || c.answer == "all") && k == 1:
				cas = "CAS*CO*4*62"
			case c.answer == "all":
				cas = "CAS*CO*16*62"
			}
			if c.answer == "all" && c.remark != "MA130" && k != 1 {
				cas = "CAS*CO*4*62" // for no reason that is on these lines
			}
			svc := 62
			if cas != "" {
				svc = 0
			}
			s = append(s, fmt.Sprintf("SVC*HC:%s:GP*62*%d", code, svc), "DTM*472*20260310")
			if cas != "" {
				s = append(s, cas)
			}
			s = append(s, fmt.Sprintf("REF*6R*%06d%c", i, 'A'+k))
		}
	}
	s[3] = fmt.Sprintf("BPR*I*%d*C*ACH************20260402", total)
	return append(s, fmt.Sprintf("SE*%d*0001", len(s)-1), "GE*1*2", "IEA*1*000000002")
}

// The batch holds the claims that it should, whole; the bytes of each are those that
// were sent, but for the edits that the log tells; and it is clean.
func TestCorrectProperty(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) sent {
			return sent{
				rapid.SampledFrom(drawnFaults).Draw(t, "fault"), rapid.SampledFrom(drawnFilings).Draw(t, "filing"),
				rapid.SampledFrom(drawnAnswers).Draw(t, "answer"), rapid.SampledFrom(drawnRemarks).Draw(t, "remark"),
			}
		}), 1, 8).Draw(t, "claims")
		layout := rapid.SampledFrom(editest.Layouts).Draw(t, "layout")
		original := editest.Render(write837(list), layout)
		in, era, out, log := filepath.Join(dir, "in.837"), filepath.Join(dir, "in.835"), filepath.Join(dir, "out.837"), filepath.Join(dir, "log")
		for path, text := range map[string][]byte{in: original, era: editest.Render(write835(list), editest.Wrapped)} {
			if err := os.WriteFile(path, text, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		got := correctOnce(t, era, in, out, log)

		want := map[string]byte{}
		for i, c := range list {
			whole := c.answer == "all" && c.remark != "MA130" // other lines denied for no reason
			if f := c.goes(); f != 0 && !whole {
				want[fmt.Sprintf("C%06d", i)] = f
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
		if len(want) == 0 {
			return
		}
		checkBytes(t, original, out, log)
		var stderr bytes.Buffer
		if code := run(t.Context(), []string{"gaitkeeper", "scrub", "-q", out}, &environment{strings.NewReader(""), &stderr, &stderr, rules.All()}); code != exitClean {
			t.Fatalf("scrub of the batch exits %d\n%s", code, stderr.String())
		}
	})
}

// correctOnce runs the command and reads the frequencies of the claims of its batch. A
// second run makes the same batch.
func correctOnce(t *rapid.T, era, in, out, log string) map[string]byte {
	var batches [2][]byte
	for i := range batches {
		var stderr bytes.Buffer
		args := []string{"gaitkeeper", "correct", "-q", era, "--claims", in, "-o", out, "--changes", log, "-j", fmt.Sprint(1 + 3*i)}
		if code := run(t.Context(), args, &environment{strings.NewReader(""), &stderr, &stderr, rules.All()}); code > exitFindings {
			t.Fatalf("exit %d\n%s", code, stderr.String())
		}
		batches[i], _ = os.ReadFile(out)
	}
	if !bytes.Equal(batches[0], batches[1]) {
		t.Fatal("two runs make two batches")
	}
	got := map[string]byte{}
	for id, c := range batchOf(t, batches[0]) {
		s := c.Segment(0)
		got[id] = s.Element(5).Component(3).Raw[0]
		at := c.Find(x837.Loop2300, edi.TagOf("REF"), "F8")
		if (at >= 0) != (got[id] == '7') || at >= 0 && string(c.Element(at, 2)) != strings.Replace(id, "C", "ICN000", 1) {
			t.Fatalf("claim %s has frequency %c and REF*F8 at %d", id, got[id], at)
		}
	}
	return got
}

// checkBytes compares each claim of the batch with the original and its logged edits.
func checkBytes(t *rapid.T, original []byte, out, log string) {
	text, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	edits := map[string]edi.Patch{}
	for line := range strings.Lines(string(text)) {
		var entry struct {
			Claim string
			Edits []struct {
				Offset, End int64
				Old, New    string
			}
		}
		if err := json.Unmarshal([]byte(line), &entry); err != nil {
			t.Fatal(err)
		}
		for _, e := range entry.Edits {
			edits[entry.Claim] = append(edits[entry.Claim], edi.Edit{Span: edi.Span{Start: e.Offset, End: e.End}, Old: []byte(e.Old), New: []byte(e.New)})
		}
	}
	batch, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	before := batchOf(t, original)
	for id, c := range batchOf(t, batch) {
		want, err := edits[id].ApplyBytes(nil, before[id].Bytes(), before[id].Span().Start)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(bytes.TrimSpace(want), bytes.TrimSpace(c.Bytes())) {
			t.Fatalf("claim %s\n got %q\nwant %q", id, c.Bytes(), want)
		}
		if !slices.Equal(levelText(&before[id].Subscriber), levelText(&c.Subscriber)) {
			t.Fatalf("claim %s: its subscriber changed", id)
		}
	}
}

// levelText is the segments of a level but for HL, whose numbers are new.
func levelText(l *x837.Level) (list []string) {
	for i := 1; i < l.Len(); i++ {
		s := l.Segment(i)
		list = append(list, string(s.Raw()))
	}
	return list
}

func batchOf(t *rapid.T, text []byte) map[string]*x837.Claim {
	list := map[string]*x837.Claim{}
	if len(text) == 0 {
		return list
	}
	r := x837.NewReader(bytes.NewReader(text))
	r.OnError = func(e *edi.SyntaxError) { t.Fatalf("batch: %v", e) }
	for {
		c := new(x837.Claim)
		if err := r.Next(c); err == io.EOF {
			return list
		} else if err != nil {
			t.Fatal(err)
		}
		list[string(c.ID())] = c
	}
}
