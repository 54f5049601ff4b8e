package config_test

import (
	"errors"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/gaitkeeper/gaitkeeper/scrub/config"
	"github.com/gaitkeeper/gaitkeeper/scrub/rules"
)

func open(name string) (io.ReadCloser, error) {
	switch name {
	case "good.csv":
		return io.NopCloser(strings.NewReader("\ufeffdiagnosis,code,from,until\nR26.2,97116,2026-01-01,20261231\nM54*,97116,,\n")), nil
	case "short.csv":
		return io.NopCloser(strings.NewReader("code\n97116\n")), nil
	case "twice.csv":
		return io.NopCloser(strings.NewReader("code,diagnosis,Code\n97116,R26.2,97110\n")), nil
	case "wide.csv":
		return io.NopCloser(strings.NewReader("code,diagnosis\n97116,R26.2\n97116,,R26.2\n")), nil
	case "back.csv":
		return io.NopCloser(strings.NewReader("code,diagnosis,from,until\n97116,R26.2,2026-02-01,2026-01-31\n")), nil
	case "day.csv":
		return io.NopCloser(strings.NewReader("code,diagnosis,from\n97116,R26.2,2026-0201\n")), nil
	}
	return nil, os.ErrNotExist
}

// TestErrors: each fault is told where it is.
func TestErrors(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"[payer.a]\n", "c.toml:1:2: nothing chooses profile a"},
		{"[payer.a]\nids = [\"*\"]\n", "c.toml:1:2: the pattern \"*\" fits every payer"},
		{"[payer.a]\nfiling = [\"MEDICARE\"]\n", "c.toml:2:1: \"MEDICARE\" is no claim filing indicator"},
		{"[payer.a]\nids = [\"P\"]\nlike = \"medcare\"\n", "c.toml:3:9: no built-in profile \"medcare\""},
		{"[payer.a]\nids = [\"P\"]\ntelehealth_from = 2026-02-01\ntelehealth_until = 2026-01-01\n", "c.toml:4:20: ends before it begins"},
		{"[payer.a]\nids = [\"P\"]\ncoverage = \"none.csv\"\n", "c.toml:3:13: file does not exist"},
		{"[payer.a]\nids = [\"P\"]\ncoverage = \"short.csv\"\n", "c.toml:3:13: short.csv: row 1, column diagnosis: column is missing"},
		{"[payer.a]\nids = [\"P\"]\ncoverage = \"twice.csv\"\n", "c.toml:3:13: twice.csv: row 1, column code: column stands twice"},
		{"[payer.a]\nids = [\"P\"]\ncoverage = \"wide.csv\"\n", "c.toml:3:13: wide.csv: row 3: 3 fields, and the header has 2"},
		{"[payer.a]\nids = [\"P\"]\ncoverage = \"back.csv\"\n", "c.toml:3:13: back.csv: row 2, column until: ends before it begins"},
		{"[payer.a]\nids = [\"P\"]\ncoverage = \"day.csv\"\n", "c.toml:3:13: day.csv: row 2, column from: not a date YYYY-MM-DD"},
		{"[payer.a]\nids = [\"P\"]\n[[payer.a.limit]]\ncode = \"97110\"\n", "c.toml:3:3: units must be at least 1"},
		{"[payer.a]\nids = [\"P\"]\n[[payer.a.limit]]\ncode = \"97110\"\nunits = 2\n[[payer.a.limit]]\ncode = \"9711\"\nunits = 2\n", "c.toml:7:9: \"9711\" is no procedure code"},
		{"[payer.a]\nids = [\"P\"]\n[[payer.a.pair]]\ncolumn1 = \"97110\"\ncolumn2 = \"97112\"\nmodifier = \"maybe\"\n", "c.toml:6:13: \"maybe\" is none of allowed, never"},
		{"[payer.a]\nids = [\"P\"]\n[[payer.a.covered]]\ncodes = [\"97110\"]\ndiagnoses = [\"26.2\"]\n", "c.toml:5:1: \"26.2\" is no ICD-10-CM code"},
		{"[payer.a]\nids = [\"P\"]\n[[payer.a.cap]]\nunits = 2\nper = \"week\"\n", "c.toml:5:8: \"week\" is none of visit, day"},
		{"x = 1\n", "c.toml:1:1: no key \"x\" at the top level; keys are payer, severity, suppress, rule"},
		{"payer = 1\n", "c.toml:1:"},
		{"[severity]\nMO104 = 1\n", "c.toml:2:9: "},
		{"[payer.\"a b\"]\nids = [\"P\"]\nncii = true\n", "c.toml:3:1: no key \"ncii\" in [payer.a b]; did you mean ncci?"},
	} {
		_, err := config.Read("c.toml", []byte(test.text), rules.All(), open)
		if err == nil || !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("%q:\ngot  %v\nwant %s", test.text, err, test.want)
		}
	}
}

func TestCoverageFile(t *testing.T) {
	c, err := config.Read("c.toml", []byte("[payer.a]\nids = [\"P\"]\ncoverage = \"good.csv\"\n"), rules.All(), open)
	if err != nil {
		t.Fatal(err)
	}
	k := c.Policy.Payers.Named("a").Coverage
	if len(k) != 2 || k[0].From != 20260101 || k[0].To != 20261231 || !k[0].Covers([]byte("R262")) || !k[1].Covers([]byte("M5450")) {
		t.Errorf("%+v", k)
	}
}

func TestExpired(t *testing.T) {
	c, err := config.Read("c.toml", []byte("[[suppress]]\nrules = [\"MO1\"]\nreason = \"r\"\nuntil = 2026-01-31\n"), rules.All(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if ended := c.Expired(20260131); ended != nil || len(c.Policy.Suppressed) != 1 {
		t.Error("it does not hold on its last day")
	}
	if ended := c.Expired(20260201); len(ended) != 1 || len(c.Policy.Suppressed) != 0 {
		t.Error("it holds after its last day")
	}
}

// FuzzRead: whatever is in the file, it is read or an error tells where it is wrong.
func FuzzRead(f *testing.F) {
	sample, err := os.ReadFile("../../samples/payers.toml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(sample))
	for _, s := range []string{"", "[payer", "[payer.a]\nids=['''\nx''']", "[[payer.a.pair]]\n[[payer.a.pair]]", "a.b.c=1", "payer={a={ids=['x']}}", "[payer.a.severity]\nMO1=''"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := config.Read("c.toml", []byte(text), rules.All(), nil)
		if (c == nil) == (err == nil) {
			t.Fatal("neither a configuration nor an error, or both")
		}
		if err != nil {
			if e := (*config.Error)(nil); !errors.As(err, &e) {
				t.Fatalf("no place: %v", err)
			}
			return
		}
		c.Values("")
	})
}
