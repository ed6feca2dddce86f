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
	hq, lab := &names{name: "hq"}, &names{name: "lab"}
	at := func(minutes int, assumed string) []*strand {
		m := Time{Value: time.Date(2026, 3, 1, 12, minutes, 0, 0, time.UTC), Precision: time.Second, Assumed: assumed}
		s := &strand{names: &noNames}
		s.from, _ = s.from.clock.moment(&m)
		s.to = s.from
		return []*strand{s}
	}
	for _, c := range []struct {
		name string
		legs []*leg
		want int
	}{
		{"one of each", []*leg{{names: hq, strands: at(0, "")}, {names: &noNames, remote: peer, strands: at(0, "")}}, 1},
		{"one of each, a minute apart", []*leg{{names: hq, strands: at(0, "")}, {names: &noNames, remote: peer, strands: at(1, "")}}, 1},
		{"of another time", []*leg{{names: hq, strands: at(0, "")}, {names: &noNames, remote: peer, strands: at(9, "")}}, 2},
		{"of a time in a zone that nobody told", []*leg{{names: hq, strands: at(0, "zone")}, {names: &noNames, remote: peer, strands: at(9, "")}}, 1},
		{"without times", []*leg{{names: hq, strands: []*strand{{names: &noNames}}}, {names: &noNames, remote: peer, strands: at(9, "")}}, 1},
		{"of another address of the host", []*leg{{names: hq, local: other, strands: at(0, "")}, {names: &noNames, remote: peer, local: own, strands: at(0, "")}}, 2},
		{"of one log", []*leg{{names: hq, strands: at(0, "")}, {names: &noNames, remote: peer, strands: at(0, "")}}, 2},
		{"two names", []*leg{{names: hq, strands: at(0, "")}, {names: lab, strands: at(0, "")}, {names: &noNames, remote: peer, strands: at(0, "")}}, 3},
		{"two peers", []*leg{{names: hq, strands: at(0, "")}, {names: &noNames, remote: peer, strands: at(0, "")}, {names: &noNames, remote: other, strands: at(0, "")}}, 3},
		{"another that knows both", []*leg{{names: hq, strands: at(0, "")}, {names: &noNames, remote: peer, strands: at(0, "")}, {names: lab, remote: other, strands: at(0, "")}}, 3},
		{"a connection for anybody", []*leg{{names: hq, any: true, strands: at(0, "")}, {names: &noNames, remote: peer, strands: at(0, "")}}, 2},
	} {
		b := legBuilder{gateway: &gateway{}, legs: c.legs, byName: map[string][]*leg{}, byRemote: map[netip.Addr][]*leg{}}
		for _, l := range c.legs {
			for _, s := range l.strands {
				if l.remote.IsValid() && c.name != "of one log" {
					s.key.source = 1
				}
				if l.remote.IsValid() {
					s.remote = netip.AddrPortFrom(l.remote, 500)
				}
			}
		}
		if b.unite(); len(b.legs) != c.want {
			t.Errorf("%s: %d legs, want %d", c.name, len(b.legs), c.want)
		}
	}
}
