package logparse

import (
	"bytes"
	"net/netip"
)

// learn keeps what the line says of its session, and gives the line the
// meaning that it has there.
func (c *racoonLog) learn(o *origin, j *racoonJob, i int32, n *slot, e *Event) {
	if len(e.Prefix.Connection) > 0 {
		n.setName(e.Prefix.Connection)
	}
	switch e.Kind {
	case Initiating, BeingInitiated:
		c.begun(n, e)
		j.quick, j.failed = 0, false
		j.offer.reset()
	case SAStateChanged:
		c.mode(n, e)
	case VendorIDReceived, VendorIDUnknown:
		if n.s.Role == Initiator && n.stage&(racoonHeard|racoonBegan) == racoonBegan && !n.s.Established {
			n.stage |= racoonHeard
			c.message(n, e, false, "SA V")
		}
	case PacketReceived:
		n.retransmits = 0
	case PacketSent:
		c.resent(n, e)
	case Plain:
		c.plain(j, n, e)
	case ProposalSelecting, ProposalAttribute, ProposalMismatch, ProposalNotFound, ProposalMatches:
		c.proposal(j, n, e)
	case SAEstablished:
		n.s.Established = true
		n.s.Role = orRole(n.s.Role, macRole(e.Text))
	case SADeleted:
		n.closed = true
	case HalfOpenDeleted:
		j.offer.due = 0
		if n.stage&racoonNoID != 0 && n.stage&racoonTold == 0 {
			e.Kind = IDMismatch
		}
		n.closed = true
	case DPDTimeout:
		n.closed = true
	case RetransmitsExhausted, PeerNotResponding:
		c.gaveUp(j, n, e)
	case PSKNotFound:
		c.noKey(n, e)
	case HashMismatch, CertificateRefused, CertificateNameMismatch, IDMismatch, SignatureFailed, TrustedKeyNotFound, IKEConfigNotFound, AggressiveModeRefused:
		n.stage |= racoonTold
		if e.Kind == IKEConfigNotFound || e.Kind == AggressiveModeRefused {
			n.s.Role = orRole(n.s.Role, Responder)
			n.closed = true
		}
	case ParseFailed, DecryptionFailed:
		c.garbled(n, e)
	case MalformedIgnored:
		if n.s.Established {
			e.Kind = Plain
		}
	case ErrorNotifyReceived:
		c.notify(n, e)
	case ChildInitiating:
		n.s.Established = true
		j.begin(1)
	case MessageParsed, MessageGenerated:
		c.exchanged(j, n, e)
	case ChildConfigNotFound:
		n.s.Established = true
		c.selectors(e)
	case ChildProposalNotFound, GroupMismatch:
		n.s.Established = true
		if j.offer.told2 {
			e.Kind = Plain // it was said what of it does not fit
		}
		j.offer.told2 = true
	case EncapsulationMismatch, ChildUnestablished:
		n.s.Established = e.Kind == EncapsulationMismatch || n.s.Established
		j.offer.told2 = true
	case SelectorsLookup:
		c.selectors(e)
	case KernelSA:
		c.childUp(j, i, n, e)
	case KernelInstallFailed, KernelSPIFailed:
		j.failed, n.s.Established = true, true
	case ChildDeleteReceived:
		if spi, ok := parseUint(e.Bytes(FieldSPI)); ok && spi < 1<<32 {
			var buf [8]byte
			c.out.add(FieldSPI, appendHex32(buf[:0], uint32(spi)))
		}
	case NATDetected:
		e.Side = swanSide(e.Bytes(FieldSide))
		n.stage |= racoonHeard | racoonKeyed
	case XAuthStarted, XAuthSucceeded, XAuthSelfFailed, XAuthFailed:
		n.stage |= racoonHeard | racoonKeyed
	}
}

// exchanged follows lines that name a message: racoon's of a quick mode that
// the peer begins, and those of macOS, whose numbers tell the payloads.
func (c *racoonLog) exchanged(j *racoonJob, n *slot, e *Event) {
	n.retransmits = 0
	exchange := string(e.Bytes(FieldExchange))
	switch exchange {
	case "QUICK_MODE":
		n.s.Established = true
		if e.Text[0] == 'r' {
			j.begin(2)
		}
	case "AGGRESSIVE":
		n.s.Aggressive = true
	}
	k := len(e.Text) - 3
	if e.Text[0] != 'I' || k < 0 {
		return
	}
	switch number := e.Text[k]; {
	case exchange == "QUICK_MODE" && number < '3':
		c.out.text(FieldPayloads, "HASH SA")
	case exchange != "ID_PROT" && number == '3':
		c.out.text(FieldPayloads, "HASH")
	case number < '3':
		c.out.text(FieldPayloads, "SA")
	case number < '5':
		c.out.text(FieldPayloads, "KE")
		n.stage |= racoonHeard | racoonKeyed
	case number < '7':
		c.out.text(FieldPayloads, "ID")
	}
	if e.Kind == MessageParsed {
		n.stage |= racoonHeard
	}
}

func (j *racoonJob) begin(by uint8) {
	j.quick, j.failed, j.spiIn, j.spiOut = by, false, 0, 0
	j.offer.reset()
}

// begun follows the first line of a negotiation.
func (c *racoonLog) begun(n *slot, e *Event) {
	n.stage |= racoonBegan
	if n.s.Role = Initiator; e.Kind == BeingInitiated {
		n.s.Role = Responder
	}
	if m := e.Bytes(FieldMode); m != nil {
		n.s.Aggressive = string(m) == "Aggressive"
	}
}

// mode follows "begin Aggressive mode.", behind which the initiator sends its
// first message, and which the responder says of the one it has.
func (c *racoonLog) mode(n *slot, e *Event) {
	m := string(e.Bytes(FieldNewState))
	n.s.Aggressive = m == "Aggressive"
	if m != "Aggressive" && m != "Identity Protection" || n.s.Role == RoleNone {
		e.Kind = Plain
		return
	}
	c.message(n, e, n.s.Role == Initiator, "SA V")
}

// message makes the line one about a message of phase 1 that was sent or came.
func (c *racoonLog) message(n *slot, e *Event, sent bool, payloads string) {
	if e.Kind = MessageParsed; sent {
		e.Kind = MessageGenerated
	}
	exchange, direction := "ID_PROT", "response"
	if n.s.Aggressive {
		exchange = "AGGRESSIVE"
	}
	if (n.s.Role == Initiator) == sent {
		direction = "request"
	}
	c.out.text(FieldExchange, exchange)
	c.out.text(FieldDirection, direction)
	c.out.text(FieldPayloads, payloads)
}

// resent follows the line that racoon writes whenever it sends: the first time
// is no repetition.
func (c *racoonLog) resent(n *slot, e *Event) {
	if !bytes.HasPrefix(e.Text, []byte("resend")) && !bytes.HasPrefix(e.Text, []byte("IKE Packet")) {
		return
	}
	e.Retransmission = n.retransmits
	n.retransmits++
	if e.Text[0] == 'I' {
		e.Retransmission++
	}
	c.state(n, e, bytes.Contains(e.Text[:14], []byte("phase2")))
}

// state says which message waits for its answer, in pluto's words for it.
func (c *racoonLog) state(n *slot, e *Event, quick bool) {
	initiator := n.s.Role == Initiator
	switch {
	case quick:
		c.out.text(FieldState, "STATE_QUICK_I1")
	case n.s.Established || n.s.Role == RoleNone:
	case n.s.Aggressive && initiator && n.s.Cookies[1] == 0:
		c.out.text(FieldState, "STATE_AGGR_I1")
	case n.s.Aggressive && !initiator:
		c.out.text(FieldState, "STATE_AGGR_R1")
	case n.s.Aggressive:
	case initiator && n.s.Cookies[1] == 0 && n.stage&racoonHeard == 0:
		c.out.text(FieldState, "STATE_MAIN_I1")
	case initiator && n.stage&racoonKeyed != 0:
		c.out.text(FieldState, "STATE_MAIN_I3")
	case !initiator && n.stage&racoonKeyed != 0:
		c.out.text(FieldState, "STATE_MAIN_R2")
	}
}

// gaveUp follows what got no answer.
func (c *racoonLog) gaveUp(j *racoonJob, n *slot, e *Event) {
	switch {
	case bytes.HasPrefix(e.Text, []byte("phase2 negotiation failed due to time up.")) || bytes.HasSuffix(e.Text, []byte("time up to wait.")):
		n.s.Established = true
		if j.failed {
			e.Kind = Plain // the kernel has said why
			return
		}
		if j.quick != 2 {
			c.state(n, e, true)
		}
	case e.Kind == PeerNotResponding:
		if n.stage&racoonBegan == 0 {
			n.s.Role = orRole(n.s.Role, Initiator)
		}
		if n.s.Established {
			e.Kind = Plain
		}
	default:
		n.closed = true
		if n.s.Cookies[0] == 0 && n.stage&racoonBegan == 0 {
			return // nothing tells which end waited, and for what
		}
		if n.s.Cookies[1] == 0 {
			n.s.Role = orRole(n.s.Role, Initiator) // a responder has a cookie of its own, and seldom waits
		}
		c.state(n, e, false)
	}
}

// noKey follows a key that is not there: for an address in main mode.
func (c *racoonLog) noKey(n *slot, e *Event) {
	n.stage |= racoonTold
	id := e.Bytes(FieldRemoteID)
	if a, ok := parseAddr(id); ok && !n.s.Remote.IsValid() {
		n.setEnds(netip.AddrPort{}, netip.AddrPortFrom(a, 0))
	}
	n.setIDs(nil, id)
}

// plain gives lines of debugging their part in what is known.
func (c *racoonLog) plain(j *racoonJob, n *slot, e *Event) {
	switch b := e.Text; {
	case bytes.HasPrefix(b, []byte("NAT-D payload #")):
		if n.stage&racoonKeyed != 0 || n.s.Established {
			return
		}
		n.stage |= racoonHeard | racoonKeyed
		if !n.s.Aggressive && n.s.Role != RoleNone {
			c.message(n, e, false, "KE No NAT-D NAT-D")
		}
	case bytes.HasPrefix(b, []byte("failed to ")) && j.offer.due > 0:
		c.refused(j, e)
	case string(b) == "No ID match.":
		n.stage |= racoonNoID
	}
}

// garbled follows a message that makes no sense. In main mode what comes
// encrypted first is the fifth message; if its first payload is none, the keys
// differ (RFC 2409, section 5).
func (c *racoonLog) garbled(n *slot, e *Event) {
	if bytes.HasPrefix(e.Text, []byte("failed to pre-process ph1 packet")) {
		fifth := bytes.HasSuffix(e.Text, []byte("(side: 1, status 5)."))
		if e.Kind = Plain; !fifth {
			return
		}
		n.s.Role = orRole(n.s.Role, Responder)
		if n.stage&racoonTold != 0 || n.s.Aggressive {
			return
		}
		e.Kind = DecryptionFailed
	} else if e.Kind == ParseFailed && (n.s.Role != Responder || n.stage&racoonKeyed == 0) {
		return
	}
	switch {
	case n.s.Established:
		e.Kind = MalformedIgnored
	case n.s.Aggressive || n.stage&racoonTold != 0:
		e.Kind = ParseFailed
	default:
		n.stage |= racoonTold
		e.Kind = DecryptionFailed
		c.out.text(FieldPayload, "ID")
	}
}

// notify follows an error that the peer reports. One about a negotiation whose
// beginning the log does not show comes when phase 1 is long done.
func (c *racoonLog) notify(n *slot, e *Event) {
	switch string(e.Bytes(FieldProtocol)) {
	case "2", "3", "4":
		n.s.Established = true
	}
	if n.stage&racoonBegan == 0 || bytes.HasSuffix(e.Text, []byte("phase2 should be deleted.")) {
		n.s.Established = true
	}
	if t, ok := e.Notify(); !ok || t >= 16384 {
		e.Kind = Plain
	}
}

// selectors spells the selectors of a line as others do:
// "10.1.0.0/16[any]", "ANONYMOUS".
func (c *racoonLog) selectors(e *Event) {
	for _, f := range [...]Field{FieldLocalTS, FieldRemoteTS} {
		b := e.Bytes(f)
		if b == nil {
			continue
		}
		net, _, _ := bytes.Cut(b, []byte("["))
		if string(net) != string(b) {
			c.out.add(f, net)
		}
	}
	if e.Kind == SelectorsLookup && string(e.Bytes(FieldRemoteTS)) == "ANONYMOUS" {
		e.Kind = Plain
	}
}

// childUp follows the lines that tell of an SA in the kernel each; with both
// directions there, quick mode is done.
func (c *racoonLog) childUp(j *racoonJob, i int32, n *slot, e *Event) {
	n.s.Established = true
	spi, ok := e.SPI(RoleNone)
	src, dst := c.local, c.remote
	if !ok || string(e.Bytes(FieldProtocol)) == "IPCOMP" {
		return
	}
	if peer := n.s.Remote.Addr(); peer.IsValid() && src.Addr() == peer || !peer.IsValid() && j.spiIn == 0 {
		j.spiIn = spi
		us, peer := e.Bytes(FieldRemote), e.Bytes(FieldLocal)
		c.out.add(FieldLocal, us)
		c.out.add(FieldRemote, peer)
	} else if dst.IsValid() {
		j.spiOut = spi
	}
	c.addSPI(i, spi)
	if j.spiIn == 0 || j.spiOut == 0 || j.failed {
		return
	}
	e.Kind = ChildEstablished
	c.out.reset()
	var buf [8]byte
	c.out.add(FieldSPIIn, appendHex32(buf[:0], j.spiIn))
	c.out.add(FieldSPIOut, appendHex32(buf[:0], j.spiOut))
	j.spiIn, j.spiOut = 0, 0
}

// macRole tells the role from macOS's words.
func macRole(b []byte) Role {
	switch {
	case bytes.HasSuffix(b, []byte("(Initiated by me).")):
		return Initiator
	case bytes.HasSuffix(b, []byte("(Initiated by peer).")):
		return Responder
	}
	return RoleNone
}
