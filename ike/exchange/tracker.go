package exchange

import (
	"github.com/ikediag/ikediag/isakmp"
)

// Opener decrypts messages. A Tracker shows it every message that is whole
// and not a retransmission, clear ones included, in order, so that it can
// collect nonces and transforms and chain initialisation vectors.
type Opener interface {
	// Open returns the plaintext of the message's encrypted body, appended to
	// dst[:0]: a chain of payloads whose first has the type that the header
	// names, and padding. ok is false where it cannot, and for a message in the
	// clear. raw is the whole message from its header on, m what is readable
	// of it; both are valid during the call only.
	Open(dst, raw []byte, m *isakmp.Message, fromInitiator bool) (plain []byte, ok bool)
}

// Limits bounds what a Tracker keeps. The zero value of a field is its
// default.
type Limits struct {
	// Established is the number of attempts kept at a time of which both
	// sides sent encrypted messages: 65536. HalfOpen is that of the others:
	// 8192. An attempt takes less than 2 KiB.
	Established, HalfOpen int
	// Fragmented is the number of messages being put together from IKE
	// fragments: 64. FragmentBytes is the size that one may reach: 65535.
	Fragmented, FragmentBytes int
}

// Stats counts what a Tracker did.
type Stats struct {
	// Datagrams counts calls of Observe, Messages the ISAKMP and IKEv2
	// messages among them.
	Datagrams, Messages uint64
	// Attempts counts attempts begun.
	Attempts uint64
	// EvictedHalfOpen and EvictedEstablished count attempts that were
	// forgotten because of Limits.
	EvictedHalfOpen, EvictedEstablished uint64
	// FragmentsDropped counts IKE fragments that no message came out of:
	// their message was abandoned, or they did not fit it.
	FragmentsDropped uint64
}

// Tracker follows the exchanges of one vantage point. The zero value is ready.
// A Tracker is not safe for concurrent use.
type Tracker struct {
	// Limits and Opener are to be set before the first Observe.
	Limits Limits
	Opener Opener

	table
	stats     Stats
	fragments assembler
	message   isakmp.Message
	inside    isakmp.Message
	plain     []byte
}

// Stats returns the counts so far.
func (t *Tracker) Stats() Stats { return t.stats }

// Observe describes d in s, overwriting it, and reports whether d has to do
// with IKE or IPsec. Its cost does not depend on what came before.
func (t *Tracker) Observe(d *Datagram, s *Step) bool {
	t.init()
	t.stats.Datagrams++
	s.reset()
	switch d.Protocol {
	case ProtocolUDP:
		t.udp(d, s)
	case ProtocolESP:
		espStep(d.Payload, d.WireLen, s)
	case ProtocolAH:
		ahStep(d, s)
	case ProtocolICMP, ProtocolICMPv6:
		t.report(d, s)
	}
	return s.Class != Other
}

// udp describes what came in UDP.
func (t *Tracker) udp(d *Datagram, s *Step) {
	class := isakmp.Classify(d.Payload, d.Source.Port(), d.Destination.Port())
	if class == isakmp.ClassUnknown && len(d.Payload) == 8 && d.WireLen > 8 && (d.Source.Port() == portNATT || d.Destination.Port() == portNATT) {
		class = isakmp.ClassESPInUDP // of which the recording kept SPI and sequence number
	}
	switch class {
	case isakmp.ClassESPInUDP:
		espStep(d.Payload, d.WireLen, s)
		if s.Class == ESP {
			s.Class = ESPInUDP
		}
	case isakmp.ClassKeepalive:
		s.Class = Keepalive
	case isakmp.ClassISAKMP:
		b, marked := isakmp.StripMarker(d.Payload)
		s.Port4500 = marked
		t.isakmp(d, s, b, d.WireLen-(len(d.Payload)-len(b)))
	default:
		if len(d.Payload) > 0 && (isIKEPort(d.Source.Port()) || isIKEPort(d.Destination.Port())) {
			s.Class = Broken
			s.Cut = d.Incomplete || d.WireLen > len(d.Payload)
		}
	}
}

// isakmp describes an ISAKMP or IKEv2 message.
func (t *Tracker) isakmp(d *Datagram, s *Step, b []byte, wireLen int) {
	m := &t.message
	s.Cut = d.Incomplete || wireLen > len(b)
	s.Err = m.Decode(b, wireLen)
	if len(b) < isakmp.HeaderLen {
		s.Class = Broken
		return
	}
	switch m.Version.Major() {
	case 1:
		s.Class = Message
	case 2:
		s.Class = MessageV2
	default:
		s.Class = Broken
		return
	}
	t.stats.Messages++
	s.Message = m
	i := t.attempt(d, s)
	if i == none {
		s.Exchange, s.MessageID, s.Length = m.Exchange, m.MessageID, int(m.Length)
		return
	}
	a := &t.slots[i]
	host := a.host(d.Source, d.Destination)
	t.ports(a, d, s, host)
	if s.Class == Message && m.NextPayload == isakmp.PayloadFragment {
		if b = t.fragment(a, d, host, s); b == nil {
			a.fill(s, host)
			a.stamp(d)
			t.touch(i)
			return
		}
		s.Cut = false
	}
	t.follow(i, d, s, b, host)
}

// attempt finds or makes the attempt of a message, or returns none: a clear
// Delete with a cookie of its own begins nothing.
func (t *Tracker) attempt(d *Datagram, s *Step) int32 {
	m := s.Message
	ic, rc := m.InitiatorCookie, m.ResponderCookie
	i, id := t.find(ic, rc, d.Source, d.Destination)
	if i == none && m.Exchange == isakmp.ExchangeInformational {
		i = t.findSwapped(ic, rc, d.Source, d.Destination)
		if i != none {
			ic, rc = rc, ic
		} else if i = t.findNamed(m, d.Source, d.Destination); i != none {
			rc = isakmp.Cookie{} // not the attempt's
		}
	}
	if i == none && deletes(m) {
		return none
	}
	if i == none {
		i = t.add(id, ic, d.Source, d.Destination)
		a := &t.slots[i]
		a.version, a.begun = m.Version, stampOf(d)
		a.late = !opens(m)
		s.New = true
	}
	if !rc.IsZero() {
		t.slots[i].cookies[1] = rc
	}
	return i
}

// opens reports whether a message begins an attempt.
func opens(m *isakmp.Message) bool {
	return m.ResponderCookie.IsZero() && (isPhase1(m.Exchange) || m.Exchange == isakmp.ExchangeSAInit)
}

// deletes reports whether a message is a clear informational one that names no
// responder and takes SAs down. SoftEther sends them when it has given up the
// SA that would protect them.
func deletes(m *isakmp.Message) bool {
	return m.Exchange == isakmp.ExchangeInformational && m.ResponderCookie.IsZero() && m.Flags&isakmp.FlagEncryption == 0 &&
		len(m.Payloads) > 0 && m.Payloads[0].Type == isakmp.PayloadDelete
}

func isPhase1(x isakmp.ExchangeType) bool {
	switch x {
	case isakmp.ExchangeBase, isakmp.ExchangeMain, isakmp.ExchangeAuthOnly, isakmp.ExchangeAggressive:
		return true
	}
	return false
}

// ports records the address and port that a message came from. Where it went
// to is the receiver's until that is heard: some send to a port that the
// receiver has left.
func (t *Tracker) ports(a *slot, d *Datagram, s *Step, host uint8) {
	a.hosts[host] = d.Source
	bit := uint8(1) << host
	if other := bit ^ 3; (a.plain|a.floated)&other == 0 {
		a.hosts[host^1] = d.Destination
	}
	if !s.Port4500 {
		a.plain |= bit
		return
	}
	s.Float = a.floated&bit == 0 && a.plain&bit != 0
	a.floated |= bit
}

// fragment takes an IKE fragment, and returns the bytes of the message that it
// completes. The Step then describes that message.
func (t *Tracker) fragment(a *slot, d *Datagram, host uint8, s *Step) []byte {
	var f Fragment
	var data []byte
	ok := false
	if p := s.Message.Payloads; len(p) > 0 {
		f, data, ok = readFragment(p[0].Body)
	}
	s.Fragment = f
	s.Exchange, s.MessageID, s.Length = s.Message.Exchange, s.Message.MessageID, int(s.Message.Length)
	if !ok || s.Cut {
		t.stats.FragmentsDropped++
		return nil
	}
	got := t.fragments.add(&t.Limits, a.id, host, f, data, stampOf(d).at)
	t.stats.FragmentsDropped += uint64(got.dropped)
	s.Copy = got.copied
	whole := got.whole
	if whole == nil {
		return nil
	}
	var h isakmp.Header
	if h.Decode(whole) != nil || h.InitiatorCookie != s.Message.InitiatorCookie || h.NextPayload == isakmp.PayloadFragment {
		t.stats.FragmentsDropped += uint64(got.n)
		return nil
	}
	s.Err = t.message.Decode(whole, len(whole))
	s.Fragments = got.n
	return whole
}

// follow puts a whole message in its place among those of its attempt.
func (t *Tracker) follow(i int32, d *Datagram, s *Step, b []byte, host uint8) {
	a, m := &t.slots[i], s.Message
	s.Exchange, s.MessageID, s.Length = m.Exchange, m.MessageID, int(m.Length)
	s.Encrypted = m.Flags&isakmp.FlagEncryption != 0
	if s.Class == MessageV2 {
		s.Encrypted = m.NextPayload == isakmp.PayloadV2Encrypted || m.NextPayload == isakmp.PayloadV2Fragment
	}
	at := stampOf(d)
	s.Digest = digest(b)
	n := 0
	switch {
	case s.Class == MessageV2:
		n = a.version2(s, host, at.at)
	case isPhase1(m.Exchange):
		n = a.mainOrAggressive(s, host, at.at)
	default:
		n = a.later(s, host, at.at)
	}
	s.Number = n
	a.count(s, host, at)
	a.fill(s, host)
	if !a.confirmed && a.proven(s, host) {
		t.confirm(i)
	}
	t.touch(i)
	t.contents(s, b, host == a.initiator && a.roles != RoleUnknown)
	if len(s.NATD) > 0 && !s.Copy {
		a.checkNAT(s, d, host)
	}
	s.NAT = [2]NATKind{a.nat[a.initiator], a.nat[a.initiator^1]}
}

// fill copies into a Step what is known of its attempt.
func (a *slot) fill(s *Step, host uint8) {
	s.Attempt, s.Cookies, s.Roles, s.Late = a.id, a.cookies, a.roles, a.late
	s.Initiator, s.Responder = a.hosts[a.initiator], a.hosts[a.initiator^1]
	s.From = a.side(host)
	s.NAT = [2]NATKind{a.nat[a.initiator], a.nat[a.initiator^1]}
}

// checkNAT compares a message's NAT-D payloads with its addresses.
func (a *slot) checkNAT(s *Step, d *Datagram, host uint8) {
	sender, receiver := CompareNAT(s.NATD, a.cookies[0], a.cookies[1], d.Source, d.Destination)
	a.nat[host] = max(a.nat[host], sender)
	a.nat[host^1] = max(a.nat[host^1], receiver)
}

// report describes an ICMP error.
func (t *Tracker) report(d *Datagram, s *Step) {
	q, ok := readReport(d, &s.Report)
	if !ok {
		s.Report = Report{}
		return
	}
	s.Class = Unreachable
	s.Length = d.WireLen
	if !q.ok {
		return
	}
	i, _ := t.find(q.initiator, q.responder, s.Report.Source, s.Report.Destination)
	if i == none {
		return
	}
	s.Report.Quoted = true
	a := &t.slots[i]
	a.fill(s, a.host(s.Report.Source, s.Report.Destination))
}
