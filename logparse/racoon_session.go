package logparse

import (
	"net/netip"
)

// racoonLog ties the lines of racoon and its descendants to sessions.
//
// What begins or ends a negotiation names both ends or the cookies. Most
// others name nothing, or the peer before the level's word: the daemon does one
// thing at a time, so they are about what the lines just before were about,
// unless too much time has passed and several negotiations are open.
//
// It shares the tables of sessions and daemons with charon.
type racoonLog struct {
	charon
	jobs      map[uint32]*racoonJob // by origin
	last      *racoonJob
	peers     peers
	addresses addresses
	cookies   sessionTable[racoonCookie] // by the initiator's
	cookie    racoonCookie               // the last one
	cookieOf  childOf
	clock     clock
	now       int64 // of the line
	// The ends that the line names.
	local, remote netip.AddrPort
	out           record
}

type racoonCookie struct {
	origin uint32
	cookie uint64
}

// racoonJob is what a daemon's log is at.
type racoonJob struct {
	origin uint32
	cur    childOf
	at     int64 // the time of cur's last line
	quick  uint8 // which end began the quick mode: 1 this, 2 the peer
	failed bool  // the kernel refused something of it
	spiIn  uint32
	spiOut uint32
	offer  racoonOffer
	dump   racoonDump
}

// The marks of a session, in slot.stage.
const (
	racoonHeard  uint8 = 1 << iota // the peer's second or third message came
	racoonKeyed                    // and the one after: there are keys
	racoonTold                     // why it failed was said
	racoonNoID                     // a configuration did not fit the identity
	racoonQuiet                    // a proposal was refused for another reason than its algorithms
	racoonBegan                    // the log shows its beginning
	racoonRefuse                   // an attribute was refused that is no method
)

// racoonPause is how long a line that names nobody may come after the last one
// of its negotiation, where there are several.
const racoonPause = 2e9

// racoonSeveral is how many sessions are looked through for the one that is
// open.
const racoonSeveral = 64

func (c *racoonLog) line(e *Event) {
	if e.Kind == Repeated {
		e.of(&noSession)
		return
	}
	o := c.charon.last
	if o == nil || len(e.Prefix.Host) > 0 || len(e.Prefix.Time) > 0 || len(e.Prefix.Group) > 0 {
		o = c.charon.origin(e)
	} // else it goes on with a message of several lines
	j := c.job(o)
	c.out.begin(e)
	if e.Kind == DaemonStarted {
		c.restart(o)
		delete(c.jobs, j.origin)
		j.cur, j.origin = childOf{}, o.id
		c.jobs[o.id] = j
	}
	c.now = c.clock.of(e)
	dumped := j.dump.line(e)
	if i := c.find(o, j, e); i != 0 {
		n := &c.slots[i]
		j.cur = childOf{i, n.s.Handle}
		j.at = c.now
		if !dumped {
			c.learn(o, j, i, n, e)
		}
		c.touch(i, n, e.Number)
		e.of(&n.s)
	} else {
		e.of(&noSession)
	}
	j.dump.settle(e)
}

func (c *racoonLog) job(o *origin) *racoonJob {
	if c.last != nil && c.last.origin == o.id {
		return c.last
	}
	j := c.jobs[o.id]
	if j == nil {
		j = &racoonJob{origin: o.id}
		remember(&c.jobs, maxOrigins, o.id, j)
	}
	c.last = j
	return j
}

// find returns the session that a line is about, 0 if it is about none.
func (c *racoonLog) find(o *origin, j *racoonJob, e *Event) int32 {
	cur := c.current(j)
	if e.Kind < DaemonStarted && e.Kind != Plain {
		return cur
	}
	if e.Kind.HostWide() && e.Kind != Plain {
		return 0
	}
	switch e.Kind {
	case UnknownPeerSA, KernelExpire, DumpStart:
		return 0
	}
	c.ends(e)
	r := &c.remote
	switch e.Kind {
	case KernelSA: // its packets' source and destination
		if i := c.alive(c.peers.get(iosPeer{o.id, c.local.Addr()})); i != 0 {
			return i
		}
		if i := c.alive(c.peers.get(iosPeer{o.id, r.Addr()})); i == 0 && cur != 0 {
			return cur
		} else if i != 0 {
			return i
		}
	case ChildDeleteReceived:
		if spi, ok := parseUint(e.Bytes(FieldSPI)); ok {
			if i := c.bySPI[spiKey(o.id, uint32(spi))]; i != 0 && c.slots[i].s.Handle != 0 {
				return i
			}
		}
		return cur
	}
	begins := e.Kind == Initiating || e.Kind == BeingInitiated
	if ck, ok := racoonCookies(e); ok {
		known := c.byCookie(racoonCookie{o.id, ck[0]})
		i := known
		if i == 0 {
			i = c.byEnds(o, cur, r.Addr(), e, !begins)
		}
		if i == 0 || begins {
			i = c.fresh(o, e)
		}
		c.setCookies(o, i, ck, i == known)
		c.setEnds(o, i)
		return i
	}
	if r.IsValid() {
		if begins {
			i := c.fresh(o, e)
			c.setEnds(o, i)
			c.slots[i].stage |= racoonBegan
			return i
		}
		i := c.byEnds(o, cur, r.Addr(), e, false)
		if i == 0 && (e.Kind == Plain || e.Kind == PacketReceived || e.Kind == PacketSent) {
			if e.Kind != Plain {
				j.cur = childOf{} // another negotiation's datagram
			}
			return 0
		}
		if i == 0 {
			i = c.fresh(o, e)
		}
		c.setEnds(o, i)
		return i
	}
	if cur == 0 && e.Kind != Unknown && e.Kind != Plain {
		cur = c.alone(o)
	}
	if cur == 0 && e.Kind == RetransmitsExhausted {
		cur = c.byEnds(o, 0, netip.Addr{}, e, false)
	}
	if cur != 0 && !begins {
		return cur
	}
	switch e.Kind {
	case Plain, Unknown, VendorIDReceived, VendorIDUnknown, ProposalAttribute, ProposalSelecting, SAStateChanged, RetransmitReceived, DPDReceived, DPDSent, ProposalMatches, PolicyAttribute:
		return 0
	}
	return c.fresh(o, e)
}

// current returns the session that a line is about which names nobody, as far
// as the time tells.
func (c *racoonLog) current(j *racoonJob) int32 {
	i := c.alive(j.cur)
	if i == 0 {
		return 0
	}
	now := c.now
	if now == 0 || j.at == 0 || now-j.at <= racoonPause && j.at-now <= racoonPause {
		return i
	}
	return 0
}

// alone returns the one session that is open, 0 where there are several.
func (c *racoonLog) alone(o *origin) int32 {
	if c.live > racoonSeveral {
		return 0
	}
	return c.waiting(o, func(*slot) bool { return true })
}

// byEnds returns the session with a peer: the one that is being worked on, else
// its last one. Cookies that nobody knows belong to one that has none yet.
func (c *racoonLog) byEnds(o *origin, cur int32, peer netip.Addr, e *Event, unnamed bool) int32 {
	fits := func(i int32) bool {
		n := &c.slots[i]
		return i != 0 && (!unnamed || n.s.Cookies[0] == 0) && (!peer.IsValid() || n.s.Remote.Addr() == peer)
	}
	if peer.IsValid() {
		if i := c.alive(c.peers.get(iosPeer{o.id, peer})); fits(i) {
			return i
		}
		if unnamed && fits(cur) {
			return cur
		}
		return 0
	}
	if e.Kind != RetransmitsExhausted && fits(cur) {
		return cur
	}
	// Who gives up is the one that began first.
	found := int32(0)
	steps := 0
	for i := c.head; i != 0 && steps < 512; i = c.slots[i].next {
		steps++
		if n := &c.slots[i]; n.origin == o.id && !n.closed && !n.s.Established && fits(i) && (found == 0 || n.born < c.slots[found].born) {
			found = i
		}
	}
	return found
}

func (c *racoonLog) fresh(o *origin, e *Event) int32 {
	t := o.thread(-1)
	c.begin(o, t, e)
	return t.cur
}

// byCookie returns the session that is known by a cookie, 0 if there is none.
func (c *racoonLog) byCookie(k racoonCookie) int32 {
	if c.cookie != k {
		of, ok := c.cookies.by[k]
		if !ok {
			return 0
		}
		c.cookie, c.cookieOf = k, of
	}
	return c.alive(c.cookieOf)
}

// setCookies gives a session its cookies, by the first of which it may be known.
func (c *racoonLog) setCookies(o *origin, i int32, ck [2]uint64, known bool) {
	n := &c.slots[i]
	n.s.Cookies[0] = ck[0]
	if ck[1] != 0 {
		n.s.Cookies[1] = ck[1]
	}
	if !known {
		c.cookie, c.cookieOf = racoonCookie{o.id, ck[0]}, childOf{i, n.s.Handle}
		c.cookies.set(&c.sessions, maxChildren, c.cookie, c.cookieOf)
	}
}

// setEnds gives a session the ends that the line names.
func (c *racoonLog) setEnds(o *origin, i int32) {
	n := &c.slots[i]
	l, r := c.local, c.remote
	if l.IsValid() && l.Port() == 0 {
		l = netip.AddrPortFrom(l.Addr(), n.s.Local.Port())
	}
	if r.IsValid() && r.Port() == 0 {
		r = netip.AddrPortFrom(r.Addr(), n.s.Remote.Port())
	}
	if l.IsValid() && l != n.s.Local || r.IsValid() && r != n.s.Remote {
		n.setEnds(l, r)
	}
	if k := (iosPeer{o.id, r.Addr()}); r.IsValid() && !c.replaced(k, i) {
		c.peers.set(&c.sessions, k, childOf{i, n.s.Handle})
	}
}

// replaced reports whether a later session with the peer is up. What is still
// said of the earlier one, its end above all, does not make it the peer's again:
// racoon negotiates phase 2 under the later.
func (c *racoonLog) replaced(k iosPeer, i int32) bool {
	last := c.alive(c.peers.get(k))
	return last != 0 && last != i && c.slots[last].s.Established && !c.slots[last].closed && c.slots[last].born > c.slots[i].born
}
