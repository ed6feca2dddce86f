package logparse

import (
	"bytes"
	"net/netip"
	"time"
)

// assign finds the session that e is about and leaves it in t.
func (c *charon) assign(o *origin, t *thread, e *Event) {
	var m message
	if e.Kind == MessageParsed || e.Kind == MessageGenerated {
		m = messageOf(e)
	}
	if e.Prefix.HasSAID {
		c.bySAID(o, t, e, m)
		c.learn(o, t, e, m)
		return
	}
	switch e.Kind {
	case PacketReceived:
		c.received(o, t, e)
		return
	case PacketSent:
		c.sent(o, t, e)
		return
	case MessageParsed:
		c.parsed(o, t, e, m)
	case MessageGenerated:
		c.generated(o, t, e, m)
	case RetransmitSent:
		c.retransmit(o, t, e)
		return
	case RetransmitsExhausted:
		t.start()
		if t.cur == 0 {
			if i := c.exhausted(o, e); i != 0 {
				c.use(t, i)
			}
		}
		return
	case HalfOpenDeleted:
		t.newJob()
		if i := c.halfOpen(o, e); i != 0 {
			c.use(t, i)
			c.slots[i].closed = true
		}
	case Initiating:
		t.newJob()
		c.named(o, t, e)
	case TaskQueued:
		if b := e.Bytes(FieldTask); string(b) == "ISAKMP_VENDOR" || string(b) == "IKE_VENDOR" {
			t.newJob()
			t.job = true
		}
		if !t.job {
			return
		}
	case DPDSent, DPDTimeout, KeepaliveSent, ChildInactive:
		t.start() // it is about an SA that only a later line may name
		if t.cur != 0 {
			break
		}
		if e.Has(FieldRemote) {
			c.byOwnAddresses(o, t, e)
		} else if i := c.waiting(o, func(n *slot) bool { return n.s.Established }); i != 0 {
			c.use(t, i)
		}
	case ManagementRequest, InitiateRequested, TerminateRequested, RouteRequested, TimerEvent, ConfigSection, KernelAcquire:
		t.newJob()
	case KernelExpire, ChildRekeying, MappingChanged, ChildNotFound:
		if e.Has(FieldSPI) && !t.job {
			t.newJob()
		}
	}
	if e.Kind.HostWide() {
		if e.Kind < DaemonStarted {
			return
		}
		t.job = t.job && t.cur != 0
		return
	}
	if e.Kind == CookiesSeen || e.Kind == SACreated {
		c.manager(o, t, e)
		c.learn(o, t, e, m)
		return
	}
	if e.Has(FieldSA) {
		c.named(o, t, e)
	} else if spi, in := spiOf(e); spi != 0 || in != 0 {
		c.byChild(o, t, e, spi, in)
	}
	if t.cur == 0 && !t.job {
		c.byOwnAddresses(o, t, e)
		if t.cur == 0 {
			c.byNothing(o, t, e)
		}
	}
	c.learn(o, t, e, m)
}

// spiOf returns the SPIs that a line names: of one side or of both.
func spiOf(e *Event) (spi, in uint32) {
	if !e.Has(FieldSPI) && !e.Has(FieldSPIIn) {
		return 0, 0
	}
	spi, _ = e.SPI(RoleNone)
	in, _ = e.SPI(Inbound)
	return spi, in
}

// bySAID follows a prefix that names the SA.
func (c *charon) bySAID(o *origin, t *thread, e *Event, m message) {
	if e.Kind == PacketReceived || e.Kind == RetransmitSent {
		// A new job; the session is known nevertheless.
		side := t.side
		t.newJob()
		t.side = side
		t.fresh = e.Kind == PacketReceived
	}
	i := t.cur
	if i == 0 || !c.slots[i].s.HasSAID || c.slots[i].s.SAID != e.Prefix.SAID || c.slots[i].origin != o.id {
		began := t.began
		if i = c.find(o, e.Prefix.SAID); i == 0 {
			if i = t.cur; i != 0 && t.job && !c.slots[i].s.HasSAID && !t.tentative {
				// The job's session was without a number so far.
				c.setSA(o, i, e.Prefix.SAID)
				o.known++
			} else {
				i = c.adopt(o, t, e)
				c.setSA(o, i, e.Prefix.SAID)
			}
		}
		c.use(t, i)
		t.began = t.began || began
	}
	c.slots[i].setName(e.Prefix.Connection)
	if c.startsOver(t, e, m) {
		c.slots[i].closed = true
		n := c.begin(o, t, e)
		i = t.cur
		c.setSA(o, i, e.Prefix.SAID)
		n.setName(e.Prefix.Connection)
		c.learnPair(t, true)
	}
	switch e.Kind {
	case PacketReceived, PacketSent:
		t.pair.set(o.id, e.Bytes(FieldLocal), e.Bytes(FieldRemote))
		c.learnPair(t, true)
		if e.Kind == PacketSent {
			c.resent(t, e)
		}
	case RetransmitSent:
		c.countRetransmit(t, i, e)
	case Initiating, SAStateChanged, SAEstablished:
		if id, ok := e.Uint(FieldSA); ok && id != e.Prefix.SAID {
			// The old SA's job speaks of the new one.
			c.named(o, t, e)
		}
	}
}

// startsOver reports whether the line begins a negotiation on an SA whose
// former one is known: a new attempt under the same number, or a restarted
// daemon.
func (c *charon) startsOver(t *thread, e *Event, m message) bool {
	if t.began || t.cur == 0 {
		return false
	}
	n := &c.slots[t.cur]
	switch e.Kind {
	case Initiating:
		id, ok := e.Uint(FieldSA)
		return (!ok || id == n.s.SAID) && n.stage > 0
	case MessageParsed:
		return n.stage > 0 && m.first
	}
	return false
}

// adopt gives the nameless session a name, or makes a new one.
func (c *charon) adopt(o *origin, t *thread, e *Event) int32 {
	o.known++
	if i := o.nameless; i != 0 && c.slots[i].s.Handle == o.namelessHandle && t.cur == i && !c.slots[i].s.HasSAID {
		o.nameless = 0
		return i
	}
	c.begin(o, t, e)
	return t.cur
}

// received begins the job of a datagram.
func (c *charon) received(o *origin, t *thread, e *Event) {
	t.newJob()
	t.job, t.fresh, t.tentative = true, true, true
	t.pair.set(o.id, e.Bytes(FieldLocal), e.Bytes(FieldRemote))
	if i := c.byPair[t.pair.hash]; i != 0 && c.slots[i].origin == o.id && !c.slots[i].closed {
		c.use(t, i)
		t.tentative = true
		return
	}
	if i := c.search(o, t, want{}); i != 0 {
		c.use(t, i)
		t.tentative = true
	}
}

// sent ties a datagram that leaves to the job, or the job to the datagram.
func (c *charon) sent(o *origin, t *thread, e *Event) {
	was := t.pair.hash
	t.pair.set(o.id, e.Bytes(FieldLocal), e.Bytes(FieldRemote))
	if t.cur != 0 && was != t.pair.hash && !c.samePeer(t.cur, t) {
		// The thread's last job was another SA's.
		resend, rmid, mid, pair := t.resend, t.resendMID, t.mid, t.pair
		t.newJob()
		t.pair, t.resend, t.resendMID, t.mid = pair, resend, rmid, mid
	}
	if t.cur == 0 {
		w := want{mid: t.resendMID}
		if t.mid != 0 {
			w.mid = t.mid
		}
		if t.resend > 0 {
			w.resend = t.resend
		}
		i := c.search(o, t, w)
		if i == 0 && t.resend == 0 {
			i = c.single(o, t)
		}
		if i == 0 {
			c.begin(o, t, e)
			o.known++
			i = t.cur
		}
		c.use(t, i)
	}
	t.job, t.tentative = true, false
	c.slots[t.cur].addMID(t.mid)
	t.mid = 0
	c.learnPair(t, false)
	c.resent(t, e)
}

// samePeer reports whether the job's new pair can be one of session i: the
// same addresses, or nothing known of them.
func (c *charon) samePeer(i int32, t *thread) bool {
	n := &c.slots[i]
	if c.byPair[t.pair.hash] == i || !n.s.Remote.IsValid() {
		return true
	}
	r, ok := parseAddrPort(t.pair.remote())
	if !ok {
		return c.byPair[t.pair.hash] == 0
	}
	return r.Addr() == n.s.Remote.Addr()
}

// single returns the nameless session if nothing contradicts that it is the
// job's.
func (c *charon) single(o *origin, t *thread) int32 {
	if i := o.nameless; i != 0 && c.slots[i].s.Handle == o.namelessHandle && !c.slots[i].s.Remote.IsValid() && o.known == 0 {
		return i
	}
	return 0
}

func (c *charon) resent(t *thread, e *Event) {
	if t.resend > 0 {
		e.Retransmission = t.resend
		if t.cur != 0 {
			n := &c.slots[t.cur]
			if n.retransmits != t.resend {
				n.retransmits = t.resend
				n.retransmitTime, n.retransmitSeq = eventTime(e), e.Number
			}
		}
		t.resend = 0
	}
}

func (c *charon) parsed(o *origin, t *thread, e *Event, m message) {
	if m.first {
		if !t.began {
			pair, fresh := t.pair, t.fresh
			c.newNegotiation(o, t, e)
			t.pair, t.fresh = pair, fresh
			c.learnPair(t, false)
			c.slots[t.cur].s.Role = Responder
		}
		t.tentative, t.fresh = false, false
		return
	}
	if t.cur != 0 && !t.tentative {
		t.fresh = false
		return
	}
	w := want{stage: m.stage, mid: m.mid, phase1: m.phase1}
	if m.phase1 {
		w.role = Initiator
		if m.request {
			w.role = Responder
		}
	}
	i := c.search(o, t, w)
	if i == 0 && t.cur != 0 && c.fits(t.cur, t, w) > 0 {
		i = t.cur
	}
	if i == 0 && t.pair.hash == 0 {
		return
	}
	if i == 0 {
		c.begin(o, t, e)
		o.known++
		i = t.cur
		c.slots[i].s.Role = w.role
	}
	c.use(t, i)
	t.fresh = false
	c.learnPair(t, false)
	c.slots[i].addMID(m.mid)
}

// newNegotiation makes the session of a first message. What a viewer's paste
// said before it on the same thread without naming anything belongs to it.
func (c *charon) newNegotiation(o *origin, t *thread, e *Event) {
	c.begin(o, t, e)
	o.known++
}

func (c *charon) generated(o *origin, t *thread, e *Event, m message) {
	if t.cur == 0 && m.first {
		c.newNegotiation(o, t, e)
		c.slots[t.cur].s.Role = Initiator
	}
	t.job = true
	if t.cur == 0 && m.mid != 0 {
		if i := c.waiting(o, func(n *slot) bool { return n.s.Established || n.hasMID(m.mid) }); i != 0 {
			c.use(t, i)
		}
	}
	if t.cur == 0 {
		t.mid = m.mid
		return
	}
	t.tentative = false
	c.slots[t.cur].addMID(m.mid)
}

// retransmit announces a repetition; the datagram that follows tells whose.
func (c *charon) retransmit(o *origin, t *thread, e *Event) {
	t.start()
	n, _ := e.Uint(FieldCount)
	mid, _ := e.MessageID()
	t.resend, t.resendMID = int(min(n, 1000)), mid
	e.Retransmission = t.resend
	if t.cur != 0 {
		c.countRetransmit(t, t.cur, e)
		return
	}
	if i := c.waiting(o, func(s *slot) bool {
		if mid != 0 {
			return s.hasMID(mid)
		}
		return s.retransmits == t.resend-1 && !s.s.Established
	}); i != 0 {
		c.use(t, i)
		c.countRetransmit(t, i, e)
	}
}

func (c *charon) countRetransmit(t *thread, i int32, e *Event) {
	n, _ := e.Uint(FieldCount)
	s := &c.slots[i]
	s.retransmits = int(min(n, 1000))
	s.retransmitTime, s.retransmitSeq = eventTime(e), e.Number
	t.resend = s.retransmits
	e.Retransmission = s.retransmits
	if mid, ok := e.MessageID(); ok {
		t.resendMID = mid
		s.addMID(mid)
	}
}

// waiting returns the only open session of o for which ok says yes.
func (c *charon) waiting(o *origin, ok func(*slot) bool) int32 {
	found := int32(0)
	steps := 0
	for i := c.head; i != 0 && steps < 512; i = c.slots[i].next {
		steps++
		if n := &c.slots[i]; n.origin == o.id && !n.closed && ok(n) {
			if found != 0 {
				return 0
			}
			found = i
		}
	}
	return found
}

// exhausted returns the session that has run out of repetitions: the one that
// was repeated as often as the line says, and of several the one whose last
// repetition is the oldest by more than their clocks can be wrong.
func (c *charon) exhausted(o *origin, e *Event) int32 {
	count, _ := e.Uint(FieldCount)
	best, second := int32(0), int32(0)
	steps := 0
	for i := c.head; i != 0 && steps < 4096; i = c.slots[i].next {
		steps++
		n := &c.slots[i]
		if n.origin != o.id || n.closed || n.retransmits != int(count) {
			continue
		}
		if best == 0 || n.retransmitSeq < c.slots[best].retransmitSeq {
			best, second = i, best
		} else if second == 0 || n.retransmitSeq < c.slots[second].retransmitSeq {
			second = i
		}
	}
	if second != 0 {
		a, b := &c.slots[best], &c.slots[second]
		if a.retransmitTime == 0 || b.retransmitTime == 0 || b.retransmitTime-a.retransmitTime < int64(2*time.Second) {
			return 0
		}
	}
	if best == 0 && count > 0 {
		// The repetitions were not logged; there may be only one that waits.
		best = c.waiting(o, func(n *slot) bool { return !n.s.Established && n.retransmits == 0 && n.s.Role != Responder })
	}
	if best != 0 {
		c.slots[best].retransmits = 0
	}
	return best
}

// halfOpen returns the oldest unfinished session with the line's peer: they
// time out in the order in which they began.
func (c *charon) halfOpen(o *origin, e *Event) int32 {
	remote, ok := e.Address(Remote)
	if e.Has(FieldSA) {
		if id, ok := e.Uint(FieldSA); ok {
			return c.find(o, id)
		}
	}
	best := int32(0)
	steps := 0
	for i := c.head; i != 0 && steps < 4096; i = c.slots[i].next {
		steps++
		n := &c.slots[i]
		if n.origin != o.id || n.closed || n.s.Established || n.s.Role == Initiator || ok && n.s.Remote.Addr() != remote.Addr() {
			continue
		}
		if best == 0 || n.born < c.slots[best].born {
			best = i
		}
	}
	return best
}

// eventTime is the line's time for comparing lines of one log with each other.
func eventTime(e *Event) int64 {
	t, p := e.Time(time.Time{}, nil)
	if p == 0 {
		return 0
	}
	return t.UnixNano()
}

// message is what a line says of an ISAKMP message.
type message struct {
	phase1  bool // main or aggressive mode, or IKEv2's first exchange
	v1      bool // one of IKEv1
	aggr    bool
	request bool
	first   bool   // it begins a negotiation
	stage   uint8  // how far into phase 1: 1 proposals, 2 keys, 3 identities, 0 something else
	mid     uint32 // of an exchange whose ID chance made: those of IKEv2 are counters
}

func messageOf(e *Event) (m message) {
	x := e.Bytes(FieldExchange)
	b := e.Bytes(FieldPayloads)
	m.request = string(e.Bytes(FieldDirection)) == "request"
	switch string(x) {
	case "QUICK_MODE", "INFORMATIONAL_V1", "TRANSACTION":
		m.v1 = true
		m.mid, _ = e.MessageID()
		return m
	case "ID_PROT":
		m.phase1, m.v1 = true, true
	case "AGGRESSIVE":
		m.phase1, m.v1, m.aggr = true, true, true
	case "IKE_SA_INIT":
		m.first = m.request
		m.phase1 = true
		return m
	default:
		return m
	}
	switch w := firstWord(b); {
	case len(w) < 2:
	case string(w) == "SA":
		m.stage = 1
		m.first = m.request
	case string(w) == "KE":
		m.stage = 2
	case string(w) == "ID", string(w) == "HASH", string(w) == "CERT", string(w) == "SIG", m.aggr && string(w) == "NAT-D":
		m.stage = 3
	case m.aggr && bytes.HasPrefix(w, []byte("FRAG(1")):
		m.first = m.request
	}
	return m
}

// want says what a session must be like to be the one that a line means.
type want struct {
	role   Role
	mid    uint32
	stage  uint8
	phase1 bool
	resend int
}

// fits scores a session; 0 rules it out.
func (c *charon) fits(i int32, t *thread, w want) int {
	n := &c.slots[i]
	if w.mid != 0 && n.hasMID(w.mid) {
		return 1000
	}
	if n.closed || w.role != RoleNone && n.s.Role != RoleNone && n.s.Role != w.role {
		return 0
	}
	score := 1
	for _, h := range n.pairs {
		if h == t.pair.hash {
			score += 8
			break
		}
	}
	if w.stage > 0 {
		switch {
		case n.s.Established && w.stage < 3:
			return 0
		case n.stage == w.stage, n.stage+1 == w.stage:
			score += 4
		case n.stage > w.stage:
			score--
		}
	}
	if w.resend > 0 {
		if n.retransmits == w.resend-1 || n.retransmits == w.resend {
			score += 2
		}
	}
	return max(score, 1)
}

// search looks for the session of the job's addresses. Among those of the
// very same addresses and ports the newest that fits is meant; one of other
// ports is taken if it is the only one.
func (c *charon) search(o *origin, t *thread, w want) int32 {
	best, score, tied := int32(0), 0, false
	consider := func(i int32) {
		switch s := c.fits(i, t, w); {
		case s == 0:
		case s > score:
			best, score, tied = i, s, false
		case s == score && s < 9:
			tied = true
		}
	}
	if i := c.byPair[t.pair.hash]; i != 0 && c.slots[i].origin == o.id && !w.phase1 && w.mid == 0 {
		consider(i)
	}
	l, lok := parseAddrPort(t.pair.local())
	r, rok := parseAddrPort(t.pair.remote())
	if !lok && !rok {
		if i := c.byPair[t.pair.hash]; i != 0 && best == 0 {
			consider(i)
		}
		return best
	}
	steps := 0
	for i := c.byAddr[addrKey{o.id, l.Addr(), r.Addr()}]; i != 0 && steps < 64; i = c.slots[i].older {
		steps++
		if i != best {
			consider(i)
		}
	}
	if best == 0 {
		// Known so far by one address only, e.g. "initiating ... to R".
		for i := c.byAddr[addrKey{o.id, netip.Addr{}, r.Addr()}]; i != 0 && steps < 64; i = c.slots[i].older {
			steps++
			consider(i)
		}
	}
	if tied {
		return 0
	}
	return best
}
