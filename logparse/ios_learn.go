package logparse

import (
	"bytes"
	"net/netip"
)

// heading notes what the lines that follow are about, and gives the lines of
// blocks their meaning.
func (c *ios) heading(j *iosJob, e *Event, sign uint8) {
	switch sign {
	case iosMade:
		j.at = iosSA
	case iosAsking:
		j.at = iosOutbound
		c.endpoints(&j.block, e)
	case iosAsked:
		j.at = iosInbound
		c.endpoints(&j.block, e)
	case iosLocal, iosSource, iosRemote, iosDestination:
		c.selectors(j, e, sign)
	case iosPlaced:
		// The SA's destination: the peer, or this end.
		if r, ok := c.addresses.read(e.written(FieldAddress)); ok {
			j.ours = r.Addr() == j.block.remote || r.Addr() == c.remoteOf(j)
		}
		e.Kind = Plain
	case iosSPI, iosInstalled:
		c.sa(j, e, sign)
	case iosOther:
		c.payload(j, e)
	}
}

// payload is heading for what has no sign: the lines of ID payloads above all.
func (c *ios) payload(j *iosJob, e *Event) {
	switch e.Kind {
	case Unknown:
		switch {
		case bytes.HasPrefix(e.Text, []byte("(key eng. msg")):
			j.at = iosOutbound
			if bytes.Contains(e.Text, []byte(" INBOUND ")) || bytes.HasPrefix(e.Text, []byte("(key eng. msg.) dest=")) {
				j.at = iosInbound
			}
			j.block.endpoints(e.Text)
		case bytes.HasPrefix(e.Text, []byte("(identity) local=")):
			j.at = iosSA
		}
	case AuthenticatedSelf:
		j.at, e.Kind = iosOwnID, Plain // the ID payload follows
		j.signed = string(e.Bytes(FieldMethod)) != "pre-shared key"
	case PeerConfigLookup:
		id := e.Bytes(FieldRemoteID)
		switch j.at {
		case iosPeerID:
			j.at = iosNothing
		case iosOwnID:
			e.Kind = AuthenticatedSelf
			c.out.add(FieldLocalID, id)
			if j.signed {
				c.out.text(FieldMethod, "RSA signature")
			} else {
				c.out.text(FieldMethod, "pre-shared key")
			}
			j.at = iosNothing
		default:
			e.Kind = Plain
		}
	case KernelSA:
		if _, ok := e.SPI(RoleNone); !ok {
			e.Kind = Plain
		}
	}
}

// endpoints reads the ends that the head of a block names.
func (c *ios) endpoints(b *iosBlock, e *Event) {
	local, ok1 := c.addresses.read(beforePort(e.written(FieldName)))
	remote, ok2 := c.addresses.read(beforePort(firstItem(e.written(FieldValue))))
	if !ok1 || !ok2 {
		b.endpoints(e.Text)
		return
	}
	b.begin(local.Addr(), remote.Addr())
}

// selectors follows the two lines of a block that name traffic; the second
// has the meaning of both.
func (c *ios) selectors(j *iosJob, e *Event, sign uint8) {
	e.Kind = Plain
	if j.at != iosInbound && j.at != iosOutbound {
		return
	}
	// What comes in, the peer sends.
	local := sign == iosLocal || sign == iosSource && j.at == iosOutbound || sign == iosDestination && j.at == iosInbound
	b := &j.block
	if !b.selector(local, e.Bytes(FieldTS)) {
		return
	}
	e.Kind = SelectorsProposed
	if j.at == iosInbound {
		e.Kind = SelectorsLookup
	}
	c.out.add(FieldLocalTS, b.localTS[:b.nLocal])
	c.out.add(FieldRemoteTS, b.remoteTS[:b.nRemote])
	j.at = iosNothing
}

// sa keeps the SPI of an SA that was made.
func (c *ios) sa(j *iosJob, e *Event, sign uint8) {
	spi, ok := e.SPI(RoleNone)
	switch {
	case !ok:
		e.Kind = Plain
	case sign == iosSPI && j.ours:
		j.spiOut = spi
	default:
		j.spiIn = spi
	}
}

func (c *ios) remoteOf(j *iosJob) netip.Addr {
	if i := c.alive(j.cur); i != 0 {
		return c.slots[i].s.Remote.Addr()
	}
	return netip.Addr{}
}

// learn keeps what the line says of its session.
func (c *ios) learn(j *iosJob, n *slot, e *Event) {
	if l, ok := c.addresses.read(e.Bytes(FieldLocal)); ok && l.Addr() != n.s.Local.Addr() {
		n.setEnds(l, netip.AddrPort{})
	} else if b := &j.block; b.fresh || (e.Kind == SelectorsLookup || e.Kind == SelectorsProposed) {
		if b.remote.IsValid() && (!n.s.Remote.IsValid() || n.s.Remote.Addr() == b.remote) && b.local.IsValid() && n.s.Local.Addr() != b.local {
			n.setEnds(netip.AddrPortFrom(b.local, n.s.Local.Port()), netip.AddrPort{})
		}
	}
	c.follow(j, n, e)
}

// follow keeps what lines of some Kinds say, and gives them their meaning.
func (c *ios) follow(j *iosJob, n *slot, e *Event) {
	switch e.Kind {
	case PacketReceived, PacketSent:
		c.packet(j, n, e)
	case MessageParsed:
		c.parsed(j, n, e)
	case SAStateChanged:
		c.state(j, n, e)
	case SACreated:
		if string(e.Text) == "Creating IPSec SAs" && n.stage&iosStates == 0 {
			c.childUp(j, n, e)
		}
	case Initiating:
		n.s.Role = Initiator
		n.s.Aggressive = string(e.Bytes(FieldMode)) == "Aggressive"
	case PSKNotFound:
		n.s.Role = orRole(n.s.Role, Initiator)
		n.closed = true
	case ProposalSelecting:
		phase2 := bytes.HasPrefix(e.Text, []byte("Checking IPSec"))
		j.offer.begin(phase2, phase2 || j.offer.phase2)
		if phase2 {
			j.told = false
			n.stage |= iosQuick
		}
	case ProposalAttribute:
		if sign := e.template.sign; sign > iosAttribute {
			j.offer.take(sign-iosAttribute, e.written(FieldValue))
		}
	case ProposalMismatch:
		j.offer.differ |= attributeBit(e.Bytes(FieldTransform))
	case ProposalsReceived:
		c.compared(j, n, e)
	case ProposalNotFound, ChildProposalNotFound, ChildConfigNotFound, ChildFailed:
		c.refused(j, n, e)
	case ChildInitiating:
		n.stage |= iosQuick
		j.quick = 1
		if m, ok := e.MessageID(); ok {
			j.mid = m
		}
	case AuthenticatedPeer:
		if n.stage&iosStates == 0 && !n.s.Established { // the release writes no states
			e.Kind = SAEstablished
			n.s.Established = true
		}
	case RetransmitSent:
		j.resend = true
	case SADeleted:
		c.deleted(n, e)
	case RetransmitsExhausted, DPDTimeout:
		n.closed = true
	case ProcessingFailed:
		c.mode(j, n, e)
	case DecryptionFailed:
		if n.s.Established {
			e.Kind = MalformedIgnored
		}
	case NATDetected:
		e.Side = swanSide(e.Bytes(FieldSide))
	case SessionChanged:
		n.s.Established = bytes.HasPrefix(e.Bytes(FieldState), []byte("UP"))
	case PeerConfigLookup:
		n.setIDs(nil, e.Bytes(FieldRemoteID))
	case AuthenticatedSelf:
		n.setIDs(c.out.value(FieldLocalID), nil)
	}
}

// state follows a change of state: in phase 1 and in quick mode the last one
// says that it is done.
func (c *ios) state(j *iosJob, n *slot, e *Event) {
	n.stage |= iosStates
	from, to := e.Bytes(FieldState), e.Bytes(FieldNewState)
	if bytes.Contains(to, []byte("_AM")) {
		n.s.Aggressive = true
	}
	switch {
	case bytes.HasPrefix(to, []byte("IKE_R_")):
		n.s.Role = orRole(n.s.Role, Responder)
	case bytes.HasPrefix(to, []byte("IKE_I_")):
		n.s.Role = orRole(n.s.Role, Initiator)
	}
	switch string(to) {
	case "IKE_P1_COMPLETE":
		if !n.s.Established && string(from) != string(to) {
			e.Kind = SAEstablished
		}
		n.s.Established = true
	case "IKE_QM_PHASE2_COMPLETE":
		n.s.Established = true
		c.childUp(j, n, e)
	case "IKE_DEST_SA":
		n.closed = true
	}
}

func (c *ios) childUp(j *iosJob, n *slot, e *Event) {
	e.Kind = ChildEstablished
	n.stage |= iosChild
	var buf [8]byte
	if j.spiIn != 0 {
		c.out.add(FieldSPIIn, appendHex32(buf[:0], j.spiIn))
	}
	if j.spiOut != 0 {
		c.out.add(FieldSPIOut, appendHex32(buf[:0], j.spiOut))
	}
	if b := &j.block; b.nLocal > 0 && b.nRemote > 0 {
		c.out.add(FieldLocalTS, b.localTS[:b.nLocal])
		c.out.add(FieldRemoteTS, b.remoteTS[:b.nRemote])
	}
	j.spiIn, j.spiOut = 0, 0
}

func appendHex32(b []byte, v uint32) []byte {
	for shift := 28; shift >= 0; shift -= 4 {
		b = append(b, "0123456789abcdef"[v>>shift&15])
	}
	return b
}

// compared follows what a comparison of proposals gave.
func (c *ios) compared(j *iosJob, n *slot, e *Event) {
	list := j.offer.add()
	if len(list) == 0 {
		e.Kind = Plain
		return
	}
	if accepted := bytes.HasPrefix(e.Text, []byte("atts are acceptable")); accepted && !j.offer.phase2 {
		e.Kind = ProposalSelected
		var buf [128]byte
		c.out.add(FieldSelected, j.offer.append(buf[:0]))
		j.offer.begin(false, true)
		return
	}
	if !bytes.HasSuffix(e.Text, []byte(" 0")) && bytes.Contains(e.Text, []byte("payload is ")) {
		e.Kind = Plain // more of the offer follows
		return
	}
	c.out.add(FieldOffered, list)
}

// refused follows what was refused, and tells the phases apart.
func (c *ios) refused(j *iosJob, n *slot, e *Event) {
	switch e.Kind {
	case ProposalNotFound:
		switch {
		case string(e.Text) == "SA not acceptable!" && (n.s.Established || n.stage&iosQuick != 0):
			if e.Kind = ChildProposalNotFound; j.told {
				e.Kind = ChildFailed
			}
		case string(e.Text) == "SA not acceptable!":
			n.stage |= iosRefused
		case j.offer.differ == differsMethod:
			if e.Kind = HalfOpenDeleted; string(e.Text) == "no offers accepted!" {
				e.Kind = MethodMismatch
			}
		}
	case ChildConfigNotFound:
		j.told, j.quick = true, 0
		if b := &j.block; b.nLocal > 0 && b.nRemote > 0 {
			c.out.add(FieldLocalTS, b.localTS[:b.nLocal])
			c.out.add(FieldRemoteTS, b.remoteTS[:b.nRemote])
		}
	case ChildProposalNotFound:
		if j.told && bytes.HasPrefix(e.Text, []byte("phase 2 SA policy")) {
			e.Kind = ChildFailed
		}
		j.told, j.quick = true, 0
	case ChildFailed:
		j.quick = 0
	}
}

// mode follows a whole exchange that failed.
func (c *ios) mode(j *iosJob, n *slot, e *Event) {
	switch string(e.Bytes(FieldExchange)) {
	case "Quick":
		if e.Kind = ChildFailed; n.stage&(iosRefused|iosQuick) == iosRefused {
			e.Kind = ChildProposalNotFound
		}
		n.stage |= iosQuick
	case "Main", "Aggressive":
		e.Kind = HalfOpenDeleted
	case "Informational":
		if e.Kind = Plain; !n.s.Established {
			e.Kind = MalformedIgnored
		}
	}
}

// deleted follows the end of a session.
func (c *ios) deleted(n *slot, e *Event) {
	switch {
	case n.closed:
		e.Kind = Plain // it says so twice
	case !n.s.Established:
		e.Kind = HalfOpenDeleted
	}
	n.closed = true
}
