package x837_test

import (
	"testing"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/edi/x837"
)

func TestLoopNames(t *testing.T) {
	depth := 0
	for l := x837.LoopISA; l <= x837.Loop2440; l++ {
		if l.Name() == "" {
			t.Errorf("%s has no name", l)
		}
		if l.Depth() > depth+1 {
			t.Errorf("%s stands at depth %d behind one of %d", l, l.Depth(), depth)
		}
		depth = l.Depth()
	}
	if name := x837.LoopNone.Name(); name != "" {
		t.Errorf("no loop is named %q", name)
	}
}

func TestSegmentNames(t *testing.T) {
	for _, tt := range []struct {
		loop          x837.Loop
		id, qualifier string
		want          string
	}{
		{x837.LoopISA, "IEA", "1", "interchange trailer"},
		{x837.Loop2010AA, "NM1", "85", "billing provider"},
		{x837.Loop2010AA, "N3", "1 MAIN ST", "billing provider street"},
		{x837.Loop2010BA, "N4", "DENVER", "subscriber city, state, ZIP"},
		{x837.Loop2000A, "PRV", "BI", "billing provider taxonomy"},
		{x837.Loop2310B, "PRV", "PE", "rendering provider taxonomy"},
		{x837.Loop2000B, "SBR", "P", "coverage"},
		{x837.Loop2320, "SBR", "S", "other coverage"},
		{x837.Loop2300, "HI", "ABK", "diagnoses"},
		{x837.Loop2300, "REF", "G1", "authorization number"},
		{x837.Loop2300, "REF", "??", "number"},
		{x837.Loop2400, "DTP", "472", "date of service"},
		{x837.Loop2400, "QQQ", "", ""},
	} {
		if got := x837.SegmentName(tt.loop, edi.TagOf(tt.id), tt.qualifier); got != tt.want {
			t.Errorf("SegmentName(%s, %s, %s) = %q, want %q", tt.loop, tt.id, tt.qualifier, got, tt.want)
		}
	}
}
