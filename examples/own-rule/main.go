// Own-rule diagnoses with a rule that is not among ikediag's own: a house's ban
// on releases that nobody mends any more.
//
//	go run ./examples/own-rule FILE...
//
// A rule is a value. It is given the view of one tunnel, asks it for typed facts
// with their evidence, and says what each piece of evidence is worth; the
// verdict is the engine's. Its test is a fixture: testdata/old-release.txtar.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/ingest"
	"github.com/ikediag/ikediag/diag/report"
	"github.com/ikediag/ikediag/diag/rules"
)

// oldRelease finds a gateway whose software gets no corrections any more.
var oldRelease = &diag.Rule{
	Code: "ACME-OLD-RELEASE",
	Doc: diag.Doc{
		Title:    "A gateway runs a release without support",
		Meaning:  "Our policy wants releases that are still corrected: of strongSwan, 5.9 and later.",
		Kind:     diag.Advice,
		Severity: diag.Warning,
		Remedy:   "upgrade it",
	},
	Check: func(v *diag.View, out *diag.Sink) {
		for end := range 2 {
			old := diag.HostFact(v, end, func(s *diag.Software) bool {
				return s.Product == "strongSwan" && s.Before(5, 9)
			})
			if old.OK {
				out.Add(diag.Finding{
					Summary:  v.EndName(end) + " runs strongSwan " + diag.Quote(old.V.Version),
					Evidence: old.As(diag.Proof),
				})
			}
		}
	},
}

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: own-rule FILE...")
		os.Exit(2)
	}
	o := ingest.Options{Rules: append(rules.Default(), oldRelease)}
	r, err := ingest.Files(context.Background(), o, os.Args[1:]...)
	if err != nil {
		fmt.Fprintln(os.Stderr, "own-rule:", diag.Clean(err.Error(), 400))
	}
	if err := report.Write(os.Stdout, r, report.Options{}); err != nil {
		fmt.Fprintln(os.Stderr, "own-rule:", err)
		os.Exit(2)
	}
}
