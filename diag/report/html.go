package report

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"io"
	"strings"

	"github.com/ikediag/ikediag/diag"
)

//go:embed html.css
var htmlStyle string

// Bounds of what HTML holds. What is left out is counted.
const (
	htmlParts = 100  // tunnels and gateways with findings that are shown whole
	htmlQuiet = 5000 // the others
	htmlNav   = 100  // links at the top
	openParts = 3    // those of which more than the answer is unfolded
)

// A webPage writes a report as one file of HTML without scripts.
type webPage struct {
	markup
	page  *page
	ids   map[safe]bool
	level string // of the headings within an explanation
}

// writeHTML writes a report as a page for browsers.
func writeHTML(w io.Writer, r *diag.Report, o *Options) error {
	h := &webPage{page: pageOf(r, o, htmlParts), ids: map[safe]bool{}}
	h.document(o)
	if _, err := w.Write(h.Bytes()); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	return nil
}

// policy forbids everything but the page's own style.
func policy() safe {
	sum := sha256.Sum256([]byte(htmlStyle))
	return "default-src 'none'; style-src 'sha256-" + safe(base64.StdEncoding.EncodeToString(sum[:])) + "'; base-uri 'none'; form-action 'none'"
}

func (h *webPage) document(o *Options) {
	p := h.page
	h.WriteString("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
	h.open("meta", "http-equiv", "Content-Security-Policy", "content", policy())
	h.WriteString("\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" content=\"no-referrer\">\n")
	h.line("title", joined(": ", "IPsec diagnosis", word(p.verdict.String())))
	h.WriteString("<style>" + htmlStyle + "</style>\n</head>\n<body>\n")
	h.in("header", func() {
		h.line("p", p.label, "class", joined(" ", "verdict", word(p.verdict.String())))
		h.line("h1", twoWay(p.sentence))
		h.nav()
	})
	h.in("main", h.main)
	h.in("footer", func() {
		g := generator(o)
		h.line("p", "Made by "+safe(g.Name)+" "+g.Version+". Times are those of the sources, in UTC.")
	})
	h.WriteString("</body>\n</html>\n")
}

// nav links to the parts where there are several.
func (h *webPage) nav() {
	parts := h.page.parts
	if len(parts) < 2 {
		return
	}
	h.in("nav", func() {
		h.in("ul", func() {
			for i, p := range parts[:min(len(parts), htmlNav)] {
				h.open("li")
				h.el("a", upper(twoWay(p.title)), "href", "#"+partID(p, i))
				h.text(" " + twoWay(say(p.incidents[0].head.Summary)))
				h.end("li")
			}
			if n := len(parts) - htmlNav; n > 0 {
				h.line("li", "and "+plural(n, "other"))
			}
		})
	}, "aria-label", "Tunnels with findings")
}

// partID is the anchor of a part: its tunnel's ID, which is the same in every
// report.
func partID(p *part, i int) safe {
	switch {
	case p.tunnel != nil && p.tunnel.ID != "":
		return anchor(name(p.tunnel.ID))
	case p.gateway != nil:
		return "gateway-" + anchor(name(p.gateway.ID))
	}
	return "part-" + number(i+1)
}

// id returns the attribute for an anchor, empty where the page has it already.
func (h *webPage) id(s safe) safe {
	if s == "" || h.ids[s] {
		return ""
	}
	h.ids[s] = true
	return s
}

func (h *webPage) main() {
	p := h.page
	shown := min(len(p.parts), htmlParts)
	for i, x := range p.parts[:shown] {
		h.part(x, i)
	}
	if rest := p.parts[shown:]; len(rest) > 0 {
		h.in("section", func() {
			h.line("h2", "More of that kind")
			h.in("ul", func() {
				for _, x := range rest {
					f := x.incidents[0].head
					h.open("li")
					h.el("b", twoWay(x.title))
					h.text(": " + joined(", ", say(f.Summary), word(f.Verdict.String())) + " ")
					h.code(f.Code)
					h.end("li")
				}
			})
		})
	}
	h.quiet()
	for _, t := range p.lists {
		h.tallies(t)
	}
	h.sources()
}

// codesURL is where the codes are explained.
const codesURL = "https://github.com/ikediag/ikediag/blob/main/diag/CODES.md"

// codeLink is where a code is explained, empty for one that is not ours.
func codeLink(c diag.Code) safe {
	if _, ok := diag.Lookup(c); !ok {
		return ""
	}
	return codesURL + "#" + safe(strings.ToLower(string(c)))
}

// code writes a code as a link to its explanation.
func (h *webPage) code(c diag.Code) { h.link(codeLink(c), brief(string(c)), "class", "code") }

// link writes a link, which leads to another page of the web and to nothing
// else, or the text alone.
func (h *webPage) link(url, text safe, attrs ...safe) {
	if !strings.HasPrefix(string(url), "https://") && !strings.HasPrefix(string(url), "http://") {
		h.el("span", text, attrs...)
		return
	}
	h.el("a", text, append(attrs, "href", url, "rel", "noopener noreferrer")...)
}
