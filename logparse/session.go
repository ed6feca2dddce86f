package logparse

import (
	"encoding/binary"
	"net/netip"
	"slices"
)

// defaultMaxSessions is what Parser.MaxSessions is where it is 0.
const defaultMaxSessions = 8192

// slot is one session and what the assembler needs to find it again.
type slot struct {
	// What most lines look at comes first, for fewer memory accesses.
	origin      uint32
	used        int // the last line
	s           Session
	stage       uint8 // of phase 1: 1 SA, 2 KE, 3 ID seen
	closed      bool
	mapped      bool     // bySA has it
	over        bool     // closed, as far as only its place in the table matters
	local, both uint8    // lengths of the last pair
	text        [64]byte // the last pair as written, where it is that short
	retransmits int      // of the message that waits for an answer
	// conn, lid and rid own what s.Connection, s.LocalID and s.RemoteID show.
	conn, lid, rid []byte
	retransmitTime int64 // of the last one, in nanoseconds, 0 unknown
	retransmitSeq  int   // the line of the last one
	mids           [4]uint32
	midNext        uint8
	spis           [8]uint32
	spiNext        uint8
	pair           uint64    // hash of the last address pair
	pairs          [4]uint64 // hashes of the address pairs it was seen with
	pairNext       uint8
	addr           addrKey
	born           int   // the first line
	older, newer   int32 // sessions of the same addresses
	prev, next     int32 // by last use
}

type addrKey struct {
	origin        uint32
	local, remote netip.Addr
}

// sessions is a bounded table. Index 0 is no session.
type sessions struct {
	tables
	max        int
	lazy       int // how many lines a session's place may be out of date
	free       int32
	head, tail int32 // most and least recently used
	live       int
	hour, day  past
	while      while
	sweep      int32  // where the search for one to forget goes on, 0 at the tail
	low, high  uint64 // the numbers in bySA are from low to high
	evicted    int
}

// tables are what of sessions takes room.
type tables struct {
	slots  []slot
	bySA   map[saKey]int32
	byPair map[uint64]int32
	byAddr map[addrKey]int32
	bySPI  map[uint64]int32
}

// init makes the table ready, in the memory of another one where it can.
func (t *sessions) init(max int, r *room) {
	if max <= 0 {
		max = defaultMaxSessions
	}
	t.max, t.lazy = max, min(max/8, 1024)
	t.tables, r.tables = r.tables, tables{}
	if t.slots == nil {
		t.slots = make([]slot, 0, min(max+1, 8))
		t.bySA, t.byPair = map[saKey]int32{}, map[uint64]int32{}
		t.byAddr, t.bySPI = map[addrKey]int32{}, map[uint64]int32{}
	}
	t.slots = t.slots[:1]
}

// lingers is for how many lines a session that has ended may still be spoken of,
// unless an hour has passed; then its place is another's. One that did not come
// up is waited for as long as halfOpen lines, and no longer than an hour either.
const (
	lingers  = 1 << 11
	halfOpen = 1 << 13
	// fewSessions are not worth forgetting as long as they have not ended.
	fewSessions = 24
)

// add makes a session, at the cost of the one that was silent longest where
// there is no room.
func (t *sessions) add(origin uint32, handle uint64, line int) int32 {
	if t.dropOver(line) {
		t.dropOver(line) // so that after many that came to nothing they get fewer again
	}
	var i int32
	switch {
	case t.free != 0:
		i = t.free
		t.free = t.slots[i].next
	case len(t.slots) <= t.max:
		if n := len(t.slots); n == cap(t.slots) { // in the end by less than append does: it has its size for years
			t.slots = append(make([]slot, 0, n+max(n/4, min(n, 16))), t.slots...)
		}
		t.slots = append(t.slots, slot{})
		i = int32(len(t.slots) - 1)
	default:
		t.evicted++
		t.drop(t.tail)
		i = t.free
		t.free = t.slots[i].next
	}
	n := &t.slots[i]
	conn, lid, rid := n.conn[:0], n.lid[:0], n.rid[:0]
	*n = slot{}
	n.origin, n.conn, n.lid, n.rid, n.born, n.used, n.s.Handle = origin, conn, lid, rid, line, line, handle
	t.live++
	t.link(i)
	return i
}

// dropOver forgets a session that is over, and reports whether it found one
// among a few of those that were silent longest: each search goes on where the
// one before ended.
func (t *sessions) dropOver(line int) bool {
	for range 16 {
		i := t.sweep
		if i == 0 {
			i = t.tail
		}
		s := &t.slots[i]
		if i == 0 || line-s.used <= lingers && s.used >= t.hour.old {
			t.sweep = 0
			return false
		}
		if t.sweep = s.prev; t.gone(s, line) {
			t.drop(i)
			return true
		}
	}
	return false
}

// gone reports whether a session is not to be heard of again: it has ended some
// time ago; or, where nobody has told its end, a negotiation was not gone on
// with, or what it led to has expired.
func (t *sessions) gone(n *slot, line int) bool {
	silent := line - n.used
	switch {
	case (n.closed || n.over) && silent > lingers:
		return true
	case t.live <= fewSessions:
		return false
	}
	return n.closed || n.over || n.used < t.day.old || !n.s.Established && (n.used < t.hour.old || silent > halfOpen)
}

// drop forgets a session.
func (t *sessions) drop(i int32) {
	n := &t.slots[i]
	t.unmap(n)
	for _, h := range n.pairs {
		if h == 0 {
			break // the rest are, too
		}
		if t.byPair[h] == i {
			delete(t.byPair, h)
		}
	}
	for _, spi := range n.spis {
		if spi == 0 {
			break
		}
		if k := spiKey(n.origin, spi); t.bySPI[k] == i {
			delete(t.bySPI, k)
		}
	}
	t.unlinkAddr(i)
	t.unlink(i)
	t.live--
	n.s = Session{}
	n.next, t.free = t.free, i
}

func (t *sessions) unlinkAddr(i int32) {
	n := &t.slots[i]
	if !n.addr.local.IsValid() && !n.addr.remote.IsValid() {
		return
	}
	switch {
	case n.newer != 0:
		t.slots[n.newer].older = n.older
	case n.older != 0:
		t.byAddr[n.addr] = n.older
	default:
		delete(t.byAddr, n.addr)
	}
	if n.older != 0 {
		t.slots[n.older].newer = n.newer
	}
	n.addr, n.older, n.newer = addrKey{}, 0, 0
}

func (t *sessions) link(i int32) {
	n := &t.slots[i]
	n.prev, n.next = 0, t.head
	if t.head != 0 {
		t.slots[t.head].prev = i
	}
	t.head = i
	if t.tail == 0 {
		t.tail = i
	}
}

func (t *sessions) unlink(i int32) {
	n := &t.slots[i]
	if t.sweep == i {
		t.sweep = n.prev
	}
	if n.prev != 0 {
		t.slots[n.prev].next = n.next
	} else {
		t.head = n.next
	}
	if n.next != 0 {
		t.slots[n.next].prev = n.prev
	} else {
		t.tail = n.prev
	}
}

// touch marks n, session i, as used at a line. It is moved in the list only when
// it was not for a while: what is forgotten first need not be exact. So few
// lines cannot begin as many sessions as would push it out meanwhile.
func (t *sessions) touch(i int32, n *slot, line int) {
	if uint(line-n.used) > uint(t.lazy) {
		t.renew(i, n, line)
	}
}

// renew moves session i to the front of the list.
func (t *sessions) renew(i int32, n *slot, line int) {
	n.used = line
	if t.head != i {
		t.unlink(i)
		t.link(i)
	}
}

// setPair gives a session its addresses; hash is that of their text.
func (t *sessions) setPair(i int32, local, remote netip.AddrPort, hash uint64) {
	n := &t.slots[i]
	if hash != 0 && t.byPair[hash] != i {
		if old := n.pairs[n.pairNext%4]; old != 0 && t.byPair[old] == i {
			delete(t.byPair, old)
		}
		n.pairs[n.pairNext%4] = hash
		n.pairNext++
		t.byPair[hash] = i
	}
	if local.IsValid() {
		n.s.Local = local
	}
	if remote.IsValid() {
		n.s.Remote = remote
	}
	if k := (addrKey{n.origin, n.s.Local.Addr(), n.s.Remote.Addr()}); k != n.addr && (k.local.IsValid() || k.remote.IsValid()) {
		t.unlinkAddr(i)
		n.addr, n.older = k, t.byAddr[k]
		if n.older != 0 {
			t.slots[n.older].newer = i
		}
		t.byAddr[k] = i
	}
}

func (t *sessions) addSPI(i int32, spi uint32) {
	n := &t.slots[i]
	if spi == 0 || slices.Contains(n.spis[:], spi) && t.bySPI[spiKey(n.origin, spi)] == i {
		return
	}
	at := &n.spis[n.spiNext%8]
	if *at != 0 && t.bySPI[spiKey(n.origin, *at)] == i {
		delete(t.bySPI, spiKey(n.origin, *at))
	}
	*at = spi
	n.spiNext++
	t.bySPI[spiKey(n.origin, spi)] = i
}

func spiKey(origin, spi uint32) uint64 { return uint64(origin)<<32 | uint64(spi) }

func (n *slot) addMID(mid uint32) {
	if mid != 0 && !n.hasMID(mid) {
		n.mids[n.midNext%4] = mid
		n.midNext++
	}
}

func (n *slot) hasMID(mid uint32) bool {
	for _, m := range n.mids {
		if m == mid {
			return mid != 0
		}
	}
	return false
}

// samePair reports whether the last pair was written so.
func (n *slot) samePair(local, remote []byte) bool {
	return int(n.both) == len(local)+len(remote) && same(n.text[:n.local], local) && same(n.text[n.local:n.both], remote)
}

func (n *slot) keepPair(local, remote []byte) {
	if n.both = 0; len(local)+len(remote) <= len(n.text) {
		n.local = uint8(copy(n.text[:], local))
		n.both = n.local + uint8(copy(n.text[n.local:], remote))
	}
}

// setName keeps the connection's name; strongSwan's "(unnamed)" is none.
func (n *slot) setName(name []byte) {
	if len(name) > 0 && name[0] != '(' && string(n.s.Connection) != string(name) {
		n.conn = append(n.conn[:0], bounded(name)...)
		n.s.Connection = n.conn
	}
}

func (n *slot) setIDs(local, remote []byte) {
	if len(local) > 0 && string(n.lid) != string(local) {
		n.lid = append(n.lid[:0], bounded(local)...)
		n.s.LocalID = n.lid
	}
	if len(remote) > 0 && string(n.rid) != string(remote) {
		n.rid = append(n.rid[:0], bounded(remote)...)
		n.s.RemoteID = n.rid
	}
}

// bounded cuts what a session keeps of a name that somebody else may have
// chosen.
func bounded(b []byte) []byte { return b[:min(len(b), 256)] }

// hash mixes b into h: not cryptographic, the same in every run.
func hash(h uint64, b []byte) uint64 {
	const m = 0x9e3779b97f4a7c15
	h = (h ^ uint64(len(b))) * m
	if len(b) >= 8 {
		last := last8(b, len(b))
		for ; len(b) > 8; b = b[8:] {
			h = (h ^ first8(b)) * m
			h ^= h >> 29
		}
		h = (h ^ last) * m
		return h ^ h>>32
	}
	v := uint64(0)
	if n := len(b); n >= 4 { // the octets in the middle twice, as the same bits
		v = uint64(binary.LittleEndian.Uint32(b)) | uint64(binary.LittleEndian.Uint32(b[n-4:]))<<(8*n-32)
	} else {
		for i, c := range b {
			v |= uint64(c) << (8 * i)
		}
	}
	h = (h ^ v) * m
	return h ^ h>>32
}
