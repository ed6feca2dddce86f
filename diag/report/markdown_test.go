package report_test

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/report"
)

// marks are texts that Markdown would take for its own, or that would call
// somebody.
var marks = []string{
	"# heading", "- item", "1. item", "> quotation", "***", "---", "===", "| a | b |", "```\ncode", "~~~", "`code`", "``", "*emphasis*", "_emphasis_", "~~gone~~",
	"[link](https://evil.example)", "![image](https://evil.example/x.png)", "<https://evil.example>", "https://evil.example", "www.evil.example", "mail@evil.example",
	"@everyone", "#123", "GH-123", "owner/repo#1", "0123456789abcdef0123456789abcdef01234567", "<img src=x onerror=alert(1)>", "</details>", "<!-- comment", "&lt;b&gt;",
	"$x$", "[ref]: https://evil.example", "\\", "\\`x`", "a\nb", "::: warning", ":+1:",
}

// A link of Markdown's, or one that a dialect makes of a bare address.
var (
	link   = regexp.MustCompile(`\]\(([^)]*)\)`)
	spans  = regexp.MustCompile("(`+)[^`](?:.*?[^`])??(`+)")
	fenced = regexp.MustCompile("(?ms)^```+text$.*?^```+$")
)

// poisoned is a report in which a text stands wherever text from outside does.
func poisoned(bad string) *diag.Report {
	r := drawn()
	f := &r.Findings[0]
	f.Summary, f.Detail = bad, diag.IdentityMismatch{Of: "initiator", Expected: bad, Got: bad}
	for i := range f.Evidence {
		f.Evidence[i].Text = bad
	}
	e := &r.Tunnels[0].Ends[0]
	e.Identity, e.Connection, e.Addresses = bad, bad, nil
	r.Sources[0].Name, r.Sources[0].Err = bad, bad
	r.Tunnels[0].Settings[1].Ends[0].Text = bad
	for i := range r.Tunnels[0].Ladders[1].Rungs {
		x := &r.Tunnels[0].Ladders[1].Rungs[i]
		for j := range x.Seen {
			x.Seen[j].Text = bad
		}
	}
	f.RuledOut[0].Reason, f.Missing = bad, []diag.Missing{{Kind: diag.KindLog, Level: bad, Why: bad}}
	f.Remedies[0].Action, f.Remedies[0].Setting = bad, bad
	f.References = []diag.Reference{{Title: bad, URL: bad}}
	return r
}

// TestMarkdownInjection puts hostile texts wherever text from outside stands:
// what is left beside code has none of Markdown's signs but ours.
func TestMarkdownInjection(t *testing.T) {
	for _, bad := range marks {
		r := poisoned(bad)
		got := render(t, r, report.Options{Format: report.Markdown})
		if h := harmful(got); h != "" {
			t.Errorf("%q: %s", bad, h)
		}
		text := spans.ReplaceAllString(fenced.ReplaceAllString(string(got), ""), "CODE")
		for _, m := range link.FindAllStringSubmatch(text, -1) {
			if !strings.HasPrefix(m[1], "https://github.com/ikediag/ikediag/blob/main/diag/CODES.md#") {
				t.Errorf("%q: a link to %s", bad, m[1])
			}
		}
		text = link.ReplaceAllString(text, "")
		text = strings.NewReplacer(`\\`, "", `\<`, "", `\$`, "").Replace(text)
		for _, sign := range []string{"evil", "@", "$", "GH-", "<img", "<!--", "<b>", "#1", "01234567"} {
			if strings.Contains(text, sign) {
				t.Errorf("%q: %s stands in the text:\n%s", bad, sign, text)
			}
		}
		if a, b := strings.Count(text, "<details>"), strings.Count(text, "</details>"); a != b || a == 0 {
			t.Errorf("%q: %d details are opened, %d closed", bad, a, b)
		}
		for _, l := range strings.Split(text, "\n") {
			if strings.HasPrefix(l, "# ") || strings.HasPrefix(l, ">") || strings.HasPrefix(l, "***") || strings.HasPrefix(l, "---") || strings.HasPrefix(l, "    ") {
				t.Errorf("%q: the line %q", bad, l)
			}
		}
	}
}

// A ticket takes 64 KB, and a table's rows all have as many cells.
func TestMarkdown(t *testing.T) {
	for name, r := range samples(t) {
		got := render(t, r, report.Options{Format: report.Markdown})
		if len(got) > 64000 {
			t.Errorf("%s: %d octets", name, len(got))
		}
		cells := 0
		for i, l := range bytes.Split(fenced.ReplaceAll(got, nil), []byte("\n")) {
			if !bytes.HasPrefix(l, []byte("|")) {
				cells = 0
				continue
			}
			n := bytes.Count(l, []byte("|")) - bytes.Count(l, []byte("\\|"))
			if cells > 0 && n != cells {
				t.Errorf("%s, line %d: %d bars, want %d: %s", name, i+1, n, cells, l)
			}
			cells = n
		}
	}
}
