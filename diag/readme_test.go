package diag_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// maxReadme is how many lines two screens have, maxUse how many a use of the
// library may take.
const (
	maxReadme = 140
	maxUse    = 25
)

func readme(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// programs returns the README's programs.
func programs(t *testing.T) (all []string) {
	t.Helper()
	for _, b := range regexp.MustCompile("(?ms)^```go\n(.*?)^```$").FindAllStringSubmatch(readme(t), -1) {
		if !strings.HasPrefix(b[1], "package main\n") {
			t.Errorf("the README has a snippet that is no program:\n%s", b[1])
			continue
		}
		all = append(all, b[1])
	}
	return all
}

func TestReadmeLength(t *testing.T) {
	if n := strings.Count(readme(t), "\n"); n > maxReadme {
		t.Errorf("the README has %d lines, at most %d: what is longer goes to diag/SUPPORT.md or into a package's documentation", n, maxReadme)
	}
	for i, p := range programs(t) {
		if n := strings.Count(p, "\n"); n > maxUse {
			t.Errorf("program %d of the README has %d lines, at most %d", i+1, n, maxUse)
		}
	}
}

// TestReadmeReport: the report that the README shows is what the command before
// it prints. A line of … stands for lines that are left out.
func TestReadmeReport(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the go command")
	}
	m := regexp.MustCompile("(?s)<!-- report: (\\S+) -->\n```\n(.*?)```\n").FindStringSubmatch(readme(t))
	if m == nil {
		t.Fatal("the README shows no report")
	}
	t.Chdir("..")
	files, err := filepath.Glob(m[1] + "/*")
	if err != nil || len(files) == 0 {
		t.Fatal(m[1], err)
	}
	out, err := exec.Command("go", append([]string{"run", "./examples/diagnose"}, files...)...).Output()
	if x := (*exec.ExitError)(nil); err != nil && !errors.As(err, &x) {
		t.Fatal(err) // that a cause was found is a status, too
	}
	rest := string(out)
	for i, piece := range strings.Split(m[2], "…\n") {
		k := strings.Index(rest, piece)
		if k < 0 || i == 0 && k > 0 {
			t.Fatalf("the README shows what the program does not print there:\n%s", piece)
		}
		rest = rest[k+len(piece):]
	}
}

// TestReadmeLinks: what the README links to in the repository is there.
func TestReadmeLinks(t *testing.T) {
	for _, m := range regexp.MustCompile(`\]\(([^)#:]+)(#[^)]*)?\)`).FindAllStringSubmatch(readme(t), -1) {
		if _, err := os.Stat(filepath.Join("..", m[1])); err != nil {
			t.Error(err)
		}
	}
}

// TestStranger takes the three uses from the README alone into an empty module
// outside of the repository, and runs them there.
func TestStranger(t *testing.T) {
	if testing.Short() {
		t.Skip("builds programs")
	}
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	sample := filepath.Join(root, "examples", "diagnose", "testdata", "wrong-psk", "headquarters")
	uses := []struct {
		stdin string
		args  []string
		want  []string // in what it prints
	}{
		{stdin: "wan.pcap", want: []string{"main 1 [IKE:", "main 5"}},
		{stdin: "charon.log", want: []string{"decryption-failed: "}},
		{args: []string{sample}, want: []string{"IKE-P1-PSK-MISMATCH"}},
	}
	all := programs(t)
	if len(all) != len(uses) {
		t.Fatalf("the README has %d programs, not %d", len(all), len(uses))
	}
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	write("go.sum", string(sums))
	write("go.mod", "module example.net/stranger\n\ngo 1.26.0\n\nrequire "+module+" v0.0.0\n\nreplace "+module+" => "+strconv.Quote(root)+"\n")
	for i, p := range all {
		write("use"+strconv.Itoa(i+1)+"/main.go", p)
	}
	build := func(args ...string) {
		t.Helper()
		c := exec.Command("go", args...)
		c.Dir = dir
		// What is not in the cache of modules is not fetched for a test.
		c.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off", "PWD="+dir)
		out, err := c.CombinedOutput()
		if bytes.Contains(out, []byte("GOPROXY=off")) {
			t.Skipf("the cache of modules lacks what the library needs: %s", out)
		}
		if err != nil {
			t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, out)
		}
	}
	build("vet", "./...")
	build("build", "-o", filepath.Join(dir, "bin")+string(filepath.Separator), "./...")
	for i, u := range uses {
		c := exec.Command(filepath.Join(dir, "bin", "use"+strconv.Itoa(i+1)), u.args...)
		if u.stdin != "" {
			in, err := os.Open(filepath.Join(sample, u.stdin))
			if err != nil {
				t.Fatal(err)
			}
			defer in.Close()
			c.Stdin = in
		}
		out, err := c.CombinedOutput()
		if err != nil {
			t.Errorf("program %d of the README: %v\n%s", i+1, err, out)
		}
		for _, w := range u.want {
			if !bytes.Contains(out, []byte(w)) {
				t.Errorf("program %d of the README does not print %q:\n%.2000s", i+1, w, out)
			}
		}
	}
}
