package render

import (
	"slices"
	"strings"
	"testing"
)

func TestTable(t *testing.T) {
	table := NewTable(false, "code", ">units", "what")
	table.Row("97110", "2", "exercise for strength and endurance of the legs")
	table.Row("Heading that is longer than the column")
	table.Row("x", "10", "y")
	var b strings.Builder
	if err := table.Write(&b); err != nil {
		t.Fatal(err)
	}
	want := `code   units  what
97110      2  exercise for strength and endurance of the legs
Heading that is longer than the column
x         10  y
`
	if b.String() != want {
		t.Errorf("got\n%swant\n%s", b.String(), want)
	}

	table.Width = 48
	b.Reset()
	if err := table.Write(&b); err != nil {
		t.Fatal(err)
	}
	if want := "97110      2  exercise for strength and\n              endurance of the legs\n"; !strings.Contains(b.String(), want) {
		t.Errorf("got\n%swithout\n%s", b.String(), want)
	}
}

func TestTableColor(t *testing.T) {
	table := NewTable(true, "a", "b")
	table.Row("1", "2").Paint(table.Style.Bold)
	var b strings.Builder
	if err := table.Write(&b); err != nil {
		t.Fatal(err)
	}
	if want := "\x1b[2ma\x1b[0m  \x1b[2mb\x1b[0m\n\x1b[1m1\x1b[0m  2\n"; b.String() != want {
		t.Errorf("got %q, want %q", b.String(), want)
	}
}

func TestWrap(t *testing.T) {
	for _, tt := range []struct {
		text  string
		width int
		want  []string
	}{
		{"", 10, []string{""}},
		{"one two three", 7, []string{"one two", "three"}},
		{"one twoandmore three", 5, []string{"one", "twoandmore", "three"}},
		{"äöü äöü", 7, []string{"äöü äöü"}},
	} {
		if got := Wrap(tt.text, tt.width); !slices.Equal(got, tt.want) {
			t.Errorf("Wrap(%q, %d) = %q, want %q", tt.text, tt.width, got, tt.want)
		}
	}
}
