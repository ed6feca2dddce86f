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

// TestBounds floods an engine in every way that those who write its evidence
// have: what it keeps does not grow with the flood.
func TestBounds(t *testing.T) {
	n := 20_000
	if testing.Short() {
		n = 4_000
	}
	peer := func(i int) netip.AddrPort {
		return netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}), 500)
	}
	for name, set := range map[string]func(i int, o *diag.Observation){
		"half-open": func(i int, o *diag.Observation) { o.Keys.Handle, o.Keys.Remote = uint64(i+1), peer(i) },
		"half-open beside those that stay": func(i int, o *diag.Observation) {
			if o.Keys.Handle = uint64(i + 100); i%16 == 0 {
				o.Keys.Handle = uint64(1 + i/16%50)
			}
			o.Body = &diag.Notify{From: diag.Peer, Type: isakmp.NotifyType(i)}
		},
		"tunnels": func(i int, o *diag.Observation) {
			o.Keys.Handle, o.Keys.Remote, o.Body = uint64(i+1), peer(i), &diag.Progress{By: diag.Self, Step: diag.Phase2Up}
		},
		"children of one": func(i int, o *diag.Observation) {
			o.Keys.Child, o.Keys.SPI, o.Keys.MessageID = uint64(i+1), uint32(i+256), uint32(i)
			o.Body = &diag.Progress{By: diag.Self, Step: diag.Phase2Up}
		},
		"lines of one": func(i int, o *diag.Observation) {},
		"identities": func(i int, o *diag.Observation) {
			o.Body = &diag.Identity{Of: diag.Peer, Role: diag.Declared, ID: ike.ParseIdentity(fmt.Sprintf("x%d.example.com", i), ike.DialectStrongSwan)}
			o.Keys.RemoteID = fmt.Appendf(nil, "x%d.example.com", i)
		},
		"vendor IDs": func(i int, o *diag.Observation) {
			o.Body = &diag.Software{Of: diag.Peer, Product: fmt.Sprintf("product %d", i), Version: fmt.Sprint(i)}
		},
		"notifies": func(i int, o *diag.Observation) { o.Body = &diag.Notify{From: diag.Peer, Type: isakmp.NotifyType(i)} },
		"hosts": func(i int, o *diag.Observation) {
			o.Keys.Handle, o.Keys.Host = uint64(i+1), fmt.Appendf(nil, "host%d", i)
		},
		"hosts' own facts": func(i int, o *diag.Observation) {
			o.Keys = diag.Keys{Host: fmt.Appendf(nil, "host%d", i)}
			o.Body = &diag.Host{Event: diag.DaemonStarted}
		},
		"long text": func(i int, o *diag.Observation) {
			o.Text = make([]byte, 5000)
			o.Body = &diag.Notify{From: diag.Peer, Type: isakmp.NotifyType(i % 30)}
			o.Keys.Connection = fmt.Appendf(nil, "%05000d", i)
		},
	} {
		heap := func() int {
			var m runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&m)
			return int(m.HeapAlloc)
		}
		for _, told := range []bool{true, false} { // the time
			before := heap()
			e := newEngine(t, diag.Options{MaxHalfOpen: 100, MaxTunnels: 100})
			o := diag.Observation{Source: e.AddSource(diag.Source{Name: "x", Kind: diag.KindLog}), Basis: diag.Logged}
			now := time.Unix(1_700_000_000, 0)
			for i := range n {
				o.Keys = diag.Keys{Handle: 1, Role: diag.Responder, Local: addr("192.0.2.1:500"), Remote: addr("198.51.100.2:500")}
				o.Where.Line, o.Text = i+1, nil
				o.Body = &diag.Progress{By: diag.Peer, Step: diag.Phase1Started}
				set(i, &o)
				e.Observe(&o)
				if told && i%500 == 0 {
					now = now.Add(time.Second)
					for range e.Advance(now) {
					}
				}
			}
			r := e.Report()
			if used := heap() - before; used > 8<<20 || len(r.Tunnels) > 202 || len(r.Findings) > 5000 {
				t.Errorf("%s, told the time: %v: %d KiB, %d tunnels, %d findings", name, told, used>>10, len(r.Tunnels), len(r.Findings))
			}
			runtime.KeepAlive(e)
		}
	}
}
