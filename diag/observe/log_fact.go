package observe

import (
	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/isakmp"
	"github.com/ikediag/ikediag/logparse"
)

// received keeps the datagram that came in, of which the next lines tell.
func (l *Log) received(e *logparse.Event) diag.Body {
	l.came = datagram{e.Prefix.Thread, e.Number, on4500(e)}
	return nil
}

// unprotected observes a message that should have been encrypted.
func (l *Log) unprotected(e *logparse.Event) diag.Body {
	l.send(e, l.obstacle(e))
	m := &l.body.message
	*m = diag.Message{From: diag.Peer, Exchange: isakmp.ExchangeInformational}
	measure(m, e)
	return m
}

// unanswered observes that a side waits no longer.
func (l *Log) unanswered(e *logparse.Event) diag.Body {
	if r := l.rekey(e); r != nil {
		l.send(e, r)
	}
	g := &l.body.gaveUp
	*g = diag.GaveUp{By: diag.Self}
	if n, ok := e.Uint(logparse.FieldCount); ok && e.Kind == logparse.RetransmitsExhausted {
		g.Tries = uint16(min(n, 1<<16-1))
	}
	g.Exchange, g.Number = e.Unanswered()
	if e.Kind == logparse.RetransmitsExhausted {
		l.waited(e)
	}
	return g
}

// password observes that there is none for a user.
func (l *Log) password(e *logparse.Event) diag.Body {
	if e.Has(logparse.FieldRemoteID) {
		return l.lookup(e) // our own password, for the peer to check
	}
	return l.check(e) // the peer's user is not known here
}

// ending observes that an SA ends, and why.
func (l *Log) ending(e *logparse.Event) diag.Body {
	if t := l.teardown(e); t != nil {
		l.send(e, t)
	}
	return l.progress(e)
}

// phase1Up observes that phase 1 is done, and with what.
func (l *Log) phase1Up(e *logparse.Event) diag.Body {
	l.agreed(e)
	return l.progress(e)
}

// begun observes that the peer has begun a negotiation.
func (l *Log) begun(e *logparse.Event) diag.Body {
	if l.probed > 0 && l.probed == e.Number-1 {
		l.body.software = diag.Software{Of: diag.Peer, Product: diag.ProbeProduct}
		l.send(e, &l.body.software)
	}
	return l.progress(e)
}

// declared observes who the peer claims to be, and how that is to be proven. Its
// result follows.
func (l *Log) declared(e *logparse.Event) diag.Body {
	l.body.identity = diag.Identity{Of: diag.Peer, Role: diag.Declared, ID: identity(e, logparse.Remote)}
	l.body.identity.Auth, _ = method(e)
	return &l.body.identity
}

// proven observes that this side has proven itself. A pre-shared key proves both
// ends at once; who says that it has proven itself has signed.
func (l *Log) proven(e *logparse.Event) diag.Body {
	l.body.identity = diag.Identity{Of: diag.Self, Role: diag.Declared, ID: identity(e, logparse.Local), Auth: ike.AuthRSA}
	if m, ok := method(e); ok {
		l.body.identity.Auth = m
	}
	return &l.body.identity
}

// natDetected observes who is behind a NAT.
func (l *Log) natDetected(e *logparse.Event) diag.Body {
	side := e.Bytes(logparse.FieldSide)
	if string(side) == "both" {
		l.body.nat = diag.NAT{Behind: diag.Self}
		l.send(e, &l.body.nat)
		side = []byte("remote")
	}
	l.body.nat = diag.NAT{Behind: party(side)}
	return &l.body.nat
}

// vendor observes a probe, which a vendor ID tells that no daemon sends.
func (l *Log) vendor(e *logparse.Event) diag.Body {
	if !isProbe(e.Bytes(logparse.FieldData)) {
		return nil
	}
	if len(e.Prefix.Remote) > 0 { // pluto makes a state on its next line
		l.probed = e.Number
		return nil
	}
	l.body.software = diag.Software{Of: diag.Peer, Product: diag.ProbeProduct}
	return &l.body.software
}

// unsupported observes an algorithm that is not there.
func (l *Log) unsupported(e *logparse.Event) diag.Body {
	if e.Group() != "CFG" {
		return l.obstacle(e)
	}
	// It is about what was to be loaded, not about a negotiation.
	l.body.host = diag.Host{Event: diag.AlgorithmNotKnown, Name: diag.Clean(string(e.Bytes(logparse.FieldAlgorithm)), 60)}
	return &l.body.host
}

// waited observes the message that an initiator got no answer to, where no line
// before this one told of any.
func (l *Log) waited(e *logparse.Event) {
	s := e.Session
	if l.trails.of(e).begun || s.Role != logparse.Initiator || s.Established {
		return
	}
	x, n := e.Unanswered()
	if n == 0 && e.Kind != logparse.RetransmitsExhausted {
		return // it may be about any message
	}
	l.body.message = diag.Message{From: diag.Self, Exchange: x, Number: n}
	l.send(e, &l.body.message)
}

func party(side []byte) diag.Party {
	switch string(side) {
	case "local":
		return diag.Self
	case "remote":
		return diag.Peer
	}
	return diag.PartyUnknown
}

// message observes that an ISAKMP message was read or written.
func (l *Log) message(e *logparse.Event) diag.Body {
	x, ok := e.Exchange()
	if !ok {
		return nil
	}
	list, came := l.payloads(e), e.Kind == logparse.MessageParsed
	m := &l.body.message
	*m = diag.Message{From: diag.Self, Exchange: x}
	if came {
		m.From = diag.Peer
		if e.Has(logparse.FieldSelected) {
			if o := l.offer(e); o != nil {
				l.send(e, o)
			}
		}
	}
	if x == isakmp.ExchangeInformational { // as most are
		if came && e.Has(logparse.FieldState) {
			l.waited(e) // the message that it answers
			*m = diag.Message{From: diag.Peer, Exchange: x}
		}
		m.Encrypted = list.hash
		if !came {
			l.sentNotifies(e, list)
		}
	} else {
		l.step(e, m, list)
	}
	measure(m, e)
	return m
}

// step tells which one of its exchange a message is.
func (l *Log) step(e *logparse.Event, m *diag.Message, list *payloadList) {
	x, came := m.Exchange, m.From == diag.Peer
	m.Number = e.Place(x, list.first, list.sa)
	if x == isakmp.ExchangeMain || x == isakmp.ExchangeAggressive {
		m.Proof, m.Certificate = list.proof, list.certificate
	}
	if m.Number > 1 && !came && e.Dialect.Replies && x != isakmp.ExchangeQuick {
		own := *m
		*m = diag.Message{From: diag.Peer, Exchange: x, Number: m.Number - 1} // what it answers
		l.send(e, m)
		*m = own
	}
	if !came || x == isakmp.ExchangeQuick {
		t := l.trails.of(e)
		mid, _ := e.MessageID()
		t.exchangeState, t.begun = exchangeState{exchange: x, number: m.Number, mid: mid}, true
		t.quick = t.quick || x == isakmp.ExchangeQuick
	}
}

// sent observes that a message is sent once more. Of one that is sent for the
// first time its MessageGenerated says more.
func (l *Log) sent(e *logparse.Event) diag.Body {
	if e.Retransmission == 0 {
		return nil
	}
	st := l.trails.of(e)
	x, n := e.Unanswered()
	if n == 0 {
		x, n = st.exchange, st.number
	}
	m := &l.body.message
	*m = diag.Message{From: diag.Self, Exchange: x, Number: n, Retransmission: uint16(min(e.Retransmission, 1<<16-1))}
	measure(m, e)
	return m
}

// repeated observes that the peer sent a message once more. It may come to a port
// that this end has left.
func (l *Log) repeated(e *logparse.Event) diag.Body {
	l.body.message = diag.Message{From: diag.Peer, Retransmission: 1, NATPort: l.came.to4500(e)}
	return &l.body.message
}

// delayed observes a message of the peer's that has to wait, unread.
func (l *Log) delayed(e *logparse.Event) diag.Body {
	x, ok := e.Exchange()
	if !ok {
		return nil
	}
	m := &l.body.message
	*m = diag.Message{From: diag.Peer, Exchange: x, Encrypted: x != isakmp.ExchangeMain && x != isakmp.ExchangeAggressive}
	measure(m, e)
	return m
}

// measure sets what a line says of the datagram that a message came or went in.
func measure(m *diag.Message, e *logparse.Event) {
	if e.Has(logparse.FieldSize) { // as few lines
		n, _ := e.Uint(logparse.FieldSize)
		m.Length = uint32(min(n, 1<<32-1))
	}
	m.NATPort = e.Session.Local.Port() == 4500
}

// floated observes, where a responder says that its peer has moved to port 4500,
// the message with which an initiator does so: the first encrypted one (RFC 3947,
// section 4). Whether it could be read is another matter.
func (l *Log) floated(e *logparse.Event) diag.Body {
	s := e.Session
	if e.Side != logparse.Remote || s.Role != logparse.Responder || s.Established {
		return nil
	}
	l.body.message = diag.Message{From: diag.Peer, Exchange: isakmp.ExchangeMain, Number: 5, Encrypted: true, NATPort: true}
	if s.Aggressive {
		l.body.message.Exchange, l.body.message.Number = isakmp.ExchangeAggressive, 3
	}
	return &l.body.message
}

// datagram is the last one that came in.
type datagram struct {
	thread int32
	line   int
	on4500 bool
}

// on4500 reports whether a datagram came to port 4500.
func on4500(e *logparse.Event) bool {
	b := e.Bytes(logparse.FieldLocal)
	n := len(b)
	if n > 0 && b[n-1] == ']' {
		n--
	}
	if n < 4 || string(b[n-4:n]) != "4500" {
		return false // as nearly all, and the address need not be read
	}
	local, _ := e.Address(logparse.Local)
	return local.Port() == 4500
}

// to4500 reports whether a line is about the datagram, and that came to port 4500.
func (d *datagram) to4500(e *logparse.Event) bool {
	return d.on4500 && d.thread == e.Prefix.Thread && e.Number-d.line <= nearLines
}

// nearLines are those that a daemon's worker writes between taking a datagram and
// knowing it for a repetition, and others meanwhile.
const nearLines = 8

// sentNotifies observes the notifies in a message of ours; those of the peer
// have lines of their own.
func (l *Log) sentNotifies(e *logparse.Event, list *payloadList) {
	for _, t := range list.notifies {
		st := l.trails.of(e)
		l.body.notify = diag.Notify{From: diag.Self, Type: t, Protected: list.hash, Phase2: st.exchange == isakmp.ExchangeQuick || e.Session.Established}
		l.send(e, &l.body.notify)
	}
}

func (l *Log) notify(e *logparse.Event) diag.Body {
	t, ok := e.Notify()
	if !ok {
		return nil
	}
	n := &l.body.notify
	*n = diag.Notify{From: diag.Peer, Type: t}
	if e.Kind == logparse.NotifySent {
		n.From = diag.Self
	}
	st := l.trails.of(e)
	// Until an initiator has begun a quick mode, what it refuses is the last
	// message of phase 1, with which the responder was done.
	n.Phase2 = st.exchange == isakmp.ExchangeQuick || e.Session.Established && (st.quick || n.From == diag.Self || e.Session.Role != logparse.Responder)
	// A daemon that has keys takes no error notify that is not encrypted; who
	// does not know the cookies has no keys.
	n.Protected = (e.Session.Established || st.exchange == isakmp.ExchangeMain && st.number >= 5) && t != isakmp.NotifyInvalidCookie
	return n
}

// check observes the outcome of a verification.
func (l *Log) check(e *logparse.Event) diag.Body {
	c := &l.body.check
	st := l.trails.of(e)
	*c = diag.Check{By: diag.Self, Exchange: st.exchange}
	switch e.Kind {
	case logparse.DecryptionFailed:
		c.What = diag.CheckDecrypt
		c.Payload, _ = e.Payload()
		switch {
		case c.Payload == isakmp.PayloadID:
			// Only the last two messages of main mode begin with an ID
			// (RFC 2409, section 5.4).
			c.Exchange, c.Number = isakmp.ExchangeMain, 5
			if e.Session.Role == logparse.Initiator {
				c.Number = 6
			}
		case c.Payload == isakmp.PayloadNone:
			return nil // the line before it says which payload it was
		case st.exchange == isakmp.ExchangeMain || st.exchange == isakmp.ExchangeAggressive,
			st.exchange == isakmp.ExchangeNone && !e.Session.Established:
			// An informational exchange begins with a HASH, as does what
			// follows phase 1, of which the log has nothing.
			c.Exchange = isakmp.ExchangeInformational
		}
	case logparse.MalformedIgnored:
		c.What, c.Exchange = diag.CheckFormat, isakmp.ExchangeInformational
	case logparse.ParseFailed, logparse.PayloadInvalid:
		return nil // the line that gives the message up says which one it was
	case logparse.ProcessingFailed:
		x, ok := e.Exchange()
		if !ok || x == isakmp.ExchangeInformational {
			return nil // its MalformedIgnored has been observed
		}
		if st.clear {
			st.clear = false
			return nil // what was wrong with it has been observed
		}
		c.What, c.Exchange = diag.CheckFormat, x
	case logparse.IntegrityFailed:
		if st.clear {
			return nil
		}
		c.What = diag.CheckHash
		if e.Session.Established && (st.exchange == isakmp.ExchangeMain || st.exchange == isakmp.ExchangeAggressive || st.exchange == isakmp.ExchangeNone) {
			c.Exchange = isakmp.ExchangeInformational // of what follows phase 1, nothing tells which
		}
	case logparse.HashMismatch:
		c.What = diag.CheckHash
		if e.Session.Aggressive {
			c.Exchange = isakmp.ExchangeAggressive
		} else {
			c.Exchange = isakmp.ExchangeMain
		}
	case logparse.SignatureFailed:
		if e.Has(logparse.FieldRemoteID) { // no other key is tried
			c.What = diag.CheckPeer
			l.send(e, c)
		}
		c.What = diag.CheckSignature
	case logparse.IDMismatch:
		c.What = diag.CheckIdentity
		c.Expected, c.Got = identity(e, logparse.Expected), identity(e, logparse.Actual)
	case logparse.ConstraintFailed:
		c.What = diag.CheckConstraint
		if k := constraintKind(e.Bytes(logparse.FieldName), e.Has(logparse.FieldExpected)); k != 0 {
			l.body.certificate = diag.Certificate{Of: diag.Peer, What: k}
			l.send(e, &l.body.certificate)
		}
		if string(e.Bytes(logparse.FieldName)) == "group" {
			l.body.obstacle = diag.Obstacle{By: diag.Self, What: diag.ObstacleAuthorization}
			l.send(e, &l.body.obstacle)
		}
	case logparse.AuthenticatedPeer:
		c.What, c.OK = diag.CheckPeer, true
	case logparse.AuthenticatePeerFailed:
		c.What = diag.CheckPeer
	case logparse.ProposalNotFound:
		c.What = diag.CheckProposal
	case logparse.ChildProposalNotFound:
		c.What, c.Exchange, c.Number = diag.CheckProposal, isakmp.ExchangeQuick, 1 // which has the proposals
	case logparse.GroupMismatch:
		if !e.Session.Established {
			return nil // a proposal in IKEv2's way, to be made again
		}
		c.What, c.Exchange, c.Payload = diag.CheckProposal, isakmp.ExchangeQuick, isakmp.PayloadKE
	case logparse.XAuthFailed, logparse.XAuthSucceeded:
		c.What, c.Exchange, c.OK = diag.CheckXAuth, isakmp.ExchangeTransaction, e.Kind == logparse.XAuthSucceeded
	case logparse.XAuthSecretNotFound:
		// It looked among its own users.
		c.What, c.Exchange, c.Payload = diag.CheckXAuth, isakmp.ExchangeTransaction, isakmp.PayloadID
	case logparse.XAuthSecretMismatch:
		// The attribute that was wrong tells the comparison from its outcome.
		c.What, c.Exchange, c.Payload = diag.CheckXAuth, isakmp.ExchangeTransaction, isakmp.PayloadAttribute
	case logparse.XAuthSelfFailed:
		c.By, c.What, c.Exchange = diag.Peer, diag.CheckXAuth, isakmp.ExchangeTransaction
	}
	return c
}

// lookup observes what a daemon searched for.
func (l *Log) lookup(e *logparse.Event) diag.Body {
	k := &l.body.lookup
	*k = diag.LookedUp{By: diag.Self}
	if a, ok := method(e); ok {
		k.Auth = a
	}
	k.Mode, _ = e.Mode()
	switch e.Kind {
	case logparse.IKEConfigFound:
		k.What, k.Found = diag.LookupGateway, true
	case logparse.IKEConfigNotFound:
		k.What = diag.LookupGateway
		k.Auth = policyNamed(e.Bytes(logparse.FieldMethod))
	case logparse.PeerConfigSelected:
		k.What, k.Found = diag.LookupMethod, true
	case logparse.PeerConfigNotFound:
		k.What = diag.LookupPeer
		k.ID = identity(e, logparse.Remote)
	case logparse.PeerConfigNoneAllows:
		k.What = diag.LookupMethod
	case logparse.PSKNotFound:
		k.What = diag.LookupPSK
		k.ID = identity(e, logparse.Remote)
	case logparse.PrivateKeyNotFound:
		k.What = diag.LookupPrivateKey
		k.ID = identity(e, logparse.Local)
	case logparse.TrustedKeyNotFound:
		k.What = diag.LookupPublicKey
		k.ID = identity(e, logparse.Remote)
	case logparse.ChildConfigFound:
		k.What, k.Found = diag.LookupChild, true
	case logparse.ChildConfigNotFound:
		if l.trails.of(e).listing {
			l.body.obstacle = diag.Obstacle{By: diag.Self, What: diag.ObstacleNoSelectors}
			l.send(e, &l.body.obstacle)
		}
		k.What = diag.LookupChild
	case logparse.XAuthSecretNotFound:
		k.What = diag.LookupPassword
	}
	k.Local, k.Remote = l.selectors(e, logparse.Local), l.selectors(e, logparse.Remote)
	return k
}

func (l *Log) offer(e *logparse.Event) diag.Body {
	o := &l.body.offer
	*o = diag.Offer{}
	role := logparse.Offered
	switch e.Kind {
	case logparse.ProposalsReceived:
		// The peer's offer; at the initiator, what the peer chose.
		o.By, o.Role = diag.Peer, diag.Offered
		if e.Session.Role == logparse.Initiator {
			o.Role = diag.Chosen
		}
	case logparse.ProposalsConfigured:
		role, o.By, o.Role = logparse.Configured, diag.Self, diag.Configured
	default:
		role, o.By, o.Role = logparse.Selected, diag.Self, diag.Chosen
	}
	text, ok := e.ProposalsText(role)
	if !ok {
		return nil
	}
	p := l.proposals(text)
	if len(p.list) == 0 {
		return nil
	}
	o.Proposals, o.Phase2 = p.list, p.phase2
	return o
}
