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
	// Message is the message as it left first, From its sender. Its Number is 0
	// for an informational one.
	Message *Message
	From    Side
	// Sent counts how often it left, Arrived how often it came, Parts how often
	// some of its IP fragments came and not all.
	Sent, Arrived, Parts int
	// Left is its first and last transmissions where it left, Came what came of
	// it.
	Left, Came []Evidence
	// Missing is the part of the receiver's capture that lacks it: what comes
	// after the last new thing that came. It outlasts the negotiation where
	// Evidence.Outlasts says so.
	Missing Evidence
}

// Losses compares the captures of both ends: which messages of an exchange left
// one end and did not come to the other, or not each time, in the order of their
// places in the negotiation. What a
// capture cannot know is left out: what was sent before it began or after it
// ended, and what the receiver answered although it is not in its capture.
func (a *Attempt) Losses() (all []Loss) {
	near := a.capturedAt(Initiator)
	if near == nil {
		return nil // as with most
	}
	far := a.capturedAt(Responder)
	if far == nil || far.open().dropped > 0 || near.open().dropped > 0 {
		return nil
	}
	for _, from := range [...]Side{Initiator, Responder} {
		if from == Responder {
			near, far = far, near
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
// Where the hop counts of one do not tell, as on one link or in a text without
// them, it is a side's if it has all that the other capture has of both, and
// more of what that side sent: nothing else than a loss on the way makes such a
// difference. Two that show the same are nobody's.
func (a *Attempt) capturedAt(side Side) (found *strand) {
	var all []*strand
	for _, s := range a.strands {
		if !s.observer || a.tunnel.view.engine.sources[s.key.source].Kind != KindCapture {
			continue
		}
		if all = append(all, s); s.nearer() == side {
			if found != nil {
				return nil
			}
			found = s
		}
	}
	if found != nil || len(all) != 2 {
		return found
	}
	for i, s := range all {
		if s.nearer() == SideUnknown && s.showsMore(all[1-i], side) {
			return s
		}
	}
	return nil
}

// showsMore reports whether a strand has every message of a side as often as
// another or more often, and those of the other side as often or less often,
// and not all the same.
func (s *strand) showsMore(o *strand, of Side) (more bool) {
	for near, far := s, o; ; near, far, of = o, s, of.Other() {
		for _, k := range far.numbered(of) {
			if near.count(k, of) < far.count(k, of) {
				return false
			}
		}
		for _, k := range near.numbered(of) {
			more = more || near.count(k, of) > far.count(k, of)
		}
		if near == o {
			return more
		}
	}
}

// count returns how often a strand shows a message of a side's, whole.
func (s *strand) count(k messageKey, from Side) (n uint32) {
	for _, sl := range s.factsOf(BodyMessage) {
		if m, ok := k.of(sl); ok && !m.Incomplete && m.party().side(SideUnknown) == from {
			n += sl.count
		}
	}
	return n
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

// numbered lists the messages of a side that have a place in their exchange, and
// its informational ones, which have none and count as one.
func (s *strand) numbered(from Side) (keys []messageKey) {
	for _, sl := range s.factsOf(BodyMessage) {
		m, ok := sl.first.body.(*Message)
		if !ok || m.Number == 0 && m.Exchange != isakmp.ExchangeInformational || m.party().side(SideUnknown) != from {
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
	for _, sl := range s.factsOf(BodyMessage) {
		if m, ok := k.of(sl); ok && m.party().side(SideUnknown) == from && (!t.Known() || sl.first.time().Value.Before(t.Value)) {
			t = sl.first.time()
		}
	}
	return t
}

// loss counts a message at both ends.
func (a *Attempt) loss(k messageKey, from Side, near, far *strand) Loss {
	l := Loss{From: from}
	var first Time // when it left
	for _, sl := range near.factsOf(BodyMessage) {
		if m, ok := k.of(sl); ok && m.party().side(SideUnknown) == from {
			l.Sent += int(sl.count)
			l.Left = a.tunnel.view.appendSlot(l.Left, near, sl)
			if l.Message == nil || m.Retransmission == 0 {
				l.Message, first = m, sl.first.time()
			}
		}
	}
	a.tunnel.view.sortEvidence(l.Left)
	var came spot
	var last fact // what came last and was no repetition
	for _, sl := range far.facts() {
		m, ok := k.of(sl)
		switch {
		case !ok || m.party().side(SideUnknown) != from:
			if sl.first.time().Value.After(last.time().Value) {
				last = sl.first
			}
			continue
		case m.Incomplete:
			l.Parts += int(sl.count)
		default:
			l.Arrived += int(sl.count)
			if came == 0 || sl.first.at < came {
				came = sl.first.at
			}
		}
		l.Came = a.tunnel.view.appendSlot(l.Came, far, sl)
	}
	a.tunnel.view.sortEvidence(l.Came)
	src := &a.tunnel.view.engine.sources[far.key.source].Source
	running := src.Coverage.From.Before(far.start().Value.Add(-aWhile))
	ahead, aligned := a.ahead(near.key.source, far.key.source)
	ended := aligned && first.Known() && !src.Coverage.To.IsZero() && src.Coverage.To.Before(first.Value.Add(ahead))
	switch {
	case l.Arrived == 0 && (src.Coverage.CutEnd || ended || a.answered(k, from) || !far.hasBefore(k, running)),
		l.Arrived == 0 && k.number == 0 && (!aligned || l.Parts > 0),
		l.Arrived > 0 && (k.number == 0 || src.Coverage.Lost > 0),
		l.Arrived > 0 && !running && far.first >= came:
		l.Arrived = l.Sent // its capture began too late, or ended too early, or it may have come
	}
	l.Missing = a.tunnel.view.absence(far.key.source, far)
	l.Missing.Where, *l.Missing.Span = last.at.where(), Span{last.time(), Time{Value: src.Coverage.To}}
	l.Missing.gaps = l.Missing.gaps || src.Coverage.Hides&l.Message.packets() != 0 || a.patchy(far, from.Other())
	return l
}

// hasBefore reports whether a strand shows a message from before another: then
// its capture did not begin after that. One that was running when the attempt
// began needs to show any message. The numbers of the exchange types are in the
// order in which the exchanges come.
func (s *strand) hasBefore(k messageKey, running bool) bool {
	return slices.ContainsFunc(s.factsOf(BodyMessage), func(sl *slot) bool {
		m, ok := sl.first.body.(*Message)
		return ok && (running || m.Exchange < k.exchange || m.Exchange == k.exchange && m.Number < k.number)
	})
}

// answered reports whether the receiver of a message went on in its exchange.
func (a *Attempt) answered(k messageKey, from Side) bool {
	return k.number > 0 && Any(a, from.Other(), func(m *Message) bool { return m.Exchange == k.exchange && m.Number > k.number })
}

// Translation is what a NAT on the way makes of a side's address and ports.
type Translation struct {
	// Mapped has an entry for each port that the side is known to use, as
	// messages show it that are in both captures; at least one.
	Mapped   []Mapping
	Evidence []Evidence
}

// Mapping is an address and port that a side sends from, and as which its
// peer's capture has them. A port is 0 where nothing tells it.
type Mapping struct{ Own, Seen netip.AddrPort }

// String returns what becomes of the address.
func (m Mapping) String() string { return place(m.Own) + " into " + place(m.Seen) }

// place prints an address, with its port where that is known.
func place(a netip.AddrPort) string {
	if a.Port() == 0 {
		return a.Addr().String()
	}
	return a.String()
}

// String returns what becomes of the first address.
func (t Translation) String() string { return t.Mapped[0].String() }

// Translated compares the captures of both ends: whether a side's address or
// port is another one at the other end.
func (a *Attempt) Translated(side Side) (t Translation, ok bool) {
	near, far := a.capturedAt(side), a.capturedAt(side.Other())
	if near == nil || far == nil {
		return t, false
	}
	own, seen := near.local.Addr(), far.local.Addr()
	if side == Responder {
		own, seen = near.remote.Addr(), far.remote.Addr()
	}
	if !own.IsValid() || !seen.IsValid() {
		return t, false
	}
	changed := own != seen
	for _, k := range near.numbered(side) {
		if k.number == 0 {
			continue // which of them is which does not show
		}
		x, y := near.port(k, side), far.port(k, side)
		m := Mapping{netip.AddrPortFrom(own, x), netip.AddrPortFrom(seen, y)}
		if x == 0 || y == 0 || slices.Contains(t.Mapped, m) {
			continue
		}
		changed = changed || x != y
		t.Mapped = append(t.Mapped, m)
	}
	if !changed {
		return Translation{}, false
	}
	if len(t.Mapped) == 0 { // no message is in both
		t.Mapped = []Mapping{{netip.AddrPortFrom(own, 0), netip.AddrPortFrom(seen, 0)}}
	}
	slices.SortFunc(t.Mapped, func(x, y Mapping) int { return cmp.Or(x.Own.Compare(y.Own), x.Seen.Compare(y.Seen)) })
	for _, s := range [...]*strand{near, far} {
		t.Evidence = append(t.Evidence, a.tunnel.view.firstMessage(s, side))
	}
	return t, true
}

// port returns the port that a strand shows a message of a side's to come from
// first, 0 where it does not.
func (s *strand) port(k messageKey, from Side) (port uint16) {
	var at spot
	for _, sl := range s.factsOf(BodyMessage) {
		if m, ok := k.of(sl); ok && m.party().side(SideUnknown) == from && (at == 0 || sl.first.at < at) {
			port, at = m.Port, sl.first.at
		}
	}
	return port
}

// firstMessage returns the first message of a side that a capture shows, else
// what it begins with.
func (v *View) firstMessage(s *strand, from Side) Evidence {
	var first *fact
	for _, sl := range s.factsOf(BodyMessage) {
		m, ok := sl.first.body.(*Message)
		if ok && m.party().side(SideUnknown) == from && (first == nil || sl.first.at < first.at) {
			first = &sl.first
		}
	}
	if first == nil {
		return v.strandEvidence(s)
	}
	return v.evidence(s, first)
}
