package logparse

import (
	"os"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag/diagtest/recordings"
)

// plutoFormat gives a line as pluto would write it for a format string of its
// source. word stands for its strings.
func plutoFormat(f, word string) string {
	f = strings.NewReplacer(`\"`, `"`, `\'`, `'`, "{PRI_SO}", "#7", "{PRI_CONNECTION}", `"site"`, "{PRI_IPSEC_SPI}", "0xc0ffee01").Replace(f)
	if i := strings.Index(f, `\n`); i >= 0 {
		f = f[:i]
	}
	var b strings.Builder
	for i := 0; i < len(f); i++ {
		if f[i] == '{' {
			if n := strings.IndexByte(f[i:], '}'); n > 0 {
				b.WriteString("7")
				i += n
				continue
			}
		}
		if f[i] != '%' || i+1 == len(f) {
			b.WriteByte(f[i])
			continue
		}
		j := i + 1
		for j < len(f) && strings.IndexByte("#+-.*0123456789lhzjt ", f[j]) >= 0 {
			j++
		}
		if j == len(f) {
			break
		}
		switch c := f[j]; {
		case c == '%':
			b.WriteByte('%')
		case strings.HasPrefix(f[j:], "{PRIx"):
			b.WriteString("c0ffee01")
			j += strings.IndexByte(f[j:], '}')
		case c == '{':
			b.WriteString("7")
			j += strings.IndexByte(f[j:], '}')
		case c == 'x' || c == 'X' || c == 'p':
			b.WriteString("c0ffee01")
		case c == 's':
			b.WriteString(word)
		default:
			b.WriteString("7")
		}
		i = j
	}
	return strings.TrimSpace(b.String())
}

// TestPlutoLedger holds the templates against pluto's vocabulary, Openswan
// 2.6 to Libreswan 5.4: a message that begins with words of its own is known.
// What begins with a value is known in the forms that it really takes, or is
// of no use to a diagnosis.
func TestPlutoLedger(t *testing.T) {
	b, err := os.ReadFile(recordings.Path(t, "logs", "libreswan-messages.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	p := plutoParser()
	var e Event
	known, unknown, plain := 0, 0, 0
	for i, row := range strings.Split(string(b), "\n") {
		f := strings.Split(row, "\t")
		if i == 0 || len(f) < 10 || strings.Contains(f[6], "fragment") || f[6] == "state-story" || strings.Contains(f[2], "IMPAIR") || strings.Contains(f[2], "impair") {
			continue // parts of messages, and what only tests bring about
		}
		ok := false
		for _, word := range []string{"any", "STATE_MAIN_I1", ""} {
			if p.Parse([]byte(`"site" #1: `+plutoFormat(f[2], word)), &e) {
				ok = true
				break
			}
		}
		switch {
		case ok:
			known++
			if e.Kind == Plain {
				plain++
			}
		case strings.HasPrefix(f[2], "%"), strings.HasPrefix(f[2], "{"), strings.HasPrefix(f[2], " "), strings.HasPrefix(f[2], `\"%s\"%s:`):
			unknown++
		default:
			unknown++
			t.Logf("unknown: %s", f[2])
		}
	}
	t.Logf("%d known, %d of them plain, %d unknown", known, plain, unknown)
	if unknown > 260 || known < 1900 {
		t.Errorf("%d of the vocabulary's messages are unknown, %d known", unknown, known)
	}
}

// TestPlutoConsoles: nothing that pluto itself says in its test suite's
// consoles is unknown, apart from what a connection's status looks like.
func TestPlutoConsoles(t *testing.T) {
	p := plutoParser()
	var e Event
	for _, path := range recordings.Glob(t, "configs", "libreswan", "*", "*.console.txt") {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(b)) {
			line = strings.TrimRight(line, "\r\n")
			_, rest, ok := strings.Cut(line, `": `)
			if !ok {
				_, rest, ok = strings.Cut(line, ` #`)
			}
			if !ok || line[0] != '"' || strings.Contains(rest, "===") && strings.Contains(rest, "my_ip=") || strings.Contains(rest, "...") && strings.Contains(rest, "my_ip=") {
				continue
			}
			if !p.Parse([]byte(line), &e) {
				t.Errorf("%s: %s", path, line)
			}
		}
	}
}
