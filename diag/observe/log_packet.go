package observe

import (
	"encoding/binary"
	"net/netip"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike/exchange"
	"github.com/ikediag/ikediag/isakmp"
	"github.com/ikediag/ikediag/logparse"
)

// dumps follows the ISAKMP messages that a log shows octet by octet, as those
// of a capture are followed. What is special is whose they are: the lines
// around a dump tell, so that the daemon's words and the octets are of one
// negotiation.
type dumps struct {
	packets Packets
	tracker exchange.Tracker
	step    exchange.Step
	d       exchange.Datagram
	sent    bool           // d, by this end
	waits   bool           // d came in, and the next line tells of which negotiation
	local   netip.AddrPort // as the log writes them
	remote  netip.AddrPort
	role    diag.Side
	time    diag.Time
	host    []byte
	bound   map[uint64]uint64 // the log's sessions by the tracker's attempts
	taken   map[uint64]uint64 // and the other way
	session uint64            // of d, 0 unknown
	tells   [2]bool           // the daemon's lines tell of messages that come, and that go
}

// The bounds of the negotiations that a log's dumps are followed of.
const (
	dumpEstablished = 1 << 12
	dumpHalfOpen    = 1 << 10
)

// dump observes the message that a line has completed, or the one before it
// whose negotiation this line tells.
func (l *Log) dump(e *logparse.Event) {
	m := e.Packet()
	l.dumps.note(e)
	if l.dumps != nil && l.dumps.waits && (m != nil || e.Session.Handle != 0 && !e.Session.Tentative && e.Kind > logparse.SecretDump) {
		session := uint64(0)
		if m == nil && l.dumps.from(e.Session.Remote) {
			session = e.Session.Handle
		}
		l.dumped(session)
	}
	if m == nil || e.Duplicate {
		return
	}
	if l.dumps == nil {
		l.dumps = &dumps{bound: map[uint64]uint64{}, taken: map[uint64]uint64{}}
		t := &l.dumps.tracker
		t.Limits = exchange.Limits{Established: dumpEstablished, HalfOpen: dumpHalfOpen}
		p := &l.dumps.packets
		p.To, p.Source, p.follow = dumpTarget{l}, l.Source, t
		if l.Keys != nil {
			p.Digest, p.open = l.Digest, l.Keys.opener()
			t.Opener = p.open
		}
	}
	x := l.dumps
	x.local, x.remote = e.Session.Local, e.Session.Remote
	from, to := tracked(x.remote, netip.IPv4Unspecified()), tracked(x.local, netip.IPv6Unspecified())
	if x.sent = e.Side == logparse.Local; x.sent {
		from, to = to, from
	}
	if len(e.Prefix.Time) == 0 {
		x.time = diag.Time{}
	} else {
		l.date(e)
		x.time = l.o.Time
	}
	x.host = append(x.host[:0], e.Prefix.Host...)
	x.d = exchange.Datagram{
		Time: x.time.Value, Source: from, Destination: to, Protocol: exchange.ProtocolUDP, Frame: e.Number,
		Payload: x.d.Payload[:0], Direction: exchange.Incoming,
	}
	if from.Port() == natPort || to.Port() == natPort {
		x.d.Payload = append(x.d.Payload, 0, 0, 0, 0) // the marker that the dump has not: RFC 3948, section 2.2
	}
	x.d.Payload = append(x.d.Payload, m...)
	x.d.WireLen = len(x.d.Payload)
	if x.sent {
		x.d.Direction = exchange.Outgoing
		l.dumped(e.Session.Handle)
		return
	}
	x.waits = true
}

// note keeps which messages the daemon's own lines tell of.
func (x *dumps) note(e *logparse.Event) {
	if x == nil {
		return
	}
	switch e.Kind {
	case logparse.MessageParsed, logparse.RetransmitReceived:
		x.tells[0] = true
	case logparse.MessageGenerated:
		x.tells[1] = true
	}
}

// tracked is an address as the tracker gets it: one that the log does not tell
// has a stand-in, and so has the port.
func tracked(a netip.AddrPort, unknown netip.Addr) netip.AddrPort {
	port := uint16(500)
	if a.IsValid() {
		unknown = a.Addr()
		if a.Port() != 0 {
			port = a.Port()
		}
	}
	return netip.AddrPortFrom(unknown, port)
}

// from reports whether the message at hand can have come from an address.
func (x *dumps) from(a netip.AddrPort) bool {
	return !a.IsValid() || !x.remote.IsValid() || a.Addr() == x.remote.Addr()
}

// dumped observes the message that is at hand, of a session, 0 unknown.
func (l *Log) dumped(session uint64) {
	x := l.dumps
	x.waits = false
	s := &x.step
	if !x.tracker.Observe(&x.d, s) || s.Class != exchange.Message || s.Attempt == 0 {
		return
	}
	x.session = x.bound[s.Attempt]
	if _, other := x.taken[session]; x.session == 0 && session != 0 && !other {
		if len(x.bound) >= maxLines {
			clear(x.bound)
			clear(x.taken)
		}
		x.bound[s.Attempt], x.taken[session] = session, s.Attempt
		x.session = session
	}
	x.role = diag.SideUnknown
	if s.Roles != exchange.RoleUnknown {
		if x.role = partySide(s.From); !x.sent {
			x.role = x.role.Other()
		}
	}
	x.packets.Step(&x.d, s)
}

// dumpTarget gives what is observed of a dump the place and the keys of the
// log that it stands in.
type dumpTarget struct{ l *Log }

// Observe passes on what the daemon's own lines do not say, or all where
// nothing tells which those are.
func (t dumpTarget) Observe(o *diag.Observation) {
	x := t.l.dumps
	if x.session != 0 {
		switch b := o.Body.(type) {
		case *diag.Message:
			// The first of its kind is told once more, to no harm.
			told := x.tells[0]
			if x.sent {
				told = x.tells[1]
			}
			if told && (b.Number == 0 || b.Retransmission > 0 || b.Exchange == isakmp.ExchangeTransaction) {
				return
			}
		case *diag.Progress, *diag.Check:
			return
		}
	}
	o.Where = diag.Where{Line: x.d.Frame, Index: o.Where.Index}
	o.Time = x.time
	k := &o.Keys
	k.Observer, k.Near, k.Role, k.Host = false, diag.SideUnknown, x.role, x.host
	k.Local, k.Remote = x.local, x.remote
	k.Handle = x.session
	if k.Handle == 0 {
		var c [8]byte
		binary.BigEndian.PutUint64(c[:], k.Cookies[0])
		k.Handle = handleOf("dump "+string(c[:]), 0)
	}
	t.l.To.Observe(o)
}

// ended observes the last message of a log that ends with it.
func (l *Log) ended() {
	if l.dumps != nil && l.dumps.waits {
		l.dumped(0)
	}
}
