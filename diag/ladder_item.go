package diag

import (
	"cmp"
	"slices"
	"time"

	"github.com/ikediag/ikediag/isakmp"
)

// An item is a rung as one view shows it.
type item struct {
	rung Rung // without where it is seen
	// shown is where the view shows it; also is the next item that shows the
	// same, of this view or another.
	shown Glimpse
	also  *item
	// child and mark tell apart rungs that are alike otherwise.
	child, mark uint64
	first       Where
	when        time.Time // by the view's clock, the zero time where not told
	// after is the message that a check is about.
	after *item
	// mate is the same among what others show, while a view is woven in.
	mate *item
}

// same reports whether two views' items are the same thing. A log may not tell
// which quick mode it speaks of, a capture not what a message says.
func (x *item) same(y *item) bool {
	p, q := &x.rung, &y.rung
	if !x.like(y) {
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

// like reports whether two items are of one kind and side.
func (x *item) like(y *item) bool { return x.rung.Kind == y.rung.Kind && x.rung.Side == y.rung.Side }

// again reports whether an item of the same view that is like it says the same.
func (x *item) again(y *item) bool {
	p, q := &x.rung, &y.rung
	if p.Kind != RungMessage {
		near := x.first.Line - y.first.Line
		return p.Text == q.Text && x.child == y.child && max(near, -near) <= nextLines && x.first.Frame == y.first.Frame
	}
	// What an informational message says of a quick mode, the line behind it may
	// tell as that one's.
	child := y.child == x.child || p.Exchange == isakmp.ExchangeInformational && y.first.Line+1 == x.first.Line
	return child && p.Exchange == q.Exchange && p.Number == q.Number && y.same(x)
}

// list lists what a view shows, in its own order. Its facts come by kind:
// messages, what they say, and the rest.
func (d *drawing) list(s *strand) []*item {
	facts, messages, at := s.facts(), s.factsOf(BodyMessage, BodyNotify), d.vantage(s)
	list, sort := make([]*item, 0, len(facts)), 0 // where in list what is of one sort begins: messages, the rest
	add := func(sl *slot, r *Rung, mark uint64) *item {
		d.items = d.items[:len(d.items)+1]
		x := &d.items[len(d.items)-1]
		*x = item{}
		x.rung, x.child, x.mark, x.first = *r, sl.child, mark, sl.first.at.where()
		x.shown.take(s, sl, at)
		x.when = x.shown.Time.Value
		for _, y := range list[sort:] {
			if x.like(y) && x.rung.Number == y.rung.Number && x.again(y) {
				y.take(x)
				y.show(x)
				return y
			}
		}
		list = append(list, x)
		return x
	}
	for _, sl := range messages {
		switch b := sl.first.body.(type) {
		case *Message:
			if !s.piece(b, sl.first.at.where()) {
				r := message(b, b.From.side(s.side()))
				add(sl, &r, 0)
			}
		case *Notify:
			if b.Type != 0 && !said(list, sl, b) {
				r := Rung{Kind: RungMessage, Side: b.From.side(s.side()), Exchange: isakmp.ExchangeInformational, Encrypted: b.Protected}
				r.say(b.Type)
				add(sl, &r, 0)
			}
		}
	}
	sort = len(list)
	for _, sl := range facts[len(messages):] {
		r, mark, ok := event(sl.first.body, s.observer)
		if !ok {
			continue
		}
		// Who found out about a certificate is at the place where it counts.
		if r.Side = sl.first.body.party().side(s.side()); r.Side == SideUnknown || r.Kind == RungCertificate {
			r.Side = at
		}
		if r.Kind == RungEnd {
			if i := slices.IndexFunc(list, func(y *item) bool { return y.rung.Kind == RungEnd && y.first.Line == sl.first.at.where().Line }); i >= 0 {
				if sl.kind == BodyTeardown { // a line says once that an SA ends, and better why
					list[i].rung.Text, list[i].mark = r.Text, mark
				}
				continue
			}
		}
		x := add(sl, &r, mark)
		if c, ok := sl.first.body.(*Check); ok {
			x.after = d.checked(c, r.Side, sl.child)
		}
	}
	slices.SortStableFunc(list, func(x, y *item) int {
		switch v, w := &x.first, &y.first; {
		case v.Frame != w.Frame:
			return cmp.Compare(v.Frame, w.Frame)
		case v.Line != w.Line:
			return cmp.Compare(v.Line, w.Line)
		case v.Index != w.Index:
			return cmp.Compare(v.Index, w.Index)
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
		if !ok || w.Number == 0 || w.Exchange != m.Exchange || w.From != m.From {
			return false
		}
		last := sl.latest().at.where()
		return last.Line >= at.Line-nextLines && last.Frame >= at.Frame-nextLines
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
	at := sl.first.at.where()
	for _, x := range list {
		if x.first.Line != at.Line || x.first.Frame != at.Frame || x.shown.Count > 1 && x.shown.Count != int(sl.count) {
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

// take adds what another item of the same view, or another view, tells.
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
}

// show adds where another item is shown, as far as there is room.
func (x *item) show(y *item) {
	n := x.places()
	for x.also != nil {
		x = x.also
	}
	for ; y != nil && n < glimpsesKept; y = y.also {
		x.also = y
		x = y
		n++
	}
	x.also = nil
}

// from returns the glimpse that a source gave of the item, nil where it gave
// none.
func (x *item) from(g *Glimpse) *Glimpse {
	for ; x != nil; x = x.also {
		if h := &x.shown; h.Source == g.Source && h.At == g.At && h.Incomplete == g.Incomplete {
			return h
		}
	}
	return nil
}

// places is the number of places at which the item is shown.
func (x *item) places() (n int) {
	for ; x != nil; x = x.also {
		n++
	}
	return n
}

// fold adds what another view shows. A source that shows it in several
// negotiations of its own, as a daemon does that begins one with each
// repetition, shows it several times.
func (x *item) fold(y *item) {
	g := &y.shown
	h := x.from(g)
	x.take(y)
	if h == nil {
		x.show(y)
		return
	}
	h.Count += g.Count
	last, until := g.Where, g.Time
	if g.Count > 1 {
		last, until = g.Last, g.Until
	}
	if h.Last.before(last) && h.Where.before(last) {
		h.Last, h.Until = last, until
	}
}

// take sets what a glimpse shows, which showed nothing before.
func (g *Glimpse) take(s *strand, sl *slot, at Side) {
	g.At, g.Source, g.Count = at, s.key.source, int(sl.count)
	g.Where, g.Time, g.Text = sl.first.at.where(), sl.first.time(), sl.first.said
	g.Where.Index = 0
	if sl.again() {
		g.Last, g.Until = sl.last.at.where(), sl.last.time()
		g.Last.Index = 0
	}
	if m, ok := sl.first.body.(*Message); ok {
		g.Incomplete = m.Incomplete
	}
}
