package logparse

// pluto ties the lines of Libreswan's daemon and its ancestors to sessions.
//
// Each line names its state, #7. Phase 1 and each quick mode have states of
// their own: a quick mode's belongs to the ISAKMP SA that it says it uses, or
// else to the one of its connection that was established last. Lines that
// name a packet's sender instead belong to that address, and those of routers
// that leave the number out to the connection's last session.
//
// It shares the tables of sessions and daemons with charon.
type pluto struct {
	charon
	children []child              // by number, the newer in an older one's place
	up       sessionTable[uint64] // by connection: the last established SA
	named    sessionTable[uint64] // by connection: the last session of lines without a number
	dump     plutoDumping
}

// child is the state of a quick mode.
type child struct {
	key saKey
	of  childOf
}

// The bounds of what is remembered: quick modes, and connections.
const (
	maxChildren = 1 << 12
	maxNames    = 1 << 14
)

// child returns the place of a state among the quick modes.
func (c *pluto) child(k saKey) *child {
	if c.children == nil { // at once: what grew with the numbers would grow for days
		if c.children, c.p.room.children = c.p.room.children, nil; c.children == nil {
			c.children = make([]child, maxChildren)
		}
	}
	return &c.children[(k.sa+uint64(k.origin)*61)%maxChildren]
}

// stageNoKey is a phase 1 of which it was said that there is no key, and
// stageNoMethod one of which it was said that its method is another.
const (
	stageNoKey    = 9
	stageNoMethod = 10
)

func (c *pluto) line(e *Event) {
	if e.Kind == Repeated {
		e.of(&noSession)
		return
	}
	o := c.origin(e)
	if e.Kind == DaemonStarted {
		c.restart(o)
	}
	if c.dump.open || e.Kind == HexDump || e.Kind == DumpStart {
		if e.of(&noSession); c.dump.line(e) {
			return
		}
	}
	i := int32(0)
	same := false // the state of the last line
	switch {
	case e.Prefix.HasSAID:
		if i, same = c.again(o, e); !same {
			i = c.state(o, e)
		}
	case e.Kind.HostWide():
	case len(e.Prefix.Remote) > 0 || len(e.Prefix.Connection) == 0:
		i = c.stranger(o, e)
	default:
		i = c.numberless(o, e)
	}
	if i == 0 {
		e.of(&noSession)
		return
	}
	n := &c.slots[i]
	if !same {
		n.setName(e.Prefix.Connection)
		if l := e.Prefix.last; l != nil && e.Prefix.HasSAID {
			l.of = childOf{i, n.s.Handle}
		}
	}
	c.learn(i, n, e)
	c.touch(i, n, e.Number)
	o.nameless, o.namelessHandle = i, n.s.Handle
	e.of(&n.s)
}

// keep remembers that a connection's name means a session.
func (c *pluto) keep(m *sessionTable[uint64], key uint64, i int32) {
	m.set(&c.sessions, maxNames, key, childOf{i, c.slots[i].s.Handle})
}

// fresh begins a session for a line.
func (c *pluto) fresh(o *origin, e *Event) int32 {
	c.begin(o, o.thread(-1), e)
	return o.thread(-1).cur
}

// again returns the session of the line before where this one has the same
// prefix and begins nothing.
func (c *pluto) again(o *origin, e *Event) (i int32, ok bool) {
	if !e.Prefix.same || e.Kind == Initiating || e.Kind == BeingInitiated {
		return 0, false
	}
	of := e.Prefix.last.of
	n := &c.slots[of.slot]
	return of.slot, of.slot != 0 && n.s.Handle == of.handle && n.origin == o.id
}

// state returns the session of the state that the line names.
func (c *pluto) state(o *origin, e *Event) int32 {
	key := saKey{o.id, e.Prefix.SAID}
	again := e.Kind == Initiating || e.Kind == BeingInitiated
	known := c.child(key)
	if known.key == key && !again {
		if i := c.alive(known.of); i != 0 {
			return i
		}
	}
	if i := c.find(o, e.Prefix.SAID); i != 0 && !again {
		return i
	} else if i != 0 && !c.slots[i].s.Established {
		return i
	}
	parent := int32(0)
	if sa, ok := e.Uint(FieldSA); ok && e.Kind == ChildInitiating {
		parent = c.find(o, sa)
	}
	if parent == 0 && !again {
		parent = c.alive(c.up.by[hash(o.key, alias(e.Prefix.Connection))])
	}
	if parent != 0 {
		*known = child{key, childOf{parent, c.slots[parent].s.Handle}}
		return parent
	}
	if known.key == key {
		*known = child{}
	}
	i := c.fresh(o, e)
	c.setSA(o, i, e.Prefix.SAID)
	return i
}

// alias is the name of a connection with several pairs of subnets, each of
// which has a name of its own: "site/0x1" and "site/2x1" are site's.
func alias(name []byte) []byte {
	i := len(name) - 1
	for i > 0 && name[i]-'0' <= 9 {
		i--
	}
	if i <= 0 || name[i] != 'x' {
		return name
	}
	j := i - 1
	for j > 0 && name[j]-'0' <= 9 {
		j--
	}
	if j <= 0 || name[j] != '/' || j == i-1 {
		return name
	}
	return name[:j]
}

// stranger returns the session of a line that names an address only: the one
// that is going on with it, or a new one where the daemon turns it away.
func (c *pluto) stranger(o *origin, e *Event) int32 {
	r, ok := parseAddrPort(e.Prefix.Remote)
	if !ok {
		if r, ok = e.Address(Remote); !ok {
			return 0
		}
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
	switch e.Kind {
	case IKEConfigNotFound, VersionDisabled, VersionUnsupported:
	default:
		return 0
	}
	i := c.fresh(o, e)
	c.slots[i].s.Role = Responder
	return i
}

// numberless returns the session of a line that names its connection only.
func (c *pluto) numberless(o *origin, e *Event) int32 {
	key := hash(o.key, e.Prefix.Connection)
	if i := c.alive(c.named.by[key]); i != 0 && e.Kind != Initiating && e.Kind != BeingInitiated {
		return i
	}
	switch e.Kind {
	case Plain, Unknown, InitiateRequested, TerminateRequested:
		return 0
	}
	i := c.fresh(o, e)
	c.keep(&c.named, key, i)
	return i
}

// learn keeps what the line says of its session.
func (c *pluto) learn(i int32, n *slot, e *Event) {
	if len(e.Prefix.Remote) > 0 || e.may&plutoEnds != 0 {
		c.ends(i, n, e)
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
	case EstablishFailed, SADeleting:
		n.plays(auditRole(e.Text))
		n.over = true
	case SADeleted, SADeleteSent:
		n.over = true
	case SAEstablished:
		n.plays(auditRole(e.Text))
		n.s.Established = true
		c.keep(&c.up, hash(c.last.key, alias(e.Prefix.Connection)), i)
	case MessageGenerated:
		n.retransmits = 0
		c.speaks(i, n, e)
	case PacketSent:
		n.retransmits++
		e.Retransmission = n.retransmits
		n.plays(stateRole(e.Bytes(FieldState)))
	case RetransmitsExhausted:
		n.plays(stateRole(e.Bytes(FieldState)))
		n.over = true
	case PeerConfigNotFound:
		n.plays(Responder)
	case PSKNotFound:
		n.stage = stageNoKey
	case MethodMismatch, XAuthMethodMissing:
		if !n.s.Established {
			n.stage = stageNoMethod
		}
	case ProposalNotFound:
		if n.stage == stageNoKey || n.stage == stageNoMethod {
			e.Kind = Plain // the proposals were refused for want of the key
		}
	case NATDetected:
		e.Side = swanSide(e.Bytes(FieldSide))
	}
}

// plutoEnds are the fields that tell who the two ends are.
const plutoEnds fieldSet = 1<<FieldLocal | 1<<FieldRemote | 1<<FieldLocalID | 1<<FieldRemoteID

// ends keeps who the two ends are.
func (c *pluto) ends(i int32, n *slot, e *Event) {
	n.setIDs(e.Bytes(FieldLocalID), e.Bytes(FieldRemoteID))
	r, ok := parseAddrPort(e.Prefix.Remote)
	complaint := e.Kind == SendFailed && e.Has(FieldKind) // a router's, maybe
	if !complaint && !ok && e.Has(FieldRemote) {
		r, _ = e.Address(Remote)
	}
	if ok && r.Port() == 0 {
		// The prefix says who it is, and the line itself may know the port.
		if told, _ := e.Address(Remote); told.Addr() == r.Addr() {
			r = told
		} else if n.s.Remote.Addr() == r.Addr() {
			r = n.s.Remote
		}
	}
	l := n.s.Local
	if e.Has(FieldLocal) {
		l, _ = e.Address(Local)
	}
	if l.IsValid() && l != n.s.Local || r.IsValid() && r != n.s.Remote {
		c.setPair(i, l, r, 0)
	}
}

// speaks learns from a message that was sent: who begins in phase 1 is its
// initiator, and a quick mode says that phase 1 is done (RFC 2409, section 5).
func (c *pluto) speaks(i int32, n *slot, e *Event) {
	x := e.Bytes(FieldExchange)
	if string(x) == "QUICK_MODE" {
		if !n.s.Established {
			n.s.Established = true
			c.keep(&c.up, hash(c.last.key, alias(e.Prefix.Connection)), i)
		}
		return
	}
	if string(x) == "AGGRESSIVE" {
		n.s.Aggressive = true
	}
	if string(e.Bytes(FieldDirection)) == "request" {
		n.plays(Initiator)
	} else {
		n.plays(Responder)
	}
}

// plays sets the role where nothing told it before.
func (n *slot) plays(r Role) {
	if n.s.Role == RoleNone {
		n.s.Role = r
	}
}

// auditRole tells the role from a record of Linux audit.
func auditRole(text []byte) Role {
	if len(text) < 5 || string(text[:5]) != "type=" {
		return RoleNone
	}
	switch string(enclosed(text, "direction=", " ")) {
	case "initiator":
		return Initiator
	case "responder":
		return Responder
	}
	return RoleNone
}

// stateRole tells the role from the name of a state of phase 1, such as
// STATE_MAIN_I3 or STATE_AGGR_R1. Who began a quick mode may have answered in
// phase 1.
func stateRole(name []byte) Role {
	k := len(name)
	if k < 13 || string(name[:11]) != "STATE_MAIN_" && string(name[:11]) != "STATE_AGGR_" {
		return RoleNone
	}
	switch name[k-2] {
	case 'I':
		return Initiator
	case 'R':
		return Responder
	}
	return RoleNone
}
