package main

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the real output into README.md")

// session is a block of README.md that shows a command and what it prints.
var session = regexp.MustCompile("(?s)```console\n\\$ (go run ./cmd/gaitkeeper [^\n]*)\n(.*?)```")

// TestReadme runs the commands of README.md and compares what they print.
func TestReadme(t *testing.T) {
	root := filepath.Join("..", "..")
	path := filepath.Join(root, "README.md")
	readme, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	binary := filepath.Join(t.TempDir(), "gaitkeeper")
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	home := newcomer(t)
	blocks := 0
	got := session.ReplaceAllStringFunc(string(readme), func(block string) string {
		blocks++
		parts := session.FindStringSubmatch(block)
		args := strings.Fields(strings.TrimPrefix(parts[1], "go run ./cmd/gaitkeeper "))
		cmd := exec.Command(binary, args...)
		cmd.Dir = root
		cmd.Env = home
		out, err := cmd.CombinedOutput()
		if _, exited := err.(*exec.ExitError); err != nil && !exited {
			t.Fatalf("%s: %v", parts[1], err)
		}
		text := string(out)
		if !*update && text != parts[2] {
			t.Errorf("$ %s\nprints\n%s\nREADME.md shows\n%s\ngo test ./cmd/gaitkeeper -run TestReadme -update", parts[1], text, parts[2])
		}
		return "```console\n$ " + parts[1] + "\n" + text + "```"
	})
	if blocks == 0 {
		t.Fatal("README.md shows no session")
	}
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// newcomer is the environment of somebody who has no configuration, no data and no
// ledger.
func newcomer(t *testing.T) []string {
	return append(os.Environ(), "HOME="+t.TempDir(), "XDG_DATA_HOME=", "XDG_CONFIG_HOME=", "GAITKEEPER_DATA_DIR=", "GAITKEEPER_CONFIG=", "GAITKEEPER_LEDGER=")
}
