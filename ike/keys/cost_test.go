package keys_test

import (
	"slices"
	"testing"

	"github.com/ikediag/ikediag/ike/keys"
	"github.com/ikediag/ikediag/isakmp"
)

// TestAllocations: clear messages of a known negotiation cost none, and
// encrypted ones a fixed number however many there were before.
func TestAllocations(t *testing.T) {
	p := newPeers(t)
	o := p.ring("canary-psk").Opener(keys.Limits{})
	all := slices.Concat(p.mainMode(), p.quickMode(keys.Initiator, 3))
	decoded := make([]isakmp.Message, len(all))
	for i, s := range all {
		if err := decoded[i].Decode(s.raw, len(s.raw)); err != nil {
			t.Fatal(err)
		}
		p.open(o, s)
	}
	var buf []byte
	show := func(i int) {
		if plain, _ := o.Open(buf[:0], all[i].raw, &decoded[i], all[i].side == keys.Initiator); plain != nil {
			buf = plain
		}
	}
	if n := testing.AllocsPerRun(100, func() { show(0); show(1); show(2); show(3) }); n != 0 {
		t.Errorf("%v allocations for clear messages", n)
	}
	if n := testing.AllocsPerRun(100, func() { show(6) }); n > 20 {
		t.Errorf("%v allocations for an encrypted message", n)
	}
}

func BenchmarkOpenQuick(b *testing.B) {
	p := newPeers(b)
	o := p.ring("canary-psk").Opener(keys.Limits{})
	for _, s := range p.mainMode() {
		p.open(o, s)
	}
	s := p.quickMode(keys.Initiator, 3)[0]
	var m isakmp.Message
	if err := m.Decode(s.raw, len(s.raw)); err != nil {
		b.Fatal(err)
	}
	var buf []byte
	b.ReportAllocs()
	b.SetBytes(int64(len(s.raw)))
	for b.Loop() {
		buf, _ = o.Open(buf[:0], s.raw, &m, true)
	}
}

func BenchmarkOpenClear(b *testing.B) {
	p := newPeers(b)
	o := p.ring("canary-psk").Opener(keys.Limits{})
	s := p.mainMode()[0]
	var m isakmp.Message
	if err := m.Decode(s.raw, len(s.raw)); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		o.Open(nil, s.raw, &m, true)
	}
}

// BenchmarkOpenStranger is an encrypted message that none of 64 keys opens.
func BenchmarkOpenStranger(b *testing.B) {
	p := newPeers(b)
	var list []string
	for i := range 64 {
		list = append(list, "canary-"+string(rune('0'+i)))
	}
	o := p.ring(list...).Opener(keys.Limits{})
	main := p.mainMode()
	for _, s := range main[:4] {
		p.open(o, s)
	}
	var m isakmp.Message
	if err := m.Decode(main[4].raw, len(main[4].raw)); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		o.Open(nil, main[4].raw, &m, true)
	}
}
