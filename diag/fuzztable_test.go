package diag_test

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var (
	fuzzLog      = flag.String("fuzz-log", "", "with -update: files of fuzzing rounds, separated by commas, whose totals go into SECURITY.md")
	fuzzCoverage = flag.Bool("fuzz-coverage", false, "with -update: measure what each target's whole corpus covers")
)

// A fuzzed is a row of the table of fuzz targets in SECURITY.md.
type fuzzed struct {
	pkg, target               string
	hours, execs, cover, kept string
}

const fuzzHead = "| package | target | hours | executions | coverage | corpus |\n|---|---|---|---|---|---|\n"

// TestFuzzTable keeps SECURITY.md's table of fuzz targets whole: a target that
// is not in it fails the test, as does one that is there no more. With -update
// it is written anew, with the totals of -fuzz-log: lines of "time status
// package target execs: number seconds", one for each round.
func TestFuzzTable(t *testing.T) {
	t.Chdir("..") // the module's root
	text, err := os.ReadFile("SECURITY.md")
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(text), fuzzHead)
	if !found {
		t.Fatal("no table")
	}
	var rows []fuzzed
	for strings.HasPrefix(rest, "|") {
		line, after, _ := strings.Cut(rest, "\n")
		rest = after
		c := strings.Split(strings.Trim(line, "| "), " | ")
		if len(c) != 6 {
			t.Fatalf("not a row: %s", line)
		}
		rows = append(rows, fuzzed{strings.Trim(c[0], "`"), c[1], c[2], c[3], c[4], c[5]})
	}
	targets := fuzzTargets(t)
	if !*update {
		for _, x := range targets {
			if !slices.ContainsFunc(rows, func(r fuzzed) bool { return r.pkg == x.pkg && r.target == x.target }) {
				t.Errorf("%s in %s is not in SECURITY.md's table: go test ./diag -run TestFuzzTable -update", x.target, x.pkg)
			}
		}
		for _, r := range rows {
			if !slices.ContainsFunc(targets, func(x fuzzed) bool { return r.pkg == x.pkg && r.target == x.target }) {
				t.Errorf("%s in %s is in SECURITY.md's table and nowhere else", r.target, r.pkg)
			}
		}
		return
	}
	var b strings.Builder
	for _, x := range targets {
		x.hours, x.execs, x.cover, x.kept = "0", "0", "-", "-"
		if i := slices.IndexFunc(rows, func(r fuzzed) bool { return r.pkg == x.pkg && r.target == x.target }); i >= 0 {
			x = rows[i]
		}
		if *fuzzLog != "" {
			x.total(t, strings.Split(*fuzzLog, ","))
		}
		if *fuzzCoverage {
			x.measure(t)
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s | %s |\n", x.pkg, x.target, x.hours, x.execs, x.cover, x.kept)
	}
	if err := os.WriteFile("SECURITY.md", []byte(before+fuzzHead+b.String()+rest), 0o666); err != nil {
		t.Fatal(err)
	}
}

var fuzzFunc = regexp.MustCompile(`(?m)^func (Fuzz\w*)\(`)

// fuzzTargets finds those of the module, in order.
func fuzzTargets(t *testing.T) (all []fuzzed) {
	t.Helper()
	for _, dir := range []string{"isakmp", "ike", "esp", "logparse", "diag"} {
		err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
			if err != nil || e.IsDir() || !strings.HasSuffix(path, "_test.go") {
				return err
			}
			b, err := os.ReadFile(path)
			for _, m := range fuzzFunc.FindAllSubmatch(b, -1) {
				all = append(all, fuzzed{pkg: filepath.ToSlash(filepath.Dir(path)), target: string(m[1])})
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	slices.SortFunc(all, func(a, b fuzzed) int { return strings.Compare(a.pkg+" "+a.target, b.pkg+" "+b.target) })
	return all
}

// total sums up the rounds of a target.
func (x *fuzzed) total(t *testing.T, files []string) {
	t.Helper()
	seconds, execs := 0, 0
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(b)) {
			f := strings.Fields(line)
			if len(f) != 7 || f[2] != module+"/"+x.pkg || f[3] != x.target {
				continue
			}
			n, _ := strconv.Atoi(f[5])
			s, _ := strconv.Atoi(f[6])
			execs, seconds = execs+n, seconds+s
		}
	}
	x.hours, x.execs = fmt.Sprintf("%.2f", float64(seconds)/3600), strconv.Itoa(execs)
}

// measure runs the target once over its seeds, the stored inputs and what
// fuzzing found on this machine, and says how much of its package that covers.
func (x *fuzzed) measure(t *testing.T) {
	t.Helper()
	dir := t.TempDir()
	program := filepath.Join(dir, "fuzz.test")
	if out, err := exec.Command("go", "test", "-c", "-cover", "-o", program, "./"+x.pkg).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	out, err := exec.Command("go", "env", "GOCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	// The package's folder in the module's but for the corpus, which is all that
	// there is.
	folder := filepath.Join(dir, "module", x.pkg)
	data, corpus := filepath.Join(folder, "testdata"), filepath.Join(folder, "testdata", "fuzz", x.target)
	if err := os.MkdirAll(corpus, 0o700); err != nil {
		t.Fatal(err)
	}
	home, _ := filepath.Abs(x.pkg)
	examples, _ := filepath.Abs("examples")
	_ = os.Symlink(examples, filepath.Join(dir, "module", "examples")) // some seeds are theirs
	for _, from := range []struct{ dir, to string }{{filepath.Join(home, "testdata"), data}, {filepath.Join(home, "testdata", "fuzz", x.target), corpus},
		{filepath.Join(strings.TrimSpace(string(out)), "fuzz", module, x.pkg, x.target), corpus}} {
		entries, _ := os.ReadDir(from.dir) // there may be none
		for _, e := range entries {
			if e.Name() != "fuzz" {
				_ = os.Symlink(filepath.Join(from.dir, e.Name()), filepath.Join(from.to, e.Name()))
			}
		}
	}
	entries, _ := os.ReadDir(corpus)
	x.kept = strconv.Itoa(len(entries))
	run := exec.Command(program, "-test.run=^"+x.target+"$")
	run.Dir = folder
	if out, err = run.CombinedOutput(); err != nil {
		t.Errorf("%s: %v\n%.2000s", x.target, err, out)
	}
	x.cover = "-"
	if m := regexp.MustCompile(`coverage: ([0-9.]+)% of`).FindSubmatch(out); m != nil {
		x.cover = string(m[1]) + " %"
	}
}
