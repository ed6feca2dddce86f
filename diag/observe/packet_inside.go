package observe

import (
	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/ike/exchange"
	"github.com/ikediag/ikediag/ike/keys"
	"github.com/ikediag/ikediag/isakmp"
)

// opened notes what the keys made of the datagram's message.
func (p *Packets) opened() {
	p.result = keys.Result{}
	if p.open != nil {
		p.result = p.open.o.Take()
	}
}

// basis tells what a message's facts rest on: what was decrypted, and whose
// HASH verifies, was written by somebody who has the keys.
func (p *Packets) basis() diag.Basis {
	if p.result.Outcome == keys.Opened && p.result.Hash == keys.CheckVerified {
		return diag.Authenticated
	}
	return diag.Unauthenticated
}

// inside observes what only shows in a message that was decrypted.
func (p *Packets) inside(s *exchange.Step, from diag.Party) {
	if s.Plain == nil {
		return
	}
	for i := range s.Deletes {
		p.body.progress = diag.Progress{By: from, Step: diag.ChildDeleteSent}
		if s.Deletes[i].Protocol == isakmp.ProtocolISAKMP {
			p.body.progress.Step = diag.DeleteSent
		}
		p.send(&p.body.progress)
	}
	switch s.Exchange {
	case isakmp.ExchangeMain:
		if len(s.IDs) == 1 {
			p.body.identity = diag.Identity{Of: from, Role: diag.Declared, ID: ike.IdentityFromWire(s.IDs[0].Type, s.IDs[0].Data)}
			p.send(&p.body.identity)
		}
	case isakmp.ExchangeQuick:
		p.selectors(s, from)
	case isakmp.ExchangeTransaction:
		p.xauthStatus(s, from)
	}
}

// aboutPhase2 reports whether a notification is about a quick mode: it comes in
// one, names what one negotiates, or is a refusal that was encrypted while one
// was under way.
func (p *Packets) aboutPhase2(s *exchange.Step, n *exchange.Notification) bool {
	switch {
	case s.Exchange == isakmp.ExchangeQuick, n.Protocol == isakmp.ProtocolESP, n.Protocol == isakmp.ProtocolAH:
		return true
	case s.Plain == nil || p.follow == nil || !n.Type.IsError():
		return false
	}
	a, ok := p.follow.Attempt(s.Attempt)
	return ok && a.QuickModes > a.QuickDone
}

// selectors observes the pair of identification payloads of a quick mode: of
// its starter first in either direction (RFC 2409, section 5.5).
func (p *Packets) selectors(s *exchange.Step, from diag.Party) {
	if len(s.IDs) != 2 || s.Number != 1 && s.Number != 2 {
		return
	}
	var pair [2]ike.Selector
	for i := range pair {
		id := &s.IDs[i]
		sel, ok := ike.SelectorFromWire(id.Type, id.Data)
		if !ok {
			return
		}
		sel.Protocol, sel.PortFrom, sel.PortTo = id.Protocol, id.Port, id.Port
		pair[i] = sel
	}
	p.body.traffic = diag.Traffic{By: from, Role: diag.Offered, Local: append(p.local[:0], pair[0]), Remote: append(p.remote[:0], pair[1])}
	if s.Number == 2 {
		p.body.traffic = diag.Traffic{By: from, Role: diag.Chosen, Local: append(p.local[:0], pair[1]), Remote: append(p.remote[:0], pair[0])}
	}
	p.local, p.remote = p.body.traffic.Local, p.body.traffic.Remote
	p.send(&p.body.traffic)
}

// xauthStatus observes how a server judged a user's name and password. Nothing
// else of such a message leaves this function.
func (p *Packets) xauthStatus(s *exchange.Step, from diag.Party) {
	for i := range s.Plain.Payloads {
		l := &s.Plain.Payloads[i]
		var c isakmp.Config
		if l.Type != isakmp.PayloadAttribute || c.Decode(l.Body) != nil || c.Type != isakmp.ConfigSet {
			continue
		}
		a, ok := c.Attributes.Find(uint16(isakmp.ConfigXAuthStatus))
		if v, number := a.Uint(); ok && number {
			p.body.check = diag.Check{By: from, What: diag.CheckXAuth, Exchange: isakmp.ExchangeTransaction, OK: v == 1}
			p.send(&p.body.check)
			if v == 1 {
				p.body.progress = diag.Progress{By: from, Step: diag.Phase1Up}
				p.send(&p.body.progress)
			}
		}
	}
}

// authenticating returns the payload by which the sender of a message of phase 1
// authenticates itself, and whether a certificate comes with it, as far as the
// message can be read.
func authenticating(s *exchange.Step) (proof isakmp.PayloadType, certificate bool) {
	m := s.Message
	if s.Encrypted {
		m = s.Plain
	}
	if m == nil || s.Exchange != isakmp.ExchangeMain && s.Exchange != isakmp.ExchangeAggressive {
		return isakmp.PayloadNone, false
	}
	for i := range m.Payloads {
		switch t := m.Payloads[i].Type; t {
		case isakmp.PayloadHash, isakmp.PayloadSignature:
			proof = t
		case isakmp.PayloadCert:
			certificate = true
		}
	}
	return proof, certificate && proof != isakmp.PayloadNone
}
