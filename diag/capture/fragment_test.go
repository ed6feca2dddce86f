package capture

import (
	"bytes"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/ikediag/ikediag/ike/exchange"
)

// long is a message of 3000 bytes in UDP.
func long() []byte {
	b := make([]byte, 3000)
	for i := range b {
		b[i] = byte(i * 7)
	}
	return b
}

// parts cuts what follows an IP header into fragments of n bytes.
func parts(whole []byte, n int, v6 bool) [][]byte {
	var out [][]byte
	for at := 0; at < len(whole); at += n {
		end := min(at+n, len(whole))
		more := uint16(0)
		if end < len(whole) {
			more = 1
		}
		if v6 {
			h := join([]byte{17, 0}, be(uint16(at)|more, 0, 77))
			out = append(out, ip6(hostA6, hostB6, 44, join(h, whole[at:end])))
		} else {
			out = append(out, ip4(hostA, hostB, 17, 77, more<<13|uint16(at/8), whole[at:end]))
		}
	}
	return out
}

// feed gives frames to a Peeler one second apart and returns what comes out, in
// order, with all that is given up at the end.
func feed(p *Peeler, frames [][]byte) []*exchange.Datagram {
	var out []*exchange.Datagram
	var d exchange.Datagram
	for i, b := range frames {
		for p.Expired(&d) {
			out = append(out, d.Clone())
		}
		f := Frame{Data: b, Link: LinkRaw, Number: i + 1, Time: time.Unix(1700000000+int64(i), 0)}
		if p.Peel(&f, &d) == Delivered {
			out = append(out, d.Clone())
		}
	}
	for p.Flush(); p.Expired(&d); {
		out = append(out, d.Clone())
	}
	return out
}

func TestReassembly(t *testing.T) {
	message := long()
	for _, v6 := range []bool{false, true} {
		frames := parts(udp(500, 500, message), 1232, v6)
		if len(frames) != 3 {
			t.Fatal(len(frames))
		}
		for _, o := range [][]int{{0, 1, 2}, {2, 1, 0}, {1, 2, 0}, {0, 0, 1, 1, 2, 2}, {2, 2, 1, 0, 1, 0}} {
			var p Peeler
			var in [][]byte
			for _, i := range o {
				in = append(in, frames[i])
			}
			out := feed(&p, in)
			if len(out) != 1 {
				t.Errorf("v6 %v, order %v: %d datagrams", v6, o, len(out))
				continue
			}
			d := out[0]
			if d.Fragments != 3 || d.Incomplete || !bytes.Equal(d.Payload, message) || d.WireLen != 3000 || d.Source.Port() != 500 {
				t.Errorf("v6 %v, order %v: %d fragments, %d of %d bytes", v6, o, d.Fragments, len(d.Payload), d.WireLen)
			}
		}
	}
}

// TestManyDatagrams: fragments of many datagrams that arrive in any order.
func TestManyDatagrams(t *testing.T) {
	const n = 20
	var in [][]byte
	for id := range n {
		for _, b := range parts(udp(500, 500, append(long(), byte(id))), 1232, false) {
			b[5] = byte(id)
			in = append(in, b)
		}
	}
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(in), func(i, j int) { in[i], in[j] = in[j], in[i] })
	p := Peeler{Limits: Limits{AssemblyTime: time.Hour}}
	out := feed(&p, in)
	seen := map[byte]bool{}
	for _, d := range out {
		if d.Incomplete || !bytes.Equal(d.Payload[:3000], long()) {
			t.Errorf("frame %d is not whole", d.Frame)
		}
		seen[d.Payload[3000]] = true
	}
	if len(out) != n || len(seen) != n {
		t.Errorf("%d datagrams, %d different", len(out), len(seen))
	}
}

func TestIncomplete(t *testing.T) {
	message := long()
	for _, v6 := range []bool{false, true} {
		frames := parts(udp(500, 4500, message), 1232, v6)
		for _, c := range []struct {
			order []int
			have  int // bytes behind the UDP header
			port  uint16
		}{
			{[]int{0}, 1224, 4500},
			{[]int{0, 1}, 2456, 4500},
			{[]int{0, 2}, 1224, 4500},
			{[]int{1, 2}, 0, 0},
		} {
			var p Peeler
			var in [][]byte
			for _, i := range c.order {
				in = append(in, frames[i])
			}
			out := feed(&p, in)
			if len(out) != 1 {
				t.Fatalf("%d datagrams", len(out))
			}
			d := out[0]
			if !d.Incomplete || d.Fragments != len(c.order) || d.Protocol != 17 || d.Destination.Port() != c.port || len(d.Payload) != c.have || d.Frame != len(c.order) {
				t.Errorf("v6 %v, order %v: %+v", v6, c.order, d)
			}
			if c.port != 0 && d.WireLen != 3000 {
				t.Errorf("v6 %v, order %v: length %d, UDP says 3000", v6, c.order, d.WireLen)
			}
			if !bytes.Equal(d.Payload, message[:c.have]) {
				t.Errorf("v6 %v, order %v: other bytes", v6, c.order)
			}
		}
	}
}

// TestAssemblyTime: what is missing after 30 s is delivered then, before the
// frame that shows how late it is.
func TestAssemblyTime(t *testing.T) {
	first := parts(udp(500, 500, long()), 1232, false)[0]
	in := [][]byte{first}
	for range 40 {
		in = append(in, ike6())
	}
	var p Peeler
	out := feed(&p, in)
	at := -1
	for i, d := range out {
		if d.Incomplete {
			at = i
		}
	}
	if len(out) != 41 || at < 29 || at > 31 || p.frags.live > 1 {
		t.Errorf("%d datagrams, the incomplete one is number %d, %d held", len(out), at, p.frags.live)
	}
}

// TestContradictions: overlaps and impossible lengths spoil a datagram, its
// first fragment stays visible, and nothing of the forgery is in it.
func TestContradictions(t *testing.T) {
	whole := udp(500, 500, long())
	frames := parts(whole, 1232, false)
	forged := bytes.Repeat([]byte{0xee}, 1232)
	for name, bad := range map[string][]byte{
		"other bytes":      ip4(hostA, hostB, 17, 77, 0x2000|1232/8, forged),
		"overlap before":   ip4(hostA, hostB, 17, 77, 0x2000|1224/8, forged),
		"overlap behind":   ip4(hostA, hostB, 17, 77, 0x2000|2456/8, forged[:16]),
		"inside":           ip4(hostA, hostB, 17, 77, 0x2000|1240/8, forged[:8]),
		"earlier end":      ip4(hostA, hostB, 17, 77, 1232/8, forged[:8]),
		"first once more":  ip4(hostA, hostB, 17, 77, 0x2000, forged),
		"same but the end": ip4(hostA, hostB, 17, 77, 1232/8, whole[1232:2464]),
	} {
		var p Peeler
		out := feed(&p, [][]byte{frames[0], frames[1], bad, frames[2]})
		if len(out) != 1 || !out[0].Incomplete || !bytes.Equal(out[0].Payload, long()[:len(out[0].Payload)]) || len(out[0].Payload) < 1224 || p.frags.refused == 0 {
			t.Errorf("%s: %d datagrams, %d refused", name, len(out), p.frags.refused)
		}
	}
	for name, bad := range map[string][]byte{
		"beyond the end": ip4(hostA, hostB, 17, 77, 0x1fff, forged),
		"odd length":     ip4(hostA, hostB, 17, 77, 0x2000|3200/8, forged[:9]),
		"empty":          ip4(hostA, hostB, 17, 77, 0x2000|3200/8, nil),
	} {
		var p Peeler
		out := feed(&p, [][]byte{frames[0], frames[1], bad, frames[2]})
		if len(out) != 1 || out[0].Incomplete || p.frags.refused != 1 {
			t.Errorf("%s: %d datagrams, %d refused", name, len(out), p.frags.refused)
		}
	}
	// A first fragment of an impossible length is all there is.
	var p Peeler
	out := feed(&p, [][]byte{ip4(hostA, hostB, 17, 5, 0x2000, udp(500, 500, ike)[:33])})
	if len(out) != 1 || !out[0].Incomplete || !bytes.Equal(out[0].Payload, ike[:25]) || out[0].Source.Port() != 500 {
		t.Errorf("odd first fragment: %+v", out)
	}
}

// TestCutFragments: a snap length that cuts each fragment leaves the start of
// the datagram and its true length.
func TestCutFragments(t *testing.T) {
	frames := parts(udp(500, 500, long()), 1232, false)
	var p Peeler
	var d exchange.Datagram
	for i, b := range frames {
		f := Frame{Data: b[:100], WireLen: len(b), Link: LinkRaw}
		if r := p.Peel(&f, &d); (r == Delivered) != (i == 2) {
			t.Fatalf("fragment %d: result %d", i, r)
		}
	}
	if d.Incomplete || d.WireLen != 3000 || !bytes.Equal(d.Payload, long()[:72]) {
		t.Errorf("%d of %d bytes", len(d.Payload), d.WireLen)
	}
}

// TestEvict: a flood of fragments costs bounded memory, and what it drove out is
// delivered and counted.
func TestEvict(t *testing.T) {
	p := Peeler{Limits: Limits{Assemblies: 16, AssemblyTime: time.Hour}}
	var in [][]byte
	for i := range 500 {
		in = append(in, ip4(hostA, hostB, 17, uint16(i), 0x2000, udp(500, 500, long())[:1232]))
	}
	out := feed(&p, in)
	if len(out) != 500 || p.frags.evicted != 500-16 {
		t.Errorf("%d datagrams, %d evicted", len(out), p.frags.evicted)
	}
	if n := len(p.frags.free) + p.frags.live; n > 20 {
		t.Errorf("%d assemblies for a limit of 16", n)
	}
}

// TestNestedFragments: fragments of a tunnel's packets that hold fragments.
func TestNestedFragments(t *testing.T) {
	var in [][]byte
	for i, b := range parts(udp(500, 500, long()), 1232, false) {
		for at := 0; at < len(b); at += 512 {
			more := uint16(0x2000)
			end := at + 512
			if end >= len(b) {
				more, end = 0, len(b)
			}
			in = append(in, ip4(hostA, hostB, 4, uint16(77+i), more|uint16(at/8), b[at:end]))
		}
	}
	var p Peeler
	out := feed(&p, in)
	if len(out) != 1 || out[0].Incomplete || !bytes.Equal(out[0].Payload, long()) || !out[0].Inner {
		t.Errorf("%d datagrams: %+v", len(out), out)
	}
}

// TestAssemblyModel compares the bitmap with a slow model that keeps every byte.
func TestAssemblyModel(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 2000 {
		whole := long()[:8*(1+rng.IntN(40))+rng.IntN(8)]
		model := make([]bool, len(whole))
		a := assembly{total: -1, known: math.MaxInt}
		for range rng.IntN(60) {
			lo := rng.IntN((len(whole)+7)/8) * 8
			hi := min(lo+8*(1+rng.IntN(4)), len(whole))
			f := fragment{offset: lo, data: whole[lo:hi], wire: hi - lo, more: hi < len(whole)}
			set := 0
			for _, v := range model[lo:hi] {
				if v {
					set++
				}
			}
			if got := a.repeats(f); got != (set == hi-lo) {
				t.Fatalf("repeats %v with %d of %d bytes there", got, set, hi-lo)
			}
			if set == hi-lo {
				continue
			}
			if got := a.contradicts(f); got != (set > 0) {
				t.Fatalf("contradicts %v with %d of %d bytes there", got, set, hi-lo)
			}
			if set > 0 {
				continue
			}
			a.put(f)
			for i := lo; i < hi; i++ {
				model[i] = true
			}
		}
		n := 0
		for n < len(model) && model[n] {
			n++
		}
		if a.prefix() != n || a.total >= 0 && (n == len(whole)) != (a.units == (a.total+7)/8) {
			t.Fatalf("prefix %d, want %d", a.prefix(), n)
		}
		if !bytes.Equal(a.buf[:n], whole[:n]) {
			t.Fatal("other bytes")
		}
	}
}
