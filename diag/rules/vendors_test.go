package rules_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// vendorWords occur in the names of implementations and of their formats.
var vendorWords = []string{
	"swan", "cisco", "racoon", "pluto", "charon", "juniper", "screenos", "forti", "mikrotik", "routeros", "vyos",
	"pfsense", "opnsense", "securepoint", "lancom", "sonicwall", "checkpoint", "paloalto", "watchguard", "sophos", "fritz",
}

func vendorWord(s string) bool {
	s = strings.ToLower(s)
	return slices.ContainsFunc(vendorWords, func(w string) bool { return strings.Contains(s, w) })
}

// vendorNames lists where a file asks which implementation or format it is
// about: by the fields that name them, by names of its own, or by a text that
// is a name and no sentence.
func vendorNames(f *ast.File) (found []ast.Node) {
	called := map[ast.Node]bool{}
	for n := range ast.Preorder(f) {
		switch n := n.(type) {
		case *ast.CallExpr:
			called[n.Fun] = true
		case *ast.SelectorExpr:
			switch n.Sel.Name {
			case "Product", "Dialect", "AtLeast":
				found = append(found, n)
			case "Format": // of a time it is a method
				if !called[n] {
					found = append(found, n)
				}
			}
		case *ast.Ident:
			if vendorWord(n.Name) {
				found = append(found, n)
			}
		case *ast.BasicLit:
			if s, err := strconv.Unquote(n.Value); n.Kind == token.STRING && err == nil && len(strings.Fields(s)) <= 2 && vendorWord(s) {
				found = append(found, n)
			}
		}
	}
	return found
}

// Vendors end at the observation: rules ask for traits. Only what is written
// into a file depends on its format, in the files named config_spell and write.
func TestNoVendors(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	spelling := 0
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		set := token.NewFileSet()
		f, err := parser.ParseFile(set, name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		found := vendorNames(f)
		if strings.HasPrefix(name, "config_spell") || strings.HasPrefix(name, "write") {
			spelling += len(found)
			continue
		}
		for _, n := range found {
			t.Errorf("%s: a rule asks for an implementation or a format; give diag.Behaviour or diag.Software a trait", set.Position(n.Pos()))
		}
	}
	if spelling == 0 {
		t.Error("nothing was found where formats are spelled: this test finds nothing")
	}
}

func TestVendorNames(t *testing.T) {
	for src, want := range map[string]int{
		`c.Product == other`:                          1,
		`s.AtLeast(5, 2, 2)`:                          1,
		`c.Format == x`:                               1,
		`strings.EqualFold(x, "LibreSwan")`:           1,
		`x == "Cisco IOS"`:                            1,
		`strongSwan == x`:                             1,
		`spell(ike.DialectCisco)`:                     1,
		`t.Format("2006-01-02")`:                      0,
		`c.Behaviour.OwnModeOnly`:                     0,
		`say("as strongSwan does where none is set")`: 0,
	} {
		f, err := parser.ParseFile(token.NewFileSet(), "", "package p\nvar _ = "+src, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		if got := len(vendorNames(f)); got != want {
			t.Errorf("%s: %d places, want %d", src, got, want)
		}
	}
}
