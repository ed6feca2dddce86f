package exchange

import (
	"net/netip"
	"testing"

	"github.com/ikediag/ikediag/isakmp"
)

func TestVersion2(t *testing.T) {
	w := newWire()
	v2 := func(from Side, x isakmp.ExchangeType, id uint32, response bool) Datagram {
		r := w.r
		if x == isakmp.ExchangeSAInit && !response {
			r = isakmp.Cookie{}
		}
		b := w.message(r, x, id, 0, payload{isakmp.PayloadV2Nonce, bytesOf(byte(id), 16)})
		b[17] = 0x20
		if from == Initiator {
			b[19] |= 8
		}
		if response {
			b[19] |= 32
		}
		return w.send(from, b)
	}
	var tr Tracker
	var s Step
	for i, c := range []struct {
		d       Datagram
		number  int
		starter Side
	}{
		{v2(Initiator, isakmp.ExchangeSAInit, 0, false), 1, Initiator},
		{v2(Responder, isakmp.ExchangeSAInit, 0, true), 2, Initiator},
		{v2(Initiator, isakmp.ExchangeAuth, 1, false), 1, Initiator},
		{v2(Responder, isakmp.ExchangeInformational2, 0, false), 1, Responder},
		{v2(Initiator, isakmp.ExchangeInformational2, 0, true), 2, Responder},
	} {
		tr.Observe(&c.d, &s)
		if s.Class != MessageV2 || s.Number != c.number || s.Starter != c.starter || s.Roles != RoleSeen || s.Late {
			t.Errorf("message %d: %+v", i, s)
		}
	}
}

func TestPackets(t *testing.T) {
	esp := append([]byte{0xc0, 0, 0, 1, 0, 0, 0, 9}, bytesOf(5, 40)...)
	ah := append([]byte{4, 4, 0, 0, 0xc0, 0, 0, 2, 0, 0, 0, 8}, bytesOf(5, 40)...)
	natt := func(p uint16) (netip.AddrPort, netip.AddrPort) {
		return netip.AddrPortFrom(hostA.Addr(), p), netip.AddrPortFrom(hostB.Addr(), 4500)
	}
	a4500, b4500 := natt(31000)
	for _, c := range []struct {
		name  string
		d     Datagram
		class Class
		spi   uint32
		seq   uint32
	}{
		{"esp", Datagram{Protocol: ProtocolESP, Source: hostA, Destination: hostB, Payload: esp, WireLen: len(esp)}, ESP, 0xc0000001, 9},
		{"ah", Datagram{Protocol: ProtocolAH, Source: hostA, Destination: hostB, Payload: ah, WireLen: len(ah)}, AH, 0xc0000002, 8},
		{"in udp", Datagram{Protocol: ProtocolUDP, Source: a4500, Destination: b4500, Payload: esp, WireLen: len(esp)}, ESPInUDP, 0xc0000001, 9},
		{"keepalive", Datagram{Protocol: ProtocolUDP, Source: a4500, Destination: b4500, Payload: []byte{0xff}, WireLen: 1}, Keepalive, 0, 0},
		{"short esp", Datagram{Protocol: ProtocolESP, Source: hostA, Destination: hostB, Payload: esp[:7], WireLen: 7}, Broken, 0, 0},
		{"short ah", Datagram{Protocol: ProtocolAH, Source: hostA, Destination: hostB, Payload: ah[:11], WireLen: 11}, Broken, 0, 0},
		{"dns", Datagram{Protocol: ProtocolUDP, Source: netip.MustParseAddrPort("192.0.2.1:9999"), Destination: netip.MustParseAddrPort("192.0.2.2:53"), Payload: esp, WireLen: len(esp)}, Other, 0, 0},
		{"tcp", Datagram{Protocol: ProtocolTCP, Source: hostA, Destination: hostB, Payload: esp, WireLen: len(esp)}, Other, 0, 0},
	} {
		var tr Tracker
		var s Step
		ok := tr.Observe(&c.d, &s)
		if s.Class != c.class || s.SPI != c.spi || s.Sequence != c.seq || ok != (c.class != Other) {
			t.Errorf("%s: %v %x %d %v", c.name, s.Class, s.SPI, s.Sequence, ok)
		}
	}
}

// TestUnreachable: an error is tied to the attempt whose message it quotes.
func TestUnreachable(t *testing.T) {
	w := newWire()
	var tr Tracker
	var s Step
	d := w.mm(1)
	tr.Observe(&d, &s)
	id := s.Attempt
	ip := []byte{0x45, 0, 0, 0, 0, 0, 0, 0, 64, 17, 0, 0, 192, 0, 2, 1, 198, 51, 100, 2}
	udp := []byte{1, 0xf4, 1, 0xf4, 0, 0, 0, 0}
	icmp := func(typ, code byte, quoted ...[]byte) Datagram {
		b := []byte{typ, code, 0, 0, 0, 0, 5, 0x78}
		for _, q := range quoted {
			b = append(b, q...)
		}
		return Datagram{Time: start, Protocol: ProtocolICMP, Source: netip.MustParseAddrPort("203.0.113.1:0"), Destination: hostA, Payload: b, WireLen: len(b)}
	}
	esp := append([]byte(nil), ip...)
	esp[9] = 50
	for _, c := range []struct {
		name    string
		d       Datagram
		class   Class
		reason  Reason
		attempt uint64
		dst     string
		spi     uint32
		mtu     int
	}{
		{"admin", icmp(3, 13, ip, udp, d.Payload), Unreachable, Prohibited, id, "198.51.100.2:500", 0, 0},
		{"port, eight octets", icmp(3, 3, ip, udp), Unreachable, PortUnreachable, 0, "198.51.100.2:500", 0, 0},
		{"esp too big", icmp(3, 4, esp, []byte{0xc0, 0, 0, 7, 0, 0, 0, 1}), Unreachable, TooBig, 0, "198.51.100.2:0", 0xc0000007, 0x578},
		{"echo", icmp(8, 0, ip, udp), Other, 0, 0, "", 0, 0},
		{"about dns", icmp(3, 3, ip, []byte{1, 1, 0, 53, 0, 0, 0, 0}), Other, 0, 0, "", 0, 0},
		{"short", icmp(3, 3, ip[:19]), Other, 0, 0, "", 0, 0},
		{"no route", icmp(3, 1, ip, udp), Unreachable, HostUnreachable, 0, "198.51.100.2:500", 0, 0},
		{"ttl", icmp(11, 0, ip, udp), Unreachable, TimeExceeded, 0, "198.51.100.2:500", 0, 0},
	} {
		tr.Observe(&c.d, &s)
		if s.Class != c.class || s.Report.Reason != c.reason || s.Attempt != c.attempt || s.Report.SPI != c.spi || s.Report.MTU != c.mtu || s.Report.Quoted != (c.attempt != 0) {
			t.Errorf("%s: %+v %+v", c.name, s.Class, s.Report)
		}
		if c.dst != "" && (s.Report.Destination.String() != c.dst || s.Report.Router.String() != "203.0.113.1") {
			t.Errorf("%s: %+v", c.name, s.Report)
		}
	}
	// ICMPv6, quoting UDP.
	six := make([]byte, 48)
	six[0], six[6] = 0x60, 17
	six[23], six[39] = 1, 2
	copy(six[40:], udp)
	d6 := icmp(1, 4, six)
	d6.Protocol = ProtocolICMPv6
	tr.Observe(&d6, &s)
	if s.Class != Unreachable || s.Report.Reason != PortUnreachable || s.Report.Destination.String() != "[::2]:500" {
		t.Errorf("icmpv6: %+v", s.Report)
	}
}
