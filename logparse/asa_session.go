package logparse

import (
	"net/netip"
)

// asa ties the lines of Cisco's ASA to sessions. Most name the peer, which has
// one negotiation at a time: a new one begins where the device says so, or
// with the first message of one.
//
// It shares the tables of sessions and daemons with charon.
type asa struct {
	charon
	jobs      perOrigin[asaJob]
	peers     peers
	addresses addresses
	lists     asaLists
	out       record
}

// asaJob is what a device's log is at.
type asaJob struct {
	cur     childOf
	ours    bool // the quick mode is one that this end began
	mid     uint32
	differ  uint8 // in what proposals of phase 1 differ from policies
	differ2 uint8 // and those of phase 2
	block   iosBlock
	list    [96]byte
}

// The marks of a session, in slot.stage.
const (
	asaSA     uint8 = 1 << iota // its SA payload was sent
	asaPeerSA                   // the peer's was received
	asaChild                    // its child is up
	asaNoMap                    // there is no crypto map for what was asked
)

func (c *asa) line(e *Event) {
	if e.Kind == Repeated {
		e.of(&noSession)
		return
	}
	o := c.charon.origin(e)
	j := c.jobs.of(o)
	c.out.begin(e)
	sign := asaElse
	if e.template != nil {
		sign = e.template.sign
	}
	i := c.find(o, j, e, sign)
	if i == 0 {
		e.of(&noSession)
		return
	}
	n := &c.slots[i]
	j.cur = childOf{i, n.s.Handle}
	c.touch(i, n, e.Number)
	e.of(&n.s)
	c.named(n, e)
	switch sign {
	case asaMute:
	case asaMessage:
		c.message(j, n, e)
	default:
		c.learn(j, n, e)
	}
}

// find returns the session that a line is about, 0 if it is about none.
func (c *asa) find(o *origin, j *asaJob, e *Event, sign uint8) int32 {
	if sign == asaElse {
		switch k := e.Kind; {
		case k.HostWide() && k >= DaemonStarted, k == PacketIgnored, k == ReplayDropped, k == Blank:
			return 0
		}
	}
	peer := c.peer(e)
	if !peer.IsValid() {
		if i := c.alive(j.cur); i != 0 || e.Kind <= Blank {
			return i
		}
		return c.fresh(o, e, peer)
	}
	i := c.alive(c.peers.get(iosPeer{o.id, peer}))
	begins := false
	switch sign {
	case asaMute:
		return i
	case asaMessage:
		begins = i != 0 && c.begins(&c.slots[i], e)
	case asaElse:
		switch e.Kind {
		case UnknownPeerSA, UnprotectedDropped, KernelExpire, Unknown:
			return i
		case Initiating:
			begins = true
		}
	}
	if i == 0 || begins {
		return c.fresh(o, e, peer)
	}
	return i
}

// peer returns the address of the peer that a line names.
func (c *asa) peer(e *Event) netip.Addr {
	var last *lastPrefix // which is the line's prefix, too
	if e.Prefix.same {
		if last = e.Prefix.last; len(e.Prefix.Connection) > 0 {
			last = last.other
		}
		if last.peer.IsValid() {
			return last.peer.Addr()
		}
	}
	r, ok := c.addresses.read(e.Prefix.Remote)
	if !ok {
		r, _ = c.addresses.read(e.Bytes(FieldRemote))
	} else if last != nil {
		last.peer = r
	}
	return r.Addr()
}

// begins reports whether a message is the first one of a new negotiation.
func (c *asa) begins(n *slot, e *Event) bool {
	bit := asaSA
	if e.Kind == MessageParsed {
		bit = asaPeerSA
	}
	if !n.closed && !n.s.Established && n.stage&bit == 0 {
		return false
	}
	if b := e.written(FieldMessageID); len(b) == 8 && first8(b) != '0'*each { // nearly always
		return false
	}
	const first = "HDR + SA"
	if list := e.Bytes(FieldPayloads); len(list) < len(first) || string(list[:len(first)]) != first {
		return false
	}
	mid, _ := parseHex(e.written(FieldMessageID))
	return mid == 0
}

func (c *asa) fresh(o *origin, e *Event, peer netip.Addr) int32 {
	t := o.thread(-1)
	n := c.begin(o, t, e)
	if peer.IsValid() {
		n.setEnds(netip.AddrPort{}, netip.AddrPortFrom(peer, 0))
		c.peers.set(&c.sessions, iosPeer{o.id, peer}, childOf{t.cur, n.s.Handle})
	}
	return t.cur
}

// named keeps the connection's name and this end's address.
func (c *asa) named(n *slot, e *Event) {
	if len(e.Prefix.Connection) > 0 && !same(e.Prefix.Connection, e.Prefix.Remote) { // that of a LAN-to-LAN tunnel is the peer's address
		n.setName(e.Prefix.Connection)
	}
	if e.may.has(FieldLocal) {
		if l, ok := c.addresses.read(e.bytes(FieldLocal)); ok && l.Addr() != n.s.Local.Addr() {
			n.setEnds(l, netip.AddrPort{})
		}
	}
}

// learn keeps what the line says of its session, and gives the line the
// meaning that it has there.
func (c *asa) learn(j *asaJob, n *slot, e *Event) {
	switch e.Kind {
	case Initiating:
		n.s.Role = Initiator
		n.closed = false
	case PacketSent:
		c.hexID(e.Bytes(FieldMessageID))
		n.retransmits++
		e.Retransmission = n.retransmits
	case SAEstablished:
		n.s.Established = true
	case ChildInitiating, ChildFailed:
		c.hexID(e.Bytes(FieldMessageID))
	case ChildEstablished:
		c.childUp(j, n, e)
	case SessionChanged:
		n.s.Established = string(e.Bytes(FieldState)) == "UP"
	case PolicyAttribute:
		c.attribute(j, n, e)
	case ProposalNotFound:
		if j.differ == differsMethod {
			e.Kind = MethodMismatch
		}
		j.differ = 0
	case ChildProposalNotFound:
		if j.differ2 == differsGroup {
			e.Kind = GroupMismatch
		}
		j.differ2 = 0
	case ChildConfigNotFound:
		if n.stage&asaNoMap != 0 && !e.Has(FieldLocalTS) {
			e.Kind = SADeleting // what was said before, as the reason of the end
			n.closed = true
		}
		n.stage |= asaNoMap
	case SADeleting, SADeleted, HalfOpenDeleted:
		if !n.s.Established {
			e.Kind = HalfOpenDeleted
		}
		if n.closed {
			e.Kind = Plain
		}
		n.closed = true
	case RetransmitsExhausted, DPDTimeout, IKEConfigNotFound:
		n.closed = true
	case SelectorsItem:
		c.selector(j, e)
	case NATDetected:
		remote := asaIs(e.Bytes(FieldOld))
		switch local := asaIs(e.Bytes(FieldNew)); {
		case local:
			e.Side = Local
			c.out.text(FieldSide, "local")
		case remote:
			e.Side = Remote
			c.out.text(FieldSide, "remote")
		default:
			e.Kind = Plain
		}
	case DecryptionFailed:
		if n.s.Established {
			e.Kind = MalformedIgnored
		}
	}
}

// asaIs reads "IS" and "is NOT".
func asaIs(b []byte) bool {
	for i := 0; i+3 <= len(b); i++ {
		if string(b[i:i+3]) == "NOT" || string(b[i:i+3]) == "not" {
			return false
		}
	}
	return true
}

// hexID reads a message ID, which stands there in hexadecimal, and shows it as
// others write it.
func (c *asa) hexID(b []byte) uint32 {
	if len(b) == 1 && b[0]-'0' <= 9 { // the same in both, as that of phase 1
		return uint32(b[0] - '0')
	}
	v, ok := parseHex(b)
	if !ok || v > 1<<32-1 {
		return 0
	}
	c.out.messageID(uint32(v))
	return uint32(v)
}
