package rules

import (
	"fmt"
	"slices"

	"github.com/ikediag/ikediag/diag"
)

// pskProof is what the packets of an attempt prove of the keys that the sides
// used, by themselves and beside what the sides are configured with.
type pskProof struct {
	state   pskState // keysUnknown, keysEqual or keysDiffer
	ev      []diag.Evidence
	summary string
}

// provePSK compares the keys that the sides used. What a side used for sure
// was authenticated; that it used another key than a given one rests on its
// message being genuine.
func provePSK(a *diag.Attempt) (p pskProof) {
	if !diag.Any(a, diag.AnySide, func(*diag.KeyProof) bool { return true }) {
		return p
	}
	i, r := usedKey(a, diag.Initiator), usedKey(a, diag.Responder)
	if i.OK && r.OK {
		p.ev = slices.Concat(i.As(diag.Proof), r.As(diag.Proof))
		if p.state = keysEqual; i.V.Digest != r.V.Digest {
			p.state = keysDiffer
			p.summary = "each side used another of the given pre-shared keys"
		}
		return p
	}
	for _, side := range bothSides {
		used, other := i, side.Other()
		if side == diag.Responder {
			used = r
		}
		if !used.OK {
			continue
		}
		if not := otherKey(a, other, used.V.Digest); not.OK {
			return pskProof{keysDiffer, slices.Concat(used.As(diag.Strong), not.As(diag.Proof)),
				fmt.Sprintf("%s used a pre-shared key that %s did not use", a.NameOf(side), a.NameOf(other))}
		}
		if psk, at, ok := configuredKey(a, other); ok {
			if p = (pskProof{state: keysEqual, ev: slices.Concat(used.As(diag.Proof), []diag.Evidence{at.As(diag.Strong)})}); psk.Digest != used.V.Digest {
				p.state = keysDiffer
				p.ev[len(p.ev)-1].Weight = diag.Proof
				p.summary = fmt.Sprintf("%s used another pre-shared key than the one that %s is configured with", a.NameOf(side), a.NameOf(other))
			}
			return p
		}
	}
	for _, side := range bothSides {
		psk, at, ok := configuredKey(a, side.Other())
		if !ok {
			continue
		}
		if not := otherKey(a, side, psk.Digest); not.OK {
			return pskProof{keysDiffer, slices.Concat(not.As(diag.Proof), []diag.Evidence{at.As(diag.Background)}),
				fmt.Sprintf("%s did not use the pre-shared key that %s is configured with", a.NameOf(side), a.NameOf(side.Other()))}
		}
	}
	return p
}

// usedKey finds the key that a side used.
func usedKey(a *diag.Attempt, side diag.Side) diag.Known[*diag.KeyProof] {
	return diag.Fact(a, side, func(k *diag.KeyProof) bool { return k.Used })
}

// otherKey finds that a side did not use a key.
func otherKey(a *diag.Attempt, side diag.Side, digest [32]byte) diag.Known[*diag.KeyProof] {
	return diag.Fact(a, side, func(k *diag.KeyProof) bool { return !k.Used && k.Digest == digest })
}

// configuredKey returns the key that a side would use by its configuration.
func configuredKey(a *diag.Attempt, side diag.Side) (psk *diag.PSK, at diag.Evidence, ok bool) {
	end := a.EndOf(side)
	if end < 0 {
		return nil, at, false
	}
	c := a.View().Connection(end)
	if !c.OK || c.V.PSK.State != diag.PSKKnown || c.V.PSK.Ambiguous {
		return nil, at, false
	}
	return &c.V.PSK, a.View().SecretEvidence(c), true
}

// sameKey rules different keys out where the messages prove that both sides
// used one.
func sameKey(a *diag.Attempt) []diag.RuledOut {
	p := provePSK(a)
	if p.state != keysEqual {
		return nil
	}
	return []diag.RuledOut{{Code: diag.IKEP1PSKMismatch, Reason: "both sides used the same pre-shared key", Evidence: p.ev[0]}}
}
