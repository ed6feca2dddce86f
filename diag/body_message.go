package diag

import "github.com/ikediag/ikediag/isakmp"

// Message: an ISAKMP message passed the vantage point.
type Message struct {
	From     Party // its sender; Self: sent, Peer: received
	Exchange isakmp.ExchangeType
	// Number is the message's place in its exchange, from 1 (RFC 2409,
	// section 5: six in main mode, three in aggressive and quick mode); 0
	// where it cannot be told, and for informational exchanges.
	Number uint8
	// Encrypted: the body is not readable from outside.
	Encrypted bool
	// Proof is the payload by which the sender authenticates itself in phase
	// 1, where it can be read: a HASH with a pre-shared key or public-key
	// encryption, a SIG with signatures (RFC 2409, sections 5.1 to 5.4).
	Proof isakmp.PayloadType
	// Certificate: it carries a certificate, where Proof can be read.
	Certificate bool
	// Commit: the Commit Bit of the header is set (RFC 2408, section 3.1).
	Commit bool
	// Opened: the body was encrypted, and keys that were given opened it.
	Opened bool
	// Incomplete: IP fragments of it are missing.
	Incomplete bool
	// NATPort: it used UDP port 4500 (RFC 3947, section 4).
	NATPort bool
	// Retransmission counts the repetitions of the same bytes before this
	// one: 0 for the first.
	Retransmission uint16
	// Fragments is the number of IP fragments it came in, where there were
	// several.
	Fragments uint8
	// Pieces is the number of IKE fragments (the vendors' payload 132) that its
	// sender cut it into, 0 where it did not. It passed with the last of them.
	Pieces uint8
	// Port is the UDP port that it came from, where a capture shows it.
	Port uint16
	// Length is the ISAKMP message's in octets.
	Length uint32
}

// Kind returns BodyMessage.
func (*Message) Kind() BodyKind { return BodyMessage }
func (b *Message) party() Party { return b.From }
func (m *Message) slot() uint64 {
	s := uint64(m.From) | uint64(m.Exchange)<<8 | uint64(m.Number)<<16
	if m.Encrypted {
		s |= 1 << 24
	}
	if m.Retransmission > 0 {
		s |= 1 << 25
	}
	if m.Opened {
		s |= 1 << 26
	}
	if m.Incomplete {
		s |= 1 << 27
	}
	if m.Commit {
		s |= 1 << 28
	}
	return s
}
func (m *Message) clone(dst Body) Body { d := reuse[Message](dst); *d = *m; return d }

// Notify: a notification was sent (RFC 2408, section 3.14).
type Notify struct {
	// From is the sender, Type what is notified.
	From Party
	Type isakmp.NotifyType
	// Protected: it came encrypted, in an exchange with keys, and its
	// receiver could read it. One that is not may be forged.
	Protected bool
	// Phase2: it is about a quick mode.
	Phase2 bool
	// Length is that of the notification payload in octets, 0 where unknown.
	Length uint16
}

// Kind returns BodyNotify.
func (*Notify) Kind() BodyKind { return BodyNotify }
func (b *Notify) party() Party { return b.From }
func (n *Notify) slot() uint64 {
	s := uint64(n.From) | uint64(n.Type)<<8
	if n.Protected {
		s |= 1 << 24
	}
	if n.Phase2 {
		s |= 1 << 25
	}
	return s
}
func (n *Notify) clone(dst Body) Body { d := reuse[Notify](dst); *d = *n; return d }

// GaveUp: a side stopped waiting for an answer.
type GaveUp struct {
	// By is the side that stopped waiting.
	By       Party
	Exchange isakmp.ExchangeType // of the message that was not answered
	Number   uint8               // its number in the exchange, 0 where not told
	Tries    uint16              // how often it had been repeated
}

// Kind returns BodyGaveUp.
func (*GaveUp) Kind() BodyKind { return BodyGaveUp }
func (b *GaveUp) party() Party { return b.By }
func (g *GaveUp) slot() uint64 {
	return uint64(g.By) | uint64(g.Exchange)<<8 | uint64(g.Number)<<16
}
func (g *GaveUp) clone(dst Body) Body { d := reuse[GaveUp](dst); *d = *g; return d }

// Unreachable: a router or host reported that a datagram to the peer could
// not be delivered (RFC 792, RFC 4443), or the own host refused to send it.
type Unreachable struct {
	// To is the side that it did not get to.
	To Party
	// Port: the host is there, nothing listens on the port.
	Port bool
	// Prohibited: a firewall says so.
	Prohibited bool
	// TooBig: it needs fragmenting and may not be; MTU is the next hop's.
	TooBig bool
	MTU    uint16
	// ByPeer: the report came from the address that was dialled.
	ByPeer bool
	// Protocol is that of the datagram: 17 UDP, 50 ESP, 51 AH.
	Protocol uint8
}

// Kind returns BodyUnreachable.
func (*Unreachable) Kind() BodyKind { return BodyUnreachable }
func (b *Unreachable) party() Party { return b.To }
func (u *Unreachable) slot() uint64 {
	s := uint64(u.To) | uint64(u.Protocol)<<8
	for i, b := range []bool{u.Port, u.Prohibited, u.TooBig, u.ByPeer} {
		if b {
			s |= 1 << (16 + i)
		}
	}
	return s
}
func (u *Unreachable) clone(dst Body) Body { d := reuse[Unreachable](dst); *d = *u; return d }
