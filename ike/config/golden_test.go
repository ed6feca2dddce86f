package config

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestGolden compares what is read of the files in testdata, which come from
// the project's own recordings, with the dumps beside them.
func TestGolden(t *testing.T) {
	paths, _ := filepath.Glob("testdata/*.conf")
	more, _ := filepath.Glob("testdata/*.secrets")
	ios, _ := filepath.Glob("testdata/cisco_ios/*.cfg")
	asa, _ := filepath.Glob("testdata/cisco_asa/*.cfg")
	more = append(append(more, ios...), asa...)
	racoon, _ := filepath.Glob("testdata/racoon/*.conf")
	xml, _ := filepath.Glob("testdata/pfsense/*.xml")
	aws, _ := filepath.Glob("testdata/aws/vpn.*")
	aws = slices.DeleteFunc(aws, func(p string) bool { return strings.HasSuffix(p, ".golden") })
	more = slices.Concat(more, racoon, xml, aws)
	for _, pattern := range []string{"fortigate/*.conf", "mikrotik/*.rsc", "paloalto/*.txt", "paloalto/*.xml"} {
		of, _ := filepath.Glob("testdata/" + pattern)
		more = append(more, of...)
	}
	if len(paths) == 0 || len(more) == 0 {
		t.Fatal("no testdata")
	}
	for _, p := range append(paths, more...) {
		b, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		c, err := Parse(filepath.ToSlash(p), bytes.NewReader(b), Options{})
		if err != nil {
			t.Errorf("%s: %v", p, err)
			continue
		}
		golden(t, p+".golden", dump(c))
	}
}

// golden compares a dump with a golden file.
func golden(t *testing.T, name, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Error(err)
	} else if got != string(want) {
		t.Errorf("what was read differs from %s:\n%s", name, firstDifference(got, string(want)))
	}
}

func firstDifference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range g {
		if i >= len(w) || g[i] != w[i] {
			return "got  " + g[i] + "\nwant " + strings.Join(w[i:min(i+1, len(w))], "")
		}
	}
	return "the golden file goes on"
}
