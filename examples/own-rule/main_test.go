package main

import (
	"testing"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/diagtest"
)

// The fixtures say on their lines where the rule has to find what.
func TestOldRelease(t *testing.T) {
	diagtest.Run(t, "testdata/*.txtar", []*diag.Rule{oldRelease})
}
