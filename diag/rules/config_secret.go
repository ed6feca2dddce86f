package rules

import (
	"fmt"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/isakmp"
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
		if c.V.PSK.Empty {
			w = min(w, stopsForKey(v, end, c.V))
			if w == diag.Background || both && p.c[1-end].V.PSK.Empty {
				continue
			}
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
		if c.V.PSK.Empty {
			f.Summary = fmt.Sprintf("%s has no pre-shared key for its peer: there is nothing in its secrets", name)
		}
		setting, value := keyFor(c.V)
		f.Remedies = []diag.Remedy{{End: f.FixAt, Action: "add a pre-shared key for " + peerText(c.V), Setting: setting, Value: value, Source: e.Source, Line: e.Where.Line}}
		return compared{state: differ, finding: &f}
	}
	return compared{}
}

// stopsForKey weighs that an end's secrets are empty, which somebody may have
// emptied before handing them over: it is nothing where the end tells itself whether
// it found a key, or goes on beyond where it needs one.
func stopsForKey(v *diag.View, end int, c *diag.Connection) diag.Weight {
	a := v.Last()
	switch {
	case v.Told(end, diag.BodyLookup):
		return diag.Background
	case a == nil && v.Told(end, diag.BodyMessage):
		return diag.Background // what it shows is not of this connection
	case a == nil:
		return diag.Hint
	case !mayBePSK(a) || showsCertificate(a):
		return diag.Background
	}
	refused := diag.Any(a, diag.Responder, func(n *diag.Notify) bool { return !n.Phase2 && !n.Protected })
	const initiator, responder, main, aggressive = diag.Initiator, diag.Responder, isakmp.ExchangeMain, isakmp.ExchangeAggressive
	switch {
	case a.EndOf(initiator) == end:
		if wasSent(a, responder, main, 4) && !wasSent(a, initiator, main, 5) || wasSent(a, responder, aggressive, 2) && !wasSent(a, initiator, aggressive, 3) {
			return diag.Strong
		}
	case a.EndOf(responder) != end || !refused:
	case wasSent(a, initiator, main, 3):
		if !wasSent(a, responder, main, 4) {
			return diag.Strong
		}
	case wasSent(a, responder, main, 2) || wasSent(a, responder, aggressive, 2):
	case c.Behaviour.KeyBeforeAnswer || a.Mode() == aggressive:
		return diag.Hint // of many reasons to refuse the first message
	}
	return diag.Background
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
