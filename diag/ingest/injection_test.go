package ingest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/ingest"
	"github.com/ikediag/ikediag/diag/report"
)

// Whatever stands in names, identities, DNs, lines and values: a report is text
// for terminals, documents and machines, and nothing more, in every format.
func TestInjection(t *testing.T) {
	for _, evil := range []string{
		"\x1b[2J\x1b]0;owned\x07", "\u202egnp.exe\u2066", "\x9b31m\u0085\u2028\u2029", "\ufeff\u200b\u200d\u00ad\U000e0041", "<script>owned()</script><img src=x onerror=owned()>",
		"](javascript:owned) ![x](http://owned.example/x) [y](http://owned.example)", "`owned` | owned | **owned** # owned", "&lt;script&gt;owned()", "--> <!-- owned ]]>", "\"}],\"owned\":[{\"",
		"\xff\xfe\xc0\xaf", "%s%n\\u001b[2J", "'\" onmouseover=owned() x='", "\r\nowned: 1",
	} {
		name := strings.NewReplacer("\n", "", "\r", "", "/", "").Replace(evil)
		line := strings.NewReplacer("\n", "", "\r", "").Replace(evil)
		log := strings.NewReplacer("gw.other.example", line, "branch-", "b"+line).Replace(string(charon(3, map[int]string{0: "id", 1: "psk", 2: "proposal"})))
		log += "05[IKE] <a|9> received unknown vendor ID: " + line + "\n05[CFG] <a|9> looking for pre-shared key peer configs matching 192.0.2.1...203.0.113.9[" + line + "]\n05[IKE] <a|9> no peer config found\n" +
			"05[IKE] <a|9> received end entity cert \"C=CH, O=" + line + ", CN=" + line + "\"\n05[CFG] <a|9> certificate \"CN=" + line + "\" is not trusted\n" + line + "\n"
		conf := fmt.Sprintf("connections {\n \"c%s\" {\n version = 1\n local_addrs = 192.0.2.1\n remote_addrs = %s\n proposals = %s\n local { auth = psk\n id = \"%s\"\n }\n remote { auth = psk\n id = \"%s\"\n }\n %s = x\n } }\n",
			line, line, line, line, line, line)
		in := []ingest.Input{memory("a"+name+"/charon"+name+".log", "a"+name, []byte(log)), memory("b/swanctl"+name+".conf", "b", []byte(conf)), memory("b/"+name, "b", []byte(evil))}
		in[0].Gateway = "gw" + name
		e := newEngine(t)
		err := ingest.Read(context.Background(), e, ingest.Options{}, slices.Values(in))
		if err != nil && unsafe(err.Error(), false) != "" {
			t.Errorf("%q in an error: %s", evil, unsafe(err.Error(), false))
		}
		for c := range e.Advance(time.Time{}) {
			var b bytes.Buffer
			if err := report.WriteChange(&b, &c, report.Options{}); err != nil {
				t.Fatal(err)
			}
			if s := unsafe(b.String(), false); s != "" || !json.Valid(b.Bytes()) {
				t.Errorf("%q in a change: %s", evil, s)
			}
		}
		r := e.Report()
		for _, o := range []report.Options{{}, {Color: true}, {Verbose: true}, {Color: true, Verbose: true, Width: 40}, {Format: report.Markdown, Verbose: true}, {Format: report.HTML, Verbose: true}, {Format: report.JSON, Verbose: true}, {Format: report.SARIF, Verbose: true}} {
			var b bytes.Buffer
			if err := report.Write(&b, r, o); err != nil {
				t.Fatal(err)
			}
			text := b.String()
			if s := unsafe(text, o.Color); s != "" {
				t.Errorf("%q in %+v: %s", evil, o, s)
			}
			switch o.Format {
			case report.HTML:
				for _, bad := range []string{"<script>owned", "<img", "onmouseover=owned() x='\"", "<!-- owned"} {
					if strings.Contains(text, bad) {
						t.Errorf("%q in HTML: %s", evil, bad)
					}
				}
				if strings.Contains(text, `' onmouseover=`) || strings.Contains(text, `" onmouseover=`) {
					t.Errorf("%q leaves an attribute", evil)
				}
			case report.Markdown:
				for _, x := range unmarked {
					text = x.ReplaceAllString(text, "")
				}
				for _, bad := range []string{"<script>owned", "<img", "](javascript", "](http://owned", "\nowned", "**owned**", "<!--"} {
					if strings.Contains(text, bad) {
						t.Errorf("%q in Markdown: %s", evil, bad)
					}
				}
			case report.JSON, report.SARIF:
				var doc map[string]any
				if err := json.Unmarshal(b.Bytes(), &doc); err != nil || doc["owned"] != nil {
					t.Errorf("%q in %s: %v", evil, o.Format, err)
				}
				walkStrings(doc, func(s string) {
					if bad := unsafe(s, false); bad != "" {
						t.Errorf("%q in a string of %s: %s", evil, o.Format, bad)
					}
				})
			}
		}
		if s := unsafe(r.Findings[0].Summary, false); s != "" && r.Findings[0].Kind != diag.Note {
			t.Errorf("%q in a summary: %s", evil, s)
		}
	}
}

// unsafe returns the first character that a terminal or a reader would take for
// more than text; with colours, their sequences are none.
func unsafe(s string, colours bool) string {
	if !utf8.ValidString(s) {
		return "invalid UTF-8"
	}
	for i, c := range s {
		if colours && c == '\x1b' {
			if end := strings.IndexByte(s[i:], 'm'); end > 0 && end < 12 && strings.Trim(s[i+1:i+end], "[0123456789;") == "" {
				continue
			}
		}
		if c != '\n' && (unicode.IsControl(c) || unicode.In(c, unicode.Bidi_Control, unicode.Cf, unicode.Zl, unicode.Zp)) {
			return fmt.Sprintf("%U at %d in %q", c, i, s[max(0, i-30):min(len(s), i+30)])
		}
	}
	return ""
}

// What Markdown takes for no markup: blocks and spans of code, and signs behind
// a backslash.
var unmarked = []*regexp.Regexp{regexp.MustCompile("(?ms)^```+text$.*?^```+$"), regexp.MustCompile("(`+)[^`](?:.*?[^`])??(`+)"), regexp.MustCompile(`\\[[:punct:]]`)}

func walkStrings(x any, visit func(string)) {
	switch x := x.(type) {
	case string:
		visit(x)
	case []any:
		for _, y := range x {
			walkStrings(y, visit)
		}
	case map[string]any:
		for k, y := range x {
			visit(k)
			walkStrings(y, visit)
		}
	}
}
