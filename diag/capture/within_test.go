package capture

import (
	"testing"

	"github.com/ikediag/ikediag/ike/exchange"
)

// ah puts an AH header of 24 bytes in front of a payload.
func ah(next byte, payload []byte) []byte {
	return join([]byte{next, 4, 0, 0}, be(0xc0ff, 0xee01, 0, 7), make([]byte, 12), payload)
}

func TestWithin(t *testing.T) {
	icmp := func(kind, code byte, quoted []byte) []byte { return join([]byte{kind, code, 0, 0, 0, 0, 0, 0}, quoted) }
	extended := icmp(3, 3, join(ike4(), make([]byte, 128-len(ike4())), []byte{0x20, 0, 0, 0}))
	extended[5] = 32 // 128 bytes are quoted, extensions follow
	for _, c := range []struct {
		name   string
		packet []byte
		v6     bool
		around int
	}{
		{"port unreachable", ip4(hostB, hostA, 1, 1, 0, icmp(3, 3, ike4())), false, 1},
		{"time exceeded", ip4(hostB, hostA, 1, 1, 0, icmp(11, 0, ike4())), false, 1},
		{"with extensions", ip4(hostB, hostA, 1, 1, 0, extended), false, 1},
		{"too big", ip6(hostB6, hostA6, 58, icmp(2, 0, ike6())), true, 1},
		{"quoted tunnel", ip4(hostB, hostA, 1, 1, 0, icmp(3, 3, ip4(hostA, hostB, 4, 1, 0, ike4()))), false, 2},
		{"ah tunnel", ip4(hostB, hostA, 51, 1, 0, ah(4, ike4())), false, 1},
		{"ah tunnel of 6", ip4(hostB, hostA, 51, 1, 0, ah(41, ike6())), true, 1},
		{"ah tunnel on 6", ip6(hostB6, hostA6, 51, ah(4, ike4())), false, 1},
		{"ah transport", ip4(hostA, hostB, 51, 1, 0x4000, ah(17, udp(500, 500, ike))), false, 0},
		{"ah transport on 6", ip6(hostA6, hostB6, 51, ah(17, udp(500, 500, ike))), true, 0},
	} {
		var p, q Peeler
		var d, inner exchange.Datagram
		f := Frame{Data: c.packet, Link: LinkRaw, Number: 9}
		if r := p.Peel(&f, &d); r != Delivered {
			t.Fatalf("%s: result %d", c.name, r)
		}
		if !q.Within(&d, &inner) {
			t.Errorf("%s: nothing inside", c.name)
			continue
		}
		checkIKE(t, &inner, c.v6)
		if !inner.Inner || inner.Frame != 9 || len(q.Enclosing()) != c.around {
			t.Errorf("%s: %+v, %d around", c.name, inner, len(q.Enclosing()))
		}
		// Cut everywhere: never a panic, never more than there is.
		for n := range len(d.Payload) {
			cut := d
			cut.Payload = d.Payload[:n]
			if q.Within(&cut, &inner) && len(inner.Payload) > n {
				t.Errorf("%s cut at %d: %d bytes inside", c.name, n, len(inner.Payload))
			}
		}
	}
	for name, packet := range map[string][]byte{
		"udp":       ike4(),
		"echo":      ip4(hostB, hostA, 1, 1, 0, icmp(8, 0, ike4())),
		"esp":       ip4(hostB, hostA, 50, 1, 0, make([]byte, 40)),
		"short ah":  ip4(hostB, hostA, 51, 1, 0, make([]byte, 11)),
		"no quote":  ip4(hostB, hostA, 1, 1, 0, icmp(3, 3, nil)),
		"ah length": ip4(hostB, hostA, 51, 1, 0, with(ah(4, ike4()), 1, 200)),
	} {
		var p Peeler
		var d, inner exchange.Datagram
		if r := p.Peel(&Frame{Data: packet, Link: LinkRaw}, &d); r != Delivered || p.Within(&d, &inner) {
			t.Errorf("%s: result %d, inside %+v", name, r, inner)
		}
	}
}

// TestWithinCutLength: a quoted packet has the length that it had on the wire.
func TestWithinCutLength(t *testing.T) {
	whole := ip4(hostA, hostB, 17, 1, 0, udp(500, 500, long()))
	var p Peeler
	var d, inner exchange.Datagram
	f := Frame{Data: ip4(hostB, hostA, 1, 1, 0, join([]byte{3, 4, 0, 0, 0, 0, 5, 0x78}, whole[:56])), Link: LinkRaw}
	if p.Peel(&f, &d) != Delivered || !p.Within(&d, &inner) || inner.WireLen != 3000 || len(inner.Payload) != 28 {
		t.Errorf("%d of %d bytes", len(inner.Payload), inner.WireLen)
	}
}
