package observe

import (
	"net/netip"

	"github.com/ikediag/ikediag/diag/capture"
	"github.com/ikediag/ikediag/ike/exchange"
	"github.com/ikediag/ikediag/isakmp"
)

// beside looks at what is neither IKE nor IPsec by its bytes.
func (p *Packets) beside(c *capture.Reader, d *exchange.Datagram) {
	if d.Protocol == exchange.ProtocolUDP && len(d.Payload) == 0 {
		if said := c.Said(); said.ISAKMP || d.WireLen > 0 && (d.Source.Port() == ikePort || d.Destination.Port() == ikePort) {
			p.opaque.message(p, d, &said)
			return
		}
	}
	if said := c.Said(); said.ICMPKnown {
		p.reported(d, &said)
	}
	p.services.datagram(d)
	p.flows.plain.packet(d)
	p.undelivered.datagram(d)
}

// reported observes an error of which a text names what it is about.
func (p *Packets) reported(d *exchange.Datagram, said *capture.Said) {
	reason, ok := exchange.ReasonOf(d.Protocol, said.ICMPType, said.ICMPCode)
	if !ok || !said.Quoted.IsValid() {
		return
	}
	r := exchange.Report{Reason: reason, Type: said.ICMPType, Code: said.ICMPCode, MTU: said.MTU, Router: d.Source.Addr(), Source: d.Destination, Destination: said.Quoted}
	_, known := p.flows.of(r.Source.Addr(), r.Destination.Addr())
	switch {
	case r.Destination.Port() == ikePort || r.Destination.Port() == natPort:
		r.Protocol = exchange.ProtocolUDP
	case r.Destination.Port() != 0 || !known:
		return // about something else
	}
	p.unreachable(d, &exchange.Step{Class: exchange.Unreachable, Report: r, Length: d.WireLen})
}

// said adds what a text tells of a message beside what stands for its bytes.
func (p *Packets) said(c *capture.Reader, s *exchange.Step) {
	if w := c.Said(); w.NotifyKnown && w.Rebuilt && len(s.Notifies) == 0 {
		s.Notifies = append(s.Notifies, notifyOf(&w))
	}
}

func notifyOf(w *capture.Said) (n exchange.Notification) {
	n.Type = w.Notify
	return n
}

// ikePort is that of RFC 2408, section 2.5.1.
const ikePort = 500

// nonESP is the length of the marker before a message on port 4500 (RFC 3948,
// section 2.2).
const nonESP = 4

// opaque follows messages of which a text tells little more than that they
// passed: tcpdump's without -v, and those of its first releases, which knew no
// ISAKMP. A negotiation is then a pair of hosts.
type opaque struct {
	talks map[[2]netip.Addr]*talk
	step  exchange.Step
	// notify is the room for what a step says.
	notify [1]exchange.Notification
}

// maxTalks bounds the pairs that are followed.
const maxTalks = 1 << 12

// talk is what passed between two hosts.
type talk struct {
	hosts  [2]netip.AddrPort // the first is the initiator
	began  int               // negotiations
	last   opaqueMessage
	of     [2]opaqueMessage // of each host
	repeat [2]int
	// informed counts the repetitions of the latest informational one.
	informed int
	phase1   int // the highest number of phase 1 in this negotiation
	quick    int // the latest number of a quick mode
	asks     int // the host that began it
}

// opaqueMessage is what tells one message from the next.
type opaqueMessage struct {
	from      int
	exchange  isakmp.ExchangeType
	encrypted bool
	length    int
}

// message observes one message.
func (u *opaque) message(p *Packets, d *exchange.Datagram, said *capture.Said) {
	t, from := u.talk(d, said)
	if t == nil {
		return
	}
	m := opaqueMessage{from, said.Exchange, said.Encrypted, d.WireLen}
	repeat := t.again(m)
	s := &u.step
	*s = exchange.Step{
		Class: exchange.Message, Roles: exchange.RoleInferred, From: [...]exchange.Side{exchange.Initiator, exchange.Responder}[from],
		Exchange: said.Exchange, Encrypted: said.Encrypted, Length: d.WireLen, Retransmission: repeat,
		Port4500: d.Source.Port() == 4500 || d.Destination.Port() == 4500,
	}
	if said.NotifyKnown {
		u.notify[0] = notifyOf(said)
		s.Notifies = u.notify[:]
	}
	if v := said.Exchange; v == isakmp.ExchangeSAInit || v == isakmp.ExchangeAuth || v == isakmp.ExchangeCreateChild || v == isakmp.ExchangeInformational2 {
		s.Class = exchange.MessageV2
	}
	if s.Port4500 {
		s.Length = max(s.Length-nonESP, 0)
	}
	t.place(s, from)
	t.hosts[from] = d.Source
	s.Initiator, s.Responder = t.hosts[0], t.hosts[1]
	s.Attempt = handleOf(t.hosts[0].Addr().String()+" "+t.hosts[1].Addr().String(), t.began)
	p.message(d, s)
}

// again counts how often a message came before. Of messages whose length is
// known that of the other host, or one that only informs, may have come between.
func (t *talk) again(m opaqueMessage) (n int) {
	inform := m.exchange == isakmp.ExchangeInformational
	count := &t.repeat[m.from]
	if inform {
		count = &t.informed
	}
	if t.last == m || !inform && m.length > 0 && t.of[m.from] == m {
		*count++
	} else {
		*count = 0
	}
	t.last = m
	if !inform {
		t.of[m.from] = m
	}
	return *count
}

// talk finds or makes the talk of a datagram, and which of its hosts sent it.
func (u *opaque) talk(d *exchange.Datagram, said *capture.Said) (t *talk, from int) {
	a, b := d.Source, d.Destination
	key := [2]netip.Addr{a.Addr(), b.Addr()}
	if b.Addr().Less(a.Addr()) {
		key[0], key[1] = key[1], key[0]
	}
	t = u.talks[key]
	if t == nil {
		if len(u.talks) >= maxTalks {
			return nil, 0
		}
		if u.talks == nil {
			u.talks = map[[2]netip.Addr]*talk{}
		}
		t = &talk{hosts: [2]netip.AddrPort{a, b}}
		if said.Sender == capture.RoleResponder {
			t.hosts = [2]netip.AddrPort{b, a}
		}
		u.talks[key] = t
	}
	if a.Addr() != t.hosts[0].Addr() || a.Addr() == b.Addr() && a != t.hosts[0] {
		from = 1
	}
	return t, from
}

// place finds a message's number in its exchange, as far as its kind, its
// sender and what came before tell (RFC 2409, section 5).
func (t *talk) place(s *exchange.Step, from int) {
	again := s.Retransmission > 0
	switch s.Exchange {
	case isakmp.ExchangeMain, isakmp.ExchangeAggressive:
		if again {
			if s.Number = t.phase1; s.Number > 1 && s.Number%2 == from { // the initiator's are odd
				s.Number--
			}
			break
		}
		n := next(t.phase1, from, s.Exchange == isakmp.ExchangeMain && s.Encrypted)
		if s.New = n <= t.phase1 && n == 1 || t.began == 0; s.New {
			t.began++
			t.quick = 0
		}
		t.phase1, s.Number = n, n
	case isakmp.ExchangeQuick:
		switch {
		case again && from == t.asks && t.quick == 2:
			s.Number = 1
			return
		case again:
		case t.quick == 1 && from != t.asks:
			t.quick = 2
		case t.quick == 2 && from == t.asks:
			t.quick = 3
		default:
			t.quick, t.asks = 1, from
		}
		s.Number = t.quick
	}
	if s.Number > 6 {
		s.Number = 0
	}
}

// next returns the number of a message of phase 1 that follows message n: odd
// ones are the initiator's. sealed messages of main mode are the last two.
func next(n, from int, sealed bool) int {
	switch {
	case sealed:
		return 5 + from
	case from == 0 && (n == 2 || n == 1):
		return n + 1 + n%2
	case from == 0:
		return 1
	}
	return min(n+1+n%2, 6) &^ 1
}
