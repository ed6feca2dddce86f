package keys

import (
	"fmt"

	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/isakmp"
)

// Prove tells of both sides of a negotiation whether they used psk: with the
// HASHes that were sent in the clear, else, if the Ring has a Diffie-Hellman
// secret that is known to belong to it, with the first encrypted message of
// each, or with the notification that a side sends when phase 1 fails.
func (o *Opener) Prove(initiator, responder isakmp.Cookie, psk ike.Secret) [2]Proof {
	a := o.attempts[attemptKey{initiator, responder}]
	if a == nil {
		missing := Proof{Err: fmt.Errorf("%w: the negotiation", ErrIncomplete)}
		return [2]Proof{missing, missing}
	}
	var p [2]Proof
	for side := range p {
		p[side] = a.ProvePSK(psk, Side(side))
		if k := &a.kept[side]; p[side].Verdict == NotCheckable && k.raw != nil {
			if dh, ok := a.secret(o.ring.state()); ok {
				p[side] = a.proveKept(psk, dh, Side(side))
			}
		}
	}
	return p
}

// proveKept tries the vectors that a side's first encrypted message may have.
func (a *attempt) proveKept(psk, dh ike.Secret, side Side) Proof {
	best := Proof{Err: ErrIV}
	size := a.Suite.blockSize()
	for i := range a.kept[side].vectors {
		p := a.ProveMain(psk, dh, side, a.kept[side].raw, a.kept[side].vectors[i].b[:size])
		if p.Verdict == Equal {
			return p
		}
		// A vector that is not the right one leaves sense behind it, or the
		// key is wrong with all of them.
		if i == 0 || p.Verdict == NotCheckable {
			best = p
		}
	}
	return best
}

// Phase1 returns a copy of what was seen of a negotiation in the clear, false
// if it is not, or no longer, known.
func (o *Opener) Phase1(initiator, responder isakmp.Cookie) (*Phase1, bool) {
	a := o.attempts[attemptKey{initiator, responder}]
	if a == nil {
		return nil, false
	}
	return a.Clone(), true
}

// secret returns the Diffie-Hellman secret that is known to be the attempt's.
func (a *attempt) secret(r *ringState) (ike.Secret, bool) {
	initial, err := a.Suite.InitialIV(a.KE[0], a.KE[1])
	if err != nil {
		return ike.Secret{}, false
	}
	for _, s := range r.sets {
		if (s.dh.Len() == 0 && s.private.Len() == 0) || s.belongs(a, initial) != tied {
			continue
		}
		if s.private.Len() == 0 {
			return s.dh, true
		}
		if dh := a.shared(s); dh.Len() != 0 {
			return dh, true
		}
	}
	return ike.Secret{}, false
}
