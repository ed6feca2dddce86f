package exchange

import "github.com/ikediag/ikediag/isakmp"

// mainOrAggressive numbers a message of phase 1. The number follows from the
// sender's role and from what the message holds (RFC 2409, section 5), so that
// nothing that was lost or came twice shifts it.
func (a *slot) mainOrAggressive(s *Step, host uint8, at int64) int {
	m := s.Message
	a.mode = m.Exchange
	what := contentsOf(s)
	a.roleOf(s, host, what)
	n, r, again, isCopy := a.phase1.note(a.phase1Ring[:], s.Digest, host, at, func() uint8 { return a.phase1Number(s, host, what) })
	s.Retransmission, s.Again, s.Copy = r, again, isCopy
	if a.roles != RoleUnknown {
		s.Starter = Initiator
	}
	if n == 0 {
		// It came before the roles were known.
		n = a.phase1Number(s, host, what)
	}
	a.latest = 1
	if side := a.side(host); side != SideUnknown {
		a.reached[side-1] = max(a.reached[side-1], n)
	}
	return int(n)
}

// phase1Contents is what tells the messages of phase 1 apart.
type phase1Contents struct {
	opening bool // no responder cookie yet
	sa      bool
	keys    bool // key exchange or nonce
	proof   bool // identity, hash or signature in the clear
}

func contentsOf(s *Step) (c phase1Contents) {
	m := s.Message
	c.opening = m.ResponderCookie.IsZero()
	if s.Encrypted {
		return c
	}
	for i := range m.Payloads {
		switch m.Payloads[i].Type {
		case isakmp.PayloadSA:
			c.sa = true
		case isakmp.PayloadKE, isakmp.PayloadNonce:
			c.keys = true
		case isakmp.PayloadID, isakmp.PayloadHash, isakmp.PayloadSignature:
			c.proof = true
		}
	}
	// A recording that holds little of it at least has the first type.
	c.sa = c.sa || m.NextPayload == isakmp.PayloadSA
	c.keys = c.keys || m.NextPayload == isakmp.PayloadKE || m.NextPayload == isakmp.PayloadNonce
	return c
}

// roleOf learns who the initiator is from a message of phase 1.
func (a *slot) roleOf(s *Step, host uint8, c phase1Contents) {
	bit, other := uint8(1)<<host, host^1
	switch {
	case c.opening:
		a.learn(host, RoleSeen)
		return
	case c.sa:
		// An answer to the proposals: only it has both cookies.
		a.learn(other, RoleSeen)
		return
	case s.Exchange != isakmp.ExchangeMain:
		// Of the exchanges of three messages only the second has an SA
		// payload beside both cookies; of base mode's last two nothing tells.
		if s.Exchange != isakmp.ExchangeBase {
			a.learn(host, RoleSeen)
		}
		return
	}
	if s.Encrypted {
		switch {
		case a.sealed&(1<<other) != 0 && a.sealed&bit == 0:
			a.learn(other, RoleInferred)
		case a.keyed != 0:
			// Messages 3 or 4 were seen, so this is the fifth.
			a.learn(host, RoleInferred)
		}
		a.sealed |= bit
		return
	}
	if a.keyed&(1<<other) != 0 && a.keyed&bit == 0 {
		a.learn(other, RoleInferred)
	}
	a.keyed |= bit
}

// phase1Number returns the number that a message has by what it is.
func (a *slot) phase1Number(s *Step, host uint8, c phase1Contents) uint8 {
	side := a.side(host)
	if side == SideUnknown {
		return 0
	}
	n := uint8(side) // 1 or 2: the first message of each
	switch s.Exchange {
	case isakmp.ExchangeMain:
		switch {
		case c.opening || c.sa:
			return n
		case s.Encrypted || c.proof && !c.keys:
			return n + 4
		}
		return n + 2
	case isakmp.ExchangeBase:
		if c.opening || c.sa {
			return n
		}
		return n + 2
	}
	if side == Initiator && !c.opening {
		return 3
	}
	return n
}

// later numbers a message of phase 2, of phase 1.5 or an informational one.
func (a *slot) later(s *Step, host uint8, at int64) int {
	m := s.Message
	i, isNew := a.exchange(m.Exchange, m.MessageID, none)
	e, ring := &a.ex[i], a.exRing[i][:]
	if isNew {
		e.starter, e.length = host, int(m.Length)
		// The very first message of a recording may be the last of something.
		e.unsure = a.late && a.messages == [2]uint32{}
		if m.Exchange == isakmp.ExchangeQuick {
			a.quick++
		}
	}
	a.latest = int8(i) + 2
	n, r, again, isCopy := e.note(ring, s.Digest, host, at, func() uint8 { return e.number(int(m.Length), host) })
	s.Retransmission, s.Again, s.Copy = r, again, isCopy
	e.hosts |= 1 << host
	if !e.unsure {
		s.Starter = a.side(e.starter)
	}
	switch {
	case m.Exchange == isakmp.ExchangeInformational:
		e.finished = true
	case m.Exchange == isakmp.ExchangeQuick && n == 3 && !e.finished:
		e.finished = true
		a.done++
	}
	return int(n)
}

// smallQuick is the length up to which a quick mode's message must be its
// third: the longest with nothing but a hash, SHA2-384's, has 92 octets. The
// first two hold an SA and a nonce as well and have 108 at least.
const smallQuick = 92

// number returns the number of a new message in an exchange after phase 1.
func (e *exchangeRecord) number(length int, host uint8) uint8 {
	first := e.distinct == 0
	if e.distinct < 255 {
		e.distinct++
	}
	switch e.kind {
	case isakmp.ExchangeQuick:
		return e.quickNumber(first, length, host)
	case isakmp.ExchangeTransaction, isakmp.ExchangeNewGroup:
		if e.unsure {
			return 0
		}
		return e.distinct
	}
	return 0
}

// quickNumber numbers a message of quick mode: RFC 2409, section 5.5.
func (e *exchangeRecord) quickNumber(first bool, length int, host uint8) uint8 {
	small := length <= smallQuick
	switch {
	case first && small:
		e.unsure = false
		return 3
	case first && e.unsure:
		return 0
	case first:
		return 1
	case small && e.hosts == 1<<(host^1):
		// What was taken for the first was the second, since this is the
		// third: the first was not recorded.
		e.unsure = false
		e.starter = host
		return 3
	case host != e.starter:
		e.unsure = false
		return 2
	case length == e.length && e.hosts == 1<<host:
		return 1 // the first once more, encrypted anew
	}
	return 3
}

// version2 numbers an IKEv2 message: 1 a request, 2 a response. The flags tell
// roles (RFC 7296, section 3.1).
func (a *slot) version2(s *Step, host uint8, at int64) int {
	m := s.Message
	initiator := host
	if m.Flags&isakmp.FlagInitiator == 0 {
		initiator = host ^ 1
	}
	a.learn(initiator, RoleSeen)
	n, starter := uint8(1), host
	if m.Flags&isakmp.FlagResponse != 0 {
		n, starter = 2, host^1
	}
	i, isNew := a.exchange(m.Exchange, m.MessageID, int(starter))
	e := &a.ex[i]
	if isNew {
		e.starter = starter
	}
	a.latest = int8(i) + 2
	n, r, again, isCopy := e.note(a.exRing[i][:], s.Digest, host, at, func() uint8 { return n })
	s.Retransmission, s.Again, s.Copy = r, again, isCopy
	s.Starter = a.side(starter)
	e.hosts |= 1 << host
	e.finished = e.hosts == 3
	return int(n)
}
