package exchange

import (
	"encoding/binary"
	"net/netip"
	"runtime"
	"testing"

	"github.com/ikediag/ikediag/isakmp"
)

// TestFragmentFlood: IKE fragments of which no message becomes whole take
// bounded memory, whoever sends them and however they are numbered: those of
// the vendors' payload 132, and IKEv2's (RFC 7383), which are not collected.
func TestFragmentFlood(t *testing.T) {
	n := 40_000
	if testing.Short() {
		n = 10_000
	}
	heap := func() int64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	be := binary.BigEndian
	const header = 28 + 4 // of ISAKMP and of the payload
	for _, x := range []struct {
		name string
		size int // of a piece
		set  func(i int, d *Datagram, fragment []byte)
	}{
		{"many senders", 1300, func(i int, d *Datagram, f []byte) {
			d.Source = netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}), 500)
			be.PutUint32(d.Payload, uint32(i+1))
		}},
		{"many messages", 1300, func(i int, d *Datagram, f []byte) { be.PutUint16(f, uint16(i)) }},
		{"many negotiations", 1300, func(i int, d *Datagram, f []byte) { be.PutUint32(d.Payload, uint32(i+1)) }},
		{"both ends, any cookies", 1300, func(i int, d *Datagram, f []byte) {
			if i%2 == 0 {
				d.Source, d.Destination = d.Destination, d.Source
			}
			be.PutUint32(d.Payload[8:], uint32(i))
			be.PutUint16(f, uint16(i))
		}},
		{"all numbers but the first", 1300, func(i int, d *Datagram, f []byte) { f[2], f[3] = byte(2+i%254), byte(i%255/254) }},
		{"all numbers, many messages", 8000, func(i int, d *Datagram, f []byte) { be.PutUint16(f, uint16(i/200)); f[2] = byte(2 + i%200) }},
		{"one number, other octets", 1300, func(i int, d *Datagram, f []byte) { be.PutUint32(f[4:], uint32(i)) }},
		{"the last alone", 1300, func(i int, d *Datagram, f []byte) { be.PutUint16(f, uint16(i)); f[2], f[3] = 255, 1 }},
		{"IKEv2", 1300, func(i int, d *Datagram, f []byte) {
			d.Payload[16], d.Payload[17], d.Payload[18] = 53, 0x20, 35 // SKF, version 2, IKE_AUTH
			be.PutUint32(d.Payload, uint32(i+1))
			be.PutUint16(f, 1)
			be.PutUint16(f[2:], uint16(100+i))
		}},
	} {
		w := newWire()
		data := append([]byte{0, 1, 2, 0}, make([]byte, x.size)...)
		before := heap()
		var tr Tracker
		var s Step
		for i := range n {
			d := w.send(Initiator, w.message(w.r, isakmp.ExchangeMain, 0, 0, payload{isakmp.PayloadFragment, data}))
			x.set(i, &d, d.Payload[header:])
			tr.Observe(&d, &s)
		}
		// 64 messages of 64 KiB, and 8192 half-open negotiations of 2 KiB.
		used := heap() - before
		if most := int64(64*(64<<10) + 8192*(2<<10) + 4<<20); used > most || len(tr.fragments.sets) > defaultFragmented {
			t.Errorf("%s: %d KiB, %d messages are waited for", x.name, used>>10, len(tr.fragments.sets))
		}
		runtime.KeepAlive(&tr)
	}
}
