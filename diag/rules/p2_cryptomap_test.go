package rules_test

import (
	"testing"
	"time"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/rules"
)

// A policy that no interface applies, as a reader tells of it.
func TestCryptoMapNotApplied(t *testing.T) {
	for _, x := range []struct {
		faults []diag.Fault
		want   diag.Verdict
	}{
		{[]diag.Fault{{Kind: diag.FaultUnbound, Effect: diag.FaultFails, Place: diag.Place{Line: 7, Setting: "crypto map VPN 10"}}}, diag.Confirmed},
		{[]diag.Fault{{Kind: diag.FaultUnbound, Effect: diag.FaultNoEffect, Place: diag.Place{Line: 7, Setting: "crypto map VPN 10"}}}, diag.Likely},
		{nil, 0},
	} {
		e, err := diag.NewEngine([]*diag.Rule{rules.CryptoMapNotApplied}, diag.Options{})
		if err != nil {
			t.Fatal(err)
		}
		id := e.AddSource(diag.Source{Name: "router.cfg", Kind: diag.KindConfig})
		e.Observe(&diag.Observation{Source: id, Basis: diag.Logged, Keys: diag.Keys{Handle: 1, Connection: []byte("VPN 10")}, Body: &diag.Connection{Faults: x.faults}})
		for range e.Advance(time.Time{}) {
		}
		c, ok := e.Report().Cause()
		if ok != (x.want != 0) || ok && (c.Verdict != x.want || c.Evidence[0].Where.Line != 7) {
			t.Errorf("%v: %v %+v", x.faults, ok, c)
		}
	}
}
