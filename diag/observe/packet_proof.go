package observe

import (
	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike/exchange"
	"github.com/ikediag/ikediag/ike/keys"
	"github.com/ikediag/ikediag/isakmp"
)

// Bounds of what is proven in one capture: each proof costs two HMACs, or in
// main mode a key schedule, for each key that was given.
const (
	maxProven    = 1 << 12 // attempts
	maxDifferent = 8       // keys that a side did not use
)

// proofs observes which of the given pre-shared keys the sides of a
// negotiation used, as soon as its messages tell.
func (p *Packets) proofs(s *exchange.Step) {
	if p.open == nil || !s.First() || s.Attempt == 0 || s.Roles == exchange.RoleUnknown {
		return
	}
	switch {
	case s.Exchange == isakmp.ExchangeAggressive && s.Number >= 2:
	case s.Encrypted && (s.Exchange == isakmp.ExchangeMain || s.Exchange == isakmp.ExchangeInformational):
	default:
		return
	}
	settled, known := p.open.proven[s.Attempt]
	if settled == 3 || !known && len(p.open.proven) >= maxProven {
		return
	}
	for side, proof := range p.open.prove(s.Cookies, settled, p.Digest) {
		if len(proof) == 0 {
			continue
		}
		settled |= 1 << side
		for i := range proof {
			p.body.keyProof = proof[i]
			p.o.Basis = diag.Unauthenticated
			if proof[i].Used {
				p.o.Basis = diag.Authenticated // nobody else could have made the message
			}
			p.send(&p.body.keyProof)
		}
	}
	p.open.proven[s.Attempt] = settled
}

// prove tells of each side that is not settled which of the given keys it
// used, or which it did not.
func (o *opener) prove(cookies [2]isakmp.Cookie, settled uint8, digest []byte) (found [2][]diag.KeyProof) {
	o.keys.mu.Lock()
	defer o.keys.mu.Unlock()
	for _, psk := range o.keys.psks {
		for side, proof := range o.o.Prove(cookies[0], cookies[1], psk) {
			list := found[side]
			if settled&(1<<side) != 0 || len(list) == 1 && list[0].Used {
				continue
			}
			k := diag.KeyProof{Of: [...]diag.Party{diag.OfInitiator, diag.OfResponder}[side], Used: proof.Verdict == keys.Equal}
			switch {
			case proof.Verdict == keys.NotCheckable:
				continue
			case k.Used:
				list = list[:0]
			case len(list) >= maxDifferent:
				continue
			}
			k.Digest = psk.Digest(digest)
			found[side] = append(list, k)
		}
	}
	return found
}
