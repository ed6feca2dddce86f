package main

import (
	"net/netip"

	"github.com/ikediag/ikediag/isakmp"
)

// pieces puts together messages that their senders cut: payload 132. It holds
// at most maxCut messages, and of each what its last round of pieces had.
type pieces map[pieceKey]*cutMessage

const maxCut = 64

// pieceKey is what the pieces of one message share.
type pieceKey struct {
	ends      ends
	initiator isakmp.Cookie
	responder isakmp.Cookie
	id        uint16
}

type cutMessage struct {
	parts [256][]byte
	have  int
	last  uint8 // number of the last piece, 0 while it is missing
}

// add takes a message that is a piece of another and returns that one when it
// is whole.
func (p pieces) add(e ends, m *isakmp.Message) []byte {
	if len(m.Payloads) != 1 || m.Payloads[0].Type != isakmp.PayloadFragment || m.Payloads[0].Missing != 0 {
		return nil
	}
	var f isakmp.Fragment
	if f.Decode(m.Payloads[0].Body) != nil || f.Number == 0 {
		return nil
	}
	key := pieceKey{e, m.InitiatorCookie, m.ResponderCookie, f.ID}
	c := p[key]
	if c == nil {
		if len(p) >= maxCut {
			clear(p) // nobody cuts that many messages at a time
		}
		c = new(cutMessage)
		p[key] = c
	}
	if c.parts[f.Number] == nil {
		c.have++
	}
	c.parts[f.Number] = f.Data
	if f.Last() {
		c.last = f.Number
	}
	if c.last == 0 || c.have < int(c.last) {
		return nil
	}
	var whole []byte
	for _, part := range c.parts[1 : int(c.last)+1] {
		if part == nil {
			return nil
		}
		whole = append(whole, part...)
	}
	delete(p, key)
	return whole
}

// addrs are the ends of a datagram without ports.
func addrs(source, destination netip.AddrPort) ends {
	return ends{source.Addr(), destination.Addr()}
}
