package isakmp

import (
	"encoding/binary"
	"math"
	"testing"
	"time"
)

// walk is the measure that decoding and encoding are held to: it reads the
// header and follows the payload headers, and keeps nothing of them.
//
//go:noinline
func walk(h *Header, b []byte) (payloads int, ok bool) {
	if h.Decode(b) != nil || int(h.Length) != len(b) {
		return 0, false
	}
	next, b := h.NextPayload, b[HeaderLen:]
	for next != PayloadNone {
		if len(b) < PayloadHeaderLen {
			return payloads, false
		}
		n := int(binary.BigEndian.Uint16(b[2:]))
		if n < PayloadHeaderLen || n > len(b) {
			return payloads, false
		}
		next, b = PayloadType(b[0]), b[n:]
		payloads++
	}
	return payloads, len(b) == 0
}

// batch returns what many calls of f cost. It is not inlined, so that all that
// is compared is called in the same way.
//
//go:noinline
func batch(f func()) time.Duration {
	start := time.Now()
	for range 4000 {
		f()
	}
	return time.Since(start)
}

// xwalk returns the cost of f as a multiple of the bare walk over b: best of
// several rounds, interleaved, so that load on the machine falls on both.
func xwalk(b []byte, f func()) float64 {
	var h Header
	bare := func() { walk(&h, b) }
	least, work := time.Duration(math.MaxInt64), time.Duration(math.MaxInt64)
	for range 25 {
		least = min(least, batch(bare))
		work = min(work, batch(f))
	}
	return float64(work) / float64(least)
}

func benchmark(b *testing.B, msg []byte, f func()) {
	b.ReportAllocs()
	b.SetBytes(int64(len(msg)))
	for b.Loop() {
		f()
	}
	b.ReportMetric(xwalk(msg, f), "x-walk")
}

var benchmarkMessages = []struct {
	name       string
	transforms int
}{{"main mode 1", 1}, {"8 transforms", 8}}

func BenchmarkWalk(b *testing.B) {
	for _, c := range benchmarkMessages {
		b.Run(c.name, func(b *testing.B) {
			msg := mainMode1(c.transforms)
			var h Header
			benchmark(b, msg, func() { walk(&h, msg) })
		})
	}
}

func BenchmarkCursor(b *testing.B) {
	for _, c := range benchmarkMessages {
		b.Run(c.name, func(b *testing.B) {
			msg := mainMode1(c.transforms)
			benchmark(b, msg, func() {
				w := Walk(PayloadType(msg[16]), msg[HeaderLen:])
				for w.Next() {
				}
			})
		})
	}
}

func BenchmarkDecode(b *testing.B) {
	for _, c := range benchmarkMessages {
		b.Run(c.name, func(b *testing.B) {
			msg := mainMode1(c.transforms)
			var m Message
			benchmark(b, msg, func() { m.Decode(msg, 0) })
		})
	}
}

func BenchmarkEncode(b *testing.B) {
	for _, c := range benchmarkMessages {
		b.Run(c.name, func(b *testing.B) {
			msg := mainMode1(c.transforms)
			var m Message
			if err := m.Decode(msg, 0); err != nil {
				b.Fatal(err)
			}
			var out []byte
			benchmark(b, msg, func() { out, _ = m.AppendBinary(out[:0]) })
		})
	}
}
