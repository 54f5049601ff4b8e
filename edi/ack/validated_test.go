package ack_test

import (
	"bytes"
	"context"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/gaitkeeper/gaitkeeper/edi"
	"github.com/gaitkeeper/gaitkeeper/edi/ack"
	"github.com/gaitkeeper/gaitkeeper/edi/editest"
	"github.com/gaitkeeper/gaitkeeper/edi/guide"
)

// validated are the answers to a file, as a validator judges it.
func validated(t tester, text []byte, types guide.Types) (functional, ta1 []byte, v ack.Verdicts) {
	t.Helper()
	var fa, ta bytes.Buffer
	mark := 0
	o := options()
	o.BadData = true
	o.Begin = func() error { mark = fa.Len(); return nil }
	o.Drop = func() error { fa.Truncate(mark); return nil }
	r := ack.NewResponder(&fa, &ta, o)
	h := r.Handler()
	h.Fault = func(*edi.SyntaxError) {}
	validator := guide.Validator{Types: types}
	if _, err := validator.Validate(context.Background(), bytes.NewReader(text), "file", h); err != nil {
		t.Fatal(err)
	}
	if err := r.Err(); err != nil {
		t.Fatal(err)
	}
	conforms(t, "999", fa.Bytes())
	conforms(t, "TA1", ta.Bytes())
	return fa.Bytes(), ta.Bytes(), r.Verdicts()
}

// consistent checks that what the reader reads of a 999 fits together and agrees with
// the verdicts.
func consistent(t tester, functional []byte, v ack.Verdicts) {
	t.Helper()
	if len(functional) == 0 {
		return
	}
	received, accepted, rejected := 0, 0, 0
	for _, answer := range everything(t, bytes.NewReader(functional)) {
		switch a := answer.(type) {
		case *ack.Set:
			received++
			if a.Verdict.Rejects() {
				rejected++
			} else {
				accepted++
			}
			if a.Verdict == ack.Accepted && len(a.Faults)+len(a.Codes) > 0 || a.Verdict == ack.Rejected && len(a.Codes) == 0 {
				t.Errorf("set %s is %s with %d faults and codes %v", a.Control, a.Verdict, len(a.Faults), a.Codes)
			}
		case *ack.Group:
			want := accepted
			if a.Verdict == ack.Rejected {
				want = 0
			}
			if a.Received != received || a.Accepted != want || a.Verdict == ack.Partly != (rejected > 0 && accepted > 0 && want > 0) {
				t.Errorf("group is %s: %d received, %d accepted; counted %d, %d", a.Verdict, a.Received, a.Accepted, received, accepted)
			}
			received, accepted, rejected = 0, 0, 0
		}
	}
	if v.Interchanges == 0 {
		t.Error("an answer to nothing")
	}
}

// TestFilesAreAnswered answers the samples, and real files where they stand beside
// the repository: every answer conforms to the tree of its set.
func TestFilesAreAnswered(t *testing.T) {
	answered := 0
	for _, root := range []string{"../../samples", filepath.Join("..", "..", "..", "shared", "corpus", "837p"), filepath.Join("..", "..", "..", "shared", "corpus", "malformed")} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || strings.HasSuffix(path, ".go") || strings.HasSuffix(path, ".md") {
				return err
			}
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			t.Run(filepath.Base(path), func(t *testing.T) {
				fa, _, v := validated(t, text, 1<<7-1)
				consistent(t, fa, v)
			})
			answered++
			return nil
		})
		if err != nil && root != "../../samples" {
			t.Logf("%s: not there", filepath.Base(root))
		} else if err != nil {
			t.Fatal(err)
		}
	}
	if answered < 10 {
		t.Errorf("only %d files", answered)
	}
}

// TestCleanClaims: claims without a fault are accepted, in any separators.
func TestCleanClaims(t *testing.T) {
	for _, l := range editest.Layouts {
		fa, ta1, v := validated(t, editest.Render(editest.Claims(3), l), guide.Standard)
		if v.RejectedSets+v.Faults+v.RejectedInterchanges != 0 || v.Sets != 1 || len(fa) == 0 || len(ta1) == 0 {
			t.Errorf("%s: %+v\n%s", l, v, fa)
		}
	}
}

// TestDamagedClaims: whatever is wrong with a file, its answers conform, fit together
// and are the same again.
func TestDamagedClaims(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		list := editest.Claims(rapid.IntRange(1, 3).Draw(rt, "claims"))
		for range rapid.IntRange(1, 6).Draw(rt, "faults") {
			i := rapid.IntRange(1, len(list)-1).Draw(rt, "segment")
			switch rapid.IntRange(0, 5).Draw(rt, "kind") {
			case 0:
				list = append(list[:i:i], list[i+1:]...)
			case 1:
				list = append(list[:i:i], append([]string{list[i]}, list[i:]...)...)
			case 2:
				list[i] = "ZZZ*1"
			case 3:
				list[i] += rapid.SampledFrom([]string{"*", "*X", ":", "^A", "*\x01", "é"}).Draw(rt, "tail")
			case 4:
				at := rapid.IntRange(0, len(list[i])).Draw(rt, "byte")
				list[i] = list[i][:at] + rapid.SampledFrom([]string{"", "*", "9", "~", "x"}).Draw(rt, "byte of it") + list[i][at:]
			case 5:
				j := rapid.IntRange(1, len(list)-1).Draw(rt, "other")
				list[i], list[j] = list[j], list[i]
			}
			if len(list) < 3 {
				break
			}
		}
		text := editest.Render(list, rapid.SampledFrom(editest.Layouts).Draw(rt, "layout"))
		fa, ta1, v := validated(rt, text, guide.Standard)
		consistent(rt, fa, v)
		if again, ta1Again, _ := validated(rt, text, guide.Standard); !bytes.Equal(fa, again) || !bytes.Equal(ta1, ta1Again) {
			rt.Error("not the same again")
		}
	})
}

// BenchmarkResponder is the validator with and without answers.
func BenchmarkResponder(b *testing.B) {
	text := editest.Render(editest.Claims(5000), editest.OneLine)
	for _, with := range []bool{false, true} {
		name := "validate"
		if with {
			name = "ack"
		}
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				h := guide.Handler{}
				if with {
					h = ack.NewResponder(io.Discard, io.Discard, options()).Handler()
				}
				validator := guide.Validator{Types: 1<<0 | 1<<1 | 1<<3}
				if _, err := validator.Validate(context.Background(), bytes.NewReader(text), "file", h); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
