package logparse

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"
)

// TestBounded floods the reader of each dialect with every line that it knows,
// with other numbers, addresses and names each time: what it keeps of them is
// bounded by MaxSessions and does not grow with the lines.
func TestBounded(t *testing.T) {
	const sessions, most = 100, 8 << 20
	lines := 40_000
	if testing.Short() {
		lines = 10_000
	}
	heap := func() int {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return int(m.HeapAlloc)
	}
	files, _ := filepath.Glob("testdata/*/vocabulary.txtar")
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		_, b, _ = bytes.Cut(b, []byte("-- log --\n"))
		b, _, _ = bytes.Cut(b, []byte("-- events --\n"))
		all := bytes.Split(bytes.TrimSpace(b), []byte("\n"))
		p := Parser{MaxSessions: sessions}
		var e Event
		for _, l := range all { // what is built once
			p.Parse(l, &e)
		}
		before := heap()
		var line []byte
		for i := range lines {
			line = renumbered(line[:0], all[i%len(all)], i)
			p.Parse(line, &e)
			if i%1000 == 0 {
				p.Flush(&e)
			}
		}
		if used := heap() - before; used > most {
			t.Errorf("%s: %d KiB after %d lines", filepath.Base(filepath.Dir(name)), used>>10, lines)
		}
		runtime.KeepAlive(&p)
	}
	if len(files) < 10 {
		t.Errorf("%d dialects", len(files))
	}
}

// renumbered appends a line with i mixed into its numbers, and behind words in
// capitals, which stand for names.
func renumbered(dst, line []byte, i int) []byte {
	for k := 0; k < len(line); k++ {
		c := line[k]
		digit := c >= '0' && c <= '9'
		switch {
		case digit && (k == 0 || line[k-1] < '0' || line[k-1] > '9') && (k+1 == len(line) || line[k+1] < '0' || line[k+1] > '9'):
			dst = strconv.AppendInt(dst, int64(i)*7919%256, 10)
		case c == ' ' && k > 0 && line[k-1] == 'X':
			dst = append(strconv.AppendInt(dst, int64(i), 10), c)
		default:
			dst = append(dst, c)
		}
	}
	return dst
}
