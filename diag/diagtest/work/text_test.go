package work

import (
	"bytes"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strings"

	"github.com/ikediag/ikediag/diag/capture"
	"github.com/ikediag/ikediag/diag/observe"
	"github.com/ikediag/ikediag/ike/config"
	"github.com/ikediag/ikediag/ike/exchange"
	"github.com/ikediag/ikediag/ike/keys"
	"github.com/ikediag/ikediag/ike/state"
	"github.com/ikediag/ikediag/logparse"
)

// A reader is an entry point that takes text.
type reader struct {
	name  string
	files []string // patterns, from the module's root
	lines int      // of each that are tried when not every one is
	read  func(text []byte)
}

func readers() []reader {
	return []reader{
		{"config", []string{"ike/config/testdata/*.conf", "ike/config/testdata/*/*"}, 2, readConfig},
		{"secrets", []string{"ike/config/testdata/*.secrets", "ike/config/testdata/racoon/psk.txt"}, 2, readSecrets},
		{"state", []string{"ike/state/testdata/*.txt"}, 1, func(b []byte) { _, _ = state.Parse("f", bytes.NewReader(b)) }},
		{"log", []string{"logparse/testdata/*/*.txtar"}, 1, readLog},
		{"capture", []string{"diag/capture/testdata/*.txt"}, 1, readCapture},
	}
}

func readConfig(b []byte) {
	// What every connection has with every other is bounded by number.
	c, err := config.Parse("f", bytes.NewReader(b), config.Options{Limits: config.Limits{Children: 300, Expand: 3000}})
	if err != nil {
		return
	}
	secrets := c.IndexSecrets()
	for i := range c.Connections {
		_, _ = secrets.SecretFor(config.SecretQuery{Conn: &c.Connections[i]})
	}
	config.Lint(c)
	config.Match(c, c)
}

func readSecrets(b []byte) {
	c, _ := config.Parse("f", bytes.NewReader(nil), config.Options{Dialect: config.StrongSwan})
	if c != nil {
		_ = c.AddSecrets("f", bytes.NewReader(b), config.Options{Dialect: config.IPsecSecrets})
	}
	_, _ = config.Parse("f", bytes.NewReader(b), config.Options{Dialect: config.RacoonKeys})
	var ring keys.Ring
	_, _ = ring.AddTable(b)
	observe.Detect(b)
}

func readLog(b []byte) {
	var p logparse.Parser
	var out []byte
	for e, err := range p.Events(bytes.NewReader(b)) {
		if err == nil {
			out = e.Redacted(out[:0])
			for range e.Payloads() {
			}
			e.MessageNumber()
			e.Notify()
		}
	}
}

func readCapture(b []byte) {
	r, err := capture.NewReader(bytes.NewReader(b), capture.Options{})
	if err != nil {
		return
	}
	var t exchange.Tracker
	var s exchange.Step
	var d exchange.Datagram
	for r.Next(&d) {
		t.Observe(&d, &s)
	}
}

// texts makes shapes of every line of every fixture: the file up to the line,
// then the line over and over; with its numbers counting up; and on one line
// without end.
func texts() iter.Seq[shape] {
	return func(yield func(shape) bool) {
		for _, r := range readers() {
			seen := map[string]bool{}
			for _, name := range fixtures(r.files) {
				b, err := os.ReadFile(name)
				if err != nil {
					panic(err)
				}
				if _, log, ok := bytes.Cut(b, []byte("-- log --\n")); ok {
					b, _, _ = bytes.Cut(log, []byte("-- events --\n"))
				}
				lines := bytes.SplitAfter(b, []byte("\n"))
				step := 1
				if !*every {
					step = max(1, len(lines)/r.lines)
				}
				short := strings.TrimPrefix(filepath.ToSlash(name), "../../../")
				whole := shape{short + " whole", max(4, 40_000/max(1, len(b))), func(n int) { r.read(bytes.Repeat(b, n)) }}
				if !yield(whole) {
					return
				}
				for i := min(step, len(lines)) / 2; i < len(lines); i += step {
					line := lines[i]
					key := digits(string(line), "0")
					if len(line) < 3 || seen[key] {
						continue
					}
					seen[key] = true
					before := bytes.Join(lines[:i], nil)
					// As much again as what stands before it, so that it counts.
					n := max(150, len(before)/len(line), 6000/len(line))
					for how, text := range map[string]func(int) []byte{
						"repeated": func(n int) []byte { return bytes.Repeat(line, n) },
						"counted": func(n int) []byte {
							var w bytes.Buffer
							for k := range n {
								w.WriteString(digits(string(line), fmt.Sprint(k%100)))
							}
							return w.Bytes()
						},
						"named": func(n int) []byte {
							var w bytes.Buffer
							for k := range n {
								w.WriteString(named(string(line), k))
							}
							return w.Bytes()
						},
						"endless": func(n int) []byte { return bytes.Repeat(bytes.TrimRight(line, "\n"), n) },
					} {
						n := n
						if how == "endless" {
							n = 10_000/len(line) + 1 // within what readers of lines keep of one
						}
						s := shape{fmt.Sprintf("%s:%d %s %.50q", short, i+1, how, line), n, func(n int) {
							r.read(append(bytes.Repeat(before, 1), text(n)...))
						}}
						if !yield(s) {
							return
						}
					}
				}
			}
		}
	}
}

// digits puts another number for each number.
func digits(s, number string) string {
	var b strings.Builder
	was := false
	for _, c := range []byte(s) {
		is := c >= '0' && c <= '9'
		if !is {
			b.WriteByte(c)
		} else if !was {
			b.WriteString(number)
		}
		was = is
	}
	return b.String()
}

// named appends a number to each word of letters that ends in quotes, brackets
// or the line, where names stand.
func named(s string, k int) string {
	var b strings.Builder
	for i, c := range []byte(s) {
		if i > 0 && strings.IndexByte("\"'])>}{ \n=:[<", c) >= 0 && letter(s[i-1]) && (c != ' ' || i+1 < len(s) && strings.IndexByte("{[=", s[i+1]) >= 0) {
			fmt.Fprint(&b, k)
		}
		b.WriteByte(c)
	}
	return b.String()
}

func letter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

func fixtures(patterns []string) (names []string) {
	for _, p := range patterns {
		found, _ := filepath.Glob(filepath.Join("..", "..", "..", filepath.FromSlash(p)))
		for _, name := range found {
			if info, err := os.Stat(name); err == nil && info.Mode().IsRegular() && info.Mode()&fs.ModeType == 0 &&
				!strings.HasSuffix(name, ".golden") && !strings.Contains(filepath.ToSlash(name), "/fuzz/") {
				names = append(names, name)
			}
		}
	}
	if len(names) == 0 {
		panic("no fixture: " + fmt.Sprint(patterns))
	}
	return names
}

// shapes are all of them.
func shapes() iter.Seq[shape] {
	return func(yield func(shape) bool) {
		for _, all := range []iter.Seq[shape]{wires(), written(), pipeline(), fleets(), texts()} {
			for s := range all {
				if !yield(s) {
					return
				}
			}
		}
	}
}
