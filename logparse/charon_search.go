package logparse

import (
	"bytes"
	"net/netip"

	"github.com/ikediag/ikediag/isakmp"
)

// message is what a line says of an ISAKMP message.
type message struct {
	phase1  bool // main or aggressive mode, or IKEv2's first exchange
	aggr    bool
	request bool
	first   bool   // it begins a negotiation
	stage   uint8  // how far into phase 1: 1 proposals, 2 keys, 3 identities, 0 something else
	mid     uint32 // of an exchange whose ID chance made: those of IKEv2 are counters
}

func messageOf(e *Event) (m message) {
	x, _ := e.Exchange()
	switch x {
	case isakmp.ExchangeQuick, isakmp.ExchangeInformational, isakmp.ExchangeTransaction:
		if !e.Prefix.HasSAID { // else nobody looks for the SA by it
			m.request = messageRequest(e)
			m.mid, _ = e.MessageID()
		}
		return m
	}
	m.request = messageRequest(e)
	switch x {
	case isakmp.ExchangeMain:
		m.phase1 = true
	case isakmp.ExchangeAggressive:
		m.phase1, m.aggr = true, true
	case isakmp.ExchangeSAInit:
		m.first = m.request
		m.phase1 = true
		return m
	default:
		return m
	}
	switch w := firstWord(e.Bytes(FieldPayloads)); {
	case len(w) < 2:
	case string(w) == "SA":
		m.stage = 1
		m.first = m.request
	case string(w) == "KE":
		m.stage = 2
	case string(w) == "ID", string(w) == "HASH", string(w) == "CERT", string(w) == "SIG", m.aggr && string(w) == "NAT-D":
		m.stage = 3
	case m.aggr && bytes.HasPrefix(w, []byte("FRAG(1")):
		m.first = m.request
	}
	return m
}

func messageRequest(e *Event) bool { return string(e.Bytes(FieldDirection)) == "request" }

// want says what a session must be like to be the one that a line means.
type want struct {
	role   Role
	mid    uint32
	stage  uint8
	phase1 bool
	resend int
}

// fits scores a session; 0 rules it out.
func (c *charon) fits(i int32, t *thread, w want) int {
	n := &c.slots[i]
	if w.mid != 0 && n.hasMID(w.mid) {
		return 1000
	}
	if n.closed || w.role != RoleNone && n.s.Role != RoleNone && n.s.Role != w.role {
		return 0
	}
	score := 1
	for _, h := range n.pairs {
		if h == t.pair.hash {
			score += 8
			break
		}
	}
	if w.stage > 0 {
		switch {
		case n.s.Established && w.stage < 3:
			return 0
		case n.stage == w.stage, n.stage+1 == w.stage:
			score += 4
		case n.stage > w.stage:
			score--
		}
	}
	if w.resend > 0 {
		if n.retransmits == w.resend-1 || n.retransmits == w.resend {
			score += 2
		}
	}
	return max(score, 1)
}

// search looks for the session of the job's addresses. Among those of the
// very same addresses and ports the newest that fits is meant; one of other
// ports is taken if it is the only one.
func (c *charon) search(o *origin, t *thread, w want) int32 {
	best, score, tied := int32(0), 0, false
	consider := func(i int32) {
		switch s := c.fits(i, t, w); {
		case s == 0:
		case s > score:
			best, score, tied = i, s, false
		case s == score && s < 9:
			tied = true
		}
	}
	if i := c.byPair[t.pair.hash]; i != 0 && c.slots[i].origin == o.id && !w.phase1 && w.mid == 0 {
		consider(i)
	}
	l, lok := parseAddrPort(t.pair.local())
	r, rok := parseAddrPort(t.pair.remote())
	if !lok && !rok {
		if i := c.byPair[t.pair.hash]; i != 0 && best == 0 {
			consider(i)
		}
		return best
	}
	steps := 0
	for i := c.byAddr[addrKey{o.id, l.Addr(), r.Addr()}]; i != 0 && steps < 64; i = c.slots[i].older {
		steps++
		if i != best {
			consider(i)
		}
	}
	if best == 0 {
		// Known so far by one address only, e.g. "initiating ... to R".
		for i := c.byAddr[addrKey{o.id, netip.Addr{}, r.Addr()}]; i != 0 && steps < 64; i = c.slots[i].older {
			steps++
			consider(i)
		}
	}
	if tied {
		return 0
	}
	return best
}
