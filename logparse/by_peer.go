package logparse

import (
	"net/netip"

	"github.com/ikediag/ikediag/isakmp"
)

// byPeer ties the lines of daemons that say in most lines whose negotiation
// they are about: by its cookies, its peer or its connection's name. A line
// that names none of them is about what the daemon's last line was about. A new
// negotiation begins where the daemon says so, and where something is said of
// one that had ended.
//
// It shares the tables of sessions and daemons with charon.
type byPeer struct {
	charon
	jobs  perOrigin[byPeerJob]
	known sessionTable[byPeerKey]
	out   record
	ends  addresses
	// The ends that the line names.
	local, remote netip.AddrPort
	// read adds to c.out what a line says beside its template, and may
	// change the event's Kind; nil where there is nothing.
	read func(c *byPeer, j *byPeerJob, e *Event)
	// late: the daemon names the peer behind what it has against it.
	late bool
}

// byPeerKey is one of the names that a session has.
type byPeerKey struct {
	origin uint32
	kind   uint8 // what it is
	peer   netip.Addr
	hash   uint64
}

// What a byPeerKey is.
const (
	keySA uint8 = iota + 1
	keyCookie
	keyPeer
	keyName
)

// byPeerJob is what a device's log is at.
type byPeerJob struct {
	cur childOf
	// reversed: the newest line comes first.
	reversed bool
	number   uint64  // the last line's
	up       [2]bool // phases 1 and 2
	remote   bool    // what is listed is the peer's
	role     Role    // this end's, as far as the line tells beside its template
	// What the lines of FortiOS's debugging leave for the ones behind them
	forti fortigateJob
	soft  *softEtherJob // nil: the device is no SoftEther server
}

func (c *byPeer) line(e *Event) {
	e.Session = &noSession
	if e.Kind == Repeated {
		return
	}
	o := c.charon.origin(e)
	j := c.jobs.of(o)
	c.out.begin(e)
	j.role = RoleNone
	if c.read != nil {
		c.read(c, j, e)
	}
	c.addresses(e)
	if i := c.find(o, j, e); i != 0 {
		n := &c.slots[i]
		j.cur = childOf{i, n.s.Handle}
		n.s.Role = orRole(n.s.Role, j.role)
		c.learn(j, i, n, e)
		c.touch(i, n, e.Number)
		e.Session = &n.s
	}
	if e.dumped == dumpedPacket && e.Side == Remote {
		e.Session = &noSession // nobody has looked into it yet
	}
	if e.dumped == dumpedPacket && e.Session.Handle == 0 {
		e.between(j.forti.local, j.forti.remote)
	}
}

// keys returns the names that a line gives its negotiation, the surest first.
func (c *byPeer) keys(o *origin, e *Event) (keys [4]byPeerKey, n int) {
	if e.Prefix.HasSAID {
		keys[n] = byPeerKey{origin: o.id, kind: keySA, hash: e.Prefix.SAID}
		n++
	}
	if v, ok := e.Uint(FieldInitiatorCookie); ok && v != 0 {
		keys[n] = byPeerKey{origin: o.id, kind: keyCookie, hash: v}
		n++
	}
	if c.remote.IsValid() {
		keys[n] = byPeerKey{origin: o.id, kind: keyPeer, peer: c.remote.Addr()}
		n++
	}
	if name := e.Prefix.Connection; len(name) > 0 {
		keys[n] = byPeerKey{origin: o.id, kind: keyName, hash: hash(1, name)}
		n++
	}
	return keys, n
}

// addresses reads the ends that a line names.
func (c *byPeer) addresses(e *Event) {
	c.local, c.remote = netip.AddrPort{}, netip.AddrPort{}
	if b := e.Bytes(FieldLocal); len(b) > 0 {
		c.local, _ = c.ends.read(b)
	}
	ok := false
	if b := e.Bytes(FieldRemote); len(b) > 0 {
		c.remote, ok = c.ends.read(b)
	}
	if !ok && len(e.Prefix.Remote) > 0 {
		c.remote, _ = c.ends.read(e.Prefix.Remote)
	}
}

// find returns the session that a line is about, 0 if it is about none.
func (c *byPeer) find(o *origin, j *byPeerJob, e *Event) int32 {
	if e.Kind.HostWide() && e.Kind >= DaemonStarted || e.Kind == Blank || e.Kind == Foreign {
		return 0
	}
	keys, n := c.keys(o, e)
	var known [len(keys)]childOf
	for k := range keys[:n] {
		known[k] = c.known.by[keys[k]]
	}
	i := int32(0)
	for _, k := range known[:n] {
		x := c.alive(k)
		if x == 0 {
			continue
		}
		// Another negotiation of the same peer has another number or cookie.
		s := &c.slots[x].s
		if keys[0].kind == keySA && s.HasSAID && s.SAID != keys[0].hash || keys[0].kind == keyCookie && s.Cookies[0] != 0 && s.Cookies[0] != keys[0].hash {
			continue
		}
		i = x
		break
	}
	if n == 0 {
		i = c.alive(j.cur)
	}
	if x := c.alive(j.cur); i == 0 && x != 0 {
		s := &c.slots[x].s
		if c.late && !s.Remote.IsValid() || e.Kind == CookiesSeen && s.Cookies[0] == 0 {
			i = x
		}
	}
	switch {
	case e.Kind < DaemonStarted:
		return i
	case j.reversed && i != 0 && !c.slots[i].closed:
	case e.Kind == UnknownPeerSA, e.Kind == PacketIgnored, e.Kind == PacketReceived, e.Kind == SPIUnknown, e.Kind == ReplayDropped:
		return i
	case i == 0 || begins(&c.slots[i], e):
		t := o.thread(-1)
		c.begin(o, t, e)
		i = t.cur
	}
	now := childOf{i, c.slots[i].s.Handle}
	for k := range keys[:n] {
		if known[k] != now {
			c.known.set(&c.sessions, maxChildren, keys[k], now)
		}
	}
	return i
}

// begins reports whether a line is the first one of a new negotiation of the
// session's peer.
func begins(n *slot, e *Event) bool {
	switch e.Kind {
	case Initiating, BeingInitiated:
		// A daemon may say so in two lines.
		again := n.stage&byPeerBegan != 0 && (e.Kind != Initiating || n.stage&byPeerTwice != 0)
		return n.closed || again || n.s.Established
	case SADeleted, SADeleting, HalfOpenDeleted, SADeleteSent, SADeleteReceived, ChildDeleteSent, ChildDeleteReceived, ChildClosing, SessionChanged,
		ErrorNotifyReceived, NotifySent, ChildFailed, EstablishFailed, CookiesSeen, SACreated:
		return false // what is said of an end
	}
	return n.closed && e.Kind >= MessageParsed && e.Kind < ChildEstablished
}

// The marks of a session, in slot.stage.
const (
	byPeerBegan uint8 = 1 << iota // its beginning was told
	byPeerTwice                   // and something after it
	byPeerGroup                   // a quick mode was refused for its group
)

// learn keeps what the line says of its session.
func (c *byPeer) learn(j *byPeerJob, i int32, n *slot, e *Event) {
	n.setName(e.Prefix.Connection)
	if e.Prefix.HasSAID {
		n.s.SAID, n.s.HasSAID = e.Prefix.SAID, true
	}
	if moved(c.local, n.s.Local) || moved(c.remote, n.s.Remote) {
		n.setEnds(c.local, c.remote)
	}
	n.setIDs(e.Bytes(FieldLocalID), e.Bytes(FieldRemoteID))
	for k, f := range [...]Field{FieldInitiatorCookie, FieldResponderCookie} {
		if v, ok := e.Uint(f); ok && v != 0 {
			n.s.Cookies[k] = v
		}
	}
	switch e.Kind {
	case Initiating:
		n.s.Role = orRole(n.s.Role, Initiator)
		n.stage |= byPeerBegan
		n.closed = j.reversed
	case BeingInitiated:
		n.s.Role = orRole(n.s.Role, Responder)
		n.stage |= byPeerBegan
		n.closed = j.reversed
	case MessageParsed, MessageGenerated:
		c.phase1(n, e)
	case GroupMismatch:
		n.s.Established = true
		n.stage |= byPeerGroup
	case ChildProposalNotFound:
		n.s.Established = true
		if n.stage&byPeerGroup != 0 { // what was said before, in general
			e.Kind = Plain
			n.stage &^= byPeerGroup
		}
	case SAEstablished, ChildInitiating, ChildConfigNotFound:
		n.s.Established = true
		n.stage &^= byPeerGroup
	case ChildEstablished:
		n.s.Established = true
	case SessionChanged:
		up := len(e.Bytes(FieldState)) >= 2 && string(e.Bytes(FieldState)[:2]) == "UP"
		n.s.Established, n.closed = up, !up
	case ProposalNotFound, MethodMismatch:
		n.s.Role = orRole(n.s.Role, Responder) // it is who chooses
		n.closed = n.closed || !n.s.Established
	case IKEConfigNotFound:
		n.s.Role = orRole(n.s.Role, Responder)
		n.closed = true
	case HalfOpenDeleted, SADeleted, RetransmitsExhausted, PeerNotResponding, EstablishFailed, PeerConfigNotFound, DPDTimeout:
		n.closed = true
	}
	if x, ok := e.Mode(); ok {
		n.s.Aggressive = x == isakmp.ExchangeAggressive
	}
	if e.Kind > Foreign && e.Kind != Initiating && e.Kind != BeingInitiated {
		n.stage |= byPeerTwice
	}
}

// moved reports whether an end is another one now, as far as a line tells.
func moved(now, was netip.AddrPort) bool {
	return now.IsValid() && (now.Addr() != was.Addr() || now.Port() != 0 && now.Port() != was.Port())
}

// phase1 learns who began from a message of phase 1.
func (c *byPeer) phase1(n *slot, e *Event) {
	sent := e.Kind == MessageGenerated
	switch string(e.Bytes(FieldExchange)) {
	case "ID_PROT":
	case "AGGRESSIVE":
		n.s.Aggressive = true
	default:
		return
	}
	if request, ok := e.Request(); ok {
		role := Responder
		if request == sent {
			role = Initiator
		}
		n.s.Role = orRole(n.s.Role, role)
	}
}
