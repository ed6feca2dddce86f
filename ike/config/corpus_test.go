package config

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/ikediag/ikediag/diag/diagtest/recordings"
)

// files calls f with every file below dir that match accepts.
func files(t *testing.T, dir string, match func(base string) bool, f func(path string, b []byte)) {
	t.Helper()
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !match(filepath.Base(p)) {
			return err
		}
		b, err := os.ReadFile(p)
		if err == nil {
			f(p, b)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func isConf(base string) bool {
	ext := filepath.Ext(base)
	return ext == ".conf" || ext == ".secrets"
}

func TestCorpus(t *testing.T) {
	n := 0
	files(t, recordings.Path(t, "corpus"), isConf, func(p string, b []byte) {
		c, err := Parse(p, bytes.NewReader(b), Options{})
		if err != nil {
			t.Errorf("%s: %v", p, err)
			return
		}
		n++
		for _, pr := range c.Problems {
			t.Errorf("%v", pr)
		}
		if c.Recognized != c.Units {
			t.Errorf("%s: %d of %d statements understood", p, c.Recognized, c.Units)
		}
		if c.Dialect != IPsecSecrets && len(c.Connections) != 1 {
			t.Errorf("%s: %d connections", p, len(c.Connections))
		}
	})
	t.Logf("%d files", n)
}
