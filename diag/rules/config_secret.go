package rules

import (
	"fmt"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike"
)

// compareMissing finds an end that wants a pre-shared key and whose secrets,
// which were given, have none for its peer. One configuration suffices.
func compareMissing(v *diag.View) compared {
	if c := compareAuth(v); c.state == differ && weightOf(c) == diag.Proof {
		return compared{state: excluded} // an end that signs needs no key
	}
	p, both := confPairOf(v)
	for end := range p.c {
		c := v.Connection(end)
		if !c.OK || c.V.PSK.State != diag.PSKMissing {
			continue
		}
		if both && c.V.Behaviour.KeyByAddress && callsOther(c.V, p.c[1-end].V) {
			continue // it looks for a key by an address that is wrong
		}
		w := diag.Proof
		if !c.V.Alone() {
			w = diag.Strong
		}
		field := "LocalAuth"
		if c.V.LocalAuth != ike.AuthPSK {
			field = "RemoteAuth"
		}
		e := v.PlaceEvidence(c, field).As(w)
		f := diag.Finding{FixAt: diag.EndEither, Evidence: []diag.Evidence{e}}
		name := v.EndName(end)
		if name == "" {
			name = "one end"
		}
		if both {
			f.FixAt = p.role(end)
		}
		f.Summary = fmt.Sprintf("%s has no pre-shared key for its peer: none of its secrets is for %s", name, peerText(c.V))
		setting, value := keyFor(c.V)
		f.Remedies = []diag.Remedy{{End: f.FixAt, Action: "add a pre-shared key for " + peerText(c.V), Setting: setting, Value: value, Source: e.Source, Line: e.Where.Line}}
		return compared{state: differ, finding: f}
	}
	return compared{}
}

// peerText is whom a connection looks a key up for.
func peerText(c *diag.Connection) string {
	switch {
	case !c.RemoteID.Any && !c.RemoteID.IsZero():
		return diag.Quote(c.RemoteID.String())
	case len(c.RemoteAddresses) > 0:
		return c.RemoteAddresses[0].String()
	}
	return "any peer"
}
