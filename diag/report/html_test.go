package report_test

import (
	"bytes"
	"fmt"
	"html"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag/report"
)

// elements are those that a page is made of, with their attributes besides
// class and id.
var elements = map[string]string{
	"html": "lang", "head": "", "meta": "charset http-equiv content name", "title": "", "style": "", "body": "",
	"header": "", "main": "", "footer": "", "nav": "aria-label", "section": "", "article": "",
	"h1": "", "h2": "", "h3": "", "h4": "", "h5": "", "p": "aria-hidden", "ul": "", "li": "", "dl": "", "dt": "", "dd": "",
	"a": "href rel", "b": "", "em": "", "code": "", "small": "", "span": "", "div": "", "time": "",
	"details": "open", "summary": "", "table": "role aria-label", "caption": "", "thead": "role", "tbody": "role",
	"tr": "role", "th": "scope role colspan", "td": "role colspan",
	"svg": "role width height aria-label x y overflow", "line": "x1 y1 x2 y2", "path": "d", "rect": "x y width height",
}

var (
	tag       = regexp.MustCompile(`^<(/?)([a-z0-9]+)((?: [a-z0-9-]+(?:="[^"<>]*")?)*)>`)
	attribute = regexp.MustCompile(` ([a-z0-9-]+)(?:="([^"]*)")?`)
)

// checkHTML returns what is wrong with a page: markup that is not ours, elements
// that are not closed, links that lead elsewhere. It is stricter than HTML.
func checkHTML(page []byte) (errs []string) {
	fail := func(format string, args ...any) { errs = append(errs, fmt.Sprintf(format, args...)) }
	rest, ok := bytes.CutPrefix(page, []byte("<!DOCTYPE html>\n"))
	if !ok {
		fail("no document type")
	}
	var open []string
	ids, targets := map[string]bool{}, map[string]bool{}
	for len(rest) > 0 {
		i := bytes.IndexAny(rest, "<>")
		if i < 0 {
			break
		}
		rest = rest[i:]
		m := tag.FindSubmatch(rest)
		if m == nil {
			fail("a stray character: %.60q", rest)
			return errs
		}
		rest = rest[len(m[0]):]
		name := string(m[2])
		allowed, known := elements[name]
		if !known {
			fail("element %s", name)
		}
		if len(m[1]) > 0 {
			if len(open) == 0 || open[len(open)-1] != name {
				fail("%s closes %v", name, open)
				return errs
			}
			open = open[:len(open)-1]
			continue
		}
		for _, a := range attribute.FindAllSubmatch(m[3], -1) {
			key, value := string(a[1]), html.UnescapeString(string(a[2]))
			switch {
			case key == "id":
				if ids[value] || value == "" {
					fail("id %q twice", value)
				}
				ids[value] = true
			case key == "class":
			case !slices.Contains(strings.Fields(allowed), key):
				fail("attribute %s of %s", key, name)
			case key == "href" && strings.HasPrefix(value, "#"):
				targets[value[1:]] = true
			case key == "href" && !strings.HasPrefix(value, "https://") && !strings.HasPrefix(value, "http://"):
				fail("a link to %q", value)
			}
		}
		if name == "style" { // no other has text that is not escaped
			_, after, _ := bytes.Cut(rest, []byte("</style>"))
			rest = after
			continue
		}
		if name != "meta" {
			open = append(open, name)
		}
	}
	if len(open) > 0 {
		fail("%v are open at the end", open)
	}
	for id := range targets {
		if !ids[id] {
			fail("no anchor %q", id)
		}
	}
	return errs
}

func TestHTML(t *testing.T) {
	for name, r := range samples(t) {
		page := render(t, r, report.Options{Format: report.HTML})
		for _, e := range checkHTML(page) {
			t.Errorf("%s: %s", name, e)
		}
		if !bytes.Contains(page, []byte("default-src &#39;none&#39;")) || bytes.Contains(page, []byte("<script")) {
			t.Errorf("%s: no policy, or a script", name)
		}
		if n := bytes.Count(page, []byte("<h1>")); n != 1 {
			t.Errorf("%s: %d headings of the first level", name, n)
		}
		// Whoever cannot see a drawing is told what it shows.
		if svg, told := bytes.Count(page, []byte("<svg role")), bytes.Count(page, []byte("<svg role=\"img\"")); svg != told || bytes.Count(page, []byte(" aria-label=\"\"")) > 0 {
			t.Errorf("%s: %d drawings, %d described", name, svg, told)
		}
	}
	drawing := string(render(t, drawn(), report.Options{Format: report.HTML}))
	for _, want := range []string{
		"Attempt 2 of 2", "aria-label=\"initiator to responder: main mode 1; arrived\"", "lost on the way", "came 1 of 3 times", "not seen at the responder",
		"4 steps left out", "ESP c2618fda, initiator to responder", "Identity of the responder", "zentrale.example.net", "goes together all the same", "the cause rests on it",
	} {
		if !strings.Contains(drawing, want) {
			t.Errorf("the drawing does not say %q", want)
		}
	}
}

// TestHTMLInjection puts what a browser would take for markup wherever text from
// outside stands: it is text, and nothing else of the page changes.
func TestHTMLInjection(t *testing.T) {
	shape := func(s string) string {
		return strings.Join(tags.FindAllString(string(render(t, poisoned(s), report.Options{Format: report.HTML})), -1), "")
	}
	plain := shape("https-like")
	for _, bad := range append(marks,
		`<script>alert(1)</script>`, `"><script>alert(1)</script>`, `' onmouseover='alert(1)`, `" style="display:none`, `</style><script>alert(1)</script>`,
		`</title><h1>owned</h1>`, `</table></main>`, `<!--`, `-->`, `]]>`, `&#60;b&#62;`, `&quot;`, `javascript:alert(1)`, `data:text/html,<b>x</b>`, `//evil.example`,
		`CN=a"b<c>, O=d&e`, "\u2028", "<\x00script>",
	) {
		page := render(t, poisoned(bad), report.Options{Format: report.HTML})
		for _, e := range checkHTML(page) {
			t.Errorf("%q: %s", bad, e)
		}
		if h := harmful(page); h != "" {
			t.Errorf("%q: %s", bad, h)
		}
		if got := shape(bad); got != plain && !strings.HasPrefix(bad, "http") {
			t.Errorf("%q changes the page", bad)
		}
	}
}

var tags = regexp.MustCompile(`</?[a-z0-9]+`)

// TestCheckHTML shows that the check can fail.
func TestCheckHTML(t *testing.T) {
	page := string(render(t, drawn(), report.Options{Format: report.HTML}))
	for _, bad := range []string{"<script>", "<img src=\"x\">", "<p onclick=\"x\">", "<a href=\"javascript:x\">", "<p>", "<", "</main>", "<a href=\"#nowhere\"></a>"} {
		if len(checkHTML([]byte(strings.Replace(page, "<h1>", bad+"<h1>", 1)))) == 0 {
			t.Errorf("%s is let pass", bad)
		}
	}
}
