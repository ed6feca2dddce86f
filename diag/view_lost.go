package diag

import (
	"cmp"
	"net/netip"
	"slices"

	"github.com/ikediag/ikediag/isakmp"
)

// Loss is a message that the capture at its sender shows more often than the
// one at its receiver.
type Loss struct {
	// Message is the message as it left first, From its sender.
	Message *Message
	From    Side
	// Sent counts how often it left, Arrived how often it came.
	Sent, Arrived int
	// Left is its first and last transmissions where it left.
	Left []Evidence
	// Missing is the part of the receiver's capture that lacks it. It outlasts
	// the negotiation where Evidence.Outlasts says so.
	Missing Evidence
}

// Losses compares the captures of both ends: which messages of an exchange left
// one end and did not come to the other, or not each time, in the order of their
// places in the negotiation. What a
// capture cannot know is left out: what was sent before it began, and what the
// receiver answered although it is not in its capture.
func (a *Attempt) Losses() (all []Loss) {
	for _, from := range [...]Side{Initiator, Responder} {
		near, far := a.capturedAt(from), a.capturedAt(from.Other())
		if near == nil || far == nil || far.dropped > 0 || near.dropped > 0 {
			continue
		}
		for _, k := range near.numbered(from) {
			l := a.loss(k, from, near, far)
			if l.Sent > l.Arrived {
				all = append(all, l)
			}
		}
	}
	slices.SortStableFunc(all, func(x, y Loss) int {
		return cmp.Or(cmp.Compare(x.Message.Exchange, y.Message.Exchange), cmp.Compare(x.Message.Number, y.Message.Number))
	})
	return all
}

// capturedAt returns the only capture of the attempt that was taken at a side.
func (a *Attempt) capturedAt(side Side) (found *strand) {
	for _, s := range a.strands {
		if s.observer && s.nearer() == side && a.view.engine.sources[s.key.source].Kind == KindCapture {
			if found != nil {
				return nil
			}
			found = s
		}
	}
	return found
}

// messageKey names a message within an attempt.
type messageKey struct {
	child    uint64
	exchange isakmp.ExchangeType
	number   uint8
}

func (k messageKey) of(s *slot) (*Message, bool) {
	m, ok := s.first.body.(*Message)
	return m, ok && s.child == k.child && m.Exchange == k.exchange && m.Number == k.number
}

// numbered lists the messages of a side that have a place in their exchange.
func (s *strand) numbered(from Side) (keys []messageKey) {
	for _, sl := range s.slots {
		m, ok := sl.first.body.(*Message)
		if !ok || m.Number == 0 || m.party().side(SideUnknown) != from {
			continue
		}
		if k := (messageKey{sl.child, m.Exchange, m.Number}); !slices.Contains(keys, k) {
			keys = append(keys, k)
		}
	}
	return keys
}

// when returns when a strand shows a message of a side's first.
func (s *strand) when(k messageKey, from Side) (t Time) {
	for _, sl := range s.slots {
		if m, ok := k.of(sl); ok && m.party().side(SideUnknown) == from && (!t.Known() || sl.first.time.Value.Before(t.Value)) {
			t = sl.first.time
		}
	}
	return t
}

// loss counts a message at both ends.
func (a *Attempt) loss(k messageKey, from Side, near, far *strand) Loss {
	l := Loss{From: from}
	for _, sl := range near.slots {
		if m, ok := k.of(sl); ok && m.party().side(SideUnknown) == from {
			l.Sent += int(sl.count)
			l.Left = a.view.appendSlot(l.Left, near, sl)
			if l.Message == nil || m.Retransmission == 0 {
				l.Message = m
			}
		}
	}
	slices.SortFunc(l.Left, a.view.compareEvidence)
	var first Where
	var last Time
	for _, sl := range far.slots {
		m, ok := k.of(sl)
		if ok && !m.Incomplete && m.party().side(SideUnknown) == from {
			if l.Arrived += int(sl.count); first == (Where{}) || sl.first.where.before(first) {
				first = sl.first.where
			}
		}
		for _, f := range [...]*fact{&sl.first, &sl.last} {
			if f.body != nil && f.time.Value.After(last.Value) {
				last = f.time
			}
		}
	}
	src := &a.view.engine.sources[far.key.source].Source
	running := src.Coverage.From.Before(far.start.Value.Add(-aWhile))
	switch {
	case l.Arrived == 0 && (src.Coverage.CutEnd || a.answered(k, from) || !far.hasBefore(k, running)),
		l.Arrived > 0 && !running && !far.first.before(first):
		l.Arrived = l.Sent // its capture began too late, or ended too early
	}
	l.Missing = a.view.absence(far.key.source, far)
	l.Missing.From, l.Missing.To = last, Time{Value: src.Coverage.To}
	return l
}

// hasBefore reports whether a strand shows a message from before another: then
// its capture did not begin after that. One that was running when the attempt
// began needs to show any message. The numbers of the exchange types are in the
// order in which the exchanges come.
func (s *strand) hasBefore(k messageKey, running bool) bool {
	return slices.ContainsFunc(s.slots, func(sl *slot) bool {
		m, ok := sl.first.body.(*Message)
		return ok && (running || m.Exchange < k.exchange || m.Exchange == k.exchange && m.Number < k.number)
	})
}

// answered reports whether the receiver of a message went on in its exchange.
func (a *Attempt) answered(k messageKey, from Side) bool {
	return Fact(a, from.Other(), func(m *Message) bool { return m.Exchange == k.exchange && m.Number > k.number }).OK
}

// Translation is an address that a NAT on the way exchanges for a side's own.
type Translation struct {
	// Own is what the side sends from, Seen what its peer's capture has. Where
	// the addresses differ the ports may be those of different messages.
	Own, Seen netip.AddrPort
	Evidence  []Evidence
}

// String returns what becomes of the address, or of the port where that alone
// is another one.
func (t Translation) String() string {
	if t.Own.Addr() != t.Seen.Addr() {
		return t.Own.Addr().String() + " into " + t.Seen.Addr().String()
	}
	return t.Own.String() + " into " + t.Seen.String()
}

// Translated compares the captures of both ends: whether a side's address or
// port is another one at the other end.
func (a *Attempt) Translated(side Side) (t Translation, ok bool) {
	near, far := a.capturedAt(side), a.capturedAt(side.Other())
	if near == nil || far == nil {
		return t, false
	}
	t.Own, t.Seen = near.local.v, far.local.v
	if side == Responder {
		t.Own, t.Seen = near.remote.v, far.remote.v
	}
	if !t.Own.IsValid() || !t.Seen.IsValid() || t.Own == t.Seen {
		return t, false
	}
	if t.Own.Addr() == t.Seen.Addr() {
		switch x, y := t.Own.Port(), t.Seen.Port(); {
		case ikePort(x) && ikePort(y): // one of them did not see the move to port 4500
			return t, false
		case x == 0 || y == 0: // one of them shows ESP alone
			return t, false
		}
	}
	for _, s := range [...]*strand{near, far} {
		t.Evidence = append(t.Evidence, a.view.firstMessage(s, side))
	}
	return t, true
}

// firstMessage returns the first message of a side that a capture shows, else
// what it begins with.
func (v *View) firstMessage(s *strand, from Side) Evidence {
	var first *fact
	for _, sl := range s.slots {
		m, ok := sl.first.body.(*Message)
		if ok && m.party().side(SideUnknown) == from && (first == nil || sl.first.where.before(first.where)) {
			first = &sl.first
		}
	}
	if first == nil {
		return v.strandEvidence(s)
	}
	return v.evidence(s, first)
}

// ikePort reports whether a port is one that IKE listens on (RFC 2408, section
// 2.5.1; RFC 3947, section 4).
func ikePort(p uint16) bool { return p == 500 || p == 4500 }
