package config

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestGolden compares what is read of the files in testdata, which come from
// the project's own recordings, with the dumps beside them.
func TestGolden(t *testing.T) {
	var paths []string
	for _, pattern := range []string{
		"*.conf", "*.secrets", "cisco_ios/*.cfg", "cisco_asa/*.cfg", "racoon/*.conf", "pfsense/*.xml", "aws/vpn.json", "aws/vpn.xml", "fortigate/*.conf", "mikrotik/*.rsc",
		"paloalto/*.txt", "paloalto/*.xml", "junos/*.conf", "vyos/*.conf", "screenos/*.cfg",
	} {
		of, err := filepath.Glob("testdata/" + pattern)
		if err != nil || len(of) == 0 {
			t.Fatalf("%s: no file, %v", pattern, err)
		}
		paths = append(paths, of...)
	}
	for _, p := range paths {
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
