package work

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// A shape is input that is written to cost much: run reads it at size n.
type shape struct {
	name string
	n    int
	run  func(n int)
}

// times as much input may take most times the work and memory: what is linear
// takes 4, n log n a little more, what grows by the square 16. Where a square
// is but a part, it shows from a twelfth of the whole on. A list that grows is
// copied more often the longer it is, up to a point, which memory shows.
const times, most, mostBytes = 4, 5.3, 7.

// few is what does not tell: a table that doubles, a pool that warms up.
const fewBytes, fewBlocks = 2 << 20, 300_000

var every = flag.Bool("every-shape", false, "every line of every fixture, not a part of them")

// The variable says to the counted build of this test which shapes to run.
const variable = "IKEDIAG_WORK"

func TestMain(m *testing.M) {
	flag.Parse()
	status := m.Run()
	if pattern, ok := os.LookupEnv(variable); ok && status == 0 {
		// The counters can be read only after a run of tests has ended.
		status = judge(regexp.MustCompile(pattern))
	}
	os.Exit(status)
}

// TestLinear builds this test with counters, and runs all shapes in it.
// Some of them: IKEDIAG_SHAPES=pattern go test ./diag/diagtest/work
func TestLinear(t *testing.T) {
	if _, ok := os.LookupEnv(variable); ok {
		t.Skip("this is the counted build")
	}
	if testing.Short() {
		t.Skip("builds the module anew, with counters")
	}
	if race {
		t.Skip("the race detector has nothing to say of work")
	}
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("no go command to build with")
	}
	dir := t.TempDir()
	program := filepath.Join(dir, "work.test")
	std := "strings,bytes,bufio,sort,slices,maps,strconv,encoding/hex,encoding/base64,encoding/json,encoding/xml,encoding/pem,encoding/asn1,crypto/x509,net/netip,unicode/utf8"
	build := exec.Command("go", "test", "-c", "-o", program, "-cover", "-covermode=atomic", "-coverpkg=github.com/ikediag/ikediag/...,"+std, ".")
	build.Env = append(os.Environ(), "GOROOT="+goroot(t, filepath.Join(dir, "go")), "GOTOOLCHAIN=local")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	run := exec.Command(program, "-test.run=^$", fmt.Sprintf("-every-shape=%v", *every))
	run.Env = append(os.Environ(), variable+"="+os.Getenv("IKEDIAG_SHAPES"))
	out, err := run.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
}

// judge measures the shapes whose names match.
func judge(pattern *regexp.Regexp) (status int) {
	ran := 0
	for s := range shapes() {
		if !pattern.MatchString(s.name) {
			continue
		}
		s.run(times * s.n) // builds what is built once
		small, err := measure(func() { s.run(s.n) })
		if err == nil {
			runtime.GC()
			var large cost
			large, err = measure(func() { s.run(times * s.n) })
			work := float64(large.work) / float64(max(small.work, 1))
			bytes := float64(large.bytes) / float64(max(small.bytes, 1))
			if work > most && large.work > fewBlocks || bytes > mostBytes && large.bytes > fewBytes {
				fmt.Printf("%s: %d times the input: %.1f times the work (%d), %.1f times the memory (%d)\n", s.name, times, work, large.work, bytes, large.bytes)
				status = 1
			} else if os.Getenv("IKEDIAG_SHAPES") != "" {
				fmt.Printf("%s: %.1f (%d), %.1f (%d)\n", s.name, work, large.work, bytes, large.bytes)
			}
		}
		if err != nil {
			fmt.Printf("%s: %v\n", s.name, err)
			return 1
		}
		ran++
	}
	fmt.Printf("%d shapes\n", ran)
	if ran == 0 {
		return 1
	}
	return status
}

// searching are the functions in assembly language that look through octets,
// and where they stopped.
var searching = []string{"IndexByte", "IndexByteString", "LastIndexByte", "LastIndexByteString", "Index", "IndexString", "Count", "CountString", "IndexRabinKarp", "LastIndexRabinKarp"}

// goroot makes a tree of the standard library in which searching is counted:
// links, but for strings and bytes. (The tool that puts the counters in does
// not look at an overlay.)
func goroot(t *testing.T, dir string) string {
	t.Helper()
	out, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	from := strings.TrimSpace(string(out))
	call := regexp.MustCompile(`bytealg\.(` + strings.Join(searching, "|") + `)(\[|\()`)
	link(t, from, dir, "src")
	link(t, filepath.Join(from, "src"), filepath.Join(dir, "src"), "strings", "bytes")
	for _, pkg := range []string{"strings", "bytes"} {
		src, to := filepath.Join(from, "src", pkg), filepath.Join(dir, "src", pkg)
		link(t, src, to)
		names, _ := filepath.Glob(filepath.Join(src, "*.go"))
		for _, name := range names {
			b, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if changed := call.ReplaceAll(b, []byte("counted$1$2")); !strings.HasSuffix(name, "_test.go") && len(changed) != len(b) {
				name = filepath.Join(to, filepath.Base(name))
				if err := errors.Join(os.Remove(name), os.WriteFile(name, append(changed, used...), 0o600)); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := os.WriteFile(filepath.Join(to, "zz_counted.go"), []byte("package "+pkg+"\n"+counted), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// used keeps the import of a file whose calls all go elsewhere now.
const used = "\nvar _ = bytealg.MaxLen\n"

// link makes a folder of links to what is in another, but for some.
func link(t *testing.T, from, to string, but ...string) {
	t.Helper()
	entries, err := os.ReadDir(from)
	if err := errors.Join(err, os.MkdirAll(to, 0o700)); err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if slices.Contains(but, e.Name()) {
			continue
		}
		if err := os.Symlink(filepath.Join(from, e.Name()), filepath.Join(to, e.Name())); err != nil {
			t.Skipf("no links: %v", err)
		}
	}
}

// counted are functions that spend a block for every 16 octets that the ones
// in assembly language look at.
const counted = `
import "internal/bytealg"

func spent(n int) {
	for ; n > 0; n -= 16 {
		passed++
	}
}

var passed int

func ahead(at, n int) int {
	if at >= 0 {
		n = at
	}
	spent(n)
	return at
}

func behind(at, n int) int {
	spent(n - 1 - at)
	return at
}

func countedIndexByte(b []byte, c byte) int { return ahead(bytealg.IndexByte(b, c), len(b)) }
func countedIndexByteString(s string, c byte) int { return ahead(bytealg.IndexByteString(s, c), len(s)) }
func countedLastIndexByte(b []byte, c byte) int { return behind(bytealg.LastIndexByte(b, c), len(b)) }
func countedLastIndexByteString(s string, c byte) int { return behind(bytealg.LastIndexByteString(s, c), len(s)) }
func countedIndex(a, b []byte) int { return ahead(bytealg.Index(a, b), len(a)) }
func countedIndexString(a, b string) int { return ahead(bytealg.IndexString(a, b), len(a)) }
func countedCount(b []byte, c byte) int { spent(len(b)); return bytealg.Count(b, c) }
func countedCountString(s string, c byte) int { spent(len(s)); return bytealg.CountString(s, c) }
func countedIndexRabinKarp[T string | []byte](a, b T) int { return ahead(bytealg.IndexRabinKarp(a, b), len(a)) }
func countedLastIndexRabinKarp[T string | []byte](a, b T) int { return behind(bytealg.LastIndexRabinKarp(a, b), len(a)) }

var _ = []any{countedIndexByte, countedIndexByteString, countedLastIndexByte, countedLastIndexByteString, countedIndex, countedIndexString,
	countedCount, countedCountString, countedIndexRabinKarp[string], countedLastIndexRabinKarp[string]}
`
