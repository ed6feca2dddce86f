package diag

import (
	"cmp"
	"slices"
	"time"

	"github.com/ikediag/ikediag/isakmp"
)

// An item is a rung as one view shows it.
type item struct {
	rung Rung
	// child and mark tell apart rungs that are alike otherwise.
	child, mark uint64
	first       Where
	when        time.Time // by the view's clock, the zero time where not told
	// after is the message that a check is about.
	after *item
}

// same reports whether two views' items are the same thing. A log may not tell
// which quick mode it speaks of, a capture not what a message says.
func (x *item) same(y *item) bool {
	p, q := &x.rung, &y.rung
	if p.Kind != q.Kind || p.Side != q.Side {
		return false
	}
	if p.Kind != RungMessage {
		return x.mark == y.mark && x.child == y.child
	}
	if p.Repeated && q.Repeated && (p.Exchange == isakmp.ExchangeNone || q.Exchange == isakmp.ExchangeNone) {
		return true // a log that says no more than that something was repeated
	}
	// Logs do not count the messages of a transaction.
	number := p.Number == q.Number || p.Exchange == isakmp.ExchangeTransaction && (p.Number == 0 || q.Number == 0)
	if p.Exchange != q.Exchange || !number || p.Repeated != q.Repeated || x.child != y.child && x.child != 0 && y.child != 0 {
		return false
	}
	return p.Number > 0 || len(p.Notifies) == 0 || len(q.Notifies) == 0 || p.Notifies[0] == q.Notifies[0]
}

// nextLines is within how many lines a daemon says the same thing twice.
const nextLines = 3

// again reports whether an item of the same view says the same.
func (x *item) again(y *item) bool {
	p, q := &x.rung, &y.rung
	if p.Kind != q.Kind || p.Side != q.Side {
		return false
	}
	if p.Kind != RungMessage {
		near := x.first.Line - y.first.Line
		return p.Text == q.Text && x.child == y.child && max(near, -near) <= nextLines && x.first.Frame == y.first.Frame
	}
	// What an informational message says of a quick mode, the line behind it may
	// tell as that one's.
	child := y.child == x.child || p.Exchange == isakmp.ExchangeInformational && y.first.Line+1 == x.first.Line
	return child && p.Exchange == q.Exchange && p.Number == q.Number && y.same(x)
}

// items lists what a view shows, in its own order.
func (a *Attempt) items(s *strand) []*item {
	var list []*item
	at := a.vantage(s)
	add := func(sl *slot, r Rung, mark uint64) *item {
		x := &item{rung: r, child: sl.child, mark: mark, first: sl.first.where, when: sl.first.time().Value}
		x.rung.Seen = []Glimpse{glimpse(s, sl, at)}
		if i := slices.IndexFunc(list, x.again); i >= 0 {
			list[i].take(x)
			return list[i]
		}
		list = append(list, x)
		return x
	}
	for _, sl := range s.factsOf(BodyMessage) {
		if m, ok := sl.first.body.(*Message); ok && !s.piece(m, sl.first.where) {
			add(sl, message(m, m.From.side(s.side())), 0)
		}
	}
	for _, sl := range s.factsOf(BodyNotify) {
		if n, ok := sl.first.body.(*Notify); ok && n.Type != 0 {
			if !said(list, sl, n) {
				r := Rung{Kind: RungMessage, Side: n.From.side(s.side()), Exchange: isakmp.ExchangeInformational, Encrypted: n.Protected}
				r.say(n.Type)
				add(sl, r, 0)
			}
		}
	}
	for _, sl := range s.facts() {
		r, mark, ok := event(sl.first.body, s.observer)
		if !ok {
			continue
		}
		// Who found out about a certificate is at the place where it counts.
		if r.Side = sl.first.body.party().side(s.side()); r.Side == SideUnknown || r.Kind == RungCertificate {
			r.Side = at
		}
		if i := slices.IndexFunc(list, func(y *item) bool {
			return r.Kind == RungEnd && y.rung.Kind == RungEnd && y.first.Line == sl.first.where.Line
		}); i >= 0 {
			if sl.kind == BodyTeardown { // a line says once that an SA ends, and better why
				list[i].rung.Text, list[i].mark = r.Text, mark
			}
			continue
		}
		x := add(sl, r, mark)
		if c, ok := sl.first.body.(*Check); ok {
			x.after = a.checked(c, r.Side, sl.child)
		}
	}
	slices.SortStableFunc(list, func(x, y *item) int {
		switch {
		case x.first.before(y.first):
			return -1
		case y.first.before(x.first):
			return 1
		}
		return cmp.Compare(x.rung.Kind, y.rung.Kind)
	})
	return list
}

// piece reports whether a message that a source does not number is a part of
// one that it does, right before or at any time after: a daemon tells of the
// fragments that it makes of a message, and of those that it puts together.
func (s *strand) piece(m *Message, at Where) bool {
	if m.Number > 0 || m.Exchange != isakmp.ExchangeMain && m.Exchange != isakmp.ExchangeAggressive && m.Exchange != isakmp.ExchangeQuick {
		return false
	}
	return slices.ContainsFunc(s.factsOf(BodyMessage), func(sl *slot) bool {
		w, ok := sl.first.body.(*Message)
		return ok && w.Number > 0 && w.Exchange == m.Exchange && w.From == m.From && sl.latest().where.Line >= at.Line-nextLines && sl.latest().where.Frame >= at.Frame-nextLines
	})
}

// checked returns the message that a check is about, nil where nothing tells.
// Who the peer is and whether it is authentic shows in its last message but one,
// or its last, of phase 1 (RFC 2409, section 5).
func (a *Attempt) checked(c *Check, by Side, child uint64) *item {
	m := Rung{Kind: RungMessage, Side: by.Other(), Exchange: c.Exchange, Number: c.Number}
	switch {
	case c.Number > 0 || c.Exchange == isakmp.ExchangeInformational:
	case c.What != CheckIdentity && c.What != CheckHash && c.What != CheckSignature && c.What != CheckPeer || child != 0:
		return nil
	default:
		if m.Exchange == isakmp.ExchangeNone {
			m.Exchange = a.Mode()
		}
		last := map[isakmp.ExchangeType][2]uint8{isakmp.ExchangeMain: {6, 5}, isakmp.ExchangeAggressive: {2, 3}}[m.Exchange]
		if m.Number = last[0]; by == Responder {
			m.Number = last[1]
		}
		if m.Number == 0 {
			return nil
		}
	}
	return &item{rung: m, child: child}
}

// said puts a notify to the message that it came in.
func said(list []*item, sl *slot, n *Notify) bool {
	for _, x := range list {
		if x.first.Line != sl.first.where.Line || x.first.Frame != sl.first.where.Frame || x.rung.Seen[0].Count > 1 && x.rung.Seen[0].Count != int(sl.count) {
			continue
		}
		x.rung.say(n.Type)
		return true
	}
	return false
}

// say adds a notify to a message.
func (r *Rung) say(n isakmp.NotifyType) {
	if !slices.Contains(r.Notifies, n) && len(r.Notifies) < 4 {
		r.Notifies = append(r.Notifies, n)
	}
	r.Fault = r.Fault || n.IsError()
}

// message makes a rung of a message.
func message(m *Message, from Side) Rung {
	r := Rung{Kind: RungMessage, Side: from, Exchange: m.Exchange, Number: m.Number, Encrypted: m.Encrypted, Repeated: m.Retransmission > 0, Octets: m.Length}
	if m.Fragments > 1 {
		r.Packets = m.Fragments
	}
	return r
}

// take adds what another item of the same view, or another view, shows.
func (x *item) take(y *item) {
	p, q := &x.rung, &y.rung
	p.Encrypted = p.Encrypted || q.Encrypted
	p.Octets, p.Packets = max(p.Octets, q.Octets), max(p.Packets, q.Packets)
	for _, n := range q.Notifies {
		p.say(n)
	}
	if x.child == 0 {
		x.child = y.child
	}
	p.Seen = append(p.Seen, q.Seen[:min(len(q.Seen), glimpsesKept-min(len(p.Seen), glimpsesKept))]...)
}

// from returns the glimpse that a source gave of the item, nil where it gave
// none.
func (x *item) from(g *Glimpse) *Glimpse {
	for i := range x.rung.Seen {
		if h := &x.rung.Seen[i]; h.Source == g.Source && h.At == g.At && h.Incomplete == g.Incomplete {
			return h
		}
	}
	return nil
}

// fold adds what another view shows. A source that shows it in several
// negotiations of its own, as a daemon does that begins one with each
// repetition, shows it several times.
func (x *item) fold(y *item) {
	g := &y.rung.Seen[0]
	h := x.from(g)
	if h == nil {
		x.take(y)
		return
	}
	rest := *y
	rest.rung.Seen = nil
	x.take(&rest)
	h.Count += g.Count
	last, until := g.Where, g.Time
	if g.Count > 1 {
		last, until = g.Last, g.Until
	}
	if h.Last.before(last) && h.Where.before(last) {
		h.Last, h.Until = last, until
	}
}

func glimpse(s *strand, sl *slot, at Side) Glimpse {
	g := Glimpse{At: at, Source: s.key.source, Where: sl.first.where, Time: sl.first.time(), Count: int(sl.count), Text: sl.first.line()}
	g.Where.Index = 0
	if sl.last != nil && sl.count > 1 {
		g.Last, g.Until = sl.last.where, sl.last.time()
		g.Last.Index = 0
	}
	if m, ok := sl.first.body.(*Message); ok {
		g.Incomplete = m.Incomplete
	}
	return g
}
