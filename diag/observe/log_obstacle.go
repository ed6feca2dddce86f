package observe

import (
	"net/netip"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/isakmp"
	"github.com/ikediag/ikediag/logparse"
)

// obstacle observes what kept this side from going on.
func (l *Log) obstacle(e *logparse.Event) diag.Body {
	if !hinders(e) {
		return nil
	}
	o := &l.body.obstacle
	*o = diag.Obstacle{By: diag.Self, What: l.at.obstacle}
	if e.Kind == logparse.ModeConfigFailed {
		o.By = diag.Peer // whose answer it was
	}
	if o.What == diag.ObstacleUnencrypted {
		t := l.trails.of(e)
		t.clear, t.begun = true, true
	}
	if a, ok := e.Address(logparse.Remote); ok {
		o.Remote = a.Addr()
	} else if e.Session.Handle == 0 {
		o.Remote = prefixed(e.Prefix.Remote)
	}
	o.SPI, _ = e.SPI(logparse.RoleNone)
	for _, f := range [...]logparse.Field{logparse.FieldError, logparse.FieldAlgorithm, logparse.FieldName, logparse.FieldPool, logparse.FieldMethod} {
		if b := e.Bytes(f); len(b) > 0 {
			o.Detail = diag.Clean(string(b[:min(len(b), 120)]), 60)
			break
		}
	}
	return o
}

// prefixed reads the peer that a line's prefix names, with or without its port.
func prefixed(b []byte) netip.Addr {
	if a, err := netip.ParseAddrPort(string(b)); err == nil {
		return a.Addr().Unmap()
	}
	a, _ := netip.ParseAddr(string(b))
	return a.Unmap()
}

// hinders reports whether a line of a Kind that may be about an obstacle is about
// one.
func hinders(e *logparse.Event) bool {
	switch e.Kind {
	case logparse.AlgorithmUnsupported:
		return isGroup(e.Bytes(logparse.FieldTransform))
	case logparse.UnexpectedMessage:
		x, _ := e.Exchange()
		return x == isakmp.ExchangeQuick && !e.Session.Established && !e.Has(logparse.FieldError)
	case logparse.KernelError:
		return string(e.Bytes(logparse.FieldName)) == "query" && e.Has(logparse.FieldSPI) && noSuchState(e.Bytes(logparse.FieldError))
	case logparse.ProposalInvalid:
		return string(e.Bytes(logparse.FieldError)) == "no key length"
	case logparse.ConfigAttributeFailed:
		return string(e.Bytes(logparse.FieldName)) == "CISCO_SPLIT"
	case logparse.RouteChanged:
		return string(e.Bytes(logparse.FieldError)) == "no route"
	case logparse.EAPEvent:
		return backendSilent(e.Bytes(logparse.FieldText))
	case logparse.CompressionDisabled:
		return string(e.Bytes(logparse.FieldError)) == "peer"
	}
	return true
}

// notSent observes that the host could not send a datagram.
func (l *Log) notSent(e *logparse.Event) diag.Body {
	l.waited(e)
	u := &l.body.unreach
	*u = diag.Unreachable{To: diag.Peer, Protocol: 17}
	if typ, code, ok := e.ICMP(); ok && typ == icmpUnreachable {
		return l.reported(e, code)
	}
	switch sendError(e.Bytes(logparse.FieldError)) {
	case errnoPermission:
		u.Prohibited = true
	case errnoSize:
		u.TooBig = true
	case errnoRefused:
		// What an ICMP error said of an earlier datagram. That a port is
		// closed is for its host to say (RFC 792); where the log does not tell
		// whom the daemon dialled, or whom it tried to reach, it is taken for that
		// host.
		u.Port = true
		peer := e.Session.Remote
		a, ok := e.Address(logparse.Remote)
		u.ByPeer = !peer.IsValid() || ok && a.Addr() == peer.Addr()
	case errnoOther:
		return nil // it says nothing of the path
	}
	return u
}

// ICMP's Destination Unreachable and its codes (RFC 792; RFC 1812, section
// 5.2.7.1).
const (
	icmpUnreachable     = 3
	icmpPort            = 3
	icmpTooBig          = 4
	icmpNetProhibited   = 9
	icmpHostProhibited  = 10
	icmpAdminProhibited = 13
)

// reported observes what a router or the peer said of a datagram that was sent.
func (l *Log) reported(e *logparse.Event, code uint8) diag.Body {
	u := &l.body.unreach
	switch e.Session.Role {
	case logparse.Initiator:
		u.To = diag.OfResponder
	case logparse.Responder:
		u.To = diag.OfInitiator
	}
	peer := e.Session.Remote
	a, ok := e.Address(logparse.Remote)
	u.ByPeer = ok && (!peer.IsValid() || a.Addr() == peer.Addr())
	switch code {
	case icmpPort:
		u.Port = true
	case icmpTooBig:
		u.TooBig = true
	case icmpNetProhibited, icmpHostProhibited, icmpAdminProhibited:
		u.Prohibited = true
	}
	return u
}
