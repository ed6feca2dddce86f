package capture

import (
	"net/netip"
	"runtime"
	"testing"
	"time"

	"github.com/ikediag/ikediag/ike/exchange"
)

// TestFragmentFlood: IP fragments of datagrams that never become whole take
// bounded memory, whoever sends them, in IPv4 and IPv6, and whether or not the
// caller asks for what was given up.
func TestFragmentFlood(t *testing.T) {
	n := 20_000
	if testing.Short() {
		n = 5_000
	}
	heap := func() int64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	data := make([]byte, 1232)
	sender := func(i int) netip.Addr { return netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}) }
	v6 := func(from netip.Addr, i, at int) []byte {
		return ip6(from, hostB6, 44, join([]byte{17, 0}, be(uint16(at)|1, uint16(i>>16), uint16(i)), data))
	}
	for name, frame := range map[string]func(i int) []byte{
		"firsts of many senders":     func(i int) []byte { return ip4(sender(i), hostB, 17, 7, 0x2000, join(udp(500, 500, data)[:1232])) },
		"lasts of many senders":      func(i int) []byte { return ip4(sender(i), hostB, 17, 7, 0x1fff-200, data) },
		"middles of many datagrams":  func(i int) []byte { return ip4(hostA, hostB, 17, uint16(i), 0x2000|154, data) },
		"all but one, of many":       func(i int) []byte { return ip4(sender(i/50), hostB, 17, 7, 0x2000|uint16(154*(1+i%50)), data) },
		"one datagram, any offset":   func(i int) []byte { return ip4(hostA, hostB, 17, 7, 0x2000|uint16(i%0x1fff), data) },
		"in tunnels":                 func(i int) []byte { return ip4(hostA, hostB, 4, 1, 0x4000, ip4(sender(i), hostB, 17, 7, 0x2000, data)) },
		"IPv6, many identifications": func(i int) []byte { return v6(hostA6, i, 0) },
		"IPv6, many senders": func(i int) []byte {
			return v6(netip.AddrFrom16([16]byte{0x20, 1, 13: byte(i >> 16), 14: byte(i >> 8), 15: byte(i)}), 7, 1232*(i%50))
		},
	} {
		for _, asks := range []bool{true, false} {
			before := heap()
			var p Peeler
			var d exchange.Datagram
			for i := range n {
				for asks && p.Expired(&d) {
				}
				p.Peel(&Frame{Data: frame(i), Link: LinkRaw, Number: i + 1, Time: time.Unix(1_700_000_000, int64(i)*1000)}, &d)
			}
			used, held := heap()-before, len(p.frags.free)+p.frags.live
			// 64 datagrams of 66 KiB, and twice as many that wait to be asked for.
			if most := int64(3*64*(66<<10) + 1<<20); used > most || held > 3*64+1 {
				t.Errorf("%s, asks %v: %d KiB, %d datagrams are held", name, asks, used>>10, held)
			}
			runtime.KeepAlive(&p)
		}
	}
}
