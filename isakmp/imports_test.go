package isakmp

import (
	"go/parser"
	"go/token"
	"os"
	"strconv"
	"strings"
	"testing"
)

// TestImports: the package stays light, so that who imports it alone compiles
// nothing else of weight.
func TestImports(t *testing.T) {
	allowed := map[string]bool{
		"bytes": true, "encoding/binary": true, "encoding/hex": true, "errors": true, "iter": true, "math": true, "math/bits": true,
		"net/netip": true, "slices": true, "sort": true, "strconv": true, "strings": true, "unicode/utf16": true, "unicode/utf8": true,
	}
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		name := f.Name()
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || strings.HasPrefix(name, "gen") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, imp := range file.Imports {
			if path, _ := strconv.Unquote(imp.Path.Value); !allowed[path] {
				t.Errorf("%s imports %s", name, path)
			}
		}
	}
}
