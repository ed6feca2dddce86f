package diag_test

import (
	"bytes"
	"cmp"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"
)

var updateAPI = flag.Bool("update-api", false, "write testdata/api.txt anew")

// What the packages export stands in testdata/api.txt, a line each. A line that is new
// is written with -update-api. One that is gone or changed breaks somebody's
// program: it fails, and is not written, until CHANGELOG.md names it under
// Changed or Removed of what is not released yet.
func TestAPI(t *testing.T) {
	const golden = "testdata/api.txt"
	var all []string
	for pkg := range layers {
		if strings.HasPrefix(pkg, "examples") || pkg == "diag/diagtest/recordings" || pkg == "diag/diagtest/live" {
			continue
		}
		all = append(all, exported(t, pkg)...)
	}
	slices.Sort(all)
	want, err := os.ReadFile(golden)
	if err != nil && !*updateAPI {
		t.Fatal(err)
	}
	added, gone := compareAPI(string(want), all)
	said := announced(t)
	for _, line := range gone {
		if !announces(said, apiName(line)) {
			t.Errorf("gone or changed, and CHANGELOG.md does not name `%s` under Changed or Removed: %s", apiName(line), line)
		}
	}
	switch {
	case t.Failed():
	case *updateAPI:
		if err := os.WriteFile(golden, []byte(strings.Join(all, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	case len(added)+len(gone) > 0:
		t.Errorf("go test ./diag -run TestAPI -update-api writes testdata/api.txt anew.\nnew:\n%s\ngone:\n%s", strings.Join(added, "\n"), strings.Join(gone, "\n"))
	}
}

// compareAPI returns the lines that only one of two lists has.
func compareAPI(golden string, now []string) (added, gone []string) {
	had := map[string]bool{}
	for line := range strings.Lines(golden) {
		had[strings.TrimSpace(line)] = true
	}
	for _, line := range now {
		if !had[line] {
			added = append(added, line)
		}
		delete(had, line)
	}
	for line := range had {
		gone = append(gone, line)
	}
	slices.Sort(gone)
	return added, gone
}

// apiName is what a line of api.txt is about: Detect, Options.Rules, Parser.Parse.
func apiName(line string) string {
	_, decl, _ := strings.Cut(line, ": ")
	kind, rest, _ := strings.Cut(decl, " ")
	if recv, method, ok := strings.Cut(rest, ") "); ok && kind == "func" && strings.HasPrefix(recv, "(") {
		_, of, _ := strings.Cut(recv, " ")
		of, _, _ = strings.Cut(strings.TrimLeft(of, "*"), "[")
		rest = of + "." + method
	}
	if i := strings.IndexFunc(rest, func(r rune) bool { return r != '.' && r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) }); i >= 0 {
		rest = rest[:i]
	}
	return rest
}

// announced is what CHANGELOG.md says under Changed and Removed of the coming
// release.
func announced(t *testing.T) (said string) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "CHANGELOG.md"))
	if err != nil {
		t.Fatal(err)
	}
	section, inside := "", false
	for line := range strings.Lines(string(b)) {
		switch {
		case strings.HasPrefix(line, "## "):
			inside = strings.HasPrefix(line, "## [Unreleased]")
		case strings.HasPrefix(line, "### "):
			section = strings.TrimSpace(line[4:])
		case inside && (section == "Changed" || section == "Removed"):
			said += line
		}
	}
	return said
}

// announces reports whether a text names something, in backticks.
func announces(said, name string) bool {
	for i, code := range strings.Split(said, "`") {
		if i%2 == 1 && slices.ContainsFunc(strings.FieldsFunc(code, func(r rune) bool {
			return r != '.' && r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
		}), func(word string) bool { return word == name || strings.HasSuffix(word, "."+name) }) {
			return true
		}
	}
	return false
}

func TestAPINames(t *testing.T) {
	for line, want := range map[string]string{
		"logparse: func Detect(head []byte) (name string)": "Detect",
		"diag: func (e *Engine) Observe(o *Observation)":   "Engine.Observe",
		"diag: func (v Kept[T]) All() iter.Seq[T]":         "Kept.All",
		"diag/ingest: field Options.Dialects []*Dialect":   "Options.Dialects",
		"ike: const GroupNone":                             "GroupNone",
		"diag: field Options embeds Limits":                "Options",
		"diag: type Op uint8":                              "Op",
		"diag/observe: type Dialect = logparse.Dialect":    "Dialect",
		"diag: func Facts[T any](a *Attempt) iter.Seq[T]":  "Facts",
		"diag: type Fold[B Body] struct":                   "Fold",
	} {
		if got := apiName(line); got != want {
			t.Errorf("%s: %s, want %s", line, got, want)
		}
	}
	const said = "- `logparse`: `Detect(head, own...)` and `ingest.Options.Rules`.\n"
	for name, want := range map[string]bool{"Detect": true, "Options.Rules": true, "Rules": true, "head": true, "Options": false, "Dialects": false} {
		if announces(said, name) != want {
			t.Errorf("%s: %v", name, !want)
		}
	}
}

// exported lists what a package exports, without documentation and bodies.
func exported(t *testing.T, pkg string) (out []string) {
	t.Helper()
	dir := filepath.Join("..", filepath.FromSlash(pkg))
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil // a package that is planned
	}
	set := token.NewFileSet()
	name := "" // the root has no folder
	for _, e := range entries {
		if !goSource(e) {
			continue
		}
		f, err := parser.ParseFile(set, filepath.Join(dir, e.Name()), nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		if f.Name.Name == "main" {
			continue // a generator
		}
		name = f.Name.Name
		if !ast.FileExports(f) {
			continue
		}
		for _, d := range f.Decls {
			for _, line := range declared(t, set, d) {
				out = append(out, fmt.Sprintf("%s: %s", cmp.Or(pkg, name), line))
			}
		}
	}
	return out
}

// ofExported reports whether a receiver's type is exported.
func ofExported(recv ast.Expr) bool {
	for {
		switch x := recv.(type) {
		case *ast.StarExpr:
			recv = x.X
		case *ast.IndexExpr:
			recv = x.X
		case *ast.IndexListExpr:
			recv = x.X
		case *ast.Ident:
			return x.IsExported()
		default:
			return false
		}
	}
}

func goSource(e fs.DirEntry) bool {
	return !e.IsDir() && strings.HasSuffix(e.Name(), ".go") && !strings.HasSuffix(e.Name(), "_test.go")
}

// declared prints a declaration: of a struct a line for each field, of a list of
// constants one for each.
func declared(t *testing.T, set *token.FileSet, d ast.Decl) (out []string) {
	one := func(n any) string {
		var b bytes.Buffer
		if err := printer.Fprint(&b, set, n); err != nil {
			t.Fatal(err)
		}
		return strings.Join(strings.Fields(b.String()), " ")
	}
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv != nil && !ofExported(d.Recv.List[0].Type) {
			return nil
		}
		d.Body, d.Doc = nil, nil
		out = append(out, one(d))
	case *ast.GenDecl:
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				if st, ok := s.Type.(*ast.StructType); ok {
					out = append(out, "type "+s.Name.Name+" struct")
					for _, f := range st.Fields.List {
						for _, n := range f.Names {
							out = append(out, "field "+s.Name.Name+"."+n.Name+" "+one(f.Type))
						}
						if len(f.Names) == 0 {
							out = append(out, "field "+s.Name.Name+" embeds "+one(f.Type))
						}
					}
					continue
				}
				is := " "
				if s.Assign.IsValid() {
					is = " = "
				}
				out = append(out, "type "+s.Name.Name+is+one(s.Type))
			case *ast.ValueSpec:
				for _, n := range s.Names {
					out = append(out, d.Tok.String()+" "+n.Name)
				}
			}
		}
	}
	return out
}
