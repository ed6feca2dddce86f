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
)

var updateAPI = flag.Bool("update-api", false, "write testdata/api.txt anew")

// What the packages export stands in testdata/api.txt, a line each: a change of it is
// seen in review, and what is taken away or changed goes into the CHANGELOG.
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
	got := strings.Join(all, "\n") + "\n"
	want, err := os.ReadFile(golden)
	if *updateAPI {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	if got == string(want) {
		return
	}
	had := map[string]bool{}
	for line := range strings.Lines(string(want)) {
		had[strings.TrimSpace(line)] = true
	}
	for _, line := range all {
		if !had[line] {
			t.Errorf("new: %s", line)
		}
		delete(had, line)
	}
	for line := range had {
		t.Errorf("gone or changed, which the CHANGELOG has to say: %s", line)
	}
	t.Error("go test ./diag -run TestAPI -update-api writes testdata/api.txt anew")
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
			return nil
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
				out = append(out, "type "+s.Name.Name+" "+one(s.Type))
			case *ast.ValueSpec:
				for _, n := range s.Names {
					out = append(out, d.Tok.String()+" "+n.Name)
				}
			}
		}
	}
	return out
}
