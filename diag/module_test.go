package diag_test

import (
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

const module = "github.com/ikediag/ikediag"

// layer says what a package may import besides the standard library.
type layer struct {
	module []string // packages of this module, by their folders
	extern []string // prefixes of import paths of other modules
	not    []string // packages that it may not even import indirectly
}

const (
	xcrypto  = "golang.org/x/crypto"
	xnet     = "golang.org/x/net"
	gopacket = "github.com/google/gopacket"
)

// layers is who may import whom. A package that it does not name fails the
// test: a new one takes its place here first. Tests may import more.
var layers = map[string]layer{
	"": {},

	"isakmp":               {not: []string{"crypto/x509"}},
	"isakmp/gopacketlayer": {module: []string{"isakmp"}, extern: []string{gopacket}},

	"ike":          {module: []string{"isakmp"}},
	"ike/exchange": {module: []string{"ike", "isakmp"}},
	"ike/keys":     {module: []string{"ike", "isakmp"}, extern: []string{xcrypto}},
	"ike/config":   {module: []string{"ike"}},
	"ike/state":    {module: []string{"ike"}},
	"ike/probe":    {module: []string{"ike/exchange", "isakmp"}, extern: []string{xnet}},

	"esp":      {module: []string{"ike"}, extern: []string{xcrypto}},
	"logparse": {module: []string{"ike", "isakmp"}},

	"diag":                        {module: []string{"isakmp", "ike"}},
	"diag/capture":                {module: []string{"ike/exchange", "isakmp", "esp"}},
	"diag/capture/gopacketsource": {module: []string{"diag/capture", "ike/exchange", "isakmp"}, extern: []string{gopacket}},
	"diag/rules":                  {module: []string{"diag", "ike", "isakmp", "esp"}},
	"diag/observe": {module: []string{"diag", "diag/capture", "logparse", "esp", "ike", "ike/exchange", "ike/keys",
		"ike/config", "ike/state", "ike/probe", "isakmp"}},
	"diag/report":   {module: []string{"diag"}},
	"diag/ingest":   {module: []string{"diag/observe", "diag/capture", "diag/rules", "diag"}},
	"diag/diagtest": {module: []string{"diag/ingest", "diag"}}, // its API speaks of rules and reports

	"diag/diagtest/live":       {}, // tests alone
	"diag/diagtest/work":       {}, // tests alone
	"diag/diagtest/recordings": {}, // for the tests of any package
}

// topLevel is all that the root folder may hold.
var topLevel = []string{
	"doc.go", "README.md", "go.mod", "go.sum", "LICENSE", "CHANGELOG.md", "SECURITY.md", ".ci", ".gitignore",
	"isakmp", "ike", "esp", "logparse", "diag", "examples",
}

// goPackage is what `go list` says of a package.
type goPackage struct {
	ImportPath, Name string
	GoFiles, Imports []string
	Deps             []string
	Error            *struct{ Err string }
}

// folder returns the package's folder, empty for the root.
func (p *goPackage) folder() string {
	return strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, module), "/")
}

func (p *goPackage) example() bool { return strings.HasPrefix(p.folder(), "examples/") }

// listed returns the module's packages.
var listed = sync.OnceValues(func() (all []goPackage, err error) {
	out, err := goCommand("list", "-e", "-json=ImportPath,Name,GoFiles,Imports,Deps,Error", "./...")
	if err != nil {
		return nil, err
	}
	for dec := json.NewDecoder(strings.NewReader(out)); ; {
		var p goPackage
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return all, nil
		} else if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
})

// goCommand runs the go command in the module's root and returns its output.
func goCommand(args ...string) (string, error) {
	out, err := exec.Command("go", args...).Output()
	if x := (*exec.ExitError)(nil); errors.As(err, &x) {
		err = errors.New("go " + strings.Join(args, " ") + ": " + string(x.Stderr))
	}
	return string(out), err
}

func packages(t *testing.T) []goPackage {
	t.Helper()
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("no go command to list packages with")
	}
	all, err := listed()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestImports keeps the layers: arrows point downward only.
func TestImports(t *testing.T) {
	t.Chdir("..") // the module's root
	for _, p := range packages(t) {
		if p.Error != nil {
			t.Errorf("%s: %s", p.ImportPath, p.Error.Err)
		}
		l, known := layers[p.folder()]
		switch {
		case p.example():
			if p.Name != "main" {
				t.Errorf("%s: package %s: examples hold programs only", p.folder(), p.Name)
			}
			continue
		case !known:
			t.Errorf("%s: package has no place in the table of layers", p.folder())
			continue
		case p.Name == "main":
			t.Errorf("%s: programs live in examples", p.folder())
		}
		for _, i := range p.Imports {
			if !l.allows(i) {
				t.Errorf("%s imports %s", p.folder(), i)
			}
		}
		for _, d := range p.Deps {
			if slices.Contains(l.not, d) {
				t.Errorf("%s imports %s, if not directly", p.folder(), d)
			}
		}
	}
}

func (l *layer) allows(imported string) bool {
	if name, ok := strings.CutPrefix(imported, module+"/"); ok {
		return slices.Contains(l.module, name)
	}
	if first, _, _ := strings.Cut(imported, "/"); !strings.Contains(first, ".") {
		return true // the standard library
	}
	return slices.ContainsFunc(l.extern, func(prefix string) bool {
		return imported == prefix || strings.HasPrefix(imported, prefix+"/")
	})
}

// TestLayers checks the table itself: no circle, no name that is not in it.
func TestLayers(t *testing.T) {
	t.Chdir("..") // the module\'s root
	var visit func(trail []string, name string)
	visit = func(trail []string, name string) {
		l, ok := layers[name]
		if !ok {
			t.Errorf("%s may import %s, which the table does not name", trail[len(trail)-1], name)
			return
		}
		if slices.Contains(trail, name) {
			t.Errorf("circle: %s > %s", strings.Join(trail, " > "), name)
			return
		}
		for _, next := range l.module {
			visit(append(slices.Clone(trail), name), next)
		}
	}
	for name := range layers {
		visit(nil, name)
	}
}

// TestTopLevel keeps the root folder as it is laid out.
func TestTopLevel(t *testing.T) {
	t.Chdir("..") // the module\'s root
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	ignored, err := os.ReadFile(".gitignore")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	patterns := append(strings.Fields(string(ignored)), ".git")
	missing := slices.Clone(topLevel)
	for _, e := range entries {
		if i := slices.Index(missing, e.Name()); i >= 0 {
			missing = slices.Delete(missing, i, i+1)
		} else if !slices.ContainsFunc(patterns, func(p string) bool {
			ok, _ := path.Match(strings.Trim(p, "/"), e.Name())
			return ok
		}) {
			t.Errorf("%s does not belong to the top level", e.Name())
		}
	}
	if len(missing) > 0 {
		t.Errorf("missing at the top level: %s", strings.Join(missing, ", "))
	}
}

// goFiles calls f with the path, from the root, of every Go file.
func goFiles(t *testing.T, f func(name string)) {
	t.Helper()
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && len(name) > 1 && name[0] == '.':
			return fs.SkipDir
		case !d.IsDir() && strings.HasSuffix(name, ".go"):
			f(filepath.ToSlash(name))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// maxFile bounds a Go file that people write, in bytes.
const maxFile = 28 << 10

// TestFiles keeps files short and finished.
func TestFiles(t *testing.T) {
	t.Chdir("..") // the module\'s root
	unfinished := regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME|X` + `XX|HA` + `CK)\b`)
	generated := regexp.MustCompile(`(?m)^// Code generated .* DO NOT EDIT\.$`)
	goFiles(t, func(name string) {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		made := generated.Match(text)
		if made && path.Base(name)[0] != 'z' {
			t.Errorf("%s: generated files have names that begin with z", name)
		}
		if len(text) > maxFile && !made {
			t.Errorf("%s: %d bytes, at most %d", name, len(text), maxFile)
		}
		for i, line := range strings.Split(string(text), "\n") {
			if w := unfinished.FindString(line); w != "" {
				t.Errorf("%s:%d: %s", name, i+1, w)
			}
		}
	})
}

// forbidden are names that library code may not use, with why not. A package
// alone stands for its import.
var forbidden = map[string]string{
	"log":              "the library does not log",
	"expvar":           "the library keeps no metrics",
	"flag":             "options are structs",
	"fmt.Print":        "the library does not print",
	"fmt.Printf":       "the library does not print",
	"fmt.Println":      "the library does not print",
	"log/slog.Default": "the library does not log", // its Valuer is how secrets stay out of others' logs
	"log/slog.Logger":  "the library does not log",
	"log/slog.New":     "the library does not log",
	"os.Stdout":        "the library does not print",
	"os.Stderr":        "the library does not print",
	"time.Now":         "time comes in as a value",
	"time.Since":       "time comes in as a value",
}

// clocks are the packages that have to know what time it is: an answer that
// does not come is awaited by the clock.
var clocks = []string{"ike/probe"}

// TestLibrary keeps library code free of init functions, printing, logging
// and clocks.
func TestLibrary(t *testing.T) {
	t.Chdir("..") // the module\'s root
	goFiles(t, func(name string) {
		if strings.HasSuffix(name, "_test.go") || strings.HasPrefix(name, "examples/") || strings.Contains(name, "testdata/") {
			return
		}
		set := token.NewFileSet()
		f, err := parser.ParseFile(set, name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Error(err)
			return
		}
		if f.Name.Name == "main" {
			return // a generator
		}
		imports := map[string]string{} // local name to path
		for _, i := range f.Imports {
			p, _ := strconv.Unquote(i.Path.Value)
			local := path.Base(p)
			if i.Name != nil {
				local = i.Name.Name
			}
			imports[local] = p
			if why := forbidden[p]; why != "" {
				t.Errorf("%s imports %s: %s", name, p, why)
			}
		}
		for n := range ast.Preorder(f) {
			switch n := n.(type) {
			case *ast.FuncDecl:
				if n.Name.Name == "init" && n.Recv == nil {
					t.Errorf("%s: init function", set.Position(n.Pos()))
				}
			case *ast.SelectorExpr:
				x, ok := n.X.(*ast.Ident)
				if !ok {
					continue
				}
				use := imports[x.Name] + "." + n.Sel.Name
				if strings.HasPrefix(use, "time.") && slices.Contains(clocks, path.Dir(name)) {
					continue
				}
				if why := forbidden[use]; why != "" {
					t.Errorf("%s: %s: %s", set.Position(n.Pos()), use, why)
				}
			case *ast.CallExpr:
				if x, ok := n.Fun.(*ast.Ident); ok && (x.Name == "print" || x.Name == "println") {
					t.Errorf("%s: %s", set.Position(n.Pos()), x.Name)
				}
			}
		}
	})
}

// What the packages of this module may together do before main starts: as
// good as nothing.
const (
	maxInitBytes  = 1 << 10
	maxInitAllocs = 16
	maxInitClock  = 0.05 // ms
)

// TestNoInitWork measures what a program pays at every start for importing the
// library.
func TestNoInitWork(t *testing.T) {
	t.Chdir("..") // the module\'s root
	if testing.Short() {
		t.Skip("builds a program")
	}
	var src strings.Builder
	src.WriteString("package main\n\nimport (\n")
	for _, p := range packages(t) {
		if p.example() || len(p.GoFiles) == 0 || slices.Contains(layers[p.folder()].extern, gopacket) {
			continue
		}
		src.WriteString("\t_ \"" + p.ImportPath + "\"\n")
	}
	src.WriteString(")\n\nfunc main() {}\n")
	dir := t.TempDir()
	main, program := filepath.Join(dir, "main.go"), filepath.Join(dir, "program")
	if err := os.WriteFile(main, []byte(src.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := goCommand("build", "-o", program, main); err != nil {
		t.Fatal(err)
	}
	// init NAME @0.25 ms, 0.012 ms clock, 1024 bytes, 7 allocs
	line := regexp.MustCompile(`(?m)^init (\S+) @\S+ ms, (\S+) ms clock, (\d+) bytes, (\d+) allocs$`)
	// Time is that of the quickest of several starts: anything else that runs
	// makes it longer, nothing makes it shorter.
	clock, size, allocs, seen := 0.0, 0, 0, ""
	for run := range 7 {
		cmd := exec.Command(program)
		cmd.Env = append(os.Environ(), "GODEBUG=inittrace=1")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		all := line.FindAllStringSubmatch(string(out), -1)
		if len(all) == 0 {
			t.Fatalf("no init trace: %q", out)
		}
		c, s, a, ours := 0.0, 0, 0, ""
		for _, m := range all {
			if !strings.HasPrefix(m[1], module) {
				continue
			}
			ms, err := strconv.ParseFloat(m[2], 64)
			if err != nil {
				t.Fatal(err)
			}
			b, _ := strconv.Atoi(m[3])
			n, _ := strconv.Atoi(m[4])
			c, s, a, ours = c+ms, s+b, a+n, ours+m[0]+"\n"
		}
		if run == 0 || c < clock {
			clock, size, allocs, seen = c, s, a, ours
		}
	}
	t.Logf("init work: %.3f ms, %d bytes, %d allocs", clock, size, allocs)
	if clock > maxInitClock || size > maxInitBytes || allocs > maxInitAllocs {
		t.Errorf("init work of %.3f ms, %d bytes, %d allocs; at most %.2f ms, %d bytes, %d allocs:\n%s",
			clock, size, allocs, maxInitClock, maxInitBytes, maxInitAllocs, seen)
	}
}
