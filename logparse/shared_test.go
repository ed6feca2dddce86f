package logparse

import (
	"os"
	"path/filepath"
	"testing"
)

// shared returns a path of the material that is not part of the repository,
// and skips the test where it is absent.
func shared(t testing.TB, elem ...string) string {
	t.Helper()
	p := filepath.Join(append([]string{"..", "..", "shared"}, elem...)...)
	if _, err := os.Stat(p); err != nil {
		t.Skipf("%s is not here: %v", p, err)
	}
	return p
}

// glob returns the files that match, at least one.
func glob(t testing.TB, elem ...string) []string {
	t.Helper()
	dir := shared(t)
	m, err := filepath.Glob(filepath.Join(append([]string{dir}, elem...)...))
	if err != nil || len(m) == 0 {
		t.Fatalf("nothing matches %v: %v", elem, err)
	}
	return m
}
