package exchange

import "github.com/ikediag/ikediag/isakmp"

// stamp records when an attempt was last heard of.
func (a *slot) stamp(d *Datagram) { a.end = stampOf(d) }

// count keeps what Attempt tells of a message.
func (a *slot) count(s *Step, host uint8, at stamp) {
	a.end = at
	if s.Copy {
		return
	}
	a.messages[host]++
	a.heard = host
	l := &a.last[host]
	if s.Retransmission > 0 && l.hash == s.Digest {
		l.last, l.repeats = at, s.Retransmission
		return
	}
	*l = lastSent{
		exchange: s.Exchange, encrypted: s.Encrypted, number: uint8(s.Number), id: s.MessageID, length: s.Length,
		hash: s.Digest, first: at, last: at, repeats: s.Retransmission,
	}
}

// proven reports whether both hosts have sent encrypted messages of one kind:
// a flood with forged source addresses cannot make them do so.
func (a *slot) proven(s *Step, host uint8) bool {
	if !s.Encrypted {
		return false
	}
	set := &a.encMain
	if s.Exchange == isakmp.ExchangeInformational || s.Exchange == isakmp.ExchangeInformational2 {
		set = &a.encInfo
	}
	*set |= 1 << host
	return *set == 3
}
