package logparse

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// fixture is one txtar file under testdata/<dialect>: a header whose first
// line is "basis: recorded|sample|vocabulary", the section "log", and the
// section "events" with what each line is.
type fixture struct {
	path, basis, header string
	log, events         []byte
}

func readFixture(t *testing.T, path string) *fixture {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, ok := bytes.Cut(b, []byte("-- log --\n"))
	if !ok {
		t.Fatalf("%s has no log", path)
	}
	f := &fixture{path: path, header: string(head)}
	f.log, f.events, _ = bytes.Cut(rest, []byte("-- events --\n"))
	first, _, _ := strings.Cut(f.header, "\n")
	f.basis, _ = strings.CutPrefix(first, "basis: ")
	f.basis, _, _ = strings.Cut(f.basis, " ")
	switch f.basis {
	case "recorded", "sample", "vocabulary":
	default:
		t.Errorf("%s has no basis", path)
	}
	return f
}

// describe writes an event on one line.
func describe(e *Event, ids map[uint64]int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d %v", e.Number, e.Kind)
	if h := e.Session.Handle; h != 0 {
		if ids[h] == 0 {
			ids[h] = len(ids) + 1
		}
		fmt.Fprintf(&b, " s%d", ids[h])
		if e.Session.Tentative {
			b.WriteByte('?')
		}
		fmt.Fprintf(&b, " %v", e.Session.Role)
	}
	if e.Side != RoleNone {
		fmt.Fprintf(&b, " side=%v", e.Side)
	}
	if e.Retransmission > 0 {
		fmt.Fprintf(&b, " again=%d", e.Retransmission)
	}
	if e.Duplicate {
		b.WriteString(" duplicate")
	}
	for _, f := range e.Kind.Fields() {
		if v := e.Bytes(f); v != nil && f != FieldSecret {
			fmt.Fprintf(&b, " %v=%q", f, v)
		}
	}
	if p := e.Packet(); p != nil {
		fmt.Fprintf(&b, " packet=%d", len(p))
	}
	if name, s, ok := e.Secret(); ok {
		fmt.Fprintf(&b, " secret=%q,%d", name, s.Len())
	}
	return b.String()
}

// TestFixtures holds every dialect to its fixtures: there are some, each
// line gives the event that it gave, and every template is reached.
func TestFixtures(t *testing.T) {
	for _, d := range Dialects() {
		files, _ := filepath.Glob(filepath.Join("testdata", d.Name, "*.txtar"))
		if len(files) == 0 {
			t.Errorf("dialect %s has no fixture", d.Name)
		}
		reached := map[string]string{}
		for _, path := range files {
			f := readFixture(t, path)
			p := Parser{Dialects: []*Dialect{d}}
			ids := map[uint64]int{}
			var got bytes.Buffer
			for e, err := range p.Events(bytes.NewReader(f.log)) {
				if err != nil {
					t.Fatal(err)
				}
				fmt.Fprintln(&got, describe(e, ids))
				if e.template != nil && (reached[e.template.Pattern] == "" || f.basis != "vocabulary") {
					reached[e.template.Pattern] = f.basis
				}
			}
			if s := p.Stats(); s.Unknown > 0 && f.basis != "sample" {
				t.Errorf("%s: %d lines are unknown: %v", path, s.Unknown, s.Samples)
			}
			if *update {
				out := f.header + "-- log --\n" + string(f.log) + "-- events --\n" + got.String()
				if err := os.WriteFile(path, []byte(out), 0o644); err != nil {
					t.Fatal(err)
				}
				continue
			}
			if !bytes.Equal(got.Bytes(), f.events) {
				t.Errorf("%s: %s", path, firstDifference(f.events, got.Bytes()))
			}
		}
		recorded := 0
		for _, list := range d.lists() {
			for _, tm := range list {
				switch reached[tm.Pattern] {
				case "":
					t.Errorf("%s: no fixture reaches %q", d.Name, tm.Pattern)
				case "recorded":
					recorded++
				}
			}
		}
		t.Logf("%s: %d templates, %d of them recorded", d.Name, len(reached), recorded)
	}
}

func firstDifference(want, got []byte) string {
	w, g := strings.Split(string(want), "\n"), strings.Split(string(got), "\n")
	for i := range max(len(w), len(g)) {
		a, b := "", ""
		if i < len(w) {
			a = w[i]
		}
		if i < len(g) {
			b = g[i]
		}
		if a != b {
			return fmt.Sprintf("event %d\nwant %s\n got %s", i+1, a, b)
		}
	}
	return "no difference"
}

// sampleLine gives a text that fits a pattern.
func sampleLine(pattern string) string {
	toks, _, _ := compile(&Template{Pattern: pattern})
	var b strings.Builder
	for i, k := range toks {
		switch k.class {
		case literal:
			b.WriteString(k.text)
		case classNum:
			b.WriteString("7")
		case classHex:
			b.WriteString("c0ffee01")
		case classHost:
			b.WriteString("192.0.2.1")
		case classAddr:
			b.WriteString("192.0.2.1[500]")
		case classNet:
			b.WriteString("10.1.0.0/16")
		case classIdent:
			b.WriteString("setting_x")
		case classCaps:
			b.WriteString("SETTING_X")
		case classWord:
			b.WriteString("WORD-X")
		case classText, classPeer:
			b.WriteString("any text")
		case classRest:
			if i > 0 && toks[i-1].class == literal || i == 0 {
				b.WriteString("the rest")
			}
		}
	}
	return b.String()
}

// TestShadowing finds templates that another one hides: a text made for a
// template must be that template's.
func TestShadowing(t *testing.T) {
	for _, d := range Dialects() {
		tr := d.compiled()
		var spans [maxFields]span
		for _, list := range d.lists() {
			for _, tm := range list {
				line := sampleLine(tm.Pattern)
				r := new(recent)
				for range 2 { // by the trie, then by the program
					got := tr.match([]byte(line), &spans, r)
					if got == nil || got.Pattern != tm.Pattern {
						name := "nothing"
						if got != nil {
							name = got.Pattern
						}
						t.Errorf("%s: %q, made for %q, fits %q", d.Name, line, tm.Pattern, name)
					}
				}
			}
		}
		path := filepath.Join("testdata", d.Name, "vocabulary.txtar")
		if *update {
			var b strings.Builder
			b.WriteString("basis: vocabulary\n\nOne line for each message, with made-up values. TestShadowing -update writes it.\n-- log --\n")
			for _, list := range d.lists() {
				for _, tm := range list {
					group := tm.Group
					if group != "" {
						group = "05[" + group[:3] + "] "
					}
					b.WriteString(group + sampleLine(tm.Pattern) + "\n")
				}
			}
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// TestProgramsAgree holds the short cut against the trie: for every line of
// every fixture both give the same template and the same values, whatever was
// matched before.
func TestProgramsAgree(t *testing.T) {
	for _, d := range Dialects() {
		files, _ := filepath.Glob(filepath.Join("testdata", d.Name, "*.txtar"))
		tr := d.compiled()
		var texts [][]byte
		for _, path := range files {
			p := Parser{Dialects: []*Dialect{d}}
			for e := range p.Events(bytes.NewReader(readFixture(t, path).log)) {
				texts = append(texts, bytes.Clone(e.Text))
			}
		}
		for _, text := range texts {
			var want, got [maxFields]span
			j := tr.walk(0, text, 0, 0, &want)
			for i := range tr.templates {
				pr := &tr.templates[i].program
				// A program is asked for texts that begin as others that fitted.
				if start := pr.start.text; len(text) < 8 || string(text[:min(8, len(start))]) != start[:min(8, len(start))] {
					continue
				}
				got = [maxFields]span{}
				if !pr.begins(text) || !pr.first.run(tr, text, pr.start.n, &got) {
					if int32(i) == j {
						t.Errorf("%q: the program of %q does not fit", text, tr.templates[i].Pattern)
					}
					continue
				}
				if int32(i) != j {
					t.Errorf("%q: the program of %q fits, the trie gives template %d", text, tr.templates[i].Pattern, j)
					continue
				}
				for k := range tr.templates[i].fields {
					if got[k] != want[k] {
						t.Errorf("%q: value %d is %v by the program and %v by the trie", text, k, got[k], want[k])
					}
				}
			}
		}
		t.Logf("%s: %d texts, %d templates", d.Name, len(texts), len(tr.templates))
	}
}
