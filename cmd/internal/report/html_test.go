package report

import (
	"bytes"
	"context"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/gaitkeeper/gaitkeeper/cmd/internal/render"
)

var update = flag.Bool("update", false, "write the golden page")

func samplePage(t *testing.T) string {
	t.Helper()
	var b bytes.Buffer
	feed(t, NewHTML(&b, "Reconciliation", "made of a sample"))
	return b.String()
}

func TestHTML(t *testing.T) {
	got := samplePage(t)
	golden := filepath.Join("testdata", "sample.html")
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("the page differs (-want +got); go test ./cmd/internal/report -update\n%s", diff)
	}
}

// What the page must not hold: anything of elsewhere, or text of a file as markup.
func TestHTMLIsSelfContained(t *testing.T) {
	got := samplePage(t)
	for _, bad := range []string{"http:", "https:", "//", "url(", "@import", "src=", "href=", "<link", "<iframe", "fetch(", "XMLHttpRequest", "<b>LIFE", ")<script>", "style="} {
		// Comments of the script are no addresses.
		page := regexp.MustCompile(`(?m)^\s*//.*$|; // .*$`).ReplaceAllString(got, "")
		if strings.Contains(page, bad) {
			t.Errorf("the page holds %q", bad)
		}
	}
	if n := strings.Count(got, "<script"); n != 1 {
		t.Errorf("%d scripts", n)
	}
}

// Every table has a caption, and every header a scope.
func TestHTMLIsAccessible(t *testing.T) {
	got := samplePage(t)
	if tables, captions := strings.Count(got, "<table"), strings.Count(got, "<caption>"); tables != captions || tables < 8 {
		t.Errorf("%d tables, %d captions", tables, captions)
	}
	for _, th := range regexp.MustCompile(`<th[ >][^>]*`).FindAllString(got, -1) {
		if !strings.Contains(th, "scope=") {
			t.Errorf("%s> has no scope", th)
		}
	}
	if figures := regexp.MustCompile(`<svg [^>]*role="img" aria-label="[^"]+"`).FindAllString(got, -1); len(figures) != 2 {
		t.Errorf("%d figures have a label", len(figures))
	}
}

// A page of nothing is a page.
func TestHTMLEmpty(t *testing.T) {
	var b bytes.Buffer
	if err := NewHTML(&b, "Reconciliation", "").Close(&render.RemitSummary{}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Nothing was denied.", "Nothing to do.", "$0.00"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Contains(b.String(), "NaN") {
		t.Error("the page divides by zero")
	}
}

func TestShares(t *testing.T) {
	list := shares(summary().Denials)
	var got []string
	for _, s := range list {
		got = append(got, reason(s.Group, s.CARC)+" "+s.Denied+" "+percent(s.Running))
	}
	if diff := cmp.Diff([]string{"OA-18 90.00 32.8%", "CO-197 80.00 62.0%", "CO-4 80.00 91.2%", "CO-50 24.00 100.0%"}, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"MO101", "MO110"}, list[2].Rules, cmpopts.SortSlices(func(a, b string) bool { return a < b })); diff != "" {
		t.Error(diff)
	}
}

// selfCheck runs in the page and writes what it sees as its title.
const selfCheck = `<script>
addEventListener("load", () => {
  const rows = () => [...document.querySelectorAll("#tasks tbody tr")].filter((r) => !r.hidden);
  const claims = () => rows().map((r) => r.dataset.cents).join(",");
  const button = (i) => document.querySelectorAll("#tasks thead button")[i];
  const say = [];
  say.push("first=" + claims());
  button(6).click(); say.push("ascending=" + claims());
  button(6).click(); say.push("descending=" + claims());
  const search = document.getElementById("search");
  search.value = "n822"; search.dispatchEvent(new Event("input", { bubbles: true }));
  say.push("found=" + rows().length);
  search.value = ""; search.dispatchEvent(new Event("input", { bubbles: true }));
  const issue = document.querySelector("select[data-key=issue]");
  issue.value = "unexplained"; issue.dispatchEvent(new Event("input", { bubbles: true }));
  say.push("issue=" + rows().length);
  say.push("said=" + document.getElementById("found").textContent);
  say.push("requests=" + performance.getEntriesByType("resource").length);
  document.body.dataset.seen = say.join("|");
});
</script></body>`

// TestHTMLInBrowser opens the page in a browser without a window: its script sorts
// and filters, its policy lets the script run, and no request leaves.
func TestHTMLInBrowser(t *testing.T) {
	browser := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			browser = path
			break
		}
	}
	if browser == "" {
		t.Skip("no Chromium is installed: the page was not opened")
	}
	page := samplePage(t)
	// The policy allows one script by its hash: it must have run on the page as it is.
	dom := dump(t, browser, page)
	if !strings.Contains(dom, "6 of 6 lines, $184.00 recoverable") || strings.Count(dom, `<button type="button">`) != 10 {
		t.Errorf("the script did not run:\n%s", found.FindString(dom))
	}
	// The check is a second script, so the copy allows it.
	page = regexp.MustCompile(`script-src '[^']*'`).ReplaceAllLiteralString(page, "script-src 'unsafe-inline'")
	dom = dump(t, browser, strings.Replace(page, "</body>", selfCheck, 1))
	m := seen.FindStringSubmatch(dom)
	if m == nil {
		t.Fatalf("the check did not run:\n%s", found.FindString(dom))
	}
	want := []string{
		"first=8000,8000,2400,0,0,0", "ascending=0,0,0,2400,8000,8000", "descending=8000,8000,2400,0,0,0",
		"found=1", "issue=1", "said=1 of 6 lines, $0.00 recoverable", "requests=0",
	}
	if diff := cmp.Diff(want, strings.Split(m[1], "|")); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

var (
	found = regexp.MustCompile(`<output[^<]*`)
	seen  = regexp.MustCompile(`data-seen="([^"]*)"`)
)

func dump(t *testing.T, browser, page string) string {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, "page.html")
	if err := os.WriteFile(path, []byte(page), 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{
		"--headless", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--host-resolver-rules=MAP * ~NOTFOUND",
		"--user-data-dir=" + filepath.Join(dir, "profile"), "--dump-dom", "file://" + filepath.ToSlash(path),
	}
	if os.Geteuid() == 0 {
		args = append([]string{"--no-sandbox"}, args...) // it does not start as root otherwise
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, browser, args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", strconv.Quote(browser), err, stderr.String())
	}
	return string(out)
}
