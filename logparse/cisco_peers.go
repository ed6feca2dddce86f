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
	all  map[iosPeer]childOf
	peer iosPeer
	of   childOf
	text []byte // the address that was read last
	addr netip.Addr
}

// read gives the address that a line's prefix names.
func (t *peers) read(text []byte) netip.Addr {
	if string(t.text) != string(text) {
		a, _ := parseAddrPort(text)
		t.text, t.addr = append(t.text[:0], text...), a.Addr()
	}
	return t.addr
}

func (t *peers) get(k iosPeer) childOf {
	if t.peer == k {
		return t.of
	}
	v := t.all[k]
	if v.slot != 0 { // lines that name both ends ask for this end, too
		t.peer, t.of = k, v
	}
	return v
}

func (t *peers) set(k iosPeer, v childOf) {
	if t.get(k) == v {
		return
	}
	remember(&t.all, maxChildren, k, v)
	t.peer, t.of = k, v
}
