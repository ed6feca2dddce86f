package exchange

import (
	"net/netip"

	"github.com/ikediag/ikediag/isakmp"
)

// Defaults of Limits.
const (
	defaultEstablished   = 65536
	defaultHalfOpen      = 8192
	defaultFragmented    = 64
	defaultFragmentBytes = 65535
)

func orDefault(n, d int) int {
	if n <= 0 {
		return d
	}
	return n
}

// pool is a list of slots, the latest heard of at the newest end.
type pool struct {
	oldest, newest int32
	n              int
}

// table holds the attempts: slots in one slab, found by identity, in a pool of
// half-open ones and one of the others.
type table struct {
	slots     []slot
	byID      map[uint64]int32
	byCookies map[uint64]int32
	free      int32 // list by next
	half      pool
	full      pool
	made      bool
}

func (t *table) init() {
	if t.made {
		return
	}
	t.made = true
	t.byID = make(map[uint64]int32)
	t.byCookies = make(map[uint64]int32)
	t.free = none
	t.half = pool{oldest: none, newest: none}
	t.full = t.half
}

func (t *table) poolOf(a *slot) *pool {
	if a.confirmed {
		return &t.full
	}
	return &t.half
}

func (t *table) unlink(i int32) {
	a := &t.slots[i]
	p := t.poolOf(a)
	if a.prev == none {
		p.oldest = a.next
	} else {
		t.slots[a.prev].next = a.next
	}
	if a.next == none {
		p.newest = a.prev
	} else {
		t.slots[a.next].prev = a.prev
	}
	p.n--
}

func (t *table) link(i int32) {
	a := &t.slots[i]
	p := t.poolOf(a)
	a.prev, a.next = p.newest, none
	if p.newest == none {
		p.oldest = i
	} else {
		t.slots[p.newest].next = i
	}
	p.newest = i
	p.n++
}

// touch makes a slot the latest of its pool.
func (t *table) touch(i int32) {
	if t.poolOf(&t.slots[i]).newest != i {
		t.unlink(i)
		t.link(i)
	}
}

// drop forgets an attempt.
func (t *table) drop(i int32) {
	a := &t.slots[i]
	t.unlink(i)
	delete(t.byID, a.id)
	if a.alias != 0 && t.byCookies[a.alias] == i {
		delete(t.byCookies, a.alias)
	}
	a.used = false
	a.next = t.free
	t.free = i
}

// find returns the attempt that a message belongs to, or none. The identity is
// the one that a new attempt would get.
func (t *table) find(ic, rc isakmp.Cookie, src, dst netip.AddrPort) (i int32, id uint64) {
	id = attemptID(ic, src.Addr(), dst.Addr())
	for range 4 { // identities of different attempts may collide
		i, ok := t.byID[id]
		if !ok {
			break
		}
		if t.slots[i].is(ic, src, dst) {
			return i, id
		}
		id++
	}
	if rc == (isakmp.Cookie{}) {
		return none, id
	}
	// A host got another address while its SAs live: a mapping of a NAT that
	// expired, or a dial-up line.
	if i, ok := t.byCookies[cookiesID(ic, rc)]; ok {
		if a := &t.slots[i]; a.cookies[0] == ic && a.cookies[1] == rc && a.knows(src, dst) {
			return i, a.id
		}
	}
	return none, id
}

// findSwapped looks for an attempt whose cookies a sender put the wrong way
// round, as some do in notifications about a message that they refuse.
func (t *table) findSwapped(ic, rc isakmp.Cookie, src, dst netip.AddrPort) int32 {
	if rc == (isakmp.Cookie{}) {
		return none
	}
	i, ok := t.byID[attemptID(rc, src.Addr(), dst.Addr())]
	if !ok {
		return none
	}
	a := &t.slots[i]
	if !a.is(rc, src, dst) || (a.cookies[1] != ic && a.cookies[1] != (isakmp.Cookie{}) && ic != (isakmp.Cookie{})) {
		return none
	}
	return i
}

// findNamed looks for the attempt that a clear informational message of cookies
// of its own is about: its Delete or Notification names the ISAKMP SA by both
// cookies, the SPI of that protocol (RFC 2408, sections 3.14 and 3.15).
func (t *table) findNamed(m *isakmp.Message, src, dst netip.AddrPort) int32 {
	if m.Flags&isakmp.FlagEncryption != 0 {
		return none
	}
	for _, p := range m.Payloads {
		// Both begin with the DOI, the protocol and the SPI's size; behind the
		// next two octets is the SPI.
		if p.Type != isakmp.PayloadDelete && p.Type != isakmp.PayloadNotify || len(p.Body) < 24 || isakmp.ProtocolID(p.Body[4]) != isakmp.ProtocolISAKMP || p.Body[5] != 16 {
			continue
		}
		ic, rc := isakmp.Cookie(p.Body[8:16]), isakmp.Cookie(p.Body[16:24])
		if i, _ := t.find(ic, rc, src, dst); i != none && t.slots[i].cookies[1] == rc {
			return i
		}
	}
	return none
}

// is reports whether an attempt is that of a cookie and two hosts.
func (a *slot) is(ic isakmp.Cookie, src, dst netip.AddrPort) bool {
	if a.cookies[0] != ic {
		return false
	}
	x, y := a.hosts[0].Addr(), a.hosts[1].Addr()
	return x == src.Addr() && y == dst.Addr() || x == dst.Addr() && y == src.Addr()
}

// knows reports whether one of two hosts is one of the attempt's.
func (a *slot) knows(src, dst netip.AddrPort) bool {
	for _, h := range a.hosts {
		if h.Addr() == src.Addr() || h.Addr() == dst.Addr() {
			return true
		}
	}
	return false
}

// add makes an attempt, and room for it.
func (t *Tracker) add(id uint64, ic isakmp.Cookie, src, dst netip.AddrPort) int32 {
	if t.half.n >= orDefault(t.Limits.HalfOpen, defaultHalfOpen) {
		t.drop(t.half.oldest)
		t.stats.EvictedHalfOpen++
	}
	if old, ok := t.byID[id]; ok { // four collisions in a row: somebody made them
		t.drop(old)
		t.stats.EvictedHalfOpen++
	}
	i := t.free
	if i == none {
		i = int32(len(t.slots))
		t.slots = append(t.slots, slot{})
	} else {
		t.free = t.slots[i].next
	}
	a := &t.slots[i]
	*a = slot{id: id, used: true}
	a.cookies[0] = ic
	a.hosts = [2]netip.AddrPort{src, dst}
	t.byID[id] = i
	t.link(i)
	t.stats.Attempts++
	return i
}

// confirm moves an attempt to the pool of established ones.
func (t *Tracker) confirm(i int32) {
	if t.full.n >= orDefault(t.Limits.Established, defaultEstablished) {
		t.drop(t.full.oldest)
		t.stats.EvictedEstablished++
	}
	t.unlink(i)
	a := &t.slots[i]
	a.confirmed = true
	t.link(i)
	if a.cookies[1] != (isakmp.Cookie{}) {
		a.alias = cookiesID(a.cookies[0], a.cookies[1])
		t.byCookies[a.alias] = i
	}
}
