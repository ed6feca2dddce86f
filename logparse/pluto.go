package logparse

// pluto ties the lines of Libreswan's daemon and its ancestors to sessions.
//
// Each line names its state, #7. Phase 1 and each quick mode have states of
// their own: a quick mode's belongs to the ISAKMP SA that it says it uses, or
// else to the one of its connection that was established last. Lines that
// name a packet's sender instead belong to that address.
//
// It shares the tables of sessions and daemons with charon.
type pluto struct {
	charon
	children map[saKey]childOf
	up       map[uint64]childOf // by connection: the last established SA
}

// childOf is a session that other state numbers mean, too.
type childOf struct {
	slot   int32
	handle uint64
}

// maxChildren bounds the quick modes and connections that are remembered.
const maxChildren = 1 << 14

// stageNoKey is a phase 1 of which it was said that there is no key.
const stageNoKey = 9

func (c *pluto) line(p *Parser, e *Event) {
	c.p = p
	e.Session = Session{}
	if e.Kind == Repeated {
		return
	}
	o := c.origin(e)
	if e.Kind == DaemonStarted {
		c.restart(o)
	}
	i := int32(0)
	if e.Prefix.HasSAID {
		i = c.state(o, e)
	} else if !e.Kind.HostWide() {
		i = c.stranger(o, e)
	}
	if i == 0 {
		return
	}
	n := &c.slots[i]
	c.learn(i, n, e)
	c.touch(i, n, e.Number)
	o.nameless, o.namelessHandle = i, n.s.Handle
	e.Session = n.s
}

// alive returns the slot of a child, 0 if it means another session by now.
func (c *pluto) alive(k childOf) int32 {
	if k.slot != 0 && c.slots[k.slot].s.Handle == k.handle {
		return k.slot
	}
	return 0
}

// state returns the session of the state that the line names.
func (c *pluto) state(o *origin, e *Event) int32 {
	key := saKey{o.id, e.Prefix.SAID}
	if i := c.find(o, e.Prefix.SAID); i != 0 {
		return i
	}
	if i := c.alive(c.children[key]); i != 0 {
		return i
	}
	parent := int32(0)
	if sa, ok := e.Uint(FieldSA); ok && e.Kind == ChildInitiating {
		parent = c.find(o, sa)
	}
	if parent == 0 && e.Kind != Initiating && e.Kind != BeingInitiated {
		parent = c.alive(c.up[hash(o.key, e.Prefix.Connection)])
	}
	if parent != 0 {
		if c.children == nil || len(c.children) >= maxChildren {
			c.children = map[saKey]childOf{}
		}
		c.children[key] = childOf{parent, c.slots[parent].s.Handle}
		return parent
	}
	c.begin(o, o.thread(-1), e)
	i := o.thread(-1).cur
	c.setSA(o, i, e.Prefix.SAID)
	return i
}

// stranger returns the session of a line that names an address only: the one
// that is going on with it, or a new one where the daemon turns it away.
func (c *pluto) stranger(o *origin, e *Event) int32 {
	r, ok := e.Address(Remote)
	if !ok {
		return 0
	}
	if i := c.alive(childOf{o.nameless, o.namelessHandle}); i != 0 {
		if s := &c.slots[i].s; s.Role == Responder && !s.Established && (!s.Remote.IsValid() || s.Remote.Addr() == r.Addr()) {
			return i
		}
	}
	l, _ := e.Address(Local)
	if i := c.byAddr[addrKey{o.id, l.Addr(), r.Addr()}]; i != 0 {
		return i
	}
	if e.Kind != IKEConfigNotFound {
		return 0
	}
	c.begin(o, o.thread(-1), e)
	i := o.thread(-1).cur
	c.slots[i].s.Role = Responder
	return i
}

// learn keeps what the line says of its session.
func (c *pluto) learn(i int32, n *slot, e *Event) {
	n.setName(e.Prefix.Connection)
	n.setIDs(e.Bytes(FieldLocalID), e.Bytes(FieldRemoteID))
	r, ok := parseAddrPort(e.Prefix.Remote)
	if e.Kind != SendFailed && !ok { // a router may complain
		r, _ = e.Address(Remote)
	}
	l, _ := e.Address(Local)
	if l.IsValid() && l != n.s.Local || r.IsValid() && r != n.s.Remote {
		c.setPair(i, l, r, 0)
	}
	switch e.Kind {
	case Initiating, BeingInitiated:
		if n.s.Role == RoleNone {
			n.s.Role = Initiator
			if e.Kind == BeingInitiated {
				n.s.Role = Responder
			}
		}
		n.s.Aggressive = string(e.Bytes(FieldMode)) == "Aggressive"
	case SAEstablished:
		n.s.Established = true
		if c.up == nil || len(c.up) >= maxChildren {
			c.up = map[uint64]childOf{}
		}
		c.up[hash(c.last.key, e.Prefix.Connection)] = childOf{i, n.s.Handle}
	case MessageGenerated:
		n.retransmits = 0
	case PacketSent:
		n.retransmits++
		e.Retransmission = n.retransmits
	case PSKNotFound:
		n.stage = stageNoKey
	case ProposalNotFound:
		if n.stage == stageNoKey {
			e.Kind = Plain // the proposals were refused for want of the key
		}
	case NATDetected:
		e.Side = swanSide(e.Bytes(FieldSide))
	}
}
