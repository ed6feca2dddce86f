package report_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/report"
)

// harmful returns the first character that must not reach a terminal, a file
// or a ticket.
func harmful(b []byte) string {
	for i, r := range string(b) {
		switch {
		case r == '\n', r == utf8.RuneError:
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Zl, r), unicode.Is(unicode.Zp, r):
			return fmt.Sprintf("%U at %d in %q", r, i, b[max(0, i-20):min(len(b), i+20)])
		}
	}
	if !utf8.Valid(b) {
		return "invalid UTF-8"
	}
	return ""
}

func TestHostileText(t *testing.T) {
	for _, o := range []report.Options{{}, {Width: 40}, {Verbose: true}, {Format: report.JSON}, {Format: report.SARIF}, {Format: report.HTML}, {Format: report.Markdown}} {
		got := render(t, hostile(), o)
		if s := harmful(got); s != "" {
			t.Errorf("%+v: %s", o, s)
		}
		if bound := 96 << 10; len(got) > bound {
			t.Errorf("%+v: %d octets, want at most %d", o, len(got), bound)
		}
		if o.Format != report.JSON && o.Format != report.SARIF {
			continue
		}
		// Escapes of JSON may not hide what is harmful either.
		var doc any
		if err := json.Unmarshal(got, &doc); err != nil {
			t.Fatal(err)
		}
		walk(doc, func(s string) {
			if h := harmful([]byte(s)); h != "" || strings.Contains(s, "\n") {
				t.Errorf("string %q: %s", s, h)
			}
			if len(s) > 16<<10 {
				t.Errorf("a string of %d octets", len(s))
			}
		})
	}
	c := diag.Change{Op: diag.Opened, Finding: hostile().Findings[0], Tunnel: hostile().Tunnels[0], Sources: hostile().Sources}
	if s := harmful(change(t, &c)); s != "" {
		t.Error(s)
	}
}

func walk(x any, visit func(string)) {
	switch x := x.(type) {
	case string:
		visit(x)
	case []any:
		for _, y := range x {
			walk(y, visit)
		}
	case map[string]any:
		for k, y := range x {
			visit(k)
			walk(y, visit)
		}
	}
}

var sgr = regexp.MustCompile("\x1b\\[[0-9;]*m")

// TestWidth holds every line to the width; commands and addresses to be copied
// are whole.
func TestWidth(t *testing.T) {
	commands := map[string]bool{}
	for _, g := range report.Guides() {
		for _, list := range [][]report.Step{g.Log, g.Capture, g.Config, g.State} {
			for _, s := range list {
				commands[s.Command] = true
			}
		}
	}
	for name, r := range samples(t) {
		for _, width := range []int{1, 40, 60, 80, 132} {
			got := render(t, r, report.Options{Width: width})
			for i, l := range strings.Split(string(got), "\n") {
				if commands[strings.TrimSpace(l)] || strings.HasPrefix(strings.TrimSpace(l), "tcpdump ") || strings.HasPrefix(strings.TrimSpace(l), "https://") {
					continue
				}
				if n := utf8.RuneCountInString(l); n > max(width, 40) {
					t.Errorf("%s, width %d, line %d has %d columns: %s", name, width, i+1, n, l)
				}
				if strings.TrimRight(l, " ") != l {
					t.Errorf("%s, width %d, line %d ends in a blank: %q", name, width, i+1, l)
				}
			}
		}
	}
}

func TestColor(t *testing.T) {
	for name, r := range samples(t) {
		flat, colored := render(t, r, report.Options{}), render(t, r, report.Options{Color: true})
		if bytes.ContainsRune(flat, '\x1b') {
			t.Errorf("%s: escape sequences without being asked for", name)
		}
		if !bytes.ContainsRune(colored, '\x1b') {
			t.Errorf("%s: no colour", name)
		}
		if got := sgr.ReplaceAll(colored, nil); !bytes.Equal(got, flat) {
			t.Errorf("%s: colours change the text:\n%s\n%s", name, got, flat)
		}
	}
}

func samples(t testing.TB) map[string]*diag.Report {
	return map[string]*diag.Report{"wrong-psk": wrongPSK(), "healthy": healthy(), "undecided": undecided(), "hostile": hostile(),
		"several": several(), "details": details(), "drawn": drawn(), "empty": {}, "engine": engineReport(t)}
}

// TestShort holds a healthy report to a few lines.
func TestShort(t *testing.T) {
	if n := bytes.Count(render(t, healthy(), report.Options{}), []byte("\n")); n > 12 {
		t.Errorf("a healthy report has %d lines", n)
	}
}

// limited fails after n octets.
type limited struct{ n int }

var errFull = errors.New("disk full")

func (w *limited) Write(b []byte) (int, error) {
	if len(b) > w.n {
		n := w.n
		w.n = 0
		return n, errFull
	}
	w.n -= len(b)
	return len(b), nil
}

func TestWriterErrors(t *testing.T) {
	for _, f := range report.Formats() {
		size := len(render(t, several(), report.Options{Format: f}))
		for n := 0; n < size; n += 500 {
			if err := report.Write(&limited{n}, several(), report.Options{Format: f, Version: "v0.0.0-test"}); !errors.Is(err, errFull) {
				t.Errorf("%s, room for %d of %d octets: %v", f, n, size, err)
			}
		}
	}
	c := diag.Change{}
	if err := report.WriteChange(&limited{10}, &c, report.Options{}); !errors.Is(err, errFull) {
		t.Errorf("change: %v", err)
	}
}

func TestFormats(t *testing.T) {
	var b bytes.Buffer
	err := report.Write(&b, healthy(), report.Options{Format: "yaml\x1b[2J"})
	var fe *report.FormatError
	if !errors.As(err, &fe) || fe.Format != "yaml\x1b[2J" || b.Len() > 0 {
		t.Errorf("%v, %d octets written", err, b.Len())
	}
	if err != nil && strings.Contains(err.Error(), "\x1b") {
		t.Errorf("an escape sequence in %q", err)
	}
	for _, f := range append(report.Formats(), "") {
		if len(render(t, healthy(), report.Options{Format: f})) == 0 {
			t.Errorf("%q: nothing", f)
		}
	}
}

// FuzzRender puts any text wherever text from outside stands.
func FuzzRender(f *testing.F) {
	f.Add("plain", 80, true)
	f.Add("\x1b[2J\u202e\xff\u0301\u0301…\u2028", 0, false)
	f.Add(strings.Repeat("字", 300), 41, true)
	f.Add("Nov 21 12:00:01 a: b: c", 60, false)
	f.Fuzz(func(t *testing.T, s string, width int, verbose bool) {
		r := drawn()
		g := &r.Findings[0]
		g.Summary, g.Incident, g.Code, g.Detail = s, s, diag.Code(s), text(s)
		for i := range g.Evidence {
			g.Evidence[i].Text = s
		}
		r.Tunnels[0].Ends[0] = diag.EndReport{Identity: s, Connection: s}
		r.Tunnels[0].Stage, r.Sources[0].Name = s, s
		r.Tunnels[0].Ladders, r.Tunnels[0].Settings = []diag.Ladder{ladder()}, differing()
		for i := range r.Tunnels[0].Ladders[0].Rungs {
			x := &r.Tunnels[0].Ladders[0].Rungs[i]
			x.Text = s
			for j := range x.Seen {
				x.Seen[j].Text = s
			}
		}
		x := &r.Tunnels[0].Settings[0]
		x.Name, x.Child, x.Ends[0].Text, x.Ends[0].Setting = s, s, s, s
		for _, o := range []report.Options{{Width: width, Verbose: verbose}, {Format: report.JSON}, {Format: report.SARIF}, {Format: report.HTML}, {Format: report.Markdown}} {
			got := render(t, r, o)
			if h := harmful(got); h != "" {
				t.Errorf("%+v: %s", o, h)
			}
			switch o.Format {
			case report.HTML:
				for _, e := range checkHTML(got) {
					t.Error(e)
				}
			case report.JSON, report.SARIF:
				if !json.Valid(got) {
					t.Errorf("%s is no JSON", o.Format)
				}
			}
		}
	})
}
