package logparse

import "net/netip"

// named follows a text that names the SA: "IKE_SA name[id] ...".
func (c *charon) named(o *origin, t *thread, e *Event) {
	id, ok := e.Uint(FieldSA)
	if !ok {
		return
	}
	name := e.Bytes(FieldConnection)
	i := c.find(o, id)
	if i != 0 && e.Kind == Initiating && c.slots[i].stage > 0 && !(t.began && t.cur == i) {
		c.slots[i].closed = true
		i = 0
		t.cur = 0
	}
	if i == 0 && t.cur != 0 && t.job && !c.slots[t.cur].s.HasSAID {
		i = t.cur
	}
	if i == 0 {
		i = c.unnumbered(o, t, e)
	}
	if i == 0 {
		pair := t.pair
		c.begin(o, t, e)
		o.known++
		i = t.cur
		if e.Kind != Initiating {
			t.pair = pair
		}
	}
	began := t.began
	c.use(t, i)
	t.began = began
	c.setSA(o, i, id)
	c.slots[i].setName(name)
}

// unnumbered returns the only session without a number that a line with both
// addresses, or no address at all, can mean.
func (c *charon) unnumbered(o *origin, t *thread, e *Event) int32 {
	l, lok := e.Address(Local)
	r, rok := e.Address(Remote)
	if e.Kind == Initiating {
		return 0
	}
	if lok && rok {
		found := int32(0)
		steps := 0
		for i := c.byAddr[addrKey{o.id, l.Addr(), r.Addr()}]; i != 0 && steps < 64; i = c.slots[i].older {
			steps++
			if n := &c.slots[i]; !n.closed && !n.s.HasSAID {
				if found != 0 {
					return 0
				}
				found = i
			}
		}
		if found != 0 {
			return found
		}
	}
	if n := o.nameless; n != 0 && c.slots[n].s.Handle == o.namelessHandle {
		s := &c.slots[n].s
		if !s.HasSAID && (!s.Remote.IsValid() || !rok || s.Remote.Addr() == r.Addr()) {
			o.nameless = 0
			o.known++
			return n
		}
	}
	return 0
}

// byChild follows a line that names a child's SPI.
func (c *charon) byChild(o *origin, t *thread, e *Event, spi, in uint32) {
	for _, s := range [...]uint32{in, spi} {
		if s == 0 {
			continue
		}
		if i := c.bySPI[spiKey(o.id, s)]; i != 0 && i != t.cur && (t.cur == 0 || t.tentative || e.Kind != ChildEstablished) {
			began := t.began
			c.use(t, i)
			t.began = began
			return
		}
	}
}

// byOwnAddresses follows a line that names the peer, outside of any job.
func (c *charon) byOwnAddresses(o *origin, t *thread, e *Event) {
	rb, lb := e.Bytes(FieldRemote), e.Bytes(FieldLocal)
	if rb == nil {
		return
	}
	r, rok := parseAddrPort(rb)
	l, _ := parseAddrPort(lb)
	if !rok {
		return
	}
	found, tied := int32(0), false
	steps := 0
	for _, k := range [...]addrKey{{o.id, l.Addr(), r.Addr()}, {o.id, netip.Addr{}, r.Addr()}} {
		for i := c.byAddr[k]; i != 0 && steps < 64; i = c.slots[i].older {
			steps++
			n := &c.slots[i]
			if n.closed || found == i || e.Kind == BeingInitiated && (n.s.Role == Initiator || n.stage > 0) {
				continue
			}
			tied = tied || found != 0
			if found == 0 {
				found = i
			}
		}
	}
	switch e.Kind {
	case BeingInitiated, IKEConfigLookup, IKEConfigNotFound, PeerConfigLookup:
	default:
		if found == 0 || tied {
			return
		}
		c.use(t, found)
		return
	}
	if found == 0 {
		// The one that was nameless so far, unless it is somebody else's.
		if i := c.single(o, t); i != 0 && c.slots[i].s.Role != Initiator {
			found = i
			o.nameless = 0
			o.known++
		}
	}
	if found == 0 {
		c.begin(o, t, e)
		o.known++
		found = t.cur
	}
	c.use(t, found)
	c.setPair(found, l, r, 0)
}

// byNothing gives a line that says nothing of its SA to the one session there
// is; where there are several, to one of its thread's own.
func (c *charon) byNothing(o *origin, t *thread, e *Event) {
	switch e.Kind {
	case Unknown, Plain, Blank, CookiesSeen, SACreated, KernelSA, KernelPolicy, TrapInstalled, TrapFailed, ShuntInstalled,
		HalfOpenLimit, UnknownPeerSA, PacketIgnored, KernelError, HardwareOffload, TaskQueued, TaskStarted, NothingToDo,
		VendorIDSent, KernelSPIFailed, LeaseChanged, PoolExhausted, IKEConfigCandidate, IKEConfigFound, HalfOpenDeleted,
		InitiationDelayed, FragmentFailed, AlgorithmUnsupported:
		return
	}
	if i := o.nameless; i != 0 && c.slots[i].s.Handle == o.namelessHandle {
		c.use(t, i)
		return
	}
	if o.known <= 1 {
		if i := c.waiting(o, func(*slot) bool { return true }); i != 0 {
			c.use(t, i)
			return
		}
	}
	if o.known == 0 {
		c.begin(o, t, e)
		o.nameless, o.namelessHandle = t.cur, t.handle
		return
	}
	if i := c.waiting(o, func(n *slot) bool { return !n.s.Established }); i != 0 {
		c.use(t, i)
		return
	}
	c.begin(o, t, e)
}

// learn moves what the line says into its session; what a message says is
// learnMessage's.
func (c *charon) learn(t *thread, e *Event) {
	if t.cur == 0 {
		return
	}
	n := &c.slots[t.cur]
	switch e.Kind {
	case Initiating:
		n.s.Role = Initiator
		n.stage = max(n.stage, 1)
		n.s.Aggressive = string(e.Bytes(FieldMode)) == "Aggressive"
		if r, ok := e.Address(Remote); ok && !n.s.Remote.IsValid() {
			c.setPair(t.cur, netip.AddrPort{}, r, 0)
		}
	case BeingInitiated:
		n.s.Role = Responder
		n.stage = max(n.stage, 1)
		n.s.Aggressive = string(e.Bytes(FieldMode)) == "Aggressive"
		if r, ok := e.Address(Remote); ok && !n.s.Remote.IsValid() {
			c.setPair(t.cur, netip.AddrPort{}, r, 0)
		}
	case IKEConfigLookup, IKEConfigNotFound, PeerConfigLookup:
		n.s.Role = orRole(n.s.Role, Responder)
		n.setIDs(nil, e.Bytes(FieldRemoteID))
		if !n.s.Remote.IsValid() || !n.s.Local.IsValid() {
			l, lok := e.Address(Local)
			r, rok := e.Address(Remote)
			if lok && rok {
				c.setPair(t.cur, l, r, 0)
			}
		}
		if e.Kind == IKEConfigNotFound {
			n.closed = true
		}
	case PeerConfigSelected:
		n.setName(e.Bytes(FieldConnection))
	case SAEstablished:
		n.s.Established = true
		n.stage = 3
		n.retransmits = 0
		n.setIDs(e.Bytes(FieldLocalID), e.Bytes(FieldRemoteID))
		if !n.s.Remote.IsValid() || !n.s.Local.IsValid() {
			l, lok := e.Address(Local)
			r, rok := e.Address(Remote)
			if lok && rok {
				c.setPair(t.cur, l, r, 0)
			}
		}
	case SAStateChanged:
		switch string(e.Bytes(FieldNewState)) {
		case "ESTABLISHED":
			n.s.Established = true
		case "DESTROYING":
			n.closed = true
		}
	case SADeleted, PeerConfigNotFound, PeerConfigNoneAllows, ProposalNotFound, AggressivePSKRefused, XAuthGaveUp:
		n.closed = true
	case SADeleting:
		n.over = true
	case PeerNotResponding:
		switch string(e.Bytes(FieldName)) {
		case "establish", "retry", "delete":
			n.closed = true
		}
	case CookiesSeen:
		i, _ := e.Uint(FieldInitiatorCookie)
		r, rok := e.Uint(FieldResponderCookie)
		if i != 0 {
			n.s.Cookies[0] = i
		}
		if rok && r != 0 {
			n.s.Cookies[1] = r
		}
	case ChildEstablished, ChildClosing:
		if e.Kind == ChildClosing && e.Prefix.HasSAID {
			return // no line to come needs the SPIs of a child that goes
		}
		in, _ := e.SPI(Inbound)
		out, _ := e.SPI(Outbound)
		c.addSPI(t.cur, in)
		c.addSPI(t.cur, out)
	}
}

func (c *charon) learnMessage(t *thread, n *slot, e *Event, m message) {
	if m.stage > 0 {
		n.stage = max(n.stage, m.stage)
		n.s.Aggressive = n.s.Aggressive || m.aggr
		if m.request == (e.Kind == MessageParsed) {
			n.s.Role = orRole(n.s.Role, Responder)
		} else {
			n.s.Role = orRole(n.s.Role, Initiator)
		}
	}
	if e.Kind == MessageParsed {
		n.retransmits = 0
	}
	n.addMID(m.mid)
	t.fresh = false
}

// manager follows the lines in which charon's SA manager says, at level 2,
// which SA a job takes out and puts back.
func (c *charon) manager(o *origin, t *thread, e *Event) {
	if !t.fresh && e.Kind == CookiesSeen && !e.Has(FieldSA) {
		t.newJob()
	}
	if e.Has(FieldSA) {
		c.named(o, t, e)
		t.out = true
		return
	}
	ic, _ := e.Uint(FieldInitiatorCookie)
	if ic == 0 {
		return
	}
	steps := 0
	for i := c.head; i != 0 && steps < 512; i = c.slots[i].next {
		steps++
		if n := &c.slots[i]; n.origin == o.id && n.s.Cookies[0] == ic {
			fresh := t.fresh
			c.use(t, i)
			t.fresh, t.out = fresh, true
			return
		}
	}
}

func orRole(a, b Role) Role {
	if a != RoleNone {
		return a
	}
	return b
}
