package report

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"runtime/debug"
	"sync"

	"github.com/ikediag/ikediag/diag"
)

const modulePath = "github.com/ikediag/ikediag"

var (
	generatorOnce sync.Once
	moduleVersion string
	catalogueSum  string
)

// generator says what made a document: the module's version as the program
// has it, and a digest of the catalogue of codes, which changes whenever a
// code is added.
func generator(o *Options) jsonGenerator {
	generatorOnce.Do(func() {
		moduleVersion = "devel"
		if b, ok := debug.ReadBuildInfo(); ok {
			for _, m := range append(b.Deps, &b.Main) {
				if m.Path == modulePath && m.Version != "" && m.Version != "(devel)" {
					moduleVersion = m.Version
				}
			}
		}
		h := sha256.New()
		for _, e := range diag.Catalogue() {
			fmt.Fprintf(h, "%s\t%s\t%s\t%s\t%s\n", e.Code, e.Kind, e.Phase, e.Severity, e.Parent)
		}
		catalogueSum = hex.EncodeToString(h.Sum(nil)[:6])
	})
	version := o.Version
	if version == "" {
		version = moduleVersion
	}
	return jsonGenerator{Name: "ikediag", Version: name(version), Catalogue: catalogueSum}
}
