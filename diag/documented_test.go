package diag_test

import (
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestDocumented: every exported name has a comment: packages, types, functions,
// methods, fields of exported structs, methods of exported interfaces, constants
// and variables. A group that no blank line interrupts may share the comment
// above it. A field that is called what its documented type is called needs none,
// nor do those of a struct of one line, which the type's comment is about.
func TestDocumented(t *testing.T) {
	for pkg := range layers {
		dir := filepath.Join("..", filepath.FromSlash(pkg))
		entries, err := os.ReadDir(dir)
		if err != nil {
			continue // a package that is planned
		}
		set := token.NewFileSet()
		d := documented{t: t, set: set}
		seen, said := false, false
		for _, e := range entries {
			if !goSource(e) {
				continue
			}
			f, err := parser.ParseFile(set, filepath.Join(dir, e.Name()), nil, parser.ParseComments|parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			if f.Name.Name == "main" {
				continue
			}
			seen, said = true, said || f.Doc != nil
			for _, decl := range f.Decls {
				d.decl(decl)
			}
		}
		if seen && !said {
			t.Errorf("package %s has no documentation", pkg)
		}
	}
}

type documented struct {
	t   *testing.T
	set *token.FileSet
}

func (d *documented) want(ok bool, at ast.Node, name string) {
	if !ok {
		d.t.Errorf("%s: %s has no comment", d.set.Position(at.Pos()), name)
	}
}

func (d *documented) decl(decl ast.Decl) {
	switch x := decl.(type) {
	case *ast.FuncDecl:
		if x.Name.IsExported() && (x.Recv == nil || ofExported(x.Recv.List[0].Type)) {
			d.want(x.Doc != nil, x, x.Name.Name)
		}
	case *ast.GenDecl:
		var shared bool // the comment before stands for what follows directly
		last := 0
		for i, s := range x.Specs {
			at := d.set.Position(s.Pos()).Line
			shared = shared && at == last+1
			switch s := s.(type) {
			case *ast.TypeSpec:
				if s.Name.IsExported() {
					d.want(s.Doc != nil || x.Doc != nil && len(x.Specs) == 1, s, s.Name.Name)
					d.members(s.Name.Name, s.Type)
				}
			case *ast.ValueSpec:
				own := s.Doc != nil || s.Comment != nil || i == 0 && x.Doc != nil
				shared = shared || own
				for _, n := range s.Names {
					if n.IsExported() {
						d.want(own || shared, s, n.Name)
					}
				}
			}
			last = d.set.Position(s.End()).Line
		}
	}
}

// members are the fields of a struct, or the methods of an interface.
func (d *documented) members(of string, x ast.Expr) {
	var list []*ast.Field
	switch x := x.(type) {
	case *ast.StructType:
		list = x.Fields.List
	case *ast.InterfaceType:
		list = x.Methods.List
	}
	if d.set.Position(x.Pos()).Line == d.set.Position(x.End()).Line {
		return
	}
	shared, last := false, 0
	for _, f := range list {
		at := d.set.Position(f.Pos()).Line
		own := f.Doc != nil || f.Comment != nil
		shared = own || shared && at == last+1
		for _, n := range f.Names {
			if n.IsExported() {
				d.want(shared || called(f.Type, n.Name), f, of+"."+n.Name)
				if st, ok := f.Type.(*ast.StructType); ok {
					d.members(of+"."+n.Name, st)
				}
			}
		}
		last = d.set.Position(f.End()).Line
	}
}

// called reports whether a type is called so.
func called(x ast.Expr, name string) bool {
	switch x := x.(type) {
	case *ast.StarExpr:
		return called(x.X, name)
	case *ast.ArrayType:
		return called(x.Elt, strings.TrimSuffix(name, "s"))
	case *ast.SelectorExpr:
		return x.Sel.Name == name
	case *ast.Ident:
		return x.Name == name
	}
	return false
}

// TestExamples: every package shows how it is used, by examples whose output is
// compared.
func TestExamples(t *testing.T) {
	for pkg := range layers {
		dir := filepath.Join("..", filepath.FromSlash(pkg))
		files, _ := filepath.Glob(filepath.Join(dir, "*.go"))
		if pkg == "" || strings.HasPrefix(pkg, "diag/diagtest/") || len(files) == 0 {
			continue
		}
		n := 0
		for _, name := range files {
			if !strings.HasSuffix(name, "_test.go") {
				continue
			}
			f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range doc.Examples(f) {
				if e.Output == "" && !e.EmptyOutput {
					t.Errorf("%s: Example%s has no output to compare", name, e.Name)
				}
				n++
			}
		}
		if n == 0 {
			t.Errorf("package %s has no example", pkg)
		}
	}
}
