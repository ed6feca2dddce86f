//go:build browser

package report_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"html"
	"iter"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ikediag/ikediag/diag/ingest"
	"github.com/ikediag/ikediag/diag/report"
)

// The browser that the tests drive, by its command line.
var browsers = []string{"chromium", "chromium-browser", "google-chrome"}

// browse opens a page without a window and returns its document as the browser
// has it, what it said on the console, and its log of the network. The browser
// finds no host: what it wants of its maker is nobody's concern here.
func browse(t *testing.T, page []byte, args ...string) (dom string, console []string, net string) {
	t.Helper()
	var name string
	for _, b := range browsers {
		if p, err := exec.LookPath(b); err == nil {
			name = p
			break
		}
	}
	if name == "" {
		t.Skip("no browser")
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "page.html")
	if err := os.WriteFile(file, page, 0o600); err != nil {
		t.Fatal(err)
	}
	netLog := filepath.Join(dir, "net.json")
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, append([]string{
		"--headless", "--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND", "--disable-sync", "--no-pings", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run",
		"--user-data-dir=" + filepath.Join(dir, "profile"), "--enable-logging=stderr", "--log-net-log=" + netLog, "--virtual-time-budget=2000", "--dump-dom",
	}, append(args, "file://"+file)...)...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) || out.Len() == 0 {
			t.Fatalf("%v: %s", err, errs.String())
		}
	}
	b, err := os.ReadFile(netLog)
	if err != nil {
		t.Fatal(err)
	}
	return out.String(), said.FindAllString(errs.String(), -1), string(b)
}

var (
	said = regexp.MustCompile(`CONSOLE[^\n]*`)
	host = regexp.MustCompile(`(?:https?|ftp|wss?)://([a-zA-Z0-9.-]+)`)
)

// asked lists the hosts that a page names and that the browser looked for.
func asked(page []byte, net string) (hosts []string) {
	for _, m := range host.FindAllSubmatch(page, -1) {
		if h := string(m[1]); strings.Contains(net, h) && !slices.Contains(hosts, h) {
			hosts = append(hosts, h)
		}
	}
	return hosts
}

// TestBrowser opens pages in a browser: nothing is asked of the network, and
// nothing is complained about on the console, where a violation of the page's
// policy would be.
func TestBrowser(t *testing.T) {
	all := samples(t)
	for name := range inTime(t, all) {
		r := all[name]
		page := render(t, r, report.Options{Format: report.HTML})
		dom, console, net := browse(t, page)
		if len(console) > 0 {
			t.Errorf("%s: %q", name, console)
		}
		if hosts := asked(page, net); len(hosts) > 0 {
			t.Errorf("%s: the page asks %q", name, hosts)
		}
		if !strings.Contains(dom, "<h1>") || strings.Contains(dom, "<script") || strings.Contains(dom, "<img") {
			t.Errorf("%s: not the page that was written", name)
		}
	}
}

// briefly is for how long a test of a short run opens pages.
const briefly = 15 * time.Second

// inTime yields the names of pages, in a short run as many as there is time for.
func inTime[T any](t *testing.T, pages map[string]T) iter.Seq[string] {
	return func(yield func(string) bool) {
		start := time.Now()
		for i, name := range slices.Sorted(maps.Keys(pages)) {
			if testing.Short() && time.Since(start) > briefly {
				t.Logf("%d of %d pages are not opened in a short run", len(pages)-i, len(pages))
				return
			}
			if !yield(name) {
				return
			}
		}
	}
}

// TestBrowserPolicy shows that the test above can fail: what the policy forbids
// is complained about.
func TestBrowserPolicy(t *testing.T) {
	page := string(render(t, drawn(), report.Options{Format: report.HTML}))
	for _, bad := range []string{`<script>document.title="owned"</script>`, `<img src="https://nowhere.invalid/x.png">`, `<p style="color:red">x</p>`, `<style>p{color:red}</style>`} {
		hurt := []byte(strings.Replace(page, "<h1>", bad+"<h1>", 1))
		dom, console, net := browse(t, hurt)
		if len(console) == 0 {
			t.Errorf("nobody complains about %s", bad)
		}
		if strings.Contains(dom, "<title>owned") || len(asked(hurt, net)) > 0 {
			t.Errorf("%s has an effect", bad)
		}
	}
	img := []byte(strings.Replace(page, "<h1>", `<img src="https://nowhere.invalid/x.png"><h1>`, 1))
	if _, _, net := browse(t, policy.ReplaceAll(img, nil)); !slices.Contains(asked(img, net), "nowhere.invalid") {
		t.Error("what a page asks for without a policy is not noticed")
	}
}

// probe is appended to a page to ask the browser what it made of it. The page's
// own policy would not let it run, so it is taken out for that.
const probe = `<script>
const out = [];
const tall = e => e.getBoundingClientRect().height;
for (const d of document.querySelectorAll("details")) {
  const shut = (d.open = false, tall(d));
  d.querySelector("summary").click();
  if (!d.open || tall(d) <= shut) out.push("a fold does not open: " + d.querySelector("summary").textContent);
}
for (const a of document.querySelectorAll('a[href^="#"]')) {
  const to = document.getElementById(decodeURIComponent(a.hash.slice(1)));
  if (!to) { out.push("no anchor " + a.hash); continue; }
  if (location.protocol === "about:") continue; // a frame's document has no address to go to
  scrollTo(0, 0); a.click();
  if (location.hash !== a.hash) out.push("a link does not lead to " + a.hash);
}
for (const e of document.body.querySelectorAll("*")) if (tall(e) > 0 && e.getBoundingClientRect().right > innerWidth + 1 && !e.closest("svg")) {
  out.push(e.tagName + "." + e.className + " sticks out: " + e.textContent.slice(0, 60));
  break;
}
for (const s of document.querySelectorAll("svg[role=img]")) if (!s.getAttribute("aria-label")) out.push("a drawing without words");
top.document.title = "probed: " + out.join("; ");
</script>`

var (
	policy = regexp.MustCompile(`<meta http-equiv="Content-Security-Policy"[^>]*>`)
	title  = regexp.MustCompile(`(?s)<title>probed: (.*?)</title>`)
)

// TestBrowserUse opens what folds and follows what links, at the widths of a
// desk, of a telephone and of a small one; nothing may stick out.
func TestBrowserUse(t *testing.T) {
	all := samples(t)
	for i, truth := range recordings(t) {
		if i%8 == 0 && !testing.Short() {
			r, err := ingest.Files(t.Context(), ingest.Options{}, ends(t, filepath.Dir(truth))...)
			if err != nil {
				t.Error(err)
			}
			all[truth] = r
		}
	}
	for name := range inTime(t, all) {
		page := policy.ReplaceAll(render(t, all[name], report.Options{Format: report.HTML}), nil)
		page = append(page, probe...)
		for _, width := range []int{1280, 390, 340} {
			// A browser's window has a least width, a frame has none.
			frame := fmt.Sprintf("<!DOCTYPE html><title></title><iframe style=\"width:%dpx;height:800px\" srcdoc=\"%s\"></iframe>", width, html.EscapeString(string(page)))
			if width > 1000 {
				frame = string(page)
			}
			dom, _, _ := browse(t, []byte(frame), "--window-size=1400,900")
			m := title.FindStringSubmatch(dom)
			if m == nil || m[1] != "" {
				t.Errorf("%s at %d: %q", name, width, m)
			}
		}
	}
}
