package observe

import (
	"testing"

	"github.com/ikediag/ikediag/logparse"
)

// Whatever says something of a certificate is of a Kind that may.
func TestCredentialKinds(t *testing.T) {
	said := 0
	for k := range logparse.Kind(2000) {
		var l Log
		if l.certificate(&logparse.Event{Kind: k, Session: &logparse.Session{}}) == nil {
			continue
		}
		if said++; !k.Credential() {
			t.Errorf("%s is not looked at", k)
		}
	}
	if said < 10 {
		t.Errorf("%d kinds say something", said)
	}
}
