package observe_test

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/capture"
	"github.com/ikediag/ikediag/diag/observe"
	"github.com/ikediag/ikediag/ike/exchange"
)

// traffic is a capture of n packets as a gateway's link has them: tunnels that
// are negotiated and then carry ESP, in IP and in UDP, and ask now and then
// whether the peer is there; one packet in twenty is IKE.
func traffic(n int) []byte {
	le, be := binary.LittleEndian, binary.BigEndian
	b := le.AppendUint32(nil, 0xa1b2c3d4)
	b = le.AppendUint32(b, 2|4<<16)
	b = append(b, make([]byte, 8)...)
	b = le.AppendUint32(b, 65535)
	b = le.AppendUint32(b, 228)
	for i := range n {
		tunnel, k := byte(i/1000), i%1000
		protocol, port, payload := byte(50), uint16(4500), append(be.AppendUint32(be.AppendUint32(nil, 0xc0ffee00|uint32(tunnel)), uint32(k)), make([]byte, 150)...)
		back := k%2 == 1
		switch {
		case k < 4:
			protocol, port, payload = 17, 500, message(tunnel, 2, 0, 0, byte(k), 300)
		case k < 6:
			protocol, payload = 17, append(make([]byte, 4), message(tunnel, 2, 1, 0, byte(k), 124)...)
		case k < 9:
			protocol, payload = 17, append(make([]byte, 4), message(tunnel, 32, 1, 1, byte(k), 204)...)
			back = k == 7
		case k%20 == 0:
			protocol, payload = 17, append(make([]byte, 4), message(tunnel, 5, 1, uint32(k), 0, 92)...)
		case k%2 == 0:
			protocol = 17
		}
		if protocol == 17 {
			u := be.AppendUint16(be.AppendUint16(nil, port), port)
			payload = append(be.AppendUint16(be.AppendUint16(u, uint16(8+len(payload))), 0), payload...)
		}
		src, dst := []byte{192, 0, 2, tunnel}, []byte{198, 51, 100, 2}
		if back {
			src, dst = dst, src
		}
		b = le.AppendUint32(le.AppendUint32(b, 1_700_000_000+uint32(i/1000)), uint32(i%1000*1000))
		size := uint32(20 + len(payload))
		b = le.AppendUint32(le.AppendUint32(b, size), size)
		b = append(b, 0x45, 0, byte(size>>8), byte(size), 0, 0, 0x40, 0, 64, protocol, 0, 0)
		b = append(append(append(b, src...), dst...), payload...)
	}
	return b
}

func message(tunnel, exchange, flags byte, id uint32, fill byte, size int) []byte {
	be := binary.BigEndian
	b := append([]byte("initcooi"), "respcook"...)
	b[0] = tunnel
	if exchange == 2 && flags == 0 && fill == 0 {
		clear(b[8:])
	}
	next := byte(13)
	if flags != 0 {
		next = 8
	}
	b = append(b, next, 0x10, exchange, flags)
	b = be.AppendUint32(be.AppendUint32(b, id), uint32(size))
	body := bytes.Repeat([]byte{fill}, size-28)
	if flags == 0 {
		copy(body, be.AppendUint32(nil, uint32(len(body))))
	}
	return append(b, body...)
}

// nobody takes observations.
type nobody struct{ n int }

func (t *nobody) Observe(*diag.Observation) { t.n++ }

// BenchmarkCaptureTracked reads a capture from memory and follows its
// exchanges; observed goes on to observations.
func BenchmarkCaptureTracked(b *testing.B) {
	const n = 100_000
	file := traffic(n)
	run := func(name string, f func() int) {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(file)))
			b.ReportAllocs()
			for b.Loop() {
				if f() == 0 {
					b.Fatal("nothing was seen")
				}
			}
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "packets/s")
		})
	}
	run("tracked", func() int { return track(b, file) })
	run("observed", func() int { return watch(b, file) })
}

func track(t testing.TB, file []byte) (seen int) {
	r, err := capture.NewReader(bytes.NewReader(file), capture.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var tracker exchange.Tracker
	var d exchange.Datagram
	var s exchange.Step
	for r.Next(&d) {
		if tracker.Observe(&d, &s) {
			seen++
		}
	}
	return seen
}

func watch(t testing.TB, file []byte) int {
	to := &nobody{}
	p := observe.Packets{To: to}
	if err := p.Read(bytes.NewReader(file)); err != nil {
		t.Fatal(err)
	}
	return to.n
}

// In the steady state a packet costs no memory: a capture ten times as long of
// as many tunnels costs no more than the shorter one.
func TestNoAllocations(t *testing.T) {
	small := traffic(1000)
	large := append(bytes.Clone(small), bytes.Repeat(small[24:], 9)...)
	for name, f := range map[string]func(testing.TB, []byte) int{"tracked": track, "observed": watch} {
		allocs := func(file []byte) float64 {
			return testing.AllocsPerRun(5, func() { f(t, file) })
		}
		if a, b := allocs(small), allocs(large); b-a > 9 {
			t.Errorf("%s: %v allocations for 1000 packets, %v for 10000", name, a, b)
		}
	}
}
