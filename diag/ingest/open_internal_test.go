package ingest

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// A content is the same wherever it lies: in memory, of which it is not copied,
// in a file, and where it can only be read on; also one that is compressed or in
// UTF-16.
func TestOpen(t *testing.T) {
	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	_, _ = w.Write([]byte("a line\nanother\n"))
	w.Close()
	for name, c := range map[string]struct {
		content, want string
		inPlace       bool
	}{
		"plain":      {"a line\nanother\n", "a line\nanother\n", true},
		"empty":      {"", "", true},
		"one octet":  {"a", "a", true},
		"compressed": {z.String(), "a line\nanother\n", false},
		"UTF-16":     {"\xff\xfea\x00\n\x00", "a\n", false},
	} {
		file := filepath.Join(t.TempDir(), "f")
		if err := os.WriteFile(file, []byte(c.content), 0o600); err != nil {
			t.Fatal(err)
		}
		for how, i := range map[string]Input{
			"in memory":       {Content: []byte(c.content)},
			"in a file":       {Open: func() (io.ReadCloser, error) { return os.Open(file) }},
			"read on":         {Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewBufferString(c.content)), nil }},
			"from the middle": {Open: func() (io.ReadCloser, error) { return behind(t, file, c.content), nil }},
		} {
			r, err := (&source{input: i}).open()
			if err != nil {
				t.Fatalf("%s, %s: %v", name, how, err)
			}
			if _, ok := r.(inMemory); ok != (c.inPlace && how == "in memory") {
				t.Errorf("%s, %s: in place: %v", name, how, ok)
			}
			if b, err := io.ReadAll(r); string(b) != c.want || err != nil {
				t.Errorf("%s, %s: %q, %v", name, how, b, err)
			}
			if err := r.Close(); err != nil {
				t.Errorf("%s, %s: %v", name, how, err)
			}
		}
	}
}

// behind returns a file that holds more than its content, before what is to be
// read.
func behind(t *testing.T, file, content string) io.ReadCloser {
	if err := os.WriteFile(file+"+", []byte("not this\n"+content), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(file + "+")
	if err == nil {
		_, err = f.Seek(int64(len("not this\n")), io.SeekStart)
	}
	if err != nil {
		t.Fatal(err)
	}
	return f
}
