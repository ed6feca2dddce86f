package capture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"testing"
	"time"

	"github.com/ikediag/ikediag/ike/exchange"
)

// TestPeelAllocations: no frame costs an allocation once the buffers for
// fragments have been made, whatever it holds.
func TestPeelAllocations(t *testing.T) {
	var frames []Frame
	for _, w := range wrappings() {
		frames = append(frames, Frame{Data: w.frame, Link: w.link})
	}
	for _, v6 := range []bool{false, true} {
		for _, b := range parts(udp(500, 500, long()), 1232, v6) {
			frames = append(frames, Frame{Data: b, Link: LinkRaw})
		}
	}
	// One that stays incomplete, under a number that comes again, and a
	// refused one.
	frames = append(frames,
		Frame{Data: ip4(hostB, hostA, 17, 5, 0x2000, udp(500, 500, long())[:1232]), Link: LinkRaw},
		Frame{Data: ip4(hostB, hostA, 17, 6, 0x3fff, udp(500, 500, long())[:1232]), Link: LinkRaw})
	var p, q Peeler
	var d, inner exchange.Datagram
	now := time.Unix(1700000000, 0)
	run := func() {
		for i := range frames {
			now = now.Add(time.Second)
			frames[i].Time = now
			for p.Expired(&d) {
			}
			if p.Peel(&frames[i], &d) == Delivered {
				q.Within(&d, &inner)
			}
		}
	}
	run()
	run()
	if n := testing.AllocsPerRun(50, run); n != 0 {
		t.Errorf("%v allocations for %d frames", n, len(frames))
	}
}

// TestReaderAllocations: the number of packets and of faults changes nothing in
// what a reading costs, in either binary format.
func TestReaderAllocations(t *testing.T) {
	le := binary.LittleEndian
	blocks := func(n int) []byte {
		g := ng{o: le}
		g.section()
		g.iface(LinkRaw, 0)
		for i := range n {
			g.packet(0, 1700000000_000000+uint64(i), ike4(), len(ike4()), g.option(2, g.u32(1)))
			g.block(0x0bad, []byte("custom"))
		}
		return g.b
	}
	records := func(n int) []byte {
		var frames [][]byte
		for i := range n {
			frames = append(frames, ike4(), ike6(), []byte{0x45, byte(i)})
		}
		return pcapFile(le, 0xa1b2c3d4, LinkRaw, frames...)
	}
	for name, file := range map[string]func(int) []byte{"pcapng": blocks, "pcap": records} {
		for _, fault := range []bool{false, true} {
			measure := func(n int) float64 {
				b := file(n)
				if fault {
					b = append(b, bytes.Repeat([]byte{0xff}, 64)...)
				}
				return testing.AllocsPerRun(5, func() {
					r, err := NewReader(bytes.NewReader(b), Options{})
					if err != nil {
						t.Fatal(err)
					}
					var d exchange.Datagram
					for r.Next(&d) {
					}
					if fault != errors.Is(r.Err(), ErrTooLarge) {
						t.Fatal(r.Err())
					}
				})
			}
			// What the runtime allocates meanwhile counts too: the least of some is the reader's.
			least := func(n int) float64 { return min(measure(n), measure(n), measure(n)) }
			if a, b := least(10), least(2000); a != b || a > 6 {
				t.Errorf("%s, fault %v: %v allocations for 10 packets, %v for 2000", name, fault, a, b)
			}
		}
	}
}

func TestExpire(t *testing.T) {
	var p Peeler
	var d exchange.Datagram
	at := time.Unix(1700000000, 0)
	p.Peel(&Frame{Data: parts(udp(500, 500, long()), 1232, false)[0], Link: LinkRaw, Time: at}, &d)
	if p.Expire(at.Add(29 * time.Second)); p.Expired(&d) {
		t.Error("too early")
	}
	if p.Expire(at.Add(31 * time.Second)); !p.Expired(&d) || !d.Incomplete || p.Expired(&d) {
		t.Error("not given up")
	}
	var c Coverage
	if p.CountFragments(&c); c.Fragments != 1 || c.Incomplete != 1 {
		t.Errorf("%+v", c)
	}
}

func TestNames(t *testing.T) {
	for f, want := range map[Format]string{FormatNone: "none", FormatPcap: "pcap", FormatPcapNG: "pcapng", FormatText: "tcpdump text", 9: "Format(9)"} {
		if f.String() != want {
			t.Error(f.String(), want)
		}
	}
	seen := map[string]bool{}
	for l := range LinkType(300) {
		seen[l.String()] = true
	}
	if len(seen) != 300-3 { // PPP has two numbers, raw IP three
		t.Errorf("%d names", len(seen))
	}
}
