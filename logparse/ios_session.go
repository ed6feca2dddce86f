package logparse

import "net/netip"

// ios ties the lines of Cisco's IOS to sessions.
//
// A line names its connection: 0 as long as there are no keys, then a number.
// What is going on with 0 and what then gets the number is one negotiation,
// since the lines of one message stand together; where a line names the peer,
// its address decides. Lines without either belong to the message that is
// being worked on.
//
// It shares the tables of sessions and daemons with charon.
type ios struct {
	charon
	jobs      perOrigin[iosJob]
	peers     peers
	addresses addresses
	out       record
}

// iosJob is what a device's log is at.
type iosJob struct {
	cur     childOf
	at      uint8 // what the lines are about: see below
	packets bool  // its lines name packets
	unread  bool  // a packet came of which nothing was read yet
	resend  bool  // a repetition is announced
	signed  bool  // our proof is a signature
	told    bool  // why the quick mode failed was said
	quick   uint8 // of quick mode, the message that comes next from here
	mid     uint32
	spiIn   uint32
	spiOut  uint32
	ours    bool // the SA of the block is one that we send with
	offer   iosOffer
	block   iosBlock
}

// What a line without a heading of its own can be about.
const (
	iosNothing  uint8 = iota
	iosOwnID          // our ID payload
	iosPeerID         // the peer's
	iosInbound        // a request of the peer's
	iosOutbound       // one of ours
	iosSA             // an SA that was made
)

// The marks of a session, in slot.stage.
const (
	iosStates   uint8 = 1 << iota // it writes its states
	iosQuick                      // quick mode was reached
	iosChild                      // its child is up
	iosRefused                    // proposals were refused, and not said in which phase
	iosSA1                        // the peer's SA payload was read
	iosID                         // and its ID payload
	iosOwnProof                   // our ID payload was sent
)

func (c *ios) line(e *Event) {
	if e.Kind == Repeated {
		e.of(&noSession)
		return
	}
	o := c.charon.last
	if pr := &e.Prefix; o == nil || o.key != pr.source && (len(pr.Host) > 0 || len(pr.Time) > 0 || pr.HasSAID || len(pr.Group) > 0) {
		o = c.charon.origin(e)
	} // else it goes on with the message of the line before
	j := c.jobs.of(o)
	c.out.begin(e)
	if e.may.has(FieldMessageID) {
		c.unsigned(e)
	}
	sign := iosOther
	if e.template != nil {
		sign = e.template.sign
	}
	if sign >= iosMute && !j.block.fresh {
		if n := c.same(o, j, e); n != nil {
			switch {
			case sign > iosAttribute:
				j.offer.take(sign-iosAttribute, e.written(FieldValue))
			case sign == iosSays:
				c.follow(j, n, e)
			}
			return
		}
	}
	c.heading(j, e, sign)
	var peer netip.Addr
	if e.may.has(FieldRemote) {
		remote, _ := c.addresses.read(e.bytes(FieldRemote))
		peer = remote.Addr()
	}
	if i := c.find(o, j, e, peer); i != 0 {
		if peer.IsValid() {
			c.setPeer(o, i, peer)
		}
		c.learn(j, c.show(j, i, e), e)
		return
	}
	e.of(&noSession)
}

// iosNames are the fields that tell whose a line is.
const iosNames fieldSet = 1<<(FieldRemote&63) | 1<<(FieldLocal&63)

// same is find and show for a line that names nothing but a connection's number.
func (c *ios) same(o *origin, j *iosJob, e *Event) *slot {
	if e.Prefix.SAID != 0 && e.Prefix.HasSAID {
		if i := c.sessions.find(o, e.Prefix.SAID); i != 0 {
			return c.show(j, i, e)
		}
		return nil
	}
	i := c.alive(j.cur)
	if i == 0 {
		return nil
	}
	n := &c.slots[i]
	c.touch(i, n, e.Number)
	e.of(&n.s)
	return n
}

// show makes session i the line's.
func (c *ios) show(j *iosJob, i int32, e *Event) *slot {
	n := &c.slots[i]
	j.cur = childOf{i, n.s.Handle}
	c.touch(i, n, e.Number)
	e.of(&n.s)
	return n
}

// unsigned writes a message ID that stands there as a negative number as what
// it is.
func (c *ios) unsigned(e *Event) {
	b := e.Bytes(FieldMessageID)
	if len(b) < 2 || b[0] != '-' {
		return
	}
	if n, ok := parseUint(b[1:]); ok && n <= 1<<31 {
		c.out.number(FieldMessageID, uint64(-uint32(n)))
	}
}

// find returns the session that a line is about, which may name the peer; 0 if
// it is about none.
func (c *ios) find(o *origin, j *iosJob, e *Event, peer netip.Addr) int32 {
	cur := c.alive(j.cur)
	if !peer.IsValid() {
		peer = c.blockPeer(j, e)
	}
	switch e.Kind {
	case UnknownPeerSA, UnprotectedDropped:
		if peer.IsValid() {
			return c.alive(c.peers.get(iosPeer{o.id, peer}))
		}
		return 0
	case ReplayDropped, IntegrityDropped, AggressiveModeRefused:
		return 0
	case SPIUnknown:
		i := c.alive(c.peers.get(iosPeer{o.id, peer}))
		if i == 0 && peer.IsValid() {
			i = c.fresh(o, e, peer)
		}
		return i
	}
	if e.Kind.HostWide() && e.Kind != Unknown && e.Kind != Plain && e.Kind != DumpStart || e.Kind == Blank {
		return 0
	}
	if e.Prefix.HasSAID && e.Prefix.SAID != 0 {
		return c.numbered(o, cur, peer, e)
	}
	if peer.IsValid() {
		return c.byPeer(o, cur, peer, e)
	}
	if cur != 0 && !(e.Kind == Initiating && c.slots[cur].s.HasSAID && e.Prefix.HasSAID) {
		return cur
	}
	if e.Kind <= Blank || e.Kind == VendorIDReceived || e.Kind == SACreated || e.Kind == ProposalAttribute || e.Kind == DumpStart {
		return 0
	}
	return c.fresh(o, e, peer)
}

// numbered follows a connection's number.
func (c *ios) numbered(o *origin, cur int32, peer netip.Addr, e *Event) int32 {
	i := c.sessions.find(o, e.Prefix.SAID)
	if i != 0 && (!peer.IsValid() || !c.slots[i].s.Remote.IsValid() || c.slots[i].s.Remote.Addr() == peer) {
		return i
	}
	if i = 0; cur != 0 && c.open(cur, peer) {
		i = cur
	} else if k := c.alive(c.peers.get(iosPeer{o.id, peer})); peer.IsValid() && k != 0 && c.open(k, peer) {
		i = k
	}
	if i == 0 {
		i = c.fresh(o, e, peer)
	}
	c.setSA(o, i, e.Prefix.SAID)
	return i
}

// open reports whether a session can be the one that now has a number.
func (c *ios) open(i int32, peer netip.Addr) bool {
	n := &c.slots[i]
	return !n.s.HasSAID && !n.closed && (!peer.IsValid() || !n.s.Remote.IsValid() || n.s.Remote.Addr() == peer)
}

// byPeer follows an address.
func (c *ios) byPeer(o *origin, cur int32, peer netip.Addr, e *Event) int32 {
	if cur != 0 && !c.slots[cur].closed && !c.slots[cur].s.Remote.IsValid() {
		return cur
	}
	i := c.alive(c.peers.get(iosPeer{o.id, peer}))
	if i == 0 {
		return c.fresh(o, e, peer)
	}
	n := &c.slots[i]
	over := n.closed || n.s.HasSAID
	begins := false
	switch e.Kind {
	case PacketReceived:
		begins = string(e.Bytes(FieldSide)) == "N"
	case SACreated:
		begins = over
	case PacketSent, IKEConfigLookup, PSKNotFound:
		begins = over && e.Prefix.HasSAID && e.Prefix.SAID == 0
	}
	if begins {
		return c.fresh(o, e, peer)
	}
	return i
}

// fresh begins a session.
func (c *ios) fresh(o *origin, e *Event, peer netip.Addr) int32 {
	t := o.thread(-1)
	c.begin(o, t, e)
	if peer.IsValid() {
		c.setPeer(o, t.cur, peer)
	}
	return t.cur
}

func (c *ios) setPeer(o *origin, i int32, peer netip.Addr) {
	n := &c.slots[i]
	if n.s.Remote.Addr() != peer {
		n.setEnds(netip.AddrPort{}, netip.AddrPortFrom(peer, n.s.Remote.Port()))
	}
	c.peers.set(&c.sessions, iosPeer{o.id, peer}, childOf{i, n.s.Handle})
}

// blockPeer returns the peer that the block before a line named, once.
func (c *ios) blockPeer(j *iosJob, e *Event) netip.Addr {
	if e.Kind != Plain || !j.block.fresh || e.Indent == 0 && e.Prefix.HasSAID {
		return netip.Addr{}
	}
	j.block.fresh = false
	return j.block.remote
}
