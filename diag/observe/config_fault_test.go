package observe

import (
	"testing"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike/config"
)

// What Lint finds and what rules see go by the same names.
func TestFaultKinds(t *testing.T) {
	n := 0
	for k := range 64 {
		i, f := config.IssueKind(k), diag.FaultKind(k)
		known := f.String() != "unknown" && f.String() != ""
		if known != (i >= config.IssueReference && i <= config.IssueRevocationUnchecked && !isNumber(i.String())) || known && f.String() != i.String() {
			t.Errorf("%d: %s, %s", k, i, f)
		}
		if known {
			n++
		}
	}
	if n < 25 {
		t.Errorf("%d kinds", n)
	}
	if uint8(config.Unwise) != uint8(diag.FaultUnwise) || uint8(config.NoEffect) != uint8(diag.FaultNoEffect) || uint8(config.Fails) != uint8(diag.FaultFails) {
		t.Error("effects differ")
	}
}

func isNumber(s string) bool { return s[len(s)-1] == ')' }
