package exchange

import (
	"encoding/binary"
	"net/netip"
	"time"

	"github.com/ikediag/ikediag/isakmp"
)

var (
	hostA = netip.MustParseAddrPort("192.0.2.1:500")
	hostB = netip.MustParseAddrPort("198.51.100.2:500")
	start = time.Date(2026, 11, 21, 3, 0, 0, 0, time.UTC)
)

// wire makes datagrams of a negotiation between two hosts, a second apart.
type wire struct {
	i, r  isakmp.Cookie
	a, b  netip.AddrPort // initiator, responder
	frame int
	mark  bool // with the non-ESP marker
}

func newWire() *wire {
	return &wire{i: isakmp.Cookie{1, 2, 3, 4, 5, 6, 7, 8}, r: isakmp.Cookie{9, 8, 7, 6, 5, 4, 3, 2}, a: hostA, b: hostB}
}

func (w *wire) float() {
	w.a, w.b, w.mark = netip.AddrPortFrom(w.a.Addr(), 4500), netip.AddrPortFrom(w.b.Addr(), 4500), true
}

// payload is a type and a body.
type payload struct {
	t isakmp.PayloadType
	b []byte
}

func sa() payload {
	body := []byte{0, 0, 0, 1, 0, 0, 0, 1}
	attributes := []byte{0x80, 1, 0, 7, 0x80, 14, 0, 128, 0x80, 2, 0, 4, 0x80, 3, 0, 1, 0x80, 4, 0, 14, 0x80, 11, 0, 1, 0, 12, 0, 4, 0, 0, 0x70, 0x80}
	transform := append([]byte{0, 0, 0, byte(8 + len(attributes)), 1, 1, 0, 0}, attributes...)
	body = append(body, 0, 0, 0, byte(8+len(transform)), 1, 1, 0, 1)
	return payload{isakmp.PayloadSA, append(body, transform...)}
}

func ke(b byte) payload { return payload{isakmp.PayloadKE, bytesOf(b, 128)} }
func nonce() payload    { return payload{isakmp.PayloadNonce, bytesOf(3, 16)} }

func notify(t isakmp.NotifyType) payload {
	return payload{isakmp.PayloadNotify, []byte{0, 0, 0, 1, 1, 0, byte(t >> 8), byte(t)}}
}

func bytesOf(b byte, n int) []byte {
	out := make([]byte, n)
	for i := range out {
		out[i] = b
	}
	return out
}

// message encodes a message; a sealed one has one opaque body.
func (w *wire) message(r isakmp.Cookie, x isakmp.ExchangeType, id uint32, sealed int, ps ...payload) []byte {
	b := append(append([]byte(nil), w.i[:]...), r[:]...)
	b = append(b, 0, 0x10, byte(x), 0)
	b = binary.BigEndian.AppendUint32(b, id)
	b = append(b, 0, 0, 0, 0)
	if sealed > 0 {
		b[16], b[19] = byte(isakmp.PayloadHash), 1
		b = append(b, bytesOf(byte(id)^byte(sealed), sealed)...)
	}
	at := 16
	for _, p := range ps {
		b[at] = byte(p.t)
		at = len(b)
		b = append(b, 0, 0, byte((len(p.b)+4)>>8), byte(len(p.b)+4))
		b = append(b, p.b...)
	}
	binary.BigEndian.PutUint32(b[24:], uint32(len(b)))
	return b
}

// send wraps a message into a datagram, from the initiator or back.
func (w *wire) send(from Side, b []byte) Datagram {
	w.frame++
	d := Datagram{Time: start.Add(time.Duration(w.frame) * time.Second), Protocol: ProtocolUDP, Source: w.a, Destination: w.b, Frame: w.frame}
	if from == Responder {
		d.Source, d.Destination = w.b, w.a
	}
	if w.mark {
		b = append([]byte{0, 0, 0, 0}, b...)
	}
	d.Payload, d.WireLen = b, len(b)
	return d
}

// mm makes message n of main mode.
func (w *wire) mm(n int) Datagram {
	var none isakmp.Cookie
	switch n {
	case 1:
		return w.send(Initiator, w.message(none, isakmp.ExchangeMain, 0, 0, sa()))
	case 2:
		return w.send(Responder, w.message(w.r, isakmp.ExchangeMain, 0, 0, sa()))
	case 3, 4:
		return w.send(sender(n), w.message(w.r, isakmp.ExchangeMain, 0, 0, ke(byte(n)), nonce()))
	}
	return w.send(sender(n), w.message(w.r, isakmp.ExchangeMain, 0, 48+n))
}

func sender(n int) Side { return Side(2 - n%2) }

// qm makes message n of a quick mode that a side starts.
func (w *wire) qm(starter Side, id uint32, n int) Datagram {
	from := starter
	if n == 2 {
		from = starter.Other()
	}
	return w.send(from, w.message(w.r, isakmp.ExchangeQuick, id, []int{0, 160, 168, 32}[n]))
}

func (w *wire) info(from Side, id uint32, sealed int, ps ...payload) Datagram {
	return w.send(from, w.message(w.r, isakmp.ExchangeInformational, id, sealed, ps...))
}
