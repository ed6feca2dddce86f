package logparse

// assign finds the session that e, whose prefix does not name it, is about and
// leaves it in t.
func (c *charon) assign(o *origin, t *thread, e *Event) {
	var m message
	if e.Kind == MessageParsed || e.Kind == MessageGenerated {
		m = messageOf(e)
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
	case ManagementRequest, InitiateRequested, TerminateRequested, RouteRequested, TimerEvent, ConfigSection, ConnectionLoading, KernelAcquire:
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
		c.learn(t, e)
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
	if e.Kind != MessageParsed && e.Kind != MessageGenerated {
		c.learn(t, e)
	} else if t.cur != 0 {
		c.learnMessage(t, &c.slots[t.cur], e, m)
	}
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
func (c *charon) bySAID(o *origin, t *thread, e *Event) {
	if e.Kind == PacketReceived || e.Kind == RetransmitSent { // a new job; the session is known nevertheless
		t.newJob()
		t.fresh = e.Kind == PacketReceived
	}
	i := t.cur
	if n := &c.slots[i]; i == 0 || n.s.SAID != e.Prefix.SAID || !n.s.HasSAID || n.origin != o.id {
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
	switch e.Kind {
	case PacketReceived, PacketSent:
		c.packet(o, t, e)
	case MessageParsed, MessageGenerated:
		m := messageOf(e)
		if m.first {
			c.startOver(o, t, e, m)
		}
		c.learnMessage(t, &c.slots[t.cur], e, m)
	case RetransmitSent:
		c.countRetransmit(t, i, e)
	case Initiating, SAStateChanged, SAEstablished:
		if e.Kind == Initiating {
			c.startOver(o, t, e, message{})
		}
		if id, ok := e.Uint(FieldSA); ok && id != e.Prefix.SAID {
			// The old SA's job speaks of the new one.
			c.named(o, t, e)
		}
		c.learn(t, e)
	default:
		c.learn(t, e)
	}
}

// packet follows a datagram of the SA that the prefix names.
func (c *charon) packet(o *origin, t *thread, e *Event) {
	local, remote := e.written(FieldLocal), e.written(FieldRemote)
	if n := &c.slots[t.cur]; !n.samePair(local, remote) {
		local, remote = trimBlanks(local), trimBlanks(remote)
		t.pair.set(o.id, local, remote)
		c.learnPair(t, true)
		n.keepPair(local, remote)
	}
	if e.Kind == PacketSent && t.resend > 0 {
		c.resent(t, e)
	}
}

// startOver gives a line that begins a negotiation under the number of an
// earlier one a session of its own.
func (c *charon) startOver(o *origin, t *thread, e *Event, m message) {
	if !c.startsOver(t, e, m) {
		return
	}
	old := &c.slots[t.cur]
	old.closed = true
	local, remote, pair := old.s.Local, old.s.Remote, old.pair
	n := c.begin(o, t, e)
	c.setSA(o, t.cur, e.Prefix.SAID)
	n.setName(e.Prefix.Connection)
	if e.Kind == MessageParsed {
		c.setPair(t.cur, local, remote, pair) // its datagram's
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
		} else if o.known == 0 {
			// A log that begins within a negotiation: the datagram that follows
			// gives its session the addresses.
			c.byNothing(o, t, e)
		}
	}
	if t.cur == 0 {
		t.mid = m.mid
		return
	}
	t.tentative = false
	c.slots[t.cur].addMID(m.mid)
}
