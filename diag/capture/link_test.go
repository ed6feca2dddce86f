package capture

import (
	"testing"

	"github.com/ikediag/ikediag/ike/exchange"
)

// wrappings are the ways in which frames of each link type lead to the packets
// of ike4 and ike6.
func wrappings() map[string]struct {
	link  LinkType
	frame []byte
	v6    bool
	dir   exchange.Direction
	inner bool
} {
	type w = struct {
		link  LinkType
		frame []byte
		v6    bool
		dir   exchange.Direction
		inner bool
	}
	sll := func(kind, proto uint16, b []byte) []byte {
		return join(be(kind, 1, 6), make([]byte, 8), be(proto), b)
	}
	sll2 := func(kind byte, proto uint16, b []byte) []byte {
		return join(be(proto, 0, 0, 1, 1), []byte{kind, 6}, make([]byte, 8), b)
	}
	label := func(bottom byte, b []byte) []byte { return join([]byte{0, 1, bottom, 64}, b) }
	gre := func(words []uint16, b []byte) []byte {
		return ip4(hostB, hostA, 47, 7, 0, join(be(words...), b))
	}
	return map[string]w{
		"ethernet 4":          {LinkEthernet, ether(0x800, ike4()), false, 0, false},
		"ethernet 6":          {LinkEthernet, ether(0x86dd, ike6()), true, 0, false},
		"ethernet padded":     {LinkEthernet, join(ether(0x800, ike4()), make([]byte, 12)), false, 0, false},
		"vlan":                {LinkEthernet, ether(0x8100, join(be(5, 0x800), ike4())), false, 0, false},
		"qinq":                {LinkEthernet, ether(0x88a8, join(be(5, 0x8100, 6, 0x86dd), ike6())), true, 0, false},
		"mpls":                {LinkEthernet, ether(0x8847, label(0, label(1, ike4()))), false, 0, false},
		"pppoe":               {LinkEthernet, ether(0x8864, join(be(0x1100, 1, 80, 0x21), ike4())), false, 0, false},
		"snap":                {LinkEthernet, ether(80, join([]byte{0xaa, 0xaa, 3, 0, 0, 0}, be(0x800), ike4())), false, 0, false},
		"llc":                 {LinkEthernet, ether(80, join([]byte{6, 6, 3}, ike4())), false, 0, false},
		"raw":                 {LinkRaw, ike6(), true, 0, false},
		"raw 12":              {LinkRawDLT, ike4(), false, 0, false},
		"ipv4":                {LinkIPv4, ike4(), false, 0, false},
		"cooked out":          {LinkLinuxSLL, sll(4, 0x800, ike4()), false, exchange.Outgoing, false},
		"cooked in":           {LinkLinuxSLL, sll(0, 0x86dd, ike6()), true, exchange.Incoming, false},
		"cooked vlan":         {LinkLinuxSLL, sll(3, 0x8100, join(be(5, 0x800), ike4())), false, 0, false},
		"cooked 2 out":        {LinkLinuxSLL2, sll2(4, 0x800, ike4()), false, exchange.Outgoing, false},
		"cooked 2 in":         {LinkLinuxSLL2, sll2(0, 0x86dd, ike6()), true, exchange.Incoming, false},
		"null little":         {LinkNull, join([]byte{2, 0, 0, 0}, ike4()), false, 0, false},
		"null big":            {LinkNull, join([]byte{0, 0, 0, 30}, ike6()), true, 0, false},
		"loop":                {LinkLoop, join([]byte{0, 0, 0, 24}, ike6()), true, 0, false},
		"enc":                 {LinkENC, join([]byte{2, 0, 0, 0}, make([]byte, 8), ike4()), false, 0, true},
		"ppp":                 {LinkPPP, join([]byte{0xff, 3, 0, 0x21}, ike4()), false, 0, false},
		"ppp short":           {LinkPPP, join([]byte{0x57}, ike6()), true, 0, false},
		"ppp hdlc":            {LinkPPPHDLC, join([]byte{0xff, 3, 0, 0x57}, ike6()), true, 0, false},
		"ppp mpls":            {LinkPPP, join([]byte{2, 0x81}, label(1, ike4())), false, 0, false},
		"pppoe link":          {LinkPPPoE, join(be(0x1100, 1, 80, 0x21), ike4()), false, 0, false},
		"cisco hdlc":          {LinkCiscoHDLC, join(be(0x0f00, 0x800), ike4()), false, 0, false},
		"mpls link":           {LinkMPLS, label(1, ike6()), true, 0, false},
		"nflog":               {LinkNFLOG, join([]byte{2, 0, 0, 5}, []byte{6, 0, 10, 0, 'a', 0, 0, 0}, []byte{byte(4 + len(ike4())), 0, 9, 0}, ike4()), false, 0, false},
		"nflog big":           {LinkNFLOG, join([]byte{2, 0, 0, 5}, []byte{0, byte(4 + len(ike4())), 0, 9}, ike4()), false, 0, false},
		"ip in ip":            {LinkRaw, ip4(hostB, hostA, 4, 1, 0, ike4()), false, 0, true},
		"6 in 4":              {LinkRaw, ip4(hostB, hostA, 41, 1, 0, ike6()), true, 0, true},
		"4 in 6":              {LinkRaw, ip6(hostB6, hostA6, 4, ike4()), false, 0, true},
		"mpls in ip":          {LinkRaw, ip4(hostB, hostA, 137, 1, 0, label(1, ike4())), false, 0, true},
		"gre":                 {LinkRaw, gre([]uint16{0, 0x800}, ike4()), false, 0, true},
		"gre all options":     {LinkRaw, gre([]uint16{0xb000, 0x86dd, 0, 0, 0, 0, 0, 0}, ike6()), true, 0, true},
		"gre bridged":         {LinkRaw, gre([]uint16{0, 0x6558}, ether(0x8100, join(be(5, 0x800), ike4()))), false, 0, true},
		"pptp":                {LinkRaw, gre([]uint16{0x3081, 0x880b, 0, 0, 0, 0, 0, 0}, join([]byte{0x21}, ike4())), false, 0, true},
		"gre in ip in ip":     {LinkRaw, ip4(hostB, hostA, 4, 1, 0, gre([]uint16{0, 0x800}, ike4())), false, 0, true},
		"ipv4 options":        {LinkRaw, withOptions(ike4()), false, 0, false},
		"ipv6 extensions":     {LinkRaw, ip6(hostA6, hostB6, 0, join([]byte{60, 0, 1, 4, 0, 0, 0, 0}, []byte{43, 1}, make([]byte, 14), []byte{17, 0, 0, 0, 0, 0, 0, 0}, udp(500, 500, ike))), true, 0, false},
		"ipv6 atomic":         {LinkRaw, ip6(hostA6, hostB6, 44, join([]byte{17, 0, 0, 0, 0, 0, 0, 9}, udp(500, 500, ike))), true, 0, false},
		"ipv4 zero length":    {LinkRaw, zeroed(ike4(), 2), false, 0, false},
		"ipv6 zero length":    {LinkRaw, zeroed(ike6(), 4), true, 0, false},
		"udp zero length":     {LinkRaw, zeroed(ike4(), 24), false, 0, false},
		"udp length too long": {LinkRaw, with(ike4(), 24, 0xff), false, 0, false},
	}
}

// withOptions inserts four bytes of options into an IPv4 packet.
func withOptions(b []byte) []byte {
	b = join(b[:20], []byte{1, 1, 1, 0}, b[20:])
	b[0], b[3] = 0x46, b[3]+4
	return b
}

// zeroed clears a 16-bit field.
func zeroed(b []byte, at int) []byte {
	b[at], b[at+1] = 0, 0
	return b
}

func with(b []byte, at int, v byte) []byte {
	b[at] = v
	return b
}

func TestLinks(t *testing.T) {
	for name, w := range wrappings() {
		t.Run(name, func(t *testing.T) {
			var p Peeler
			var d exchange.Datagram
			f := Frame{Data: w.frame, Link: w.link, Number: 7}
			if r := p.Peel(&f, &d); r != Delivered {
				t.Fatalf("result %d", r)
			}
			checkIKE(t, &d, w.v6)
			if d.Direction != w.dir || d.Inner != w.inner || d.Frame != 7 || d.Incomplete || d.Fragments != 0 {
				t.Errorf("got %+v", d)
			}
		})
	}
}

// TestCutEverywhere cuts each frame at each byte, as a snap length does: the
// result is the datagram's start or that there is too little of it, never a
// contradiction.
func TestCutEverywhere(t *testing.T) {
	for name, w := range wrappings() {
		for n := range len(w.frame) {
			var p Peeler
			var d exchange.Datagram
			f := Frame{Data: w.frame[:n:n], WireLen: len(w.frame), Link: w.link}
			switch r := p.Peel(&f, &d); r {
			case Delivered:
				if d.Protocol == 17 && (d.WireLen != len(ike) || len(d.Payload) > d.WireLen) {
					t.Errorf("%s cut at %d: %d of %d bytes", name, n, len(d.Payload), d.WireLen)
				}
			case Truncated, Held:
			default:
				t.Errorf("%s cut at %d: result %d", name, n, r)
			}
			// The same bytes as a whole frame must not be taken for more.
			f.WireLen = n
			if p.Peel(&f, &d) == Delivered && d.WireLen > n {
				t.Errorf("%s short at %d: length %d", name, n, d.WireLen)
			}
		}
	}
}

// TestEveryLengthField puts absurd values into each byte and each pair of bytes
// of each frame's headers: no panic, no slice beyond the frame.
func TestEveryLengthField(t *testing.T) {
	values := []uint16{0, 1, 3, 4, 7, 8, 19, 20, 21, 39, 40, 41, 0x7f, 0x80, 0xff, 0x3fff, 0x4000, 0x7fff, 0x8000, 0xfffe, 0xffff}
	for name, w := range wrappings() {
		for at := range len(w.frame) - 1 {
			for _, v := range values {
				b := join(w.frame)
				copy(b[at:], be(v))
				var p Peeler
				var d exchange.Datagram
				f := Frame{Data: b, Link: w.link}
				if p.Peel(&f, &d) == Delivered && (len(d.Payload) > d.WireLen || d.WireLen > len(b)) {
					t.Errorf("%s, %d at %d: %d of %d bytes", name, v, at, len(d.Payload), d.WireLen)
				}
				for p.Flush(); p.Expired(&d); {
					if len(d.Payload) > len(b) {
						t.Errorf("%s, %d at %d: %d bytes held", name, v, at, len(d.Payload))
					}
				}
			}
		}
	}
}

func TestNoDatagram(t *testing.T) {
	for name, c := range map[string]struct {
		link  LinkType
		frame []byte
		want  Result
	}{
		"arp":           {LinkEthernet, ether(0x806, make([]byte, 28)), NotIP},
		"spanning tree": {LinkEthernet, ether(38, []byte{0x42, 0x42, 3, 0, 0}), NotIP},
		"lcp":           {LinkPPP, []byte{0xff, 3, 0xc0, 0x21, 1, 1, 0, 4}, NotIP},
		"discovery":     {LinkPPPoE, be(0x1109, 0, 0), NotIP},
		"802.11":        {105, make([]byte, 40), UnknownLink},
		"version 5":     {LinkRaw, []byte{0x50, 0, 0, 0}, NotIP},
		"header length": {LinkRaw, with(ike4(), 0, 0x44), Malformed},
		"total length":  {LinkRaw, with(zeroed(ike4(), 2), 3, 19), Malformed},
		"udp length":    {LinkRaw, with(zeroed(ike4(), 24), 25, 7), Malformed},
		"too short":     {LinkEthernet, make([]byte, 13), Malformed},
		"empty":         {LinkRaw, nil, Malformed},
	} {
		var p Peeler
		var d exchange.Datagram
		if r := p.Peel(&Frame{Data: c.frame, Link: c.link}, &d); r != c.want {
			t.Errorf("%s: result %d, want %d", name, r, c.want)
		}
	}
}

// TestTunnelOfNothing: a tunnel's packet whose contents are no IP is delivered
// itself.
func TestTunnelOfNothing(t *testing.T) {
	keepalive := be(0, 0)
	var p Peeler
	var d exchange.Datagram
	f := Frame{Data: ip4(hostA, hostB, 47, 1, 0, keepalive), Link: LinkRaw}
	if r := p.Peel(&f, &d); r != Delivered || d.Protocol != 47 || d.Source.Addr() != hostA || len(d.Payload) != 4 || d.Inner || len(p.Enclosing()) != 0 {
		t.Errorf("result %d: %+v", r, d)
	}
}

// TestNesting: tunnels in tunnels end at a limit, and what is there is shown.
func TestNesting(t *testing.T) {
	b := ike4()
	for range 30 {
		b = ip4(hostB, hostA, 4, 1, 0, b)
	}
	var p Peeler
	var d exchange.Datagram
	if r := p.Peel(&Frame{Data: b, Link: LinkRaw}, &d); r != Delivered || d.Protocol != 4 || len(p.Enclosing()) != maxTunnels {
		t.Errorf("result %d, %d around: %+v", r, len(p.Enclosing()), d)
	}
	b = ip4(hostB, hostA, 4, 1, 0, ip4(hostA, hostB, 4, 1, 0, ike4()))
	if r := p.Peel(&Frame{Data: b, Link: LinkRaw}, &d); r != Delivered {
		t.Fatal(r)
	}
	if e := p.Enclosing(); len(e) != 2 || e[0] != (Header{hostB, hostA, 4}) || e[1] != (Header{hostA, hostB, 4}) {
		t.Errorf("around: %v", e)
	}
}
