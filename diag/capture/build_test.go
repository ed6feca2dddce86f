package capture

import (
	"bytes"
	"encoding/binary"
	"net/netip"
	"testing"

	"github.com/ikediag/ikediag/ike/exchange"
)

// The tests build their frames from the inside out: each function puts one
// header in front of what it is given.

var (
	hostA  = netip.MustParseAddr("192.0.2.1")
	hostB  = netip.MustParseAddr("198.51.100.2")
	hostA6 = netip.MustParseAddr("2001:db8::1")
	hostB6 = netip.MustParseAddr("2001:db8:1::2")
)

func join(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

func be(v ...uint16) []byte {
	var b []byte
	for _, x := range v {
		b = binary.BigEndian.AppendUint16(b, x)
	}
	return b
}

func udp(src, dst uint16, payload []byte) []byte {
	return join(be(src, dst, uint16(8+len(payload)), 0), payload)
}

// ip4 builds an IPv4 packet; frag is the word of flags and offset.
func ip4(src, dst netip.Addr, proto uint8, id, frag uint16, payload []byte) []byte {
	h := join(be(0x4500, uint16(20+len(payload)), id, frag), []byte{61, proto, 0, 0}, src.AsSlice(), dst.AsSlice())
	return join(h, payload)
}

func ip6(src, dst netip.Addr, next uint8, payload []byte) []byte {
	return join(be(0x6000, 0, uint16(len(payload))), []byte{next, 62}, src.AsSlice(), dst.AsSlice(), payload)
}

func ether(t uint16, payload []byte) []byte { return join(make([]byte, 12), be(t), payload) }

// ike is a payload that looks like the start of a message.
var ike = []byte("\x01\x02\x03\x04\x05\x06\x07\x08\x00\x00\x00\x00\x00\x00\x00\x00\x01\x10\x02\x00\x00\x00\x00\x00\x00\x00\x00\x1c")

func ike4() []byte { return ip4(hostA, hostB, 17, 1, 0x4000, udp(500, 500, ike)) }
func ike6() []byte { return ip6(hostA6, hostB6, 17, udp(500, 500, ike)) }

// check compares a datagram with the message that ike4 or ike6 carry.
func checkIKE(t *testing.T, d *exchange.Datagram, v6 bool) {
	t.Helper()
	src, dst, ttl := hostA, hostB, uint8(61)
	if v6 {
		src, dst, ttl = hostA6, hostB6, 62
	}
	if d.Source != netip.AddrPortFrom(src, 500) || d.Destination != netip.AddrPortFrom(dst, 500) {
		t.Errorf("ends %v > %v", d.Source, d.Destination)
	}
	if d.Protocol != 17 || d.TTL != ttl || !d.DontFragment || !bytes.Equal(d.Payload, ike) || d.WireLen != len(ike) {
		t.Errorf("got %+v", d)
	}
}

// order is a byte order with which files are written.
type order interface {
	binary.AppendByteOrder
	binary.ByteOrder
}

// pcapFile writes a classic file; frames are whole.
func pcapFile(o order, magic uint32, link LinkType, frames ...[]byte) []byte {
	b := o.AppendUint32(nil, magic)
	b = o.AppendUint16(b, 2)
	b = o.AppendUint16(b, 4)
	b = append(b, make([]byte, 8)...)
	b = o.AppendUint32(b, 262144)
	b = o.AppendUint32(b, uint32(link))
	for i, f := range frames {
		b = pcapRecord(b, o, uint32(1700000000+i), 123456, f, len(f))
	}
	return b
}

func pcapRecord(b []byte, o order, sec, frac uint32, frame []byte, wire int) []byte {
	b = o.AppendUint32(b, sec)
	b = o.AppendUint32(b, frac)
	b = o.AppendUint32(b, uint32(len(frame)))
	b = o.AppendUint32(b, uint32(wire))
	return append(b, frame...)
}

// ng writes pcapng blocks.
type ng struct {
	b []byte
	o order
}

func (n *ng) block(kind uint32, body ...[]byte) {
	b := bytes.Join(body, nil)
	for len(b)%4 != 0 {
		b = append(b, 0)
	}
	n.b = n.o.AppendUint32(n.b, kind)
	n.b = n.o.AppendUint32(n.b, uint32(12+len(b)))
	n.b = append(n.b, b...)
	n.b = n.o.AppendUint32(n.b, uint32(12+len(b)))
}

func (n *ng) u16(v uint16) []byte { return n.o.AppendUint16(nil, v) }
func (n *ng) u32(v uint32) []byte { return n.o.AppendUint32(nil, v) }
func (n *ng) u64(v uint64) []byte { return n.o.AppendUint64(nil, v) }

// time is a number of ticks, the high half first.
func (n *ng) time(ticks uint64) []byte {
	return append(n.u32(uint32(ticks>>32)), n.u32(uint32(ticks))...)
}

func (n *ng) option(code uint16, v []byte) []byte {
	b := join(n.u16(code), n.u16(uint16(len(v))), v)
	for len(b)%4 != 0 {
		b = append(b, 0)
	}
	return b
}

func (n *ng) section(options ...[]byte) {
	n.block(blockSection, n.u32(0x1a2b3c4d), n.u16(1), n.u16(0), n.u64(1<<64-1), bytes.Join(options, nil))
}

func (n *ng) iface(link LinkType, snap uint32, options ...[]byte) {
	n.block(blockInterface, n.u16(uint16(link)), n.u16(0), n.u32(snap), bytes.Join(options, nil))
}

func (n *ng) packet(id uint32, ticks uint64, frame []byte, wire int, options ...[]byte) {
	padded := append(frame[:len(frame):len(frame)], make([]byte, -len(frame)&3)...)
	n.block(blockEnhanced, n.u32(id), n.u32(uint32(ticks>>32)), n.u32(uint32(ticks)),
		n.u32(uint32(len(frame))), n.u32(uint32(wire)), padded, bytes.Join(options, nil))
}

// read returns clones of all datagrams of a file.
func read(t testing.TB, file []byte, o Options) ([]*exchange.Datagram, *Reader) {
	t.Helper()
	r, err := NewReader(bytes.NewReader(file), o)
	if err != nil {
		t.Fatal(err)
	}
	var all []*exchange.Datagram
	for d, err := range r.All() {
		if err != nil {
			return all, r
		}
		all = append(all, d.Clone())
	}
	return all, r
}
