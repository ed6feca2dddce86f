package logparse

import (
	"math"
	"net/netip"
)

// iosPeer is an address as one device's log sees it.
type iosPeer struct {
	origin uint32
	addr   netip.Addr
}

// peers holds the last session of each peer, and of them the one that was asked
// for last: a device says much of one peer before it turns to the next.
type peers struct {
	places map[iosPeer]int32 // in of
	of     []childOf
	spare  []childOf // what forget writes the next of into
	peer   iosPeer
	place  int32   // of peer
	none   iosPeer // the last one that has none, such as this end
	kept   int     // what was left when sessions that are gone were forgotten last
}

func (t *peers) get(k iosPeer) childOf {
	if t.peer == k && len(t.of) > 0 {
		return t.of[t.place]
	}
	if t.none == k {
		return childOf{}
	}
	i, ok := t.places[k]
	if !ok {
		t.none = k
		return childOf{}
	}
	t.peer, t.place = k, i
	return t.of[i]
}

func (t *peers) set(c *sessions, k iosPeer, v childOf) {
	if t.get(k); t.peer == k && len(t.of) > 0 {
		t.of[t.place] = v
		return
	}
	if len(t.of) > t.kept+t.kept/2+fewKept {
		t.forget(c)
	}
	if len(t.of) >= maxChildren {
		t.of = t.of[:0]
	}
	t.peer, t.place = k, int32(len(t.of))
	remember(&t.places, maxChildren, k, t.place)
	t.of = append(t.of, v)
	if t.none == k {
		t.none = iosPeer{}
	}
}

// fewKept are not worth looking through for those whose sessions are gone, beside
// half of what was left the last time.
const fewKept = 16

// forget forgets the peers whose sessions are gone.
func (t *peers) forget(c *sessions) {
	left := t.spare[:0]
	for k, i := range t.places {
		if c.alive(t.of[i]) == 0 {
			delete(t.places, k)
			continue
		}
		t.places[k] = int32(len(left))
		left = append(left, t.of[i])
	}
	t.of, t.spare, t.kept = left, t.of, len(left)
	t.peer, t.place = iosPeer{origin: math.MaxUint32}, 0 // nobody's
}

// setEnds gives a session its addresses where a peer's negotiations are found by
// peers or the like, and none by setPair's tables.
func (n *slot) setEnds(local, remote netip.AddrPort) {
	if local.IsValid() {
		n.s.Local = local
	}
	if remote.IsValid() {
		n.s.Remote = remote
	}
}

// addresses is parseAddrPort for the lines of one log, most of which name this
// end, the peer that is being spoken to, or both: it remembers two.
type addresses struct {
	text [2][]byte
	addr [2]netip.AddrPort
	last int // the place of the one that was asked for last
}

func (t *addresses) read(text []byte) (a netip.AddrPort, ok bool) {
	if len(text) == 0 { // most lines name no address
		return netip.AddrPort{}, false
	}
	return t.find(text)
}

func (t *addresses) find(text []byte) (a netip.AddrPort, ok bool) {
	i := t.last
	if !same(t.text[i], text) {
		if i = 1 - i; !same(t.text[i], text) {
			if a, ok = parseAddrPort(text); !ok {
				return a, false
			}
			t.text[i], t.addr[i] = append(t.text[i][:0], text...), a
		}
		t.last = i
	}
	return t.addr[i], t.addr[i].IsValid()
}
