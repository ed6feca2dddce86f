package work

import (
	"bytes"
	"encoding/binary"
	"encoding/pem"
	"fmt"
	"iter"
	"net/netip"
	"slices"
	"time"

	"github.com/ikediag/ikediag/diag/capture"
	"github.com/ikediag/ikediag/esp"
	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/ike/exchange"
	"github.com/ikediag/ikediag/ike/keys"
	"github.com/ikediag/ikediag/isakmp"
)

var be = binary.BigEndian

// header is an ISAKMP header with cookies of a number.
func header(n int, x isakmp.ExchangeType, first isakmp.PayloadType, flags byte, id uint32, body []byte) []byte {
	b := be.AppendUint64(nil, uint64(n)*0x9e3779b97f4a7c15|1)
	b = append(b, make([]byte, 8)...)
	b = append(b, byte(first), 0x10, byte(x), flags)
	b = be.AppendUint32(b, id)
	b = be.AppendUint32(b, uint32(28+len(body)))
	return append(b, body...)
}

// payload is one with its generic header.
func payload(next isakmp.PayloadType, body []byte) []byte {
	b := append([]byte{byte(next), 0}, be.AppendUint16(nil, uint16(min(4+len(body), 0xffff)))...)
	return append(b, body...)
}

// payloads are n of one type in a row.
func payloads(n int, kind isakmp.PayloadType, body []byte) []byte {
	var b []byte
	for i := range n {
		next := kind
		if i == n-1 {
			next = 0
		}
		b = append(b, payload(next, body)...)
	}
	return b
}

func proposal(transforms int, attributes []byte) []byte {
	b := []byte{1, 1, 0, byte(transforms)}
	return append(b, payloads(transforms, isakmp.PayloadTransform, append([]byte{1, 1, 0, 0}, attributes...))...)
}

func sa(proposals []byte) []byte { return append([]byte{0, 0, 0, 1, 0, 0, 0, 1}, proposals...) }

// decode does with a message all that a reader does.
func decode(b []byte) {
	var m isakmp.Message
	_ = m.Decode(b, 0)
	for range m.Validate() {
	}
	_, _ = m.AppendBinary(nil)
	m.Clone()
}

func datagram(n int, from, to netip.Addr, b []byte) *exchange.Datagram {
	return &exchange.Datagram{Source: netip.AddrPortFrom(from, 500), Destination: netip.AddrPortFrom(to, 500), Protocol: exchange.ProtocolUDP,
		Payload: b, WireLen: len(b), Frame: n, Time: time.Unix(1_700_000_000+int64(n)/1000, 0)}
}

func host(n int) netip.Addr {
	return netip.AddrFrom4([4]byte{10, byte(n >> 16), byte(n >> 8), byte(n)})
}

// track observes datagrams and looks at what came of them.
func track(l exchange.Limits, in iter.Seq[*exchange.Datagram]) {
	t := exchange.Tracker{Limits: l}
	var s exchange.Step
	for d := range in {
		t.Observe(d, &s)
	}
	for range t.Attempts() {
	}
}

func many(n int, make func(i int) *exchange.Datagram) iter.Seq[*exchange.Datagram] {
	return func(yield func(*exchange.Datagram) bool) {
		for i := range n {
			if !yield(make(i)) {
				return
			}
		}
	}
}

// wires are messages, exchanges and packets.
func wires() iter.Seq[shape] {
	peer := netip.MustParseAddr("192.0.2.1")
	short := be.AppendUint16(be.AppendUint16(nil, 0x8001), 7)
	main := func(kind isakmp.PayloadType, body []byte) []byte {
		return header(1, isakmp.ExchangeMain, kind, 0, 0, body)
	}
	all := []shape{
		{"isakmp payloads", 500, func(n int) {
			decode(main(isakmp.PayloadVendorID, payloads(n, isakmp.PayloadVendorID, []byte("12345678"))))
		}},
		{"isakmp notifies", 500, func(n int) {
			decode(main(isakmp.PayloadNotify, payloads(n, isakmp.PayloadNotify, []byte{0, 0, 0, 1, 1, 0, 0, 14})))
		}},
		{"isakmp identities", 500, func(n int) {
			decode(main(isakmp.PayloadID, payloads(n, isakmp.PayloadID, []byte{2, 17, 1, 244, 'a', '.', 'b'})))
		}},
		{"isakmp proposals", 200, func(n int) {
			decode(main(isakmp.PayloadSA, payload(0, sa(payloads(n, isakmp.PayloadProposal, proposal(1, short))))))
		}},
		{"isakmp transforms", 60, func(n int) {
			decode(main(isakmp.PayloadSA, payload(0, sa(payloads(1, isakmp.PayloadProposal, proposal(n, short))))))
		}},
		{"isakmp SAs of transforms", 60, func(n int) {
			decode(main(isakmp.PayloadSA, payloads(n, isakmp.PayloadSA, sa(payload(0, proposal(20, short))))))
		}},
		{"isakmp attributes", 2000, func(n int) {
			decode(main(isakmp.PayloadSA, payload(0, sa(payload(0, proposal(1, bytes.Repeat(short, n)))))))
		}},
		{"isakmp deletes", 3000, func(n int) {
			body := append([]byte{0, 0, 0, 1, 3, 4}, be.AppendUint16(nil, uint16(n))...)
			decode(header(1, isakmp.ExchangeInformational, isakmp.PayloadDelete, 0, 1, payload(0, append(body, make([]byte, 4*n)...))))
		}},
		{"isakmp name", 1000, func(n int) { isakmp.DERName(der(n, false)) }},
		{"isakmp nested name", 1000, func(n int) { isakmp.DERName(der(n, true)); isakmp.DERGeneralName(der(n, true)) }},
		{"tracker half-open", 3000, func(n int) {
			track(exchange.Limits{HalfOpen: 500}, many(n, func(i int) *exchange.Datagram {
				return datagram(i, host(i), peer, header(i, isakmp.ExchangeMain, isakmp.PayloadVendorID, 0, 0, payload(0, []byte("12345678"))))
			}))
		}},
		{"tracker half-open of one host", 3000, func(n int) {
			track(exchange.Limits{HalfOpen: 500}, many(n, func(i int) *exchange.Datagram {
				return datagram(i, host(1), peer, header(i, isakmp.ExchangeMain, isakmp.PayloadVendorID, 0, 0, payload(0, []byte("12345678"))))
			}))
		}},
		{"tracker retransmissions", 5000, func(n int) {
			track(exchange.Limits{}, many(n, func(i int) *exchange.Datagram {
				return datagram(i, host(1), peer, main(isakmp.PayloadVendorID, payload(0, []byte("12345678"))))
			}))
		}},
		{"tracker quick modes", 5000, func(n int) {
			track(exchange.Limits{}, many(n, func(i int) *exchange.Datagram {
				return datagram(i, host(1), peer, header(1, isakmp.ExchangeQuick, isakmp.PayloadHash, 1, uint32(i+1), make([]byte, 64)))
			}))
		}},
		{"tracker fragments", 5000, func(n int) {
			track(exchange.Limits{}, many(n, func(i int) *exchange.Datagram {
				return datagram(i, host(1), peer, main(isakmp.PayloadFragment, payload(0, []byte{byte(i >> 16), byte(i >> 8), byte(1 + i%200), 0, 1, 2, 3, 4})))
			}))
		}},
		{"tracker fragments of one message, backwards", 60, func(n int) {
			track(exchange.Limits{}, many(n, func(i int) *exchange.Datagram {
				return datagram(i, host(1), peer, main(isakmp.PayloadFragment, payload(0, append([]byte{0, 1, byte(255 - i), 0}, make([]byte, 200)...))))
			}))
		}},
		{"capture pcap", 5000, func(n int) { packets(pcap(n, udp)) }},
		{"capture pcap of IP fragments", 3000, func(n int) { packets(pcap(n, fragment)) }},
		{"capture pcap of one datagram's fragments", 3000, func(n int) { packets(pcap(n, sameFragment)) }},
		{"capture pcapng", 3000, func(n int) { packets(pcapng(n)) }},
		{"capture nested tunnels", 300, func(n int) { packets(pcap(4, func(int) []byte { return nested(n) })) }},
		{"esp flows", 5000, func(n int) {
			flows(n, 500, func(i int) (netip.Addr, uint32, uint32) { return host(i), uint32(i + 256), 1 })
		}},
		{"esp sequence numbers", 5000, func(n int) {
			flows(n, 500, func(i int) (netip.Addr, uint32, uint32) { return peer, 256, uint32(i) * 7919 })
		}},
		{"keys table", 500, func(n int) {
			var b []byte
			for i := range n {
				b = fmt.Appendf(b, "%016x,%064x\n", i+1, i)
			}
			var r keys.Ring
			_, _ = r.AddTable(b)
			r.Opener(keys.Limits{})
		}},
		{"keys dumps", 500, func(n int) {
			var r keys.Ring
			for i := range n {
				r.AddDump(keys.Dump{Session: uint64(i % 7), Name: "SKEYID_e", Value: ike.NewSecret(be.AppendUint64(nil, uint64(i)))})
			}
			r.Opener(keys.Limits{})
		}},
		{"certificates", 400, func(n int) {
			certificates(bytes.Repeat(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der(8, true)}), n))
		}},
		{"certificates, open", 2000, func(n int) { certificates(bytes.Repeat([]byte("-----BEGIN CERTIFICATE-----\n"), n)) }},
	}
	return slices.Values(all)
}

// der is a name with n parts, or n sequences in one another.
func der(n int, deep bool) []byte {
	open := func(size int) []byte { return []byte{0x30, 0x82, byte(size >> 8), byte(size)} }
	if !deep {
		part := []byte{0x31, 9, 0x30, 7, 6, 3, 0x55, 4, 3, 12, 0}
		return append(open(n*len(part)), bytes.Repeat(part, n)...)
	}
	var b []byte
	for i := range n {
		b = append(b, open(4*(n-i-1))...)
	}
	return b
}

func ipv4(id uint16, flags uint16, protocol byte, from, to netip.Addr, body []byte) []byte {
	b := append([]byte{0x45, 0}, be.AppendUint16(nil, uint16(20+len(body)))...)
	b = be.AppendUint16(be.AppendUint16(b, id), flags)
	b = append(b, 64, protocol, 0, 0)
	b = append(append(b, from.AsSlice()...), to.AsSlice()...)
	return append(b, body...)
}

func udp(i int) []byte {
	b := header(i, isakmp.ExchangeMain, isakmp.PayloadVendorID, 0, 0, payload(0, []byte("12345678")))
	u := be.AppendUint16([]byte{1, 244, 1, 244}, uint16(8+len(b)))
	return ipv4(0, 0, 17, host(i), host(1<<20), append(append(u, 0, 0), b...))
}

func fragment(i int) []byte {
	return ipv4(uint16(i), 0x2000, 17, host(i), host(1<<20), make([]byte, 64))
}

func sameFragment(i int) []byte {
	return ipv4(7, 0x2000|uint16(i*8%8000), 17, host(1), host(1<<20), make([]byte, 64))
}

// nested is a packet in n others.
func nested(n int) (b []byte) {
	inner := udp(1)
	for i := range n {
		h := ipv4(0, 0, 4, host(1), host(2), nil)
		be.PutUint16(h[2:], uint16(20*(n-i)+len(inner)))
		b = append(b, h...)
	}
	return append(b, inner...)
}

func pcap(n int, packet func(i int) []byte) []byte {
	le := binary.LittleEndian
	b := le.AppendUint32(le.AppendUint32(nil, 0xa1b2c3d4), 2|4<<16)
	b = le.AppendUint32(le.AppendUint32(append(b, make([]byte, 8)...), 65535), 228)
	for i := range n {
		p := packet(i)
		b = le.AppendUint32(le.AppendUint32(b, uint32(1_700_000_000+i/1000)), 0)
		b = le.AppendUint32(le.AppendUint32(b, uint32(len(p))), uint32(len(p)))
		b = append(b, p...)
	}
	return b
}

// pcapng is sections, interfaces, packets and comments by turns.
func pcapng(n int) (b []byte) {
	le := binary.LittleEndian
	block := func(kind uint32, body []byte) {
		for len(body)%4 != 0 {
			body = append(body, 0)
		}
		b = le.AppendUint32(le.AppendUint32(b, kind), uint32(12+len(body)))
		b = le.AppendUint32(append(b, body...), uint32(12+len(body)))
	}
	begin := func() {
		block(0x0a0d0d0a, append(le.AppendUint32(le.AppendUint32(nil, 0x1a2b3c4d), 1), bytes.Repeat([]byte{0xff}, 8)...))
		block(1, append([]byte{228, 0, 0, 0}, le.AppendUint32(nil, 65535)...))
	}
	begin()
	for i := range n {
		if i%100 == 99 {
			begin()
		}
		p := udp(i)
		body := append(make([]byte, 12), le.AppendUint32(le.AppendUint32(nil, uint32(len(p))), uint32(len(p)))...)
		body = append(body, p...)
		for len(body)%4 != 0 {
			body = append(body, 0)
		}
		block(6, append(body, 1, 0, 4, 0, 'n', 'o', 't', 'e', 0, 0, 0, 0))
	}
	return b
}

func packets(b []byte) {
	r, err := capture.NewReader(bytes.NewReader(b), capture.Options{})
	if err != nil {
		panic(err)
	}
	var d exchange.Datagram
	for r.Next(&d) {
	}
	r.Notes()
	r.Coverage()
}

func flows(n, limit int, at func(i int) (netip.Addr, uint32, uint32)) {
	f := esp.Flows{MaxFlows: limit}
	for i := range n {
		to, spi, seq := at(i)
		f.Observe(&esp.Arrival{Source: netip.AddrPortFrom(host(1), 0), Destination: netip.AddrPortFrom(to, 0), SPI: spi, Sequence: seq})
	}
	f.Conversations()
	for range f.All() {
	}
}
