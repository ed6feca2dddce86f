package diag_test

import (
	"testing"
	"time"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/isakmp"
)

// TestFacing: a hub names its connections and never a peer's address; one is up,
// another fails. Who fails to reach the address that the first knows the hub by
// is the other's peer, unless something speaks against it.
func TestFacing(t *testing.T) {
	begins := diag.Keys{Handle: 2, Role: diag.Initiator, Connection: []byte("west")}
	for _, c := range []struct {
		name  string
		hub   []diag.Keys // what it tells of, besides the tunnel that is up
		at    string      // where the spoke calls
		role  diag.Side   // of the spoke
		later time.Duration
		want  int
	}{
		{"the only one that is meant", []diag.Keys{begins}, "192.0.2.1:500", diag.Responder, 0, 3},
		{"two may be meant", []diag.Keys{begins, {Handle: 3, Role: diag.Initiator, Connection: []byte("south")}}, "192.0.2.1:500", diag.Responder, 0, 5},
		{"both begin", []diag.Keys{begins}, "192.0.2.1:500", diag.Initiator, 0, 4},
		{"of another time", []diag.Keys{begins}, "192.0.2.1:500", diag.Responder, time.Hour, 4},
		{"somebody else's address", []diag.Keys{begins}, "192.0.2.99:500", diag.Responder, 0, 4},
	} {
		w := &world{}
		hub := w.source(diag.Source{Name: "hub.log", Gateway: "hub", Kind: diag.KindLog})
		east := w.source(diag.Source{Name: "east.log", Gateway: "east", Kind: diag.KindLog})
		lab := w.source(diag.Source{Name: "lab.log", Gateway: "lab", Kind: diag.KindLog}) // with whom nobody else has to do
		west := w.source(diag.Source{Name: "west.log", Gateway: "west", Kind: diag.KindLog})
		up := func(in, out uint32) diag.Body {
			return &diag.Progress{By: diag.Self, Step: diag.Phase2Up, SPIIn: in, SPIOut: out}
		}
		w.say(hub, diag.Keys{Handle: 1, Role: diag.Initiator, Connection: []byte("east")}, up(0x1001, 0x2001))
		w.say(east, diag.Keys{Handle: 1, Role: diag.Responder, Local: addr("198.51.100.7:500"), Remote: addr("192.0.2.1:500")}, up(0x2001, 0x1001))
		w.say(lab, diag.Keys{Handle: 1, Role: diag.Responder, Local: addr("203.0.113.50:500"), Remote: addr("203.0.113.60:500")}, up(0x3001, 0x4001))
		for _, k := range c.hub {
			w.say(hub, k, &diag.Progress{By: diag.Self, Step: diag.Phase1Started, Mode: isakmp.ExchangeMain})
		}
		w.say(west, diag.Keys{Handle: 1, Role: c.role, Local: addr("203.0.113.9:500"), Remote: addr(c.at)}, &diag.Progress{By: diag.Self, Step: diag.Phase1Started, Mode: isakmp.ExchangeMain})
		w.obs[len(w.obs)-1].Time.Value = w.obs[len(w.obs)-1].Time.Value.Add(c.later)
		e := newEngine(t, diag.Options{})
		w.feed(e)
		if got := len(e.Report().Tunnels); got != c.want {
			t.Errorf("%s: %d tunnels, want %d", c.name, got, c.want)
		}
	}
}
