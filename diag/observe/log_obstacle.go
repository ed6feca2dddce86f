package observe

import (
	"net/netip"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/isakmp"
	"github.com/ikediag/ikediag/logparse"
)

// obstacle observes what kept this side from going on.
func (l *Log) obstacle(e *logparse.Event) diag.Body {
	what := obstacleKind(e)
	if what == 0 {
		return nil
	}
	o := &l.body.obstacle
	*o = diag.Obstacle{By: diag.Self, What: what}
	if e.Kind == logparse.ModeConfigFailed {
		o.By = diag.Peer // whose answer it was
	}
	if o.What == diag.ObstacleUnencrypted {
		t := l.trail(e)
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

// obstacleKind tells which obstacle a line is about, 0 where it is about none.
func obstacleKind(e *logparse.Event) diag.ObstacleKind {
	switch e.Kind {
	case logparse.VersionUnsupported:
		return diag.ObstacleVersion
	case logparse.XAuthAwaited:
		return diag.ObstacleXAuthAwaited
	case logparse.VersionDisabled:
		return diag.ObstacleDisabled
	case logparse.AggressiveModeRefused:
		return diag.ObstacleMode
	case logparse.AggressivePSKRefused:
		return diag.ObstacleAggressivePSK
	case logparse.UniquenessRefused:
		return diag.ObstacleUnique
	case logparse.AuthorizationRefused:
		return diag.ObstacleAuthorization
	case logparse.TraversalMissing:
		return diag.ObstacleTraversal
	case logparse.MethodMismatch:
		return diag.ObstacleMethod
	case logparse.HalfOpenLimit:
		return diag.ObstacleHalfOpen
	case logparse.InitiationDelayed:
		if e.Has(logparse.FieldLimit) {
			return diag.ObstacleHalfOpen
		}
	case logparse.AlgorithmUnsupported:
		if isGroup(e.Bytes(logparse.FieldTransform)) {
			return diag.ObstacleGroup
		}
	case logparse.PayloadInvalid:
		if string(e.Bytes(logparse.FieldPayload)) == "KE" && !e.Has(logparse.FieldError) {
			return diag.ObstacleGroup
		}
	case logparse.ChildUnestablished:
		return diag.ObstacleUnfinished
	case logparse.UnexpectedMessage:
		if x, _ := e.Exchange(); x == isakmp.ExchangeQuick && !e.Session.Established && !e.Has(logparse.FieldError) {
			return diag.ObstacleUnfinished
		}
	case logparse.EncapsulationMismatch:
		return diag.ObstacleEncapsulation
	case logparse.KernelInstallFailed, logparse.KernelSPIFailed:
		return diag.ObstacleKernel
	case logparse.KernelError:
		if string(e.Bytes(logparse.FieldName)) == "query" && e.Has(logparse.FieldSPI) && noSuchState(e.Bytes(logparse.FieldError)) {
			return diag.ObstacleSAGone
		}
	case logparse.SPIUnknown:
		return diag.ObstacleSPI
	case logparse.IntegrityDropped:
		return diag.ObstacleIntegrity
	case logparse.DPDUnsupported:
		return diag.ObstacleNoDPD
	case logparse.DPDInvalid:
		return diag.ObstacleDPDSequence
	case logparse.ChildRedundant:
		return diag.ObstacleRedundant
	case logparse.NoCryptoMap:
		return diag.ObstacleNoPolicy
	case logparse.PayloadUnprotected:
		return diag.ObstacleUnencrypted
	case logparse.MessageIDInvalid:
		return diag.ObstacleMessageID
	case logparse.CommitUnsupported:
		return diag.ObstacleCommit
	case logparse.ProposalInvalid:
		if string(e.Bytes(logparse.FieldError)) == "no key length" {
			return diag.ObstacleKeyLength
		}
	case logparse.EncapsulationInvalid:
		return diag.ObstacleEncapsulationNumber
	case logparse.GroupUnknown:
		return diag.ObstacleGroupName
	case logparse.ResourceExhausted:
		return diag.ObstacleCapacity
	case logparse.DeviationAllowed:
		return diag.ObstacleDeviation
	case logparse.ConfigAttributeFailed:
		if string(e.Bytes(logparse.FieldName)) == "CISCO_SPLIT" {
			return diag.ObstacleSplit
		}
	case logparse.LeaseMismatch:
		return diag.ObstacleLease
	case logparse.UnknownPeerSA:
		return diag.ObstacleCookie
	case logparse.UnprotectedIgnored:
		return diag.ObstacleClear
	case logparse.ResolveFailed:
		return diag.ObstacleName
	case logparse.RouteChanged:
		if string(e.Bytes(logparse.FieldError)) == "no route" {
			return diag.ObstacleRoute
		}
	case logparse.PoolExhausted:
		return diag.ObstaclePool
	case logparse.AddressNotFound, logparse.ModeConfigFailed:
		return diag.ObstacleNoPool
	case logparse.AddressInstallFailed:
		return diag.ObstacleAddress
	case logparse.XAuthMethodMissing:
		return diag.ObstacleXAuthMethod
	case logparse.EAPEvent:
		if backendSilent(e.Bytes(logparse.FieldText)) {
			return diag.ObstacleBackend
		}
	case logparse.CompressionDisabled:
		if string(e.Bytes(logparse.FieldError)) == "peer" {
			return diag.ObstacleIPComp
		}
	}
	return 0
}

// sendFailed observes that the host could not send a datagram.
func (l *Log) sendFailed(e *logparse.Event) diag.Body {
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
