package logparse

import "net/netip"

// iosPeer is an address as one device's log sees it.
type iosPeer struct {
	origin uint32
	addr   netip.Addr
}

// peers holds the last session of each peer, and of them the one that was asked
// for last: a device says much of one peer before it turns to the next.
type peers struct {
	all  sessionTable[iosPeer]
	peer iosPeer
	of   childOf
	none iosPeer // the last one that has none, such as this end
}

func (t *peers) get(k iosPeer) childOf {
	if t.peer == k {
		return t.of
	}
	if t.none == k {
		return childOf{}
	}
	v, ok := t.all.by[k]
	if !ok {
		t.none = k
		return v
	}
	t.peer, t.of = k, v
	return v
}

func (t *peers) set(c *sessions, k iosPeer, v childOf) {
	if t.get(k) == v {
		return
	}
	t.all.set(c, maxChildren, k, v)
	t.peer, t.of = k, v
	if t.none == k {
		t.none = iosPeer{}
	}
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
	if string(t.text[i]) != string(text) {
		if i = 1 - i; string(t.text[i]) != string(text) {
			if a, ok = parseAddrPort(text); !ok {
				return a, false
			}
			t.text[i], t.addr[i] = append(t.text[i][:0], text...), a
		}
		t.last = i
	}
	return t.addr[i], t.addr[i].IsValid()
}
