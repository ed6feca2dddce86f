// Package recordings finds the recordings that the tests of this module read:
// captures, logs and configurations that are too large or not ours to keep in
// the repository. They stand in a folder named shared beside the module, or
// where the environment variable SHARED says.
//
// A checkout without that folder skips these tests, visibly. In a checkout
// that has it a recording that is missing is a failure: a test that silently
// measures nothing is none.
package recordings

import (
	"os"
	"path/filepath"
	"testing"
)

// Path returns the path of a file or folder among the recordings. It skips the
// test where there are no recordings at all, and fails it where there are, but
// not this one.
func Path(t testing.TB, elem ...string) string {
	t.Helper()
	root := Root(t)
	path := filepath.Join(append([]string{root}, elem...)...)
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("the recordings are here, but not all of them: %v", err)
	}
	return path
}

// Glob returns the recordings that match a pattern of [filepath.Glob], at
// least one, and treats their absence as [Path] does.
func Glob(t testing.TB, elem ...string) []string {
	t.Helper()
	pattern := filepath.Join(append([]string{Root(t)}, elem...)...)
	list, err := filepath.Glob(pattern)
	if err != nil || len(list) == 0 {
		t.Fatalf("nothing matches %s: %v", pattern, err)
	}
	return list
}

// Root returns the folder of the recordings, or skips the test.
func Root(t testing.TB) string {
	t.Helper()
	root := os.Getenv("SHARED")
	if root == "" {
		root = filepath.Join(module(t), "..", "shared")
	}
	if _, err := os.Stat(root); err != nil {
		t.Skipf("no recordings: %v", err)
	}
	return root
}

// module returns the module's root: tests run in their package's folder.
func module(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	for err == nil {
		if _, gone := os.Stat(filepath.Join(dir, "go.mod")); gone == nil {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			break
		}
		dir = up
	}
	t.Fatalf("no go.mod above the working directory: %v", err)
	return ""
}
