package observe

import (
	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/logparse"
)

// traffic observes what a line says of the traffic of a child.
func (l *Log) traffic(e *logparse.Event) diag.Body {
	t := &l.body.traffic
	switch e.Kind {
	case logparse.SelectorsProposing:
		l.list(e, string(e.Bytes(logparse.FieldName)) == "proposing")
		return nil
	case logparse.SelectorsItem:
		l.list(e, false)
		*t = diag.Traffic{By: diag.Self, Role: diag.Configured}
		list := l.selectors(e, logparse.RoleNone)
		if e.Side == logparse.Remote {
			t.Remote = list
		} else {
			t.Local = list
		}
		if len(list) == 0 {
			return nil
		}
		return t
	case logparse.SelectorsProposed:
		*t = diag.Traffic{By: diag.Self, Role: diag.Configured}
	case logparse.ChildEstablished:
		l.established(e)
		*t = diag.Traffic{By: diag.Self, Role: diag.Chosen}
	default:
		*t = diag.Traffic{By: diag.Peer, Role: diag.Offered}
	}
	t.Local, t.Remote = l.selectors(e, logparse.Local), l.selectors(e, logparse.Remote)
	if e.Kind != logparse.ChildEstablished && len(t.Local)+len(t.Remote) == 0 {
		return nil
	}
	return t
}

// list notes whether a list of selectors has begun that has none yet.
func (l *Log) list(e *logparse.Event, begun bool) {
	if t := l.trails.of(e); t.listing != begun {
		t.listing, t.begun = begun, true
	}
}

// established observes a child that came up, before its selectors.
func (l *Log) established(e *logparse.Event) {
	p := &l.body.progress
	*p = diag.Progress{By: diag.Self, Step: diag.Phase2Up}
	p.SPIIn, p.SPIOut = l.at.pair.in, l.at.pair.out
	l.send(e, p)
	l.agreed(e)
}

// progress observes how far a negotiation got.
func (l *Log) progress(e *logparse.Event) diag.Body {
	p := &l.body.progress
	*p = diag.Progress{By: diag.Self}
	p.Mode, _ = e.Mode()
	switch e.Kind {
	case logparse.Initiating:
		p.Step = diag.Phase1Started
	case logparse.BeingInitiated:
		p.Step = diag.Phase1Started
		p.By = diag.Peer
	case logparse.SAEstablished:
		p.Step = diag.Phase1Up
	case logparse.SessionChanged:
		if string(e.Bytes(logparse.FieldState)[:min(2, len(e.Bytes(logparse.FieldState)))]) != "UP" {
			p.Step = diag.Phase2Deleted
			return p
		}
		p.Step = diag.Phase1Up
		l.send(e, p)
		*p = diag.Progress{By: diag.Self, Step: diag.Phase2Up}
	case logparse.SADeleted, logparse.SADeleting:
		p.Step = diag.Phase1Deleted
	case logparse.SADeleteReceived:
		p.Step, p.By = diag.DeleteSent, diag.Peer
	case logparse.SADeleteSent:
		p.Step = diag.DeleteSent
	case logparse.HalfOpenDeleted, logparse.EstablishFailed:
		p.Step = diag.Phase1Failed
	case logparse.ChildInitiating:
		p.Step = diag.Phase2Started
		if e.Side == logparse.Remote {
			p.By = diag.Peer
		}
	case logparse.ChildClosing:
		p.Step = diag.Phase2Deleted
		p.SPIIn, p.SPIOut = l.at.pair.spis()
	case logparse.ChildDeleteReceived:
		p.Step, p.By = diag.ChildDeleteSent, diag.Peer
		p.SPIIn, p.SPIOut = l.at.pair.spis()
	case logparse.ChildDeleteSent:
		p.Step = diag.ChildDeleteSent
		p.SPIIn, p.SPIOut = l.at.pair.spis()
	case logparse.ChildFailed:
		p.Step = diag.Phase2Failed
	}
	if n, ok := e.Seconds(logparse.RoleNone); ok {
		p.Seconds = uint32(n.Seconds())
	}
	return p
}
