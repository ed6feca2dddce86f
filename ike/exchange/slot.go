package exchange

import (
	"net/netip"
	"time"

	"github.com/ikediag/ikediag/isakmp"
)

// How much of an attempt's past is remembered. An exchange beyond the sixth
// pushes out an older one, informational ones first, so that a retransmission
// that comes very late counts as new.
const (
	phase1Seen   = 8
	exchangeSeen = 4
	exchanges    = 6
)

// none is the index of no slot.
const none = -1

// slot is what a Tracker keeps of an attempt. Hosts are numbered 0 and 1 in
// the order in which they were heard of; which of them is the initiator may
// become known later.
type slot struct {
	id      uint64
	alias   uint64 // its key in Tracker.byCookies, 0 without
	cookies [2]isakmp.Cookie
	hosts   [2]netip.AddrPort

	initiator uint8 // a host
	roles     RoleBasis
	used      bool
	late      bool
	confirmed bool // in the pool of established attempts
	encMain   uint8
	encInfo   uint8 // sets of hosts: sent encrypted messages that were, or were not, informational
	keyed     uint8 // set of hosts: sent a clear message 3 or 4 of main mode
	sealed    uint8 // set of hosts: sent an encrypted message of main mode
	floated   uint8 // set of hosts: used port 4500
	plain     uint8 // set of hosts: used another port
	nextEx    uint8

	version isakmp.Version
	mode    isakmp.ExchangeType
	nat     [2]NATKind // of hosts
	reached [2]uint8   // of the initiator and the responder
	quick   uint16
	done    uint16

	messages [2]uint32 // of hosts
	last     [2]lastSent
	heard    uint8 // the host that sent the latest message
	latest   int8  // the exchange it was of: 0 none, 1 phase 1, 2 and on ex
	begun    stamp
	end      stamp

	phase1     exchangeRecord
	phase1Ring [phase1Seen]seen
	ex         [exchanges]exchangeRecord
	exRing     [exchanges][exchangeSeen]seen

	prev, next int32 // in the list of its pool, towards older and newer
}

// stamp is a time in nanoseconds since 1970, 0 where there is none, and the
// frame that it belongs to.
type stamp struct {
	at    int64
	frame int
}

func stampOf(d *Datagram) stamp {
	s := stamp{frame: d.Frame}
	if !d.Time.IsZero() {
		if s.at = d.Time.UnixNano(); s.at == 0 {
			s.at = 1
		}
	}
	return s
}

func (s stamp) time() time.Time {
	if s.at == 0 {
		return time.Time{}
	}
	return time.Unix(0, s.at).UTC()
}

// lastSent is the last message of a host.
type lastSent struct {
	exchange    isakmp.ExchangeType
	encrypted   bool
	number      uint8
	id          uint32
	hash        uint64
	length      int
	first, last stamp
	repeats     int
}

// exchangeRecord is one exchange within an attempt.
type exchangeRecord struct {
	id      uint32
	kind    isakmp.ExchangeType
	used    bool
	starter uint8 // a host
	// unsure: the recording may have begun in the midst of it.
	unsure   bool
	distinct uint8 // messages with different bytes so far
	hosts    uint8 // set of those that sent any
	finished bool
	length   int // of the first message
	nextSeen uint8
}

// seen is a message that may come again.
type seen struct {
	hash   uint64
	at     int64
	host   uint8
	number uint8
	used   bool
	same   uint16 // how often it came again
}

// copyWindow is the time within which the same bytes are a copy made on the
// way or by the recording. The fastest retransmission timers wait for hundreds
// of milliseconds.
const copyWindow = int64(20 * time.Millisecond)

// note looks a message up among those seen in an exchange, and adds it where
// it is new. Number is asked only for a new message.
func (e *exchangeRecord) note(ring []seen, hash uint64, host uint8, at int64, number func() uint8) (n uint8, retransmission, again int, isCopy bool) {
	var hit *seen
	for i := range ring {
		if s := &ring[i]; s.used && s.hash == hash && s.host == host {
			hit = s
			break
		}
	}
	if hit == nil {
		n = number()
		again = before(ring, host, n)
		ring[e.nextSeen] = seen{hash: hash, at: at, host: host, number: n, used: true}
		e.nextSeen = (e.nextSeen + 1) % uint8(len(ring))
		return n, 0, again, false
	}
	if at != 0 && hit.at != 0 && abs(at-hit.at) < copyWindow {
		return hit.number, int(hit.same), before(ring, host, hit.number) - 1, true
	}
	again = before(ring, host, hit.number)
	hit.same++
	if hit.same == 0 {
		hit.same-- // stay at the highest
	}
	hit.at = at
	return hit.number, int(hit.same), again, false
}

// before counts the messages of a host and number that are remembered,
// repetitions included.
func before(ring []seen, host, number uint8) (n int) {
	if number == 0 {
		return 0
	}
	for i := range ring {
		if s := &ring[i]; s.used && s.host == host && s.number == number {
			n += 1 + int(s.same)
		}
	}
	return n
}

func abs(n int64) int64 {
	if n < 0 {
		return -n
	}
	return n
}

// exchange returns the index of the exchange with a message ID, of a new one
// where there is none. Where starter is not none, only an exchange of that
// starter counts.
func (a *slot) exchange(kind isakmp.ExchangeType, id uint32, starter int) (at int, isNew bool) {
	for i := range a.ex {
		e := &a.ex[i]
		if e.used && e.id == id && e.kind == kind && (starter == none || int(e.starter) == starter) {
			return i, false
		}
	}
	i := a.victim()
	if a.latest == int8(i)+2 {
		a.latest = 0
	}
	a.ex[i] = exchangeRecord{id: id, kind: kind, used: true}
	clear(a.exRing[i][:])
	return i, true
}

// victim returns the record to use next: the oldest, but informational
// exchanges and finished ones before one that goes on.
func (a *slot) victim() int {
	n := len(a.ex)
	pick := int(a.nextEx)
	for k := range n {
		i := (int(a.nextEx) + k) % n
		e := &a.ex[i]
		if !e.used || e.finished {
			pick = i
			break
		}
	}
	a.nextEx = uint8((pick + 1) % n)
	return pick
}

// host returns the number of the host that sent from src to dst.
func (a *slot) host(src, dst netip.AddrPort) uint8 {
	switch {
	case src == a.hosts[0]:
		return 0
	case src == a.hosts[1]:
		return 1
	case a.hosts[0].Addr() != a.hosts[1].Addr():
		if src.Addr() == a.hosts[0].Addr() || dst.Addr() == a.hosts[1].Addr() {
			return 0
		}
		return 1
	case dst == a.hosts[0]:
		return 1
	}
	return 0
}

// side returns the side of a host, SideUnknown where roles are not known.
func (a *slot) side(host uint8) Side {
	switch {
	case a.roles == RoleUnknown:
		return SideUnknown
	case host == a.initiator:
		return Initiator
	}
	return Responder
}

// learn records that a host is the initiator. What rests on better evidence
// stays.
func (a *slot) learn(host uint8, basis RoleBasis) {
	if basis <= a.roles {
		return
	}
	if a.roles != RoleUnknown && a.initiator != host {
		a.reached = [2]uint8{} // counted for the wrong sides
	}
	a.initiator, a.roles = host, basis
}
