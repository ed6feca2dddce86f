package diag_test

import (
	"fmt"
	"net/netip"
	"runtime"
	"testing"
	"time"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/isakmp"
)

// fleet feeds a hub with n healthy tunnels, each seen from both ends.
func fleet(e *diag.Engine, n int) {
	hub := e.AddSource(diag.Source{Name: "hub", Gateway: "hub", Kind: diag.KindLog})
	o := diag.Observation{Basis: diag.Logged, Text: []byte("a line of a log, as long as such lines are")}
	for i := range n {
		peer := netip.AddrPortFrom(netip.AddrFrom4([4]byte{100, byte(64 + i>>16), byte(i >> 8), byte(i)}), 500)
		spoke := e.AddSource(diag.Source{Name: fmt.Sprint("spoke", i), Gateway: fmt.Sprint("spoke", i), Kind: diag.KindLog})
		for end, src := range []diag.SourceID{hub, spoke} {
			o.Source = src
			o.Keys = diag.Keys{Handle: uint64(i + 1), Role: diag.Side(1 + end), Local: addr("192.0.2.1:500"), Remote: peer, MessageID: uint32(i + 1), Connection: fmt.Append(nil, "branch-", i)}
			if end == 1 {
				o.Keys.Local, o.Keys.Remote = o.Keys.Remote, o.Keys.Local
			}
			for line, b := range []diag.Body{
				&diag.Progress{By: diag.Self, Step: diag.Phase1Started, Mode: isakmp.ExchangeMain},
				&diag.Message{From: diag.Self, Exchange: isakmp.ExchangeMain, Number: 1},
				&diag.Message{From: diag.Self, Exchange: isakmp.ExchangeMain, Number: 3},
				&diag.Message{From: diag.Self, Exchange: isakmp.ExchangeMain, Number: 5},
				&diag.Progress{By: diag.Self, Step: diag.Phase1Up},
				&diag.Progress{By: diag.Self, Step: diag.Phase2Up, SPIIn: uint32(i)},
				&diag.Traffic{By: diag.Self, Role: diag.Chosen, Local: []ike.Selector{{Dynamic: true}}},
			} {
				o.Where.Line, o.Body = i*10+line+1, b
				o.Time = diag.Time{Value: epoch.Add(time.Duration(line) * time.Second), Precision: time.Second}
				e.Observe(&o)
			}
		}
	}
}

// BenchmarkAdvance measures a tick of a monitor of 10 000 tunnels: one in
// which nothing happened, one in which a tunnel that is known was heard of,
// and one in which a new one came, which takes a new join. It reports the
// memory of a tunnel seen from both ends.
func BenchmarkAdvance(b *testing.B) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	e := newEngine(b, diag.Options{})
	fleet(e, 10_000)
	runtime.GC()
	runtime.ReadMemStats(&after)
	tunnel := float64(after.HeapAlloc-before.HeapAlloc) / 10_000
	now := epoch.Add(time.Hour)
	tick := func() {
		now = now.Add(time.Second)
		for range e.Advance(now) {
		}
	}
	tick()
	n := 0
	hear := func(handle uint64) {
		n++
		e.Observe(&diag.Observation{Source: 0, Where: diag.Where{Line: 1_000_000 + n}, Basis: diag.Logged,
			Keys: diag.Keys{Handle: handle, Role: diag.Initiator, Local: addr("192.0.2.1:500"), Remote: addr("100.64.0.0:500"), Connection: []byte("branch-0")},
			Body: &diag.Message{From: diag.Self, Exchange: isakmp.ExchangeInformational, Encrypted: true}})
	}
	for _, x := range []struct {
		name string
		do   func()
	}{{"quiet", func() {}}, {"known", func() { hear(1) }}, {"new", func() { hear(uint64(1_000_000 + n)) }}} {
		b.Run(x.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				x.do()
				tick()
			}
			b.ReportMetric(tunnel, "B/tunnel")
		})
	}
}
