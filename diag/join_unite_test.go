package diag

import (
	"net/netip"
	"testing"
	"time"
)

// TestUnite: a leg that knows its name and one that knows its peer are one,
// unless another may be meant, their own addresses differ, or their times.
func TestUnite(t *testing.T) {
	own, peer, other := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("198.51.100.9"), netip.MustParseAddr("203.0.113.7")
	at := func(minutes int, assumed string) []*strand {
		m := Time{Value: time.Date(2026, 3, 1, 12, minutes, 0, 0, time.UTC), Precision: time.Second, Assumed: assumed}
		s := &strand{}
		s.from, _ = s.from.clock.moment(m)
		s.to = s.from
		return []*strand{s}
	}
	for _, c := range []struct {
		name string
		legs []*leg
		want int
	}{
		{"one of each", []*leg{{name: "hq", strands: at(0, "")}, {remote: peer, strands: at(0, "")}}, 1},
		{"one of each, a minute apart", []*leg{{name: "hq", strands: at(0, "")}, {remote: peer, strands: at(1, "")}}, 1},
		{"of another time", []*leg{{name: "hq", strands: at(0, "")}, {remote: peer, strands: at(9, "")}}, 2},
		{"of a time in a zone that nobody told", []*leg{{name: "hq", strands: at(0, "zone")}, {remote: peer, strands: at(9, "")}}, 1},
		{"without times", []*leg{{name: "hq", strands: []*strand{{}}}, {remote: peer, strands: at(9, "")}}, 1},
		{"of another address of the host", []*leg{{name: "hq", local: other, strands: at(0, "")}, {remote: peer, local: own, strands: at(0, "")}}, 2},
		{"of one log", []*leg{{name: "hq", strands: at(0, "")}, {remote: peer, strands: at(0, "")}}, 2},
		{"two names", []*leg{{name: "hq", strands: at(0, "")}, {name: "lab", strands: at(0, "")}, {remote: peer, strands: at(0, "")}}, 3},
		{"two peers", []*leg{{name: "hq", strands: at(0, "")}, {remote: peer, strands: at(0, "")}, {remote: other, strands: at(0, "")}}, 3},
		{"another that knows both", []*leg{{name: "hq", strands: at(0, "")}, {remote: peer, strands: at(0, "")}, {name: "lab", remote: other, strands: at(0, "")}}, 3},
		{"a connection for anybody", []*leg{{name: "hq", any: true, strands: at(0, "")}, {remote: peer, strands: at(0, "")}}, 2},
	} {
		b := legBuilder{gateway: &gateway{}, legs: c.legs, byName: map[string][]*leg{}, byRemote: map[netip.Addr][]*leg{}}
		for _, l := range c.legs {
			for _, s := range l.strands {
				if l.remote.IsValid() && c.name != "of one log" {
					s.key.source = 1
				}
				if l.remote.IsValid() {
					s.remote.set(netip.AddrPortFrom(l.remote, 500), Where{}.spot())
				}
			}
		}
		if b.unite(); len(b.legs) != c.want {
			t.Errorf("%s: %d legs, want %d", c.name, len(b.legs), c.want)
		}
	}
}
