package render

import (
	"bufio"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"net/url"
	"path/filepath"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/scrub"
)

// sarifSink writes SARIF 2.1.0, result by result: the rules are known before the
// first one. Lines and columns count bytes; byteOffset says the same exactly.
type sarifSink struct {
	w     *bufio.Writer
	enc   *json.Encoder
	index map[string]int
	open  []byte // what stands before the first result
	any   bool
	o     Options
}

func newSARIF(w io.Writer, o Options) *sarifSink {
	b := bufio.NewWriterSize(w, 64<<10)
	s := &sarifSink{w: b, enc: json.NewEncoder(b), index: map[string]int{}, o: o}
	s.enc.SetEscapeHTML(false)
	driver := sarif.NewToolComponent().WithName("gaitkeeper").WithInformationURI("https://github.com/gaitkeeper/gaitkeeper")
	for i, r := range o.Rules {
		s.index[r.ID] = i
		rule := sarif.NewRule(r.ID).WithName(r.Name).
			WithShortDescription(sarif.NewMultiformatMessageString().WithText(r.What)).
			WithDefaultConfiguration(sarif.NewReportingConfiguration().WithLevel(level(r.Severity)))
		driver.AddRule(rule)
	}
	tool, err := json.Marshal(sarif.NewTool().WithDriver(driver))
	if err != nil {
		tool = []byte("{}")
	}
	s.open = fmt.Appendf(nil, `{"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[{"tool":%s,"columnKind":"utf16CodeUnits","results":[`+"\n", tool)
	return s
}

func level(s scrub.Severity) string {
	switch s {
	case scrub.Error:
		return sarif.LevelError
	case scrub.Warning:
		return sarif.LevelWarning
	}
	return sarif.LevelNote
}

func (s *sarifSink) begin() error {
	if s.any {
		_, err := s.w.WriteString(",")
		return err
	}
	s.any = true
	_, err := s.w.Write(s.open)
	return err
}

func (s *sarifSink) Finding(f *scrub.Finding) error {
	if f.Fixed {
		return nil // a result is something to be done
	}
	if err := s.begin(); err != nil {
		return err
	}
	w := where(f)
	name := w.Loop + "/" + w.Tag
	if f.Claim != "" {
		name = "claim " + text([]byte(f.Claim)) + "/" + name
	}
	uri := url.URL{Path: filepath.ToSlash(f.File)}
	file := sarif.NewSimpleArtifactLocation(uri.String())
	place := sarif.NewPhysicalLocation().WithArtifactLocation(file).WithRegion(
		region(f.Where.Span).WithStartLine(w.Line).WithStartColumn(w.Column).WithEndLine(w.Line).
			WithEndColumn(w.Column + int(f.Where.Span.Len())))
	location := sarif.NewLocationWithPhysicalLocation(place).
		WithLogicalLocations([]*sarif.LogicalLocation{sarif.NewLogicalLocation().WithFullyQualifiedName(name)})
	result := sarif.NewRuleResult(f.Rule.ID).WithRuleIndex(s.index[f.Rule.ID]).WithLevel(level(f.Severity)).
		WithMessage(sarif.NewTextMessage(text([]byte(f.Message)))).WithLocations([]*sarif.Location{location})
	result.PartialFingerprints = map[string]string{"gaitkeeper/1": fingerprint(f)}
	if f.Fix == nil {
		return s.enc.Encode(result)
	}
	if edits := s.o.edits(f); len(edits) > 0 {
		change := sarif.NewArtifactChange().WithArtifactLocation(file)
		for _, e := range edits {
			change.AddReplacement(sarif.NewReplacement().WithDeletedRegion(region(e.Span)).
				WithInsertedContent(sarif.NewArtifactContent().WithText(text(e.New))))
		}
		fix := sarif.NewFix().WithDescription(sarif.NewTextMessage(f.Fix.Safety.String() + ": " + f.Fix.Message)).
			WithArtifactChanges([]*sarif.ArtifactChange{change})
		result.Fixes = []*sarif.Fix{fix}
	}
	return s.enc.Encode(result)
}

func region(span edi.Span) *sarif.Region {
	return sarif.NewRegion().WithByteOffset(int(span.Start)).WithByteLength(int(span.Len()))
}

// fingerprint tells a finding again after the file has moved.
func fingerprint(f *scrub.Finding) string {
	h := fnv.New64a()
	fmt.Fprint(h, f.Rule.ID, "|", f.Claim, "|", f.Line, "|", f.LineNo, "|", f.Code, "|", f.Message)
	return fmt.Sprintf("%016x", h.Sum64())
}

func (s *sarifSink) Close(*Summary) error {
	if !s.any {
		if _, err := s.w.Write(s.open); err != nil {
			return err
		}
	}
	if _, err := s.w.WriteString("]}]}\n"); err != nil {
		return err
	}
	return s.w.Flush()
}
